//! Decisions in words, for the lock and for `profiles explain`: the rule with its options, the text and entry it comes
//! from, the reason for keeping. Words of the profile only.

use std::fmt::Write as _;

use crate::mask::inside::Part;
use crate::mask::{Takes, Value};
use crate::profile::lock::{Line, table_text};
use crate::profile::model::{By, Case, ColumnRule, Inner, Profile, Reason, Rule, Sensitive, TableBody};
use crate::row::shape::ColumnFacts;

use super::defaults;
use super::rules::{self, Decision};

/// Returns the line of the lock for one column as it is decided now.
pub(super) fn line(profile: &Profile, decision: &Decision<'_>, column: &ColumnFacts) -> Line {
    Line {
        table: table_text(&decision.owner),
        column: column.name.clone(),
        ty: column.ty.text.clone(),
        rule: rule(profile, decision),
        origin: origin(profile, decision),
        reason: reason(profile, decision),
    }
}

/// Returns the rule in words.
pub(super) fn rule(profile: &Profile, decision: &Decision<'_>) -> String {
    decision.column.map_or_else(|| "keep".to_owned(), |column| words(profile, &column.rule))
}

fn words(profile: &Profile, rule: &ColumnRule) -> String {
    match rule {
        ColumnRule::Keep { sensitive: Sensitive { category, accept_risk }, .. } => {
            let reason = accept_risk.and_then(|reason| profile.reasons.get(reason));
            let risk = reason.map(|reason| format!(" accept_risk={}", reason.name)).unwrap_or_default();
            let of = category.map(|category| format!(" category={}", category.word())).unwrap_or_default();
            format!("keep{risk}{of}")
        }
        ColumnRule::Cases(cases) => {
            let case = |case: &Case| {
                let when = case
                    .when
                    .as_ref()
                    .map_or_else(|| "else".to_owned(), |when| format!("when {:?}", when.text));
                format!("{when}: {}", words(profile, &case.column.rule))
            };
            cases.iter().map(case).collect::<Vec<_>>().join("; ")
        }
        ColumnRule::Own { rule, by } => {
            format!("{}{}{}", technique(rule), deciding(by), parts(profile, rule))
        }
        ColumnRule::Attribute { entity, attribute, by, .. } => {
            let entity = profile.entities.get(*entity);
            let Some((entity, attribute)) = entity.and_then(|e| Some((e, e.attributes.get(*attribute)?)))
            else {
                return String::new();
            };
            let by = if *by == By::Default { &attribute.by } else { by };
            let (rule, by) = (&attribute.rule, deciding(by));
            let parts = parts(profile, rule);
            format!("{}.{} = {}{by}{parts}", entity.name, attribute.name, technique(rule))
        }
    }
}

/// Returns the rules for parts of the value: ` {$.a: keep; keys of $.b: fake email}`.
fn parts(profile: &Profile, rule: &Rule) -> String {
    if rule.inside.is_empty() {
        return String::new();
    }
    let stem = if let Takes::Inside(places) = rule.technique.argument { places.stem } else { "" };
    let part = |inner: &Inner| {
        let keys = if inner.at.part == Part::Keys { "keys of " } else { "" };
        let by = inner.at.by.as_ref().map(|by| format!(" by={stem}{by}")).unwrap_or_default();
        let reason = match &inner.column.rule {
            ColumnRule::Keep { reason, .. } => {
                profile.reasons.get(*reason).map(|reason| format!(" ({})", reason.name))
            }
            _ => None,
        };
        let reason = reason.unwrap_or_default();
        format!("{keys}{}: {}{by}{reason}", inner.at.text, words(profile, &inner.column.rule))
    };
    format!(" {{{}}}", rule.inside.iter().map(part).collect::<Vec<_>>().join("; "))
}

fn deciding(by: &By) -> String {
    match by {
        By::Default => String::new(),
        By::Value => " by=value".to_owned(),
        By::Names(names) => format!(" by={}", names.join(",")),
    }
}

