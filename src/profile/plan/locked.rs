//! What the lock is made of, and how a schema has drifted from it: columns that are new, gone, renamed by their looks,
//! or of another type. Looks at the schema alone.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use crate::error::Name;
use crate::message;
use crate::profile::check::words::nearest;
use crate::profile::finding::Finding;
use crate::profile::lock::{Line, table_text};
use crate::profile::model::{Lookup, ObjectRule, Place, Problem, Severity, TableBody, Unlisted};
use crate::row::object::OBJECT_CLASSES;
use crate::row::shape::{Facts, TableFacts};

use super::Plan;
use super::candidates::owner;
use super::describe::line;
use super::rules::{self, Decided};
use super::view::{View, lineage};

/// The column of an emptied table's line.
const ALL: &str = "*";

/// Under which name `objects:` stands in the lock.
const OBJECTS: &str = "@objects";
/// The same of `lookups:`.
const LOOKUPS: &str = "@lookups";

/// Returns the lines of all tables of a schema.
pub(super) fn lines(plan: &Plan, facts: &Facts) -> Vec<Line> {
    let tables = facts.tables().iter().filter(|table| table.holds_rows).flat_map(|table| {
        let view = View::of_facts(table, facts);
        of_table(plan, table, &view, &rules::decide(plan, &view, facts))
    });
    tables.chain(settings(plan)).collect()
}

/// Returns the lines of what is no column: `objects:`, what happens to what nobody names, and `lookups:`.
fn settings(plan: &Plan) -> Vec<Line> {
    let profile = &plan.profile;
    let setting = |table: &str, column: &str, rule: &str, reason: String| Line {
        table: table.to_owned(),
        column: column.to_owned(),
        ty: String::new(),
        rule: rule.to_owned(),
        origin: String::new(),
        reason,
    };
    let unlisted = if profile.policy.unlisted == Unlisted::Fill { "fill" } else { "stop" };
    let objects = OBJECT_CLASSES.iter().map(|(class, word)| {
        let (rule, reason) = match profile.objects.of(*class) {
            ObjectRule::Keep { reason } => ("keep", reason.and_then(|reason| profile.reasons.get(reason))),
            ObjectRule::Suppress => ("suppress", None),
            ObjectRule::Stop => ("stop", None),
        };
        let reason = reason.map(|reason| format!("{}: {}", reason.name, reason.text)).unwrap_or_default();
        setting(OBJECTS, word, rule, reason)
    });
    let lookups =
        profile.lookups.iter().map(|lookup| setting(LOOKUPS, &lookup.name, &says(lookup), String::new()));
    objects.chain([setting("@policy", "unlisted", unlisted, String::new())]).chain(lookups).collect()
}

/// Writes a lookup: which case counts depends on all of it.
fn says(lookup: &Lookup) -> String {
    let schema = lookup.schema.as_deref().map(|schema| format!("{schema}.")).unwrap_or_default();
    let Lookup { table, key, value, by, .. } = lookup;
    let mut text = format!("table={schema}{table} key={key} value={value} by={by}");
    for (key, value) in &lookup.values {
        let _ = write!(text, " {key:?}: {value:?}");
    }
    text
}

/// Under `--locked`, says which settings are not those of the lock.
pub(super) fn other_settings(plan: &Plan) -> Vec<Problem> {
    let Some(lock) = plan.lock.as_ref().filter(|_| plan.options.locked) else { return Vec::new() };
    let differs = |line: &Line| difference(line, lock.entry(&line.table, &line.column)).is_some();
    let problem = |line: Line| {
        let what = message!(
            "`{}` of `{}` is not as the lock has it",
            Name::new(line.column.as_str()),
            Name::new(line.table.as_str())
        );
        let hint = "look at it, then let `standin check --accept` write the lock";
        Problem { place: None, ..Problem::error(Place::default(), what) }
            .of(Finding::RuleChanged)
            .with_hint(hint)
    };
    settings(plan).into_iter().filter(differs).map(problem).collect()
}

