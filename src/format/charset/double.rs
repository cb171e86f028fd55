//! Character sets of one or two bytes a character, cell by cell, as PostgreSQL's and MySQL's tables have them: where these
//! differ from `encoding_rs` (a browser's view of the same names), they win. A character that a set writes in two ways has
//! its first way in the order of `leads` only, so that what is read is written back as it was; the other way is none.
//!
//! Knows nothing of what stands around a character; never guesses: what no table has is none.

use std::ops::RangeInclusive;

use encoding_rs::{BIG5, EUC_KR, GBK, SHIFT_JIS};

use super::character;

/// How a set maps two bytes.
pub(super) struct Double {
    /// Leading bytes, in the order in which their characters are learnt.
    pub(super) leads: &'static [RangeInclusive<u8>],
    /// The character of a leading and a trailing byte.
    pub(super) cell: fn(u8, u8) -> Option<char>,
    /// Whether trailing bytes may be ASCII.
    pub(super) mixed: bool,
    /// Whether 0xa1 to 0xdf are half-width katakana.
    pub(super) katakana: bool,
}

const fn mixed(leads: &'static [RangeInclusive<u8>], cell: fn(u8, u8) -> Option<char>) -> Double {
    Double { leads, cell, mixed: true, katakana: false }
}

/// PostgreSQL's SJIS: what IBM added comes before what NEC did.
pub(super) static SJIS: Double = Double {
    katakana: true,
    ..mixed(&[0x81..=0x84, 0x88..=0x9f, 0xe0..=0xea, 0xfa..=0xfc, 0x87..=0x87, 0xed..=0xee], |lead, trail| {
        character(SHIFT_JIS, &[lead, trail])
    })
};

/// MySQL's cp932: what NEC added comes first; then private use.
pub(super) static CP932: Double = Double {
    katakana: true,
    ..mixed(&[0x81..=0x84, 0x87..=0x9f, 0xe0..=0xea, 0xfa..=0xfc, 0xed..=0xee, 0xf0..=0xf9], |lead, trail| {
        character(SHIFT_JIS, &[lead, trail])
    })
};

/// MySQL's sjis: no vendor's characters, and seven that its table takes for others, of which one, the backslash, is none
/// here: ASCII has it.
pub(super) static MYSQL_SJIS: Double = Double {
    katakana: true,
    ..mixed(&[0x81..=0x84, 0x88..=0x9f, 0xe0..=0xea], |lead, trail| match (lead, trail) {
        (0x81, 0x5f) => None,
        (0x81, 0x60) => Some('〜'),
        (0x81, 0x61) => Some('‖'),
        (0x81, 0x7c) => Some('−'),
        (0x81, 0x91) => Some('¢'),
        (0x81, 0x92) => Some('£'),
        (0x81, 0xca) => Some('¬'),
        _ => character(SHIFT_JIS, &[lead, trail]),
    })
};

/// GBK as code page 936 has it, without private use and what later standards put there.
pub(super) static GB: Double = mixed(&[0x81..=0xfe], |lead, trail| {
    let later = matches!(
        (lead, trail),
        (0xa2, 0xe3)
            | (0xa3, 0xa0)
            | (0xa6, 0xd9..=0xdf | 0xec | 0xed | 0xf3)
            | (0xa8, 0xbc | 0xbf)
            | (0xa9, 0x89..=0x95)
            | (0xfe, 0x50..)
    );
    let private = |c: &char| matches!(c, '\u{e000}'..='\u{f8ff}');
    character(GBK, &[lead, trail]).filter(|c| !later && !private(c))
});

