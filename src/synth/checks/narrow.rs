//! From CHECKs to domains and tests: column by column, what each CHECK leaves of what those before it left. Alternatives (OR)
//! stand side by side; what is said of other columns counts as free. Narrowing may say less than the CHECK: the test asks.

use super::domain::{Domain, MOST, join, one};
use super::{Narrowed, Rows, Test, partial, partitions};
use crate::condition::{Condition, Formula, Op, Says};
use crate::error::{Error, Message, Name, Result};
use crate::message;
use crate::row::shape::{Check, ColumnFacts, Expression};
use crate::synth::schema::Planned;

/// A condition that rows are held to.
struct Held {
    name: Message,
    says: Says,
}

/// Reads the CHECKs of a table, its partitions and partial indexes. `now` is the earliest moment that `now()` may mean.
///
/// # Errors
/// A CHECK leaves a column nothing that must have a value.
pub fn narrow(table: &Planned, now: i64) -> Result<Narrowed> {
    let mut narrowed = Narrowed::none(0);
    let mut held: Vec<Held> = Vec::new();
    for check in &table.facts.checks {
        read(table, check, now, &mut held, &mut narrowed);
    }
    match partitions::expression(table) {
        Ok(None) => {}
        Ok(Some(parts)) => {
            let name = message!("the partitions of {}", table.facts.name);
            for (sql, asked) in parts {
                let expression = Expression { sql, exact: true };
                if !hold(table, &name, &expression, now, asked, &mut held, &mut narrowed) {
                    narrowed.unread.push(name.clone());
                }
            }
        }
        Err(what) => narrowed.unread.push(what),
    }
    partial::tests(table, now, &mut narrowed);
    narrowed.unread.extend(table.unread.iter().cloned());
    for (at, column) in table.columns.iter().enumerate() {
        let mut left = vec![Domain::default()];
        for condition in &held {
            if let Some(some) = after(&condition.says, at, column, &left) {
                left = join(column, some);
            }
            if left.is_empty() {
                if column.not_null {
                    return Err(impossible(table, column, &condition.name));
                }
                narrowed.empty.push(at);
                break;
            }
        }
        narrowed.domains.push(one(column, left));
    }
    for condition in &held {
        above(&condition.says, &mut narrowed.domains);
    }
    pass_on(&table.columns, &mut narrowed.domains);
    Ok(narrowed)
}

/// Lets what stands below another end where that ends, and what stands above begin where that begins.
fn pass_on(columns: &[ColumnFacts], domains: &mut [Domain]) {
    let pairs: Vec<(usize, usize)> = domains
        .iter()
        .enumerate()
        .flat_map(|(at, domain)| domain.above.iter().map(move |(other, _)| (at, *other)))
        .collect();
    for (above, below) in pairs {
        let (Some(high), Some(low)) = (columns.get(above), columns.get(below)) else { continue };
        if high.ty.class != low.ty.class {
            continue;
        }
        let least = domains.get(below).and_then(|domain| domain.least.clone());
        let most = domains.get(above).and_then(|domain| domain.most.clone());
        // One that has values side by side, or a list, is left to the test.
        let plain = |domain: &&mut Domain| domain.among.is_empty() && domain.one_of.is_none();
        if let (Some(least), Some(domain)) = (least, domains.get_mut(above).filter(plain)) {
            domain.at_least(high, least);
        }
        if let (Some(most), Some(domain)) = (most, domains.get_mut(below).filter(plain)) {
            domain.at_most(low, most);
        }
    }
}

