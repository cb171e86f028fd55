//! CHECKs over masked columns: rows are held to them as they are written, what can be mended is mended by the policy, what
//! cannot stops the run before a server refuses it; what is not of the subset is listed. Against real servers where
//! there are some.

use crate::support::run::Ran;
use crate::support::shop::{file, mask};
use crate::support::{mariadb, robust, run, server, sqlite};

const SCHEMA: &str = "CREATE DOMAIN code AS text CONSTRAINT code_form CHECK (length(VALUE) < 40);
CREATE TABLE people (
    id integer PRIMARY KEY,
    email text CONSTRAINT email_form CHECK (email LIKE '%@%' AND email = lower(email)),
    tag code,
    born date CONSTRAINT born_ages_ago CHECK (born < '2010-01-01'),
    died date,
    kind varchar(10) NOT NULL CHECK (kind IN ('mail', 'word')),
    CONSTRAINT in_order CHECK (died IS NULL OR born <= died),
    CONSTRAINT only_kept CHECK (id > 0 OR kind ~ 'x'),
    CONSTRAINT odd CHECK (email ~ '@')
);
INSERT INTO people SELECT n, 'p' || n || '@example.org', 'tag ' || n, date '1950-01-01' + n * 7,
    CASE WHEN n % 2 = 0 THEN date '1950-01-01' + n * 7 END, CASE WHEN n % 3 = 0 THEN 'mail' ELSE 'word' END
    FROM generate_series(1, 500) n;";

fn profile(name: &str, unfit: &str, columns: &str) -> std::path::PathBuf {
    let text = format!(
        "version: 1\npolicy: {{domain: tests, unfit: {unfit}}}\nreasons: {{w: \"a test\"}}\ntables:\n  people:\n    columns:\n{columns}\n    \
         keep: [id, kind]\n    why: w\n"
    );
    file(name, text.as_bytes())
}

const HOLDS: &str = "      email: {fake: email}\n      tag: {hash: {length: 20}}\n      born: {generalise: year}\n      died: suppress";

fn stops(ran: &Ran, constraint: &str) {
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    for part in [constraint, "people", "row "] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    // With its hyphen: the ids of a random key are hexadecimal digits too.
    assert!(!ran.stderr.contains("example.org") && !ran.stderr.contains("1950-"), "{}", ran.stderr);
}

#[test]
fn masked_rows_that_hold_their_checks_restore() {
    let Some(server) = server::server() else { return };
    let before = server.database();
    before.psql(&["-v", "ON_ERROR_STOP=1"], SCHEMA.as_bytes()).ok();
    for form in [&[][..], &["--inserts"], &["--rows-per-insert=20"]] {
        let dump = before.dump(form);
        let masked = mask(&profile("checks-hold.yaml", "placeholder", HOLDS), &[], &dump).ok();
        let after = server.database();
        after.psql(&["-v", "ON_ERROR_STOP=1"], &masked).ok();
        assert_eq!(after.number("SELECT count(*) FROM people WHERE born < '2010-01-01'"), 500);
        assert_eq!(after.number("SELECT count(*) FROM people WHERE tag LIKE 'tag%'"), 0);
    }
}

#[test]
fn a_stand_in_that_breaks_a_check_stops_the_run_before_the_server_would() {
    let Some(server) = server::server() else { return };
    let before = server.database();
    before.psql(&["-v", "ON_ERROR_STOP=1"], SCHEMA.as_bytes()).ok();
    let cases = [
        ("email_form", "email: {fake: email}", "email: {hash: {length: 16}}"),
        ("code_form", "tag: {hash: {length: 20}}", "tag: {hash: {length: 52}}"),
        ("born_ages_ago", "born: {generalise: year}", "born: {constant: 2011-01-01}"),
        ("in_order", "died: suppress", "died: {constant: 1940-01-01}"),
    ];
    for (constraint, rule, instead) in cases {
        for form in [&[][..], &["--inserts"]] {
            let dump = before.dump(form);
            let broken = profile("checks-break.yaml", "placeholder", &HOLDS.replace(rule, instead));
            let ran = mask(&broken, &[], &dump);
            stops(&ran, constraint);
            // The server takes no row of what was sent, if anything was.
            let after = server.database();
            let loaded = after.psql(&[], &ran.stdout);
            let rows = "SELECT count(*) FROM pg_stat_user_tables WHERE n_live_tup > 0";
            assert!(ran.stdout.is_empty() || loaded.code() != 0, "{}", loaded.stderr);
            assert_eq!(after.number(rows), 0);
            // Removed where NULL holds the CHECK, and counted.
            let removed = profile("checks-remove.yaml", "suppress", &HOLDS.replace(rule, instead));
            let ran = mask(&removed, &[], &dump);
            let after = server.database();
            after.psql(&["-v", "ON_ERROR_STOP=1"], &ran.ok()).ok();
            assert_eq!(after.number("SELECT count(*) FROM people"), 500, "{constraint}");
        }
    }
}

