//! Names of columns in four languages, as people write them: hits and traps.

use super::*;
use crate::discover::class::Class;

/// Returns what stands first for a name in a table, and by how much.
fn best(table_name: &str, name: &str, others: &[&str]) -> (Class, f32) {
    column(&table(table_name), table_name, name, others).scores.best()
}

#[test]
fn a_name_says_what_its_table_makes_of_it() {
    assert_eq!(best("customers", "name", &["id", "name", "email", "phone"]).0, Class::FullName);
    assert_eq!(best("products", "name", &["id", "sku", "name", "price"]).0, Class::Label);
    assert_eq!(best("x", "naam", &["voornaam", "naam", "email"]).0, Class::LastName);
}
