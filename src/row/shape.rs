//! What a schema says: tables, columns, types, keys. Filled by the formats, read by the plan. Holds names and types,
//! never a row. What a schema does not say is `TypeClass::Unknown` or empty, never a guess.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::object::ObjectClass;
use super::rules::{Exclusion, PartialIndex, PartitionBound};
use crate::error::{Message, Name, Sayable};

/// The name of a table as its source spells it, without quotes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    /// Database, where the source holds several.
    pub database: Option<String>,
    /// Schema, where the source has schemas.
    pub schema: Option<String>,
    /// Table.
    pub table: String,
}

impl TableName {
    /// Makes a name.
    #[must_use]
    pub fn new(schema: Option<&str>, table: &str) -> Self {
        Self { database: None, schema: schema.map(str::to_owned), table: table.to_owned() }
    }

    /// Returns the same name in a database.
    #[must_use]
    pub fn within(&self, database: Option<&str>) -> Self {
        Self { database: database.map(str::to_owned), ..self.clone() }
    }

    /// Returns the schema unless it is the default one (`public`): the part that enters labels (DESIGN 5).
    #[must_use]
    pub fn own_schema(&self) -> Option<&str> {
        self.schema.as_deref().filter(|s| *s != "public")
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(database) = &self.database {
            write!(f, "{}:", Name::new(database.as_str()))?;
        }
        if let Some(schema) = &self.schema {
            write!(f, "{}.", Name::new(schema.as_str()))?;
        }
        write!(f, "{}", Name::new(self.table.as_str()))
    }
}

impl Sayable for TableName {}

/// What a type can hold, as far as masking must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeClass {
    /// No schema was given: the value's own text form counts.
    Unknown,
    /// 16 bits.
    SmallInt,
    /// 32 bits.
    Integer,
    /// 64 bits.
    BigInt,
    /// Exact decimal; precision and scale where declared.
    Numeric {
        /// Digits in all.
        precision: Option<u32>,
        /// Digits behind the point.
        scale: Option<i32>,
    },
    /// Binary floating point.
    Float {
        /// Whether it has 4 bytes rather than 8.
        single: bool,
    },
    /// True or false.
    Boolean,
    /// Text; the limit is in characters.
    Text {
        /// `varchar(n)`.
        max_chars: Option<u32>,
    },
    /// `char(n)`: padded with blanks.
    Char {
        /// Length in characters.
        chars: u32,
    },
    /// Text without case (`citext`).
    CiText,
    /// UUID.
    Uuid,
    /// Date.
    Date,
    /// Timestamp, with or without zone.
    Timestamp {
        /// Whether it has a zone.
        zone: bool,
    },
    /// MySQL's `TIMESTAMP`: a moment of the years 1970 to 2038, written without its zone.
    Moment,
    /// Time of day, with or without zone.
    Time,
    /// Interval.
    Interval,
    /// `json` or `jsonb`.
    Json,
    /// Bytes.
    Bytes,
    /// `inet` or `cidr`.
    Inet,
    /// One of a list.
    Enum(Arc<[String]>),
    /// An array of a type.
    Array(Box<TypeClass>),
    /// A type that this program knows no more of than its name.
    Other,
}

impl TypeClass {
    /// Returns whether any text may stand in it (up to its length).
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Unknown | Self::Text { .. } | Self::Char { .. } | Self::CiText)
    }

    /// Returns whether it is an integer type.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        matches!(self, Self::SmallInt | Self::Integer | Self::BigInt)
    }

    /// Returns the most characters it takes, where it is bounded text.
    #[must_use]
    pub fn max_chars(&self) -> Option<u32> {
        match self {
            Self::Text { max_chars } => *max_chars,
            Self::Char { chars } => Some(*chars),
            _ => None,
        }
    }
}

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnType {
    /// What it holds; that of the base type for a domain.
    pub class: TypeClass,
    /// As the schema spells it; empty where unknown.
    pub text: String,
    /// The domain's name, where it is one (its CHECKs are not verified).
    pub domain: Option<String>,
}

