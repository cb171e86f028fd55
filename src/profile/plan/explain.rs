//! Which rule decides one column and why no other does: for `profiles explain`. Asks the same functions that bind a
//! table; decides nothing itself. Shows names of schema and profile, never a value.

use std::sync::Arc;

use std::cmp::Reverse;

use crate::error::{Message, Name};
use crate::mask::TechniqueSpec;
use crate::message;
use crate::profile::check::name::dotted;
use crate::profile::check::words::nearest;
use crate::profile::lock::Line;
use crate::profile::model::{Column, ColumnRule, Place, Problem, Rule};
use crate::row::shape::{ColumnFacts, ColumnType, Facts, TableFacts, TableName, TypeClass};

use super::bind::{Deciding, Under, make_any};
use super::candidates::{Body, Level, Lookup, Rank, levels, place_of};
use super::rules::{self, Decided, Decision};
use super::view::{View, lineage};
use super::{Fit, Plan, describe, fit, names, row_limit};

/// What decides a column, and what it does.
pub struct Explanation<'p> {
    /// The table.
    pub table: TableName,
    /// The column's name as the schema spells it.
    pub column: Name,
    /// Its type as the schema spells it; empty where it is not known.
    pub ty: Name,
    /// Whether it refuses NULL.
    pub not_null: bool,
    /// What happens.
    pub fate: Fate<'p>,
    /// The rules that count for less, the strongest first.
    pub lost: Vec<Lost>,
    /// What the lock says of the column, and whether that is what is decided now.
    pub lock: Option<(Line, bool)>,
    /// What is wrong with the table's rules.
    pub problems: Vec<Problem>,
}

/// What happens to a column.
pub enum Fate<'p> {
    /// The rows of its table are dropped: by the entry at this place, or as `unlisted: fill` says.
    Emptied(Option<Place>),
    /// Nothing is decided; the problems say why.
    Undecided,
    /// A rule decides it.
    Decided(Box<Rules<'p>>),
}

/// The rule that decides a column.
pub struct Rules<'p> {
    /// In the words of the lock.
    pub line: Line,
    /// Where it stands; `None` where no text says it.
    pub place: Option<Place>,
    /// Where the attribute is declared, if the rule names one.
    pub attribute: Option<Place>,
    /// Whether it keeps by a pattern or default, which holds through the lock only.
    pub weak: bool,
    /// Technique, argument and options; `None` where the column is kept.
    pub rule: Option<&'p Rule>,
    /// The locale that counts for it.
    pub locale: &'p str,
    /// Who decides the stand-in.
    pub by: Message,
    /// What every stand-in must fit.
    pub fit: Option<Fit>,
    /// Most rows for which a unique stand-in stays unique.
    pub row_limit: Option<u64>,
}

/// A rule that could decide the column and does not.
#[derive(Debug)]
pub struct Lost {
    /// In the words of the lock.
    pub rule: String,
    /// Where it stands.
    pub place: Place,
    /// Why the other counts.
    pub why: Message,
}

impl Plan {
    /// Explains one column of a schema; `None` if the schema has no such column among its data.
    #[must_use]
    pub fn explain(&self, facts: &Facts, table: &TableName, column: &str) -> Option<Explanation<'_>> {
        explain(self, facts, table, column)
    }

    /// Returns what the profile itself says of tables: those with exact names, with the columns that have exact names,
    /// of types nobody knows.
    #[must_use]
    pub fn named_facts(&self) -> Facts {
        named_facts(self)
    }
}

