//! The Netherlands. Names, towns and streets are common ones; telephone numbers and accounts lie outside of what is
//! issued. Refuses postcode letters that the Dutch post never uses (by the style of its postcodes).

use super::CompanyPart::{Form, Partners, Surname, Trade};
use super::{
    Addition, AddressStyle, CompanyStyle, Locale, NumberPlace, Particles, PhonePlan, PostcodeStyle, Series,
    Table, Towns,
};

static FEMALE: Table = Table::new("nl.first_name_female@1", include_str!("first_name_female.tsv"));
static MALE: Table = Table::new("nl.first_name_male@1", include_str!("first_name_male.tsv"));
static LAST_NAMES: Table = Table::new("nl.last_name@1", include_str!("last_name.tsv"));
static STREETS: Table = Table::new("nl.street@1", include_str!("street.tsv"));
static JOBS: Table = Table::new("nl.job@1", include_str!("job.tsv"));
static TRADES: Table = Table::new("nl.company_trade@1", include_str!("company_trade.tsv"));
static PARTNERS: Table = Table::new("nl.company_partner@1", include_str!("company_partner.tsv"));
static FORMS: Table = Table::new("nl.company_form@1", include_str!("company_form.tsv"));
static TOWNS: Towns = Towns::new("nl.town@1", include_str!("town.tsv"));

static COMPANIES: CompanyStyle = CompanyStyle {
    trades: &TRADES,
    partners: &PARTNERS,
    forms: &FORMS,
    patterns: &[
        &[Surname, Partners, Form],
        &[Trade, Surname, Form],
        &[Surname, Trade, Form],
        &[Trade, Surname],
    ],
};

static ADDITIONS: &[Addition] = &[
    Addition::behind(" ", "A"),
    Addition::behind(" ", "B"),
    Addition::behind(" ", "C"),
    Addition::behind(" ", "D"),
    Addition::behind("", "a"),
    Addition::behind("", "b"),
    Addition::behind("", "c"),
    Addition::behind("-", "1"),
    Addition::behind("-", "2"),
    Addition::behind("-", "3"),
    Addition::behind("-", "A"),
    Addition::behind("-", "B"),
    Addition::behind("-", "H"),
    Addition::behind(" ", "bis"),
    Addition::behind(" ", "hs"),
    Addition::behind(" ", "E"),
];

/// The numbering plan for telephone services (Nummerplan telefoon- en ISDN-diensten) lists the area codes of the country;
/// these are not among them: libphonenumber's metadata of fixed lines reads `1[13-578]`, `6[124-8]`, `8[0-467]`,
/// `2[2-46-9]`, `2[01]`, `1[1-368]`, `8[15-8]` and `7[0-3578]` where they would stand.
const PHONE: PhonePlan = PhonePlan {
    code: "31",
    trunk: "0",
    series: &[
        Series::new("119", "", 6, &[6]),
        Series::new("169", "", 6, &[6]),
        Series::new("185", "", 6, &[6]),
        Series::new("225", "", 6, &[6]),
        Series::new("323", "", 6, &[6]),
        Series::new("419", "", 6, &[6]),
        Series::new("489", "", 6, &[6]),
        Series::new("579", "", 6, &[6]),
    ],
    areas: None,
    source: "area codes that no part of the country has (numbering plan for telephone services; libphonenumber)",
};

/// The plan gives 061 to 065 and 068 to mobile telephony and 066 to paging (Rijksoverheid and ACM lists;
/// libphonenumber's metadata reads `6[1-58]` and `66`), so 06-9 is in no series that is issued.
const MOBILE: PhonePlan = PhonePlan {
    code: "31",
    trunk: "0",
    series: &[Series::new("6", "9", 7, &[8])],
    areas: None,
    source: "06-9 is in no series of the Dutch numbering plan that is issued (061-066, 068)",
};

/// `nl_NL`.
pub(super) static LOCALE: Locale = Locale {
    name: "nl_NL",
    country: "NL",
    country3: "NLD",
    country_name: "Nederland",
    iban_country: "NL",
    genders: ["vrouw", "man"],
    gender_letters: ["V", "M"],
    titles: ["mevr.", "dhr."],
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
    address: AddressStyle { number: NumberPlace::Last, additions: ADDITIONS },
    postcode: PostcodeStyle::Dutch,
};
