//! Two shops in which people hide: one that keeps them in attributes (Magento's shape), one that keeps them in key-value rows
//! and serialized PHP (WordPress's). Both are dumped by MariaDB, masked, and loaded again: every name and address is gone,
//! and one person is one person in every table, copy and document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::support::run::{run, standin};
use crate::support::shop::{file, key};
use crate::support::{mariadb, repository};

/// People of each shop.
const PEOPLE: usize = 25;
/// Stands in every name, address and text of the input.
const CANARY: &str = "Zwartbol";

/// One invented person.
struct Person {
    id: usize,
    first: String,
    last: String,
    email: String,
}

fn people() -> impl Iterator<Item = Person> {
    (1..=PEOPLE).map(|n| Person {
        id: n,
        first: format!("{CANARY}ine{n}"),
        last: format!("{CANARY}sen{n}"),
        email: format!("{}{n}@shop.example", CANARY.to_lowercase()),
    })
}

const MAGENTO: &str = "SET FOREIGN_KEY_CHECKS = 1;
CREATE TABLE eav_attribute (attribute_id smallint unsigned PRIMARY KEY, attribute_code varchar(255) NOT NULL);
CREATE TABLE customer_entity (entity_id int unsigned PRIMARY KEY, email varchar(255) UNIQUE, created_at timestamp NOT NULL);
CREATE TABLE customer_entity_varchar (value_id int PRIMARY KEY, attribute_id smallint unsigned NOT NULL REFERENCES eav_attribute (attribute_id),
    entity_id int unsigned NOT NULL REFERENCES customer_entity (entity_id), value varchar(255), UNIQUE (entity_id, attribute_id));
CREATE TABLE customer_address_entity (entity_id int unsigned PRIMARY KEY, parent_id int unsigned REFERENCES customer_entity (entity_id));
CREATE TABLE customer_address_entity_varchar (value_id int PRIMARY KEY, attribute_id smallint unsigned NOT NULL REFERENCES eav_attribute (attribute_id),
    entity_id int unsigned NOT NULL REFERENCES customer_address_entity (entity_id), value varchar(255), UNIQUE (entity_id, attribute_id));
CREATE TABLE sales_order (entity_id int unsigned PRIMARY KEY, customer_id int unsigned REFERENCES customer_entity (entity_id), customer_email varchar(255),
    customer_firstname varchar(128), customer_lastname varchar(128), grand_total decimal(12, 4));
CREATE TABLE sales_order_grid (entity_id int unsigned PRIMARY KEY, customer_id int unsigned, customer_name varchar(255), shipping_information varchar(255));
CREATE TABLE newsletter_subscriber (subscriber_id int PRIMARY KEY, customer_id int unsigned NOT NULL, subscriber_email varchar(150));
CREATE TABLE newsletter_queue (id int PRIMARY KEY, email varchar(150), name varchar(100), gravatar char(32));
CREATE TABLE audit_log (id int PRIMARY KEY, table_name varchar(60), old_row longtext, new_customer longtext);
INSERT INTO eav_attribute VALUES (1, 'email'), (5, 'firstname'), (7, 'lastname'), (9, 'created_in'), (12, 'taxvat'), (25, 'street'),
    (26, 'city'), (31, 'telephone'), (20, 'company');
";

