//! Tests: whatever was found, the profile is read back with one decision for every column, and the JSON has each once.

use super::json;
use super::tree::Head;
use super::yaml::{self, Names, Owner};
use crate::discover::class::CLASSES;
use crate::discover::decide::{SURE, decide, decide_by_whole_rounds};
use crate::discover::findings::{Evidence, Findings, Join, JoinKnown};
use crate::discover::testing::{Build, TYPES, findings, stops};
use crate::error::ErrorKind;
use crate::profile::model::{ColumnRule, TableBody};
use crate::profile::syntax;
use crate::profile::tree::{self, Node};
use crate::row::shape::{Facts, TableName};

const NAMES: &[&str] = &[
    "id",
    "email",
    "a",
    "b",
    "null",
    "Yes",
    "12",
    "~",
    "a:b",
    "a.b",
    "a#b",
    "-a",
    "'q'",
    "\"dq\"",
    "{x}",
    "[x]",
    "x,y",
    "a*",
    "ö",
    "&x",
    "!t",
    "undecided",
    "subject",
    "keep",
    "pinned",
    "%",
    "|",
    "it's",
    "\u{202e}t",
    "first_name",
];

/// A small generator: the same numbers every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.roll(list.len())]
    }
}

/// Random findings of up to four tables.
fn random(seed: u64) -> (Findings, Facts) {
    built(&mut Dice(seed)).done()
}

/// The same with foreign keys, some of them between columns that nothing else joins.
fn keyed(seed: u64) -> (Findings, Facts) {
    let mut dice = Dice(seed);
    let mut build = built(&mut dice);
    for _ in 0..dice.roll(6) {
        let end = |dice: &mut Dice| {
            let table = dice.of(&build.tables);
            let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            (table.name.table.clone(), (*dice.of(&columns)).to_owned())
        };
        let (from, to) = (end(&mut dice), end(&mut dice));
        if [&from.0, &from.1, &to.0, &to.1].iter().all(|name| !name.contains('.')) {
            build = build.key(&format!("{}.{}", from.0, from.1), &format!("{}.{}", to.0, to.1));
        }
    }
    build.done()
}

fn built(dice: &mut Dice) -> Build {
    let mut build: Build = findings();
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for _ in 0..=dice.roll(4) {
        let table = (*dice.of(NAMES)).to_owned();
        if tables.iter().any(|(name, _)| *name == table) {
            continue;
        }
        let mut columns: Vec<String> = Vec::new();
        let mut lines = Vec::new();
        for _ in 0..=dice.roll(8) {
            let name = (*dice.of(NAMES)).to_owned();
            if !columns.contains(&name) {
                let class = if dice.roll(8) == 0 { "-" } else { dice.of(CLASSES).1.word };
                lines.push(format!(
                    "{name} {} {class} {}",
                    dice.of(TYPES),
                    dice.of(&["0.3", "0.6", "0.95", "1"])
                ));
                columns.push(name);
            }
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        build = build.table(&table, &lines);
        tables.push((table, columns));
    }
    let name = |table: &str| TableName::new(Some("public"), table);
    for _ in 0..dice.roll(4) {
        let ((from, columns), (to, target)) = (dice.of(&tables).clone(), dice.of(&tables).clone());
        let (columns, target) = (vec![dice.of(&columns).clone()], vec![dice.of(&target).clone()]);
        build.findings.joins.push(Join {
            from: name(&from),
            columns,
            to: name(&to),
            target,
            known: JoinKnown::Name,
        });
    }
    if dice.roll(3) == 0 {
        let (copy, original) = (dice.of(&tables).0.clone(), dice.of(&tables).0.clone());
        build = build.copy(&copy, &original);
    }
    for table in &mut build.findings.tables {
        let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).take(2).collect();
        table.quasi = (dice.roll(2) == 0).then_some((columns, 87));
        for column in &mut table.columns {
            if dice.roll(3) > 0 {
                continue;
            }
            let path = *dice.of(&["$.a", "$.list[*].x", "/a/b", "$['odd, {name}'].'"]);
            column.inside = vec![(path.to_owned(), dice.of(CLASSES).0)];
            column.evidence.push(Evidence::Neighbour("a\nb: c".to_owned()));
        }
    }
    build
}

