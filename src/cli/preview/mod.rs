//! `standin preview`: a few rows of one table side by side, before and after, in the terminal. The values before are
//! invented (`invent`), so that nobody need see data to judge a profile; `--show-values` takes the input's own.
//!
//! Both go through the plan and the code of `mask`. Refuses to write real values into a file or pipe unless told so.

mod invent;
mod layout;

use std::io::IsTerminal;
use std::sync::Arc;

use super::args::{PreviewArgs, PreviewForm};
use super::exit::Exit;
use super::inputs::{self, Input};
use super::keys::{self, Keys};
use super::{check, passwords, profile, say};
use crate::error::{Error, Message, Name, Result};
use crate::format::ArchiveOptions;
use crate::format::made_rows;
use crate::message;
use crate::pipeline::{Known, Sampled, Sampling, Stop, sample, sample_input};
use crate::profile::model::{Problem, Severity};
use crate::profile::plan::{Action, Plan, TablePlan};
use crate::row::shape::{Facts, TableFacts, TableName};
use layout::{Page, Screen};

/// Runs the verb.
///
/// # Errors
/// Usage, profile, key; an input that cannot be read or does not fit the profile.
pub(super) fn run(args: &PreviewArgs) -> Result<Exit> {
    let common = &args.common;
    if args.show_values && !args.force && !std::io::stdout().is_terminal() {
        return Err(Error::usage("`--show-values` shows real values, and stdout is no terminal")
            .hint("leave it out for invented values, or add `--force` if real ones may go there"));
    }
    let profile = profile::read(&common.profile)?;
    let Keys { schedule, .. } = keys::find(common.key_file.as_deref(), &profile.policy)?;
    let lock = profile::lock(&common.profile, common.locked)?;
    let inputs = inputs::list(common)?;
    let [input] = inputs.as_slice() else {
        return Err(Error::usage("a preview is of one input").hint("name one file, or none for stdin"));
    };
    let passwords = passwords::read(&profile, false)?;
    let plan = Plan::new(profile, schedule, common.plan_options()).with_lock(lock).with_passwords(passwords);
    let preview = Preview { args, plan: &plan, input, stop: Stop::default() };
    let (table, rows) = preview.rows()?;
    let screen = Screen::of(args.width);
    if args.show_values {
        say::note(&"real values are shown".into());
    }
    if matches!(&table.action, Action::Mask(plan) if plan.keep_rows.is_some()) {
        say::note(&"rows that `keep_rows` drops are shown like those that stay".into());
    }
    let page = Page { table: &table, rows: &rows, real: args.show_values };
    match args.form {
        PreviewForm::Text => say::out(&page.text(&screen))?,
    }
    Ok(Exit::Done)
}

struct Preview<'a> {
    args: &'a PreviewArgs,
    plan: &'a Plan,
    input: &'a Input,
    stop: Stop,
}

