//! What is left of a column's values, and how more is taken from it. Bounds of whole numbers belong to the values always,
//! since `> 0` is `>= 1` there. Says less where values have no order that is known.

use std::cmp::Ordering;

use crate::condition::{Has, Op, Part, Says, order};
use crate::row::shape::{ColumnFacts, TypeClass};

/// What is left of a column's values. Bounds are texts of the column's type.
#[derive(Clone, Default, PartialEq)]
pub struct Domain {
    /// The least value, and whether it belongs to them.
    pub least: Option<(String, bool)>,
    /// The most, and whether it belongs to them.
    pub most: Option<(String, bool)>,
    /// The only values.
    pub one_of: Option<Vec<String>>,
    /// Values that it is not.
    pub none_of: Vec<String>,
    /// Least number of characters.
    pub min_chars: Option<u32>,
    /// Most number of characters.
    pub max_chars: Option<u32>,
    /// A regular expression that the whole value matches.
    pub pattern: Option<String>,
    /// Whether text must be in lower case, or in upper.
    pub case: Option<bool>,
    /// How many elements an array has, least and most.
    pub elements: (Option<u32>, Option<u32>),
    /// What a JSON document has, by paths of keys.
    pub document: Vec<(Vec<String>, Has)>,
    /// Columns (of those that are written) that it is not below; and whether it must be above.
    pub above: Vec<(usize, bool)>,
    /// Where several are left that do not join into one: each of them. Then the bounds above are those around all.
    pub among: Vec<Domain>,
}

impl std::fmt::Debug for Domain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<domain>")
    }
}

/// Most domains side by side.
pub(super) const MOST: usize = 4096;

impl Domain {
    /// Takes away what a simple statement about the column does not leave; `false` where that cannot be said.
    pub(super) fn meet(&mut self, column: &ColumnFacts, says: &Says) -> bool {
        match says {
            Says::Compare { part: Part::Characters, op, value, .. } => self.characters(*op, value),
            Says::Compare { part: Part::Elements, op, value, .. } => self.count(*op, value),
            Says::Document { path, has, .. } => {
                self.document.push((path.clone(), has.clone()));
                true
            }
            Says::Compare { part: Part::Value, op, value, .. } => self.compare(column, *op, value),
            Says::OneOf { values, negated: true, .. } => {
                self.none_of.extend(values.iter().cloned());
                true
            }
            Says::OneOf { values, negated: false, .. } => {
                self.only(column, values);
                true
            }
            Says::Matches { pattern, .. } => {
                if self.pattern.is_none() {
                    self.pattern = Some(pattern.clone());
                }
                true
            }
            Says::Case { lower, .. } => {
                self.case = Some(*lower);
                true
            }
            _ => false,
        }
    }

    /// Leaves the values of a list alone.
    fn only(&mut self, column: &ColumnFacts, values: &[String]) {
        let left = match &self.one_of {
            None => values.to_vec(),
            Some(known) => {
                let same =
                    |a: &String, b: &String| a == b || order(&column.ty, a, b) == Some(Ordering::Equal);
                known.iter().filter(|k| values.iter().any(|v| same(k, v))).cloned().collect()
            }
        };
        self.one_of = Some(left);
    }

    fn compare(&mut self, column: &ColumnFacts, op: Op, value: &str) -> bool {
        let whole = column.ty.class.is_integer();
        let Ok(number) = value.parse::<i64>().map(Some).or_else(|e| if whole { Err(e) } else { Ok(None) })
        else {
            return false;
        };
        if order(&column.ty, value, value).is_none() {
            return false;
        }
        let next =
            |by: i64| number.filter(|_| whole).and_then(|n| n.checked_add(by)).map(|n| (n.to_string(), true));
        let plain = |own| (value.to_owned(), own);
        match op {
            Op::Equal => self.only(column, &[value.to_owned()]),
            Op::NotEqual => {
                if value.is_empty() {
                    self.min_chars = self.min_chars.max(Some(1));
                }
                self.none_of.push(value.to_owned());
            }
            Op::Greater => self.at_least(column, next(1).unwrap_or_else(|| plain(false))),
            Op::GreaterOrEqual => self.at_least(column, plain(true)),
            Op::Less => self.at_most(column, next(-1).unwrap_or_else(|| plain(false))),
            Op::LessOrEqual => self.at_most(column, plain(true)),
        }
        true
    }

