//! The dump formats: one folder a format, the only place that knows bytes and escapes. Nothing here masks, and
//! nothing outside matches on a format: ask the trait.
//!
//! A `Reader` cuts a `Source` into `Piece`s: whole records only, found by searching for record ends and nothing
//! else. A `Piece` holds its bytes and a list of `Part`s that cover all of them, in order. Rows are split, decoded
//! and encoded by the `RowCodec` that comes with the part, on the workers. A `Sink` puts the results together again,
//! in order. What a reader does not know is an error; there is no part for "something else".

use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, Message, Result};
use crate::row::field::{Cell, Span};
use crate::row::object::ObjectClass;
use crate::row::shape::{Facts, Shape};

pub mod archive;
pub mod buffer;
pub mod charset;
mod check;
mod compression;
pub mod copy_text;
pub mod csv;
pub mod emit;
pub mod insert;
pub mod json_lines;
mod limited;
mod lines;
mod made;
pub mod magic;
pub mod mysql;
mod one_table;
pub mod pg_dump;
mod recoded;
mod sink;
pub mod sqlite;
mod statements;
mod transcode;
pub mod tsv;

pub use archive::{ArchiveOptions, Blank, Form, ustar};
pub use buffer::Buffer;
pub use charset::Charset;
pub use compression::{
    COMPRESSIONS, Chunk, Compression, Encoder, LZ4_FRAMES, Layout, Packing, Sum, Unpacking, ZLIB,
    of_extension, of_head,
};
pub use made::made_rows;
pub use sink::{Entry, Frame, Joints, Out, PlainSink, Put, Sink};

/// Where bytes come from: a file, a folder of them, standard input. Decompressed bytes.
pub trait Source: Send {
    /// Reads up to `buf.len()` bytes; 0 is the end. May return less at any time.
    ///
    /// # Errors
    /// The system's.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize>;

    /// Says whether it is a folder, whose members are read by their names.
    fn is_folder(&self) -> bool {
        false
    }

    /// Goes on at the start of a member of the folder. `name` comes from the input and must have been checked to be a bare
    /// file name.
    ///
    /// # Errors
    /// The system's; `Unsupported` where the source is no folder.
    fn member(&mut self, name: &str) -> io::Result<()> {
        let _ = name;
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// One piece of the input: bytes and what they are.
#[derive(Default)]
pub struct Piece {
    /// The bytes; parts point into `buffer.bytes()`.
    pub buffer: Buffer,
    /// What they are, in order, without gaps.
    pub parts: Vec<Part>,
    /// Offset of the first byte in the source.
    pub byte: u64,
    /// What to write in place of this piece, and of all that follows, if the run fails here: it makes every reader
    /// of the stream fail (DESIGN 6). The pipeline puts it on a line of its own.
    pub poison: Option<Arc<[u8]>>,
    /// The same for the place behind this piece.
    pub poison_after: Option<Arc<[u8]>>,
}

/// A stretch of a piece. Ranges are relative to the piece's bytes.
pub enum Part {
    /// Passes as it is: DDL of the closed list, comments, markers.
    Verbatim(Range<usize>),
    /// Rows of a table begin. `head` is what announces them (`COPY … FROM stdin;`, a CSV's header).
    Begin {
        /// The announcement's bytes.
        head: Range<usize>,
        /// The columns in the order of the data.
        shape: Arc<Shape>,
        /// Splits, decodes and encodes this table's rows.
        codec: Arc<dyn RowCodec>,
    },
    /// Whole rows of the table that began last.
    Rows(Range<usize>),
    /// What is no column but may hold data or secrets: the profile decides (`objects:`).
    Opaque {
        /// What it is; any one of them may stop or suppress it.
        classes: &'static [ObjectClass],
        /// All its bytes.
        range: Range<usize>,
        /// What of them is left out where it is suppressed: all, or only the secret.
        cut: Range<usize>,
    },
    /// The same, and so many, where finding their ends came with all that `RowCodec::count` looks at: if they pass as they
    /// are, they need not be counted again.
    Counted(Range<usize>, u64),
    /// The table's rows end; `tail` is what says so (`\.`).
    End {
        /// The bytes.
        tail: Range<usize>,
    },
    /// What follows belongs to an entry of an archive, until `Leave`. Has no bytes.
    Enter(Entry),
    /// The entry ends.
    Leave,
    /// A large object begins in the entry. Has no bytes.
    Object(u32),
    /// Bytes as the archive stores them, of a table in which nothing changes or of large objects that stay.
    Stored(Range<usize>),
    /// Bytes of large objects that stay, unpacked, to be packed anew.
    Unpacked(Range<usize>),
}

/// Where the schema of an input goes on once its rows have begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BehindRows {
    /// Nothing follows (CSV).
    Nothing,
    /// As a rule at the last of these marks: what stands between is rows. What is no such dump is still seen when it is
    /// read whole.
    Last {
        /// What is looked for.
        mark: &'static [u8],
        /// How many of its bytes belong to what is skipped.
        skip: usize,
    },
    /// It cannot be said.
    Anywhere,
}

/// Cuts a source into pieces. Called by one thread at a time; does as little as can be.
pub trait Reader: Send {
    /// Replaces `piece` by the next one: at least one whole record, as much as one read gave. `false` at the end,
    /// after all that makes an input complete was seen.
    ///
    /// # Errors
    /// `ErrorKind::Input` for anything unknown, malformed or cut off; `ErrorKind::Io`.
    fn next(&mut self, source: &mut dyn Source, piece: &mut Piece) -> Result<bool>;

