//! Tests: who decides a stand-in, and what must fit.

use super::testing::*;
use super::*;
use crate::profile::model::Severity;
use crate::secret::{Purpose, Schedule};

fn same(mac: &Mac, purpose: Purpose, label: &[u8]) -> bool {
    mac.digest(b"", b"probe") == Schedule::test().mac(purpose, label).digest(b"", b"probe")
}

const KIND: Purpose = Purpose::Fake("kind");

#[test]
fn identifying_is_decided_by_its_own_value() {
    let plan = person().table("t", &["id keep", "mail person.email"]).plan();
    let bound = bound(bind_one(&plan, table("t", &["id integer", "mail text"])));
    let mask = masked(&bound);
    assert_eq!(mask.wanted, [1]);
    let digest = mask.digests.first().unwrap();
    assert_eq!((digest.inputs.as_slice(), digest.subject), ([(0, Canon::Email)].as_slice(), None));
    assert!(digest.pinned.is_empty());
    assert!(same(&digest.mac, KIND, b"person.email"));
    assert!(bound.warnings.is_empty());
    assert!(mask.columns.first().unwrap().fallback.is_none());
}

#[test]
fn describing_is_decided_by_the_subject() {
    let rules = ["last person.last_name", "tel person.phone", "x keep", "ref person.id"];
    let plan = person().table("t", &rules).plan();
    let bound = bound(bind_one(&plan, table("t", &["last text", "tel text", "x text", "ref integer"])));
    let mask = masked(&bound);
    assert_eq!(mask.wanted, [0, 1, 3]);
    assert_eq!(mask.digests.len(), 1, "columns of one subject share a digest");
    let digest = mask.digests.first().unwrap();
    assert_eq!(digest.inputs, [(2, Canon::Integer)]);
    assert_eq!(digest.subject, Some(true), "phone reads high lanes");
    assert_eq!(digest.pinned, [b"0".to_vec(), b"-1".to_vec(), Vec::new()]);
    assert!(same(&digest.mac, Purpose::Subject, b"person"));
    let last = mask.columns.first().unwrap();
    let (canon, mac) = last.fallback.as_ref().unwrap();
    assert_eq!(*canon, Canon::Name);
    assert!(same(mac, KIND, b"person.last_name"));
    assert_eq!(last.digest, Some(0));
    assert_eq!(mask.columns.last().unwrap().digest, None, "a bijection needs no digest");
    assert!(bound.warnings.is_empty());
}

#[test]
fn low_lanes_alone_cost_one_mac() {
    let plan = person().table("t", &["last person.last_name", "id person.id"]).plan();
    let bound = bound(bind_one(&plan, table("t", &["last text", "id integer"])));
    assert_eq!(masked(&bound).digests.first().unwrap().subject, Some(false));
}

#[test]
fn a_kept_or_suppressed_subject_still_decides() {
    let who = profile().entity("e", Some("id"), &["id keep:r", "n fake:last_name"]);
    let plan = who.table("t", &["id e.id", "n e.n"]).plan();
    let bound = bound(bind_one(&plan, table("t", &["id char(4)", "n text"])));
    let mask = masked(&bound);
    assert_eq!(mask.wanted, [0, 1]);
    assert_eq!(mask.digests.first().unwrap().inputs, [(0, Canon::Padded)]);
    assert_eq!(mask.columns.len(), 1);
}

#[test]
fn two_candidates_are_an_error() {
    let rules = ["buyer person.id", "seller person.id", "n person.last_name"];
    let columns = ["buyer integer", "seller integer", "n text"];
    let plan = person().table("t", &rules).plan();
    let wanted = "`n`: its stand-in is decided by `person.id`, and both `buyer` and `seller` hold one | {use: person.last_name, by: buyer}";
    assert_errors(bind_one(&plan, table("t", &columns)), &[wanted]);
    let plan =
        person().table("t", &["buyer person.id", "seller person.id", "n person.last_name or=value"]).plan();
    assert_errors(bind_one(&plan, table("t", &columns)), &["both `buyer` and `seller`"]);
    let plan =
        person().table("t", &["buyer person.id", "seller person.id", "n person.last_name by=Seller"]).plan();
    let bound = bound(bind_one(&plan, table("t", &columns)));
    let digest = masked(&bound).digests.first().unwrap();
    assert_eq!(digest.inputs, [(1, Canon::Integer)]);
    assert_eq!(digest.subject, Some(false));
    assert!(same(&digest.mac, Purpose::Subject, b"person"));
}

