//! The webshop fixture: loaded into the private server, dumped by the real pg_dump, masked and restored, each once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::repository;
use super::run::{Ran, run, standin};
use super::server::{Database, server};

/// Returns a folder for the keys and files of this test process; those of processes that ended are removed.
pub(crate) fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let base = Path::new(env!("CARGO_TARGET_TMPDIR"));
        for old in std::fs::read_dir(base).into_iter().flatten().flatten() {
            let name = old.file_name().to_string_lossy().into_owned();
            if name.strip_prefix("run-").is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
                let _ = std::fs::remove_dir_all(old.path());
            }
        }
        let folder = base.join(format!("run-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder is made");
        folder
    })
}

/// Returns a new file of the folder with these bytes. Whole at every moment: another test may be reading it.
pub(crate) fn file(name: &str, bytes: &[u8]) -> PathBuf {
    static WRITTEN: AtomicU32 = AtomicU32::new(0);
    let part = folder().join(format!("{}.part", WRITTEN.fetch_add(1, Ordering::Relaxed)));
    let path = folder().join(name);
    std::fs::write(&part, bytes).expect("file is written");
    std::fs::rename(&part, &path).expect("file is named");
    path
}

/// Returns a key file made by `standin keygen`.
pub(crate) fn key() -> &'static Path {
    static KEY: OnceLock<PathBuf> = OnceLock::new();
    KEY.get_or_init(|| new_key("tests"))
}

/// Returns another key file.
pub(crate) fn new_key(label: &str) -> PathBuf {
    let path = folder().join(format!("{label}.key"));
    run(standin().args(["keygen", label, "-o"]).arg(&path), b"").ok();
    path
}

/// Masks bytes with a profile and the tests' key.
pub(crate) fn mask(profile: &Path, args: &[&str], input: &[u8]) -> Ran {
    run(standin().arg("mask").arg("-p").arg(profile).arg("--key-file").arg(key()).args(args), input)
}

/// Returns the profile of the webshop.
pub(crate) fn profile() -> PathBuf {
    repository("profiles/webshop.yaml")
}

/// The webshop before and after masking.
pub(crate) struct Shop {
    /// The database that was dumped.
    pub(crate) before: Database,
    /// The database that the masked dump made.
    pub(crate) after: Database,
    /// What the real pg_dump wrote.
    pub(crate) dump: Vec<u8>,
    /// What became of it.
    pub(crate) masked: Vec<u8>,
    /// What psql said on restoring.
    pub(crate) restore: Ran,
}

/// Returns the webshop; `None` if there is no server.
pub(crate) fn shop() -> Option<&'static Shop> {
    static SHOP: OnceLock<Shop> = OnceLock::new();
    let server = server()?;
    Some(SHOP.get_or_init(|| {
        let before = server.database();
        // A psql older than the fixture does not know `\restrict`; the dump below is that of the server at hand.
        let text =
            std::fs::read_to_string(repository("fixtures/webshop/dump.sql")).expect("fixture is there");
        let lines = text
            .split_inclusive('\n')
            .filter(|l| !l.starts_with("\\restrict ") && !l.starts_with("\\unrestrict "));
        before.psql(&["-v", "ON_ERROR_STOP=1"], lines.collect::<String>().as_bytes()).ok();
        let dump = before.dump(&[]);
        let masked = mask(&profile(), &[], &dump).ok();
        let after = server.database();
        let restore = after.psql(&["-v", "ON_ERROR_STOP=1"], &masked);
        Shop { before, after, dump, masked, restore }
    }))
}
