//! Small archives, damaged byte by byte: none is read to an end that it lacks, none makes the program panic or give what
//! a profile masks, and what passes kept is what came.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};

use standin::error::ErrorKind;
use standin::format::{ArchiveOptions, FORMATS, Form, InputOptions};
use standin::pipeline::{BytesSource, Destination, Job, PackingDestination, Stop, run};
use standin::profile::plan::Plan;

use crate::support::damage::Dice;
use crate::support::repository;
use crate::support::robust::{all_keep, plan};

/// Written by pg_dump 15, 16 and 18 into a pipe, of `fixtures/pg_dump/archives/small.sql`: versions 1.14 to 1.16.
const CUSTOM: &[&str] = &[
    "small-14-none.dump",
    "small-14-gzip.dump",
    "small-15-lz4.dump",
    "small-16-none.dump",
    "small-16-gzip.dump",
    "small-16-zstd.dump",
];
/// The same as tar archives.
const TAR: &[&str] = &["small-14.tar", "small-16.tar"];

const PROFILE: &str = "version: 1
policy: {domain: tests}
reasons: {work: \"a test\"}
objects: {large_objects: {keep: work}}
tables:
  people: {columns: {email: hash, note: suppress}, keep: [id], why: work}
  words: {columns: {}, keep: [word], why: work}
  nothing: {columns: {}}
";

fn masking() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| plan(PROFILE, false).expect("the rules are right"))
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(repository("fixtures/pg_dump/archives").join(name)).expect("fixture is there")
}

/// Takes the output into memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics").extend_from_slice(buf);
        Ok(buf.len())
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

/// Masks an archive into a custom one; returns all that was written, and whether it is whole.
///
/// # Errors
/// Faults of the program.
fn masked(plan: &Plan, bytes: &[u8], step: usize, options: InputOptions) -> Result<(Vec<u8>, bool), String> {
    let format = FORMATS.iter().find(|f| f.name() == "archive").ok_or("no such format")?;
    let reader = format.reader(&options).map_err(|e| e.to_string())?;
    let (kept, stop) = (Kept::default(), Stop::default());
    let report = run(Job {
        plan,
        reader,
        source: Box::new(BytesSource::new(bytes, step)),
        source_name: "test".into(),
        destination: Box::new(PackingDestination::new(Box::new(kept.clone()), 1)),
        known: None,
        judged: false,
        threads: 1,
        guard: false,
        pass: standin::pipeline::Pass::Write,
        stop: &stop,
    });
    let bytes = std::mem::take(&mut *kept.0.lock().expect("nobody panics"));
    match report.error {
        None => Ok((bytes, true)),
        Some(e) if format!("{e} {:?}", e.hint_text()).contains("canary") => {
            Err("a canary in an error".to_owned())
        }
        Some(e) if e.kind() == ErrorKind::Input => Ok((bytes, false)),
        Some(e) => Err(format!("a fault of the program: {e}")),
    }
}

fn options() -> InputOptions {
    InputOptions { max_row: 1 << 20, ..InputOptions::default() }
}

fn custom() -> InputOptions {
    InputOptions { archive: ArchiveOptions { form: Some(Form::Custom), packing: Some(None) }, ..options() }
}

fn has_canary(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|window| window == b"canary")
}

/// Holds what must hold for any bytes: kept they are as they came, masked they have no canary, where it could be seen.
fn holds(bytes: &[u8]) -> Result<(), String> {
    let is_custom = bytes.starts_with(b"PGDMP");
    let (same, whole) = masked(all_keep(), bytes, usize::MAX, if is_custom { options() } else { custom() })?;
    if whole && is_custom && same != bytes {
        return Err("with an all-keep profile the bytes have changed".to_owned());
    }
    let (first, whole) = masked(masking(), bytes, usize::MAX, custom())?;
    if has_canary(&first) {
        return Err("a canary is left".to_owned());
    }
    let (again, too) = masked(masking(), bytes, 1 + bytes.len() % 97, custom())?;
    if whole != too || (whole && first != again) {
        return Err("in small reads it came out otherwise".to_owned());
    }
    Ok(())
}

