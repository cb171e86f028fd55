//! `--verify`: reads what was written and holds every row to the schema: NOT NULL, lengths, unique keys, foreign keys, CHECKs.
//! Knows nothing of how rows were made, so that it cannot share a mistake with what made them.
//!
//! Memory: 16 bytes and the room of a hash table (about 40 bytes in all) for each distinct key of each constraint; rows are
//! not kept. A key is a pair of 64-bit hashes: two keys are taken for one once in 10^18 of a billion rows. Shows names of
//! constraints and counts of rows, never a value.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use crate::condition::{Bound, Condition, Room, Truth};
use crate::error::{Error, ErrorKind, Message, Name, Result};
use crate::format::emit::Fields;
use crate::format::{Part, Piece, Reader, RowCodec, Source, Spans};
use crate::message;
use crate::pipeline::Stop;
use crate::row::field::{Cell, Cells, Span};
use crate::row::shape::{ColumnFacts, Facts, TableName, TypeClass};

/// Rows looked at at once.
const CHUNK: usize = 256;

/// What was found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which constraint of which table.
    pub what: Message,
    /// How many rows break it.
    pub rows: u64,
}

/// What verifying came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Rows that were read.
    pub rows: u64,
    /// What does not hold.
    pub broken: Vec<Broken>,
    /// CHECKs that could not be read.
    pub unread: u64,
    /// Distinct keys that were held in memory.
    pub keys: u64,
}

type Digest = (u64, u64);

/// One unique key.
struct Unique {
    label: Message,
    columns: Vec<usize>,
    /// Where it is partial or of expressions, only repeated whole keys are no fault.
    partial: bool,
    seen: HashSet<Digest>,
    broken: u64,
}

/// One foreign key.
struct Reference {
    label: Message,
    columns: Vec<usize>,
    target: usize,
    /// Which set of keys of the target.
    set: usize,
    pointed: HashSet<Digest>,
    broken: u64,
}

struct Check {
    label: Message,
    condition: Bound,
    broken: u64,
}

/// One table.
struct State {
    columns: Vec<ColumnFacts>,
    /// NOT NULL and length, by column.
    nulls: Vec<u64>,
    long: Vec<u64>,
    name: TableName,
    uniques: Vec<Unique>,
    references: Vec<Reference>,
    checks: Vec<Check>,
    /// Keys that others point to: columns, and what was seen.
    sets: Vec<(Vec<usize>, HashSet<Digest>)>,
}

/// Holds rows to a schema.
pub struct Verifier {
    tables: Vec<State>,
    index: HashMap<TableName, usize>,
    rows: u64,
    unread: u64,
    room: Room,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<verifier of {} tables>", self.tables.len())
    }
}

fn digest<'v>(values: impl Iterator<Item = &'v [u8]>, fold: bool) -> Digest {
    let mut one = DefaultHasher::new();
    let mut other = DefaultHasher::new();
    other.write_u8(1);
    for value in values {
        let folded: String;
        let value = match std::str::from_utf8(value) {
            Ok(text) if fold => {
                folded = text.to_lowercase();
                folded.as_bytes()
            }
            _ => value,
        };
        for hasher in [&mut one, &mut other] {
            hasher.write_usize(value.len());
            hasher.write(value);
        }
    }
    (one.finish(), other.finish())
}

