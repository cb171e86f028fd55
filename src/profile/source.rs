//! One line of a profile as it may be shown, with the part that a message is about.
//!
//! Refuses to show a key: a line that seems to hold one is shown up to where the key begins. Control characters are made
//! harmless.

use std::ops::Range;

use crate::error::Name;
use crate::profile::model::{Place, ProfileFile};
use crate::profile::tree::KEY_PREFIX;

/// Most bytes of a line shown around its marked part.
const MAX_LINE: usize = 4096;

/// A line of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file as the user gave it, or `pack NAME`.
    pub file: String,
    /// Its number, from 1.
    pub number: usize,
    /// Its text, without the line feed.
    pub text: String,
    /// Bytes of `text` that are marked.
    pub marked: Range<usize>,
}

/// Returns the line of a place; `None` if the place is in none of the files.
#[must_use]
pub fn line(files: &[ProfileFile], place: Place) -> Option<Line> {
    let file = files.get(usize::try_from(place.file).ok()?)?;
    let start = usize::try_from(place.start).ok()?.min(file.text.len());
    let end = usize::try_from(place.end).ok()?.clamp(start, file.text.len());
    let begin = file.text.get(..start)?.rfind('\n').map_or(0, |index| index + 1);
    let rest = file.text.get(begin..)?;
    let line = rest.lines().next().unwrap_or_default();
    let line = line.find(KEY_PREFIX).and_then(|index| line.get(..index)).unwrap_or(line);
    let (from, to) = (start - begin, end - begin);
    let line = if line.len() > MAX_LINE { shorten(line, to) } else { line };
    let marked = from.min(line.len())..to.min(line.len());
    // The renderer makes C0 and direction marks harmless, not C1; the stand-in has as many bytes.
    let text: String = line.chars().map(|c| if matches!(c, '\u{80}'..='\u{9f}') { '·' } else { c }).collect();
    let name = Name::new(file.name.as_str()).to_string();
    Some(Line { file: name, number: usize::try_from(place.line).ok()?, text, marked })
}

/// Cuts a line behind its marked part.
fn shorten(line: &str, end: usize) -> &str {
    let mut cut = end.saturating_add(MAX_LINE / 2).min(line.len());
    while !line.is_char_boundary(cut) {
        cut -= 1;
    }
    line.get(..cut).unwrap_or(line)
}
