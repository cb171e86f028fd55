//! Archives of pg_dump, in their three forms: custom, directory and tar. This folder knows what they are made of: the
//! table of contents (`toc`), the streams of tables and large objects and what stands around them (`container`).

#![expect(dead_code, reason = "the reader of archives uses it")]

mod container;
mod custom;
mod folder;
mod input;
mod ints;
mod objects;
mod tar;
mod toc;
pub mod ustar;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_refused;
