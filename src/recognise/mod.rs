//! Finding identifiers in text: one recogniser a file, each a form, its check digits and the words around it; and
//! `redact`, which replaces what is found. A value goes in, places come out.
//!
//! One pass cuts a text into words; at a word where a code, address or date may begin, the recognisers of that trigger
//! look a bounded way ahead, so that the work grows with the text and no faster. `find` is what `redact` builds on and
//! what scoring of columns will. Absent on purpose: formats, tables, masking, and any claim that nothing was missed: a
//! text may name a person in ways that no rule knows. Redacting lowers risk; it is no masking.

mod birth_date;
mod bsn;
mod card;
mod dates;
mod email;
pub(crate) mod fold;
mod iban;
mod ip;
mod kvk;
mod lexicon;
mod mac;
mod names;
mod nhs;
mod nino;
mod nir;
mod phone;
mod plate;
mod postcode;
/// Free text with its identifiers replaced.
pub mod redact;
mod rijksregister;
mod run;
mod ssn;
mod steuer_id;
mod text;
mod url;
mod uuid;
mod vat;

use run::{Place, Run};
use text::{Flags, Text, Token};

/// What an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Given names.
    FirstName,
    /// A surname with its particles.
    LastName,
    /// Given names and surname.
    FullName,
    /// Letters for given names, `J.P.`.
    Initials,
    /// A name to log in with, or the local part of an address.
    Username,
    /// A date of birth.
    BirthDate,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// Link.
    Url,
    /// IP address.
    Ip,
    /// Address of a network card.
    Mac,
    /// UUID.
    Uuid,
    /// Account number.
    Iban,
    /// Payment card.
    Card,
    /// Burgerservicenummer, RSIN, onderwijsnummer.
    Bsn,
    /// Number of the Dutch trade register.
    Kvk,
    /// VAT number.
    Vat,
    /// National number of Belgium.
    Rijksregister,
    /// Tax number of Germany.
    SteuerId,
    /// Social security number of France.
    Nir,
    /// National Insurance number.
    Nino,
    /// Social security number of the United States.
    Ssn,
    /// NHS number.
    Nhs,
    /// Postcode.
    Postcode,
    /// Number plate.
    Plate,
    /// Street, with or without a house number.
    Street,
    /// Town.
    City,
    /// Company.
    Company,
    /// Any other number or code.
    Number,
    /// Any other text.
    Text,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The form fits, as it would by chance: not enough in free text.
    Weak,
    /// The form is a rare one, or a word before it says what it is.
    Fair,
    /// A check that is passed by chance once in a hundred times or less, or a form that nothing else has.
    Strong,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
}

/// What the words around a form are needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The form or its check says enough.
    Unneeded,
    /// A word before makes it surer, and allows plainer spellings.
    Helps,
    /// Without a word before the finding is weak.
    Needed,
}

/// The words at which a recogniser looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trigger {
    /// Those behind which a sign of addresses and links stands.
    Word,
    /// Those with a digit, and short ones before a digit or colon.
    Code,
    /// Those with a digit, and names of months.
    Date,
}

/// A recogniser, as it declares itself.
pub struct Recogniser {
    /// Its word, the file's name.
    pub name: &'static str,
    /// What it finds, in the plural.
    pub what: &'static str,
    /// Where its rule comes from.
    pub source: &'static str,
    /// Whether it has check digits.
    pub checksum: bool,
    /// Whether it needs words around.
    pub context: Context,
    trigger: Trigger,
    /// Texts in which it finds what stands between `<` and `>`, and nothing else.
    pub finds: &'static [&'static str],
    /// Texts in which it finds nothing, or nothing but weak findings.
    pub leaves: &'static [&'static str],
    find: fn(&Place<'_>) -> Option<Finding>,
}

impl std::fmt::Debug for Recogniser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recogniser({})", self.name)
    }
}

/// All recognisers. Where two find the same place the first counts, so those with stronger checks stand first.
pub static RECOGNISERS: &[&Recogniser] = &[
    &url::URL,
    &email::EMAIL,
    &uuid::UUID,
    &mac::MAC,
    &ip::IP,
    &iban::IBAN,
    &vat::VAT,
    &nir::NIR,
    &rijksregister::RIJKSREGISTER,
    &steuer_id::STEUER_ID,
    &card::CARD,
    &birth_date::BIRTH_DATE,
    &bsn::BSN,
    &ssn::SSN,
    &nhs::NHS,
    &nino::NINO,
    &kvk::KVK,
    &phone::PHONE,
    &plate::PLATE,
    &postcode::POSTCODE,
];

