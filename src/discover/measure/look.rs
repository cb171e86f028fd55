//! One value, looked at once: what it is made of, so that the tests need not. Refuses to look past its first 4 KiB.

use crate::vocabulary::numbers::Compact;

/// How much of a value is looked at.
pub(crate) const MOST_BYTES: usize = 4 << 10;

/// A value of a column, without blanks around it.
#[derive(Clone, Copy)]
pub(crate) struct Look<'v> {
    /// Its text; empty where it is not UTF-8.
    pub(crate) text: &'v str,
    /// Its bytes, at most 4 KiB of them.
    pub(crate) bytes: &'v [u8],
    /// Letters and digits in capitals, where nothing but separators stands between them; none for decimals and dates.
    pub(crate) compact: Option<Compact>,
    /// A whole number.
    pub(crate) integer: Option<i64>,
    /// Digits behind the point of a decimal number, and the number.
    pub(crate) decimal: Option<(usize, f64)>,
    /// A day or moment.
    pub(crate) day: Option<Day>,
    /// Characters.
    pub(crate) chars: u32,
    /// Characters that are digits of ASCII.
    pub(crate) digits: u32,
    /// Characters that are letters.
    pub(crate) letters: u32,
    /// Runs of anything but blanks.
    pub(crate) words: u32,
    /// Bits of entropy of a character, by how often each byte is there.
    pub(crate) entropy: f32,
}

/// A day, or a moment of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// Its year.
    pub(crate) year: u32,
    /// Its month, 1 to 12.
    pub(crate) month: u32,
    /// Its day, 1 to 31.
    pub(crate) day: u32,
    /// Whether a time of day that is not midnight stands behind it.
    pub(crate) timed: bool,
}

impl std::fmt::Debug for Look<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<a value of {} bytes>", self.bytes.len())
    }
}

impl<'v> Look<'v> {
    /// Looks at a value.
    pub(crate) fn new(value: &'v [u8]) -> Self {
        let bytes = value.get(..MOST_BYTES).unwrap_or(value).trim_ascii();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // A character that the cut went through.
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
            }
            Err(_) => "",
        };
        let mut look = Self {
            text,
            bytes,
            compact: None,
            integer: None,
            decimal: None,
            day: None,
            chars: 0,
            digits: 0,
            letters: 0,
            words: 0,
            entropy: 0.0,
        };
        look.count();
        look.read();
        look
    }

    fn count(&mut self) {
        let mut counts = [0_u16; 256];
        let mut blank = true;
        for byte in self.bytes {
            if let Some(count) = counts.get_mut(usize::from(*byte)) {
                *count += 1;
            }
            let is_blank = byte.is_ascii_whitespace();
            self.words += u32::from(blank && !is_blank);
            blank = is_blank;
            self.chars += u32::from(byte & 0xc0 != 0x80);
            self.digits += u32::from(byte.is_ascii_digit());
            self.letters += u32::from(byte.is_ascii_alphabetic() || *byte >= 0xc0);
        }
        let all = self.bytes.len().min(MOST_BYTES);
        let all = f32::from(u16::try_from(all).unwrap_or(u16::MAX));
        if self.bytes.len() > 1 {
            self.entropy = counts.iter().filter(|count| **count > 0).fold(0.0, |sum, count| {
                let share = f32::from(*count) / all;
                sum - share * share.log2()
            });
        }
    }

    fn read(&mut self) {
        if self.bytes.len() > 64 || self.digits == 0 && self.chars > 40 {
            return;
        }
        self.day = day(self.bytes);
        if self.digits > 0 && self.letters == 0 && self.day.is_none() {
            self.integer = self.text.parse().ok();
            self.decimal = self.integer.is_none().then(|| decimal(self.text)).flatten();
        }
        if self.day.is_none() && self.decimal.is_none() && self.integer.is_none_or(|n| n >= 0) {
            self.compact = Compact::read(self.bytes);
        }
    }

    /// Returns its letters and digits in capitals; empty where it is no code.
    pub(crate) fn code(&self) -> &[u8] {
        self.compact.as_ref().map_or(&[], Compact::as_slice)
    }

    /// Returns its words.
    pub(crate) fn each_word(&self) -> impl DoubleEndedIterator<Item = &'v str> + use<'v> {
        self.text.split_ascii_whitespace()
    }
}

/// Reads a decimal number: a point or a comma, digits on both sides.
fn decimal(text: &str) -> Option<(usize, f64)> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = unsigned.rsplit_once(['.', ','])?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(part) || !digits(whole) || whole.len() > 15 {
        return None;
    }
    let number: f64 = [whole, ".", part].concat().parse().ok()?;
    Some((part.len(), if text.starts_with('-') { -number } else { number }))
}

/// Reads `1984-03-12`, `12-03-1984`, `12/03/1984`, `12.03.1984`, with a time behind it or none. Where day and month could
/// be either, the day comes first.
fn day(bytes: &[u8]) -> Option<Day> {
    let len = bytes.iter().take_while(|byte| !matches!(byte, b' ' | b'T')).count();
    let (date, time) = bytes.split_at_checked(len)?;
    if !(8..=10).contains(&date.len()) {
        return None;
    }
    let mut parts = date.split(|byte| matches!(byte, b'-' | b'/' | b'.'));
    let mut part = || {
        let part = parts.next()?;
        let number = crate::vocabulary::numbers::number(part)?;
        Some((part.len(), u32::try_from(number).ok()?))
    };
    let (first, middle, last) = (part()?, part()?, part()?);
    let (year, month, day) = match (first.0, last.0) {
        (4, 1 | 2) => (first.1, middle.1, last.1),
        (1 | 2, 4) if middle.1 > 12 => (last.1, first.1, middle.1),
        (1 | 2, 4) => (last.1, middle.1, first.1),
        _ => return None,
    };
    let real = parts.next().is_none()
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && middle.0 <= 2
        && year >= 1000;
    let clock = time.get(1..).unwrap_or_default();
    let timed = clock.iter().take(8).any(|byte| matches!(byte, b'1'..=b'9'));
    let spelled = clock.is_empty() || clock.get(2) == Some(&b':');
    (real && spelled).then_some(Day { year, month, day, timed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_days_and_codes_are_told_apart() {
        let look = |text: &'static str| Look::new(text.as_bytes());
        assert_eq!(look(" 12.50 ").decimal.map(|(digits, _)| digits), Some(2));
        assert!(look("12.50").compact.is_none() && look("-1234").compact.is_none());
        assert_eq!(look("123.456.782").code(), b"123456782");
        assert_eq!(look("1234 ab").code(), b"1234AB");
        assert_eq!(look("1984-03-12").day, Some(Day { year: 1984, month: 3, day: 12, timed: false }));
        assert_eq!(look("03/25/1984").day.map(|day| (day.month, day.day)), Some((3, 25)));
        assert!(look("2020-02-03 10:11:12.5+01").day.is_some_and(|day| day.timed));
        assert!(look("2020-02-03 00:00:00").day.is_some_and(|day| !day.timed));
        assert!(look("2020-13-03").day.is_none() && look("12-34-5678").day.is_none());
        assert_eq!((look("een twee  drie").words, look("é1").letters, look("é1").chars), (3, 1, 2));
        assert_eq!(format!("{:?}", look("secret")), "<a value of 6 bytes>");
        assert!(look("aaaaaaaa").entropy < 0.01 && look("abcdefgh").entropy > 2.9);
    }
}
