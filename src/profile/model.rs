//! A profile as checked: every word known, every name of an entity, attribute, reason and technique resolved.
//! Holds no key and no value of a person; says nothing yet about whether an input fits.

use std::sync::Arc;

use crate::condition::{Condition, Refused};
use crate::error::Message;
use crate::mask::{TechniqueSpec, Value, inside};
use crate::profile::finding::Finding;
use crate::row::object::{ByClass, ObjectClass};

/// A place in a profile's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Index into `Profile::files`.
    pub file: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Byte range of the marked word in the file's text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// One text a profile was read from.
#[derive(Clone, Debug)]
pub struct ProfileFile {
    /// Name as given by the user.
    pub name: String,
    /// Text, for the carets of messages.
    pub text: String,
    /// 0 for the user's own; the larger the weaker (`extends:`).
    pub level: u32,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Weakens the result; the run goes on.
    Warning,
    /// Stops the run.
    Error,
}

/// One thing that is wrong with a profile, or with profile and schema together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad.
    pub severity: Severity,
    /// What kind of problem it is.
    pub finding: Finding,
    /// What is wrong; no values.
    pub what: Message,
    /// Where in the profile, if there is such a place.
    pub place: Option<Place>,
    /// Table as shown, where the schema is concerned.
    pub table: Option<Message>,
    /// Column as shown.
    pub column: Option<Message>,
    /// What to write instead.
    pub hint: Option<Message>,
}

impl Problem {
    /// Makes a problem that stops the run, at a place of the profile.
    #[must_use]
    pub fn error(place: Place, what: impl Into<Message>) -> Self {
        Self {
            severity: Severity::Error,
            finding: Finding::ProfileText,
            what: what.into(),
            place: Some(place),
            table: None,
            column: None,
            hint: None,
        }
    }

    /// Makes a problem that weakens the result, at a place of the profile.
    #[must_use]
    pub fn warning(place: Place, what: impl Into<Message>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(place, what) }
    }

    /// Says what kind of problem it is.
    #[must_use]
    pub fn of(mut self, finding: Finding) -> Self {
        self.finding = finding;
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Message>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What to do with tables and columns that no rule names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unlisted {
    /// The run stops.
    #[default]
    Stop,
    /// Rows of unlisted tables are dropped; unlisted columns get a constant of their type that the schema takes.
    Fill,
}

/// What to do with a value that has not the form its technique needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unfit {
    /// A keyed placeholder of the technique's form, counted.
    #[default]
    Placeholder,
    /// NULL or empty, counted.
    Suppress,
    /// The run stops.
    Stop,
}

/// The `policy:` block.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// `unlisted:`.
    pub unlisted: Unlisted,
    /// `unfit:`.
    pub unfit: Unfit,
    /// `domain:`.
    pub domain: Option<String>,
    /// `mail_domain:`.
    pub mail_domain: Option<String>,
    /// `key:` the label that the key must have.
    pub key: Option<String>,
    /// `expires:` in days.
    pub expires_days: Option<u32>,
}

/// What becomes of a class of things that are no columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectRule {
    /// They pass; `reason` (index into `Profile::reasons`) is `None` where that is the default.
    Keep {
        /// Reason.
        reason: Option<usize>,
    },
    /// They are omitted.
    Suppress,
    /// They stop the run: nobody has decided.
    Stop,
}

/// The `objects:` block, with its defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objects(ByClass<ObjectRule>);

impl Default for Objects {
    fn default() -> Self {
        Self(ByClass {
            large_objects: ObjectRule::Stop,
            statistics: ObjectRule::Suppress,
            role_passwords: ObjectRule::Suppress,
            connections: ObjectRule::Suppress,
            comments: ObjectRule::Keep { reason: None },
        })
    }
}

impl Objects {
    /// Returns what becomes of a class.
    #[must_use]
    pub fn of(&self, class: ObjectClass) -> ObjectRule {
        self.0.of(class)
    }

    /// Decides on a class.
    pub fn set(&mut self, class: ObjectClass, rule: ObjectRule) {
        self.0.set(class, rule);
    }

    /// Returns the class that decides on something of these classes, and what becomes of it: what one of them stops
    /// stops, what one of them suppresses is omitted, and only the rest passes. Nothing at all stops.
    #[must_use]
    pub fn decide(&self, classes: &[ObjectClass]) -> (Option<ObjectClass>, ObjectRule) {
        let rules = || classes.iter().map(|class| (Some(*class), self.of(*class)));
        let found = rules().find(|(_, rule)| *rule == ObjectRule::Stop);
        let found = found.or_else(|| rules().find(|(_, rule)| *rule == ObjectRule::Suppress));
        found.or_else(|| rules().next()).unwrap_or((None, ObjectRule::Stop))
    }
}

