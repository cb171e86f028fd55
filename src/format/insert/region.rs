//! The sequential part of reading a region of INSERT statements: where its tuples and statements end, and nothing else.

use super::skim::{Skim, Skimmed};
use super::walk::{Fault, Halt, Phase, Rules, Visit, Walk, Wrong};
use super::{Dialect, Family};
use crate::error::{Error, Result};
use crate::format::Part;

/// How far a scan came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Whole tuples and statements go up to here: what lies between `from` and this is `Part::Rows`. Equal to `from` if
    /// nothing is whole yet.
    pub end: usize,
    /// Whether the region is over at `end`, behind a `;`: what follows is another statement, a comment or the end.
    pub over: bool,
    /// Whether `end` stands inside a statement, behind one of its tuples: the poison must end it.
    pub inside: bool,
    /// Tuples and statements up to here are such as `InsertRows::count` accepts, but for generated columns; not before
    /// `from`.
    pub counted: usize,
    /// So many tuples.
    pub rows: u64,
}

impl Reach {
    /// Appends what was found between `from` and `end`; `count` says whether counted rows may be given as such.
    pub(in crate::format) fn push(&self, from: usize, count: bool, parts: &mut Vec<Part>) {
        let counted = if count { self.counted } else { from };
        if counted > from {
            parts.push(Part::Counted(from..counted, self.rows));
        }
        if self.end > counted {
            parts.push(Part::Rows(counted..self.end));
        }
    }
}

/// Scans one region. Holds positions, no bytes but the head.
pub struct Region {
    rules: Rules,
    walk: Walk,
    inside: bool,
    /// Whether it may be skimmed, and where that stands once it is.
    skims: bool,
    skim: Option<Skim>,
    /// Whether tuples are looked at no closer than is needed to find their ends.
    cuts: bool,
    /// Where the last error lies, relative to `from`.
    wrong: usize,
}

impl std::fmt::Debug for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<a region of INSERT statements>")
    }
}

/// Notes the last end, and if `SURE` what was counted before the first tuple that was not checked.
struct Ends<const SURE: bool> {
    end: usize,
    inside: bool,
    counted: usize,
    rows: u64,
    sound: bool,
    nul: bool,
}

impl<const SURE: bool> Ends<SURE> {
    /// Walks on behind the last end.
    fn walk(&self) -> Walk {
        Walk::new(if self.inside { Phase::Behind } else { Phase::Head }, self.end)
    }
}

impl<const SURE: bool> Visit for Ends<SURE> {
    const STRICT: bool = false;
    const SURE: bool = SURE;
    const NUL: bool = SURE;

    fn nul(&mut self) {
        self.nul = true;
    }

    #[inline]
    fn tuple(&mut self, _start: usize, end: usize, checked: bool) -> bool {
        (self.end, self.inside) = (end, true);
        self.sound &= checked;
        if self.sound {
            self.counted = end;
            self.rows += 1;
        }
        false
    }

    #[inline]
    fn statement(&mut self, end: usize) {
        (self.end, self.inside) = (end, false);
        if self.sound {
            self.counted = end;
        }
    }
}

impl Region {
    /// Starts a region whose statements begin with `head`, as `announce` measured it, and whose tuples should have so many
    /// fields.
    #[must_use]
    pub fn new(head: &[u8], dialect: &Dialect, columns: usize, max_row: usize) -> Self {
        let rules = Rules::new(*dialect, head, columns, max_row);
        Self {
            rules,
            walk: Walk::new(Phase::Head, 0),
            inside: false,
            skims: false,
            skim: None,
            cuts: false,
            wrong: 0,
        }
    }

    /// Scans on. The first call's `bytes[from..]` begin with the head; a later call's begin where the last one's `end`
    /// was, with the same bytes and more. `at_end` says that no more will come. No byte is scanned more than twice.
    ///
    /// # Errors
    /// What is no tuple or separator; a row of more than `max_row` bytes; an input that ends inside a statement.
    /// `position()` says where.
    pub fn scan(&mut self, bytes: &[u8], from: usize, at_end: bool) -> Result<Reach> {
        let bytes = bytes.get(from..).unwrap_or_default();
        if self.skims && self.walk.phase != Phase::Tuple {
            return self.skim(bytes, from, at_end);
        }
        if self.cuts {
            self.ends::<false>(bytes, from, at_end)
        } else {
            self.ends::<true>(bytes, from, at_end)
        }
    }

