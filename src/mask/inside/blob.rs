//! Recognises what other languages make of objects: YAML of Ruby, Ruby's Marshal, Java's serialization, Python's pickle,
//! igbinary of PHP. No technique takes them apart, so they never pass: whoever finds one calls it unfit.
//!
//! Refuses to guess: only marks that the formats themselves begin with count. Text in which they were put in base64
//! counts where the mark is long enough to be no word.

/// Returns which it is, if the value begins as one of them does.
#[must_use]
pub fn is_opaque(value: &[u8]) -> Option<&'static str> {
    match value {
        [b'-', b'-', b'-', rest @ ..] => ruby_yaml(rest).then_some("YAML of Ruby objects"),
        // Version 4.8 since Ruby 1.8; behind it the type of the first object.
        [0x04, 0x08, kind, ..] if b"\"/:;@I[]{}CFTUceflmoSMu0".contains(kind) => Some("Ruby Marshal"),
        // Magic and version 5 of the Object Serialization Stream Protocol; the same in base64.
        [0xac, 0xed, 0x00, 0x05, ..] => Some("Java serialization"),
        [b'r', b'O', b'0', b'A', b'B', ..] => Some("Java serialization"),
        // PROTO of protocols 2 to 5, and STOP.
        [0x80, 0x02..=0x05, .., b'.'] => Some("Python pickle"),
        [b'(', b'd' | b'l' | b'i' | b't', b'p', b'0' | b'1', b'\n', .., b'.'] => Some("Python pickle"),
        [b'c', .., b'.'] if old_pickle(value) => Some("Python pickle"),
        // The same in base64: PROTO begins and STOP ends it.
        [b'g', b'A', b'I'..=b'X', ..]
            if base64(value) && [&b"Lg=="[..], b"4=", b"u"].iter().any(|end| value.ends_with(end)) =>
        {
            Some("Python pickle")
        }
        // Header of version 1 and 2.
        [0, 0, 0, 1 | 2, _, ..] => Some("igbinary"),
        _ => None,
    }
}

/// `--- !ruby/object:User`, `--- !map:ActiveSupport::HashWithIndifferentAccess`.
fn ruby_yaml(rest: &[u8]) -> bool {
    let rest = rest.trim_ascii_start();
    [&b"!ruby/"[..], b"!map:", b"!str:", b"!seq:", b"!binary", b"!!ruby", b"!<tag:ruby"]
        .iter()
        .any(|tag| rest.starts_with(tag))
        || memchr::memmem::find(rest, b" !ruby/").is_some()
}

/// GLOBAL of protocol 0: `c`, a module, a line end, a class, a line end.
fn old_pickle(value: &[u8]) -> bool {
    let mut lines = value.get(1..).unwrap_or_default().split(|b| *b == b'\n');
    let word = |line: Option<&[u8]>| {
        line.is_some_and(|line| {
            !line.is_empty() && line.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        })
    };
    // Behind it PUT, MARK, an empty tuple or BINPUT.
    let goes_on = |line: &[u8]| matches!(line, [b'p', b'0'..=b'9', ..] | [b'(' | b')' | b'q', ..]);
    word(lines.next()) && word(lines.next()) && lines.next().is_some_and(goes_on)
}

fn base64(value: &[u8]) -> bool {
    value.len() >= 24
        && value.len().is_multiple_of(4)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_recognised_by_its_own_mark() {
        for (value, name) in [
            (&b"--- !ruby/object:User\nname: Jan\n"[..], "YAML of Ruby objects"),
            (b"--- !map:ActiveSupport::HashWithIndifferentAccess\na: 1\n", "YAML of Ruby objects"),
            (b"---\n:user: !ruby/object:User\n  name: Jan\n", "YAML of Ruby objects"),
            (b"\x04\x08{\x06:\x09nameI\"\x08Jan\x06:\x06ET", "Ruby Marshal"),
            (b"\xac\xed\x00\x05sr\x00\x04User", "Java serialization"),
            (b"rO0ABXNyAARVc2Vy", "Java serialization"),
            (b"\x80\x04\x95\x0f\x00}\x94.", "Python pickle"),
            (b"(dp0\nVname\np1\nVJan\np2\ns.", "Python pickle"),
            (b"cdjango.utils\nSession\np0\n.", "Python pickle"),
            (b"gAJ9cQBYBAAAAG5hbWVxAVgDAAAASmFucQJzLg==", "Python pickle"),
            (b"\x00\x00\x00\x02\x14\x01\x11\x04name", "igbinary"),
        ] {
            assert_eq!(is_opaque(value), Some(name));
        }
    }

    #[test]
    fn ordinary_values_are_none_of_them() {
        for value in [
            &b""[..],
            b"-",
            b"---",
            b"--- Jan",
            b"---\ntitle: a page\n",
            b"\x04",
            b"\x04\x08",
            b"call me.",
            b"c/o Jansen, Main Street 1.",
            b"cat\nmouse. \nand so on.",
            b"cheers\nJan\nand so on.",
            b"gAJ9cQBYBAAAAG5hbWVxAVgDAAAASmFucQJzLA==",
            b"gAJ",
            b"{\"a\": 1}",
            b"a:1:{i:0;s:1:\"x\";}",
            b"(details follow).",
        ] {
            assert_eq!(is_opaque(value), None, "{}", String::from_utf8_lossy(value));
        }
    }
}
