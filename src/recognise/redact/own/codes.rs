//! Numbers of the row's own subject: each spelling of a telephone number, account and code as a needle of letters and
//! digits. Refuses what has fewer than five of them.

use super::{Code, Needles, bit};
use crate::recognise::Kind;
use crate::row::canon::Canon;

impl Needles {
    fn code(&mut self, compact: &[&str], stand_in: &[&str], kind: Kind, plus: bool) {
        if compact.iter().map(|part| part.len()).sum::<usize>() >= 5 {
            let (compact, stand_in) = (self.keep_all(compact), self.keep_all(stand_in));
            self.first_bytes.0 |= bit(self.text(compact).as_bytes().first());
            self.codes.push(Code { compact, stand_in, kind, plus });
        }
    }

    pub(super) fn number(&mut self, original: &str, stand_in: &str, kind: Kind) {
        // What has other characters than letters, digits and separators stands as it is, and what is no number does too.
        let code = |b: u8| b.is_ascii_alphanumeric() || b" .-/".contains(&b);
        let (Some(from), Some(to)) = (compact(original), compact(stand_in)) else {
            self.literal(original, stand_in, kind);
            return;
        };
        if !original.bytes().all(code) {
            self.literal(original, stand_in, kind);
            return;
        }
        let (from, to) = (from.as_str(), to.as_str());
        self.code(&[from], &[stand_in], kind, false);
        let bare = from.trim_start_matches('0');
        if bare.len() >= 7 && bare.len() < from.len() && bare.bytes().all(|b| b.is_ascii_digit()) {
            self.code(&[bare], &[to.trim_start_matches('0')], kind, false);
        }
        // The account alone, as people wrote it before.
        if kind == Kind::Iban && from.starts_with("NL") {
            let account = |iban: &'_ str| {
                iban.get(8..).map_or(0, |rest| 8 + rest.len() - rest.trim_start_matches('0').len())
            };
            let (from, to) =
                (from.get(account(from)..).unwrap_or_default(), to.get(account(to)..).unwrap_or_default());
            if from.len() >= 7 {
                self.code(&[from], &[to], kind, false);
            }
        }
    }

    /// Adds a telephone number as it is dialled at home and from abroad.
    pub(super) fn phone(&mut self, original: &str, stand_in: &str, country: &'static str, trunk: &str) {
        let mut canon = std::mem::take(&mut self.spare);
        canon.clear();
        let known = Canon::Phone { country }.append(original.as_bytes(), &mut canon);
        let middle = canon.len();
        let also = Canon::Phone { country }.append(stand_in.as_bytes(), &mut canon);
        let (from, to) = canon.split_at_checked(middle).unwrap_or_default();
        if let (Ok(from), Ok(to)) = (std::str::from_utf8(from), std::str::from_utf8(to)) {
            self.dialled(original, from, known, (stand_in, to, also), trunk);
        }
        self.spare = canon;
    }

    fn dialled(
        &mut self,
        original: &str,
        from: &str,
        known: bool,
        stand_in: (&str, &str, bool),
        trunk: &str,
    ) {
        let (as_is, to, also) = stand_in;
        if !known {
            if let Some(digits) = compact(original) {
                self.code(&[digits.as_str()], &[as_is], Kind::Phone, false);
            }
            return;
        }
        let (from_code, from_rest) = country_code(from);
        let (to_code, to_rest) = country_code(to);
        let home = if from_code == "1" { "" } else { trunk };
        let (abroad, given) = (["00", to_code, to_rest], [as_is]);
        // A stand-in that is no number is written as it is, in every spelling.
        let forms: [(&[&str], &[&str], bool); 7] = [
            (&[from_code, from_rest], &[to_code, to_rest], true),
            (&[from_code, "0", from_rest], &[to_code, "0", to_rest], true),
            (&["00", from_code, from_rest], &["00", to_code, to_rest], false),
            (&["00", from_code, "0", from_rest], &["00", to_code, "0", to_rest], false),
            (&[home, from_rest], if from_code == to_code { &[home, to_rest] } else { &abroad }, false),
            (&["1", from_rest], &["1", to_rest], false),
            (&[from_rest], &[to_rest], false),
        ];
        for (at, (form, made, plus)) in forms.into_iter().enumerate() {
            let fits = match at {
                5 => from_code == "1",
                6 => from_rest.len() >= 9,
                _ => true,
            };
            if fits {
                self.code(form, if also { made } else { &given }, Kind::Phone, plus);
            }
        }
    }
}

/// Returns letters and digits of a value in capitals; `None` for more than a number has.
fn compact(value: &str) -> Option<Short> {
    let mut short = Short { bytes: [0; 48], len: 0 };
    for byte in value.bytes().filter(u8::is_ascii_alphanumeric) {
        *short.bytes.get_mut(short.len)? = byte.to_ascii_uppercase();
        short.len += 1;
    }
    Some(short)
}

/// Letters and digits on the stack.
struct Short {
    bytes: [u8; 48],
    len: usize,
}

impl Short {
    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// Splits an E.164 number behind its country code.
fn country_code(e164: &str) -> (&str, &str) {
    let digits = e164.strip_prefix('+').unwrap_or(e164);
    let len = match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'3', b'5', ..] | [b'4', b'2', ..] | [b'2' | b'5' | b'6' | b'8' | b'9', ..] => 3,
        _ => 2,
    };
    digits.split_at_checked(len).unwrap_or(("", digits))
}
