//! The language end to end: every rule form on a small dump and on a file with the same rows, under a fixed key; what the
//! language promises about joins, keys and refusals, seen from the command line.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, folder, profile};
use crate::support::{copy, repository};

/// Keys of known bytes, so that stand-ins can be written down: 0, 1, 2, .. and 3, 10, 17, ..
const KEY: &str = "standin-key-1:tests:aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypqjezt\n";
const OTHER_KEY: &str = "standin-key-1:tests:amfbcga7eywtio2cjfifoxtfnrzxvamir6lj3jflwk44br6o2xodlgaw\n";

/// The part of a profile that all cases share.
const HEAD: &str = "version: 1
locale: nl_NL
policy:
  domain: tests
reasons:
  w: needed
entities:
  person:
    subject: id
    id: {pseudonym: integer}
    email: {fake: email, unique: true}
    mail: {fake: email}
    first: {fake: first_name}
    last: {fake: last_name}
    full: {fake: full_name}
    phone: {fake: phone}
    street: {fake: street}
    city: {fake: city}
    postcode: {fake: postcode}
    iban: {fake: iban}
    short: {fake: last_name, max: 6}
    us: {fake: phone, locale: en_US}
    by_first: {fake: city, by: value}
    of_mail: {fake: last_name, by: email}
  order:
    id: {pseudonym: integer}
";

