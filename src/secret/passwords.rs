//! The passwords of `login`, by the name of the variable that holds each. Refuses to show one; what it holds is
//! overwritten when it goes. Reads no variable itself.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

/// Passwords that everybody on a training may know.
#[derive(Clone, Default)]
pub struct Passwords(BTreeMap<String, Zeroizing<String>>);

impl Passwords {
    /// Adds the password of a variable.
    pub fn add(&mut self, variable: &str, password: Zeroizing<String>) {
        self.0.insert(variable.to_owned(), password);
    }

    /// Returns the password of a variable, if it was given.
    #[must_use]
    pub fn of(&self, variable: &str) -> Option<&Zeroizing<String>> {
        self.0.get(variable)
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_shown() {
        let mut passwords = Passwords::default();
        passwords.add("TRAINING", Zeroizing::new("opensesame".to_owned()));
        assert_eq!(passwords.of("TRAINING").map(|p| p.as_str()), Some("opensesame"));
        assert!(passwords.of("training").is_none());
        assert_eq!(format!("{passwords:?}"), "Passwords(***)");
    }
}
