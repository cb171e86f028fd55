//! The techniques: decoded value in, decoded value out. One technique a file, and its line in `TECHNIQUES`.
//!
//! A technique knows nothing of dump formats, files or rows: the plan tells it once what it needs (`Compile`), then
//! it is asked a column of cells at a time. Deliberately absent: any way to see another column's value, the clock,
//! a random number generator, or the position of a row (but for the windows of `shuffle`, which who reads the rows counts).

mod between;
mod calendar;
mod constant;
pub(crate) mod decimal;
mod derive;
mod draw;
mod fill;
mod generalise;
mod hash;
pub mod inside;
mod keep;
mod login;
mod lognormal;
mod noise;
mod normal;
mod partial;
mod pattern;
mod permutation;
mod perturb;
mod pick;
mod pseudonym;
mod redact;
pub mod row;
mod shift;
mod shuffle;
pub mod spread;
mod suppress;
mod template;
#[cfg(test)]
mod testing;
mod zipf;

use std::fmt;

use crate::error::Message;
pub use fill::SPEC as FILL;
pub use shuffle::{Column as GatheredColumn, Gathered, WINDOW, WindowPlace, Windowed};

use inside::Parts;
use row::{Common, Decided, Other, Reads, RowCx};

use crate::row::canon::Canon;
use crate::row::field::Cells;
use crate::row::shape::{ColumnType, TypeClass};
use crate::secret::{Mac, Passwords, Schedule, lanes};

/// Names, addresses, phone numbers, mail and accounts that are invented.
pub mod fake;

/// ISO/IEC 20889 class of a technique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The value stays.
    None,
    /// The value is removed.
    Suppression,
    /// Coarser but true.
    Generalisation,
    /// Consistent replacement under a key.
    Pseudonymisation,
    /// Noise or swapping.
    Randomisation,
    /// What its rules for parts of the value do.
    Composition,
}

/// How somebody could get back to the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reversibility {
    /// The value is gone.
    None,
    /// With the key.
    Key,
    /// With the key by trying inputs.
    KeyAndEnumeration,
    /// The value is there.
    Open,
}

/// Whether a stand-in can be something that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaches {
    /// Reserved or never issued; the source is named.
    Nobody(&'static str),
    /// It may equal somebody's.
    Possibly(&'static str),
}

/// What happened to one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The stand-in was appended.
    Masked,
    /// The stand-in is NULL; nothing was appended.
    Null,
    /// The value has not the form the technique needs; nothing was appended. The policy `unfit` decides.
    Unfit,
    /// The value is pinned (it stands for nobody) and was appended as it is.
    Pinned,
    /// The stand-in was appended and equals the original by chance.
    Equal,
}

/// The digests that decide one stand-in: eight 64-bit lanes by subject; by value the four of `d`, twice.
#[derive(Clone, Copy, Default)]
pub struct Lanes(pub [u64; 8]);

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lanes(***)")
    }
}

impl Lanes {
    /// Computes those of a value in canonical form under a scope; '' is none.
    #[must_use]
    #[inline]
    pub fn by_value(mac: &Mac, scope: &[u8], canon: &[u8]) -> Self {
        let [a, b, c, d] = lanes(&mac.digest(scope, canon));
        Self([a, b, c, d, a, b, c, d])
    }

    /// Appends one column of a scope, of which there are several or one: its canonical value, behind its length where there
    /// are several (DESIGN 5).
    pub fn append_scope(several: bool, form: Canon, value: &[u8], scope: &mut Vec<u8>) {
        let head = scope.len();
        if several {
            scope.extend_from_slice(&[0; 4]);
        }
        let start = scope.len();
        form.append(value, scope);
        let len = u32::try_from(scope.len() - start).unwrap_or(u32::MAX);
        if let Some(place) = scope.get_mut(head..start).and_then(|place| place.first_chunk_mut()) {
            *place = len.to_be_bytes();
        }
    }

