//! Whether what a technique makes can stand in its column, and how far unique fakes stay unique (DESIGN 4). Refuses
//! what might not load: a stand-in that is too long, of another type, or NULL where NULL may not be.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Message, Name};
use crate::mask::{Compiled, Output, Uniqueness, Value};
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Problem, Rule};
use crate::row::shape::{ColumnFacts, ColumnType, Facts, TypeClass};

use super::rules::Decision;
use super::view::{Detail, View};
use super::{Fit, Plan, rules};

/// Fewest bits of digest that a unique fake may carry.
const LEAST_BITS: u32 = 40;
/// Fewest possible values that `pseudonym` and `hash` take without a reason.
const SMALL_DOMAIN: u128 = 10_000;
/// Hexadecimal digits that carry as many bits.
const LEAST_LENGTH: u32 = LEAST_BITS / 4;
/// Digits of the stand-in of an integer below 2^30, and of one `within: smallint`.
const INTEGER_CHARS: u32 = 10;
const SMALLINT_CHARS: u32 = 5;
const UUID_CHARS: u32 = 36;

/// Returns the number of rows up to which two of them share `bits` bits with a chance of at most one in a million:
/// n = sqrt(2e-6 · 2^bits). Above 126 bits the limit of 126 is told.
#[must_use]
pub fn row_limit(bits: u32) -> u64 {
    let squared = (1_u128 << bits.min(126).saturating_add(1)) / 1_000_000;
    u64::try_from(squared.isqrt()).unwrap_or(u64::MAX)
}

/// One masked column, for all questions of this file.
pub(super) struct Column<'a, 'p> {
    pub(super) plan: &'p Plan,
    pub(super) facts: &'a Facts,
    pub(super) view: &'a View,
    pub(super) index: usize,
    pub(super) decision: &'a Decision<'p>,
    pub(super) rule: &'p Rule,
    /// Its type, settled by `type:` where the schema says none.
    pub(super) ty: &'a ColumnType,
    pub(super) not_null: bool,
}

impl Column<'_, '_> {
    /// Makes an error about the column.
    pub(super) fn error(&self, what: impl Into<Message>) -> Problem {
        let label = self.view.label(self.index, self.decision.spelled());
        let mut problem = self.view.error(what).column(label);
        problem.place = self.decision.column.map(|c| c.place);
        problem
    }

    /// Returns the rule in short: `` `fake: email` ``.
    pub(super) fn shown(&self) -> Message {
        match self
            .rule
            .argument
            .as_ref()
            .and_then(Value::text)
            .filter(|_| self.rule.technique.name != "constant")
        {
            Some(word) => message!("`{}: {}`", self.rule.technique.name, Name::new(word)),
            None => message!("`{}`", self.rule.technique.name),
        }
    }

    /// Returns the type as the schema spells it.
    fn type_shown(&self) -> Message {
        if self.ty.text.is_empty() {
            word(&self.ty.class).into()
        } else {
            message!("{}", Name::new(self.ty.text.as_str()))
        }
    }

    /// Says what every stand-in must fit, and what makes that impossible.
    pub(super) fn fit(&self, compiled: &Compiled) -> (Fit, Vec<Problem>) {
        let mut problems = Vec::new();
        problems.extend(self.output(compiled));
        problems.extend(self.bits(compiled));
        problems.extend(self.small_domain());
        (bounds(self.ty), problems)
    }

    fn output(&self, compiled: &Compiled) -> Option<Problem> {
        let class = &self.ty.class;
        let fits = match &compiled.output {
            Output::Same => {
                let date = matches!(class, TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment);
                class.is_text() || date
            }
            Output::Nothing if self.not_null && !class.is_text() => {
                return Some(
                    self.error(message!(
                        "the column refuses NULL, and {} has no empty value",
                        self.type_shown()
                    ))
                    .of(Finding::RefusesNull)
                    .hint("write `constant:` with a harmless value of the type"),
                );
            }
            Output::Nothing | Output::Typed => true,
            Output::Text { max_chars } if class.is_text() => return self.too_long((*max_chars)?),
            Output::Text { .. } => false,
            Output::Integer if class.is_text() => {
                let small =
                    self.rule.options.iter().any(|(n, v)| n == "within" && v.text() == Some("smallint"));
                return self.too_long(if small { SMALLINT_CHARS } else { INTEGER_CHARS });
            }
            Output::Integer => match class {
                // How many digits it needs is the technique's to say: a BSN has nine, `within: smallint` five.
                TypeClass::Numeric { scale, .. } => scale.is_none_or(|s| s == 0),
                class => class.is_integer(),
            },
            Output::Uuid if class.is_text() => return self.too_long(UUID_CHARS),
            Output::Uuid => matches!(class, TypeClass::Uuid),
        };
        (!fits).then(|| {
            self.error(message!("{} makes no values of type {}", self.shown(), self.type_shown()))
                .of(Finding::WrongType)
                .hint("use a technique that does, or `suppress`, or `keep` with a reason")
        })
    }

