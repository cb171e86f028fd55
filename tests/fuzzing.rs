//! The seeds of the fuzz targets run in the normal tests, so that the targets compile and hold before anybody fuzzes.
//! Refuses nothing itself: what must hold is in `fuzz/src`.

use std::fs;

use crate::fuzz_targets::{any, ddl, inside, parts, read, rows};
use crate::support::repository;

#[test]
fn every_seed_of_the_fuzz_targets_holds() {
    let mut held = 0;
    for folder in fs::read_dir(repository("tests/fuzz/seeds")).expect("the seeds") {
        let folder = folder.expect("a target").path();
        let target = folder.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        for seed in fs::read_dir(&folder).expect("its seeds") {
            run(&target, &fs::read(seed.expect("a seed").path()).expect("its bytes"));
            held += 1;
        }
    }
    assert!(held >= 20, "only {held} seeds were found");
    run("ddl", &fs::read(repository("fixtures/pg_dump/ddl-zoo/schema.sql")).expect("a schema"));
    run("sqlite", &fs::read(repository("fixtures/sqlite/everything/input.sql")).expect("a dump"));
}

fn run(target: &str, bytes: &[u8]) {
    match target {
        "readers" => any(bytes),
        "rows" => rows(bytes),
        "ddl" => ddl(bytes),
        "parts" => parts::check(bytes),
        "json" | "php" => inside::value(target, bytes),
        format => read(format, bytes),
    }
}
