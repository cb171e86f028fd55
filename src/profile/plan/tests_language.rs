//! Tests: patterns and their precedence, defaults, the lock, and what fills unlisted columns.

use super::testing::*;
use super::*;
use crate::profile::check::secrets::names_secret;
use crate::profile::model::{Column, ColumnRule, Severity, Table, TableBody};
use crate::profile::packs::PACKS;
use crate::profile::syntax;
use crate::row::shape::TableFacts;
use crate::secret::Schedule;

const SCHEMA: &[&str] =
    &["id integer not null", "is_open boolean not null", "kind enum", "seen date", "mail text"];

/// Reads a profile whose own text is the first; the others are files that it may extend.
fn profile(texts: &[&str]) -> Profile {
    let mut load = |path: &str| {
        let at: usize = path.trim_end_matches(".yaml").parse().map_err(|_| Message::from("x"))?;
        texts.get(at).map(|text| text.as_bytes().to_vec()).ok_or_else(|| Message::from("none"))
    };
    match syntax::read_from("shop.yaml", texts[0].as_bytes(), &mut load) {
        Ok(read) => read.profile,
        Err(refused) => {
            let said: Vec<_> = refused.problems.iter().map(|p| p.what.to_string()).collect();
            panic!("{said:?}")
        }
    }
}

pub(super) fn plan(texts: &[&str]) -> Plan {
    Plan::new(profile(texts), Schedule::test(), PlanOptions::default())
}

fn accepting(texts: &[&str]) -> Plan {
    Plan::new(profile(texts), Schedule::test(), PlanOptions { accept: true, ..PlanOptions::default() })
}

fn facts(tables: &[TableFacts]) -> Facts {
    let mut facts = Facts::default();
    for table in tables {
        facts.add(table.clone());
    }
    facts
}

/// Returns `column technique` of every column of a table, or what is wrong.
fn decided(plan: &Plan, facts: &Facts, name: &str) -> Vec<String> {
    let table = facts.table(&table_name(name)).unwrap();
    let shape = Shape { table: table.name.clone(), columns: table.columns.clone(), trusted_names: true };
    match plan.bind(&shape, facts) {
        Ok(bound) if matches!(bound.action, Action::Empty) => vec!["empty".to_owned()],
        Ok(bound) => bound.columns.iter().map(|c| format!("{} {}", c.label, c.technique)).collect(),
        Err(problems) => problems
            .iter()
            .filter(|p| p.severity == Severity::Error)
            .map(|p| format!("{} {}", p.column.as_ref().map_or("", |c| c.as_str()), p.what))
            .collect(),
    }
}

fn one(texts: &[&str], columns: &[&str]) -> Vec<String> {
    decided(&plan(texts), &facts(&[table("public.t", columns)]), "public.t")
}

#[test]
fn an_exact_column_before_a_pattern_and_the_longer_pattern() {
    let text = "version: 1\ntables:\n  \"*\":\n    columns:\n      \"*\": suppress\n      \"*_mail\": {constant: m}\n      \
                home_mail: {constant: h}\n  t:\n    columns:\n      x: {generalise: year}\n";
    assert_eq!(
        one(&[text], &["x date", "home_mail text", "work_mail text", "other text"]),
        ["`x` generalise", "`home_mail` constant", "`work_mail` constant", "`other` suppress"]
    );
}

#[test]
fn the_own_text_before_what_it_extends() {
    let own = "version: 1\nextends: [1.yaml]\ntables:\n  \"*\":\n    columns:\n      \"m*\": suppress\n";
    let pack =
        "version: 1\ntables:\n  t:\n    columns:\n      mail: {constant: x}\n      other: {constant: y}\n";
    assert_eq!(one(&[own, pack], &["mail text", "other text"]), ["`mail` suppress", "`other` constant"]);
}

