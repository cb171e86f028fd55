//! The exit codes (DESIGN 8): what a script may rely on.

use crate::error::{Error, ErrorKind};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done.
    Done,
    /// A check found something.
    Finding,
    /// Usage, profile text or key; before any input is read.
    Usage,
    /// The input or its schema does not fit profile or format.
    Input,
    /// Reading or writing failed, broken pipe included.
    Io,
    /// A fault of this program.
    Bug,
    /// A signal, after clean-up.
    Signal(i32),
}

impl Exit {
    /// Returns the code for the system.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Finding => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Io => 4,
            Self::Bug => 5,
            Self::Signal(n) => u8::try_from(128 + n).unwrap_or(255),
        }
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Finding => Self::Finding,
            ErrorKind::Usage => Self::Usage,
            ErrorKind::Input => Self::Input,
            ErrorKind::Io => Self::Io,
            ErrorKind::Bug => Self::Bug,
            ErrorKind::Interrupted { signal } => Self::Signal(signal),
        }
    }
}
