//! How companies of a country are named: a surname, a trade and a legal form in the country's order. Refuses names of
//! its own: a company is made of parts, and a surname is as common as the table's.

use super::Table;

/// The parts of company names.
#[derive(Debug)]
pub struct CompanyStyle {
    /// Trades: `Bouwbedrijf`, `Plumbing`.
    pub trades: &'static Table,
    /// What follows a surname: `& Zn.`, `& Sons`.
    pub partners: &'static Table,
    /// Legal forms: `B.V.`, `Ltd`.
    pub forms: &'static Table,
    /// The orders of parts with a blank between them, drawn evenly.
    pub patterns: &'static [&'static [CompanyPart]],
}

/// One part of a company name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyPart {
    /// A surname with its particle.
    Surname,
    /// An entry of `trades`.
    Trade,
    /// An entry of `partners`.
    Partners,
    /// An entry of `forms`.
    Form,
}

impl CompanyStyle {
    /// Returns its tables.
    pub fn tables(&self) -> impl Iterator<Item = &'static Table> + use<> {
        [self.trades, self.partners, self.forms].into_iter()
    }
}
