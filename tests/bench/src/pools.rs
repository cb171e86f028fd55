//! Words to draw from, made once: names of the crate `fake` (pinned, seeded), the rest written here. Nobody's data.

use fake::Fake;
use fake::faker::address::raw::{CitySuffix, StreetSuffix};
use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::NL_NL;
use fake::rand::SeedableRng;
use fake::rand::rngs::ChaCha8Rng;

/// A name as written, and as it stands in a mail address.
pub struct Named {
    /// As written.
    pub name: Box<[u8]>,
    /// Letters and digits, lower case.
    pub slug: Box<[u8]>,
}

/// All pools of a run.
pub struct Pools {
    /// First names.
    pub first: Vec<Named>,
    /// Last names.
    pub last: Vec<Named>,
    /// Streets.
    pub streets: Vec<Box<[u8]>>,
    /// Places.
    pub cities: Vec<Box<[u8]>>,
    /// Products.
    pub products: Vec<Box<[u8]>>,
}

/// First names with letters outside ASCII, beside those of `fake`.
const MORE_FIRST: &[&str] =
    &["Zoë", "Chloë", "René", "Daniël", "Noëlle", "Jiří", "Łukasz", "Ayşe", "Renée", "Anaïs"];
/// Last names with letters outside ASCII, an apostrophe, a hyphen, a space.
const MORE_LAST: &[&str] =
    &["Müller", "Özdemir", "d'Hondt", "Jansen-Visser", "Núñez", "Kovačić", "El Idrissi"];
const KINDS: &[&str] = &[
    "lamp", "stoel", "kussen", "tafel", "vaas", "deken", "mok", "rugzak", "fietstas", "klok", "plank", "mand",
];
const LOOKS: &[&str] =
    &["eiken", "blauwe", "ronde", "wollen", "gevlochten", "kleine", "stalen", "1,5\" brede", "crème"];

impl Pools {
    /// Makes the pools of a seed.
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut first: Vec<String> = MORE_FIRST.iter().map(|s| (*s).to_owned()).collect();
        let mut last: Vec<String> = MORE_LAST.iter().map(|s| (*s).to_owned()).collect();
        first.extend((0..1000).map(|_| FirstName(NL_NL).fake_with_rng::<String, _>(&mut rng)));
        last.extend((0..4000).map(|_| LastName(NL_NL).fake_with_rng::<String, _>(&mut rng)));
        let mut joined = |suffix: &mut dyn FnMut(&mut ChaCha8Rng) -> String, count: usize| {
            let mut one = || {
                let stem = LastName(NL_NL).fake_with_rng::<String, _>(&mut rng);
                format!("{stem}{}", suffix(&mut rng)).into_bytes().into_boxed_slice()
            };
            (0..count).map(|_| one()).collect::<Vec<_>>()
        };
        let streets = joined(&mut |rng| StreetSuffix(NL_NL).fake_with_rng(rng), 4000);
        let cities = joined(&mut |rng| CitySuffix(NL_NL).fake_with_rng(rng), 800);
        let product = |n: usize| {
            let (look, kind) = (LOOKS[n % LOOKS.len()], KINDS[n / LOOKS.len() % KINDS.len()]);
            format!("{look} {kind} nr. {}", n * 7 + 10).into_bytes().into_boxed_slice()
        };
        Self {
            first: first.into_iter().map(named).collect(),
            last: last.into_iter().map(named).collect(),
            streets,
            cities,
            products: (0..2000).map(product).collect(),
        }
    }
}

fn named(name: String) -> Named {
    let plain = |c: char| match c {
        'ë' | 'é' => Some('e'),
        'ü' => Some('u'),
        c if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    let slug: String = name.chars().filter_map(plain).collect();
    Named { name: name.into_bytes().into(), slug: slug.into_bytes().into() }
}

/// The particles of Dutch last names.
pub const PARTICLES: &[&str] = &["van", "de", "van de", "van der", "van den", "den", "ter", "in 't"];

/// What a service desk writes, escaped as COPY text: tabs, line ends, backslashes, and things that look like a dump.
pub const NOTES: &[&str] = &[
    "Belt liever niet voor tien uur.",
    "Levering bij de buren op nummer 14.\\nLet op de hond.",
    "Heeft twee accounts; samenvoegen\\tna overleg.",
    "Vraagt om factuur op naam van de zaak.",
    "Map op de server: \\\\\\\\archief\\\\klant\\\\2023",
    "Schreef: \"ik wil dat jullie alles wissen\".",
    "Adres klopt niet volgens PostNL.\\nGebeld, geen gehoor.\\nMail gestuurd.",
    "Klant plakte dit in het formulier:\\nCOPY public.orders (id) FROM stdin;\\n\\\\.\\n",
    "Reparatie onder garantie, doos €12,50 vergoed.",
    "Geen bijzonderheden.",
    "Ontevreden over de verpakking, 10% korting beloofd.",
    "Wil geen nieuwsbrief meer.",
];

/// What a product page says, escaped as COPY text.
pub const DESCRIPTIONS: &[&str] = &[
    "Met de hand gemaakt van gerecycled materiaal.",
    "Afneembare hoes, wasbaar op 30 °C.",
    "Maten (b × h × d): 40 × 60 × 32 cm.\\nGewicht inclusief verpakking.",
    "Let op: kleuren kunnen afwijken van de foto's.",
    "Wordt geleverd met\\t- schroeven\\t- handleiding\\t- inbussleutel",
    "Garantie: twee jaar, ook op de rits.",
    "Past bij de andere meubels uit deze reeks.",
    "Vragen? Kijk in de lijst met veelgestelde vragen onderaan deze bladzijde.",
];

/// Paths of the shop.
pub const PATHS: &[&str] = &[
    "/",
    "/winkelmand",
    "/zoeken",
    "/account/bestellingen",
    "/api/v2/cart/items",
    "/api/v2/products",
    "/betalen/ideal",
];

/// User agents, as JSON inside COPY text.
pub const AGENTS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "shopbot/1.4 (+\\\\\"internal\\\\\")",
];

/// Log messages, escaped as COPY text.
pub const MESSAGES: &[&str] = &[
    "request served",
    "cache miss, page rendered",
    "upstream answered late\\n\\tat Cart.reprice(cart.js:210)\\n\\tat Router.handle(router.js:88)",
    "path C:\\\\temp\\\\render.log rotated",
    "slow query: stock of 14 products",
];
