//! JSON Lines and TSV through the built program: the same person everywhere, keys in any order, pipes and files, poison.

use standin::format::InputOptions;
use std::process::Command;

use serde_json::{Map, Value};

use crate::support::csv::records;
use crate::support::damage::Dice;
use crate::support::repository;
use crate::support::robust;
use crate::support::run::{Ran, command, run};
use crate::support::shop::{file, folder, mask, profile};

const PROFILE: &str = "version: 1
policy: {domain: tests}
reasons: {work: \"a test\"}
tables:
  people:
    columns:
      id: {pseudonym: integer}
      naam: hash
      adres: suppress
    keep: [extra, \"d.e\"]
    why: work
";

fn people(input: &[u8], args: &[&str]) -> Ran {
    let profile = file("json-lines-people.yaml", PROFILE.as_bytes());
    mask(&profile, &[&["--table", "people", "-q"], args].concat(), input)
}

fn objects(bytes: &[u8]) -> Vec<Map<String, Value>> {
    let text = std::str::from_utf8(bytes).expect("JSON Lines are UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect()
}

/// Writes records as TSV, plainly.
fn tsv(records: &[Vec<String>]) -> String {
    let field =
        |v: &String| v.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
    records.iter().map(|r| r.iter().map(field).collect::<Vec<_>>().join("\t") + "\n").collect()
}

#[test]
fn one_person_is_one_stand_in_in_csv_tsv_and_json_lines() {
    let export = repository("fixtures/webshop/customers_export.csv");
    let text = std::fs::read_to_string(&export).expect("fixture is there");
    let mut before = records(&text, ';');
    // A field in quotes is refused in a masked column of a TSV: it could be a CSV's.
    before.retain(|r| !r.iter().any(|v| v.len() > 1 && v.starts_with('"') && v.ends_with('"')));
    let header = before.first().cloned().expect("a header");
    let text: String = before
        .iter()
        .map(|r| {
            let quoted: Vec<String> = r.iter().map(|v| format!("\"{}\"", v.replace('"', "\"\""))).collect();
            quoted.join(";") + "\n"
        })
        .collect();
    let csv_in = file("one-person.csv", text.as_bytes());
    let tsv_in = file("one-person.tsv", tsv(&before).as_bytes());
    let mut dice = Dice::new(7);
    let lines: String = before
        .iter()
        .skip(1)
        .map(|record| {
            // Keys in another order in every row; what is empty is left out now and then.
            let mut entries: Vec<(String, String)> =
                header.iter().cloned().zip(record.iter().cloned()).collect();
            for at in (1..entries.len()).rev() {
                entries.swap(at, dice.below(at + 1));
            }
            entries.retain(|(_, value)| !value.is_empty() || dice.below(2) == 0);
            let entries: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key), Value::from(value)))
                .collect();
            format!("{{{}}}\n", entries.join(", "))
        })
        .collect();
    let json_in = file("one-person.jsonl", lines.as_bytes());
    let masked = |path: &std::path::Path| {
        let path = path.to_str().expect("UTF-8");
        mask(&profile(), &["-q", "--table", "customers_export", path], b"").ok()
    };
    let csv = records(&String::from_utf8(masked(&csv_in)).expect("UTF-8"), ';');
    assert!(csv.len() > 100 && csv != before, "nothing was masked");
    // A suppressed field is NULL here; a CSV has none.
    let tsv_out = String::from_utf8(masked(&tsv_in)).expect("UTF-8");
    assert!(tsv_out.replace("\\N", "") == tsv(&csv), "TSV differs from CSV");
    let json = objects(&masked(&json_in));
    assert_eq!(json.len(), csv.len() - 1);
    for (object, record) in json.iter().zip(csv.iter().skip(1)) {
        for (name, value) in header.iter().zip(record) {
            let found = object.get(name).unwrap_or(&Value::Null);
            let same =
                if value.is_empty() { found.is_null() || found == "" } else { found == value.as_str() };
            assert!(same, "column {name} differs");
        }
    }
}

