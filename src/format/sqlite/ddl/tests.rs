//! Definitions and what is known of them, against what SQLite itself says of such tables.

use super::*;

/// Reads definitions, one statement each.
fn catalog(statements: &[&str]) -> Result<Catalog> {
    let mut catalog = Catalog::default();
    for (line, text) in (1..).zip(statements) {
        if text.starts_with("CREATE UNIQUE") {
            catalog.create_unique_index(text.as_bytes(), line)?;
        } else {
            catalog.create_table(text.as_bytes(), line)?;
        }
    }
    Ok(catalog)
}

fn table(text: &str) -> TableFacts {
    catalog(&[text]).unwrap_or_else(|e| panic!("{text}: {e}")).facts().tables()[0].clone()
}

/// Shows columns as `name TYPE flags`.
fn shown(table: &TableFacts) -> Vec<String> {
    let flag = |c: &ColumnFacts| {
        [(c.not_null, " not-null"), (c.generated, " generated"), (c.literal_default, " literal")]
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| *word)
            .collect::<String>()
    };
    table
        .columns
        .iter()
        .map(|c| format!("{} {}{}", c.name, c.ty.text, flag(c)).replace("  ", " ").trim().to_owned())
        .collect()
}

fn uniques(table: &TableFacts) -> Vec<String> {
    let one = |u: &Unique| {
        let kind = if u.primary { "key" } else { "unique" };
        format!("{kind} {}{}", u.columns.join("+"), if u.expression { " expression" } else { "" })
    };
    table.uniques.iter().map(one).collect()
}

#[test]
fn nasty_03_07_08_columns_are_found_in_any_spelling() {
    let t = table(
        "CREATE TABLE IF NOT EXISTS \"odd \"\" name\"([a b] integer, `c``d` text default 'x;y, PRIMARY KEY(', \"order\" int, e,
           'f' VARCHAR ( 10 ) /* , x int */ NOT NULL DEFAULT (1 + (2)) CHECK (f <> 'a,b)' AND length(f) < 9), -- g int,
           desc DECIMAL(10,2) DEFAULT -1.5e+3, key \"my type\" COLLATE nocase,
           CONSTRAINT c UNIQUE (\"order\", F), CHECK (e > \"order\") PRIMARY KEY (key DESC) ON CONFLICT REPLACE,
           FOREIGN KEY (e) REFERENCES Other(Id) ON DELETE SET NULL ON UPDATE NO ACTION MATCH FULL NOT DEFERRABLE INITIALLY DEFERRED);",
    );
    assert_eq!(t.name.table, "odd \" name");
    assert_eq!(
        shown(&t),
        [
            "a b integer",
            "c`d text literal",
            "order int",
            "e",
            "f VARCHAR(10) not-null literal",
            "desc DECIMAL(10,2) literal",
            "key my type"
        ]
    );
    assert_eq!(uniques(&t), ["unique order+f", "key key expression"]);
    let checks: Vec<_> = t.checks.iter().map(|c| c.columns.clone().unwrap()).collect();
    assert_eq!(checks, [vec!["f".to_owned()], vec!["e".to_owned(), "order".to_owned()]]);
    assert_eq!(
        (t.foreign_keys[0].columns[0].as_str(), t.foreign_keys[0].target.table.as_str()),
        ("e", "Other")
    );
}

#[test]
fn nasty_06_generated_columns_are_in_no_row() {
    let mut c = catalog(&[
        "CREATE TABLE g(a integer primary key, b varchar(9) generated always as (a||'x') virtual, \
         c text as (b||'y') stored, d int GENERATED ALWAYS AS (1) NOT NULL, e generated always as (2), f text);",
    ])
    .unwrap();
    let t = &c.facts().tables()[0];
    assert_eq!(
        shown(t),
        [
            "a integer not-null",
            "b varchar(9) generated",
            "c text generated",
            "d int not-null generated",
            "e generated",
            "f text"
        ]
    );
    let shape = c.shape(&["G".to_owned()], None).unwrap();
    let names: Vec<_> = shape.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!((names, shape.table.table.as_str()), (vec!["a", "f"], "g"));
    assert!(c.shape(&["g".to_owned()], Some(&["a".to_owned(), "b".to_owned()])).is_err());
}