#[test]
fn every_column_of_any_findings_has_one_decision_that_check_takes() {
    for seed in 0..400 {
        let (findings, facts) = random(seed);
        let decisions = decide(&findings, &facts);
        let text = yaml::profile(&findings, &decisions).unwrap();
        assert_eq!(text, yaml::profile(&findings, &decide(&findings, &facts)).unwrap());
        let read =
            syntax::read("p", text.as_bytes()).unwrap_or_else(|e| panic!("{seed}\n{text}\n{:?}", e.problems));
        for table in &findings.tables {
            let entry = read.profile.tables.iter().find(|t| t.table == table.name.table);
            let entry = entry.unwrap_or_else(|| panic!("{seed} {}\n{text}", table.name.table));
            assert!(!entry.pattern);
            let TableBody::Columns(columns) = &entry.body else { continue };
            let written: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
            let found: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            assert_eq!(written, found, "{seed}\n{text}");
            for (written, found) in columns.iter().zip(&table.columns) {
                let plain = found.class.is_some_and(|class| !class.identifies()) && found.confidence >= SURE;
                assert!(plain || !matches!(written.rule, ColumnRule::Keep { .. }), "{seed}\n{text}");
            }
        }
        let stops = stops(read.profile, &facts);
        assert!(stops.is_empty(), "{seed}\n{text}\n{stops:#?}");
    }
}

/// Says that two trees say the same, and that the lines of each are of the same owners.
fn assert_same(grown: (&Node, &[Owner]), read: (&Node, &[Owner]), seed: u64) {
    let owner = |owners: &[Owner], line: u32| owners[usize::try_from(line).unwrap() - 1];
    match (grown.0, read.0) {
        (Node::Map(grown_entries, _), Node::Map(read_entries, _)) => {
            assert_eq!(grown_entries.len(), read_entries.len(), "{seed}");
            for (a, b) in grown_entries.iter().zip(read_entries) {
                let owners = (owner(grown.1, a.key.place.line), owner(read.1, b.key.place.line));
                assert_eq!((&a.key.text, owners.0), (&b.key.text, owners.1), "{seed}");
                assert_same((&a.value, grown.1), (&b.value, read.1), seed);
            }
        }
        (a, b) => assert!(a.says_same(b), "{seed}: {a:?} {b:?}"),
    }
}

#[test]
fn the_tree_of_a_draft_is_what_a_reader_makes_of_its_text() {
    let mut grown = 0;
    for seed in 0..400 {
        let (findings, facts) = match seed % 3 {
            0 => random(seed),
            1 => keyed(seed),
            _ => strange(seed).done(),
        };
        let decisions = decide(&findings, &facts);
        let all = (0..findings.tables.len()).filter(|at| seed % 4 > 0 || at % 2 == 0).collect();
        let (text, owners) = yaml::lines(&findings, &decisions, yaml::Notes::None, Some(&all));
        let mut problems = Vec::new();
        let read = tree::parse(&text, 0, &mut problems).unwrap_or_else(|| panic!("{seed}\n{text}"));
        assert!(problems.is_empty(), "{seed}\n{text}");
        let head = Head::new(&findings, &decisions).unwrap();
        let names = Names::new(&findings);
        let Some(found) = head.tree((&findings, &decisions, &names), &all) else { continue };
        assert_same((&found.0, &found.1), (&read, &owners), seed);
        grown += 1;
    }
    assert_eq!(grown, 400);
}

#[test]
fn a_profile_that_would_be_too_large_is_refused() {
    let (findings, facts) = random(3);
    let text = yaml::profile(&findings, &decide(&findings, &facts)).unwrap();
    let long = text.len();
    assert_eq!(yaml::sized(text.clone(), 4, long).unwrap(), text);
    let refused = yaml::sized(text, 4, long / 3).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Input);
    let (said, hint) = (refused.to_string(), refused.hint_text().unwrap().to_string());
    assert!(
        said.contains("all 4 tables") && hint.contains("4 parts") && hint.contains("extends"),
        "{said} {hint}"
    );
}

#[test]
fn asking_again_only_what_a_change_reaches_decides_the_same() {
    for seed in 0..400 {
        let (findings, facts) = keyed(seed);
        let (near, whole) = (decide(&findings, &facts), decide_by_whole_rounds(&findings, &facts));
        assert!(near == whole, "{seed}");
    }
}