/// Under `--locked`, says whether other rows of a table stay than the lock says.
pub(super) fn other_rows(plan: &Plan, view: &View, decided: &Decided<'_>) -> Option<Problem> {
    let lock = plan.lock.as_ref().filter(|_| plan.options.locked && !decided.empty)?;
    let before = lock.entry(&table_text(&view.table), ALL).map(|line| line.rule.clone());
    let now = decided.keep_rows.map(|when| kept_rows(&when.text));
    (before != now).then(|| {
        let mut problem = view.error("the rows that stay are not those of the lock").of(Finding::RuleChanged);
        problem.place = decided.keep_rows.map(|when| when.place);
        problem.with_hint("look at it, then let `standin check --accept` write the lock")
    })
}

fn kept_rows(condition: &str) -> String {
    format!("keep_rows {condition}")
}

fn of_table(plan: &Plan, table: &TableFacts, view: &View, decided: &Decided<'_>) -> Vec<Line> {
    if decided.empty {
        return vec![emptied(plan, table)];
    }
    let rows = decided.keep_rows.map(|when| Line {
        table: table_text(&table.name),
        column: ALL.to_owned(),
        ty: String::new(),
        rule: kept_rows(&when.text),
        origin: String::new(),
        reason: String::new(),
    });
    let columns = view.columns.iter().zip(&decided.columns);
    let columns = columns.filter_map(|(column, decision)| {
        let decision = decision.as_ref()?;
        // The first line of a file may be data: only what the profile spells is written down.
        (view.trusted || decision.spelled().is_some()).then(|| line(&plan.profile, decision, column))
    });
    rows.into_iter().chain(columns).collect()
}

fn emptied(plan: &Plan, table: &TableFacts) -> Line {
    let reason = plan.profile.tables.iter().find_map(|entry| match &entry.body {
        TableBody::Empty { reason } if entry.table == table.name.table => Some(reason.clone()),
        _ => None,
    });
    Line {
        table: table_text(&table.name),
        column: ALL.to_owned(),
        ty: String::new(),
        rule: "empty".to_owned(),
        origin: String::new(),
        reason: reason.unwrap_or_default(),
    }
}

/// How one column differs from the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `NotInLock`, `Vanished`, `Retyped`, `RuleChanged` or `ReasonChanged`.
    pub finding: Finding,
    /// What the lock says; `None` for a new column.
    pub before: Option<Line>,
    /// What is decided now; `None` for a column that is gone.
    pub now: Option<Line>,
    /// The new column of the table that a vanished one seems to be.
    pub like: Option<String>,
    /// Where the rule stands that decides the column now.
    pub place: Option<Place>,
}

/// Says how what is decided for a column differs from what the lock has of it; the first of what differs.
pub(super) fn difference(now: &Line, before: Option<&Line>) -> Option<Finding> {
    match before {
        None => Some(Finding::NotInLock),
        Some(before) if before.ty != now.ty => Some(Finding::Retyped),
        Some(before) if before.rule != now.rule => Some(Finding::RuleChanged),
        Some(before) if before.reason != now.reason => Some(Finding::ReasonChanged),
        Some(_) => None,
    }
}

/// Compares schemas with the lock.
pub(super) fn changes(plan: &Plan, known: &[&Facts]) -> Vec<Change> {
    let Some(lock) = &plan.lock else { return Vec::new() };
    let before: HashMap<(&str, &str), &Line> =
        lock.lines().iter().map(|line| ((line.table.as_str(), line.column.as_str()), line)).collect();
    // As the rules have it: what the lock itself leaves undecided is a change all the same.
    let now = Now::of(plan, known);
    let mut changes = Vec::new();
    let mut fresh: HashMap<&str, Vec<&Line>> = HashMap::new();
    for line in &now.lines {
        let old = before.get(&(line.table.as_str(), line.column.as_str())).copied();
        let Some(finding) = difference(line, old) else { continue };
        if old.is_none() {
            fresh.entry(&line.table).or_default().push(line);
        }
        let place = now.places.get(&(line.table.clone(), line.column.clone())).copied();
        changes.push(Change { finding, before: old.cloned(), now: Some(line.clone()), like: None, place });
    }
    let gone = lock.lines().iter().filter(|line| !now.has(line));
    changes.extend(gone.map(|line| {
        let fresh = fresh.get(line.table.as_str()).map_or(&[][..], Vec::as_slice);
        let alike = fresh.iter().filter(|new| new.ty == line.ty).map(|new| new.column.as_str());
        let like = nearest(&line.column, alike).map(str::to_owned);
        Change { finding: Finding::Vanished, before: Some(line.clone()), now: None, like, place: None }
    }));
    changes
}

