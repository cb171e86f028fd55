//! Types by the names that casts and literals give them.

use std::ops::Range;

use sqlparser::ast::{CharacterLength, DataType, ExactNumberInfo, TimezoneInfo};

use super::Refused;
use super::tree::Named;

/// Reads a type.
///
/// # Errors
/// The subset has no such type, or not with a length or precision: those would change the value.
pub(super) fn named(ty: &DataType, at: &Range<usize>) -> Result<Named, Refused> {
    use DataType as D;
    let exact =
        |info: &ExactNumberInfo, ty| if *info == ExactNumberInfo::None { Ok(ty) } else { Err(narrowed(at)) };
    let length =
        |length: &Option<CharacterLength>, ty| if length.is_none() { Ok(ty) } else { Err(narrowed(at)) };
    let precise = |precision: &Option<u64>, ty| if precision.is_none() { Ok(ty) } else { Err(narrowed(at)) };
    match ty {
        D::Int2(None) | D::SmallInt(None) => Ok(Named::SmallInt),
        D::Int(None) | D::Int4(None) | D::Integer(None) => Ok(Named::Integer),
        D::BigInt(None) | D::Int8(None) => Ok(Named::BigInt),
        D::Numeric(info) | D::Decimal(info) | D::Dec(info) => exact(info, Named::Numeric),
        D::Real | D::Float4 => Ok(Named::Real),
        D::Float8 | D::DoublePrecision => Ok(Named::Double),
        D::Float(info) => exact(info, Named::Double),
        D::Bool | D::Boolean => Ok(Named::Boolean),
        D::Text => Ok(Named::Text),
        D::Varchar(n) | D::CharacterVarying(n) | D::CharVarying(n) => length(n, Named::Varchar),
        D::Uuid => Ok(Named::Uuid),
        D::Date => Ok(Named::Date),
        D::Timestamp(n, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => precise(n, Named::Timestamp),
        D::Timestamp(n, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz) => precise(n, Named::TimestampTz),
        D::Time(n, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => precise(n, Named::Time),
        D::Interval { fields: None, precision } => precise(precision, Named::Interval),
        D::JSON => Ok(Named::Json),
        D::JSONB => Ok(Named::Jsonb),
        D::Custom(name, modifiers) if modifiers.is_empty() => {
            let parts: Option<Vec<String>> = name
                .0
                .iter()
                .map(|part| part.as_ident())
                .map(|ident| {
                    let ident = ident?;
                    Some(if ident.quote_style.is_none() {
                        ident.value.to_ascii_lowercase()
                    } else {
                        ident.value.clone()
                    })
                })
                .collect();
            let parts = parts.ok_or_else(|| unknown(at))?;
            match parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["bpchar"] | ["pg_catalog", "bpchar"] => Ok(Named::Bpchar),
                _ => Ok(Named::Other(parts.join("."))),
            }
        }
        _ => Err(unknown(at)),
    }
}

fn narrowed(at: &Range<usize>) -> Refused {
    Refused::new(
        at.clone(),
        "a cast to a type with a length or precision changes the value",
        "write the type without it: `::text`, `::numeric`",
    )
}

fn unknown(at: &Range<usize>) -> Refused {
    Refused::new(
        at.clone(),
        "conditions do not have this type",
        "cast to text, integer, bigint, numeric, double precision, boolean, date, timestamp, timestamptz or uuid",
    )
}
