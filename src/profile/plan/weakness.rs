//! Rules that are allowed and weak: what `check` warns of, and a run does not stop for. One function a rule; of one column
//! only the first that speaks is told.
//!
//! Looks at names, types and rules, never at a value, so it cannot see a weakness that only values show; and a column
//! whose name says nothing is not cleared by that. Fewer than 10^4 possible values of a known type are an error
//! (`fit`).

use crate::error::{Message, Name};
use crate::mask::inside::Part;
use crate::mask::{Class, Value};
use crate::message;
use crate::profile::check::persons::{names_account, names_birth, names_few, names_free_text, names_person};
use crate::profile::finding::Finding;
use crate::profile::model::{ColumnRule, Inner, ObjectRule, Place, Problem, Rule, Table};
use crate::row::shape::{ColumnFacts, Facts, Literals, TableFacts, TypeClass};

use super::rules::{self, Decided, Decision};
use super::view::{Detail, View};
use super::{Plan, names};

/// One column, for all questions of this file.
struct Look<'a, 'p> {
    plan: &'p Plan,
    facts: &'a Facts,
    view: &'a View,
    index: usize,
    column: &'a ColumnFacts,
    decision: &'a Decision<'p>,
    /// The rule that changes it; `None` where it is kept.
    rule: Option<&'p Rule>,
}

/// All rules about one column, the gravest first.
const RULES: &[fn(&Look<'_, '_>) -> Option<Problem>] = &[
    kept_account,
    kept_birth_date,
    kept_person,
    kept_free_text,
    redacted,
    readable_account,
    fine_birth_date,
    small_domain,
    names_pass,
];

/// Characters of an account that may stay: what a receipt shows of a card.
const READABLE: i64 = 4;

/// Lists what is weak in the rules for a schema.
pub(super) fn weaknesses(plan: &Plan, facts: &Facts) -> Vec<Problem> {
    let tables: Vec<&TableFacts> = facts.tables().iter().collect();
    let mut problems = of(plan, facts, &tables);
    problems.extend(facts.literals().iter().filter_map(|literals| spelled_out(plan, literals)));
    problems
}

/// Lists what is weak in the rules for some tables of a schema.
pub(super) fn of(plan: &Plan, facts: &Facts, some: &[&TableFacts]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for table in some.iter().filter(|table| table.holds_rows) {
        let view = View::of_facts(table, facts);
        let decided = rules::decide(plan, &view, facts);
        of_table(plan, facts, &view, &decided, &mut problems);
    }
    problems
}

/// Lists what is weak in what was decided for a table.
pub(super) fn of_table(
    plan: &Plan,
    facts: &Facts,
    view: &View,
    decided: &Decided<'_>,
    problems: &mut Vec<Problem>,
) {
    for (index, (column, decision)) in view.columns.iter().zip(&decided.columns).enumerate() {
        let Some(decision) = decision else { continue };
        // A partition's column is told of with its root, an inherited one with the parent.
        if *decision.owner != view.table && facts.table(&decision.owner).is_some_and(|t| t.holds_rows) {
            continue;
        }
        // Of a case list the first case that is weak is told of.
        problems.extend(decision.each().find_map(|decision| {
            let rule = decision.rule(&plan.profile);
            let look = Look { plan, facts, view, index, column, decision: &decision, rule };
            RULES.iter().find_map(|weak| weak(&look))
        }));
    }
    let entries = names::entries_of(plan, &view.table, facts);
    let entries = entries.iter().filter_map(|entry| plan.profile.tables.get(*entry));
    problems.extend(entries.filter_map(|entry| kept_quasi_identifiers(plan, view, decided, entry)));
}

impl Look<'_, '_> {
    fn warning(&self, finding: Finding, what: impl Into<Message>) -> Problem {
        let label = self.view.label(self.index, self.decision.spelled());
        let mut problem = self.view.warning(what).of(finding).column(label);
        problem.place = self.decision.column.map(|column| column.place);
        problem
    }

    fn is_kept(&self) -> bool {
        self.rule.is_none()
    }

    /// Whether a name of the column says something: its own, or that of the attribute it points at.
    fn says(&self, names: fn(&str) -> bool) -> bool {
        names(&self.column.name) || self.attribute().is_some_and(|(_, attribute)| names(attribute))
    }

    /// Returns entity and attribute that the rule points at.
    fn attribute(&self) -> Option<(&str, &str)> {
        let (entity, attribute) = self.decision.attribute()?;
        let entity = self.plan.profile.entities.get(entity)?;
        Some((&entity.name, &entity.attributes.get(attribute)?.name))
    }

    /// Whether its type can hold such a value: what is a number, a switch or a time is no text of a person.
    fn holds_text(&self) -> bool {
        let class = match &self.column.ty.class {
            TypeClass::Array(of) => of.as_ref(),
            class => class,
        };
        class.is_text()
            || matches!(class, TypeClass::Json | TypeClass::Inet | TypeClass::Other | TypeClass::Bytes)
    }

    fn holds_date(&self) -> bool {
        self.holds_text()
            || matches!(
                self.column.ty.class,
                TypeClass::Date | TypeClass::Timestamp { .. } | TypeClass::Moment
            )
    }

