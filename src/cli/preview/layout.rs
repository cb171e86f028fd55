//! Rows side by side in a terminal: one block a row, one line a column: what it is called, before, after, what was done.
//!
//! What does not fit the width is cut with `…`; nothing of a value can move the cursor, since control and direction
//! characters are shown as escapes. NULL is `<NULL>` and the empty value `''`, so that neither looks like text.

use std::fmt::Write as _;
use std::io::IsTerminal;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::mask::Class;
use crate::pipeline::Sampled;
use crate::profile::plan::{Action, ColumnDecision, TablePlan};

/// Width where there is no terminal to ask.
const WIDTH: usize = 100;
/// Least width of a column of values.
const LEAST: usize = 8;
/// A mark with a blank, and two blanks between parts.
const GAPS: usize = 2 + 3 * 2;
/// Most characters of a value that are looked at.
const MOST: usize = 400;

const PLAIN: &str = "\u{1b}[0m";
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const CHANGED: &str = "\u{1b}[1;32m";
const GONE: &str = "\u{1b}[33m";

/// Where a page is shown.
pub(super) struct Screen {
    width: usize,
    colors: bool,
}

impl Screen {
    /// Asks the terminal; `width` of the command line counts before.
    pub(super) fn of(width: Option<u16>) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let own = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let plain = std::env::var_os("NO_COLOR").is_some_and(|no| !no.is_empty());
        Self { width: width.map(usize::from).or(own).unwrap_or(WIDTH), colors: terminal && !dumb && !plain }
    }
}

/// A table with its rows.
pub(super) struct Page<'a> {
    pub(super) table: &'a TablePlan,
    pub(super) rows: &'a [Sampled],
    /// Whether the values before are the input's own.
    pub(super) real: bool,
}

/// What became of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Changed,
    /// It was there and is NULL or empty now.
    Removed,
    /// The rule changes such values, not this one: NULL, empty, pinned, or the same by chance.
    Same,
}

/// One line of a block, as text of known width.
struct Line {
    fate: Fate,
    cells: [String; 4],
    /// What was done in a few words, for narrow terminals.
    short: String,
}

impl Page<'_> {
    /// Returns the whole page.
    pub(super) fn text(&self, screen: &Screen) -> String {
        let mut text = String::new();
        if matches!(self.table.action, Action::Empty) {
            let _ = writeln!(text, "{}: emptied, no row of it comes out", self.table.table);
            return text;
        }
        let mut blocks: Vec<Vec<Line>> = self.rows.iter().map(|row| self.block(row)).collect();
        let before = if self.real { "before (real)" } else { "before (invented)" };
        let heads = ["column", before, "after", "what was done"];
        if !fits(natural(&blocks, heads), screen.width) {
            for line in blocks.iter_mut().flatten() {
                let [.., what] = &mut line.cells;
                *what = std::mem::take(&mut line.short);
            }
        }
        let widths = widths(natural(&blocks, heads), screen.width);
        let count = blocks.len();
        for (index, block) in blocks.iter().enumerate() {
            let title = format!("{}, row {} of {count}", self.table.table, index + 1);
            let _ = writeln!(text, "{}", paint(&shorten(&title, screen.width), BOLD, screen));
            let _ = writeln!(text, "{}", row(' ', heads, &widths, [DIM; 4], screen));
            for line in block {
                let _ = writeln!(text, "{}", self.line(line, &widths, screen));
            }
            text.push('\n');
        }
        text + &self.legend(count)
    }

    fn legend(&self, count: usize) -> String {
        let source = match (count, self.real) {
            (0, _) => return format!("{}: no rows\n", self.table.table),
            (_, true) => "The values before are real.",
            (_, false) => "The values before are invented: no data was shown.",
        };
        format!("* replaced, - removed. {source}\n")
    }

    fn block(&self, sampled: &Sampled) -> Vec<Line> {
        let values = sampled.before.iter().zip(&sampled.after);
        let columns = self.table.columns.iter().zip(values);
        columns
            .map(|(column, (before, after))| {
                let empty = |value: &Option<Vec<u8>>| value.as_ref().is_none_or(Vec::is_empty);
                let fate = match (column.class, before == after) {
                    (Class::None, _) => Fate::Kept,
                    (_, true) => Fate::Same,
                    _ if empty(after) && !empty(before) => Fate::Removed,
                    _ => Fate::Changed,
                };
                let name = column.label.as_str().trim_matches('`').to_owned();
                let (what, short) = done(column, fate);
                let cells = [name, shown(before.as_deref()), shown(after.as_deref()), what];
                Line { fate, cells, short }
            })
            .collect()
    }

    fn line(&self, line: &Line, widths: &[usize; 4], screen: &Screen) -> String {
        let (mark, after) = match line.fate {
            Fate::Changed => ('*', CHANGED),
            Fate::Removed => ('-', GONE),
            Fate::Kept | Fate::Same => (' ', DIM),
        };
        let [name, was, is, what] = &line.cells;
        let null = |cell: &str, style| if matches!(cell, "<NULL>" | "''") { DIM } else { style };
        let after = if line.fate == Fate::Removed { after } else { null(is, after) };
        let styles = ["", null(was, ""), after, DIM];
        row(mark, [name, was, is, what], widths, styles, screen)
    }
}

