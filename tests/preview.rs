//! `standin preview`: rows side by side. Invented values by default, real ones only where they were asked for; what
//! comes after is what `mask` makes.

use std::path::{Path, PathBuf};

use crate::support::cluster::{clusters, masking};
use crate::support::repository;
use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, key, mask, profile};

fn preview(input: &Path, profile: &Path, args: &[&str]) -> Ran {
    let mut command = standin();
    command.arg("preview").arg(input).arg("-p").arg(profile).arg("--key-file").arg(key());
    run(command.args(args), b"")
}

fn shop(input: &str, args: &[&str]) -> Ran {
    preview(&repository(&format!("fixtures/webshop/{input}")), &profile(), args)
}

/// Returns the four parts of every line about a column, of all blocks.
fn lines(text: &str, column: &str) -> Vec<Vec<String>> {
    let about = |line: &&str| line.get(2..).is_some_and(|rest| rest.starts_with(&format!("{column}  ")));
    let parts = |line: &str| {
        let split = line.get(2..).unwrap_or_default().split("  ").map(str::trim);
        split.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    text.lines().filter(about).map(parts).collect()
}

const RULES: &[u8] = b"version: 1
policy: {domain: tests}
reasons: {w: work}
entities:
  person:
    subject: id
    id: {pseudonym: integer}
    email: {fake: email, unique: true, max: 64}
    last_name: {fake: last_name}
tables:
  t:
    columns: {id: person.id, email: person.email, name: person.last_name, notes: suppress, born: {generalise: year}}
    keep: [status]
    why: w
  gone: {empty: tokens}
  other: {keep: [x], why: w}
";

const DUMP: &str = "--
-- PostgreSQL database dump
--

CREATE TABLE public.gone (
    x text
);

CREATE TABLE public.other (
    x text
);

CREATE TABLE public.t (
    id integer NOT NULL,
    email text,
    name text,
    notes text,
    born date,
    status text
);

COPY public.other (x) FROM stdin;
first
\\.

COPY public.t (id, email, name, notes, born, status) FROM stdin;
7\tkanarie@example.org\tKanarie\tkanarie\t1980-05-06\t\\N
8\t\\N\tK\u{c4}NARIE\t\t1990-01-01\topen\\tshop
9\tkanarie9@example.org\tKanarie\t\\N\t\\N\t\u{6f22}\u{5b57}
\\.

--
-- PostgreSQL database dump complete
--

";

fn rules() -> PathBuf {
    file("preview.yaml", RULES)
}

fn dump() -> PathBuf {
    file("preview.sql", DUMP.as_bytes())
}

#[test]
fn invented_values_show_no_data() {
    let ran = preview(&dump(), &rules(), &["-t", "t", "--width", "160"]);
    let text = ran.text();
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(!text.to_lowercase().contains("kanarie"), "{text}");
    assert!(text.contains("invented: no data was shown"), "{text}");
    assert_eq!(text.matches("public.t, row ").count(), 5, "{text}");
    let email = lines(&text, "email");
    assert!(email[0][1].ends_with("@example.org") && email[0][2].ends_with("@example.org"), "{email:?}");
    assert_eq!(email[0][3], "person.email = fake email max=64 unique=true");
    let born = lines(&text, "born");
    assert!(born.iter().all(|line| line[2].ends_with("-01-01") || line[2] == "<NULL>"), "{born:?}");
    assert!(lines(&text, "status").iter().all(|line| line[1] == line[2] && line[3] == "kept: w"));
    assert!(lines(&text, "notes").iter().all(|line| line[2] == "<NULL>"));
}

#[test]
fn what_comes_after_is_what_mask_makes() {
    let ran =
        preview(&dump(), &rules(), &["-t", "t", "--width", "300", "--show-values", "--force", "-n", "3"]);
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("real values are shown"), "{}", ran.stderr);
    let text = ran.text();
    let masked = String::from_utf8(mask(&rules(), &[], DUMP.as_bytes()).ok()).expect("text");
    let rows: Vec<Vec<&str>> = (masked.lines())
        .skip_while(|line| !line.starts_with("COPY public.t "))
        .skip(1)
        .take(3)
        .map(|line| line.split('\t').collect())
        .collect();
    for (index, column) in ["id", "email", "name", "notes", "born", "status"].iter().enumerate() {
        let after: Vec<String> = lines(&text, column).into_iter().map(|line| line[2].clone()).collect();
        let wanted: Vec<String> = (rows.iter())
            .map(|row| match row[index] {
                "\\N" => "<NULL>".to_owned(),
                "" => "''".to_owned(),
                value => value.to_owned(),
            })
            .collect();
        assert_eq!(after, wanted, "{column}\n{text}");
    }
    let status: Vec<String> = lines(&text, "status").into_iter().map(|line| line[1].clone()).collect();
    assert_eq!(status, ["<NULL>", "open\\tshop", "\u{6f22}\u{5b57}"]);
}

