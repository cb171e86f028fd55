//! What must have become of the webshop's columns, and the comparing of a column before and after.
//!
//! What is masked stands here once more, apart from the profile: a profile that forgets a column fails here.

use std::collections::{HashMap, HashSet};

/// What must have become of a column's values. NULL and '' stay themselves under all of them.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Becomes {
    /// Another value in every row, and different values stay different.
    Unique,
    /// As `Unique`, but 0 (a guest) stays 0.
    UniqueOrGuest,
    /// Another value in nearly every row: small vocabularies draw the original now and then.
    Drawn,
    /// NULL.
    Null,
    /// This text.
    Constant(&'static str),
    /// The year's first day.
    Year,
    /// The month's first moment.
    Month,
}

use Becomes::{Constant, Drawn, Month, Null, Unique, UniqueOrGuest, Year};

const CUSTOMERS: &[(&str, Becomes)] = &[
    ("id", Unique),
    ("public_id", Unique),
    ("first_name", Drawn),
    ("tussenvoegsel", Null),
    ("last_name", Drawn),
    ("gender", Null),
    ("email", Unique),
    ("phone", Drawn),
    ("birth_date", Year),
    ("bsn", Unique),
    ("iban", Unique),
    ("external_ref", Unique),
    ("notes", Null),
    ("password_hash", Constant("!")),
    ("prefs", Constant("{}")),
    ("nicknames", Null),
    ("created_at", Month),
];

const ORDERS: &[(&str, Becomes)] = &[
    ("id", Unique),
    ("customer_id", Unique),
    ("address_id", Unique),
    ("email", Unique),
    ("remark", Null),
    ("handled_by", Unique),
];

/// Every masked column of every table with masked columns; all others are kept.
pub(crate) const MASKED: &[(&str, &[(&str, Becomes)])] = &[
    ("public.customers", CUSTOMERS),
    ("public.customers_history", CUSTOMERS),
    ("public.customers_closed", CUSTOMERS),
    ("public.orders_2023", ORDERS),
    ("public.orders_2024", ORDERS),
    ("public.orders_2025_h1", ORDERS),
    ("public.\"orders_2025_Rest\"", ORDERS),
    ("public.order_lines", &[("order_id", Unique)]),
    (
        "public.addresses",
        &[
            ("id", Unique),
            ("customer_id", Unique),
            ("addressee", Drawn),
            ("street", Drawn),
            ("house_number", Constant("1")),
            ("addition", Null),
            ("postcode", Drawn),
            ("city", Drawn),
        ],
    ),
    (
        "crm.customers",
        &[
            ("id", Unique),
            ("person_name", Drawn),
            ("email", Unique),
            ("phone", Drawn),
            ("shop_customer_id", Unique),
        ],
    ),
    (
        "public.newsletter",
        &[
            ("email", Unique),
            ("first_name", Drawn),
            ("customer_id", UniqueOrGuest),
            ("unsubscribe_token", Null),
        ],
    ),
    ("public.mail_queue", &[("to_email", Unique), ("to_name", Drawn)]),
    ("public.\"user\"", &[("id", Unique), ("full name", Drawn), ("E-mail.Work", Unique)]),
    (
        "public.\"Support Notes\"",
        &[("Order", Unique), ("E-mail.Address", Unique), ("select", Null), ("Written by", Unique)],
    ),
];

/// Tables whose rows are dropped.
pub(crate) const EMPTY: &[&str] = &["public.sessions", "public.audit_log"];

/// Returns what becomes of a column; `None` if it is kept.
pub(crate) fn becomes(table: &str, column: &str) -> Option<Becomes> {
    let columns = MASKED.iter().find(|(name, _)| *name == table)?.1;
    columns.iter().find(|(name, _)| *name == column).map(|(_, what)| *what)
}

/// Compares one masked column; `place` names it, and no value is shown.
pub(crate) fn compare(place: &str, what: Becomes, before: &[Option<String>], after: &[Option<String>]) {
    let (mut equal, mut seen) = (0, 0);
    let mut forward: HashMap<&str, &str> = HashMap::new();
    let mut reached: HashSet<&str> = HashSet::new();
    for (row, pair) in before.iter().zip(after).enumerate() {
        let (old, new) = match pair {
            (None, new) => {
                assert!(new.is_none(), "{place}, row {row}: NULL did not stay NULL");
                continue;
            }
            (Some(old), None) => {
                assert!(what == Null, "{place}, row {row}: a value became NULL");
                assert!(!old.is_empty(), "{place}, row {row}: '' did not stay ''");
                continue;
            }
            (Some(old), Some(new)) => (old.as_str(), new.as_str()),
        };
        assert_eq!(old.is_empty(), new.is_empty(), "{place}, row {row}: '' and values must not mix");
        if old.is_empty() {
            continue;
        }
        seen += 1;
        equal += usize::from(old == new);
        match what {
            Null => panic!("{place}, row {row}: is not suppressed"),
            Constant(text) => assert_eq!(new, text, "{place}, row {row}"),
            Year => {
                assert!(new.ends_with("-01-01") && new.get(..4) == old.get(..4), "{place}, row {row}: year")
            }
            Month => {
                let same_month = new.get(..7) == old.get(..7);
                assert!(
                    same_month && new.get(7..).is_some_and(|rest| rest.starts_with("-01 00:00:00")),
                    "{place}, row {row}: month"
                );
            }
            UniqueOrGuest if old == "0" => assert_eq!(new, "0", "{place}, row {row}: the guest"),
            Unique | UniqueOrGuest => assert_ne!(old, new, "{place}, row {row}: the value came through"),
            Drawn => {}
        }
        if matches!(what, Unique | UniqueOrGuest) {
            match forward.insert(old, new) {
                Some(earlier) => assert_eq!(earlier, new, "{place}, row {row}: one value, two stand-ins"),
                None => assert!(reached.insert(new), "{place}, row {row}: two values, one stand-in"),
            }
        }
    }
    if what == Drawn {
        assert!(equal * 5 <= seen, "{place}: {equal} of {seen} values came through");
    }
}
