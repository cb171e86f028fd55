//! Names as YAML must spell them in a profile. Refuses to leave a name plain that YAML or the language would read as
//! something else.

use std::fmt::Write;

use crate::error::is_strange;
use crate::row::shape::TableName;

/// Words that mean something without quotes, in YAML 1.1 or 1.2.
const MEANING: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// Where the comments beside columns begin, if there is room.
const COMMENTS: usize = 40;

/// Most characters of a comment.
const LONG: usize = 120;

/// Returns a word as a key or value: plain where that is safe, quoted else.
pub(crate) fn word(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    if begins && text.chars().all(plain) && !MEANING.contains(&text.to_lowercase().as_str()) {
        return text.to_owned();
    }
    if !text.chars().any(is_strange) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if is_strange(c) => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns a table's name as the key of its entry.
pub(crate) fn table(name: &TableName) -> String {
    word(&parted(name))
}

/// Returns a table's name with that of its database, where it has one, as it is read back.
pub(crate) fn in_database(name: &TableName) -> String {
    match &name.database {
        Some(database) => format!("{}:{}", part(database), parted(name)),
        None => parted(name),
    }
}

/// Returns a table's name as it is read back.
pub(crate) fn parted(name: &TableName) -> String {
    match name.own_schema() {
        Some(schema) => format!("{}.{}", part(schema), part(&name.table)),
        None => part(&name.table),
    }
}

/// Returns a part of a name; in quotes a `*` is no pattern.
fn part(text: &str) -> String {
    let quote = text.is_empty() || text.contains(['.', ':', '"', '*']);
    if quote { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// Appends a line with a comment beside it.
pub(crate) fn commented(text: &mut String, line: &str, note: &str) {
    if note.is_empty() {
        let _ = writeln!(text, "{line}");
    } else {
        let _ = writeln!(text, "{line:<COMMENTS$}  # {}", comment(note));
    }
}

/// Returns text as it may stand in a comment: one line, and not a long one.
pub(crate) fn comment(text: &str) -> String {
    let mut line: String = text.chars().take(LONG).map(|c| if is_strange(c) { ' ' } else { c }).collect();
    if text.chars().nth(LONG).is_some() {
        line.push('…');
    }
    line.trim_end().to_owned()
}
