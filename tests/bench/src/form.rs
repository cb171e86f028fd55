//! The forms of a dump: what pg_dump and mariadb-dump make of rows that are given as COPY text. All forms of one seed and
//! size have the same rows.

use crate::text::padded;

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// pg_dump: COPY.
    Copy,
    /// `pg_dump -Fc`: the same rows, packed.
    Archive,
    /// `pg_dump --inserts`.
    Inserts,
    /// mysqldump: statements of about 1 MB, each on one line.
    Mysql,
    /// mariadb-dump since 10.11: the same, each row on a line of its own.
    MysqlLines,
    /// `mariadb-dump --skip-extended-insert`: a statement a row.
    MysqlRows,
}

/// Names for `--form`.
pub const FORMS: [(&str, Form); 6] = [
    ("copy", Form::Copy),
    ("archive", Form::Archive),
    ("inserts", Form::Inserts),
    ("mysql", Form::Mysql),
    ("mysql-lines", Form::MysqlLines),
    ("mysql-rows", Form::MysqlRows),
];

/// Longest statement of the extended forms; mysqldump's own buffer.
const STATEMENT: usize = 1_046_528;

impl Form {
    /// Says whether the dump is one of MySQL's.
    pub fn is_mysql(self) -> bool {
        matches!(self, Self::Mysql | Self::MysqlLines | Self::MysqlRows)
    }
}

/// Writes one table's rows in a form.
pub struct Writer<'a> {
    form: Form,
    table: &'a str,
    /// A letter a column: `n` number, `b` boolean, `z` time, `t` all else.
    kinds: &'a [u8],
    /// Bytes of the statement that is open; 0 = none is.
    open: usize,
}

impl<'a> Writer<'a> {
    /// Begins a table.
    pub fn new(form: Form, table: &'a str, kinds: &'a str) -> Self {
        Self { form, table, kinds: kinds.as_bytes(), open: 0 }
    }

    fn is_copy(&self) -> bool {
        matches!(self.form, Form::Copy | Form::Archive)
    }

    /// Appends whole lines of COPY text.
    pub fn rows(&mut self, lines: &[u8], out: &mut Vec<u8>) {
        if self.is_copy() {
            out.extend_from_slice(lines);
            return;
        }
        for line in lines.split_inclusive(|c| *c == b'\n') {
            self.row(line.strip_suffix(b"\n").unwrap_or(line), out);
        }
    }

    /// Ends the table.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        match self.form {
            _ if self.is_copy() => out.extend_from_slice(b"\\.\n\n\n"),
            Form::Inserts => out.extend_from_slice(b"\n\n"),
            _ if self.open > 0 => out.extend_from_slice(b";\n"),
            _ => {}
        }
    }

    fn row(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let from = out.len();
        match self.form {
            Form::Inserts => {
                out.extend_from_slice(b"INSERT INTO public.");
                out.extend_from_slice(self.table.as_bytes());
                out.extend_from_slice(b" VALUES (");
                self.values(line, out);
                out.extend_from_slice(b");\n");
            }
            Form::MysqlRows => {
                self.head(b" ", out);
                self.values(line, out);
                out.extend_from_slice(b");\n");
            }
            _ => {
                let between: &[u8] = if self.form == Form::Mysql { b"" } else { b"\n" };
                if self.open > 0 && self.open + line.len() + line.len() / 8 > STATEMENT {
                    out.extend_from_slice(b";\n");
                    self.open = 0;
                }
                if self.open == 0 {
                    self.head(if self.form == Form::Mysql { b" " } else { b"\n" }, out);
                } else {
                    out.push(b',');
                    out.extend_from_slice(between);
                    out.push(b'(');
                }
                self.values(line, out);
                out.push(b')');
                self.open += out.len() - from;
            }
        }
    }

    fn head(&self, gap: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(b"INSERT INTO `");
        out.extend_from_slice(self.table.as_bytes());
        out.extend_from_slice(b"` VALUES");
        out.extend_from_slice(gap);
        out.push(b'(');
    }

    fn values(&self, line: &[u8], out: &mut Vec<u8>) {
        let mysql = self.form.is_mysql();
        for (place, (field, kind)) in line.split(|c| *c == b'\t').zip(self.kinds).enumerate() {
            if place > 0 {
                out.extend_from_slice(if mysql { b"," } else { b", " });
            }
            match (field, kind) {
                (b"\\N", _) => out.extend_from_slice(b"NULL"),
                (_, b'n') => out.extend_from_slice(field),
                (b"t", b'b') => out.extend_from_slice(if mysql { b"1" } else { b"true" }),
                (_, b'b') => out.extend_from_slice(if mysql { b"0" } else { b"false" }),
                (_, b'z') if mysql => time(field, out),
                _ => text(field, mysql, out),
            }
        }
    }
}

