//! What a hostile reader of the pipeline tried: sources that fail, inputs cut anywhere, odd dumps, tiny reads.
//! Uses the library directly, so that the size of each read and the moment of each failure are exact.

use std::io;
use std::sync::{Arc, Mutex};

use standin::error::Result;
use standin::format::{FORMATS, InputOptions, Source};
use standin::pipeline::{BytesSource, Destination, Job, Report, Stop, run};
use standin::profile::plan::{Plan, PlanOptions};
use standin::profile::syntax;
use standin::secret::{Key, Schedule};

use crate::support::run::{run as end, standin};
use crate::support::{repository, shop};

/// Standard output, as a test sees it.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u8>>>);

impl io::Write for Seen {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl standin::format::Out for Seen {}

impl Destination for Seen {
    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }

    fn is_seen(&self) -> bool {
        true
    }
}

/// Gives bytes, then fails as a broken disk does.
struct Failing<'a>(BytesSource<'a>);

impl Source for Failing<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf)? {
            0 => Err(io::Error::other("kanarie")),
            n => Ok(n),
        }
    }
}

fn plan(profile: &[u8], keep: bool) -> Plan {
    let Ok(read) = syntax::read("profile.yaml", profile) else { panic!("the profile is refused") };
    let profile = read.profile;
    let key = std::fs::read_to_string(shop::key()).expect("key is there");
    let schedule = Schedule::new(&Key::parse(key.trim_end()).expect("key is sound"), "training");
    Plan::new(profile, schedule, PlanOptions { allow_unlisted_keep: keep, ..PlanOptions::default() })
}

fn webshop() -> (Plan, Vec<u8>) {
    let profile = std::fs::read(repository("profiles/webshop.yaml")).expect("profile is there");
    (plan(&profile, false), std::fs::read(repository("fixtures/webshop/dump.sql")).expect("fixture is there"))
}

fn job(plan: &Plan, source: Box<dyn Source + '_>, threads: usize, guard: bool) -> (Report, Vec<u8>) {
    let pg = FORMATS.iter().find(|f| f.name() == "pg_dump").expect("format is there");
    let options = InputOptions { max_row: 1 << 30, ..InputOptions::default() };
    let (seen, stop) = (Seen::default(), Stop::default());
    let report = run(Job {
        plan,
        reader: pg.reader(&options).expect("reader"),
        source,
        source_name: "test".into(),
        destination: Box::new(seen.clone()),
        known: None,
        judged: false,
        threads,
        guard,
        pass: standin::pipeline::Pass::Write,
        stop: &stop,
    });
    let bytes = seen.0.lock().unwrap().clone();
    (report, bytes)
}

/// Masks and gives the output of a run that ended well.
fn masked(plan: &Plan, input: &[u8], step: usize, threads: usize) -> Result<Vec<u8>> {
    let (report, bytes) = job(plan, Box::new(BytesSource::new(input, step)), threads, false);
    report.error.map_or(Ok(bytes), Err)
}

/// Runs in every size of reads and number of threads; all must agree.
fn each(plan: &Plan, input: &[u8]) -> std::result::Result<Vec<u8>, String> {
    let mut first = None;
    for step in [1, 7, 1 << 20] {
        for threads in [1, 4] {
            let now = masked(plan, input, step, threads).map_err(|e| e.to_string());
            let same = first.get_or_insert_with(|| now.clone()).is_ok() == now.is_ok()
                && (now.is_err() || first.as_ref() == Some(&now));
            assert!(same, "step {step}, {threads} threads: another result");
        }
    }
    first.expect("ran")
}

const TWO: &str = "\
version: 1
reasons: {w: test data}
tables:
  t:
    columns:
      mail: {fake: email}
    keep: [id]
    why: w
";

/// A dump of one table with one masked column, with text around its parts.
fn two(before: &str, between: &str, rows: &str) -> Vec<u8> {
    format!(
        "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n{before}CREATE TABLE public.t (id integer, mail text);\n\
         {between}COPY public.t (id, mail) FROM stdin;\n{rows}\\.\n"
    )
    .into_bytes()
}

