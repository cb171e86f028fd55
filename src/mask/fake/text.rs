//! `fake: sentence`, `paragraph`, `product`: text that fills a page and says nothing. Sentences are Latin filler in every locale, so
//! that nobody takes them for somebody's words; products are a material and a thing in the locale's language. Refuses to look
//! at the input, but for the case of a product.
//!
//! Source of the filler: the words of Cicero's De finibus, book 1, 10.32, as printers have used them for centuries. Products
//! written by hand.

use super::form::{Case, Short};
use super::make::Make;
use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::{Lanes, Reaches, Refusal};
use crate::row::canon::Canon;
use crate::vocabulary::{Draw, Locale};

/// `fake: sentence`.
pub(super) static SENTENCE: KindSpec = KindSpec {
    name: "sentence",
    summary: "a sentence of Latin filler",
    longest: |_| Some(SENTENCE_CHARS),
    reaches: |_| Reaches::Nobody("filler that says nothing"),
    canon: |_| Canon::Bytes,
    high: true,
    build: |cx| filler(cx, SENTENCE.name, 1),
    ..describing()
};

/// `fake: paragraph`.
pub(super) static PARAGRAPH: KindSpec = KindSpec {
    name: "paragraph",
    summary: "three to six sentences of Latin filler",
    longest: |_| Some(PARAGRAPH_SENTENCES * (SENTENCE_CHARS + 1) - 1),
    build: |cx| filler(cx, PARAGRAPH.name, 3),
    ..SENTENCE
};

/// `fake: product`.
pub(super) static PRODUCT: KindSpec = KindSpec {
    name: "product",
    summary: "a material and a thing",
    longest: |locale| Some(goods(locale).longest()),
    high: true,
    build: product,
    ..describing()
};

const WORDS: &[&str; 32] = &[
    "sed",
    "ut",
    "perspiciatis",
    "unde",
    "omnis",
    "iste",
    "natus",
    "error",
    "sit",
    "voluptatem",
    "accusantium",
    "doloremque",
    "laudantium",
    "totam",
    "rem",
    "aperiam",
    "eaque",
    "ipsa",
    "quae",
    "ab",
    "illo",
    "inventore",
    "veritatis",
    "et",
    "quasi",
    "architecto",
    "beatae",
    "vitae",
    "dicta",
    "sunt",
    "explicabo",
    "nemo",
];

/// Five to twelve words of at most twelve letters, and a full stop; a bound that is kept.
const SENTENCE_CHARS: u32 = 100;
const PARAGRAPH_SENTENCES: u32 = 6;
/// `Sed ut.`
const LEAST_CHARS: u32 = 7;

struct Filler {
    least: u64,
    room: usize,
}

fn filler(cx: &Build<'_>, kind: &'static str, least: u64) -> Result<Made, Refusal> {
    cx.at_least(kind, LEAST_CHARS)?;
    let room = usize::try_from(cx.room().min(cx.longest)).unwrap_or(usize::MAX);
    Ok(cx.made_apart(Filler { least, room }, cx.longest))
}

impl Filler {
    /// Appends a sentence of at most `room` characters.
    fn sentence(lane: u64, room: usize, out: &mut Vec<u8>) {
        let mut draw = Draw::new(lane);
        let start = out.len();
        let mut left = 5 + draw.below(8);
        while left > 0 {
            let word =
                usize::try_from(draw.below(32)).ok().and_then(|n| WORDS.get(n)).copied().unwrap_or("sed");
            let blank = usize::from(out.len() > start);
            // The full stop must fit too.
            if out.len() - start + blank + word.len() + 1 > room {
                break;
            }
            if blank == 1 {
                out.push(b' ');
            }
            out.extend_from_slice(word.as_bytes());
            left -= 1;
        }
        if out.len() == start {
            out.extend_from_slice(b"Sed ut");
        }
        if let Some(first) = out.get_mut(start) {
            first.make_ascii_uppercase();
        }
        out.push(b'.');
    }
}

