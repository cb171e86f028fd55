//! Which children belong to which parent, by arithmetic alone: no look-up table, any place can be asked for, in both
//! directions.
//!
//! Parents stand in blocks of 64. A block's children are its even share of all; within it each parent gets its own
//! number of them, by weights drawn for it, between a least and a most. Children of one parent stand side by side, in the
//! order of the parents.

use std::ops::Range;

use super::seed::Stream;

/// Parents of a block.
const BLOCK: u64 = 64;

/// How many children a parent has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// At least.
    pub least: u64,
    /// At most.
    pub most: u64,
}

/// The children of all parents.
#[derive(Clone, Copy, Debug)]
pub struct Degrees {
    parents: u64,
    children: u64,
    bounds: Bounds,
    stream: Stream,
}

/// A child seen from its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Row of the parent.
    pub parent: u64,
    /// Which of its children it is, from 0.
    pub position: u64,
}

/// The block looked at last: rows come one after the other.
#[derive(Clone, Debug, Default)]
pub struct Block {
    number: Option<u64>,
    key: u64,
    /// First child of each parent of the block, and one past the last.
    starts: Vec<u64>,
}

impl Degrees {
    /// Shares `children` among `parents`; `None` where the bounds do not allow it.
    #[must_use]
    pub fn new(parents: u64, children: u64, bounds: Bounds, stream: Stream) -> Option<Self> {
        let least = u128::from(parents) * u128::from(bounds.least);
        let most = u128::from(parents) * u128::from(bounds.most);
        let fits = (least..=most).contains(&u128::from(children));
        fits.then_some(Self { parents, children, bounds, stream })
    }

    /// Returns how many parents there are.
    #[must_use]
    pub fn parents(&self) -> u64 {
        self.parents
    }

