//! Text to tree, what CHECKs alone have: CASE, parts of dates and texts, JSON, arrays, how many of some are there. What is
//! another form's other spelling becomes that form: `starts_with` and `left(x, 2) = 'AB'` are LIKE, SIMILAR TO is a regular
//! expression. Refuses what PostgreSQL decides by a setting: parts of moments with a zone.

use std::ops::Range;

use sqlparser::ast::{self, BinaryOperator, CeilFloorKind, DateTimeField, Expr};

use super::call;
use super::level::Level;
use super::parts::{Field, Part};
use super::read::{Read, Reader};
use super::tree::{Node, Op, Sign, What};

impl Reader<'_> {
    /// Reads a form that CHECKs alone have; `None` where it is none of them.
    pub(super) fn form(&mut self, expr: &Expr, at: &Range<usize>) -> Read<Option<What>> {
        Ok(Some(match expr {
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), at)?
            }
            Expr::Extract { field, expr, .. } => {
                let field = field_of(&field.to_string()).ok_or_else(|| call::form(expr, at.clone()))?;
                self.part(Part::Field { field, float: false }, expr, at)?
            }
            Expr::Position { expr: wanted, r#in } => {
                let wanted = self.constant_text(wanted, at)?;
                self.part(Part::PlaceOf(wanted), r#in, at)?
            }
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let from = match substring_from {
                    Some(from) => self.count(from, at)?,
                    None => 1,
                };
                let chars = match substring_for {
                    Some(chars) => Some(self.count(chars, at)?),
                    None => None,
                };
                self.part(Part::Slice { from: from.max(1) - 1, chars }, expr, at)?
            }
            Expr::Floor { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                self.part(Part::Floor, expr, at)?
            }
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                self.part(Part::Ceiling, expr, at)?
            }
            Expr::SimilarTo { negated, expr: of, pattern, escape_char: None } => {
                let of = self.before(of, Level::Other, at)?;
                let pattern = similar(&self.constant_text(pattern, at)?);
                let pattern = pattern.ok_or_else(|| call::form(expr, at.clone()))?;
                What::Matches { of, pattern, fold: false, negated: *negated }
            }
            Expr::BinaryOp { left, op: BinaryOperator::Question, right } => {
                let of = self.before(left, Level::Other, at)?;
                let key = self.constant_text(right, at)?;
                What::Part { part: Part::HasKey(key), of }
            }
            _ => return Ok(None),
        }))
    }

    /// Reads a function that CHECKs alone have; `None` where it is none of them.
    pub(super) fn function(
        &mut self,
        name: &str,
        arguments: &[&Expr],
        at: &Range<usize>,
    ) -> Read<Option<What>> {
        let refused = || call::unknown_function(at.clone());
        Ok(Some(match (name, arguments) {
            ("starts_with", [of, start]) => {
                let of = Box::new(self.node(of, at)?);
                let start = self.constant_text(start, at)?;
                begins(of, &start, at)
            }
            ("strpos" | "position", [of, wanted]) => {
                let wanted = self.constant_text(wanted, at)?;
                self.part(Part::PlaceOf(wanted), of, at)?
            }
            ("left", [of, chars]) => {
                let chars = Some(self.count(chars, at)?);
                self.part(Part::Slice { from: 0, chars }, of, at)?
            }
            ("substr" | "substring", [of, from]) => {
                let from = self.count(from, at)?.max(1) - 1;
                self.part(Part::Slice { from, chars: None }, of, at)?
            }
            ("substr" | "substring", [of, from, chars]) => {
                let (from, chars) = (self.count(from, at)?.max(1) - 1, Some(self.count(chars, at)?));
                self.part(Part::Slice { from, chars }, of, at)?
            }
            ("similar_to_escape", _) => return Err(refused()),
            ("regexp_like", [of, pattern]) => {
                let pattern = self.constant_text(pattern, at)?;
                What::Matches { of: Box::new(self.node(of, at)?), pattern, fold: false, negated: false }
            }
            ("date_part", [field, of]) => {
                let field = field_of(&self.constant_text(field, at)?).ok_or_else(refused)?;
                self.part(Part::Field { field, float: true }, of, at)?
            }
            ("date_trunc", [field, of]) => {
                let field = field_of(&self.constant_text(field, at)?).filter(|field| field.is_unit());
                self.part(Part::Start(field.ok_or_else(refused)?), of, at)?
            }
            ("floor", [of]) => self.part(Part::Floor, of, at)?,
            ("ceil" | "ceiling", [of]) => self.part(Part::Ceiling, of, at)?,
            ("trunc", [of]) => self.part(Part::Cut(0), of, at)?,
            ("trunc", [of, behind]) => {
                let behind = u32::try_from(self.count(behind, at)?).map_err(|_| refused())?;
                self.part(Part::Cut(behind), of, at)?
            }
            ("mod", [left, right]) => {
                let (left, right) = (Box::new(self.node(left, at)?), Box::new(self.node(right, at)?));
                What::Arithmetic { op: Sign::Modulo, left, right }
            }
            ("jsonb_typeof" | "json_typeof", [of]) => self.part(Part::JsonKind, of, at)?,
            ("jsonb_array_length" | "json_array_length", [of]) => self.part(Part::JsonLength, of, at)?,
            ("jsonb_exists", [of, key]) => {
                let key = self.constant_text(key, at)?;
                self.part(Part::HasKey(key), of, at)?
            }
            // A word of our own, for other databases.
            ("standin_is_json", [of]) => self.part(Part::IsJson, of, at)?,
            ("cardinality", [of]) => self.part(Part::Elements { none: false }, of, at)?,
            ("array_length", [of, dimension]) if self.count(dimension, at)? == 1 => {
                self.part(Part::Elements { none: true }, of, at)?
            }
            ("num_nonnulls" | "num_nulls", [_, ..]) => {
                What::Count { of: self.nodes(arguments, at)?, nulls: name == "num_nulls" }
            }
            ("greatest" | "least", [_, ..]) => {
                What::Most { of: self.nodes(arguments, at)?, greatest: name == "greatest" }
            }
            _ => return Ok(None),
        }))
    }

    fn nodes(&mut self, exprs: &[&Expr], at: &Range<usize>) -> Read<Vec<Node>> {
        exprs.iter().map(|expr| self.node(expr, at)).collect()
    }

    fn part(&mut self, part: Part, of: &Expr, at: &Range<usize>) -> Read<What> {
        Ok(What::Part { part, of: Box::new(self.node(of, at)?) })
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[ast::CaseWhen],
        otherwise: Option<&Expr>,
        at: &Range<usize>,
    ) -> Read<What> {
        let mut branches = Vec::with_capacity(conditions.len());
        for ast::CaseWhen { condition, result } in conditions {
            let mut test = self.node(condition, at)?;
            if let Some(operand) = operand {
                let (left, right) = (Box::new(self.node(operand, at)?), Box::new(test));
                test = Node { at: at.clone(), what: What::Compare { op: Op::Equal, left, right } };
            }
            branches.push((test, self.node(result, at)?));
        }
        let otherwise = match otherwise {
            Some(otherwise) => self.node(otherwise, at)?,
            None => Node { at: at.clone(), what: What::Null },
        };
        Ok(What::Case { branches, otherwise: Box::new(otherwise) })
    }

    /// Reads a text that is written out.
    pub(super) fn constant_text(&mut self, expr: &Expr, at: &Range<usize>) -> Read<String> {
        let mut node = self.node(expr, at)?;
        while let What::Cast { of, .. } = node.what {
            node = *of;
        }
        match node.what {
            What::Text(text) => Ok(text),
            _ => Err(call::unknown_function(node.at)),
        }
    }

    /// Reads a whole number from 0 that is written out.
    fn count(&mut self, expr: &Expr, at: &Range<usize>) -> Read<usize> {
        let refused = || call::unknown_function(at.clone());
        match self.node(expr, at)?.what {
            What::Number(text) => text.parse().map_err(|_| refused()),
            _ => Err(refused()),
        }
    }

    /// Reads the pattern of `x ~ similar_to_escape('...')`, as pg_dump writes SIMILAR TO.
    pub(super) fn similar_to(&mut self, expr: &Expr, at: &Range<usize>) -> Read<Option<String>> {
        let Expr::Function(function) = expr else { return Ok(None) };
        let named = function.name.0.last().and_then(|part| part.as_ident());
        let is_it = named.is_some_and(|name| {
            ["similar_to_escape", "similar_escape"].contains(&name.value.to_ascii_lowercase().as_str())
        });
        let ast::FunctionArguments::List(list) = &function.args else { return Ok(None) };
        let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(pattern)), ..] = list.args.as_slice()
        else {
            return Ok(None);
        };
        if !is_it || list.args.len() != 1 {
            return Ok(None);
        }
        let pattern = similar(&self.constant_text(pattern, at)?);
        pattern.map(Some).ok_or_else(|| call::unknown_function(at.clone()))
    }
}

