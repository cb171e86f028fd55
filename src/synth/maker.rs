//! Makes rows: one at a time, column by column, from nothing but their numbers. What a row's parents hold is computed as
//! their own rows would, so that any range of any table can be made without the others.
//!
//! One maker a thread: it keeps the block of parents looked at last, and nothing of the rows made. Refuses to go on where a
//! row cannot be made to satisfy a CHECK.

use super::ahead::Ahead;
use super::checks::{ATTEMPTS, Rows};
use super::content::RowCx;
use super::degree::Block;
use super::link::{self, Way};
use super::model::{Model, Role, Table};
use super::order::Order;
use super::seed::Draws;
use super::totals::{self, Total};
use crate::condition::Room;
use crate::error::{Error, Result};
use crate::format::emit::Fields;
use crate::mask::Lanes;
use crate::mask::spread::Chance;
use crate::message;
use crate::row::field::Span;

/// Deepest chain of keys that are keys of others: beyond it they point at themselves.
const DEEPEST: u32 = 64;

/// What is kept between rows.
#[derive(Default)]
struct Scratch {
    /// A block of parents for every table.
    blocks: Vec<Block>,
    /// A value that is read.
    text: Vec<u8>,
}

/// Makes rows of one table.
pub struct Maker<'m> {
    model: &'m Model,
    at: usize,
    table: &'m Table,
    scratch: Scratch,
    /// The rows that each link of the row leads to.
    parents: Vec<Option<u64>>,
    arena: Vec<u8>,
    spans: Vec<Option<Span>>,
    /// The value that is being made.
    value: Vec<u8>,
    ahead: Ahead,
    room: Room,
    /// Rows that were drawn again.
    pub again: u64,
}

impl std::fmt::Debug for Maker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<maker of {}>", self.table.name)
    }
}

impl<'m> Maker<'m> {
    /// Makes a maker of a table by its place in the model.
    ///
    /// # Errors
    /// `ErrorKind::Bug`: there is no such table.
    pub fn new(model: &'m Model, at: usize) -> Result<Self> {
        let table = model.tables.get(at).ok_or_else(|| Error::bug("a table out of place"))?;
        let blocks = model.tables.iter().map(|_| Block::default()).collect();
        Ok(Self {
            model,
            at,
            table,
            scratch: Scratch { blocks, text: Vec::new() },
            parents: Vec::new(),
            arena: Vec::new(),
            spans: Vec::new(),
            value: Vec::new(),
            ahead: Ahead::new(table),
            room: Room::default(),
            again: 0,
        })
    }

    /// Makes a row; the fields are good until the next.
    ///
    /// # Errors
    /// No draw satisfies a CHECK.
    pub fn row(&mut self, row: u64) -> Result<Fields<'_>> {
        self.arena.clear();
        self.spans.clear();
        self.spans.resize(self.table.roles.len(), None);
        self.parents.clear();
        for at in 0..self.table.links.len() {
            let parent = self.model.parent(self.at, at, row, &mut self.scratch, 0);
            self.parents.push(parent);
        }
        let person = self.ahead.person(self.table, row);
        for at in &self.table.order {
            self.column(*at, row, 0, &person);
        }
        self.redraw(row, &person)?;
        // Behind the last value, so that it too can be copied in one go (`Span::append_to`).
        self.arena.extend_from_slice(&[0; 32]);
        Ok(Fields { arena: &self.arena, spans: &self.spans })
    }

    /// Draws columns again until all tests hold.
    fn redraw(&mut self, row: u64, person: &Lanes) -> Result<()> {
        for attempt in 1..=ATTEMPTS {
            let Some(broken) = self.broken(row) else { return Ok(()) };
            self.again += u64::from(attempt == 1);
            let Some(test) = self.table.tests.get(broken) else { return Ok(()) };
            if test.redraw.is_empty() {
                break;
            }
            for at in self.table.order.iter().filter(|at| test.redraw.contains(at)) {
                self.column(*at, row, attempt, person);
            }
        }
        match self.broken(row).and_then(|broken| self.table.tests.get(broken)) {
            None => Ok(()),
            Some(test) => Err(Error::input(message!(
                "{} does not hold for row {} of {} after {} draws",
                test.name,
                row + 1,
                self.table.name,
                if test.redraw.is_empty() { 1 } else { ATTEMPTS }
            ))
            .at(|at| at.line = Some(self.table.facts.line).filter(|line| *line > 0))
            .hint("say in a profile what its columns hold, or generate without that constraint")),
        }
    }

    /// Returns the first test that does not hold.
    fn broken(&mut self, row: u64) -> Option<usize> {
        for (at, test) in self.table.tests.iter().enumerate() {
            let fields = Fields { arena: &self.arena, spans: &self.spans };
            if test.holds(&fields, &mut self.room) {
                continue;
            }
            let first = match &test.of {
                Rows::All => false,
                Rows::NotFirst { owned: false, .. } => row == 0,
                Rows::NotFirst { owned: true, .. } => {
                    self.model.place(self.at, row, &mut self.scratch).is_some_and(|place| place.position == 0)
                }
            };
            if !first {
                return Some(at);
            }
        }
        None
    }

    /// Makes one column of the row.
    fn column(&mut self, at: usize, row: u64, attempt: u32, person: &Lanes) {
        let start = self.arena.len();
        let made = match self.table.roles.get(at) {
            Some(Role::Link { link, key }) => match (self.parents.get(*link), self.table.links.get(*link)) {
                (Some(Some(parent)), Some(link)) => {
                    self.model.key(link.target, *key, *parent, &mut self.scratch, &mut self.arena, 0)
                }
                _ => false,
            },
            Some(Role::Value { generator, nulls, stream, person: of }) => {
                if *nulls > 0 && stream.attempt(row, attempt).happens(*nulls) {
                    false
                } else if attempt == 0 && self.ahead.append(at, &mut self.arena) {
                    true
                } else {
                    let mut draws = stream.attempt(row, attempt);
                    if *nulls > 0 {
                        // Whether it is NULL was the first of them.
                        draws.bits();
                    }
                    let other = of.and_then(|link| self.person_of(link));
                    let person = other.as_ref().unwrap_or(person);
                    if generator.reads().is_empty() {
                        // It looks at nothing of the row: straight to its place.
                        let cx = RowCx { row, made: Fields { arena: &[], spans: &[] }, person };
                        generator.make(&cx, &mut draws, &mut self.arena)
                    } else {
                        self.value.clear();
                        let cx =
                            RowCx { row, made: Fields { arena: &self.arena, spans: &self.spans }, person };
                        let made = generator.make(&cx, &mut draws, &mut self.value);
                        self.arena.extend_from_slice(&self.value);
                        made
                    }
                }
            }
            Some(_) => self.model.key(self.at, at, row, &mut self.scratch, &mut self.arena, 0),
            None => false,
        };
        let span =
            |start: usize, end: usize| Some(Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?));
        if let Some(place) = self.spans.get_mut(at) {
            *place = if made { span(start, self.arena.len()) } else { None };
        }
    }
}

