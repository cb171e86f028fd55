//! Values that techniques of `mask` make: the kinds of `fake`, and `pattern`. A technique gets an example of the form that it is
//! made for, never a value of anybody, and lanes of the row's person or of its draws.

use std::sync::Arc;

use super::{DecidedBy, Generator, RowCx, Wanted};
use crate::mask::inside::Inside;
use crate::mask::row::Reads;
use crate::mask::{Compile, Decider, Gathered, Lanes, Mask, MaskCx, Outcome, Standins, Value, technique};
use crate::row::field::{Cell, Cells, Span};
use crate::row::shape::TypeClass;
use crate::secret::{Key, Passwords, Schedule};
use crate::synth::seed::Draws;

/// A compiled technique.
pub(super) struct Faked {
    mask: Arc<dyn Mask>,
    example: Vec<u8>,
    /// Whether the row's person decides.
    person: bool,
    /// Most bytes that surely fit.
    most: usize,
    /// Whether nothing is an empty text rather than NULL.
    required: bool,
}

/// Compiles a technique for a column; `None` where it refuses.
pub(super) fn compiled(
    wanted: &Wanted<'_>,
    (name, argument): (&str, &str),
    person: bool,
    max: Option<u32>,
) -> Option<Faked> {
    let spec = technique(name)?;
    let argument_value = Value::Text(argument.to_owned());
    let chars = wanted.column.ty.class.max_chars();
    let max = max.or(chars).filter(|_| wanted.column.ty.class.is_text());
    let mut options: Vec<(String, Value)> =
        max.map(|max| ("max".to_owned(), Value::Integer(i64::from(max.min(1000))))).into_iter().collect();
    if argument == "last_name" && wanted.meanings.contains(&Some("particle")) {
        options.push(("particle".to_owned(), Value::Text("apart".to_owned())));
    }
    let schedule = Schedule::new(&Key::of_seed(wanted.stream.key()), "generate");
    let none: Option<&Arc<Inside>> = None;
    let cx = Compile {
        argument: Some(&argument_value),
        options: &options,
        schedule: &schedule,
        passwords: &Passwords::default(),
        gathered: &Gathered::default(),
        label: wanted.column.name.as_bytes(),
        attribute: &wanted.column.name,
        locale: wanted.locale,
        mail_domain: None,
        decider: if person { Decider::Subject } else { Decider::Value },
        ty: &wanted.column.ty,
        not_null: wanted.column.not_null,
        pinned: &[],
        inside: none,
        reads: &Reads::default(),
    };
    let made = (spec.compile)(&cx).ok()?;
    // A street has its number beside it, or in it.
    let beside = argument == "street" && wanted.meanings.contains(&Some("house_number"));
    let kind = match argument {
        "street" if beside => "city",
        "ip" if wanted.column.ty.text.to_ascii_lowercase().starts_with("inet6") => "ipv6",
        other => other,
    };
    let example = example(kind, &wanted.column.ty.class, wanted.locale).as_bytes().to_vec();
    let most = max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    let faked = Faked { mask: made.mask.into(), example, person, most, required: wanted.column.not_null };
    // What cannot make a value of its example is of no use.
    let stream = wanted.stream;
    let made = (0..32).any(|row| {
        let (mut draws, mut out) = (stream.row(row), Vec::new());
        faked.write(&draws.lanes(), &mut out) && !out.is_empty()
    });
    made.then_some(faked)
}

impl Faked {
    /// Returns the same technique with an example of another form.
    pub(super) fn of_form(&self, example: &str) -> Self {
        Self { mask: Arc::clone(&self.mask), example: example.as_bytes().to_vec(), ..*self }
    }

    /// Appends the value of some lanes.
    pub(super) fn write(&self, lanes: &Lanes, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let made = ask(self.mask.as_ref(), &self.example, lanes, out);
        if made && out.len() - start > self.most {
            cut(out, start, self.most);
        }
        made
    }
}

