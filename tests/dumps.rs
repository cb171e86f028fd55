//! Plain dumps in every form that pg_dump and pg_dumpall write, of every version of PostgreSQL there is: kept they come
//! back byte for byte, masked they load again and hold no canary.

use crate::support::cluster::{Filled, clusters, keep_all, masking};
use crate::support::run::{Ran, run, standin};
use crate::support::server::cluster;
use crate::support::shop::{file, key, mask};

const PG_DUMP: &[&str] = &[
    "",
    "-a",
    "-a --disable-triggers",
    "-a -S postgres --disable-triggers",
    "-s",
    "--section=pre-data",
    "--section=data",
    "--section=post-data",
    "--clean",
    "--clean --if-exists",
    "--create",
    "-C --clean --if-exists",
    "-O -x",
    "--load-via-partition-root",
    "--enable-row-security",
    "--strict-names -t customers",
    "--role=postgres",
    "--inserts",
    "--column-inserts",
    "-a --column-inserts",
    "--rows-per-insert=2",
    "--inserts --on-conflict-do-nothing",
    "--quote-all-identifiers",
    "--use-set-session-authorization",
    "--no-comments",
    "--no-blobs",
    "--statistics",
    "--statistics-only",
    "-E LATIN1",
    "-E LATIN9 --column-inserts",
    "-E WIN1252 --inserts",
    "-E EUC_JP",
    "-E SQL_ASCII",
];

const PG_DUMPALL: &[&str] = &[
    "",
    "-g",
    "-r",
    "-t",
    "-a",
    "-s",
    "--clean",
    "--clean --if-exists",
    "--no-role-passwords",
    "--inserts",
    "--statistics",
];

fn words(args: &str) -> Vec<&str> {
    args.split(' ').filter(|word| !word.is_empty()).collect()
}

/// Masks with what a dump of several databases needs.
fn with(profile: &std::path::Path, input: &[u8]) -> Ran {
    mask(profile, &["-q", "--allow-databases"], input)
}

#[test]
fn every_form_of_a_dump_comes_back_byte_for_byte() {
    let keep = keep_all();
    let same = |what: &str, cluster: &Filled, dump: &[u8]| {
        let version = cluster.version.number;
        // One thread and several make the same bytes; that is asked of one version.
        let one = clusters().first().is_some_and(|first| first.version.number == version);
        let threads: &[&[&str]] = if one { &[&["-j1"], &["-j3"]] } else { &[&["-j3"]] };
        for args in threads {
            let common = ["-q", "--allow-databases", "--allow-unlisted-keep"];
            let ran = mask(&keep, &[&common[..], *args].concat(), dump);
            assert_eq!(ran.code(), 0, "{version} {what}: {}", ran.stderr);
            assert!(ran.stdout == dump, "{version} {what}: bytes have changed");
        }
    };
    for cluster in clusters() {
        let mut count = 0;
        for args in PG_DUMP {
            if let Some(dump) = cluster.dump("shop", &words(args)) {
                same(args, cluster, &dump);
                count += 1;
            }
        }
        for args in PG_DUMPALL {
            if let Some(dump) = cluster.dump_all(&words(args)) {
                same(args, cluster, &dump);
                count += 1;
            }
        }
        assert!(count >= PG_DUMP.len() + PG_DUMPALL.len() - 3, "{}: {count}", cluster.version.number);
    }
}

/// Loads a dump of a cluster into a fresh one of the same version.
fn reload(from: &Filled, dump: &[u8]) -> &'static crate::support::server::Server {
    let fresh = cluster(&from.version);
    // The role of the superuser is there already, and nothing else may be amiss.
    let ran = fresh.existing("postgres").psql(&[], dump);
    let amiss: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("ERROR")).collect();
    let known = |line: &&str| line.contains("role \"postgres\" already exists");
    assert!(amiss.iter().all(known) && amiss.len() <= 1, "{}: {}", from.version.number, ran.stderr);
    fresh
}