#[test]
fn nasty_55_pieces_and_threads_change_nothing() {
    let (plan, dump) = webshop();
    let out = each(&plan, &dump).unwrap();
    assert!(out != dump, "nothing was masked");
    let keep = self::plan(b"version: 1\n", true);
    assert!(each(&keep, &dump).unwrap() == dump, "keep changed bytes");
}

#[test]
fn nasty_28_a_source_that_fails_leaves_poison() {
    let (plan, dump) = webshop();
    let half = dump.get(..dump.len() / 2).unwrap();
    for threads in [1, 4] {
        for guard in [false, true] {
            let (report, out) = job(&plan, Box::new(Failing(BytesSource::new(half, 4096))), threads, guard);
            let error = report.error.expect("must fail");
            assert!(!error.to_string().contains("kanarie"));
            let out = String::from_utf8(out).unwrap();
            assert!(out.contains(" FROM stdin;\n"), "output began");
            assert!(out.ends_with("END $standin$;\n"), "no poison at the end of the output");
        }
    }
}

#[test]
fn nasty_29_cut_anywhere_never_ends_well() {
    let (plan, dump) = webshop();
    let canaries = std::fs::read_to_string(repository("fixtures/webshop/canaries.txt")).expect("canaries");
    let canaries: Vec<&str> = canaries
        .lines()
        .filter_map(|l| l.split_once('\t'))
        .map(|(_, value)| value)
        .filter(|v| v.len() > 3)
        .collect();
    let text = String::from_utf8_lossy(&dump);
    // Around every structural place, and spread over the rest.
    let mut cuts: Vec<usize> = (0..250).map(|i| i * dump.len() / 250).collect();
    for mark in [
        "\\restrict",
        "-- PostgreSQL database dump",
        "COPY ",
        " FROM stdin;\n",
        "\n\\.\n",
        "\\unrestrict",
        "$$",
        "ALTER TABLE",
    ] {
        let places: Vec<usize> = text.match_indices(mark).map(|(at, _)| at).collect();
        for at in places.iter().step_by((places.len() / 5).max(1)) {
            cuts.extend([*at, at + 1, at + mark.len() - 1, at + mark.len()]);
        }
    }
    let end = dump.len() - text.trim_end().len();
    for cut in cuts {
        let Some(part) = dump.get(..cut).filter(|p| p.len() + end < dump.len()) else { continue };
        let (report, out) = job(&plan, Box::new(BytesSource::new(part, 1 << 20)), 1 + cut % 2, false);
        let Some(error) = report.error else { panic!("cut at {cut} ended well") };
        let said = format!("{error} {:?} {:?}", error, error.hint_text());
        assert!(canaries.iter().all(|c| !said.contains(c)), "cut at {cut}: a value was said");
        assert!(out.is_empty() || out.ends_with(b"END $standin$;\n"), "cut at {cut}: no poison");
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    let (plan, dump) = webshop();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).unwrap()
    };
    let head = dump.get(..dump.len().min(60_000)).unwrap();
    for _ in 0..150 {
        let mut bytes = head.to_vec();
        for _ in 0..1 + next() % 4 {
            let at = next() % bytes.len();
            bytes[at] = match next() % 3 {
                0 => bytes[at] ^ (1 << (next() % 8)),
                1 => b"\\\n\t'\"$;-*/()\0\r"[next() % 14],
                _ => u8::try_from(next() % 256).unwrap(),
            };
        }
        let error = masked(&plan, &bytes, 1 << 20, 1).expect_err("cut off");
        assert_ne!(error.kind(), standin::error::ErrorKind::Bug, "{error}");
    }
}

fn two_plan() -> Plan {
    plan(TWO.as_bytes(), false)
}

