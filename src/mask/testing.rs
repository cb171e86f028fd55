//! What tests of techniques share: a rule compiled under the test key, and one value or a column through it.

use std::sync::Arc;

use super::inside::{Decides, IfUnfit, Inside, Leaf, Part, Place};
use super::{
    Compile, Compiled, Decider, Lanes, Needs, Outcome, Standins, TECHNIQUES, Takes, TechniqueSpec, Value,
    WindowPlace, technique,
};
use crate::row::field::{Cell, Cells, Span};
use crate::row::shape::{ColumnType, TypeClass};
use crate::secret::{Purpose, Schedule, lanes};

/// Argument and options.
type Given = (Option<Value>, Vec<(String, Value)>);

/// A rule as a profile would say it, and the column it is for.
pub(crate) struct Rule<'a> {
    pub(crate) technique: &'static str,
    pub(crate) argument: Option<&'a str>,
    pub(crate) option: Option<(&'static str, &'a str)>,
    pub(crate) second: Option<(&'static str, &'a str)>,
    pub(crate) ty: TypeClass,
    /// The type as a schema spells it.
    pub(crate) spelled: &'a str,
    pub(crate) not_null: bool,
    pub(crate) pinned: &'a [&'a str],
    /// Argument and options as values, instead of those above.
    pub(crate) given: Option<Given>,
    /// Rules for places inside of the value.
    pub(crate) inside: Option<Arc<Inside>>,
    pub(crate) decider: Decider,
}

impl<'a> Rule<'a> {
    pub(crate) const fn new(technique: &'static str, argument: Option<&'a str>) -> Self {
        Self {
            technique,
            argument,
            option: None,
            second: None,
            ty: TypeClass::Unknown,
            spelled: "",
            not_null: false,
            pinned: &[],
            given: None,
            inside: None,
            decider: Decider::Value,
        }
    }
}

/// Reads a scalar as YAML would, as far as tests need it.
pub(crate) fn scalar(text: &str) -> Value {
    if let Some(list) = text.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
        return Value::List(list.split(',').map(scalar).collect());
    }
    if let Some((from, to)) = text.split_once("..") {
        return Value::Range(from.to_owned(), to.to_owned());
    }
    match (text.parse(), text) {
        (Ok(number), _) => Value::Integer(number),
        (_, "true") => Value::Boolean(true),
        (_, "false") => Value::Boolean(false),
        _ => Value::Text(text.to_owned()),
    }
}

pub(crate) fn compile(rule: &Rule<'_>) -> Option<Compiled> {
    compile_with(rule, &Schedule::test())
}

fn compile_with(rule: &Rule<'_>, schedule: &Schedule) -> Option<Compiled> {
    compile_spec(technique(rule.technique).expect("is listed"), rule, schedule)
}

/// Masks one value by a technique that is not listed, with all else as the rule says; `None` if it is refused.
pub(crate) fn one_of(spec: &TechniqueSpec, rule: &Rule<'_>, value: &str) -> Option<(Outcome, String)> {
    compile_spec(spec, rule, &Schedule::test()).map(|compiled| run(&compiled, value))
}

fn compile_spec(spec: &TechniqueSpec, rule: &Rule<'_>, schedule: &Schedule) -> Option<Compiled> {
    let (argument, options) = rule.given.clone().unwrap_or_else(|| {
        let options = rule.option.iter().chain(&rule.second);
        (rule.argument.map(scalar), options.map(|(name, v)| ((*name).to_owned(), scalar(v))).collect())
    });
    let mut passwords = crate::secret::Passwords::default();
    passwords.add("TRAINING", zeroize::Zeroizing::new("open sesame".to_owned()));
    let pinned: Vec<_> = rule.pinned.iter().map(|p| (*p).to_owned()).collect();
    let cx = Compile {
        argument: argument.as_ref(),
        options: &options,
        schedule,
        passwords: &passwords,
        gathered: &crate::mask::Gathered::default(),
        label: b"example.value",
        attribute: "value",
        locale: "nl_NL",
        mail_domain: None,
        decider: rule.decider,
        ty: &ColumnType { class: rule.ty.clone(), text: rule.spelled.to_owned(), domain: None },
        not_null: rule.not_null,
        pinned: &pinned,
        inside: rule.inside.as_ref(),
        reads: &crate::mask::row::Reads::default(),
    };
    (spec.compile)(&cx).ok()
}

