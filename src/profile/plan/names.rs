//! Which names mean the same: tables and columns match as the catalogue spells them; failing that, ignoring case if
//! exactly one object matches; two matches are an error (DESIGN 4). Never guesses: a near name is only ever a hint.

use crate::error::{Message, Name};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, Table};
use crate::row::shape::{Facts, TableName};

use super::Plan;
use super::view::{Detail, error};

/// What a name stands for among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing has it.
    None,
    /// One thing; its position.
    One(usize),
    /// More than one, and nothing says which.
    Several,
}

/// Finds a name: exactly, failing that ignoring case.
pub(super) fn find<'a>(name: &str, among: impl Iterator<Item = &'a str> + Clone) -> Found {
    match single(among.clone().enumerate().filter(|(_, n)| *n == name)) {
        Found::None => {
            let lower = name.to_lowercase();
            single(among.enumerate().filter(|(_, n)| n.to_lowercase() == lower))
        }
        found => found,
    }
}

fn single<'a>(mut hits: impl Iterator<Item = (usize, &'a str)>) -> Found {
    match (hits.next(), hits.next()) {
        (None, _) => Found::None,
        (Some((index, _)), None) => Found::One(index),
        _ => Found::Several,
    }
}

/// How well an entry's name matches a table's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    No,
    IgnoringCase,
    Exact,
}

/// Compares an entry with a table. No schema means the default one on either side. An entry that names a database matches
/// only tables of an input that says which database they are of.
fn compare(entry: &Table, table: &TableName) -> Match {
    let schema = entry.schema.as_deref().filter(|s| *s != "public");
    let database = entry.database.as_deref();
    let within = |same: fn(&str, &str) -> bool| match (database, table.database.as_deref()) {
        (None, _) => true,
        (Some(wanted), Some(found)) => same(wanted, found),
        (Some(_), None) => false,
    };
    if entry.table == table.table && schema == table.own_schema() && within(|a, b| a == b) {
        return Match::Exact;
    }
    let lower = |s: Option<&str>| s.unwrap_or("public").to_lowercase();
    if entry.table.to_lowercase() == table.table.to_lowercase()
        && lower(schema) == lower(table.own_schema())
        && within(|a, b| a.to_lowercase() == b.to_lowercase())
    {
        return Match::IgnoringCase;
    }
    Match::No
}

/// Finds the entries of the profile for a table: of every text the one that names it, and all whose pattern stands for
/// it. `bound` is the table being bound, which the facts may lack.
///
/// # Errors
/// Two entries of one text for the table, or an entry that could mean two tables.
pub(super) fn entries(
    plan: &Plan,
    table: &TableName,
    bound: &TableName,
    facts: &Facts,
) -> Result<Vec<usize>, Box<Problem>> {
    let candidates = plan.index.exact(&table.table);
    let file = |entry: &usize| plan.profile.tables.get(*entry).map_or(0, |table| table.place.file);
    let mut found: Vec<usize> = Vec::new();
    for (position, candidate) in candidates.iter().enumerate() {
        let of = file(candidate);
        if !candidates.iter().take(position).any(|earlier| file(earlier) == of) {
            let own: Vec<usize> = candidates.iter().copied().filter(|entry| file(entry) == of).collect();
            found.extend(exact_entry(plan, &own, table, bound, facts)?);
        }
    }
    found.extend(plan.index.patterns(table.own_schema(), &table.table));
    Ok(found)
}

