//! The whole way: an input is walked over, its columns are measured, joined and judged. One pass, flat memory; tables that
//! are over keep counts only.
//!
//! Refuses names that may be data: of a CSV without a header it is not known that the first line holds names.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::class::{Category, Class};
use super::copies;
use super::findings::{Findings, FoundColumn, FoundTable};
use super::joins::{self, Stems};
use super::measure::{Measure, Measured};
use super::names;
use super::score::{self, Table, Valued};
use super::values;
use super::walk::{self, Collect, Options, WalkedTable, Watch};
use crate::error::Result;
use crate::format::{Reader, Source};
use crate::pipeline::{Known, Stop};
use crate::row::object::ObjectCounts;
use crate::row::shape::{ColumnFacts, Facts, TableFacts, TableName, TypeClass};

/// What discovering came to.
#[derive(Debug)]
pub struct Discovered {
    /// What was found.
    pub findings: Findings,
    /// The schema of all inputs.
    pub facts: Facts,
    /// Whether the names of some table's columns may be data: the first line of a CSV.
    pub doubtful_names: bool,
}

/// Inputs on their way to be judged together.
#[derive(Default)]
pub struct Discovery {
    facts: Facts,
    tables: Vec<WalkedTable<Held>>,
    objects: ObjectCounts,
}

impl std::fmt::Debug for Discovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<discovery of {} tables>", self.tables.len())
    }
}

impl Discovery {
    /// Adds a schema: names, types and keys, no row.
    pub fn by_names(&mut self, known: Known) {
        let tables = walk::names(&known.facts);
        self.add(known, tables);
    }

    /// Adds an input with its sampled values.
    ///
    /// # Errors
    /// Whatever the reader or a codec refuses, with its place; a signal.
    pub fn by_values(
        &mut self,
        reader: Box<dyn Reader + '_>,
        source: Box<dyn Source + '_>,
        options: Options,
        stop: &Stop,
    ) -> Result<()> {
        let (known, tables) = walk::walk(reader, source, options, &Measuring, stop)?;
        self.add(known, tables);
        Ok(())
    }

    fn add(&mut self, known: Known, tables: Vec<WalkedTable<Held>>) {
        self.objects.add(&known.objects);
        if self.facts.tables().is_empty() {
            self.facts = known.facts.undated();
        } else {
            for table in known.facts.tables() {
                self.facts.add(table.clone());
            }
        }
        self.tables.extend(tables);
    }

    /// Joins and judges all that was added.
    #[must_use]
    pub fn finish(self) -> Discovered {
        let mut discovered = found(self.facts, self.tables);
        discovered.findings.objects = self.objects;
        discovered
    }
}

/// The measure of a column: the values' own while they come, counts when they are over.
enum Held {
    Open(Box<Measure>, TypeClass),
    Closed(Box<Measured>, TypeClass),
}

impl Collect for Held {
    fn add(&mut self, value: Option<&[u8]>) {
        match self {
            Self::Open(measure, _) => measure.add(value),
            Self::Closed(measured, ty) => {
                // The input came back to the table.
                let mut more = Measure::new(ty);
                more.add(value);
                measured.merge(&more.finish());
            }
        }
    }

    fn finish(&mut self) {
        if let Self::Open(measure, ty) = self {
            let ty = ty.clone();
            let measure = std::mem::replace(measure.as_mut(), Measure::new(&ty));
            *self = Self::Closed(Box::new(measure.finish()), ty);
        }
    }
}

impl Held {
    /// Returns what the values said.
    fn valued(mut self) -> Valued {
        self.finish();
        match self {
            Self::Closed(measured, ty) => valued(&measured, &ty),
            Self::Open(..) => Valued::default(),
        }
    }
}

fn valued(measured: &Measured, ty: &TypeClass) -> Valued {
    let (scores, evidence) = values::scores(measured, ty);
    let filled = measured.seen.saturating_sub(measured.nulls).saturating_sub(measured.empty);
    let inside =
        measured.inside.iter().map(|(path, place)| (path.clone(), valued(place, &TypeClass::Unknown)));
    let tested = u64::from(measured.tested);
    let codes = tested >= 20
        && measured.distinct.saturating_mul(10) >= filled.saturating_mul(9)
        && measured.words <= tested
        && measured.digits >= tested.saturating_mul(2)
        && measured.chars <= tested.saturating_mul(24)
        && measured.days == 0
        && measured.rising.saturating_mul(10) < measured.pairs.saturating_mul(9).saturating_add(1);
    Valued { scores, evidence, filled, codes, inside: inside.collect() }
}

struct Measuring;

impl Watch for Measuring {
    type Measure = Held;

    fn column(&self, _: &TableName, column: &ColumnFacts) -> Held {
        Held::Open(Box::new(Measure::new(&column.ty.class)), column.ty.class.clone())
    }

