//! Every country pack against an invented dump in its country's style: fixtures/countries/NAME/{dump.sql, profile.yaml,
//! canaries.txt}. The profile extends the pack and says only its own keys and states; `check` finds no error, no planted
//! value is in the output in any form, a private server loads it, and one person has one stand-in in both of its tables,
//! whatever the columns are called and whether a number is text or a number.
//!
//! Refuses a pack without a fixture, and a fixture without a pack. What a pack does not know stays undecided.

use std::collections::BTreeSet;
use std::path::PathBuf;

use standin::profile::packs::PACKS;

use crate::canaries::{forms, occurs};
use crate::support::run::{Ran, run, standin};
use crate::support::shop::{file, folder, key, mask};
use crate::support::{repository, server};

/// A country: its pack, and what must hold of each of the two persons in the loaded result.
struct Country {
    pack: &'static str,
    /// The two tables, joined.
    rows: &'static str,
    /// What agrees in every joined row.
    agrees: &'static [&'static str],
}

const COUNTRIES: &[Country] = &[
    Country {
        pack: "nl",
        rows: "klanten a JOIN leerlingen b ON b.klant_id = a.id",
        agrees: &[
            "a.bsn = lpad(b.burgerservicenummer::text, 9, '0')",
            "a.email = lower(b.e_mailadres)",
            "a.iban = replace(b.bankrekeningnummer, ' ', '')",
            "right(regexp_replace(a.mobiel, '\\D', '', 'g'), 8) = right(regexp_replace(b.gsm_nummer, '\\D', '', 'g'), 8)",
            "regexp_replace(a.mobiel, '\\D', '', 'g') ~ '^(0|31)69'",
        ],
    },
    Country {
        pack: "be",
        rows: "patienten a JOIN factures b ON b.patient_id = a.id",
        agrees: &[
            "regexp_replace(a.rijksregisternummer, '\\D', '', 'g') = lpad(b.numero_niss::text, 11, '0')",
            "a.voornaam = b.prenom AND a.familienaam = b.nom_de_famille",
            "a.email = lower(b.courriel)",
            "replace(a.rekeningnummer, ' ', '') = b.iban",
            "right(regexp_replace(a.gsm, '\\D', '', 'g'), 9) = right(b.numero_portable, 9)",
            "a.plaats = b.ville",
            "right(b.numero_tva, 10) = replace(b.numero_bce, '.', '')",
        ],
    },
    Country {
        pack: "de",
        rows: "kunden a JOIN versicherte b ON b.kunde_id = a.id",
        agrees: &[
            "replace(a.steuer_id, ' ', '') = lpad(b.steueridentifikationsnummer::text, 11, '0')",
            "a.nachname = b.familienname",
            "a.email = lower(b.e_mail_adresse)",
            "replace(a.iban, ' ', '') = b.iban AND b.iban LIKE 'DE__00000000%'",
            "right(regexp_replace(a.handy, '\\D', '', 'g'), 10) = right(b.mobilnummer, 10)",
        ],
    },
    Country {
        pack: "fr",
        rows: "clients a JOIN etudiants b ON b.client_id = a.id",
        agrees: &[
            "replace(a.numero_securite_sociale, ' ', '') = b.nir",
            "a.nom_de_famille = b.nom_famille",
            "a.courriel = lower(b.adresse_email)",
            "replace(a.iban, ' ', '') = b.iban AND b.iban LIKE 'FR%'",
        ],
    },
    Country {
        pack: "uk",
        rows: "patients a JOIN employees b ON b.patient_id = a.id",
        agrees: &[
            "replace(a.nhs_number, ' ', '') = lpad(b.nhsnumber::text, 10, '0')",
            "replace(a.ni_number, ' ', '') = replace(b.national_insurance_no, ' ', '')",
            "a.surname = b.family_name",
            "a.email = lower(b.email_address)",
            "regexp_replace(a.mobile, '\\D', '', 'g') LIKE '%7700900%'",
        ],
    },
    Country {
        pack: "us",
        rows: "customers a JOIN patients b ON b.customer_id = a.id",
        agrees: &[
            "replace(a.ssn, '-', '') = lpad(b.social_security_number::text, 9, '0')",
            "a.last_name = b.surname",
            "a.email = lower(b.email_address)",
            "a.zip_code = b.zip",
        ],
    },
];

impl Country {
    fn path(&self, name: &str) -> PathBuf {
        repository("fixtures/countries").join(self.pack).join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{}/{name}: {e}", self.pack))
    }

    fn masked(&self, args: &[&str]) -> Ran {
        let dump = self.path("dump.sql");
        let args = [&[dump.to_str().expect("plain path")], args].concat();
        let ran = mask(&self.path("profile.yaml"), &args, b"");
        assert_eq!(ran.code(), 0, "{}: {}", self.pack, ran.stderr);
        ran
    }
}

/// Runs what is asked of every country, each in a thread of its own.
fn each(what: fn(&Country)) {
    std::thread::scope(|scope| {
        for country in COUNTRIES {
            scope.spawn(move || what(country));
        }
    });
}