/// Rows of a table with the CHECKs of `checks`, as pg_dump writes them.
fn dump(checks: &str, rows: &[&str], behind: &str) -> String {
    format!(
        "--\n-- PostgreSQL database dump\n--\n\nSET standard_conforming_strings = on;\n\nCREATE TABLE public.people (\n    id integer,\n    \
         kind text,\n    a integer,\n    b text{checks}\n);\n\nCOPY public.people (id, kind, a, b) FROM stdin;\n{}\\.\n\n{behind}\n--\n-- PostgreSQL \
         database dump complete\n--\n",
        rows.iter().map(|row| format!("{row}\n")).collect::<String>()
    )
}

fn masked(name: &str, columns: &str, dump: &str) -> Ran {
    mask(&profile(name, "placeholder", columns), &[], dump.as_bytes())
}

#[test]
fn what_was_broken_before_passes_only_where_the_constraint_allows_it() {
    let columns = "      a: {constant: 5}\n      b: {constant: x}";
    let rows = ["1\tmail\t50\ty", "2\tmail\t-1\ty", "3\tmail\t\\N\ty"];
    let text = dump(",\n    CONSTRAINT old CHECK ((a > 10)) NOT VALID", &["1\tmail\t2\ty"], "");
    assert!(
        String::from_utf8_lossy(&masked("checks-old.yaml", columns, &text).ok()).contains("1\tmail\t5\tx\n")
    );
    let text = dump(",\n    CONSTRAINT old CHECK ((a > 10)) NOT VALID", &rows, "");
    stops(&masked("checks-old.yaml", columns, &text), "`old`");
    let text = dump(",\n    CONSTRAINT new CHECK ((a > 10))", &["1\tmail\t2\ty"], "");
    stops(&masked("checks-old.yaml", columns, &text), "`new`");
    // NULL stays NULL and holds; rows in which nothing that it reads changed are not looked at.
    let text = dump(",\n    CONSTRAINT new CHECK ((a > 10))", &["3\tmail\t\\N\ty", "4\tmail\t\\N\t"], "");
    masked("checks-old.yaml", columns, &text).ok();
    let kept = "      a: {keep: w}\n      b: {constant: x}";
    let text = dump(",\n    CONSTRAINT new CHECK ((a > 10))", &["1\tmail\t2\ty"], "");
    masked("checks-kept.yaml", kept, &text).ok();
}

#[test]
fn a_placeholder_counts_and_what_joins_is_never_replaced() {
    // The placeholder of a date lies before 2000; years since are cut by the CHECK.
    let text = "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.people (\n    id integer,\n    kind text,\n    born date,\n    code text,\n    \
                CONSTRAINT young CHECK ((born <> '1980-01-01'::date)),\n    CONSTRAINT short CHECK ((length(code) < 9))\n);\n\nCOPY \
                public.people (id, kind, born, code) FROM stdin;\n1\tmail\t1980-05-05\t\\N\n2\tmail\t1981-05-05\t\\N\n\\.\n\n--\n-- PostgreSQL \
                database dump complete\n--\n";
    let columns = "      born: {generalise: year}\n      code: {hash: {length: 16}}";
    let ran = masked("checks-placeholder.yaml", columns, text);
    assert!(ran.stderr.contains("born: <10 without the form"), "{}", ran.stderr);
    let out = String::from_utf8(ran.ok()).unwrap();
    assert!(!out.contains("1\tmail\t1980-01-01") && out.contains("2\tmail\t1981-01-01"), "{out}");
    let joined = text.replace("1980-05-05\t\\N", "1981-05-05\tcode");
    stops(&masked("checks-placeholder.yaml", columns, &joined), "`short`");
}

