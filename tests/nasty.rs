//! Cases on which the tools of this field leaked, lost rows or wrote what does not restore, run through the program.
//! Each is named after its number in the project's list of such cases; more stand beside the code that they are about.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::support::copy;
use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, key, new_key};

const SETTINGS: &str = "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n";
const CANARY: &str = "kanarie";

/// A profile of table `t` with these rules of columns and these kept ones.
fn rules(columns: &[(&str, &str)], keep: &str) -> String {
    let mut text = "version: 1\npolicy:\n  domain: d\nreasons:\n  w: test data\ntables:\n  t:\n".to_owned();
    if !columns.is_empty() {
        text.push_str("    columns:\n");
    }
    for (name, rule) in columns {
        text.push_str(&format!("      {name}: {rule}\n"));
    }
    if !keep.is_empty() {
        text.push_str(&format!("    keep: [{keep}]\n    why: w\n"));
    }
    text
}

fn mask_with(key: &Path, profile: &str, input: &[u8], args: &[&str]) -> Ran {
    let name = format!("nasty-{:?}.yaml", std::thread::current().id());
    let profile = file(&name, profile.as_bytes());
    run(standin().args(["mask", "-q", "-p"]).arg(profile).arg("--key-file").arg(key).args(args), input)
}

fn mask(profile: &str, input: impl AsRef<[u8]>) -> Ran {
    mask_with(key(), profile, input.as_ref(), &[])
}

/// A dump of `public.t` with these columns and rows, and text before and behind the rows.
fn dump(columns: &str, before: &str, rows: &str, behind: &str) -> String {
    let names: Vec<&str> = columns.split(", ").filter_map(|c| c.split(' ').next()).collect();
    let names = names.join(", ");
    format!(
        "{SETTINGS}{before}CREATE TABLE public.t ({columns});\nCOPY public.t ({names}) FROM stdin;\n{rows}\\.\n{behind}"
    )
}

/// Returns the masked rows of `public.t`.
fn rows(output: &str) -> Vec<&str> {
    let body = output.split("FROM stdin;\n").nth(1).expect("a block").split("\\.\n").next().expect("its end");
    body.lines().collect()
}

fn text(ran: Ran) -> String {
    String::from_utf8(ran.ok()).expect("UTF-8")
}

/// Checks that a run failed without a word of what it read.
fn refused(place: &str, ran: &Ran) {
    assert_eq!(ran.code(), 3, "{place}: {}", ran.stderr);
    assert!(ran.stdout.is_empty() || ran.stdout.ends_with(b"END $standin$;\n"), "{place}: no poison");
    assert!(!ran.stderr.contains(CANARY) && !ran.text().contains(CANARY), "{place}: {}", ran.stderr);
}

const MAIL: (&str, &str) = ("mail", "{fake: email, unique: true}");

#[test]
fn nasty_02_rows_without_a_create_table_need_a_list() {
    let list = "COPY public.t (id, mail) FROM stdin;\n1\tkanarie@example.org\n\\.\n";
    let out = text(mask(&rules(&[MAIL], "id"), format!("{SETTINGS}{list}")));
    assert!(out.contains("\n1\t") && !out.contains(CANARY), "{out}");
    // A column that no rule names stops it still, and so does a table.
    refused("column", &mask(&rules(&[MAIL], "id"), format!("{SETTINGS}{}", list.replace("id", "name"))));
    refused("table", &mask(&rules(&[MAIL], "id"), format!("{SETTINGS}{}", list.replace(".t", ".u"))));
    for head in ["COPY public.t FROM stdin;", "COPY t FROM stdin;"] {
        let ran = mask(&rules(&[MAIL], "id"), format!("{SETTINGS}{head}\n1\tkanarie@example.org\n\\.\n"));
        refused(head, &ran);
        assert!(ran.stdout.is_empty());
    }
}

#[test]
fn nasty_05_a_rule_follows_its_name_in_any_order_of_columns() {
    let swapped = format!(
        "{SETTINGS}CREATE TABLE public.t (id text, mail text);\nCOPY public.t (mail, id) FROM stdin;\n\
         kanarie@example.org\tA-17\n\\.\n"
    );
    let out = text(mask(&rules(&[MAIL], "id"), swapped));
    assert!(rows(&out)[0].ends_with("\tA-17") && !out.contains(CANARY), "{out}");
}

