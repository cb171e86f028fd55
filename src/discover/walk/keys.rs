//! Which columns may be keys, by their types, names and the values of the first rows: those are sketched over all rows.
//! Decides cheaply and generously; what is a key is decided by `joins`.

use crate::discover::sketch::Sketch;
use crate::row::shape::{ColumnFacts, TypeClass};

/// Most columns of a table that are sketched to its end.
const MOST: usize = 8;
/// Most of them that keep many hashes.
const WIDE: usize = 2;

/// How the texts of a column look.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    values: u32,
    /// Long ones, or such with blanks inside.
    prose: u32,
    /// Decimals, dates and times.
    measured: u32,
}

impl Look {
    /// Takes a value.
    pub(super) fn add(&mut self, value: &[u8]) {
        let value = value.trim_ascii();
        self.values += u32::from(!value.is_empty());
        self.prose += u32::from(value.len() > 48 || value.contains(&b' '));
        let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
        let marks =
            value.iter().filter(|b| matches!(b, b'.' | b',' | b'-' | b'/' | b':' | b'T' | b'Z')).count();
        // A number of nothing but digits is none of these.
        self.measured += u32::from(marks > 0 && digits > 0 && digits + marks == value.len());
    }

    fn is_key(self) -> bool {
        self.values > 0 && self.prose * 10 <= self.values && self.measured * 2 <= self.values
    }
}

/// A column to be sketched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyColumn {
    /// Its place in the table.
    pub(super) place: usize,
    /// Whether others may point to it, so that more hashes are kept.
    pub(super) wide: bool,
}

/// How names of keys end, in four languages.
const ENDS: &[&str] = &[
    "id",
    "key",
    "nr",
    "no",
    "num",
    "number",
    "nummer",
    "code",
    "uuid",
    "guid",
    "ref",
    "sku",
    "ean",
    "email",
    "login",
    "username",
    "sleutel",
    "numero",
    "schluessel",
    "clef",
    "cle",
];

/// Says whether a column of this type can be a key at all.
pub(super) fn may_be(class: &TypeClass) -> bool {
    let whole = matches!(class, TypeClass::Numeric { scale, .. } if scale.is_none_or(|scale| scale == 0));
    whole || class.is_integer() || class.is_text() || matches!(class, TypeClass::Uuid)
}

/// Returns the columns to be sketched, in the order of the table. The sketches must be finished.
pub(super) fn choose(columns: &[ColumnFacts], sketches: &[Option<Sketch>], looks: &[Look]) -> Vec<KeyColumn> {
    let mut ranked: Vec<(u32, KeyColumn)> = Vec::new();
    for (place, ((column, sketch), look)) in columns.iter().zip(sketches).zip(looks).enumerate() {
        let Some(sketch) = sketch else { continue };
        let (values, distinct) = (sketch.values(), sketch.distinct());
        let wide = values > 0 && distinct == values;
        let name = column.name.to_lowercase();
        let named = ENDS.iter().any(|end| name.ends_with(end));
        let typed = match &column.ty.class {
            class if class.is_text() => {
                // Few words over many rows are labels, unless the name says otherwise.
                let varied = named || values < 50 || distinct >= 50;
                if !look.is_key() || !varied {
                    continue;
                }
                sketch.range().is_some()
            }
            TypeClass::Numeric { .. } => sketch.range().is_some(),
            _ => true,
        };
        let rank = 4 * u32::from(named) + 2 * u32::from(wide) + u32::from(typed);
        if rank > 0 {
            ranked.push((rank, KeyColumn { place, wide }));
        }
    }
    ranked.sort_by_key(|(rank, key)| (std::cmp::Reverse(*rank), key.place));
    ranked.truncate(MOST);
    let mut wide = 0;
    for (_, key) in &mut ranked {
        wide += usize::from(key.wide);
        key.wide &= wide <= WIDE;
    }
    let mut keys: Vec<KeyColumn> = ranked.into_iter().map(|(_, key)| key).collect();
    keys.sort_by_key(|key| key.place);
    keys
}
