//! Puts one table's plan together: every column decided, every technique compiled, every digest shared. Refuses the
//! table as a whole if anything is wrong with it; nothing is bound in part.

use std::sync::Arc;

use crate::mask::inside::Inside;
use crate::mask::row::Reads;
use crate::mask::{Class, Compile, Compiled, Decider, Needs, Takes, WINDOW};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, Rule, Severity, Unfit};
use crate::row::canon::Canon;
use crate::row::shape::{Facts, Shape};
use crate::secret::Mac;

use super::assemble::assemble;
use super::checks;
use super::conditions::Rows;
use super::describe;
use super::digest::{self, Who};
use super::fit::{self, Column};
use super::inside::{Compiling, Slot};
use super::invented;
use super::learning;
use super::reads::{self, Source};
use super::rules::{self, Decided, Decision};
use super::view::{Detail, View};
use super::{Action, ColumnDecision, Fit, InventedCell, Learn, Plan, TablePlan, Unverified};

/// Binds one table.
///
/// # Errors
/// All problems, at least one of severity `Error`.
pub(super) fn bind(plan: &Plan, shape: &Shape, facts: &Facts) -> Result<TablePlan, Vec<Problem>> {
    let view = View::of_shape(shape, facts);
    let mut decided = rules::decide(plan, &view, facts);
    let Whole { made, rows, learns, insert, mut unverified, problems } =
        Whole::of(plan, &view, facts, &mut decided);
    if problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(problems);
    }
    let columns = columns(plan, &view, &decided);
    let action = if decided.empty {
        Action::Empty
    } else if made.is_empty() && rows.keep_rows.is_none() && learns.is_empty() {
        Action::Keep
    } else {
        let masked = |index| made.iter().any(|one| one.index == index);
        let checks = checks::of_table(plan, &view, facts, masked, &mut unverified);
        Action::Mask(Box::new(assemble(plan, &view, made, rows, (checks, learns))))
    };
    Ok(TablePlan { table: view.table, action, columns, insert, unverified, warnings: problems })
}

/// All of a table that can be wrong, compiled.
pub(super) struct Whole {
    /// The masked columns; of a case list one for every case.
    pub(super) made: Vec<Made>,
    rows: Rows,
    learns: Vec<Learn>,
    insert: Vec<Vec<Option<InventedCell>>>,
    unverified: Vec<Unverified>,
    /// What is wrong or weak; those of the decisions are taken from them.
    pub(super) problems: Vec<Problem>,
}

impl Whole {
    /// Compiles what was decided for a table.
    pub(super) fn of<'p>(plan: &'p Plan, view: &View, facts: &Facts, decided: &mut Decided<'p>) -> Self {
        let mut problems = std::mem::take(&mut decided.problems);
        let mut made = Vec::new();
        let mut rows = Rows::default();
        if !decided.empty {
            for index in 0..view.columns.len() {
                column(plan, view, facts, decided, index, &mut rows, &mut made, &mut problems);
            }
            rows.keep(plan, view, decided, &mut problems);
        }
        let learns = learning::learns(plan, view, decided, &mut problems);
        let mut unverified = Vec::new();
        let insert = invented::rows(plan, view, facts, decided, &mut problems, &mut unverified);
        Self { made, rows, learns, insert, unverified, problems }
    }
}

/// Compiles one column: as it is, or case by case.
#[expect(clippy::too_many_arguments, reason = "what all columns of a table share")]
fn column<'p>(
    plan: &'p Plan,
    view: &View,
    facts: &Facts,
    decided: &Decided<'p>,
    index: usize,
    rows: &mut Rows,
    made: &mut Vec<Made>,
    problems: &mut Vec<Problem>,
) {
    let Some(decision) = decided.columns.get(index).and_then(Option::as_ref) else { return };
    let cases = decision.cases();
    if cases.is_empty() {
        made.extend(make(plan, view, facts, decided, decision, index, problems));
        return;
    }
    let before = made.len();
    for (ordinal, decision) in decision.each().enumerate() {
        let one = make(plan, view, facts, decided, &decision, index, problems);
        made.extend(one.map(|one| Made { case: Some((rows.cases.len(), ordinal)), ..one }));
    }
    if made.len() > before {
        let list = cases.iter().map(|case| {
            let when = case.when.as_ref()?;
            rows.conditions.add(plan, view, when, problems)
        });
        let list = list.collect();
        rows.cases.push(list);
    }
}

