//! What is written where a run fails (DESIGN 6): text that makes psql stop with exit code 3, whatever its options,
//! and that commits no row of a table that was cut.
//!
//! Inside COPY a row with one field too many makes the server refuse the whole block; `\.` ends it. Inside INSERT, behind
//! one of its rows, a word that cannot stand there and `;` make it refuse the whole statement. Then the restricted
//! mode is left with its own token, and a DO block raises under ON_ERROR_STOP. Holds no data but that token.

use std::sync::Arc;

/// Where in the stream the run fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// Between statements.
    Between,
    /// Inside a COPY block with that many columns.
    Copy {
        /// Columns.
        columns: usize,
    },
    /// Inside an INSERT statement, behind one of its rows. Should the statement not have been written (its table's rows
    /// are dropped), the word is a wrong statement of its own.
    Insert,
}

const WORDS: &[u8] = b"standin: the run failed and this dump is not complete";

/// Composes the poison for a place in the stream.
pub(super) fn poison(place: Place, restrict: Option<&[u8]>) -> Arc<[u8]> {
    let mut out = Vec::new();
    match place {
        Place::Between => {}
        Place::Copy { columns } => {
            out.extend_from_slice(WORDS);
            out.resize(out.len() + columns, b'\t');
            out.extend_from_slice(b"\n\\.\n");
        }
        Place::Insert => {
            out.extend_from_slice(WORDS);
            out.extend_from_slice(b";\n");
        }
    }
    if let Some(token) = restrict {
        out.extend_from_slice(b"\\unrestrict ");
        out.extend_from_slice(token);
        out.push(b'\n');
    }
    out.extend_from_slice(b"\\set ON_ERROR_STOP on\nDO $standin$ BEGIN RAISE EXCEPTION ");
    out.extend_from_slice(b"'standin: the run failed and this dump is not complete'; END $standin$;\n");
    out.into()
}

#[cfg(test)]
mod tests {
    use super::{Place, poison};

    fn text(copy_columns: Option<usize>, restrict: Option<&[u8]>) -> String {
        let place = copy_columns.map_or(Place::Between, |columns| Place::Copy { columns });
        String::from_utf8(poison(place, restrict).to_vec()).unwrap()
    }

    #[test]
    fn inside_insert_a_word_stands_where_none_can() {
        let between = text(None, Some(b"t0ken"));
        let inside = String::from_utf8(poison(Place::Insert, Some(b"t0ken")).to_vec()).unwrap();
        let statement = inside.strip_suffix(&between).unwrap();
        assert!(statement.ends_with(";\n") && !statement.contains(['\'', '"', '$', '(']), "{statement}");
    }

    #[test]
    fn inside_copy_a_row_has_a_field_too_many() {
        for columns in [0, 1, 2, 1600] {
            let text = text(Some(columns), None);
            let (row, rest) = text.split_once('\n').unwrap();
            assert_eq!(row.split('\t').count(), columns + 1, "{columns} columns");
            // The end mark, alone on its line, so that what follows is read as SQL.
            assert!(rest.starts_with("\\.\n\\set ON_ERROR_STOP on\nDO "), "{columns} columns");
        }
        assert!(text(None, None).starts_with("\\set ON_ERROR_STOP on\nDO "));
    }

    #[test]
    fn restricted_mode_is_left_before_anything_else() {
        // In restricted mode psql refuses `\set`: without ON_ERROR_STOP it would go on.
        for columns in [None, Some(3)] {
            let with = text(columns, Some(b"t0ken"));
            let (before, after) = with.split_once("\\unrestrict t0ken\n").unwrap();
            assert_eq!(format!("{before}{after}"), text(columns, None));
            assert!(after.starts_with("\\set ON_ERROR_STOP on\n") && after.ends_with("END $standin$;\n"));
        }
    }
}
