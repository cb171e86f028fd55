//! A run that fails or is killed never looks finished: what it leaves makes psql fail, and no row of the table that was
//! cut is committed (DESIGN 6). Proved on a real server for every combination of ON_ERROR_STOP, `\restrict` and -1.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::run::{command, run, standin};
use crate::support::server::{Server, server};
use crate::support::shop::{file, key, mask};

const PROFILE: &str = "\
version: 1
policy:
  domain: training
reasons:
  workflow: needed by the software under test
tables:
  whole:
    columns:
      mail:
        fake: email
    keep: [id, filler]
    why: workflow
  cut:
    columns:
      mail:
        fake: email
    keep: [id, filler]
    why: workflow
  narrow:
    keep: [line]
    why: workflow
";

/// Where the input goes wrong.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// A row of table `cut` has a field too few.
    Row,
    /// A row of the one-column table has a field too many.
    NarrowRow,
    /// The input ends in the middle of a row.
    Ends,
    /// A statement that may not pass follows the rows.
    Statement,
}

const FAULTS: [(Fault, &str); 4] = [
    (Fault::Row, "row"),
    (Fault::NarrowRow, "narrow row"),
    (Fault::Ends, "cut off"),
    (Fault::Statement, "statement"),
];

fn profile() -> PathBuf {
    file("poison.yaml", PROFILE.as_bytes())
}

/// Returns the rows of a block; about 100 bytes each.
fn rows(out: &mut String, from: u32, to: u32) {
    let filler = "filler \\\\ \\t ".repeat(5);
    for id in from..to {
        out.push_str(&format!("{id}\tperson{id}@example.org\t{filler}{id}\n"));
    }
}

/// Returns a dump of two large tables and a narrow one: over the 8 MiB that may be held back before the fault.
fn dump(restrict: bool, fault: Option<Fault>) -> String {
    let mut text = String::from("--\n-- PostgreSQL database dump\n--\n\n");
    if restrict {
        text.push_str("\\restrict poisontest\n\n");
    }
    text.push_str("SET statement_timeout = 0;\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\n");
    for table in ["whole", "cut"] {
        text.push_str(&format!(
            "CREATE TABLE public.{table} (\n    id integer NOT NULL,\n    mail text NOT NULL,\n    filler text\n);\n\n\n"
        ));
    }
    text.push_str("CREATE TABLE public.narrow (\n    line text\n);\n\n\n");
    text.push_str("COPY public.whole (id, mail, filler) FROM stdin;\n");
    rows(&mut text, 0, 60_000);
    text.push_str("\\.\n\n\n");
    if fault == Some(Fault::NarrowRow) {
        text.push_str("COPY public.narrow (line) FROM stdin;\n");
        for line in 0..200_000 {
            text.push_str(&format!("line {line}\n\n"));
        }
        text.push_str("two\tfields\nafter\n\\.\n\n\n");
    }
    text.push_str("COPY public.cut (id, mail, filler) FROM stdin;\n");
    rows(&mut text, 0, 40_000);
    match fault {
        Some(Fault::Row) => text.push_str("40000\tperson40000@example.org\n"),
        Some(Fault::Ends) => {
            text.push_str("40000\tperson40000@exam");
            return text;
        }
        _ => {}
    }
    rows(&mut text, 40_001, 60_000);
    text.push_str("\\.\n\n\n");
    if fault == Some(Fault::Statement) {
        text.push_str("UPDATE public.cut SET filler = NULL;\n\n\n");
    }
    text.push_str("--\n-- PostgreSQL database dump complete\n--\n\n");
    if restrict {
        text.push_str("\\unrestrict poisontest\n\n");
    }
    text
}

/// Restores a stream in one of the four ways and says what psql said and how many rows of a table it left behind.
fn restore(server: &'static Server, sql: &[u8], stop: bool, single: bool, table: &str) -> (i32, i64, String) {
    let db = server.database();
    let mut args = Vec::new();
    args.extend(if stop { &["-v", "ON_ERROR_STOP=1"][..] } else { &["-v", "ON_ERROR_STOP=0"][..] });
    args.extend(if single { &["-1"][..] } else { &[][..] });
    let ran = db.psql(&args, sql);
    let there =
        db.number(&format!("SELECT count(*) FROM pg_class WHERE oid = to_regclass('public.{table}')"));
    let left = if there == 0 { 0 } else { db.number(&format!("SELECT count(*) FROM public.{table}")) };
    (ran.code(), left, ran.stderr)
}