#[test]
fn a_check_behind_the_rows_poisons_a_pipe_and_is_known_of_a_file() {
    let columns = "      a: {constant: 5}\n      b: {constant: x}";
    let late = "ALTER TABLE ONLY public.people\n    ADD CONSTRAINT late CHECK ((a < 9));\n";
    let text = dump("", &["1\tmail\t2\ty"], late);
    let ran = masked("checks-late.yaml", columns, &text);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("`late` stands behind the rows"), "{}", ran.stderr);
    assert!(ran.text().contains("RAISE"), "no poison");
    let path = file("checks-late.sql", text.as_bytes());
    let profile = profile("checks-late.yaml", "placeholder", columns);
    mask(&profile, &[path.to_str().unwrap()], b"").ok();
    let broken = file("checks-broken.sql", text.replace("a < 9", "a > 9").as_bytes());
    stops(&mask(&profile, &[broken.to_str().unwrap()], b""), "`late`");
    // The server looks at no row that is there, so this one comes in time.
    let old = text.replace("((a < 9))", "((a > 9)) NOT VALID");
    masked("checks-late.yaml", columns, &old).ok();
}

#[test]
fn what_is_not_of_the_subset_is_listed_by_check() {
    let text = dump(
        ",\n    CONSTRAINT odd CHECK ((b ~ '^x'::text)),\n    CONSTRAINT known CHECK ((a > 1)),\n    CONSTRAINT kept CHECK ((kind ~ 'm'))",
        &[],
        "",
    );
    let path = file("checks-odd.sql", text.as_bytes());
    let profile = profile("checks-odd.yaml", "placeholder", "      a: {constant: 5}\n      b: {constant: x}");
    let ran = run::run(run::standin().arg("check").arg(path).arg("-p").arg(profile), b"");
    let said = ran.text() + &ran.stderr;
    assert!(
        said.contains("`odd` reads masked columns: not verified") && said.contains("not decided on here"),
        "{said}"
    );
    assert!(!said.contains("`known`") && !said.contains("`kept`") && !said.contains("^x"), "{said}");
}

#[test]
fn every_cut_and_thread_count_holds_rows_alike() {
    let rows: Vec<String> =
        (0..700).map(|n| format!("{n}\tmail\t{}\t{}", n % 7, "y".repeat(n % 40))).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let text = dump(",\n    CONSTRAINT c CHECK ((length(b) < 20 OR a = 5))", &rows, "");
    let columns = "      a: {constant: 5}\n      b: {hash: {length: 30}}";
    let profile = std::fs::read_to_string(profile("checks-cut.yaml", "suppress", columns)).unwrap();
    let plan = robust::plan(&profile, false).expect("a plan");
    let found = robust::in_any_cut(&plan, "cut", &robust::options("people"), text.as_bytes());
    assert_eq!(found.rows, [(700, 700)]);
    for threads in [2, 8] {
        let again =
            robust::masked_by(threads, &plan, "pg_dump", &robust::options("people"), text.as_bytes(), 64);
        assert!(again.expect("no fault").is_some_and(|again| again == found), "{threads} threads");
    }
}

#[test]
fn numbers_and_lengths_are_held_in_other_databases() {
    let (schema, rows) = (
        "CREATE TABLE people (id integer, kind varchar(20), a integer CHECK (a > 1), b varchar(60), CHECK (LENGTH(b) <= 30 and b is not null), \
         CONSTRAINT odd CHECK (b <> 'z'));",
        "INSERT INTO people VALUES (1, 'mail', 20, 'some text'), (2, 'word', 30, 'other text');",
    );
    let hold =
        profile("checks-others.yaml", "placeholder", "      a: {constant: 5}\n      b: {hash: {length: 30}}");
    let long = profile(
        "checks-others-long.yaml",
        "placeholder",
        "      a: {constant: 5}\n      b: {hash: {length: 31}}",
    );
    let low = profile(
        "checks-others-low.yaml",
        "placeholder",
        "      a: {constant: 1}\n      b: {hash: {length: 30}}",
    );
    if let Some(database) = sqlite::database() {
        database.load(format!("{schema}{rows}").as_bytes()).ok();
        let dump = database.dump();
        let after = sqlite::database().expect("sqlite3 is there");
        after.load(&mask(&hold, &[], &dump).ok()).ok();
        assert_eq!(after.number("SELECT count(*) FROM people WHERE a = 5"), 2);
        for broken in [&long, &low] {
            let ran = mask(broken, &[], &dump);
            assert_eq!(ran.code(), 3, "{}", ran.stderr);
            assert!(ran.stderr.contains("CHECK"), "{}", ran.stderr);
        }
    }
    if let Some(server) = mariadb::server() {
        let database = server.database();
        database.load(format!("{}{rows}", schema.replace("LENGTH", "CHAR_LENGTH")).as_bytes()).ok();
        let dump = run::run(database.program("mariadb-dump").arg(&database.name), b"").ok();
        let after = server.database();
        after.load(&mask(&hold, &[], &dump).ok()).ok();
        assert_eq!(after.number("SELECT count(*) FROM people WHERE a = 5"), 2);
        for broken in [&long, &low] {
            let ran = mask(broken, &[], &dump);
            assert_eq!(ran.code(), 3, "{}", ran.stderr);
            assert!(ran.stderr.contains("CHECK"), "{}", ran.stderr);
        }
    }
}

