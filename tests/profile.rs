//! Profiles: every case of fixtures/profile is read, and what comes out (its rules, or all its problems as a person
//! sees them) must be what stands in expected.txt. `UPDATE_GOLDEN=1` rewrites. Techniques are those of this file, so
//! that a new technique changes no expectation here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use standin::error::Message;
use standin::mask::{
    Class, Compile, Compiled, OptionSpec, Reaches, Refusal, Reversibility, Takes, TechniqueSpec,
};
use standin::profile::model::{By, Case, ColumnRule, Profile, Rule, TableBody};
use standin::profile::{show, syntax};
use standin::row::canon::Canon;

fn no_compile(_: &Compile<'_>) -> Result<Compiled, Refusal> {
    Err(Refusal { what: "the tests of the language compile nothing".into(), hint: None })
}

const fn spec(
    name: &'static str,
    class: Class,
    argument: Takes,
    options: &'static [OptionSpec],
) -> TechniqueSpec {
    TechniqueSpec {
        name,
        class,
        summary: "",
        preserves: "",
        attacker: "",
        reversibility: Reversibility::None,
        reaches: Reaches::Nobody(""),
        argument,
        bare: false,
        options,
        identifying: |_, _| true,
        canon: |_, _| Canon::Bytes,
        examples: &[],
        compile: no_compile,
    }
}

const fn option(name: &'static str, takes: Takes) -> OptionSpec {
    OptionSpec { name, takes, help: "" }
}

static KEEP: TechniqueSpec = spec("keep", Class::None, Takes::Reason, &[]);
static SUPPRESS: TechniqueSpec = spec("suppress", Class::Suppression, Takes::Nothing, &[]);
static CONSTANT: TechniqueSpec = spec("constant", Class::Suppression, Takes::Scalar, &[]);
static HASH: TechniqueSpec = TechniqueSpec {
    bare: true,
    ..spec(
        "hash",
        Class::Pseudonymisation,
        Takes::Nothing,
        &[option("length", Takes::Integer { min: 8, max: 64 })],
    )
};
static PSEUDONYM: TechniqueSpec = spec(
    "pseudonym",
    Class::Pseudonymisation,
    Takes::OneOf(&["integer", "uuid", "bsn"]),
    &[option("within", Takes::OneOf(&["smallint", "integer"]))],
);
static GENERALISE: TechniqueSpec =
    spec("generalise", Class::Generalisation, Takes::OneOf(&["year", "month"]), &[]);
static FAKE: TechniqueSpec = spec(
    "fake",
    Class::Pseudonymisation,
    Takes::OneOf(&[
        "first_name",
        "last_name",
        "full_name",
        "email",
        "phone",
        "street",
        "city",
        "postcode",
        "iban",
    ]),
    &[option("unique", Takes::Boolean), option("max", Takes::Integer { min: 1, max: 100_000 })],
);
static TECHNIQUES: &[&TechniqueSpec] = &[&KEEP, &SUPPRESS, &CONSTANT, &HASH, &PSEUDONYM, &GENERALISE, &FAKE];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/profile")
}

/// What a case must give, as text. Other files of its folder are there to be extended.
fn outcome(case: &Path) -> String {
    let bytes = std::fs::read(case.join("profile.yaml")).unwrap();
    let mut load = |path: &str| std::fs::read(case.join(path)).map_err(|_| Message::from("it is not there"));
    match syntax::read_texts("profile.yaml", &bytes, TECHNIQUES, &mut load) {
        Ok(read) => {
            let warnings = show::render(&read.profile.files, &read.warnings, false);
            format!("{}{warnings}", summary(&read.profile))
        }
        Err(refused) => show::render(&refused.files, &refused.problems, false),
    }
}

