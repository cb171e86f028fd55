//! PostgreSQL's types as `TypeClass`: built-in ones and their aliases, enums, domains (resolved to their base),
//! composite types. A type that is not known is `Other`, never a guess at something near it.

use std::collections::HashMap;
use std::sync::Arc;

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

use super::check::DomainCheck;
use super::tree;
use crate::row::shape::{ColumnFacts, ColumnType, TableName, TypeClass};

/// A domain: what stands behind its name.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    /// Its base, down to the last one.
    pub(super) class: TypeClass,
    /// Whether it or a domain below it refuses NULL.
    pub(super) not_null: bool,
    /// The domain that it is over: what that one checks, also what it will check later, holds here too.
    pub(super) below: Option<TableName>,
    /// Its own CHECKs.
    pub(super) checks: Vec<DomainCheck>,
}

/// The types that the schema itself defines.
#[derive(Clone, Debug, Default)]
pub(super) struct Types {
    pub(super) enums: HashMap<TableName, Arc<[String]>>,
    pub(super) domains: HashMap<TableName, Domain>,
    /// The domains by their names as shown.
    shown: HashMap<String, TableName>,
    pub(super) composites: HashMap<TableName, Vec<ColumnFacts>>,
}

/// A type as a column uses it.
pub(super) struct Resolved {
    pub(super) ty: ColumnType,
    /// Whether the type refuses NULL: a domain's NOT NULL, the serial types.
    pub(super) not_null: bool,
}

impl Types {
    /// Returns whether no type is known.
    pub(super) fn is_empty(&self) -> bool {
        self.enums.is_empty() && self.domains.is_empty() && self.composites.is_empty()
    }

    /// Returns whether a type of this name is known. Shell and base types are not: nothing can be said of them.
    pub(super) fn knows(&self, name: &TableName) -> bool {
        self.enums.contains_key(name) || self.domains.contains_key(name) || self.composites.contains_key(name)
    }

    /// Adds a domain.
    pub(super) fn add_domain(&mut self, name: &TableName, domain: Domain) {
        self.shown.insert(name.to_string(), name.clone());
        self.domains.insert(name.clone(), domain);
    }

    /// Returns the name of the domain that a type is.
    pub(super) fn domain_of(&self, ty: &ColumnType) -> Option<&TableName> {
        self.shown.get(ty.domain.as_ref()?)
    }

    /// Returns the CHECKs of the domain that a type is, those of the domains below it first.
    pub(super) fn checks_of(&self, ty: &ColumnType) -> Vec<&DomainCheck> {
        let mut line = Vec::new();
        let mut next = self.domain_of(ty);
        // A domain is over one that was there before it, so the way down ends.
        while let Some(domain) = next.and_then(|name| self.domains.get(name)) {
            line.push(domain);
            next = domain.below.as_ref();
        }
        line.iter().rev().flat_map(|domain| &domain.checks).collect()
    }

    /// Changes the CHECKs of all domains.
    pub(super) fn each_check(&mut self, change: impl FnMut(&mut DomainCheck)) {
        self.domains.values_mut().flat_map(|domain| &mut domain.checks).for_each(change);
    }

    /// Changes the class of all domains and fields.
    pub(super) fn each_class(&mut self, mut change: impl FnMut(&mut TypeClass)) {
        let fields = self.composites.values_mut().flatten().map(|c| &mut c.ty.class);
        fields.chain(self.domains.values_mut().map(|d| &mut d.class)).for_each(&mut change);
    }

    /// Resolves a type as written.
    pub(super) fn resolve(&self, ty: &ast::Type) -> Resolved {
        let (class, domain, not_null) = self.class(ty);
        Resolved { ty: ColumnType { class, text: spelled(ty.syntax()), domain }, not_null }
    }

    fn class(&self, ty: &ast::Type) -> (TypeClass, Option<String>, bool) {
        let plain = |class| (class, None, false);
        match ty {
            ast::Type::ArrayType(array) => match array.ty() {
                Some(item) => {
                    let (class, domain, _) = self.class(&item);
                    // int[][] and int[] are one type to PostgreSQL.
                    let nested = matches!(class, TypeClass::Array(_));
                    (if nested { class } else { TypeClass::Array(Box::new(class)) }, domain, false)
                }
                None => plain(TypeClass::Other),
            },
            ast::Type::PathType(path) => self.named(path),
            ast::Type::VarcharType(varchar) => {
                plain(text_of_length(arguments(varchar.arg_list().as_ref()), |n| match n {
                    None => TypeClass::Text { max_chars: None },
                    Some(n) => TypeClass::Text { max_chars: Some(n) },
                }))
            }
            ast::Type::CharacterType(char) => {
                let length = arguments(char.arg_list().as_ref());
                plain(text_of_length(length, |n| TypeClass::Char { chars: n.unwrap_or(1) }))
            }
            ast::Type::DoubleType(_) => plain(TypeClass::Float { single: false }),
            ast::Type::TimeType(_) => plain(TypeClass::Time),
            ast::Type::TimestampType(timestamp) => {
                let zone = matches!(timestamp.timezone(), Some(ast::Timezone::WithTimezone(_)));
                plain(TypeClass::Timestamp { zone })
            }
            ast::Type::IntervalType(_) => plain(TypeClass::Interval),
            ast::Type::BitType(_) | ast::Type::BitVaryingType(_) => plain(TypeClass::Other),
        }
    }

