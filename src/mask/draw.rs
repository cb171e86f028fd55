//! What decides the stand-in of a technique that has no lane of its own: by value the digest `d`, by subject
//! HMAC(s_1, L(attribute)) (DESIGN 5, lane 7). Machinery of `pick` and `pattern`; it draws nothing by itself.

use super::{Compile, Decider, Lanes, Needs};
use crate::row::canon::Canon;
use crate::secret::{Mac, Message, Purpose};

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
                let length = u32::try_from(cx.attribute.len()).unwrap_or(u32::MAX).to_be_bytes();
                let attribute = Message::new(&[length.as_slice(), cx.attribute.as_bytes()].concat());
                (Self { attribute: Some(attribute) }, mac, Needs::Subject { high: true })
            }
        }
    }

    /// Returns the four lanes that decide.
    pub(super) fn lanes(&self, row: &Lanes) -> [u64; 4] {
        let [a, b, c, d, e, f, g, h] = row.0;
        let Some(attribute) = &self.attribute else { return [a, b, c, d] };
        let mut key = [[e, f, g, h]];
        attribute.tags(&mut key);
        let [lanes] = key;
        lanes
    }
}
