//! The main job on a real server: the webshop is dumped by the real pg_dump, masked, restored, and compared. The other
//! forms of the webshop are in `forms`.

use crate::support::becomes::{EMPTY, MASKED, becomes, compare};
use crate::support::copy::{Block, split};
use crate::support::shop::{Shop, mask, profile, shop};

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