#[test]
fn equal_rank_that_differs_is_refused() {
    let text = |second: &str| {
        format!(
            "version: 1\ntables:\n  \"*\":\n    columns:\n      \"a*c\": suppress\n      \"ab*\": {second}\n"
        )
    };
    let found = one(&[&text("{constant: x}")], &["abc text"]);
    assert!(found[0].contains("equal rank"), "{found:?}");
    assert_eq!(one(&[&text("suppress")], &["abc text"]), ["`abc` suppress"]);
    let own = "version: 1\nextends: [1.yaml, 2.yaml]\n";
    let a = "version: 1\ntables: {t: {columns: {m: suppress}}}\n";
    let b = "version: 1\ntables: {t: {columns: {m: {constant: x}}}}\n";
    assert!(one(&[own, a, b], &["m text"])[0].contains("equal rank"));
    // A rule of one's own settles it.
    let own = "version: 1\nextends: [1.yaml, 2.yaml]\ntables: {t: {columns: {m: {generalise: year}}}}\n";
    assert_eq!(one(&[own, a, b], &["m date"]), ["`m` generalise"]);
}

#[test]
fn patterns_of_tables() {
    let text = "version: 1\ntables:\n  \"*_log\": {empty: \"why\"}\n  \"crm.*\": {columns: {a: suppress}}\n  web_log: {columns: {a: {constant: x}}}\n";
    let plan = plan(&[text]);
    let facts = facts(&[
        table("public.app_log", &["a text"]),
        table("public.web_log", &["a text"]),
        table("crm.app_log", &["a text"]),
        table("crm.x", &["a text"]),
    ]);
    assert_eq!(decided(&plan, &facts, "public.app_log"), ["empty"]);
    assert_eq!(decided(&plan, &facts, "public.web_log"), ["`a` constant"]);
    assert_eq!(decided(&plan, &facts, "crm.x"), ["`a` suppress"]);
    // `*_log` without a schema is of the default one.
    assert_eq!(decided(&plan, &facts, "crm.app_log"), ["`a` suppress"]);
    assert!(plan.cover(&facts, true).is_empty());
    // A pattern that stands for nothing is said, as a name is.
    let plan = tests_language::plan(&[
        "version: 1\ntables: {\"*_lgo\": {empty: \"why\"}, \"*\": {columns: {a: suppress}}}\n",
    ]);
    let said: Vec<_> = plan.cover(&facts, true).iter().map(|p| p.what.to_string()).collect();
    assert!(said.iter().any(|what| what.contains("matches this pattern")), "{said:?}");
}

#[test]
fn rules_of_columns_under_a_pattern_do_not_keep_rows() {
    let own = "version: 1\nextends: [1.yaml]\ntables: {\"*\": {columns: {\"*_token\": suppress}}}\n";
    let pack = "version: 1\ntables: {t: {empty: \"why\"}}\n";
    assert_eq!(one(&[own, pack], &["a_token text"]), ["empty"]);
}

const WILD: &str = "version: 1\nreasons: {w: \"why\"}\ndefaults: {booleans: {keep: w}, enums: {keep: w}}\n\
                    tables: {t: {keep: [\"*\"], why: w, columns: {mail: suppress, seen: {generalise: year}}}}\n";

#[test]
fn a_wildcard_keeps_only_what_stands_in_the_lock() {
    let facts = facts(&[table("public.t", SCHEMA)]);
    let found = decided(&plan(&[WILD]), &facts, "public.t");
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|what| what.ends_with("is not in the lock")), "{found:?}");
    let lines = accepting(&[WILD]).lock_lines(&facts);
    assert_eq!(lines.iter().filter(|line| !line.table.starts_with('@')).count(), 5);
    let lock = Lock::new("shop.yaml", lines);
    let locked = plan(&[WILD]).with_lock(Some(lock.clone()));
    assert_eq!(
        decided(&locked, &facts, "public.t"),
        ["`id` keep", "`is_open` keep", "`kind` keep", "`seen` generalise", "`mail` suppress"]
    );
    // A column that a migration adds, and one whose type it changes.
    let grown = [SCHEMA, &["age integer"]].concat();
    let found = decided(&locked, &tests_language::facts(&[table("public.t", &grown)]), "public.t");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("`age`"));
    let retyped: Vec<&str> =
        SCHEMA.iter().map(|c| if c.starts_with("id") { "id bigint not null" } else { c }).collect();
    let found = decided(&locked, &tests_language::facts(&[table("public.t", &retyped)]), "public.t");
    assert!(found.len() == 1 && found[0].contains("type is not the one in the lock"), "{found:?}");
}

