//! Skims a region for learning facts only: finds the `;` of its statements outside of `'…'`, and looks at nothing else. Where
//! every row is one that `walk` accepts, it finds the same statements; where one is not, masking stops at that row.
//! Refuses `"` outside of `'…'`, behind which a quote may mean something else: then the input is to be read as usual.

use wide::u8x64;

use super::Dialect;
use super::lex::{LANES, escaped_bytes, prefix_xor};
use super::walk::{Rules, bit, skip_blanks};

/// Where a skim stands.
#[derive(Clone, Copy)]
pub(super) struct Skim {
    /// Whether in a statement, behind its head.
    pub(super) inside: bool,
    /// All ones inside of a string.
    within: u64,
    /// The next byte is escaped.
    escaped: bool,
}

/// What a skim came to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Skimmed {
    /// It stands here, and more is needed.
    More(usize),
    /// The region is over behind a `;`.
    Over(usize),
    /// It cannot tell.
    Unsure(usize),
}

impl Skim {
    /// Starts behind a tuple or at its `(`, or at the head of a statement.
    pub(super) fn new(inside: bool) -> Self {
        Self { inside, within: 0, escaped: false }
    }

    /// Skims on from the start of `bytes`.
    pub(super) fn run(&mut self, rules: &Rules, bytes: &[u8], at_end: bool) -> Skimmed {
        let mut at = 0;
        loop {
            if !self.inside {
                let next = skip_blanks(rules.dialect, bytes, at);
                let rest = bytes.get(next..).unwrap_or_default();
                match rest.strip_prefix(&*rules.head) {
                    Some([b'(', ..]) => (*self, at) = (Self::new(true), next + rules.head.len()),
                    None if !rules.head.starts_with(rest) => return Skimmed::Over(at),
                    Some([_, ..]) => return Skimmed::Over(at),
                    _ if at_end => return Skimmed::Over(at),
                    _ if next - at > rules.max_row => return Skimmed::Unsure(at),
                    _ => return Skimmed::More(at),
                }
            }
            match self.end(rules.dialect, bytes, at, at_end) {
                (end, Some(b';')) => (self.inside, at) = (false, end),
                (stop, None) => return Skimmed::More(stop),
                (stop, Some(_)) => return Skimmed::Unsure(stop),
            }
        }
    }

    /// Goes to behind the first `;` or `"` outside of strings, and says which it was; else to the last whole block, or to
    /// the end.
    fn end(&mut self, dialect: Dialect, bytes: &[u8], mut at: usize, at_end: bool) -> (usize, Option<u8>) {
        let rest = |at: usize| bytes.get(at..).unwrap_or_default();
        while let Some(block) = rest(at).first_chunk::<LANES>() {
            let found = self.block(dialect, block);
            if found != 0 {
                let end = at + bit(found) + 1;
                return (end, bytes.get(end - 1).copied());
            }
            at += LANES;
        }
        if at_end {
            let mut last = [0; LANES];
            if let Some(place) = last.get_mut(..rest(at).len()) {
                place.copy_from_slice(rest(at));
            }
            let found = self.block(dialect, &last);
            if found != 0 {
                let end = at + bit(found) + 1;
                return (end, bytes.get(end - 1).copied());
            }
            at = bytes.len();
        }
        (at, None)
    }

    /// Returns where `;` and `"` stand in a block outside of strings.
    #[inline(always)]
    fn block(&mut self, dialect: Dialect, block: &[u8; LANES]) -> u64 {
        let lanes = u8x64::new(*block);
        let eq = |byte: u8| lanes.simd_eq(u8x64::splat(byte));
        let mut quotes = eq(b'\'').to_bitmask();
        if dialect.backslash {
            let escaped;
            (escaped, self.escaped) = escaped_bytes(eq(b'\\').to_bitmask(), self.escaped);
            quotes &= !escaped;
        }
        let within = prefix_xor(quotes) ^ self.within;
        self.within = 0_u64.wrapping_sub(within >> 63);
        (eq(b';') | eq(b'"')).to_bitmask() & !within
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::plain::tests::{COLUMNS, HEAD, dialects, soup};
    use super::super::{Family, InsertRows, Region};
    use super::*;
    use crate::format::RowCodec;

    /// Reads a region in steps; returns where it was over, or `None` if it was refused.
    fn over(dialect: Dialect, text: &[u8], step: usize, skim: bool) -> Option<usize> {
        let mut region = Region::new(HEAD, &dialect, COLUMNS, 1 << 20);
        let (mut from, mut have) = (0, 0);
        loop {
            let at_end = have == text.len();
            have = (have + step).min(text.len());
            let reach = region.scan(text.get(..have)?, from, have == text.len()).ok()?;
            if reach.over {
                return Some(reach.end);
            }
            if at_end && reach.end == from {
                return None;
            }
            from = reach.end;
            if skim && from > 0 {
                region.skim_on();
            }
        }
    }

    #[test]
    fn what_looks_like_an_end_is_none() {
        let head = String::from_utf8_lossy(HEAD);
        let literal = Dialect { backslash: false, ..Dialect::mysql() };
        for (dialect, value) in [
            (Dialect::mysql(), r"'a\';\nCREATE TABLE x (y int);'"),
            (Dialect::mysql(), r"'a\\\';\n'"),
            (Dialect::mysql(), r"'\\\\'"),
            (Dialect::mysql(), "'it''s;\r\n-- ;'';'"),
            (literal, r"'a\'"),
            (Dialect::sqlite(), r"'a\'"),
            (Dialect::sqlite(), r"replace(';\n'';',';',char(10))"),
        ] {
            for pad in 0..130 {
                let pad = "p".repeat(pad);
                let rows = format!(
                    "{head}(1,'x'),\n(2,'{pad}'),({value},{value});\r\n{head}(1,{value});\nCREATE TABLE z (a int);\n"
                );
                let end = rows.rfind("\nCREATE");
                for step in [1, 63, 64, 65, 4096] {
                    let found = over(dialect, rows.as_bytes(), step, true);
                    assert_eq!(found, end, "{value} behind {} in steps of {step}", pad.len());
                }
            }
        }
        // A quote in such a string would be mistaken.
        let text = format!("{head}(0,'x');\n{head}(1,\"it's\"),(1,'x;');\n{head}(1,'x');\n");
        assert_eq!(over(Dialect::mysql(), text.as_bytes(), 50, true), None);
        assert_eq!(over(Dialect::mysql(), text.as_bytes(), 50, false), Some(text.len() - 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn sound_rows_end_where_the_scan_says(text in soup(), dialect in dialects(), step in 1_usize..300) {
            if dialect.family == Family::Postgres {
                return Ok(());
            }
            let text = [&text[..], b"-- next ';\nSELECT ';';\n"].concat();
            let Some(end) = over(dialect, &text, step, false) else { return Ok(()) };
            let codec = InsertRows::new(&dialect, HEAD, COLUMNS, 1 << 20);
            if codec.count(text.get(..end).unwrap_or_default()).is_ok() {
                let skimmed = over(dialect, &text, step, true);
                prop_assert!(skimmed == Some(end) || (skimmed.is_none() && text.contains(&b'"')));
            }
        }
    }
}
