//! `fake: latitude` and `fake: longitude`: the place of the subject's town, moved by up to about a kilometre, in degrees
//! with four decimals. Lane 2 decides, as for the rest of the address; the two go together. Refuses more decimals: they
//! would claim a house.

use super::address::{Address, place as of_place};
use super::form::Short;
use super::make::Make;
use super::spec::{Build, KindSpec, Made};
use crate::mask::{Lanes, Output, Refusal, Uniqueness, lane};
use crate::message;
use crate::row::shape::TypeClass;
use crate::vocabulary::{Draw, Locale, Town};

/// `fake: latitude`.
pub(super) static LATITUDE: KindSpec = KindSpec {
    name: "latitude",
    summary: "degrees north near the subject's town, with four decimals",
    longest: |locale| longest(locale, |town| town.latitude, MOST_NORTH),
    build: |cx| build(cx, &LATITUDE, false),
    ..of_place()
};

/// `fake: longitude`.
pub(super) static LONGITUDE: KindSpec = KindSpec {
    name: "longitude",
    summary: "degrees east near the subject's town, with four decimals",
    longest: |locale| longest(locale, |town| town.longitude, MOST_EAST),
    build: |cx| build(cx, &LONGITUDE, true),
    ..of_place()
};

/// Decimals of a degree.
const DECIMALS: u32 = 4;

/// Returns the length of the longest value around any town.
fn longest(locale: &Locale, of: fn(&Town) -> i32, most: i32) -> Option<u32> {
    let chars = |value: i32| {
        let degrees = (value.unsigned_abs() / 10_000).checked_ilog10().unwrap_or(0) + 1;
        u32::from(value < 0) + degrees + 1 + DECIMALS
    };
    let ends = |town: &Town| chars(of(town) - most).max(chars(of(town) + most));
    locale.towns.entries().iter().map(ends).max()
}

/// How far a place is moved at most, in 1e-4 degrees: 0.7 km to the north, 0.5 to 0.8 km to the east.
const MOST_NORTH: i32 = 60;
const MOST_EAST: i32 = 80;

struct Coordinate {
    locale: &'static Locale,
    east: bool,
    /// Decimals that the column takes, at most four.
    decimals: u32,
}

fn build(cx: &Build<'_>, kind: &KindSpec, east: bool) -> Result<Made, Refusal> {
    cx.at_least(kind.name, cx.longest)?;
    let mut make = Coordinate { locale: cx.locale, east, decimals: DECIMALS };
    match cx.class {
        TypeClass::Float { .. } => Ok(cx.made_as(make, Output::Typed)),
        TypeClass::Numeric { precision: None, .. } => Ok(cx.made_as(make, Output::Typed)),
        TypeClass::Numeric { precision: Some(precision), scale } => {
            let scale = u32::try_from(scale.unwrap_or(0)).unwrap_or(0);
            if *precision < scale + 3 {
                return Err(Refusal {
                    what: message!("`fake: {}` needs three digits before the point", kind.name),
                    hint: Some("the column holds no degrees; give it another technique".into()),
                });
            }
            make.decimals = scale.min(DECIMALS);
            Ok(cx.made_as(make, Output::Typed))
        }
        _ => Ok(cx.made(make, cx.longest, Uniqueness::Lost)),
    }
}

/// Returns latitude and longitude of the place in a town that a lane decides, in 1e-4 degrees.
fn place(town: &Town, lane: u64) -> (i32, i32) {
    // The top bits of the lane are used up by the address.
    let mut draw = Draw::new(lane.rotate_left(32));
    let mut moved = |most: i32| {
        let steps = u64::try_from(2 * most + 1).unwrap_or(1);
        i32::try_from(draw.below(steps)).unwrap_or(0) - most
    };
    (town.latitude + moved(MOST_NORTH), town.longitude + moved(MOST_EAST))
}

impl Make for Coordinate {
    fn make(&self, _field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let lane = lanes.0[lane::ADDRESS];
        let (north, east) = place(Address::town(self.locale, lane), lane);
        let value = if self.east { east } else { north };
        let mut short = Short::new();
        if value < 0 {
            short.push(b'-');
        }
        let units = u64::from(value.unsigned_abs());
        let degrees = units / 10_000;
        short.number(degrees);
        if self.decimals > 0 {
            short.push(b'.');
            let drop = 10_u64.pow(DECIMALS.saturating_sub(self.decimals));
            short.digits(units / drop, usize::try_from(self.decimals).unwrap_or(0));
        }
        short.append_to(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::LOCALES;

    /// Kilometres between two places in 1e-4 degrees.
    fn distance(one: (i32, i32), other: (i32, i32)) -> f64 {
        let north = f64::from(one.0 - other.0) * 0.01112;
        let east = f64::from(one.1 - other.1) * 0.01112 * (f64::from(one.0) / 1e4).to_radians().cos();
        north.hypot(east)
    }

    #[test]
    fn every_place_lies_nearest_its_own_town() {
        for l in LOCALES {
            let towns = l.towns.entries();
            for town in towns {
                let own = (town.latitude, town.longitude);
                let most = [(1, 1), (1, -1)].map(|(a, b)| (own.0 + a * MOST_NORTH, own.1 + b * MOST_EAST));
                let radius = most.into_iter().map(|corner| distance(own, corner)).fold(0.0, f64::max);
                assert!(radius < 1.1, "{}", town.name.text);
                for other in towns.iter().filter(|t| !std::ptr::eq(*t, town)) {
                    let apart = distance(own, (other.latitude, other.longitude));
                    assert!(apart > 2.0 * radius, "{} {}", town.name.text, other.name.text);
                }
                for lane in [0, u64::MAX, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210] {
                    assert!(distance(own, place(town, lane)) <= radius + 1e-6, "{}", town.name.text);
                }
            }
        }
    }

    #[test]
    fn towns_lie_in_their_country() {
        for l in LOCALES {
            let (north, east) = match l.country {
                "NL" => (507_000..=536_000, 33_000..=72_500),
                "BE" => (506_000..=515_100, 25_400..=59_200),
                "DE" => (472_000..=551_000, 58_000..=151_000),
                "FR" => (413_000..=511_000, -51_500..=96_000),
                "GB" => (499_000..=609_000, -82_000..=17_700),
                _ => (189_000..=714_000, -1_780_000..=-669_000),
            };
            for t in l.towns.entries() {
                assert!(north.contains(&t.latitude) && east.contains(&t.longitude), "{}", t.name.text);
            }
        }
    }
}
