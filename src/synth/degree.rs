//! Which children belong to which parent, by arithmetic alone: no look-up table, any place can be asked for, in both
//! directions.
//!
//! Parents stand in blocks of 64. A block's children are its even share of all; within it each parent gets its own
//! number of them, by weights drawn for it, between a least and a most. Children of one parent stand side by side, in the
//! order of the parents. Where a profile says how popular they are, blocks are of 256, and the parents of each weigh what
//! Zipf's law gives their places, in an order of its own.

use std::ops::Range;

use super::order::Order;
use super::seed::Stream;
use crate::mask::spread::weight;

/// Parents of a block.
const BLOCK: u64 = 64;
/// Parents of a block that Zipf's law weighs: more, so that its first has more.
const WIDE: u64 = 256;

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
    exponent: Option<f64>,
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
    /// What each weighs, and gets.
    weights: Vec<u64>,
    shares: Vec<u64>,
}

impl Degrees {
    /// Shares `children` among `parents`; `None` where the bounds do not allow it.
    #[must_use]
    pub fn new(parents: u64, children: u64, bounds: Bounds, stream: Stream) -> Option<Self> {
        let least = u128::from(parents) * u128::from(bounds.least);
        let most = u128::from(parents) * u128::from(bounds.most);
        let fits = (least..=most).contains(&u128::from(children));
        fits.then_some(Self { parents, children, bounds, stream, exponent: None })
    }

    /// Shares by Zipf's law with an exponent.
    #[must_use]
    pub fn popular(self, exponent: Option<f64>) -> Self {
        Self { exponent, ..self }
    }

    /// Returns the exponent of Zipf's law, where that shares.
    #[must_use]
    pub fn exponent(&self) -> Option<f64> {
        self.exponent
    }

    /// Returns how many parents a block has.
    fn block(&self) -> u64 {
        if self.exponent.is_some() { WIDE } else { BLOCK }
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
        parent / self.block()
    }

    /// Returns how many children stand before a block: in proportion to the parents before it, so that no block has
    /// more or fewer than its parents may.
    fn before(&self, block: u64) -> u64 {
        let parents = block.saturating_mul(self.block()).min(self.parents);
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
        let blocks = parents.div_ceil(u128::from(self.block())).saturating_sub(1);
        u64::try_from(blocks).unwrap_or(u64::MAX)
    }

    /// Fills `block` with the shares of a block of parents.
    fn fill(&self, number: u64, block: &mut Block) {
        if block.number == Some(number) && block.key == self.stream.key() {
            return;
        }
        block.number = Some(number);
        block.key = self.stream.key();
        let first = number * self.block();
        let parents = self.block().min(self.parents.saturating_sub(first));
        let (start, end) = (self.before(number), self.before(number + 1));
        self.weigh(number, parents, &mut block.weights);
        self.share(end - start, &block.weights, &mut block.shares);
        block.starts.clear();
        let mut at = start;
        block.starts.push(at);
        for share in &block.shares {
            at += share;
            block.starts.push(at);
        }
    }

    /// Says what the parents of a block weigh.
    fn weigh(&self, number: u64, parents: u64, weights: &mut Vec<u64>) {
        weights.clear();
        if let Some(exponent) = self.exponent {
            let order = Order::new(self.stream.part(number), parents);
            weights.extend((0..parents).map(|at| weight(order.at(at) + 1, exponent)));
            return;
        }
        weights.extend((0..parents).map(|at| {
            // A long tail: the product of two even draws; nobody weighs nothing.
            let mut draws = self.stream.row(number * BLOCK + at);
            64 + draws.below(1024) * draws.below(1024) / 1024
        }));
    }

    /// Shares the children of a block: each parent its least, the rest by weights, none above its most.
    fn share(&self, children: u64, weights: &[u64], shares: &mut Vec<u64>) {
        let Bounds { least, most } = self.bounds;
        shares.clear();
        shares.resize(weights.len(), least);
        let parents = u64::try_from(weights.len()).unwrap_or(0);
        let mut left = children.saturating_sub(least.saturating_mul(parents));
        // Each round shares what is left among those that have room; what is above a most goes to the next round.
        while left > 0 {
            let open = |share: &u64| *share < most;
            let all: u128 =
                shares.iter().zip(weights).filter(|(s, _)| open(s)).map(|(_, w)| u128::from(*w)).sum();
            if all == 0 {
                break;
            }
            let (mut seen, mut given) = (0_u128, 0_u64);
            let round = left;
            for (share, weight) in shares.iter_mut().zip(weights) {
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
            parent: number * self.block() + u64::try_from(index).unwrap_or(0),
            position: child.saturating_sub(start),
        }
    }

    /// Returns the children of a parent.
    #[must_use]
    pub fn children(&self, parent: u64, block: &mut Block) -> Range<u64> {
        let number = self.block_of(parent);
        self.fill(number, block);
        let index = usize::try_from(parent % self.block()).unwrap_or(0);
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
    fn popular_parents_have_most_and_all_children_are_shared() {
        for (parents, children, exponent) in [(50, 5000, 1.0), (1000, 9000, 1.1), (3, 7, 2.0), (300, 0, 1.0)]
        {
            let all = degrees(parents, children, 0, children.max(1)).popular(Some(exponent));
            let mut block = Block::default();
            let mut counts: Vec<u64> = Vec::new();
            let mut next = 0;
            for parent in 0..parents {
                let range = all.children(parent, &mut block);
                assert_eq!(range.start, next);
                next = range.end;
                counts.push(range.end - range.start);
                for child in range {
                    assert_eq!(all.place(child, &mut block).parent, parent);
                }
            }
            assert_eq!(next, children);
            counts.sort_unstable();
            counts.reverse();
            if (parents, children) == (50, 5000) {
                // 5000 / 4.499 for the first, half of that for the second.
                assert!(counts[0].abs_diff(1111) < 3 && counts[1].abs_diff(555) < 3, "{counts:?}");
            }
        }
    }

    #[test]
    fn large_numbers_do_not_overflow() {
        let all = degrees(1 << 40, 3 << 40, 0, 100);
        let mut block = Block::default();
        let last = all.place((3 << 40) - 1, &mut block);
        assert_eq!(last.parent >> 6, ((1_u64 << 40) - 1) >> 6);
    }
}
