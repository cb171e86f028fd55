//! Archives of pg_dump, in their three forms: custom, directory and tar. This folder knows what they are made of: the
//! table of contents, the streams of tables and large objects, and what stands around them.

pub mod ustar;
