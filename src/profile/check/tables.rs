//! `tables:`: which table, and what happens to its columns.
//!
//! Refuses a table that says nothing or two things at once, one table under two names, a column that is both kept and
//! masked, and `like:` that leads back to itself.

use std::collections::HashMap;

use super::name::{Parts, parts};
use super::words::{self, Spot, shown};
use super::{Checker, Layer};
use crate::error::Message;
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::glob::Glob;
use crate::profile::model::{Column, ColumnRule, Place, Sensitive, Table, TableBody};
use crate::profile::tree::{Entry, Node, Word};

/// The tables as listed: name as written and its parts, where they could be read.
#[derive(Default)]
struct Listed<'a> {
    names: Vec<(&'a Word, Option<Parts>)>,
    /// Text and full parts to index.
    index: HashMap<(u32, Parts), usize>,
    /// Text and name in lower case to index; `None` where several tables have it.
    folded: HashMap<(u32, String), Option<usize>>,
}

impl<'a> Listed<'a> {
    /// Returns the table of that name in one text: as written; failing that, ignoring case if one matches.
    fn find(&self, file: u32, name: &str) -> Option<usize> {
        let exact = parts(name).ok().and_then(|parts| self.index.get(&(file, parts.full())));
        exact.copied().or_else(|| self.folded.get(&(file, name.to_lowercase())).copied().flatten())
    }

    fn add(&mut self, key: &'a Word, parts: Option<Parts>) {
        let (file, index) = (key.place.file, self.names.len());
        let lower = key.text.to_lowercase();
        self.folded.entry((file, lower)).and_modify(|one| *one = None).or_insert(Some(index));
        if let Some(parts) = &parts {
            self.index.entry((file, parts.full())).or_insert(index);
        }
        self.names.push((key, parts));
    }
}

/// The keys of one table.
#[derive(Default)]
struct Body<'a> {
    columns: Option<(&'a Word, &'a Node)>,
    keep: Option<(&'a Word, &'a Node)>,
    why: Option<(&'a Word, &'a Node)>,
    like: Option<(&'a Word, &'a Node)>,
    empty: Option<(&'a Word, &'a Node)>,
    quasi: Option<(&'a Word, &'a Node)>,
    keep_rows: Option<(&'a Word, &'a Node)>,
    insert: Option<(&'a Word, &'a Node)>,
    optional: bool,
    count: Option<(&'a Word, &'a Node)>,
    popularity: Option<(&'a Word, &'a Node)>,
}

