//! Which rules could decide the columns of one table, and which of them counts (DESIGN 4, "Precedence"): the own text
//! before what it extends, an exact column before a pattern, an exact table before a pattern, then the longer pattern;
//! keeping by a pattern is the weakest of all. Refuses two rules of equal rank that differ, and a rule without a column.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::error::Name;
use crate::message;
use crate::profile::check::words::nearest;
use crate::profile::finding::Finding;
use crate::profile::model::{Column, ColumnRule, Problem, Profile, Table, TableBody, When};
use crate::profile::undecided::leaves_open;
use crate::row::shape::{Facts, TableFacts, TableName};

use super::rules::{Decided, Decision, same_rule};
use super::view::{Detail, View};
use super::{Plan, names};

/// What an entry says, with `like` followed.
#[derive(Clone, Copy)]
pub(super) enum Body<'p> {
    /// Columns; `of` is the entry that has them.
    Columns { columns: &'p [Column], of: usize },
    /// Its rows are dropped.
    Empty,
}

/// Follows `like`; `None` if it leads in a circle.
pub(super) fn body(profile: &Profile, entry: usize) -> Option<Body<'_>> {
    let mut at = entry;
    for _ in 0..=profile.tables.len() {
        match &profile.tables.get(at)?.body {
            TableBody::Columns(columns) => return Some(Body::Columns { columns, of: at }),
            TableBody::Empty { .. } => return Some(Body::Empty),
            TableBody::Like(other) => at = *other,
        }
    }
    None
}

/// An entry that is about a table of a lineage.
pub(super) struct Level<'p> {
    /// Position in the lineage; 0 = the table itself.
    pub(super) depth: usize,
    /// The entry.
    pub(super) entry: usize,
    /// What it says.
    pub(super) table: &'p Table,
    /// The same with `like` followed.
    pub(super) body: Body<'p>,
}

impl Level<'_> {
    /// Whether its name is a pattern.
    pub(super) fn is_pattern(&self) -> bool {
        self.table.pattern
    }

    /// Whether every name of it must be there: the table's own entry, with columns of its own.
    fn is_strict(&self) -> bool {
        self.depth == 0
            && !self.table.pattern
            && matches!(self.body, Body::Columns { of, .. } if of == self.entry)
    }

    /// What makes it stronger or weaker than another about the same table; the least is the strongest.
    fn rank(&self) -> (u32, bool, Reverse<usize>) {
        (self.table.level, self.table.pattern, Reverse(literal(&self.table.table)))
    }
}

/// Finds the entries of a lineage; `None` if a name is not clear.
pub(super) fn levels<'p>(
    plan: &'p Plan,
    view: &View,
    facts: &Facts,
    line: &[(TableName, Option<&TableFacts>)],
    problems: &mut Vec<Problem>,
) -> Option<Vec<Level<'p>>> {
    let mut levels = Vec::new();
    let before = problems.len();
    for (depth, (table, _)) in line.iter().enumerate() {
        let found = match names::entries(plan, table, &view.table, facts) {
            Ok(found) => found,
            Err(problem) => {
                problems.push(*problem);
                continue;
            }
        };
        for entry in found {
            match (body(&plan.profile, entry), plan.profile.tables.get(entry)) {
                (Some(body), Some(table)) => levels.push(Level { depth, entry, table, body }),
                _ => problems.push(view.error("`like` leads in a circle").of(Finding::LikeCircle)),
            }
        }
    }
    (problems.len() == before).then_some(levels)
}

