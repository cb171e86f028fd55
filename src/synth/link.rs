//! Which row of a parent a row points to: one way for each foreign key, all of them arithmetic.
//!
//! - `Owned`: the key that says whose row it is (order lines of an order): children of one parent side by side, each knows
//!   its position among them.
//! - `Nth`: another parent for every position, so that the pair is unique (members of groups).
//! - `Popular`: some parents often, most seldom, as goods and tags are: Zipf's law, by octaves, or with the exponent that a
//!   profile says.
//! - `Tree`: an earlier row of the same table; the first has none.
//! - `Branch`: an earlier row of the same table that another key of it leads to the same row (of one's tenant); the first
//!   of each has none.
//! - `Within`: a child of a row that another key of this row led to, so that both agree (the product of one's tenant).

use super::degree::Degrees;
use super::order::Order;
use super::seed::{Draws, Stream};
use crate::mask::spread::Zipf;

/// A foreign key of a table that is made.
#[derive(Clone, Debug)]
pub struct Link {
    /// Name of the constraint, for messages.
    pub name: String,
    /// The table that it points to, by its place in the model.
    pub target: usize,
    /// Own columns.
    pub columns: Vec<usize>,
    /// Columns there, in the same order.
    pub keys: Vec<usize>,
    /// Which row it is.
    pub way: Way,
    /// How often it points nowhere, in parts of a million.
    pub nulls: u32,
    /// What its draws come from.
    pub stream: Stream,
}

/// How a row's parent is found.
#[derive(Clone, Debug)]
pub enum Way {
    /// By shares of all rows.
    Owned(Degrees),
    /// By an order of the parents for each owner: at the position among the owner's children.
    Nth {
        /// Rows of the target.
        rows: u64,
    },
    /// A row that no other row points to.
    Once(Order),
    /// A draw.
    Popular {
        /// Which rows are the popular ones.
        order: Order,
        /// How popular, where a profile says.
        law: Option<Zipf>,
    },
    /// An earlier row.
    Tree,
    /// An earlier row of those that own link `via` leads to the same row.
    Branch {
        /// Own link that leads to what they have in common.
        via: usize,
    },
    /// A child, by `through` of the target, of the row that own link `via` leads to.
    Within {
        /// Own link that leads to the common ancestor, or to a row that points to it.
        via: usize,
        /// The links that lead on to the ancestor, from row to row; none where `via` itself does.
        then: Vec<usize>,
        /// The owned link of the target that leads to it.
        through: usize,
    },
}

/// Draws the place of a row that is pointed to, below `rows`: the first half as often as the next quarter of octaves.
#[must_use]
#[inline]
pub fn popular(draws: &mut Draws, rows: u64) -> u64 {
    if rows <= 1 {
        return 0;
    }
    let octaves = u64::from(u64::BITS - rows.leading_zeros());
    let mut octave = draws.below(octaves);
    let span = |octave: u64| {
        let start = (1_u64 << octave) - 1;
        let end = (1_u64 << octave).saturating_add(start).min(rows);
        (start, end.saturating_sub(start))
    };
    // The last octave may be cut: it then comes as much less often.
    if octave + 1 == octaves && draws.below(1 << octave) >= span(octave).1 {
        octave = draws.below(octaves - 1);
    }
    let (start, len) = span(octave);
    start + draws.below(len)
}

/// Returns the parent of a row of a tree; `None` for the first. Every parent has about four children.
#[must_use]
#[inline]
pub fn tree(draws: &mut Draws, row: u64) -> Option<u64> {
    let most = row.checked_sub(1)?;
    // Near a quarter of the own number: a tree of even depth, with some unrest.
    let about = most / 4;
    Some((about + draws.below(3)).min(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::seed::Seed;

    #[test]
    fn few_are_popular_and_all_are_reached() {
        let stream = Seed::new(1).stream("link", &["t"]);
        for rows in [1_u64, 2, 3, 5, 8, 9, 100] {
            let mut seen = vec![0_u32; usize::try_from(rows).expect("small")];
            for row in 0..20_000 {
                seen[usize::try_from(popular(&mut stream.row(row), rows)).expect("small")] += 1;
            }
            assert!(seen.iter().all(|n| *n > 20), "{rows}: {seen:?}");
            assert!(rows < 5 || seen[0] > 3 * seen[seen.len() - 1], "{rows}: {seen:?}");
        }
    }

    #[test]
    fn parents_of_a_tree_stand_before_their_children() {
        let stream = Seed::new(1).stream("link", &["t"]);
        assert_eq!(tree(&mut stream.row(0), 0), None);
        assert!((1..10_000).all(|row| tree(&mut stream.row(row), row).is_some_and(|parent| parent < row)));
    }
}