/// Says what was done with a column, and the same in a few words.
fn done(column: &ColumnDecision, fate: Fate) -> (String, String) {
    if column.class == Class::None {
        let reason = column.reason.split(": ").next().unwrap_or_default();
        let kept = if reason.is_empty() { "kept".to_owned() } else { format!("kept: {reason}") };
        return (kept.clone(), kept);
    }
    let short = match &column.argument {
        Some(argument) => format!("{} {argument}", column.technique),
        None => column.technique.to_owned(),
    };
    match (fate, column.class) {
        (Fate::Same, Class::Suppression) | (Fate::Changed | Fate::Removed | Fate::Kept, _) => {
            (column.rule.clone(), short)
        }
        (Fate::Same, _) => (format!("{} (as it was)", column.rule), short),
    }
}

/// Returns a value as it may stand in a terminal.
fn shown(value: Option<&[u8]>) -> String {
    let Some(value) = value else { return "<NULL>".to_owned() };
    if value.is_empty() {
        return "''".to_owned();
    }
    let mut text = String::new();
    for chunk in value.utf8_chunks() {
        for c in chunk.valid().chars() {
            if text.len() > MOST {
                return text;
            }
            let hidden = c.width().unwrap_or(0) == 0 && !is_mark(c);
            if c.is_control() || hidden { text.extend(c.escape_default()) } else { text.push(c) }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Says whether a character without width is an accent or the like, which belongs to the letter before it.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Returns how wide each part is.
fn natural(blocks: &[Vec<Line>], heads: [&str; 4]) -> [usize; 4] {
    let mut widths = heads.map(UnicodeWidthStr::width);
    for line in blocks.iter().flatten() {
        for (width, cell) in widths.iter_mut().zip(&line.cells) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}

/// Says whether parts of these widths are a line that fits.
fn fits(widths: [usize; 4], width: usize) -> bool {
    widths.iter().sum::<usize>() + GAPS <= width
}

/// Returns how wide each part may be, so that a line fits.
fn widths(natural: [usize; 4], width: usize) -> [usize; 4] {
    if fits(natural, width) {
        return natural;
    }
    let room = width.saturating_sub(GAPS);
    let [name, before, after, what] = natural;
    let name = name.min((room / 4).max(LEAST));
    // Values come first; what was done is cut before they are, down to a quarter of the line.
    let least = what.min((room / 4).max(LEAST));
    let what = what.min(room.saturating_sub(name + before + after).max(least));
    let values = room.saturating_sub(name + what).max(2 * LEAST);
    let half = values / 2;
    let (before, after) = match (before <= half, after <= half) {
        (true, _) => (before, after.min(values - before)),
        (_, true) => (before.min(values - after), after),
        _ => (half, values - half),
    };
    [name, before, after, what]
}

/// Returns one line: a mark and four parts.
fn row(mark: char, cells: [&str; 4], widths: &[usize; 4], styles: [&str; 4], screen: &Screen) -> String {
    let mut text = format!("{mark} ");
    let last = cells.len() - 1;
    for (index, ((cell, width), style)) in cells.into_iter().zip(widths).zip(styles).enumerate() {
        let cell = shorten(cell, *width);
        let gap = width.saturating_sub(cell.width()) + 2;
        text += &paint(&cell, style, screen);
        if index < last {
            text.extend(std::iter::repeat_n(' ', gap));
        }
    }
    text.trim_end().to_owned()
}

fn paint(text: &str, style: &str, screen: &Screen) -> String {
    if screen.colors && !style.is_empty() { format!("{style}{text}{PLAIN}") } else { text.to_owned() }
}

/// Cuts a text to a width in the terminal's cells.
fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_as_they_are_shown() {
        assert_eq!(shorten("漢字漢字", 5), "漢字…");
        assert_eq!(shorten("漢字", 4), "漢字");
        assert_eq!(shorten("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(shorten("abc", 3), "abc");
    }

    #[test]
    fn a_value_cannot_move_the_cursor() {
        assert_eq!(shown(Some(b"a\x1b[2J\tb\n")), "a\\u{1b}[2J\\tb\\n");
        assert_eq!(shown(Some("\u{202e}x\u{200b}".as_bytes())), "\\u{202e}x\\u{200b}");
        assert_eq!(shown(Some(b"caf\xe9")), "caf\\xe9");
        assert_eq!(shown(Some("Chloe\u{308}".as_bytes())), "Chloe\u{308}");
        assert_eq!((shown(None), shown(Some(b""))), ("<NULL>".to_owned(), "''".to_owned()));
    }

    #[test]
    fn every_line_fits() {
        for width in [40, 80, 120, 160, 400] {
            for n in [0, 9, 200] {
                let found = widths([10, 30, 50, 70].map(|m| m + n), width);
                assert!(found.iter().sum::<usize>() + 8 <= width, "{width}: {found:?}");
                assert!(found.iter().all(|w| *w >= LEAST.min(10)), "{width}: {found:?}");
            }
        }
    }
}
