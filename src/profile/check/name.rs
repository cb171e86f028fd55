//! The name of a table, or of a column with its table, as a profile or a command spells it.
//!
//! Refuses names with more parts than database, schema and table, and quotes that do not close.

/// The parts of a table's name as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Parts {
    /// `database:`.
    pub(super) database: Option<String>,
    /// `schema.`.
    pub(super) schema: Option<String>,
    /// Table.
    pub(super) table: String,
}

impl Parts {
    /// Returns the parts with the default schema named: two names of one table become equal.
    pub(super) fn full(&self) -> Self {
        Self { schema: Some(self.schema.clone().unwrap_or_else(|| "public".to_owned())), ..self.clone() }
    }
}

/// Parts `database:schema.table`; a part in double quotes may hold dots and colons (`""` is one quote).
pub(super) fn parts(text: &str) -> Result<Parts, &'static str> {
    let (mut database, mut names) = (None, Vec::new());
    let mut rest = text;
    loop {
        let (part, after) = part(rest)?;
        if part.is_empty() {
            return Err("a part of it is empty");
        }
        let Some(sign) = after.chars().next() else {
            names.push(part);
            break;
        };
        if sign == ':' {
            if database.is_some() || !names.is_empty() {
                return Err("a colon stands only behind the database");
            }
            database = Some(part);
        } else {
            names.push(part);
        }
        rest = after.get(1..).unwrap_or_default();
    }
    let table = names.pop().ok_or("it is empty")?;
    let schema = names.pop();
    if !names.is_empty() {
        return Err("it has too many dots");
    }
    Ok(Parts { database, schema, table })
}

/// Parts `table.column` or `schema.table.column` at its dots; every part with whether it stands in double quotes, in which
/// dots, colons and `*` are only themselves.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn dotted(text: &str) -> Result<Vec<(String, bool)>, &'static str> {
    let mut names = Vec::new();
    let mut rest = text;
    loop {
        let quoted = rest.starts_with('"');
        let (name, after) = part(rest)?;
        if name.is_empty() {
            return Err("a part of it is empty");
        }
        names.push((name, quoted));
        match after.chars().next() {
            None => return Ok(names),
            Some('.') => rest = after.get(1..).unwrap_or_default(),
            Some(_) => return Err("a colon stands only in quotes: it names no database"),
        }
    }
}

/// Takes the part up to the next dot or colon, or the end.
fn part(text: &str) -> Result<(String, &str), &'static str> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(['.', ':']).unwrap_or(text.len());
        let (part, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return Ok((part.to_owned(), rest));
    };
    let mut name = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((index, c)) = chars.next() {
        if c != '"' {
            name.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            let rest = quoted.get(index + 1..).unwrap_or_default();
            let ends = rest.is_empty() || rest.starts_with(['.', ':']);
            return if ends { Ok((name, rest)) } else { Err("text stands behind a closing quote") };
        }
    }
    Err("a double quote is opened and not closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(database: Option<&str>, schema: Option<&str>, table: &str) -> Result<Parts, &'static str> {
        Ok(Parts { database: database.map(Into::into), schema: schema.map(Into::into), table: table.into() })
    }

    #[test]
    fn names_of_columns() {
        let plain = |names: &[&str]| Ok(names.iter().map(|name| ((*name).to_owned(), false)).collect());
        assert_eq!(dotted("users"), plain(&["users"]));
        assert_eq!(dotted("crm.users.e mail"), plain(&["crm", "users", "e mail"]));
        assert_eq!(dotted("\"a.b\".c"), Ok(vec![("a.b".to_owned(), true), ("c".to_owned(), false)]));
        for bad in ["", "a.", ".a", "a..b", "shop:a.b", "\"a"] {
            assert!(dotted(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_of_tables() {
        assert_eq!(parts("users"), name(None, None, "users"));
        assert_eq!(parts("crm.users"), name(None, Some("crm"), "users"));
        assert_eq!(parts("shop:crm.users"), name(Some("shop"), Some("crm"), "users"));
        assert_eq!(parts("shop:users"), name(Some("shop"), None, "users"));
        assert_eq!(parts("\"a.b\""), name(None, None, "a.b"));
        assert_eq!(parts("\"we \"\"ird\".\"a:b\""), name(None, Some("we \"ird"), "a:b"));
        assert_eq!(parts("order lines"), name(None, None, "order lines"));
        for bad in ["", ".", "a.", ".a", "a.b.c", "a:b:c", "a.b:c", "\"a", "\"a\"b", "a:"] {
            assert!(parts(bad).is_err(), "{bad}");
        }
    }
}
