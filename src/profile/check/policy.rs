//! `version:`, `locale:`, `policy:` and `reasons:`.
//!
//! Refuses a version it was not made for, a domain that cannot receive mail in form, and a reason without words.

use super::words::{self, Spot, shown};
use super::{Checker, Layer};
use crate::error::Message;
use crate::message;
use crate::profile::finding::Finding;
use crate::profile::model::{Place, Reason, Unfit, Unlisted};
use crate::profile::tree::{Entry, Node, Word};

/// Most days that `expires:` may say: a hundred years.
const MAX_DAYS: u32 = 36_525;

impl<'a> Checker<'a> {
    /// Checks `version: 1`.
    pub(super) fn version(&mut self, root: &Node, entry: Option<&'a Entry>) {
        let hint = "write `version: 1` as the first line";
        let Some(entry) = entry else {
            return self.found(
                Finding::ProfileVersion,
                root.place(),
                "the profile does not say which version it is",
                hint,
            );
        };
        match &entry.value {
            Node::Scalar(word) if word.integer() == Some(1) => {}
            Node::Scalar(word) if word.integer().is_some_and(|number| number > 1) => {
                let what = message!("version {} needs a later version of standin", shown(&word.text));
                self.found(Finding::ProfileVersion, word.place, what, "this standin reads `version: 1`");
            }
            Node::Refused(_) => {}
            other => self.found(
                Finding::ProfileVersion,
                other.place(),
                "the version of a profile is the number 1",
                hint,
            ),
        }
    }

    /// Returns a locale that has vocabularies.
    pub(super) fn locale(&mut self, node: &'a Node) -> Option<String> {
        let hint = "write `locale: nl_NL`";
        let word = self.word(node, "`locale` names a language and country", hint)?;
        if words::LOCALES.contains(&word.text.as_str()) {
            return Some(word.text.clone());
        }
        let hint = match self.near(&word.text, words::LOCALES.iter().copied()) {
            Some(near) => message!("did you mean `{}`?", near),
            None => message!("locales: {}", super::listed(words::LOCALES)),
        };
        let what = message!("no locale is called `{}`", shown(&word.text));
        self.found(Finding::UnknownName, word.place, what, hint);
        None
    }

