//! Masking allocates nothing per row or field: a counting allocator, and the same job on N and on 4N rows. And no length that
//! an archive announces is allocated, and what `discover` holds at once does not grow with its input.
//!
//! Its own test binary, since a program has one allocator. Counts this thread only: `-j1` runs in it. What a piece
//! costs (its result's lists, the counts of its columns) is bounded apart.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
    /// The largest allocation.
    static LARGEST: Cell<usize> = const { Cell::new(0) };
    /// Bytes that are held, of those that this thread asked for or gave back.
    static HELD: Cell<i64> = const { Cell::new(0) };
    /// The most that were held.
    static MOST: Cell<i64> = const { Cell::new(0) };
}

/// Counts bytes that came and went.
fn held(came: usize, went: usize) {
    let change = |bytes: usize| i64::try_from(bytes).unwrap_or(i64::MAX);
    HELD.set(HELD.get().wrapping_add(change(came)).wrapping_sub(change(went)));
    MOST.set(MOST.get().max(HELD.get()));
}

/// The system's allocator, counted.
struct Counting;

// SAFETY: every call goes to the system's allocator with its arguments as they came; counting touches a constant
// thread-local without a destructor, so it neither allocates nor runs after the thread's end.
#[expect(unsafe_code, reason = "GlobalAlloc is an unsafe trait; the only place in the repository")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        LARGEST.set(LARGEST.get().max(layout.size()));
        held(layout.size(), 0);
        // SAFETY: the caller's contract is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        LARGEST.set(LARGEST.get().max(size));
        held(size, layout.size());
        // SAFETY: the caller's contract is passed on.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        held(0, layout.size());
        // SAFETY: the caller's contract is passed on.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[cfg(test)]
mod rows {
    use std::fmt::Write;

    use super::COUNT;
    use standin::format::{FORMATS, InputOptions};
    use standin::mask::TECHNIQUES;
    use standin::mask::fake::KINDS;
    use standin::pipeline::{BytesSource, Job, NullDestination, Stop, run};
    use standin::profile::plan::{Plan, PlanOptions};
    use standin::profile::syntax;
    use standin::secret::{Key, Schedule};

    /// How much a read gives; a piece is about that.
    const READ: usize = 256 << 10;

