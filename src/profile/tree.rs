//! A profile's YAML as one tree in which every key and every scalar knows its line, column and byte range.
//! The only file that knows the YAML parser (granit-parser, the event parser below serde-saphyr: its events carry
//! byte ranges of keys, tags and anchors too).
//!
//! Refuses what makes a profile say something else than a reader sees: duplicate keys, anchors, aliases, tags, merge
//! keys, directives, several documents, nesting over 32 levels, texts over 8 MiB, bytes that are not UTF-8. Types are
//! not guessed here: a scalar is its text and whether it was quoted, so `no`, `on` and `007` stay what was written.

use std::collections::HashMap;

use granit_parser::{
    ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, StructureStyle,
};

use crate::error::Message;
use crate::message;
use crate::profile::check::words::shown;
use crate::profile::finding::Finding;
use crate::profile::model::{Place, Problem};

/// Most bytes of a profile.
pub(crate) const MAX_BYTES: usize = 8 << 20;

/// Most levels of maps and lists inside each other.
const MAX_DEPTH: usize = 32;

/// How a key file's line begins; such text must not stand in a profile, nor be shown.
pub(crate) const KEY_PREFIX: &str = "standin-key-1:";

/// A word of the profile and its place.
#[derive(Clone)]
pub(crate) struct Word {
    /// Text after YAML's quotes and escapes.
    pub(crate) text: String,
    /// Whether it stands without quotes.
    pub(crate) plain: bool,
    /// Where.
    pub(crate) place: Place,
}

/// A key may stand in a profile by mistake: no word is shown before it was checked.
impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} bytes at {:?}>", self.text.len(), self.place)
    }
}

impl Word {
    /// Returns whether it says nothing: `~`, `null` or an empty place.
    pub(crate) fn is_null(&self) -> bool {
        self.plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// Returns the boolean of YAML 1.2's core schema: `yes` and `no` are words.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.text.as_str() {
            "true" | "True" | "TRUE" if self.plain => Some(true),
            "false" | "False" | "FALSE" if self.plain => Some(false),
            _ => None,
        }
    }

    /// Returns the number of YAML 1.2's core schema that has digits on both sides of a point.
    fn fraction(&self) -> Option<f64> {
        let bare = self.text.strip_prefix(['+', '-']).unwrap_or(&self.text);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let whole = bare.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part));
        (self.plain && whole).then(|| self.text.parse().ok()).flatten()
    }

    /// Returns the whole number of YAML 1.2's core schema, where it fits 64 bits.
    pub(crate) fn integer(&self) -> Option<i64> {
        if !self.plain {
            return None;
        }
        let digits = |text: &str, radix| {
            let whole = !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
            whole.then(|| i64::from_str_radix(text, radix).ok()).flatten()
        };
        if let Some(octal) = self.text.strip_prefix("0o") {
            return digits(octal, 8);
        }
        if let Some(hex) = self.text.strip_prefix("0x") {
            return digits(hex, 16);
        }
        let bare = self.text.strip_prefix(['+', '-']).unwrap_or(&self.text);
        let whole = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit());
        whole.then(|| self.text.parse().ok()).flatten()
    }
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Key.
    pub(crate) key: Word,
    /// Value.
    pub(crate) value: Node,
}

/// A part of the tree.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// One word or text.
    Scalar(Word),
    /// `- a` or `[a]`; the place is its beginning.
    List(Vec<Node>, Place),
    /// `a: b` or `{a: b}`; the place is its first key, or the bracket.
    Map(Vec<Entry>, Place),
    /// Something refused, about which a problem was said already.
    Refused(Place),
}

impl Node {
    /// Returns where it is.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Scalar(word) => word.place,
            Self::List(_, place) | Self::Map(_, place) | Self::Refused(place) => *place,
        }
    }

    /// Returns whether it says the same as another, wherever both stand; the order of keys does not count.
    pub(crate) fn says_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Scalar(a), Self::Scalar(b)) => (&a.text, a.is_null()) == (&b.text, b.is_null()),
            (Self::List(a, _), Self::List(b, _)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.says_same(b))
            }
            (Self::Map(a, _), Self::Map(b, _)) => {
                let has = |entry: &Entry| {
                    b.iter().any(|e| e.key.text == entry.key.text && e.value.says_same(&entry.value))
                };
                a.len() == b.len() && a.iter().all(has)
            }
            _ => false,
        }
    }
}

/// Reads a profile's text as the JSON value that an editor holds against the schema; `None` where the YAML is broken or
/// beyond the language.
#[must_use]
pub fn json(text: &str) -> Option<serde_json::Value> {
    let mut problems = Vec::new();
    let root = parse(text, 0, &mut problems)?;
    problems.is_empty().then(|| value(&root))
}

