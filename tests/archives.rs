//! Archives of pg_dump, made and restored by the real programs: every version of PostgreSQL there is, every form, every
//! compression. Kept they come back byte for byte, masked they restore and say what the masked plain dump says.

use std::path::Path;

use crate::support::archives::{
    FORMS, Shelf, bytes_of, fresh, mask_archive, masking, shelves, without_tokens,
};
use crate::support::cluster::keep_all;
use crate::support::run::{run, standin};
use crate::support::shop::{key, mask};

/// What makes columns pass that no profile names.
const KEEP: &str = "--allow-unlisted-keep";

/// Keeps large objects and comments.
const KEPT: &str = "  large_objects: {keep: test}\n  comments: {keep: test}";

/// Options of pg_dump that change what is in an archive.
const OPTIONS: &[&str] = &[
    "--inserts",
    "--column-inserts",
    "--rows-per-insert=50",
    "--inserts --on-conflict-do-nothing",
    "--load-via-partition-root",
    "-s",
    "--section=pre-data",
    "--section=post-data",
    "-t app.people",
    "-t app.nobody",
    "--no-blobs",
    "-C --clean --if-exists",
    "-O -x",
    "--quote-all-identifiers",
    "--enable-row-security",
    "-E LATIN1",
];

/// Calls `each` with an archive of every version and form; counts how many there were.
fn every_form(options: &str, each: impl Fn(&Shelf, &str, &Path)) {
    for shelf in shelves() {
        let mut count = 0;
        for form in FORMS {
            if let Some(archive) = shelf.archive(&format!("{form} {options}")) {
                each(shelf, &format!("{} {form} {options}", shelf.number()), &archive);
                count += 1;
            }
        }
        assert!(count == if shelf.number() < 16 { 5 } else { 9 }, "{}: {count} forms", shelf.number());
    }
}

/// Masks a plain dump.
fn plain(profile: &Path, dump: &[u8]) -> Vec<u8> {
    without_tokens(&mask(profile, &["-q"], dump).ok())
}

/// Holds that two texts are the same, and says where they are not.
fn same_text(what: &str, one: &[u8], other: &[u8]) {
    if one != other {
        let lines =
            |text: &[u8]| String::from_utf8_lossy(text).lines().map(str::to_owned).collect::<Vec<_>>();
        let (one, other) = (lines(one), lines(other));
        let at = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
        panic!("{what}: line {at} differs:\n{:?}\n{:?}", one.get(at), other.get(at));
    }
}

#[test]
fn kept_archives_come_back_byte_for_byte() {
    let keep = keep_all();
    every_form("", |shelf, what, archive| {
        for threads in ["-j1", "-j3"] {
            let output = fresh("kept");
            let ran = mask_archive(&keep, &[KEEP, threads], archive, &output);
            assert_eq!(ran.code(), 0, "{what}: {}", ran.stderr);
            assert_eq!(shelf.list(archive), shelf.list(&output), "{what}");
            same_text(what, &shelf.text(archive), &shelf.text(&output));
            // A tar archive loses the script that repeats its definitions.
            if !what.contains("-Ft") {
                assert!(bytes_of(archive) == bytes_of(&output), "{what}: bytes have changed");
            }
        }
    });
}

#[test]
fn masked_archives_say_what_the_masked_plain_dump_says() {
    let profile = masking("archives-mask.yaml", KEPT);
    every_form("", |shelf, what, archive| {
        let expected = plain(&profile, &shelf.text(archive));
        assert!(!String::from_utf8_lossy(&expected).to_lowercase().contains("canary"), "{what}");
        let mut outputs = Vec::new();
        for threads in ["-j1", "-j3"] {
            let output = fresh("masked");
            let ran = mask_archive(&profile, &[threads], archive, &output);
            assert_eq!(ran.code(), 0, "{what}: {}", ran.stderr);
            same_text(what, &shelf.text(&output), &expected);
            outputs.push(bytes_of(&output));
        }
        assert!(outputs[0] == outputs[1], "{what}: threads change bytes");
    });
}