    const PROFILE: &str = "version: 1
locale: nl_NL
policy: {domain: tests, mail_domain: example.org}
reasons: {work: \"state of the work\"}
entities:
  person:
    subject: id
    id: {pseudonym: integer}
    uuid: {pseudonym: uuid}
    bsn: {pseudonym: bsn}
    ref: hash
    email: {fake: email, unique: true, max: 64}
    mail: {fake: email}
    first_name: {fake: first_name}
    last_name: {fake: last_name}
    full_name: {fake: full_name}
    phone: {fake: phone}
    street: {fake: street}
    city: {fake: city}
    postcode: {fake: postcode}
    iban: {fake: iban}
    seen: {shift: 26w}
    amount: {perturb: 10%}
    colour: {pick: {red: 3, blue: 1}}
    size: {zipf: [s, m, l]}
tables:
  t:
    columns:
      id: person.id
      uuid: person.uuid
      bsn: person.bsn
      ref: person.ref
      email: person.email
      mail: person.mail
      first_name: person.first_name
      last_name: person.last_name
      full_name: person.full_name
      phone: person.phone
      street: person.street
      city: person.city
      postcode: person.postcode
      iban: person.iban
      born: {generalise: year}
      note: suppress
      must: suppress
      word: {constant: removed}
      own_name: {fake: full_name}
      own_phone: {fake: phone}
      own_id: {pseudonym: integer}
      seen: person.seen
      amount: person.amount
      colour: person.colour
      paid: {perturb: 5, distribution: gaussian}
      code: {pattern: '[A-Z]{2}-[0-9]{4,6}'}
      account: {partial: {keep_last: 4}}
      age: {generalise: {width: 10}}
      address: {generalise: network}
      area: {generalise: {prefix: 2}}
      job: {generalise: {map: {nurse: care}, else: other}}
      size: person.size
      day: {between: 2020-01-01..2025-12-31}
      length: {normal: 170, deviation: 9, within: 140..210}
      price: {lognormal: 40, sigma: 0.8}
    keep: [status, memo]
    why: work
";

    const DDL: &str = "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n
CREATE TABLE public.t (
    id integer, uuid uuid, bsn text, ref text, email text, mail text, first_name text, last_name text, full_name text,
    phone text, street text, city text, postcode text, iban text, born date, note text, must text NOT NULL, word text,
    own_name text, own_phone text, own_id bigint, seen timestamp without time zone,
    amount numeric(9,2), colour text, paid numeric, code text, account text, age smallint, address inet, area text, job text,
    size text, day date, length smallint, price numeric(9,2), status text, memo text
);
";

    const COLUMNS: &str = "id, uuid, bsn, ref, email, mail, first_name, last_name, full_name, phone, street, city, postcode, \
                           iban, born, note, must, word, own_name, own_phone, own_id, seen, amount, colour, paid, code, account, age, address, \
                           area, job, size, day, length, price, status, memo";

    /// Writes one row; every fifth is odd: NULL, empty, escapes, accents, values without the technique's form, guests.
    fn row(text: &mut String, n: u64, tab: char, null: &str) {
        let bsn = 100_000_000 + n;
        let odd = n % 5 == 4;
        let (id, name, mail) = match n % 20 {
            4 => (null.to_owned(), "Zo\u{eb} de Vri\u{eb}s", "niemand"),
            9 => ("0".to_owned(), "", "  Piet.Jansen@Example.ORG"),
            14 => (n.to_string(), null, null),
            _ => (n.to_string(), "Jan Jansen", "jan.jansen@example.org"),
        };
        let uuid = if odd { "no uuid".to_owned() } else { format!("00000000-0000-4000-8000-{n:012x}") };
        let backslash = if null == "\\N" { "a\\tb\\\\c" } else { "a b c" };
        let uuid = if null == "\\N" { format!("00000000-0000-4000-8000-{n:012x}") } else { uuid };
        let phone = if odd { "bel niet" } else { "06-12345678" };
        let born = if odd { "infinity" } else { "1970-03-05" };
        let cells = [
            &id,
            &uuid,
            &bsn.to_string(),
            &format!("ref-{n}"),
            mail,
            mail,
            name,
            name,
            name,
            phone,
            "Dorpsstraat",
            "Ons Dorp",
            "1234 AB",
            "NL00 TEST 0123 4567 89",
            born,
            backslash,
            "x",
            "y",
            name,
            phone,
            &(n * 7).to_string(),
            "2024-02-29 12:30:00.5",
            "1234.50",
            "green",
            "99.9",
            "XX-1234",
            "NL00 TEST 0123 4567 89",
            "37",
            "192.0.2.77",
            "1234 AB",
            "nurse",
            "m",
            "2021-05-06",
            "181",
            "12.50",
            "open",
            backslash,
        ];
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                text.push(tab);
            }
            text.push_str(cell);
        }
        text.push('\n');
    }

    fn dump(rows: u64) -> String {
        let mut text = DDL.to_owned();
        let _ = writeln!(text, "\nCOPY public.t ({COLUMNS}) FROM stdin;");
        (0..rows).for_each(|n| row(&mut text, n, '\t', "\\N"));
        text += "\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n\n";
        text
    }

    fn csv(rows: u64) -> String {
        let mut text = COLUMNS.replace(", ", ";") + "\n";
        (0..rows).for_each(|n| row(&mut text, n, ';', ""));
        text
    }

    /// Masks a text of a format, and returns how often memory was asked for.
    fn allocations(format: &str, text: &str, rows: u64) -> u64 {
        allocations_of(PROFILE, format, text, rows)
    }

    fn allocations_of(profile: &str, format: &str, text: &str, rows: u64) -> u64 {
        let profile = syntax::read("alloc.yaml", profile.as_bytes());
        let profile = profile
            .unwrap_or_else(|r| panic!("{}", standin::profile::show::render(&r.files, &r.problems, false)));
        let schedule = Schedule::new(&Key::random().expect("randomness"), "tests");
        let plan = Plan::new(profile.profile, schedule, PlanOptions::default());
        let format = FORMATS.iter().find(|f| f.name() == format).expect("is listed");
        let options = InputOptions {
            table: Some("t".to_owned()),
            max_row: 1 << 20,
            read_bytes: READ,
            ..InputOptions::default()
        };
        let stop = Stop::default();
        let job = Job {
            plan: &plan,
            reader: format.reader(&options).expect("reader"),
            source: Box::new(BytesSource::new(text.as_bytes(), READ)),
            source_name: "test".into(),
            destination: Box::new(NullDestination),
            known: None,
            judged: false,
            threads: 1,
            guard: false,
            pass: standin::pipeline::Pass::Write,
            stop: &stop,
        };
        let before = COUNT.get();
        let report = run(job);
        let count = COUNT.get() - before;
        assert_eq!(report.error, None, "{:?}", report.problems);
        let masked = report.tally.tables.first().expect("a table");
        assert_eq!(masked.rows, rows);
        assert!(
            masked.columns.iter().all(|(_, _, c)| c.masked + c.removed + c.unfit > rows / 2),
            "the columns were not masked"
        );
        count
    }

    /// Divides counts for showing.
    fn ratio(a: u64, b: u64) -> f64 {
        let float = |n: u64| f64::from(u32::try_from(n).expect("a count of this test"));
        float(a) / float(b)
    }

    #[test]
    fn every_technique_is_in_the_profile() {
        // What is shuffled is kept in memory, and a password is hashed once: both stand apart. So does what is composed:
        // a template is rendered by its library, and documents are taken apart (those below cost nothing).
        let apart = |t: &&&standin::mask::TechniqueSpec| {
            ["keep", "shuffle", "login"].contains(&t.name) || t.class == standin::mask::Class::Composition
        };
        for technique in TECHNIQUES.iter().filter(|t| !apart(t)) {
            let name = technique.name;
            let bare = [format!("{{{name}: "), format!(": {name}\n")];
            assert!(bare.iter().any(|b| PROFILE.contains(b)), "{name}");
        }
    }

    /// A value of a kind's form, as far as one is needed.
    fn sample(kind: &str) -> &'static str {
        match kind {
            "gender" => "M",
            "title" => "dhr.",
            "birth_date" => "1987-06-05",
            "photo" => "3c737667202f3e",
            "address" => "Dorpsstraat 12a, 1234 AB Ons Dorp",
            "full_name" => "dhr. J. van den Berg",
            _ => "AB-12 34 56",
        }
    }

    fn locale(kind: &str) -> &'static str {
        match kind {
            "ssn" => "en_US",
            "nino" => "en_GB",
            _ => "nl_NL",
        }
    }

    #[test]
    fn nasty_59_no_kind_costs_a_row_an_allocation() {
        const ROWS: u64 = 2_000;
        let mut profile =
            "version: 1\npolicy: {domain: tests}\nreasons: {w: \"a test\"}\ntables:\n  t:\n    columns:\n"
                .to_owned();
        let mut head = "id".to_owned();
        for kind in KINDS {
            let _ = writeln!(profile, "      {0}: {{fake: {0}, locale: {1}}}", kind.name, locale(kind.name));
            head = head + ";" + kind.name;
        }
        profile += "    keep: [id]\n    why: w\n";
        let text = |rows: u64| {
            (0..rows).fold(head.clone() + "\n", |text, n| {
                KINDS.iter().fold(text + &n.to_string(), |text, kind| text + ";" + sample(kind.name)) + "\n"
            })
        };
        let (small, large) = (text(ROWS), text(2 * ROWS));
        let few = allocations_of(&profile, "csv", &small, ROWS);
        let many = allocations_of(&profile, "csv", &large, 2 * ROWS);
        let pieces = u64::try_from((large.len() - small.len()).div_ceil(READ)).expect("fits");
        let more = many.saturating_sub(few);
        assert!(more < 8 * pieces, "{more} allocations more for {ROWS} rows more in {pieces} pieces");
    }

    #[test]
    fn nasty_59_no_part_of_a_document_costs_a_row_an_allocation() {
        const ROWS: u64 = 4_000;
        let profile = "version: 1\npolicy: {domain: tests}\nreasons: {w: \"a test\"}\ntables:\n  t:\n    columns:\n      \
                       a:\n        json:\n          $.mail: {fake: email}\n          $.list[*].n: {pseudonym: integer}\n          $.kept: {keep: w}\n      \
                       b:\n        php:\n          $.name: {fake: first_name}\n    keep: [id]\n    why: w\n";
        let text = |rows: u64| {
            (0..rows).fold("id;a;b\n".to_owned(), |text, n| {
                let json = format!("{{\"\"mail\"\": \"\"a{n}@shop.example\"\", \"\"list\"\": [{{\"\"n\"\": {n}}}], \"\"kept\"\": 1, \"\"x\"\": 2}}");
                let php = "a:1:{s:4:\"\"name\"\";s:3:\"\"Jan\"\";}";
                text + &format!("{n};\"{json}\";\"{php}\"\n")
            })
        };
        let (small, large) = (text(ROWS), text(2 * ROWS));
        let few = allocations_of(profile, "csv", &small, ROWS);
        let many = allocations_of(profile, "csv", &large, 2 * ROWS);
        let pieces = u64::try_from((large.len() - small.len()).div_ceil(READ)).expect("fits");
        let more = many.saturating_sub(few);
        eprintln!("documents: {:.4} a row", ratio(more, ROWS));
        // A few for each chunk of 128 rows, where its columns are put before the walkers.
        assert!(more < 8 * pieces + ROWS / 16, "{more} allocations more for {ROWS} rows more");
    }

    /// Writes an input of so many rows.
    type Text = fn(u64) -> String;

    #[test]
    fn nasty_59_no_row_costs_an_allocation() {
        const ROWS: u64 = 8_000;
        let texts: [(&str, Text); 2] = [("pg_dump", dump), ("csv", csv)];
        for (format, text) in texts {
            let (small, large) = (text(ROWS), text(4 * ROWS));
            let (few, many) = (allocations(format, &small, ROWS), allocations(format, &large, 4 * ROWS));
            let pieces = u64::try_from((large.len() - small.len()).div_ceil(READ)).expect("fits");
            let more = many.saturating_sub(few);
            eprintln!(
                "{format}: {few} allocations for {ROWS} rows, {many} for {}: {:.5} a row, {:.1} a piece",
                4 * ROWS,
                ratio(more, 3 * ROWS),
                ratio(more, pieces)
            );
            assert!(few > 0, "nothing is counted");
            assert!(
                more < 8 * pieces,
                "{format}: {more} allocations more for {} rows more in {pieces} pieces",
                3 * ROWS
            );
        }
    }
}

