//! How telephone numbers are written that reach nobody: series that a regulator has set aside for fiction, or that no
//! plan issues. Each locale names its source. Refuses series in which somebody may have a number.

use super::Table;

/// The numbers of one country that reach nobody.
#[derive(Clone, Copy, Debug)]
pub struct PhonePlan {
    /// Country calling code, `31`.
    pub code: &'static str,
    /// What stands before the area in the national form: `0`, or nothing.
    pub trunk: &'static str,
    /// The series, drawn evenly.
    pub series: &'static [Series],
    /// The areas, where any of them goes with the series (North America); the series then name none.
    pub areas: Option<&'static Table>,
    /// Why the numbers reach nobody.
    pub source: &'static str,
}

/// One run of numbers: an area, fixed digits, free digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Series {
    /// First digits of the national number without trunk, written apart (`20`).
    pub area: &'static str,
    /// The digits behind it that make the series (`79460`).
    pub reserved: &'static str,
    /// How many free digits follow.
    pub free: u32,
    /// How the digits behind the area are grouped where groups are written apart (`7946 0123`: 4 and 4).
    pub groups: &'static [usize],
}

impl Series {
    /// Makes a series.
    #[must_use]
    pub const fn new(
        area: &'static str,
        reserved: &'static str,
        free: u32,
        groups: &'static [usize],
    ) -> Self {
        Self { area, reserved, free, groups }
    }
}