impl Maker<'_> {
    /// Returns the person of the row that a link of this row leads to.
    fn person_of(&self, link: usize) -> Option<Lanes> {
        let parent = self.parents.get(link).copied().flatten()?;
        let target = self.table.links.get(link)?.target;
        Some(self.model.tables.get(target)?.person(parent))
    }
}

/// Tries the first rows of all tables that have tests: what no draw satisfies is then said before anything is written.
///
/// # Errors
/// As `Maker::row`.
pub fn try_out(model: &Model) -> Result<()> {
    const ROWS: u64 = 64;
    for (at, table) in model.tables.iter().enumerate().filter(|(_, table)| !table.tests.is_empty()) {
        let mut maker = Maker::new(model, at)?;
        for row in 0..table.rows.min(ROWS) {
            maker.row(row)?;
        }
    }
    Ok(())
}

impl Table {
    /// Returns the person of a row.
    #[must_use]
    pub fn person(&self, row: u64) -> Lanes {
        let mut draws = self.person.row(row);
        draws.lanes()
    }
}

impl Model {
    /// Returns the row that a link of a row leads to; `None` where it points nowhere.
    fn parent(&self, table: usize, at: usize, row: u64, scratch: &mut Scratch, depth: u32) -> Option<u64> {
        let link = self.tables.get(table)?.links.get(at)?;
        let mut draws = link.stream.row(row);
        if depth > DEEPEST || (link.nulls > 0 && draws.happens(link.nulls)) {
            return None;
        }
        let rows = self.tables.get(link.target)?.rows;
        match &link.way {
            Way::Owned(degrees) => {
                let block = scratch.blocks.get_mut(table)?;
                Some(degrees.place(row, block).parent)
            }
            Way::Nth { rows } => {
                let place = self.place(table, row, scratch)?;
                let order = Order::new(link.stream.part(place.parent), *rows);
                Some(order.at(place.position))
            }
            Way::Once(order) => (row < order.len()).then(|| order.at(row)),
            Way::Popular { order, law } => (rows > 0).then(|| {
                order.at(match law {
                    Some(law) => law.draw(&mut Chance::new(draws.bits())),
                    None => link::popular(&mut draws, rows),
                })
            }),
            Way::Tree => match link::tree(&mut draws, row) {
                Some(parent) => Some(parent),
                None => self.is_required(table, at).then_some(row),
            },
            Way::Branch { via } => match self.branch(table, *via, row, &mut draws, scratch, depth) {
                Some(parent) => Some(parent),
                None => self.is_required(table, at).then_some(row),
            },
            Way::Within { via, then, through } => {
                let mut ancestor = self.parent(table, *via, row, scratch, depth + 1)?;
                let mut stands = self.tables.get(table)?.links.get(*via)?.target;
                for link in then {
                    ancestor = self.parent(stands, *link, ancestor, scratch, depth + 1)?;
                    stands = self.tables.get(stands)?.links.get(*link)?.target;
                }
                let Way::Owned(degrees) = &self.tables.get(link.target)?.links.get(*through)?.way else {
                    return None;
                };
                let children = degrees.children(ancestor, scratch.blocks.get_mut(link.target)?);
                let count = children.end.saturating_sub(children.start);
                (count > 0).then(|| children.start + link::popular(&mut draws, count))
            }
        }
    }