#[cfg(test)]
mod conditions {
    use super::COUNT;
    use standin::condition::{Condition, Room, Truth};
    use standin::row::shape::{ColumnFacts, ColumnType, TypeClass};

    #[test]
    fn nasty_59_no_row_costs_a_condition_an_allocation() {
        let columns = [
            ("id", TypeClass::Integer, "12345"),
            ("price", TypeClass::Numeric { precision: None, scale: None }, "1234.50"),
            ("name", TypeClass::Text { max_chars: None }, "Sanne Jansen"),
            ("born", TypeClass::Date, "1990-02-28"),
            ("seen", TypeClass::Timestamp { zone: true }, "2026-02-28 10:00:00.5+02"),
            ("prefs", TypeClass::Json, r#"{"a": {"b": [1]}, "lang": "n\u006c"}"#),
        ];
        let facts = columns.clone().map(|(name, class, _)| ColumnFacts {
            name: name.to_owned(),
            ty: ColumnType { class, text: String::new(), domain: None },
            not_null: false,
            generated: false,
            literal_default: false,
            numbered: false,
        });
        let text = "id > 5 AND id % 5 = 0 AND price < 99999.99 AND name LIKE 'S%n' AND lower(name) ILIKE '%JAN%' \
                    AND born IN ('1990-02-28', '1990-02-27', '1990-02-26', '1990-02-25') AND born < current_date - 90 \
                    AND seen > now() - interval '90 days' AND prefs ->> 'lang' = 'nl' AND length(trim(name)) = 12";
        let bound = Condition::parse(text).and_then(|c| c.bind(&facts, 1_772_366_400)).expect("is bound");
        let cells = columns.each_ref().map(|(_, _, cell)| Some(cell.as_bytes()));
        let mut room = Room::default();
        assert_eq!(bound.evaluate(&cells, &mut room), Ok(Truth::True));
        let before = COUNT.get();
        for _ in 0..1_000 {
            assert_eq!(bound.evaluate(&cells, &mut room), Ok(Truth::True));
        }
        assert_eq!(COUNT.get() - before, 0);
    }
}

#[cfg(test)]
mod archives {
    use super::LARGEST;
    use standin::format::{FORMATS, InputOptions, Piece};
    use standin::pipeline::BytesSource;