    /// Resolves a type given by name: PostgreSQL looks into `pg_catalog` first, then the schema's own types count.
    fn named(&self, path: &ast::PathType) -> (TypeClass, Option<String>, bool) {
        let other = (TypeClass::Other, None, false);
        let Some(reference) = path.path_ref() else { return other };
        let Some(name) = tree::name(reference.syntax()) else { return other };
        let quoted = reference.segment().is_some_and(|s| s.is_quoted());
        let arguments = arguments(path.arg_list().as_ref());
        if matches!(name.schema.as_deref(), None | Some("pg_catalog"))
            && let Some((class, not_null)) = builtin(&name.table, name.schema.is_some() || quoted, &arguments)
        {
            return (class, None, not_null);
        }
        if let Some(labels) = self.enums.get(&name) {
            return (TypeClass::Enum(Arc::clone(labels)), None, false);
        }
        if let Some(domain) = self.domains.get(&name) {
            return (domain.class.clone(), Some(name.to_string()), domain.not_null);
        }
        // The extension's type lives in whatever schema it was put into; its definition is not in a dump.
        if name.table == "citext" && !self.composites.contains_key(&name) && arguments == Arguments::None {
            return (TypeClass::CiText, None, false);
        }
        other
    }
}

/// The modifiers of a type, `(10,2)`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Arguments {
    /// No list.
    None,
    /// Whole numbers.
    Numbers(Vec<i64>),
    /// Something else, `(Point,4326)`.
    Unread,
}

fn arguments(list: Option<&ast::ArgList>) -> Arguments {
    let Some(list) = list else { return Arguments::None };
    let text = list.syntax().text().to_string();
    let inner = text.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or_default();
    let numbers: Result<Vec<i64>, _> = inner.split(',').map(|n| n.trim().parse()).collect();
    numbers.map_or(Arguments::Unread, Arguments::Numbers)
}

/// Makes a text type of its length; a length that cannot be read makes the type unknown, not unlimited.
fn text_of_length(arguments: Arguments, make: impl Fn(Option<u32>) -> TypeClass) -> TypeClass {
    match arguments {
        Arguments::None => make(None),
        Arguments::Numbers(numbers) => match numbers.as_slice() {
            [n] => u32::try_from(*n).map_or(TypeClass::Other, |n| make(Some(n))),
            _ => TypeClass::Other,
        },
        Arguments::Unread => TypeClass::Other,
    }
}

/// Returns a built-in type's class and whether it refuses NULL. `exact` = quoted or qualified, where the grammar's
/// own aliases (`int`, `decimal`, `serial`) are not types. Source: PostgreSQL 18, chapter 8 and `gram.y`.
fn builtin(name: &str, exact: bool, arguments: &Arguments) -> Option<(TypeClass, bool)> {
    let class = match name {
        "int2" => TypeClass::SmallInt,
        "int4" => TypeClass::Integer,
        "int8" => TypeClass::BigInt,
        "float4" => TypeClass::Float { single: true },
        "float8" => TypeClass::Float { single: false },
        "bool" => TypeClass::Boolean,
        "numeric" => numeric(arguments),
        "text" => TypeClass::Text { max_chars: None },
        "varchar" => text_of_length(arguments.clone(), |n| TypeClass::Text { max_chars: n }),
        "bpchar" => text_of_length(arguments.clone(), |n| {
            n.map_or(TypeClass::Text { max_chars: None }, |chars| TypeClass::Char { chars })
        }),
        // "char" with quotes is a type of its own: one byte.
        "char" if exact => TypeClass::Text { max_chars: Some(1) },
        "uuid" => TypeClass::Uuid,
        "date" => TypeClass::Date,
        "timestamp" => TypeClass::Timestamp { zone: false },
        "timestamptz" => TypeClass::Timestamp { zone: true },
        "time" | "timetz" => TypeClass::Time,
        "interval" => TypeClass::Interval,
        "json" | "jsonb" => TypeClass::Json,
        "bytea" => TypeClass::Bytes,
        "inet" | "cidr" => TypeClass::Inet,
        _ if exact => return None,
        "smallint" => TypeClass::SmallInt,
        "int" | "integer" => TypeClass::Integer,
        "bigint" => TypeClass::BigInt,
        "real" => TypeClass::Float { single: true },
        "float" => TypeClass::Float { single: small_float(arguments) },
        "boolean" => TypeClass::Boolean,
        "dec" | "decimal" => numeric(arguments),
        "smallserial" | "serial2" => return Some((TypeClass::SmallInt, true)),
        "serial" | "serial4" => return Some((TypeClass::Integer, true)),
        "bigserial" | "serial8" => return Some((TypeClass::BigInt, true)),
        _ => return None,
    };
    Some((class, false))
}

/// `float(p)` has 4 bytes up to 24 binary digits.
fn small_float(arguments: &Arguments) -> bool {
    matches!(arguments, Arguments::Numbers(digits) if matches!(digits.as_slice(), [1..=24]))
}

/// `numeric`, `numeric(p)`, `numeric(p,s)`; the scale may be negative (PostgreSQL 15).
fn numeric(arguments: &Arguments) -> TypeClass {
    match arguments {
        Arguments::None => TypeClass::Numeric { precision: None, scale: None },
        Arguments::Unread => TypeClass::Other,
        Arguments::Numbers(numbers) => {
            let (precision, scale) = match numbers.as_slice() {
                [p] => (u32::try_from(*p).ok(), Some(0)),
                [p, s] => (u32::try_from(*p).ok(), i32::try_from(*s).ok()),
                _ => (None, None),
            };
            if precision.is_some() && scale.is_some() {
                TypeClass::Numeric { precision, scale }
            } else {
                TypeClass::Other
            }
        }
    }
}

/// Returns a type's text with comments out and single blanks.
fn spelled(node: &SyntaxNode) -> String {
    let mut text = String::new();
    for element in node.descendants_with_tokens() {
        let Some(token) = element.as_token() else { continue };
        if !token.kind().is_trivia() {
            text.push_str(token.text());
        } else if !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.trim().to_owned()
}