/// Says whether an expression ends in a word of its own, as functions do.
pub(super) fn is_closed(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Case { .. }
            | Expr::Extract { .. }
            | Expr::Position { .. }
            | Expr::Substring { .. }
            | Expr::Floor { .. }
            | Expr::Ceil { .. }
    )
}

/// Writes that a text begins with another one.
fn begins(of: Box<Node>, start: &str, at: &Range<usize>) -> What {
    let pattern = Box::new(Node { at: at.clone(), what: What::Text(like(start)) });
    What::Like { of, pattern, escape: Some('\\'), fold: false, negated: false }
}

/// Writes a pattern of texts that begin so.
pub(super) fn like(start: &str) -> String {
    let mut out = String::with_capacity(start.len() + 1);
    for c in start.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('%');
    out
}

fn field_of(name: &str) -> Option<Field> {
    Some(match name.to_ascii_lowercase().as_str() {
        "year" | "years" => Field::Year,
        "quarter" => Field::Quarter,
        "month" | "months" => Field::Month,
        "day" | "days" => Field::Day,
        "hour" | "hours" => Field::Hour,
        "minute" | "minutes" => Field::Minute,
        "dow" => Field::Weekday,
        "isodow" => Field::IsoWeekday,
        "doy" => Field::DayOfYear,
        _ => return None,
    })
}

/// Writes the pattern of SIMILAR TO as a regular expression; `None` where it has an escape.
fn similar(pattern: &str) -> Option<String> {
    let (mut out, mut bracket) = (String::from("^(?:"), false);
    for c in pattern.chars() {
        match c {
            '\\' => return None,
            '[' => bracket = true,
            ']' => bracket = false,
            '%' if !bracket => {
                out.push_str(".*");
                continue;
            }
            '_' if !bracket => {
                out.push('.');
                continue;
            }
            '.' | '^' | '$' if !bracket => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out.push_str(")$");
    Some(out)
}
