//! The United States. Names, towns and streets are common ones; telephone numbers are those set aside for fiction.
//! Refuses PO box and single-firm ZIP codes. Accounts are British ones, since the country has no IBAN.

use super::CompanyPart::{Form, Partners, Surname, Trade};
use super::address::AdditionPlace;
use super::{
    Addition, AddressStyle, CompanyStyle, Locale, NumberPlace, Particles, PhonePlan, PostcodeStyle, Series,
    Table, Towns,
};

static FEMALE: Table = Table::new("us.first_name_female@1", include_str!("first_name_female.tsv"));
static MALE: Table = Table::new("us.first_name_male@1", include_str!("first_name_male.tsv"));
static LAST_NAMES: Table = Table::new("us.last_name@1", include_str!("last_name.tsv"));
static STREETS: Table = Table::new("us.street@1", include_str!("street.tsv"));
static JOBS: Table = Table::new("us.job@1", include_str!("job.tsv"));
static TRADES: Table = Table::new("us.company_trade@1", include_str!("company_trade.tsv"));
static PARTNERS: Table = Table::new("us.company_partner@1", include_str!("company_partner.tsv"));
static FORMS: Table = Table::new("us.company_form@1", include_str!("company_form.tsv"));
static TOWNS: Towns = Towns::new("us.town@1", include_str!("town.tsv"));
static AREA_CODES: Table = Table::new("us.area_code@1", include_str!("area_code.tsv"));

static COMPANIES: CompanyStyle = CompanyStyle {
    trades: &TRADES,
    partners: &PARTNERS,
    forms: &FORMS,
    patterns: &[&[Surname, Partners, Form], &[Surname, Trade, Form], &[Surname, Trade], &[Surname, Partners]],
};

static ADDITIONS: &[Addition] = &[
    apartment("Apt 1"),
    apartment("Apt 2"),
    apartment("Apt 3"),
    apartment("Apt 4"),
    apartment("Apt 5"),
    apartment("Apt 6"),
    apartment("Apt 7"),
    apartment("Apt 8"),
    apartment("Apt 2A"),
    apartment("Apt 2B"),
    apartment("Apt 3C"),
    apartment("Apt 4D"),
    apartment("Unit 2"),
    apartment("Unit 3"),
    apartment("Suite 100"),
    apartment("Suite 201"),
];

const fn apartment(text: &'static str) -> Addition {
    Addition { text, joint: " ", place: AdditionPlace::BehindStreet }
}

/// 555-0100 to 555-0199 of every area code are set aside for fiction (NANPA, 555 line numbers); fixed and mobile numbers
/// look alike.
const PHONE: PhonePlan = PhonePlan {
    code: "1",
    trunk: "",
    series: &[Series::new("", "55501", 2, &[3, 4])],
    areas: Some(&AREA_CODES),
    source: "555-0100 to 555-0199 are set aside for fiction (NANPA)",
};

/// `en_US`.
pub(super) static LOCALE: Locale = Locale {
    name: "en_US",
    country: "US",
    country3: "USA",
    country_name: "United States",
    iban_country: "GB",
    genders: ["female", "male"],
    gender_letters: ["F", "M"],
    titles: ["Ms.", "Mr."],
    female: &FEMALE,
    male: &MALE,
    last_names: &LAST_NAMES,
    particles: Particles::PartOfName,
    towns: &TOWNS,
    streets: &STREETS,
    jobs: &JOBS,
    companies: &COMPANIES,
    phone: PHONE,
    mobile: PHONE,
    address: AddressStyle { number: NumberPlace::First, additions: ADDITIONS },
    postcode: PostcodeStyle::Digits(5),
};
