//! `fake: bsn`, `onderwijsnummer`, `kvk`, `vat`, `national_id`, `ssn`, `nino`, `health_insurance_no`: numbers that no
//! office gives out (`vocabulary::numbers::unissued`), by default; with `realistic: true` valid ones, which may be
//! somebody's. Decided by their own value. The input's case and separators stay where it has as many letters and digits.
//!
//! What other files make of numbers uses the same `Invented`. Refuses `unique`, and locales without the identifier.

use super::form::{Case, append_first};
use super::make::Make;
use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::{Lanes, Reaches, Refusal, Value};
use crate::message;
use crate::row::canon::Canon;
use crate::vocabulary::numbers::{
    Compact, Scheme, bsn, kvk, nhs, nino, nir, rijksregister, separator, ssn, steuer_id, unissued, vat,
};
use crate::vocabulary::{Draw, Locale};

/// What is said of a locale without the kind, which is refused.
pub(super) const NOWHERE: Reaches = Reaches::Nobody("the locale has no such number");

/// Finds what is declared for a locale.
pub(super) fn among<T: Copy>(locale: &Locale, declared: &[(&str, T)]) -> Option<T> {
    declared.iter().find(|(name, _)| *name == locale.name).map(|(_, it)| *it)
}

/// A country's numbers of one kind.
pub(super) struct Source {
    /// Locale, `nl_NL`.
    pub(super) locale: &'static str,
    /// How it is written: `#` a letter or digit, all else as it stands.
    pub(super) form: &'static str,
    /// Makes a number that nobody has, or where there are none an ordinary one.
    pub(super) make: fn(&mut Draw) -> Compact,
    /// Numbers that could be issued, and their group; `None`: the same as `make`.
    pub(super) realistic: Option<(&'static dyn Scheme, u32)>,
}

const fn source(
    locale: &'static str,
    form: &'static str,
    make: fn(&mut Draw) -> Compact,
    realistic: (&'static dyn Scheme, u32),
) -> Source {
    Source { locale, form, make, realistic: Some(realistic) }
}

const FAILS: Reaches = Reaches::Nobody("fails its check, so no office gives it out (vocabulary::numbers)");
const TESTS_DE: Reaches = Reaches::Nobody(
    "begins with 0: reserved for tests (Bundeszentralamt für Steuern); KVNR: fails its check",
);
const TESTS_GB: Reaches = Reaches::Nobody("begins with 999: kept for tests, never issued (NHS Digital)");
const QQ: Reaches = Reaches::Nobody("begins with QQ, which is not used (HMRC, NIM39110)");
const AREA_666: Reaches = Reaches::Nobody("area 666 is never assigned (Social Security Administration)");
const MBI: Reaches = Reaches::Nobody("begins with 0, where an MBI has 1 to 9 (CMS, Understanding the MBI)");
const NO_RANGE: Reaches =
    Reaches::Possibly("KvK numbers have neither a check digit nor a documented range that is not issued");

static BSNS: &[Source] = &[source("nl_NL", "#########", unissued::bsn, (&bsn::Bsn, 0))];
static ONDERWIJS: &[Source] =
    &[source("nl_NL", "#########", unissued::onderwijsnummer, (&bsn::Onderwijsnummer, 0))];
static KVKS: &[Source] = &[source("nl_NL", "########", unissued::kvk, (&kvk::Kvk, 0))];
static SSNS: &[Source] = &[source("en_US", "###-##-####", unissued::ssn, (&ssn::Ssn, 0))];
static NINOS: &[Source] = &[source("en_GB", "## ## ## ## #", unissued::nino, (&nino::Nino, 0))];
static VATS: &[Source] = &[
    source("nl_NL", "##############", unissued::vat_nl, (&vat::Vat, vat::NL_FIRM)),
    source("nl_BE", "## ####.###.###", unissued::vat_be, (&vat::Vat, vat::BE)),
    source("de_DE", "###########", unissued::vat_de, (&vat::Vat, vat::DE)),
    source("fr_FR", "## ## ### ### ###", unissued::vat_fr, (&vat::Vat, vat::FR)),
    source("en_GB", "## ### #### ##", unissued::vat_gb, (&vat::Vat, vat::GB)),
];
static NATIONAL: &[Source] = &[
    source("nl_NL", "#########", unissued::bsn, (&bsn::Bsn, 0)),
    source("nl_BE", "##.##.##-###.##", unissued::rijksregister, (&rijksregister::Rijksregister, 0)),
    source("de_DE", "## ### ### ###", unissued::steuer_id, (&steuer_id::SteuerId, 0)),
    source("fr_FR", "# ## ## ## ### ### ##", unissued::nir, (&nir::Nir, 0)),
    source("en_GB", "## ## ## ## #", unissued::nino, (&nino::Nino, 0)),
    source("en_US", "###-##-####", unissued::ssn, (&ssn::Ssn, 0)),
];
static HEALTHS: &[Source] = &[
    source("nl_NL", "#########", unissued::bsn, (&bsn::Bsn, 0)),
    source("nl_BE", "##.##.##-###.##", unissued::rijksregister, (&rijksregister::Rijksregister, 0)),
    source("de_DE", "##########", unissued::kvnr, (&steuer_id::Kvnr, 0)),
    source("fr_FR", "# ## ## ## ### ### ##", unissued::nir, (&nir::Nir, 0)),
    source("en_GB", "### ### ####", unissued::nhs, (&nhs::Nhs, 0)),
    Source { locale: "en_US", form: "####-###-####", make: unissued::mbi, realistic: None },
];

/// What all kinds of numbers have in common.
pub(super) const fn kind(
    name: &'static str,
    summary: &'static str,
    build: fn(&Build<'_>) -> Result<Made, Refusal>,
) -> KindSpec {
    KindSpec {
        name,
        summary,
        reaches: |_| NOWHERE,
        canon: |_| Canon::Compact,
        identifying: true,
        own_options: &["realistic"],
        high: true,
        build,
        ..describing()
    }
}

/// `fake: bsn`.
pub(super) static BSN: KindSpec = KindSpec {
    longest: |locale| among(locale, &[("nl_NL", 13)]),
    reaches: |locale| among(locale, &[("nl_NL", FAILS)]).unwrap_or(NOWHERE),
    canon: |_| Canon::Bsn,
    ..kind("bsn", "nine digits that fail the eleven-test", |cx| build(cx, "bsn", BSNS))
};

/// `fake: onderwijsnummer`.
pub(super) static ONDERWIJSNUMMER: KindSpec = KindSpec {
    longest: |locale| among(locale, &[("nl_NL", 13)]),
    reaches: |locale| among(locale, &[("nl_NL", FAILS)]).unwrap_or(NOWHERE),
    canon: |_| Canon::Bsn,
    ..kind("onderwijsnummer", "nine digits from 10 on that fail the test", |cx| {
        build(cx, "onderwijsnummer", ONDERWIJS)
    })
};

/// `fake: kvk`.
pub(super) static KVK: KindSpec = KindSpec {
    longest: |locale| among(locale, &[("nl_NL", 12)]),
    reaches: |locale| among(locale, &[("nl_NL", NO_RANGE)]).unwrap_or(NOWHERE),
    canon: |_| Canon::Digits { least: 8 },
    ..kind("kvk", "a number of the Dutch trade register", |cx| build(cx, "kvk", KVKS))
};

/// `fake: vat`.
pub(super) static VAT: KindSpec = KindSpec {
    longest: |locale| {
        among(locale, &[("nl_NL", 18), ("nl_BE", 16), ("de_DE", 15), ("fr_FR", 17), ("en_GB", 15)])
    },
    reaches: |locale| {
        among(
            locale,
            &[("nl_NL", FAILS), ("nl_BE", FAILS), ("de_DE", FAILS), ("fr_FR", FAILS), ("en_GB", FAILS)],
        )
        .unwrap_or(NOWHERE)
    },
    ..kind("vat", "a VAT number that fails its check", |cx| build(cx, "vat", VATS))
};

/// `fake: national_id`.
pub(super) static NATIONAL_ID: KindSpec = KindSpec {
    longest: |locale| {
        among(
            locale,
            &[("nl_NL", 13), ("nl_BE", 15), ("de_DE", 15), ("fr_FR", 21), ("en_GB", 13), ("en_US", 13)],
        )
    },
    reaches: |locale| {
        among(
            locale,
            &[
                ("nl_NL", FAILS),
                ("nl_BE", FAILS),
                ("de_DE", TESTS_DE),
                ("fr_FR", FAILS),
                ("en_GB", QQ),
                ("en_US", AREA_666),
            ],
        )
        .unwrap_or(NOWHERE)
    },
    canon: |locale| if locale == "nl_NL" { Canon::Bsn } else { Canon::Compact },
    ..kind(
        "national_id",
        "the number by which a country knows persons: BSN, rijksregister, Steuer-IdNr, NIR, NINO, SSN",
        |cx| build(cx, "national_id", NATIONAL),
    )
};

/// `fake: ssn`.
pub(super) static SSN: KindSpec = KindSpec {
    longest: |locale| among(locale, &[("en_US", 13)]),
    reaches: |locale| among(locale, &[("en_US", AREA_666)]).unwrap_or(NOWHERE),
    canon: |_| Canon::Bsn,
    ..kind("ssn", "an American social security number of an area that is not assigned", |cx| {
        build(cx, "ssn", SSNS)
    })
};

/// `fake: nino`.
pub(super) static NINO: KindSpec = KindSpec {
    longest: |locale| among(locale, &[("en_GB", 13)]),
    reaches: |locale| among(locale, &[("en_GB", QQ)]).unwrap_or(NOWHERE),
    ..kind("nino", "a British National Insurance number with letters that are not used", |cx| {
        build(cx, "nino", NINOS)
    })
};

/// `fake: health_insurance_no`.
pub(super) static HEALTH: KindSpec = KindSpec {
    longest: |locale| {
        among(
            locale,
            &[("nl_NL", 13), ("nl_BE", 15), ("de_DE", 14), ("fr_FR", 21), ("en_GB", 14), ("en_US", 15)],
        )
    },
    reaches: |locale| {
        among(
            locale,
            &[
                ("nl_NL", FAILS),
                ("nl_BE", FAILS),
                ("de_DE", FAILS),
                ("fr_FR", FAILS),
                ("en_GB", TESTS_GB),
                ("en_US", MBI),
            ],
        )
        .unwrap_or(NOWHERE)
    },
    canon: |locale| if locale == "nl_NL" { Canon::Bsn } else { Canon::Compact },
    ..kind(
        "health_insurance_no",
        "the number on a health insurance card: BSN, INSZ, KVNR, NIR, NHS number, MBI",
        |cx| build(cx, "health_insurance_no", HEALTHS),
    )
};

/// Says whether numbers may be those that are issued.
pub(super) fn is_realistic(cx: &Build<'_>) -> bool {
    cx.option("realistic") == Some(&Value::Boolean(true))
}

/// Builds a kind of the locale's source.
pub(super) fn build(cx: &Build<'_>, kind: &'static str, sources: &'static [Source]) -> Result<Made, Refusal> {
    let Some(source) = sources.iter().find(|source| source.locale == cx.locale.name) else {
        return Err(Refusal { what: message!("`fake: {}` has no source for this locale", kind), hint: None });
    };
    let realistic = source.realistic.filter(|_| is_realistic(cx));
    let chars = source.form.bytes().filter(|byte| *byte == b'#').count();
    cx.at_least(kind, u32::try_from(chars).unwrap_or(u32::MAX))?;
    let longest = longest(source.form);
    let max = cx.max.map_or(longest, |max| max.min(longest));
    let invented = Invented { source, realistic, max: usize::try_from(max).unwrap_or(usize::MAX) };
    Ok(cx.made_apart(invented, longest))
}

/// Returns the most characters of a stand-in: its own form, or the input's with up to four separators.
pub(super) fn longest(form: &str) -> u32 {
    let chars = form.bytes().filter(|byte| *byte == b'#').count();
    u32::try_from(form.len().max(chars + 4)).unwrap_or(u32::MAX)
}

/// Makes the numbers of one source.
struct Invented {
    source: &'static Source,
    realistic: Option<(&'static dyn Scheme, u32)>,
    max: usize,
}

impl Make for Invented {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let [lane, ..] = lanes.0;
        let mut draw = Draw::new(lane);
        let number = match self.realistic {
            Some((scheme, group)) => unissued::valid(scheme, group, &mut draw),
            None => (self.source.make)(&mut draw),
        };
        spell(field, number.as_slice(), self.source.form, self.max, out);
    }
}

/// Appends letters and digits in the input's spelling, if it has as many and only separators between them; else in
/// their own form; bare where that is too long.
pub(super) fn spell(field: &[u8], text: &[u8], form: &str, max: usize, out: &mut Vec<u8>) {
    let start = out.len();
    let like_input = field.len() <= max
        && Compact::read(field).is_some_and(|compact| compact.as_slice().len() == text.len())
        && field.last().is_some_and(u8::is_ascii_alphanumeric)
        && separator(field).is_none();
    let bare = field.iter().all(u8::is_ascii_alphanumeric);
    let mut symbols = text.iter();
    if like_input {
        for byte in field {
            let symbol = if byte.is_ascii_alphanumeric() { symbols.next() } else { None };
            out.push(*symbol.unwrap_or(byte));
        }
    } else if !form.is_empty() && form.len() <= max && !bare {
        for byte in form.bytes() {
            let symbol = if byte == b'#' { symbols.next() } else { None };
            out.push(*symbol.unwrap_or(&byte));
        }
    } else {
        let mut room = [0; 40];
        room.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        append_first(&room, text.len(), out);
    }
    if Case::is_lower(field) {
        out.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
    }
}