/// Says whether the rows of a table are dropped. Columns under a pattern of tables speak of columns, not of rows.
pub(super) fn emptied(view: &View, levels: &[Level<'_>], partition: bool) -> Result<bool, Box<Problem>> {
    let mut fates: Vec<(usize, bool)> = Vec::new();
    for depth in levels.iter().map(|level| level.depth) {
        if fates.last().is_none_or(|(known, _)| *known != depth)
            && let Some(empty) = fate(view, levels.iter().filter(|level| level.depth == depth))?
        {
            fates.push((depth, empty));
        }
    }
    let Some((nearest, first)) = fates.first().copied() else { return Ok(false) };
    let own = nearest == 0;
    if fates.iter().any(|(_, empty)| *empty != first) && (partition || !own) {
        let what = if own {
            "this partition and the table it belongs to have different rules: one is emptied, one is not"
        } else {
            "the tables whose rules this one takes differ: one is emptied, one is not"
        };
        return Err(Box::new(view.error(what).of(Finding::RulesDiffer).hint("give them the same rules")));
    }
    Ok(first)
}

/// Says what the strongest entry about one table's rows says; `None` if none says anything.
fn fate<'l, 'p: 'l>(
    view: &View,
    levels: impl Iterator<Item = &'l Level<'p>>,
) -> Result<Option<bool>, Box<Problem>> {
    let empty = |level: &Level<'_>| matches!(level.body, Body::Empty);
    let mut speaking: Vec<&Level<'_>> = levels.filter(|level| empty(level) || !level.table.pattern).collect();
    speaking.sort_by_key(|level| level.rank());
    let Some(first) = speaking.first() else { return Ok(None) };
    match speaking.iter().find(|other| other.rank() == first.rank() && empty(other) != empty(first)) {
        None => Ok(Some(empty(first))),
        Some(other) => Err(Box::new(
            view.error("two entries of equal rank: one empties this table, one does not")
                .of(Finding::TwoRules)
                .place(other.table.place)
                .hint("write an entry for this table in your own profile: that counts before both"),
        )),
    }
}

/// Finds the condition on the rows of a table: of each table of the lineage that of the strongest entry that has one.
/// A row of a partition is a row of the table it belongs to, so all must be the same.
pub(super) fn keep_rows<'p>(view: &View, levels: &[Level<'p>]) -> Result<Option<&'p When>, Box<Problem>> {
    let mut found: Option<&'p When> = None;
    let mut speaking: Vec<(&Level<'p>, &'p When)> =
        levels.iter().filter_map(|level| Some((level, level.table.keep_rows.as_ref()?))).collect();
    speaking.sort_by_key(|(level, _)| (level.depth, level.rank()));
    let mut last = None;
    for (level, when) in speaking {
        let rank = (level.depth, level.rank());
        let counts = last.is_none_or(|(depth, best)| depth != rank.0 || best == rank.1);
        if !counts {
            continue;
        }
        last = Some(rank);
        if found.is_some_and(|other| other.text != when.text) {
            let problem = view.error("two conditions say which rows of this table stay").place(when.place);
            return Err(Box::new(
                problem.hint("join them with AND in the entry of this table, and take the other out"),
            ));
        }
        found = found.or(Some(when));
    }
    Ok(found)
}

/// How strong a rule is; the least is the strongest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Deciding nothing.
    pub(super) undecided: bool,
    /// Keeping by a pattern.
    pub(super) weak: bool,
    /// How far its text is from the user's own.
    pub(super) level: u32,
    pub(super) column_pattern: bool,
    pub(super) table_pattern: bool,
    pub(super) column_literal: Reverse<usize>,
    pub(super) table_literal: Reverse<usize>,
}

impl Rank {
    pub(super) fn new(level: &Level<'_>, column: &Column) -> Self {
        let table = level.table;
        let keeps = match &column.rule {
            ColumnRule::Keep { .. } => true,
            ColumnRule::Cases(cases) => {
                cases.iter().any(|case| matches!(case.column.rule, ColumnRule::Keep { .. }))
            }
            ColumnRule::Own { .. } | ColumnRule::Attribute { .. } => false,
        };
        Self {
            undecided: leaves_open(&column.rule),
            weak: keeps && (column.pattern || table.pattern),
            level: table.level,
            column_pattern: column.pattern,
            table_pattern: table.pattern,
            column_literal: Reverse(if column.pattern { literal(&column.name) } else { 0 }),
            table_literal: Reverse(if table.pattern { literal(&table.table) } else { 0 }),
        }
    }
}