#[test]
fn a_primary_key_may_be_null_unless_it_is_the_rowid() {
    for (text, wanted) in [
        ("CREATE TABLE t(a INTEGER PRIMARY KEY);", true),
        ("CREATE TABLE t(a INTEGER CONSTRAINT k PRIMARY KEY ASC ON CONFLICT FAIL AUTOINCREMENT);", true),
        ("CREATE TABLE t(a INTEGER, PRIMARY KEY(a));", true),
        ("CREATE TABLE t(a INTEGER, PRIMARY KEY(a AUTOINCREMENT));", true),
        ("CREATE TABLE t(a INTEGER PRIMARY KEY DESC);", false),
        ("CREATE TABLE t(a INT PRIMARY KEY);", false),
        ("CREATE TABLE t(a TEXT PRIMARY KEY);", false),
        ("CREATE TABLE t(a TEXT PRIMARY KEY) WITHOUT ROWID;", true),
        ("CREATE TABLE t(a TEXT, PRIMARY KEY(A)) without rowid, STRICT;", true),
        ("CREATE TABLE t(a TEXT PRIMARY KEY) STRICT;", true),
    ] {
        assert_eq!(table(text).columns[0].not_null, wanted, "{text}");
    }
}

#[test]
fn nasty_35_unique_indexes_are_facts() {
    let c = catalog(&[
        "CREATE TABLE t(Email TEXT COLLATE NOCASE, b, c);",
        "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON T(B, c DESC);",
        "CREATE UNIQUE INDEX \"i2\" ON t(lower(email));",
        "CREATE UNIQUE INDEX i3 ON t(b) WHERE c IS NOT NULL;",
        "CREATE UNIQUE INDEX i4 ON t(b COLLATE rtrim);",
    ])
    .unwrap();
    let found = uniques(&c.facts().tables()[0]);
    assert_eq!(
        found,
        ["unique b+c", "unique Email expression", "unique b+c expression", "unique b expression"]
    );
    let parts: Vec<_> = c.facts().tables()[0].partial_indexes.iter().collect();
    assert_eq!(parts.iter().map(|i| i.items.len()).collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(parts[0].items, [Some("Email".to_owned())]);
    let predicate = parts[1].predicate.as_ref().map(|predicate| predicate.sql.trim().to_owned());
    assert_eq!(predicate.as_deref(), Some("\"c\" IS NOT NULL"));
    let mut c = c;
    for bad in [
        "CREATE UNIQUE INDEX i ON x(a);",
        "CREATE UNIQUE INDEX i ON t(z);",
        "CREATE UNIQUE INDEX i ON t(b) x;",
    ] {
        assert!(c.create_unique_index(bad.as_bytes(), 1).is_err(), "{bad}");
    }
}

#[test]
fn foreign_keys_point_to_tables_as_they_are_spelled() {
    let c = catalog(&[
        "CREATE TABLE child(p INT REFERENCES PARENT(ID), q INT REFERENCES parent, s INT REFERENCES CHILD);",
        "CREATE TABLE Parent(Id INTEGER PRIMARY KEY, up INT REFERENCES parent(id) ON DELETE CASCADE);",
        "CREATE TABLE late(p INT CONSTRAINT fk REFERENCES pArent(iD) DEFERRABLE);",
    ])
    .unwrap();
    let keys = |at: usize| -> Vec<String> {
        let keys = &c.facts().tables()[at].foreign_keys;
        keys.iter().map(|k| format!("{}.{}", k.target.table, k.target_columns.join("+"))).collect()
    };
    assert_eq!(keys(0), ["Parent.Id", "Parent.", "child."]);
    assert_eq!(keys(1), ["Parent.Id"]);
    assert_eq!(keys(2), ["Parent.Id"]);
}

#[test]
fn what_is_not_understood_stops() {
    for text in [
        "CREATE TABLE t AS SELECT 1;",
        "CREATE TABLE t;",
        "CREATE TABLE t(a, A);",
        "CREATE TABLE t(a int (1) (2));",
        "CREATE TABLE t(a int DEFAULT);",
        "CREATE TABLE t(a int REFERENCES);",
        "CREATE TABLE t(a, UNIQUE(b));",
        "CREATE TABLE t(a, FOREIGN KEY (b) REFERENCES c);",
        "CREATE TABLE t(a, CONSTRAINT x);",
        "CREATE TABLE t(a int CONSTRAINT x, b);",
        "CREATE TABLE t(a,);",
        "CREATE TABLE t(a;",
        "CREATE TABLE t(a) WITH x;",
        "CREATE TABLE t(a); CREATE TABLE u(b);",
        "CREATE TABLE temp.t(a);",
        "CREATE TABLE sqlite_stat4(a);",
    ] {
        let refused = catalog(&[text]).err();
        assert!(refused.is_some(), "{text}");
    }
    assert!(catalog(&["CREATE TABLE t(a);", "CREATE TABLE T(a);"]).is_err());
    assert!(catalog(&["CREATE TABLE t(a);", "CREATE TABLE IF NOT EXISTS t(a);"]).is_ok());
}

#[test]
fn nasty_02_05_columns_of_rows() {
    let text = |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).to_owned()).collect() };
    let mut c =
        catalog(&["CREATE TABLE t(a INT, B TEXT);", "CREATE TABLE k(id INTEGER PRIMARY KEY, b);"]).unwrap();
    let names = |shape: Shape| -> Vec<String> { shape.columns.into_iter().map(|c| c.name).collect() };
    assert_eq!(names(c.shape(&text(&["main", "T"]), Some(&text(&["b", "a"]))).unwrap()), ["B", "a"]);
    assert!(c.is_told(&text(&["t"]), Some(&text(&["b"]))));
    for (table, columns) in [
        (&["t"][..], Some(&["a", "z"][..])),
        (&["t"], Some(&["a", "A"])),
        (&["k"], Some(&["rowid", "b"])),
        (&["temp", "t"], None),
        (&["x", "y", "z"], None),
        (&["unknown"], None),
    ] {
        assert!(c.shape(&text(table), columns.map(text).as_deref()).is_err(), "{table:?}");
    }
    // --preserve-rowids: the rowid is a column that the profile must name; it shifts nothing else.
    assert!(!c.is_told(&text(&["t"]), Some(&text(&["rowid", "a", "b"]))));
    assert_eq!(
        names(c.shape(&text(&["t"]), Some(&text(&["rowid", "a", "b"]))).unwrap()),
        ["rowid", "a", "B"]
    );
    assert!(c.is_told(&text(&["t"]), Some(&text(&["rowid", "a", "b"]))));
    assert_eq!(names(c.shape(&text(&["t"]), None).unwrap()), ["a", "B"]);
    assert!(c.shape(&text(&["t"]), Some(&text(&["oid", "a"]))).is_err());
    // --data-only with a list of columns: they are what is known.
    let shape = c.shape(&text(&["bare"]), Some(&text(&["x", "y"]))).unwrap();
    assert!(shape.columns.iter().all(|c| c.ty.class == TypeClass::Unknown));
    assert_eq!(names(c.shape(&text(&["BARE"]), Some(&text(&["z"]))).unwrap()), ["z"]);
    assert!(c.shape(&text(&["bare"]), None).is_err(), "which columns these are is not known");
    assert_eq!(names(c.shape(&text(&["sqlite_stat4"]), None).unwrap()).len(), 6);
}

#[test]
fn errors_name_the_table_and_never_a_text() {
    let e = catalog(&["CREATE TABLE t(a text DEFAULT 'Kanarie' Kanarie (Kanarie));"]).unwrap_err();
    assert!(!format!("{e}{e:?}").contains("Kanarie"));
    assert!(e.to_string().contains("table t") && e.location().line == Some(1));
}
