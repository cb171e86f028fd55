//! Tests: every column gets one rule, or the table is refused.

use super::testing::*;
use super::*;
use crate::mask::Class;
use crate::profile::model::Severity;

const CUSTOMERS: &[&str] = &["id integer not null", "email varchar(40)", "notes text", "status text"];
const RULES: &[&str] = &["id person.id", "email person.email", "notes suppress", "status keep"];

#[test]
fn all_columns_decided() {
    let plan = person().table("customers", RULES).plan();
    let bound = bound(bind_one(&plan, table("public.customers", CUSTOMERS)));
    let words: Vec<_> = bound.columns.iter().map(|c| (c.label.to_string(), c.technique)).collect();
    let wanted = [("`id`", "pseudonym"), ("`email`", "fake"), ("`notes`", "suppress"), ("`status`", "keep")];
    assert_eq!(words, wanted.map(|(a, b)| (a.to_owned(), b)));
    assert_eq!(bound.counts(), ColumnCounts { kept: 1, masked: 2, suppressed: 1 });
    assert_eq!(bound.columns.last().unwrap().class, Class::None);
    assert_eq!(masked(&bound).wanted, [0, 1, 2]);
}

#[test]
fn undecided_column_stops() {
    let plan = person().table("customers", &RULES[..2]).plan();
    assert_errors(
        bind_one(&plan, table("public.customers", CUSTOMERS)),
        &[
            "public.customers `notes`: no rule | add `notes:` under `tables: customers: columns:`",
            "public.customers `status`: no rule | `keep:`",
        ],
    );
}

#[test]
fn undecided_table_stops() {
    let plan = person().table("costumers", RULES).plan();
    assert_errors(
        bind_one(&plan, table("public.customers", CUSTOMERS)),
        &["public.customers : no rule | its 4 columns | `costumers:`"],
    );
    assert_errors(
        bind_one(&person().plan(), table("s.t", &["a text"])),
        &["s.t : no rule | its 1 column  | add `s.t:` under `tables:`"],
    );
}

#[test]
fn header_of_a_file_is_shown_only_as_the_profile_spells_it() {
    let plan = person().table("people", &["Email person.email", "phone2 keep"]).plan();
    let shape = file("people", &["email", "0612345678", "phone1"]);
    let found = plan.bind(&shape, &Facts::default());
    let shown = format!("{:?}", found.as_ref().err().unwrap());
    assert!(!shown.contains("0612345678") && !shown.contains("phone1"), "{shown}");
    assert_errors(
        found,
        &[
            "people `phone2`: the table has no such column -> write the name as the file",
            "people column 2: no rule",
            "people column 3: no rule",
        ],
    );
    let plan = person().table("people", &["Email person.email"]).plan();
    let found = bound(plan.bind(&file("people", &["email"]), &Facts::default()));
    assert_eq!(found.columns.first().unwrap().label.as_str(), "`Email`");
    assert_eq!(masked(&found).columns.first().unwrap().label.as_str(), "`Email`");
}

#[test]
fn column_that_is_not_there() {
    let plan = person().table("customers", &[RULES, &["emial keep"]].concat()).plan();
    assert_errors(
        bind_one(&plan, table("public.customers", CUSTOMERS)),
        &["`emial`: the table has no such column -> did you mean `email`?"],
    );
    let plan =
        person().table("customers", &[RULES, &["emial keep"]].concat()).with(|t| t.optional = true).plan();
    bound(bind_one(&plan, table("public.customers", CUSTOMERS)));
}

#[test]
fn column_of_the_schema_that_the_rows_lack() {
    let plan = person().table("customers", RULES).plan();
    let facts = facts(vec![table("public.customers", CUSTOMERS)]);
    let mut shape = shape_of(&facts, "public.customers");
    shape.columns.pop();
    assert_errors(plan.bind(&shape, &facts), &["`status`: the rows do not hold this column"]);
}

