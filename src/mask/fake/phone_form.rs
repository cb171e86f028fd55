//! How a phone number is written: national or international, brackets, what stands between its groups. Tells the form of a
//! value and keeps none of its digits.

/// How a number starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    National,
    /// `+31`.
    Plus,
    /// `0031`.
    Zeros,
    /// `31` or `1` alone.
    Code,
}

/// The form of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) start: Start,
    /// What stands between the groups, the first three times.
    pub(super) separators: [Option<u8>; 3],
    /// Whether the area has brackets: `(212) 555-0100`.
    pub(super) brackets: bool,
    /// Whether the trunk stands in brackets behind the code: `+31 (0)6`.
    pub(super) trunk: bool,
}

impl Style {
    /// Digits and nothing else.
    pub(super) const NATIONAL: Self =
        Self { start: Start::National, separators: [None; 3], brackets: false, trunk: false };

    /// Reads the form; `code` is the country's, `national` the digits of a number behind it.
    #[inline]
    pub(super) fn of(field: &[u8], code: &str, national: usize) -> Self {
        let field = field.trim_ascii();
        let mut style = Self::NATIONAL;
        let (mut digits, mut found, mut gap) = (0_usize, 0_usize, false);
        let (mut open, mut closed) = (false, false);
        for b in field {
            match b {
                b'0'..=b'9' => {
                    // A lone 0 in brackets is the trunk; more than that is the area.
                    style.brackets |= open && (style.trunk || *b != b'0');
                    style.trunk |= open && *b == b'0' && digits > 0;
                    // Nothing between the bracket and what follows is a separator too.
                    found += usize::from(closed && !gap && style.brackets);
                    digits += 1;
                    (gap, closed) = (false, false);
                }
                b' ' | b'-' | b'.' | b'/' if !gap && digits > 0 => {
                    if let Some(place) = style.separators.get_mut(found) {
                        *place = Some(*b);
                        found += 1;
                    }
                    gap = true;
                }
                b'(' => {
                    found += usize::from(digits > 0 && !gap && found == 0);
                    open = true;
                }
                b')' => (open, closed) = (false, true),
                _ => {}
            }
        }
        style.trunk &= !style.brackets;
        style.start = if field.starts_with(b"+") {
            Start::Plus
        } else if field.starts_with(b"00") {
            Start::Zeros
        } else if field.starts_with(code.as_bytes()) && digits == national + code.len() {
            Start::Code
        } else {
            Start::National
        };
        style
    }

    /// Leaves the groups behind the area in one.
    pub(super) fn in_one(self) -> Self {
        let [first, second, _] = self.separators;
        let kept = if self.start == Start::National { None } else { second };
        Self { separators: [first, kept, None], ..self }
    }

    /// Leaves all separators and brackets out.
    pub(super) fn bare(self) -> Self {
        Self { start: self.start, ..Self::NATIONAL }
    }
}