impl<'a> Checker<'a> {
    /// Reads `tables:`: the entries of all texts, each with the level of its text.
    pub(super) fn tables(&mut self, nodes: &[Layer<&'a Node>]) {
        let maps = self.maps(nodes, "`tables`");
        let mut tables = Listed::default();
        for Entry { key, .. } in maps.iter().flat_map(|map| map.is) {
            let parts = self.table_name(key);
            let full = parts.as_ref().map(|parts| (key.place.file, parts.full()));
            let first = full.and_then(|full| tables.index.get(&full)).and_then(|i| tables.names.get(*i));
            if let Some((first, _)) = first {
                let what = message!("`{}` and `{}` are one table", shown(&first.text), shown(&key.text));
                let hint = message!("the first is on line {}: keep one of them", first.place.line);
                self.found(Finding::SaidTwice, key.place, what, hint);
            }
            tables.add(key, parts);
        }
        let mut likes: Vec<Option<usize>> = Vec::with_capacity(tables.names.len());
        let entries = maps.iter().flat_map(|map| map.is.iter().map(|entry| (map.level, entry)));
        for ((level, entry), (_, parts)) in entries.zip(&tables.names) {
            let table = self.table(&tables, entry, parts.as_ref());
            likes.push(match table.as_ref().map(|table| &table.body) {
                Some(TableBody::Like(target)) => Some(*target),
                _ => None,
            });
            // Names of a pack need not be there.
            self.profile.tables.extend(table.map(|table| Table {
                level,
                optional: table.optional || level > 0,
                ..table
            }));
        }
        self.lost |= self.profile.tables.len() != tables.names.len();
        self.like_circles(&tables, &likes);
    }

    /// Reads a table's name, which may be a pattern.
    fn table_name(&mut self, key: &'a Word) -> Option<Parts> {
        match parts(&key.text) {
            Ok(parts)
                if is_pattern(&key.text) && parts.database.as_deref().is_some_and(|d| d.contains('*')) =>
            {
                let what = message!("`{}`: a database has no `*`", shown(&key.text));
                self.error(key.place, what, "leave the part before the colon out: that is every database");
                None
            }
            Ok(parts) => Some(parts),
            Err(fault) => {
                let what = message!("`{}` is no table name: {}", shown(&key.text), fault);
                let hint = "write `table`, `schema.table` or `database:schema.table`; a name that holds a dot or colon \
                            goes in double quotes inside single ones: '\"my.table\"'";
                self.error(key.place, what, hint);
                None
            }
        }
    }

    fn table(&mut self, tables: &Listed<'a>, entry: &'a Entry, parts: Option<&Parts>) -> Option<Table> {
        let Entry { key, value } = entry;
        let body = self.body(key, value)?;
        let keys: Vec<&Word> = [body.columns.or(body.keep), body.like, body.empty]
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
            .collect();
        if let [first, second, ..] = keys.as_slice() {
            let what = message!("`{}` beside `{}`", shown(&second.text), shown(&first.text));
            self.error(
                second.place,
                what,
                "a table has its own columns, is like another, or is emptied: choose one",
            );
        }
        let keep_rows = body.keep_rows.map(|(_, node)| self.condition(node));
        self.lost |= matches!(keep_rows, Some(None));
        let quasi =
            body.quasi.and_then(|(_, node)| self.names("quasi_identifiers", node)).unwrap_or_default();
        let content = if let Some((_, node)) = body.like {
            self.only_with_columns(&body);
            self.like(tables, key, node).map(TableBody::Like)
        } else if let Some((empty, node)) = body.empty {
            self.only_with_columns(&body);
            self.empty_reason(empty, node).map(|reason| TableBody::Empty { reason })
        } else if body.columns.is_some() || body.keep.is_some() {
            let (columns, names) = self.columns(key, &body);
            self.quasi_identifiers(&quasi, &names);
            Some(TableBody::Columns(columns))
        } else if body.count.or(body.popularity).is_some() {
            Some(TableBody::Columns(Vec::new()))
        } else {
            self.says_nothing(key, &body);
            None
        };
        let pattern = is_pattern(&key.text);
        let insert = body.insert.map(|(key, node)| self.insert(pattern, key, node)).unwrap_or_default();
        let count = body.count.map(|(key, node)| self.count(key, node));
        self.lost |= matches!(count, Some(None));
        let popularity = body.popularity.map(|(_, node)| self.popularity(node));
        self.lost |= matches!(popularity, Some(None));
        let parts = parts?;
        Some(Table {
            database: parts.database.clone(),
            schema: parts.schema.clone(),
            table: parts.table.clone(),
            body: content?,
            quasi_identifiers: quasi.into_iter().map(|word| word.text.clone()).collect(),
            keep_rows: keep_rows.flatten(),
            insert,
            optional: body.optional,
            count: count.flatten(),
            popularity: popularity.flatten().unwrap_or_default(),
            pattern,
            level: 0,
            place: key.place,
        })
    }

    /// Sorts the keys of a table.
    fn body(&mut self, name: &'a Word, node: &'a Node) -> Option<Body<'a>> {
        let entries = match node {
            Node::Map(entries, _) => entries,
            Node::Refused(_) => return None,
            Node::Scalar(word) if !word.is_null() => {
                let what = message!("the table `{}` needs its columns, not one word", shown(&name.text));
                let hint = message!("to drop its rows write `{}: {{empty: \"why\"}}`", shown(&name.text));
                self.error(word.place, what, hint);
                return None;
            }
            other => {
                let what = message!("the table `{}` says nothing", shown(&name.text));
                self.error(
                    other.place(),
                    what,
                    "give it `columns:`, or `keep:` and `why:`, or `like:`, or `empty:`",
                );
                return None;
            }
        };
        let mut body = Body::default();
        for Entry { key, value } in entries {
            let pair = Some((key, value));
            match key.text.as_str() {
                "columns" => body.columns = pair,
                "keep" => body.keep = pair,
                "why" => body.why = pair,
                "like" => body.like = pair,
                "empty" => body.empty = pair,
                "quasi_identifiers" => body.quasi = pair,
                "keep_rows" => body.keep_rows = pair,
                "insert" => body.insert = pair,
                "count" => body.count = pair,
                "popularity" => body.popularity = pair,
                "optional" => body.optional = self.boolean(key, value).unwrap_or_default(),
                _ => self.unknown(
                    Spot::Table,
                    key,
                    words::TABLE,
                    message!("in the table `{}`", shown(&name.text)),
                ),
            }
        }
        Some(body)
    }

