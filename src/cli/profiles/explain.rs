//! `standin profiles explain TABLE.COLUMN`: which rule decides, from which file and line, what else could have and why it
//! does not, and what the technique preserves and gives away. Reads a schema, writes nothing but the page.

use std::sync::Arc;

use super::page::{caret, row, wrap};
use crate::cli::args::ExplainArgs;
use crate::cli::exit::Exit;
use crate::cli::techniques::{reaches, reversibility};
use crate::cli::{check, inputs, profile, say};
use crate::error::{Error, Result};
use crate::mask::{Reaches, Value, fake};
use crate::message;
use crate::pipeline::Stop;
use crate::profile::model::{Place, ProfileFile, Rule, Severity};
use crate::profile::plan::{Explanation, Fate, Fit, Lost, Plan, PlanOptions, Rules, find_column};
use crate::profile::source;
use crate::row::shape::{Facts, TableName};
use crate::secret::{Key, Schedule};
use crate::vocabulary;

/// Runs the verb.
///
/// # Errors
/// The profile; an input that cannot be read; a column that is not there.
pub(super) fn run(args: &ExplainArgs) -> Result<Exit> {
    let text = profile::read(&args.profile)?;
    let lock = profile::lock(&args.profile, false)?;
    // No stand-in is made: any key will do.
    let schedule = Schedule::new(&Key::random()?, "");
    let plan = Plan::new(text, schedule, PlanOptions::default()).with_lock(lock);
    let (facts, table, column, alone) = place(args, &plan)?;
    let explained = plan.explain(&facts, &table, &column).ok_or_else(|| {
        Error::input(message!("`{}` is computed by the server: no row of a dump holds it", table))
            .hint("a generated column takes no rule")
    })?;
    let mut page = page(&plan.profile().files, &explained);
    if alone {
        page.push('\n');
        wrap(
            &mut page,
            "",
            "Told from the profile alone: with INPUT or --schema also type, packs and patterns.",
        );
    }
    say::out(&page)?;
    say::problems(&plan.profile().files, &explained.problems);
    let stops = explained.problems.iter().any(|p| p.severity == Severity::Error);
    Ok(if stops { Exit::Finding } else { Exit::Done })
}

/// Returns the schema, the table and the column that are meant, and whether the schema is only what the profile names.
fn place(args: &ExplainArgs, plan: &Plan) -> Result<(Facts, TableName, String, bool)> {
    let stop = Stop::default();
    let error = |(what, hint): (crate::error::Message, Option<crate::error::Message>)| {
        let error = Error::usage(what);
        hint.map_or_else(|| error.clone(), |hint| error.clone().hint(hint))
    };
    if let Some(path) = &args.schema {
        let facts = check::schema_file(path, &args.input, &stop)?;
        let (table, column) = find_column(&facts, &args.column).map_err(error)?;
        return Ok((facts, table, column, false));
    }
    if args.input.inputs.is_empty() {
        let facts = plan.named_facts();
        return match find_column(&facts, &args.column) {
            Ok((table, column)) => Ok((facts, table, column, true)),
            Err(_) => Err(Error::usage("no rule of the profile names this very column")
                .hint("give INPUT or --schema FILE: then patterns, packs and defaults can be told too")),
        };
    }
    let mut last = None;
    for input in inputs::list(&args.input)? {
        let known = input.facts(&args.input, &Arc::default(), &stop, true)?;
        match find_column(&known.facts, &args.column) {
            Ok((table, column)) => return Ok((known.facts, table, column, false)),
            Err(found) => last = Some(error(found)),
        }
    }
    Err(last.unwrap_or_else(|| Error::usage("no input was given")))
}