impl Make for Filler {
    fn make(&self, _: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let start = out.len();
        let lane = |n: u64| {
            let n = usize::try_from(n % 4).unwrap_or(0);
            lanes.0.get(n).copied().unwrap_or(0)
        };
        let count =
            if self.least == 1 { 1 } else { self.least + Draw::new(lane(3).rotate_left(32)).below(4) };
        for n in 0..count {
            let used = out.len() - start + usize::from(n > 0);
            let room = self.room.saturating_sub(used);
            if n > 0 && room < usize::try_from(LEAST_CHARS).unwrap_or(0) {
                break;
            }
            if n > 0 {
                out.push(b' ');
            }
            // Four lanes; the fifth and sixth sentence turn the first two.
            let turned = lane(n).rotate_left(if n < 4 { 0 } else { 29 });
            Self::sentence(turned, room.min(usize::try_from(SENTENCE_CHARS).unwrap_or(0)), out);
        }
    }
}

/// Materials and things of one language, and what stands between them.
struct Goods {
    materials: &'static [&'static str; 16],
    between: &'static str,
    things: &'static [&'static str; 32],
    /// Whether the thing comes first: `table en bois`.
    thing_first: bool,
}

impl Goods {
    fn longest(&self) -> u32 {
        let most = |words: &[&str]| words.iter().map(|word| word.chars().count()).max().unwrap_or(0);
        u32::try_from(most(self.materials) + self.between.len() + most(self.things)).unwrap_or(u32::MAX)
    }

    fn shortest(&self) -> u32 {
        self.things.iter().filter_map(|thing| u32::try_from(thing.chars().count()).ok()).min().unwrap_or(0)
    }
}

static DUTCH: Goods = Goods {
    materials: &[
        "houten",
        "stalen",
        "glazen",
        "leren",
        "katoenen",
        "wollen",
        "linnen",
        "eiken",
        "beuken",
        "koperen",
        "rieten",
        "stenen",
        "plastic",
        "aluminium",
        "kartonnen",
        "vilten",
    ],
    between: " ",
    things: &[
        "tafel",
        "stoel",
        "lamp",
        "kast",
        "plank",
        "bank",
        "krukje",
        "spiegel",
        "klok",
        "vaas",
        "schaal",
        "mok",
        "kan",
        "mand",
        "tas",
        "riem",
        "dienblad",
        "kapstok",
        "kussen",
        "deken",
        "tapijt",
        "gordijn",
        "lijst",
        "doos",
        "emmer",
        "bloempot",
        "schrift",
        "kalender",
        "sleutelhanger",
        "fruitschaal",
        "boekensteun",
        "onderzetter",
    ],
    thing_first: false,
};

static ENGLISH: Goods = Goods {
    materials: &[
        "wooden",
        "steel",
        "glass",
        "leather",
        "cotton",
        "woollen",
        "linen",
        "oak",
        "beech",
        "copper",
        "wicker",
        "stone",
        "plastic",
        "aluminium",
        "cardboard",
        "felt",
    ],
    between: " ",
    things: &[
        "table",
        "chair",
        "lamp",
        "cabinet",
        "shelf",
        "bench",
        "stool",
        "mirror",
        "clock",
        "vase",
        "bowl",
        "mug",
        "jug",
        "basket",
        "bag",
        "belt",
        "tray",
        "coat rack",
        "cushion",
        "blanket",
        "rug",
        "curtain",
        "frame",
        "box",
        "bucket",
        "flower pot",
        "notebook",
        "calendar",
        "key ring",
        "fruit bowl",
        "bookend",
        "coaster",
    ],
    thing_first: false,
};