    /// Returns the column's name for an example to write, where it may be shown.
    fn example(&self) -> Name {
        let spelled = self.decision.spelled();
        let own = self.view.trusted.then_some(self.column.name.as_str());
        Name::new(own.or(spelled).unwrap_or("COLUMN"))
    }

    /// Whether rows are joined by it, so that something must stand in it that tells rows apart.
    fn is_key(&self) -> bool {
        let name = &self.column.name;
        let known = self.facts.table(&self.view.table);
        let unique = known.is_some_and(|t| t.uniques.iter().any(|unique| unique.columns.contains(name)));
        let pointing = known.is_some_and(|t| t.foreign_keys.iter().any(|key| key.columns.contains(name)));
        let subject = self.decision.attribute().is_some_and(|(entity, attribute)| {
            self.plan.profile.entities.get(entity).is_some_and(|e| e.subject == Some(attribute))
        });
        unique || pointing || subject
    }
}

/// A national id or account that stays.
fn kept_account(look: &Look<'_, '_>) -> Option<Problem> {
    let number =
        look.column.ty.class.is_integer() || matches!(look.column.ty.class, TypeClass::Numeric { .. });
    let found = look.is_kept() && (look.holds_text() || number) && look.says(names_account);
    found.then(|| {
        look.warning(Finding::KeptIdentifier, "a national id or account is kept, by the column's name").hint(message!(
            "point it at an attribute (`{{pseudonym: bsn}}`, `{{fake: iban}}`) so that joins survive, or write `{}: suppress`",
            look.example()
        ))
    })
}

/// A birth date that stays to the day.
fn kept_birth_date(look: &Look<'_, '_>) -> Option<Problem> {
    (look.is_kept() && look.holds_date() && look.says(names_birth)).then(|| {
        look.warning(
            Finding::FineBirthDate,
            "a birth date is kept to the day: with a postcode it singles most people out",
        )
        .hint(message!("write `{}: {{generalise: year}}`", look.example()))
    })
}

/// A name, address, phone number or mail address that stays.
fn kept_person(look: &Look<'_, '_>) -> Option<Problem> {
    (look.is_kept() && look.holds_text() && look.says(names_person)).then(|| {
        look.warning(
            Finding::KeptPerson,
            "a column named like a person's name, address, mail or phone is kept",
        )
        .hint(message!(
            "point it at an attribute of the person, or write `{}: suppress`; if it holds no person, \
                 let its reason say so",
            look.example()
        ))
    })
}

/// Free text that stays: people write about people in it.
fn kept_free_text(look: &Look<'_, '_>) -> Option<Problem> {
    (look.is_kept() && look.holds_text() && look.says(names_free_text)).then(|| {
        look.warning(
            Finding::KeptFreeText,
            "a column named like free text is kept: people write about people in those",
        )
        .hint(message!("write `{}: suppress`, or `{{constant: \"…\"}}`", look.example()))
    })
}

/// Text that is redacted: what is missed stays.
fn redacted(look: &Look<'_, '_>) -> Option<Problem> {
    look.rule.filter(|rule| rule.technique.name == "redact")?;
    let all = look.says(names_account) || look.says(names_person) || look.says(names_birth);
    let what = match all {
        true => "`redact` is for text: a column named like an identifier is one as a whole",
        false => {
            "`redact` lowers risk and is no masking: what it misses, and what is told in other words, stays"
        }
    };
    Some(look.warning(Finding::Redacted, what).hint(message!(
        "where the software under test does not need the text, write `{}: suppress`",
        look.example()
    )))
}

/// A national id or account of which much stays readable.
fn readable_account(look: &Look<'_, '_>) -> Option<Problem> {
    let rule = look.rule.filter(|rule| matches!(rule.technique.name, "partial" | "generalise"))?;
    let count = |name: &str| match rule.options.iter().find(|(option, _)| option == name) {
        Some((_, Value::Integer(count))) => *count,
        _ => 0,
    };
    let stays = count("keep_first").saturating_add(count("keep_last")).max(count("prefix"));
    (stays > READABLE && look.says(names_account)).then(|| {
        let what = message!(
            "{} characters of a national id or account stay readable, by the column's name: the rest is soon tried",
            stays
        );
        look.warning(Finding::Readable, what).hint(message!(
            "let at most {} stay, `{}: {{partial: {{keep_last: 4}}}}`, or use a `pseudonym` or `fake`",
            READABLE,
            look.example()
        ))
    })
}

/// A birth date of which the week stays.
fn fine_birth_date(look: &Look<'_, '_>) -> Option<Problem> {
    let rule = look.rule.filter(|rule| rule.technique.class == Class::Generalisation)?;
    let week = rule.argument.as_ref().and_then(Value::text) == Some("week");
    (week && look.says(names_birth)).then(|| {
        look.warning(Finding::FineBirthDate, "the week of a birth date is nearly its day")
            .hint(message!("write `{}: {{generalise: year}}`", look.example()))
    })
}

