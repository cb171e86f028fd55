//! Every command of README.md runs as written, in its order, on a private server; its profile is the one used.

use standin::profile::{show, syntax};
use std::path::{Path, PathBuf};

use crate::support::repository;
use crate::support::run::{Ran, command, run};
use crate::support::server::{Database, server};
use crate::support::shop::folder;
use crate::support::{mariadb, sqlite};

/// A block that is not run here: it is what runs this test.
const SELF: &str = "tests/run\n";

/// The blocks that need the repository, and no server.
const IN_PLACE: &str = "fixtures/";

/// Tables that fit README's profile, in words that all three servers understand.
const TABLES: &str = "
CREATE TABLE customers (id integer PRIMARY KEY, email varchar(64) NOT NULL UNIQUE, first_name text, last_name text,
    birth_date date, notes text, status varchar(10) NOT NULL);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL, email text, ordered_on date NOT NULL,
    total numeric(10,2) NOT NULL, FOREIGN KEY (customer_id) REFERENCES customers(id));
CREATE TABLE sessions (token varchar(40) PRIMARY KEY, customer_id integer REFERENCES customers(id));
INSERT INTO sessions VALUES ('kanarie-token', NULL);
";

/// Rows of invented people for them.
fn shop() -> String {
    let mut sql = TABLES.to_owned();
    for n in 1..=50 {
        sql += &format!(
            "INSERT INTO customers VALUES ({n}, 'kanarie{n}@example.org', 'Kanarie', 'Kanariesen', '1980-05-06', 'kanarie', 'active');\n"
        );
    }
    for n in 1..=200 {
        let customer = 1 + n % 50;
        sql += &format!(
            "INSERT INTO orders VALUES ({n}, {customer}, 'kanarie{customer}@example.org', '2024-02-03', {n});\n"
        );
    }
    sql
}

/// The export of another department.
const EXPORT: &str = "id,email,first_name,last_name,birth_date,notes,status\n\
                      7,kanarie7@example.org,Kanarie,Kanariesen,1980-05-06,kanarie,active\n";
/// The same as JSON Lines.
const LINES: &str = r#"{"id": 7, "email": "kanarie7@example.org", "first_name": "Kanarie", "last_name": "Kanariesen", "birth_date": "1980-05-06", "notes": "kanarie", "status": "active"}
"#;

fn readme() -> String {
    std::fs::read_to_string(repository("README.md")).expect("README is there")
}

/// Returns the fenced blocks of a language, without their fences.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let fence = format!("```{language}\n");
    let inside = text.split(&fence).skip(1);
    inside.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Runs a block as a script that ends at its first failure, with the built program as `standin`.
pub(crate) fn shell(block: &str, folder: &Path, database: Option<&Database>) -> Ran {
    let mut bash = command("bash");
    bash.args(["-e", "-c", block]).current_dir(folder);
    bash.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    // Where MariaDB's clients look for their server.
    bash.env("HOME", folder);
    if let Some(database) = database {
        database.reach(&mut bash);
    }
    let path = bash.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value);
    let programs = PathBuf::from(env!("CARGO_BIN_EXE_standin"));
    let first = programs.parent().expect("a folder").to_owned();
    let all = std::iter::once(first).chain(std::env::split_paths(path.unwrap_or_default()));
    let path = std::env::join_paths(all).expect("search path");
    bash.env("PATH", path).env("STANDIN", programs);
    run(&mut bash, b"")
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The first profile, which the commands use.
fn profile() -> String {
    blocks("yaml").into_iter().next().expect("README has a profile")
}

#[test]
fn every_other_profile_is_read() {
    let others: Vec<String> = blocks("yaml").into_iter().skip(1).collect();
    assert!(!others.is_empty());
    for yaml in others {
        if let Err(refused) = syntax::read("README.md", yaml.as_bytes()) {
            panic!("{yaml}{}", show::render(&refused.files, &refused.problems, false));
        }
    }
}

#[test]
fn the_demo_shows_customers_before_and_after() {
    let mut ran = 0;
    for block in blocks("sh").iter().filter(|b| b.starts_with(IN_PLACE)) {
        let demo = shell(block, &repository(""), None);
        let text = demo.text();
        assert_eq!(demo.code(), 0, "{block}{}", demo.stderr);
        assert!(text.lines().filter(|l| l.contains(" |  ")).count() > 5, "{text}");
        assert!(text.contains("Masked "), "{text}");
        ran += 1;
    }
    assert_eq!(ran, 1, "README has one demo");
}