#[test]
fn nasty_47_no_name_changes_its_table() {
    let plan = two_plan();
    let rows = "1\tkanarie@example.org\n";
    assert!(each(&plan, &two("", "", rows)).is_ok());
    for odd in [
        // Rows would go to crm.t, whose rules are others.
        "SET search_path = crm, public;\n",
        "SELECT pg_catalog.set_config('search_path', 'crm', false);\n",
        "ALTER INDEX public.t RENAME TO u;\n",
        "ALTER TABLE public.t RENAME TO u;\n",
        "ALTER TABLE public.t RENAME COLUMN id TO x;\n",
        "ALTER TABLE public.t SET SCHEMA crm;\n",
        "CREATE TABLE public.t (mail text, id integer);\n",
        "DROP TABLE public.t;\n",
    ] {
        assert!(each(&plan, &two("", odd, rows)).is_err(), "{odd}");
    }
}

#[test]
fn nasty_11_what_psql_reads_otherwise_stops() {
    let plan = two_plan();
    let rows = "1\tkanarie@example.org\n";
    for odd in [
        // psql joins the next line to what a NUL cuts off: the comment then ends later, or sooner, than it seems.
        "-- a\0\n/*\nDO $$ x $$;\n-- */\n",
        "COMMENT ON TABLE public.t IS 'a\0\n';\n",
        "/* a\0 */",
        // Some readers end a comment here, some do not.
        "-- a\rDO $$ x $$;\n",
        "SET client_encoding = 'UTF8';\r\n",
        "SET standard_conforming_strings = off;\nCOMMENT ON TABLE public.t IS '\\'; COPY public.t (id, mail) FROM stdin; --';\n",
        "\u{feff}",
        "\\! x\n",
        "SELECT 1 \\g /tmp/x\n",
        "/* a */ \\restrict x\n",
    ] {
        assert!(each(&plan, &two(odd, "", rows)).is_err(), "{odd:?} before");
        assert!(each(&plan, &two("", odd, rows)).is_err(), "{odd:?} between");
    }
}

#[test]
fn nasty_10_rows_that_look_like_anything_stay_rows() {
    let plan = two_plan();
    let rows = "1\tCOPY public.t (id, mail) FROM stdin;\n2\t\\\\.\n3\t-- '$$ /* \"\n\\N\t\\N\n4\tINSERT INTO t VALUES (1);\n";
    let out = String::from_utf8(each(&plan, &two("", "", rows)).unwrap()).unwrap();
    let body = out.split("FROM stdin;\n").nth(1).unwrap();
    for (row, id) in body.lines().zip(["1", "2", "3", "\\N", "4", "\\."]) {
        assert!(row.starts_with(id), "{row}");
    }
    assert!(
        !body.contains("COPY") && !body.contains("INSERT") && !body.contains("$$"),
        "a value came through"
    );
    // An end mark in the middle of the rows is one to psql: what follows would be read as SQL.
    for bad in
        ["1\ta\n\\.\n2\tb\n", "1\ta\n\\.x\n", "1\ta\n\\.\r\n", "1\ta\tb\n", "1\n", "1\tkanarie\\\n2\tb\n"]
    {
        assert!(each(&plan, &two("", "", bad)).is_err(), "{bad:?}");
    }
}

#[test]
fn nasty_29_guard_opens_nothing_that_it_cannot_end() {
    let plan = two_plan();
    let half = b"SET client_encoding = 'UTF8';\nSELECT";
    let (report, out) = job(&plan, Box::new(BytesSource::new(half, 9)), 1, true);
    assert!(report.error.is_some() && out.is_empty());
    let whole = two("", "", "1\ta@example.org\n");
    let (report, out) = job(&plan, Box::new(BytesSource::new(&whole, 9)), 4, true);
    assert!(report.error.is_none());
    assert!(out.starts_with(b"BEGIN;\n") && out.ends_with(b"COMMIT;\n"));
}

