//! Gives every column of one table its rule: its own entry, that of the table it is a partition or heir of, or the
//! one its entry is `like`. Refuses a column without a rule, two rules for one column, and a rule without a column.

use crate::error::{Message, Name};
use crate::mask::Class;
use crate::message;
use crate::profile::check::secrets::names_secret;
use crate::profile::check::words::nearest;
use crate::profile::model::{By, Column, ColumnRule, Problem, Profile, Rule, TableBody};
use crate::row::shape::{Facts, TableFacts, TableName};

use super::Plan;
use super::names::{self, Found};
use super::view::{Detail, View, lineage};

/// What was decided for one column.
#[derive(Clone)]
pub(super) struct Decision<'p> {
    /// The rule as written; `None` = kept because the command line says so.
    pub(super) column: Option<&'p Column>,
    /// The table whose name enters the label of a column's own rule: the root for partitions and inherited columns.
    pub(super) owner: TableName,
}

impl<'p> Decision<'p> {
    /// Returns the rule that changes the column; `None` where it is kept.
    pub(super) fn rule(&self, profile: &'p Profile) -> Option<&'p Rule> {
        self.column.and_then(|c| rule_of(profile, &c.rule))
    }

    /// Returns the column's name as the profile spells it.
    pub(super) fn spelled(&self) -> Option<&'p str> {
        self.column.map(|c| c.name.as_str())
    }

    /// Returns entity and attribute, where the rule points at one.
    pub(super) fn attribute(&self) -> Option<(usize, usize)> {
        match self.column?.rule {
            ColumnRule::Attribute { entity, attribute, .. } => Some((entity, attribute)),
            ColumnRule::Keep { .. } | ColumnRule::Own { .. } => None,
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
    /// One decision for each column of the data; `None` = undecided, and a problem says so.
    pub(super) columns: Vec<Option<Decision<'p>>>,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
}

/// Returns the rule that changes a column; `None` where it keeps it.
pub(super) fn rule_of<'p>(profile: &'p Profile, rule: &'p ColumnRule) -> Option<&'p Rule> {
    let rule = match rule {
        ColumnRule::Keep { .. } => return None,
        ColumnRule::Attribute { entity, attribute, .. } => {
            &profile.entities.get(*entity)?.attributes.get(*attribute)?.rule
        }
        ColumnRule::Own { rule, .. } => rule,
    };
    (rule.technique.class != Class::None).then_some(rule)
}

/// Says whether a profile changes nothing.
pub(super) fn is_all_keep(profile: &Profile) -> bool {
    profile.tables.iter().all(|table| match &table.body {
        TableBody::Columns(columns) => columns.iter().all(|c| rule_of(profile, &c.rule).is_none()),
        TableBody::Like(_) => true,
        TableBody::Empty { .. } => false,
    })
}

/// What an entry says, with `like` followed.
#[derive(Clone, Copy)]
enum Body<'p> {
    Columns { columns: &'p [Column], like: bool },
    Empty,
}

/// Follows `like`; `None` if it leads in a circle.
fn body(profile: &Profile, entry: usize) -> Option<Body<'_>> {
    let mut at = entry;
    for _ in 0..=profile.tables.len() {
        match &profile.tables.get(at)?.body {
            TableBody::Columns(columns) => return Some(Body::Columns { columns, like: at != entry }),
            TableBody::Empty { .. } => return Some(Body::Empty),
            TableBody::Like(other) => at = *other,
        }
    }
    None
}

/// One table of a lineage that has an entry.
struct Level<'p> {
    /// Position in the lineage; 0 = the table itself.
    depth: usize,
    entry: usize,
    body: Body<'p>,
}

