//! Binding of lists: IN, ANY, ALL and COALESCE. Which type the items take is PostgreSQL's choice and decides answers: a
//! `real` in a list makes its numbers real ones, alone it makes them double.
//!
//! Source: `transformAExprIn` in `parse_expr.c`, `select_common_type` in `parse_coerce.c`.

use std::cmp::Ordering;
use std::ops::Range;

use super::bind::{Binder, Binding, Typed, first_slot, not_compared};
use super::eval::{Term, Test};
use super::tree::{List, Node, Op};
use super::types::Ty;
use super::value::{Constant, compare};

/// A list of constants from this length on is sorted and searched.
const SORTED_FROM: usize = 4;

impl Binder<'_> {
    /// Binds IN. Items without columns, if there are several, take the type that they and the left side have in common;
    /// each other item is compared by itself.
    pub(super) fn one_of(&self, of: &Node, list: &[Node]) -> Binding<Test> {
        let mut constants = Vec::new();
        let mut tests = Vec::new();
        for item in list {
            let item = self.typed(item)?;
            if first_slot(&item.term).is_none() {
                constants.push(item);
            } else {
                tests.push(self.equal(self.typed(of)?, item)?);
            }
        }
        if constants.len() < 2 {
            for item in constants {
                tests.push(self.equal(self.typed(of)?, item)?);
            }
        } else {
            let of = self.typed(of)?;
            let own = common(std::iter::once(&of).chain(&constants))?;
            tests.insert(0, self.array(of, Op::Equal, (constants, own), false)?);
        }
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) })
    }

    fn equal(&self, left: Typed, right: Typed) -> Binding<Test> {
        let (left, right, kind) = self.meet(left, right)?;
        Ok(Test::Compare { op: Op::Equal, kind, left, right })
    }

    /// Binds ANY and ALL.
    pub(super) fn each(&self, of: &Node, op: Op, list: &List, all: bool) -> Binding<Test> {
        let of = self.typed(of)?;
        let items: Vec<Typed> = list.items.iter().map(|item| self.typed(item)).collect::<Binding<_>>()?;
        let own = if list.own_type || of.ty == Ty::Literal { common(&items)? } else { of.ty.clone() };
        self.array(of, op, (items, own), all)
    }

    /// Compares with items that have a type of their own.
    fn array(&self, of: Typed, op: Op, (items, own): (Vec<Typed>, Ty), all: bool) -> Binding<Test> {
        let ty = if of.ty == Ty::Literal { Some(own.clone()) } else { of.ty.meet(&own) };
        let ty = ty.ok_or_else(|| not_compared(&of.ty, &own, of.at.clone()))?;
        // The items become their own type first: in it a literal is read.
        let items = items.into_iter().map(|item| self.become_type(self.become_type(item, &own)?, &ty));
        let items = items.collect::<Binding<Vec<_>>>()?;
        search(self.become_type(of, &ty)?, op, items, all)
    }

    /// Binds values that take the type that they have in common.
    pub(super) fn alike<'n>(&self, items: impl Iterator<Item = &'n Node>) -> Binding<(Vec<Term>, Ty)> {
        let list: Vec<Typed> = items.map(|item| self.typed(item)).collect::<Binding<_>>()?;
        let ty = common(&list)?;
        let terms =
            list.into_iter().map(|item| Ok(self.become_type(item, &ty)?.term)).collect::<Binding<_>>()?;
        Ok((terms, ty))
    }

    pub(super) fn coalesce(&self, arguments: &[Node], at: Range<usize>) -> Binding<Typed> {
        let (terms, ty) = self.alike(arguments.iter())?;
        Ok(Typed { term: self.fold(Term::Coalesce(terms), &at)?, ty, at })
    }

    fn become_type(&self, item: Typed, ty: &Ty) -> Binding<Typed> {
        let (from, at) = (item.ty.clone(), item.at.clone());
        let term = self.settle(item, ty);
        let term = term.map_err(|refused| refused.unwrap_or_else(|| not_compared(&from, ty, at.clone())))?;
        Ok(Typed { term, ty: ty.clone(), at })
    }
}

/// Compares with every item; all are of one type now.
fn search(of: Typed, op: Op, items: Vec<Typed>, all: bool) -> Binding<Test> {
    let kind = of.ty.kind().ok_or_else(|| not_compared(&of.ty, &of.ty, of.at.clone()))?;
    let list: Vec<Term> = items.into_iter().map(|item| item.term).collect();
    let constants = list.iter().all(|item| matches!(item, Term::Constant(_)));
    if op != Op::Equal || all || !constants || list.len() < SORTED_FROM {
        return Ok(Test::Each { of: of.term, op, kind, list, all });
    }
    let mut sorted: Vec<Constant> = Vec::with_capacity(list.len());
    let mut null = false;
    for item in list {
        match item {
            Term::Constant(Constant::Null) => null = true,
            Term::Constant(constant) => sorted.push(constant),
            _ => {}
        }
    }
    sorted.sort_by(|a, b| compare(kind, &a.get(), &b.get(), &[]).unwrap_or(Ordering::Equal));
    Ok(Test::OneOf { of: of.term, kind, sorted, null })
}

/// Returns the type that all items become; text where none has a type.
fn common<'t>(items: impl IntoIterator<Item = &'t Typed>) -> Binding<Ty> {
    let mut ty = Ty::Literal;
    for item in items {
        ty = match (&ty, &item.ty) {
            (_, Ty::Literal) => ty,
            (Ty::Literal, item) => item.clone(),
            (a, b) => a.join(b).ok_or_else(|| not_compared(a, b, item.at.clone()))?,
        };
    }
    Ok(if ty == Ty::Literal { Ty::Text } else { ty })
}
