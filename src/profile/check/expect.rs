//! `expect:`: tests inside a profile: what must come of a table or column, whatever the rules say. `check` runs them, and
//! `mask` stops where one does not hold.
//!
//! Refuses outcomes that no plan can have, and names with more parts than schema, table and column.

use super::name::dotted;
use super::words::shown;
use super::{Checker, Layer, listed};
use crate::message;
use crate::profile::model::{DEMANDS, Demand, Expectation, NamePart};
use crate::profile::tree::{Entry, Node, Word};

impl<'a> Checker<'a> {
    /// Reads `expect:`; of a name that several texts have, the strongest text counts.
    pub(super) fn expect(&mut self, nodes: &[Layer<&'a Node>]) {
        let maps = self.maps(nodes, "`expect`");
        for Entry { key, value } in self.joined(&maps) {
            let (name, demand) = (self.expected_name(key), self.demand(value));
            let (Some([schema, table, column]), Some((demand, said))) = (name, demand) else { continue };
            let Some(table) = table else { continue };
            let optional = key.place.file != 0;
            let place = key.place;
            self.profile.expect.push(Expectation { schema, table, column, demand, said, optional, place });
        }
    }

    /// Returns schema, table and column.
    fn expected_name(&mut self, key: &Word) -> Option<[Option<NamePart>; 3]> {
        let hint = "write `table`, `table.column` or `schema.table.column`; `schema.table.*` is a whole table of a schema";
        let parts = match dotted(&key.text) {
            Ok(parts) => parts,
            Err(fault) => {
                let what = message!("`{}` is no name of a table or column: {}", shown(&key.text), fault);
                self.error(key.place, what, hint);
                return None;
            }
        };
        let mut parts = parts.into_iter().map(|(text, quoted)| NamePart { text, quoted }).collect::<Vec<_>>();
        if parts.len() > 3 {
            let what =
                message!("`{}` is no name of a table or column: it has too many dots", shown(&key.text));
            self.error(key.place, what, hint);
            return None;
        }
        let column = if parts.len() > 1 { parts.pop() } else { None };
        let table = parts.pop();
        Some([parts.pop(), table, column])
    }

    fn demand(&mut self, node: &'a Node) -> Option<(Demand, String)> {
        let words: Vec<&'static str> = DEMANDS.iter().map(|(word, _)| *word).collect();
        let hint = message!("write one of {}, a technique, or `entity.attribute`", listed(&words));
        let word = self.word(node, "`expect` says what must come of it, in one word", hint.clone())?;
        let said = word.text.clone();
        if let Some((_, demand)) = DEMANDS.iter().find(|(name, _)| *name == said) {
            return Some((*demand, said));
        }
        if said == "keep" {
            return Some((Demand::Kept, said));
        }
        if let Some(spec) = self.techniques.iter().copied().find(|spec| spec.name == said) {
            return Some((Demand::Technique(spec), said));
        }
        if said.contains('.') {
            let (entity, attribute) = self.reference(word)?;
            return Some((Demand::Attribute(entity, attribute), said));
        }
        let known = words.iter().copied().chain(self.techniques.iter().map(|spec| spec.name));
        let hint = match self.near(&said, known) {
            Some(near) => message!("did you mean `{}`?", near),
            None => hint,
        };
        self.error(
            word.place,
            message!("nothing can come of a column that is called `{}`", shown(&said)),
            hint,
        );
        None
    }
}
