//! `pattern`: values of a regular expression, chosen by the digest. Of a class only printable ASCII and, where it
//! has at most 256 characters, others that show come: `.`, `\w` and `[^a]` give characters that any program takes.
//!
//! Class: randomisation. Preserves nothing of the value; with `unique: true` distinct values stay distinct up to chance.
//! An attacker learns only, where the value itself decides, which rows had the same one. `{pattern: "[A-Z]{2}-[0-9]{4}"}`
//! gives such a code. Refuses what has no longest text unless `max:` bounds it, look-around, borders and anchors inside,
//! patterns longer than 1000 characters in their stand-ins, and `unique` under 40 bits or for a pattern whose texts could be
//! read in two ways.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class as Letters, Hir, HirKind, Look};

use super::draw::Draw;
use super::{
    Class, Compile, Compiled, Example, Mask, MaskCx, OptionSpec, Outcome, Output, Reaches, Refusal,
    Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::error::Message;
use crate::message;
use crate::row::canon::Canon;
use crate::secret::{Mac, lanes};

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "pattern",
    class: Class::Randomisation,
    summary: "replaces every value by text of a regular expression",
    preserves: "that a value was there; one text a value, or a subject; uniqueness with `unique: true`",
    attacker: "which rows had the same value, where the value itself decides; nothing of the value",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what the pattern allows"),
    argument: Takes::Text,
    bare: false,
    options: &[
        OptionSpec {
            name: "unique",
            takes: Takes::Boolean,
            help: "stand-ins that never coincide: takes 40 bits",
        },
        OptionSpec {
            name: "max",
            takes: Takes::Integer { min: 1, max: 1000 },
            help: "most characters of a stand-in; `*`, `+` and `{2,}` need it",
        },
    ],
    identifying: |_, options| is_unique(options),
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "{pattern: \"[A-Z]{2}-[0-9]{4}\"}", input: "XK-2210", output: "EY-6542" },
        Example { rule: "{pattern: \"(north|south)-[a-f]+\", max: 9}", input: "east", output: "north-e" },
    ],
    compile,
};

fn is_unique(options: &[(String, Value)]) -> bool {
    options.iter().any(|(name, value)| name == "unique" && *value == Value::Boolean(true))
}

/// Longest stand-in.
const MOST_CHARS: u32 = 1000;
/// How much more often than it must a part without a bound comes, at most.
const MOST_MORE: u32 = 16;
/// Parts of a pattern, nested ones included.
const MOST_PARTS: usize = 10_000;

/// A part of a pattern.
enum Part {
    /// This text.
    Text(Box<str>),
    /// One of these characters.
    Letters(Box<[char]>),
    /// A part between least and most times.
    Times(Box<Part>, u32, u32),
    /// One after the other.
    All(Vec<Part>),
    /// One of several.
    One(Vec<Part>),
}

struct Pattern {
    part: Part,
    draw: Draw,
    mac: Mac,
}

fn refusal(what: impl Into<Message>, hint: impl Into<Message>) -> Refusal {
    Refusal { what: what.into(), hint: Some(hint.into()) }
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if !cx.class().is_text() {
        return Err(refusal("`pattern` makes text", "use `pick`, `perturb` or `constant` for other types"));
    }
    let text = cx.argument.and_then(Value::text).unwrap_or_default();
    let hint =
        "`standin techniques pattern` says what is understood; non-ASCII letters are written out: `(a|b)`";
    // What the crate says of a fault quotes the pattern; the place of the rule is enough.
    let parsed = ParserBuilder::new().nest_limit(50).build().parse(text);
    let Ok(hir) = parsed else {
        return Err(refusal("the pattern is no regular expression that this program reads", hint));
    };
    let max = match cx.option("max") {
        Some(Value::Integer(max)) => u32::try_from(*max).ok(),
        _ => None,
    };
    let part = bounded(&hir, max)?;
    let longest = part.longest();
    let most = max.unwrap_or(MOST_CHARS);
    if longest > u64::from(most) {
        return Err(refusal(
            message!("texts of the pattern have up to {} characters, `max` is {}", longest, most),
            "write a shorter pattern, or a greater `max:`",
        ));
    }
    if longest == 0 {
        return Err(refusal("the pattern stands for no text", "write one, such as `\"[A-Z]{2}[0-9]{6}\"`"));
    }
    let unique = is_unique(cx.options);
    let uniqueness = match (unique, part.bits()) {
        (false, _) => Uniqueness::Lost,
        (true, Some(bits)) => Uniqueness::Bits(bits),
        (true, None) => {
            return Err(refusal(
                "a unique pattern has one form: no `|` between texts, and no part that comes more or less often",
                "write `[0-9]{8}` rather than `[0-9]{6,8}`",
            ));
        }
    };
    let (draw, mac, needs) = Draw::new(cx, "pattern");
    let output = Output::Text { max_chars: u32::try_from(longest).ok() };
    Ok(Compiled { mask: Box::new(Pattern { part, draw, mac }), needs, output, uniqueness })
}

