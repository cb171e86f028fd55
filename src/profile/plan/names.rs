//! Which names mean the same: tables and columns match as the catalogue spells them; failing that, ignoring case if
//! exactly one object matches; two matches are an error (DESIGN 4). Never guesses: a near name is only ever a hint.

use crate::error::{Message, Name};
use crate::message;
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

/// Compares an entry with a table. No schema means the default one on either side. An entry that names a database
/// matches nothing here: no input of this version says which database it is of.
fn compare(entry: &Table, table: &TableName) -> Match {
    let schema = entry.schema.as_deref().filter(|s| *s != "public");
    if entry.database.is_some() {
        return Match::No;
    }
    if entry.table == table.table && schema == table.own_schema() {
        return Match::Exact;
    }
    let lower = |s: Option<&str>| s.unwrap_or("public").to_lowercase();
    if entry.table.to_lowercase() == table.table.to_lowercase() && lower(schema) == lower(table.own_schema())
    {
        return Match::IgnoringCase;
    }
    Match::No
}

/// Finds the entry of the profile for a table. `bound` is the table being bound, which the facts may lack.
///
/// # Errors
/// Two entries for the table, or an entry that could mean two tables.
pub(super) fn entry(
    plan: &Plan,
    table: &TableName,
    bound: &TableName,
    facts: &Facts,
) -> Result<Option<usize>, Box<Problem>> {
    let Some(candidates) = plan.entries.get(&table.table.to_lowercase()) else { return Ok(None) };
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
                        .place(entry.place)
                        .hint("spell the table as the schema does"),
                    ));
                }
            }
        }
    }
    match hits.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        [first, second, ..] => {
            let (first, second) = (plan.profile.tables.get(*first), plan.profile.tables.get(*second));
            let problem = error(table, "two entries of the profile match this table")
                .hint("keep one of them, or spell each as the schema does");
            Err(Box::new(match second.or(first) {
                Some(entry) => problem.place(entry.place),
                None => problem,
            }))
        }
    }
}

/// Says whether some table is spelled exactly as the entry, and how many match it ignoring case.
fn objects(entry: &Table, bound: &TableName, facts: &Facts) -> (bool, usize) {
    let more = facts.table(bound).is_none().then_some(bound);
    let all = facts.tables().iter().map(|t| &t.name).chain(more);
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

/// Returns the nearest of some names, if one is near enough to be a slip of the pen.
pub(super) fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    let most = (wanted.len() / 3).clamp(1, 3);
    among
        .map(|n| (distance(&wanted, &n.to_lowercase().chars().collect::<Vec<_>>()), n))
        .filter(|(d, _)| *d <= most)
        .min_by_key(|(d, _)| *d)
        .map(|(_, n)| n)
}

/// Counts the insertions, deletions, replacements and swaps of neighbours between two words.
/// Source: Damerau's distance in its restricted form (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i.saturating_add(1)];
        for (j, y) in b.iter().enumerate() {
            let at = |line: &[usize], k: usize| line.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut best = at(&above, j).saturating_add(usize::from(x != y));
            best = best.min(at(&above, j + 1).saturating_add(1)).min(at(&row, j).saturating_add(1));
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1).saturating_add(1));
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(a.len())
}

/// Says whether a column of that name looks like it holds a password, token or key. Words are split at
/// underscores and changes of case.
pub(super) fn looks_secret(column: &str) -> bool {
    const WORDS: &[&str] = &[
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "apikey",
        "salt",
        "otp",
        "totp",
        "cvv",
        "cvc",
    ];
    const PAIRS: &[(&str, &str)] = &[("api", "key"), ("private", "key"), ("access", "key"), ("pass", "word")];
    let words = words(column);
    let neighbours = words.iter().zip(words.iter().skip(1));
    words.iter().any(|w| WORDS.contains(&w.as_str()))
        || neighbours.into_iter().any(|(a, b)| PAIRS.contains(&(a.as_str(), b.as_str())))
}

fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower_before) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    words
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

    #[test]
    fn near_names() {
        let names = ["customers", "orders", "id"];
        assert_eq!(nearest("custmers", names.into_iter()), Some("customers"));
        assert_eq!(nearest("ordesr", names.into_iter()), Some("orders"));
        assert_eq!(nearest("invoices", names.into_iter()), None);
        assert_eq!(distance(&['a', 'b'], &['b', 'a']), 1);
    }

    #[test]
    fn secret_words() {
        for name in
            ["password", "password_hash", "user_pwd", "apiKey", "reset_token", "api_key", "clientSecret"]
        {
            assert!(looks_secret(name), "{name}");
        }
        for name in ["tokenised_on_paper", "keyword", "secretary", "status", "capital"] {
            assert!(!looks_secret(name), "{name}");
        }
    }
}
