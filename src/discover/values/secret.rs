//! Hashes of passwords, tokens and keys: by their prefix where they have one, else by length and entropy, which say less.

use super::test::{Check, Form, Test};
use crate::discover::class::Class;
use crate::discover::measure::look::Look;

/// The tests.
pub(crate) const TESTS: &[Test] = &[
    Test {
        what: "hashes of passwords",
        class: Class::PasswordHash,
        form: Form::Any,
        check: Check::Value(is_password_hash),
        chance: 0.0001,
        form_says: 0.0,
        source: "crypt(5); PHC string format; Django, MySQL, LDAP, phpass",
    },
    Test {
        what: "hexadecimal digests",
        class: Class::Token,
        form: Form::Any,
        check: Check::Value(is_digest),
        chance: 0.01,
        form_says: -4.0,
        source: "FIPS 180-4, RFC 1321: 32, 40, 64, 128 digits",
    },
    Test {
        what: "keys by their prefix",
        class: Class::Token,
        form: Form::Any,
        check: Check::Value(is_key),
        chance: 0.0001,
        form_says: 0.0,
        source: "issuers' documentation",
    },
    Test {
        what: "signed tokens (JWT)",
        class: Class::Token,
        form: Form::Any,
        check: Check::Value(is_jwt),
        chance: 0.0001,
        form_says: 0.0,
        source: "RFC 7519 3",
    },
    Test {
        what: "private keys and certificates",
        class: Class::Token,
        form: Form::Any,
        check: Check::Value(is_pem),
        chance: 0.0001,
        form_says: 0.0,
        source: "RFC 7468",
    },
    Test {
        what: "tokens by length and entropy",
        class: Class::Token,
        form: Form::Any,
        check: Check::Value(is_random),
        chance: 0.01,
        form_says: -3.0,
        source: "measured",
    },
    Test {
        what: "images and documents",
        class: Class::Image,
        form: Form::Any,
        check: Check::Value(is_file),
        chance: 0.0005,
        form_says: 0.0,
        source: "magic numbers of the formats",
    },
];

fn is_password_hash(look: &Look<'_>) -> bool {
    const BEGINS: &[&str] = &[
        "$2a$",
        "$2b$",
        "$2x$",
        "$2y$",
        "$1$",
        "$5$",
        "$6$",
        "$y$",
        "$7$",
        "$apr1$",
        "$P$",
        "$H$",
        "$S$",
        "$sha1$",
        "$argon2",
        "$scrypt$",
        "$pbkdf2",
        "pbkdf2_",
        "pbkdf2:",
        "pbkdf2-",
        "bcrypt_sha256$",
        "bcrypt$",
        "argon2$",
        "scrypt:",
        "scrypt$",
        "{SSHA",
        "{SHA",
        "{CRYPT}",
        "{PBKDF2",
        "{bcrypt}",
        "{MD5}",
        "{SMD5}",
        "sha1$",
        "md5$",
        "sha256$",
        "SCRAM-SHA-256$",
        "$wp$2y$",
    ];
    let mysql = look.bytes.len() == 41
        && look.bytes.first() == Some(&b'*')
        && look.bytes.iter().skip(1).all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    let postgres = look.bytes.len() == 35 && look.text.starts_with("md5") && is_hex(look.bytes.get(3..));
    // `digest:salt[:version]` of webshops.
    let salted = look.text.split_once(':').is_some_and(|(digest, salt)| {
        matches!(digest.len(), 32 | 40 | 64 | 128)
            && is_hex(Some(digest.as_bytes()))
            && (2..=80).contains(&salt.len())
            && !salt.contains(' ')
    });
    let begins = look.bytes.len() >= 20 && BEGINS.iter().any(|begin| look.text.starts_with(begin));
    look.words == 1 && (begins || mysql || postgres || salted)
}

fn is_hex(bytes: Option<&[u8]>) -> bool {
    bytes.is_some_and(|bytes| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_hexdigit))
}

fn is_digest(look: &Look<'_>) -> bool {
    matches!(look.bytes.len(), 32 | 40 | 56 | 64 | 96 | 128) && is_hex(Some(look.bytes)) && look.entropy > 2.5
}

fn is_key(look: &Look<'_>) -> bool {
    const BEGINS: &[&str] = &[
        "sk_live_",
        "sk_test_",
        "pk_live_",
        "rk_live_",
        "whsec_",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "xoxb-",
        "xoxp-",
        "xoxa-",
        "xapp-",
        "AKIA",
        "ASIA",
        "AIza",
        "ya29.",
        "SG.",
        "sk-",
        "npm_",
        "pypi-",
        "shpat_",
        "shpss_",
        "dop_v1_",
        "EAAC",
        "hf_",
        "key-",
        "live_",
        "test_",
        "Bearer ",
        "hvs.",
    ];
    look.bytes.len() >= 16 && look.entropy > 3.0 && BEGINS.iter().any(|begin| look.text.starts_with(begin))
}

fn is_jwt(look: &Look<'_>) -> bool {
    look.text.starts_with("eyJ") && look.words == 1 && look.text.split('.').count() >= 3
}

fn is_pem(look: &Look<'_>) -> bool {
    look.text.starts_with("-----BEGIN ")
        || look.text.starts_with("ssh-rsa ")
        || look.text.starts_with("ssh-ed25519 ")
}

/// One long word of letters and digits whose characters differ as those of words do not.
fn is_random(look: &Look<'_>) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-+/=.~".contains(byte);
    let uuid = look.bytes.len() == 36 && look.bytes.get(8) == Some(&b'-');
    let least = match look.bytes.len() {
        20..=31 => 3.4,
        32..=512 => 3.6,
        _ => return false,
    };
    look.words == 1
        && !uuid
        && look.digits >= 2
        && look.letters >= 2
        && look.bytes.iter().all(plain)
        && look.entropy > least
        && !look.text.contains("//")
}

/// Images, PDF, office documents, archives: their first bytes, plain, in base64 or in hexadecimal.
fn is_file(look: &Look<'_>) -> bool {
    const BEGINS: &[&[u8]] = &[
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"%PDF-",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"RIFF",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"{\\rtf",
        b"\0\0\0\x18ftyp",
        b"\0\0\0\x20ftyp",
        b"ID3",
    ];
    const CODED: &[&str] = &[
        "iVBORw0KGgo",
        "/9j/",
        "R0lGOD",
        "JVBERi0",
        "UEsDBB",
        "0M8R4KGx",
        "data:image/",
        "data:application/pdf",
        "89504e47",
        "89504E47",
        "ffd8ff",
        "FFD8FF",
        "25504446",
    ];
    let raw = BEGINS.iter().any(|begin| look.bytes.starts_with(begin));
    let coded = look.words == 1 && CODED.iter().any(|begin| look.text.starts_with(begin));
    look.bytes.len() >= 24 && (raw && (look.text.is_empty() || look.bytes.len() > 64) || coded)
}