#[test]
fn real_values_do_not_go_into_a_pipe_unasked() {
    let ran = preview(&dump(), &rules(), &["-t", "t", "--show-values"]);
    assert_eq!((ran.code(), ran.text().as_str()), (2, ""), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("--force") && !ran.stderr.to_lowercase().contains("kanarie"),
        "{}",
        ran.stderr
    );
}

#[test]
fn every_form_of_the_shop_can_be_previewed() {
    for (input, table, args) in [
        ("dump.sql", "customers", &[][..]),
        ("dump_inserts.sql", "public.customers", &[]),
        ("dump_columns.sql", "crm.customers", &[]),
        ("mysql.sql", "customers", &["--allow-databases"]),
        ("sqlite.sql", "addresses", &[]),
        ("customers_export.csv", "customers_export", &[]),
        ("customers_export.jsonl", "customers_export", &[]),
        ("customers_export.tsv", "customers_export", &[]),
    ] {
        let all = [&["-t", table, "--rows", "2"], args].concat();
        let ran = shop(input, &all);
        assert_eq!(ran.code(), 0, "{input}: {}", ran.stderr);
        assert_eq!(ran.text().matches(", row ").count(), 2, "{input}: {}", ran.text());
        crate::summary::no_canary(input, &ran.text());
        let ran = shop(input, &[&all[..], &["--show-values", "--force"]].concat());
        assert_eq!(ran.code(), 0, "{input}: {}", ran.stderr);
        assert!(ran.text().contains("before (real)"), "{input}: {}", ran.text());
        assert!(!ran.stderr.to_lowercase().contains("zqx"), "{input}: {}", ran.stderr);
    }
}

#[test]
fn every_line_fits_the_width() {
    for width in [40_usize, 80, 120, 160] {
        let ran = shop("dump.sql", &["-t", "customers", "--width", &width.to_string()]);
        let text = ran.text();
        let long: Vec<&str> =
            text.lines().filter(|line| line.chars().count() > width && !line.starts_with("* r")).collect();
        assert!(long.is_empty(), "{width}: {long:#?}");
    }
}

#[test]
fn tables_are_found_by_name() {
    let one = |args: &[&str]| preview(&dump(), &rules(), args);
    let ran = one(&[]);
    assert_eq!(ran.code(), 2);
    assert!(ran.stderr.contains("public.gone, public.other, public.t"), "{}", ran.stderr);
    assert_eq!(one(&["-t", "public.t"]).code(), 0);
    assert_eq!(one(&["--table", "T"]).code(), 0);
    assert_eq!(one(&["-t", "nope"]).code(), 2);
    let gone = one(&["-t", "gone"]);
    assert_eq!((gone.code(), gone.text().as_str()), (0, "public.gone: emptied, no row of it comes out\n"));
    let kept = one(&["-t", "other", "--show-values", "--force"]);
    assert!(lines(&kept.text(), "x") == [["x", "first", "first", "kept: w"]], "{}", kept.text());
}

#[test]
fn a_table_that_does_not_fit_says_why() {
    let text = DUMP.replace("    status text\n", "    status text,\n    extra text\n");
    let ran = preview(&file("preview-unfit.sql", text.as_bytes()), &rules(), &["-t", "t"]);
    assert_eq!((ran.code(), ran.text().as_str()), (3, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("no rule says what to do with this column"), "{}", ran.stderr);
}

#[test]
fn a_schema_through_a_pipe_is_enough() {
    let schema: String = DUMP
        .lines()
        .filter(|l| !l.contains('\t') && !l.starts_with("COPY") && *l != "first" && *l != "\\.")
        .map(|l| format!("{l}\n"))
        .collect();
    let mut command = standin();
    let ran = run(command.args(["preview", "-t", "t", "-n", "1", "-p"]).arg(rules()), schema.as_bytes());
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(ran.text().contains("row 1 of 1"), "{}", ran.text());
}

#[test]
fn a_table_of_one_of_several_databases() {
    let Some(cluster) = clusters().first() else { return };
    let input = file("preview-cluster.sql", &cluster.dump_all(&[]).expect("no option"));
    let profile = masking("preview-cluster.yaml", "  large_objects: suppress\n  comments: suppress");
    let of = |table: &str, args: &[&str]| {
        preview(&input, &profile, &[&["--allow-databases", "-t", table], args].concat())
    };
    for args in [&[][..], &["--show-values", "--force"]] {
        let ran = of("latin:customers", args);
        let text = ran.text();
        assert_eq!(ran.code(), 0, "{}", ran.stderr);
        assert!(
            text.contains("latin:public.customers, row 1") && !lines(&text, "plaats é").is_empty(),
            "{text}"
        );
        assert!(lines(&text, "plaats é").iter().all(|line| line[2] == "<NULL>"), "{text}");
    }
    let ran = of("nowhere:customers", &[]);
    assert!(ran.code() != 0 && ran.stdout.is_empty(), "{}", ran.stderr);
}
