//! What the drafted profile says of every column: the findings turned into decisions. Entities are made of the keys of
//! people's tables; what nobody is sure of is undecided.
//!
//! Keeps nothing by default: a column stays only if it was positively recognised as a class of no person (`Kept` cannot
//! be made of any other). Every decision is held against the plan before it is handed on (`settle`): what would not fit
//! its column falls to the next rule that masks, at last to `undecided`; never to `keep`.

mod near;
mod people;
mod rules;
mod settle;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::class::{Category, Class};
use super::findings::{Evidence, Findings, FoundColumn, FoundTable};
use crate::profile::draft::keys::Graph;
use crate::row::shape::{ColumnFacts, Facts, TableFacts, TableName, TypeClass};

use people::People;
use rules::Spot;

/// From here on a class is decided on.
pub const SURE: f32 = 0.9;
/// From here on what may never be shown is suppressed.
pub const LIKELY: f32 = 0.5;

/// Why a column may stay: only made for classes of no person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept(&'static str);

/// The reasons: their words and what is said of them.
pub const REASONS: &[(&str, &str)] = &[
    ("structure", "keys of what is no person"),
    ("measures", "numbers and amounts, needed by the software under test"),
    ("workflow", "the state of the work, needed by the software under test"),
    ("times", "when rows were written, needed by the software under test"),
];

impl Kept {
    /// Returns the reason for which a class stays; `None` for any class that may be of a person.
    #[must_use]
    pub fn of(class: Class) -> Option<Self> {
        match class {
            _ if class.identifies() => None,
            Class::Key => Some(Self("structure")),
            Class::Measure => Some(Self("measures")),
            Class::Flag | Class::Label => Some(Self("workflow")),
            Class::Moment => Some(Self("times")),
            _ => None,
        }
    }

    /// Returns the reason's word.
    #[must_use]
    pub fn reason(self) -> &'static str {
        self.0
    }
}

/// What the profile says of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// An attribute of an entity: indexes into `Decisions::entities` and its attributes.
    Attribute {
        /// The entity.
        entity: usize,
        /// Its attribute.
        attribute: usize,
        /// The column that says whose it is, where several could.
        by: Option<String>,
    },
    /// A rule of its own, as YAML.
    Rule(String),
    /// It stays.
    Keep(Kept),
    /// Nobody decided yet.
    Undecided,
    /// The rule of the table that it inherits from counts.
    Inherited,
}

/// What was decided on one column, and what is left to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDecision {
    /// What may be written, the best first; empty: undecided.
    ways: Vec<Decision>,
    /// Why nothing better; names and words only.
    pub why: String,
}

impl ColumnDecision {
    fn new(ways: Vec<Decision>, why: &str) -> Self {
        Self { ways, why: why.to_owned() }
    }

    /// Returns what is decided.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        self.ways.first().unwrap_or(&Decision::Undecided)
    }
}

/// What is written of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableDecision {
    /// Its columns, in the order of the findings.
    Columns(Vec<ColumnDecision>),
    /// The rules of another table, by index into the findings.
    Like(usize),
    /// Nothing: it is a part of another table.
    Part,
}

/// An attribute of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its rule as YAML.
    pub rule: String,
    /// A word on it.
    pub note: String,
}

/// An entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// The attribute that says who it is.
    pub subject: Option<String>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// All that was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisions {
    /// Language and country of the stand-ins.
    pub locale: &'static str,
    /// The entities.
    pub entities: Vec<Entity>,
    /// One for each table of the findings.
    pub tables: Vec<TableDecision>,
}

/// Decides on every column.
#[must_use]
pub fn decide(findings: &Findings, facts: &Facts) -> Decisions {
    let facts = whole(findings, facts);
    let mut decisions = proposed(findings, &facts);
    settle::settle(&mut decisions, findings, &facts, settle::Rounds::Reached);
    decisions
}

/// Decides the same with every question asked again in every round.
#[cfg(test)]
pub(super) fn decide_by_whole_rounds(findings: &Findings, facts: &Facts) -> Decisions {
    let facts = whole(findings, facts);
    let mut decisions = proposed(findings, &facts);
    settle::settle(&mut decisions, findings, &facts, settle::Rounds::Whole);
    decisions
}

/// Decides on every column before that is held against the plan.
fn proposed(findings: &Findings, facts: &Facts) -> Decisions {
    let known = Known::new(findings, facts);
    let mut people = People::new(&known);
    let mut tables: Vec<TableDecision> = findings
        .tables
        .iter()
        .enumerate()
        .map(|(index, table)| TableDecision::Columns(known.columns(index, table, &mut people)))
        .collect();
    for (index, table) in findings.tables.iter().enumerate() {
        let other =
            if known.is_part(index) { Some(TableDecision::Part) } else { known.like(index, table, &tables) };
        if let (Some(other), Some(slot)) = (other, tables.get_mut(index)) {
            *slot = other;
        }
    }
    Decisions { locale: locale(findings), entities: people.entities, tables }
}

