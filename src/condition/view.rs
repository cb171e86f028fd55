//! What a condition says, in few forms: for those who make values that hold it. Says less where a form does not reach
//! (`Says::Other`), never more; whoever relies on it still asks the condition itself.

use std::cmp::Ordering;

use super::bind::{Binder, find_column};
use super::eval::{Term, constant};
use super::forms;
use super::literal::literal;
use super::moment;
use super::parts::{Field, Part as Taken};
use super::regular;
use super::tree::{Function, Named, Node, Op, What};
use super::types::Ty;
use super::value::{Constant, compare};
use crate::row::civil;
use crate::row::shape::{ColumnFacts, ColumnType, TypeClass};

/// How far ahead a moment must be that is to be later than `now()` whenever that is asked: sixty years.
const AHEAD: i64 = 60 * 365 * 86_400;

/// What a condition says. Columns are indexes into those it was asked with; values are texts of their types. No `Debug`:
/// values may be data.
#[derive(Clone, PartialEq, Eq)]
pub enum Says {
    /// All of these.
    All(Vec<Says>),
    /// One of these at least.
    Any(Vec<Says>),
    /// A column, or a part of it, compared with a value.
    Compare {
        /// Which column.
        column: usize,
        /// What of it.
        part: Part,
        /// How.
        op: Op,
        /// With what.
        value: String,
    },
    /// The value of a column is one of a list, or none of it.
    OneOf {
        /// Which column.
        column: usize,
        /// The list.
        values: Vec<String>,
        /// Whether it is none of them.
        negated: bool,
    },
    /// The whole value of a column matches a regular expression.
    Matches {
        /// Which column.
        column: usize,
        /// The expression.
        pattern: String,
    },
    /// Two columns compared.
    Columns {
        /// The left one.
        left: usize,
        /// How.
        op: Op,
        /// The right one.
        right: usize,
    },
    /// A column is NULL, or is not.
    Null {
        /// Which column.
        column: usize,
        /// Whether it is not.
        negated: bool,
    },
    /// The text of a column is in lower case, or in upper.
    Case {
        /// Which column.
        column: usize,
        /// Whether lower.
        lower: bool,
    },
    /// A JSON document has something at a path of keys.
    Document {
        /// Which column.
        column: usize,
        /// The keys; none for the document itself.
        path: Vec<String>,
        /// What.
        has: Has,
    },
    /// Something else.
    Other,
}

/// What a JSON document has at some place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Has {
    /// Anything.
    Something,
    /// A value of a kind: `object`, `array`, `string`, `number`, `boolean`, `null`.
    Kind(String),
    /// One of some texts.
    Text(Vec<String>),
    /// An array of so many elements at least.
    Elements(u32),
}

/// What of a column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its value.
    Value,
    /// How many characters it has.
    Characters,
    /// How many elements, where it is an array.
    Elements,
}

/// Returns how two values of a type compare; `None` where one is none of the type, or it has no order.
#[must_use]
pub fn order(ty: &ColumnType, left: &str, right: &str) -> Option<Ordering> {
    let ty = Ty::of_column(ty);
    let read = |text: &str| match literal(text, &ty, &(0..0)) {
        Ok(Term::Constant(constant)) => Some(constant),
        _ => None,
    };
    let (left, right) = (read(left)?, read(right)?);
    compare(ty.kind()?, &left.get(), &right.get(), &[])
}

/// Says whether a whole text matches an expression of `Says::Matches`.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    regular::Regular::new(&format!("^(?:{pattern})$"), false)
        .is_some_and(|regular| regular.matches(text.as_bytes()))
}

/// Says what a tree says.
pub(super) fn says(tree: &Node, columns: &[ColumnFacts], now: i64) -> Says {
    View { columns, now }.says(tree, false)
}

struct View<'a> {
    columns: &'a [ColumnFacts],
    now: i64,
}