impl Verifier {
    /// Prepares for the rows of a schema. `now` is what `now()` means in CHECKs.
    #[must_use]
    pub fn new(facts: &Facts, now: i64) -> Self {
        let mut tables: Vec<State> = Vec::new();
        let mut index = HashMap::new();
        let mut unread = 0;
        for table in facts.tables().iter().filter(|table| table.holds_rows && !table.partition) {
            let columns: Vec<ColumnFacts> = table.columns.iter().filter(|c| !c.generated).cloned().collect();
            let place = |name: &String| columns.iter().position(|column| column.name == *name);
            let uniques = table.uniques.iter().filter_map(|unique| {
                let places: Option<Vec<usize>> = unique.columns.iter().map(place).collect();
                Some(Unique {
                    label: message!(
                        "the unique key `{}` of {}",
                        Name::new(unique.columns.join(", ")),
                        table.name
                    ),
                    columns: places.filter(|places| !places.is_empty())?,
                    partial: unique.expression,
                    seen: HashSet::new(),
                    broken: 0,
                })
            });
            let mut checks = Vec::new();
            for check in table.checks.iter().filter(|check| check.valid) {
                let sql = check.expression.as_ref().map(|e| e.sql.as_str());
                let bound = sql.and_then(|sql| Condition::parse(sql).ok()?.bind(&columns, now).ok());
                match bound {
                    Some(condition) => checks.push(Check {
                        label: message!("the CHECK `{}` of {}", Name::new(check.name.as_str()), table.name),
                        condition,
                        broken: 0,
                    }),
                    None => unread += 1,
                }
            }
            index.insert(table.name.clone(), tables.len());
            tables.push(State {
                nulls: vec![0; columns.len()],
                long: vec![0; columns.len()],
                name: table.name.clone(),
                uniques: uniques.collect(),
                references: Vec::new(),
                checks,
                sets: Vec::new(),
                columns,
            });
        }
        let mut verifier = Self { tables, index, rows: 0, unread, room: Room::default() };
        verifier.references(facts);
        verifier
    }

    fn references(&mut self, facts: &Facts) {
        for table in facts.tables() {
            let Some(from) = self.index.get(&table.name).copied() else { continue };
            for key in &table.foreign_keys {
                let mut target = &key.target;
                while let Some(root) =
                    facts.table(target).filter(|t| t.partition).and_then(|t| t.parents.first())
                {
                    target = root;
                }
                let Some(to) = self.index.get(target).copied() else { continue };
                let primary = || {
                    let unique = facts.table(target)?.uniques.iter().find(|u| u.primary)?;
                    Some(unique.columns.clone())
                };
                let there =
                    if key.target_columns.is_empty() { primary() } else { Some(key.target_columns.clone()) };
                let places = |state: &State, names: &[String]| -> Option<Vec<usize>> {
                    names.iter().map(|name| state.columns.iter().position(|c| c.name == *name)).collect()
                };
                let mine = self.tables.get(from).and_then(|state| places(state, &key.columns));
                let theirs = self.tables.get(to).and_then(|state| places(state, &there?));
                let (Some(columns), Some(theirs)) = (mine, theirs) else { continue };
                let Some(state) = self.tables.get_mut(to) else { continue };
                let set =
                    state.sets.iter().position(|(columns, _)| *columns == theirs).unwrap_or_else(|| {
                        state.sets.push((theirs, HashSet::new()));
                        state.sets.len() - 1
                    });
                let label =
                    message!("the foreign key `{}` of {}", Name::new(key.columns.join(", ")), table.name);
                if let Some(state) = self.tables.get_mut(from) {
                    let pointed = HashSet::new();
                    state.references.push(Reference { label, columns, target: to, set, pointed, broken: 0 });
                }
            }
        }
    }

    /// Returns the place of a table.
    #[must_use]
    pub fn table(&self, name: &TableName) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// Takes a row of a table; the fields are those of its columns in the schema's order, generated ones left out.
    pub fn row(&mut self, at: usize, row: Fields<'_>) {
        self.rows += 1;
        let Some(state) = self.tables.get_mut(at) else { return };
        let counts = state.nulls.iter_mut().zip(&mut state.long);
        for ((column, (nulls, long)), value) in state.columns.iter().zip(counts).zip(row.iter()) {
            match value {
                None => *nulls += u64::from(column.not_null),
                Some(value) => {
                    let most = column.ty.class.max_chars().and_then(|most| usize::try_from(most).ok());
                    let chars =
                        || std::str::from_utf8(value).map_or(value.len(), |text| text.chars().count());
                    *long += u64::from(most.is_some_and(|most| value.len() > most && chars() > most));
                }
            }
        }
        let folds = |column: &usize| {
            state.columns.get(*column).is_some_and(|column| column.ty.class == TypeClass::CiText)
        };
        let key = |columns: &[usize]| -> Option<Digest> {
            let values: Option<Vec<&[u8]>> = columns.iter().map(|column| row.get(*column)).collect();
            Some(digest(values?.into_iter(), columns.iter().any(folds)))
        };
        for unique in &mut state.uniques {
            if let Some(key) = key(&unique.columns)
                && !unique.seen.insert(key)
                && !unique.partial
            {
                unique.broken += 1;
            }
        }
        for reference in &mut state.references {
            reference.pointed.extend(key(&reference.columns));
        }
        for (columns, seen) in &mut state.sets {
            seen.extend(key(columns));
        }
        for check in &mut state.checks {
            let cells: Vec<Option<&[u8]>> = check.condition.columns().iter().map(|c| row.get(*c)).collect();
            let truth = check.condition.evaluate(&cells, &mut self.room);
            check.broken += u64::from(!matches!(truth, Ok(Truth::True | Truth::Unknown)));
        }
    }

