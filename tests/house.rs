//! The house rules that a machine can hold: the closed top level, sizes, headers, the module arrows, complete lists,
//! silent `Debug`. Reads the repository's own text; refuses to judge what only a reviewer can.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::house::{ends_of, items_with, strip, without_tests};
use crate::support::repository;

/// What may stand at the top (DESIGN 3), folders by their name.
const TOP: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "profiles",
    "fixtures",
    "tests",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    ".ci",
    ".github",
    ".cargo",
    ".clippy.toml",
    ".rustfmt.toml",
    ".deny.toml",
    ".gitignore",
];

/// The arrow of DESIGN 3, highest first; a module sees lower lines only. `error` has a line of its own: every layer,
/// `secret` too, returns the one `Error`.
const ARROW: &[&[&str]] = &[
    &["cli"],
    &["discover", "audit", "synth", "subset"],
    &["database"],
    &["pipeline"],
    &["profile"],
    &["mask", "format"],
    &["recognise", "condition"],
    &["vocabulary", "row"],
    &["secret"],
    &["error"],
];

/// Types that hold data or keys, beside those that `a_type_with_bytes` finds by its fields.
const SILENT: &[&str] = &[
    "Buffer",
    "BytesSource",
    "Cells",
    "Compile",
    "Digest",
    "Done",
    "Gate",
    "Joined",
    "Key",
    "Keys",
    "Lanes",
    "Mac",
    "MaskPlan",
    "MaskedColumn",
    "Piece",
    "Plan",
    "Schedule",
    "Scratch",
    "Spans",
    "Standins",
    "State",
    "Token",
    "Tokens",
    "Word",
    "Work",
];

/// Most lines of a file, and what is aimed at.
const LINES: (usize, usize) = (800, 400);

/// Lists the repository's files: what git knows or would add; without git all but what builds leave.
fn files() -> Vec<String> {
    let root = repository("");
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output();
    let mut files: Vec<String> = match listed {
        Ok(out) if out.status.success() && !out.stdout.is_empty() => String::from_utf8_lossy(&out.stdout)
            .split('\0')
            .filter(|name| !name.is_empty() && root.join(name).exists())
            .map(str::to_owned)
            .collect(),
        _ => {
            let mut found = Vec::new();
            walk(&root, &root, &mut found);
            found
        }
    };
    files.sort();
    files.dedup();
    assert!(files.len() > 100, "the list of files is not the repository's");
    files
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("folder is read").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && !["target", "out", ".git"].iter().any(|skip| name == *skip) {
            walk(root, &path, found);
        } else if path.is_file() {
            found.push(path.strip_prefix(root).expect("inside").to_string_lossy().into_owned());
        }
    }
}

fn read(file: &str) -> String {
    String::from_utf8_lossy(&std::fs::read(repository(file)).expect("file is there")).into_owned()
}

fn rust(files: &[String]) -> impl Iterator<Item = &String> {
    files.iter().filter(|f| f.ends_with(".rs"))
}

/// Returns the files of src that are part of the program, with comments, texts and tests taken out.
fn program() -> Vec<(String, String)> {
    let files = files();
    let mut tests = BTreeSet::new();
    let mut sources = Vec::new();
    for file in rust(&files).filter(|f| f.starts_with("src/")) {
        let (code, names) = without_tests(&strip(&read(file)));
        let stem = file.trim_end_matches(".rs");
        let folder = match stem.strip_suffix("/mod").or(stem.strip_suffix("/lib")) {
            Some(folder) => folder.to_owned(),
            None => stem.to_owned(),
        };
        tests.extend(names.into_iter().map(|name| format!("{folder}/{name}")));
        sources.push((file.clone(), code));
    }
    let is_test = |f: &str| tests.iter().any(|t| f == format!("{t}.rs") || f.starts_with(&format!("{t}/")));
    sources.retain(|(file, _)| !is_test(file));
    assert!(sources.len() > 50, "the list of sources has lost files");
    sources
}

/// Fails with all findings at once.
fn none(what: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{what}:\n  {}", findings.join("\n  "));
}

#[test]
fn the_top_level_is_closed() {
    let top: BTreeSet<String> =
        files().iter().filter_map(|f| f.split('/').next().map(str::to_owned)).collect();
    let extra: Vec<String> = top.iter().filter(|t| !TOP.contains(&t.as_str())).cloned().collect();
    none("not on the list of DESIGN 3", &extra);
    for needed in
        ["Cargo.toml", "Cargo.lock", "LICENSE", "CHANGELOG.md", "src", "tests", "fixtures", "profiles"]
    {
        assert!(top.contains(needed), "{needed} is missing");
    }
}

