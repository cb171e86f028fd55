//! What mysqldump, mariadb-dump, mydumper and phpMyAdmin write.
//!
//! The grammar, as the `mysql` and `mariadb` clients read it:
//!
//! ```text
//! dump        = [ sandbox ] { blank | comment | delimiter | statement | region } end
//! sandbox     = "/*M!999999\- enable the sandbox mode */"
//! delimiter   = "DELIMITER" token NL                on a line of its own
//! statement   = text delimiter                      split by `splitter`, admitted by `heads` (a closed list)
//! text        = { token | conditional }             read by `lexer` under the `sql_mode` of `session`
//! conditional = "/*!" [ version ] text "*/" | "/*M!" …    counts as executed, whatever its version
//! region      = INSERT or REPLACE statements with the same head: `crate::format::insert`; delimiter `;` only
//! end         = `-- MySQL dump` and `-- MariaDB dump` oblige `-- Dump completed`; LOCK TABLES, START TRANSACTION,
//!               DELIMITER and saved variables are undone; no statement is left half
//! ```
//!
//! CREATE and ALTER TABLE tell the facts (`ddl`), before the table's rows; a table without them needs a column list. The
//! texts of their COMMENT clauses (`comments`) are the profile's to decide on (`objects:`).
//! Routines, triggers, events and views pass as they are (`body` finds their end).
//!
//! Everything else stops the run: other heads, client commands, databases by name unless `--allow-databases`, a
//! `sql_mode` that is not a literal, comments inside INSERT statements, optimizer hints. Of character sets other than UTF-8
//! those that `format::charset` knows are read, through `format::transcode` (in some a backslash or quote may be half a
//! character), where `SET NAMES` says so in the header and nothing stands in another one but ASCII.

mod body;
mod comments;
mod ddl;
mod emit;
mod heads;
mod lexer;
mod poison;
mod reader;
mod session;
mod splitter;
#[cfg(test)]
mod tests;

pub use emit::MySqlEmit;

use crate::error::Result;
use crate::format::charset;
use crate::format::transcode::{Said, Transcoding};
use crate::format::{Format, InputOptions, Reader};

/// The format.
#[derive(Debug)]
pub struct MySql;

/// Begin a dump that cannot be another's.
const SURE: [&[u8]; 5] = [b"-- MySQL dump ", b"-- MariaDB dump ", b"-- phpMyAdmin SQL Dump", b"/*M!", b"/*!"];

/// Begin a line of other programs' dumps.
const OTHERS: [&[u8]; 6] = [
    b"-- PostgreSQL database",
    b"pragma ",
    b"begin transaction;",
    b"select pg_catalog.",
    b"\\restrict ",
    b"set statement_timeout",
];

/// Begin a line of a dump that only MySQL and its kin write.
const MARKS: [&[u8]; 16] = [
    b"-- MySQL dump ",
    b"-- MariaDB dump ",
    b"/*!4",
    b"/*!5",
    b"/*!8",
    b"/*!1",
    b"create table `",
    b"create table if not exists `",
    b"insert into `",
    b"insert ignore into `",
    b"replace into `",
    b"drop table if exists `",
    b"lock tables `",
    b") engine=",
    b"set names ",
    b"set sql_mode",
];

impl Format for MySql {
    fn name(&self) -> &'static str {
        "mysql"
    }

    /// Only what others cannot be: a header or conditional comment first, or a line with backquotes or ENGINE.
    fn sniff(&self, head: &[u8], _file_name: Option<&str>) -> bool {
        let begins =
            |line: &[u8], word: &&[u8]| line.get(..word.len()).is_some_and(|l| l.eq_ignore_ascii_case(word));
        let text = head.trim_ascii_start();
        if SURE.iter().any(|s| begins(text, s)) {
            return true;
        }
        let lines = || text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_start);
        if lines().any(|l| OTHERS.iter().any(|o| begins(l, o))) {
            return false;
        }
        // Whole lines only, the last one may be cut; data of another format may hold anything behind its first line.
        let sql: [&[u8]; 14] = [
            b"--",
            b"#",
            b"/*",
            b"set ",
            b"create ",
            b"insert ",
            b"replace ",
            b"drop ",
            b"use ",
            b"lock ",
            b"start ",
            b"begin",
            b"delimiter ",
            b"alter ",
        ];
        sql.iter().any(|s| begins(text, s)) && lines().any(|l| MARKS.iter().any(|m| begins(l, m)))
    }

    fn reader(&self, options: &InputOptions) -> Result<Box<dyn Reader>> {
        Ok(Box::new(Transcoding::new(reader::MySqlReader::new(options), said)))
    }
}

/// Looks for the character set in a line of a header.
fn said(line: &[u8]) -> Said {
    let comment = line.strip_prefix(b"/*!").and_then(|rest| rest.strip_suffix(b"*/;"));
    let text = comment.or_else(|| line.strip_suffix(b";")).unwrap_or_default();
    let text = text.trim_ascii_start();
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let words = text.get(digits..).unwrap_or_default().split(u8::is_ascii_whitespace);
    let mut words = words.filter(|word| !word.is_empty());
    let sets = words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"SET"));
    if sets && words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"NAMES")) {
        let name = words.next().unwrap_or_default();
        let name = name.strip_prefix(b"'").and_then(|name| name.strip_suffix(b"'")).unwrap_or(name);
        let set = std::str::from_utf8(name).ok().and_then(charset::of_mysql);
        return set.map_or(Said::Over, Said::Set);
    }
    let starts = |word: &&[u8]| line.starts_with(word);
    let header: [&[u8]; 5] = [b"--", b"#", b"/*!", b"/*M!", b"SET "];
    if line.trim_ascii().is_empty() || header.iter().any(starts) { Said::Nothing } else { Said::Over }
}
