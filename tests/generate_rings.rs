//! Tables that point to each other, and trees: what `standin generate` makes of `fixtures/generate/cycles*.sql` loads with every
//! constraint on. Edge data loads too, with the same bytes for any number of threads and any range.

use super::support::run::{Ran, run, standin};
use super::support::{mariadb, repository, server, sqlite};

fn generate(schema: &str, args: &[&str]) -> Ran {
    let schema = repository("fixtures/generate").join(schema);
    run(standin().args(["generate", "--schema"]).arg(schema).args(args), b"")
}

const COUNTS: [&str; 6] =
    ["--count", "departments=300", "--count", "employees=2500", "--count", "folders=1700"];

/// Rows whose keys lead nowhere: what a server that did not look would hold.
const LOST: &str = "SELECT (SELECT count(*) FROM departments WHERE head_id NOT IN (SELECT id FROM employees)) \
                    + (SELECT count(*) FROM employees WHERE department_id NOT IN (SELECT id FROM departments)) \
                    + (SELECT count(*) FROM employees WHERE mentor_id NOT IN (SELECT id FROM employees)) \
                    + (SELECT count(*) FROM masters WHERE best_id NOT IN (SELECT id FROM pupils)) \
                    + (SELECT count(*) FROM folders WHERE up_id NOT IN (SELECT id FROM folders));";
/// Rows whose keys lead somewhere.
const HEADS: &str = "SELECT count(*) FROM departments WHERE head_id IS NOT NULL;";
const EMPLOYEES: &str = "SELECT count(*) FROM employees;";

#[test]
fn rings_and_trees_load_into_postgresql() {
    let Some(server) = server::server() else { return };
    for format in ["pg_dump", "inserts"] {
        let sql = generate("cycles.sql", &[&COUNTS[..], &["--format", format]].concat()).ok();
        let database = server.database();
        database.psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
        assert_eq!(database.number(LOST), 0, "{format}");
        assert_eq!(database.number(EMPLOYEES), 2500, "{format}");
        assert!(database.number(HEADS) > 100, "{format}");
        let keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated";
        assert_eq!(database.number(keys), 14, "{format}");
        // Keys that had to wait are as the schema has them.
        let waiting = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND condeferrable";
        assert_eq!(database.number(waiting), 2, "{format}");
        let visits = "SELECT count(*) FROM visits JOIN wards ON wards.id = ward_id JOIN nurses ON nurses.id = nurse_id";
        assert!(database.number(visits) > 50, "{format}");
    }
}

#[test]
fn rings_and_trees_load_into_mariadb() {
    let Some(server) = mariadb::server() else { return };
    let sql = generate("cycles_mysql.sql", &COUNTS).ok();
    let database = server.database();
    database.load(&sql).ok();
    assert_eq!((database.number(LOST), database.number(EMPLOYEES)), (0, 2500));
    assert!(database.number(HEADS) > 100);
}

#[test]
fn rings_and_trees_load_into_sqlite() {
    let Some(database) = sqlite::database() else { return };
    let sql = generate("cycles_sqlite.sql", &COUNTS).ok();
    database.load(&sql).ok();
    assert_eq!(database.number("SELECT count(*) FROM pragma_foreign_key_check;"), 0);
    assert_eq!((database.number(LOST), database.number(EMPLOYEES)), (0, 2500));
    assert!(database.number(HEADS) > 100);
}

#[test]
fn keys_to_later_rows_wait() {
    let sql = String::from_utf8(generate("cycles.sql", &[]).ok()).expect("UTF-8");
    let place = |text: &str| sql.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    let waits = place("ALTER CONSTRAINT %I DEFERRABLE");
    let (deferred, first) = (place("SET CONSTRAINTS ALL DEFERRED;"), place("COPY "));
    let (asked, back) =
        (place("SET CONSTRAINTS ALL IMMEDIATE;"), sql.rfind("standin.back").expect("is there"));
    assert!([waits, deferred, first, asked, back].is_sorted());
    assert!(sql[..deferred].matches("::pg_catalog.regclass, ").count() > 0);
    // Where no table points to a later one, nothing has to wait.
    assert!(!String::from_utf8_lossy(&generate("tree.sql", &[]).ok()).contains("standin.back"));
}

#[test]
fn a_ring_in_a_transaction_stays_in_it() {
    let Some(server) = server::server() else { return };
    let schema = b"DROP TABLE IF EXISTS z;\nBEGIN;\nCREATE SCHEMA \"a b\";\nCREATE TABLE \"a b\".\"x'y\" (id int PRIMARY KEY);\n\
        CREATE TABLE z (id int PRIMARY KEY, x int NOT NULL REFERENCES \"a b\".\"x'y\");\n\
        ALTER TABLE \"a b\".\"x'y\" ADD COLUMN z int NOT NULL REFERENCES z;\nCOMMIT;\n";
    let args = ["generate", "--schema", "-", "--input-format", "pg_dump", "--rows", "70"];
    let sql = run(standin().args(args), schema).ok();
    let database = server.database();
    database.psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
    let both = "SELECT count(*) FROM z JOIN \"a b\".\"x'y\" AS x ON x.id = z.x JOIN z AS y ON y.id = x.z";
    assert_eq!(database.number(both), 70);
    assert_eq!(database.number("SELECT count(*) FROM pg_constraint WHERE condeferrable"), 0);
    let text = String::from_utf8(sql).unwrap();
    assert_eq!(text.matches("COMMIT;").count(), 1);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("ring.sql");
    let verified = run(standin().args(args).args(["--verify", "-o"]).arg(&path), schema);
    assert_eq!(verified.code(), 0, "{}", verified.stderr);
    assert!(verified.stderr.contains("0 constraints broken"), "{}", verified.stderr);
}

