//! Tests of the schema reader, with invented definitions as the dump programs print them.

use super::*;
use crate::format::mysql::lexer::{Mode, Tokens};
use crate::row::shape::Unique;

/// Reads statements, separated by `;;` at line ends.
fn read_by(text: &str, writer: Writer, mode: Mode) -> Result<Catalog> {
    let mut catalog = Catalog::default();
    for statement in text.split(";;\n").filter(|s| !s.trim().is_empty()) {
        let items = Tokens::new(statement.trim_end().trim_end_matches(';').as_bytes(), mode).all()?;
        let mut words = items.iter().map(|i| i.token.upper());
        match (words.next().unwrap().as_str(), words.next().unwrap().as_str()) {
            ("ALTER", _) => catalog.change(&items, &Databases::default(), false)?,
            ("CREATE", "UNIQUE" | "INDEX") => catalog.change(&items, &Databases::default(), true)?,
            _ => catalog.create_table(&items, &Databases::default(), writer, 1)?,
        }
    }
    Ok(catalog)
}

fn read(text: &str) -> Result<Catalog> {
    read_by(text, Writer::default(), Mode::default())
}

fn table<'c>(catalog: &'c Catalog, name: &str) -> &'c TableFacts {
    catalog.facts().table(&TableName::new(None, name)).expect("the table is known")
}

/// Returns the class of one column of that type.
fn class(ty: &str) -> TypeClass {
    let catalog = read(&format!("CREATE TABLE t (a {ty})")).unwrap_or_else(|e| panic!("{ty}: {e}"));
    table(&catalog, "t").columns[0].ty.class.clone()
}

fn names(table: &TableFacts) -> Vec<&str> {
    table.columns.iter().map(|c| c.name.as_str()).collect()
}

/// Invented, with what mariadb-dump and mysqldump 8 print.
const PEOPLE: &str = "CREATE TABLE `people` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `email` varchar(190) NOT NULL COMMENT 'UNIQUE, PRIMARY KEY (x); `q` it''s GENERATED ALWAYS',
  `first``name` varchar(40) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci DEFAULT 'a,b)',
  `full_name` varchar(90) GENERATED ALWAYS AS (concat(`first``name`,' x')) VIRTUAL,
  `age` tinyint(3) unsigned zerofill DEFAULT NULL,
  `notes` mediumtext DEFAULT NULL,
  `born` date DEFAULT '0000-00-00',
  `secret` int(11) INVISIBLE DEFAULT NULL,
  `hidden` int /*!80023 INVISIBLE */,
  `kind` enum('a','b''c','d,e)') DEFAULT 'a',
  `flags` set('x','y') DEFAULT NULL,
  `prefs` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`prefs`)),
  `loc` point /*!80003 SRID 4326 */ DEFAULT NULL,
  `raw` blob /*M!100301 COMPRESSED*/ DEFAULT NULL,
  `price` decimal(10,2) DEFAULT -1.00,
  `created` timestamp(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),
  `token` char(36) DEFAULT (uuid()),
  `n` bigint NOT NULL DEFAULT (next value for `shop`.`s`),
  PRIMARY KEY (`id`),
  UNIQUE KEY `ue` (`email`),
  UNIQUE KEY `up` (`notes`(20),`AGE` DESC) USING BTREE COMMENT 'KEY (a)',
  UNIQUE KEY `uf` ((lower(`email`))),
  KEY `kn` (`notes`(20)) /*!80000 INVISIBLE */,
  FULLTEXT KEY `ft` (`notes`) /*!50100 WITH PARSER `ngram` */ ,
  SPATIAL KEY `sp` (`loc`),
  CONSTRAINT `c1` CHECK (`age` < 200 and `email` <> 'price') /*!80016 NOT ENFORCED */,
  CONSTRAINT `f1` FOREIGN KEY (`secret`, `n`) REFERENCES `other` (`a`, `b`) ON DELETE SET NULL
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci PAGE_CHECKSUM=1 COMMENT='all; of ''them''' `PAGE_COMPRESSED`='1' WITH SYSTEM VERSIONING
/*!50100 PARTITION BY RANGE (year(`born`))
SUBPARTITION BY HASH (`id`)
(PARTITION p0 VALUES LESS THAN (2000) ENGINE = InnoDB,
 PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */";

