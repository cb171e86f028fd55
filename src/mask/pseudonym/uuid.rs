//! `pseudonym: uuid`: the 122 free bits are permuted; the version nibble and the two bits of the variant stay where
//! they are, whatever they say, so that a database which checks them still takes the value.
//!
//! Every spelling PostgreSQL reads is fit; braces, hyphens, `urn:uuid:` and the case stay. A time in a version 1 or 7
//! is permuted with the rest, so it tells nothing.

use super::{compiled, mac, no_permutation, refusal, room};
use crate::mask::permutation::ff1::ABREAST;
use crate::mask::permutation::{name, shifted::Shifted};
use crate::mask::{Compile, Compiled, Lanes, Mask, MaskCx, Outcome, Output, Refusal, Standins};
use crate::row::canon::parse_uuid;
use crate::row::field::Cells;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, Purpose};

/// Free bits before the version nibble (48), between it and the variant (12), and behind (62). Source: RFC 9562, 4.
const HIGH: u32 = 80;
const MIDDLE: u32 = 64;

/// The compiled kind.
struct Uuid {
    permutation: Shifted,
    pinned: Vec<u128>,
    mac: Mac,
}

pub(super) fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    match cx.class() {
        TypeClass::Uuid => {}
        class if class.is_text() => room(cx, 32, "a UUID has 32 digits; give the column another technique")?,
        _ => return Err(refusal("`pseudonym: uuid` needs a column of UUIDs, or text that holds them")),
    }
    let key = cx.schedule.use_key(Purpose::Fpe, cx.label);
    let permutation = Shifted::new(&key, 2, 122, name::UUID).ok_or_else(no_permutation)?;
    let mut pinned: Vec<u128> = cx.pinned.iter().filter_map(|v| parse_uuid(v.as_bytes())).collect();
    pinned.sort_unstable();
    let output = if cx.class().is_text() && *cx.class() != TypeClass::Unknown {
        Output::Text { max_chars: None }
    } else {
        Output::Uuid
    };
    Ok(compiled(Uuid { permutation, pinned, mac: mac(cx) }, output))
}

/// Takes version and variant out.
fn free_bits(uuid: u128) -> u128 {
    let (high, middle, low) = (uuid >> HIGH, (uuid >> MIDDLE) & 0xfff, uuid & ((1 << 62) - 1));
    (high << 74) | (middle << 62) | low
}

/// Puts free bits around the version and variant of another UUID.
fn around(original: u128, free: u128) -> u128 {
    let kept = original & ((0xf << 76) | (3 << 62));
    let (high, middle, low) = (free >> 74, (free >> 62) & 0xfff, free & ((1 << 62) - 1));
    kept | (high << HIGH) | (middle << MIDDLE) | low
}

/// Appends a UUID in the spelling of another.
fn spell_like(field: &[u8], uuid: u128, out: &mut Vec<u8>) {
    let urn = field.iter().rposition(|b| *b == b':').map_or(0, |last| last + 1);
    let (head, rest) = field.split_at_checked(urn).unwrap_or((b"", field));
    out.extend_from_slice(head);
    let upper = rest.iter().any(u8::is_ascii_uppercase) && !rest.iter().any(u8::is_ascii_lowercase);
    let mut left = uuid;
    for byte in rest {
        if byte.is_ascii_hexdigit() {
            let nibble = u8::try_from(left >> 124).unwrap_or_default();
            left <<= 4;
            let ten = if upper { b'A' } else { b'a' };
            out.push(if nibble < 10 { b'0' + nibble } else { ten + (nibble - 10) });
        } else {
            out.push(*byte);
        }
    }
}

impl Uuid {
    fn is_pinned(&self, uuid: u128) -> bool {
        self.pinned.binary_search(&uuid).is_ok()
    }

    /// Replaces UUIDs, none of them pinned, by their stand-ins.
    fn permute(&self, uuids: &mut [u128]) {
        let mut free = [0; ABREAST];
        for uuids in uuids.chunks_mut(ABREAST) {
            free.iter_mut().zip(uuids.iter()).for_each(|(to, from)| *to = free_bits(*from));
            if let Some(free) = free.get_mut(..uuids.len()) {
                if self.pinned.is_empty() {
                    self.permutation.apply(free, |_| true);
                } else {
                    // Whether a stand-in is pinned depends on the version and variant of its own original.
                    for (one, original) in free.chunks_mut(1).zip(uuids.iter()) {
                        self.permutation.apply(one, |bits| !self.is_pinned(around(*original, bits)));
                    }
                }
            }
            uuids.iter_mut().zip(free).for_each(|(uuid, free)| *uuid = around(*uuid, free));
        }
    }
}

