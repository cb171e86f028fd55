//! Tests: small tables with invented values, judged.

use super::*;
use crate::discover::findings::JoinKnown;
use crate::discover::measure::Measure;
use crate::discover::testing::{Build, findings};
use crate::discover::values;

/// Judges the tables of a build; `values` gives the values of a column, none for a schema alone.
fn judged(build: Build, values: impl Fn(&str, &str) -> Vec<String>) -> impl Fn(&str, &str) -> Judged {
    let (_, facts) = build.done();
    let valued = |table: &TableFacts| -> Vec<Valued> {
        let column = |column: &ColumnFacts| {
            let texts = values(&table.name.table, &column.name);
            let mut measure = Measure::new(&column.ty.class);
            texts.iter().for_each(|text| measure.add(Some(text.as_bytes())));
            let measured = measure.finish();
            let (scores, evidence) = values::scores(&measured, &column.ty.class);
            let filled = u64::try_from(texts.len()).unwrap();
            Valued { scores, evidence, filled, codes: false, inside: Vec::new() }
        };
        table.columns.iter().map(column).collect()
    };
    let valued: Vec<Vec<Valued>> = facts.tables().iter().map(valued).collect();
    let read = |values: &'_ Vec<Valued>| values.iter().any(|value| value.filled > 0);
    let tables: Vec<Table<'_>> = facts
        .tables()
        .iter()
        .zip(&valued)
        .map(|(facts, values)| Table { facts, values: if read(values) { values } else { &[] } })
        .collect();
    let joins = facts.tables().iter().flat_map(|table| {
        table.foreign_keys.iter().map(|key| Join {
            from: table.name.clone(),
            columns: key.columns.clone(),
            to: key.target.clone(),
            target: key.target_columns.clone(),
            known: JoinKnown::Declared,
        })
    });
    let joins: Vec<Join> = joins.collect();
    let judged = judge(&tables, &joins);
    let named = facts.tables().iter().zip(judged).flat_map(|(table, judged)| {
        let names = table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        names.into_iter().zip(judged).map(|(name, judged)| (table.name.table.clone(), name, judged))
    });
    let named: Vec<(String, String, Judged)> = named.collect();
    move |table, column| {
        let found = named.iter().find(|(t, c, _)| t == table && c == column);
        found.unwrap_or_else(|| panic!("no {table}.{column}")).2.clone()
    }
}

fn people() -> Build {
    findings()
        .table(
            "employees",
            &[
                "id integer primary -",
                "first_name text -",
                "last_name text -",
                "union_member boolean -",
                "is_active boolean -",
                "annual_salary numeric -",
                "zzqx text -",
            ],
        )
        .table("orders", &["id integer primary -", "handler integer -", "total numeric -", "zzqx text -"])
        .table("products", &["id integer primary -", "name text -", "price numeric -", "colour text -"])
        .key("orders.handler", "employees.id")
}

#[test]
fn names_and_types_alone() {
    let judged = judged(people(), |_, _| Vec::new());
    for (table, column, class) in [
        ("employees", "id", Some(Class::PersonKey)),
        ("employees", "first_name", Some(Class::FirstName)),
        ("employees", "last_name", Some(Class::LastName)),
        ("employees", "union_member", Some(Class::Union)),
        ("employees", "is_active", Some(Class::Flag)),
        ("employees", "annual_salary", Some(Class::Income)),
        ("orders", "id", Some(Class::Key)),
        ("orders", "handler", Some(Class::PersonKey)),
        ("orders", "total", Some(Class::Measure)),
        ("products", "id", Some(Class::Key)),
        ("products", "price", Some(Class::Measure)),
    ] {
        assert_eq!(judged(table, column).class, class, "{table}.{column}: {:?}", judged(table, column));
    }
    assert!(!judged("products", "name").class.is_some_and(Class::identifies));
}

#[test]
fn text_of_which_nothing_is_known_is_looked_at_beside_people_and_never_sure() {
    let judged = judged(people(), |_, _| Vec::new());
    for table in ["employees", "orders"] {
        let open = judged(table, "zzqx");
        assert_eq!(open.class, Some(Class::FreeText), "{table}: {open:?}");
        assert!(open.confidence < 0.5, "{open:?}");
    }
    assert_eq!(judged("products", "colour").class.filter(|class| class.identifies()), None);
}

#[test]
fn values_do_not_talk_a_name_away_that_says_it_outright() {
    let texts = |table: &str, column: &str| -> Vec<String> {
        let flag = |n: u32| if n.is_multiple_of(3) { "t" } else { "f" };
        (0..200)
            .map(|n| match (table, column) {
                ("employees", "union_member" | "is_active") => flag(n).to_owned(),
                ("employees", "annual_salary") => format!("{}.50", 20_000 + n * 7),
                ("employees", "first_name") => "-".to_owned(),
                _ => format!("{n}"),
            })
            .collect()
    };
    let judged = judged(people(), texts);
    assert_eq!(judged("employees", "union_member").class, Some(Class::Union));
    assert_eq!(judged("employees", "annual_salary").class, Some(Class::Income));
    assert_eq!(judged("employees", "is_active").class, Some(Class::Flag));
    assert!(judged("employees", "first_name").class.is_some_and(Class::identifies));
}