#[test]
fn nasty_07_and_08_a_whole_table() {
    let catalog = read(PEOPLE).unwrap();
    let t = table(&catalog, "people");
    assert_eq!(t.columns.len(), 18);
    let of = |name: &str| t.column(name).unwrap();
    let not_null: Vec<&str> = t.columns.iter().filter(|c| c.not_null).map(|c| c.name.as_str()).collect();
    assert_eq!(not_null, ["id", "email", "created", "n"]);
    let literal: Vec<&str> =
        t.columns.iter().filter(|c| c.literal_default).map(|c| c.name.as_str()).collect();
    assert_eq!(literal, ["first`name", "born", "kind", "price"]);
    let generated: Vec<&str> = t.columns.iter().filter(|c| c.generated).map(|c| c.name.as_str()).collect();
    assert_eq!(generated, ["full_name"]);
    assert_eq!(of("email").ty.class, TypeClass::Text { max_chars: Some(190) });
    assert_eq!(of("kind").ty.class, TypeClass::Enum(vec!["a".into(), "b'c".into(), "d,e)".into()].into()));
    assert_eq!(of("prefs").ty.class, TypeClass::Json);
    assert_eq!(of("id").ty.text, "int(10) unsigned");
    assert_eq!(of("flags").ty.text, "set('x','y')");
    let unique = |name: &str, columns: &[&str], primary, expression| Unique {
        name: name.into(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        primary,
        expression,
    };
    assert_eq!(
        t.uniques,
        [
            unique("PRIMARY", &["id"], true, false),
            unique("ue", &["email"], false, false),
            unique("up", &["notes", "age"], false, true),
            unique("uf", &["email"], false, true),
        ]
    );
    assert_eq!(t.checks.len(), 1);
    assert_eq!(t.checks[0].columns, Some(vec!["age".into(), "email".into()]));
    assert_eq!(t.foreign_keys[0].columns, ["secret", "n"]);
    assert_eq!(t.foreign_keys[0].target, TableName::new(None, "other"));
    assert_eq!(t.partition_key, Some(vec!["born".into(), "id".into()]));
    assert!(t.holds_rows);
}

#[test]
fn nasty_40_types_are_never_wider_than_they_are() {
    let digits = |n| TypeClass::Numeric { precision: Some(n), scale: Some(0) };
    for (ty, expected) in [
        ("tinyint(1)", digits(2)),
        ("boolean", digits(2)),
        ("smallint(5) unsigned", TypeClass::SmallInt),
        ("mediumint", digits(6)),
        ("int(10) unsigned zerofill", TypeClass::Integer),
        ("INTEGER", TypeClass::Integer),
        ("bigint unsigned", TypeClass::BigInt),
        ("serial", TypeClass::BigInt),
        ("decimal(12,4)", TypeClass::Numeric { precision: Some(12), scale: Some(4) }),
        ("decimal", TypeClass::Numeric { precision: Some(10), scale: Some(0) }),
        ("double precision unsigned", TypeClass::Float { single: false }),
        ("float(7,3)", TypeClass::Float { single: true }),
        ("char(2)", TypeClass::Char { chars: 2 }),
        ("char", TypeClass::Char { chars: 1 }),
        ("national character varying(9)", TypeClass::Text { max_chars: Some(9) }),
        ("varchar(9) character set binary", TypeClass::Bytes),
        ("tinytext", TypeClass::Text { max_chars: Some(63) }),
        ("text", TypeClass::Text { max_chars: Some(16_383) }),
        ("longtext", TypeClass::Text { max_chars: None }),
        ("long varchar", TypeClass::Text { max_chars: Some(4_194_303) }),
        ("json", TypeClass::Json),
        ("date", TypeClass::Date),
        ("datetime(3)", TypeClass::Timestamp { zone: false }),
        ("time", TypeClass::Time),
        ("year(4)", TypeClass::Other),
        ("bit(3)", TypeClass::Other),
        ("set('a','b')", TypeClass::Other),
        ("geometry", TypeClass::Other),
        ("uuid", TypeClass::Uuid),
        ("inet6", TypeClass::Inet),
        ("varbinary(16)", TypeClass::Bytes),
        ("vector(3)", TypeClass::Other),
    ] {
        assert_eq!(class(ty), expected, "{ty}");
    }
}

#[test]
fn keys_that_come_later_count() {
    // As phpMyAdmin writes them, behind the rows.
    let text = "CREATE TABLE `t` (`id` int(11) NOT NULL, `mail` varchar(90), `p` int) ENGINE=InnoDB;;
ALTER TABLE `t`
  ADD PRIMARY KEY (`id`),
  ADD UNIQUE KEY `m` (`mail`) USING BTREE,
  ADD KEY `k` (`p`);;
ALTER TABLE `t`
  MODIFY `id` int(11) NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=3;;
ALTER TABLE `t`
  ADD CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `q` (`id`) ON DELETE CASCADE;;
CREATE UNIQUE INDEX `u` ON `t` (`P`);;
";
    let catalog = read(text).unwrap();
    let t = table(&catalog, "t");
    let uniques: Vec<(&str, Vec<&str>)> =
        t.uniques.iter().map(|u| (u.name.as_str(), u.columns.iter().map(String::as_str).collect())).collect();
    assert_eq!(uniques, [("PRIMARY", vec!["id"]), ("m", vec!["mail"]), ("u", vec!["p"])]);
    assert_eq!(t.foreign_keys.len(), 1);
}

#[test]
fn what_would_shift_columns_or_copy_rows_is_refused() {
    for text in [
        "CREATE TABLE t AS SELECT * FROM people",
        "CREATE TABLE t LIKE people",
        "CREATE TABLE t (LIKE people)",
        "CREATE TABLE t (SELECT a FROM people)",
        "CREATE TABLE t (a int) SELECT a FROM people",
        "CREATE TABLE t (a int) AS SELECT a FROM people",
        "CREATE TABLE t (a int) ENGINE=InnoDB REPLACE SELECT a FROM people",
        "CREATE TABLE t (a int) ENGINE=InnoDB IGNORE AS SELECT 1",
        "CREATE TABLE t (a int) TABLE people",
        "CREATE TABLE t (a int) VALUES ROW(1)",
        "CREATE TABLE t (a int) PARTITION BY HASH (a) SELECT 1 AS a",
        "CREATE TABLE t (a int) ENGINE=FEDERATED CONNECTION='mysql://u:p@h/d/t'",
        "CREATE TABLE t (a int) ENGINE=InnoDB CONNECTION='mysql://u:p@h/d/t'",
        "CREATE TABLE t (a int) ENGINE=CONNECT",
        "CREATE TABLE t (a int) ENGINE=SPIDER COMMENT='host'",
        "CREATE TABLE t (a int /*!99999 , b int */)",
        "CREATE TABLE t (a int, /*!99999 b int */ c int)",
        "CREATE TABLE t (a int) UNKNOWN_WORD",
        "CREATE TABLE t (a int UNKNOWN_WORD)",
        "CREATE TABLE t (a int,)",
        "CREATE TABLE t ()",
        "CREATE TABLE t (a int, A int)",
        "CREATE TABLE t (a int",
        "CREATE TABLE t (a int); INSERT INTO people VALUES (1)",
        "CREATE TABLE t (a int) ENGINE=InnoDB; INSERT INTO people VALUES (1)",
        "CREATE TABLE t (a int);;\nCREATE TABLE t (a int)",
        "CREATE TABLE t (a int);;\nALTER TABLE t ADD COLUMN b int",
        "CREATE TABLE t (a int);;\nALTER TABLE t ADD b int",
        "CREATE TABLE t (a int);;\nALTER TABLE t DROP COLUMN a",
        "CREATE TABLE t (a int);;\nALTER TABLE t RENAME TO b",
        "CREATE TABLE t (a int);;\nALTER TABLE t CHANGE a b int",
        "CREATE TABLE t (a int);;\nALTER TABLE t MODIFY a text",
        "CREATE TABLE t (a int);;\nALTER TABLE t MODIFY a int INVISIBLE",
        "CREATE TABLE t (a int);;\nALTER TABLE t ADD KEY (a); INSERT INTO people VALUES (1)",
        "ALTER TABLE unknown ADD COLUMN b int",
        "CREATE TABLE db.t (a int)",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn nasty_04_forms_of_create() {
    for text in [
        "CREATE TABLE IF NOT EXISTS t (a int)",
        "create table t (a int) engine=innodb",
        "CREATE OR REPLACE TABLE t (a int)",
        "/*!50001 CREATE TABLE t (a int) ENGINE=MyISAM */",
        "CREATE TABLE t (`a` int,KEY(a),CHECK(a > 1))ENGINE=Aria,CHARSET utf8mb4",
        "CREATE TABLE t (a int) UNION=(b,c) ENGINE=MRG_MyISAM DATA DIRECTORY='/x' KEY_BLOCK_SIZE=8",
        "CREATE TABLE t (a int, period int, PERIOD FOR SYSTEM_TIME (a, period))",
        "CREATE TABLE t (a int) PARTITION BY KEY ALGORITHM=2 (a) PARTITIONS 4",
        "CREATE TABLE t (a int);;\nCREATE TABLE IF NOT EXISTS t (a int)",
    ] {
        let catalog = read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(names(table(&catalog, "t"))[0], "a", "{text}");
    }
    let ansi = Mode { ansi_quotes: true, ..Mode::default() };
    let catalog =
        read_by("CREATE TABLE \"t\" (\"a b\" int, PRIMARY KEY (\"a b\"))", Writer::default(), ansi).unwrap();
    assert_eq!(names(table(&catalog, "t")), ["a b"]);
}

fn shape(
    catalog: &mut Catalog,
    table: &str,
    columns: Option<&[&str]>,
) -> std::result::Result<Vec<String>, String> {
    let columns = columns.map(|c| c.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
    let shape = catalog.insert_shape(&[table.to_owned()], columns.as_deref(), &Databases::default());
    shape.map(|s| s.shape.columns.into_iter().map(|c| c.name).collect()).map_err(|e| e.to_string())
}

const GENERATED: &str = "CREATE TABLE T (a int, h int INVISIBLE, g int AS (a + 1) STORED, v int GENERATED ALWAYS AS (a) VIRTUAL, b text) WITH SYSTEM VERSIONING";

#[test]
fn nasty_06_generated_and_invisible_columns_shift_nothing() {
    let mut catalog = read(GENERATED).unwrap();
    // The server's rule: without a list all visible columns have a field, generated ones too, which take DEFAULT.
    let rows = catalog.insert_shape(&["T".to_owned()], None, &Databases::default()).unwrap();
    assert_eq!((rows.width, rows.generated), (4, vec![1, 2]));
    assert_eq!(shape(&mut catalog, "T", None).unwrap(), ["a", "b"]);
    assert_eq!(shape(&mut catalog, "T", Some(&["b", "a", "h"])).unwrap(), ["b", "a", "h"]);
    assert!(table(&catalog, "T").column("g").unwrap().generated);
    // mariadb-dump writes their values, so they need a rule from the start.
    let maria = read_by(GENERATED, Writer { maria: true, ..Writer::default() }, Mode::default()).unwrap();
    assert!(table(&maria, "T").columns.iter().all(|c| !c.generated));
    assert_eq!(shape(&mut { maria }, "T", None).unwrap(), ["a", "g", "v", "b"]);
    // mariadb-dump --dump-history.
    let list: &[&str] = &["a", "b", "row_start", "row_end"];
    assert_eq!(shape(&mut catalog, "T", Some(list)).unwrap(), list);
    assert_eq!(shape(&mut catalog, "T", None).unwrap(), ["a", "b"]);
}

#[test]
fn nasty_03_and_05_names_in_any_case_and_order() {
    let mut catalog = read("CREATE TABLE Users (Id int, Email text)").unwrap();
    assert_eq!(shape(&mut catalog, "Users", Some(&["email", "ID"])).unwrap(), ["Email", "Id"]);
    assert_eq!(shape(&mut catalog, "users", None).unwrap(), ["Id", "Email"]);
    assert!(shape(&mut catalog, "Users", Some(&["Email", "email"])).is_err());
    assert!(shape(&mut catalog, "Users", Some(&["Email", "x"])).is_err());
    let mut two = read("CREATE TABLE Users (a int);;\nCREATE TABLE users (b int)").unwrap();
    assert_eq!(shape(&mut two, "users", None).unwrap(), ["b"]);
    assert!(shape(&mut two, "USERS", None).is_err());
}

#[test]
fn nasty_02_rows_without_a_table_need_a_list() {
    let mut catalog = Catalog::default();
    assert!(shape(&mut catalog, "t", None).is_err());
    assert_eq!(shape(&mut catalog, "t", Some(&["a", "b"])).unwrap(), ["a", "b"]);
    assert_eq!(table(&catalog, "t").columns[0].ty.class, TypeClass::Unknown);
    // What later statements list is known too; without a list it still is not.
    assert_eq!(shape(&mut catalog, "t", Some(&["c", "a"])).unwrap(), ["c", "a"]);
    assert_eq!(names(table(&catalog, "t")), ["a", "b", "c"]);
}

#[test]
fn placeholders_of_views_hold_no_rows() {
    let mut old = read("/*!50001 CREATE TABLE `v` (`id` tinyint NOT NULL) ENGINE=MyISAM */").unwrap();
    assert!(!table(&old, "v").holds_rows);
    assert!(shape(&mut old, "v", None).is_err());
    let php = Writer { php_my_admin: true, ..Writer::default() };
    let text = "CREATE TABLE `v` (`id` int(11));;\nCREATE TABLE `t` (`id` int(11)) ENGINE=InnoDB";
    let catalog = read_by(text, php, Mode::default()).unwrap();
    assert!(!table(&catalog, "v").holds_rows && table(&catalog, "t").holds_rows);
}

#[test]
fn nasty_28_errors_hold_no_text_of_a_definition() {
    let error = read("CREATE TABLE t (a text DEFAULT 'Kanarievogel' Kanarie)").unwrap_err();
    assert!(!format!("{error:?}").contains("Kanarie"));
}

#[test]
fn partitions_are_bounds_of_columns() {
    use crate::row::rules::{Edge, PartitionBound};
    let bounds = |by: &str| {
        let catalog = read(&format!("CREATE TABLE t (a int, b int, at datetime) PARTITION BY {by}")).unwrap();
        table(&catalog, "t").partitions.clone()
    };
    let at = |values: &[&str]| values.iter().map(|value| Edge::At((*value).to_owned())).collect::<Vec<_>>();
    let range = |from: Vec<Edge>, to: Vec<Edge>| PartitionBound::Range { from, to };
    for (by, first, second) in [
        ("RANGE (a) (PARTITION p VALUES LESS THAN (5), PARTITION q VALUES LESS THAN (-9))", "5", "-9"),
        (
            "RANGE (year(`at`)) (PARTITION p VALUES LESS THAN (2024), PARTITION q VALUES LESS THAN (2025))",
            "'2024-01-01'",
            "'2025-01-01'",
        ),
        (
            "RANGE (to_days(at)) (PARTITION p VALUES LESS THAN (739251) ENGINE = InnoDB,
              PARTITION q VALUES LESS THAN (to_days('2025-02-01')))",
            "'2024-01-01'",
            "'2025-02-01'",
        ),
        (
            "RANGE (unix_timestamp(at)) SUBPARTITION BY HASH (b) SUBPARTITIONS 2
              (PARTITION p VALUES LESS THAN (86461), PARTITION q VALUES LESS THAN (172800))",
            "'1970-01-02 00:01:01'",
            "'1970-01-03 00:00:00'",
        ),
    ] {
        let wanted = [range(vec![Edge::Least], at(&[first])), range(at(&[first]), at(&[second]))];
        assert!(bounds(by) == wanted, "{by}");
    }
    let least = || vec![Edge::Least, Edge::Least];
    let by = "RANGE COLUMNS(a,b) (PARTITION p VALUES LESS THAN (1,MAXVALUE), PARTITION q VALUES LESS THAN MAXVALUE)";
    let middle = || vec![Edge::At("1".to_owned()), Edge::Most];
    assert!(bounds(by) == [range(least(), middle()), range(middle(), vec![Edge::Most])]);
    let list = |values: &[&str]| PartitionBound::List(values.iter().map(|v| (*v).to_owned()).collect());
    let by = "LIST COLUMNS (a) (PARTITION p VALUES IN (1,'it''s'), PARTITION q VALUES IN (NULL))";
    assert!(bounds(by) == [list(&["1", "'it''s'"]), list(&["NULL"])]);
    for hash in
        ["HASH (a) PARTITIONS 4", "LINEAR HASH (a)", "KEY () PARTITIONS 2", "LINEAR KEY ALGORITHM=1 (a)"]
    {
        assert!(bounds(hash) == [PartitionBound::Hash], "{hash}");
    }
    for unknown in
        ["RANGE (a + 1) (PARTITION p VALUES LESS THAN (5))", "LIST (a % 2) (PARTITION p VALUES IN (1))"]
    {
        assert!(bounds(unknown) == [PartitionBound::Unknown], "{unknown}");
    }
}