/// Computes what a technique asked for, as the row loop does.
pub(crate) fn digests(compiled: &Compiled, value: &[u8]) -> Lanes {
    let mut all = [0; 8];
    match &compiled.needs {
        Needs::Nothing => {}
        Needs::Value { canon, mac } | Needs::Row { canon, mac, .. } => {
            let mut form = Vec::new();
            canon.append(value, &mut form);
            let d = lanes(&mac.digest(b"", &form));
            all.copy_from_slice(&[d, d].concat());
        }
        Needs::Subject { .. } => {
            let mac = Schedule::test().mac(Purpose::Subject, b"example");
            let s = [0, 1].map(|j| lanes(&mac.subject(j, b"", value)));
            all.copy_from_slice(&s.concat());
        }
    }
    Lanes(all)
}

/// Masks one value; `None` if the rule is refused.
pub(crate) fn one(rule: &Rule<'_>, value: &str) -> Option<(Outcome, String)> {
    let compiled = compile(rule)?;
    if let Some(column) = compiled.mask.gathers() {
        // A table of two rows.
        let text = [value, "3400"].concat();
        let ends = [value.len(), text.len()].map(|end| u32::try_from(end).expect("fits"));
        let cells = [Cell::Raw(Span::new(0, ends[0])), Cell::Raw(Span::new(ends[0], ends[1]))];
        let lanes = [digests(&compiled, value.as_bytes()), digests(&compiled, b"another")];
        column.gather(&Cells { raw: text.as_bytes(), arena: &[], cells: &cells }, &lanes, |_| true);
        column.seal();
    }
    if let Some(windowed) = compiled.mask.windowed() {
        // The first of three rows, in the second window.
        let place = WindowPlace { schema: "", table: "example", column: "value", case: 0, number: 1 };
        let (texts, mut order) = ([value, "3400", "5600"], [0, 1, 2]);
        windowed.permute(&place, &mut order);
        let outcome = if order[0] == 0 { Outcome::Equal } else { Outcome::Masked };
        return Some((outcome, texts[order[0]].to_owned()));
    }
    Some(run(&compiled, value))
}

/// Masks one value with a compiled rule.
pub(crate) fn run(compiled: &Compiled, value: &str) -> (Outcome, String) {
    let mut out = Vec::new();
    let lanes = digests(compiled, value.as_bytes());
    let parts = super::row::Common::default();
    let row = super::row::RowCx { decided: &[], others: &[], row: 0, depth: 0, parts: &parts };
    let outcome = compiled.mask.mask_within(value.as_bytes(), &lanes, &row, &mut out);
    if matches!(outcome, Outcome::Unfit | Outcome::Null) {
        assert!(out.is_empty(), "nothing may be appended");
    }
    (outcome, String::from_utf8(out).expect("text"))
}

/// Returns the placeholder for a value.
pub(crate) fn placeholder(rule: &Rule<'_>, value: &str) -> Option<String> {
    let mut out = Vec::new();
    let given = compile(rule)?.mask.placeholder(value.as_bytes(), &mut out);
    given.then(|| String::from_utf8(out).expect("text"))
}

/// Masks a column; its stand-ins replace what was there.
pub(crate) fn masked_column(compiled: &Compiled, values: &[Option<String>], standins: &mut Standins) {
    let (mut raw, mut cells) = (Vec::new(), Vec::new());
    standins.clear();
    for value in values {
        let start = u32::try_from(raw.len()).expect("short");
        raw.extend_from_slice(value.as_deref().unwrap_or_default().as_bytes());
        let span = Span::new(start, u32::try_from(raw.len()).expect("short"));
        cells.push(if value.is_some() { Cell::Raw(span) } else { Cell::Null });
    }
    let lanes: Vec<_> =
        values.iter().map(|v| digests(compiled, v.as_deref().unwrap_or_default().as_bytes())).collect();
    compiled.mask.mask_column(&Cells { raw: &raw, arena: &[], cells: &cells }, &lanes, standins);
}

/// Asserts that masking a column equals masking its values one by one.
pub(crate) fn columns_agree(rule: &Rule<'_>, values: &[Option<String>]) {
    let compiled = compile(rule).expect("fits");
    let mut standins = Standins::default();
    masked_column(&compiled, values, &mut standins);
    assert_eq!(standins.ends.len(), values.len());
    let mut start = 0;
    for (value, (end, outcome)) in values.iter().zip(&standins.ends) {
        let end = usize::try_from(*end).expect("fits");
        let got = (*outcome, String::from_utf8(standins.bytes[start..end].to_vec()).expect("text"));
        let expected = match value.as_deref() {
            None => (Outcome::Null, String::new()),
            Some("") => (Outcome::Masked, String::new()),
            Some(value) => run(&compiled, value),
        };
        assert_eq!(got, expected);
        start = end;
    }
}

