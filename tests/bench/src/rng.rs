//! The generator's numbers: splitmix64, one stream a row. A row is a function of seed, table and row number, so that
//! another table can say the same thing of it again (an order repeats its customer's mail address).

/// A stream of 64-bit numbers (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
pub struct Rng(u64);

impl Rng {
    /// Starts the stream of one row.
    pub fn of(seed: u64, table: u64, row: u64) -> Self {
        let mut rng = Self(seed ^ table.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let base = rng.next();
        Self(base ^ row.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    /// Returns the next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number below `n`.
    #[expect(clippy::as_conversions, reason = "the high half of a 128-bit product fits 64 bits")]
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// Returns true in `percent` of 100 cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Returns one of a list.
    #[expect(clippy::as_conversions, reason = "lengths fit 64 bits, and a number below one is an index")]
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let index = self.below(list.len() as u64) as usize;
        &list[index]
    }

    /// Returns one of a fixed list.
    #[expect(clippy::as_conversions, reason = "lengths fit 64 bits, and a number below one is an index")]
    pub fn word(&mut self, list: &[&'static str]) -> &'static [u8] {
        list[self.below(list.len() as u64) as usize].as_bytes()
    }
}
