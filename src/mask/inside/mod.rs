//! What stands inside values: the techniques `json`, `each`, `xml` and their like take a value apart, and every part
//! that a rule names is masked by that rule. What no rule names is removed; a value that cannot be taken apart is unfit.
//!
//! A walker (`Walk`) knows one notation and nothing of techniques; a `Visit` knows the rules and nothing of notations.
//! Deliberately absent: any way for a walker to let a part pass that no rule keeps.

pub mod blob;
pub mod composite;
pub mod each;
pub mod hstore;
pub(super) mod json;
mod path;
pub(super) mod php;
mod scan;
#[cfg(test)]
mod testing;
pub mod url;
pub mod xml;

use std::fmt;
use std::sync::Arc;

use super::row::RowCx;
use super::{Compiled, Lanes, Mask, MaskCx, Needs, Outcome, Output, Refusal, Uniqueness};
use crate::row::canon::Canon;
use crate::secret::Mac;

/// Deepest nesting of values in values (JSON in JSON strings, each in json): what lies deeper is unfit.
pub const MOST_NESTED: u32 = 8;

/// Which part of a place a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What stands there.
    Value,
    /// The keys of the map that stands there: `each_key:`.
    Keys,
}

/// A place inside a value as the profile writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `$.contacts[*].email`; '' where a technique has one rule for all parts.
    pub text: String,
    /// What of it.
    pub part: Part,
    /// Another place of the value, which decides the stand-in: `by: $.contacts[*].id`.
    pub by: Option<String>,
}

/// How a technique's places are written.
pub struct Places {
    /// What they are called in messages: `a path such as $.name`.
    pub meaning: &'static str,
    /// Says what is wrong with one.
    pub check: fn(&Place) -> Result<(), Refusal>,
    /// What stands before a place in `by:`, where a place alone would be a column's name: `$.` for `by: $.mail`.
    pub stem: &'static str,
    /// Whether there is one rule for all parts, and no places.
    pub one: bool,
}

impl PartialEq for Places {
    fn eq(&self, other: &Self) -> bool {
        self.meaning == other.meaning
    }
}

impl Eq for Places {}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.meaning)
    }
}

/// A value, or a part of it, has not the form that is needed; it is replaced as a whole or the run stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit;

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// A rule keeps it: its bytes stay as they are. Nothing was appended.
    Kept,
    /// The stand-in was appended, decoded: the walker encodes it.
    Written,
    /// It is removed: NULL in the notation's own way, or nothing. Nothing was appended.
    Removed,
}

/// Takes values of one notation apart. Same value, same rules: same result.
pub trait Walk: Send + Sync {
    /// Appends the value with the parts at its places as their rules say, and all others removed. Bytes between the
    /// parts that stay are not touched.
    ///
    /// # Errors
    /// `Unfit`: the value is not of this notation, nests too deeply, or would not be sound afterwards. What was
    /// appended so far does not count.
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit>;
}

/// What decides the stand-ins of a part.
pub enum Decides {
    /// Nothing keyed, or the technique keys the value itself.
    Nothing,
    /// The part's own value.
    Own {
        /// Its canonical form.
        canon: Canon,
        /// Its MAC.
        mac: Mac,
    },
    /// Columns of the row; where they are NULL or pinned, the part's own value.
    Row {
        /// Index into what the row gives.
        slot: usize,
        /// Canonical form of the own value.
        canon: Canon,
        /// Its MAC.
        mac: Mac,
    },
    /// The value of the place of `by:`; where there is none or it is pinned, the part's own value.
    Beside(Box<Beside>),
    /// The part is the subject: its own value decides as that.
    Subject(Box<Beside>),
}

/// Another place of the value that decides.
pub struct Beside {
    /// Canonical form of what stands there.
    pub canon: Canon,
    /// The MAC.
    pub mac: Mac,
    /// `None`: by value. Else as an entity's subject; true computes lanes 4 to 7 too.
    pub subject: Option<bool>,
    /// Canonical values that stand for nobody.
    pub pinned: Vec<Vec<u8>>,
    /// Canonical form of the part's own value, and its MAC.
    pub own: (Canon, Mac),
}

impl Beside {
    /// Returns the lanes that a deciding value gives; `None` if it stands for nobody. `form` begins with the scope.
    fn lanes(&self, by: &[u8], scope: usize, form: &mut Vec<u8>) -> Option<Lanes> {
        self.canon.append(by, form);
        let (scope, own) = form.split_at_checked(scope)?;
        if own.is_empty() || self.pinned.iter().any(|pinned| pinned == own) {
            return None;
        }
        Some(match self.subject {
            None => Lanes::by_value(&self.mac, scope, own),
            Some(high) => Lanes::by_subject(&self.mac, high, scope, own),
        })
    }
}

/// What becomes of a part whose value has not its technique's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfUnfit {
    /// The technique's placeholder; what has none is removed.
    Placeholder,
    /// It is removed.
    Remove,
    /// The whole value is unfit, and stops the run.
    Stop,
}

