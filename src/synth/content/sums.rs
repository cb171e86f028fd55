//! Amounts of a row that belong together, where no CHECK says so: tax of a net amount, the gross amount of both, the total of a
//! line, an age of a birth date. Told by the names of columns (English, Dutch, German, French). Where a part is NULL, or a sum
//! does not fit, a draw takes its place.

use super::goods::{says, words};
use super::{Generator, RowCx, Wanted};
use crate::row::civil;
use crate::row::shape::{ColumnFacts, TypeClass};
use crate::synth::seed::Draws;
use crate::synth::totals;

const NET: &[&str] = &["net", "netto", "excl", "exclusive", "ht"];
const GROSS: &[&str] = &["gross", "brutto", "bruto", "incl", "inclusive", "ttc"];
const TAX: &[&str] = &["vat", "btw", "mwst", "ust", "tva", "tax"];
const RATE: &[&str] =
    &["rate", "percent", "percentage", "satz", "prozent", "procent", "tarief", "pct", "taux"];
const TOTAL: &[&str] = &[
    "total",
    "totaal",
    "gesamt",
    "gesamtpreis",
    "regeltotaal",
    "subtotal",
    "subtotaal",
    "summe",
    "amount",
    "bedrag",
    "betrag",
    "montant",
];
const PRICE: &[&str] = &["price", "prijs", "preis", "prix", "einzelpreis", "stukprijs", "stueckpreis"];
const QUANTITY: &[&str] = &["quantity", "qty", "aantal", "menge", "quantite", "hoeveelheid", "anzahl"];
const DISCOUNT: &[&str] = &["discount", "korting", "rabatt", "remise"];

/// What a column is of others.
enum Sum {
    /// Net and tax.
    Gross {
        net: usize,
        tax: usize,
    },
    /// So many parts of a hundred: of a column, or in hundredths.
    Tax {
        net: usize,
        rate: Result<usize, i128>,
    },
    Line {
        price: usize,
        quantity: usize,
        discount: Option<usize>,
    },
    /// Whole years since a day.
    Age {
        born: usize,
        today: i64,
    },
}

struct Summed {
    sum: Sum,
    scale: u32,
    most: i128,
    reads: Vec<usize>,
    otherwise: Box<dyn Generator>,
}

/// Makes a column the sum that its name says; `otherwise` makes what cannot be summed.
pub(super) fn generator(wanted: &Wanted<'_>, otherwise: Box<dyn Generator>) -> Box<dyn Generator> {
    match sum(wanted).filter(|_| wanted.domain.is_free() && otherwise.reads().is_empty()) {
        None => otherwise,
        Some(sum) => {
            let scale = scale(wanted.column);
            let most = match &wanted.column.ty.class {
                TypeClass::Numeric { precision: Some(digits), .. } => {
                    10_i128.checked_pow((*digits).min(36)).unwrap_or(i128::MAX) - 1
                }
                class if class.is_integer() => i128::from(crate::synth::keys::largest(class)),
                _ => 10_i128.pow(30),
            };
            let reads = match &sum {
                Sum::Gross { net, tax } => vec![*net, *tax],
                Sum::Tax { net, rate } => rate.iter().copied().chain([*net]).collect(),
                Sum::Line { price, quantity, discount } => {
                    discount.iter().copied().chain([*price, *quantity]).collect()
                }
                Sum::Age { born, .. } => vec![*born],
            };
            Box::new(Summed { sum, scale, most, reads, otherwise })
        }
    }
}

fn scale(column: &ColumnFacts) -> u32 {
    match &column.ty.class {
        TypeClass::Numeric { scale, precision } => scale
            .and_then(|scale| u32::try_from(scale).ok())
            .unwrap_or(if precision.is_some() { 0 } else { 2 }),
        class if class.is_integer() => 0,
        _ => 2,
    }
}