#[test]
fn every_country_pack_has_a_fixture_and_every_fixture_a_pack() {
    let packs: BTreeSet<String> =
        PACKS.iter().filter(|pack| pack.system.is_none()).map(|pack| pack.name.to_owned()).collect();
    let folders = std::fs::read_dir(repository("fixtures/countries")).expect("fixtures of countries");
    let fixtures: BTreeSet<String> =
        folders.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    let tried: BTreeSet<String> = COUNTRIES.iter().map(|country| country.pack.to_owned()).collect();
    assert_eq!((&packs, &packs), (&fixtures, &tried));
}

#[test]
fn check_finds_no_error() {
    each(|country| {
        let mut command = standin();
        command.arg("check").arg("-p").arg(country.path("profile.yaml")).arg("--key-file").arg(key());
        let ran = run(command.arg(country.path("dump.sql")), b"");
        assert_eq!(ran.code(), 0, "{}: {}{}", country.pack, ran.text(), ran.stderr);
    });
}

#[test]
fn no_planted_value_is_in_the_result_in_any_form() {
    each(|country| {
        let summary = folder().join(format!("country-{}.json", country.pack));
        let ran = country.masked(&["--summary", summary.to_str().expect("plain path")]);
        let summary = std::fs::read(&summary).expect("a summary");
        let input = country.text("dump.sql");
        for (number, canary) in country.text("canaries.txt").lines().enumerate() {
            let line = number + 1;
            assert!(input.contains(canary), "{}: canary {line} is not there", country.pack);
            for (place, bytes) in [
                ("output", &ran.stdout[..]),
                ("standard error", ran.stderr.as_bytes()),
                ("summary", &summary),
            ] {
                let text = String::from_utf8_lossy(bytes).to_lowercase();
                for (form, value) in forms(canary).iter().enumerate() {
                    assert!(!occurs(&text, value), "{}, {place}: canary {line}, form {form}", country.pack);
                }
            }
        }
    });
}

#[test]
fn one_person_is_one_in_both_tables_of_the_loaded_result() {
    let Some(server) = server::server() else { return };
    for country in COUNTRIES {
        let database = server.database();
        database.psql(&["-v", "ON_ERROR_STOP=1"], &country.masked(&[]).stdout).ok();
        let count =
            |what: &str| database.number(&format!("SELECT count(*) FROM {} WHERE {what}", country.rows));
        assert_eq!(count("true"), 2, "{}", country.pack);
        for what in country.agrees {
            assert_eq!(count(what), 2, "{}: {what}", country.pack);
        }
    }
}

/// Checks a table of text columns under a profile that extends packs, and returns what is wrong, a line each.
fn errors(name: &str, profile: &str, columns: &[&str]) -> Vec<String> {
    let body: Vec<String> = columns.iter().map(|column| format!("    {column} text")).collect();
    let dump = format!(
        "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\n\
         CREATE TABLE public.things (\n{}\n);\n\n--\n-- PostgreSQL database dump complete\n--\n\n",
        body.join(",\n")
    );
    let dump = file(&format!("things-{name}.sql"), dump.as_bytes());
    let profile = format!("version: 1\npolicy: {{domain: training}}\n{profile}");
    let profile = file(&format!("things-{name}.yaml"), profile.as_bytes());
    let mut command = standin();
    command.arg("check").arg("-p").arg(&profile).arg("--key-file").arg(key()).arg(&dump);
    let ran = run(&mut command, b"");
    assert_eq!(ran.code(), 1, "{name}: {}", ran.stderr);
    assert_eq!(mask(&profile, &[dump.to_str().expect("plain path")], b"").code(), 3, "{name}");
    ran.stderr.lines().filter_map(|line| line.strip_prefix("error: ")).map(str::to_owned).collect()
}

/// Returns the column of an error that no rule decides it.
fn undecided(error: &str) -> &str {
    assert!(error.starts_with("no rule says"), "{error}");
    error.split("column `").nth(1).and_then(|rest| rest.split('`').next()).expect("a column")
}

/// What is no person by its name alone, or may be of a thing, is left to who knows the data.
#[test]
fn what_a_pack_does_not_know_stays_undecided() {
    const THINGS: &str = "id name naam nom bezeichnung product_name file_name table_name domain_name company title \
         description number nummer numero status state code price kennzeichen portable address reference \
         customer_id student_id valid_until phone_verified email_verified mailing mobile_app_version \
         city_id street_type passport_required gender language shiban tokens";
    let things: Vec<&str> = THINGS.split(' ').collect();
    for Country { pack, .. } in COUNTRIES {
        let found = errors(pack, &format!("extends: [{pack}]\n"), &[&things[..], &["email"]].concat());
        let found: Vec<&str> = found.iter().map(|error| undecided(error)).collect();
        assert_eq!(found, things, "{pack}");
    }
}

/// Two packs in one profile: each knows its own names, and what both know differently the profile must say.
#[test]
fn packs_of_two_countries_stand_in_one_profile() {
    let columns = ["rijksregisternummer", "steuer_id", "email", "name"];
    let both = "locale: nl_BE\nextends: [be, de]\n";
    let found = errors("both", both, &columns);
    assert!(
        found.len() == 2 && found[0].contains("of equal rank") && found[0].contains("`email`"),
        "{found:?}"
    );
    let own = format!("{both}tables: {{\"*\": {{columns: {{email: be.email}}}}}}\n");
    let found = errors("own", &own, &columns);
    assert!(found.len() == 1 && undecided(&found[0]) == "name", "{found:?}");
}
