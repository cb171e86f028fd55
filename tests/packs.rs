//! Every system pack against an invented dump in its system's shape: fixtures/packs/NAME/{dump.sql, profile.yaml,
//! canaries.txt}. The profile extends the pack and says what a user must still say; `check` finds nothing, `mask` succeeds,
//! a private server of the dump's dialect loads the result, no canary is in it in any form, and the tables of the dump are
//! the tables of the pack: what a pack names without a fixture, nobody has tried.
//!
//! A fixture may have a `kept.txt`: every column of text that a marked value comes through, and why it may. Each column of
//! text of the schema is given one.
//!
//! Refuses a pack without a fixture, and a fixture without a pack.

use std::collections::BTreeSet;
use std::path::PathBuf;

use standin::profile::model::Table;
use standin::profile::packs::PACKS;
use standin::profile::syntax;

use crate::canaries::{forms, occurs};
use crate::support::run::{run, standin};
use crate::support::shop::{file, folder, key, mask};
use crate::support::{mariadb, repository, server};

/// A fixture: the folder's name is the pack's.
struct Fixture {
    name: String,
    folder: PathBuf,
}

impl Fixture {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{}/{name}: {e}", self.name))
    }

    /// Returns the values that must appear nowhere: those listed, one a line.
    fn canaries(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("canaries.txt")).unwrap_or_default();
        text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    }

    fn is_postgres(&self) -> bool {
        self.text("dump.sql").starts_with("--\n-- PostgreSQL database")
    }

    /// Returns the names of the tables that the dump makes, without schema and quotes.
    fn tables(&self) -> BTreeSet<String> {
        let dump = self.text("dump.sql");
        let names = dump.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        let bare = |name: &str| {
            let name = name.trim_start_matches("IF NOT EXISTS ").trim_start_matches("public.");
            name.split([' ', '(']).next().unwrap_or_default().trim_matches(['`', '"']).to_owned()
        };
        names.map(bare).collect()
    }
}

fn fixtures() -> Vec<Fixture> {
    let folders = std::fs::read_dir(repository("fixtures/packs")).expect("fixtures of packs");
    let mut all: Vec<Fixture> = folders
        .map(|entry| entry.expect("an entry").path())
        .map(|folder| Fixture { name: folder.file_name().unwrap().to_string_lossy().into_owned(), folder })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!all.is_empty());
    all
}

/// Runs what is asked of every fixture, each in a thread of its own.
fn each(what: fn(&Fixture)) {
    std::thread::scope(|scope| {
        for fixture in fixtures() {
            scope.spawn(move || what(&fixture));
        }
    });
}

fn masked(fixture: &Fixture) -> (Vec<u8>, String) {
    let dump = fixture.path("dump.sql");
    let ran = mask(&fixture.path("profile.yaml"), &[dump.to_str().expect("plain path")], b"");
    assert_eq!(ran.code(), 0, "{}: {}", fixture.name, ran.stderr);
    (ran.stdout, ran.stderr)
}

#[test]
fn every_system_pack_has_a_fixture_and_every_fixture_a_pack() {
    let systems: BTreeSet<&str> =
        PACKS.iter().filter(|pack| pack.system.is_some()).map(|pack| pack.name).collect();
    let found = fixtures();
    let names: BTreeSet<&str> = found.iter().map(|fixture| fixture.name.as_str()).collect();
    assert_eq!(systems, names);
    for pack in PACKS {
        let Some(system) = &pack.system else { continue };
        assert!(!system.version.is_empty() && !system.sources.is_empty(), "{}", pack.name);
        for said in [&[system.product, system.version], system.sources].concat() {
            assert!(pack.text.contains(said), "{}: its header lacks {said}", pack.name);
        }
    }
}

#[test]
fn check_passes() {
    each(|fixture| {
        let mut command = standin();
        command.arg("check").arg("-p").arg(fixture.path("profile.yaml")).arg("--key-file").arg(key());
        let ran = run(command.arg(fixture.path("dump.sql")), b"");
        assert_eq!(ran.code(), 0, "{}: {}{}", fixture.name, ran.text(), ran.stderr);
    });
}