#[test]
fn values_find_what_no_name_tells() {
    let build = findings().table("t", &["a text -", "b text -", "c text -"]);
    let judged = judged(build, |_, column| {
        let text = |n: u32| match column {
            "a" => format!("person{n}@example.org"),
            "b" => format!("lot {}", n % 4),
            _ => format!("{}", 100_000_000 + n * 37),
        };
        (0..200).map(text).collect()
    });
    assert_eq!(judged("t", "a").class, Some(Class::Email));
    assert!(judged("t", "a").confidence > 0.9);
    // A number in eleven passes as a BSN by chance: no share of them says anything.
    assert_ne!(judged("t", "c").class, Some(Class::Bsn));
    assert_ne!(judged("t", "b").class, Some(Class::FullName));
}

#[test]
fn remarks_that_name_people_are_remarks() {
    let build = findings().table("orders", &["id integer primary -", "email text -", "remark text -"]);
    let judged = judged(build, |_, column| {
        let text = |n: usize| match column {
            "email" => format!("person{n}@example.org"),
            "remark" => {
                let last = ["Mulder", "Bakker", "de Vries", "Visser", "Jansen"][n / 4 % 5];
                format!("{} {last}", ["Afgeven bij", "Sanne", "Noor", "J."][n % 4])
            }
            _ => n.to_string(),
        };
        (0..200).map(text).collect()
    });
    let remark = judged("orders", "remark");
    assert!(remark.class == Some(Class::FreeText) && remark.confidence > 0.9, "{remark:?}");
}

/// Says that nobody would keep a column on what was found.
fn open(judged: &Judged) -> bool {
    judged.confidence < crate::discover::decide::SURE || judged.class.is_none_or(Class::identifies)
}

#[test]
fn beside_people_a_type_alone_says_nothing() {
    let columns = [
        "id integer primary -",
        "last_name text -",
        "diagnosis text -",
        "zzqx numeric -",
        "qwrt boolean -",
        "jaar integer -",
        "dt1 date -",
        "lengte integer -",
        "deceased boolean -",
        "hba1c numeric -",
        "y numeric -",
        "qxdate date -",
    ];
    for table in ["patients", "t", "visits"] {
        let judged = judged(findings().table(table, &columns), |_, _| Vec::new());
        for column in ["zzqx", "qwrt", "jaar", "dt1", "lengte", "deceased", "hba1c", "y"] {
            assert!(open(&judged(table, column)), "{table}.{column}: {:?}", judged(table, column));
        }
    }
    // Among things they stay.
    let judged = judged(
        findings().table("machines", &["id integer primary -", "zzqx boolean -", "jaar integer -"]),
        |_, _| Vec::new(),
    );
    assert!(!open(&judged("machines", "zzqx")), "{:?}", judged("machines", "zzqx"));
}

#[test]
fn words_of_people_are_no_states() {
    let mut build = findings().table("t", &["status text -", "kind enum -", "colour enum -"]);
    let members = |words: &[&str]| TypeClass::Enum(words.iter().map(|word| (*word).to_owned()).collect());
    build.tables[0].columns[1].ty.class = members(&["catholic", "protestant", "muslim", "none"]);
    build.tables[0].columns[2].ty.class = members(&["red", "green", "blue"]);
    let judged = judged(build, |_, column| {
        let words = match column {
            "status" => ["cancer", "diabetes", "open", "healthy"],
            "kind" => ["catholic", "muslim", "none", "none"],
            _ => ["red", "green", "blue", "red"],
        };
        (0..200).map(|n| words[n % 4].to_owned()).collect()
    });
    for column in ["status", "kind"] {
        assert!(open(&judged("t", column)), "{column}: {:?}", judged("t", column));
    }
    assert!(!open(&judged("t", "colour")), "{:?}", judged("t", "colour"));
}

#[test]
fn members_of_an_enumeration_tell_without_a_row() {
    let mut build = findings().table("t", &["kind enum -", "sort enum -"]);
    let words = ["chemo", "psychiatry", "dialysis"].map(str::to_owned);
    build.tables[0].columns[0].ty.class = TypeClass::Enum(words.into());
    let judged = judged(build, |_, _| Vec::new());
    assert!(open(&judged("t", "kind")), "{:?}", judged("t", "kind"));
    assert!(!open(&judged("t", "sort")), "{:?}", judged("t", "sort"));
}

#[test]
fn numbers_of_people_are_theirs_without_a_declared_key() {
    let build = findings()
        .table(
            "t",
            &["id integer -", "last_name text -", "birth_date date -", "uid uuid -", "shop_id uuid -"],
        )
        .table("shops", &["id uuid primary -", "colour text -"]);
    let judged = judged(build, |_, _| Vec::new());
    for column in ["id", "uid"] {
        assert_eq!(judged("t", column).class, Some(Class::PersonKey), "{column}: {:?}", judged("t", column));
    }
    assert_eq!(judged("t", "shop_id").class, Some(Class::Key));
}

#[test]
fn numbers_beside_names_are_not_kept_for_rising() {
    let text = |_: &str, column: &str| -> Vec<String> {
        let one = |n: usize| match column {
            "b" => format!("Sanne {}", ["Mulder", "Bakker", "de Vries", "Visser", "Jansen"][n % 5]),
            _ => (100_230 + n * 3).to_string(),
        };
        (0..300).map(one).collect()
    };
    let judged = judged(findings().table("t", &["a unknown -", "b unknown -", "order_id unknown -"]), text);
    assert!(open(&judged("t", "a")), "{:?}", judged("t", "a"));
    assert!(!open(&judged("t", "order_id")), "{:?}", judged("t", "order_id"));
}
