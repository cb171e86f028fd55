//! Unique keys: for each a column that makes it so, chosen so that rows still look as rows do: a position among its
//! parent's rows, another value for every row, or a combination of short lists.

use super::super::checks::slots::{Side, Slots};
use super::super::content::{self, Distinct};
use super::super::link::{Link, Way};
use super::super::model::Role;
use super::super::order::Order;
use super::Draft;
use crate::error::Result;
use crate::message;

impl Draft<'_> {
    /// Makes all unique keys hold, the narrowest first: what makes one unique makes those around it unique.
    pub(super) fn uniques(&mut self) -> Result<()> {
        let mut keys: Vec<Vec<usize>> =
            self.table.uniques.iter().map(|(_, columns)| columns.clone()).collect();
        keys.sort_by_key(Vec::len);
        for columns in keys {
            if self.is_settled(&columns) {
                continue;
            }
            let free: Vec<usize> = columns
                .iter()
                .copied()
                .filter(|at| self.roles.get(*at).is_some_and(Option::is_none))
                .collect();
            if free.is_empty() {
                self.of_links(&columns)?
            } else {
                self.of_values(&columns, &free)?
            }
            self.settled.push(columns);
        }
        Ok(())
    }

    /// Gives ranges places that do not overlap within a group.
    pub(super) fn exclusions(&mut self) -> Result<()> {
        for places in self.table.exclusions.clone() {
            if self.is_settled(&places.group) {
                continue;
            }
            let (first, second) = places.range;
            let sides = match second {
                None => vec![(first, Side::Both)],
                Some(second) => vec![(first, Side::Start), (second, Side::End)],
            };
            let columns: Vec<usize> = sides.iter().map(|(at, _)| *at).collect();
            if columns.iter().any(|at| self.roles.get(*at).is_none_or(Option::is_some)) {
                let what =
                    message!("{} must not overlap, and another constraint decides it", self.label(&columns));
                return Err(self.fail(what).hint("leave out one of the constraints"));
            }
            let links = self.links_in(&places.group);
            let owner = self.owner.filter(|owner| links.contains(owner));
            let owner = owner.or_else(|| links.first().copied().filter(|_| self.owner.is_none()));
            for (at, side) in sides {
                let Some(column) = self.table.columns.get(at) else { continue };
                let slots = Slots::new(places.of, side, column, self.rows);
                let count = slots.count();
                if count < self.rows {
                    return Err(self.too_many(&[at], count));
                }
                let values: Box<dyn Distinct> = Box::new(slots);
                let role = match owner {
                    Some(link) => {
                        self.own(link);
                        Role::Position { link, stream: None, values }
                    }
                    None => {
                        let name = self.table.columns.get(first).map(|c| c.name.as_str()).unwrap_or_default();
                        Role::Row { order: Order::new(self.stream("places", name), self.rows), values }
                    }
                };
                self.give(at, role);
            }
            // Places of one owner start anew with each: alone they are not unique.
            if owner.is_none() {
                self.settled.push(vec![first]);
            }
            let mut whole = places.group.clone();
            whole.push(first);
            self.settled.push(whole);
        }
        Ok(())
    }

    fn is_settled(&self, columns: &[usize]) -> bool {
        self.settled.iter().any(|known| known.iter().all(|column| columns.contains(column)))
    }

    /// Returns the links all of whose columns a key holds, and that decide them.
    fn links_in(&self, columns: &[usize]) -> Vec<usize> {
        let decides = |at: &usize| {
            let link = self.links.get(*at).and_then(Option::as_ref);
            link.is_some_and(|link| {
                link.nulls < 1_000_000
                    && link.columns.iter().all(|c| columns.contains(c))
                    && link.columns.iter().any(
                        |c| matches!(self.roles.get(*c), Some(Some(Role::Link { link, .. })) if link == at),
                    )
            })
        };
        (0..self.links.len()).filter(decides).collect()
    }

    /// Makes a key unique that consists of foreign keys.
    fn of_links(&mut self, columns: &[usize]) -> Result<()> {
        let links = self.links_in(columns);
        match links.as_slice() {
            [] => Err(self
                .fail(message!("{} must be unique, and nothing of it is free to be", self.label(columns)))
                .hint("leave out a constraint, or the table: `--count TABLE=0`")),
            [one] => self.once(*one, columns),
            [first, ..] => {
                let owner = self.owner.filter(|owner| links.contains(owner)).unwrap_or(*first);
                self.own(owner);
                let Some(other) = links.into_iter().find(|link| *link != owner) else { return Ok(()) };
                // A key that shares columns with others leads where they agree: its owner has one row, so that no two meet.
                let shared = |link: &Link| matches!(link.way, Way::Within { .. });
                if self.links.get(other).and_then(Option::as_ref).is_some_and(shared) {
                    self.most = 1;
                    return Ok(());
                }
                let rows = self.target_rows(other);
                self.most = self.most.min(rows);
                if let Some(Some(link)) = self.links.get_mut(other) {
                    link.way = Way::Nth { rows };
                    link.nulls = 0;
                }
                Ok(())
            }
        }
    }

    /// Says whether columns hold one of a link that alone tells the row that it leads to: its number.
    fn tells(&self, link: usize, columns: &[usize]) -> bool {
        self.table.keys.get(link).is_some_and(|key| super::tells(self.plan.tables, key, columns))
    }

    fn target_rows(&self, link: usize) -> u64 {
        let key = self.table.keys.get(link);
        key.and_then(|key| self.plan.rows.get(key.target)).copied().unwrap_or(0)
    }

    /// Makes a link the one that says whose row it is.
    fn own(&mut self, link: usize) {
        self.owner = Some(link);
        if let Some(Some(link)) = self.links.get_mut(link) {
            link.nulls = 0;
        }
    }

    /// Lets no two rows have the same parent.
    fn once(&mut self, link: usize, columns: &[usize]) -> Result<()> {
        if self.owner == Some(link) {
            self.most = 1;
            return Ok(());
        }
        let rows = self.target_rows(link);
        let nulls = self.links.get(link).and_then(Option::as_ref).map_or(0, |link| link.nulls);
        if rows < self.rows && nulls == 0 {
            return Err(self.too_many(columns, rows));
        }
        let order = Order::new(
            self.stream("once", &columns.iter().map(ToString::to_string).collect::<String>()),
            rows,
        );
        if let Some(Some(link)) = self.links.get_mut(link) {
            link.way = Way::Once(order);
        }
        Ok(())
    }

    /// Makes a key unique by columns that are free.
    fn of_values(&mut self, columns: &[usize], free: &[usize]) -> Result<()> {
        if let [at] = free
            && columns.len() == 1
            && let (Some(generator), nulls) =
                self.with_wanted(*at, |w| (content::unique(w), content::nulls(w)))?
        {
            let name = self.table.columns.get(*at).map(|column| column.name.clone()).unwrap_or_default();
            let stream = self.stream("value", &name);
            self.give(*at, Role::Value { generator, nulls, stream, person: None });
            return Ok(());
        }
        let mut lists: Vec<(usize, Box<dyn Distinct>)> = Vec::new();
        for at in free {
            match self.distinct(*at)? {
                Ok(values) => lists.push((*at, values)),
                // Another column of the key may do.
                Err(refusal) if free.len() == 1 => return Err(self.refused(*at, refusal)),
                Err(_) => {}
            }
        }
        let links = self.links_in(columns);
        let owned = self.owner.filter(|owner| links.contains(owner) || self.tells(*owner, columns));
        let owner = owned.or_else(|| links.first().copied());
        // The longest list last, so that it is at hand.
        lists.sort_by_key(|(at, values)| (values.count(), std::cmp::Reverse(*at)));
        let enough = lists.last().is_some_and(|(_, values)| values.count() >= self.rows);
        if let Some(owner) = owner
            && (self.owner.is_none() && !enough || self.owner == Some(owner))
            && let Some((at, values)) = lists.pop()
        {
            self.own(owner);
            self.most = self.most.min(values.count());
            let counts = self.table.columns.get(at).is_some_and(|column| column.ty.class.is_integer());
            let name = self.table.columns.get(at).map(|column| column.name.clone()).unwrap_or_default();
            let stream = (!counts).then(|| self.stream("position", &name));
            self.give(at, Role::Position { link: owner, stream, values });
            return Ok(());
        }
        if enough && let Some((at, values)) = lists.pop() {
            let name = self.table.columns.get(at).map(|column| column.name.clone()).unwrap_or_default();
            let order = Order::new(self.stream("unique", &name), values.count().min(self.rows));
            self.settled.push(vec![at]);
            self.give(at, Role::Row { order, values });
            return Ok(());
        }
        self.combine(columns, lists)
    }

    /// Makes a key unique by combinations of short lists.
    fn combine(&mut self, columns: &[usize], lists: Vec<(usize, Box<dyn Distinct>)>) -> Result<()> {
        let all = lists.iter().fold(1_u64, |all, (_, values)| all.saturating_mul(values.count()));
        if all < self.rows || lists.is_empty() {
            return Err(self.too_many(columns, if lists.is_empty() { 0 } else { all }));
        }
        let order = Order::new(
            self.stream("combined", &columns.iter().map(ToString::to_string).collect::<String>()),
            all,
        );
        let mut divide = 1_u64;
        for (at, values) in lists {
            let count = values.count();
            self.give(at, Role::Digit { order, divide, values });
            divide = divide.saturating_mul(count);
        }
        Ok(())
    }

    fn give(&mut self, at: usize, given: Role) {
        if let Some(role) = self.roles.get_mut(at) {
            *role = Some(given);
        }
    }
}
