//! `shuffle: {window: ROWS}`: the values change places within every so many rows of the table, so that one pass is enough
//! and a pipe is too. Here is the permutation; who reads the rows gathers a window and hands its values out.
//!
//! A random permutation (Fisher and Yates) of the values of a window, of which HMAC-SHA-256 under the key, the table, the
//! column and the number of the window is the seed. The numbers count windows of the table, never pieces of the input.

use zeroize::Zeroize;

use crate::secret::{Mac, lanes};

/// Where a window stands.
#[derive(Clone, Copy, Debug)]
pub struct WindowPlace<'a> {
    /// The schema, unless it is the default one.
    pub schema: &'a str,
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// Which case of a case list this is; 0 without one.
    pub case: u32,
    /// The number of the window in its table, from 0.
    pub number: u64,
}

/// A column whose values change places within windows.
pub struct Windowed {
    rows: usize,
    mac: Mac,
}

impl Windowed {
    pub(super) fn new(rows: usize, mac: Mac) -> Self {
        Self { rows: rows.max(1), mac }
    }

    /// Returns how many rows a window has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Puts so many numbers into the order of a window, in place.
    pub fn permute(&self, place: &WindowPlace<'_>, numbers: &mut [usize]) {
        let texts = [place.schema, place.table, place.column].map(str::as_bytes);
        let lens = texts.map(|text| u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        let [schema, table, column] = texts;
        let mut seed = self.mac.tag(&[
            b"window",
            &lens[0],
            schema,
            &lens[1],
            table,
            &lens[2],
            column,
            &place.case.to_be_bytes(),
            &place.number.to_be_bytes(),
        ]);
        let stream = Mac::from_key(&seed);
        seed.zeroize();
        let mut drawn = (0_u32..).flat_map(|block| lanes(&stream.tag(&[&block.to_be_bytes()])));
        for last in (1..numbers.len()).rev() {
            let bound = u128::try_from(last + 1).unwrap_or(1);
            let draw = u128::from(drawn.next().unwrap_or_default());
            numbers.swap(last, usize::try_from((draw * bound) >> 64).unwrap_or(last));
        }
    }
}

impl std::fmt::Debug for Windowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<windows of {} rows>", self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: WindowPlace<'_> =
        WindowPlace { schema: "", table: "t", column: "salary", case: 0, number: 0 };

    fn order(key: &[u8], place: &WindowPlace<'_>, count: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..count).collect();
        Windowed::new(100, Mac::from_key(key)).permute(place, &mut numbers);
        numbers
    }

    #[test]
    fn it_is_a_permutation_that_key_place_and_number_decide() {
        let first = order(b"a", &PLACE, 1000);
        let mut sorted = first.clone();
        sorted.sort_unstable();
        assert!(sorted.iter().copied().eq(0..1000));
        let others = [
            order(b"b", &PLACE, 1000),
            order(b"a", &WindowPlace { schema: "t", table: "", ..PLACE }, 1000),
            order(b"a", &WindowPlace { table: "u", ..PLACE }, 1000),
            order(b"a", &WindowPlace { column: "bonus", ..PLACE }, 1000),
            order(b"a", &WindowPlace { case: 1, ..PLACE }, 1000),
            order(b"a", &WindowPlace { number: 1, ..PLACE }, 1000),
            (0..1000).collect(),
        ];
        for other in others {
            let same = first.iter().zip(&other).filter(|(a, b)| a == b).count();
            assert!(same < 10, "{same} of 1000 agree, about 1 is expected");
        }
        assert_eq!(order(b"a", &PLACE, 1), [0]);
        assert!(order(b"a", &PLACE, 0).is_empty());
    }

    /// Every order of four comes up about as often.
    #[test]
    fn all_orders_are_as_likely() {
        let mut seen = std::collections::BTreeMap::<Vec<usize>, usize>::new();
        for number in 0..24_000 {
            *seen.entry(order(b"a", &WindowPlace { number, ..PLACE }, 4)).or_default() += 1;
        }
        assert_eq!(seen.len(), 24);
        assert!(seen.values().all(|count| (850..1150).contains(count)), "{seen:?}");
    }

    /// The vectors that `fixtures/keys/vectors.py` computed without any of this code.
    #[test]
    fn golden_windows() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../fixtures/keys/schedule-1.json")).unwrap();
        let key = crate::secret::Key::parse(vectors["key_text"].as_str().unwrap()).unwrap();
        let schedule = crate::secret::Schedule::new(&key, vectors["domain"].as_str().unwrap());
        let windowed = Windowed::new(10, schedule.mac(crate::secret::Purpose::Shuffle, b"example.value"));
        let rows = vectors["shuffle_window"].as_array().unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            let text = |at: usize| row[0][at].as_str().unwrap();
            let number = |at: usize| row[0][at].as_u64().unwrap();
            let (case, number, count) = (u32::try_from(number(3)).unwrap(), number(4), number(5));
            let place = WindowPlace { schema: text(0), table: text(1), column: text(2), case, number };
            let mut order: Vec<usize> = (0..usize::try_from(count).unwrap()).collect();
            windowed.permute(&place, &mut order);
            let expected: Vec<u64> = row[1].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
            assert!(order.iter().map(|n| u64::try_from(*n).unwrap()).eq(expected));
        }
    }

    /// Made once by other code: Python's `hmac`, by the words above.
    #[test]
    fn equals_another_implementation() {
        let key: Vec<u8> = (0..32).collect();
        assert_eq!(order(&key, &WindowPlace { schema: "s", number: 7, ..PLACE }, 12), PYTHON);
    }

    const PYTHON: [usize; 12] = [9, 3, 4, 10, 2, 6, 5, 8, 7, 1, 11, 0];
}
