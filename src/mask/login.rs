//! `login`: a password hash that everybody on the training knows, written as the software under test writes its own. The
//! password stands in a variable of the environment, never in the profile; it is hashed once a run, with a salt of the
//! run's key, so that the same run gives the same bytes.
//!
//! Class: suppression. Preserves that an account had a password, and nothing of it; an attacker who knows the training's
//! password learns no more. NULL and '' stay: who could not log in still cannot. Refuses a password that its scheme
//! would cut (bcrypt: above 72 bytes) and columns too narrow for the hash.
//!
//! Sources of the forms: bcrypt 2b (OpenBSD crypt_blowfish); PHC string format for argon2id (RFC 9106); Django's
//! `PBKDF2PasswordHasher`; ASP.NET Core Identity's `PasswordHasher`, version 3; the portable hashes of phpass 0.3, as
//! WordPress used them until 6.7; Magento 2's `Encryptor`, version 1.

use std::sync::OnceLock;

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use md5::Md5;
use pbkdf2::pbkdf2_hmac;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, Needs, OptionSpec, Outcome, Output, Reaches, Refusal,
    Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::error::Name;
use crate::message;
use crate::row::canon::Canon;
use crate::secret::Purpose;

/// How a hash is written, with its length in characters.
const SCHEMES: &[(&str, Scheme, u32)] = &[
    ("bcrypt", Scheme::Bcrypt, 60),
    ("argon2id", Scheme::Argon2id, 97),
    ("django", Scheme::Django, 88),
    ("aspnet", Scheme::AspNet, 84),
    ("phpass", Scheme::Phpass, 34),
    ("magento", Scheme::Magento, 99),
];
const WORDS: &[&str] = &["bcrypt", "argon2id", "django", "aspnet", "phpass", "magento"];

/// Bytes of a password that bcrypt reads.
const BCRYPT_MOST: usize = 72;
const BCRYPT_COST: u32 = 10;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "login",
    class: Class::Suppression,
    summary: "replaces a password hash by that of one password which everybody on the training knows",
    preserves: "that an account had a password",
    attacker: "with the training's password: how to log in to the copy, and nothing about the old password",
    reversibility: Reversibility::None,
    reaches: Reaches::Nobody("made of a password that whoever makes the copy chose"),
    argument: Takes::Nothing,
    bare: true,
    options: &[
        OptionSpec {
            name: "env",
            takes: Takes::Text,
            help: "the variable of the environment that holds the password",
        },
        OptionSpec {
            name: "scheme",
            takes: Takes::OneOf(WORDS),
            help: "how the software under test writes its hashes",
        },
        OptionSpec {
            name: "cost",
            takes: Takes::Integer { min: 4, max: 16 },
            help: "work factor of bcrypt, 10 if left out",
        },
    ],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[Example {
        rule: "{login: {env: TRAINING, scheme: phpass}}",
        input: "$P$Bxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        output: "$P$BGnYb9lFqvmRLmixAVqVbJdaVd5SI.0",
    }],
    compile,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Bcrypt,
    Argon2id,
    Django,
    AspNet,
    Phpass,
    Magento,
}