/// The rule of one place, compiled.
pub struct Leaf {
    /// The technique; `None` = kept.
    pub mask: Option<Box<dyn Mask>>,
    /// What decides.
    pub decides: Decides,
    /// Columns of the row that keep tenants apart, by the numbers under which the row gives them, with their canonical forms.
    pub scope: Vec<(usize, Canon)>,
    /// What becomes of an unfit part.
    pub unfit: IfUnfit,
}

/// The places of a column's rule and what was compiled for each: same order, same length.
pub struct Inside {
    /// Where.
    pub places: Vec<Place>,
    /// What.
    pub leaves: Vec<Leaf>,
}

/// How many parts became what, in a column of a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Stand-ins were written.
    pub masked: u64,
    /// They had not the form of their technique.
    pub unfit: u64,
}

/// The rules of one value under the eyes of its walker.
pub struct Visit<'a> {
    inside: &'a Inside,
    cx: RowCx<'a>,
}

impl<'a> Visit<'a> {
    /// Makes the visit of one value.
    #[must_use]
    pub fn new(inside: &'a Inside, cx: RowCx<'a>) -> Self {
        Self { inside, cx }
    }

    /// Appends what the rule of a place makes of a part. `value` is decoded and never NULL (NULL stays NULL without
    /// being asked for); `by` is the decoded value of the place that `by:` names, where there is one.
    ///
    /// # Errors
    /// `Unfit`: the rule stops at such a value.
    pub fn leaf(
        &mut self,
        place: usize,
        value: &[u8],
        by: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) -> Result<Became, Unfit> {
        let leaf = self.inside.leaves.get(place).ok_or(Unfit)?;
        let Some(mask) = &leaf.mask else { return Ok(Became::Kept) };
        if value.is_empty() {
            return Ok(Became::Written);
        }
        let start = out.len();
        let lanes = self.lanes(leaf, value, by);
        let cx = RowCx { depth: self.cx.depth + 1, ..self.cx };
        match mask.mask_within(value, &lanes, &cx, out) {
            Outcome::Masked | Outcome::Equal | Outcome::Pinned => {
                self.cx.count(|parts| parts.masked += 1);
                Ok(Became::Written)
            }
            Outcome::Null => {
                out.truncate(start);
                self.cx.count(|parts| parts.masked += 1);
                Ok(Became::Removed)
            }
            Outcome::Unfit => {
                out.truncate(start);
                self.unfit(place, value, out)
            }
        }
    }

    /// Says what becomes of a part that has not the form its rule can take: an object where a text is masked.
    ///
    /// # Errors
    /// `Unfit`: the rule stops at such a value.
    pub fn unfit(&mut self, place: usize, value: &[u8], out: &mut Vec<u8>) -> Result<Became, Unfit> {
        let leaf = self.inside.leaves.get(place).ok_or(Unfit)?;
        self.cx.count(|parts| parts.unfit += 1);
        let start = out.len();
        match (leaf.unfit, &leaf.mask) {
            (IfUnfit::Stop, _) => Err(Unfit),
            (IfUnfit::Placeholder, Some(mask)) if mask.placeholder(value, out) => Ok(Became::Written),
            _ => {
                out.truncate(start);
                Ok(Became::Removed)
            }
        }
    }

    /// Says whether the rule of a place keeps what stands there, whatever it is.
    #[must_use]
    pub fn keeps(&self, place: usize) -> bool {
        self.inside.leaves.get(place).is_some_and(|leaf| leaf.mask.is_none())
    }

    fn lanes(&self, leaf: &Leaf, value: &[u8], by: Option<&[u8]>) -> Lanes {
        let mut form = self.cx.parts.lend();
        let lanes = self.keyed(leaf, value, by, &mut form);
        self.cx.parts.give_back(form);
        lanes
    }

    fn keyed(&self, leaf: &Leaf, value: &[u8], by: Option<&[u8]>, form: &mut Vec<u8>) -> Lanes {
        for (number, canon) in &leaf.scope {
            let value = self.cx.original(*number).unwrap_or_default();
            Lanes::append_scope(leaf.scope.len() > 1, *canon, value, form);
        }
        let scope = form.len();
        let (canon, mac) = match &leaf.decides {
            Decides::Nothing => return Lanes::default(),
            Decides::Own { canon, mac } => (canon, mac),
            Decides::Row { slot, canon, mac } => match self.cx.lanes(*slot) {
                Some(lanes) => return lanes,
                None => (canon, mac),
            },
            Decides::Beside(beside) => match by.and_then(|by| beside.lanes(by, scope, form)) {
                Some(lanes) => return lanes,
                None => (&beside.own.0, &beside.own.1),
            },
            Decides::Subject(beside) => match beside.lanes(value, scope, form) {
                Some(lanes) => return lanes,
                None => (&beside.own.0, &beside.own.1),
            },
        };
        form.truncate(scope);
        canon.append(value, form);
        let (scope, own) = form.split_at_checked(scope).unwrap_or_default();
        Lanes::by_value(mac, scope, own)
    }
}

/// A technique that looks inside values: a walker and its rules.
pub struct Container {
    /// Takes the value apart.
    pub walk: Box<dyn Walk>,
    /// The rules.
    pub inside: Arc<Inside>,
    /// What stands for a value that cannot be taken apart: sound in the notation, and nothing in it. `None`: such a
    /// value stops the run.
    pub placeholder: Option<&'static [u8]>,
}

