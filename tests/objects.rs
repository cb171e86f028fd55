//! What is no column, where it stands inside of statements that stay: COMMENT clauses of MySQL, OPTIONS of foreign tables. And
//! how `check` tells of it, and of literals, in its forms for machines.

use serde_json::Value;

use crate::support::shop::{file, mask};
use crate::support::{mariadb, run, server};

const MYSQL: &str = "-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB\nCREATE TABLE `t` (\n  `a` int(11) DEFAULT NULL COMMENT 'kanarie one',\n  \
                     `comment` varchar(9) DEFAULT 'x' COMMENT 'it''s a kanarie',\n  KEY `k` (`a`) COMMENT 'kanarie key',\n  CHECK (`comment` = \
                     'x')\n) ENGINE=InnoDB COMMENT='kanarie table';\nINSERT INTO `t` VALUES (1,'x'),(2,'x');\n-- Dump completed\n";

fn profile(name: &str, objects: &str, kept: &str) -> std::path::PathBuf {
    let text = format!(
        "version: 1\npolicy: {{domain: tests}}\nreasons: {{w: \"a test\"}}\nobjects: {{{objects}}}\ntables:\n  t:\n    keep: [{kept}]\n    why: w\n"
    );
    file(name, text.as_bytes())
}

fn check(profile: &std::path::Path, input: &std::path::Path, form: &str) -> Value {
    let mut command = run::standin();
    let ran = run::run(command.arg("check").arg(input).arg("-p").arg(profile).args(["--format", form]), b"");
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(!ran.text().contains("kanarie"), "a value is told");
    serde_json::from_slice(&ran.stdout).expect("one document")
}

#[test]
fn nasty_33_texts_of_mysql_comments_go_where_comments_are_suppressed() {
    let kept = profile("objects-kept.yaml", "comments: {keep: w}", "a, comment");
    assert_eq!(mask(&kept, &[], MYSQL.as_bytes()).ok(), MYSQL.as_bytes());
    let gone = profile("objects-gone.yaml", "comments: suppress", "a, comment");
    let out = mask(&gone, &[], MYSQL.as_bytes());
    let text = out.text();
    assert_eq!(
        text,
        MYSQL
            .replace("'kanarie one'", "''")
            .replace("'it''s a kanarie'", "''")
            .replace("'kanarie key'", "''")
            .replace("'kanarie table'", "''")
    );
    if let Some(server) = mariadb::server() {
        let database = server.database();
        database.load(&out.ok()).ok();
        assert_eq!(database.number("SELECT count(*) FROM t"), 2);
    }
}

#[test]
fn nasty_33_options_of_foreign_tables_go_with_the_connections() {
    let Some(server) = server::server() else { return };
    let database = server.database();
    let schema = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'kanarie');
        CREATE FOREIGN TABLE f (a integer OPTIONS (name 'kanarie') NOT NULL, b text) SERVER s OPTIONS (password 'kanarie', other E'ka\\\\narie');
        CREATE TABLE t (a integer); INSERT INTO t VALUES (1);";
    database.psql(&["-v", "ON_ERROR_STOP=1"], schema.as_bytes()).ok();
    let dump = database.dump(&[]);
    let kept = profile("objects-foreign-kept.yaml", "connections: {keep: w}", "a");
    assert_eq!(mask(&kept, &[], &dump).ok(), dump);
    let gone = mask(&profile("objects-foreign.yaml", "connections: suppress", "a"), &[], &dump).ok();
    assert!(memchr::memmem::find(&gone, b"narie").is_none(), "{}", String::from_utf8_lossy(&gone));
    let after = server.database();
    after.psql(&["-v", "ON_ERROR_STOP=1"], &gone).ok();
    assert_eq!(after.number("SELECT count(*) FROM pg_foreign_table WHERE ftoptions IS NULL"), 1);
    assert_eq!(after.number("SELECT count(*) FROM pg_attribute WHERE attfdwoptions IS NOT NULL"), 0);
}

#[test]
fn check_tells_machines_of_objects_and_literals() {
    let input = file(
        "objects.sql",
        b"--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    a integer,\n    b text DEFAULT 'kanarie'::text\n);\n\nCOMMENT ON \
          TABLE public.t IS 'kanarie@example.org';\n\nCREATE USER MAPPING FOR app SERVER s OPTIONS (password 'kanarie');\n\n--\n-- PostgreSQL database dump \
          complete\n--\n",
    );
    let objects = serde_json::json!([
        { "class": "connections", "becomes": "omitted", "statements": 1 },
        { "class": "comments", "becomes": "kept", "statements": 1 },
    ]);
    let literals = serde_json::json!([
        { "definition": "table public.t", "literals": 1, "identifiers": 0 },
        { "definition": "comment on table public.t", "literals": 1, "identifiers": 1 },
    ]);
    let kept = profile("objects-told.yaml", "comments: {keep: w}", "a, b");
    let told = check(&kept, &input, "json");
    assert_eq!((&told["objects"], &told["literals"]), (&objects, &literals));
    let warned = |told: &Value| {
        let problems = told["problems"].as_array().expect("a list");
        problems.iter().filter(|problem| problem["id"] == "weak-literal").count()
    };
    assert_eq!(warned(&told), 1, "{told}");
    let run = check(&kept, &input, "sarif")["runs"][0]["properties"].clone();
    assert_eq!((&run["objects"], &run["literals"]), (&objects, &literals));
    // What is omitted passes nowhere.
    let told = check(&profile("objects-untold.yaml", "comments: suppress", "a, b"), &input, "json");
    assert_eq!((told["literals"].as_array().map(Vec::len), warned(&told)), (Some(1), 0));
    let told = check(
        &profile("objects-mysql.yaml", "comments: {keep: w}", "a, comment"),
        &file("objects-my.sql", MYSQL.as_bytes()),
        "json",
    );
    assert_eq!(
        told["literals"],
        serde_json::json!([{ "definition": "comments of table t", "literals": 4, "identifiers": 0 }])
    );
}
