//! The one integration test binary: each module is one subject.

#[cfg(test)]
mod canaries;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod language;
#[cfg(test)]
mod poison;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod support;
#[cfg(test)]
mod profile;
