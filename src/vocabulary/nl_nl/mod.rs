//! The Netherlands. Names, towns and streets are common ones; telephone numbers and accounts lie outside of what is
//! issued. Refuses postcode letters that the Dutch post never uses (by the technique, not here).

use super::table::table;
use super::{AddressStyle, Locale, PhonePlan, Table};

static FEMALE: Table = table!("nl.first_name_female@1", "first_name_female.tsv", 512);
static MALE: Table = table!("nl.first_name_male@1", "first_name_male.tsv", 512);
static LAST_NAMES: Table = table!("nl.last_name@1", "last_name.tsv", 1024);
static TOWNS: Table = table!("nl.town@1", "town.tsv", 256);
static STREETS: Table = table!("nl.street@1", "street.tsv", 512);

/// `nl_NL`.
pub(super) static LOCALE: Locale = Locale {
    name: "nl_NL",
    country: "NL",
    iban_country: "NL",
    female: &FEMALE,
    male: &MALE,
    last_names: &LAST_NAMES,
    towns: &TOWNS,
    streets: &STREETS,
    phone: PhonePlan::Series { code: "31", area: "6", reserved: "9", free: 7 },
    address: AddressStyle::NumberLast,
};