    pub(super) fn at_least(&mut self, column: &ColumnFacts, bound: (String, bool)) {
        let tighter = self.least.as_ref().is_none_or(|known| match order(&column.ty, &bound.0, &known.0) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => known.1 && !bound.1,
            _ => false,
        });
        if tighter {
            self.least = Some(bound);
        }
    }

    pub(super) fn at_most(&mut self, column: &ColumnFacts, bound: (String, bool)) {
        let tighter = self.most.as_ref().is_none_or(|known| match order(&column.ty, &bound.0, &known.0) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) => known.1 && !bound.1,
            _ => false,
        });
        if tighter {
            self.most = Some(bound);
        }
    }

    fn characters(&mut self, op: Op, value: &str) -> bool {
        let Ok(count) = value.parse::<i64>() else { return false };
        let chars = |count: i64| u32::try_from(count.max(0)).unwrap_or(u32::MAX);
        let mut least = |count: i64| self.min_chars = self.min_chars.max(Some(chars(count)));
        match op {
            Op::Greater => least(count.saturating_add(1)),
            Op::GreaterOrEqual => least(count),
            Op::Equal => {
                least(count);
                self.short(count);
            }
            Op::Less => self.short(count.saturating_sub(1)),
            Op::LessOrEqual => self.short(count),
            Op::NotEqual if count == 0 => least(1),
            Op::NotEqual => return false,
        }
        true
    }

    /// Takes numbers of elements away.
    fn count(&mut self, op: Op, value: &str) -> bool {
        let Ok(count) = value.parse::<u32>() else { return false };
        let (least, most) = match op {
            Op::Greater => (Some(count.saturating_add(1)), None),
            Op::GreaterOrEqual => (Some(count), None),
            Op::Equal => (Some(count), Some(count)),
            Op::Less => (None, count.checked_sub(1)),
            Op::LessOrEqual => (None, Some(count)),
            Op::NotEqual => (Some(1).filter(|_| count == 0), None),
        };
        self.elements.0 = self.elements.0.max(least);
        self.elements.1 = self.elements.1.into_iter().chain(most).min();
        least.is_some() || most.is_some()
    }

    fn short(&mut self, count: i64) {
        if count < 0 {
            self.one_of = Some(Vec::new());
        }
        let count = u32::try_from(count.max(0)).unwrap_or(u32::MAX);
        self.max_chars = Some(self.max_chars.map_or(count, |known| known.min(count)));
    }

    /// Takes from its lists what its bounds do not leave; `false` where nothing is left.
    pub(super) fn settle(&mut self, column: &ColumnFacts) -> bool {
        if let (Some(low), Some(high)) = (&self.least, &self.most) {
            match order(&column.ty, &low.0, &high.0) {
                Some(Ordering::Greater) => return false,
                Some(Ordering::Equal) if !(low.1 && high.1) => return false,
                _ => {}
            }
        }
        if let (Some(low), Some(high)) = (self.min_chars, self.max_chars.or(column.ty.class.max_chars()))
            && low > high
        {
            return false;
        }
        let bounded = self.least.is_some() || self.most.is_some() || !self.none_of.is_empty();
        if self.one_of.is_none() && bounded {
            match &column.ty.class {
                TypeClass::Enum(labels) => self.one_of = Some(labels.to_vec()),
                TypeClass::Boolean => self.one_of = Some(vec!["t".to_owned(), "f".to_owned()]),
                _ => {}
            }
        }
        let Some(values) = self.one_of.take() else { return true };
        let left: Vec<String> = values.into_iter().filter(|value| self.holds(column, value)).collect();
        let any = !left.is_empty();
        self.one_of = Some(left);
        any
    }

    pub(super) fn holds(&self, column: &ColumnFacts, value: &str) -> bool {
        let chars = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
        let long = self.min_chars.is_none_or(|least| chars >= least);
        let short = self.max_chars.is_none_or(|most| chars <= most);
        let least = self.least.as_ref().is_none_or(|(bound, own)| match order(&column.ty, value, bound) {
            Some(Ordering::Less) => false,
            Some(Ordering::Equal) => *own,
            _ => true,
        });
        let most = self.most.as_ref().is_none_or(|(bound, own)| match order(&column.ty, value, bound) {
            Some(Ordering::Greater) => false,
            Some(Ordering::Equal) => *own,
            _ => true,
        });
        let label = match &column.ty.class {
            TypeClass::Enum(labels) => labels.iter().any(|label| label == value),
            _ => true,
        };
        let other = |no: &String| no != value && order(&column.ty, no, value) != Some(Ordering::Equal);
        long && short && least && most && label && self.none_of.iter().all(other)
    }

    /// Says whether nothing but its bounds is different from another's.
    fn is_like(&self, other: &Self) -> bool {
        let bare = |of: &Self| Self { least: None, most: None, ..of.clone() };
        bare(self) == bare(other)
    }
}

