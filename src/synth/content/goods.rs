//! What businesses write down: names of goods, states, codes, prices, quantities, remarks. Told by the words of a column's name
//! (English, Dutch, German, French) and its table's; lists are short, invented and of no brand.
//!
//! Amounts have a long tail and end as prices do. Refuses nothing: what no word tells goes on to `plain`.

use std::io::Write as _;
use std::sync::Arc;

use super::faked::{compiled, cut};
use super::plain::Numbers;
use super::{Distinct, Generator, RowCx, Wanted, trades};
use crate::row::shape::TypeClass;
use crate::synth::order::Order;
use crate::synth::seed::{Draws, Stream};
use crate::synth::totals;

/// Words of a column's name, and what stands in it, the likeliest first.
const LISTS: &[(&[&str], &[&str])] = &[
    (&["currency", "valuta", "waehrung", "devise"], &["EUR", "EUR", "EUR", "USD", "GBP"]),
    (&["country", "land", "pays"], &["NL", "NL", "NL", "BE", "DE", "FR"]),
    (&["language", "lang", "taal", "sprache", "langue", "locale"], &["nl", "nl", "en", "de", "fr"]),
    (
        &["colour", "color", "kleur", "farbe", "couleur"],
        &["black", "white", "blue", "red", "green", "grey", "yellow"],
    ),
    (&["size", "maat", "groesse", "taille"], &["M", "L", "S", "XL", "XS"]),
    (&["unit", "eenheid", "einheit"], &["piece", "box", "kg", "m", "set"]),
    (&["priority", "prioriteit"], &["normal", "normal", "low", "high"]),
    (&["payment", "betaal", "betaling"], &["ideal", "card", "invoice", "transfer"]),
    (&["carrier", "vervoerder"], &["post", "parcel", "courier", "pickup"]),
    (&["status", "state", "statut"], &["open", "active", "active", "closed", "pending"]),
    (&["stage", "fase", "phase"], &["new", "contacted", "offer", "won", "lost"]),
    (&["level", "severity", "niveau"], &["info", "info", "warning", "error"]),
    (&["channel", "kanaal"], &["web", "web", "shop", "phone", "mail"]),
    (&["role", "rol", "rolle"], &["user", "user", "editor", "manager", "admin"]),
    (&["category", "categorie", "kategorie"], &["home", "garden", "kitchen", "office", "sport", "toys"]),
    (
        &["department", "afdeling", "abteilung", "service"],
        &["sales", "support", "finance", "logistics", "it"],
    ),
    (&["type", "kind", "soort", "art"], &["standard", "standard", "express", "special"]),
    (&["group", "groep", "gruppe", "tag", "label"], &["regular", "new", "vip", "business"]),
    (&["method", "methode"], &["standard", "express", "pickup"]),
    (&["event", "action", "actie", "operation"], &["login", "view", "update", "create", "delete"]),
    (&["timezone", "tijdzone"], &["Europe/Amsterdam", "Europe/Brussels", "Europe/Berlin"]),
    (&["mime", "content_type", "mimetype"], &["image/jpeg", "application/pdf", "text/plain"]),
    (&["template", "sjabloon"], &["welcome", "order", "reminder", "invoice"]),
];

/// Returns the words of a name.
pub(in crate::synth) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        // `orderStatus` is two words.
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

pub(super) fn says(words: &[String], list: &[&str]) -> bool {
    words
        .iter()
        .any(|word| list.iter().any(|known| word == known || (known.len() > 4 && word.contains(known))))
}

