//! Adds up what the name, type, keys, values and neighbours of every column say, and decides what it is.
//!
//! A class begins with its prior, each source adds log-odds, and the share of a class among all of them (and of nothing at
//! all) is how sure it is. A type alone makes no person, and speaks for no person only where the name says nothing else.
//! Refuses to decide what becomes of a column: `decide` does.

#[cfg(test)]
mod tests;
mod weights;

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::class::{CLASSES, Category, Class};
use super::findings::{Evidence, Join};
use super::measure::Measure;
use super::names::{self, Named, Role};
use super::scores::Scores;
use super::values;
use crate::row::shape::{ColumnFacts, TableFacts, TableName, TypeClass};
use weights::{
    BESIDE, BODY, DAYS, DOUBTED, HINTED, NAMED, NAMED_PERSON, NAMES, OF_PEOPLE, OPEN, OUTRIGHT, OWN, SAID,
    SENSITIVE, SUSPECTED, TEXT, TOLD, YEARS, is_people, may_be_people, of_category, prior, priors,
};

/// What the sampled values of a column said.
#[derive(Clone, Debug, Default)]
pub struct Valued {
    /// Log-odds by class.
    pub scores: Scores,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Values that are neither NULL nor empty.
    pub filled: u64,
    /// Whether they are codes that differ from row to row: one word each, with digits, nine of ten distinct.
    pub codes: bool,
    /// Places inside of the values, with what they said.
    pub inside: Vec<(String, Valued)>,
}

/// One table, as scoring sees it.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// Names, types, keys.
    pub facts: &'a TableFacts,
    /// By column; empty where no row was read.
    pub values: &'a [Valued],
}

/// What a column is.
#[derive(Clone, Debug)]
pub struct Judged {
    /// `None` where nothing was found.
    pub class: Option<Class>,
    /// How sure that is, 0 to 1.
    pub confidence: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Places inside that hold identifiers.
    pub inside: Vec<(String, Class)>,
}

/// Judges every column of every table.
#[must_use]
pub fn judge(tables: &[Table<'_>], joins: &[Join]) -> Vec<Vec<Judged>> {
    let drafted = |table| {
        let mut draft = Draft::new(table);
        draft.beside();
        draft
    };
    let mut drafts: Vec<Draft<'_>> = tables.par_iter().map(drafted).collect();
    let likely: HashSet<&TableName> =
        drafts.iter().filter(|draft| draft.is_of_people()).map(|draft| &draft.table.facts.name).collect();
    let joins = Joins::new(joins);
    let about = |draft: &&Draft<'_>| {
        let own = &draft.table.facts.name;
        let points = |join: &&Join| join.to != *own && likely.contains(&join.to);
        is_people(draft.role) || !joins.from(own).iter().any(points)
    };
    let of_people = drafts.iter().filter(|draft| likely.contains(&draft.table.facts.name)).filter(about);
    let people: HashSet<&TableName> = of_people.map(|draft| &draft.table.facts.name).collect();
    drafts.par_iter_mut().for_each(|draft| {
        let joins = joins.from(&draft.table.facts.name);
        draft.keys(joins, &people);
        draft.open_text(joins, &people);
    });
    drafts.into_par_iter().map(Draft::finish).collect()
}

/// Joins by the table that they lead from.
struct Joins<'a>(HashMap<&'a TableName, Vec<&'a Join>>);

impl<'a> Joins<'a> {
    fn new(joins: &'a [Join]) -> Self {
        let mut from: HashMap<&TableName, Vec<&Join>> = HashMap::new();
        joins.iter().for_each(|join| from.entry(&join.from).or_default().push(join));
        Self(from)
    }

    fn from(&self, table: &TableName) -> &[&'a Join] {
        self.0.get(table).map(Vec::as_slice).unwrap_or_default()
    }
}

/// One table while evidence is added.
struct Draft<'a> {
    table: &'a Table<'a>,
    role: Role,
    columns: Vec<Column<'a>>,
    rows: Rows,
}

/// What the rows of a table tell of.
#[derive(Clone, Copy, Default)]
struct Rows {
    /// Of people.
    of_somebody: bool,
    /// Of their health, or what else is as near to them.
    special: bool,
}

