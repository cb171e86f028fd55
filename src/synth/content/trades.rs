//! What hospitals, schools and offices write down: measures within the bounds of nature, and short lists of a trade, told by the
//! words of a column's name. Invented, of no brand. Refuses nothing: what no word tells goes on to `plain`.

use super::goods::{Small, Words, says, words};
use super::{Generator, RowCx, Wanted};
use crate::row::shape::{ColumnFacts, TableFacts, TypeClass};
use crate::synth::seed::Draws;
use crate::synth::totals;

type Names = &'static [&'static str];

/// Words of a name, the least and the most in hundredths, and of how many draws the least counts.
const MEASURES: &[(Names, i64, i64, u32)] = &[
    (&["temperature", "temperatuur", "temperatur"], 3600, 3950, 2),
    (&["systolic", "systolisch", "systolique"], 10_500, 16_500, 1),
    (&["diastolic", "diastolisch", "diastolique"], 6_000, 9_500, 1),
    (&["hartslag", "heartrate", "heart", "puls", "pulse", "herzfrequenz"], 5_500, 11_000, 1),
    (&["saturatie", "saturation", "spo2"], 9_300, 10_000, 1),
    (&["verdieping", "floor", "etage", "stockwerk", "floors"], 0, 900, 2),
    (&["bedden", "beds", "betten"], 600, 3_600, 1),
    (&["capacity", "capaciteit", "kapazitaet"], 2_000, 80_000, 2),
    (&["herhalingen", "repeats", "refills", "wiederholungen"], 0, 500, 2),
    (&["credits", "studiepunten", "ects"], 100, 1_000, 2),
    (&["weekday", "dow", "dayofweek", "weekdag", "wochentag"], 100, 500, 1),
    (&["semester", "trimester", "quarter", "kwartaal", "quartal"], 100, 400, 1),
    (&["gpa"], 160, 400, 1),
    (&["grade", "cijfer", "mark"], 350, 1_000, 1),
    (&["probability", "wahrscheinlichkeit", "kans", "chance"], 500, 9_500, 1),
    (&["medewerkers", "employees", "mitarbeiter", "headcount"], 100, 25_000, 3),
    (&["omzet", "umsatz", "revenue", "turnover", "umsaetze"], 1_000_000, 250_000_000, 3),
    (&["menge", "quantity", "qty", "hoeveelheid", "anzahl"], 100, 1_200, 3),
    (&["rabatt", "discount", "korting"], 0, 2_500, 3),
    (&["uurtarief", "hourly", "stundensatz"], 4_500, 14_000, 1),
    (&["dauer", "duration", "minuten", "minutes"], 500, 12_000, 2),
    (&["hours", "uren", "stunden"], 100, 800, 1),
];

/// Words of a name; what stands there in English, Dutch and German.
type List = (Names, [Names; 3]);

/// What doctors are doctors of: in English, Dutch and German.
pub(super) const SPECIALTIES: [Names; 3] = [
    &[
        "Cardiology",
        "Neurology",
        "Paediatrics",
        "Surgery",
        "Geriatrics",
        "Orthopaedics",
        "Urology",
        "Radiology",
    ],
    &[
        "Cardiologie",
        "Neurologie",
        "Kindergeneeskunde",
        "Chirurgie",
        "Geriatrie",
        "Orthopedie",
        "Urologie",
        "Radiologie",
    ],
    &[
        "Kardiologie",
        "Neurologie",
        "Pädiatrie",
        "Chirurgie",
        "Geriatrie",
        "Orthopädie",
        "Urologie",
        "Radiologie",
    ],
];

