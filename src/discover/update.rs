//! `--update`: what is new in a schema comes into a profile as `undecided`, by lines put in between. All else of the text
//! stays as it is, to the byte: decisions, comments, order, line ends.
//!
//! Refuses where a line cannot be put in between (maps in braces, tables that are `like` another), and any result that
//! would not be read as the old profile with the new lines. Never decides, never removes.

use std::collections::HashMap;

use super::decide::{Decisions, whole};
use super::findings::{Findings, FoundColumn};
use super::write::yaml::{DOMAIN, Names, noticed, sized};
use crate::error::{Error, Name, Result};
use crate::message;
use crate::profile::draft::yaml;
use crate::profile::model::Profile;
use crate::profile::plan::{Plan, PlanOptions, Unnamed};
use crate::profile::syntax::{self, Load};
use crate::profile::tree::{self, Entry, Node};
use crate::row::shape::{Facts, TableName};
use crate::secret::{Key, Schedule};

/// What some editors begin a text with.
const MARK: char = '\u{feff}';

/// Returns the text of a profile with what is new as `undecided`; the same text if nothing is. `name` is what messages
/// call it, `load` fetches the files that it extends.
///
/// # Errors
/// `ErrorKind::Usage`: a profile that has problems, or in which lines cannot be put in between. `ErrorKind::Input`: with what
/// is new it would be larger than a profile may be.
pub fn update(
    text: &str,
    name: &str,
    findings: &Findings,
    _decisions: &Decisions,
    facts: &Facts,
    load: Load<'_>,
) -> Result<String> {
    let facts = whole(findings, facts);
    match text.strip_prefix(MARK) {
        // Places are counted behind it.
        Some(rest) => Ok(format!("{MARK}{}", added(rest, name, findings, &facts, load)?)),
        None => added(text, name, findings, &facts, load),
    }
}

fn added(text: &str, name: &str, findings: &Findings, facts: &Facts, load: Load<'_>) -> Result<String> {
    let before = plan(read(text, name, load)?)?;
    let new = before.unnamed(facts);
    if new.is_empty() {
        return Ok(text.to_owned());
    }
    let root = parsed(text)?;
    let mut insertions = Vec::new();
    let mut tables = String::new();
    let style = Style::of(text, &root);
    let found = Found::new(findings);
    for table in &new {
        match table.entry {
            Some(place) => {
                let entry = section(&root, "tables")
                    .and_then(|tables| tables.iter().find(|e| e.key.place.start == place.start));
                let entry = entry.ok_or_else(|| Error::bug("an entry of the profile is not where it was"))?;
                insertions.push(columns(text, entry, table, &found, &style)?);
            }
            None => style.table(&mut tables, &found, table),
        }
    }
    if !tables.is_empty() {
        insertions.push(at_the_end(text, &root, tables, &style)?);
    }
    let updated = sized(put(text, insertions, &style), findings.tables.len(), tree::MAX_BYTES)?;
    hold(&root, &updated, name, load, &before, facts)?;
    Ok(updated)
}

fn read(text: &str, name: &str, load: Load<'_>) -> Result<Profile> {
    let shown = Name::new(name);
    syntax::read_from(name, text.as_bytes(), load).map(|read| read.profile).map_err(|_| {
        Error::usage(message!("`{}` has problems, and is not updated", shown))
            .hint("let `standin check` tell them")
    })
}

fn plan(profile: Profile) -> Result<Plan> {
    let schedule = Schedule::new(&Key::random()?, DOMAIN);
    // What a pattern keeps is decided on, whether it stands in a lock or not.
    Ok(Plan::new(profile, schedule, PlanOptions { accept: true, ..PlanOptions::default() }))
}

fn parsed(text: &str) -> Result<Node> {
    let mut problems = Vec::new();
    let root = tree::parse(text, 0, &mut problems).filter(|_| problems.is_empty());
    root.ok_or_else(|| Error::usage("the profile's YAML cannot be read"))
}

/// Returns the entries of a block of the profile.
fn section<'n>(root: &'n Node, name: &str) -> Option<&'n [Entry]> {
    match value(root, name)? {
        Node::Map(entries, _) => Some(entries),
        _ => None,
    }
}

