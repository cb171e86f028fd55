//! The program as its user meets it: exit codes, one line and a hint on bad input, nothing under a final name on
//! failure, and no value in any of it. `KANARIE` is planted wherever a message could be tempted to quote.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::run::{Ran, command, run, standin};
use crate::support::shop::{file, folder, key};

const PROFILE: &str = "\
version: 1
policy:
  domain: training
reasons:
  w: test data
entities:
  person:
    mail:
      fake: email
      unique: true
tables:
  t:
    columns:
      mail: person.mail
    keep: [id]
    why: w
";

const KEEP: &[u8] = b"version: 1\n";
const HEADER: &str = "--\n-- PostgreSQL database dump\n--\n\n";
const TRAILER: &str = "--\n-- PostgreSQL database dump complete\n--\n\n";
const TABLE: &str = "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\
                     CREATE TABLE public.t (id integer, mail text);\n";
const COPY: &str = "COPY public.t (id, mail) FROM stdin;\n";
const CANARY: &str = "kanarie";

fn profile() -> PathBuf {
    file("cli.yaml", PROFILE.as_bytes())
}

fn dump(rows: &str) -> String {
    format!("{HEADER}{TABLE}{COPY}{rows}\\.\n\n{TRAILER}")
}

/// Returns `standin VERB -p PROFILE --key-file KEY ARGS`.
fn verb(verb: &str, args: &[&str]) -> std::process::Command {
    let mut command = standin();
    command.arg(verb).arg("-p").arg(profile()).arg("--key-file").arg(key()).args(args);
    command
}

fn mask(args: &[&str], input: &[u8]) -> Ran {
    run(&mut verb("mask", args), input)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("plain path")
}

/// Returns a new, empty folder of this test.
fn fresh(name: &str) -> PathBuf {
    let path = folder().join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("folder is made");
    path
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("folder is there").flatten();
    entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect()
}

/// Checks that a run said one line and one hint, and no value.
fn one_line_and_hint(place: &str, ran: &Ran, code: i32, parts: &[&str]) {
    assert_eq!(ran.code(), code, "{place}: {}", ran.stderr);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{place}: {}", ran.stderr);
    assert!(lines[0].starts_with("standin: ") && lines[1].starts_with("  hint: "), "{place}: {}", ran.stderr);
    for part in parts {
        assert!(lines[0].contains(part), "{place}: no `{part}` in: {}", ran.stderr);
    }
    assert!(!ran.stderr.to_lowercase().contains(CANARY), "{place}: a value was said: {}", ran.stderr);
    assert!(!ran.text().contains(CANARY), "{place}: a value came out");
}