#[test]
fn files_are_short_and_open_with_what_they_are_for() {
    let (mut long, mut bare, mut above) = (Vec::new(), Vec::new(), Vec::new());
    for file in rust(&files()) {
        let text = read(file);
        let lines = text.lines().count();
        if lines > LINES.0 {
            long.push(format!("{file}: {lines} lines"));
        } else if lines > LINES.1 {
            above.push(format!("{file}: {lines}"));
        }
        if !text.starts_with("//! ") {
            bare.push(file.clone());
        }
    }
    none("more than 800 lines", &long);
    none("without `//!` in the first line", &bare);
    eprintln!("{} files above {} lines: {}", above.len(), LINES.1, above.join(", "));
    assert!(read("src/main.rs").lines().count() < 60, "main.rs does work");
}

#[test]
fn the_arrows_of_the_modules_hold() {
    let rank = |module: &str| ARROW.iter().position(|line| line.contains(&module));
    let mut wrong = Vec::new();
    for (file, code) in program() {
        let path = file.trim_start_matches("src/").trim_end_matches(".rs");
        let own = path.split('/').next().unwrap_or_default();
        if matches!(own, "lib" | "main") {
            continue;
        }
        let Some(from) = rank(own) else {
            wrong.push(format!("{file}: `{own}` is not on the map of DESIGN 3"));
            continue;
        };
        for target in ends_of(&code, "crate::") {
            let target = if target == "message" { "error".to_owned() } else { target };
            match rank(&target) {
                _ if target == own => {}
                Some(to) if to > from => {}
                Some(_) => wrong.push(format!("{file}: `{own}` sees `{target}`")),
                None => wrong
                    .push(format!("{file}: `crate::{target}` names no module (write paths out, no groups)")),
            }
        }
        // `super` must not climb to the root, round the check above.
        let depth = path.trim_end_matches("/mod").split('/').count();
        if code.contains(&"super::".repeat(depth)) {
            wrong.push(format!("{file}: {depth} times `super::` reaches the root"));
        }
    }
    none("against the arrow of DESIGN 3", &wrong);
}

#[test]
fn nothing_outside_of_format_knows_a_format() {
    let formats: Vec<String> = files()
        .iter()
        .filter_map(|f| f.strip_prefix("src/format/")?.strip_suffix("/mod.rs").map(str::to_owned))
        .filter(|f| !f.contains('/'))
        .collect();
    assert!(formats.len() > 1);
    let mut wrong = Vec::new();
    for (file, code) in program().iter().filter(|(file, _)| !file.starts_with("src/format/")) {
        for format in formats.iter().filter(|f| code.contains(&format!("{f}::"))) {
            wrong.push(format!("{file}: `{format}::`"));
        }
    }
    none("a format outside of src/format", &wrong);
}

#[test]
fn the_written_out_lists_are_complete() {
    let program = program();
    for (list, home, declared) in [
        ("TECHNIQUES", "src/mask/mod.rs", ": TechniqueSpec ="),
        ("KINDS", "src/mask/fake/mod.rs", ": KindSpec ="),
        ("FORMATS", "src/format/mod.rs", "impl Format for "),
        ("COMPRESSIONS", "src/format/compression/mod.rs", "impl Compression for "),
        ("RECOGNISERS", "src/recognise/mod.rs", ": Recogniser ="),
    ] {
        let text =
            program.iter().find(|(file, _)| file == home).map(|(_, code)| code).expect("home of the list");
        let at = text.find(&format!("pub static {list}")).unwrap_or_else(|| panic!("{home}: no {list}"));
        let entries = text.get(at..).and_then(|t| t.split_once("];")).map(|(t, _)| t).expect("a list");
        let entries = entries.split_once('=').map(|(_, t)| t.trim_start()).and_then(|t| t.strip_prefix("&["));
        let entries = entries.expect("a list");
        let folder = home.trim_end_matches("mod.rs");
        let mut found = 0;
        // What fills unlisted columns is no word of the language.
        let own = |file: &str| file.starts_with(folder) && file != "src/mask/fill.rs";
        // What blocks of archives alone are packed with.
        let archived = ["&zlib::Zlib", "&lz4::Lz4Frames"];
        for (file, code) in program.iter().filter(|(file, _)| own(file)) {
            let path = file.trim_start_matches(folder).trim_end_matches(".rs").trim_end_matches("mod");
            let module = path.split('/').next().unwrap_or_default();
            let module = if module.is_empty() { String::new() } else { format!("{module}::") };
            // A folder in the folder may list its own, `inside::json`.
            let inner = format!("{}::", path.trim_end_matches('/').replace('/', "::"));
            for (place, _) in code.match_indices(declared) {
                let name = if declared.starts_with("impl") {
                    code.get(place + declared.len()..).and_then(|t| t.split(' ').next())
                } else {
                    code.get(..place).and_then(|t| t.rsplit(' ').next())
                };
                let entry = format!("&{module}{}", name.unwrap_or_default());
                let whole = format!("&{inner}{}", name.unwrap_or_default());
                if archived.contains(&entry.as_str()) {
                    continue;
                }
                found += 1;
                let listed = entries.split(',').any(|e| [&entry, &whole].contains(&&e.trim().to_owned()));
                assert!(listed, "{file}: {entry} is not in {list}");
            }
        }
        assert_eq!(found, entries.matches('&').count(), "{list} has lost or doubled an entry");
    }
}

