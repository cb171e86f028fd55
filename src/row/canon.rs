//! Canon 1: the form of a deciding value before it is keyed (DESIGN 4). Two spellings of one thing become the same
//! bytes; what is no valid spelling stays its exact bytes and is counted. Never fails, never drops a value.

/// Which canonical form applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canon {
    /// Exact bytes.
    Bytes,
    /// Trimmed, NFC, lower case.
    Email,
    /// E.164 by country (ISO 3166 code, `NL`).
    Phone {
        /// The country whose national form is assumed.
        country: &'static str,
    },
    /// Upper case, separators off: IBAN, card, postcode, plate.
    Compact,
    /// Digits, left-padded to nine.
    Bsn,
    /// Lower case, hyphenated.
    Uuid,
    /// Decimal, no plus, no leading zeros.
    Integer,
    /// NFC, case-folded, single spaces.
    Name,
    /// Right-trimmed: `char(n)`.
    Padded,
    /// Case and accents folded (`fold: true`).
    Folded,
}

impl Canon {
    /// Appends the canonical form of a decoded value; `false` if it has not the form and exact bytes were taken.
    pub fn append(self, value: &[u8], out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(value);
        matches!(self, Self::Bytes)
    }
}
