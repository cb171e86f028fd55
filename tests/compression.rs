//! Compressed streams in and out, against the real programs gzip, zstd, lz4, xz and bzip2: by pipe and by file, written
//! back the way they came or as asked, cut, damaged and compressed twice.

use std::path::{Path, PathBuf};

use crate::support::run::{Ran, command, run, standin};
use crate::support::shop::{file, folder, key};

/// Programs, which are also the words of `--compress`, and the extensions of their files.
const PROGRAMS: [(&str, &str); 5] =
    [("gzip", "gz"), ("zstd", "zst"), ("lz4", "lz4"), ("xz", "xz"), ("bzip2", "bz2")];

const PROFILE: &str = "\
version: 1
policy:
  domain: training
reasons:
  w: test data
entities:
  person:
    mail:
      fake: email
tables:
  customers:
    columns:
      mail: person.mail
    keep: [id, town]
    why: w
";

fn table(rows: u32) -> Vec<u8> {
    let mut text = String::from("id,mail,town\n");
    for id in 0..rows {
        text.push_str(&format!("{id},kanarie{}@example.org,town {}\n", id % 1000, id % 77));
    }
    text.into_bytes()
}

fn mask(args: &[&str], input: &[u8]) -> Ran {
    let profile = file("compression.yaml", PROFILE.as_bytes());
    run(standin().arg("mask").arg("-p").arg(profile).arg("--key-file").arg(key()).args(args), input)
}

/// Runs one of the programs as a filter; it must succeed.
fn filter(program: &str, args: &[&str], input: &[u8]) -> Vec<u8> {
    run(command(program).args(args), input).ok()
}

fn packed(program: &str, input: &[u8]) -> Vec<u8> {
    filter(program, &["-c"], input)
}

fn unpacked(program: &str, input: &[u8]) -> Vec<u8> {
    filter(program, &["-dc"], input)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("plain path")
}