/// Finds the column that `table.column` or `schema.table.column` names.
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn find(facts: &Facts, text: &str) -> Result<(TableName, String), (Message, Option<Message>)> {
    // As messages spell it: `database:schema.table`.
    let (database, text) = match text.split_once(':') {
        Some((database, text))
            if facts.tables().iter().any(|t| t.name.database.as_deref() == Some(database)) =>
        {
            (Some(database), text)
        }
        _ => (None, text),
    };
    let parts = dotted(text).map_err(|fault| (message!("this is no name of a column: {}", fault), None))?;
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    let (schema, table, column) = match names.as_slice() {
        [table, column] => (None, *table, *column),
        [schema, table, column] => (Some(*schema).filter(|s| *s != "public"), *table, *column),
        _ => {
            return Err((
                "a column is named with its table".into(),
                Some("write TABLE.COLUMN, SCHEMA.TABLE.COLUMN or DATABASE:SCHEMA.TABLE.COLUMN".into()),
            ));
        }
    };
    let here = |t: &&TableFacts| database.is_none() || t.name.database.as_deref() == database;
    let tables = facts.tables().iter().filter(|t| t.holds_rows && same(t.name.own_schema(), schema));
    let tables: Vec<&TableFacts> = tables.filter(here).collect();
    let found = names::find(table, tables.iter().map(|t| t.name.table.as_str()));
    if matches!(found, names::Found::Several) && database.is_none() {
        let hint = "say in which database: DATABASE:TABLE.COLUMN";
        return Err((message!("several tables are called `{}`", Name::new(table)), Some(hint.into())));
    }
    let names::Found::One(index) = found else {
        let near = nearest(table, facts.tables().iter().map(|t| t.name.table.as_str()));
        let hint = near.map(|near| message!("did you mean the table `{}`?", Name::new(near)));
        return Err((message!("no table is called `{}`", Name::new(table)), hint));
    };
    let Some(known) = tables.get(index) else { return Err(("no such table".into(), None)) };
    let view = View::of_facts(known, facts);
    match names::find(column, view.names()) {
        names::Found::One(index) => {
            let name = view.names().nth(index).unwrap_or(column).to_owned();
            Ok((known.name.clone(), name))
        }
        _ => {
            let near = nearest(column, view.names()).filter(|_| view.trusted);
            let hint = near.map(|near| message!("did you mean `{}.{}`?", known.name, Name::new(near)));
            Err((message!("`{}` has no column `{}`", known.name, Name::new(column)), hint))
        }
    }
}

fn same(a: Option<&str>, b: Option<&str>) -> bool {
    let lower = |s: Option<&str>| s.map(str::to_lowercase);
    lower(a) == lower(b)
}

fn named_facts(plan: &Plan) -> Facts {
    let mut facts = Facts::default();
    for (entry, table) in plan.profile.tables.iter().enumerate().filter(|(_, t)| !t.pattern) {
        let name = TableName::new(table.schema.as_deref().filter(|s| *s != "public"), &table.table);
        let columns: &[Column] = match super::candidates::body(&plan.profile, entry) {
            Some(Body::Columns { columns, .. }) => columns,
            _ => &[],
        };
        facts.add(TableFacts::named(name.clone()));
        let Some(known) = facts.table_mut(&name) else { continue };
        for column in columns.iter().filter(|column| !column.pattern) {
            if known.column(&column.name).is_none() {
                known.columns.push(ColumnFacts {
                    name: column.name.clone(),
                    ty: ColumnType::unknown(),
                    not_null: false,
                    generated: false,
                    literal_default: false,
                    numbered: false,
                });
            }
        }
    }
    facts
}

fn explain<'p>(plan: &'p Plan, facts: &Facts, table: &TableName, column: &str) -> Option<Explanation<'p>> {
    let view = View::of_facts(facts.table(table)?, facts);
    let index = view.columns.iter().position(|c| c.name == column)?;
    let known = view.columns.get(index)?;
    let decided = rules::decide(plan, &view, facts);
    let line = lineage(table, facts);
    let levels = levels(plan, &view, facts, &line, &mut Vec::new()).unwrap_or_default();
    let mut problems = about(&decided, &view, index);
    let decision = decided.columns.get(index).and_then(Option::as_ref);
    let fate = match decision {
        _ if decided.empty => Fate::Emptied(emptying(&levels)),
        None => Fate::Undecided,
        Some(decision) => {
            Fate::Decided(Box::new(described(plan, &view, facts, &decided, (index, decision), &mut problems)))
        }
    };
    let lost = if decided.empty { Vec::new() } else { lost(plan, &view, &line, &levels, index, decision) };
    Some(Explanation {
        table: table.clone(),
        column: Name::new(column),
        ty: Name::new(known.ty.text.as_str()),
        not_null: known.not_null,
        lock: locked(plan, table, column, decision, known),
        fate,
        lost,
        problems,
    })
}

