//! Every reader gets thousands of damaged fixtures, the same ones every time. What must hold for any bytes stands in
//! `support/robust.rs`; tests/fuzz looks further, without an end.

use std::path::Path;
use std::sync::OnceLock;

use standin::profile::plan::Plan;

use crate::support::damage::Dice;
use crate::support::repository;
use crate::support::robust::{self, Fault};

/// Damaged inputs a reader.
const DAMAGES: u64 = 2_000;

/// Returns the files of a folder and its folders, sorted by path, whose name ends so.
fn files(folder: &Path, end: &str) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder is read").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.path().to_string_lossy().ends_with(end) {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
    assert!(!paths.is_empty(), "no {end} in {}", folder.display());
    paths.iter().map(|path| std::fs::read(path).expect("file is read")).collect()
}

/// Returns the webshop's dump with at most three rows a table.
fn small_dump() -> Vec<u8> {
    let dump = std::fs::read_to_string(repository("fixtures/webshop/dump.sql")).expect("fixture is there");
    let (mut rows, mut out) = (usize::MAX, String::new());
    for line in dump.split_inclusive('\n') {
        if line == "\\.\n" {
            rows = usize::MAX;
        }
        if rows == usize::MAX || rows < 3 {
            out.push_str(line);
        }
        if line.starts_with("COPY ") {
            rows = 0;
        } else if rows < usize::MAX {
            rows += 1;
        }
    }
    out.into_bytes()
}

fn webshop() -> &'static Plan {
    static PLAN: OnceLock<Plan> = OnceLock::new();
    PLAN.get_or_init(|| {
        let text = std::fs::read_to_string(repository("profiles/webshop.yaml")).expect("profile is there");
        robust::plan(&text, false).expect("the profile is right")
    })
}

/// Damages the seeds in turn, on every core, and checks each result. The first that fails is kept in a file.
pub(crate) fn all(name: &str, seeds: &[Vec<u8>], check: impl Fn(&[u8]) -> Result<(), Fault> + Sync) {
    for seed in seeds {
        check(seed).unwrap_or_else(|fault| panic!("{name}, undamaged: {fault}"));
    }
    let one = |number: u64, seed: &[u8]| {
        let mut dice = Dice::new(number);
        let other = &seeds[dice.below(seeds.len())];
        let bytes = dice.damage(seed, other);
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&bytes)));
        let fault = checked.unwrap_or_else(|_| Err("it panicked".to_owned())).err();
        fault.map(|fault| (number, fault, bytes))
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let part = |core: usize| {
        (0..DAMAGES).zip(seeds.iter().cycle()).skip(core).step_by(cores).find_map(|(n, s)| one(n, s))
    };
    let found = std::thread::scope(|scope| {
        let part = &part;
        let running: Vec<_> = (0..cores).map(|core| scope.spawn(move || part(core))).collect();
        running.into_iter().filter_map(|thread| thread.join().expect("panics are caught")).min()
    });
    if let Some((number, fault, bytes)) = found {
        let path = crate::support::shop::file(&format!("damage-{name}-{number}"), &bytes);
        panic!("{name}, damage {number}: {fault}; the bytes are in {}", path.display());
    }
}

#[test]
fn damaged_dumps() {
    let dump = small_dump();
    let good = robust::masked(webshop(), "pg_dump", &robust::options("t"), &dump, usize::MAX);
    assert!(good.is_ok_and(|good| good.is_some()), "the small dump does not fit the profile");
    let zoo = std::fs::read(repository("fixtures/pg_dump/ddl-zoo/input.sql")).expect("fixture is there");
    // The webshop's is twice as often there: only it fits the masking profile.
    let seeds = [dump.clone(), zoo, dump];
    all("dump", &seeds, |bytes| robust::input(webshop(), "pg_dump", &robust::options("t"), bytes));
}

/// Facts told behind a table's rows do not reach back to it, whether one read gave both or not.
#[test]
fn a_table_is_bound_to_what_was_said_before_it() {
    let plan = robust::plan(
        "version: 1\ntables:\n  a: {columns: {x: suppress}}\n  b: {columns: {x: suppress}}\n",
        false,
    );
    let plan = plan.expect("the rules are right");
    let text = "SET client_encoding = 'UTF8';\nCREATE TABLE public.a (\n    x text\n);\nCREATE TABLE public.b (\n    x text\n);\n\
                COPY public.a (x) FROM stdin;\none\n\\.\nALTER TABLE ONLY public.a ALTER COLUMN x SET NOT NULL;\n\
                COPY public.b (x) FROM stdin;\ntwo\n\\.\n";
    let whole = robust::masked(&plan, "pg_dump", &robust::options("t"), text.as_bytes(), usize::MAX);
    let whole = whole.expect("no fault").expect("it fits");
    assert!(
        String::from_utf8_lossy(&whole.bytes).contains("FROM stdin;\n\\N\n"),
        "the later NOT NULL reached back"
    );
    for step in [1, 7, 64, 200] {
        let good =
            robust::masked(&plan, "pg_dump", &robust::options("t"), text.as_bytes(), step).expect("no fault");
        assert!(good.is_some_and(|good| good == whole), "reads of {step} bytes");
    }
}

#[test]
fn damaged_rows() {
    let mut seeds = vec![b"0a\nb\n\\N\n".to_vec(), b"1a\tb\nc\\\\\td\\n\n\\N\t\\N\n\t".to_vec()];
    seeds.push(b"2a\tb\tc\n\\N\t\\x41\t\\101\n\t\t\n".repeat(9));
    all("rows", &seeds, robust::block);
}

#[test]
fn damaged_csv() {
    let mut seeds = files(&repository("fixtures/csv"), ".csv");
    let export =
        std::fs::read(repository("fixtures/webshop/customers_export.csv")).expect("fixture is there");
    let few: Vec<u8> = export.split_inclusive(|b| *b == b'\n').take(12).flatten().copied().collect();
    seeds.extend(std::iter::repeat_n(few, seeds.len()));
    let options = robust::options("customers_export");
    all("csv", &seeds, |bytes| robust::input(webshop(), "csv", &options, bytes));
}

#[test]
fn damaged_profiles() {
    let mut seeds = files(&repository("fixtures/profile"), "profile.yaml");
    seeds.extend(files(&repository("profiles"), ".yaml"));
    all("profile", &seeds, robust::profile);
}

#[test]
fn damaged_schemas() {
    let schema = small_dump();
    let zoo = std::fs::read(repository("fixtures/pg_dump/ddl-zoo/schema.sql")).expect("fixture is there");
    all("schema", &[schema, zoo], robust::ddl);
}

#[test]
fn statements_nested_without_end_are_refused() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("(SELECT ", ")"),
        ("CASE WHEN ", " END"),
        ("NOT ", ""),
        ("- ", ""),
        ("a.", ""),
    ] {
        for depth in [100, 10_000, 300_000] {
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for text in [
                format!("CREATE TABLE t (a integer CHECK ({deep}));"),
                format!("CREATE TABLE t (a integer DEFAULT {deep});"),
                format!("ALTER TABLE ONLY t ADD CONSTRAINT c CHECK ({deep});"),
                format!("CREATE TABLE t (a {deep});"),
                format!("CREATE TYPE t AS ({deep});"),
            ] {
                robust::ddl(text.as_bytes()).expect("no fault");
            }
        }
    }
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)] {
        robust::profile(text.as_bytes()).expect("no fault");
    }
}
