//! Keyed permutations of numbers: machinery of `pseudonym`, not a technique.
//!
//! - `ff1`: domains of 10^6 and more; `table`: domains up to 2^16;
//! - `cycle`: ranks of any domain, one round trip through it, so that nothing maps to itself;
//! - `bits`: numbers of 130 to 256 bits;
//! - `wide`: strings that no such number holds;
//! - `exchange`: two halves of a range change places, so that nothing maps to itself;
//! - `shifted`: p, then a shift by one, then p's inverse: the same for ranges that cannot be halved.
//!
//! Both walk on past numbers that must not come out, and stay bijections on the rest. Deliberately absent: text.

pub(crate) mod bits;
pub(crate) mod cycle;
pub(crate) mod exchange;
pub(crate) mod ff1;
pub(crate) mod shifted;
pub(crate) mod table;
pub(crate) mod wide;

/// Names of the permutations under one key: the first byte of FF1's tweak, and of a table's stream. Fixed for ever.
pub(crate) mod name {
    /// 0..2^30 of the integers of 31 bits, to the upper half.
    pub(crate) const INTEGER_UP: u8 = 1;
    /// The upper half, down.
    pub(crate) const INTEGER_DOWN: u8 = 2;
    /// The lower half of 2^31..2^63, to the upper half.
    pub(crate) const BIGINT_UP: u8 = 3;
    /// The upper half, down.
    pub(crate) const BIGINT_DOWN: u8 = 4;
    /// 0..2^14 of the integers of 15 bits, to the upper half.
    pub(crate) const SMALLINT_UP: u8 = 5;
    /// The upper half, down.
    pub(crate) const SMALLINT_DOWN: u8 = 6;
    /// The 122 free bits of a UUID.
    pub(crate) const UUID: u8 = 7;
    /// The first eight digits of a BSN.
    pub(crate) const BSN: u8 = 8;
    /// Digits, letters and digits, text.
    pub(crate) const STRINGS: u8 = 9;
    /// Hexadecimal digits.
    pub(crate) const HEX: u8 = 10;
    /// National numbers, VAT numbers, cards, plates, postcodes: ranks of their schemes.
    pub(crate) const SCHEME: u8 = 11;
    /// Accounts.
    pub(crate) const IBAN: u8 = 12;
    /// Telephone numbers.
    pub(crate) const PHONE: u8 = 13;
    /// Internet addresses.
    pub(crate) const IP: u8 = 14;
    /// Days, and lists of values.
    pub(crate) const WITHIN: u8 = 15;
}
