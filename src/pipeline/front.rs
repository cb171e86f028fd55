//! The sequential front: takes the next piece from the reader and binds the tables that begin in it. Runs under one
//! lock, so it does as little as can be. Decides when held-back output may go: when the first table with rows is
//! bound and every table declared so far is covered.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::windows::{PartWindows, Windows};
use crate::error::{Error, Result};
use crate::format::{Part, Piece, Reader, RowCodec, Source};
use crate::message;
use crate::profile::model::{ObjectRule, Objects, Problem, Severity};
use crate::profile::plan::{Action, Plan, TablePlan, Unverified};
use crate::row::object::ObjectCounts;
use crate::row::shape::{Check, Facts, Shape, TableFacts, TableName};

/// A table of the input, bound to its plan.
pub(super) struct Bound {
    /// What to do with its rows.
    pub plan: TablePlan,
    /// How its rows are written.
    pub codec: Arc<dyn RowCodec>,
    /// Whether the invented rows stand here: where the table begins for the first time.
    pub inserts: bool,
}

impl Bound {
    /// Says whether its rows pass as they are, and nothing is added.
    pub(super) fn is_untouched(&self) -> bool {
        matches!(self.plan.action, Action::Keep) && !self.inserts
    }
}

/// One piece on its way, with the tables its rows belong to.
#[derive(Default)]
pub(super) struct Work {
    /// The piece.
    pub piece: Piece,
    /// The table whose rows go on at the start of the piece.
    pub start: Option<Arc<Bound>>,
    /// The tables that begin in the piece, in order.
    pub begun: Vec<Arc<Bound>>,
    /// Whether all output up to and with this piece may be sent.
    pub release: bool,
    /// Where the rows stand in windows: one entry for each part that holds rows of a table with such.
    pub windows: Vec<Arc<PartWindows>>,
    /// What becomes of that which is no column.
    pub objects: Objects,
    /// Position in the order.
    pub seq: u64,
}

/// The reader, its source and the plan.
pub(super) struct Front<'j> {
    reader: Box<dyn Reader + 'j>,
    source: Box<dyn Source + 'j>,
    plan: &'j Plan,
    /// The whole schema, where a facts pass or `--schema` told it.
    known: Option<&'j Facts>,
    /// Whether this input's own schema was judged before: a facts pass did.
    sure: bool,
    current: Option<Arc<Bound>>,
    next: u64,
    ended: bool,
    released: bool,
    begun: bool,
    /// What was decided for the tables that began, where later keys could change it.
    decided: Vec<(Arc<Shape>, Vec<String>)>,
    /// The CHECKs known when tables with masked or invented rows began: one found later comes too late.
    checked: HashMap<TableName, Vec<Check>>,
    /// The version of the facts that `first_facts` judged.
    judged: Option<u64>,
    /// Tables that got their invented rows.
    inserted: HashSet<TableName>,
    bytes: u64,
    /// What waits for the rest of its windows; `None` in a pass that hands no values out.
    windows: Option<Windows>,
    /// CHECKs that rows were not held to, each once.
    pub unverified: Vec<Unverified>,
    /// What did not fit, for the terminal.
    pub problems: Vec<Problem>,
}