impl Mask for Uuid {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        match parse_uuid(field) {
            None => Outcome::Unfit,
            Some(uuid) if self.is_pinned(uuid) => {
                out.extend_from_slice(field);
                Outcome::Pinned
            }
            Some(uuid) => {
                let mut one = [uuid];
                self.permute(&mut one);
                spell_like(field, one[0], out);
                Outcome::Masked
            }
        }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lanes = crate::secret::lanes(&self.mac.tag(&[b"placeholder", field]));
        let bits = (u128::from(lanes[0]) << 64) | u128::from(lanes[1]);
        // Version 8 (custom) of RFC 9562.
        let uuid = around((8 << 76) | (2 << 62), free_bits(bits));
        spell_like(b"00000000-0000-0000-0000-000000000000", uuid, out);
        true
    }

    fn mask_column(&self, cells: &Cells<'_>, _: &[Lanes], out: &mut Standins) {
        for start in (0..cells.len()).step_by(ABREAST) {
            let rows = start..cells.len().min(start + ABREAST);
            let mut uuids = [0; ABREAST];
            let mut count = 0;
            let fit = |row| {
                cells.get(row).filter(|f| !f.is_empty()).and_then(parse_uuid).filter(|u| !self.is_pinned(*u))
            };
            for uuid in rows.clone().filter_map(fit) {
                if let Some(slot) = uuids.get_mut(count) {
                    *slot = uuid;
                    count += 1;
                }
            }
            if let Some(uuids) = uuids.get_mut(..count) {
                self.permute(uuids);
            }
            let mut done = uuids.iter().take(count);
            for row in rows {
                let outcome = match cells.get(row) {
                    None => Outcome::Null,
                    Some([]) => Outcome::Masked,
                    Some(field) => match parse_uuid(field) {
                        None => Outcome::Unfit,
                        Some(uuid) if self.is_pinned(uuid) => {
                            out.bytes.extend_from_slice(field);
                            Outcome::Pinned
                        }
                        Some(_) => match done.next() {
                            Some(uuid) => {
                                spell_like(field, *uuid, &mut out.bytes);
                                Outcome::Masked
                            }
                            None => Outcome::Unfit,
                        },
                    },
                };
                out.close(outcome);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mask::testing::{Rule, columns_agree, one, placeholder};

    const UUID: Rule<'_> = Rule::new("pseudonym", Some("uuid"));

    #[test]
    fn free_bits_come_apart_and_together() {
        for uuid in [0, u128::MAX, 0x0f8f_ad5b_d9cb_469f_a165_7086_7728_950e] {
            assert_eq!(around(uuid, free_bits(uuid)), uuid);
            assert!(free_bits(uuid) < 1 << 122);
        }
        assert_eq!(free_bits((0xf << 76) | (3 << 62)), 0);
    }

    #[test]
    fn nasty_37_spellings_agree_and_stay() {
        let plain = one(&UUID, "0f8fad5b-d9cb-469f-a165-70867728950e").unwrap().1;
        assert_eq!(&plain[14..15], "4");
        assert!("89ab".contains(&plain[19..20]));
        for (spelling, expected) in [
            ("0F8FAD5B-D9CB-469F-A165-70867728950E", plain.to_uppercase()),
            ("{0f8fad5b-d9cb-469f-a165-70867728950e}", format!("{{{plain}}}")),
            ("urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", format!("urn:uuid:{plain}")),
            ("0f8fad5bd9cb469fa16570867728950e", plain.replace('-', "")),
        ] {
            assert_eq!(one(&UUID, spelling), Some((Outcome::Masked, expected)));
        }
    }

    #[test]
    fn pinned_and_unfit() {
        let nil = "00000000-0000-0000-0000-000000000000";
        assert_ne!(one(&UUID, nil).unwrap().1, nil);
        let rule = Rule { pinned: &[nil], ..UUID };
        assert_eq!(one(&rule, nil), Some((Outcome::Pinned, nil.into())));
        assert_eq!(one(&UUID, "0f8fad5b").unwrap().0, Outcome::Unfit);
        assert!(one(&Rule { ty: TypeClass::Integer, ..UUID }, nil).is_none());
        assert!(one(&Rule { ty: TypeClass::Text { max_chars: Some(8) }, ..UUID }, nil).is_none());
    }

    #[test]
    fn placeholders_are_uuids() {
        let text = placeholder(&UUID, "n/a").unwrap();
        assert_eq!(parse_uuid(text.as_bytes()).map(|u| (u >> 76) & 15), Some(8));
        assert_ne!(Some(text), placeholder(&UUID, "n/b"));
    }

    proptest! {
        #[test]
        fn column_equals_one_by_one(values in proptest::collection::vec(
            proptest::option::of("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9A-F]{32}|[a-z]?"), 0..20)) {
            columns_agree(&UUID, &values);
            columns_agree(&Rule { pinned: &["00000000-0000-0000-0000-000000000000"], ..UUID }, &values);
        }
    }
}
