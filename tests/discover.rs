//! What `discover` finds, measured on the labelled schemas of fixtures/discover: recall and precision with data and by
//! names alone, and what was taken for what. `cargo test --release --test suite discover::measured -- --nocapture` prints it.
//!
//! A column counts as found where it is taken for anything of a person (or secret); which class exactly is told beside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use standin::discover::class::Class;

use crate::canaries::{canaries, forms, occurs};
use crate::readme::shell;
use crate::support::repository;
use crate::support::run::{run, standin};
use crate::support::server::server;
use crate::support::shop::folder;

/// One labelled column: the classes that are right; none where it is no person's.
struct Label {
    schema: String,
    table: String,
    column: String,
    classes: Vec<Class>,
}

impl Label {
    /// Says whether it must be found: where no person is as right an answer it need not.
    fn identifies(&self) -> bool {
        !self.classes.is_empty() && self.classes.iter().all(|class| class.identifies())
    }

    /// Says whether finding it is wrong.
    fn is_plain(&self) -> bool {
        self.classes.iter().all(|class| !class.identifies())
    }
}

/// What was counted.
#[derive(Default)]
struct Counts {
    /// Identifying, and taken for it.
    hit: u32,
    /// Identifying, and not.
    missed: u32,
    /// Not identifying, and taken for it.
    wrong: u32,
    /// Not identifying, and not taken for it.
    right: u32,
    /// Of the hits: the very class.
    exact: u32,
    /// What was taken for what, where it is not the same.
    confused: BTreeMap<(String, String), u32>,
    /// The columns that were missed or taken wrongly.
    named: Vec<String>,
}

impl Counts {
    fn recall(&self) -> f64 {
        f64::from(self.hit) / f64::from(self.hit + self.missed).max(1.0)
    }

    fn precision(&self) -> f64 {
        f64::from(self.hit) / f64::from(self.hit + self.wrong).max(1.0)
    }

    fn count(&mut self, label: &Label, found: Option<Class>) {
        let taken = found.is_some_and(Class::identifies);
        match (label.identifies(), taken) {
            (true, true) => self.hit += 1,
            (true, false) => self.missed += 1,
            (false, true) if label.is_plain() => self.wrong += 1,
            (false, _) => self.right += 1,
        }
        if label.identifies() && found.is_some_and(|class| label.classes.contains(&class)) {
            self.exact += 1;
        } else if label.identifies() || taken {
            let word = |class: Option<Class>| class.map_or("nothing", |class| class.about().word).to_owned();
            let wanted = word(label.classes.first().copied());
            *self.confused.entry((wanted.clone(), word(found))).or_default() += 1;
            if label.identifies() && !taken || label.is_plain() && taken {
                let place = format!("{}: {}.{}", label.schema, label.table, label.column);
                self.named.push(format!("{place}: {wanted}, taken for {}", word(found)));
            }
        }
    }

    fn say(&self, what: &str) {
        let all = self.hit + self.missed + self.wrong + self.right;
        println!(
            "{what}: {all} columns, recall {:.3}, precision {:.3}, the very class {:.3} of those found",
            self.recall(),
            self.precision(),
            f64::from(self.exact) / f64::from(self.hit).max(1.0)
        );
    }
}

fn schemas() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(repository("fixtures/discover")).expect("schemas are there").flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 12);
    folders
}

fn labels(folder: &Path) -> Vec<Label> {
    let schema = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(folder.join("labels.tsv")).expect("labels are there");
    let label = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let words = fields.get(2).copied().unwrap_or_default().split('|').filter(|word| !word.is_empty());
        let class = |word: &str| Class::of(word).unwrap_or_else(|| panic!("{schema}: no class `{word}`"));
        Label {
            schema: schema.clone(),
            table: fields[0].to_owned(),
            column: fields[1].to_owned(),
            classes: words.map(class).collect(),
        }
    };
    text.lines().skip(1).filter(|line| !line.is_empty()).map(label).collect()
}

