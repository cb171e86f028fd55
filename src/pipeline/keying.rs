//! The deciding values of a chunk on their way to lanes: short ones are hashed together, long ones one by one. Holds
//! values only while their chunk is masked.

use crate::mask::Lanes;
use crate::profile::plan::Digest;
use crate::secret::Batch;

/// The deciding values of a chunk on their way to lanes.
#[derive(Default)]
pub(super) struct Keying {
    /// One value in its canonical form.
    pub canon: Vec<u8>,
    /// Room for another one.
    pub spare: Vec<u8>,
    /// Short values.
    pub batch: Batch,
    /// Which row each message of the batch belongs to.
    pub rows: Vec<usize>,
    /// The scope of one row.
    pub scope: Vec<u8>,
}

impl Keying {
    /// Empties it, keeping its memory.
    pub(super) fn clear(&mut self) {
        self.batch.clear();
        self.rows.clear();
    }

    /// Keys the batch and puts the lanes into their rows.
    pub(super) fn run(&mut self, digest: &Digest, lanes: &mut [Lanes]) {
        let Self { batch, rows, .. } = self;
        match digest.subject {
            None => batch.run(&digest.mac, None, |number, [a, b, c, d]| {
                if let Some(place) = rows.get(number).and_then(|row| lanes.get_mut(*row)) {
                    *place = Lanes([a, b, c, d, a, b, c, d]);
                }
            }),
            Some(high) => {
                batch.run(&digest.mac, Some(0), |number, [a, b, c, d]| {
                    if let Some(place) = rows.get(number).and_then(|row| lanes.get_mut(*row)) {
                        *place = Lanes([a, b, c, d, 0, 0, 0, 0]);
                    }
                });
                if !high {
                    return;
                }
                batch.run(&digest.mac, Some(1), |number, four| {
                    let row = rows.get(number).and_then(|row| lanes.get_mut(*row));
                    if let Some((_, place)) = row.and_then(|Lanes(eight)| eight.split_first_chunk_mut::<4>())
                    {
                        place.copy_from_slice(&four);
                    }
                });
            }
        }
    }
}

/// Computes the lanes of one deciding value under a scope; '' is none.
#[inline]
pub(super) fn key(digest: &Digest, scope: &[u8], canon: &[u8]) -> Lanes {
    match digest.subject {
        None => Lanes::by_value(&digest.mac, scope, canon),
        Some(high) => Lanes::by_subject(&digest.mac, high, scope, canon),
    }
}
