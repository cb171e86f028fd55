//! A private PostgreSQL: temporary directory, own socket, no TCP, one a test binary.
//!
//! It lives as long as the test process and no longer, however that ends: a small shell holds the server and waits for
//! the end of a pipe that only this process has open. As root the server runs as `postgres` or `nobody`, since
//! PostgreSQL refuses root.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls, SimpleQueryMessage};

use super::environment;
use super::run::{Ran, command, run};

/// Keeps the server until the pipe closes; `$1` the programs, `$2` the folder.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP PIPE
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=40 \
    -c shared_buffers=32MB -c log_min_messages=fatal </dev/null >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

/// An installed version of PostgreSQL.
pub(crate) struct Version {
    /// Its major number.
    pub(crate) number: u32,
    programs: PathBuf,
}

/// A running server.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    databases: AtomicU32,
    /// Its closing ends the server.
    _alive: ChildStdin,
}

/// A database of the private server.
pub(crate) struct Database {
    server: &'static Server,
    /// Its name.
    pub(crate) name: String,
}

/// A row: every cell as PostgreSQL's text; `None` is NULL.
pub(crate) type TextRow = Vec<Option<String>>;

/// Returns the server of this test binary. Without one the test prints why it is skipped; with `REQUIRE_SERVERS=1` it fails.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    match SERVER.get_or_init(start) {
        Ok(server) => Some(server),
        Err(why) => skipped(why),
    }
}

/// Says why a test is skipped; with `REQUIRE_SERVERS=1` it fails instead.
pub(crate) fn skipped<T>(why: &str) -> Option<T> {
    assert!(environment("REQUIRE_SERVERS").is_none(), "REQUIRE_SERVERS is set, but: {why}");
    eprintln!("skipped: {why}");
    None
}

/// Finds the versions in the folders of a folder, as Debian has them, oldest first.
fn installed(folder: &Path) -> Vec<(u32, PathBuf)> {
    let versions = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, path)| path.join("initdb").is_file())
        .collect();
    found.sort();
    found
}

/// Returns the versions of PostgreSQL there are, one of each: what the system has, and what `tests/support/servers` has put
/// into the user's cache. Says which newer ones are missing; with `REQUIRE_SERVERS=1` that is a failure.
pub(crate) fn versions() -> Vec<Version> {
    let base = environment("XDG_CACHE_HOME").map(PathBuf::from);
    let base = base.or_else(|| environment("HOME").map(|home| PathBuf::from(home).join(".cache")));
    let cache = environment("STANDIN_SERVERS").map(PathBuf::from);
    let cache = cache.or_else(|| base.map(|base| base.join("standin-tests/postgresql")));
    let mut found = installed(Path::new("/usr/lib/postgresql"));
    let mut newer = cache.map_or_else(Vec::new, |cache| installed(&cache));
    newer.retain(|(number, _)| found.iter().all(|(other, _)| other != number));
    found.append(&mut newer);
    found.sort();
    if found.len() < 3 {
        let _ = skipped::<()>("fewer than three versions of PostgreSQL: run tests/support/servers");
    }
    found.into_iter().map(|(number, programs)| Version { number, programs }).collect()
}

/// Starts a cluster that nobody else uses.
pub(crate) fn cluster(version: &Version) -> &'static Server {
    let server = start_with(&version.programs).unwrap_or_else(|e| panic!("version {}: {e}", version.number));
    Box::leak(Box::new(server))
}

/// Returns where programs find their own libraries, unless they are the system's.
fn libraries(programs: &Path) -> Option<PathBuf> {
    let folder = programs.parent()?.join("lib");
    folder.join("libpq.so.5").exists().then_some(folder)
}

/// Finds the folder of the newest `initdb` of Debian's layout, else of the search path.
fn programs() -> Option<PathBuf> {
    let mut found = installed(Path::new("/usr/lib/postgresql"));
    let path = environment("PATH").unwrap_or_default();
    let in_path = || std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file());
    found.pop().map(|(_, folder)| folder).or_else(in_path)
}

/// Returns the user and group that a server must run as, since it refuses root: the first of these that there is;
/// `None` = as this process.
pub(super) fn server_user(names: &[&str]) -> Result<Option<(u32, u32)>, String> {
    let id = |args: &[&str]| -> Option<u32> {
        let ran = run(command("id").args(args), b"");
        if ran.code() == 0 { ran.text().trim().parse().ok() } else { None }
    };
    if id(&["-u"]) != Some(0) {
        return Ok(None);
    }
    let named = |name: &&str| Some((id(&["-u", name])?, id(&["-g", name])?));
    let user = names.iter().find_map(named);
    user.map(Some).ok_or_else(|| format!("root has none of the users {names:?} to run a server as"))
}

/// Sets a command's user.
pub(super) fn as_user(command: &mut Command, user: Option<(u32, u32)>) -> &mut Command {
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// Makes the folder of a server. Its path is short, since a socket's has at most 107 bytes, and in /tmp, since another
/// user must get there.
pub(super) fn server_folder(prefix: &str, user: Option<(u32, u32)>) -> Result<PathBuf, String> {
    let folder =
        tempfile::Builder::new().prefix(prefix).tempdir_in("/tmp").map_err(|e| e.to_string())?.keep();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).map_err(|e| e.to_string())?;
    if let Some((uid, gid)) = user {
        chown(&folder, Some(uid), Some(gid)).map_err(|e| e.to_string())?;
    }
    Ok(folder)
}

