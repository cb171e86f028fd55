//! The bytes of PHP's `serialize()`: what stands at a place and where it ends. Strict: a length that does not lead to
//! its quote, a count that does not lead to its brace and a kind that is not known are unfit. Goes down no call a level.
//!
//! Source: PHP 8.4, `ext/standard/var_unserializer.re`. The kinds: `N;` `b:1;` `i:7;` `d:0.5;` `s:3:"abc";`
//! `a:1:{key value}` `O:4:"User":1:{key value}` `C:3:"Set":5:{bytes}` `E:9:"Suit:Clubs";` `R:2;` `r:2;`. Keys are `i`
//! and `s`. Refused: `S` and `o`, which no PHP since version 5.3 writes.

use std::ops::Range;

use crate::mask::inside::Unfit;
use crate::mask::inside::path::{Filter, Literal, Step};

/// Deepest nesting of arrays and objects.
pub(super) const DEEPEST: usize = 1_024;

/// A serialized value.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a [u8]);

/// What stands at a place.
pub(super) struct Item {
    /// Its letter.
    pub(super) kind: u8,
    /// What it says: the bytes of a string, the digits of a number or reference, the class of an object.
    pub(super) text: Range<usize>,
    /// The digits that say how many members it has.
    pub(super) count: Range<usize>,
    /// How many these are.
    pub(super) members: usize,
    /// Where it ends; of an array or object where its first key stands.
    pub(super) next: usize,
}

impl Item {
    /// Returns whether it has members.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.kind, b'a' | b'O')
    }
}

/// What was seen on the way over a value.
#[derive(Default)]
pub(super) struct Facts {
    /// Values that references count: all but `R`.
    pub(super) slots: usize,
    /// There are `R` or `r`.
    pub(super) references: bool,
    /// There is `C`, whose bytes only its class understands.
    pub(super) custom: bool,
    /// Such bytes look as if references stood in them.
    pub(super) hidden: bool,
}

