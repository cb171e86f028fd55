//! Tests of the gate alone: results come in any order and leave whole, once, in the order of the input; what fails ends
//! in the poison of its place, and nothing becomes final. Uses no format and no thread pool.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::destination::Destination;
use super::front::{Bound, Work};
use super::gate::Gate;
use super::work::{Change, Done};
use crate::error::{Error, Result};
use crate::format::{Piece, PlainSink, RowCodec, Spans};
use crate::profile::plan::{Action, TablePlan};
use crate::row::field::{Cell, Span};
use crate::row::shape::TableName;

/// A destination that a test looks into.
#[derive(Clone, Default)]
struct Watched {
    bytes: Arc<Mutex<Vec<u8>>>,
    finished: Arc<AtomicBool>,
    /// Whether it is a file, which nobody sees before it is whole.
    file: bool,
}

impl Watched {
    fn text(&self) -> String {
        String::from_utf8(self.bytes.lock().unwrap().clone()).unwrap()
    }

    fn is_final(&self) -> bool {
        self.finished.load(Ordering::SeqCst)
    }

    fn gate(&self, hold: bool) -> Gate {
        Gate::new(Box::new(PlainSink::default()), Box::new(self.clone()), hold, None, "test".into())
    }
}

impl io::Write for Watched {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.bytes.lock().unwrap().extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl crate::format::Out for Watched {}

impl Destination for Watched {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.finished.store(true, Ordering::SeqCst);
        Ok(())
    }

    fn is_seen(&self) -> bool {
        !self.file
    }
}

/// The codec of a table whose rows no test touches.
struct Untouched;

impl RowCodec for Untouched {
    fn split(&self, _: &[u8], _: usize, _: usize, _: &[usize], _: &mut Spans) -> Result<usize> {
        Err(Error::bug("not asked for"))
    }

    fn decode(&self, _: &[u8], _: Span, _: &mut Vec<u8>) -> Result<Cell> {
        Err(Error::bug("not asked for"))
    }

    fn encode(&self, _: &[u8], _: &[u8], _: &mut Vec<u8>) -> Result<()> {
        Err(Error::bug("not asked for"))
    }

    fn encode_null(&self, _: &[u8], _: &mut Vec<u8>) {}

    fn count(&self, _: &[u8]) -> Result<(u64, u64)> {
        Err(Error::bug("not asked for"))
    }
}

/// A piece in the order; its poison is `inside`, that of the place behind it `behind`.
fn piece(seq: u64) -> Work {
    let poison = |text: &[u8]| Some(Arc::from(text));
    let piece = Piece { poison: poison(b"inside\n"), poison_after: poison(b"behind\n"), ..Piece::default() };
    Work { piece, seq, ..Work::default() }
}

fn put(gate: &Gate, seq: u64, bytes: &[u8]) -> bool {
    gate.put(&piece(seq), &Done::default(), bytes)
}

#[test]
fn nasty_55_results_leave_whole_and_in_the_order_of_the_input() {
    let seen = Watched::default();
    let gate = seen.gate(false);
    thread::scope(|scope| {
        // The last comes first, and the first only when all others wait.
        for seq in (0..8_u64).rev() {
            let gate = &gate;
            scope.spawn(move || assert!(put(gate, seq, format!("{seq}\n").as_bytes())));
            thread::sleep(Duration::from_millis(10));
        }
    });
    gate.finish();
    assert_eq!(seen.text(), "0\n1\n2\n3\n4\n5\n6\n7\n");
    assert!(seen.is_final() && gate.close().1.is_none());
}

#[test]
fn nothing_is_seen_before_it_is_released() {
    let seen = Watched::default();
    let gate = seen.gate(true);
    assert!(put(&gate, 0, b"a\n"));
    assert_eq!(seen.text(), "");
    assert!(gate.put(&Work { release: true, ..piece(1) }, &Done::default(), b"b\n"));
    assert_eq!(seen.text(), "a\nb\n");

    // A failure before that is no beginning of an output: there is nothing to poison.
    let seen = Watched::default();
    let gate = seen.gate(true);
    assert!(put(&gate, 0, b"a\n"));
    gate.fail(&piece(1), Error::input("undecided"), false);
    gate.finish();
    assert_eq!((seen.text().as_str(), seen.is_final()), ("", false));
}

#[test]
fn nasty_28_a_failure_ends_the_stream_in_the_poison_of_its_place() {
    let seen = Watched::default();
    let gate = seen.gate(false);
    assert!(put(&gate, 0, b"half a line"));
    gate.fail(&piece(1), Error::input("broken"), false);
    assert!(gate.is_stopped() && !put(&gate, 2, b"after\n"), "the run goes on");
    gate.send(b"COMMIT;\n");
    gate.finish();
    assert_eq!(seen.text(), "half a line\ninside\n");
    assert!(!seen.is_final() && gate.close().1.is_some());

    // Between two pieces the place is the one behind the first.
    let seen = Watched::default();
    let gate = seen.gate(false);
    assert!(put(&gate, 0, b"a\n"));
    gate.abort(Error::bug("panicked"));
    assert_eq!(seen.text(), "a\nbehind\n");
}

#[test]
fn nasty_29_a_file_that_failed_is_never_final_and_holds_no_poison() {
    let file = Watched { file: true, ..Watched::default() };
    let gate = file.gate(false);
    assert!(put(&gate, 0, b"a\n"));
    gate.fail(&piece(1), Error::input("broken"), false);
    gate.finish();
    assert_eq!((file.text().as_str(), file.is_final()), ("a\n", false));
}

#[test]
fn the_first_failure_of_the_input_wins() {
    let seen = Watched::default();
    let gate = seen.gate(false);
    thread::scope(|scope| {
        scope.spawn(|| gate.fail(&piece(1), Error::input("second"), false));
        thread::sleep(Duration::from_millis(10));
        gate.fail(&piece(0), Error::input("first"), false);
    });
    assert_eq!(gate.close().1.unwrap().what().as_str(), "first");
}

#[test]
fn more_rows_than_unique_stand_ins_allow_stop() {
    let bound = |table| {
        let plan = TablePlan {
            insert: Vec::new(),
            table: TableName::new(None, table),
            action: Action::Keep,
            columns: Vec::new(),
            unverified: Vec::new(),
            warnings: Vec::new(),
        };
        Change::Begin(Arc::new(Bound { plan, codec: Arc::new(Untouched), inserts: false }))
    };
    let rows = |read| Change::Rows { read, written: read, limit: Some(10), columns: Vec::new() };
    let seen = Watched::default();
    let gate = seen.gate(false);
    let first = Done { changes: vec![bound("t"), rows(6)], ..Done::default() };
    assert!(gate.put(&piece(0), &first, b"a\n"));
    // Ten are allowed; another table begins to count anew, another block of the first goes on.
    let second =
        Done { changes: vec![rows(3), bound("u"), rows(10), bound("t"), rows(1)], ..Done::default() };
    assert!(gate.put(&piece(1), &second, b"b\n"));
    assert!(!gate.put(&piece(2), &Done { changes: vec![rows(1)], ..Done::default() }, b"c\n"));
    assert_eq!(seen.text(), "a\nb\ninside\n");
    assert_eq!(gate.close().1.unwrap().location().table.as_ref().map(|t| t.as_str()), Some("t"));
}
