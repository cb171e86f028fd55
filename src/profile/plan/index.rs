//! The entries of a profile, ready to be looked up by a table's or a column's name: exact names by hash, patterns one by
//! one. Made once a plan, asked for every table of a schema, however many there are.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::profile::glob::Glob;
use crate::profile::model::{Column, Profile, TableBody};

/// The entries of a profile.
pub(super) struct Index {
    /// Entries with exact names, by their table's name in lower case.
    exact: HashMap<String, Vec<usize>>,
    /// Entries whose name is a pattern.
    patterns: Vec<Pattern>,
    /// What every entry says of columns, by its own words (`like` is not followed).
    columns: Vec<Columns>,
}

/// The pattern of an entry's name.
struct Pattern {
    entry: usize,
    /// `None` = the default schema.
    schema: Option<Glob>,
    table: Glob,
}

/// The rules of one entry.
#[derive(Default)]
pub(super) struct Columns {
    /// Patterns, with the position of the rule in the entry.
    pub(super) patterns: Vec<(usize, Glob)>,
    /// Exact names in lower case, with the positions of their rules, once somebody asks.
    exact: OnceLock<HashMap<String, Vec<usize>>>,
}

impl Columns {
    /// Returns the positions of the rules whose exact name is one of these but for case, in the order of the entry, whose
    /// rules are given.
    pub(super) fn exact(&self, columns: &[Column], lower: &[String]) -> Vec<usize> {
        let exact = self.exact.get_or_init(|| exact(columns));
        let found = lower.iter().filter_map(|name| exact.get(name)).flatten();
        let mut positions: Vec<usize> = found.copied().collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }
}

fn exact(columns: &[Column]) -> HashMap<String, Vec<usize>> {
    let mut exact: HashMap<String, Vec<usize>> = HashMap::new();
    for (position, column) in columns.iter().enumerate().filter(|(_, column)| !column.pattern) {
        exact.entry(column.name.to_lowercase()).or_default().push(position);
    }
    exact
}

impl Index {
    pub(super) fn new(profile: &Profile) -> Self {
        let mut index = Self { exact: HashMap::new(), patterns: Vec::new(), columns: Vec::new() };
        for (entry, table) in profile.tables.iter().enumerate() {
            if table.pattern {
                let schema = table.schema.as_deref().filter(|schema| *schema != "public").map(Glob::new);
                index.patterns.push(Pattern { entry, schema, table: Glob::new(&table.table) });
            } else {
                index.exact.entry(table.table.to_lowercase()).or_default().push(entry);
            }
            let patterns = |columns: &[Column]| {
                let patterns = columns.iter().enumerate().filter(|(_, column)| column.pattern);
                patterns.map(|(position, column)| (position, Glob::new(&column.name))).collect()
            };
            index.columns.push(match &table.body {
                TableBody::Columns(columns) => {
                    Columns { patterns: patterns(columns), exact: OnceLock::new() }
                }
                TableBody::Like(_) | TableBody::Empty { .. } => Columns::default(),
            });
        }
        index
    }

    /// Returns the entries whose exact name is this but for case.
    pub(super) fn exact(&self, table: &str) -> &[usize] {
        self.exact.get(&table.to_lowercase()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the entries whose pattern stands for a table. No schema is the default one.
    pub(super) fn patterns(&self, schema: Option<&str>, table: &str) -> impl Iterator<Item = usize> {
        let (schema, table) = (schema.map(str::to_lowercase), table.to_lowercase());
        let matches = move |pattern: &&Pattern| {
            pattern.table.matches(&table)
                && match (&pattern.schema, &schema) {
                    (Some(glob), schema) => glob.matches(schema.as_deref().unwrap_or("public")),
                    (None, schema) => schema.is_none(),
                }
        };
        self.patterns.iter().filter(matches).map(|pattern| pattern.entry)
    }

    /// Returns what an entry says of columns.
    pub(super) fn columns(&self, entry: usize) -> Option<&Columns> {
        self.columns.get(entry)
    }
}
