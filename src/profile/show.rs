//! Problems as a person reads them: what is wrong, the line with a caret, what to write instead.
//!
//! Shows the user's own profile only, never input: what a problem says of a schema is names. A line that seems to hold
//! a key is shown up to where the key begins.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::error::Name;
use crate::profile::model::{Problem, ProfileFile, Severity};
use crate::profile::tree::KEY_PREFIX;

/// Most problems shown; the others are counted.
const MAX_SHOWN: usize = 100;

/// Most bytes of a line shown around its problem.
const MAX_LINE: usize = 4096;

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
    let place = problem.place?;
    let file = files.get(usize::try_from(place.file).ok()?)?;
    let start = usize::try_from(place.start).ok()?.min(file.text.len());
    let end = usize::try_from(place.end).ok()?.clamp(start, file.text.len());
    let begin = file.text.get(..start)?.rfind('\n').map_or(0, |index| index + 1);
    let rest = file.text.get(begin..)?;
    let line = rest.lines().next().unwrap_or_default();
    let line = line.find(KEY_PREFIX).and_then(|index| line.get(..index)).unwrap_or(line);
    let (from, to) = (start - begin, end - begin);
    let line = if line.len() > MAX_LINE { shorten(line, to) } else { line };
    let span = from.min(line.len())..to.min(line.len());
    let name = Name::new(file.name.as_str()).to_string();
    let line_start = usize::try_from(place.line).ok()?;
    Some(Snippet::source(line).path(name).line_start(line_start).annotation(AnnotationKind::Primary.span(span)))
}

/// Cuts a line behind its problem.
fn shorten(line: &str, end: usize) -> &str {
    let mut cut = end.saturating_add(MAX_LINE / 2).min(line.len());
    while !line.is_char_boundary(cut) {
        cut -= 1;
    }
    line.get(..cut).unwrap_or(line)
}