/// The whole page.
fn page(files: &[ProfileFile], it: &Explanation<'_>) -> String {
    let mut page = String::new();
    let title = |rule: &str| message!("{}.{}: {}", it.table, it.column, crate::error::Name::new(rule));
    match &it.fate {
        Fate::Emptied(place) => {
            wrap(&mut page, "", title("empty").as_str());
            page.push('\n');
            row(&mut page, "rows", "dropped: nothing of the column comes out");
            match place {
                Some(place) => at(&mut page, files, "decided by", *place, ""),
                None => row(&mut page, "decided by", "policy: unlisted: fill"),
            }
        }
        Fate::Undecided => {
            wrap(&mut page, "", title("undecided").as_str());
            page.push('\n');
            row(&mut page, "a run", "stops: nothing decides this column");
        }
        Fate::Decided(rules) => {
            wrap(&mut page, "", title(&rules.line.rule).as_str());
            page.push('\n');
            decided(&mut page, files, rules);
        }
    }
    let null = if it.not_null { " NOT NULL" } else { "" };
    let ty = message!("{}{}", it.ty, null);
    row(&mut page, "type", if it.ty.as_str().is_empty() { "not known" } else { ty.as_str() });
    if let Fate::Decided(rules) = &it.fate {
        fit(&mut page, rules);
        rules.rule.into_iter().for_each(|rule| technique(&mut page, rule, rules.locale));
    }
    lock(&mut page, it);
    let heading = if matches!(it.fate, Fate::Decided(_)) { "Counts before:" } else { "Would decide:" };
    lost(&mut page, files, heading, &it.lost);
    page
}

/// Appends a place: file, line, the line itself and a caret.
fn at(page: &mut String, files: &[ProfileFile], name: &str, place: Place, what: &str) {
    let Some(line) = source::line(files, place) else { return };
    row(page, name, &format!("{}:{}:{}{what}", line.file, line.number, place.column));
    caret(page, &line);
}

fn decided(page: &mut String, files: &[ProfileFile], rules: &Rules<'_>) {
    let origin = format!(" ({})", rules.line.origin);
    match rules.place {
        Some(place) => at(page, files, "decided by", place, &origin),
        None => row(page, "decided by", &rules.line.origin),
    }
    if let Some(place) = rules.attribute {
        at(page, files, "declared", place, "");
    }
    if !rules.line.reason.is_empty() {
        row(page, "reason", &rules.line.reason);
    }
    if rules.weak {
        row(page, "holds", "only because the lock has it: a pattern or default keeps it");
    }
    row(page, "stand-in by", rules.by.as_str());
}

fn fit(page: &mut String, rules: &Rules<'_>) {
    if let Some(Fit { max_chars, integer, moment }) = rules.fit {
        let chars = max_chars.map(|n| format!("at most {n} characters"));
        let range = integer.map(|(least, most)| format!("whole numbers from {least} to {most}"));
        let years = moment.then(|| "moments from 1970-01-02 to 2038-01-17".to_owned());
        for fit in [chars, range, years].into_iter().flatten() {
            row(page, "must fit", &fit);
        }
    }
    if let Some(rows) = rules.row_limit {
        row(page, "unique", &format!("up to {rows} rows"));
    }
}

/// Appends what the declaration of the technique says.
fn technique(page: &mut String, rule: &Rule, locale: &str) {
    let spec = rule.technique;
    row(page, "does", spec.summary);
    row(page, "preserves", spec.preserves);
    row(page, "an attacker", spec.attacker);
    row(page, "way back", reversibility(spec.reversibility));
    let kind = rule.argument.as_ref().and_then(Value::text).and_then(fake::kind);
    let kind = kind.filter(|_| spec.name == fake::FAKE.name);
    let of_kind = kind.and_then(|kind| Some((kind.reaches)(vocabulary::locale(locale)?)));
    // Numbers that pass every check are drawn from those that are issued.
    let realistic =
        rule.options.iter().any(|(name, value)| name == "realistic" && *value == Value::Boolean(true));
    let said = if realistic {
        Reaches::Possibly("`realistic: true`: it can be one that is issued")
    } else {
        of_kind.unwrap_or(spec.reaches)
    };
    row(page, "reaches", &reaches(said));
}

fn lock(page: &mut String, it: &Explanation<'_>) {
    match &it.lock {
        Some((_, true)) => row(page, "in the lock", "as it is decided now"),
        Some((line, false)) => {
            let text = format!("{} ({}), from {}: not as it is decided now", line.rule, line.ty, line.origin);
            row(page, "in the lock", &text);
        }
        None => row(page, "in the lock", "no"),
    }
}

fn lost(page: &mut String, files: &[ProfileFile], heading: &str, lost: &[Lost]) {
    if lost.is_empty() {
        return;
    }
    page.push_str(&format!("\n{heading}\n"));
    for other in lost {
        at(page, files, "", other.place, "");
        row(page, "", &format!("{}: {}", other.rule, other.why));
    }
}
