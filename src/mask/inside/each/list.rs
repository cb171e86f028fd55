//! Lists in text: parts with a separator between them, without quotes. A part that is removed goes with its separator.
//!
//! Blanks around parts stay. Refuses a stand-in with the separator in it, and in MySQL's SET one that is no member.

use super::super::scan::{self, Notation, trimmed};
use super::super::{Became, Unfit, Visit, Walk};

/// The lists of one column.
pub(super) struct List {
    /// Between two parts; not empty.
    pub(super) separator: Vec<u8>,
    /// The members of a SET.
    pub(super) members: Option<Vec<Vec<u8>>>,
}

impl Walk for List {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let (mut rest, mut first) = (Some(value), true);
        while let Some(all) = rest {
            let part = match memchr::memmem::find(all, &self.separator) {
                Some(at) => {
                    rest = all.get(at + self.separator.len()..);
                    all.get(..at).ok_or(Unfit)?
                }
                None => {
                    rest = None;
                    all
                }
            };
            let start = out.len();
            if !first {
                out.extend_from_slice(&self.separator);
            }
            if self.part(part, visit, out)? {
                first = false;
            } else {
                out.truncate(start);
            }
        }
        Ok(())
    }
}

impl List {
    /// Returns whether the part is still there.
    fn part(&self, part: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<bool, Unfit> {
        let (before, inner, behind) = trimmed(part);
        out.extend_from_slice(before);
        // Nothing stays nothing.
        let became =
            if inner.is_empty() { Became::Written } else { scan::leaf(visit, (0, inner, None), self, out)? };
        if became == Became::Kept {
            out.extend_from_slice(inner);
        }
        out.extend_from_slice(behind);
        Ok(became != Became::Removed)
    }
}

impl Notation for List {
    fn is_sound(&self, decoded: &[u8]) -> bool {
        let splits = memchr::memmem::find(decoded, &self.separator).is_some();
        let is_member = |members: &Vec<Vec<u8>>| members.iter().any(|member| member == decoded);
        !splits && self.members.as_ref().is_none_or(is_member)
    }

    fn byte(&self, byte: u8, out: &mut Vec<u8>) {
        out.push(byte);
    }
}

/// Reads the members out of a type as the schema spells it: `set('a','it''s')`.
pub(super) fn members(text: &str) -> Option<Vec<Vec<u8>>> {
    let mut rest = text.trim().strip_prefix("set(")?.strip_suffix(')')?;
    let mut members = Vec::new();
    loop {
        let mut member = String::new();
        rest = rest.trim_start().strip_prefix('\'')?;
        loop {
            let (text, behind) = rest.split_once('\'')?;
            member.push_str(text);
            match behind.strip_prefix('\'') {
                Some(behind) => {
                    member.push('\'');
                    rest = behind;
                }
                None => {
                    rest = behind.trim_start();
                    break;
                }
            }
        }
        members.push(member.into_bytes());
        match rest.strip_prefix(',') {
            Some(behind) => rest = behind,
            None => return rest.is_empty().then_some(members),
        }
    }
}
