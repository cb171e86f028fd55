//! The plan: a profile and a key, bound table by table to what the input holds. What the pipeline executes.
//!
//! Refuses any table or column without a decision, any technique that cannot fit its column, and any name of the
//! profile that the input lacks. A late fact (a key found after the rows) that contradicts a bound table is a problem.

use crate::error::Message;
use crate::mask::Mask;
use crate::profile::model::{Problem, Profile, Unfit};
use crate::row::canon::Canon;
use crate::row::shape::{Facts, Shape, TableName};
use crate::secret::{Mac, Schedule};

/// What to do with the rows of one table.
pub struct TablePlan {
    /// The table.
    pub table: TableName,
    /// What to do.
    pub action: Action,
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
    /// The masked columns, ascending.
    pub columns: Vec<MaskedColumn>,
    /// Most rows for which unique fakes stay unique (DESIGN 4).
    pub row_limit: Option<u64>,
}

/// What decides: one digest a row, shared by all columns that it decides.
pub struct Digest {
    /// Indexes into `wanted` of the deciding columns, at least one, with their canonical forms.
    pub inputs: Vec<(usize, Canon)>,
    /// The MAC: of the kind's use for a value, of the entity's subject.
    pub mac: Mac,
    /// `None`: by value, d = HMAC(mac, L("") L(canon)). Else by subject, s_j = HMAC(mac, byte j, L("") L(canon));
    /// true computes s_1 (lanes 4 to 7) too.
    pub subject: Option<bool>,
    /// Decoded values that stand for nobody: they, NULL and '' decide nothing (only by subject).
    pub pinned: Vec<Vec<u8>>,
}

/// One masked column.
pub struct MaskedColumn {
    /// Index into the shape's columns.
    pub index: usize,
    /// Index into `wanted`.
    pub wanted: usize,
    /// Index into `digests`, where the technique needs lanes.
    pub digest: Option<usize>,
    /// What decides where the subject does not (pinned, NULL): the column's own value under its own MAC.
    pub fallback: Option<(Canon, Mac)>,
    /// The technique.
    pub mask: Box<dyn Mask>,
    /// What the stand-in must fit.
    pub fit: Fit,
    /// What happens to a value without the technique's form.
    pub unfit: Unfit,
    /// Whether NULL may be written.
    pub not_null: bool,
    /// How messages call it.
    pub label: Message,
}

/// What every stand-in of a column is checked against before it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Most characters.
    pub max_chars: Option<u32>,
    /// Integer range, inclusive.
    pub integer: Option<(i64, i64)>,
}

/// Choices of the command line that a plan depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// `--allow-unlisted-keep`.
    pub allow_unlisted_keep: bool,
}

/// A profile with its keys.
pub struct Plan {
    profile: Profile,
    schedule: Schedule,
    options: PlanOptions,
}

impl Plan {
    /// Joins a checked profile with the keys of this run.
    #[must_use]
    pub fn new(profile: Profile, schedule: Schedule, options: PlanOptions) -> Self {
        Self { profile, schedule, options }
    }

    /// Returns the profile.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Binds one table as its rows list it. All problems at once.
    ///
    /// # Errors
    /// Problems of severity `Error`; the table must not be written.
    pub fn bind(&self, shape: &Shape, facts: &Facts) -> Result<TablePlan, Vec<Problem>> {
        let _ = (shape, facts, &self.schedule, self.options);
        Err(Vec::new())
    }

    /// Says what of the schema no rule covers, and (if `complete`, when all of the schema is known) which names of
    /// the profile the input lacks.
    #[must_use]
    pub fn cover(&self, facts: &Facts, complete: bool) -> Vec<Problem> {
        let _ = (facts, complete);
        Vec::new()
    }

    /// Says which keys of the schema the plan breaks: UNIQUE under a technique that loses it, foreign keys whose ends
    /// differ, rows that point into an emptied table.
    #[must_use]
    pub fn keys(&self, facts: &Facts) -> Vec<Problem> {
        let _ = facts;
        Vec::new()
    }
}
