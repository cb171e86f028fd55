//! MySQL dumps through the built program: what is masked, what stops a run, and how a stream ends that failed. The
//! reader's own cases are golden files (`src/format/mysql/tests.rs`); loading into a server is tested elsewhere.

use std::path::PathBuf;

use standin::format::InputOptions;

use crate::damage;
use crate::support::repository;
use crate::support::robust;
use crate::support::run::Ran;
use crate::support::shop::{file, mask};

/// A dump as mysqldump writes it, invented; `Kanarie` marks what identifies.
const DUMP: &str = "-- MySQL dump 10.13  Distrib 8.4.2, for Linux (x86_64)
/*!50503 SET NAMES utf8mb4 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
DROP TABLE IF EXISTS `people`;
CREATE TABLE `people` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(60) NOT NULL,
  `small` mediumint DEFAULT NULL,
  `status` varchar(9) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;
LOCK TABLES `people` WRITE;
/*!40000 ALTER TABLE `people` DISABLE KEYS */;
INSERT INTO `people` VALUES (1,'Kanarie O\\'Brien',7,'new'),(2,'Kanarie ''t Hart',NULL,'a;b');
INSERT INTO `people` VALUES (3,'Kanarie \\\\',-9,'-- Dump completed');
/*!40000 ALTER TABLE `people` ENABLE KEYS */;
UNLOCK TABLES;
CREATE TABLE `orders` (
  `id` int NOT NULL,
  `person` int unsigned DEFAULT NULL
) ENGINE=InnoDB;
insert  into orders (PERSON, id) values (1, 10), (3, 11);
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
-- Dump completed on 2026-01-02  3:04:05
";

const PROFILE: &str = "version: 1
policy: {domain: tests}
reasons: {work: \"a test\"}
entities:
  person:
    subject: id
    id: {pseudonym: integer}
tables:
  people:
    columns:
      id: person.id
      name: {hash: {length: 20}}
      small: suppress
    keep: [status]
    why: work
  orders:
    columns:
      person: {use: person.id}
    keep: [id]
    why: work
";

fn profile(name: &str, text: &str) -> PathBuf {
    file(&format!("mysql-{name}.yaml"), text.as_bytes())
}

fn masked(name: &str, profile_text: &str, args: &[&str], dump: &str) -> Ran {
    mask(&profile(name, profile_text), args, dump.as_bytes())
}

/// Returns the fields of the rows of every INSERT, roughly: no value of these tests holds a comma.
fn tuples(dump: &str) -> Vec<Vec<String>> {
    let rows = dump.lines().filter(|l| l.to_ascii_lowercase().starts_with("insert"));
    let bodies = rows.filter_map(|l| l.split_once("VALUES ").or_else(|| l.split_once("values ")));
    let tuples = bodies.flat_map(|(_, rows)| rows.trim_end_matches([';', ')']).split(')'));
    let fields =
        |t: &str| t.trim_start_matches([',', ' ', '(']).split(',').map(|f| f.trim().to_owned()).collect();
    tuples.map(fields).collect()
}

#[test]
fn nasty_01_and_05_rows_of_every_form_are_masked() {
    let whole = masked("whole", PROFILE, &["-j", "1"], DUMP).ok();
    let text = String::from_utf8(whole.clone()).expect("UTF-8");
    assert!(!text.contains("Kanarie"), "a name has passed");
    let (before, after) = (tuples(DUMP), tuples(&text));
    assert_eq!(before.len(), 5);
    assert_eq!(after.len(), 5);
    for (before, after) in before.iter().zip(&after).take(3) {
        assert_ne!(before[0], after[0]);
        assert!(after[1].len() == 22 && after[1].starts_with('\''), "{}", after[1]);
        assert_eq!(after[2], "NULL");
        assert_eq!(before[3], after[3]);
    }
    // The column list says another order, in another case; joins survive.
    assert_eq!(after[3], [after[0][0].clone(), "10".to_owned()]);
    assert_eq!(after[4], [after[2][0].clone(), "11".to_owned()]);
    let outside = |t: &str| -> Vec<String> {
        t.lines().filter(|l| !l.to_ascii_lowercase().starts_with("insert")).map(str::to_owned).collect()
    };
    assert_eq!(outside(DUMP), outside(&text));
    assert!(masked("whole", PROFILE, &["-j", "4"], DUMP).ok() == whole);
}

#[test]
fn nasty_40_a_narrow_integer_takes_no_wide_stand_in() {
    let wide = PROFILE.replace("small: suppress", "small: {pseudonym: integer}");
    let ran = masked("wide", &wide, &[], DUMP);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("within: smallint"), "{}", ran.stderr);
}

#[test]
fn nasty_31_a_dump_that_names_databases_needs_leave() {
    let dump = DUMP.replacen("DROP TABLE", "CREATE DATABASE `shop`;\nUSE `shop`;\nDROP TABLE", 1);
    let ran = masked("shop", PROFILE, &[], &dump);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("--allow-databases"), "{}", ran.stderr);
    let named = PROFILE.replace("  people:\n", "  shop.people:\n").replace("  orders:\n", "  shop.orders:\n");
    let ran = masked("named", &named, &["--allow-databases"], &dump);
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(!ran.text().contains("Kanarie"));
}

