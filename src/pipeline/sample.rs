//! A few rows of one table, before and after: what a preview shows. They are masked by the code of the job (`rows`) under
//! a plan bound as the job binds it, and split by the codec of their format.
//!
//! Holds values, which a job never hands out: for the terminal of somebody who asked to see them, and nowhere else.

use super::gate::Stop;
use super::rows::{Scratch, mask_rows};
use super::windows;
use crate::error::{Error, ErrorKind, Result};
use crate::format::{Part, Piece, Reader, RowCodec, Source, Spans};
use crate::message;
use crate::profile::model::Problem;
use crate::profile::plan::{Action, Plan, TablePlan};
use crate::row::field::Cell;
use crate::row::shape::{Facts, TableName};

/// Decoded values of one row; `None` is NULL.
pub type Values = Vec<Option<Vec<u8>>>;

/// One row.
pub struct Sampled {
    /// As it was.
    pub before: Values,
    /// As it will be.
    pub after: Values,
}

/// What sampling an input came to.
pub enum Sampling {
    /// The table with its first rows.
    Rows(TablePlan, Vec<Sampled>),
    /// Profile and table do not fit.
    Refused(Vec<Problem>),
    /// The input has no rows of that table.
    Absent,
}

/// Masks the first `most` of the rows of a block.
///
/// # Errors
/// Rows that the codec refuses, values that the policy stops at.
pub fn sample(plan: &TablePlan, codec: &dyn RowCodec, block: &[u8], most: usize) -> Result<Vec<Sampled>> {
    let named = |e: Error| e.at(|at| at.table = Some(message!("{}", plan.table)));
    let before = values(codec, block, plan.columns.len(), most).map_err(named)?;
    let after = match &plan.action {
        Action::Empty => return Ok(Vec::new()),
        Action::Keep => before.clone(),
        Action::Mask(mask) => {
            let mut out = Vec::new();
            let mut scratch = Scratch::default();
            scratch.all_rows = true;
            scratch.windows = windows::of_block(&plan.table, mask, codec, block);
            mask_rows(block, mask, codec, &mut scratch, &mut out).map_err(named)?;
            values(codec, &out, plan.columns.len(), most).map_err(named)?
        }
    };
    if before.len() != after.len() {
        return Err(named(Error::bug("a row was lost in a preview")));
    }
    Ok(before.into_iter().zip(after).map(|(before, after)| Sampled { before, after }).collect())
}

/// Reads an input up to the first `most` rows of a table, and masks those.
///
/// # Errors
/// Whatever the reader or the codec refuses; a signal.
pub fn sample_input(
    mut reader: Box<dyn Reader + '_>,
    mut source: Box<dyn Source + '_>,
    (plan, known): (&Plan, Option<&Facts>),
    table: &TableName,
    most: usize,
    stop: &Stop,
) -> Result<Sampling> {
    let mut piece = Piece::default();
    let mut found: Option<(TablePlan, Vec<Sampled>)> = None;
    let mut current: Option<std::sync::Arc<dyn RowCodec>> = None;
    while reader.next(source.as_mut(), &mut piece)? {
        if let Some(signal) = stop.raised() {
            return Err(Error::new(ErrorKind::Interrupted { signal }, "stopped by a signal"));
        }
        for part in &piece.parts {
            match part {
                Part::Begin { shape, codec, .. } => {
                    current = same(&shape.table, table).then(|| std::sync::Arc::clone(codec));
                    if current.is_none() || found.is_some() {
                        continue;
                    }
                    let known = known.filter(|facts| facts.table(&shape.table).is_some());
                    match plan.bind(shape, known.unwrap_or(reader.facts())) {
                        Ok(bound) => found = Some((bound, Vec::new())),
                        Err(problems) => return Ok(Sampling::Refused(problems)),
                    }
                }
                Part::Rows(range) | Part::Counted(range, _) => {
                    let (Some(codec), Some((plan, rows))) = (&current, &mut found) else { continue };
                    let block = piece.buffer.bytes().get(range.clone()).unwrap_or_default();
                    rows.extend(sample(plan, codec.as_ref(), block, most.saturating_sub(rows.len()))?);
                }
                Part::End { .. } => current = None,
                Part::Stored(_) => return Err(Error::bug("a sample of rows that are not read")),
                Part::Verbatim(_) | Part::Opaque { .. } | Part::Unpacked(_) => {}
                Part::Enter(_) | Part::Leave | Part::Object(_) => {}
            }
        }
        if let Some((plan, rows)) = found.take_if(|(_, rows)| rows.len() >= most) {
            return Ok(Sampling::Rows(plan, rows));
        }
    }
    Ok(found.map_or(Sampling::Absent, |(plan, rows)| Sampling::Rows(plan, rows)))
}

/// Says whether two names are of one table: no schema means the default one, no database any.
fn same(a: &TableName, b: &TableName) -> bool {
    let database = a.database.is_none() || b.database.is_none() || a.database == b.database;
    database && a.table == b.table && a.own_schema() == b.own_schema()
}

/// Returns the decoded values of the first rows of a block.
fn values(codec: &dyn RowCodec, block: &[u8], columns: usize, most: usize) -> Result<Vec<Values>> {
    let wanted: Vec<usize> = (0..columns).collect();
    let (mut rows, mut spans, mut at) = (Vec::new(), Spans::default(), 0);
    while at < block.len() && rows.len() < most {
        spans.clear();
        let stop = codec.split(block, at, most - rows.len(), &wanted, &mut spans)?;
        for fields in spans.fields.chunks_exact(columns.max(1)) {
            let decode = |field| {
                let mut arena = Vec::new();
                Ok(match codec.decode(block, field, &mut arena)? {
                    Cell::Null => None,
                    Cell::Raw(span) => Some(span.of(block).to_vec()),
                    Cell::Arena(span) => Some(span.of(&arena).to_vec()),
                })
            };
            rows.push(fields.iter().copied().map(decode).collect::<Result<Values>>()?);
        }
        if stop <= at {
            return Err(Error::bug("a codec made no progress"));
        }
        at = stop;
    }
    Ok(rows)
}