#[test]
fn nasty_13_a_name_that_the_input_lacks_stops_the_run() {
    let input = dump("id integer, mail text", "", "1\tkanarie@example.org\n", "");
    let good = rules(&[MAIL], "id");
    assert_eq!(mask(&good, &input).code(), 0);
    let wrong = [
        ("column", rules(&[MAIL, ("emial", "suppress")], "id"), "emial"),
        ("kept column", rules(&[MAIL], "id, nmae"), "nmae"),
        ("table", format!("{good}  costumers:\n    empty: none of ours\n"), "costumers"),
        ("schema", good.replace("  t:\n", "  crm.t:\n"), "crm.t"),
    ];
    for (place, profile, name) in wrong {
        let from = file("nasty-13.sql", input.as_bytes());
        let ran = mask_with(key(), &profile, b"", &[from.to_str().expect("plain path")]);
        refused(place, &ran);
        assert!(ran.stderr.contains(name), "{place}: {}", ran.stderr);
        assert!(ran.stdout.is_empty());
    }
}

/// Types of which nothing is known but how to remove or keep them, with a value in PostgreSQL's text.
const ODD_TYPES: [(&str, &str); 18] = [
    ("uuid", "c0ffee00-0000-4000-8000-00000000beef"),
    ("json", "{\"a\": \"kanarie\"}"),
    ("jsonb", "[\"kanarie\", {\"b\": null}]"),
    ("bytea", "\\\\x6b616e61726965"),
    ("inet", "192.0.2.77"),
    ("money", "$1,234.50"),
    ("interval", "1 year 2 mons 03:04:05"),
    ("public.citext", "kanarie"),
    ("public.hstore", "\"a\"=>\"kanarie\""),
    ("text[]", "{kanarie,NULL,\"a,b\",\"{\\\\\"q\\\\\"}\"}"),
    ("integer[]", "{{771,2},{3,NULL}}"),
    ("int4range", "[771,9)"),
    ("tstzrange", "[\"2024-01-01 00:00:00+00\",)"),
    ("point", "(77.1,2)"),
    ("public.vector", "[0.771,0.2]"),
    ("public.mood", "kanarie"),
    ("public.address", "(kanarie,\"Straat 771\")"),
    ("xml", "<a>kanarie</a>"),
];

fn of_type(odd: &str, value: &str) -> String {
    let types =
        "CREATE TYPE public.mood AS ENUM ('x');\nCREATE TYPE public.address AS (street text, place text);\n";
    dump(&format!("id integer, odd {odd}"), types, &format!("1\t{value}\n2\t\\N\n"), "")
}

#[test]
fn nasty_15_no_type_passes_without_a_decision() {
    for (odd, value) in ODD_TYPES {
        let input = of_type(odd, value);
        let ran = mask(&rules(&[], "id"), &input);
        refused(odd, &ran);
        assert!(ran.stdout.is_empty() && ran.stderr.contains("odd"), "{odd}: {}", ran.stderr);
        let out = text(mask(&rules(&[("odd", "suppress")], "id"), &input));
        assert!(!out.contains(value), "{odd}: {out}");
        // A rule that does not fit the type is refused or masks; it never lets the value through.
        for rule in
            ["{fake: city}", "{pseudonym: integer}", "{hash: {}}", "{generalise: year}", "{pseudonym: bsn}"]
        {
            let ran = mask(&rules(&[("odd", rule)], "id"), &input);
            assert!(!ran.text().contains(value), "{odd}, {rule}: the value came through");
            assert!([0, 2, 3].contains(&ran.code()), "{odd}, {rule}: {}", ran.stderr);
        }
    }
}

/// Checks that the odd types whose names hold this word are kept to the byte.
fn kept_to_the_byte(word: &str, at_least: usize) {
    let of = ODD_TYPES.iter().filter(|(odd, _)| odd.contains(word));
    assert!(of.clone().count() >= at_least);
    for (odd, value) in of {
        let input = of_type(odd, value);
        assert_eq!(text(mask(&rules(&[], "id, odd"), &input)), input, "{odd}");
    }
}

#[test]
fn nasty_42_bytea_is_kept_to_the_byte() {
    kept_to_the_byte("bytea", 1);
}

#[test]
fn nasty_51_json_is_kept_to_the_byte() {
    kept_to_the_byte("json", 2);
}

