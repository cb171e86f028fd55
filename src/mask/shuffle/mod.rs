//! `shuffle`: the values of a column change places among its rows, under the key. Needs two passes over its input: the first
//! gathers the values, the second hands them out. `by:` names what tells rows apart, usually the primary key. With
//! `window: ROWS` they change places within every so many rows, in one pass (`window`).
//!
//! Class: randomisation. Preserves the values themselves, so their distribution and every rare value; loses which row had
//! which. An attacker learns every value that occurs, and with the key which row had it; a value that names a person names
//! that person still. NULL and '' stay where they are. Rows that `by:` does not tell apart get the same value. Refuses
//! pipes, which offer one pass. Within windows an attacker also learns that the row which had a value is one of so many
//! neighbours: order and time go through, as far as rows stand in their order.
//!
//! The place of a row is the rank of its deciding digest among all rows, the place of a value the rank of another digest of
//! the row that had it: a random permutation that depends on no order of rows and on no number of threads. Memory: 56
//! bytes and the value for each row, from the first pass to the end of the second.

mod window;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{
    Class, Compile, Compiled, Decider, Example, Lanes, Mask, MaskCx, Needs, OptionSpec, Outcome, Output,
    Reaches, Refusal, Reversibility, Takes, TechniqueSpec, Uniqueness, Value as Said,
};
use crate::row::canon::Canon;
use crate::row::field::Cells;
use crate::secret::Purpose;
pub use window::{WindowPlace, Windowed};

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "shuffle",
    class: Class::Randomisation,
    summary: "lets the values of a column change places among its rows; needs a file, which it reads twice, or a `window`",
    preserves: "the values and how often each occurs; not which row had which",
    attacker: "every value that occurs, rare ones too, and with `window` near which row; with the key which row had it",
    reversibility: Reversibility::Key,
    reaches: Reaches::Possibly("every value is one of the data"),
    argument: Takes::Nothing,
    bare: true,
    options: &[OptionSpec {
        name: WINDOW,
        takes: Takes::Integer { min: LEAST_WINDOW, max: MOST_WINDOW },
        help: "values change places within every so many rows of the table, in one pass: for pipes; without `by:`",
    }],
    // What decides must tell rows apart: the own value never does.
    identifying: |_, _| false,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "shuffle", input: "1200", output: "3400" },
        Example { rule: "{shuffle: {window: 1000}}", input: "1200", output: "3400" },
    ],
    compile,
};

const HINT: &str =
    "name the column that tells rows apart: `{shuffle: , by: id}`; or write `{shuffle: {window: 1000}}`";

/// Rows of a window: among fewer than ten a value is hardly hidden, and a window must be held in memory.
const LEAST_WINDOW: i64 = 10;
const MOST_WINDOW: i64 = 1_000_000;

/// The name of the option that makes one pass enough.
pub const WINDOW: &str = "window";

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let mac = cx.schedule.mac(Purpose::Shuffle, cx.label);
    if let Some(Said::Integer(rows)) = cx.option(WINDOW) {
        let mask = Box::new(Within(Windowed::new(usize::try_from(*rows).unwrap_or_default(), mac)));
        return Ok(Compiled {
            mask,
            needs: Needs::Nothing,
            output: Output::Typed,
            uniqueness: Uniqueness::Lost,
        });
    }
    let needs = match cx.decider {
        Decider::Subject => Needs::Subject { high: false },
        Decider::Value => Needs::Row { canon: Canon::Bytes, mac, hint: HINT },
    };
    Ok(Compiled {
        mask: Box::new(Shuffle(cx.gathered.column(cx.label))),
        needs,
        // Every value is one of this very column.
        output: Output::Typed,
        uniqueness: Uniqueness::Lost,
    })
}

struct Shuffle(Arc<Column>);

impl Mask for Shuffle {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let Some(value) = self.0.of(cx.lanes) else { return Outcome::Unfit };
        out.extend_from_slice(value);
        if value == field { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }

    fn gathers(&self) -> Option<&Column> {
        Some(&self.0)
    }
}

/// Values that whoever reads the rows hands out: a value alone has none to change places with.
struct Within(Windowed);

impl Mask for Within {
    fn mask(&self, _: &[u8], _: &MaskCx<'_>, _: &mut Vec<u8>) -> Outcome {
        Outcome::Unfit
    }

    fn placeholder(&self, _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }

    fn windowed(&self) -> Option<&Windowed> {
        Some(&self.0)
    }
}

/// The shuffled columns of one input, by their label.
#[derive(Default)]
pub struct Gathered(Mutex<BTreeMap<Vec<u8>, Arc<Column>>>);

impl Gathered {
    /// Returns the column of a label.
    fn column(&self, label: &[u8]) -> Arc<Column> {
        let mut columns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(columns.entry(label.to_vec()).or_default())
    }

    /// Forgets what an earlier input held.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Ends the first pass: from here on values are handed out.
    pub fn seal(&self) {
        let columns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        columns.values().for_each(|column| column.seal());
    }
}

impl fmt::Debug for Gathered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<gathered columns>")
    }
}

/// The values of one column.
#[derive(Default)]
pub struct Column {
    found: Mutex<Found>,
    ranked: OnceLock<Ranked>,
}

