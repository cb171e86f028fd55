//! Golden cases of plain dumps beyond one database's tables: pg_dumpall, parts, objects, character sets. Any cut of the
//! input gives the same bytes, damage is refused or harmless, and no canary is left.

use crate::support::{repository, robust};

const CASES: [&str; 6] =
    ["cluster-of-databases", "data-only", "large-objects-kept", "statistics-18", "latin1", "euc-jp-inserts"];

fn fixture(case: &str, name: &str) -> Vec<u8> {
    std::fs::read(repository("fixtures/pg_dump").join(case).join(name)).unwrap_or_default()
}

fn options() -> standin::format::InputOptions {
    standin::format::InputOptions { allow_databases: true, ..robust::options("t") }
}

fn plan(case: &str) -> standin::profile::plan::Plan {
    let profile = String::from_utf8(fixture(case, "profile.yaml")).expect("UTF-8");
    robust::plan(&profile, false).unwrap_or_else(|fault| panic!("{case}: {fault}"))
}

#[test]
fn every_case_comes_out_as_expected() {
    for case in CASES {
        let (input, plan) = (fixture(case, "input.sql"), plan(case));
        let found = robust::in_any_cut(&plan, case, &options(), &input);
        let golden = repository("fixtures/pg_dump").join(case).join("expected.sql");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &found.bytes).expect("golden file is written");
        }
        assert!(
            found.bytes == fixture(case, "expected.sql"),
            "{case}:\n{}",
            String::from_utf8_lossy(&found.bytes)
        );
        // What a profile keeps (a connection, a large object) or a comment says is no secret to it.
        let text = String::from_utf8_lossy(&found.bytes).to_lowercase();
        let kept = case == "large-objects-kept";
        assert!(kept || !text.replace("piet kanarie", "").contains("kanarie"), "{case}: a canary is left");
    }
}

#[test]
fn damaged_dumps_of_every_kind() {
    for case in CASES {
        let plan = plan(case);
        crate::damage::all(case, &[fixture(case, "input.sql")], |bytes| {
            robust::input(&plan, "pg_dump", &options(), bytes)
        });
    }
}

#[test]
fn nasty_29_every_end_but_the_last_is_noticed() {
    for case in CASES {
        let (input, plan) = (fixture(case, "input.sql"), plan(case));
        let text = input.trim_ascii_end();
        for end in (0..text.len()).step_by(97) {
            let cut =
                robust::masked(&plan, "pg_dump", &options(), &text[..end], usize::MAX).expect("no fault");
            assert!(cut.is_none(), "{case}: cut at {end} it looks finished");
        }
    }
}