#[test]
fn a_ring_of_copies_ends_before_the_first_byte() {
    let schema = b"CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY REFERENCES a);\n\
        ALTER TABLE a ADD CONSTRAINT a_of_b FOREIGN KEY (id) REFERENCES b (id);\n";
    let ran = run(standin().args(["generate", "--schema", "-", "--input-format", "pg_dump"]), schema);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stdout.is_empty());
    assert!(ran.stderr.contains("`id` of a, `id` of b"), "{}", ran.stderr);
}

const EDGES: [&str; 4] = ["--edges", "20%", "--count", "customers=2300"];

#[test]
fn edge_data_loads_with_every_constraint_on() {
    if let Some(server) = server::server() {
        for (schema, format) in [("shop.sql", "pg_dump"), ("shop.sql", "inserts"), ("types.sql", "pg_dump")] {
            let args: &[&str] = if schema == "shop.sql" { &EDGES } else { &EDGES[..2] };
            let sql = generate(schema, &[args, &["--format", format]].concat()).ok();
            server.database().psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
        }
    }
    if let Some(server) = mariadb::server() {
        for (schema, args) in [("shop_mysql.sql", &EDGES[..]), ("types_mysql.sql", &EDGES[..2])] {
            server.database().load(&generate(schema, args).ok()).ok();
        }
    }
    for (schema, args) in [("shop_sqlite.sql", &EDGES[..]), ("types_sqlite.sql", &EDGES[..2])] {
        let Some(database) = sqlite::database() else { return };
        database.load(&generate(schema, args).ok()).ok();
        assert_eq!(database.number("SELECT count(*) FROM pragma_foreign_key_check;"), 0);
    }
}

#[test]
fn edge_data_is_the_same_for_any_threads_and_ranges() {
    let rows = |more: &[&str]| {
        let args = [&EDGES[..], &["-q", "--format", "csv", "--only", "customers"], more].concat();
        generate("shop.sql", &args).ok()
    };
    let whole = rows(&["-j1"]);
    assert!(whole == rows(&["-j4"]), "-j1 and -j4 differ");
    let parts = ["0..1000", "1000..1003", "1003..2300"].map(|range| rows(&["--range", range])).concat();
    assert!(whole == parts, "ranges are not the whole");
    let said = generate("shop.sql", &[&EDGES[..], &["--only", "customers"]].concat());
    assert!(said.stderr.contains("rows of 1 tables hold edge data"), "{}", said.stderr);
    for share in ["1", "101%", "-1%", "%"] {
        assert_eq!(generate("shop.sql", &[&format!("--edges={share}")]).code(), 2, "{share}");
    }
}

/// Trees whose keys have the tenant too: no parent is of another, and none is its own ancestor.
#[test]
fn trees_within_tenants_are_forests() {
    const FORESTS: &str = "SELECT count(*) FROM categories WHERE parent_id IS NOT NULL;";
    let deep = |table: &str, key: &str, up: &str| {
        format!(
            "WITH RECURSIVE t(tenant_id, k, depth) AS (SELECT tenant_id, {key}, 1 FROM {table} WHERE {up} IS NULL OR {up} = {key} \
             UNION ALL SELECT c.tenant_id, c.{key}, t.depth + 1 FROM {table} c JOIN t ON c.tenant_id = t.tenant_id AND c.{up} = t.k \
             WHERE c.{up} <> c.{key} AND t.depth < 100) SELECT count(*) * 1000 + max(depth) FROM t;"
        )
    };
    let args = [
        "--rows",
        "30",
        "--count",
        "tenants=12",
        "--count",
        "categories=600",
        "--count",
        "tasks=500",
        "--count",
        "comments=400",
    ];
    let asked = |number: &dyn Fn(&str) -> i64| {
        assert!(number(FORESTS) > 350, "few have parents");
        for (table, key, up, rows) in [
            ("categories", "id", "parent_id", 600),
            ("tasks", "number", "part_of", 500),
            ("comments", "id", "answers", 400),
        ] {
            // All are reached from roots, in some steps.
            let reached = number(&deep(table, key, up));
            assert_eq!(reached / 1000, rows, "{table}");
            assert!((2..40).contains(&(reached % 1000)), "{table}: {reached}");
        }
    };
    if let Some(server) = server::server() {
        let database = server.database();
        database.psql(&["-v", "ON_ERROR_STOP=1"], &generate("composite.sql", &args).ok()).ok();
        asked(&|sql| database.number(sql));
    }
    if let Some(server) = mariadb::server() {
        let database = server.database();
        let mysql = [&args[..], &["--input-format", "mysql"]].concat();
        database.load(&generate("composite_mysql.sql", &mysql).ok()).ok();
        asked(&|sql| database.number(sql));
    }
    if let Some(database) = sqlite::database() {
        let words = [&args[..], &["--input-format", "sqlite"]].concat();
        database.load(&generate("composite_sqlite.sql", &words).ok()).ok();
        asked(&|sql| database.number(sql));
    }
}
