//! Tests: what no rule covers, and which keys of a schema the plan breaks.

use super::testing::*;
use super::*;
use crate::profile::model::Severity::{Error, Warning};
use crate::row::shape::{TableFacts, TypeClass};

#[test]
fn cover_lists_tables_and_columns() {
    let plan = person().table("t", &["a keep", "gone keep"]).plan();
    let mut view = table("v", &["a text"]);
    view.holds_rows = false;
    let known = facts(vec![table("t", &["a text", "b text"]), table("u", &["a text", "b text"]), view]);
    let found = plan.cover(&known, false);
    assert_problems(
        &found,
        Error,
        &["t `gone`: the table has no such column", "t `b`: no rule", "u : no rule | its 2 columns"],
    );
    let Err(bound) = bind(&plan, &known, "t") else { panic!("bound") };
    assert_eq!(bound.as_slice(), found.get(..2).unwrap(), "bind finds equal problems");
}

#[test]
fn cover_takes_partitions_and_emptied_tables() {
    let plan = person().table("e", &["a keep"]).empty("s").plan();
    let part = table("e1", &["a text"]).partition_of("e");
    let known = facts(vec![table("e", &["a text"]).by(&["a"]), part, table("s", &["x text"])]);
    assert_problems(&plan.cover(&known, true), Error, &[]);
}

#[test]
fn cover_names_what_the_input_lacks() {
    let build =
        person().table("custmers", &["a keep"]).table("crm.orders", &["a keep"]).table("x", &["a keep"]);
    let build = build.with(|t| t.optional = true).table("db:y", &["a keep"]).table("nowhere", &["a keep"]);
    let plan = build.plan_keeping();
    let known = facts(vec![table("customers", &["a text"]), table("public.orders", &["a text"])]);
    let slips = [
        "customers : `--allow-unlisted-keep` would keep | `customers:` instead of `custmers:`",
        "public.orders : `--allow-unlisted-keep` would keep | `public.orders:` instead of `orders:`",
    ];
    assert_problems(&plan.cover(&known, false), Error, &slips);
    assert_problems(
        &plan.lacking(&known),
        Error,
        &[
            "custmers : the profile names a table that the input lacks -> did you mean `customers`?",
            "crm.orders : the profile names | did you mean `public.orders`?",
            "db:y : the profile names | which database",
            "nowhere : the profile names | `optional: true`",
        ],
    );
}

#[test]
fn cover_says_once_that_a_root_has_no_rules() {
    let part = table("e1", &["a text"]).partition_of("e");
    let known = facts(vec![table("e", &["a text"]).by(&["a"]), part]);
    assert_problems(&person().plan().cover(&known, true), Error, &["e : no rule"]);
    assert_errors(bind(&person().plan(), &known, "e1"), &["e1 : no rule"]);
    let lone = facts(vec![table("e1", &["a text"]).partition_of("e")]);
    assert_problems(&person().plan().cover(&lone, true), Error, &["e1 : no rule"]);
}

/// Asks for the keys of one table `t`.
fn keys_of(rules: &[&str], facts_of: TableFacts) -> Vec<Problem> {
    person().table("t", rules).plan().keys(&facts(vec![facts_of]))
}

#[test]
fn nasty_35_unique_under_a_technique_that_loses_it() {
    let columns = ["a text", "b date", "c text"];
    let unique = |names: &[&str]| table("t", &columns).unique(names);
    let rules = ["a hash", "b generalise:year", "c keep"];
    assert_problems(&keys_of(&rules, unique(&["a"])), Error, &[]);
    assert_problems(&keys_of(&rules, unique(&["a", "c"])), Error, &[]);
    let wanted = "t `b`: `generalise` can give different rows the same value, which breaks the UNIQUE `uq`";
    assert_problems(&keys_of(&rules, unique(&["b"])), Error, &[wanted]);
    assert_problems(&keys_of(&rules, unique(&["a", "b"])), Error, &[wanted]);
    let wanted = "t `b`: `generalise` can give | primary key `pk`";
    assert_problems(&keys_of(&rules, table("t", &columns).primary(&["b"])), Error, &[wanted]);
    assert_problems(&keys_of(&rules, table("t", &columns).primary(&["a"]).unique(&["a", "b"])), Error, &[]);
}

#[test]
fn unique_over_nothing_left() {
    let suppressed = ["a suppress"];
    assert_problems(&keys_of(&suppressed, table("t", &["a text"]).unique(&["a"])), Error, &[]);
    let found = keys_of(&suppressed, table("t", &["a text not null"]).unique(&["a"]));
    assert_problems(&found, Error, &["`suppress` can give different rows"]);
    let found = keys_of(&suppressed, table("t", &["a text"]).unique_expression(&["a"]));
    assert_problems(
        &found,
        Warning,
        &["UNIQUE `ux` over masked columns has an expression or predicate: not verified"],
    );
}

