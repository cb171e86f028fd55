//! The forms of `generalise` on numbers, text and addresses; those of dates stand with them.

use proptest::prelude::*;

use crate::mask::Outcome;
use crate::mask::decimal::Decimal;
use crate::mask::testing::{Rule, columns_agree, compile, one, placeholder, ruled, run};
use crate::row::shape::TypeClass;

fn numeric(precision: u32, scale: i32) -> TypeClass {
    TypeClass::Numeric { precision: Some(precision), scale: Some(scale) }
}

/// Checks a rule on values of a type; `unfit` stands for a value without the form.
fn check(rule: &str, ty: &TypeClass, values: &[(&str, &str)]) {
    let compiled =
        compile(&Rule { ty: ty.clone(), ..ruled(rule) }).unwrap_or_else(|| panic!("{rule} compiles"));
    for (value, expected) in values {
        let (outcome, text) = run(&compiled, value);
        let text = if outcome == Outcome::Unfit { "unfit" } else { &text };
        assert_eq!(text, *expected, "{rule} of {value}");
        assert_eq!(outcome == Outcome::Equal, value == expected, "{rule} of {value}");
    }
}

#[test]
fn nasty_38_bands_of_numbers() {
    let text = TypeClass::Text { max_chars: None };
    check(
        "{generalise: {width: 10}}",
        &TypeClass::SmallInt,
        &[
            ("37", "30"),
            ("30", "30"),
            ("-1", "-10"),
            ("0", "0"),
            ("007", "0"),
            ("32767", "32760"),
            ("-32768", "-32768"),
            ("32768", "unfit"),
            ("1.5", "unfit"),
            ("ten", "unfit"),
            ("NaN", "unfit"),
        ],
    );
    check(
        "{generalise: {width: 0.25}}",
        &numeric(5, 2),
        &[("1.99", "1.75"), ("-0.01", "-0.25"), ("2", "2.00")],
    );
    check(
        "{generalise: {width: 1000}}",
        &numeric(38, 10),
        &[
            ("9007199254740993.0000000001", "9007199254740000.0000000000"),
            ("12345678901234567890123456.5", "12345678901234567890123000.0"),
        ],
    );
    check(
        "{generalise: {width: 0.1}}",
        &text,
        &[("12", "12.0"), ("1e3", "1000.0"), ("12 ", "12.0"), ("1,5", "unfit")],
    );
    check(
        "{generalise: {steps: [0, 18, 30.5]}}",
        &text,
        &[("17", "0.0"), ("18", "18.0"), ("30.49", "18.00"), ("99", "30.5"), ("-4", "0.0")],
    );
    check(
        "{generalise: {digits: 2}}",
        &TypeClass::SmallInt,
        &[
            ("1250", "1300"),
            ("-1250", "-1300"),
            ("1249", "1200"),
            ("99", "99"),
            ("996", "1000"),
            ("32700", "32000"),
            ("0", "0"),
        ],
    );
    check(
        "{generalise: {digits: 1}}",
        &numeric(3, 1),
        &[("99.6", "90.0"), ("12.3", "10.0"), ("0.06", "unfit")],
    );
    check("{generalise: {top: 90}}", &TypeClass::Integer, &[("95", "90"), ("12", "12"), ("-5", "-5")]);
    check("{generalise: {bottom: 18}}", &TypeClass::Integer, &[("5", "18"), ("95", "95")]);
    check("{generalise: {width: 10, top: 85, bottom: 5}}", &TypeClass::Integer, &[("99", "80"), ("3", "5")]);
    check(
        "{generalise: {width: 10}}",
        &TypeClass::Float { single: false },
        &[("1.5e+02", "150"), ("-1e-7", "-10.0000000")],
    );
}

#[test]
fn ages_are_bounds_in_numbers_and_bands_in_text() {
    check("{generalise: age}", &TypeClass::Integer, &[("37", "30"), ("-3", "0"), ("9", "0")]);
    check("{generalise: age, width: 5, top: 90}", &TypeClass::SmallInt, &[("37", "35"), ("104", "90")]);
    let text = TypeClass::Text { max_chars: Some(7) };
    check(
        "{generalise: age}",
        &text,
        &[
            ("37", "30-39"),
            ("0", "0-9"),
            ("150", "150-159"),
            ("151", "unfit"),
            ("-1", "unfit"),
            ("37.5", "unfit"),
        ],
    );
    check("{generalise: age, width: 20, top: 90}", &text, &[("90", "90+"), ("89", "80-89"), ("79", "60-79")]);
    check(
        "{generalise: age, width: 25}",
        &TypeClass::Date,
        &[("1987-06-05", "1975-01-01"), ("0003-01-01", "0001-01-01")],
    );
}

