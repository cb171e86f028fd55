//! Constants of the condition by their type, and what is said where one is none of it.

use std::ops::Range;

use super::Refused;
use super::eval::Term;
use super::moment::Interval;
use super::types::Ty;
use super::value::{Constant, Form};
use crate::message;

/// Makes the constant of a text; `None` where the text is none of the type.
fn constant(text: &str, ty: &Ty) -> Option<Constant> {
    if *ty == Ty::Interval {
        return Interval::parse(text.trim()).map(Constant::Interval);
    }
    Some(Form::of_text(ty)?.text(text.as_bytes())?.keep(&[]))
}

/// Makes the term of a text.
///
/// # Errors
/// The text is none of the type.
pub(super) fn literal(text: &str, ty: &Ty, at: &Range<usize>) -> Result<Term, Refused> {
    constant(text, ty).map(Term::Constant).ok_or_else(|| {
        let hint = match ty {
            Ty::Boolean => "write true or false",
            Ty::SmallInt | Ty::Integer | Ty::BigInt => "write a whole number that the type can hold",
            Ty::Numeric | Ty::Real | Ty::Double => "write a number, like 12.5",
            Ty::Uuid => "write it as 8-4-4-4-12 hexadecimal digits",
            Ty::Date => "write a date as '2024-01-31', or current_date",
            Ty::Timestamp | Ty::TimestampTz => "write a moment as '2024-01-31 10:00:00+00', or now()",
            Ty::Time => "write a time as '10:00:00'",
            Ty::Interval => "write an interval as '90 days' or '1 year 6 months'; units: years months weeks days hours minutes seconds",
            Ty::Enum(_) => "write one of the enum's labels, as the schema spells it",
            _ => "compare `column ->> 'key'`, which is text",
        };
        Refused::new(at.clone(), message!("this text is no value of {}", ty.name()), hint)
    })
}

/// Makes the number as PostgreSQL types it: integer, else bigint, else numeric.
pub(super) fn number(text: &str) -> Option<(Term, Ty)> {
    for ty in [Ty::Integer, Ty::BigInt, Ty::Numeric] {
        // `12.` and `1e3` are numeric, as is what is too large for bigint.
        if (ty == Ty::Numeric || text.bytes().all(|b| b.is_ascii_digit()))
            && let Some(constant) = constant(text, &ty)
        {
            return Some((Term::Constant(constant), ty));
        }
    }
    None
}
