//! Keys over small schemas and over schemas drawn at random: every constraint holds for every row, whatever range is made.

use crate::synth::content::edges::Edges;
use crate::synth::keys;
use crate::synth::maker::Maker;
use crate::synth::schema;
use crate::synth::schema::Hints;
use crate::synth::seed::Seed;
use crate::synth::testing::{facts, hinted, model, options, row, verified};

const SHOP: &str = "\
CREATE TABLE tenants (id serial PRIMARY KEY, name varchar(40) NOT NULL UNIQUE);
CREATE TABLE customers (tenant_id int NOT NULL REFERENCES tenants, id int NOT NULL, email text NOT NULL,
  PRIMARY KEY (tenant_id, id), UNIQUE (email));
CREATE TABLE products (tenant_id int NOT NULL REFERENCES tenants, sku char(6) NOT NULL, PRIMARY KEY (tenant_id, sku));
CREATE TABLE orders (id bigserial PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, customer_id int NOT NULL,
  parent_id bigint REFERENCES orders, FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id));
CREATE TABLE order_lines (order_id bigint NOT NULL REFERENCES orders, line_no smallint NOT NULL, tenant_id int NOT NULL,
  sku char(6) NOT NULL, PRIMARY KEY (order_id, line_no), FOREIGN KEY (tenant_id, sku) REFERENCES products);
CREATE TABLE favourites (tenant_id int NOT NULL, customer_id int NOT NULL, sku char(6) NOT NULL,
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customers, FOREIGN KEY (tenant_id, sku) REFERENCES products);
CREATE TABLE profiles (tenant_id int, customer_id int, bio text, PRIMARY KEY (tenant_id, customer_id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customers);
CREATE TABLE tags (id int PRIMARY KEY, label text UNIQUE);
CREATE TABLE order_tags (order_id bigint REFERENCES orders, tag_id int REFERENCES tags, PRIMARY KEY (order_id, tag_id));
CREATE TABLE folders (id int PRIMARY KEY, up int NOT NULL REFERENCES folders, name text, UNIQUE (up, name));
";

#[test]
fn all_keys_of_a_shop_of_tenants_hold() {
    let facts = facts(SHOP);
    for (seed, counts) in [(1, vec![]), (2, vec![("customers", 500)]), (3, vec![("orders", 0)])] {
        let counts: &[(&str, u64)] = &counts;
        let counts: Vec<(&str, u64)> =
            counts.iter().copied().chain((seed == 3).then_some(("order_lines", 0))).collect();
        let counts: Vec<(&str, u64)> =
            counts.iter().copied().chain((seed == 3).then_some(("order_tags", 0))).collect();
        let model = model(&facts, &counts, seed).expect("can be met");
        let verified = verified(&facts, &model);
        assert_eq!(verified.broken, vec![], "seed {seed}");
        assert!(verified.rows > 300);
    }
}

#[test]
fn lines_belong_to_orders_and_are_numbered_in_them() {
    let facts = facts(SHOP);
    let model = model(&facts, &[], 1).expect("can be met");
    let at = model.find("order_lines").expect("is there");
    let mut maker = Maker::new(&model, at).expect("is there");
    let mut before = (0, 0);
    for row in 0..model.tables[at].rows {
        let fields = maker.row(row).expect("is made");
        let number = |column| -> u64 {
            std::str::from_utf8(fields.get(column).expect("is there"))
                .expect("text")
                .parse()
                .expect("a number")
        };
        let (order, line) = (number(0), number(1));
        assert!(order > before.0 && line == 1 || order == before.0 && line == before.1 + 1);
        before = (order, line);
    }
}

#[test]
fn a_row_is_the_same_whoever_makes_it() {
    let facts = facts(SHOP);
    let (one, other) = (model(&facts, &[], 7).expect("met"), model(&facts, &[], 7).expect("met"));
    for table in ["customers", "orders", "order_tags", "favourites"] {
        let at = one.find(table).expect("is there");
        let mut maker = Maker::new(&one, at).expect("is there");
        for number in (0..one.tables[at].rows).rev() {
            let fields = maker.row(number).expect("is made");
            let shown: Vec<_> =
                fields.iter().map(|v| v.map_or("~".into(), String::from_utf8_lossy)).collect();
            assert_eq!(shown.join("|"), row(&other, table, number));
        }
    }
}

#[test]
fn what_cannot_be_met_is_said_with_its_bound() {
    let refused = |sql: &str, counts: &[(&str, u64)]| {
        let error = model(&facts(sql), counts, 1).expect_err("cannot be met");
        format!("{}; {}", error.what().as_str(), error.hint_text().map_or("", |hint| hint.as_str()))
    };
    let few = "CREATE TYPE c AS ENUM ('a', 'b');\nCREATE TABLE t (c c PRIMARY KEY);\n";
    assert!(refused(few, &[("t", 3)]).contains("`c` of t must be unique and has 2 possible values, 3 rows"));
    let once = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int PRIMARY KEY REFERENCES a);\n";
    assert!(refused(once, &[("a", 3), ("b", 4)]).contains("3 possible values, 4 rows are wanted"));
    let none = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int NOT NULL REFERENCES a);\n";
    assert!(refused(none, &[("a", 0), ("b", 4)]).contains("must point to a row, and its table gets none"));
    let pairs = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY);\n\
                 CREATE TABLE ab (a int REFERENCES a, b int REFERENCES b, PRIMARY KEY (a, b));\n";
    assert!(refused(pairs, &[("a", 3), ("b", 4), ("ab", 13)]).contains("12 possible values, 13 rows"));
    let small = "CREATE TABLE t (id smallint PRIMARY KEY);\n";
    assert!(refused(small, &[("t", 32_768)]).contains("32767 possible values"));
}

