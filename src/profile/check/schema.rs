//! The JSON Schema of a profile (draft 2020-12), made from the words of the language and the declarations of the
//! techniques, so that an editor completes and checks what it knows. Says less than `standin check` does: names that
//! must agree (reasons, entities, tables) no schema can hold together.

use serde_json::{Map, Value, json};

use super::rule::is_keyed;
use super::words;
use crate::mask::fake::{FAKE, KINDS};
use crate::mask::{Class, OptionSpec, TECHNIQUES, Takes, TechniqueSpec};
use crate::profile::model::{CATEGORIES, DEMANDS, ROLES};
use crate::profile::packs::PACKS;
use crate::profile::undecided::UNDECIDED;

/// Returns the schema as text, ending in a line feed.
#[must_use]
pub fn json_schema() -> String {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "standin profile",
        "description": "Which tables and columns of a dump, and what becomes of them",
        "type": "object",
        "required": ["version"],
        "additionalProperties": false,
        "properties": object(words::TOP, top),
        "$defs": definitions(),
    });
    // A tree of strings, numbers and booleans can always be written.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// Makes the properties of an object, one a word.
fn object(words: &[&str], schema: fn(&str) -> Value) -> Value {
    Value::Object(words.iter().map(|word| ((*word).to_owned(), schema(word))).collect())
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// Adds what a reader is told.
fn told(description: &str, mut schema: Value) -> Value {
    if let Value::Object(map) = &mut schema {
        map.insert("description".to_owned(), Value::from(description));
    }
    schema
}

/// A map from names to what is said of each.
fn map_of(values: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": values, "minProperties": 1 })
}

/// One word or text, which YAML may read as a number or boolean.
fn word() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

fn list_of(items: &Value) -> Value {
    json!({ "type": "array", "items": items, "uniqueItems": true })
}

fn top(word: &str) -> Value {
    match word {
        "version" => told("The version of the language", json!({ "const": 1 })),
        "extends" => {
            let packs: Vec<&str> = PACKS.iter().map(|pack| pack.name).collect();
            let name = json!({ "type": "string", "anyOf": [{ "enum": packs }, { "pattern": "\\.ya?ml$" }] });
            let with = told("Values of its parameters", parameters());
            let pack = told("A pack, or a file beside this one", name.clone());
            let map = closed("pack", json!({ "pack": pack, "with": with }));
            let one = json!({ "anyOf": [name, map] });
            told("Packs, and files beside this one, whose rules count for less", or_list(&one))
        }
        "parameters" => told(
            "What whoever extends this text may set, each with its default; `<name>` stands for it in names",
            parameters(),
        ),
        "locale" => told("Language and country of the stand-ins", json!({ "enum": words::LOCALES })),
        "policy" => told(
            "What holds for the whole run",
            json!({ "type": "object", "additionalProperties": false, "properties": object(words::POLICY, policy) }),
        ),
        "reasons" => told("Why data is kept: said once, used by name", map_of(&self::word())),
        "objects" => {
            let classes = object(words::OBJECTS, class);
            let objects = json!({ "type": "object", "additionalProperties": false, "properties": classes });
            told("What becomes of that which is no column", objects)
        }
        "entities" => {
            told("Meaning, once; columns point at it, so joins survive", map_of(&reference("entity")))
        }
        "lookups" => {
            let what = [
                ("table", "The table that says it"),
                ("key", "Its column that is the key"),
                ("value", "Its column that is the answer"),
                ("by", "The column of the asking table that holds a key; of the key's name unless said"),
            ];
            let mut keys: Map<String, Value> =
                what.iter().map(|(name, help)| ((*name).to_owned(), told(help, self::word()))).collect();
            let values =
                told("What it says, key by key, where no first pass can read it", map_of(&self::word()));
            keys.insert("values".to_owned(), values);
            let one = json!({ "type": "object", "additionalProperties": false,
                "required": ["table", "key", "value"], "properties": keys });
            told("What another table says of a key: names that conditions may use as columns", map_of(&one))
        }
        "defaults" => {
            let roles: Vec<&str> = ROLES.iter().map(|(word, _)| *word).collect();
            let roles = object(&roles, role);
            let defaults = json!({ "type": "object", "additionalProperties": false, "properties": roles });
            told("What is done with columns that no other rule decides, by their role", defaults)
        }
        "tables" => told(
            "Which table, and what becomes of its columns; `*` stands for any text",
            map_of(&reference("table")),
        ),
        "expect" => {
            let mut words: Vec<&str> = DEMANDS.iter().map(|(word, _)| *word).collect();
            words.extend(TECHNIQUES.iter().map(|spec| spec.name));
            let demand = json!({ "anyOf": [{ "enum": words }, reference("attribute_name")] });
            told("Tests: what must come of TABLE, TABLE.COLUMN or SCHEMA.TABLE.COLUMN", map_of(&demand))
        }
        _ => json!({}),
    }
}

/// Names of parameters, and values that can stand in a name.
fn parameters() -> Value {
    json!({ "type": "object", "minProperties": 1,
        "propertyNames": { "pattern": "^[A-Za-z][A-Za-z0-9_]{0,63}$" },
        "additionalProperties": { "type": ["string", "integer", "boolean"], "pattern": "^[A-Za-z0-9_]{0,64}$" } })
}

fn or_list(one: &Value) -> Value {
    json!({ "anyOf": [one, list_of(one)] })
}

fn role(word: &str) -> Value {
    let what = match word {
        "booleans" => "Columns of a boolean type",
        "enums" => "Columns of an enumeration of the schema",
        "foreign_keys" => "Columns of a foreign key into a table without persons",
        "primary_keys" => "Columns of the primary key of a table without persons",
        _ => "",
    };
    told(what, json!({ "anyOf": [reference("keep"), reference("technique")] }))
}

fn class(word: &str) -> Value {
    let what = match word {
        "large_objects" => "Large objects: their bytes, owners and rights; undecided they stop the run",
        "statistics" => "Statistics of columns, whose most common values are values of people",
        "role_passwords" => "Password hashes and settings of roles",
        "connections" => "Servers, user mappings and subscriptions with their addresses and logins",
        "comments" => "COMMENT and SECURITY LABEL",
        _ => "",
    };
    told(what, json!({ "anyOf": [reference("keep"), { "const": "suppress" }] }))
}

fn policy(word: &str) -> Value {
    match word {
        "unlisted" => told(
            "Tables and columns that no rule names: the run stops, or they are emptied and filled",
            json!({ "enum": ["stop", "fill"], "default": "stop" }),
        ),
        "unfit" => told(
            "A value without the form that its technique needs",
            json!({ "enum": ["placeholder", "suppress", "stop"], "default": "placeholder" }),
        ),
        "domain" => told("What the copy is for: stand-ins of two domains cannot be linked", self::word()),
        "mail_domain" => told(
            "The domain of invented mail addresses",
            json!({ "type": "string", "pattern": "^[^@ ]+\\.[^@ ]+$" }),
        ),
        "key" => told("The label that the key must have", self::word()),
        "expires" => told(
            "How long a copy may live: days, weeks, months or years",
            json!({ "type": "string", "pattern": "^[0-9]+[dwmy]$" }),
        ),
        _ => json!({}),
    }
}

fn entity(word: &str) -> Value {
    match word {
        "subject" => {
            told("The attribute that decides names, address and the like: one coherent person", self::word())
        }
        "scope" => told(
            "Columns that keep tenants apart: the same value has another stand-in in another scope",
            list_of(&self::word()),
        ),
        "label" => {
            told("The name under which its people are keyed: the old one, when it is renamed", label())
        }
        "resolve" => told(
            "Where a table lacks the subject: by which attribute, in which table, it is found in a first pass",
            map_of(&self::word()),
        ),
        "pinned" => told(
            "Values that stand for nobody and stay as they are",
            json!({ "type": "array", "items": self::word(), "default": [0, -1, ""] }),
        ),
        _ => json!({}),
    }
}

fn table(word: &str) -> Value {
    match word {
        "columns" => told(
            "What becomes of each column; `*` stands for any text",
            json!({ "type": "object", "additionalProperties": reference("rule") }),
        ),
        "keep" => told("Columns that stay as they are, for one reason", list_of(&self::word())),
        "why" => told("The reason for `keep`, by its name under `reasons`", self::word()),
        "like" => told("Another table of this profile, whose rules count here too", self::word()),
        "empty" => told("Why its rows are dropped", json!({ "type": ["string", "number"] })),
        "keep_rows" => told(
            "A SQL condition: only rows for which it is true stay",
            json!({ "type": "string", "minLength": 1 }),
        ),
        "insert" => {
            let value = json!({ "anyOf": [self::word(), { "type": "null" }, reference("login")] });
            let row = json!({ "type": "object", "additionalProperties": value });
            told("Invented rows that the table gets", json!({ "type": "array", "items": row, "minItems": 1 }))
        }
        "quasi_identifiers" => told("Columns that identify together", list_of(&self::word())),
        "optional" => told("Whether the input may lack it", json!({ "type": "boolean" })),
        "count" => {
            let number = json!({ "type": "integer", "minimum": 0 });
            let between = json!({ "type": "array", "items": number, "minItems": 2, "maxItems": 2 });
            let per = json!({
                "type": "object",
                "properties": { "per": self::word(), "between": between, "mean": { "type": "number", "minimum": 0 } },
                "required": ["per", "between"],
                "additionalProperties": false,
            });
            told(
                "How many rows `generate` makes; `mask` takes no notice of it",
                json!({ "anyOf": [number, per] }),
            )
        }
        "popularity" => told(
            "How unevenly `generate` shares rows, by column of a foreign key: Zipf's exponent; `mask` takes no notice of it",
            map_of(&json!({ "type": "number", "minimum": 0, "maximum": 10 })),
        ),
        _ => json!({}),
    }
}

fn label() -> Value {
    json!({ "type": ["string", "number", "boolean"], "minLength": 1 })
}

fn definitions() -> Value {
    let mut all = Map::new();
    let reserved = words::reserved_in_entities();
    all.insert(
        "by".to_owned(),
        told("Who decides the stand-in: `value`, a column or attribute, or several", or_list(&word())),
    );
    all.insert(
        "attribute_name".to_owned(),
        told(
            "ENTITY.ATTRIBUTE: the attribute that the column carries",
            json!({ "type": "string", "pattern": "^[^.]+\\.[^.]+$" }),
        ),
    );
    all.insert(
        "entity".to_owned(),
        json!({
            "type": "object",
            "properties": object(words::ENTITY, entity),
            "propertyNames": { "not": { "enum": reserved } },
            "additionalProperties": reference("attribute"),
        }),
    );
    all.insert("attribute".to_owned(), json!({ "anyOf": [reference("technique"), reference("undecided")] }));
    all.insert(
        "table".to_owned(),
        json!({
            "type": "object",
            "additionalProperties": false,
            "properties": object(words::TABLE, table),
            "dependentRequired": { "keep": ["why"], "why": ["keep"] },
            "oneOf": [
                { "anyOf": [{ "required": ["columns"] }, { "required": ["keep"] }] },
                { "required": ["like"] },
                { "required": ["empty"] },
            ],
        }),
    );
    let rules = ["attribute_name", "technique", "keep", "use", "undecided"].map(reference);
    all.insert("single_rule".to_owned(), json!({ "anyOf": rules }));
    all.insert("cases".to_owned(), cases());
    all.insert("rule".to_owned(), json!({ "anyOf": [reference("single_rule"), reference("cases")] }));
    let mut keep = Map::from_iter([("keep".to_owned(), word())]);
    keep.extend(sensitive());
    all.insert(
        "keep".to_owned(),
        told("The column stays, for a reason under `reasons`", closed("keep", Value::Object(keep))),
    );
    let by_use = json!({
        "use": reference("attribute_name"),
        "by": reference("by"),
        "or": told("Where the table lacks the subject, the value decides", json!({ "const": "value" })),
    });
    all.insert("use".to_owned(), told("The column carries this attribute", closed("use", by_use)));
    all.insert("undecided".to_owned(), told(UNDECIDED.summary, json!({ "const": UNDECIDED.name })));
    let known: Vec<&TechniqueSpec> = TECHNIQUES.iter().copied().filter(|spec| spec.name != "keep").collect();
    let names = known.iter().map(|spec| reference(spec.name));
    all.insert("technique".to_owned(), json!({ "anyOf": names.collect::<Vec<_>>() }));
    all.extend(known.iter().map(|spec| (spec.name.to_owned(), technique(spec))));
    Value::Object(all)
}

/// A case list: `{when: CONDITION}` with a rule beside it, and `{else: RULE}` as the last.
fn cases() -> Value {
    let when = json!({ "when": told("A SQL condition on the row as it was", json!({ "type": "string" })) });
    let when = json!({ "type": "object", "required": ["when"], "minProperties": 2, "properties": when });
    let other = closed("else", json!({ "else": reference("single_rule") }));
    let cases = json!({ "type": "array", "minItems": 1, "items": { "anyOf": [when, other] } });
    told("The first case whose condition is true counts", cases)
}

/// An object of these keys and no others.
fn closed(required: &str, properties: Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "required": [required], "properties": properties })
}

