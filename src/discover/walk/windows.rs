//! Which rows of a table are looked at: the first ones, then blocks at distances that grow with the rows behind them, so
//! that a table in the order of its dates is seen everywhere, however long it is, and nothing of it need be known before.
//! Decides by row numbers alone: neither pieces of the input nor chance take part.

/// Rows looked at without a gap.
pub(super) const FIRST: u64 = 1000;
/// Rows of a block behind those.
const BLOCK: u64 = 64;
/// Natural logarithm of how much longer than `FIRST` a table may be until all of the sample is used up: a thousand million
/// rows.
const SPREAD: u64 = 14;

/// Where in a table the next rows are looked at.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    sample: u64,
    /// Rows that are still to be looked at.
    left: u64,
    start: u64,
    end: u64,
}

/// What becomes of the rows from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// So many are looked at.
    Look(u64),
    /// So many are passed over.
    Pass(u64),
    /// No more are looked at.
    Rest,
}

impl Windows {
    /// Makes the windows of a table of which `sample` rows are looked at.
    #[must_use]
    pub(super) fn new(sample: u64) -> Self {
        Self { sample, left: sample, start: 0, end: FIRST.min(sample) }
    }

    /// Says what becomes of the row of this number, from 0, and those behind it. Numbers must not fall.
    pub(super) fn next(&mut self, row: u64) -> Next {
        while row >= self.end {
            self.left = self.left.saturating_sub(self.end.saturating_sub(self.start));
            if self.left == 0 {
                return Next::Rest;
            }
            // A share of the rows that falls as 1/row: every doubling of the table adds as many.
            let budget = self.sample.saturating_sub(FIRST).max(1);
            let period = (u128::from(self.end) * u128::from(BLOCK * SPREAD) / u128::from(budget)).max(64);
            let period = u64::try_from(period).unwrap_or(u64::MAX);
            self.start = self.end.saturating_add(period.saturating_sub(BLOCK));
            self.end = self.start.saturating_add(BLOCK.min(self.left));
        }
        if row < self.start { Next::Pass(self.start - row) } else { Next::Look(self.end - row) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(sample: u64, rows: u64) -> Vec<u64> {
        let (mut windows, mut row, mut seen) = (Windows::new(sample), 0, Vec::new());
        while row < rows {
            match windows.next(row) {
                Next::Look(n) => {
                    seen.extend(row..(row + n).min(rows));
                    row += n;
                }
                Next::Pass(n) => row += n,
                Next::Rest => break,
            }
        }
        seen
    }

    #[test]
    fn the_first_rows_and_then_some_everywhere() {
        assert_eq!(looked(10_000, 700).len(), 700);
        assert_eq!(looked(50, 7000), (0..50).collect::<Vec<_>>());
        assert_eq!(looked(0, 7000), Vec::<u64>::new());
        for rows in [10_000, 1_000_000, 100_000_000] {
            let seen = looked(10_000, rows);
            assert!(seen.len() > 2000 && seen.len() <= 10_000, "{}", seen.len());
            assert!(seen.iter().take(1000).copied().eq(0..1000));
            // No tenth of the table behind the first rows is without any.
            for tenth in 0..10 {
                let part = rows / 10 * tenth..rows / 10 * (tenth + 1);
                assert!(seen.iter().any(|row| part.contains(row)), "{tenth} of {rows}");
            }
        }
        assert_eq!(looked(3000, 1 << 40).len(), 3000);
    }

    #[test]
    fn it_does_not_matter_where_it_is_asked() {
        let (mut all, mut each) = (Windows::new(5000), Vec::new());
        for row in 0..40_000 {
            if matches!(all.next(row), Next::Look(_)) {
                each.push(row);
            }
        }
        assert_eq!(each, looked(5000, 40_000));
    }
}