    /// Returns what is known of the schema so far.
    fn facts(&self) -> &Facts;

    /// Returns whether one input holds a whole schema (a dump), so that a table it lacks is missing, rather than one
    /// table (a CSV) or a part (rows alone). What was read so far decides: ask again at the end.
    fn whole_schema(&self) -> bool;

    /// Says where the schema goes on once rows have begun, so that a facts pass need not read them.
    fn behind_rows(&self) -> BehindRows {
        BehindRows::Anywhere
    }

    /// Says that only facts are wanted, before the first piece: where nothing but the rows says what columns there are,
    /// the reader then looks for them in every row.
    fn learn(&mut self) {}

    /// Says that rows are read in the only pass there is, before the first piece: where nothing but the rows says what
    /// columns there are, a table whose later rows have more begins anew with all of them.
    fn grow(&mut self) {}

    /// Says that rows may be passed over in the cheapest way that is still certain of where they end, if they are sound;
    /// may be said at any time. An error may then be no fault of the input. Only for learning facts.
    fn skim(&mut self) {}

    /// Returns what each statement of the rows being read begins with, up to its first row: where the same stands at the
    /// beginning of a later line, a facts pass may take all before it for rows of this table. `None`: it may not.
    fn alike(&self) -> Option<&[u8]> {
        None
    }

    /// Goes on at a later place of the source, at the mark that `behind_rows` named or at what `alike` did: what was
    /// carried over is dropped. Only for learning facts.
    fn resume(&mut self, byte: u64) {
        let _ = byte;
    }

    /// Says that nothing changes in the rows of the table whose `Begin` ended the last piece: they may be handed over as
    /// they are stored (`Part::Stored`), unread.
    fn pass_stored(&mut self) {}

    /// Says that all rows of the table whose rows go on behind the last piece are split by a worker, which looks at every byte
    /// of them: the reader needs to know no more than where they may be cut.
    fn cut_only(&mut self) {}

    /// Says that tables may get invented rows: a table without rows begins too (and ends at once) where the input says that
    /// its rows would stand. Where it does not say so, such a table has no place for them.
    fn begin_empty(&mut self) {}

    /// Says whether places in the input are told by lines and bytes; else by tables and rows.
    fn has_lines(&self) -> bool {
        true
    }

    /// Returns what to write first and last if the whole stream shall be one transaction (`--guard`); `None` if the
    /// format has none.
    fn guard(&self) -> Option<(&'static [u8], &'static [u8])> {
        None
    }

    /// Says that the whole stream is one transaction (`--guard`), before the first piece: what cannot stand in one is
    /// refused.
    fn guarded(&mut self) {}

    /// Makes the Sink that puts this format's pieces together.
    fn sink(&self) -> Box<dyn Sink> {
        Box::new(PlainSink::default())
    }
}

/// Where the fields of a chunk of rows lie. Only wanted columns are noted.
#[derive(Default)]
pub struct Spans {
    /// `rows × wanted` raw fields, row by row.
    pub fields: Vec<Span>,
    /// One span a row, its end mark included.
    pub rows: Vec<Span>,
    /// One entry a field: whether it must be decoded. Empty where the codec does not tell, and then all must.
    pub escaped: Vec<bool>,
}

impl Spans {
    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.fields.clear();
        self.rows.clear();
        self.escaped.clear();
    }
}