#[test]
fn quasi_identifiers_must_be_columns() {
    let change =
        |t: &mut crate::profile::model::Table| t.quasi_identifiers = vec!["email".into(), "born".into()];
    let plan = person().table("customers", RULES).with(change).plan();
    assert_errors(bind_one(&plan, table("public.customers", CUSTOMERS)), &["`born`: `quasi_identifiers:`"]);
}

#[test]
fn nasty_03_names_match_ignoring_case_when_one_fits() {
    let plan = person().table("Customers", &["ID person.id"]).plan();
    bound(bind_one(&plan, table("public.customers", &["id integer"])));
    let two = facts(vec![table("customers", &["id integer"]), table("CUSTOMERS", &["id integer"])]);
    assert_errors(bind(&plan, &two, "customers"), &["`Customers` matches 2 tables when case is ignored"]);
    let plan = person().table("customers", &["ID person.id"]).plan();
    bound(bind(&plan, &two, "customers"));
    assert_errors(bind(&plan, &two, "CUSTOMERS"), &["CUSTOMERS : no rule"]);
    assert_errors(
        bind_one(&plan, table("customers", &["Id integer", "iD integer"])),
        &["`ID`: this name matches several", "`Id`: no rule", "`iD`: no rule"],
    );
    let plan = person().table("customers", &["id person.id", "ID keep"]).plan();
    assert_errors(bind_one(&plan, table("customers", &["id integer"])), &["`id`: two rules for one column"]);
}

#[test]
fn two_columns_of_one_name() {
    let plan = person().table("people", &["mail person.email"]).plan();
    let found = plan.bind(&file("people", &["mail", "mail"]), &Facts::default());
    assert_errors(found, &["`mail`: this name matches several", "column 1: no rule", "column 2: no rule"]);
}

#[test]
fn schemas() {
    let plan = person().table("customers", &["id person.id"]).plan();
    bound(bind_one(&plan, table("customers", &["id integer"])));
    assert_errors(bind_one(&plan, table("crm.customers", &["id integer"])), &["crm.customers : no rule"]);
    let plan = person().table("crm.customers", &["id person.id"]).plan();
    bound(bind_one(&plan, table("crm.customers", &["id integer"])));
    assert_errors(
        bind_one(&plan, table("public.customers", &["id integer"])),
        &["public.customers : no rule"],
    );
    let plan = person().table("customers", &["id person.id"]).table("public.customers", &["id keep"]).plan();
    assert_errors(bind_one(&plan, table("customers", &["id integer"])), &["two entries"]);
    let plan = person().table("shop:customers", &["id person.id"]).plan();
    assert_errors(bind_one(&plan, table("customers", &["id integer"])), &["customers : no rule"]);
}

#[test]
fn nasty_06_generated_columns_need_no_rule() {
    let columns = ["id integer", "twice integer generated"];
    bound(bind_one(&person().table("t", &["id person.id"]).plan(), table("t", &columns)));
    // A rule for one is for the systems whose dumps hold its values.
    let plan = person().table("t", &["id person.id", "twice suppress"]).plan();
    let found = bound(bind_one(&plan, table("t", &columns))).counts();
    assert_eq!(found, ColumnCounts { kept: 0, masked: 1, suppressed: 0 });
}

#[test]
fn generated_column_in_the_data_is_data() {
    let plan = person().table("t", &["id person.id"]).plan();
    let shape = file("t", &["id", "twice integer generated"]);
    assert_errors(plan.bind(&shape, &Facts::default()), &["column 2: no rule"]);
}

#[test]
fn allow_unlisted_keep_keeps_and_still_checks() {
    let plan = person().table("t", &["id person.id"]).plan_keeping();
    let bound_t = bound(bind_one(&plan, table("t", &["id integer", "a text", "api_key text"])));
    assert_eq!(bound_t.counts(), ColumnCounts { kept: 2, masked: 1, suppressed: 0 });
    assert_problems(
        &bound_t.warnings,
        Severity::Warning,
        &["`api_key`: this column is kept | `api_key: suppress`"],
    );
    let other = bound(bind_one(&plan, table("u", &["password text"])));
    assert!(matches!(other.action, Action::Keep));
    assert_problems(&other.warnings, Severity::Warning, &["u `password`"]);
    assert_errors(bind_one(&plan, table("t", &["idd integer"])), &["`id`: the table has no such column"]);
}

