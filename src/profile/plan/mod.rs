//! The plan: a profile and a key, bound table by table to what the input holds. What the pipeline executes.
//!
//! Refuses any table or column without a decision, any technique that cannot fit its column, and any name of the
//! profile that the input lacks. A late fact (a key found after the rows) that contradicts a bound table is a problem.
//!
//! The way of one table: `names` finds its entries in the profile, `rules` gives every column one rule, `digest` says
//! who decides each stand-in, `fit` whether it can stand in its column, `bind` puts it together. `cover` and `keys`
//! ask the same questions of a schema without rows. Deliberately absent: any look at a value, and any guess where
//! the schema is silent.

mod against;
mod assemble;
mod bind;
mod candidates;
mod checks;
mod conditions;
mod cover;
mod defaults;
mod describe;
mod digest;
mod expect;
mod explain;
mod fill;
mod fit;
mod index;
mod inside;
mod invented;
mod keys;
mod late;
mod learned;
mod learning;
mod locked;
mod names;
mod reads;
mod resolved;
mod rules;
mod spill;
mod undecided;
mod unlisted;
mod view;
mod weak;
mod weakness;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests_bind;
#[cfg(test)]
mod tests_explain;
#[cfg(test)]
mod tests_keys;
#[cfg(test)]
mod tests_language;
#[cfg(test)]
mod tests_rules;
#[cfg(test)]
mod tests_values;
#[cfg(test)]
mod tests_weakness;

use std::sync::Arc;

use crate::condition::Bound;
use crate::error::Message;
use crate::mask::{Class, Gathered, Mask, WINDOW};
use crate::profile::lock::{Line, Lock};
use crate::profile::model::{ObjectRule, Problem, Profile, Rule, Unfit, Unlisted};
use crate::row::canon::Canon;
use crate::row::object::{OBJECT_CLASSES, ObjectCounts};
use crate::row::shape::{Check, Facts, Shape, TableFacts, TableName};
use crate::secret::{Mac, Passwords, Schedule};

use expect::Expected;
use fill::Fill;
use index::Index;

pub use explain::{Explanation, Fate, Lost, Rules, find as find_column};
pub use fit::row_limit;
pub use learned::{Dictionary, Learn, Learned, Learns};
pub use locked::Change;
pub use resolved::Resolved;
pub use spill::MapMemory;
pub use undecided::Unnamed;
pub(in crate::profile) use view::lineage;

/// What to do with the rows of one table.
pub struct TablePlan {
    /// The table.
    pub table: TableName,
    /// What to do.
    pub action: Action,
    /// What was decided for every column of the data, in its order; empty for an emptied table.
    pub columns: Vec<ColumnDecision>,
    /// Invented rows that the table gets: of every row one value a column of the data; `None` = NULL.
    pub insert: Vec<Vec<Option<InventedCell>>>,
    /// CHECKs that its rows come under and are not held to.
    pub unverified: Vec<Unverified>,
    /// What weakens the result.
    pub warnings: Vec<Problem>,
}

/// A CHECK over masked columns, or of a table with invented rows, that no row is held to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// The table that declares it: a partition where rows load through its root.
    pub table: TableName,
    /// What it is: a constraint or a domain.
    pub kind: &'static str,
    /// Its name; empty where it has none.
    pub name: String,
    /// Why not.
    pub why: Message,
}

/// What CHECKs that stand behind the rows of a table say of them.
#[derive(Debug, Default)]
pub struct LateChecks {
    /// Those that rows would have been held to: errors.
    pub problems: Vec<Problem>,
    /// Those that they could not have been held to.
    pub unverified: Vec<Unverified>,
}

/// One value of an invented row.
pub struct InventedCell {
    /// Decoded.
    pub text: Vec<u8>,
    /// Whether it stands without quotes where a format has both: numbers and booleans.
    pub bare: bool,
}

impl TablePlan {
    /// Counts the columns by what happens to them.
    #[must_use]
    pub fn counts(&self) -> ColumnCounts {
        let mut counts = ColumnCounts::default();
        for column in &self.columns {
            match column.class {
                Class::None => counts.kept += 1,
                Class::Suppression => counts.suppressed += 1,
                Class::Generalisation
                | Class::Pseudonymisation
                | Class::Randomisation
                | Class::Composition => counts.masked += 1,
            }
        }
        counts
    }
}