/// A technique that looks inside values, under a rule as a profile writes it.
pub(crate) struct Through(Compiled);

impl Through {
    pub(crate) fn new(rule: &str, ty: TypeClass, spelled: &str) -> Self {
        let rule = Rule { ty, spelled, ..ruled(rule) };
        Self(compile(&rule).expect("the rule fits the type"))
    }

    /// Masks a value; `None`: it is unfit.
    pub(crate) fn bytes(&self, value: &[u8]) -> Option<Vec<u8>> {
        let mut out = b"before".to_vec();
        let parts = super::row::Common::default();
        let row = super::row::RowCx { decided: &[], others: &[], row: 0, depth: 0, parts: &parts };
        let outcome = self.0.mask.mask_within(value, &Lanes::default(), &row, &mut out);
        let out = out.strip_prefix(b"before").expect("what stood there stays").to_vec();
        assert!(outcome == Outcome::Masked || out.is_empty(), "nothing may be appended");
        (outcome == Outcome::Masked).then_some(out)
    }

    pub(crate) fn text(&self, value: &str) -> Option<String> {
        self.bytes(value.as_bytes()).map(|out| String::from_utf8(out).expect("text"))
    }

    /// Asserts that a value cut at any byte, or with any byte changed, is unfit or gives what `keeps` takes as sound.
    pub(crate) fn is_sound_when_damaged(&self, keeps: &Self, value: &[u8]) {
        let sound = |damaged: &[u8]| {
            if let Some(out) = self.bytes(damaged) {
                assert!(out.is_empty() || keeps.bytes(&out).is_some(), "unsound from {damaged:?}: {out:?}");
            }
        };
        for at in 0..value.len() {
            sound(&value[..at]);
            for byte in [0, b' ', b'"', b'\\', b',', b'{', b')', b'<', b'%', b'=', 0xff] {
                let mut damaged = value.to_vec();
                damaged[at] = byte;
                sound(&damaged);
            }
        }
    }
}

/// A rule as YAML writes it on one line.
enum Written<'a> {
    Word(&'a str),
    List(Vec<Written<'a>>),
    Map(Vec<(&'a str, Written<'a>)>),
}

/// Reads a word, `"…"`, `[…]` or `{…}`; returns what is left.
fn written(text: &str) -> (Written<'_>, &str) {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('[') {
        let mut items = Vec::new();
        while !rest.starts_with(']') {
            let (item, left) = written(rest);
            items.push(item);
            rest = left.trim_start().trim_start_matches(',').trim_start();
        }
        return (Written::List(items), &rest[1..]);
    }
    if let Some(mut rest) = text.strip_prefix('{') {
        let mut entries = Vec::new();
        while !rest.starts_with('}') {
            let (Written::Word(key), left) = written(rest) else { panic!("a key is a word") };
            let (value, left) = written(left.trim_start().strip_prefix(':').expect("a key has a value"));
            entries.push((key, value));
            rest = left.trim_start().trim_start_matches(',').trim_start();
        }
        return (Written::Map(entries), &rest[1..]);
    }
    if let Some(rest) = text.strip_prefix('"') {
        let (word, rest) = rest.split_once('"').expect("a quote is closed");
        return (Written::Word(word), rest);
    }
    let end = text.find([',', ':', ']', '}']).unwrap_or(text.len());
    (Written::Word(text[..end].trim_end()), &text[end..])
}

/// Reads a value as its declaration takes it.
fn taken(takes: Takes, value: &Written<'_>) -> Value {
    let inner = if takes == Takes::Numbers { Takes::Number } else { Takes::Scalar };
    match (value, takes.alone()) {
        (Written::List(items), _) => Value::List(items.iter().map(|item| taken(inner, item)).collect()),
        (Written::Map(entries), _) => {
            Value::Map(entries.iter().map(|(k, v)| ((*k).to_owned(), taken(inner, v))).collect())
        }
        (Written::Word(word), Takes::Number) => Value::Number((*word).to_owned()),
        (Written::Word(word), Takes::Amount) => match word.strip_suffix('%') {
            Some(share) => Value::Percent(share.to_owned()),
            None => Value::Number((*word).to_owned()),
        },
        (Written::Word(word), Takes::Range | Takes::RangeOrList) => {
            let (from, to) = word.split_once("..").expect("a range");
            Value::Range(from.to_owned(), to.to_owned())
        }
        (Written::Word(word), Takes::Span) => {
            let (count, unit) = word.split_at(word.len() - 1);
            Value::Span {
                count: count.parse().expect("a number"),
                unit: unit.chars().next().expect("a unit"),
            }
        }
        (Written::Word(word), Takes::Text | Takes::OneOf(_)) => Value::Text((*word).to_owned()),
        (Written::Word(word), _) => scalar(word),
    }
}

/// A rule as written in a profile: `word`, `{word: argument, option: value}`, `{word: {option: value}}`.
pub(crate) fn ruled(text: &str) -> Rule<'static> {
    let whole = if text.starts_with('{') { text.to_owned() } else { format!("{{{text}}}") };
    let (read, rest) = written(if text.contains(':') { &whole } else { text });
    assert_eq!(rest, "", "all of the rule is read: {text}");
    rule_of(read)
}

