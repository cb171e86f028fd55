//! `category:` and `accept_risk:`: data that the law protects more (GDPR 9 and 10) is masked or removed; where a rule leaves
//! it readable, as `keep` does and `redact` in part, a reason must accept the risk.
//!
//! Refuses such a rule without a reason, and a reason where nothing stays readable. Says nothing of columns whose category
//! nobody wrote down.

use super::Checker;
use super::rule::{ACCEPT_RISK, CATEGORY};
use super::words::shown;
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Category, Column, ColumnRule, Place, Profile, Rule, TableBody};

/// What is said for a whole column, and holds for the parts of its values.
#[derive(Clone, Copy, Default)]
struct Outer {
    category: Option<Category>,
    accepted: bool,
}

/// A rule that leaves what is of a category readable, or accepts the risk of nothing.
enum Wrong {
    /// Kept.
    Kept(Category),
    /// Redacted.
    Redacted(Category),
    /// `accept_risk:` without a category.
    NoCategory,
    /// `accept_risk:` where the rule leaves nothing readable.
    Nothing,
}

impl Checker<'_> {
    /// Holds all rules to the categories that they name.
    pub(super) fn categories(&mut self) {
        let mut found = Vec::new();
        let profile = &self.profile;
        for attribute in profile.entities.iter().flat_map(|entity| &entity.attributes) {
            of_rule(
                profile,
                &attribute.rule,
                Outer::default(),
                (&attribute.name, attribute.place),
                &mut found,
            );
        }
        let defaults = profile.defaults.iter().map(|default| &default.column);
        let columns = profile.tables.iter().flat_map(|table| match &table.body {
            TableBody::Columns(columns) => columns.as_slice(),
            TableBody::Like(_) | TableBody::Empty { .. } => &[],
        });
        for column in defaults.chain(columns) {
            of_column(profile, column, Outer::default(), &mut found);
        }
        for (name, place, wrong) in found {
            self.say(&name, place, &wrong);
        }
    }

    fn say(&mut self, name: &str, place: Place, wrong: &Wrong) {
        let name = shown(name);
        let hint =
            "write `suppress`, or accept the risk for a reason: `accept_risk: REASON`, said under `reasons:`";
        let (what, hint) = match wrong {
            Wrong::Kept(category) => (message!("`{}` keeps {}", name, category.meaning()), hint),
            Wrong::Redacted(category) => {
                let what = message!(
                    "`{}` is {}, and `redact` lowers risk and is no masking: what it misses stays",
                    name,
                    category.meaning()
                );
                (what, hint)
            }
            Wrong::NoCategory => (
                message!("`{}` accepts a risk, and names no category", name),
                "add `category: special` or `category: criminal`, or take `accept_risk` out",
            ),
            Wrong::Nothing => (
                message!("`{}` accepts a risk, and its rule leaves nothing readable", name),
                "take `accept_risk` out",
            ),
        };
        self.found(Finding::RiskNotAccepted, place, what, hint);
    }
}

type Found = Vec<(String, Place, Wrong)>;

fn of_column(profile: &Profile, column: &Column, outer: Outer, found: &mut Found) {
    let (name, place) = (column.name.as_str(), column.place);
    let mut add = |wrong| found.push((name.to_owned(), place, wrong));
    match &column.rule {
        ColumnRule::Keep { sensitive, .. } => match sensitive.category.or(outer.category) {
            Some(category) if sensitive.accept_risk.is_none() && !outer.accepted => {
                add(Wrong::Kept(category))
            }
            None if sensitive.accept_risk.is_some() => add(Wrong::NoCategory),
            _ => {}
        },
        ColumnRule::Own { rule, .. } => of_rule(profile, rule, outer, (name, place), found),
        ColumnRule::Cases(cases) => {
            cases.iter().for_each(|case| of_column(profile, &case.column, outer, found));
        }
        // An attribute is held to what it says itself; a part of a value to what is said of the whole too.
        ColumnRule::Attribute { entity, attribute, .. } => {
            let attribute =
                profile.entities.get(*entity).and_then(|entity| entity.attributes.get(*attribute));
            if let Some(attribute) = attribute.filter(|_| outer.category.is_some()) {
                of_rule(profile, &attribute.rule, outer, (name, place), found);
            }
        }
    }
}

