//! Numbers, texts and places as archives write them. Always four bytes a number and eight a place, as every pg_dump does.

/// Appends a number: a sign, then the absolute value, the least byte first.
pub(super) fn put_int(out: &mut Vec<u8>, value: i32) {
    out.push(u8::from(value < 0));
    out.extend_from_slice(&value.unsigned_abs().to_le_bytes());
}

/// Appends a text; `None` is NULL.
///
/// Texts were read with lengths of 31 bits, so that the length of one always fits.
pub(super) fn put_text(out: &mut Vec<u8>, text: Option<&[u8]>) {
    let Some(text) = text else { return put_int(out, -1) };
    let len = i32::try_from(text.len()).unwrap_or(i32::MAX);
    put_int(out, len);
    out.extend_from_slice(text.get(..usize::try_from(len).unwrap_or(0)).unwrap_or(text));
}

/// Returns a large object's number as archives write it: beyond 31 bits it is negative.
pub(super) fn of_oid(oid: u32) -> i32 {
    i32::from_le_bytes(oid.to_le_bytes())
}

/// Returns the number of a large object of what stands in an archive.
pub(super) fn to_oid(value: i32) -> u32 {
    u32::from_le_bytes(value.to_le_bytes())
}

/// Returns what stands in a table of contents for a block at a known place.
pub(super) fn offset_set(place: u64) -> [u8; 9] {
    offset(SET, place)
}

/// An entry's block has a place, which is not known.
pub(super) const NOT_SET: u8 = 1;
/// The place of an entry's block is known.
pub(super) const SET: u8 = 2;
/// An entry has no block.
pub(super) const NO_DATA: u8 = 3;

/// Returns a place with its flag.
pub(super) fn offset(flag: u8, place: u64) -> [u8; 9] {
    let mut nine = [flag; 9];
    for (to, from) in nine.iter_mut().skip(1).zip(place.to_le_bytes()) {
        *to = from;
    }
    nine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_sign_and_four_bytes() {
        let int = |value| {
            let mut out = Vec::new();
            put_int(&mut out, value);
            out
        };
        assert_eq!(int(0), [0, 0, 0, 0, 0]);
        assert_eq!(int(-1), [1, 1, 0, 0, 0]);
        assert_eq!(int(4126), [0, 0x1E, 0x10, 0, 0]);
        assert_eq!(int(i32::MIN), [1, 0, 0, 0, 0x80]);
        // 3 000 000 000 is written as its distance from 2^32.
        assert_eq!(int(of_oid(3_000_000_000)), [1, 0x00, 0xA2, 0x2F, 0x4D]);
        assert_eq!(to_oid(of_oid(u32::MAX)), u32::MAX);
    }

    #[test]
    fn a_place_has_a_flag_and_eight_bytes() {
        assert_eq!(offset_set(0x0102), [2, 2, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(offset(NO_DATA, 0), [3, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
