//! What a name is made of and what stands before it: initials, given names, particles, surname; a title, role or greeting.
//! Refuses to decide whether it is a name.

use crate::recognise::lexicon::Bits;
use crate::recognise::text::{Flags, Text, Token};

/// What stands before a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cue {
    None,
    With,
    Role,
    Title,
}

/// What a name is made of: indices of words, each up to the next.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) at: usize,
    pub(super) initials: usize,
    pub(super) firsts: usize,
    pub(super) middle: usize,
    pub(super) particles: usize,
    pub(super) lasts: usize,
}

/// Returns what the words before say.
pub(super) fn cue(text: &Text<'_>, at: usize, behind: usize, nouns: bool) -> Cue {
    let Some(before) = text.back(at, 1) else { return Cue::None };
    let (bits, gap) = (before.bits, text.gap_before(at));
    // A name that was found goes on: the given name is the subject's, the surname another's.
    if behind == at && gap == " " && !bits.any(Bits::LAST) {
        return if nouns { Cue::With } else { Cue::Role };
    }
    let near = matches!(gap, " " | ". " | "." | "\u{a0}" | ".\u{a0}" | " (");
    if near
        && bits.any(Bits::TITLE)
        && !(before.len() <= 2 && gap == " " && !before.flags.has(Flags::CAPITAL))
    {
        return Cue::Title;
    }
    let short = before.len() <= 4 && addressed(text, before.end());
    if near && (short || bits.any(Bits::ROLE)) || gap == ": " && bits.any(Bits::ROLE) {
        return Cue::Role;
    }
    let loose =
        gap.len() <= 4 && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '.' | '!'));
    let greeted = |token: &Token| token.bits.any(Bits::GREETING);
    if loose && greeted(before) {
        return Cue::Role;
    }
    let second = text.back(at, 2);
    let is = |words: &[&str]| text.is_cue(before, words);
    if gap == " " {
        let named = second.is_some_and(|t| t.bits.any(Bits::ROLE)) && is(&["is", "ist", "est", "was"]);
        if named || second.is_some_and(greeted) && is(&["van", "von", "de", "from"]) {
            return Cue::Role;
        }
        if behind > 0 && behind + 1 == at && is(&["en", "and", "und", "et"]) {
            return Cue::Role;
        }
        if bits.any(Bits::WITH) {
            return Cue::With;
        }
    }
    Cue::None
}

/// Returns whether a text up to an offset ends with words that stand before an addressee.
fn addressed(text: &Text<'_>, end: usize) -> bool {
    static WORDS: &[&str] =
        &["t.a.v", "tav", "c/o", "z.hd", "z. hd", "attention de", "attn", "p/a", "l'attention d"];
    WORDS.iter().any(|word| {
        let start = end.checked_sub(word.len());
        start.is_some_and(|start| text.slice(start, end).eq_ignore_ascii_case(word))
    })
}

/// Returns whether a word may be a surname by its look.
pub(super) fn may_be_last(token: &Token) -> bool {
    let looks = token.flags.has(Flags::LOWER) || token.bits.is_name();
    token.is_capitalised() && token.len() >= 2 && looks && !token.bits.any(Bits::TITLE)
}

/// Returns whether a letter and an apostrophe begin a surname: `O'`, `d'`.
fn apostrophe(text: &Text<'_>, token: &Token) -> bool {
    let behind = text.slice(token.end(), text.text.len());
    token.len() == 1
        && matches!(text.byte(token.start()), b'O' | b'D' | b'd')
        && (behind.starts_with('\'') || behind.starts_with('’'))
}

/// Takes words apart.
pub(super) fn shape(text: &Text<'_>, at: usize, cue: Cue) -> Shape {
    let get = |at: usize| text.get(at);
    let near = |at: usize| matches!(text.gap_before(at), " " | "." | ". " | "\u{a0}" | ".\u{a0}");
    let dotted = |at: usize| text.gap_after(at).starts_with('.');
    let initials_from = |from: usize| {
        let mut next = from;
        while next < from + 5
            && get(next).is_some_and(Token::is_initial)
            && (dotted(next) || cue == Cue::Title && text.gap_after(next) == " ")
            && (next == from || near(next))
        {
            next += 1;
        }
        if get(next).is_some_and(|t| t.is_capitalised() || t.bits.any(Bits::PARTICLE)) && near(next) {
            next
        } else {
            from
        }
    };
    let initials = initials_from(at);
    let mut firsts = initials;
    while firsts < initials + 3
        && get(firsts).is_some_and(|t| t.is_capitalised() && t.bits.any(Bits::FIRST) && t.len() > 1)
        && (firsts == at || near(firsts) || text.gap_before(firsts) == "-")
    {
        firsts += 1;
    }
    let middle = if firsts > initials && near(firsts) { initials_from(firsts) } else { firsts };
    let mut particles = middle;
    let begins = |t: &Token| {
        t.bits.any(Bits::PARTICLE) || cue == Cue::Title && t.bits.any(Bits::INNER) || apostrophe(text, t)
    };
    while particles < middle + 4
        && get(particles).is_some_and(|t| begins(t) || particles > middle && t.bits.any(Bits::INNER))
        && (particles == at
            || matches!(
                text.gap_before(particles),
                " " | "." | ". " | " '" | " ’" | "/" | "'" | "’" | "\u{a0}"
            ))
    {
        particles += 1;
    }
    let mut lasts = particles;
    let short = |at: usize| text.back(at, 1).is_some_and(|t| t.len() <= 2);
    let joined = |at: usize| match text.gap_before(at) {
        ". " | "." => short(at),
        gap => matches!(gap, " " | "'" | "’" | "-" | "\u{a0}"),
    };
    if get(lasts).is_some_and(|t| may_be_last(t) && (!t.bits.any(Bits::NEVER) || t.bits.any(Bits::LAST)))
        && (lasts == at
            || joined(lasts)
                && !(firsts > initials && lasts == firsts && text.gap_before(lasts).starts_with('.')))
    {
        lasts += 1;
        while lasts < particles + 3
            && get(lasts).is_some_and(|t| {
                let gap = text.gap_before(lasts);
                let known = text.get(particles).is_some_and(|t| t.bits.any(Bits::LAST));
                let double = gap == " " && known && t.bits.any(Bits::LAST) && !t.bits.is_ordinary();
                may_be_last(t) && (matches!(gap, "-" | "'" | "’") || double)
            })
        {
            lasts += 1;
        }
    }
    let shape = Shape { at, initials, firsts, middle, particles, lasts };
    mended(text, shape)
}

/// Puts right what was taken for a given name but stands where a surname does, and particles without a surname.
fn mended(text: &Text<'_>, mut shape: Shape) -> Shape {
    if shape.lasts == shape.particles {
        shape.particles = shape.middle;
        shape.lasts = shape.middle;
        let count = shape.firsts - shape.initials;
        let last = shape.firsts.checked_sub(1).and_then(|at| text.get(at));
        let also_last = last.is_some_and(|t| t.bits.any(Bits::LAST))
            && text.gap_before(shape.firsts.saturating_sub(1)) != "-";
        if shape.middle == shape.firsts && also_last && (count > 1 || count == 1 && shape.initials > shape.at)
        {
            shape = Shape {
                firsts: shape.firsts - 1,
                middle: shape.firsts - 1,
                particles: shape.firsts - 1,
                ..shape
            };
        } else if count > 0 && shape.middle > shape.firsts {
            (shape.middle, shape.particles, shape.lasts) = (shape.firsts, shape.firsts, shape.firsts);
        }
    }
    shape
}
