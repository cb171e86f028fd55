//! Numbers that nobody has: of reserved and test ranges, with letters that are never used, or with a check that is
//! wrong, so that no office gives them out. What `fake` writes unless it is told `realistic: true`. Where an identifier
//! has none of these, the numbers here are ordinary ones, and the kind says so (`reaches`).

use super::card::luhn_check;
use super::pattern::{Pattern, Patterns};
use super::{Compact, Scheme, bsn, nhs, nir, rijksregister, steuer_id, valid_from, vat};
use crate::vocabulary::Draw;

/// Draws a valid number of a group.
#[must_use]
pub fn valid(scheme: &dyn Scheme, group: u32, draw: &mut Draw) -> Compact {
    valid_from(scheme, group, draw.below(scheme.size(group))).unwrap_or_default()
}

/// Draws a valid number and makes the digit at a place wrong, so that no form of the identifier passes.
fn broken(scheme: &dyn Scheme, group: u32, at: usize, draw: &mut Draw) -> Compact {
    broken_for(&[scheme], scheme, group, at, draw)
}

/// The same, for several identifiers that share the form.
fn broken_for(
    refused: &[&dyn Scheme],
    scheme: &dyn Scheme,
    group: u32,
    at: usize,
    draw: &mut Draw,
) -> Compact {
    let right = valid(scheme, group, draw);
    let first = draw.below(9);
    (0..9)
        .map(|step| {
            let mut wrong = right;
            if let Some(digit) = wrong.as_mut_slice().get_mut(at) {
                *digit = crate::vocabulary::iban::digit(
                    u64::from(digit.wrapping_sub(b'0')) + 1 + (first + step) % 9,
                );
            }
            wrong
        })
        .find(|wrong| !refused.iter().any(|scheme| scheme.is_valid(wrong.as_slice())))
        .unwrap_or(right)
}

/// Fails the eleven-test.
#[must_use]
pub fn bsn(draw: &mut Draw) -> Compact {
    broken(&bsn::Bsn, 0, 8, draw)
}

/// Begins with 10, and is neither an onderwijsnummer nor a BSN.
#[must_use]
pub fn onderwijsnummer(draw: &mut Draw) -> Compact {
    broken_for(&[&bsn::Onderwijsnummer, &bsn::Bsn], &bsn::Onderwijsnummer, 0, 8, draw)
}

/// An ordinary KvK number: there are no others.
#[must_use]
pub fn kvk(draw: &mut Draw) -> Compact {
    valid(&super::kvk::Kvk, 0, draw)
}

/// Fails both tests of a Dutch VAT number.
#[must_use]
pub fn vat_nl(draw: &mut Draw) -> Compact {
    broken(&vat::Vat, vat::NL_FIRM, 10, draw)
}

/// Fails its check.
#[must_use]
pub fn vat_be(draw: &mut Draw) -> Compact {
    broken(&vat::Vat, vat::BE, 11, draw)
}

/// Fails its check.
#[must_use]
pub fn vat_de(draw: &mut Draw) -> Compact {
    broken(&vat::Vat, vat::DE, 10, draw)
}

/// Fails its check.
#[must_use]
pub fn vat_fr(draw: &mut Draw) -> Compact {
    broken(&vat::Vat, vat::FR, 12, draw)
}

/// Fails its check.
#[must_use]
pub fn vat_gb(draw: &mut Draw) -> Compact {
    broken(&vat::Vat, vat::GB, 10, draw)
}

/// Fails its check for births of either century.
#[must_use]
pub fn rijksregister(draw: &mut Draw) -> Compact {
    broken(&rijksregister::Rijksregister, 0, 10, draw)
}

/// Begins with 0: for tests.
#[must_use]
pub fn steuer_id(draw: &mut Draw) -> Compact {
    valid(&steuer_id::SteuerId, 1, draw)
}

/// Fails its check.
#[must_use]
pub fn kvnr(draw: &mut Draw) -> Compact {
    broken(&steuer_id::Kvnr, 0, 9, draw)
}

/// Fails its key.
#[must_use]
pub fn nir(draw: &mut Draw) -> Compact {
    broken(&nir::Nir, 0, 14, draw)
}

/// Begins with 999: for tests.
#[must_use]
pub fn nhs(draw: &mut Draw) -> Compact {
    valid(&nhs::Nhs, 1, draw)
}

/// Draws of one form, which has no check.
fn of(forms: &'static Patterns, draw: &mut Draw) -> Compact {
    valid(forms, 0, draw)
}

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident, $form:literal, $letters:literal, $second:literal;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(draw: &mut Draw) -> Compact {
            static FORM: Patterns =
                Patterns(&[Pattern { second: $second, ..Pattern::new($form, $letters) }]);
            of(&FORM, draw)
        })*
    };
}