const LISTS: &[List] = &[
    (&["bloedgroep", "blood", "blutgruppe"], [&["O+", "A+", "O+", "A+", "B+", "O-", "A-", "AB+"]; 3]),
    (
        &["icd", "icd10", "diagnosecode"],
        [&["I10", "J18.9", "E11.9", "S72.0", "K35.8", "M54.5", "N39.0", "I48"]; 3],
    ),
    (
        &["medicijn", "medication", "drug", "medicine", "medikament", "wirkstoff", "geneesmiddel"],
        [
            &[
                "paracetamol",
                "ibuprofen",
                "amoxicillin",
                "metformin",
                "omeprazole",
                "simvastatin",
                "salbutamol",
            ],
            &[
                "paracetamol",
                "ibuprofen",
                "amoxicilline",
                "metformine",
                "omeprazol",
                "simvastatine",
                "salbutamol",
            ],
            &[
                "Paracetamol",
                "Ibuprofen",
                "Amoxicillin",
                "Metformin",
                "Omeprazol",
                "Simvastatin",
                "Salbutamol",
            ],
        ],
    ),
    (
        &["dosering", "dosage", "dose", "dosierung", "dosis"],
        [&["500 mg", "250 mg", "20 mg", "10 ml", "5 mg", "850 mg"]; 3],
    ),
    (
        &["frequentie", "frequency", "haeufigkeit", "einnahme"],
        [
            &["once a day", "twice a day", "three times a day", "when needed"],
            &["1x per dag", "2x per dag", "3x per dag", "zo nodig"],
            &["1x täglich", "2x täglich", "3x täglich", "bei Bedarf"],
        ],
    ),
    (
        &["allergie", "allergieen", "allergies", "allergy", "allergien"],
        [
            &["none known", "none known", "penicillin", "nuts", "pollen", "latex"],
            &["geen bekend", "geen bekend", "penicilline", "noten", "pollen", "latex"],
            &["keine bekannt", "keine bekannt", "Penicillin", "Nüsse", "Pollen", "Latex"],
        ],
    ),
    (&["specialism", "specialisme", "specialty", "fachrichtung", "fachgebiet"], SPECIALTIES),
    (
        &["weekday", "weekdag", "wochentag"],
        [
            &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
            &["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"],
            &["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"],
        ],
    ),
    (
        &["room", "lokaal", "kamer", "raum", "zimmer"],
        [&["1.04", "1.12", "2.07", "2.15", "0.21", "3.02", "B1", "B2"]; 3],
    ),
    (&["extension", "durchwahl", "toestel", "doorkies"], [&["12", "14", "21", "27", "103", "118", "204"]; 3]),
    (&["bed", "bett"], [&["1A", "1B", "2A", "2B", "3A", "3B", "4A"]; 3]),
    (
        &["nationality", "nationaliteit", "staatsangehoerigkeit", "nationalitaet"],
        [
            &["Dutch", "Dutch", "German", "Belgian", "Polish", "Turkish", "Syrian"],
            &["Nederlandse", "Nederlandse", "Duitse", "Belgische", "Poolse", "Turkse", "Syrische"],
            &["deutsch", "deutsch", "polnisch", "türkisch", "niederländisch", "syrisch"],
        ],
    ),
    (
        &["tongue", "moedertaal", "muttersprache", "thuistaal"],
        [
            &["English", "Dutch", "German", "Polish", "Turkish", "Arabic"],
            &["Nederlands", "Nederlands", "Pools", "Turks", "Arabisch", "Duits"],
            &["Deutsch", "Deutsch", "Polnisch", "Türkisch", "Arabisch"],
        ],
    ),
    (
        &["schooljaar", "schuljahr", "year", "season", "seizoen"],
        [&["2023/2024", "2024/2025", "2025/2026"]; 3],
    ),
    (
        &["tablename", "tabel", "tabelle", "entity", "relname"],
        [&["customers", "orders", "invoices", "products", "users", "payments"]; 3],
    ),
    (
        &["branche", "industry", "sector", "sektor"],
        [
            &["Construction", "Retail", "Transport", "Health care", "IT services", "Hospitality"],
            &["Bouw", "Detailhandel", "Transport", "Zorg", "ICT", "Horeca"],
            &["Bau", "Einzelhandel", "Logistik", "Gesundheit", "IT", "Gastronomie"],
        ],
    ),
    (
        &["betreff", "onderwerp", "subject"],
        [
            &[
                "Maintenance contract",
                "New heating",
                "Delivery in spring",
                "Extra licences",
                "Question on an invoice",
            ],
            &[
                "Onderhoudscontract",
                "Nieuwe verwarming",
                "Levering in het voorjaar",
                "Extra licenties",
                "Vraag over factuur",
            ],
            &[
                "Wartungsvertrag",
                "Neue Heizung",
                "Lieferung im Frühjahr",
                "Weitere Lizenzen",
                "Frage zur Rechnung",
            ],
        ],
    ),
    (
        &["prioritaet", "priorität", "urgentie", "dringlichkeit"],
        [
            &["normal", "normal", "low", "high"],
            &["normaal", "normaal", "laag", "hoog"],
            &["normal", "normal", "niedrig", "hoch"],
        ],
    ),
    (
        &["bio", "biography", "biografie", "about"],
        [
            &["Has worked here for years.", "Likes to explain things twice.", "Plays in a band at weekends."],
            &[
                "Werkt hier al jaren.",
                "Legt graag alles twee keer uit.",
                "Speelt in het weekend in een band.",
            ],
            &[
                "Arbeitet seit Jahren hier.",
                "Erklärt gern alles zweimal.",
                "Spielt am Wochenende in einer Band.",
            ],
        ],
    ),
];