/// Draws a schema: tables with keys of all kinds to tables before them, and unique keys over them.
fn random(seed: u64) -> String {
    let mut draws = Seed::new(seed).stream("schema", &[]).row(0);
    let mut sql = String::new();
    let tables = 2 + draws.below(6);
    let mut keys: Vec<Vec<String>> = Vec::new();
    for table in 0..tables {
        let mut columns: Vec<String> = Vec::new();
        let mut constraints: Vec<String> = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        for link in 0..draws.below(3).min(table) {
            let target = draws.below(table);
            let names: Vec<String> = keys[usize::try_from(target).expect("small")]
                .iter()
                .map(|key| format!("l{link}_{key}"))
                .collect();
            let null = if draws.below(3) == 0 { "" } else { " NOT NULL" };
            columns.extend(
                names
                    .iter()
                    .map(|name| format!("{name} {}{null}", if name.ends_with('t') { "text" } else { "int" })),
            );
            constraints.push(format!("FOREIGN KEY ({}) REFERENCES t{target}", names.join(", ")));
            if draws.below(2) == 0 && null.len() > 1 {
                parts.extend(names);
            }
        }
        let key: Vec<String> = match draws.below(4) {
            0 if !parts.is_empty() => parts,
            1 if !parts.is_empty() => {
                columns.push("n int NOT NULL".into());
                parts.into_iter().chain(["n".to_owned()]).collect()
            }
            2 => {
                columns.push("t text NOT NULL".into());
                vec!["t".to_owned()]
            }
            _ => {
                columns.push("i int NOT NULL".into());
                vec!["i".to_owned()]
            }
        };
        if draws.below(2) == 0 {
            columns.push(format!("u varchar({})", 2 + draws.below(20)));
            constraints.push("UNIQUE (u)".into());
        }
        if draws.below(3) == 0 {
            columns.push(format!("up_{} {}", key[0], if key[0].ends_with('t') { "text" } else { "int" }));
            if key.len() == 1 {
                constraints.push(format!("FOREIGN KEY (up_{}) REFERENCES t{table}", key[0]));
            }
        }
        constraints.push(format!("PRIMARY KEY ({})", key.join(", ")));
        sql.push_str(&format!(
            "CREATE TABLE t{table} ({}, {});\n",
            columns.join(", "),
            constraints.join(", ")
        ));
        keys.push(key);
    }
    sql
}

