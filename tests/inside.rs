//! What stands inside values, through the whole program: another part that decides, tenants kept apart, serialized PHP in
//! columns of bytes.

use std::path::Path;

use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, key};

fn mask(input: &Path, profile: &str) -> Ran {
    let name = input.file_stem().expect("name").to_string_lossy();
    let profile = file(&format!("{name}.yaml"), profile.as_bytes());
    run(standin().arg("mask").arg(input).arg("-p").arg(profile).arg("--key-file").arg(key()).arg("-j1"), b"")
}

/// Returns the rows between COPY and its end.
fn rows(text: &[u8], table: &str) -> Vec<Vec<String>> {
    let text = String::from_utf8_lossy(text);
    let (_, rest) = text.split_once(&format!("COPY public.{table} ")).expect("table");
    let lines = rest.lines().skip(1).take_while(|line| *line != "\\.");
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn a_part_is_decided_by_the_place_that_by_names() {
    let profile = |by: [&str; 3]| {
        format!(
            "version: 1
policy: {{domain: tests}}
entities:
  person:
    subject: mail
    mail: {{fake: email}}
    name: {{fake: last_name}}
tables:
  people:
    columns:
      mail: person.mail
      name: person.name
      tags: {{hstore: {{mail: person.mail, name: {{use: person.name, by: {}}}}}}}
      pair: {{composite: {{1: person.mail, 2: {{use: person.name, by: {}}}}}}}
      link: {{url: {{query.m: person.mail, query.n: {{use: person.name, by: {}}}}}}}
",
            by[0], by[1], by[2]
        )
    };
    let mut dump = "CREATE TYPE public.pair AS (mail text, name text);
CREATE TABLE public.people (mail text, name text, tags public.hstore, pair public.pair, link text);
COPY public.people (mail, name, tags, pair, link) FROM stdin;\n"
        .to_owned();
    for n in 0..12 {
        let mail = format!("zwartbol{n}@example.org");
        dump.push_str(&format!(
            "{mail}\tZwartbol\t\"mail\"=>\"{mail}\", \"name\"=>\"A{n}\"\t({mail},B{n})\thttps://a.example/?m={mail}&n=C{n}\n"
        ));
    }
    dump.push_str("\\.\n");
    let input = file("inside-by.sql", dump.as_bytes());
    let out = mask(&input, &profile(["$.mail", "$.1", "$.query.m"])).ok();
    assert!(!String::from_utf8_lossy(&out).to_lowercase().contains("zwartbol"));
    let mut names = Vec::new();
    for row in rows(&out, "people") {
        let [_, name, tags, pair, link] = row.as_slice() else { panic!("columns") };
        let last = name.trim_matches('"').to_owned();
        assert!(tags.contains(&format!("\"name\"=>\"{last}\"")), "{tags} is not of {last}");
        assert!(
            pair.contains(&format!(",{last})")) || pair.contains(&format!(",\"{last}\")")),
            "{pair}: {last}"
        );
        let decoded = link.replace("%20", " ").replace("%C3%", "");
        assert!(decoded.contains("&n=") && (decoded.ends_with(&last) || !last.is_ascii()), "{link}: {last}");
        names.push(last);
    }
    names.sort();
    names.dedup();
    assert!(names.len() > 3, "{names:?}");
    for by in [
        ["$.name", "$.1", "$.query.m"],
        ["$.mail", "$.0", "$.query.m"],
        ["$.mail", "$.1", "$.query.*"],
        ["$", "$.1", "$.query.m"],
    ] {
        let ran = mask(&input, &profile(by));
        assert_eq!(ran.code(), 2, "{by:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("by"), "{}", ran.stderr);
    }
}

#[test]
fn tenants_are_kept_apart_inside_of_values_as_in_columns() {
    let profile = "version: 1
policy: {domain: tests}
reasons: {w: \"a test\"}
entities:
  person:
    subject: mail
    scope: [tenant]
    mail: {fake: email}
    name: {fake: last_name}
tables:
  people:
    columns:
      mail: person.mail
      name: person.name
      prefs: {json: {$.mail: person.mail, $.name: person.name, $.other: {use: person.name, by: mail}}}
    keep: [tenant]
    why: w
";
    let mut dump = "CREATE TABLE public.people (tenant integer, mail text, name text, prefs json);
COPY public.people (tenant, mail, name, prefs) FROM stdin;\n"
        .to_owned();
    for tenant in 0..12 {
        let mail = "kim@example.org";
        dump.push_str(&format!(
            "{tenant}\t{mail}\tKim\t{{\"mail\":\"{mail}\",\"name\":\"Kim\",\"other\":\"Kim\"}}\n"
        ));
    }
    dump.push_str("\\.\n");
    let out = mask(&file("inside-scope.sql", dump.as_bytes()), profile).ok();
    let mut mails = Vec::new();
    for row in rows(&out, "people") {
        let [_, mail, name, prefs] = row.as_slice() else { panic!("columns") };
        let prefs: serde_json::Value = serde_json::from_str(prefs).expect("JSON");
        assert_eq!(prefs["mail"], mail.as_str());
        assert_eq!([&prefs["name"], &prefs["other"]], [name.as_str(), name.as_str()]);
        mails.push(mail.clone());
    }
    mails.sort();
    mails.dedup();
    assert_eq!(mails.len(), 12, "each tenant has its own");
    // A table without the column cannot keep them apart.
    let lacking = "CREATE TABLE public.people (mail text, prefs json);
COPY public.people (mail, prefs) FROM stdin;
kim@example.org\t{}
\\.
";
    let profile =
        profile.replace("      name: person.name\n", "").replace("    keep: [tenant]\n    why: w\n", "");
    let profile = profile
        .replace("      mail: person.mail\n", "      mail: suppress\n")
        .replace(", $.other: {use: person.name, by: mail}", "");
    let ran = mask(&file("inside-scope-none.sql", lacking.as_bytes()), &profile);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("scope `tenant`"), "{}", ran.stderr);
}

#[test]
fn serialized_php_in_columns_of_bytes() {
    let profile = "version: 1
policy: {domain: tests}
tables:
  carts: {columns: {cart: {php: {$.mail: {fake: email}}}}}
";
    let php =
        |mail: &str| format!("a:2:{{s:4:\"mail\";s:{}:\"{mail}\";s:1:\"x\";s:8:\"Zwartbol\";}}", mail.len());
    let value = php("zwartbol@example.org");
    let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    let sound = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        assert!(text.starts_with("a:1:{s:4:\"mail\";s:") && text.ends_with("\";}"), "{text}");
        assert!(!text.to_lowercase().contains("zwartbol"), "{text}");
    };
    let bytes = |digits: &str| {
        let pairs = digits.as_bytes().chunks_exact(2);
        pairs
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("hex"), 16).expect("hex"))
            .collect::<Vec<_>>()
    };
    let dump = format!(
        "CREATE TABLE public.carts (cart bytea);\nCOPY public.carts (cart) FROM stdin;\n\\\\x{hex}\n\\.\n"
    );
    let out = mask(&file("inside-bytea.sql", dump.as_bytes()), profile).ok();
    let row = rows(&out, "carts").remove(0).remove(0);
    sound(&bytes(row.strip_prefix("\\\\x").expect("hexadecimal")));
    let quoted = value.replace('"', "\\\"");
    let dump = format!(
        "-- MySQL dump 10.13\nCREATE TABLE `carts` (\n  `cart` longblob\n);\nINSERT INTO `carts` VALUES (0x{hex}),(_binary '{quoted}');\n-- Dump completed\n"
    );
    let out = mask(&file("inside-blob.sql", dump.as_bytes()), profile).ok();
    let text = String::from_utf8_lossy(&out).into_owned();
    let (_, row) = text.split_once("VALUES (0x").unwrap_or_else(|| panic!("{text}"));
    let (digits, row) = row.split_once("),(_binary '").unwrap_or_else(|| panic!("{text}"));
    sound(&bytes(digits));
    sound(row.split_once("');").expect("end").0.replace("\\\"", "\"").as_bytes());
}