/// Partitions by the parity of a kept column: both declare `common`, one of them `one`, the root `all`.
fn partitioned(behind: &str) -> String {
    let columns = "    id integer,\n    kind text,\n    a integer,\n    b text";
    let partition = |name: &str, checks: &str| {
        format!(
            "CREATE TABLE public.{name} (\n{columns},\n    CONSTRAINT root CHECK ((a < 90)),\n    CONSTRAINT {checks}\n);\n\n"
        )
    };
    let attach = |name: &str, bound: &str| {
        format!(
            "ALTER TABLE ONLY public.people ATTACH PARTITION public.{name} FOR VALUES WITH (modulus 2, remainder {bound});\n\n"
        )
    };
    [
        "--\n-- PostgreSQL database dump\n--\n\n".to_owned(),
        format!(
            "CREATE TABLE public.people (\n{columns},\n    CONSTRAINT root CHECK ((a < 90))\n)\nPARTITION BY HASH (id);\n\n"
        ),
        partition("even", "common CHECK ((a > 10)),\n    CONSTRAINT one CHECK ((length(b) < 3))"),
        partition("odd", "other CHECK ((a > 10))"),
        attach("even", "0"),
        attach("odd", "1"),
        "COPY public.people (id, kind, a, b) FROM stdin;\n2\tmail\t50\ty\n\\.\n\n".to_owned(),
        "COPY public.people (id, kind, a, b) FROM stdin;\n1\tmail\t50\ty\n\\.\n\n".to_owned(),
        format!("{behind}--\n-- PostgreSQL database dump complete\n--\n"),
    ]
    .concat()
}

#[test]
fn rows_through_the_root_are_held_to_what_all_partitions_declare() {
    let columns = |a: u32| format!("      a: {{constant: {a}}}\n      b: {{constant: xyz}}");
    let text = partitioned("");
    stops(&masked("checks-root.yaml", &columns(5), &text), "`common`");
    stops(&masked("checks-root.yaml", &columns(95), &text), "`root`");
    let ran = masked("checks-root.yaml", &columns(50), &text);
    let listed: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("not verified")).collect();
    assert_eq!(
        listed,
        [
            "  public.even: CHECK or EXCLUDE `one`: not verified (rows load through the root, and only some partitions declare it)"
        ]
    );
    assert!(String::from_utf8(ran.ok()).unwrap().contains("1\tmail\t50\txyz\n"));
    // `check` cannot know which way rows will go.
    let path = file("checks-root.sql", text.as_bytes());
    let profile = profile("checks-root.yaml", "placeholder", &columns(50));
    let ran = run::run(run::standin().arg("check").arg(path).arg("-p").arg(profile), b"");
    let said = ran.text() + &ran.stderr;
    assert!(said.contains("`one` of the partition `public.even`") && !said.contains("`common`"), "{said}");
    // A column that nothing masks is held to nothing.
    let kept = "      a: {keep: w}\n      b: {keep: w}";
    assert!(!masked("checks-root-kept.yaml", kept, &text).stderr.contains("not verified"));
    // What the partitions get behind the rows comes too late, if all get it.
    let late =
        |name: &str| format!("ALTER TABLE ONLY public.{name}\n    ADD CONSTRAINT late CHECK ((a <> 7));\n\n");
    let ran = masked("checks-root.yaml", &columns(50), &partitioned(&(late("even") + &late("odd"))));
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("`late` stands behind the rows") && ran.text().contains("RAISE"));
    let ran = masked("checks-root.yaml", &columns(50), &partitioned(&late("odd")));
    assert!(ran.stderr.contains("public.odd: CHECK or EXCLUDE `late`: not verified"), "{}", ran.stderr);
    ran.ok();
}

