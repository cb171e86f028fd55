//! One table on the walk: its rows are split, those in a window decoded and measured, the keys of all of them sketched.

use std::sync::Arc;

use super::windows::{FIRST, Next, Windows};
use super::{Collect, WalkedTable, Watch, keys};
use crate::discover::quasi::Recorder;
use crate::discover::sketch::{self, NARROW, Sketch, WIDE};
use crate::error::{Error, Result};
use crate::format::{RowCodec, Spans};
use crate::row::field::{Cell, Cells, Span};
use crate::row::shape::{ColumnFacts, Shape, TableName};

/// Rows split at once.
const CHUNK: usize = 128;

/// The rows being read: how they are split, and which column of the table each of theirs is.
pub(super) struct Current {
    pub(super) shape: Arc<Shape>,
    codec: Arc<dyn RowCodec>,
    /// The table's place in the list.
    pub(super) at: usize,
    /// Whether more rows may follow.
    pub(super) open: bool,
    /// Of each column of the rows its place in the table.
    places: Vec<usize>,
    /// All columns of the rows.
    all: Vec<usize>,
    /// Those of them that are sketched.
    keys: Vec<usize>,
    spans: Spans,
    cells: Vec<Cell>,
    arena: Vec<u8>,
}

impl Current {
    pub(super) fn new(shape: Arc<Shape>, codec: Arc<dyn RowCodec>) -> Self {
        let all = (0..shape.columns.len()).collect();
        Self {
            shape,
            codec,
            at: 0,
            open: true,
            places: Vec::new(),
            all,
            keys: Vec::new(),
            spans: Spans::default(),
            cells: Vec::new(),
            arena: Vec::new(),
        }
    }
}

/// What is known of a table so far.
pub(super) struct Table<M> {
    pub(super) walked: WalkedTable<M>,
    rows: u64,
    /// After so many rows it is decided what is sketched.
    first: u64,
    windows: Windows,
    /// The columns that are sketched, once that was decided.
    keys: Option<Vec<usize>>,
    /// How the texts of each column look, until then.
    looks: Vec<keys::Look>,
    quasi: Recorder,
}

impl<M: Collect> Table<M> {
    pub(super) fn new(name: &TableName, sample: u64) -> Self {
        let walked = WalkedTable {
            name: name.clone(),
            columns: Vec::new(),
            trusted_names: true,
            rows: Some(0),
            sampled: 0,
            measures: Vec::new(),
            sketches: Vec::new(),
            quasi: None,
        };
        let windows = Windows::new(sample);
        Self {
            walked,
            rows: 0,
            first: FIRST.min(sample),
            windows,
            keys: None,
            looks: Vec::new(),
            quasi: Recorder::default(),
        }
    }

    /// Returns how many rows were read.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Finds the columns of rows that begin; new ones are added.
    pub(super) fn begin<W: Watch<Measure = M>>(&mut self, current: &mut Current, watch: &W) {
        self.walked.trusted_names &= current.shape.trusted_names;
        for (at, column) in current.shape.columns.iter().enumerate() {
            let same = |c: &ColumnFacts| c.name == column.name;
            let place = match self.walked.columns.get(at) {
                Some(likely) if same(likely) => Some(at),
                _ => self.walked.columns.iter().position(same),
            };
            let place = place.unwrap_or_else(|| self.add_column(column, watch));
            current.places.push(place);
        }
        self.choose_wanted(current);
    }

    fn add_column<W: Watch<Measure = M>>(&mut self, column: &ColumnFacts, watch: &W) -> usize {
        let mut measure = watch.column(&self.walked.name, column);
        // Rows before did not have it.
        (0..self.walked.sampled).for_each(|_| measure.add(None));
        self.walked.columns.push(column.clone());
        self.walked.measures.push(measure);
        let may = self.keys.is_none() && keys::may_be(&column.ty.class);
        self.walked.sketches.push(may.then(|| Sketch::new(WIDE)));
        self.looks.push(keys::Look::default());
        self.quasi.add_column(self.walked.sampled);
        self.walked.columns.len() - 1
    }

    fn choose_wanted(&self, current: &mut Current) {
        let Some(keys) = &self.keys else { return };
        let places = current.places.iter().enumerate();
        current.keys = places.filter(|(_, place)| keys.contains(place)).map(|(at, _)| at).collect();
    }

    /// Takes whole rows; returns their lines. Lines and rows of an error count from the start of the block.
    pub(super) fn take<W: Watch<Measure = M>>(
        &mut self,
        raw: &[u8],
        known: Option<u64>,
        current: &mut Current,
        watch: &W,
    ) -> Result<u64> {
        let (mut at, mut rows) = (0, 0_u64);
        let codec = Arc::clone(&current.codec);
        while at < raw.len() {
            if self.keys.is_none() && self.rows >= self.first {
                self.choose(watch);
                self.choose_wanted(current);
            }
            let next = self.windows.next(self.rows);
            let keys = !current.keys.is_empty() || self.keys.is_none();
            if next == Next::Rest && at == 0 && !keys {
                let (rows, lines) = match known {
                    Some(rows) => (rows, codec.lines(raw, rows)),
                    None => codec.count(raw)?,
                };
                self.count(rows);
                return Ok(lines);
            }
            let (look, limit) = match next {
                Next::Look(rows) => (true, rows),
                Next::Pass(rows) => (false, rows),
                Next::Rest => (false, u64::MAX),
            };
            // What is decided after the first rows is decided there, wherever pieces end.
            let limit = if self.keys.is_none() { limit.min(self.first - self.rows) } else { limit };
            let limit = usize::try_from(limit).unwrap_or(CHUNK).min(CHUNK);
            let wanted = std::mem::take(if look { &mut current.all } else { &mut current.keys });
            let taken = self.chunk((raw, at, rows), (look, limit), &wanted, current);
            *(if look { &mut current.all } else { &mut current.keys }) = wanted;
            let (stop, some) = taken?;
            self.count(some);
            rows += some;
            if stop <= at {
                return Err(Error::bug("a codec made no progress"));
            }
            at = stop;
        }
        Ok(codec.lines(raw, rows))
    }