#[test]
fn small_archives_are_kept_and_masked() {
    for name in CUSTOM {
        let bytes = fixture(name);
        for step in [1, 7, 100, usize::MAX] {
            let (same, whole) = masked(all_keep(), &bytes, step, options()).expect("no fault");
            assert!(whole && same == bytes, "{name}, reads of {step}");
        }
    }
    let mut texts = Vec::new();
    for name in CUSTOM.iter().chain(TAR) {
        let bytes = fixture(name);
        holds(&bytes).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let (masked, whole) = masked(masking(), &bytes, usize::MAX, custom()).expect("no fault");
        assert!(whole, "{name} does not fit the profile");
        let first = |row: &[u8]| row.starts_with(b"1\t") && row[2..].iter().all(u8::is_ascii_hexdigit);
        let rows = masked.windows(34).position(first).expect("the first row");
        let end = masked[rows..].windows(3).position(|window| window == b"\\.\n").expect("an end");
        texts.push(masked[rows..rows + end].to_vec());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "every form has the same rows");
}

#[test]
fn nasty_29_an_archive_cut_anywhere_is_an_error() {
    for name in CUSTOM.iter().chain(TAR) {
        let bytes = fixture(name);
        // Most of a tar archive is filler.
        for len in (0..bytes.len()).step_by(if TAR.contains(name) { 13 } else { 1 }) {
            for plan in [all_keep(), masking()] {
                let (cut, whole) = masked(plan, &bytes[..len], usize::MAX, custom()).expect("no fault");
                assert!(!whole, "{name}: cut at {len} of {} it looks whole", bytes.len());
                assert!(std::ptr::eq(plan, all_keep()) || !has_canary(&cut), "{name}: {len}");
            }
        }
    }
}

#[test]
fn every_byte_changed_is_refused_or_harmless() {
    for name in ["small-14-none.dump", "small-16-zstd.dump"] {
        let bytes = fixture(name);
        for at in 0..bytes.len() {
            for value in [bytes[at] ^ 1, 0, 0xFF] {
                let mut bytes = bytes.clone();
                bytes[at] = value;
                holds(&bytes).unwrap_or_else(|fault| panic!("{name}, byte {at} is {value}: {fault}"));
            }
        }
    }
}

#[test]
fn damaged_archives() {
    let seeds: Vec<Vec<u8>> = CUSTOM.iter().chain(TAR).map(|name| fixture(name)).collect();
    for number in 0..3000 {
        let mut dice = Dice::new(number);
        let seed = &seeds[dice.below(seeds.len())];
        let bytes = dice.damage_in_place(seed);
        let held = std::panic::catch_unwind(|| holds(&bytes)).unwrap_or(Err("it panicked".to_owned()));
        held.unwrap_or_else(|fault| {
            let path = crate::support::shop::file(&format!("damage-archive-{number}"), &bytes);
            panic!("damage {number}: {fault}; the bytes are in {}", path.display());
        });
    }
}