    /// Computes those of a subject in canonical form under a scope; lanes 4 to 7 only where they are read (`high`).
    #[must_use]
    #[inline]
    pub fn by_subject(mac: &Mac, high: bool, scope: &[u8], canon: &[u8]) -> Self {
        let [a, b, c, d] = lanes(&mac.subject(0, scope, canon));
        let [e, f, g, h] = if high { lanes(&mac.subject(1, scope, canon)) } else { [0; 4] };
        Self([a, b, c, d, e, f, g, h])
    }
}

/// The lanes' fixed meaning by subject (DESIGN 5).
pub mod lane {
    /// Gender and first name.
    pub const FIRST_NAME: usize = 0;
    /// Last name.
    pub const LAST_NAME: usize = 1;
    /// Address.
    pub const ADDRESS: usize = 2;
    /// Birth date and shift.
    pub const BIRTH: usize = 3;
    /// Phone.
    pub const PHONE: usize = 4;
    /// Company and job.
    pub const COMPANY: usize = 5;
    /// Unique suffix.
    pub const UNIQUE: usize = 6;
    /// Seed of all others, through HMAC(s_1, L(attribute)).
    pub const OTHER: usize = 7;
}

/// What a technique sees of the deciding value. `lanes` is all zero unless the technique asked for it in `Needs`.
#[derive(Clone, Copy, Debug)]
pub struct MaskCx<'a> {
    /// The digests.
    pub lanes: &'a Lanes,
}

/// The stand-ins of one column in a chunk, appended row by row.
#[derive(Default)]
pub struct Standins {
    /// All stand-ins, one after the other, decoded.
    pub bytes: Vec<u8>,
    /// Where each ends, and what happened.
    pub ends: Vec<(u32, Outcome)>,
    /// What became of parts inside of values.
    pub parts: Parts,
}

impl Standins {
    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.parts = Parts::default();
    }

    /// Closes the row whose stand-in was just appended to `bytes`.
    pub fn close(&mut self, outcome: Outcome) {
        self.ends.push((u32::try_from(self.bytes.len()).unwrap_or(u32::MAX), outcome));
    }
}

impl fmt::Debug for Standins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} stand-ins>", self.ends.len())
    }
}

/// A compiled technique for one column.
pub trait Mask: Send + Sync {
    /// Appends the stand-in for `field` (decoded, never NULL, never empty) to `out`. On `Unfit` and `Null` nothing
    /// is appended.
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome;

    /// Appends a keyed stand-in of the technique's own form for a value that is unfit, or that does not fit the
    /// column after masking; `false` if the technique has none, and then the run stops.
    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool;

    /// Returns what takes the column's values in a first pass, where the technique needs one.
    fn gathers(&self) -> Option<&GatheredColumn> {
        None
    }

    /// Returns the windows within which the column's values change places, where they do: then whoever reads the rows
    /// hands the values out, and neither `mask` nor `mask_column` is asked.
    fn windowed(&self) -> Option<&Windowed> {
        None
    }

    /// Appends the value whose stand-in a field is, where the technique has a way back; for tests alone.
    #[cfg(test)]
    fn undo(&self, _field: &[u8], _out: &mut Vec<u8>) -> bool {
        false
    }

    /// Returns whether it sees its row: then `mask_rows` is asked, else `mask_column`.
    fn sees_row(&self) -> bool {
        false
    }

    /// Masks a value that stands in a row, or a part of one: `own` are the lanes that its rule asks for.
    fn mask_within(&self, field: &[u8], own: &Lanes, _row: &RowCx<'_>, out: &mut Vec<u8>) -> Outcome {
        self.mask(field, &MaskCx { lanes: own }, out)
    }