    /// Reads `policy:`.
    pub(super) fn policy(&mut self, nodes: &[Layer<&'a Node>]) {
        let maps = self.maps(nodes, "`policy`");
        let entries = self.joined(&maps);
        let mut key_place: Option<Place> = None;
        for Entry { key, value } in &entries {
            match key.text.as_str() {
                "unlisted" => self.unlisted(value),
                "unfit" => self.unfit(value),
                "domain" => {
                    let hint = "write the name of what the copy is for: `domain: training-2026`";
                    self.profile.policy.domain = self.line(value, "`domain` is a name", hint);
                }
                "mail_domain" => self.mail_domain(value),
                "key" => {
                    key_place = Some(key.place);
                    self.key_label(value);
                }
                "expires" => self.expires(value),
                _ => self.unknown(Spot::Policy, key, words::POLICY, Message::from("in `policy`")),
            }
        }
        let domain = entries.iter().any(|entry| entry.key.text == "domain");
        if let Some(place) = key_place
            && !domain
        {
            self.error(
                place,
                "a lasting key needs a `domain`",
                "add `domain: training-2026`: stand-ins of two domains cannot be linked",
            );
        }
    }

    /// Returns one line of text.
    pub(super) fn line(&mut self, node: &'a Node, what: &'static str, hint: &'static str) -> Option<String> {
        let word = self.word(node, what, hint)?;
        if word.text.chars().any(char::is_control) {
            self.error(word.place, message!("{}, on one line", what), hint);
            return None;
        }
        Some(word.text.clone())
    }

    fn unlisted(&mut self, node: &'a Node) {
        let hint = "write `unlisted: stop` or `unlisted: fill`";
        let Some(word) = self.word(node, "`unlisted` says what happens to columns without a rule", hint)
        else {
            return;
        };
        match word.text.as_str() {
            "stop" => self.profile.policy.unlisted = Unlisted::Stop,
            "fill" => self.profile.policy.unlisted = Unlisted::Fill,
            "keep" => self.error(
                word.place,
                "there is no `unlisted: keep`",
                "name what is kept with a reason; the flag `--allow-unlisted-keep` lifts it for one run, and says so",
            ),
            text => {
                let what = message!("`unlisted` cannot be `{}`", shown(text));
                self.error(word.place, what, hint);
            }
        }
    }

    fn unfit(&mut self, node: &'a Node) {
        const CHOICES: &[&str] = &["placeholder", "suppress", "stop"];
        let hint = message!("write one of {}", super::listed(CHOICES));
        let what = "`unfit` says what happens to a value without the form its technique needs";
        let Some(word) = self.word(node, what, hint.clone()) else { return };
        self.profile.policy.unfit = match word.text.as_str() {
            "placeholder" => Unfit::Placeholder,
            "suppress" => Unfit::Suppress,
            "stop" => Unfit::Stop,
            text => {
                let near = self.near(text, CHOICES.iter().copied());
                let hint = near.map_or(hint, |near| message!("did you mean `{}`?", near));
                return self.error(word.place, message!("`unfit` cannot be `{}`", shown(text)), hint);
            }
        };
    }

    fn mail_domain(&mut self, node: &'a Node) {
        let hint = "write a domain that receives no mail of strangers: `mail_domain: example.org`";
        let Some(word) = self.word(node, "`mail_domain` is a domain", hint) else { return };
        match domain_fault(&word.text) {
            None => self.profile.policy.mail_domain = Some(word.text.to_ascii_lowercase()),
            Some(fault) => self.error(word.place, message!("no mail domain: {}", fault), hint),
        }
    }

    fn key_label(&mut self, node: &'a Node) {
        let hint =
            "write the label that `standin keygen LABEL` was given; the key itself never stands in a profile";
        let Some(word) = self.word(node, "`key` is the label of a key", hint) else { return };
        if word.text.chars().any(|c| c.is_control() || c.is_whitespace() || c == ':') {
            return self.error(word.place, "a key's label has no blanks and no colons", hint);
        }
        self.profile.policy.key = Some(word.text.clone());
    }

    fn expires(&mut self, node: &'a Node) {
        let hint = "write a number and a unit: `90d`, `12w`, `6m` or `2y`";
        let Some(word) = self.word(node, "`expires` says how long a copy may live", hint) else { return };
        match days(&word.text) {
            Some(days) if (1..=MAX_DAYS).contains(&days) => self.profile.policy.expires_days = Some(days),
            Some(_) => self.error(word.place, "`expires` is between one day and a hundred years", hint),
            None => self.error(word.place, "`expires` is a number and a unit", hint),
        }
    }

    /// Reads `reasons:`.
    pub(super) fn reasons(&mut self, nodes: &[Layer<&'a Node>]) {
        let maps = self.maps(nodes, "`reasons`");
        for Entry { key, value } in self.joined(&maps) {
            let hint = message!("write `{}: \"why this data is needed\"`", shown(&key.text));
            let what = message!("the reason `{}` has no text", shown(&key.text));
            let text = self.reason_text(key, value, what, hint);
            self.reasons.insert(&key.text, self.profile.reasons.len());
            self.used.push(false);
            self.profile.reasons.push(Reason { name: key.text.clone(), text, place: key.place });
        }
    }

    fn reason_text(&mut self, key: &'a Word, node: &'a Node, what: Message, hint: Message) -> String {
        if key.text.trim().is_empty() {
            self.error(key.place, "a reason needs a name", "write `workflow: \"why this data is needed\"`");
        }
        self.word(node, what, hint).map(|word| word.text.trim().to_owned()).unwrap_or_default()
    }
}

/// Returns the days of `90d`, `12w`, `6m` (30 days each), `2y` (365 days each).
fn days(text: &str) -> Option<u32> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let days = match unit {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        "y" => 365,
        _ => return None,
    };
    Some(number.parse::<u32>().ok().and_then(|n| n.checked_mul(days)).unwrap_or(u32::MAX))
}

/// Says what keeps a text from being a mail domain (RFC 5321 section 4.1.2, RFC 1035 section 2.3.1).
fn domain_fault(text: &str) -> Option<&'static str> {
    if text.contains('@') {
        return Some("only what stands behind the `@`");
    }
    if !text.is_ascii() {
        return Some("letters outside a to z are written as `xn--…`");
    }
    if text.len() > 190 {
        return Some("it is too long");
    }
    let labels: Vec<&str> = text.split('.').collect();
    let bad = |label: &&str| {
        label.is_empty()
            || label.len() > 63
            || label.starts_with('-')
            || label.ends_with('-')
            || !label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if labels.iter().any(bad) {
        return Some("only letters, digits and `-`, in parts of 1 to 63 characters with dots between");
    }
    if labels.len() < 2 {
        return Some("it needs a dot");
    }
    let number = labels.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    number.then_some("an address of numbers is none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes() {
        assert_eq!(days("90d"), Some(90));
        assert_eq!(days("12w"), Some(84));
        assert_eq!(days("6m"), Some(180));
        assert_eq!(days("2y"), Some(730));
        assert_eq!(days("99999999999y"), Some(u32::MAX));
        for bad in ["", "d", "90", "-1d", "1.5y", "90 d", "9é", "+9d"] {
            assert_eq!(days(bad), None, "{bad}");
        }
    }

    #[test]
    fn mail_domains() {
        for good in ["example.org", "mail.Test.example", "a-b.example", "xn--fsq.example"] {
            assert_eq!(domain_fault(good), None, "{good}");
        }
        for bad in
            ["", "example", "@example.org", "a..b", "-a.example", "exämple.org", "a b.example", "192.0.2.1"]
        {
            assert!(domain_fault(bad).is_some(), "{bad}");
        }
    }
}
