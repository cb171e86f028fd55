//! Persons: what a column of a class of people holds is told by the row's person, so that name, mail, gender and address of a
//! row agree. Unique mail and user names are made of the name and the row's number.
//!
//! National numbers and accounts are those that no office gives out, as `fake` has them. Secrets are noise.

use super::faked::{Faked, compiled};
use super::{Distinct, Generator, RowCx, Wanted};
use crate::row::shape::TypeClass;
use crate::synth::seed::{Draws, mix};

/// The kind of `fake` for a class of discovery, and whether the person of the row decides it.
const KINDS: &[(&str, &str, bool)] = &[
    ("first_name", "first_name", true),
    ("last_name", "last_name", true),
    ("particle", "particle", true),
    ("initials", "initials", true),
    ("full_name", "full_name", true),
    ("username", "username", true),
    ("title", "title", true),
    ("email", "email", true),
    ("phone", "phone", true),
    ("url", "url", false),
    ("handle", "username", true),
    ("street", "street", true),
    ("house_number", "house_number", true),
    ("house_addition", "house_addition", true),
    ("address", "address", true),
    ("postcode", "postcode", true),
    ("city", "city", true),
    ("region", "region", true),
    ("country", "country", true),
    ("latitude", "latitude", true),
    ("longitude", "longitude", true),
    ("company", "company", true),
    ("kvk", "kvk", false),
    ("vat", "vat", false),
    ("iban", "iban", false),
    ("bic", "bic", false),
    ("card", "card", false),
    ("bsn", "bsn", false),
    ("rijksregister", "national_id", false),
    ("steuer_id", "national_id", false),
    ("nir", "national_id", false),
    ("national_id", "national_id", false),
    ("nino", "nino", false),
    ("ssn", "ssn", false),
    ("identity_document", "passport", false),
    ("plate", "licence_plate", false),
    ("ip", "ip", false),
    ("mac", "mac", false),
    ("user_agent", "user_agent", false),
    ("browsing", "url", false),
    ("gender", "gender", true),
    ("birth_date", "birth_date", true),
    ("birth_place", "city", false),
    ("job", "job", true),
];

/// Makes the generator of a class of people; `None` where there is none, or it cannot stand in the column.
pub(super) fn generator(wanted: &Wanted<'_>) -> Option<Box<dyn Generator>> {
    let meaning = meaning(wanted)?;
    let (_, kind, person) = KINDS.iter().find(|(class, ..)| *class == meaning)?;
    let class = &wanted.column.ty.class;
    let kind = match (*kind, wanted.column.name.to_lowercase()) {
        ("phone", name) if name.contains("mobi") || name.contains("handy") => "mobile",
        (kind, _) => kind,
    };
    let fits = class.is_text()
        || matches!((kind, class), ("gender", TypeClass::Enum(_)) | ("birth_date", TypeClass::Date))
        || matches!((kind, class), ("ip" | "mac", TypeClass::Inet | TypeClass::Other))
        || matches!(
            (kind, class),
            ("latitude" | "longitude", TypeClass::Numeric { .. } | TypeClass::Float { .. })
        );
    if !fits || kind == "mac" && *class == TypeClass::Other && !wanted.column.ty.text.contains("macaddr") {
        return None;
    }
    Some(Box::new(compiled(wanted, ("fake", kind), *person, None)?))
}

/// Makes the generator of a gender that a CHECK lists the words of: the person's, so that it agrees with the name.
pub(super) fn gender(wanted: &Wanted<'_>) -> Option<Box<dyn Generator>> {
    let labels = wanted.domain.one_of.as_ref().filter(|_| meaning(wanted) == Some("gender"))?;
    let mut column = wanted.column.clone();
    column.ty.class = TypeClass::Enum(labels.clone().into());
    let own = Wanted { column: &column, ..*wanted };
    Some(Box::new(compiled(&own, ("fake", "gender"), true, None)?))
}

/// Returns what a column means: its name where that says mail, or a list of genders; else what discovery says.
fn meaning<'w>(wanted: &Wanted<'w>) -> Option<&'w str> {
    let words = super::goods::words(&wanted.column.name);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let mail = says(&["email", "mail", "mailaddress", "emailadres"]) && wanted.column.ty.class.is_text();
    let paper = says(&["template", "subject", "body", "queue", "type", "status", "hash", "id"]);
    let listed = matches!(wanted.column.ty.class, TypeClass::Enum(_)) || wanted.domain.one_of.is_some();
    match () {
        () if mail && !paper => Some("email"),
        // Discovery has nothing to say of enumerations.
        () if listed && says(&["gender", "sex", "geslacht", "geschlecht", "sexe", "genre"]) => Some("gender"),
        () => wanted.meaning,
    }
}

