//! Problems as a person reads them: what is wrong, the line with a caret, what to write instead.
//!
//! Shows the user's own profile only, never input: what a problem says of a schema is names.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::profile::model::{Problem, ProfileFile, Severity};
use crate::profile::source;

/// Most problems shown; the others are counted.
const MAX_SHOWN: usize = 100;

/// Renders problems in the given order, each with its place, then how many there are. Ends with a line feed.
#[must_use]
pub fn render(files: &[ProfileFile], problems: &[Problem], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for problem in problems.iter().take(MAX_SHOWN) {
        text.push_str(renderer.render(&[group(files, problem)]).trim_end());
        text.push_str("\n\n");
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let counted = [(errors, "error"), (problems.len().saturating_sub(errors), "warning")];
    let counted: Vec<String> = (counted.into_iter().filter(|(count, _)| *count > 0))
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
        .collect();
    text.push_str(&counted.join(", "));
    if problems.len() > MAX_SHOWN {
        text.push_str(&format!("; the first {MAX_SHOWN} are shown"));
    }
    if !problems.is_empty() {
        text.push('\n');
    }
    text
}

fn group<'a>(files: &'a [ProfileFile], problem: &'a Problem) -> Group<'a> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(title(problem)));
    if let Some(snippet) = snippet(files, problem) {
        group = group.element(snippet);
    }
    if let Some(hint) = &problem.hint {
        group = group.element(Level::HELP.with_name("hint").message(hint.as_str()));
    }
    group
}

/// Returns the sentence, with table and column where they are known.
fn title(problem: &Problem) -> String {
    let place = match (&problem.table, &problem.column) {
        (Some(table), Some(column)) => format!(" (table {table}, column {column})"),
        (Some(table), None) => format!(" (table {table})"),
        (None, Some(column)) => format!(" (column {column})"),
        (None, None) => String::new(),
    };
    format!("{}{place}", problem.what)
}

/// Returns the line of a problem with its caret.
fn snippet<'a>(
    files: &'a [ProfileFile],
    problem: &Problem,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let line = source::line(files, problem.place?)?;
    Some(
        Snippet::source(line.text)
            .path(line.file)
            .line_start(line.number)
            .annotation(AnnotationKind::Primary.span(line.marked)),
    )
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::profile::syntax::read_with;

    fn shown(text: &str) -> String {
        let refused = read_with("p.yaml", text.as_bytes(), &[]).map(|_| ()).unwrap_err();
        render(&refused.files, &refused.problems, false)
    }

    #[test]
    fn names_line_and_column() {
        let text = shown("version: 1\npolicy:\n  dömain: é\n");
        assert!(text.contains("p.yaml:3:3"), "{text}");
        assert!(text.contains("3 |   dömain: é\n  |   ^^^^^^\n"), "{text}");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        for text in [
            "version: 1\n\"a\\eb\": x\n",
            "version: 1\npolicy: {x: \"\u{9b}31m\"}\n",
            "version: 1\nx: \u{202e}\n",
        ] {
            let text = shown(text);
            assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
        }
    }

    #[test]
    fn a_key_is_not_shown() {
        for text in [
            "version: 1\nkey: standin-key-1:a:SECRETKEY\n",
            "version: 1\nstandin-key-1:a:SECRETKEY: 1\n",
            "version: 1\npolicy: {unlisted: 'standin-key-1:a:SECRETKEY'}\n",
            "version: 1\npolicy: {unfit: x} # standin-key-1:a:SECRETKEY\n",
            "version: 1\nlocale: [standin-key-1:a:SECRETKEY]\n",
        ] {
            let text = shown(text);
            assert!(!text.contains("SECRETKEY"), "{text}");
        }
    }

    #[test]
    fn long_lines_and_many_problems_stay_readable() {
        let words = (0..5000).map(|n| format!("w{n}: 1")).collect::<Vec<_>>().join(", ");
        let text = shown(&format!("version: 1\npolicy: {{{words}}}\n"));
        assert!(text.ends_with("5000 errors; the first 100 are shown\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() < 250), "{text}");
        let text = shown(&format!("version: 1\npolicy: {{{}: x}}\n", "x".repeat(900)));
        assert!(text.lines().all(|line| line.chars().count() < 250), "{text}");
    }
}
