//! The evaluator: a bound condition over the cells of one row. Truth is `Some(true)`, `Some(false)` or `None`, unknown.
//! Made text goes into the caller's scratch buffer; nothing else is allocated.

use std::cmp::Ordering;

use super::Unreadable;
use super::decimal::Short;
use super::like::Pattern;
use super::map::{Map, calculate, map};
use super::regular::Regular;
use super::tree::{Op, Sign};
use super::types::Kind;
use super::value::{Constant, Form, Value, compare, small};

/// The cells that a condition reads, in the order of `Bound::columns`.
pub(super) type Cells<'a> = [Option<&'a [u8]>];

/// Something that is true, false or unknown.
pub(super) enum Test {
    Constant(Option<bool>),
    Value(Term),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Is {
        of: Box<Test>,
        truth: Option<bool>,
        negated: bool,
    },
    IsNull {
        of: Term,
        negated: bool,
    },
    Compare {
        op: Op,
        kind: Kind,
        left: Term,
        right: Term,
    },
    Distinct {
        kind: Kind,
        left: Term,
        right: Term,
        negated: bool,
    },
    /// `op ANY (list)`, or ALL.
    Each {
        of: Term,
        op: Op,
        kind: Kind,
        list: Vec<Term>,
        all: bool,
    },
    /// `IN` over constants, sorted; `null` says that one was NULL.
    OneOf {
        of: Term,
        kind: Kind,
        sorted: Vec<Constant>,
        null: bool,
    },
    Like {
        of: Term,
        pattern: Pattern,
        negated: bool,
    },
    Matches {
        of: Term,
        pattern: Regular,
        negated: bool,
    },
}

/// Something that has a value.
pub(super) enum Term {
    Cell {
        slot: usize,
        form: Form,
    },
    Constant(Constant),
    Test(Box<Test>),
    /// One value of another; the column is named where that fails.
    Map {
        of: Box<Term>,
        by: Map,
        column: usize,
    },
    Calculate {
        sign: Sign,
        left: Box<Term>,
        right: Box<Term>,
        range: Option<(i64, i64)>,
        column: usize,
    },
    Coalesce(Vec<Term>),
    /// The value of the first test that holds, else the last.
    Case {
        branches: Vec<(Test, Term)>,
        otherwise: Box<Term>,
    },
    /// How many tests hold.
    Count(Vec<Test>),
    /// The greatest of those that are not NULL, or the least.
    Most {
        of: Vec<Term>,
        kind: Kind,
        greatest: bool,
    },
}

impl Test {
    /// Decides over one row.
    pub(super) fn decide(
        &self,
        row: &Cells<'_>,
        columns: &[usize],
        scratch: &mut Vec<u8>,
    ) -> Result<Option<bool>, Unreadable> {
        Row { cells: row, columns }.test(self, scratch)
    }
}

struct Row<'r> {
    cells: &'r Cells<'r>,
    columns: &'r [usize],
}

impl<'r> Row<'r> {
    fn test(&self, test: &'r Test, scratch: &mut Vec<u8>) -> Result<Option<bool>, Unreadable> {
        Ok(match test {
            Test::Constant(truth) => *truth,
            Test::Value(term) => match self.value(term, scratch)? {
                Value::Boolean(value) => Some(value),
                _ => None,
            },
            Test::All(tests) => return self.chain(tests, false, scratch),
            Test::Any(tests) => return self.chain(tests, true, scratch),
            Test::Not(test) => self.test(test, scratch)?.map(|truth| !truth),
            Test::Is { of, truth, negated } => Some((self.test(of, scratch)? == *truth) != *negated),
            Test::IsNull { of, negated } => Some(self.is_null(of, scratch)? != *negated),
            Test::Compare { op, kind, left, right } => {
                if let Some(order) = self.quick(*kind, left, right) {
                    return Ok(op.holds(order));
                }
                // Both are read even if one is NULL, as PostgreSQL does: an error on either side is one.
                let (left, right) = (self.value(left, scratch)?, self.value(right, scratch)?);
                op.holds(order(*kind, &left, &right, scratch))
            }
            Test::Distinct { kind, left, right, negated } => {
                let (left, right) = (self.value(left, scratch)?, self.value(right, scratch)?);
                let equal = match (&left, &right) {
                    (Value::Null, Value::Null) => true,
                    (Value::Null, _) | (_, Value::Null) => false,
                    _ => compare(*kind, &left, &right, scratch) == Some(Ordering::Equal),
                };
                Some(equal == *negated)
            }
            Test::Each { of, op, kind, list, all } => {
                let of = self.value(of, scratch)?;
                let (mut sum, mut ended) = (Some(*all), false);
                for item in list {
                    // Every item is read: PostgreSQL makes the whole list before it compares.
                    let item = self.value(item, scratch)?;
                    if ended {
                        continue;
                    }
                    match op.holds(order(*kind, &of, &item, scratch)) {
                        None => sum = None,
                        Some(holds) if holds != *all => (sum, ended) = (Some(holds), true),
                        Some(_) => {}
                    }
                }
                sum
            }
            Test::OneOf { of, kind, sorted, null } => {
                let of = self.value(of, scratch)?;
                if matches!(of, Value::Null) {
                    return Ok(None);
                }
                let found = sorted.binary_search_by(|item| {
                    compare(*kind, &item.get(), &of, scratch).unwrap_or(Ordering::Less)
                });
                if found.is_ok() { Some(true) } else { (!*null).then_some(false) }
            }
            Test::Like { of, pattern, negated } => match self.value(of, scratch)? {
                Value::Text(text) => Some(pattern.matches(text.get(scratch)) != *negated),
                _ => None,
            },
            Test::Matches { of, pattern, negated } => match self.value(of, scratch)? {
                Value::Text(text) => Some(pattern.matches(text.get(scratch)) != *negated),
                _ => None,
            },
        })
    }

