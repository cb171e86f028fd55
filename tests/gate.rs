//! `standin check` as the gate of a CI: its forms for machines. Every case of fixtures/check is checked in every form
//! and must say what stands in expected.{json,sarif,github}, with the exit code of expected.code. `UPDATE_GOLDEN=1`
//! rewrites.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use standin::profile::finding::FINDINGS;

use crate::summary::{misfits, no_canary};
use crate::support::run::{Ran, run, standin};
use crate::support::shop::file;
use crate::support::{environment, repository};

const FORMS: &[&str] = &["json", "sarif", "github"];

fn cases() -> Vec<(String, PathBuf)> {
    let mut cases: Vec<(String, PathBuf)> = std::fs::read_dir(repository("fixtures/check"))
        .expect("cases are there")
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .collect();
    cases.sort();
    assert!(cases.len() >= 6);
    cases
}

/// Checks a case, with its own arguments, in its own folder.
fn check(folder: &PathBuf, form: &str) -> Ran {
    let args = std::fs::read_to_string(folder.join("args")).unwrap_or_default();
    let mut command = standin();
    command.current_dir(folder).args(["check", "input.sql", "-p", "profile.yaml", "--format", form]);
    run(command.args(args.split_whitespace()), b"")
}

/// Returns a document without what every release changes.
fn steady(text: &str) -> String {
    text.replace(&format!("ersion\": \"{}\"", env!("CARGO_PKG_VERSION")), "ersion\": \"VERSION\"")
}

#[test]
fn every_case_in_every_form() {
    let mut wrong = Vec::new();
    for (name, folder) in cases() {
        let mut codes = BTreeSet::new();
        for form in FORMS {
            let ran = check(&folder, form);
            codes.insert(ran.code());
            let text = steady(&ran.text());
            for place in [&text, &ran.stderr] {
                assert!(!place.to_lowercase().contains("kanarie"), "{name}, {form}: a value is told");
            }
            let path = folder.join(format!("expected.{form}"));
            if environment("UPDATE_GOLDEN").is_some() {
                std::fs::write(&path, &text).expect("golden is written");
            }
            if std::fs::read_to_string(&path).unwrap_or_default() != text {
                wrong.push(format!("{name}, {form}:\n{text}"));
            }
        }
        let text = check(&folder, "text");
        codes.insert(text.code());
        let path = folder.join("expected.code");
        let code = format!("{}\n", text.code());
        if environment("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &code).expect("golden is written");
        }
        let wanted = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!((codes.len(), &code), (1, &wanted), "{name}: {codes:?}");
    }
    assert!(wrong.is_empty(), "run with UPDATE_GOLDEN=1 and look at the difference\n{}", wrong.join("\n"));
}

#[test]
fn the_published_schema_is_the_one_of_the_code() {
    let path = repository("profiles/check.schema.json");
    if environment("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, standin::cli::check_schema()).expect("schema is written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == standin::cli::check_schema(), "run with UPDATE_GOLDEN=1 and look at the difference");
}

#[test]
fn json_is_what_its_schema_says() {
    let schema: Value = serde_json::from_str(&standin::cli::check_schema()).expect("the schema is JSON");
    for (name, folder) in cases() {
        let ran = check(&folder, "json");
        let found: Value = serde_json::from_str(&ran.text()).expect("one JSON object and nothing else");
        let misfits = misfits(&schema, &schema, &found, "");
        assert!(misfits.is_empty(), "{name}: {misfits:#?}");
        assert_eq!(found["ok"] == true, ran.code() == 0, "{name}");
        let list = found["problems"].as_array().expect("a list");
        let errors = list.iter().filter(|p| p["severity"] == "error").count();
        assert_eq!(
            (found["errors"].as_u64(), list.len() - errors),
            (
                Some(u64::try_from(errors).unwrap()),
                usize::try_from(found["warnings"].as_u64().unwrap()).unwrap()
            )
        );
        for problem in list {
            let id = problem["id"].as_str().expect("an id");
            assert!(FINDINGS.iter().any(|finding| finding.id() == id), "{name}: {id}");
        }
    }
}