#[test]
fn nasty_33_a_masked_cluster_loads_again_without_its_secrets() {
    let profile = masking("cluster-mask.yaml", "  large_objects: suppress\n  comments: suppress");
    for before in clusters() {
        let version = before.version.number;
        let dump = before.dump_all(&[]).expect("no option");
        let masked = with(&profile, &dump).ok();
        let text = String::from_utf8_lossy(&masked).to_lowercase();
        assert!(
            String::from_utf8_lossy(&dump).contains("canary"),
            "{version}: the fixture has lost its marks"
        );
        assert!(!text.contains("canary") && !text.contains("scram-sha-256"), "{version}: a secret is left");
        let after = reload(before, &masked);
        let postgres = after.existing("postgres");
        assert_eq!(postgres.number("SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL"), 0);
        let roles = "SELECT rolname, rolcanlogin, rolvaliduntil, rolconnlimit FROM pg_roles \
                     WHERE rolname !~ '^pg_' ORDER BY 1";
        assert_eq!(before.server.existing("postgres").rows(roles), postgres.rows(roles), "{version}");
        for database in ["shop", "my=db", "latin"] {
            let (old, new) = (before.server.existing(database), after.existing(database));
            let count = "SELECT count(*) FROM customers";
            assert_eq!(old.number(count), new.number(count), "{version} {database}");
        }
        let (old, new) = (before.server.existing("shop"), after.existing("shop"));
        for kept in [
            "SELECT mood, name IS NULL, note IS NULL FROM customers WHERE note IS NULL ORDER BY 1",
            "SELECT day FROM visits ORDER BY 1",
            "SELECT tableoid::regclass, day FROM visits ORDER BY 2",
            "SELECT c1, c1599 FROM wide",
            "SELECT count(*) FROM empty_cols",
            "SELECT srvname, srvowner::regrole FROM pg_foreign_server",
        ] {
            assert_eq!(old.rows(kept).len(), old.rows(kept).len(), "{version}: {kept}");
            if !kept.contains("note IS NULL") {
                assert_eq!(old.rows(kept), new.rows(kept), "{version}: {kept}");
            }
        }
        for none in [
            "SELECT count(*) FROM pg_user_mapping",
            "SELECT count(*) FROM pg_subscription",
            "SELECT count(*) FROM pg_largeobject_metadata",
            "SELECT count(*) FROM customers WHERE note IS NOT NULL",
            "SELECT count(*) FROM pg_foreign_server WHERE srvoptions IS NOT NULL",
            "SELECT count(*) FROM pg_description WHERE description ~ 'people|role|comment'  AND objoid > 16383",
            "SELECT count(*) FROM customers WHERE shout IS DISTINCT FROM upper(name)",
        ] {
            assert_eq!(new.number(none), 0, "{version}: {none}");
        }
        same_people(version, after);
    }
}

/// One person is one stand-in in every database, whatever its encoding.
fn same_people(version: u32, after: &'static crate::support::server::Server) {
    let people = |database: &str, ids: &str| {
        let sql = format!("SELECT id, email, name FROM customers {ids} ORDER BY email");
        after.existing(database).rows(&sql)
    };
    let shop = people("shop", "");
    for database in ["my=db", "latin"] {
        let found = people(database, "").into_iter().filter(|row| shop.contains(row)).count();
        assert_eq!(found, 1, "{version} {database}: the person of the shop");
    }
}

#[test]
fn nasty_33_large_objects_need_a_decision() {
    let Some(cluster) = clusters().first() else { return };
    let dump = cluster.dump("shop", &[]).expect("no option");
    let undecided = with(&masking("cluster-undecided.yaml", "  comments: suppress"), &dump);
    assert_eq!(undecided.code(), 3, "{}", undecided.stderr);
    assert!(undecided.stdout.is_empty() && undecided.stderr.contains("large_objects: suppress"));
    let kept = masking("cluster-kept.yaml", "  large_objects: {keep: test}");
    let masked = with(&kept, &dump).ok();
    let database = cluster.scratch().database();
    let loaded = database.psql(&["-v", "ON_ERROR_STOP=1"], &masked);
    assert_eq!(loaded.code(), 0, "{}", loaded.stderr);
    let held = database.rows("SELECT convert_from(lo_get(16999), 'UTF8')");
    assert_eq!(held, [[Some("canary large object".to_owned())]]);
}