/// Checks that a run failed after its first table went out, and that the stream says so.
fn poisoned(ran: &Ran) {
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    let text = ran.text();
    let end = text
        .find("\nstandin: the run failed and this dump is not complete;\n\0")
        .expect("the stream is poisoned");
    assert!(!text[end..].contains("Dump completed") && !text.contains("Kanarie"));
    assert!(!ran.stderr.contains("Kanarie"), "{}", ran.stderr);
}

#[test]
fn nasty_28_a_stream_that_failed_ends_in_poison() {
    for broken in [
        DUMP.replace("(3, 11)", "(3, 11), (1)"),
        DUMP.replace("-- Dump completed on", "-- x"),
        DUMP.replace(
            "insert  into orders (PERSON, id)",
            "/* x */ UPDATE orders SET id = 1;\ninsert into orders (PERSON, id)",
        ),
        DUMP.replace("(3, 11);", "(3, 11"),
    ] {
        poisoned(&masked("whole", PROFILE, &[], &broken));
    }
}

#[test]
fn nasty_13_and_14_tables_between_the_rows() {
    // A table that no rule covers, told behind rows that went out.
    let more =
        DUMP.replace("-- Dump completed", "CREATE TABLE `late` (`a` int) ENGINE=InnoDB;\n-- Dump completed");
    poisoned(&masked("whole", PROFILE, &[], &more));
    // A table of the profile that never came.
    let missing = format!("{PROFILE}  never: {{empty: work}}\n");
    let ran = masked("missing", &missing, &[], DUMP);
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("never"), "{}", ran.stderr);
}

#[test]
fn nasty_02_data_only() {
    let dump = "INSERT INTO `people` (`status`, `name`, `id`) VALUES ('new','Kanarie',1);\n";
    let data =
        PROFILE.split("  orders:").next().expect("there is more").replace("      small: suppress\n", "");
    let ran = masked("data", &data, &[], dump);
    assert_eq!(ran.code(), 0, "{}", ran.stderr);
    assert!(ran.text().starts_with("INSERT INTO `people` (`status`, `name`, `id`) VALUES ('new','"));
    assert!(!ran.text().contains("Kanarie"));
    let ran = masked("data", &data, &[], "INSERT INTO `people` VALUES ('new','Kanarie',1);\n");
    assert_eq!(ran.code(), 3, "{}", ran.stderr);
    assert!(ran.stdout.is_empty() && !ran.stderr.contains("Kanarie"));
}

/// The golden cases and the dump above, damaged: refused, or what comes out holds.
#[test]
fn damaged_mysql() {
    let folders = std::fs::read_dir(repository("fixtures/mysql")).expect("fixtures are there").flatten();
    let mut paths: Vec<PathBuf> = folders.map(|f| f.path().join("input.sql")).collect();
    paths.sort();
    let mut seeds: Vec<Vec<u8>> = paths
        .iter()
        .map(|p| std::fs::read(p).expect("fixture is there"))
        .filter(|b| b.len() < 6_000)
        .collect();
    seeds.extend(std::iter::repeat_n(DUMP.as_bytes().to_vec(), seeds.len()));
    let plan = robust::plan(PROFILE, false).expect("the profile is right");
    let options = InputOptions { allow_databases: true, ..robust::options("t") };
    damage::all("mysql", &seeds, |bytes| robust::input(&plan, "mysql", &options, bytes));
}

