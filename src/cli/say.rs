//! Speaking to the person: errors, hints, notes on stderr. The one place that writes there.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use crate::error::{Error, Message, Name};
use crate::message;
use crate::profile::model::{Problem, ProfileFile};
use crate::profile::show::render;

/// Writes one line to stderr; a closed stderr is nobody's fault.
pub(super) fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes text to stdout.
///
/// # Errors
/// The system's.
pub(super) fn out(text: &str) -> crate::error::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|e| Error::io("write the output", &e))
}

/// Shows an error: one line, and its hint on a second.
pub(super) fn error(error: &Error) {
    line(&format!("standin: {error}"));
    if let Some(hint) = error.hint_text() {
        line(&format!("  hint: {hint}"));
    }
}

/// Returns a path of the command line as messages show it.
pub(super) fn path(path: &Path) -> Message {
    message!("{}", Name::new(path.display().to_string()))
}

/// Shows a note.
pub(super) fn note(text: &Message) {
    line(&format!("standin: {text}"));
}

/// Shows problems of a profile, or of profile and schema, with their places.
pub(super) fn problems(files: &[ProfileFile], problems: &[Problem]) {
    let text = render(files, problems, io::stderr().is_terminal());
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