    /// Reads all, or up to what is refused; returns whether it was read to its end, and the largest allocation.
    fn read(bytes: &[u8]) -> (bool, usize) {
        let format = FORMATS.iter().find(|f| f.name() == "archive").expect("is listed");
        // So high that nothing but the archive's own length limits what is kept.
        let options = InputOptions { max_row: 1 << 40, ..InputOptions::default() };
        let mut reader = format.reader(&options).expect("options are right");
        let mut source = BytesSource::new(bytes, usize::MAX);
        let mut piece = Piece::default();
        LARGEST.set(0);
        let whole = loop {
            match reader.next(&mut source, &mut piece) {
                Ok(true) => {}
                Ok(false) => break true,
                Err(_) => break false,
            }
        };
        (whole, LARGEST.get())
    }

    #[test]
    fn no_length_that_an_archive_announces_is_allocated() {
        for name in ["small-14-none.dump", "small-16-none.dump", "small-16.tar"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pg_dump/archives");
            let bytes = std::fs::read(path.join(name)).expect("fixture is there");
            let (whole, most) = read(&bytes);
            assert!(whole && most > 1000, "{name}: {most}");
            let mut refused = 0;
            for at in (0..bytes.len() - 5).take(3000) {
                let mut bytes = bytes.clone();
                bytes[at..at + 5].copy_from_slice(&[0, 0xFE, 0xFF, 0xFF, 0x7F]);
                let (whole, found) = read(&bytes);
                refused += usize::from(!whole);
                assert!(found <= 2 * most, "{name}, byte {at}: {found} bytes at once, {most} as it was");
            }
            assert!(refused > 500, "{name}: {refused} refused");
        }
    }
}

#[cfg(test)]
mod discovering {
    use std::fmt::Write;