    /// Says what does not hold.
    #[must_use]
    pub fn finish(mut self) -> Verified {
        let mut wrong: Vec<(usize, usize, u64)> = Vec::new();
        for (at, state) in self.tables.iter().enumerate() {
            for (place, reference) in state.references.iter().enumerate() {
                let set = self.tables.get(reference.target).and_then(|target| target.sets.get(reference.set));
                let missing =
                    reference.pointed.iter().filter(|key| set.is_none_or(|(_, seen)| !seen.contains(key)));
                wrong.push((at, place, u64::try_from(missing.count()).unwrap_or(u64::MAX)));
            }
        }
        for (at, place, missing) in wrong {
            if let Some(reference) = self.tables.get_mut(at).and_then(|state| state.references.get_mut(place))
            {
                reference.broken = missing;
            }
        }
        let mut verified = Verified { rows: self.rows, unread: self.unread, ..Verified::default() };
        let mut add = |what: Message, rows: u64| {
            if rows > 0 {
                verified.broken.push(Broken { what, rows });
            }
        };
        let mut keys = 0;
        for state in &self.tables {
            for ((column, nulls), long) in state.columns.iter().zip(&state.nulls).zip(&state.long) {
                let name = || message!("`{}` of {}", Name::new(column.name.as_str()), state.name);
                add(message!("NOT NULL of {}", name()), *nulls);
                add(message!("the length of {}", name()), *long);
            }
            state.uniques.iter().for_each(|unique| add(unique.label.clone(), unique.broken));
            state.references.iter().for_each(|reference| add(reference.label.clone(), reference.broken));
            state.checks.iter().for_each(|check| add(check.label.clone(), check.broken));
            keys += state.uniques.iter().map(|u| u.seen.len()).sum::<usize>();
            keys += state.references.iter().map(|r| r.pointed.len()).sum::<usize>();
            keys += state.sets.iter().map(|(_, seen)| seen.len()).sum::<usize>();
        }
        verified.keys = u64::try_from(keys).unwrap_or(u64::MAX);
        verified
    }
}

/// Reads an output to its end and holds its rows to the schema.
///
/// # Errors
/// Whatever its reader refuses; rows of a table that the schema has not; a signal.
pub fn verify(
    facts: &Facts,
    now: i64,
    mut reader: Box<dyn Reader + '_>,
    mut source: Box<dyn Source + '_>,
    stop: &Stop,
) -> Result<Verified> {
    let mut reading = Reading { verifier: Verifier::new(facts, now), current: None };
    let mut piece = Piece::default();
    loop {
        if let Some(signal) = stop.raised() {
            return Err(Error::new(ErrorKind::Interrupted { signal }, "stopped by a signal"));
        }
        if !reader.next(source.as_mut(), &mut piece)? {
            return Ok(reading.verifier.finish());
        }
        for part in &piece.parts {
            match part {
                Part::Begin { shape, codec, .. } => reading.begin(&shape.table, &shape.columns, codec)?,
                Part::Rows(range) | Part::Counted(range, _) => {
                    reading.rows(piece.buffer.bytes().get(range.clone()).unwrap_or_default())?;
                }
                _ => {}
            }
        }
    }
}

/// The rows being read.
struct Current {
    at: usize,
    codec: Arc<dyn RowCodec>,
    /// Of each column of the schema its place in the rows.
    places: Vec<Option<usize>>,
    count: usize,
}

struct Reading {
    verifier: Verifier,
    current: Option<Current>,
}