fn magento() -> String {
    let mut sql = MAGENTO.to_owned();
    let mut value = 0;
    let mut attribute = |table: &str, attribute: u32, id: usize, text: &str| {
        value += 1;
        format!("INSERT INTO {table} VALUES ({value}, {attribute}, {id}, '{text}');\n")
    };
    for Person { id, first, last, email } in people() {
        let address = id + 300;
        let _ = writeln!(sql, "INSERT INTO customer_entity VALUES ({id}, '{email}', '2026-01-02 03:04:05');");
        for (code, text) in
            [(5, first.as_str()), (7, &last), (9, "Default Store View"), (12, "NL-Zwartbol-12")]
        {
            sql.push_str(&attribute("customer_entity_varchar", code, id, text));
        }
        let _ = writeln!(sql, "INSERT INTO customer_address_entity VALUES ({address}, {id});");
        let street = format!("{CANARY}straat {id}");
        for (code, text) in [
            (5, first.as_str()),
            (7, &last),
            (25, &street),
            (26, CANARY),
            (31, "030-9900123"),
            (20, "Zwartbol BV"),
        ] {
            sql.push_str(&attribute("customer_address_entity_varchar", code, address, text));
        }
        let order = id + 700;
        let _ = writeln!(
            sql,
            "INSERT INTO sales_order VALUES ({order}, {id}, '{}', '{first}', '{last}', 19.9500);",
            email.to_uppercase()
        );
        let _ = writeln!(
            sql,
            "INSERT INTO sales_order_grid VALUES ({order}, {id}, '{first} {last}', '{CANARY}straat {id}');"
        );
        let _ = writeln!(sql, "INSERT INTO newsletter_subscriber VALUES ({id}, {id}, '{email}');");
        let _ = writeln!(
            sql,
            "INSERT INTO newsletter_queue VALUES ({id}, '{email}', '{first}', MD5('{email}'));"
        );
        let image = format!(
            r#"{{"entity_id": {order}, "customer_id": {id}, "customer_email": "{email}", "customer_firstname": "{first}", "{CANARY}": 1, "grand_total": 19.95}}"#
        );
        let customer = format!(r#"{{"entity_id": {id}, "email": "{email}", "secret": "{CANARY}"}}"#);
        let _ = writeln!(sql, "INSERT INTO audit_log VALUES ({id}, 'sales_order', '{image}', '{customer}');");
        let _ = writeln!(
            sql,
            "INSERT INTO audit_log VALUES ({}, 'no_such_table', '{image}', '{customer}');",
            id + 100
        );
    }
    // A guest: an order of nobody.
    let _ = writeln!(
        sql,
        "INSERT INTO sales_order VALUES (999, NULL, 'gast{CANARY}@shop.example', 'Gast{CANARY}', '{CANARY}', 5);"
    );
    sql
}

const WORDPRESS: &str = "SET FOREIGN_KEY_CHECKS = 1;
CREATE TABLE wp_users (ID bigint unsigned PRIMARY KEY, user_login varchar(60) NOT NULL UNIQUE, user_nicename varchar(60) NOT NULL,
    user_pass varchar(255) NOT NULL, user_email varchar(100) NOT NULL, display_name varchar(250) NOT NULL);
CREATE TABLE wp_usermeta (umeta_id bigint unsigned PRIMARY KEY, user_id bigint unsigned NOT NULL REFERENCES wp_users (ID), meta_key varchar(255), meta_value longtext);
CREATE TABLE wp_wc_orders (id bigint unsigned PRIMARY KEY, status varchar(20), customer_id bigint unsigned, billing_email varchar(320));
CREATE TABLE wp_wc_order_addresses (id bigint unsigned PRIMARY KEY, order_id bigint unsigned NOT NULL REFERENCES wp_wc_orders (id), address_type varchar(20),
    first_name text, last_name text, city text, email varchar(320), phone varchar(100));
CREATE TABLE wp_comments (comment_ID bigint unsigned PRIMARY KEY, user_id bigint unsigned NOT NULL, comment_author tinytext NOT NULL,
    comment_author_email varchar(100) NOT NULL, comment_author_IP varchar(100) NOT NULL, comment_content text NOT NULL);
";

/// Serialized PHP.
fn php(text: &str) -> String {
    format!("s:{}:\"{text}\";", text.len())
}

fn wordpress() -> String {
    let mut sql = WORDPRESS.to_owned();
    let mut meta = 0;
    for Person { id, first, last, email } in people() {
        let login = email.split('@').next().unwrap_or_default();
        let _ = writeln!(
            sql,
            "INSERT INTO wp_users VALUES ({id}, '{login}', '{login}', '$P$Bsecret{CANARY}', '{email}', '{first} {last}');"
        );
        let order = format!(
            "a:3:{{{}a:2:{{{}{}{}{}}}{}{}{}d:19.949999999999999;}}",
            php("customer"),
            php("email"),
            php(&email),
            php("name"),
            php(&first),
            php("note"),
            php(CANARY),
            php("total")
        );
        for (name, value) in [
            ("first_name", first.as_str()),
            ("last_name", &last),
            ("billing_first_name", &first),
            ("billing_last_name", &last),
            ("billing_email", &email),
            ("billing_phone", "030 99 00 123"),
            ("wp_capabilities", "a:1:{s:8:\"customer\";b:1;}"),
            ("_last_order", &order),
            ("session_tokens", "a:1:{s:8:\"Zwartbol\";i:1;}"),
        ] {
            meta += 1;
            let _ = writeln!(sql, "INSERT INTO wp_usermeta VALUES ({meta}, {id}, '{name}', '{value}');");
        }
        let order = id + 400;
        let _ = writeln!(sql, "INSERT INTO wp_wc_orders VALUES ({order}, 'wc-completed', {id}, '{email}');");
        let _ = writeln!(
            sql,
            "INSERT INTO wp_wc_order_addresses VALUES ({id}, {order}, 'billing', '{first}', '{last}', '{CANARY}dam', '{email}', '0309900123');"
        );
        let _ = writeln!(
            sql,
            "INSERT INTO wp_comments VALUES ({id}, {id}, '{first} {last}', '{email}', '203.0.113.9', 'Groeten van {first} {last}, mail mij op {email} of bel.');"
        );
    }
    sql
}

/// Dumps what SQL makes, masks it with a profile of `fixtures/shops`, and loads the result.
fn masked(sql: &str, name: &str) -> Option<(mariadb::Database, String)> {
    let server = mariadb::server()?;
    let before = server.database();
    before.load(sql.as_bytes()).ok();
    let dump = run(before.program("mariadb-dump").arg(&before.name), b"").ok();
    assert!(String::from_utf8_lossy(&dump).contains(CANARY), "the input holds what must go");
    let input = file(&format!("{name}.sql"), &dump);
    let profile = repository(&format!("fixtures/shops/{name}.yaml"));
    let ran = run(standin().arg("mask").arg("-p").arg(profile).arg("--key-file").arg(key()).arg(&input), b"");
    assert!(!ran.stderr.to_lowercase().contains(&CANARY.to_lowercase()), "{}", ran.stderr);
    let out = String::from_utf8(ran.ok()).expect("text");
    let after = server.database();
    after.load(out.as_bytes()).ok();
    let found = out.to_lowercase().find(&CANARY.to_lowercase());
    assert!(
        found.is_none(),
        "a name is left: {:?}",
        found.and_then(|at| out.get(at.saturating_sub(120)..at + 20))
    );
    Some((after, out))
}

/// Asserts that a query counts this many rows.
fn counts(database: &mariadb::Database, wanted: usize, sql: &str) {
    assert_eq!(database.number(sql), i64::try_from(wanted).unwrap(), "{sql}");
}

#[test]
fn a_shop_of_attributes_keeps_each_person_one() {
    let Some((database, _)) = masked(&magento(), "magento") else { return };
    let n = |sql: &str| counts(&database, PEOPLE, sql);
    let name = |code: u32, table: &str, id: &str| {
        format!("(SELECT value FROM {table} v WHERE v.entity_id = {id} AND attribute_id = {code})")
    };
    let own = |code| name(code, "customer_entity_varchar", "c.entity_id");
    let of_address = |code| name(code, "customer_address_entity_varchar", "a.entity_id");
    // The address knows its customer by its number alone.
    let addresses = "customer_address_entity a JOIN customer_entity c ON c.entity_id = a.parent_id";
    n(&format!(
        "SELECT count(*) FROM {addresses} WHERE {} = {} AND {} = {}",
        own(5),
        of_address(5),
        own(7),
        of_address(7)
    ));
    n(&format!(
        "SELECT count(*) FROM {addresses} WHERE {} IS NOT NULL AND {} IS NULL",
        of_address(25),
        of_address(20)
    ));
    let orders = "sales_order o JOIN customer_entity c ON c.entity_id = o.customer_id";
    n(&format!(
        "SELECT count(*) FROM {orders} WHERE lower(o.customer_email) = lower(c.email) AND customer_firstname = {} AND customer_lastname = {}",
        own(5),
        own(7)
    ));
    n(&format!(
        "SELECT count(*) FROM sales_order_grid g JOIN {orders} ON g.entity_id = o.entity_id WHERE customer_name LIKE CONCAT('%', {}) AND shipping_information = customer_name",
        own(7)
    ));
    n(
        "SELECT count(*) FROM newsletter_subscriber s JOIN customer_entity c ON c.entity_id = s.customer_id WHERE subscriber_email = email",
    );
    // The queue knows them by their mail address alone.
    n(&format!(
        "SELECT count(*) FROM newsletter_queue q JOIN customer_entity c USING (email) WHERE name = {} AND gravatar = MD5(email)",
        own(5)
    ));
    let value = |column: &str, key: &str| format!("JSON_VALUE({column}, '$.{key}')");
    n(&format!(
        "SELECT count(*) FROM audit_log l JOIN {orders} ON o.entity_id = {} WHERE table_name = 'sales_order' AND {} = c.entity_id AND {} = c.email AND {} = {}",
        value("old_row", "entity_id"),
        value("old_row", "customer_id"),
        value("old_row", "customer_email"),
        value("old_row", "customer_firstname"),
        own(5)
    ));
    counts(
        &database,
        2 * PEOPLE,
        &format!(
            "SELECT count(*) FROM audit_log l JOIN customer_entity c ON c.entity_id = {} WHERE {} = c.email AND JSON_LENGTH(new_customer) = 2",
            value("new_customer", "entity_id"),
            value("new_customer", "email")
        ),
    );
    counts(
        &database,
        PEOPLE,
        "SELECT count(*) FROM audit_log WHERE table_name = 'no_such_table' AND old_row = '{}'",
    );
    counts(
        &database,
        PEOPLE,
        "SELECT count(*) FROM customer_entity_varchar WHERE value = 'Default Store View'",
    );
}

#[test]
fn a_shop_of_key_value_rows_and_serialized_php_keeps_each_person_one() {
    let Some((database, _)) = masked(&wordpress(), "wordpress") else { return };
    let n = |sql: &str| counts(&database, PEOPLE, sql);
    let meta = |name: &str| {
        format!("(SELECT meta_value FROM wp_usermeta m WHERE m.user_id = u.ID AND meta_key = '{name}')")
    };
    n(&format!(
        "SELECT count(*) FROM wp_users u WHERE {} = user_email AND {} = {} AND display_name LIKE CONCAT('%', {}) AND user_nicename = user_login",
        meta("billing_email"),
        meta("first_name"),
        meta("billing_first_name"),
        meta("last_name")
    ));
    n(&format!(
        "SELECT count(*) FROM wp_users u JOIN wp_wc_orders o ON o.customer_id = u.ID JOIN wp_wc_order_addresses a ON a.order_id = o.id \
         WHERE a.email = u.user_email AND billing_email = a.email AND a.first_name = {} AND a.last_name = {} AND a.phone = REPLACE({}, ' ', '')",
        meta("first_name"),
        meta("last_name"),
        meta("billing_phone")
    ));
    n(&format!(
        "SELECT count(*) FROM wp_users u WHERE {} = 'a:1:{{s:8:\"customer\";b:1;}}' AND {} IS NULL",
        meta("wp_capabilities"),
        meta("session_tokens")
    ));
    n(
        "SELECT count(*) FROM wp_users u JOIN wp_comments c ON c.user_id = u.ID WHERE comment_author = display_name AND comment_author_email = user_email",
    );
    let rows = database.rows(&format!(
        "SELECT {}, user_email, {} FROM wp_users u",
        meta("_last_order"),
        meta("first_name")
    ));
    assert_eq!(rows.len(), PEOPLE);
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(Option::unwrap).collect();
        let [order, email, first] = cells.as_slice() else { panic!("three cells") };
        let customer = format!("a:2:{{{}{}{}{}}}", php("email"), php(email), php("name"), php(first));
        let whole = format!("a:2:{{{}{customer}{}d:19.949999999999999;}}", php("customer"), php("total"));
        assert_eq!(order, &whole);
    }
}