    fn quasi(&self, table: &TableName, columns: &[ColumnFacts], _: &[Held]) -> Vec<usize> {
        let words = names::table(&table.table);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let named = names::columns(&words, &table.table, &names);
        let chosen = named.iter().enumerate().filter(|(at, named)| {
            let (class, log_odds) = named.scores.best();
            let fits = columns.get(*at).is_some_and(|column| class.about().fits.takes(&column.ty.class));
            log_odds >= 3.0 && fits && singles_out(class)
        });
        chosen.map(|(at, _)| at).collect()
    }
}

/// Says whether a class may single people out with others; alone it does not.
fn singles_out(class: Class) -> bool {
    let place = matches!(class, Class::Postcode | Class::City | Class::Region | Class::HouseNumber);
    class.about().category == Category::Quasi || place
}

/// What names of tables and keys say, for the joins.
struct Words {
    keys: HashMap<TableName, HashMap<String, Vec<String>>>,
}

impl Words {
    fn new(tables: &[WalkedTable<Held>]) -> Self {
        let stems: HashSet<Vec<String>> = tables.iter().map(|table| stem(&table.name.table)).collect();
        let keys = tables.par_iter().map(|table| {
            let own = stem(&table.name.table);
            let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let named = names::columns(&names::table(&table.name.table), &table.name.table, &names);
            let pointing = names.iter().zip(named).filter_map(|(name, named)| {
                // A column that is called as another table is: `orders.employee`.
                let called = || Some(stem(name)).filter(|stem| *stem != own && stems.contains(stem));
                let words = named.joins.map(cut).or_else(called)?;
                Some(((*name).to_owned(), words))
            });
            (table.name.clone(), pointing.collect())
        });
        Self { keys: keys.collect() }
    }
}

impl Stems for Words {
    fn table(&self, table: &TableName) -> Vec<String> {
        stem(&table.table)
    }

    fn column(&self, table: &TableName, column: &str) -> Option<Vec<String>> {
        self.keys.get(table)?.get(column).cloned()
    }
}

/// Returns the words of a table's name, to be compared.
fn stem(name: &str) -> Vec<String> {
    cut(names::table(name).stem)
}

/// Takes off what plurals add in four languages, so that one and many are equal.
fn cut(words: Vec<String>) -> Vec<String> {
    let bare = |word: String| {
        let cut = word.trim_end_matches(['e', 'n', 's', 'x']);
        if cut.len() < 3 { word } else { cut.to_owned() }
    };
    words.into_iter().map(bare).collect()
}

/// Joins and judges what was walked over.
fn found(facts: Facts, tables: Vec<WalkedTable<Held>>) -> Discovered {
    let find_joins = || joins::find(&facts, &tables, &Words::new(&tables));
    let (joins, copies) = rayon::join(find_joins, || copies::find(&tables));
    let originals: Vec<Option<TableName>> =
        (0..tables.len()).map(|at| copies::original(&tables, &copies, at).cloned()).collect();
    let doubtful_names = tables.iter().any(|table| !table.trusted_names);
    let defined: Vec<Cow<'_, TableFacts>> = tables.iter().map(|table| as_walked(table, &facts)).collect();
    let mut values: Vec<Vec<Valued>> = Vec::new();
    let mut found: Vec<FoundTable> = Vec::new();
    for (table, copy_of) in tables.into_iter().zip(originals) {
        let names = &table.columns;
        let quasi = table.quasi.map(|unique| {
            let columns = unique.columns.iter().filter_map(|at| names.get(*at));
            (columns.map(|column| column.name.clone()).collect(), unique.percent)
        });
        values.push(table.measures.into_iter().map(Held::valued).collect());
        found.push(FoundTable {
            name: table.name,
            rows: table.rows,
            sampled: table.sampled,
            columns: Vec::new(),
            copy_of,
            quasi,
        });
    }
    let seen: Vec<Table<'_>> =
        defined.iter().zip(&values).map(|(facts, values)| Table { facts, values }).collect();
    let judged = score::judge(&seen, &joins);
    for ((table, facts), judged) in found.iter_mut().zip(&defined).zip(judged) {
        let columns = facts.columns.iter().zip(judged).map(|(column, judged)| FoundColumn {
            name: column.name.clone(),
            ty: column.ty.clone(),
            class: judged.class,
            confidence: judged.confidence,
            evidence: judged.evidence,
            inside: judged.inside,
        });
        table.columns = columns.collect();
    }
    drop(defined);
    Discovered { findings: Findings { tables: found, joins, ..Findings::default() }, facts, doubtful_names }
}

/// Returns the definition of a table with the columns that its rows have.
fn as_walked<'f>(table: &WalkedTable<Held>, facts: &'f Facts) -> Cow<'f, TableFacts> {
    match facts.table(&table.name) {
        Some(defined) if defined.columns == table.columns => Cow::Borrowed(defined),
        Some(defined) => Cow::Owned(TableFacts { columns: table.columns.clone(), ..defined.clone() }),
        None => {
            let bare = TableFacts::named(table.name.clone());
            Cow::Owned(TableFacts { columns: table.columns.clone(), ..bare })
        }
    }
}