/// Compiles one column for a question about keys: of a case list the first case that changes it.
pub(super) fn make_any<'p>(
    plan: &'p Plan,
    view: &View,
    facts: &Facts,
    decided: &Decided<'p>,
    index: usize,
    problems: &mut Vec<Problem>,
) -> Option<Made> {
    let decision = decided.columns.get(index)?.as_ref()?;
    let case = (!decision.cases().is_empty()).then_some((0, 0));
    decision.each().find_map(|decision| {
        let made = make(plan, view, facts, decided, &decision, index, problems)?;
        Some(Made { case, ..made })
    })
}

/// One column, compiled.
pub(super) struct Made {
    /// Index into the view's columns.
    pub(super) index: usize,
    /// The technique.
    pub(super) compiled: Compiled,
    /// The technique's word.
    pub(super) technique: &'static str,
    /// What decides, where the technique needs it.
    pub(super) by: Deciding,
    /// Columns that keep tenants apart.
    pub(super) scope: Vec<(usize, Canon)>,
    /// Which case of which list it is, where it is one of several.
    pub(super) case: Option<(usize, usize)>,
    pub(super) fit: Fit,
    pub(super) unfit: Unfit,
    pub(super) joins: bool,
    pub(super) not_null: bool,
    pub(super) label: crate::error::Message,
    /// What decides parts inside of the values.
    pub(super) slots: Vec<Slot>,
    /// Other columns that the technique reads.
    pub(super) reads: Vec<Vec<Source>>,
}

impl Made {
    /// Returns whether the column's own value decides its stand-in, and nothing else.
    pub(super) fn decided_by_itself(&self) -> bool {
        self.case.is_none() && self.by.is_itself(self.index)
    }
}

/// What decides the stand-ins of one column.
pub(super) enum Deciding {
    /// Nothing keyed, or the technique keys the own value itself.
    Nothing,
    /// The own value.
    Own {
        /// Its canonical form.
        canon: Canon,
        /// Its MAC.
        mac: Mac,
    },
    /// Columns of the row; where they are NULL or pinned, the own value.
    Columns {
        /// The columns and their canonical forms.
        inputs: Vec<(usize, Canon)>,
        /// By subject: the entity, and whether lanes 4 to 7 are read. Else by value under this MAC.
        under: Under,
        /// The own value's canonical form and MAC.
        fallback: (Canon, Mac),
    },
}

impl Deciding {
    fn is_itself(&self, column: usize) -> bool {
        match self {
            Self::Nothing | Self::Own { .. } => true,
            Self::Columns { inputs, .. } => inputs.iter().all(|(index, _)| *index == column),
        }
    }
}

/// Under which MAC columns of the row decide.
pub(super) enum Under {
    /// The subject of an entity.
    Subject {
        /// The entity.
        entity: usize,
        /// Whether lanes 4 to 7 are read.
        high: bool,
        /// Index into the entity's `resolve:`, where the columns hold another identifier.
        resolve: Option<usize>,
    },
    /// That of the technique.
    Value(Mac),
}

impl Under {
    /// Returns whether both are the same subject, so that one digest serves both.
    pub(super) fn same_subject(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Subject { entity: a, resolve: x, .. }, Self::Subject { entity: b, resolve: y, .. }) => {
                (a, x) == (b, y)
            }
            _ => false,
        }
    }

    /// Reads the lanes that another reads too.
    pub(super) fn widen(&mut self, other: &Self) {
        if let (Self::Subject { high, .. }, Self::Subject { high: more, .. }) = (self, other) {
            *high |= more;
        }
    }
}

