//! What closed lists say: genders, religions, countries and their like. Few distinct values, so each says much, and together
//! they say little more. Refuses to be sure of a column whose words stand in a list by the way.

use super::traits::{self, Trait};
use super::words::{self, List};
use super::{Said, count, percent, share};
use crate::discover::class::Class;
use crate::discover::findings::Evidence;
use crate::discover::measure::Measured;

/// A list, what a column of its words is, and the share of other columns' values that are in it, in thousandths.
struct Closed(List, Class, &'static str, u16);

static CLOSED: &[Closed] = &[
    Closed(List::Gender, Class::Gender, "genders", 80),
    Closed(List::Marital, Class::MaritalStatus, "marital status", 20),
    Closed(List::Nationality, Class::Nationality, "nationalities", 20),
    Closed(List::Religion, Class::Religion, "religions", 15),
    Closed(List::Ethnicity, Class::Ethnicity, "origins", 30),
    Closed(List::Politics, Class::Politics, "parties", 20),
    Closed(List::Union, Class::Union, "unions", 20),
    Closed(List::Sexuality, Class::Sexuality, "orientations", 10),
    Closed(List::Health, Class::Health, "diseases, medicines, blood groups", 20),
    Closed(List::Offence, Class::Offence, "offences", 10),
    Closed(List::Title, Class::Title, "forms of address", 40),
    Closed(List::Particle, Class::Particle, "particles", 40),
    Closed(List::Flag, Class::Flag, "yes and no", 100),
    Closed(List::Education, Class::Education, "schools and grades", 30),
    Closed(List::Country, Class::Country, "countries", 20),
    Closed(List::Language, Class::Label, "languages", 60),
    Closed(List::Currency, Class::Label, "currencies", 20),
    Closed(List::Month, Class::Label, "months and days", 20),
    Closed(List::Interest, Class::Interest, "pastimes", 15),
];

/// The share of a class's values that is in its list.
const KNOWN: f32 = 0.8;

/// The most that a list says.
const MOST: f32 = 7.0;

/// Adds what the lists say.
pub(super) fn add(measured: &Measured, said: &mut Said) {
    let tested = count(u64::from(measured.tested));
    for Closed(list, class, what, chance) in CLOSED {
        let known = measured.listed.get(words::place(*list)).copied().unwrap_or(0);
        if known == 0 {
            continue;
        }
        let (part, chance) = (share(known, measured.tested), f32::from(*chance) / 1000.0);
        let each = part * (KNOWN / chance).ln() + (1.0 - part) * ((1.0 - KNOWN) / (1.0 - chance)).ln();
        let says = each * tested.min(6.0) * (tested / 2.0).min(1.0);
        let evidence = Evidence::Words { what, percent: percent(known, measured.tested) };
        said.add(*class, says.clamp(-2.0, MOST), Some(evidence));
    }
    codes(measured, tested, said);
}

/// Two letters: countries, in capitals more likely than not; and numbers that stand for genders.
fn codes(measured: &Measured, tested: f32, said: &mut Said) {
    let of = |is: Trait| share(measured.traits.get(traits::place(is)).copied().unwrap_or(0), measured.tested);
    if measured.shortest == 2 && measured.longest == 2 && of(Trait::CountryCode) > 0.9 {
        let capitals = of(Trait::Upper);
        let languages =
            share(measured.listed.get(words::place(List::Language)).copied().unwrap_or(0), measured.tested);
        let says = (1.0 + 3.0 * capitals - 2.0 * languages * (1.0 - capitals)) * (tested / 3.0).min(1.0);
        said.add(Class::Country, says, None);
        if capitals > 0.9 {
            said.add(Class::Label, -2.0 * languages, None);
        }
    }
    let whole = measured.integers == measured.tested;
    if whole
        && (2..=4).contains(&measured.tested)
        && measured.least >= 0
        && matches!(measured.greatest, 1 | 2 | 9)
    {
        said.add(Class::Gender, 0.3, None);
    }
}