#[test]
fn nasty_33_statistics_hold_values_and_go() {
    let profile = masking("cluster-statistics.yaml", "  large_objects: suppress\n  comments: suppress");
    for cluster in clusters() {
        let Some(dump) = cluster.dump("shop", &["--statistics"]) else { continue };
        assert!(String::from_utf8_lossy(&dump).contains("pg_restore_attribute_stats"));
        let text = String::from_utf8_lossy(&with(&profile, &dump).ok()).to_lowercase();
        assert!(!text.contains("canary") && !text.contains("pg_restore_"), "{}", cluster.version.number);
    }
}

#[test]
fn nasty_17_every_form_gives_the_same_stand_ins() {
    let profile = masking("cluster-forms.yaml", "  large_objects: suppress\n  comments: suppress");
    let Some(cluster) = clusters().last() else { return };
    let loaded = |args: &str| {
        let dump = cluster.dump("shop", &words(args)).expect("known options");
        let masked = with(&profile, &dump).ok();
        let text = String::from_utf8_lossy(&masked).to_lowercase();
        assert!(!text.contains("canary"), "{args}: a canary is left");
        let fresh = cluster.scratch().database();
        let ran = fresh.psql(&["-v", "ON_ERROR_STOP=1"], &masked);
        assert_eq!(ran.code(), 0, "{args}: {}", ran.stderr);
        ["customers", "visits", "wide", "empty_cols"].map(|table| {
            let mut rows = fresh.rows(&format!("SELECT t FROM {table} t"));
            rows.sort();
            rows
        })
    };
    let plain = loaded("");
    for args in [
        "--inserts",
        "--column-inserts",
        "--rows-per-insert=2",
        "--inserts --on-conflict-do-nothing",
        "--load-via-partition-root",
        "--clean --if-exists",
        "--quote-all-identifiers",
        "--enable-row-security",
        "-O -x",
    ] {
        assert_eq!(loaded(args), plain, "{args}");
    }
}

#[test]
fn nasty_02_a_data_only_dump_needs_a_list_or_a_schema() {
    let profile = masking("cluster-data.yaml", "  large_objects: suppress\n  comments: suppress");
    let Some(cluster) = clusters().first() else { return };
    let dump = |args: &[&str]| cluster.dump("shop", args).expect("known options");
    let schema = file("cluster-schema.sql", &dump(&["-s"]));
    let whole = with(&profile, &dump(&[])).ok();
    let rows = |text: &[u8], head: &str| -> Vec<String> {
        let text = String::from_utf8_lossy(text).into_owned();
        text.lines().filter(|line| line.starts_with(head)).map(str::to_owned).collect()
    };
    let with_schema = |dump: &[u8]| {
        let mut command = standin();
        command.args(["mask", "-q", "-p"]).arg(&profile).arg("--key-file").arg(key());
        run(command.arg("--schema").arg(&schema), dump)
    };
    let copied = with_schema(&dump(&["-a", "--disable-triggers"])).ok();
    let is_row = |line: &&str| line.contains('\t');
    let tabbed = |text: &[u8]| -> Vec<String> {
        String::from_utf8_lossy(text).lines().filter(is_row).map(str::to_owned).collect()
    };
    assert_eq!(tabbed(&copied), tabbed(&whole), "rows as in the whole dump");
    // Without a schema a partition cannot be known as one.
    let ran = with(&profile, &dump(&["-a"]));
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("visits_1"), "{}", ran.stderr);
    let listed = with(&profile, &dump(&["-a", "-t", "customers"])).ok();
    assert!(!String::from_utf8_lossy(&listed).to_lowercase().contains("canary"));
    let listed = with(&profile, &dump(&["-a", "--column-inserts", "-t", "customers"])).ok();
    assert!(!String::from_utf8_lossy(&listed).to_lowercase().contains("canary"));
    // INSERT without a list says nothing of its columns.
    let bare = dump(&["-a", "--inserts", "-t", "customers"]);
    let ran = with(&profile, &bare);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("--schema"), "{}", ran.stderr);
    let inserted = with_schema(&bare).ok();
    let expected = with(&profile, &dump(&["--inserts", "-t", "customers"])).ok();
    assert_eq!(rows(&inserted, "INSERT"), rows(&expected, "INSERT"));
}

