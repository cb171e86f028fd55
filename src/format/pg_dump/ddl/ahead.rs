//! Schema statements that stand further on in what was read, parsed by all threads before their turn comes. What they say is
//! taken in their order, one by one, so facts and errors are those of reading them one after the other.
//!
//! Refuses to be believed: a statement that is not the next one looked at is parsed again, and nobody looks ahead any more.

use std::collections::VecDeque;
use std::fmt;

use rayon::prelude::*;

use super::scan::{self, Head, Scan};
use super::tree::Parsed;

/// Statements that were parsed before their turn.
#[derive(Default)]
pub(super) struct Ahead {
    next: VecDeque<(String, Parsed)>,
    /// Whether another statement came than was looked at.
    misled: bool,
}

/// What was parsed belongs to one reading.
impl Clone for Ahead {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} statements ahead>", self.next.len())
    }
}

impl Ahead {
    /// Says whether statements may be added: those before are used up, and were the right ones.
    pub(super) fn is_open(&self) -> bool {
        self.next.is_empty() && !self.misled
    }

    /// Parses statements in their order.
    pub(super) fn add(&mut self, statements: Vec<String>) {
        let of_facts = |text: &String| scan::head(&mut Scan::new(text)) == Head::Facts;
        let parsed = |text: String| {
            let parsed = Parsed::of(&text);
            (text, parsed)
        };
        let found: Vec<(String, Parsed)> = statements.into_par_iter().filter(of_facts).map(parsed).collect();
        self.next.extend(found);
    }

    /// Returns what the parser made of a statement, now or before.
    pub(super) fn take(&mut self, statement: &str) -> Parsed {
        match self.next.pop_front() {
            Some((text, parsed)) if text == statement => return parsed,
            Some(_) => {
                self.next.clear();
                self.misled = true;
            }
            None => {}
        }
        Parsed::of(statement)
    }
}