/// Reads the pattern; parts without a bound come as often as `max` allows, at most 16 times more than they must.
fn bounded(hir: &Hir, max: Option<u32>) -> Result<Part, Refusal> {
    let mut more = MOST_MORE;
    loop {
        let mut reading = Reading { more: max.map(|_| more), parts: 0, open: false };
        let part = reading.read(hir, true, true)?;
        let fits = max.is_none_or(|max| part.longest() <= u64::from(max));
        if fits || more == 0 || !reading.open {
            return Ok(part);
        }
        more -= 1;
    }
}

/// A pattern being read.
struct Reading {
    /// How much more often a part without a bound may come; `None` = there may be none.
    more: Option<u32>,
    parts: usize,
    /// Whether there is one.
    open: bool,
}

impl Reading {
    /// Reads a part; it stands at the begin, or the end, of the text.
    fn read(&mut self, hir: &Hir, first: bool, last: bool) -> Result<Part, Refusal> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(refusal("the pattern has more parts than this program takes", "write a shorter one"));
        }
        match hir.kind() {
            HirKind::Empty => Ok(Part::Text("".into())),
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) if text.chars().all(shows) => Ok(Part::Text(text.into())),
                _ => Err(refusal(
                    "the pattern holds bytes that are no text, or characters that do not show",
                    "write letters",
                )),
            },
            HirKind::Class(class) => letters(class),
            HirKind::Look(Look::Start) if first => Ok(Part::Text("".into())),
            HirKind::Look(Look::End) if last => Ok(Part::Text("".into())),
            HirKind::Look(_) => Err(refusal(
                "a border inside of the pattern makes no text",
                "leave out `\\b`, and `^` and `$` inside",
            )),
            HirKind::Repetition(of) => {
                let most = match (of.max, self.more) {
                    (Some(most), _) => most,
                    (None, Some(more)) => {
                        self.open = true;
                        of.min.saturating_add(more)
                    }
                    (None, None) => {
                        let hint = "add `max:`, or write how often: `[0-9]{1,6}`";
                        return Err(refusal("a part of the pattern has no greatest length", hint));
                    }
                };
                Ok(Part::Times(Box::new(self.read(&of.sub, false, false)?), of.min, most))
            }
            HirKind::Capture(capture) => self.read(&capture.sub, first, last),
            HirKind::Concat(parts) => {
                let end = parts.len().saturating_sub(1);
                let each = parts.iter().enumerate();
                let read = each.map(|(at, part)| self.read(part, first && at == 0, last && at == end));
                Ok(Part::All(read.collect::<Result<_, _>>()?))
            }
            HirKind::Alternation(parts) => {
                let read = parts.iter().map(|part| self.read(part, first, last));
                Ok(Part::One(read.collect::<Result<_, _>>()?))
            }
        }
    }
}

/// Most characters of a class of which other letters than ASCII come.
const FEW: u64 = 256;