struct Column<'a> {
    facts: &'a ColumnFacts,
    named: Named,
    scores: Scores,
    evidence: Vec<Evidence>,
    valued: Option<&'a Valued>,
    /// What the members of an enumeration say.
    members: Option<Box<Scores>>,
    /// Whether a key of the schema or a join says that it is a key.
    keyed: bool,
    inside: Vec<(String, Class)>,
}

impl<'a> Draft<'a> {
    fn new(table: &'a Table<'a>) -> Self {
        let facts = table.facts;
        let words = names::table(&facts.name.table);
        let others: Vec<&str> = facts.columns.iter().map(|column| column.name.as_str()).collect();
        let named = names::columns(&words, &facts.name.table, &others);
        let columns = facts.columns.iter().zip(named).enumerate().map(|(at, (column, named))| {
            let mut scores = priors();
            scores.merge(&named.scores);
            let mut new = Column {
                facts: column,
                scores,
                evidence: named.word.map(Evidence::Name).into_iter().collect(),
                valued: table.values.get(at),
                members: members(&column.ty.class),
                keyed: facts.uniques.iter().any(|unique| unique.columns.contains(&column.name)),
                inside: Vec::new(),
                named,
            };
            new.by_role(words.role);
            new.by_type(facts);
            new.by_members();
            new.by_values(&words, &facts.name.table);
            new
        });
        let columns = columns.collect();
        Self { table, role: words.role, columns, rows: Rows::default() }
    }

    /// Lets columns raise what is suspected of their neighbours.
    fn beside(&mut self) {
        let sure: Vec<(usize, Class, String)> = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(at, column)| {
                let (class, share) = column.best();
                (share >= 0.7).then(|| (at, class, column.facts.name.clone()))
            })
            .collect();
        for (at, column) in self.columns.iter_mut().enumerate() {
            for (raised, by, log_odds) in BESIDE {
                if column.suspicion(*raised) < SUSPECTED {
                    continue;
                }
                let near = sure.iter().find(|(other, class, _)| *other != at && by.contains(class));
                if let Some((_, _, name)) = near {
                    column.scores.add(*raised, *log_odds);
                    if column.best().0 == *raised {
                        column.evidence.push(Evidence::Neighbour(name.clone()));
                    }
                }
            }
        }
    }

    /// Says whether its rows are people: by the table's name with anything of a person, else by two things that only people
    /// have. What points to a table of people is about them, and no person itself.
    fn is_of_people(&self) -> bool {
        let mut own: Vec<Class> = Vec::new();
        for column in &self.columns {
            let (class, share) = column.best();
            let kind = if NAMES.contains(&class) { Class::FullName } else { class };
            if share >= OF_PEOPLE && OWN.contains(&class) && !own.contains(&kind) {
                own.push(kind);
            }
        }
        // Who logs in is somebody, whatever the table is called.
        let secrets = [Class::PasswordHash, Class::Password];
        let accounts = own.iter().any(|class| secrets.contains(class)) && own.len() >= 2;
        accounts || may_be_people(self.role) && own.len() >= if is_people(self.role) { 1 } else { 2 }
    }

    /// Tells keys of people from others, by the joins that lead from the table.
    fn keys(&mut self, joins: &[&Join], people: &HashSet<&TableName>) {
        let own = &self.table.facts.name;
        let is_people = people.contains(own);
        let primary =
            self.table.facts.uniques.iter().find(|unique| unique.primary && unique.columns.len() == 1);
        for column in &mut self.columns {
            let name = &column.facts.name;
            let join = joins.iter().find(|join| join.columns.contains(name));
            column.keyed |= join.is_some();
            if let Some(join) = join {
                if people.contains(&join.to) {
                    column.outweigh(Class::PersonKey, Class::Key);
                    column.evidence.push(Evidence::Schema("points to people"));
                } else {
                    column.scores.add(Class::Key, 6.0);
                }
            }
            // What numbers people is theirs, whatever it is called.
            let numbers = is_people && join.is_none() && column.valued.is_some_and(|valued| valued.codes);
            if numbers && !primary.is_some_and(|unique| unique.columns.contains(name)) {
                column.scores.add(Class::PersonNumber, 5.0);
            }
            let pointing = column.named.joins.as_ref().is_some_and(|words| !words.is_empty());
            let unkeyed = self.table.facts.uniques.is_empty() && name.eq_ignore_ascii_case("id");
            let uuid = column.facts.ty.class == TypeClass::Uuid && !pointing;
            let is_key = unkeyed || uuid || primary.is_some_and(|unique| unique.columns.contains(name));
            if is_key && is_people && join.is_none() {
                column.outweigh(Class::PersonKey, Class::Key);
                column.evidence.push(Evidence::Schema("key of people"));
            }
        }
    }

    /// Text of which nothing is known, in a table that holds what is a person's, is more often a person's than not: to be
    /// looked at.
    fn open_text(&mut self, joins: &[&Join], people: &HashSet<&TableName>) {
        let points = joins.iter().any(|join| people.contains(&join.to));
        let of_somebody = points
            || self.columns.iter().any(|column| {
                let (class, share) = column.best();
                share >= OF_PEOPLE && class.identifies()
            });
        let special = |column: &Column<'_>| {
            let (class, share) = column.best();
            share >= OF_PEOPLE && matches!(class.about().category, Category::Special | Category::Criminal)
        };
        self.rows = Rows { of_somebody, special: self.columns.iter().any(special) };
        if !of_somebody {
            return;
        }
        for column in &mut self.columns {
            let suspected = CLASSES.iter().any(|(class, about)| {
                about.fits.takes(&column.facts.ty.class) && column.suspicion(*class) >= SUSPECTED
            });
            let empty = column.valued.is_some_and(|valued| valued.filled == 0);
            if column.facts.ty.class.is_text() && !suspected && !empty {
                column.scores.add(Class::FreeText, OPEN - prior(Class::FreeText));
                column.evidence.push(Evidence::Schema("text beside what is a person's"));
            }
        }
    }

    fn finish(self) -> Vec<Judged> {
        self.columns.into_iter().map(|column| column.finish(self.rows)).collect()
    }
}