/// Makes the generator that a column's name asks for; `None` where it says nothing.
pub(super) fn generator(wanted: &Wanted<'_>) -> Option<Box<dyn Generator>> {
    let words = words(&wanted.column.name);
    if is_flag(wanted) {
        return Some(Box::new(Flag { per_million: share(&words), digits: true }));
    }
    match &wanted.column.ty.class {
        TypeClass::Boolean => Some(Box::new(Flag { per_million: share(&words), digits: false })),
        TypeClass::SmallInt | TypeClass::Integer | TypeClass::BigInt => {
            trades::number(wanted, 0).or_else(|| number(wanted, &words))
        }
        TypeClass::Numeric { scale, .. } => {
            let scale = scale.and_then(|scale| u32::try_from(scale).ok()).unwrap_or(2);
            trades::number(wanted, scale).or_else(|| match scale {
                0 => number(wanted, &words),
                _ => amount(wanted, &words, scale),
            })
        }
        TypeClass::Float { .. } => trades::number(wanted, 2).or_else(|| amount(wanted, &words, 2)),
        TypeClass::Bytes if trades::Picture::is_of(wanted) => Some(Box::new(trades::Picture)),
        class if class.is_text() => text(wanted, &words),
        _ => None,
    }
}

/// Says how often a flag is set, in parts of a million.
fn share(words: &[String]) -> u32 {
    if says(
        words,
        &["active", "actief", "aktiv", "actif", "enabled", "visible", "confirmed", "verified", "published"],
    ) {
        900_000
    } else if says(
        words,
        &["deleted", "verwijderd", "blocked", "locked", "banned", "test", "spam", "admin", "archived"],
    ) {
        30_000
    } else {
        400_000
    }
}

/// Says whether a column is what MySQL has for a boolean.
fn is_flag(wanted: &Wanted<'_>) -> bool {
    let text = wanted.column.ty.text.to_ascii_lowercase();
    text.starts_with("tinyint(1)") && wanted.domain.least.is_none() && wanted.domain.most.is_none()
}

struct Flag {
    per_million: u32,
    /// Whether it is a number.
    digits: bool,
}

impl Generator for Flag {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        out.push(match (draws.happens(self.per_million), self.digits) {
            (true, false) => b't',
            (false, false) => b'f',
            (true, true) => b'1',
            (false, true) => b'0',
        });
        true
    }
}

/// Whole numbers, small ones more often.
pub(super) struct Small {
    pub(super) least: i64,
    pub(super) most: i64,
    /// How many draws the smallest of which counts.
    pub(super) draws: u32,
}

impl Generator for Small {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let least = (0..self.draws).map(|_| draws.between(self.least, self.most)).min().unwrap_or(self.least);
        out.extend_from_slice(itoa::Buffer::new().format(least).as_bytes());
        true
    }
}

fn number(wanted: &Wanted<'_>, words: &[String]) -> Option<Box<dyn Generator>> {
    if says(words, &["active", "actief", "aktiv", "enabled", "visible"])
        && wanted.whole_bounds(0, 1) == Some((0, 1))
    {
        return Some(Box::new(Flag { per_million: share(words), digits: true }));
    }
    let year = crate::row::civil::from_days(wanted.today()).0;
    let (least, most, draws) =
        if says(words, &["quantity", "qty", "aantal", "menge", "quantite", "pieces", "stuks"]) {
            (1, 6, 3)
        } else if says(words, &["stock", "voorraad", "bestand"]) {
            (0, 500, 2)
        } else if says(words, &["year", "jaar", "jahr", "annee", "bouwjaar"]) {
            (year - 12, year, 1)
        } else if says(words, &["age", "leeftijd", "alter"]) {
            (18, 90, 1)
        } else if says(words, &["percent", "percentage", "korting", "discount", "rabatt"]) {
            (0, 50, 3)
        } else if says(words, &["rating", "score", "stars", "sterren", "beoordeling"]) {
            (1, 5, 1)
        } else if says(words, &["month", "maand", "monat"]) {
            (1, 12, 1)
        } else if says(words, &["attempts", "retries", "pogingen", "failures"]) {
            (0, 3, 3)
        } else if says(words, &["position", "volgorde", "sort", "rank", "order", "level", "priority"]) {
            (1, 20, 1)
        } else if says(words, &["milliseconds", "millis", "msec"]) {
            (60_000, 420_000, 1)
        } else if says(words, &["bytes", "filesize", "octets"]) {
            (1_000, 8_000_000, 3)
        } else if says(words, &["minutes", "duration", "length", "looptijd", "duur"]) {
            (1, 180, 1)
        } else if says(words, &["cents", "amount", "bedrag", "price", "prijs", "total", "totaal"]) {
            (95, 25_000, 3)
        } else {
            return None;
        };
    let (least, most) = wanted.whole_bounds(least, most)?;
    Some(Box::new(Small { least, most, draws }))
}

