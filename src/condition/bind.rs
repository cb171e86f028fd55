//! Binding: columns by name, types settled, constants read. What PostgreSQL would refuse before the first row is refused
//! here, with its place. Evaluates nothing but parts without columns.

use std::ops::Range;

use super::eval::{Term, Test, constant};
use super::like::Pattern;
use super::literal::{literal, number};
use super::map::Map;
use super::moment;
use super::regular::Regular;
use super::tree::{Function, List, Node, Op, What};
use super::types::{Kind, Ty};
use super::value::{Constant, Form};
use super::{Bound, ColumnUse, Refused};
use crate::error::Name;
use crate::message;
use crate::row::shape::ColumnFacts;

pub(super) type Binding<T> = Result<T, Refused>;

/// A part with its type.
pub(super) struct Typed {
    pub(super) term: Term,
    pub(super) ty: Ty,
    pub(super) at: Range<usize>,
}

/// Binds a condition.
pub(super) fn bind(tree: &Node, columns: &[ColumnFacts], now: i64) -> Binding<Bound> {
    let Some(now) = moment::of_unix(now) else {
        return Err(Refused::new(
            tree.at.clone(),
            "the time of the run is not one that PostgreSQL has",
            "set the clock",
        ));
    };
    let mut used = Vec::new();
    let mut names = Vec::new();
    self::columns(tree, &mut names);
    for name in &names {
        used.push(find(name, columns)?);
    }
    used.sort_unstable();
    used.dedup();
    let binder = Binder { columns, used: &used, now };
    let test = binder.test(tree)?;
    Ok(Bound { test, columns: used })
}

/// Finds a column.
fn find(name: &ColumnUse, columns: &[ColumnFacts]) -> Binding<usize> {
    let by = |wanted: &dyn Fn(&str) -> bool| {
        let mut found = columns.iter().enumerate().filter(|(_, c)| wanted(&c.name)).map(|(index, _)| index);
        (found.next(), found.next())
    };
    let lower = name.name.to_lowercase();
    let (exact, _) = by(&|n| n == name.name);
    if name.quoted
        && let Some(index) = exact
    {
        return Ok(index);
    }
    let (folded, _) = by(&|n| n == lower);
    let (any, second) = by(&|n| n.to_lowercase() == lower);
    let found = if name.quoted { None } else { folded.or(exact).or(any.filter(|_| second.is_none())) };
    found.ok_or_else(|| {
        let what = message!("the table has no column `{}`", Name::new(name.name.as_str()));
        let hint = match (any, second) {
            (Some(_), Some(_)) => message!(
                "two columns differ in case only: write the name in double quotes as the schema spells it"
            ),
            (Some(index), None) => match columns.get(index) {
                Some(column) => message!("did you mean \"{}\"?", Name::new(column.name.as_str())),
                None => message!("write a column of this table"),
            },
            _ => message!("write a column of this table; text stands in single quotes"),
        };
        Refused::new(name.at.clone(), what, hint)
    })
}

/// Finds a column by its name as written.
pub(super) fn find_column(
    name: &str,
    quoted: bool,
    at: Range<usize>,
    columns: &[ColumnFacts],
) -> Binding<usize> {
    find(&ColumnUse { name: name.to_owned(), quoted, at }, columns)
}

/// Collects the columns that a tree names, each once.
pub(super) fn columns(tree: &Node, found: &mut Vec<ColumnUse>) {
    let mut stack = vec![tree];
    while let Some(node) = stack.pop() {
        if let What::Column { name, quoted } = &node.what
            && !found.iter().any(|c| c.name == *name && c.quoted == *quoted)
        {
            found.push(ColumnUse { name: name.clone(), quoted: *quoted, at: node.at.clone() });
        }
        let start = stack.len();
        children(node, &mut stack);
        stack.get_mut(start..).unwrap_or_default().reverse();
    }
}