    /// Refuses text of `longest` characters in a narrower column.
    fn too_long(&self, longest: u32) -> Option<Problem> {
        let most = self.ty.class.max_chars().filter(|most| *most < longest)?;
        let problem = self
            .error(message!(
                "stand-ins of {} have up to {} characters, the column takes {}",
                self.shown(),
                longest,
                most
            ))
            .of(Finding::TooLong);
        let has = |option: &str| self.rule.technique.options.iter().any(|o| o.name == option);
        if !has("max") {
            let hint = match has("length") {
                true if most >= LEAST_LENGTH => message!("add `length: {}` or less to the rule", most),
                _ => "widen the column, or use a technique with shorter stand-ins".into(),
            };
            return Some(problem.hint(hint));
        }
        let Some((entity, attribute)) = self.decision.attribute() else {
            return Some(problem.hint(message!("add `max: {}` to the rule", most)));
        };
        let widths = (!self.plan.options.brief).then(|| self.narrowest((entity, attribute))).flatten();
        let all = widths.map_or(most, |n| n.min(most));
        let named =
            self.plan.profile.entities.get(entity).and_then(|e| Some((e, e.attributes.get(attribute)?)));
        let Some((entity, attribute)) = named else { return Some(problem) };
        Some(problem.hint(message!(
            "add `max: {}` to `{}.{}`: that fits all of its columns",
            all,
            Name::new(entity.name.as_str()),
            Name::new(attribute.name.as_str())
        )))
    }

    /// Returns the width of the narrowest column of the schema that carries an attribute.
    fn narrowest(&self, attribute: (usize, usize)) -> Option<u32> {
        self.plan.narrowest.of(self.plan, self.facts).get(&attribute).copied()
    }

    fn bits(&self, compiled: &Compiled) -> Option<Problem> {
        let Uniqueness::Bits(bits) = compiled.uniqueness else { return None };
        (bits < LEAST_BITS).then(|| {
            self.error(message!(
                "{} has room for {} bits to keep values apart, {} are needed",
                self.shown(),
                bits,
                LEAST_BITS
            ))
            .of(Finding::TooFewBits)
            .hint("allow longer stand-ins (`max:` or `length:`), or take `unique:` off")
        })
    }

    fn small_domain(&self) -> Option<Problem> {
        let keyed = matches!(self.rule.technique.name, "pseudonym" | "hash");
        let said = self.rule.options.iter().any(|(name, _)| name == "small_domain");
        let values = domain(&self.ty.class).filter(|n| keyed && !said && *n < SMALL_DOMAIN)?;
        let values = u64::try_from(values).unwrap_or(u64::MAX);
        Some(
            self.error(message!(
                "{} over {} possible values can be undone by counting how often each occurs",
                self.shown(),
                values
            ))
            .of(Finding::SmallDomain)
            .hint("use `suppress`, or name the reason why it must be: `small_domain: REASON`, said under `reasons:`"),
        )
    }
}

/// Entity and attribute, and the width of the narrowest column that carries it.
type Widths = HashMap<(usize, usize), u32>;

/// Widths for the hints about a schema: found once, however many rules are too long for their columns.
#[derive(Default)]
pub(super) struct Narrowest(Mutex<Option<(u64, usize, Arc<Widths>)>>);

impl Narrowest {
    /// Returns the widths by a schema.
    fn of(&self, plan: &Plan, facts: &Facts) -> Arc<Widths> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, count) = (facts.version, facts.tables().len());
        match &*known {
            Some((v, n, widths)) if (*v, *n) == (version, count) => Arc::clone(widths),
            _ => {
                let widths = Arc::new(widths(plan, facts));
                *known = Some((version, count, Arc::clone(&widths)));
                widths
            }
        }
    }
}

fn widths(plan: &Plan, facts: &Facts) -> Widths {
    let mut widths = Widths::new();
    for table in facts.tables().iter().filter(|table| table.holds_rows) {
        let view = View::of_facts(table, facts);
        let decided = rules::decide(plan, &view, facts);
        for (decision, column) in decided.columns.iter().zip(&view.columns) {
            let attribute = decision.as_ref().and_then(Decision::attribute);
            if let Some((attribute, width)) = attribute.zip(column.ty.class.max_chars()) {
                widths.entry(attribute).and_modify(|least| *least = width.min(*least)).or_insert(width);
            }
        }
    }
    widths
}

/// Returns what every stand-in is checked against.
pub(super) fn bounds(ty: &ColumnType) -> Fit {
    let class = &ty.class;
    let integer = match class {
        TypeClass::SmallInt => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
        TypeClass::Integer => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        TypeClass::BigInt => Some((i64::MIN, i64::MAX)),
        TypeClass::Numeric { precision: Some(digits), scale: None | Some(0) } => {
            let most = 10_i64.checked_pow(*digits).map_or(i64::MAX, |n| n - 1);
            Some((-most, most))
        }
        _ => None,
    };
    let integer = integer.map(|(least, most)| (if ty.is_unsigned() { 0 } else { least }, most));
    Fit { max_chars: class.max_chars(), integer, moment: *class == TypeClass::Moment }
}

