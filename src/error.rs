//! What went wrong, where, and what to do next.
//!
//! On the data path every layer returns this one `Error`. It refuses to hold a value: a `Message` is made by the
//! macro `message!`, whose arguments must be `Sayable`: numbers, text fixed in the program, and names of tables and
//! columns. There is no way to put a `&str` of the input into it without naming it a name first.

use std::fmt;

/// The result of everything that can fail in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Marks what may stand in a message: numbers, fixed text and names, never data.
pub trait Sayable: fmt::Display {}

impl Sayable for &'static str {}
impl Sayable for u8 {}
impl Sayable for u16 {}
impl Sayable for u32 {}
impl Sayable for u64 {}
impl Sayable for usize {}
impl Sayable for i32 {}
impl Sayable for i64 {}
impl Sayable for Message {}
impl<T: Sayable + ?Sized> Sayable for &T where for<'a> &'a T: fmt::Display {}

/// A sentence that holds no value, only numbers, fixed text and names. Made by `message!`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Message(String);

impl Message {
    /// Makes a message of text already checked by `message!`. Not for direct use.
    #[doc(hidden)]
    #[must_use]
    pub fn checked(text: String) -> Self {
        Self(text)
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Message {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Formats a `Message`; every argument must be `Sayable`, so a value of the input does not compile.
#[macro_export]
macro_rules! message {
    ($text:literal $(,)?) => {
        $crate::error::Message::from($text)
    };
    ($text:literal $(, $arg:expr)+ $(,)?) => {{
        fn sayable<T: $crate::error::Sayable + ?Sized>(_: &T) {}
        $( sayable(&$arg); )+
        $crate::error::Message::checked(format!($text $(, $arg)+))
    }};
}

/// A name of a table, column, file, reason or profile word: may be shown. Wrapping data in it is a review stop.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Takes a name out of a schema, a profile or the command line.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Returns the bare name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    /// Shows the name with what hides or turns text escaped, so that it cannot fool a terminal or a reader.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if is_strange(c) { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Sayable for Name {}

/// Returns whether a character must not be shown as it is: it moves the cursor, breaks a line, hides, turns text, or is none
/// that YAML may hold (U+FFFE and U+FFFF).
#[must_use]
pub fn is_strange(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The kind of a failure; it decides the exit code (DESIGN 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A check found something.
    Finding,
    /// The command line, the profile text or the key is wrong; found before any input is read.
    Usage,
    /// The input or its schema does not fit the profile or the format.
    Input,
    /// Reading or writing failed.
    Io,
    /// A fault of this program.
    Bug,
    /// A signal ended the run.
    Interrupted {
        /// The signal's number.
        signal: i32,
    },
}

/// Where something is; every part may be unknown. Lines, bytes and rows count from 1, 0 and 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The input: a file's name, or `stdin`.
    pub source: Option<Message>,
    /// Line in the source, from 1.
    pub line: Option<u64>,
    /// Offset in the (decompressed) source, from 0.
    pub byte: Option<u64>,
    /// Entry of an archive.
    pub entry: Option<Message>,
    /// Table as shown, `public.users`.
    pub table: Option<Message>,
    /// Column as shown: its name, or `column 3` where the input has no trustworthy names.
    pub column: Option<Message>,
    /// Row in the table, from 1.
    pub row: Option<u64>,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.source.as_ref().map(ToString::to_string));
        parts.extend(self.line.map(|n| format!("line {n}")));
        parts.extend(self.byte.map(|n| format!("byte {n}")));
        parts.extend(self.entry.as_ref().map(ToString::to_string));
        parts.extend(self.table.as_ref().map(|n| format!("table {n}")));
        // A column without a trusted name calls itself `column 3`.
        let column =
            |n: &Message| if n.0.starts_with("column ") { n.0.clone() } else { format!("column {n}") };
        parts.extend(self.column.as_ref().map(column));
        parts.extend(self.row.map(|n| format!("row {n}")));
        f.write_str(&parts.join(", "))
    }
}

/// A failure: what was expected or found, where, and what to do. One line, plus a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    what: Message,
    at: Location,
    hint: Option<Message>,
}

