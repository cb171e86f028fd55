//! `standin check`: everything that would stop or weaken a run, all at once, without writing anything. `mask` asks the
//! same questions of files before it writes.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::args::{CheckArgs, CommonArgs, InputArgs};
use super::exit::Exit;
use super::found::{Found, LockFound, TableFound};
use super::inputs::{self, Input};
use super::keys::{self, Keys};
use super::{passwords, profile, say};
use crate::error::{Message, Name, Result};
use crate::message;
use crate::pipeline::{Known, Stop};
use crate::profile::model::{ObjectRule, Problem};
use crate::profile::plan::{Plan, PlanOptions, TablePlan};
use crate::row::shape::{Facts, Shape, TableFacts};

/// Runs the verb.
///
/// # Errors
/// Usage, profile, key; an input that cannot be read. What was found until then is told all the same.
pub(super) fn run(args: &CheckArgs) -> Result<Exit> {
    let mut found = Found::new(&args.common.profile);
    let outcome = look(args, &mut found);
    let told = found.say(args.form, outcome.as_ref().err());
    // Why the check failed matters more than that it could not be told.
    let exit = outcome?;
    told.map(|()| exit)
}

/// Looks at everything.
fn look(args: &CheckArgs, found: &mut Found) -> Result<Exit> {
    let common = &args.common;
    let profile = match profile::load(&common.profile)? {
        Ok(read) => {
            found.files.clone_from(&read.profile.files);
            found.problems = read.warnings;
            read.profile
        }
        Err(refused) => {
            (found.files, found.problems) = (refused.files, refused.problems);
            return Err(profile::refused(&common.profile));
        }
    };
    let Keys { schedule, .. } = keys::find(common.key_file.as_deref(), &profile.policy)?;
    // A lock that is written anew need not be readable.
    let lock = if args.accept { None } else { profile::lock(&common.profile, common.locked)? };
    let inputs = inputs::list(common)?;
    let options = PlanOptions { accept: args.accept, ..common.plan_options() };
    let passwords = passwords::read(&profile, false)?;
    let plan = Plan::new(profile, schedule, options).with_lock(lock).with_passwords(passwords);
    found.object_rules = plan.profile().objects;
    let stop = Stop::default();
    let (mut problems, mut known) = (Vec::new(), Vec::new());
    if let Some(path) = &common.schema {
        let facts = schema_file(path, common, &stop)?;
        problems.extend(against(&plan, &facts, false, |_| {}));
    }
    for input in &inputs {
        let read = Arc::new(AtomicU64::new(0));
        let Known { facts, whole, objects, .. } = input.facts(common, &read, &stop, false)?;
        let complete = whole && inputs.len() == 1;
        let decided = |table: &TablePlan| found.tables.push(TableFound::of(&input.name, table));
        problems.extend(against(&plan, &facts, complete, decided));
        problems.extend(plan.weaknesses(&facts));
        problems.extend(plan.undecided_objects(&objects));
        found.objects.add(&objects);
        let omitted = |class| !matches!(found.object_rules.of(class), ObjectRule::Keep { .. });
        let passing = facts.literals().iter().filter(|literals| !literals.class.is_some_and(omitted));
        found.literals.extend(passing.cloned());
        known.push(Some(facts));
    }
    missing(&plan, &known, &inputs, &mut problems);
    let known: Vec<&Facts> = known.iter().flatten().collect();
    problems.extend(plan.drift(&known));
    found.problems.append(&mut problems);
    found.undecided = known.iter().flat_map(|facts| plan.undecided(facts)).collect();
    found.lock = plan.lock().map(|_| LockFound {
        file: Name::new(profile::lock_path(&common.profile).display().to_string()),
        changes: plan.changes(&known),
    });
    let exit = if found.counts().0 == 0 { Exit::Done } else { Exit::Finding };
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

/// Reads a schema-only dump.
///
/// # Errors
/// Whatever its reader refuses.
pub(super) fn schema_file(path: &Path, args: &InputArgs, stop: &Stop) -> Result<Facts> {
    let input = Input { path: Some(path.to_owned()), name: say::path(path), ahead: false };
    input.facts(args, &Arc::default(), stop, false).map(|known| known.facts)
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
    facts.tables().iter().filter(|t| t.holds_rows).map(shape)
}

/// Returns the shape that rows of a table of the schema have.
pub(super) fn shape(table: &TableFacts) -> Shape {
    Shape {
        table: table.name.clone(),
        columns: table.columns.iter().filter(|c| !c.generated).cloned().collect(),
        trusted_names: table.trusted_names,
    }
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
