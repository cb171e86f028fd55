//! France. Names, towns and streets are common ones; telephone numbers are those set aside for fiction.
//! Refuses CEDEX postcodes, overseas departments, communes that share a postcode.

use super::CompanyPart::{Form, Partners, Surname, Trade};
use super::{
    Addition, AddressStyle, CompanyStyle, Locale, NumberPlace, Particles, PhonePlan, PostcodeStyle, Series,
    Table, Towns,
};

static FEMALE: Table = Table::new("fr.first_name_female@1", include_str!("first_name_female.tsv"));
static MALE: Table = Table::new("fr.first_name_male@1", include_str!("first_name_male.tsv"));
static LAST_NAMES: Table = Table::new("fr.last_name@1", include_str!("last_name.tsv"));
static STREETS: Table = Table::new("fr.street@1", include_str!("street.tsv"));
static JOBS: Table = Table::new("fr.job@1", include_str!("job.tsv"));
static TRADES: Table = Table::new("fr.company_trade@1", include_str!("company_trade.tsv"));
static PARTNERS: Table = Table::new("fr.company_partner@1", include_str!("company_partner.tsv"));
static FORMS: Table = Table::new("fr.company_form@1", include_str!("company_form.tsv"));
static TOWNS: Towns = Towns::new("fr.town@1", include_str!("town.tsv"));

static COMPANIES: CompanyStyle = CompanyStyle {
    trades: &TRADES,
    partners: &PARTNERS,
    forms: &FORMS,
    patterns: &[
        &[Surname, Partners, Form],
        &[Form, Surname, Partners],
        &[Trade, Surname, Form],
        &[Trade, Surname],
    ],
};

static ADDITIONS: &[Addition] = &[
    Addition::behind(" ", "bis"),
    Addition::behind(" ", "bis"),
    Addition::behind(" ", "bis"),
    Addition::behind(" ", "bis"),
    Addition::behind(" ", "ter"),
    Addition::behind(" ", "ter"),
    Addition::behind(" ", "A"),
    Addition::behind(" ", "B"),
];

/// Arcep, decision 2018-0881 on the numbering plan: ten thousand numbers in each of the five zones.
const PHONE: PhonePlan = PhonePlan {
    code: "33",
    trunk: "0",
    series: &[
        Series::new("1", "9900", 4, &[2, 2, 2, 2]),
        Series::new("2", "6191", 4, &[2, 2, 2, 2]),
        Series::new("3", "5301", 4, &[2, 2, 2, 2]),
        Series::new("4", "6571", 4, &[2, 2, 2, 2]),
        Series::new("5", "3649", 4, &[2, 2, 2, 2]),
    ],
    areas: None,
    source: "set aside for audiovisual works (Arcep: 01 99 00, 02 61 91, 03 53 01, 04 65 71, 05 36 49)",
};

/// Source: the same decision of Arcep.
const MOBILE: PhonePlan = PhonePlan {
    code: "33",
    trunk: "0",
    series: &[Series::new("6", "3998", 4, &[2, 2, 2, 2])],
    areas: None,
    source: "06 39 98 is set aside for audiovisual works (Arcep)",
};

/// `fr_FR`.
pub(super) static LOCALE: Locale = Locale {
    name: "fr_FR",
    country: "FR",
    country3: "FRA",
    country_name: "France",
    iban_country: "FR",
    genders: ["femme", "homme"],
    gender_letters: ["F", "H"],
    titles: ["Mme", "M."],
    female: &FEMALE,
    male: &MALE,
    last_names: &LAST_NAMES,
    particles: Particles::Behind,
    towns: &TOWNS,
    streets: &STREETS,
    jobs: &JOBS,
    companies: &COMPANIES,
    phone: PHONE,
    mobile: MOBILE,
    address: AddressStyle { number: NumberPlace::FirstComma, additions: ADDITIONS },
    postcode: PostcodeStyle::Digits(5),
};
