//! The webshop in all its forms under one key: the same person everywhere; what is kept is kept cell by cell, on the real
//! servers and programs.

use std::collections::HashMap;

use crate::support::becomes::{Becomes, EMPTY, becomes, compare};
use crate::support::forms::{
    Cell, Table, Tables, beside, copied, export, fixture, lite, lite_tables, masked, measure, mysql,
    mysql_tables,
};
use crate::support::shop::{mask, profile, shop};
use crate::support::{mariadb, sqlite};

/// The fixtures of customers as another department has them.
const EXPORTS: [&str; 3] = ["customers_export.csv", "customers_export.tsv", "customers_export.jsonl"];

/// Returns a table's name in the list of what becomes of columns.
fn listed(table: &str) -> String {
    match table {
        "crm_customers" => "crm.customers".to_owned(),
        "orders" => "public.orders_2024".to_owned(),
        "user" | "Support Notes" => format!("public.\"{table}\""),
        table => format!("public.{table}"),
    }
}

#[test]
fn the_servers_cells_are_read_as_they_are() {
    let bytes = |text: &[u8]| Some(text.to_vec());
    if let Some(server) = mariadb::server() {
        let db = server.database();
        db.load(b"CREATE TABLE `a b` (i int primary key, t text, b blob); INSERT INTO `a b` VALUES (1, 'x\\n\\ty', 0x00ff), (2, NULL, '');").ok();
        assert_eq!(db.tables(), ["a b"]);
        let rows = [[bytes(b"1"), bytes(b"x\n\ty"), bytes(b"\0\xff")], [bytes(b"2"), None, bytes(b"")]];
        assert_eq!(db.cells("a b", "1"), rows);
        assert_eq!(db.number("SELECT count(*) FROM `a b`"), 2);
        assert_ne!(db.load(b"SELEC;").code(), 0);
        assert_eq!(db.rows("SELECT 1, NULL"), [[Some("1".to_owned()), None]]);
    }
    if let Some(db) = sqlite::database() {
        db.load(b"CREATE TABLE \"a b\" (i int primary key, t text, g text as (t || 'z')); INSERT INTO \"a b\" VALUES (1, 'x'), (2, NULL);").ok();
        assert_eq!(db.tables(), ["a b"]);
        assert_eq!(db.number("SELECT count(*) FROM \"a b\";"), 2);
        let again = sqlite::database().expect("it was there before");
        assert_eq!(again.load(&db.dump()).ok(), b"");
        assert_eq!(again.cells("a b", "1"), db.cells("a b", "1"));
        let rows = [[bytes(b"i1"), bytes(b"tx"), bytes(b"txz")], [bytes(b"i2"), None, None]];
        assert_eq!(db.cells("a b", "1"), rows);
    }
}

/// Compares all tables of a database before and after masking.
fn compare_tables(form: &str, before: &Tables, after: &Tables) {
    assert!(before.len() >= 15, "{form}: the fixture has lost tables");
    assert!(before.keys().eq(after.keys()), "{form}: tables came or went");
    for (name, old) in before {
        let new = &after[name];
        assert!(!old.rows.is_empty(), "{form}, {name}: the fixture has no rows");
        if EMPTY.contains(&listed(name).as_str()) {
            assert!(new.rows.is_empty(), "{form}, {name}: rows must be dropped");
            continue;
        }
        assert_eq!(old.rows.len(), new.rows.len(), "{form}, {name}: rows");
        assert_eq!(old.columns, new.columns, "{form}, {name}");
        // Once more in its own order, since a table without a key is sorted.
        let (old, new) = (beside(name, old, old, false), beside(name, old, new, true));
        for (place, column) in old.columns.iter().enumerate() {
            let at = format!("{form}, {name}.{column}");
            let cells =
                |table: &Table| -> Vec<Cell> { table.rows.iter().map(|row| row[place].clone()).collect() };
            match becomes(&listed(name), column) {
                Some(Becomes::Year) => {
                    // MariaDB's zero date is no year of anybody's: what stands for it may be any date.
                    let (mut old, mut new) = (old.texts(column), new.texts(column));
                    for (old, new) in old.iter_mut().zip(&mut new) {
                        if old.as_deref() == Some("0000-00-00") {
                            (*old, *new) = (None, None);
                        }
                    }
                    compare(&at, Becomes::Year, &old, &new);
                }
                Some(what) => compare(&at, what, &old.texts(column), &new.texts(column)),
                None if column == "full_name" => made_again(&at, &new),
                None => assert!(cells(&old) == cells(&new), "{at}: a kept column changed"),
            }
        }
    }
}

/// A generated column follows from the stand-ins.
fn made_again(at: &str, table: &Table) {
    let (full, first, last) = (table.texts("full_name"), table.texts("first_name"), table.texts("last_name"));
    for (row, ((full, first), last)) in full.iter().zip(first).zip(last).enumerate() {
        let names = format!("{} {}", first.unwrap_or_default(), last.unwrap_or_default());
        assert!(full.as_ref() == Some(&names), "{at}, row {row}: not made from the stand-ins");
    }
}