/// Returns the facts with the tables and columns that only the rows showed.
pub(crate) fn whole<'f>(findings: &Findings, known: &'f Facts) -> Cow<'f, Facts> {
    let mut facts = Cow::Borrowed(known);
    for found in &findings.tables {
        let known = facts.table(&found.name);
        let lacks = |table: &TableFacts| found.columns.iter().any(|c| table.column(&c.name).is_none());
        if known.is_some_and(|table| !lacks(table)) {
            continue;
        }
        let mut table = known.cloned().unwrap_or_else(|| TableFacts::named(found.name.clone()));
        for column in &found.columns {
            if table.column(&column.name).is_none() {
                table.columns.push(ColumnFacts {
                    name: column.name.clone(),
                    ty: column.ty.clone(),
                    not_null: false,
                    generated: false,
                    literal_default: false,
                    numbered: false,
                });
            }
        }
        facts.to_mut().put(table);
    }
    facts
}

/// A column: position of its table in the facts, and in the table.
type Place = (usize, usize);

/// Findings and schema, joined.
struct Known<'a> {
    findings: &'a Findings,
    facts: &'a Facts,
    graph: Graph<'a>,
    /// What was found of each column of the schema; of parts of a table the surest, where they agree.
    found: Vec<Vec<Option<&'a FoundColumn>>>,
    /// Columns that hold one thing in one part of a table and another in the next.
    mixed: HashSet<Place>,
    /// Where the columns of each table of the findings stand.
    places: Vec<Vec<Option<Place>>>,
    /// Places of the tables in the findings.
    listed: HashMap<&'a TableName, usize>,
}

impl<'a> Known<'a> {
    fn new(findings: &'a Findings, facts: &'a Facts) -> Self {
        let mut graph = Graph::new(facts);
        for (index, table) in facts.tables().iter().enumerate().filter(|(_, t)| t.holds_rows) {
            graph.add(index, table);
        }
        for join in &findings.joins {
            for (from, to) in join.columns.iter().zip(&join.target) {
                let ends = (graph.place_in(&join.from, from), graph.place_in(&join.to, to));
                if let (Some(from), Some(to)) = ends {
                    graph.join(from, to);
                }
            }
        }
        copied(findings, facts, &mut graph);
        let found = facts.tables().iter().map(|table| vec![None; table.columns.len()]).collect();
        let names = findings.tables.iter().enumerate().rev();
        let listed = names.map(|(at, table)| (&table.name, at)).collect();
        let (mixed, places) = (HashSet::new(), Vec::with_capacity(findings.tables.len()));
        let mut known = Self { findings, facts, graph, found, mixed, places, listed };
        for table in &findings.tables {
            let places = known.graph.places(&table.name, table.columns.iter().map(|c| c.name.as_str()));
            for (column, place) in table.columns.iter().zip(&places) {
                known.add(column, *place);
            }
            known.places.push(places);
        }
        known
    }

    /// Adds what was found of a column, or of a part of one.
    fn add(&mut self, column: &'a FoundColumn, place: Option<Place>) {
        let Some(place) = place else { return };
        let Some(slot) = self.found.get_mut(place.0).and_then(|found| found.get_mut(place.1)) else { return };
        let best = slot.get_or_insert(column);
        if differ(best, column) {
            self.mixed.insert(place);
        }
        if weight(column) > weight(best) {
            *best = column;
        }
    }

