//! Dumps in character sets of two bytes, in most of which the second may be a backslash, a quote or a letter: kept they come
//! back byte for byte, masked they load again with the stand-ins of the UTF-8 dump, and what a set cannot hold stops.

use std::fmt::Write;

use standin::format::InputOptions;
use standin::format::charset::{named, of_mysql};

use crate::support::cluster::{Filled, clusters};
use crate::support::mariadb;
use crate::support::robust;
use crate::support::run::run;
use crate::support::server::Database;
use crate::support::shop::{file, mask};

const PROFILE: &str = "version: 1
policy: {domain: encodings}
reasons: {w: \"invented data\"}
entities:
  person:
    subject: id
    id: {pseudonym: integer}
    email: {hash: {length: 20}}
tables:
  customers:
    columns:
      id: person.id
      email: person.email
      shout: {constant: \"10 Z\"}
    keep: [name, note]
    why: w
    keep_rows: \"id < 90\"
";

const KEEP: &str = "version: 1
policy: {domain: encodings}
reasons: {w: \"invented data\"}
tables:
  customers: {keep: [id, email, name, note, shout], why: w}
";

/// All of PostgreSQL's sets here, with a table's name in each.
const SETS: &[(&str, &str)] = &[
    ("SJIS", "顧客 ソ表"),
    ("GBK", "客户 誠"),
    ("BIG5", "客戶 功"),
    ("UHC", "고객 똠"),
    ("EUC_KR", "고객"),
    ("EUC_CN", "客户"),
    ("KOI8U", "клієнт"),
];

/// Characters of a set whose second bytes may hurt, ten to a text.
fn texts(text: impl Fn(&[u8]) -> Option<String>) -> Vec<String> {
    let trails = [0x5c, 0x7c, 0x60, 0x40, 0x7b, 0x6e, 0x4e, 0x74, 0x41, 0x7e, 0xa1, 0xe0];
    let bytes = trails.into_iter().flat_map(|trail| (0x81..=0xfe_u8).map(move |lead| [lead, trail]));
    let all: Vec<char> =
        bytes.filter_map(|bytes| text(&bytes)).flat_map(|text| text.chars().collect::<Vec<_>>()).collect();
    let all: Vec<char> = all.into_iter().filter(|c| !('\u{80}'..='\u{9f}').contains(c)).collect();
    assert!(all.len() > 60, "{}", all.len());
    all.chunks(10).map(|ten| ten.iter().collect()).collect()
}

/// A text between quotes, with what a string or a row must escape.
fn quoted(text: &str, slash: &str) -> String {
    let text = text.replace('\'', "''").replace('\\', slash);
    format!("'{text}\t{slash}{text}\n''|{text}'")
}

/// Fills a table of PostgreSQL with texts.
fn filled(cluster: &Filled, set: &str, extra: &str) -> Database {
    let database = cluster.scratch().database();
    let mut sql = format!(
        "CREATE TABLE customers (id int PRIMARY KEY, email text, name text, note bytea, shout text);
         COMMENT ON TABLE customers IS '{extra}'; CREATE TABLE \"{extra}\" (id int);"
    );
    let set = named(set).expect("a set");
    for (id, text) in texts(|bytes| set.text(bytes).map(std::borrow::Cow::into_owned)).iter().enumerate() {
        let text = quoted(text, "\\");
        writeln!(sql, "INSERT INTO customers VALUES ({id}, {text}, {text}, E'\\\\xff00', {text});")
            .expect("a string takes all");
    }
    database.psql(&["-v", "ON_ERROR_STOP=1"], sql.as_bytes()).ok();
    database
}

#[test]
fn nasty_43_sets_of_two_bytes_go_there_and_back() {
    let Some(cluster) = clusters().first() else { return };
    let masking = file("encodings.yaml", PROFILE.as_bytes());
    let rules = robust::plan(PROFILE, true).expect("a plan");
    for (set, extra) in SETS {
        let before = filled(cluster, set, extra);
        let dumped = |args: &[&str]| run(before.program("pg_dump").args(args), b"").ok();
        let loaded = |dump: &[u8], args: &[&str]| {
            let masked = mask(&masking, &[&["-q", "--allow-unlisted-keep"], args].concat(), dump).ok();
            let fresh = cluster.scratch().database();
            let ran = fresh.psql(&["-v", "ON_ERROR_STOP=1"], &masked);
            assert_eq!(ran.code(), 0, "{set}: {}", ran.stderr);
            let mut rows = fresh.rows("SELECT id, email, name, note, shout FROM customers");
            rows.sort();
            assert_eq!(
                fresh.rows("SELECT obj_description('customers'::regclass)"),
                [[Some((*extra).to_owned())]]
            );
            (rows, masked)
        };
        let utf8 = loaded(&dumped(&[]), &[]).0;
        assert!(utf8.len() > 5 && utf8.iter().all(|row| row.get(4) == Some(&Some("10 Z".to_owned()))));
        for form in [&[][..], &["--column-inserts"], &["--rows-per-insert=3"]] {
            let dump = dumped(&[&["-E", set], form].concat());
            let header = format!("SET client_encoding = '{set}';");
            assert!(String::from_utf8_lossy(&dump).contains(&header) && std::str::from_utf8(&dump).is_err());
            let (rows, masked) = loaded(&dump, &["-j1"]);
            assert_eq!(rows, utf8, "{set} {form:?}");
            assert_eq!(loaded(&dump, &["-j3"]).1, masked, "{set} {form:?}");
            // Kept, it comes back; and however it is cut, the same becomes of it.
            let options = InputOptions { max_row: 1 << 20, ..InputOptions::default() };
            let ran = |plan, step| {
                let good = robust::masked(plan, "pg_dump", &options, &dump, step).expect("no fault");
                good.unwrap_or_else(|| panic!("{set} {form:?} is refused")).bytes
            };
            assert!(ran(robust::all_keep(), usize::MAX) == dump, "{set} {form:?}");
            let whole = ran(&rules, usize::MAX);
            for step in [1, 7, 1000] {
                assert!(ran(&rules, step) == whole, "{set} {form:?} in steps of {step}");
            }
            // From a file, whose facts are read first.
            let kept = file("encodings-keep.yaml", KEEP.as_bytes());
            let input = file("encodings.sql", &dump);
            let args = ["-q", "--allow-unlisted-keep", input.to_str().expect("a path")];
            assert!(mask(&kept, &args, b"").ok() == dump, "{set} {form:?}");
        }
    }
}

#[test]
fn nasty_43_what_a_set_of_two_bytes_cannot_hold_stops() {
    let Some(cluster) = clusters().first() else { return };
    let before = filled(cluster, "SJIS", "ソ");
    let keep = file("encodings-keep.yaml", KEEP.as_bytes());
    let refused = |dump: &[u8], profile: &std::path::Path, what: &str| {
        let ran = mask(profile, &["-q", "--allow-unlisted-keep"], dump);
        assert_eq!(ran.code(), 3, "{}", ran.stderr);
        assert!(ran.stderr.contains(what), "{}", ran.stderr);
        ran.stderr
    };
    let euro = PROFILE.replace("10 Z", "10 €");
    for form in [&[][..], &["--inserts"]] {
        let dump = run(before.program("pg_dump").args([&["-E", "SJIS"], form].concat()), b"").ok();
        refused(&dump, &file("encodings-euro.yaml", euro.as_bytes()), "customers");
        // A character of two ways to write it, and half a one: in a kept column.
        let at = dump.windows(4).position(|four| four == b"ff00").expect("a kept value");
        let line = dump[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        for wrong in [&b"\x87\x54  "[..], b"  \x81\n", b"\xf0\x40  "] {
            let mut dump = dump.clone();
            dump[at..at + wrong.len()].copy_from_slice(wrong);
            let said = refused(&dump, &keep, "`SJIS`");
            assert!(said.contains(&format!("line {line}")), "{line}: {said}");
        }
        // Said too late, twice, or not at all behind a `\connect`.
        let text = |from: &str, to: &str| {
            let at = dump.windows(from.len()).position(|part| part == from.as_bytes()).expect("is there");
            [&dump[..at], to.as_bytes(), &dump[at + from.len()..]].concat()
        };
        let set = "SET client_encoding = 'SJIS';";
        refused(&text(set, &format!("CREATE TABLE t (id int);\n{set}")), &keep, "encoding");
        refused(&text(set, &format!("{set}\nSET client_encoding = 'UTF8';")), &keep, "character sets");
        refused(&text(set, "SET client_encoding = 'GB18030';"), &keep, "encoding");
    }
    let archive = run(before.program("pg_dump").args(["-Fc", "-E", "SJIS"]), b"").ok();
    refused(&archive, &keep, "encoding");
}

#[test]
fn nasty_43_dumps_of_mysql_in_other_sets() {
    let Some(server) = mariadb::server() else { return };
    let (masking, rules) =
        (file("encodings.yaml", PROFILE.as_bytes()), robust::plan(PROFILE, true).expect("a plan"));
    for name in ["latin1", "koi8r", "cp1251", "sjis", "cp932", "gbk", "gb2312", "big5", "euckr"] {
        let set = of_mysql(name).expect("a set");
        let before = server.database();
        let mut sql = "CREATE TABLE customers (id int PRIMARY KEY, email text, name text, note varbinary(9), shout text);\n".to_owned();
        for (id, text) in texts(|bytes| set.text(bytes).map(std::borrow::Cow::into_owned)).iter().enumerate()
        {
            // A backslash becomes another character in this set, which has none of its own.
            let text = quoted(text, if name == "sjis" { "" } else { "\\\\" });
            writeln!(sql, "INSERT INTO customers VALUES ({id}, {text}, {text}, X'ff00', {text});")
                .expect("a string takes all");
        }
        before.load(sql.as_bytes()).ok();
        let dumped = |set: &str, args: &[&str]| {
            let mut dump = before.program("mariadb-dump");
            run(dump.arg(format!("--default-character-set={set}")).args(args).arg(&before.name), b"").ok()
        };
        let masked = |set: &str, dump: &[u8]| {
            let masked = mask(&masking, &["-q", "--allow-unlisted-keep"], dump).ok();
            let fresh = server.database();
            let mut load = fresh.program("mariadb");
            run(load.arg(format!("--default-character-set={set}")).arg(&fresh.name), &masked).ok();
            fresh.cells("customers", "id")
        };
        let utf8 = masked("utf8mb4", &dumped("utf8mb4", &["--hex-blob"]));
        assert!(utf8.len() > 5, "{name}");
        for form in [&["--hex-blob"][..], &["--hex-blob", "--skip-extended-insert", "--complete-insert"]] {
            let dump = dumped(name, form);
            assert!(std::str::from_utf8(&dump).is_err(), "{name}");
            assert!(masked(name, &dump) == utf8, "{name} {form:?}");
            let options = InputOptions { max_row: 1 << 20, ..InputOptions::default() };
            let ran = |plan, step| {
                let good = robust::masked(plan, "mysql", &options, &dump, step).expect("no fault");
                good.unwrap_or_else(|| panic!("{name} {form:?} is refused")).bytes
            };
            assert!(ran(robust::all_keep(), usize::MAX) == dump, "{name} {form:?}");
            let whole = ran(&rules, usize::MAX);
            for step in [1, 7, 1000] {
                assert!(ran(&rules, step) == whole, "{name} {form:?} in steps of {step}");
            }
        }
        // Bytes as they are: refused where they are masked.
        let suppressing = PROFILE
            .replace("keep: [name, note]", "keep: [name]")
            .replace("shout:", "note: suppress\n      shout:");
        let ran = mask(
            &file("encodings-bytes.yaml", suppressing.as_bytes()),
            &["-q", "--allow-unlisted-keep"],
            &dumped(name, &[]),
        );
        assert_eq!(ran.code(), 3, "{name}: {}", ran.stderr);
    }
}

#[test]
fn nasty_43_a_dump_of_mysql_in_two_sets_is_refused() {
    let dump = |names: &str, table: &str| {
        let text = format!(
            "-- MySQL dump 10.13\n/*!40101 SET NAMES {names} */;\n/*!40101 SET @saved_cs_client = @@character_set_client */;\n\
             /*!50503 SET character_set_client = utf8mb4 */;\nCREATE TABLE `customers` (\n  `id` int, `{table}` text\n);\n\
             /*!40101 SET character_set_client = @saved_cs_client */;\nINSERT INTO `customers` VALUES (1,'x');\n-- Dump completed\n"
        );
        let ran = mask(
            &file("encodings-two.yaml", KEEP.replace("[id, email, name, note, shout]", "[id]").as_bytes()),
            &["-q", "--allow-unlisted-keep"],
            text.as_bytes(),
        );
        (ran.code(), ran.stderr)
    };
    for (names, table, code) in
        [("sjis", "name", 0), ("sjis", "名前", 3), ("utf8mb4", "名前", 0), ("gb18030", "name", 3)]
    {
        let (found, said) = dump(names, table);
        assert_eq!(found, code, "{names} {table}: {said}");
    }
}
