//! Who decides each column: keys first, so that every PRIMARY KEY, UNIQUE and foreign key holds by construction; what is
//! left is content. See `uniques` for unique keys and `references` for foreign keys.
//!
//! Refuses, before the first row and with what to change, what arithmetic cannot meet: more rows than a unique key has
//! values, keys of parents that get no rows, two foreign keys over the same columns that no row agrees with.

mod among;
mod odd;
mod references;
mod rings;
mod uniques;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::sync::Arc;

use self::among::{Among, Behind};
use super::checks::values::Plain;
use super::checks::{self, Domain, Narrowed};
use super::content::edges::{Edges, Odd};
use super::content::{self, Computed, Distinct, Generator, Letters, RowCx, Wanted};
use super::counts::{self, Counts};
use super::degree::{Bounds, Degrees};
use super::link::{Link, Way};
use super::model::{Model, Role, Table, needed_first};
use super::ruled::{Ruled, Whose};
use super::schema::{self, Planned};
use super::seed::{Seed, Stream};
use super::totals;
use crate::condition::Formula;
use crate::error::{Error, Message, Name, Result};
use crate::format::emit::Fields;
use crate::mask::Refusal;
use crate::message;
use crate::profile::model::Count;
use crate::row::shape::{Shape, TableName};

/// What a run asks for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where all numbers come from.
    pub seed: Seed,
    /// Rows.
    pub counts: Counts,
    /// `nl_NL`.
    pub locale: &'static str,
    /// What `now()` means, in seconds since 1970.
    pub now: i64,
    /// Edge data.
    pub edges: Option<Edges>,
}

/// A generator, or why there is none.
type Made<T> = std::result::Result<T, Refusal>;

/// What is known while keys are decided.
struct Plan<'a> {
    tables: &'a [Planned],
    ruled: &'a [Ruled],
    owners: Vec<Option<usize>>,
    rows: Vec<u64>,
    options: &'a Options,
    /// How many rows the table that was refused last could have, where its keys allow some.
    room: Cell<Option<u64>>,
}

/// One table while it is decided.
struct Draft<'a> {
    plan: &'a Plan<'a>,
    at: usize,
    table: &'a Planned,
    rows: u64,
    owner: Option<usize>,
    links: Vec<Option<Link>>,
    roles: Vec<Option<Role>>,
    /// Most children of one parent of the owner.
    most: u64,
    /// Columns that no two rows have the same of.
    settled: Vec<Vec<usize>>,
    domains: Vec<Domain>,
    /// Columns that keys of other tables point to.
    pointed: Vec<usize>,
    /// What columns are by what others hold.
    formulas: Vec<Formula>,
    /// Which rows are odd.
    odd: Option<Odd>,
}

/// Decides on all tables.
///
/// # Errors
/// `ErrorKind::Input` for what cannot be met, `Usage` for a count of an unknown table.
pub fn build(tables: &[Planned], ruled: &[Ruled], options: &Options) -> Result<Model> {
    let owners = counts::owners(tables, &options.counts);
    let rows = counts::decide(tables, &owners, &options.counts)?;
    let mut plan = Plan { tables, ruled, owners, rows, options, room: Cell::new(None) };
    let (made, unread) = plan.all()?;
    let mut model = Model { tables: made, seed: options.seed.clone(), unread };
    rings::refuse(&model)?;
    references::settle(&mut model)?;
    let decided = |table: usize, column: usize| ruled.get(table).is_some_and(|rules| rules.decides(column));
    totals::settle(&mut model, &decided);
    odd::calm(&mut model);
    Ok(model)
}

/// Says whether columns hold one of a key that alone tells the row that it leads to: its number.
pub(super) fn tells(tables: &[Planned], key: &schema::Reference, columns: &[usize]) -> bool {
    let numbered = |at: &usize| {
        tables
            .get(key.target)
            .and_then(|target| target.columns.get(*at))
            .is_some_and(|column| column.numbered)
    };
    key.columns.iter().zip(&key.keys).any(|(column, there)| columns.contains(column) && numbered(there))
}

/// Returns the name under which a table's streams are drawn.
fn stream_name(name: &TableName) -> String {
    name.own_schema().map_or_else(|| name.table.clone(), |schema| format!("{schema}.{}", name.table))
}

/// How often tables get fewer rows because keys allow no more: each time all that need it.
const ROUNDS: usize = 16;

