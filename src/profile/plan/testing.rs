//! For tests of the plan only: techniques that do nothing but declare, and builders that make profiles and schemas
//! out of short lines. `person.last_name by=seller_id`, `fake:email max=30`, `id integer not null`.

use crate::mask::{
    Class, Compile, Compiled, Decider, Lanes, Mask, MaskCx, Needs, OptionSpec, Outcome, Output, Reaches,
    Refusal, Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::profile::model::{
    Attribute, By, Column, ColumnRule, Entity, Place, Problem, Profile, Reason, Rule, Severity, Table,
    TableBody,
};
use crate::row::canon::Canon;
use crate::row::shape::{
    Check, ColumnFacts, ColumnType, Expression, Facts, ForeignKey, Shape, TableFacts, TableName, TypeClass,
    Unique,
};
use crate::secret::{Purpose, Schedule};

use super::{MaskPlan, Plan, PlanOptions, TablePlan};

struct Idle;

impl Mask for Idle {
    fn mask(&self, _field: &[u8], _cx: &MaskCx<'_>, _out: &mut Vec<u8>) -> Outcome {
        Outcome::Masked
    }

    fn placeholder(&self, _field: &[u8], _out: &mut Vec<u8>) -> bool {
        let _ = Lanes::default();
        true
    }
}

fn made(needs: Needs, output: Output, uniqueness: Uniqueness) -> Result<Compiled, Refusal> {
    Ok(Compiled { mask: Box::new(Idle), needs, output, uniqueness })
}

fn number(cx: &Compile<'_>, name: &str) -> Option<u32> {
    match cx.option(name) {
        Some(Value::Integer(n)) => u32::try_from(*n).ok(),
        _ => None,
    }
}

fn exact(_: Option<&Value>, _: &str) -> Canon {
    Canon::Bytes
}

fn never(_: Option<&Value>, _: &[(String, Value)]) -> bool {
    false
}

fn always(_: Option<&Value>, _: &[(String, Value)]) -> bool {
    true
}

const MAX: &[OptionSpec] = &[OptionSpec { name: "max", takes: Takes::Integer { min: 1, max: 99 }, help: "" }];

const BLANK: TechniqueSpec = TechniqueSpec {
    name: "",
    class: Class::Suppression,
    summary: "",
    preserves: "",
    attacker: "",
    reversibility: Reversibility::None,
    reaches: Reaches::Nobody(""),
    argument: Takes::Nothing,
    bare: true,
    options: &[],
    identifying: never,
    canon: exact,
    examples: &[],
    compile: |_| made(Needs::Nothing, Output::Nothing, Uniqueness::Lost),
};

static SUPPRESS: TechniqueSpec = TechniqueSpec { name: "suppress", ..BLANK };

static CONSTANT: TechniqueSpec = TechniqueSpec {
    name: "constant",
    compile: |_| made(Needs::Nothing, Output::Text { max_chars: Some(5) }, Uniqueness::Lost),
    ..BLANK
};

static GENERALISE: TechniqueSpec = TechniqueSpec {
    name: "generalise",
    class: Class::Generalisation,
    compile: |_| made(Needs::Nothing, Output::Same, Uniqueness::Lost),
    ..BLANK
};

/// `integer` on own values, `uuid` likewise; `pinned` comes back as the refusal `pinned N` if `show_pinned` is set.
static PSEUDONYM: TechniqueSpec = TechniqueSpec {
    name: "pseudonym",
    class: Class::Pseudonymisation,
    identifying: always,
    canon: |argument, _| match argument.and_then(Value::text) {
        Some("integer") => Canon::Integer,
        Some("uuid") => Canon::Uuid,
        _ => Canon::Bytes,
    },
    compile: |cx| {
        if cx.option("show_pinned").is_some() {
            return Err(Refusal {
                what: crate::message!("pinned {}", cx.pinned.len()),
                hint: Some("x".into()),
            });
        }
        let output = match cx.argument.and_then(Value::text) {
            Some("uuid") => Output::Uuid,
            _ => Output::Integer,
        };
        made(Needs::Nothing, output, Uniqueness::Kept)
    },
    ..BLANK
};

static HASH: TechniqueSpec = TechniqueSpec {
    name: "hash",
    class: Class::Pseudonymisation,
    identifying: always,
    compile: |cx| {
        let length = number(cx, "length").unwrap_or(16);
        let mac = cx.schedule.mac(Purpose::Hash, cx.label);
        let needs = Needs::Value { canon: Canon::Bytes, mac };
        made(needs, Output::Text { max_chars: Some(length) }, Uniqueness::Bits(5 * length))
    },
    ..BLANK
};

/// `email` is identifying, `last_name` reads low lanes, `phone` high ones, `job` cannot be decided by value.
static FAKE: TechniqueSpec = TechniqueSpec {
    name: "fake",
    class: Class::Pseudonymisation,
    options: MAX,
    identifying: |argument, _| argument.and_then(Value::text) == Some("email"),
    canon: |argument, _| match argument.and_then(Value::text) {
        Some("email") => Canon::Email,
        Some("last_name") => Canon::Name,
        _ => Canon::Bytes,
    },
    compile: |cx| {
        let kind = cx.argument.and_then(Value::text).unwrap_or_default();
        let text = Output::Text { max_chars: Some(number(cx, "max").unwrap_or(30)) };
        let mac = cx.schedule.mac(Purpose::Fake("kind"), cx.label);
        let canon = (FAKE.canon)(cx.argument, cx.locale);
        match (kind, cx.decider) {
            ("email", _) => made(Needs::Value { canon, mac }, text, Uniqueness::Bits(80)),
            ("login", Decider::Subject) => made(Needs::Subject { high: true }, text, Uniqueness::Bits(64)),
            ("job", Decider::Value) => made(Needs::Nothing, text, Uniqueness::Lost),
            (_, Decider::Value) => made(Needs::Value { canon, mac }, text, Uniqueness::Lost),
            (_, Decider::Subject) => made(Needs::Subject { high: kind == "phone" }, text, Uniqueness::Lost),
        }
    },
    ..BLANK
};

static KEEP: TechniqueSpec = TechniqueSpec {
    name: "keep",
    class: Class::None,
    compile: |_| made(Needs::Nothing, Output::Same, Uniqueness::Kept),
    ..BLANK
};

static ALL: &[&TechniqueSpec] = &[&SUPPRESS, &CONSTANT, &GENERALISE, &PSEUDONYM, &HASH, &FAKE, &KEEP];

/// Makes a profile line by line.
#[derive(Default)]
pub(super) struct Build {
    profile: Profile,
}

/// Starts a profile.
pub(super) fn profile() -> Build {
    let mut build = Build::default();
    build.profile.locale = "nl_NL".to_owned();
    build.profile.reasons.push(Reason { name: "r".into(), text: "why".into(), place: Place::default() });
    build
}

/// The profile most tests start from: one person.
pub(super) fn person() -> Build {
    profile().entity(
        "person",
        Some("id"),
        &[
            "id pseudonym:integer",
            "email fake:email",
            "last_name fake:last_name",
            "phone fake:phone",
            "login fake:login",
            "job fake:job",
            "bsn pseudonym:bsn",
            "born generalise:year",
            "slug fake:slug by=id",
            "alias fake:last_name by=value",
        ],
    )
}

struct Words<'a> {
    head: &'a str,
    argument: Option<Value>,
    options: Vec<(String, Value)>,
    by: By,
    or_value: bool,
}

