//! ALTER TABLE, ALTER TYPE and ALTER DOMAIN as pg_dump prints them. What removes or renames something is refused, except
//! on tables that are not known (`pg_dump --clean` drops before it creates).

use std::sync::Arc;

use squawk_syntax::ast::{self, NameLike};

use super::check::{self, DomainCheck};
use super::table::new_column;
use super::tree::{self, Place};
use super::types::Types;
use super::{Catalog, constraint, expression, partition};
use crate::error::Result;
use crate::row::shape::{Facts, TableName, TypeClass};

/// Applies ALTER [FOREIGN] TABLE.
///
/// # Errors
/// `ErrorKind::Input` for an unknown table, and for actions that are not understood.
pub(super) fn alter_table(
    catalog: &mut Catalog,
    relation: Option<ast::TableRelationName>,
    actions: &[ast::AlterTableAction],
    line: u64,
) -> Result<()> {
    let only = relation.as_ref().is_some_and(|r| r.only_token().is_some());
    let name = tree::expect_name(relation.and_then(|r| r.table_name_ref()), Place { name: None, line })?;
    let place = Place { name: Some(&name), line };
    if !actions.iter().all(|action| says_nothing(action) || removes(action)) {
        catalog.adopt(&name);
    }
    let known = catalog.facts.table(&name).is_some();
    for action in actions {
        if says_nothing(action) || (!known && removes(action)) {
            continue;
        }
        // What is said behind the rows, in a part of its own.
        if !known && matches!(action, ast::AlterTableAction::AddConstraint(_)) && catalog.defines_nothing() {
            continue;
        }
        if !known {
            return Err(place.error("ALTER TABLE names a table that is not known"));
        }
        change(catalog, &name, only, action, place)?;
    }
    Ok(())
}

/// Returns whether an action changes nothing that rows, columns or keys depend on.
fn says_nothing(action: &ast::AlterTableAction) -> bool {
    use ast::AlterTableAction as A;
    matches!(
        action,
        A::OwnerTo(_)
            | A::ReplicaIdentity(_)
            | A::ForceRls(_)
            | A::NoForceRls(_)
            | A::EnableRls(_)
            | A::DisableRls(_)
            | A::EnableTrigger(_)
            | A::EnableReplicaTrigger(_)
            | A::EnableAlwaysTrigger(_)
            | A::DisableTrigger(_)
            | A::EnableRule(_)
            | A::EnableReplicaRule(_)
            | A::EnableAlwaysRule(_)
            | A::DisableRule(_)
            | A::ClusterOn(_)
            | A::SetWithoutCluster(_)
            | A::SetWithoutOids(_)
            | A::SetTablespace(_)
            | A::SetAccessMethod(_)
            | A::SetLogged(_)
            | A::SetUnlogged(_)
            | A::SetOptions(_)
            | A::ResetOptions(_)
            | A::AlterOptionList(_)
            | A::ValidateConstraint(_)
            | A::AlterConstraint(_)
    )
}

/// Returns whether an action only takes something away: harmless where nothing is known yet.
fn removes(action: &ast::AlterTableAction) -> bool {
    use ast::AlterColumnOption as O;
    use ast::AlterTableAction as A;
    match action {
        A::DropConstraint(_) | A::DetachPartition(_) | A::NoInheritTable(_) => true,
        A::AlterColumn(alter) => matches!(alter.option(), Some(O::DropDefault(_) | O::DropIdentity(_))),
        _ => false,
    }
}

fn change(
    catalog: &mut Catalog,
    name: &TableName,
    only: bool,
    action: &ast::AlterTableAction,
    place: Place<'_>,
) -> Result<()> {
    use ast::AlterTableAction as A;
    match action {
        A::AddConstraint(add) => {
            let constraint = add.constraint().ok_or_else(|| place.unknown("ADD"))?;
            let heirs = match &constraint {
                ast::Constraint::CheckConstraint(c) => {
                    !c.constraint_options().any(|o| matches!(o, ast::ConstraintOption::NoInherit(_)))
                }
                ast::Constraint::NotNullConstraint(_) => true,
                _ => false,
            };
            each(&mut catalog.facts, name, only || !heirs, |table| {
                constraint::add(table, &constraint, None, place)
            })
        }
        A::AddColumn(add) => add_column(catalog, name, only, add, place),
        A::AlterColumn(alter) => alter_column(catalog, name, only, alter, place),
        A::AttachPartition(attach) => {
            let child = tree::expect_name(attach.table_name_ref(), place)?;
            adopt(&mut catalog.facts, &child, name, true, place)?;
            if let Some(table) = catalog.facts.table_mut(&child) {
                table.bound = Some(partition::bound(attach.partition_type()));
            }
            Ok(())
        }
        A::InheritTable(inherit) => {
            let parent = tree::expect_name(inherit.table_name_ref(), place)?;
            adopt(&mut catalog.facts, name, &parent, false, place)
        }
        _ => Err(place.unknown("this form of ALTER TABLE")),
    }
}

