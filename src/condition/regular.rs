//! Regular expressions of CHECKs: PostgreSQL's, as far as they mean the same in every library, matched by a machine of
//! states without going back. `\d`, `\w`, `\s` take ASCII alone here, so that what is made with them fits any locale.
//!
//! Refuses what is PostgreSQL's alone: look-around, back references, `\y`, collating elements, embedded options.
//!
//! Source: PostgreSQL documentation, 9.7.3 (advanced regular expressions).

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Most states.
const MOST: usize = 20_000;

enum State {
    /// One character of these ranges.
    One(Box<[(char, char)]>),
    Split(usize, usize),
    Jump(usize),
    Start,
    End,
    Done,
}

/// A compiled expression. No `Debug`: it is text.
pub(super) struct Regular {
    states: Vec<State>,
}

impl Regular {
    /// Compiles an expression of PostgreSQL; `None` where it is not understood.
    pub(super) fn new(text: &str, fold: bool) -> Option<Self> {
        let hir = ParserBuilder::new()
            .case_insensitive(fold)
            .dot_matches_new_line(true)
            .nest_limit(100)
            .build()
            .parse(&translate(text)?)
            .ok()?;
        let mut states = Vec::new();
        compile(&hir, &mut states)?;
        states.push(State::Done);
        Some(Self { states })
    }

    /// Says whether it matches somewhere in a text.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        let mut now: Vec<usize> = Vec::new();
        let mut next: Vec<usize> = Vec::new();
        let mut chars = text.chars();
        let mut start = true;
        loop {
            let c = chars.next();
            if self.reach(0, start, c.is_none(), &mut now) {
                return true;
            }
            let Some(c) = c else { return false };
            let end = chars.as_str().is_empty();
            next.clear();
            for at in &now {
                if let Some(State::One(ranges)) = self.states.get(*at)
                    && ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
                    && self.reach(at + 1, false, end, &mut next)
                {
                    return true;
                }
            }
            std::mem::swap(&mut now, &mut next);
            start = false;
        }
    }

    /// Adds the states that are reached without a character; `true` where that is the end.
    fn reach(&self, from: usize, start: bool, end: bool, into: &mut Vec<usize>) -> bool {
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            if into.contains(&at) {
                continue;
            }
            into.push(at);
            match self.states.get(at) {
                Some(State::Done) | None => return true,
                Some(State::Split(one, other)) => stack.extend([*other, *one]),
                Some(State::Jump(to)) => stack.push(*to),
                Some(State::Start) if start => stack.push(at + 1),
                Some(State::End) if end => stack.push(at + 1),
                Some(State::One(_) | State::Start | State::End) => {}
            }
        }
        false
    }
}

fn compile(hir: &Hir, states: &mut Vec<State>) -> Option<()> {
    if states.len() > MOST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => {
            for c in std::str::from_utf8(&literal.0).ok()?.chars() {
                states.push(State::One(Box::new([(c, c)])));
            }
        }
        HirKind::Class(Class::Unicode(class)) => {
            states.push(State::One(class.iter().map(|range| (range.start(), range.end())).collect()));
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Look(Look::Start) => states.push(State::Start),
        HirKind::Look(Look::End) => states.push(State::End),
        HirKind::Look(_) => return None,
        HirKind::Capture(capture) => compile(&capture.sub, states)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| compile(part, states))?,
        HirKind::Alternation(parts) => {
            let mut ends = Vec::new();
            for (nth, part) in parts.iter().enumerate() {
                let split = (nth + 1 < parts.len()).then(|| hold(states));
                compile(part, states)?;
                if let Some(split) = split {
                    ends.push(hold(states));
                    let here = states.len();
                    put(states, split, State::Split(split + 1, here));
                }
            }
            let here = states.len();
            ends.into_iter().for_each(|end| put(states, end, State::Jump(here)));
        }
        HirKind::Repetition(repeat) => {
            (0..repeat.min).try_for_each(|_| compile(&repeat.sub, states))?;
            match repeat.max {
                Some(most) => {
                    for _ in repeat.min..most {
                        let split = hold(states);
                        compile(&repeat.sub, states)?;
                        let here = states.len();
                        put(states, split, State::Split(split + 1, here));
                    }
                }
                None => {
                    let split = hold(states);
                    compile(&repeat.sub, states)?;
                    states.push(State::Jump(split));
                    let here = states.len();
                    put(states, split, State::Split(split + 1, here));
                }
            }
        }
    }
    Some(())
}

/// Keeps a place for a state that is known later.
fn hold(states: &mut Vec<State>) -> usize {
    states.push(State::Done);
    states.len() - 1
}

fn put(states: &mut [State], at: usize, state: State) {
    if let Some(place) = states.get_mut(at) {
        *place = state;
    }
}