/// A technique: the bare word where that is enough, or a map with its argument and options.
fn technique(spec: &TechniqueSpec) -> Value {
    let mut properties = Map::new();
    let options = options(spec);
    let bare = spec.bare || spec.argument == Takes::Nothing;
    let mut arguments = Vec::new();
    if spec.argument != Takes::Nothing {
        arguments.push(argument(spec));
    }
    if bare {
        // `{hash: {length: 16}}`, and `hash:` with its options beside it.
        arguments.push(json!({ "type": "null" }));
    }
    if bare || matches!(spec.argument, Takes::OrOptions(_)) {
        arguments.push(json!({ "type": "object", "additionalProperties": false, "properties": options }));
    }
    properties.insert(spec.name.to_owned(), json!({ "anyOf": arguments }));
    properties.extend(options);
    let map = closed(spec.name, Value::Object(properties));
    let schema = if bare { json!({ "anyOf": [{ "const": spec.name }, map] }) } else { map };
    told(spec.summary, schema)
}

fn argument(spec: &TechniqueSpec) -> Value {
    if spec.name == FAKE.name {
        let kinds = KINDS.iter().map(|kind| json!({ "const": kind.name, "description": kind.summary }));
        return json!({ "oneOf": kinds.collect::<Vec<_>>() });
    }
    match spec.argument {
        Takes::Inside(places) if !places.one => inside(spec),
        argument => takes(argument),
    }
}

