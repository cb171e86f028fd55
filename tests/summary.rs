//! The summary that `--summary` writes: its published schema is the code's, runs that succeed and runs that fail write
//! what the schema says, small counts are hidden, and no marked value is in it.

use std::path::Path;

use serde_json::Value;

use crate::support::run::Ran;
use crate::support::shop::{file, folder, mask, profile};
use crate::support::{environment, repository};

fn schema() -> Value {
    serde_json::from_str(&standin::cli::summary_schema()).expect("the schema is JSON")
}

/// Holds a value against a schema; returns what does not fit, by its path. Knows the words that this schema uses, and
/// fails on any other.
pub(crate) fn misfits(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, what) in schema.as_object().expect("a schema is an object") {
        match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => {}
            "$ref" => {
                let name = what.as_str().and_then(|r| r.strip_prefix("#/$defs/")).expect("a local reference");
                found.extend(misfits(root, &root["$defs"][name], value, path));
            }
            "type" => {
                let names: Vec<&str> = match what {
                    Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                    name => name.as_str().into_iter().collect(),
                };
                if !names.iter().any(|name| is(name, value)) {
                    found.push(format!("{path}: not of type {what}"));
                }
            }
            "minimum" => {
                if value.as_f64().is_some_and(|n| n < what.as_f64().expect("a number")) {
                    found.push(format!("{path}: below {what}"));
                }
            }
            "const" if value == what => {}
            "const" => found.push(format!("{path}: not {what}")),
            "oneOf" => {
                let fits = |s: &&Value| misfits(root, s, value, path).is_empty();
                if what.as_array().expect("a list").iter().filter(fits).count() != 1 {
                    found.push(format!("{path}: not exactly one of the forms"));
                }
            }
            "anyOf" => {
                let fits = |s: &Value| misfits(root, s, value, path).is_empty();
                if !what.as_array().expect("a list").iter().any(fits) {
                    found.push(format!("{path}: none of the forms"));
                }
            }
            "required" => {
                for key in what.as_array().expect("a list").iter().filter_map(Value::as_str) {
                    if value.get(key).is_none() {
                        found.push(format!("{path}: no `{key}`"));
                    }
                }
            }
            "properties" => {
                for (key, value) in value.as_object().into_iter().flatten() {
                    match what.get(key) {
                        Some(schema) => found.extend(misfits(root, schema, value, &format!("{path}/{key}"))),
                        None => found.push(format!("{path}: `{key}` is not in the schema")),
                    }
                }
            }
            "items" => {
                for (number, value) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(misfits(root, what, value, &format!("{path}/{number}")));
                }
            }
            word => found.push(format!("{path}: this test does not know the word `{word}`")),
        }
    }
    found
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        _ => false,
    }
}

/// Masks an input and returns the run with the summary it wrote.
fn summary(name: &str, args: &[&str], input: &[u8]) -> (Ran, Value) {
    let path = folder().join(format!("summary-{name}.json"));
    let _ = std::fs::remove_file(&path);
    let mut all = vec!["--summary", path.to_str().expect("plain path")];
    all.extend_from_slice(args);
    let ran = mask(&profile(), &all, input);
    let text =
        std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{name}: no summary; {}", ran.stderr));
    let summary = serde_json::from_str(&text).expect("a summary is JSON");
    let misfits = misfits(&schema(), &schema(), &summary, "");
    assert!(misfits.is_empty(), "{name}: {misfits:#?}");
    no_canary(name, &text);
    (ran, summary)
}

pub(crate) fn no_canary(name: &str, text: &str) {
    let list =
        std::fs::read_to_string(repository("fixtures/webshop/canaries.txt")).expect("fixture is there");
    let text = text.to_lowercase();
    for (column, value) in list.lines().filter_map(|line| line.split_once('\t')) {
        // A short number may also be a count.
        let value = value.to_lowercase();
        assert!(
            value.len() < 5 || !text.contains(&value),
            "{name}: the canary of {column} is in the summary"
        );
    }
    assert!(!text.contains("zqx"), "{name}: a mark is in the summary");
}

/// Visits every count of a summary: all numbers of tables and columns.
fn counts(summary: &Value) -> Vec<&Value> {
    let list = |value: &'static str, of: &Value| of[value].as_array().expect("a list").len();
    let mut found = Vec::new();
    for input in summary["inputs"].as_array().expect("a list") {
        assert!(list("tables", input) > 0);
        for table in input["tables"].as_array().expect("a list") {
            found.extend([&table["rows"], &table["rows_written"]]);
            for column in table["columns"].as_array().expect("a list") {
                let columns = column.as_object().expect("an object");
                found.extend(
                    columns
                        .iter()
                        .filter(|(k, _)| !matches!(k.as_str(), "column" | "technique"))
                        .map(|(_, v)| v),
                );
            }
        }
    }
    found
}