    /// Returns what was found of a column of the schema.
    fn found(&self, place: Place) -> Option<&'a FoundColumn> {
        self.found.get(place.0)?.get(place.1).copied().flatten()
    }

    /// Returns where a column of the findings stands in the schema.
    fn place(&self, table: usize, column: usize) -> Option<Place> {
        self.places.get(table)?.get(column).copied().flatten()
    }

    fn table(&self, place: Place) -> Option<&'a TableFacts> {
        self.facts.tables().get(place.0)
    }

    fn column(&self, place: Place) -> Option<&'a ColumnFacts> {
        self.table(place)?.columns.get(place.1)
    }

    /// Returns the class of a column, if it is sure enough.
    fn sure(&self, place: Place) -> Option<Class> {
        if self.mixed.contains(&place) {
            return None;
        }
        let found = self.found(place)?;
        found.class.filter(|_| found.confidence >= SURE)
    }

    /// Whether a table's rows are those of another: a partition, or an heir without columns of its own.
    fn is_part(&self, index: usize) -> bool {
        let Some(table) = self.findings.tables.get(index) else { return false };
        let Some(known) = self.facts.table(&table.name) else { return false };
        let parent = known.parents.iter().any(|parent| self.listed.contains_key(parent));
        let inherited = |at| self.is_inherited(table, self.place(index, at));
        parent && (known.partition || (0..table.columns.len()).all(inherited))
    }

    /// Whether the rule of a column is that of the table that it inherits from.
    fn is_inherited(&self, table: &FoundTable, place: Option<Place>) -> bool {
        let owner = place.and_then(|place| self.table(place));
        owner.is_some_and(|owner| owner.name != table.name)
    }

    fn columns(&self, index: usize, table: &'a FoundTable, people: &mut People) -> Vec<ColumnDecision> {
        let mut seen = HashSet::with_capacity(table.columns.len());
        let facts = self.facts.table(&table.name);
        let one = |(at, column): (usize, &'a FoundColumn)| match seen.insert(column.name.as_str()) {
            true if !column.name.is_empty() => {
                self.one((table, facts), column, self.place(index, at), people)
            }
            _ => ColumnDecision::new(Vec::new(), "without a name, or of one that stands above"),
        };
        table.columns.iter().enumerate().map(one).collect()
    }

    /// Decides on one column.
    fn one(
        &self,
        (table, facts): (&FoundTable, Option<&TableFacts>),
        column: &'a FoundColumn,
        place: Option<Place>,
        people: &mut People,
    ) -> ColumnDecision {
        if self.is_inherited(table, place) {
            return ColumnDecision::new(vec![Decision::Inherited], "");
        }
        // Generated columns have no place among keys.
        let column = place.and_then(|place| self.found(place)).unwrap_or(column);
        // The day of an order may be a part of its key, and is nobody's.
        let day = column.class == Some(Class::Moment) && column.confidence >= SURE && is_day(column);
        if let Some(key) = place.and_then(|place| people.key(place)).filter(|_| !day) {
            return ColumnDecision::new(vec![key], "a key of people that no technique fits");
        }
        if place.is_some_and(|place| self.mixed.contains(&place)) {
            return mixed(column);
        }
        let Some(class) = column.class else {
            return ColumnDecision::new(Vec::new(), "nothing was found");
        };
        let sure = column.confidence >= SURE;
        let never =
            matches!(class.about().category, Category::Secret | Category::Special | Category::Criminal);
        let enough = sure || (never && column.confidence >= LIKELY);
        if !enough {
            return ColumnDecision::new(Vec::new(), "not sure enough");
        }
        let defined = facts.and_then(|t| t.columns.get(place?.1).filter(|c| c.name == column.name));
        let Some(known) = defined.or_else(|| facts?.column(&column.name)) else {
            return ColumnDecision::new(Vec::new(), "not in the schema");
        };
        if let Some(kept) = Kept::of(class) {
            let fits = class.about().fits.takes(&known.ty.class);
            let why = if fits { "" } else { "of a type that this class does not have" };
            return ColumnDecision::new(fits.then_some(Decision::Keep(kept)).into_iter().collect(), why);
        }
        let unique = facts.is_some_and(|facts| unique(facts, &column.name));
        let spot = Spot { class, column: known, unique, inside: &column.inside, form: form(column) };
        let mut ways = Vec::new();
        ways.extend(place.and_then(|place| people.attribute(self, place, &spot)));
        ways.extend(spot.rules().into_iter().map(Decision::Rule));
        let why = if class.about().rule.is_empty() { "only a person can say" } else { "no technique fits" };
        ColumnDecision::new(ways, why)
    }

    /// Says that a copy takes the rules of its original, where all of its columns stand there and are decided as these.
    fn like(&self, index: usize, table: &FoundTable, tables: &[TableDecision]) -> Option<TableDecision> {
        let original = table.copy_of.as_ref()?;
        let at = self.listed.get(original).copied().filter(|at| *at != index)?;
        let other =
            self.findings.tables.get(at).filter(|other| !self.is_part(at) && other.copy_of.is_none())?;
        let (Some(TableDecision::Columns(here)), Some(TableDecision::Columns(there))) =
            (tables.get(index), tables.get(at))
        else {
            return None;
        };
        // A rule that keeps in the original may not keep what is somebody's in the copy.
        let agrees = |(column, own): (&FoundColumn, &ColumnDecision)| {
            let found =
                other.columns.iter().position(|c| c.name == column.name && c.ty.class == column.ty.class);
            let Some(theirs) = found.and_then(|at| there.get(at)) else { return false };
            !matches!(theirs.decision(), Decision::Keep(_) | Decision::Inherited)
                || own.decision() == theirs.decision()
        };
        let all = !table.columns.is_empty() && table.columns.iter().zip(here).all(agrees);
        all.then_some(TableDecision::Like(at))
    }
}