#[test]
fn prefixes_and_groups() {
    let text = TypeClass::Text { max_chars: None };
    check(
        "{generalise: {prefix: 2}}",
        &text,
        &[("1234 AB", "12"), ("\u{e9}\u{e9}n", "\u{e9}\u{e9}"), ("1", "1"), ("12", "12")],
    );
    check("{generalise: {prefix: 4, fill: x}}", &text, &[("1234 AB", "1234xxx"), ("1234", "1234")]);
    check("{generalise: {prefix: 1}}", &TypeClass::Char { chars: 4 }, &[("ab  ", "a")]);
    check(
        "{generalise: {map: {a: x, 1: y}, else: z}}",
        &text,
        &[("a", "x"), ("1", "y"), ("A", "z"), ("z", "z")],
    );
    check("{generalise: {map: {true: false}, else: false}}", &TypeClass::Boolean, &[("t", "f"), ("f", "f")]);
    let compiled = compile(&ruled("{generalise: {prefix: 2}}")).unwrap();
    let (mut out, lanes) = (Vec::new(), crate::mask::Lanes::default());
    let cx = crate::mask::MaskCx { lanes: &lanes };
    assert_eq!(compiled.mask.mask(b"ab\xff", &cx, &mut out), Outcome::Unfit);
    assert!(out.is_empty());
}

#[test]
fn networks() {
    check(
        "{generalise: network}",
        &TypeClass::Inet,
        &[
            ("192.0.2.77", "192.0.2.0"),
            ("192.0.2.77/32", "192.0.2.0/24"),
            ("10.1.2.3/8", "10.1.2.0/8"),
            ("2001:db8:1:2::77", "2001:db8:1::"),
            ("2001:db8:1:2::/64", "2001:db8:1::/48"),
            ("::ffff:192.0.2.77", "::ffff:192.0.2.0"),
            ("::1", "::"),
            ("192.0.2.0", "192.0.2.0"),
            ("192.0.2.77/33", "unfit"),
            ("192.0.2.077", "unfit"),
            ("192.0.2", "unfit"),
            ("fe80::1%eth0", "unfit"),
            ("192.0.2.77/+8", "unfit"),
            ("host.example.org", "unfit"),
        ],
    );
}

#[test]
fn coordinates() {
    let grid = "{generalise: {grid: 0.5}}";
    check(grid, &numeric(9, 6), &[("52.379189", "52.000000"), ("-4.6", "-4.5"), ("-90", "-90.0")]);
    let text = TypeClass::Unknown;
    check(
        grid,
        &text,
        &[
            ("52.37,-4.89", "52.00,-4.50"),
            ("(52.6, 4.89)", "(52.5, 4.50)"),
            ("52.4", "52.0"),
            ("52.4;4", "unfit"),
            ("(52.4,x)", "unfit"),
            ("1,2,3", "unfit"),
        ],
    );
}

#[test]
fn what_does_not_go_is_refused() {
    for (rule, ty) in [
        ("{generalise: {width: 0}}", TypeClass::Integer),
        ("{generalise: {width: -1}}", TypeClass::Integer),
        ("{generalise: {width: 0.5}}", TypeClass::Integer),
        ("{generalise: {width: 0.005}}", numeric(5, 2)),
        ("{generalise: {top: 100000}}", TypeClass::SmallInt),
        ("{generalise: {top: 1, bottom: 1}}", TypeClass::Integer),
        ("{generalise: {width: 10}}", TypeClass::Date),
        ("{generalise: {width: 10, steps: [1]}}", TypeClass::Integer),
        ("{generalise: {width: 10, prefix: 1}}", TypeClass::Unknown),
        ("{generalise: year, width: 10}", TypeClass::Date),
        ("{generalise: age, steps: [1]}", TypeClass::Integer),
        ("{generalise: age, top: 90}", TypeClass::Date),
        ("{generalise: age, width: 2.5}", TypeClass::Integer),
        ("{generalise: age}", TypeClass::Boolean),
        ("{generalise: {prefix: 2}}", TypeClass::Integer),
        ("{generalise: {prefix: 2, fill: xx}}", TypeClass::Unknown),
        ("{generalise: {map: {a: x}}}", TypeClass::Unknown),
        ("{generalise: {map: {1: x}, else: 0}}", TypeClass::Integer),
        ("{generalise: {map: {a: xyz}, else: x}}", TypeClass::Text { max_chars: Some(2) }),
        ("{generalise: {else: x}}", TypeClass::Unknown),
        ("{generalise: {fill: x}}", TypeClass::Unknown),
        ("{generalise: network}", TypeClass::Integer),
        ("{generalise: {grid: 0.1}}", TypeClass::Other),
    ] {
        assert!(compile(&Rule { ty: ty.clone(), ..ruled(rule) }).is_none(), "{rule} on {ty:?}");
    }
}

