//! CREATE TABLE: columns, keys, constraints, options, partitions. A small reader of our own for all of them, since what
//! a general one does not know (zerofill, PAGE_CHECKSUM, SYSTEM VERSIONING, PARTITION BY, ANSI quotes) would lose
//! the whole statement. Every word must be known: a part that is overlooked could be a column.

use super::super::heads::secrets;
use super::super::lexer::{Item, Token};
use super::charset::Charset;
use super::cursor::{Cursor, not_understood, parts};
use super::{partition, types};
use crate::error::{Error, Result};
use crate::format::check::{self, Tongue, Word};
use crate::row::rules::PartitionBound;
use crate::row::shape::{Check, ColumnFacts, ForeignKey, TableName, TypeClass, Unique};

/// A column with what only the reader of rows must know.
pub(super) struct Column {
    pub facts: ColumnFacts,
    /// Not among the columns of an INSERT without a list.
    pub invisible: bool,
    /// The character set that it says.
    pub charset: Option<Charset>,
}

/// A table as its statement says it.
pub(super) struct Definition {
    pub name: TableName,
    pub if_not_exists: bool,
    pub columns: Vec<Column>,
    pub uniques: Vec<Unique>,
    pub foreign_keys: Vec<ForeignKey>,
    pub checks: Vec<Check>,
    pub partition_key: Option<Vec<String>>,
    pub partitions: Vec<PartitionBound>,
    /// Whether an ENGINE is named.
    pub engine: bool,
    /// Whether the whole statement stands in a conditional comment.
    pub conditional: bool,
    /// WITH SYSTEM VERSIONING.
    pub versioned: bool,
    /// The character set of text that says none of its own.
    pub charset: Option<Charset>,
    /// Those that columns say.
    pub charsets: Vec<(String, Charset)>,
}

/// Engines whose tables hold their own rows (or none). Others reach into other servers and files.
const ENGINES: &[&str] = &[
    "ARCHIVE",
    "ARIA",
    "BLACKHOLE",
    "COLUMNSTORE",
    "CSV",
    "HEAP",
    "INNODB",
    "ISAM",
    "MEMORY",
    "MERGE",
    "MRG_MYISAM",
    "MROONGA",
    "MYISAM",
    "NDB",
    "NDBCLUSTER",
    "ROCKSDB",
    "SEQUENCE",
    "TOKUDB",
];

/// What counts the characters of a text.
const COUNTS: &[&str] = &["CHAR_LENGTH", "CHARACTER_LENGTH"];
/// And those that count bytes.
const BYTES: &[&str] = &["LENGTH", "OCTET_LENGTH"];

/// Words behind the column list that would give the table rows or another shape.
const FOREIGN: &[&str] = &["SELECT", "AS", "LIKE", "VALUES", "TABLE", "IGNORE", "REPLACE"];