/// What schemas hold and the rules propose.
struct Now {
    lines: Vec<Line>,
    /// Every table and column of the schemas, whether decided or not.
    there: HashSet<(String, String)>,
    /// Where the rules of columns stand.
    places: HashMap<(String, String), Place>,
}

impl Now {
    fn of(plan: &Plan, known: &[&Facts]) -> Self {
        let mut now = Self { lines: Vec::new(), there: HashSet::new(), places: HashMap::new() };
        for facts in known {
            for table in facts.tables().iter().filter(|table| table.holds_rows) {
                let view = View::of_facts(table, facts);
                let decided = rules::proposed(plan, &view, facts);
                let line = lineage(&table.name, facts);
                now.there.extend(
                    view.columns.iter().enumerate().map(|(index, column)| {
                        (table_text(&owner(&view, &line, index)), column.name.clone())
                    }),
                );
                now.places.extend(view.columns.iter().zip(&decided.columns).filter_map(
                    |(column, decision)| {
                        let decision = decision.as_ref()?;
                        let place = decision.column?.place;
                        Some(((table_text(&decision.owner), column.name.clone()), place))
                    },
                ));
                now.lines.extend(of_table(plan, table, &view, &decided));
            }
        }
        now.lines.extend(settings(plan));
        now.there.extend(now.lines.iter().map(|line| (line.table.clone(), line.column.clone())));
        now
    }

    fn has(&self, line: &Line) -> bool {
        self.there.contains(&(line.table.clone(), line.column.clone()))
    }
}

/// Says how schemas differ from the lock, as warnings. What binding a table says as an error is left to it: every
/// change under `--locked`, and columns that hold only through the lock.
pub(super) fn drift(plan: &Plan, known: &[&Facts]) -> Vec<Problem> {
    if plan.lock.is_none() {
        return Vec::new();
    }
    let settled: Vec<Line> = known.iter().flat_map(|facts| lines(plan, facts)).collect();
    let settled: HashSet<(&str, &str)> =
        settled.iter().map(|line| (line.table.as_str(), line.column.as_str())).collect();
    let told = |change: &Change| match &change.now {
        None => true,
        Some(now) => !plan.options.locked && settled.contains(&(now.table.as_str(), now.column.as_str())),
    };
    changes(plan, known).iter().filter(|change| told(change)).filter_map(warning).collect()
}

fn warning(change: &Change) -> Option<Problem> {
    let what = match change.finding {
        Finding::NotInLock => "this column is new: it is not in the lock",
        Finding::Retyped => "its type is not the one in the lock",
        Finding::RuleChanged => "its rule is not the one in the lock",
        Finding::ReasonChanged => "the reason for keeping it is not the one in the lock",
        _ => "the lock has this column, the input has not",
    };
    let line = change.now.as_ref().or(change.before.as_ref())?;
    let hint = match (&change.like, &change.now) {
        (Some(near), _) => Some(message!(
            "renamed to `{}`? `label:` on its attribute keeps the stand-ins of the old name",
            Name::new(near.as_str())
        )),
        (None, None) => Some("`standin check --accept` writes the lock anew".into()),
        (None, Some(_)) => None,
    };
    Some(Problem {
        severity: Severity::Warning,
        finding: change.finding,
        what: what.into(),
        place: change.place,
        table: Some(message!("{}", Name::new(line.table.as_str()))),
        column: Some(message!("`{}`", Name::new(line.column.as_str()))),
        hint,
    })
}