impl Plan<'_> {
    /// Decides on all tables. One of which nobody said how many rows it gets has as many as its keys allow.
    fn all(&mut self) -> Result<(Vec<Table>, Vec<Message>)> {
        let said = counts::said(self.tables, &self.options.counts);
        for round in 0..=ROUNDS {
            let (mut made, mut unread, mut fewer) = (Vec::new(), Vec::new(), Vec::new());
            for at in 0..self.tables.len() {
                self.room.set(None);
                match self.table(at, &mut unread) {
                    Ok(table) => made.push(table),
                    Err(error) => match self.room.take() {
                        Some(room) if room > 0 && said.get(at) == Some(&false) && round < ROUNDS => {
                            fewer.push((at, room));
                        }
                        _ => return Err(error),
                    },
                }
            }
            if fewer.is_empty() {
                return Ok((made, unread));
            }
            for (at, room) in fewer {
                if let Some(rows) = self.rows.get_mut(at) {
                    *rows = room.min(*rows);
                }
            }
        }
        Err(Error::bug("rows of tables were not settled"))
    }

    fn table(&self, at: usize, unread: &mut Vec<Message>) -> Result<Table> {
        let table = self.tables.get(at).ok_or_else(|| Error::bug("a table without a plan"))?;
        let rows = self.rows.get(at).copied().unwrap_or(0);
        let count = table.columns.len();
        let narrowed =
            if rows > 0 { checks::narrow(table, self.options.now)? } else { Narrowed::none(count) };
        unread.extend(narrowed.unread);
        let mut draft = Draft {
            plan: self,
            at,
            table,
            rows,
            owner: self.owners.get(at).copied().flatten(),
            links: vec![None; table.keys.len()],
            roles: std::iter::repeat_with(|| None).take(count).collect(),
            most: u64::MAX,
            settled: Vec::new(),
            domains: narrowed.domains,
            formulas: narrowed.formulas,
            odd: None,
            pointed: self
                .tables
                .iter()
                .flat_map(|t| &t.keys)
                .filter(|k| k.target == at)
                .flat_map(|k| k.keys.clone())
                .collect(),
        };
        draft.references()?;
        for at in narrowed.empty {
            draft
                .roles
                .iter_mut()
                .skip(at)
                .take(1)
                .filter(|role| role.is_none())
                .for_each(|role| *role = Some(Role::Null));
        }
        draft.numbers()?;
        draft.exclusions()?;
        draft.uniques()?;
        draft.owned()?;
        draft.content()?;
        draft.letters()?;
        draft.odd()?;
        draft.finish(narrowed.tests)
    }
}

