//! Finds the subject's own identifiers in a text: at each word the longest needle that begins there. Refuses pieces of
//! longer words and numbers, and words of the language that are the subject's name only by chance.

use super::own;
use super::{Match, With, Work};
use crate::recognise::Kind;
use crate::recognise::dates;
use crate::recognise::fold;
use crate::recognise::lexicon::Bits;
use crate::recognise::text::{Flags, Token};

impl<'w> Work<'w> {
    /// Finds the longest own identifier that begins at a word.
    pub(super) fn own(&self, at: usize, token: &Token, dated: bool) -> Option<Match<'w>> {
        let mut best = self.words(at, token);
        let mut better = |other: Option<Match<'w>>| {
            if other.as_ref().is_some_and(|other| best.as_ref().is_none_or(|best| other.end > best.end)) {
                best = other;
            }
        };
        let (codes, literals) = self.needles.begins(self.text.byte(token.start()));
        if codes {
            better(self.code(at, token));
        }
        if literals {
            better(self.literal(at, token));
        }
        if dated && !self.needles.dates.is_empty() {
            better(self.date(at));
        }
        if token.is_initial() {
            better(self.initials(at));
        }
        best
    }

    fn words(&self, at: usize, token: &Token) -> Option<Match<'w>> {
        let may = self.needles.may_begin(token.hash);
        let stem = self.text.without_s(token).filter(|stem| self.needles.may_begin(*stem));
        if !may && stem.is_none() {
            return None;
        }
        let needles = self.needles;
        needles.words.iter().find_map(|words| {
            let hashes = needles.hashes(words);
            let (last, before) = hashes.split_last()?;
            for (step, hash) in before.iter().enumerate() {
                if self.text.get(at + step)?.hash != *hash || !joins(self.text.gap_after(at + step)) {
                    return None;
                }
            }
            let end = self.text.get(at + before.len())?;
            let genitive = end.hash != *last;
            if genitive && (self.text.without_s(end) != Some(*last) || words.ordinary) {
                return None;
            }
            let name = matches!(
                words.kind,
                Kind::FirstName | Kind::LastName | Kind::FullName | Kind::City | Kind::Company
            );
            if name && words.ordinary && !self.is_name(at, at + before.len(), words) {
                return None;
            }
            Some(Match {
                start: token.start(),
                end: end.end(),
                next: at + hashes.len(),
                kind: words.kind,
                with: With::Cased { stand_in: needles.text(words.stand_in), genitive },
            })
        })
    }

    /// Returns whether a word of the language is the name here: with a capital, and neither behind an article nor where a
    /// sentence may begin with such a word.
    fn is_name(&self, first: usize, last: usize, words: &own::Words) -> bool {
        let Some(token) = self.text.get(last) else { return false };
        if !token.flags.has(Flags::CAPITAL) {
            return false;
        }
        let before = self.text.back(first, 1).filter(|_| self.text.gap_before(first).trim() == "");
        let article = before.is_some_and(|t| t.bits.any(Bits::ARTICLE)) && first == last;
        let next = self.text.get(last + 1).filter(|_| self.text.gap_after(last) == " ");
        let with_name = next.is_some_and(|t| self.needles.may_begin(t.hash) && t.is_capitalised());
        !article && (!words.never || !token.flags.has(Flags::FRESH) || with_name)
    }

    /// Finds letters and digits in order, whatever separators stand between.
    fn code(&self, at: usize, token: &Token) -> Option<Match<'w>> {
        let bytes = self.text.text.as_bytes();
        let start = token.start();
        let first = bytes.get(start)?.to_ascii_uppercase();
        let plus = self.text.byte_before(start) == b'+';
        let needles = self.needles;
        needles.codes.iter().find_map(|code| {
            let compact = needles.compact(code).as_bytes();
            if compact.first() != Some(&first) || code.plus && !plus {
                return None;
            }
            let end = spelled(bytes, start, compact)?;
            let long = compact.len() >= 8;
            let whole = long || !self.text.goes_on(end) && !self.text.leads_up(start);
            let next = self.text.tokens.iter().skip(at).take_while(|t| t.start() < end).count();
            whole.then_some(Match {
                start,
                end,
                next: at + next.max(1),
                kind: code.kind,
                with: With::Laid(needles.text(code.stand_in)),
            })
        })
    }

    fn literal(&self, at: usize, token: &Token) -> Option<Match<'w>> {
        let needles = self.needles;
        let start = token.start();
        let first = self.text.byte(start).to_ascii_lowercase();
        needles.literals.iter().find_map(|literal| {
            let plain = needles.plain(literal);
            if plain.as_bytes().first().map(u8::to_ascii_lowercase) != Some(first) {
                return None;
            }
            let end = start + plain.len();
            let fits = self.text.text.get(start..end)?.eq_ignore_ascii_case(plain);
            let behind = self.text.text.get(end..)?.chars().next();
            let ends = !behind.is_some_and(|c| fold::in_word(c) || c == '@' && literal.kind != Kind::Email);
            let next = self.text.tokens.iter().skip(at).take_while(|t| t.start() < end).count();
            (fits && ends).then_some(Match {
                start,
                end,
                next: at + next.max(1),
                kind: literal.kind,
                with: With::Cased { stand_in: needles.text(literal.stand_in), genitive: false },
            })
        })
    }

    fn date(&self, at: usize) -> Option<Match<'w>> {
        let written = dates::Written::read(&self.text, at)?;
        let (meant, stand_in) = self.needles.dates.iter().find(|(day, _)| written.is(*day)).copied()?;
        let stand_in = self.needles.text(stand_in);
        let end = self.text.get(at + written.tokens - 1)?.end();
        Some(Match {
            start: self.text.get(at)?.start(),
            end,
            next: at + written.tokens,
            kind: Kind::BirthDate,
            with: With::Date { meant, stand_in },
        })
    }

    /// Finds the subject's initials: before the own surname, or behind it and a comma.
    fn initials(&self, at: usize) -> Option<Match<'w>> {
        let start = self.text.get(at)?.start();
        let count = (0..5)
            .take_while(|step| {
                let gap = self.text.gap_before(at + step);
                self.text.get(at + step).is_some_and(Token::is_initial)
                    && (*step == 0 || matches!(gap, "." | ". "))
            })
            .count();
        let behind = at + count;
        let before_name = matches!(self.text.gap_before(behind), " " | "." | ". ")
            && self.text.get(behind).is_some_and(|token| {
                self.words(behind, token).is_some_and(|found| found.kind == Kind::LastName)
            });
        let after_name = self.surname == at && self.text.gap_before(at) == ", ";
        if !before_name && !after_name {
            return None;
        }
        let last = self.text.get(behind.checked_sub(1)?)?;
        let first = self.text.slice(start, last.end()).chars().next()?;
        let (_, stand_in) = self.needles.initials.iter().find(|(original, _)| {
            self.needles
                .text(*original)
                .chars()
                .next()
                .is_some_and(|c| c.to_uppercase().eq(first.to_uppercase()))
        })?;
        let stand_in = self.needles.text(*stand_in);
        Some(Match {
            start,
            end: last.end(),
            next: behind,
            kind: Kind::Initials,
            with: With::Initials(stand_in),
        })
    }
}

/// Returns whether words with this between them may be one name.
fn joins(gap: &str) -> bool {
    gap.len() <= 3
        && gap.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '-' | '\'' | '’' | '_' | '/' | '‑'))
}

/// Returns where letters and digits end that a text spells from an offset on, with up to three separators between any two.
fn spelled(bytes: &[u8], start: usize, compact: &[u8]) -> Option<usize> {
    let mut at = start;
    for (count, wanted) in compact.iter().enumerate() {
        let mut gap = 0;
        while count > 0 && bytes.get(at).is_some_and(|b| !b.is_ascii_alphanumeric()) {
            let separator = match bytes.get(at..)? {
                [b' ' | b'.' | b'-' | b'/' | b'(' | b')' | b'\t', ..] => 1,
                [0xc2, 0xa0, ..] => 2,
                [0xe2, 0x80, 0x90..=0x95 | 0xaf, ..] => 3,
                _ => return None,
            };
            at += separator;
            gap += 1;
            if gap > 3 {
                return None;
            }
        }
        if bytes.get(at)?.to_ascii_uppercase() != *wanted {
            return None;
        }
        at += 1;
    }
    let ends = bytes.get(at).is_none_or(|b| !b.is_ascii_alphanumeric());
    ends.then_some(at)
}