/// Returns the columns that CHECKs say are not NULL.
#[must_use]
pub fn required(checks: &[Check], columns: &[ColumnFacts]) -> Vec<usize> {
    fn of(says: &Says, found: &mut Vec<usize>) {
        match says {
            Says::All(all) => all.iter().for_each(|one| of(one, found)),
            Says::Null { column, negated: true } => found.push(*column),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for expression in checks.iter().filter_map(|check| check.expression.as_ref()) {
        if let Ok(condition) = Condition::parse_check(&expression.sql) {
            of(&condition.says(columns, 0), &mut found);
        }
    }
    found
}

/// Returns how a CHECK is called.
fn called(table: &Planned, check: &Check) -> Message {
    match check.name.as_str() {
        "" => {
            let columns = check.columns.as_deref().unwrap_or_default().join(", ");
            message!("a CHECK on `{}` of {}", Name::new(columns.as_str()), table.facts.name)
        }
        name => message!("the CHECK `{}` of {}", Name::new(name), table.facts.name),
    }
}

fn read(table: &Planned, check: &Check, now: i64, held: &mut Vec<Held>, narrowed: &mut Narrowed) {
    let excluded = || table.facts.exclusions.iter().any(|exclusion| exclusion.name == check.name);
    let name = called(table, check);
    let read = match &check.expression {
        None if excluded() => return,
        None => false,
        Some(expression) => hold(table, &name, expression, now, true, held, narrowed),
    };
    // Rows that are there before it need not hold one that is not valid: a dump adds it behind them.
    if !read && check.valid {
        narrowed.unread.push(name);
    }
}

/// Adds a condition; `false` where it cannot be read.
fn hold(
    table: &Planned,
    name: &Message,
    expression: &Expression,
    now: i64,
    asked: bool,
    held: &mut Vec<Held>,
    narrowed: &mut Narrowed,
) -> bool {
    let Ok(condition) = Condition::parse_check(&expression.sql) else { return false };
    let Ok(bound) = condition.bind(&table.columns, now) else { return false };
    // Another database may mean less by it than PostgreSQL does.
    if !expression.exact && !bound.holds_elsewhere() {
        return false;
    }
    for formula in condition.formulas(&table.columns, now) {
        let known = |other: &Formula| other.column() == formula.column();
        let round = leads_to(&narrowed.formulas, formula.columns(), formula.column());
        if asked && !round && !narrowed.formulas.iter().any(known) {
            narrowed.formulas.push(formula);
        }
    }
    held.push(Held { name: name.clone(), says: condition.says(&table.columns, now) });
    if asked {
        let redraw = bound.columns().to_vec();
        narrowed.tests.push(Test { name: name.clone(), condition: bound, redraw, of: Rows::All });
    }
    true
}

/// Says whether columns are computed of another one, by way of others.
fn leads_to(formulas: &[Formula], from: &[usize], to: usize) -> bool {
    // Those that are there lead to no ring.
    from.contains(&to)
        || formulas
            .iter()
            .any(|formula| from.contains(&formula.column()) && leads_to(formulas, formula.columns(), to))
}

/// Says what a statement leaves of a column; `None` where it says nothing of it.
fn after(says: &Says, at: usize, column: &ColumnFacts, left: &[Domain]) -> Option<Vec<Domain>> {
    match says {
        Says::All(all) => {
            let mut now: Option<Vec<Domain>> = None;
            for one in all {
                if let Some(some) = after(one, at, column, now.as_deref().unwrap_or(left)) {
                    now = Some(some);
                }
            }
            now
        }
        Says::Any(any) => {
            let mut all = Vec::new();
            for one in any {
                all.extend(after(one, at, column, left)?);
            }
            let all = join(column, all);
            (all.len() <= MOST).then_some(all)
        }
        Says::Null { column, negated: false } if *column == at => Some(Vec::new()),
        Says::Null { column, negated: true } if *column == at => Some(left.to_vec()),
        Says::Compare { column: of, .. }
        | Says::OneOf { column: of, .. }
        | Says::Matches { column: of, .. }
        | Says::Case { column: of, .. }
        | Says::Document { column: of, .. }
            if *of == at =>
        {
            let mut some = Vec::with_capacity(left.len());
            for domain in left {
                let mut domain = domain.clone();
                if !domain.meet(column, says) {
                    return None;
                }
                some.push(domain);
            }
            Some(some)
        }
        _ => None,
    }
}

/// Notes which columns stand above others.
fn above(says: &Says, domains: &mut [Domain]) {
    let mut note = |at: usize, other: usize, strictly: bool| {
        if let Some(domain) = domains.get_mut(at) {
            domain.above.push((other, strictly));
        }
    };
    match says {
        Says::All(all) => all.iter().for_each(|one| above(one, domains)),
        // An end that may be missing is above where it is not.
        Says::Any(any) => {
            let rest: Vec<&Says> =
                any.iter().filter(|one| !matches!(one, Says::Null { negated: false, .. })).collect();
            if let [one] = rest.as_slice() {
                above(one, domains);
            }
        }
        Says::Columns { left, op, right } => match op {
            Op::Greater | Op::GreaterOrEqual => note(*left, *right, *op == Op::Greater),
            Op::Less | Op::LessOrEqual => note(*right, *left, *op == Op::Less),
            Op::Equal | Op::NotEqual => {}
        },
        _ => {}
    }
}

fn impossible(table: &Planned, column: &ColumnFacts, name: &Message) -> Error {
    Error::input(message!(
        "{} leaves `{}` no value, and it must have one: its bounds, lists and lengths exclude each other",
        name,
        Name::new(column.name.as_str())
    ))
    .at(|at| at.line = Some(table.facts.line).filter(|line| *line > 0))
    .hint(message!("mend the schema, or make no rows: `--count {}=0`", table.facts.name))
}