/// Lists by words of a table, then of the column.
const OF_TABLES: &[(Names, Names, [Names; 3])] = &[
    (
        &["absence", "verzuim", "fehlzeit"],
        &["reason", "reden", "grund"],
        [
            &["ill", "ill", "dentist", "family", "bus was late"],
            &["ziek", "ziek", "tandarts", "familie", "bus te laat"],
            &["krank", "krank", "Zahnarzt", "Familie", "Bus verspätet"],
        ],
    ),
    (
        &[
            "opname",
            "opnames",
            "admission",
            "aufnahme",
            "visit",
            "consult",
            "appointment",
            "afspraak",
            "termin",
        ],
        &["reason", "reden", "grund", "complaint", "klacht"],
        [
            &["Pain in the chest", "Fall at home", "Planned operation", "Fever", "Short of breath"],
            &["Pijn op de borst", "Val thuis", "Geplande operatie", "Koorts", "Benauwd"],
            &["Brustschmerzen", "Sturz zu Hause", "Geplante Operation", "Fieber", "Atemnot"],
        ],
    ),
    (
        &["diagnose", "diagnoses", "diagnosis", "diagnosen"],
        &["description", "omschrijving", "beschreibung", "name", "naam"],
        [
            &[
                "Pneumonia",
                "High blood pressure",
                "Broken hip",
                "Appendicitis",
                "Low back pain",
                "Diabetes type 2",
            ],
            &[
                "Longontsteking",
                "Hoge bloeddruk",
                "Gebroken heup",
                "Blindedarmontsteking",
                "Lage rugpijn",
                "Diabetes type 2",
            ],
            &[
                "Lungenentzündung",
                "Bluthochdruck",
                "Hüftfraktur",
                "Blinddarmentzündung",
                "Rückenschmerzen",
                "Diabetes Typ 2",
            ],
        ],
    ),
    (
        &["meting", "metingen", "measurement", "messung", "vitals"],
        &["soort", "kind", "type", "art"],
        [
            &["temperature", "pulse", "blood pressure", "weight"],
            &["temperatuur", "hartslag", "bloeddruk", "gewicht"],
            &["Temperatur", "Puls", "Blutdruck", "Gewicht"],
        ],
    ),
    (
        &["meting", "metingen", "measurement", "messung"],
        &["unit", "eenheid", "einheit"],
        [&["C", "bpm", "mmHg", "kg"]; 3],
    ),
    (
        &["invoice", "factuur", "facturen", "rechnung", "facture", "bill"],
        &["status", "state"],
        [
            &["open", "paid", "paid", "paid", "overdue"],
            &["open", "betaald", "betaald", "betaald", "vervallen"],
            &["offen", "bezahlt", "bezahlt", "bezahlt", "mahnung"],
        ],
    ),
    (
        &["offerte", "offertes", "angebot", "angebote", "quote", "quotation", "deal", "opportunity"],
        &["status", "fase", "stage", "state", "phase"],
        [
            &["draft", "sent", "sent", "won", "lost"],
            &["concept", "verstuurd", "verstuurd", "gewonnen", "verloren"],
            &["Entwurf", "versendet", "versendet", "gewonnen", "verloren"],
        ],
    ),
    (
        &["class", "classes", "klas", "klassen", "klasse"],
        &["name", "naam", "bezeichnung"],
        [&["1A", "1B", "2A", "2B", "3A", "3B", "4A", "4B", "5A", "6A"]; 3],
    ),
    (
        &["class", "classes", "klas", "klassen", "klasse"],
        &["grade", "leerjaar", "stufe"],
        [&["1", "2", "3", "4", "5", "6"]; 3],
    ),
    (
        &["school", "schools", "scholen", "schulen"],
        &["name", "naam"],
        [
            &[
                "Northgate School",
                "Riverside College",
                "Oak Hill School",
                "St Anne's School",
                "Lakeside Academy",
            ],
            &["De Wegwijzer", "Het Kompas", "De Regenboog", "De Vlinder", "Het Palet"],
            &["Grundschule am See", "Gymnasium Nord", "Realschule West", "Gesamtschule Mitte"],
        ],
    ),
    (
        &["ward", "wards", "afdeling", "afdelingen", "station", "stationen", "abteilung"],
        &["specialism", "specialisme", "fachrichtung"],
        SPECIALTIES,
    ),
];

