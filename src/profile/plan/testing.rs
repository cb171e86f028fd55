//! For tests: a small builder.