#[test]
fn all_keep() {
    let kept = person().table("t", &["a keep"]).like("u", 0);
    assert!(kept.plan().is_all_keep());
    let plan = person().table("t", &["a keep"]).plan();
    assert!(matches!(bound(bind_one(&plan, table("t", &["a other"]))).action, Action::Keep));
    assert!(!person().table("t", &["a keep", "b suppress"]).plan().is_all_keep());
    assert!(!person().empty("t").plan().is_all_keep());
}

#[test]
fn kept_attribute_is_kept() {
    let plan = profile().entity("e", None, &["a keep:r"]).table("t", &["x e.a"]).plan();
    assert!(plan.is_all_keep());
    assert!(matches!(bound(bind_one(&plan, table("t", &["x other"]))).action, Action::Keep));
}

#[test]
fn empty_needs_no_columns() {
    let plan = person().empty("t").like("u", 0).plan();
    for name in ["t", "u"] {
        let bound = bound(bind_one(&plan, table(name, &["a text", "b other"])));
        assert!(matches!(bound.action, Action::Empty));
        assert!(bound.columns.is_empty());
    }
}

#[test]
fn like_takes_rules_by_name() {
    let plan = person().table("t", &["id person.id", "a suppress"]).like("h", 0).plan();
    let bound_h = bound(bind_one(&plan, table("h", &["a text"])));
    assert_eq!(bound_h.counts(), ColumnCounts { kept: 0, masked: 0, suppressed: 1 });
    assert_errors(
        bind_one(&plan, table("h", &["a text", "at text"])),
        &["`at`: no rule | instead of `like:`"],
    );
    let circle = person().like("a", 1).like("b", 0).plan();
    assert_errors(bind_one(&circle, table("a", &["x text"])), &["circle"]);
}

fn events() -> Vec<TableFacts> {
    let columns = ["at date", "who text"];
    vec![
        table("events", &columns).by(&["at"]),
        table("events_1", &columns).partition_of("events").by(&["who"]),
        table("events_1a", &columns).partition_of("events_1"),
    ]
}

#[test]
fn nasty_49_partitions_take_the_roots_rules() {
    let plan = person().table("events", &["at keep", "who hash"]).plan();
    let facts = facts(events());
    let root = bound(bind(&plan, &facts, "events"));
    let part = bound(bind(&plan, &facts, "events_1"));
    let mac = |p: &TablePlan| masked(p).digests.first().unwrap().mac.digest(b"", b"x");
    assert_eq!(mac(&root), mac(&part));
    assert_errors(
        bind(&plan, &facts, "events_1a"),
        &["`who`: it is masked and part of the partition key of `events_1`"],
    );
}

#[test]
fn nasty_49_masked_partition_key() {
    let plan = person().table("events", &["at generalise:year", "who keep"]).plan();
    let facts_known = facts(events());
    bound(bind(&plan, &facts_known, "events"));
    assert_errors(
        bind(&plan, &facts_known, "events_1"),
        &["`at`: | partition key of `events` | load-via-partition-root"],
    );
    assert_errors(bind(&plan, &facts_known, "events_1a"), &["`at`: | partition key of `events`"]);
    let mut tables = events();
    tables.first_mut().unwrap().partition_key = None;
    assert_errors(
        bind(&plan, &facts(tables), "events_1"),
        &["`at`: | partitioned by an expression that may read it"],
    );
}

#[test]
fn own_rules_of_a_partition_must_agree() {
    let root = ["at keep", "who hash"];
    let plan = person().table("events", &root).table("events_1", &root).plan();
    bound(bind(&plan, &facts(events()), "events_1"));
    let plan = person().table("events", &root).table("events_1", &["at keep", "who keep"]).plan();
    assert_errors(
        bind(&plan, &facts(events()), "events_1"),
        &["`who`: this rule differs from the one of `events`"],
    );
    let plan = person().table("events", &root).empty("events_1").plan();
    assert_errors(bind(&plan, &facts(events()), "events_1"), &["one is emptied"]);
    let plan = person().empty("events").plan();
    assert!(matches!(bound(bind(&plan, &facts(events()), "events_1a")).action, Action::Empty));
}