/// What was decided for one column of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDecision {
    /// How messages call it.
    pub label: Message,
    /// The technique's word; `keep` where the column stays.
    pub technique: &'static str,
    /// Its class; `Class::None` where the column stays.
    pub class: Class,
    /// The technique's argument, where it is a word: `email` of `fake: email`.
    pub argument: Option<String>,
    /// The whole rule in the lock's words: `person.email = fake email max=64`.
    pub rule: String,
    /// Why it is kept.
    pub reason: String,
}

/// How many columns of a table are kept, masked and suppressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnCounts {
    /// They stay.
    pub kept: usize,
    /// Generalised, pseudonymised or randomised.
    pub masked: usize,
    /// Removed or made constant.
    pub suppressed: usize,
}

/// What to do with the rows of one table.
pub enum Action {
    /// All columns are kept: rows pass as they are.
    Keep,
    /// Rows are dropped.
    Empty,
    /// Some columns are masked.
    Mask(Box<MaskPlan>),
}

/// The masked columns of one table and what decides their stand-ins.
pub struct MaskPlan {
    /// Indexes of the data columns that must be split off (masked or deciding), ascending.
    pub wanted: Vec<usize>,
    /// Digests to compute for every row.
    pub digests: Vec<Digest>,
    /// The masked columns, ascending; a column with a case list stands here once for every case that changes it.
    pub columns: Vec<MaskedColumn>,
    /// Conditions on the values of a row as they were.
    pub conditions: Vec<RowCondition>,
    /// Index into `conditions`: rows for which it is not true are dropped.
    pub keep_rows: Option<usize>,
    /// Case lists: of every case the index into `conditions`; `None` = else.
    pub cases: Vec<Vec<Option<usize>>>,
    /// CHECKs that masked rows are held to.
    pub checks: Vec<RowCheck>,
    /// What other tables and passes learn of each row.
    pub learns: Vec<Learn>,
    /// Most rows for which unique fakes stay unique (DESIGN 4).
    pub row_limit: Option<u64>,
}

/// A CHECK over masked columns, which every masked row is held to.
pub struct RowCheck {
    /// The expression; it takes the cells of `inputs`, in that order.
    pub bound: Bound,
    /// What it reads.
    pub inputs: Vec<CheckInput>,
    /// How messages call it.
    pub shown: Message,
    /// Whether rows that are there already hold it: not so under NOT VALID.
    pub valid: bool,
}

/// A column that a CHECK reads.
pub struct CheckInput {
    /// Index into `wanted`.
    pub wanted: usize,
    /// Indexes into the plan's `columns`: none if it is kept, several under a case list.
    pub masked: Vec<usize>,
}

/// A condition on a row.
pub struct RowCondition {
    /// The condition; it takes the cells of `inputs`, in that order.
    pub bound: Bound,
    /// What it reads.
    pub inputs: Vec<ConditionInput>,
}

/// A cell that a condition reads.
#[derive(Clone)]
pub struct ConditionInput {
    /// Index into `wanted`.
    pub wanted: usize,
    /// What is read instead of the cell: what this says of it.
    pub lookup: Option<Arc<Dictionary>>,
}

/// What decides: one digest a row, shared by all columns that it decides.
pub struct Digest {
    /// Indexes into `wanted` of the deciding columns, at least one, with their canonical forms.
    pub inputs: Vec<(usize, Canon)>,
    /// Columns that keep tenants apart, as `inputs`; their canonical values are the scope (DESIGN 5).
    pub scope: Vec<(usize, Canon)>,
    /// The MAC: of the kind's use for a value, of the entity's subject.
    pub mac: Mac,
    /// `None`: by value, d = HMAC(mac, L("") L(canon)). Else by subject, s_j = HMAC(mac, byte j, L("") L(canon));
    /// true computes s_1 (lanes 4 to 7) too.
    pub subject: Option<bool>,
    /// Canonical values that stand for nobody: they, NULL and '' decide nothing (only by subject).
    pub pinned: Vec<Vec<u8>>,
    /// Where the deciding columns hold another identifier: whose it is.
    pub resolved: Option<Arc<Resolved>>,
}

