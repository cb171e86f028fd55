//! What no rule names: the message that says so, or the decision that `--allow-unlisted-keep` makes. Refuses to let a
//! misspelt name turn rules off.

use crate::error::{Message, Name};
use crate::message;
use crate::profile::check::secrets::names_secret;
use crate::profile::check::words::nearest;
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, TableBody};
use crate::row::shape::Facts;

use super::candidates::Level;
use super::rules::{Decided, Decision};
use super::view::{Detail, View};
use super::{Plan, names};

/// A table that no entry is about.
pub(super) fn unlisted_table(plan: &Plan, view: &View, facts: &Facts, decided: &mut Decided<'_>) {
    let kept = |_| Some(Decision::unlisted(view));
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
                .of(Finding::MisspeltTable)
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
    decided.problems.push(view.error(what).of(Finding::UndecidedTable).hint(hint));
}

/// A column that its table's entry does not name.
pub(super) fn unlisted_column(
    plan: &Plan,
    view: &View,
    index: usize,
    levels: &[Level<'_>],
    decided: &mut Decided<'_>,
) {
    if plan.options.allow_unlisted_keep {
        decided.problems.extend(secret_warning(view, index));
        if let Some(slot) = decided.columns.get_mut(index) {
            *slot = Some(Decision::unlisted(view));
        }
        return;
    }
    let Some(level) = levels.iter().find(|level| !level.is_pattern()).or(levels.first()) else { return };
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
            .of(Finding::UndecidedColumn)
            .column(view.label(index, None))
            .place(entry.place)
            .hint(hint),
    );
}

/// Warns of a column that is kept only because the command line says so and looks like a password or key.
pub(super) fn secret_warning(view: &View, index: usize) -> Option<Problem> {
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
        .of(Finding::KeptSecret)
        .column(view.label(index, None))
        .hint(hint),
    )
}