fn words(text: &str) -> Words<'_> {
    let mut parts = text.split_whitespace();
    let first = parts.next().unwrap();
    let (head, argument) = match first.split_once(':') {
        Some((head, argument)) => (head, Some(value(argument))),
        None => (first, None),
    };
    let mut words = Words { head, argument, options: Vec::new(), by: By::Default, or_value: false };
    for part in parts {
        let (key, said) = part.split_once('=').unwrap();
        match (key, said) {
            ("by", "value") => words.by = By::Value,
            ("by", names) => words.by = By::Names(names.split(',').map(str::to_owned).collect()),
            ("or", "value") => words.or_value = true,
            _ => words.options.push((key.to_owned(), value(said))),
        }
    }
    words
}

fn value(text: &str) -> Value {
    text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Integer)
}

fn rule(words: &Words<'_>) -> Rule {
    let technique = ALL.iter().copied().find(|t| t.name == words.head).unwrap();
    Rule {
        technique,
        argument: words.argument.clone(),
        options: words.options.clone(),
        inside: Vec::new(),
        place: Place::default(),
    }
}

impl Build {
    /// Adds an entity; attributes as `name rule`.
    pub(super) fn entity(mut self, name: &str, subject: Option<&str>, attributes: &[&str]) -> Self {
        let attributes: Vec<Attribute> = attributes
            .iter()
            .map(|line| {
                let (name, rest) = line.split_once(' ').unwrap();
                let words = words(rest);
                Attribute { name: name.into(), rule: rule(&words), by: words.by, place: Place::default() }
            })
            .collect();
        let subject = subject.map(|s| attributes.iter().position(|a| a.name == s).unwrap());
        let pinned = ["0", "-1", ""].map(str::to_owned).to_vec();
        self.profile.entities.push(Entity {
            name: name.into(),
            label: None,
            subject,
            pinned,
            scope: Vec::new(),
            resolve: Vec::new(),
            attributes,
            place: Place::default(),
        });
        self
    }