impl Column<'_> {
    /// Returns how much more than its prior a class has.
    fn suspicion(&self, class: Class) -> f32 {
        self.scores.of(class) - prior(class)
    }

    /// Adds enough to a class that it counts before another.
    fn outweigh(&mut self, class: Class, other: Class) {
        let behind = self.scores.of(other) - self.scores.of(class);
        self.scores.add(class, 9.0_f32.max(behind + 4.0));
    }

    /// Says whether the name means somebody, in a type that can hold it, and no value speaks against it.
    fn is_said(&self) -> bool {
        CLASSES.iter().any(|(class, about)| {
            self.named.scores.of(*class) >= SAID
                && about.category != Category::Plain
                && about.fits.takes(&self.facts.ty.class)
                && (self.named.scores.of(*class) >= OUTRIGHT
                    || self.valued.is_none_or(|valued| valued.scores.of(*class) > -SAID))
        })
    }

    /// What the table is about, where the name of the column leaves it open.
    fn by_role(&mut self, role: Role) {
        let integer = self.facts.ty.class.is_integer() || self.facts.ty.class == TypeClass::Uuid;
        // `orders.employee`, `written_by`: a number is the key of whom it names.
        if integer && self.named.scores.of(Class::PersonKey) >= 1.5 {
            self.scores.add(Class::PersonKey, 3.0);
        }
        match role {
            Role::Product | Role::Lookup | Role::Place => {
                for (class, about) in CLASSES {
                    let of_things = matches!(
                        about.category,
                        Category::Person | Category::Address | Category::Quasi | Category::Organisation
                    );
                    if of_things || *class == Class::FreeText {
                        self.scores.add(*class, -2.0);
                    }
                }
            }
            Role::Content | Role::Document => self.scores.add(Class::FreeText, -1.0),
            Role::Health if self.is_open() => self.scores.add(Class::Health, 5.0),
            Role::Config | Role::KeyValue if self.named.scores.of(Class::Setting) >= SAID => {
                self.scores.add(Class::Setting, 3.0);
            }
            _ => {}
        }
    }

    /// Says whether the name says nothing that counts.
    fn is_open(&self) -> bool {
        CLASSES.iter().all(|(class, _)| self.named.scores.of(*class) < SAID) && self.named.joins.is_none()
    }

    /// What the type and the keys of the schema say.
    fn by_type(&mut self, table: &TableFacts) {
        let said = self.is_said();
        let mut plain = |class: Class, log_odds: f32| {
            let log_odds = if said { log_odds.min(1.0) } else { log_odds };
            self.scores.add(class, log_odds);
        };
        let own = [self.facts.name.clone()];
        if table.uniques.iter().any(|unique| unique.primary && unique.columns == own) {
            plain(Class::Key, 4.5);
        } else if table
            .uniques
            .iter()
            .any(|unique| unique.primary && unique.columns.contains(&self.facts.name))
        {
            plain(Class::Key, 2.0);
        }
        match &self.facts.ty.class {
            TypeClass::Boolean => plain(Class::Flag, 4.5),
            _ if self.facts.ty.text.eq_ignore_ascii_case("tinyint(1)") => plain(Class::Flag, 4.0),
            TypeClass::Enum(_) => plain(Class::Label, 4.5),
            TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment => plain(Class::Moment, 3.0),
            TypeClass::Time | TypeClass::Interval => plain(Class::Measure, 3.0),
            TypeClass::Numeric { scale: Some(scale), .. } if *scale > 0 => plain(Class::Measure, 4.5),
            TypeClass::Float { .. } => plain(Class::Measure, 4.5),
            TypeClass::Numeric { .. } => plain(Class::Measure, 1.5),
            TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt => plain(Class::Measure, 1.0),
            TypeClass::Uuid => plain(Class::Key, 3.0),
            TypeClass::Inet => self.scores.add(Class::Ip, 7.0),
            TypeClass::Bytes if !said => self.scores.add(Class::Image, 4.5),
            TypeClass::Json if !said => self.scores.add(Class::Nested, 4.2),
            _ => {}
        }
    }

    /// Returns what the members of an enumeration say of a class.
    fn member(&self, class: Class) -> f32 {
        self.members.as_ref().map_or(0.0, |members| members.of(class))
    }

    /// What the members of an enumeration say, where they are of what is a person's.
    fn by_members(&mut self) {
        for class in SENSITIVE {
            let log_odds = self.member(*class);
            if log_odds >= TOLD {
                self.scores.add(*class, log_odds);
            }
        }
    }

    /// What the values say, and what is inside of them.
    fn by_values(&mut self, table: &names::TableWords, table_name: &str) {
        let Some(valued) = self.valued.filter(|valued| valued.filled > 0) else { return };
        let before = self.best().0;
        let (said, role) = (self.is_said(), table.role);
        let text = self.named.scores.of(Class::FreeText) >= TEXT;
        let mut told = 0.0_f32;
        for (class, about) in CLASSES {
            let log_odds = valued.scores.of(*class);
            // Names in remarks make no column of names: a remark that names somebody is a remark.
            let inside = text && about.category == Category::Person && log_odds > 0.0;
            told = told.max(if inside { log_odds } else { 0.0 });
            let log_odds = if inside { 0.0 } else { log_odds };
            let log_odds = match about.category {
                // Yes and no, a number, a date: of what the name means, not of something else.
                Category::Plain if said => log_odds.min(1.0),
                Category::Plain => log_odds,
                // A letter and two digits are as often a room.
                _ if *class == Class::Health
                    && self.named.scores.of(*class) < 1.0
                    && role != Role::Health =>
                {
                    log_odds.min(1.5)
                }
                // Dirt is no reason to pass over what the name says outright.
                _ if self.named.scores.of(*class) >= OUTRIGHT => log_odds.max(-SAID),
                _ => log_odds,
            };
            self.scores.add(*class, log_odds);
        }
        self.scores.add(Class::FreeText, told);
        let siblings: Vec<&str> = valued.inside.iter().map(|(path, _)| path.as_str()).collect();
        for (path, place) in &valued.inside {
            let named = names::column(table, table_name, path, &siblings);
            let mut scores = priors();
            scores.merge(&named.scores);
            scores.merge(&place.scores);
            let (class, share) = share(&scores, &TypeClass::Unknown);
            if share >= NAMED && class.identifies() {
                self.inside.push((path.clone(), class));
            }
        }
        if !self.inside.is_empty() {
            self.scores.add(Class::Nested, 9.0);
        }
        let after = self.best().0;
        self.evidence.extend(valued.evidence.iter().cloned());
        if before != after && self.named.scores.of(before) >= 3.0 && valued.scores.of(before) <= -3.0 {
            self.evidence.push(Evidence::Against("the values are not of that form"));
        }
    }

    /// Returns the likeliest class with its share.
    fn best(&self) -> (Class, f32) {
        share(&self.scores, &self.facts.ty.class)
    }

    /// Says why a class of no person is not sure, though it is likely.
    fn doubt(&self, class: Class, rows: Rows) -> Option<Evidence> {
        if class.identifies() {
            return None;
        }
        let told = |of: &Class| self.valued.is_some_and(|valued| valued.scores.of(*of) >= TOLD);
        if SENSITIVE.iter().any(|of| told(of) || self.member(*of) >= TOLD) {
            return Some(Evidence::Against("words that tell of people are among the values"));
        }
        let why = "beside what is a person's, and the name does not say that it is nobody's";
        (rows.of_somebody && self.is_bare(class, rows)).then_some(Evidence::Against(why))
    }

    /// Says whether the name leaves open, beside what is a person's, whether it is one's: the type alone, a year or day of
    /// anything, a weight.
    fn is_bare(&self, class: Class, rows: Rows) -> bool {
        let is = |list: &[&str]| self.named.word.is_some_and(|word| list.contains(&word));
        let read = self.valued.is_some_and(|valued| valued.filled > 0);
        match class {
            // Numbers that rise beside names are as likely those of the people.
            Class::Key => !self.keyed && self.named.scores.of(class) < HINTED,
            _ if self.named.scores.of(class) < HINTED => true,
            _ if rows.special && is(BODY) => true,
            // The state of a patient may be a disease.
            Class::Label if rows.special => !read,
            Class::Moment if is_day(&self.facts.ty.class) => {
                let words = names::tokens(&self.facts.name);
                let words = words.iter().filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
                !read && is(DAYS) && words.count() == 1
            }
            Class::Moment => is(YEARS),
            _ => false,
        }
    }

    fn finish(self, rows: Rows) -> Judged {
        let (class, mut confidence) = self.best();
        let doubt = self.doubt(class, rows).filter(|_| confidence > DOUBTED);
        if doubt.is_some() {
            confidence = DOUBTED;
        }
        let named = confidence >= if class.identifies() { NAMED_PERSON } else { NAMED };
        let mut evidence = self.evidence;
        evidence.extend(doubt);
        evidence.dedup();
        Judged {
            class: named.then_some(class),
            confidence,
            evidence,
            inside: if named && class == Class::Nested { self.inside } else { Vec::new() },
        }
    }
}

