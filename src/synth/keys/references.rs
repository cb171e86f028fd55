//! Foreign keys: which row each points to, and what two keys over the same columns mean for each other.

use super::super::degree::Bounds;
use super::super::degree::Degrees;
use super::super::link::{Link, Way};
use super::super::model::{Model, Role};
use super::super::order::Order;
use super::super::schema::{Planned, Reference};
use super::Draft;
use crate::error::{Error, Result};
use crate::mask::spread::Zipf;
use crate::message;

/// How often an optional key points nowhere, in parts of a million.
const NOWHERE: u32 = 200_000;

impl Draft<'_> {
    /// Decides all foreign keys: the owner first, then the widest, since others may follow from it.
    pub(super) fn references(&mut self) -> Result<()> {
        let mut keys: Vec<usize> = (0..self.table.keys.len()).collect();
        let width = |at: &usize| self.table.keys.get(*at).map_or(0, |key| key.columns.len());
        // A tree within something comes behind the key that says within what.
        let late = |at: &usize| self.table.keys.get(*at).is_some_and(|key| self.within_own(key));
        keys.sort_by_key(|at| (late(at), Some(*at) != self.owner, std::cmp::Reverse(width(at)), *at));
        for at in keys {
            let Some(mut key) = self.table.keys.get(at).cloned() else { continue };
            if let Some(via) = self.branch(&mut key) {
                let nulls = self.nulls(&key, at)?;
                self.set(at, &key, Way::Branch { via }, nulls);
                continue;
            }
            let in_part = self.own_part(&mut key);
            let free: Vec<usize> = key
                .columns
                .iter()
                .copied()
                .filter(|c| self.roles.get(*c).is_some_and(Option::is_none))
                .collect();
            let (way, nulls) = if in_part {
                (Way::Tree, 1_000_000)
            } else if free.len() == key.columns.len() {
                (self.way(&key), self.nulls(&key, at)?)
            } else if free.is_empty() {
                self.follows(&key)?;
                (Way::Tree, 1_000_000)
            } else if let Some(way) = self.within(&key, &free) {
                (way, 0)
            } else {
                self.give_up(&key, &free)?;
                (Way::Tree, 1_000_000)
            };
            self.set(at, &key, way, nulls);
        }
        Ok(())
    }

    /// Says whether a key leads to the own table and holds columns that must be there beside others.
    fn within_own(&self, key: &Reference) -> bool {
        let required = |at: &usize| self.table.columns.get(*at).is_none_or(|column| column.not_null);
        key.target == self.at && key.columns.len() > 1 && key.columns.iter().any(required)
    }

    /// Returns which link decides the columns of a key to the own table that are the same there (the tenant's), and leaves
    /// the key the others; `None` where no link does, or nothing is left.
    fn branch(&self, key: &mut Reference) -> Option<usize> {
        if !self.within_own(key) {
            return None;
        }
        let (mut via, mut columns, mut keys) = (None, Vec::new(), Vec::new());
        for (own, there) in key.columns.iter().zip(&key.keys) {
            match self.roles.get(*own)? {
                Some(Role::Link { link, .. }) if own == there && via.is_none_or(|known| known == *link) => {
                    via = Some(*link);
                }
                None if own != there => {
                    columns.push(*own);
                    keys.push(*there);
                }
                _ => return None,
            }
        }
        let found = via.filter(|_| !columns.is_empty())?;
        (key.columns, key.keys) = (columns, keys);
        Some(found)
    }

    /// Leaves of a key to the own table that has columns which must be there, and others, the others; says whether it did.
    /// They point nowhere: nothing says which earlier row is of the same tenant.
    fn own_part(&self, key: &mut Reference) -> bool {
        let not_null = |at: usize| self.table.columns.get(at).is_none_or(|column| column.not_null);
        let required = key.columns.iter().filter(|column| not_null(**column)).count();
        if key.target != self.at || required == 0 || required == key.columns.len() {
            return false;
        }
        let (columns, keys) = key.columns.iter().zip(&key.keys).filter(|(own, _)| !not_null(**own)).unzip();
        (key.columns, key.keys) = (columns, keys);
        true
    }

    /// Gives a key its link, and its free columns their roles.
    fn set(&mut self, at: usize, key: &Reference, way: Way, nulls: u32) {
        for (column, target) in key.columns.iter().zip(&key.keys) {
            if let Some(role) = self.roles.get_mut(*column).filter(|role| role.is_none()) {
                *role = Some(Role::Link { link: at, key: *target });
            }
        }
        let names = key.columns.iter().filter_map(|c| self.table.columns.get(*c)).map(|c| c.name.as_str());
        let stream = self.stream("parent", &names.collect::<Vec<_>>().join(","));
        let link = Link {
            name: key.name.clone(),
            target: key.target,
            columns: key.columns.clone(),
            keys: key.keys.clone(),
            way,
            nulls,
            stream,
        };
        if let Some(place) = self.links.get_mut(at) {
            *place = Some(link);
        }
    }

    /// Returns the way of a key whose columns nothing else decides.
    fn way(&self, key: &Reference) -> Way {
        if key.target == self.at {
            return Way::Tree;
        }
        let rows = self.plan.rows.get(key.target).copied().unwrap_or(0);
        let law = self.popularity(key).map(|exponent| Zipf::new(rows, exponent));
        Way::Popular { order: Order::new(self.stream("popular", &key.name), rows), law }
    }

    /// Returns how unevenly a key points, where a profile says: Zipf's exponent.
    pub(super) fn popularity(&self, key: &Reference) -> Option<f64> {
        self.plan.ruled.get(self.at)?.popularity(&key.columns)
    }

    /// Says how often a key points nowhere.
    fn nulls(&self, key: &Reference, at: usize) -> Result<u32> {
        let rows = self.plan.rows.get(key.target).copied().unwrap_or(0);
        let optional = self.table.is_optional(key);
        match (optional, rows, self.rows) {
            (_, 0, 1..) if !optional => Err(self.cannot_share(at, 0)),
            (true, 0, _) => Ok(1_000_000),
            (true, ..) => Ok(NOWHERE),
            (false, ..) => Ok(0),
        }
    }

    /// Checks that a key whose columns others decide holds by theirs: they lead to rows that point where it points.
    fn follows(&self, key: &Reference) -> Result<()> {
        let leads = |(column, target): (&usize, &usize)| {
            let Some(Some(Role::Link { link, key: there })) = self.roles.get(*column) else { return false };
            let Some(other) = self.table.keys.get(*link) else { return false };
            if other.target == key.target && there == target {
                return true;
            }
            let through = self.plan.tables.get(other.target).map(|t| t.keys.as_slice()).unwrap_or_default();
            through.iter().any(|next| {
                next.target == key.target
                    && next.columns.iter().zip(&next.keys).any(|(c, k)| c == there && k == target)
            })
        };
        if key.columns.iter().zip(&key.keys).all(leads) {
            return Ok(());
        }
        let free: Vec<usize> = key.columns.clone();
        self.give_up_error(key, &free)
    }

    /// Finds the way of a key of which other keys decide some columns: through what both have in common.
    fn within(&self, key: &Reference, free: &[usize]) -> Option<Way> {
        let tables = self.plan.tables;
        let target: &Planned = tables.get(key.target)?;
        let through = self.plan.owners.get(key.target).copied().flatten()?;
        let up = target.keys.get(through)?;
        let mut found: Option<(usize, Vec<usize>)> = None;
        for (column, there) in key.columns.iter().zip(&key.keys).filter(|(column, _)| !free.contains(column))
        {
            // The column of the ancestor that the target's own key copies.
            let at = up.columns.iter().position(|c| c == there)?;
            let wanted = *up.keys.get(at)?;
            let Some(Some(Role::Link { link, key: mine })) = self.roles.get(*column) else { return None };
            let via = self.table.keys.get(*link)?;
            let way = (*link, steps(tables, (via.target, *mine), (up.target, wanted))?);
            if found.as_ref().is_some_and(|found| *found != way) {
                return None;
            }
            found = Some(way);
        }
        let (via, then) = found?;
        Some(Way::Within { via, then, through })
    }

    /// Leaves a key pointing nowhere where that is allowed.
    fn give_up(&mut self, key: &Reference, free: &[usize]) -> Result<()> {
        let nullable: Vec<usize> = free
            .iter()
            .copied()
            .filter(|at| self.table.columns.get(*at).is_some_and(|column| !column.not_null))
            .collect();
        if nullable.is_empty() {
            return self.give_up_error(key, free);
        }
        for at in nullable {
            if let Some(role) = self.roles.get_mut(at) {
                *role = Some(Role::Null);
            }
        }
        Ok(())
    }

    fn give_up_error(&self, key: &Reference, columns: &[usize]) -> Result<()> {
        Err(self
            .fail(message!(
                "the foreign key on {} shares columns with another one, and no row can be found that both lead to",
                self.label(columns)
            ))
            .hint(match key.declared {
                true => "let the table that it points to have a foreign key to what both share, on the same columns",
                false => "declare the foreign key",
            }))
    }
}