#[test]
fn unique_expressions_are_not_verified() {
    let of = |rule: &str| keys_of(&[rule], table("t", &["a text"]).unique_expression(&["a"]));
    assert_problems(&of("a keep"), Warning, &[]);
    assert_problems(&of("a hash"), Warning, &["not verified"]);
    assert_problems(&of("a hash"), Error, &[]);
    assert_problems(&of("a generalise:year"), Error, &["`generalise` can give"]);
    let generated = table("t", &["a text", "g text generated"]).unique(&["g"]);
    assert_problems(&keys_of(&["a hash"], generated), Warning, &["a generated column: not verified"]);
}

#[test]
fn unique_by_subject_needs_a_unique_subject() {
    let rules = ["id person.id", "login person.login"];
    let columns = ["id integer", "login text"];
    let both = table("t", &columns).primary(&["id"]).unique(&["login"]);
    assert_problems(&keys_of(&rules, both), Error, &[]);
    let found = keys_of(&rules, table("t", &columns).unique(&["login"]));
    assert_problems(&found, Error, &["t `login`: `fake` can give different rows"]);
    let found = keys_of(&rules, table("t", &columns).unique(&["id"]).unique(&["login"]));
    assert_problems(&found, Error, &["t `login`: `fake` can give different rows"]);
}

#[test]
fn undecided_and_emptied_tables_have_no_keys() {
    let plan = person().empty("e").table("t", &["a keep"]).plan();
    let of = |name: &str| table(name, &["a text", "b text"]).unique(&["b"]).check(None);
    assert_problems(&plan.keys(&facts(vec![of("e"), of("t"), of("u")])), Error, &[]);
}

fn shop(orders: &[&str], customers: &[&str]) -> Vec<Problem> {
    let plan = person().table("customers", customers).table("orders", orders).plan();
    let known = facts(vec![
        table("orders", &["id integer", "cust integer"]).references(&["cust"], "customers", &[]),
        table("customers", &["id integer", "no integer"]).primary(&["id"]),
    ]);
    plan.keys(&known)
}

#[test]
fn foreign_keys_whose_ends_agree() {
    assert_problems(&shop(&["id keep", "cust person.id"], &["id person.id", "no keep"]), Error, &[]);
    assert_problems(&shop(&["id keep", "cust keep"], &["id keep", "no keep"]), Error, &[]);
    assert_problems(&shop(&["id keep", "cust suppress"], &["id person.id", "no keep"]), Error, &[]);
    let label = "pseudonym:integer label=c";
    let (orders, customers) = (format!("cust {label}"), format!("id {label}"));
    assert_problems(&shop(&["id keep", &orders], &[&customers, "no keep"]), Error, &[]);
}

#[test]
fn foreign_keys_whose_ends_differ() {
    let found = shop(&["id keep", "cust keep"], &["id person.id", "no keep"]);
    assert_problems(
        &found,
        Error,
        &[
            "orders `cust`: the ends of the foreign key `fk` differ: `orders.cust` is kept, `customers.id` is masked by `pseudonym` -> write `cust: person.id` under `tables: orders: columns:`",
        ],
    );
    let found = shop(&["id keep", "cust person.id"], &["id keep", "no keep"]);
    assert_problems(&found, Error, &["-> write `id: person.id` under `tables: customers: columns:`"]);
    let own = "pseudonym:integer";
    let found = shop(&["id keep", &format!("cust {own}")], &[&format!("id {own}"), "no keep"]);
    assert_problems(&found, Error, &["-> make an attribute of an entity"]);
    let found = shop(
        &["id keep", "cust pseudonym:integer label=c within=smallint"],
        &["id pseudonym:integer label=c", "no keep"],
    );
    assert_problems(&found, Error, &["the ends of"]);
}

#[test]
fn foreign_keys_column_by_column() {
    let plan =
        person().table("c", &["x person.id", "y person.email"]).table("o", &["x person.id", "y hash"]).plan();
    let known = |target: &[&str]| {
        facts(vec![
            table("c", &["x integer", "y text"]).unique(&["y", "x"]),
            table("o", &["x integer", "y text"]).references(&["y", "x"], "c", target),
        ])
    };
    assert_problems(&plan.keys(&known(&["y", "x"])), Error, &["o `y`: the ends | `c.y` is masked by `fake`"]);
    assert_problems(&plan.keys(&known(&[])), Error, &[]);
}

#[test]
fn foreign_keys_in_the_dark_are_no_problem() {
    let plan = person().table("o", &["x keep"]).plan();
    let child = || table("o", &["x integer"]).references(&["x"], "c", &["id"]);
    assert_problems(&plan.keys(&facts(vec![child()])), Error, &[]);
    assert_problems(&plan.keys(&facts(vec![child(), table("c", &["id integer"])])), Error, &[]);
    let plan = person().plan();
    assert_problems(&plan.keys(&facts(vec![child(), table("c", &["id integer"])])), Error, &[]);
}

