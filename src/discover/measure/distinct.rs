//! Which of a column's values were seen before: hashes in an open table that grows to a bound. Refuses to hold a value; two
//! values of one hash count as one.

/// Hashes of distinct values.
pub(super) struct Distinct {
    slots: Vec<u64>,
    held: usize,
    most: usize,
}

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It was not seen before.
    New,
    /// It was.
    Again,
    /// It is none of those that are held, and no more are.
    Unknown,
}

impl std::fmt::Debug for Distinct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} hashes>", self.held)
    }
}

impl Distinct {
    /// Most hashes of a column: 64 KiB, in a table of twice so many slots.
    pub(super) const MOST: usize = 4096;

    /// Holds nothing yet, and never more than `most`, a power of two.
    pub(super) const fn new(most: usize) -> Self {
        Self { slots: Vec::new(), held: 0, most }
    }

    /// Takes a value in.
    pub(super) fn add(&mut self, value: &[u8]) -> Seen {
        // 0 is the empty slot.
        let hash = hash(value).max(1);
        if self.held * 2 >= self.slots.len() && self.held < self.most {
            self.grow();
        }
        let Some(at) = self.place(hash) else { return Seen::Unknown };
        match self.slots.get_mut(at) {
            Some(slot) if *slot == hash => Seen::Again,
            Some(slot) if self.held < self.most => {
                *slot = hash;
                self.held += 1;
                Seen::New
            }
            _ => Seen::Unknown,
        }
    }

    /// Returns the slot of a hash, or the empty one where it would stand.
    fn place(&self, hash: u64) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = usize::try_from(hash >> 32).ok()? & mask;
        loop {
            let slot = *self.slots.get(at)?;
            if slot == 0 || slot == hash {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).clamp(16, (self.most * 2).max(16));
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        for hash in old.into_iter().filter(|hash| *hash != 0) {
            if let Some(slot) = self.place(hash).and_then(|at| self.slots.get_mut(at)) {
                *slot = hash;
            }
        }
    }
}

/// Returns a hash of eight bytes a step: for counting, not for keeping secrets.
fn hash(value: &[u8]) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = value.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let len = u64::try_from(value.len()).unwrap_or(u64::MAX);
    let step = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(MIX);
        mixed ^ mixed >> 29
    };
    let hash = words.iter().fold(len.wrapping_mul(MIX), |hash, word| step(hash, u64::from_le_bytes(*word)));
    let hash = step(hash, u64::from_le_bytes(last));
    (hash ^ hash >> 32).wrapping_mul(MIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_value_once_and_stops_at_its_bound() {
        let mut seen = Distinct::new(Distinct::MOST);
        let mut new = 0;
        for round in 0..2 {
            for n in 0..5000_u32 {
                new += u32::from(seen.add(n.to_string().as_bytes()) == Seen::New);
            }
            assert_eq!(new, 4096, "round {round}");
        }
        assert_eq!(seen.add(b"17"), Seen::Again);
        assert_eq!(seen.add(b"4999"), Seen::Unknown);
        assert!(seen.slots.len() * 8 <= 64 << 10);
        assert_eq!(format!("{seen:?}"), "<4096 hashes>");
    }
}
