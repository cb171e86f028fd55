//! The JSON Schema of a profile: the published one is the code's, every good profile fits it, mistakes do not. Held by
//! Python's jsonschema (Debian: python3-jsonschema), which knows nothing of this program.

use std::path::{Path, PathBuf};

use standin::profile::{json, json_schema, syntax};

use crate::support::repository;
use crate::support::run::{command, run};
use crate::support::server::skipped;

/// Reads a schema and then values, one a line; says of each value whether it fits.
const JUDGE: &str = "
import json, sys
from jsonschema import Draft202012Validator
schema, *values = map(json.loads, sys.stdin)
Draft202012Validator.check_schema(schema)
judge = Draft202012Validator(schema)
for value in values:
    faults = ['/'.join(map(str, e.absolute_path)) + ': ' + e.message[:300] for e in judge.iter_errors(value)]
    print('; '.join(faults).replace('\\n', ' ') or 'ok')
";

/// Says what a validator finds in each of some profiles; `None` if there is no validator.
fn judged(profiles: &[String]) -> Option<Vec<String>> {
    let ready = run(command("python3").args(["-c", "import jsonschema"]), b"");
    if ready.code() != 0 {
        return skipped("no Python with jsonschema is installed (apt-get install python3-jsonschema)");
    }
    let schema: serde_json::Value = serde_json::from_str(&json_schema()).expect("the schema is JSON");
    let mut lines = format!("{schema}\n");
    for profile in profiles {
        lines +=
            &format!("{}\n", json(profile).unwrap_or_else(|| panic!("no YAML of a profile:\n{profile}")));
    }
    let ran = run(command("python3").args(["-W", "ignore", "-c", JUDGE]), lines.as_bytes());
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let said: Vec<String> = ran.text().lines().map(str::to_owned).collect();
    assert_eq!(said.len(), profiles.len());
    Some(said)
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("folder is there").flatten().map(|e| e.path());
    let mut files: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "yaml")).collect();
    files.sort();
    files
}

/// Every profile that this repository ships or shows.
fn shipped() -> Vec<String> {
    let mut files = yaml_files(&repository("profiles"));
    files.extend(yaml_files(&repository("profiles/packs")));
    files.extend(yaml_files(&repository("tests/bench")));
    let cases = std::fs::read_dir(repository("fixtures/profile")).expect("folder is there").flatten();
    let good = cases
        .map(|e| e.path())
        .filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("good-")));
    files.extend(good.map(|case| case.join("profile.yaml")));
    assert!(files.len() >= 8, "{files:?}");
    let mut texts: Vec<String> =
        files.iter().map(|path| std::fs::read_to_string(path).expect("profile is there")).collect();
    let readme = std::fs::read_to_string(repository("README.md")).expect("README is there");
    let blocks = readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    texts.extend(blocks.filter(|block| block.contains("version:")).map(str::to_owned));
    texts
}

/// Mistakes that an editor should mark; the program refuses each of them too.
const MISTAKES: &[&str] = &[
    "locale: nl_NL",
    "version: 2",
    "version: 1\nlocale: xx_XX",
    "version: 1\ntabels: {t: {columns: {a: suppress}}}",
    "version: 1\npolicy: {unlisted: keep}",
    "version: 1\npolicy: {expires: soon}",
    "version: 1\npolicy: {mail_domain: a@example.org}",
    "version: 1\nextends: [no-such-pack]",
    "version: 1\nentities: {p: {id: p.x}}",
    "version: 1\nentities: {p: {id: {keep: w}}}",
    "version: 1\nentities: {p: {id: hash, scope: t}}",
    "version: 1\ndefaults: {texts: suppress}",
    "version: 1\ndefaults: {booleans: undecided}",
    "version: 1\ntables: {t: {}}",
    "version: 1\ntables: {t: {keep: [a]}}",
    "version: 1\ntables: {t: {why: w, columns: {a: suppress}}}",
    "version: 1\ntables: {t: {like: u, empty: x}}",
    "version: 1\ntables: {t: {columns: {a: suppress}, empty: x}}",
    "version: 1\ntables: {t: {empty: true}}",
    "version: 1\ntables: {t: {columns: {a: supress}}}",
    "version: 1\ntables: {t: {columns: {a: fake}}}",
    "version: 1\ntables: {t: {columns: {a: {fake: nonsense}}}}",
    "version: 1\ntables: {t: {columns: {a: {fake: email, uniqe: true}}}}",
    "version: 1\ntables: {t: {columns: {a: {fake: email, unique: 1}}}}",
    "version: 1\ntables: {t: {columns: {a: {fake: email, max: 0}}}}",
    "version: 1\ntables: {t: {columns: {a: {fake: email, hash: x}}}}",
    "version: 1\ntables: {t: {columns: {a: {keep: w, unique: true}}}}",
    "version: 1\ntables: {t: {columns: {a: {use: p.x, or: nothing}}}}",
    "version: 1\ntables: {t: {columns: {a: {undecided: x}}}}",
    "version: 1\ntables: {t: {columns: {a: {generalise: year, label: x}}}}",
    "version: 1\ntables: {t: {columns: {a: suppress}}}\nexpect: {t: hidden}",
    "version: 1\ntables: {t: {columns: {a: suppress}}}\nexpect: {t: [masked]}",
    "version: 1\nentities: {p: {label: [x], id: hash}}",
    "version: 1\ntables: {t: {columns: {a: }}}",
    "version: 1\ntables: {t: {columns: {a: {constant: }}}}",
    "version: 1\ntables: {t: {columns: {a: {generalise: year, small_domain: w}}}}",
];