forms! {
    /// Begins with QQ, which no office uses.
    nino, "QQ999999A", "ABCD", "";
    /// Area 666.
    ssn, "666991999", "", "";
    /// Medicare number that begins with 0.
    mbi, "0AB9AB9AA99", "ACDEFGHJKMNPQRTUVWXY", "0123456789ACDEFGHJKMNPQRTUVWXY";
    /// A letter O, which Dutch documents leave out.
    document_nl, "AOBBBBBB9", "ABCDEFGHIJKLMNPQRSTUVWXYZ", "0123456789ABCDEFGHIJKLMNPQRSTUVWXYZ";
    /// A vowel, which German documents leave out.
    document_de, "AUBBBBBBB", "CFGHJKLMNPRTVWXYZ", "0123456789CFGHJKLMNPRTVWXYZ";
    /// Two letters and six digits.
    passport_be, "AA999999", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "";
    /// Two digits, two letters, five digits.
    passport_fr, "99AA99999", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "";
    /// Nine digits.
    nine_digits, "199999999", "", "";
    /// Ten digits.
    ten_digits, "1999999999", "", "";
    /// Twelve digits.
    twelve_digits, "199999999999", "", "";
    /// Letter of the authority, five letters or digits, five digits.
    licence_de, "ABBB99999B9", "BCDFGHJKLMNPRSTVWXYZ", "0123456789";
    /// A letter and seven digits.
    licence_us, "A9999999", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "";
    /// Month 00, which nobody was born in.
    licence_gb, "AAAAA900999999BB", "BCDFGHJKLMNPRSTVW", "BCDFGHJKLMNPRSTVW";
    /// A letter Q, which no series for cars has.
    plate_nl, "99QAA1", "BDFGHJKLNPRSTVXZ", "";
    /// An ordinary plate.
    plate_be, "1AAA999", "ABCDEFGHJKLNPRSTUVXYZ", "";
    /// District Q, which there is not.
    plate_de, "QAA1999", "BCDFGHJKLMNPRSTVWXYZ", "";
    /// A letter O, which French plates leave out.
    plate_fr, "AO999AA", "ABCDEFGHJKLMNPQRSTVWXYZ", "";
    /// A tag that begins with I, which is not used.
    plate_gb, "IA99AAA", "ABCDEFGHJKLMNOPRSTUVWXY", "";
    /// An ordinary plate of some state.
    plate_us, "AAA9999", "ABCDEFGHJKLMNPRSTUVWXYZ", "";
}

/// Belgian identity card: twelve digits whose last two are not the ten before modulo 97 (0 = 97).
#[must_use]
pub fn id_card_be(draw: &mut Draw) -> Compact {
    let ten = 5_900_000_000 + draw.below(100_000_000);
    let check = (ten + 96) % 97 + 1;
    let wrong = (check + draw.below(96)) % 97 + 1;
    *Compact::new().digits(ten, 10).digits(wrong, 2)
}

/// A card number that passes Luhn's test, of an issuer that cannot be: 9 says that a national body gives the number out,
/// and 000 is no country. Source: ISO/IEC 7812-1, ISO 3166-1.
#[must_use]
pub fn card(draw: &mut Draw, len: usize) -> Compact {
    let mut values = [0_u8; 18];
    if let Some(first) = values.first_mut() {
        *first = 9;
    }
    let count = len.clamp(13, 19) - 1;
    for value in values.iter_mut().take(count).skip(4) {
        *value = u8::try_from(draw.below(10)).unwrap_or(0);
    }
    let values = values.get(..count).unwrap_or_default();
    let mut card = Compact::new();
    values.iter().for_each(|value| {
        card.extend(&[b'0' + value]);
    });
    *card.digits(luhn_check(values), 1)
}

/// A BIC whose eighth character is 0: for tests and training, not connected to the network. Source: ISO 9362, SWIFT.
#[must_use]
pub fn bic(draw: &mut Draw, country: &str, branch: bool) -> Compact {
    let mut bic = Compact::new();
    for _ in 0..4 {
        bic.extend(&[b'A' + u8::try_from(draw.below(26)).unwrap_or(0)]);
    }
    bic.extend(country.as_bytes()).extend(b"20");
    if branch {
        bic.extend(b"XXX");
    }
    bic
}

#[cfg(test)]
mod tests {
    use super::super::{iban, licence, passport, plate, ssn};
    use super::*;

    #[test]
    fn nothing_here_could_be_issued() {
        let mut lane = 1_u64;
        for _ in 0..20_000 {
            lane = lane.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let made = |make: fn(&mut Draw) -> Compact| make(&mut Draw::new(lane));
            let fails = |scheme: &dyn Scheme, make| !scheme.is_valid(made(make).as_slice());
            assert!(fails(&bsn::Bsn, bsn) && fails(&bsn::Bsn, onderwijsnummer));
            assert!(
                fails(&bsn::Onderwijsnummer, onderwijsnummer)
                    && made(onderwijsnummer).as_slice().starts_with(b"10")
            );
            for make in [vat_nl, vat_be, vat_de, vat_fr, vat_gb] {
                assert!(fails(&vat::Vat, make));
            }
            assert!(fails(&rijksregister::Rijksregister, rijksregister) && fails(&nir::Nir, nir));
            assert!(fails(&steuer_id::SteuerId, steuer_id) && fails(&steuer_id::Kvnr, kvnr));
            assert!(fails(&super::super::nino::Nino, nino) && fails(&ssn::Ssn, ssn));
            assert!(made(nhs).as_slice().starts_with(b"999") && nhs::Nhs.is_valid(made(nhs).as_slice()));
            assert!(fails(&passport::NETHERLANDS, document_nl) && fails(&passport::Germany, document_de));
            assert!(!licence::is_british(made(licence_gb).as_slice()));
            for (country, plate) in [("FR", made(plate_fr)), ("GB", made(plate_gb))] {
                let form = plate::of(country).unwrap().read(plate.as_slice());
                assert!(form.is_none_or(|ranked| ranked.group > 0), "{country}");
            }
            let card = card(&mut Draw::new(lane), 16);
            assert!(super::super::card::luhn(card.as_slice()) && card.as_slice().starts_with(b"9000"));
            let bic = bic(&mut Draw::new(lane), "NL", true);
            assert!(iban::is_bic(bic.as_slice()) && bic.as_slice().get(7) == Some(&b'0'));
            let card = made(id_card_be);
            let number = super::super::number(card.as_slice()).unwrap();
            assert_ne!((number / 100 + 96) % 97 + 1, number % 100);
        }
    }
}