/// How one table's rows are split, decoded and encoded. Knows the number of columns; shared by all workers.
pub trait RowCodec: Send + Sync {
    /// Splits whole rows from `block[from..]`, at most `limit` of them, and appends to `spans`: every row, and for
    /// every row its `wanted` columns (ascending indexes). Returns where it stopped. Every row's number of fields is
    /// counted and every escape that could shift a border is checked.
    ///
    /// # Errors
    /// A row with another number of fields or a broken one; line (from 1) and row (from 1) relative to `block[from..]`.
    fn split(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        wanted: &[usize],
        spans: &mut Spans,
    ) -> Result<usize>;

    /// Decodes one raw field; escaped ones are appended to `arena`.
    ///
    /// # Errors
    /// An escape that the format does not define.
    fn decode(&self, block: &[u8], field: Span, arena: &mut Vec<u8>) -> Result<Cell>;

    /// Decodes one column of a chunk: of each row the field at place `column` of `stride` wanted ones. Appends a cell
    /// for each.
    ///
    /// # Errors
    /// As `decode`; as many cells were appended as rows came before the broken one.
    fn decode_column(
        &self,
        block: &[u8],
        spans: &Spans,
        (column, stride): (usize, usize),
        cells: &mut Vec<Cell>,
        arena: &mut Vec<u8>,
    ) -> Result<()> {
        // A row without that field has none to decode; the caller has counted them.
        let rows = spans.fields.chunks_exact(stride);
        let fields = rows.map(|row| row.get(column).copied().unwrap_or_default());
        if spans.escaped.len() != spans.fields.len() {
            for field in fields {
                cells.push(self.decode(block, field, arena)?);
            }
            return Ok(());
        }
        let rows = spans.escaped.chunks_exact(stride);
        let mut escaped = rows.map(|row| row.get(column).copied().unwrap_or(true));
        if !escaped.clone().any(|escaped| escaped) {
            cells.extend(fields.map(Cell::Raw));
            return Ok(());
        }
        for field in fields {
            let escaped = escaped.next().unwrap_or(true);
            cells.push(if escaped { self.decode(block, field, arena)? } else { Cell::Raw(field) });
        }
        Ok(())
    }

    /// Returns the mark between two of which values stand, if `encodes_as_is` speaks of what is written between them; a
    /// field without them needs `encode`.
    fn quote(&self) -> Option<u8> {
        None
    }

    /// Says whether what `encodes_as_is` speaks of may also take the place of a whole field without those marks.
    fn quote_is_optional(&self) -> bool {
        false
    }

    /// Returns the digits that a whole number may have which is its own encoding where a whole field was read as it stands
    /// (`Cell::Raw`). 0: there is none such.
    fn bare_digits(&self) -> usize {
        0
    }

    /// Says whether every stand-in of a column, given one after the other, is its own encoding whatever the original
    /// looked like, so that none needs `encode`.
    fn encodes_as_is(&self, standins: &[u8]) -> bool {
        let _ = standins;
        false
    }

    /// Says whether the wanted fields of every row lie in the order of the columns. If not (keys of JSON objects), they
    /// are put in order before a row is put together; a field that a row lacks is empty and lies at the row's start.
    fn is_ordered(&self) -> bool {
        true
    }

    /// Says whether the format can hold a stand-in at all, in the character set of the input.
    fn holds(&self, standin: &[u8]) -> bool {
        let _ = standin;
        true
    }

    /// Appends the encoded form of a stand-in; `raw` is the original's raw field, whose quoting is kept where possible.
    ///
    /// # Errors
    /// A stand-in that the format cannot hold.
    fn encode(&self, standin: &[u8], raw: &[u8], out: &mut Vec<u8>) -> Result<()>;

    /// Appends the encoded NULL.
    fn encode_null(&self, raw: &[u8], out: &mut Vec<u8>);