#[test]
fn placeholders_are_values_of_their_form() {
    for (rule, ty) in [
        ("{generalise: {width: 10, bottom: 18, top: 90}}", TypeClass::SmallInt),
        ("{generalise: {steps: [-1.5, 2]}}", numeric(3, 1)),
        ("{generalise: {digits: 2}}", TypeClass::Unknown),
        ("{generalise: age, top: 90}", TypeClass::Text { max_chars: Some(5) }),
        ("{generalise: {prefix: 3}}", TypeClass::Text { max_chars: None }),
        ("{generalise: {map: {a: b}, else: c}}", TypeClass::Unknown),
        ("{generalise: network}", TypeClass::Inet),
        ("{generalise: {grid: 0.1}}", numeric(9, 6)),
    ] {
        let rule = Rule { ty: ty.clone(), ..ruled(rule) };
        let text = placeholder(&rule, "no such form").unwrap();
        assert_ne!(text, "no such form");
        let compiled = compile(&rule).unwrap();
        if ty.is_text() && text.contains(['-', '+']) {
            continue;
        }
        // Coarse already.
        assert_eq!(run(&compiled, &text), (Outcome::Equal, text));
    }
}

#[test]
fn columns_agree_with_values() {
    let value = |text: &str| Some(text.to_owned());
    let values = [value("37"), None, value(""), value("x"), value("-5"), value("100")];
    for rule in [
        "{generalise: {width: 10}}",
        "{generalise: age}",
        "{generalise: {prefix: 1}}",
        "{generalise: network}",
    ] {
        columns_agree(&ruled(rule), &values);
    }
    assert_eq!(one(&ruled("{generalise: year}"), "37").unwrap().0, Outcome::Unfit);
}

fn units(text: &str, scale: u32) -> i128 {
    Decimal::parse(text.as_bytes()).unwrap().floor_at(scale).unwrap()
}

proptest! {
    /// Bands hold their values, order is kept, and what is coarse stays as it is.
    #[test]
    fn bands_are_true(a in -10_000_000_i64..10_000_000, b in -10_000_000_i64..10_000_000, width in 1_i64..5000) {
        let [a, b] = [a.min(b), a.max(b)].map(|n| format!("{}.{:02}", n / 100, (n % 100).abs()));
        prop_assume!(units(&a, 2) <= units(&b, 2));
        for rule in [format!("{{generalise: {{width: {width}}}}}"), "{generalise: {digits: 2}}".to_owned()] {
            let compiled = compile(&Rule { ty: numeric(9, 2), ..ruled(&rule) }).unwrap();
            let [low, high] = [&a, &b].map(|value| run(&compiled, value).1);
            prop_assert!(units(&low, 2) <= units(&high, 2), "order");
            prop_assert_eq!(&run(&compiled, &low).1, &low, "coarse already");
            if rule.contains("width") {
                let off = units(&a, 2) - units(&low, 2);
                prop_assert!((0..i128::from(width) * 100).contains(&off));
            }
        }
    }

    /// Whatever stands in a column, nothing but the form comes out.
    #[test]
    fn any_text_is_a_network_or_unfit(text in "[0-9a-f:./]{1,20}") {
        let (outcome, network) = one(&ruled("{generalise: network}"), &text).unwrap();
        if outcome != Outcome::Unfit {
            prop_assert!(network.split('/').next().unwrap().parse::<std::net::IpAddr>().is_ok());
        }
    }
}
