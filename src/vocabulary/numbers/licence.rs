//! Numbers of driving licences: the Netherlands' ten digits, and the United Kingdom's sixteen characters, which carry
//! name and birth date. Refuses to take the British one apart: its parts say who the holder is.
//!
//! Source: RDW (rijbewijsnummer, ten digits); DVLA driver number: five letters of the surname filled with 9, decade, month
//! (+ 50 for women), day, year, two initials or 9, a digit, two letters.

use super::pattern::{Pattern, Patterns};

/// Dutch driving licences.
pub static NETHERLANDS: Patterns = Patterns(&[Pattern::new("1999999999", "")]);

/// Returns whether a British driver number has its form: letters, then nines; a month and day that exist.
#[must_use]
pub fn is_british(compact: &[u8]) -> bool {
    let Some((name, rest)) = compact.split_first_chunk::<5>() else { return false };
    let Some((birth, rest)) = rest.split_first_chunk::<6>() else { return false };
    let [first, second, arbitrary, a, b] = rest else { return false };
    let letters = name.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let named = letters > 0 && name.iter().skip(letters).all(|byte| *byte == b'9');
    let initial = |byte: &u8| byte.is_ascii_uppercase() || *byte == b'9';
    let initials = initial(first) && initial(second) && (*first != b'9' || *second == b'9');
    let [_, m1, m2, d1, d2, _] = birth;
    let two =
        |tens: &u8, ones: &u8| 10 * u32::from(tens.wrapping_sub(b'0')) + u32::from(ones.wrapping_sub(b'0'));
    let born = birth.iter().all(u8::is_ascii_digit)
        && matches!(two(m1, m2), 1..=12 | 51..=62)
        && (1..=31).contains(&two(d1, d2));
    named
        && born
        && initials
        && arbitrary.is_ascii_digit()
        && a.is_ascii_uppercase()
        && b.is_ascii_uppercase()
}
