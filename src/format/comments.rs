//! Comments of SQL dumps. They pass as they are, since what dump programs write there is names and versions. Refuses
//! those that hold rows: an INSERT or COPY that somebody commented out would go by unmasked.

use crate::error::{Error, Result};

/// Refuses comments in which a statement with rows stands.
///
/// # Errors
/// `ErrorKind::Input`, without a word of the comment.
pub(super) fn hold_no_rows(comments: &[u8]) -> Result<()> {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii();
    let mut seen = Seen::Nothing;
    for word in comments.split(|b| !is_word(b)).filter(|word| !word.is_empty()) {
        let is = |other: &str| word.eq_ignore_ascii_case(other.as_bytes());
        seen = match seen {
            Seen::Rows if is("VALUES") || is("VALUE") || is("SET") || is("SELECT") => return Err(rows()),
            Seen::From if is("STDIN") => return Err(rows()),
            Seen::Copy if is("FROM") => Seen::From,
            Seen::Insert if is("INTO") => Seen::Rows,
            Seen::Rows => Seen::Rows,
            _ if is("INSERT") || is("REPLACE") => Seen::Insert,
            _ if is("COPY") => Seen::Copy,
            Seen::Insert if is("IGNORE") || is("DELAYED") || is("OR") || is("LOW_PRIORITY") => Seen::Insert,
            Seen::Insert if is("HIGH_PRIORITY") => Seen::Insert,
            Seen::Copy => Seen::Copy,
            _ => Seen::Nothing,
        };
    }
    Ok(())
}

/// How much of a statement with rows was seen.
#[derive(Clone, Copy)]
enum Seen {
    Nothing,
    Insert,
    Rows,
    Copy,
    From,
}

fn rows() -> Error {
    Error::input("a comment that holds rows: an INSERT or COPY is commented out, and would pass unmasked")
        .hint("take the comment out of the dump")
}

#[cfg(test)]
mod tests {
    use super::hold_no_rows;

    #[test]
    fn what_dump_programs_write_passes() {
        for text in [
            "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 15.8 (Debian 15.8-0+deb12u1)\n",
            "--\n-- Data for Name: insert; Type: TABLE DATA; Schema: public; Owner: -\n--\n\n",
            "--\n-- Name: insert_into_log(integer); Type: FUNCTION; Schema: public; Owner: shop\n--\n",
            "-- Dumping data for table `values`\n--\n",
            "-- Name: COPY; Type: TABLE\n",
            "/* replaced in version 2 */ # insert here\n",
            "",
        ] {
            assert_eq!(hold_no_rows(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn rows_that_are_commented_out_are_refused() {
        for text in [
            "-- INSERT INTO customers VALUES (1,'kanarie');\n",
            "/* insert  ignore into `customers`\n(`id`) values (1) */",
            "# REPLACE INTO customers SET id=1\n",
            "/*\nCOPY public.customers (id, email) FROM stdin;\n1\tkanarie\n\\.\n*/",
            "-- insert or replace into t select 1\n",
        ] {
            let error = hold_no_rows(text.as_bytes()).unwrap_err();
            assert!(!format!("{error:?}").contains("kanarie"), "{text}");
        }
    }
}