/// Decides all columns of a table.
pub(super) fn decide<'p>(plan: &'p Plan, view: &View, facts: &Facts) -> Decided<'p> {
    let mut decided = Decided::default();
    let line = lineage(&view.table, facts);
    let Some(levels) = levels(plan, view, facts, &line, &mut decided.problems) else {
        decided.columns = vec![None; view.columns.len()];
        return decided;
    };
    if levels.is_empty() {
        unlisted_table(plan, view, facts, &mut decided);
        return decided;
    }
    let partition = line.first().and_then(|(_, t)| *t).is_some_and(|t| t.partition);
    match emptied(view, &levels, partition) {
        Ok(empty) => decided.empty = empty,
        Err(problem) => decided.problems.push(*problem),
    }
    if decided.empty {
        return decided;
    }
    assign(plan, view, &line, &levels, &mut decided);
    for index in 0..view.columns.len() {
        if decided.columns.get(index).is_some_and(Option::is_none) {
            unlisted_column(plan, view, index, &levels, &mut decided);
        }
    }
    partition_key(plan, view, facts, &mut decided);
    decided
}

/// Finds the entries of a lineage; `None` if a name is not clear.
fn levels<'p>(
    plan: &'p Plan,
    view: &View,
    facts: &Facts,
    line: &[(TableName, Option<&TableFacts>)],
    problems: &mut Vec<Problem>,
) -> Option<Vec<Level<'p>>> {
    let mut levels = Vec::new();
    let before = problems.len();
    for (depth, (table, _)) in line.iter().enumerate() {
        match names::entry(plan, table, &view.table, facts) {
            Ok(None) => {}
            Ok(Some(entry)) => match body(&plan.profile, entry) {
                Some(body) => levels.push(Level { depth, entry, body }),
                None => problems.push(view.error("`like` leads in a circle")),
            },
            Err(problem) => problems.push(*problem),
        }
    }
    (problems.len() == before).then_some(levels)
}

