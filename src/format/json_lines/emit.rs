//! Writes JSON Lines: an object a row, its keys in the order of the columns. Numbers and booleans stand bare, JSON as it
//! stands, all else is a string; NULL is `null`. A file a table.

use std::sync::Arc;

use super::text;
use crate::error::Result;
use crate::format::emit::{Emit, Fields, RowWriter, Script};
use crate::format::insert::emit::is_number;
use crate::row::shape::{Shape, TypeClass};

/// A JSON object a row.
#[derive(Debug)]
pub struct JsonLinesEmit;

/// How a column's values stand.
enum Kind {
    Number,
    Boolean,
    Json,
    Text,
}

/// What stands before each value (`{"id":`, `,"name":`), and how it stands.
struct Rows(Vec<(Vec<u8>, Kind)>);

impl Emit for JsonLinesEmit {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("jsonl")
    }

    fn begin(&self, _: &Shape, _: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }

    fn rows(&self, shape: &Arc<Shape>) -> Result<Box<dyn RowWriter>> {
        let mut columns = Vec::new();
        for (at, column) in shape.columns.iter().enumerate() {
            let mut key = if at == 0 { b"{".to_vec() } else { b",".to_vec() };
            text::write(column.name.as_bytes(), &mut key)?;
            key.push(b':');
            let kind = match column.ty.class {
                TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt => Kind::Number,
                TypeClass::Numeric { .. } | TypeClass::Float { .. } => Kind::Number,
                TypeClass::Boolean => Kind::Boolean,
                TypeClass::Json => Kind::Json,
                _ => Kind::Text,
            };
            columns.push((key, kind));
        }
        Ok(Box::new(Rows(columns)))
    }

    fn end(&self, _: &Shape, _: &mut Vec<u8>) {}

    fn poison(&self, _: &Script, _: Option<&Shape>) -> Vec<u8> {
        super::reader::POISON.to_vec()
    }
}

impl RowWriter for Rows {
    fn write(&self, row: Fields<'_>, _: u64, _: bool, _: bool, out: &mut Vec<u8>) -> Result<()> {
        for ((key, kind), value) in self.0.iter().zip(row.iter()) {
            out.extend_from_slice(key);
            let Some(value) = value else {
                out.extend_from_slice(b"null");
                continue;
            };
            match (kind, value) {
                (Kind::Number, value) if is_json_number(value) => out.extend_from_slice(value),
                (Kind::Boolean, b"t" | b"true") => out.extend_from_slice(b"true"),
                (Kind::Boolean, b"f" | b"false") => out.extend_from_slice(b"false"),
                // Line ends stand between its tokens only.
                (Kind::Json, value) => {
                    out.extend(
                        value.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }),
                    );
                }
                _ => text::write(value, out)?,
            }
        }
        out.extend_from_slice(if self.0.is_empty() { b"{}\n" } else { b"}\n" });
        Ok(())
    }
}

/// A number without zeros in front.
fn is_json_number(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    is_number(value) && !matches!(digits, [b'0', b'0'..=b'9', ..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::field::Span;

    #[test]
    fn values_stand_by_their_kinds() {
        let kinds = [Kind::Number, Kind::Number, Kind::Boolean, Kind::Json, Kind::Text, Kind::Text];
        let rows = Rows(
            kinds
                .into_iter()
                .enumerate()
                .map(|(at, kind)| {
                    (format!("{}\"c{at}\":", if at == 0 { '{' } else { ',' }).into_bytes(), kind)
                })
                .collect(),
        );
        let values = ["-1.5", "007", "t", "{\"a\":\n[1]}", "line\n\"two\""];
        let arena = values.concat();
        let mut start = 0;
        let mut spans: Vec<Option<Span>> = values
            .iter()
            .map(|value| {
                let end = start + u32::try_from(value.len()).unwrap();
                let span = Span::new(start, end);
                start = end;
                Some(span)
            })
            .collect();
        spans.push(None);
        let mut out = Vec::new();
        rows.write(Fields { arena: arena.as_bytes(), spans: &spans }, 0, true, true, &mut out).unwrap();
        let wanted = "{\"c0\":-1.5,\"c1\":\"007\",\"c2\":true,\"c3\":{\"a\": [1]},\"c4\":\"line\\n\\\"two\\\"\",\"c5\":null}\n";
        assert_eq!(String::from_utf8(out).unwrap(), wanted);
    }
}