    /// Returns an earlier row that a link leads where it leads this one: by its place where that link owns the rows, else one
    /// of some that are tried.
    fn branch(
        &self,
        table: usize,
        via: usize,
        row: u64,
        draws: &mut Draws,
        scratch: &mut Scratch,
        depth: u32,
    ) -> Option<u64> {
        const TRIES: u32 = 24;
        if let Way::Owned(degrees) = &self.tables.get(table)?.links.get(via)?.way {
            let position = degrees.place(row, scratch.blocks.get_mut(table)?).position;
            return Some(row - position + link::tree(draws, position)?);
        }
        let own = self.parent(table, via, row, scratch, depth + 1)?;
        for _ in 0..TRIES {
            let earlier = if row == 0 { return None } else { draws.below(row) };
            if self.parent(table, via, earlier, scratch, depth + 1) == Some(own) {
                return Some(earlier);
            }
        }
        None
    }

    /// Returns where a row stands among its owner's.
    fn place(&self, table: usize, row: u64, scratch: &mut Scratch) -> Option<super::degree::Place> {
        let of = self.tables.get(table)?;
        let Way::Owned(degrees) = &of.links.get(of.owner?)?.way else { return None };
        Some(degrees.place(row, scratch.blocks.get_mut(table)?))
    }

    /// Says whether a link must point somewhere.
    fn is_required(&self, table: usize, at: usize) -> bool {
        let Some(table) = self.tables.get(table) else { return false };
        let columns = table.links.get(at).map(|link| link.columns.as_slice()).unwrap_or_default();
        columns.iter().all(|column| table.shape.columns.get(*column).is_some_and(|column| column.not_null))
    }

    /// Returns the sum over the rows that a row owns, in smallest units.
    fn total(&self, total: &Total, row: u64, scratch: &mut Scratch, depth: u32) -> i128 {
        let Some(child) = self.tables.get(total.child) else { return 0 };
        let Some(Way::Owned(degrees)) = child.links.get(total.link).map(|link| &link.way) else { return 0 };
        let Some(block) = scratch.blocks.get_mut(total.child) else { return 0 };
        let mut sum = 0_i128;
        for line in degrees.children(row, block) {
            let mut value = |column: usize, scale: u32| {
                let mut text = std::mem::take(&mut scratch.text);
                text.clear();
                let made = self.key(total.child, column, line, scratch, &mut text, depth + 1);
                let units = if made { totals::units(&text, scale) } else { None };
                scratch.text = text;
                units.unwrap_or(0)
            };
            let quantity = total.quantity.map_or(1, |column| value(column, 0));
            sum = sum.saturating_add(quantity.saturating_mul(value(total.amount, total.scale)));
        }
        sum
    }

    /// Appends the value of a column that a key may point to, of any row; `false` is NULL.
    fn key(
        &self,
        table: usize,
        at: usize,
        row: u64,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
        depth: u32,
    ) -> bool {
        let Some(of) = self.tables.get(table) else { return false };
        if depth > DEEPEST {
            return false;
        }
        match of.roles.get(at) {
            Some(Role::Numbered { first }) => {
                let mut digits = itoa::Buffer::new();
                out.extend_from_slice(digits.format(first.saturating_add_unsigned(row)).as_bytes());
            }
            Some(Role::Row { order, values }) => values.write(order.at(row), out),
            Some(Role::Position { link, stream, values }) => {
                let Some(Way::Owned(degrees)) = of.links.get(*link).map(|link| &link.way) else {
                    return false;
                };
                let Some(block) = scratch.blocks.get_mut(table) else { return false };
                let place = degrees.place(row, block);
                let nth = match stream {
                    Some(stream) => Order::new(stream.part(place.parent), values.count()).at(place.position),
                    None => place.position,
                };
                values.write(nth, out);
            }
            Some(Role::Digit { order, divide, values }) => {
                values.write(order.at(row) / (*divide).max(1) % values.count().max(1), out);
            }
            Some(Role::Link { link, key }) => {
                let Some(parent) = self.parent(table, *link, row, scratch, depth + 1) else { return false };
                let Some(target) = of.links.get(*link).map(|link| link.target) else { return false };
                return self.key(target, *key, parent, scratch, out, depth + 1);
            }
            Some(Role::Value { generator, nulls, stream, .. }) => {
                let mut draws = stream.row(row);
                if *nulls > 0 && draws.happens(*nulls) {
                    return false;
                }
                let cx = RowCx { row, made: Fields { arena: &[], spans: &[] }, person: &of.person(row) };
                return generator.make(&cx, &mut draws, out);
            }
            Some(Role::Total(total)) => {
                totals::write(self.total(total, row, scratch, depth), total.scale, out)
            }
            Some(Role::Null) | None => return false,
        }
        true
    }
}
