//! Gives every column of one table its rule: that of the entries about it (`candidates`), failing that one of
//! `defaults:`. Refuses a column without a rule, and keeps by a pattern or default only what stands in the lock (`weak`).

use std::sync::Arc;

use crate::mask::Class;
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{
    By, Case, Column, ColumnRule, Inner, Invented, Problem, Profile, Rule, TableBody, Unlisted, When,
};
use crate::row::shape::{Facts, TableName};

use super::candidates::{Level, assign, emptied, keep_rows, levels};
use super::unlisted::{unlisted_column, unlisted_table};
use super::view::{Detail, View, lineage};
use super::{Plan, defaults, expect, fill, invented, locked, undecided, weak};

/// What was decided for one column.
#[derive(Clone)]
pub(super) struct Decision<'p> {
    /// The rule as written; `None` = kept because the command line says so.
    pub(super) column: Option<&'p Column>,
    /// The table whose name enters the label of a column's own rule: the root for partitions and inherited columns.
    pub(super) owner: Arc<TableName>,
    /// The entry that has the rule; `None` for `defaults:` and the command line.
    pub(super) entry: Option<usize>,
    /// Whether a pattern or default keeps it: then it holds only through the lock.
    pub(super) weak: bool,
}

impl<'p> Decision<'p> {
    /// A column of that table, kept because the command line says so.
    pub(super) fn unlisted(view: &View) -> Self {
        Self { column: None, owner: Arc::new(view.table.clone()), entry: None, weak: false }
    }

    /// Returns the cases of a case list, which is empty for any other rule.
    pub(super) fn cases(&self) -> &'p [Case] {
        match self.column.map(|column| &column.rule) {
            Some(ColumnRule::Cases(cases)) => cases,
            _ => &[],
        }
    }

    /// Returns what may count for a row: a decision for every case of a case list, else this one. What must hold for
    /// the column must hold for each.
    pub(super) fn each(&self) -> impl Iterator<Item = Self> + '_ {
        let cases = self.cases();
        let whole = cases.is_empty().then(|| self.clone());
        whole.into_iter().chain(cases.iter().map(|case| Self { column: Some(&case.column), ..self.clone() }))
    }

    /// Returns the rule that changes the column; `None` where it is kept.
    pub(super) fn rule(&self, profile: &'p Profile) -> Option<&'p Rule> {
        self.column.and_then(|c| rule_of(profile, &c.rule))
    }

    /// Returns the column's name as the profile spells it.
    pub(super) fn spelled(&self) -> Option<&'p str> {
        self.column.filter(|c| !c.pattern).map(|c| c.name.as_str())
    }

    /// Returns entity and attribute, where the rule points at one.
    pub(super) fn attribute(&self) -> Option<(usize, usize)> {
        match self.column?.rule {
            ColumnRule::Attribute { entity, attribute, .. } => Some((entity, attribute)),
            ColumnRule::Keep { .. } | ColumnRule::Own { .. } | ColumnRule::Cases(_) => None,
        }
    }
}

/// What was decided for one table.
#[derive(Default)]
pub(super) struct Decided<'p> {
    /// Whether its rows are dropped.
    pub(super) empty: bool,
    /// Whether no entry of the profile is about it.
    pub(super) unlisted: bool,
    /// Which rows stay.
    pub(super) keep_rows: Option<&'p When>,
    /// Invented rows that the table gets.
    pub(super) insert: &'p [Invented],
    /// One decision for each column of the data; `None` = undecided, and a problem says so.
    pub(super) columns: Vec<Option<Decision<'p>>>,
    /// Columns that the profile leaves undecided; a problem says so of each.
    pub(super) open: Vec<usize>,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
}

/// Returns the rule that changes a column; `None` where it keeps it.
pub(super) fn rule_of<'p>(profile: &'p Profile, rule: &'p ColumnRule) -> Option<&'p Rule> {
    let rule = match rule {
        ColumnRule::Keep { .. } => return None,
        // Of a case list the first that changes the column stands for it; `bind` takes them one by one.
        ColumnRule::Cases(cases) => return cases.iter().find_map(|case| rule_of(profile, &case.column.rule)),
        ColumnRule::Attribute { entity, attribute, .. } => {
            &profile.entities.get(*entity)?.attributes.get(*attribute)?.rule
        }
        ColumnRule::Own { rule, .. } => rule,
    };
    (rule.technique.class != Class::None).then_some(rule)
}