/// Rules for places inside the value, with the technique's options between them.
fn inside(spec: &TechniqueSpec) -> Value {
    let options =
        spec.options.iter().map(|option| (option.name.to_owned(), told(option.help, takes(option.takes))));
    let each = json!({ "type": "object", "additionalProperties": false, "minProperties": 1, "properties": {
        "each_key": reference("single_rule"), "each_value": reference("single_rule") } });
    let rule = json!({ "anyOf": [reference("single_rule"), each] });
    json!({ "type": "object", "minProperties": 1, "properties": options.collect::<Map<_, _>>(), "additionalProperties": rule })
}

fn options(spec: &TechniqueSpec) -> Map<String, Value> {
    let mut options: Map<String, Value> = Map::new();
    for OptionSpec { name, takes, help } in spec.options {
        options.insert((*name).to_owned(), told(help, self::takes(*takes)));
    }
    options.insert("by".to_owned(), reference("by"));
    options.insert("type".to_owned(), told("The SQL type, where the schema says none", word()));
    options.insert(
        "locale".to_owned(),
        told("Language and country of the stand-ins", json!({ "enum": words::LOCALES })),
    );
    options.extend(sensitive());
    if is_keyed(spec) {
        let what = "The name under which stand-ins are keyed: the old `entity.attribute`, when it is renamed";
        options.insert("label".to_owned(), told(what, label()));
    }
    if spec.class == Class::Pseudonymisation {
        let why = "The reason why so few possible values may be pseudonymised";
        options.insert("small_domain".to_owned(), told(why, word()));
    }
    options
}

