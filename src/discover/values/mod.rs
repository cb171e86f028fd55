//! What a column's values say: log-odds by class from the counts of `measure`, with the evidence as counts and words.
//!
//! Three kinds of evidence, each bounded by itself: check digits and forms (`checks`), names, places and words weighed
//! against each other (`people`, `lists`), and what says that a column is nobody's (`plain`). A test a line, its group a
//! file: `TESTS`. Refuses to be sure of few values: a column of one value proves nothing. No value comes in here.

mod checks;
/// Postcodes, countries, diseases.
mod codes;
/// Germany and France.
mod de_fr;
/// Other countries of Europe.
mod europe;
/// The United Kingdom and the United States.
mod gb_us;
mod lists;
/// Accounts, cards, VAT.
mod money;
/// The Netherlands and Belgium.
mod nl_be;
/// Mail, networks, telephones.
mod online;
mod people;
mod plain;
/// Hashes, tokens, files.
mod secret;
/// A form and a check.
pub(crate) mod test;
/// How a value is made.
pub(crate) mod traits;
/// Names and closed lists.
pub(crate) mod words;

use super::class::Class;
use super::findings::Evidence;
use super::measure::Measured;
use super::scores::Scores;
use crate::row::shape::TypeClass;
use test::Test;

/// All tests, by group.
pub(crate) const TESTS: &[&[Test]] = &[
    nl_be::TESTS,
    de_fr::TESTS,
    gb_us::TESTS,
    europe::TESTS,
    money::TESTS,
    online::TESTS,
    secret::TESTS,
    codes::TESTS,
];

/// How many tests there are.
pub(crate) const COUNT: usize = {
    let (mut at, mut count) = (0, 0);
    while at < TESTS.len() {
        count += TESTS[at].len();
        at += 1;
    }
    count
};

/// Most evidence that is told.
const MOST_TOLD: usize = 4;

/// What is being added up.
struct Said {
    scores: Scores,
    told: Vec<(f32, Evidence)>,
}

impl Said {
    /// Adds what is said of a class, and tells it where it says much.
    fn add(&mut self, class: Class, log_odds: f32, evidence: Option<Evidence>) {
        self.scores.add(class, log_odds);
        if let Some(evidence) = evidence.filter(|_| log_odds >= 2.0) {
            self.told.push((log_odds, evidence));
        }
    }
}

/// Returns what the counts say of each class that the type can hold, and why, the strongest first.
#[must_use]
pub fn scores(measured: &Measured, ty: &TypeClass) -> (Scores, Vec<Evidence>) {
    let mut said = Said { scores: Scores::default(), told: Vec::new() };
    plain::of_type(ty, &mut said);
    if measured.tested > 0 {
        checks::add(measured, &mut said);
        people::add(measured, &mut said);
        lists::add(measured, &mut said);
        plain::add(measured, ty, &mut said);
    }
    said.told.sort_by(|a, b| b.0.total_cmp(&a.0));
    said.told.truncate(MOST_TOLD);
    (said.scores, said.told.into_iter().map(|(_, evidence)| evidence).collect())
}

/// Returns a part of a whole, 0 to 1; 0 of nothing.
fn share(part: impl Into<u64>, of: impl Into<u64>) -> f32 {
    let (part, of) = (count(part.into()), count(of.into()));
    if of > 0.0 { (part / of).min(1.0) } else { 0.0 }
}

/// Returns a count as a float; counts that matter are small.
fn count(of: u64) -> f32 {
    let thousands = u16::try_from(of / 1000).unwrap_or(u16::MAX);
    f32::from(thousands) * 1000.0 + f32::from(u16::try_from(of % 1000).unwrap_or(0))
}

/// Returns a share in percent.
fn percent(part: u16, of: u32) -> u32 {
    super::findings::steps(u64::from(part), u64::from(of))
}

#[cfg(test)]
mod tests;
