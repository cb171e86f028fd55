//! Binding of calculations, signs and steps into JSON: which types they take and give.

use std::ops::Range;

use super::Refused;
use super::bind::{Binder, Binding, Typed};
use super::eval::Term;
use super::json::Step;
use super::map::Map;
use super::tree::{Function, Node, Sign, What};
use super::types::Ty;
use super::value::Constant;
use crate::message;

impl Binder<'_> {
    pub(super) fn negative(&self, of: &Node, at: Range<usize>) -> Binding<Typed> {
        let of = self.typed(of)?;
        let numeric = matches!(of.ty, Ty::Numeric | Ty::Real | Ty::Double | Ty::Interval);
        if !numeric && of.ty.range().is_none() {
            let what = message!("a sign is for numbers, and this is of type {}", of.ty.name());
            return Err(Refused::new(of.at, what, "write a number without quotes: -5"));
        }
        let column = self.column_of(&of.term);
        let term = Term::Map { of: Box::new(of.term), by: Map::Negative(of.ty.range()), column };
        Ok(Typed { term: self.fold(term, &at)?, ty: of.ty, at })
    }

    pub(super) fn arithmetic(
        &self,
        sign: Sign,
        left: &Node,
        right: &Node,
        at: Range<usize>,
    ) -> Binding<Typed> {
        let (mut left, mut right) = (self.typed(left)?, self.typed(right)?);
        // 'text' beside a whole number is one; beside a date PostgreSQL's choice surprises, so it is not made.
        self.whole(&mut left, &right.ty)?;
        self.whole(&mut right, &left.ty)?;
        let date = |ty: &Ty| matches!(ty, Ty::Timestamp | Ty::TimestampTz);
        let days = |ty: &Ty| matches!(ty, Ty::SmallInt | Ty::Integer);
        let shift = matches!(sign, Sign::Plus | Sign::Minus);
        let types = (left.ty.clone(), right.ty.clone());
        let (ty, midnight, swapped) = match (&types.0, sign, &types.1) {
            (a, _, b) if a.range().is_some() && b.range().is_some() => (a.join(b), [false, false], false),
            (a, Sign::Plus | Sign::Minus | Sign::Times | Sign::Divided, b)
                if a.is_exact() && b.is_exact() =>
            {
                (Some(Ty::Numeric), [false, false], false)
            }
            // Two real numbers are calculated with as such, which has other results: not here.
            (a, Sign::Plus | Sign::Minus | Sign::Times | Sign::Divided, b)
                if a.is_number() && b.is_number() && !(*a == Ty::Real && *b == Ty::Real) =>
            {
                left = self.double(left)?;
                right = self.double(right)?;
                (Some(Ty::Double), [false, false], false)
            }
            (Ty::Time, Sign::Minus, Ty::Time) => (Some(Ty::Interval), [false, false], false),
            (Ty::Date, Sign::Plus | Sign::Minus, b) if days(b) => (Some(Ty::Date), [false, false], false),
            (a, Sign::Plus, Ty::Date) if days(a) => (Some(Ty::Date), [false, false], true),
            (Ty::Date, Sign::Minus, Ty::Date) => (Some(Ty::Integer), [false, false], false),
            (Ty::Date, _, Ty::Interval) if shift => (Some(Ty::Timestamp), [true, false], false),
            (a, _, Ty::Interval) if shift && date(a) => (Some(a.clone()), [false, false], false),
            (Ty::Interval, Sign::Plus, Ty::Date) => (Some(Ty::Timestamp), [false, true], true),
            (Ty::Interval, Sign::Plus, b) if date(b) => (Some(b.clone()), [false, false], true),
            (Ty::Interval, _, Ty::Interval) if shift => (Some(Ty::Interval), [false, false], false),
            (a, Sign::Minus, b) if (date(a) || date(b)) && a.join(b).is_some() => {
                (Some(Ty::Interval), [*a == Ty::Date, *b == Ty::Date], false)
            }
            _ => (None, [false, false], false),
        };
        let Some(ty) = ty else { return Err(not_calculated(&left.ty, &right.ty, at)) };
        let sides = [left, right].into_iter().zip(midnight).map(|(side, midnight)| {
            let column = self.column_of(&side.term);
            if midnight {
                self.fold(Term::Map { of: Box::new(side.term), by: Map::Midnight, column }, &side.at)
            } else {
                Ok(side.term)
            }
        });
        let mut sides = sides.collect::<Binding<Vec<Term>>>()?;
        if swapped {
            sides.reverse();
        }
        let (Some(right), Some(left)) = (sides.pop(), sides.pop()) else {
            return Err(Refused::new(
                at,
                "this calculation has lost a side",
                "this is a fault of standin: please report it",
            ));
        };
        let range = ty.range();
        let term = Term::Calculate { sign, left: Box::new(left), right: Box::new(right), range, column: 0 };
        let column = self.column_of(&term);
        let term = match term {
            Term::Calculate { sign, left, right, range, .. } => {
                Term::Calculate { sign, left, right, range, column }
            }
            other => other,
        };
        Ok(Typed { term: self.fold(term, &at)?, ty, at })
    }

    /// Makes a number a binary one.
    fn double(&self, side: Typed) -> Binding<Typed> {
        let at = side.at.clone();
        let lost = Refused::new(at.clone(), "this number has no binary form", "write it shorter");
        let term = self.settle(side, &Ty::Double).map_err(|refused| refused.unwrap_or(lost))?;
        Ok(Typed { term, ty: Ty::Double, at })
    }

    /// Binds `round(x)`, `round(x, 2)` and `abs(x)` of exact numbers.
    pub(super) fn rounded(&self, function: Function, arguments: &[Node], at: Range<usize>) -> Binding<Typed> {
        let refused = |what: crate::error::Message| {
            Refused::new(at.clone(), what, "write `round(column * 3, 2)`, of whole numbers or decimals")
        };
        let (Some(of), behind) = (arguments.first(), arguments.get(1)) else {
            return Err(refused(message!("this function takes a number")));
        };
        let of = self.typed(of)?;
        if !of.ty.is_exact() {
            return Err(refused(message!(
                "this function is for exact numbers, and this is of type {}",
                of.ty.name()
            )));
        }
        let behind = match behind.map(|node| &node.what) {
            None => Some(0),
            Some(What::Number(text)) => text.parse().ok().filter(|behind| *behind <= 18),
            Some(_) => None,
        };
        let Some(behind) = behind else {
            return Err(refused(message!("the digits behind the point are a whole number from 0 to 18")));
        };
        let column = self.column_of(&of.term);
        let by = if function == Function::Round { Map::Round(behind) } else { Map::Absolute };
        let term = Term::Map { of: Box::new(of.term), by, column };
        Ok(Typed { term: self.fold(term, &at)?, ty: Ty::Numeric, at })
    }

    /// Makes 'text' beside a whole number one.
    fn whole(&self, side: &mut Typed, other: &Ty) -> Binding<()> {
        if side.ty != Ty::Literal {
            return Ok(());
        }
        if other.range().is_none() {
            let hint = "write its type: interval '1 day', date '2024-01-31', or a number without quotes";
            return Err(Refused::new(
                side.at.clone(),
                "the type of this value is not clear in a calculation",
                hint,
            ));
        }
        let at = side.at.clone();
        let taken = Typed { term: Term::Constant(Constant::Null), ty: Ty::Literal, at: at.clone() };
        let literal = std::mem::replace(side, taken);
        let term = self.settle(literal, other).map_err(|refused| {
            refused.unwrap_or_else(|| {
                Refused::new(at.clone(), "this is no whole number", "write a number without quotes")
            })
        })?;
        *side = Typed { term, ty: other.clone(), at };
        Ok(())
    }

    /// Binds a step into JSON.
    pub(super) fn get(&self, of: &Node, key: &Node, text: bool, at: Range<usize>) -> Binding<Typed> {
        let of = self.typed(of)?;
        if !of.ty.is_json() {
            let what = message!("`->` and `->>` take JSON apart, and this is of type {}", of.ty.name());
            return Err(Refused::new(of.at, what, "cast text that holds JSON: `column::json ->> 'key'`"));
        }
        let binary = of.ty == Ty::Jsonb;
        let at_index = |index| Step::Index { index, binary };
        let step = match &key.what {
            What::Text(text) => Some(Step::Key(text.as_bytes().into())),
            What::Number(text) => text.parse::<i32>().ok().map(|index| at_index(i64::from(index))),
            What::Negative(of) => match &of.what {
                What::Number(text) => text.parse::<i32>().ok().map(|index| at_index(-i64::from(index))),
                _ => None,
            },
            What::Cast { of, to: super::tree::Named::Text } => match &of.what {
                What::Text(text) => Some(Step::Key(text.as_bytes().into())),
                _ => None,
            },
            _ => None,
        };
        if let Some(Step::Key(name)) = &step
            && name.starts_with(b"$")
        {
            let what = "a key that begins with `$` is a path of MySQL or SQLite, and none here";
            return Err(Refused::new(
                key.at.clone(),
                what,
                "write the key alone, one step at a time: `column -> 'a' ->> 'b'`",
            ));
        }
        let Some(step) = step else {
            return Err(Refused::new(
                key.at.clone(),
                "the key of a JSON member is written out",
                "write `column ->> 'key'` or `column -> 0`",
            ));
        };
        let column = self.column_of(&of.term);
        let term = Term::Map { of: Box::new(of.term), by: Map::Get { step, text }, column };
        Ok(Typed { term: self.fold(term, &at)?, ty: if text { Ty::Text } else { of.ty }, at })
    }
}

fn not_calculated(left: &Ty, right: &Ty, at: Range<usize>) -> Refused {
    let decimal = |ty: &Ty| matches!(ty, Ty::Numeric | Ty::Real | Ty::Double);
    let (what, hint) = if decimal(left) || decimal(right) {
        (
            message!("conditions do not calculate so with numbers"),
            "numbers here: + - * / of all but two reals, % of whole ones",
        )
    } else {
        (
            message!("{} and {} are not calculated with so", left.name(), right.name()),
            "calculations here: whole numbers + - * / %, other numbers + - * /, a date + or - days, a date or timestamp + or - an interval, differences of both",
        )
    };
    Refused::new(at, what, hint)
}
