//! `pseudonym: ip`: an IPv4 or IPv6 address becomes another of its kind: public stays public, private private,
//! loopback loopback, link-local link-local, multicast multicast. No prefix stays: two hosts of one net part.
//!
//! Unfit: what is no single address, a network with its length (`10.0.0.0/8`) among them; generalise those. Source:
//! IANA special-purpose address registries (RFC 1918, 6598, 1122, 3927, 5771, 4193, 4291).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::kind::{Form, Kind, Place, Read};
use super::{compiled, refusal, room};
use crate::mask::permutation::name;
use crate::mask::{Compile, Compiled, Output, Refusal};
use crate::row::shape::TypeClass;

/// Special IPv4 addresses that stay among themselves; the last line is public: all but those above.
static SPECIAL: &[&[(u32, u32)]] = &[
    &[(0x0a00_0000, 1 << 24), (0xac10_0000, 1 << 20), (0xc0a8_0000, 1 << 16)],
    &[(0x7f00_0000, 1 << 24)],
    &[(0xa9fe_0000, 1 << 16)],
    &[(0x6440_0000, 1 << 22)],
    &[(0xe000_0000, 1 << 28)],
    &[(0, 1 << 24)],
    &[(0xf000_0000, 1 << 28)],
];

/// Blocks of IPv6: first bits, their number, in order. The first that fits counts.
static BLOCKS: &[(u128, u32)] =
    &[(0xfc << 120, 7), (0xfe80 << 112, 10), (0xff << 120, 8), (0x2000 << 112, 3)];

/// Group of public IPv4 addresses, and of IPv6 addresses in no block.
const PUBLIC: u32 = 63;
const OTHER: u32 = 127;

/// The compiled kind's form.
pub(super) struct Ip;

pub(super) fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    if *cx.class() != TypeClass::Inet && !cx.class().is_text() {
        return Err(refusal("`pseudonym: ip` needs a column of text or of addresses (`inet`)"));
    }
    room(cx, 15, "an address has up to 15 characters (IPv6: 39); give the column another technique")?;
    Ok(compiled(Kind::new(cx, name::IP, Ip), Output::Typed))
}

/// Returns group, rank and last rank of an IPv4 address.
fn v4(address: u32) -> (u32, u128, u128) {
    for (group, ranges) in (0..).zip(SPECIAL) {
        let mut before = 0_u32;
        let mut rank = None;
        for (first, size) in *ranges {
            if let Some(offset) = address.checked_sub(*first).filter(|offset| offset < size) {
                rank = Some(before + offset);
            }
            before += size;
        }
        if let Some(rank) = rank {
            return (group, rank.into(), u128::from(before) - 1);
        }
    }
    (PUBLIC, address.into(), u32::MAX.into())
}

/// Returns the IPv4 address of a rank.
fn to_v4(group: u32, rank: u128) -> Option<u32> {
    let mut left = u32::try_from(rank).ok()?;
    let Some(ranges) = usize::try_from(group).ok().and_then(|group| SPECIAL.get(group)) else {
        return Some(left).filter(|address| v4(*address).0 == PUBLIC);
    };
    for (first, size) in *ranges {
        match left.checked_sub(*size) {
            Some(rest) => left = rest,
            None => return Some(first + left),
        }
    }
    None
}

/// Returns group, rank and last rank of an IPv6 address.
fn v6(address: u128) -> (u32, u128, u128) {
    for (group, (start, bits)) in (64..).zip(BLOCKS) {
        if (address ^ start) >> (128 - bits) == 0 {
            let last = u128::MAX >> bits;
            return (group, address & last, last);
        }
    }
    (OTHER, address, u128::MAX)
}

fn to_v6(group: u32, rank: u128) -> Option<u128> {
    let block = group.checked_sub(64).and_then(|at| BLOCKS.get(usize::try_from(at).ok()?));
    match block {
        Some((start, _)) => Some(start | rank),
        // Not what stands for an IPv4 address, which is read as one.
        None => Some(rank).filter(|a| v6(*a).0 == OTHER && Ipv6Addr::from(*a).to_ipv4_mapped().is_none()),
    }
}

/// Reads an address. The standard library takes no zeros in front, no zone, no length, no blanks.
fn parse(field: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

impl Form for Ip {
    fn read(&self, field: &[u8], _: &mut Vec<u8>) -> Read {
        let place = |scheme, (group, rank, last)| Read::Place(Place { scheme, group, rank, last });
        match parse(field) {
            None => Read::Unfit,
            Some(IpAddr::V4(address)) => place(0, v4(address.into())),
            Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
                Some(inner) => place(1, v4(inner.into())),
                None => place(2, v6(address.into())),
            },
        }
    }

    fn may(&self, place: &Place) -> bool {
        if place.scheme == 2 {
            to_v6(place.group, place.rank).is_some()
        } else {
            to_v4(place.group, place.rank).is_some()
        }
    }

    fn write(&self, field: &[u8], place: &Place, out: &mut Vec<u8>) -> bool {
        use std::io::Write;
        let start = out.len();
        let done = if place.scheme == 2 {
            to_v6(place.group, place.rank)
                .is_some_and(|address| write!(out, "{}", Ipv6Addr::from(address)).is_ok())
        } else {
            to_v4(place.group, place.rank).is_some_and(|address| {
                let address = Ipv4Addr::from(address);
                if place.scheme == 1 { write!(out, "::ffff:{address}") } else { write!(out, "{address}") }
                    .is_ok()
            })
        };
        if field.iter().any(u8::is_ascii_uppercase) {
            out.get_mut(start..).unwrap_or_default().make_ascii_uppercase();
        }
        done
    }

    fn placeholder(&self, bits: u128, out: &mut Vec<u8>) -> bool {
        let lane = u32::try_from(bits >> 96).unwrap_or(0);
        // A private address: nobody's outside.
        let place = Place { scheme: 0, group: 0, rank: u128::from(lane & 0x00ff_ffff), last: 0 };
        self.write(b"", &place, out)
    }
}
