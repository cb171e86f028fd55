//! The main job on real servers: the webshop is dumped by the real pg_dump, masked, restored, and compared.
//!
//! What is masked stands here once more, apart from the profile: a profile that forgets a column fails here.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::support::copy::{Block, split};
use crate::support::repository;
use crate::support::server::{Database, TextRow};
use crate::support::shop::{Shop, mask, profile, shop};

/// What must have become of a column's values. NULL and '' stay themselves under all of them.
#[derive(Clone, Copy, PartialEq)]
enum Becomes {
    /// Another value in every row, and different values stay different.
    Unique,
    /// As `Unique`, but 0 (a guest) stays 0.
    UniqueOrGuest,
    /// Another value in nearly every row: small vocabularies draw the original now and then.
    Drawn,
    /// NULL.
    Null,
    /// This text.
    Constant(&'static str),
    /// The year's first day.
    Year,
    /// The month's first moment.
    Month,
}

use Becomes::{Constant, Drawn, Month, Null, Unique, UniqueOrGuest, Year};

const CUSTOMERS: &[(&str, Becomes)] = &[
    ("id", Unique),
    ("public_id", Unique),
    ("first_name", Drawn),
    ("tussenvoegsel", Null),
    ("last_name", Drawn),
    ("gender", Null),
    ("email", Unique),
    ("phone", Drawn),
    ("birth_date", Year),
    ("bsn", Unique),
    ("iban", Unique),
    ("external_ref", Unique),
    ("notes", Null),
    ("password_hash", Constant("!")),
    ("prefs", Constant("{}")),
    ("nicknames", Null),
    ("created_at", Month),
];

const ORDERS: &[(&str, Becomes)] = &[
    ("id", Unique),
    ("customer_id", Unique),
    ("address_id", Unique),
    ("email", Unique),
    ("remark", Null),
    ("handled_by", Unique),
];

/// Every masked column of every table with masked columns; all others are kept.
const MASKED: &[(&str, &[(&str, Becomes)])] = &[
    ("public.customers", CUSTOMERS),
    ("public.customers_history", CUSTOMERS),
    ("public.customers_closed", CUSTOMERS),
    ("public.orders_2023", ORDERS),
    ("public.orders_2024", ORDERS),
    ("public.orders_2025_h1", ORDERS),
    ("public.\"orders_2025_Rest\"", ORDERS),
    ("public.order_lines", &[("order_id", Unique)]),
    (
        "public.addresses",
        &[
            ("id", Unique),
            ("customer_id", Unique),
            ("addressee", Drawn),
            ("street", Drawn),
            ("house_number", Constant("1")),
            ("addition", Null),
            ("postcode", Drawn),
            ("city", Drawn),
        ],
    ),
    (
        "crm.customers",
        &[
            ("id", Unique),
            ("person_name", Drawn),
            ("email", Unique),
            ("phone", Drawn),
            ("shop_customer_id", Unique),
        ],
    ),
    (
        "public.newsletter",
        &[
            ("email", Unique),
            ("first_name", Drawn),
            ("customer_id", UniqueOrGuest),
            ("unsubscribe_token", Null),
        ],
    ),
    ("public.mail_queue", &[("to_email", Unique), ("to_name", Drawn)]),
    ("public.\"user\"", &[("id", Unique), ("full name", Drawn), ("E-mail.Work", Unique)]),
    (
        "public.\"Support Notes\"",
        &[("Order", Unique), ("E-mail.Address", Unique), ("select", Null), ("Written by", Unique)],
    ),
];

/// Tables whose rows are dropped.
const EMPTY: &[&str] = &["public.sessions", "public.audit_log"];

fn becomes(table: &str, column: &str) -> Option<Becomes> {
    let columns = MASKED.iter().find(|(name, _)| *name == table)?.1;
    columns.iter().find(|(name, _)| *name == column).map(|(_, what)| *what)
}

/// Compares one masked column; `place` names it, and no value is shown.
fn compare(place: &str, what: Becomes, before: &[Option<String>], after: &[Option<String>]) {
    let (mut equal, mut seen) = (0, 0);
    let mut forward: HashMap<&str, &str> = HashMap::new();
    let mut reached: HashSet<&str> = HashSet::new();
    for (row, pair) in before.iter().zip(after).enumerate() {
        let (old, new) = match pair {
            (None, new) => {
                assert!(new.is_none(), "{place}, row {row}: NULL did not stay NULL");
                continue;
            }
            (Some(old), None) => {
                assert!(what == Null, "{place}, row {row}: a value became NULL");
                assert!(!old.is_empty(), "{place}, row {row}: '' did not stay ''");
                continue;
            }
            (Some(old), Some(new)) => (old.as_str(), new.as_str()),
        };
        assert_eq!(old.is_empty(), new.is_empty(), "{place}, row {row}: '' and values must not mix");
        if old.is_empty() {
            continue;
        }
        seen += 1;
        equal += usize::from(old == new);
        match what {
            Null => panic!("{place}, row {row}: is not suppressed"),
            Constant(text) => assert_eq!(new, text, "{place}, row {row}"),
            Year => {
                assert!(new.ends_with("-01-01") && new.get(..4) == old.get(..4), "{place}, row {row}: year")
            }
            Month => {
                let same_month = new.get(..7) == old.get(..7);
                assert!(
                    same_month && new.get(7..).is_some_and(|rest| rest.starts_with("-01 00:00:00")),
                    "{place}, row {row}: month"
                );
            }
            UniqueOrGuest if old == "0" => assert_eq!(new, "0", "{place}, row {row}: the guest"),
            Unique | UniqueOrGuest => assert_ne!(old, new, "{place}, row {row}: the value came through"),
            Drawn => {}
        }
        if matches!(what, Unique | UniqueOrGuest) {
            match forward.insert(old, new) {
                Some(earlier) => assert_eq!(earlier, new, "{place}, row {row}: one value, two stand-ins"),
                None => assert!(reached.insert(new), "{place}, row {row}: two values, one stand-in"),
            }
        }
    }
    if what == Drawn {
        assert!(equal * 5 <= seen, "{place}: {equal} of {seen} values came through");
    }
}

#[test]
fn a_masked_dump_restores_without_a_complaint() {
    let Some(shop) = shop() else { return };
    assert_eq!(shop.restore.code(), 0, "{}", shop.restore.stderr);
    assert_eq!(shop.restore.stderr, "");
}

#[test]
fn kept_columns_are_equal_cell_by_cell_and_masked_ones_differ() {
    let Some(shop) = shop() else { return };
    let ((outside, before), (outside_after, after)) = (split(&shop.dump), split(&shop.masked));
    assert!(outside == outside_after, "bytes outside of rows have changed");
    assert!(before.len() >= 20, "the fixture has lost tables");
    assert!(before.keys().eq(after.keys()), "tables came or went");
    for (table, columns) in MASKED {
        let known = &before.get(*table).unwrap_or_else(|| panic!("{table} is not in the fixture")).columns;
        assert!(columns.iter().all(|(name, _)| known.iter().any(|k| k == name)), "{table}: no such column");
    }
    for (table, old) in &before {
        let new = &after[table];
        assert!(!old.lines.is_empty(), "{table}: the fixture has no rows");
        if EMPTY.contains(&table.as_str()) {
            assert!(new.lines.is_empty(), "{table}: rows must be dropped");
            continue;
        }
        assert_eq!(old.lines.len(), new.lines.len(), "{table}: rows");
        assert_eq!(old.columns, new.columns);
        for name in &old.columns {
            let (old, new) = (old.column(name), new.column(name));
            match becomes(table, name) {
                Some(what) => compare(&format!("{table}.{name}"), what, &old, &new),
                None => assert!(old == new, "{table}.{name}: a kept column changed"),
            }
        }
    }
}

#[test]
fn the_server_took_every_row_as_it_was_masked() {
    let Some(shop) = shop() else { return };
    let (masked, restored) = (split(&shop.masked).1, split(&shop.after.dump(&[])).1);
    assert!(masked.keys().eq(restored.keys()), "tables came or went");
    for (table, block) in &masked {
        // The order of rows in a table's pages depends on their lengths; a dump keeps that order.
        let sorted = |block: &Block| -> Vec<String> {
            let mut lines = block.lines.clone();
            lines.sort();
            lines
        };
        assert_eq!(block.columns, restored[table].columns);
        assert!(sorted(block) == sorted(&restored[table]), "{table}: rows differ after the restore");
    }
    let wrong =
        "SELECT count(*) FROM customers WHERE full_name IS DISTINCT FROM first_name || ' ' || last_name";
    assert_eq!(shop.after.number(wrong), 0, "the generated column was not made again");
}

#[test]
fn the_schema_and_its_constraints_are_the_same() {
    let Some(Shop { before, after, .. }) = shop() else { return };
    for sql in [
        "SELECT conrelid::regclass, conname, contype, convalidated, pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE connamespace::regnamespace::text IN ('public', 'crm') ORDER BY 1, 2",
        "SELECT indexrelid::regclass, indrelid::regclass, indisvalid, pg_get_indexdef(indexrelid) FROM pg_index \
         WHERE indrelid::regclass::text !~ '^pg_' ORDER BY 1, 2",
        "SELECT oid::regclass, relkind, relispartition, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid) FROM pg_class \
         WHERE relnamespace::regnamespace::text IN ('public', 'crm') ORDER BY 1",
        "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
        "SELECT c.oid::regclass, d.objsubid, d.description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid \
         WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2",
        "SELECT sequencename, last_value, increment_by FROM pg_sequences ORDER BY 1",
        "SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy ORDER BY 1",
        "SELECT attrelid::regclass, attname, atttypid::regtype, attidentity, attgenerated FROM pg_attribute \
         WHERE attrelid::regclass::text !~ '^pg_' AND attnum > 0 AND NOT attisdropped \
           AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace::regnamespace::text IN ('public', 'crm')) ORDER BY 1, 2",
    ] {
        let rows = before.rows(sql);
        assert!(!rows.is_empty(), "{sql}");
        assert_eq!(rows, after.rows(sql), "{sql}");
    }
    assert_eq!(after.number("SELECT count(*) FROM pg_constraint WHERE NOT convalidated"), 0);
}

#[test]
fn every_foreign_key_still_finds_its_row() {
    let Some(Shop { after, .. }) = shop() else { return };
    let keys = after.rows(
        "SELECT conrelid::regclass, confrelid::regclass, \
           (SELECT string_agg(format('c.%I = p.%I', a.attname, b.attname), ' AND ') FROM unnest(conkey, confkey) k(x, y) \
             JOIN pg_attribute a ON (a.attrelid, a.attnum) = (conrelid, k.x) JOIN pg_attribute b ON (b.attrelid, b.attnum) = (confrelid, k.y)), \
           (SELECT string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ') FROM unnest(conkey) k(x) \
             JOIN pg_attribute a ON (a.attrelid, a.attnum) = (conrelid, k.x)) \
         FROM pg_constraint WHERE contype = 'f' AND conparentid = 0",
    );
    assert!(keys.len() >= 8, "the fixture has lost foreign keys");
    for key in keys {
        let [Some(child), Some(parent), Some(joined), Some(filled)] = key.as_slice() else {
            panic!("a key in parts")
        };
        let filled_rows = after.number(&format!("SELECT count(*) FROM {child} c WHERE {filled}"));
        let found = after.number(&format!(
            "SELECT count(*) FROM {child} c WHERE {filled} AND EXISTS (SELECT FROM {parent} p WHERE {joined})"
        ));
        assert_eq!(filled_rows, found, "{child} to {parent}");
        assert!(
            filled_rows > 0 || EMPTY.contains(&format!("public.{child}").as_str()),
            "{child} to {parent}: nothing to see"
        );
    }
}

#[test]
fn joins_that_no_foreign_key_declares_survive() {
    let Some(Shop { before, after, .. }) = shop() else { return };
    for sql in [
        "SELECT count(*) FROM orders o JOIN ONLY customers c ON c.id = o.customer_id WHERE c.email = o.email",
        "SELECT count(*) FROM newsletter n JOIN ONLY customers c ON lower(c.email) = lower(n.email)",
        "SELECT count(*) FROM newsletter n JOIN ONLY customers c ON c.id = n.customer_id AND lower(c.email) = lower(n.email)",
        "SELECT count(*) FROM newsletter n JOIN ONLY customers c ON c.id = n.customer_id AND c.first_name = n.first_name",
        "SELECT count(*) FROM mail_queue q JOIN ONLY customers c ON c.email = q.to_email",
        "SELECT count(*) FROM customers_history h JOIN ONLY customers c ON c.id = h.id AND c.public_id = h.public_id \
         AND c.first_name = h.first_name AND c.last_name = h.last_name AND c.external_ref = h.external_ref",
        "SELECT count(*) FROM \"Support Notes\" s JOIN orders o ON o.id = s.\"Order\"",
        "SELECT count(*) FROM \"Support Notes\" s JOIN ONLY customers c ON c.email = s.\"E-mail.Address\"",
        "SELECT count(*) FROM crm.customers l JOIN ONLY customers c ON c.id = l.shop_customer_id",
        "SELECT count(*) FROM order_lines l JOIN orders o ON o.id = l.order_id AND o.ordered_on = l.ordered_on",
        "SELECT count(*) FROM open_orders",
        "SELECT sum(orders) FROM sales_by_month",
        "SELECT count(DISTINCT customer_id) FROM orders",
    ] {
        let count = before.number(sql);
        assert!(count > 0, "{sql}");
        assert_eq!(count, after.number(sql), "{sql}");
    }
}

#[test]
fn a_customer_has_one_stand_in_in_dump_and_export() {
    let Some(Shop { before, after, .. }) = shop() else { return };
    let path = repository("fixtures/webshop/customers_export.csv");
    let export = std::fs::read_to_string(&path).expect("fixture is there");
    let path = path.to_str().expect("a plain path");
    let masked = String::from_utf8(mask(&profile(), &[path], b"").ok()).expect("UTF-8");
    assert!(
        masked.starts_with('\u{feff}') && masked.contains("\r\n"),
        "the spelling of the file has changed"
    );
    let (export, masked) =
        (crate::support::csv::records(&export, ';'), crate::support::csv::records(&masked, ';'));
    assert_eq!(export.len(), 301);
    assert_eq!(export.len(), masked.len());
    assert_eq!(export[0], masked[0], "the header");
    let sql = "SELECT c.id, c.first_name, c.last_name, c.email, c.phone, c.birth_date, a.street, a.postcode, a.city, c.iban, c.bsn \
               FROM ONLY customers c LEFT JOIN LATERAL (SELECT * FROM addresses a WHERE a.customer_id = c.id LIMIT 1) a ON true";
    let people = |db: &Database| -> BTreeMap<String, TextRow> {
        db.rows(sql).into_iter().map(|row| (row[0].clone().expect("an id"), row)).collect()
    };
    let (old, new) = (people(before), people(after));
    for (line, (was, is)) in export.iter().zip(&masked).enumerate().skip(1) {
        let source = old.get(&was[0]).unwrap_or_else(|| panic!("record {line}: the fixture's parts differ"));
        let row = new
            .get(&is[0])
            .unwrap_or_else(|| panic!("record {line}: no such customer in the masked database"));
        for (cell, name) in
            [(2, 1), (4, 2), (5, 3), (6, 4), (7, 5), (8, 6), (10, 7), (11, 8), (12, 9), (13, 10)]
        {
            let [source, standin, file] =
                [&source[name], &row[name], &Some(is[cell].clone())].map(|v| canonical(cell, v));
            assert_eq!(
                canonical(cell, &Some(was[cell].clone())),
                source,
                "record {line}, field {cell}: the fixture"
            );
            assert_eq!(file, standin, "record {line}, field {cell}: dump and export differ");
        }
        assert_eq!(is[1], "", "record {line}: the title");
        assert_eq!((&is[3], &is[15]), (&String::new(), &String::new()), "record {line}: suppressed");
        assert_eq!(is[14], was[14], "record {line}: the kept column");
    }
}

/// Takes off what may differ between two spellings of one value: case of mail, separators of phone and postcode.
fn canonical(cell: usize, value: &Option<String>) -> String {
    let value = value.as_deref().unwrap_or_default();
    match cell {
        5 => value.to_lowercase(),
        6 => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            digits
                .strip_prefix("31")
                .map(str::to_owned)
                .unwrap_or_else(|| digits.trim_start_matches('0').to_owned())
        }
        10 => value.replace(' ', ""),
        _ => value.to_owned(),
    }
}