    fn push(mut self, name: &str, body: TableBody) -> Self {
        let (database, name) = name.split_once(':').map_or((None, name), |(d, n)| (Some(d), n));
        let (schema, table) = name.split_once('.').map_or((None, name), |(s, t)| (Some(s), t));
        let line = u32::try_from(self.profile.tables.len()).unwrap() + 1;
        self.profile.tables.push(Table {
            database: database.map(str::to_owned),
            schema: schema.map(str::to_owned),
            table: table.into(),
            body,
            quasi_identifiers: Vec::new(),
            keep_rows: None,
            insert: Vec::new(),
            count: None,
            popularity: Vec::new(),
            optional: false,
            pattern: name.contains('*'),
            level: 0,
            place: Place { line, ..Place::default() },
        });
        self
    }

    /// Adds a table; columns as `name rule`.
    pub(super) fn table(self, name: &str, columns: &[&str]) -> Self {
        let line = u32::try_from(self.profile.tables.len()).unwrap() + 1;
        let column = |(n, text): (usize, &&str)| {
            let (name, rest) = text.split_once(' ').unwrap();
            let words = words(rest);
            let rule = match words.head.split_once('.') {
                Some((e, a)) => {
                    let entity = self.profile.entities.iter().position(|x| x.name == e).unwrap();
                    let attributes = &self.profile.entities[entity].attributes;
                    let attribute = attributes.iter().position(|x| x.name == a).unwrap();
                    ColumnRule::Attribute { entity, attribute, by: words.by, or_value: words.or_value }
                }
                None if words.head == "keep" => ColumnRule::Keep { reason: 0, sensitive: Default::default() },
                None => ColumnRule::Own { rule: rule(&words), by: words.by.clone() },
            };
            let column = u32::try_from(n).unwrap() + 1;
            let place = Place { line, column, ..Place::default() };
            Column { name: name.into(), rule, pattern: name.contains('*'), place }
        };
        let columns = columns.iter().enumerate().map(column).collect();
        self.push(name, TableBody::Columns(columns))
    }

    /// Adds a table like the one added before under that position.
    pub(super) fn like(self, name: &str, other: usize) -> Self {
        self.push(name, TableBody::Like(other))
    }

    /// Adds a table to empty.
    pub(super) fn empty(self, name: &str) -> Self {
        self.push(name, TableBody::Empty { reason: "tokens".into() })
    }