/// Returns the problems of a table that are about this column, or about no column.
fn about(decided: &Decided<'_>, view: &View, index: usize) -> Vec<Problem> {
    // Where names are not to be trusted, a problem spells the column only if the profile does.
    let name = view.columns.get(index).map(|column| column.name.as_str());
    let labels = [view.label(index, None), view.label(index, name)];
    let about = |p: &&Problem| p.column.as_ref().is_none_or(|column| labels.contains(column));
    decided.problems.iter().filter(about).cloned().collect()
}

/// Returns where it is said that the rows are dropped.
fn emptying(levels: &[Level<'_>]) -> Option<Place> {
    let empty = levels.iter().filter(|level| matches!(level.body, Body::Empty));
    let strongest = empty.min_by_key(|level| (level.depth, level.table.level, level.table.pattern));
    strongest.map(|level| level.table.place)
}

fn locked(
    plan: &Plan,
    table: &TableName,
    column: &str,
    decision: Option<&Decision<'_>>,
    known: &ColumnFacts,
) -> Option<(Line, bool)> {
    let lock = plan.lock.as_ref()?;
    let owner = decision.map_or(table, |decision| &decision.owner);
    let line = lock.line(owner, column).or_else(|| lock.line(owner, "*"))?.clone();
    let same = decision.is_some_and(|decision| describe::line(&plan.profile, decision, known) == line);
    Some((line, same))
}

/// Says all of the rule that decides.
fn described<'p>(
    plan: &'p Plan,
    view: &View,
    facts: &Facts,
    decided: &Decided<'p>,
    (index, decision): (usize, &Decision<'p>),
    problems: &mut Vec<Problem>,
) -> Rules<'p> {
    let profile = &plan.profile;
    let rule = decision.rule(profile);
    let made = make_any(plan, view, facts, decided, index, problems);
    let unknown = ColumnType::unknown();
    let known = view.columns.get(index);
    let attribute = decision
        .attribute()
        .and_then(|(entity, attribute)| Some(profile.entities.get(entity)?.attributes.get(attribute)?.place));
    let line = known.map(|known| describe::line(profile, decision, known)).unwrap_or_else(|| Line {
        table: String::new(),
        column: String::new(),
        ty: String::new(),
        rule: String::new(),
        origin: String::new(),
        reason: String::new(),
    });
    let ty = known.map_or(&unknown, |known| &known.ty);
    Rules {
        line,
        place: decision.column.map(|c| c.place).filter(|place| place.line > 0),
        attribute,
        weak: decision.weak,
        rule,
        locale: rule.map_or(profile.locale.as_str(), |rule| super::digest::locale(rule, &profile.locale)),
        by: match (&made, rule) {
            (_, None) => "nobody: the value stays as it is".into(),
            (None, _) => "not known: see what is wrong".into(),
            (Some(made), Some(rule)) => by(plan, view, rule.technique, &made.by),
        },
        fit: (rule.is_some() && ty.class != TypeClass::Unknown).then(|| fit::bounds(ty)),
        row_limit: made.and_then(|made| match made.compiled.uniqueness {
            crate::mask::Uniqueness::Bits(bits) => Some(row_limit(bits)),
            _ => None,
        }),
    }
}

/// Says who decides the stand-in.
fn by(plan: &Plan, view: &View, technique: &TechniqueSpec, by: &Deciding) -> Message {
    use crate::mask::Class;
    match by {
        Deciding::Nothing if technique.class == Class::Suppression => {
            "nobody: what comes out does not depend on the value".into()
        }
        Deciding::Nothing | Deciding::Own { .. } => {
            "the value itself: equal values have equal stand-ins".into()
        }
        Deciding::Columns { inputs, under, .. } => {
            let mut columns = Message::from("");
            for (position, (index, _)) in inputs.iter().enumerate() {
                let label = view.label(*index, None);
                columns = if position == 0 { label } else { message!("{}, {}", columns, label) };
            }
            match under {
                Under::Subject { entity, .. } => {
                    let name = plan.profile.entities.get(*entity).map_or("", |e| e.name.as_str());
                    message!(
                        "the subject of `{}`, in {}; where that is NULL or pinned, the value itself",
                        Name::new(name),
                        columns
                    )
                }
                Under::Value(_) => {
                    message!("{} (`by:`); where that is NULL, the value itself", columns)
                }
            }
        }
    }
}