    fn says_nothing(&mut self, name: &Word, body: &Body<'a>) {
        if let Some((why, _)) = body.why {
            return self.error(why.place, "`why` without `keep`", "add `keep: [column]`, or remove `why`");
        }
        let what = message!("the table `{}` says nothing about its columns", shown(&name.text));
        self.error(name.place, what, "give it `columns:`, or `keep:` and `why:`, or `like:`, or `empty:`");
    }

    fn only_with_columns(&mut self, body: &Body<'a>) {
        let rows = body.keep_rows.filter(|_| body.empty.is_some());
        for (key, _) in [body.why.filter(|_| body.keep.is_none()), body.quasi, rows].into_iter().flatten() {
            let what = message!("`{}` belongs to a table with columns of its own", shown(&key.text));
            self.error(key.place, what, "remove it here");
        }
    }

    fn empty_reason(&mut self, key: &'a Word, node: &'a Node) -> Option<String> {
        let hint = "write `empty: \"why no row is needed\"`";
        if let Node::Scalar(word) = node
            && word.boolean().is_some()
        {
            self.error(key.place, "`empty` says why the rows are dropped", hint);
            return None;
        }
        let word = self.word(node, "`empty` says why the rows are dropped", hint)?;
        // A name of `reasons:` stands for its text.
        let Some(index) = self.reasons.get(word.text.as_str()).copied() else {
            return Some(word.text.trim().to_owned());
        };
        if let Some(used) = self.used.get_mut(index) {
            *used = true;
        }
        self.profile.reasons.get(index).map(|reason| reason.text.clone())
    }

    /// Reads `columns:`, `keep:` and `why:`; the names too of columns whose rules could not be read.
    fn columns(&mut self, table: &'a Word, body: &Body<'a>) -> (Vec<Column>, HashMap<&'a str, Place>) {
        let mut columns = Vec::new();
        let mut names: HashMap<&'a str, Place> = HashMap::new();
        let mut deciding: Vec<&'a Word> = Vec::new();
        let entries = match body.columns {
            Some((_, Node::Map(entries, _))) => entries.as_slice(),
            Some((_, node)) => self.map(node, "`columns`").unwrap_or_default(),
            None => &[],
        };
        for Entry { key, value } in entries {
            names.insert(&key.text, key.place);
            let rule = self.rule(key, value);
            if !self.column_name(key) {
                continue;
            }
            let Some(rule) = rule.and_then(|parsed| self.column_rule(key, parsed, &mut deciding)) else {
                continue;
            };
            let pattern = key.text.contains('*');
            columns.push(Column { name: key.text.clone(), rule, pattern, place: key.place });
        }
        let kept = body.keep.map(|keep| self.kept(table, keep, body.why)).unwrap_or_default();
        if let (None, Some((why, _))) = (body.keep, body.why) {
            self.error(why.place, "`why` without `keep`", "add `keep: [column]`, or remove `why`");
        }
        for (word, reason) in kept {
            if let Some(place) = names.get(word.text.as_str()) {
                let what = message!("`{}` is both kept and under `columns`", shown(&word.text));
                let hint = message!("its rule is on line {}: keep one of them", place.line);
                self.error(word.place, what, hint);
            } else if self.column_name(word) {
                names.insert(&word.text, word.place);
                let rule = ColumnRule::Keep { reason, sensitive: Sensitive::default() };
                let pattern = word.text.contains('*');
                columns.push(Column { name: word.text.clone(), rule, pattern, place: word.place });
            }
        }
        self.lost |= columns.len() != names.len();
        self.deciding(&names, &deciding);
        columns.sort_by_key(|column| column.place);
        (columns, names)
    }

    fn column_name(&mut self, name: &Word) -> bool {
        if name.text.is_empty() {
            self.error(name.place, "a column without a name", "write `column: suppress`");
            return false;
        }
        true
    }

    /// Reads `keep:` with its `why:`; columns with the index of the reason.
    fn kept(
        &mut self,
        table: &Word,
        (key, node): (&'a Word, &'a Node),
        why: Option<(&'a Word, &'a Node)>,
    ) -> Vec<(&'a Word, usize)> {
        let names = self.names("keep", node).unwrap_or_default();
        for name in &names {
            self.refuse_secret(name);
        }
        let reason = match why {
            Some((_, node)) => self.reason(node, "why"),
            None => {
                let what = message!("the table `{}` keeps columns and does not say why", shown(&table.text));
                let hint = match self.profile.reasons.as_slice() {
                    [] => "add `why: workflow`, and `workflow: \"why it is needed\"` under `reasons:`".into(),
                    [first, ..] => message!("add `why: {}`, or another of `reasons`", shown(&first.name)),
                };
                self.error(key.place, what, hint);
                None
            }
        };
        // Without a reason an error was said; the names still count for what follows.
        names.into_iter().map(|name| (name, reason.unwrap_or_default())).collect()
    }