/// Starts the shell that holds a server and returns the pipe whose closing ends both.
pub(super) fn watch(
    script: &str,
    programs: &Path,
    folder: &Path,
    user: Option<(u32, u32)>,
) -> Result<ChildStdin, String> {
    let mut watchdog = command("sh");
    watchdog.envs(libraries(programs).map(|folder| ("LD_LIBRARY_PATH", folder)));
    watchdog.args(["-c", script, "watchdog"]).arg(programs).arg(folder).process_group(0);
    watchdog.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = as_user(&mut watchdog, user).spawn().map_err(|e| e.to_string())?;
    child.stdin.take().ok_or_else(|| "the watchdog has no pipe".to_owned())
}

/// Makes a cluster and starts it.
fn start() -> Result<Server, String> {
    let programs = programs().ok_or("no PostgreSQL server is installed (apt-get install postgresql)")?;
    start_with(&programs)
}

fn start_with(programs: &Path) -> Result<Server, String> {
    let user = server_user(&["postgres", "nobody"])?;
    let folder = server_folder("standin-pg-", user)?;
    let mut programs = programs.to_owned();
    if user.is_some() && !programs.starts_with("/usr") {
        // Another user does not get into the cache of this one.
        let (from, to) = (programs.parent().unwrap_or(&programs).to_owned(), folder.join("programs"));
        run(command("cp").arg("-r").arg(from).arg(&to), b"").ok();
        programs = to.join("bin");
    }
    let mut initdb = command(programs.join("initdb"));
    initdb.envs(libraries(&programs).map(|folder| ("LD_LIBRARY_PATH", folder)));
    initdb.arg("-D").arg(folder.join("data"));
    initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
    let ran = run(as_user(&mut initdb, user), b"");
    if ran.code() != 0 {
        let _ = fs::remove_dir_all(&folder);
        return Err(format!("initdb failed: {}", ran.stderr));
    }
    let alive = watch(WATCHDOG, &programs, &folder, user)?;
    let server = Server { programs, folder, databases: AtomicU32::new(0), _alive: alive };
    server.wait()?;
    Ok(server)
}

impl Server {
    /// Waits until it answers.
    fn wait(&self) -> Result<(), String> {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(60) {
            if Client::connect(&self.url("postgres"), NoTls).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("the private PostgreSQL does not answer: {log}"))
    }

    fn url(&self, database: &str) -> String {
        format!("host={} user=postgres dbname='{database}'", self.folder.display())
    }

    /// Makes an empty database with a name of its own.
    pub(crate) fn database(&'static self) -> Database {
        self.named(format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed)))
    }

    /// Makes an empty database of this name, which nobody else may use.
    pub(crate) fn named(&'static self, name: String) -> Database {
        let mut client = Client::connect(&self.url("postgres"), NoTls).expect("server answers");
        client
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .expect("database is made");
        Database { server: self, name }
    }

    /// Returns a database that is there already.
    pub(crate) fn existing(&'static self, name: &str) -> Database {
        Database { server: self, name: name.to_owned() }
    }
}

impl Database {
    /// Returns a command of one of PostgreSQL's client programs, pointed at this database.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = command(self.server.programs.join(name));
        command.envs(libraries(&self.server.programs).map(|folder| ("LD_LIBRARY_PATH", folder)));
        command.env("PGHOST", &self.server.folder).env("PGUSER", "postgres").env("PGDATABASE", &self.name);
        command
    }

    /// Points any command at this database's server, with PostgreSQL's programs first on its search path.
    pub(crate) fn reach(&self, command: &mut Command) {
        let path = environment("PATH").unwrap_or_default();
        let programs = self.server.programs.clone();
        let path = std::env::join_paths(std::iter::once(programs).chain(std::env::split_paths(&path)));
        command.env("PATH", path.expect("search path"));
        command.env("PGHOST", &self.server.folder).env("PGUSER", "postgres");
    }

    /// Runs psql, without its start-up file, on bytes.
    pub(crate) fn psql(&self, args: &[&str], sql: &[u8]) -> Ran {
        run(self.program("psql").args(["-X", "-q"]).args(args).args(["-f", "-"]), sql)
    }

    /// Dumps with the real pg_dump.
    pub(crate) fn dump(&self, args: &[&str]) -> Vec<u8> {
        run(self.program("pg_dump").args(args), b"").ok()
    }

    /// Returns the rows of a query, every cell as text.
    pub(crate) fn rows(&self, sql: &str) -> Vec<TextRow> {
        let mut client = Client::connect(&self.server.url(&self.name), NoTls).expect("server answers");
        client.batch_execute("SET timezone = 'UTC'").expect("session is set");
        let answer = client.simple_query(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
        let row = |message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect())
            }
            _ => None,
        };
        answer.into_iter().filter_map(row).collect()
    }

    /// Returns the one number of a query.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let rows = self.rows(sql);
        let cell = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
        cell.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{sql}: no number"))
    }
}
