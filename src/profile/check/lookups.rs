//! `lookups:` names by which conditions call what another table says: of a Magento attribute number its code.
//!
//! Refuses a lookup without table, key and value, and one whose name is that of another.

use super::name::parts;
use super::words::{LOOKUP, shown};
use super::{Checker, Layer};
use crate::error::Message;
use crate::message;
use crate::profile::model::Lookup;
use crate::profile::tree::{Entry, Node, Word};

const EXAMPLE: &str =
    "write `attribute_code: {table: eav_attribute, key: attribute_id, value: attribute_code}`";
/// Most values written in a profile.
const MOST_VALUES: usize = 10_000;

impl<'a> Checker<'a> {
    /// Reads `lookups:`.
    pub(super) fn lookups(&mut self, nodes: &[Layer<&'a Node>]) {
        let maps = self.maps(nodes, "`lookups`");
        for Entry { key, value } in self.joined(&maps) {
            let lookup = self.lookup(key, value);
            self.profile.lookups.extend(lookup);
        }
    }

    fn lookup(&mut self, name: &'a Word, node: &'a Node) -> Option<Lookup> {
        let entries = self.map(node, "a lookup")?;
        let (mut table, mut key, mut value, mut by, mut values) = (None, None, None, None, Vec::new());
        for entry in entries {
            let word = entry.key.text.as_str();
            let place = match word {
                "table" => &mut table,
                "key" => &mut key,
                "value" => &mut value,
                "by" => &mut by,
                "values" => {
                    values = self.lookup_values(&entry.value)?;
                    continue;
                }
                _ => {
                    let what = message!("unknown key `{}` in a lookup", shown(word));
                    let hint = match self.near(word, LOOKUP.iter().copied()) {
                        Some(near) => message!("did you mean `{}`?", near),
                        None => message!("keys here: {}", super::listed(LOOKUP)),
                    };
                    self.error(entry.key.place, what, hint);
                    return None;
                }
            };
            *place = Some(self.word(&entry.value, "a lookup names a table and its columns", EXAMPLE)?);
        }
        let (Some(table), Some(key), Some(value)) = (table, key, value) else {
            let what = message!("the lookup `{}` needs `table`, `key` and `value`", shown(&name.text));
            self.error(name.place, what, EXAMPLE);
            return None;
        };
        let parts = match parts(&table.text) {
            Ok(parts) => parts,
            Err(fault) => {
                let what = message!("`{}` is no table name: {}", shown(&table.text), fault);
                self.error(table.place, what, Message::from(EXAMPLE));
                return None;
            }
        };
        Some(Lookup {
            name: name.text.clone(),
            schema: parts.schema,
            table: parts.table,
            key: key.text.clone(),
            value: value.text.clone(),
            by: by.unwrap_or(key).text.clone(),
            values,
            place: name.place,
        })
    }

    /// Reads what the lookup gives, where the profile itself says it.
    fn lookup_values(&mut self, node: &'a Node) -> Option<Vec<(String, String)>> {
        let entries = self.map(node, "`values`")?;
        if entries.len() > MOST_VALUES {
            self.error(
                node.place(),
                message!("more than {} values", MOST_VALUES),
                "leave `values:` out: a file is read first",
            );
            return None;
        }
        let mut values = Vec::with_capacity(entries.len());
        for Entry { key, value } in entries {
            let word = self.word(
                value,
                "`values` gives one text for each key",
                "write `values: {5: firstname, 7: lastname}`",
            )?;
            values.push((key.text.clone(), word.text.clone()));
        }
        Some(values)
    }
}
