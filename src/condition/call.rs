//! Text to tree, the tight parts: literals, columns, casts, functions; and what is said of everything else.

use std::ops::Range;

use sqlparser::ast::{
    self, BinaryOperator, CastKind, DateTimeField, Expr, FunctionArg, FunctionArgExpr, FunctionArguments,
    TrimWhereField, Value,
};

use super::Refused;
use super::level::Level;
use super::named::named;
use super::read::{Read, Reader};
use super::tree::{Function, Node, What};
use crate::error::Name;
use crate::message;

impl Reader<'_> {
    /// Reads what binds tighter than operators.
    pub(super) fn value(&mut self, expr: &Expr, at: &Range<usize>) -> Read<What> {
        if self.regular
            && let Some(form) = self.form(expr, at)?
        {
            return Ok(form);
        }
        match expr {
            Expr::Value(value) => self.constant(&value.value, at),
            Expr::Identifier(name) => {
                let quoted = name.quote_style.is_some();
                if !quoted && SPECIAL.iter().any(|word| name.value.eq_ignore_ascii_case(word)) {
                    return Err(outside(at.clone(), "conditions do not know who or where they run"));
                }
                Ok(What::Column { name: name.value.clone(), quoted })
            }
            Expr::CompoundIdentifier(_) => {
                let hint = "write the column's name alone; a condition sees one table";
                Err(Refused::new(at.clone(), "columns stand without their table's name", hint))
            }
            Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr: of,
                data_type,
                format: None,
            } => {
                let least = if level_matters(expr) { Level::Cast } else { Level::Or };
                Ok(What::Cast { of: self.before(of, least, at)?, to: named(data_type, at)? })
            }
            Expr::TypedString(typed) if !typed.uses_odbc_syntax => {
                let to = named(&typed.data_type, at)?;
                let text = self.text_literal(&typed.value.value, at)?;
                let text = Node { at: at.clone(), what: What::Text(text) };
                Ok(What::Cast { of: Box::new(text), to })
            }
            Expr::Interval(interval) => self.interval(interval, at),
            Expr::Collate { expr, collation } => {
                let exact = collation.0.last().and_then(|part| part.as_ident());
                if !exact.is_some_and(|ident| matches!(ident.value.as_str(), "C" | "POSIX")) {
                    let hint = "leave it out, or write COLLATE \"C\"";
                    return Err(Refused::new(at.clone(), "text orders by bytes here", hint));
                }
                // Bytes it is already; text it must be.
                Ok(self.before(expr, Level::Collate, at)?.what)
            }
            Expr::Trim { trim_where, trim_what: None, trim_characters: None, expr } => {
                let function = match trim_where {
                    None | Some(TrimWhereField::Both) => Function::Trim,
                    Some(TrimWhereField::Leading) => Function::TrimLeft,
                    Some(TrimWhereField::Trailing) => Function::TrimRight,
                };
                Ok(What::Call { function, arguments: vec![self.node(expr, at)?] })
            }
            Expr::Function(call) => self.call(call, at),
            _ => Err(form(expr, at.clone())),
        }
    }

    fn constant(&self, value: &Value, at: &Range<usize>) -> Read<What> {
        match value {
            Value::Null => Ok(What::Null),
            Value::Boolean(value) => Ok(What::Boolean(*value)),
            Value::Number(text, false) => Ok(What::Number(text.clone())),
            _ => Ok(What::Text(self.text_literal(value, at)?)),
        }
    }

    fn text_literal(&self, value: &Value, at: &Range<usize>) -> Read<String> {
        self.literal(value, at).ok_or_else(|| {
            let hint = "write 'text', with '' for a quote inside it, or a plain number";
            Refused::new(at.clone(), "conditions do not have this kind of literal", hint)
        })
    }

    /// Reads `interval '90 days'` and `interval '90' day`.
    fn interval(&self, interval: &ast::Interval, at: &Range<usize>) -> Read<What> {
        let refused =
            || Refused::new(at.clone(), "this interval is not understood", "write `interval '90 days'`");
        let plain = interval.leading_precision.is_none()
            && interval.last_field.is_none()
            && interval.fractional_seconds_precision.is_none();
        let Expr::Value(value) = interval.value.as_ref() else { return Err(refused()) };
        let text = self.literal(&value.value, at).filter(|_| plain).ok_or_else(refused)?;
        let unit = match &interval.leading_field {
            None => None,
            Some(DateTimeField::Year | DateTimeField::Years) => Some("year"),
            Some(DateTimeField::Month | DateTimeField::Months) => Some("month"),
            Some(DateTimeField::Day | DateTimeField::Days) => Some("day"),
            Some(DateTimeField::Hour | DateTimeField::Hours) => Some("hour"),
            Some(DateTimeField::Minute | DateTimeField::Minutes) => Some("minute"),
            Some(DateTimeField::Second | DateTimeField::Seconds) => Some("second"),
            Some(_) => return Err(refused()),
        };
        Ok(What::Interval { text, unit })
    }

    fn call(&mut self, call: &ast::Function, at: &Range<usize>) -> Read<What> {
        let parts: Vec<_> = call.name.0.iter().filter_map(|part| part.as_ident()).collect();
        let name = match parts.as_slice() {
            [name] => name.value.to_ascii_lowercase(),
            [schema, name] if schema.value.eq_ignore_ascii_case("pg_catalog") => {
                name.value.to_ascii_lowercase()
            }
            _ => return Err(unknown_function(at.clone())),
        };
        let plain = !call.uses_odbc_syntax
            && call.parameters == FunctionArguments::None
            && call.within_group.is_empty()
            && call.filter.is_none()
            && call.null_treatment.is_none()
            && call.over.is_none();
        if !plain {
            return Err(unknown_function(at.clone()));
        }
        let mut arguments = Vec::new();
        let parentheses = match &call.args {
            FunctionArguments::None => false,
            FunctionArguments::List(list)
                if list.duplicate_treatment.is_none() && list.clauses.is_empty() =>
            {
                let mut exprs = Vec::with_capacity(list.args.len());
                for argument in &list.args {
                    let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else {
                        return Err(unknown_function(at.clone()));
                    };
                    exprs.push(expr);
                }
                if self.regular
                    && let Some(function) = self.function(&name, &exprs, at)?
                {
                    return Ok(function);
                }
                for expr in exprs {
                    arguments.push(self.node(expr, at)?);
                }
                true
            }
            _ => return Err(unknown_function(at.clone())),
        };
        let function = match (name.as_str(), arguments.len(), parentheses) {
            ("now", 0, true) | ("transaction_timestamp", 0, true) | ("current_timestamp", 0, false) => {
                return Ok(What::Now);
            }
            ("current_date", 0, false) => return Ok(What::CurrentDate),
            ("localtimestamp", 0, false) => return Ok(What::LocalTimestamp),
            ("lower", 1, true) => Function::Lower,
            ("upper", 1, true) => Function::Upper,
            ("length" | "char_length" | "character_length", 1, true) => Function::Length,
            ("octet_length", 1, true) => Function::OctetLength,
            ("trim" | "btrim", 1, true) => Function::Trim,
            ("ltrim", 1, true) => Function::TrimLeft,
            ("rtrim", 1, true) => Function::TrimRight,
            ("coalesce", 1.., true) => Function::Coalesce,
            ("round", 1 | 2, true) => Function::Round,
            ("abs", 1, true) => Function::Absolute,
            _ => return Err(unknown_function(at.clone())),
        };
        Ok(What::Call { function, arguments })
    }
}