/// Says whether a profile changes nothing.
pub(super) fn is_all_keep(profile: &Profile) -> bool {
    let kept = |rule: &ColumnRule| rule_of(profile, rule).is_none();
    profile.policy.unlisted == Unlisted::Stop
        && profile.expect.is_empty()
        && profile.defaults.iter().all(|default| kept(&default.column.rule))
        && profile.tables.iter().all(|table| table.keep_rows.is_none())
        && profile.tables.iter().all(|table| match &table.body {
            TableBody::Columns(columns) => columns.iter().all(|column| kept(&column.rule)),
            TableBody::Like(_) => true,
            TableBody::Empty { .. } => false,
        })
}

/// Decides all columns of a table, and holds that against what the profile expects.
pub(super) fn decide<'p>(plan: &'p Plan, view: &View, facts: &Facts) -> Decided<'p> {
    let mut decided = by_rules(plan, view, facts);
    expect::judge(plan, view, &mut decided);
    decided
}

fn by_rules<'p>(plan: &'p Plan, view: &View, facts: &Facts) -> Decided<'p> {
    let mut decided = proposed(plan, view, facts);
    if !decided.empty && !decided.unlisted {
        weak::settle(plan, view, &mut decided);
        decided.problems.extend(locked::other_rows(plan, view, &decided));
        partition_key(plan, view, facts, &mut decided);
    }
    decided
}

/// Decides all columns of a table before they are held against the lock.
pub(super) fn proposed<'p>(plan: &'p Plan, view: &View, facts: &Facts) -> Decided<'p> {
    let (mut decided, levels) = assigned(plan, view, facts);
    let Some(levels) = levels.filter(|_| !decided.empty) else { return decided };
    defaults::apply(plan, view, facts, &mut decided);
    let whole = levels.iter().all(Level::is_pattern) && decided.columns.iter().all(Option::is_none);
    fill::apply(plan, view, facts, &mut decided, whole);
    if decided.empty {
        return decided;
    }
    if whole {
        unlisted_table(plan, view, facts, &mut decided);
        return decided;
    }
    // What could not be filled was said.
    for index in (0..view.columns.len()).filter(|_| !plan.fills()) {
        if decided.columns.get(index).is_some_and(Option::is_none) {
            unlisted_column(plan, view, index, &levels, &mut decided);
        }
    }
    undecided::settle(plan, view, &mut decided);
    decided
}

/// Decides the columns of a table that an entry of the profile decides. The entries too; `None` if a name is not clear,
/// and a problem says so.
pub(super) fn assigned<'p>(
    plan: &'p Plan,
    view: &View,
    facts: &Facts,
) -> (Decided<'p>, Option<Vec<Level<'p>>>) {
    let mut decided = Decided { columns: vec![None; view.columns.len()], ..Decided::default() };
    let line = lineage(&view.table, facts);
    let Some(levels) = levels(plan, view, facts, &line, &mut decided.problems) else {
        return (decided, None);
    };
    let partition = line.first().and_then(|(_, t)| *t).is_some_and(|t| t.partition);
    match emptied(view, &levels, partition) {
        Ok(empty) => decided.empty = empty,
        Err(problem) => decided.problems.push(*problem),
    }
    decided.insert = invented::of_levels(&levels);
    if decided.empty {
        decided.columns = Vec::new();
    } else {
        assign(plan, view, &line, &levels, &mut decided);
        match keep_rows(view, &levels) {
            Ok(found) => decided.keep_rows = found,
            Err(problem) => decided.problems.push(*problem),
        }
    }
    (decided, Some(levels))
}

