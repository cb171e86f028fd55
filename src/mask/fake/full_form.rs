//! How a full name is written: salutation, given names or initials, which of the names comes first, where the particle
//! stands. Tells the form of a value and nothing else of it: what is not recognised counts as `Jan van den Berg`.

use super::initials::Style;
use super::words::{Found, Pair, Words};

/// What stands for the given names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// `Jan`.
    Name,
    /// `J.P.`.
    Initials(Style),
}

/// Which of the names stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// `Jan van den Berg`.
    Given,
    /// `Berg, Jan van den`.
    Base,
    /// `van den Berg, Jan`, or `Van den Berg, Jan`.
    Particle {
        /// Whether the particle has a capital.
        capital: bool,
    },
}

/// The form of a full name.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    /// The pair of salutations, and the one that stands there.
    pub(super) salutation: Option<(&'static Pair, &'a [u8])>,
    pub(super) given: Given,
    pub(super) order: Order,
}

/// Particles of surnames in the languages of the locales. Source: the tables of surnames, and common knowledge.
const PARTICLES: &[&[u8]] = &[
    b"van", b"de", b"der", b"den", b"von", b"ter", b"ten", b"te", b"het", b"'t", b"in", b"op", b"aan",
    b"bij", b"uit", b"van't", b"vander", b"vanden", b"zu", b"zum", b"zur", b"vom", b"du", b"des", b"le",
    b"la", b"di", b"da", b"del", b"d'", b"el", b"al", b"ben",
];

fn is_particle(word: &[u8]) -> bool {
    PARTICLES.iter().any(|particle| particle.eq_ignore_ascii_case(word))
}

/// Splits at the first blank.
fn cut(text: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b' ', text).and_then(|at| text.split_at_checked(at)) {
        Some((word, rest)) => (word, rest.trim_ascii_start()),
        None => (text, &[]),
    }
}

/// Takes a salutation off the front: one word, or two (`de heer`). A degree is taken off too, and not given back.
fn salutation<'a>(text: &'a [u8], words: &Words) -> (Option<(&'static Pair, &'a [u8])>, &'a [u8]) {
    let (first, rest) = cut(text);
    if rest.is_empty() {
        return (None, text);
    }
    let (second, behind) = cut(rest);
    let both = text.get(..text.len() - rest.len() + second.len()).unwrap_or_default();
    for (written, left) in [(first, rest), (both, behind)] {
        match words.find(written) {
            Some(Found::Pair(pair)) if !left.is_empty() => return (Some((pair, written)), left),
            Some(Found::Degree) if !left.is_empty() => return (None, left),
            _ => {}
        }
    }
    (None, text)
}

/// Tells given names from initials by the first word: a point in it, or a few capitals in a value that has small
/// letters too.
fn given(text: &[u8], whole: &[u8]) -> Given {
    let (word, rest) = cut(text);
    if memchr::memchr(b'.', word).is_some() {
        let (next, _) = cut(rest);
        return Given::Initials(Style { points: true, blanks: matches!(next, [_, b'.'] | [_, _, b'.']) });
    }
    let capitals = word.iter().all(u8::is_ascii_uppercase);
    let single = word.len() == 1;
    let bare = capitals && (1..=4).contains(&word.len());
    if bare && (single || whole.iter().any(u8::is_ascii_lowercase)) {
        return Given::Initials(Style { points: false, blanks: false });
    }
    Given::Name
}

impl<'a> Form<'a> {
    /// Reads the form of a value.
    #[inline]
    pub(super) fn of(field: &'a [u8], words: &Words) -> Self {
        let field = field.trim_ascii();
        match memchr::memchr(b',', field).and_then(|at| field.split_at_checked(at)) {
            Some((before, after)) => {
                Self::turned(before, after.get(1..).unwrap_or_default().trim_ascii(), field, words)
            }
            None => {
                let (salutation, rest) = salutation(field, words);
                let (_, behind) = cut(rest);
                // A name alone says nothing of its form.
                let given = if behind.is_empty() { Given::Name } else { given(rest, field) };
                Self { salutation, given, order: Order::Given }
            }
        }
    }

    /// Says, at one look, that a value is surely written as `Jan van den Berg`: nearly all are. `false` says nothing.
    pub(super) fn is_usual(field: &[u8], words: &Words) -> bool {
        let field = field.trim_ascii();
        let (mut first, mut second) = (None, None);
        for (at, byte) in field.iter().enumerate() {
            match byte {
                // With a point or a comma it may be anything; what is between words should be one blank.
                b'.' | b',' | 0..b' ' => return false,
                b' ' if first.is_none() => first = Some(at),
                b' ' if second.is_none() => second = Some(at),
                _ => {}
            }
        }
        // A name alone says nothing of its form.
        let Some(first) = first else { return true };
        let (word, both) = (field.get(..first), field.get(..second.unwrap_or(field.len())));
        let (word, both) = (word.unwrap_or_default(), both.unwrap_or_default());
        let apart = second.is_none_or(|second| second > first + 1);
        let initials = word.len() <= 4 && word.iter().all(u8::is_ascii_uppercase);
        apart && !initials && words.find(word).is_none() && words.find(both).is_none()
    }

