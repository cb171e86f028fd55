//! Telephone numbers as people write them: international with `+` or `00`, and the national spellings of NL, BE, DE, FR, GB
//! and US. Refuses dates, amounts, and numbers of things; digits without any grouping need a known beginning or a word
//! before.
//!
//! Source: ITU-T E.164 and E.123; the numbering plans of the six countries, as far as lengths and first digits go.

use super::run::Place;
use super::{Confidence, Context, Finding, Kind, Recogniser, Trigger};

/// Telephone number.
pub(super) static PHONE: Recogniser = Recogniser {
    name: "phone",
    what: "telephone numbers, international and of NL, BE, DE, FR, GB and US",
    source: "ITU-T E.164 and E.123; national numbering plans",
    checksum: false,
    context: Context::Helps,
    trigger: Trigger::Code,
    finds: &[
        "bel <+31 6 90001234> terug",
        "<06-90001234>",
        "<0690001234>.",
        "op <+31 (0)119 123 456>",
        "<0031690001234>",
        "<020 - 7946 0123>",
        "<01 99 00 12 34>",
        "<(202) 555-0123>",
        "<202-555-0123>",
        "Tel. <030/23125123>",
        "<0171 3920012>",
        "<0460 12 34 56>",
        "phone <555-0123>",
    ],
    leaves: &[
        "01-02-2024",
        "01.02.2024",
        "2024-01-12",
        "order 0690001234",
        "0000123456",
        "1.234.567,89",
        "12 34 56 78 90",
        "2025550123",
        "00 12",
    ],
    find,
};

static CUES: &[&str] = &[
    "tel*",
    "phone*",
    "mobiel*",
    "mobile*",
    "mobil*",
    "gsm",
    "bel",
    "bellen",
    "bereikbaar",
    "call",
    "ring",
    "handy*",
    "anruf*",
    "erreichbar",
    "rufnummer",
    "portable",
    "appeler",
    "joindre",
    "fax",
    "whatsapp",
    "sms",
    "06",
];

/// Country codes in front of which a plus may be left out after 00, and how many digits follow.
static CODES: &[(&str, usize, usize)] =
    &[("31", 9, 9), ("32", 8, 9), ("33", 9, 9), ("49", 7, 11), ("44", 9, 10), ("1", 10, 10)];

/// Digits found so far.
#[derive(Clone, Copy)]
struct Digits {
    bytes: [u8; 16],
    len: usize,
    /// Lengths of the groups.
    groups: [usize; 8],
    count: usize,
    /// Offset behind the last digit.
    end: usize,
    /// Whether a point parts groups, and whether all separators are points.
    points: usize,
    separators: usize,
}

impl Digits {
    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default()
    }

    /// Returns whether it may be a date: 01-02-2024, 01.02.24, 2024-02-01.
    fn is_date(&self) -> bool {
        self.points == self.separators && matches!(self.groups(), [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2])
    }

    fn groups(&self) -> &[usize] {
        self.groups.get(..self.count).unwrap_or_default()
    }
}

/// Adds the group of digits at a word; `None` if there is none, or too many digits, or something else between.
fn and(place: &Place<'_>, mut digits: Digits, at: usize) -> Option<Digits> {
    let token = place.text.get(at).filter(|token| token.is_number())?;
    let word = place.text.word(token).as_bytes();
    if digits.count > 0 {
        let gap = place.text.gap_before(at);
        let separator = |c| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '‑' | '–');
        // A bracket that opens closes behind this group: `+31 (0)6`, not `824 (2 of them)`.
        let open = gap.contains('(') && place.text.byte(token.end()) != b')';
        if open || gap.len() > 4 || !gap.chars().all(separator) {
            return None;
        }
        digits.separators += 1;
        digits.points += usize::from(matches!(gap, "." | "-" | "/"));
    }
    digits.bytes.get_mut(digits.len..digits.len + word.len())?.copy_from_slice(word);
    digits.len += word.len();
    *digits.groups.get_mut(digits.count)? = word.len();
    digits.count += 1;
    digits.end = token.end();
    Some(digits)
}