#[test]
fn the_json_has_every_column_once() {
    for seed in 0..50 {
        let (findings, _) = random(seed);
        let text = json::report(&findings);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let columns = value["columns"].as_array().unwrap();
        let found: Vec<_> =
            findings.tables.iter().flat_map(|t| t.columns.iter().map(move |c| (t, c))).collect();
        assert_eq!(columns.len(), found.len());
        for (column, (table, found)) in columns.iter().zip(found) {
            assert_eq!(column["table"].as_str(), Some(table.name.table.as_str()));
            assert_eq!(column["column"].as_str(), Some(found.name.as_str()));
            assert_eq!(column["class"].as_str(), found.class.map(|class| class.about().word));
            assert_eq!(column["category"].is_null(), found.class.is_none());
            assert!((0.0..=1.0).contains(&column["confidence"].as_f64().unwrap()));
        }
        // Counts of people below ten are not told.
        assert!(value["tables"].as_array().unwrap().iter().all(|t| t["rows"] == "<10"));
    }
}

#[test]
fn names_of_several_databases_are_told_apart() {
    let mut build = findings().table("t", &["id integer key"]).table("u", &["id integer key"]);
    for (table, database) in build.findings.tables.iter_mut().zip(["one", "two"]) {
        table.name = TableName { database: Some(database.into()), schema: None, table: "t".into() };
    }
    for (facts, table) in build.tables.iter_mut().zip(&build.findings.tables) {
        facts.name = table.name.clone();
    }
    let (findings, facts) = build.done();
    let text = yaml::profile(&findings, &decide(&findings, &facts)).unwrap();
    let read = syntax::read("p", text.as_bytes()).unwrap_or_else(|e| panic!("{text}\n{:?}", e.problems));
    assert_eq!(
        read.profile.tables.iter().map(|t| t.database.as_deref()).collect::<Vec<_>>(),
        [Some("one"), Some("two")]
    );
}

/// Characters that YAML, a terminal or a reader takes for something else.
const HOSTILE: &[char] = &[
    'a',
    'B',
    'é',
    '名',
    ' ',
    '\t',
    '\n',
    '\r',
    '\u{1b}',
    '\u{0}',
    '\u{7f}',
    '\u{85}',
    '\u{a0}',
    '\u{ad}',
    '\u{61c}',
    '\u{200b}',
    '\u{2028}',
    '\u{202e}',
    '\u{feff}',
    '\u{fffe}',
    '\u{e0041}',
    '😀',
    '#',
    ':',
    '-',
    '?',
    '*',
    '&',
    '!',
    '|',
    '>',
    '{',
    '}',
    '[',
    ']',
    ',',
    '\'',
    '"',
    '\\',
    '%',
    '@',
    '`',
    '~',
    '=',
    '<',
    '.',
    '/',
    '$',
    '(',
    '0',
];

/// Renames a table and its columns to anything, and what points at them.
fn hostile(build: &mut Build, dice: &mut Dice) {
    let mut taken = std::collections::BTreeSet::new();
    let mut name = |_: &str| loop {
        let long = if dice.roll(20) == 0 { 80 } else { 12 };
        let name: String = (0..=dice.roll(long)).map(|_| *dice.of(HOSTILE)).collect();
        if taken.insert(name.clone()) {
            return name;
        }
    };
    for at in 0..build.tables.len() {
        let (facts, found) = (&mut build.tables[at], &mut build.findings.tables[at]);
        let table = TableName::new(Some("public"), &name(""));
        for (column, found) in facts.columns.iter_mut().zip(&mut found.columns) {
            let new = name("");
            for unique in facts.uniques.iter_mut().filter(|unique| unique.columns == [column.name.clone()]) {
                unique.columns = vec![new.clone()];
            }
            column.name.clone_from(&new);
            found.evidence.push(Evidence::Neighbour(new.clone()));
            found.name = new;
        }
        facts.name = table.clone();
        found.name = table;
        found.quasi = Some((found.columns.iter().map(|column| column.name.clone()).collect(), 90));
    }
    let end = |at: usize| (build.tables[at].name.clone(), vec![build.tables[at].columns[0].name.clone()]);
    let ((from, columns), (to, target)) = (end(1), end(0));
    build.findings.joins.push(Join { from, columns, to, target, known: JoinKnown::Name });
    let original = build.findings.tables[0].name.clone();
    build.findings.tables[2].copy_of = Some(original);
}

/// Three tables with names that nobody should have.
fn strange(seed: u64) -> Build {
    let columns = ["id integer primary person_key", "mail text email", "a text free_text", "b text label"];
    let mut build = findings().table("t", &columns).table("u", &columns[..2]).table("v", &columns);
    hostile(&mut build, &mut Dice(seed));
    build
}

