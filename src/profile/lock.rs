//! The lock: what was decided for every column when a person last looked. A text beside the profile (`shop.lock` beside
//! `shop.yaml`), sorted, one line a column, fields parted by tabs, made to be read and compared by people.
//!
//! Refuses a lock of another profile, a line that is no line, and one column twice. Holds names, types and rules of the
//! profile, never a value of the data.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::error::{Message, Name};
use crate::message;
use crate::row::shape::TableName;

/// The first line of every lock.
const HEAD: &str = "# standin lock 1";

/// What was decided for one column; for an emptied table its column is `*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Table, without the default schema.
    pub table: String,
    /// Column.
    pub column: String,
    /// Its type as the schema spells it; empty where unknown.
    pub ty: String,
    /// The rule: `keep`, `person.email = fake email max=64`, `generalise year`, `empty`.
    pub rule: String,
    /// Which text and entry it comes from.
    pub origin: String,
    /// Why it is kept.
    pub reason: String,
}

/// A lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    profile: String,
    lines: Vec<Line>,
    index: HashMap<String, HashMap<String, usize>>,
}

impl Lock {
    /// Makes the lock of a profile, called by the name of its file without folders.
    #[must_use]
    pub fn new(profile: &str, mut lines: Vec<Line>) -> Self {
        lines.sort_unstable();
        lines.dedup();
        let mut index: HashMap<String, HashMap<String, usize>> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            index.entry(line.table.clone()).or_default().insert(line.column.clone(), at);
        }
        Self { profile: profile.to_owned(), lines, index }
    }

    /// Reads the lock of a profile.
    ///
    /// # Errors
    /// Line (from 1) and what is wrong with it.
    pub fn read(text: &str, profile: &str) -> Result<Self, (usize, Message)> {
        let mut lines = Vec::new();
        let mut of = None;
        for (number, text) in text.lines().enumerate() {
            let number = number + 1;
            if number == 1 {
                if text != HEAD {
                    return Err((number, message!("a lock begins with `{}`", HEAD)));
                }
            } else if let Some(name) = text.strip_prefix("# profile: ") {
                of = Some(name);
            } else if !text.starts_with('#') && !text.is_empty() {
                lines.push(
                    line(text)
                        .ok_or((number, message!("a line of a lock has six fields, parted by tabs")))?,
                );
            }
        }
        match of {
            Some(name) if name == escaped(profile) => {}
            Some(name) => return Err((1, message!("this is the lock of `{}`", Name::new(name)))),
            None => return Err((1, message!("it does not say of which profile it is the lock"))),
        }
        let count = lines.len();
        let lock = Self::new(profile, lines);
        if lock.lines.len() == count && lock.twice().is_none() {
            Ok(lock)
        } else {
            Err((1, message!("one column stands in it twice")))
        }
    }

    /// Returns its text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "{HEAD}\n# What is done with every column. Read it before you commit it: `standin check --accept` wrote it, and\n\
             # `--locked` holds a run to it. A column that is not here, or whose type changed, stops such a run.\n\
             # profile: {}\n# table\tcolumn\ttype\trule\tfrom\treason\n",
            escaped(&self.profile)
        );
        for line in &self.lines {
            let fields = [&line.table, &line.column, &line.ty, &line.rule, &line.origin, &line.reason];
            let fields: Vec<String> = fields.into_iter().map(|field| escaped(field)).collect();
            let _ = writeln!(text, "{}", fields.join("\t"));
        }
        text
    }

    /// Returns the first column that stands in it twice, with different things said: such a lock cannot be read again.
    #[must_use]
    pub fn twice(&self) -> Option<&Line> {
        let same = |(a, b): &(&Line, &Line)| (&a.table, &a.column) == (&b.table, &b.column);
        self.lines.iter().zip(self.lines.iter().skip(1)).find(same).map(|(line, _)| line)
    }

    /// Returns all lines, sorted.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Returns the line of a table and column as they are written in it.
    #[must_use]
    pub fn entry(&self, table: &str, column: &str) -> Option<&Line> {
        self.lines.get(*self.index.get(table)?.get(column)?)
    }

    /// Returns the line of a column.
    #[must_use]
    pub fn line(&self, table: &TableName, column: &str) -> Option<&Line> {
        self.entry(&table_text(table), column)
    }
}

/// Returns a table's name as a lock has it: `database:schema.table` without the default schema; a dot or colon inside a
/// name stands behind a backslash.
#[must_use]
pub fn table_text(table: &TableName) -> String {
    let part = |text: &str| text.replace('\\', "\\\\").replace('.', "\\.").replace(':', "\\:");
    let name = match table.own_schema() {
        Some(schema) => format!("{}.{}", part(schema), part(&table.table)),
        None => part(&table.table),
    };
    match &table.database {
        Some(database) => format!("{}:{name}", part(database)),
        None => name,
    }
}

fn line(text: &str) -> Option<Line> {
    let mut fields = text.split('\t').map(plain);
    let mut next = || fields.next().flatten();
    let line = Line {
        table: next()?,
        column: next()?,
        ty: next()?,
        rule: next()?,
        origin: next()?,
        reason: next()?,
    };
    fields.next().is_none().then_some(line)
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn plain(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => match chars.next()? {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            c => c,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(table: &str, column: &str) -> Line {
        Line {
            table: table.into(),
            column: column.into(),
            ty: "character varying(40)".into(),
            rule: "keep".into(),
            origin: "shop.yaml *".into(),
            reason: "two\nlines\tand \\".into(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let lock = Lock::new("shop.yaml", vec![one("b", "y"), one("a", "odd\tname"), one("a", "b")]);
        let text = lock.text();
        assert_eq!(Lock::read(&text, "shop.yaml").as_ref(), Ok(&lock));
        assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 3);
        assert_eq!(lock.line(&TableName::new(Some("public"), "b"), "y"), Some(&one("b", "y")));
        assert_eq!(lock.line(&TableName::new(Some("s"), "b"), "y"), None);
    }

    #[test]
    fn names_with_dots_are_told_apart() {
        assert_eq!(table_text(&TableName::new(Some("s"), "t")), "s.t");
        assert_eq!(table_text(&TableName::new(None, "s.t")), "s\\.t");
        assert_eq!(table_text(&TableName::new(None, "s.t").within(Some("a:b"))), "a\\:b:s\\.t");
    }

    #[test]
    fn what_is_no_lock() {
        let good = Lock::new("shop.yaml", vec![one("a", "b")]).text();
        for (bad, of, number) in [
            (String::new(), "shop.yaml", 1),
            ("version: 1\n".into(), "shop.yaml", 1),
            (good.clone(), "crm.yaml", 1),
            (good.replace("# profile: shop.yaml\n", ""), "shop.yaml", 1),
            (good.replace("\tkeep\t", "\t"), "shop.yaml", 6),
            (good.replace("\tkeep\t", "\tkeep\tmore\t"), "shop.yaml", 6),
            (good.replace("\tkeep\t", "\t\\keep\t"), "shop.yaml", 6),
            (format!("{good}{}", good.lines().last().unwrap()), "shop.yaml", 1),
        ] {
            assert_eq!(Lock::read(&bad, of).map(|_| ()).map_err(|e| e.0), Err(number), "{bad}");
        }
    }
}