/// The rule that counts for a column, so far.
#[derive(Clone, Copy)]
struct Best<'p> {
    rank: Rank,
    column: &'p Column,
    entry: usize,
}

impl<'p> Best<'p> {
    fn new(level: &Level<'p>, column: &'p Column) -> Self {
        Self { rank: Rank::new(level, column), column, entry: level.entry }
    }
}

/// Counts the characters of a pattern other than `*`.
fn literal(pattern: &str) -> usize {
    pattern.chars().filter(|c| *c != '*').count()
}

/// Joins the rules of all levels with the columns.
pub(super) fn assign<'p>(
    plan: &'p Plan,
    view: &View,
    line: &[(TableName, Option<&TableFacts>)],
    levels: &[Level<'p>],
    decided: &mut Decided<'p>,
) {
    let lookup = Lookup::new(view);
    let own = Arc::new(view.table.clone());
    decided.columns = vec![None; view.columns.len()];
    // Whether a column's decision so far comes from an entry that names its table.
    let mut named = vec![false; view.columns.len()];
    for depth in 0..line.len() {
        let mut best: Vec<Option<Best<'p>>> = vec![None; view.columns.len()];
        for level in levels.iter().filter(|level| level.depth == depth) {
            exact(plan, view, &lookup, level, &mut best, &mut decided.problems);
            patterns(plan, view, &lookup, level, &mut best, &mut decided.problems);
        }
        for (index, found) in best.into_iter().enumerate() {
            let (Some(found), Some(slot)) = (found, decided.columns.get_mut(index)) else { continue };
            // Keeping by a pattern is the weakest rule, also that of the table to which the column belongs.
            if found.rank.weak && slot.as_ref().is_some_and(|nearer| !nearer.weak) {
                continue;
            }
            let nearer = slot.as_ref().and_then(|decision| decision.column);
            if found.rank.undecided && nearer.is_some() {
                continue;
            }
            if let Some(nearer) = nearer.filter(|nearer| !leaves_open(&nearer.rule))
                && !same_rule(&nearer.rule, &found.column.rule)
                && named.get(index).is_some_and(|named| *named)
            {
                decided.problems.push(
                    view.error(message!(
                        "this rule differs from the one of `{}`, to which the column belongs",
                        line.get(depth).map_or_else(|| view.table.clone(), |(name, _)| name.clone())
                    ))
                    .of(Finding::RulesDiffer)
                    .column(view.label(index, Some(&found.column.name)))
                    .place(nearer.place)
                    .hint("leave it out here: partitions and inherited columns take the parent's rule"),
                );
            }
            // Without parents a column is the table's own.
            let owner = match line {
                [_] => Arc::clone(&own),
                _ => Arc::new(owner(view, line, index)),
            };
            *slot = Some(Decision {
                column: Some(found.column),
                owner,
                entry: Some(found.entry),
                weak: found.rank.weak,
            });
            if let Some(named) = named.get_mut(index) {
                *named |= !found.rank.table_pattern;
            }
        }
    }
    for level in levels.iter().filter(|level| level.depth == 0 && !level.table.pattern) {
        quasi_identifiers(view, level.table, &mut decided.problems);
    }
}

/// Adds the rules of an entry that name their column.
fn exact<'p>(
    plan: &'p Plan,
    view: &View,
    lookup: &Lookup<'_>,
    level: &Level<'p>,
    best: &mut [Option<Best<'p>>],
    problems: &mut Vec<Problem>,
) {
    let Body::Columns { columns, of } = level.body else { return };
    let mut taken = vec![false; view.columns.len()];
    // Where a name that the table lacks is no fault, only those it has are looked at: a pack knows a hundred.
    let few = (!level.is_strict())
        .then(|| plan.index.columns(of).map(|known| known.exact(columns, lookup.lower())))
        .flatten();
    let all = (0..columns.len()).filter(|_| few.is_none());
    let positions = few.iter().flatten().copied().chain(all);
    for column in positions.filter_map(|at| columns.get(at)).filter(|column| !column.pattern) {
        let index = match place_of(plan, view, lookup, column, level) {
            Ok(Some(index)) => index,
            Ok(None) => continue,
            Err(problem) => {
                problems.push(*problem);
                continue;
            }
        };
        if taken.get_mut(index).is_some_and(|taken| std::mem::replace(taken, true)) {
            problems.push(
                view.error("two rules for one column")
                    .of(Finding::TwoRules)
                    .column(view.label(index, Some(&column.name)))
                    .place(column.place)
                    .hint("keep one of them; names match ignoring case where only one column fits"),
            );
        }
        propose(view, index, Best::new(level, column), best, problems);
    }
}