fn rule_of(read: Written<'_>) -> Rule<'static> {
    let mut entries = match read {
        Written::Word(word) => vec![(word, Written::Word(""))],
        Written::Map(entries) => entries,
        Written::List(_) => panic!("a rule is no list"),
    };
    let (word, value) = entries.remove(0);
    let spec = technique(word).expect("is listed");
    let mut inside = None;
    let argument = match value {
        value if matches!(spec.argument, Takes::Inside(_)) => {
            inside = Some(inside_of(spec, value, &mut entries));
            None
        }
        Written::Word("") => None,
        Written::Map(inner) if !spec.argument.is_map() => {
            entries.extend(inner);
            None
        }
        value => Some(taken(spec.argument, &value)),
    };
    let option = |(name, value): &(&str, Written<'_>)| {
        let declared = spec.options.iter().find(|option| option.name == *name);
        ((*name).to_owned(), taken(declared.map_or(Takes::Scalar, |option| option.takes), value))
    };
    let options = entries.iter().map(option).collect();
    Rule { given: Some((argument, options)), inside, ..Rule::new(spec.name, None) }
}

/// The rules for places, as the profile's check and the plan make them; options among them go to the others.
fn inside_of<'w>(
    spec: &TechniqueSpec,
    value: Written<'w>,
    options: &mut Vec<(&'w str, Written<'w>)>,
) -> Arc<Inside> {
    let Takes::Inside(places) = spec.argument else { panic!("has rules for places") };
    let mut inside = Inside { places: Vec::new(), leaves: Vec::new() };
    let mut add = |text: String, part, rule: Written<'_>| {
        let place = Place { text, part, by: None };
        (places.check)(&place).expect("a place of the technique");
        inside.places.push(place);
        inside.leaves.push(leaf_of(rule));
    };
    match value {
        rule if places.one => add(String::new(), Part::Value, rule),
        Written::Map(entries) => {
            for (at, rule) in entries {
                match rule {
                    Written::Map(each) if each.iter().any(|(word, _)| word.starts_with("each_")) => {
                        for (word, rule) in each {
                            match word {
                                "each_key" => add(at.to_owned(), Part::Keys, rule),
                                _ => add(format!("{at}.*"), Part::Value, rule),
                            }
                        }
                    }
                    rule if spec.options.iter().any(|option| option.name == at) => options.push((at, rule)),
                    rule => add(at.to_owned(), Part::Value, rule),
                }
            }
        }
        Written::Word(_) | Written::List(_) => panic!("places are a map"),
    }
    Arc::new(inside)
}