/// Compares every stand-in of every table with that of the COPY form, value by value.
fn the_same_people(form: &str, before: &Tables, after: &Tables) {
    let measure = measure();
    let mut values = 0;
    for (name, old) in before {
        if EMPTY.contains(&listed(name).as_str()) {
            continue;
        }
        let new = beside(name, old, &after[name], true);
        let (there, there_after) = (&measure.before[name], &measure.after[name]);
        let (there, there_after) = (beside(name, old, there, false), beside(name, old, there_after, true));
        for column in &old.columns {
            let Some(what) = becomes(&listed(name), column) else { continue };
            let columns = [old, &new, &there, &there_after].map(|table| table.texts(column));
            let [old, new, there, there_after] = columns.map(|cells| -> Vec<Option<String>> {
                // Times have other texts in other systems: compared to the second.
                let cut = |text: String| {
                    if what == Becomes::Month { text.chars().take(19).collect() } else { text }
                };
                cells.into_iter().map(|cell| cell.map(cut)).collect()
            });
            for row in 0..old.len() {
                let at = format!("{form}, {name}.{column}, row {row}");
                let zero = old[row].as_deref() == Some("0000-00-00");
                // PostgreSQL's jsonb and arrays have texts of their own.
                let same = matches!(column.as_str(), "prefs" | "nicknames" | "created_at") || zero;
                assert!(same || old[row] == there[row], "{at}: the fixture's forms differ");
                assert!(zero || new[row] == there_after[row], "{at}: another stand-in than in the COPY form");
                values += usize::from(new[row].is_some());
            }
        }
    }
    assert!(values > 6_000, "{form}: {values} values were compared");
}

#[test]
fn mysql_kept_columns_are_equal_cell_by_cell_and_masked_ones_differ() {
    for name in ["mysql.sql", "mysql_rows.sql"] {
        let Some(pair) = mysql(name) else { return };
        compare_tables(name, &mysql_tables(&pair.before), &mysql_tables(&pair.after));
    }
}

#[test]
fn sqlite_kept_columns_are_equal_cell_by_cell_and_masked_ones_differ() {
    let Some(pair) = lite() else { return };
    compare_tables("sqlite.sql", &lite_tables(&pair.before, false), &lite_tables(&pair.after, false));
    // A value of another storage class is another value, whatever its text.
    let (before, after) = (lite_tables(&pair.before, true), lite_tables(&pair.after, true));
    for (name, old) in &before {
        let kinds = |table: &Table, place: usize| -> Vec<Option<u8>> {
            let mut kinds: Vec<_> =
                table.rows.iter().map(|row| row[place].as_ref().map(|cell| cell[0])).collect();
            kinds.sort_unstable();
            kinds
        };
        for (place, column) in old.columns.iter().enumerate() {
            let null = becomes(&listed(name), column) == Some(Becomes::Null)
                || EMPTY.contains(&listed(name).as_str());
            assert!(
                null || kinds(old, place) == kinds(&after[name], place),
                "{name}.{column}: storage classes"
            );
        }
    }
}

#[test]
fn the_same_person_in_mysql() {
    let mut forms = Vec::new();
    for name in ["mysql.sql", "mysql_rows.sql"] {
        let Some(pair) = mysql(name) else { return };
        let after = mysql_tables(&pair.after);
        the_same_people(name, &mysql_tables(&pair.before), &after);
        forms.push(after);
    }
    for (name, table) in &forms[0] {
        assert!(
            table.rows == forms[1][name].rows,
            "{name}: the two forms of one database differ once masked"
        );
    }
}

#[test]
fn the_same_person_in_sqlite() {
    let Some(pair) = lite() else { return };
    the_same_people("sqlite.sql", &lite_tables(&pair.before, false), &lite_tables(&pair.after, false));
}