fn language(locale: &str) -> usize {
    match locale.get(..2) {
        Some("nl") => 1,
        Some("de") => 2,
        _ => 0,
    }
}

/// Returns the list of a column; `None` where no word tells of one.
fn list(wanted: &Wanted<'_>) -> Option<Names> {
    let (own, table) = (words(&wanted.column.name), words(&wanted.table.name.table));
    let is = |word: &str, known: &str| {
        word.strip_prefix(known).is_some_and(|rest| matches!(rest, "" | "s" | "es" | "n" | "en"))
    };
    let exactly =
        |words: &[String], list: Names| words.iter().any(|word| list.iter().any(|known| is(word, known)));
    let of_table =
        OF_TABLES.iter().find(|(tables, columns, _)| exactly(&table, tables) && exactly(&own, columns));
    let joined = [own.concat()];
    let lists = of_table.map(|(_, _, lists)| lists).or_else(|| {
        let found = LISTS.iter().find(|(names, _)| exactly(&own, names) || exactly(&joined, names));
        found.map(|(_, lists)| lists)
    });
    lists?.get(language(wanted.locale)).copied()
}

/// Says whether a table is one of things that have names as people have, but are none: its `name` is in a list.
pub(in crate::synth) fn names_things(table: &TableFacts, column: &ColumnFacts) -> bool {
    const THINGS: Names =
        &["school", "schools", "scholen", "schulen", "class", "classes", "klas", "klassen", "klasse"];
    let table = words(&table.name.table);
    let own = words(&column.name);
    own.len() == 1
        && says(&own, &["name", "naam"])
        && table.iter().any(|word| THINGS.contains(&word.as_str()))
}

