//! Workflow commands of GitHub Actions, one a line: annotations at the lines of the profile. What has no place there is
//! shown at its first line; the last line counts.
//!
//! Source: docs.github.com, "Workflow commands for GitHub Actions"; the escapes are those of its toolkit
//! (`packages/core/src/command.ts`).

use super::{Found, failure, sentence, severity};
use crate::error::Error;

/// Returns all commands.
pub(super) fn document(found: &Found, error: Option<&Error>) -> String {
    let mut text = String::new();
    for problem in &found.problems {
        let place = match found.spot(problem.place) {
            Some(spot) => format!("file={},line={},col={}", property(&spot.file), spot.line, spot.column),
            None => first_line(found),
        };
        let (level, title) = (severity(problem), property(problem.finding.id()));
        text += &format!("::{level} {place},title={title}::{}\n", data(&sentence(problem)));
    }
    if let Some(error) = error {
        text += &format!("::error {},title=standin check::{}\n", first_line(found), data(&failure(error)));
    }
    let (errors, warnings) = found.counts();
    let counted = format!("{errors} errors, {warnings} warnings, {} tables decided", found.tables.len());
    text + &format!("::notice title=standin check::{counted}\n")
}

fn first_line(found: &Found) -> String {
    format!("file={},line=1", property(&found.profile))
}

/// Escapes the text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_can_end_a_property_or_begin_a_command() {
        assert_eq!(property("a,line=1::x%0A\n::error"), "a%2Cline=1%3A%3Ax%250A%0A%3A%3Aerror");
        assert_eq!(data("50%\r\n::add-mask::x"), "50%25%0D%0A::add-mask::x");
    }
}
