//! Letters of the character set of a column, table or database: what `standin generate` makes for them loads with nothing lost,
//! odd values (`--edges`) too.

use super::support::run::{run, standin};
use super::support::{mariadb, server};

/// Names of whom have letters that latin1 does not hold, and names that it holds.
const PROFILE: &str = "version: 1\ntables:\n  people:\n    columns:\n      town:\n        pick: {Łódź: 1, Genève: 1}\n      alias:\n        pick: {Ţibor: 1, Zoë: 1}\n";

fn generate(schema: &str, format: &str, args: &[&str]) -> Vec<u8> {
    of_table("people", schema, format, args)
}

fn of_table(table: &str, schema: &str, format: &str, args: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("people.yaml");
    std::fs::write(&profile, PROFILE.replace("people", table)).expect("a profile");
    let mut command = standin();
    command.args(["generate", "--schema", "-", "--input-format", format, "--count", "people=400"]);
    command.arg("--profile").arg(&profile);
    run(command.args(args), schema.as_bytes()).ok()
}

#[test]
fn letters_fit_the_character_sets_of_mysql() {
    let Some(server) = mariadb::server() else { return };
    let column = "`town` varchar(40) NOT NULL, `alias` varchar(40) NOT NULL, `remark` varchar(60)";
    for (what, columns, options) in [
        ("of the table", column.to_owned(), "DEFAULT CHARSET=latin1"),
        ("by a collation", column.to_owned(), "COLLATE=latin1_german1_ci"),
        (
            "of columns",
            column.replace("varchar(40)", "varchar(40) CHARACTER SET latin1 COLLATE latin1_bin"),
            "DEFAULT CHARSET=utf8mb4",
        ),
        ("that is not known here", column.to_owned(), "DEFAULT CHARSET=swe7"),
        ("of three bytes", column.to_owned(), "DEFAULT CHARSET=utf8mb3"),
    ] {
        let schema = format!(
            "CREATE TABLE `people` (`id` int NOT NULL AUTO_INCREMENT, {columns}, PRIMARY KEY (`id`)) ENGINE=InnoDB {options};\n"
        );
        for args in [&[][..], &["--edges", "30%"]] {
            let database = server.database();
            let loaded = database.load(&generate(&schema, "mysql", args));
            assert_eq!(loaded.code(), 0, "{what}: {}", loaded.stderr);
            assert_eq!(database.number("SELECT count(*) FROM people"), 400, "{what}");
            assert!(args.is_empty() || database.number("SELECT count(*) FROM people WHERE remark = ''") > 0);
            let lost = "SELECT count(*) FROM people WHERE alias LIKE '%?%' OR town LIKE '%?%'";
            assert_eq!(database.number(lost), 0, "{what}");
        }
    }
    // What the set holds stays, and the next column of the table may hold more.
    let schema = "CREATE DATABASE `zoo` /*!40100 DEFAULT CHARACTER SET latin1 */;\nUSE `zoo`;\n\
        CREATE TABLE `people` (`id` int NOT NULL AUTO_INCREMENT, `town` varchar(40) NOT NULL,\n\
        `alias` varchar(40) CHARACTER SET utf8mb4 NOT NULL, PRIMARY KEY (`id`)) ENGINE=InnoDB;\n";
    let made = String::from_utf8(of_table("zoo.people", schema, "mysql", &[])).expect("text");
    assert!(made.contains("'Lódz'") && made.contains("'Genève'") && made.contains("'Ţibor'"));
}

#[test]
fn letters_fit_the_encoding_of_a_postgresql_database() {
    let Some(server) = server::server() else { return };
    let schema = "SET client_encoding = 'LATIN1';\nSET standard_conforming_strings = on;\n\
        CREATE TABLE public.people (id integer PRIMARY KEY, town text NOT NULL, alias text NOT NULL, remark character varying(60));\n";
    let first = server.database();
    for (at, args) in [&[][..], &["--edges", "30%"]].into_iter().enumerate() {
        let name = format!("latin_{at}");
        first
            .psql(
                &["-v", "ON_ERROR_STOP=1"],
                format!(
                    "CREATE DATABASE {name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;"
                )
                .as_bytes(),
            )
            .ok();
        let database = server.existing(&name);
        database.psql(&["-v", "ON_ERROR_STOP=1"], &generate(schema, "pg_dump", args)).ok();
        assert_eq!(database.number("SELECT count(*) FROM people"), 400);
        assert!(database.number("SELECT count(*) FROM people WHERE octet_length(town) = 6") > 100);
    }
}
