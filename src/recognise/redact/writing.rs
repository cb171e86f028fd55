//! Writes what stands in for a place: case, separators, initials and date forms of the place stay. Refuses to leave a found
//! identifier where its stand-in is empty.

use super::{Match, Replaced, With, Work, spell};
use crate::recognise::dates;
use crate::recognise::{Confidence, Finding, Kind};
use crate::row::canon::Canon;

impl Work<'_> {
    pub(super) fn write_own(&mut self, found: Match<'_>, at: usize) {
        let text = self.text;
        if found.with.stand_in().is_empty() {
            self.ask_for_own(&found);
            return;
        }
        self.out.push_str(text.slice(self.written, found.start));
        let place = text.slice(found.start, found.end);
        match found.with {
            With::Cased { stand_in, genitive } => {
                let cut = found.end - usize::from(genitive);
                let technical = matches!(found.kind, Kind::Email | Kind::Url | Kind::Ip);
                let spelled = if technical { spell::upper_or_given } else { spell::cased };
                spelled(text.slice(found.start, cut), stand_in, self.out);
                if genitive {
                    spell::genitive(text.slice(cut, found.end), stand_in, self.out);
                }
            }
            With::Laid(stand_in) => spell::laid(place, stand_in, self.out),
            With::Initials(stand_in) => spell::initials(place, stand_in, self.out),
            With::Date { meant, stand_in } => {
                match (dates::Written::read(&text, at), dates::Day::of(stand_in)) {
                    (Some(written), Some(new)) => written.append(&text, at, meant, new, self.out),
                    _ => self.out.push_str(stand_in),
                }
            }
        }
        self.replaced(found.start, found.end, found.kind, true);
        self.counts.own += 1;
        if matches!(found.kind, Kind::LastName | Kind::FullName) {
            self.surname = found.next;
        }
        if matches!(found.kind, Kind::LastName | Kind::FullName | Kind::FirstName) {
            self.named = found.next;
        }
    }

    /// Replaces an own identifier for which the row has no stand-in.
    fn ask_for_own(&mut self, own: &Match<'_>) {
        let genitive = matches!(own.with, With::Cased { genitive: true, .. });
        let (start, end) = (own.start, own.end - usize::from(genitive));
        let found = Finding { start, end, kind: own.kind, confidence: Confidence::Strong };
        match own.kind {
            Kind::FirstName | Kind::LastName | Kind::FullName | Kind::Initials => self.name(&found),
            _ => self.replace(&found),
        }
        if let Some(place) = self.places.last_mut() {
            place.own = true;
        }
    }

    /// Replaces what a recogniser found.
    pub(super) fn replace(&mut self, found: &Finding) {
        let text = self.text;
        let place = text.slice(found.start, found.end);
        self.canonical(found.kind, place);
        self.ask(found.kind);
        self.out.push_str(text.slice(self.written, found.start));
        match found.kind {
            Kind::Email | Kind::Url | Kind::Username => self.out.push_str(self.made),
            Kind::BirthDate => self.birth_date(found),
            Kind::Phone if self.made.starts_with('+') != place.starts_with('+') => {
                self.out.push_str(self.made)
            }
            _ => spell::laid(place, self.made, self.out),
        }
        self.replaced(found.start, found.end, found.kind, false);
        self.counts.found += 1;
    }

    /// Writes a made date in the form of the found one.
    fn birth_date(&mut self, found: &Finding) {
        let at = self.text.tokens.partition_point(|token| token.start() < found.start);
        match (dates::Written::read(&self.text, at), dates::Day::of(self.made)) {
            (Some(written), Some(new)) => written.append(&self.text, at, written.day, new, self.out),
            _ => self.out.push_str(self.made),
        }
    }

    /// Replaces a part of somebody's name.
    pub(super) fn name(&mut self, found: &Finding) {
        let text = self.text;
        let place = text.slice(found.start, found.end);
        self.canonical(found.kind, place);
        self.ask(found.kind);
        self.out.push_str(text.slice(self.written, found.start));
        if found.kind == Kind::Initials {
            spell::initials(place, self.made, self.out);
        } else {
            spell::cased(place, self.made, self.out);
        }
        self.replaced(found.start, found.end, found.kind, false);
        self.counts.names += 1;
    }

    fn replaced(&mut self, start: usize, end: usize, kind: Kind, own: bool) {
        self.written = end;
        self.places.push(Replaced { start, end, kind, own });
    }

    /// Puts the canonical form of a place into `key`.
    fn canonical(&mut self, kind: Kind, place: &str) {
        self.canon.clear();
        self.key.clear();
        let form = match kind {
            Kind::FirstName | Kind::LastName | Kind::FullName => Canon::Name,
            Kind::Email => Canon::Email,
            Kind::Phone => Canon::Phone { country: self.country },
            Kind::Url | Kind::Ip | Kind::Mac | Kind::Username => Canon::Bytes,
            Kind::Uuid => Canon::Uuid,
            Kind::BirthDate => {
                if let Some(day) = dates::Day::of(place) {
                    self.key.push_str(&format!("{:04}-{:02}-{:02}", day.year, day.month, day.day));
                    return;
                }
                Canon::Bytes
            }
            Kind::Initials => {
                self.key.extend(place.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase));
                return;
            }
            _ => Canon::Compact,
        };
        form.append(place.as_bytes(), self.canon);
        self.key.push_str(std::str::from_utf8(self.canon).unwrap_or(place));
    }

    fn ask(&mut self, kind: Kind) {
        self.made.clear();
        (self.stand_in)(kind, self.key, self.made);
    }
}