/// Reads a statement, `CREATE` included. `current` is the database that names without one belong to.
///
/// # Errors
/// `ErrorKind::Input` for a form that is not understood, a query, an engine that reaches elsewhere.
pub(super) fn read(items: &[Item<'_>], current: Option<&str>) -> Result<Definition> {
    let conditional = items.first().is_some_and(|i| i.comment > 0);
    let mut cursor = Cursor::new(items);
    cursor.word("CREATE");
    cursor.words(&["OR", "REPLACE"]);
    cursor.word("TABLE");
    let if_not_exists = cursor.words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.table(current)?;
    let mut table = Definition {
        name,
        if_not_exists,
        columns: Vec::new(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        partition_key: Some(Vec::new()),
        partitions: Vec::new(),
        engine: false,
        conditional,
        versioned: false,
        charset: None,
        charsets: Vec::new(),
    };
    let read = table.parts(&mut cursor, current).and_then(|()| table.options(&mut cursor));
    read.map_err(|e| super::cursor::of_table(e, &table.name))?;
    table.finish();
    Ok(table)
}

impl Definition {
    fn parts(&mut self, cursor: &mut Cursor<'_, '_>, current: Option<&str>) -> Result<()> {
        for part in parts(cursor.group()?)? {
            let mut cursor = Cursor::new(part);
            if !self.constraint(&mut cursor, current)? {
                self.column(&mut cursor)?;
            }
        }
        Ok(())
    }

    /// Reads a key or constraint; `false` if the part defines a column.
    pub(super) fn constraint(&mut self, cursor: &mut Cursor<'_, '_>, current: Option<&str>) -> Result<bool> {
        let mut name = String::new();
        if cursor.word("CONSTRAINT") {
            let named = !["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"].iter().any(|w| cursor.sees(w));
            if named {
                name = cursor.name()?;
            }
        } else if !["PRIMARY", "UNIQUE", "KEY", "INDEX", "FULLTEXT", "SPATIAL", "FOREIGN", "CHECK"]
            .iter()
            .any(|w| cursor.sees(w))
        {
            let period = cursor.sees("PERIOD") && cursor.second().is_some_and(|t| t.is("FOR"));
            let vector =
                cursor.sees("VECTOR") && cursor.second().is_some_and(|t| t.is("KEY") || t.is("INDEX"));
            return if period || vector { tail(cursor).map(|()| true) } else { Ok(false) };
        }
        if cursor.words(&["PRIMARY", "KEY"]) {
            self.key(cursor, "PRIMARY".to_owned(), true)?;
        } else if cursor.word("UNIQUE") {
            let _ = cursor.word("KEY") || cursor.word("INDEX");
            self.key(cursor, name, false)?;
        } else if cursor.words(&["FOREIGN", "KEY"]) {
            self.foreign_key(cursor, name, current)?;
        } else if cursor.word("CHECK") {
            let expression = cursor.group()?;
            let enforced = !cursor.words(&["NOT", "ENFORCED"]);
            self.check(expression, name, enforced);
            tail(cursor)?;
        } else if cursor.word("FULLTEXT")
            || cursor.word("SPATIAL")
            || cursor.sees("KEY")
            || cursor.sees("INDEX")
        {
            let _ = cursor.word("KEY") || cursor.word("INDEX");
            tail(cursor)?;
        } else {
            return Err(not_understood());
        }
        Ok(true)
    }

    /// Reads a unique key behind its words: `[name] [USING x] (parts) options`.
    pub(super) fn key(&mut self, cursor: &mut Cursor<'_, '_>, mut name: String, primary: bool) -> Result<()> {
        if !cursor.sees_symbol(b'(') && !cursor.sees("USING") {
            name = cursor.name()?;
        }
        if cursor.word("USING") {
            cursor.name()?;
        }
        let (mut columns, mut expression) = (Vec::new(), false);
        for part in parts(cursor.group()?)? {
            let mut part = Cursor::new(part);
            if part.sees_symbol(b'(') {
                expression = true;
                columns.extend(self.named_in(part.group()?));
            } else {
                columns.push(self.spelled(&part.name()?));
                if part.sees_symbol(b'(') {
                    // A prefix: two values may be equal in it and differ behind.
                    part.group()?;
                    expression = true;
                }
                expression |= part.words(&["WITHOUT", "OVERLAPS"]);
            }
            let _ = part.word("ASC") || part.word("DESC");
            if !part.is_end() {
                return Err(not_understood());
            }
        }
        tail(cursor)?;
        self.uniques.push(Unique { name, columns, primary, expression });
        Ok(())
    }

    fn foreign_key(
        &mut self,
        cursor: &mut Cursor<'_, '_>,
        mut name: String,
        current: Option<&str>,
    ) -> Result<()> {
        cursor.words(&["IF", "NOT", "EXISTS"]);
        if !cursor.sees_symbol(b'(') {
            let index = cursor.name()?;
            if name.is_empty() {
                name = index;
            }
        }
        let columns = names(cursor.group()?)?.iter().map(|c| self.spelled(c)).collect();
        if !cursor.word("REFERENCES") {
            return Err(not_understood());
        }
        let target = cursor.table(current)?;
        let target_columns = names(cursor.group()?)?;
        tail(cursor)?;
        self.foreign_keys.push(ForeignKey { name, columns, target, target_columns });
        Ok(())
    }

    fn check(&mut self, expression: &[Item<'_>], name: String, enforced: bool) {
        let columns = self.named_in(expression);
        // `json_valid(c)` is how MariaDB writes a column of type JSON.
        if let [function, .., close] = expression
            && function.token.is("json_valid")
            && close.token == Token::Symbol(b')')
            && let [only] = columns.as_slice()
            && expression.len() == 4
            && let Some(column) = self.columns.iter_mut().find(|c| c.facts.name == *only)
            && (column.facts.ty.class.is_text() || column.facts.ty.class == TypeClass::Json)
        {
            column.facts.ty.class = TypeClass::Json;
            return;
        }
        let words = expression.iter().map(|item| self.word(item));
        let class =
            |name: &str| self.columns.iter().find(|c| c.facts.name == name).map(|c| &c.facts.ty.class);
        let exact = |name: &str| {
            class(name).is_some_and(|class| class.is_integer() || matches!(class, TypeClass::Numeric { .. }))
        };
        let tongue =
            Tongue { characters: COUNTS, bytes: BYTES, regexp: true, exact: &exact, type_of: &|_| None };
        let expression = check::expression(words, &tongue).filter(|_| enforced);
        self.checks.push(Check { name, columns: Some(columns), expression, valid: true });
    }

    fn word<'a>(&self, item: &Item<'a>) -> Word<'a> {
        match (&item.token, item.token.name()) {
            (Token::Word(_) | Token::Name(_), Some(name)) => {
                let column = self.columns.iter().find(|c| c.facts.name.eq_ignore_ascii_case(&name));
                match (column, &item.token) {
                    (Some(column), _) => Word::Column(column.facts.name.clone()),
                    (None, Token::Word(word)) => Word::Plain(word),
                    (None, _) => Word::Other,
                }
            }
            (Token::Text(text), _) => Word::Text(text.clone()),
            (Token::Number(digits), _) => Word::Number(digits),
            (Token::Symbol(byte), _) => Word::Symbol(*byte),
            _ => Word::Other,
        }
    }

    /// Returns the columns that an expression names, as they are defined. Words that name none are functions.
    fn named_in(&self, items: &[Item<'_>]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for name in items.iter().filter_map(|i| i.token.name()) {
            let column = self.columns.iter().find(|c| c.facts.name.eq_ignore_ascii_case(&name));
            if let Some(column) = column.filter(|c| !found.contains(&c.facts.name)) {
                found.push(column.facts.name.clone());
            }
        }
        found
    }

    /// Returns a column's name as its definition spells it.
    pub(super) fn spelled(&self, name: &str) -> String {
        let known = self.columns.iter().find(|c| c.facts.name.eq_ignore_ascii_case(name));
        known.map_or_else(|| name.to_owned(), |c| c.facts.name.clone())
    }

    /// Reads a column's definition: name, type, attributes.
    pub(super) fn column(&mut self, cursor: &mut Cursor<'_, '_>) -> Result<()> {
        let quoted = matches!(cursor.peek(), Some(Token::Name(_)));
        // A query in place of the list.
        if !quoted && ["SELECT", "LIKE", "WITH", "VALUES", "TABLE"].iter().any(|w| cursor.sees(w)) {
            return Err(Error::input("a CREATE TABLE from a query").hint("its rows would be copied unmasked"));
        }
        let name = cursor.name()?;
        let national = ["NATIONAL", "NCHAR", "NVARCHAR"].iter().any(|w| cursor.sees(w));
        let read = types::read(cursor)?;
        let facts = ColumnFacts {
            name,
            ty: read.ty,
            not_null: read.serial,
            generated: false,
            literal_default: false,
            numbered: read.serial,
        };
        let charset = national.then(|| Charset::named("utf8mb3"));
        let mut column = Column { facts, invisible: false, charset };
        if read.serial {
            self.unique_column(&column.facts.name, false);
        }
        let mut checks = Vec::new();
        while !cursor.is_end() {
            self.attribute(cursor, &mut column, &mut checks)?;
        }
        self.charsets.extend(column.charset.take().map(|charset| (column.facts.name.clone(), charset)));
        self.columns.push(column);
        for (check, enforced) in checks {
            self.check(check, String::new(), enforced);
        }
        Ok(())
    }

    fn unique_column(&mut self, column: &str, primary: bool) {
        let name = if primary { "PRIMARY".to_owned() } else { column.to_owned() };
        self.uniques.push(Unique { name, columns: vec![column.to_owned()], primary, expression: false });
    }

    fn attribute<'i, 'a>(
        &mut self,
        cursor: &mut Cursor<'i, 'a>,
        column: &mut Column,
        checks: &mut Vec<(&'i [Item<'a>], bool)>,
    ) -> Result<()> {
        let facts = &mut column.facts;
        if cursor.words(&["NOT", "NULL"]) {
            facts.not_null = true;
        } else if cursor.word("UNSIGNED") {
            facts.ty.text.push_str(" unsigned");
        } else if cursor.word("NULL") || cursor.word("SIGNED") || cursor.word("ZEROFILL") {
        } else if cursor.word("AUTO_INCREMENT") {
            facts.numbered = true;
        } else if cursor.word("INVISIBLE") {
            column.invisible = true;
        } else if cursor.words(&["CHARACTER", "SET"]) || cursor.word("CHARSET") {
            cursor.symbol(b'=');
            let name = cursor.name()?;
            if name.eq_ignore_ascii_case("binary") {
                facts.ty.class = TypeClass::Bytes;
            }
            column.charset = Some(Charset::named(&name));
        } else if cursor.sees("COLLATE") {
            cursor.next();
            cursor.symbol(b'=');
            let name = collation(cursor.next())?;
            if column.charset.is_none() {
                column.charset = Charset::of_collation(&name);
            }
        } else if cursor.word("ASCII") {
            column.charset = Some(Charset::named("latin1"));
        } else if cursor.word("DEFAULT") {
            facts.literal_default = default(cursor)?;
        } else if cursor.words(&["ON", "UPDATE"]) {
            function(cursor)?;
        } else if cursor.words(&["PRIMARY", "KEY"]) || cursor.word("KEY") {
            facts.not_null = true;
            let name = facts.name.clone();
            self.unique_column(&name, true);
        } else if cursor.word("UNIQUE") {
            cursor.word("KEY");
            let name = facts.name.clone();
            self.unique_column(&name, false);
        } else if cursor.words(&["GENERATED", "ALWAYS", "AS", "ROW"]) || cursor.words(&["AS", "ROW"]) {
            facts.generated = true;
            cursor.next().filter(|t| t.is("START") || t.is("END")).ok_or_else(not_understood)?;
        } else if cursor.words(&["GENERATED", "ALWAYS", "AS"]) || cursor.word("AS") {
            facts.generated = true;
            cursor.group()?;
            let _ = cursor.word("VIRTUAL") || cursor.word("STORED") || cursor.word("PERSISTENT");
        } else if cursor.word("CHECK") {
            let expression = cursor.group()?;
            checks.push((expression, !cursor.words(&["NOT", "ENFORCED"])));
        } else if cursor.word("CONSTRAINT") {
            if !cursor.sees("CHECK") {
                cursor.name()?;
            }
        } else if cursor.word("REFERENCES") {
            // InnoDB of MySQL ignores it here, MariaDB does not: it names a table that the facts should know.
            return Err(not_understood());
        } else {
            other_attribute(cursor)?;
        }
        Ok(())
    }

    /// Reads what stands behind the list.
    fn options(&mut self, cursor: &mut Cursor<'_, '_>) -> Result<()> {
        while !cursor.is_end() {
            if cursor.words(&["PARTITION", "BY"]) {
                return self.partitions(cursor);
            }
            cursor.symbol(b',');
            self.option(cursor)?;
        }
        Ok(())
    }

    fn option(&mut self, cursor: &mut Cursor<'_, '_>) -> Result<()> {
        if FOREIGN.iter().any(|w| cursor.sees(w)) || cursor.sees_symbol(b';') {
            return Err(Error::input("a CREATE TABLE from a query").hint("its rows would be copied unmasked"));
        }
        if cursor.words(&["WITH", "SYSTEM", "VERSIONING"]) {
            self.versioned = true;
            return Ok(());
        }
        cursor.word("DEFAULT");
        let name = match cursor.next() {
            Some(Token::Name(name)) => String::from_utf8_lossy(name).to_ascii_uppercase(),
            Some(token) => token.upper(),
            None => return Err(not_understood()),
        };
        match name.as_str() {
            "CHARACTER" if !cursor.word("SET") => return Err(not_understood()),
            "DATA" | "INDEX" if !cursor.word("DIRECTORY") => return Err(not_understood()),
            "CONNECTION" => return Err(secrets("CONNECTION")),
            "CHARACTER" | "CHARSET" | "COLLATE" => {
                cursor.symbol(b'=');
                let value = collation(cursor.next())?;
                if name == "COLLATE" {
                    self.charset = self.charset.take().or_else(|| Charset::of_collation(&value));
                } else {
                    self.charset = Some(Charset::named(&value));
                }
                return Ok(());
            }
            "" => return Err(not_understood()),
            _ => {}
        }
        let equals = cursor.symbol(b'=');
        let bare = ["COMMENT", "ENGINE", "TABLESPACE", "ROW_FORMAT", "TYPE"];
        if !equals && !bare.contains(&name.as_str()) {
            return Err(not_understood());
        }
        if cursor.sees_symbol(b'(') {
            cursor.group()?;
            return Ok(());
        }
        match cursor.next() {
            Some(Token::Text(_) | Token::Number(_) | Token::Word(_) | Token::Name(_)) if name != "ENGINE" => {
                Ok(())
            }
            Some(token) if name == "ENGINE" => {
                self.engine = true;
                engine(token)
            }
            _ => Err(not_understood()),
        }
    }

    /// Reads `PARTITION BY …` to the end: which columns decide.
    fn partitions(&mut self, cursor: &mut Cursor<'_, '_>) -> Result<()> {
        let mut key = Vec::new();
        let mut whole_key = false;
        self.partitions = partition::bounds(cursor.clone());
        while let Some(token) = cursor.peek() {
            let word = token.upper();
            if FOREIGN.iter().any(|w| *w == word && word != "VALUES") || cursor.sees_symbol(b';') {
                return Err(not_understood());
            }
            cursor.next();
            if word == "ENGINE" {
                cursor.symbol(b'=');
                engine(cursor.next().ok_or_else(not_understood)?)?;
            }
            if matches!(word.as_str(), "HASH" | "KEY" | "RANGE" | "LIST") {
                if cursor.word("ALGORITHM") {
                    cursor.symbol(b'=');
                    cursor.next();
                }
                cursor.word("COLUMNS");
                let group = cursor.group()?;
                whole_key |= group.is_empty();
                key.extend(self.named_in(group));
            } else if cursor.sees_symbol(b'(') {
                self.partition_list(cursor.group()?)?;
            }
        }
        if whole_key {
            key.extend(self.uniques.iter().filter(|u| u.primary).flat_map(|u| u.columns.clone()));
        }
        self.partition_key = Some(key);
        Ok(())
    }

    fn partition_list(&self, items: &[Item<'_>]) -> Result<()> {
        for (at, item) in items.iter().enumerate() {
            let next = items.get(at + 1).map(|i| &i.token);
            if item.token.is("SELECT") || item.token == Token::Symbol(b';') {
                return Err(not_understood());
            }
            if item.token.is("CONNECTION") || (item.token.is("ENGINE") && next != Some(&Token::Symbol(b'=')))
            {
                return Err(secrets("CONNECTION"));
            }
            if item.token.is("ENGINE") {
                engine(items.get(at + 2).map(|i| &i.token).ok_or_else(not_understood)?)?;
            }
        }
        Ok(())
    }

    /// Makes the columns of a primary key NOT NULL.
    fn finish(&mut self) {
        let primary: Vec<String> =
            self.uniques.iter().filter(|u| u.primary).flat_map(|u| u.columns.clone()).collect();
        for column in &mut self.columns {
            column.facts.not_null |= primary.contains(&column.facts.name);
        }
    }
}

/// Reads the name of a character set or collation.
fn collation(token: Option<&Token<'_>>) -> Result<String> {
    match token {
        Some(Token::Text(text)) => Ok(String::from_utf8_lossy(text).into_owned()),
        Some(token @ (Token::Word(_) | Token::Name(_))) => token.name().ok_or_else(not_understood),
        _ => Err(not_understood()),
    }
}

fn engine(token: &Token<'_>) -> Result<()> {
    let name = match token {
        Token::Text(text) => String::from_utf8_lossy(text).into_owned(),
        token => token.name().unwrap_or_default(),
    };
    if ENGINES.contains(&name.to_ascii_uppercase().as_str()) { Ok(()) } else { Err(secrets("ENGINE")) }
}

/// Reads the value of DEFAULT; says whether it is a literal that may hold data.
fn default(cursor: &mut Cursor<'_, '_>) -> Result<bool> {
    if cursor.sees_symbol(b'(') {
        let group = cursor.group()?;
        return Ok(group.iter().any(|i| matches!(i.token, Token::Text(_) | Token::Number(_))));
    }
    let _ = cursor.symbol(b'-') || cursor.symbol(b'+');
    match cursor.peek() {
        Some(Token::Text(_) | Token::Number(_)) => {
            cursor.next();
            Ok(true)
        }
        Some(token @ Token::Word(_)) if matches!(cursor.second(), Some(Token::Text(_))) => {
            // `_utf8mb4'…'`, `x'…'`, `b'…'`, `DATE '…'`; a comment is the next attribute.
            let attribute = token.is("NULL") || token.is("TRUE") || token.is("FALSE");
            cursor.next();
            if !attribute {
                cursor.next();
            }
            Ok(!attribute)
        }
        Some(_) if cursor.words(&["NEXT", "VALUE", "FOR"]) => {
            cursor.table(None)?;
            Ok(false)
        }
        _ => {
            function(cursor)?;
            Ok(false)
        }
    }
}

/// Reads `word` or `word(…)`.
fn function(cursor: &mut Cursor<'_, '_>) -> Result<()> {
    let Some(Token::Word(_)) = cursor.next() else { return Err(not_understood()) };
    if cursor.sees_symbol(b'(') {
        cursor.group()?;
    }
    Ok(())
}

/// Reads an attribute that says nothing of what rows look like.
fn other_attribute(cursor: &mut Cursor<'_, '_>) -> Result<()> {
    let alone = ["BINARY", "UNICODE", "BYTE", "VISIBLE", "COMPRESSED", "ENFORCED", "VIRTUAL", "STORED"];
    let valued = ["COMMENT", "COLUMN_FORMAT", "STORAGE", "SRID"];
    if cursor.words(&["NOT", "ENFORCED"])
        || cursor.words(&["WITH", "SYSTEM", "VERSIONING"])
        || cursor.words(&["WITHOUT", "SYSTEM", "VERSIONING"])
        || cursor.words(&["SERIAL", "DEFAULT", "VALUE"])
    {
        return Ok(());
    }
    let token = cursor.next().ok_or_else(not_understood)?;
    if cursor.symbol(b'=') || valued.iter().any(|w| token.is(w)) {
        return match (token, cursor.next()) {
            (
                Token::Word(_) | Token::Name(_),
                Some(Token::Text(_) | Token::Number(_) | Token::Word(_) | Token::Name(_)),
            ) => Ok(()),
            _ => Err(not_understood()),
        };
    }
    if alone.iter().any(|w| token.is(w)) { Ok(()) } else { Err(not_understood()) }
}

/// Steps over the rest of a key or constraint: options without a say in columns.
pub(super) fn tail(cursor: &mut Cursor<'_, '_>) -> Result<()> {
    while let Some(token) = cursor.peek() {
        if *token == Token::Symbol(b';') || token.is("SELECT") {
            return Err(not_understood());
        }
        if cursor.sees_symbol(b'(') {
            cursor.group()?;
        } else {
            cursor.next();
        }
    }
    Ok(())
}

/// Reads a list of names.
pub(super) fn names(items: &[Item<'_>]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for part in parts(items)? {
        let mut part = Cursor::new(part);
        names.push(part.name()?);
        if part.sees_symbol(b'(') {
            part.group()?;
        }
        if !part.is_end() {
            return Err(not_understood());
        }
    }
    Ok(names)
}