    /// Masks a column of a chunk whose technique sees its row.
    fn mask_rows(
        &self,
        cells: &Cells<'_>,
        decided: &[Decided<'_>],
        others: &[Vec<Other<'_>>],
        out: &mut Standins,
    ) {
        let parts = Common::default();
        for row in 0..cells.len() {
            let cx = RowCx { decided, others, row, depth: 0, parts: &parts };
            let outcome = match cells.get(row) {
                None => Outcome::Null,
                Some([]) => Outcome::Masked,
                Some(field) => self.mask_within(field, &Lanes::default(), &cx, &mut out.bytes),
            };
            out.close(outcome);
        }
        let Parts { masked, unfit } = parts.get();
        out.parts.masked += masked;
        out.parts.unfit += unfit;
    }

    /// Masks a column of a chunk. NULL stays NULL and '' stays ''; `lanes` has one entry a row or is empty.
    /// Techniques that gain by doing several at once override it; results must equal those of `mask`.
    fn mask_column(&self, cells: &Cells<'_>, lanes: &[Lanes], out: &mut Standins) {
        let none = Lanes::default();
        for row in 0..cells.len() {
            let outcome = match cells.get(row) {
                None => Outcome::Null,
                Some([]) => Outcome::Masked,
                Some(field) => {
                    self.mask(field, &MaskCx { lanes: lanes.get(row).unwrap_or(&none) }, &mut out.bytes)
                }
            };
            out.close(outcome);
        }
    }
}

/// What decides the stand-in, so that the row loop can compute the digests of many rows at once.
#[derive(Clone)]
pub enum Needs {
    /// Nothing keyed, or the technique keys by itself.
    Nothing,
    /// The column's own value (or that of `by:`), in this canonical form, under this MAC: lanes 0 to 3 are `d`.
    Value {
        /// Canonical form.
        canon: Canon,
        /// The MAC.
        mac: Mac,
    },
    /// Another value of the row: the subject's, or what `by:` names. Like `Value`, but the own value alone may not
    /// decide: it does only where the deciding ones are NULL or pinned.
    Row {
        /// Canonical form of the own value, for those rows.
        canon: Canon,
        /// The MAC.
        mac: Mac,
        /// What to write where nobody decides.
        hint: &'static str,
    },
    /// The entity's subject. The plan knows its column, canon and MAC.
    Subject {
        /// Whether lanes 4 to 7 are read (costs a second MAC).
        high: bool,
    },
}

/// What values come out, so that the plan can see whether they fit the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// What came in (keep, or generalise on a date: same type, no longer than before).
    Same,
    /// NULL or nothing.
    Nothing,
    /// Text of at most this many characters; `None` = as long as the input.
    Text {
        /// Longest stand-in, in characters.
        max_chars: Option<u32>,
    },
    /// An integer of the input's value class: fits wherever the input's class fits.
    Integer,
    /// A UUID.
    Uuid,
    /// A value of the column's own type and within its length: the technique made sure of that when it was compiled.
    Typed,
}

/// What the technique does to uniqueness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// A bijection, or the value itself.
    Kept,
    /// Distinct values stay distinct up to chance: this many bits of digest decide.
    Bits(u32),
    /// Distinct values may fall together.
    Lost,
}

/// A value written in a profile: the argument of a technique or of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, also bare words.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// true or false.
    Boolean(bool),
    /// A decimal number as written, `-0.5`: an optional minus, digits, perhaps a point and digits.
    Number(String),
    /// A share of a hundred, `10%`: the number before the sign.
    Percent(String),
    /// `a..b`: both ends as written, `b` included.
    Range(String, String),
    /// A length of time, `26w`.
    Span {
        /// How many.
        count: u32,
        /// Of what: `d` or `w`.
        unit: char,
    },
    /// A list.
    List(Vec<Value>),
    /// Keys and values, in the order written.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Returns the text, if it is text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Returns a scalar as a cell would hold it: the words of text, numbers and booleans.
    #[must_use]
    pub fn cell(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Boolean(boolean) => Some(boolean.to_string()),
            Self::Percent(_) | Self::Range(..) | Self::Span { .. } | Self::List(_) | Self::Map(_) => None,
        }
    }
}