/// Makes the generator of a unique column whose values the row's person and number make; `None` where there is none.
pub(super) fn unique(wanted: &Wanted<'_>) -> Option<Box<dyn Generator>> {
    let class = &wanted.column.ty.class;
    let kind = match meaning(wanted)? {
        "email" => "email",
        "username" | "handle" => "username",
        _ => return None,
    };
    let most = class.max_chars().unwrap_or(100).min(100);
    // Room for the number and its dot.
    let digits = u32::try_from(wanted.rows.max(1).to_string().len()).ok()? + 1;
    let room = most.checked_sub(digits).filter(|room| *room >= 20 || kind == "username" && *room >= 6)?;
    let fits = class.is_text() && wanted.domain.max_chars.is_none_or(|chars| chars >= most);
    let name = fits.then(|| compiled(wanted, ("fake", kind), true, Some(room)))??;
    Some(Box::new(Numbered { name }))
}

/// The name of the person with the row's number: before the `@` of a mail address, else behind it.
struct Numbered {
    name: Faked,
}

impl Generator for Numbered {
    fn make(&self, cx: &RowCx<'_>, _: &mut Draws, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        if !self.name.write(cx.person, out) {
            return false;
        }
        let made = out.get(start..).unwrap_or_default();
        let at = start + memchr::memchr(b'@', made).unwrap_or(made.len());
        // The row's number takes the place of the digits that the name ends in.
        let name = out.get(start..at).unwrap_or_default();
        let kept =
            name.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(start, |last| start + last + 1);
        out.drain(kept..at);
        let at = kept;
        let mut digits = itoa::Buffer::new();
        let number = digits.format(cx.row + 1).as_bytes();
        out.splice(at..at, std::iter::once(b'.').chain(number.iter().copied()));
        true
    }
}

/// Makes the distinct values of a class; `None` where there are none of its own.
pub(super) fn distinct(wanted: &Wanted<'_>) -> Option<Box<dyn Distinct>> {
    let class = &wanted.column.ty.class;
    let chars = class.max_chars().unwrap_or(20);
    match wanted.meaning? {
        "bsn" if class.is_text() && chars >= 9 => Some(Box::new(Bsns)),
        "password_hash" | "token" | "device" if class.is_text() && chars >= 16 => {
            Some(Box::new(Hex { chars: chars.min(64) }))
        }
        _ => None,
    }
}

/// Citizen service numbers that pass their check.
struct Bsns;

impl Distinct for Bsns {
    fn count(&self) -> u64 {
        9_000_000
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let head = 1_000_000 + nth % 9_000_000;
        let mut sum = 0_u64;
        let mut rest = head;
        for weight in 3..=9 {
            sum += rest % 10 * weight;
            rest /= 10;
        }
        // The eighth digit is the first with which the ninth is one.
        let tail = (0..10_u64).map(|digit| (digit, (sum + digit * 2) % 11)).find(|(_, check)| *check < 10);
        let (eighth, ninth) = tail.unwrap_or((0, 0));
        out.extend_from_slice(itoa::Buffer::new().format(head * 100 + eighth * 10 + ninth).as_bytes());
    }
}

/// Hexadecimal digits, of which 16 tell them apart.
pub(super) struct Hex {
    pub(super) chars: u32,
}

impl Distinct for Hex {
    fn count(&self) -> u64 {
        u64::MAX
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let mut word = mix(nth);
        for at in 0..self.chars {
            if at > 0 && at.is_multiple_of(16) {
                word = mix(word.wrapping_add(u64::from(at)));
            }
            let digit = u8::try_from(word >> 60).unwrap_or(0);
            out.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
            word = word.rotate_left(4);
        }
    }
}

impl Generator for Hex {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        self.write(draws.bits(), out);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_pass_their_check_and_differ() {
        let mut seen = BTreeSet::new();
        for nth in (0..2_000).chain(8_999_000..9_000_000) {
            let mut out = Vec::new();
            Bsns.write(nth, &mut out);
            let digits: Vec<i64> = out.iter().map(|b| i64::from(b - b'0')).collect();
            let sum: i64 = digits.iter().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(d, w)| d * w).sum();
            assert_eq!((digits.len(), sum % 11), (9, 0), "{nth}");
            assert!(seen.insert(out));
        }
        let hex = Hex { chars: 40 };
        let mut out = Vec::new();
        hex.write(7, &mut out);
        assert_eq!(out.len(), 40);
    }
}