/// Says whether the rows of a table are dropped.
fn emptied(view: &View, levels: &[Level<'_>], partition: bool) -> Result<bool, Box<Problem>> {
    let empty = |l: &Level<'_>| matches!(l.body, Body::Empty);
    let first = levels.first().is_some_and(&empty);
    let own = levels.first().is_some_and(|l| l.depth == 0);
    if levels.iter().any(|l| empty(l) != first) && (partition || !own) {
        let what = if own {
            "this partition and the table it belongs to have different rules: one is emptied, one is not"
        } else {
            "the tables whose rules this one takes differ: one is emptied, one is not"
        };
        return Err(Box::new(view.error(what).hint("give them the same rules")));
    }
    Ok(first)
}

/// Joins the rules of all levels with the columns.
fn assign<'p>(
    plan: &'p Plan,
    view: &View,
    line: &[(TableName, Option<&TableFacts>)],
    levels: &[Level<'p>],
    decided: &mut Decided<'p>,
) {
    decided.columns = vec![None; view.columns.len()];
    for level in levels {
        let Body::Columns { columns, like } = level.body else { continue };
        let strict = level.depth == 0 && !like;
        let mut taken: Vec<Option<&'p Column>> = vec![None; view.columns.len()];
        for column in columns {
            let index = match place_of(plan, view, column, strict, level.entry) {
                Ok(Some(index)) => index,
                Ok(None) => continue,
                Err(problem) => {
                    decided.problems.push(*problem);
                    continue;
                }
            };
            let Some(slot) = taken.get_mut(index) else { continue };
            if slot.is_some() {
                decided.problems.push(
                    view.error("two rules for one column")
                        .column(view.label(index, Some(&column.name)))
                        .place(column.place)
                        .hint("keep one of them; names match ignoring case where only one column fits"),
                );
            }
            *slot = Some(column);
        }
        for (index, column) in taken.into_iter().enumerate() {
            let (Some(column), Some(slot)) = (column, decided.columns.get_mut(index)) else { continue };
            if let Some(nearer) = slot.as_ref().and_then(|d| d.column)
                && !same_rule(&nearer.rule, &column.rule)
            {
                decided.problems.push(
                    view.error(message!(
                        "this rule differs from the one of `{}`, to which the column belongs",
                        line.get(level.depth).map_or_else(|| view.table.clone(), |(name, _)| name.clone())
                    ))
                    .column(view.label(index, Some(&column.name)))
                    .place(nearer.place)
                    .hint("leave it out here: partitions and inherited columns take the parent's rule"),
                );
            }
            let owner = owner(view, line, index);
            *slot = Some(Decision { column: Some(column), owner });
        }
    }
    if let Some(level) = levels.first().filter(|l| l.depth == 0) {
        quasi_identifiers(plan, view, level.entry, &mut decided.problems);
    }
}

/// Finds the data column that a rule names; `None` if there is none and that is no fault.
fn place_of(
    plan: &Plan,
    view: &View,
    column: &Column,
    strict: bool,
    entry: usize,
) -> Result<Option<usize>, Box<Problem>> {
    let shown = || message!("`{}`", Name::new(column.name.as_str()));
    match names::find(&column.name, view.names()) {
        Found::One(index) if index < view.columns.len() => Ok(Some(index)),
        Found::One(index) => {
            // A generated column that has no place in the data: the server computes it again. Other systems' dumps of the
            // same table hold its values (MariaDB's), and there the rule counts.
            let generated = view.absent.get(index - view.columns.len()).is_some_and(|c| c.generated);
            if strict && !generated && !optional(plan, entry) {
                return Err(Box::new(missing(view, column, "the rows do not hold this column")));
            }
            Ok(None)
        }
        Found::Several => Err(Box::new(
            view.error("this name matches several columns")
                .column(shown())
                .place(column.place)
                .hint("spell the column as the table does; two columns of one name cannot be told apart"),
        )),
        Found::None => {
            let optional = optional(plan, entry);
            if strict && !optional {
                Err(Box::new(missing(view, column, "the table has no such column")))
            } else {
                Ok(None)
            }
        }
    }
}

/// Says whether the input may lack what an entry names. Not where `--allow-unlisted-keep` would keep the column that
/// a misspelt name was meant for.
fn optional(plan: &Plan, entry: usize) -> bool {
    !plan.options.allow_unlisted_keep && plan.profile.tables.get(entry).is_some_and(|t| t.optional)
}

fn missing(view: &View, column: &Column, what: &'static str) -> Problem {
    let problem =
        view.error(what).column(message!("`{}`", Name::new(column.name.as_str()))).place(column.place);
    did_you_mean(problem, view, &column.name)
}

/// Adds the nearest name of the table, where its names may be shown.
fn did_you_mean(problem: Problem, view: &View, name: &str) -> Problem {
    match nearest(name, view.names()).filter(|_| view.trusted) {
        Some(near) => problem.hint(message!("did you mean `{}`?", Name::new(near))),
        None if view.trusted => problem.hint("take the line out, or write the name of a column of this table"),
        None => problem.hint(
            "write the name as the file's first line does; a file without a header takes its names from `--columns`",
        ),
    }
}

fn quasi_identifiers(plan: &Plan, view: &View, entry: usize, problems: &mut Vec<Problem>) {
    let Some(table) = plan.profile.tables.get(entry).filter(|t| !t.optional) else { return };
    for name in &table.quasi_identifiers {
        if !matches!(names::find(name, view.names()), Found::One(_)) {
            let problem = view
                .error("`quasi_identifiers:` names a column that the table does not have")
                .column(message!("`{}`", Name::new(name.as_str())))
                .place(table.place);
            problems.push(did_you_mean(problem, view, name));
        }
    }
}

/// Returns the farthest table of the lineage that has the column.
fn owner(view: &View, line: &[(TableName, Option<&TableFacts>)], index: usize) -> TableName {
    let name = view.columns.get(index).map(|c| c.name.as_str()).unwrap_or_default();
    line.iter()
        .rev()
        .find(|(_, known)| known.is_some_and(|t| t.column(name).is_some()))
        .map_or_else(|| view.table.clone(), |(table, _)| table.clone())
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
        _ => false,
    }
}

/// Says whether two rules are written alike, whatever the order of their options; `type:` settles a column and
/// `small_domain:` gives a reason, so neither changes a stand-in.
pub(super) fn same_declaration(a: &Rule, b: &Rule) -> bool {
    let within = |x: &Rule, y: &Rule| {
        x.options.iter().filter(|(n, _)| n != "type" && n != "small_domain").all(|o| y.options.contains(o))
    };
    a.technique.name == b.technique.name && a.argument == b.argument && within(a, b) && within(b, a)
}

