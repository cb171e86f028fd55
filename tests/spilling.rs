//! Maps of subjects that are larger than the memory they may take: the same bytes come out, nothing stays in the folder,
//! and a disk that cannot be written ends the run without an output.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, folder, key};

const PROFILE: &str = "version: 1
policy: {domain: training-2026}
entities:
  person:
    subject: id
    resolve: {email: customers}
    id: {pseudonym: integer}
    email: {fake: email, unique: true, max: 60}
    first_name: {fake: first_name}
tables:
  customers:
    columns: {id: person.id, email: person.email, first_name: person.first_name}
  newsletter:
    columns: {email: person.email, first_name: person.first_name}
";

/// More identifiers than a mebibyte holds, some of them with two subjects.
const PEOPLE: usize = 45_000;

fn dump() -> String {
    let mut sql = "CREATE TABLE public.customers (id bigint, email text, first_name text);
CREATE TABLE public.newsletter (email text, first_name text);
COPY public.customers (id, email, first_name) FROM stdin;\n"
        .to_owned();
    for n in 0..PEOPLE {
        let _ = writeln!(sql, "{n}\tperson{}@example.org\tZwartbolina", n % (PEOPLE - 500));
    }
    sql.push_str("\\.\nCOPY public.newsletter (email, first_name) FROM stdin;\n");
    for n in (0..PEOPLE + 100).rev() {
        let _ = writeln!(sql, "person{n}@example.org\tZwartbolina");
    }
    sql.push_str("\\.\n");
    sql
}

fn mask(input: &Path, args: &[&str]) -> Ran {
    let profile = file("spilling.yaml", PROFILE.as_bytes());
    run(standin().arg("mask").arg(input).arg("-p").arg(profile).arg("--key-file").arg(key()).args(args), b"")
}

#[test]
fn a_map_on_disk_gives_the_bytes_of_a_map_in_memory() {
    let input = file("spilling.sql", dump().as_bytes());
    let held = mask(&input, &["-j1"]).ok();
    let text = String::from_utf8(held.clone()).expect("text");
    assert!(!text.contains("Zwartbol") && !text.contains("person1"));
    for threads in ["-j1", "-j3"] {
        assert!(mask(&input, &[threads, "--map-memory", "1M"]).ok() == held, "{threads}");
    }
    // The names in the newsletter are those of the customers.
    let names = |table: &str| {
        let rows = text.split_once(&format!("COPY public.{table}")).expect("table").1;
        let rows = rows.split_once("\\.\n").expect("end").0.lines().skip(1);
        rows.map(|row| row.rsplit_once('\t').expect("columns").1.to_owned()).collect::<Vec<_>>()
    };
    let (customers, newsletter) = (names("customers"), names("newsletter"));
    assert_eq!((customers.len(), newsletter.len()), (PEOPLE, PEOPLE + 100));
    let of_newsletter = |n: usize| &newsletter[PEOPLE + 99 - n];
    assert!((600..PEOPLE - 500).all(|n| customers[n] == *of_newsletter(n)));
}

#[test]
fn a_disk_that_cannot_be_written_ends_the_run_without_an_output() {
    let input = file("spilling.sql", dump().as_bytes());
    let profile = file("spilling.yaml", PROFILE.as_bytes());
    let mut command = standin();
    command.arg("mask").arg(&input).arg("-p").arg(profile).args(["--map-memory", "1M"]);
    command.env("TMPDIR", "/nowhere/at/all");
    let ran = run(&mut command, b"");
    assert_eq!(ran.code(), 4, "{}", ran.stderr);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("--map-memory") && !ran.stderr.contains("person1"));
    // Beside an output file there is room, and nothing is left there but the output.
    let out = folder().join("spilled");
    std::fs::create_dir_all(&out).expect("folder is made");
    let path = out.join("masked.sql");
    run(command.arg("-o").arg(&path), b"").ok();
    let names: Vec<_> = std::fs::read_dir(&out).expect("folder").flatten().map(|f| f.file_name()).collect();
    assert_eq!(names, ["masked.sql"]);
}

#[test]
fn less_than_a_mebibyte_is_refused() {
    let input = file("spilling-none.sql", b"");
    assert_eq!(mask(&input, &["--map-memory", "1K"]).code(), 2);
}
