//! Reads the COPY blocks of a pg_dump file for comparing results: a second, plain implementation that shares nothing with
//! the program's.

use std::collections::BTreeMap;

/// The rows of one table, in the order of the file.
pub(crate) struct Block {
    /// Column names, without quotes.
    pub(crate) columns: Vec<String>,
    /// Lines as they are.
    pub(crate) lines: Vec<String>,
}

impl Block {
    /// Returns a column's cells, decoded; `None` is NULL.
    pub(crate) fn column(&self, name: &str) -> Vec<Option<String>> {
        let index = self.columns.iter().position(|column| column == name).expect("a column of the block");
        let cell = |line: &String| decode(line.split('\t').nth(index).expect("a field for every column"));
        self.lines.iter().map(cell).collect()
    }
}

/// Decodes one field.
pub(crate) fn decode(raw: &str) -> Option<String> {
    if raw == "\\N" {
        return None;
    }
    let mut out = String::new();
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next().expect("no escape ends a field") {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\u{b}',
                other => other,
            },
            c => c,
        });
    }
    Some(out)
}

/// Splits a dump into the lines outside of rows and the blocks by table, named as the dump names them.
pub(crate) fn split(dump: &[u8]) -> (Vec<String>, BTreeMap<String, Block>) {
    let text = std::str::from_utf8(dump).expect("UTF-8");
    let (mut outside, mut blocks) = (Vec::new(), BTreeMap::new());
    let mut open: Option<(String, Block)> = None;
    let mut previous = "";
    for line in text.split_terminator('\n') {
        if let Some((_, block)) = open.as_mut().filter(|_| line != "\\.") {
            block.lines.push(line.to_owned());
            continue;
        }
        outside.push(line.to_owned());
        blocks.extend(open.take());
        // A block's head follows an empty line; what looks like one in a function's body does not.
        let head = line.strip_prefix("COPY ").and_then(|rest| rest.strip_suffix(" FROM stdin;"));
        open = head.filter(|_| previous.is_empty()).map(|head| {
            let (table, columns) =
                head.trim_end_matches(')').split_once(" (").unwrap_or((head.trim_end(), ""));
            let unquoted = |name: &str| name.trim_matches('"').replace("\"\"", "\"");
            let columns = columns.split(", ").filter(|name| !name.is_empty()).map(unquoted).collect();
            (table.to_owned(), Block { columns, lines: Vec::new() })
        });
        previous = line;
    }
    assert!(open.is_none(), "the dump ends inside a block");
    (outside, blocks)
}