/// A table that no entry is about.
fn unlisted_table(plan: &Plan, view: &View, facts: &Facts, decided: &mut Decided<'_>) {
    let kept = |_| Some(Decision { column: None, owner: view.table.clone() });
    // An entry that is some other table's is no slip of the pen.
    let near = nearest(&view.table.table, plan.profile.tables.iter().map(|t| t.table.as_str()));
    let taken =
        |near: &&str| plan.profile.tables.iter().any(|t| t.table == **near && names::has_object(t, facts));
    let near = near.filter(|near| !taken(near));
    if plan.options.allow_unlisted_keep {
        decided.columns = (0..view.columns.len()).map(kept).collect();
        decided.problems.extend((0..view.columns.len()).filter_map(|i| secret_warning(view, i)));
        // The flag keeps what nobody named; it must not turn rules off by a slip of the pen.
        decided.problems.extend(near.map(|near| {
            view.error("`--allow-unlisted-keep` would keep this table, and the profile has rules for one of nearly that name")
                .hint(message!(
                    "write `{}:` instead of `{}:` if they are one table; if not, give this one an entry of its own",
                    names::written(&view.table),
                    Name::new(near)
                ))
        }));
        return;
    }
    decided.columns = vec![None; view.columns.len()];
    decided.unlisted = true;
    let hint: Message = match near {
        Some(near) => message!(
            "did you mean this table by `{}:`? names must match; else add `{}:` under `tables:`",
            Name::new(near),
            names::written(&view.table)
        ),
        None => message!(
            "add `{}:` under `tables:` with a rule for every column, or with `empty: \"why\"`",
            names::written(&view.table)
        ),
    };
    let count = view.columns.len();
    let what = if count == 1 {
        message!("no rule says what to do with this table and its {} column", count)
    } else {
        message!("no rule says what to do with this table and its {} columns", count)
    };
    decided.problems.push(view.error(what).hint(hint));
}

/// A column that its table's entry does not name.
fn unlisted_column(plan: &Plan, view: &View, index: usize, levels: &[Level<'_>], decided: &mut Decided<'_>) {
    if plan.options.allow_unlisted_keep {
        decided.problems.extend(secret_warning(view, index));
        if let Some(slot) = decided.columns.get_mut(index) {
            *slot = Some(Decision { column: None, owner: view.table.clone() });
        }
        return;
    }
    let Some(level) = levels.first() else { return };
    let Some(entry) = plan.profile.tables.get(level.entry) else { return };
    let table = names::shown(entry);
    let name = view.columns.get(index).filter(|_| view.trusted).map(|c| Name::new(c.name.as_str()));
    let hint = match (&entry.body, name) {
        (TableBody::Like(_), _) => {
            message!("`{}:` has the rules of another table; write its columns out instead of `like:`", table)
        }
        // A column of its own, which the parent's entry cannot name.
        (_, Some(name)) if level.depth > 0 => message!(
            "add `{}:` under `tables:` with a rule for `{}`: it is no column of the parent",
            names::written(&view.table),
            name
        ),
        (_, Some(name)) => message!(
            "add `{}:` under `tables: {}: columns:`, or list it under `keep:` of that table",
            name,
            table
        ),
        (_, None) => message!(
            "add the name that stands at position {} of the header under `tables: {}: columns:`, or list it under `keep:`",
            index.saturating_add(1),
            table
        ),
    };
    decided.problems.push(
        view.error("no rule says what to do with this column")
            .column(view.label(index, None))
            .place(entry.place)
            .hint(hint),
    );
}

/// Warns of a column that is kept only because the command line says so and looks like a password or key.
fn secret_warning(view: &View, index: usize) -> Option<Problem> {
    let column = view.columns.get(index).filter(|c| names_secret(&c.name))?;
    let hint = if view.trusted {
        message!(
            "add `{}: suppress` under `tables: {}: columns:`",
            Name::new(column.name.as_str()),
            view.table
        )
    } else {
        message!("give it a rule under `tables: {}: columns:`", view.table)
    };
    Some(
        view.warning(
            "this column is kept by `--allow-unlisted-keep` and looks like a password, token or key",
        )
        .column(view.label(index, None))
        .hint(hint),
    )
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
        ColumnRule::Keep { .. } => &By::Default,
        ColumnRule::Attribute { by, .. } | ColumnRule::Own { by, .. } => by,
    }
}