/// One masked column.
pub struct MaskedColumn {
    /// Index into the shape's columns.
    pub index: usize,
    /// Index into `wanted`.
    pub wanted: usize,
    /// Index into `digests`, where the technique needs lanes.
    pub digest: Option<usize>,
    /// What decides where the deciding columns do not (pinned, NULL): the column's own value under its own MAC.
    /// `None` where the own value decides anyway.
    pub fallback: Option<(Canon, Mac)>,
    /// Indexes into `digests` of what decides parts inside of the values, in the order of their slots.
    pub slots: Vec<usize>,
    /// Other columns that the technique reads, by the number under which it noted them.
    pub reads: Vec<Vec<ReadColumn>>,
    /// Index into `cases`, and the case that this is: it counts for rows of which that case is the first true one.
    pub case: Option<(usize, usize)>,
    /// The technique's word.
    pub technique: &'static str,
    /// The technique.
    pub mask: Box<dyn Mask>,
    /// What the stand-in must fit.
    pub fit: Fit,
    /// What happens to a value without the technique's form.
    pub unfit: Unfit,
    /// Whether its stand-ins are those of other tables too, so that none may be replaced in this one alone.
    pub joins: bool,
    /// Whether NULL may not be written.
    pub not_null: bool,
    /// How messages call it.
    pub label: Message,
}

/// A column that the technique of another one reads.
pub struct ReadColumn {
    /// Index into `wanted`.
    pub wanted: usize,
    /// Indexes into the plan's `columns`: none if it is kept, several under a case list.
    pub masked: Vec<usize>,
    /// The kind of identifier that it holds; '' where nothing says.
    pub kind: String,
}

/// What every stand-in of a column is checked against before it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Most characters.
    pub max_chars: Option<u32>,
    /// Integer range, inclusive.
    pub integer: Option<(i64, i64)>,
    /// Whether it must lie in the years that MySQL's `TIMESTAMP` holds.
    pub moment: bool,
}

/// Choices of the command line that a plan depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// `--allow-unlisted-keep`.
    pub allow_unlisted_keep: bool,
    /// `--locked`: every column must stand in the lock as it is decided now.
    pub locked: bool,
    /// `--accept`: the lock is about to be written, so nothing needs to stand in it yet.
    pub accept: bool,
    /// Whether hints may say less than they could: not the width that fits all columns of an attribute, for which the whole
    /// schema must be decided.
    pub brief: bool,
    /// What `now()` means, in seconds since 1970-01-01 00:00 UTC.
    pub now: i64,
}

/// A profile with its keys.
pub struct Plan {
    profile: Profile,
    schedule: Schedule,
    passwords: Passwords,
    gathered: Gathered,
    learned: Learned,
    options: PlanOptions,
    lock: Option<Lock>,
    index: Index,
    fill: Fill,
    expect: Vec<Expected>,
    narrowest: fit::Narrowest,
}

impl Plan {
    /// Joins a checked profile with the keys of this run.
    #[must_use]
    pub fn new(profile: Profile, schedule: Schedule, options: PlanOptions) -> Self {
        let index = Index::new(&profile);
        let expect = expect::ready(&profile);
        let passwords = Passwords::default();
        let gathered = Gathered::default();
        let learned = Learned::default();
        Self {
            profile,
            schedule,
            passwords,
            gathered,
            learned,
            options,
            lock: None,
            index,
            fill: Fill::new(),
            expect,
            narrowest: fit::Narrowest::default(),
        }
    }

    /// Adds the passwords of `login`.
    #[must_use]
    pub fn with_passwords(self, passwords: Passwords) -> Self {
        Self { passwords, ..self }
    }

    /// Says how much memory maps of subjects may take, all together, and where what is above it goes.
    #[must_use]
    pub fn with_map_memory(self, memory: MapMemory) -> Self {
        let maps = self.profile.entities.iter().map(|entity| entity.resolve.len()).sum();
        Self { learned: Learned::within(memory, maps), ..self }
    }