#[test]
fn nasty_52_arrays_composites_and_extensions_are_kept_to_the_byte() {
    kept_to_the_byte("[]", 2);
    kept_to_the_byte("public.", 5);
}

#[test]
fn nasty_38_numbers_are_text_to_the_last_digit() {
    let numbers = [
        "9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "0.1000000000",
        "-0",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "007",
        "340282366920938463463374607431768211456.123456789",
    ];
    let lines: String = numbers.iter().map(|n| format!("{n}\tkanarie@example.org\n")).collect();
    let out = text(mask(&rules(&[MAIL], "n"), dump("n numeric, mail text", "", &lines, "")));
    let kept: Vec<&str> = rows(&out).iter().filter_map(|r| r.split('\t').next()).collect();
    assert_eq!(kept, numbers);
    // Neighbours that one floating-point number stands for have two stand-ins, and unique ones.
    let near: Vec<String> = (0..64_u64).map(|n| format!("{}\n", (1 << 53) + n)).collect();
    let input =
        dump("n bigint", "", &near.concat(), "ALTER TABLE ONLY public.t ADD CONSTRAINT p PRIMARY KEY (n);\n");
    let out = text(mask(&rules(&[("n", "{pseudonym: integer}")], ""), input));
    let found: HashSet<i64> = rows(&out).iter().map(|n| n.parse().expect("a bigint")).collect();
    assert_eq!(found.len(), near.len());
}

#[test]
fn nasty_17_rows_in_any_form_of_insert_are_masked_or_refused() {
    for insert in [
        "INSERT INTO public.t VALUES (1, 'kanarie');",
        "INSERT INTO public.t (id, mail) VALUES (1, 'kanarie');",
        "INSERT INTO public.t (mail, id) OVERRIDING SYSTEM VALUE VALUES ('kanarie', 1) ON CONFLICT DO NOTHING;",
        "INSERT  INTO public.t VALUES\n\t(1, 'kanarie'),\n\t(2, 'kanarie');",
        "insert into public.T values (1, 'kanarie');",
        "/* a */ INSERT INTO public.t VALUES (1, 'kanarie');",
    ] {
        let input = dump("id integer, mail text", "", "", &format!("{insert}\n"));
        let out = text(mask(&rules(&[MAIL], "id"), input));
        assert!(
            out.contains("INSERT") == insert.contains("INSERT") && !out.contains(CANARY),
            "{insert}: {out}"
        );
    }
    for insert in [
        "INSERT INTO public.t SELECT 1, 'kanarie';",
        "INSERT INTO public.t VALUES (1, 'kanarie') RETURNING mail;",
        "INSERT INTO public.t AS x VALUES (1, 'kanarie');",
        "INSERT INTO public.t VALUES (1, upper('kanarie'));",
        "INSERT INTO public.t VALUES (1, DEFAULT), (2, 'kanarie');",
        "INSERT INTO public.t VALUES (1, $$kanarie$$);",
        "INSERT INTO public.t DEFAULT VALUES;",
        "WITH x AS (SELECT 1) INSERT INTO public.t SELECT 1, 'kanarie';",
    ] {
        let input = dump("id integer, mail text", "", "", &format!("{insert}\n"));
        refused(insert, &mask(&rules(&[MAIL], "id"), input));
    }
}

#[test]
fn nasty_25_a_hash_without_the_key_tells_nothing() {
    use sha2::{Digest, Sha256};
    let values = ["999999990", "kanarie@example.org", "+31 20 555 0100"];
    let input = dump("secret text", "", &values.map(|v| format!("{v}\n")).concat(), "");
    let profile = rules(&[("secret", "hash")], "");
    let one = text(mask(&profile, &input));
    let other = text(mask_with(&new_key("nasty-25"), &profile, input.as_bytes(), &[]));
    for ((one, other), value) in rows(&one).iter().zip(rows(&other)).zip(values) {
        assert!(one.len() > 15 && *one != other, "the key changes nothing: {one}");
        let plain = data_encoding::HEXLOWER.encode(&Sha256::digest(value.as_bytes()));
        assert!(!plain.contains(&one.to_lowercase()), "a plain hash can be tried out");
    }
}

