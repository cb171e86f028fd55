//! The five tables of the shop: how many rows, and what stands in each, as COPY text.

use crate::pools::{AGENTS, DESCRIPTIONS, MESSAGES, NOTES, Named, PARTICLES, PATHS, Pools};
use crate::rng::Rng;
use crate::text::{Calendar, DAY, cents, hex, number, padded};

/// Bytes of dump per customer: sets the number of customers, so that customers and orders hold about 40 % of it.
const BYTES_PER_CUSTOMER: u64 = 1_780;
const ORDERS_PER_CUSTOMER: u64 = 2;
/// Bytes of a row of `customers`, about.
const CUSTOMER_ROW: u64 = 268;
/// 1 January 2014 and twelve years, in seconds since 1930.
const START: u64 = 30_681 * DAY;
const SPAN: u64 = 12 * 365 * DAY;

const CUSTOMER: u64 = 1;
const ORDER: u64 = 2;
const LINE: u64 = 3;
const PRODUCT: u64 = 4;
const LOG: u64 = 5;

/// An invented shop.
pub struct Shop {
    seed: u64,
    pools: Pools,
    calendar: Calendar,
    long_note: u64,
    /// Number of customers.
    pub customers: u64,
    /// Number of orders.
    pub orders: u64,
    /// Number of products.
    pub products: u64,
}

/// What both an order and its lines must agree on.
struct Line {
    product: u64,
    quantity: u64,
    price: u64,
    discount: u64,
    total: u64,
}

impl Shop {
    /// Lays out a shop whose dump has about so many bytes; the first customer's note has at least `long_note`.
    pub fn new(seed: u64, bytes: u64, long_note: u64) -> Self {
        let customers = (bytes / BYTES_PER_CUSTOMER).max(10);
        Self {
            seed,
            pools: Pools::new(seed),
            calendar: Calendar::new(),
            long_note,
            customers,
            orders: customers * ORDERS_PER_CUSTOMER,
            products: customers / 10 + 5,
        }
    }

    /// Lays out a shop in which `customers` is the only table with rows.
    pub fn of_customers(seed: u64, bytes: u64) -> Self {
        let customers = (bytes / CUSTOMER_ROW).max(10);
        Self { customers, orders: 0, products: 0, ..Self::new(seed, bytes, 0) }
    }

    /// Returns the moment of row `row` of `rows`: they were added evenly over the years.
    fn moment(&self, row: u64, rows: u64, rng: &mut Rng) -> u64 {
        START + SPAN / rows.max(1) * row + rng.below(SPAN / rows.max(1) + 1)
    }

    /// Draws what a customer's mail address is made of; the first draws of that row.
    fn who(&self, id: u64) -> (&Named, &Named, Rng) {
        let mut rng = Rng::of(self.seed, CUSTOMER, id);
        let first = rng.pick(&self.pools.first);
        let last = rng.pick(&self.pools.last);
        (first, last, rng)
    }

    fn email(first: &Named, last: &Named, id: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(&first.slug);
        out.push(b'.');
        out.extend_from_slice(&last.slug);
        number(id, out);
        out.extend_from_slice(match id % 3 {
            0 => b"@example.org",
            1 => b"@example.com",
            _ => b"@mail.example.net",
        });
    }