/// Returns what was found in a schema: classes by table and column.
fn found(folder: &Path, names_only: bool) -> BTreeMap<(String, String), Option<Class>> {
    let inputs = std::fs::read_dir(folder).expect("inputs are there").flatten().map(|entry| entry.path());
    let mut inputs: Vec<PathBuf> =
        inputs.filter(|path| path.extension().is_none_or(|e| e != "tsv" && e != "md")).collect();
    inputs.sort();
    let mut command = standin();
    command.args(["discover", "--format", "json", "--names-are-names", "--quiet"]);
    if names_only {
        command.arg("--names-only");
    }
    let text = run(command.args(&inputs), b"").ok();
    let told: Value = serde_json::from_slice(&text).expect("JSON");
    let word = |column: &Value, key: &str| column[key].as_str().unwrap_or_default().to_owned();
    let mut columns = BTreeMap::new();
    for column in told["columns"].as_array().expect("columns") {
        let place = (word(column, "table").trim_start_matches("public.").to_owned(), word(column, "column"));
        let class = column["class"].as_str().map(|word| Class::of(word).expect("a known class"));
        assert!(columns.insert(place, class).is_none(), "a column is told twice: {column}");
    }
    columns
}

fn measure(names_only: bool) -> Counts {
    let mut counts = Counts::default();
    for folder in schemas() {
        let found = found(&folder, names_only);
        let mut own = Counts::default();
        for label in labels(&folder) {
            let place = (label.table.clone(), label.column.clone());
            let class = found.get(&place);
            let class = class.unwrap_or_else(|| panic!("{}: {place:?} was not told", label.schema));
            counts.count(&label, *class);
            own.count(&label, *class);
        }
        own.say(&format!("  {}", folder.file_name().unwrap_or_default().to_string_lossy()));
    }
    counts
}

fn say_all(what: &str, counts: &Counts) {
    counts.say(what);
    println!("  taken for another (label, found, columns):");
    for ((label, found), columns) in &counts.confused {
        println!("    {label:<20} {found:<20} {columns}");
    }
    for line in &counts.named {
        println!("    {line}");
    }
}

#[test]
fn measured_with_data() {
    let counts = measure(false);
    say_all("with data", &counts);
    assert!(counts.recall() >= 0.97, "recall {:.3}", counts.recall());
    assert!(counts.precision() >= 0.90, "precision {:.3}", counts.precision());
}

#[test]
fn measured_by_names_alone() {
    let counts = measure(true);
    say_all("by names", &counts);
    assert!(counts.recall() >= 0.90, "recall {:.3}", counts.recall());
    assert!(counts.precision() >= 0.85, "precision {:.3}", counts.precision());
}

#[test]
fn labels_are_of_classes_that_matter() {
    let labels: Vec<Label> = schemas().iter().flat_map(|folder| labels(folder)).collect();
    assert!(labels.len() >= 600, "{}", labels.len());
}