/// Most keys from a row to an ancestor.
const STEPS: usize = 6;

/// Returns the keys that lead from a column of one table to that of another which it copies, the fewest there are.
fn steps(tables: &[Planned], from: (usize, usize), to: (usize, usize)) -> Option<Vec<usize>> {
    let mut ways = vec![(from, Vec::new())];
    for _ in 0..=STEPS {
        if let Some((_, way)) = ways.iter().find(|(stands, _)| *stands == to) {
            return Some(way.clone());
        }
        let mut next: Vec<((usize, usize), Vec<usize>)> = Vec::new();
        for ((table, column), way) in &ways {
            let of = tables.get(*table)?;
            for (at, key) in of.keys.iter().enumerate().filter(|(_, key)| !of.is_optional(key)) {
                let there = key.columns.iter().position(|own| own == column).and_then(|at| key.keys.get(at));
                let Some(there) = there else { continue };
                if !next.iter().any(|(known, _)| *known == (key.target, *there)) {
                    next.push(((key.target, *there), [way.as_slice(), &[at]].concat()));
                }
            }
        }
        ways = next;
    }
    None
}

/// Makes sure that a key which must find a child always finds one: then every parent has at least one.
///
/// # Errors
/// There are fewer children than parents.
pub(super) fn settle(model: &mut Model) -> Result<()> {
    let mut wanted: Vec<(usize, usize)> = Vec::new();
    for table in model.tables.iter().filter(|table| table.rows > 0) {
        for link in &table.links {
            if let Way::Within { through, .. } = link.way {
                wanted.push((link.target, through));
            }
        }
    }
    for (target, through) in wanted {
        let parents = model
            .tables
            .get(target)
            .and_then(|table| model.tables.get(table.links.get(through)?.target))
            .map_or(0, |parent| parent.rows);
        let Some(table) = model.tables.get_mut(target) else { continue };
        let rows = table.rows;
        let name = table.name.clone();
        let Some(link) = table.links.get_mut(through) else { continue };
        let Way::Owned(degrees) = link.way else {
            return Err(Error::bug("a link within a table that nobody owns"));
        };
        let bounds = Bounds { least: 1, most: degrees.bounds().most };
        let shared = Degrees::new(parents, rows, bounds, degrees.stream()).ok_or_else(|| {
            Error::input(message!(
                "{} needs at least one row for each of its {} parents, it gets {}",
                name,
                parents,
                rows
            ))
            .hint(message!("ask for more: `--count {}={}`", name, parents.saturating_mul(2)))
        })?;
        link.way = Way::Owned(shared.popular(degrees.exponent()));
    }
    Ok(())
}