#[test]
fn masked_archives_restore_in_parallel_with_all_constraints() {
    let profile = masking("archives-restore.yaml", KEPT);
    every_form("", |shelf, what, archive| {
        let output = fresh("masked");
        mask_archive(&profile, &["-j2"], archive, &output).ok();
        // pg_restore reads tar archives by one process only.
        let args: &[&str] = if what.contains("-Ft") { &[] } else { &["-j2"] };
        restored(shelf, what, &output, args);
    });
}

/// Restores an archive and compares it to the database that it was made of.
fn restored(shelf: &Shelf, what: &str, archive: &Path, args: &[&str]) {
    let (before, after) = (&shelf.database, shelf.restore(archive, args));
    for same in [
        "SELECT conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE connamespace = 'app'::regnamespace ORDER BY 1, 2",
        "SELECT indexrelid::regclass::text, indisvalid, pg_get_indexdef(indexrelid) FROM pg_index \
         WHERE indrelid::regclass::text LIKE 'app.%' ORDER BY 1",
        "SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM app.products p",
        "SELECT md5(string_agg(word, ',' ORDER BY word)), count(*) FROM app.words",
        "SELECT id, product_id, total FROM app.orders ORDER BY id",
        "SELECT mood, count(*) FROM app.people GROUP BY mood ORDER BY 1",
        "SELECT extract(year FROM born), count(*) FROM app.people GROUP BY 1 ORDER BY 1",
        "SELECT note IS NULL, note = '', count(*) FROM app.people GROUP BY 1, 2 ORDER BY 1, 2",
        "SELECT count(*) FROM app.no_columns",
        "SELECT count(*) FROM app.nobody",
        "SELECT mood, count(*) FROM app.moods GROUP BY 1 ORDER BY 1",
        "SELECT tableoid::regclass, day FROM app.visits ORDER BY 2",
        "SELECT m.oid, md5(lo_get(m.oid)), m.lomowner::regrole FROM pg_largeobject_metadata m ORDER BY 1",
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'app' ORDER BY 1",
        "SELECT count(*) FROM app.orders o JOIN app.people p ON p.id = o.person_id",
        "SELECT count(*) FROM app.people WHERE shout <> upper(name)",
        "SELECT * FROM app.counts ORDER BY 1",
    ] {
        assert_eq!(before.rows(same), after.rows(same), "{what}: {same}");
    }
    for none in [
        "SELECT count(*) FROM app.people p WHERE p::text ~* 'canary'",
        "SELECT count(*) FROM app.\"Odd \"\"name\"\" \\ x\" p WHERE p::text ~* 'canary'",
        "SELECT count(*) FROM app.moods WHERE who IS NOT NULL",
        "SELECT count(*) FROM app.visits WHERE who IS NOT NULL",
        "SELECT count(*) FROM app.people a JOIN app.people b USING (id) WHERE a.id < 10000",
    ] {
        assert_eq!(after.number(none), 0, "{what}: {none}");
    }
    let joined = "SELECT count(*) FROM app.\"Odd \"\"name\"\" \\ x\" o JOIN app.people p ON p.id = o.id \
                  WHERE p.email = o.\"E mail; ;\"";
    assert_eq!(after.number(joined), 1, "{what}");
    // Large objects belong to the cluster's next restore no more than the database does.
    drop(after);
}