/// What the law says of a column: options of every rule.
fn sensitive() -> [(String, Value); 2] {
    let words: Vec<&str> = CATEGORIES.iter().map(|category| category.word()).collect();
    let category = "What the law protects more: `special` (GDPR 9), `criminal` (GDPR 10)";
    let accept = "The reason why what stays readable of a special category is accepted";
    [
        ("category".to_owned(), told(category, json!({ "enum": words }))),
        ("accept_risk".to_owned(), told(accept, word())),
    ]
}

fn takes(takes: Takes) -> Value {
    match takes {
        Takes::Nothing => json!({ "type": "null" }),
        Takes::OneOf(words) => json!({ "enum": words }),
        Takes::Text | Takes::Reason | Takes::Scalar => word(),
        Takes::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Takes::Boolean => json!({ "type": "boolean" }),
        Takes::Number => number(),
        Takes::Numbers => json!({ "type": "array", "items": number(), "minItems": 1 }),
        Takes::Amount => json!({ "anyOf": [
            { "type": "number", "exclusiveMinimum": 0 },
            { "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? *%?$" },
        ] }),
        Takes::Within(words) => {
            json!({ "anyOf": [{ "enum": words }, self::takes(Takes::Range), scalars()] })
        }
        Takes::Range => json!({ "type": "string", "pattern": "^.*[^.]\\.\\.[^.].*$" }),
        Takes::RangeOrList => json!({ "anyOf": [self::takes(Takes::Range), scalars()] }),
        Takes::Span => json!({ "type": "string", "pattern": "^[0-9]+ *[dw]$" }),
        Takes::Scalars => scalars(),
        Takes::Choice => {
            let often = json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000 });
            json!({ "anyOf": [scalars(), map_of(&often)] })
        }
        Takes::Entries => map_of(&word()),
        Takes::Inside(_) => reference("single_rule"),
        Takes::OrOptions(alone) => self::takes(*alone),
    }
}