#[test]
fn foreign_key_by_subject_does_not_join() {
    let rules = ["id person.id", "n person.last_name"];
    let plan = person().table("c", &rules).table("o", &rules).plan();
    let known = facts(vec![
        table("c", &["id integer", "n text"]),
        table("o", &["id integer", "n text"]).references(&["n"], "c", &["n"]),
    ]);
    assert_problems(&plan.keys(&known), Error, &["o `n`: the ends of the foreign key"]);
}

#[test]
fn rows_that_point_into_an_emptied_table() {
    let known = |ty: &str| {
        facts(vec![
            table("sessions", &["id integer"]).primary(&["id"]),
            table("log", &[&format!("s {ty}")]).references(&["s"], "sessions", &[]),
        ])
    };
    let plan = person().empty("sessions").table("log", &["s keep"]).plan();
    assert_problems(
        &plan.keys(&known("integer")),
        Error,
        &["log `s`: its rows point into `sessions`, which is emptied"],
    );
    let plan = person().empty("sessions").table("log", &["s suppress"]).plan();
    assert_problems(&plan.keys(&known("integer")), Error, &[]);
    assert_problems(&plan.keys(&known("text not null")), Error, &["log `s`: its rows point"]);
    let plan = person().empty("sessions").empty("log").plan();
    assert_problems(&plan.keys(&known("integer")), Error, &[]);
}

#[test]
fn checks_and_domains_are_not_verified() {
    let of = |check: Option<&[&str]>| {
        keys_of(&["a hash", "b keep"], table("t", &["a text", "b text"]).check(check))
    };
    assert_problems(
        &of(Some(&["a", "b"])),
        Warning,
        &["CHECK or EXCLUDE `ck` reads masked columns: not verified"],
    );
    assert_problems(&of(Some(&["b"])), Warning, &[]);
    assert_problems(&of(None), Warning, &["CHECK or EXCLUDE `ck` may read masked columns"]);
    let mut domains = table("t", &["a text domain", "b text domain"]);
    // What a domain checks of a value stands among the CHECKs of its columns; of an array's items it does not.
    assert_problems(&keys_of(&["a hash", "b keep"], domains.clone()), Warning, &[]);
    for column in &mut domains.columns {
        column.ty.class = TypeClass::Array(Box::new(TypeClass::Other));
    }
    let found = keys_of(&["a suppress", "b keep"], domains);
    assert_problems(&found, Warning, &["t `a`: the domain `a_domain` may check values: not verified"]);
}

#[test]
fn checks_of_the_subset_are_held_and_others_are_listed() {
    let of = |sql: &str, exact| {
        keys_of(&["a hash", "b keep"], table("t", &["a text", "b integer"]).checked(sql, exact))
    };
    for (sql, exact) in [("a <> 'x'", true), ("b > 0", true), ("char_length(a) > b", false)] {
        assert_problems(&of(sql, exact), Warning, &[]);
    }
    for (sql, exact, why) in [
        ("a ~ '^x'", true, "is not decided on here"),
        ("c > a", true, "the table has no column `c`"),
        ("a <> 'x'", false, "only numbers, lengths and NULL"),
        ("char_length(a) + 1 > b", false, "only numbers, lengths and NULL"),
    ] {
        let found = of(sql, exact);
        assert_problems(&found, Warning, &["CHECK or EXCLUDE `ck` may read masked columns: not verified"]);
        let hint = found.first().and_then(|p| p.hint.as_ref()).unwrap();
        assert!(hint.as_str().contains(why), "{sql}: {hint:?}");
    }
}

#[test]
fn a_check_behind_the_rows_is_an_error_unless_no_row_there_is_held_to_it() {
    let plan = profile().table("t", &["a hash", "b keep"]).plan();
    let late = |then: &TableFacts, now: TableFacts| {
        let facts = facts(vec![now]);
        plan.late_checks(&then.name, &then.checks, &facts).problems
    };
    let before = table("t", &["a text", "b integer"]);
    let now = |sql: &str| before.clone().checked(sql, true);
    assert_problems(&late(&before, now("a <> 'x'")), Error, &["the CHECK `ck` stands behind the rows"]);
    // Nothing masked in it; not of the subset; known before.
    let quiet = |sql: &str| {
        let mut now = now(sql);
        now.checks[0].columns = Some(vec!["b".into()]);
        now
    };
    assert_problems(&late(&before, quiet("b > 0")), Error, &[]);
    assert_problems(&late(&before, now("a ~ 'x'")), Error, &[]);
    assert_problems(&late(&now("a <> 'x'"), now("a <> 'x'")), Error, &[]);
    let mut old = now("a <> 'x'");
    old.checks[0].valid = false;
    assert_problems(&late(&before, old), Error, &[]);
}