/// Adds the rules of an entry whose name is a pattern.
fn patterns<'p>(
    plan: &'p Plan,
    view: &View,
    lookup: &Lookup<'_>,
    level: &Level<'p>,
    best: &mut [Option<Best<'p>>],
    problems: &mut Vec<Problem>,
) {
    let Body::Columns { columns, of } = level.body else { return };
    let Some(patterns) = plan.index.columns(of).map(|known| known.patterns.as_slice()) else { return };
    let mut unused: Vec<bool> = vec![true; patterns.len()];
    if patterns.is_empty() {
        return;
    }
    let names = lookup.lower().iter().take(view.columns.len());
    for (index, lower) in names.enumerate() {
        for ((position, glob), unused) in patterns.iter().zip(&mut unused) {
            if let Some(rule) = columns.get(*position).filter(|_| glob.matches(lower)) {
                *unused = false;
                propose(view, index, Best::new(level, rule), best, problems);
            }
        }
    }
    for ((position, _), _) in patterns.iter().zip(unused).filter(|(_, unused)| *unused) {
        if let Some(column) =
            columns.get(*position).filter(|_| level.is_strict() && !optional(plan, level.table))
        {
            problems.push(missing(view, column, "no column of this table matches this pattern"));
        }
    }
}

/// Lets a rule decide a column if it is stronger than what decides so far.
fn propose<'p>(
    view: &View,
    index: usize,
    new: Best<'p>,
    best: &mut [Option<Best<'p>>],
    problems: &mut Vec<Problem>,
) {
    let Some(slot) = best.get_mut(index) else { return };
    match slot {
        Some(old) if old.rank < new.rank => {}
        Some(old) if old.rank == new.rank => {
            let twice = old.entry == new.entry && !new.column.pattern;
            if !twice && !same_rule(&old.column.rule, &new.column.rule) {
                let what = message!(
                    "two rules of equal rank decide this column and differ: `{}` and `{}` (line {})",
                    Name::new(new.column.name.as_str()),
                    Name::new(old.column.name.as_str()),
                    old.column.place.line
                );
                problems.push(
                    view.error(what)
                        .of(Finding::TwoRules)
                        .column(view.label(index, None))
                        .place(new.column.place)
                        .hint(
                            "write a rule for this column in the entry of its table: that counts before both",
                        ),
                );
            }
        }
        _ => *slot = Some(new),
    }
}

/// The columns of a view by name.
pub(super) struct Lookup<'v> {
    view: &'v View,
    exact: HashMap<&'v str, Option<usize>>,
    /// By their names in lower case, once somebody asks.
    folded: OnceCell<HashMap<String, Option<usize>>>,
    /// All names in lower case, those in the data first, once somebody asks.
    lower: OnceCell<Vec<String>>,
}

impl<'v> Lookup<'v> {
    pub(super) fn new(view: &'v View) -> Self {
        let mut exact: HashMap<&str, Option<usize>> = HashMap::with_capacity(view.columns.len());
        for (index, name) in view.names().enumerate() {
            exact.entry(name).and_modify(|one| *one = None).or_insert(Some(index));
        }
        Self { view, exact, folded: OnceCell::new(), lower: OnceCell::new() }
    }

    fn lower(&self) -> &[String] {
        self.lower.get_or_init(|| self.view.names().map(str::to_lowercase).collect())
    }

