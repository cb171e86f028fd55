//! What of a dump is no column, but may hold data or secrets: large objects, statistics, passwords of roles, connections
//! and comments. A profile decides on each class under `objects:` (DESIGN 4); here are only their words.

/// A class of such things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectClass {
    /// Large objects: their bytes, owners and rights.
    LargeObjects,
    /// Statistics of columns: their most common values are values of people.
    Statistics,
    /// Password hashes of roles, and settings of roles and databases whose names are not PostgreSQL's own.
    RolePasswords,
    /// Where other servers are and how to log in there: servers' options, user mappings, subscriptions.
    Connections,
    /// COMMENT and SECURITY LABEL.
    Comments,
}

/// Every class, in the order of their discriminants, with its word in a profile.
pub static OBJECT_CLASSES: &[(ObjectClass, &str)] = &[
    (ObjectClass::LargeObjects, "large_objects"),
    (ObjectClass::Statistics, "statistics"),
    (ObjectClass::RolePasswords, "role_passwords"),
    (ObjectClass::Connections, "connections"),
    (ObjectClass::Comments, "comments"),
];

impl ObjectClass {
    /// Returns its word in a profile.
    #[must_use]
    pub fn word(self) -> &'static str {
        OBJECT_CLASSES.iter().find(|(class, _)| *class == self).map_or("objects", |(_, word)| word)
    }
}

/// A number for each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectCounts {
    large_objects: u64,
    statistics: u64,
    role_passwords: u64,
    connections: u64,
    comments: u64,
}

impl ObjectCounts {
    /// Counts one of a class.
    pub fn count(&mut self, class: ObjectClass) {
        *self.place(class) += 1;
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: &Self) {
        for (class, _) in OBJECT_CLASSES {
            *self.place(*class) += other.of(*class);
        }
    }

    /// Returns the number of a class.
    #[must_use]
    pub fn of(&self, class: ObjectClass) -> u64 {
        match class {
            ObjectClass::LargeObjects => self.large_objects,
            ObjectClass::Statistics => self.statistics,
            ObjectClass::RolePasswords => self.role_passwords,
            ObjectClass::Connections => self.connections,
            ObjectClass::Comments => self.comments,
        }
    }

    fn place(&mut self, class: ObjectClass) -> &mut u64 {
        match class {
            ObjectClass::LargeObjects => &mut self.large_objects,
            ObjectClass::Statistics => &mut self.statistics,
            ObjectClass::RolePasswords => &mut self.role_passwords,
            ObjectClass::Connections => &mut self.connections,
            ObjectClass::Comments => &mut self.comments,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_counted_on_its_own() {
        for (class, word) in OBJECT_CLASSES {
            let mut counts = ObjectCounts::default();
            counts.count(*class);
            counts.add(&counts.clone());
            assert_eq!(class.word(), *word);
            for (other, _) in OBJECT_CLASSES {
                assert_eq!(counts.of(*other), if other == class { 2 } else { 0 }, "{word}");
            }
        }
    }
}