/// Who decides the stand-in, as the profile settled it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// The value itself, or a value named by `by:`.
    Value,
    /// The entity's subject.
    Subject,
}

/// All that a technique is told when a plan is compiled for one column.
#[derive(Clone, Copy)]
pub struct Compile<'a> {
    /// The technique's argument: `bsn` of `{pseudonym: bsn}`; `None` for a bare `suppress`.
    pub argument: Option<&'a Value>,
    /// The declared options, each at most once, names and types already checked against the declaration.
    pub options: &'a Options,
    /// Keys.
    pub schedule: &'a Schedule,
    /// Passwords of `login`, by the variable that holds them.
    pub passwords: &'a Passwords,
    /// What the first pass of two gathered.
    pub gathered: &'a Gathered,
    /// Label of DESIGN 5 (`person.email`, or the column's own).
    pub label: &'a [u8],
    /// Attribute or column name: what `L(attribute)` of lane 7 holds.
    pub attribute: &'a str,
    /// `nl_NL`.
    pub locale: &'a str,
    /// `policy.mail_domain`, where set.
    pub mail_domain: Option<&'a str>,
    /// Who decides.
    pub decider: Decider,
    /// The column's type.
    pub ty: &'a ColumnType,
    /// Whether the column refuses NULL.
    pub not_null: bool,
    /// Values that stand for nobody and stay as they are (only on an entity's subject attribute).
    pub pinned: &'a [String],
    /// The compiled rules for places inside the value, where the argument is `Takes::Inside`.
    pub inside: Option<&'a std::sync::Arc<inside::Inside>>,
    /// Where it notes which other columns of the row it reads.
    pub reads: &'a Reads,
}

impl Compile<'_> {
    /// Returns a declared option.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&Value> {
        self.options.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// Returns the type class.
    #[must_use]
    pub fn class(&self) -> &TypeClass {
        &self.ty.class
    }
}

/// A technique made ready for a column.
pub struct Compiled {
    /// Does the work.
    pub mask: Box<dyn Mask>,
    /// What decides.
    pub needs: Needs,
    /// What comes out.
    pub output: Output,
    /// What becomes of uniqueness.
    pub uniqueness: Uniqueness,
}

/// Why a technique cannot do what the profile asks; the plan adds place, table and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What does not go, without values: `` `fake: phone` has no source for locale `xx_XX` ``.
    pub what: Message,
    /// What to write instead.
    pub hint: Option<Message>,
}

/// Sibling options of a rule, by name.
pub type Options = [(String, Value)];

/// What an option or argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: the bare word.
    Nothing,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Text.
    Text,
    /// A whole number within bounds.
    Integer {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// true or false.
    Boolean,
    /// The name of one of the profile's `reasons`.
    Reason,
    /// Any scalar.
    Scalar,
    /// A decimal number: `Value::Number`.
    Number,
    /// Decimal numbers, each above the one before, at least one: a list of `Value::Number`.
    Numbers,
    /// A number above zero, or a share of the value: `Value::Number` or `Value::Percent`.
    Amount,
    /// `a..b`: `Value::Range`.
    Range,
    /// A domain: one of these words, `a..b`, or a list of scalars: `Value::Text`, `Value::Range` or `Value::List`.
    Within(&'static [&'static str]),
    /// `a..b`, or a list of scalars: `Value::Range` or `Value::List`.
    RangeOrList,
    /// Days or weeks, `26w`: `Value::Span`.
    Span,
    /// Scalars, at least one: a list.
    Scalars,
    /// Scalars, at least one; or each with how often it comes, a whole number from 1: `Value::List` of scalars, or
    /// `Value::Map` to `Value::Integer`.
    Choice,
    /// A map whose keys the profile chooses, to scalars: `Value::Map`.
    Entries,
    /// Rules for places inside the value: a map of places to rules, or one rule for all parts.
    Inside(&'static inside::Places),
    /// What is named here; or the options alone, in a map, say what to do.
    OrOptions(&'static Takes),
}

impl Takes {
    /// Returns what the argument itself takes, where options may stand for it.
    #[must_use]
    pub fn alone(self) -> Self {
        if let Self::OrOptions(takes) = self { *takes } else { self }
    }

    /// Returns whether a map is a value of it, so that no options can stand in that map.
    #[must_use]
    pub fn is_map(self) -> bool {
        matches!(self.alone(), Self::Choice | Self::Entries | Self::Inside(_))
    }
}

/// One sibling option of a technique: `unique: true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// Its key.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// One sentence.
    pub help: &'static str,
}

