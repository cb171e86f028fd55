//! What decides a part of an XML value where another place does: the text of `/orders/order/@id` for `/orders/order/name`.
//!
//! The two must lie in the same element, where their paths part. Refuses values with more than 100,000 of them.

use super::path::{Path, Trail};
use super::tokens::{Kind, Tag, Tokens, append_text};
use crate::mask::inside::Unfit;
use crate::mask::inside::scan::trimmed;

/// Most values that decide.
const MOST: usize = 100_000;

/// A value that decides.
struct Found {
    /// Index of its path.
    path: usize,
    /// Where it stands.
    at: usize,
    /// Where the elements around it begin, outermost first.
    around: Vec<usize>,
    value: Vec<u8>,
}

/// All values that decide, as they stand in the document.
#[derive(Default)]
pub(super) struct Deciding {
    found: Vec<Found>,
}

impl Deciding {
    /// Reads them.
    pub(super) fn read(value: &[u8], paths: &[Path]) -> Result<Self, Unfit> {
        let mut all = Self::default();
        if paths.is_empty() {
            return Ok(all);
        }
        let (mut tokens, mut trail, mut open) = (Tokens::new(value)?, Trail::new(paths), Vec::new());
        while let Some((kind, range)) = tokens.next()? {
            let raw = value.get(range.clone()).ok_or(Unfit)?;
            match kind {
                Kind::Start | Kind::Empty => {
                    let mut tag = Tag::read(raw)?;
                    trail.enter(tag.name);
                    open.push(range.start);
                    while let Some(attribute) = tag.next()? {
                        if let Some(path) = trail.attribute(attribute.name) {
                            all.add(path, range.start, &open, attribute.value)?;
                        }
                    }
                    if kind == Kind::Empty {
                        trail.leave();
                        open.pop();
                    }
                }
                Kind::End => {
                    trail.leave();
                    open.pop();
                }
                Kind::Inner => {
                    if let Some(path) = trail.element().filter(|_| !open.is_empty()) {
                        all.add(path, range.start, &open, raw)?;
                    }
                }
                Kind::Prolog => {}
            }
        }
        Ok(all)
    }

    fn add(&mut self, path: usize, at: usize, around: &[usize], raw: &[u8]) -> Result<(), Unfit> {
        // Text comes in pieces: a reference is one.
        if let Some(last) = self.found.last_mut().filter(|last| last.path == path && last.around == around) {
            return append_text(raw, &mut last.value);
        }
        let mut value = Vec::new();
        append_text(raw, &mut value)?;
        self.found.push(Found { path, at, around: around.to_vec(), value });
        if self.found.len() > MOST { Err(Unfit) } else { Ok(()) }
    }

    /// Returns what decides a part of the innermost of some elements, not farther than below the one at a depth.
    pub(super) fn of(&self, path: usize, at: usize, around: &[usize], depth: usize) -> Option<&[u8]> {
        let shared = |found: &&Found| {
            found.around.iter().zip(around).take_while(|(a, b)| a == b).count().min(around.len())
        };
        // In the order of the document, what shares most stands nearest.
        let middle = self.found.partition_point(|found| found.at < at);
        let (before, behind) = self.found.split_at_checked(middle)?;
        let before = before.iter().rev().find(|found| found.path == path);
        let behind = behind.iter().find(|found| found.path == path);
        let nearest = [before, behind].into_iter().flatten().filter(|found| shared(found) >= depth);
        let best = nearest.fold(None, |best: Option<&Found>, found| match best {
            Some(best) if shared(&best) >= shared(&found) => Some(best),
            _ => Some(found),
        })?;
        Some(trimmed(&best.value).1).filter(|value| !value.is_empty())
    }
}