/// Compiles one column under one rule; `None` if that keeps it, or a problem says why not.
fn make<'p>(
    plan: &'p Plan,
    view: &View,
    facts: &Facts,
    decided: &Decided<'p>,
    decision: &Decision<'p>,
    index: usize,
    problems: &mut Vec<Problem>,
) -> Option<Made> {
    let rule = decision.rule(&plan.profile)?;
    let known = view.columns.get(index)?;
    let not_null = known.not_null;
    let ty = match fit::settle_type(known, rule) {
        Ok(ty) => ty,
        Err(what) => {
            let label = view.label(index, decision.spelled());
            let hint = "write an SQL type: smallint, integer, bigint, numeric, text, varchar(40), uuid, date, timestamp";
            problems
                .push(view.error(what).of(Finding::UnknownType).column(label).place(rule.place).hint(hint));
            return None;
        }
    };
    let column = Column { plan, facts, view, index, decision, rule, ty: &ty, not_null };
    let who = digest::who(plan, view, decided, index, decision);
    // Nobody was found: the technique is asked as if somebody were, so that it does not hide why.
    let identifying = (rule.technique.identifying)(rule.argument.as_ref(), &rule.options);
    let decider = who.as_ref().map_or(usual_decider(rule), Who::decider);
    let label = digest::label(&plan.profile, decision, &known.name);
    let reads = Reads::default();
    let mut slots = Vec::new();
    let compiled = match rule.technique.argument {
        Takes::Inside(_) => {
            let mut parts = Compiling::new(&column, decided, &reads);
            let compiled = parts.whole(&label, &known.name, decider);
            problems.append(&mut parts.problems);
            slots = parts.slots;
            compiled
        }
        _ => compile_as(&column, &label, &known.name, decider, None, &reads),
    };
    let compiled = keep_ok(compiled, problems)?;
    let reads = reads::resolve(&column, decided, &reads.take(), problems);
    let (fit, wrong) = column.fit(&compiled);
    let sound = wrong.is_empty();
    problems.extend(wrong);
    let by = match deciding(&column, &label, &known.name, who, &compiled.needs) {
        Ok(by) => by,
        Err(problem) => {
            problems.push(*problem);
            return None;
        }
    };
    let scope = keep_ok(scope(&column, decided, &compiled), problems)?;
    problems.extend(frequencies(&column, &by));
    let label = view.label(index, decision.spelled());
    // Where NULL may not stand and '' is no value of the type, an unfit value cannot be removed: the run stops.
    let unfit = match plan.profile.policy.unfit {
        Unfit::Suppress if not_null && !ty.class.is_text() => Unfit::Stop,
        unfit => unfit,
    };
    let technique = rule.technique.name;
    let joins = identifying && rule.technique.class == Class::Pseudonymisation;
    sound.then_some(Made {
        index,
        compiled,
        technique,
        by,
        scope,
        case: None,
        fit,
        unfit,
        joins,
        not_null,
        label,
        slots,
        reads,
    })
}

/// Returns the columns that keep tenants apart.
pub(super) fn scope<'p>(
    column: &Column<'_, 'p>,
    decided: &Decided<'p>,
    compiled: &Compiled,
) -> Result<Vec<(usize, Canon)>, Box<Problem>> {
    let Column { plan, view, index, decision, .. } = column;
    let scope = digest::scope(plan, view, decided, *index, decision)?;
    let entity = decision.attribute().and_then(|(entity, attribute)| {
        let entity = plan.profile.entities.get(entity)?;
        Some((entity, entity.subject == Some(attribute)))
    });
    let keyed = matches!(compiled.needs, Needs::Nothing);
    let pseudonym = column.rule.technique.class == Class::Pseudonymisation;
    match entity {
        Some((_, false)) if !scope.is_empty() && keyed && pseudonym => {
            let what = message!(
                "{} is a bijection over all tenants, so the same value of two tenants stays the same",
                column.shown()
            );
            let hint = "use `hash` or a `fake`, or declare it in an entity without `scope:`";
            Err(Box::new(column.error(what).hint(hint)))
        }
        // The keys of rows are apart already.
        _ if keyed => Ok(Vec::new()),
        _ => Ok(scope),
    }
}

fn keep_ok<T>(result: Result<T, Box<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(*problem)).ok()
}

/// Returns who decides where nobody says otherwise.
pub(super) fn usual_decider(rule: &Rule) -> Decider {
    let identifying = (rule.technique.identifying)(rule.argument.as_ref(), &rule.options);
    if identifying { Decider::Value } else { Decider::Subject }
}

/// Asks the technique to make itself ready, under a label.
pub(super) fn compile_as(
    column: &Column<'_, '_>,
    label: &[u8],
    name: &str,
    decider: Decider,
    inside: Option<&Arc<Inside>>,
    reads: &Reads,
) -> Result<Compiled, Box<Problem>> {
    let profile = &column.plan.profile;
    let meaning = column.decision.attribute().and_then(|(entity, attribute)| {
        let entity = profile.entities.get(entity)?;
        Some((entity, attribute, entity.attributes.get(attribute)?))
    });
    let pinned = meaning.filter(|(entity, attribute, _)| entity.subject == Some(*attribute));
    let cx = Compile {
        argument: column.rule.argument.as_ref(),
        options: &column.rule.options,
        schedule: &column.plan.schedule,
        passwords: &column.plan.passwords,
        gathered: &column.plan.gathered,
        label,
        attribute: digest::attribute(
            column.rule,
            meaning.map_or(name, |(_, _, attribute)| attribute.name.as_str()),
        ),
        locale: digest::locale(column.rule, &profile.locale),
        mail_domain: profile.policy.mail_domain.as_deref(),
        decider,
        ty: column.ty,
        not_null: column.not_null,
        pinned: pinned.map(|(entity, _, _)| entity.pinned.as_slice()).unwrap_or_default(),
        inside,
        reads,
    };
    (column.rule.technique.compile)(&cx).map_err(|refusal| {
        let problem = column.error(refusal.what).of(Finding::Technique);
        Box::new(match refusal.hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        })
    })
}