#[test]
fn no_subject_is_an_error_unless_or_value() {
    let plan = person().table("t", &["n person.last_name"]).plan();
    assert_errors(
        bind_one(&plan, table("t", &["n text"])),
        &["`n`: its stand-in is decided by `person.id`, which no column | or: value"],
    );
    let plan = person().table("t", &["n person.last_name or=value"]).plan();
    let bound = bound(bind_one(&plan, table("t", &["n text"])));
    let digest = masked(&bound).digests.first().unwrap();
    assert_eq!((digest.inputs.as_slice(), digest.subject), ([(0, Canon::Name)].as_slice(), None));
    assert_problems(&bound.warnings, Severity::Warning, &["`n`: the value itself decides `fake: last_name`"]);
}

#[test]
fn what_needs_no_subject_asks_for_none() {
    let plan = person().table("t", &["born person.born"]).plan();
    let bound = bound(bind_one(&plan, table("t", &["born date"])));
    assert!(masked(&bound).digests.is_empty());
    assert!(bound.warnings.is_empty());
}

#[test]
fn entity_without_subject_is_decided_by_value() {
    let plan = profile().entity("e", None, &["n fake:last_name"]).table("t", &["n e.n"]).plan();
    let bound = bound(bind_one(&plan, table("t", &["n text"])));
    assert_eq!(masked(&bound).digests.first().unwrap().subject, None);
    assert_problems(&bound.warnings, Severity::Warning, &["what is frequent stays frequent"]);
}

#[test]
fn subject_that_describes_decides_itself() {
    let who = profile().entity("e", Some("name"), &["name fake:last_name", "tel fake:phone"]);
    let plan = who.table("t", &["name e.name", "tel e.tel"]).plan();
    let bound = bound(bind_one(&plan, table("t", &["name text", "tel text"])));
    let mask = masked(&bound);
    assert_eq!(mask.digests.len(), 1, "name and phone are of one person");
    assert_eq!(mask.digests.first().unwrap().inputs, [(0, Canon::Name)]);
    assert_problems(&bound.warnings, Severity::Warning, &["`name`: the value itself decides"]);
}

#[test]
fn two_subjects_that_describe_decide_themselves() {
    let plan = profile()
        .entity("e", Some("name"), &["name fake:last_name"])
        .table("t", &["a e.name", "b e.name"])
        .plan();
    let bound = bound(bind_one(&plan, table("t", &["a text", "b text"])));
    let inputs: Vec<_> = masked(&bound).digests.iter().map(|d| d.inputs.clone()).collect();
    assert_eq!(inputs, [[(0, Canon::Name)], [(1, Canon::Name)]]);
}

#[test]
fn by_in_an_entity() {
    let plan = person().table("t", &["k person.id", "s person.slug", "a person.alias"]).plan();
    let bound_t = bound(bind_one(&plan, table("t", &["k integer", "s text", "a text"])));
    let mask = masked(&bound_t);
    assert_eq!(mask.digests.first().unwrap().inputs, [(0, Canon::Integer)]);
    assert_eq!(mask.digests.last().unwrap().inputs, [(2, Canon::Name)], "`by: value`");
    assert_eq!(mask.digests.last().unwrap().subject, None);
    let plan = person().table("t", &["s person.slug"]).plan();
    assert_errors(bind_one(&plan, table("t", &["s text"])), &["`s`: its stand-in is decided by `person.id`"]);
    let plan = profile().entity("e", None, &["s fake:slug by=nobody"]).table("t", &["s e.s"]).plan();
    assert_errors(
        bind_one(&plan, table("t", &["s text"])),
        &["`by:` names `nobody`, which is no attribute of `e`"],
    );
}

#[test]
fn by_names_columns_in_their_own_form() {
    let rules = ["a keep", "b keep", "c person.email", "n person.last_name by=a,b,c"];
    let plan = person().table("t", &rules).plan();
    let bound = bound(bind_one(&plan, table("t", &["a bigint", "b uuid", "c text", "n text"])));
    let digest = masked(&bound).digests.iter().find(|d| d.subject.is_some()).unwrap();
    assert_eq!(digest.inputs, [(0, Canon::Integer), (1, Canon::Uuid), (2, Canon::Email)]);
    let plan = person().table("t", &["a suppress", "n person.last_name by=a"]).plan();
    let bound = testing::bound(bind_one(&plan, table("t", &["a text", "n text"])));
    let digest = masked(&bound).digests.first().unwrap();
    assert_eq!(digest.inputs, [(0, Canon::Integer)], "one column holds the subject, in the subject's form");
}

#[test]
fn by_another_attribute_takes_its_form() {
    let plan = person().table("t", &["mail person.email", "n person.last_name by=mail"]).plan();
    let bound = bound(bind_one(&plan, table("t", &["mail text", "n text"])));
    let digest = masked(&bound).digests.iter().find(|d| d.subject.is_some()).unwrap();
    assert_eq!(digest.inputs, [(0, Canon::Email)]);
}

