//! A cluster of every version of PostgreSQL there is, filled from `fixtures/pg_dump/cluster`, and the profiles for it.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::repository;
use super::run::{Ran, run};
use super::server::{Server, Version, cluster, versions};
use super::shop::file;

/// A filled cluster.
pub(crate) struct Filled {
    /// Its version.
    pub(crate) version: Version,
    /// It. Nobody makes databases in it: pg_dumpall would see them.
    pub(crate) server: &'static Server,
    scratch: OnceLock<&'static Server>,
}

/// Returns a filled cluster of every version, made once.
pub(crate) fn clusters() -> &'static [Filled] {
    static CLUSTERS: OnceLock<Vec<Filled>> = OnceLock::new();
    CLUSTERS.get_or_init(|| {
        let filled = |version: Version| {
            let server = cluster(&version);
            let setup = std::fs::read(repository("fixtures/pg_dump/cluster/setup.sql")).expect("fixture");
            server.existing("postgres").psql(&["-v", "ON_ERROR_STOP=1"], &setup).ok();
            Filled { version, server, scratch: OnceLock::new() }
        };
        versions().into_iter().map(filled).collect()
    })
}

impl Filled {
    /// Returns another server of this version with the same roles, to load into.
    pub(crate) fn scratch(&self) -> &'static Server {
        self.scratch.get_or_init(|| {
            let server = cluster(&self.version);
            let roles = self.dump_all(&["-r"]).expect("known option");
            server.existing("postgres").psql(&[], &roles);
            server
        })
    }

    /// Dumps one database; `None` if this version does not know an option.
    pub(crate) fn dump(&self, database: &str, args: &[&str]) -> Option<Vec<u8>> {
        known(run(self.server.existing(database).program("pg_dump").args(args), b""))
    }

    /// Dumps all of it; `None` if this version does not know an option.
    pub(crate) fn dump_all(&self, args: &[&str]) -> Option<Vec<u8>> {
        known(run(self.server.existing("postgres").program("pg_dumpall").args(args), b""))
    }
}

fn known(ran: Ran) -> Option<Vec<u8>> {
    let unknown = ran.stderr.contains("unrecognized option");
    if unknown { None } else { Some(ran.ok()) }
}

/// Returns the profile that keeps everything, columns by leave of `--allow-unlisted-keep`.
pub(crate) fn keep_all() -> PathBuf {
    let classes = ["large_objects", "statistics", "role_passwords", "connections", "comments"];
    let mut text =
        "version: 1\npolicy:\n  domain: clusters\nreasons:\n  test: \"invented data\"\nobjects:\n".to_owned();
    for class in classes {
        text += &format!("  {class}: {{keep: test}}\n");
    }
    file("cluster-keep.yaml", text.as_bytes())
}

/// Returns a profile that masks every canary; `objects` are lines of the block of this name.
pub(crate) fn masking(name: &str, objects: &str) -> PathBuf {
    let columns: Vec<String> = (1..1600).map(|n| format!("c{n}")).collect();
    let text = format!(
        "version: 1
policy:
  domain: clusters
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
  customers:
    columns:
      id: person.id
      email: person.email
      name: person.name
      note: suppress
    keep: [mood]
    why: test
    optional: true
  my=db:customers:
    columns:
      id: person.id
      email: person.email
      name: person.name
    optional: true
  latin:customers:
    columns:
      id: person.id
      email: person.email
      name: person.name
      plaats é: suppress
    optional: true
  empty_cols:
    columns: {{}}
    optional: true
  visits:
    columns:
      who: suppress
      id: person.id
    keep: [day]
    why: test
    optional: true
  wide:
    columns:
      secret: suppress
    keep: [{}]
    why: test
    optional: true
",
        columns.join(", ")
    );
    file(name, text.as_bytes())
}