/// Decimals with a long tail.
struct Amount {
    /// In smallest units.
    least: i128,
    most: i128,
    scale: u32,
    /// Whether it ends as prices do.
    price: bool,
}

fn amount(wanted: &Wanted<'_>, words: &[String], scale: u32) -> Option<Box<dyn Generator>> {
    let unit = 10_i128.checked_pow(scale)?;
    let (least, most, price) =
        if says(words, &["price", "prijs", "preis", "prix", "cost", "kosten", "fee", "tarief"]) {
            (unit, 250 * unit, true)
        } else if says(words, &["salary", "salaris", "gehalt", "income", "inkomen", "limit", "credit"]) {
            (500 * unit, 6_000 * unit, false)
        } else if says(words, &["vat", "btw", "tax", "mwst", "rate", "percent", "percentage"])
            && says(words, &["rate", "percent", "percentage", "tarief"])
        {
            (0, 25 * unit, false)
        } else if says(words, &["weight", "gewicht", "kg"]) {
            (unit / 10, 30 * unit, false)
        } else if says(
            words,
            &[
                "total", "totaal", "amount", "bedrag", "betrag", "montant", "balance", "saldo", "net",
                "gross", "vat",
            ],
        ) {
            (5 * unit, 900 * unit, false)
        } else {
            return None;
        };
    let (least, most) = wanted.decimal_bounds(least, most, scale)?;
    Some(Box::new(Amount { least, most, scale, price: price && scale == 2 }))
}

impl Generator for Amount {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let room = u64::try_from(self.most - self.least).unwrap_or(u64::MAX / 2);
        // The least of three: most are small, few are large.
        let drawn = (0..3).map(|_| draws.below(room.saturating_add(1))).min().unwrap_or(0);
        let mut units = self.least + i128::from(drawn);
        if self.price {
            let ending = match draws.below(8) {
                0 => 0,
                1 | 2 => 50,
                3 | 4 => 99,
                _ => 95,
            };
            let whole = match i64::try_from(units) {
                Ok(word) => i128::from(word / 100 * 100),
                Err(_) => units / 100 * 100,
            };
            let ended = whole + ending;
            if (self.least..=self.most).contains(&ended) {
                units = ended;
            }
        }
        totals::write(units, self.scale, out);
        true
    }
}

/// One of some texts, each as often as it stands there.
pub(super) struct Words {
    pub(super) list: &'static [&'static str],
    pub(super) most: usize,
}

impl Generator for Words {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let at = usize::try_from(draws.below(u64::try_from(self.list.len()).unwrap_or(1))).unwrap_or(0);
        out.extend_from_slice(self.list.get(at).copied().unwrap_or_default().as_bytes());
        cut(out, start, self.most);
        true
    }
}

