//! Writes a dump of an invented webshop to standard output, as pg_dump or mariadb-dump would: any size, and for one seed
//! the same bytes on every machine. The servers load it and dump the same lines again (tests/bench/run checks that).
//!
//! `webshop-dump --bytes 1GB [--form copy|archive|inserts|mysql|mysql-lines|mysql-rows] [--seed 1] [--schema-only] [--stats]
//! [--long-note 16000000] [--customers-only]`. The size is that of the COPY form; the others have the same rows.
//!
//! `webshop-dump --tables 3000 [--columns 30]` writes a schema of that many tables instead, without rows.
//!
//! As a filter, for what zlib costs without the program: `webshop-dump --unpack all|TABLE,...` prints rows of an archive,
//! `webshop-dump --pack` packs what it reads.

mod archive;
mod form;
mod pools;
mod rng;
mod schema;
mod tables;
mod text;

use std::io::{self, Write};
use std::process::ExitCode;

use archive::Entry;
use form::{FORMS, Form, Writer};
use rng::Rng;
use tables::Shop;

/// What stands before and after the rows, printed by pg_dump 15 itself for these tables.
const PRE: &str = include_str!("../schema/pre.sql");
const POST: &str = include_str!("../schema/post.sql");
/// The same of mariadb-dump 10.11: each table's rows follow its `DISABLE KEYS`.
const MYSQL: &str = include_str!("../schema/mysql.sql");
const CHUNK: usize = 256 << 10;

/// A table's name, columns and a letter a column for its kind (see `form`).
const TABLES: [(&str, &str, &str); 5] = [
    (
        "customers",
        "id, first_name, tussenvoegsel, last_name, email, phone, birth_date, street, house_number, postcode, city, \
         iban, gender, notes, status, created_at, updated_at",
        "nttttttttttttttzz",
    ),
    (
        "order_lines",
        "id, order_id, line_number, product_id, description, quantity, unit_price, discount, vat_rate, line_total",
        "nnnntnnnnn",
    ),
    (
        "orders",
        "id, order_number, invoice_number, channel, customer_id, email, status, currency, subtotal, shipping, tax, \
         total, payment_method, shipping_method, coupon, placed_at, paid_at, shipped_at",
        "ntttntttnnnntttzzz",
    ),
    (
        "products",
        "id, sku, name, description, category, brand, price, vat_rate, stock, weight_grams, active, created_at",
        "ntttttnnnnbz",
    ),
    (
        "web_log",
        "id, logged_at, level, host, service, request_id, method, path, query, status, duration_ms, bytes_in, \
         bytes_out, cache_hit, release, feature_flags, context, message",
        "nztttttttnnnnbtttt",
    ),
];

struct Options {
    bytes: u64,
    seed: u64,
    schema_only: bool,
    stats: bool,
    long_note: u64,
    customers_only: bool,
    form: Form,
    filter: Option<Filter>,
    /// Tables and columns of a wide schema, if that is written instead.
    tables: usize,
    columns: usize,
}

/// What is done to standard input instead.
enum Filter {
    Pack,
    /// These tables; all, if empty.
    Unpack(Vec<String>),
}

/// An output with a buffer and a count.
struct Out<W: Write> {
    to: W,
    buffer: Vec<u8>,
    /// Rows as COPY text, before they get their form.
    lines: Vec<u8>,
    written: u64,
    /// Bytes that the COPY form has so far: decides how many rows there are.
    copied: u64,
}

impl<W: Write> Out<W> {
    fn new(to: W) -> Self {
        let (buffer, lines) = (Vec::with_capacity(2 * CHUNK), Vec::with_capacity(CHUNK));
        Self { to, buffer, lines, written: 0, copied: 0 }
    }

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

    /// Writes text that the COPY form has too.
    fn text(&mut self, text: &str) {
        self.copied += len(text.as_bytes());
        self.buffer.extend_from_slice(text.as_bytes());
    }