#[test]
fn nothing_lets_a_wildcard_keep_text_or_secrets() {
    for column in [
        "x text",
        "x date",
        "x timestamp",
        "x bytea",
        "x array",
        "x inet",
        "x json",
        "x other",
        "x unknown",
        "pin_code integer",
    ] {
        let text = "version: 1\nreasons: {w: \"why\"}\ntables: {t: {keep: [\"*\"], why: w}}\n";
        let facts = facts(&[table("public.t", &["id integer", column])]);
        let plan = accepting(&[text]);
        let found = decided(&plan, &facts, "public.t");
        let secret = column.starts_with("pin");
        if secret && !names_secret("pin_code") {
            continue;
        }
        assert!(found.len() == 1 && found[0].contains("would keep"), "{column}: {found:?}");
    }
}

#[test]
fn locked_holds_every_column() {
    let text = |rule: &str| format!("version: 1\ntables: {{t: {{columns: {{a: {rule}, b: suppress}}}}}}\n");
    let facts = facts(&[table("public.t", &["a text", "b text"])]);
    let lock = Lock::new("shop.yaml", plan(&[&text("suppress")]).lock_lines(&facts));
    let locked = |text: &str, lock: Lock| {
        let options = PlanOptions { locked: true, ..PlanOptions::default() };
        Plan::new(profile(&[text]), Schedule::test(), options).with_lock(Some(lock))
    };
    assert_eq!(
        decided(&locked(&text("suppress"), lock.clone()), &facts, "public.t"),
        ["`a` suppress", "`b` suppress"]
    );
    let found = decided(&locked(&text("{constant: x}"), lock.clone()), &facts, "public.t");
    assert!(found.len() == 1 && found[0].contains("rule is not the one"), "{found:?}");
    let fewer: Vec<_> = lock.lines().iter().filter(|line| line.column != "a").cloned().collect();
    let fewer = Lock::new("shop.yaml", fewer);
    let found = decided(&locked(&text("suppress"), fewer), &facts, "public.t");
    assert!(found.len() == 1 && found[0].contains("is not in the lock"), "{found:?}");
}

#[test]
fn drift_is_named() {
    let text = "version: 1\ntables: {t: {columns: {\"*\": suppress}}}\n";
    let before = facts(&[table("public.t", &["email text", "b text", "c integer"])]);
    let after = facts(&[table("public.t", &["e_mail text", "b date", "c integer"])]);
    let plan = plan(&[text]);
    let lock = Lock::new("shop.yaml", plan.lock_lines(&before));
    let drift = plan.with_lock(Some(lock)).drift(&[&after]);
    let said: Vec<String> = drift
        .iter()
        .map(|p| {
            format!(
                "{} {} {}",
                p.column.as_ref().unwrap(),
                p.what,
                p.hint.as_ref().map_or("", |h| h.as_str())
            )
        })
        .collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said.iter().any(|s| s.starts_with("`e_mail` this column is new")), "{said:?}");
    assert!(said.iter().any(|s| s.starts_with("`b` its type")), "{said:?}");
    assert!(
        said.iter().any(|s| s.starts_with("`email` the lock has") && s.contains("renamed to `e_mail`")),
        "{said:?}"
    );
}

