//! For tests of the writers only: findings and a schema made of short lines, and what `check` says of a profile.

use crate::discover::class::Class;
use crate::discover::findings::{Evidence, Findings, FoundColumn, FoundTable};
use crate::profile::model::{Problem, Profile, Severity};
use crate::profile::plan::{Plan, PlanOptions};
use crate::row::shape::{
    ColumnFacts, ColumnType, Facts, ForeignKey, Shape, TableFacts, TableName, TypeClass, Unique,
};
use crate::secret::Schedule;

/// Types that a line can name.
pub(super) const TYPES: &[&str] = &[
    "text",
    "text notnull",
    "text unique",
    "varchar(6)",
    "varchar(6) notnull",
    "varchar(12) unique notnull",
    "char(1)",
    "smallint",
    "smallint notnull",
    "integer primary",
    "integer",
    "integer notnull",
    "bigint unique",
    "numeric",
    "numeric notnull",
    "boolean",
    "boolean notnull",
    "date",
    "date notnull",
    "timestamp notnull",
    "uuid",
    "uuid primary",
    "jsonb",
    "jsonb notnull",
    "bytea",
    "bytea notnull",
    "inet",
    "inet notnull",
    "enum",
    "enum notnull",
    "array",
    "array notnull",
    "other",
    "other notnull",
    "unknown",
];

/// Findings and their schema.
#[derive(Default)]
pub(super) struct Build {
    pub(super) findings: Findings,
    pub(super) tables: Vec<TableFacts>,
}

/// Begins.
pub(super) fn findings() -> Build {
    Build::default()
}

fn class(text: &str) -> TypeClass {
    let max = text.split_once('(').map(|(_, n)| n.trim_end_matches(')').parse().unwrap());
    match text.split('(').next().unwrap() {
        "text" | "varchar" => TypeClass::Text { max_chars: max },
        "char" => TypeClass::Char { chars: max.unwrap() },
        "smallint" => TypeClass::SmallInt,
        "integer" => TypeClass::Integer,
        "bigint" => TypeClass::BigInt,
        "numeric" => TypeClass::Numeric { precision: None, scale: None },
        "boolean" => TypeClass::Boolean,
        "date" => TypeClass::Date,
        "timestamp" => TypeClass::Timestamp { zone: false },
        "uuid" => TypeClass::Uuid,
        "jsonb" => TypeClass::Json,
        "bytea" => TypeClass::Bytes,
        "inet" => TypeClass::Inet,
        "enum" => TypeClass::Enum(["a".to_owned(), "b".to_owned()].into()),
        "array" => TypeClass::Array(Box::new(TypeClass::Text { max_chars: None })),
        "unknown" => TypeClass::Unknown,
        _ => TypeClass::Other,
    }
}

fn name(table: &str) -> TableName {
    TableName::new(Some("public"), table)
}

impl Build {
    /// Adds a table; columns as `name type [primary] [unique] [notnull] class [confidence]`, `-` for no class.
    pub(super) fn table(mut self, table: &str, columns: &[&str]) -> Self {
        let mut facts = TableFacts::named(name(table));
        let mut found = Vec::new();
        for line in columns {
            let words: Vec<&str> = line.split_whitespace().collect();
            let has = |word: &str| words.contains(&word);
            let mut rest = words[2..].iter().filter(|w| !["primary", "unique", "notnull"].contains(w));
            let what = rest.next().and_then(|word| Class::of(word));
            let confidence = rest.next().map_or(0.97, |text| text.parse().unwrap());
            let ty = ColumnType { class: class(words[1]), text: words[1].into(), domain: None };
            if has("primary") || has("unique") {
                let columns = vec![words[0].to_owned()];
                facts.uniques.push(Unique {
                    name: String::new(),
                    columns,
                    primary: has("primary"),
                    expression: false,
                });
            }
            facts.columns.push(ColumnFacts {
                name: words[0].into(),
                ty: ty.clone(),
                not_null: has("notnull") || has("primary"),
                generated: false,
                literal_default: false,
                numbered: false,
            });
            found.push(FoundColumn {
                name: words[0].into(),
                ty,
                class: what,
                confidence: if what.is_some() { confidence } else { 0.0 },
                evidence: vec![
                    Evidence::Name("a word"),
                    Evidence::Passes { what: "a form", passed: 95, of: 100 },
                ],
                inside: Vec::new(),
            });
        }
        let (name, rows) = (facts.name.clone(), Some(7));
        self.findings.tables.push(FoundTable {
            name,
            rows,
            sampled: 7,
            columns: found,
            copy_of: None,
            quasi: None,
        });
        self.tables.push(facts);
        self
    }

    /// Adds a foreign key: `orders.customer_id` to `customers.id`.
    pub(super) fn key(mut self, from: &str, to: &str) -> Self {
        let ((table, column), (target, end)) = (from.split_once('.').unwrap(), to.split_once('.').unwrap());
        let facts = self.tables.iter_mut().find(|t| t.name == name(table)).unwrap();
        let (columns, target_columns) = (vec![column.to_owned()], vec![end.to_owned()]);
        facts.foreign_keys.push(ForeignKey {
            name: String::new(),
            columns,
            target: name(target),
            target_columns,
        });
        self
    }

    /// Says that a table is a copy.
    pub(super) fn copy(mut self, table: &str, original: &str) -> Self {
        let found = self.findings.tables.iter_mut().find(|t| t.name == name(table)).unwrap();
        found.copy_of = Some(name(original));
        self
    }

    /// Ends it.
    pub(super) fn done(self) -> (Findings, Facts) {
        let mut facts = Facts::default();
        for table in self.tables {
            assert!(facts.add(table));
        }
        (self.findings, facts)
    }
}

/// Lists what would stop a run, but what is undecided.
pub(super) fn stops(profile: Profile, facts: &Facts) -> Vec<String> {
    let plan = Plan::new(profile, Schedule::test(), PlanOptions::default());
    let mut problems: Vec<Problem> = plan.cover(facts, true);
    for table in facts.tables().iter().filter(|t| t.holds_rows) {
        let columns = table.columns.iter().filter(|c| !c.generated).cloned().collect();
        let shape = Shape { table: table.name.clone(), columns, trusted_names: true };
        problems.extend(plan.bind(&shape, facts).err().unwrap_or_default());
    }
    problems.extend(plan.keys(facts));
    let stops = problems
        .iter()
        .filter(|p| p.severity == Severity::Error && !p.what.as_str().starts_with("undecided:"));
    stops
        .map(|p| format!("{} {:?}", p.what.as_str(), p.column.as_ref().map(|c| c.as_str().to_owned())))
        .collect()
}
