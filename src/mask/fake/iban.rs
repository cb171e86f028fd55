//! `fake: iban`: an account number with right check digits at a bank code that is not issued. Decided by its own
//! value. The input's country stays where an unissued bank code of it is known; else the locale's is taken. Refuses
//! `unique`: the free digits hold far fewer than 80 bits.

use super::form::Case;
use super::make::{Make, Own};
use super::{Build, KindSpec, Made};
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness};
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
    longest: &[("nl_NL", 27), ("en_US", 27)],
    reaches: &[("nl_NL", UNISSUED), ("en_US", UNISSUED)],
    canon: |_| Canon::Compact,
    identifying: true,
    can_be_unique: false,
    high: true,
    build,
};

struct Account {
    own: Own,
    default: &'static Country,
    max: u32,
}

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    let default = COUNTRIES.iter().find(|c| c.code == cx.locale.iban_country);
    let Some(default) = default else {
        return Err(Refusal { what: "`fake: iban` has no bank code for this locale".into(), hint: None });
    };
    cx.at_least(IBAN.name, default.chars())?;
    let longest = IBAN.longest(cx.locale.name).unwrap_or(u32::MAX);
    let own = Own::new(cx.by_subject, cx.attribute);
    Ok(cx.made(Account { own, default, max: cx.max.unwrap_or(u32::MAX) }, longest, Uniqueness::Lost))
}

impl Account {
    /// Picks country and blanks: the input's where they fit.
    fn form(&self, field: &[u8]) -> (&'static Country, bool) {
        let mut code = [0; 2];
        let found = field.iter().copied().filter(|b| b.is_ascii_alphanumeric());
        code.iter_mut().zip(found).for_each(|(place, b)| *place = b);
        let spaced = field.trim_ascii().contains(&b' ');
        let country = iban::country(&code).filter(|c| c.chars() <= self.max).unwrap_or(self.default);
        (country, spaced && country.spaced_chars() <= self.max)
    }
}

impl Make for Account {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let (country, spaced) = self.form(field);
        let [lane, ..] = self.own.lanes(lanes);
        let mut account = [0; MAX_CHARS];
        let len = iban::write(country, &mut Draw::new(lane), &mut account);
        let account = account.get_mut(..len).unwrap_or_default();
        if Case::of(field) == Case::Lower {
            account.make_ascii_lowercase();
        }
        let width = if spaced { 4 } else { MAX_CHARS };
        for (n, group) in account.chunks(width).enumerate() {
            if n > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(group);
        }
    }
}