    /// Returns the most children of one parent.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.bounds.most.min(self.children)
    }

    /// Returns how many children a parent may have.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Returns what the shares are drawn from.
    #[must_use]
    pub fn stream(&self) -> Stream {
        self.stream
    }

    fn block_of(&self, parent: u64) -> u64 {
        parent / BLOCK
    }

    /// Returns how many children stand before a block: in proportion to the parents before it, so that no block has
    /// more or fewer than its parents may.
    fn before(&self, block: u64) -> u64 {
        let parents = block.saturating_mul(BLOCK).min(self.parents);
        if self.parents == 0 {
            return 0;
        }
        let share = u128::from(self.children) * u128::from(parents) / u128::from(self.parents);
        u64::try_from(share).unwrap_or(u64::MAX)
    }

    /// Finds the block of a child: the first behind which more children stand than before it.
    fn block_with(&self, child: u64) -> u64 {
        let wanted = (u128::from(child) + 1).saturating_mul(u128::from(self.parents));
        let parents = wanted.div_ceil(u128::from(self.children.max(1)));
        let blocks = parents.div_ceil(u128::from(BLOCK)).saturating_sub(1);
        u64::try_from(blocks).unwrap_or(u64::MAX)
    }

    /// Fills `block` with the shares of a block of parents.
    fn fill(&self, number: u64, block: &mut Block) {
        if block.number == Some(number) && block.key == self.stream.key() {
            return;
        }
        block.number = Some(number);
        block.key = self.stream.key();
        let first = number * BLOCK;
        let parents = BLOCK.min(self.parents.saturating_sub(first));
        let (start, end) = (self.before(number), self.before(number + 1));
        let shares = self.shares(number, parents, end - start);
        block.starts.clear();
        let mut at = start;
        block.starts.push(at);
        for share in shares.iter().take(usize::try_from(parents).unwrap_or(0)) {
            at += share;
            block.starts.push(at);
        }
    }

    /// Shares the children of a block: each parent its least, the rest by weights, none above its most.
    fn shares(&self, number: u64, parents: u64, children: u64) -> [u64; 64] {
        let mut shares = [0_u64; 64];
        let mut weights = [0_u64; 64];
        let count = usize::try_from(parents).unwrap_or(0);
        let Bounds { least, most } = self.bounds;
        for (at, (share, weight)) in shares.iter_mut().zip(&mut weights).take(count).enumerate() {
            *share = least;
            let row = number * BLOCK + u64::try_from(at).unwrap_or(0);
            // A long tail: the product of two even draws; nobody weighs nothing.
            let mut draws = self.stream.row(row);
            *weight = 64 + draws.below(1024) * draws.below(1024) / 1024;
        }
        let mut left = children.saturating_sub(least.saturating_mul(parents));
        // Each round shares what is left among those that have room; what is above a most goes to the next round.
        while left > 0 {
            let open = |share: &u64| *share < most;
            let all: u128 = shares
                .iter()
                .zip(&weights)
                .take(count)
                .filter(|(s, _)| open(s))
                .map(|(_, w)| u128::from(*w))
                .sum();
            if all == 0 {
                break;
            }
            let (mut seen, mut given) = (0_u128, 0_u64);
            let round = left;
            for (share, weight) in shares.iter_mut().zip(&weights).take(count) {
                if !open(share) {
                    continue;
                }
                seen += u128::from(*weight);
                let upto = u64::try_from(u128::from(round) * seen / all).unwrap_or(round);
                let more = (upto - given).min(most - *share);
                given = upto;
                *share += more;
                left -= more;
            }
        }
        shares
    }

    /// Returns parent and position of a child.
    #[must_use]
    pub fn place(&self, child: u64, block: &mut Block) -> Place {
        let number = self.block_with(child);
        self.fill(number, block);
        let after = block.starts.partition_point(|start| *start <= child);
        let index = after.saturating_sub(1);
        let start = block.starts.get(index).copied().unwrap_or(child);
        Place {
            parent: number * BLOCK + u64::try_from(index).unwrap_or(0),
            position: child.saturating_sub(start),
        }
    }

    /// Returns the children of a parent.
    #[must_use]
    pub fn children(&self, parent: u64, block: &mut Block) -> Range<u64> {
        let number = self.block_of(parent);
        self.fill(number, block);
        let index = usize::try_from(parent % BLOCK).unwrap_or(0);
        let at = |i: usize| block.starts.get(i).copied().unwrap_or(self.children);
        at(index)..at(index + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::seed::Seed;

    fn degrees(parents: u64, children: u64, least: u64, most: u64) -> Degrees {
        let stream = Seed::new(1).stream("degree", &["t"]);
        Degrees::new(parents, children, Bounds { least, most }, stream).expect("fits")
    }

    #[test]
    fn all_children_have_one_parent_within_its_bounds() {
        let cases =
            [(1, 0, 0, 5), (1, 5, 0, 5), (64, 64, 1, 1), (65, 200, 1, 8), (1000, 1300, 0, 8), (3, 1, 0, 1)];
        for (parents, children, least, most) in
            cases.into_iter().chain([(777, 777 * 8, 0, 8), (100, 0, 0, 3), (5000, 3, 0, 1)])
        {
            let all = degrees(parents, children, least, most);
            let mut block = Block::default();
            let mut next = 0;
            for parent in 0..parents {
                let range = all.children(parent, &mut block);
                assert_eq!(range.start, next);
                let count = range.end - range.start;
                assert!((least..=most).contains(&count), "{parents} {children}: {count}");
                for (position, child) in range.clone().enumerate() {
                    let place = all.place(child, &mut block.clone());
                    assert_eq!(place, Place { parent, position: u64::try_from(position).expect("small") });
                }
                next = range.end;
            }
            assert_eq!(next, children);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let stream = Seed::new(1).stream("degree", &["t"]);
        assert!(Degrees::new(10, 81, Bounds { least: 0, most: 8 }, stream).is_none());
        assert!(Degrees::new(10, 9, Bounds { least: 1, most: 8 }, stream).is_none());
        assert!(Degrees::new(0, 1, Bounds { least: 0, most: 8 }, stream).is_none());
    }

    #[test]
    fn some_have_many_and_some_few() {
        let all = degrees(10_000, 30_000, 0, 50);
        let mut block = Block::default();
        let counts: Vec<u64> =
            (0..10_000).map(|p| all.children(p, &mut block)).map(|r| r.end - r.start).collect();
        let none = counts.iter().filter(|c| **c == 0).count();
        let many = counts.iter().filter(|c| **c >= 8).count();
        assert!((300..4000).contains(&none) && (100..2500).contains(&many), "{none} {many}");
    }

    #[test]
    fn large_numbers_do_not_overflow() {
        let all = degrees(1 << 40, 3 << 40, 0, 100);
        let mut block = Block::default();
        let last = all.place((3 << 40) - 1, &mut block);
        assert_eq!(last.parent >> 6, ((1_u64 << 40) - 1) >> 6);
    }
}