    /// Changes the table added last.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Table)) -> Self {
        change(self.profile.tables.last_mut().unwrap());
        self
    }

    /// Ends it.
    pub(super) fn plan(self) -> Plan {
        Plan::new(self.profile, Schedule::test(), PlanOptions::default())
    }

    /// Ends it, with `--allow-unlisted-keep`.
    pub(super) fn plan_keeping(self) -> Plan {
        Plan::new(
            self.profile,
            Schedule::test(),
            PlanOptions { allow_unlisted_keep: true, ..PlanOptions::default() },
        )
    }
}

/// Makes a column: `id integer not null`, `total numeric generated`, `mail varchar(9) domain`.
pub(super) fn column(text: &str) -> ColumnFacts {
    let (name, rest) = text.split_once(' ').unwrap_or((text, "unknown"));
    let word = |w: &str| rest.split_whitespace().any(|x| x == w);
    let ty = rest.split_whitespace().next().unwrap();
    let class = match ty {
        "unknown" => TypeClass::Unknown,
        "enum" => TypeClass::Enum(["a".to_owned(), "b".to_owned()].into()),
        "bytea" => TypeClass::Bytes,
        "inet" => TypeClass::Inet,
        "array" => TypeClass::Array(Box::new(TypeClass::Text { max_chars: None })),
        "other" => TypeClass::Other,
        ty => super::fit::named_type(ty).unwrap(),
    };
    let text = if ty == "unknown" { String::new() } else { ty.to_owned() };
    let domain = word("domain").then(|| "a_domain".to_owned());
    ColumnFacts {
        name: name.into(),
        ty: ColumnType { class, text, domain },
        not_null: word("not"),
        generated: word("generated"),
        literal_default: false,
        numbered: false,
    }
}

/// Makes a table's name out of `schema.table` or `table`.
pub(super) fn table_name(name: &str) -> TableName {
    let (schema, table) = name.split_once('.').map_or((None, name), |(s, t)| (Some(s), t));
    TableName::new(schema, table)
}

/// Makes a table of the schema.
pub(super) fn table(name: &str, columns: &[&str]) -> TableFacts {
    let columns = columns.iter().map(|c| column(c)).collect();
    TableFacts { columns, partition_key: None, ..TableFacts::named(table_name(name)) }
}

/// Short ways to say more of a table.
pub(super) trait More {
    /// Partition of a table.
    fn partition_of(self, parent: &str) -> Self;
    /// Heir of a table.
    fn inherits(self, parent: &str) -> Self;
    /// Partitioned by columns.
    fn by(self, key: &[&str]) -> Self;
    /// Primary key.
    fn primary(self, columns: &[&str]) -> Self;
    /// UNIQUE.
    fn unique(self, columns: &[&str]) -> Self;
    /// Unique index over an expression.
    fn unique_expression(self, columns: &[&str]) -> Self;
    /// Foreign key.
    fn references(self, columns: &[&str], target: &str, target_columns: &[&str]) -> Self;
    /// CHECK.
    fn check(self, columns: Option<&[&str]>) -> Self;
    /// CHECK with an expression; `exact` = it means what PostgreSQL means by it.
    fn checked(self, sql: &str, exact: bool) -> Self;
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

impl More for TableFacts {
    fn partition_of(mut self, parent: &str) -> Self {
        self.partition = true;
        self.inherits(parent)
    }

    fn inherits(mut self, parent: &str) -> Self {
        self.parents.push(table_name(parent));
        self
    }

    fn by(mut self, key: &[&str]) -> Self {
        self.partition_key = Some(strings(key));
        self
    }

    fn primary(mut self, columns: &[&str]) -> Self {
        for column in self.columns.iter_mut().filter(|c| columns.contains(&c.name.as_str())) {
            column.not_null = true;
        }
        let columns = strings(columns);
        self.uniques.push(Unique { name: "pk".into(), columns, primary: true, expression: false });
        self
    }

    fn unique(mut self, columns: &[&str]) -> Self {
        let columns = strings(columns);
        self.uniques.push(Unique { name: "uq".into(), columns, primary: false, expression: false });
        self
    }

    fn unique_expression(mut self, columns: &[&str]) -> Self {
        let columns = strings(columns);
        self.uniques.push(Unique { name: "ux".into(), columns, primary: false, expression: true });
        self
    }

