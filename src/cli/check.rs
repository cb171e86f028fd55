//! `standin check`: everything that would stop or weaken a run, all at once, without writing anything. `mask` asks the
//! same questions of files before it writes.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::args::{CheckArgs, CommonArgs, InputArgs};
use super::exit::Exit;
use super::inputs::{self, Input};
use super::keys::{self, Keys};
use super::{profile, say};
use crate::error::{Message, Name, Result};
use crate::message;
use crate::pipeline::{Known, Stop};
use crate::profile::model::{Problem, Severity};
use crate::profile::plan::{Action, Plan, PlanOptions, TablePlan};
use crate::row::shape::{Facts, Shape, TableName};

/// Runs the verb.
///
/// # Errors
/// Usage, profile, key; an input that cannot be read.
pub(super) fn run(args: &CheckArgs) -> Result<Exit> {
    let common = &args.common;
    let profile = profile::read(&common.profile)?;
    let Keys { schedule, .. } = keys::find(common.key_file.as_deref(), &profile.policy)?;
    // A lock that is written anew need not be readable.
    let lock = if args.accept { None } else { profile::lock(&common.profile, common.locked)? };
    let inputs = inputs::list(common)?;
    let options = PlanOptions { accept: args.accept, ..common.plan_options() };
    let plan = Plan::new(profile, schedule, options).with_lock(lock);
    let stop = Stop::default();
    let (mut problems, mut known, mut decided) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(path) = &common.schema {
        let facts = schema_file(path, common, &stop)?;
        problems.extend(against(&plan, &facts, false, |_| {}));
    }
    for input in &inputs {
        let read = Arc::new(AtomicU64::new(0));
        let (Known { facts, .. }, whole) = input.facts(common, &read, &stop, false)?;
        let complete = whole && inputs.len() == 1;
        problems.extend(against(&plan, &facts, complete, |table| decided.push(describe(table))));
        known.push(Some(facts));
    }
    missing(&plan, &known, &inputs, &mut problems);
    let known: Vec<&Facts> = known.iter().flatten().collect();
    problems.extend(plan.drift(&known));
    let undecided = known.iter().flat_map(|facts| plan.undecided(facts)).map(left_open).collect();
    let exit = report(&plan, &problems, &[decided, undecided])?;
    if args.accept {
        accept(&plan, &known, common, exit)?;
    }
    Ok(exit)
}

/// Writes the lock, if nothing is undecided.
fn accept(plan: &Plan, known: &[&Facts], common: &CommonArgs, exit: Exit) -> Result<()> {
    let path = Name::new(profile::lock_path(&common.profile).display().to_string());
    if exit != Exit::Done {
        say::note(&message!("`{}` was not written", path));
        return Ok(());
    }
    let lines = known.iter().flat_map(|facts| plan.lock_lines(facts)).collect();
    let count = profile::write_lock(&common.profile, lines)?;
    say::note(&message!("`{}` written, {} lines: read it before you commit it", path, count));
    Ok(())
}

/// One line a table: the columns that the profile names and leaves undecided.
fn left_open((table, columns): (TableName, Vec<Message>)) -> String {
    let columns: Vec<&str> = columns.iter().map(Message::as_str).collect();
    format!("{table}: undecided: {}\n", columns.join(", "))
}

/// Shows the problems, and one line for every table that is decided, then for those that are not.
fn report(plan: &Plan, problems: &[Problem], [decided, undecided]: &[Vec<String>; 2]) -> Result<Exit> {
    say::problems(&plan.profile().files, problems);
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    let mut text = decided.concat() + &undecided.concat();
    text += &match errors {
        0 => format!("ok: {} tables decided, {} warnings\n", decided.len(), problems.len()),
        n => format!(
            "{n} problems, {} warnings: `standin mask` would stop before it writes\n",
            problems.len() - n
        ),
    };
    say::out(&text)?;
    Ok(if errors == 0 { Exit::Done } else { Exit::Finding })
}

/// One line a table: what becomes of it, and how many rows its unique stand-ins can bear.
fn describe(table: &TablePlan) -> String {
    let counts = table.counts();
    match &table.action {
        Action::Keep => format!("{}: kept, {} columns\n", table.table, counts.kept),
        Action::Empty => format!("{}: emptied\n", table.table),
        Action::Mask(plan) => {
            let limit =
                plan.row_limit.map_or(String::new(), |n| format!(", unique stand-ins up to {n} rows"));
            format!("{}: {} columns masked, {} kept{limit}\n", table.table, plan.columns.len(), counts.kept)
        }
    }
}

/// Reads a schema-only dump.
///
/// # Errors
/// Whatever its reader refuses.
pub(super) fn schema_file(path: &Path, args: &InputArgs, stop: &Stop) -> Result<Facts> {
    let input = Input { path: Some(path.to_owned()), name: say::path(path) };
    input.facts(args, &Arc::default(), stop, false).map(|(known, _)| known.facts)
}

/// Returns all that stands between a plan and a schema, and hands every table that can be bound to `decided`.
/// `complete` = the schema is a database's and nothing else will come, so a name that it lacks is missing.
pub(super) fn against(
    plan: &Plan,
    facts: &Facts,
    complete: bool,
    mut decided: impl FnMut(&TablePlan),
) -> Vec<Problem> {
    let mut problems = plan.cover(facts, complete);
    for shape in shapes(facts) {
        // A table without any rule stands in `cover` already, as one problem.
        problems.extend(match plan.bind(&shape, facts) {
            Ok(bound) => {
                decided(&bound);
                bound.warnings
            }
            Err(found) => found,
        });
    }
    problems.extend(plan.keys(facts));
    let text = |m: &Option<Message>| m.as_ref().map(|m| m.as_str().to_owned());
    let mut seen = HashSet::new();
    problems.retain(|p| seen.insert((p.place, text(&p.table), text(&p.column), p.what.as_str().to_owned())));
    problems
}

fn shapes(facts: &Facts) -> impl Iterator<Item = Shape> + '_ {
    facts.tables().iter().filter(|t| t.holds_rows).map(|t| Shape {
        table: t.name.clone(),
        columns: t.columns.iter().filter(|c| !c.generated).cloned().collect(),
        trusted_names: t.trusted_names,
    })
}

/// With several inputs, what none of them has is missing.
pub(super) fn missing(plan: &Plan, known: &[Option<Facts>], inputs: &[Input], problems: &mut Vec<Problem>) {
    if inputs.len() < 2 || known.iter().any(Option::is_none) {
        return;
    }
    let mut all = Facts::default();
    for table in known.iter().flatten().flat_map(|f| f.tables()) {
        all.add(table.clone());
    }
    if known.iter().flatten().any(|f| f.tables().len() > 1) {
        problems.extend(plan.lacking(&all));
    }
}