#[test]
fn nasty_30_blank_lines_in_values_are_no_end() {
    let blank = "\\n".repeat(50);
    let input = dump("note text, mail text", "", &format!("a{blank}b\tkanarie@example.org\n\n"), "");
    refused("a blank row of two columns", &mask(&rules(&[MAIL], "note"), &input));
    let input = input.replace("org\n\n", "org\nlast\tkanarie@example.org\n");
    let out = text(mask(&rules(&[MAIL], "note"), &input));
    assert!(!out.contains(CANARY) && rows(&out)[0].starts_with(&format!("a{blank}b\t")), "{out}");
    assert!(rows(&out)[1].starts_with("last\t"));
    // One empty text column: every row is a blank line.
    let input = dump("mail text", "", &format!("{}kanarie@example.org\n", "\n".repeat(50)), "");
    let out = text(mask(&rules(&[MAIL], ""), input));
    assert!(!out.contains(CANARY));
    assert_eq!(rows(&out).len(), 51);
    let csv = format!("note,mail\n\"a{}b\",kanarie@example.org\nlast,kanarie@example.org\n", "\n".repeat(50));
    let out = text(mask_with(
        key(),
        &rules(&[MAIL], "note"),
        csv.as_bytes(),
        &["--table", "t", "--input-format", "csv"],
    ));
    assert!(!out.contains(CANARY) && out.contains(&"\n".repeat(50)) && out.contains("\nlast,"), "{out}");
}

#[test]
fn nasty_31_nothing_sends_the_load_to_another_database() {
    for odd in [
        "\\connect production",
        "\\c production",
        "\\connect -reuse-previous=on \"dbname='production'\"",
        "CREATE DATABASE production;",
        "ALTER DATABASE production SET search_path TO crm;",
        "USE production;",
    ] {
        let input = dump("id integer, mail text", &format!("{odd}\n"), "1\tkanarie@example.org\n", "");
        let ran = mask(&rules(&[MAIL], "id"), input);
        refused(odd, &ran);
        assert!(ran.stdout.is_empty(), "{odd}");
    }
}

#[test]
fn nasty_32_restrict_stays_intact_and_balanced() {
    let profile = rules(&[MAIL], "id");
    let body = dump("id integer, mail text", "", "1\tkanarie@example.org\n", "");
    let token = "r3cZ71gq0lz6TTqM0iTIVYvEFbIPC7U";
    let out = text(mask(&profile, format!("\\restrict {token}\n\n{body}\\unrestrict {token}\n\n")));
    assert!(out.starts_with(&format!("\\restrict {token}\n\n")), "{out}");
    assert!(out.ends_with(&format!("\n\\unrestrict {token}\n\n")), "{out}");
    for (name, input) in [
        ("no end", format!("\\restrict {token}\n{body}")),
        ("no begin", format!("{body}\\unrestrict {token}\n")),
        ("another token", format!("\\restrict {token}\n{body}\\unrestrict kanarie\n")),
        ("twice", format!("\\restrict {token}\n\\restrict {token}\n{body}\\unrestrict {token}\n")),
        ("with an argument more", format!("\\restrict {token} kanarie\n{body}\\unrestrict {token}\n")),
        ("a shell", format!("\\restrict {token}\n\\! kanarie\n{body}\\unrestrict {token}\n")),
        ("a shell behind", format!("\\restrict {token}\n{body}\\unrestrict {token}\n\\! kanarie\n")),
        ("a file", format!("\\i kanarie\n{body}")),
        ("copy from a program", format!("\\copy t from program 'kanarie'\n{body}")),
    ] {
        refused(name, &mask(&profile, input));
    }
}

#[test]
fn nasty_33_data_outside_of_rows_is_refused_where_it_is_known_as_data() {
    for secret in [
        "SELECT * FROM pg_catalog.pg_restore_attribute_stats('relname', 't', 'most_common_vals', '{kanarie}'::text);",
        "CREATE SUBSCRIPTION s CONNECTION 'host=kanarie' PUBLICATION p;",
        "CREATE USER MAPPING FOR app SERVER s OPTIONS (password 'kanarie');",
        "ALTER ROLE app WITH LOGIN PASSWORD 'kanarie';",
    ] {
        let input = dump("id integer, mail text", "", "1\ta@example.org\n", &format!("{secret}\n"));
        let out = text(mask(&rules(&[MAIL], "id"), input));
        assert!(!out.contains(CANARY), "{secret}");
    }
    for odd in [
        "SELECT pg_catalog.lo_create('77');",
        "SELECT pg_catalog.lowrite(0, '\\x6b616e61726965');",
        "SELECT 'kanarie' INTO public.u;",
        "CREATE TABLE public.u AS SELECT 'kanarie' AS name;",
        "DO $$ BEGIN INSERT INTO t VALUES (1, 'kanarie'); END $$;",
        "CALL public.p('kanarie');",
        "MERGE INTO t USING u ON true WHEN NOT MATCHED THEN INSERT VALUES ('kanarie');",
        "COPY public.t FROM PROGRAM 'kanarie';",
        "COPY public.t (id, mail) FROM stdin WITH (FORMAT csv);\n1,kanarie\n\\.",
    ] {
        let input = dump("id integer, mail text", "", "1\ta@example.org\n", &format!("{odd}\n"));
        refused(odd, &mask(&rules(&[MAIL], "id"), input));
    }
}

