//! CREATE TABLE: its columns in the order in which rows list them, and what holds for them. A reader of our own for the
//! whole of SQLite's grammar (lang_createtable.html), small because expressions are only looked through for names of
//! columns. What is not understood stops the run, since a column that is overlooked would shift all that follow.

use super::types::resolve;
use super::{MAX_COLUMNS, Place, list};
use crate::error::{Error, Result};
use crate::format::check::{self, Tongue, Word};
use crate::format::sqlite::lexer::{Token, Tokens};
use crate::row::shape::{
    Check, ColumnFacts, Expression, ForeignKey, TableFacts, TableName, TypeClass, Unique,
};

/// Words that end a column's type: they begin a constraint.
const CONSTRAINTS: &[&str] =
    &["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "AS"];

/// Words that begin a constraint of the table, where a column could stand.
const OF_TABLE: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Reads a table's definition, behind `CREATE TABLE [IF NOT EXISTS] name`.
///
/// # Errors
/// `ErrorKind::Input` for a column given twice or unknown, or anything not understood.
pub(super) fn read(name: TableName, tokens: &mut Tokens<'_>, line: u64) -> Result<TableFacts> {
    let place = Place { table: name.clone(), line };
    let mut reader =
        Reader { tokens, place, table: empty(name, line), raw: Vec::new(), collated: Vec::new() };
    if !reader.tokens.symbol(b'(') {
        return Err(reader.unknown("a table without a list of columns"));
    }
    reader.items()?;
    reader.options()?;
    reader.settle()?;
    Ok(reader.table)
}

/// Makes a table without columns.
pub(super) fn empty(name: TableName, line: u64) -> TableFacts {
    TableFacts { line, ..TableFacts::named(name) }
}

/// Makes a column of which nothing but name and type is known.
pub(super) fn column(name: String, words: &str, numbers: &[u32]) -> ColumnFacts {
    ColumnFacts {
        name,
        ty: resolve(words, numbers),
        not_null: false,
        generated: false,
        literal_default: false,
        numbered: false,
    }
}

/// Reads the predicate of an index as the CHECKs of its table are read; `None` where it is not understood.
pub(super) fn predicate(of: &TableFacts, words: Vec<Token<'_>>) -> Option<Expression> {
    let table = TableFacts { checks: Vec::new(), uniques: Vec::new(), ..of.clone() };
    let place = Place { table: table.name.clone(), line: of.line };
    let raw = vec![Raw::Check { name: String::new(), expression: words }];
    let mut reader = Reader { tokens: &mut Tokens::new(b""), place, table, raw, collated: Vec::new() };
    reader.settle().ok()?;
    reader.table.checks.pop()?.expression
}

/// A constraint whose columns may stand further down: it is settled at the end.
enum Raw<'a> {
    Key { name: String, columns: Vec<Token<'a>>, primary: bool },
    Check { name: String, expression: Vec<Token<'a>> },
    Foreign { name: String, columns: Vec<String>, target: String, target_columns: Vec<String> },
}

struct Reader<'r, 'a> {
    tokens: &'r mut Tokens<'a>,
    place: Place,
    table: TableFacts,
    raw: Vec<Raw<'a>>,
    /// Columns that compare otherwise than byte by byte.
    collated: Vec<String>,
}

impl<'a> Reader<'_, 'a> {
    fn unknown(&self, what: &'static str) -> Error {
        self.place.unknown(what)
    }

    fn expect<T>(&self, found: Option<T>, what: &'static str) -> Result<T> {
        found.ok_or_else(|| self.unknown(what))
    }

    fn items(&mut self) -> Result<()> {
        loop {
            let next = self.tokens.peek();
            if next.is_some_and(|t| OF_TABLE.iter().any(|word| t.is(word))) {
                self.of_table()?;
            } else {
                self.column()?;
            }
            if self.tokens.symbol(b')') {
                return Ok(());
            }
            // Between constraints of the table the comma may be missing.
            let again = self.tokens.peek().is_some_and(|t| OF_TABLE.iter().any(|word| t.is(word)));
            if !self.tokens.symbol(b',') && !again {
                return Err(self.unknown("a part of a table's definition"));
            }
        }
    }

    fn column(&mut self) -> Result<()> {
        let name = self.tokens.name();
        let name = self.expect(name, "the name of a column")?;
        if self.table.columns.len() >= MAX_COLUMNS {
            return Err(self.place.error("the table has more columns than SQLite allows"));
        }
        if self.position(&name).is_some() {
            return Err(self.place.error("a column is defined twice"));
        }
        let mut words: Vec<String> = Vec::new();
        while let Some(token) = self.tokens.peek() {
            let Some(word) = token.name().filter(|_| !CONSTRAINTS.iter().any(|c| token.is(c))) else { break };
            words.push(word);
            self.tokens.next();
        }
        let numbers = if self.tokens.symbol(b'(') { self.numbers()? } else { Vec::new() };
        // To SQLite's grammar these two are words of the type; it takes them off again.
        if matches!(words.as_slice(), [.., g, a] if g.eq_ignore_ascii_case("GENERATED") && a.eq_ignore_ascii_case("ALWAYS"))
        {
            words.truncate(words.len() - 2);
        }
        self.table.columns.push(column(name, &words.join(" "), &numbers));
        while self.constraint()? {}
        Ok(())
    }

    /// Reads the numbers of a type, its bracket taken: `(10, 2)`. Signs and what is no number say nothing of a length.
    fn numbers(&mut self) -> Result<Vec<u32>> {
        let inside = self.tokens.brackets();
        let inside = self.expect(inside, "the length of a type")?;
        if inside.iter().any(|t| matches!(t, Token::Text(_))) {
            return Err(self.place.unknown("a text where a type has its length"));
        }
        Ok(inside
            .iter()
            .filter_map(|t| match t {
                Token::Number(digits) => std::str::from_utf8(digits).ok()?.parse().ok(),
                _ => None,
            })
            .collect())
    }

    fn last(&mut self) -> Result<&mut ColumnFacts> {
        let unknown = self.place.unknown("a constraint without a column");
        self.table.columns.last_mut().ok_or(unknown)
    }

    /// Reads one constraint of the column defined last; `false` if there is none.
    fn constraint(&mut self) -> Result<bool> {
        let name = self.label()?;
        if self.tokens.keywords(&["NOT", "NULL"]) {
            self.last()?.not_null = true;
            self.conflict()?;
        } else if self.tokens.keyword("NULL") {
            self.conflict()?;
        } else if self.tokens.keywords(&["PRIMARY", "KEY"]) {
            let descending = self.tokens.keyword("DESC");
            self.tokens.keyword("ASC");
            self.conflict()?;
            self.tokens.keyword("AUTOINCREMENT");
            self.own_key(name, !descending, true)?;
        } else if self.tokens.keyword("UNIQUE") {
            self.conflict()?;
            self.own_key(name, false, false)?;
        } else if self.tokens.keyword("CHECK") {
            let expression = self.bracketed("CHECK")?;
            self.raw.push(Raw::Check { name, expression });
        } else if self.tokens.keyword("DEFAULT") {
            let literal = self.default()?;
            self.last()?.literal_default |= literal;
        } else if self.tokens.keyword("COLLATE") {
            let collation = self.tokens.name();
            if !self.expect(collation, "COLLATE")?.eq_ignore_ascii_case("BINARY") {
                let name = self.last()?.name.clone();
                self.collated.push(name);
            }
        } else if self.tokens.keyword("REFERENCES") {
            let columns = vec![self.last()?.name.clone()];
            self.references(name, columns)?;
        } else if self.tokens.keywords(&["GENERATED", "ALWAYS", "AS"]) || self.tokens.keyword("AS") {
            self.bracketed("GENERATED")?;
            let _ = self.tokens.keyword("STORED") || self.tokens.keyword("VIRTUAL");
            self.last()?.generated = true;
        } else if !self.deferrable()? {
            return if name.is_empty() { Ok(false) } else { Err(self.unknown("a constraint")) };
        }
        Ok(true)
    }

    /// Reads `CONSTRAINT name`; empty if there is none.
    fn label(&mut self) -> Result<String> {
        if !self.tokens.keyword("CONSTRAINT") {
            return Ok(String::new());
        }
        let name = self.tokens.name();
        self.expect(name, "the name of a constraint")
    }

    fn bracketed(&mut self, what: &'static str) -> Result<Vec<Token<'a>>> {
        let inside = if self.tokens.symbol(b'(') { self.tokens.brackets() } else { None };
        self.expect(inside, what)
    }

    /// Adds the key of the column defined last.
    fn own_key(&mut self, name: String, may_be_rowid: bool, primary: bool) -> Result<()> {
        let column = self.last()?;
        let integer = column.ty.text.eq_ignore_ascii_case("INTEGER");
        let columns = vec![column.name.clone()];
        if primary && integer && may_be_rowid {
            column.not_null = true;
            column.numbered = true;
        }
        self.table.uniques.push(Unique { name, columns, primary, expression: false });
        Ok(())
    }

    fn conflict(&mut self) -> Result<()> {
        if self.tokens.keywords(&["ON", "CONFLICT"]) {
            let action = self.tokens.next();
            let known = ["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"];
            if !action.is_some_and(|t| known.iter().any(|k| t.is(k))) {
                return Err(self.unknown("ON CONFLICT"));
            }
        }
        Ok(())
    }

    /// Reads a default's value; says whether it may hold data.
    fn default(&mut self) -> Result<bool> {
        if self.tokens.symbol(b'(') {
            let inside = self.tokens.brackets();
            let inside = self.expect(inside, "DEFAULT")?;
            return Ok(inside.iter().any(|t| matches!(t, Token::Text(_) | Token::Blob | Token::Number(_))));
        }
        let signed = self.tokens.symbol(b'-') || self.tokens.symbol(b'+');
        match self.tokens.next() {
            Some(Token::Number(_)) => Ok(true),
            Some(Token::Text(_) | Token::Blob | Token::Quoted(_)) if !signed => Ok(true),
            // NULL, TRUE, CURRENT_TIME; another word is a text to SQLite.
            Some(Token::Word(word)) => {
                let known: [&[u8]; 6] =
                    [b"null", b"true", b"false", b"current_time", b"current_date", b"current_timestamp"];
                Ok(!known.iter().any(|k| word.eq_ignore_ascii_case(k)))
            }
            _ => Err(self.unknown("DEFAULT")),
        }
    }

    fn references(&mut self, name: String, columns: Vec<String>) -> Result<()> {
        let target = self.tokens.name();
        let target = self.expect(target, "REFERENCES")?;
        let mut target_columns = Vec::new();
        if self.tokens.symbol(b'(') {
            let inside = self.tokens.brackets();
            let inside = self.expect(inside, "REFERENCES")?;
            target_columns = self.names(&inside)?;
        }
        self.raw.push(Raw::Foreign { name, columns, target, target_columns });
        loop {
            if self.tokens.keyword("ON") {
                let _ = self.tokens.keyword("DELETE")
                    || self.tokens.keyword("UPDATE")
                    || self.tokens.keyword("INSERT");
                let known = [
                    &["SET", "NULL"][..],
                    &["SET", "DEFAULT"],
                    &["NO", "ACTION"],
                    &["CASCADE"],
                    &["RESTRICT"],
                ];
                if !known.iter().any(|words| self.tokens.keywords(words)) {
                    return Err(self.unknown("ON DELETE or ON UPDATE"));
                }
            } else if self.tokens.keyword("MATCH") {
                let matching = self.tokens.name();
                self.expect(matching, "MATCH")?;
            } else {
                self.deferrable()?;
                return Ok(());
            }
        }
    }

    /// Reads `[NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]`.
    fn deferrable(&mut self) -> Result<bool> {
        if !self.tokens.keywords(&["NOT", "DEFERRABLE"]) && !self.tokens.keyword("DEFERRABLE") {
            return Ok(false);
        }
        if self.tokens.keyword("INITIALLY")
            && !self.tokens.keyword("DEFERRED")
            && !self.tokens.keyword("IMMEDIATE")
        {
            return Err(self.unknown("INITIALLY"));
        }
        Ok(true)
    }

    /// Reads one constraint of the table.
    fn of_table(&mut self) -> Result<()> {
        let name = self.label()?;
        if self.tokens.keywords(&["PRIMARY", "KEY"]) || self.tokens.peek().is_some_and(|t| t.is("UNIQUE")) {
            let primary = !self.tokens.keyword("UNIQUE");
            let mut columns = self.bracketed("a key")?;
            // Only a table's primary key may say it here.
            columns.retain(|t| !(primary && t.is("AUTOINCREMENT")));
            self.conflict()?;
            self.raw.push(Raw::Key { name, columns, primary });
        } else if self.tokens.keyword("CHECK") {
            let expression = self.bracketed("CHECK")?;
            self.conflict()?;
            self.raw.push(Raw::Check { name, expression });
        } else if self.tokens.keywords(&["FOREIGN", "KEY"]) {
            let inside = self.bracketed("FOREIGN KEY")?;
            let columns = self.names(&inside)?;
            if !self.tokens.keyword("REFERENCES") {
                return Err(self.unknown("FOREIGN KEY"));
            }
            self.references(name, columns)?;
        } else {
            return Err(self.unknown("a constraint"));
        }
        Ok(())
    }

    fn names(&self, inside: &[Token<'_>]) -> Result<Vec<String>> {
        let items = inside.split(|t| *t == Token::Symbol(b','));
        items
            .map(|item| match item {
                [name] => self.expect(name.name(), "a list of columns"),
                _ => Err(self.unknown("a list of columns")),
            })
            .collect()
    }

    /// Reads what follows the list: `WITHOUT ROWID`, `STRICT`.
    fn options(&mut self) -> Result<()> {
        let mut strict = false;
        let mut without_rowid = false;
        loop {
            if self.tokens.is_over() {
                break;
            }
            if self.tokens.keywords(&["WITHOUT", "ROWID"]) {
                without_rowid = true;
            } else if self.tokens.keyword("STRICT") {
                strict = true;
            } else {
                return Err(self.unknown("what follows the columns"));
            }
            if !self.tokens.symbol(b',') && !self.tokens.is_over() {
                return Err(self.unknown("what follows the columns"));
            }
        }
        // Elsewhere a primary key may be NULL in SQLite, unless it is the rowid.
        if strict || without_rowid {
            let keys: Vec<Unique> = self.keys()?;
            for key in keys.iter().chain(&self.table.uniques.clone()).filter(|k| k.primary) {
                for name in &key.columns {
                    if let Some(column) = self.position(name).and_then(|i| self.table.columns.get_mut(i)) {
                        column.not_null = true;
                    }
                }
            }
        }
        Ok(())
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.table.columns.iter().position(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// Returns a column's name as its definition spells it.
    fn spelled(&self, name: &str) -> Result<String> {
        let column = self.position(name).and_then(|i| self.table.columns.get(i));
        column
            .map(|c| c.name.clone())
            .ok_or_else(|| self.place.error("a constraint names a column that the table has not"))
    }

    fn keys(&self) -> Result<Vec<Unique>> {
        let keys = self.raw.iter().filter_map(|raw| match raw {
            Raw::Key { name, columns, primary } => Some((name, columns, *primary)),
            _ => None,
        });
        keys.map(|(name, columns, primary)| {
            let (columns, expression) = list::columns(&self.table, columns)
                .ok_or_else(|| self.place.error("a constraint names a column that the table has not"))?;
            Ok(Unique { name: name.clone(), columns, primary, expression })
        })
        .collect()
    }

    /// Reads a piece of a CHECK.
    fn word<'t>(&self, token: &Token<'t>) -> Word<'t> {
        let column = token.name().filter(|_| !matches!(token, Token::Text(_)));
        match (column.and_then(|name| self.spelled(&name).ok()), *token) {
            (Some(column), _) => Word::Column(column),
            (None, Token::Word(word)) => Word::Plain(word),
            (None, Token::Text(_)) => token.value().map_or(Word::Other, |text| Word::Text(text.into_owned())),
            (None, Token::Number(digits)) => Word::Number(digits),
            (None, Token::Symbol(byte)) => Word::Symbol(byte),
            (None, _) => Word::Other,
        }
    }

    /// Settles the constraints, all columns being known.
    fn settle(&mut self) -> Result<()> {
        let keys = self.keys()?;
        for key in &keys {
            // PRIMARY KEY(id) over one INTEGER column is the rowid too.
            if let ([only], true) = (key.columns.as_slice(), key.primary)
                && let Some(column) = self.position(only).and_then(|i| self.table.columns.get_mut(i))
            {
                column.not_null |= column.ty.text.eq_ignore_ascii_case("INTEGER");
            }
        }
        self.table.uniques.extend(keys);
        for key in &mut self.table.uniques {
            key.expression |= key.columns.iter().any(|c| self.collated.contains(c));
        }
        for raw in std::mem::take(&mut self.raw) {
            match raw {
                Raw::Key { .. } => {}
                Raw::Check { name, expression } => {
                    let columns = Some(list::read_by(&self.table, &expression));
                    let words = expression.iter().map(|token| self.word(token));
                    let class =
                        |name: &str| self.table.columns.iter().find(|c| c.name == name).map(|c| &c.ty.class);
                    // Its decimals are binary fractions.
                    let exact = |name: &str| class(name).is_some_and(TypeClass::is_integer);
                    let type_of = |name: &str| match class(name)? {
                        class if class.is_integer() => Some("integer"),
                        class if class.is_text() => Some("text"),
                        TypeClass::Float { .. } => Some("real"),
                        _ => None,
                    };
                    let tongue = Tongue {
                        characters: &["length"],
                        bytes: &["octet_length"],
                        regexp: false,
                        exact: &exact,
                        type_of: &type_of,
                    };
                    let expression = check::expression(words, &tongue);
                    self.table.checks.push(Check { name, columns, expression, valid: true });
                }
                Raw::Foreign { name, columns, target, target_columns } => {
                    let columns: Result<Vec<String>> = columns.iter().map(|c| self.spelled(c)).collect();
                    let target = TableName::new(None, &target);
                    self.table.foreign_keys.push(ForeignKey {
                        name,
                        columns: columns?,
                        target,
                        target_columns,
                    });
                }
            }
        }
        Ok(())
    }
}