fn sum(wanted: &Wanted<'_>) -> Option<Sum> {
    let own = words(&wanted.column.name);
    let number = |class: &TypeClass| {
        class.is_integer() || matches!(class, TypeClass::Numeric { .. } | TypeClass::Float { .. })
    };
    if !number(&wanted.column.ty.class) {
        return None;
    }
    let found = |is: &dyn Fn(&[String]) -> bool| {
        let mut found = wanted.columns.iter().enumerate().filter(|(_, column)| {
            number(&column.ty.class) && column.name != wanted.column.name && is(&words(&column.name))
        });
        let first = found.next().map(|(at, _)| at);
        first.filter(|_| found.next().is_none())
    };
    let tax =
        |words: &[String]| has(words, TAX) && !has(words, RATE) && !has(words, NET) && !has(words, GROSS);
    let net = |words: &[String]| has(words, NET) && !has(words, RATE);
    let rate = |words: &[String]| has(words, TAX) && has(words, RATE);
    if says(&own, &["age", "leeftijd", "alter"]) && wanted.column.ty.class.is_integer() {
        let born = wanted.meanings.iter().position(|meaning| *meaning == Some("birth_date"))?;
        return Some(Sum::Age { born, today: wanted.today() });
    }
    if tax(&own) {
        // German, Dutch, Belgian, French, British; elsewhere a tax is a tenth.
        let usual = match wanted.locale.get(3..) {
            Some("DE") => 1_900,
            Some("NL" | "BE") => 2_100,
            Some("FR" | "GB") => 2_000,
            _ => 1_000,
        };
        return Some(Sum::Tax { net: found(&net)?, rate: found(&rate).ok_or(usual) });
    }
    let total = has(&own, TOTAL) && !has(&own, RATE);
    let gross = wanted.columns.iter().any(|column| has(&words(&column.name), GROSS));
    if (has(&own, GROSS) || total && !gross)
        && !net(&own)
        && let (Some(net), Some(tax)) = (found(&net), found(&tax))
    {
        return Some(Sum::Gross { net, tax });
    }
    let price = |words: &[String]| has(words, PRICE) && !has(words, TOTAL);
    let quantity = |words: &[String]| has(words, QUANTITY);
    let discount = |words: &[String]| has(words, DISCOUNT) && has(words, RATE);
    if total && !has(&own, DISCOUNT) && !has(&own, TAX) {
        return Some(Sum::Line {
            price: found(&price)?,
            quantity: found(&quantity)?,
            discount: found(&discount),
        });
    }
    None
}