const FAMILY: &str = "\
CREATE TABLE crm.parent (id integer NOT NULL, boss integer);
CREATE TABLE public.child (parent_id bigint NOT NULL, n integer);
CREATE TABLE public.one (id integer NOT NULL, kind integer);
COPY crm.parent (id, boss) FROM stdin;
771\t\\N
772\t771
\\.
COPY public.child (parent_id, n) FROM stdin;
771\t1
772\t2
\\.
COPY public.one (id, kind) FROM stdin;
772\t5
\\.
ALTER TABLE ONLY crm.parent ADD CONSTRAINT p PRIMARY KEY (id);
ALTER TABLE ONLY public.one ADD CONSTRAINT o PRIMARY KEY (id);
ALTER TABLE ONLY crm.parent ADD CONSTRAINT boss FOREIGN KEY (boss) REFERENCES crm.parent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.child ADD CONSTRAINT c FOREIGN KEY (parent_id) REFERENCES crm.parent(id);
ALTER TABLE ONLY public.one ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES crm.parent(id) ON DELETE CASCADE;
";

#[test]
fn nasty_36_a_masked_key_is_the_same_in_every_table_or_the_run_stops() {
    let profile = |one: &str| {
        format!(
            "version: 1\npolicy:\n  domain: d\nreasons:\n  w: test data\nentities:\n  person:\n    id:\n      pseudonym: integer\n\
             tables:\n  crm.parent:\n    columns:\n      id: person.id\n      boss: person.id\n  child:\n    columns:\n      \
             parent_id: person.id\n    keep: [n]\n    why: w\n  one:\n{one}    keep: [kind]\n    why: w\n"
        )
    };
    let input = format!("{SETTINGS}{}", FAMILY.replace("COPY ", "\nCOPY "));
    let from = file("nasty-36.sql", input.as_bytes());
    let from = from.to_str().expect("plain path");
    let out = text(mask_with(key(), &profile("    columns:\n      id: person.id\n"), b"", &[from]));
    let blocks = copy::split(out.as_bytes()).1;
    let column = |table: &str, name: &str| blocks.get(table).expect("the table").column(name);
    let (ids, bosses) = (column("crm.parent", "id"), column("crm.parent", "boss"));
    assert!(!ids.contains(&Some("771".to_owned())) && ids[0] != ids[1], "{ids:?}");
    assert_eq!(bosses, [None, ids[0].clone()]);
    assert_eq!(column("public.child", "parent_id"), ids);
    assert_eq!(column("public.one", "id"), [ids[1].clone()]);
    // One end masked otherwise, or kept: found before anything is written.
    for other in [
        "    columns:\n      id:\n        pseudonym: integer\n",
        "    columns:\n      id:\n        keep: w\n",
    ] {
        let ran = mask_with(key(), &profile(other), b"", &[from]);
        refused(other, &ran);
        assert!(ran.stdout.is_empty() && ran.stderr.contains("foreign key"), "{}", ran.stderr);
    }
}

