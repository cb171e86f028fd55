//! A private MariaDB: temporary directory, own socket, no TCP, one a test binary. It lives and dies as the private
//! PostgreSQL does (`server`); a system service of the Debian package is neither used nor needed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::environment;
use super::run::{Ran, command, run};
use super::server::{TextRow, as_user, server_folder, server_user, skipped, watch};

/// Keeps the server until the pipe closes; `$1` the server's program, `$2` the folder.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP PIPE
"$1" --no-defaults --datadir="$2/data" --socket="$2/socket" --pid-file="$2/pid" --skip-networking --skip-name-resolve \
    --character-set-server=utf8mb4 --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --skip-innodb-use-native-aio \
    --innodb-buffer-pool-size=32M --key-buffer-size=1M --max-connections=40 --max-allowed-packet=64M \
    --default-time-zone=+00:00 --tmpdir="$2" </dev/null >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -KILL "$server"
wait "$server"
rm -rf "$2"
"#;

/// A running server.
pub(crate) struct Server {
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

/// Returns the server of this test binary. Without one the test prints why it is skipped; with `REQUIRE_SERVERS=1` it fails.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    match SERVER.get_or_init(start) {
        Ok(server) => Some(server),
        Err(why) => skipped(why),
    }
}

/// Finds a program on the search path or where Debian keeps servers, which a normal user's path lacks.
fn find(name: &str) -> Result<PathBuf, String> {
    let path = environment("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    found.ok_or_else(|| format!("no `{name}` is installed (apt-get install mariadb-server)"))
}

/// Makes the system tables and starts the server.
fn start() -> Result<Server, String> {
    let (install, program) = (find("mariadb-install-db")?, find("mariadbd")?);
    for client in ["mariadb", "mariadb-dump"] {
        find(client)?;
    }
    let user = server_user(&["mysql", "nobody"])?;
    let folder = server_folder("standin-my-", user)?;
    let mut command = command(install);
    command.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
    command.arg(format!("--datadir={}", folder.join("data").display()));
    let ran = run(as_user(&mut command, user), b"");
    if ran.code() != 0 {
        let _ = fs::remove_dir_all(&folder);
        return Err(format!("mariadb-install-db failed: {}{}", ran.text(), ran.stderr));
    }
    let alive = watch(WATCHDOG, &program, &folder, user)?;
    let server = Server { folder, databases: AtomicU32::new(0), _alive: alive };
    server.wait()?;
    Ok(server)
}

impl Server {
    /// Waits until it answers.
    fn wait(&self) -> Result<(), String> {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(60) {
            if run(client("mariadb", &self.folder).args(["-e", "SELECT 1"]), b"").code() == 0 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("the private MariaDB does not answer: {log}"))
    }

    /// Makes an empty database with a name of its own.
    pub(crate) fn database(&'static self) -> Database {
        self.named(format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed)))
    }

    /// Returns an option file that makes the clients find this server.
    pub(crate) fn options(&self) -> String {
        format!("[client]\nsocket={}\nuser=root\n", self.folder.join("socket").display())
    }

    /// Makes an empty database of this name.
    pub(crate) fn named(&'static self, name: String) -> Database {
        let sql = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
        run(client("mariadb", &self.folder).args(["-e", &sql]), b"").ok();
        Database { server: self, name }
    }
}

/// Returns a command of a client program of the server in this folder.
fn client(name: &str, folder: &Path) -> Command {
    let mut command = command(name);
    command.arg("--no-defaults").arg(format!("--socket={}", folder.join("socket").display()));
    command.args(["--user=root", "--default-character-set=utf8mb4"]);
    command
}

impl Database {
    /// Returns a command of one of MariaDB's client programs; the database's name is to follow the options.
    pub(crate) fn program(&self, name: &str) -> Command {
        client(name, &self.server.folder)
    }

    /// Runs the client, as `mariadb DATABASE < FILE`, on bytes.
    pub(crate) fn load(&self, sql: &[u8]) -> Ran {
        run(self.program("mariadb").arg(&self.name), sql)
    }

    /// Returns the rows of a query; cells hold no tab, line end or text `NULL`.
    pub(crate) fn rows(&self, sql: &str) -> Vec<TextRow> {
        let ran =
            run(self.program("mariadb").args(["--batch", "--skip-column-names", "-e", sql, &self.name]), b"");
        let text = String::from_utf8(ran.ok()).expect("UTF-8");
        let cell = |cell: &str| (cell != "NULL").then(|| cell.to_owned());
        text.lines().map(|line| line.split('\t').map(cell).collect()).collect()
    }

    /// Returns the one number of a query.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let rows = self.rows(sql);
        let cell = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
        cell.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{sql}: no number"))
    }

    /// Returns the names of the tables, without views, sorted.
    pub(crate) fn tables(&self) -> Vec<String> {
        let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = database() \
                   AND table_type = 'BASE TABLE' ORDER BY CAST(table_name AS BINARY)";
        self.rows(sql).into_iter().flatten().flatten().collect()
    }

    /// Returns the names of a table's columns.
    pub(crate) fn columns(&self, table: &str) -> Vec<String> {
        let sql = format!(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = database() \
             AND table_name = '{table}' ORDER BY ordinal_position"
        );
        self.rows(&sql).into_iter().flatten().flatten().collect()
    }

    /// Returns all cells of a table as bytes of their text, rows ordered by these columns.
    pub(crate) fn cells(&self, table: &str, order: &str) -> Vec<Vec<Option<Vec<u8>>>> {
        let quoted = |name: &String| format!("`{}`", name.replace('`', "``"));
        // In hexadecimal, so that no value is taken for a separator or for NULL.
        let hex = |name: &String| format!("CONCAT('x', HEX(CAST({} AS BINARY)))", quoted(name));
        let columns: Vec<String> = self.columns(table).iter().map(hex).collect();
        let sql = format!("SELECT {} FROM `{table}` ORDER BY {order}", columns.join(", "));
        let bytes = |cell: Option<String>| cell.map(|hex| super::sqlite::unhex(hex.trim_start_matches('x')));
        self.rows(&sql).into_iter().map(|row| row.into_iter().map(bytes).collect()).collect()
    }
}
