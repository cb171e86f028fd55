//! What the readers of SQL dumps share: the steps of their scan, what they refuse in text that passes, and the place of an
//! error. Each reader keeps what its own dialect has.
//!
//! Comments pass as they are, since what dump programs write there is names and versions; those that hold rows are
//! refused: an INSERT or COPY that somebody commented out would go by unmasked.

use std::ops::Range;

use super::Part;
use crate::error::{Error, Message, Result};
use crate::message;
use crate::row::object::ObjectClass;

/// What one step of a scan came to.
pub(super) enum Step {
    /// Something whole was consumed.
    Went,
    /// What is there is not whole.
    More,
    /// The next statement must wait for the next piece.
    Cut,
}

/// Refuses NUL bytes, in comments and quotes too: the clients stop there, or drop what follows them on their line.
///
/// # Errors
/// `ErrorKind::Input`.
pub(super) fn no_nul(text: &[u8]) -> Result<()> {
    match memchr::memchr(0, text) {
        Some(_) => Err(Error::input("a NUL byte in SQL text").hint("the input may be UTF-16 or binary")),
        None => Ok(()),
    }
}

/// Makes the error of a statement that is longer than a record may be.
pub(super) fn long_statement(max_row: usize) -> Error {
    Error::input(message!("a statement is longer than {} bytes", max_row))
        .hint("raise --max-row if that is right")
}

/// Adds a place to an error: `at` in the bytes of a piece that begins at `byte`; `table` where the error names none.
pub(super) fn place(error: Error, bytes: &[u8], at: usize, byte: u64, table: Option<&Message>) -> Error {
    let lines = lines(bytes.get(..at.min(bytes.len())).unwrap_or_default());
    error.at(|place| {
        place.byte = u64::try_from(at).ok().map(|n| n + byte);
        place.line = Some(lines + 1);
        place.table = place.table.take().or_else(|| table.cloned());
    })
}

/// Hands over a statement of which the profile decides on some stretches; `cuts` are relative to its start, in order.
pub(super) fn cut_out(
    statement: Range<usize>,
    cuts: impl Iterator<Item = Range<usize>>,
    classes: &'static [ObjectClass],
    parts: &mut Vec<Part>,
) {
    let mut from = statement.start;
    for cut in cuts {
        let cut = statement.start + cut.start..(statement.start + cut.end).min(statement.end);
        parts.push(Part::Opaque { classes, range: from..cut.end, cut: cut.clone() });
        from = cut.end;
    }
    if from < statement.end {
        parts.push(Part::Verbatim(from..statement.end));
    }
}

/// Counts line ends.
pub(super) fn lines(text: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', text).count()).unwrap_or(u64::MAX)
}

/// Refuses comments in which a statement with rows stands.
///
/// # Errors
/// `ErrorKind::Input`, without a word of the comment.
pub(super) fn hold_no_rows(comments: &[u8]) -> Result<()> {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii();
    let mut seen = Seen::Nothing;
    for word in comments.split(|b| !is_word(b)).filter(|word| !word.is_empty()) {
        let is = |other: &str| word.eq_ignore_ascii_case(other.as_bytes());
        seen = match seen {
            Seen::Rows if is("VALUES") || is("VALUE") || is("SET") || is("SELECT") => return Err(rows()),
            Seen::From if is("STDIN") => return Err(rows()),
            Seen::Copy if is("FROM") => Seen::From,
            Seen::Insert if is("INTO") => Seen::Rows,
            Seen::Rows => Seen::Rows,
            _ if is("INSERT") || is("REPLACE") => Seen::Insert,
            _ if is("COPY") => Seen::Copy,
            Seen::Insert if is("IGNORE") || is("DELAYED") || is("OR") || is("LOW_PRIORITY") => Seen::Insert,
            Seen::Insert if is("HIGH_PRIORITY") => Seen::Insert,
            Seen::Copy => Seen::Copy,
            _ => Seen::Nothing,
        };
    }
    Ok(())
}

/// How much of a statement with rows was seen.
#[derive(Clone, Copy)]
enum Seen {
    Nothing,
    Insert,
    Rows,
    Copy,
    From,
}

fn rows() -> Error {
    Error::input("a comment that holds rows: an INSERT or COPY is commented out, and would pass unmasked")
        .hint("take the comment out of the dump")
}

#[cfg(test)]
mod tests {
    use super::hold_no_rows;

    #[test]
    fn what_dump_programs_write_passes() {
        for text in [
            "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 15.8 (Debian 15.8-0+deb12u1)\n",
            "--\n-- Data for Name: insert; Type: TABLE DATA; Schema: public; Owner: -\n--\n\n",
            "--\n-- Name: insert_into_log(integer); Type: FUNCTION; Schema: public; Owner: shop\n--\n",
            "-- Dumping data for table `values`\n--\n",
            "-- Name: COPY; Type: TABLE\n",
            "/* replaced in version 2 */ # insert here\n",
            "",
        ] {
            assert_eq!(hold_no_rows(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn rows_that_are_commented_out_are_refused() {
        for text in [
            "-- INSERT INTO customers VALUES (1,'kanarie');\n",
            "/* insert  ignore into `customers`\n(`id`) values (1) */",
            "# REPLACE INTO customers SET id=1\n",
            "/*\nCOPY public.customers (id, email) FROM stdin;\n1\tkanarie\n\\.\n*/",
            "-- insert or replace into t select 1\n",
        ] {
            let error = hold_no_rows(text.as_bytes()).unwrap_err();
            assert!(!format!("{error:?}").contains("kanarie"), "{text}");
        }
    }
}