impl<'a> Text<'a> {
    /// Returns the bytes of a range.
    pub(super) fn bytes(self, range: Range<usize>) -> &'a [u8] {
        self.0.get(range).unwrap_or_default()
    }

    fn expect(self, at: usize, token: &[u8]) -> Result<usize, Unfit> {
        let rest = self.0.get(at..).ok_or(Unfit)?;
        if rest.starts_with(token) { Ok(at + token.len()) } else { Err(Unfit) }
    }

    /// Reads what stands up to `;`, and the place behind it.
    fn until_end(self, at: usize) -> Result<(Range<usize>, usize), Unfit> {
        // No number has more digits than this; a text without `;` is not searched to its end.
        let rest = self.0.get(at..).ok_or(Unfit)?;
        let len = rest.iter().take(400).position(|b| *b == b';').ok_or(Unfit)?;
        Ok((at..at + len, at + len + 1))
    }

    /// Reads digits and the `:` behind them.
    fn number(self, at: usize) -> Result<(usize, Range<usize>, usize), Unfit> {
        let rest = self.0.get(at..).ok_or(Unfit)?;
        let len = rest.iter().take(20).take_while(|b| b.is_ascii_digit()).count();
        let digits = std::str::from_utf8(rest.get(..len).ok_or(Unfit)?).map_err(|_| Unfit)?;
        let number = digits.parse().map_err(|_| Unfit)?;
        Ok((number, at..at + len, self.expect(at + len, b":")?))
    }

    /// Reads `3:"abc"`; returns where the bytes stand, and the place behind the quote.
    fn counted(self, at: usize) -> Result<(Range<usize>, usize), Unfit> {
        let (len, _, at) = self.number(at)?;
        let start = self.expect(at, b"\"")?;
        let end = start.checked_add(len).ok_or(Unfit)?;
        Ok((start..end, self.expect(end, b"\"")?))
    }

    /// Reads the value at a place; of an array or object what comes before its first key.
    pub(super) fn item(self, at: usize) -> Result<Item, Unfit> {
        let kind = self.0.get(at).copied().ok_or(Unfit)?;
        let mut item = Item { kind, text: at..at, count: at..at, members: 0, next: at };
        if kind == b'N' {
            item.next = self.expect(at, b"N;")?;
            return Ok(item);
        }
        let body = self.expect(at + 1, b":")?;
        match kind {
            b'b' | b'i' | b'd' | b'R' | b'r' => {
                (item.text, item.next) = self.until_end(body)?;
                let text = self.bytes(item.text.clone());
                let sound = match kind {
                    b'b' => matches!(text, b"0" | b"1"),
                    b'i' => is_integer(text),
                    b'd' => is_double(text),
                    _ => text.len() < 10 && !text.is_empty() && text.iter().all(u8::is_ascii_digit),
                };
                if !sound {
                    return Err(Unfit);
                }
            }
            b's' | b'E' => {
                let end;
                (item.text, end) = self.counted(body)?;
                item.next = self.expect(end, b";")?;
            }
            b'a' => (item.members, item.count, item.next) = self.opened(body)?,
            b'O' => {
                let end;
                (item.text, end) = self.counted(body)?;
                (item.members, item.count, item.next) = self.opened(self.expect(end, b":")?)?;
            }
            b'C' => {
                let (_, end) = self.counted(body)?;
                let (len, _, start) = self.number(self.expect(end, b":")?)?;
                let start = self.expect(start, b"{")?;
                let end = start.checked_add(len).ok_or(Unfit)?;
                item.text = start..end;
                item.next = self.expect(end, b"}")?;
            }
            _ => return Err(Unfit),
        }
        Ok(item)
    }

    /// Reads `2:{`.
    fn opened(self, at: usize) -> Result<(usize, Range<usize>, usize), Unfit> {
        let (members, digits, next) = self.number(at)?;
        let next = self.expect(next, b"{")?;
        // The shortest member is `i:0;N;`.
        if members > self.0.len() / 6 { Err(Unfit) } else { Ok((members, digits, next)) }
    }

    /// Reads a key.
    pub(super) fn key(self, at: usize) -> Result<Item, Unfit> {
        let key = self.item(at)?;
        if matches!(key.kind, b'i' | b's') { Ok(key) } else { Err(Unfit) }
    }

    /// Returns where the array or object ends of which all members were read.
    pub(super) fn closed(self, at: usize) -> Result<usize, Unfit> {
        self.expect(at, b"}")
    }

    /// Returns the end of the value at a place that lies `depth` levels deep.
    pub(super) fn skip(
        self,
        mut at: usize,
        depth: usize,
        left: &mut Vec<usize>,
        facts: &mut Facts,
    ) -> Result<usize, Unfit> {
        let base = left.len();
        loop {
            let item = self.item(at)?;
            facts.slots += usize::from(item.kind != b'R');
            facts.references |= matches!(item.kind, b'R' | b'r');
            facts.custom |= item.kind == b'C';
            facts.hidden |= item.kind == b'C' && refers(self.bytes(item.text.clone()));
            at = item.next;
            if item.is_open() {
                if depth + left.len() - base >= DEEPEST {
                    return Err(Unfit);
                }
                left.push(item.members);
            }
            loop {
                match left.get_mut(base..).and_then(<[usize]>::last_mut) {
                    None => return Ok(at),
                    Some(0) => {
                        at = self.closed(at)?;
                        left.pop();
                    }
                    Some(members) => {
                        *members -= 1;
                        at = self.key(at)?.next;
                        break;
                    }
                }
            }
        }
    }

    /// Finds the value to which names and numbers lead from the value at a place; adds what was read to `read`.
    pub(super) fn find(
        self,
        at: usize,
        steps: &[Step],
        depth: usize,
        left: &mut Vec<usize>,
        read: &mut usize,
    ) -> Result<Option<usize>, Unfit> {
        let mut at = at;
        for step in steps {
            let found = self.member(at, depth, left, read, |key, text| match step {
                Step::Name(name) => short(text).1 == name.as_slice(),
                Step::Index(index) => key.kind == b'i' && parse(text) == Some(*index),
                _ => false,
            })?;
            let Some(value) = found else { return Ok(None) };
            at = value;
        }
        Ok(Some(at))
    }

    /// Finds the last member of the value at a place whose key is the one.
    fn member(
        self,
        at: usize,
        depth: usize,
        left: &mut Vec<usize>,
        read: &mut usize,
        is: impl Fn(&Item, &[u8]) -> bool,
    ) -> Result<Option<usize>, Unfit> {
        let item = self.item(at)?;
        let (mut place, mut found) = (item.next, None);
        if !item.is_open() {
            return Ok(None);
        }
        for _ in 0..item.members {
            let key = self.key(place)?;
            if is(&key, self.bytes(key.text.clone())) {
                found = Some(key.next);
            }
            place = self.skip(key.next, depth + 1, left, &mut Facts::default())?;
        }
        *read += place - at;
        Ok(found)
    }

    /// Says whether a filter holds for the value at a place.
    pub(super) fn holds(
        self,
        at: usize,
        filter: &Filter,
        depth: usize,
        left: &mut Vec<usize>,
        read: &mut usize,
    ) -> Result<bool, Unfit> {
        if !self.item(at)?.is_open() {
            return Ok(false);
        }
        let named = |_: &Item, text: &[u8]| short(text).1 == filter.member.as_slice();
        let Some(found) = self.member(at, depth, left, read, named)? else { return Ok(!filter.equal) };
        let item = self.item(found)?;
        let text = self.bytes(item.text);
        let same = match (&filter.literal, item.kind) {
            (Literal::Text(own), b's') => own == text,
            (Literal::Boolean(is), b'b') => text == if *is { b"1" } else { b"0" },
            (Literal::Null, b'N') => true,
            (number @ Literal::Number(_), b'i' | b'd') => number.is_number(text),
            _ => false,
        };
        Ok(same == filter.equal)
    }
}

/// Splits a property's name: `\0User\0name` is private, `\0*\0name` protected. Returns the mark and the bare name.
pub(super) fn short(name: &[u8]) -> (&[u8], &[u8]) {
    let marked = name.strip_prefix(b"\0").and_then(|rest| memchr::memchr(0, rest));
    match marked {
        Some(at) => name.split_at(at + 2),
        None => (&[], name),
    }
}

/// Reads digits with their sign.
pub(super) fn parse(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn is_integer(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) && parse(text).is_some()
}

fn is_double(text: &[u8]) -> bool {
    let sign = |b: &u8| matches!(*b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let number =
        text.iter().all(sign) && std::str::from_utf8(text).is_ok_and(|text| text.parse::<f64>().is_ok());
    number || matches!(text, b"INF" | b"-INF" | b"NAN")
}

/// Returns whether `r:1` or `R:1` seems to stand in the bytes of a `C`.
fn refers(bytes: &[u8]) -> bool {
    memchr::memchr2_iter(b'r', b'R', bytes).any(|at| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let digit = bytes.get(at + 1) == Some(&b':') && bytes.get(at + 2).is_some_and(u8::is_ascii_digit);
        digit && before.is_none_or(|b| matches!(b, b';' | b'{' | b'}' | b':' | b','))
    })
}
