//! What forms and check digits say. A form speaks once for a column, since its values have one form together; a check speaks
//! for each distinct value of the form: log P(result | class) - log P(result | chance). Of the tests of a class the one that
//! says most counts. Refuses to let one value prove anything.

use super::test::{Check, Form, Test};
use super::{Said, TESTS, count, share};
use crate::discover::class::Class;
use crate::discover::findings::Evidence;
use crate::discover::measure::Measured;

/// The share of values of a class that pass its check: the rest is dirt.
const RIGHT: f32 = 0.95;

/// The most that checks say for a class, and against it.
const MOST: f32 = 20.0;
const LEAST: f32 = -6.0;

/// The most that a check says which chance passes often.
const MOST_WEAK: f32 = 3.0;

/// Classes of which nothing but the tested forms is known: values without the form are not of the class.
const ONLY: &[Class] = &[
    Class::Email,
    Class::Iban,
    Class::Bsn,
    Class::Rijksregister,
    Class::SteuerId,
    Class::Nir,
    Class::Nino,
    Class::Nhs,
    Class::Ssn,
    Class::Mac,
    Class::Ip,
    Class::UserAgent,
    Class::Card,
    Class::Vin,
    Class::Bic,
];

/// Adds what the tests say.
pub(super) fn add(measured: &Measured, said: &mut Said) {
    let mut best: Vec<(Class, f32, Option<Evidence>)> = Vec::new();
    let counts = measured.formed.iter().zip(&measured.passed);
    for (test, (formed, passed)) in TESTS.iter().flat_map(|group| group.iter()).zip(counts) {
        let says = says(test, *formed, *passed, measured.tested);
        let of = u64::from(measured.tested);
        let evidence = Evidence::Passes { what: test.what, passed: u64::from(*passed), of };
        match best.iter_mut().find(|(class, ..)| *class == test.class) {
            Some(own) if own.1 >= says => {}
            Some(own) => *own = (test.class, says, Some(evidence)),
            None => best.push((test.class, says, Some(evidence))),
        }
    }
    for (class, says, evidence) in best {
        said.add(class, says, evidence);
    }
}

/// Returns what a test says for its class.
fn says(test: &Test, formed: u16, passed: u16, tested: u32) -> f32 {
    let only = ONLY.contains(&test.class);
    let having = share(formed, tested);
    let any = matches!(test.form, Form::Any);
    let mut says = 0.0;
    let checked = test.chance < 0.85 && !matches!(test.check, Check::None);
    if checked && formed > 0 {
        let (formed, passed) = (f32::from(formed), f32::from(passed));
        let chance = test.chance.clamp(1e-4, 0.99);
        says = passed * (RIGHT / chance).ln() + (formed - passed) * ((1.0 - RIGHT) / (1.0 - chance)).ln();
        says *= having;
        if test.chance >= 0.2 {
            says = says.min(MOST_WEAK);
        }
    }
    let right = if checked { share(passed, formed.max(1)) } else { 1.0 };
    if having > 0.6 && right > 0.6 {
        says += test.form_says * (having - 0.5) * 2.0;
    }
    // Few values prove little; a form that chance hardly makes proves more.
    let tested = count(u64::from(tested));
    says *= if any { (tested + 1.0) / 3.0 } else { tested / 5.0 }.min(1.0);
    let floor = if only { LEAST } else { -1.0 };
    if only && !any && having < 0.5 {
        says = says.min((having - 0.6) * 10.0 * (tested / 5.0).min(1.0));
    }
    says.clamp(floor, MOST)
}