/// A pipe can be read once: what rules ask of other rows must be named.
#[test]
fn a_pipe_needs_the_subjects_and_takes_them_from_a_file() {
    let dump = "-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB\n\
        CREATE TABLE `eav_attribute` (\n  `attribute_id` int NOT NULL,\n  `attribute_code` varchar(9) NOT NULL\n) ENGINE=InnoDB;\n\
        INSERT INTO `eav_attribute` VALUES (5,'mail'),(6,'note');\n\
        CREATE TABLE `v` (\n  `attribute_id` int NOT NULL,\n  `value` varchar(99)\n) ENGINE=InnoDB;\n\
        INSERT INTO `v` VALUES (5,'Zwartbol@shop.example'),(6,'Zwartbol');\n-- Dump completed\n";
    let profile = |values: &str| {
        format!(
            "version: 1\npolicy: {{domain: t}}\nreasons: {{w: \"a test\"}}\nlookups:\n  code: {{table: eav_attribute, key: attribute_id, value: attribute_code{values}}}\n\
             tables:\n  eav_attribute: {{keep: [attribute_id, attribute_code], why: w}}\n  v:\n    columns:\n      value:\n        \
             - {{when: \"code = 'mail'\", fake: email}}\n        - {{else: suppress}}\n    keep: [attribute_id]\n    why: w\n"
        )
    };
    let first = file("first.sql", dump.as_bytes());
    let run_with = |values: &str, args: &[&str], input: &str| {
        let profile = file("pipe.yaml", profile(values).as_bytes());
        let mut command = standin();
        command.arg("mask").arg("-q").arg("-p").arg(profile).arg("--key-file").arg(key()).args(args);
        run(&mut command, input.as_bytes())
    };
    let refused = run_with("", &[], dump);
    assert_eq!((refused.code(), refused.text().as_str()), (2, ""), "{}", refused.stderr);
    let named = run_with("", &["--subjects", first.to_str().unwrap()], dump).ok();
    assert_eq!(named, run_with(", values: {5: mail, 6: note}", &[], dump).ok(), "the profile may say it too");
    let text = String::from_utf8(named).unwrap();
    assert!(text.contains("@example.") && text.contains("(6,NULL)") && !text.contains("Zwartbol"), "{text}");
    // A file that lacks the table says nothing of it.
    let other = file("other.csv", b"id\n1\n");
    let ran = run_with("", &["--subjects", other.to_str().unwrap()], dump);
    assert_eq!((ran.code(), ran.text().as_str()), (3, ""), "{}", ran.stderr);
    // A row that says something else than the rules depend on poisons the stream.
    for (values, input) in [
        ("", dump.replace("'note'", "'mail'")),
        (", values: {5: mail}", dump.to_owned()),
        (", values: {5: note, 6: note}", dump.to_owned()),
    ] {
        let args: &[&str] = if values.is_empty() { &["--subjects", first.to_str().unwrap()] } else { &[] };
        let ran = run_with(values, args, &input);
        assert_eq!(ran.code(), 3, "{values}");
        assert!(ran.stderr.contains("eav_attribute") && !ran.stderr.contains("note'"), "{}", ran.stderr);
        assert!(!ran.text().contains("Dump completed"));
    }
}

/// Of every label of the profile's words the canary test asks; here the sums that a reader can check by hand.
#[test]
fn the_shops_hold_what_the_profiles_speak_of() {
    let tables = |sql: &str| sql.lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")).count();
    let listed: BTreeMap<&str, usize> =
        [("magento", tables(MAGENTO)), ("wordpress", tables(WORDPRESS))].into();
    for (name, count) in listed {
        let profile = std::fs::read_to_string(repository(&format!("fixtures/shops/{name}.yaml"))).unwrap();
        let tables = profile.split("\ntables:\n").nth(1).unwrap();
        let named = tables.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).count();
        assert_eq!(named, count, "{name}");
    }
}
