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

/// Something for each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByClass<T> {
    /// For large objects.
    pub large_objects: T,
    /// For statistics.
    pub statistics: T,
    /// For passwords and settings of roles.
    pub role_passwords: T,
    /// For connections.
    pub connections: T,
    /// For comments.
    pub comments: T,
}

impl<T: Copy> ByClass<T> {
    /// Returns what a class has.
    #[must_use]
    pub fn of(&self, class: ObjectClass) -> T {
        match class {
            ObjectClass::LargeObjects => self.large_objects,
            ObjectClass::Statistics => self.statistics,
            ObjectClass::RolePasswords => self.role_passwords,
            ObjectClass::Connections => self.connections,
            ObjectClass::Comments => self.comments,
        }
    }

    /// Gives a class something else.
    pub fn set(&mut self, class: ObjectClass, value: T) {
        let place = match class {
            ObjectClass::LargeObjects => &mut self.large_objects,
            ObjectClass::Statistics => &mut self.statistics,
            ObjectClass::RolePasswords => &mut self.role_passwords,
            ObjectClass::Connections => &mut self.connections,
            ObjectClass::Comments => &mut self.comments,
        };
        *place = value;
    }
}

/// A number for each class.
pub type ObjectCounts = ByClass<u64>;

impl ObjectCounts {
    /// Counts one of a class.
    pub fn count(&mut self, class: ObjectClass) {
        self.set(class, self.of(class) + 1);
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: &Self) {
        for (class, _) in OBJECT_CLASSES {
            self.set(*class, self.of(*class) + other.of(*class));
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
