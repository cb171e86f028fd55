//! Identifiers that are a form and no more: places for digits and letters, without check digits. Refuses nothing but
//! what has none of the forms.

use super::{Compact, Ranked, Scheme};

/// One form.
#[derive(Debug)]
pub struct Pattern {
    /// `9` a digit, `1` a digit but 0, `A` one of `letters`, `B` one of `second`; anything else stands for itself.
    pub form: &'static str,
    /// What may stand at an `A`, in alphabetical order.
    pub letters: &'static str,
    /// What may stand at a `B`.
    pub second: &'static str,
    /// Letters of another form alike: what has no others at its `A` is of that form, not of this.
    pub not_only: &'static str,
}

impl Pattern {
    /// Makes a form with one set of letters.
    #[must_use]
    pub const fn new(form: &'static str, letters: &'static str) -> Self {
        Self { form, letters, second: "", not_only: "" }
    }

    /// Returns what may stand at a place; empty if it stands for itself.
    fn set(&self, place: u8) -> &'static [u8] {
        match place {
            b'9' => b"0123456789",
            b'1' => b"123456789",
            b'A' => self.letters.as_bytes(),
            b'B' => self.second.as_bytes(),
            _ => b"",
        }
    }

    /// Returns whether all letters are those of the form alike, so that it is not of this one.
    fn is_other(&self, compact: &[u8]) -> bool {
        let mut letters =
            self.form.bytes().zip(compact).filter(|(place, _)| *place == b'A').map(|(_, byte)| byte);
        !self.not_only.is_empty() && letters.all(|letter| self.not_only.as_bytes().contains(letter))
    }

    fn read(&self, compact: &[u8]) -> Option<u64> {
        if compact.len() != self.form.len() {
            return None;
        }
        let mut rank = 0;
        for (place, byte) in self.form.bytes().zip(compact) {
            match self.set(place) {
                [] if place == *byte => {}
                set => {
                    let at = set.iter().position(|b| b == byte)?;
                    rank = rank * u64::try_from(set.len()).ok()? + u64::try_from(at).ok()?;
                }
            }
        }
        (!self.is_other(compact)).then_some(rank)
    }

    fn size(&self) -> u64 {
        self.form
            .bytes()
            .fold(1, |size, place| size * u64::try_from(self.set(place).len().max(1)).unwrap_or(1))
    }

    fn write(&self, rank: u64) -> Option<Compact> {
        let mut bytes = [0; super::MOST];
        let bytes = bytes.get_mut(..self.form.len())?;
        let mut left = rank;
        for (place, to) in self.form.bytes().zip(bytes.iter_mut()).rev() {
            *to = match self.set(place) {
                [] => place,
                set => {
                    let n = u64::try_from(set.len()).ok()?;
                    let at = usize::try_from(left % n).ok()?;
                    left /= n;
                    *set.get(at)?
                }
            };
        }
        (!self.is_other(bytes)).then(|| *Compact::new().extend(bytes))
    }
}

/// Forms; the group is the place in the list. A value that fits two is of the first.
#[derive(Debug)]
pub struct Patterns(pub &'static [Pattern]);

impl Patterns {
    fn get(&self, group: u32) -> Option<&'static Pattern> {
        self.0.get(usize::try_from(group).ok()?)
    }
}

impl Scheme for Patterns {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        (0..).zip(self.0).find_map(|(group, p)| p.read(compact).map(|rank| Ranked { group, rank }))
    }

    fn size(&self, group: u32) -> u64 {
        self.get(group).map_or(0, Pattern::size)
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let compact = self.get(group)?.write(rank)?;
        // Of a value that fits two forms, only the first is its own.
        (self.read(compact.as_slice())?.group == group).then_some(compact)
    }

    fn chars(&self) -> u32 {
        self.0.iter().filter_map(|p| u32::try_from(p.form.len()).ok()).max().unwrap_or(0)
    }
}