#[test]
fn no_canary_is_in_the_result_in_any_form() {
    each(|fixture| {
        let summary = folder().join(format!("pack-{}.json", fixture.name));
        let (dump, path) = (fixture.path("dump.sql"), summary.to_str().expect("plain path"));
        let args = [dump.to_str().expect("plain path"), "--summary", path];
        let ran = mask(&fixture.path("profile.yaml"), &args, b"");
        assert_eq!(ran.code(), 0, "{}: {}", fixture.name, ran.stderr);
        let summary = std::fs::read(&summary).expect("a summary");
        let input = fixture.text("dump.sql").to_lowercase();
        for (number, canary) in fixture.canaries().iter().enumerate() {
            let line = number + 1;
            assert!(input.contains(&canary.to_lowercase()), "{}: canary {line} is not there", fixture.name);
            for (place, bytes) in [
                ("output", &ran.stdout[..]),
                ("standard error", ran.stderr.as_bytes()),
                ("summary", &summary),
            ] {
                let text = String::from_utf8_lossy(bytes).to_lowercase();
                for (form, value) in forms(canary).iter().enumerate() {
                    assert!(!occurs(&text, value), "{}, {place}: canary {line}, form {form}", fixture.name);
                }
            }
        }
    });
}

#[test]
fn the_result_loads_with_as_many_tables() {
    each(|fixture| {
        let (out, _) = masked(fixture);
        let tables = if fixture.is_postgres() {
            let Some(server) = server::server() else { return };
            let database = server.database();
            database.psql(&["-v", "ON_ERROR_STOP=1"], &out).ok();
            let sql = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace";
            database.rows(sql).into_iter().flatten().flatten().collect()
        } else {
            let Some(server) = mariadb::server() else { return };
            let database = server.database();
            database.load(&out).ok();
            database.tables()
        };
        let found: BTreeSet<String> = tables.into_iter().collect();
        assert_eq!(found, fixture.tables(), "{}", fixture.name);
    });
}

/// Says whether a pattern of a profile matches a name: `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((begin, rest)) => name
            .strip_prefix(begin)
            .is_some_and(|name| (0..=name.len()).any(|at| name.get(at..).is_some_and(|n| matches(rest, n)))),
    }
}

#[test]
fn the_tables_of_the_dump_are_those_of_the_pack() {
    each(|fixture| {
        let text = fixture.text("profile.yaml");
        assert!(text.contains(&fixture.name), "the profile extends another pack");
        let read = syntax::read("profile.yaml", text.as_bytes()).expect("a sound profile");
        let tables = fixture.tables();
        // What the profile says itself is not the pack's.
        let names: Vec<&Table> = read.profile.tables.iter().filter(|table| table.level > 0).collect();
        let unknown: Vec<&String> =
            tables.iter().filter(|name| !names.iter().any(|table| matches(&table.table, name))).collect();
        assert!(unknown.is_empty(), "{}: the pack does not name {unknown:?}", fixture.name);
        let untried: Vec<&str> = (names.iter().map(|table| table.table.as_str()))
            .filter(|pattern| !tables.iter().any(|name| matches(pattern, name)))
            .collect();
        assert!(untried.is_empty(), "{}: the dump lacks {untried:?}", fixture.name);
    });
}