    /// Gives the waiting rows their form.
    fn form(&mut self, writer: &mut Writer<'_>) -> io::Result<()> {
        self.copied += len(&self.lines);
        writer.rows(&self.lines, &mut self.buffer);
        self.lines.clear();
        self.drain()
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
    let mut options = Options {
        bytes: 0,
        seed: 1,
        schema_only: false,
        stats: false,
        long_note: 0,
        customers_only: false,
        form: Form::Copy,
        filter: None,
        tables: 0,
        columns: 30,
    };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("`{arg}` needs a value"));
        match arg.as_str() {
            "--bytes" => options.bytes = size(&value()?)?,
            "--seed" => options.seed = value()?.parse().map_err(|_| "`--seed` takes a whole number")?,
            "--long-note" => options.long_note = size(&value()?)?,
            "--form" => {
                let name = value()?;
                let found = FORMS.iter().find(|(known, _)| *known == name);
                options.form = found.ok_or(format!("`--form` knows no `{name}`"))?.1;
            }
            "--tables" => options.tables = value()?.parse().map_err(|_| "`--tables` takes a whole number")?,
            "--columns" => {
                options.columns = value()?.parse().map_err(|_| "`--columns` takes a whole number")?
            }
            "--customers-only" => options.customers_only = true,
            "--pack" => options.filter = Some(Filter::Pack),
            "--unpack" => {
                let tables = value()?;
                let tables = tables.split(',').filter(|table| *table != "all").map(str::to_owned);
                options.filter = Some(Filter::Unpack(tables.collect()));
            }
            "--schema-only" => options.schema_only = true,
            "--stats" => options.stats = true,
            _ => return Err(format!("unknown argument `{arg}`; see tests/bench/README.md")),
        }
    }
    if options.bytes == 0 && !options.schema_only && options.filter.is_none() && options.tables == 0 {
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
    let mut stdout = io::stdout().lock();
    if options.tables > 0 {
        return stdout.write_all(schema::write(options.tables, options.columns, options.seed).as_bytes());
    }
    match &options.filter {
        Some(Filter::Pack) => return archive::pack(io::stdin().lock(), stdout),
        Some(Filter::Unpack(tables)) => {
            let from = io::BufReader::with_capacity(CHUNK, io::stdin().lock());
            return archive::unpack(from, tables, stdout);
        }
        None => {}
    }
    if options.form == Form::Archive {
        return write_archive(options, stdout);
    }
    let mut out = Out::new(stdout);
    if options.form.is_mysql() {
        mysql(options, &mut out)?
    } else {
        postgres(options, &mut out)?;
    }
    out.flush()?;
    out.to.flush()
}

impl Options {
    fn shop(&self) -> Shop {
        if self.customers_only {
            Shop::of_customers(self.seed, self.bytes)
        } else {
            Shop::new(self.seed, self.bytes, self.long_note)
        }
    }
}

/// Returns how the sequence of a table is set behind its last row.
fn setval(name: &str, last: u64) -> String {
    let (last, called) = if last == 0 { (1, false) } else { (last, true) };
    format!("SELECT pg_catalog.setval('public.{name}_id_seq', {last}, {called});")
}

/// Writes a dump in the forms of PostgreSQL that are text; returns the last ids.
fn postgres<W: Write>(options: &Options, out: &mut Out<W>) -> io::Result<[u64; 5]> {
    let token = token(options.seed);
    let post = POST.replace("{TOKEN}", &token);
    out.text(&PRE.replace("{TOKEN}", &token));
    let mut last = [0; 5];
    if !options.schema_only {
        let shop = options.shop();
        for (index, last) in last.iter_mut().enumerate() {
            *last = table(&shop, index, options, out)?;
        }
        for ((name, _, _), last) in TABLES.iter().zip(last) {
            let about = format!("{name}_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres");
            let set = setval(name, last);
            out.buffer.extend_from_slice(format!("--\n-- Name: {about}\n--\n\n{set}\n\n\n").as_bytes());
        }
    }
    out.buffer.extend_from_slice(post.as_bytes());
    Ok(last)
}

