//! Which schema statements stand further on in what was read, for threads that parse them before their turn comes.
//!
//! Refuses to look further than what one read gave, so that what is parsed ahead has a bound; to look beyond rows, or beyond
//! anything that is no statement of a dump; to judge: whatever is wrong is said when its turn comes.

use super::heads::{Head, classify};
use super::splitter::{Found, Splitter};
use crate::format::charset::Charset;

/// Returns the statements with CREATE or ALTER up to the next rows, and where the last one that was looked at ends. `splitter`
/// stands at a statement's start, as `text` does; `end` says that nothing follows it.
pub(super) fn statements(
    text: &[u8],
    mut splitter: Splitter,
    charset: &Charset,
    end: bool,
) -> (usize, Vec<String>) {
    let (mut at, mut found) = (0, Vec::new());
    while let Some(rest) = text.get(at..)
        && let Ok(Found::Statement(length)) = splitter.scan(rest, end)
    {
        let statement = splitter.first_word().and_then(|first| rest.get(first..length)).unwrap_or_default();
        match classify(statement) {
            Ok(Head::Copy) | Err(_) => break,
            Ok(Head::Ddl) => {
                let Some(statement) = charset.text(statement) else { break };
                found.push(statement.into_owned());
            }
            Ok(_) => {}
        }
        at += length;
        splitter.restart();
    }
    (at, found)
}