/// A site without a shop, under another prefix: what the pack would read of the shop's tables is not there.
#[test]
fn a_prefix_and_a_part_of_the_system() {
    let dump = fixtures()
        .into_iter()
        .find(|fixture| fixture.name == "wordpress")
        .expect("a fixture")
        .text("dump.sql");
    let (head, rest) = dump.split_once("DROP TABLE").expect("tables");
    let (rest, tail) = rest.split_once("/*!40101 SET SQL_MODE=@OLD").expect("the saved mode is restored");
    let tail = format!("/*!40101 SET SQL_MODE=@OLD{tail}");
    let wanted = ["`wp_users`", "`wp_usermeta`", "`wp_posts`", "`wp_comments`"];
    let mut site = head.to_owned();
    for part in rest
        .split("DROP TABLE")
        .filter(|part| wanted.iter().any(|name| part.contains(&format!("EXISTS {name}"))))
    {
        site.push_str("DROP TABLE");
        site.push_str(part);
    }
    let site = file("site.sql", format!("{}{tail}", site.replace("wp_", "site7_")).as_bytes());
    let run_with = |extends: &str| {
        let text = format!("version: 1\nextends: [{extends}]\nlocale: nl_NL\npolicy: {{domain: packs}}\n");
        mask(
            &file(&format!("site-{}.yaml", extends.len()), text.as_bytes()),
            &[site.to_str().expect("plain path")],
            b"",
        )
    };
    let masked = run_with("{pack: wordpress, with: {prefix: site7_}}");
    let text = masked.text();
    assert_eq!(masked.code(), 0, "{}", masked.stderr);
    assert!(text.contains("INSERT INTO `site7_users`") && text.contains("'site7_capabilities','a:1:"));
    assert!(!text.to_lowercase().contains("qzelle"));
    let other = run_with("wordpress");
    assert_eq!((other.code(), other.text().as_str()), (3, ""), "{}", other.stderr);
}

/// One customer is one person in every table, and a number of a post the same number.
#[test]
fn one_person_is_one_in_wordpress() {
    let all = fixtures();
    let fixture = all.iter().find(|fixture| fixture.name == "wordpress").expect("a fixture");
    let Some(server) = mariadb::server() else { return };
    let database = server.database();
    database.load(&masked(fixture).0).ok();
    let meta = |key: &str| {
        format!("(SELECT meta_value FROM wp_usermeta m WHERE m.user_id = u.ID AND meta_key = '{key}')")
    };
    let orders = "wp_users u JOIN wp_wc_orders o ON o.customer_id = u.ID JOIN wp_wc_order_addresses a ON a.order_id = o.id";
    let same = format!(
        "a.first_name = {} AND a.last_name = {} AND a.first_name = {} AND a.city = {} AND a.postcode = {} AND a.address_1 = {}",
        meta("first_name"),
        meta("billing_last_name"),
        meta("shipping_first_name"),
        meta("billing_city"),
        meta("billing_postcode"),
        meta("billing_address_1"),
    );
    let count = |wanted: i64, sql: &str| {
        assert_eq!(database.number(&format!("SELECT count(*) FROM {sql}")), wanted, "{sql}")
    };
    count(2, &format!("{orders} WHERE {same}"));
    count(
        1,
        &format!(
            "{orders} WHERE a.email = u.user_email AND o.billing_email = u.user_email AND {} = u.user_email",
            meta("billing_email")
        ),
    );
    count(
        2,
        "wp_wc_customer_lookup l JOIN wp_users u ON u.ID = l.user_id WHERE l.email = u.user_email AND l.username = u.user_login AND u.display_name LIKE CONCAT('%', l.last_name)",
    );
    count(
        1,
        "wp_comments c JOIN wp_users u ON u.ID = c.user_id WHERE c.comment_author = u.display_name AND c.comment_author_email = u.user_email",
    );
    // The guest, whom only his mail address makes one.
    count(
        1,
        "wp_wc_customer_lookup l JOIN wp_wc_order_addresses a ON a.email = l.email WHERE l.user_id IS NULL AND a.first_name = l.first_name AND a.last_name = l.last_name",
    );
    count(3, "wp_wc_orders o JOIN wp_posts p ON p.ID = o.id AND p.post_type LIKE 'shop_order%'");
    count(
        3,
        "wp_wc_order_stats s JOIN wp_wc_orders o ON o.id = s.order_id AND o.parent_order_id = s.parent_id",
    );
    count(
        1,
        "wp_woocommerce_order_itemmeta m JOIN wp_posts p ON p.ID = m.meta_value AND post_type = 'product' WHERE meta_key = '_product_id'",
    );
    count(1, "wp_options JOIN wp_posts p ON p.ID = option_value WHERE option_name = 'page_on_front'");
    count(
        5,
        "wp_posts WHERE post_parent = 0 AND ID > 1073741824 AND post_type IN ('post', 'product', 'shop_order', 'user_request')",
    );
}