fn dump() -> Vec<u8> {
    std::fs::read(repository("fixtures/webshop/dump.sql")).expect("fixture is there")
}

#[test]
fn the_published_schema_is_the_one_of_the_code() {
    let path = repository("profiles/summary.schema.json");
    if environment("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, standin::cli::summary_schema()).expect("schema is written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == standin::cli::summary_schema(),
        "run with UPDATE_GOLDEN=1 and look at the difference"
    );
}

#[test]
fn a_run_that_succeeds_says_so() {
    let (ran, summary) = summary("good", &[], &dump());
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert_eq!(summary["complete"], true);
    assert_eq!(summary["error"], Value::Null);
    assert_eq!(summary["key"], "tests");
    assert_eq!(summary["domain"], "training");
    assert_eq!(summary["expires_days"], 90);
    assert_eq!(summary["allow_unlisted_keep"], false);
    assert!(summary["elapsed_s"].as_f64().expect("a number") > 0.0);
    let claim = summary["claim"].as_str().expect("a text");
    assert!(claim.starts_with("pseudonymised") && !claim.contains("anonymous"));
    assert_eq!(summary["inputs"][0]["bytes_read"], dump().len());
    assert_eq!(summary["inputs"][0]["bytes_written"], ran.stdout.len());
}

#[test]
fn small_counts_are_hidden() {
    let (_, summary) = summary("counts", &[], &dump());
    let counts = counts(&summary);
    assert!(counts.iter().any(|c| **c == "<10"), "the fixture has no small count");
    assert!(counts.iter().any(|c| c.as_u64().is_some_and(|n| n >= 10)));
    assert!(counts.iter().all(|c| **c == "<10" || c.as_u64().is_some_and(|n| n == 0 || n >= 10)));
}

#[test]
fn a_run_that_fails_says_so() {
    let dump = dump();
    let cut = dump.get(..dump.len() * 2 / 3).expect("a part");
    let (ran, summary) = summary("cut", &[], cut);
    assert_eq!(ran.code(), 3);
    assert_eq!(summary["complete"], false);
    assert!(summary["error"].as_str().is_some_and(|e| !e.is_empty()));
    assert!(summary["elapsed_s"].as_f64().expect("a number") > 0.0);
    assert!(!summary["inputs"].as_array().expect("a list").is_empty(), "what was done before is not told");
}

#[test]
fn an_input_that_does_not_fit_leaves_a_summary_too() {
    let path = file("unknown_table.csv", b"name,mail\nJan,jan@example.org\n");
    let (ran, summary) = summary("unfit", &[path.to_str().expect("plain path")], b"");
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert_eq!(summary["complete"], false);
    assert!(Path::new(&path).exists());
}

#[test]
fn parts_inside_of_values_are_counted_where_people_read() {
    let profile = file(
        "parts.yaml",
        b"version: 1
policy: {domain: training-2026}
tables:
  people: {columns: {prefs: {json: {$.day: {generalise: year}, $.name: {fake: first_name}}}}}
",
    );
    let mut rows = b"prefs\n".to_vec();
    (0..12).for_each(|_| {
        rows.extend_from_slice(b"\"{\"\"day\"\":\"\"some day\"\",\"\"name\"\":\"\"Zwartbol\"\"}\"\n")
    });
    let path = folder().join("parts.json");
    let said = path.to_str().expect("plain path");
    let ran = mask(&profile, &["--input-format", "csv", "--table", "people", "--summary", said], &rows);
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("people.prefs: 12 parts inside of values without the form"),
        "{}",
        ran.stderr
    );
    let summary: Value = serde_json::from_slice(&std::fs::read(path).expect("summary")).expect("JSON");
    let column = &summary["inputs"][0]["tables"][0]["columns"][0];
    assert_eq!((&column["parts"], &column["unfit_parts"]), (&12.into(), &12.into()), "{column}");
    let root = schema();
    assert_eq!(misfits(&root, &root, &summary, ""), Vec::<String>::new());
}

#[test]
fn a_summary_that_breaks_the_schema_is_noticed() {
    let root = schema();
    let (_, good) = summary("broken", &[], &dump());
    let breaks: [fn(&mut Value); 5] = [
        |s| s["complete"] = "yes".into(),
        |s| s["extra"] = 1.into(),
        |s| drop(s.as_object_mut().map(|o| o.remove("claim"))),
        |s| s["inputs"][0]["tables"][0]["rows"] = "<11".into(),
        |s| s["inputs"][0]["bytes_read"] = (-1).into(),
    ];
    for (number, change) in breaks.iter().enumerate() {
        let mut bad = good.clone();
        change(&mut bad);
        assert!(!misfits(&root, &root, &bad, "").is_empty(), "change {number}");
    }
}
