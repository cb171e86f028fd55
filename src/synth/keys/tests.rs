//! Keys over small schemas: unique keys and foreign keys hold for every row.
