//! `undecided`: the rule of a column or attribute for which nobody has decided anything yet. What a draft is made of.
//!
//! Counts for less than any other rule, so that packs, patterns and `defaults:` decide what a draft leaves open; a column
//! that is still undecided then stops `check` and `mask`. It can never become a technique: it refuses to be compiled.

use crate::mask::{Class, Reaches, Refusal, Reversibility, Takes, TechniqueSpec};
use crate::profile::model::{ColumnRule, Rule};
use crate::row::canon::Canon;

/// The word, as if it were a technique; in no list of techniques.
pub(crate) static UNDECIDED: TechniqueSpec = TechniqueSpec {
    name: "undecided",
    class: Class::Suppression,
    summary: "nothing is decided yet: a run stops",
    preserves: "nothing",
    attacker: "nothing: nothing comes out",
    reversibility: Reversibility::None,
    reaches: Reaches::Nobody("nothing comes out"),
    argument: Takes::Nothing,
    bare: true,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[],
    compile: |_| Err(Refusal { what: WHAT.into(), hint: None }),
};

/// What is said of a column.
pub(crate) const WHAT: &str = "undecided: decide what to do with this column";

/// Returns whether a technique is none yet.
pub(crate) fn is_undecided(rule: &Rule) -> bool {
    rule.technique.name == UNDECIDED.name
}

/// Returns whether a column's own rule says that nothing is decided.
pub(crate) fn leaves_open(rule: &ColumnRule) -> bool {
    matches!(rule, ColumnRule::Own { rule, .. } if is_undecided(rule))
}
