//! Which CSV it is: delimiter, quote and line end, told by the first record and the command line. Refuses to guess:
//! where two delimiters are possible, the run stops and asks for `--delimiter`.

use crate::error::{Error, Result};
use crate::format::InputOptions;
use crate::message;

/// The delimiters that are looked for.
const CANDIDATES: [u8; 4] = *b",;\t|";

/// How records end. One file, one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// LF.
    Lf,
    /// CR LF.
    CrLf,
}

/// The syntax of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between fields. ASCII.
    pub(super) delimiter: u8,
    /// Around fields, doubled inside. ASCII.
    pub(super) quote: u8,
    /// After records.
    pub(super) ending: Ending,
}

/// What is known of the syntax before the first byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// `--delimiter`.
    pub(super) delimiter: Option<u8>,
    /// `--quote`, or the double quote.
    pub(super) quote: u8,
    /// Number of columns named by `--columns`; the first record is data then.
    pub(super) columns: Option<usize>,
}

impl Wish {
    /// Takes the syntax out of the command line.
    ///
    /// # Errors
    /// `ErrorKind::Usage` for bytes that cannot serve.
    pub(super) fn new(options: &InputOptions) -> Result<Self> {
        let quote = options.quote.unwrap_or(b'"');
        for (byte, what) in [(options.delimiter, "delimiter"), (Some(quote), "quote")] {
            if byte.is_some_and(|b| !b.is_ascii() || matches!(b, 0 | b'\n' | b'\r')) {
                return Err(Error::usage(message!(
                    "the {} must be one ASCII character, no line break",
                    what
                )));
            }
        }
        if options.delimiter == Some(quote) {
            return Err(Error::usage("the delimiter and the quote are the same character"));
        }
        Ok(Self { delimiter: options.delimiter, quote, columns: options.columns.as_ref().map(Vec::len) })
    }

    /// Tells the dialect by the first record, which begins at `first[0]` (the BOM is off).
    ///
    /// # Errors
    /// `ErrorKind::Input` where no or more than one delimiter fits.
    pub(super) fn detect(&self, first: &[u8]) -> Result<Dialect> {
        let tally = Tally::of(first, self.quote);
        if tally.nul {
            return Err(Error::input("the first line holds a NUL byte: the input is UTF-16 or no text")
                .hint(crate::format::magic::UTF16));
        }
        let delimiter = match self.delimiter {
            Some(delimiter) => delimiter,
            None => self.choose(&tally)?,
        };
        Ok(Dialect { delimiter, quote: self.quote, ending: tally.ending })
    }

    fn choose(&self, tally: &Tally) -> Result<u8> {
        let hint = "say which it is: --delimiter";
        let mut seen = CANDIDATES.iter().zip(tally.counts).filter(|(_, count)| *count > 0);
        // With --columns their number settles it. A candidate that occurs in the only column is data or a mistake.
        if let Some(columns) = self.columns
            && (columns > 1 || seen.clone().next().is_some())
        {
            let mut fitting = seen.filter(|(_, count)| count + 1 == columns);
            return match (fitting.next(), fitting.next()) {
                (Some((delimiter, _)), None) => Ok(*delimiter),
                _ => Err(Error::input(message!(
                    "not exactly one of comma, semicolon, tab and bar divides the first line into {} columns",
                    columns
                ))
                .hint(hint)),
            };
        }
        match (seen.next(), seen.next()) {
            (Some((delimiter, _)), None) => Ok(*delimiter),
            // One column: any delimiter that then occurs in a row makes that row ragged.
            (None, _) => Ok(if self.quote == b',' { b';' } else { b',' }),
            (Some(_), Some(_)) => Err(Error::input(
                "the delimiter is not certain: more than one of comma, semicolon, tab and bar is in the first line",
            )
            .hint(hint)),
        }
    }
}

/// What is in the first record.
struct Tally {
    /// Of each candidate, outside quotes.
    counts: [usize; CANDIDATES.len()],
    ending: Ending,
    nul: bool,
}

impl Tally {
    fn of(first: &[u8], quote: u8) -> Self {
        let mut tally = Self { counts: [0; CANDIDATES.len()], ending: Ending::Lf, nul: false };
        let mut inside = false;
        let mut last = 0;
        for &byte in first {
            if byte == quote {
                inside = !inside;
            } else if byte == 0 {
                tally.nul = true;
            } else if !inside {
                if byte == b'\n' {
                    if last == b'\r' {
                        tally.ending = Ending::CrLf;
                    }
                    break;
                }
                for (candidate, count) in CANDIDATES.iter().zip(&mut tally.counts) {
                    *count += usize::from(byte == *candidate);
                }
            }
            last = byte;
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(first: &[u8], options: &InputOptions) -> Result<Dialect> {
        Wish::new(options)?.detect(first)
    }

    #[test]
    fn the_header_tells() {
        let plain = InputOptions::default();
        for (first, delimiter, ending) in [
            (&b"id,email\n"[..], b',', Ending::Lf),
            (b"id;email\r\n1,2", b';', Ending::CrLf),
            (b"id\temail\n", b'\t', Ending::Lf),
            (b"id|\"a,b;c\nd\"\r\n", b'|', Ending::CrLf),
            (b"email\n", b',', Ending::Lf),
            (b"id,email", b',', Ending::Lf),
        ] {
            assert_eq!(detect(first, &plain), Ok(Dialect { delimiter, quote: b'"', ending }));
        }
    }

    #[test]
    fn two_delimiters_are_not_guessed() {
        let error = detect(b"id;name, first\n", &InputOptions::default()).unwrap_err();
        assert_eq!(error.hint_text().unwrap().as_str(), "say which it is: --delimiter");
        let options = InputOptions { delimiter: Some(b';'), ..InputOptions::default() };
        assert_eq!(detect(b"id;name, first\n", &options).unwrap().delimiter, b';');
    }

    #[test]
    fn named_columns_settle_it() {
        let columns = |names: &[&str]| InputOptions {
            columns: Some(names.iter().map(ToString::to_string).collect()),
            ..InputOptions::default()
        };
        assert_eq!(detect(b"1;a,b;2\n", &columns(&["a", "b", "c"])).unwrap().delimiter, b';');
        assert_eq!(detect(b"x\n", &columns(&["a"])).unwrap().delimiter, b',');
        assert!(detect(b"1;2\n", &columns(&["a"])).is_err());
        assert!(detect(b"1;2,3\n", &columns(&["a", "b"])).is_err());
        assert!(detect(b"1\n", &columns(&["a", "b"])).is_err());
    }

    #[test]
    fn impossible_characters_are_refused() {
        for byte in [0, b'\n', b'\r', 0xA0, b'"'] {
            let options = InputOptions { delimiter: Some(byte), ..InputOptions::default() };
            assert!(Wish::new(&options).is_err());
        }
    }

    #[test]
    fn nasty_12_utf16_without_bom_is_refused() {
        assert!(detect(b"i\0d\0,\0e\0\n\0", &InputOptions::default()).is_err());
    }
}
