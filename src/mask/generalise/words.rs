//! Text made coarser: its first characters, or the group that the profile puts it in.
//!
//! Refuses bytes that are no UTF-8 where characters are counted. A value no longer than the prefix stays as it is, and is
//! counted as equal.

use std::collections::HashMap;

use super::form::{outcome, trimmed};
use crate::mask::{Mask, MaskCx, Outcome};
use crate::secret::{Mac, lanes};

/// The first characters; the others fall away, or each becomes the fill.
pub(super) struct Prefix {
    /// How many stay.
    pub(super) chars: usize,
    /// What stands for each of the others.
    pub(super) fill: Option<Box<str>>,
    /// For placeholders.
    pub(super) mac: Mac,
}

impl Mask for Prefix {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let Ok(text) = std::str::from_utf8(trimmed(field)) else { return Outcome::Unfit };
        let start = out.len();
        let end = text.char_indices().nth(self.chars).map_or(text.len(), |(at, _)| at);
        let (kept, lost) = text.split_at(end);
        out.extend_from_slice(kept.as_bytes());
        if let Some(fill) = &self.fill {
            for _ in lost.chars() {
                out.extend_from_slice(fill.as_bytes());
            }
        }
        outcome(field, out, start)
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lane = lanes(&self.mac.tag(&[b"placeholder", field]))[0];
        let mut buffer = itoa::Buffer::new();
        // 19 or 20 digits, of which the last ones vary.
        let digits = buffer.format(lane | 1 << 63).as_bytes();
        out.extend(digits.iter().rev().take(self.chars.min(16)));
        true
    }
}

/// Values grouped by a list.
pub(super) struct Groups {
    /// The group of each value.
    pub(super) groups: HashMap<Box<[u8]>, Box<[u8]>>,
    /// That of all others.
    pub(super) other: Box<[u8]>,
}

impl Mask for Groups {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let group = self.groups.get(trimmed(field)).unwrap_or(&self.other);
        let start = out.len();
        out.extend_from_slice(group);
        outcome(field, out, start)
    }

    fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(&self.other);
        true
    }
}
