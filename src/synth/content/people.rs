//! Persons: what a column of a class of people holds is told by the row's person, so that name, mail, gender and address of a
//! row agree. Unique mail and user names are made of the name and the row's number.
//!
//! National numbers and accounts are those that no office gives out, as `fake` has them. Secrets are noise.

use super::faked::{Faked, compiled};
use super::{Distinct, Generator, RowCx, Wanted};
use crate::row::shape::TypeClass;
use crate::synth::seed::{Draws, mix};
use crate::vocabulary::iban;

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

/// What additions to house numbers are called beside them, and browsers beside network addresses.
const ADDITIONS: &[&str] = &["addition", "suffix", "zusatz"];
const AGENTS: &[&str] = &["agent", "browser", "client"];

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
    let made = compiled(wanted, ("fake", kind), *person, None)?;
    let fitting = wanted.domain.pattern.as_ref().and_then(|_| {
        let forms = FORMS.iter().filter(|(of, _)| *of == kind).flat_map(|(_, forms)| *forms);
        forms.map(|form| made.of_form(form)).find(|made| super::fits(made, wanted))
    });
    Some(Box::new(fitting.unwrap_or(made)))
}

/// Forms of a kind beside that of its example: a CHECK may ask for one.
const FORMS: &[(&str, &[&str])] = &[
    (
        "phone",
        &["06-00000000", "0600000000", "+31612345678", "+31 6 12345678", "+12125550100", "0031612345678"],
    ),
    ("mobile", &["06-00000000", "0600000000", "+31612345678", "+31 6 12345678", "0031612345678"]),
    ("postcode", &["1000 AA", "1000AA", "12345"]),
    ("iban", &["NL00BANK0000000000", "NL00 BANK 0000 0000 00", "nl00bank0000000000"]),
    ("plate", &["AA-00-AA", "AA00AA"]),
];

/// Makes the generator of a gender that a CHECK lists the words of: the person's, so that it agrees with the name.
pub(super) fn gender(wanted: &Wanted<'_>) -> Option<Box<dyn Generator>> {
    let labels = wanted.domain.one_of.as_ref().filter(|_| meaning(wanted) == Some("gender"))?;
    let mut column = wanted.column.clone();
    column.ty.class = TypeClass::Enum(labels.clone().into());
    let own = Wanted { column: &column, ..*wanted };
    Some(Box::new(compiled(&own, ("fake", "gender"), true, None)?))
}

/// Returns what a column means: its name where that says mail, an addition, an agent or a list of genders, else what
/// discovery says.
fn meaning<'w>(wanted: &Wanted<'w>) -> Option<&'w str> {
    let words = super::goods::words(&wanted.column.name);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let beside = |means: &str| wanted.meanings.contains(&Some(means));
    let text = wanted.column.ty.class.is_text();
    let paper = says(&["template", "subject", "body", "queue", "type", "status", "hash", "id"]);
    if super::trades::names_things(wanted.table, wanted.column) {
        return None;
    }
    let listed = matches!(wanted.column.ty.class, TypeClass::Enum(_)) || wanted.domain.one_of.is_some();
    match wanted.meaning {
        _ if text && !paper && says(&["email", "mail", "mailaddress", "emailadres"]) => Some("email"),
        // Discovery has nothing to say of enumerations.
        _ if listed && says(&["gender", "sex", "geslacht", "geschlecht", "sexe", "genre"]) => Some("gender"),
        // Words that say so only beside others; without them discovery is not sure.
        None | Some("free_text" | "person_key" | "label")
            if text && beside("house_number") && says(ADDITIONS) =>
        {
            Some("house_addition")
        }
        None | Some("free_text" | "person_key" | "label") if text && beside("ip") && says(AGENTS) => {
            Some("user_agent")
        }
        // What staff is called by, beside the day they came: their work.
        // What doctors are doctors of.
        Some("job") if says(&["specialism", "specialisme", "specialty", "fachrichtung", "fachgebiet"]) => {
            None
        }
        Some("title") if text && says(&["title", "titel", "functie"]) && staff(&wanted.table.name.table) => {
            Some("job")
        }
        known => known,
    }
}

/// Says whether a table holds those who work somewhere.
fn staff(table: &str) -> bool {
    let known = [
        "employee",
        "employees",
        "staff",
        "medewerker",
        "medewerkers",
        "personeel",
        "mitarbeiter",
        "employes",
    ];
    super::goods::words(table).iter().any(|word| known.contains(&word.as_str()))
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
        "iban" if class.is_text() => {
            let code = wanted.locale.get(3..).unwrap_or_default().as_bytes();
            let country = iban::country(code).or_else(|| iban::country(b"NL"))?;
            if chars < country.chars() {
                return None;
            }
            Some(Box::new(Ibans { country }))
        }
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

/// Account numbers of banks that do not exist.
struct Ibans {
    country: &'static iban::Country,
}

impl Distinct for Ibans {
    fn count(&self) -> u64 {
        self.country.count()
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let mut whole = [0; iban::MAX_CHARS];
        // An odd step that five does not divide: numbers far apart, none of them twice.
        let spread = u128::from(nth) * 3_141_592_653 % u128::from(self.country.count());
        let len = iban::write_nth(self.country, u64::try_from(spread).unwrap_or(0), &mut whole);
        out.extend_from_slice(whole.get(..len).unwrap_or_default());
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
        let ibans = Ibans { country: iban::country(b"NL").expect("known") };
        let mut seen = BTreeSet::new();
        for nth in (0..2_000).chain(ibans.count() - 2_000..ibans.count()) {
            let mut out = Vec::new();
            ibans.write(nth, &mut out);
            assert!(iban::is_valid(&out) && seen.insert(out), "{nth}");
        }
        let hex = Hex { chars: 40 };
        let mut out = Vec::new();
        hex.write(7, &mut out);
        assert_eq!(out.len(), 40);
    }
}
