//! Tests of the row loop alone, with a codec of one field a line and a technique that says what it is told: whatever a
//! technique answers, the original is never written in its place, and never said.

use super::rows::{Scratch, mask_rows};
use crate::error::{Error, Result};
use crate::format::{RowCodec, Spans};
use crate::mask::{Mask, MaskCx, Outcome};
use crate::profile::model::Unfit;
use crate::profile::plan::{Fit, MaskPlan, MaskedColumn};
use crate::row::field::{Cell, Span};

/// One field a line; `\N` is NULL. With `as_is` the fast path of plain stand-ins is taken.
struct Lines {
    as_is: bool,
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap()
}

impl RowCodec for Lines {
    fn split(
        &self,
        block: &[u8],
        from: usize,
        limit: usize,
        _: &[usize],
        spans: &mut Spans,
    ) -> Result<usize> {
        let mut at = from;
        for line in block.get(from..).unwrap().split_inclusive(|b| *b == b'\n').take(limit) {
            let end = at + line.len();
            spans.fields.push(Span::new(place(at), place(end - 1)));
            spans.rows.push(Span::new(place(at), place(end)));
            at = end;
        }
        Ok(at)
    }

    fn decode(&self, block: &[u8], field: Span, _: &mut Vec<u8>) -> Result<Cell> {
        Ok(if field.of(block) == b"\\N" { Cell::Null } else { Cell::Raw(field) })
    }

    fn encode(&self, standin: &[u8], _: &[u8], out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(standin);
        Ok(())
    }

    fn encode_null(&self, _: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(b"\\N");
    }

    fn encodes_as_is(&self, _: &[u8]) -> bool {
        self.as_is
    }

    fn count(&self, _: &[u8]) -> Result<(u64, u64)> {
        Err(Error::bug("not asked for"))
    }
}

/// Answers by the value's first letter, and has a placeholder for `u`.
struct Answers;

impl Mask for Answers {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        match field.first() {
            Some(b'm') => out.extend_from_slice(b"ok"),
            Some(b'l') => out.extend_from_slice(b"much too long"),
            Some(b'n') => return Outcome::Null,
            _ => return Outcome::Unfit,
        }
        Outcome::Masked
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(b"place");
        field.starts_with(b"u")
    }
}

fn run(block: &str, unfit: Unfit, not_null: bool, as_is: bool) -> Result<String> {
    let column = MaskedColumn {
        case: None,
        technique: "suppress",
        index: 0,
        wanted: 0,
        digest: None,
        fallback: None,
        slots: Vec::new(),
        reads: Vec::new(),
        mask: Box::new(Answers),
        fit: Fit { max_chars: Some(8), integer: None, moment: false },
        unfit,
        joins: false,
        not_null,
        label: "a".into(),
    };
    let plan = MaskPlan {
        learns: Vec::new(),
        wanted: vec![0],
        digests: Vec::new(),
        columns: vec![column],
        conditions: Vec::new(),
        keep_rows: None,
        cases: Vec::new(),
        checks: Vec::new(),
        row_limit: None,
    };
    let mut out = Vec::new();
    mask_rows(block.as_bytes(), &plan, &Lines { as_is }, &mut Scratch::default(), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn nasty_21_no_answer_of_a_technique_lets_the_original_through() {
    let rows = "m-kanarie\n\\N\n\nn-kanarie\nu-kanarie\nl-kanarie\nm-kanarie\n";
    for as_is in [false, true] {
        let out = run(rows, Unfit::Suppress, false, as_is).unwrap();
        assert_eq!(out, "ok\n\\N\n\n\\N\n\\N\n\\N\nok\n", "as is: {as_is}");
        let out = run(rows, Unfit::Suppress, true, as_is).unwrap();
        assert_eq!(out, "ok\n\\N\n\n\n\n\nok\n", "as is: {as_is}");
        let out = run("m-kanarie\nu-kanarie\n", Unfit::Placeholder, false, as_is).unwrap();
        assert_eq!(out, "ok\nplace\n", "as is: {as_is}");
    }
}

#[test]
fn nasty_21_what_stops_says_the_row_and_no_value() {
    for (unfit, bad) in [
        (Unfit::Stop, "u-kanarie"),
        (Unfit::Stop, "l-kanarie"),
        // It has no placeholder.
        (Unfit::Placeholder, "l-kanarie"),
        (Unfit::Placeholder, "x-kanarie"),
    ] {
        let error = run(&format!("m-kanarie\n{bad}\n"), unfit, false, false).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("kanarie"), "{bad}");
        assert_eq!(error.location().row, Some(2), "{bad}");
        assert_eq!(error.location().column.as_ref().map(|c| c.as_str()), Some("a"), "{bad}");
    }
}

#[test]
fn rows_of_many_chunks_stay_in_their_places() {
    let rows: String = (0..1000).map(|n| if n % 3 == 0 { "m\n" } else { "\\N\n" }).collect();
    assert_eq!(run(&rows, Unfit::Stop, false, true).unwrap(), rows.replace('m', "ok"));
}
