//! With an all-keep profile what comes out is what went in, byte for byte: the fixture, and real dumps from a folder
//! outside of the repository that STANDIN_CORPUS names.

use std::path::{Path, PathBuf};

use crate::support::forms::FIXTURES;
use standin::format::InputOptions;

use crate::support::robust;
use crate::support::run::{command, run, standin};
use crate::support::shop::{file, mask, profile};
use crate::support::{environment, repository};

/// Masks with the profile of one line that keeps everything, from a file or through a pipe, and says whether the bytes are equal.
fn kept(path: &Path, threads: &str, piped: bool) {
    let bytes = std::fs::read(path).expect("input is there");
    let profile = file("all-keep.yaml", b"version: 1\n");
    let mut command = standin();
    command.args(["mask", "--allow-unlisted-keep", "-q", "-j", threads, "-p"]).arg(profile);
    if !piped {
        command.arg(path);
    }
    let ran = run(&mut command, if piped { &bytes } else { b"" });
    let place = format!("{}, -j {threads}, {}", path.display(), if piped { "pipe" } else { "file" });
    assert_eq!(ran.code(), 0, "{place}: {}", ran.stderr);
    assert!(
        ran.stdout == bytes,
        "{place}: bytes have changed ({} in, {} out)",
        bytes.len(),
        ran.stdout.len()
    );
}

#[test]
fn the_fixture_comes_out_as_it_went_in() {
    for name in FIXTURES {
        for threads in ["1", "4"] {
            kept(&repository("fixtures/webshop").join(name), threads, false);
            // What comes through a pipe has no name that tells TSV from CSV.
            if name.ends_with(".sql") {
                kept(&repository("fixtures/webshop").join(name), threads, true);
            }
        }
    }
}

/// Keeps everything of a dump that is read in steps of this many bytes.
fn kept_in_steps(path: &Path, step: usize, threads: usize) {
    let bytes = std::fs::read(path).expect("input is there");
    let text = String::from_utf8_lossy(bytes.get(..200).unwrap_or_default());
    let mysql = text.contains("MySQL dump") || text.contains("MariaDB dump");
    let format = if mysql { "mysql" } else { "pg_dump" };
    let options = InputOptions { max_row: 1 << 20, ..InputOptions::default() };
    let good = robust::masked_by(threads, robust::all_keep(), format, &options, &bytes, step);
    let good = good.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let good = good.unwrap_or_else(|| panic!("{}: refused in steps of {step}", path.display()));
    assert!(good.bytes == bytes, "{} in steps of {step}, {threads} threads", path.display());
}

/// Returns the plain dumps under a folder, unpacked where they end in `.zst`, sorted.
fn inputs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(inputs(&path));
            continue;
        }
        let bytes = if name.ends_with(".sql.zst") {
            run(command("zstd").arg("-dc").arg(&path), b"").ok()
        } else if name.ends_with(".sql") {
            std::fs::read(&path).expect("input is there")
        } else {
            continue;
        };
        // Those of other servers answer that they need a later version.
        let text = String::from_utf8_lossy(&bytes);
        let rows = text.contains(" FROM stdin;\n") || text.contains("\nINSERT INTO ");
        let known = ["-- PostgreSQL database dump\n", "\n-- MariaDB dump ", "-- MySQL dump "];
        if known.iter().any(|header| text.contains(header)) && rows {
            found.push(file(&format!("corpus-{}", name.replace('/', "-").replace(".zst", "")), &bytes));
        }
    }
    found.sort();
    found
}

#[test]
fn real_dumps_come_out_as_they_went_in() {
    let Some(folder) = environment("STANDIN_CORPUS") else {
        eprintln!("skipped: STANDIN_CORPUS names no folder of real dumps");
        return;
    };
    let found = inputs(Path::new(&folder));
    assert!(!found.is_empty(), "STANDIN_CORPUS names a folder without a plain pg_dump file");
    for path in found {
        for threads in ["1", "4"] {
            kept(&path, threads, false);
            kept(&path, threads, true);
        }
        for (step, threads) in [(1, 1), (1, 4), (7, 1), (7, 4), (1 << 20, 1), (1 << 20, 4)] {
            kept_in_steps(&path, step, threads);
        }
    }
}

#[test]
fn nasty_55_any_number_of_threads_gives_the_same_bytes() {
    let dump = std::fs::read(repository("fixtures/webshop/dump.sql")).expect("fixture is there");
    let one = mask(&profile(), &["-j", "1"], &dump).ok();
    assert!(one != dump, "nothing was masked");
    for threads in ["2", "4", "16"] {
        assert!(mask(&profile(), &["-j", threads], &dump).ok() == one, "-j {threads} differs from -j 1");
    }
}
