//! One invented person, as lanes 0 and 1 decide it: gender, first name and initials of the one, last name of the other.
//! Every kind that says something of a person asks here, so that no two of them contradict each other. Keeps nothing
//! and looks at no input.

use crate::mask::{Lanes, lane};
use crate::vocabulary::{Draw, Entry, Locale, Table};

/// What a person is called and addressed as. The top bit of lane 0: 0 is a woman.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    Female,
    Male,
}

impl Gender {
    /// Takes the next bit of a draw.
    #[inline]
    pub(super) fn draw(draw: &mut Draw) -> Self {
        if draw.below(2) == 0 { Self::Female } else { Self::Male }
    }

    /// Returns the subject's.
    #[inline]
    pub(super) fn of(lanes: &Lanes) -> Self {
        Self::draw(&mut Draw::new(lanes.0[lane::FIRST_NAME]))
    }

    /// Chooses the one of two that belongs to it.
    #[inline]
    pub(super) fn choose<T>(self, female: T, male: T) -> T {
        match self {
            Self::Female => female,
            Self::Male => male,
        }
    }

    /// Returns its given names.
    #[inline]
    pub(super) fn names(self, locale: &Locale) -> &'static Table {
        self.choose(locale.female, locale.male)
    }
}

/// Picks the first name of lane 0; the draw goes on behind it.
#[inline]
pub(super) fn first(locale: &Locale, lanes: &Lanes) -> (&'static Entry, Gender, Draw) {
    let mut draw = Draw::new(lanes.0[lane::FIRST_NAME]);
    let gender = Gender::draw(&mut draw);
    let entry = gender.names(locale).pick(&mut draw);
    (entry, gender, draw)
}

/// Picks the last name of lane 1.
#[inline]
pub(super) fn last(locale: &Locale, lanes: &Lanes) -> &'static Entry {
    locale.last_names.pick(&mut Draw::new(lanes.0[lane::LAST_NAME]))
}

/// Picks from what fits, by other bits of the lane than those that picked what did not fit.
pub(super) fn fitting<T: Copy>(fits: &[T], lane: u64) -> Option<T> {
    let n = Draw::new(lane.rotate_left(32)).below(u64::try_from(fits.len()).unwrap_or(0));
    fits.get(usize::try_from(n).unwrap_or(0)).copied()
}

/// The letters that further given names begin with, weighted. Source: the first letters of common given names.
const LETTERS: &[u8; 64] = b"AAAAAAACCCCCDDEEEEFFGGGHHHHIJJJJJJJJKLLLLLMMMMMMMMNPPPRRRSSSTWWW";

/// Most initials of a person.
pub(super) const MOST_INITIALS: usize = 3;

/// A person's initials: that of the first name, and perhaps one or two more.
#[derive(Clone, Copy)]
pub(super) struct Initials {
    /// The first one: one letter, or the two of the Dutch `IJ`.
    pub(super) first: [char; 2],
    more: [u8; MOST_INITIALS - 1],
    count: usize,
}

impl Initials {
    /// Reads the first letter of a first name and draws the others behind it: none for one half of all people.
    #[inline]
    pub(super) fn draw(first: &Entry, mut draw: Draw) -> Self {
        let mut letters = first.text.chars();
        let first = [letters.next().unwrap_or('N'), letters.next().filter(|c| *c == 'J').unwrap_or('\0')];
        let first = if first[0] == 'I' { first } else { [first[0], '\0'] };
        // Of ten people five have one, four two, one three.
        let count = match draw.below(10) {
            0..5 => 0,
            5..9 => 1,
            _ => 2,
        };
        let mut letter = || {
            let n = usize::try_from(draw.below(64)).unwrap_or(0);
            LETTERS.get(n).copied().unwrap_or(b'M')
        };
        Self { first, more: [letter(), letter()], count }
    }

    /// Returns them in order, one or two letters each.
    #[inline]
    pub(super) fn iter(self) -> impl Iterator<Item = [char; 2]> {
        let more = self.more.into_iter().take(self.count).map(|b| [char::from(b), '\0']);
        std::iter::once(self.first).chain(more)
    }
}
