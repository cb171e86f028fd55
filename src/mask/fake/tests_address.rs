//! What holds for one address: its parts agree wherever they stand.

use super::tests::{plain, subject, text};
use crate::vocabulary::{LOCALES, NumberPlace, Town};

#[test]
fn no_address_of_100_000_subjects_contradicts_itself() {
    for l in LOCALES {
        let [city, postcode, region] = ["city", "postcode", "region"].map(|kind| plain(kind, l.name));
        let [street, number, addition, line] =
            ["street", "house_number", "house_addition", "address"].map(|kind| plain(kind, l.name));
        let last = l.address.number == NumberPlace::Last;
        for n in 0..100_000 {
            let lanes = subject(n);
            let (town, county) = (text(&city, "X", &lanes), text(&region, "X", &lanes));
            let code = text(&postcode, "1234 XX", &lanes);
            let area = code.split(' ').next().unwrap();
            let agrees = |t: &Town| {
                let number = area.strip_prefix(t.prefix).and_then(|number| number.parse().ok());
                t.name.text == town
                    && t.region == county
                    && number.is_some_and(|n: u32| (t.low..=t.high).contains(&n))
            };
            assert!(l.towns.entries().iter().any(agrees), "{town} {code} {county}");
            let (road, house) = (text(&street, "Xx", &lanes), text(&number, "1", &lanes));
            let numbered = if last { format!("{road} {house}") } else { format!("{house} {road}") };
            let form = if last { "Xx 1, X" } else { "1 Xx, X" };
            let whole = text(&line, form, &lanes);
            let tail = whole.strip_prefix(&numbered).and_then(|tail| tail.strip_prefix(", ")).unwrap();
            assert!(tail.contains(&town) && tail.contains(&code), "{whole}");
            assert_eq!(text(&line, form.split(',').next().unwrap(), &lanes), numbered);
            let more = text(&addition, "x1", &lanes);
            let form = match l.country {
                _ if last => "Xx 1 a",
                "FR" => "1 bis Xx",
                _ => "1 Xx 2",
            };
            let with = text(&line, form, &lanes);
            assert!(with.to_lowercase().contains(&more.to_lowercase()), "{with} {more}");
            assert!(text(&number, "1 Aa", &lanes).starts_with(&house));
            assert!(
                !["SA", "SD", "SS"].iter().any(|never| l.country == "NL" && code.ends_with(never)),
                "{code}"
            );
        }
    }
}
