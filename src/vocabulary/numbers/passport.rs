//! Numbers of passports and identity cards, where the form is published. Germany's nine characters may be followed by
//! their check digit by ICAO's weights 7 3 1. Refuses the number on a machine-readable line with its filler.
//!
//! Source: RvIG, kenmerken paspoort en identiteitskaart (two letters, six letters or digits, a digit, never O); ICAO Doc
//! 9303 part 3, 4.9; Personalausweisverordnung (letters of the serial number C F G H J K L M N P R T V W X Y Z).

use super::pattern::{Pattern, Patterns};
use super::{Compact, Ranked, Scheme};

const NL_LETTERS: &str = "ABCDEFGHIJKLMNPQRSTUVWXYZ";
const NL_BOTH: &str = "0123456789ABCDEFGHIJKLMNPQRSTUVWXYZ";
const DE_BOTH: &str = "0123456789CFGHJKLMNPRTVWXYZ";

/// Dutch passports and identity cards.
pub static NETHERLANDS: Patterns =
    Patterns(&[Pattern { second: NL_BOTH, ..Pattern::new("AABBBBBB9", NL_LETTERS) }]);

/// Returns the check digit of digits and letters by ICAO's weights.
#[must_use]
pub fn icao_check(text: &[u8]) -> u64 {
    let sum = text.iter().zip([7, 3, 1].into_iter().cycle()).fold(0, |sum, (byte, weight)| {
        let value = match byte {
            b'0'..=b'9' => u64::from(byte - b'0'),
            b'A'..=b'Z' => u64::from(byte - b'A') + 10,
            _ => 0,
        };
        sum + value * weight
    });
    sum % 10
}

static SERIAL: Patterns = Patterns(&[Pattern::new("AAAAAAAAA", DE_BOTH)]);

/// German passports and identity cards: without check digit (group 0) and with it (group 1).
#[derive(Debug)]
pub struct Germany;

impl Scheme for Germany {
    fn read(&self, compact: &[u8]) -> Option<Ranked> {
        match compact.split_last_chunk::<1>() {
            Some((nine, [check])) if nine.len() == 9 => {
                let fits = u64::from(check.wrapping_sub(b'0')) == icao_check(nine);
                SERIAL.read(nine).filter(|_| fits).map(|serial| Ranked { group: 1, ..serial })
            }
            _ => SERIAL.read(compact),
        }
    }

    fn size(&self, group: u32) -> u64 {
        if group <= 1 { SERIAL.size(0) } else { 0 }
    }

    fn write(&self, Ranked { group, rank }: Ranked) -> Option<Compact> {
        let mut compact = SERIAL.write(Ranked { group: 0, rank })?;
        if group == 1 {
            let check = icao_check(compact.as_slice());
            compact.digits(check, 1);
        }
        Some(compact)
    }

    fn chars(&self) -> u32 {
        10
    }
}