/// Returns what stands behind a key.
fn value<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Node::Map(entries, _) = node else { return None };
    entries.iter().find(|entry| entry.key.text == name).map(|entry| &entry.value)
}

/// What was found of each column.
struct Found<'f> {
    names: Names,
    columns: HashMap<(&'f TableName, &'f str), &'f FoundColumn>,
}

impl<'f> Found<'f> {
    fn new(findings: &'f Findings) -> Self {
        let columns = findings.tables.iter().flat_map(|table| {
            table.columns.iter().map(|column| ((&table.name, column.name.as_str()), column))
        });
        Self { names: Names::new(findings), columns: columns.collect() }
    }
}

/// How the profile is written.
struct Style {
    /// The line end.
    end: &'static str,
    /// How far the tables stand in.
    indent: usize,
}

impl Style {
    fn of(text: &str, root: &Node) -> Self {
        let first = text.split_inclusive('\n').next().unwrap_or_default();
        let end = if first.ends_with("\r\n") { "\r\n" } else { "\n" };
        let tables = section(root, "tables").and_then(|tables| tables.first());
        let indent = tables.map_or(2, indent_of);
        Self { end, indent }
    }

    /// Appends one undecided column.
    fn column(&self, out: &mut String, indent: usize, found: &Found<'_>, table: &TableName, column: &str) {
        let note =
            found.columns.get(&(table, column)).map_or_else(|| "new".to_owned(), |found| noticed(found));
        let mut line = String::new();
        yaml::commented(
            &mut line,
            &format!("{}{}: undecided", " ".repeat(indent), yaml::word(column)),
            &note,
        );
        out.push_str(line.trim_end_matches('\n'));
        out.push_str(self.end);
    }

    /// Appends an entry for a table that has none.
    fn table(&self, out: &mut String, found: &Found<'_>, table: &Unnamed) {
        let pad = " ".repeat(self.indent);
        out.push_str(&format!("{pad}{}:{}", found.names.of(&table.table), self.end));
        out.push_str(&format!("{pad}  columns:{}", self.end));
        for column in &table.columns {
            self.column(out, self.indent + 4, found, &table.table, column);
        }
    }
}

/// Returns how far a key stands in.
fn indent_of(entry: &Entry) -> usize {
    usize::try_from(entry.key.place.column).unwrap_or(1).saturating_sub(1)
}

/// Lines, and the byte that they stand before.
struct Insertion {
    at: usize,
    lines: String,
}

/// Says that lines cannot be put in between.
fn braces(what: &'static str, entry: &Entry) -> Error {
    let line = u64::from(entry.key.place.line);
    let name = Name::new(entry.key.text.as_str());
    Error::usage(message!(
        "`{}`: {} does not stand line by line, and new columns cannot be put in",
        name,
        what
    ))
    .hint("write it without braces, one column a line, and let it be updated again")
    .at(|at| at.line = Some(line))
}

/// Returns the entries of a map that stands line by line.
fn block<'n>(text: &str, node: &'n Node) -> Option<(&'n [Entry], &'n Entry)> {
    let Node::Map(entries, place) = node else { return None };
    let opens = text.get(usize::try_from(place.start).ok()?..)?.starts_with('{');
    let last = entries.last().filter(|_| !opens)?;
    Some((entries, last))
}

/// Puts new columns behind those that a table has.
fn columns(
    text: &str,
    entry: &Entry,
    table: &Unnamed,
    found: &Found<'_>,
    style: &Style,
) -> Result<Insertion> {
    let (body, last) = block(text, &entry.value).ok_or_else(|| braces("the table", entry))?;
    if let Some(like) = body.iter().find(|e| e.key.text == "like") {
        let name = Name::new(entry.key.text.as_str());
        let line = u64::from(like.key.place.line);
        return Err(Error::usage(message!(
            "`{}` is like another table, and has columns that one has not",
            name
        ))
        .hint("write its columns out instead of `like:`, and let it be updated again")
        .at(|at| at.line = Some(line)));
    }
    let mut lines = String::new();
    let Some(columns) = body.iter().find(|e| e.key.text == "columns") else {
        let indent = indent_of(last);
        lines.push_str(&format!("{}columns:{}", " ".repeat(indent), style.end));
        for column in &table.columns {
            style.column(&mut lines, indent + 2, found, &table.table, column);
        }
        return Ok(Insertion { at: end_of(text, last), lines });
    };
    let (_, last) = block(text, &columns.value).ok_or_else(|| braces("`columns`", entry))?;
    for column in &table.columns {
        style.column(&mut lines, indent_of(last), found, &table.table, column);
    }
    Ok(Insertion { at: end_of(text, last), lines })
}