/// A pseudonym of one of few values: whoever counts them, or tries them all with the key, has them back.
fn small_domain(look: &Look<'_, '_>) -> Option<Problem> {
    let rule = look.rule.filter(|rule| matches!(rule.technique.name, "pseudonym" | "hash"))?;
    if rule.options.iter().any(|(name, _)| name == "small_domain") || look.is_key() {
        return None;
    }
    let few = match &look.column.ty.class {
        TypeClass::SmallInt => true,
        TypeClass::Char { chars } => *chars <= 3,
        TypeClass::Text { max_chars: Some(chars) } => *chars <= 3,
        _ => false,
    };
    (few || look.says(names_few)).then(|| {
        let what = message!(
            "`{}` over few possible values, by the column's name or type: counting them, or trying all with a lasting key, \
             gives them back",
            rule.technique.name
        );
        look.warning(Finding::FewValues, what)
            .hint("use `suppress` or `generalise`, or name the reason why it must be: `small_domain: REASON`")
    })
}

/// A path through all members of a map, whose names stay: they may be data.
fn names_pass(look: &Look<'_, '_>) -> Option<Problem> {
    let (technique, place) = open_names(look.rule?)?;
    let what = message!(
        "`{}` of `{}` takes all members, and their names pass: where names are data, such as mail addresses, they stay",
        place,
        technique
    );
    Some(look.warning(Finding::NamesPass, what).hint(
        "mask the names too, `{each_key: RULE, each_value: RULE}` at the map; or name the members one by one",
    ))
}

/// Returns a place that lets names of members pass, in a rule or one inside of it.
fn open_names(rule: &Rule) -> Option<(&'static str, Name)> {
    let masked =
        |map: &str| rule.inside.iter().any(|inner| inner.at.part == Part::Keys && inner.at.text == map);
    let open = |inner: &&Inner| {
        // What a rule keeps was looked at as a whole.
        let changes = !matches!(inner.column.rule, ColumnRule::Keep { .. }) && inner.at.part == Part::Value;
        changes && maps(rule.technique.name, &inner.at.text).into_iter().any(|map| !masked(map))
    };
    let own =
        rule.inside.iter().find(open).map(|inner| (rule.technique.name, Name::new(inner.at.text.as_str())));
    let nested = |inner: &Inner| match &inner.column.rule {
        ColumnRule::Own { rule, .. } => open_names(rule),
        _ => None,
    };
    own.or_else(|| rule.inside.iter().find_map(nested))
}

/// Returns the places of the maps through whose members, by any name, a place leads.
fn maps<'t>(technique: &str, text: &'t str) -> Vec<&'t str> {
    match technique {
        "hstore" if text == "*" => vec![text],
        "hstore" | "json" | "php" => {
            let mut quote = None;
            let mut all = Vec::new();
            for (at, c) in text.char_indices() {
                let before = text.get(..at).unwrap_or_default();
                let rest = text.get(at..).unwrap_or_default();
                match quote {
                    Some(open) if c == open && !before.ends_with('\\') => quote = None,
                    None if matches!(c, '\'' | '"') => quote = Some(c),
                    None if rest.starts_with(".*") => all.push(before),
                    _ => {}
                }
            }
            all
        }
        _ => Vec::new(),
    }
}

/// Quasi-identifiers of which every one stays: together they single people out.
fn kept_quasi_identifiers(plan: &Plan, view: &View, decided: &Decided<'_>, entry: &Table) -> Option<Problem> {
    let kept = |name: &String| {
        let found = names::find(name, view.columns.iter().map(|column| column.name.as_str()));
        let names::Found::One(index) = found else { return false };
        let decision = decided.columns.get(index).and_then(Option::as_ref);
        decision.is_some_and(|decision| decision.each().any(|case| case.rule(&plan.profile).is_none()))
    };
    let all = entry.quasi_identifiers.as_slice();
    (all.len() > 1 && all.iter().all(kept)).then(|| {
        let what = message!(
            "all {} of its `quasi_identifiers` are kept: together they single people out",
            all.len()
        );
        view.warning(what)
            .of(Finding::KeptQuasiIdentifiers)
            .place(entry.place)
            .hint("generalise or suppress at least the finest of them: a date to its year, a postcode away")
    })
}

/// Warns of a definition or comment that passes with what a recogniser takes for an identifier.
fn spelled_out(plan: &Plan, literals: &Literals) -> Option<Problem> {
    let kept = |class| matches!(plan.profile.objects.of(class), ObjectRule::Keep { .. });
    if literals.identifiers == 0 || literals.class.is_some_and(|class| !kept(class)) {
        return None;
    }
    let hint = match literals.class {
        Some(_) => "leave it out: `objects: {comments: suppress}`",
        None => {
            "look at it, and change the definition in the source if a person is meant: no rule reaches it"
        }
    };
    let what = message!(
        "{} passes and spells out what looks like an identifier ({} of {} texts)",
        literals.definition,
        literals.identifiers,
        literals.count
    );
    let problem = Problem::warning(Place::default(), what).of(Finding::SpelledOut).with_hint(hint);
    Some(Problem { place: None, ..problem })
}
