//! Headers of tar members, as pg_dump's tar archives have them: one encoder, one decoder. Knows no stream: who reads
//! or writes members counts their bytes and fills the last block up.
//!
//! Refuses what is no regular file with a short name: links, folders, sparse files, extended headers, prefixes.
//!
//! Source: POSIX.1-1988 ustar; GNU tar's base-256 numbers; PostgreSQL `src/port/tar.c` and
//! `src/bin/pg_dump/pg_backup_tar.c`.

use std::ops::Range;

/// Bytes of a block: a header is one, contents are filled up to whole ones, two of zeros end the archive.
pub const BLOCK: usize = 512;

/// Longest name of a member, so that a zero always ends it.
pub const MAX_NAME: usize = 99;

const NAME: Range<usize> = 0..100;
const MODE: Range<usize> = 100..108;
const UID: Range<usize> = 108..116;
const GID: Range<usize> = 116..124;
const SIZE: Range<usize> = 124..136;
const MTIME: Range<usize> = 136..148;
const CHECKSUM: Range<usize> = 148..156;
const KIND: Range<usize> = 156..157;
const MAGIC: Range<usize> = 257..265;
const OWNER: Range<usize> = 265..297;
const GROUP: Range<usize> = 297..329;
const DEVICES: [Range<usize>; 2] = [329..337, 337..345];
const PREFIX: Range<usize> = 345..500;

/// The magic numbers that pg_restore takes: POSIX, GNU, and what pg_dump wrote long ago.
const MAGICS: [&[u8]; 3] = [b"ustar\x0000", b"ustar  \0", b"ustar00\0"];

/// A member, as its header tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name: ASCII letters, digits, dots, lines and underscores, with no dot in front.
    pub name: &'a str,
    /// Bytes of its content, filler not counted.
    pub size: u64,
}

/// Makes the header of a regular file: mode 0600, owner 04000, group 02000, no time, as pg_dump does. `name` has at most
/// `MAX_NAME` bytes; a longer one gets no checksum, so that every reader refuses the header.
#[must_use]
pub fn header(name: &str, size: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    put(&mut block, NAME, name.as_bytes());
    number(&mut block, MODE, 0o600);
    number(&mut block, UID, 0o4000);
    number(&mut block, GID, 0o2000);
    number(&mut block, SIZE, size);
    number(&mut block, MTIME, 0);
    put(&mut block, KIND, b"0");
    put(&mut block, MAGIC, MAGICS[0]);
    put(&mut block, OWNER, b"postgres");
    put(&mut block, GROUP, b"postgres");
    for device in DEVICES {
        number(&mut block, device, 0);
    }
    if name.len() <= MAX_NAME {
        let sum = checksum(&block);
        number(&mut block, CHECKSUM, sum);
    }
    block
}

/// Returns how many bytes of zeros follow a content of so many bytes.
#[must_use]
pub fn filler(size: u64) -> u64 {
    (512 - size % 512) % 512
}

/// Reads a header. `None` for all that is no regular file with a plain name: bad checksums, blocks of zeros too.
#[must_use]
pub fn member(block: &[u8; BLOCK]) -> Option<Member<'_>> {
    let field = |range: Range<usize>| block.get(range).unwrap_or_default();
    if octal(field(CHECKSUM))? != checksum(block)
        || !MAGICS.contains(&field(MAGIC))
        || !matches!(field(KIND), b"0" | b"\0")
        || field(PREFIX).iter().any(|byte| *byte != 0)
    {
        return None;
    }
    let name = field(NAME);
    let (name, rest) = name.split_at(name.iter().position(|byte| *byte == 0)?);
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    if name.first().is_none_or(|byte| *byte == b'.') || !name.iter().all(plain) {
        return None;
    }
    if rest.iter().any(|byte| *byte != 0) {
        return None;
    }
    Some(Member { name: std::str::from_utf8(name).ok()?, size: size(field(SIZE))? })
}

/// Copies bytes into a field; what does not fit is left out.
fn put(block: &mut [u8; BLOCK], range: Range<usize>, bytes: &[u8]) {
    let field = block.get_mut(range).unwrap_or_default();
    for (to, from) in field.iter_mut().zip(bytes) {
        *to = *from;
    }
}

