//! Tables that point to each other, with keys that hold while rows come: the keys that lead to later rows are made to wait for
//! the end of one transaction, whatever they say of themselves, and made as they were behind it.
//!
//! Keys are looked up where the script runs, by the tables at their two ends: the names of keys that have none in the schema
//! are the server's. A key that does not hold yet is not found and needs nothing. Changes no row.

use super::emit::{literal, table};
use crate::format::emit::Script;
use crate::row::shape::TableName;

/// Lets keys wait, and notes how they are made as they were.
const WAIT: [&str; 2] = [
    "DO $standin$
DECLARE
    waiting record;
    back text := '';
BEGIN
    FOR waiting IN
        SELECT conrelid::pg_catalog.regclass AS owner, conname AS name FROM pg_catalog.pg_constraint
        WHERE contype = 'f' AND NOT condeferrable AND conparentid = 0
        AND (conrelid, confrelid) IN (",
    ")
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE', waiting.owner, waiting.name);
        back := back || pg_catalog.format('ALTER TABLE %s ALTER CONSTRAINT %I NOT DEFERRABLE; ', waiting.owner, waiting.name);
    END LOOP;
    PERFORM pg_catalog.set_config('standin.back', back, false);
END
$standin$;
",
];

/// Makes them as they were.
const BACK: &str = "DO $standin$
BEGIN
    EXECUTE pg_catalog.current_setting('standin.back');
END
$standin$;
";

/// Returns what stands before the rows and behind them.
pub(super) fn around(script: &Script, keys: &[(&TableName, &TableName)]) -> (Vec<u8>, Vec<u8>) {
    if keys.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let [head, tail] = WAIT;
    let mut before =
        b"-- Tables point to each other: keys to later rows wait until all rows are there.\n".to_vec();
    before.extend_from_slice(head.as_bytes());
    for (at, (from, to)) in keys.iter().enumerate() {
        before.extend_from_slice(if at > 0 { b",\n            (" } else { b"\n            (" });
        regclass(from, &mut before);
        before.extend_from_slice(b", ");
        regclass(to, &mut before);
        before.push(b')');
    }
    before.extend_from_slice(tail.as_bytes());
    if !script.transaction {
        before.extend_from_slice(b"BEGIN;\n");
    }
    before.extend_from_slice(b"SET CONSTRAINTS ALL DEFERRED;\n\n");
    let mut after = b"SET CONSTRAINTS ALL IMMEDIATE;\n".to_vec();
    if !script.transaction {
        after.extend_from_slice(b"COMMIT;\n");
    }
    after.extend_from_slice(BACK.as_bytes());
    after.push(b'\n');
    (before, after)
}

/// Returns whether a statement is one of these.
pub(super) fn is_ours(text: &[u8]) -> bool {
    let [head, tail] = WAIT.map(|text| text.trim_end().as_bytes());
    let text = text.trim_ascii_end();
    let names = text.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
    text == BACK.trim_end().as_bytes()
        || names.is_some_and(|names| memchr::memmem::find(names, b"$").is_none())
}

fn regclass(name: &TableName, out: &mut Vec<u8>) {
    let mut quoted = Vec::new();
    table(name, &mut quoted);
    literal(&quoted, out);
    out.extend_from_slice(b"::pg_catalog.regclass");
}