#[test]
fn schemas_drawn_at_random_are_met_or_refused() {
    let mut met = 0;
    for seed in 0..400 {
        let sql = random(seed);
        let facts = facts(&sql);
        match model(&facts, &[], seed) {
            Ok(model) => {
                met += 1;
                assert_eq!(verified(&facts, &model).broken, vec![], "seed {seed}:\n{sql}");
            }
            Err(error) => assert!(error.hint_text().is_some(), "{}: {sql}", error.what().as_str()),
        }
    }
    assert!(met > 300, "{met} of 400 were met");
}

#[test]
fn schemas_drawn_at_random_hold_with_edge_data() {
    let mut met = 0;
    for seed in 0..200 {
        let sql = random(seed);
        let facts = facts(&sql);
        let mut options = options(&[], seed);
        options.edges = Some(Edges { share: 300_000 });
        let tables = schema::plan(&facts, &Hints::default()).expect("is a plan");
        let Ok(model) = keys::build(&tables, &[], &options) else { continue };
        met += 1;
        assert_eq!(verified(&facts, &model).broken, vec![], "seed {seed}:\n{sql}");
    }
    assert!(met > 150, "{met} of 200 were met");
}

#[test]
fn columns_that_copy_each_other_in_a_ring_are_refused() {
    let ring = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY REFERENCES a);\n\
                ALTER TABLE a ADD CONSTRAINT a_of_b FOREIGN KEY (id) REFERENCES b (id);\n";
    let error = model(&facts(ring), &[], 1).expect_err("cannot be met");
    assert!(error.what().as_str().ends_with("`id` of a, `id` of b"), "{}", error.what().as_str());
    let ring = "CREATE TABLE d (id int PRIMARY KEY, head int);\n\
                CREATE TABLE e (id int PRIMARY KEY, d int NOT NULL REFERENCES d);\n\
                ALTER TABLE d ADD FOREIGN KEY (head) REFERENCES e (id);\n";
    let facts = facts(ring);
    let model = model(&facts, &[], 1).expect("can be met");
    assert_eq!(verified(&facts, &model).broken, vec![]);
}

#[test]
fn what_points_to_a_person_tells_of_it() {
    let facts = facts(
        "CREATE TABLE customers (id serial PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL,\n\
         email varchar(80) NOT NULL UNIQUE);\n\
         CREATE TABLE orders (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers,\n\
         email varchar(100), addressee text NOT NULL);\n",
    );
    let name =
        |table: &str| facts.tables().iter().find(|t| t.name.table == table).expect("there").name.clone();
    let mut hints = Hints::default();
    for (table, column, word) in [
        ("customers", "first_name", "first_name"),
        ("customers", "last_name", "last_name"),
        ("customers", "email", "email"),
        ("orders", "email", "email"),
        ("orders", "addressee", "full_name"),
    ] {
        hints.meanings.entry(name(table)).or_default().insert(column.to_owned(), word);
    }
    let model = hinted(&facts, &[], 3, hints).expect("can be met");
    for number in 0..model.tables[1].rows {
        let order = row(&model, "orders", number);
        let order: Vec<&str> = order.split('|').collect();
        let customer = row(&model, "customers", order[1].parse::<u64>().expect("a number") - 1);
        let customer: Vec<&str> = customer.split('|').collect();
        assert_eq!(order[2], customer[3]);
        assert_eq!(order[3], format!("{} {}", customer[1], customer[2]));
    }
}