/// Writes an expression of PostgreSQL in the words that the libraries share; `None` where there are none.
fn translate(text: &str) -> Option<String> {
    if text.starts_with("***") || text.starts_with("(?") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut bracket = false;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            '\\' => {
                let escaped = chars.next()?;
                let class = match escaped {
                    'd' => "0-9",
                    'w' => "A-Za-z0-9_",
                    's' => " \\t\\n\\r",
                    't' | 'n' | 'r' => {
                        out.extend(['\\', escaped]);
                        continue;
                    }
                    'D' | 'W' | 'S' if !bracket => {
                        out.push_str(match escaped {
                            'D' => "[^0-9]",
                            'W' => "[^A-Za-z0-9_]",
                            _ => "[^ \\t\\n\\r]",
                        });
                        continue;
                    }
                    other if other.is_ascii_punctuation() => {
                        out.extend(['\\', other]);
                        continue;
                    }
                    _ => return None,
                };
                if bracket {
                    out.push_str(class);
                } else {
                    out.push('[');
                    out.push_str(class);
                    out.push(']');
                }
            }
            '[' if bracket => match next {
                Some(':') => {
                    let name: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    out.push('[');
                    out.push_str(&name);
                    out.push(']');
                }
                Some('.' | '=') => return None,
                _ => out.push_str("\\["),
            },
            '[' => {
                bracket = true;
                out.push('[');
                if next == Some('^') {
                    out.extend(chars.next());
                }
                // A bracket that comes first stands for itself.
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str("\\]");
                }
            }
            ']' if bracket => {
                bracket = false;
                out.push(']');
            }
            '&' | '~' if bracket => out.extend(['\\', c]),
            '-' if bracket && next == Some('-') => return None,
            '(' if !bracket && next == Some('?') => {
                chars.next();
                if chars.next() != Some(':') {
                    return None;
                }
                out.push_str("(?:");
            }
            _ => out.push(c),
        }
    }
    Some(out)
}

/// Writes an expression that whole texts match, of one that matches somewhere in them; `None` where that cannot be said
/// in a few characters.
pub(super) fn whole(text: &str) -> Option<String> {
    let text = translate(text)?;
    let (mut depth, mut bracket, mut escaped, mut splits) = (0_u32, false, false, false);
    let mut ends = false;
    for c in text.chars() {
        ends = false;
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => splits = true,
            '$' => ends = true,
            _ => {}
        }
    }
    if splits {
        return None;
    }
    let (from, start) = text.strip_prefix('^').map_or((text.as_str(), ".*"), |rest| (rest, ""));
    let (inner, end) = if ends { (from.strip_suffix('$')?, "") } else { (from, ".*") };
    Some(format!("{start}{inner}{end}"))
}

/// Writes a LIKE pattern as an expression that whole texts match.
pub(super) fn of_like(pattern: &str, escape: Option<char>) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            _ if Some(c) == escape => {
                out.push_str(&regex_syntax::escape(chars.next()?.encode_utf8(&mut [0; 4])))
            }
            '%' => out.push_str(".*"),
            '_' => out.push('.'),
            _ => out.push_str(&regex_syntax::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(expression: &str, text: &str) -> bool {
        Regular::new(expression, false).expect("understood").matches(text.as_bytes())
    }

    #[test]
    fn expressions_match_as_the_server_says() {
        for (expression, yes, no) in [
            ("^[A-Z]{3}$", "ABC", "ABCD"),
            ("^[A-Z]{3}", "ABCD", "AB"),
            ("@", "a@b", "ab"),
            (r"^\d{4}-[\d.]+$", "1234-5.6", "1234-a"),
            ("^(red|green|blue)$", "green", "greens"),
            ("^a*b?c+$", "aacc", "aab"),
            ("^[[:alpha:]_][[:alnum:]_]*$", "a_1", "1a"),
            ("^[]a]+$", "a]", "b"),
            ("^a|b$", "ax", "xa"),
            ("^$", "", "a"),
            ("^.{2,3}$", "éé", "é"),
            (r"^\+?[1-9]\d{1,14}$", "+31201234567", "+0"),
        ] {
            assert!(matches(expression, yes), "{expression} {yes}");
            assert!(!matches(expression, no), "{expression} {no}");
        }
        assert!(Regular::new("^ab$", true).expect("understood").matches(b"AB"));
    }

    #[test]
    fn what_the_server_alone_has_is_refused() {
        for expression in ["(?=a)b", r"(a)\1", r"\ya", "***=a", "[[.a.]]", "a{2", "(?i)a"] {
            assert!(Regular::new(expression, false).is_none(), "{expression}");
        }
    }

    #[test]
    fn whole_expressions_say_what_is_around() {
        assert_eq!(whole("^[A-Z]{3}$").as_deref(), Some("[A-Z]{3}"));
        assert_eq!(whole("^AB").as_deref(), Some("AB.*"));
        assert_eq!(whole("@").as_deref(), Some(".*@.*"));
        assert_eq!(whole(r"\$$").as_deref(), Some(r".*\$"));
        assert_eq!(whole("^a|b$"), None);
        assert_eq!(of_like("a.%_", Some('\\')).as_deref(), Some(r"a\..*."));
    }
}