    /// Appends a row of `customers`: 17 columns; every one has a mail address, phone, street, IBAN and note.
    pub fn customer(&self, id: u64, out: &mut Vec<u8>) {
        let (first, last, mut rng) = self.who(id);
        number(id, out);
        out.push(b'\t');
        out.extend_from_slice(&first.name);
        out.push(b'\t');
        let particle = rng.chance(30) && !last.name.contains(&b' ');
        out.extend_from_slice(if particle { rng.word(PARTICLES) } else { b"\\N" });
        out.push(b'\t');
        out.extend_from_slice(&last.name);
        out.push(b'\t');
        Self::email(first, last, id, out);
        out.push(b'\t');
        phone(&mut rng, out);
        out.push(b'\t');
        if rng.chance(92) {
            self.calendar.date(3_650 + rng.below(25_000), out);
        } else {
            out.extend_from_slice(b"\\N");
        }
        out.push(b'\t');
        self.address(&mut rng, out);
        iban(&mut rng, out);
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["f", "f", "f", "m", "m", "m", "x", "\\N"]));
        out.push(b'\t');
        if id == 1 && self.long_note > 0 {
            for _ in 0..=self.long_note / 16 {
                out.extend_from_slice(b"lange notitie,\\n");
            }
        }
        out.extend_from_slice(rng.word(NOTES));
        if rng.chance(25) {
            out.extend_from_slice(b" Mailt vanaf ");
            Self::email(first, last, id, out);
        }
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["active", "active", "active", "blocked", "dormant"]));
        out.push(b'\t');
        let made = self.moment(id, self.customers, &mut rng);
        self.calendar.timestamp(made, rng.below(1_000_000), out);
        out.push(b'\t');
        self.calendar.timestamp(made + rng.below(700 * DAY), rng.below(1_000_000), out);
        out.push(b'\n');
    }

    /// Appends street, house number, postcode and city, each with its tab.
    fn address(&self, rng: &mut Rng, out: &mut Vec<u8>) {
        out.extend_from_slice(rng.pick::<Box<[u8]>>(&self.pools.streets));
        out.push(b'\t');
        number(1 + rng.below(240), out);
        if rng.chance(12) {
            out.extend_from_slice(rng.word(&["a", "b", "-2", " bis"]));
        }
        out.push(b'\t');
        number(1_000 + rng.below(9_000), out);
        out.push(b' ');
        out.extend_from_slice(rng.word(&["AB", "BX", "CD", "EZ", "GH", "KL", "NR", "PV", "TW", "XE"]));
        out.push(b'\t');
        out.extend_from_slice(rng.pick::<Box<[u8]>>(&self.pools.cities));
        out.push(b'\t');
    }

    fn price(&self, product: u64) -> u64 {
        495 + Rng::of(self.seed, PRODUCT, product).below(400) * 50
    }

    fn product_name(&self, product: u64) -> &[u8] {
        let mut rng = Rng::of(self.seed, PRODUCT, product);
        rng.next();
        rng.pick::<Box<[u8]>>(&self.pools.products)
    }

    fn lines(&self, order: u64) -> u64 {
        1 + Rng::of(self.seed, ORDER, order).below(5)
    }

    fn line(&self, order: u64, nr: u64) -> Line {
        let mut rng = Rng::of(self.seed, LINE, order * 8 + nr);
        let product = 1 + rng.below(self.products);
        let quantity = 1 + rng.below(4);
        let price = self.price(product);
        let discount = if rng.chance(15) { 500 * (1 + rng.below(4)) } else { 0 };
        let total = quantity * price * (10_000 - discount) / 10_000;
        Line { product, quantity, price, discount, total }
    }

    /// Appends the rows of `order_lines` of one order; returns the next id.
    pub fn order_lines(&self, order: u64, mut id: u64, out: &mut Vec<u8>) -> u64 {
        for nr in 1..=self.lines(order) {
            let line = self.line(order, nr);
            for n in [id, order, nr, line.product] {
                number(n, out);
                out.push(b'\t');
            }
            out.extend_from_slice(self.product_name(line.product));
            out.push(b'\t');
            number(line.quantity, out);
            for amount in [line.price, line.discount, 2_100, line.total] {
                out.push(b'\t');
                cents(amount, out);
            }
            out.push(b'\n');
            id += 1;
        }
        id
    }

    /// Appends a row of `orders`; one in thirty mail addresses is written in capitals.
    pub fn order(&self, id: u64, out: &mut Vec<u8>) {
        let mut rng = Rng::of(self.seed, ORDER, id);
        rng.next();
        let customer = 1 + rng.below(self.customers);
        number(id, out);
        out.extend_from_slice(b"\tW-");
        padded(id, 10, out);
        out.extend_from_slice(b"\tF-");
        padded(id, 10, out);
        out.push(b'\t');
        out.extend_from_slice(rng.word(&[
            "webshop",
            "webshop",
            "app",
            "telephone",
            "\u{201c}marketplace\u{201d}",
        ]));
        out.push(b'\t');
        number(customer, out);
        out.push(b'\t');
        let (first, last, _) = self.who(customer);
        let from = out.len();
        Self::email(first, last, customer, out);
        if rng.below(30) == 0 {
            out[from..].make_ascii_uppercase();
        }
        out.push(b'\t');
        out.extend_from_slice(rng.word(&[
            "delivered",
            "delivered",
            "delivered",
            "returned",
            "cancelled",
            "open",
        ]));
        out.extend_from_slice(b"\tEUR");
        let subtotal: u64 = (1..=self.lines(id)).map(|nr| self.line(id, nr).total).sum();
        let shipping = if subtotal > 5_000 { 0 } else { 495 };
        for amount in [subtotal, shipping, (subtotal + shipping) * 21 / 121, subtotal + shipping] {
            out.push(b'\t');
            cents(amount, out);
        }
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["ideal", "ideal", "creditcard", "banktransfer", "giftcard", "\\N"]));
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["standard", "evening", "pickup point", "\\N"]));
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["\\N", "\\N", "\\N", "\\N", "WELKOM10", "ZOMER-2023"]));
        out.push(b'\t');
        let placed = self.moment(id, self.orders, &mut rng);
        self.calendar.timestamp(placed, rng.below(1_000_000), out);
        out.push(b'\t');
        self.calendar.timestamp(placed + rng.below(3_600), rng.below(1_000_000), out);
        out.push(b'\t');
        if rng.chance(85) {
            self.calendar.timestamp(placed + DAY + rng.below(4 * DAY), 0, out);
        } else {
            out.extend_from_slice(b"\\N");
        }
        out.push(b'\n');
    }

    /// Appends a row of `products`.
    pub fn product(&self, id: u64, out: &mut Vec<u8>) {
        let mut rng = Rng::of(self.seed, PRODUCT, id | 1 << 40);
        number(id, out);
        out.extend_from_slice(b"\tSKU-");
        padded(id, 8, out);
        out.push(b'\t');
        out.extend_from_slice(self.product_name(id));
        out.push(b'\t');
        for _ in 0..3 + rng.below(6) {
            out.extend_from_slice(rng.word(DESCRIPTIONS));
            out.push(b' ');
        }
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["wonen", "keuken", "reizen", "tuin", "kantoor & studie"]));
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["Huismerk", "Noordlicht", "De Kade", "\\N"]));
        out.push(b'\t');
        cents(self.price(id), out);
        out.extend_from_slice(b"\t21.00\t");
        number(rng.below(500), out);
        out.push(b'\t');
        number(80 + rng.below(9_000), out);
        out.extend_from_slice(if rng.chance(90) { b"\tt\t" } else { b"\tf\t" });
        let made = self.moment(id, self.products, &mut rng);
        self.calendar.timestamp(made, 0, out);
        out.push(b'\n');
    }

    /// Appends a row of `web_log`: wide, no person in it.
    pub fn log(&self, id: u64, out: &mut Vec<u8>) {
        let mut rng = Rng::of(self.seed, LOG, id);
        number(id, out);
        out.push(b'\t');
        self.calendar.timestamp(START + SPAN + id / 40, rng.below(1_000_000), out);
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["info", "info", "info", "warn", "error"]));
        out.extend_from_slice(b"\tweb-");
        padded(rng.below(12), 2, out);
        out.extend_from_slice(b".shop.example.net\t");
        out.extend_from_slice(rng.word(&["storefront", "cart", "checkout", "search"]));
        out.push(b'\t');
        let (a, b) = (rng.next(), rng.next());
        hex(a >> 32, 8, out);
        out.push(b'-');
        hex(a, 4, out);
        out.extend_from_slice(b"-4");
        hex(a >> 16, 3, out);
        out.extend_from_slice(b"-a");
        hex(b >> 48, 3, out);
        out.push(b'-');
        hex(b, 12, out);
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["GET", "GET", "GET", "POST"]));
        out.push(b'\t');
        out.extend_from_slice(rng.word(PATHS));
        out.push(b'\t');
        if rng.chance(60) {
            out.extend_from_slice(b"page=");
            number(1 + rng.below(40), out);
            out.extend_from_slice(b"&sort=price&ref=");
            hex(rng.next(), 12, out);
        } else {
            out.extend_from_slice(b"\\N");
        }
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["200", "200", "200", "200", "304", "404", "503"]));
        out.push(b'\t');
        number(rng.below(900), out);
        out.push(b'.');
        padded(rng.below(100), 2, out);
        number(1 + rng.below(9), out);
        out.push(b'\t');
        self.log_tail(&mut rng, out);
    }

    /// Appends the last seven columns of a row of `web_log`.
    fn log_tail(&self, rng: &mut Rng, out: &mut Vec<u8>) {
        number(rng.below(4_000), out);
        out.push(b'\t');
        number(rng.below(90_000), out);
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["t", "f", "\\N"]));
        out.extend_from_slice(b"\t2025.");
        number(1 + rng.below(52), out);
        out.push(b'\t');
        out.extend_from_slice(rng.word(&["{}", "{new_checkout}", "{new_checkout,\"fast search\"}", "\\N"]));
        out.extend_from_slice(b"\t{\"ua\": \"");
        out.extend_from_slice(rng.word(AGENTS));
        out.extend_from_slice(b"\", \"cart\": {\"items\": ");
        number(rng.below(12), out);
        out.extend_from_slice(b", \"total\": ");
        cents(100 + rng.below(50_000), out);
        out.extend_from_slice(b"}, \"trace\": \"");
        hex(rng.next(), 16, out);
        out.extend_from_slice(b"\"}\t");
        out.extend_from_slice(rng.word(MESSAGES));
        out.push(b'\n');
    }
}

