//! Sentences that people write in shops, of nobody and of no brand; invented. One list a subject, in English and Dutch: other
//! locales have English. Refuses to tell anything of a row.

use super::goods::says;

/// What is said of goods.
const GOODS: &[&str] = &[
    "Made by hand, so every piece is a little different.",
    "Easy to clean with warm water and a soft cloth.",
    "Comes in a box that makes a good present.",
    "Light, sturdy and made to last.",
    "For indoors and for a dry place outdoors.",
    "Delivered flat; put together within ten minutes.",
    "Two years of guarantee.",
    "The colour may differ slightly from the picture.",
    "Also nice to give away.",
    "Wipe with a damp cloth; keep out of the dishwasher.",
];
const GOODS_DUTCH: &[&str] = &[
    "Met de hand gemaakt, dus elk stuk is net iets anders.",
    "Makkelijk schoon te maken met warm water en een zachte doek.",
    "In een doos die ook als cadeau staat.",
    "Licht, stevig en gemaakt om lang mee te gaan.",
    "Voor binnen en voor een droge plek buiten.",
    "Wordt plat geleverd; in tien minuten in elkaar gezet.",
    "Twee jaar garantie.",
    "De kleur kan iets afwijken van de foto.",
    "Ook leuk om weg te geven.",
    "Afnemen met een vochtige doek; niet in de vaatwasser.",
];

/// What is said of anything else.
const THINGS: &[&str] = &[
    "Short and to the point.",
    "For the whole family.",
    "In use since last year.",
    "To be looked at again next spring.",
    "The second of a row of three.",
    "Well received, also abroad.",
    "Only on working days.",
    "Meant for those who begin.",
    "With room for questions at the end.",
    "Replaces the version of before.",
];
const THINGS_DUTCH: &[&str] = &[
    "Kort en duidelijk.",
    "Voor het hele gezin.",
    "Sinds vorig jaar in gebruik.",
    "Volgend voorjaar opnieuw bekijken.",
    "Het tweede deel van drie.",
    "Goed ontvangen, ook in het buitenland.",
    "Alleen op werkdagen.",
    "Bedoeld voor wie begint.",
    "Met ruimte voor vragen aan het eind.",
    "Vervangt de vorige versie.",
];

/// What is noted of people and their business.
const REMARKS: &[&str] = &[
    "Called back, all clear.",
    "Prefers delivery in the morning.",
    "Asked for a copy of the invoice.",
    "No answer, try again next week.",
    "Wants to change the address later.",
    "Leave it with the neighbours.",
    "Thanked us for the quick reply.",
    "Ring the bell twice, please.",
    "To be checked before the end of the month.",
    "Paid by bank transfer.",
];
const REMARKS_DUTCH: &[&str] = &[
    "Teruggebeld, alles duidelijk.",
    "Levert liever 's ochtends.",
    "Vroeg om een kopie van de factuur.",
    "Geen gehoor, volgende week opnieuw.",
    "Wil later het adres wijzigen.",
    "Mag bij de buren worden afgegeven.",
    "Bedankte voor het snelle antwoord.",
    "Graag twee keer bellen.",
    "Nakijken voor het eind van de maand.",
    "Betaald per overschrijving.",
];

/// What a column is called that holds a note.
const NOTES: &[&str] = &[
    "remark",
    "opmerking",
    "note",
    "notes",
    "notities",
    "comment",
    "message",
    "bericht",
    "bemerkung",
    "toelichting",
    "description",
    "omschrijving",
    "subject",
    "onderwerp",
    "body",
    "text",
    "tekst",
    "reason",
    "reden",
];
/// What a column is called that tells of what its table holds.
const TOLD: &[&str] = &["description", "omschrijving", "beschreibung", "summary", "synopsis"];
/// Tables of people's business: what is told there are notes.
const BUSINESS: &[&str] = &[
    "order", "ticket", "note", "case", "claim", "visit", "invoice", "payment", "message", "contact", "klant",
    "melding", "factuur", "notitie", "rekening", "bezoek",
];

/// Returns the sentences of a column, told by the words of its name and its table's; `None` where they say nothing.
pub(super) fn sentences(
    words: &[String],
    table: &[String],
    of_goods: bool,
    locale: &str,
) -> Option<&'static [&'static str]> {
    let (english, dutch) = match () {
        () if of_goods && (says(words, TOLD) || says(words, &["body", "text", "tekst", "details"])) => {
            (GOODS, GOODS_DUTCH)
        }
        () if says(words, TOLD) && !says(table, BUSINESS) => (THINGS, THINGS_DUTCH),
        () if says(words, NOTES) => (REMARKS, REMARKS_DUTCH),
        () => return None,
    };
    Some(if locale.starts_with("nl") { dutch } else { english })
}
