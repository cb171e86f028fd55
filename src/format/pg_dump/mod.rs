//! pg_dump's plain form.