/// Writes the same as an archive. Its table of contents tells the last ids, so all rows are made twice.
fn write_archive(options: &Options, to: impl Write) -> io::Result<()> {
    let mut quiet = Out::new(io::sink());
    let last = postgres(&Options { form: Form::Copy, stats: false, filter: None, ..*options }, &mut quiet)?;
    let mut entries = archive::session();
    entries.extend(archive::entries(PRE));
    let first = entries.len() + 1;
    for (name, columns, _) in TABLES {
        let copy = format!("COPY public.{name} ({columns}) FROM stdin;\n");
        let id = 1 + entries.iter().position(|entry| entry.is_table(name)).unwrap_or_default();
        entries.push(Entry::of_table(name, "TABLE DATA", copy, id));
    }
    for ((name, ..), last) in TABLES.iter().zip(last) {
        let id = 1 + entries.iter().position(|entry| entry.is_table(name)).unwrap_or_default();
        entries.push(Entry::of_table(
            &format!("{name}_id_seq"),
            "SEQUENCE SET",
            setval(name, last) + "\n",
            id,
        ));
    }
    entries.extend(archive::entries(POST));
    let mut out = Out::new(archive::Blocks::new(to));
    // As many rows as the COPY form has.
    out.copied = len(PRE.as_bytes()) + 56;
    let mut toc = Vec::new();
    archive::write_toc(&entries, &mut toc);
    out.to.raw(&toc)?;
    let shop = options.shop();
    for index in 0..TABLES.len() {
        out.to.begin(first + index)?;
        table(&shop, index, options, &mut out)?;
        out.flush()?;
        out.to.end()?;
    }
    out.to.flush()
}

/// Fills the frame that mariadb-dump wrote of the empty tables.
fn mysql<W: Write>(options: &Options, out: &mut Out<W>) -> io::Result<()> {
    let shop = options.shop();
    // As many rows as the COPY form has.
    out.copied = len(PRE.as_bytes()) + 2 * 56;
    let mut rest = MYSQL;
    for (index, (name, _, _)) in TABLES.iter().enumerate() {
        let mark = format!("/*!40000 ALTER TABLE `{name}` DISABLE KEYS */;\n");
        let (before, after) = rest.split_once(&mark).ok_or(io::ErrorKind::NotFound)?;
        out.buffer.extend_from_slice(before.as_bytes());
        out.buffer.extend_from_slice(mark.as_bytes());
        if !options.schema_only {
            table(&shop, index, options, out)?;
        }
        rest = after;
    }
    out.buffer.extend_from_slice(rest.as_bytes());
    Ok(())
}

/// Writes one table's rows and what pg_dump says around them; returns the last id.
fn table<W: Write>(shop: &Shop, index: usize, options: &Options, out: &mut Out<W>) -> io::Result<u64> {
    let (name, columns, kinds) = TABLES[index];
    let about = format!("Data for Name: {name}; Type: TABLE DATA; Schema: public; Owner: postgres");
    let comment = format!("--\n-- {about}\n--\n\n");
    let copy = format!("COPY public.{name} ({columns}) FROM stdin;\n");
    match options.form {
        Form::Copy => out.text(&(comment + &copy)),
        Form::Inserts => {
            out.text(&comment);
            out.copied += len(copy.as_bytes());
        }
        _ => out.copied += len(comment.as_bytes()) + len(copy.as_bytes()),
    }
    let from = out.total();
    let mut writer = Writer::new(options.form, name, kinds);
    let mut last = 0;
    match index {
        0 => last = each(shop.customers, out, &mut writer, |id, lines| shop.customer(id, lines))?,
        1 => {
            let mut next = 1;
            each(shop.orders, out, &mut writer, |order, lines| next = shop.order_lines(order, next, lines))?;
            last = next - 1;
        }
        2 => last = each(shop.orders, out, &mut writer, |id, lines| shop.order(id, lines))?,
        3 => last = each(shop.products, out, &mut writer, |id, lines| shop.product(id, lines))?,
        _ if options.customers_only => {}
        // The log fills up what is left, so that the dump has the size asked for to within a row.
        _ => {
            let rest = len(POST.as_bytes()) + 56 + 900;
            while last == 0 || out.copied + len(&out.lines) + rest < options.bytes {
                last += 1;
                shop.log(last, &mut out.lines);
                if out.lines.len() >= CHUNK {
                    out.form(&mut writer)?;
                }
            }
        }
    }
    out.form(&mut writer)?;
    if options.stats {
        eprintln!("{name}\t{last} rows\t{} bytes", out.total() - from);
    }
    writer.end(&mut out.buffer);
    out.copied += len(b"\\.\n\n\n");
    Ok(last)
}

fn each<W: Write>(
    count: u64,
    out: &mut Out<W>,
    writer: &mut Writer<'_>,
    mut row: impl FnMut(u64, &mut Vec<u8>),
) -> io::Result<u64> {
    for id in 1..=count {
        row(id, &mut out.lines);
        if out.lines.len() >= CHUNK {
            out.form(writer)?;
        }
    }
    out.form(writer)?;
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
