//! Edge data (`--edges 1%`): values that find faults in the software under test, within type, length and CHECKs. The longest
//! text that fits, empty ones, apostrophes, letters of other scripts and their marks, words of SQL, leap days and hours that
//! clocks skip, the ends of number types, and runs of rows without anything optional.
//!
//! Which rows are odd follows from seed, table and row alone (`Odd`), what stands in them from seed, table, column and row; all
//! others are as they are without edge data. All values are invented or ends of types. Left as they are: columns of keys,
//! columns that others are computed of, and what a profile decides. A row whose CHECKs an odd value breaks is drawn again
//! without it.

use std::ops::Range;

use super::super::keys::largest;
use super::{Generator, RowCx, Wanted};
use crate::row::shape::{ColumnFacts, TypeClass};
use crate::synth::seed::{Draws, Stream};
use crate::vocabulary::iban;

/// Rows of a run without anything optional.
const RUN: u64 = 8;

/// Longest text of a column without a limit, in characters.
const LONGEST: u32 = 4000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges {
    /// How many rows are odd, in parts of a million.
    pub share: u32,
}

/// Which rows of a table are odd.
#[derive(Clone, Copy, Debug)]
pub struct Odd {
    rows: Stream,
    share: u32,
    /// Whether a column may be NULL.
    nulls: bool,
}

/// How a row is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Without anything optional.
    Bare,
    /// By some values.
    Values,
}

impl Odd {
    /// Makes the choice of a table's rows; `nulls` where some column of it may be NULL.
    #[must_use]
    pub fn new(rows: Stream, share: u32, nulls: bool) -> Self {
        Self { rows, share, nulls }
    }

    fn kind(&self, row: u64) -> Option<Kind> {
        let bare = if self.nulls { self.share / 16 } else { 0 };
        if bare > 0 && self.rows.part(0).row(row / RUN).happens(bare) {
            return Some(Kind::Bare);
        }
        self.rows.row(row).happens(self.share - bare).then_some(Kind::Values)
    }

    /// Counts the odd rows of a range.
    #[must_use]
    pub fn count(&self, rows: Range<u64>) -> u64 {
        rows.map(|row| u64::from(self.kind(row).is_some())).sum()
    }
}

/// A column that is odd in odd rows.
pub struct Edged {
    /// What makes it otherwise.
    pub ordinary: Box<dyn Generator>,
    /// Which rows are odd.
    pub odd: Odd,
    /// The column's place among those that may be odd, and how many these are.
    pub place: (u64, u64),
    /// What its first draws come from, and how often it is NULL: later draws are those of CHECKs that did not hold.
    pub first: (Stream, u32),
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Its odd values.
    pub values: Vec<String>,
}

impl Edged {
    fn is_first(&self, row: u64, draws: &Draws) -> bool {
        let (stream, nulls) = self.first;
        let mut expected = stream.row(row);
        if nulls > 0 {
            let _ = expected.happens(nulls);
        }
        expected == *draws
    }

    /// Returns the odd value of a row: `None` where it is none, `Some(None)` for NULL.
    fn value(&self, row: u64) -> Option<Option<&str>> {
        match self.odd.kind(row)? {
            Kind::Bare => self.nullable.then_some(None),
            Kind::Values => {
                let (place, columns) = self.place;
                let mut draws = self.first.0.part(1).row(row);
                // One column at least, and each of the others in one of three.
                let chosen = self.odd.rows.part(1).row(row).below(columns) == place;
                if !chosen && draws.below(3) > 0 {
                    return None;
                }
                let count = u64::try_from(self.values.len()).unwrap_or(0);
                let at = usize::try_from(draws.below(count)).unwrap_or(0);
                self.values.get(at).map(|value| Some(value.as_str()))
            }
        }
    }
}

impl Generator for Edged {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let odd = if self.is_first(cx.row, draws) { self.value(cx.row) } else { None };
        match odd {
            None => self.ordinary.make(cx, draws, out),
            Some(None) => false,
            Some(Some(value)) => {
                out.extend_from_slice(value.as_bytes());
                true
            }
        }
    }

    fn reads(&self) -> &[usize] {
        self.ordinary.reads()
    }

    fn calm(&mut self) {
        self.odd.share = 0;
    }
}

