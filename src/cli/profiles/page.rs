//! Text for a terminal of 80 columns: rows of a name and what is said of it, wrapped at spaces.

use std::fmt::Write;

use crate::profile::source::Line;

/// Most characters of a line.
const WIDTH: usize = 80;

/// Characters of the names of rows, blanks before and behind included.
const NAME: usize = 15;

/// Appends a row: a name, and its text beside it.
pub(super) fn row(page: &mut String, name: &str, text: &str) {
    let begin = format!("  {name:<width$}", width = NAME - 2);
    let blank = " ".repeat(NAME);
    wrapped(page, &begin, &blank, text);
}

/// Appends text behind an indent that every line has.
pub(super) fn wrap(page: &mut String, indent: &str, text: &str) {
    wrapped(page, indent, indent, text);
}

fn wrapped(page: &mut String, first: &str, next: &str, text: &str) {
    let mut line = first.to_owned();
    let mut begun = false;
    for word in text.split_whitespace() {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(page, "{}", line.trim_end());
            next.clone_into(&mut line);
        } else if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    let _ = writeln!(page, "{}", line.trim_end());
}

/// Appends a line of a profile with a caret under what is meant.
pub(super) fn caret(page: &mut String, line: &Line) {
    let before = line.text.get(..line.marked.start).unwrap_or_default();
    let marked = line.text.get(line.marked.clone()).unwrap_or_default();
    let indent = before.chars().take_while(|c| *c == ' ').count();
    let number = line.number.to_string();
    let margin = NAME + number.len();
    let room = WIDTH.saturating_sub(margin + 3);
    // What is far from the marked word is cut, on either side.
    let skip = if before.chars().count() + marked.chars().count() - indent > room {
        before.chars().count().saturating_sub(4)
    } else {
        indent
    };
    let shown: String = line.text.chars().skip(skip).take(room).map(harmless).collect();
    let _ = writeln!(page, "{}{number} | {}", " ".repeat(NAME), shown.trim_end());
    let at = before.chars().count().saturating_sub(skip);
    let carets = marked.chars().count().clamp(1, room.saturating_sub(at).max(1));
    let _ = writeln!(page, "{} | {}{}", " ".repeat(margin), " ".repeat(at), "^".repeat(carets));
}

/// Returns a character that does nothing to a terminal.
fn harmless(c: char) -> char {
    let turns =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    if c.is_control() || turns { '·' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_wrapped() {
        let mut page = String::new();
        row(&mut page, "preserves", &"word ".repeat(40));
        assert!(page.lines().all(|line| line.chars().count() <= WIDTH), "{page}");
        assert!(page.starts_with("  preserves    word word"), "{page}");
        assert!(page.lines().skip(1).all(|line| line.starts_with("               word")), "{page}");
    }

    #[test]
    fn the_caret_stands_under_its_word() {
        let line = |text: &str, word: &str| {
            let start = text.find(word).unwrap();
            Line { file: "p".into(), number: 12, text: text.into(), marked: start..start + word.len() }
        };
        let mut page = String::new();
        caret(&mut page, &line("      e: {fake: email}", "fake"));
        assert_eq!(page, "               12 | e: {fake: email}\n                  |     ^^^^\n");
        let mut page = String::new();
        caret(&mut page, &line(&format!("{}: é \u{202e}x{}", "a".repeat(200), "b".repeat(200)), "é"));
        assert!(page.lines().all(|line| line.chars().count() <= WIDTH), "{page}");
        let lines: Vec<&str> = page.lines().collect();
        let at = |text: &str, c: char| text.chars().position(|found| found == c);
        assert_eq!(at(lines[0], 'é'), at(lines[1], '^'), "{page}");
        assert!(!page.contains('\u{202e}'));
    }
}