/// BIG5 as Unicode's old table has it, with seven characters of ETEN. Without what that table does not know.
pub(super) static TRADITIONAL: Double =
    mixed(&[0xa1..=0xc7, 0xc9..=0xf9], |lead, trail| match (lead, trail) {
        (0xa1, 0x5a | 0xc3 | 0xc5 | 0xfe) | (0xa2, 0x40 | 0xcc | 0xce) => None,
        (0xa3, 0xc0..) | (0xf9, 0xdd..) => None,
        (0xa1, 0x45) => Some('•'),
        (0xa1, 0x4e) => Some('､'),
        (0xa1, 0xc2) => Some('‾'),
        (0xa1, 0xe3) => Some('∼'),
        (0xa1, 0xf2) => Some('♁'),
        (0xa1, 0xf3) => Some('☉'),
        (0xa2, 0x41) => Some('／'),
        (0xa2, 0x42) => Some('＼'),
        (0xa2, 0x44) => Some('¥'),
        (0xa2, 0x46) => Some('¢'),
        (0xa2, 0x47) => Some('£'),
        (0xc6, 0xa1..) | (0xc7, _) => eten(lead, trail),
        _ => character(BIG5, &[lead, trail]),
    });

/// Kana, Cyrillic and numbers, one after the other from 0xc6a1 to 0xc7fc.
fn eten(lead: u8, trail: u8) -> Option<char> {
    let at = match trail {
        0x40..=0x7e => usize::from(trail - 0x40),
        0xa1..=0xfe => usize::from(trail - 0xa1) + 63,
        _ => return None,
    };
    let at = if lead == 0xc6 { at.checked_sub(63)? } else { at + 94 };
    let kana = "ヾゝゞ々".chars().chain('ぁ'..='ん').chain('ァ'..='ヶ');
    let upper = "ДЕЁ".chars().chain('Ж'..='М').chain('У'..='Я');
    let lower = ('а'..='е').chain("ё".chars()).chain('ж'..='я');
    kana.chain(upper).chain(lower).chain('①'..='⑩').chain('⑴'..='⑽').nth(at)
}

/// PostgreSQL's UHC: two rows are private use.
pub(super) static UNIFIED: Double = mixed(&[0x81..=0xfe], |lead, trail| match (lead, trail) {
    (0xa2, 0xe8) => Some('㉾'),
    (0xc9 | 0xfe, 0xa1..=0xfe) => {
        let row = if lead == 0xc9 { 0xe000 } else { 0xe05e };
        char::from_u32(row + u32::from(trail - 0xa1))
    }
    _ => character(EUC_KR, &[lead, trail]),
});

/// MySQL's euckr, which is no EUC but the same without what came last.
pub(super) static MYSQL_EUCKR: Double =
    mixed(&[0x81..=0xfe], |lead, trail| character(EUC_KR, &[lead, trail]));

/// PostgreSQL's EUC_KR.
pub(super) static KOREAN: Double = Double {
    mixed: false,
    ..mixed(&[0xa1..=0xfe], |lead, trail| match (lead, trail) {
        (_, ..=0xa0) | (0xc9 | 0xfe, _) => None,
        (0xa2, 0xe8) => Some('㉾'),
        _ => character(EUC_KR, &[lead, trail]),
    })
};

/// GB 2312 in its EUC form.
pub(super) static SIMPLIFIED: Double = Double {
    mixed: false,
    ..mixed(&[0xa1..=0xf7], |lead, trail| {
        let known = match lead {
            0xa2 => matches!(trail, 0xb1..=0xe2 | 0xe5..=0xee | 0xf1..=0xfc),
            0xa4 => trail <= 0xf3,
            0xa5 => trail <= 0xf6,
            0xa6 => matches!(trail, 0xa1..=0xb8 | 0xc1..=0xd8),
            0xa7 => matches!(trail, 0xa1..=0xc1 | 0xd1..=0xf1),
            0xa8 => matches!(trail, 0xa1..=0xba | 0xc5..=0xe9),
            0xa9 => matches!(trail, 0xa4..=0xef),
            0xaa..=0xaf => false,
            0xd7 => trail <= 0xf9,
            _ => true,
        };
        match (lead, trail) {
            (_, ..=0xa0) => None,
            (0xa1, 0xa4) => Some('・'),
            (0xa1, 0xaa) => Some('―'),
            _ => character(GBK, &[lead, trail]).filter(|_| known),
        }
    })
};
