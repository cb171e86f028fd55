//! README's walk-through on a database of 300 tables: its commands run as written, its additions are the ones made to the
//! draft, and the migration at its end stops the run. Also how long a far larger profile takes.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use standin::profile::draft::draft;
use standin::profile::plan::{Plan, PlanOptions};
use standin::profile::syntax;
use standin::row::shape::{
    ColumnFacts, ColumnType, Facts, ForeignKey, Shape, TableFacts, TableName, TypeClass, Unique,
};
use standin::secret::{Key, Schedule};

use crate::support::repository;
use crate::support::run::{Ran, command, run};
use crate::support::shop::folder;

/// Numbers that look random and are the same every time (Steele, Lea and Flood 2014, SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }
}

/// One column of an invented table: name, type in SQL, what it can hold.
type Kind = (&'static str, &'static str, TypeClass);

/// What people's tables have.
const PEOPLE: &[Kind] = &[
    ("first_name", "text", TypeClass::Text { max_chars: None }),
    ("last_name", "text", TypeClass::Text { max_chars: None }),
    ("email", "character varying(80)", TypeClass::Text { max_chars: Some(80) }),
    ("phone", "text", TypeClass::Text { max_chars: None }),
    ("street", "text", TypeClass::Text { max_chars: None }),
    ("city", "text", TypeClass::Text { max_chars: None }),
    ("birth_date", "date", TypeClass::Date),
    ("iban", "text", TypeClass::Text { max_chars: None }),
    ("notes", "text", TypeClass::Text { max_chars: None }),
];

/// What any table may have.
const OTHERS: &[Kind] = &[
    ("created_at", "timestamp without time zone", TypeClass::Timestamp { zone: false }),
    ("changed_at", "timestamp without time zone", TypeClass::Timestamp { zone: false }),
    ("paid_on", "date", TypeClass::Date),
    ("is_active", "boolean", TypeClass::Boolean),
    ("is_final", "boolean", TypeClass::Boolean),
    ("item_count", "integer", TypeClass::Integer),
    ("page_count", "smallint", TypeClass::SmallInt),
    ("net_amount", "numeric(12,2)", TypeClass::Numeric { precision: Some(12), scale: Some(2) }),
    ("tax_amount", "numeric(12,2)", TypeClass::Numeric { precision: Some(12), scale: Some(2) }),
    ("contact_name", "text", TypeClass::Text { max_chars: None }),
    ("home_city", "text", TypeClass::Text { max_chars: None }),
    ("remarks", "text", TypeClass::Text { max_chars: None }),
];

/// What no pack and no pattern of the walk-through knows.
const ODD: Kind = ("greeting_line", "text", TypeClass::Text { max_chars: None });

/// Makes the schema of that many tables: three of ten hold people, two of ten are dull lists.
fn schema(tables: usize, columns: usize) -> Vec<TableFacts> {
    let mut numbers = Numbers(300);
    let mut all: Vec<TableFacts> = Vec::new();
    for n in 0..tables {
        let (name, kinds): (String, &[Kind]) = match n % 10 {
            0..3 => (format!("people_{n:04}"), PEOPLE),
            3 | 4 => (format!("ref_{n:04}"), &OTHERS[3..9]),
            _ => (format!("data_{n:04}"), OTHERS),
        };
        let name = TableName::new(Some("public"), &name);
        let column = |name: &str, ty: &str, class: TypeClass, not_null| ColumnFacts {
            name: name.to_owned(),
            ty: ColumnType { class, text: ty.to_owned(), domain: None },
            not_null,
            generated: false,
            literal_default: false,
            numbered: false,
        };
        let mut table = TableFacts::named(name);
        table.columns.push(column("id", "integer", TypeClass::Integer, true));
        table.uniques.push(Unique {
            name: "pk".into(),
            columns: vec!["id".into()],
            primary: true,
            expression: false,
        });
        for _ in 0..numbers.below(3) {
            let Some(target) = all.get(numbers.below(all.len().max(1))).map(|t| t.name.clone()) else {
                break;
            };
            let from = format!("{}_id", target.table);
            if target.table.starts_with("ref_") && n % 10 < 5 || table.column(&from).is_some() {
                continue;
            }
            table.columns.push(column(&from, "integer", TypeClass::Integer, false));
            let columns = vec![from];
            table.foreign_keys.push(ForeignKey {
                name: "fk".into(),
                columns,
                target,
                target_columns: Vec::new(),
            });
        }
        let skip = numbers.below(3);
        table
            .columns
            .extend(kinds.iter().skip(skip).map(|(name, ty, class)| column(name, ty, class.clone(), false)));
        for more in 0..columns.saturating_sub(table.columns.len()) {
            table.columns.push(column(&format!("extra{more}_count"), "integer", TypeClass::Integer, false));
        }
        if n % 97 == 1 {
            table.columns.push(column(ODD.0, ODD.1, ODD.2, false));
        }
        all.push(table);
    }
    all
}