/// Runs as file and on a pipe: the same sentence, no file under its final name, no value.
fn refused(place: &str, args: &[&str], input: &[u8], parts: &[&str]) {
    let ran = mask(&[&["-q"], args].concat(), input);
    one_line_and_hint(place, &ran, 3, &[parts, &["stdin"]].concat());
    assert!(ran.stdout.is_empty() || ran.stdout.ends_with(b"END $standin$;\n"), "{place}: no poison");

    static COUNT: AtomicU32 = AtomicU32::new(0);
    let folder = fresh(&format!("refused-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    let (from, to) = (folder.with_extension("sql"), folder.join("out.sql"));
    std::fs::write(&from, input).expect("input is written");
    let ran = mask(&[&["-q", text(&from), "-o", text(&to)], args].concat(), b"");
    one_line_and_hint(place, &ran, 3, &[parts, &["refused-"]].concat());
    assert!(names(&folder).is_empty(), "{place}: left behind {:?}", names(&folder));
}

#[test]
fn a_cut_dump_says_where_it_ends() {
    let end = ["line ", "byte "];
    let row = "1\tkanarie@example.org\n";
    let in_rows = ["inside COPY data, without `\\.`", "line 10", "byte ", "table public.t"];
    refused("no end mark", &[], format!("{HEADER}{TABLE}{COPY}{row}").as_bytes(), &in_rows);
    let half = format!("{HEADER}{TABLE}{COPY}1\tkanarie@exa");
    refused("half a row", &[], half.as_bytes(), &["inside COPY data", "line 9", "byte ", "table public.t"]);
    let statement = format!("{HEADER}{TABLE}ALTER TABLE ONLY public.t ADD CONSTRAINT kanarie CHE");
    refused("half a statement", &[], statement.as_bytes(), &[&["inside a statement"], &end[..]].concat());
    let trailer = format!("{HEADER}{TABLE}{COPY}{row}\\.\n\n");
    refused("no trailer", &[], trailer.as_bytes(), &[&["database dump complete"], &end[..]].concat());
    let restrict = format!("\\restrict abc\n\n{TABLE}{COPY}{row}\\.\n");
    refused("no \\unrestrict", &[], restrict.as_bytes(), &[&["unrestrict"], &end[..]].concat());
}

#[test]
fn a_bad_row_says_table_line_and_row() {
    let place = ["line 10", "table public.t", "row 2"];
    for (name, row, what) in [
        ("a field too many", "2\tkanarie@example.org\tkanarie\n", "expected 2 fields, found 3"),
        ("a field too few", "kanarie@example.org\n", "expected 2 fields, found 1"),
        ("unknown escape", "2\tkanarie\\q\n", "escape"),
        ("escaped line end", "2\tkanarie\\\n", "behind a backslash"),
    ] {
        let rows = format!("1\ta@example.org\n{row}");
        refused(name, &[], dump(&rows).as_bytes(), &[&[what], &place[..]].concat());
    }
    let long = format!("1\ta@example.org\n2\tkanarie{}\n", "k".repeat(5000));
    let parts = ["longer than 1024 bytes", "line 10", "table public.t", "row 2"];
    refused("a long row", &["--max-row", "1K"], dump(&long).as_bytes(), &parts);
    let long = format!("{TABLE}COMMENT ON TABLE public.t IS 'kanarie{}';\n", "k".repeat(5000));
    refused("a long statement", &["--max-row", "1K"], long.as_bytes(), &["longer than 1024 bytes", "line 4"]);
}

#[test]
fn what_is_no_part_of_a_dump_says_line_and_byte() {
    for (name, odd) in [
        ("meta-command", "\\! kanarie\n"),
        ("another database", "\\connect kanarie\n"),
        ("unknown statement", "UPDATE public.t SET mail = 'kanarie';\n"),
        ("DO", "DO $$ kanarie $$;\n"),
        ("a word that may be a name", "Kanarie is geen statement;\n"),
        ("INSERT of a query", "INSERT INTO public.t SELECT 1, 'kanarie';\n"),
        ("a secret", "ALTER USER kanarie PASSWORD 'kanarie';\n"),
    ] {
        refused(name, &[], format!("{TABLE}{odd}").as_bytes(), &["line 4", "byte "]);
    }
}

#[test]
fn what_is_no_text_is_named_with_a_way_out() {
    let utf16 = |mark: &[u8]| {
        let wide = "SET kanarie;\n".encode_utf16().flat_map(u16::to_le_bytes);
        mark.iter().copied().chain(wide).collect::<Vec<u8>>()
    };
    refused("UTF-16", &[], &utf16(b"\xFF\xFE"), &["UTF-16"]);
    refused("UTF-16 without mark", &[], &utf16(b""), &["NUL bytes"]);
    refused("archive", &[], b"PGDMP\x01\x0e\x00kanarie", &["numbers and places of 1 to 8 bytes"]);
    refused("gzip", &[], b"\x1F\x8B\x08\0kanarie", &["the gzip stream"]);
    refused("zstd", &[], b"\x28\xB5\x2F\xFDkanarie", &["the zstd stream"]);
    refused("empty", &[], b"", &["the input is empty"]);
    refused("anything", &[], b"kanarie\n", &["no format recognises this input"]);
}

#[test]
fn a_folder_that_is_no_archive_says_what_it_lacks() {
    let folder = fresh("folders");
    for (name, file, what) in [
        ("without", "rows.csv", "it has no `toc.dat`"),
        ("packed", "toc.dat.gz", "(`toc.dat`) is compressed"),
        ("other", "toc.dat", "no format reads this folder"),
    ] {
        let place = folder.join(name);
        std::fs::create_dir(&place).expect("folder is made");
        std::fs::write(place.join(file), b"id,mail\n1,kanarie@example.org\n").expect("file is written");
        let ran = mask(&["-q", text(&place)], b"");
        one_line_and_hint(name, &ran, 3, &[what, name]);
        assert!(ran.stdout.is_empty(), "{name}");
    }
}

/// A pipe in the file system that nobody writes: whoever reads it waits for ever.
fn nobody_writes() -> PathBuf {
    let path = fresh("fifo").join("dump.sql");
    let made = command("mkfifo").arg(&path).status().expect("mkfifo runs");
    assert!(made.success());
    path
}

#[test]
fn keys_profiles_and_words_are_judged_before_any_input_is_read() {
    let fifo = nobody_writes();
    let good = std::fs::read_to_string(key()).expect("key is there");
    let wrong = |name: &str, text: &str| file(&format!("{name}.key"), text.as_bytes());
    let (weak, cut) = (wrong("weak", "kanarie-passphrase\n"), wrong("cut", &good[..good.len() - 9]));
    let other = file("other.yaml", b"version: 1\npolicy:\n  domain: d\n  key: other\n");
    let broken = file("broken.yaml", b"version: 1\nfrob: 1\n");
    let (keep, none) = (file("keep.yaml", KEEP), folder().join("none"));
    let (key, profile) = (key(), profile());
    type Case<'a> = (&'static str, &'a Path, Option<&'a Path>, bool, &'static [&'static str]);
    let cases: [Case<'_>; 13] = [
        ("passphrase", &profile, Some(&weak), false, &[]),
        ("cut key", &profile, Some(&cut), false, &[]),
        ("no key file", &profile, Some(&none), false, &[]),
        ("two keys", &profile, Some(key), true, &[]),
        ("no domain", &keep, Some(key), false, &[]),
        ("no domain, by variable", &keep, None, true, &[]),
        ("another label", &other, Some(key), false, &[]),
        ("no key, label asked for", &other, None, false, &[]),
        ("no profile", &none, Some(key), false, &[]),
        ("broken profile", &broken, Some(key), false, &[]),
        ("unknown flag", &profile, Some(key), false, &["--frob"]),
        ("unknown format", &profile, Some(key), false, &["--input-format", "frob"]),
        ("size without sense", &profile, Some(key), false, &["--max-row", "0"]),
    ];
    for verb in ["mask", "check"] {
        for (name, profile, key, variable, args) in cases {
            // In this order: a program that would wait for the pipe fails on the file that is not there first.
            for input in [&none, fifo.as_path()] {
                let mut command = standin();
                command.arg(verb).arg("-p").arg(profile).args(args).arg(input);
                command.args(key.iter().flat_map(|k| [Path::new("--key-file"), k]));
                if variable {
                    command.env("STANDIN_KEY", good.trim_end());
                }
                let ran = run(&mut command, b"");
                assert_eq!((ran.code(), ran.stdout.len()), (2, 0), "{verb}, {name}: {}", ran.stderr);
                assert!(!ran.stderr.is_empty() && !ran.stderr.contains(CANARY), "{name}: {}", ran.stderr);
                assert!(!ran.stderr.contains(good.trim_end()), "{name}: the key was said");
            }
        }
    }
    let ran = run(verb("mask", &["-q"]).arg(&none), b"");
    assert_eq!(ran.code(), 4, "a missing input is a failure to read: {}", ran.stderr);
    assert!(ran.stderr.contains("no such file or directory") && ran.stderr.contains("none"));
}