    fn ends<const SURE: bool>(&mut self, bytes: &[u8], from: usize, at_end: bool) -> Result<Reach> {
        // A tuple whose beginning was walked over before was not looked at as strictly.
        let sound = self.walk.phase != Phase::Tuple;
        let mut ends = Ends::<SURE> { end: 0, inside: self.inside, counted: 0, rows: 0, sound, nul: false };
        let halt = match self.walk.run(&self.rules, bytes, &mut ends) {
            // What is whole before it goes first, however the input was cut; then the fault is met again.
            Err(_) if ends.end > 0 => {
                self.walk = ends.walk();
                Halt::More
            }
            Err(fault) => return Err(self.fail(fault)),
            Ok(halt) => halt,
        };
        let over = halt == Halt::Over || (at_end && halt == Halt::More && self.walk.phase == Phase::Head);
        if !over && ends.end == 0 {
            let begun = self.walk.begun();
            if bytes.len().saturating_sub(begun) > self.rules.max_row {
                return Err(self.fail(Fault { wrong: Wrong::Long, at: begun }));
            }
            if at_end {
                return Err(self.cut(begun));
            }
        }
        if ends.end > 0 && self.walk.phase == Phase::Tuple {
            // Read from its beginning when more of it is there, so that it is counted; then on, if that is not all of it.
            self.walk = ends.walk();
        }
        self.inside = ends.inside;
        self.walk.shift(ends.end);
        // Only tuples that `plain` has walked over are counted.
        if ends.nul {
            (ends.counted, ends.rows) = (0, 0);
        }
        let (end, counted) = (from + ends.end, from + ends.counted);
        Ok(Reach { end, over, inside: ends.inside, counted, rows: ends.rows })
    }

    /// Looks at no more than is needed to find the end of the region: only for learning facts. The ends that `scan` then
    /// tells are those of no tuple, and an error may be no fault of the input.
    pub fn skim_on(&mut self) {
        self.skims = true;
    }

    /// Counts nothing from now on, and finds ends with less work: only if a worker looks at every byte of these rows.
    pub(in crate::format) fn cut_only(&mut self) {
        // What `E` before a string means is seen by the closer look alone.
        self.cuts = self.rules.dialect.family != Family::Postgres;
    }

    /// Returns what each statement begins with, and its first row.
    pub(in crate::format) fn start(&self) -> &[u8] {
        self.rules.start()
    }

    /// Goes on at the beginning of a later statement.
    pub(in crate::format) fn resume(&mut self) {
        (self.walk, self.skim, self.inside) = (Walk::new(Phase::Head, 0), None, false);
    }

    fn skim(&mut self, bytes: &[u8], from: usize, at_end: bool) -> Result<Reach> {
        let inside = self.walk.phase != Phase::Head;
        let skim = self.skim.get_or_insert(Skim::new(inside));
        let (at, over) = match skim.run(&self.rules, bytes, at_end) {
            Skimmed::Over(at) => (at, true),
            Skimmed::More(at) => (at, false),
            Skimmed::Unsure(at) => {
                return Err(self.fail(Fault { wrong: Wrong::Byte, at }));
            }
        };
        let inside = skim.inside;
        if inside && at_end {
            return Err(self.cut(at));
        }
        Ok(Reach { end: from + at, over, inside, counted: from, rows: 0 })
    }

    fn cut(&mut self, at: usize) -> Error {
        self.wrong = at;
        Error::input("the input ends inside an INSERT statement")
            .hint("the dump was cut: dump again, and look at the exit code of what wrote it")
    }

    /// Returns where the last error lies, relative to its scan's `from`.
    #[must_use]
    pub fn position(&self) -> usize {
        self.wrong
    }

    fn fail(&mut self, fault: Fault) -> Error {
        self.wrong = fault.at;
        fault.error(&self.rules)
    }
}