/// Returns the odd values of a column that hold its type and what CHECKs leave. With `short` those alone that nothing computed
/// of them can be too long or too large for.
#[must_use]
pub fn values(wanted: &Wanted<'_>, short: bool) -> Vec<String> {
    let column = wanted.column;
    if wanted.domain.one_of.is_some() {
        return Vec::new();
    }
    let mut found = match &column.ty.class {
        class if class.is_text() => texts(wanted, short),
        TypeClass::Uuid => {
            ["0", "f"].iter().map(|digit| [8, 4, 4, 4, 12].map(|len| digit.repeat(len)).join("-")).collect()
        }
        TypeClass::Json => owned(&["{}", "[]", r#"{"name": "O'Neill", "note": "a \"quoted\" \\ text"}"#]),
        TypeClass::Bytes => owned(&["\\x", "\\x00", "\\xff00fe"]),
        _ if short => Vec::new(),
        class if class.is_integer() || matches!(class, TypeClass::Numeric { .. }) => numbers(column),
        TypeClass::Float { .. } if column.ty.text.contains('(') => owned(&["0", "-1", "1"]),
        TypeClass::Float { .. } => owned(&["0", "-0.5", "1e-30", "1e30", "-1e30"]),
        TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment => moments(&column.ty.class),
        TypeClass::Time if !column.ty.text.contains("zone") && !column.ty.text.contains("timetz") => {
            owned(&["00:00:00", "23:59:59", "02:30:00"])
        }
        _ => Vec::new(),
    };
    let most = column.ty.class.max_chars().and_then(|most| usize::try_from(most).ok());
    let admits = |value: &String| {
        let domain = wanted.domain;
        let domains = if domain.among.is_empty() { std::slice::from_ref(domain) } else { &domain.among };
        let left = domains.iter().any(|domain| domain.is_free() || domain.admits(column, value));
        let fits = most.is_none_or(|most| value.len() <= most || value.chars().count() <= most);
        left && fits
            && wanted.letters.hold(value.as_bytes())
            && !(column.ty.is_unsigned() && value.starts_with('-'))
    };
    found.retain(admits);
    found
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// Addresses that are valid and that many a form refuses.
const ADDRESSES: &[&str] = &[
    "o'neill+tag@example.org",
    "a@b.example.org",
    "MIXED.Case@Example.ORG",
    "_-_@example.org",
    "first+one+two@mail.sub.example.org",
    "!#$%&'*+-/=?^_`{|}~@example.org",
    "1234567890@example.org",
    "a@xn--bcher-kva.example",
    "\"two words\"@example.org",
    "mail@[192.0.2.1]",
];
/// Most characters of an address (RFC 5321, 4.5.3.1: of a path, without its brackets), before its `@`, and of a label.
const ADDRESS: usize = 254;
const LOCAL_PART: usize = 64;
const LABEL: usize = 63;
/// Numbers for stories (Ofcom's, and 555-01xx), in the ways that they are written, and the longest (E.164).
const PHONES: &[&str] = &[
    "+442079460000",
    "+44 20 7946 0000",
    "+44 (0)20 7946 0000",
    "0044 20 7946 0000",
    "020 7946 0000",
    "(212) 555-0100",
    "+1-212-555-0100",
    "+1 212 555 0100 ext. 12",
    "212.555.0100",
    "+999123456789012",
    "112",
];
/// Postcodes of many countries, and Dutch ones as people write them.
const POSTCODES: &[&str] = &[
    "9999 XZ",
    "1000AA",
    "1000 aa",
    "EC1A 1BB",
    "M1 1AE",
    "12345-6789",
    "D02 X285",
    "00-950",
    "01067",
    "LV-1010",
    "AD500",
    "K1A 0B1",
    "901 01",
];
/// Countries, and account numbers there of a bank that does not exist: some of the longest (Saint Lucia's and Malta's).
const LONG: &[(&str, &str)] =
    &[("LC", "FAKE000000000000000000000000"), ("MT", "FAKE00000000000000000000000")];

/// Returns the longest and the oddest values of what a column means, and an empty one.
fn of_meaning(meaning: &str, most: Option<u32>) -> Vec<String> {
    let mut found = match meaning {
        "email" => {
            let mut found = owned(ADDRESSES);
            let most = usize::try_from(most.unwrap_or(u32::MAX)).unwrap_or(ADDRESS).min(ADDRESS);
            found.extend(longest_address(most));
            return found;
        }
        "phone" => owned(PHONES),
        "postcode" => owned(POSTCODES),
        "iban" => ibans(),
        _ => Vec::new(),
    };
    found.push(String::new());
    found
}

/// Returns the longest address that fits: its local part as long as one may be, then labels as long as they may be.
fn longest_address(most: usize) -> Option<String> {
    const END: &str = "example.org";
    let local = most.checked_sub(END.len() + 1).filter(|local| *local > 0)?.min(LOCAL_PART);
    let mut left = most - END.len() - 1 - local;
    let mut address = "l".repeat(local);
    address.push('@');
    // A label and its dot.
    while left >= 2 {
        let label = (left - 1).min(LABEL);
        address.push_str(&"d".repeat(label));
        address.push('.');
        left -= label + 1;
    }
    address.push_str(END);
    Some(address)
}

/// Returns account numbers of banks that do not exist, and each as people write it, in fours: long ones, then one of each
/// country that is known.
fn ibans() -> Vec<String> {
    let known = iban::COUNTRIES.iter().map(|country| {
        let mut whole = [0; iban::MAX_CHARS];
        let len = iban::write_nth(country, 0, &mut whole);
        String::from_utf8_lossy(whole.get(..len).unwrap_or_default()).into_owned()
    });
    let mut found = Vec::new();
    for text in LONG.iter().map(|(country, account)| checked(country, account)).chain(known) {
        let fours: Vec<String> =
            text.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
        found.push(fours.join(" "));
        found.push(text);
    }
    found
}

/// Writes an account number with its check digits (ISO 13616).
fn checked(country: &str, account: &str) -> String {
    let digits = account.chars().chain(country.chars()).chain(['0', '0']);
    let rest = digits.filter_map(|c| c.to_digit(36)).fold(0, |rest, digit| {
        let by = if digit > 9 { 100 } else { 10 };
        (rest * by + digit) % 97
    });
    format!("{country}{:02}{account}", 98 - rest)
}

/// Texts of ASCII.
const PLAIN: &[&str] = &[
    "",
    " ",
    "O'Neill",
    "'s-Gravenhage",
    "d'",
    "\"quoted\"",
    "a\\b",
    "back\\",
    "100%_",
    "'; SELECT 1; --",
    "/* rest */",
    "${name}",
    "<b>bold</b> & more",
    "=1+1",
    "a,b;c\td",
    "two\nlines",
    "\r\n",
    " padded ",
    "NULL",
    "\\N",
    "0",
    "-",
];
/// Letters with marks, from right to left, without an upper case of one letter, blanks that are seldom seen.
const BASIC: &[&str] = &[
    "Zoe\u{308}",
    "A\u{30a}ngstro\u{308}m",
    "\u{5e9}\u{5e8}\u{5d4}",
    "\u{644}\u{64a}\u{644}\u{649}",
    "Anna (\u{5e9}\u{5e8}\u{5d4}) 2",
    "\u{130}stanbul",
    "Stra\u{df}e",
    "\u{1e9e}",
    "\u{141}\u{f3}d\u{17a}",
    "\u{a0}x\u{a0}",
    "\u{feff}x",
    "a\u{200d}b",
    "\u{4e9c}\u{7f8e}",
    "\u{ff21}\u{ff22}",
];
/// Letters of four bytes.
const WIDE: &[&str] = &["\u{20bb7}\u{91ce}", "\u{1f642}", "\u{1f469}\u{200d}\u{1f680}"];

/// Meanings that are names, whose values may be any.
const NAMES: &[&str] = &["first_name", "last_name", "full_name", "city", "street", "company"];

fn texts(wanted: &Wanted<'_>, short: bool) -> Vec<String> {
    let column = wanted.column;
    let most = column.ty.class.max_chars().into_iter().chain(wanted.domain.max_chars).min();
    if let Some(meaning) = wanted.meaning.filter(|meaning| !NAMES.contains(meaning)) {
        let mut found = of_meaning(meaning, most);
        if short {
            found.retain(|value| value.len() <= 32);
        }
        return found;
    }
    let mut found: Vec<String> = [PLAIN, BASIC, WIDE].into_iter().flat_map(owned).collect();
    if short {
        found.retain(|value| value.len() <= 16);
        return found;
    }
    if let Ok(most) = usize::try_from(most.unwrap_or(LONGEST).min(LONGEST)) {
        let mut longest = "Wide ".repeat(most / 5 + 1);
        longest.truncate(most.saturating_sub(1));
        longest.push('x');
        found.push(longest);
        // By their bytes longer than others of as many characters, where a limit counts characters.
        if most <= 255 && column.ty.text.to_lowercase().contains("var") {
            found.push("\u{e9}".repeat(most));
        }
    }
    found
}

/// Returns zero, one and the ends of a type.
fn numbers(column: &ColumnFacts) -> Vec<String> {
    if column.ty.text.to_lowercase().starts_with("year") {
        return Vec::new();
    }
    let mut found = owned(&["0", "1", "-1"]);
    match &column.ty.class {
        TypeClass::Numeric { precision: Some(digits), scale } => {
            let scale = scale.and_then(|scale| usize::try_from(scale).ok()).unwrap_or(0);
            let digits = usize::try_from(*digits).unwrap_or(0);
            let Some(whole) = digits.checked_sub(scale) else { return Vec::new() };
            if whole == 0 {
                found = owned(&["0"]);
            }
            let head = if whole == 0 { "0".to_owned() } else { "9".repeat(whole) };
            let behind = |tail: String| if scale == 0 { String::new() } else { format!(".{tail}") };
            let most = format!("{head}{}", behind("9".repeat(scale)));
            found.extend([format!("-{most}"), most]);
            if scale > 0 {
                found.push(format!("0{}", behind(format!("{}1", "0".repeat(scale - 1)))));
            }
        }
        TypeClass::Numeric { .. } => found.extend(owned(&["9999999.99", "-9999999.99", "0.01"])),
        class => {
            let most = largest(class);
            found.extend([most.to_string(), (-most - 1).to_string()]);
        }
    }
    found
}

/// Returns leap days, ends of years and hours that clocks of Europe skip or have twice.
fn moments(class: &TypeClass) -> Vec<String> {
    let days = ["2024-02-29", "2000-02-29", "1999-12-31", "2024-12-31", "1972-02-29", "2025-01-01"];
    if *class == TypeClass::Date {
        return days.iter().chain(&["1900-03-01", "9999-12-31"]).map(|day| (*day).to_owned()).collect();
    }
    let zone = if matches!(class, TypeClass::Timestamp { zone: true }) { "+00" } else { "" };
    let mut found: Vec<String> = days.iter().map(|day| format!("{day} 23:59:59")).collect();
    found.extend(["2024-03-31 02:30:00", "2024-10-27 02:30:00", "2024-02-29 00:00:00"].map(str::to_owned));
    match class {
        TypeClass::Moment => {
            found.extend(["1970-01-01 00:00:01", "2038-01-19 03:14:07"].map(str::to_owned));
        }
        _ => found
            .extend(["1970-01-01 00:00:00", "2038-01-19 03:14:08", "9999-12-31 12:00:00"].map(str::to_owned)),
    }
    found.iter().map(|moment| format!("{moment}{zone}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::keys;
    use crate::synth::maker::Maker;
    use crate::synth::model::Model;
    use crate::synth::schema::Hints;
    use crate::synth::testing::{facts, options, verified};

    const SQL: &str = "\
CREATE TABLE people (id serial PRIMARY KEY, name varchar(12) NOT NULL, remark text, weight numeric(5,2) NOT NULL CHECK (weight > 0),
  born date NOT NULL, seen timestamptz, stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5), code char(2) CHECK (code = upper(code)));
CREATE TABLE notes (id serial PRIMARY KEY, person_id int NOT NULL REFERENCES people, body text NOT NULL);
";

    fn model(sql: &str, share: u32) -> Model {
        let facts = facts(sql);
        let mut options = options(&[("people", 3000)], 5);
        options.edges = (share > 0).then_some(Edges { share });
        let tables = crate::synth::schema::plan(&facts, &Hints::default()).expect("is a plan");
        keys::build(&tables, &[], &options).expect("can be met")
    }

    fn rows(model: &Model, table: usize) -> Vec<Vec<Option<Vec<u8>>>> {
        let mut maker = Maker::new(model, table).expect("is there");
        let row = |row| -> Vec<Option<Vec<u8>>> {
            maker.row(row).expect("is made").iter().map(|value| value.map(<[u8]>::to_vec)).collect()
        };
        (0..model.tables[table].rows).map(row).collect()
    }

    #[test]
    fn a_share_of_rows_is_odd_and_all_others_are_as_without() {
        let (with, without) = (model(SQL, 50_000), model(SQL, 0));
        for table in 0..2 {
            let odd = with.tables[table].odd.expect("has odd rows");
            let (one, other) = (rows(&with, table), rows(&without, table));
            let changed = |row: &usize| one[*row] != other[*row];
            let marked = |row: &usize| odd.kind(u64::try_from(*row).expect("small")).is_some();
            assert!((0..one.len()).filter(changed).all(|row| marked(&row)));
            let count = (0..one.len()).filter(changed).count();
            let said = usize::try_from(odd.count(0..with.tables[table].rows)).expect("small");
            let close = said * 20 > one.len() / 2 && said * 20 < one.len() * 2;
            assert!(close && count * 10 > said * 7, "{count} of {said} of {}", one.len());
        }
        assert!(without.tables.iter().all(|table| table.odd.is_none()));
        assert_eq!(verified(&facts(SQL), &with).broken, vec![]);
    }

    #[test]
    fn odd_values_are_of_all_kinds() {
        let model = model(SQL, 500_000);
        let all = rows(&model, 0);
        let has = |column: usize, wanted: &str| {
            all.iter().any(|row| row[column].as_deref() == Some(wanted.as_bytes()))
        };
        for (column, wanted) in [
            (1, ""),
            (1, "O'Neill"),
            (1, "Wide Wide Wx"),
            (1, "Zoe\u{308}"),
            (2, "'; SELECT 1; --"),
            (3, "999.99"),
            (3, "0.01"),
            (4, "2024-02-29"),
            (5, "2024-03-31 02:30:00+00"),
        ] {
            assert!(has(column, wanted), "column {column} never holds one of {} bytes", wanted.len());
        }
        assert!(!has(3, "0") && !has(6, "0"), "a CHECK");
        let bare =
            |rows: &[Vec<Option<Vec<u8>>>]| rows.iter().all(|row| row[2].is_none() && row[5].is_none());
        assert!(all.chunks_exact(8).any(bare), "no run of rows without anything optional");
    }

    #[test]
    fn odd_values_of_a_meaning_are_valid_and_fit() {
        for (most, wanted) in [(13, 13), (40, 40), (77, 76), (100, 100), (254, 254), (4000, 254)] {
            let longest = longest_address(usize::try_from(most.min(254)).expect("small")).expect("fits");
            assert_eq!(longest.len(), wanted, "{most}");
            let (local, domain) = longest.split_once('@').expect("an address");
            assert!(local.len() <= 64 && domain.split('.').all(|label| (1..=63).contains(&label.len())));
        }
        assert_eq!(longest_address(12), None);
        assert!(ibans().iter().all(|one| iban::is_valid(one.replace(' ', "").as_bytes())));
        assert!(ibans().iter().any(|one| one.len() == 32) && ibans().iter().any(|one| one.len() == 16));
        for (meaning, most) in [("phone", 15), ("postcode", 7), ("iban", 32), ("email", 60)] {
            let facts = facts(&format!("CREATE TABLE t (x varchar({most}) NOT NULL);\n"));
            let mut hints = Hints::default();
            hints.meanings.entry(facts.tables()[0].name.clone()).or_default().insert("x".to_owned(), meaning);
            let mut options = options(&[("t", 2000)], 5);
            options.edges = Some(Edges { share: 500_000 });
            let tables = crate::synth::schema::plan(&facts, &hints).expect("is a plan");
            let model = keys::build(&tables, &[], &options).expect("can be met");
            let made: std::collections::BTreeSet<Vec<u8>> =
                rows(&model, 0).into_iter().filter_map(|row| row[0].clone()).collect();
            assert!(made.iter().all(|value| value.len() <= most), "{meaning}");
            assert!(made.iter().any(|value| value.len() == most), "{meaning} has no longest");
        }
    }
}