#[test]
fn an_error_names_the_same_place_for_every_size_of_reads() {
    let plan = two_plan();
    let mut rows: String = (1..3000).map(|i| format!("{i}\tp{i}@example.org\n")).collect();
    rows.push_str("kanarie\n");
    let dump = two("-- one\n", "-- two\n", &rows);
    let text = String::from_utf8(dump.clone()).unwrap();
    let line = text.lines().position(|l| l == "kanarie").unwrap() + 1;
    for step in [1, 7, 1 << 20] {
        for threads in [1, 4] {
            let error = masked(&plan, &dump, step, threads).unwrap_err();
            let place = error.location();
            assert_eq!((place.line, place.row), (u64::try_from(line).ok(), Some(3000)), "step {step}");
            assert!(!format!("{error:?}").contains("kanarie"));
        }
    }
    // The same for a statement behind the rows.
    let mut dump = two("", "", "1\ta@example.org\n");
    dump.extend_from_slice(b"\n\nUPDATE public.t SET mail = 'kanarie';\n");
    for step in [1, 7, 1 << 20] {
        let error = masked(&plan, &dump, step, 1).unwrap_err();
        assert_eq!(
            (error.location().line, error.location().byte),
            (Some(9), u64::try_from(dump.len() - 38).ok())
        );
    }
}

#[test]
fn nasty_28_of_several_inputs_all_appear_or_none() {
    let folder = shop::folder().join("several");
    std::fs::create_dir_all(&folder).expect("folder is made");
    let out = folder.join("out");
    let profile =
        shop::file("several.yaml", TWO.replace("version: 1", "version: 1\npolicy: {domain: d}").as_bytes());
    let rows = "1\tkanarie@example.org\n";
    let (good, bad, whole) = (folder.join("a.sql"), folder.join("b.sql"), two("", "", rows));
    std::fs::write(&good, &whole).expect("input is written");
    let mask = |args: &[&str], inputs: &[&std::path::Path], stdin: &[u8]| {
        let mut command = standin();
        command
            .arg("mask")
            .arg("-p")
            .arg(&profile)
            .arg("--key-file")
            .arg(shop::key())
            .args(args)
            .args(inputs);
        end(&mut command, stdin)
    };
    // Keeping everything needs no facts pass, so that the second input fails when the first is masked already.
    let keep = shop::file("several-keep.yaml", b"version: 1\npolicy: {domain: d}\n");
    std::fs::write(&bad, two("", "", "1\tkanarie\tx\n")).expect("input is written");
    let mut command = standin();
    command.args(["mask", "--allow-unlisted-keep", "-p"]).arg(&keep).arg("--key-file").arg(shop::key());
    let ran = end(command.arg(&good).arg(&bad).arg("-o").arg(&out), b"");
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(!ran.stderr.contains("kanarie"), "{}", ran.stderr);
    let left: Vec<_> =
        std::fs::read_dir(&out).expect("folder is there").flatten().map(|e| e.file_name()).collect();
    assert!(left.is_empty(), "left behind: {left:?}");

    // Two results never go into one stream or one file.
    let (dash, file) = (std::path::Path::new("-"), folder.join("one.sql"));
    for args in
        [&[][..], &["-o", file.to_str().expect("plain path")], &["-o", out.to_str().expect("plain path")]]
    {
        let ran = mask(args, &[&good, dash], &whole);
        assert_eq!((ran.code(), ran.stdout.len()), (2, 0), "{args:?}: {}", ran.stderr);
        assert!(!file.exists());
    }
}

#[test]
fn nasty_14_a_table_declared_behind_an_empty_one_is_covered() {
    let plan = two_plan();
    let more = "COPY public.t (id, mail) FROM stdin;\n\\.\nCREATE TABLE public.later (secret text);\n";
    for step in [1, 1 << 20] {
        let (report, out) =
            job(&plan, Box::new(BytesSource::new(&two("", more, "1\ta@b.example\n"), step)), 1, false);
        assert!(report.error.is_some() && out.is_empty(), "step {step}");
    }
}