    /// Says whether values must be gathered in a first pass over each input.
    #[must_use]
    pub fn gathers(&self) -> bool {
        self.shuffles() || self.resolves()
    }

    /// Says whether values change places among all rows, which takes two passes; within a window they need one.
    #[must_use]
    pub fn shuffles(&self) -> bool {
        let windowed = |rule: &Rule| rule.options.iter().any(|(name, _)| name == WINDOW);
        self.profile.rules().any(|rule| rule.technique.name == "shuffle" && !windowed(rule))
    }

    /// Says whether subjects are found in other tables.
    #[must_use]
    pub fn resolves(&self) -> bool {
        self.profile.entities.iter().any(|entity| !entity.resolve.is_empty())
    }

    /// Says whether conditions ask what other tables say, which a pass before all others must read.
    #[must_use]
    pub fn looks_up(&self) -> bool {
        self.profile.lookups.iter().any(|lookup| lookup.values.is_empty())
    }

    /// Returns what first passes learn.
    #[must_use]
    pub fn learned(&self) -> &Learned {
        &self.learned
    }

    /// Returns what a first pass gathers.
    #[must_use]
    pub fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    /// Says whether any table may get invented rows.
    #[must_use]
    pub fn inserts(&self) -> bool {
        self.profile.tables.iter().any(|entry| !entry.insert.is_empty())
    }

