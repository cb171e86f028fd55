//! Schema statements that stand further on in what was read, parsed by other threads before their turn comes. What they say
//! is taken in their order, one by one, so facts and errors are those of reading them one after the other.
//!
//! Refuses to be believed: a statement that is not the next one looked at is parsed again, and nobody looks ahead any more.
//! Refuses to wait for a thread that has not begun: who needs a statement that nobody took parses it.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::scan::{self, Head, Scan};
use super::tree::Parsed;

/// Statements that one thread takes at a time.
const TOGETHER: usize = 16;

/// Statements that are parsed before their turn.
#[derive(Default)]
pub(super) struct Ahead {
    next: VecDeque<Arc<Batch>>,
    /// How many of the first batch were taken.
    at: usize,
    /// What the parser made of the first batch.
    ready: VecDeque<Parsed>,
    /// Whether another statement came than was looked at.
    misled: bool,
}

/// Some statements and what became of them.
struct Batch {
    statements: Vec<String>,
    state: Mutex<State>,
    done: Condvar,
}

enum State {
    /// Nobody took it yet.
    Waits,
    /// A thread is at it.
    Taken,
    /// By statement; what carries no facts has none.
    Done(VecDeque<Parsed>),
}

/// What was parsed belongs to one reading.
impl Clone for Ahead {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} batches ahead>", self.next.len())
    }
}

impl Batch {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Parses it, if nobody else did or does.
    fn parse(&self) {
        let mut state = self.lock();
        if !matches!(*state, State::Waits) {
            return;
        }
        *state = State::Taken;
        drop(state);
        // A panic is for who needs the statement, who finds nothing here.
        let parsed =
            catch_unwind(AssertUnwindSafe(|| self.statements.iter().map(|text| Parsed::of(text)).collect()));
        *self.lock() = State::Done(parsed.unwrap_or_default());
        self.done.notify_all();
    }

    /// Returns what the parser made of it.
    fn result(&self) -> VecDeque<Parsed> {
        self.parse();
        let mut state = self.lock();
        loop {
            match std::mem::replace(&mut *state, State::Taken) {
                State::Done(parsed) => return parsed,
                other => *state = other,
            }
            state = self.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Ahead {
    /// Says whether statements may be added: those before are used up, and were the right ones.
    pub(super) fn is_open(&self) -> bool {
        self.next.is_empty() && !self.misled
    }

    /// Lets other threads parse statements, in their order.
    pub(super) fn add(&mut self, statements: Vec<String>) {
        let of_facts = |text: &String| scan::head(&mut Scan::new(text)) == Head::Facts;
        let mut statements = statements.into_iter().filter(of_facts).peekable();
        while statements.peek().is_some() {
            let batch = Arc::new(Batch {
                statements: statements.by_ref().take(TOGETHER).collect(),
                state: Mutex::new(State::Waits),
                done: Condvar::new(),
            });
            self.next.push_back(Arc::clone(&batch));
            rayon::spawn_fifo(move || batch.parse());
        }
    }

    /// Returns what the parser made of a statement, now or before.
    pub(super) fn take(&mut self, statement: &str) -> Parsed {
        self.before(statement).unwrap_or_else(|| Parsed::of(statement))
    }

    /// Returns what the parser made of a statement before its turn.
    fn before(&mut self, statement: &str) -> Option<Parsed> {
        let batch = Arc::clone(self.next.front()?);
        if batch.statements.get(self.at).is_none_or(|text| text != statement) {
            *self = Self { misled: true, ..Self::default() };
            return None;
        }
        if self.at == 0 {
            self.ready = batch.result();
        }
        self.at += 1;
        if self.at == batch.statements.len() {
            self.at = 0;
            self.next.pop_front();
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(ahead: &mut Ahead, count: usize) {
        ahead.add((0..count).map(|at| format!("CREATE TABLE t{at} (id integer);")).collect());
    }

    #[test]
    fn statements_come_in_their_order() {
        let mut ahead = Ahead::default();
        for _ in 0..3 {
            assert!(ahead.is_open());
            add(&mut ahead, 100);
            assert!(!ahead.is_open());
            for at in 0..100 {
                let text = format!("CREATE TABLE t{at} (id integer);");
                assert!(matches!(ahead.before(&text), Some(Parsed::Whole(_))), "{at}");
            }
        }
        assert!(ahead.before("CREATE TABLE u ();").is_none() && ahead.is_open());
    }

    #[test]
    fn another_statement_than_was_looked_at_ends_it() {
        let mut ahead = Ahead::default();
        add(&mut ahead, 3);
        assert!(ahead.before("CREATE TABLE t0 (id integer);").is_some());
        assert!(ahead.before("CREATE TABLE t2 (id integer);").is_none());
        assert!(!ahead.is_open() && ahead.next.is_empty());
        assert!(matches!(ahead.take("CREATE TABLE t1 (id integer"), Parsed::Broken(_)));
    }
}