/// The facts pass over a large file skims its rows: tables between them are known before anything is sent, and nothing in
/// them is taken for one.
#[test]
fn a_large_file_is_known_before_anything_is_sent() {
    let (head, rest) = DUMP.split_once("INSERT INTO").expect("rows");
    let mut dump = head.to_owned();
    for n in 0..180_000 {
        dump.push_str(&format!("INSERT INTO `people` VALUES ({n},'Kanarie {n} O\\'Brien',7,'a;b\\\\');\n"));
    }
    assert!(dump.len() > 8 << 20, "the file is too small for anything to be skimmed");
    let odd = "INSERT INTO `people` VALUES (900001,'Kanarie\\';\nCREATE TABLE `hidden` (`name` text);',1,'-- '),\n\
               (900002,'Kanarie '';\nDELIMITER //',NULL,'\\\\'),(900003,\"Kanarie's;\",1,'x');\n";
    let rules = profile("large", PROFILE);
    let mask_file = |dump: &str| {
        let path = file("mysql-large.sql", dump.as_bytes());
        let mut command = crate::support::run::standin();
        command.args(["mask", "-q", "-p"]).arg(&rules).arg("--key-file").arg(crate::support::shop::key());
        crate::support::run::run(command.arg(path), b"")
    };
    for odd in ["", odd, &odd.replace('"', "'").replace("e's", "e\\'s")] {
        let whole = format!("{dump}{odd}INSERT INTO{rest}");
        let piped = masked("large", PROFILE, &["-q"], &whole).ok();
        assert!(mask_file(&whole).ok() == piped, "a file comes out otherwise than a pipe");
        assert!(!String::from_utf8_lossy(&piped).contains("Kanarie"));
        let late = rest.replace("`person` int unsigned", "`person` int unsigned, `late` text");
        let ran = mask_file(&format!("{dump}{odd}INSERT INTO{late}"));
        assert!(ran.code() == 3 && ran.stdout.is_empty(), "a late column was not known: {}", ran.stderr);
    }
}

/// Long runs of rows are jumped over when the schema of a file is read: what stands between two runs of one table is met
/// when the rows are masked, and stops the run then; what stands behind the last run is known before.
#[test]
fn a_table_between_runs_of_another_stops_all_the_same() {
    let (head, rest) = DUMP.split_once("INSERT INTO").expect("rows");
    let run = |from: u32| {
        let rows = (from..from + 120_000)
            .map(|n| format!("INSERT INTO `people` VALUES ({n},'Kanarie {n}',7,'a;b\\\\');\n"));
        rows.collect::<String>()
    };
    let (first, second) = (run(100), run(200_000));
    assert!(first.len() > 5 << 20, "the runs are too short for anything to be jumped over");
    let hidden = "CREATE TABLE `hidden` (`name` text);\nINSERT INTO `hidden` VALUES ('Kanarie');\n";
    let rules = profile("jumped", PROFILE);
    let mask_file = |dump: &str| {
        let path = file("mysql-jumped.sql", dump.as_bytes());
        let mut command = crate::support::run::standin();
        command.args(["mask", "-q", "-p"]).arg(&rules).arg("--key-file").arg(crate::support::shop::key());
        crate::support::run::run(command.arg(path), b"")
    };
    let whole = format!("{head}{first}{second}INSERT INTO{rest}");
    assert!(
        mask_file(&whole).ok() == masked("jumped", PROFILE, &["-q"], &whole).ok(),
        "jumping changes the rows"
    );
    let ran = mask_file(&format!("{head}{first}{hidden}{second}INSERT INTO{rest}"));
    assert_eq!(ran.code(), 3, "a table that was jumped over passed: {}", ran.stderr);
    assert!(!String::from_utf8_lossy(&ran.stdout).contains("Kanarie") && !ran.stderr.contains("Kanarie"));
    let ran = mask_file(&format!("{head}{first}{second}{hidden}INSERT INTO{rest}"));
    assert!(ran.code() == 3 && ran.stdout.is_empty(), "a table behind the run was not known: {}", ran.stderr);
}
