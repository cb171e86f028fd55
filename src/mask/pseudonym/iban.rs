//! `pseudonym: iban`: country and length stay, digits stay digits and letters letters; the account, bank code
//! included, is permuted, and all checks that are known are written anew (see `vocabulary::numbers::iban`).
//!
//! `keep_bank: true` keeps the bank code: then the stand-in is an account that the bank may have issued, and which bank
//! somebody is with stays to be seen. Without it most bank codes that come out are nobody's, but not all. Unfit: an
//! account that fails a check, or of a country that the registry does not list. Source: see there.

use super::kind::{Form, Kind, Place, Read};
use super::scheme::spell_like;
use super::{compiled, refusal, room};
use crate::mask::permutation::name;
use crate::mask::{Compile, Compiled, Output, Refusal, Value};
use crate::vocabulary::numbers::Compact;
use crate::vocabulary::numbers::iban::{Country, read};

/// Length of the shortest account number, Norway's.
const LEAST_ROOM: u32 = 15;

/// The compiled kind's form.
pub(super) struct Iban {
    keep_bank: bool,
    /// Placeholders: an account of the locale's country, valid but for what is drawn.
    usual: &'static [u8],
}

pub(super) fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if !cx.class().is_text() {
        return Err(refusal("`pseudonym: iban` needs a column of text"));
    }
    room(cx, LEAST_ROOM, "no account number is that short; give the column another technique")?;
    let usual: &[u8] = match super::scheme::country(cx) {
        "BE" => b"BE00000000000000",
        "DE" => b"DE00000000000000000000",
        "FR" => b"FR0000000000000000000000000",
        "GB" => b"GB00AAAA00000000000000",
        _ => b"NL00AAAA0000000000",
    };
    room(cx, u32::try_from(usual.len()).unwrap_or(0), "widen the column, or use another technique")?;
    let keep_bank = cx.option("keep_bank") == Some(&Value::Boolean(true));
    Ok(compiled(Kind::new(cx, name::IBAN, Iban { keep_bank, usual }), Output::Typed))
}

impl Iban {
    /// Returns what of an account is permuted: from the bank code, or behind it, to the check at its end.
    fn moving<'a>(&self, country: &Country, iban: &'a [u8]) -> &'a [u8] {
        let from = 4 + if self.keep_bank { country.bank } else { 0 };
        iban.get(from..iban.len().saturating_sub(country.checks())).unwrap_or_default()
    }

    /// Writes a rank into an account, from the last symbol to the first, and the checks, off by so much.
    fn fill(&self, country: &Country, iban: &mut [u8], rank: u128, off: u64) {
        let from = 4 + if self.keep_bank { country.bank } else { 0 };
        let to = iban.len().saturating_sub(country.checks());
        let mut left = rank;
        for byte in iban.get_mut(from..to).unwrap_or_default().iter_mut().rev() {
            let (radix, first) = radix(*byte);
            *byte = first + u8::try_from(left % radix).unwrap_or(0);
            left /= radix;
        }
        country.mend(iban, off);
    }
}

/// Returns how many symbols could stand in the place of one, and the first of them.
fn radix(byte: u8) -> (u128, u8) {
    if byte.is_ascii_digit() { (10, b'0') } else { (26, b'A') }
}

fn upper(field: &[u8]) -> Option<(Compact, &'static Country, u64)> {
    let compact = Compact::read(field)?;
    let (country, off) = read(compact.as_slice())?;
    Some((compact, country, off))
}

/// Ways in which a national check can be off.
const OFF: u64 = 99;

impl Form for Iban {
    fn read(&self, field: &[u8], _: &mut Vec<u8>) -> Read {
        let Some((compact, country, off)) = upper(field) else { return Read::Unfit };
        let (mut rank, mut size) = (0_u128, Some(1_u128));
        for byte in self.moving(country, compact.as_slice()) {
            let (radix, first) = radix(*byte);
            rank = rank.wrapping_mul(radix).wrapping_add(u128::from(byte.wrapping_sub(first)));
            size = size.and_then(|size| size.checked_mul(radix));
        }
        // What is off stays off, by another number.
        if let Some(off) = off.checked_sub(1) {
            rank = rank.wrapping_mul(OFF.into()).wrapping_add(off.into());
            size = size.and_then(|size| size.checked_mul(OFF.into()));
        }
        match size {
            Some(size @ 2..) => Read::Place(Place { scheme: 0, group: 0, rank, last: size - 1 }),
            Some(_) => Read::Unfit,
            None => Read::Wide,
        }
    }

    fn write(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        let Some((mut compact, country, off)) = upper(field) else { return false };
        let (rank, off) = match off {
            0 => (place.rank, 0),
            _ => (place.rank / u128::from(OFF), u64::try_from(place.rank % u128::from(OFF)).unwrap_or(0) + 1),
        };
        self.fill(country, compact.as_mut_slice(), rank, off);
        spell_like(field, compact.as_slice(), out);
        true
    }

    fn symbols(&self, field: &[u8], out: &mut Vec<u8>) {
        let Some((compact, country, _)) = upper(field) else { return };
        let moving = self.moving(country, compact.as_slice());
        out.extend(moving.iter().map(|byte| byte.wrapping_sub(radix(*byte).1)));
        out.extend(moving.iter().map(|byte| if byte.is_ascii_digit() { 10 } else { 26 }));
    }

    fn spell(&self, field: &mut [u8], symbols: &[u8]) {
        let Some((mut compact, country, off)) = upper(field) else { return };
        let from = 4 + if self.keep_bank { country.bank } else { 0 };
        for (byte, symbol) in compact.as_mut_slice().iter_mut().skip(from).zip(symbols) {
            *byte = radix(*byte).1 + symbol;
        }
        country.mend(compact.as_mut_slice(), off);
        let lower = field.iter().any(u8::is_ascii_lowercase) && !field.iter().any(u8::is_ascii_uppercase);
        let places = field.iter_mut().filter(|byte| byte.is_ascii_alphanumeric());
        for (to, byte) in places.zip(compact.as_slice()) {
            *to = if lower { byte.to_ascii_lowercase() } else { *byte };
        }
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        let mut iban = *Compact::new().extend(self.usual);
        let country = self.usual.get(..2).and_then(crate::vocabulary::numbers::iban::country_of);
        let Some(country) = country else { return false };
        let whole = Self { keep_bank: false, usual: self.usual };
        whole.fill(country, iban.as_mut_slice(), bits >> 2, 0);
        out.extend_from_slice(iban.as_slice());
        true
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        let text = |field| Compact::read(field);
        matches!((text(one), text(other)), (Some(a), Some(b)) if a.as_slice() == b.as_slice())
    }
}