#[test]
fn nasty_43_invalid_utf8_is_kept_to_the_byte_or_masked() {
    let mut input = dump("id integer, note text, mail text", "", "1\tNOTE\tkanarieMAIL\n", "").into_bytes();
    for (mark, bytes) in [(&b"NOTE"[..], &b"caf\xe9 \xff\xfe\xc3"[..]), (b"MAIL", b"\xe9\xff@example.org")] {
        let at = memchr::memmem::find(&input, mark).expect("the mark");
        input.splice(at..at + mark.len(), bytes.iter().copied());
    }
    for rule in ["{fake: email, unique: true}", "hash", "suppress", "{fake: city}"] {
        let out = mask(&rules(&[("mail", rule)], "id, note"), &input).ok();
        assert!(
            memchr::memmem::find(&out, b"\n1\tcaf\xe9 \xff\xfe\xc3\t").is_some(),
            "{rule}: kept bytes changed"
        );
        assert!(memchr::memmem::find(&out, b"kanarie").is_none(), "{rule}");
        assert!(!out.contains(&0), "{rule}: NUL in PostgreSQL's text");
        let row = out.split(|b| *b == b'\n').find(|l| l.starts_with(b"1\t")).expect("the row");
        let standin = row.rsplit(|b| *b == b'\t').next().expect("a field");
        assert!(std::str::from_utf8(standin).is_ok(), "{rule}: a stand-in is no UTF-8");
    }
}

#[test]
fn nasty_44_null_empty_and_the_words_for_them_are_four_things() {
    let input = dump("id integer, mail text", "", "1\t\\N\n2\t\n3\tNULL\n4\t\\\\N\n5\tnull\n6\tN\n", "");
    for rule in ["{fake: email, unique: true}", "hash", "{fake: last_name}"] {
        let out = text(mask(&rules(&[("mail", rule)], "id"), &input));
        let found: Vec<&str> = rows(&out).iter().map(|r| r.split_once('\t').expect("two fields").1).collect();
        assert_eq!(found[..2], ["\\N", ""], "{rule}: NULL stays NULL and empty stays empty");
        for (value, was) in found[2..].iter().zip(["NULL", "\\\\N", "null", "N"]) {
            assert!(
                *value != was && *value != "\\N" && !value.is_empty(),
                "{rule}: `{was}` became `{value}`"
            );
        }
    }
    assert_eq!(text(mask(&rules(&[], "id, mail"), &input)), input);
}

#[test]
fn nasty_45_words_of_sql_are_data_in_rows() {
    let words =
        ["DEFAULT", "(now())", "current_user", "nextval('s')", "1); DROP TABLE t; --", "$1", "E'\\\\n'"];
    let lines: String = words.iter().map(|w| format!("{w}\t{w}\n")).collect();
    let input = dump("note text, name text", "", &lines, "");
    let out = text(mask(&rules(&[("name", "{fake: last_name}")], "note"), &input));
    assert_eq!(rows(&out).len(), words.len());
    for (row, word) in rows(&out).iter().zip(words) {
        let (note, name) = row.split_once('\t').expect("two fields");
        assert_eq!(note, word);
        assert!(name != word && !name.is_empty(), "{row}");
    }
}

#[test]
fn nasty_50_identity_columns_and_sequences_pass_as_they_are() {
    let identity = "ALTER TABLE public.t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (\n    SEQUENCE NAME public.\"T_Id_SEQ\"\n    \
                    START WITH 1\n    INCREMENT BY 1\n);\n";
    let behind = "SELECT pg_catalog.setval('public.\"T_Id_SEQ\"', 9007199254740993, true);\n\
                  SELECT pg_catalog.setval('public.other', 1, false);\n";
    let input = dump("id bigint NOT NULL, mail text", "", "771\tkanarie@example.org\n", behind)
        .replace("COPY ", &format!("{identity}COPY "));
    let out = text(mask(&rules(&[MAIL], "id"), &input));
    assert!(out.contains(identity) && out.ends_with(behind), "{out}");
    // An identity column is a column: it takes a rule, and needs one.
    let out = text(mask(&rules(&[MAIL, ("id", "{pseudonym: integer}")], ""), &input));
    assert!(!rows(&out)[0].starts_with("771\t") && rows(&out)[0].contains('\t'), "{out}");
    refused("no rule", &mask(&rules(&[MAIL], ""), &input));
}

#[test]
fn nasty_53_what_newer_servers_write_passes_or_stops() {
    let newer = "SET transaction_timeout = 0;\nSET default_table_access_method = heap;\n";
    let input = dump("id oid, mail text", newer, "4294967290\tkanarie@example.org\n", "");
    assert_eq!(rows(&text(mask(&rules(&[MAIL], "id"), &input)))[0].split('\t').next(), Some("4294967290"));
    refused("a setting of tomorrow", &mask(&rules(&[MAIL], "id"), format!("SET frob = 'kanarie';\n{input}")));
}