    /// `last name, given names`; a particle stands before the one or behind the other.
    fn turned(before: &'a [u8], after: &'a [u8], whole: &[u8], words: &Words) -> Self {
        let (salutation, rest) = salutation(after, words);
        let behind = rest.rsplit(|b| *b == b' ').next().unwrap_or_default();
        let (first, more) = cut(before);
        let order = if is_particle(first) && !more.is_empty() && !is_particle(behind) {
            Order::Particle { capital: first.first().is_some_and(u8::is_ascii_uppercase) }
        } else {
            Order::Base
        };
        Self { salutation, given: given(rest, whole), order }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::Use;
    use super::*;

    #[test]
    fn what_is_usual_at_one_look_is_so_at_a_closer_one() {
        let parts = [
            "Jan", "J", "JP", "JANSEN", "mw", "Mevrouw", "de", "heer", "van", "dr", "Zoë", "É", " ", "  ",
            ".", ",", "\t", "M",
        ];
        let mut usual = 0;
        for locale in ["nl_NL", "en_GB", "fr_FR", "de_DE"] {
            let words = Words::new(locale, Use::Salutation);
            for number in 0..parts.len().pow(4) {
                let at = |place: u32| parts[number / parts.len().pow(place) % parts.len()];
                for joint in ["", " "] {
                    let value = [at(0), at(1), at(2), at(3)].join(joint);
                    if Form::is_usual(value.as_bytes(), &words) {
                        let form = Form::of(value.as_bytes(), &words);
                        let plain = form.salutation.is_none() && form.given == Given::Name;
                        assert!(plain && form.order == Order::Given, "{value}");
                        usual += 1;
                    }
                }
            }
        }
        assert!(usual > 50_000, "{usual}");
        let words = Words::new("nl_NL", Use::Salutation);
        for value in ["Jan van den Berg", "Jan Jansen", "Jan", "JAN JANSEN", "Ýmir de Vries", "Mark Visser"]
        {
            assert!(value == "JAN JANSEN" || Form::is_usual(value.as_bytes(), &words), "{value}");
        }
    }

    #[test]
    fn forms_are_told() {
        let words = Words::new("nl_NL", Use::Salutation);
        let (points, bare) = (Style { points: true, blanks: false }, Style { points: false, blanks: false });
        let capital = Order::Particle { capital: true };
        for (value, salutation, given, order) in [
            ("Jan van den Berg", None, Given::Name, Order::Given),
            ("JAN VAN DEN BERG", None, Given::Name, Order::Given),
            ("jan", None, Given::Name, Order::Given),
            ("", None, Given::Name, Order::Given),
            ("J. van den Berg", None, Given::Initials(points), Order::Given),
            ("J.P. Jansen", None, Given::Initials(points), Order::Given),
            ("J. P. Jansen", None, Given::Initials(Style { blanks: true, ..points }), Order::Given),
            ("JP Jansen", None, Given::Initials(bare), Order::Given),
            ("J JANSEN", None, Given::Initials(bare), Order::Given),
            ("Berg, J. van den", None, Given::Initials(points), Order::Base),
            ("Jansen, Piet", None, Given::Name, Order::Base),
            ("van den Berg, J.", None, Given::Initials(points), Order::Particle { capital: false }),
            ("Van den Berg, J.", None, Given::Initials(points), capital),
            ("Van, J.", None, Given::Initials(points), Order::Base),
            ("dhr. J. van den Berg", Some("dhr."), Given::Initials(points), Order::Given),
            ("De heer Jan Jansen", Some("De heer"), Given::Name, Order::Given),
            ("Mevrouw Jansen-de Vries", Some("Mevrouw"), Given::Name, Order::Given),
            ("Berg, mw. J. van den", Some("mw."), Given::Initials(points), Order::Base),
            ("drs. Jan Jansen", None, Given::Name, Order::Given),
            ("M. Jansen", None, Given::Initials(points), Order::Given),
            (",", None, Given::Name, Order::Base),
        ] {
            let form = Form::of(value.as_bytes(), &words);
            let said = form.salutation.map(|(_, written)| std::str::from_utf8(written).unwrap());
            assert_eq!((said, form.given, form.order), (salutation, given, order), "{value}");
        }
        let french = Words::new("fr_FR", Use::Salutation);
        assert!(Form::of(b"M. Martin", &french).salutation.is_some());
    }
}