#[test]
fn the_dump_of_these_tests_is_whole_without_its_fault() {
    let Some(server) = server() else { return };
    let masked = mask(&profile(), &[], dump(false, None).as_bytes()).ok();
    let (code, left, said) = restore(server, &masked, true, false, "cut");
    assert_eq!((code, left), (0, 59_999), "{said}");
}

#[test]
fn poison_stops_psql_in_all_combinations() {
    let Some(server) = server() else { return };
    for (fault, name) in FAULTS {
        let table = if fault == Fault::NarrowRow { "narrow" } else { "cut" };
        for restrict in [false, true] {
            let ran = mask(&profile(), &[], dump(restrict, Some(fault)).as_bytes());
            assert_eq!(ran.code(), 3, "{name}: {}", ran.stderr);
            let head = format!("COPY public.{table} (");
            assert!(
                ran.text().contains(&head),
                "{name}: the run failed before output reached the table: {}",
                ran.stderr
            );
            for stop in [false, true] {
                for single in [false, true] {
                    let place = format!("{name}, restrict {restrict}, ON_ERROR_STOP {stop}, -1 {single}");
                    let (code, left, said) = restore(server, &ran.stdout, stop, single, table);
                    assert_eq!(code, 3, "{place}: psql says {said}");
                    // A whole COPY before a refused statement stands unless psql -1 takes it back.
                    if fault != Fault::Statement || single {
                        assert_eq!(left, 0, "{place}: rows of the cut table were committed");
                    }
                }
            }
        }
    }
}

/// Decompresses with the real program: what came out, and whether it was content.
fn decompress(program: &str, bytes: &[u8]) -> (Vec<u8>, bool) {
    let ran = run(command(program).arg("-dc"), bytes);
    let whole = ran.code() == 0;
    (ran.stdout, whole)
}

#[test]
fn poison_goes_through_the_compressor() {
    for (program, threads) in
        [("gzip", "1"), ("gzip", "3"), ("zstd", "3"), ("lz4", "3"), ("xz", "1"), ("bzip2", "1")]
    {
        let level = if program == "xz" { "xz:0" } else { program };
        let ran =
            mask(&profile(), &["--compress", level, "-j", threads], dump(true, Some(Fault::Row)).as_bytes());
        assert_eq!(ran.code(), 3, "{program}: {}", ran.stderr);
        let (sql, whole) = decompress(program, &ran.stdout);
        assert!(whole, "{program}: the stream was not closed");
        assert!(String::from_utf8_lossy(&sql).contains("COPY public.cut ("), "{program}: too short");
        let Some(server) = server() else { continue };
        let (code, left, said) = restore(server, &sql, false, false, "cut");
        assert_eq!((code, left), (3, 0), "{program}: psql says {said}");
    }
}

#[test]
fn a_signal_closes_the_compressed_stream_and_a_kill_does_not() {
    for (program, signal, expected) in
        [("gzip", "-TERM", 143), ("zstd", "-INT", 130), ("gzip", "-KILL", 137), ("zstd", "-KILL", 137)]
    {
        let path = file(&format!("signal.{program}{signal}"), b"");
        let out = std::fs::OpenOptions::new().write(true).open(&path).expect("opens");
        let endless = Endless::start(&["--compress", program, "-j2"], &profile(), Stdio::from(out));
        let begin = Instant::now();
        while path.metadata().expect("there").len() < 100_000 {
            assert!(begin.elapsed() < Duration::from_secs(60), "{program}: nothing was written");
            std::thread::sleep(Duration::from_millis(5));
        }
        let (code, _said) = endless.end(signal);
        assert_eq!(code, expected, "{program} {signal}");
        let (sql, whole) = decompress(program, &std::fs::read(&path).expect("read"));
        let end = String::from_utf8_lossy(sql.get(sql.len().saturating_sub(600)..).unwrap_or_default())
            .into_owned();
        if signal == "-KILL" {
            assert!(!whole, "{program}: a killed run looks finished");
        } else {
            assert!(whole && end.contains("ON_ERROR_STOP"), "{program} {signal}: {end}");
        }
    }
}

#[test]
fn nasty_29_a_cut_input_never_gives_a_file_under_its_final_name() {
    let input = dump(true, Some(Fault::Ends));
    let output = crate::support::shop::folder().join("never.sql");
    let ran = mask(&profile(), &["-o", output.to_str().expect("plain path")], input.as_bytes());
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(!output.exists(), "an unfinished file has its final name");
}

