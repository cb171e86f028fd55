//! The United States. Names, towns and streets are common ones; telephone numbers are those set aside for fiction.
//! Refuses PO box and single-firm ZIP codes. Accounts are British ones, since the country has no IBAN.

use super::table::table;
use super::{AddressStyle, Locale, PhonePlan, Table};

static FEMALE: Table = table!("us.first_name_female@1", "first_name_female.tsv", 512);
static MALE: Table = table!("us.first_name_male@1", "first_name_male.tsv", 512);
static LAST_NAMES: Table = table!("us.last_name@1", "last_name.tsv", 1024);
static TOWNS: Table = table!("us.town@1", "town.tsv", 256);
static STREETS: Table = table!("us.street@1", "street.tsv", 512);
static AREA_CODES: Table = table!("us.area_code@1", "area_code.tsv", 512);

/// `en_US`.
pub(super) static LOCALE: Locale = Locale {
    name: "en_US",
    country: "US",
    iban_country: "GB",
    female: &FEMALE,
    male: &MALE,
    last_names: &LAST_NAMES,
    towns: &TOWNS,
    streets: &STREETS,
    phone: PhonePlan::Fiction555 { area_codes: &AREA_CODES },
    address: AddressStyle::NumberFirst,
};