/// Appends what a technique makes of an example under some lanes; `false` is NULL.
pub(in crate::synth) fn ask(mask: &dyn Mask, example: &[u8], lanes: &Lanes, out: &mut Vec<u8>) -> bool {
    match mask.mask(example, &MaskCx { lanes }, out) {
        Outcome::Masked | Outcome::Equal | Outcome::Pinned => true,
        Outcome::Null => false,
        Outcome::Unfit => mask.placeholder(example, out),
    }
}

/// Cuts text to so many characters.
pub(super) fn cut(out: &mut Vec<u8>, start: usize, most: usize) {
    // No text has more characters than bytes.
    if out.len().saturating_sub(start) <= most {
        return;
    }
    let end = std::str::from_utf8(out.get(start..).unwrap_or_default())
        .ok()
        .and_then(|text| text.char_indices().nth(most).map(|(at, _)| at));
    if let Some(end) = end {
        out.truncate(start + end);
    }
}

impl Generator for Faked {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let own;
        let lanes = if self.person {
            cx.person
        } else {
            own = draws.lanes();
            &own
        };
        // A name without a particle, a house without an addition.
        self.write(lanes, out) && (out.len() > start || self.required)
    }

    fn decided_by(&self) -> Option<DecidedBy> {
        Some(if self.person { DecidedBy::Person } else { DecidedBy::Draws })
    }

    fn make_all(&self, lanes: &[Lanes], out: &mut Standins) {
        let example = Cell::Raw(Span::new(0, u32::try_from(self.example.len()).unwrap_or(0)));
        let rows = [example; 64];
        for lanes in lanes.chunks(rows.len()) {
            let cells = rows.get(..lanes.len()).unwrap_or_default();
            self.mask.mask_column(&Cells { raw: &self.example, arena: &[], cells }, lanes, out);
        }
        // What is too long is cut where it is made alone.
        let mut start = 0;
        for (end, outcome) in &mut out.ends {
            if usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX) > self.most {
                *outcome = Outcome::Unfit;
            }
            start = *end;
        }
    }
}

/// Returns a value of nobody in the form that a kind is made for.
pub(in crate::synth) fn example(kind: &str, ty: &TypeClass, locale: &str) -> &'static str {
    let dutch = locale.starts_with("nl");
    match kind {
        "birth_date" => "1980-05-06",
        "phone" | "mobile" if dutch => "06-00000000",
        "phone" | "mobile" => "+12125550100",
        "postcode" if dutch => "1000 AA",
        "iban" => "NL00BANK0000000000",
        "gender" => gender(ty, dutch),
        "email" => "x@example.org",
        "username" | "domain" => "x",
        "house_number" => "1",
        "ipv6" => "2001:db8::1",
        "address" | "street" => "Voorbeeldweg 1",
        "initials" => "A.B.",
        "country" if ty.max_chars() == Some(2) => "BE",
        "latitude" => "52.00000",
        "longitude" => "5.00000",
        _ => match ty {
            class if class.is_integer() => "1000000",
            TypeClass::Numeric { .. } | TypeClass::Float { .. } => "1.5",
            TypeClass::Date => "2024-05-06",
            TypeClass::Timestamp { .. } | TypeClass::Moment => "2024-05-06 10:11:12",
            TypeClass::Uuid => "00000000-0000-4000-8000-000000000001",
            _ => "Voorbeeld",
        },
    }
}

/// Returns a gender in the words of a column: a letter, a label of its own, or a word.
fn gender(ty: &TypeClass, dutch: bool) -> &'static str {
    if let TypeClass::Enum(labels) = ty {
        let known = ["V", "F", "v", "f", "vrouw", "female", "Vrouw", "Female", "W", "w"];
        return known.into_iter().find(|word| labels.iter().any(|label| label == word)).unwrap_or("F");
    }
    match (ty.max_chars(), dutch) {
        (Some(1), true) => "V",
        (Some(1), false) => "F",
        (_, true) => "vrouw",
        _ => "female",
    }
}
