//! What schema statements say, form by form, and a whole schema against its golden text.

use super::*;
use crate::error::ErrorKind;
use crate::row::shape::{Check, ColumnType, Expression, TableFacts, TypeClass};
use std::fmt::Write as _;

/// Reads statements that must all be understood.
fn catalog(statements: &[&str]) -> Catalog {
    let mut catalog = Catalog::default();
    for statement in statements {
        if let Err(error) = catalog.apply(statement, 1) {
            panic!("{error} in {statement}");
        }
    }
    catalog
}

/// Shows all facts, one line a thing, in the order of definition.
pub(super) fn shown(catalog: &Catalog) -> String {
    let mut text = String::new();
    for table in catalog.facts().tables() {
        show(table, &mut text);
    }
    text
}

fn show(table: &TableFacts, text: &mut String) {
    let parents: Vec<String> = table.parents.iter().map(ToString::to_string).collect();
    let kind = if table.partition { "partition of" } else { "heir of" };
    write!(text, "table {}", table.name).unwrap();
    if !parents.is_empty() {
        write!(text, " {kind} {}", parents.join(", ")).unwrap();
    }
    match &table.partition_key {
        None => text.push_str(" partitioned by anything"),
        Some(key) if key.is_empty() => {}
        Some(key) => write!(text, " partitioned by ({})", key.join(", ")).unwrap(),
    }
    text.push_str(if table.holds_rows { "\n" } else { " without rows\n" });
    for c in &table.columns {
        write!(text, "  {}: {:?} <{}>", c.name, c.ty.class, c.ty.text).unwrap();
        if let Some(domain) = &c.ty.domain {
            write!(text, " domain {domain}").unwrap();
        }
        for (flag, word) in
            [(c.not_null, " not-null"), (c.generated, " generated"), (c.literal_default, " literal-default")]
        {
            text.push_str(if flag { word } else { "" });
        }
        text.push('\n');
    }
    for u in &table.uniques {
        let kind = if u.primary { "primary" } else { "unique" };
        let more = if u.expression { " by expression" } else { "" };
        writeln!(text, "  {kind} {} ({}){more}", u.name, u.columns.join(", ")).unwrap();
    }
    for k in &table.foreign_keys {
        let (from, to) = (k.columns.join(", "), k.target_columns.join(", "));
        writeln!(text, "  foreign {} ({from}) -> {} ({to})", k.name, k.target).unwrap();
    }
    for c in &table.checks {
        let columns = c.columns.as_ref().map_or("anything".to_owned(), |c| c.join(", "));
        writeln!(text, "  check {} ({columns})", c.name).unwrap();
    }
}

/// Cuts a dump roughly into statements with their first lines: enough for dumps of our own.
fn statements(dump: &str) -> Vec<(u64, String)> {
    let (mut found, mut held, mut first) = (Vec::new(), String::new(), 0);
    let (mut in_rows, mut line) = (false, 0);
    for text in dump.lines() {
        line += 1;
        if in_rows {
            in_rows = text != "\\.";
        } else if !held.is_empty() || !(text.is_empty() || text.starts_with("--") || text.starts_with('\\')) {
            first = if held.is_empty() { line } else { first };
            held.push_str(text);
            held.push('\n');
            if text.ends_with(';') {
                in_rows = held.starts_with("COPY");
                found.push((first, std::mem::take(&mut held)));
            }
        }
    }
    assert!(held.is_empty());
    found
}

#[test]
fn a_whole_schema_as_pg_dump_18_prints_it() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pg_dump/ddl-zoo");
    let dump = std::fs::read_to_string(format!("{folder}/input.sql")).unwrap();
    let mut catalog = Catalog::default();
    let mut text = String::new();
    for (line, statement) in statements(&dump) {
        if statement.starts_with("COPY") {
            let copy = parse_copy(&statement).unwrap();
            let shape = catalog.copy_shape(&copy.table, copy.columns.as_deref()).unwrap();
            let names: Vec<&str> = shape.columns.iter().map(|c| c.name.as_str()).collect();
            writeln!(text, "rows of {} ({})", shape.table, names.join(", ")).unwrap();
        } else if let Err(error) = catalog.apply(&statement, line) {
            panic!("{error} in {statement}");
        }
    }
    text.insert_str(0, &shown(&catalog));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(format!("{folder}/expected.txt"), &text).unwrap();
    }
    let expected = std::fs::read_to_string(format!("{folder}/expected.txt")).unwrap();
    for (is, should) in text.lines().zip(expected.lines()) {
        assert_eq!(is, should);
    }
    assert_eq!(text.len(), expected.len());
}

