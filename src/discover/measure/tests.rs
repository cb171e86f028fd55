//! A measure counts and keeps nothing.

use super::*;

fn measured(values: &[&str]) -> Measured {
    let mut measure = Measure::new(&TypeClass::Text { max_chars: None });
    values.iter().for_each(|value| measure.add(Some(value.as_bytes())));
    measure.finish()
}

#[test]
fn counts_rows_and_tests_distinct_values_once() {
    let mut measure = Measure::new(&TypeClass::Unknown);
    for value in [Some("12"), None, Some("  "), Some("12"), Some("13"), Some("10")] {
        measure.add(value.map(str::as_bytes));
    }
    assert_eq!(format!("{measure:?}"), "<a measure of 6 values>");
    let m = measure.finish();
    assert_eq!((m.seen, m.nulls, m.empty, m.distinct, m.tested), (6, 1, 1, 3, 3));
    assert_eq!((m.least, m.greatest, m.integers, m.filled()), (10, 13, 3, 4));
    // NULL and blanks part no neighbours.
    assert_eq!((m.pairs, m.rising), (3, 1));
}

#[test]
fn a_measured_column_is_small() {
    assert!(size_of::<Measured>() <= 640, "{} bytes", size_of::<Measured>());
}

#[test]
fn merged_counts_are_those_of_all() {
    let mut one = measured(&["a@example.org", "1984-03-12"]);
    let nested = ["{\"mail\": \"c@example.org\"}"; 10];
    let two = measured(&[&["b@example.org"], nested.as_slice()].concat());
    one.merge(&two);
    one.merge(&two);
    assert_eq!((one.seen, one.days, one.inside.len()), (24, 1, 1));
    assert_eq!(one.inside.first().map(|(path, m)| (path.as_str(), m.seen)), Some(("$.mail", 20)));
}

#[test]
fn any_bytes_are_taken() {
    let mut measure = Measure::new(&TypeClass::Bytes);
    for n in 0..2000_u32 {
        let hash = n.wrapping_mul(0x9e37_79b9);
        let bytes: Vec<u8> =
            (0..hash % 300).map(|at| (hash >> (at % 25)).to_le_bytes()[0] ^ at.to_le_bytes()[0]).collect();
        measure.add(Some(&bytes));
    }
    measure.add(Some(&[0xc3; 9000]));
    measure.add(Some("é".repeat(4000).as_bytes()));
    assert!(measure.finish().tested > 1000);
}
