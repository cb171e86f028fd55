//! What is written where a run fails (DESIGN 6): text that makes psql stop with exit code 3, whatever its options,
//! and that commits no row of a table that was cut.
//!
//! Inside COPY a row with one field too many makes the server refuse the whole block; `\.` ends it. Then the restricted
//! mode is left with its own token, and a DO block raises under ON_ERROR_STOP. Holds no data but that token.

use std::sync::Arc;

/// Composes the poison for a place in the stream: inside a COPY block with that many columns, or between statements.
pub(super) fn poison(copy_columns: Option<usize>, restrict: Option<&[u8]>) -> Arc<[u8]> {
    let mut out = Vec::new();
    if let Some(columns) = copy_columns {
        out.extend_from_slice(b"standin: the run failed and this dump is not complete");
        out.resize(out.len() + columns, b'\t');
        out.extend_from_slice(b"\n\\.\n");
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
