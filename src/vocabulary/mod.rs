//! What fakes are made of, per locale: versioned tables, and numbers with their check digits.
//!
//! A table has a power of two of weighted slots and is picked by the top bits of a lane, so that an edit moves only
//! the slots it touches. A released table never changes: its name carries a version (`nl.last_name@1`) and a test
//! pins its SHA-256. The lists are text beside the code, read at compile time; each names its source and licence.
//! Deliberately absent: names of known persons, placeholders, entries with stray punctuation, anything that needs
//! an allocation to pick.

/// The United States.
mod en_us;
/// Account numbers and characters of identifiers.
pub mod iban;
/// The Netherlands.
mod nl_nl;
/// Numbers that are issued, with their check digits.
pub mod numbers;
/// Tables and how one is picked.
pub mod table;

pub use table::{Draw, Entry, Table};

/// How telephone stand-ins of a country are numbered.
#[derive(Clone, Copy, Debug)]
pub enum PhonePlan {
    /// `+CC` and a fixed start, then free digits; the national form has a trunk `0`.
    Series {
        /// Country calling code, `31`.
        code: &'static str,
        /// First digits of the national number, shown apart (`6`).
        area: &'static str,
        /// The digits behind it that keep the number out of every issued series (`9`).
        reserved: &'static str,
        /// How many free digits follow.
        free: u32,
    },
    /// North America: area code, `555`, and a line number from 0100 to 0199.
    Fiction555 {
        /// The area codes.
        area_codes: &'static Table,
    },
}

/// How an address and its postcode are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressStyle {
    /// `Kerkstraat 12`, `1234 AB`.
    NumberLast,
    /// `12 Oak Street`, `01234`.
    NumberFirst,
}

/// All that fakes of one locale draw from.
#[derive(Debug)]
pub struct Locale {
    /// `nl_NL`.
    pub name: &'static str,
    /// ISO 3166 code, `NL`.
    pub country: &'static str,
    /// Country of account numbers whose own country is not known.
    pub iban_country: &'static str,
    /// Given names of women.
    pub female: &'static Table,
    /// Given names of men.
    pub male: &'static Table,
    /// Surnames; `second` is the particle.
    pub last_names: &'static Table,
    /// Towns; `low` to `high` are postcode areas, `second` the state where there is one.
    pub towns: &'static Table,
    /// Streets, without number.
    pub streets: &'static Table,
    /// Telephone numbers.
    pub phone: PhonePlan,
    /// Addresses.
    pub address: AddressStyle,
}

impl Locale {
    /// Returns every table of the locale.
    pub fn tables(&self) -> impl Iterator<Item = &'static Table> {
        let area_codes = match self.phone {
            PhonePlan::Fiction555 { area_codes } => Some(area_codes),
            PhonePlan::Series { .. } => None,
        };
        [self.female, self.male, self.last_names, self.towns, self.streets].into_iter().chain(area_codes)
    }
}

/// All locales.
pub static LOCALES: &[&Locale] = &[&nl_nl::LOCALE, &en_us::LOCALE];

/// Finds a locale by its exact name, `nl_NL`.
#[must_use]
pub fn locale(name: &str) -> Option<&'static Locale> {
    LOCALES.iter().copied().find(|l| l.name == name)
}

#[cfg(test)]
mod tests;