#[test]
fn nasty_31_databases_need_leave_and_no_guard() {
    let Some(cluster) = clusters().first() else { return };
    let profile = masking("cluster-leave.yaml", "  large_objects: suppress");
    let dump = cluster.dump("shop", &["-C"]).expect("known option");
    for (args, says) in
        [(&["-q"][..], "--allow-databases"), (&["-q", "--allow-databases", "--guard"], "`--guard`")]
    {
        let ran = mask(&profile, args, &dump);
        assert_eq!(ran.code(), 3, "{}", ran.stderr);
        assert!(ran.stdout.is_empty() && ran.stderr.contains(says), "{}", ran.stderr);
    }
    // A `\connect` that nothing announced, in a dump of one database.
    let text = String::from_utf8(cluster.dump("my=db", &[]).expect("no option")).expect("UTF-8");
    let moved = text.replacen("SET statement_timeout", "\\connect shop\nSET statement_timeout", 1);
    assert_ne!(text, moved);
    let ran = with(&profile, moved.as_bytes());
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stdout.is_empty(), "{}", ran.stderr);
}

#[test]
fn nasty_29_a_cluster_cut_in_its_last_database_ends_in_poison() {
    let Some(before) = clusters().last() else { return };
    let profile = masking("cluster-cut.yaml", "  large_objects: suppress\n  comments: suppress");
    let dump = before.dump_all(&[]).expect("no option");
    let place = dump.windows(7).rposition(|w| w == b"canary2").expect("rows of the last database");
    let ran = with(&profile, &dump[..place]);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    let fresh = cluster(&before.version);
    let loaded = fresh.existing("postgres").psql(&[], &ran.stdout);
    assert_eq!(loaded.code(), 3, "psql takes what was cut for finished: {}", loaded.stderr);
}

fn strings() -> std::path::PathBuf {
    let text = "version: 1\npolicy:\n  domain: strings\nreasons:\n  test: \"invented data\"\n\
        objects:\n  large_objects: {keep: test}\n\
        tables:\n  customers:\n    columns:\n      id: {pseudonym: integer}\n      email: {fake: email}\n      name: hash\n";
    file("strings.yaml", text.as_bytes())
}

#[test]
fn nasty_41_strings_without_standard_conformance() {
    let Some(before) = clusters().last() else { return };
    let profile = strings();
    let database = before.scratch().database();
    let setup = "CREATE TABLE customers (id int PRIMARY KEY, email text, name text DEFAULT 'a\\b');
        INSERT INTO customers VALUES (1, 'canary\\''x@example.org', 'Canary \\ n'), (2, '\\', 'x\\');
        COMMENT ON TABLE customers IS 'back \\ slash';
        SELECT lo_create(17999); SELECT lo_put(17999, 0, 'canary');";
    database.psql(&["-v", "ON_ERROR_STOP=1"], setup.as_bytes()).ok();
    let off = format!("ALTER DATABASE {} SET standard_conforming_strings = off", database.name);
    database.psql(&[], off.as_bytes()).ok();
    for args in [&[][..], &["--inserts"], &["--column-inserts"]] {
        let dump = database.dump(args);
        let text = String::from_utf8_lossy(&dump).into_owned();
        assert!(text.contains("standard_conforming_strings = off"), "{args:?}");
        let kept = mask(&keep_all(), &["-q", "--allow-unlisted-keep"], &dump).ok();
        assert!(kept == dump, "{args:?}: bytes have changed");
        let masked = with(&profile, &dump).ok();
        let fresh = before.scratch().database();
        let ran = fresh.psql(&["-v", "ON_ERROR_STOP=1"], &masked);
        assert_eq!(ran.code(), 0, "{args:?}: {}", ran.stderr);
        assert_eq!(
            fresh.number("SELECT count(*) FROM customers WHERE email ~* 'canary' OR name ~* 'canary'"),
            0
        );
        assert_eq!(fresh.number("SELECT count(*) FROM customers"), 2);
        fresh.psql(&[], b"SELECT lo_unlink(17999)").ok();
    }
}