/// Says whether a cast is written `::`, behind its operand.
fn level_matters(expr: &Expr) -> bool {
    matches!(expr, Expr::Cast { kind: CastKind::DoubleColon, .. })
}

/// Words that PostgreSQL reads as functions without parentheses.
const SPECIAL: &[&str] = &[
    "current_role",
    "current_schema",
    "current_user",
    "session_user",
    "user",
    "current_catalog",
    "system_user",
];

pub(super) fn unknown_function(at: Range<usize>) -> Refused {
    Refused::new(
        at,
        "conditions do not have this function",
        "functions here: now, current_date, current_timestamp, localtimestamp, lower, upper, length, char_length, \
         octet_length, trim, ltrim, rtrim, coalesce, round, abs",
    )
}

fn outside(at: Range<usize>, what: &'static str) -> Refused {
    Refused::new(at, what, "compare columns of this row with values")
}

/// Refuses an operator.
pub(super) fn operator(op: &BinaryOperator, at: Range<usize>) -> Refused {
    use BinaryOperator as B;
    let (what, hint) = match op {
        B::PGRegexMatch | B::PGRegexIMatch | B::PGRegexNotMatch | B::PGRegexNotIMatch | B::Regexp => {
            ("conditions do not have regular expressions", "write LIKE or ILIKE with `%` and `_`")
        }
        B::StringConcat => ("conditions do not join texts", "compare the parts one by one, with AND"),
        B::HashArrow | B::HashLongArrow => {
            ("conditions do not have paths into JSON", "write `column -> 'a' ->> 'b'`, one step at a time")
        }
        B::AtArrow | B::ArrowAt | B::Question | B::QuestionAnd | B::QuestionPipe => (
            "conditions do not look for what JSON or an array contains",
            "write `column ->> 'key' = 'value'`",
        ),
        B::Spaceship => ("`<=>` is MySQL's", "write `IS NOT DISTINCT FROM`"),
        _ => {
            let hint = "operators here: = <> < <= > >= + - * / % -> ->> AND OR NOT IS IN BETWEEN LIKE ILIKE";
            return Refused::new(
                at,
                message!("conditions do not have the operator `{}`", Name::new(op.to_string())),
                hint,
            );
        }
    };
    Refused::new(at, what, hint)
}