#[test]
fn a_reader_that_goes_away_is_a_failure() {
    let rows: String = (0..40_000).map(|i| format!("{i}\tkanarie{i}@example.org\n")).collect();
    let input = file("broken-pipe.sql", dump(&rows).as_bytes());
    let mut child = verb("mask", &["-q", text(&input)])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("ends");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(4), "{said}");
    assert!(said.contains("broken pipe") && said.lines().count() == 2, "{said}");
}

#[test]
fn check_answers_by_its_exit_code() {
    let good = dump("1\tkanarie@example.org\n");
    let ran = run(&mut verb("check", &[]), good.as_bytes());
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(ran.text().contains("public.t: 1 columns masked, 1 kept"), "{}", ran.text());
    let more = good.replace("id integer,", "id integer, kanaries text,").replace("(id,", "(id, kanaries,");
    let more = more.replace("1\t", "1\tkanarie\t");
    let ran = run(&mut verb("check", &[]), more.as_bytes());
    assert_eq!(ran.code(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("kanaries"), "the column is named: {}", ran.stderr);
    one_line_and_hint(
        "cut",
        &run(&mut verb("check", &[]), &good.as_bytes()[..good.len() - 60]),
        3,
        &["stdin"],
    );
}

#[test]
fn a_key_is_written_once_and_for_its_owner() {
    let path = fresh("keygen").join("new.key");
    run(standin().args(["keygen", "label-1", "-o"]).arg(&path), b"").ok();
    let made = std::fs::read_to_string(&path).expect("key is there");
    assert_eq!(std::fs::metadata(&path).expect("is there").permissions().mode() & 0o777, 0o600);
    assert!(made.starts_with("standin-key-1:label-1:") && made.ends_with('\n') && made.lines().count() == 1);
    let ran = run(standin().args(["keygen", "label-1", "-o"]).arg(&path), b"");
    one_line_and_hint("overwriting", &ran, 4, &["it exists already", "new.key"]);
    assert_eq!(std::fs::read_to_string(&path).expect("key is there"), made, "the key was overwritten");
    let printed = run(standin().args(["keygen", "label-1"]), b"").ok();
    assert_eq!(printed.len(), made.len());
    assert_ne!(printed, made.as_bytes(), "two keys are equal");
    assert_eq!(run(standin().args(["keygen", "no label"]), b"").code(), 2);
    // What it prints is what the variable takes.
    let ran = run(
        standin().args(["mask", "-q", "-p"]).arg(profile()).env("STANDIN_KEY", text_of(printed).trim_end()),
        dump("1\tkanarie@example.org\n").as_bytes(),
    );
    assert!(!String::from_utf8(ran.ok()).expect("UTF-8").contains(CANARY));
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn techniques_and_completions_explain_themselves() {
    let list = text_of(run(standin().arg("techniques"), b"").ok());
    for spec in standin::mask::TECHNIQUES {
        assert!(list.lines().any(|l| l.starts_with(spec.name)), "{} is not listed", spec.name);
        let one = text_of(run(standin().args(["techniques", spec.name]), b"").ok());
        assert!(one.starts_with(spec.name) && one.contains("an attacker"), "{one}");
    }
    one_line_and_hint("techniques", &run(standin().args(["techniques", "frob"]), b""), 2, &["frob"]);
    let script = text_of(run(standin().args(["completions", "bash"]), b"").ok());
    assert!(script.contains("complete -F _standin") && script.contains("--allow-unlisted-keep"));
    let syntax = run(command("bash").arg("-n"), script.as_bytes());
    assert_eq!(syntax.code(), 0, "{}", syntax.stderr);
}

#[test]
fn outputs_appear_whole_and_under_their_names_only() {
    let folder = fresh("outputs");
    let (one, two) = (folder.join("one.sql"), folder.join("t.csv"));
    std::fs::write(&one, dump("1\tkanarie@example.org\n")).expect("input is written");
    std::fs::write(&two, "id,mail\n1,kanarie@example.org\n").expect("input is written");
    let out = folder.join("out");
    let ran = mask(&["-q", text(&one), text(&two), "-o", text(&out)], b"");
    assert_eq!((ran.code(), ran.stderr.as_str()), (0, ""));
    let mut there = names(&out);
    there.sort();
    assert_eq!(there, ["one.sql", "t.csv"]);
    let (dump, csv) =
        (std::fs::read_to_string(out.join("one.sql")), std::fs::read_to_string(out.join("t.csv")));
    let (dump, csv) = (dump.expect("is there"), csv.expect("is there"));
    assert!(!dump.contains(CANARY) && !csv.contains(CANARY));
    let standin = csv.lines().nth(1).and_then(|l| l.strip_prefix("1,")).expect("the row");
    assert!(dump.contains(&format!("1\t{standin}\n")), "the two inputs do not join");
    // A second run replaces the files; an output beside its input works; one that is its input does not.
    assert_eq!(mask(&["-q", text(&one), text(&two), "-o", text(&out)], b"").code(), 0);
    one_line_and_hint(
        "its own input",
        &mask(&["-q", text(&one), "-o", text(&one)], b""),
        2,
        &["is an input"],
    );
    let ran = mask(&["-q", text(&one), "-o", text(&folder.join("none/x.sql"))], b"");
    assert_eq!(ran.code(), 4);
    assert!(ran.stderr.contains("none/x.sql"), "the path is named: {}", ran.stderr);
}

/// Opens a FIFO for reading in a thread, which returns what came out of it.
fn drain(fifo: &Path) -> std::thread::JoinHandle<Vec<u8>> {
    let fifo = fifo.to_owned();
    std::thread::spawn(move || std::fs::read(fifo).expect("fifo is read"))
}

#[test]
fn an_output_that_is_no_file_is_written_through_and_stays() {
    let folder = fresh("through");
    let (fifo, link) = (folder.join("fifo"), folder.join("to-fifo"));
    assert!(command("mkfifo").arg(&fifo).status().expect("mkfifo runs").success());
    std::os::unix::fs::symlink("fifo", &link).expect("link is made");
    let kind = |path: &Path| std::fs::symlink_metadata(path).expect("still there").file_type();
    for path in [&fifo, &link] {
        let reader = drain(&fifo);
        mask(&["-o", text(path)], dump("1\ta@example.org\n").as_bytes()).ok();
        let out = String::from_utf8(reader.join().expect("reads")).expect("text");
        assert!(out.contains(COPY) && out.ends_with(TRAILER), "{out}");
        // What somebody has seen cannot be taken back: it ends in poison.
        let reader = drain(&fifo);
        let rows = format!("{}2\tb\tc\n", "1\ta@example.org\n".repeat(400_000));
        let ran = mask(&["-o", text(path)], dump(&rows).as_bytes());
        assert_eq!(ran.code(), 3, "{}", ran.stderr);
        let out = reader.join().expect("reads");
        let end = String::from_utf8_lossy(out.get(out.len().saturating_sub(600)..).unwrap_or_default());
        assert!(end.contains("ON_ERROR_STOP"), "no poison: {end}");
        assert!(std::os::unix::fs::FileTypeExt::is_fifo(&kind(&fifo)), "the FIFO was replaced");
        assert!(kind(&link).is_symlink(), "the link was replaced");
    }
    assert_eq!(names(&folder).len(), 2, "{:?}", names(&folder));
    // A device, where this process may make one.
    let null = folder.join("null");
    if command("mknod")
        .arg(&null)
        .args(["c", "1", "3"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
    {
        mask(&["-o", text(&null)], dump("1\ta@example.org\n").as_bytes()).ok();
        assert!(std::os::unix::fs::FileTypeExt::is_char_device(&kind(&null)), "the device was replaced");
    }
}

#[test]
fn a_symbolic_link_stays_and_what_it_points_at_is_replaced() {
    let (folder, far) = (fresh("links"), fresh("links-far"));
    let input = dump("1\ta@example.org\n");
    for (name, target) in
        [("near", "real.sql".into()), ("far", far.join("new.sql")), ("chain", PathBuf::from("near"))]
    {
        std::os::unix::fs::symlink(target, folder.join(name)).expect("link is made");
    }
    std::fs::write(folder.join("real.sql"), "old").expect("file is written");
    for (name, real) in
        [("near", folder.join("real.sql")), ("far", far.join("new.sql")), ("chain", folder.join("real.sql"))]
    {
        mask(&["-o", text(&folder.join(name))], input.as_bytes()).ok();
        assert!(
            std::fs::symlink_metadata(folder.join(name)).expect("there").is_symlink(),
            "{name} was replaced"
        );
        assert!(std::fs::read_to_string(&real).expect("there").ends_with(TRAILER), "{name}");
        std::fs::remove_file(&real).expect("removed");
    }
    // On failure the target stays as it was.
    std::fs::write(folder.join("real.sql"), "old").expect("file is written");
    assert_eq!(mask(&["-o", text(&folder.join("near"))], &input.as_bytes()[..150]).code(), 3);
    assert_eq!(std::fs::read(folder.join("real.sql")).expect("there"), b"old");
    // The standard output by its name is the standard output.
    let ran = mask(&["-o", "/dev/stdout"], input.as_bytes());
    assert!(ran.text().ends_with(TRAILER), "{}", ran.stderr);
    // An input is not overwritten through a link either.
    std::fs::write(folder.join("real.sql"), &input).expect("file is written");
    let ran = mask(&[text(&folder.join("real.sql")), "-o", text(&folder.join("near"))], b"");
    assert_eq!(ran.code(), 2, "{}", ran.stderr);
}

#[test]
fn an_uncovered_table_sends_nothing_though_a_schema_was_given() {
    let rules = "version: 1\npolicy:\n  domain: d\ntables:\n  t:\n    columns:\n      id:\n        pseudonym: integer\n      mail: suppress\n";
    let profile = file("schema-uncovered.yaml", rules.as_bytes());
    let facts = file("schema-uncovered.sql", TABLE.as_bytes());
    let rows = format!("{COPY}1\tkanarie@example.org\n\\.\n");
    let run = |input: &str| {
        let mut command = standin();
        command.args(["mask", "-q", "-p"]).arg(&profile).arg("--schema").arg(&facts);
        run(&mut command, input.as_bytes())
    };
    // A table that came to the database after the schema was dumped.
    let ran = run(&format!("{TABLE}CREATE TABLE public.fresh (mail text);\n{rows}"));
    assert_eq!((ran.code(), ran.stdout.len()), (3, 0), "{}", ran.stderr);
    assert!(ran.stderr.contains("fresh"), "{}", ran.stderr);
    let ran = run(&format!("{TABLE}{rows}"));
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
}

#[test]
fn rows_in_comments_stop_wherever_the_comment_stands() {
    let rules = "version: 1\npolicy:\n  domain: d\ntables:\n  t:\n    columns:\n      id:\n        pseudonym: integer\n      mail: suppress\n";
    let profile = file("commented.yaml", rules.as_bytes());
    let comment = format!("-- INSERT INTO public.t VALUES (1, '{CANARY}');\n");
    let (table, rows) = (TABLE, format!("{COPY}1\tx\n\\.\n"));
    for input in [
        format!("{comment}{table}{rows}"),
        format!("{table}{comment}{rows}"),
        format!("{table}{rows}{comment}"),
        format!("{comment}\\restrict abc\n{table}{rows}\\unrestrict abc\n"),
        format!("\\restrict abc\n{table}{rows}{comment}\\unrestrict abc\n"),
    ] {
        let mut command = standin();
        let ran = run(command.args(["mask", "-q", "-p"]).arg(&profile), input.as_bytes());
        assert_eq!(ran.code(), 3, "{input}{}", ran.stderr);
        assert!(!ran.text().contains(CANARY) && !ran.stderr.contains(CANARY), "{input}");
    }
}

#[test]
fn a_late_fact_stops_a_pipe_before_its_first_byte_if_the_schema_is_given() {
    let schema = "CREATE TABLE public.t (id integer, mail text);\nCREATE TABLE public.u (t_id integer);\n";
    let unique = "ALTER TABLE ONLY public.t ADD CONSTRAINT t_mail_key UNIQUE (mail);\n";
    let key = "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);\n\
               ALTER TABLE ONLY public.u ADD CONSTRAINT u_fk FOREIGN KEY (t_id) REFERENCES public.t(id);\n";
    let rows = format!("{COPY}1\tkanarie@example.org\n\\.\nCOPY public.u (t_id) FROM stdin;\n1\n\\.\n");
    let rules = |id: &str, mail: &str| {
        format!(
            "version: 1\npolicy:\n  domain: d\nreasons:\n  w: test data\ntables:\n  t:\n    columns:\n      id: {id}\n      \
             mail: {mail}\n  u:\n    keep: [t_id]\n    why: w\n"
        )
    };
    for (name, late, rules, said) in [
        ("unique", unique, rules("\n        keep: w", "\n        fake: last_name"), "UNIQUE"),
        ("foreign key", key, rules("\n        pseudonym: integer", "suppress"), "FOREIGN KEY"),
    ] {
        let profile = file(&format!("late-{name}.yaml"), rules.as_bytes());
        let schema = format!("{TABLE}{}{late}", schema.split_once('\n').map_or("", |(_, u)| u));
        let facts = file(&format!("late-{name}.sql"), schema.as_bytes());
        let whole = schema.replace(late, &format!("{rows}{late}"));
        assert!(whole.contains(CANARY));
        let run = |args: &[&str], input: &[u8]| {
            let mut command = standin();
            command
                .args(["mask", "-q", "-p"])
                .arg(&profile)
                .arg("--key-file")
                .arg(crate::support::shop::key());
            run(command.args(args), input)
        };
        let ran = run(&["--schema", text(&facts)], whole.as_bytes());
        assert_eq!((ran.code(), ran.stdout.len()), (3, 0), "{name}: {}", ran.stderr);
        assert!(ran.stderr.to_uppercase().contains(said), "{name}: {}", ran.stderr);
        // The rows are out before the constraint is read: the stream must not look finished.
        let ran = run(&[], whole.as_bytes());
        assert_eq!(ran.code(), 3, "{name}: {}", ran.stderr);
        assert!(ran.stdout.ends_with(b"END $standin$;\n"), "{name}: {}", ran.text());
        assert!(!ran.text().contains(CANARY) && !ran.stderr.contains(CANARY));
        // As a file it is found before output too.
        let input = file(&format!("late-{name}-whole.sql"), whole.as_bytes());
        let ran = run(&[text(&input)], b"");
        assert_eq!((ran.code(), ran.stdout.len()), (3, 0), "{name}: {}", ran.stderr);
    }
}

#[test]
fn a_summary_of_a_failed_run_does_not_look_complete() {
    let path = fresh("summary").join("summary.json");
    let ran = mask(&["-q", "--summary", text(&path)], dump("1\tkanarie\tkanarie\n").as_bytes());
    assert_eq!(ran.code(), 3);
    let said = std::fs::read_to_string(&path).expect("summary is there");
    assert!(said.contains("\"complete\": false") && !said.contains(CANARY), "{said}");
    mask(&["-q", "--summary", text(&path)], dump("1\tkanarie@example.org\n").as_bytes()).ok();
    let said = std::fs::read_to_string(&path).expect("summary is there");
    assert!(said.contains("\"complete\": true") && !said.contains(CANARY), "{said}");
}

#[test]
fn nasty_34_a_dry_run_writes_nothing_and_skips_nothing() {
    let folder = fresh("dry");
    let input = folder.join("dump.sql");
    std::fs::write(&input, dump("1\tkanarie@example.org\n")).expect("input is written");
    let mut command = verb("mask", &["-q", "--dry-run", text(&input)]);
    let ran = run(command.current_dir(&folder), b"");
    assert_eq!((ran.code(), ran.stdout.len(), ran.stderr.as_str()), (0, 0, ""));
    // What would stop the run stops the dry run, in the last row too.
    std::fs::write(&input, dump("1\tkanarie@example.org\n2\tkanarie\tkanarie\n")).expect("input is written");
    let mut command = verb("mask", &["-q", "--dry-run", text(&input)]);
    let ran = run(command.current_dir(&folder), b"");
    one_line_and_hint("dry", &ran, 3, &["row 2"]);
    assert!(ran.stdout.is_empty());
    assert_eq!(names(&folder), ["dump.sql"]);
    // Nothing unknown is called safe.
    std::fs::write(&input, dump("1\ta@example.org\n").replace("public.t ", "public.x ")).expect("is written");
    assert_eq!(run(&mut verb("mask", &["-q", "--dry-run", text(&input)]), b"").code(), 3);
    assert_eq!(run(&mut verb("check", &[text(&input)]), b"").code(), 1);
}
