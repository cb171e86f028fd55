//! A condition as read: the forms of the subset, each with the bytes of the text it stands in. Knows no table yet.
//! Deliberately absent: anything that the subset does not have, so that what reads it needs no refusing branch.

use std::ops::Range;

use super::parts::Part;

/// A part of a condition and where it stands.
pub(super) struct Node {
    /// Bytes of the condition's text.
    pub(super) at: Range<usize>,
    pub(super) what: What,
}

/// What a part is.
pub(super) enum What {
    Column {
        name: String,
        quoted: bool,
    },
    Text(String),
    Number(String),
    Boolean(bool),
    Null,
    Interval {
        text: String,
        unit: Option<&'static str>,
    },
    Now,
    CurrentDate,
    LocalTimestamp,
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Compare {
        op: Op,
        left: Box<Node>,
        right: Box<Node>,
    },
    Distinct {
        left: Box<Node>,
        right: Box<Node>,
        negated: bool,
    },
    IsNull {
        of: Box<Node>,
        negated: bool,
    },
    /// `IS TRUE`, `IS FALSE`, `IS UNKNOWN` (none).
    Is {
        of: Box<Node>,
        truth: Option<bool>,
        negated: bool,
    },
    In {
        of: Box<Node>,
        list: Vec<Node>,
        negated: bool,
    },
    /// `op ANY (ARRAY[...])`, or ALL.
    Each {
        of: Box<Node>,
        op: Op,
        list: List,
        all: bool,
    },
    Between {
        of: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
        negated: bool,
    },
    Like {
        of: Box<Node>,
        pattern: Box<Node>,
        escape: Option<char>,
        fold: bool,
        negated: bool,
    },
    /// A regular expression: in CHECKs alone.
    Matches {
        of: Box<Node>,
        pattern: String,
        fold: bool,
        negated: bool,
    },
    Cast {
        of: Box<Node>,
        to: Named,
    },
    Negative(Box<Node>),
    Arithmetic {
        op: Sign,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// `->` or, as text, `->>`.
    Get {
        of: Box<Node>,
        key: Box<Node>,
        text: bool,
    },
    Call {
        function: Function,
        arguments: Vec<Node>,
    },
    /// In CHECKs alone, as what follows: tests with their values.
    Case {
        branches: Vec<(Node, Node)>,
        otherwise: Box<Node>,
    },
    /// How many are NULL, or are not.
    Count {
        of: Vec<Node>,
        nulls: bool,
    },
    /// The greatest, or the least.
    Most {
        of: Vec<Node>,
        greatest: bool,
    },
    Part {
        part: Part,
        of: Box<Node>,
    },
}

/// The list behind ANY and ALL.
pub(super) struct List {
    pub(super) items: Vec<Node>,
    /// Whether the items settle their type among themselves (`ARRAY[...]`), or with what they are compared to ('{a,b}').
    pub(super) own_type: bool,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Divided,
    Modulo,
}

/// A function of the subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Lower,
    Upper,
    Length,
    OctetLength,
    Trim,
    TrimLeft,
    TrimRight,
    Coalesce,
    /// To so many digits behind the point, half away from zero.
    Round,
    Absolute,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    SmallInt,
    Integer,
    BigInt,
    Numeric,
    Real,
    Double,
    Boolean,
    Text,
    Varchar,
    Bpchar,
    Uuid,
    Date,
    Timestamp,
    TimestampTz,
    Time,
    Interval,
    Json,
    Jsonb,
    /// Another name: an enum of the schema, `citext`.
    Other(String),
}