impl Preview<'_> {
    /// Returns the table and its rows.
    fn rows(&self) -> Result<(TablePlan, Vec<Sampled>)> {
        let common = &self.args.common;
        let most = usize::from(self.args.rows);
        let schema = match &common.schema {
            Some(path) => Some(check::schema_file(path, common, &self.stop)?),
            None => None,
        };
        // What can be read only once tells its schema while its rows are looked for.
        let known = match schema {
            Some(schema) => schema,
            None => self.facts()?,
        };
        let facts = self.table(&known)?;
        if self.args.show_values {
            return self.real(&known, &facts.name, most);
        }
        let shape = check::shape(facts);
        let table = self.fits(self.plan.bind(&shape, &known))?;
        if matches!(table.action, Action::Empty) {
            return Ok((table, Vec::new()));
        }
        let before = invent::rows(&table, &shape, most, &self.plan.profile().locale);
        let (codec, text) = made_rows(shape.columns.len(), &before)?;
        let rows = sample(&table, codec.as_ref(), &text, most)?;
        Ok((table, rows))
    }

    fn facts(&self) -> Result<Facts> {
        if self.args.show_values && !self.input.is_file() {
            return Err(Error::usage("what comes through a pipe can be read once")
                .hint("give the input as a file, or its schema with `--schema FILE`"));
        }
        let Known { facts, .. } = self.input.facts(&self.args.common, &Arc::default(), &self.stop, true)?;
        Ok(facts)
    }

    /// Takes the first rows of the input.
    fn real(&self, known: &Facts, table: &TableName, most: usize) -> Result<(TablePlan, Vec<Sampled>)> {
        let opened =
            self.input.open(&self.args.common, &Arc::default(), Some(known), ArchiveOptions::default())?;
        let (reader, source) = (opened.reader, opened.source);
        let sampled = sample_input(reader, source, (self.plan, Some(known)), table, most, &self.stop);
        let named = |e: Error| {
            e.at(|at| {
                at.source.get_or_insert_with(|| self.input.name.clone());
            })
        };
        match sampled.map_err(named)? {
            Sampling::Rows(table, rows) => Ok((table, rows)),
            Sampling::Refused(problems) => self.fits(Err(problems)).map(|table| (table, Vec::new())),
            Sampling::Absent => Err(Error::input(message!("the input has no rows of `{}`", table))
                .hint("leave `--show-values` out: invented rows need none")),
        }
    }

    /// Shows what does not fit.
    fn fits(&self, bound: std::result::Result<TablePlan, Vec<Problem>>) -> Result<TablePlan> {
        let files = &self.plan.profile().files;
        bound.inspect(|table| say::problems(files, &table.warnings)).map_err(|problems| {
            say::problems(files, &problems);
            let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
            Error::input(message!("profile and table do not fit: {} problems", errors))
                .hint("`standin check` shows those of all tables")
        })
    }

    /// Finds the table that the command line names, or the only one there is.
    fn table<'f>(&self, known: &'f Facts) -> Result<&'f TableFacts> {
        let tables: Vec<&TableFacts> = known.tables().iter().filter(|table| table.holds_rows).collect();
        if let [only] = tables.as_slice()
            && (self.args.common.table.is_none() || !only.trusted_names)
        {
            return Ok(*only);
        }
        let Some(wanted) = self.args.common.table.as_deref() else {
            return Err(
                Error::usage("the input has several tables").hint(message!("add `-t {}`", listed(&tables)))
            );
        };
        // As written, without a default schema, without the database, by the last name alone: the fullest counts.
        let spelled = |name: &TableName, rank: usize| match rank {
            0 => name.to_string(),
            1 if name.own_schema().is_none() => TableName { schema: None, ..name.clone() }.to_string(),
            2 => name.within(None).to_string(),
            _ => name.table.clone(),
        };
        let found = |same: &dyn Fn(&str) -> bool| -> Vec<&'f TableFacts> {
            let ranked = |rank: usize| -> Vec<&'f TableFacts> {
                tables.iter().copied().filter(|table| same(&spelled(&table.name, rank))).collect()
            };
            (0..4).map(ranked).find(|hits| !hits.is_empty()).unwrap_or_default()
        };
        let mut hits = found(&|name| name == wanted);
        if hits.is_empty() {
            hits = found(&|name| name.to_lowercase() == wanted.to_lowercase());
        }
        // Of the same name in several schemas that of the default one.
        let mut own = hits.iter().enumerate().filter(|(_, table)| table.name.own_schema().is_none());
        let own = match (own.next(), own.next()) {
            (Some((index, _)), None) => Some(index),
            _ => None,
        };
        match (hits.as_slice(), own.and_then(|index| hits.get(index))) {
            ([one], _) | (_, Some(one)) => Ok(*one),
            ([], _) => Err(Error::usage(message!("the input has no table `{}`", Name::new(wanted)))
                .hint(message!("tables: {}", listed(&tables)))),
            _ => Err(Error::usage(message!("`{}` is the name of several tables", Name::new(wanted)))
                .hint(message!("say which: {}", listed(&hits)))),
        }
    }
}

/// Names some tables; of many the first ones.
fn listed(tables: &[&TableFacts]) -> Message {
    const MANY: usize = 12;
    let names: Vec<String> = tables.iter().take(MANY).map(|table| table.name.to_string()).collect();
    let rest = if tables.len() > MANY { ", …" } else { "" };
    message!("{}{}", Name::new(names.join(", ")), rest)
}
