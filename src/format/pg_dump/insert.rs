//! What an INSERT statement of a pg_dump means for the table it names: its columns, in the order of its rows.
//!
//! A statement without a column list lists all columns, generated ones too, which pg_dump writes as DEFAULT
//! (`dumpTableData_insert`). A table that has nothing to list gets `DEFAULT VALUES`, one statement a row. Any other
//! statement that begins with INSERT is refused.

use super::ddl::Catalog;
use super::lexer::{Token, Tokens};
use crate::error::{Error, Result};
use crate::format::charset::Charset;
use crate::format::insert::{Announced, Dialect, announce};
use crate::format::{RowCodec, Spans};
use crate::message;
use crate::row::field::{Cell, Span};
use crate::row::shape::{Shape, TableName};

/// What the rows of a region are.
pub(super) struct Rows {
    /// The columns, without generated ones.
    pub(super) shape: Shape,
    /// Fields a row.
    pub(super) fields: usize,
    /// Fields (ascending) that are generated columns.
    pub(super) generated: Vec<usize>,
}

/// Reads a head in the character set of the dump; see `announce`.
///
/// # Errors
/// As `announce`; a name that is no text of the set.
pub(super) fn announced(text: &[u8], dialect: &Dialect, charset: &Charset) -> Result<Option<Announced>> {
    const MOST: usize = (1 << 20) + 1;
    let text = text.get(..MOST).unwrap_or(text);
    if charset.is_plain() || text.is_ascii() {
        return announce(text, dialect);
    }
    // Byte by byte as characters of their own, so that places in both texts can be told from each other.
    let spelled: String = text.iter().map(|byte| char::from(*byte)).collect();
    let Some(mut announced) = announce(spelled.as_bytes(), dialect)? else { return Ok(None) };
    let head = spelled.get(..announced.head).unwrap_or_default();
    announced.head = head.chars().count();
    let name = |name: &mut String| {
        let bytes: Vec<u8> = name.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        let read = charset.text(&bytes).map(std::borrow::Cow::into_owned);
        *name = read.ok_or_else(|| Error::input("a name that is no text of the dump's character set"))?;
        Ok(())
    };
    announced.name.iter_mut().try_for_each(name)?;
    announced.columns.iter_mut().flatten().try_for_each(name)?;
    Ok(Some(announced))
}

/// Lists the tables whose rows comments announce, as the heads of INSERT statements for them:
/// `-- Data for Name: people; Type: TABLE DATA; Schema: public; Owner: …` (`_printTocEntry`). A comment says where invented
/// rows may stand and nothing else: any place among the data is as good, and a table must be known.
pub(super) fn announced_by(comments: &[u8]) -> Vec<Vec<u8>> {
    let quoted = |name: &[u8]| {
        let inner = name.iter().flat_map(|byte| if *byte == b'"' { vec![b'"', b'"'] } else { vec![*byte] });
        [b"\"".to_vec(), inner.collect(), b"\"".to_vec()].concat()
    };
    let head = |line: &[u8]| {
        let rest = line.strip_prefix(b"-- Data for Name: ")?;
        let (name, rest) = cut(rest, b"; Type: TABLE DATA; Schema: ")?;
        let (schema, _) = cut(rest, b"; Owner: ")?;
        Some([b"INSERT INTO ", &*quoted(schema), b".", &*quoted(name), b" VALUES "].concat())
    };
    comments.split(|byte| *byte == b'\n').filter_map(head).collect()
}

/// Cuts a text at a mark.
fn cut<'t>(text: &'t [u8], mark: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
    let at = memchr::memmem::find(text, mark)?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

/// Says whether a table is defined, here or elsewhere, and rows can be in it.
pub(super) fn is_known(catalog: &mut Catalog, announced: &Announced) -> bool {
    let [schema, table] = announced.name.as_slice() else { return false };
    let name = TableName::new(Some(schema), table);
    catalog.meet(&name, None).is_ok() && catalog.facts().table(&name).is_some_and(|table| table.holds_rows)
}

/// Returns what the rows behind a head are.
///
/// # Errors
/// A table or column that is not known, generated or named twice.
pub(super) fn rows(catalog: &mut Catalog, announced: &Announced) -> Result<Rows> {
    let table = match announced.name.as_slice() {
        [table] => TableName::new(None, table),
        [schema, table] => TableName::new(Some(schema), table),
        _ => return Err(Error::input("a table name of more than two parts")),
    };
    catalog.meet(&table, announced.columns.as_deref())?;
    let shape = catalog.copy_shape(&table, announced.columns.as_deref())?;
    let generated = match (announced.columns.is_some(), catalog.facts().table(&table)) {
        (false, Some(known)) => {
            let columns = known.columns.iter().enumerate();
            columns.filter(|(_, c)| c.generated).map(|(at, _)| at).collect()
        }
        _ => Vec::new(),
    };
    Ok(Rows { fields: shape.columns.len() + generated.len(), shape, generated })
}

/// Reads `INSERT INTO table DEFAULT VALUES;` for a table all of whose columns are generated, if it has any. `None`: it
/// is another statement.
///
/// # Errors
/// A table that is not known, or that has columns of its own.
pub(super) fn defaults(catalog: &mut Catalog, statement: &[u8]) -> Result<Option<Shape>> {
    let mut tokens = Tokens::new(statement);
    if tokens.word() != "INSERT" || tokens.word() != "INTO" {
        return Ok(None);
    }
    let first = tokens.next_name();
    let name = if tokens.clone().next() == Some(Token::Symbol(b'.')) {
        tokens.next();
        TableName::new(Some(&first), &tokens.next_name())
    } else {
        TableName::new(None, &first)
    };
    if tokens.word() != "DEFAULT" || tokens.word() != "VALUES" {
        return Ok(None);
    }
    if (tokens.next(), tokens.next()) != (Some(Token::Symbol(b';')), None) {
        return Ok(None);
    }
    catalog.meet(&name, Some(&[]))?;
    let shape = catalog.copy_shape(&name, None)?;
    if shape.columns.is_empty() {
        return Ok(Some(shape));
    }
    Err(Error::input("`INSERT … DEFAULT VALUES` into a table that has columns")
        .hint("pg_dump writes it for tables without columns only")
        .at(|place| place.table = Some(message!("{}", name))))
}

/// The codec of `DEFAULT VALUES`: a statement is a row without fields.
#[derive(Debug)]
pub(super) struct DefaultRow;

impl RowCodec for DefaultRow {
    fn split(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        wanted: &[usize],
        spans: &mut Spans,
    ) -> Result<usize> {
        if !wanted.is_empty() {
            return Err(Error::bug("columns were asked for that the table does not have"));
        }
        if limit == 0 || from >= block.len() {
            return Ok(from);
        }
        let end = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        spans.rows.push(Span::new(end(from), end(block.len())));
        Ok(block.len())
    }

    fn decode(&self, _block: &[u8], _field: Span, _arena: &mut Vec<u8>) -> Result<Cell> {
        Err(Error::bug("a row without fields was decoded"))
    }

    fn encode(&self, _standin: &[u8], _raw: &[u8], _out: &mut Vec<u8>) -> Result<()> {
        Err(Error::bug("a row without fields was encoded"))
    }

    fn encode_null(&self, _raw: &[u8], _out: &mut Vec<u8>) {}

    fn count(&self, block: &[u8]) -> Result<(u64, u64)> {
        Ok((1, self.lines(block, 1)))
    }
}
