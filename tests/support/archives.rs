//! Archives of pg_dump made by the real programs of every version there is, of one database
//! (`fixtures/pg_dump/archives`), and what pg_restore says of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::cluster::{Filled, clusters};
use super::repository;
use super::run::{Ran, run, standin};
use super::server::Database;
use super::shop::{file, folder, key};

/// Forms and compressions, as options of pg_dump; the last two need version 16.
pub(crate) const FORMS: &[&str] = &[
    "-Fc -Z0",
    "-Fc -Z6",
    "-Fc --compress=lz4",
    "-Fc --compress=zstd",
    "-Fd -Z0",
    "-Fd -Z1",
    "-Fd --compress=lz4",
    "-Fd --compress=zstd",
    "-Ft",
];

/// The database, in a server of one version.
pub(crate) struct Shelf {
    /// The cluster of that version.
    pub(crate) cluster: &'static Filled,
    /// The database.
    pub(crate) database: Database,
}

/// Returns the database in every version there is, made once.
pub(crate) fn shelves() -> &'static [Shelf] {
    static SHELVES: OnceLock<Vec<Shelf>> = OnceLock::new();
    SHELVES.get_or_init(|| {
        let setup = fs::read(repository("fixtures/pg_dump/archives/setup.sql")).expect("fixture");
        let filled = |cluster: &'static Filled| {
            let database = cluster.scratch().named("archives".to_owned());
            database.psql(&["-v", "ON_ERROR_STOP=1"], &setup).ok();
            Shelf { cluster, database }
        };
        clusters().iter().map(filled).collect()
    })
}

/// Returns a path that nothing has yet.
pub(crate) fn fresh(what: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    folder().join(format!("archive-{}-{what}", COUNT.fetch_add(1, Ordering::Relaxed)))
}

impl Shelf {
    /// Returns the major version.
    pub(crate) fn number(&self) -> u32 {
        self.cluster.version.number
    }

    /// Dumps the database into a new archive; `None` if this version does not know an option or a compression.
    pub(crate) fn archive(&self, args: &str) -> Option<PathBuf> {
        let path = fresh("input");
        let words = args.split(' ').filter(|word| !word.is_empty());
        let ran = run(self.database.program("pg_dump").args(words).arg("-f").arg(&path), b"");
        let unknown = ["unrecognized option", "does not support compression", "is not supported"];
        if ran.code() != 0 && (unknown.iter().any(|u| ran.stderr.contains(u)) || self.number() < 16) {
            return None;
        }
        ran.ok();
        Some(path)
    }

    /// Returns the SQL that pg_restore makes of an archive, without the tokens that are drawn each time.
    pub(crate) fn text(&self, archive: &Path) -> Vec<u8> {
        let ran = run(self.database.program("pg_restore").args(["-f", "-"]).arg(archive), b"");
        without_tokens(&ran.ok())
    }

    /// Returns the same of an archive that comes through a pipe.
    pub(crate) fn text_of_pipe(&self, archive: &[u8]) -> Vec<u8> {
        without_tokens(&run(self.database.program("pg_restore").args(["-f", "-"]), archive).ok())
    }

    /// Returns the list that pg_restore makes of an archive.
    pub(crate) fn list(&self, archive: &Path) -> String {
        let ran = run(self.database.program("pg_restore").arg("--list").arg(archive), b"");
        String::from_utf8(ran.ok()).expect("UTF-8")
    }

    /// Restores an archive into a new database.
    pub(crate) fn restore(&self, archive: &Path, args: &[&str]) -> Database {
        let database = self.cluster.scratch().database();
        let mut command = database.program("pg_restore");
        let ran = run(command.args(["--exit-on-error", "-d", &database.name]).args(args).arg(archive), b"");
        assert_eq!(ran.code(), 0, "{}: {}", self.number(), ran.stderr);
        database
    }
}

/// Returns SQL without the lines that hold a token of pg_restore's own.
pub(crate) fn without_tokens(text: &[u8]) -> Vec<u8> {
    let token = |line: &&[u8]| !line.starts_with(b"\\restrict ") && !line.starts_with(b"\\unrestrict ");
    text.split_inclusive(|byte| *byte == b'\n').filter(token).collect::<Vec<_>>().concat()
}

/// Masks an archive into another.
pub(crate) fn mask_archive(profile: &Path, args: &[&str], input: &Path, output: &Path) -> Ran {
    let mut command = standin();
    command.args(["mask", "-q", "-p"]).arg(profile).arg("--key-file").arg(key()).args(args);
    run(command.arg(input).arg("-o").arg(output), b"")
}

/// Returns the bytes of an archive: of a file, or of all files of a folder by their names.
pub(crate) fn bytes_of(archive: &Path) -> BTreeMap<String, Vec<u8>> {
    if archive.is_file() {
        return BTreeMap::from([(String::new(), fs::read(archive).expect("it is there"))]);
    }
    let entries = fs::read_dir(archive).expect("it is there").flatten();
    let read = |entry: fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("it is there"))
    };
    entries.map(read).collect()
}

/// Returns a profile that masks every canary of the database; `objects` are lines of the block of this name.
pub(crate) fn masking(name: &str, objects: &str) -> PathBuf {
    let text = format!(
        "version: 1
policy:
  domain: archives
reasons:
  test: \"invented data\"
objects:
{objects}
entities:
  person:
    subject: id
    id: {{pseudonym: integer}}
    email: {{fake: email, unique: true}}
    name: {{fake: last_name}}
tables:
  app.people:
    columns:
      id: person.id
      email: person.email
      name: person.name
      born: {{generalise: year}}
      note: hash
    keep: [mood]
    why: test
  app.products: {{columns: {{}}, keep: [id, name, price], why: test}}
  app.words: {{columns: {{}}, keep: [word], why: test}}
  app.orders:
    columns:
      person_id: person.id
    keep: [id, product_id, total]
    why: test
  app.nobody:
    columns:
      id: person.id
      email: person.email
  app.no_columns: {{columns: {{}}}}
  'app.Odd \"name\" \\ x':
    columns:
      'E mail; ;': person.email
      id: person.id
  app.moods:
    columns:
      who: suppress
    keep: [mood]
    why: test
  app.visits:
    columns:
      id: person.id
      who: suppress
    keep: [day]
    why: test
"
    );
    file(name, text.as_bytes())
}