impl ColumnType {
    /// Returns whether it takes no number below zero: MySQL's unsigned types.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        self.text.ends_with(" unsigned")
    }

    /// Returns the type of a column whose source has no schema.
    #[must_use]
    pub fn unknown() -> Self {
        Self { class: TypeClass::Unknown, text: String::new(), domain: None }
    }
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFacts {
    /// Name, without quotes.
    pub name: String,
    /// Type.
    pub ty: ColumnType,
    /// NOT NULL, or part of a primary key.
    pub not_null: bool,
    /// GENERATED ALWAYS AS (...): never in a dump's rows.
    pub generated: bool,
    /// Whether the DEFAULT is a literal that may hold data.
    pub literal_default: bool,
    /// Whether the server numbers its rows where none is given: identity, serial, AUTO_INCREMENT, SQLite's row number.
    pub numbered: bool,
}

/// A primary key, UNIQUE constraint or unique index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// Its name; empty where it has none.
    pub name: String,
    /// Column names in order; for an expression index those that the expression reads.
    pub columns: Vec<String>,
    /// Whether it is the primary key.
    pub primary: bool,
    /// Whether an expression or predicate takes part, so that the columns alone do not say all.
    pub expression: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name; empty where it has none.
    pub name: String,
    /// Columns of this table.
    pub columns: Vec<String>,
    /// The table it points to.
    pub target: TableName,
    /// Columns there; empty = its primary key.
    pub target_columns: Vec<String>,
}

/// A CHECK (or EXCLUDE) constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name; empty where it has none.
    pub name: String,
    /// The columns its expression reads; `None` where the expression could not be read (assume all).
    pub columns: Option<Vec<String>>,
    /// Its expression; `None` where it is none that could be decided on (EXCLUDE).
    pub expression: Option<Expression>,
    /// Whether rows that are there already hold it: not so under NOT VALID.
    pub valid: bool,
}

/// The expression of a CHECK, in PostgreSQL's words. Shown nowhere: its literals may be data.
#[derive(Clone, PartialEq, Eq)]
pub struct Expression {
    /// The text.
    pub sql: String,
    /// Whether the source means by it what PostgreSQL does. Else that is sure of numbers, lengths and NULL alone:
    /// text compares by other collations, dates and arithmetic by other rules.
    pub exact: bool,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<expression of {} bytes>", self.sql.len())
    }
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFacts {
    /// Name.
    pub name: TableName,
    /// Columns in the order of the definition (inherited ones first where the source lists them).
    pub columns: Vec<ColumnFacts>,
    /// The partitioned or inherited table whose rules apply.
    pub parents: Vec<TableName>,
    /// Whether it is a partition (rather than an inheriting table).
    pub partition: bool,
    /// Columns that its partition key reads; empty where it is not partitioned itself; `None` = any (an expression
    /// that could not be read).
    pub partition_key: Option<Vec<String>>,
    /// Primary key, UNIQUE, unique indexes.
    pub uniques: Vec<Unique>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// CHECK and EXCLUDE.
    pub checks: Vec<Check>,
    /// Of `uniques` with an expression or predicate, what they are made of.
    pub partial_indexes: Vec<PartialIndex>,
    /// What EXCLUDE compares.
    pub exclusions: Vec<Exclusion>,
    /// The partitions that are no tables of their own (MySQL).
    pub partitions: Vec<PartitionBound>,
    /// Which rows it takes, where it is a partition.
    pub bound: Option<PartitionBound>,
    /// Whether the partition key is `partition_key`, column by column, and no expression.
    pub partition_plain: bool,
    /// Whether rows can be in it at all (a view or foreign table of the schema cannot hold dumped rows).
    pub holds_rows: bool,
    /// Source line of its definition, from 1; 0 = unknown.
    pub line: u64,
    /// Whether column names are names for sure (see `Shape::trusted_names`).
    pub trusted_names: bool,
    /// The character set of its text, as PostgreSQL names it (in capitals) or MySQL (in small letters); `None` where it
    /// holds all of Unicode, or that is not said.
    pub charset: Option<String>,
    /// The columns that have another one than the table.
    pub charsets: Vec<(String, Option<String>)>,
}

impl TableFacts {
    /// Returns the same table in a database.
    #[must_use]
    pub fn within(&self, database: Option<&str>) -> Self {
        let mut table = self.clone();
        table.name = table.name.within(database);
        table.parents.iter_mut().for_each(|parent| *parent = parent.within(database));
        table.foreign_keys.iter_mut().for_each(|key| key.target = key.target.within(database));
        table
    }

    /// Makes a table of which no more is known than its name.
    #[must_use]
    pub fn named(name: TableName) -> Self {
        Self {
            name,
            columns: Vec::new(),
            parents: Vec::new(),
            partition: false,
            partition_key: Some(Vec::new()),
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            partial_indexes: Vec::new(),
            exclusions: Vec::new(),
            partitions: Vec::new(),
            bound: None,
            partition_plain: false,
            holds_rows: true,
            line: 0,
            trusted_names: true,
            charset: None,
            charsets: Vec::new(),
        }
    }

