//! What every SQL database means alike: numbers compared with numbers, characters counted, NULL asked for, and AND, OR, NOT
//! over those. Text compares by collations, dates and arithmetic by rules of each database: not common. When in doubt, no.

use super::eval::{Term, Test};
use super::map::Map;
use super::types::Kind;

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

fn term(of: &Term) -> bool {
    match of {
        Term::Cell { .. } | Term::Constant(_) => true,
        Term::Map { of, by: Map::Float | Map::Unpad | Map::Characters, .. } => term(of),
        Term::Coalesce(terms) => terms.iter().all(term),
        Term::Map { .. } | Term::Calculate { .. } | Term::Test(_) => false,
    }
}