/// Appends a phone number in one of the spellings people use; 06-00 is given to nobody here or in the fixtures.
fn phone(rng: &mut Rng, out: &mut Vec<u8>) {
    let n = rng.below(1_000_000);
    match rng.below(4) {
        0 => out.extend_from_slice(b"+31600"),
        1 => out.extend_from_slice(b"06-00"),
        2 => out.extend_from_slice(b"0600"),
        _ => {
            out.extend_from_slice(b"06 00 ");
            padded(n / 10_000, 2, out);
            out.push(b' ');
            padded(n / 100, 2, out);
            out.push(b' ');
            padded(n, 2, out);
            return;
        }
    }
    padded(n, 6, out);
}

/// Appends an IBAN of a bank that does not exist, with right check digits (ISO 13616, ISO 7064 mod 97-10).
fn iban(rng: &mut Rng, out: &mut Vec<u8>) {
    const BANKS: [(&[u8], u64); 3] = [(b"XXAA", 33_331_010), (b"XXBB", 33_331_111), (b"XXCC", 33_331_212)];
    let (bank, digits) = match rng.below(3) {
        0 => BANKS[0],
        1 => BANKS[1],
        _ => BANKS[2],
    };
    let account = rng.below(10_000_000_000);
    // Bank as digits, account, "NL" as digits, 00: all modulo 97.
    let rest = ((digits % 97 * (10_000_000_000 % 97) + account) % 97 * (1_000_000 % 97) + 232_100) % 97;
    out.extend_from_slice(b"NL");
    padded(98 - rest, 2, out);
    out.extend_from_slice(bank);
    padded(account, 10, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iban_has_right_check_digits() {
        for row in 0..1_000 {
            let mut out = Vec::new();
            iban(&mut Rng::of(1, 1, row), &mut out);
            let moved: Vec<u8> = out[4..].iter().chain(&out[..4]).copied().collect();
            let rest = moved.iter().fold(0, |rest, c| match c {
                b'0'..=b'9' => (rest * 10 + u64::from(c - b'0')) % 97,
                _ => (rest * 100 + u64::from(c - b'A') + 10) % 97,
            });
            assert_eq!((rest, out.len()), (1, 18));
        }
    }

    #[test]
    fn rows_have_all_their_columns() {
        let shop = Shop::new(7, 10_000_000, 0);
        let tabs = |row: &[u8]| row.iter().filter(|c| **c == b'\t').count();
        for id in 1..300 {
            let mut rows: [Vec<u8>; 5] = Default::default();
            shop.customer(id, &mut rows[0]);
            shop.order(id, &mut rows[1]);
            shop.product(id, &mut rows[2]);
            shop.log(id, &mut rows[3]);
            shop.order_lines(id, 1, &mut rows[4]);
            let line = rows[4].split(|c| *c == b'\n').next().unwrap_or_default();
            let found = [tabs(&rows[0]), tabs(&rows[1]), tabs(&rows[2]), tabs(&rows[3]), tabs(line)];
            assert_eq!(found, [16, 17, 11, 17, 9]);
        }
    }
}
