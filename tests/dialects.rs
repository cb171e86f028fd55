//! MariaDB and SQLite around the rows: schemas, constraints, foreign keys and joins of the webshop survive masking; and a
//! stream that is cut makes the real clients fail, wherever it is cut (DESIGN 6).

use std::path::PathBuf;

use crate::support::forms::{lite, mysql};
use crate::support::shop::{file, mask};
use crate::support::{mariadb, server, sqlite};

/// Joins that hold in the originals, with or without a foreign key: the same counts must come of the masked databases.
const JOINS: &[&str] = &[
    "SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email = o.email",
    "SELECT count(*) FROM newsletter n JOIN customers c ON lower(c.email) = lower(n.email)",
    "SELECT count(*) FROM newsletter n JOIN customers c ON c.id = n.customer_id AND c.first_name = n.first_name",
    "SELECT count(*) FROM mail_queue q JOIN customers c ON c.email = q.to_email",
    "SELECT count(*) FROM customers_history h JOIN customers c ON c.id = h.id AND c.public_id = h.public_id \
     AND c.first_name = h.first_name AND c.last_name = h.last_name AND c.external_ref = h.external_ref",
    "SELECT count(*) FROM crm_customers l JOIN customers c ON c.id = l.shop_customer_id",
    "SELECT count(*) FROM customers_closed d JOIN customers c ON c.id = d.id",
    "SELECT count(*) FROM order_lines l JOIN orders o ON o.id = l.order_id AND o.ordered_on = l.ordered_on",
    "SELECT count(*) FROM addresses a JOIN customers c ON c.id = a.customer_id",
    "SELECT count(*) FROM open_orders",
    "SELECT count(DISTINCT customer_id) FROM orders",
    "SELECT count(*) FROM newsletter WHERE customer_id = 0",
];

#[test]
fn mysql_schema_and_constraints_are_the_same() {
    let Some(pair) = mysql("mysql.sql") else { return };
    for sql in [
        "SELECT table_name, table_type, engine, table_collation, create_options, table_comment FROM information_schema.tables \
         WHERE table_schema = database() ORDER BY 1",
        "SELECT table_name, column_name, column_default, is_nullable, column_type, extra, generation_expression, column_comment \
         FROM information_schema.columns WHERE table_schema = database() ORDER BY 1, ordinal_position",
        "SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints \
         WHERE table_schema = database() ORDER BY 1, 2",
        "SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints \
         WHERE constraint_schema = database() ORDER BY 1, 2",
        "SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name \
         FROM information_schema.key_column_usage WHERE table_schema = database() ORDER BY 1, 2, 3",
        "SELECT table_name, index_name, seq_in_index, column_name, non_unique FROM information_schema.statistics \
         WHERE table_schema = database() ORDER BY 1, 2, 3",
        "SELECT table_name, partition_name, partition_description FROM information_schema.partitions \
         WHERE table_schema = database() AND partition_name IS NOT NULL ORDER BY 1, 2",
        "SELECT trigger_name, event_manipulation, action_statement FROM information_schema.triggers \
         WHERE trigger_schema = database() ORDER BY 1",
        "SELECT routine_name, routine_type, routine_definition FROM information_schema.routines \
         WHERE routine_schema = database() ORDER BY 1",
        "SELECT event_name, status, event_definition FROM information_schema.events WHERE event_schema = database() ORDER BY 1",
        "SELECT table_name, replace(view_definition, database(), 'shop') FROM information_schema.views \
         WHERE table_schema = database() ORDER BY 1",
        "SELECT next_not_cached_value, increment FROM order_numbers",
    ] {
        let rows = pair.before.rows(sql);
        assert!(!rows.is_empty(), "{sql}");
        assert_eq!(rows, pair.after.rows(sql), "{sql}");
    }
}

#[test]
fn mysql_foreign_keys_and_joins_survive() {
    let Some(pair) = mysql("mysql_rows.sql") else { return };
    for sql in JOINS {
        let count = pair.before.number(sql);
        assert!(count > 0, "{sql}");
        assert_eq!(count, pair.after.number(sql), "{sql}");
    }
    let keys = pair.after.rows(
        "SELECT table_name, column_name, referenced_table_name, referenced_column_name FROM information_schema.key_column_usage \
         WHERE table_schema = database() AND referenced_table_name IS NOT NULL",
    );
    assert!(keys.len() >= 6, "the fixture has lost foreign keys");
    for key in keys {
        let [Some(child), Some(column), Some(parent), Some(id)] = key.as_slice() else {
            panic!("a key in parts")
        };
        // The server itself does not look: the dump turns its checks off.
        let lost = pair.after.number(&format!(
            "SELECT count(*) FROM `{child}` c LEFT JOIN `{parent}` p ON p.`{id}` = c.`{column}` \
             WHERE c.`{column}` IS NOT NULL AND p.`{id}` IS NULL"
        ));
        assert_eq!(lost, 0, "{child}.{column} to {parent}");
    }
    let sql = "SELECT count(*) FROM customers WHERE NOT json_valid(prefs) OR NOT json_valid(tags) OR birth_date < '1900-01-01'";
    assert_eq!(pair.after.number(sql), 0, "a CHECK does not hold");
}