fn summary(profile: &Profile) -> String {
    let mut text = format!("locale {}\npolicy {:?}\n", profile.locale, profile.policy);
    for reason in &profile.reasons {
        writeln!(text, "reason {}: {}", reason.name, reason.text).unwrap();
    }
    for entity in &profile.entities {
        let subject = entity.subject.map(|index| entity.attributes[index].name.as_str());
        writeln!(text, "entity {} subject {subject:?} pinned {:?}", entity.name, entity.pinned).unwrap();
        for attribute in &entity.attributes {
            writeln!(text, "  {} = {}{}", attribute.name, rule(&attribute.rule), by(&attribute.by)).unwrap();
        }
    }
    for default in &profile.defaults {
        writeln!(text, "default {:?} = {}", default.role, column_rule(profile, &default.column.rule))
            .unwrap();
    }
    for table in &profile.tables {
        let name = [&table.database, &table.schema].map(|part| part.as_deref().unwrap_or("-"));
        let optional = if table.optional { " optional" } else { "" };
        let pattern = if table.pattern { " pattern" } else { "" };
        write!(text, "table {} {} {}{pattern}{optional}", name[0], name[1], table.table).unwrap();
        if table.level > 0 {
            write!(text, " level {}", table.level).unwrap();
        }
        if let Some(when) = &table.keep_rows {
            write!(text, " rows where {}", when.text).unwrap();
        }
        match &table.body {
            TableBody::Like(other) => writeln!(text, " like {}", profile.tables[*other].table).unwrap(),
            TableBody::Empty { reason } => writeln!(text, " empty: {reason}").unwrap(),
            TableBody::Columns(columns) => {
                writeln!(text, " quasi-identifiers {:?}", table.quasi_identifiers).unwrap();
                for column in columns {
                    let rule = column_rule(profile, &column.rule);
                    writeln!(text, "  {}: {} = {rule}", column.place.line, column.name).unwrap();
                }
            }
        }
    }
    text
}

fn column_rule(profile: &Profile, column: &ColumnRule) -> String {
    match column {
        ColumnRule::Keep { reason, .. } => format!("keep, {}", profile.reasons[*reason].name),
        ColumnRule::Cases(cases) => {
            let case = |case: &Case| {
                let when = case.when.as_ref().map_or("else", |when| when.text.as_str());
                format!("[{when}: {}]", column_rule(profile, &case.column.rule))
            };
            cases.iter().map(case).collect()
        }
        ColumnRule::Own { rule: own, by: decides } => format!("{}{}", rule(own), by(decides)),
        ColumnRule::Attribute { entity, attribute, by: decides, or_value } => {
            let entity = &profile.entities[*entity];
            let or = if *or_value { ", or value" } else { "" };
            format!("{}.{}{}{or}", entity.name, entity.attributes[*attribute].name, by(decides))
        }
    }
}

fn rule(rule: &Rule) -> String {
    format!("{} {:?} {:?}", rule.technique.name, rule.argument, rule.options)
}

fn by(by: &By) -> String {
    if *by == By::Default { String::new() } else { format!(", by {by:?}") }
}

#[test]
fn every_case_reads_as_expected() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut cases: Vec<_> =
        std::fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 19, "cases are missing");
    let mut wrong = Vec::new();
    for case in cases {
        let found = outcome(&case);
        let golden = case.join("expected.txt");
        if update {
            std::fs::write(&golden, &found).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Cutting at or changing any byte of any case must give a profile or problems, never a panic; a problem always
/// has a place inside the text.
#[test]
fn damaged_profiles_are_problems() {
    for entry in std::fs::read_dir(fixtures()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path().join("profile.yaml")).unwrap();
        for index in 0..bytes.len() {
            let strange = [b'\0', b'\t', b'"', b'{', b'*', b'\n', 0xc3, b'&', b'-'][index % 9];
            let mut damaged = bytes.clone();
            damaged[index] = strange;
            for damaged in [&bytes[..index], damaged.as_slice()] {
                if let Err(refused) = syntax::read_with("p", damaged, TECHNIQUES) {
                    assert!(!refused.problems.is_empty());
                    for problem in &refused.problems {
                        let place = problem.place.unwrap();
                        assert!(
                            place.line >= 1 && place.column >= 1 && place.start <= place.end,
                            "{place:?}"
                        );
                    }
                }
            }
        }
    }
}