impl Container {
    /// Puts a walker and its rules together, for a column whose type the walker knows to take what it writes.
    #[must_use]
    pub fn compiled(
        walk: Box<dyn Walk>,
        inside: &Arc<Inside>,
        placeholder: Option<&'static [u8]>,
    ) -> Compiled {
        Compiled {
            mask: Box::new(Self { walk, inside: Arc::clone(inside), placeholder }),
            needs: Needs::Nothing,
            output: Output::Typed,
            uniqueness: Uniqueness::Lost,
        }
    }
}

impl Mask for Container {
    fn mask(&self, _field: &[u8], _cx: &MaskCx<'_>, _out: &mut Vec<u8>) -> Outcome {
        // Without its row nobody decides: never asked, and nothing passes.
        Outcome::Unfit
    }

    fn placeholder(&self, _field: &[u8], out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(self.placeholder.unwrap_or_default());
        self.placeholder.is_some()
    }

    fn mask_within(&self, field: &[u8], _own: &Lanes, cx: &RowCx<'_>, out: &mut Vec<u8>) -> Outcome {
        if cx.depth > MOST_NESTED {
            return Outcome::Unfit;
        }
        let start = out.len();
        if self.walk.walk(field, &mut Visit::new(&self.inside, *cx), out).is_err() {
            out.truncate(start);
            return Outcome::Unfit;
        }
        Outcome::Masked
    }

    fn sees_row(&self) -> bool {
        true
    }
}

/// Copies of rows of several tables in one column: another column of the row names the table whose rules count.
pub struct RowOf {
    /// The number under which the row gives the column that names the table.
    pub table: usize,
    /// The tables.
    pub rows: Vec<CopiedRow>,
    /// What stands for the copy of a row of any other table; `None`: the run stops there.
    pub placeholder: Option<Vec<u8>>,
}

/// How copies of the rows of one table are masked.
pub struct CopiedRow {
    /// Its schema or database, in lower case.
    pub schema: String,
    /// Its name, in lower case.
    pub table: String,
    /// Its rules.
    pub mask: Box<dyn Mask>,
}

impl RowOf {
    /// Finds the rules for the table of a name. A name without a schema that several tables have is none of them.
    fn of(&self, name: &[u8]) -> Option<&dyn Mask> {
        let name = std::str::from_utf8(name).ok()?.to_lowercase();
        let qualified = |row: &&CopiedRow| {
            let schema = name.strip_suffix(&row.table).and_then(|rest| rest.strip_suffix('.'));
            schema == Some(row.schema.as_str())
        };
        let mut found = self.rows.iter().filter(|row| row.table == name || qualified(row));
        match (found.next(), found.next()) {
            (Some(row), None) => Some(&*row.mask),
            _ => None,
        }
    }
}

impl Mask for RowOf {
    fn mask(&self, _field: &[u8], _cx: &MaskCx<'_>, _out: &mut Vec<u8>) -> Outcome {
        Outcome::Unfit
    }

    fn placeholder(&self, _field: &[u8], out: &mut Vec<u8>) -> bool {
        self.placeholder.as_ref().inspect(|placeholder| out.extend_from_slice(placeholder)).is_some()
    }

    fn sees_row(&self) -> bool {
        true
    }

    fn mask_within(&self, field: &[u8], own: &Lanes, row: &RowCx<'_>, out: &mut Vec<u8>) -> Outcome {
        match row.original(self.table).and_then(|name| self.of(name)) {
            Some(mask) => mask.mask_within(field, own, row, out),
            None => Outcome::Unfit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells which table's rules were asked.
    struct Says(&'static str);

    impl Mask for Says {
        fn mask(&self, _: &[u8], _: &MaskCx<'_>, _: &mut Vec<u8>) -> Outcome {
            Outcome::Unfit
        }

        fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
            out.extend_from_slice(self.0.as_bytes());
            true
        }
    }

    #[test]
    fn a_copied_row_has_the_rules_of_its_own_schema_or_none() {
        let row = |schema: &str, table: &str, says| CopiedRow {
            schema: schema.into(),
            table: table.into(),
            mask: Box::new(Says(says)),
        };
        let rows = vec![
            row("crm", "customer", "crm"),
            row("public", "customer", "own"),
            row("public", "a.b", "dot"),
        ];
        let copies = RowOf { table: 0, rows, placeholder: None };
        for (name, wanted) in [
            ("crm.customer", Some("crm")),
            ("Public.Customer", Some("own")),
            ("a.b", Some("dot")),
            ("public.a.b", Some("dot")),
            // Two tables are called so, or none.
            ("customer", None),
            ("hr.customer", None),
            (".customer", None),
            ("b", None),
            ("", None),
        ] {
            let found = copies.of(name.as_bytes()).map(|mask| {
                let mut said = Vec::new();
                mask.placeholder(b"", &mut said);
                String::from_utf8(said).unwrap()
            });
            assert_eq!(found.as_deref(), wanted, "{name}");
        }
    }
}
