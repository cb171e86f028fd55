//! How a country writes addresses and postcodes. Refuses postcode letters that a post never uses.

use super::Draw;

/// How an address is written.
#[derive(Clone, Copy, Debug)]
pub struct AddressStyle {
    /// Where the house number stands.
    pub number: NumberPlace,
    /// What may be added to a house number, drawn evenly; a power of two of them.
    pub additions: &'static [Addition],
}

/// Where a house number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberPlace {
    /// `Kerkstraat 12`.
    Last,
    /// `12 Oak Street`.
    First,
    /// `12, rue Victor Hugo`.
    FirstComma,
}

/// An addition to a house number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The addition as a column of its own holds it: `A`, `bis`, `bus 3`, `Flat 3`.
    pub text: &'static str,
    /// What stands between it and its neighbour: nothing, a blank, a hyphen, a comma and a blank.
    pub joint: &'static str,
    /// Where it stands.
    pub place: AdditionPlace,
}

/// Where an addition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdditionPlace {
    /// Behind the number: `12 A`, `12a`, `12-2`, `12 bus 3`.
    BehindNumber,
    /// Before the number: `Flat 3, 12 Oak Street`.
    BeforeNumber,
    /// Behind the street: `12 Oak Street Apt 4`.
    BehindStreet,
}

impl Addition {
    /// Makes an addition that stands behind the number.
    #[must_use]
    pub const fn behind(joint: &'static str, text: &'static str) -> Self {
        Self { text, joint, place: AdditionPlace::BehindNumber }
    }
}

/// How a postcode is written; the area is the number of the town's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostcodeStyle {
    /// `1234 AB`; not SA, SD, SS (PostNL).
    Dutch,
    /// So many digits.
    Digits(usize),
    /// `LS1 4AB`: the letters of the town's run, the area, a digit and two letters out of twenty (Royal Mail's PAF
    /// guide; BS 7666: not C I K M O V).
    British,
}

impl PostcodeStyle {
    const DUTCH: &'static [u8; 20] = b"ABCDEGHJKLMNPRSTVWXZ";
    const BRITISH: &'static [u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";

    /// The places of SA, SD and SS among all pairs of Dutch letters in order, and how many pairs stay.
    const NEVER: [u64; 3] = [14 * 20, 14 * 20 + 3, 14 * 20 + 14];
    const PAIRS: u64 = 400 - 3;

    /// Draws what stands behind the area: two letters, for British ones a digit before them; `0` and `A` where the
    /// style has none.
    pub fn draw(self, draw: &mut Draw) -> (u64, [u8; 2]) {
        let letter = |letters: &[u8; 20], n: u64| {
            usize::try_from(n).ok().and_then(|n| letters.get(n)).copied().unwrap_or(b'A')
        };
        match self {
            Self::Dutch => {
                let mut pair = draw.below(Self::PAIRS);
                for never in Self::NEVER {
                    pair += u64::from(pair >= never);
                }
                (0, [pair / 20, pair % 20].map(|n| letter(Self::DUTCH, n)))
            }
            Self::British => {
                let (sector, pair) = (draw.below(10), draw.below(400));
                (sector, [pair / 20, pair % 20].map(|n| letter(Self::BRITISH, n)))
            }
            Self::Digits(_) => (0, *b"AA"),
        }
    }
}