/// Returns a technique with its argument and options, in the order of their names.
fn technique(rule: &Rule) -> String {
    let mut text = rule.technique.name.to_owned();
    if let Some(argument) = &rule.argument {
        text.push(' ');
        push(&mut text, argument);
    }
    let mut options: Vec<&(String, Value)> = rule.options.iter().collect();
    options.sort_by_key(|(name, _)| name);
    for (name, value) in options {
        let _ = write!(text, " {name}=");
        push(&mut text, value);
    }
    text
}

fn push(text: &mut String, value: &Value) {
    match value {
        Value::Text(word) if word.contains([' ', ',', '"', ':', '{', '}', '\t', '\n']) || word.is_empty() => {
            let _ = write!(text, "{word:?}");
        }
        Value::Text(word) | Value::Number(word) => text.push_str(word),
        Value::Percent(number) => {
            let _ = write!(text, "{number}%");
        }
        Value::Range(from, to) => {
            let _ = write!(text, "{from}..{to}");
        }
        Value::Span { count, unit } => {
            let _ = write!(text, "{count}{unit}");
        }
        Value::Map(entries) => {
            text.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push(text, &Value::Text(key.clone()));
                text.push(':');
                push(text, value);
            }
            text.push('}');
        }
        Value::Integer(number) => {
            let _ = write!(text, "{number}");
        }
        Value::Boolean(flag) => {
            let _ = write!(text, "{flag}");
        }
        Value::List(values) => {
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                push(text, value);
            }
        }
    }
}

/// Returns which text says it, and under which name: no line numbers, which any edit moves.
pub(super) fn origin(profile: &Profile, decision: &Decision<'_>) -> String {
    let Some(column) = decision.column else { return "--allow-unlisted-keep".to_owned() };
    let Some(entry) = decision.entry.and_then(|entry| profile.tables.get(entry)) else {
        let default = profile.defaults.iter().find(|default| std::ptr::eq(&raw const default.column, column));
        return default.map_or_else(|| "policy unlisted: fill".to_owned(), defaults::origin);
    };
    let mut text = file(profile, entry.place.file);
    text.push(' ');
    if let Some(schema) = &entry.schema {
        let _ = write!(text, "{schema}.");
    }
    text.push_str(&entry.table);
    if matches!(entry.body, TableBody::Like(_)) {
        text.push_str(" like");
    }
    if column.pattern {
        let _ = write!(text, " {}", column.name);
    }
    text
}

/// Returns the name of a text without its folder.
fn file(profile: &Profile, file: u32) -> String {
    let file = usize::try_from(file).ok().and_then(|file| profile.files.get(file));
    let name = file.map(|file| file.name.as_str()).unwrap_or_default();
    name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
}

/// Returns why a column is kept, and why the risk of a special category is accepted: the reasons' names and texts; empty
/// where nothing is.
pub(super) fn reason(profile: &Profile, decision: &Decision<'_>) -> String {
    let mut reasons = Vec::new();
    match decision.column.map(|column| &column.rule) {
        Some(ColumnRule::Cases(cases)) => {
            cases.iter().for_each(|case| push_reasons(profile, &case.column.rule, &mut reasons));
        }
        Some(rule) => push_reasons(profile, rule, &mut reasons),
        None => {}
    }
    reasons.join("; ")
}

fn push_reasons(profile: &Profile, rule: &ColumnRule, reasons: &mut Vec<String>) {
    let text = |reason: &Reason| format!("{}: {}", reason.name, reason.text);
    let index = |reason: usize| profile.reasons.get(reason);
    let accepted = match rule {
        ColumnRule::Keep { reason, sensitive } => {
            reasons.extend(index(*reason).map(text));
            sensitive.accept_risk.and_then(index)
        }
        ColumnRule::Cases(_) => None,
        ColumnRule::Own { .. } | ColumnRule::Attribute { .. } => rules::rule_of(profile, rule)
            .and_then(|rule| rule.said("accept_risk"))
            .and_then(|name| profile.reasons.iter().find(|reason| reason.name == name)),
    };
    reasons.extend(accepted.map(|reason| format!("risk accepted, {}", text(reason))));
}