/// `reasons:` name and text.
#[derive(Clone, Debug)]
pub struct Reason {
    /// Name.
    pub name: String,
    /// Why data is kept.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A technique with its argument and options, checked against its declaration.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The technique.
    pub technique: &'static TechniqueSpec,
    /// Its argument.
    pub argument: Option<Value>,
    /// Its options, those that every rule may have too (`type`, `locale`, `small_domain`, `category`, `accept_risk`);
    /// never `by`.
    pub options: Vec<(String, Value)>,
    /// Rules for places inside the value.
    pub inside: Vec<Inner>,
    /// Where.
    pub place: Place,
}

impl Rule {
    /// Returns whether it looks inside the value and keeps all that it finds.
    #[must_use]
    pub fn keeps_all(&self) -> bool {
        let all = |inner: &Inner| matches!(inner.at.text.as_str(), "" | "$" | "/" | "*");
        let kept = |inner: &Inner| matches!(inner.column.rule, ColumnRule::Keep { .. });
        self.inside.iter().any(|inner| all(inner) && kept(inner))
    }

    /// Returns what an option of one word says.
    #[must_use]
    pub fn said(&self, option: &str) -> Option<&str> {
        self.options.iter().find(|(name, _)| name == option).and_then(|(_, value)| value.text())
    }

    /// Returns itself and all rules inside of it.
    fn all(&self) -> Vec<&Self> {
        let mut all = vec![self];
        all.extend(self.inside.iter().flat_map(|inner| inner.column.rule.own()));
        all
    }
}

/// The rule for a place inside a value.
#[derive(Clone, Debug)]
pub struct Inner {
    /// Where inside the value.
    pub at: inside::Place,
    /// Its rule, never a case list; the name is the place as written.
    pub column: Column,
}

/// Who decides the stand-in of an attribute or rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// As the technique says: identifying by value, describing by the entity's subject.
    #[default]
    Default,
    /// `by: value`.
    Value,
    /// `by: [a, b]`: columns of the row (in a column's rule), attributes of the entity (in an entity).
    Names(Vec<String>),
}

/// One attribute of an entity.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Name.
    pub name: String,
    /// What is done.
    pub rule: Rule,
    /// Who decides.
    pub by: By,
    /// Where.
    pub place: Place,
}

/// An entity: meaning, once; columns point at it.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Name.
    pub name: String,
    /// `label:` the name under which its people are keyed, where it is not its own.
    pub label: Option<String>,
    /// Index of the subject attribute.
    pub subject: Option<usize>,
    /// Values that stand for nobody; default `0`, `-1` and the empty one.
    pub pinned: Vec<String>,
    /// `scope:` columns that keep tenants apart: the same value under another scope has another stand-in.
    pub scope: Vec<String>,
    /// `resolve:` where a table lacks the subject.
    pub resolve: Vec<Resolve>,
    /// Attributes in order.
    pub attributes: Vec<Attribute>,
    /// Where.
    pub place: Place,
}

impl Entity {
    /// Returns the name under which its people are keyed: a renamed entity keeps them by its `label:`.
    #[must_use]
    pub fn keyed_name(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }
}

/// Data that the law protects more than other personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Health, religion, ethnic origin, political opinion, union, genes, biometry, sexual life (GDPR 9).
    Special,
    /// Criminal convictions and offences (GDPR 10).
    Criminal,
}

impl Category {
    /// Returns the category of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        CATEGORIES.iter().copied().find(|category| category.word() == word)
    }

    /// Returns its word in the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Special => "special",
            Self::Criminal => "criminal",
        }
    }

    /// Returns what it is, for messages.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Special => "a special category of data (GDPR 9)",
            Self::Criminal => "data on convictions or offences (GDPR 10)",
        }
    }
}

/// All categories.
pub const CATEGORIES: &[Category] = &[Category::Special, Category::Criminal];

/// What the law says of what a rule leaves readable, and why its risk is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sensitive {
    /// `category:`.
    pub category: Option<Category>,
    /// `accept_risk:` index into `Profile::reasons`.
    pub accept_risk: Option<usize>,
}

/// The rule of one column.
#[derive(Clone, Debug)]
pub enum ColumnRule {
    /// Stays, for a reason (index into `Profile::reasons`).
    Keep {
        /// Reason.
        reason: usize,
        /// What the law says of it.
        sensitive: Sensitive,
    },
    /// `entity.attribute`, or `{use: entity.attribute, by: …}`.
    Attribute {
        /// Index into `Profile::entities`.
        entity: usize,
        /// Index into its attributes.
        attribute: usize,
        /// Columns of the row that hold the deciding value(s).
        by: By,
        /// `or: value`: where the table lacks the subject, the value decides.
        or_value: bool,
    },
    /// A technique of its own.
    Own {
        /// The technique.
        rule: Rule,
        /// Who decides.
        by: By,
    },
    /// A case list: the first case whose condition is true; the last has none.
    Cases(Vec<Case>),
}