fn of_rule(profile: &Profile, rule: &Rule, outer: Outer, at: (&str, Place), found: &mut Found) {
    let (own, accepts) = (rule.said(CATEGORY).and_then(Category::of), rule.said(ACCEPT_RISK).is_some());
    let here = Outer { category: own.or(outer.category), accepted: outer.accepted || accepts };
    let mut add = |wrong| found.push((at.0.to_owned(), at.1, wrong));
    match here.category {
        None if accepts => return add(Wrong::NoCategory),
        Some(category) if redacts(rule) && !here.accepted => add(Wrong::Redacted(category)),
        Some(_) if accepts && !leaves(profile, rule) => add(Wrong::Nothing),
        _ => {}
    }
    rule.inside.iter().for_each(|inner| of_column(profile, &inner.column, here, found));
}

fn redacts(rule: &Rule) -> bool {
    rule.technique.name == "redact"
}

/// Says whether a rule leaves something readable, of the value or of a part of it.
fn leaves(profile: &Profile, rule: &Rule) -> bool {
    let part = |column: &Column| match &column.rule {
        ColumnRule::Keep { .. } => true,
        ColumnRule::Own { rule, .. } => leaves(profile, rule),
        ColumnRule::Cases(_) => false,
        ColumnRule::Attribute { entity, attribute, .. } => {
            let attribute =
                profile.entities.get(*entity).and_then(|entity| entity.attributes.get(*attribute));
            attribute.is_some_and(|attribute| leaves(profile, &attribute.rule))
        }
    };
    redacts(rule) || rule.inside.iter().any(|inner| part(&inner.column))
}

#[cfg(test)]
mod tests {
    use crate::profile::finding::Finding;
    use crate::profile::syntax;

    /// Returns what is wrong with the rule of a column, and with it as that of an attribute if it may be one.
    fn wrong(rule: &str) -> Vec<String> {
        let text = format!(
            "version: 1\nreasons: {{w: \"work\", care: \"the test is about care\"}}\nentities: {{p: {{id: hash, note: redact}}}}\n\
             tables:\n  t:\n    columns:\n      a: {rule}\n      b: {{keep: w}}\n      c: {{keep: care}}\n"
        );
        match syntax::read("p", text.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(refused) => {
                let told = refused.problems.iter().inspect(|problem| {
                    assert_eq!(problem.finding, Finding::RiskNotAccepted, "{}", problem.what);
                    assert!(problem.hint.is_some() && problem.place.is_some_and(|place| place.line > 4));
                });
                told.map(|problem| problem.what.to_string()).collect()
            }
        }
    }

    #[test]
    fn what_stays_readable_of_a_category_needs_a_reason() {
        let kept = "`a` keeps a special category of data (GDPR 9)";
        let crime = "`a` keeps data on convictions or offences (GDPR 10)";
        let redacted = "`a` is a special category of data (GDPR 9), and `redact` lowers risk and is no masking: what it misses stays";
        for (rule, told) in [
            ("{keep: w, category: special}", Some(kept)),
            ("{keep: w, category: criminal}", Some(crime)),
            ("{keep: w, category: special, accept_risk: care}", None),
            ("{redact: , category: special}", Some(redacted)),
            ("{redact: , category: special, accept_risk: care}", None),
            ("{suppress: , category: special}", None),
            ("{hash: , category: criminal}", None),
            ("[{when: \"b = 1\", keep: w, category: special}, {else: suppress}]", Some(kept)),
            ("{json: {$.x: {hash: {length: 16}}}, category: special}", None),
        ] {
            assert_eq!(wrong(rule), told.into_iter().collect::<Vec<_>>(), "{rule}");
        }
    }

    #[test]
    fn parts_of_a_value_are_of_its_category() {
        let part = ["`$.x` keeps a special category of data (GDPR 9)"];
        assert_eq!(wrong("{json: {$.x: {keep: w}}, category: special}"), part);
        assert_eq!(wrong("{json: {$.x: {keep: w, category: special}}}"), part);
        assert_eq!(wrong("{json: {$.x: {json: {$.x: {keep: w}}}}, category: special}"), part);
        assert_eq!(wrong("{json: {$.x: p.note}, category: special}").len(), 1);
        assert_eq!(wrong("{json: {$.x: {keep: w}}, category: special, accept_risk: care}"), [""; 0]);
        assert_eq!(wrong("{json: {$.x: {keep: w, accept_risk: care}}, category: special}"), [""; 0]);
    }

    #[test]
    fn a_reason_that_accepts_nothing_is_a_mistake() {
        assert_eq!(wrong("{keep: w, accept_risk: care}"), ["`a` accepts a risk, and names no category"]);
        assert_eq!(wrong("{redact: , accept_risk: care}"), ["`a` accepts a risk, and names no category"]);
        let nothing = ["`a` accepts a risk, and its rule leaves nothing readable"];
        assert_eq!(wrong("{suppress: , category: special, accept_risk: care}"), nothing);
    }
}