static GERMAN: Goods = Goods {
    materials: &[
        "Holz",
        "Stahl",
        "Glas",
        "Leder",
        "Baumwoll",
        "Woll",
        "Leinen",
        "Eichen",
        "Buchen",
        "Kupfer",
        "Korb",
        "Stein",
        "Plastik",
        "Aluminium",
        "Papp",
        "Filz",
    ],
    between: "-",
    things: &[
        "Tisch",
        "Stuhl",
        "Lampe",
        "Schrank",
        "Regal",
        "Bank",
        "Hocker",
        "Spiegel",
        "Uhr",
        "Vase",
        "Schale",
        "Becher",
        "Kanne",
        "Kasten",
        "Tasche",
        "Gürtel",
        "Tablett",
        "Garderobe",
        "Kissen",
        "Decke",
        "Teppich",
        "Vorhang",
        "Rahmen",
        "Kiste",
        "Eimer",
        "Blumentopf",
        "Notizbuch",
        "Kalender",
        "Anhänger",
        "Obstschale",
        "Buchstütze",
        "Untersetzer",
    ],
    thing_first: false,
};

static FRENCH: Goods = Goods {
    materials: &[
        "bois",
        "acier",
        "verre",
        "cuir",
        "coton",
        "laine",
        "lin",
        "chêne",
        "hêtre",
        "cuivre",
        "osier",
        "pierre",
        "plastique",
        "aluminium",
        "carton",
        "feutre",
    ],
    between: " en ",
    things: &[
        "table",
        "chaise",
        "lampe",
        "armoire",
        "étagère",
        "banc",
        "tabouret",
        "miroir",
        "horloge",
        "vase",
        "bol",
        "tasse",
        "carafe",
        "panier",
        "sac",
        "ceinture",
        "plateau",
        "portemanteau",
        "coussin",
        "couverture",
        "tapis",
        "rideau",
        "cadre",
        "boîte",
        "seau",
        "pot de fleurs",
        "carnet",
        "calendrier",
        "porte-clés",
        "coupe à fruits",
        "serre-livres",
        "dessous de verre",
    ],
    thing_first: true,
};

fn goods(locale: &Locale) -> &'static Goods {
    match locale.name.get(..2) {
        Some("nl") => &DUTCH,
        Some("de") => &GERMAN,
        Some("fr") => &FRENCH,
        _ => &ENGLISH,
    }
}

struct Product {
    goods: &'static Goods,
    room: u32,
    /// Things that fit without a material.
    fits: Vec<&'static str>,
}

fn product(cx: &Build<'_>) -> Result<Made, Refusal> {
    let goods = goods(cx.locale);
    cx.at_least(PRODUCT.name, goods.shortest())?;
    let room = cx.room();
    let fits = |thing: &&str| u32::try_from(thing.chars().count()).is_ok_and(|chars| chars <= room);
    let fits = goods.things.iter().copied().filter(fits).collect();
    Ok(cx.made_apart(Product { goods, room, fits }, cx.longest))
}

impl Make for Product {
    fn make(&self, field: &[u8], lanes: &Lanes, out: &mut Vec<u8>) {
        let mut draw = Draw::new(lanes.0[0]);
        let pick = |words: &[&'static str], draw: &mut Draw| {
            let n = draw.below(u64::try_from(words.len()).unwrap_or(1));
            usize::try_from(n).ok().and_then(|n| words.get(n)).copied().unwrap_or_default()
        };
        let material = pick(self.goods.materials, &mut draw);
        let thing = pick(self.goods.things, &mut draw);
        let parts = if self.goods.thing_first {
            [thing, self.goods.between, material]
        } else {
            [material, self.goods.between, thing]
        };
        let chars: usize = parts.iter().map(|part| part.chars().count()).sum();
        let whole = u32::try_from(chars).is_ok_and(|chars| chars <= self.room);
        let parts = if whole { parts } else { [pick(&self.fits, &mut draw), "", ""] };
        let mut made = Short::new();
        parts.iter().for_each(|part| made.extend(part.as_bytes()));
        let mut text = std::str::from_utf8(made.bytes()).unwrap_or_default();
        // A capital to begin with, unless the input has none.
        let case = Case::of(field);
        if case == Case::Natural
            && let Some(first) = text.chars().next()
        {
            first.to_uppercase().for_each(|c| super::form::push(c, out));
            text = text.get(first.len_utf8()..).unwrap_or_default();
        }
        case.append(text, out);
    }
}