    use super::{HELD, MOST};
    use standin::discover::run::Discovery;
    use standin::discover::walk::Options;
    use standin::format::{FORMATS, InputOptions};
    use standin::pipeline::{BytesSource, Stop};

    /// How much a read gives.
    const READ: usize = 64 << 10;

    /// A row of each table: a person, and what the person ordered.
    fn row(n: u64, tab: &str) -> [String; 2] {
        let born = format!("{}-{:02}-{:02}", 1940 + n % 60, 1 + n % 12, 1 + n % 28);
        let person = [
            n.to_string(),
            format!("Jan {}", n % 97),
            format!("Jansen{}", n % 1009),
            format!("jan.{n}@example.org"),
            format!("06-{:08}", n * 7919 % 100_000_000),
            born,
            format!("{} {:04} AB", 1000 + n % 8999, n % 10_000),
            format!("{{\"seen\": {n}, \"mail\": \"p{n}@example.org\"}}"),
            format!("Belt liever niet voor {n} uur.").repeat(1 + usize::try_from(n % 3).expect("small")),
        ];
        let order = [
            n.to_string(),
            (n * 31 % 5003).to_string(),
            format!("{}.{:02}", n % 300, n % 100),
            "2024-02-29 12:30:00".to_owned(),
        ];
        [person.join(tab), order.join(tab)]
    }