impl View<'_> {
    /// Says what a part says, or what the opposite of it says.
    fn says(&self, node: &Node, not: bool) -> Says {
        let each = |nodes: &[Node]| nodes.iter().map(|node| self.says(node, not)).collect();
        match &node.what {
            What::All(nodes) => {
                if not {
                    Says::Any(each(nodes))
                } else {
                    Says::All(each(nodes))
                }
            }
            What::Any(nodes) => {
                if not {
                    Says::All(each(nodes))
                } else {
                    Says::Any(each(nodes))
                }
            }
            What::Not(of) => self.says(of, !not),
            What::IsNull { of, negated } => match (self.column(of), self.document(of)) {
                (Some(column), _) => Says::Null { column, negated: *negated != not },
                (None, Some((column, path))) if *negated != not => {
                    Says::Document { column, path, has: Has::Something }
                }
                _ => Says::Other,
            },
            What::Is { of, truth: Some(truth), negated } => self.boolean(of, *truth, *negated != not),
            What::Column { .. } => self.boolean(node, true, not),
            What::Compare { op, left, right } => {
                self.compare(if not { opposite(*op) } else { *op }, left, right)
            }
            What::Between { of, low, high, negated } => {
                let ends =
                    |low_op, high_op| vec![self.compare(low_op, of, low), self.compare(high_op, of, high)];
                if *negated == not {
                    Says::All(ends(Op::GreaterOrEqual, Op::LessOrEqual))
                } else {
                    Says::Any(ends(Op::Less, Op::Greater))
                }
            }
            What::In { of, list, negated } => self.list(of, list, *negated != not),
            What::Each { of, op: Op::Equal, list, all: false } => self.list(of, &list.items, not),
            What::Each { of, op: Op::NotEqual, list, all: true } => self.list(of, &list.items, !not),
            What::Boolean(truth) if *truth == not => Says::Any(Vec::new()),
            What::Case { branches, otherwise } if !not => {
                let branch = |(test, result): &(Node, Node)| {
                    Says::All(vec![self.says(test, false), self.says(result, false)])
                };
                Says::Any(branches.iter().map(branch).chain([self.says(otherwise, false)]).collect())
            }
            What::Part { part: Taken::HasKey(key), of } if !not => {
                self.document(of).map_or(Says::Other, |(column, mut path)| {
                    path.push(key.clone());
                    Says::Document { column, path, has: Has::Something }
                })
            }
            // What holds it as it is written holds it in any case too.
            What::Like { of, pattern, escape, negated, .. } if *negated == not => {
                let pattern = text_of(pattern).and_then(|text| regular::of_like(&text, *escape));
                self.pattern(of, pattern)
            }
            What::Matches { of, pattern, negated, .. } if *negated == not => {
                self.pattern(of, regular::whole(pattern))
            }
            _ => Says::Other,
        }
    }

    fn pattern(&self, of: &Node, pattern: Option<String>) -> Says {
        match (self.column(of), pattern) {
            (Some(column), Some(pattern)) => Says::Matches { column, pattern },
            _ => Says::Other,
        }
    }

    fn boolean(&self, of: &Node, truth: bool, not: bool) -> Says {
        let is = |column: usize| self.columns.get(column).is_some_and(|c| c.ty.class == TypeClass::Boolean);
        match self.column(of).filter(|column| is(*column)) {
            Some(column) => {
                let value = if truth == not { "f" } else { "t" };
                Says::OneOf { column, values: vec![value.to_owned()], negated: false }
            }
            None => Says::Other,
        }
    }

    fn list(&self, of: &Node, items: &[Node], negated: bool) -> Says {
        let values: Option<Vec<String>> = items.iter().map(text_of).collect();
        if let (Some(values), Some((column, path)), false) = (&values, self.text_within(of), negated) {
            return Says::Document { column, path, has: Has::Text(values.clone()) };
        }
        match (self.column(of), values) {
            (Some(column), Some(values)) => {
                let values = values.into_iter().map(|value| self.value(column, value)).collect();
                Says::OneOf { column, values, negated }
            }
            _ => Says::Other,
        }
    }

    fn compare(&self, op: Op, left: &Node, right: &Node) -> Says {
        if let (Some(left), Some(right)) = (self.column(left), self.column(right)) {
            return Says::Columns { left, op, right };
        }
        if let Some((column, lower)) = self.cased(left, right).or_else(|| self.cased(right, left)) {
            return if op == Op::Equal { Says::Case { column, lower } } else { Says::Other };
        }
        if let Some(says) = self.taken(op, left, right).or_else(|| self.taken(turned(op), right, left)) {
            return says;
        }
        if let Some((column, part)) = self.part(left) {
            return self.bound(column, part, op, right);
        }
        match self.part(right) {
            Some((column, part)) => self.bound(column, part, turned(op), left),
            None => Says::Other,
        }
    }

    fn bound(&self, column: usize, part: Part, op: Op, by: &Node) -> Says {
        match text_of(by).or_else(|| self.moment(by, op)) {
            Some(value) => Says::Compare { column, part, op, value: self.value(column, value) },
            None => Says::Other,
        }
    }

    /// Returns a value as the column writes it.
    fn value(&self, column: usize, value: String) -> String {
        let class = self.columns.get(column).map(|column| &column.ty.class);
        match (class, value.as_str()) {
            (Some(TypeClass::Boolean), "true") => "t".to_owned(),
            (Some(TypeClass::Boolean), "false") => "f".to_owned(),
            (Some(TypeClass::Date), text) => text.strip_suffix(" 00:00:00").unwrap_or(text).to_owned(),
            _ => value,
        }
    }

    /// Returns the column that a part is, also where it is cast to what it is already.
    fn column(&self, node: &Node) -> Option<usize> {
        match &node.what {
            What::Column { name, quoted } => find_column(name, *quoted, node.at.clone(), self.columns).ok(),
            What::Cast { of, to } => {
                let column = self.column(of)?;
                let class = &self.columns.get(column)?.ty.class;
                let same = match to {
                    Named::Text | Named::Varchar => class.is_text() || matches!(class, TypeClass::Enum(_)),
                    Named::Bpchar => class.is_text(),
                    Named::BigInt | Named::Integer => class.is_integer(),
                    Named::Numeric => class.is_integer() || matches!(class, TypeClass::Numeric { .. }),
                    Named::Real | Named::Double => {
                        class.is_integer()
                            || matches!(class, TypeClass::Numeric { .. } | TypeClass::Float { .. })
                    }
                    Named::Timestamp => {
                        matches!(class, TypeClass::Date | TypeClass::Timestamp { zone: false })
                    }
                    Named::TimestampTz => matches!(class, TypeClass::Timestamp { zone: true }),
                    _ => false,
                };
                same.then_some(column)
            }
            _ => None,
        }
    }

    /// Returns the column, and what of it a part is.
    fn part(&self, node: &Node) -> Option<(usize, Part)> {
        match &node.what {
            What::Call { function: Function::Length, arguments } => {
                let of = arguments.first()?;
                self.column(bare(of)).map(|column| (column, Part::Characters))
            }
            What::Part { part: Taken::Elements { .. }, of } => {
                self.column(of).map(|column| (column, Part::Elements))
            }
            // A value without blanks around it is what it is when trimmed.
            _ => self.column(bare(node)).map(|column| (column, Part::Value)),
        }
    }

    /// Reads `lower(x) = x`.
    fn cased(&self, call: &Node, of: &Node) -> Option<(usize, bool)> {
        let What::Call { function: function @ (Function::Lower | Function::Upper), arguments } = &call.what
        else {
            return None;
        };
        let column = self.column(of)?;
        (self.column(arguments.first()?)? == column).then_some((column, *function == Function::Lower))
    }

    /// Says what a part that is taken of a value says of the value; `None` where it is none, or that is not said.
    fn taken(&self, op: Op, taken: &Node, by: &Node) -> Option<Says> {
        if op == Op::Equal
            && let Some((column, path)) = self.text_within(taken)
        {
            return Some(Says::Document { column, path, has: Has::Text(vec![text_of(by)?]) });
        }
        let What::Part { part, of } = &taken.what else { return None };
        let number = || text_of(by).and_then(|text| text.parse::<i64>().ok());
        let matches = |pattern: String| self.column(bare(of)).map(|column| Says::Matches { column, pattern });
        match part {
            Taken::Field { field: Field::Year, .. } => self.year(op, of, number()?),
            Taken::Slice { from: 0, chars: Some(chars) } if op == Op::Equal => {
                let start = text_of(by).filter(|start| start.chars().count() == *chars)?;
                matches(regular::of_like(&forms::like(&start), Some('\\'))?)
            }
            Taken::PlaceOf(wanted) => {
                let least = match op {
                    Op::Greater => number()? + 1,
                    Op::GreaterOrEqual => number()?,
                    Op::NotEqual if number()? == 0 => 1,
                    _ => return None,
                };
                let mut chars = wanted.chars();
                let (only, None) = (chars.next()?, chars.next()) else { return None };
                let before = usize::try_from(least - 1).ok().filter(|before| *before < 100)?;
                let only = regex_syntax::escape(only.encode_utf8(&mut [0; 4]));
                matches(format!("[^{only}]{{{before},}}{only}.*"))
            }
            Taken::JsonKind if op == Op::Equal => {
                let (column, path) = self.document(of)?;
                Some(Says::Document { column, path, has: Has::Kind(text_of(by)?) })
            }
            Taken::JsonLength if matches!(op, Op::Greater | Op::GreaterOrEqual | Op::Equal) => {
                let (column, path) = self.document(of)?;
                let least = number()? + i64::from(op == Op::Greater);
                let least = u32::try_from(least).ok().filter(|least| *least < 100)?;
                Some(Says::Document { column, path, has: Has::Elements(least) })
            }
            _ => None,
        }
    }

    /// Says which dates lie in years.
    fn year(&self, op: Op, of: &Node, year: i64) -> Option<Says> {
        let column = self.column(of).filter(|_| (1..9999).contains(&year))?;
        let compare = |op: Op, year: i64| Says::Compare {
            column,
            part: Part::Value,
            op,
            value: format!("{year:04}-01-01"),
        };
        Some(match op {
            Op::Less => compare(Op::Less, year),
            Op::LessOrEqual => compare(Op::Less, year + 1),
            Op::Greater => compare(Op::GreaterOrEqual, year + 1),
            Op::GreaterOrEqual => compare(Op::GreaterOrEqual, year),
            Op::Equal => Says::All(vec![compare(Op::GreaterOrEqual, year), compare(Op::Less, year + 1)]),
            Op::NotEqual => return None,
        })
    }

    /// Returns the column of a JSON document, and the path of keys that leads to a part of it.
    fn document(&self, node: &Node) -> Option<(usize, Vec<String>)> {
        match &node.what {
            What::Get { of, key, .. } => {
                let (column, mut path) = self.document(of)?;
                let What::Text(key) = &literal_of(key).what else { return None };
                path.push(key.clone());
                Some((column, path))
            }
            What::Column { .. } => {
                let column = self.column(node)?;
                (self.columns.get(column)?.ty.class == TypeClass::Json).then_some((column, Vec::new()))
            }
            _ => None,
        }
    }

    /// Returns it of `document ->> 'key'`.
    fn text_within(&self, node: &Node) -> Option<(usize, Vec<String>)> {
        match &literal_of(node).what {
            What::Get { text: true, .. } => self.document(literal_of(node)),
            _ => None,
        }
    }

    /// Returns the text of what is no literal and yet reads no column.
    fn moment(&self, node: &Node, op: Op) -> Option<String> {
        let ahead = if matches!(op, Op::Greater | Op::GreaterOrEqual) { AHEAD } else { 0 };
        let now = moment::of_unix(self.now.checked_add(ahead)?)?;
        let term = Binder::without_columns(now).typed(node).ok()?.term;
        Some(match constant(&term).ok()? {
            Constant::Integer(number) => number.to_string(),
            Constant::Day(day) if !moment::is_end(day) => day_text(day),
            Constant::Moment(at) if !moment::is_end(at) => {
                let seconds = at.rem_euclid(moment::DAY) / 1_000_000;
                let clock = (seconds / 3600, seconds / 60 % 60, seconds % 60);
                format!(
                    "{} {:02}:{:02}:{:02}",
                    day_text(at.div_euclid(moment::DAY)),
                    clock.0,
                    clock.1,
                    clock.2
                )
            }
            _ => return None,
        })
    }
}