/// Joins what stands side by side; empty where nothing is left. A list of one is it.
pub(super) fn join(column: &ColumnFacts, mut all: Vec<Domain>) -> Vec<Domain> {
    all.retain_mut(|domain| domain.settle(column));
    if all.len() > 1 && all.iter().all(|domain| domain.one_of.is_some()) {
        let mut values: Vec<String> = Vec::new();
        for value in all.iter().flat_map(|domain| domain.one_of.iter().flatten()) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        let least = Domain { one_of: Some(values), ..Domain::default() };
        return vec![least];
    }
    // A range that begins where another ends, or before, goes on with it.
    all.sort_by(|a, b| match (&a.least, &b.least) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => order(&column.ty, &a.0, &b.0).unwrap_or(Ordering::Equal),
    });
    let mut joined: Vec<Domain> = Vec::new();
    for next in all {
        match joined.last_mut() {
            Some(last) if last.is_like(&next) && touch(column, last, &next) => {
                let further = match (&last.most, &next.most) {
                    (None, _) => false,
                    (_, None) => true,
                    (Some(known), Some(new)) => order(&column.ty, &new.0, &known.0) != Some(Ordering::Less),
                };
                if further {
                    last.most = next.most;
                }
            }
            _ => joined.push(next),
        }
    }
    joined
}

/// Says whether one range reaches the beginning of the next.
fn touch(column: &ColumnFacts, last: &Domain, next: &Domain) -> bool {
    let (Some((end, own)), Some((start, also))) = (&last.most, &next.least) else { return true };
    if let (true, Ok(end), Ok(start)) =
        (column.ty.class.is_integer(), end.parse::<i64>(), start.parse::<i64>())
    {
        return start <= end.saturating_add(1);
    }
    match order(&column.ty, end, start) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => *own || *also,
        _ => false,
    }
}

/// Makes one domain of what stands side by side.
pub(super) fn one(column: &ColumnFacts, mut all: Vec<Domain>) -> Domain {
    if all.len() <= 1 {
        return all.pop().unwrap_or_default();
    }
    let mut around = Domain::default();
    let edges = |of: fn(&Domain) -> Option<&(String, bool)>, wanted: Ordering| {
        let mut best: Option<&(String, bool)> = None;
        for domain in &all {
            let edge = of(domain)?;
            if best.is_none_or(|known| order(&column.ty, &edge.0, &known.0) == Some(wanted)) {
                best = Some(edge);
            }
        }
        best.cloned()
    };
    around.least = edges(|domain| domain.least.as_ref(), Ordering::Less);
    around.most = edges(|domain| domain.most.as_ref(), Ordering::Greater);
    around.among = all;
    around
}
