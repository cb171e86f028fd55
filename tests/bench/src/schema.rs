//! A wide schema without rows, as `pg_dump --schema-only` prints it: as many tables and columns as asked for, with the
//! names of webshops, customer records and staff files in English and Dutch, with keys. Nobody's schema.

use std::fmt::Write;

use crate::rng::Rng;

/// What stands before the names of tables.
const MODULES: &[&str] = &[
    "", "crm", "hr", "shop", "fin", "inkoop", "verkoop", "magazijn", "helpdesk", "portal", "planning",
    "archief", "web", "app", "dossier",
];

/// A kind of table: its names, the columns that it begins with, the tables that it points to.
struct Kind {
    names: &'static [&'static str],
    columns: &'static [(&'static str, &'static str)],
}

/// Tables of people first: all others may point to them.
const KINDS: &[Kind] = &[
    Kind {
        names: &["customer", "klant", "account_holder", "relatie"],
        columns: &[
            ("first_name", "character varying(80)"),
            ("tussenvoegsel", "character varying(20)"),
            ("last_name", "character varying(80) NOT NULL"),
            ("email", "character varying(254) NOT NULL"),
            ("phone", "character varying(20)"),
            ("birth_date", "date"),
            ("street", "character varying(120)"),
            ("house_number", "character varying(10)"),
            ("postcode", "character varying(10)"),
            ("city", "character varying(80)"),
            ("iban", "character varying(34)"),
            ("newsletter", "boolean DEFAULT false NOT NULL"),
            ("password_hash", "character varying(100)"),
        ],
    },
    Kind {
        names: &["employee", "medewerker", "sollicitant", "contractor"],
        columns: &[
            ("personeelsnummer", "integer NOT NULL"),
            ("voornaam", "character varying(60) NOT NULL"),
            ("achternaam", "character varying(60) NOT NULL"),
            ("geboortedatum", "date"),
            ("bsn", "character(9)"),
            ("geslacht", "character(1)"),
            ("mobiel", "character varying(20)"),
            ("prive_email", "text"),
            ("salaris", "numeric(10,2)"),
            ("nationaliteit", "character varying(2)"),
            ("in_dienst", "date"),
            ("fte", "real"),
        ],
    },
    Kind {
        names: &["order", "bestelling", "offerte", "factuur", "invoice", "subscription"],
        columns: &[
            ("order_number", "character varying(20) NOT NULL"),
            ("status", "character varying(12) DEFAULT 'new'::character varying NOT NULL"),
            ("subtotal", "numeric(12,2) NOT NULL"),
            ("btw_bedrag", "numeric(12,2)"),
            ("currency", "character(3) NOT NULL"),
            ("ship_name", "character varying(120)"),
            ("ship_street", "text"),
            ("ship_postcode", "character varying(10)"),
            ("ship_city", "character varying(80)"),
            ("ip_address", "inet"),
            ("opmerking", "text"),
            ("placed_at", "timestamp with time zone DEFAULT now() NOT NULL"),
        ],
    },
    Kind {
        names: &["product", "artikel", "voorraad", "catalog_item"],
        columns: &[
            ("sku", "character varying(40) NOT NULL"),
            ("title", "character varying(200)"),
            ("omschrijving", "text"),
            ("price", "numeric(10,2)"),
            ("gewicht_gram", "integer"),
            ("ean", "character(13)"),
            ("active", "boolean"),
            ("attributes", "jsonb"),
        ],
    },
    Kind {
        names: &["ticket", "melding", "contactmoment", "afspraak", "note"],
        columns: &[
            ("onderwerp", "character varying(200)"),
            ("body", "text NOT NULL"),
            ("contact_email", "character varying(254)"),
            ("contact_naam", "character varying(120)"),
            ("telefoon", "character varying(20)"),
            ("priority", "smallint DEFAULT 3 NOT NULL"),
            ("resolved_at", "timestamp without time zone"),
            ("payload", "jsonb"),
        ],
    },
    Kind {
        names: &["login_log", "audit", "session", "event", "import_regel"],
        columns: &[
            ("username", "character varying(60)"),
            ("ip", "inet"),
            ("user_agent", "text"),
            ("token", "uuid NOT NULL"),
            ("succeeded", "boolean NOT NULL"),
            ("duration_ms", "bigint"),
            ("gebeurtenis", "character varying(40)"),
        ],
    },
    Kind {
        names: &["status_type", "land", "instelling", "category", "tarief"],
        columns: &[
            ("code", "character varying(10) NOT NULL"),
            ("label", "character varying(80)"),
            ("volgorde", "integer"),
            ("valid_from", "date"),
            ("rate", "numeric(6,4)"),
        ],
    },
];

/// What fills a table up to its number of columns; a number follows where the words are over.
const MORE: &[(&str, &str)] = &[
    ("created_at", "timestamp with time zone DEFAULT now() NOT NULL"),
    ("updated_at", "timestamp with time zone"),
    ("aangemaakt_door", "character varying(60)"),
    ("is_deleted", "boolean DEFAULT false NOT NULL"),
    ("version", "integer DEFAULT 0 NOT NULL"),
    ("external_ref", "character varying(64)"),
    ("bron", "character varying(20)"),
    ("remarks", "text"),
    ("aantal", "integer"),
    ("bedrag", "numeric(12,2)"),
    ("percentage", "double precision"),
    ("kenmerk", "character varying(40)"),
    ("start_datum", "date"),
    ("eind_datum", "date"),
    ("contactpersoon", "character varying(120)"),
    ("vestiging", "character varying(60)"),
    ("afdeling", "character varying(60)"),
    ("score", "smallint"),
    ("metadata", "jsonb"),
    ("document", "bytea"),
    ("website", "character varying(200)"),
    ("kleur", "character varying(20)"),
    ("taal", "character(2)"),
    ("region", "character varying(40)"),
    ("guid", "uuid"),
    ("looptijd", "interval"),
    ("tags", "text[]"),
    ("betaalwijze", "character varying(20)"),
    ("discount", "numeric(5,2)"),
    ("volgnummer", "bigint"),
];