/// Returns the characters of a class that stand-ins have.
fn letters(class: &Letters) -> Result<Part, Refusal> {
    let found: Box<[char]> = match class {
        Letters::Unicode(class) => {
            let all = || class.iter().flat_map(|range| range.start()..=range.end());
            let size = |from: char, to: char| u64::from(u32::from(to) - u32::from(from)) + 1;
            let few = class.iter().map(|range| size(range.start(), range.end())).sum::<u64>() <= FEW;
            // Printable ASCII stands before all others.
            let ascii = all().take_while(char::is_ascii).filter(|c| (' '..='~').contains(c));
            ascii.chain(all().take_while(|_| few).filter(|c| is_beyond(*c))).collect()
        }
        Letters::Bytes(class) => {
            let holds = |byte: &u8| class.iter().any(|range| (range.start()..=range.end()).contains(byte));
            (b' '..=b'~').filter(holds).map(char::from).collect()
        }
    };
    if found.is_empty() {
        return Err(refusal(
            "a class of the pattern holds no character that shows",
            "write the letters out: `[a-z]`",
        ));
    }
    Ok(Part::Letters(found))
}

/// Returns whether a character shows: neither controls text nor is a space other than the blank.
fn shows(c: char) -> bool {
    let hides =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    c == ' ' || !c.is_control() && !c.is_whitespace() && !hides
}

/// Returns whether a character beyond ASCII shows, and does not stand for an ASCII letter in another case (the Kelvin sign,
/// the long s), which `(?i)` brings in.
fn is_beyond(c: char) -> bool {
    let folds = c.to_lowercase().chain(c.to_uppercase()).any(|c| c.is_ascii());
    !c.is_ascii() && shows(c) && !folds
}

impl Part {
    /// Returns the characters of its longest text.
    fn longest(&self) -> u64 {
        match self {
            Self::Text(text) => u64::try_from(text.chars().count()).unwrap_or(u64::MAX),
            Self::Letters(_) => 1,
            Self::Times(part, _, most) => part.longest().saturating_mul(u64::from(*most)),
            Self::All(parts) => parts.iter().fold(0, |sum, part| sum.saturating_add(part.longest())),
            Self::One(parts) => parts.iter().map(Self::longest).max().unwrap_or(0),
        }
    }

    /// Returns how many bits choose among its texts; `None` if two choices could make the same text.
    fn bits(&self) -> Option<u32> {
        let choices = self.choices()?;
        // Of 128 bits a row, two are left for rounding.
        Some(choices.checked_ilog2().unwrap_or(0).min(126))
    }

    fn choices(&self) -> Option<u128> {
        match self {
            Self::Text(_) => Some(1),
            Self::Letters(letters) => u128::try_from(letters.len()).ok(),
            Self::Times(part, least, most) if least == most => Some(part.choices()?.saturating_pow(*least)),
            Self::All(parts) => {
                parts.iter().try_fold(1_u128, |all, part| Some(all.saturating_mul(part.choices()?)))
            }
            Self::Times(..) | Self::One(_) => None,
        }
    }

    /// Appends a text.
    fn append(&self, choice: &mut Choice, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
            Self::Letters(letters) => {
                let index = choice.below(u32::try_from(letters.len()).unwrap_or(1));
                if let Some(letter) = usize::try_from(index).ok().and_then(|index| letters.get(index)) {
                    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            Self::Times(part, least, most) => {
                for _ in 0..least + choice.below(most.saturating_sub(*least).saturating_add(1)) {
                    part.append(choice, out);
                }
            }
            Self::All(parts) => parts.iter().for_each(|part| part.append(choice, out)),
            Self::One(parts) => {
                let index = choice.below(u32::try_from(parts.len()).unwrap_or(1));
                if let Some(part) = usize::try_from(index).ok().and_then(|index| parts.get(index)) {
                    part.append(choice, out);
                }
            }
        }
    }
}

/// Choices drawn from one digest: a fraction of 128 bits, of which each choice takes the front. Where those are spent, 128
/// more come, and then they are mixed anew.
struct Choice {
    fraction: u128,
    /// Bits of it that are not spent.
    room: u32,
    next: [u64; 4],
}

impl Choice {
    fn new([a, b, c, d]: [u64; 4]) -> Self {
        Self { fraction: (u128::from(a) << 64) | u128::from(b), room: u128::BITS, next: [c, d, a, b] }
    }

