//! Log-odds by class: what a name, a type, the values and the neighbours say of a column is added up here.
//!
//! Natural logarithms. 0 says nothing, +3 is twenty to one for the class, -3 against it. Refuses infinities: nothing is so
//! sure that more cannot be said.

use super::class::{CLASSES, Class};

/// The most that one source of evidence may say.
pub const MOST: f32 = 30.0;

/// Log-odds for every class.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores([f32; Class::COUNT]);

impl Default for Scores {
    fn default() -> Self {
        Self([0.0; Class::COUNT])
    }
}

impl Scores {
    /// Adds evidence for (or against) a class.
    pub fn add(&mut self, class: Class, log_odds: f32) {
        if let Some(score) = self.0.get_mut(class.index())
            && log_odds.is_finite()
        {
            *score = (*score + log_odds).clamp(-MOST, MOST);
        }
    }

    /// Adds other evidence.
    pub fn merge(&mut self, other: &Self) {
        for (class, _) in CLASSES {
            self.add(*class, other.of(*class));
        }
    }

    /// Returns what is said of a class.
    #[must_use]
    pub fn of(&self, class: Class) -> f32 {
        self.0.get(class.index()).copied().unwrap_or_default()
    }

    /// Returns the class with the highest score, the first of the list where two are equal.
    #[must_use]
    pub fn best(&self) -> (Class, f32) {
        let mut best = (Class::FirstName, self.of(Class::FirstName));
        for (class, _) in CLASSES {
            if self.of(*class) > best.1 {
                best = (*class, self.of(*class));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_within_bounds() {
        let mut scores = Scores::default();
        scores.add(Class::Email, 20.0);
        scores.add(Class::Email, 20.0);
        scores.add(Class::Phone, f32::INFINITY);
        scores.add(Class::Phone, -40.0);
        let mut more = Scores::default();
        more.merge(&scores);
        assert_eq!((more.of(Class::Email), more.of(Class::Phone)), (MOST, -MOST));
        assert_eq!(more.best(), (Class::Email, MOST));
    }
}