/// An invented example that a test runs: the rule on this input gives this output under the test key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// The rule as written in a profile.
    pub rule: &'static str,
    /// Input value.
    pub input: &'static str,
    /// Output under the test key (bytes 00, 01, .. 1f; domain `example`; label `example.value`).
    pub output: &'static str,
}

/// The declaration of a technique: help, checks, documents and tests read it.
#[derive(Debug)]
pub struct TechniqueSpec {
    /// Its word in the language.
    pub name: &'static str,
    /// ISO/IEC 20889 class.
    pub class: Class,
    /// One sentence: what it does.
    pub summary: &'static str,
    /// What it preserves, in words: length, format, uniqueness, order, joins.
    pub preserves: &'static str,
    /// What an attacker without and with the key can learn.
    pub attacker: &'static str,
    /// Way back.
    pub reversibility: Reversibility,
    /// Whether stand-ins can be somebody's, and the source of the claim.
    pub reaches: Reaches,
    /// What its argument takes; `Takes::Nothing` = bare word.
    pub argument: Takes,
    /// Whether the bare word (no argument) is allowed too.
    pub bare: bool,
    /// Its options.
    pub options: &'static [OptionSpec],
    /// Whether by default its stand-in is decided by the value itself (`identifying`) or by the subject, given the
    /// argument and options.
    pub identifying: fn(argument: Option<&Value>, options: &Options) -> bool,
    /// The canonical form of its input before keying, by argument and locale (`nl_NL`). A column of type `char(n)`
    /// turns `Canon::Bytes` into `Canon::Padded`; the plan does that.
    pub canon: fn(argument: Option<&Value>, locale: &str) -> Canon,
    /// Worked examples.
    pub examples: &'static [Example],
    /// Makes it ready for a column.
    pub compile: fn(&Compile<'_>) -> Result<Compiled, Refusal>,
}

/// All techniques, in the order of the help. A test fails when a file of this folder is missing here.
pub static TECHNIQUES: &[&TechniqueSpec] = &[
    &keep::SPEC,
    &suppress::SPEC,
    &constant::SPEC,
    &partial::SPEC,
    &generalise::SPEC,
    &pseudonym::SPEC,
    &hash::SPEC,
    &fake::FAKE,
    &perturb::SPEC,
    &shift::SPEC,
    &shuffle::SPEC,
    &pick::SPEC,
    &zipf::SPEC,
    &between::SPEC,
    &normal::SPEC,
    &lognormal::SPEC,
    &pattern::SPEC,
    &template::SPEC,
    &derive::SPEC,
    &redact::SPEC,
    &login::SPEC,
    &inside::json::SPEC,
    &inside::php::SPEC,
    &inside::each::SPEC,
    &inside::hstore::SPEC,
    &inside::composite::SPEC,
    &inside::xml::SPEC,
    &inside::url::SPEC,
];

/// Finds a technique by its word.
#[must_use]
pub fn technique(name: &str) -> Option<&'static TechniqueSpec> {
    TECHNIQUES.iter().copied().find(|t| t.name == name)
}
