//! Tests: findings made of short lines, their decisions read back through the profile checker and the plan.

use super::*;
use crate::discover::findings::{Join, JoinKnown};
use crate::discover::testing::{Build, findings};
use crate::discover::write::yaml;
use crate::profile::syntax;

/// Decides, writes, and reads what was written.
fn drafted(build: Build) -> (String, Vec<String>) {
    let (findings, facts) = build.done();
    let decisions = decide(&findings, &facts);
    let text = yaml::profile(&findings, &decisions).unwrap();
    let read = syntax::read("draft.yaml", text.as_bytes());
    let read = read.unwrap_or_else(|refused| panic!("{text}\n{:?}", refused.problems));
    assert!(read.warnings.is_empty(), "{text}\n{:?}", read.warnings);
    let problems = crate::discover::testing::stops(read.profile, &facts);
    (text, problems)
}

/// Returns the rule of a line: `table` `column`.
fn rule(text: &str, table: &str, column: &str) -> String {
    let tables = text.find("\ntables:").unwrap();
    let text = &text[tables..];
    let from = text.find(&format!("\n  {table}:")).unwrap_or_else(|| panic!("no {table}: {text}"));
    let line = text[from..].lines().find(|line| line.starts_with(&format!("      {column}: ")));
    let line = line.unwrap_or_else(|| panic!("no {column}: {text}"));
    line.split("  #").next().unwrap().trim().split_once(": ").unwrap().1.trim().to_owned()
}

fn shop() -> Build {
    findings()
        .table(
            "customers",
            &[
                "id integer primary person_key",
                "voornaam text first_name",
                "achternaam varchar(40) last_name",
                "email varchar(60) unique notnull email",
                "bsn char(9) bsn",
                "born date birth_date",
                "gender char(1) gender",
                "status varchar(10) label",
                "balance numeric measure",
                "notes text free_text",
                "country varchar(2) country",
                "maybe text - ",
                "perhaps text email 0.6",
                "diagnosis text health 0.6",
                "wachtwoord text notnull password_hash",
            ],
        )
        .table(
            "orders",
            &[
                "id integer primary key",
                "customer_id bigint key",
                "seller_id integer key",
                "seller_name text last_name",
                "email text email",
                "ship_street text street",
                "product_id integer key",
                "total numeric measure",
            ],
        )
        .table("products", &["id integer primary key", "title text label", "price numeric measure"])
        .table("employees", &["id integer primary person_key", "name text last_name", "boss_id integer key"])
        .table("newsletter", &["email text email", "voornaam text first_name", "confirmed boolean flag"])
        .key("orders.customer_id", "customers.id")
        .key("orders.seller_id", "employees.id")
        .key("employees.boss_id", "employees.id")
        .key("orders.product_id", "products.id")
}

#[test]
fn a_shop_becomes_a_profile_that_check_takes() {
    let (text, problems) = drafted(shop());
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    for (table, column, expected) in [
        ("customers", "id", "customer.id"),
        ("customers", "voornaam", "customer.first_name"),
        ("customers", "email", "customer.email"),
        ("customers", "bsn", "customer.bsn"),
        ("customers", "gender", "customer.gender"),
        ("customers", "status", "{keep: workflow}"),
        ("customers", "balance", "{keep: measures}"),
        ("customers", "notes", "suppress"),
        ("customers", "country", "undecided"),
        ("customers", "maybe", "undecided"),
        ("customers", "perhaps", "undecided"),
        ("customers", "diagnosis", "suppress"),
        ("customers", "wachtwoord", "suppress"),
        ("orders", "customer_id", "customer.id"),
        ("orders", "seller_id", "employee.id"),
        ("orders", "seller_name", "employee.last_name"),
        ("orders", "email", "customer.email"),
        ("orders", "product_id", "{keep: structure}"),
        ("products", "id", "{keep: structure}"),
        ("products", "price", "{keep: measures}"),
        ("employees", "boss_id", "employee.id"),
        ("employees", "name", "{use: employee.last_name, by: id}"),
        ("newsletter", "email", "customer.email"),
        ("newsletter", "voornaam", "{fake: first_name}"),
        ("newsletter", "confirmed", "{keep: workflow}"),
    ] {
        assert_eq!(rule(&text, table, column), expected, "{table}.{column}\n{text}");
    }
    assert!(text.contains("    gender: {fake: gender, max: 1}"), "{text}");
    assert!(text.contains("    id: {pseudonym: integer}"), "{text}");
}

