//! What `discover` finds, measured on the labelled schemas of fixtures/discover: recall and precision with data and by
//! names alone, and what was taken for what. `cargo test --release --test suite discover::measured -- --nocapture` prints it.
//!
//! A column counts as found where it is taken for anything of a person (or secret); which class exactly is told beside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use standin::discover::class::Class;

use crate::support::repository;
use crate::support::run::{run, standin};

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
