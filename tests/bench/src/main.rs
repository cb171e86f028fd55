//! Writes a pg_dump (plain, COPY form) of an invented webshop to standard output: any size, and for one seed the same
//! bytes on every machine. PostgreSQL 15 loads it and dumps the same lines again (tests/bench/run --verify).
//!
//! `webshop-dump --bytes 1GB [--seed 1] [--schema-only] [--stats] [--long-note 16000000]`

mod pools;
mod rng;
mod tables;
mod text;

use std::io::{self, Write};
use std::process::ExitCode;

use rng::Rng;
use tables::Shop;

/// What stands before and after the rows, printed by pg_dump 15 itself for these tables.
const PRE: &str = include_str!("../schema/pre.sql");
const POST: &str = include_str!("../schema/post.sql");
const CHUNK: usize = 256 << 10;

/// A table's name and columns.
const TABLES: [(&str, &str); 5] = [
    (
        "customers",
        "id, first_name, tussenvoegsel, last_name, email, phone, birth_date, street, house_number, postcode, city, \
         iban, gender, notes, status, created_at, updated_at",
    ),
    (
        "order_lines",
        "id, order_id, line_number, product_id, description, quantity, unit_price, discount, vat_rate, line_total",
    ),
    (
        "orders",
        "id, order_number, invoice_number, channel, customer_id, email, status, currency, subtotal, shipping, tax, \
         total, payment_method, shipping_method, coupon, placed_at, paid_at, shipped_at",
    ),
    (
        "products",
        "id, sku, name, description, category, brand, price, vat_rate, stock, weight_grams, active, created_at",
    ),
    (
        "web_log",
        "id, logged_at, level, host, service, request_id, method, path, query, status, duration_ms, bytes_in, \
         bytes_out, cache_hit, release, feature_flags, context, message",
    ),
];

struct Options {
    bytes: u64,
    seed: u64,
    schema_only: bool,
    stats: bool,
    long_note: u64,
}

/// Standard output with a buffer and a count.
struct Out {
    to: io::StdoutLock<'static>,
    buffer: Vec<u8>,
    written: u64,
}

impl Out {
    fn flush(&mut self) -> io::Result<()> {
        self.to.write_all(&self.buffer)?;
        self.written += len(&self.buffer);
        self.buffer.clear();
        Ok(())
    }

    fn drain(&mut self) -> io::Result<()> {
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn total(&self) -> u64 {
        self.written + len(&self.buffer)
    }
}

#[expect(clippy::as_conversions, reason = "a length fits 64 bits")]
fn len(bytes: &[u8]) -> u64 {
    bytes.len() as u64
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("webshop-dump: {problem}");
            return ExitCode::from(2);
        }
    };
    match write(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("webshop-dump: cannot write: {:?}", error.kind());
            ExitCode::from(4)
        }
    }
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { bytes: 0, seed: 1, schema_only: false, stats: false, long_note: 0 };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("`{arg}` needs a value"));
        match arg.as_str() {
            "--bytes" => options.bytes = size(&value()?)?,
            "--seed" => options.seed = value()?.parse().map_err(|_| "`--seed` takes a whole number")?,
            "--long-note" => options.long_note = size(&value()?)?,
            "--schema-only" => options.schema_only = true,
            "--stats" => options.stats = true,
            _ => return Err(format!("unknown argument `{arg}`; see tests/bench/README.md")),
        }
    }
    if options.bytes == 0 && !options.schema_only {
        return Err("say how much: `--bytes 100MB`".to_owned());
    }
    Ok(options)
}

/// Reads `1500`, `64KB`, `100MB`, `4GB`: powers of ten.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match &text[digits.len()..] {
        "" | "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return Err("`--bytes` takes a number with B, KB, MB or GB".to_owned()),
    };
    let number: Option<u64> = digits.parse().ok();
    number
        .and_then(|n| n.checked_mul(factor))
        .ok_or("`--bytes` takes a number with B, KB, MB or GB".to_owned())
}

fn write(options: &Options) -> io::Result<()> {
    let token = token(options.seed);
    let post = POST.replace("{TOKEN}", &token);
    let mut out = Out { to: io::stdout().lock(), buffer: Vec::with_capacity(2 * CHUNK), written: 0 };
    out.buffer.extend_from_slice(PRE.replace("{TOKEN}", &token).as_bytes());
    if !options.schema_only {
        let shop = Shop::new(options.seed, options.bytes, options.long_note);
        let mut last = [0; 5];
        for (index, last) in last.iter_mut().enumerate() {
            *last = table(&shop, index, options, &post, &mut out)?;
        }
        for ((name, _), last) in TABLES.iter().zip(last) {
            let about = format!("{name}_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres");
            let set = format!("SELECT pg_catalog.setval('public.{name}_id_seq', {last}, true);");
            out.buffer.extend_from_slice(format!("--\n-- Name: {about}\n--\n\n{set}\n\n\n").as_bytes());
        }
    }
    out.buffer.extend_from_slice(post.as_bytes());
    out.flush()?;
    out.to.flush()
}

/// Writes one table's block; returns the last id.
fn table(shop: &Shop, index: usize, options: &Options, post: &str, out: &mut Out) -> io::Result<u64> {
    let (name, columns) = TABLES[index];
    let about = format!("Data for Name: {name}; Type: TABLE DATA; Schema: public; Owner: postgres");
    let head = format!("--\n-- {about}\n--\n\nCOPY public.{name} ({columns}) FROM stdin;\n");
    out.buffer.extend_from_slice(head.as_bytes());
    let from = out.total();
    let mut last = 0;
    match index {
        0 => last = each(shop.customers, out, |id, buffer| shop.customer(id, buffer))?,
        1 => {
            let mut next = 1;
            each(shop.orders, out, |order, buffer| next = shop.order_lines(order, next, buffer))?;
            last = next - 1;
        }
        2 => last = each(shop.orders, out, |id, buffer| shop.order(id, buffer))?,
        3 => last = each(shop.products, out, |id, buffer| shop.product(id, buffer))?,
        // The log fills up what is left, so that the dump has the size asked for to within a row.
        _ => {
            let rest = len(post.as_bytes()) + 900;
            while last == 0 || out.total() + rest < options.bytes {
                last += 1;
                shop.log(last, &mut out.buffer);
                out.drain()?;
            }
        }
    }
    if options.stats {
        eprintln!("{name}\t{last} rows\t{} bytes", out.total() - from);
    }
    out.buffer.extend_from_slice(b"\\.\n\n\n");
    Ok(last)
}

fn each(count: u64, out: &mut Out, mut row: impl FnMut(u64, &mut Vec<u8>)) -> io::Result<u64> {
    for id in 1..=count {
        row(id, &mut out.buffer);
        out.drain()?;
    }
    Ok(count)
}

/// Makes the word of `\restrict`: 63 letters and digits, as pg_dump does.
fn token(seed: u64) -> String {
    let mut rng = Rng::of(seed, 6, 0);
    let alphabet: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
    (0..63).map(|_| *rng.pick(&alphabet)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size("100MB"), Ok(100_000_000));
        assert_eq!(size("17"), Ok(17));
        assert!(size("1TB").is_err() && size("MB").is_err());
    }
}