#[test]
fn by_that_names_nothing() {
    let plan = person().table("t", &["ref person.id", "n person.last_name by=rev"]).plan();
    let wanted = "`n`: `by:` names `rev`, which the rows do not hold -> did you mean `ref`?";
    assert_errors(bind_one(&plan, table("t", &["ref integer", "n text"])), &[wanted]);
    let shape = file("t", &["ref", "n"]);
    let found = plan.bind(&shape, &Facts::default());
    assert_errors(found, &["`by:` names `rev`, which the rows do not hold -> name a column"]);
}

#[test]
fn by_that_changes_nothing() {
    let plan = person().table("t", &["a keep", "n suppress by=a"]).plan();
    assert_errors(bind_one(&plan, table("t", &["a text", "n text"])), &["`n`: `by:` changes nothing"]);
}

#[test]
fn technique_without_a_stand_in_for_nobody() {
    let plan = person().table("t", &["id person.id", "j person.job"]).plan();
    assert_errors(
        bind_one(&plan, table("t", &["id integer", "j text"])),
        &["`j`: `fake: job` has no stand-in where the subject is NULL"],
    );
}

#[test]
fn own_rules_have_their_columns_label() {
    let plan = person().table("crm.t", &["n hash", "m hash by=n,k label=L", "k keep"]).plan();
    let bound_t = bound(bind_one(&plan, table("crm.t", &["n char(20)", "m text", "k integer"])));
    let mask = masked(&bound_t);
    let own = mask.digests.first().unwrap();
    assert!(same(&own.mac, Purpose::Hash, b"col\0\0\0\x03crm\0\0\0\x01t\0\0\0\x01n"));
    assert_eq!(own.inputs, [(0, Canon::Padded)]);
    let by = mask.digests.last().unwrap();
    assert!(same(&by.mac, Purpose::Hash, b"L"));
    assert_eq!(
        (by.inputs.as_slice(), by.subject),
        ([(0, Canon::Padded), (2, Canon::Integer)].as_slice(), None)
    );
    assert!(mask.columns.get(1).unwrap().fallback.is_some());
    let plan = person().table("t", &["n hash"]).plan();
    let label = b"col\0\0\0\x01t\0\0\0\x01n";
    for name in ["t", "public.t"] {
        let bound = bound(bind_one(&plan, table(name, &["n text"])));
        assert!(
            same(&masked(&bound).digests.first().unwrap().mac, Purpose::Hash, label),
            "defaults are left out"
        );
    }
}

#[test]
fn only_the_subject_attribute_is_told_what_is_pinned() {
    let who =
        |subject| profile().entity("e", subject, &["id pseudonym:integer show_pinned=1", "n fake:phone"]);
    let plan = who(Some("id")).table("t", &["id e.id"]).plan();
    assert_errors(bind_one(&plan, table("t", &["id integer"])), &["`id`: pinned 3 -> x"]);
    let plan = who(Some("n")).table("t", &["id e.id"]).plan();
    assert_errors(bind_one(&plan, table("t", &["id integer"])), &["`id`: pinned 0"]);
}

/// Binds one column of a type under a rule.
fn one(ty: &str, rule: &str) -> Result<TablePlan, Vec<Problem>> {
    let plan = person().table("t", &[&format!("c {rule}")]).plan();
    bind_one(&plan, table("t", &[&format!("c {ty}")]))
}

#[test]
fn text_fits_text_only() {
    for ty in ["text", "varchar(30)", "char(30)", "citext", "unknown", "text domain"] {
        bound(one(ty, "person.email"));
    }
    let refused = [
        "integer", "boolean", "date", "uuid", "jsonb", "bytea", "enum", "array", "other", "inet", "numeric",
        "time",
    ];
    for ty in refused {
        assert_errors(
            one(ty, "person.email"),
            &[&format!("`c`: `fake: email` makes no values of type {ty}")],
        );
    }
}

#[test]
fn nasty_20_text_too_long_names_the_max_that_fits_all() {
    let rules = ["mail person.email"];
    let plan = person().table("t", &rules).table("u", &rules).table("v", &rules).plan();
    let all = facts(vec![
        table("t", &["mail varchar(20)"]),
        table("u", &["mail char(15)"]),
        table("v", &["mail text"]),
    ]);
    let wanted = "have up to 30 characters, the column takes 20 -> add `max: 15` to `person.email`";
    assert_errors(bind(&plan, &all, "t"), &[wanted]);
    assert_errors(one("varchar(12)", "fake:email"), &["-> add `max: 12` to the rule"]);
    bound(one("varchar(12)", "fake:email max=12"));
    assert_errors(one("varchar(12)", "hash"), &["16 characters, the column takes 12 -> widen"]);
}