fn value(node: &Node) -> serde_json::Value {
    use serde_json::Value;
    match node {
        Node::Refused(_) => Value::Null,
        Node::Scalar(word) if word.is_null() => Value::Null,
        Node::Scalar(word) => match (word.boolean(), word.integer()) {
            (Some(boolean), _) => Value::Bool(boolean),
            (None, Some(number)) => Value::from(number),
            (None, None) => word.fraction().map_or_else(|| Value::from(word.text.as_str()), Value::from),
        },
        Node::List(items, _) => Value::Array(items.iter().map(value).collect()),
        Node::Map(entries, _) => {
            Value::Object(entries.iter().map(|entry| (entry.key.text.clone(), value(&entry.value))).collect())
        }
    }
}

/// Reads the tree of the file of that index; what was wrong is added to `problems`. `None` where the text could not be
/// read to its end.
pub(crate) fn parse(text: &str, file: u32, problems: &mut Vec<Problem>) -> Option<Node> {
    let options = granit_parser::options! {
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: 2 * MAX_DEPTH,
        block_nesting_limit: 2 * MAX_DEPTH,
    };
    let parser = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder { text, file, parser, problems };
    builder.document().ok()
}

/// The reading ended early, and why was said.
struct Stop;

struct Builder<'a> {
    text: &'a str,
    file: u32,
    parser: Parser<'a, StrInput<'a>>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Builder<'a> {
    fn say(&mut self, place: Place, what: impl Into<Message>, hint: impl Into<Message>) {
        self.problems.push(Problem::error(place, what).of(Finding::ProfileSyntax).with_hint(hint));
    }

    fn place(&self, start: Marker, end: Marker) -> Place {
        place(self.text, self.file, start, end)
    }

    /// Returns the next event that carries data. An anchor is refused on the way.
    fn next(&mut self) -> Result<(Event<'a>, Span), Stop> {
        loop {
            match self.parser.next() {
                Some(Ok((Event::Anchor(..), span))) => {
                    let place = self.place(span.start, span.end);
                    self.say(
                        place,
                        "anchors (`&name`) are not part of the profile language",
                        "write the rule out, or use an entity; text that begins with `&` goes in quotes",
                    );
                }
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok(event)) => return Ok(event),
                Some(Err(error)) => {
                    self.problems.push(syntax_problem(self.text, self.file, &error));
                    return Err(Stop);
                }
                None => return Err(self.unexpected(Place { file: self.file, ..Place::default() })),
            }
        }
    }

    fn unexpected(&mut self, place: Place) -> Stop {
        self.say(place, "the YAML cannot be read here", "see the line above it too");
        Stop
    }

    fn document(&mut self) -> Result<Node, Stop> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            let at = self.place(span.start, span.end);
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    self.say(
                        at,
                        "a second YAML document begins here",
                        "a profile is one document: remove the `---`",
                    );
                    return Err(Stop);
                }
                Event::DocumentStart(..) => {
                    let (event, span) = self.next()?;
                    root = Some(self.node(event, span, 0)?);
                }
                _ => return Err(self.unexpected(at)),
            }
        }
        let begin = Place { file: self.file, line: 1, column: 1, start: 0, end: 0 };
        match root {
            Some(Node::Scalar(word)) if word.is_null() => {
                self.say(begin, "the profile is empty", "the shortest profile is `version: 1`");
                Err(Stop)
            }
            Some(node) => Ok(node),
            None => {
                self.say(begin, "the profile is empty", "the shortest profile is `version: 1`");
                Err(Stop)
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Stop> {
        let at = self.place(span.start, span.end);
        if depth > MAX_DEPTH {
            self.say(
                at,
                message!("nested more than {} levels deep", MAX_DEPTH),
                "no rule needs that; check the brackets",
            );
            return Err(Stop);
        }
        if let Event::Scalar(_, _, _, Some(_))
        | Event::SequenceStart(_, _, Some(_))
        | Event::MappingStart(_, _, Some(_)) = &event
        {
            let tag = span.tag_span().map_or(at, |tag| self.place(tag.start, tag.end));
            self.say(
                tag,
                "tags (`!name`) are not part of the profile language",
                "remove it; text that begins with `!` goes in quotes",
            );
        }
        match event {
            Event::Scalar(text, style, _, _) => {
                if text.contains(KEY_PREFIX) {
                    self.say(
                        at,
                        "a key must not stand in a profile",
                        "make a new key now; give it by `--key-file` or `STANDIN_KEY`, and say only its label here",
                    );
                    return Ok(Node::Refused(at));
                }
                let plain = style == ScalarStyle::Plain;
                // The parser gives `~` where nothing is written.
                let nothing = plain && span.start.byte_offset() == span.end.byte_offset();
                let text = if nothing { String::new() } else { text.into_owned() };
                Ok(Node::Scalar(Word { text, plain, place: at }))
            }
            Event::SequenceStart(style, _, _) => self.list(style, at, depth),
            Event::MappingStart(style, _, _) => self.map(style, at, depth),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.say(
                    at,
                    "aliases (`*name`) are not part of the profile language",
                    "a name that begins with `*` goes in quotes: \"*_audit\"",
                );
                Ok(Node::Refused(at))
            }
            _ => Err(self.unexpected(at)),
        }
    }

    fn list(&mut self, style: StructureStyle, at: Place, depth: usize) -> Result<Node, Stop> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(Node::List(items, self.whole(style, at, span)));
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, style: StructureStyle, at: Place, depth: usize) -> Result<Node, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: HashMap<String, u32> = HashMap::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let first = entries.first().map(|entry| entry.key.place);
                let whole = self.whole(style, at, span);
                let place = if style == StructureStyle::Block { first.unwrap_or(whole) } else { whole };
                return Ok(Node::Map(entries, place));
            }
            let key = self.node(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let mut value = self.node(event, span, depth + 1)?;
            let Node::Scalar(key) = key else {
                if !matches!(key, Node::Refused(_)) {
                    self.say(key.place(), "a key must be one word", "write `name: …`");
                }
                continue;
            };
            // A missing value has no place of its own: the key is what the reader must look at.
            if let Node::Scalar(word) = &mut value
                && word.text.is_empty()
                && word.plain
            {
                word.place = key.place;
            }
            if key.plain && key.text == "<<" {
                self.say(
                    key.place,
                    "merge keys (`<<`) are not part of the profile language",
                    "write the rules out, or use `like:` for a whole table",
                );
            } else if let Some(line) = seen.get(&key.text) {
                let what = message!("`{}` stands here a second time", shown(&key.text));
                let hint = message!("the first is on line {}: keep one of them", *line);
                self.say(key.place, what, hint);
            } else {
                seen.insert(key.text.clone(), key.place.line);
                entries.push(Entry { key, value });
            }
        }
    }

    /// The place of a list or map: all of it between brackets, its first character else.
    fn whole(&self, style: StructureStyle, at: Place, end: Span) -> Place {
        let stop = match style {
            StructureStyle::Flow => end.end.byte_offset().and_then(|end| u32::try_from(end).ok()),
            StructureStyle::Block => None,
        };
        clip(self.text, Place { end: stop.unwrap_or(at.start.saturating_add(1)), ..at })
    }
}

