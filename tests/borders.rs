//! `--max-row` at its border, in every form: a row of that many bytes passes, one byte more is refused, however the input is
//! cut. And rows larger than all buffers within the promised memory; one of 1 GB under `tests/run --long`, which says so
//! by `STANDIN_LONG=1`: it needs 8 GB of memory, and 1 GB of disk for some minutes.

use standin::format::InputOptions;

use crate::support::run::{command, run};
use crate::support::shop::{file, folder, key};
use crate::support::{environment, robust};

/// A form of dump with one long row.
struct Form {
    name: &'static str,
    format: &'static str,
    before: &'static str,
    /// What stands before and behind the long value in its row.
    row: (&'static str, &'static str),
    after: &'static str,
    /// How many bytes of the line end count: those of a CSV's records do.
    ends: usize,
}

const FORMS: &[Form] = &[
    Form {
        name: "COPY",
        format: "pg_dump",
        before: "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    a text,\n    b text\n);\n\nCOPY public.t (a, b) FROM stdin;\n",
        row: ("y\t", ""),
        after: "\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n",
        ends: 0,
    },
    Form {
        name: "INSERT",
        format: "pg_dump",
        before: "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    a text,\n    b text\n);\n\nINSERT INTO public.t VALUES ",
        row: ("('y', '", "')"),
        after: ";\n\n--\n-- PostgreSQL database dump complete\n--\n",
        ends: 0,
    },
    Form {
        name: "mysqldump",
        format: "mysql",
        before: "-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB\nCREATE TABLE `t` (\n  `a` text DEFAULT NULL,\n  `b` longtext DEFAULT NULL\n) ENGINE=InnoDB;\nINSERT INTO `t` VALUES ",
        row: ("('y','", "')"),
        after: ";\n-- Dump completed\n",
        ends: 0,
    },
    Form { name: "CSV", format: "csv", before: "a,b\n", row: ("y,", ""), after: "\nz,z\n", ends: 1 },
    Form {
        name: "CSV, quoted",
        format: "csv",
        before: "a,b\n",
        row: ("y,\"", "\""),
        after: "\nz,z\n",
        ends: 1,
    },
    Form { name: "TSV", format: "tsv", before: "a\tb\n", row: ("y\t", ""), after: "\nz\tz\n", ends: 0 },
    Form {
        name: "JSON Lines",
        format: "json_lines",
        before: "",
        row: ("{\"a\":\"y\",\"b\":\"", "\"}"),
        after: "\n{\"a\":\"z\",\"b\":\"z\"}\n",
        ends: 0,
    },
];

const PROFILE: &str = "version: 1\npolicy: {domain: tests}\nreasons: {w: \"a test\"}\ntables:\n  t:\n    columns: {a: {constant: x}}\n    keep: [b]\n    why: w\n";

impl Form {
    /// An input whose row has so many bytes, with what of its line end counts.
    fn of(&self, bytes: usize) -> Vec<u8> {
        let long = "n".repeat(bytes - self.ends - self.row.0.len() - self.row.1.len());
        [self.before, self.row.0, &long, self.row.1, self.after].concat().into_bytes()
    }
}

#[test]
fn a_row_of_max_row_bytes_passes_and_one_byte_more_is_refused() {
    let plan = robust::plan(PROFILE, false).expect("a plan");
    for form in FORMS {
        for (most, steps) in [
            (2_000, &[usize::MAX, 7, 1_000][..]),
            (70_000, &[usize::MAX, 4_096]),
            (600_000, &[usize::MAX, 65_536]),
        ] {
            for step in steps {
                let passes = |bytes: usize| {
                    let options =
                        InputOptions { table: Some("t".into()), max_row: most, ..InputOptions::default() };
                    let ran = robust::masked(&plan, form.format, &options, &form.of(bytes), *step);
                    ran.unwrap_or_else(|fault| panic!("{}: {fault}", form.name))
                };
                let good =
                    passes(most).unwrap_or_else(|| panic!("{}: {most} bytes in reads of {step}", form.name));
                let text = String::from_utf8_lossy(&good.bytes).into_owned();
                let wanted = String::from_utf8(form.of(most)).unwrap();
                let long = wanted.matches('n').count();
                assert!(text.len() == wanted.len() && text.matches('n').count() == long, "{}", form.name);
                assert!(!text.contains('y') || form.before.contains('y'), "{}", form.name);
                assert!(
                    passes(most + 1).is_none(),
                    "{}: {most} bytes and one more in reads of {step}",
                    form.name
                );
            }
        }
    }
}

