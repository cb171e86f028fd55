//! The one integration test binary: each module is one subject.

#[cfg(test)]
mod profile;