#[test]
fn sqlite_schema_keys_and_joins_survive() {
    let Some(pair) = lite() else { return };
    for sql in [
        "SELECT type, name, tbl_name, hex(sql) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1, 2;",
        "SELECT name, seq FROM sqlite_sequence ORDER BY 1;",
    ] {
        let rows = pair.before.rows(sql);
        assert!(!rows.is_empty(), "{sql}");
        assert_eq!(rows, pair.after.rows(sql), "{sql}");
    }
    assert_eq!(pair.after.rows("PRAGMA foreign_key_check;"), Vec::<server::TextRow>::new());
    assert_eq!(pair.after.rows("PRAGMA integrity_check;"), [[Some("ok".to_owned())]]);
    for sql in JOINS {
        let sql = format!("{sql};");
        let count = pair.before.number(&sql);
        assert!(count > 0, "{sql}");
        assert_eq!(count, pair.after.number(&sql), "{sql}");
    }
}

const PROFILE: &str = "\
version: 1
policy:
  domain: training
reasons:
  workflow: needed by the software under test
tables:
  one:
    columns:
      mail:
        fake: email
    keep: [id, filler]
    why: workflow
  two:
    columns:
      mail:
        fake: email
    keep: [id, filler]
    why: workflow
";

fn cut_profile() -> PathBuf {
    file("dialects.yaml", PROFILE.as_bytes())
}

/// Returns the statements that make two tables of 10 MB and 2 MB; `rows` says how a system counts.
fn fill(text: &str, rows: impl Fn(u32) -> String) -> String {
    let table = |name: &str, count: u32| {
        let (mail, filler) = match text {
            "MySQL" => ("concat('person', i, '@example.org')", "repeat('filler \\\\ \\' , ( ', 600)"),
            "SQLite" => {
                ("'person' || i || '@example.org'", "replace(hex(zeroblob(600)), '00', 'filler \\ '' , ( ')")
            }
            _ => ("'person' || i || '@example.org'", "repeat('filler \\ '' , ( ', 600)"),
        };
        format!(
            "CREATE TABLE {name} (id int NOT NULL, mail varchar(80) NOT NULL, filler text);\n\
             INSERT INTO {name} SELECT i, {mail}, {filler} FROM {};\n",
            rows(count)
        )
    };
    format!("{}{}", table("one", 1_200), table("two", 300))
}

/// Returns the places to cut a dump of `fill` at, all in or behind the second table's rows, and what they are.
fn cuts(dump: &str, trailer: &str) -> Vec<(&'static str, String)> {
    let heads = ["INSERT INTO two", "INSERT INTO `two`", "INSERT INTO public.two"];
    let rows = heads.iter().filter_map(|head| dump.find(head)).min().expect("rows of the second table");
    assert!(rows > 9 << 20, "the dump is too small for output before the cut");
    let middle = (rows + dump.len()) / 2;
    let find = |what: &str| dump[middle..].find(what).map(|at| middle + at);
    let head = |at: usize| dump[..at].to_owned();
    let mut cuts = vec![("inside a text", head(find("person").expect("a text") + 4))];
    cuts.push(("inside a number", head(find("'person").expect("a number") - 2)));
    cuts.extend(find(",\n(").or(find("),(")).or(find("),\n\t(")).map(|at| ("between rows", head(at + 2))));
    cuts.extend(find("\nINSERT INTO").map(|at| ("inside a head", head(at + 9))));
    cuts.extend(find(");\n").map(|at| ("behind a row", head(at + 1))));
    cuts.extend(find(");\n").map(|at| ("behind a statement", head(at + 3))));
    cuts.push(("before the trailer", head(dump.rfind(trailer).expect("a trailer"))));
    let mut wide = dump.to_owned();
    wide.insert_str(find("'person").expect("a text"), "7,");
    cuts.push(("a row of one value more", wide));
    let end = find(");\n").or(dump.rfind(");\n")).expect("a statement's end") + 3;
    let mut other = dump.to_owned();
    other.insert_str(end, "UPDATE two SET filler = NULL;\n");
    cuts.push(("a statement that may not pass", other));
    cuts
}

