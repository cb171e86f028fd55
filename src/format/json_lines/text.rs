//! Strings of JSON: decodes their escapes and writes them again (RFC 8259, section 7). Refuses half a surrogate pair,
//! which is no character, and text that is not UTF-8.

use crate::error::{Error, Result};

/// Appends what the inside of a string, whose syntax was checked, stands for. `None`: half a surrogate pair.
pub(super) fn unescape(mut rest: &[u8], out: &mut Vec<u8>) -> Option<()> {
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(rest.get(..at)?);
        let (&letter, tail) = rest.get(at + 1..)?.split_first()?;
        rest = tail;
        let byte = match letter {
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let (unit, tail) = hex(rest)?;
                rest = tail;
                let code = match unit {
                    0xD800..0xDC00 => {
                        let (low, tail) = hex(rest.strip_prefix(b"\\u")?)?;
                        rest = tail;
                        0x10000 + ((unit - 0xD800) << 10) + low.checked_sub(0xDC00).filter(|n| *n < 0x400)?
                    }
                    unit => unit,
                };
                let mut utf8 = [0; 4];
                out.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut utf8).as_bytes());
                continue;
            }
            b'"' | b'\\' | b'/' => letter,
            _ => return None,
        };
        out.push(byte);
    }
    out.extend_from_slice(rest);
    Some(())
}

/// Reads the four digits of `\u`.
fn hex(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(4)?;
    let unit = digits.iter().try_fold(0, |unit, b| Some(unit << 4 | char::from(*b).to_digit(16)?))?;
    Some((unit, rest))
}

/// Appends a value as a JSON string.
///
/// # Errors
/// `ErrorKind::Input` for bytes that are not UTF-8.
pub(super) fn write(value: &[u8], out: &mut Vec<u8>) -> Result<()> {
    if std::str::from_utf8(value).is_err() {
        return Err(Error::input("a stand-in is not UTF-8, which JSON text must be")
            .hint("choose another technique for this column"));
    }
    out.push(b'"');
    let mut rest = value;
    while let Some(at) = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)) {
        let Some((plain, [byte, tail @ ..])) = rest.split_at_checked(at) else { break };
        out.extend_from_slice(plain);
        rest = tail;
        let letter = match byte {
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            b'"' | b'\\' => *byte,
            _ => {
                let digit = |n: u8| if n < 10 { b'0' + n } else { b'a' + n - 10 };
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
    out.extend_from_slice(rest);
    out.push(b'"');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(inner: &str) -> Option<String> {
        let mut out = Vec::new();
        unescape(inner.as_bytes(), &mut out)?;
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn nasty_41_escapes_decode_as_serde_json_reads_them() {
        for inner in [
            "plain",
            "",
            r#"\"\\\/\b\f\n\r\t"#,
            r"\u0041\u00e9\u20AC\u0000",
            r"\ud83d\ude00x\uD83D\uDE00",
            r"\\u0041",
            "é€😀",
        ] {
            let theirs: String = serde_json::from_str(&format!("\"{inner}\"")).unwrap();
            assert_eq!(decoded(inner).unwrap(), theirs, "{inner}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_refused() {
        for inner in [r"\ud83d", r"\ude00", r"\ud83dx", r"\ud83d\n", r"\ud83d\ud83d", r"\ud83dA", r"\ud83d\u"]
        {
            assert_eq!(decoded(inner), None, "{inner}");
        }
    }

    #[test]
    fn nasty_41_what_is_written_reads_back() {
        let all: String = (0..0x120_u32).filter_map(char::from_u32).collect();
        for value in ["", "x", "\"", "\\", "\\n", "a\"b\\c\nd\te\u{1}", &all, "\u{2028}😀\u{7f}"] {
            let mut out = Vec::new();
            write(value.as_bytes(), &mut out).unwrap();
            let theirs: String = serde_json::from_slice(&out).unwrap();
            assert_eq!(theirs, value);
            assert!(!out.contains(&b'\n'));
            assert_eq!(decoded(std::str::from_utf8(&out[1..out.len() - 1]).unwrap()).unwrap(), value);
        }
        assert!(write(b"\xff", &mut Vec::new()).is_err());
        assert!(write(b"caf\xe9", &mut Vec::new()).is_err());
    }
}
