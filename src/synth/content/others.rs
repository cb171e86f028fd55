//! Values of types of which only the name is known: bits, geometry, ranges, SETs and what else servers bring. Each is one that
//! the server reads. Refuses a name that it does not know where the column must have a value.

use super::{Distinct as _, Generator, RowCx, Wanted, plain};
use serde_json::{Map, Value};

use crate::condition::Has;
use crate::mask::Refusal;
use crate::synth::checks::slots::{self, Side, Slots};
use crate::synth::seed::Draws;

/// JSON documents that hold what CHECKs ask for.
pub(super) struct Document {
    documents: Vec<String>,
}

impl Document {
    /// Makes those that have all of it, each text of a list in its turn; `None` where it contradicts itself.
    pub(super) fn new(wanted: &[(Vec<String>, Has)]) -> Option<Self> {
        const FEW: usize = 8;
        let mut documents = Vec::new();
        for turn in 0..FEW {
            let mut document = Value::Object(Map::new());
            // A longer path makes the objects on its way.
            let mut wanted: Vec<_> = wanted.iter().collect();
            wanted.sort_by_key(|(path, has)| (path.len(), *has == Has::Something));
            for (path, has) in wanted {
                put(&mut document, path, has, turn)?;
            }
            let text = document.to_string();
            if !documents.contains(&text) {
                documents.push(text);
            }
        }
        Some(Self { documents })
    }
}

/// Puts something into a document; `None` where another thing stands there.
fn put(document: &mut Value, path: &[String], has: &Has, turn: usize) -> Option<()> {
    let mut place = document;
    for key in path {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        place = place.as_object_mut()?.entry(key.as_str()).or_insert(Value::Null);
    }
    let made = match has {
        Has::Something if place.is_null() => Value::from(turn + 1),
        Has::Something => return Some(()),
        Has::Kind(kind) => match kind.as_str() {
            "object" if place.is_null() => Value::Object(Map::new()),
            "object" => return place.is_object().then_some(()),
            "array" if place.is_array() => return Some(()),
            "array" => Value::Array((0..turn % 3).map(|n| Value::from(n + 1)).collect()),
            "string" => Value::from(["a", "b", "c"].get(turn % 3).copied()?),
            "number" => Value::from(turn + 1),
            "boolean" => Value::from(turn.is_multiple_of(2)),
            "null" => Value::Null,
            _ => return None,
        },
        Has::Text(texts) => Value::from(texts.get(turn % texts.len().max(1))?.as_str()),
        Has::Elements(least) => {
            let least = usize::try_from(*least).ok()?;
            Value::Array((0..least + turn % 2).map(|n| Value::from(n + 1)).collect())
        }
    };
    // The document itself begins as an empty object.
    let empty = place.as_object().is_some_and(Map::is_empty);
    if !(place.is_null() || empty || place.is_array()) {
        return None;
    }
    *place = made;
    Some(())
}

impl Generator for Document {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let count = u64::try_from(self.documents.len()).unwrap_or(0);
        let at = usize::try_from(draws.below(count)).unwrap_or(0);
        out.extend_from_slice(self.documents.get(at).map(String::as_bytes).unwrap_or_default());
        true
    }
}

