//! What is written where a run fails (DESIGN 6): text that makes the `mysql` and `mariadb` clients exit with an error.
//!
//! The first line cannot be parsed, so the statement that it ends is refused whole, and a client without `--force`
//! stops there. A NUL byte in the second makes one with `--force` stop too, with exit code 1 (tried on MariaDB 10.11;
//! with `--force --binary-mode` only the message stays). What earlier statements loaded stays: MySQL cannot take back
//! statements that commit by themselves, as CREATE TABLE and LOCK TABLES do, so there is no `--guard` either.

use std::sync::Arc;

/// Composes the poison for a place in the stream where statements end with `delimiter`.
pub(super) fn poison(delimiter: &[u8]) -> Arc<[u8]> {
    let mut out = b"standin: the run failed and this dump is not complete".to_vec();
    out.extend_from_slice(delimiter);
    out.extend_from_slice(b"\n\0standin: the run failed and this dump is not complete\n");
    out.into()
}

#[cfg(test)]
mod tests {
    use super::poison;

    #[test]
    fn ends_the_statement_with_the_delimiter_that_holds() {
        for delimiter in [";", ";;", "//"] {
            let text = String::from_utf8(poison(delimiter.as_bytes()).to_vec()).unwrap();
            let (first, second) = text.split_once('\n').unwrap();
            assert!(
                first.starts_with("standin:") && first.ends_with(&format!("complete{delimiter}")),
                "{delimiter}"
            );
            assert!(second.starts_with('\0') && second.ends_with('\n'), "{delimiter}");
        }
    }
}
