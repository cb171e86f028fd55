//! The sequential part of reading a region of INSERT statements: where its tuples and statements end, and nothing else.

use super::Dialect;
use super::walk::{Fault, Halt, Phase, Rules, Visit, Walk, Wrong};
use crate::error::{Error, Result};

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
}

/// Scans one region. Holds positions, no bytes but the head.
#[derive(Debug)]
pub struct Region {
    rules: Rules,
    walk: Walk,
    inside: bool,
    /// Where the last error lies, relative to `from`.
    wrong: usize,
}

/// Notes the last end.
struct Ends {
    end: usize,
    inside: bool,
}

impl Visit for Ends {
    const STRICT: bool = false;

    #[inline]
    fn tuple(&mut self, _start: usize, end: usize) -> bool {
        (self.end, self.inside) = (end, true);
        false
    }

    #[inline]
    fn statement(&mut self, end: usize) {
        (self.end, self.inside) = (end, false);
    }
}

impl Region {
    /// Starts a region whose statements begin with `head`, as `announce` measured it.
    #[must_use]
    pub fn new(head: &[u8], dialect: &Dialect, max_row: usize) -> Self {
        let rules = Rules::new(*dialect, head, 0, max_row);
        Self { rules, walk: Walk::new(Phase::Head, 0), inside: false, wrong: 0 }
    }

    /// Scans on. The first call's `bytes[from..]` begin with the head; a later call's begin where the last one's `end`
    /// was, with the same bytes and more. `at_end` says that no more will come. No byte is scanned twice.
    ///
    /// # Errors
    /// What is no tuple or separator; a row of more than `max_row` bytes; an input that ends inside a statement.
    /// `position()` says where.
    pub fn scan(&mut self, bytes: &[u8], from: usize, at_end: bool) -> Result<Reach> {
        let bytes = bytes.get(from..).unwrap_or_default();
        let mut ends = Ends { end: 0, inside: self.inside };
        let halt = match self.walk.run(&self.rules, bytes, &mut ends) {
            // What is whole before it goes first, however the input was cut; then the fault is met again.
            Err(_) if ends.end > 0 => {
                let phase = if ends.inside { Phase::Behind } else { Phase::Head };
                self.walk = Walk::new(phase, ends.end);
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
                self.wrong = begun;
                return Err(Error::input("the input ends inside an INSERT statement")
                    .hint("the dump was cut: dump again, and look at the exit code of what wrote it"));
            }
        }
        self.inside = ends.inside;
        self.walk.shift(ends.end);
        Ok(Reach { end: from + ends.end, over, inside: ends.inside })
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