/// Reads one group, two groups and so on, up to eight; returns how many there are.
fn read(place: &Place<'_>) -> ([Digits; 8], usize) {
    let mut read =
        [Digits { bytes: [0; 16], len: 0, groups: [0; 8], count: 0, end: 0, points: 0, separators: 0 }; 8];
    let (mut digits, mut count) = (read[0], 0);
    for (step, to) in read.iter_mut().enumerate() {
        let Some(more) = and(place, digits, place.at + step) else { break };
        (digits, *to, count) = (more, more, step + 1);
    }
    (read, count)
}

/// Returns whether digits behind a plus or 00 are a number.
fn international(all: &str, plus: bool) -> bool {
    for (code, least, most) in CODES {
        if let Some(rest) = all.strip_prefix(code) {
            let rest = rest.strip_prefix('0').unwrap_or(rest);
            return (*least..=*most).contains(&rest.len()) && !rest.starts_with('0');
        }
    }
    plus && (8..=15).contains(&all.len()) && !all.starts_with('0')
}

/// Returns whether digits that begin with a trunk zero, or an American area, are a number as they are grouped.
fn national(digits: &Digits, bracket: bool) -> Option<Confidence> {
    let all = digits.as_str();
    let groups = digits.groups();
    let byte = |at: usize| all.as_bytes().get(at).copied().unwrap_or(b'0');
    let first = groups.first().copied().unwrap_or(0);
    let sure = |fits: bool| fits.then_some(Confidence::Fair);
    if byte(0) == b'0' {
        if byte(1) == b'0' || digits.is_date() || !(9..=12).contains(&all.len()) {
            return None;
        }
        return match all.len() {
            // Ten digits: NL, FR, BE (mobile), GB (some), DE.
            10 => Some(if groups.len() > 1 || bracket { Confidence::Strong } else { Confidence::Fair }),
            // Belgium's fixed lines, Germany's short ones: an area and groups.
            9 => sure((2..=4).contains(&first) && groups.len() > 1),
            11 => sure(byte(1) == b'7' || byte(1) == b'1' || byte(1) == b'2' || groups.len() > 1),
            _ => sure((2..=5).contains(&first) && groups.len() > 1 || byte(1) == b'1'),
        };
    }
    let us = all.len() == 10 || all.len() == 11 && first == 1 && byte(0) == b'1';
    let area = all.len().saturating_sub(10);
    let office = area + 3;
    let fits = us && byte(area) >= b'2' && byte(office) >= b'2' && matches!(groups, [3, 3, 4] | [1, 3, 3, 4]);
    sure(fits)
}

fn find(place: &Place<'_>) -> Option<Finding> {
    let text = place.text;
    let token = text.get(place.at).filter(|token| token.is_number())?;
    let mut start = token.start();
    let mut plus = false;
    let mut bracket = false;
    match text.byte_before(start) {
        b'+' => (plus, start) = (true, start - 1),
        b'(' if text.byte(token.end()) == b')' => (bracket, start) = (true, start - 1),
        _ => {}
    }
    if start > 0 && text.text.as_bytes().get(start - 1) == Some(&b'(') && plus {
        bracket = false;
    }
    let leads = text.leads_up(start) || matches!(text.byte_before(start), b'+');
    // Seven digits at least, or there is no number to ask about.
    let (read, count) = read(place);
    let read = read.get(..count)?;
    if leads || read.last().is_none_or(|digits| digits.len < 7) {
        return None;
    }
    let cued = place.cue(CUES);
    if !plus && !cued && place.of_a_thing() {
        return None;
    }
    read.iter().rev().find_map(|digits| {
        let all = digits.as_str();
        let confidence = if plus {
            international(all, true).then_some(Confidence::Strong)
        } else if let Some(rest) = all.strip_prefix("00") {
            international(rest, false).then_some(Confidence::Strong)
        } else {
            national(digits, bracket)
        };
        let told = cued && digits.count <= 5 && (7..=12).contains(&all.len()) && !digits.is_date();
        let confidence = confidence.or((told && !text.goes_on(digits.end)).then_some(Confidence::Fair))?;
        let ends = !text.goes_on(digits.end) || plus;
        ends.then_some(Finding { start, end: digits.end, kind: Kind::Phone, confidence })
    })
}
