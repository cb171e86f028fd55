//! `hash`: the value's HMAC under the key, as hexadecimal digits. For identifiers without a form worth keeping.
//!
//! Class: pseudonymisation. Preserves joins, and uniqueness up to chance (4 bits a digit). Without the key an attacker
//! sees equality; with it, the value by trying inputs. `{hash: {length: 16}}` on an invented `user-1` gives 16 digits.
//! Refuses columns that are no text: digits of a hash are no number, date or bytea.

use super::{
    Class, Compile, Compiled, Decider, Example, Mask, MaskCx, Needs, OptionSpec, Outcome, Output, Reaches,
    Refusal, Reversibility, Takes, TechniqueSpec, Uniqueness, Value,
};
use crate::row::canon::Canon;
use crate::secret::{Mac, Purpose};

/// Digits by default: 128 bits.
const DEFAULT: u32 = 32;

/// The declaration.
pub(super) static SPEC: TechniqueSpec = TechniqueSpec {
    name: "hash",
    class: Class::Pseudonymisation,
    summary: "replaces the value by its keyed hash (HMAC-SHA-256) in hexadecimal digits",
    preserves: "joins, uniqueness up to chance",
    attacker: "without the key: which values are equal; with the key: the value, by trying inputs",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Nobody("digits of an HMAC, issued by nobody"),
    argument: Takes::Nothing,
    bare: true,
    options: &[OptionSpec {
        name: "length",
        takes: Takes::Integer { min: 8, max: 64 },
        help: "hexadecimal digits, 4 bits each; 32 unless said",
    }],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example { rule: "hash", input: "user-1", output: "41abf232f3cb041a1dcb1aa3944b2b84" },
        Example { rule: "{hash: {length: 16}}", input: "user-1", output: "41abf232f3cb041a" },
    ],
    compile,
};

struct Hash {
    length: usize,
    mac: Mac,
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if !cx.class().is_text() {
        return Err(Refusal {
            what: "`hash` needs a column of text".into(),
            hint: Some("numbers and UUIDs take `pseudonym`".into()),
        });
    }
    if cx.decider != Decider::Value {
        return Err(Refusal {
            what: "`hash` is decided by the value itself, not by a subject".into(),
            hint: None,
        });
    }
    let length = match cx.option("length") {
        None => DEFAULT,
        Some(Value::Integer(length @ 8..=64)) => u32::try_from(*length).unwrap_or(DEFAULT),
        Some(_) => return Err(Refusal { what: "`length` is 8 to 64 digits".into(), hint: None }),
    };
    let mac = cx.schedule.mac(Purpose::Hash, cx.label);
    Ok(Compiled {
        mask: Box::new(Hash { length: usize::try_from(length).unwrap_or_default(), mac: mac.clone() }),
        needs: Needs::Value { canon: Canon::Bytes, mac },
        output: Output::Text { max_chars: Some(length) },
        uniqueness: Uniqueness::Bits(4 * length),
    })
}

impl Hash {
    fn append(&self, lanes: impl IntoIterator<Item = u64>, out: &mut Vec<u8>) {
        let bytes = lanes.into_iter().take(4).flat_map(u64::to_be_bytes);
        let nibbles = bytes.flat_map(|byte| [byte >> 4, byte & 15]);
        out.extend(nibbles.take(self.length).map(|n| if n < 10 { b'0' + n } else { b'a' + (n - 10) }));
    }
}

impl Mask for Hash {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let start = out.len();
        self.append(cx.lanes.0, out);
        if out.get(start..) == Some(field) { Outcome::Equal } else { Outcome::Masked }
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        self.append(crate::secret::lanes(&self.mac.tag(&[b"placeholder", field])), out);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::testing::{Rule, one};
    use crate::row::shape::TypeClass;

    #[test]
    fn is_the_digest_of_the_exact_bytes() {
        let (_, text) =
            one(&Rule { option: Some(("length", "64")), ..Rule::new("hash", None) }, "user-1").unwrap();
        let digest =
            crate::secret::Schedule::test().mac(Purpose::Hash, b"example.value").digest(b"", b"user-1");
        assert_eq!(text, data_encoding::HEXLOWER.encode(&digest));
        assert_ne!(one(&Rule::new("hash", None), "User-1").unwrap().1, text[..32]);
        assert_eq!(one(&Rule::new("hash", None), "user-1").unwrap().1, text[..32]);
    }

    #[test]
    fn types_and_lengths() {
        assert!(one(&Rule { ty: TypeClass::Bytes, ..Rule::new("hash", None) }, "x").is_none());
        assert!(one(&Rule { option: Some(("length", "7")), ..Rule::new("hash", None) }, "x").is_none());
        assert!(one(&Rule { option: Some(("length", "65")), ..Rule::new("hash", None) }, "x").is_none());
    }
}
