//! pg_dump's plain form, with COPY blocks or INSERT statements.
//!
//! The grammar, as psql reads it; what pg_dumpall writes is several such dumps behind the roles of the cluster:
//!
//! ```text
//! dump      = { blank | comment | restrict | connect | statement | copy | insert } end
//! restrict  = "\restrict" token NL | "\unrestrict" token NL     on a line of its own; balanced, same token
//! connect   = "\connect" database NL        with leave, of pg_dumpall or to a database just made; see `session`
//! statement = text ";"        split by `splitter`, admitted by `heads` (a closed list), facts read by `ddl`; what the
//!                             profile decides under `objects:` is found by `opaque` and `foreign`
//! copy      = "COPY" name [ "(" columns ")" ] "FROM stdin;" NL { row } "\." NL
//! row       = field { TAB field } NL        exactly one field a column; `copy_text` decodes
//! insert    = see `format::insert`          `--inserts`, `--column-inserts`, `--rows-per-insert`, …; `DEFAULT VALUES`
//! end       = a `-- PostgreSQL database dump` comment obliges a `-- PostgreSQL database dump complete`,
//!             `\restrict` obliges its `\unrestrict`, and no statement or row is left half
//! ```
//!
//! A part of a dump is read too: rows without definitions take those of `--schema`, failing that their column list names
//! columns of unknown types; what is said behind the rows may stand alone. Text is in the character set that
//! `client_encoding` names, as far as `format::charset` knows it; where its characters may hold ASCII, that is said once,
//! in the header, and all of the dump is read through `format::transcode`.
//!
//! Everything else stops the run: other meta-commands, other heads, COPY options, CRLF line ends, a line of rows that
//! begins with `\.` but is not the end mark, UTF-16, archives and compressed bytes.

mod ahead;
mod by_hand;
mod cut;
pub mod ddl;
mod emit;
mod foreign;
mod heads;
mod insert;
mod lexer;
mod literals;
mod opaque;
mod poison;
mod reader;
mod ring;
mod session;
mod splitter;

pub use emit::{CopyEmit, InsertEmit};

use crate::error::Result;
use crate::format::charset;
use crate::format::transcode::{Said, Transcoding};
use crate::format::{Format, InputOptions, Reader};

/// The format.
#[derive(Debug)]
pub struct PgDump;

impl Format for PgDump {
    fn name(&self) -> &'static str {
        "pg_dump"
    }

    /// Anything that begins like SQL: a comment, a meta-command, or a statement head of a dump.
    fn sniff(&self, head: &[u8], _file_name: Option<&str>) -> bool {
        let text = head.trim_ascii_start();
        let starts = |word: &[u8]| text.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word));
        let heads: [&[u8]; 14] = [
            b"--",
            b"/*",
            b"\\",
            b"set ",
            b"select ",
            b"create ",
            b"alter ",
            b"copy ",
            b"insert ",
            b"begin",
            b"drop ",
            b"comment ",
            b"do ",
            b"with ",
        ];
        heads.into_iter().any(starts)
    }

    fn reader(&self, options: &InputOptions) -> Result<Box<dyn Reader>> {
        Ok(Box::new(Transcoding::new(reader::PgDumpReader::new(options), said)))
    }
}

/// Makes a reader of what an archive holds, in which characters that may hold ASCII are refused.
pub(super) fn reader_of_part(options: &InputOptions) -> Box<dyn Reader> {
    Box::new(reader::PgDumpReader::new(options))
}

/// Looks for the character set in a line of a header.
fn said(line: &[u8]) -> Said {
    if let Some(set) = line.strip_prefix(b"SET client_encoding = '").and_then(|l| l.strip_suffix(b"';")) {
        let set = std::str::from_utf8(set).ok().and_then(charset::named);
        return set.filter(|set| set.is_mixed()).map_or(Said::Over, Said::Set);
    }
    let starts = |word: &&[u8]| line.starts_with(word);
    let header: [&[u8]; 5] =
        [b"--", b"SET ", b"\\restrict ", b"\\connect ", b"SELECT pg_catalog.set_config("];
    if line.is_empty() || header.iter().any(starts) { Said::Nothing } else { Said::Over }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nasty_43_a_header_says_its_character_set() {
        let word = |line: &str| match said(line.as_bytes()) {
            Said::Nothing => "",
            Said::Set(set) => set.name(),
            Said::Over => "over",
        };
        for line in ["", "-- Dumped from 15", "SET lock_timeout = 0;", "\\restrict x"] {
            assert_eq!(word(line), "", "{line}");
        }
        assert_eq!(word("SET client_encoding = 'SJIS';"), "SJIS");
        assert_eq!(word("SET client_encoding = 'UHC';"), "UHC");
        for line in ["SET client_encoding = 'UTF8';", "SET client_encoding = 'EUC_JP';", "CREATE TABLE t ();"]
        {
            assert_eq!(word(line), "over", "{line}");
        }
    }
}
