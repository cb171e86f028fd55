//! CSV: RFC 4180 and its cousins.
