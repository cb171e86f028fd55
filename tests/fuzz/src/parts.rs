//! What every technique that looks inside values must hold for any bytes at all: a value whose parts all stay is the same
//! bytes or unfit; one whose parts are all masked has nothing of them left, and can be taken apart again.

use std::sync::Arc;

use standin::mask::inside::{Decides, IfUnfit, Inside, Leaf, Part, Place};
use standin::mask::row::{Common, Reads, RowCx};
use standin::mask::{Compile, Compiled, Decider, Lanes, Mask, MaskCx, Options, Outcome, Value, technique};
use standin::row::shape::{ColumnType, TypeClass};
use standin::secret::{Key, Passwords, Schedule};

/// Writes what needs quotes and escapes in every notation.
struct Odd;

const ODD: &[u8] = b"7\"\\<&%= ";

impl Mask for Odd {
    fn mask(&self, _: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        out.extend_from_slice(ODD);
        Outcome::Masked
    }

    fn placeholder(&self, _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }
}

/// One notation: technique, type, options, places that are all of a value, and whether `Q` is gone when all are masked.
struct Case {
    technique: &'static str,
    class: fn() -> TypeClass,
    text: &'static str,
    separator: Option<&'static str>,
    places: &'static [(&'static str, Part)],
    leaves_nothing: bool,
    /// Whether these are all parts that a value can have.
    is_all: bool,
}

const ALL: &[(&str, Part)] = &[("", Part::Value)];

fn text() -> TypeClass {
    TypeClass::Text { max_chars: None }
}

static CASES: &[Case] = &[
    Case {
        technique: "each",
        class: || TypeClass::Array(Box::new(text())),
        text: "text[]",
        separator: None,
        places: ALL,
        leaves_nothing: true,
        is_all: true,
    },
    Case {
        technique: "each",
        class: || TypeClass::Other,
        text: "daterange",
        separator: None,
        places: ALL,
        leaves_nothing: true,
        is_all: true,
    },
    Case {
        technique: "each",
        class: || TypeClass::Other,
        text: "nummultirange",
        separator: None,
        places: ALL,
        leaves_nothing: true,
        is_all: true,
    },
    Case {
        technique: "each",
        class: text,
        text: "text",
        separator: Some(";"),
        places: ALL,
        leaves_nothing: true,
        is_all: true,
    },
    Case {
        technique: "hstore",
        class: || TypeClass::Other,
        text: "hstore",
        separator: None,
        places: &[("*", Part::Keys), ("*", Part::Value)],
        leaves_nothing: true,
        is_all: true,
    },
    Case {
        technique: "composite",
        class: || TypeClass::Other,
        text: "pair",
        separator: None,
        places: &[("1", Part::Value), ("2", Part::Value)],
        leaves_nothing: true,
        is_all: false,
    },
    // Names of elements stay, so a `Q` may.
    Case {
        technique: "xml",
        class: || TypeClass::Other,
        text: "xml",
        separator: None,
        places: &[("//*", Part::Value), ("/*/@*", Part::Value)],
        leaves_nothing: false,
        is_all: false,
    },
    // And so does a scheme, and the name of a parameter.
    Case {
        technique: "url",
        class: text,
        text: "text",
        separator: None,
        places: &[
            ("user", Part::Value),
            ("password", Part::Value),
            ("host", Part::Value),
            ("port", Part::Value),
            ("path", Part::Value),
            ("query.*", Part::Value),
            ("fragment", Part::Value),
            ("to", Part::Value),
        ],
        leaves_nothing: false,
        is_all: false,
    },
];

fn compiled(case: &Case, keeps: bool) -> Compiled {
    let place = |(text, part): &(&str, Part)| Place { text: (*text).to_owned(), part: *part, by: None };
    let leaf = |_| Leaf {
        mask: (!keeps).then(|| -> Box<dyn Mask> { Box::new(Odd) }),
        decides: Decides::Nothing,
        scope: Vec::new(),
        unfit: IfUnfit::Remove,
    };
    let inside = Arc::new(Inside {
        places: case.places.iter().map(place).collect(),
        leaves: case.places.iter().map(leaf).collect(),
    });
    let options: Vec<(String, Value)> =
        case.separator.iter().map(|s| ("separator".to_owned(), Value::Text((*s).to_owned()))).collect();
    let options: &Options = &options;
    let spec = technique(case.technique).expect("a technique of the list");
    let cx = Compile {
        argument: None,
        options,
        schedule: &Schedule::new(&Key::random().expect("random"), "fuzz"),
        passwords: &Passwords::default(),
        gathered: &standin::mask::Gathered::default(),
        label: b"fuzz",
        attribute: "fuzz",
        locale: "nl_NL",
        mail_domain: None,
        decider: Decider::Value,
        ty: &ColumnType { class: (case.class)(), text: case.text.to_owned(), domain: None },
        not_null: false,
        pinned: &[],
        inside: Some(&inside),
        reads: &Reads::default(),
    };
    (spec.compile)(&cx).unwrap_or_else(|_| panic!("the rule fits the type"))
}

fn masked(compiled: &Compiled, value: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let parts = Common::default();
    let row = RowCx { decided: &[], others: &[], row: 0, depth: 0, parts: &parts };
    let outcome = compiled.mask.mask_within(value, &Lanes::default(), &row, &mut out);
    assert!(outcome == Outcome::Masked || (outcome == Outcome::Unfit && out.is_empty()), "an odd outcome");
    (outcome == Outcome::Masked).then_some(out)
}

/// Takes the bytes behind the first apart, as the notation that the first stands for.
///
/// # Panics
/// If something does not hold.
pub fn check(bytes: &[u8]) {
    let Some((first, value)) = bytes.split_first() else { return };
    let case = CASES.get(usize::from(*first) % CASES.len()).expect("one of them");
    if value.is_empty() {
        return;
    }
    let (keeps, masks) = (compiled(case, true), compiled(case, false));
    let kept = masked(&keeps, value);
    if let Some(kept) = kept.as_ref().filter(|_| case.is_all) {
        assert!(kept == value, "what every rule keeps is not the same bytes");
    }
    let Some(out) = masked(&masks, value) else { return };
    assert!(kept.is_some(), "masked and not kept");
    assert!(!case.leaves_nothing || !out.contains(&b'Q'), "something stays");
    assert!(out.is_empty() || masked(&keeps, &out).is_some(), "the result cannot be taken apart");
}
