//! Just enough reading of Rust's text for tests/house.rs: comments and texts out, tests out, paths and derives found.
//! Refuses to be a parser: what it cannot tell apart it leaves in, so that a rule rather fires than sleeps.

/// Returns Rust text with the content of comments, strings and character literals taken out; line ends stay.
pub(crate) fn strip(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::new();
    let mut i = 0;
    while i < chars.len() {
        let (c, next) = (at(i), at(i + 1));
        let word_before = i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_');
        if c == '/' && next == '/' {
            while i < chars.len() && at(i) != '\n' {
                i += 1;
            }
        } else if c == '/' && next == '*' {
            let mut depth = 0;
            loop {
                match (at(i), at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
                if depth == 0 || i >= chars.len() {
                    break;
                }
            }
        } else if let Some(hashes) = raw_string(&chars, i).filter(|_| !word_before || at(i - 1) == 'b') {
            let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            i += hashes + 2;
            while i < chars.len() && !chars[i..].iter().take(end.len()).copied().eq(end.chars()) {
                i += 1;
            }
            i += end.len();
            out.push_str("\"\"");
        } else if c == '"' {
            i += 1;
            while i < chars.len() && at(i) != '"' {
                i += if at(i) == '\\' { 2 } else { 1 };
            }
            i += 1;
            out.push_str("\"\"");
        } else if c == '\'' && next == '\\' {
            i += 3;
            while i < chars.len() && at(i) != '\'' {
                i += 1;
            }
            i += 1;
            out.push_str("' '");
        } else if c == '\'' && at(i + 2) == '\'' {
            i += 3;
            out.push_str("' '");
        } else {
            out.push(c);
            i += 1;
        }
    }
    out
}

/// Returns the number of hashes if a raw string begins here.
fn raw_string(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at) != Some(&'r') {
        return None;
    }
    let hashes = chars.get(at + 1..)?.iter().take_while(|c| **c == '#').count();
    (chars.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

/// Takes items under `#[cfg(test)]` out of stripped text; returns the rest, and the names of test modules in files.
pub(crate) fn without_tests(code: &str) -> (String, Vec<String>) {
    let (mut out, mut names, mut rest) = (String::new(), Vec::new(), code);
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        out.push_str(before);
        let mut depth = 0_i32;
        let mut end = after.len();
        for (i, c) in after.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(c, '}' | ';') {
                end = i + 1;
                break;
            }
        }
        let item = after.get(..end).unwrap_or_default().trim();
        let module = item.strip_suffix(';').and_then(|i| i.rsplit_once("mod "));
        names.extend(module.map(|(_, name)| name.trim().to_owned()));
        rest = after.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    (out, names)
}

/// Returns the first word behind every `prefix` that is not itself the end of a longer path.
pub(crate) fn ends_of(code: &str, prefix: &str) -> Vec<String> {
    let word = |c: &char| c.is_alphanumeric() || *c == '_';
    code.match_indices(prefix)
        .filter(|(at, _)| !code.get(..*at).and_then(|t| t.chars().next_back()).is_some_and(|c| word(&c)))
        .map(|(at, _)| code.get(at + prefix.len()..).unwrap_or_default().chars().take_while(word).collect())
        .collect()
}

/// Returns name and body of every type whose `derive` names a trait.
pub(crate) fn items_with(code: &str, derived: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("derive(") {
        let rest = code.get(at..).unwrap_or_default();
        let Some((list, item)) = rest.split_once(")]") else { continue };
        if !list.split(|c: char| !c.is_alphanumeric()).any(|word| word == derived) {
            continue;
        }
        let mut words = item.split_whitespace().skip_while(|w| !matches!(*w, "struct" | "enum"));
        let name = words.nth(1).unwrap_or_default();
        let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let open = item.find(['{', '(', ';']).unwrap_or(item.len());
        // `pub(super)` is no body.
        let open = if item.get(..open).is_some_and(|t| t.trim_end().ends_with("pub")) {
            item.find(&name).and_then(|n| item.get(n..)?.find(['{', '(', ';']).map(|i| n + i)).unwrap_or(open)
        } else {
            open
        };
        let mut depth = 0_i32;
        let body: String = item
            .get(open..)
            .unwrap_or_default()
            .chars()
            .take_while(|c| {
                depth += i32::from(matches!(c, '{' | '(')) - i32::from(matches!(c, '}' | ')'));
                depth > 0
            })
            .collect();
        found.push((name, body));
    }
    found
}

#[test]
fn comments_texts_and_tests_are_taken_out() {
    let code = "//! crate::a\nuse crate::b; /* crate::c /* x */ */ let x = \"crate::d \\\" crate::e\";\nlet c = '\"'; let r = r#\"crate::f \"#;\
                \nfn f<'a>(x: &'a str) {}\n#[cfg(test)]\nmod tests { use crate::g; }\n#[cfg(test)]\nmod testing;\nuse crate::h::i;";
    let (code, names) = without_tests(&strip(code));
    assert_eq!(ends_of(&code, "crate::"), ["b", "h"]);
    assert_eq!(names, ["testing"]);
}

#[test]
fn derives_are_found() {
    let code = "#[derive(Clone, Debug)]\n#[non_exhaustive]\npub(super) struct A<'a> { x: &'a [u8] }\n#[derive(Clone)] struct B(u8);\n\
                #[derive(Debug)] struct C(Vec<u8>); #[derive(Debug)] pub struct D; struct E { k: Vec<u8> }";
    let found = items_with(code, "Debug");
    let names: Vec<&str> = found.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(names, ["A", "C", "D"]);
    assert!(found[0].1.contains("[u8]") && found[1].1.contains("Vec<u8>") && found[2].1.is_empty());
}