/// The values of a person's row are decided by its number, wherever the rows before it began.
#[test]
fn a_person_is_the_same_in_any_range() {
    let facts = facts(
        "CREATE TABLE people (id serial PRIMARY KEY, first_name text, bsn varchar(9), iban varchar(34), city text);\n",
    );
    let mut hints = Hints::default();
    for (column, word) in [("first_name", "first_name"), ("bsn", "bsn"), ("iban", "iban"), ("city", "city")] {
        let name = facts.tables()[0].name.clone();
        hints.meanings.entry(name).or_default().insert(column.to_owned(), word);
    }
    let model = hinted(&facts, &[("people", 300)], 3, hints).expect("can be met");
    let rows = |from: u64, to: u64| {
        let mut maker = Maker::new(&model, 0).expect("is there");
        let mut shown = Vec::new();
        for number in from..to {
            let fields = maker.row(number).expect("is made");
            shown.extend(fields.iter().map(|value| value.map(<[u8]>::to_vec)));
        }
        shown
    };
    let whole = rows(0, 300);
    assert!(whole == [rows(0, 77), rows(77, 78), rows(78, 300)].concat());
}

/// What a CHECK asks of columns together no draw of one of them alone can hold.
#[test]
fn rows_hold_their_checks() {
    let facts = facts(
        "CREATE TABLE t (id serial PRIMARY KEY, a integer NOT NULL, b integer NOT NULL,\n\
         CHECK (a + b < 700), CHECK (a <> b));\n",
    );
    let model = model(&facts, &[("t", 500)], 5).expect("can be met");
    assert_eq!(verified(&facts, &model).broken, vec![]);
    for number in 0..500 {
        let row = row(&model, "t", number);
        let numbers: Vec<i64> = row.split('|').map(|n| n.parse().expect("a number")).collect();
        assert!(numbers[1] + numbers[2] < 700 && numbers[1] != numbers[2], "{number}");
    }
}

/// Friends within a tenant: both keys share its column, and nobody said how many there are.
#[test]
fn keys_that_share_columns_are_unique_together() {
    let facts = facts(
        "CREATE TABLE tenants (id serial PRIMARY KEY);\n\
         CREATE TABLE people (tenant int NOT NULL REFERENCES tenants, number int NOT NULL, PRIMARY KEY (tenant, number));\n\
         CREATE TABLE friends (tenant int NOT NULL, one int NOT NULL, other int NOT NULL,\n\
         PRIMARY KEY (tenant, one, other),\n\
         FOREIGN KEY (tenant, one) REFERENCES people (tenant, number),\n\
         FOREIGN KEY (tenant, other) REFERENCES people (tenant, number));\n",
    );
    let friends = model(&facts, &[("tenants", 30)], 5).expect("can be met");
    assert_eq!(verified(&facts, &friends).broken, vec![]);
    assert!(friends.tables[2].rows > 0);
    // Who asks for more is told how many there can be.
    let refused =
        model(&facts, &[("tenants", 30), ("friends", 100_000)], 5).map(|_| ()).expect_err("is refused");
    assert!(refused.to_string().contains("possible values"), "{refused}");
}

/// As many rows as a unique key allows, where nobody asks for more.
#[test]
fn counts_that_nobody_said_give_way_to_keys() {
    let facts = facts(
        "CREATE TABLE colours (id serial PRIMARY KEY);\n\
         CREATE TABLE sizes (id serial PRIMARY KEY, letter char(1) NOT NULL UNIQUE CHECK (letter IN ('S', 'M', 'L')));\n\
         CREATE TABLE goods (colour int NOT NULL REFERENCES colours, size int NOT NULL REFERENCES sizes, UNIQUE (colour, size));\n",
    );
    let model = model(&facts, &[], 5).expect("can be met");
    assert_eq!(verified(&facts, &model).broken, vec![]);
    assert_eq!(model.tables[1].rows, 3);
    assert!((1..=120).contains(&model.tables[2].rows), "{}", model.tables[2].rows);
}
