//! `fake: username`: the person's name and four digits, joined as the input joins its parts: `jan.berg4821`,
//! `jan_berg4821`, `jberg4821`. Unique: 80 bits of the value's own digest, as for mail. Refuses the `@` of an input: what logs
//! in by mail address takes `fake: email`.

use super::form::Case;
use super::local::{DIGITS, Namer, Parts, append_digits, longest};
use super::make::Make;
use super::spec::{Build, KindSpec, Made, describing};
use super::suffix::Unique;
use crate::mask::{Lanes, Reaches, Refusal, Uniqueness};
use crate::row::canon::Canon;

/// `fake: username`.
pub(super) static USERNAME: KindSpec = KindSpec {
    name: "username",
    summary: "a user name made of the subject's name; unique ones hold 80 bits instead",
    longest: |locale| Some(longest(locale) + DIGITS),
    reaches: |_| Reaches::Possibly("made of common names and digits; somebody may have chosen it elsewhere"),
    canon: |_| Canon::Bytes,
    can_be_unique: true,
    high: true,
    build,
    ..describing()
};

/// The shortest: `jb4821`.
const LEAST_CHARS: u32 = DIGITS + 2;

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    if cx.unique {
        return Unique::build(cx, USERNAME.name, String::new());
    }
    cx.at_least(USERNAME.name, LEAST_CHARS)?;
    let room = cx.room().saturating_sub(DIGITS);
    let make = Named { name: Namer::new(cx.locale), room: usize::try_from(room).unwrap_or(usize::MAX) };
    Ok(cx.made(make, cx.longest, Uniqueness::Lost))
}

struct Named {
    name: Namer,
    room: usize,
}

impl Make for Named {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let start = out.len();
        let name = field.split(|b| *b == b'@').next().unwrap_or_default();
        let mark = name.iter().copied().find(|b| matches!(b, b'.' | b'_'));
        self.name.append(lanes, Parts { mark }, self.room, out);
        append_digits(lanes, out);
        if Case::of(field) == Case::Upper {
            out.get_mut(start..).unwrap_or_default().make_ascii_uppercase();
        }
    }
}
