//! Flanders and the Dutch of Brussels. Names, towns and streets are common ones; telephone numbers lie outside of what
//! is issued. Refuses towns without a postcode of their own.

use super::CompanyPart::{Form, Partners, Surname, Trade};
use super::{
    Addition, AddressStyle, CompanyStyle, Locale, NumberPlace, Particles, PhonePlan, PostcodeStyle, Series,
    Table, Towns,
};

static FEMALE: Table = Table::new("be.first_name_female@1", include_str!("first_name_female.tsv"));
static MALE: Table = Table::new("be.first_name_male@1", include_str!("first_name_male.tsv"));
static LAST_NAMES: Table = Table::new("be.last_name@1", include_str!("last_name.tsv"));
static STREETS: Table = Table::new("be.street@1", include_str!("street.tsv"));
static JOBS: Table = Table::new("be.job@1", include_str!("job.tsv"));
static TRADES: Table = Table::new("be.company_trade@1", include_str!("company_trade.tsv"));
static PARTNERS: Table = Table::new("be.company_partner@1", include_str!("company_partner.tsv"));
static FORMS: Table = Table::new("be.company_form@1", include_str!("company_form.tsv"));
static TOWNS: Towns = Towns::new("be.town@1", include_str!("town.tsv"));

static COMPANIES: CompanyStyle = CompanyStyle {
    trades: &TRADES,
    partners: &PARTNERS,
    forms: &FORMS,
    patterns: &[
        &[Surname, Partners, Form],
        &[Trade, Surname, Form],
        &[Trade, Surname],
        &[Surname, Trade, Form],
    ],
};

static ADDITIONS: &[Addition] = &[
    Addition::behind(" bus ", "1"),
    Addition::behind(" bus ", "2"),
    Addition::behind(" bus ", "3"),
    Addition::behind(" bus ", "4"),
    Addition::behind(" bus ", "5"),
    Addition::behind(" bus ", "6"),
    Addition::behind(" bus ", "7"),
    Addition::behind(" bus ", "8"),
    Addition::behind(" bus ", "9"),
    Addition::behind(" bus ", "10"),
    Addition::behind(" bus ", "11"),
    Addition::behind(" bus ", "12"),
    Addition::behind(" ", "A"),
    Addition::behind(" ", "B"),
    Addition::behind("", "A"),
    Addition::behind("", "B"),
];

/// Zones 2 and 3 issue numbers that start with 2 to 8, zone 9 such with 2 to 4 (libphonenumber: `[23][2-8]`, `9[2-4]`).
const PHONE: PhonePlan = PhonePlan {
    code: "32",
    trunk: "0",
    series: &[
        Series::new("2", "9", 6, &[3, 2, 2]),
        Series::new("3", "9", 6, &[3, 2, 2]),
        Series::new("9", "8", 6, &[3, 2, 2]),
    ],
    areas: None,
    source: "no series of the Belgian numbering plan (royal decree of 27 April 2007; libphonenumber)",
};

/// Mobile numbers start with 045 to 049 (royal decree of 27 April 2007; libphonenumber: `4[5-9]`).
const MOBILE: PhonePlan = PhonePlan {
    code: "32",
    trunk: "0",
    series: &[
        Series::new("441", "", 6, &[2, 2, 2]),
        Series::new("443", "", 6, &[2, 2, 2]),
        Series::new("446", "", 6, &[2, 2, 2]),
        Series::new("448", "", 6, &[2, 2, 2]),
    ],
    areas: None,
    source: "044 is in no series of mobile numbers (045 to 049; royal decree of 27 April 2007; libphonenumber)",
};

/// `nl_BE`.
pub(super) static LOCALE: Locale = Locale {
    name: "nl_BE",
    country: "BE",
    country3: "BEL",
    country_name: "België",
    iban_country: "BE",
    genders: ["vrouw", "man"],
    gender_letters: ["V", "M"],
    titles: ["mevr.", "dhr."],
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
    address: AddressStyle { number: NumberPlace::Last, additions: ADDITIONS },
    postcode: PostcodeStyle::Digits(4),
};