impl Draft<'_> {
    fn stream(&self, what: &str, name: &str) -> Stream {
        self.plan.options.seed.stream(what, &[&stream_name(&self.table.facts.name), name])
    }

    fn fail(&self, what: Message) -> Error {
        let line = Some(self.table.facts.line).filter(|line| *line > 0);
        Error::input(what).at(|at| at.line = line)
    }

    fn label(&self, columns: &[usize]) -> Message {
        let names: Vec<&str> =
            columns.iter().filter_map(|at| self.table.columns.get(*at)).map(|c| c.name.as_str()).collect();
        message!("`{}` of {}", Name::new(names.join(", ")), self.table.facts.name)
    }

    /// Asks for the content of a column.
    fn with_wanted<T>(&self, column: usize, ask: impl FnOnce(&Wanted<'_>) -> T) -> Result<T> {
        let nothing = Domain::default();
        self.with_domain(column, self.domains.get(column).unwrap_or(&nothing), ask)
    }

    /// Asks for the content of a column of which a domain is left.
    fn with_domain<T>(
        &self,
        column: usize,
        domain: &Domain,
        ask: impl FnOnce(&Wanted<'_>) -> T,
    ) -> Result<T> {
        let facts = self.table.columns.get(column).ok_or_else(|| Error::bug("a column out of place"))?;
        Ok(ask(&Wanted {
            table: &self.table.facts,
            column: facts,
            columns: &self.table.columns,
            meaning: self.table.meanings.get(column).copied().flatten(),
            meanings: &self.table.meanings,
            letters: Letters::of(self.table.facts.charset_of(&facts.name)),
            domain,
            rows: self.rows,
            stream: self.stream("content", &facts.name),
            locale: self.plan.options.locale,
            now: self.plan.options.now,
        }))
    }

    /// Asks for what is left of a column's values, side by side: most often one domain.
    fn parts<T>(&self, column: usize, ask: impl Fn(&Wanted<'_>) -> Made<T>) -> Result<Made<Vec<T>>> {
        let nothing = Domain::default();
        let domain = self.domains.get(column).unwrap_or(&nothing);
        if domain.among.is_empty() {
            return Ok(self.with_domain(column, domain, ask)?.map(|one| vec![one]));
        }
        let parts: Result<Vec<Made<T>>> =
            domain.among.iter().map(|part| self.with_domain(column, part, &ask)).collect();
        Ok(parts?.into_iter().collect())
    }

    /// Makes the generator of a column.
    fn generator(&self, column: usize) -> Result<Made<Box<dyn Generator>>> {
        Ok(self.parts(column, held_generator)?.map(|mut parts| match parts.len() {
            1 => parts.remove(0),
            _ => Box::new(Among(parts)),
        }))
    }

    /// Makes the distinct values of a column.
    fn distinct(&self, column: usize) -> Result<Made<Box<dyn Distinct>>> {
        Ok(self.parts(column, held_distinct)?.map(|mut parts| match parts.len() {
            1 => parts.remove(0),
            _ => Box::new(Behind(parts)),
        }))
    }

    fn refused(&self, column: usize, refusal: Refusal) -> Error {
        let error = self.fail(message!("{}: {}", self.label(&[column]), refusal.what));
        match refusal.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// Numbers what the server would number.
    fn numbers(&mut self) -> Result<()> {
        let single = |columns: &[usize]| if let [one] = columns { Some(*one) } else { None };
        let keys: Vec<usize> =
            self.table.uniques.iter().take(1).filter_map(|(_, columns)| single(columns)).collect();
        for (at, column) in self.table.columns.iter().enumerate() {
            let is_key = keys.contains(&at) && column.ty.class.is_integer();
            if !(column.numbered || is_key) || self.roles.get(at).is_none_or(Option::is_some) {
                continue;
            }
            let domain = self.domains.get(at);
            let least = domain
                .and_then(|d| d.least.as_ref())
                .and_then(|(text, open)| Some(text.parse::<i64>().ok()? + i64::from(!open)));
            let first = least.unwrap_or(1).max(1);
            let most = domain.and_then(|d| d.most.as_ref()).and_then(|(text, _)| text.parse::<i64>().ok());
            let most = most.unwrap_or(i64::MAX).min(largest(&column.ty.class));
            let room = most.saturating_sub(first).saturating_add(1).max(0);
            if u64::try_from(room).unwrap_or(0) < self.rows {
                return Err(self.too_many(&[at], u64::try_from(room).unwrap_or(0)));
            }
            if let Some(role) = self.roles.get_mut(at) {
                *role = Some(Role::Numbered { first });
            }
            self.settled.push(vec![at]);
        }
        Ok(())
    }

    /// Makes the error of a unique key with fewer values than rows are wanted.
    fn too_many(&self, columns: &[usize], room: u64) -> Error {
        self.plan.room.set(Some(room).filter(|room| *room < self.rows));
        self.fail(message!(
            "{} must be unique and has {} possible values, {} rows are wanted",
            self.label(columns),
            room,
            self.rows
        ))
        .hint(message!(
            "ask for at most {} rows: `--count {}={}`",
            room,
            self.table.facts.name,
            room
        ))
    }

    /// Shares the rows among the parents of the owner.
    fn owned(&mut self) -> Result<()> {
        let Some(owner) = self.owner else { return Ok(()) };
        let key = self.table.keys.get(owner).ok_or_else(|| Error::bug("a link without a key"))?;
        let parents = self.plan.rows.get(key.target).copied().unwrap_or(0);
        let stream = self.stream("children", &key.name);
        let average = self.rows.div_ceil(parents.max(1));
        let said = self.plan.options.counts.profile.get(self.at);
        let exponent = self.popularity(key);
        let bounds = match said {
            Some(Some(Count::Per { least, most, .. })) => {
                Bounds { least: *least, most: self.most.min(*most) }
            }
            _ if exponent.is_some() => Bounds { least: 0, most: self.most },
            // Nobody has more than is needed to share, or a dozen times the average.
            _ => Bounds { least: 0, most: self.most.min(average.saturating_mul(12).max(4)) },
        };
        let Some(degrees) = Degrees::new(parents, self.rows, bounds, stream) else {
            return Err(self.cannot_share(owner, parents));
        };
        if let Some(Some(link)) = self.links.get_mut(owner) {
            link.way = Way::Owned(degrees.popular(exponent));
        }
        Ok(())
    }

    fn cannot_share(&self, owner: usize, parents: u64) -> Error {
        let columns = self.table.keys.get(owner).map(|key| key.columns.as_slice()).unwrap_or_default();
        if parents == 0 {
            return self
                .fail(message!("{} must point to a row, and its table gets none", self.label(columns)))
                .hint("give that table rows with `--count`, or this one none");
        }
        let room = u128::from(parents) * u128::from(self.most);
        self.too_many(columns, u64::try_from(room).unwrap_or(u64::MAX))
    }

    /// Fills the columns that no key decides.
    fn content(&mut self) -> Result<()> {
        for at in 0..self.table.columns.len() {
            if self.roles.get(at).is_some_and(Option::is_some) {
                self.tell(at);
                continue;
            }
            let ruled = self.ruled(at);
            let told = if ruled.is_none() { self.told(at) } else { None };
            if let Some((link, Some(key))) = told {
                if let Some(role) = self.roles.get_mut(at) {
                    *role = Some(Role::Link { link, key });
                }
                continue;
            }
            let by_profile = ruled.is_some();
            let (made, nulls, whose) = match ruled {
                Some((generator, whose)) => (Ok(generator), 0, whose),
                None => {
                    let nulls = self.with_wanted(at, content::nulls)?;
                    (self.generator(at)?, nulls, Whose::Person)
                }
            };
            let mut generator = made.map_err(|refusal| self.refused(at, refusal))?;
            if !by_profile && let Some(formula) = self.formula(at) {
                generator = formula(generator);
            }
            let person = match whose {
                Whose::Through(column) => match self.roles.get(column) {
                    Some(Some(Role::Link { link, .. })) => Some(*link),
                    _ => None,
                },
                Whose::Row | Whose::Person => told.map(|(link, _)| link),
            };
            let name = self.table.columns.get(at).map(|c| c.name.clone()).unwrap_or_default();
            let stream = self.stream("value", &name);
            if let Some(role) = self.roles.get_mut(at) {
                *role = Some(Role::Value { generator, nulls, stream, person });
            }
        }
        Ok(())
    }

    /// Lets columns hold the letters alone of their character sets.
    fn letters(&mut self) -> Result<()> {
        for at in 0..self.table.columns.len() {
            let Some(role) = self.roles.get_mut(at).and_then(Option::take) else { continue };
            let values = |values, held: &Self| held.with_wanted(at, |w| content::held_distinct(w, values));
            let role = match role {
                Role::Value { generator, nulls, stream, person } => {
                    let generator = self.with_wanted(at, |w| content::held(w, generator))?;
                    Role::Value { generator, nulls, stream, person }
                }
                Role::Row { order, values: of } => Role::Row { order, values: values(of, self)? },
                Role::Position { link, stream, values: of } => {
                    Role::Position { link, stream, values: values(of, self)? }
                }
                Role::Digit { order, divide, values: of } => {
                    Role::Digit { order, divide, values: values(of, self)? }
                }
                other => other,
            };
            if let Some(place) = self.roles.get_mut(at) {
                *place = Some(role);
            }
        }
        Ok(())
    }

    /// Makes unique values tell of the person that a key leads to, unless others point at them.
    fn tell(&mut self, at: usize) {
        let told = if self.pointed.contains(&at) { None } else { self.told(at) };
        if let (Some(Some(Role::Value { person, .. })), Some((link, _))) = (self.roles.get_mut(at), told) {
            *person = person.or(Some(link));
        }
    }

    /// Says whether a column of another table names things rather than people.
    fn with_wanted_of(&self, target: &Planned, at: usize) -> bool {
        target.columns.get(at).is_some_and(|column| content::names_things(&target.facts, column))
    }

    /// Says of whom a column of a table that points to people tells: of the person that the key leads to (an order of its
    /// customer), and which column there says the same, if one does.
    fn told(&self, at: usize) -> Option<(usize, Option<usize>)> {
        const TOLD: &[&str] =
            &["email", "first_name", "last_name", "particle", "full_name", "initials", "gender", "phone"];
        const NAMES: &[&str] = &["first_name", "last_name", "full_name"];
        let meaning =
            self.table.meanings.get(at).copied().flatten().filter(|meaning| TOLD.contains(meaning))?;
        let column = self.table.columns.get(at)?;
        let sure =
            |link: &usize| self.links.get(*link).and_then(Option::as_ref).is_some_and(|link| link.nulls == 0);
        let mut links = self.owner.into_iter().chain(0..self.links.len()).filter(sure);
        // Who has a birth date or a name in parts and a number of their own is told of by nobody else.
        if people(self.table) {
            return None;
        }
        let is_person = |target: &Planned| {
            let things = |at: usize| self.with_wanted_of(target, at);
            let names =
                |(at, m): (usize, &Option<&str>)| m.is_some_and(|m| NAMES.contains(&m)) && !things(at);
            target.meanings.iter().enumerate().any(names)
        };
        let (link, target) = links.find_map(|link| {
            let target = self.table.keys.get(link).filter(|key| key.target != self.at)?.target;
            let target = self.plan.tables.get(target).filter(|target| is_person(target))?;
            Some((link, target))
        })?;
        let open = self.domains.get(at).is_none_or(|domain| *domain == Domain::default());
        let same = target.columns.iter().zip(&target.meanings).position(|(other, told)| {
            let (mine, theirs) = (column.ty.class.max_chars(), other.ty.class.max_chars());
            let fits = mine.is_none_or(|mine| theirs.is_some_and(|theirs| theirs <= mine));
            *told == Some(meaning)
                && self.table.facts.charset_of(&column.name) == target.facts.charset_of(&other.name)
                && open
                && column.ty.class.is_text()
                && other.ty.class.is_text()
                && fits
                && other.not_null
        });
        Some((link, same))
    }

    /// Returns what computes a column of others, where a CHECK says so.
    fn formula(&mut self, at: usize) -> Option<impl FnOnce(Box<dyn Generator>) -> Box<dyn Generator>> {
        let place = self.formulas.iter().position(|formula| formula.column() == at)?;
        let column = self.table.columns.get(at).filter(|_| !self.pointed.contains(&at))?;
        let formula = self.formulas.swap_remove(place);
        Some(|otherwise| -> Box<dyn Generator> { Box::new(Computed::new(formula, column, otherwise)) })
    }

    /// Returns what the profile says of a column.
    fn ruled(&self, at: usize) -> Option<(Box<dyn Generator>, Whose)> {
        let column = self.table.columns.get(at)?;
        self.plan.ruled.get(self.at)?.generator(at, &column.ty.class, self.plan.options.locale)
    }

    fn finish(self, tests: Vec<checks::Test>) -> Result<Table> {
        let bug = || Error::bug("a column without a role");
        let owner_columns =
            self.owner.and_then(|owner| self.table.keys.get(owner)).map(|key| key.columns.clone());
        let links: Option<Vec<Link>> = self.links.into_iter().collect();
        let roles: Option<Vec<Role>> = self.roles.into_iter().collect();
        let (links, roles) = (links.ok_or_else(bug)?, roles.ok_or_else(bug)?);
        let facts = Arc::clone(&self.table.facts);
        let shape =
            Shape { table: facts.name.clone(), columns: self.table.columns.clone(), trusted_names: true };
        let person = self.plan.options.seed.stream("person", &[&stream_name(&facts.name)]);
        let tests = settled(tests, &roles, &self.pointed, owner_columns);
        Ok(Table {
            name: facts.name.clone(),
            order: in_order(&roles),
            facts,
            shape: Arc::new(shape),
            rows: self.rows,
            links,
            owner: self.owner,
            roles,
            tests,
            odd: self.odd,
            person,
        })
    }
}

/// Says whether the rows of a table are people, and not what people do.
fn people(table: &Planned) -> bool {
    const PEOPLE: &[&str] = &[
        "student",
        "students",
        "teacher",
        "teachers",
        "pupil",
        "pupils",
        "leerling",
        "leerlingen",
        "docent",
        "docenten",
        "contact",
        "contacts",
        "ansprechpartner",
        "contactpersonen",
        "employee",
        "employees",
        "staff",
        "medewerker",
        "medewerkers",
        "mitarbeiter",
        "patient",
        "patients",
        "patienten",
        "member",
        "members",
        "leden",
        "mitglieder",
        "guest",
        "guests",
        "doctor",
        "doctors",
        "arts",
        "artsen",
        "aerzte",
        "nurse",
        "nurses",
        "schueler",
        "lehrer",
        "users",
        "people",
        "persons",
        "personen",
        "actor",
        "actors",
    ];
    let born = table.meanings.contains(&Some("birth_date"));
    let words = content::words(&table.facts.name.table);
    born || words.iter().any(|word| PEOPLE.contains(&word.as_str()))
}

/// How many values of a column's content are tried against what CHECKs leave.
const TRIED: u64 = 32;

/// Makes the generator of a column: of its content, unless that seldom holds what CHECKs leave.
fn held_generator(wanted: &Wanted<'_>) -> Made<Box<dyn Generator>> {
    let made = content::generator(wanted);
    let reads = made.as_ref().is_ok_and(|generator| !generator.reads().is_empty());
    if wanted.domain.is_free() || reads {
        return made;
    }
    let Some(plain) = Plain::new(wanted.column, wanted.domain, wanted.rows) else { return made };
    let Ok(generator) = made else { return Ok(Box::new(plain)) };
    let mut held = 0;
    for row in 0..TRIED {
        let mut draws = wanted.stream.row(row);
        let person = draws.lanes();
        let cx = RowCx { row, made: Fields { arena: &[], spans: &[] }, person: &person };
        let mut out = Vec::new();
        let some = generator.make(&cx, &mut draws, &mut out);
        held += u64::from(!some || wanted.domain.admits(wanted.column, &String::from_utf8_lossy(&out)));
    }
    Ok(if held * 2 >= TRIED { generator } else { Box::new(plain) })
}

/// Makes the distinct values of a column: of its content, unless one does not hold what CHECKs leave.
fn held_distinct(wanted: &Wanted<'_>) -> Made<Box<dyn Distinct>> {
    let made = content::distinct(wanted);
    if wanted.domain.is_free() {
        return made;
    }
    let plain = Plain::new(wanted.column, wanted.domain, wanted.rows).filter(|plain| plain.is_distinct());
    let (Some(plain), Ok(values)) = (plain, &made) else { return made };
    let step = (values.count().min(wanted.rows.max(1)) / TRIED).max(1);
    let holds = |nth: u64| {
        let mut out = Vec::new();
        values.write(nth, &mut out);
        wanted.domain.admits(wanted.column, &String::from_utf8_lossy(&out))
    };
    if (0..TRIED).map(|n| n * step).filter(|n| *n < values.count()).all(holds) {
        made
    } else {
        Ok(Box::new(plain))
    }
}

/// Decides which columns a test may draw again: those that are drawn, no other table's keys point to, and what is computed
/// of them.
fn settled(
    tests: Vec<checks::Test>,
    roles: &[Role],
    pointed: &[usize],
    owner: Option<Vec<usize>>,
) -> Vec<checks::Test> {
    let drawn = |at: &usize| matches!(roles.get(*at), Some(Role::Value { .. })) && !pointed.contains(at);
    let reads = |at: usize| match roles.get(at) {
        Some(Role::Value { generator, .. }) => generator.reads(),
        _ => &[],
    };
    let mut tests = tests;
    for test in &mut tests {
        test.redraw.retain(drawn);
        loop {
            // Whatever is computed of them, and what they are computed of.
            let near = |at: &usize| {
                reads(*at).iter().any(|read| test.redraw.contains(read))
                    || test.redraw.iter().any(|other| reads(*other).contains(at))
            };
            let more: Vec<usize> =
                (0..roles.len()).filter(|at| !test.redraw.contains(at) && drawn(at)).filter(near).collect();
            if more.is_empty() {
                break;
            }
            test.redraw.extend(more);
        }
        if let checks::Rows::NotFirst { columns, owned } = &mut test.of {
            *owned = owner.as_ref().is_some_and(|owner| owner.iter().all(|column| columns.contains(column)));
        }
    }
    tests
}

/// Returns the columns in an order in which each comes behind those that it reads.
fn in_order(roles: &[Role]) -> Vec<usize> {
    let reads = |at: usize| match roles.get(at) {
        Some(Role::Value { generator, .. }) => generator.reads(),
        _ => &[],
    };
    // Of two that read each other the first sees nothing of the second.
    needed_first(roles.len(), |at, left| reads(at).iter().any(|read| left.contains(read)))
}

/// Returns the largest whole number of a type.
pub(super) fn largest(class: &crate::row::shape::TypeClass) -> i64 {
    use crate::row::shape::TypeClass as T;
    match class {
        T::SmallInt => i64::from(i16::MAX),
        T::Integer => i64::from(i32::MAX),
        T::Numeric { precision: Some(digits), scale } => {
            let whole = i64::from(*digits) - i64::from(scale.unwrap_or(0)).max(0);
            10_i64.checked_pow(u32::try_from(whole).unwrap_or(0)).map_or(i64::MAX, |n| n - 1)
        }
        _ => i64::MAX,
    }
}
