//! The partitions of a table as bounds of columns, for those who make rows: `YEAR(at)` below 2025 is `at` before 2025-01-01.
//! Says `Unknown` of what is not understood; nothing here decides on data.

use super::super::lexer::{Item, Token};
use super::cursor::{Cursor, parts};
use crate::row::civil;
use crate::row::rules::{Edge, PartitionBound};

/// The day 1970-01-01 as TO_DAYS counts.
const EPOCH: i64 = 719_528;

/// What the values of partitions are compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// The columns themselves.
    Columns,
    /// The year of one.
    Year,
    /// Its days since the year 0.
    Days,
    /// Its seconds since 1970.
    Seconds,
}

/// Reads what stands behind PARTITION BY.
pub(super) fn bounds(mut cursor: Cursor<'_, '_>) -> Vec<PartitionBound> {
    let listed = cursor.word("LIST");
    if !listed && !cursor.word("RANGE") {
        // By hash, by key, by the time of a row's end: whatever comes has a place.
        return vec![PartitionBound::Hash];
    }
    cursor.word("COLUMNS");
    read(&mut cursor, listed).unwrap_or_else(|| vec![PartitionBound::Unknown])
}

fn read(cursor: &mut Cursor<'_, '_>, listed: bool) -> Option<Vec<PartitionBound>> {
    let of = key(cursor.group().ok()?)?;
    // The list is the next bracket that begins with a partition.
    let list = loop {
        if cursor.sees_symbol(b'(') {
            let group = cursor.group().ok()?;
            if group.first().is_some_and(|item| item.token.is("PARTITION")) {
                break group;
            }
        } else {
            cursor.next()?;
        }
    };
    let (mut found, mut from) = (Vec::new(), Vec::new());
    for part in parts(list).ok()? {
        let mut cursor = Cursor::new(part);
        cursor.word("PARTITION");
        cursor.name().ok()?;
        if listed {
            found.push(list_of(&mut cursor, of)?);
            continue;
        }
        if !cursor.words(&["VALUES", "LESS", "THAN"]) {
            return None;
        }
        let to = match cursor.word("MAXVALUE") {
            true => vec![Edge::Most],
            false => edges(cursor.group().ok()?, of)?,
        };
        let least = to.iter().map(|_| Edge::Least).collect();
        let from = std::mem::replace(&mut from, to.clone());
        found.push(PartitionBound::Range { from: if from.is_empty() { least } else { from }, to });
    }
    Some(found)
}

/// Reads what decides.
fn key(group: &[Item<'_>]) -> Option<Of> {
    let tokens: Vec<&Token<'_>> = group.iter().map(|item| &item.token).collect();
    match tokens.as_slice() {
        [call, Token::Symbol(b'('), _, Token::Symbol(b')')] => function(call),
        plain if !plain.contains(&&Token::Symbol(b'(')) && only_names(plain) => Some(Of::Columns),
        _ => None,
    }
}

fn only_names(tokens: &[&Token<'_>]) -> bool {
    tokens.iter().all(|token| matches!(token, Token::Word(_) | Token::Name(_) | Token::Symbol(b',')))
}

fn function(name: &Token<'_>) -> Option<Of> {
    let known = [("YEAR", Of::Year), ("TO_DAYS", Of::Days), ("UNIX_TIMESTAMP", Of::Seconds)];
    known.iter().find(|(word, _)| name.is(word)).map(|(_, of)| *of)
}

fn list_of(cursor: &mut Cursor<'_, '_>, of: Of) -> Option<PartitionBound> {
    if cursor.word("DEFAULT") {
        return Some(PartitionBound::Default);
    }
    if of != Of::Columns || !cursor.words(&["VALUES", "IN"]) {
        return None;
    }
    let values = parts(cursor.group().ok()?).ok()?.into_iter().map(|part| match part {
        [null] if null.token.is("NULL") => Some("NULL".to_owned()),
        [default] if default.token.is("DEFAULT") => None,
        part => value(part, of),
    });
    Some(PartitionBound::List(values.collect::<Option<_>>()?))
}

fn edges(group: &[Item<'_>], of: Of) -> Option<Vec<Edge>> {
    let edge = |part: &[Item<'_>]| match part {
        [most] if most.token.is("MAXVALUE") => Some(Edge::Most),
        part => value(part, of).map(Edge::At),
    };
    parts(group).ok()?.into_iter().map(edge).collect()
}

/// Reads a value and writes it as one of the column.
fn value(part: &[Item<'_>], of: Of) -> Option<String> {
    let tokens: Vec<&Token<'_>> = part.iter().map(|item| &item.token).collect();
    let (negative, tokens) = match tokens.as_slice() {
        [Token::Symbol(b'-'), rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    match (tokens, of) {
        ([Token::Text(text)], Of::Columns) => quoted(text),
        ([Token::Number(digits)], Of::Columns) => {
            let digits = std::str::from_utf8(digits).ok()?;
            Some(format!("{}{digits}", if negative { "-" } else { "" }))
        }
        ([Token::Number(digits)], _) if !negative => {
            moment(std::str::from_utf8(digits).ok()?.parse().ok()?, of)
        }
        ([call, Token::Symbol(b'('), Token::Text(text), Token::Symbol(b')')], Of::Days | Of::Seconds)
            if function(call) == Some(of) =>
        {
            if of == Of::Seconds {
                day_before(text)
            } else {
                quoted(text)
            }
        }
        _ => None,
    }
}

/// Writes a moment a day earlier. What `UNIX_TIMESTAMP('2025-01-01')` is depends on the time zone of the session that makes the
/// table: rows that stand a day before it have a partition whatever that is, since only the last end has nothing behind it.
fn day_before(text: &[u8]) -> Option<String> {
    let day = civil::read(text)?;
    let mut out = b"'".to_vec();
    civil::append(day - 1, &mut out);
    out.extend_from_slice(text.get(10..).filter(|rest| !rest.contains(&b'\''))?);
    out.push(b'\'');
    String::from_utf8(out).ok()
}

fn quoted(text: &[u8]) -> Option<String> {
    Some(format!("'{}'", std::str::from_utf8(text).ok()?.replace('\'', "''")))
}

/// Returns the first moment of a number.
fn moment(number: i64, of: Of) -> Option<String> {
    let day = |day: i64| {
        let (year, month, day) = civil::from_days(day);
        (0..=9999).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}"))
    };
    match of {
        Of::Year => (1..=9999).contains(&number).then(|| format!("'{number:04}-01-01'")),
        Of::Days => day(number.checked_sub(EPOCH)?).map(|day| format!("'{day}'")),
        Of::Seconds => {
            let clock = number.rem_euclid(86_400);
            let day = day(number.div_euclid(86_400))?;
            Some(format!("'{day} {:02}:{:02}:{:02}'", clock / 3600, clock / 60 % 60, clock % 60))
        }
        Of::Columns => None,
    }
}