#[test]
fn types_with_data_or_keys_write_their_own_debug() {
    let mut wrong = Vec::new();
    for (file, code) in program() {
        for (name, body) in items_with(&code, "Debug") {
            if SILENT.contains(&name.as_str()) || a_type_with_bytes(&body) {
                wrong.push(format!("{file}: derive(Debug) on `{name}`"));
            }
        }
    }
    none("data or keys in Debug", &wrong);
}

/// Says whether a type's body holds bytes, or something that must be wiped.
fn a_type_with_bytes(body: &str) -> bool {
    let body: String = body.split_whitespace().collect();
    ["Vec<u8>", "[u8]", "[u8;", "[u64;", "Zeroizing", "u8x64"].iter().any(|ty| body.contains(ty))
        // Bytes that the program itself fixed say nothing.
        && !body.contains("&'static[u8]")
}

#[test]
fn nothing_prints_past_the_one_place_that_does() {
    let mut wrong = Vec::new();
    for (file, code) in program() {
        for word in ["println!", "print!", "dbg!", "todo!", "unimplemented!", "unsafe "] {
            if code.contains(word) {
                wrong.push(format!("{file}: `{word}`"));
            }
        }
    }
    none("words that the program does not say", &wrong);
    let allowed = concat!("expect(unsafe_", "code");
    let files = files();
    let unsafes: Vec<&String> = rust(&files).filter(|f| read(f).contains(allowed)).collect();
    assert!(
        unsafes.iter().all(|f| *f == "tests/alloc.rs"),
        "unsafe code outside of tests/alloc.rs: {unsafes:?}"
    );
}

#[test]
fn no_workplace_is_named() {
    let names =
        [concat!("/wo", "rk/"), concat!("/tm", "p/h/"), concat!(".lib", "rary"), concat!("/ro", "ot/")];
    let mut wrong = Vec::new();
    for file in files() {
        let text = read(&file);
        wrong.extend(names.iter().filter(|n| text.contains(**n)).map(|n| format!("{file}: {n}")));
    }
    none("names of one machine", &wrong);
}

#[test]
fn the_lints_apply_to_every_workspace() {
    let manifests: Vec<PathBuf> =
        files().iter().filter(|f| f.ends_with("Cargo.toml")).map(PathBuf::from).collect();
    for manifest in manifests {
        let text = read(&manifest.to_string_lossy());
        assert!(text.contains("[lints"), "{}: no lints", manifest.display());
        assert!(!text.contains("path = \"/"), "{}: a path of one machine", manifest.display());
    }
}

/// A file that no one names would never run.
#[test]
fn every_file_of_tests_is_run() {
    let suite = std::fs::read_to_string(repository("tests/suite.rs")).expect("the suite is there");
    for entry in std::fs::read_dir(repository("tests")).expect("tests are there").flatten() {
        let path = entry.path();
        let (Some(stem), true) =
            (path.file_stem().and_then(|s| s.to_str()), path.extension().is_some_and(|e| e == "rs"))
        else {
            continue;
        };
        let named = matches!(stem, "suite" | "alloc") || suite.contains(&format!("\nmod {stem};\n"));
        assert!(named, "tests/{stem}.rs is not in tests/suite.rs");
    }
}

#[test]
fn every_mutation_applies() {
    let patches = std::fs::read_dir(repository("tests/mutations")).expect("the mutations");
    let patches = patches.map(|entry| entry.expect("a file").path());
    let mut stale = Vec::new();
    for patch in patches.filter(|path| path.extension().is_some_and(|e| e == "patch")) {
        let mut git = Command::new("git");
        git.args(["apply", "--check"]).arg(&patch).current_dir(repository(""));
        if !git.output().expect("git runs").status.success() {
            stale.push(patch.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    none("a patch of tests/mutations no longer applies: make it anew", &stale);
}