/// Masks what was cut; returns what came out.
fn failed(place: &str, input: &str) -> Vec<u8> {
    let ran = mask(&cut_profile(), &["-q"], input.as_bytes());
    assert_eq!(ran.code(), 3, "{place}: {}", ran.stderr);
    assert!(ran.stdout.len() > 9 << 20, "{place}: the run failed before output began: {}", ran.stderr);
    assert!(
        !ran.stderr.contains("person") && !ran.stderr.contains("filler \\"),
        "{place}: a value in a message"
    );
    ran.stdout
}

#[test]
fn a_cut_mysql_dump_makes_the_client_fail() {
    let Some(server) = mariadb::server() else { return };
    let source = server.database();
    source.load(fill("MySQL", |count| format!("(SELECT seq AS i FROM seq_1_to_{count}) s")).as_bytes()).ok();
    for args in [&["--net-buffer-length=65536"][..], &["--skip-extended-insert", "--complete-insert"]] {
        let dump =
            crate::support::run::run(source.program("mariadb-dump").args(args).arg(&source.name), b"").ok();
        let dump = String::from_utf8(dump).expect("UTF-8");
        let whole = mask(&cut_profile(), &["-q"], dump.as_bytes()).ok();
        let target = server.database();
        assert_eq!(target.load(&whole).code(), 0, "{args:?}");
        assert_eq!(target.number("SELECT count(*) FROM two"), 300, "{args:?}");
        for (place, input) in cuts(&dump, "-- Dump completed") {
            let place = format!("{args:?}, {place}");
            let ran = server.database().load(&failed(&place, &input));
            assert_ne!(ran.code(), 0, "{place}: the client does not fail");
        }
    }
}

#[test]
fn a_cut_sqlite_dump_makes_the_program_fail_and_commits_nothing() {
    let Some(source) = sqlite::database() else { return };
    let rows = |count| {
        format!(
            "(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {count}) SELECT i FROM s)"
        )
    };
    source.load(fill("SQLite", rows).as_bytes()).ok();
    let dump = String::from_utf8(source.dump()).expect("UTF-8");
    let target = sqlite::database().expect("it was there before");
    assert_eq!(target.load(&mask(&cut_profile(), &["-q"], dump.as_bytes()).ok()).code(), 0);
    assert_eq!(target.number("SELECT count(*) FROM two;"), 300);
    for (place, input) in cuts(&dump, "COMMIT;") {
        let output = failed(place, &input);
        for args in [&[][..], &["-bail"]] {
            let target = sqlite::database().expect("it was there before");
            let ran = target.run(args, &output);
            assert_ne!(ran.code(), 0, "{place}, {args:?}: the program does not fail");
            assert_eq!(target.tables(), Vec::<String>::new(), "{place}, {args:?}: something was committed");
        }
    }
}

#[test]
fn a_cut_dump_of_inserts_makes_psql_fail() {
    let Some(server) = server::server() else { return };
    let source = server.database();
    source
        .psql(
            &["-v", "ON_ERROR_STOP=1"],
            fill("PostgreSQL", |count| format!("generate_series(1, {count}) i")).as_bytes(),
        )
        .ok();
    for args in [&["--inserts", "--rows-per-insert=20"][..], &["--column-inserts"]] {
        let dump = String::from_utf8(source.dump(args)).expect("UTF-8");
        let target = server.database();
        let whole = mask(&cut_profile(), &["-q"], dump.as_bytes()).ok();
        assert_eq!(target.psql(&["-v", "ON_ERROR_STOP=1"], &whole).code(), 0, "{args:?}");
        assert_eq!(target.number("SELECT count(*) FROM two"), 300, "{args:?}");
        for (place, input) in cuts(&dump, "-- PostgreSQL database dump complete\n") {
            let place = format!("{args:?}, {place}");
            let output = failed(&place, &input);
            for psql in [&[][..], &["-v", "ON_ERROR_STOP=1"], &["-1"], &["-1", "-v", "ON_ERROR_STOP=1"]] {
                let target = server.database();
                let ran = target.psql(psql, &output);
                assert_eq!(ran.code(), 3, "{place}, psql {psql:?}: {}", ran.stderr);
                if psql.contains(&"-1") {
                    let left = "SELECT count(*) FROM pg_class WHERE relname IN ('one', 'two')";
                    assert_eq!(target.number(left), 0, "{place}, psql {psql:?}: something was committed");
                }
            }
        }
    }
}