    fn count(&mut self, rows: u64) {
        self.rows += rows;
        self.walked.rows = Some(self.rows);
    }

    /// Takes a few rows from `at`; `rows` came before them in the block. Returns where they end and how many they were.
    fn chunk(
        &mut self,
        (raw, at, rows): (&[u8], usize, u64),
        (look, limit): (bool, usize),
        wanted: &[usize],
        current: &mut Current,
    ) -> Result<(usize, u64)> {
        let Current { codec, spans, cells, arena, places, .. } = current;
        spans.clear();
        let split = codec.split(raw, at, limit, wanted, spans);
        let stop = split.map_err(|e| {
            let lines = codec.lines(raw.get(..at).unwrap_or_default(), rows);
            e.at(|at| {
                at.line = at.line.map(|n| n + lines);
                at.row = at.row.map(|n| n + rows);
            })
        })?;
        if spans.fields.len() != spans.rows.len() * wanted.len() {
            return Err(Error::bug("a codec left fields out"));
        }
        for (index, column) in wanted.iter().enumerate() {
            cells.clear();
            arena.clear();
            let decoded = codec.decode_column(raw, spans, (index, wanted.len()), cells, arena);
            decoded.map_err(|e| {
                let field = spans.fields.get(cells.len() * wanted.len() + index).copied();
                at_row(e, codec.as_ref(), (raw, rows), (cells.len(), field.unwrap_or_default()))
            })?;
            let cells = Cells { raw, arena, cells };
            match places.get(*column) {
                Some(place) if look => self.look(*place, &cells),
                Some(place) => self.sketch(*place, &cells),
                None => return Err(Error::bug("a column without a place")),
            }
        }
        let some = u64::try_from(spans.rows.len()).unwrap_or(0);
        if look {
            self.walked.sampled += some;
            self.quasi.fill(self.walked.sampled);
        }
        Ok((stop, some))
    }

    /// Measures the values of sampled rows.
    fn look(&mut self, place: usize, cells: &Cells<'_>) {
        let Some(measure) = self.walked.measures.get_mut(place) else { return };
        let mut sketched = self.walked.sketches.get_mut(place).and_then(Option::as_mut);
        let mut looks = self.looks.get_mut(place).filter(|_| self.keys.is_none());
        let mut record = self.quasi.column(place);
        for value in cells.iter() {
            measure.add(value);
            if let (Some(looks), Some(value)) = (&mut looks, value) {
                looks.add(value);
            }
            let hash = match (&mut sketched, value) {
                (_, None) => 0,
                (Some(sketch), Some(value)) => sketch.add(value),
                (None, Some(value)) if record.is_some() => sketch::hash(value),
                (None, Some(_)) => continue,
            };
            if let Some(record) = &mut record {
                record.push(hash);
            }
        }
    }

    /// Adds the values of rows between windows to the sketch of a key.
    fn sketch(&mut self, place: usize, cells: &Cells<'_>) {
        let Some(sketch) = self.walked.sketches.get_mut(place).and_then(Option::as_mut) else { return };
        for value in cells.iter().flatten() {
            sketch.add(value);
        }
    }

    /// Decides by the first rows which columns are sketched further and which are looked at together.
    fn choose<W: Watch<Measure = M>>(&mut self, watch: &W) {
        let WalkedTable { name, columns, measures, sketches, .. } = &mut self.walked;
        sketches.iter_mut().flatten().for_each(Sketch::finish);
        let keys = keys::choose(columns, sketches, &self.looks);
        for (place, sketch) in sketches.iter_mut().enumerate() {
            match keys.iter().find(|key| key.place == place) {
                Some(key) if key.wide => {}
                Some(_) => sketch.iter_mut().for_each(|sketch| sketch.narrow(NARROW)),
                None => *sketch = None,
            }
        }
        self.keys = Some(keys.iter().map(|key| key.place).collect());
        self.looks = Vec::new();
        self.quasi.choose(&watch.quasi(name, columns, measures));
    }

    /// Gives back what it does not need while its rows are not read.
    pub(super) fn finish<W: Watch<Measure = M>>(&mut self, watch: &W) {
        if self.keys.is_none() {
            self.choose(watch);
        }
        self.walked.sketches.iter_mut().flatten().for_each(Sketch::finish);
        self.walked.measures.iter_mut().for_each(Collect::finish);
        if let Some(found) = std::mem::take(&mut self.quasi).unique() {
            self.walked.quasi.get_or_insert(found);
        }
    }
}

/// Adds where a field lies, where the codec has not said its line. `rows` came before the chunk in the block.
fn at_row(
    error: Error,
    codec: &dyn RowCodec,
    (raw, rows): (&[u8], u64),
    (row, field): (usize, Span),
) -> Error {
    let before = rows + u64::try_from(row).unwrap_or(0);
    let start = usize::try_from(field.start).unwrap_or(usize::MAX);
    let above = raw.get(..start).unwrap_or_default();
    error.at(|at| {
        at.row = Some(before + 1);
        at.line.get_or_insert_with(|| codec.lines(above, before) + 1);
    })
}