#[test]
fn the_published_schema_is_the_one_of_the_code() {
    let path = repository("profiles/profile.schema.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, json_schema()).expect("schema is written");
    }
    let published = std::fs::read_to_string(&path).expect("schema is published");
    assert!(
        published == json_schema(),
        "the schema has changed: look at it, then UPDATE_GOLDEN=1 and commit it"
    );
    let printed = run(crate::support::run::standin().args(["profiles", "schema"]), b"").ok();
    assert_eq!(printed, published.as_bytes());
}

#[test]
fn good_profiles_fit_and_mistakes_do_not() {
    let shipped = shipped();
    for mistake in MISTAKES {
        assert!(syntax::read("p.yaml", mistake.as_bytes()).is_err(), "the program takes this:\n{mistake}");
    }
    let all: Vec<String> = shipped.iter().cloned().chain(MISTAKES.iter().map(|m| (*m).to_owned())).collect();
    let Some(said) = judged(&all) else { return };
    let (good, bad) = said.split_at(shipped.len());
    let wrong: Vec<String> = (shipped.iter().zip(good))
        .filter(|(_, said)| *said != "ok")
        .map(|(text, said)| format!("{said}\n{}", text.lines().take(8).collect::<Vec<_>>().join("\n")))
        .collect();
    assert!(wrong.is_empty(), "good profiles that do not fit:\n{}", wrong.join("\n"));
    let passed: Vec<&str> =
        MISTAKES.iter().zip(bad).filter(|(_, said)| *said == "ok").map(|(m, _)| *m).collect();
    assert!(passed.is_empty(), "mistakes that fit:\n{}", passed.join("\n"));
}

/// A schema that refuses what the program takes would make people distrust either.
#[test]
fn what_the_program_takes_fits() {
    let rules = [
        "suppress",
        "undecided",
        "hash",
        "{hash: {length: 16}}",
        "{hash: , length: 16}",
        "p.id",
        "{use: p.id, by: [a, b], or: value}",
        "{keep: w}",
        "{constant: 0}",
        "{constant: true}",
        "{constant: x, type: text}",
        "{suppress: }",
        "{pseudonym: integer, within: smallint, small_domain: w}",
        "{fake: email, unique: true, max: 64, locale: nl_NL, by: value}",
        "{generalise: week}",
        "{hash: {length: 16, label: old.name}}",
    ];
    let profiles: Vec<String> = rules
        .iter()
        .map(|rule| {
            format!(
                "version: 1\nextends: nl\nreasons: {{w: 1}}\nentities: {{p: {{label: q, subject: id, pinned: [0, x], id: hash, u: undecided}}}}\n\
                 defaults: {{booleans: suppress, enums: {{keep: w}}}}\ntables: {{t: {{columns: {{a: {rule}, b: {{keep: w}}}}, optional: true}}, \
                 l: {{like: t}}, e: {{empty: no}}}}\n\
                 expect: {{t: never kept, t.a: masked, s.t.x: p.id, \"e*\": emptied, l.b: keep, t.c: hash}}\n"
            )
        })
        .collect();
    for text in &profiles {
        let read = syntax::read("p.yaml", text.as_bytes());
        assert!(read.is_ok(), "{text}\n{:?}", read.err().map(|refused| refused.problems));
    }
    let Some(said) = judged(&profiles) else { return };
    for (said, text) in said.iter().zip(&profiles) {
        assert_eq!(said, "ok", "{text}");
    }
}