#[test]
fn keys_of_tables_without_persons() {
    let text = "version: 1\nreasons: {w: \"why\"}\ndefaults: {foreign_keys: {keep: w}, primary_keys: {keep: w}}\n\
                tables:\n  customers: {columns: {id: {pseudonym: integer}}}\n  countries: {columns: {name: {keep: w}}}\n  \
                orders: {columns: {x: suppress}}\n";
    let all = facts(&[
        table("public.customers", &["id integer not null"]).primary(&["id"]),
        table("public.countries", &["id integer not null", "name text"]).primary(&["id"]),
        table("public.orders", &["id integer not null", "customer integer", "country integer", "x text"])
            .primary(&["id"])
            .references(&["customer"], "public.customers", &["id"])
            .references(&["country"], "public.countries", &["id"]),
    ]);
    let plan = accepting(&[text]);
    assert_eq!(decided(&plan, &all, "public.countries"), ["`id` keep", "`name` keep"]);
    let found = decided(&plan, &all, "public.orders");
    assert!(found.len() == 1 && found[0].starts_with("`customer` no rule"), "{found:?}");
}

#[test]
fn unlisted_columns_are_filled() {
    let text = "version: 1\npolicy: {unlisted: fill}\ntables: {t: {columns: {a: suppress}}}\n";
    let facts = facts(&[
        table(
            "public.t",
            &[
                "a text",
                "b text",
                "c integer not null",
                "d integer not null",
                "e uuid not null",
                "f text not null",
                "g integer not null",
                "h integer not null",
            ],
        )
        .unique(&["d"])
        .unique(&["e"])
        .references(&["g"], "public.u", &["x"])
        .check(Some(&["h"])),
        table("public.u", &["x integer not null"]),
    ]);
    let found = decided(&plan(&[text]), &facts, "public.t");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("`g`") && found[0].contains("foreign key"), "{found:?}");
    assert!(found[1].starts_with("`h`") && found[1].contains("CHECK"), "{found:?}");
    assert_eq!(decided(&plan(&[text]), &facts, "public.u"), ["empty"]);
    let facts = tests_language::facts(&[table(
        "public.t",
        &["a text", "b text", "c integer not null", "d integer not null", "e uuid not null"],
    )
    .unique(&["d"])
    .unique(&["e"])]);
    assert_eq!(
        decided(&plan(&[text]), &facts, "public.t"),
        ["`a` suppress", "`b` fill", "`c` fill", "`d` pseudonym", "`e` pseudonym"]
    );
}

#[test]
fn entities_of_several_texts_are_one() {
    let own = "version: 1\nextends: [1.yaml]\nentities: {person: {last_name: suppress}}\ntables: {t: {columns: {a: person.id, b: person.last_name}}}\n";
    let base = "version: 1\nentities: {person: {subject: id, id: {pseudonym: integer}, last_name: {fake: last_name}}}\n";
    let read = profile(&[own, base]);
    assert_eq!(read.entities.len(), 1);
    let person = &read.entities[0];
    assert_eq!(person.subject.map(|s| person.attributes[s].name.as_str()), Some("id"));
    assert_eq!(one(&[own, base], &["a integer", "b text"]), ["`a` pseudonym", "`b` suppress"]);
}

#[test]
fn the_packs_are_sound() {
    for pack in PACKS {
        let text = format!("version: 1\nextends: [{}]\n", pack.name);
        let read = profile(&[&text]);
        assert!(!read.tables.is_empty(), "{}", pack.name);
        let keeps = |table: &Table| match &table.body {
            TableBody::Columns(columns) => columns.iter().any(|c| matches!(c.rule, ColumnRule::Keep { .. })),
            _ => false,
        };
        let country = pack.system.is_none();
        assert!(!(country && read.tables.iter().any(keeps)), "{}: a country pack keeps nothing", pack.name);
        // What a system pack keeps it names: a pattern would keep what nobody has read.
        let pattern = |table: &Table| match &table.body {
            TableBody::Columns(columns) => {
                let keep = |c: &&Column| matches!(c.rule, ColumnRule::Keep { .. });
                columns.iter().filter(keep).any(|c| c.pattern || table.pattern)
            }
            _ => false,
        };
        assert!(!read.tables.iter().any(pattern), "{}: a pack keeps by exact names", pack.name);
    }
    let found = one(
        &["version: 1\nextends: [nl]\n"],
        &["Voornaam text", "bsn char(9)", "billing_city text", "werk_email text"],
    );
    assert_eq!(found, ["`Voornaam` fake", "`bsn` pseudonym", "`billing_city` fake", "`werk_email` fake"]);
}

