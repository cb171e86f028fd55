//! Germany. Names, towns and streets are common ones; telephone numbers are those set aside for media.
//! Refuses postcodes of post boxes and large customers.

use super::CompanyPart::{Form, Partners, Surname, Trade};
use super::{
    Addition, AddressStyle, CompanyStyle, Locale, NumberPlace, Particles, PhonePlan, PostcodeStyle, Series,
    Table, Towns,
};

static FEMALE: Table = Table::new("de.first_name_female@1", include_str!("first_name_female.tsv"));
static MALE: Table = Table::new("de.first_name_male@1", include_str!("first_name_male.tsv"));
static LAST_NAMES: Table = Table::new("de.last_name@1", include_str!("last_name.tsv"));
static STREETS: Table = Table::new("de.street@1", include_str!("street.tsv"));
static JOBS: Table = Table::new("de.job@1", include_str!("job.tsv"));
static TRADES: Table = Table::new("de.company_trade@1", include_str!("company_trade.tsv"));
static PARTNERS: Table = Table::new("de.company_partner@1", include_str!("company_partner.tsv"));
static FORMS: Table = Table::new("de.company_form@1", include_str!("company_form.tsv"));
static TOWNS: Towns = Towns::new("de.town@1", include_str!("town.tsv"));

static COMPANIES: CompanyStyle = CompanyStyle {
    trades: &TRADES,
    partners: &PARTNERS,
    forms: &FORMS,
    patterns: &[
        &[Surname, Partners, Form],
        &[Surname, Trade, Form],
        &[Trade, Surname, Form],
        &[Trade, Surname],
    ],
};

static ADDITIONS: &[Addition] = &[
    Addition::behind("", "a"),
    Addition::behind("", "a"),
    Addition::behind("", "a"),
    Addition::behind("", "b"),
    Addition::behind("", "b"),
    Addition::behind("", "c"),
    Addition::behind("", "d"),
    Addition::behind("", "e"),
];

/// Bundesnetzagentur, Mitteilung 148/2021 (Amtsblatt 7/2021): a thousand numbers in each of five towns.
const PHONE: PhonePlan = PhonePlan {
    code: "49",
    trunk: "0",
    series: &[
        Series::new("30", "23125", 3, &[8]),
        Series::new("69", "90009", 3, &[8]),
        Series::new("40", "66969", 3, &[8]),
        Series::new("221", "4710", 3, &[7]),
        Series::new("89", "99998", 3, &[8]),
    ],
    areas: None,
    source: "set aside for media (Bundesnetzagentur, Mitteilung 148/2021, Rufnummern für Medienproduktionen)",
};

/// The same Mitteilung: (0)171 39200 00 to 99 and (0)176 040690 00 to 99. Its ten single numbers are left out.
const MOBILE: PhonePlan = PhonePlan {
    code: "49",
    trunk: "0",
    series: &[Series::new("171", "39200", 2, &[7]), Series::new("176", "040690", 2, &[8])],
    areas: None,
    source: "set aside for media (Bundesnetzagentur, Mitteilung 148/2021)",
};

/// `de_DE`.
pub(super) static LOCALE: Locale = Locale {
    name: "de_DE",
    country: "DE",
    country3: "DEU",
    country_name: "Deutschland",
    iban_country: "DE",
    genders: ["weiblich", "männlich"],
    gender_letters: ["w", "m"],
    titles: ["Frau", "Herr"],
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
    postcode: PostcodeStyle::Digits(5),
};