fn text(wanted: &Wanted<'_>, words: &[String]) -> Option<Box<dyn Generator>> {
    let most = usize::try_from(wanted.column.ty.class.max_chars().unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    let fits = |list: &&'static [&'static str]| list.iter().all(|word| word.chars().count() <= most);
    let table = super::goods::words(&wanted.table.name.table);
    let of_goods = says(&table, &["product", "article", "artikel", "item", "goods", "produit", "stock"]);
    if let Some(of_trade) = trades::text(wanted) {
        return Some(of_trade);
    }
    if says(
        words,
        &["composer", "componist", "komponist", "author", "auteur", "autor", "schrijver", "regisseur"],
    ) && most >= 20
    {
        return Some(Box::new(compiled(wanted, ("fake", "full_name"), false, None)?));
    }
    if let Some(prefix) = article(words).filter(|_| most >= 13) {
        return Some(Box::new(Article::new(prefix, wanted.stream)));
    }
    if says(words, &["sku", "code", "reference", "referentie", "ref", "number", "nummer", "ean", "isbn"]) {
        return Some(Box::new(Code { chars: most.min(8) }));
    }
    if says(
        words,
        &[
            "name",
            "naam",
            "title",
            "titel",
            "product",
            "artikel",
            "article",
            "nom",
            "bezeichnung",
            "omschrijving",
        ],
    ) && (of_goods || says(words, &["product", "artikel", "article"]))
    {
        return Some(Box::new(compiled(wanted, ("fake", "product"), false, None)?));
    }
    if let Some(list) = super::texts::sentences(words, &table, of_goods, wanted.locale) {
        return Some(Box::new(Words { list, most }));
    }
    if says(words, &["filename", "file", "bestand", "path"]) {
        return Some(Box::new(Words { list: &["invoice.pdf", "photo.jpg", "letter.txt", "scan.pdf"], most }));
    }
    if says(words, &["hash", "password", "wachtwoord", "token", "secret", "checksum", "digest", "signature"])
    {
        return Some(Box::new(super::people::Hex { chars: u32::try_from(most.min(40)).unwrap_or(40) }));
    }
    if says(words, &["url", "link", "website", "homepage"]) {
        return Some(Box::new(compiled(wanted, ("fake", "url"), false, None)?));
    }
    if let Some(names) = super::things::generator(wanted) {
        return Some(names);
    }
    let (_, list) = LISTS.iter().find(|(names, list)| says(words, names) && fits(list))?;
    Some(Box::new(Words { list, most }))
}

/// Returns with which digits the number of an article begins that no shop sells: those for use within a shop (GS1 prefixes 20
/// to 29), and those of books that no agency has been given (979-9).
fn article(words: &[String]) -> Option<u64> {
    let is = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match () {
        () if is(&["ean", "ean13", "gtin", "gtin13", "barcode", "streepjescode"]) => Some(2_000),
        () if is(&["isbn", "isbn13"]) => Some(9_799),
        () => None,
    }
}

/// Numbers of articles: thirteen digits, the last of which is their check (EAN-13).
struct Article {
    /// The first four.
    prefix: u64,
    order: Order,
}

impl Article {
    fn new(prefix: u64, stream: Stream) -> Self {
        Self { prefix, order: Order::new(stream.part(1), 100_000_000) }
    }
}

impl Distinct for Article {
    fn count(&self) -> u64 {
        self.order.len()
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let head = self.prefix * 100_000_000 + self.order.at(nth) % 100_000_000;
        let (mut sum, mut rest, mut weight) = (0, head, 3);
        while rest > 0 {
            sum += rest % 10 * weight;
            rest /= 10;
            weight = 4 - weight;
        }
        out.extend_from_slice(itoa::Buffer::new().format(head * 10 + (10 - sum % 10) % 10).as_bytes());
    }
}

impl Generator for Article {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        self.write(draws.below(self.count()), out);
        true
    }
}

/// A code of letters and digits.
struct Code {
    chars: usize,
}

impl Generator for Code {
    fn make(&self, _: &RowCx<'_>, draws: &mut Draws, out: &mut Vec<u8>) -> bool {
        for at in 0..self.chars {
            let (first, many) = if at < 2 && self.chars > 4 { (b'A', 26) } else { (b'0', 10) };
            out.push(first + u8::try_from(draws.below(many)).unwrap_or(0));
        }
        true
    }
}

/// Names that differ: a word of a list, and behind the last of them with a number.
pub(super) struct Named {
    list: Arc<[String]>,
    chars: u32,
}

impl Named {
    /// Makes names of a list, each once, of so many characters at most.
    pub(super) fn new(mut list: Vec<String>, chars: u32) -> Self {
        let mut seen = std::collections::BTreeSet::new();
        list.retain(|name| seen.insert(name.clone()));
        Self { list: list.into(), chars }
    }
}