#[test]
fn parents_in_a_circle_end() {
    let a = table("a", &["x text"]).inherits("b");
    let b = table("b", &["x text"]).inherits("a");
    assert_errors(bind(&person().plan(), &facts(vec![a, b]), "a"), &["a : no rule"]);
}

#[test]
fn heirs_take_inherited_rules_and_say_the_rest() {
    let tables = || vec![table("p", &["x text"]), table("c", &["x text", "y text"]).inherits("p")];
    let plan = person().table("p", &["x hash"]).table("c", &["y suppress"]).plan();
    let child = bound(bind(&plan, &facts(tables()), "c"));
    let parent = bound(bind(&plan, &facts(tables()), "p"));
    let mac = |p: &TablePlan| masked(p).digests.first().unwrap().mac.digest(b"", b"v");
    assert_eq!(mac(&child), mac(&parent), "an inherited column has the parent's label");
    let plan = person().table("p", &["x hash"]).plan();
    assert_errors(bind(&plan, &facts(tables()), "c"), &["c `y`: no rule"]);
    let plan = person().table("p", &["x hash"]).table("c", &["x keep", "y suppress"]).plan();
    assert_errors(bind(&plan, &facts(tables()), "c"), &["`x`: this rule differs from the one of `p`"]);
    let plan = person().table("p", &["x hash"]).empty("c").plan();
    assert!(matches!(bound(bind(&plan, &facts(tables()), "c")).action, Action::Empty));
}

#[test]
fn parents_that_disagree() {
    let tables = || {
        vec![table("p", &["x text"]), table("q", &["x text"]), {
            table("c", &["x text"]).inherits("p").inherits("q")
        }]
    };
    let plan = person().table("p", &["x hash"]).table("q", &["x keep"]).plan();
    assert_errors(bind(&plan, &facts(tables()), "c"), &["`x`: this rule differs"]);
    let plan = person().table("p", &["x hash"]).empty("q").plan();
    assert_errors(bind(&plan, &facts(tables()), "c"), &["one is emptied"]);
}

#[test]
fn schema_settles_a_file() {
    let plan = person().table("t", &["id person.id", "n generalise:year"]).plan();
    let known = facts(vec![table("t", &["id inet", "n date not null"])]);
    let mut shape = file("t", &["id", "n"]);
    assert_errors(plan.bind(&shape, &known), &["`id`: `pseudonym: integer` makes no values of type inet"]);
    shape.columns.first_mut().unwrap().ty = column("id integer").ty;
    let bound = bound(plan.bind(&shape, &known));
    assert!(masked(&bound).columns.last().unwrap().not_null);
}

#[test]
fn inherited_columns_that_only_the_parent_lists() {
    let parent = table("p", &["x varchar(9) not null", "g text generated"]);
    let known = facts(vec![parent, table("c", &["y text"]).inherits("p")]);
    let plan = person().table("p", &["x hash length=8"]).table("c", &["y suppress"]).plan();
    let mut shape = shape_of(&known, "c");
    shape.columns.insert(0, column("x unknown"));
    let child = bound(plan.bind(&shape, &known));
    let x = masked(&child).columns.first().unwrap();
    assert_eq!((x.fit.max_chars, x.not_null), (Some(9), true));
    assert_problems(&plan.cover(&known, true), Severity::Error, &[]);
    let plan = person().table("c", &["y suppress"]).table("p", &["x keep", "g keep"]).plan();
    assert_problems(&plan.cover(&known, true), Severity::Error, &[]);
    let plan = person().table("c", &["y suppress"]).plan();
    assert_problems(&plan.cover(&known, true), Severity::Error, &["p : no rule", "c `x`: no rule"]);
}