/// Says whether a table gets invented rows.
pub(super) fn inserts(plan: &Plan, table: &TableName, facts: &Facts) -> bool {
    let Some(known) = facts.table(table) else { return false };
    let view = View::of_facts(known, facts);
    let line = lineage(table, facts);
    let levels = levels(plan, &view, facts, &line, &mut Vec::new());
    levels.is_some_and(|levels| !invented::of_levels(&levels).is_empty())
}

/// Says whether two rules do the same; reasons and places do not count.
pub(super) fn same_rule(a: &ColumnRule, b: &ColumnRule) -> bool {
    match (a, b) {
        (ColumnRule::Keep { .. }, ColumnRule::Keep { .. }) => true,
        (
            ColumnRule::Attribute { entity: e, attribute: n, by: x, or_value: v },
            ColumnRule::Attribute { entity: f, attribute: m, by: y, or_value: w },
        ) => (e, n, x, v) == (f, m, y, w),
        (ColumnRule::Own { rule: r, by: x }, ColumnRule::Own { rule: s, by: y }) => {
            same_declaration(r, s) && x == y
        }
        (ColumnRule::Cases(a), ColumnRule::Cases(b)) => {
            let text = |case: &Case| case.when.as_ref().map(|when| when.text.clone());
            let same =
                |(a, b): (&Case, &Case)| text(a) == text(b) && same_rule(&a.column.rule, &b.column.rule);
            a.len() == b.len() && a.iter().zip(b).all(same)
        }
        _ => false,
    }
}

/// Options that change no stand-in: what settles a column, or gives a reason.
const SAYS_ONLY: &[&str] = &["type", "small_domain", "category", "accept_risk"];

/// Says whether two rules are written alike, whatever the order of their options, but for those that change no stand-in.
pub(super) fn same_declaration(a: &Rule, b: &Rule) -> bool {
    let within = |x: &Rule, y: &Rule| {
        x.options.iter().filter(|(n, _)| !SAYS_ONLY.contains(&n.as_str())).all(|o| y.options.contains(o))
    };
    let inner = |(x, y): (&Inner, &Inner)| x.at == y.at && same_rule(&x.column.rule, &y.column.rule);
    let inside = a.inside.len() == b.inside.len() && a.inside.iter().zip(&b.inside).all(inner);
    a.technique.name == b.technique.name && a.argument == b.argument && within(a, b) && within(b, a) && inside
}

/// Refuses to mask what says in which partition a row belongs, where rows load into the partition itself.
fn partition_key(plan: &Plan, view: &View, facts: &Facts, decided: &mut Decided<'_>) {
    let mut problems = Vec::new();
    let mut at = facts.table(&view.table);
    let mut seen: Vec<&TableName> = Vec::new();
    while let Some(table) = at.filter(|t| t.partition && !seen.contains(&&t.name)) {
        seen.push(&table.name);
        at = table.parents.first().and_then(|p| facts.table(p));
        let Some(parent) = at else { break };
        for (index, decision) in decided.columns.iter().enumerate() {
            let Some(decision) = decision.as_ref().filter(|d| d.rule(&plan.profile).is_some()) else {
                continue;
            };
            let name = view.columns.get(index).map(|c| c.name.as_str()).unwrap_or_default();
            let what = match &parent.partition_key {
                Some(key) if !key.iter().any(|k| k == name) => continue,
                Some(_) => message!(
                    "it is masked and part of the partition key of `{}`: rows would load into the wrong partition",
                    parent.name
                ),
                None => message!(
                    "it is masked, and `{}` is partitioned by an expression that may read it: rows could load into the wrong partition",
                    parent.name
                ),
            };
            let mut problem = view
                .error(what)
                .of(Finding::PartitionKey)
                .column(view.label(index, decision.spelled()))
                .hint("keep the column, or dump with `pg_dump --load-via-partition-root`");
            problem.place = decision.column.map(|c| c.place);
            problems.push(problem);
        }
    }
    decided.problems.extend(problems);
}

/// Returns who decides by the words of a rule.
pub(super) fn by_of(rule: &ColumnRule) -> &By {
    match rule {
        ColumnRule::Keep { .. } | ColumnRule::Cases(_) => &By::Default,
        ColumnRule::Attribute { by, .. } | ColumnRule::Own { by, .. } => by,
    }
}