#[test]
fn every_other_command_runs_as_written() {
    let (Some(server), Some(maria)) = (server(), mariadb::server()) else { return };
    let Some(lite) = sqlite::database() else { return };
    let blocks = blocks("sh");
    assert!(blocks.iter().any(|b| b == SELF) && blocks.len() > 4, "README has other blocks: {blocks:?}");
    let place = folder().join("readme");
    std::fs::create_dir_all(&place).expect("folder is made");
    std::fs::write(place.join("shop.yaml"), profile()).expect("profile is written");
    std::fs::write(place.join("customers.csv"), EXPORT).expect("export is written");
    let (shop, staging) = (server.named("shop".to_owned()), server.named("staging".to_owned()));
    shop.psql(&["-v", "ON_ERROR_STOP=1"], self::shop().as_bytes()).ok();
    let training = server.named("training".to_owned());
    std::fs::write(place.join(".my.cnf"), maria.options()).expect("options are written");
    maria.named("shop".to_owned()).load(self::shop().as_bytes()).ok();
    let maria = maria.named("staging".to_owned());
    lite.load(self::shop().as_bytes()).ok();
    std::fs::copy(lite.path(), place.join("shop.db")).expect("database is copied");
    let packed = run(command("gzip").arg("-c"), LINES.as_bytes()).ok();
    std::fs::write(place.join("customers.jsonl.gz"), packed).expect("export is written");

    for block in blocks.iter().filter(|b| *b != SELF && !b.starts_with(IN_PLACE)) {
        let ran = shell(block, &place, Some(&shop));
        assert_eq!(ran.code(), 0, "{block}{}", ran.stderr);
        assert!(!ran.stderr.to_lowercase().contains("kanarie"), "{block}{}", ran.stderr);
        assert!(!ran.stderr.contains("warning"), "README's profile has a warning:\n{block}{}", ran.stderr);
    }

    for copy in [&staging, &training] {
        let count = |sql: &str| copy.number(sql);
        assert_eq!(count("SELECT count(*) FROM customers"), 50);
        assert_eq!(
            count(
                "SELECT count(*) FROM orders JOIN customers c ON c.id = customer_id AND c.email = orders.email"
            ),
            200
        );
        assert_eq!(count("SELECT count(*) FROM sessions"), 0);
        let seen = "SELECT count(*) FROM customers c WHERE c::text ILIKE '%kanarie%' OR status <> 'active'";
        assert_eq!(count(seen), 0, "a value came through");
    }
    assert!(place.join("training.dir/toc.dat").is_file());
    let script = read(&place, "shop-training.sql");
    assert!(script.contains("COPY public.customers") && !script.to_lowercase().contains("kanarie"));
    let (sql, csv) = (read(&place, "training.sql"), read(&place, "customers-training.csv"));
    assert!(!sql.to_lowercase().contains("kanarie") && !csv.to_lowercase().contains("kanarie"));
    let row = csv.lines().nth(1).expect("a row").replace(',', "\t");
    let names = row.split('\t').take(4).collect::<Vec<_>>().join("\t");
    assert!(sql.contains(&format!("\n{names}\t")), "the export does not join with the dump");
    let lines = run(command("zstd").arg("-dc").arg(place.join("customers-training.jsonl.zst")), b"").text();
    let mail = names.split('\t').nth(1).expect("a mail address");
    assert!(lines.contains(mail) && !lines.to_lowercase().contains("kanarie"), "{lines}");
    let join = "SELECT count(*) FROM orders JOIN customers c ON c.id = customer_id AND c.email = orders.email \
                WHERE c.email NOT LIKE '%kanarie%' AND c.first_name NOT LIKE '%anarie%'";
    let copy = run(command("sqlite3").arg(place.join("copy.db")).arg(join), b"").text();
    assert_eq!((maria.number(join), copy.trim()), (200, "200"));
}

#[test]
fn the_profile_checks_without_problems_or_warnings() {
    let Some(server) = server() else { return };
    let database = server.database();
    database.psql(&["-v", "ON_ERROR_STOP=1"], shop().as_bytes()).ok();
    let place = folder().join("readme-check");
    std::fs::create_dir_all(&place).expect("folder is made");
    std::fs::write(place.join("shop.yaml"), profile()).expect("profile is written");
    std::fs::write(place.join("schema.sql"), database.dump(&["--schema-only"])).expect("schema is written");
    let ran = shell("standin check schema.sql -p shop.yaml", &place, None);
    assert_eq!((ran.code(), ran.stderr.contains("warning")), (0, false), "{}", ran.stderr);
    assert!(ran.text().contains("ok: 3 tables decided, 0 warnings"), "{}", ran.text());
}

#[test]
fn the_people_shown_are_those_of_the_fixture() {
    let fixture = std::fs::read_to_string(repository("fixtures/people/nl_NL.txt")).expect("fixture");
    let shown =
        blocks("text").into_iter().find(|block| block.starts_with("full_name")).expect("README shows people");
    let cells = |line: &str| {
        line.split("  ").map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut rows = 0;
    for (shown, whole) in shown.lines().skip(1).zip(fixture.lines().skip(1)) {
        let whole = cells(whole);
        assert!(cells(shown).iter().all(|cell| whole.contains(cell)), "{shown}");
        rows += 1;
    }
    assert_eq!(rows, 10);
}

#[test]
fn the_generated_rows_shown_are_those_made() {
    let place = folder().join("readme-generate");
    std::fs::create_dir_all(&place).expect("folder is made");
    let schema: String =
        TABLES.lines().filter(|line| !line.starts_with("INSERT")).map(|l| format!("{l}\n")).collect();
    std::fs::write(place.join("shop.sql"), schema).expect("schema is written");
    let made = shell(
        "standin generate -q --schema shop.sql --only customers --range 0..10 --format csv",
        &place,
        None,
    );
    assert_eq!(made.text(), blocks("csv").concat(), "{}", made.stderr);
}