    /// Appends a whole row that the input did not have, as the format writes rows where a table's rows begin: where they are
    /// statements, one of its own. One value a column, `None` for NULL.
    ///
    /// # Errors
    /// A format or table that cannot take one; a value that it cannot hold.
    fn write_row(&self, row: &[Option<Given<'_>>], out: &mut Vec<u8>) -> Result<()> {
        let _ = (row, out);
        Err(Error::input("rows cannot be inserted into this table: its rows name no values"))
    }

    /// Says what stands between two rows (or before the first, or behind the last), where dropping a row must not break
    /// what is around it.
    fn joint(&self, between: &[u8]) -> Joint {
        let _ = between;
        Joint::Line
    }

    /// Returns what begins a statement, where rows stand in statements.
    fn head(&self) -> &[u8] {
        &[]
    }

    /// Counts the lines of whole rows already split; formats whose rows are lines know without looking.
    fn lines(&self, block: &[u8], rows: u64) -> u64 {
        let _ = rows;
        u64::try_from(memchr::memchr_iter(b'\n', block).count()).unwrap_or(u64::MAX)
    }

    /// Checks rows of a table in which nothing is masked, as far as can be done without splitting them, and returns
    /// (rows, lines) counted.
    ///
    /// # Errors
    /// As `split`.
    fn count(&self, block: &[u8]) -> Result<(u64, u64)>;
}

/// A value that the input did not have.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Decoded.
    pub text: &'a [u8],
    /// Whether it stands without quotes where the format has both: numbers and booleans.
    pub bare: bool,
}

impl std::fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} bytes>", self.text.len())
    }
}

/// What stands between two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// Nothing that matters: every row stands for itself.
    Line,
    /// The separator of two rows of one statement.
    Separator,
    /// The end of a statement up to `close` (0: none ends here), and from there on the beginning of the next, if one
    /// `opens` here.
    Statement {
        /// Where the end of the last statement ends.
        close: usize,
        /// Whether another begins behind it.
        opens: bool,
    },
}

/// What the command line says about an input's format.
#[derive(Clone, Debug, Default)]
pub struct InputOptions {
    /// Whether the command line named the format, so that what could be read in two ways is not.
    pub named: bool,
    /// `--columns a,b,c`: the input has no header.
    pub columns: Option<Vec<String>>,
    /// `--delimiter`.
    pub delimiter: Option<u8>,
    /// `--quote`.
    pub quote: Option<u8>,
    /// Name of the table, where the input itself has none (a file's stem).
    pub table: Option<String>,
    /// `--allow-databases`: the input may name the databases that it loads into.
    pub allow_databases: bool,
    /// Longest record in bytes.
    pub max_row: usize,
    /// How much to read at once; 0 = the format's choice.
    pub read_bytes: usize,
    /// How the input is called in messages.
    pub source: Option<Message>,
    /// A schema known from elsewhere (`--schema FILE`, or the facts pass).
    pub facts: Option<Facts>,
    /// How an archive is written.
    pub archive: ArchiveOptions,
    /// Whether all threads may parse schema statements before their turn comes.
    pub ahead: bool,
    /// Whether it may have been written by hand: only its definitions are wanted, and no row of it goes on.
    pub by_hand: bool,
}

/// A format: how to recognise and to read it.
pub trait Format: Sync {
    /// Its word for `--input-format`.
    fn name(&self) -> &'static str;

    /// Says whether the first bytes of an input (up to 8 KiB; all there are, if fewer) are of this format.
    fn sniff(&self, head: &[u8], file_name: Option<&str>) -> bool;

    /// Returns the form of the archive that begins so; `None` for formats that are text.
    fn archive_form(&self, head: &[u8], folder: bool) -> Option<Form> {
        let _ = (head, folder);
        None
    }

    /// Says whether nothing but the rows tells what columns there are, so that a file needs a facts pass even where
    /// nothing in it is masked.
    fn learns_from_rows(&self, options: &InputOptions) -> bool {
        let _ = options;
        false
    }

    /// Makes a reader.
    ///
    /// # Errors
    /// Options that the format cannot honour.
    fn reader(&self, options: &InputOptions) -> Result<Box<dyn Reader>>;
}

/// All formats, in the order in which they are asked.
pub static FORMATS: &[&dyn Format] = &[
    &archive::Archive,
    &mysql::MySql,
    &sqlite::Sqlite,
    &pg_dump::PgDump,
    &json_lines::JsonLines,
    &tsv::Tsv,
    &csv::Csv,
];
