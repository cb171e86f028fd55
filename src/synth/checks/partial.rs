//! Partial unique indexes (`UNIQUE (customer) WHERE is_default`): the first row of each group may be in the index, the others
//! are kept out of it by being drawn again while the predicate holds. Where the columns are unique in all rows, or the
//! predicate cannot be read, `keys` makes them unique instead.

use super::{Narrowed, Rows, Test};
use crate::condition::{Bound, Condition};
use crate::error::Name;
use crate::message;
use crate::row::shape::ColumnFacts;
use crate::synth::schema::Planned;

/// Adds the tests of a table's partial indexes.
pub(super) fn tests(table: &Planned, now: i64, narrowed: &mut Narrowed) {
    for special in &table.specials {
        let name = message!("the index `{}` of {}", Name::new(special.name.as_str()), table.facts.name);
        let Some(condition) = kept_out(&special.predicate, &table.columns, now) else {
            narrowed.unread.push(name);
            continue;
        };
        let redraw = condition.columns().to_vec();
        let of = Rows::NotFirst { columns: special.columns.clone(), owned: false };
        narrowed.tests.push(Test { name, condition, redraw, of });
    }
}

/// Returns the condition under which a row is not in an index, if it can be read.
pub(in crate::synth) fn kept_out(predicate: &str, columns: &[ColumnFacts], now: i64) -> Option<Bound> {
    let condition = Condition::parse_check(&format!("NOT ({predicate})")).ok()?;
    condition.bind(columns, now).ok()
}