/// Returns the names of a table's columns.
fn columns(catalog: &Catalog, schema: Option<&str>, table: &str) -> Vec<String> {
    let table = catalog.facts().table(&TableName::new(schema, table)).unwrap();
    table.columns.iter().map(|c| c.name.clone()).collect()
}

fn copied(catalog: &Catalog, copy: &str) -> Result<Vec<String>> {
    let copy = parse_copy(copy).unwrap();
    let shape = catalog.copy_shape(&copy.table, copy.columns.as_deref())?;
    Ok(shape.columns.into_iter().map(|c| c.name).collect())
}

#[test]
fn nasty_03_unquoted_and_quoted_identifiers_are_matched() {
    let c = catalog(&["CREATE TABLE Public.Users (ID integer, \"Id\" text, \"email\" text)"]);
    assert_eq!(columns(&c, Some("public"), "users"), ["id", "Id", "email"]);
    assert_eq!(
        copied(&c, "COPY \"public\".USERS (\"Id\", Email, id) FROM stdin;").unwrap(),
        ["Id", "email", "id"]
    );
    assert!(copied(&c, "COPY public.\"Users\" (id) FROM stdin;").is_err());
    assert!(copied(&c, "COPY public.users (\"ID\") FROM stdin;").is_err());
}

#[test]
fn nasty_04_all_forms_of_create_table_are_recognised() {
    let c = catalog(&[
        "CREATE TABLE IF NOT EXISTS s.a (x integer, y text)",
        "CREATE TABLE IF NOT EXISTS s.a (other integer)",
        "CREATE UNLOGGED TABLE s.b (x integer)",
        "CREATE TEMP TABLE c (x integer)",
        "CREATE GLOBAL TEMPORARY TABLE d (x integer) ON COMMIT DROP",
        "CREATE FOREIGN TABLE s.e (x integer) SERVER far",
        "CREATE TABLE s.f (z date) INHERITS (s.a)",
        "CREATE TABLE s.g (LIKE s.a INCLUDING ALL, w text)",
        "CREATE TABLE s.h (k integer, v text) PARTITION BY LIST (k)",
        "CREATE TABLE s.i PARTITION OF s.h FOR VALUES IN (1)",
        "CREATE TABLE s.j PARTITION OF s.h (v WITH OPTIONS NOT NULL, CHECK (k > 0)) DEFAULT",
        "CREATE TYPE s.ty AS (p integer, q text)",
        "CREATE TABLE s.k OF s.ty (p WITH OPTIONS PRIMARY KEY)",
    ]);
    assert_eq!(columns(&c, Some("s"), "a"), ["x", "y"]);
    for table in [(Some("s"), "b"), (None, "c"), (None, "d"), (Some("s"), "e")] {
        assert_eq!(columns(&c, table.0, table.1), ["x"]);
    }
    assert_eq!(columns(&c, Some("s"), "f"), ["x", "y", "z"]);
    assert_eq!(columns(&c, Some("s"), "g"), ["x", "y", "w"]);
    assert_eq!(columns(&c, Some("s"), "i"), ["k", "v"]);
    assert_eq!(columns(&c, Some("s"), "j"), ["k", "v"]);
    assert_eq!(columns(&c, Some("s"), "k"), ["p", "q"]);
    let i = c.facts().table(&TableName::new(Some("s"), "i")).unwrap();
    assert!(i.partition && i.parents == [TableName::new(Some("s"), "h")]);
    assert!(!c.facts().table(&TableName::new(Some("s"), "e")).unwrap().holds_rows);
}