#[test]
fn partitions_of_a_server_restore_through_their_root() {
    let Some(server) = server::server() else { return };
    let before = server.database();
    let schema = "CREATE TABLE people (id integer, kind text, a integer, b text, CONSTRAINT root CHECK (a < 90)) PARTITION BY HASH (id);
CREATE TABLE even PARTITION OF people (CONSTRAINT common CHECK (a > 10), CONSTRAINT one CHECK (length(b) < 3)) FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE odd PARTITION OF people (CONSTRAINT other CHECK (a > 10)) FOR VALUES WITH (modulus 2, remainder 1);
INSERT INTO people SELECT n, 'mail', 50, 'y' FROM generate_series(1, 20) n;";
    before.psql(&["-v", "ON_ERROR_STOP=1"], schema.as_bytes()).ok();
    for form in [&["--load-via-partition-root"][..], &["--load-via-partition-root", "--inserts"]] {
        let dump = String::from_utf8(before.dump(form)).unwrap();
        let columns = |a: u32| format!("      a: {{constant: {a}}}\n      b: {{constant: xy}}");
        stops(&masked("checks-server.yaml", &columns(5), &dump), "`common`");
        let ran = masked("checks-server.yaml", &columns(60), &dump);
        assert!(
            ran.stderr.contains("`one`: not verified") && !ran.stderr.contains("`common`"),
            "{}",
            ran.stderr
        );
        let after = server.database();
        after.psql(&["-v", "ON_ERROR_STOP=1"], &ran.ok()).ok();
        assert_eq!(after.number("SELECT count(*) FROM people WHERE a = 60"), 20);
    }
}

#[test]
fn a_check_that_a_domain_gets_behind_the_rows_is_one_of_every_column_of_it() {
    let columns = "      a: {constant: 5}\n      b: {constant: x}";
    let domains =
        "CREATE DOMAIN public.word AS text;\n\nCREATE DOMAIN public.name AS public.word;\n\nCREATE TABLE";
    let alter = |text: &str| {
        dump("", &["1\tmail\t2\ty"], text).replace("CREATE TABLE", domains).replace("b text", "b public.name")
    };
    let late = "ALTER DOMAIN public.word\n    ADD CONSTRAINT late CHECK ((VALUE <> 'z'::text));\n";
    let ran = masked("checks-domain.yaml", columns, &alter(late));
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("`late` stands behind the rows"), "{}", ran.stderr);
    assert!(ran.text().contains("RAISE"), "no poison");
    // As a file it is known before; what it does not decide on is listed; the server looks at no row under NOT VALID.
    let profile = profile("checks-domain.yaml", "placeholder", columns);
    let held = |text: &str| {
        let path = file("checks-domain.sql", alter(text).as_bytes());
        mask(&profile, &[path.to_str().unwrap()], b"")
    };
    held(late).ok();
    stops(&held(&late.replace("'z'", "'x'")), "`late`");
    masked("checks-domain.yaml", columns, &alter(&late.replace("::text));", "::text)) NOT VALID;"))).ok();
    let ran = masked("checks-domain.yaml", columns, &alter(&late.replace("<>", "!~")));
    assert!(ran.stderr.contains("public.people: CHECK or EXCLUDE `late`: not verified"), "{}", ran.stderr);
    ran.ok();
}

#[test]
fn the_summary_names_what_was_not_verified() {
    let text = dump(
        ",\n    tags public.code[],\n    CONSTRAINT odd CHECK ((b ~ '^x'::text)),\n    CONSTRAINT known CHECK ((a > 1)),\n    CONSTRAINT kept \
         CHECK ((kind ~ 'm')),\n    CHECK ((a % 2) = 1 OR (b ~ 'y'))",
        &[],
        "",
    );
    let text = text.replace("CREATE TABLE", "CREATE DOMAIN public.code AS text;\n\nCREATE TABLE");
    let text = text.replace("(id, kind, a, b)", "(id, kind, a, b, tags)");
    let columns = "      a: {constant: 5}\n      b: {constant: x}\n      tags: suppress";
    let path = file("checks-summary.json", b"");
    let ran = mask(
        &profile("checks-summary.yaml", "placeholder", columns),
        &["--summary", path.to_str().unwrap()],
        text.as_bytes(),
    );
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    for line in [
        "  public.people: CHECK or EXCLUDE `odd`: not verified (",
        "  public.people: CHECK or EXCLUDE: not verified (",
        "  public.people: domain `public.code`: not verified (",
    ] {
        assert!(ran.stderr.contains(line), "{line}: {}", ran.stderr);
    }
    ran.ok();
    let summary: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).expect("JSON");
    let listed = summary["inputs"][0]["not_verified"].as_array().expect("a list");
    let named: Vec<_> = listed.iter().map(|one| (one["table"].as_str(), one["name"].as_str())).collect();
    let people = Some("public.people");
    assert_eq!(named, [(people, Some("odd")), (people, None), (people, Some("public.code"))]);
    assert!(!summary.to_string().contains("^x"), "an expression is shown");
    let root: serde_json::Value = serde_json::from_str(&standin::cli::summary_schema()).unwrap();
    assert_eq!(crate::summary::misfits(&root, &root, &summary, ""), Vec::<String>::new());
}
