//! `fake: card` and `fake: bic`: a card number with a right last digit of an issuer that cannot be, as long as the
//! input's; a BIC for tests. `realistic: true` gives Visa's form, which may be somebody's card. Decided by their own
//! value. Refuses `unique`.

use super::make::Make;
use super::number::{NOWHERE, among, is_realistic, kind, spell};
use super::spec::{Build, KindSpec, Made};
use crate::mask::{Lanes, Reaches, Refusal};
use crate::vocabulary::Draw;
use crate::vocabulary::numbers::card::Card as Scheme;
use crate::vocabulary::numbers::{Compact, unissued};

const NOBODY: Reaches = Reaches::Nobody(
    "begins with 9000: 9 is for national issuers, named by their country's number, and 000 is none (ISO/IEC 7812-1)",
);
const TRAINING: Reaches =
    Reaches::Nobody("eighth character 0: a BIC for tests and training (ISO 9362, SWIFT)");

/// `fake: card`.
pub(super) static CARD: KindSpec = KindSpec {
    longest: |locale| {
        among(
            locale,
            &[("nl_NL", 23), ("nl_BE", 23), ("de_DE", 23), ("fr_FR", 23), ("en_GB", 23), ("en_US", 23)],
        )
    },
    reaches: |locale| {
        among(
            locale,
            &[
                ("nl_NL", NOBODY),
                ("nl_BE", NOBODY),
                ("de_DE", NOBODY),
                ("fr_FR", NOBODY),
                ("en_GB", NOBODY),
                ("en_US", NOBODY),
            ],
        )
        .unwrap_or(NOWHERE)
    },
    ..kind("card", "a payment card number that passes Luhn's test, of no issuer", |cx| build(cx, true))
};

/// `fake: bic`.
pub(super) static BIC: KindSpec = KindSpec {
    longest: |locale| {
        among(
            locale,
            &[("nl_NL", 11), ("nl_BE", 11), ("de_DE", 11), ("fr_FR", 11), ("en_GB", 11), ("en_US", 11)],
        )
    },
    reaches: |locale| {
        among(
            locale,
            &[
                ("nl_NL", TRAINING),
                ("nl_BE", TRAINING),
                ("de_DE", TRAINING),
                ("fr_FR", TRAINING),
                ("en_GB", TRAINING),
                ("en_US", TRAINING),
            ],
        )
        .unwrap_or(NOWHERE)
    },
    own_options: &[],
    ..kind("bic", "a bank's code that is for tests", |cx| build(cx, false))
};

struct Payment {
    card: bool,
    realistic: bool,
    country: &'static str,
    max: usize,
}

fn build(cx: &Build<'_>, card: bool) -> Result<Made, Refusal> {
    let (spec, least) = if card { (&CARD, 16) } else { (&BIC, 8) };
    cx.at_least(spec.name, least)?;
    let longest = cx.longest;
    let max = usize::try_from(cx.max.map_or(longest, |max| max.min(longest))).unwrap_or(usize::MAX);
    let payment = Payment { card, realistic: is_realistic(cx), country: cx.locale.country, max };
    Ok(cx.made_apart(payment, longest))
}

impl Make for Payment {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let [lane, ..] = lanes.0;
        let mut draw = Draw::new(lane);
        let len = Compact::read(field).map_or(0, |compact| compact.as_slice().len());
        if !self.card {
            let bic = unissued::bic(&mut draw, self.country, len == 11 && self.max >= 11);
            return spell(field, bic.as_slice(), "########", self.max, out);
        }
        let len = if (13..=19).contains(&len) && len <= self.max { len } else { 16 };
        let card = if self.realistic {
            let group = (4 * 8 + 1) * 32 + u32::try_from(len).unwrap_or(16);
            unissued::valid(&Scheme { keep_iin: false }, group, &mut draw)
        } else {
            unissued::card(&mut draw, len)
        };
        let form = if len == 16 { "#### #### #### ####" } else { "" };
        spell(field, card.as_slice(), form, self.max, out);
    }
}