struct Login {
    scheme: Scheme,
    cost: u32,
    /// `None` where no run needs it: it was not given, and nothing passes.
    password: Option<Zeroizing<String>>,
    salt: [u8; 32],
    made: OnceLock<Option<Vec<u8>>>,
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let hint = || Some("write `{login: {env: STANDIN_TEST_PASSWORD, scheme: bcrypt}}`".into());
    let Some(variable) = cx.option("env").and_then(Value::text) else {
        return Err(Refusal {
            what: "`login` needs the variable that holds the password".into(),
            hint: hint(),
        });
    };
    let word = cx.option("scheme").and_then(Value::text).unwrap_or_default();
    let Some((_, scheme, chars)) = SCHEMES.iter().find(|(name, ..)| *name == word).copied() else {
        return Err(Refusal { what: "`login` needs the scheme of the hash".into(), hint: hint() });
    };
    let cost = match cx.option("cost") {
        None => BCRYPT_COST,
        Some(Value::Integer(cost)) if scheme == Scheme::Bcrypt => u32::try_from(*cost).unwrap_or(BCRYPT_COST),
        Some(_) => {
            return Err(Refusal { what: "`cost` belongs to the scheme `bcrypt`".into(), hint: hint() });
        }
    };
    let password = cx.passwords.of(variable).cloned();
    if scheme == Scheme::Bcrypt && password.as_ref().is_some_and(|p| p.len() > BCRYPT_MOST) {
        let variable = Name::new(variable);
        return Err(Refusal {
            what: message!(
                "the password in `{}` is longer than the {} bytes that bcrypt reads",
                variable,
                BCRYPT_MOST
            ),
            hint: Some("choose a shorter one, or the scheme `argon2id`".into()),
        });
    }
    if !cx.class().is_text() {
        return Err(Refusal { what: "`login` needs a column of text".into(), hint: None });
    }
    let salt = cx.schedule.mac(Purpose::Hash, cx.label).tag(&[b"login", word.as_bytes()]);
    Ok(Compiled {
        mask: Box::new(Login { scheme, cost, password, salt, made: OnceLock::new() }),
        needs: Needs::Nothing,
        output: Output::Text { max_chars: Some(chars) },
        uniqueness: Uniqueness::Lost,
    })
}

impl Login {
    fn made(&self) -> Option<&[u8]> {
        let make = || self.scheme.hash(self.password.as_ref()?.as_bytes(), &self.salt, self.cost);
        self.made.get_or_init(make).as_deref()
    }
}

impl Mask for Login {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let Some(made) = self.made() else { return Outcome::Unfit };
        out.extend_from_slice(made);
        if field == made { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
        self.made().is_some_and(|made| {
            out.extend_from_slice(made);
            true
        })
    }
}

impl Scheme {
    /// Hashes a password; `None` if the library refuses it.
    fn hash(self, password: &[u8], salt: &[u8; 32], cost: u32) -> Option<Vec<u8>> {
        let (first, _) = salt.split_first_chunk::<16>()?;
        match self {
            Self::Bcrypt => {
                let parts = bcrypt::hash_with_salt(password, cost, *first).ok()?;
                Some(parts.format_for_version(bcrypt::Version::TwoB).into_bytes())
            }
            Self::Argon2id => argon2id(password, first),
            Self::Django => Some(django(password, salt)),
            Self::AspNet => Some(asp_net(password, first)),
            Self::Phpass => Some(phpass(password, &alphabet::<8>(salt))),
            Self::Magento => {
                let salt = alphabet::<32>(salt);
                let hash = Sha256::new().chain_update(salt).chain_update(password).finalize();
                Some([HEXLOWER.encode(&hash).as_bytes(), b":", &salt, b":1"].concat())
            }
        }
    }
}

/// The digits of phpass, in the order of their values; its first 62 behind `./` are those of every salt here.
const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn digit(value: u32) -> u8 {
    usize::try_from(value & 63).ok().and_then(|at| DIGITS.get(at)).copied().unwrap_or(b'.')
}

/// Makes a salt of letters and digits.
fn alphabet<const N: usize>(salt: &[u8; 32]) -> [u8; N] {
    let mut text = [b'0'; N];
    for (to, from) in text.iter_mut().zip(salt.iter().cycle()) {
        *to = digit(2 + u32::from(*from) % 62);
    }
    text
}

/// 19 MiB, two passes, one lane: the least that OWASP asks for.
fn argon2id(password: &[u8], salt: &[u8; 16]) -> Option<Vec<u8>> {
    let (memory, passes, lanes) = (19_456, 2, 1);
    let mut hash = [0; 32];
    let params = Params::new(memory, passes, lanes, Some(hash.len())).ok()?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, &mut hash)
        .ok()?;
    let [salt, hash] = [BASE64_NOPAD.encode(salt), BASE64_NOPAD.encode(&hash)];
    Some(format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}").into_bytes())
}

fn django(password: &[u8], salt: &[u8; 32]) -> Vec<u8> {
    let (rounds, salt) = (600_000_u32, alphabet::<22>(salt));
    let mut hash = [0; 32];
    pbkdf2_hmac::<Sha256>(password, &salt, rounds, &mut hash);
    let head = format!("pbkdf2_sha256${rounds}$");
    [head.as_bytes(), &salt, b"$", BASE64.encode(&hash).as_bytes()].concat()
}