#[test]
fn the_same_person_in_every_insert_form_of_pg_dump() {
    let Some(shop) = shop() else { return };
    let listing = "SELECT format('SELECT %L, t::text FROM ONLY %s t', oid::regclass, oid::regclass) FROM pg_class \
                   WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('public', 'crm') ORDER BY 1";
    let queries: Vec<String> = shop.after.rows(listing).into_iter().flatten().flatten().collect();
    assert!(queries.len() >= 20, "the fixture has lost tables");
    let all = |database: &crate::support::server::Database| {
        // As an INSERT's number, -0 is 0 to the server.
        let rows = |sql: &String| -> Vec<Option<String>> {
            let rows = database.rows(&format!("{sql} ORDER BY 2")).into_iter();
            rows.map(|row| row[1].clone().map(|text| text.replace(",-0,", ",0,"))).collect()
        };
        queries.iter().map(|sql| (sql.clone(), rows(sql))).collect::<Vec<_>>()
    };
    let wanted = all(&shop.after);
    let server = crate::support::server::server().expect("it was there before");
    for args in [
        &["--inserts"][..],
        &["--column-inserts"],
        &["--inserts", "--rows-per-insert=1000"],
        &["--column-inserts", "--rows-per-insert=7", "--on-conflict-do-nothing", "--quote-all-identifiers"],
        &["--inserts", "--disable-dollar-quoting", "--disable-triggers"],
    ] {
        let dump = shop.before.dump(args);
        let ran = mask(&profile(), &["-q"], &dump);
        assert_eq!(ran.code(), 0, "{args:?}: {}", ran.stderr);
        let database = server.database();
        let restore = database.psql(&["-v", "ON_ERROR_STOP=1"], &ran.stdout);
        assert_eq!((restore.code(), restore.stderr.as_str()), (0, ""), "{args:?}");
        for ((sql, found), (_, wanted)) in all(&database).iter().zip(&wanted) {
            assert!(found == wanted, "{args:?}: other rows than the COPY form became: {sql}");
        }
    }
}

#[test]
fn the_same_person_in_every_export() {
    let (old, new) = (people(&measure().before), people(&measure().after));
    for name in EXPORTS {
        let ((header, was), (header_after, is)) = (export(name, &fixture(name)), export(name, &masked(name)));
        assert_eq!(header, header_after, "{name}: the header");
        assert_eq!((was.len(), is.len()), (300, 300), "{name}");
        for (line, (was, is)) in was.iter().zip(&is).enumerate() {
            let source =
                old.get(&was[0]).unwrap_or_else(|| panic!("{name}, {line}: the fixture's parts differ"));
            let person = new.get(&is[0]).unwrap_or_else(|| panic!("{name}, record {line}: no such customer"));
            for (cell, column) in [2, 4, 5, 6, 7, 8, 10, 11, 12, 13].into_iter().zip(0..) {
                let [source, standin, old, file] = [&source[column], &person[column], &was[cell], &is[cell]]
                    .map(|value| canonical(cell, value));
                assert!(old == source, "{name}, record {line}, field {cell}: the fixture");
                assert!(file == standin, "{name}, record {line}, field {cell}: dump and export differ");
            }
            let removed = [1, 3, 15].map(|cell| is[cell].as_str());
            assert_eq!(removed, ["", "", ""], "{name}, record {line}: suppressed");
            assert_eq!(is[14], was[14], "{name}, record {line}: the kept column");
        }
    }
    let spelled = masked(EXPORTS[0]);
    let same = spelled.starts_with(b"\xef\xbb\xbf") && spelled.windows(2).any(|pair| pair == b"\r\n");
    assert!(same, "the spelling of the CSV has changed");
}

/// Returns what the exports hold of every customer: names, mail, phone, birth date, address, account and number.
fn people(tables: &Tables) -> HashMap<String, Vec<String>> {
    let texts = |table: &str, columns: &[&str]| -> Vec<Vec<String>> {
        let columns: Vec<_> = columns.iter().map(|column| tables[table].texts(column)).collect();
        let row = |n: usize| columns.iter().map(|column| column[n].clone().unwrap_or_default()).collect();
        (0..tables[table].rows.len()).map(row).collect()
    };
    let mut homes: HashMap<String, Vec<String>> = HashMap::new();
    for mut home in texts("addresses", &["customer_id", "street", "postcode", "city"]) {
        homes.insert(home.remove(0), home);
    }
    let columns = ["id", "first_name", "last_name", "email", "phone", "birth_date", "iban", "bsn"];
    let person = |mut row: Vec<String>| {
        let id = row.remove(0);
        let home = homes.get(&id).cloned().unwrap_or_else(|| vec![String::new(); 3]);
        drop(row.splice(5..5, home));
        (id, row)
    };
    texts("customers", &columns).into_iter().map(person).collect()
}

/// Takes off what may differ between two spellings of one value: case of mail, separators of phone and postcode.
fn canonical(cell: usize, value: &str) -> String {
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
fn few_rows_by_column_inserts_are_those_of_the_copy_form() {
    let masked = String::from_utf8(masked("dump_columns.sql")).expect("UTF-8");
    assert!(copied(&fixture("dump.sql")).len() >= 15);
    // Every stand-in of a customer that is in the small dump stands there as a literal.
    let before = String::from_utf8(fixture("dump_columns.sql")).expect("UTF-8");
    let (old, new) = (&measure().before["customers"], &measure().after["customers"]);
    let mut found = 0;
    for (was, is) in old.texts("public_id").iter().flatten().zip(new.texts("public_id").iter().flatten()) {
        if before.contains(&format!("'{was}'")) {
            assert!(
                !masked.contains(was.as_str()) && masked.contains(&format!("'{is}'")),
                "a customer differs"
            );
            found += 1;
        }
    }
    assert!(found > 20, "{found} customers are in the small dump");
}
