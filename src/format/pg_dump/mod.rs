//! pg_dump's plain form.
pub mod ddl;