    /// Returns the character set of a column; `None` where it holds all of Unicode, or that is not said.
    #[must_use]
    pub fn charset_of(&self, column: &str) -> Option<&str> {
        let own = self.charsets.iter().find(|(name, _)| name == column);
        own.map_or(self.charset.as_deref(), |(_, charset)| charset.as_deref())
    }

    /// Returns the column of that exact name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnFacts> {
        self.columns.iter().find(|c| c.name == name)
    }
}

/// The literals of a definition or comment: they pass as they are, unless an object class decides on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literals {
    /// What holds them, as shown.
    pub definition: Message,
    /// How many.
    pub count: u64,
    /// How many of them spell out what a recogniser takes for an identifier.
    pub identifiers: u64,
    /// The class that decides on them, if one does.
    pub class: Option<ObjectClass>,
}

/// All that is known of a schema so far.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    tables: Vec<TableFacts>,
    index: HashMap<TableName, usize>,
    literals: Vec<Literals>,
    /// Grows with every change, so that a reader of facts sees that there is something new.
    pub version: u64,
    /// Whether nothing more will come: the input was read to its end, or its schema was.
    pub complete: bool,
}

impl Facts {
    /// Returns the same facts, of which is known that nothing more will come.
    #[must_use]
    pub fn completed(&self) -> Self {
        Self { complete: true, ..self.clone() }
    }

    /// Returns the tables as if they had been added one by one to facts of their own: no literals, nothing said to be all.
    #[must_use]
    pub fn undated(self) -> Self {
        let version = u64::try_from(self.tables.len()).unwrap_or(u64::MAX);
        Self { literals: Vec::new(), version, complete: false, ..self }
    }

    /// Adds a table; `false` if one of that name is there already (the first is kept).
    pub fn add(&mut self, table: TableFacts) -> bool {
        if self.index.contains_key(&table.name) {
            return false;
        }
        self.version += 1;
        self.index.insert(table.name.clone(), self.tables.len());
        self.tables.push(table);
        true
    }

    /// Notes the literals of a definition.
    pub fn note_literals(&mut self, literals: Literals) {
        self.literals.push(literals);
    }

    /// Returns the definitions that hold literals.
    #[must_use]
    pub fn literals(&self) -> &[Literals] {
        &self.literals
    }

    /// Adds a table, in the place of one of that name.
    pub fn put(&mut self, table: TableFacts) {
        match self.index.get(&table.name).and_then(|i| self.tables.get_mut(*i)) {
            Some(old) => {
                *old = table;
                self.version += 1;
            }
            None => {
                self.add(table);
            }
        }
    }

    /// Returns a table.
    #[must_use]
    pub fn table(&self, name: &TableName) -> Option<&TableFacts> {
        self.index.get(name).and_then(|i| self.tables.get(*i))
    }

    /// Returns a table for change, and counts the change.
    pub fn table_mut(&mut self, name: &TableName) -> Option<&mut TableFacts> {
        self.version += 1;
        self.index.get(name).and_then(|i| self.tables.get_mut(*i))
    }

    /// Changes all tables, and counts the change.
    pub fn each_mut(&mut self, change: impl FnMut(&mut TableFacts)) {
        self.version += 1;
        self.tables.iter_mut().for_each(change);
    }

    /// Returns all tables in the order of their definition.
    #[must_use]
    pub fn tables(&self) -> &[TableFacts] {
        &self.tables
    }
}

/// The columns of a table as its rows list them: what a reader hands over at `Begin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The table.
    pub table: TableName,
    /// The columns in the order of the data. Without a schema their types are unknown.
    pub columns: Vec<ColumnFacts>,
    /// Whether column names are names for sure; a CSV's first line may be data, so its names are not shown unless
    /// the profile spells them too.
    pub trusted_names: bool,
}

impl Shape {
    /// Returns what a message may call a column: its name, or `column 3` where names are not to be trusted.
    #[must_use]
    pub fn label(&self, index: usize) -> Message {
        match self.columns.get(index) {
            Some(c) if self.trusted_names => crate::message!("`{}`", Name::new(c.name.as_str())),
            _ => crate::message!("column {}", index + 1),
        }
    }
}