    fn references(mut self, columns: &[&str], target: &str, target_columns: &[&str]) -> Self {
        self.foreign_keys.push(ForeignKey {
            name: "fk".into(),
            columns: strings(columns),
            target: table_name(target),
            target_columns: strings(target_columns),
        });
        self
    }

    fn check(mut self, columns: Option<&[&str]>) -> Self {
        let columns = columns.map(strings);
        self.checks.push(Check { name: "ck".into(), columns, expression: None, valid: true });
        self
    }

    fn checked(mut self, sql: &str, exact: bool) -> Self {
        let expression = Some(Expression { sql: sql.into(), exact });
        self.checks.push(Check { name: "ck".into(), columns: None, expression, valid: true });
        self
    }
}

/// Puts tables together.
pub(super) fn facts(tables: Vec<TableFacts>) -> Facts {
    let mut facts = Facts::default();
    for table in tables {
        assert!(facts.add(table), "a table twice");
    }
    facts
}

/// The shape of a table of the schema: all columns but the generated ones.
pub(super) fn shape_of(facts: &Facts, name: &str) -> Shape {
    let table = facts.table(&table_name(name)).unwrap();
    let columns = table.columns.iter().filter(|c| !c.generated).cloned().collect();
    Shape { table: table.name.clone(), columns, trusted_names: true }
}

/// The shape of a file: names that may be data, no types.
pub(super) fn file(name: &str, columns: &[&str]) -> Shape {
    let columns = columns.iter().map(|c| column(c)).collect();
    Shape { table: TableName::new(None, name), columns, trusted_names: false }
}

/// Binds a table of the schema.
pub(super) fn bind(plan: &Plan, facts: &Facts, name: &str) -> Result<TablePlan, Vec<Problem>> {
    plan.bind(&shape_of(facts, name), facts)
}

/// Binds a table of one schema table.
pub(super) fn bind_one(plan: &Plan, table: TableFacts) -> Result<TablePlan, Vec<Problem>> {
    let name = table.name.to_string();
    bind(plan, &facts(vec![table]), &name)
}

/// Returns the masked columns of a bound table.
pub(super) fn masked(plan: &TablePlan) -> &MaskPlan {
    match &plan.action {
        super::Action::Mask(mask) => mask,
        super::Action::Keep => panic!("kept"),
        super::Action::Empty => panic!("emptied"),
    }
}

/// Asserts that exactly these errors were found: each `[column: ]part of the message[ | part of the hint]`.
#[track_caller]
pub(super) fn assert_errors(found: Result<TablePlan, Vec<Problem>>, wanted: &[&str]) {
    let Err(problems) = found else { panic!("bound, but wanted {wanted:?}") };
    assert_problems(&problems, Severity::Error, wanted);
}

/// Asserts that exactly these problems of a severity were found.
#[track_caller]
pub(super) fn assert_problems(problems: &[Problem], severity: Severity, wanted: &[&str]) {
    let lines: Vec<String> = problems.iter().filter(|p| p.severity == severity).map(line).collect();
    assert_eq!(lines.len(), wanted.len(), "found {lines:#?}\nwanted {wanted:#?}");
    for (line, wanted) in lines.iter().zip(wanted) {
        for part in wanted.split(" | ") {
            assert!(line.contains(part), "found {line}\nwanted {part}");
        }
    }
}

fn line(problem: &Problem) -> String {
    let shown = |m: &Option<crate::error::Message>| m.as_ref().map(ToString::to_string).unwrap_or_default();
    format!(
        "{} {}: {} -> {}",
        shown(&problem.table),
        shown(&problem.column),
        problem.what,
        shown(&problem.hint)
    )
}

/// Returns the plan, or fails with all problems.
#[track_caller]
pub(super) fn bound(found: Result<TablePlan, Vec<Problem>>) -> TablePlan {
    found.unwrap_or_else(|problems| panic!("{:#?}", problems.iter().map(line).collect::<Vec<_>>()))
}