/// Returns a plain archive with a text of it replaced by one of the same length.
fn with(from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = fixture("small-16-none.dump");
    assert_eq!(from.len(), to.len(), "{}", String::from_utf8_lossy(to));
    let found: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(!found.is_empty(), "it is there");
    for at in found {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn rows_that_are_no_rows_are_refused() {
    let changes: &[(&[u8], &[u8])] = &[
        // The end of the rows among them, with more behind it.
        (b"1\tcanary1@example.org", b"\\.\nDROP TABLE public;"),
        (b"1\tcanary1@example.org", b"\\.\n\n\n\ncanary1@example"),
        // INSERT statements in the rows of a COPY statement, a row with a field more, one with a field less.
        (b"1\tcanary1@example.org\tcanary\\tone\n", b"INSERT INTO pp VALUES ('canary');\n"),
        (b"1\tcanary1@example.org", b"1\tcanary1@example\torg"),
        (b"1\tcanary1@example.org", b"1 canary1@example.org"),
        // Rows without their end.
        (b"\\.\n\n\n", b"\n\n\n\n\n"),
        (b"\\.\n\n\n", b"\\,\n\n\n"),
        (b"\\.\n\n\n", b"\\.\nx\n"),
        (b"\\.\n\n\n", b"\\.\\.\n"),
        // COPY statements of something else.
        (
            b"COPY public.people (id, email, note) FROM stdin;",
            b"COPY public.people (id, email, note) FROM stdout",
        ),
        (
            b"COPY public.people (id, email, note) FROM stdin;",
            b"COPY public.people (id, email, gone) FROM stdin;",
        ),
        (
            b"COPY public.people (id, email, note) FROM stdin;",
            b"COPY public.people (id, email, id) FROM stdin;--",
        ),
        (
            b"COPY public.people (id, email, note) FROM stdin;",
            b"COPY public.others (id, email, note) FROM stdin;",
        ),
        (
            b"COPY public.people (id, email, note) FROM stdin;",
            b"SELECT 'canary', 'canary', 'canary';            ",
        ),
        (
            b"COPY public.people (id, email, note) FROM stdin;",
            b"\\! id; echo canary                              ",
        ),
    ];
    for (at, (from, to)) in changes.iter().enumerate() {
        let bytes = with(from, to);
        let (out, whole) = masked(masking(), &bytes, usize::MAX, custom()).expect("no fault");
        assert!(!whole, "change {at} is taken");
        assert!(!has_canary(&out), "change {at}: a canary is left");
    }
}

/// A column list in another order masks the columns by their names.
#[test]
fn columns_are_masked_by_the_names_that_the_archive_gives_them() {
    let bytes = with(b"(id, email, note)", b"(email, id, note)");
    let (out, whole) = masked(masking(), &bytes, usize::MAX, custom()).expect("no fault");
    assert!(whole && out.windows(7).any(|window| window == b"canary1"), "the second column is the id now");
    let (out, whole) =
        masked(masking(), &fixture("small-16-none.dump"), usize::MAX, custom()).expect("no fault");
    assert!(whole && !has_canary(&out));
}

/// Rewrites a custom archive of version 1.14 as an older one: without the access methods of tables.
fn older(bytes: &[u8], minor: u8) -> Vec<u8> {
    let mut at = 0;
    let mut take = |count: usize| {
        at += count;
        &bytes[at - count..at]
    };
    let number = |raw: &[u8]| match raw {
        [0, size @ ..] => i64::from(u32::from_le_bytes(size.try_into().expect("four bytes"))),
        _ => -1,
    };
    let mut out = [take(6), &[minor]].concat();
    take(1);
    // Revision, sizes, form; level, time; three texts; the number of entries.
    out.extend_from_slice(take(4 + 8 * 5));
    let text = |out: &mut Vec<u8>, keeps: bool, take: &mut dyn FnMut(usize) -> Vec<u8>| {
        let head = take(5);
        let len = number(&head);
        let body = take(usize::try_from(len).unwrap_or(0));
        if keeps {
            out.extend_from_slice(&head);
            out.extend_from_slice(&body);
        }
        len >= 0
    };
    let mut take = |count: usize| take(count).to_vec();
    for _ in 0..3 {
        text(&mut out, true, &mut take);
    }
    let count = take(5);
    out.extend_from_slice(&count);
    for _ in 0..number(&count) {
        out.extend_from_slice(&take(10));
        for _ in 0..4 {
            text(&mut out, true, &mut take);
        }
        out.extend_from_slice(&take(5));
        for _ in 0..5 {
            text(&mut out, true, &mut take);
        }
        text(&mut out, false, &mut take);
        for _ in 0..2 {
            text(&mut out, true, &mut take);
        }
        while text(&mut out, true, &mut take) {}
        out.extend_from_slice(&take(9));
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

#[test]
fn older_versions_are_read_and_written() {
    for name in ["small-14-none.dump", "small-14-gzip.dump"] {
        let newer = fixture(name);
        let (expected, _) = masked(masking(), &newer, usize::MAX, options()).expect("no fault");
        for minor in [12, 13] {
            let bytes = older(&newer, minor);
            assert!(bytes.len() < newer.len());
            let (same, whole) = masked(all_keep(), &bytes, usize::MAX, options()).expect("no fault");
            assert!(whole && same == bytes, "{name} as 1.{minor}");
            let (found, whole) = masked(masking(), &bytes, usize::MAX, options()).expect("no fault");
            assert!(whole && found == older(&expected, minor), "{name} as 1.{minor}, masked");
            holds(&bytes).unwrap_or_else(|fault| panic!("{name} as 1.{minor}: {fault}"));
        }
    }
    for minor in [0, 11, 17] {
        let (out, whole) = masked(all_keep(), &older(&fixture("small-14-none.dump"), minor), 99, options())
            .expect("no fault");
        assert!(!whole && out.is_empty(), "1.{minor} is read");
    }
}