/// Makes a place of two marks; on one line only, without blanks at its end.
fn place(text: &str, file: u32, start: Marker, end: Marker) -> Place {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let from = start.byte_offset().unwrap_or_default();
    clip(
        text,
        Place {
            file,
            line: number(start.line().max(1)),
            column: number(start.col().saturating_add(1)),
            start: number(from),
            end: number(end.byte_offset().unwrap_or(from)),
        },
    )
}

/// Cuts a place at the end of its line, and to whole characters.
fn clip(text: &str, place: Place) -> Place {
    let index = |n: u32| usize::try_from(n).unwrap_or(usize::MAX).min(text.len());
    let (start, mut end) = (index(place.start), index(place.end));
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let marked = text.get(start..end).unwrap_or_default();
    let length = marked.lines().next().unwrap_or_default().trim_end().len();
    Place { end: place.start.saturating_add(u32::try_from(length).unwrap_or_default()), ..place }
}

/// Says in our words what the YAML parser stumbled over.
fn syntax_problem(text: &str, file: u32, error: &ScanError) -> Problem {
    use ErrorKind as K;
    let at = place(text, file, *error.marker(), *error.marker());
    let (what, hint) = match error.kind() {
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar | K::InvalidQuotedScalarIndent => {
            ("a quote is opened above and not closed", "close it; inside '…' a quote is written twice")
        }
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => (
            "text stands behind a closing quote",
            "a quote inside '…' is written twice, inside \"…\" as `\\\"`",
        ),
        K::UnclosedFlowCollection { .. }
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofImplicitFlowMapping
        | K::InvalidFlowScalarIndent => (
            "a bracket is opened and not closed",
            "close the `{` or `[`, or write it in lines below each other",
        ),
        K::MisplacedFlowCollectionEnd | K::MismatchedFlowCollectionEnd { .. } => (
            "this bracket closes nothing, or another kind than was opened",
            "check the brackets of this line",
        ),
        K::ExpectedFlowMappingSeparator | K::ExpectedFlowSequenceSeparator => (
            "expected a comma or a closing bracket",
            "put quotes around text that holds a comma, a colon or a bracket",
        ),
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabInPlainScalar => {
            ("a tab stands where only spaces may", "indent with spaces")
        }
        K::UnexpectedCharacter { .. } | K::MissingAnchorOrAliasName => (
            "a name cannot begin with this character",
            "put quotes around names that begin with `*`, `&`, `@`, `%`, `!` or a backquote",
        ),
        K::MappingValueNotAllowed | K::InvalidColonPlacement | K::InvalidMappingValueWhitespace => (
            "a `:` stands where no key can be",
            "put quotes around text that holds `: `, and check the indentation",
        ),
        K::ExpectedBlockMappingKey
        | K::SimpleKeyExpected
        | K::InvalidSimpleKey
        | K::InvalidIndentation
        | K::MappingKeyNotAllowed => {
            ("expected `key: value` here", "check the indentation, and for a missing `:` on the line above")
        }
        K::ExpectedBlockSequenceEntry | K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection => {
            ("a list item (`- …`) cannot stand here", "check the indentation")
        }
        K::DirectiveDisallowed => {
            ("YAML directives (`%…`) are not part of the profile language", "remove the line")
        }
        K::RecursionLimitExceeded => ("nested too deep", "no rule needs that; check the brackets"),
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidUnicodeEscape
        | K::InvalidLowSurrogate
        | K::UnpairedLowSurrogate => {
            ("unknown escape in double quotes", "use single quotes, where a backslash is only a backslash")
        }
        K::UndeclaredTagHandle
        | K::InvalidTagTerminator
        | K::MissingTagUri
        | K::ExpectedTagBang
        | K::UnclosedVerbatimTag => (
            "tags (`!name`) are not part of the profile language",
            "text that begins with `!` goes in quotes",
        ),
        _ => (
            "this is not valid YAML",
            "check the indentation, quotes and brackets here and on the line above",
        ),
    };
    Problem::error(at, what).of(Finding::ProfileSyntax).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, plain: bool) -> Word {
        Word { text: text.to_owned(), plain, place: Place::default() }
    }

    #[test]
    fn words_of_the_core_schema() {
        for (text, number) in [("7", 7), ("-1", -1), ("+3", 3), ("007", 7), ("0o17", 15), ("0x1F", 31)] {
            assert_eq!(word(text, true).integer(), Some(number), "{text}");
            assert_eq!(word(text, false).integer(), None, "{text}");
        }
        for text in ["", "-", "1.0", "1e3", "0x", "0x-1", "0o8", "1_000", "99999999999999999999", "٣"] {
            assert_eq!(word(text, true).integer(), None, "{text}");
        }
        assert_eq!(word("true", true).boolean(), Some(true));
        for text in ["yes", "no", "on", "off", "y", "tRUE"] {
            assert_eq!(word(text, true).boolean(), None, "{text}");
        }
        assert!(word("~", true).is_null() && !word("~", false).is_null());
    }

    #[test]
    fn every_key_and_scalar_knows_its_bytes() {
        let text = "a: \"é\"\n'ü x': [one, two]\nb:\n  c: {d: e} # note\n";
        let mut problems = Vec::new();
        let Some(Node::Map(entries, _)) = parse(text, 0, &mut problems) else { panic!("no map") };
        assert!(problems.is_empty());
        let index = |n: u32| usize::try_from(n).unwrap();
        let of = |place: Place| &text[index(place.start)..index(place.end)];
        let mut found = Vec::new();
        fn walk<'a>(node: &Node, of: &impl Fn(Place) -> &'a str, found: &mut Vec<&'a str>) {
            found.push(of(node.place()));
            match node {
                Node::Map(entries, _) => entries.iter().for_each(|entry| {
                    found.push(of(entry.key.place));
                    walk(&entry.value, of, found);
                }),
                Node::List(items, _) => items.iter().for_each(|item| walk(item, of, found)),
                _ => {}
            }
        }
        for entry in &entries {
            found.push(of(entry.key.place));
            walk(&entry.value, &of, &mut found);
        }
        assert_eq!(
            found,
            ["a", "\"é\"", "'ü x'", "[one, two]", "one", "two", "b", "c", "c", "{d: e}", "d", "e"]
        );
        let place = entries.get(1).map(|entry| entry.value.place()).unwrap();
        assert_eq!((place.line, place.column), (2, 8));
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let mut problems = Vec::new();
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&nested(MAX_DEPTH), 0, &mut problems).is_some() && problems.is_empty());
        assert!(parse(&nested(MAX_DEPTH + 2), 0, &mut problems).is_none());
        assert_eq!(problems.len(), 1);
        assert!(parse(&"- ".repeat(100_000), 0, &mut problems).is_none());
        assert!(parse(&"[".repeat(1_000_000), 0, &mut problems).is_none());
    }
}
