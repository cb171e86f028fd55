//! Schemas that were written by hand: transactions, DROPs before the tables, settings of a session. What `standin generate`
//! makes of them loads.

use super::support::run::{run, standin};
use super::support::{mariadb, server, sqlite};

fn generate(schema: &str) -> Vec<u8> {
    run(standin().args(["generate", "--schema", "-", "--rows", "40"]), schema.as_bytes()).ok()
}

#[test]
fn of_postgresql() {
    let Some(server) = server::server() else { return };
    let sql = generate(
        "-- The schema.\nBEGIN;\nSET LOCAL lock_timeout = '2s';\nDROP TABLE IF EXISTS lines, orders CASCADE;\n\
         CREATE TYPE state AS ENUM ('new', 'paid');\n\
         CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, state state NOT NULL, note text);\n\
         DROP TABLE IF EXISTS lines;\n\
         CREATE TABLE lines (id bigserial PRIMARY KEY, order_id int NOT NULL REFERENCES orders ON DELETE CASCADE);\n\
         INSERT INTO orders (state, note) VALUES ('new', 'Anneke Zonneveld called');\n\
         CREATE INDEX ON lines (order_id);\nCOMMIT;\nANALYZE;\n",
    );
    assert!(!String::from_utf8_lossy(&sql).contains("Zonneveld"));
    let database = server.database();
    database.psql(&["-v", "ON_ERROR_STOP=1"], &sql).ok();
    let both = "SELECT count(*) FROM lines JOIN orders ON orders.id = order_id";
    assert!(database.number(both) >= 40);
}

#[test]
fn of_mariadb() {
    let Some(server) = mariadb::server() else { return };
    let sql = generate(
        "SET NAMES utf8mb4;\nSTART TRANSACTION;\nDROP TABLE IF EXISTS `orders`;\nCREATE TABLE orders (\n  \
         id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,\n  note TEXT\n) ENGINE=InnoDB;\n\
         CREATE TABLE order_lines (\n  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,\n  order_id INT UNSIGNED NOT NULL,\n  \
         CONSTRAINT of_order FOREIGN KEY (order_id) REFERENCES orders (id)\n);\nCOMMIT;\n",
    );
    let database = server.database();
    database.load(&sql).ok();
    let both = "SELECT count(*) FROM order_lines JOIN orders ON orders.id = order_id;";
    assert!(database.number(both) >= 40);
}

#[test]
fn of_sqlite() {
    let Some(database) = sqlite::database() else { return };
    let sql = generate(
        "PRAGMA journal_mode = WAL;\nPRAGMA foreign_keys = ON;\nBEGIN TRANSACTION;\nDROP TABLE IF EXISTS orders;\n\
         CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT);\n\
         CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id)) STRICT;\n\
         CREATE INDEX of_order ON lines(order_id);\nCOMMIT;\n",
    );
    database.load(&sql).ok();
    assert_eq!(database.number("SELECT count(*) FROM pragma_foreign_key_check;"), 0);
    assert!(database.number("SELECT count(*) FROM lines JOIN orders ON orders.id = order_id;") >= 40);
}

#[test]
fn what_changes_tables_unread_is_refused() {
    for schema in [
        "CREATE TABLE public.t (id int);\nDROP TABLE public.t;\n",
        "CREATE TABLE public.t (id int);\nDO $$ BEGIN ALTER TABLE t ADD COLUMN x int; END $$;\n",
    ] {
        let args = ["generate", "--schema", "-", "--input-format", "pg_dump"];
        let ran = run(standin().args(args), schema.as_bytes());
        assert_eq!((ran.code(), ran.stdout.len()), (3, 0), "{}", ran.stderr);
        assert!(ran.stderr.contains("pg_dump --schema-only"), "{}", ran.stderr);
    }
}