fn children<'n>(node: &'n Node, out: &mut Vec<&'n Node>) {
    match &node.what {
        What::All(nodes)
        | What::Any(nodes)
        | What::Call { arguments: nodes, .. }
        | What::Count { of: nodes, .. }
        | What::Most { of: nodes, .. } => out.extend(nodes),
        What::Case { branches, otherwise } => {
            out.extend(branches.iter().flat_map(|(test, result)| [test, result]));
            out.push(otherwise);
        }
        What::Not(of)
        | What::Part { of, .. }
        | What::Negative(of)
        | What::IsNull { of, .. }
        | What::Is { of, .. }
        | What::Matches { of, .. }
        | What::Cast { of, .. } => out.push(of),
        What::Compare { left, right, .. }
        | What::Distinct { left, right, .. }
        | What::Arithmetic { left, right, .. }
        | What::Get { of: left, key: right, .. }
        | What::Like { of: left, pattern: right, .. } => out.extend([left.as_ref(), right.as_ref()]),
        What::Between { of, low, high, .. } => out.extend([of.as_ref(), low.as_ref(), high.as_ref()]),
        What::In { of, list: items, .. } | What::Each { of, list: List { items, .. }, .. } => {
            out.push(of);
            out.extend(items);
        }
        What::Column { .. }
        | What::Text(_)
        | What::Number(_)
        | What::Boolean(_)
        | What::Null
        | What::Interval { .. }
        | What::Now
        | What::CurrentDate
        | What::LocalTimestamp => {}
    }
}

pub(super) struct Binder<'a> {
    pub(super) columns: &'a [ColumnFacts],
    /// The columns in use, ascending.
    used: &'a [usize],
    now: i64,
}

impl Binder<'static> {
    /// Makes a binder of what reads no column; `now` is a moment.
    pub(super) fn without_columns(now: i64) -> Self {
        Self { columns: &[], used: &[], now }
    }
}

impl<'a> Binder<'a> {
    /// Makes a binder of what reads these columns, ascending; `now` is a moment.
    pub(super) fn of(columns: &'a [ColumnFacts], used: &'a [usize], now: i64) -> Self {
        Self { columns, used, now }
    }
}

