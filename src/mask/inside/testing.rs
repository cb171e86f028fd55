//! What tests of walkers share: rules made by hand, and one value through them.

use std::sync::Arc;

use super::{Beside, Container, Decides, IfUnfit, Inside, Leaf, Part, Parts, Place, RowCx, Walk};
use crate::mask::row::Common;
use crate::mask::{Lanes, Mask, MaskCx, Outcome};
use crate::row::canon::Canon;
use crate::secret::{Purpose, Schedule};

/// What a rule for a place does; `own` shows a part and what decided it.
pub(super) enum Does {
    Keep,
    Gone,
    Write(&'static str),
    /// `<value>`.
    Shown,
    /// Two hexadecimal digits of what decides.
    Keyed,
    /// Nothing is fit; the placeholder is `?`.
    Unfit,
    /// As `Unfit`, and stops.
    Stops,
    /// Rules for what is inside of it.
    Nested(Box<dyn Walk>, Arc<Inside>),
}

struct Tried(Does);

impl Mask for Tried {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        match &self.0 {
            Does::Write(text) => out.extend_from_slice(text.as_bytes()),
            Does::Shown => out.extend([b"<", field, b">"].concat()),
            Does::Keyed => out.extend(format!("{:02x}", cx.lanes.0[0] >> 56).bytes()),
            Does::Gone => return Outcome::Null,
            _ => return Outcome::Unfit,
        }
        Outcome::Masked
    }

    fn placeholder(&self, _: &[u8], out: &mut Vec<u8>) -> bool {
        out.push(b'?');
        !matches!(self.0, Does::Gone)
    }
}

/// Makes rules; `by` behind ` by `, keys as `each_key PLACE`.
pub(super) fn rules(list: Vec<(&str, Does)>) -> Arc<Inside> {
    let mut inside = Inside { places: Vec::new(), leaves: Vec::new() };
    for (text, does) in list {
        let (text, by) = text.split_once(" by ").map_or((text, None), |(text, by)| (text, Some(by)));
        let keys = text.strip_prefix("each_key ");
        inside.places.push(Place {
            text: keys.unwrap_or(text).to_owned(),
            part: if keys.is_some() { Part::Keys } else { Part::Value },
            by: by.map(str::to_owned),
        });
        let mac = Schedule::test().mac(Purpose::Hash, b"example");
        let decides = match (&does, by) {
            (Does::Keyed, None) => Decides::Own { canon: Canon::Bytes, mac },
            (Does::Keyed, Some(_)) => beside(mac),
            _ => Decides::Nothing,
        };
        let unfit = if matches!(does, Does::Stops) { IfUnfit::Stop } else { IfUnfit::Placeholder };
        let mask: Option<Box<dyn Mask>> = match does {
            Does::Keep => None,
            Does::Nested(walk, inside) => {
                Some(Box::new(Container { walk, inside, placeholder: Some(b"{}") }))
            }
            does => Some(Box::new(Tried(does))),
        };
        inside.leaves.push(Leaf { mask, decides, scope: Vec::new(), unfit });
    }
    Arc::new(inside)
}

fn beside(mac: crate::secret::Mac) -> Decides {
    let own = (Canon::Bytes, mac.clone());
    let (subject, pinned) = (None, Vec::new());
    Decides::Beside(Box::new(Beside { canon: Canon::Bytes, mac, subject, pinned, own }))
}

/// Walks through a value; `None`: it is unfit, and then nothing was written.
pub(super) fn walked(walk: Box<dyn Walk>, inside: &Arc<Inside>, value: &[u8]) -> Option<(Vec<u8>, Parts)> {
    let parts = Common::default();
    let cx = RowCx { decided: &[], others: &[], row: 0, depth: 0, parts: &parts };
    let container = Container { walk, inside: Arc::clone(inside), placeholder: Some(b"{}") };
    let mut out = b"before".to_vec();
    let outcome = container.mask_within(value, &Lanes::default(), &cx, &mut out);
    assert!(out.starts_with(b"before"));
    let out = out.split_off(6);
    match outcome {
        Outcome::Masked => Some((out, parts.get())),
        Outcome::Unfit => {
            assert!(out.is_empty(), "nothing may be appended");
            None
        }
        _ => panic!("a container masks or is unfit"),
    }
}
