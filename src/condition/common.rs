//! What every SQL database means alike: numbers compared with numbers, characters counted, NULL asked for, and AND, OR, NOT
//! over those. Text compares by collations, dates and arithmetic by rules of each database: not common. When in doubt, no.

use super::eval::{Term, Test};
use super::map::Map;
use super::parts::Part;
use super::tree::{Op, Sign};
use super::types::Kind;
use super::value::Constant;

/// Says whether a test means the same to all of them.
pub(super) fn test(of: &Test) -> bool {
    let number = |kind: &Kind| matches!(kind, Kind::Number | Kind::Float);
    match of {
        Test::Constant(_) => true,
        Test::All(tests) | Test::Any(tests) => tests.iter().all(test),
        Test::Not(of) | Test::Is { of, .. } => test(of),
        Test::IsNull { of, .. } => matches!(of, Term::Cell { .. }) || term(of),
        Test::Compare { kind, left, right, .. } | Test::Distinct { kind, left, right, .. } => {
            number(kind) && term(left) && term(right)
        }
        Test::Each { of, kind, list, .. } => number(kind) && term(of) && list.iter().all(term),
        Test::OneOf { of, kind, .. } => number(kind) && term(of),
        Test::Value(_) | Test::Like { .. } | Test::Matches { .. } => false,
    }
}

/// Says whether what holds here, or what does not, does so in all of them: texts may compare without case there, with their
/// order unknown; dates and exact numbers are the same everywhere.
pub(super) fn holds(of: &Test, truth: bool) -> bool {
    let number = |kind: &Kind| matches!(kind, Kind::Number | Kind::Float);
    match of {
        Test::Constant(_) | Test::IsNull { .. } => true,
        Test::All(tests) | Test::Any(tests) => tests.iter().all(|one| holds(one, truth)),
        Test::Not(of) => holds(of, !truth),
        Test::Is { of, truth: said, negated } => {
            said.is_some_and(|said| holds(of, truth == (said != *negated)))
        }
        Test::Compare { op, kind, left, right } => compared(*op, *kind, left, right, truth),
        Test::Each { of, op, kind, list, .. } => {
            list.iter().all(|item| compared(*op, *kind, of, item, truth))
        }
        Test::OneOf { of, kind, sorted, .. } => match kind {
            kind if number(kind) => calculated(of),
            Kind::Label | Kind::Day | Kind::Moment => plain(of),
            Kind::Bytes | Kind::Padded | Kind::Folded => {
                text(of) && (truth || sorted.iter().all(has_no_case))
            }
            _ => false,
        },
        // Whoever writes those in PostgreSQL's words sees to what they mean.
        Test::Like { of, .. } | Test::Matches { of, .. } => truth && text(of),
        Test::Distinct { .. } => test(of),
        Test::Value(Term::Map { of, by: Map::Part(Part::IsJson), .. }) => truth && plain(of),
        Test::Value(_) => false,
    }
}

/// Says so of a comparison.
fn compared(op: Op, kind: Kind, left: &Term, right: &Term, truth: bool) -> bool {
    match kind {
        Kind::Number | Kind::Float => calculated(left) && calculated(right),
        Kind::Day | Kind::Moment => plain(left) && plain(right),
        Kind::Label => matches!(op, Op::Equal | Op::NotEqual) && plain(left) && plain(right),
        Kind::Bytes | Kind::Padded | Kind::Folded => match (op, truth) {
            (Op::Equal, true) | (Op::NotEqual, false) => text(left) && text(right),
            (Op::NotEqual, true) | (Op::Equal, false) => {
                text(left) && text(right) && (caseless(left) || caseless(right))
            }
            _ => false,
        },
        _ => false,
    }
}

fn plain(of: &Term) -> bool {
    matches!(of, Term::Cell { .. } | Term::Constant(_))
}

/// Says whether a number means the same everywhere; sums and products of exact ones do.
fn calculated(of: &Term) -> bool {
    match of {
        Term::Calculate { sign: Sign::Plus | Sign::Minus | Sign::Times, left, right, .. } => {
            calculated(left) && calculated(right)
        }
        Term::Map { of, by: Map::Round(_) | Map::Absolute | Map::Negative(_) | Map::Bytes, .. } => {
            calculated(of) || text(of)
        }
        Term::Map { of, by: Map::Characters, .. } => text(of),
        of => term(of),
    }
}

/// Says whether a text is a cell, a constant, or one with its case or blanks changed.
fn text(of: &Term) -> bool {
    match of {
        Term::Map { of, by: Map::Lower | Map::Upper | Map::Trim { .. } | Map::Unpad, .. } => text(of),
        of => plain(of),
    }
}

fn caseless(of: &Term) -> bool {
    matches!(of, Term::Constant(constant) if has_no_case(constant))
}

fn has_no_case(of: &Constant) -> bool {
    matches!(of, Constant::Text(text) if text.is_ascii() && !text.iter().any(u8::is_ascii_alphabetic))
}

fn term(of: &Term) -> bool {
    match of {
        Term::Cell { .. } | Term::Constant(_) => true,
        Term::Map { of, by: Map::Float | Map::Unpad | Map::Characters, .. } => term(of),
        Term::Coalesce(terms) => terms.iter().all(term),
        Term::Map { .. } | Term::Calculate { .. } | Term::Test(_) => false,
        Term::Case { .. } | Term::Count(_) | Term::Most { .. } => false,
    }
}