#[test]
fn integers_fit() {
    for ty in ["smallint", "integer", "bigint", "text", "varchar(10)", "numeric", "numeric(10)", "unknown"] {
        bound(one(ty, "person.id"));
    }
    // How many digits of a numeric are enough is the technique's to say.
    for ty in ["float", "uuid", "date"] {
        assert_errors(one(ty, "person.id"), &["makes no values of type"]);
    }
    assert_errors(one("varchar(9)", "person.id"), &["up to 10 characters, the column takes 9"]);
    bound(one("varchar(5)", "pseudonym:integer within=smallint"));
}

#[test]
fn uuids_fit() {
    for ty in ["uuid", "text", "char(36)", "unknown"] {
        bound(one(ty, "pseudonym:uuid"));
    }
    assert_errors(one("varchar(35)", "pseudonym:uuid"), &["up to 36 characters, the column takes 35"]);
    assert_errors(one("bytea", "pseudonym:uuid"), &["makes no values of type bytea"]);
}

#[test]
fn generalise_fits_dates_and_text() {
    for ty in ["date", "timestamp", "timestamptz", "text", "unknown"] {
        bound(one(ty, "generalise:year"));
    }
    for ty in ["integer", "jsonb", "enum", "interval2"].into_iter().take(3) {
        assert_errors(one(ty, "generalise:year"), &["makes no values of type"]);
    }
}

#[test]
fn suppress_needs_null_or_text() {
    for ty in ["jsonb", "enum", "other", "array", "text not null", "integer"] {
        bound(one(ty, "suppress"));
    }
    for ty in ["jsonb not null", "integer not null", "enum not null"] {
        assert_errors(one(ty, "suppress"), &["the column refuses NULL | `constant:`"]);
    }
}

#[test]
fn type_settles_what_no_schema_says() {
    let plan = person().table("t", &["a pseudonym:integer type=boolean"]).plan();
    let shape = file("t", &["a"]);
    let found = plan.bind(&shape, &Facts::default());
    assert_errors(found, &["makes no values of type boolean", "over 2 possible values"]);
    let plan = person().table("t", &["a pseudonym:integer type=smallint"]).plan();
    let settled = bound(plan.bind(&shape, &Facts::default()));
    assert_eq!(masked(&settled).columns.first().unwrap().fit.integer, Some((-32768, 32767)));
    assert_eq!(settled.columns.first().unwrap().label.as_str(), "`a`");
    bound(one("text", "suppress type=nonsense"));
    let plan = person().table("t", &["a suppress type=nonsense"]).plan();
    assert_errors(plan.bind(&shape, &Facts::default()), &["`type:` does not know `nonsense`"]);
}

#[test]
fn bounds_of_the_column() {
    let fit = |ty: &str, rule: &str| masked(&bound(one(ty, rule))).columns.first().unwrap().fit;
    assert_eq!(fit("integer", "person.id").integer, Some((-2_147_483_648, 2_147_483_647)));
    assert_eq!(fit("bigint", "person.id").integer, Some((i64::MIN, i64::MAX)));
    assert_eq!(fit("numeric(12)", "person.id").integer, Some((-999_999_999_999, 999_999_999_999)));
    assert_eq!(fit("varchar(40)", "person.email"), Fit { max_chars: Some(40), integer: None, moment: false });
    assert_eq!(fit("text", "person.email"), Fit::default());
}

#[test]
fn bits_and_rows() {
    assert_errors(
        one("text", "hash length=7"),
        &["`hash` has room for 35 bits to keep values apart, 40 are needed"],
    );
    assert_eq!(row_limit(40), 1_482);
    assert_eq!(row_limit(80), 1_554_944_255);
    assert!(row_limit(200) > 10_000_000_000_000_000);
    assert_eq!(row_limit(0), 0);
    assert_eq!(masked(&bound(one("text", "hash length=8"))).row_limit, Some(1_482));
    let plan = person().table("t", &["a hash length=12", "b hash length=10", "c hash"]).plan();
    let two = bound(bind_one(&plan, table("t", &["a text", "b text", "c text"])));
    assert_eq!(masked(&two).row_limit, Some(row_limit(50)));
    assert_eq!(masked(&bound(one("text", "suppress"))).row_limit, None);
}

#[test]
fn small_domains_need_a_reason() {
    assert_errors(
        one("boolean", "hash"),
        &["makes no values", "`hash` over 2 possible values | small_domain"],
    );
    assert_errors(one("boolean", "hash small_domain=r"), &["makes no values"]);
    assert_errors(one("enum", "pseudonym:integer"), &["makes no values", "over 2 possible values"]);
    bound(one("smallint", "pseudonym:integer"));
}

#[test]
fn refusals_of_a_technique_get_their_place() {
    let plan = person().table("t", &["a keep", "c pseudonym:integer show_pinned=1"]).plan();
    let Err(found) = bind_one(&plan, table("t", &["a text", "c integer"])) else { panic!("bound") };
    let place = found.first().unwrap().place.unwrap();
    assert_eq!((place.line, place.column), (1, 2));
}
