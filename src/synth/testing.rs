//! What tests of generating share: a schema from SQL, all rows of a model held to it.

use super::counts::Counts;
use super::keys::{self, Options};
use super::maker::Maker;
use super::model::Model;
use super::schema::{self, Hints};
use super::seed::Seed;
use super::verify::{Verified, Verifier};
use crate::error::Result;
use crate::format::pg_dump::ddl::Catalog;
use crate::row::shape::Facts;

/// Reads statements, each ended by `;` at the end of a line.
pub(super) fn facts(sql: &str) -> Facts {
    let mut catalog = Catalog::default();
    for statement in sql.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        catalog.apply(&format!("{statement};"), 1).expect("is a schema");
    }
    catalog.facts().completed()
}

/// Plans a schema.
pub(super) fn model(facts: &Facts, counts: &[(&str, u64)], seed: u64) -> Result<Model> {
    hinted(facts, counts, seed, Hints::default())
}

/// Plans a schema of which more is known.
pub(super) fn hinted(facts: &Facts, counts: &[(&str, u64)], seed: u64, hints: Hints) -> Result<Model> {
    keys::build(&schema::plan(facts, &hints)?, &[], &options(counts, seed))
}

/// Returns what tests ask for.
pub(super) fn options(counts: &[(&str, u64)], seed: u64) -> Options {
    Options {
        seed: Seed::new(seed),
        counts: Counts {
            tables: counts.iter().map(|(t, n)| ((*t).to_owned(), *n)).collect(),
            rows: 40,
            profile: Vec::new(),
        },
        locale: "nl_NL",
        now: 1_767_139_200,
        edges: None,
    }
}

/// Makes all rows and holds them to the schema.
pub(super) fn verified(facts: &Facts, model: &Model) -> Verified {
    let mut verifier = Verifier::new(facts, 0);
    for (at, table) in model.tables.iter().enumerate() {
        let place = verifier.table(&table.name).expect("is there");
        let mut maker = Maker::new(model, at).expect("is there");
        for row in 0..table.rows {
            verifier.row(place, maker.row(row).expect("is made"));
        }
    }
    verifier.finish()
}

/// Returns a row as text, `~` for NULL.
pub(super) fn row(model: &Model, table: &str, row: u64) -> String {
    let at = model.find(table).expect("is there");
    let mut maker = Maker::new(model, at).expect("is there");
    let fields = maker.row(row).expect("is made");
    let shown =
        |value: Option<&[u8]>| value.map_or("~".to_owned(), |v| String::from_utf8_lossy(v).into_owned());
    fields.iter().map(shown).collect::<Vec<_>>().join("|")
}