#[test]
fn nasty_27_keys_in_any_order_and_missing_ones_are_masked() {
    let row = |at: usize| {
        [
            r#"{"id": 7, "naam": "Zonnebloem", "adres": {"straat": "Kade"}, "extra": [1, 2.50]}"#,
            r#"{"naam":"Zonnebloem","extra":{"x":"Kade"},"id":"7"}"#,
            r#"{"extra": null, "id": 7}"#,
            r#"{"n\u0061am": "Zonnebl\u006fem", "id": null, "adres": "Kade 1"}"#,
            r#"{}"#,
            r#"{"d.e": 0.10, "adres": false, "naam": ["Zonnebloem"]}"#,
        ][at % 6]
    };
    let input: String = (0..3000).map(|at| row(at).to_owned() + "\n").collect();
    let path = file("people.jsonl", input.as_bytes());
    let path = path.to_str().expect("UTF-8");
    let one = people(b"", &["-j", "1", path]).ok();
    for threads in ["2", "4"] {
        assert!(people(b"", &["-j", threads, path]).ok() == one, "-j {threads} differs from -j 1");
    }
    let text = String::from_utf8(one.clone()).expect("UTF-8");
    assert!(!text.contains("Zonne") && !text.contains("Kade 1") && !text.contains("\"straat\""));
    let found = objects(&one);
    assert_eq!(found.len(), 3000);
    let name = found[0]["naam"].clone();
    let id = found[0]["id"].as_i64().expect("a number stays one");
    let id_text = id.to_string();
    for (at, object) in found.iter().enumerate() {
        let before: Map<String, Value> = serde_json::from_str(row(at)).expect("a row");
        let keys = |o: &Map<String, Value>| o.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(object), keys(&before), "row {at}");
        assert_eq!(object.get("extra"), before.get("extra"));
        match at % 6 {
            0 => assert!(object["naam"] == name && object["adres"].is_null() && object["id"] == id),
            1 => assert!(object["naam"] == name && object["id"] == id_text.as_str()),
            3 => assert!(object["naam"] == name && object["id"].is_null() && object["adres"].is_null()),
            5 => assert!(object["adres"].is_null() && object["naam"].is_string()),
            _ => {}
        }
    }
    // Kept bytes are those of the input.
    let line = |at: usize| text.lines().nth(at).expect("a line").to_owned();
    assert!(line(0).ends_with(r#", "extra": [1, 2.50]}"#) && line(5).starts_with(r#"{"d.e": 0.10, "#));
    assert!(line(3).starts_with(r#"{"n\u0061am": "#) && line(1).contains(r#","extra":{"x":"Kade"},"id":""#));
}

#[test]
fn nasty_51_json_is_kept_to_the_byte() {
    let input = "\u{feff}{ \"a\" : 1.0e+2 ,\t\"b\":\"\\u00e9\\/\",\"c\":{\"z\":1,\"a\":[ ],\"z\":2} }\r\n{\"b\":9007199254740993}\n  {}";
    let path = file("kept.jsonl", input.as_bytes());
    let profile = file("json-lines-keep.yaml", b"version: 1\npolicy: {domain: tests}\n");
    for threads in ["1", "4"] {
        let args = ["--allow-unlisted-keep", "-q", "-j", threads, path.to_str().expect("UTF-8")];
        assert!(mask(&profile, &args, b"").ok() == input.as_bytes());
    }
}

#[test]
fn a_key_that_nothing_decides_stops_the_run_and_is_not_shown() {
    let first = r#"{"id":1,"naam":"x","adres":"x","extra":1,"d.e":2}"#;
    let input = format!("{first}\n{{\"id\":2,\"Zonnebloem\":\"x\"}}\n");
    let ran = people(input.as_bytes(), &[]);
    assert_eq!(ran.code(), 3);
    assert!(ran.stderr.contains("--columns") && ran.stderr.contains("line 2"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("Zonne") && !ran.text().contains("Zonne"));
    // Of a file all keys are known before anything is written.
    let path = file("people-unknown.jsonl", input.as_bytes());
    let ran = people(b"", &[path.to_str().expect("UTF-8")]);
    assert!(ran.code() == 3 && ran.stdout.is_empty() && !ran.stderr.contains("Zonne"), "{}", ran.stderr);
    // Named columns do for pipes whose first line has not all of them.
    let late = format!("{{}}\n{first}\n");
    assert_eq!(people(late.as_bytes(), &[]).code(), 3);
    assert_eq!(people(late.as_bytes(), &["--columns", "id,naam,adres,extra,d.e"]).code(), 0);
    assert_eq!(people(input.as_bytes(), &["--columns", "id,naam,adres,extra,d.e"]).code(), 3);
}

#[test]
fn what_is_no_json_lines_is_refused_with_a_hint() {
    for input in [&b"[\n  {\"id\": 1},\n  {\"id\": 2}\n]\n"[..], b"[{\"id\":1}]", b"{\n  \"id\": 1\n}\n"] {
        let ran = people(input, &[]);
        assert!(ran.code() == 3 && ran.stdout.is_empty(), "{}", ran.stderr);
        assert!(ran.stderr.contains("jq -c"), "{}", ran.stderr);
    }
}

#[test]
fn nasty_29_a_stream_that_fails_is_no_json_and_no_tsv() {
    let filler = "x".repeat(80);
    let good = |n: usize| {
        format!("{{\"id\":{n},\"naam\":\"persoon {n}\",\"adres\":1,\"d.e\":2,\"extra\":\"{filler}\"}}\n")
    };
    let lines: String = (0..20_000).map(good).collect();
    for bad in ["{\"id\": 1, \"na", "{\"id\": 1,}\n", "\n"] {
        let ran = people((lines.clone() + bad).as_bytes(), &[]);
        assert_eq!(ran.code(), 3);
        assert!(!ran.stdout.is_empty() && ran.stdout.ends_with(b"not complete\n"), "{bad}");
        let by_line = "import json,sys\nfor l in sys.stdin: json.loads(l)";
        for (program, args) in
            [("python3", &["-c", by_line][..]), ("jq", &["-c", "."]), ("jq", &["-s", "length"])]
        {
            match Command::new(program).arg("--version").output() {
                Ok(_) => {
                    assert_ne!(run(command(program).args(args), &ran.stdout).code(), 0, "{program} {bad}")
                }
                Err(_) => eprintln!("skipped: there is no {program}"),
            }
        }
    }
    let rows: String = (0..20_000).map(|n| format!("{n}\tpersoon {n}\tx\t{filler}\t2\n")).collect();
    let input = format!("id\tnaam\tadres\textra\td.e\n{rows}1\tx\n");
    let ran = people(input.as_bytes(), &["--input-format", "tsv"]);
    assert_eq!(ran.code(), 3);
    let last = ran.stdout.split(|b| *b == b'\n').rev().nth(1).expect("a last line").to_vec();
    assert!(last.starts_with(b"\"standin") && last.iter().filter(|b| **b == b'\t').count() == 5);
    // No file under its final name.
    let (from, to) = (
        file("people-cut.jsonl", (lines + "{\"id\": 1, \"na").as_bytes()),
        folder().join("people-out.jsonl"),
    );
    let ran = people(b"", &["-o", to.to_str().expect("UTF-8"), from.to_str().expect("UTF-8")]);
    assert!(ran.code() == 3 && !to.exists(), "{}", ran.stderr);
}

#[test]
fn damaged_lines() {
    let plan = robust::plan(&PROFILE.replace("people:", "t:"), false).expect("the rules are right");
    let json = r#"{"id": 7, "naam": "Jan \ud83d\ude00", "adres": {"a":[1]}, "extra": true, "d.e": -1.5e3}
{"naam":"","extra":{"x":"Kade"},"id":"7"}
{"adres": null, "n\u0061am": "x\"y\\"}
{}
"#;
    let tsv = "id\tnaam\tadres\textra\td.e\n1\tJan\\tx\\\\\t\\N\t\"a\"\t\n2\t\t\\0\tx\\x41\tC:\\\\\n";
    for (format, seeds) in [
        ("json_lines", vec![json.to_owned(), json.replace('\n', "\r\n")]),
        ("tsv", vec![tsv.to_owned(), tsv.replace('\n', "\r\n")]),
    ] {
        // Its values begin with quotes: only for who says that it is a TSV.
        let options = InputOptions { named: true, ..robust::options("t") };
        for seed in &seeds {
            let good =
                robust::masked(&plan, format, &options, seed.as_bytes(), usize::MAX).expect("no fault");
            assert!(good.is_some(), "{format}: the seed is refused");
        }
        for number in 0..2_000_u64 {
            let mut dice = Dice::new(number);
            let (seed, other) = (&seeds[dice.below(2)], &seeds[dice.below(2)]);
            let bytes = dice.damage(seed.as_bytes(), other.as_bytes());
            if let Err(fault) = robust::input(&plan, format, &options, &bytes) {
                let path = file(&format!("damage-{format}-{number}"), &bytes);
                panic!("{format}, damage {number}: {fault}; the bytes are in {}", path.display());
            }
        }
    }
}

#[test]
fn a_tab_separated_file_that_can_be_read_in_two_ways_stops() {
    let profile = "version: 1\npolicy: {domain: d}\nreasons: {w: test}\ntables:\n  t:\n    columns:\n      email: suppress\n    keep: [k]\n    why: w\n";
    let profile = file("two-ways.yaml", profile.as_bytes());
    let run = |name: &str, text: &str, args: &[&str]| {
        let input = file(name, text.as_bytes());
        let input = input.to_str().expect("a path");
        mask(&profile, &[&["-q", "--table", "t", input], args].concat(), b"")
    };
    // Values that begin and end with a quote: to a CSV's reader all between them is one value.
    let inches = "email\tk\na@example.org\t\"Zomer\nkanarie@example.org\tbuis 12\"\n";
    let ran = run("inches.tsv", inches, &[]);
    assert_eq!((ran.code(), ran.text().contains("kanarie")), (3, false), "{}", ran.stderr);
    assert!(ran.stderr.contains("--input-format"), "{}", ran.stderr);
    let ran = run("inches.tsv", inches, &["--input-format", "tsv"]);
    assert_eq!((ran.code(), ran.text().contains("kanarie")), (0, false), "{}", ran.stderr);
    // A quoted value with a line end far behind what is looked at to recognise the format.
    let mut late = "k\temail\n".to_owned();
    for n in 0..3000 {
        late += &format!("{n}\tx\n");
    }
    late += "9\t\"kanarie\nkanarie\tkanarie\"\n";
    let ran = run("late.tsv", &late, &[]);
    assert_eq!((ran.code(), ran.text().contains("kanarie")), (3, false), "{}", ran.stderr);
    let ran = run("late.tsv", &late, &["--input-format", "csv"]);
    assert_eq!((ran.code(), ran.text().contains("kanarie")), (0, false), "{}", ran.stderr);
}
