//! `label:`: an entity, attribute or column rule that gets another name keeps its people.

use crate::support::run::{run, standin};
use crate::support::shop::{file, key};

const DUMP: &str = "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\
    SET standard_conforming_strings = on;\n\
    CREATE TABLE public.people (id integer, mail text, iban text, first text, home text, other text);\n\
    COPY public.people (id, mail, iban, first, home, other) FROM stdin;\n\
    1\tkanarie@example.org\tNL00BANK0000000000\tKanarie\tAmsterdam\tx\n\
    2\tvink@example.org\tDE00000000000000000000\tVink\tUtrecht\ty\n\\.\n\n\
    --\n-- PostgreSQL database dump complete\n--\n\n";

/// `lines` are the entity's; `{e}` and the attributes' names stand as they are used.
fn masked(name: &str, entity: &str, lines: &str, columns: &str) -> String {
    let text = format!(
        "version: 1\npolicy: {{domain: tests}}\nentities:\n  {entity}:\n{lines}tables:\n  people:\n    columns:\n{columns}"
    );
    let profile = file(&format!("label-{name}.yaml"), text.as_bytes());
    let ran =
        run(standin().args(["mask", "-q", "--key-file"]).arg(key()).arg("-p").arg(profile), DUMP.as_bytes());
    assert_eq!(ran.code(), 0, "{name}: {}", ran.stderr);
    ran.text()
}

const OLD: &str = "    subject: id
    id: {pseudonym: integer}
    mail: {fake: email, unique: true, by: id}
    iban: {fake: iban, by: id}
    first: {fake: first_name}
    home: {fake: city}
";
const OLD_COLUMNS: &str = "      id: person.id
      mail: person.mail
      iban: person.iban
      first: person.first
      home: person.home
      other: {hash: {label: shop.other}}
";

fn old() -> String {
    masked("old", "person", OLD, OLD_COLUMNS)
}

#[test]
fn a_renamed_entity_keeps_its_people() {
    let columns = OLD_COLUMNS.replace("person.", "client.");
    let lines = format!("    label: person\n{OLD}");
    assert_eq!(masked("entity", "client", &lines, &columns), old());
    // Without the label every stand-in is another.
    let other = masked("entity-bare", "client", OLD, &columns);
    let rows = |text: &str| text.lines().filter(|l| l.contains('\t')).map(str::to_owned).collect::<Vec<_>>();
    for (a, b) in rows(&old()).iter().zip(rows(&other)) {
        let same: Vec<&str> =
            a.split('\t').zip(b.split('\t')).filter(|(a, b)| a == b).map(|(a, _)| a).collect();
        assert!(same.len() <= 2, "{same:?}");
        assert_ne!(a.split('\t').next(), b.split('\t').next());
    }
}

#[test]
fn renamed_attributes_keep_their_people() {
    let lines = "    subject: number
    number: {pseudonym: integer, label: person.id}
    address: {fake: email, unique: true, by: number, label: person.mail}
    account: {fake: iban, by: number, label: person.iban}
    given: {fake: first_name, label: person.first}
    town: {fake: city, label: person.home}
";
    let columns = "      id: person.number
      mail: person.address
      iban: person.account
      first: person.given
      home: person.town
      other: {hash: {label: shop.other}}
";
    assert_eq!(masked("attributes", "person", lines, columns), old());
    // Entity and attributes at once.
    let both = format!("    label: person\n{lines}");
    assert_eq!(masked("both", "client", &both, &columns.replace("person.", "client.")), old());
    // Both attributes are decided by the subject's lane 7 or 6 under their own name: without the label they change.
    let bare = lines.replace(", label: person.iban", "");
    assert_ne!(masked("bare", "person", &bare, columns), old());
}

#[test]
fn labels_join_rules_of_columns() {
    let columns =
        OLD_COLUMNS.replace("other: {hash: {label: shop.other}}", "other: {hash: , label: shop.other}");
    assert_eq!(masked("column", "person", OLD, &columns), old());
    assert_ne!(
        masked("column-other", "person", OLD, &OLD_COLUMNS.replace("shop.other", "shop.another")),
        old()
    );
}