#[test]
fn nasty_24_another_key_gives_other_stand_ins() {
    let Some(shop) = shop() else { return };
    let key = crate::support::shop::new_key("another");
    let mut command = crate::support::run::standin();
    command.args(["mask", "-p"]).arg(profile()).arg("--key-file").arg(key);
    let text = String::from_utf8(crate::support::run::run(&mut command, &shop.dump).ok())
        .expect("UTF-8")
        .to_lowercase();
    let customers = &split(&shop.masked).1["public.customers"];
    for name in ["email", "public_id", "external_ref"] {
        for value in customers.column(name).into_iter().flatten() {
            assert!(
                !text.contains(&value.to_lowercase()),
                "{name}: a stand-in of one key occurs under another"
            );
        }
    }
}

#[test]
fn nasty_20_a_dump_of_one_more_column_is_refused() {
    let Some(shop) = shop() else { return };
    let text = String::from_utf8(shop.dump.clone()).expect("UTF-8");
    let wider = text.replacen("    addressee text,\n", "    addressee text,\n    door_code text,\n", 1);
    assert_ne!(text, wider);
    let ran = mask(&profile(), &[], wider.as_bytes());
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stdout.is_empty(), "output before the schema was covered");
    assert!(ran.stderr.contains("door_code"), "the column is not named: {}", ran.stderr);
}