#[test]
fn nasty_54_triggers_and_functions_pass_untouched_and_run_nothing() {
    let behind = "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $_$\nBEGIN\n  \
                  INSERT INTO audit VALUES (OLD.mail);\n  -- COPY public.t (id, mail) FROM stdin;\n  RETURN NEW;\nEND\n$_$;\n\
                  CREATE TRIGGER g AFTER UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.f();\n\
                  CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.f();\n\
                  CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;\n\
                  COMMENT ON EXTENSION pgcrypto IS 'COPY public.t FROM stdin;';\n";
    let input = dump("id integer, mail text", "", "1\tkanarie@example.org\n", behind);
    let out = text(mask(&rules(&[MAIL], "id"), &input));
    assert!(out.ends_with(&format!("\\.\n{behind}")) && !out.contains(CANARY), "{out}");
    refused("a call", &mask(&rules(&[MAIL], "id"), format!("{input}SELECT public.f('kanarie');\n")));
}

#[test]
fn nasty_58_a_long_row_is_masked_whole_or_refused_never_dropped() {
    let long = "k".repeat(12 << 20);
    let rows_of =
        format!("1\tshort\ta@example.org\n2\t{long}\tkanarie@example.org\n3\tlast\tb@example.org\n");
    let input = dump("id integer, note text, mail text", "", &rows_of, "");
    let profile = rules(&[MAIL], "id, note");
    let out = text(mask(&profile, &input));
    let found = rows(&out);
    assert_eq!(found.len(), 3);
    assert!(found[1].starts_with(&format!("2\t{long}\t")) && !out.contains(CANARY));
    let masked = text(mask(&rules(&[MAIL, ("note", "suppress")], "id"), &input));
    assert!(masked.len() < 1000, "the long value is suppressed");
    let ran = mask_with(key(), &profile, input.as_bytes(), &["--max-row", "1M"]);
    refused("over the limit", &ran);
    assert!(ran.stderr.contains("row 2") || ran.stderr.contains("longer than 1048576"), "{}", ran.stderr);
    // Memory is bounded by the row: 32 MiB, 6 for the thread, 6 times the row (data segments, as the system counts).
    let profile_file = file("nasty-58.yaml", profile.as_bytes());
    let mut limited = crate::support::run::command("bash");
    limited.args([
        "-c",
        "ulimit -d $1; shift; exec \"$@\"",
        "limited",
        &((32 + 6 + 6 * 12) * 1024).to_string(),
    ]);
    limited.arg(env!("CARGO_BIN_EXE_standin")).args(["mask", "-q", "-j1", "-p"]).arg(profile_file);
    let ran = run(limited.arg("--key-file").arg(key()), input.as_bytes());
    assert_eq!((ran.code(), ran.stdout == out.as_bytes()), (0, true), "{}", ran.stderr);
    // No line end at all is one row that never ends.
    let endless = format!("{}{long}", input.split("1\tshort").next().expect("its head"));
    refused("no line end", &mask_with(key(), &profile, endless.as_bytes(), &["--max-row", "1M"]));
}

#[test]
fn nasty_60_unique_stand_ins_need_no_memory_of_others() {
    let values: Vec<String> = (0..20_000).map(|n| format!("kanarie{n}@example.org")).collect();
    let stand_ins = |order: &mut dyn Iterator<Item = &String>| -> HashMap<String, String> {
        let values: Vec<&String> = order.collect();
        let lines: String = values.iter().map(|v| format!("{v}\n")).collect();
        let out = text(mask(&rules(&[MAIL], ""), dump("mail text", "", &lines, "")));
        let found: Vec<String> = rows(&out).into_iter().map(str::to_owned).collect();
        values.into_iter().cloned().zip(found).collect()
    };
    let all = stand_ins(&mut values.iter());
    assert_eq!(all.values().collect::<HashSet<_>>().len(), values.len(), "two values share a stand-in");
    // Each is a function of its value: any order and any part give the same, so nothing is remembered.
    assert!(stand_ins(&mut values.iter().rev()) == all, "the order of rows decides");
    let part = stand_ins(&mut values.iter().skip(3).step_by(97));
    assert!(part.len() > 200);
    for value in values.iter().skip(3).step_by(97) {
        assert_eq!(all[value], part[value], "the other rows decide");
    }
}
