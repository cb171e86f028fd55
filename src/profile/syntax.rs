//! A profile's text in, a checked `Profile` or all its problems out.
//!
//! Refuses to hand on a profile with any error in it. Reads no file and no environment: the text is given.

use crate::error::Message;
use crate::mask::{TECHNIQUES, TechniqueSpec};
use crate::profile::check::check;
pub use crate::profile::extends::Load;
use crate::profile::extends::{self, Text};
use crate::profile::model::{Problem, Profile, ProfileFile, Severity};
use crate::profile::tree::Node;

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
    /// The texts, for the carets.
    pub files: Vec<ProfileFile>,
    /// All problems, in the order of their places; at least one is an error.
    pub problems: Vec<Problem>,
}

/// Reads a profile that extends no file. `name` is what messages call it (the file as the user gave it).
///
/// # Errors
/// All problems of the text at once.
pub fn read(name: &str, bytes: &[u8]) -> Result<Read, Refused> {
    read_with(name, bytes, TECHNIQUES)
}

/// Reads a profile and the files it extends, which `load` fetches.
///
/// # Errors
/// All problems of all texts at once.
pub fn read_from(name: &str, bytes: &[u8], load: Load<'_>) -> Result<Read, Refused> {
    read_texts(name, bytes, TECHNIQUES, load)
}

/// Reads a profile whose techniques are these.
///
/// # Errors
/// All problems of the text at once.
pub fn read_with(name: &str, bytes: &[u8], techniques: &[&'static TechniqueSpec]) -> Result<Read, Refused> {
    read_texts(name, bytes, techniques, &mut |_| Err(Message::from("no files here")))
}

/// Reads a profile whose techniques are these, and the files it extends.
///
/// # Errors
/// All problems of all texts at once.
pub fn read_texts(
    name: &str,
    bytes: &[u8],
    techniques: &[&'static TechniqueSpec],
    load: Load<'_>,
) -> Result<Read, Refused> {
    let mut problems = Vec::new();
    let texts = extends::gather(name, bytes, load, &mut problems);
    read_gathered(texts, techniques, problems)
}

/// Reads a profile that nobody wrote down: its tree, with the places that problems shall have. It extends nothing.
///
/// # Errors
/// All problems of the tree at once, as those of its text would be.
pub(crate) fn read_tree(root: Node) -> Result<Read, Refused> {
    let text = Text { name: String::new(), text: String::new(), root: Some(root), level: 0 };
    read_gathered(vec![text], TECHNIQUES, Vec::new())
}

fn read_gathered(
    texts: Vec<Text>,
    techniques: &[&'static TechniqueSpec],
    mut problems: Vec<Problem>,
) -> Result<Read, Refused> {
    let whole = texts.iter().all(|text| text.root.is_some());
    let mut profile = check(&texts, techniques, &mut problems);
    problems.sort_by_key(|problem| problem.place);
    problems.dedup();
    let files: Vec<ProfileFile> = (texts.into_iter())
        .map(|text| ProfileFile { name: text.name, text: text.text, level: text.level })
        .collect();
    if !whole || problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Refused { files, problems });
    }
    profile.files = files;
    Ok(Read { profile, warnings: problems })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::tree::MAX_BYTES;

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
