//! What tests of techniques share: a rule compiled under the test key, and one value or a column through it.

use super::{
    Compile, Compiled, Decider, Lanes, MaskCx, Needs, Outcome, Standins, TECHNIQUES, TechniqueSpec, Value,
    technique,
};
use crate::row::field::{Cell, Cells, Span};
use crate::row::shape::{ColumnType, TypeClass};
use crate::secret::{Purpose, Schedule, lanes};

/// A rule as a profile would say it, and the column it is for.
pub(crate) struct Rule<'a> {
    pub(crate) technique: &'static str,
    pub(crate) argument: Option<&'a str>,
    pub(crate) option: Option<(&'static str, &'a str)>,
    pub(crate) second: Option<(&'static str, &'a str)>,
    pub(crate) ty: TypeClass,
    pub(crate) not_null: bool,
    pub(crate) pinned: &'a [&'a str],
}

impl<'a> Rule<'a> {
    pub(crate) const fn new(technique: &'static str, argument: Option<&'a str>) -> Self {
        Self {
            technique,
            argument,
            option: None,
            second: None,
            ty: TypeClass::Unknown,
            not_null: false,
            pinned: &[],
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
    let argument = rule.argument.map(scalar);
    let options: Vec<_> =
        rule.option.iter().chain(&rule.second).map(|(name, v)| ((*name).to_owned(), scalar(v))).collect();
    let pinned: Vec<_> = rule.pinned.iter().map(|p| (*p).to_owned()).collect();
    let cx = Compile {
        argument: argument.as_ref(),
        options: &options,
        schedule,
        label: b"example.value",
        attribute: "value",
        locale: "nl_NL",
        mail_domain: None,
        decider: Decider::Value,
        ty: &ColumnType { class: rule.ty.clone(), text: String::new(), domain: None },
        not_null: rule.not_null,
        pinned: &pinned,
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
    Some(run(&compiled, value))
}

/// Masks one value with a compiled rule.
pub(crate) fn run(compiled: &Compiled, value: &str) -> (Outcome, String) {
    let mut out = Vec::new();
    let lanes = digests(compiled, value.as_bytes());
    let outcome = compiled.mask.mask(value.as_bytes(), &MaskCx { lanes: &lanes }, &mut out);
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

/// Asserts that masking a column equals masking its values one by one.
pub(crate) fn columns_agree(rule: &Rule<'_>, values: &[Option<String>]) {
    let compiled = compile(rule).expect("fits");
    let (mut raw, mut cells) = (Vec::new(), Vec::new());
    for value in values {
        let start = u32::try_from(raw.len()).expect("short");
        raw.extend_from_slice(value.as_deref().unwrap_or_default().as_bytes());
        let span = Span::new(start, u32::try_from(raw.len()).expect("short"));
        cells.push(if value.is_some() { Cell::Raw(span) } else { Cell::Null });
    }
    let lanes: Vec<_> =
        values.iter().map(|v| digests(&compiled, v.as_deref().unwrap_or_default().as_bytes())).collect();
    let mut standins = Standins::default();
    compiled.mask.mask_column(&Cells { raw: &raw, arena: &[], cells: &cells }, &lanes, &mut standins);
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

/// Reads an example's rule: `word`, `{word: argument}`, `{word: argument, option: value}`, `{word: {option: value}}`.
fn example_rule(text: &'static str) -> Rule<'static> {
    let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
    let (head, option) = match inner.split_once(": {") {
        Some((head, options)) => (head, options.strip_suffix('}')),
        None => match inner.split_once(", ") {
            Some((head, option)) => (head, Some(option)),
            None => (inner, None),
        },
    };
    let (word, argument) =
        head.split_once(": ").map_or((head, None), |(word, argument)| (word, Some(argument)));
    let mut options = option.into_iter().flat_map(|options| options.split(", "));
    let mut next = || options.next().map(|option| option.split_once(": ").expect("an option has a value"));
    let (option, second) = (next(), next());
    assert!(next().is_none(), "an example has two options at most");
    Rule { option, second, ..Rule::new(word, argument) }
}

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    for spec in TECHNIQUES {
        assert!(!spec.examples.is_empty(), "{} has no example", spec.name);
        for example in spec.examples {
            let rule = example_rule(example.rule);
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
const MACHINERY: &[&str] = &["mod", "testing", "permutation", "calendar", "decimal", "fill"];

#[test]
fn every_file_is_a_listed_technique_or_known_machinery() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mask");
    let mut found = 0;
    for entry in std::fs::read_dir(folder).expect("there") {
        let path = entry.expect("readable").path();
        let stem = path.file_stem().expect("named").to_str().expect("text").to_owned();
        if !MACHINERY.contains(&stem.as_str()) {
            assert!(technique(&stem).is_some(), "src/mask/{stem} is not in TECHNIQUES");
            found += 1;
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