impl ColumnRule {
    /// Returns the techniques of its own: one, or one a case.
    fn own(&self) -> Vec<&Rule> {
        match self {
            Self::Own { rule, .. } => rule.all(),
            Self::Cases(cases) => cases.iter().flat_map(|case| case.column.rule.own()).collect(),
            Self::Keep { .. } | Self::Attribute { .. } => Vec::new(),
        }
    }
}

/// One case of a column's rule.
#[derive(Clone, Debug)]
pub struct Case {
    /// When it counts; `None` = else.
    pub when: Option<When>,
    /// Its rule, never a case list itself; the column's name.
    pub column: Column,
}

/// A SQL condition of the profile.
#[derive(Clone, Debug)]
pub struct When {
    /// As written.
    pub text: String,
    /// As read.
    pub condition: Arc<Condition>,
    /// Where.
    pub place: Place,
    /// Characters before the text's first at its place (a quote); `None` where YAML's escapes change places.
    pub lead: Option<u32>,
}

impl When {
    /// Makes a problem of what a condition was refused for, with the caret under the words in question.
    #[must_use]
    pub fn problem(text: &str, place: Place, lead: Option<u32>, refused: Refused) -> Problem {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let before = text.get(..refused.at.start).unwrap_or_default();
        let place = match lead {
            Some(lead) if !text.contains('\n') => Place {
                column: place.column + lead + number(before.chars().count()),
                start: place.start + lead + number(refused.at.start),
                end: place.start + lead + number(refused.at.end.max(refused.at.start)),
                ..place
            },
            _ => place,
        };
        Problem::error(place, refused.what).of(Finding::Condition).with_hint(refused.hint)
    }
}

/// One column of a table's rules.
#[derive(Clone, Debug)]
pub struct Column {
    /// Name as written.
    pub name: String,
    /// What is done.
    pub rule: ColumnRule,
    /// Whether its name holds a `*`, which stands for any text.
    pub pattern: bool,
    /// Where.
    pub place: Place,
}

/// What a column is in its schema, as far as `defaults:` tells columns apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Of a boolean type.
    Boolean,
    /// Of an enumeration of the schema.
    Enum,
    /// Of a foreign key into a table without persons.
    ForeignKey,
    /// Of the primary key of a table without persons.
    PrimaryKey,
}

/// All roles with the word that stands for them.
pub const ROLES: &[(&str, Role)] = &[
    ("booleans", Role::Boolean),
    ("enums", Role::Enum),
    ("foreign_keys", Role::ForeignKey),
    ("primary_keys", Role::PrimaryKey),
];

/// What is done with columns of a role that no other rule decides.
#[derive(Clone, Debug)]
pub struct DefaultRule {
    /// The role.
    pub role: Role,
    /// The rule; its name is the role's word.
    pub column: Column,
}

/// What is done with a table.
#[derive(Clone, Debug)]
pub enum TableBody {
    /// Column by column (`columns:` and `keep:` together, in order of writing).
    Columns(Vec<Column>),
    /// `like: other`: index into `Profile::tables`.
    Like(usize),
    /// `empty: reason text`: its rows are dropped.
    Empty {
        /// Why.
        reason: String,
    },
}

/// One invented row.
#[derive(Clone, Debug)]
pub struct Invented {
    /// Its values; columns that it does not name get NULL, or a free number.
    pub values: Vec<InventedValue>,
    /// Where.
    pub place: Place,
}

/// One value of an invented row.
#[derive(Clone, Debug)]
pub struct InventedValue {
    /// Column as written.
    pub column: String,
    /// What makes it; `None` = NULL.
    pub rule: Option<Rule>,
    /// Where.
    pub place: Place,
}

/// The rules of one table.
#[derive(Clone, Debug)]
pub struct Table {
    /// `database:`, where written.
    pub database: Option<String>,
    /// `schema.`, where written.
    pub schema: Option<String>,
    /// Table.
    pub table: String,
    /// What is done.
    pub body: TableBody,
    /// `quasi_identifiers:`.
    pub quasi_identifiers: Vec<String>,
    /// `keep_rows:`: only rows for which it is true are written.
    pub keep_rows: Option<When>,
    /// `insert:`: invented rows that it gets.
    pub insert: Vec<Invented>,
    /// `optional: true`, or of a text that is extended: the input may lack it.
    pub optional: bool,
    /// `count:`: how many rows `generate` makes.
    pub count: Option<Count>,
    /// `popularity:`: how unevenly `generate` shares rows among those that a column points to.
    pub popularity: Vec<Popularity>,
    /// Whether its name holds a `*`, which stands for any text without a dot.
    pub pattern: bool,
    /// The level of its text: 0 for the user's own; the larger the weaker.
    pub level: u32,
    /// Where.
    pub place: Place,
}

