//! Cuts a schema where rows go: behind the last statement that makes tables, before keys, indexes and triggers that
//! follow it. Statements stay as they were written, in their order, with two exceptions: what would do something to rows
//! as they come, or does not hold before all are there (triggers, rules, policies, foreign keys of their own), is moved
//! behind them wherever it stood; what holds rows or counters of the schema's source is left out.

use super::lexer::{Token, Tokens};
use super::splitter::{Found, Splitter};
use crate::error::{Error, Result};
use crate::format::charset;
use crate::format::emit::Script;

/// What a statement is to the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Makes or changes tables: rows come behind it.
    Table,
    /// Comes behind rows where no table follows.
    Late,
    /// Comes behind rows.
    Moves,
    /// Neither.
    Stays,
    /// Ends the script: rows come before it.
    End,
    /// Left out.
    Out,
}

/// A statement, with the blanks and comments before it.
struct Statement {
    range: std::ops::Range<usize>,
    /// Where its first word stands.
    first: usize,
    class: Class,
}

/// What was learnt of the session where rows go.
#[derive(Clone, Default)]
struct Session {
    /// The last set that was named, if it is not UTF-8; whether one was named.
    encoding: Option<String>,
    encoding_is_said: bool,
    backslashes: bool,
    restrict: Option<Vec<u8>>,
}

/// Cuts a schema.
///
/// # Errors
/// Text that ends inside a statement; a character set that rows cannot be written in.
pub(super) fn cut(schema: &[u8]) -> Result<Script> {
    let (statements, rest) = statements(schema)?;
    let behind = |class: Class| matches!(class, Class::Late | Class::Moves | Class::End);
    let tables = statements.iter().rposition(|s| s.class == Class::Table).map_or(0, |at| at + 1);
    let place = statements.iter().skip(tables).position(|s| behind(s.class));
    let place = place.map_or(statements.len(), |at| at + tables);
    let mut script = Script::default();
    let mut session = Session::default();
    let mut last = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        let words = schema.get(statement.first..statement.range.end).unwrap_or_default();
        if at < place {
            session.read(words)?;
            script.transaction |= begins(words);
        }
        match program(words) {
            Some((Program::Trigger, name)) => script.triggers.push(name),
            Some((Program::Rule, name)) => script.rules.push(name),
            None => {}
        }
        let out = match statement.class {
            Class::Out => continue,
            Class::Moves if at < place => &mut script.after,
            _ if at < place => {
                script.ordered |= statement.class == Class::Table && refers(words);
                &mut script.before
            }
            _ => &mut last,
        };
        push(schema.get(statement.range.start..statement.first).unwrap_or_default(), words, out);
    }
    last.extend_from_slice(schema.get(rest..).unwrap_or_default());
    session.around(&mut script);
    script.after.append(&mut last);
    Ok(script)
}

/// Finds all statements; returns also where the text behind the last begins.
fn statements(schema: &[u8]) -> Result<(Vec<Statement>, usize)> {
    let mut splitter = Splitter::new();
    let (mut found, mut from) = (Vec::new(), 0);
    loop {
        let text = schema.get(from..).unwrap_or_default();
        let end = match splitter.scan(text, true)? {
            Found::Statement(end) | Found::Meta(end) => end,
            Found::More if splitter.is_blank() => return Ok((found, from)),
            Found::More => return Err(Error::input("the schema ends inside a statement")),
            Found::Insert(_) => return Err(Error::bug("rows in a schema")),
        };
        let end = end + usize::from(text.get(end) == Some(&b'\n'));
        let first = splitter.first_word().unwrap_or(0);
        let words = text.get(first..end).unwrap_or_default();
        if let Some((name, value)) = setting(words)
            && name == "standard_conforming_strings"
        {
            splitter.standard_strings = value != "off";
        }
        found.push(Statement { range: from..from + end, first: from + first, class: class(words) });
        from += end;
        splitter.restart();
    }
}

