//! Texts of a regular expression, numbered: for columns of which a CHECK asks one and whose meaning gives none. Dots and large
//! classes give small letters and digits, `*` and `+` a few times. Refuses anchors inside, and numbers that two texts share.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How often `*` and `+` repeat beyond their least.
const MORE: u32 = 6;
/// Most repetitions and parts.
const MOST: u32 = 1000;

enum Part {
    Text(String),
    /// One of these.
    Letters(Vec<char>),
    Row(Vec<Part>),
    Choice(Vec<Part>),
    Repeat(Box<Part>, u32, u32),
}

/// The texts of an expression.
pub(super) struct Texts {
    part: Part,
    count: u64,
}

impl Texts {
    /// Reads an expression that whole texts match.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let hir = ParserBuilder::new().nest_limit(50).build().parse(pattern).ok()?;
        let part = read(&hir)?;
        let count = part.count();
        (count > 0).then_some(Self { part, count })
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn write(&self, nth: u64, out: &mut Vec<u8>) {
        self.part.write(nth, out);
    }

    /// Says whether every number has a text of its own.
    pub(super) fn is_distinct(&self) -> bool {
        let Part::Row(parts) = &self.part else { return self.part.is_sure(true) };
        // Parts of any length stand apart by a text that none of them holds.
        let loose: Vec<&Part> = parts.iter().filter(|part| !part.is_sure(false)).collect();
        let apart = |text: &str| text.chars().all(|c| loose.iter().all(|part| !part.holds(c)));
        let mut waiting = false;
        for part in parts {
            match part {
                Part::Text(text) if apart(text) => waiting = false,
                part if part.is_sure(false) => {}
                part if waiting || !part.is_sure(true) => return false,
                _ => waiting = true,
            }
        }
        true
    }
}

fn read(hir: &Hir) -> Option<Part> {
    Some(match hir.kind() {
        HirKind::Empty => Part::Text(String::new()),
        HirKind::Literal(literal) => Part::Text(String::from_utf8(literal.0.to_vec()).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let holds = |c: char| class.iter().any(|range| (range.start()..=range.end()).contains(&c));
            let few = |c: &char| holds(*c) && c.is_ascii_graphic();
            let wide = class
                .iter()
                .map(|range| u64::from(u32::from(range.end()) - u32::from(range.start())))
                .sum::<u64>()
                > 200;
            let plain = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit();
            let all: Vec<char> = (' '..='~').filter(few).filter(|c| !wide || plain(c)).collect();
            let all =
                if all.is_empty() { class.iter().next().map(|range| vec![range.start()])? } else { all };
            Part::Letters(all)
        }
        HirKind::Class(Class::Bytes(_)) | HirKind::Look(_) => return None,
        HirKind::Capture(capture) => read(&capture.sub)?,
        HirKind::Concat(parts) => Part::Row(parts.iter().map(read).collect::<Option<_>>()?),
        HirKind::Alternation(parts) => Part::Choice(parts.iter().map(read).collect::<Option<_>>()?),
        HirKind::Repetition(repeat) => {
            let most =
                repeat.max.unwrap_or(repeat.min.saturating_add(MORE)).min(repeat.min.saturating_add(40));
            if most > MOST {
                return None;
            }
            Part::Repeat(Box::new(read(&repeat.sub)?), repeat.min, most)
        }
    })
}

impl Part {
    fn count(&self) -> u64 {
        match self {
            Self::Text(_) => 1,
            Self::Letters(letters) => u64::try_from(letters.len()).unwrap_or(u64::MAX),
            Self::Row(parts) => parts.iter().fold(1, |all, part| all.saturating_mul(part.count())),
            Self::Choice(parts) => parts.iter().fold(0, |all, part| all.saturating_add(part.count())),
            Self::Repeat(part, least, most) => {
                let one = part.count();
                (*least..=*most).fold(0, |all, times| all.saturating_add(one.saturating_pow(times)))
            }
        }
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
            Self::Letters(letters) => {
                let letter = usize::try_from(nth).ok().and_then(|nth| letters.get(nth)).or(letters.first());
                if let Some(letter) = letter {
                    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            Self::Row(parts) => {
                let mut rest = nth;
                for part in parts {
                    let count = part.count().max(1);
                    part.write(rest % count, out);
                    rest /= count;
                }
            }
            Self::Choice(parts) => {
                let mut rest = nth;
                for part in parts {
                    let count = part.count();
                    if rest < count {
                        return part.write(rest, out);
                    }
                    rest -= count;
                }
            }
            Self::Repeat(part, least, most) => {
                let one = part.count().max(1);
                let (mut rest, mut times) = (nth, *least);
                while times < *most && rest >= one.saturating_pow(times) {
                    rest -= one.saturating_pow(times);
                    times += 1;
                }
                for _ in 0..times {
                    part.write(rest % one, out);
                    rest /= one;
                }
            }
        }
    }

    /// Says whether its texts tell its number: of one length, or of any where `any` allows.
    fn is_sure(&self, any: bool) -> bool {
        match self {
            Self::Text(_) | Self::Letters(_) => true,
            Self::Row(parts) => parts.iter().all(|part| part.is_sure(false)),
            Self::Choice(parts) => {
                let texts: Option<Vec<&String>> = parts
                    .iter()
                    .map(|part| if let Self::Text(text) = part { Some(text) } else { None })
                    .collect();
                let lengths = |texts: &[&String]| {
                    texts.iter().all(|t| texts.first().is_some_and(|f| f.len() == t.len()))
                };
                texts.is_some_and(|texts| any || lengths(&texts))
            }
            Self::Repeat(part, least, most) => {
                (any || least == most)
                    && (matches!(part.as_ref(), Self::Letters(_)) || least == most && part.is_sure(false))
            }
        }
    }

    fn holds(&self, c: char) -> bool {
        match self {
            Self::Text(text) => text.contains(c),
            Self::Letters(letters) => letters.contains(&c),
            Self::Row(parts) | Self::Choice(parts) => parts.iter().any(|part| part.holds(c)),
            Self::Repeat(part, ..) => part.holds(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_numbered() {
        for (pattern, least) in
            [("[A-Z]{3}", 17_576), (".*@.*", 1 << 60), ("[1-9][0-9]{3} [A-Z]{2}", 6_084_000), ("a|bc", 2)]
        {
            let texts = Texts::new(pattern).expect("understood");
            assert!(texts.count() >= least && texts.is_distinct(), "{pattern}");
            let step = (texts.count() / 1000).max(1);
            let mut seen: Vec<Vec<u8>> = Vec::new();
            for nth in (0..1000).map(|n| n * step).filter(|n| *n < texts.count()) {
                let mut out = Vec::new();
                texts.write(nth, &mut out);
                seen.push(out);
            }
            let all = seen.len();
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), all, "{pattern}");
        }
        assert!(!Texts::new("a*b*a*").expect("understood").is_distinct());
        assert!(!Texts::new("[a-z]*x[a-z]*").expect("understood").is_distinct());
        assert!(Texts::new("a$b").is_none());
    }
}