    /// Compares a cell with a constant without making values of them; the outer `None` is for the long way.
    #[expect(
        clippy::option_option,
        reason = "the inner level is the answer: no order, since the cell is NULL"
    )]
    fn quick(&self, kind: Kind, left: &Term, right: &Term) -> Option<Option<Ordering>> {
        let (Term::Cell { slot, form }, Term::Constant(constant)) = (left, right) else { return None };
        let cell = self.cells.get(*slot).copied().flatten();
        match (form, constant) {
            (Form::Integer, Constant::Integer(constant)) => match cell {
                Some(text) => small(text).map(|number| Some(number.cmp(constant))),
                None => Some(None),
            },
            (Form::Decimal, Constant::Decimal(_) | Constant::Integer(_)) => {
                let Some(text) = cell else { return Some(None) };
                let constant = match constant {
                    Constant::Integer(number) => Short::whole(*number),
                    Constant::Decimal(number) => number.short()?,
                    _ => return None,
                };
                Short::parse(text)?.compare(&constant).map(Some)
            }
            (Form::Text, Constant::Text(constant)) if kind == Kind::Bytes => {
                Some(cell.map(|text| text.cmp(constant)))
            }
            _ => None,
        }
    }

    /// AND ends at the first false, OR at the first true; unknown counts where neither came.
    fn chain(
        &self,
        tests: &'r [Test],
        ends: bool,
        scratch: &mut Vec<u8>,
    ) -> Result<Option<bool>, Unreadable> {
        let mut sum = Some(!ends);
        for test in tests {
            match self.test(test, scratch)? {
                Some(truth) if truth == ends => return Ok(Some(ends)),
                None => sum = None,
                Some(_) => {}
            }
        }
        Ok(sum)
    }

    fn is_null(&self, term: &'r Term, scratch: &mut Vec<u8>) -> Result<bool, Unreadable> {
        if let Term::Cell { slot, .. } = term {
            return Ok(self.cells.get(*slot).copied().flatten().is_none());
        }
        Ok(matches!(self.value(term, scratch)?, Value::Null))
    }

    fn value(&self, term: &'r Term, scratch: &mut Vec<u8>) -> Result<Value<'r>, Unreadable> {
        match term {
            Term::Cell { slot, form } => match self.cells.get(*slot) {
                Some(Some(text)) => form.cell(text).ok_or_else(|| Unreadable {
                    column: self.columns.get(*slot).copied().unwrap_or_default(),
                    what: form.wanted(),
                }),
                _ => Ok(Value::Null),
            },
            Term::Constant(constant) => Ok(constant.get()),
            Term::Test(test) => Ok(self.test(test, scratch)?.map_or(Value::Null, Value::Boolean)),
            Term::Map { of, by, column } => match self.value(of, scratch)? {
                Value::Null => Ok(Value::Null),
                value => map(by, value, scratch).map_err(|what| Unreadable { column: *column, what }),
            },
            Term::Calculate { sign, left, right, range, column } => {
                let (left, right) = (self.value(left, scratch)?, self.value(right, scratch)?);
                if matches!(left, Value::Null) || matches!(right, Value::Null) {
                    return Ok(Value::Null);
                }
                calculate(*sign, left, right, *range).map_err(|what| Unreadable { column: *column, what })
            }
            Term::Case { branches, otherwise } => {
                for (test, term) in branches {
                    if self.test(test, scratch)? == Some(true) {
                        return self.value(term, scratch);
                    }
                }
                self.value(otherwise, scratch)
            }
            Term::Count(tests) => {
                let mut count = 0;
                for test in tests {
                    count += i64::from(self.test(test, scratch)? == Some(true));
                }
                Ok(Value::Integer(count))
            }
            Term::Most { of, kind, greatest } => {
                let mut most = Value::Null;
                for term in of {
                    let value = self.value(term, scratch)?;
                    let wanted = if *greatest { Ordering::Greater } else { Ordering::Less };
                    let first = matches!(most, Value::Null) && !matches!(value, Value::Null);
                    if first || compare(*kind, &value, &most, scratch) == Some(wanted) {
                        most = value;
                    }
                }
                Ok(most)
            }
            Term::Coalesce(terms) => {
                for term in terms {
                    let value = self.value(term, scratch)?;
                    if !matches!(value, Value::Null) {
                        return Ok(value);
                    }
                }
                Ok(Value::Null)
            }
        }
    }
}

/// Evaluates a term over one row as an exact number; `None` where it is NULL, no number, or not calculated with.
pub(super) fn exact(
    term: &Term,
    cells: &Cells<'_>,
    columns: &[usize],
    scratch: &mut Vec<u8>,
) -> Option<super::decimal::Exact> {
    super::map::exact(&Row { cells, columns }.value(term, scratch).ok()?)
}

/// Evaluates a term that reads no column.
pub(super) fn constant(term: &Term) -> Result<Constant, &'static str> {
    let mut scratch = Vec::new();
    let row = Row { cells: &[], columns: &[] };
    let value = row.value(term, &mut scratch).map_err(|unreadable| unreadable.what)?;
    Ok(value.keep(&scratch))
}

fn order(kind: Kind, left: &Value<'_>, right: &Value<'_>, scratch: &[u8]) -> Option<Ordering> {
    compare(kind, left, right, scratch)
}

impl Op {
    /// Says whether it holds; unknown where there is no order, since a side is NULL.
    pub(super) fn holds(self, order: Option<Ordering>) -> Option<bool> {
        let order = order?;
        Some(match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        })
    }
}