impl Error {
    /// Makes an error of a kind.
    #[must_use]
    pub fn new(kind: ErrorKind, what: impl Into<Message>) -> Self {
        Self(Box::new(Inner { kind, what: what.into(), at: Location::default(), hint: None }))
    }

    /// The input does not fit the profile or its format (exit 3).
    #[must_use]
    pub fn input(what: impl Into<Message>) -> Self {
        Self::new(ErrorKind::Input, what)
    }

    /// The command line, profile text or key is wrong (exit 2).
    #[must_use]
    pub fn usage(what: impl Into<Message>) -> Self {
        Self::new(ErrorKind::Usage, what)
    }

    /// An invariant of ours does not hold (exit 5).
    #[must_use]
    pub fn bug(what: impl Into<Message>) -> Self {
        Self::new(ErrorKind::Bug, what)
    }

    /// Reading or writing failed (exit 4). Keeps the kind of the system's error, not its text; one of ours that came
    /// through `std::io` (a damaged compressed stream) stays what it was.
    #[must_use]
    pub fn io(doing: &'static str, error: &std::io::Error) -> Self {
        if let Some(ours) = error.get_ref().and_then(|e| e.downcast_ref::<Self>()) {
            return ours.clone();
        }
        let failed = Self::new(ErrorKind::Io, message!("cannot {}: {}", doing, io_reason(error.kind())));
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => failed.hint("see what the program behind the pipe says"),
            _ => failed,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Message>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Changes the place.
    #[must_use]
    pub fn at(mut self, set: impl FnOnce(&mut Location)) -> Self {
        set(&mut self.0.at);
        self
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the sentence without place and hint.
    #[must_use]
    pub fn what(&self) -> &Message {
        &self.0.what
    }

    /// Returns the place.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.0.at
    }

    /// Returns the hint.
    #[must_use]
    pub fn hint_text(&self) -> Option<&Message> {
        self.0.hint.as_ref()
    }
}

impl fmt::Display for Error {
    /// One line: what, then the place in brackets. The hint is shown by `cli` on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.what)?;
        let at = self.0.at.to_string();
        if at.is_empty() { Ok(()) } else { write!(f, " ({at})") }
    }
}

impl std::error::Error for Error {}

impl From<Error> for std::io::Error {
    /// Takes an error through a `std::io` interface; `Error::io` gives it back.
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}

/// Names the reason of a system error in fixed words, since its text may quote a path or more.
fn io_reason(kind: std::io::ErrorKind) -> &'static str {
    use std::io::ErrorKind as K;
    match kind {
        K::NotFound => "no such file or directory",
        K::PermissionDenied => "permission denied",
        K::AlreadyExists => "it exists already",
        K::BrokenPipe => "the reader went away (broken pipe)",
        K::StorageFull => "the disk is full",
        K::IsADirectory => "it is a directory",
        K::NotADirectory => "a part of the path is not a directory",
        K::UnexpectedEof => "it ended too early",
        K::InvalidInput | K::InvalidData => "the system refused it",
        K::Interrupted => "interrupted",
        K::OutOfMemory => "out of memory",
        K::ReadOnlyFilesystem => "the file system is read-only",
        _ => "the system reported a failure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_with_place() {
        let e = Error::input(message!("expected {} fields, found {}", 7_usize, 6_usize)).at(|at| {
            at.source = Some("stdin".into());
            at.line = Some(812);
            at.table = Some(message!("{}", Name::new("public.users")));
        });
        assert_eq!(e.to_string(), "expected 7 fields, found 6 (stdin, line 812, table public.users)");
    }

    #[test]
    fn an_error_comes_through_io_as_it_was() {
        let e = Error::input("the stream ends too early").hint("fetch it again");
        assert_eq!(Error::io("read the input", &std::io::Error::from(e.clone())), e);
        let other = std::io::Error::other("text of a stranger");
        assert_eq!(Error::io("read the input", &other).kind(), ErrorKind::Io);
    }

    #[test]
    fn names_cannot_fool_a_terminal() {
        assert_eq!(Name::new("a\u{1b}[2Jb").to_string(), "a\\u{1b}[2Jb");
    }
}