/// Puts new tables behind those that the profile has.
fn at_the_end(text: &str, root: &Node, tables: String, style: &Style) -> Result<Insertion> {
    match value(root, "tables") {
        None => {
            let last = block(text, root).map(|(_, last)| last);
            let last =
                last.ok_or_else(|| Error::usage("the profile stands in braces, and no table can be put in"))?;
            Ok(Insertion { at: end_of(text, last), lines: format!("tables:{}{tables}", style.end) })
        }
        Some(node) => match block(text, node) {
            Some((_, last)) => Ok(Insertion { at: end_of(text, last), lines: tables }),
            None => {
                Err(Error::usage("`tables` does not stand line by line, and new tables cannot be put in")
                    .hint("write it without braces, one table below the other, and let it be updated again")
                    .at(|at| at.line = Some(u64::from(node.place().line))))
            }
        },
    }
}

/// Returns the byte behind the last line of an entry: all lines that stand further in than its key belong to it.
fn end_of(text: &str, entry: &Entry) -> usize {
    let start = usize::try_from(entry.key.place.start).unwrap_or(text.len());
    let indent = indent_of(entry);
    let mut end = None;
    let mut at = start;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let bare = line.trim_start_matches(' ');
        let deep = line.len() - bare.len() > indent;
        let blank = bare.trim().is_empty();
        if end.is_some() && !blank && !deep {
            break;
        }
        at += line.len();
        if !blank {
            end = Some(at);
        }
    }
    end.unwrap_or(at)
}

/// Puts lines into a text.
fn put(text: &str, mut insertions: Vec<Insertion>, style: &Style) -> String {
    insertions.sort_by_key(|insertion| insertion.at);
    let mut out = String::with_capacity(text.len() + 1024);
    let mut done = 0;
    for insertion in insertions {
        let before = text.get(done..insertion.at).unwrap_or_default();
        out.push_str(before);
        if !out.ends_with('\n') {
            out.push_str(style.end);
        }
        out.push_str(&insertion.lines);
        done = done.max(insertion.at);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Holds the result against the old profile: what it said it says still, and all that was new is undecided now.
fn hold(root: &Node, updated: &str, name: &str, load: Load<'_>, before: &Plan, facts: &Facts) -> Result<()> {
    let refused = || {
        Error::usage("new lines would change what the profile says, and it is not updated").hint(
            "write tables and columns one a line, or add what `standin check` says is undecided by hand",
        )
    };
    let new = parsed(updated).map_err(|_| refused())?;
    if !says_all(root, &new) {
        return Err(refused());
    }
    let after = plan(read(updated, name, load).map_err(|_| refused())?)?;
    let rules = |plan: &Plan| {
        let lines = plan.lock_lines(facts).into_iter();
        lines
            .map(|line| (line.table, line.column, line.rule, line.reason))
            .collect::<std::collections::HashSet<_>>()
    };
    let kept = rules(before).is_subset(&rules(&after));
    if kept && after.unnamed(facts).is_empty() { Ok(()) } else { Err(refused()) }
}

/// Whether a tree says all that an older one said.
fn says_all(old: &Node, new: &Node) -> bool {
    match (old, new) {
        (Node::Map(old, _), Node::Map(new, _)) => {
            let mut rest = new.iter();
            old.iter()
                .all(|entry| rest.any(|e| e.key.text == entry.key.text && says_all(&entry.value, &e.value)))
        }
        (old, new) => old.says_same(new),
    }
}

#[cfg(test)]
mod tests;
