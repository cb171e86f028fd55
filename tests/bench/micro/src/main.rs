//! Nanoseconds a value of the parts of standin: the MAC, canonical forms, techniques, conditions, and reader and codec on a
//! dump.
//!
//! `micro [DUMP]`. Each figure is the median of nine turns of at least 20 ms, and the fastest of them. For looking
//! where time goes; the targets stand in `tests/bench/run`.

mod codec;
mod conditions;
mod values;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use standin::mask::row::Reads;
use standin::mask::{Compile, Compiled, Decider, Gathered, Lanes, MaskCx, Needs, Standins, Value, technique};
use standin::row::canon::Canon;
use standin::row::field::{Cell, Cells, Span};
use standin::row::shape::ColumnType;
use standin::secret::{Key, Passwords, Purpose, Schedule, lanes};

use values::{ROWS, column};

/// A rule to measure: technique, argument, sibling options, and the kind of value it gets.
type Case = (&'static str, Option<&'static str>, &'static [(&'static str, Option<i64>)], &'static str);

/// `None` as an option's value is `true`.
const CASES: &[Case] = &[
    ("keep", None, &[], "name"),
    ("suppress", None, &[], "name"),
    ("constant", Some("x"), &[], "name"),
    ("hash", None, &[], "email"),
    ("pseudonym", Some("integer"), &[], "integer"),
    ("pseudonym", Some("uuid"), &[], "uuid"),
    ("pseudonym", Some("bsn"), &[], "bsn"),
    ("pseudonym", Some("steuer_id"), &[], "steuer_id"),
    ("pseudonym", Some("hex"), &[], "md5"),
    ("pseudonym", Some("hex"), &[], "sha256"),
    ("pseudonym", Some("digits"), &[], "ten_digits"),
    ("pseudonym", Some("digits"), &[], "sixty_digits"),
    ("pseudonym", Some("text"), &[], "email"),
    ("generalise", Some("year"), &[], "date"),
    ("fake", Some("gender"), &[], "gender"),
    ("fake", Some("title"), &[], "title"),
    ("fake", Some("first_name"), &[], "name"),
    ("fake", Some("initials"), &[], "initials"),
    ("fake", Some("particle"), &[], "name"),
    ("fake", Some("last_name"), &[], "name"),
    ("fake", Some("full_name"), &[], "full_name"),
    ("fake", Some("full_name"), &[], "turned_name"),
    ("fake", Some("birth_date"), &[], "date"),
    ("fake", Some("birth_date"), &[("within", Some(5))], "date"),
    ("fake", Some("email"), &[], "email"),
    ("fake", Some("username"), &[], "name"),
    ("fake", Some("email"), &[("unique", None), ("max", Some(64))], "email"),
    ("fake", Some("phone"), &[], "phone"),
    ("fake", Some("mobile"), &[], "phone"),
    ("fake", Some("address"), &[], "street"),
    ("fake", Some("house_number"), &[], "house"),
    ("fake", Some("company"), &[], "name"),
    ("fake", Some("job"), &[], "name"),
    ("fake", Some("street"), &[], "name"),
    ("fake", Some("city"), &[], "name"),
    ("fake", Some("postcode"), &[], "postcode"),
    ("fake", Some("iban"), &[], "iban"),
];

/// Runs `work`, which does `values` values a call, and prints a line.
pub(crate) fn time(name: &str, values: usize, mut work: impl FnMut()) {
    let values = u32::try_from(values).unwrap_or(u32::MAX).max(1);
    let mut calls = 1_u32;
    loop {
        let start = Instant::now();
        (0..calls).for_each(|_| work());
        if start.elapsed() > Duration::from_millis(20) || calls > 1 << 24 {
            break;
        }
        calls *= 2;
    }
    let mut turns: Vec<f64> = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        (0..calls).for_each(|_| work());
        turns.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(calls) / f64::from(values));
    }
    turns.sort_by(f64::total_cmp);
    println!("{name:34} {:9.3} ns   fastest {:9.3}", turns[4], turns[0]);
}

fn macs(schedule: &Schedule) {
    let mac = schedule.mac(Purpose::Fake("email"), b"person.email");
    for length in [8, 20, 40, 100] {
        let value = vec![b'x'; length];
        time(&format!("mac of {length} bytes, by value"), 1, || {
            black_box(lanes(&mac.digest(b"", black_box(&value))));
        });
    }
    let value = [b'7'; 8];
    time("mac of 8 bytes, by subject", 1, || {
        black_box(lanes(&mac.subject(0, b"", black_box(&value))));
    });
}

