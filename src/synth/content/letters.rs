//! Letters that a column can hold: those of its character set. Values are made without asking; where one has letters that the
//! column does not hold, each of these becomes the nearest that it holds (`Zoe` of `Zoë`), and what has none near is left out.
//!
//! Columns that hold all letters pass through nothing of this.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::faked::cut;
use super::{DecidedBy, Distinct, Generator, RowCx};
use crate::format::Charset;
use crate::mask::{Lanes, Outcome, Standins};
use crate::synth::seed::Draws;

/// Which letters may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// ASCII alone.
    Ascii,
    /// Those of a character set.
    Of(&'static Charset),
    /// Those of three bytes of UTF-8 at most.
    Basic,
    /// All.
    All,
}

impl Letters {
    /// Returns those of a character set, by its name in facts. Of a set that is not known they are ASCII.
    #[must_use]
    pub fn of(charset: Option<&str>) -> Self {
        match charset {
            None => Self::All,
            Some("utf8mb3") => Self::Basic,
            Some(name) => Charset::of_facts(name).map_or(Self::Ascii, Self::Of),
        }
    }

    /// Says whether all letters of a text are among them. What is no text is not.
    #[must_use]
    pub fn hold(self, text: &[u8]) -> bool {
        match self {
            Self::Ascii => text.is_ascii(),
            Self::Of(set) => set.holds(text),
            // Characters of four bytes begin with these.
            Self::Basic => !text.iter().any(|byte| *byte >= 0xf0),
            Self::All => true,
        }
    }

    /// Makes the rest of a value one that they hold, of at most so many characters.
    fn fold(self, out: &mut Vec<u8>, start: usize, most: usize) {
        let made = out.get(start..).unwrap_or_default();
        if self.hold(made) {
            return;
        }
        let Ok(text) = std::str::from_utf8(made).map(str::to_owned) else { return };
        out.truncate(start);
        let mut utf8 = [0; 4];
        for c in text.chars() {
            let whole = c.encode_utf8(&mut utf8).as_bytes();
            if self.hold(whole) {
                out.extend_from_slice(whole);
            } else {
                near(c, out);
            }
        }
        cut(out, start, most);
        if out.len() == start {
            out.push(b'x');
        }
    }
}

/// Appends what is nearest to a character in ASCII; nothing where nothing is near.
fn near(c: char, out: &mut Vec<u8>) {
    let known = match c {
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "Ae",
        'œ' => "oe",
        'Œ' => "Oe",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'ı' => "i",
        'ĳ' => "ij",
        'Ĳ' => "IJ",
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' => "\"",
        '\u{2010}'..='\u{2015}' => "-",
        '\u{a0}' | '\u{2009}' | '\u{202f}' => " ",
        '€' => "EUR",
        _ => "",
    };
    out.extend_from_slice(known.as_bytes());
    if known.is_empty() {
        decompose_canonical(c, |part| {
            if !is_combining_mark(part)
                && let Some(part) = u8::try_from(part).ok().filter(u8::is_ascii)
            {
                out.push(part);
            }
        });
    }
}

/// What makes values, with the letters alone that its column holds.
pub(in crate::synth) struct Held<T: ?Sized> {
    /// What makes them of all letters.
    pub(in crate::synth) of: Box<T>,
    /// The letters.
    pub(in crate::synth) letters: Letters,
    /// Most characters.
    pub(in crate::synth) most: usize,
}

impl Generator for Held<dyn Generator> {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let made = self.of.make(cx, draws, out);
        if made {
            self.letters.fold(out, start, self.most);
        }
        made
    }

    fn reads(&self) -> &[usize] {
        self.of.reads()
    }

    fn calm(&mut self) {
        self.of.calm();
    }

    fn decided_by(&self) -> Option<DecidedBy> {
        self.of.decided_by()
    }

    fn make_all(&self, lanes: &[Lanes], out: &mut Standins) {
        self.of.make_all(lanes, out);
        // What has other letters is made alone.
        let mut start = 0;
        for (end, outcome) in &mut out.ends {
            let at = usize::try_from(start).unwrap_or(0)..usize::try_from(*end).unwrap_or(0);
            if !self.letters.hold(out.bytes.get(at).unwrap_or_default()) {
                *outcome = Outcome::Unfit;
            }
            start = *end;
        }
    }
}

impl Distinct for Held<dyn Distinct> {
    fn count(&self) -> u64 {
        self.of.count()
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let start = out.len();
        self.of.write(nth, out);
        self.letters.fold(out, start, self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(letters: Letters, text: &str) -> String {
        let mut out = b"before".to_vec();
        out.extend_from_slice(text.as_bytes());
        letters.fold(&mut out, 6, 40);
        String::from_utf8(out.split_off(6)).expect("text")
    }

    #[test]
    fn letters_become_the_nearest_that_a_set_holds() {
        let latin = Letters::of(Some("latin1"));
        assert_eq!(folded(latin, "Zoë Łukasz Straße Şahin"), "Zoë Lukasz Straße Sahin");
        assert_eq!(folded(latin, "12 € – “quoted”"), "12 € – “quoted”");
        assert_eq!(folded(Letters::of(Some("LATIN1")), "12 € – “quoted”"), "12 EUR - \"quoted\"");
        assert_eq!(folded(Letters::of(Some("ascii")), "Zoë Straße"), "Zoe Strasse");
        assert_eq!(folded(Letters::of(Some("latin2")), "Łódź à Orléans"), "Łódź a Orléans");
        assert_eq!(folded(Letters::of(Some("swe7")), "É"), "E");
        assert_eq!(folded(Letters::Basic, "a\u{1f642}b"), "ab");
        assert_eq!(folded(Letters::Ascii, "亜"), "x");
        assert_eq!(Letters::of(None), Letters::All);
        assert!(Letters::All.hold("\u{1f642}".as_bytes()) && Letters::Basic.hold("亜".as_bytes()));
    }
}
