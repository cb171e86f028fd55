//! The webshop in all its forms, on the real servers and programs.

use crate::support::{mariadb, sqlite};

#[test]
fn the_servers_cells_are_read_as_they_are() {
    if let Some(server) = mariadb::server() {
        let db = server.database();
        db.load(b"CREATE TABLE `a b` (i int primary key, t text, b blob); INSERT INTO `a b` VALUES (1, 'x\\n\\ty', 0x00ff), (2, NULL, '');").ok();
        assert_eq!(db.tables(), ["a b"]);
        assert_eq!(
            db.cells("a b", "1"),
            vec![
                vec![Some(b"1".to_vec()), Some(b"x\n\ty".to_vec()), Some(vec![0, 255])],
                vec![Some(b"2".to_vec()), None, Some(vec![])]
            ]
        );
        assert_eq!(db.number("SELECT count(*) FROM `a b`"), 2);
        assert_ne!(db.load(b"SELEC;").code(), 0);
        assert_eq!(db.rows("SELECT 1, NULL"), [[Some("1".to_owned()), None]]);
    }
    if let Some(db) = sqlite::database() {
        db.load(b"CREATE TABLE \"a b\" (i int primary key, t text, g text as (t || 'z')); INSERT INTO \"a b\" VALUES (1, 'x'), (2, NULL);").ok();
        assert_eq!(db.tables(), ["a b"]);
        assert_eq!(db.number("SELECT count(*) FROM \"a b\";"), 2);
        let again = sqlite::database().expect("it was there before");
        assert_eq!(again.load(&db.dump()).ok(), b"");
        assert_eq!(again.cells("a b", "1"), db.cells("a b", "1"));
        assert_eq!(
            db.cells("a b", "1"),
            vec![
                vec![Some(b"i1".to_vec()), Some(b"tx".to_vec()), Some(b"txz".to_vec())],
                vec![Some(b"i2".to_vec()), None, None]
            ]
        );
    }
}
