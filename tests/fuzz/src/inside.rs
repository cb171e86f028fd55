//! What every technique that looks inside values must hold for any bytes at all: it never panics; what is kept as a
//! whole is the same; what comes out can be taken apart again; of an unfit value nothing comes out.

use std::sync::{Arc, LazyLock};

use standin::mask::inside::{Decides, IfUnfit, Inside, Leaf, Part, Place};
use standin::mask::row::{Common, Reads, RowCx};
use standin::mask::{Compile, Decider, Gathered, Lanes, Mask, MaskCx, Outcome, Value, technique};
use standin::row::shape::ColumnType;
use standin::secret::{Key, Passwords, Schedule};

/// Keys nothing here, but is asked for.
static SCHEDULE: LazyLock<Schedule> =
    LazyLock::new(|| Schedule::new(&Key::generate("fuzz").expect("random bytes"), "fuzz"));

/// Places and what becomes of them; one of them, or all but the first.
const PLACES: &[(&str, Does)] = &[
    ("$", Does::Keep),
    ("$.a", Does::Write),
    ("$..b", Does::Keep),
    ("each_key $.m", Does::Wrap),
    ("$.m.*", Does::Write),
    ("$[*].c", Does::Gone),
    ("$[-1]", Does::Unfit),
    ("$.l[?(@.kind == 'mail')].v", Does::Write),
    ("$.l[?(@.kind != 1)].w by $.l[?(@.kind != 1)].v", Does::Wrap),
    ("$..d[0]", Does::Wrap),
];

#[derive(Clone, Copy, PartialEq)]
enum Does {
    Keep,
    Write,
    Wrap,
    Gone,
    Unfit,
}

impl Mask for Does {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        match self {
            Self::Write => out.extend_from_slice(b"1\"\\\n"),
            Self::Wrap => out.extend([b"<", field, b">"].concat()),
            Self::Gone => return Outcome::Null,
            Self::Keep | Self::Unfit => return Outcome::Unfit,
        }
        Outcome::Masked
    }

    fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
        out.push(b'0');
        true
    }
}

fn rules(places: &[(&str, Does)]) -> Arc<Inside> {
    let mut inside = Inside { places: Vec::new(), leaves: Vec::new() };
    for (text, does) in places {
        let (text, by) = text.split_once(" by ").map_or((*text, None), |(text, by)| (text, Some(by)));
        let keys = text.strip_prefix("each_key ");
        let part = if keys.is_some() { Part::Keys } else { Part::Value };
        let text = keys.unwrap_or(text).to_owned();
        inside.places.push(Place { text, part, by: by.map(str::to_owned) });
        let mask: Option<Box<dyn Mask>> = if *does == Does::Keep { None } else { Some(Box::new(*does)) };
        inside.leaves.push(Leaf {
            mask,
            decides: Decides::Nothing,
            scope: Vec::new(),
            unfit: IfUnfit::Placeholder,
        });
    }
    Arc::new(inside)
}

fn compiled(name: &str, places: &[(&str, Does)], options: &[(&str, &str)]) -> Box<dyn Mask> {
    let inside = rules(places);
    let options: Vec<_> =
        options.iter().map(|(name, word)| ((*name).to_owned(), Value::Text((*word).to_owned()))).collect();
    let cx = Compile {
        argument: None,
        options: &options,
        schedule: &SCHEDULE,
        passwords: &Passwords::default(),
        gathered: &Gathered::default(),
        label: b"fuzz",
        attribute: "fuzz",
        locale: "nl_NL",
        mail_domain: None,
        decider: Decider::Value,
        ty: &ColumnType::unknown(),
        not_null: false,
        pinned: &[],
        inside: Some(&inside),
        reads: &Reads::default(),
    };
    let spec = technique(name).expect("is listed");
    (spec.compile)(&cx).expect("the paths are sound").mask
}

fn run(mask: &dyn Mask, value: &[u8]) -> Option<Vec<u8>> {
    let parts = Common::default();
    let cx = RowCx { decided: &[], others: &[], row: 0, depth: 0, parts: &parts };
    let mut out = Vec::new();
    match mask.mask_within(value, &Lanes::default(), &cx, &mut out) {
        Outcome::Masked => Some(out),
        Outcome::Unfit => {
            assert!(out.is_empty(), "something of an unfit value came out");
            None
        }
        _ => panic!("a value is masked or unfit"),
    }
}

/// Masks the bytes behind the first as a value of a technique.
///
/// # Panics
/// If something does not hold.
pub fn value(name: &str, bytes: &[u8]) {
    let Some((first, value)) = bytes.split_first() else { return };
    let whole = compiled(name, PLACES.get(..1).unwrap_or_default(), &[]);
    let kept = run(whole.as_ref(), value);
    assert!(kept.as_ref().is_none_or(|kept| kept == value), "what is kept has changed");
    let chosen = usize::from(first / 3);
    let places = match PLACES.get(chosen..=chosen) {
        Some(one) => one,
        None => PLACES.get(1..).unwrap_or_default(),
    };
    let word = ["remove", "fill", "stop"][usize::from(first % 3)];
    let Some(out) = run(compiled(name, places, &[("else", word)]).as_ref(), value) else { return };
    assert!(kept.is_some(), "a value that is unfit as a whole was taken apart");
    assert_eq!(run(whole.as_ref(), &out), Some(out), "what came out cannot be taken apart");
}
