//! Binding of casts: the ones whose result is certain. Casts that round, cut or depend on a server's setting are refused.

use std::ops::Range;

use super::Refused;
use super::bind::{Binder, Binding, Typed};
use super::eval::Term;
use super::literal::literal;
use super::map::Map;
use super::tree::{Named, Node, What};
use super::types::Ty;
use super::value::{Constant, Form};
use crate::error::Name;
use crate::message;
use crate::row::shape::TypeClass;

impl Binder<'_> {
    pub(super) fn cast(&self, of: &Node, to: &Named, at: Range<usize>) -> Binding<Typed> {
        let ty = self.named(to, &at)?;
        if let What::Text(text) = &of.what {
            if ty == Ty::Json {
                return Err(Refused::new(
                    at,
                    "JSON written out is not taken apart",
                    "write the value itself",
                ));
            }
            return Ok(Typed { term: literal(text, &ty, &of.at)?, ty, at });
        }
        let of = self.typed(of)?;
        let term = match self.settle_cast(of, &ty) {
            Ok(term) => term,
            Err(Some(refused)) => return Err(refused),
            Err(None) => {
                return Err(Refused::new(
                    at,
                    "this cast is not certain to keep the value",
                    "compare the column in its own type",
                ));
            }
        };
        Ok(Typed { term: self.fold(term, &at)?, ty, at })
    }

    /// Makes a part what it is cast to; `Err(None)` where that is not certain.
    fn settle_cast(&self, of: Typed, to: &Ty) -> Result<Term, Option<Refused>> {
        if of.ty == Ty::Literal {
            return match of.term {
                Term::Constant(Constant::Null) => Ok(of.term),
                _ => self.settle(of, to),
            };
        }
        let column = self.column_of(&of.term);
        let map = |term: Term, by: Map| Ok(Term::Map { of: Box::new(term), by, column });
        match (&of.ty, to) {
            (from, to) if from == to => Ok(of.term),
            (Ty::Bpchar, Ty::Text | Ty::Varchar | Ty::CiText) => map(of.term, Map::Unpad),
            (from, to) if from.is_text() && to.is_text() => Ok(of.term),
            (from, Ty::Json) if from.is_text() => Ok(of.term),
            (from, to) if from.is_text() => {
                let term = if *from == Ty::Bpchar {
                    Term::Map { of: Box::new(of.term), by: Map::Unpad, column }
                } else {
                    of.term
                };
                map(term, Map::Read(Form::of_text(to).ok_or(None)?))
            }
            (Ty::Json | Ty::Jsonb, to) if to.is_text() => Ok(of.term),
            (Ty::Enum(labels), to) if to.is_text() => {
                map(of.term, Map::Print(Some(std::sync::Arc::clone(labels))))
            }
            (Ty::Boolean | Ty::Uuid, to) if to.is_text() => map(of.term, Map::Print(None)),
            (from, to) if from.range().is_some() && to.is_text() => map(of.term, Map::Print(None)),
            (from, to) if from.range().is_some() && to.range().is_some() => {
                let wider = from.join(to).as_ref() == Some(to);
                match to.range() {
                    Some((least, most)) if !wider => map(of.term, Map::Range(least, most)),
                    _ => Ok(of.term),
                }
            }
            (from, Ty::Numeric) if from.range().is_some() => Ok(of.term),
            (Ty::Boolean, Ty::Integer) => map(of.term, Map::Whole),
            (Ty::Timestamp | Ty::TimestampTz, Ty::Date) => map(of.term, Map::Day),
            // One clock for both: UTC.
            (Ty::TimestampTz, Ty::Timestamp) => Ok(of.term),
            _ => self.settle(of, to),
        }
    }

    /// Returns the type of a name; other names are those of the schema, as its columns spell them.
    fn named(&self, named: &Named, at: &Range<usize>) -> Binding<Ty> {
        Ok(match named {
            Named::SmallInt => Ty::SmallInt,
            Named::Integer => Ty::Integer,
            Named::BigInt => Ty::BigInt,
            Named::Numeric => Ty::Numeric,
            Named::Real => Ty::Real,
            Named::Double => Ty::Double,
            Named::Boolean => Ty::Boolean,
            Named::Text => Ty::Text,
            Named::Varchar => Ty::Varchar,
            Named::Bpchar => Ty::Bpchar,
            Named::Uuid => Ty::Uuid,
            Named::Date => Ty::Date,
            Named::Timestamp => Ty::Timestamp,
            Named::TimestampTz => Ty::TimestampTz,
            Named::Time => Ty::Time,
            Named::Interval => Ty::Interval,
            Named::Json => Ty::Json,
            Named::Jsonb => {
                let what = "a cast to jsonb writes numbers and members anew";
                return Err(Refused::new(at.clone(), what, "write `column::json ->> 'key'`"));
            }
            Named::Other(name) => return self.other(name, at),
        })
    }

    fn other(&self, name: &str, at: &Range<usize>) -> Binding<Ty> {
        let last = |name: &str| name.rsplit('.').next().unwrap_or_default().replace('"', "");
        let known = self.columns.iter().find(|column| {
            let named = matches!(column.ty.class, TypeClass::Enum(_) | TypeClass::CiText);
            let text = column.ty.text.replace('"', "");
            // A name with a schema is that type; one without is the type of that name in any.
            named && (text == name || (!name.contains('.') && last(&text) == name))
        });
        match known {
            Some(column) => Ok(Ty::of_column(&column.ty)),
            None => {
                let what = message!("no column of this table has the type `{}`", Name::new(name));
                Err(Refused::new(
                    at.clone(),
                    what,
                    "cast to a type of PostgreSQL, or to the enum of a column",
                ))
            }
        }
    }
}