impl Recogniser {
    /// Appends what this one finds, in the order of the text; what lies inside of an earlier finding is left out.
    pub fn find(&self, text: &str, found: &mut Vec<Finding>) {
        each(
            text,
            |place, triggers| triggers.contains(&self.trigger).then(|| (self.find)(place)).flatten(),
            found,
        );
    }
}

/// Gives each word of four languages that is no name, or a name and a word too.
pub(crate) fn ordinary_words(give: impl FnMut(&'static str)) {
    lexicon::ordinary(give);
}

/// Appends what the recognisers find, in the order of the text, the longest and surest at each place. Names need a
/// `redact::Redactor`. Offsets are of bytes; a text of 4 GiB or more has no findings.
pub fn find(text: &str, found: &mut Vec<Finding>) {
    each(text, best, found);
}

/// Says whether a literal spells out an identifier: a form that is one by its check, its rarity or the word before it. Links
/// and UUIDs alone are none. Bytes that are no UTF-8 are read as far as they are.
#[must_use]
pub fn identifies(literal: &[u8]) -> bool {
    let mut found = Vec::new();
    find(&String::from_utf8_lossy(literal), &mut found);
    found.iter().any(|f| f.confidence > Confidence::Weak && !matches!(f.kind, Kind::Url | Kind::Uuid))
}

fn each(
    text: &str,
    mut look: impl FnMut(&Place<'_>, &[Trigger]) -> Option<Finding>,
    found: &mut Vec<Finding>,
) {
    let mut tokens = Vec::new();
    text::tokens(text, None, &mut tokens);
    let text = Text { text, tokens: &tokens };
    let mut end = 0;
    for (at, token) in tokens.iter().enumerate() {
        let triggers = triggers(&text, at, token);
        if token.start() < end || triggers.is_empty() {
            continue;
        }
        let run = Run::new(&text, at);
        if let Some(finding) = look(&Place { text, at, run: &run }, triggers) {
            end = finding.end;
            found.push(finding);
        }
    }
}

/// Returns the triggers of a word.
#[inline]
fn triggers(text: &Text<'_>, at: usize, token: &Token) -> &'static [Trigger] {
    let behind = text.byte(token.end());
    let word =
        matches!(behind, b'@' | b'.' | b'_' | b'+' | b'-' | b'\'' | b'%' | b':' | b'[' | b'(' | b'&' | b'#')
            || behind == b' ' && matches!(text.byte(token.end() + 1), b'@' | b'(' | b'[');
    if token.flags.has(Flags::DIGIT) {
        return if word {
            &[Trigger::Word, Trigger::Code, Trigger::Date]
        } else {
            &[Trigger::Code, Trigger::Date]
        };
    }
    let len = token.len();
    let digits_behind =
        || text.get(at + 1).is_some_and(|next| next.flags.has(Flags::DIGIT)) && text.gap_after(at).len() <= 3;
    let code = len <= 4
        && (matches!(behind, b':' | b'-') || token.flags.has(Flags::UPPER) && digits_behind())
        || len == 8 && behind == b'-';
    match (word, code) {
        (true, true) => &[Trigger::Word, Trigger::Code, Trigger::Date],
        (false, true) => &[Trigger::Code, Trigger::Date],
        (true, false) => &[Trigger::Word],
        (false, false) if (3..=10).contains(&len) && behind == b' ' && digits_behind() => &[Trigger::Date],
        (false, false) => &[],
    }
}

/// Returns the best finding at a place: a sure one before a weak one, then the longest, then the first of the list.
fn best(place: &Place<'_>, triggers: &[Trigger]) -> Option<Finding> {
    let mut best: Option<Finding> = None;
    for recogniser in RECOGNISERS.iter().filter(|r| triggers.contains(&r.trigger)) {
        if let Some(finding) = (recogniser.find)(place) {
            let rank = |f: &Finding| (f.confidence != Confidence::Weak, f.end, f.confidence);
            if best.as_ref().is_none_or(|best| rank(&finding) > rank(best)) {
                best = Some(finding);
            }
        }
    }
    best
}

#[cfg(test)]
mod tests;
