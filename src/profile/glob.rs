//! Patterns of names: `*` stands for any text, also none; every other character for itself, whatever its case. Schema
//! and table are matched apart, so that `*` never crosses a dot.

/// A pattern, ready to be compared with names in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glob {
    /// The texts between the `*`, in lower case; at least one.
    parts: Vec<String>,
}

impl Glob {
    /// Reads a pattern; a text without `*` stands for itself.
    pub(crate) fn new(pattern: &str) -> Self {
        Self { parts: pattern.to_lowercase().split('*').map(str::to_owned).collect() }
    }

    /// Makes the pattern that stands for one name, `*` in it included.
    pub(crate) fn exact(name: &str) -> Self {
        Self { parts: vec![name.to_lowercase()] }
    }

    /// Returns whether it stands for a name, which must be in lower case.
    pub(crate) fn matches(&self, lower: &str) -> bool {
        let (Some((first, rest)), Some(last)) = (self.parts.split_first(), self.parts.last()) else {
            return false;
        };
        if rest.is_empty() {
            return lower == first;
        }
        // An empty text has no memory of its own, and to compare nothing with what lies at no address costs some
        // processors more than to compare names: most patterns begin or end with `*`.
        let begins = if first.is_empty() { Some(lower) } else { lower.strip_prefix(first.as_str()) };
        let ends = |tail| if last.is_empty() { Some(tail) } else { str::strip_suffix(tail, last.as_str()) };
        let Some(inner) = begins.and_then(ends) else { return false };
        let middle = rest.split_last().map(|(_, middle)| middle).unwrap_or_default();
        let mut tail = inner;
        middle.iter().all(|part| match tail.find(part.as_str()) {
            Some(at) => {
                tail = tail.get(at + part.len()..).unwrap_or_default();
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars() {
        for (pattern, name, wanted) in [
            ("*", "", true),
            ("*", "any_thing", true),
            ("*_mail", "home_mail", true),
            ("*_mail", "_mail", true),
            ("*_mail", "mail", false),
            ("*_mail", "home_mail_2", false),
            ("E*Mail", "email", true),
            ("e*mail", "emai", false),
            ("ab*ba", "aba", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "acb", false),
            ("*a*a*", "a", false),
            ("*a*a*", "aa", true),
            ("*É*", "élan", true),
            ("plain", "plain", true),
            ("plain", "plains", false),
        ] {
            assert_eq!(Glob::new(pattern).matches(name), wanted, "{pattern} {name}");
        }
    }
}
