//! Narrowing, in the words in which pg_dump prints CHECKs.
