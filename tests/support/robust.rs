//! What must hold for any bytes at all: a run ends well or with an error, never in a panic or a fault of ours; where it
//! ends well, an all-keep profile gives the input's own bytes, and masked output can be read again with the same rows.
//!
//! Used by the seeded damages of tests/damage.rs and by the fuzz targets of tests/fuzz. Knows nothing of where the bytes
//! come from. `Fault` is what went wrong with the program; a refusal of the bytes is no fault.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};

use standin::error::ErrorKind;
use standin::format::pg_dump::ddl::{Catalog, parse_copy};
use standin::format::{FORMATS, InputOptions};
use standin::pipeline::{BytesSource, Destination, Job, Stop, run};
use standin::profile::plan::{Plan, PlanOptions};
use standin::profile::{show, syntax};
use standin::secret::{Key, Schedule};

/// What the program did wrong, without the bytes.
pub(crate) type Fault = String;

/// The key of the golden vectors.
const KEY: &str = "standin-key-1:test:aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypyx6gn";

/// Rules for the tables of `block`.
const BLOCK: &str = "version: 1
policy: {domain: tests}
reasons: {work: \"a test\"}
tables:
  t1: {columns: {c0: hash}}
  t2: {columns: {c1: hash}, keep: [c0], why: work}
  t3: {columns: {c0: {constant: \"x\"}, c2: hash}, keep: [c1], why: work}
";

/// Keeps what is no column too.
const KEEP: &str = "version: 1
reasons: {work: \"a test\"}
objects:
  large_objects: {keep: work}
  statistics: {keep: work}
  role_passwords: {keep: work}
  connections: {keep: work}
  comments: {keep: work}
";

/// Takes the output into memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().map_or(Err(io::ErrorKind::Other.into()), |mut kept| {
            kept.extend_from_slice(buf);
            Ok(buf.len())
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl standin::format::Out for Kept {}

impl Destination for Kept {
    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}

/// What a run that ended well gave: the bytes, and per table the rows read and written.
#[derive(PartialEq, Eq)]
pub(crate) struct Good {
    /// Output.
    pub(crate) bytes: Vec<u8>,
    /// Rows read and written of every table, in order.
    pub(crate) rows: Vec<(u64, u64)>,
}

/// Returns the plan of a profile under the key of the golden vectors.
pub(crate) fn plan(profile: &str, allow_unlisted_keep: bool) -> Result<Plan, Fault> {
    let read = syntax::read("profile.yaml", profile.as_bytes());
    let read = read.map_err(|r| show::render(&r.files, &r.problems, false))?;
    let key = Key::parse(KEY).map_err(|e| e.to_string())?;
    let domain = read.profile.policy.domain.clone().unwrap_or_default();
    Ok(Plan::new(
        read.profile,
        Schedule::new(&key, &domain),
        PlanOptions { allow_unlisted_keep, ..PlanOptions::default() },
    ))
}

/// Returns the plan that keeps everything.
pub(crate) fn all_keep() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| plan(KEEP, true).expect("a profile that keeps everything"))
}

/// Runs a job in one thread; `None` if the input was refused.
pub(crate) fn masked(
    plan: &Plan,
    format: &str,
    options: &InputOptions,
    bytes: &[u8],
    step: usize,
) -> Result<Option<Good>, Fault> {
    masked_by(1, plan, format, options, bytes, step)
}

/// Runs a job in so many threads; `None` if the input was refused.
pub(crate) fn masked_by(
    threads: usize,
    plan: &Plan,
    format: &str,
    options: &InputOptions,
    bytes: &[u8],
    step: usize,
) -> Result<Option<Good>, Fault> {
    let format = FORMATS.iter().find(|f| f.name() == format).ok_or("no such format")?;
    let reader = match format.reader(options) {
        Ok(reader) => reader,
        Err(e) if e.kind() == ErrorKind::Bug => return Err(format!("a fault: {e}")),
        Err(_) => return Ok(None),
    };
    let (kept, stop) = (Kept::default(), Stop::default());
    let report = run(Job {
        plan,
        reader,
        source: Box::new(BytesSource::new(bytes, step)),
        source_name: "test".into(),
        destination: Box::new(kept.clone()),
        known: None,
        judged: false,
        threads,
        guard: false,
        pass: standin::pipeline::Pass::Write,
        stop: &stop,
    });
    match report.error {
        None => {}
        Some(e) if e.kind() == ErrorKind::Bug => return Err(format!("a fault of the program: {e}")),
        Some(_) => return Ok(None),
    }
    let bytes = kept.0.lock().map(|mut kept| std::mem::take(&mut *kept)).map_err(|_| "a lock is broken")?;
    Ok(Some(Good { bytes, rows: report.tally.tables.iter().map(|t| (t.rows, t.rows_written)).collect() }))
}

/// Masks a golden input whole and in small reads, which must give the same.
pub(crate) fn in_any_cut(plan: &Plan, case: &str, options: &InputOptions, bytes: &[u8]) -> Good {
    let read = |step| masked(plan, "pg_dump", options, bytes, step).expect("no fault");
    let found = read(usize::MAX).unwrap_or_else(|| panic!("{case} is refused"));
    for step in [1, 7, 64, 1000] {
        assert!(read(step).is_some_and(|again| again == found), "{case}: reads of {step} bytes");
    }
    found
}

/// Checks an input under the all-keep plan and under `plan`.
pub(crate) fn input(plan: &Plan, format: &str, options: &InputOptions, bytes: &[u8]) -> Result<(), Fault> {
    let whole = masked(all_keep(), format, options, bytes, usize::MAX)?;
    if whole.as_ref().is_some_and(|good| good.bytes != bytes) {
        return Err("with an all-keep profile the bytes have changed".to_owned());
    }
    // Small reads cost more; every fourth input tells enough.
    let stepwise = bytes.len().is_multiple_of(4);
    let step = 1 + bytes.len() % 997;
    if stepwise {
        let stepped = masked(all_keep(), format, options, bytes, step)?;
        // Kept rows are counted a read at a time: rows that are wrong one by one and right in sum may pass or not.
        if whole.is_some() && stepped.is_some() && whole != stepped {
            return Err(format!("read {step} bytes at a time it came out otherwise"));
        }
    }
    let Some(first) = masked(plan, format, options, bytes, usize::MAX)? else { return Ok(()) };
    if stepwise {
        match masked(plan, format, options, bytes, step)? {
            None => return Err(format!("masked as a whole, refused when read {step} bytes at a time")),
            Some(again) if again != first => {
                return Err(format!("masked otherwise when read {step} bytes at a time"));
            }
            Some(_) => {}
        }
    }
    let Some(read) = masked(all_keep(), format, options, &first.bytes, usize::MAX)? else {
        return Err("masked output is refused when read again".to_owned());
    };
    // An INSERT left without rows is not there any more.
    let filled = |rows: &u64| *rows > 0;
    let written: Vec<u64> = first.rows.iter().map(|(_, written)| *written).filter(filled).collect();
    let found: Vec<u64> = read.rows.iter().map(|(rows, _)| *rows).filter(filled).collect();
    if written != found {
        return Err(format!("rows written {written:?}, read again {found:?}"));
    }
    Ok(())
}

/// Returns the options of an input as `standin mask` sets them, with a small `--max-row`.
pub(crate) fn options(table: &str) -> InputOptions {
    InputOptions { table: Some(table.to_owned()), max_row: 1 << 20, ..InputOptions::default() }
}

/// Checks bytes as the rows of a COPY block, of one to three columns by the first byte. Where they are accepted, every
/// row has its columns, kept ones are as they were, and no masked one is.
pub(crate) fn block(bytes: &[u8]) -> Result<(), Fault> {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    let plan = PLAN.get_or_init(|| plan(BLOCK, false).expect("the rules are right"));
    let Some((first, rows)) = bytes.split_first() else { return Ok(()) };
    let columns = 1 + usize::from(first % 3);
    let names: Vec<String> = (0..columns).map(|i| format!("c{i}")).collect();
    // Every table of the profile must be there.
    let create = |n: usize| {
        let columns: Vec<String> = (0..n).map(|i| format!("c{i} text")).collect();
        format!("CREATE TABLE public.t{n} (\n    {}\n);\n", columns.join(",\n    "))
    };
    let head = format!(
        "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n{}{}{}COPY public.t{columns} ({}) FROM stdin;\n",
        create(1),
        create(2),
        create(3),
        names.join(", ")
    );
    let tail = b"\n\\.\n\n";
    let text = [head.as_bytes(), rows, tail].concat();
    input(plan, "pg_dump", &options("t"), &text)?;
    let Some(good) = masked(plan, "pg_dump", &options("t"), &text, usize::MAX)? else { return Ok(()) };
    let body = good.bytes.strip_prefix(head.as_bytes()).ok_or("the head has changed")?;
    // Bytes that end the block themselves leave statements behind it: out of this check's sight.
    if rows.split(|b| *b == b'\n').any(|line| line == b"\\.") {
        return Ok(());
    }
    let body = body.strip_suffix(tail).ok_or("the tail has changed")?;
    let lines = |block: &[u8]| -> Vec<Vec<u8>> { block.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect() };
    let (before, after) = (lines(rows), lines(body));
    if before.len() != after.len() {
        return Err(format!("{} rows in, {} out", before.len(), after.len()));
    }
    for (row, (before, after)) in before.iter().zip(&after).enumerate() {
        let cells =
            |line: &[u8]| -> Vec<Vec<u8>> { line.split(|b| *b == b'\t').map(<[u8]>::to_vec).collect() };
        let (before, after) = (cells(before), cells(after));
        if before.len() != columns || after.len() != columns {
            return Err(format!(
                "row {row}: {} cells in, {} out, {columns} wanted",
                before.len(),
                after.len()
            ));
        }
        for (column, (before, after)) in before.iter().zip(&after).enumerate() {
            let hashed = after.len() == 32 && after.iter().all(u8::is_ascii_hexdigit);
            let fine = match (columns, column) {
                _ if before.is_empty() || before == b"\\N" => before == after,
                (1, 0) | (2, 1) | (3, 2) => hashed,
                (3, 0) => after == b"x",
                _ => before == after,
            };
            if !fine {
                return Err(format!("row {row}, column {column} of {columns}: not what its rule makes"));
            }
        }
    }
    Ok(())
}

/// Checks a text as a profile: a profile or problems that can be shown.
pub(crate) fn profile(bytes: &[u8]) -> Result<(), Fault> {
    match syntax::read("fuzz.yaml", bytes) {
        Ok(read) => {
            let plan = plan(&String::from_utf8_lossy(bytes), false);
            if plan.is_err() {
                return Err("a profile that is right and then wrong".to_owned());
            }
            drop(show::render(&read.profile.files, &read.warnings, true));
        }
        Err(refused) => {
            if refused.problems.is_empty() {
                return Err("refused without a problem".to_owned());
            }
            drop(show::render(&refused.files, &refused.problems, true));
        }
    }
    Ok(())
}

/// Checks a text as statements of a schema, divided by blank lines.
pub(crate) fn ddl(bytes: &[u8]) -> Result<(), Fault> {
    let text = String::from_utf8_lossy(bytes);
    let mut catalog = Catalog::default();
    for statement in text.split("\n\n") {
        for error in [catalog.apply(statement, 1).err(), parse_copy(statement).err()].into_iter().flatten() {
            if error.kind() == ErrorKind::Bug {
                return Err(format!("a fault of the program: {error}"));
            }
        }
    }
    Ok(())
}