/// Says whether one of the words is of a list.
fn has(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// Divides, half away from zero; what is divided is no less than zero.
fn rounded(number: i128, by: i128) -> i128 {
    (number + by / 2) / by
}

impl Summed {
    fn units(&self, cx: &RowCx<'_>) -> Option<i128> {
        // To four digits more than the column has.
        let fine = self.scale + 4;
        let value = |at: usize, scale: u32| totals::units(cx.made.get(at)?, scale);
        match &self.sum {
            Sum::Gross { net, tax } => Some(value(*net, self.scale)? + value(*tax, self.scale)?),
            Sum::Tax { net, rate } => {
                let rate = match rate {
                    Ok(at) => value(*at, 2)?,
                    Err(usual) => *usual,
                };
                Some(rounded(value(*net, self.scale)?.checked_mul(rate)?, 10_000))
            }
            Sum::Line { price, quantity, discount } => {
                let left = match discount.filter(|at| cx.made.get(*at).is_some()) {
                    Some(at) => 10_000 - value(at, 2)?,
                    None => 10_000,
                };
                let whole = value(*price, fine)?.checked_mul(value(*quantity, 4)?)?.checked_mul(left)?;
                Some(rounded(whole, 10_i128.pow(12)))
            }
            Sum::Age { born, today } => {
                let (then, now) =
                    (civil::from_days(civil::read(cx.made.get(*born)?)?), civil::from_days(*today));
                let years = now.0 - then.0 - i64::from((now.1, now.2) < (then.1, then.2));
                Some(i128::from(years))
            }
        }
    }
}

impl Generator for Summed {
    fn make(&self, cx: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        match self.units(cx).filter(|units| (0..=self.most).contains(units)) {
            Some(units) => {
                totals::write(units, self.scale, out);
                true
            }
            None => self.otherwise.make(cx, draws, out),
        }
    }

    fn reads(&self) -> &[usize] {
        &self.reads
    }
}

#[cfg(test)]
mod tests {
    use crate::synth::maker::Maker;
    use crate::synth::schema::Hints;
    use crate::synth::testing::{facts, hinted};

    /// Makes rows of the first table of a schema; numbers are read of all that is one.
    fn rows(sql: &str, hints: Hints) -> Vec<Vec<Option<String>>> {
        let facts = facts(sql);
        let model = hinted(&facts, &[("t", 300)], 5, hints).expect("can be met");
        let at = model.tables.iter().position(|table| table.name.table == "t").expect("is there");
        let mut maker = Maker::new(&model, at).expect("is there");
        let text = |value: Option<&[u8]>| value.map(|value| String::from_utf8(value.to_vec()).expect("text"));
        (0..300).map(|row| maker.row(row).expect("is made").iter().map(text).collect()).collect()
    }

    fn cents(value: Option<&String>) -> i128 {
        crate::synth::totals::units(value.expect("a value").as_bytes(), 2).expect("a number")
    }

    #[test]
    fn amounts_of_a_row_belong_together() {
        let sql = "CREATE TABLE t (netto numeric(10,2) NOT NULL, mwst_satz numeric(4,2) NOT NULL, mwst numeric(10,2) NOT NULL, \
            brutto numeric(10,2) NOT NULL, menge numeric(8,2) NOT NULL, einzelpreis numeric(10,2) NOT NULL, \
            rabatt_prozent numeric(4,1) NOT NULL, gesamt numeric(10,2) NOT NULL);\n";
        for row in rows(sql, Hints::default()) {
            let of = |at: usize| cents(row[at].as_ref());
            assert_eq!(of(2), (of(0) * of(1) + 5_000) / 10_000, "{row:?}");
            assert_eq!(of(3), of(0) + of(2), "{row:?}");
            let line = of(4) * of(5) * (10_000 - of(6));
            assert!((of(7) * 1_000_000 - line).abs() <= 1_000_000, "{row:?}");
        }
    }

    #[test]
    fn an_age_follows_from_the_birth_date() {
        let sql = "CREATE TABLE t (born date NOT NULL, age integer NOT NULL);\n";
        let mut hints = Hints::default();
        let name = facts(sql).tables()[0].name.clone();
        hints.meanings.entry(name).or_default().insert("born".to_owned(), "birth_date");
        for row in rows(sql, hints) {
            let born: i64 = row[0].as_ref().and_then(|day| day[..4].parse().ok()).expect("a year");
            let age: i64 = row[1].as_ref().and_then(|age| age.parse().ok()).expect("a number");
            assert!((2025 - born..=2026 - born).contains(&age), "{row:?}");
        }
    }

    /// Later moments come behind earlier ones, whichever way they are written, and in other languages.
    #[test]
    fn later_moments_are_later_as_text_and_as_numbers() {
        for (first, last) in [
            ("created_at text", "updated_at text"),
            ("created_at bigint", "updated_at bigint"),
            ("created_at_ms bigint", "updated_at_ms bigint"),
            ("gemaakt_op varchar(19)", "gewijzigd_op varchar(19)"),
            ("aangemaakt timestamp", "bijgewerkt timestamp"),
            ("erstellt_am timestamp", "geaendert_am timestamp"),
            ("cree_le timestamp", "modifie_le timestamp"),
            ("factuurdatum date", "vervaldatum date"),
            ("in_dienst date", "uit_dienst date"),
            ("opens time", "closes time"),
        ] {
            let sql = format!("CREATE TABLE t ({last} NOT NULL, {first} NOT NULL);\n");
            for row in rows(&sql, Hints::default()) {
                let (last, first) = (row[0].as_ref().expect("a value"), row[1].as_ref().expect("a value"));
                assert!((first.len(), first) < (last.len(), last), "{sql}: {row:?}");
                assert!(first.len() >= 8, "{sql}: {row:?}");
            }
        }
    }

    #[test]
    fn teachers_are_not_called_as_their_school() {
        let sql = "CREATE TABLE schools (id serial PRIMARY KEY, name varchar(60) NOT NULL);\n\
            CREATE TABLE t (id serial PRIMARY KEY, school_id integer NOT NULL REFERENCES schools, first_name text NOT NULL, \
            last_name text NOT NULL, birth_date date NOT NULL);\n";
        let mut hints = Hints::default();
        let facts = facts(sql);
        for (table, column, word) in [
            (0, "name", "full_name"),
            (1, "first_name", "first_name"),
            (1, "last_name", "last_name"),
            (1, "birth_date", "birth_date"),
        ] {
            let name = facts.tables()[table].name.clone();
            hints.meanings.entry(name).or_default().insert(column.to_owned(), word);
        }
        let names: std::collections::BTreeSet<String> =
            rows(sql, hints).iter().map(|row| format!("{:?} {:?}", row[2], row[3])).collect();
        assert!(names.len() > 200, "{}", names.len());
    }
}