/// What a pattern keeps in the table to which a partition belongs does not undo a rule of the partition.
#[test]
fn a_nearer_rule_counts_before_a_farther_wildcard_keep() {
    let text = "version: 1\nreasons: {w: \"why\"}\ntables:\n  \"*\": {columns: {\"*\": {keep: w}}}\n  \"orders_*\": {columns: {bsn: {pseudonym: integer}}}\n";
    let facts = facts(&[
        table("public.orders", &["id integer", "bsn bigint"]).by(&["id"]),
        table("public.orders_2024", &["id integer", "bsn bigint"]).partition_of("public.orders"),
    ]);
    assert_eq!(decided(&accepting(&[text]), &facts, "public.orders_2024"), ["`id` keep", "`bsn` pseudonym"]);
}

#[test]
fn the_lock_holds_rows_objects_and_databases() {
    let text = |rows: &str, comments: &str| {
        format!(
            "version: 1\nreasons: {{w: \"why\"}}\nobjects: {{comments: {comments}}}\ntables: {{t: {{keep_rows: \"{rows}\", columns: {{a: suppress}}, keep: [k], why: w}}}}\n"
        )
    };
    let facts = facts(&[table("public.t", &["a text", "k integer"])]);
    let lock = Lock::new("shop.yaml", accepting(&[&text("k = 7", "suppress")]).lock_lines(&facts));
    let under = |text: &str| {
        let options = PlanOptions { locked: true, ..PlanOptions::default() };
        let plan = Plan::new(profile(&[text]), Schedule::test(), options).with_lock(Some(lock.clone()));
        plan.cover(&facts, true).into_iter().map(|problem| problem.what.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(under(&text("k = 7", "suppress")), [""; 0]);
    let rows = under(&text("k = 1", "suppress"));
    assert!(rows.len() == 1 && rows[0].starts_with("the rows that stay"), "{rows:?}");
    let comments = under(&text("k = 7", "{keep: w}"));
    assert!(comments.len() == 1 && comments[0].starts_with("`comments` of"), "{comments:?}");
    let one = TableName::new(None, "t").within(Some("one"));
    assert_ne!(
        crate::profile::lock::table_text(&one),
        crate::profile::lock::table_text(&TableName::new(None, "t"))
    );
}

/// Which case counts depends on what a lookup says, so the lock holds all of it.
#[test]
fn the_lock_holds_lookups() {
    let text = |lookup: &str| {
        format!(
            "version: 1\nreasons: {{w: \"why\"}}\nlookups: {{code: {{{lookup}}}}}\ntables: {{t: {{columns: {{a: [{{when: \"code = 'open'\", keep: w}}, {{else: suppress}}]}}, keep: [k, l], why: w}}}}\n"
        )
    };
    let facts = facts(&[table("public.t", &["a text", "k integer", "l integer"])]);
    let before = text("table: attr, key: id, value: code, by: k, values: {2: open}");
    let lock = Lock::new("shop.yaml", accepting(&[&before]).lock_lines(&facts));
    let under = |text: &str| {
        let options = PlanOptions { locked: true, ..PlanOptions::default() };
        let plan = Plan::new(profile(&[text]), Schedule::test(), options).with_lock(Some(lock.clone()));
        plan.cover(&facts, true).into_iter().map(|problem| problem.what.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(under(&before), [""; 0]);
    for after in [
        "table: attr, key: id, value: code, by: k, values: {2: open, 3: open}",
        "table: attr, key: id, value: code, by: l, values: {2: open}",
        "table: other, key: id, value: code, by: k, values: {2: open}",
    ] {
        let found = under(&text(after));
        assert!(found.len() == 1 && found[0].starts_with("`code` of"), "{found:?}");
    }
}

/// A default that a lock stands in for while keys are unknown holds no more once they are known.
#[test]
fn a_dropped_foreign_key_takes_its_default_with_it() {
    let text = "version: 1\nreasons: {w: \"why\"}\ndefaults: {foreign_keys: {keep: w}}\ntables: {kinds: {columns: {id: {keep: w}}}, t: {columns: {x: suppress}}}\n";
    let kinds = table("public.kinds", &["id integer not null"]).primary(&["id"]);
    let t = table("public.t", &["x text", "kind integer"]);
    let before = facts(&[kinds.clone(), t.clone().references(&["kind"], "public.kinds", &["id"])]);
    let lock = Lock::new("shop.yaml", accepting(&[text]).lock_lines(&before));
    let locked = plan(&[text]).with_lock(Some(lock));
    let mut after = facts(&[kinds, t]);
    // On a pipe the key may still come.
    assert_eq!(decided(&locked, &after, "public.t"), ["`x` suppress", "`kind` keep"]);
    after.complete = true;
    let found = decided(&locked, &after, "public.t");
    assert!(found.len() == 1 && found[0].starts_with("`kind` no rule"), "{found:?}");
}

/// What is expected of a column is expected of every case of its list.
#[test]
fn expectations_hold_for_every_case() {
    let text = |first: &str| {
        format!(
            "version: 1\nreasons: {{w: \"why\"}}\nexpect: {{t.a: never kept}}\ntables: {{t: {{columns: {{a: [{{when: \"k = 1\", {first}}}, {{else: suppress}}], k: suppress}}}}}}\n"
        )
    };
    let columns = &["a text", "k integer"];
    assert_eq!(one(&[&text("constant: x")], columns), ["`a` cases", "`k` suppress"]);
    let found = {
        let text = text("keep: w");
        one(&[&text], columns)
    };
    assert!(found.len() == 1 && found[0].contains("expected `never kept`"), "{found:?}");
}

/// A table in which one case replaces an identifier is a table of persons.
#[test]
fn a_case_that_replaces_an_identifier_makes_a_table_of_persons() {
    let text = "version: 1\nreasons: {w: \"why\"}\ndefaults: {primary_keys: {keep: w}}\n\
                tables: {t: {columns: {a: [{when: \"b = 1\", constant: x}, {else: {pseudonym: uuid}}], b: {keep: w}}}}\n";
    let all = facts(&[table("public.t", &["id integer not null", "a text", "b integer"]).primary(&["id"])]);
    let found = decided(&accepting(&[text]), &all, "public.t");
    assert!(found.iter().any(|what| what.starts_with("`id` no rule")), "{found:?}");
}

/// Stand-ins that are made later would be those of other rows.
#[test]
fn what_any_case_makes_of_other_columns_is_read_by_none() {
    let text = |case: &str| {
        format!(
            "version: 1\nreasons: {{w: x}}\ntables: {{t: {{columns: {{mail: [{{when: \"kind = 'x'\", fake: email}}, {{else: {case}}}], note: {{template: \"{{{{ mail }}}}\"}}}}, keep: [kind], why: w}}}}\n"
        )
    };
    let facts = facts(&[table("t", &["kind text", "mail text", "note text"])]);
    let bound = |case: &str| decided(&plan(&[&text(case)]), &facts, "t").join("; ");
    assert_eq!(bound("suppress"), "`kind` keep; `mail` cases; `note` template");
    let refused = bound("{template: \"{{ kind }}\"}");
    assert!(refused.contains("made of other columns itself"), "{refused}");
}
