//! `fake: iban`: an account number with right check digits at a bank code that is not issued. Decided by its own
//! value. The input's country stays where an unissued bank code of it is known; else the locale's is taken. Refuses
//! `unique`: the free digits hold far fewer than 80 bits.

use super::form::{Case, Short, append_first};
use super::make::Make;
use super::spec::{Build, KindSpec, Made};
use crate::mask::{Lanes, Reaches, Refusal};
use crate::row::canon::Canon;
use crate::vocabulary::Draw;
use crate::vocabulary::iban::{self, COUNTRIES, Country, MAX_CHARS};

const UNISSUED: Reaches = Reaches::Nobody(
    "bank codes that are not issued: NL and GB `FAKE`, BE 500, DE 00000000 (vocabulary::iban names the lists)",
);

/// `fake: iban`.
pub(super) static IBAN: KindSpec = KindSpec {
    name: "iban",
    summary: "an account number with right check digits at a bank that does not exist",
    // The input's country decides, whatever the locale.
    longest: |locale| {
        let has = COUNTRIES.iter().any(|country| country.code == locale.iban_country);
        COUNTRIES.iter().map(Country::spaced_chars).max().filter(|_| has)
    },
    reaches: |_| UNISSUED,
    canon: |_| Canon::Compact,
    identifying: true,
    can_be_unique: false,
    own_options: &[],
    high: true,
    build,
};

struct Account {
    default: &'static Country,
    max: u32,
}

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    let default = COUNTRIES.iter().find(|c| c.code == cx.locale.iban_country);
    let Some(default) = default else {
        return Err(Refusal { what: "`fake: iban` has no bank code for this locale".into(), hint: None });
    };
    cx.at_least(IBAN.name, default.chars())?;
    Ok(cx.made_apart(Account { default, max: cx.room() }, cx.longest))
}

impl Account {
    /// Picks country and blanks: the input's where they fit.
    fn form(&self, field: &[u8]) -> (&'static Country, bool) {
        let mut found = field.iter().copied().filter(|b| b.is_ascii_alphanumeric());
        let code = [found.next().unwrap_or(0), found.next().unwrap_or(0)];
        let spaced = memchr::memchr(b' ', field.trim_ascii()).is_some();
        let country = iban::country(&code).filter(|c| c.chars() <= self.max).unwrap_or(self.default);
        (country, spaced && country.spaced_chars() <= self.max)
    }
}

impl Make for Account {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let (country, spaced) = self.form(field);
        let [lane, ..] = lanes.0;
        let mut account = [0; MAX_CHARS];
        let len = iban::write(country, &mut Draw::new(lane), &mut account);
        if Case::is_lower(field) {
            account.make_ascii_lowercase();
        }
        if spaced {
            let mut written = Short::new();
            written.groups(account.get(..len).unwrap_or_default());
            written.append_to(out);
        } else {
            append_first(&account, len, out);
        }
    }
}