/// Says whether a type is one of days or moments.
fn is_day(ty: &TypeClass) -> bool {
    matches!(ty, TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment)
}

/// Returns what the members of an enumeration say: they are all that its values can be.
fn members(ty: &TypeClass) -> Option<Box<Scores>> {
    let TypeClass::Enum(members) = ty else { return None };
    let mut measure = Measure::new(ty);
    members.iter().for_each(|member| measure.add(Some(member.as_bytes())));
    Some(Box::new(values::scores(&measure.finish(), &TypeClass::Text { max_chars: None }).0))
}

/// Returns the likeliest class of those that the type takes, and how sure it is. Where it is of a person for sure but not which, the
/// likeliest of those is named.
fn share(scores: &Scores, ty: &TypeClass) -> (Class, f32) {
    // Of nothing at all: log-odds 0.
    let (mut sum, mut persons) = (1.0_f32, 0.0_f32);
    let (mut best, mut person) = ((Class::Label, f32::MIN), (Class::FullName, f32::MIN));
    for (class, about) in CLASSES {
        // What nothing speaks for takes no part: so many classes would be something together.
        let score = scores.of(*class);
        if score - of_category(about.category) < SUSPECTED || !about.fits.takes(ty) {
            continue;
        }
        let odds = score.exp();
        sum += odds;
        if score > best.1 {
            best = (*class, score);
        }
        if about.category != Category::Plain {
            persons += odds;
            if score > person.1 {
                person = (*class, score);
            }
        }
    }
    let of_person = persons / sum;
    let of_best = best.1.exp() / sum;
    if of_best < NAMED && of_person >= NAMED_PERSON {
        (person.0, of_person.min(NAMED))
    } else {
        (best.0, of_best)
    }
}
