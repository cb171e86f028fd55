//! Addresses made coarser: the network of an IPv4 address is its first 24 bits, that of an IPv6 address its first 48
//! (what a provider hands to one customer). An address without a length stays one without.
//!
//! Refuses what is no address, zones (`%eth0`) and leading zeros included.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::form::{outcome, trimmed};
use crate::mask::{Mask, MaskCx, Outcome};
use crate::secret::{Mac, lanes};

/// Bits of a network that stay.
const V4: u8 = 24;
const V6: u8 = 48;

/// Networks of documentation (RFC 5737): nobody's.
const NOBODY: [Ipv4Addr; 3] =
    [Ipv4Addr::new(192, 0, 2, 0), Ipv4Addr::new(198, 51, 100, 0), Ipv4Addr::new(203, 0, 113, 0)];

/// The technique on addresses.
pub(super) struct Network {
    /// For placeholders.
    pub(super) mac: Mac,
}

fn v4(address: Ipv4Addr) -> Ipv4Addr {
    Ipv4Addr::from_bits(address.to_bits() & (u32::MAX << (32 - u32::from(V4))))
}

fn v6(address: Ipv6Addr) -> Ipv6Addr {
    match address.to_ipv4_mapped() {
        Some(inner) => v4(inner).to_ipv6_mapped(),
        None => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - u32::from(V6)))),
    }
}

impl Mask for Network {
    fn mask(&self, field: &[u8], _: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let Ok(text) = std::str::from_utf8(trimmed(field)) else { return Outcome::Unfit };
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let Ok(address) = address.parse::<IpAddr>() else { return Outcome::Unfit };
        let (coarse, most, kept) = match address {
            IpAddr::V4(address) => (IpAddr::V4(v4(address)), 32, V4),
            IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => {
                (IpAddr::V6(v6(address)), 128, 96 + V4)
            }
            IpAddr::V6(address) => (IpAddr::V6(v6(address)), 128, V6),
        };
        let start = out.len();
        // Writing to memory does not fail.
        let written = match bits.map(|bits| (bits.starts_with('+'), bits.parse::<u8>())) {
            None => write!(out, "{coarse}"),
            Some((false, Ok(bits))) if bits <= most => write!(out, "{coarse}/{}", bits.min(kept)),
            Some(_) => return Outcome::Unfit,
        };
        if written.is_err() {
            out.truncate(start);
            return Outcome::Unfit;
        }
        outcome(field, out, start)
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        let lane = lanes(&self.mac.tag(&[b"placeholder", field]))[0];
        let index = usize::try_from((u128::from(lane) * 3) >> 64).unwrap_or_default();
        let address = NOBODY.get(index).copied().unwrap_or(Ipv4Addr::new(192, 0, 2, 0));
        write!(out, "{address}").is_ok()
    }
}