fn canons() {
    let cases = [
        ("bytes", Canon::Bytes, "name"),
        ("email", Canon::Email, "email"),
        ("phone", Canon::Phone { country: "NL" }, "phone"),
        ("compact", Canon::Compact, "iban"),
        ("bsn", Canon::Bsn, "bsn"),
        ("uuid", Canon::Uuid, "uuid"),
        ("integer", Canon::Integer, "integer"),
        ("name", Canon::Name, "name"),
        ("folded", Canon::Folded, "name"),
    ];
    for (name, canon, kind) in cases {
        let values = column(kind);
        let mut out = Vec::new();
        time(&format!("canon {name}"), ROWS, || {
            for value in &values {
                out.clear();
                black_box(canon.append(value, &mut out));
            }
        });
    }
}

fn techniques(schedule: &Schedule) {
    for (name, argument, options, kind) in CASES {
        let title = format!("{name} {}, {kind}", argument.unwrap_or_default());
        let Some(spec) = technique(name) else {
            println!("{title:34} not in this build");
            continue;
        };
        let argument = argument.map(|a| Value::Text(a.to_owned()));
        let option =
            |(n, v): &(&str, Option<i64>)| ((*n).to_owned(), v.map_or(Value::Boolean(true), Value::Integer));
        let options: Vec<(String, Value)> = options.iter().map(option).collect();
        let identifying = (spec.identifying)(argument.as_ref(), &options);
        let compile = Compile {
            argument: argument.as_ref(),
            options: &options,
            schedule,
            passwords: &Passwords::default(),
            gathered: &Gathered::default(),
            label: b"person.value",
            attribute: "value",
            locale: "nl_NL",
            mail_domain: None,
            decider: if identifying { Decider::Value } else { Decider::Subject },
            ty: &ColumnType::unknown(),
            not_null: false,
            pinned: &[],
            inside: None,
            reads: &Reads::default(),
        };
        match (spec.compile)(&compile) {
            Ok(compiled) => one_technique(&title, &compiled, schedule, kind),
            Err(refusal) => println!("{title:34} refused: {}", refusal.what),
        }
    }
}

/// Times canon and MAC (where the technique's own value decides) apart from the technique itself.
fn one_technique(title: &str, compiled: &Compiled, schedule: &Schedule, kind: &str) {
    let values = column(kind);
    let (mut arena, mut cells) = (Vec::new(), Vec::new());
    for value in &values {
        let start = u32::try_from(arena.len()).unwrap_or(0);
        arena.extend_from_slice(value);
        cells.push(Cell::Raw(Span::new(start, u32::try_from(arena.len()).unwrap_or(0))));
    }
    let cells = Cells { raw: &arena, arena: &[], cells: &cells };
    let mac = schedule.mac(Purpose::Subject, b"person");
    let digests: Vec<Lanes> = match &compiled.needs {
        Needs::Nothing => Vec::new(),
        _ => values.iter().map(|v| spread(lanes(&mac.digest(b"", v)))).collect(),
    };
    let mut out = Standins::default();
    time(title, ROWS, || {
        out.clear();
        compiled.mask.mask_column(black_box(&cells), &digests, &mut out);
        black_box(&out);
    });
    // One value after the other, as inside of documents.
    let none = Lanes::default();
    let digests = digests.iter().chain(std::iter::repeat(&none));
    let mut bytes = Vec::new();
    time("  alone", ROWS, || {
        bytes.clear();
        for (value, lanes) in values.iter().zip(digests.clone()) {
            black_box(compiled.mask.mask(black_box(value), &MaskCx { lanes }, &mut bytes));
        }
    });
    if let Needs::Value { canon, mac } = &compiled.needs {
        let mut buffer = Vec::new();
        time("  its canon and mac", ROWS, || {
            for value in &values {
                buffer.clear();
                canon.append(value, &mut buffer);
                black_box(mac.digest(b"", &buffer));
            }
        });
    }
}

fn spread([a, b, c, d]: [u64; 4]) -> Lanes {
    Lanes([a, b, c, d, a, b, c, d])
}

fn main() -> ExitCode {
    let key = match Key::random() {
        Ok(key) => key,
        Err(error) => {
            eprintln!("micro: {error}");
            return ExitCode::from(4);
        }
    };
    let schedule = Schedule::new(&key, "bench");
    macs(&schedule);
    canons();
    techniques(&schedule);
    conditions::conditions();
    if let Some(path) = std::env::args_os().nth(1) {
        let read = std::fs::read(&path).map_err(|_| "cannot read the dump".to_owned());
        if let Err(problem) = read.and_then(|bytes| codec::tables(&bytes).map_err(|e| e.to_string())) {
            eprintln!("micro: {problem}");
            return ExitCode::from(3);
        }
    }
    ExitCode::SUCCESS
}