    /// Warns of a `by:` that names no listed column but nearly one; the schema decides in the end.
    fn deciding(&mut self, names: &HashMap<&'a str, Place>, words: &[&'a Word]) {
        for word in words {
            if !has_rule(names, &word.text)
                && let Some(near) = self.near(&word.text, in_order(names))
            {
                let what = message!("`by` names `{}`, which has no rule in this table", shown(&word.text));
                self.warn(Finding::WrongBy, word.place, what, message!("did you mean `{}`?", near));
            }
        }
    }

    fn quasi_identifiers(&mut self, words: &[&'a Word], names: &HashMap<&'a str, Place>) {
        for word in words {
            if !has_rule(names, &word.text) {
                let what = message!(
                    "`quasi_identifiers` names `{}`, which has no rule in this table",
                    shown(&word.text)
                );
                let hint = match self.near(&word.text, in_order(names)) {
                    Some(near) => message!("did you mean `{}`?", near),
                    None => {
                        "give it a rule under `columns:`; figures on the residual risk count this list".into()
                    }
                };
                // Whether the table has it, the schema says.
                self.warn(Finding::UnknownColumn, word.place, what, hint);
            }
        }
    }

    /// Returns the index of the table that `like:` names.
    fn like(&mut self, tables: &Listed<'a>, own: &Word, node: &'a Node) -> Option<usize> {
        let word =
            self.word(node, "`like` names another table of this profile", "write `like: customers`")?;
        // The text's own tables first, then those of all texts, the strongest first.
        let files = tables.names.iter().map(|(name, _)| name.place.file);
        let index =
            std::iter::once(own.place.file).chain(files).find_map(|file| tables.find(file, &word.text));
        if index.is_none() {
            let others =
                tables.names.iter().map(|(name, _)| name.text.as_str()).filter(|name| *name != own.text);
            let hint: Message = match self.near(&word.text, others) {
                Some(near) => message!("did you mean `{}`?", near),
                None => "it must stand under `tables:` too".into(),
            };
            self.found(
                Finding::UnknownName,
                word.place,
                message!("`like` names `{}`, which this profile does not have", shown(&word.text)),
                hint,
            );
        }
        index
    }

    /// Refuses `like:` that leads back to itself.
    fn like_circles(&mut self, tables: &Listed<'a>, likes: &[Option<usize>]) {
        let mut seen: Vec<Option<usize>> = vec![None; likes.len()];
        for start in 0..likes.len() {
            // Follow the chain until it ends or meets a table that was met before.
            let mut at = Some(start);
            while let Some(index) = at.filter(|index| seen.get(*index).is_some_and(Option::is_none)) {
                if let Some(mark) = seen.get_mut(index) {
                    *mark = Some(start);
                }
                at = likes.get(index).copied().flatten();
            }
            // Met on this very walk: from there it goes round.
            let Some(first) = at.filter(|index| seen.get(*index).is_some_and(|mark| *mark == Some(start)))
            else {
                continue;
            };
            let mut around = first;
            loop {
                if let Some((name, _)) = tables.names.get(around) {
                    let what = message!("`{}` is like itself", shown(&name.text));
                    self.found(
                        Finding::LikeCircle,
                        name.place,
                        what,
                        "one of the tables that are like each other needs `columns:`",
                    );
                }
                match likes.get(around).copied().flatten() {
                    Some(next) if next != first => around = next,
                    _ => break,
                }
            }
        }
    }
}

/// Says whether a column has a rule, by its name or a pattern.
fn has_rule(names: &HashMap<&str, Place>, column: &str) -> bool {
    names.contains_key(column)
        || names.keys().any(|name| name.contains('*') && Glob::new(name).matches(&column.to_lowercase()))
}

/// Says whether a name stands for all that match it. In quotes a `*` is only a `*`.
fn is_pattern(name: &str) -> bool {
    name.contains('*') && !name.contains('"')
}

/// Returns names in the order of their places, so that of two names as near the same one is always proposed.
fn in_order<'a>(names: &HashMap<&'a str, Place>) -> Vec<&'a str> {
    let mut list: Vec<(Place, &str)> = names.iter().map(|(name, place)| (*place, *name)).collect();
    list.sort_unstable();
    list.into_iter().map(|(_, name)| name).collect()
}