#[test]
fn nasty_06_generated_columns_are_not_in_the_rows() {
    let c = catalog(&["CREATE TABLE s.t (
        a integer GENERATED ALWAYS AS (c * 2) STORED,
        b text GENERATED ALWAYS AS (upper(d)),
        c integer GENERATED ALWAYS AS IDENTITY,
        v text GENERATED ALWAYS AS (d) VIRTUAL,
        d text GENERATED BY DEFAULT AS IDENTITY,
        e text);"]);
    assert_eq!(copied(&c, "COPY s.t FROM stdin;").unwrap(), ["c", "d", "e"]);
    assert_eq!(copied(&c, "COPY s.t (e, c) FROM stdin;").unwrap(), ["e", "c"]);
    let error = copied(&c, "COPY s.t (e, a) FROM stdin;").unwrap_err();
    assert_eq!(error.to_string(), "rows list a generated column (table s.t, column `a`)");
}

#[test]
fn nasty_07_words_in_defaults_checks_and_comments_shift_nothing() {
    let c = catalog(&[r#"CREATE TABLE s.t ( -- GENERATED ALWAYS AS (x) STORED, y text
        a text DEFAULT 'GENERATED ALWAYS AS (b) STORED, PRIMARY KEY (b); ) ,' NOT NULL,
        "PRIMARY KEY, (b) `" text DEFAULT E'it\'s\n, c text' /* , d text /* ) */ */,
        b integer CONSTRAINT "x) , (" CHECK ((b > 0) AND (a <> 'UNIQUE (a), z text')),
        e text DEFAULT $x$ , f text GENERATED $x$
    );"#]);
    assert_eq!(columns(&c, Some("s"), "t"), ["a", "PRIMARY KEY, (b) `", "b", "e"]);
    let table = c.facts().table(&TableName::new(Some("s"), "t")).unwrap();
    assert!(table.uniques.is_empty() && table.columns.iter().all(|c| !c.generated));
    let expression = "(b > 0) AND (a <> 'UNIQUE (a), z text')".to_owned();
    let check = Check {
        name: "x) , (".into(),
        columns: Some(vec!["a".into(), "b".into()]),
        expression: Some(Expression { sql: expression, exact: true }),
        valid: true,
    };
    assert_eq!(table.checks, [check]);
}

#[test]
fn nasty_08_table_level_lines_are_never_columns() {
    let c = catalog(&[
        "CREATE TABLE s.r (id integer PRIMARY KEY)",
        "CREATE TABLE s.t (a integer, CONSTRAINT n CHECK (a > 0), UNIQUE (a), b tsrange, PRIMARY KEY (a, b),
            EXCLUDE USING gist (a WITH =, b WITH &&) WHERE (a > 1), FOREIGN KEY (a) REFERENCES s.r,
            CONSTRAINT nn NOT NULL b, key integer, exclude text, period integer, \"check\" text) PARTITION BY RANGE (a)",
    ]);
    assert_eq!(columns(&c, Some("s"), "t"), ["a", "b", "key", "exclude", "period", "check"]);
    let shown = shown(&c);
    for line in [
        "table s.t partitioned by (a)",
        "  unique  (a)",
        "  primary  (a, b)",
        "  check n (a)",
        "  check  (a, b)",
        "  foreign  (a) -> s.r ()",
        "  b: Other <tsrange> not-null",
    ] {
        assert!(shown.lines().any(|l| l == line), "{line} is missing in {shown}");
    }
}

#[test]
fn nasty_16_quoted_here_unquoted_there() {
    let c = catalog(&["CREATE TABLE \"s\".\"t\" (\"email\" text, value text)"]);
    assert_eq!(copied(&c, "COPY s.t (email, \"value\") FROM stdin;").unwrap(), ["email", "value"]);
}

#[test]
fn nasty_46_zero_columns_dropped_columns_1600_columns() {
    let wide: Vec<String> = (0..1600).map(|n| format!("c{n} integer")).collect();
    let c = catalog(&[
        "CREATE TABLE s.none (\n);",
        "CREATE TABLE s.one (a text);",
        "CREATE TABLE s.generated (g integer GENERATED ALWAYS AS (1) STORED);",
        &format!("CREATE TABLE s.wide ({});", wide.join(",\n")),
    ]);
    assert!(copied(&c, "COPY s.none  FROM stdin;").unwrap().is_empty());
    assert!(copied(&c, "COPY s.generated  FROM stdin;").unwrap().is_empty());
    assert_eq!(copied(&c, "COPY s.one  FROM stdin;").unwrap(), ["a"]);
    assert_eq!(copied(&c, "COPY s.wide FROM stdin;").unwrap().len(), 1600);
    let more = format!("CREATE TABLE s.wider ({}, d integer);", wide.join(", "));
    assert!(Catalog::default().apply(&more, 1).is_err());
}

#[test]
fn nasty_47_one_name_in_two_schemas() {
    let c = catalog(&[
        "CREATE TABLE a.t (x integer)",
        "CREATE TABLE b.t (y text)",
        "CREATE TYPE a.kind AS ENUM ('p')",
        "CREATE DOMAIN b.kind AS integer",
        "CREATE DOMAIN b.text AS date",
        "CREATE TABLE a.u (p a.kind, q b.kind, r b.text, s text, t pg_catalog.text)",
    ]);
    assert_eq!(copied(&c, "COPY a.t FROM stdin;").unwrap(), ["x"]);
    assert_eq!(copied(&c, "COPY b.t FROM stdin;").unwrap(), ["y"]);
    assert!(copied(&c, "COPY t FROM stdin;").is_err());
    let classes: Vec<TypeClass> =
        c.facts().tables().iter().flat_map(|t| &t.columns).skip(2).map(|c| c.ty.class.clone()).collect();
    let text = TypeClass::Text { max_chars: None };
    let kind = TypeClass::Enum(vec!["p".to_owned()].into());
    assert_eq!(classes, [kind, TypeClass::Integer, TypeClass::Date, text.clone(), text]);
}

#[test]
fn nasty_48_identifiers_with_quotes_spaces_dots_unicode_reserved_words() {
    let c = catalog(&[
        "CREATE TABLE \"My \"\"S\"\"\".\"a.b\" (\"select\" integer, \"a b\" text, \"é\" text, \"q\"\"\" text, exclude text)",
        "ALTER TABLE ONLY \"My \"\"S\"\"\".\"a.b\" ADD CONSTRAINT \"p k\" PRIMARY KEY (\"select\", \"q\"\"\")",
        "CREATE UNIQUE INDEX \"i.x\" ON \"My \"\"S\"\"\".\"a.b\" USING btree (lower(\"a b\"), exclude) WHERE (\"é\" IS NOT NULL)",
    ]);
    let name = TableName::new(Some("My \"S\""), "a.b");
    let table = c.facts().table(&name).unwrap();
    assert_eq!(columns(&c, Some("My \"S\""), "a.b"), ["select", "a b", "é", "q\"", "exclude"]);
    assert_eq!(table.uniques.first().unwrap().columns, ["select", "q\""]);
    let index = table.uniques.get(1).unwrap();
    assert!(index.expression && index.name == "i.x");
    assert_eq!(index.columns, ["a b", "exclude", "é"]);
    assert!(table.columns.first().unwrap().not_null);
}

#[test]
fn types_and_their_aliases() {
    let class = |ty: &str| -> TypeClass {
        let c = catalog(&[&format!("CREATE TABLE t (a {ty})")]);
        c.facts().tables().first().unwrap().columns.first().unwrap().ty.class.clone()
    };
    let text = |max_chars| TypeClass::Text { max_chars };
    for (ty, expected) in [
        ("int", TypeClass::Integer),
        ("INT4", TypeClass::Integer),
        ("pg_catalog.int8", TypeClass::BigInt),
        ("serial2", TypeClass::SmallInt),
        ("bigserial", TypeClass::BigInt),
        ("character varying(12)", text(Some(12))),
        ("varchar", text(None)),
        ("national character varying(3)", text(Some(3))),
        ("char", TypeClass::Char { chars: 1 }),
        ("bpchar(4)", TypeClass::Char { chars: 4 }),
        ("\"char\"", text(Some(1))),
        ("public.citext", TypeClass::CiText),
        ("decimal(5)", TypeClass::Numeric { precision: Some(5), scale: Some(0) }),
        ("float(20)", TypeClass::Float { single: true }),
        ("float(25)", TypeClass::Float { single: false }),
        ("double precision", TypeClass::Float { single: false }),
        ("timestamp(3) without time zone", TypeClass::Timestamp { zone: false }),
        ("timestamptz", TypeClass::Timestamp { zone: true }),
        ("time with time zone", TypeClass::Time),
        ("interval day to second(3)", TypeClass::Interval),
        ("cidr", TypeClass::Inet),
        ("integer[3][4]", TypeClass::Array(Box::new(TypeClass::Integer))),
        ("text ARRAY[4]", TypeClass::Array(Box::new(text(None)))),
        // Nothing is guessed: quoted aliases, other schemas, unknown types and modifiers.
        ("\"integer\"", TypeClass::Other),
        ("\"Text\"", TypeClass::Other),
        ("public.text", TypeClass::Other),
        ("geometry(Point,4326)", TypeClass::Other),
        ("public.vector(3)", TypeClass::Other),
        ("money", TypeClass::Other),
        ("bit varying(3)", TypeClass::Other),
    ] {
        assert_eq!(class(ty), expected, "{ty}");
    }
}

#[test]
fn late_statements_change_tables_and_their_heirs() {
    let c = catalog(&[
        "CREATE TYPE s.mood AS ENUM ('a', 'c')",
        "CREATE TABLE s.p (id integer, m s.mood, ms s.mood[])",
        "CREATE TABLE s.c () INHERITS (s.p)",
        "CREATE TABLE s.q (id integer, m s.mood, ms s.mood[])",
        "ALTER TABLE s.p ADD COLUMN late text DEFAULT 'x' NOT NULL",
        "ALTER TABLE s.p ADD CONSTRAINT k CHECK (id > 0) NOT VALID",
        "ALTER TABLE s.p ADD CONSTRAINT own CHECK (id > 1) NO INHERIT",
        "ALTER TABLE ONLY s.p ADD CONSTRAINT pk PRIMARY KEY (id)",
        "ALTER TYPE s.mood ADD VALUE 'b' BEFORE 'c'",
        "CREATE UNIQUE INDEX u ON s.q (m)",
        "ALTER TABLE ONLY s.q ADD CONSTRAINT uq UNIQUE USING INDEX u",
        "ALTER TABLE ONLY s.q INHERIT s.p",
        "ALTER TABLE s.q ALTER COLUMN id SET NOT NULL, ALTER COLUMN id SET DEFAULT nextval('s.x'::regclass)",
        "ALTER TABLE s.p OWNER TO o",
        "ALTER TABLE s.unknown_view OWNER TO o",
        "ALTER TABLE IF EXISTS ONLY s.unknown DROP CONSTRAINT IF EXISTS pk",
        "CREATE MATERIALIZED VIEW s.mv AS SELECT 1 AS a",
        "CREATE UNIQUE INDEX mvi ON s.mv USING btree (a)",
        "CREATE VIEW s.v AS SELECT 1",
    ]);
    let expected = "\
table s.p
  id: Integer <integer> not-null
  m: Enum([\"a\", \"b\", \"c\"]) <s.mood>
  ms: Array(Enum([\"a\", \"b\", \"c\"])) <s.mood[]>
  late: Text { max_chars: None } <text> not-null literal-default
  primary pk (id)
  check k (id)
  check own (id)
table s.c heir of s.p
  id: Integer <integer>
  m: Enum([\"a\", \"b\", \"c\"]) <s.mood>
  ms: Array(Enum([\"a\", \"b\", \"c\"])) <s.mood[]>
  late: Text { max_chars: None } <text> not-null literal-default
  check k (id)
table s.q heir of s.p
  id: Integer <integer> not-null
  m: Enum([\"a\", \"b\", \"c\"]) <s.mood>
  ms: Array(Enum([\"a\", \"b\", \"c\"])) <s.mood[]>
  unique uq (m)
";
    assert_eq!(shown(&c), expected);
}

#[test]
fn what_is_not_understood_stops_without_a_word_of_the_text() {
    let start = [
        "CREATE TABLE s.t (a integer, b text)",
        "CREATE TYPE s.e AS ENUM ('x')",
        "CREATE DOMAIN s.d AS text",
    ];
    for statement in [
        "CREATE TABLE s.x AS SELECT 'secret' AS a",
        "CREATE TABLE s.x (a integer DEFAULT 'secret'",
        "CREATE TABLE s.x (a integer, secret)",
        "CREATE TABLE s.x (a integer, a text DEFAULT 'secret')",
        "CREATE TABLE s.x (LIKE s.unknown, a text DEFAULT 'secret')",
        "CREATE TABLE s.x (a text DEFAULT 'secret') INHERITS (s.unknown)",
        "CREATE TABLE s.x PARTITION OF s.unknown FOR VALUES IN ('secret')",
        "CREATE TABLE s.x OF s.unknown",
        "CREATE TABLE s.t (a text DEFAULT 'secret')",
        "CREATE TABLE s.x (a text ZEROFILL DEFAULT 'secret')",
        "CREATE TABLE s.x (a text CHECK (a <> 'secret'), PRIMARY KEY (b))",
        "CREATE TABLE a.b.c (x text DEFAULT 'secret')",
        "CREATE TABLE s.x (a integer); CREATE TABLE s.y (b text DEFAULT 'secret')",
        "CREATE SCHEMA z CREATE TABLE x (a text DEFAULT 'secret')",
        "CREATE UNIQUE INDEX i ON s.unknown ((a || 'secret'))",
        "CREATE UNIQUE INDEX i ON s.t (c) WHERE b = 'secret'",
        "ALTER TABLE s.t DROP COLUMN a",
        "ALTER TABLE s.t RENAME COLUMN a TO secret",
        "ALTER TABLE s.t RENAME TO secret",
        "ALTER TABLE s.t SET SCHEMA secret",
        "ALTER TABLE s.t DETACH PARTITION secret",
        "ALTER TABLE s.t INHERIT s.t",
        "ALTER TABLE s.t ALTER COLUMN c SET DEFAULT 'secret'",
        "ALTER TABLE s.unknown ADD CONSTRAINT c CHECK (a <> 'secret')",
        "ALTER TYPE s.e RENAME VALUE 'x' TO 'secret'",
        "ALTER TYPE s.e RENAME TO secret",
        "ALTER DOMAIN s.d RENAME TO secret",
        "ALTER DOMAIN s.unknown ADD CONSTRAINT c CHECK ((VALUE <> 'secret'))",
        "CREATE TYPE s.e AS ENUM ('secret')",
    ] {
        let mut c = catalog(&start);
        let before = shown(&c);
        let error = c.apply(statement, 40).err().unwrap_or_else(|| panic!("passes: {statement}"));
        let said = format!("{error} {:?} {error:?}", error.hint_text());
        assert_eq!(error.kind(), ErrorKind::Input, "{statement}");
        assert!(said.contains("line 40") && !said.contains("secret"), "{said} for {statement}");
        assert_eq!(shown(&c), before, "{statement}");
    }
    let deep = format!("CREATE TABLE x (a integer CHECK ({}a > 0{}))", "(".repeat(5000), ")".repeat(5000));
    let long = format!("CREATE TABLE x (a text DEFAULT {})", vec!["'s'"; 50_000].join(" || "));
    assert!(Catalog::default().apply(&deep, 1).is_err() && Catalog::default().apply(&long, 1).is_err());
    // The line of the error is the line in the dump.
    let error = Catalog::default().apply("CREATE TABLE x (\n a integer,\n b b b b\n);", 40).unwrap_err();
    assert_eq!(error.location().line, Some(42));
}

#[test]
fn rows_of_unknown_tables_are_refused_with_a_hint() {
    let c = catalog(&["CREATE VIEW s.v AS SELECT 1", "CREATE TABLE s.t (a integer)"]);
    let error = copied(&c, "COPY s.v (a) FROM stdin;").unwrap_err();
    assert_eq!(error.to_string(), "rows are for a table that is not known (table s.v)");
    assert!(error.hint_text().unwrap().as_str().contains("--schema"));
    let error = copied(&c, "COPY s.t (a, b) FROM stdin;").unwrap_err();
    assert_eq!(error.to_string(), "rows list a column that the table has not (table s.t, column `b`)");
    assert!(copied(&c, "COPY s.t (a, a) FROM stdin;").is_err());
}

#[test]
fn a_schema_given_before_may_be_told_once_more() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pg_dump/ddl-zoo");
    let dump = std::fs::read_to_string(format!("{folder}/input.sql")).unwrap();
    let apply = |catalog: &mut Catalog| {
        for (line, statement) in statements(&dump) {
            catalog.apply(&statement, line).unwrap();
        }
    };
    let mut first = Catalog::default();
    apply(&mut first);
    let mut second = Catalog::with_facts(first.facts().clone());
    apply(&mut second);
    assert_eq!(shown(&first), shown(&second));
    let dropped = TableName::new(Some("shop"), "dropped");
    second.meet(&dropped, None).unwrap();
    // Twice is once too often, and another table is not the same table.
    assert!(second.apply("CREATE TABLE shop.dropped (a integer, b text)", 1).is_err());
    let mut third = Catalog::with_facts(first.facts().clone());
    third.apply("CREATE TABLE shop.dropped (b text, a integer)", 1).unwrap();
    assert!(third.meet(&dropped, None).is_err());
}

#[test]
fn rows_of_a_table_that_only_the_given_schema_defines() {
    let given = catalog(&[
        "CREATE TABLE m (id integer NOT NULL, d date) PARTITION BY RANGE (d)",
        "CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (1) TO (2)",
    ]);
    let mut c = Catalog::with_facts(given.facts().clone());
    let name = TableName::new(None, "m1");
    c.meet(&name, Some(&["id".to_owned()])).unwrap();
    let shape = c.copy_shape(&name, Some(&["id".to_owned()])).unwrap();
    assert_eq!(shape.columns.first().map(|c| c.ty.class.clone()), Some(TypeClass::Integer));
    assert!(c.facts().table(&TableName::new(None, "m")).is_some(), "its root decides");
    assert!(c.is_part());
    // A definition of its own behind its rows is too late.
    assert!(c.apply("CREATE TABLE m1 (id integer)", 1).is_err());
}

#[test]
fn nasty_02_rows_without_any_schema() {
    let list = ["id".to_owned(), "email".to_owned()];
    let name = TableName::new(Some("public"), "t");
    let mut c = Catalog::default();
    assert!(c.meet(&name, None).is_err(), "neither schema nor list");
    c.meet(&name, Some(&list)).unwrap();
    let shape = c.copy_shape(&name, Some(&list)).unwrap();
    assert!(shape.columns.iter().all(|c| c.ty.class == TypeClass::Unknown));
    // Later rows may list fewer columns, but no others.
    c.meet(&name, Some(&list)).unwrap();
    assert!(c.copy_shape(&name, Some(&["other".to_owned()])).is_err());
    // Where the input defines tables, one that it does not define is a fault.
    let mut c = catalog(&["CREATE TABLE a (b integer)"]);
    assert!(c.meet(&name, Some(&list)).is_err());
}

#[test]
fn what_is_said_behind_the_rows_may_stand_alone() {
    let mut c = Catalog::default();
    for text in [
        "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id)",
        "CREATE UNIQUE INDEX i ON public.t USING btree (id)",
        "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE public.t DISABLE TRIGGER ALL",
    ] {
        c.apply(text, 1).unwrap();
    }
    assert!(c.is_part());
    for text in
        ["ALTER TABLE t ADD COLUMN c text", "ALTER TABLE t RENAME TO u", "ALTER TABLE t ALTER c TYPE text"]
    {
        assert!(c.apply(text, 1).is_err(), "{text}");
    }
    let mut c = catalog(&["CREATE TABLE a (b integer)"]);
    assert!(c.apply("ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id)", 1).is_err());
}

#[test]
fn expressions_name_the_columns_they_read() {
    let c = catalog(&[
        "CREATE DOMAIN s.d AS varchar(9) NOT NULL",
        "CREATE TABLE s.t (
        lower text, date date, \"Upper\" s.d, note text, flag boolean,
        CONSTRAINT a CHECK (lower((note)::text) <> ''::text),
        CONSTRAINT b CHECK ((\"Upper\")::date > '2020-01-01'::date),
        CONSTRAINT c CHECK (EXTRACT(year FROM date) > 2000 AND flag),
        CONSTRAINT d CHECK (t.* IS NOT NULL),
        CONSTRAINT e CHECK (note COLLATE \"Upper\" > 'date'))",
    ]);
    let table = c.facts().tables().first().unwrap();
    let read: Vec<String> =
        table.checks.iter().map(|c| c.columns.as_ref().map_or("all".into(), |c| c.join(" "))).collect();
    assert_eq!(read, ["note", "Upper", "date flag", "all", "note"]);
    let ty = ColumnType {
        class: TypeClass::Text { max_chars: Some(9) },
        text: "s.d".into(),
        domain: Some("s.d".into()),
    };
    assert_eq!(table.columns.get(2).map(|c| (&c.ty, c.not_null)), Some((&ty, true)));
}

#[test]
fn checks_keep_their_text_and_domains_hand_theirs_down() {
    let c = catalog(&[
        "CREATE DOMAIN d AS text CONSTRAINT short CHECK ((length(VALUE) < 9)) CHECK (value <> 'a\\b')",
        "CREATE DOMAIN e AS d CONSTRAINT named CHECK ((VALUE <> ''::text))",
        "CREATE TABLE t (\"A \"\"a\" d, b e, c d[], n integer,
           CONSTRAINT known CHECK ((n > 0)), CHECK (n < 9) NOT ENFORCED)",
        "ALTER TABLE ONLY t ADD CONSTRAINT old CHECK ((n < 9)) NOT VALID",
        "ALTER DOMAIN e ADD CONSTRAINT late CHECK ((VALUE ~~ '%@%'::text)) NOT VALID",
        "ALTER DOMAIN d ADD CONSTRAINT last CHECK ((VALUE <> 'x'::text))",
    ]);
    let table = c.facts().tables().first().unwrap();
    let text = |c: &Check| {
        let sql = c.expression.as_ref().map_or("-", |e| e.sql.as_str());
        format!("{} {} {sql}", c.name, if c.valid { "valid" } else { "old" })
    };
    let found: Vec<String> = table.checks.iter().map(text).collect();
    assert_eq!(
        found,
        [
            "known valid (n > 0)",
            " old -",
            "short valid (length(\"A \"\"a\") < 9)",
            " valid \"A \"\"a\" <> 'a\\b'",
            "short valid (length(\"b\") < 9)",
            " valid \"b\" <> 'a\\b'",
            "named valid (\"b\" <> ''::text)",
            "old old (n < 9)",
            "late old (\"b\" ~~ '%@%'::text)",
            "last valid (\"A \"\"a\" <> 'x'::text)",
            "last valid (\"b\" <> 'x'::text)",
        ]
    );
    assert!(!format!("{:?}", table.checks).contains("length"), "an expression is shown");
}

/// pg_dump prints a backslash as it stands, `standard_conforming_strings` being on.
#[test]
fn backslashes_of_checks_are_what_the_session_says() {
    let known = |standard: bool| {
        let mut catalog = Catalog::default();
        catalog.of_strings(standard);
        catalog
            .apply("CREATE DOMAIN public.d AS text CONSTRAINT d_c CHECK ((VALUE ~ '^\\d$'::text));\n", 1)
            .unwrap();
        let table = "CREATE TABLE public.t (a text, b public.d, CONSTRAINT c CHECK ((a ~ '^\\.$'::text)));\n";
        catalog.apply(table, 2).unwrap();
        let checks = &catalog.facts().tables()[0].checks;
        checks.iter().map(|check| check.expression.is_some()).collect::<Vec<_>>()
    };
    assert_eq!((known(true), known(false)), (vec![true, true], vec![false, false]));
}