/// How unevenly rows point to rows, by a column of a foreign key.
#[derive(Clone, Debug, PartialEq)]
pub struct Popularity {
    /// The column as written.
    pub column: String,
    /// The exponent of Zipf's law: from 0, where all are alike, to 10.
    pub exponent: f64,
    /// Where.
    pub place: Place,
}

/// How many rows `generate` makes of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Rows(u64),
    /// So many a row of another table.
    Per {
        /// The table.
        table: String,
        /// At least.
        least: u64,
        /// At most.
        most: u64,
        /// On average, in thousandths.
        thousandths: u64,
    },
}

/// What another table says, by which conditions may ask: of an attribute's number its code.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The name by which conditions call it.
    pub name: String,
    /// `schema.` of the table, where written.
    pub schema: Option<String>,
    /// The table that says it.
    pub table: String,
    /// Its column that is the key.
    pub key: String,
    /// Its column that is the answer.
    pub value: String,
    /// The column of the asking table that holds a key.
    pub by: String,
    /// What it says, where the profile knows it.
    pub values: Vec<(String, String)>,
    /// Where.
    pub place: Place,
}

/// By which attribute a row's subject is found in another table.
#[derive(Clone, Debug)]
pub struct Resolve {
    /// Index of the attribute.
    pub attribute: usize,
    /// `schema.` of the table, where written.
    pub schema: Option<String>,
    /// The table whose rows hold both.
    pub table: String,
    /// Where.
    pub place: Place,
}

/// What an expectation demands.
#[derive(Clone, Copy, Debug)]
pub enum Demand {
    /// Generalised, pseudonymised or randomised.
    Masked,
    /// It stays as it is.
    Kept,
    /// Removed or made constant.
    Suppressed,
    /// The rows are dropped.
    Emptied,
    /// Anything but kept.
    NeverKept,
    /// It carries an attribute: indexes of entity and attribute.
    Attribute(usize, usize),
    /// It is changed by a technique.
    Technique(&'static TechniqueSpec),
}

/// All demands that are words, as a profile spells them.
pub const DEMANDS: &[(&str, Demand)] = &[
    ("masked", Demand::Masked),
    ("kept", Demand::Kept),
    ("suppressed", Demand::Suppressed),
    ("emptied", Demand::Emptied),
    ("never kept", Demand::NeverKept),
];

/// A part of a name: text, in which `*` stands for any text unless it was quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePart {
    /// Text.
    pub text: String,
    /// Whether it stood in quotes.
    pub quoted: bool,
}

/// A test inside a profile: what must come of a table or column.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// `schema.`, where written.
    pub schema: Option<NamePart>,
    /// Table.
    pub table: NamePart,
    /// Column; `None` = all of the table.
    pub column: Option<NamePart>,
    /// What must come of it.
    pub demand: Demand,
    /// The demand as written.
    pub said: String,
    /// Whether the input may lack it: it comes from a text that is extended.
    pub optional: bool,
    /// Where.
    pub place: Place,
}

impl Profile {
    /// Returns every rule written in it, with its technique and options.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let attributes =
            self.entities.iter().flat_map(|entity| &entity.attributes).flat_map(|a| a.rule.all());
        let defaults = self.defaults.iter().flat_map(|default| default.column.rule.own());
        let columns = self.tables.iter().flat_map(|table| match &table.body {
            TableBody::Columns(columns) => columns.as_slice(),
            TableBody::Like(_) | TableBody::Empty { .. } => &[],
        });
        let columns = columns.flat_map(|column| column.rule.own());
        let rows = self.tables.iter().flat_map(|table| &table.insert).flat_map(|row| &row.values);
        attributes.chain(defaults).chain(columns).chain(rows.filter_map(|value| value.rule.as_ref()))
    }
}

/// A profile, checked.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The texts it was read from; the first is the user's.
    pub files: Vec<ProfileFile>,
    /// `locale:`.
    pub locale: String,
    /// `policy:`.
    pub policy: Policy,
    /// `reasons:`.
    pub reasons: Vec<Reason>,
    /// `objects:`.
    pub objects: Objects,
    /// `entities:`.
    pub entities: Vec<Entity>,
    /// `lookups:`.
    pub lookups: Vec<Lookup>,
    /// `defaults:`.
    pub defaults: Vec<DefaultRule>,
    /// `tables:`.
    pub tables: Vec<Table>,
    /// `expect:`.
    pub expect: Vec<Expectation>,
}