/// Joins what the technique needs with who decides.
pub(super) fn deciding(
    column: &Column<'_, '_>,
    label: &[u8],
    name: &str,
    who: Result<Who, Box<Problem>>,
    needs: &Needs,
) -> Result<Deciding, Box<Problem>> {
    let settle = |canon| digest::settle(canon, &column.ty.class);
    match (needs, who) {
        (Needs::Nothing, Ok(Who::Columns { said: true, .. })) => {
            let within = column.rule.options.iter().any(|(name, _)| name == WINDOW);
            let decides = if within { "the window" } else { "the value itself" };
            let what = message!("`by:` changes nothing: {} decides {}", decides, column.shown());
            Err(Box::new(column.error(what).of(Finding::WrongBy).hint("take `by:` out")))
        }
        (Needs::Nothing, _) => Ok(Deciding::Nothing),
        (_, Err(problem)) => Err(problem),
        (Needs::Row { hint, .. }, Ok(Who::Own | Who::Columns { said: false, .. })) => {
            let what = message!("{} needs to know whose value it is, and nothing says so", column.shown());
            Err(Box::new(column.error(what).of(Finding::NoSubject).hint(*hint)))
        }
        (Needs::Value { canon, mac }, Ok(Who::Own | Who::Columns { said: false, .. })) => {
            Ok(Deciding::Own { canon: settle(*canon), mac: mac.clone() })
        }
        (Needs::Value { canon, mac } | Needs::Row { canon, mac, .. }, Ok(Who::Columns { inputs, .. })) => {
            Ok(Deciding::Columns {
                inputs,
                under: Under::Value(mac.clone()),
                fallback: (settle(*canon), mac.clone()),
            })
        }
        (Needs::Subject { high }, Ok(Who::Columns { inputs, entity: Some(entity), resolve, .. })) => {
            let value = compile_as(column, label, name, Decider::Value, None, &Reads::default())?;
            let (Needs::Value { canon, mac } | Needs::Row { canon, mac, .. }) = value.needs else {
                let what = message!("{} has no stand-in where the subject is NULL or pinned", column.shown());
                return Err(Box::new(
                    column
                        .error(what)
                        .of(Finding::NoSubject)
                        .hint("write `by: value`, or use another technique"),
                ));
            };
            Ok(Deciding::Columns {
                inputs,
                under: Under::Subject { entity, high: *high, resolve },
                fallback: (settle(canon), mac),
            })
        }
        (Needs::Subject { .. }, Ok(_)) => {
            let what = message!("{} asks for a subject where there is none", column.shown());
            Err(Box::new(
                column
                    .error(what)
                    .of(Finding::NoSubject)
                    .hint("write the rule as an attribute of an entity with `subject:`"),
            ))
        }
    }
}

/// Warns of frequencies that go through: a describing technique decided by the value itself.
fn frequencies(column: &Column<'_, '_>, by: &Deciding) -> Option<Problem> {
    let rule = column.rule;
    let by_itself = !matches!(by, Deciding::Nothing) && by.is_itself(column.index);
    let describing = !(rule.technique.identifying)(rule.argument.as_ref(), &rule.options);
    let pseudonym = rule.technique.class == Class::Pseudonymisation;
    (by_itself && describing && pseudonym).then(|| {
        let what = message!(
            "the value itself decides {}: what is frequent stays frequent (a common surname stays a common surname)",
            column.shown()
        );
        let mut problem = column.error(what).of(Finding::Frequencies).hint("let the subject of an entity decide, or name a column with `by:`");
        problem.severity = Severity::Warning;
        problem
    })
}

/// Lists what was decided for every column.
fn columns(plan: &Plan, view: &View, decided: &Decided<'_>) -> Vec<ColumnDecision> {
    let one = |(index, decision): (usize, &Option<Decision<'_>>)| {
        let rule = decision.as_ref().and_then(|d| d.rule(&plan.profile));
        let cases = decision.as_ref().is_some_and(|d| !d.cases().is_empty());
        ColumnDecision {
            label: view.label(index, decision.as_ref().and_then(Decision::spelled)),
            technique: if cases { "cases" } else { rule.map_or("keep", |r| r.technique.name) },
            class: rule.map_or(Class::None, |r| r.technique.class),
            argument: rule.and_then(|r| r.argument.as_ref()?.text()).map(str::to_owned),
            rule: decision.as_ref().map(|d| describe::rule(&plan.profile, d)).unwrap_or_default(),
            reason: decision.as_ref().map(|d| describe::reason(&plan.profile, d)).unwrap_or_default(),
        }
    };
    decided.columns.iter().enumerate().map(one).collect()
}