/// Makes the generator of texts of a trade; `None` where no word tells of one, or it does not fit.
pub(super) fn text(wanted: &Wanted<'_>) -> Option<Box<dyn Generator>> {
    let most = usize::try_from(wanted.column.ty.class.max_chars().unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    let list = list(wanted).filter(|list| list.iter().all(|word| word.chars().count() <= most))?;
    Some(Box::new(Words { list, most }))
}

/// Makes the generator of measures; `None` where no word tells of one.
pub(super) fn number(wanted: &Wanted<'_>, scale: u32) -> Option<Box<dyn Generator>> {
    let own = words(&wanted.column.name);
    if scale == 0
        && let Some(list) = list(wanted)
        && list.iter().all(|word| word.parse::<i64>().is_ok())
    {
        return Some(Box::new(Words { list, most: usize::MAX }));
    }
    if let Some(rates) = rates(&own, wanted.locale, scale) {
        let free = wanted.domain.is_free();
        return free.then(|| -> Box<dyn Generator> { Box::new(Rates { rates, scale }) });
    }
    let tall = says(&own, &["height", "lengte", "groesse"]) && own.iter().any(|word| word == "cm");
    let people = wanted.meanings.contains(&Some("birth_date"));
    let heavy = says(&own, &["weight", "gewicht"]) && people;
    let joined = own.concat();
    let of_name = |(names, ..): &&(Names, i64, i64, u32)| {
        own.iter().chain([&joined]).any(|word| names.contains(&word.as_str()))
    };
    let marks = says(&words(&wanted.table.name.table), &["grade", "cijfer", "exam", "toets", "noten"]);
    let weighed = says(&own, &["weight", "weging", "weegfactor", "gewicht"]) && scale == 0 && marks;
    let (least, most, draws) = match () {
        () if tall => (15_000, 19_800, 1),
        () if heavy => (4_800, 10_500, 1),
        () if weighed => (100, 300, 1),
        () => MEASURES.iter().find(of_name).map(|(_, least, most, draws)| (*least, *most, *draws))?,
    };
    if scale == 0 {
        let (least, most) = wanted.whole_bounds(least / 100, most / 100)?;
        return Some(Box::new(Small { least, most, draws }));
    }
    let unit = 10_i128.checked_pow(scale)?;
    let (least, most) = (i128::from(least) * unit / 100, i128::from(most) * unit / 100);
    let (least, most) = wanted.decimal_bounds(least, most, scale)?;
    // Measures have one digit behind the point, quantities of goods none.
    let whole = says(
        &own,
        &["menge", "quantity", "qty", "hoeveelheid", "anzahl", "omzet", "umsatz", "revenue", "turnover"],
    );
    let step = if whole { unit } else { unit / 10 };
    Some(Box::new(Measure { least, most, scale, step: step.max(1), draws }))
}

/// Returns the rates of a tax, in hundredths.
fn rates(own: &[String], locale: &str, scale: u32) -> Option<Names> {
    let tax = own.iter().any(|word| ["vat", "btw", "mwst", "ust", "tva"].contains(&word.as_str()));
    let rate = says(own, &["rate", "percent", "percentage", "satz", "prozent", "procent", "tarief", "taux"]);
    let rates: Names = match locale.get(3..) {
        Some("NL") => &["21", "21", "21", "9", "0"],
        Some("BE") => &["21", "21", "6", "12"],
        Some("DE") => &["19", "19", "19", "7"],
        Some("FR") => &["20", "20", "10", "5"],
        _ => &["20", "20", "5", "0"],
    };
    (tax && rate && scale <= 4).then_some(rates)
}

struct Rates {
    rates: Names,
    scale: u32,
}

impl Generator for Rates {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let at = usize::try_from(draws.below(u64::try_from(self.rates.len()).unwrap_or(1))).unwrap_or(0);
        out.extend_from_slice(self.rates.get(at).copied().unwrap_or("0").as_bytes());
        if self.scale > 0 {
            out.push(b'.');
            out.extend((0..self.scale).map(|_| b'0'));
        }
        true
    }
}

/// Decimals of a range, in steps.
struct Measure {
    least: i128,
    most: i128,
    scale: u32,
    step: i128,
    draws: u32,
}

impl Generator for Measure {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let steps = u64::try_from((self.most - self.least) / self.step).unwrap_or(0);
        let drawn = (0..self.draws).map(|_| draws.below(steps.saturating_add(1))).min().unwrap_or(0);
        totals::write(self.least + i128::from(drawn) * self.step, self.scale, out);
        true
    }
}

/// A picture of one grey point, as PNG.
const PICTURE: &str = "\\x89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55\
    0000000a4944415478da6368000000820081da45083b0000000049454e44ae426082";

/// Pictures.
pub(super) struct Picture;

impl Picture {
    /// Says whether a column holds them.
    pub(super) fn is_of(wanted: &Wanted<'_>) -> bool {
        let own = words(&wanted.column.name);
        let room = wanted.column.ty.text.split_once('(').is_none();
        let names: Names =
            &["photo", "foto", "picture", "image", "avatar", "bild", "logo", "thumbnail", "pasfoto"];
        wanted.column.ty.class == TypeClass::Bytes
            && room
            && own.iter().any(|word| names.contains(&word.as_str()))
    }
}

impl Generator for Picture {
    fn make(&self, _: &RowCx<'_>, _: &mut Draws, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(PICTURE.as_bytes());
        true
    }
}