/// Writes a number: octal digits and a blank, or, from the size on that these cannot hold, GNU's base 256.
fn number(block: &mut [u8; BLOCK], range: Range<usize>, mut value: u64) {
    let field = block.get_mut(range).unwrap_or_default();
    let Some((last, digits)) = field.split_last_mut() else { return };
    if value < 1 << (3 * digits.len()) {
        *last = b' ';
        for digit in digits.iter_mut().rev() {
            *digit = b"01234567".get(usize::try_from(value & 7).unwrap_or(0)).copied().unwrap_or(b'0');
            value >>= 3;
        }
        return;
    }
    if let Some((first, rest)) = field.split_first_mut() {
        *first = 0x80;
        for (to, from) in rest.iter_mut().rev().zip(value.to_le_bytes()) {
            *to = from;
        }
    }
}

/// Adds the bytes up, with those of the checksum taken for blanks.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    let bytes = block.iter().enumerate();
    bytes.map(|(at, byte)| if CHECKSUM.contains(&at) { 0x20 } else { u64::from(*byte) }).sum()
}

/// Reads octal digits, with blanks before and blanks or zeros behind.
fn octal(field: &[u8]) -> Option<u64> {
    let digits = field.trim_ascii_start();
    let end = digits.iter().position(|byte| matches!(byte, b' ' | 0)).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    if digits.is_empty() || rest.iter().any(|byte| !matches!(byte, b' ' | 0)) {
        return None;
    }
    let digit = |byte: u8| (b'0'..=b'7').contains(&byte).then(|| u64::from(byte - b'0'));
    digits.iter().try_fold(0_u64, |sum, byte| sum.checked_mul(8)?.checked_add(digit(*byte)?))
}

/// Reads a size: octal, or GNU's base 256 of at most 63 bits.
fn size(field: &[u8]) -> Option<u64> {
    let Some((0x80, rest)) = field.split_first() else { return octal(field) };
    let (high, low) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
    let value = u64::from_be_bytes(*low.first_chunk()?);
    (high.iter().all(|byte| *byte == 0) && value >> 63 == 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_it_was_made() {
        for size in [0, 1, 511, 512, (1 << 33) - 1, 1 << 33, u64::MAX >> 1] {
            let block = header("4126.dat", size);
            assert_eq!(member(&block), Some(Member { name: "4126.dat", size }));
        }
        let block = header("toc.dat", 8);
        assert_eq!(&block[SIZE], b"00000000010 ");
        assert_eq!(&block[MODE], b"0000600 ");
        assert_eq!(&block[UID], b"0004000 ");
        assert_eq!(&block[MAGIC], b"ustar\x0000");
    }

    #[test]
    fn what_is_no_plain_file_is_refused() {
        let changed = |range: Range<usize>, bytes: &[u8]| {
            let mut block = header("4126.dat", 7);
            block[range.clone()].fill(0);
            put(&mut block, range, bytes);
            let sum = checksum(&block);
            number(&mut block, CHECKSUM, sum);
            block
        };
        assert!(member(&changed(KIND, b"0")).is_some());
        assert!(member(&changed(MAGIC, b"ustar  \0")).is_some());
        for kind in [b"1", b"2", b"5", b"x", b"g", b"L", b"S"] {
            assert_eq!(member(&changed(KIND, kind)), None);
        }
        for name in [
            &b""[..],
            b"../4126.dat",
            b"a/b",
            b"..",
            b".x",
            b"a\0b",
            b"a\\b",
            b"a b",
            b"\xC3\xA9",
            &[b'a'; 100],
        ] {
            assert_eq!(member(&changed(NAME, name)), None);
        }
        for size in
            [&b""[..], b"8", b"-1", b"1 1", b"\x80\x01", b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"]
        {
            assert_eq!(member(&changed(SIZE, size)), None);
        }
        assert_eq!(member(&changed(MAGIC, b"ustar\0xx")), None);
        assert_eq!(member(&changed(PREFIX, b"etc")), None);
        let mut block = header("4126.dat", 7);
        block[500] = 1;
        assert_eq!(member(&block), None, "the checksum is looked at");
        assert_eq!(member(&[0; BLOCK]), None);
        assert_eq!(member(&header(&"a".repeat(100), 7)), None);
    }

    #[test]
    fn contents_are_filled_up_to_whole_blocks() {
        for (size, fill) in [(0, 0), (1, 511), (511, 1), (512, 0), (513, 511)] {
            assert_eq!(filler(size), fill);
        }
    }
}