/// One value: the deciding digest of its row, another digest of it, where it lies.
struct Value {
    row: u128,
    order: u128,
    start: usize,
    len: usize,
}

#[derive(Default)]
struct Found {
    values: Vec<Value>,
    bytes: Vec<u8>,
}

/// Digests of all rows, ascending, and at the same index where the value lies that such a row gets.
struct Ranked {
    rows: Vec<u128>,
    places: Vec<(usize, usize)>,
    bytes: Vec<u8>,
}

fn wide(high: u64, low: u64) -> u128 {
    (u128::from(high) << 64) | u128::from(low)
}

fn row(lanes: &Lanes) -> u128 {
    wide(lanes.0[0], lanes.0[1])
}

impl Column {
    /// Takes the values of those rows of a chunk that `counts`; NULL and '' take no part.
    pub fn gather(&self, cells: &Cells<'_>, lanes: &[Lanes], counts: impl Fn(usize) -> bool) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let Found { values, bytes } = &mut *found;
        for (index, lanes) in lanes.iter().enumerate().filter(|(index, _)| counts(*index)) {
            let Some(value) = cells.get(index).filter(|value| !value.is_empty()) else { continue };
            let order = wide(lanes.0[2], lanes.0[3]);
            values.push(Value { row: row(lanes), order, start: bytes.len(), len: value.len() });
            bytes.extend_from_slice(value);
        }
    }

    pub(super) fn seal(&self) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let Found { mut values, bytes } = std::mem::take(&mut *found);
        let text = |value: &Value| bytes.get(value.start..value.start + value.len).unwrap_or_default();
        // Rows with one digest differ in their values only: so no order of threads shows.
        values.sort_unstable_by(|a, b| (a.row, text(a)).cmp(&(b.row, text(b))));
        let rows = values.iter().map(|value| value.row).collect();
        values.sort_unstable_by(|a, b| (a.order, text(a)).cmp(&(b.order, text(b))));
        let places = values.iter().map(|value| (value.start, value.len)).collect();
        let _ = self.ranked.set(Ranked { rows, places, bytes });
    }

    /// Returns the value of a row; `None` before the first pass is over, and for a row that it did not meet.
    fn of(&self, lanes: &Lanes) -> Option<&[u8]> {
        let ranked = self.ranked.get()?;
        let row = row(lanes);
        let rank = ranked.rows.partition_point(|other| *other < row);
        ranked.rows.get(rank).filter(|found| **found == row)?;
        let (start, len) = *ranked.places.get(rank)?;
        ranked.bytes.get(start..start + len)
    }
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<values of a column>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::field::{Cell, Span};

    /// Lanes as a digest of `n` would have them.
    fn lanes(n: u64) -> Lanes {
        let lane = |k: u64| {
            (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(u32::try_from(k).unwrap() * 17) ^ k
        };
        Lanes([0, 1, 2, 3, 4, 5, 6, 7].map(lane))
    }

    fn gathered(order: &[u64], dropped: u64) -> Column {
        let column = Column::default();
        for n in order {
            let text = format!("value {n}").into_bytes();
            let cells = [Cell::Raw(Span::new(0, u32::try_from(text.len()).unwrap())), Cell::Null];
            let cells = Cells { raw: &text, arena: &[], cells: &cells };
            column.gather(&cells, &[lanes(*n), lanes(*n + 1000)], |_| *n != dropped);
        }
        column.seal();
        column
    }

    #[test]
    fn values_change_places_and_none_is_lost() {
        let all: Vec<u64> = (0..200).collect();
        let column = gathered(&all, 77);
        let given: Vec<String> = all
            .iter()
            .filter_map(|n| column.of(&lanes(*n)).map(|value| String::from_utf8(value.to_vec()).unwrap()))
            .collect();
        let mut sorted = given.clone();
        sorted.sort();
        let mut expected: Vec<String> =
            all.iter().filter(|n| **n != 77).map(|n| format!("value {n}")).collect();
        let same = given.iter().zip(&expected).filter(|(a, b)| a == b).count();
        assert!(same < 12, "{same} stayed");
        expected.sort();
        assert_eq!(sorted, expected);
        // Neither a row that was dropped nor one whose cell was NULL has a value.
        assert!(column.of(&lanes(77)).is_none() && column.of(&lanes(1003)).is_none());
    }

    #[test]
    fn no_order_of_rows_shows() {
        let forward: Vec<u64> = (0..50).collect();
        let backward: Vec<u64> = (0..50).rev().collect();
        let (one, other) = (gathered(&forward, 99), gathered(&backward, 99));
        for n in forward {
            assert_eq!(one.of(&lanes(n)), other.of(&lanes(n)));
        }
    }

    #[test]
    fn before_the_first_pass_is_over_nothing_passes() {
        let mut out = Vec::new();
        let outcome = Shuffle(Arc::default()).mask(b"1200", &MaskCx { lanes: &lanes(1) }, &mut out);
        assert_eq!((outcome, out.len()), (Outcome::Unfit, 0));
        assert!(!Shuffle(Arc::default()).placeholder(b"1200", &mut out));
    }
}