#[test]
fn custom_and_tar_archives_go_through_pipes() {
    let profile = masking("archives-pipes.yaml", KEPT);
    for shelf in shelves() {
        for form in FORMS.iter().filter(|form| !form.contains("-Fd")) {
            let Some(archive) = shelf.archive(form) else { continue };
            let what = format!("{} {form}", shelf.number());
            let output = fresh("masked");
            mask_archive(&profile, &[], &archive, &output).ok();
            let expected = shelf.text(&output);
            let input = std::fs::read(&archive).expect("it is there");
            let ran = mask(&profile, &["-q"], &input);
            assert_eq!(ran.code(), 0, "{what}: {}", ran.stderr);
            same_text(&what, &shelf.text_of_pipe(&ran.stdout), &expected);
            let piped = crate::support::shop::file(&format!("piped{}", shelf.number()), &ran.stdout);
            if form.contains("-Fc") {
                restored(shelf, &what, &piped, &["-j2"]);
            }
            // What pg_dump writes into a pipe knows no places.
            let words = form.split(' ');
            let dumped = run(shelf.database.program("pg_dump").args(words), b"").ok();
            let kept = mask(&keep_all(), &["-q", KEEP], &dumped).ok();
            assert!(form.contains("-Ft") || kept == dumped, "{what}: bytes have changed");
        }
    }
}

#[test]
fn every_option_of_pg_dump_is_read() {
    let (keep, profile) = (keep_all(), masking("archives-options.yaml", KEPT));
    for shelf in shelves() {
        for (at, options) in OPTIONS.iter().enumerate() {
            // Forms take turns.
            let forms = ["-Fc", "-Fd", "-Fc -Z0", "-Ft"];
            let form = forms[(at + usize::try_from(shelf.number()).unwrap()) % forms.len()];
            let Some(archive) = shelf.archive(&format!("{form} {options}")) else {
                panic!("{} {options}", shelf.number())
            };
            let what = format!("{} {form} {options}", shelf.number());
            let output = fresh("kept");
            let ran = mask_archive(&keep, &[KEEP], &archive, &output);
            assert_eq!(ran.code(), 0, "{what}: {}", ran.stderr);
            // INSERT statements are packed anew; the script of a tar archive is left out.
            let packed = form == "-Ft" || options.contains("insert");
            assert!(packed || bytes_of(&archive) == bytes_of(&output), "{what}: bytes have changed");
            same_text(&what, &shelf.text(&archive), &shelf.text(&output));
            if options.starts_with("-t") {
                continue;
            }
            let output = fresh("masked");
            let ran = mask_archive(&profile, &[], &archive, &output);
            assert_eq!(ran.code(), 0, "{what}: {}", ran.stderr);
            same_text(&what, &shelf.text(&output), &plain(&profile, &shelf.text(&archive)));
        }
    }
}

#[test]
fn forms_and_compressions_are_written_from_each_other() {
    let keep = keep_all();
    for shelf in shelves() {
        let packings: &[&str] =
            if shelf.number() < 16 { &["gzip", "none"] } else { &["zstd", "gzip:1", "lz4", "none"] };
        let Some(first) = shelf.archive("-Fc") else { panic!("no archive") };
        let expected = shelf.text(&first);
        let mut archive = first;
        for packing in packings {
            for form in ["directory", "custom", "tar", "custom", "directory", "tar", "directory"] {
                let what = format!("{} {form} {packing}", shelf.number());
                let output = fresh("changed");
                let packing = if form == "tar" { "none" } else { packing };
                let args = [KEEP, "--format", form, "--compress", packing];
                let ran = mask_archive(&keep, &args, &archive, &output);
                assert_eq!(ran.code(), 0, "{what}: {}", ran.stderr);
                same_text(&what, &shelf.text(&output), &expected);
                archive = output;
            }
        }
    }
}

#[test]
fn large_objects_are_left_out_or_need_a_decision() {
    let without = masking("archives-without.yaml", "  large_objects: suppress\n  comments: suppress");
    let undecided = masking("archives-undecided.yaml", "  comments: suppress");
    every_form("", |shelf, what, archive| {
        let output = fresh("undecided");
        let ran = mask_archive(&undecided, &[], archive, &output);
        assert_eq!(ran.code(), 3, "{what}: {}", ran.stderr);
        assert!(ran.stderr.contains("large_objects") && !output.exists(), "{what}: {}", ran.stderr);
        mask_archive(&without, &[], archive, &output).ok();
        let text = String::from_utf8_lossy(&shelf.text(&output)).into_owned();
        assert!(!text.contains("lo_") && !text.contains("COMMENT ON"), "{what}");
        let after = shelf.restore(&output, &[]);
        assert_eq!(after.number("SELECT count(*) FROM pg_largeobject_metadata"), 0);
        assert_eq!(after.number("SELECT count(*) FROM app.people"), 9000);
    });
}