impl<'j> Front<'j> {
    pub(super) fn new(
        mut reader: Box<dyn Reader + 'j>,
        source: Box<dyn Source + 'j>,
        plan: &'j Plan,
        known: Option<&'j Facts>,
        sure: bool,
    ) -> Self {
        if plan.inserts() {
            reader.begin_empty();
        }
        Self {
            reader,
            source,
            plan,
            known,
            sure,
            current: None,
            next: 0,
            ended: false,
            released: false,
            begun: false,
            decided: Vec::new(),
            checked: HashMap::new(),
            judged: None,
            inserted: HashSet::new(),
            bytes: 0,
            windows: None,
            unverified: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Gathers what changes places within windows, and holds back what waits for them.
    pub(super) fn with_windows(self) -> Self {
        Self { windows: Some(Windows::default()), ..self }
    }

    /// Says whether pieces are held back.
    pub(super) fn holds(&self) -> bool {
        self.windows.as_ref().is_some_and(Windows::holds)
    }

    /// Returns how many bytes of the source were cut into pieces.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns whether the input was read to its proper end.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Fills `work` with the next piece. `None` when there is no more; an error stands at `work.seq`.
    pub(super) fn take(&mut self, work: &mut Work) -> Option<Result<()>> {
        loop {
            if let Some((held, outcome)) = self.windows.as_mut().and_then(Windows::next) {
                *work = held;
                return Some(outcome);
            }
            if self.ended {
                return None;
            }
            work.seq = self.next;
            self.next += 1;
            let mut outcome = self.fill(work);
            if let (Some(windows), Ok(true)) = (&mut self.windows, &outcome) {
                outcome = windows.gather(work).map(|()| true);
            }
            if !matches!(outcome, Ok(true)) {
                self.ended = true;
                self.windows.iter_mut().for_each(Windows::close);
            }
            let outcome = match outcome {
                Ok(true) => Ok(()),
                // What was held back comes first.
                Ok(false) => continue,
                Err(e) => Err(e),
            };
            let Some(windows) = &mut self.windows else { return Some(outcome) };
            if let Some(outcome) = windows.hold(work, outcome) {
                return Some(outcome);
            }
        }
    }

    fn fill(&mut self, work: &mut Work) -> Result<bool> {
        work.begun.clear();
        work.windows.clear();
        work.start.clone_from(&self.current);
        work.release = false;
        work.objects = self.plan.profile().objects;
        if !self.reader.next(self.source.as_mut(), &mut work.piece)? {
            self.last_facts()?;
            return Ok(false);
        }
        self.bytes = work.piece.byte + u64::try_from(work.piece.buffer.len()).unwrap_or(0);
        for part in &work.piece.parts {
            match part {
                Part::Begin { shape, codec, .. } => {
                    if !self.begun {
                        self.begun = true;
                        self.first_facts()?;
                    }
                    // A table that the facts pass did not meet is judged by what the reader knows of it.
                    let known = self.known.filter(|facts| facts.table(&shape.table).is_some());
                    let facts = known.unwrap_or(self.reader.facts());
                    let bound = self.plan.bind(shape, facts);
                    let plan = bound.map_err(|problems| refuse(&mut self.problems, problems))?;
                    let made = matches!(plan.action, Action::Mask(_)) || !plan.insert.is_empty();
                    if made && !self.checked.contains_key(&shape.table) {
                        let checks = self.plan.known_checks(&shape.table, facts);
                        self.checked.insert(shape.table.clone(), checks);
                        note(&mut self.unverified, &plan.unverified);
                    }
                    if !self.sure && self.plan.asks_for_keys() {
                        let rules = plan.columns.iter().map(|column| column.rule.clone()).collect();
                        self.decided.push((Arc::clone(shape), rules));
                    }
                    let inserts = !plan.insert.is_empty() && self.inserted.insert(plan.table.clone());
                    let bound = Arc::new(Bound { plan, codec: Arc::clone(codec), inserts });
                    work.begun.push(Arc::clone(&bound));
                    self.current = Some(bound);
                }
                Part::Rows(_) | Part::Counted(..) | Part::Stored(_) if !self.released => {
                    // Tables may have been declared behind an empty one: nothing is sent before they are covered.
                    self.first_facts()?;
                    self.released = true;
                    work.release = true;
                }
                Part::End { .. } => self.current = None,
                Part::Opaque { classes, range, .. } => {
                    let (class, rule) = work.objects.decide(classes);
                    if rule == ObjectRule::Stop {
                        let mut found = ObjectCounts::default();
                        class.into_iter().for_each(|class| found.count(class));
                        let problems = self.plan.undecided_objects(&found);
                        let hint = problems.first().and_then(|problem| problem.hint.clone());
                        let error = refuse(&mut self.problems, problems);
                        let error = if let Some(hint) = hint { error.hint(hint) } else { error };
                        return Err(place(error, &work.piece, range.start));
                    }
                }
                Part::Rows(_) | Part::Counted(..) | Part::Verbatim(_) => {}
                Part::Enter(_) | Part::Leave | Part::Object(_) => {}
                Part::Stored(_) | Part::Unpacked(_) => {}
            }
        }
        let begins = matches!(work.piece.parts.last(), Some(Part::Begin { .. }));
        if begins && self.current.as_ref().is_some_and(|table| table.is_untouched()) {
            self.reader.pass_stored();
        }
        if self.current.as_ref().is_some_and(|table| matches!(table.plan.action, Action::Mask(_))) {
            self.reader.cut_only();
        }
        Ok(true)
    }

    /// Before the first row: all tables declared so far must be covered and keys told so far must hold, and a dump must
    /// have what the profile names.
    fn first_facts(&mut self) -> Result<()> {
        let version = self.reader.facts().version;
        if !self.sure && self.judged != Some(version) {
            self.judged = Some(version);
            // What `--schema` told was looked through for missing names already; the input may hold less.
            let complete = self.known.is_none() && self.reader.whole_schema();
            let problems = self.plan.cover(self.reader.facts(), complete);
            self.stop_on(problems)?;
            let problems = self.plan.keys(self.reader.facts());
            self.stop_on(problems)?;
        }
        Ok(())
    }

    /// At the end: keys told after the rows must hold, tables told after the first rows must be covered, and a dump
    /// without rows must be covered all the same. A plain pg_dump tells its keys last, so nothing is lost by waiting.
    fn last_facts(&mut self) -> Result<()> {
        if !self.begun {
            self.first_facts()?;
        }
        if !self.decided.is_empty() {
            let facts = self.reader.facts().completed();
            let problems = self.plan.changed(&self.decided, &facts);
            self.stop_on(problems)?;
        }
        let facts = self.reader.facts();
        let late = |table: &TableFacts| {
            let then = self.checked.get(&table.name)?;
            Some(self.plan.late_checks(&table.name, then, facts))
        };
        let mut problems = Vec::new();
        for late in facts.tables().iter().filter_map(late) {
            note(&mut self.unverified, &late.unverified);
            problems.extend(late.problems);
        }
        self.stop_on(problems)?;
        let problems = self.plan.keys(self.reader.facts());
        self.stop_on(problems)?;
        self.no_place_for_rows()?;
        // A dump that declares its tables between the rows is whole only now.
        let complete = self.known.is_none() && self.reader.whole_schema();
        let problems = self.plan.cover(self.reader.facts(), complete);
        self.stop_on(problems)
    }

    /// Stops where a table should get rows and has none in this input, before which they could stand.
    fn no_place_for_rows(&self) -> Result<()> {
        match self.plan.awaits_rows(self.reader.facts(), |table| self.inserted.contains(table)) {
            None => Ok(()),
            Some(table) => Err(Error::input("no place for the rows of `insert`: the input has no rows of this table")
                .hint("name a partition instead of a partitioned table; INSERT dumps need one row of the table at least, or pg_dump's comment or mysqldump's LOCK TABLES where its rows would stand")
                .at(|at| at.table = Some(message!("{}", table)))),
        }
    }

    fn stop_on(&mut self, problems: Vec<Problem>) -> Result<()> {
        if problems.iter().any(|p| p.severity == Severity::Error) {
            return Err(refuse(&mut self.problems, problems));
        }
        Ok(())
    }
}

/// Adds what is not among the known ones.
fn note(known: &mut Vec<Unverified>, found: &[Unverified]) {
    for one in found {
        if !known.contains(one) {
            known.push(one.clone());
        }
    }
}

/// Adds a place in a piece to an error; the line is relative to the piece.
fn place(error: Error, piece: &Piece, at: usize) -> Error {
    let before = piece.buffer.bytes().get(..at).unwrap_or_default();
    let lines = u64::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u64::MAX);
    error.at(|place| {
        place.line = Some(lines + 1);
        place.byte = u64::try_from(at).ok().map(|n| n + piece.byte);
    })
}

/// Keeps the problems for the terminal, and makes the error that stands for them.
fn refuse(kept: &mut Vec<Problem>, problems: Vec<Problem>) -> Error {
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    let first = problems.iter().find(|p| p.severity == Severity::Error);
    let error = match (first, errors) {
        (Some(only), 0 | 1) => Error::input(only.what.clone()),
        (Some(_), n) => Error::input(message!("profile and schema do not fit in {} places", n)),
        (None, _) => Error::bug("a table was refused without a reason"),
    };
    let error = match first {
        Some(p) => error.at(|at| {
            at.table.clone_from(&p.table);
            if errors == 1 {
                at.column.clone_from(&p.column);
            }
        }),
        None => error,
    };
    kept.extend(problems);
    error.hint("`standin check` shows all of it at once")
}
