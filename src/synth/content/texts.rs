//! Sentences that people write in shops, of nobody and of no brand; invented. One list a subject, in English and Dutch: other
//! locales have English. Refuses to tell anything of a row.

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

/// Returns sentences about goods.
pub(super) fn of_goods(locale: &str) -> &'static [&'static str] {
    if locale.starts_with("nl") { GOODS_DUTCH } else { GOODS }
}

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

/// Returns sentences about things that are no goods.
pub(super) fn of_things(locale: &str) -> &'static [&'static str] {
    if locale.starts_with("nl") { THINGS_DUTCH } else { THINGS }
}
