//! Makes columns of people some rows ahead: a technique takes many rows in one go faster than one after the other. Each value is
//! the one that its row alone would get, so that no range of rows, and no number of threads, changes a byte.
//!
//! Holds a few rows of one table. What it has not (a value that does not fit, a column that reads others) is made alone.

use super::content::DecidedBy;
use super::model::{Role, Table};
use super::seed::Stream;
use crate::mask::{Lanes, Outcome, Standins};
use crate::row::field::Span;

/// Rows that are made at once.
const ROWS: u64 = 64;

/// The rows made last.
pub(super) struct Ahead {
    /// The columns that lanes alone decide, with what a row's draws come from and how often it is NULL.
    columns: Vec<Column>,
    /// Of each column of the table its place among those; beyond them for others.
    slots: Vec<usize>,
    /// Where among the rows the one is that is being made.
    place: usize,
    from: u64,
    persons: Vec<Lanes>,
    lanes: Vec<Lanes>,
}

struct Column {
    at: usize,
    by: DecidedBy,
    stream: Stream,
    nulls: u32,
    made: Standins,
}

impl Ahead {
    /// Prepares the columns of a table; nothing is made yet.
    pub(super) fn new(table: &Table) -> Self {
        let columns = table.roles.iter().enumerate().filter_map(|(at, role)| match role {
            Role::Value { generator, nulls, stream, person: None } => {
                let by = generator.decided_by()?;
                Some(Column { at, by, stream: *stream, nulls: *nulls, made: Standins::default() })
            }
            _ => None,
        });
        let columns: Vec<Column> = columns.collect();
        let slot = |at| columns.iter().position(|column| column.at == at).unwrap_or(usize::MAX);
        let slots = (0..table.roles.len()).map(slot).collect();
        Self { columns, slots, place: 0, from: 0, persons: Vec::new(), lanes: Vec::new() }
    }

    /// Returns the person of a row, and makes what is ahead of it where that is not done.
    pub(super) fn person(&mut self, table: &Table, row: u64) -> Lanes {
        let place = row.checked_sub(self.from).and_then(|place| usize::try_from(place).ok());
        if let Some((place, person)) = place.and_then(|place| Some((place, self.persons.get(place)?))) {
            self.place = place;
            return *person;
        }
        if !self.columns.is_empty() {
            self.fill(table, row..row.saturating_add(ROWS).min(table.rows.max(row + 1)));
            self.place = 0;
        }
        table.person(row)
    }

    fn fill(&mut self, table: &Table, rows: std::ops::Range<u64>) {
        self.from = rows.start;
        self.persons.clear();
        self.persons.extend(rows.clone().map(|row| table.person(row)));
        for column in &mut self.columns {
            let Some(Role::Value { generator, .. }) = table.roles.get(column.at) else { continue };
            column.made.clear();
            if column.by == DecidedBy::Person {
                generator.make_all(&self.persons, &mut column.made);
                continue;
            }
            self.lanes.clear();
            self.lanes.extend(rows.clone().map(|row| {
                let mut draws = column.stream.row(row);
                // As the row alone draws: whether it is NULL first.
                if column.nulls > 0 {
                    draws.happens(column.nulls);
                }
                draws.lanes()
            }));
            generator.make_all(&self.lanes, &mut column.made);
        }
    }

    /// Appends the value of a column of the row whose person was asked for; `false` and nothing where it must be made alone.
    #[inline]
    pub(super) fn append(&self, column: usize, out: &mut Vec<u8>) -> bool {
        let slot = self.slots.get(column).copied().unwrap_or(usize::MAX);
        let Some(made) = self.columns.get(slot).map(|column| &column.made) else { return false };
        let Some((end, outcome)) = made.ends.get(self.place) else { return false };
        let start = self.place.checked_sub(1).and_then(|before| made.ends.get(before));
        let span = Span::new(start.map_or(0, |(end, _)| *end), *end);
        let done = matches!(outcome, Outcome::Masked | Outcome::Equal | Outcome::Pinned) && !span.is_empty();
        if done {
            span.append_to(&made.bytes, out);
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use crate::format::emit::Fields;
    use crate::synth::content::RowCx;
    use crate::synth::maker::Maker;
    use crate::synth::model::Role;
    use crate::synth::schema::Hints;
    use crate::synth::testing::{facts, hinted};

    #[test]
    fn what_is_made_ahead_is_what_a_row_alone_gets() {
        let words = [
            "first_name",
            "last_name",
            "full_name",
            "email",
            "username",
            "street",
            "house_number",
            "postcode",
            "city",
            "address",
            "company",
            "job",
            "phone",
            "particle",
            "iban",
            "title",
            "gender",
            "birth_place",
        ];
        // Short ones too, so that some values are cut.
        let columns: Vec<String> = (0..)
            .zip(words)
            .map(|(at, word)| {
                let width = if at % 2 == 0 { 9 } else { 60 };
                format!("{word} varchar({width}){}", if at % 3 == 0 { " NOT NULL" } else { "" })
            })
            .collect();
        let facts = facts(&format!("CREATE TABLE people ({});\n", columns.join(", ")));
        let mut hints = Hints::default();
        let name = facts.tables().first().expect("there").name.clone();
        for word in words {
            hints.meanings.entry(name.clone()).or_default().insert(word.to_owned(), word);
        }
        let model = hinted(&facts, &[("people", 150)], 3, hints).expect("can be met");
        let table = &model.tables[0];
        let (mut maker, mut batched) = (Maker::new(&model, 0).expect("is there"), 0);
        for row in (0..150).chain([7, 8, 140, 3]) {
            let fields = maker.row(row).expect("is made");
            for (at, role) in table.roles.iter().enumerate() {
                let Role::Value { generator, nulls, stream, person: None } = role else { continue };
                batched += usize::from(generator.decided_by().is_some());
                let (mut draws, mut out) = (stream.row(row), Vec::new());
                let cx = RowCx { row, made: Fields { arena: &[], spans: &[] }, person: &table.person(row) };
                let null = *nulls > 0 && draws.happens(*nulls);
                let made = !null && generator.make(&cx, &mut draws, &mut out);
                assert_eq!(fields.get(at), made.then_some(out.as_slice()), "{row} {}", words[at]);
            }
        }
        assert!(batched > 1_000, "{batched}");
    }
}