/// Returns a new, empty folder of this test.
fn fresh(name: &str) -> PathBuf {
    let path = folder().join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("folder is made");
    path
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("file is written");
    path
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("folder is there").flatten();
    let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// What a table becomes without any compression.
fn plain(input: &[u8]) -> Vec<u8> {
    let masked = mask(&["--table", "customers"], input).ok();
    assert!(!masked.windows(7).any(|w| w == b"kanarie"));
    masked
}

#[test]
fn nasty_12_every_compression_is_read_and_written_back_the_same_way() {
    let table = table(30_000);
    let expected = plain(&table);
    let folder = fresh("same-way");
    for (program, extension) in PROGRAMS {
        let input = packed(program, &table);
        for threads in ["1", "3"] {
            let out = mask(&["--table", "customers", "-j", threads], &input).ok();
            assert!(unpacked(program, &out) == expected, "{program}: pipe, -j{threads}");
        }
        // The table's name is the file's, without both extensions.
        let file = put(&folder, &format!("customers.csv.{extension}"), &input);
        let out = mask(&[text(&file)], b"").ok();
        assert!(unpacked(program, &out) == expected, "{program}: file to pipe");
        let to = folder.join(format!("masked-{program}.csv.{extension}"));
        mask(&[text(&file), "-o", text(&to)], b"").ok();
        assert!(unpacked(program, &read(&to)) == expected, "{program}: file to file");
        assert_eq!(mask(&[text(&file), "--dry-run"], b"").ok(), b"");
    }
}

#[test]
fn the_output_is_compressed_as_asked_or_as_its_name_says() {
    let table = table(2000);
    let expected = plain(&table);
    let folder = fresh("as-asked");
    let plain_file = put(&folder, "customers.csv", &table);
    let gz = put(&folder, "customers.csv.gz", &packed("gzip", &table));
    for (program, extension) in PROGRAMS {
        let level = if program == "lz4" { program.to_owned() } else { format!("{program}:2") };
        for asked in [program, &level] {
            let out = mask(&[text(&gz), "--compress", asked], b"").ok();
            assert!(unpacked(program, &out) == expected, "{asked}");
        }
        let to = folder.join(format!("by-name.csv.{extension}"));
        mask(&[text(&plain_file), "-o", text(&to)], b"").ok();
        assert!(unpacked(program, &read(&to)) == expected, "{program}: by its name");
        // What is asked counts more than the name.
        mask(&[text(&plain_file), "-o", text(&to), "--compress", "none"], b"").ok();
        assert!(read(&to) == expected, "{program}: none");
    }
    let to = |name: &str| folder.join(name);
    mask(&[text(&gz), "-o", text(&to("plain.csv"))], b"").ok();
    assert!(read(&to("plain.csv")) == expected, "a name that is not a compressed file's");
    mask(&[text(&gz), "-o", text(&to("no-extension"))], b"").ok();
    assert!(unpacked("gzip", &read(&to("no-extension"))) == expected, "a name that says nothing");
    for wrong in ["gzip:0", "gzip:10", "zstd:23", "xz:x", "lz4:3", "zip", "", "none:1"] {
        let ran = mask(&["--compress", wrong], b"");
        assert_eq!(ran.code(), 2, "{wrong}: {}", ran.stderr);
    }
}

#[test]
fn files_in_a_folder_are_named_after_what_they_are() {
    let table = table(500);
    let expected = plain(&table);
    let input = fresh("folder-in");
    let gz = put(&input, "customers.csv.gz", &packed("gzip", &table));
    let unnamed = put(&fresh("folder-in-2"), "customers.csv", &packed("zstd", &table));
    let name_only = put(&fresh("folder-in-3"), "customers.csv.bz2", &table);
    for (from, args, name, program) in [
        (&gz, &[][..], "customers.csv.gz", Some("gzip")),
        (&gz, &["--compress", "none"], "customers.csv", None),
        (&gz, &["--compress", "zstd"], "customers.csv.zst", Some("zstd")),
        (&gz, &["--compress", "gzip:1"], "customers.csv.gz", Some("gzip")),
        (&unnamed, &[], "customers.csv", Some("zstd")),
        (&unnamed, &["--compress", "none"], "customers.csv", None),
        (&unnamed, &["--compress", "xz"], "customers.csv.xz", Some("xz")),
        (&name_only, &["--compress", "bzip2", "--table", "customers"], "customers.csv.bz2", Some("bzip2")),
    ] {
        let out = fresh("folder-out");
        mask(&[&[text(from), "-o", text(&out)], args].concat(), b"").ok();
        assert_eq!(names(&out), [name], "{args:?}");
        let bytes = read(&out.join(name));
        assert!(program.map_or(bytes.clone(), |p| unpacked(p, &bytes)) == expected, "{name} {args:?}");
    }
    // Two files that would become one are refused before anything is written.
    let twin = put(&input, "customers.csv", &table);
    let out = fresh("folder-out");
    let both = [text(&gz), text(&twin), "-o", text(&out)];
    let ran = mask(&[&both[..], &["--compress", "none"]].concat(), b"");
    assert_eq!((ran.code(), names(&out).len()), (2, 0), "{}", ran.stderr);
    mask(&both, b"").ok();
    assert_eq!(names(&out), ["customers.csv", "customers.csv.gz"]);
    // An input is not overwritten by a name that it gets.
    let ran = mask(&[text(&gz), "-o", text(&input), "--compress", "none", "--table", "customers"], b"");
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    let ran = mask(&[text(&gz), text(&twin), "-o", text(&input)], b"");
    assert_eq!(ran.code(), 2, "{}", ran.stderr);
}

#[test]
fn nasty_29_a_cut_or_damaged_stream_is_never_a_shorter_result() {
    let table = table(20_000);
    let folder = fresh("cut");
    for (program, extension) in PROGRAMS {
        let whole = packed(program, &table);
        for cut in [whole.len() / 3, whole.len() - 9, whole.len() - 1] {
            let ran = mask(&["--table", "customers"], &whole[..cut]);
            assert_eq!(ran.code(), 3, "{program} cut at {cut}: {}", ran.stderr);
            let said = format!("the {program} stream ends too early");
            assert!(
                ran.stderr.contains(&said) && !ran.stderr.contains("kanarie"),
                "{program}: {}",
                ran.stderr
            );
            let file = put(&folder, &format!("customers.csv.{extension}"), &whole[..cut]);
            let to = folder.join("never.csv");
            assert_eq!(mask(&[text(&file), "-o", text(&to)], b"").code(), 3, "{program}");
            assert!(!to.exists(), "{program}: an unfinished file has its final name");
        }
        let mut broken = whole.clone();
        let at = broken.len() * 2 / 3;
        broken[at] ^= 0x10;
        let behind = [&whole[..], b"kanarie"].concat();
        // The rows may be wrong before the checksum is, where it comes last.
        for (bytes, said) in [(&broken, String::new()), (&behind, format!("the {program} stream "))] {
            let ran = mask(&["--table", "customers"], bytes);
            assert_eq!(ran.code(), 3, "{program}: {}", ran.stderr);
            assert!(ran.stderr.contains(&said), "{program}: {}", ran.stderr);
            assert!(!ran.stderr.contains("kanarie"), "{program}: {}", ran.stderr);
        }
    }
}

#[test]
fn nasty_12_compressed_twice_or_by_others_is_refused() {
    for (program, _) in PROGRAMS {
        let twice = packed("gzip", &packed(program, &table(10)));
        let ran = mask(&["--table", "customers"], &twice);
        assert_eq!(ran.code(), 3, "{program}: {}", ran.stderr);
        assert!(ran.stderr.contains("compressed twice"), "{program}: {}", ran.stderr);
        let ran = mask(&["--table", "customers", "--input-format", "csv"], &twice);
        assert_eq!(ran.code(), 3, "{program}, forced: {}", ran.stderr);
        // Nothing in it is still nothing.
        let ran = mask(&["--table", "customers"], &packed(program, b""));
        assert!(ran.code() == 3 && ran.stderr.contains("the input is empty"), "{program}: {}", ran.stderr);
    }
    for head in
        [&b"LZIP\x01\x0c"[..], b"\x1F\x9D\x90kanarie", b"7z\xBC\xAF\x27\x1C\0\x04", b"PK\x03\x04\x14\0"]
    {
        let ran = mask(&["--table", "customers"], head);
        assert_eq!(ran.code(), 3, "{}", ran.stderr);
        assert!(ran.stderr.contains("hint: ") && ran.stdout.is_empty(), "{}", ran.stderr);
    }
}

#[test]
fn what_the_programs_write_in_several_parts_is_read_to_the_end() {
    let (one, two) = (table(3000), table(3000));
    let rows = &two[two.iter().position(|b| *b == b'\n').expect("header") + 1..];
    let expected = plain(&[&one[..], rows].concat());
    let cases: [(&str, &[&str]); 12] = [
        ("gzip", &["-1"]),
        ("gzip", &["-9"]),
        ("zstd", &["-19"]),
        ("zstd", &["--no-check", "-1"]),
        ("zstd", &["--long=27"]),
        ("lz4", &["-B4", "-BD"]),
        ("lz4", &["-B7", "-BX"]),
        ("lz4", &["-9", "-B5", "--no-frame-crc"]),
        ("xz", &["-0", "-Csha256"]),
        ("xz", &["--block-size=4096", "-T2"]),
        ("bzip2", &["-1"]),
        ("bzip2", &["-9"]),
    ];
    for (program, args) in cases {
        let args = [args, &["-c"]].concat();
        let input = [filter(program, &args, &one), filter(program, &args, rows)].concat();
        let out = mask(&["--table", "customers", "--compress", "none"], &input).ok();
        assert!(out == expected, "{program} {args:?}");
    }
    // A window beyond the limit is refused, with what to do.
    let ran = mask(&["--table", "customers"], &filter("zstd", &["--long=30", "-c"], &one));
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("128 MiB") && ran.stderr.contains("--long"), "{}", ran.stderr);
}

#[test]
fn nasty_61_any_number_of_threads_writes_the_same_bytes() {
    let table = table(150_000);
    let expected = plain(&table);
    for program in ["gzip", "zstd", "lz4"] {
        let one = mask(&["--table", "customers", "--compress", program, "-j1"], &table).ok();
        for threads in ["2", "5", "16"] {
            let many = mask(&["--table", "customers", "--compress", program, "-j", threads], &table).ok();
            assert!(one == many, "{program}: -j{threads} differs from -j1");
        }
        assert!(unpacked(program, &one) == expected, "{program}");
    }
}