impl Binder<'_> {
    /// Binds something that must be true, false or unknown.
    pub(super) fn test(&self, node: &Node) -> Binding<Test> {
        let tests = |nodes: &[Node]| nodes.iter().map(|node| self.test(node)).collect::<Binding<Vec<_>>>();
        Ok(match &node.what {
            What::All(nodes) => Test::All(tests(nodes)?),
            What::Any(nodes) => Test::Any(tests(nodes)?),
            What::Not(of) => Test::Not(Box::new(self.test(of)?)),
            What::Is { of, truth, negated } => {
                Test::Is { of: Box::new(self.test(of)?), truth: *truth, negated: *negated }
            }
            What::IsNull { of, negated } => Test::IsNull { of: self.typed(of)?.term, negated: *negated },
            What::Compare { op, left, right } => self.compare(*op, left, right)?,
            What::Distinct { left, right, negated } => {
                let (left, right, kind) = self.pair(left, right)?;
                Test::Distinct { kind, left, right, negated: *negated }
            }
            What::Between { of, low, high, negated } => {
                let both = Test::All(vec![
                    self.compare(Op::GreaterOrEqual, of, low)?,
                    self.compare(Op::LessOrEqual, of, high)?,
                ]);
                if *negated { Test::Not(Box::new(both)) } else { both }
            }
            What::In { of, list, negated } => {
                let one = self.one_of(of, list)?;
                if *negated { Test::Not(Box::new(one)) } else { one }
            }
            What::Each { of, op, list, all } => self.each(of, *op, list, *all)?,
            What::Like { of, pattern, escape, fold, negated } => {
                self.like(of, pattern, (*escape, *fold, *negated))?
            }
            What::Matches { of, pattern, fold, negated } => self.matches(of, pattern, (*fold, *negated))?,
            What::Boolean(value) => Test::Constant(Some(*value)),
            What::Null => Test::Constant(None),
            _ => {
                let typed = self.typed(node)?;
                let at = typed.at.clone();
                let ty = typed.ty.clone();
                match self.settle(typed, &Ty::Boolean) {
                    Ok(term) => Test::Value(term),
                    Err(Some(refused)) => return Err(refused),
                    Err(None) => {
                        let what =
                            message!("a condition is true or false, and this is of type {}", ty.name());
                        return Err(Refused::new(at, what, "compare it with a value: `column = 1`"));
                    }
                }
            }
        })
    }

    /// Binds something that has a value.
    pub(super) fn typed(&self, node: &Node) -> Binding<Typed> {
        let at = node.at.clone();
        let now = |ty| (Term::Constant(Constant::Moment(self.now)), ty);
        let (term, ty) = match &node.what {
            What::Column { name, quoted } => {
                let name = ColumnUse { name: name.clone(), quoted: *quoted, at: at.clone() };
                self.cell(find(&name, self.columns)?)
            }
            What::Text(text) => (Term::Constant(Constant::Text(text.as_bytes().into())), Ty::Literal),
            What::Null => (Term::Constant(Constant::Null), Ty::Literal),
            What::Boolean(value) => (Term::Constant(Constant::Boolean(*value)), Ty::Boolean),
            What::Number(text) => number(text).ok_or_else(|| {
                Refused::new(
                    at.clone(),
                    "this number is not read",
                    "write it in decimal digits: 1000000 or 12.5",
                )
            })?,
            What::Interval { text, unit } => (interval(text, *unit, &at)?, Ty::Interval),
            What::Now => now(Ty::TimestampTz),
            What::LocalTimestamp => now(Ty::Timestamp),
            What::CurrentDate => (Term::Constant(Constant::Day(moment::to_day(self.now))), Ty::Date),
            What::Cast { of, to } => return self.cast(of, to, at),
            What::Negative(of) => return self.negative(of, at),
            What::Arithmetic { op, left, right } => return self.arithmetic(*op, left, right, at),
            What::Get { of, key, text } => return self.get(of, key, *text, at),
            What::Call { function, arguments } => return self.call(*function, arguments, at),
            What::Part { part, of } => return self.part(part, of, at),
            What::Case { branches, otherwise } => return self.case(branches, otherwise, at),
            What::Count { of, nulls } => return self.count(of, *nulls, at),
            What::Most { of, greatest } => return self.most(of, *greatest, at),
            _ => {
                let test = self.test(node)?;
                (Term::Test(Box::new(test)), Ty::Boolean)
            }
        };
        Ok(Typed { term, ty, at })
    }

    fn cell(&self, column: usize) -> (Term, Ty) {
        let slot = self.used.binary_search(&column).unwrap_or(usize::MAX);
        let ty = self.columns.get(column).map_or(Ty::Opaque, |facts| Ty::of_column(&facts.ty));
        // A cell of a type that is not read is asked for NULL only.
        (Term::Cell { slot, form: Form::of_cell(&ty).unwrap_or(Form::Text) }, ty)
    }

    /// Makes a part what it must be; `Err(None)` where its type does not become that by itself.
    pub(super) fn settle(&self, typed: Typed, to: &Ty) -> Result<Term, Option<Refused>> {
        if typed.ty == Ty::Literal {
            return match typed.term {
                Term::Constant(Constant::Text(text)) => {
                    let text = String::from_utf8_lossy(&text).into_owned();
                    literal(&text, to, &typed.at).map_err(Some)
                }
                term => Ok(term),
            };
        }
        let column = self.column_of(&typed.term);
        let map = |term, by| self.fold(Term::Map { of: Box::new(term), by, column }, &typed.at).map_err(Some);
        match (&typed.ty, to) {
            (from, to) if from == to => Ok(typed.term),
            (from, Ty::Numeric) | (from, Ty::SmallInt | Ty::Integer | Ty::BigInt)
                if from.range().is_some() && from.join(to).as_ref() == Some(to) =>
            {
                Ok(typed.term)
            }
            (from, Ty::Double) if from.join(to).is_some() => map(typed.term, Map::Float),
            (from, Ty::Real) if from.join(to).as_ref() == Some(to) => map(typed.term, Map::Real),
            (Ty::Date, Ty::Timestamp | Ty::TimestampTz) => map(typed.term, Map::Midnight),
            (Ty::Timestamp, Ty::TimestampTz) | (Ty::Varchar | Ty::CiText, Ty::Text) => Ok(typed.term),
            (Ty::Varchar, Ty::Bpchar) => Ok(typed.term),
            (Ty::Bpchar, Ty::Text) => map(typed.term, Map::Unpad),
            _ => Err(None),
        }
    }

    /// Returns the first column that a term reads, as an index into the table's.
    pub(super) fn column_of(&self, term: &Term) -> usize {
        let slot = first_slot(term);
        slot.and_then(|slot| self.used.get(slot)).copied().unwrap_or_default()
    }

    /// Evaluates a term that reads no column.
    pub(super) fn fold(&self, term: Term, at: &Range<usize>) -> Binding<Term> {
        if first_slot(&term).is_some() {
            return Ok(term);
        }
        let folded = constant(&term).map_err(|what| {
            Refused::new(at.clone(), what, "write the value itself, within the range of its type")
        })?;
        Ok(Term::Constant(folded))
    }

    /// Binds two sides that are compared.
    fn pair(&self, left: &Node, right: &Node) -> Binding<(Term, Term, Kind)> {
        self.meet(self.typed(left)?, self.typed(right)?)
    }

    pub(super) fn meet(&self, left: Typed, right: Typed) -> Binding<(Term, Term, Kind)> {
        let at = left.at.start.min(right.at.start)..left.at.end.max(right.at.end);
        let meet = match (&left.ty, &right.ty) {
            (Ty::Literal, Ty::Literal) => Some(Ty::Text),
            (Ty::Literal, ty) | (ty, Ty::Literal) => Some(ty.clone()),
            (a, b) => a.meet(b),
        };
        let names = (left.ty.clone(), right.ty.clone());
        let Some((ty, kind)) = meet.and_then(|ty| ty.kind().map(|kind| (ty, kind))) else {
            return Err(not_compared(&names.0, &names.1, at));
        };
        // A moment and a day are compared as they are, since some days have no midnight that is a moment.
        let keep = |side: &Typed| kind == Kind::Moment && side.ty == Ty::Date;
        let side = |side: Typed| {
            if keep(&side) {
                return Ok(side.term);
            }
            self.settle(side, &ty)
                .map_err(|refused| refused.unwrap_or_else(|| not_compared(&names.0, &names.1, at.clone())))
        };
        Ok((side(left)?, side(right)?, kind))
    }

    fn compare(&self, op: Op, left: &Node, right: &Node) -> Binding<Test> {
        let (left, right, kind) = self.pair(left, right)?;
        Ok(Test::Compare { op, kind, left, right })
    }

    fn like(&self, of: &Node, pattern: &Node, how: (Option<char>, bool, bool)) -> Binding<Test> {
        let (escape, fold, negated) = how;
        let of = self.typed(of)?;
        let pattern = self.typed(pattern)?;
        let at = of.at.clone();
        let fold = fold || of.ty == Ty::CiText;
        if !of.ty.is_text() && of.ty != Ty::Literal {
            let what = message!("LIKE is for text, and this is of type {}", of.ty.name());
            return Err(Refused::new(at, what, "compare it with =, < or BETWEEN"));
        }
        if !pattern.ty.is_text() && pattern.ty != Ty::Literal {
            return Err(Refused::new(pattern.at, "a pattern is text", "write it in single quotes: 'A%'"));
        }
        let compiled = match &pattern.term {
            Term::Constant(Constant::Null) => return Ok(Test::Constant(None)),
            Term::Constant(Constant::Text(text)) => {
                Pattern::new(&String::from_utf8_lossy(text), escape, fold)
            }
            _ => {
                let hint = "write it in single quotes: 'A%'";
                return Err(Refused::new(
                    pattern.at,
                    "a pattern is written out, not read from a column",
                    hint,
                ));
            }
        };
        let Some(pattern) = compiled else {
            let hint = "double it to mean itself: '\\\\'";
            return Err(Refused::new(pattern.at, "the pattern ends in its escape character", hint));
        };
        Ok(Test::Like { of: of.term, pattern, negated })
    }

    fn matches(&self, of: &Node, pattern: &str, (fold, negated): (bool, bool)) -> Binding<Test> {
        let of = self.typed(of)?;
        if !of.ty.is_text() {
            let what = message!("regular expressions are for text, and this is of type {}", of.ty.name());
            return Err(Refused::new(of.at, what, "compare it with =, < or BETWEEN"));
        }
        let pattern = Regular::new(pattern, fold || of.ty == Ty::CiText).ok_or_else(|| {
            Refused::new(
                of.at.clone(),
                "this regular expression is not understood",
                "write LIKE, or a simpler one",
            )
        })?;
        Ok(Test::Matches { of: of.term, pattern, negated })
    }

    fn call(&self, function: Function, arguments: &[Node], at: Range<usize>) -> Binding<Typed> {
        if function == Function::Coalesce {
            return self.coalesce(arguments, at);
        }
        if matches!(function, Function::Round | Function::Absolute) {
            return self.rounded(function, arguments, at);
        }
        let Some(argument) = arguments.first() else {
            return Err(Refused::new(
                at,
                "this function takes a value",
                "write a column between its parentheses",
            ));
        };
        let of = self.typed(argument)?;
        let text = of.ty.is_text() || of.ty == Ty::Literal;
        if !text || (function == Function::OctetLength && of.ty == Ty::Bpchar) {
            let what = message!("this function is for text, and its value is of type {}", of.ty.name());
            return Err(Refused::new(of.at, what, "cast it: `column::text`"));
        }
        let (by, ty) = match function {
            Function::Lower => (Map::Lower, Ty::Text),
            Function::Upper => (Map::Upper, Ty::Text),
            Function::Length => (Map::Characters, Ty::Integer),
            Function::OctetLength => (Map::Bytes, Ty::Integer),
            Function::TrimLeft => (Map::Trim { left: true, right: false }, Ty::Text),
            Function::TrimRight => (Map::Trim { left: false, right: true }, Ty::Text),
            Function::Trim | Function::Coalesce | Function::Round | Function::Absolute => {
                (Map::Trim { left: true, right: true }, Ty::Text)
            }
        };
        let column = self.column_of(&of.term);
        let map = |term, by| Term::Map { of: Box::new(term), by, column };
        let term = if of.ty == Ty::Bpchar { map(of.term, Map::Unpad) } else { of.term };
        Ok(Typed { term: self.fold(map(term, by), &at)?, ty, at })
    }
}