#[test]
fn nasty_40_a_table_whose_rule_does_not_fit_is_not_sent() {
    // Every column has a rule, so that nothing but the binding of the table can stop the run.
    let rules = "version: 1\ntables: {t: {columns: {id: {constant: x}, mail: {fake: email}}}}\n";
    let plan = plan(rules.as_bytes(), false);
    for step in [1, 1 << 20] {
        let dump = two("", "", "1\tkanarie@example.org\n");
        let (report, out) = job(&plan, Box::new(BytesSource::new(&dump, step)), 1, false);
        let error = report.error.expect("a constant of another type");
        assert!(error.to_string().contains("no value of the column's type") && out.is_empty(), "{error}");
    }
}

#[test]
fn nasty_35_what_is_told_after_the_rows_still_holds() {
    // Read as a stream, so that nothing is known in advance: the rows were sent, so the end is poison.
    let plan = two_plan();
    for late in [
        "ALTER TABLE ONLY public.t ADD CONSTRAINT t_mail UNIQUE (mail);\n",
        "CREATE TABLE public.later (secret text);\n",
    ] {
        let mut dump = two("", "", "1\tkanarie@example.org\n");
        for (tail, ends) in
            [("ALTER TABLE ONLY public.t ADD CONSTRAINT t_id UNIQUE (id);\n", true), (late, false)]
        {
            dump.extend_from_slice(tail.as_bytes());
            let (report, out) = job(&plan, Box::new(BytesSource::new(&dump, 1 << 20)), 1, false);
            assert_eq!(report.error.is_none(), ends, "{tail}");
            assert_eq!(out.ends_with(b"END $standin$;\n"), !ends, "{tail}");
        }
    }
}

#[test]
fn nasty_29_what_a_dump_owes_is_demanded() {
    let plan = two_plan();
    let whole = String::from_utf8(two("", "", "1\tkanarie@example.org\n")).unwrap();
    // As pg_dump wrote it before it wrote `\\restrict`, which would be missed first.
    let header = "--\n-- PostgreSQL database dump\n--\n\n";
    let trailer = "--\n-- PostgreSQL database dump complete\n--\n";
    let rows_only = whole.strip_suffix("\\.\n").unwrap();
    for (dump, ends) in [
        (whole.clone(), true),
        (format!("{header}{whole}{trailer}"), true),
        (format!("{header}{whole}"), false),
        (format!("\\restrict t0ken\n{whole}"), false),
        (format!("{whole}SELECT pg_catalog.setval('public.s', 1, true)"), false),
        (rows_only.to_owned(), false),
        // Only `\\.` alone ends rows: what follows would pass as a comment.
        (format!("{rows_only}\\.x-- kanarie\n"), false),
        (format!("{rows_only}\\.-- kanarie\n"), false),
    ] {
        assert_eq!(each(&plan, dump.as_bytes()).is_ok(), ends, "{dump}");
    }
}

#[test]
fn rows_without_a_subject_are_decided_one_by_one() {
    let rules = "version: 1\npolicy: {domain: d}\nentities: {p: {subject: id, id: {pseudonym: integer}, last: {fake: last_name}}}\n\
                 tables: {t: {columns: {id: p.id, mail: p.last}}}\n";
    let rows: String = (0..30).map(|n| format!("\\N\tKanarie{}\n", n % 15)).collect();
    let out = String::from_utf8(each(&plan(rules.as_bytes(), false), &two("", "", &rows)).unwrap()).unwrap();
    let names: Vec<&str> = out.lines().filter_map(|l| l.strip_prefix("\\N\t")).collect();
    let (first, again) = names.split_at(15);
    assert_eq!(first, again, "one value, one stand-in");
    // Fifteen draws of some thousand names: that they are nearly all one does not happen.
    assert!(std::collections::BTreeSet::from_iter(first).len() > 3, "they share a stand-in");
}
