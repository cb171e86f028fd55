//! The calls with which SQLite's `.dump` writes text that holds control characters: `unistr('…')`,
//! `replace('…','\n',char(10))`, nested. Knows these functions with literals and nothing else.

use super::escape;
use super::literal::string_end;

/// Calls nest no deeper: `.dump` needs two.
const DEEPEST: u8 = 8;

/// Returns the end of the call at `at`; `None` if it is none of those known.
pub(super) fn end(raw: &[u8], at: usize) -> Option<usize> {
    let mut spare = Vec::new();
    Call { raw, at, depth: 0 }.expression(&mut spare)
}

/// Appends the value of a call.
pub(super) fn value(raw: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let end = Call { raw, at: 0, depth: 0 }.expression(out)?;
    (end == raw.len()).then_some(())
}

struct Call<'a> {
    raw: &'a [u8],
    at: usize,
    depth: u8,
}

impl Call<'_> {
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.raw.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    fn symbol(&mut self, symbol: u8) -> Option<()> {
        (self.peek()? == symbol).then(|| self.at += 1)
    }

    /// Reads a string or a call, appends its value and returns its end.
    fn expression(&mut self, out: &mut Vec<u8>) -> Option<usize> {
        if self.peek()? == b'\'' {
            let end = string_end(self.raw, self.at, b'\'', false)?;
            escape::undouble(self.raw.get(self.at + 1..end - 1)?, b'\'', out);
            self.at = end;
            return Some(end);
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let rest = self.raw.get(self.at..)?;
        let len = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let name = rest.get(..len)?.to_ascii_lowercase();
        self.at += len;
        self.symbol(b'(')?;
        match name.as_slice() {
            b"unistr" => {
                let mut text = Vec::new();
                self.expression(&mut text)?;
                escape::unistr(&text, out)?;
            }
            b"replace" => {
                let mut parts = [Vec::new(), Vec::new(), Vec::new()];
                for (index, part) in parts.iter_mut().enumerate() {
                    if index > 0 {
                        self.symbol(b',')?;
                    }
                    self.expression(part)?;
                }
                let [text, from, to] = &parts;
                // What `.dump` writes only shrinks; without a bound a few nested calls fill the memory.
                let room = out.len() + self.raw.len();
                replace(text, from, to, room, out)?;
            }
            b"char" => self.characters(out)?,
            _ => return None,
        }
        self.symbol(b')')?;
        self.depth -= 1;
        Some(self.at)
    }

    /// Reads the code points of `char(…)`.
    fn characters(&mut self, out: &mut Vec<u8>) -> Option<()> {
        loop {
            self.peek()?;
            let rest = self.raw.get(self.at..)?;
            let len = rest.iter().take(8).take_while(|b| b.is_ascii_digit()).count();
            let number = std::str::from_utf8(rest.get(..len)?).ok()?.parse().ok()?;
            out.extend_from_slice(char::from_u32(number)?.encode_utf8(&mut [0; 4]).as_bytes());
            self.at += len;
            if self.peek()? != b',' {
                return Some(());
            }
            self.at += 1;
        }
    }
}

/// Appends `text` with every `from` replaced; as SQLite, an empty `from` replaces nothing. `None` if `out` outgrows
/// `room`.
fn replace(mut text: &[u8], from: &[u8], to: &[u8], room: usize, out: &mut Vec<u8>) -> Option<()> {
    if !from.is_empty() {
        while let Some(at) = memchr::memmem::find(text, from) {
            out.extend_from_slice(text.get(..at).unwrap_or_default());
            out.extend_from_slice(to);
            text = text.get(at + from.len()..).unwrap_or_default();
            if out.len() > room {
                return None;
            }
        }
    }
    out.extend_from_slice(text);
    (out.len() <= room).then_some(())
}
