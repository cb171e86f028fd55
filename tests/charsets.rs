//! Dumps in other character sets than UTF-8: one person is one stand-in in all of them, what a set cannot hold is never
//! replaced by `?`, and the program's tables are the server's.

use standin::format::charset::{named, names, names_of_mysql, of_mysql};

use crate::support::cluster::{clusters, masking};
use crate::support::run::Ran;
use crate::support::server::server;
use crate::support::shop::{file, mask};

#[test]
fn nasty_43_the_tables_are_those_of_the_server() {
    let Some(server) = server() else { return };
    let database = server.database();
    let make = "CREATE FUNCTION said(b bytea, e name) RETURNS text LANGUAGE plpgsql AS $$BEGIN \
        RETURN encode(convert_to(convert_from(b, e), 'UTF8'), 'hex'); EXCEPTION WHEN OTHERS THEN RETURN NULL; END$$;
        CREATE FUNCTION back(b text, e name) RETURNS text LANGUAGE plpgsql AS $$BEGIN \
        RETURN encode(convert_to(convert_from(decode(b, 'hex'), 'UTF8'), e), 'hex'); \
        EXCEPTION WHEN OTHERS THEN RETURN NULL; END$$;";
    database.psql(&["-v", "ON_ERROR_STOP=1"], make.as_bytes()).ok();
    let single = "SELECT set_byte('\\x00', 0, i) b FROM generate_series(128, 255) i";
    let cells = "generate_series(161, 254) i, generate_series(161, 254) j";
    let double = format!("SELECT set_byte(set_byte('\\x0000', 0, i), 1, j) b FROM {cells}");
    let triple = format!("SELECT set_byte(set_byte('\\x8f0000', 1, i), 2, j) b FROM {cells}");
    let kana = "SELECT set_byte('\\x8e00', 1, j) b FROM generate_series(161, 223) j";
    let every = "SELECT set_byte(set_byte('\\x0000', 0, i), 1, j) b \
        FROM generate_series(128, 254) i, generate_series(64, 254) j";
    for name in names().filter(|name| *name != "SQL_ASCII") {
        let set = named(name).expect("a name of the list");
        let bytes = match name {
            "EUC_JP" => format!("{double} UNION ALL {triple} UNION ALL {kana}"),
            "EUC_CN" | "EUC_KR" => double.clone(),
            _ if set.is_mixed() => every.into(),
            _ => single.into(),
        };
        let rows = database.rows(&format!(
            "SELECT h, s, back(s, '{name}') FROM (SELECT encode(b, 'hex') h, said(b, '{name}') s FROM ({bytes}) x) y"
        ));
        let (mut same, mut unknown) = (0, 0);
        for row in rows {
            let [Some(bytes), said, back] = row.as_slice() else { panic!("three columns") };
            // What has no character, or two ways to be written, never stands in a dump of a UTF-8 database.
            let canonical = back.as_ref() == Some(bytes) && said.as_deref() != Some("efbfbd");
            let bytes = hex(bytes);
            let said = said.as_ref().map(|text| String::from_utf8(hex(text)).expect("UTF-8"));
            let ours = set.text(&bytes).map(std::borrow::Cow::into_owned);
            let exact = set.is_mixed() || ["EUC_CN", "EUC_KR", "KOI8U"].contains(&name);
            assert!(!exact || ours.is_some() == canonical, "{name} {bytes:x?}");
            match (&said, &ours) {
                (Some(said), Some(ours)) => {
                    assert_eq!(said, ours, "{name} {bytes:x?}");
                    let mut back = Vec::new();
                    assert!(set.encode(ours.as_bytes(), &mut back), "{name} {bytes:x?}");
                    assert_eq!(database_text(set.text(&back)), *ours, "{name} {bytes:x?}");
                    same += 1;
                }
                // Rows that only PostgreSQL has stay bytes; what only we have is no character of any dump.
                (Some(_), None) => unknown += 1,
                (None, _) => {}
            }
        }
        assert!(same > 80, "{name}: {same}");
        let few = unknown == 0 || set.is_mixed() || (name == "EUC_JP" && unknown < 120);
        assert!(few, "{name}: {unknown} are not known");
    }
}