/// Refuses a form.
pub(super) fn form(expr: &Expr, at: Range<usize>) -> Refused {
    let (what, hint) = match expr {
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => (
            "a condition sees one row of one table, so it has no subqueries",
            "compare columns of this row with values",
        ),
        Expr::Case { .. } => ("conditions do not have CASE", "write it with AND, OR and NOT"),
        Expr::Array(_) => {
            ("an array stands only behind ANY or ALL", "write `= ANY (ARRAY['a', 'b'])` or `IN ('a', 'b')`")
        }
        Expr::Tuple(_) => ("rows are not compared as a whole", "compare column by column, with AND"),
        Expr::SimilarTo { .. } | Expr::RLike { .. } => {
            ("conditions do not have regular expressions", "write LIKE or ILIKE with `%` and `_`")
        }
        Expr::Like { .. } | Expr::ILike { .. } => {
            ("LIKE takes one pattern", "write one LIKE for each, with OR")
        }
        Expr::Extract { .. } => {
            ("conditions do not take parts of a date", "compare with the first day: `born >= '1990-01-01'`")
        }
        Expr::AtTimeZone { .. } => {
            ("moments are compared in UTC", "write the zone in the value: '2024-01-31 10:00+02'")
        }
        Expr::Substring { .. } | Expr::Position { .. } | Expr::Overlay { .. } => {
            ("conditions do not take texts apart", "write LIKE: `code LIKE 'AB%'`")
        }
        Expr::Trim { .. } => ("only blanks are trimmed", "write `trim(column)`"),
        Expr::Cast { .. } => {
            ("this kind of cast is not PostgreSQL's", "write `column::text` or `CAST(column AS text)`")
        }
        _ => (
            "conditions do not have this form",
            "compare columns of this row with values, joined by AND, OR and NOT",
        ),
    };
    Refused::new(at, what, hint)
}