fn day_text(day: i64) -> String {
    let (year, month, day) = civil::from_days(day + moment::EPOCH_DAYS);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Takes away what trims a value.
fn bare(node: &Node) -> &Node {
    match &node.what {
        What::Call { function: Function::Trim | Function::TrimLeft | Function::TrimRight, arguments } => {
            arguments.first().map_or(node, bare)
        }
        _ => node,
    }
}

/// Takes casts away.
fn literal_of(node: &Node) -> &Node {
    if let What::Cast { of, .. } = &node.what { literal_of(of) } else { node }
}

/// Returns the text of a literal, whatever it is cast to.
fn text_of(node: &Node) -> Option<String> {
    match &node.what {
        What::Text(text) | What::Number(text) => Some(text.clone()),
        What::Boolean(value) => Some(if *value { "true" } else { "false" }.to_owned()),
        What::Cast { of, .. } => text_of(of),
        What::Negative(of) => {
            let text = text_of(of)?;
            Some(text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_owned))
        }
        _ => None,
    }
}

fn opposite(op: Op) -> Op {
    match op {
        Op::Equal => Op::NotEqual,
        Op::NotEqual => Op::Equal,
        Op::Less => Op::GreaterOrEqual,
        Op::LessOrEqual => Op::Greater,
        Op::Greater => Op::LessOrEqual,
        Op::GreaterOrEqual => Op::Less,
    }
}

/// Returns the comparison with its sides exchanged.
fn turned(op: Op) -> Op {
    match op {
        Op::Less => Op::Greater,
        Op::LessOrEqual => Op::GreaterOrEqual,
        Op::Greater => Op::Less,
        Op::GreaterOrEqual => Op::LessOrEqual,
        Op::Equal | Op::NotEqual => op,
    }
}