/// What GitHub's documentation of code scanning asks for, and what of SARIF 2.1.0 goes beyond it.
#[test]
fn sarif_is_what_code_scanning_takes() {
    for (name, folder) in cases() {
        let ran = check(&folder, "sarif");
        let found: Value = serde_json::from_str(&ran.text()).expect("one JSON object and nothing else");
        assert_eq!(found["version"], "2.1.0");
        assert!(found["$schema"].as_str().is_some_and(|s| s.ends_with("sarif-2.1.0.json")));
        let [sarif] = found["runs"].as_array().expect("runs").as_slice() else { panic!("one run") };
        let driver = &sarif["tool"]["driver"];
        assert_eq!(driver["name"], "standin");
        let rules = driver["rules"].as_array().expect("rules");
        for rule in rules {
            for text in ["shortDescription", "fullDescription", "help"] {
                assert!(rule[text]["text"].as_str().is_some_and(|t| !t.is_empty()), "{name}: {text}");
            }
        }
        let mut prints = BTreeSet::new();
        for result in sarif["results"].as_array().expect("results") {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"], "{name}");
            assert!(["error", "warning"].contains(&result["level"].as_str().expect("a level")));
            assert!(result["message"]["text"].as_str().is_some_and(|t| !t.is_empty()));
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "profile.yaml");
            let region = &place["region"];
            assert!(region["startLine"].as_u64().is_some_and(|line| line > 0), "{name}");
            if let Some(start) = region["startColumn"].as_u64() {
                assert!(start > 0 && region["endColumn"].as_u64().is_some_and(|end| end > start));
            }
            let print = result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a print");
            assert!(prints.insert(print.to_owned()), "{name}: two results would be one alert");
        }
        let end = &sarif["invocations"][0];
        assert_eq!(end["exitCode"].as_i64(), Some(i64::from(ran.code())));
        assert_eq!(end["executionSuccessful"] == true, ran.code() < 2, "{name}");
    }
}

#[test]
fn every_finding_is_found_somewhere() {
    let mut text = String::new();
    let mut folders = vec![repository("src/profile")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("source is there").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.ends_with("finding.rs") => {}
                path => text += &std::fs::read_to_string(path).expect("source is read"),
            }
        }
    }
    for finding in FINDINGS {
        let word = format!("Finding::{}", finding.word());
        let used = text.match_indices(&word).any(|(at, _)| {
            let next = text.get(at + word.len()..).and_then(|rest| rest.chars().next());
            next.is_some_and(|c| !c.is_alphanumeric())
        });
        assert!(used, "{} is on the list and nothing finds it", finding.id());
    }
}

#[test]
fn no_canary_is_in_any_form() {
    // Nothing of the shop is decided, so that everything of it is named.
    let rules = file("gate-none.yaml", b"version: 1\ntables: {customers: {columns: {id: suppress}}}\n");
    for form in FORMS {
        let mut command = standin();
        command.arg("check").arg(repository("fixtures/webshop/dump.sql")).arg("-p").arg(&rules);
        let ran = run(command.args(["--format", form]), b"");
        assert_eq!(ran.code(), 1, "{}", ran.stderr);
        assert!(ran.text().len() > 1000 && ran.stderr.is_empty(), "{}", ran.stderr);
        no_canary(form, &ran.text());
    }
}

#[test]
fn the_form_of_the_input_has_a_word_of_its_own() {
    let rules = file("gate-csv.yaml", b"version: 1\ntables: {t: {columns: {a: suppress}}}\n");
    let input = file("t.csv", b"a\n1\n");
    let mut command = standin();
    command.arg("check").arg(&input).arg("-p").arg(&rules);
    let ran = run(command.args(["--input-format", "csv", "--format", "json"]), b"");
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(ran.text().starts_with('{'), "{}", ran.text());
}