#[test]
fn statistics_hold_values_and_go() {
    let profile = masking("archives-statistics.yaml", KEPT);
    for shelf in shelves() {
        let Some(archive) = shelf.archive("-Fc --statistics") else { continue };
        assert!(shelf.list(&archive).contains("STATISTICS DATA"), "{}", shelf.number());
        let output = fresh("masked");
        mask_archive(&profile, &[], &archive, &output).ok();
        assert!(!shelf.list(&output).contains("STATISTICS DATA"));
        assert!(!String::from_utf8_lossy(&shelf.text(&output)).to_lowercase().contains("canary"));
    }
}

#[test]
fn a_folder_is_private_and_appears_only_when_whole() {
    use std::os::unix::fs::PermissionsExt;
    let Some(shelf) = shelves().last() else { return };
    let profile = masking("archives-private.yaml", KEPT);
    let archive = shelf.archive("-Fd").expect("a folder");
    let output = fresh("folder");
    mask_archive(&profile, &[], &archive, &output).ok();
    let mode = std::fs::metadata(&output).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o7777, 0o700);
    let again = mask_archive(&profile, &[], &archive, &output);
    assert_ne!(again.code(), 0, "what is there is not written over");
    // Cut one of its files, of a table in which something changes.
    let people = shelf.list(&archive);
    let line = people.lines().find(|line| line.contains("TABLE DATA app people ")).expect("a table");
    let id = line.split(';').next().expect("an id");
    let path = archive.join(format!("{id}.dat.gz"));
    let bytes = std::fs::read(&path).expect("a file");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    let output = fresh("cut");
    let ran = mask_archive(&profile, &[], &archive, &output);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(!output.exists() && !ran.stderr.to_lowercase().contains("canary"));
}

#[test]
fn an_archive_that_is_cut_is_an_error_and_looks_cut() {
    let profile = masking("archives-cut.yaml", KEPT);
    for shelf in shelves() {
        for form in ["-Fc", "-Fc -Z0", "-Ft"] {
            let archive = shelf.archive(form).expect("a form");
            let bytes = std::fs::read(&archive).expect("it is there");
            for part in [10, 1000, bytes.len() / 3, bytes.len() / 2, bytes.len() - 6, bytes.len() - 1] {
                let what = format!("{} {form}, {part} of {}", shelf.number(), bytes.len());
                for profile in [&profile, &keep_all()] {
                    let ran = mask(profile, &["-q", KEEP], &bytes[..part]);
                    assert_eq!(ran.code(), 3, "{what}: {}", ran.stderr);
                    // Behind its last table a tar archive has nothing that pg_restore reads.
                    if ran.stdout.is_empty() || (form == "-Ft" && part > bytes.len() / 2) {
                        continue;
                    }
                    let restore = run(shelf.database.program("pg_restore").args(["-f", "-"]), &ran.stdout);
                    assert_ne!(restore.code(), 0, "{what}: pg_restore takes it for whole");
                }
            }
        }
    }
}

#[test]
fn check_reads_an_archive() {
    let Some(shelf) = shelves().last() else { return };
    let profile = masking("archives-check.yaml", KEPT);
    for form in FORMS {
        let archive = shelf.archive(form).expect("a form");
        let mut command = standin();
        let ran =
            run(command.args(["check", "-p"]).arg(&profile).arg("--key-file").arg(key()).arg(&archive), b"");
        assert_eq!(ran.code(), 0, "{form}: {}{}", ran.text(), ran.stderr);
    }
}
