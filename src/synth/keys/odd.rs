//! Edge data: which columns of a table may be odd. Not those of keys, nor those that a profile decides, that others are
//! computed of or that are computed themselves.

use super::super::content::edges::{self, Edged, Odd};
use super::super::model::{Model, Role};
use super::Draft;
use crate::error::Result;

impl Draft<'_> {
    /// Makes columns odd in odd rows, where that is asked for.
    pub(super) fn odd(&mut self) -> Result<()> {
        let Some(wanted) = self.plan.options.edges.filter(|edges| edges.share > 0) else { return Ok(()) };
        // What the server computes of a row must fit, and an index over an expression must find its values.
        let short = self.table.facts.columns.iter().any(|column| column.generated);
        let mut found: Vec<(usize, bool, Vec<String>)> = Vec::new();
        for at in 0..self.table.columns.len() {
            if !self.may_be_odd(at) {
                continue;
            }
            let values = self.with_wanted(at, |w| edges::values(w, short))?;
            let nullable = self.table.columns.get(at).is_some_and(|column| !column.not_null);
            if nullable || !values.is_empty() {
                found.push((at, nullable, values));
            }
        }
        let odd =
            Odd::new(self.stream("edges", ""), wanted.share, found.iter().any(|(_, nullable, _)| *nullable));
        self.odd = (!found.is_empty()).then_some(odd);
        let count =
            u64::try_from(found.iter().filter(|(.., values)| !values.is_empty()).count()).unwrap_or(0);
        let mut place = 0;
        for (at, nullable, values) in found {
            let Some(role) = self.roles.get_mut(at) else { continue };
            let Some(Role::Value { generator, nulls, stream, person }) = role.take() else { continue };
            let edged = Edged {
                ordinary: generator,
                odd,
                place: (if values.is_empty() { u64::MAX } else { place }, count),
                first: (stream, nulls),
                nullable,
                values,
            };
            place += u64::from(edged.place.0 != u64::MAX);
            *role = Some(Role::Value { generator: Box::new(edged), nulls, stream, person });
        }
        Ok(())
    }

    fn may_be_odd(&self, at: usize) -> bool {
        let reads = |role: &Option<Role>| match role {
            Some(Role::Value { generator, .. }) => generator.reads().contains(&at),
            _ => false,
        };
        let free = match self.roles.get(at) {
            Some(Some(Role::Value { generator, .. })) => generator.reads().is_empty(),
            _ => false,
        };
        let unique = self.table.uniques.iter().any(|(_, columns)| columns.contains(&at))
            || self.table.specials.iter().any(|special| special.columns.contains(&at));
        let said = self.plan.ruled.get(self.at).is_some_and(|rules| rules.decides(at));
        free && !unique && !said && !self.pointed.contains(&at) && !self.roles.iter().any(reads)
    }
}

/// Leaves the columns ordinary that totals are sums of: these must fit.
pub(super) fn calm(model: &mut Model) {
    let mut summed: Vec<(usize, usize)> = Vec::new();
    for role in model.tables.iter().flat_map(|table| &table.roles) {
        if let Role::Total(total) = role {
            summed.push((total.child, total.amount));
            summed.extend(total.quantity.map(|quantity| (total.child, quantity)));
        }
    }
    for (table, column) in summed {
        let role = model.tables.get_mut(table).and_then(|table| table.roles.get_mut(column));
        if let Some(Role::Value { generator, .. }) = role {
            generator.calm();
        }
    }
}