/// Appends a time in UTC as MySQL prints `datetime(6)`.
fn time(field: &[u8], out: &mut Vec<u8>) {
    let field = field.strip_suffix(b"+00").unwrap_or(field);
    let (seconds, micros) = field.split_at(19.min(field.len()));
    out.push(b'\'');
    out.extend_from_slice(seconds);
    if micros.is_empty() {
        out.push(b'.');
        padded(0, 6, out);
    } else {
        out.extend_from_slice(micros);
        out.resize(out.len() + 7_usize.saturating_sub(micros.len()), b'0');
    }
    out.push(b'\'');
}

/// Appends a text of COPY as a literal.
fn text(field: &[u8], mysql: bool, out: &mut Vec<u8>) {
    out.push(b'\'');
    let mut escaped = false;
    for byte in field {
        let byte = match (escaped, *byte) {
            (false, b'\\') => {
                escaped = true;
                continue;
            }
            (true, b'n') => b'\n',
            (true, b't') => b'\t',
            (true, b'r') => b'\r',
            (_, byte) => byte,
        };
        escaped = false;
        match (mysql, byte) {
            (false, b'\'') => out.extend_from_slice(b"''"),
            (true, b'\n') => out.extend_from_slice(b"\\n"),
            (true, b'\r') => out.extend_from_slice(b"\\r"),
            (true, b'\'' | b'"' | b'\\') => out.extend_from_slice(&[b'\\', byte]),
            _ => out.push(byte),
        }
    }
    out.push(b'\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: Form, lines: &[u8]) -> String {
        let mut out = Vec::new();
        let mut writer = Writer::new(form, "x", "ntbz");
        writer.rows(lines, &mut out);
        writer.end(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn as_the_programs_print() {
        let lines = b"1\ta'\\n\\\\\t\\N\t2000-01-01 00:00:00+00\n2\t\"\tt\t2000-01-01 00:00:00.12+00\n";
        assert_eq!(written(Form::Copy, lines), String::from_utf8_lossy(lines).into_owned() + "\\.\n\n\n");
        assert_eq!(
            written(Form::Inserts, lines),
            "INSERT INTO public.x VALUES (1, 'a''\n\\', NULL, '2000-01-01 00:00:00+00');\n\
             INSERT INTO public.x VALUES (2, '\"', true, '2000-01-01 00:00:00.12+00');\n\n\n"
        );
        let rows = [
            "(1,'a\\'\\n\\\\',NULL,'2000-01-01 00:00:00.000000')",
            "(2,'\\\"',1,'2000-01-01 00:00:00.120000')",
        ];
        assert_eq!(written(Form::Mysql, lines), format!("INSERT INTO `x` VALUES {};\n", rows.join(",")));
        assert_eq!(
            written(Form::MysqlLines, lines),
            format!("INSERT INTO `x` VALUES\n{};\n", rows.join(",\n"))
        );
        let each: String = rows.iter().map(|row| format!("INSERT INTO `x` VALUES {row};\n")).collect();
        assert_eq!(written(Form::MysqlRows, lines), each);
        let many = written(Form::Mysql, &lines.repeat(20_000));
        assert!(
            many.lines().count() > 1 && many.lines().all(|line| line.len() < 1 << 20 && line.ends_with(");"))
        );
    }
}