/// A decimal number, quoted or not.
fn number() -> Value {
    json!({ "anyOf": [{ "type": "number" }, { "type": "string", "pattern": "^[-+]?[0-9]+(\\.[0-9]+)?$" }] })
}

/// Scalars, each once.
fn scalars() -> Value {
    let mut list = list_of(&word());
    if let Value::Object(map) = &mut list {
        map.insert("minItems".to_owned(), Value::from(1));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a place with the schema of each.
    type Words = (&'static [&'static str], fn(&str) -> Value);

    /// A word of the language without a schema of its own would be a word that an editor cannot explain.
    #[test]
    fn every_word_is_described() {
        let lists: [Words; 4] =
            [(words::TOP, top), (words::POLICY, policy), (words::ENTITY, entity), (words::TABLE, table)];
        for (words, schema) in lists {
            for word in words {
                let said = schema(word);
                assert!(
                    said.get("description").and_then(Value::as_str).is_some_and(|d| !d.is_empty()),
                    "{word}"
                );
            }
        }
        for word in words::OBJECTS {
            assert!(class(word).get("description").is_some_and(|d| d != ""), "{word}");
        }
        for (word, _) in ROLES {
            assert!(
                role(word).get("description").and_then(Value::as_str).is_some_and(|d| !d.is_empty()),
                "{word}"
            );
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let text = json_schema();
        let schema: Value = serde_json::from_str(&text).unwrap();
        for name in text.split("\"#/$defs/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(schema["$defs"].get(name).is_some(), "{name}");
        }
    }
}