/// One rule that could decide a column.
struct Candidate<'p> {
    column: &'p Column,
    entry: usize,
    depth: usize,
    rank: Rank,
}

/// Lists what counts for less than the rule that decides, the strongest first.
fn lost(
    plan: &Plan,
    view: &View,
    line: &[(TableName, Option<&TableFacts>)],
    levels: &[Level<'_>],
    index: usize,
    decision: Option<&Decision<'_>>,
) -> Vec<Lost> {
    let mut all = candidates(plan, view, levels, index);
    all.sort_by_key(|candidate| (candidate.rank.undecided, Reverse(candidate.depth), candidate.rank));
    let first = all.first().map(|first| (first.depth, first.rank));
    let winner = decision.and_then(|decision| decision.column);
    // The strongest candidate is what decides, or does not hold; another winner is a default, weaker than all of them.
    all.iter()
        .filter(|other| !winner.is_some_and(|winner| std::ptr::eq(winner, other.column)))
        .map(|other| {
            let table = line.get(other.depth).map_or_else(|| view.table.clone(), |(name, _)| name.clone());
            let owner = Arc::new(table.clone());
            let said = Decision { column: Some(other.column), owner, entry: Some(other.entry), weak: false };
            Lost {
                rule: describe::rule(&plan.profile, &said),
                place: other.column.place,
                why: match first {
                    Some(first) if winner.is_some() || first != (other.depth, other.rank) => {
                        why(first, other, &table)
                    }
                    _ => "the strongest, and it does not hold here".into(),
                },
            }
        })
        .collect()
}

fn candidates<'p>(plan: &'p Plan, view: &View, levels: &[Level<'p>], index: usize) -> Vec<Candidate<'p>> {
    let lookup = Lookup::new(view);
    let lower = view.columns.get(index).map(|c| c.name.to_lowercase()).unwrap_or_default();
    let mut found = Vec::new();
    for level in levels {
        let Body::Columns { columns, of } = level.body else { continue };
        let patterns = plan.index.columns(of).map(|known| known.patterns.as_slice()).unwrap_or_default();
        for (position, column) in columns.iter().enumerate() {
            let about = if column.pattern {
                patterns.iter().any(|(at, glob)| *at == position && glob.matches(&lower))
            } else {
                matches!(place_of(plan, view, &lookup, column, level), Ok(Some(at)) if at == index)
            };
            if about {
                let rank = Rank::new(level, column);
                found.push(Candidate { column, entry: level.entry, depth: level.depth, rank });
            }
        }
    }
    found
}

/// Says why the first of all candidates counts before another.
fn why(first: (usize, Rank), other: &Candidate<'_>, table: &TableName) -> Message {
    let (depth, rank) = first;
    let less = other.rank;
    if less.undecided {
        return "it decides nothing: every other rule counts before it".into();
    }
    if matches!(other.column.rule, ColumnRule::Keep { .. }) && less.weak && !rank.weak {
        return "keeping by a pattern is the weakest rule of all".into();
    }
    if depth != other.depth {
        return message!("partitions and inherited columns take the rule of the parent, not of `{}`", *table);
    }
    if rank.level != less.level {
        return "a text counts before those that it extends".into();
    }
    if rank.column_pattern != less.column_pattern {
        return "the exact name of a column counts before a pattern".into();
    }
    if rank.table_pattern != less.table_pattern {
        return "the exact name of a table counts before a pattern".into();
    }
    if rank.column_literal != less.column_literal {
        return message!(
            "the longer pattern of columns counts: {} characters, not {}",
            rank.column_literal.0,
            less.column_literal.0
        );
    }
    if rank.table_literal != less.table_literal {
        return message!(
            "the longer pattern of tables counts: {} characters, not {}",
            rank.table_literal.0,
            less.table_literal.0
        );
    }
    "of equal rank: it says the same, or the run stops".into()
}