/// Makes the generator of a type of which only the name is known.
pub(super) fn generator(wanted: &Wanted<'_>) -> Result<Box<dyn Generator>, Refusal> {
    let text = wanted.column.ty.text.to_lowercase();
    let name = text.trim_start_matches("pg_catalog.");
    let starts = |word: &str| name.starts_with(word);
    if let Some(of) = slots::of(name) {
        return Ok(Box::new(Span(Slots::new(of, Side::Both, wanted.column, SPANS))));
    }
    let fixed: &'static [&'static str] = match () {
        () if starts("bit varying") || starts("varbit") => return Ok(Box::new(Bits { chars: sized(name) })),
        () if starts("bit") => return Ok(Box::new(Bits { chars: sized(name).max(1) })),
        () if starts("\"char\"") => &["a", "b", "c"],
        () if starts("name") => &["public", "shop", "archive"],
        () if starts("box") => &["(2,2),(0,0)", "(5,4),(1,3)"],
        () if starts("lseg") => &["[(0,0),(1,1)]", "[(2,0),(3,4)]"],
        () if starts("line") => &["{1,-1,0}", "{0,1,-2}"],
        () if starts("path") => &["((0,0),(1,1),(2,0))", "[(0,0),(3,4)]"],
        () if starts("polygon") => &["((0,0),(0,2),(2,2),(2,0))", "((1,1),(3,1),(2,4))"],
        () if starts("circle") => &["<(0,0),1>", "<(2,3),4.5>"],
        () if starts("datemultirange") => &["{[2024-01-01,2024-02-01)}", "{}"],
        () if starts("tsmultirange") => &["{[\"2024-01-01 09:00:00\",\"2024-01-01 10:00:00\")}", "{}"],
        () if starts("tstzmultirange") => {
            &["{[\"2024-01-01 09:00:00+00\",\"2024-01-01 10:00:00+00\")}", "{}"]
        }
        () if starts("int4multirange") || starts("int8multirange") || starts("nummultirange") => {
            &["{[1,10)}", "{[1,5),[20,31)}"]
        }
        () if starts("pg_lsn") => &["0/16B3748", "1/0"],
        () if starts("jsonpath") => &["$.\"lines\"[*]", "$"],
        () if starts("money") => &["$12.50", "$3.95", "$120.00"],
        () if starts("xml") => &["<note>ok</note>", "<note/>"],
        () if starts("point") => &["(1,2)", "(3.5,4)", "(0,0)"],
        () if starts("tsvector") => &["'order':1", "'letter':1 'reply':2"],
        () if starts("tsquery") => &["'order'", "'letter' & 'reply'"],
        () if starts("macaddr8") => &["02:00:00:ff:fe:00:00:01", "02:00:00:ff:fe:00:00:02"],
        () if starts("macaddr") => &["02:00:00:00:00:01", "02:00:00:00:00:02"],
        () if starts("hstore") => &["\"colour\"=>\"blue\"", ""],
        () if starts("oid") => &["0"],
        () if starts("year") => &["2021", "2022", "2023", "2024", "2025"],
        () if starts("ltree") => &["top", "top.a", "top.b.c"],
        () if starts("geometry(") || starts("geography(") => {
            &["SRID=4326;POINT(4.9 52.37)", "SRID=4326;POINT(5.12 52.09)"]
        }
        () if starts("geometry") || starts("geography") => &["POINT(4.9 52.37)", "POINT(5.12 52.09)"],
        () if starts("set(") => return Ok(Box::new(Subset { of: members(&wanted.column.ty.text) })),
        () if !wanted.column.not_null => return Ok(Box::new(Nothing)),
        () => return Err(plain::unknown(wanted)),
    };
    Ok(Box::new(Fixed(fixed)))
}

/// Returns the length that a type's name ends in; 0 where it has none.
fn sized(name: &str) -> u32 {
    let digits = name.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(digits, _)| digits);
    digits.and_then(|digits| digits.trim().parse().ok()).unwrap_or(0)
}

/// Bits, all of them drawn.
struct Bits {
    chars: u32,
}

impl Generator for Bits {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let bits = if self.chars == 0 { 8 } else { self.chars.min(4096) };
        (0..bits).for_each(|_| out.push(if draws.below(2) == 0 { b'0' } else { b'1' }));
        true
    }
}

/// Ranges to draw from.
const SPANS: u64 = 100;

/// A range.
struct Span(Slots);

impl Generator for Span {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        self.0.write(draws.below(SPANS), out);
        true
    }
}

/// Some members of a SET, between commas.
struct Subset {
    of: Vec<String>,
}

/// Returns the members that a type's text lists: `set('a','it''s')`.
fn members(text: &str) -> Vec<String> {
    let inside = text.split_once('(').map_or("", |(_, rest)| rest.trim_end().trim_end_matches(')'));
    let (mut all, mut member, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = inside.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' if quoted && letters.peek() == Some(&'\'') => member.extend(letters.next()),
            '\'' if quoted => {
                quoted = false;
                all.push(std::mem::take(&mut member));
            }
            '\'' => quoted = true,
            letter if quoted => member.push(letter),
            _ => {}
        }
    }
    all
}

impl Generator for Subset {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let mut first = true;
        for member in &self.of {
            if draws.below(3) == 0 {
                if !first {
                    out.push(b',');
                }
                first = false;
                out.extend_from_slice(member.as_bytes());
            }
        }
        true
    }
}

struct Nothing;

impl Generator for Nothing {
    fn make(&self, _: &RowCx<'_>, _: &mut Draws, _: &mut Vec<u8>) -> bool {
        false
    }
}

/// One of some fixed texts.
pub(super) struct Fixed(pub(super) &'static [&'static str]);

impl Generator for Fixed {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let at = draws.below(u64::try_from(self.0.len()).unwrap_or(1));
        let value = usize::try_from(at).ok().and_then(|at| self.0.get(at));
        out.extend_from_slice(value.copied().unwrap_or_default().as_bytes());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_a_set() {
        assert_eq!(members("set('a','it''s','c d')"), ["a", "it's", "c d"]);
        assert!(members("set").is_empty());
        assert_eq!((sized("bit(8)"), sized("bit varying"), sized("bit varying(12)")), (8, 0, 12));
    }
}