    fn folded(&self) -> &HashMap<String, Option<usize>> {
        self.folded.get_or_init(|| {
            let mut folded: HashMap<String, Option<usize>> = HashMap::new();
            for (index, lower) in self.lower().iter().enumerate() {
                folded.entry(lower.clone()).and_modify(|one| *one = None).or_insert(Some(index));
            }
            folded
        })
    }

    /// Finds a name: exactly, failing that ignoring case. `Some(None)` if several have it.
    fn find(&self, name: &str) -> Option<Option<usize>> {
        self.exact.get(name).or_else(|| self.folded().get(&name.to_lowercase())).copied()
    }
}

/// Finds the data column that a rule names; `None` if there is none and that is no fault.
pub(super) fn place_of(
    plan: &Plan,
    view: &View,
    lookup: &Lookup<'_>,
    column: &Column,
    level: &Level<'_>,
) -> Result<Option<usize>, Box<Problem>> {
    let strict = level.is_strict() && !optional(plan, level.table);
    let shown = || message!("`{}`", Name::new(column.name.as_str()));
    match lookup.find(&column.name) {
        Some(Some(index)) if index < view.columns.len() => Ok(Some(index)),
        Some(Some(index)) => {
            // A generated column that has no place in the data: the server computes it again. Other systems' dumps of the
            // same table hold its values (MariaDB's), and there the rule counts.
            let generated = view.absent.get(index - view.columns.len()).is_some_and(|c| c.generated);
            if strict && !generated {
                return Err(Box::new(missing(view, column, "the rows do not hold this column")));
            }
            Ok(None)
        }
        Some(None) => Err(Box::new(
            view.error("this name matches several columns")
                .of(Finding::AmbiguousName)
                .column(shown())
                .place(column.place)
                .hint("spell the column as the table does; two columns of one name cannot be told apart"),
        )),
        None if strict => Err(Box::new(missing(view, column, "the table has no such column"))),
        None => Ok(None),
    }
}

/// Says whether the input may lack what an entry names. Not where `--allow-unlisted-keep` would keep the column that
/// a misspelt name was meant for.
fn optional(plan: &Plan, table: &Table) -> bool {
    table.optional && (!plan.options.allow_unlisted_keep || table.level > 0)
}

fn missing(view: &View, column: &Column, what: &'static str) -> Problem {
    let finding = if column.pattern { Finding::UnmatchedPattern } else { Finding::UnknownColumn };
    let problem = view
        .error(what)
        .of(finding)
        .column(message!("`{}`", Name::new(column.name.as_str())))
        .place(column.place);
    did_you_mean(problem, view, &column.name)
}

/// Adds the nearest name of the table, where its names may be shown.
fn did_you_mean(problem: Problem, view: &View, name: &str) -> Problem {
    match nearest(&name.replace('*', ""), view.names()).filter(|_| view.trusted) {
        Some(near) => problem.hint(message!("did you mean `{}`?", Name::new(near))),
        None if view.trusted => problem.hint("take the line out, or write the name of a column of this table"),
        None => problem.hint(
            "write the name as the file's first line does; a file without a header takes its names from `--columns`",
        ),
    }
}

fn quasi_identifiers(view: &View, table: &Table, problems: &mut Vec<Problem>) {
    for name in table.quasi_identifiers.iter().filter(|_| !table.optional) {
        if !matches!(names::find(name, view.names()), names::Found::One(_)) {
            let problem = view
                .error("`quasi_identifiers:` names a column that the table does not have")
                .of(Finding::UnknownColumn)
                .column(message!("`{}`", Name::new(name.as_str())))
                .place(table.place);
            problems.push(did_you_mean(problem, view, name));
        }
    }
}

/// Returns the farthest table of the lineage that has the column.
pub(super) fn owner(view: &View, line: &[(TableName, Option<&TableFacts>)], index: usize) -> TableName {
    let name = view.columns.get(index).map(|c| c.name.as_str()).unwrap_or_default();
    line.iter()
        .rev()
        .find(|(_, known)| known.is_some_and(|t| t.column(name).is_some()))
        .map_or_else(|| view.table.clone(), |(table, _)| table.clone())
}
