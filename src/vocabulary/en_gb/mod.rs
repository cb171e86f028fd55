//! The United Kingdom. Names, towns and streets are common ones; telephone numbers are those set aside for drama.
//! Refuses post towns whose postcode districts are those of other towns too.

use super::CompanyPart::{Form, Partners, Surname, Trade};
use super::address::AdditionPlace;
use super::{
    Addition, AddressStyle, CompanyStyle, Locale, NumberPlace, Particles, PhonePlan, PostcodeStyle, Series,
    Table, Towns,
};

static FEMALE: Table = Table::new("gb.first_name_female@1", include_str!("first_name_female.tsv"));
static MALE: Table = Table::new("gb.first_name_male@1", include_str!("first_name_male.tsv"));
static LAST_NAMES: Table = Table::new("gb.last_name@1", include_str!("last_name.tsv"));
static STREETS: Table = Table::new("gb.street@1", include_str!("street.tsv"));
static JOBS: Table = Table::new("gb.job@1", include_str!("job.tsv"));
static TRADES: Table = Table::new("gb.company_trade@1", include_str!("company_trade.tsv"));
static PARTNERS: Table = Table::new("gb.company_partner@1", include_str!("company_partner.tsv"));
static FORMS: Table = Table::new("gb.company_form@1", include_str!("company_form.tsv"));
static TOWNS: Towns = Towns::new("gb.town@1", include_str!("town.tsv"));

static COMPANIES: CompanyStyle = CompanyStyle {
    trades: &TRADES,
    partners: &PARTNERS,
    forms: &FORMS,
    patterns: &[&[Surname, Partners, Form], &[Surname, Trade, Form], &[Surname, Trade], &[Surname, Partners]],
};

static ADDITIONS: &[Addition] = &[
    flat("Flat 1"),
    flat("Flat 2"),
    flat("Flat 3"),
    flat("Flat 4"),
    flat("Flat 5"),
    flat("Flat 6"),
    flat("Flat 7"),
    flat("Flat 8"),
    flat("Flat 9"),
    flat("Flat 10"),
    flat("Flat 11"),
    flat("Flat 12"),
    flat("Flat A"),
    flat("Flat B"),
    flat("Apartment 2"),
    flat("Apartment 5"),
];

const fn flat(text: &'static str) -> Addition {
    Addition { text, joint: ", ", place: AdditionPlace::BeforeNumber }
}

/// Ofcom, Telephone numbers for use in TV and radio drama programmes: a thousand numbers in each of the large areas.
const PHONE: PhonePlan = PhonePlan {
    code: "44",
    trunk: "0",
    series: &[
        Series::new("20", "79460", 3, &[4, 4]),
        Series::new("113", "4960", 3, &[3, 4]),
        Series::new("114", "4960", 3, &[3, 4]),
        Series::new("115", "4960", 3, &[3, 4]),
        Series::new("116", "4960", 3, &[3, 4]),
        Series::new("117", "4960", 3, &[3, 4]),
        Series::new("118", "4960", 3, &[3, 4]),
        Series::new("121", "4960", 3, &[3, 4]),
        Series::new("131", "4960", 3, &[3, 4]),
        Series::new("141", "4960", 3, &[3, 4]),
        Series::new("151", "4960", 3, &[3, 4]),
        Series::new("161", "4960", 3, &[3, 4]),
        Series::new("191", "4980", 3, &[3, 4]),
        Series::new("29", "20180", 3, &[4, 4]),
        Series::new("1632", "960", 3, &[6]),
    ],
    areas: None,
    source: "set aside for TV and radio drama (Ofcom: 020 7946 0xxx, 0161 496 0xxx, 01632 960xxx and others)",
};

/// Source: the same list of Ofcom.
const MOBILE: PhonePlan = PhonePlan {
    code: "44",
    trunk: "0",
    series: &[Series::new("7700", "900", 3, &[6])],
    areas: None,
    source: "07700 900000 to 900999 are set aside for TV and radio drama (Ofcom)",
};

/// `en_GB`.
pub(super) static LOCALE: Locale = Locale {
    name: "en_GB",
    country: "GB",
    country3: "GBR",
    country_name: "United Kingdom",
    iban_country: "GB",
    genders: ["female", "male"],
    gender_letters: ["F", "M"],
    titles: ["Ms", "Mr"],
    female: &FEMALE,
    male: &MALE,
    last_names: &LAST_NAMES,
    particles: Particles::PartOfName,
    towns: &TOWNS,
    streets: &STREETS,
    jobs: &JOBS,
    companies: &COMPANIES,
    phone: PHONE,
    mobile: MOBILE,
    address: AddressStyle { number: NumberPlace::First, additions: ADDITIONS },
    postcode: PostcodeStyle::British,
};