/// A column: name, type, rule (empty = kept), three values (`-` = NULL) and what comes of them.
type Case = (&'static str, &'static str, &'static str, [&'static str; 3], [&'static str; 3]);

const CASES: &[Case] = &[
    ("id", "integer", "person.id", ["1", "2", "0"], ["1515534481", "1869266162", "0"]),
    (
        "who",
        "bigint",
        "{use: order.id}",
        ["1", "5000000000", "-1"],
        ["1088526788", "6902270093135910244", "-1088526788"],
    ),
    ("txt", "text", "order.id", ["1", "002", "x"], ["1088526788", "1211046377", "1140390244"]),
    ("pad", "character(20)", "order.id", ["1", "2", "-"], ["1088526788", "1211046377", "-"]),
    ("kept", "text", "", ["paid", "-", "open"], ["paid", "-", "open"]),
    ("why", "text", "{keep: w}", ["paid", "-", "open"], ["paid", "-", "open"]),
    ("gone", "text", "suppress", ["call back", "-", "x"], ["-", "-", "-"]),
    ("con", "text", "{constant: gone}", ["a", "-", "gone"], ["gone", "-", "gone"]),
    ("num", "numeric(8,2)", "{constant: 0}", ["12.50", "-", "0"], ["0", "-", "0"]),
    (
        "h",
        "text",
        "hash",
        ["user-1", "user-2", "-"],
        ["2762b17eb56c97fda438a6ffd91c783b", "6f9da54ab020c445a6960561fa300eff", "-"],
    ),
    (
        "h16",
        "text",
        "{hash: {length: 16}}",
        ["user-1", "User-1", "-"],
        ["056d7ce4b444beb9", "8970cb255b937a8d", "-"],
    ),
    (
        "tiny",
        "smallint",
        "{pseudonym: integer, within: smallint}",
        ["7", "-", "32767"],
        ["17122", "-", "14330"],
    ),
    (
        "uid",
        "uuid",
        "{pseudonym: uuid}",
        ["0f8fad5b-d9cb-469f-a165-70867728950e", "-", "00000000-0000-4000-8000-000000000000"],
        ["63693b9f-5bd7-49d9-9fd4-fed2fea1366d", "-", "4d5a1d08-2e68-4403-ba0a-608ed589d664"],
    ),
    (
        "bsn",
        "character(9)",
        "{pseudonym: bsn}",
        ["111222333", "-", "123456782"],
        ["387526559", "-", "485739823"],
    ),
    ("day", "date", "{generalise: month}", ["1987-06-05", "infinity", "-"], ["1987-06-01", "infinity", "-"]),
    (
        "at",
        "timestamp with time zone",
        "{generalise: year}",
        ["1987-06-05 10:11:12+02", "-", "2024-02-29 23:59:59+00"],
        ["1987-01-01 00:00:00+02", "-", "2024-01-01 00:00:00+00"],
    ),
    (
        "email",
        "text",
        "person.email",
        ["jan@example.com", "JAN@example.com", "-"],
        ["g6hqrff64t6te4ca@example.org", "g6hqrff64t6te4ca@example.org", "-"],
    ),
    (
        "mail",
        "text",
        "person.mail",
        ["jan@example.com", "-", "x"],
        ["janna.albers2406@example.org", "-", "ali.kuipers9519@example.org"],
    ),
    (
        "own_mail",
        "text",
        "{fake: email}",
        ["jan@example.com", "piet@example.com", "-"],
        ["hilde.swinkels8712@example.org", "cornelia.vos4422@example.org", "-"],
    ),
    ("first", "text", "person.first", ["Jan", "Piet", "Anna"], ["Janna", "Bernard", "Roos"]),
    ("last", "text", "person.last", ["JANSEN", "de Vries", "-"], ["ALBERS", "Kuiper", "-"]),
    (
        "full_name",
        "text",
        "person.full",
        ["Jan Jansen", "Piet de Vries", "Anna"],
        ["Janna Albers", "Bernard Kuiper", "Eddy Scholten"],
    ),
    ("given", "text", "{use: person.first, by: who}", ["Jan", "Piet", "Anna"], ["Janna", "Sam", "Roos"]),
    ("alone", "text", "{use: person.last, by: value}", ["Jansen", "JANSEN", "-"], ["Vos", "VOS", "-"]),
    (
        "town",
        "text",
        "person.by_first",
        ["Amsterdam", "amsterdam", "Utrecht"],
        ["Bredevoort", "bredevoort", "Nieuwe Pekela"],
    ),
    ("by_mail", "text", "person.of_mail", ["Jansen", "Jansen", "Jansen"], ["Hendriks", "Hendriks", "Cents"]),
    (
        "phone",
        "text",
        "person.phone",
        ["06-00000001", "+31600000002", "-"],
        ["0119-502392", "+31169965332", "-"],
    ),
    ("us", "text", "person.us", ["(212) 555-0100", "2125550101", "-"], ["(212) 555-0115", "3125550178", "-"]),
    (
        "street",
        "text",
        "person.street",
        ["Dorpsweg 1", "Kerkpad", "-"],
        ["Hamburgerweg 167", "Seringenweg", "-"],
    ),
    ("city", "text", "person.city", ["AMSTERDAM", "Utrecht", "-"], ["LEEUWARDEN", "Arkel", "-"]),
    ("postcode", "text", "person.postcode", ["1000 AA", "1000AB", "1000"], ["8913 TH", "4241WE", "5684"]),
    (
        "iban",
        "text",
        "person.iban",
        ["NL00 BANK 0000 0000 00", "DE00000000000000000000", "-"],
        ["NL53 FAKE 4352 5529 42", "DE72000000006176936751", "-"],
    ),
    ("short", "character varying(6)", "person.short", ["Jansen", "Bos", "-"], ["Albers", "Kuiper", "-"]),
    (
        "named",
        "text",
        "{fake: last_name, by: own_mail}",
        ["Jansen", "Jansen", "Jansen"],
        ["Meijer", "Post", "Huisman"],
    ),
    ("en", "text", "{fake: last_name, locale: en_US}", ["Doe", "doe", "-"], ["Taylor", "taylor", "-"]),
];

fn key_file(text: &str) -> PathBuf {
    file(if text == KEY { "known.key" } else { "other.key" }, text.as_bytes())
}

/// Runs a verb on a file of that name with a profile.
fn with_args(verb: &str, profile: &str, name: &str, text: &str, args: &[&str]) -> Ran {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let place = folder().join(format!("language-{}", RUNS.fetch_add(1, Ordering::Relaxed)));
    std::fs::create_dir_all(&place).expect("folder is made");
    let (rules, input) = (place.join("profile.yaml"), place.join(name));
    std::fs::write(&rules, profile).expect("profile is written");
    std::fs::write(&input, text).expect("input is written");
    let mut command = standin();
    command.arg(verb).arg(&input).arg("-p").arg(&rules).arg("--key-file").arg(key_file(KEY)).args(args);
    run(&mut command, b"")
}

fn mask(profile: &str, name: &str, text: &str) -> Ran {
    with_args("mask", profile, name, text, &[])
}

fn check(profile: &str, name: &str, text: &str) -> Ran {
    with_args("check", profile, name, text, &[])
}

/// Makes a dump of one table: columns with their types, rows with `-` for NULL.
fn dump(table: &str, columns: &[(&str, &str)], rows: &[Vec<&str>]) -> String {
    let defined: Vec<String> = columns.iter().map(|(name, ty)| format!("    {name} {ty}")).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut text =
        "--\n-- PostgreSQL database dump\n--\n\nSET standard_conforming_strings = on;\n\n".to_owned();
    let _ = write!(text, "CREATE TABLE public.{table} (\n{}\n);\n\n", defined.join(",\n"));
    let _ = writeln!(text, "COPY public.{table} ({}) FROM stdin;", names.join(", "));
    for row in rows {
        let cells: Vec<&str> = row.iter().map(|cell| if *cell == "-" { "\\N" } else { *cell }).collect();
        let _ = writeln!(text, "{}", cells.join("\t"));
    }
    text + "\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n\n"
}

fn rules_of_cases() -> String {
    let mut rules = format!("{HEAD}tables:\n  t:\n    columns:\n");
    for (name, _, rule, ..) in CASES.iter().filter(|case| !case.2.is_empty()) {
        let _ = writeln!(rules, "      {name}: {rule}");
    }
    let kept: Vec<&str> = CASES.iter().filter(|case| case.2.is_empty()).map(|case| case.0).collect();
    rules + &format!("    keep: [{}]\n    why: w\n", kept.join(", "))
}

fn rows_of_cases() -> Vec<Vec<&'static str>> {
    (0..3).map(|row| CASES.iter().map(|case| case.3[row]).collect()).collect()
}

