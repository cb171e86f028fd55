//! What fakes are made of, per locale: versioned tables, and the customs of a country.
//!
//! A table has a power of two of weighted slots and is picked by the top bits of a lane, so that an edit moves only
//! the slots it touches. A released table never changes: its name carries a version (`nl.last_name@1`) and a test
//! pins its SHA-256. The lists are text beside the code, read when first asked for; each names its source and licence.
//! Deliberately absent: names of known persons, placeholders, entries with stray punctuation, anything that needs
//! an allocation to pick.

/// How addresses and postcodes are written.
pub mod address;
/// How companies are named.
pub mod company;
/// Account numbers and characters of identifiers.
pub mod iban;
/// Numbers that are issued, with their check digits.
pub mod numbers;
/// Telephone numbers that reach nobody.
pub mod phone;
/// Tables and how one is picked.
pub mod table;
/// Towns with region, postcode areas and coordinates.
pub mod towns;

/// Germany.
mod de_de;
/// The United Kingdom.
mod en_gb;
/// The United States.
mod en_us;
/// France.
mod fr_fr;
/// Flanders.
mod nl_be;
/// The Netherlands.
mod nl_nl;

pub use address::{Addition, AddressStyle, NumberPlace, PostcodeStyle};
pub use company::{CompanyPart, CompanyStyle};
pub use phone::{PhonePlan, Series};
pub use table::{Draw, Entry, Table, Word};
pub use towns::{Town, Towns};

/// Where the particle of a surname goes when the surname comes first: `Last, First`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Particles {
    /// Behind the given names, in small letters: `Berg, J. van den`, `Bülow, J. von`.
    Behind,
    /// It is a part of the surname, with a capital, and never leaves it: `Van den Berg, J.`; tables hold it in `text`.
    PartOfName,
}

/// All that fakes of one locale draw from. Pairs are of women, then of men.
#[derive(Debug)]
pub struct Locale {
    /// `nl_NL`.
    pub name: &'static str,
    /// ISO 3166 code, `NL`.
    pub country: &'static str,
    /// ISO 3166 code of three letters, `NLD`.
    pub country3: &'static str,
    /// The country in its own language, `Nederland`.
    pub country_name: &'static str,
    /// Country of account numbers whose own country is not known.
    pub iban_country: &'static str,
    /// The words of genders: `vrouw`, `man`.
    pub genders: [&'static str; 2],
    /// The letters of genders: `V`, `M`.
    pub gender_letters: [&'static str; 2],
    /// Titles before a name: `mevr.`, `dhr.`.
    pub titles: [&'static str; 2],
    /// Given names of women.
    pub female: &'static Table,
    /// Given names of men.
    pub male: &'static Table,
    /// Surnames; `second` is the particle.
    pub last_names: &'static Table,
    /// Where the particle goes.
    pub particles: Particles,
    /// Towns.
    pub towns: &'static Towns,
    /// Streets, without number.
    pub streets: &'static Table,
    /// Jobs; `second` is the woman's word where the language has two.
    pub jobs: &'static Table,
    /// Companies.
    pub companies: &'static CompanyStyle,
    /// Numbers of fixed lines.
    pub phone: PhonePlan,
    /// Numbers of mobile telephones.
    pub mobile: PhonePlan,
    /// Addresses.
    pub address: AddressStyle,
    /// Postcodes.
    pub postcode: PostcodeStyle,
}

impl Locale {
    /// Returns every table of the locale but that of towns.
    pub fn tables(&self) -> impl Iterator<Item = &'static Table> {
        let names = [self.female, self.male, self.last_names, self.streets, self.jobs];
        names.into_iter().chain(self.companies.tables()).chain(self.phone.areas)
    }
}

/// All locales.
pub static LOCALES: &[&Locale] =
    &[&nl_nl::LOCALE, &en_us::LOCALE, &en_gb::LOCALE, &de_de::LOCALE, &nl_be::LOCALE, &fr_fr::LOCALE];

/// Finds a locale by its exact name, `nl_NL`.
#[must_use]
pub fn locale(name: &str) -> Option<&'static Locale> {
    LOCALES.iter().copied().find(|l| l.name == name)
}

#[cfg(test)]
mod tests;