/// An account, a status and a medium is one in every table and list, and another server in every block.
#[test]
fn one_account_is_one_in_mastodon() {
    let all = fixtures();
    let fixture = all.iter().find(|fixture| fixture.name == "mastodon").expect("a fixture");
    let Some(server) = server::server() else { return };
    let database = server.database();
    database.psql(&["-v", "ON_ERROR_STOP=1"], &masked(fixture).0).ok();
    let count = |wanted: i64, sql: &str| {
        assert_eq!(database.number(&format!("SELECT count(*) FROM {sql}")), wanted, "{sql}")
    };
    count(2, "users u JOIN accounts a ON a.id = u.account_id");
    count(1, "accounts a JOIN accounts b ON a.username = b.username AND a.id < b.id");
    count(1, "accounts a JOIN accounts b ON b.id = a.moved_to_account_id AND a.domain = b.domain");
    count(1, "instances WHERE accounts_count = 2");
    count(2, "reports r JOIN statuses s ON s.id = ANY (r.status_ids)");
    count(
        2,
        "statuses s JOIN media_attachments m ON m.id = ANY (s.ordered_media_attachment_ids) AND m.account_id IS NOT NULL",
    );
    count(1, "status_edits e JOIN quotes q ON q.id = e.quote_id AND q.status_id = e.status_id");
    count(1, "statuses s JOIN statuses r ON r.id = s.reblog_of_id AND r.account_id <> s.account_id");
    count(0, "statuses WHERE text <> '' OR id < 1000000");
    count(0, "settings, notifications, oauth_access_tokens");
}

/// One column of a mysqldump's table: its name, the first word of its type, and whether it takes NULL.
struct Place {
    name: String,
    kind: String,
    nullable: bool,
}

impl Place {
    /// Returns a value that is no mark, for the row and the number that all numbers of the row are.
    fn filler(&self, first: bool, row: usize, number: usize) -> String {
        match self.kind.as_str() {
            _ if first => row.to_string(),
            "date" => "'2016-01-02'".to_owned(),
            "datetime" | "timestamp" => "'2016-01-02 03:04:05'".to_owned(),
            kind if kind.starts_with("varchar") || kind.starts_with("char") || has_room(kind) => {
                "'a'".to_owned()
            }
            _ => number.to_string(),
        }
    }
}

/// One table of a mysqldump: its name, its statement and its columns.
struct Made {
    name: String,
    statement: String,
    columns: Vec<Place>,
}

/// Returns the tables that a mysqldump makes.
fn made(dump: &str) -> Vec<Made> {
    let table = |part: &str| {
        let (name, rest) = part.split_once("` (\n").expect("a name");
        let (body, rest) = rest.split_once("\n) ").expect("an end");
        let (options, _) = rest.split_once(";\n").expect("an end");
        let columns = body.lines().filter_map(|line| line.strip_prefix("  `")).map(|line| {
            let (column, rest) = line.split_once("` ").expect("a type");
            let kind = rest.split([' ', ',']).next().unwrap_or_default().to_owned();
            Place { name: column.to_owned(), kind, nullable: !rest.contains("NOT NULL") }
        });
        let statement = format!("CREATE TABLE `{name}` (\n{body}\n) {options};\n");
        Made { name: name.to_owned(), statement, columns: columns.collect() }
    };
    dump.split("\nCREATE TABLE `").skip(1).map(table).collect()
}

/// Marked values, and the columns that they stand in.
#[derive(Default)]
struct Marks(Vec<(String, String)>);

impl Marks {
    fn next(&mut self, table: &str, column: &str) -> String {
        let mark = format!("qz{:06}", self.0.len());
        self.0.push((format!("{table}.{column}"), mark.clone()));
        format!("'{mark}'")
    }

