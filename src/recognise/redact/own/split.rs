//! Takes the names of a row apart: given names, particles, surname. Refuses titles: they stand in columns of their own.

use crate::recognise::lexicon::PARTICLES;

/// What the names of a row come to: given names and surname, of the original and of the stand-in.
pub(super) struct Split<'t> {
    pub(super) first: &'t str,
    pub(super) last: &'t str,
}

/// Particles, and how else they are written.
pub(super) static SPELLINGS: &[(&[&str], &[&str])] = &[
    (
        &["van de", "van den", "van der"],
        &["v d", "vd", "van de", "van den", "van der", "vande", "vanden", "vander"],
    ),
    (&["van"], &["v"]),
    (&["van het", "van 't"], &["v t", "vt", "van het", "van t"]),
];

/// Returns whether a word is a particle.
fn is_particle(word: &str) -> bool {
    PARTICLES.iter().any(|p| p.eq_ignore_ascii_case(word))
        || matches!(word, "v" | "V" | "v.d." | "v/d" | "vd")
}

/// Returns a surname without its particles.
pub(super) fn base(last: &str) -> &str {
    let mut rest = last;
    while let Some((word, behind)) = rest.split_once(' ') {
        if !is_particle(word) {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

/// Takes a whole name apart: `Jan de Vries`, `Vries, Jan de`.
pub(super) fn split(full: &str) -> Split<'_> {
    if let Some((last, first)) = full.split_once(',') {
        return Split { first: first.trim(), last: last.trim() };
    }
    let words = || full.match_indices(' ').map(|(at, _)| at);
    let particle = words().find(|at| {
        let rest = full.get(at + 1..).unwrap_or_default();
        rest.split(' ').next().is_some_and(is_particle) && rest.contains(' ')
    });
    match particle.or_else(|| words().next_back()) {
        Some(at) => Split {
            first: full.get(..at).unwrap_or_default().trim(),
            last: full.get(at..).unwrap_or_default().trim(),
        },
        None => Split { first: "", last: full },
    }
}
