//! `fake: passport`, `id_card`, `driving_licence`, `licence_plate`: numbers of documents and cars with a letter that is
//! never used, where the country's form knows one; else ordinary ones, and then `reaches` says so. Decided by their own
//! value. Refuses locales without such a document.

use super::number::{NOWHERE, Source, among, build, kind};
use super::spec::KindSpec;
use crate::mask::Reaches;
use crate::vocabulary::numbers::unissued as no;

const O_NL: Reaches = Reaches::Nobody("has a letter O, which Dutch documents leave out (RvIG)");
const VOWEL_DE: Reaches =
    Reaches::Nobody("has a vowel, which German serial numbers leave out (Personalausweisverordnung)");
const CHECK_BE: Reaches = Reaches::Nobody("its check is wrong (Belgian identity card: modulo 97)");
const MONTH_00: Reaches = Reaches::Nobody("born in month 00 (DVLA, driver number)");
const Q_NL: Reaches = Reaches::Nobody("has a letter Q, which no series has (RDW, side codes)");
const Q_DE: Reaches = Reaches::Nobody("district Q is not assigned (FZV, annex 1)");
const O_FR: Reaches = Reaches::Nobody("has a letter O, which is left out (arrêté of 9 February 2009)");
const I_GB: Reaches = Reaches::Nobody("its tag begins with I, which is not used (DVLA, INF104)");
const NO_RANGE: Reaches = Reaches::Possibly("no range is documented as never issued");

const fn of(
    locale: &'static str,
    form: &'static str,
    make: fn(&mut crate::vocabulary::Draw) -> crate::vocabulary::numbers::Compact,
) -> Source {
    Source { locale, form, make, realistic: None }
}

static PASSPORTS: &[Source] = &[
    of("nl_NL", "#########", no::document_nl),
    of("nl_BE", "########", no::passport_be),
    of("de_DE", "#########", no::document_de),
    of("fr_FR", "#########", no::passport_fr),
    of("en_GB", "#########", no::nine_digits),
    of("en_US", "#########", no::nine_digits),
];
static CARDS: &[Source] = &[
    of("nl_NL", "#########", no::document_nl),
    of("nl_BE", "###-#######-##", no::id_card_be),
    of("de_DE", "#########", no::document_de),
    of("fr_FR", "############", no::twelve_digits),
];
static LICENCES: &[Source] = &[
    of("nl_NL", "##########", no::ten_digits),
    of("nl_BE", "##########", no::ten_digits),
    of("de_DE", "###########", no::licence_de),
    of("fr_FR", "############", no::twelve_digits),
    of("en_GB", "################", no::licence_gb),
    of("en_US", "########", no::licence_us),
];
static PLATES: &[Source] = &[
    of("nl_NL", "##-###-#", no::plate_nl),
    of("nl_BE", "#-###-###", no::plate_be),
    of("de_DE", "#-## ####", no::plate_de),
    of("fr_FR", "##-###-##", no::plate_fr),
    of("en_GB", "#### ###", no::plate_gb),
    of("en_US", "###-####", no::plate_us),
];

/// `fake: passport`.
pub(super) static PASSPORT: KindSpec = KindSpec {
    longest: |locale| {
        among(
            locale,
            &[("nl_NL", 13), ("nl_BE", 12), ("de_DE", 13), ("fr_FR", 13), ("en_GB", 13), ("en_US", 13)],
        )
    },
    reaches: |locale| {
        among(
            locale,
            &[
                ("nl_NL", O_NL),
                ("nl_BE", NO_RANGE),
                ("de_DE", VOWEL_DE),
                ("fr_FR", NO_RANGE),
                ("en_GB", NO_RANGE),
                ("en_US", NO_RANGE),
            ],
        )
        .unwrap_or(NOWHERE)
    },
    own_options: &[],
    ..kind("passport", "the number of a passport", |cx| build(cx, "passport", PASSPORTS))
};

/// `fake: id_card`.
pub(super) static ID_CARD: KindSpec = KindSpec {
    longest: |locale| among(locale, &[("nl_NL", 13), ("nl_BE", 16), ("de_DE", 13), ("fr_FR", 16)]),
    reaches: |locale| {
        among(locale, &[("nl_NL", O_NL), ("nl_BE", CHECK_BE), ("de_DE", VOWEL_DE), ("fr_FR", NO_RANGE)])
            .unwrap_or(NOWHERE)
    },
    own_options: &[],
    ..kind("id_card", "the number of an identity card", |cx| build(cx, "id_card", CARDS))
};

/// `fake: driving_licence`.
pub(super) static DRIVING_LICENCE: KindSpec = KindSpec {
    longest: |locale| {
        among(
            locale,
            &[("nl_NL", 14), ("nl_BE", 14), ("de_DE", 15), ("fr_FR", 16), ("en_GB", 20), ("en_US", 12)],
        )
    },
    reaches: |locale| {
        among(
            locale,
            &[
                ("nl_NL", NO_RANGE),
                ("nl_BE", NO_RANGE),
                ("de_DE", NO_RANGE),
                ("fr_FR", NO_RANGE),
                ("en_GB", MONTH_00),
                ("en_US", NO_RANGE),
            ],
        )
        .unwrap_or(NOWHERE)
    },
    own_options: &[],
    ..kind("driving_licence", "the number of a driving licence", |cx| build(cx, "driving_licence", LICENCES))
};

/// `fake: licence_plate`.
pub(super) static LICENCE_PLATE: KindSpec = KindSpec {
    longest: |locale| {
        among(
            locale,
            &[("nl_NL", 10), ("nl_BE", 11), ("de_DE", 11), ("fr_FR", 11), ("en_GB", 11), ("en_US", 11)],
        )
    },
    reaches: |locale| {
        among(
            locale,
            &[
                ("nl_NL", Q_NL),
                ("nl_BE", NO_RANGE),
                ("de_DE", Q_DE),
                ("fr_FR", O_FR),
                ("en_GB", I_GB),
                ("en_US", NO_RANGE),
            ],
        )
        .unwrap_or(NOWHERE)
    },
    own_options: &[],
    ..kind("licence_plate", "a number plate", |cx| build(cx, "licence_plate", PLATES))
};
