//! Towns: each with its region, a run of postcode areas of its own and its place on the map, so that the parts of an
//! invented address agree. Read when first asked for, like every table; refuses nothing at run time.

use std::sync::OnceLock;

use super::table::{Draw, Entry, capitals, expand, lines, slot};

/// A town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Town {
    /// Its name and slots.
    pub name: Entry,
    /// Province, state, Land, county or département.
    pub region: &'static str,
    /// Length of `region` in characters, in capitals if that is longer.
    pub region_chars: u32,
    /// How an address shortens the region (`OH`); empty where it does not name it.
    pub short_region: &'static str,
    /// What stands before the number of a postcode area (`LS`); empty outside the United Kingdom.
    pub prefix: &'static str,
    /// First postcode area.
    pub low: u32,
    /// Last postcode area, inclusive.
    pub high: u32,
    /// Latitude in 1e-4 degrees north.
    pub latitude: i32,
    /// Longitude in 1e-4 degrees east.
    pub longitude: i32,
}

impl Town {
    const NONE: Self = Self {
        name: Entry::NONE,
        region: "",
        region_chars: 0,
        short_region: "",
        prefix: "",
        low: 0,
        high: 0,
        latitude: 0,
        longitude: 0,
    };
}

/// A versioned table of towns.
pub struct Towns {
    /// `nl.town@1`.
    pub name: &'static str,
    /// The list as it stands in its file, for the golden hash.
    pub source: &'static str,
    read: OnceLock<Read>,
}

struct Read {
    towns: Box<[Town]>,
    slots: Box<[u16]>,
}

impl Towns {
    /// Names a list: lines `slots, town, region, short region, prefix, low, high, latitude, longitude`, with tabs
    /// between them and `-` for none; coordinates have four decimals.
    #[must_use]
    pub const fn new(name: &'static str, source: &'static str) -> Self {
        Self { name, source, read: OnceLock::new() }
    }

    #[inline]
    fn read(&'static self) -> &'static Read {
        self.read.get_or_init(|| {
            let towns: Box<[Town]> = lines(self.source).filter_map(town).collect();
            let slots = expand(towns.iter().map(|t| t.name.slots));
            Read { towns, slots }
        })
    }

    /// Returns the towns in the order of the file.
    #[must_use]
    pub fn entries(&'static self) -> &'static [Town] {
        &self.read().towns
    }

    /// Returns the number of slots, a power of two.
    #[inline]
    #[must_use]
    pub fn slots(&'static self) -> usize {
        self.read().slots.len()
    }

    /// Picks by the next bits of a draw.
    #[inline]
    #[must_use]
    pub fn pick(&'static self, draw: &mut Draw) -> &'static Town {
        let read = self.read();
        read.towns.get(slot(&read.slots, draw)).unwrap_or(&Town::NONE)
    }

    /// Uses the bits of a draw that `pick` would use.
    #[inline]
    pub fn skip(&'static self, draw: &mut Draw) {
        draw.below(u64::try_from(self.slots()).unwrap_or(1));
    }

    /// Returns the town of every slot, in order.
    pub fn by_slot(&'static self) -> impl Iterator<Item = &'static Town> {
        let read = self.read();
        read.slots.iter().filter_map(|t| read.towns.get(usize::from(*t)))
    }
}

impl std::fmt::Debug for Towns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Towns({})", self.name)
    }
}

fn town(line: &'static str) -> Option<Town> {
    let mut cells = line.split('\t').map(|cell| if cell == "-" { "" } else { cell });
    let name = Entry::new(cells.next()?, cells.next()?, "")?;
    let region = cells.next()?;
    let (short_region, prefix) = (cells.next()?, cells.next()?);
    let (low, high) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
    let (latitude, longitude) = (degrees(cells.next()?)?, degrees(cells.next()?)?);
    let region_chars = u32::try_from(capitals(region)).ok()?;
    let town = Town { name, region, region_chars, short_region, prefix, low, high, latitude, longitude };
    (cells.next().is_none() && !region.is_empty() && low <= high).then_some(town)
}

/// Reads degrees with four decimals.
fn degrees(cell: &str) -> Option<i32> {
    let (whole, part) = cell.split_once('.')?;
    let unsigned: i32 = format!("{}{part}", whole.trim_start_matches('-')).parse().ok()?;
    (part.len() == 4).then_some(if whole.starts_with('-') { -unsigned } else { unsigned })
}