    const PEOPLE: &str = "id, first_name, last_name, email, phone, birth_date, postcode, settings, notes";
    const ORDERS: &str = "id, customer_id, total, placed_at";

    fn copy(rows: u64) -> String {
        let mut text = format!(
            "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\n\
             CREATE TABLE public.customers (\n    {}\n);\n\nCREATE TABLE public.orders (\n    {}\n);\n\n",
            "id integer, first_name text, last_name text, email text, phone text, birth_date date, postcode text, settings jsonb, notes text",
            "id integer, customer_id integer, total numeric(9,2), placed_at timestamp without time zone",
        );
        for (at, (table, columns)) in [("customers", PEOPLE), ("orders", ORDERS)].into_iter().enumerate() {
            let _ = writeln!(text, "COPY public.{table} ({columns}) FROM stdin;");
            for n in 0..rows {
                text.push_str(&row(n, "\t")[at]);
                text.push('\n');
            }
            text.push_str("\\.\n\n\n");
        }
        text + "--\n-- PostgreSQL database dump complete\n--\n\n"
    }

    fn csv(rows: u64) -> String {
        let mut text = ORDERS.replace(", ", ";") + "\n";
        (0..rows).for_each(|n| text.push_str(&(row(n, ";")[1].clone() + "\n")));
        text
    }

    /// Looks through a text, and returns the most bytes that were held at once.
    fn most(format: &str, text: &str, sample: u64) -> i64 {
        let format = FORMATS.iter().find(|f| f.name() == format).expect("is listed");
        let options = InputOptions {
            table: Some("t".to_owned()),
            max_row: 1 << 20,
            read_bytes: READ,
            ..InputOptions::default()
        };
        let before = HELD.get();
        MOST.set(before);
        let reader = format.reader(&options).expect("options are right");
        let mut discovery = Discovery::default();
        let source = Box::new(BytesSource::new(text.as_bytes(), READ));
        discovery.by_values(reader, source, Options { sample }, &Stop::default()).expect("is read");
        let found = discovery.finish();
        assert!(found.findings.tables.iter().all(|table| table.rows.is_some_and(|rows| rows > 10_000)));
        MOST.get() - before
    }

    #[test]
    fn what_is_held_at_once_does_not_grow_with_the_rows() {
        type Made = fn(u64) -> String;
        let made: [(&str, Made); 2] = [("pg_dump", copy), ("csv", csv)];
        for (format, make) in made {
            let sample = 400;
            // What is made once, the lexicon above all, is there afterwards.
            most(format, &make(12_000), sample);
            let (few, many) = (most(format, &make(12_000), sample), most(format, &make(96_000), sample));
            println!("{format}: {few} bytes of 12,000 rows, {many} of 96,000");
            // Sketches may fill up a little more.
            assert!(many <= few + few / 8, "{format}: {few} bytes of 12,000 rows, {many} of 96,000");
        }
    }
}