/// Version byte 1, function (2 = HMAC-SHA-512), rounds, length of the salt, salt, key; numbers of four bytes, the highest
/// first.
fn asp_net(password: &[u8], salt: &[u8; 16]) -> Vec<u8> {
    let rounds = 100_000_u32;
    let mut key = [0; 32];
    pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut key);
    let numbers = [2_u32, rounds, 16].map(u32::to_be_bytes).concat();
    BASE64.encode(&[&[1], numbers.as_slice(), salt, &key].concat()).into_bytes()
}

/// 2^13 rounds of MD5: what `B` says.
fn phpass(password: &[u8], salt: &[u8; 8]) -> Vec<u8> {
    let mut hash = Md5::new().chain_update(salt).chain_update(password).finalize();
    for _ in 0..1 << 13 {
        hash = Md5::new().chain_update(hash).chain_update(password).finalize();
    }
    let mut text = [b"$P$B".as_slice(), salt].concat();
    for three in hash.chunks(3) {
        let number = three.iter().rev().fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
        text.extend((0..=three.len()).map(|at| digit(number >> (6 * at))));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, one, ruled};

    const SALT: [u8; 32] = *b"0123456789abcdefghijklmnopqrstuv";

    fn hash(scheme: Scheme) -> String {
        String::from_utf8(scheme.hash(b"open sesame \xc3\xa9", &SALT, 5).unwrap()).unwrap()
    }

    /// Every form was verified by another implementation (Python's passlib, bcrypt, argon2-cffi and hashlib).
    #[test]
    fn forms_are_those_of_other_programs() {
        for (scheme, made) in [
            (Scheme::Bcrypt, "$2b$05$KBCwKxOzLha2MUDgW0PjXe0ZBaUUusllBLaZsR1QPLaN7Rzhr1CmO"),
            (
                Scheme::Argon2id,
                "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$wPww3CeRiXos3a+dczhAj69PyMr1orWigxarmtgW4SY",
            ),
            (
                Scheme::Django,
                "pbkdf2_sha256$600000$mnopqrstuvZabcdefghijk$4M3WJFyzdZ1q+mVa6KpR+TvwCL+oEvNHnLE8WxJfQSI=",
            ),
            (
                Scheme::AspNet,
                "AQAAAAIAAYagAAAAEDAxMjM0NTY3ODlhYmNkZWaJCeaqp8JqANs1UIanuX2TPpNyF3gIPRUx0SfWEDdlcA==",
            ),
            (Scheme::Phpass, "$P$BmnopqrstfDCbk.xprp7GMcuyR8k1x0"),
            (
                Scheme::Magento,
                "f0d5caa55cecc7f7de43b4cd4cc069227eea6e8461221ef09b5ef3bc3a2b1bdd:mnopqrstuvZabcdefghijklmnopqrstu:1",
            ),
        ] {
            assert_eq!(hash(scheme), made);
        }
    }

    #[test]
    fn as_long_as_declared() {
        for (word, scheme, chars) in SCHEMES {
            assert_eq!(hash(*scheme).len(), usize::try_from(*chars).unwrap(), "{word}");
            assert!(WORDS.contains(word));
        }
        assert_eq!(WORDS.len(), SCHEMES.len());
    }

    #[test]
    fn the_password_of_its_variable_opens_it() {
        let rule = ruled("{login: {env: TRAINING, scheme: bcrypt, cost: 4}}");
        let (outcome, made) = one(&rule, "$2b$10$x").unwrap();
        assert_eq!(outcome, Outcome::Masked);
        assert!(bcrypt::verify("open sesame", &made).unwrap());
        assert!(!bcrypt::verify("training", &made).unwrap());
    }

    #[test]
    fn without_its_password_nothing_passes() {
        let rule = Rule {
            option: Some(("env", "NOT_GIVEN")),
            second: Some(("scheme", "bcrypt")),
            ..Rule::new("login", None)
        };
        assert_eq!(one(&rule, "$2b$10$x"), Some((Outcome::Unfit, String::new())));
    }
}