/// Makes `child` a partition or heir of `parent`. Columns stay in the child's own order.
fn adopt(
    facts: &mut Facts,
    child: &TableName,
    parent: &TableName,
    partition: bool,
    place: Place<'_>,
) -> Result<()> {
    let missing = || place.error("a parent or partition is named that is not known");
    if facts.table(parent).is_none() || is_ancestor(facts, child, parent) {
        return Err(missing());
    }
    let table = facts.table_mut(child).ok_or_else(missing)?;
    if !table.parents.contains(parent) {
        table.parents.push(parent.clone());
    }
    table.partition |= partition;
    Ok(())
}

/// Returns whether `above` is `below` or stands above it, so that a ring of parents cannot come about.
fn is_ancestor(facts: &Facts, above: &TableName, below: &TableName) -> bool {
    lineage(facts, above).contains(below)
}

/// Returns a table and all that descend from it, each once.
fn lineage(facts: &Facts, top: &TableName) -> Vec<TableName> {
    let mut found = vec![top.clone()];
    let mut next = 0;
    while let Some(parent) = found.get(next).cloned() {
        for table in facts.tables() {
            if table.parents.contains(&parent) && !found.contains(&table.name) {
                found.push(table.name.clone());
            }
        }
        next += 1;
    }
    found
}

/// Changes a table, and unless `only`, all that descend from it.
fn each(
    facts: &mut Facts,
    name: &TableName,
    only: bool,
    mut change: impl FnMut(&mut crate::row::shape::TableFacts) -> Result<()>,
) -> Result<()> {
    let names = if only { vec![name.clone()] } else { lineage(facts, name) };
    for name in names {
        if let Some(table) = facts.table_mut(&name) {
            change(table)?;
        }
    }
    Ok(())
}

fn add_column(
    catalog: &mut Catalog,
    name: &TableName,
    only: bool,
    add: &ast::AddColumn,
    place: Place<'_>,
) -> Result<()> {
    let column = add.column_name().map(|n| n.text()).filter(|n| !n.is_empty());
    let column = column.ok_or_else(|| place.unknown("a column without a name"))?;
    let ty = add.ty().ok_or_else(|| place.unknown("a column without a type"))?;
    let known = catalog.facts.table(name).is_some_and(|t| t.column(&column).is_some());
    if known && add.if_not_exists().is_some() {
        return Ok(());
    }
    if known {
        return Err(place.error("the table has two columns of one name"));
    }
    let types = &catalog.types;
    let facts = new_column(&column, &ty, types);
    each(&mut catalog.facts, name, only, |table| {
        if table.column(&column).is_none() {
            table.columns.push(facts.clone());
        }
        let mut constraints = add.constraints();
        constraints.try_for_each(|c| constraint::add(table, &c, Some(&column), place))?;
        check::add_of_domains(table, types);
        Ok(())
    })
}

fn alter_column(
    catalog: &mut Catalog,
    name: &TableName,
    only: bool,
    alter: &ast::AlterColumn,
    place: Place<'_>,
) -> Result<()> {
    use ast::AlterColumnOption as O;
    let column = alter.column_name_ref().map(|c| c.text()).unwrap_or_default();
    let option = alter.option().ok_or_else(|| place.unknown("ALTER COLUMN"))?;
    let new_type = match &option {
        O::SetType(set) => {
            let ty = set.ty().ok_or_else(|| place.unknown("a column without a type"))?;
            Some(catalog.types.resolve(&ty))
        }
        _ => None,
    };
    each(&mut catalog.facts, name, only, |table| {
        let in_key = table.uniques.iter().any(|u| u.primary && u.columns.contains(&column));
        let facts = table.columns.iter_mut().find(|c| c.name == column);
        let facts = facts.ok_or_else(|| place.error("ALTER COLUMN names a column that the table has not"))?;
        match &option {
            O::SetNotNull(_) => facts.not_null = true,
            O::AddGenerated(_) => {
                facts.not_null = true;
                facts.numbered = true;
            }
            O::DropNotNull(_) => facts.not_null = in_key,
            O::SetDefault(set) => {
                facts.literal_default = set.expr().is_none_or(|e| expression::is_literal(&e));
                facts.numbered = set.expr().is_some_and(|e| expression::is_next_number(&e));
            }
            O::SetType(_) => {
                if let Some(resolved) = &new_type {
                    facts.ty = resolved.ty.clone();
                    facts.not_null |= resolved.not_null;
                }
            }
            O::DropDefault(_)
            | O::Restart(_)
            | O::ResetOptions(_)
            | O::SetOptionsList(_)
            | O::SetGenerated(_)
            | O::SetGeneratedOptions(_)
            | O::SetSequenceOption(_)
            | O::SetStatistics(_)
            | O::SetOptions(_)
            | O::SetStorage(_)
            | O::SetCompression(_) => {}
            O::DropExpression(_)
            | O::DropIdentity(_)
            | O::SetExpression(_)
            | O::Inherit(_)
            | O::NoInherit(_) => {
                return Err(place.unknown("this form of ALTER COLUMN"));
            }
        }
        if new_type.is_some() {
            check::add_of_domains(table, &catalog.types);
        }
        Ok(())
    })
}