/// A dump that is never finished: written to `standin mask`, whose output goes where the caller says.
struct Endless {
    standin: Child,
    writer: std::thread::JoinHandle<()>,
    stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
}

impl Endless {
    /// Starts the program and keeps writing rows of table `cut` until told to stop.
    fn start(args: &[&str], profile: &Path, stdout: Stdio) -> Self {
        let mut command = standin();
        command.arg("mask").arg("-p").arg(profile).arg("--key-file").arg(key()).args(args);
        let mut standin =
            command.stdin(Stdio::piped()).stdout(stdout).stderr(Stdio::piped()).spawn().expect("starts");
        let mut stdin = standin.stdin.take().expect("piped");
        let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let told = stop.clone();
        let writer = std::thread::spawn(move || {
            let mut text = dump(true, Some(Fault::Ends));
            text.truncate(text.rfind('\n').map_or(0, |at| at + 1));
            let mut row = 100_000;
            while stdin.write_all(text.as_bytes()).is_ok() && !told.load(std::sync::atomic::Ordering::Relaxed)
            {
                text.clear();
                rows(&mut text, row, row + 100);
                row += 100;
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        Self { standin, writer, stop }
    }

    /// Sends a signal by name and returns the exit code and what was said.
    fn end(mut self, signal: &str) -> (i32, String) {
        let pid = self.standin.id().to_string();
        assert!(command("kill").args([signal, &pid]).status().expect("kill runs").success());
        let status = self.standin.wait().expect("ends");
        let mut said = String::new();
        self.standin.stderr.take().expect("piped").read_to_string(&mut said).expect("UTF-8");
        self.stop.store(true, std::sync::atomic::Ordering::Relaxed);
        self.writer.join().expect("writer ends");
        let code = std::os::unix::process::ExitStatusExt::signal(&status);
        (status.code().unwrap_or_else(|| 128 + code.unwrap_or_default()), said)
    }
}

/// Streams an endless dump into psql, signals standin when rows of table `cut` arrive, and returns standin's exit code,
/// psql's, and whether the tables `whole` and `cut` hold anything.
fn signalled(server: &'static Server, args: &[&str], signal: &str) -> (i32, i32, [i64; 2]) {
    let db = server.database();
    let mut psql = db.program("psql");
    psql.args(["-X", "-q", "-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut psql = psql.spawn().expect("psql starts");
    let endless = Endless::start(args, &profile(), Stdio::from(psql.stdin.take().expect("piped")));
    let begin = Instant::now();
    let copying = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND query LIKE 'COPY public.cut%'",
        db.name
    );
    while db.number(&copying) == 0 {
        assert!(begin.elapsed() < Duration::from_secs(60), "psql never came to the table");
        std::thread::sleep(Duration::from_millis(20));
    }
    let (code, _said) = endless.end(signal);
    let psql_code = psql.wait().expect("psql ends").code().unwrap_or(-1);
    let held = ["whole", "cut"].map(|table| {
        let there =
            db.number(&format!("SELECT count(*) FROM pg_class WHERE oid = to_regclass('public.{table}')"));
        if there == 0 { 0 } else { db.number(&format!("SELECT count(*) FROM public.{table}")) }
    });
    (code, psql_code, held)
}

#[test]
fn kill_9_with_guard_commits_nothing() {
    let Some(server) = server() else { return };
    let (code, _psql, held) = signalled(server, &["--guard"], "-KILL");
    assert_eq!(code, 137);
    assert_eq!(held, [0, 0], "rows were committed although the stream never came to its COMMIT");
}

#[test]
fn a_signal_ends_the_stream_in_poison() {
    let Some(server) = server() else { return };
    for (signal, expected) in [("-TERM", 143), ("-INT", 130), ("-HUP", 129)] {
        let (code, psql_code, [_whole, cut]) = signalled(server, &[], signal);
        assert_eq!(code, expected, "{signal}");
        assert_eq!(psql_code, 3, "{signal}: psql must fail");
        assert_eq!(cut, 0, "{signal}: rows of the cut table were committed");
    }
}

#[test]
fn guard_lets_a_whole_dump_through() {
    let Some(server) = server() else { return };
    let masked = mask(&profile(), &["--guard"], dump(true, None).as_bytes()).ok();
    let (code, left, said) = restore(server, &masked, true, false, "cut");
    assert_eq!((code, left), (0, 59_999), "{said}");
}