#[test]
fn nasty_43_the_tables_of_mysql_are_those_of_its_server() {
    let Some(server) = crate::support::mariadb::server() else { return };
    let database = server.database();
    for name in names_of_mysql() {
        let set = of_mysql(name).expect("a name of the list");
        let bytes = if set.text(b"\xb0\xa1").is_some_and(|text| text.chars().count() == 1) || set.is_mixed() {
            "SELECT CONCAT(CHAR(i USING binary), CHAR(j USING binary)) x FROM \
             (SELECT seq i FROM seq_129_to_254) a, (SELECT seq j FROM seq_64_to_254) b"
        } else {
            "SELECT CHAR(seq USING binary) x FROM seq_128_to_255"
        };
        let text = format!("CONVERT(CONVERT(x USING {name}) USING utf8mb4)");
        let rows = database
            .rows(&format!("SELECT HEX(x), HEX({text}), HEX(CONVERT({text} USING {name})) FROM ({bytes}) q"));
        let mut same = 0;
        for row in rows {
            let [Some(bytes), Some(said), Some(back)] = row.as_slice() else { continue };
            let said = String::from_utf8(hex(said)).expect("UTF-8");
            let ours = set.text(&hex(bytes)).map(std::borrow::Cow::into_owned);
            if name == "sjis" && said.contains('\\') {
                // This server writes a backslash as another character, and reads it all the same.
                continue;
            }
            let known = bytes == back && !said.contains(['?', '\u{fffd}']);
            if known {
                assert_eq!(ours.as_ref(), Some(&said), "{name} {bytes}");
                same += 1;
            } else {
                // Control characters stand in no text.
                let control = |text: &String| text.chars().all(char::is_control);
                assert!(ours.as_ref().is_none_or(control), "{name} {bytes}");
            }
        }
        assert!(same > 90, "{name}: {same}");
    }
}

fn database_text(text: Option<std::borrow::Cow<'_, str>>) -> String {
    text.expect("a text of the set").into_owned()
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len() / 2).map(|at| digit(2 * at)).collect()
}

#[test]
fn nasty_43_one_person_is_one_stand_in_in_every_set() {
    let profile = masking("charsets.yaml", "  large_objects: suppress\n  comments: suppress");
    let Some(cluster) = clusters().first() else { return };
    let loaded = |args: &[&str]| {
        let dump = cluster.dump("shop", args).expect("known options");
        let masked = mask(&profile, &["-q"], &dump).ok();
        assert!(!String::from_utf8_lossy(&masked).to_lowercase().contains("canary"), "{args:?}");
        let fresh = cluster.scratch().database();
        let ran = fresh.psql(&["-v", "ON_ERROR_STOP=1"], &masked);
        assert_eq!(ran.code(), 0, "{args:?}: {}", ran.stderr);
        let mut rows = fresh.rows("SELECT id, email, name, mood, note, shout FROM customers");
        rows.sort();
        rows
    };
    let utf8 = loaded(&[]);
    for set in ["LATIN1", "LATIN9", "WIN1252", "EUC_JP", "SQL_ASCII"] {
        for form in [&[][..], &["--column-inserts"], &["--rows-per-insert=3"]] {
            assert_eq!(loaded(&[&["-E", set], form].concat()), utf8, "{set} {form:?}");
        }
    }
}

fn constant(text: &str) -> std::path::PathBuf {
    let profile = format!(
        "version: 1\npolicy:\n  domain: charsets\nreasons:\n  test: \"invented data\"\ntables:\n  customers:\n    columns:\n      name: {{constant: \"{text}\"}}\n    keep: [id, email]\n    why: test\n"
    );
    file(&format!("charsets-{}.yaml", text.len()), profile.as_bytes())
}

fn dumped(set: &str, form: &[&str]) -> Option<(Ran, String)> {
    let cluster = clusters().first()?;
    let dump = cluster.dump("my=db", &[&["-E", set], form].concat()).expect("known options");
    let ran = mask(&constant("10 € Zoë"), &["-q"], &dump);
    let fresh = cluster.scratch().database();
    let loaded = fresh.psql(&["-v", "ON_ERROR_STOP=1"], &ran.stdout);
    assert_eq!(loaded.code() == 0, ran.code() == 0, "{set}: {}", loaded.stderr);
    let names = fresh.rows("SELECT DISTINCT name FROM customers");
    Some((ran, format!("{names:?}")))
}

#[test]
fn nasty_43_what_a_set_cannot_hold_stops_and_is_no_question_mark() {
    for form in [&[][..], &["--inserts"]] {
        for set in ["LATIN9", "WIN1252", "SQL_ASCII", "UTF8"] {
            let Some((ran, names)) = dumped(set, form) else { return };
            assert_eq!(ran.code(), 0, "{set}: {}", ran.stderr);
            assert_eq!(names, "[[Some(\"10 € Zoë\")]]", "{set} {form:?}");
        }
    }
    let Some(cluster) = clusters().first() else { return };
    let dump = cluster.dump("my=db", &["-E", "LATIN1"]).expect("known option");
    let ran = mask(&constant("10 € Zoë"), &["-q"], &dump);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(!ran.stdout.contains(&b'?') && !ran.stderr.contains("Zo"), "{}", ran.stderr);
}