/// Returns how many values a type has, where that is few enough to matter and known.
fn domain(class: &TypeClass) -> Option<u128> {
    match class {
        TypeClass::Boolean => Some(2),
        TypeClass::Enum(labels) => u128::try_from(labels.len()).ok(),
        TypeClass::Numeric { precision: Some(digits), .. } => 10_u128.checked_pow(*digits),
        _ => None,
    }
}

/// Returns the column's type: the schema's; where it says none, what `type:` of the rule says.
///
/// # Errors
/// A word that is no type.
pub(super) fn settle_type(column: &ColumnFacts, rule: &Rule) -> Result<ColumnType, Message> {
    let said = rule.options.iter().find(|(name, _)| name == "type").map(|(_, value)| value);
    let Some(said) = said.filter(|_| column.ty.class == TypeClass::Unknown) else {
        return Ok(column.ty.clone());
    };
    let text = said.text().unwrap_or_default();
    match named_type(text) {
        Some(class) => Ok(ColumnType { class, text: text.to_owned(), domain: None }),
        None => Err(message!("`type:` does not know `{}`", Name::new(text))),
    }
}

/// Reads the type names that `type:` takes; what a nested `each` must know of its ranges is their name alone.
pub(super) fn named_type(text: &str) -> Option<TypeClass> {
    let lower = text.trim().to_ascii_lowercase();
    let item = lower.trim_end_matches("[]");
    if item.len() < lower.len() && !item.contains('[') {
        // int[][] and int[] are one type to PostgreSQL.
        return named_type(item).map(|of| TypeClass::Array(Box::new(of)));
    }
    let (name, length) = match lower.split_once('(') {
        Some((name, rest)) => (name.trim(), Some(rest.strip_suffix(')')?.trim().parse::<u32>().ok()?)),
        None => (lower.as_str(), None),
    };
    Some(match (name, length) {
        ("smallint", None) => TypeClass::SmallInt,
        ("integer" | "int", None) => TypeClass::Integer,
        ("bigint", None) => TypeClass::BigInt,
        ("numeric" | "decimal", precision) => TypeClass::Numeric { precision, scale: precision.map(|_| 0) },
        ("real", None) => TypeClass::Float { single: true },
        ("float" | "double precision", None) => TypeClass::Float { single: false },
        ("boolean" | "bool", None) => TypeClass::Boolean,
        ("text", None) => TypeClass::Text { max_chars: None },
        ("varchar" | "character varying", max_chars) => TypeClass::Text { max_chars },
        ("char" | "character", chars) => TypeClass::Char { chars: chars.unwrap_or(1) },
        ("citext", None) => TypeClass::CiText,
        ("uuid", None) => TypeClass::Uuid,
        ("date", None) => TypeClass::Date,
        ("timestamp", None) => TypeClass::Timestamp { zone: false },
        ("timestamptz", None) => TypeClass::Timestamp { zone: true },
        ("time", None) => TypeClass::Time,
        ("json" | "jsonb", None) => TypeClass::Json,
        (
            "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange" | "int4multirange"
            | "int8multirange" | "nummultirange" | "datemultirange" | "tsmultirange" | "tstzmultirange",
            None,
        ) => TypeClass::Other,
        _ => return None,
    })
}

/// Returns a word for a type whose spelling is not known.
fn word(class: &TypeClass) -> &'static str {
    match class {
        TypeClass::Unknown => "unknown",
        TypeClass::SmallInt => "smallint",
        TypeClass::Integer => "integer",
        TypeClass::BigInt => "bigint",
        TypeClass::Numeric { .. } => "numeric",
        TypeClass::Float { .. } => "float",
        TypeClass::Boolean => "boolean",
        TypeClass::Text { .. } => "text",
        TypeClass::Char { .. } => "char",
        TypeClass::CiText => "citext",
        TypeClass::Uuid => "uuid",
        TypeClass::Date => "date",
        TypeClass::Timestamp { .. } | TypeClass::Moment => "timestamp",
        TypeClass::Time => "time",
        TypeClass::Interval => "interval",
        TypeClass::Json => "json",
        TypeClass::Bytes => "bytea",
        TypeClass::Inet => "inet",
        TypeClass::Enum(_) => "enum",
        TypeClass::Array(_) => "array",
        TypeClass::Other => "a type that is not known",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_ranges_have_names_too() {
        let array = |of| Some(TypeClass::Array(Box::new(of)));
        assert_eq!(named_type("varchar(20)[]"), array(TypeClass::Text { max_chars: Some(20) }));
        assert_eq!(named_type(" INT[][] "), array(TypeClass::Integer));
        assert_eq!(named_type("daterange"), Some(TypeClass::Other));
        assert_eq!(named_type("datemultirange[]"), array(TypeClass::Other));
        for text in ["[]", "point[]", "int[] []", "int[3]", "daterange(3)", "myrange"] {
            assert_eq!(named_type(text), None, "{text}");
        }
        assert_eq!(named_type(&"[] ".repeat(100_000)), None);
    }
}