#[test]
fn every_rule_form_on_a_dump() {
    let columns: Vec<(&str, &str)> = CASES.iter().map(|case| (case.0, case.1)).collect();
    let ran = mask(&rules_of_cases(), "t.sql", &dump("t", &columns, &rows_of_cases()));
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let (_, blocks) = copy::split(&ran.stdout);
    let block = blocks.get("public.t").expect("the table's rows");
    let mut wrong = Vec::new();
    for (name, _, rule, _, wanted) in CASES {
        let found: Vec<String> =
            block.column(name).into_iter().map(|cell| cell.unwrap_or_else(|| "-".to_owned())).collect();
        if found != *wanted {
            wrong.push(format!("{name}: {rule}: {found:?}, not {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_with_the_same_rows_has_the_same_stand_ins() {
    let names: Vec<&str> = CASES.iter().map(|case| case.0).collect();
    let line = |cells: Vec<&str>| cells.join(";") + "\n";
    let empty = |cell| if cell == "-" { "" } else { cell };
    let mut text = line(names);
    for row in rows_of_cases() {
        text += &line(row.into_iter().map(empty).collect());
    }
    let ran = mask(&rules_of_cases(), "t.csv", &text);
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let out = ran.text();
    let records: Vec<Vec<&str>> = out.lines().skip(1).map(|line| line.split(';').collect()).collect();
    for (index, (name, _, rule, _, wanted)) in CASES.iter().enumerate() {
        let found: Vec<&str> = records.iter().map(|record| record[index]).collect();
        assert_eq!(found, wanted.map(empty), "{name}: {rule}");
    }
}

/// Two people in a table and in a file, with no case of `CASES`.
const PEOPLE: &str = "tables:
  people:
    columns:
      id: person.id
      name: person.last
    keep: [status]
    why: w
";

fn people(id: &str) -> String {
    let rows = vec![vec!["7", "Jansen", "open"], vec!["8", "Jansen", "open"]];
    dump("people", &[("id", id), ("name", "text"), ("status", "text")], &rows)
}

#[test]
fn a_number_joins_whatever_type_holds_it() {
    let rules = format!("{HEAD}{PEOPLE}");
    let ids = |id: &str| {
        let ran = mask(&rules, "people.sql", &people(id));
        assert_eq!(ran.code(), 0, "{id}: {}", ran.stderr);
        let (_, mut blocks) = copy::split(&ran.stdout);
        let block = blocks.remove("public.people").expect("rows");
        (block.column("id"), block.column("name"))
    };
    let integers = ids("integer NOT NULL");
    for ty in ["bigint", "text", "character(20)", "character varying(19)", "numeric", "numeric(19,0)"] {
        assert_eq!(ids(ty), integers, "{ty}");
    }
    let file = mask(&rules, "people.csv", "status,name,id\nopen,Jansen,007\nopen,Jansen,8\n").text();
    for (id, name) in integers.0.iter().zip(&integers.1) {
        let row = format!("open,{},{}\n", name.as_deref().unwrap(), id.as_deref().unwrap());
        assert!(file.contains(&row), "{file}");
    }
}

#[test]
fn pinned_values_stand_for_nobody_in_every_spelling() {
    let rules = format!("{HEAD}{PEOPLE}");
    let ran =
        mask(&rules, "people.csv", "id,name,status\n0,Jansen,a\n00,Jansen,b\n +0,Jansen,c\n,Jansen,d\n");
    let out = ran.text();
    let names: BTreeSet<&str> = out.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(names.len(), 1, "all are decided by the value: {out}");
}

#[test]
fn a_header_that_may_be_data_is_never_shown() {
    let rules = format!("{HEAD}{PEOPLE}");
    for first in ["7,Zonnebloem,open", "id,name,status,Zonnebloem", "id,namen,Zonnebloem"] {
        let text = format!("{first}\n");
        let rest = text.replace("Zonnebloem", "x").replace("id", "1");
        for verb in ["check", "mask"] {
            for args in [&[][..], &["--allow-unlisted-keep"]] {
                let ran = with_args(verb, &rules, "people.csv", &format!("{text}{rest}"), args);
                assert!(!ran.stderr.contains("Zonnebloem"), "{}", ran.stderr);
                assert!(
                    args.len() == 1 || (ran.code() != 0 && !ran.text().contains("Zonnebloem")),
                    "{first}"
                );
            }
        }
    }
    let named =
        with_args("check", &rules, "people.csv", "7,Zonnebloem,open\n", &["--columns", "id,naam,status"]);
    assert!(named.stderr.contains("`naam`"), "names of the command line are names: {}", named.stderr);
}

#[test]
fn the_flag_that_keeps_turns_no_rule_off() {
    let rules = format!("{HEAD}{PEOPLE}");
    let text = "id,name,status\n7,Jansen,open\n";
    let keep = &["--allow-unlisted-keep"];
    let ran = with_args("mask", &rules, "peopel.csv", text, keep);
    assert_eq!((ran.code(), ran.text().as_str()), (3, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("rules for one of nearly that name"), "{}", ran.stderr);
    let other = with_args("mask", &rules, "prices.csv", "sku,price\n1,2\n", keep);
    assert_eq!((other.code(), other.text().as_str()), (0, "sku,price\n1,2\n"), "{}", other.stderr);
    let optional = rules
        .replace("  people:\n", "  people:\n    optional: true\n")
        .replace("name: person", "naem: person");
    let ran = with_args("mask", &optional, "people.csv", text, keep);
    assert_eq!((ran.code(), ran.text().as_str()), (3, ""), "{}", ran.stderr);
}

#[test]
fn a_table_that_no_input_has_is_missing_of_several_inputs_too() {
    let rules =
        format!("{HEAD}{PEOPLE}  orders:\n    keep: [x]\n    why: w\n  lost:\n    keep: [x]\n    why: w\n");
    let (place, rules) = (folder().join("several"), file("several.yaml", rules.as_bytes()));
    std::fs::create_dir_all(&place).expect("folder is made");
    let dump = dump("people", &[("id", "integer"), ("name", "text"), ("status", "text")], &[])
        .replace("COPY", "CREATE TABLE public.other (x integer);\n\nCOPY");
    let rules_with =
        std::fs::read_to_string(&rules).expect("profile") + "  other:\n    keep: [x]\n    why: w\n";
    std::fs::write(&rules, rules_with).expect("profile is written");
    std::fs::write(place.join("shop.sql"), dump).expect("dump is written");
    std::fs::write(place.join("orders.csv"), "x\n1\n").expect("file is written");
    for (verb, code) in [("mask", 3), ("check", 1)] {
        let mut command = standin();
        command.arg(verb).args([place.join("shop.sql"), place.join("orders.csv")]).arg("-p").arg(&rules);
        if verb == "mask" {
            command.arg("--dry-run");
        }
        let ran = run(&mut command, b"");
        assert_eq!(ran.code(), code, "{verb}: {}", ran.stderr);
        assert!(ran.stderr.contains("table lost"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("table orders"), "{}", ran.stderr);
    }
}

#[test]
fn an_unfit_value_is_not_removed_where_that_would_not_load() {
    let rules = format!("{HEAD}{PEOPLE}").replace("domain: tests", "domain: tests\n  unfit: suppress");
    let text = |id: &str| people(id).replace("8\tJansen", "x\tJansen");
    let loose = mask(&rules, "people.sql", &text("text"));
    assert!(loose.code() == 0 && loose.text().contains("\\N\t"), "{}", loose.stderr);
    let strict = mask(&rules, "people.sql", &text("text NOT NULL"));
    assert!(strict.code() == 0 && strict.text().contains("\n\t"), "{}", strict.stderr);
    let number = mask(&rules, "people.sql", &text("integer NOT NULL"));
    assert_eq!(number.code(), 3, "{}", number.stderr);
    assert!(!number.text().contains("\n\t"));
}

#[test]
fn check_says_what_weakens_a_run_that_would_succeed() {
    let rules = format!("{HEAD}{PEOPLE}").replace("person.last\n", "{fake: last_name}\n");
    let ran = check(&rules, "people.sql", &people("integer"));
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("what is frequent stays frequent"), "{}", ran.stderr);
    assert!(ran.text().contains("1 warnings"), "{}", ran.text());
    let listed =
        format!("{HEAD}{PEOPLE}").replace("    columns:\n", "    quasi_identifiers: [born]\n    columns:\n");
    let file = check(&listed, "people.csv", "id,name,status,born\n1,2,3,4\n");
    assert_eq!(file.code(), 1, "the column has no rule, which the schema says: {}", file.stderr);
    assert!(file.stderr.contains("warning: `quasi_identifiers` names `born`"), "{}", file.stderr);
}

#[test]
fn messages_name_the_real_fault() {
    for (rule, ty, said) in [
        ("{hash: {}, by: nope}", "text", "`by:` names `nope`"),
        ("{pseudonym: bsn}", "numeric(9,0)", ""),
        ("{pseudonym: integer, within: smallint}", "numeric(5,0)", ""),
        ("{pseudonym: integer}", "numeric(5,0)", "do not fit this `numeric`"),
        ("hash", "character varying(20)", "add `length: 20`"),
        ("{constant: \"{}\"}", "text[] NOT NULL", ""),
        ("{constant: \"00:00:00\"}", "time NOT NULL", ""),
        ("{constant: \"10.0.0.0/8\"}", "inet NOT NULL", ""),
        ("{constant: x}", "integer NOT NULL", "no value of the column's type"),
        ("{pseudonym: integer, within: smallint}", "boolean", "whole numbers"),
    ] {
        let rules = format!("{HEAD}tables:\n  t:\n    columns:\n      a: {rule}\n");
        let ran = check(&rules, "t.sql", &dump("t", &[("a", ty)], &[]));
        assert_eq!(ran.code(), i32::from(!said.is_empty()), "{rule} on {ty}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{rule} on {ty}: {}", ran.stderr);
    }
    let heir = dump("a", &[("id", "integer")], &[]).replace(
        "COPY public.a",
        "CREATE TABLE public.b (\n    x text\n)\nINHERITS (public.a);\n\nCOPY public.a",
    );
    let heir = check(&format!("{HEAD}tables:\n  a:\n    columns:\n      id: person.id\n"), "a.sql", &heir);
    assert!(heir.stderr.contains("add `public.b:` under `tables:` with a rule for `x`"), "{}", heir.stderr);
    let dotted = check(&format!("{HEAD}{PEOPLE}"), "people.2024.csv", "id,name,status\n");
    assert!(dotted.stderr.contains("add `'\"people.2024\"':`"), "{}", dotted.stderr);
}

/// Masks the webshop's dump under a key and returns its blocks.
fn shop_under(key: &str) -> std::collections::BTreeMap<String, copy::Block> {
    let mut command = standin();
    command.arg("mask").arg(repository("fixtures/webshop/dump.sql")).arg("-p").arg(profile());
    copy::split(&run(command.arg("--key-file").arg(key_file(key)), b"").ok()).1
}

/// Returns what a rule under `tables:` of the webshop's profile does with a column.
fn is_keyed(before: &[Option<String>], one: &[Option<String>], other: &[Option<String>]) -> bool {
    // Kept, suppressed, constant and generalised columns come out the same under every key.
    before != one && one != other
}

#[test]
fn two_keys_give_disjoint_stand_ins() {
    let dump = std::fs::read(repository("fixtures/webshop/dump.sql")).expect("fixture");
    let (before, one, other) = (copy::split(&dump).1, shop_under(KEY), shop_under(OTHER_KEY));
    let mut keyed = BTreeSet::new();
    for (table, block) in &one {
        for column in &block.columns {
            let (was, a, b) =
                (before[table].column(column), block.column(column), other[table].column(column));
            if !is_keyed(&was, &a, &b) {
                continue;
            }
            keyed.insert(format!("{table}.{column}"));
            let changed: Vec<_> = a
                .iter()
                .zip(&b)
                .zip(&was)
                .filter(|(_, was)| was.as_ref().is_some_and(|w| !w.is_empty() && w != "0" && w != "-1"))
                .collect();
            // Names, towns and postcodes come from small vocabularies: by chance two people share one, most do not.
            let same = changed.iter().filter(|((a, b), _)| a == b).count();
            assert!(
                same * 10 <= changed.len().max(10),
                "{table}.{column}: {same} of {} agree under two keys",
                changed.len()
            );
            let equal = a
                .iter()
                .zip(&was)
                .filter(|(a, was)| {
                    a == was && was.as_ref().is_some_and(|w| !w.is_empty() && w != "0" && w != "-1")
                })
                .count();
            assert!(
                equal * 10 <= changed.len().max(10),
                "{table}.{column}: {equal} stand-ins equal their originals"
            );
            let many: BTreeSet<_> = a.iter().flatten().filter(|v| v.len() > 9).collect();
            let long = |v: &&String| {
                v.len() > 9 && (v.contains('@') || v.bytes().all(|c| c.is_ascii_hexdigit() || c == b'-'))
            };
            let shared = b.iter().flatten().filter(|v| long(v) && many.contains(v)).count();
            assert_eq!(shared, 0, "{table}.{column}: stand-ins of one key are stand-ins of the other");
        }
    }
    for column in
        ["id", "public_id", "first_name", "last_name", "email", "phone", "bsn", "iban", "external_ref"]
    {
        assert!(
            keyed.contains(&format!("public.customers {column}").replace(' ', ".")),
            "{column} in {keyed:?}"
        );
    }
    for column in ["street", "postcode", "city", "addressee", "customer_id"] {
        assert!(keyed.contains(&format!("public.addresses.{column}")), "{column} in {keyed:?}");
    }
}