#[test]
fn only_classes_of_no_person_can_stay() {
    for (class, about) in crate::discover::class::CLASSES {
        assert_eq!(Kept::of(*class).is_some(), about.category == Category::Plain, "{}", about.word);
        for ty in crate::discover::testing::TYPES {
            for confidence in ["0.95", "1", "0.5"] {
                let build = findings().table("t", &[&format!("c {ty} {} {confidence}", about.word)]);
                let (text, problems) = drafted(build);
                let written = rule(&text, "t", "c");
                assert!(problems.is_empty(), "{text}\n{problems:#?}");
                if class.identifies() {
                    assert!(!written.contains("keep"), "{}: {text}", about.word);
                }
                let never =
                    matches!(about.category, Category::Secret | Category::Special | Category::Criminal);
                if never {
                    let gone =
                        written == "suppress" || written.starts_with("{constant: ") || written == "undecided";
                    assert!(gone, "{}: {text}", about.word);
                    assert!(ty.contains(' ') || written == "suppress", "{}: {text}", about.word);
                }
            }
        }
    }
}

#[test]
fn people_are_described_by_themselves_whoever_they_point_to() {
    let (text, problems) = drafted(
        findings()
            .table("staff", &["id integer primary person_key", "voornaam text first_name", "mail text email"])
            .table(
                "customers",
                &[
                    "nr integer primary person_key",
                    "voornaam text first_name",
                    "mail text email",
                    "rep integer key",
                ],
            )
            .table("orders", &["id integer primary key", "klant integer key", "voornaam text first_name"])
            .key("customers.rep", "staff.id")
            .key("orders.klant", "customers.nr"),
    );
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    let own = rule(&text, "customers", "nr").split('.').next().unwrap().to_owned();
    assert!(rule(&text, "customers", "rep").starts_with("staff."), "{text}");
    for (table, column) in [("customers", "voornaam"), ("customers", "mail"), ("orders", "voornaam")] {
        let decided = rule(&text, table, column);
        assert!(decided.starts_with(&format!("{own}.")), "{table}.{column}: {decided}\n{text}");
    }
}

#[test]
fn a_copy_is_like_its_original_only_where_all_agrees() {
    let columns = ["id integer primary person_key", "voornaam text first_name", "status text label"];
    let copy = ["id integer person_key", "voornaam text first_name", "status text label"];
    let (text, problems) =
        drafted(findings().table("people", &columns).table("people_old", &copy).copy("people_old", "people"));
    assert!(text.contains("  people_old:\n    like: people"), "{text}");
    assert!(problems.is_empty(), "{problems:#?}");
    // What stays in the original and is somebody's in the copy.
    let copy = ["id integer person_key", "voornaam text first_name", "status text health"];
    let (text, _) =
        drafted(findings().table("people", &columns).table("people_old", &copy).copy("people_old", "people"));
    assert_eq!(rule(&text, "people_old", "status"), "suppress");
}

