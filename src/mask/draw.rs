//! What decides the stand-in of a technique that has no lane of its own: by value the digest `d`, by subject
//! HMAC(s_1, L(attribute)) (DESIGN 5, lane 7). Machinery of `pick`, `pattern` and `fake`; it draws nothing by itself.

use super::{Compile, Decider, Lanes, Needs};
use crate::row::canon::Canon;
use crate::secret::{Mac, Message, Purpose};

/// Lays out L(attribute).
pub(super) fn attribute(name: &str) -> Message {
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX).to_be_bytes();
    Message::new(&[length.as_slice(), name.as_bytes()].concat())
}

/// Returns s_1: the lanes by subject behind the first four.
pub(super) fn high(lanes: &Lanes) -> [u64; 4] {
    let [.., a, b, c, d] = lanes.0;
    [a, b, c, d]
}

/// Returns HMAC(s_1, L(attribute)) as lanes.
pub(super) fn keyed(attribute: &Message, row: &Lanes) -> [u64; 4] {
    let mut key = [high(row)];
    attribute.tags(&mut key);
    let [lanes] = key;
    lanes
}

/// Turns the digests of a row into four lanes.
pub(super) struct Draw {
    /// L(attribute), where the subject decides.
    attribute: Option<Message>,
}

impl Draw {
    /// Returns it with the MAC of placeholders and what it needs; `kind` is its word in the schedule (`fake:<kind>`).
    pub(super) fn new(cx: &Compile<'_>, kind: &'static str) -> (Self, Mac, Needs) {
        let mac = cx.schedule.mac(Purpose::Fake(kind), cx.label);
        match cx.decider {
            Decider::Value => {
                (Self { attribute: None }, mac.clone(), Needs::Value { canon: Canon::Bytes, mac })
            }
            Decider::Subject => {
                let attribute = Some(attribute(cx.attribute));
                (Self { attribute }, mac, Needs::Subject { high: true })
            }
        }
    }

    /// Returns the four lanes that decide.
    pub(super) fn lanes(&self, row: &Lanes) -> [u64; 4] {
        let [a, b, c, d, ..] = row.0;
        self.attribute.as_ref().map_or([a, b, c, d], |attribute| keyed(attribute, row))
    }
}