#[test]
fn names_are_read_back_whatever_they_are() {
    for seed in 0..500 {
        let (findings, facts) = strange(seed).done();
        let text = yaml::profile(&findings, &decide(&findings, &facts)).unwrap();
        let odd = |c: char| crate::error::is_strange(c) && c != '\n';
        assert!(!text.contains(odd), "{seed}\n{text:?}");
        let read =
            syntax::read("p", text.as_bytes()).unwrap_or_else(|e| panic!("{seed}\n{text}\n{:?}", e.problems));
        let written: Vec<&str> = read.profile.tables.iter().map(|table| table.table.as_str()).collect();
        let found: Vec<&str> = findings.tables.iter().map(|table| table.name.table.as_str()).collect();
        assert_eq!(written, found, "{seed}\n{text}");
        for (table, found) in read.profile.tables.iter().zip(&findings.tables) {
            let TableBody::Columns(columns) = &table.body else { continue };
            let written: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let found: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
            assert!(!table.pattern && written == found, "{seed}\n{text}");
        }
        let stops = stops(read.profile, &facts);
        assert!(stops.is_empty(), "{seed}\n{text}\n{stops:#?}");
        let told: serde_json::Value = serde_json::from_str(&json::report(&findings)).unwrap();
        let name = told["columns"][0]["column"].as_str();
        assert_eq!(name, Some(findings.tables[0].columns[0].name.as_str()));
    }
}

#[test]
fn names_that_are_no_key_of_yaml_are_left_out() {
    let mut build = findings()
        .table("t", &["id integer primary person_key", "mail text email"])
        .table("u", &["id integer primary person_key", "mail text email"]);
    let long = "x".repeat(1100);
    build.tables[0].columns[1].name.clone_from(&long);
    build.findings.tables[0].columns[1].name.clone_from(&long);
    let name = TableName::new(Some("public"), &long);
    build.tables[1].name = name.clone();
    build.findings.tables[1].name = name;
    let (findings, facts) = build.done();
    let text = yaml::profile(&findings, &decide(&findings, &facts)).unwrap();
    let read = syntax::read("p", text.as_bytes()).unwrap_or_else(|e| panic!("{text}\n{:?}", e.problems));
    assert_eq!(read.profile.tables.iter().map(|table| table.table.as_str()).collect::<Vec<_>>(), ["t"]);
    assert_eq!(text.matches("too long").count(), 2, "{text}");
}

/// Returns every table of a profile's text with what it says of it, and the comments beside columns.
fn said(text: &str) -> (Vec<String>, Vec<&str>) {
    let read = syntax::read("p", text.as_bytes()).unwrap_or_else(|e| panic!("{text}\n{:?}", e.problems));
    let one = |table: &crate::profile::model::Table| match &table.body {
        TableBody::Columns(columns) => {
            columns.iter().map(|c| format!("{}.{}", table.table, c.name)).collect()
        }
        _ => vec![table.table.clone()],
    };
    let tables = read.profile.tables.iter().flat_map(one).collect();
    let entries = text.split("\ntables:").nth(1).unwrap();
    (tables, entries.lines().filter_map(|line| Some(line.split_once("  # ")?.1)).collect())
}

#[test]
fn comments_are_cut_before_a_profile_grows_too_large() {
    let (mut shortened, mut bare) = (0, 0);
    for seed in 0..60 {
        let (findings, facts) = random(seed);
        let decisions = decide(&findings, &facts);
        let long = yaml::within(&findings, &decisions, usize::MAX);
        let short = yaml::within(&findings, &decisions, long.len() - 1);
        let none = yaml::within(&findings, &decisions, short.len() - 1);
        assert_eq!(long, yaml::within(&findings, &decisions, long.len()));
        assert_eq!(short, yaml::within(&findings, &decisions, short.len()));
        // Without a comment it says all the same; what is larger even so is written all the same.
        assert_eq!(none, yaml::within(&findings, &decisions, 0));
        let rules = |text: &str| -> Vec<String> {
            let bare = |line: &str| line.split("  # ").next().unwrap().trim_end().to_owned();
            text.lines().map(bare).collect()
        };
        assert_eq!(rules(&long), rules(&short), "{seed}");
        assert_eq!(rules(&long), rules(&none), "{seed}");
        let [long, short, none] = [&long, &short, &none].map(|text| said(text));
        assert_eq!((&long.0, &long.0), (&short.0, &none.0), "{seed}");
        assert!(none.1.is_empty() && short.1.len() == long.1.len(), "{seed}");
        assert!(short.1.iter().all(|note| !note.contains("; ")), "{seed}");
        shortened += short.1.iter().zip(&long.1).filter(|(short, long)| short.len() < long.len()).count();
        bare += long.1.len();
    }
    assert!(shortened > 100 && bare > 500, "{shortened} of {bare}");
}
