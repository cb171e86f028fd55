//! Quasi-identifiers by measured uniqueness: which few columns together single out most of the sampled rows.
//!
//! Of the candidate columns of one table at a time 32-bit hashes are kept, of the sampled rows up to a bound; columns are
//! taken one by one, each time the one that makes most rows unique. The share is that of the rows looked at: among more
//! rows fewer are unique, so it is an upper bound, said with its number of rows. Which columns are candidates is for the
//! caller to say: a unique key singles out every row and is no quasi-identifier.

/// Most candidate columns of a table.
pub const MOST: usize = 12;
/// Most rows that are compared.
const ROWS: usize = 4096;
/// Fewer rows say nothing.
const FEW: usize = 50;
/// Most columns taken together.
const TOGETHER: usize = 4;
/// A column that makes less than so many percent of the rows unique is not added.
const WORTH: usize = 2;
/// Columns of which hashes are kept before the candidates are known.
const EARLY: usize = 256;

/// Columns that single out rows together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// Their places in the table, the one that says most first.
    pub columns: Vec<usize>,
    /// The share of the compared rows that are alone with their values, in percent, rounded down.
    pub percent: u32,
    /// How many rows were compared.
    pub rows: u64,
}

/// Keeps the hashes of sampled rows, column by column.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    columns: Vec<Column>,
}

/// The hashes of one column.
#[derive(Default)]
pub(super) struct Column {
    hashes: Vec<u32>,
    kept: bool,
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} hashes>", self.hashes.len())
    }
}

impl Column {
    /// Takes the hash of the next row's value, 0 for NULL.
    #[inline]
    pub(super) fn push(&mut self, hash: u64) {
        if self.hashes.len() < ROWS {
            self.hashes.push(u32::try_from(hash >> 32).unwrap_or(0));
        }
    }
}

impl Recorder {
    /// Adds a column that so many sampled rows did not have.
    pub(super) fn add_column(&mut self, rows: u64) {
        let kept = self.columns.len() < EARLY;
        let rows = usize::try_from(rows).unwrap_or(ROWS).min(ROWS);
        self.columns.push(Column { hashes: if kept { vec![0; rows] } else { Vec::new() }, kept });
    }

    /// Returns where the hashes of a column go; `None` where they are not wanted.
    pub(super) fn column(&mut self, place: usize) -> Option<&mut Column> {
        self.columns.get_mut(place).filter(|column| column.kept && column.hashes.len() < ROWS)
    }

    /// Columns that the last rows did not have get NULLs, so that there are so many rows of each.
    pub(super) fn fill(&mut self, rows: u64) {
        let rows = usize::try_from(rows).unwrap_or(ROWS).min(ROWS);
        for column in self.columns.iter_mut().filter(|column| column.kept && column.hashes.len() < rows) {
            column.hashes.resize(rows, 0);
        }
    }

    /// Forgets all columns but the candidates.
    pub(super) fn choose(&mut self, candidates: &[usize]) {
        for (place, column) in self.columns.iter_mut().enumerate() {
            if !candidates.iter().take(MOST).any(|candidate| *candidate == place) {
                *column = Column::default();
            }
        }
    }

    /// Returns the columns that single out most rows.
    pub(super) fn unique(&self) -> Option<Unique> {
        let candidates: Vec<(usize, &[u32])> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.kept)
            .map(|(place, column)| (place, column.hashes.as_slice()))
            .collect();
        let rows = candidates.first().map_or(0, |(_, hashes)| hashes.len());
        if rows < FEW || candidates.len() < 2 || candidates.iter().any(|(_, hashes)| hashes.len() != rows) {
            return None;
        }
        let mut groups = vec![0_u32; rows];
        let (mut taken, mut alone) = (Vec::new(), 0);
        while taken.len() < TOGETHER {
            let free = candidates.iter().filter(|(place, _)| !taken.contains(place));
            let best = free
                .map(|(place, hashes)| (split(&groups, hashes), *place, *hashes))
                .max_by_key(|(split, place, _)| (split.alone, split.groups, std::cmp::Reverse(*place)));
            let Some((split, place, hashes)) = best else { break };
            // The first columns may split without singling out anybody.
            if taken.len() >= 2 && (split.alone - alone) * 100 < rows * WORTH {
                break;
            }
            taken.push(place);
            alone = split.alone;
            groups = regroup(&groups, hashes);
            if alone == rows {
                break;
            }
        }
        let percent = u32::try_from(alone * 100 / rows).unwrap_or(100);
        (taken.len() >= 2 && percent > 0).then(|| Unique {
            columns: taken,
            percent,
            rows: u64::try_from(rows).unwrap_or(0),
        })
    }
}

/// What a column makes of groups of rows.
struct Split {
    /// Groups of one row.
    alone: usize,
    groups: usize,
}

/// Returns the rows by group and value, in order.
fn sorted(groups: &[u32], hashes: &[u32]) -> Vec<(u32, u32, usize)> {
    let mut rows: Vec<_> =
        groups.iter().zip(hashes).enumerate().map(|(row, (group, hash))| (*group, *hash, row)).collect();
    rows.sort_unstable();
    rows
}

fn split(groups: &[u32], hashes: &[u32]) -> Split {
    let (mut alone, mut count) = (0, 0);
    for group in sorted(groups, hashes).chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        count += 1;
        alone += usize::from(group.len() == 1);
    }
    Split { alone, groups: count }
}

fn regroup(groups: &[u32], hashes: &[u32]) -> Vec<u32> {
    let mut numbers = vec![0; groups.len()];
    let rows = sorted(groups, hashes);
    for (number, group) in (0_u32..).zip(rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))) {
        for (_, _, row) in group {
            if let Some(place) = numbers.get_mut(*row) {
                *place = number;
            }
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::sketch::hash;

    fn recorder(columns: &[&dyn Fn(u32) -> u32], rows: u32) -> Recorder {
        let mut recorder = Recorder::default();
        for (place, value) in columns.iter().enumerate() {
            recorder.add_column(0);
            for row in 0..rows {
                let text = value(row).to_string();
                recorder.column(place).into_iter().for_each(|column| column.push(hash(text.as_bytes())));
            }
        }
        recorder
    }

    #[test]
    fn what_is_unique_together_is_found() {
        // 40 x 30 x 2 combinations, each once; the fourth column says nothing.
        let columns: &[&dyn Fn(u32) -> u32] = &[&|r| r / 2 % 40, &|r| r / 80, &|r| r % 2, &|_| 7];
        let mut found = recorder(columns, 2400);
        found.choose(&[0, 1, 2, 3]);
        let unique = found.unique().unwrap();
        assert_eq!((unique.columns, unique.percent, unique.rows), (vec![0, 1, 2], 100, 2400));
        let mut found = recorder(columns, 2400);
        found.choose(&[2, 3]);
        assert_eq!(found.unique(), None);
        let mut found = recorder(columns, 20);
        found.choose(&[0, 1]);
        assert_eq!(found.unique(), None, "twenty rows say nothing");
    }

    #[test]
    fn a_column_that_some_rows_lack_is_null_there() {
        let mut found = recorder(&[&|r| r % 50], 100);
        found.add_column(100);
        found.columns.iter_mut().for_each(|column| column.push(9));
        found.column(0).unwrap().push(8);
        found.fill(102);
        assert!(found.columns.iter().all(|column| column.hashes.len() == 102));
    }
}