    /// Returns a number below `count`.
    fn below(&mut self, count: u32) -> u32 {
        if count <= 1 {
            return 0;
        }
        // Sixteen bits more than it takes, so that each is as likely.
        let bits = u32::BITS - (count - 1).leading_zeros();
        if self.room < bits + 16 {
            let [a, b, c, d] = self.next;
            self.fraction = (u128::from(a) << 64) | u128::from(b);
            self.room = u128::BITS;
            self.next = [c, d, mix(a ^ c), mix(b.wrapping_add(d))];
        }
        self.room -= bits;
        let low = (self.fraction & u128::from(u64::MAX)) * u128::from(count);
        let high = (self.fraction >> 64) * u128::from(count) + (low >> 64);
        self.fraction = (high << 64) | (low & u128::from(u64::MAX));
        u32::try_from(high >> 64).unwrap_or_default()
    }
}

/// Spreads bits: the finisher of SplitMix64. Source: Steele, Lea and Flood, OOPSLA 2014.
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Mask for Pattern {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let start = out.len();
        self.part.append(&mut Choice::new(self.draw.lanes(cx.lanes)), out);
        if out.get(start..) == Some(field) { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        self.part.append(&mut Choice::new(lanes(&self.mac.tag(&[b"placeholder", field]))), out);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::mask::testing::{Rule, columns_agree, compile, placeholder, run};
    use crate::mask::{Compiled, Decider};
    use crate::row::shape::TypeClass;

    fn rule(pattern: &str, options: &[(&str, Value)]) -> Rule<'static> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Rule { given: Some((Some(Value::Text(pattern.to_owned())), options)), ..Rule::new("pattern", None) }
    }

    fn made(pattern: &str, max: Option<i64>) -> Option<Compiled> {
        let max = max.map(|max| ("max", Value::Integer(max)));
        compile(&rule(pattern, max.as_slice()))
    }

    #[test]
    fn texts_match_their_pattern() {
        for (pattern, max) in [
            ("[A-Z]{2}[0-9]{6}", None),
            ("^(NL|BE)-\\d{3}$", None),
            ("a?b{0,3}c", None),
            ("[^0-9]{5}", None),
            (".{10}", None),
            ("\\w+@example\\.org", Some(30)),
            ("(ab|c)*d", Some(7)),
            ("[a-z]+[0-9]+", Some(3)),
            ("(?i)straat [1-9]", None),
            ("(\u{e9}|\u{eb}|\u{20ac})x", None),
            ("\\S{40}", None),
            ("[a-c\u{e0}-\u{ff}]{12}", None),
            ("(?i)[ks]{4}", None),
            ("(?-u:[0-9a-f]){4}", None),
        ] {
            let compiled = made(pattern, max).unwrap_or_else(|| panic!("{pattern}"));
            let mut seen = HashSet::new();
            for n in 0..500 {
                let text = run(&compiled, &n.to_string()).1;
                assert!(matches(pattern, &text), "{text} of {pattern}");
                assert!(i64::try_from(text.chars().count()).unwrap() <= max.unwrap_or(1000));
                assert!(!text.chars().any(char::is_control));
                seen.insert(text);
            }
            assert!(seen.len() > 2, "{pattern}: {seen:?}");
        }
    }

    /// Holds text against a pattern by PostgreSQL-like words of our own: the condition's parser has none, so each piece is
    /// tried by hand.
    fn matches(pattern: &str, text: &str) -> bool {
        let hir = ParserBuilder::new().build().parse(pattern).unwrap();
        ends(&hir, text.as_bytes(), 0).contains(&text.len())
    }

    /// Returns where a part that begins at a place can end.
    fn ends(hir: &Hir, text: &[u8], at: usize) -> HashSet<usize> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => HashSet::from([at]),
            HirKind::Literal(l) => {
                if text[at..].starts_with(&l.0) {
                    HashSet::from([at + l.0.len()])
                } else {
                    HashSet::new()
                }
            }
            HirKind::Class(Letters::Bytes(class)) => match text.get(at) {
                Some(b) if class.iter().any(|r| r.start() <= *b && *b <= r.end()) => HashSet::from([at + 1]),
                _ => HashSet::new(),
            },
            HirKind::Class(Letters::Unicode(class)) => {
                let first = std::str::from_utf8(&text[at..]).unwrap().chars().next();
                let found = first.filter(|c| class.iter().any(|r| r.start() <= *c && *c <= r.end()));
                found.map(|c| at + c.len_utf8()).into_iter().collect()
            }
            HirKind::Capture(c) => ends(&c.sub, text, at),
            HirKind::Concat(parts) => parts.iter().fold(HashSet::from([at]), |from, part| {
                from.into_iter().flat_map(|at| ends(part, text, at)).collect()
            }),
            HirKind::Alternation(parts) => parts.iter().flat_map(|part| ends(part, text, at)).collect(),
            HirKind::Repetition(of) => {
                let (mut all, mut now) = (HashSet::new(), HashSet::from([at]));
                for times in 0..=of.max.unwrap_or(40) {
                    if times >= of.min {
                        all.extend(now.iter().copied());
                    }
                    now = now.into_iter().flat_map(|at| ends(&of.sub, text, at)).collect();
                }
                all
            }
        }
    }

    #[test]
    fn what_is_not_bounded_or_no_text_is_refused() {
        for (pattern, max) in [
            ("[a-z]+", None),
            ("a*", None),
            ("a{2,}", None),
            ("a{5}", Some(4)),
            ("a{1001}", None),
            ("(a{1000}){1000}", None),
            ("", None),
            ("^$", None),
            ("a\\bb", None),
            ("a^b", None),
            ("(?=a)b", None),
            ("[", None),
            ("(a)\\1", None),
            ("\\x00", None),
            ("[\u{2028}]", None),
            ("[\\t]", None),
        ] {
            assert!(made(pattern, max).is_none(), "{pattern}");
        }
        assert!(compile(&Rule { ty: TypeClass::Integer, ..rule("[0-9]", &[]) }).is_none());
    }

    #[test]
    fn unique_patterns_say_their_bits() {
        let unique = |pattern| {
            let rule = rule(pattern, &[("unique", Value::Boolean(true)), ("max", Value::Integer(60))]);
            compile(&rule).map(|compiled| compiled.uniqueness)
        };
        assert_eq!(unique("[0-9]{13}"), Some(Uniqueness::Bits(43)));
        assert_eq!(unique("X-[a-z0-9]{16}"), Some(Uniqueness::Bits(82)));
        assert_eq!(unique("([0-9a-f]{4}-){8}"), Some(Uniqueness::Bits(126)));
        for pattern in ["[0-9]{1,20}", "(a|bc)[0-9]{16}", "[0-9]+"] {
            assert_eq!(unique(pattern), None, "{pattern}");
        }
        let compiled = compile(&rule("[0-9a-f]{12}", &[("unique", Value::Boolean(true))])).unwrap();
        let all: HashSet<String> = (0..100_000).map(|n| run(&compiled, &n.to_string()).1).collect();
        assert_eq!(all.len(), 100_000);
        assert!(is_unique(&[("unique".to_owned(), Value::Boolean(true))]));
        assert!(!is_unique(&[("unique".to_owned(), Value::Boolean(false))]));
    }

    #[test]
    fn every_choice_is_as_likely() {
        let compiled = made("[0-9]{30}", None).unwrap();
        let mut seen = [[0_u32; 10]; 30];
        for n in 0..10_000 {
            for (at, digit) in run(&compiled, &n.to_string()).1.bytes().enumerate() {
                seen[at][usize::from(digit - b'0')] += 1;
            }
        }
        assert!(seen.iter().flatten().all(|n| (850..1150).contains(n)), "{seen:?}");
    }

    #[test]
    fn columns_agree_and_placeholders_match() {
        let by_value = rule("[a-z]{8}", &[]);
        assert_eq!(placeholder(&by_value, "x").unwrap().len(), 8);
        let values = ["x", "", "y"].map(|value| Some(value.to_owned()));
        columns_agree(&by_value, &[values.as_slice(), &[None]].concat());
        columns_agree(
            &Rule { decider: Decider::Subject, ..rule("[a-z]{8}", &[]) },
            &[values.as_slice(), &[None]].concat(),
        );
    }
}
