//! Totals that are the sum of their lines: an order's amount is what its lines come to, whichever of them is made first.
//!
//! Found by names, in English, Dutch, German and French: a decimal called total in a table that owns rows with a quantity and
//! a price, or with an amount of their own. Sums are exact, in the smallest unit of the total's scale. What is not surely
//! such a pair is left as it was.

use super::link::Way;
use super::model::{Model, Role, Table};
use crate::mask::decimal::Decimal;
use crate::row::shape::TypeClass;

/// A column that is a sum over the rows that a row owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The table whose rows are summed.
    pub child: usize,
    /// Its link to this table.
    pub link: usize,
    /// The column that counts; `None` = 1.
    pub quantity: Option<usize>,
    /// The column that is summed, times the quantity.
    pub amount: usize,
    /// Digits behind the point of the total.
    pub scale: u32,
}

const TOTALS: &[&str] = &["total", "totaal", "gesamt", "summe", "subtotal", "subtotaal", "zwischensumme"];
const QUANTITIES: &[&str] = &["quantity", "qty", "aantal", "menge", "anzahl", "quantite", "pieces", "stuks"];
const PRICES: &[&str] = &["price", "prijs", "stukprijs", "preis", "einzelpreis", "prix", "unitprice"];
const AMOUNTS: &[&str] = &["amount", "bedrag", "betrag", "montant"];

fn words(name: &str) -> Vec<String> {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn says(name: &str, list: &[&str]) -> bool {
    words(name).iter().any(|word| list.contains(&word.as_str()))
}

/// Finds the totals of a model and makes them sums, but for columns that a profile decides (`ruled`, by table and column).
pub fn settle(model: &mut Model, ruled: &dyn Fn(usize, usize) -> bool) {
    let mut found: Vec<(usize, usize, Total)> = Vec::new();
    for (at, table) in model.tables.iter().enumerate() {
        for (column, facts) in table.shape.columns.iter().enumerate() {
            let TypeClass::Numeric { scale: Some(scale), .. } = facts.ty.class else { continue };
            let free = matches!(table.roles.get(column), Some(Role::Value { .. }));
            let Some(scale) = u32::try_from(scale).ok().filter(|scale| *scale <= 6) else { continue };
            if !free || !says(&facts.name, TOTALS) || ruled(at, column) {
                continue;
            }
            if let Some(total) =
                model.tables.iter().enumerate().find_map(|(child, of)| lines(child, of, at, scale))
            {
                found.push((at, column, total));
            }
        }
    }
    for (at, column, total) in found {
        if let Some(role) = model.tables.get_mut(at).and_then(|table| table.roles.get_mut(column)) {
            *role = Role::Total(total);
        }
    }
}

/// Says how the rows of a table are summed for the rows of another that owns them.
fn lines(child: usize, table: &Table, parent: usize, scale: u32) -> Option<Total> {
    let link = table.owner.filter(|owner| {
        table.links.get(*owner).is_some_and(|link| link.target == parent && matches!(link.way, Way::Owned(_)))
    })?;
    let drawn = |at: usize| match table.roles.get(at) {
        Some(Role::Value { generator, nulls: 0, .. }) => generator.reads().is_empty(),
        _ => false,
    };
    let column = |list: &[&str], fits: &dyn Fn(&TypeClass) -> bool| {
        let columns = table.shape.columns.iter().enumerate();
        let mut named = columns.filter(|(at, c)| says(&c.name, list) && fits(&c.ty.class) && drawn(*at));
        let first = named.next().map(|(at, _)| at);
        // Two prices, or two amounts: which one counts is not known.
        first.filter(|_| named.next().is_none())
    };
    let decimal = |class: &TypeClass| matches!(class, TypeClass::Numeric { scale: Some(s), .. } if u32::try_from(*s).is_ok_and(|s| s <= scale));
    let whole = |class: &TypeClass| {
        class.is_integer() || matches!(class, TypeClass::Numeric { scale: None | Some(0), .. })
    };
    let quantity = column(QUANTITIES, &whole);
    let price = column(PRICES, &decimal);
    match (quantity, price) {
        (Some(_), Some(amount)) => Some(Total { child, link, quantity, amount, scale }),
        _ => column(AMOUNTS, &decimal).map(|amount| Total { child, link, quantity: None, amount, scale }),
    }
}

/// Reads a decimal in the smallest units of a scale; `None` where that does not hold all its digits.
#[must_use]
pub fn units(text: &[u8], scale: u32) -> Option<i128> {
    Decimal::parse(text)?.exact_at(scale)
}

/// Appends a number of smallest units as a decimal.
pub fn write(units: i128, scale: u32, out: &mut Vec<u8>) {
    Decimal { units, scale }.append(out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::maker::Maker;
    use crate::synth::testing::{facts, model};

    #[test]
    fn decimals_are_read_and_written_exactly() {
        for (text, scale, expected) in [
            ("12.5", 2, Some(1250)),
            ("-0.05", 2, Some(-5)),
            ("7", 0, Some(7)),
            ("1.234", 2, None),
            ("x", 1, None),
        ] {
            assert_eq!(units(text.as_bytes(), scale), expected, "{text}");
        }
        let mut out = Vec::new();
        write(-5, 2, &mut out);
        write(1250, 3, &mut out);
        assert_eq!(out, b"-0.051.250");
    }

    #[test]
    fn a_total_is_the_sum_of_its_lines() {
        let facts = facts(
            "CREATE TABLE orders (id serial PRIMARY KEY, total numeric(12,2) NOT NULL);\n\
             CREATE TABLE lines (order_id int NOT NULL REFERENCES orders, line_no int NOT NULL, quantity int NOT NULL,\n\
             unit_price numeric(8,2) NOT NULL, PRIMARY KEY (order_id, line_no));\n",
        );
        let model = model(&facts, &[], 5).expect("can be met");
        let text = |value: Option<&[u8]>| String::from_utf8(value.expect("is there").to_vec()).expect("text");
        let mut sums = vec![0_i128; usize::try_from(model.tables[0].rows).expect("small")];
        let mut maker = Maker::new(&model, 1).expect("is there");
        for row in 0..model.tables[1].rows {
            let fields = maker.row(row).expect("is made");
            let [order, _, quantity, price] = [0, 1, 2, 3].map(|at| text(fields.get(at)));
            let place: usize = order.parse::<usize>().expect("a number") - 1;
            sums[place] +=
                quantity.parse::<i128>().expect("a number") * units(price.as_bytes(), 2).expect("a price");
        }
        let mut maker = Maker::new(&model, 0).expect("is there");
        for (row, sum) in sums.iter().enumerate() {
            let fields = maker.row(u64::try_from(row).expect("small")).expect("is made");
            assert_eq!(units(text(fields.get(1)).as_bytes(), 2), Some(*sum));
        }
        assert!(sums.iter().any(|sum| *sum > 0));
    }
}