/// Returns the commands of README's section, block by block.
fn readme() -> Vec<String> {
    let text = std::fs::read_to_string(repository("README.md")).expect("README is there");
    let section = text.split("\n## From nothing to a profile in ten minutes\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let blocks = section.split("```console\n").skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// What the walk keeps of the planted values: when rows were written, and numbers of orders.
const KEPT: &[&str] =
    &["created_at", "Support Notes.Order", "orders.id", "orders_2023.id", "order_lines.order_id"];

#[test]
fn the_ten_minutes_of_the_readme() {
    let place = folder().join("ten-minutes");
    std::fs::create_dir_all(&place).expect("folder is made");
    std::os::unix::fs::symlink(repository("fixtures"), place.join("fixtures")).expect("fixtures are linked");
    let [found, settled, _] = readme().try_into().expect("README has three blocks of commands");
    let ran = shell(&found, &place, None);
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let open = std::fs::read_to_string(place.join("p.yaml")).expect("a profile");
    let texts = [ran.text(), ran.stderr.clone(), open.clone()];
    for (column, value) in canaries() {
        let told = forms(&value).iter().any(|form| texts.iter().any(|text| occurs(text, form)));
        assert!(!told, "a value of {column} is told");
    }
    let undecided = open.lines().filter(|line| line.contains(": undecided ")).count();
    assert!((1..=30).contains(&undecided), "{undecided} columns are left to a person");
    let stopped = shell("standin mask fixtures/webshop/dump.sql -p p.yaml -o early.sql", &place, None);
    assert_eq!((stopped.code(), place.join("early.sql").exists()), (3, false), "{}", stopped.stderr);

    let ran = shell(&settled, &place, None);
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let masked = std::fs::read_to_string(place.join("training.sql")).expect("a masked dump");
    for (column, value) in canaries() {
        if KEPT.iter().any(|kept| column.ends_with(kept)) {
            continue;
        }
        assert!(!forms(&value).iter().any(|form| occurs(&masked, form)), "{column} came through");
    }
}

#[test]
fn a_migration_stops_the_gate_and_its_column_is_added() {
    let Some(server) = server() else { return };
    let place = folder().join("migration");
    std::fs::create_dir_all(&place).expect("folder is made");
    let shop = server.database();
    let table = "CREATE TABLE customers (id integer PRIMARY KEY, email text, birth_date date);";
    shop.psql(&["-v", "ON_ERROR_STOP=1"], table.as_bytes()).ok();
    let [_, _, gate] = readme().try_into().expect("README has three blocks of commands");
    let gate = gate.replace("pg_dump --schema-only shop", &format!("pg_dump --schema-only {}", shop.name));
    let before = "# Ours.\nversion: 1\npolicy:\n  domain: test\ntables:\n  customers:   # people\n    columns:\n      \
                  id: {pseudonym: integer}\n      email: {fake: email}  # by hand\n      birth_date: {generalise: year}\n";
    std::fs::write(place.join("shop.yaml"), before).expect("profile is written");
    std::fs::write(place.join("schema.sql"), shop.dump(&["--schema-only"])).expect("schema is written");
    let accepted = shell("standin check schema.sql -p shop.yaml --accept", &place, None);
    assert_eq!(accepted.code(), 0, "{}", accepted.stderr);
    assert_eq!(shell(&gate, &place, Some(&shop)).code(), 0);
    assert_eq!(std::fs::read_to_string(place.join("shop.yaml")).expect("profile"), before, "nothing was new");

    shop.psql(&["-v", "ON_ERROR_STOP=1"], b"ALTER TABLE customers ADD COLUMN mobile text;").ok();
    let ran = shell(&gate, &place, Some(&shop));
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let after = std::fs::read_to_string(place.join("shop.yaml")).expect("profile");
    let added: Vec<&str> = after.lines().filter(|line| !before.contains(line)).collect();
    assert!(
        matches!(added.as_slice(), [one] if one.trim_start().starts_with("mobile: undecided")),
        "{after}"
    );
    let kept: String =
        after.lines().filter(|line| !added.contains(line)).map(|line| format!("{line}\n")).collect();
    assert_eq!(kept, before, "what was there has changed");
    assert_eq!(shell("standin check schema.sql -p shop.yaml", &place, None).code(), 1);
}

#[test]
fn a_profile_is_never_written_over() {
    let place = folder().join("never-over");
    std::fs::create_dir_all(&place).expect("folder is made");
    let dump = repository("fixtures/webshop/dump.sql");
    let (profile, new) = (place.join("mine.yaml"), place.join("new.yaml"));
    std::fs::write(&profile, "version: 1\n# mine\n").expect("profile is written");
    let ran = run(standin().arg("discover").arg(&dump).arg("-o").arg(&profile), b"");
    assert_eq!(ran.code(), 4, "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&profile).expect("profile"), "version: 1\n# mine\n");
    run(standin().arg("discover").arg(&dump).arg("-o").arg(&new), b"").ok();
    let first = std::fs::read(&new).expect("profile");
    // What is there is not new: bringing it up to date changes nothing.
    run(standin().arg("discover").arg(&dump).arg("--update").arg(&new), b"").ok();
    assert_eq!(std::fs::read(&new).expect("profile"), first);
}