impl Session {
    fn read(&mut self, words: &[u8]) -> Result<()> {
        if let Some(token) = words.strip_prefix(b"\\restrict ") {
            self.restrict = Some(token.trim_ascii().to_vec());
        }
        match setting(words) {
            Some((name, value)) if name == "standard_conforming_strings" => self.backslashes = value == "off",
            Some((name, value)) if name == "client_encoding" => {
                if charset::named(&value).is_none_or(charset::Charset::is_mixed) {
                    return Err(Error::input("rows cannot be written in the character set of the schema")
                        .hint("dump it with `pg_dump --schema-only --encoding=UTF8`"));
                }
                self.encoding_is_said = true;
                self.encoding =
                    Some(value).filter(|set| charset::named(set).is_none_or(|set| set.name() != "UTF8"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes rows UTF-8 with plain strings, whatever the statements around them are.
    fn around(self, script: &mut Script) {
        let mut back = Vec::new();
        match &self.encoding {
            Some(set) => {
                script.before.extend_from_slice(b"SET client_encoding = 'UTF8';\n");
                back.extend_from_slice(format!("SET client_encoding = '{set}';\n").as_bytes());
            }
            None if self.encoding_is_said => {}
            None => {
                script.before.splice(..0, b"SET client_encoding = 'UTF8';\n\n".iter().copied());
            }
        }
        if self.backslashes {
            script.before.extend_from_slice(b"SET standard_conforming_strings = on;\n");
            back.extend_from_slice(b"SET standard_conforming_strings = off;\n");
        }
        if script.before.last().is_some_and(|byte| *byte != b'\n') {
            script.before.push(b'\n');
        }
        script.before.push(b'\n');
        script.restrict = self.restrict;
        back.append(&mut script.after);
        script.after = back;
    }
}

/// Appends a statement; comments before it that announce rows or counters are left out.
fn push(before: &[u8], words: &[u8], out: &mut Vec<u8>) {
    if out.last().is_some_and(|byte| *byte != b'\n') {
        out.push(b'\n');
    }
    let announces = |line: &[u8]| {
        line.starts_with(b"-- Data for Name: ")
            || line.starts_with(b"-- Name: ")
                && memchr::memmem::find(line, b"; Type: SEQUENCE SET;").is_some()
    };
    let lines: Vec<&[u8]> = before.split_inclusive(|byte| *byte == b'\n').collect();
    let is_edge = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(|line| *line == b"--\n");
    let is_announcement =
        |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(|line| announces(line));
    for (at, line) in lines.iter().enumerate() {
        let of_edge =
            is_edge(Some(at)) && (is_announcement(at.checked_add(1)) || is_announcement(at.checked_sub(1)));
        if !of_edge && !announces(line) && (!line.trim_ascii().is_empty() || !out.ends_with(b"\n\n\n")) {
            out.extend_from_slice(line);
        }
    }
    out.extend_from_slice(words);
}

/// Returns whether a statement begins a transaction.
fn begins(words: &[u8]) -> bool {
    let mut tokens = Tokens::new(words);
    matches!((tokens.word().as_str(), tokens.word().as_str()), ("BEGIN", _) | ("START", "TRANSACTION"))
}

/// Reads a SET: the parameter and its value.
fn setting(words: &[u8]) -> Option<(String, String)> {
    let mut tokens = Tokens::new(words);
    if tokens.word() != "SET" {
        return None;
    }
    let name = tokens.next_name();
    tokens.next();
    Some((name, tokens.next_name()))
}

/// What does something with rows on their way in.
#[derive(Clone, Copy)]
enum Program {
    Trigger,
    Rule,
}

/// Returns the name of the trigger or rule that a statement makes.
fn program(words: &[u8]) -> Option<(Program, String)> {
    let mut tokens = Tokens::new(words);
    if tokens.word() != "CREATE" {
        return None;
    }
    let mut word = tokens.word();
    while matches!(word.as_str(), "OR" | "REPLACE" | "CONSTRAINT") {
        word = tokens.word();
    }
    let program = match word.as_str() {
        "TRIGGER" => Program::Trigger,
        "RULE" => Program::Rule,
        _ => return None,
    };
    Some((program, tokens.next_name()))
}

/// Returns whether a statement about a table holds a foreign key.
fn refers(words: &[u8]) -> bool {
    Tokens::new(words)
        .any(|token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(b"REFERENCES")))
}

fn class(words: &[u8]) -> Class {
    let mut tokens = Tokens::new(words);
    match tokens.next() {
        Some(Token::Symbol(b'\\')) if words.starts_with(b"\\unrestrict") => Class::End,
        Some(Token::Word(word)) => match String::from_utf8_lossy(word).to_ascii_uppercase().as_str() {
            "SELECT" if set_config(&mut tokens.clone()) => Class::Stays,
            "SELECT" | "INSERT" | "COPY" | "UPDATE" => Class::Out,
            "REFRESH" => Class::Moves,
            "COMMIT" => Class::End,
            "CREATE" => create(&mut tokens),
            "ALTER" => alter(&mut tokens),
            _ => Class::Stays,
        },
        _ => Class::Stays,
    }
}

fn set_config(tokens: &mut Tokens<'_>) -> bool {
    tokens.next_name();
    tokens.next();
    tokens.next_name() == "set_config"
}

fn create(tokens: &mut Tokens<'_>) -> Class {
    let mut word = tokens.word();
    while matches!(
        word.as_str(),
        "OR" | "REPLACE" | "UNIQUE" | "UNLOGGED" | "TEMP" | "TEMPORARY" | "GLOBAL" | "LOCAL" | "FOREIGN"
    ) {
        word = tokens.word();
    }
    match word.as_str() {
        "TABLE" | "SEQUENCE" => Class::Table,
        "TRIGGER" | "CONSTRAINT" | "EVENT" | "POLICY" => Class::Moves,
        // A rule of this name makes a view of a table.
        "RULE" if tokens.next() != Some(Token::Quoted(b"_RETURN")) => Class::Moves,
        "RULE" | "INDEX" | "STATISTICS" | "PUBLICATION" | "SUBSCRIPTION" => Class::Late,
        _ => Class::Stays,
    }
}

fn alter(tokens: &mut Tokens<'_>) -> Class {
    match tokens.word().as_str() {
        "TABLE" => alter_table(tokens),
        "FOREIGN" if tokens.clone().word() == "TABLE" => Class::Table,
        "SEQUENCE" => Class::Table,
        "TRIGGER" | "POLICY" | "EVENT" | "RULE" => Class::Moves,
        "INDEX" => Class::Late,
        _ => Class::Stays,
    }
}

/// Reads the actions of ALTER TABLE.
fn alter_table(tokens: &mut Tokens<'_>) -> Class {
    for word in ["IF", "EXISTS", "ONLY"] {
        if tokens.clone().word() == word {
            tokens.next();
        }
    }
    tokens.next();
    while tokens.clone().next() == Some(Token::Symbol(b'.')) {
        tokens.next();
        tokens.next();
    }
    if tokens.clone().next() == Some(Token::Symbol(b'*')) {
        tokens.next();
    }
    let mut whole = action(tokens);
    let mut depth = 0_u32;
    while let Some(token) = tokens.next() {
        match token {
            Token::Symbol(b'(' | b'[') => depth += 1,
            Token::Symbol(b')' | b']') => depth = depth.saturating_sub(1),
            Token::Symbol(b',') if depth == 0 => {
                whole = match (whole, action(tokens)) {
                    (one, other) if one == other => one,
                    (Class::Late | Class::Moves, Class::Late | Class::Moves) => Class::Late,
                    _ => Class::Table,
                };
            }
            _ => {}
        }
    }
    whole
}

/// Looks at the words that begin an action.
fn action(tokens: &Tokens<'_>) -> Class {
    let mut ahead = tokens.clone();
    match (ahead.word().as_str(), ahead.word().as_str()) {
        ("ADD", "CONSTRAINT") => {
            ahead.next();
            constraint(&ahead.word())
        }
        ("ADD", word) => constraint(word),
        ("ALTER", "CONSTRAINT") | ("VALIDATE", _) => Class::Moves,
        ("ENABLE" | "DISABLE" | "FORCE", _) => Class::Moves,
        ("OWNER" | "SET" | "RESET" | "REPLICA" | "CLUSTER", _) => Class::Stays,
        _ => Class::Table,
    }
}

fn constraint(word: &str) -> Class {
    match word {
        "FOREIGN" => Class::Moves,
        "PRIMARY" | "UNIQUE" | "EXCLUDE" | "CHECK" | "NOT" => Class::Late,
        _ => Class::Table,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(schema: &str) -> (String, String, bool) {
        let script = cut(schema.as_bytes()).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(script.before), text(script.after), script.ordered)
    }

    #[test]
    fn rows_of_a_dump_go_before_its_keys() {
        let (before, after, ordered) = parts(
            "--\n-- PostgreSQL database dump\n--\n\n\\restrict t0ken\n\nSET client_encoding = 'UTF8';\n\
             SELECT pg_catalog.set_config('search_path', '', false);\n\
             CREATE TABLE public.t (id integer NOT NULL);\n\
             ALTER TABLE public.t OWNER TO shop;\n\
             ALTER TABLE public.t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (\n    SEQUENCE NAME public.s\n);\n\n\n\
             --\n-- Data for Name: t; Type: TABLE DATA; Schema: public; Owner: shop\n--\n\n\
             --\n-- Name: s; Type: SEQUENCE SET; Schema: public; Owner: shop\n--\n\n\
             SELECT pg_catalog.setval('public.s', 41, true);\n\n\n\
             --\n-- Name: t t_pkey; Type: CONSTRAINT\n--\n\n\
             ALTER TABLE ONLY public.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (id);\n\
             \\unrestrict t0ken\n\n--\n-- PostgreSQL database dump complete\n--\n\n",
        );
        assert!(
            before.contains("\\restrict t0ken")
                && before.contains("set_config")
                && before.contains("ADD GENERATED")
        );
        assert!(!before.contains("UNIQUE") && !ordered && before.matches("client_encoding").count() == 1);
        assert!(
            after.starts_with("\n\n--\n-- Name: t t_pkey;")
                || after.trim_start().starts_with("--\n-- Name: t t_pkey;")
        );
        assert!(after.contains("\\unrestrict t0ken") && after.ends_with("database dump complete\n--\n\n"));
        for gone in ["setval", "TABLE DATA", "SEQUENCE SET"] {
            assert!(!before.contains(gone) && !after.contains(gone), "{gone}");
        }
        assert_eq!(
            cut(b"\\restrict t0ken\nCREATE TABLE t ();\n").unwrap().restrict.as_deref(),
            Some(&b"t0ken"[..])
        );
    }

    #[test]
    fn what_stands_among_tables_by_hand_moves_behind_rows() {
        let (before, after, ordered) = parts(
            "BEGIN;\nCREATE TABLE a (id int PRIMARY KEY);\nCREATE INDEX i ON a (id);\n\
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN; CREATE TABLE no(); END $$;\n\
             CREATE TRIGGER \"tr g\" BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();\n\
             CREATE TABLE b (a int REFERENCES a (id));\nALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a (id);\n\
             ALTER TABLE b ADD COLUMN c text DEFAULT ', ADD FOREIGN', ADD FOREIGN KEY (a) REFERENCES a;\n\
             CREATE VIEW v AS SELECT 1;\nCREATE INDEX j ON b (a);\nCOMMIT;",
        );
        assert!(ordered, "an inline key");
        assert!(
            before.contains("CREATE INDEX i")
                && before.contains("ADD COLUMN c")
                && before.contains("CREATE VIEW v")
        );
        assert!(!before.contains("CREATE TRIGGER") && !before.contains("b ADD FOREIGN"));
        let order: Vec<Option<usize>> = ["CREATE TRIGGER", "b ADD FOREIGN KEY", "CREATE INDEX j", "COMMIT;"]
            .iter()
            .map(|w| after.find(w))
            .collect();
        assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{after}");
        let script =
            cut(b"CREATE TABLE a ();CREATE CONSTRAINT TRIGGER x AFTER INSERT ON a EXECUTE FUNCTION f();")
                .unwrap();
        assert_eq!(script.triggers, ["x"]);
        assert_eq!(
            cut(b"CREATE OR REPLACE RULE \"R x\" AS ON INSERT TO t DO NOTHING;\n").map(|s| s.rules),
            Ok(vec!["R x".to_owned()])
        );
    }

    #[test]
    fn without_keys_rows_come_last_but_for_the_end() {
        let (before, after, ordered) =
            parts("CREATE TABLE a (id int); -- the only\nGRANT SELECT ON a TO b;\n-- end\n");
        assert!(before.contains("GRANT") && !ordered && after.trim() == "-- end", "{before}|{after}");
        assert!(cut(b"CREATE TABLE a (").is_err());
    }

    #[test]
    fn rows_are_utf8_whatever_the_schema_is() {
        let (before, after, _) = parts(
            "SET client_encoding = 'LATIN1';\nSET standard_conforming_strings = off;\nCREATE TABLE a (x text DEFAULT E'\\'');\n",
        );
        assert!(before.ends_with("SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\n"));
        assert!(
            after.starts_with("SET client_encoding = 'LATIN1';\nSET standard_conforming_strings = off;\n")
        );
        assert!(cut(b"SET client_encoding = 'SJIS';\nCREATE TABLE a ();\n").is_err());
    }
}