    /// Returns the first table of the schema that gets invented rows and is none of those that `have` them.
    #[must_use]
    pub fn awaits_rows<'f>(
        &self,
        facts: &'f Facts,
        have: impl Fn(&TableName) -> bool,
    ) -> Option<&'f TableName> {
        if !self.inserts() {
            return None;
        }
        let mut names = facts.tables().iter().map(|table| &table.name);
        names.find(|name| !have(name) && rules::inserts(self, name, facts))
    }

    /// Adds the lock: what was decided for every column when a person last looked.
    #[must_use]
    pub fn with_lock(self, lock: Option<Lock>) -> Self {
        Self { lock, ..self }
    }

    /// Returns the lock, if there is one.
    #[must_use]
    pub fn lock(&self) -> Option<&Lock> {
        self.lock.as_ref()
    }

    /// Returns the profile.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Returns whether columns that no rule names are filled.
    fn fills(&self) -> bool {
        self.profile.policy.unlisted == Unlisted::Fill && !self.options.allow_unlisted_keep
    }

    /// Returns whether the profile changes nothing: every rule keeps and no table is emptied.
    #[must_use]
    pub fn is_all_keep(&self) -> bool {
        rules::is_all_keep(&self.profile)
    }

    /// Binds one table as its rows list it. All problems at once; warnings stand in the plan.
    ///
    /// # Errors
    /// Problems, at least one of severity `Error`; the table must not be written.
    pub fn bind(&self, shape: &Shape, facts: &Facts) -> Result<TablePlan, Vec<Problem>> {
        bind::bind(self, shape, facts)
    }

    /// Lists what stands between the plan and some tables of a schema: what `bind` (of those that it refuses), `keys_of` and
    /// `weaknesses_of` say of them, every table decided once.
    #[must_use]
    pub fn against(&self, facts: &Facts, some: &[&TableFacts]) -> [Vec<Problem>; 3] {
        against::against(self, facts, some)
    }

    /// Says what of the schema no rule covers, and (if `complete`, when all of the schema is known) which names of
    /// the profile the input lacks. A problem that `bind` finds too is equal to it.
    #[must_use]
    pub fn cover(&self, facts: &Facts, complete: bool) -> Vec<Problem> {
        cover::cover(self, facts, complete)
    }

    /// Says which names of the profile a complete schema lacks; part of `cover`.
    #[must_use]
    pub fn lacking(&self, facts: &Facts) -> Vec<Problem> {
        cover::lacking(self, facts)
    }

    /// Says which lookups and subjects cannot be read from an input of this schema: part of `cover`, and asked of the file
    /// of `--subjects`.
    #[must_use]
    pub fn unread(&self, facts: &Facts) -> Vec<Problem> {
        cover::unread(self, facts)
    }

    /// Lists the columns of a schema that the profile names and leaves `undecided`, table by table.
    #[must_use]
    pub fn undecided(&self, facts: &Facts) -> Vec<(TableName, Vec<Message>)> {
        undecided::list(self, facts)
    }

    /// Lists the columns of a schema that no rule of the profile is about, table by table.
    #[must_use]
    pub fn unnamed(&self, facts: &Facts) -> Vec<Unnamed> {
        undecided::unnamed(self, facts)
    }

    /// Returns the lines of the lock for a schema: what is decided for every column now.
    #[must_use]
    pub fn lock_lines(&self, facts: &Facts) -> Vec<Line> {
        locked::lines(self, facts)
    }

    /// Says how the schemas of all inputs differ from the lock, where there is one: what is new, gone, or of another
    /// type. Under `--locked` what is new stands in `bind` and `cover` already, as an error.
    #[must_use]
    pub fn drift(&self, known: &[&Facts]) -> Vec<Problem> {
        locked::drift(self, known)
    }

    /// Says which classes of that which is no column nobody has decided on.
    #[must_use]
    pub fn undecided_objects(&self, found: &ObjectCounts) -> Vec<Problem> {
        let stops = |class| found.of(class) > 0 && self.profile.objects.of(class) == ObjectRule::Stop;
        let classes = OBJECT_CLASSES.iter().filter(|(class, _)| stops(*class));
        classes.map(|(_, word)| cover::undecided_object(word)).collect()
    }

    /// Says which rules for a schema are allowed and weak, by the names and types of its columns: warnings.
    #[must_use]
    pub fn weaknesses(&self, facts: &Facts) -> Vec<Problem> {
        weakness::weaknesses(self, facts)
    }

    /// Says the same of some tables of a schema.
    #[must_use]
    pub fn weaknesses_of(&self, facts: &Facts, some: &[&TableFacts]) -> Vec<Problem> {
        weakness::of(self, facts, some)
    }

    /// Returns how the schemas of all inputs differ from the lock, column by column; nothing where there is no lock.
    #[must_use]
    pub fn changes(&self, known: &[&Facts]) -> Vec<Change> {
        locked::changes(self, known)
    }

    /// Says whether what becomes of a column can depend on the keys of its table: under `unlisted: fill` and `defaults:`.
    #[must_use]
    pub fn asks_for_keys(&self) -> bool {
        self.fills() || !self.profile.defaults.is_empty()
    }

    /// Says which columns would be decided otherwise, now that all of the schema is known: `decided` are the rules that
    /// their rows were written under, column by column.
    #[must_use]
    pub fn changed(&self, decided: &[(Arc<Shape>, Vec<String>)], facts: &Facts) -> Vec<Problem> {
        late::changed(self, decided, facts)
    }

    /// Returns the CHECKs that rows of a table are held to, as far as they are known: to be given to `late_checks`.
    #[must_use]
    pub fn known_checks(&self, table: &TableName, facts: &Facts) -> Vec<Check> {
        checks::applying(facts, table).all.into_iter().cloned().collect()
    }

    /// Says which CHECKs over masked columns or invented rows of a table came too late for rows that were written; `then`
    /// are those that were known when its rows began.
    #[must_use]
    pub fn late_checks(&self, table: &TableName, then: &[Check], facts: &Facts) -> LateChecks {
        checks::late(self, table, then, facts)
    }

    /// Says which keys of the schema the plan breaks: UNIQUE under a technique that loses it, foreign keys whose ends
    /// differ, rows that point into an emptied table. What is not known yet is no problem: ask again when it is. To
    /// be asked when a batch of keys is complete, at the latest at the input's end: a primary key that comes after a
    /// wider UNIQUE of the same table can lift that one's problem.
    #[must_use]
    pub fn keys(&self, facts: &Facts) -> Vec<Problem> {
        keys::keys(self, facts)
    }

    /// Says the same of some tables of a schema, and of the ends that their keys have in others.
    #[must_use]
    pub fn keys_of(&self, facts: &Facts, some: &[&TableFacts]) -> Vec<Problem> {
        keys::of(self, facts, some)
    }
}