#[test]
fn rows_larger_than_all_buffers_stay_within_the_promised_memory() {
    const ROW: usize = 40_000_000;
    if command("python3").arg("--version").output().is_err() {
        assert!(environment("REQUIRE_SERVERS").is_none(), "python3 is missing");
        eprintln!("skipped: no python3 to ask for the memory of a child");
        return;
    }
    let profile = file("borders.yaml", PROFILE.as_bytes());
    let measure = "import resource, subprocess, sys\ncode = subprocess.run(sys.argv[2:], stdin=open(sys.argv[1]), stdout=subprocess.DEVNULL).returncode\n\
                   print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    for form in FORMS {
        let input = file("borders.input", &form.of(ROW));
        for (threads, limit, code) in [(1_u64, ROW, 0), (2, ROW, 0), (1, ROW - 1, 3)] {
            let mut python = command("python3");
            python.arg("-c").arg(measure).arg(&input).arg(env!("CARGO_BIN_EXE_standin"));
            python.args([
                "mask",
                "-q",
                "--input-format",
                form.format,
                "--table",
                "t",
                "--max-row",
                &limit.to_string(),
            ]);
            python.arg(format!("-j{threads}")).arg("-p").arg(&profile).arg("--key-file").arg(key());
            let ran = run(&mut python, b"");
            let said = ran.text();
            let mut numbers = said.split_whitespace().map(|n| n.parse::<u64>().unwrap());
            assert_eq!(numbers.next(), Some(code), "{}, {limit}: {}", form.name, ran.stderr);
            let peak = numbers.next().unwrap() * 1024;
            let promised = (32 << 20) + (6 << 20) * threads + 6 * u64::try_from(ROW).unwrap();
            assert!(peak <= promised, "{}, {threads} threads: {} MiB", form.name, peak >> 20);
        }
    }
    let _ = std::fs::remove_file(folder().join("borders.input"));
}

/// Writes a dump with one row of a gigabyte to a pipe or a file, and reads what becomes of it, never holding it. Prints the
/// exit code, the peak in KiB, and whether what came out has the length and sum that were wanted.
const GIGABYTE: &str = r#"
import hashlib, os, resource, subprocess, sys, threading
way, length, path, command = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
before = b"--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.t (\n    a text,\n    b bytea,\n    c text\n);\n\nCOPY public.t (a, b, c) FROM stdin;\n"
after = b"\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n"
def row(first):
    left = length - 64
    yield first + b"\t\\\\x"
    while left:
        now = min(left, 1 << 20)
        yield (b"0123456789abcdef" * (1 << 16))[:now]
        left -= now
    yield b"\tlast"
def dump(first):
    yield before
    yield (b"x" if first == b"x" else b"small") + b"\t\\\\x00\tlast\n"
    yield from row(first)
    yield after
wanted, size = hashlib.sha256(), 0
for part in dump(b"x"):
    wanted.update(part); size += len(part)
if way == "file":
    with open(path, "wb") as out:
        for part in dump(b"a person"): out.write(part)
    command.append(path)
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def feed():
    try:
        if way == "pipe":
            for part in dump(b"a person"): child.stdin.write(part)
        child.stdin.close()
    except BrokenPipeError: pass
writer = threading.Thread(target=feed); writer.start()
found, came = hashlib.sha256(), 0
while part := child.stdout.read(1 << 20):
    found.update(part); came += len(part)
code = child.wait(); writer.join()
if way == "file": os.remove(path)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, int(came == size), int(found.digest() == wanted.digest()))
"#;

#[test]
fn nasty_58_a_row_of_a_gigabyte() {
    const ROW: u64 = (1 << 30) - 4096;
    if environment("STANDIN_LONG").is_none() {
        eprintln!("skipped: a row of a gigabyte is read under tests/run --long only");
        return;
    }
    let profile = "version: 1\npolicy: {domain: tests}\nreasons: {w: \"a test\"}\ntables:\n  t:\n    columns: {a: {constant: x}}\n    keep: [b, c]\n    why: w\n";
    let profile = file("borders-gigabyte.yaml", profile.as_bytes());
    let path = folder().join("borders.gigabyte");
    for (way, threads) in [("pipe", 1_u64), ("pipe", 2), ("file", 2)] {
        let mut python = command("python3");
        python.arg("-c").arg(GIGABYTE).args([way, &ROW.to_string()]).arg(&path);
        python.arg(env!("CARGO_BIN_EXE_standin")).args(["mask", "-q", &format!("-j{threads}"), "-p"]);
        let ran = run(python.arg(&profile).arg("--key-file").arg(key()), b"");
        let said = ran.text();
        let numbers: Vec<u64> = said.split_whitespace().map(|n| n.parse().unwrap()).collect();
        let [code, peak, length, sum] = numbers[..] else { panic!("{said}: {}", ran.stderr) };
        assert_eq!((code, length, sum), (0, 1, 1), "{way}: {}", ran.stderr);
        let promised = (32 << 20) + (6 << 20) * threads + 6 * ROW;
        println!("{way}, {threads} threads: {} MiB of {}", peak >> 10, promised >> 20);
        assert!(peak * 1024 <= promised, "{way}, {threads} threads: {} MiB", peak >> 10);
    }
}