fn leaf_of(read: Written<'_>) -> Leaf {
    let rule = rule_of(read);
    let unfit = IfUnfit::Placeholder;
    if rule.technique == "keep" {
        return Leaf { mask: None, decides: Decides::Nothing, scope: Vec::new(), unfit };
    }
    let compiled = compile(&rule).expect("the rule of a place compiles");
    let decides = match compiled.needs {
        Needs::Nothing => Decides::Nothing,
        Needs::Value { canon, mac } | Needs::Row { canon, mac, .. } => Decides::Own { canon, mac },
        Needs::Subject { .. } => panic!("a rule of a test has no subject"),
    };
    Leaf { mask: Some(compiled.mask), decides, scope: Vec::new(), unfit }
}

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    for spec in TECHNIQUES {
        assert!(!spec.examples.is_empty(), "{} has no example", spec.name);
        for example in spec.examples {
            // Rules for parts of a value are written as profiles are: `profile/plan/tests_inside.rs` runs them.
            if matches!(spec.argument, Takes::Inside(_)) {
                continue;
            }
            let rule = ruled(example.rule);
            assert_eq!(rule.technique, spec.name);
            let got = one(&rule, example.input).expect("the example's rule compiles").1;
            if got != example.output {
                wrong.push(format!("{} on {}: {got}, not {}", example.rule, example.input, example.output));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The vectors that `fixtures/keys/vectors.py` computed without any of this code.
#[test]
fn golden_stand_ins() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../fixtures/keys/schedule-1.json")).expect("JSON");
    let small = Rule { option: Some(("within", "smallint")), ..Rule::new("pseudonym", Some("integer")) };
    let pinned = Rule {
        option: Some(("within", "smallint")),
        pinned: &["0", "20000"],
        ..Rule::new("pseudonym", Some("integer"))
    };
    for (name, rule) in [
        ("hash", Rule::new("hash", None)),
        ("integer", Rule::new("pseudonym", Some("integer"))),
        ("integer_smallint", small),
        ("integer_smallint_pinned_0_20000", pinned),
        ("uuid", Rule::new("pseudonym", Some("uuid"))),
        ("bsn", Rule::new("pseudonym", Some("bsn"))),
    ] {
        let compiled = compile(&rule).expect("fits");
        let rows = vectors[name].as_array().expect("rows");
        assert!(!rows.is_empty());
        for row in rows {
            let [input, expected] = [0, 1].map(|at| row[at].as_str().expect("text"));
            assert_eq!(run(&compiled, input).1, expected, "{name} of {input}");
        }
    }
}

/// Two keys give stand-ins that have nothing to do with each other.
#[test]
fn nasty_24_two_keys_give_other_stand_ins() {
    let other = Schedule::new(&crate::secret::Key::generate("other").expect("random"), "example");
    for (name, argument, inputs) in [
        ("hash", None, ["user-1", "user-2"]),
        ("pseudonym", Some("integer"), ["7", "9007199254740993"]),
        ("pseudonym", Some("bsn"), ["111222333", "123456782"]),
        (
            "pseudonym",
            Some("uuid"),
            ["0f8fad5b-d9cb-469f-a165-70867728950e", "00000000-0000-0000-0000-000000000000"],
        ),
    ] {
        let rule = Rule::new(name, argument);
        let (a, b) = (compile(&rule).expect("fits"), compile_with(&rule, &other).expect("fits"));
        for input in inputs {
            assert_ne!(run(&a, input), run(&b, input), "{name} {argument:?}");
        }
    }
}

/// Files and folders of `src/mask` that are no technique of the language.
const MACHINERY: &[&str] = &[
    "mod",
    "testing",
    "permutation",
    "calendar",
    "decimal",
    "draw",
    "fill",
    "noise",
    "row",
    "inside",
    "spread",
];
/// Files and folders of `src/mask/inside` that are none either.
const MACHINERY_INSIDE: &[&str] = &["mod", "testing", "scan", "path", "blob"];

#[test]
fn every_file_is_a_listed_technique_or_known_machinery() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = 0;
    for (folder, machinery) in [("src/mask", MACHINERY), ("src/mask/inside", MACHINERY_INSIDE)] {
        for entry in std::fs::read_dir(root.join(folder)).expect("there") {
            let path = entry.expect("readable").path();
            let stem = path.file_stem().expect("named").to_str().expect("text").to_owned();
            if !machinery.contains(&stem.as_str()) {
                assert!(technique(&stem).is_some(), "{folder}/{stem} is not in TECHNIQUES");
                found += 1;
            }
        }
    }
    assert_eq!(found, TECHNIQUES.len(), "each technique has a file of its name");
}

#[test]
fn names_and_options_are_said_once() {
    for (at, spec) in TECHNIQUES.iter().enumerate() {
        assert!(TECHNIQUES[..at].iter().all(|other| other.name != spec.name));
        for (at, option) in spec.options.iter().enumerate() {
            assert!(spec.options[..at].iter().all(|other| other.name != option.name));
        }
    }
}
