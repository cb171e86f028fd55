//! `count:` of a table: how many rows `generate` makes. A number, or so many a row of another table. `popularity:`: which of
//! the other's rows get most of them, by column of a foreign key.
//!
//! `mask` takes no notice of them. Refuses a share whose mean lies outside of its bounds, and what is no exponent.

use super::Checker;
use super::words::shown;
use crate::message;
use crate::profile::model::{Count, Popularity};
use crate::profile::tree::{Entry, Node, Word};

/// What a map says.
#[derive(Default)]
struct Said {
    per: Option<String>,
    between: Option<(u64, u64)>,
    mean: Option<u64>,
}

const HINT: &str = "write `count: 10000`, or `count: {per: customers, between: [0, 8], mean: 1.3}`";

const POPULARITY: &str =
    "write `popularity: {product_id: 1.1}`; 0 is all alike, 1 the second half as often as the first";

impl<'a> Checker<'a> {
    /// Reads `popularity:`.
    pub(super) fn popularity(&mut self, node: &'a Node) -> Option<Vec<Popularity>> {
        let Node::Map(entries, _) = node else {
            if !matches!(node, Node::Refused(_)) {
                let what = "`popularity` is a map of columns to exponents";
                self.error(node.place(), what, POPULARITY);
            }
            return None;
        };
        let mut found = Vec::with_capacity(entries.len());
        for Entry { key, value } in entries {
            let thousandths = if let Node::Scalar(word) = value { thousandths(&word.text) } else { None };
            let Some(thousandths) = thousandths.and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= 10_000)
            else {
                let what = message!("the popularity of `{}` is no number from 0 to 10", shown(&key.text));
                self.error(value.place(), what, POPULARITY);
                return None;
            };
            let exponent = f64::from(thousandths) / 1000.0;
            found.push(Popularity { column: key.text.clone(), exponent, place: key.place });
        }
        Some(found)
    }

    /// Reads `count:`.
    pub(super) fn count(&mut self, key: &'a Word, node: &'a Node) -> Option<Count> {
        let rows = |word: &Word| word.integer().and_then(|number| u64::try_from(number).ok());
        let entries = match node {
            Node::Refused(_) => return None,
            Node::Map(entries, _) => entries,
            Node::Scalar(word) => {
                if let Some(rows) = rows(word) {
                    return Some(Count::Rows(rows));
                }
                self.error(
                    word.place,
                    "`count` is a number of rows, or so many a row of another table",
                    HINT,
                );
                return None;
            }
            Node::List(..) => {
                self.error(
                    node.place(),
                    "`count` is a number of rows, or so many a row of another table",
                    HINT,
                );
                return None;
            }
        };
        let mut said = Said::default();
        for Entry { key, value } in entries {
            match (key.text.as_str(), value) {
                ("per", Node::Scalar(word)) if !word.text.is_empty() => said.per = Some(word.text.clone()),
                ("between", Node::List(items, _)) => {
                    let bounds: Vec<u64> = items
                        .iter()
                        .filter_map(|item| if let Node::Scalar(word) = item { rows(word) } else { None })
                        .collect();
                    said.between = match bounds.as_slice() {
                        [least, most] if least <= most && items.len() == 2 => Some((*least, *most)),
                        _ => {
                            self.error(value.place(), "`between` is the least and the most, `[0, 8]`", HINT);
                            return None;
                        }
                    };
                }
                ("mean", Node::Scalar(word)) => {
                    said.mean = thousandths(&word.text);
                    if said.mean.is_none() {
                        self.error(word.place, "`mean` is a number of at most three decimals", HINT);
                        return None;
                    }
                }
                _ => {
                    let what = message!("`{}` is not understood in `count`", shown(&key.text));
                    self.error(key.place, what, HINT);
                    return None;
                }
            }
        }
        let (Some(per), Some((least, most))) = (said.per, said.between) else {
            self.error(key.place, "`count` needs `per` and `between`", HINT);
            return None;
        };
        let middle = least.saturating_add(most).saturating_mul(500);
        let mean = said.mean.unwrap_or(middle);
        if !(least.saturating_mul(1000)..=most.saturating_mul(1000)).contains(&mean) {
            self.error(key.place, "`mean` lies outside of `between`", HINT);
            return None;
        }
        Some(Count::Per { table: per, least, most, thousandths: mean })
    }
}

/// Reads a number of at most three decimals, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > 3 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u64 = format!("{part:0<3}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn means_are_read_exactly() {
        assert_eq!(["1", "1.3", "0.125", "12.05"].map(thousandths), [1000, 1300, 125, 12_050].map(Some));
        assert_eq!(["", "1.2345", "-1", "1e3", ".5"].map(thousandths), [None; 5]);
    }
}