/// Returns the schema.
pub fn write(tables: usize, columns: usize, seed: u64) -> String {
    let mut text = String::from(
        "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 15.18\n-- Dumped by pg_dump version 15.18\n\n\
         SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\
         SELECT pg_catalog.set_config('search_path', '', false);\n\n",
    );
    let mut names: Vec<String> = Vec::new();
    let mut keys = String::new();
    for number in 0..tables {
        let mut rng = Rng::of(seed, 20, u64::try_from(number).unwrap_or(0));
        let kind = &KINDS[number % KINDS.len()];
        let module = MODULES[number / KINDS.len() % MODULES.len()];
        let name = kind.names[number / KINDS.len() / MODULES.len() % kind.names.len()];
        let round = number / KINDS.len() / MODULES.len() / kind.names.len();
        let mut table = if module.is_empty() { name.to_owned() } else { format!("{module}_{name}") };
        if round > 0 || names.contains(&table) {
            let _ = write!(table, "_{}", round + 1);
        }
        while names.contains(&table) {
            table.push('x');
        }
        one(&table, kind, columns, &names, &mut rng, &mut text, &mut keys);
        names.push(table);
    }
    text.push_str(&keys);
    text.push_str("--\n-- PostgreSQL database dump complete\n--\n\n");
    text
}

/// Adds one table, its sequence and its keys; the keys stand behind all tables, as pg_dump has them.
fn one(
    table: &str,
    kind: &Kind,
    count: usize,
    others: &[String],
    rng: &mut Rng,
    text: &mut String,
    keys: &mut String,
) {
    let mut columns: Vec<(String, &str)> = vec![("id".to_owned(), "integer NOT NULL")];
    let mut foreign: Vec<(String, String)> = Vec::new();
    for _ in 0..3 {
        // Tables of people are every seventh: an order points to its customer.
        let near = others.len().saturating_sub(1 + usize::try_from(rng.below(60)).unwrap_or(0));
        let Some(other) = others.get(if rng.chance(50) { near / KINDS.len() * KINDS.len() } else { near })
        else {
            continue;
        };
        let name = format!("{other}_id");
        if columns.iter().all(|(known, _)| *known != name) {
            foreign.push((name.clone(), other.clone()));
            columns.push((name, "integer"));
        }
    }
    let more = MORE.iter().cycle().skip(usize::try_from(rng.below(8)).unwrap_or(0)).enumerate();
    let own = kind.columns.iter().map(|column| (0, column));
    for (at, (name, ty)) in own.chain(more) {
        if columns.len() >= count {
            break;
        }
        let again = columns.iter().any(|(known, _)| known == name);
        let name = if again { format!("{name}_{at}") } else { (*name).to_owned() };
        columns.push((name, ty));
    }
    let _ = write!(
        text,
        "--\n-- Name: {table}; Type: TABLE; Schema: public; Owner: postgres\n--\n\nCREATE TABLE public.{table} (\n"
    );
    let lines: Vec<String> = columns.iter().map(|(name, ty)| format!("    {name} {ty}")).collect();
    let _ = write!(text, "{}\n);\n\n\nALTER TABLE public.{table} OWNER TO postgres;\n\n", lines.join(",\n"));
    let _ = write!(
        text,
        "CREATE SEQUENCE public.{table}_id_seq\n    AS integer\n    START WITH 1\n    INCREMENT BY 1\n    NO MINVALUE\n    NO MAXVALUE\n    \
         CACHE 1;\n\n\nALTER SEQUENCE public.{table}_id_seq OWNED BY public.{table}.id;\n\n\n\
         ALTER TABLE ONLY public.{table} ALTER COLUMN id SET DEFAULT nextval('public.{table}_id_seq'::regclass);\n\n\n"
    );
    let _ = write!(
        keys,
        "ALTER TABLE ONLY public.{table}\n    ADD CONSTRAINT {table}_pkey PRIMARY KEY (id);\n\n\n"
    );
    if let Some((name, _)) = kind.columns.first().filter(|(_, ty)| ty.ends_with("NOT NULL")) {
        let _ = write!(
            keys,
            "ALTER TABLE ONLY public.{table}\n    ADD CONSTRAINT {table}_{name}_key UNIQUE ({name});\n\n\n"
        );
    }
    for (name, other) in foreign {
        let _ = write!(
            keys,
            "ALTER TABLE ONLY public.{table}\n    ADD CONSTRAINT {table}_{name}_fkey FOREIGN KEY ({name}) REFERENCES public.{other}(id);\n\n\n"
        );
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_many_tables_and_columns_as_asked_for() {
        let text = super::write(300, 30, 1);
        assert_eq!(text.matches("CREATE TABLE ").count(), 300);
        assert_eq!(text, super::write(300, 30, 1));
        for table in text.split("CREATE TABLE ").skip(1) {
            let body = table.split("\n);").next().unwrap_or_default();
            assert_eq!(body.lines().count(), 31, "{body}");
        }
    }
}