    /// Returns rows of a table: three in which every column of text is marked and all numbers are 0, 1 or 7, and one for
    /// each column of text in which nothing else stands that may be NULL.
    fn rows(&mut self, table: &Made) -> String {
        let mut sql = String::new();
        let mut row = 0;
        let mut put = |values: Vec<String>| {
            sql.push_str(&format!("INSERT INTO `{}` VALUES ({});\n", table.name, values.join(",")));
        };
        let columns = || table.columns.iter().enumerate();
        for number in [0, 1, 7] {
            row += 1;
            put(columns()
                .map(|(at, column)| match column.kind.as_str() {
                    kind if has_room(kind) => self.next(&table.name, &column.name),
                    _ => column.filler(at == 0, row, number),
                })
                .collect());
        }
        for (marked, _) in columns().filter(|(_, column)| has_room(&column.kind)) {
            row += 1;
            put(columns()
                .map(|(at, column)| match column {
                    _ if at == marked => self.next(&table.name, &column.name),
                    column if at > 0 && column.nullable => "NULL".to_owned(),
                    column => column.filler(at == 0, row, 1),
                })
                .collect());
        }
        sql
    }
}

/// Returns whether a column of this type has room for a marked value: text of eight characters and more, or bytes.
fn has_room(kind: &str) -> bool {
    let width = kind.split_once('(').and_then(|(_, rest)| rest.trim_end_matches(')').parse::<u32>().ok());
    let text = ["varchar", "char", "varbinary"].iter().any(|word| kind.starts_with(&format!("{word}(")));
    text && width.is_some_and(|width| width >= 8) || kind.ends_with("text") || kind.ends_with("blob")
}

/// Every column of text holds a marked value: what comes through is what `kept.txt` says, column by column, with the reason.
#[test]
fn what_is_kept_of_text_is_said_column_by_column() {
    each(|fixture| {
        let Ok(said) = std::fs::read_to_string(fixture.path("kept.txt")) else { return };
        let column =
            |line: &str| line.split_once('\t').filter(|(_, why)| !why.is_empty()).map(|(c, _)| c.to_owned());
        let said: BTreeSet<String> =
            said.lines().map(|line| column(line).expect("a column and why")).collect();
        let dump = fixture.text("dump.sql");
        let mut marks = Marks::default();
        let mut sql = dump.split_once("/*!").expect("a setting").0.to_owned();
        for table in made(&dump) {
            sql.push_str(&table.statement);
            sql.push_str(&marks.rows(&table));
        }
        sql.push_str("-- Dump completed on 2016-12-01 12:00:00\n");
        let path = file(&format!("marked-{}.sql", fixture.name), sql.as_bytes());
        let ran = mask(&fixture.path("profile.yaml"), &[path.to_str().expect("plain path")], b"");
        assert_eq!(ran.code(), 0, "{}: {}", fixture.name, ran.stderr);
        let text = ran.text();
        let found: BTreeSet<String> =
            marks.0.into_iter().filter(|(_, mark)| text.contains(mark)).map(|(column, _)| column).collect();
        let through: Vec<&String> = found.difference(&said).collect();
        assert!(through.is_empty(), "{}: marked values come through in {through:?}", fixture.name);
        let idle: Vec<&String> = said.difference(&found).collect();
        assert!(idle.is_empty(), "{}: nothing comes through in {idle:?}", fixture.name);
    });
}