/// Makes the distinct values that a name asks for; `None` where it says nothing.
pub(super) fn distinct(wanted: &Wanted<'_>) -> Option<Box<dyn Distinct>> {
    let class = &wanted.column.ty.class;
    let chars = class.max_chars().unwrap_or(40);
    let words = words(&wanted.column.name);
    let table = super::goods::words(&wanted.table.name.table);
    if !class.is_text() || chars < 3 {
        return None;
    }
    if let Some(prefix) = article(&words).filter(|_| chars >= 13) {
        return Some(Box::new(Article::new(prefix, wanted.stream)));
    }
    if says(&words, &["sku", "code", "reference", "referentie", "ref"])
        && let Some(coded) = super::plain::Coded::new(chars, wanted.rows, wanted.stream)
    {
        return Some(Box::new(coded));
    }
    if says(&words, &["sku", "ean", "isbn", "barcode", "number", "nummer", "code", "reference", "ref", "no"])
        && chars >= 6
    {
        // Digits of one length: never a zero in front; no more of them than tell all apart with room between.
        let digits = (wanted.rows.saturating_mul(100).max(1).ilog10() + 1).max(8).min(chars.min(12));
        let first = 10_i64.checked_pow(digits - 1)?;
        return Some(Box::new(Numbers { least: first, most: first * 10 - 1 }));
    }
    if let Some(names) = super::things::distinct(wanted) {
        return Some(names);
    }
    let all: Vec<String> = words.iter().chain(&table).cloned().collect();
    let (_, list) = LISTS.iter().find(|(names, list)| {
        says(&all, names)
            && list.iter().all(|word| word.chars().count() < usize::try_from(chars).unwrap_or(0))
    })?;
    let names: Vec<String> = list.iter().map(|word| (*word).to_owned()).collect();
    if chars < 16 {
        return None;
    }
    Some(Box::new(Named::new(names, chars)))
}

impl Distinct for Named {
    fn count(&self) -> u64 {
        // A word and its number must fit.
        let longest = self.list.iter().map(|word| word.chars().count()).max().unwrap_or(0);
        let digits = self.chars.saturating_sub(u32::try_from(longest).unwrap_or(u32::MAX)).saturating_sub(1);
        10_u64.checked_pow(digits.min(18)).unwrap_or(u64::MAX)
    }

    fn write(&self, nth: u64, out: &mut Vec<u8>) {
        let count = u64::try_from(self.list.len().max(1)).unwrap_or(1);
        let word = usize::try_from(nth % count).ok().and_then(|at| self.list.get(at));
        out.extend_from_slice(word.map(String::as_bytes).unwrap_or_default());
        if nth >= count {
            let _ = write!(out, " {}", nth / count + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_of_articles_pass_their_check_and_differ() {
        let stream = crate::synth::seed::Seed::new(1).stream("articles", &[]);
        let mut seen = BTreeSet::new();
        for prefix in [2_000, 9_799] {
            for nth in [0, 1, 7, 12_345_678, 99_999_999] {
                let mut out = Vec::new();
                Article::new(prefix, stream).write(nth, &mut out);
                let digits = out.iter().map(|b| u32::from(b - b'0'));
                let sum: u32 = digits.enumerate().map(|(at, d)| if at % 2 == 0 { d } else { 3 * d }).sum();
                assert_eq!((out.len(), sum % 10), (13, 0), "{nth}");
                assert!(seen.insert(out));
            }
        }
    }

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(words("orderStatus_nl"), ["order", "status", "nl"]);
        assert_eq!(words("E-mail.Work"), ["e", "mail", "work"]);
    }

    #[test]
    fn named_values_differ_and_fit() {
        let list: Vec<String> = ["open", "closed"].map(str::to_owned).to_vec();
        let named = Named { list: list.into(), chars: 16 };
        let mut seen = BTreeSet::new();
        for nth in 0..10_000 {
            let mut out = Vec::new();
            named.write(nth, &mut out);
            assert!(out.len() <= 16 && seen.insert(out), "{nth}");
        }
        let mut out = Vec::new();
        named.write(named.count() - 1, &mut out);
        assert!(out.len() <= 16, "{}", out.len());
    }
}