impl Reading {
    fn begin(&mut self, table: &TableName, columns: &[ColumnFacts], codec: &Arc<dyn RowCodec>) -> Result<()> {
        // A file of rows alone has no schema in its name.
        let bare =
            || self.verifier.index.iter().find(|(name, _)| name.table == table.table).map(|(_, at)| *at);
        let at = self.verifier.table(table).or_else(bare);
        let at = at.ok_or_else(|| Error::input(message!("rows of {}, which the schema has not", table)))?;
        let known = self.verifier.tables.get(at).map(|state| state.columns.as_slice()).unwrap_or_default();
        let places = known.iter().map(|column| columns.iter().position(|c| c.name == column.name)).collect();
        self.current = Some(Current { at, codec: Arc::clone(codec), places, count: columns.len() });
        Ok(())
    }

    fn rows(&mut self, raw: &[u8]) -> Result<()> {
        let Some(current) = &self.current else { return Err(Error::bug("rows without a table")) };
        let wanted: Vec<usize> = (0..current.count).collect();
        let (mut at, mut spans) = (0, Spans::default());
        while at < raw.len() {
            spans.clear();
            at = current.codec.split(raw, at, CHUNK, &wanted, &mut spans)?;
            let mut arena = Vec::new();
            let mut columns: Vec<Vec<Cell>> = Vec::new();
            for column in &wanted {
                let mut cells = Vec::new();
                current.codec.decode_column(raw, &spans, (*column, wanted.len()), &mut cells, &mut arena)?;
                columns.push(cells);
            }
            let mut values = Vec::new();
            for row in 0..spans.rows.len() {
                values.clear();
                let mut fields: Vec<Option<Span>> = Vec::new();
                for place in &current.places {
                    let cells =
                        place.and_then(|place| columns.get(place)).map(Vec::as_slice).unwrap_or_default();
                    let value = Cells { raw, arena: &arena, cells }.get(row);
                    let start = u32::try_from(values.len()).unwrap_or(u32::MAX);
                    values.extend_from_slice(value.unwrap_or_default());
                    let end = u32::try_from(values.len()).unwrap_or(u32::MAX);
                    fields.push(value.map(|_| Span::new(start, end)));
                }
                self.verifier.row(current.at, Fields { arena: &values, spans: &fields });
            }
            if spans.rows.is_empty() {
                return Err(Error::bug("a codec that splits no row"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::testing::facts;

    const SQL: &str = "\
CREATE TABLE a (id int PRIMARY KEY, code varchar(3) NOT NULL, mail citext UNIQUE, CHECK (id > 0));
CREATE TABLE b (a int NOT NULL REFERENCES a, n int);
";

    fn broken(rows: &[(&str, &[Option<&str>])]) -> Vec<String> {
        let facts = facts(SQL);
        let mut verifier = Verifier::new(&facts, 0);
        for (table, values) in rows {
            let mut arena = Vec::new();
            let mut spans = Vec::new();
            for value in *values {
                let start = u32::try_from(arena.len()).expect("small");
                arena.extend_from_slice(value.unwrap_or_default().as_bytes());
                spans.push(value.map(|_| Span::new(start, u32::try_from(arena.len()).expect("small"))));
            }
            let at = verifier.table(&TableName::new(None, table)).expect("is there");
            verifier.row(at, Fields { arena: &arena, spans: &spans });
        }
        let shown = |broken: &Broken| format!("{}: {}", broken.what.as_str(), broken.rows);
        verifier.finish().broken.iter().map(shown).collect()
    }

    #[test]
    fn every_kind_of_fault_is_found_and_counted() {
        let one = ("a", &[Some("1"), Some("abc"), Some("x@example.org")][..]);
        assert_eq!(broken(&[one, ("b", &[Some("1"), None])]), Vec::<String>::new());
        assert_eq!(broken(&[one, one]).len(), 2);
        assert_eq!(broken(&[("a", &[Some("2"), None, None])]), ["NOT NULL of `code` of a: 1"]);
        assert_eq!(broken(&[("a", &[Some("2"), Some("abcd"), None])]), ["the length of `code` of a: 1"]);
        assert_eq!(broken(&[("a", &[Some("0"), Some("abc"), None])]).len(), 1);
        let other = ("a", &[Some("3"), Some("abc"), Some("X@Example.org")][..]);
        assert_eq!(broken(&[one, other]), ["the unique key `mail` of a: 1"]);
        assert_eq!(broken(&[one, ("b", &[Some("2"), None])]), ["the foreign key `a` of b: 1"]);
    }
}
