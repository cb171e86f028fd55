//! A profile's text in, a checked `Profile` or all its problems out.
//!
//! Refuses to hand on a profile with any error in it. Reads no file and no environment: the text is given.

use crate::mask::{TECHNIQUES, TechniqueSpec};
use crate::message;
use crate::profile::check::check;
use crate::profile::model::{Place, Problem, Profile, ProfileFile, Severity};
use crate::profile::tree::{self, MAX_BYTES};

/// A profile that can be used, and what weakens it.
#[derive(Debug)]
pub struct Read {
    /// The profile.
    pub profile: Profile,
    /// Warnings, in the order of their places.
    pub warnings: Vec<Problem>,
}

/// A profile that cannot be used.
#[derive(Debug)]
pub struct Refused {
    /// The text, for the carets.
    pub files: Vec<ProfileFile>,
    /// All problems, in the order of their places; at least one is an error.
    pub problems: Vec<Problem>,
}

/// Reads a profile. `name` is what messages call it (the file as the user gave it).
///
/// # Errors
/// All problems of the text at once.
pub fn read(name: &str, bytes: &[u8]) -> Result<Read, Refused> {
    read_with(name, bytes, TECHNIQUES)
}

/// Reads a profile whose techniques are these.
///
/// # Errors
/// All problems of the text at once.
pub fn read_with(name: &str, bytes: &[u8], techniques: &[&'static TechniqueSpec]) -> Result<Read, Refused> {
    let file = |text: String| vec![ProfileFile { name: name.to_owned(), text }];
    if bytes.len() > MAX_BYTES {
        let begin = Place { line: 1, column: 1, ..Place::default() };
        let what = message!("a profile has at most {} bytes, this one has {}", MAX_BYTES, bytes.len());
        let problem =
            Problem::error(begin, what).with_hint("is this a profile? `-p` takes one, the data goes without");
        return Err(Refused { files: file(String::new()), problems: vec![problem] });
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let problem = not_utf8(bytes, error.valid_up_to());
            return Err(Refused {
                files: file(String::from_utf8_lossy(bytes).into_owned()),
                problems: vec![problem],
            });
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut problems = Vec::new();
    let root = tree::parse(text, &mut problems);
    let checked = root.as_ref().map(|root| check(root, techniques, &mut problems));
    problems.sort_by_key(|problem| problem.place);
    problems.dedup();
    let refused = problems.iter().any(|problem| problem.severity == Severity::Error);
    match checked {
        Some(mut profile) if !refused => {
            profile.files = file(text.to_owned());
            Ok(Read { profile, warnings: problems })
        }
        _ => Err(Refused { files: file(text.to_owned()), problems }),
    }
}

/// Says where a text stops being UTF-8.
fn not_utf8(bytes: &[u8], valid: usize) -> Problem {
    let before = bytes.get(..valid).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let last = before.rsplit('\n').next().unwrap_or_default();
    let place = Place {
        file: 0,
        line: count(before.matches('\n').count().saturating_add(1)),
        column: count(last.chars().count().saturating_add(1)),
        start: count(valid),
        end: count(valid.saturating_add('\u{fffd}'.len_utf8())),
    };
    Problem::error(place, "the profile is not UTF-8 text")
        .with_hint("save it as UTF-8; a dump or an archive is no profile")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> Vec<Problem> {
        read_with("p", bytes, &[]).map(|_| ()).unwrap_err().problems
    }

    #[test]
    fn the_shortest_profile() {
        for text in
            ["version: 1", "version: 1\n", "\u{feff}version: 1\r\n", "# a note\n---\nversion: 1\n...\n"]
        {
            let read = read_with("p", text.as_bytes(), &[]).unwrap();
            assert!(read.profile.tables.is_empty() && read.warnings.is_empty());
            assert_eq!(read.profile.locale, "en_US");
        }
    }

    #[test]
    fn texts_over_the_limit() {
        let mut long = b"version: 1\n#".to_vec();
        long.resize(MAX_BYTES, b'x');
        assert!(read_with("p", &long, &[]).is_ok());
        long.push(b'x');
        assert_eq!(refused(&long).len(), 1);
    }

    #[test]
    fn other_encodings() {
        let utf16: Vec<u8> = "version: 1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!refused(&utf16).is_empty());
        let latin1 = refused(b"version: 1\nlocale: \xe9");
        let place = latin1.first().and_then(|problem| problem.place).unwrap();
        assert_eq!((place.line, place.column), (2, 9));
        assert!(!refused(b"\x1f\x8b\x08\x00").is_empty());
    }

    #[test]
    fn problems_come_in_the_order_of_their_places() {
        let problems = refused(b"tables: {a: {x: 1}}\nversion: 2\nlocale: q\n");
        let lines: Vec<_> =
            problems.iter().filter_map(|problem| problem.place).map(|place| place.line).collect();
        assert!(lines.is_sorted() && lines.contains(&1) && lines.contains(&3), "{lines:?}");
    }

    #[test]
    fn huge_profiles_are_read() {
        let mut wide = String::from("version: 1\ntables:\n");
        let mut flow = String::from("version: 1\nreasons: {");
        let mut keep = String::from("version: 1\ntables: {a: {keep: [");
        for n in 0..50_000 {
            wide.push_str(&format!("  t{n}: {{like: t{}}}\n", n + 1));
            flow.push_str(&format!("r{n}: , "));
            keep.push_str(&format!("c{n}, c{n}, "));
        }
        for text in [wide, format!("{flow}}}"), format!("{keep}]}}}}")] {
            assert!(!refused(text.as_bytes()).is_empty());
        }
    }
}