/// A contact is one contact in every table, an employer the same organisation, and a payment the same payment.
#[test]
fn one_contact_is_one_in_civicrm() {
    let all = fixtures();
    let fixture = all.iter().find(|fixture| fixture.name == "civicrm").expect("a fixture");
    let Some(server) = mariadb::server() else { return };
    let database = server.database();
    database.load(&masked(fixture).0).ok();
    let count = |wanted: i64, sql: &str| {
        assert_eq!(database.number(&format!("SELECT count(*) FROM {sql}")), wanted, "{sql}")
    };
    count(4, "civicrm_contact WHERE id > 1073741824");
    for table in ["email", "phone", "address", "uf_match"] {
        count(4, &format!("civicrm_{table} t JOIN civicrm_contact c ON c.id = t.contact_id"));
    }
    count(
        4,
        "civicrm_uf_match m JOIN civicrm_email e ON e.email = m.uf_name AND e.contact_id = m.contact_id",
    );
    count(
        1,
        "civicrm_contact p JOIN civicrm_contact o ON o.id = p.employer_id AND o.organization_name = p.organization_name AND o.display_name = o.organization_name",
    );
    count(2, "civicrm_contact WHERE sort_name = CONCAT(last_name, ', ', first_name)");
    count(
        2,
        "civicrm_payment_token t JOIN civicrm_contact c ON c.id = t.contact_id AND c.first_name = t.billing_first_name",
    );
    count(2, "civicrm_contribution c JOIN civicrm_financial_trxn t ON t.trxn_id = c.trxn_id");
    count(
        1,
        "civicrm_note n JOIN civicrm_contact c ON c.id = n.entity_id WHERE entity_table = 'civicrm_contact'",
    );
    count(1, "civicrm_note WHERE entity_table = 'civicrm_contribution' AND entity_id = 2");
    count(1, "civicrm_entity_tag t JOIN civicrm_contact c ON c.id = t.entity_id");
    count(0, "civicrm_log, civicrm_cache, civicrm_queue_item, civicrm_mailing_spool");
    // Nothing points at a contact that is not there.
    let keys = "SELECT table_name, column_name FROM information_schema.key_column_usage WHERE table_schema = database() AND referenced_table_name = 'civicrm_contact'";
    let keys = database.rows(keys);
    assert!(keys.len() > 60, "{} keys", keys.len());
    for key in keys {
        let [Some(table), Some(column)] = key.as_slice() else { panic!("two names") };
        count(
            0,
            &format!(
                "`{table}` t LEFT JOIN civicrm_contact c ON c.id = t.`{column}` WHERE c.id IS NULL AND t.`{column}` IS NOT NULL"
            ),
        );
    }
}

/// A user is one user in every table, and a group the same group.
#[test]
fn one_user_is_one_in_nextcloud() {
    let all = fixtures();
    let fixture = all.iter().find(|fixture| fixture.name == "nextcloud").expect("a fixture");
    let Some(server) = mariadb::server() else { return };
    let database = server.database();
    database.load(&masked(fixture).0).ok();
    let count = |wanted: i64, sql: &str| {
        assert_eq!(database.number(&format!("SELECT count(*) FROM {sql}")), wanted, "{sql}")
    };
    count(3, "oc_users WHERE uid_lower = LOWER(uid)");
    count(3, "oc_accounts a JOIN oc_users u ON u.uid = a.uid");
    count(5, "oc_preferences p JOIN oc_users u ON u.uid = p.userid");
    count(2, "oc_preferences WHERE configkey = 'email' AND configvalue LIKE '%@example.org'");
    count(1, "oc_preferences WHERE configvalue IS NULL");
    count(2, "oc_groups WHERE gid <> 'admin' AND displayname = gid");
    count(2, "oc_group_user m JOIN oc_groups g ON g.gid = m.gid JOIN oc_users u ON u.uid = m.uid");
    count(
        1,
        "oc_share s JOIN oc_users u ON u.uid = s.share_with AND s.uid_owner <> u.uid WHERE share_type = 0",
    );
    count(1, "oc_share s JOIN oc_groups g ON g.gid = s.share_with WHERE share_type = 1");
    count(2, "oc_comments c JOIN oc_users u ON u.uid = c.actor_id");
    count(2, "oc_appconfig WHERE configvalue IS NOT NULL");
    count(1, "oc_jobs");
    count(
        0,
        "oc_authtoken, oc_filecache, oc_storages_credentials, oc_webauthn, oc_cards, oc_calendarobjects",
    );
}

#[test]
fn patterns() {
    assert!(matches("a*c", "abbc") && matches("*", "") && matches("ab", "ab") && matches("*b*", "abc"));
    assert!(!matches("a*c", "abcd") && !matches("ab", "abc"));
}
