//! NIR (numéro de sécurité sociale) of France: sex, YYMM of birth, place of birth (department and commune, or 99 and a
//! country), a serial of three digits, and 97 less the thirteen digits modulo 97, where 2A counts as 19 and 2B as 18.
//!
//! Months 20 and up stand for a month that is not known and stay; so do the sexes 3, 4, 7, 8 of numbers in waiting, and
//! whether the place lies in Europe's France, overseas or abroad. Refuses a number without its key.
//! Source: Code de la sécurité sociale R115-1; INSEE, "numéro d'inscription au répertoire", structure and key.

use super::{Compact, Ranked, Scheme, number};

/// NIR. Group: place's kind + 3 · (month's kind or the month) + 300 · (0 for sexes 1 and 2, else the sex).
#[derive(Debug)]
pub struct Nir;

/// Where somebody was born: departments 01 to 95 with 2A and 2B for 20; 970 to 989; abroad.
const FRANCE: (u32, u64) = (0, 96 * 999);
const OVERSEAS: (u32, u64) = (1, 20 * 99);
const ABROAD: (u32, u64) = (2, 999);

/// Reads five characters of place: its kind and how many are before it.
fn place(text: &[u8; 5]) -> Option<(u32, u64)> {
    let [a, b, rest @ ..] = text;
    let commune = |number: u64, most: u64| (1..=most).contains(&number).then(|| number - 1);
    match (a, b) {
        (b'2', b'A' | b'B') => {
            let department = if *b == b'A' { 19 } else { 20 };
            Some((FRANCE.0, department * 999 + commune(number(rest)?, 999)?))
        }
        (b'9', b'7' | b'8') => {
            let all = number(text)?;
            Some((OVERSEAS.0, (all / 100 - 970) * 99 + commune(all % 100, 99)?))
        }
        (b'9', b'9') => Some((ABROAD.0, commune(number(rest)?, 999)?)),
        _ => {
            let department = number(&[*a, *b]).filter(|d| (1..=95).contains(d) && *d != 20)?;
            let before = if department < 20 { department - 1 } else { department };
            Some((FRANCE.0, before * 999 + commune(number(rest)?, 999)?))
        }
    }
}

fn append_place(kind: u32, before: u64, to: &mut Compact) {
    match kind {
        0 => {
            match before / 999 {
                19 => to.extend(b"2A"),
                20 => to.extend(b"2B"),
                at @ 0..19 => to.digits(at + 1, 2),
                at => to.digits(at, 2),
            };
            to.digits(before % 999 + 1, 3);
        }
        1 => {
            to.digits(970 + before / 99, 3).digits(before % 99 + 1, 2);
        }
        _ => {
            to.digits(99, 2).digits(before + 1, 3);
        }
    }
}

/// Returns the key of thirteen characters.
fn key(thirteen: &[u8]) -> Option<u64> {
    let (head, place) = thirteen.split_at_checked(5)?;
    let (department, rest) = place.split_first_chunk::<2>()?;
    let department = match department {
        b"2A" => 19,
        b"2B" => 18,
        digits => number(digits)?,
    };
    let all = (number(head)? * 100 + department) * 1_000_000 + number(rest)?;
    Some(97 - all % 97)
}

/// Returns how many ranks sex, years and months have.
fn births(group: u32) -> u64 {
    let sexes = if group < 300 { 2 } else { 1 };
    let months = if group % 300 < 3 { 12 } else { 1 };
    sexes * 100 * months
}

impl Scheme for Nir {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        let (thirteen, given) = compact.split_last_chunk::<2>().filter(|(all, _)| all.len() == 13)?;
        let (birth, rest) = thirteen.split_first_chunk::<5>()?;
        let (text, serial) = rest.split_first_chunk::<5>()?;
        let birth = number(birth)?;
        let (sex, year, month) = (birth / 10_000, birth / 100 % 100, birth % 100);
        let serial = number(serial).filter(|serial| *serial != 0)?;
        if !matches!(sex, 1..=4 | 7 | 8) || number(given) != key(thirteen) {
            return None;
        }
        let (kind, before) = place(text)?;
        let (sexes, sex_kept) = if sex <= 2 { (sex - 1, 0) } else { (0, sex) };
        let (months, month_kept) = match month {
            1..=12 => (year * 12 + month - 1, 0),
            20..=99 => (year, month),
            _ => return None,
        };
        let group = kind + 3 * u32::try_from(month_kept).ok()? + 300 * u32::try_from(sex_kept).ok()?;
        let years = births(group % 300 + 300);
        let rank = ((sexes * years + months) * size(kind) + before) * 999 + serial - 1;
        Some(Ranked { group, rank })
    }

    fn size(&self, group: u32) -> u64 {
        let known = matches!(group / 300, 0 | 3 | 4 | 7 | 8) && matches!(group % 300 / 3, 0 | 20..=99);
        if known { births(group) * size(group % 3) * 999 } else { 0 }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let kind = group % 3;
        let (serial, rest) = (rank % 999 + 1, rank / 999);
        let (before, rest) = (rest % size(kind), rest / size(kind));
        let years = births(group % 300 + 300);
        let (months, sexes) = (rest % years, rest / years);
        let (month_kept, sex_kept) = (u64::from(group % 300 / 3), u64::from(group / 300));
        let (year, month) =
            if month_kept == 0 { (months / 12, months % 12 + 1) } else { (months, month_kept) };
        let sex = if sex_kept == 0 { sexes + 1 } else { sex_kept };
        let mut compact = *Compact::new().digits(sex, 1).digits(year, 2).digits(month, 2);
        append_place(kind, before, &mut compact);
        compact.digits(serial, 3);
        let key = key(compact.as_slice())?;
        Some(*compact.digits(key, 2))
    }

    fn chars(&self) -> u32 {
        15
    }
}

fn size(kind: u32) -> u64 {
    [FRANCE, OVERSEAS, ABROAD].into_iter().find(|(k, _)| *k == kind).map_or(0, |(_, size)| size)
}