#[test]
fn undeclared_joins_count_as_keys() {
    let mut build = shop().table("visits", &["klant integer key", "page text browsing"]);
    let name = |table: &str| TableName::new(Some("public"), table);
    build.findings.joins.push(Join {
        from: name("visits"),
        columns: vec!["klant".into()],
        to: name("customers"),
        target: vec!["id".into()],
        known: JoinKnown::Values(100),
    });
    let (text, problems) = drafted(build);
    assert_eq!(rule(&text, "visits", "klant"), "customer.id");
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn names_that_speak_of_people_are_not_kept() {
    let build = findings()
        .table("t", &["iban text label", "email text label", "notes text label", "token text label"]);
    let (text, _) = drafted(build);
    assert!(!text.contains(": {keep"), "{text}");
    assert_eq!(text.matches(": undecided").count(), 4, "{text}");
}

#[test]
fn nested_data_is_ruled_by_path() {
    let mut build = findings().table("t", &["prefs jsonb nested", "blob text nested"]);
    for column in &mut build.findings.tables[0].columns {
        column.inside = vec![
            ("$.list[*].mail".into(), Class::Email),
            ("$.note".into(), Class::FreeText),
            ("$.n".into(), Class::Measure),
        ];
    }
    let (text, problems) = drafted(build);
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    let expected = "{json: {'$.list[*].mail': {fake: email}}}";
    assert_eq!((rule(&text, "t", "prefs"), rule(&text, "t", "blob")), (expected.into(), expected.into()));
}

#[test]
fn one_mail_address_is_one_attribute() {
    let (text, problems) = drafted(
        findings()
            .table(
                "customers",
                &["id integer primary person_key", "email text unique email", "name text full_name"],
            )
            .table("orders", &["id integer primary key", "mail text email"])
            .table(
                "crm_customers",
                &["id integer primary person_key", "email text email", "shop_id integer person_key"],
            )
            .table("mail_queue", &["id integer primary key", "to_email text email", "to_name text full_name"])
            .table("user", &["id integer primary person_key", "email text email"])
            .table(
                "notes",
                &["id integer primary key", "user_id integer key", "mail text email", "user_mail text email"],
            )
            .key("notes.user_id", "user.id")
            .table("newsletter", &["customer_id integer key", "email text email"])
            .key("newsletter.customer_id", "customers.id")
            .key("orders.mail", "customers.email")
            .key("crm_customers.shop_id", "customers.id"),
    );
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    assert!(!text.contains("email_key"), "{text}");
    for (table, column, expected) in [
        ("customers", "email", "customer.email"),
        ("orders", "mail", "customer.email"),
        // People of their own, who are not called as those they point to.
        ("crm_customers", "email", "crm_customer.email"),
        // A queue holds the addresses of people, and is none.
        ("mail_queue", "to_email", "customer.email"),
        ("mail_queue", "to_name", "mail_queue.full_name"),
        ("user", "email", "user.email"),
        ("notes", "mail", "customer.email"),
        ("notes", "user_mail", "user.email"),
        ("newsletter", "email", "customer.email"),
    ] {
        assert_eq!(rule(&text, table, column), expected, "{table}.{column}\n{text}");
    }
}

#[test]
fn the_people_of_another_schema_share_the_addresses_of_those_they_point_to() {
    let mut build = findings()
        .table("customers", &["id integer primary person_key", "email text email"])
        .table("x", &["id integer primary person_key", "email text email", "shop_id integer person_key"])
        .key("x.shop_id", "customers.id");
    let name = TableName::new(Some("crm"), "customers");
    build.findings.tables[1].name = name.clone();
    build.tables[1].name = name;
    let (text, problems) = drafted(build);
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    assert_eq!(rule(&text, "crm.customers", "email"), "customer.email", "{text}");
    assert_eq!(rule(&text, "crm.customers", "id"), "customer_2.id", "{text}");
}

#[test]
fn what_holds_text_here_and_names_there_is_text() {
    let columns = |remark: &str| vec!["id integer key".to_owned(), format!("remark text {remark}")];
    let mut build = findings();
    for (table, remark) in [("orders", "free_text 0.4"), ("orders_1", "full_name"), ("orders_2", "email")] {
        let columns = columns(remark);
        build = build.table(table, &columns.iter().map(String::as_str).collect::<Vec<_>>());
    }
    for part in &mut build.tables[1..] {
        part.parents = vec![TableName::new(Some("public"), "orders")];
        part.partition = true;
    }
    let (text, problems) = drafted(build);
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    assert_eq!(rule(&text, "orders", "remark"), "suppress", "{text}");
}

#[test]
fn large_objects_stop_no_draft() {
    use crate::row::object::ObjectClass;
    let mut build = findings().table("t", &["id integer primary key"]);
    assert!(!drafted(findings().table("t", &["id integer primary key"])).0.contains("objects:"));
    build.findings.objects.count(ObjectClass::LargeObjects);
    let (text, problems) = drafted(build);
    assert!(text.contains("objects:\n  large_objects: suppress  "), "{text}");
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn keys_that_are_data_are_masked_with_what_they_lead_to() {
    let mut build = findings().table("t", &["prefs jsonb nested", "mixed jsonb nested", "root jsonb nested"]);
    let inside = |paths: &[&str]| paths.iter().map(|path| ((*path).to_owned(), Class::Email)).collect();
    let columns = &mut build.findings.tables[0].columns;
    columns[0].inside = inside(&["$.by.*.mail", "$.by.*.list[*].*", "$.x"]);
    columns[1].inside = inside(&["$.by.*", "$.by.known", "$.x"]);
    columns[2].inside = inside(&["$.*"]);
    let (text, problems) = drafted(build);
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    let hash = "{each_key: {hash: {length: 16}}}";
    let mail = "{fake: email}";
    assert_eq!(
        rule(&text, "t", "prefs"),
        format!(
            "{{json: {{'$.by': {hash}, '$.by.*.mail': {mail}, '$.by.*.list[*]': {hash}, '$.by.*.list[*].*': {mail}, \
             '$.x': {mail}}}}}"
        )
    );
    assert_eq!(rule(&text, "t", "mixed"), format!("{{json: {{'$.by.known': {mail}, '$.x': {mail}}}}}"));
    assert_eq!(rule(&text, "t", "root"), format!("{{json: {{'$': {hash}, '$.*': {mail}}}}}"));
}