/// Writes a schema as `pg_dump --schema-only` does.
fn dump(tables: &[TableFacts]) -> String {
    let mut sql = String::from(
        "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n",
    );
    for table in tables {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|c| format!("    {} {}{}", c.name, c.ty.text, if c.not_null { " NOT NULL" } else { "" }))
            .collect();
        let _ = write!(sql, "CREATE TABLE {} (\n{}\n);\n", table.name, columns.join(",\n"));
    }
    for table in tables {
        let _ = writeln!(
            sql,
            "ALTER TABLE ONLY {} ADD CONSTRAINT {}_pkey PRIMARY KEY (id);",
            table.name, table.name.table
        );
    }
    for table in tables {
        for (n, key) in table.foreign_keys.iter().enumerate() {
            let _ = writeln!(
                sql,
                "ALTER TABLE ONLY {} ADD CONSTRAINT {}_fk{n} FOREIGN KEY ({}) REFERENCES {}(id);",
                table.name, table.name.table, key.columns[0], key.target
            );
        }
    }
    sql + "\n--\n-- PostgreSQL database dump complete\n--\n\n"
}

/// Returns the fenced blocks of README's section, by the word behind the fence.
fn blocks(language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository("README.md")).expect("README is there");
    let section = text.split("\n## A database of 300 tables\n").nth(1).expect("README has the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let fence = format!("```{language}\n");
    section
        .split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

/// Runs a line of README in a folder.
fn line(text: &str, place: &Path) -> Ran {
    let mut bash = command("bash");
    let programs = Path::new(env!("CARGO_BIN_EXE_standin")).parent().expect("a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(programs).chain(std::env::split_paths(&path));
    bash.env("PATH", std::env::join_paths(all).expect("search path")).current_dir(place);
    run(bash.args(["-e", "-c", text]), b"")
}

/// Puts README's additions into a draft: behind `version:`, and as the first of `tables:`.
fn edited(draft: &str, additions: &[String]) -> String {
    let [head, tables] = additions else { panic!("README has two additions") };
    let text = draft.replacen("version: 1\n", &format!("version: 1\n{head}"), 1);
    text.replacen("\ntables:\n", &format!("\ntables:\n{tables}"), 1)
}

#[test]
fn the_walk_through_of_the_readme() {
    let place = folder().join("walkthrough");
    std::fs::create_dir_all(&place).expect("folder is made");
    let write = |name: &str, text: &str| std::fs::write(place.join(name), text).expect("file is written");
    let read = |name: &str| std::fs::read_to_string(place.join(name)).expect("file is there");
    let tables = schema(300, 0);
    write("schema.sql", &dump(&tables));

    let commands: Vec<String> =
        blocks("console").iter().flat_map(|b| b.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let mut commands =
        commands.iter().filter(|c| !c.starts_with("pg_dump ") && !c.starts_with("git ")).map(String::as_str);
    let mut next = |part: &str| {
        let found = commands.next().unwrap_or_default();
        assert!(found.contains(part), "README's next command is not about `{part}`: {found}");
        found.to_owned()
    };

    let drafting = line(&next("profiles draft"), &place);
    assert_eq!(drafting.code(), 0, "{}", drafting.stderr);
    let first = read("shop.yaml");
    let checking = next("standin check");
    let open = line(&checking, &place);
    assert_eq!(open.code(), 1);
    let left = |ran: &Ran| {
        ran.text()
            .lines()
            .filter_map(|l| l.split_once(": undecided: "))
            .map(|(_, l)| l.split(", ").count())
            .sum::<usize>()
    };
    let before = left(&open);
    assert!(before > 2000, "{before}");

    write("shop.yaml", &edited(&first, &blocks("yml")));
    let open = line(&checking, &place);
    let after = left(&open);
    assert!(open.code() == 1 && after > 0 && after < 10, "{after} of {before}: {}", open.stderr);
    for listed in open.text().lines().filter(|l| l.contains(": undecided: ")) {
        assert!(listed.ends_with(": undecided: `greeting_line`"), "{listed}");
    }
    // The few that are left are decided by hand.
    let done = read("shop.yaml").replace("greeting_line: undecided", "greeting_line: suppress");
    write("shop.yaml", &done);

    let accepted = line(&next("--accept"), &place);
    assert_eq!(accepted.code(), 0, "{}", accepted.stderr);
    let columns: usize = tables.iter().map(|t| t.columns.len()).sum();
    // Behind them what is no column, under `@`.
    assert_eq!(read("shop.lock").lines().filter(|l| !l.starts_with(['#', '@'])).count(), columns);
    let gate = next("check --locked");
    assert_eq!(line(&gate, &place).code(), 0);
    let masking = next("mask --locked");
    write("dump.sql", &dump(&tables));
    let masked = line(&masking, &place);
    assert_eq!(masked.code(), 0, "{}", masked.stderr);
    assert_eq!(commands.next(), None, "README has more commands");

    // A migration: a text column in a table whose columns are kept by `*`.
    for (ty, said) in [("text", "a pattern or default keeps only numbers"), ("integer", "not in the lock")] {
        let mut changed = tables.clone();
        let dull = changed.iter_mut().find(|t| t.name.table.starts_with("ref_")).expect("a dull table");
        let mut new = dull.columns[0].clone();
        (new.name, new.ty.text, new.not_null) = ("story".into(), ty.into(), false);
        dull.columns.push(new);
        write("schema.sql", &dump(&changed));
        write("dump.sql", &dump(&changed));
        let _ = std::fs::remove_file(place.join("copy.sql"));
        let gated = line(&gate, &place);
        assert_eq!(gated.code(), 1, "{}", gated.stderr);
        assert!(gated.stderr.contains(said) && gated.stderr.contains("column `story`"), "{}", gated.stderr);
        let ran = line(&masking, &place);
        assert_eq!(ran.code(), 3, "{}", ran.stderr);
        assert!(!place.join("copy.sql").exists());
        // Without the lock's gate too: what `*` may not keep is kept by no flag but one.
        assert_eq!(line(&masking.replace("--locked ", ""), &place).code(), 3);
    }
}

/// A profile of 3,000 tables and 40,000 columns parses, checks and binds in a second, in a release build.
#[test]
fn a_large_profile_is_read_checked_and_bound_in_a_second() {
    let mut facts = Facts::default();
    for table in schema(3000, 14) {
        facts.add(table);
    }
    let columns: usize = facts.tables().iter().map(|t| t.columns.len()).sum();
    assert!(columns >= 40_000, "{columns}");
    let text = edited(&draft(&facts).expect("there are tables"), &blocks("yml"));
    let text = text.replace("greeting_line: undecided", "greeting_line: suppress");

    let begin = Instant::now();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let mut took = |what, since: Instant| times.push((what, since.elapsed()));
    let profile =
        syntax::read("large.yaml", text.as_bytes()).unwrap_or_else(|r| panic!("{:?}", r.problems)).profile;
    took("read", begin);
    let schedule = Schedule::new(&Key::random().expect("a key"), "tests");
    let plan = Plan::new(profile, schedule, PlanOptions { accept: true, ..PlanOptions::default() });
    let since = Instant::now();
    let problems = plan.cover(&facts, true);
    assert!(problems.is_empty(), "{:?}", problems.first());
    took("cover", since);
    let since = Instant::now();
    for table in facts.tables() {
        let shape = Shape { table: table.name.clone(), columns: table.columns.clone(), trusted_names: true };
        assert!(plan.bind(&shape, &facts).is_ok(), "{}", table.name);
    }
    took("bind", since);
    let since = Instant::now();
    let keys = plan.keys(&facts);
    assert!(keys.is_empty(), "{:?}", keys.first());
    took("keys", since);
    let whole = begin.elapsed();
    eprintln!("{} bytes, {columns} columns: {whole:?}: {times:?}", text.len());
    let bound = if cfg!(debug_assertions) { Duration::from_secs(60) } else { Duration::from_secs(1) };
    assert!(whole < bound, "{whole:?}: {times:?}");
}