/// Finds the entry of one text whose name is that of a table.
fn exact_entry(
    plan: &Plan,
    candidates: &[usize],
    table: &TableName,
    bound: &TableName,
    facts: &Facts,
) -> Result<Option<usize>, Box<Problem>> {
    let matching = |wanted: Match| {
        candidates
            .iter()
            .copied()
            .filter(|i| plan.profile.tables.get(*i).is_some_and(|e| compare(e, table) == wanted))
            .collect::<Vec<_>>()
    };
    let mut hits = matching(Match::Exact);
    if hits.is_empty() {
        for index in matching(Match::IgnoringCase) {
            let Some(entry) = plan.profile.tables.get(index) else { continue };
            match objects(entry, bound, facts) {
                (true, _) => {}
                (false, 0 | 1) => hits.push(index),
                (false, several) => {
                    return Err(Box::new(
                        error(
                            table,
                            message!("`{}` matches {} tables when case is ignored", shown(entry), several),
                        )
                        .of(Finding::AmbiguousName)
                        .place(entry.place)
                        .hint("spell the table as the schema does"),
                    ));
                }
            }
        }
    }
    // An entry that names the database is nearer than one that does not.
    let named = |i: &usize| plan.profile.tables.get(*i).is_some_and(|entry| entry.database.is_some());
    if hits.len() > 1 && hits.iter().any(named) {
        hits.retain(named);
    }
    match hits.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        [first, second, ..] => {
            let (first, second) = (plan.profile.tables.get(*first), plan.profile.tables.get(*second));
            let problem = error(table, "two entries of the profile match this table")
                .of(Finding::TwoRules)
                .hint("keep one of them, or spell each as the schema does");
            Err(Box::new(match second.or(first) {
                Some(entry) => problem.place(entry.place),
                None => problem,
            }))
        }
    }
}

/// Returns the entries that a table of the schema takes, or could take where that is not clear.
pub(super) fn entries_of(plan: &Plan, table: &TableName, facts: &Facts) -> Vec<usize> {
    entries(plan, table, table, facts).unwrap_or_else(|_| plan.index.exact(&table.table).to_vec())
}

/// Says whether some table is spelled exactly as the entry, and how many match it ignoring case.
fn objects(entry: &Table, bound: &TableName, facts: &Facts) -> (bool, usize) {
    let more = facts.table(bound).is_none().then_some(bound);
    // Each database has its own.
    let here = facts.tables().iter().map(|t| &t.name).filter(|name| name.database == bound.database);
    let all = here.chain(more);
    all.fold((false, 0), |(exact, count), name| match compare(entry, name) {
        Match::No => (exact, count),
        Match::IgnoringCase => (exact, count.saturating_add(1)),
        Match::Exact => (true, count.saturating_add(1)),
    })
}

/// Says whether any table of the schema goes by the entry's name.
pub(super) fn has_object(entry: &Table, facts: &Facts) -> bool {
    facts.tables().iter().any(|t| compare(entry, &t.name) != Match::No)
}

/// Returns an entry's name as it is written.
pub(super) fn shown(entry: &Table) -> Message {
    let table = TableName::new(entry.schema.as_deref(), &entry.table);
    match &entry.database {
        Some(database) => message!("{}:{}", Name::new(database.as_str()), table),
        None => message!("{}", table),
    }
}

/// Returns a table's name as an entry must spell it: a part that holds a dot, colon or quote is quoted.
pub(super) fn written(table: &TableName) -> Message {
    let quoted = |part: &str| {
        if part.contains(['.', ':', '"']) {
            Name::new(format!("\"{}\"", part.replace('"', "\"\"")))
        } else {
            Name::new(part)
        }
    };
    let plain = |part: &str| !part.contains(['.', ':', '"', '\'', ' ', '#']);
    let all_plain = table.schema.as_deref().is_none_or(plain) && plain(&table.table);
    let full = match &table.schema {
        Some(schema) => message!("{}.{}", quoted(schema), quoted(&table.table)),
        None => message!("{}", quoted(&table.table)),
    };
    // What YAML would not read as one word goes in single quotes.
    if all_plain { full } else { message!("'{}'", Name::new(full.as_str().replace('\'', "''"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_before_ignoring_case() {
        let names = ["Email", "email", "Phone"];
        assert_eq!(find("email", names.into_iter()), Found::One(1));
        assert_eq!(find("phone", names.into_iter()), Found::One(2));
        assert_eq!(find("EMAIL", names.into_iter()), Found::Several);
        assert_eq!(find("mail", names.into_iter()), Found::None);
        assert_eq!(find("a", ["a", "a"].into_iter()), Found::Several);
    }
}
