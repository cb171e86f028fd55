//! The one integration test binary: each module is one subject.

#[cfg(test)]
mod archive_damage;
#[cfg(test)]
mod archives;
#[cfg(test)]
mod borders;
#[cfg(test)]
mod canaries;
#[cfg(test)]
mod charsets;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod compression;
#[cfg(test)]
mod condition;
#[cfg(test)]
mod countries;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod damage_forms;
#[cfg(test)]
mod dialects;
#[cfg(test)]
mod discover;
#[cfg(test)]
mod dump_cases;
#[cfg(test)]
mod dumps;
#[cfg(test)]
mod encodings;
#[cfg(test)]
mod everything;
#[cfg(test)]
mod expectations;
#[cfg(test)]
mod forms;
#[cfg(test)]
#[path = "fuzz/src/lib.rs"]
#[expect(
    unreachable_pub,
    clippy::duplicate_mod,
    reason = "a library of the fuzz targets, of a package of its own"
)]
mod fuzz_targets;
#[cfg(test)]
mod fuzzing;
#[cfg(test)]
mod gate;
mod generate;
#[cfg(test)]
mod generate_archives;
#[cfg(test)]
mod generate_by_hand;
#[cfg(test)]
mod generate_checks;
#[cfg(test)]
mod generate_letters;
#[cfg(test)]
mod generate_loads;
#[cfg(test)]
mod generate_rings;
#[cfg(test)]
mod house;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod inserts;
#[cfg(test)]
mod inside;
#[cfg(test)]
mod invented;
#[cfg(test)]
mod json_lines;
#[cfg(test)]
mod labels;
#[cfg(test)]
mod language;
#[cfg(test)]
mod mysql;
#[cfg(test)]
mod nasty;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod packs;
#[cfg(test)]
mod poison;
#[cfg(test)]
mod preview;
#[cfg(test)]
mod profile;
#[cfg(test)]
mod profile_schema;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod review;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod shops;
#[cfg(test)]
mod shuffle;
#[cfg(test)]
mod spilling;
#[cfg(test)]
mod sqlite;
#[cfg(test)]
mod summary;
#[cfg(test)]
mod support;
#[cfg(test)]
mod walkthrough;
#[cfg(test)]
mod windows;
