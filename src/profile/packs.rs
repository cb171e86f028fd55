//! The packs that come with the program: rules for names of columns that mean the same everywhere. A pack is a profile
//! that others extend; the weakest text of all, so that every rule of a user's own counts before it.
//!
//! A pack never keeps: what stays is said by who knows the data.

/// One pack.
#[derive(Debug)]
pub struct Pack {
    /// The word behind `extends:`.
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