/// Whether a key of one column keeps the rows of a table apart.
fn unique(table: &TableFacts, column: &str) -> bool {
    let alone = |columns: &[String]| matches!(columns, [one] if one == column);
    table.uniques.iter().any(|unique| !unique.expression && alone(&unique.columns))
}

/// Joins the keys of copies to those of their originals: the same rows, the same people.
fn copied(findings: &Findings, facts: &Facts, graph: &mut Graph<'_>) {
    for table in &findings.tables {
        let original = table.copy_of.as_ref().filter(|original| **original != table.name);
        let Some(original) = original.and_then(|name| facts.table(name)) else { continue };
        let primary = original.uniques.iter().find(|unique| unique.primary && !unique.expression);
        let Some([key]) = primary.map(|unique| unique.columns.as_slice()) else { continue };
        let same = table.columns.iter().any(|column| {
            column.name == *key
                && original.column(key).is_some_and(|theirs| theirs.ty.class == column.ty.class)
        });
        let ends = (graph.place_in(&table.name, key), graph.place_in(&original.name, key));
        if let (true, (Some(from), Some(to))) = (same, ends)
            && from != to
        {
            graph.join(from, to);
        }
    }
}

/// Says whether two parts of one column hold what has nothing to do with each other: text here and names there, or both
/// of a person and not the same.
fn differ(a: &FoundColumn, b: &FoundColumn) -> bool {
    let (Some(first), Some(second)) = (a.class, b.class) else { return false };
    let (one, other) = (first.about().category, second.about().category);
    let text = one == Category::Content || other == Category::Content;
    let sure = a.confidence.min(b.confidence) >= LIKELY;
    one != other && first.identifies() && second.identifies() && (text || sure)
}

/// Decides on a column whose parts differ: as on any text that may hold all of it.
fn mixed(column: &FoundColumn) -> ColumnDecision {
    let suppressed = column.confidence >= LIKELY && column.ty.class.is_text();
    let ways = suppressed.then(|| Decision::Rule("suppress".to_owned()));
    ColumnDecision::new(ways.into_iter().collect(), "of several kinds, part by part")
}

/// Orders what was found of the parts of one column: what identifies before what does not, the surer first.
fn weight(column: &FoundColumn) -> (bool, f32) {
    let class = column.class.filter(|_| column.confidence >= LIKELY);
    let sure = (column.confidence.clamp(0.0, 1.0) * 1000.0).round();
    (class.is_some_and(Class::identifies), if column.class.is_some() { sure } else { 0.0 })
}

/// Returns the technique for paths inside of values.
fn form(column: &FoundColumn) -> &'static str {
    let said = |text: &str| text.to_ascii_lowercase().contains("php");
    let php = column.evidence.iter().any(|evidence| match evidence {
        Evidence::Passes { what, .. } | Evidence::Words { what, .. } | Evidence::Schema(what) => said(what),
        _ => false,
    });
    match column.inside.first() {
        Some((path, _)) if path.starts_with('/') => "xml",
        _ if php => "php",
        _ => "json",
    }
}

/// Guesses language and country of the people: by their numbers, then by the words of the schema.
fn locale(findings: &Findings) -> &'static str {
    const NUMBERS: &[(Class, &str)] = &[
        (Class::Bsn, "nl_NL"),
        (Class::Rijksregister, "nl_BE"),
        (Class::SteuerId, "de_DE"),
        (Class::Nir, "fr_FR"),
        (Class::Nino, "en_GB"),
        (Class::Nhs, "en_GB"),
        (Class::Ssn, "en_US"),
    ];
    const WORDS: &[(&str, &[&str])] = &[
        ("nl_NL", &["naam", "straat", "geboorte", "klant", "huisnummer", "woonplaats", "telefoon"]),
        ("de_DE", &["vorname", "nachname", "strasse", "geburt", "kunde", "plz", "hausnummer"]),
        ("fr_FR", &["prenom", "naissance", "rue", "adresse", "client_", "code_postal", "ville"]),
    ];
    let columns = || findings.tables.iter().flat_map(|table| &table.columns);
    let number = |class| columns().any(|column| column.class == Some(class) && column.confidence >= SURE);
    if let Some((_, locale)) = NUMBERS.iter().find(|(class, _)| number(*class)) {
        return locale;
    }
    let mut best = ("nl_NL", 0);
    for (locale, words) in WORDS {
        let has = |name: &str| words.iter().any(|word| name.to_lowercase().contains(word));
        let count = columns().filter(|column| has(&column.name)).count();
        if count > best.1 {
            best = (locale, count);
        }
    }
    best.0
}

/// Says whether the type of a column is one of days or moments.
fn is_day(column: &FoundColumn) -> bool {
    matches!(column.ty.class, TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment)
}