fn interval(text: &str, unit: Option<&'static str>, at: &Range<usize>) -> Binding<Term> {
    let Some(unit) = unit else { return literal(text, &Ty::Interval, at) };
    let count = text.trim().parse().ok().and_then(|count| moment::Interval::of(count, unit));
    count.map(|interval| Term::Constant(Constant::Interval(interval))).ok_or_else(|| {
        Refused::new(
            at.clone(),
            "an interval with a unit behind it is one whole number",
            "write `interval '90 days'`",
        )
    })
}

/// Returns the first slot that a term reads.
pub(super) fn first_slot(term: &Term) -> Option<usize> {
    match term {
        Term::Cell { slot, .. } => Some(*slot),
        Term::Constant(_) => None,
        Term::Map { of, .. } => first_slot(of),
        Term::Calculate { left, right, .. } => first_slot(left).or_else(|| first_slot(right)),
        Term::Coalesce(terms) | Term::Most { of: terms, .. } => terms.iter().find_map(first_slot),
        Term::Count(tests) => tests.iter().find_map(first_slot_of_test),
        Term::Case { branches, otherwise } => {
            let branch = |(test, term): &(Test, Term)| first_slot_of_test(test).or_else(|| first_slot(term));
            branches.iter().find_map(branch).or_else(|| first_slot(otherwise))
        }
        Term::Test(test) => first_slot_of_test(test),
    }
}

