//! The packs and examples that come with the program. A pack holds rules for names of columns that mean the same
//! everywhere: a profile that others extend; the weakest text of all, so that every rule of a user's own counts before it.
//!
//! A pack never keeps: what stays is said by who knows the data.

/// One pack or example.
#[derive(Debug)]
pub struct Pack {
    /// The word behind `extends:`, for a pack.
    pub name: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All packs.
pub static PACKS: &[Pack] = &[Pack {
    name: "nl",
    summary: "names of columns in Dutch and English: people, addresses, accounts, secrets",
    text: include_str!("../../profiles/packs/nl.yaml"),
}];

/// Whole profiles to copy from; nothing extends them.
pub static EXAMPLES: &[Pack] = &[Pack {
    name: "webshop",
    summary: "a complete profile of a Dutch webshop, with the reason for every column that stays",
    text: include_str!("../../profiles/webshop.yaml"),
}];