/// Applies ALTER TYPE: new labels of an enum. A type's owner says nothing.
///
/// # Errors
/// `ErrorKind::Input` for anything else.
pub(super) fn alter_type(catalog: &mut Catalog, alter: &ast::AlterType, line: u64) -> Result<()> {
    let name = tree::expect_name(alter.type_name_ref(), Place { name: None, line })?;
    let place = Place { name: Some(&name), line };
    match alter.action() {
        Some(ast::AlterTypeAction::OwnerTo(_) | ast::AlterTypeAction::SetOptions(_)) => Ok(()),
        Some(ast::AlterTypeAction::AddValue(add)) => {
            let old = catalog.types.enums.get(&name).cloned();
            let old = old.ok_or_else(|| place.error("ALTER TYPE names an enum that is not known"))?;
            let label = add.literal().and_then(|l| l.string_value());
            let label = label.ok_or_else(|| place.unknown("a label of an enum"))?;
            if old.contains(&label) {
                return Ok(());
            }
            let mut labels = old.to_vec();
            labels.insert(position(&old, add.value_position(), place)?, label);
            let labels: Arc<[String]> = labels.into();
            renew(&mut catalog.facts, &mut catalog.types, &old, &labels);
            catalog.types.enums.insert(name.clone(), labels);
            Ok(())
        }
        _ => Err(place.unknown("this form of ALTER TYPE")),
    }
}

/// Returns where a new label goes: behind all others, or next to the one it names.
fn position(labels: &[String], at: Option<ast::ValuePosition>, place: Place<'_>) -> Result<usize> {
    let (neighbour, behind) = match at {
        None => return Ok(labels.len()),
        Some(ast::ValuePosition::BeforeValue(before)) => (before.literal(), 0),
        Some(ast::ValuePosition::AfterValue(after)) => (after.literal(), 1),
    };
    let neighbour = neighbour.and_then(|l| l.string_value());
    let found = labels.iter().position(|l| Some(l) == neighbour.as_ref());
    found.map(|at| at + behind).ok_or_else(|| place.error("ALTER TYPE names a label that the enum has not"))
}

/// Gives a changed enum to all that use it.
fn renew(facts: &mut Facts, types: &mut Types, old: &Arc<[String]>, new: &Arc<[String]>) {
    let names: Vec<TableName> = facts.tables().iter().map(|t| t.name.clone()).collect();
    for name in names {
        if let Some(table) = facts.table_mut(&name) {
            table.columns.iter_mut().for_each(|c| replace(&mut c.ty.class, old, new));
        }
    }
    types.each_class(|class| replace(class, old, new));
}

fn replace(class: &mut TypeClass, old: &Arc<[String]>, new: &Arc<[String]>) {
    match class {
        TypeClass::Enum(labels) if Arc::ptr_eq(labels, old) => *labels = Arc::clone(new),
        TypeClass::Array(item) => replace(item, old, new),
        _ => {}
    }
}

/// Applies ALTER DOMAIN: pg_dump prints its owner and checks that are not valid yet.
///
/// # Errors
/// `ErrorKind::Input` for anything else.
pub(super) fn alter_domain(catalog: &mut Catalog, alter: &ast::AlterDomain, line: u64) -> Result<()> {
    use ast::AlterDomainAction as A;
    let name = tree::expect_name(alter.domain_ref(), Place { name: None, line })?;
    let place = Place { name: Some(&name), line };
    match alter.action() {
        Some(A::OwnerTo(_) | A::SetDefault(_) | A::DropDefault(_) | A::ValidateConstraint(_)) => Ok(()),
        Some(A::AddConstraint(add)) => {
            let Some(ast::Constraint::CheckConstraint(check)) = add.constraint() else {
                return Err(place.unknown("this form of ALTER DOMAIN"));
            };
            let Some(domain) = catalog.types.domains.get_mut(&name) else {
                // What is said behind the rows, in a part of its own.
                let unknown = Err(place.error("ALTER DOMAIN names a domain that is not known"));
                return if catalog.defines_nothing() { Ok(()) } else { unknown };
            };
            domain.checks.push(DomainCheck::of(&check));
            // Columns of the domain and of those over it.
            let names: Vec<TableName> = catalog.facts.tables().iter().map(|t| t.name.clone()).collect();
            for table in names {
                if let Some(table) = catalog.facts.table_mut(&table) {
                    check::add_of_domains(table, &catalog.types);
                }
            }
            Ok(())
        }
        _ => Err(place.unknown("this form of ALTER DOMAIN")),
    }
}