fn first_slot_of_test(test: &Test) -> Option<usize> {
    match test {
        Test::Constant(_) => None,
        Test::Value(term) | Test::IsNull { of: term, .. } => first_slot(term),
        Test::All(tests) | Test::Any(tests) => tests.iter().find_map(first_slot_of_test),
        Test::Not(test) | Test::Is { of: test, .. } => first_slot_of_test(test),
        Test::Compare { left, right, .. } | Test::Distinct { left, right, .. } => {
            first_slot(left).or_else(|| first_slot(right))
        }
        Test::Each { of, list, .. } => first_slot(of).or_else(|| list.iter().find_map(first_slot)),
        Test::OneOf { of, .. } | Test::Like { of, .. } | Test::Matches { of, .. } => first_slot(of),
    }
}

/// Refuses a comparison.
pub(super) fn not_compared(left: &Ty, right: &Ty, at: Range<usize>) -> Refused {
    let hint = match (left, right) {
        (Ty::Json | Ty::Jsonb, _) | (_, Ty::Json | Ty::Jsonb) => {
            message!("take a member as text: `column ->> 'key' = 'value'`")
        }
        (Ty::Opaque, _) | (_, Ty::Opaque) => message!("ask only whether it IS NULL"),
        (Ty::Boolean, _) | (_, Ty::Boolean) => message!("write the boolean alone, or `= true`, `= false`"),
        (text, other) if text.is_text() => message!("cast the text: `column::{}`", other.name()),
        (other, text) if text.is_text() => message!("cast the text: `column::{}`", other.name()),
        _ => message!("write the value as one of the other's type"),
    };
    let what = if left == right {
        message!("values of type {} are not compared", left.name())
    } else {
        message!("{} and {} are not compared", left.name(), right.name())
    };
    Refused::new(at, what, hint)
}
