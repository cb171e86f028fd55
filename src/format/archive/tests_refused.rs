//! Damaged and hostile archives: cut at every byte, every number changed, names that lead elsewhere. None is read to its
//! end, none makes the program panic.

use super::container::{BlockKind, open};
use super::input::{Input, Limits};
use super::samples::{Bench, Bytes, ENTRIES, OIDS, ROWS, Sample, custom, file, files, tar};
use super::toc::{CUSTOM, Toc};
use crate::error::{Error, ErrorKind, Result};

const LIMITS: Limits = Limits { max_text: 1 << 20, max_toc: 1 << 20, read_bytes: 0 };

/// Reads all; returns how many bytes streams had.
fn all(source: &mut Bench, limits: &Limits) -> Result<usize> {
    let mut archive = open(source, limits)?;
    let (mut buf, mut sum) = ([0; 64], 0);
    while let Some(block) = archive.next_block(source)? {
        let mut objects = block.kind == BlockKind::LargeObjects;
        objects = objects && archive.next_object(source)?.is_some();
        loop {
            match archive.read(source, &mut buf)? {
                0 if objects => objects = archive.next_object(source)?.is_some(),
                0 => break,
                count => sum += count,
            }
        }
    }
    Ok(sum)
}

fn refused(source: &mut Bench) -> Error {
    let error = all(source, &LIMITS).expect_err("it is damaged");
    assert_eq!(error.kind(), ErrorKind::Input, "{error}");
    error
}

/// Holds that a change of these bytes, once, is refused.
fn changed(bytes: &[u8], from: &[u8], to: &[u8]) -> Error {
    let at = bytes.windows(from.len()).position(|window| window == from).expect("it is there");
    let mut bytes = bytes.to_vec();
    bytes.splice(at..at + from.len(), to.iter().copied());
    refused(&mut file(&bytes, 64))
}

#[test]
fn an_archive_cut_anywhere_is_refused_where_it_ends() {
    for minor in [12, 14, 16] {
        let bytes = custom(minor).archive().bytes;
        for len in 0..bytes.len() {
            let error = refused(&mut file(&bytes[..len], 64));
            assert!(
                error.location().byte.is_some_and(|byte| usize::try_from(byte).unwrap() <= len),
                "{len}: {error}"
            );
        }
        let bytes = files(minor).tar();
        for len in (0..bytes.len()).step_by(3) {
            refused(&mut file(&bytes[..len], 512));
        }
    }
    let whole = files(16).folder("");
    for len in 0..whole.current.len() {
        refused(&mut Bench { current: whole.current[..len].to_vec(), ..files(16).folder("") });
    }
}

#[test]
fn every_number_changed_is_an_error_or_harmless() {
    let sample = custom(16);
    let Bytes { bytes, ints } = sample.archive();
    let mut fatal = 0;
    for at in &ints {
        for wrong in
            [[0, 0xFF, 0xFF, 0xFF, 0x7F], [1, 0xFF, 0xFF, 0xFF, 0xFF], [1, 1, 0, 0, 0], [1, 2, 0, 0, 0]]
                .into_iter()
                .chain([
                    [0, 0, 0, 0, 0],
                    [0, 1, 0, 0, 0],
                    [1, 0, 0, 0, 0],
                    [2, 1, 0, 0, 0],
                    [0, 0, 0, 0, 0x10],
                ])
        {
            let mut bytes = bytes.clone();
            bytes[*at..*at + 5].copy_from_slice(&wrong);
            // A large limit: it is the archive's length that bounds what is kept.
            let limits = Limits { max_text: usize::MAX, max_toc: u64::MAX, read_bytes: 0 };
            fatal += usize::from(all(&mut file(&bytes, 64), &limits).is_err());
        }
    }
    assert!(fatal > ints.len() * 6, "{fatal} of {}", ints.len() * 9);
}

#[test]
fn any_byte_changed_never_panics() {
    for bytes in [custom(15).archive().bytes, files(13).tar()[..2048].to_vec()] {
        for at in 0..bytes.len() {
            for value in [0, 1, 0x80, 0xFF] {
                let mut bytes = bytes.clone();
                bytes[at] = value;
                let _ = all(&mut file(&bytes, 64), &LIMITS);
            }
        }
    }
}

#[test]
fn limits_hold_before_memory_is_taken() {
    let bytes = custom(16).archive().bytes;
    for limits in [Limits { max_text: 10, ..LIMITS }, Limits { max_toc: 700, ..LIMITS }] {
        let error = all(&mut file(&bytes, 64), &limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input, "{error}");
    }
    assert_eq!(Limits::new(64 << 20, 0).max_text, 64 << 20);
}

#[test]
fn headers_that_no_pg_dump_writes_are_refused() {
    let bytes = custom(16).archive().bytes;
    for (at, values) in [
        (5, &[0, 2][..]),
        (6, &[0, 11, 17, 255]),
        (7, &[1]),
        (8, &[0, 9, 33]),
        (9, &[0, 9]),
        (10, &[0, 2, 3, 4, 5]),
        (11, &[4, 255]),
    ] {
        for value in values {
            let mut bytes = bytes.clone();
            bytes[at] = *value;
            refused(&mut file(&bytes, 64));
        }
    }
    refused(&mut file(&Sample { compression: 10, ..custom(14) }.archive().bytes, 64));
    refused(&mut file(&Sample { compression: -2, ..custom(12) }.archive().bytes, 64));
    refused(&mut file(&Sample { compression: 1, ..files(16) }.tar(), 512));
    refused(&mut file(&custom(16).tar(), 512));
    refused(&mut custom(16).folder(""));
    refused(&mut file(&files(16).archive().bytes, 64));
}

/// Holds that a table of contents, with nothing behind it, is refused or not.
fn contents(bytes: &[u8], is_fine: bool) {
    let read = Toc::read(&mut Input::new(0), &mut file(bytes, 64), &LIMITS, CUSTOM);
    match read {
        Ok(_) => assert!(is_fine, "it is taken"),
        Err(error) => {
            assert!(!is_fine && error.kind() == ErrorKind::Input, "{error}");
            assert!(error.location().byte.is_some(), "{error}");
        }
    }
}

#[test]
fn entries_that_no_pg_dump_writes_are_refused() {
    let with = |change: &dyn Fn(&mut [_; 7])| {
        let mut entries = ENTRIES;
        change(&mut entries);
        contents(&custom(14).toc_of(&entries).bytes, false);
    };
    contents(&custom(14).toc().bytes, true);
    with(&|entries| entries[1].0 = 0);
    with(&|entries| entries[1].0 = -215);
    with(&|entries| entries[1].0 = 3301);
    with(&|entries| entries[4].0 = 4126);
    with(&|entries| entries[1].1 = true);
    with(&|entries| entries[3].2 = "BLOBS");
    with(&|entries| entries[6].6 = &["215", ""]);
    with(&|entries| entries[6].6 = &["21x"]);
    for flag in [0, 3, 4] {
        contents(&Sample { flag, ..custom(14) }.toc().bytes, false);
    }
    // Places: of the last entry, without data and with it.
    for (entries, from_end, value) in [(7, 9, 1), (7, 9, 2), (7, 1, 1), (4, 9, 3), (4, 1, 1)] {
        let mut bytes = custom(14).toc_of(&ENTRIES[..entries]).bytes;
        contents(&bytes, true);
        let at = bytes.len() - from_end;
        bytes[at] = value;
        contents(&bytes, false);
    }
    // Groups of large objects came with 1.16.
    let mut entries = ENTRIES;
    entries[4].2 = "BLOBS";
    contents(&custom(16).toc_of(&entries).bytes, true);
    contents(&custom(15).toc_of(&entries).bytes, false);
    // Nothing has a sign: read, it would not be written again.
    let Bytes { mut bytes, ints } = custom(14).toc();
    bytes[ints[0]] = 1;
    contents(&bytes, false);
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let honest = files(16).folder("");
    for name in ["../../x", "/etc/pa", "4126/da", "x\\y.dat", "toc.dat", "4127.da", "a\0b.dat", "....dat"] {
        let name: Vec<u8> = name.bytes().chain(*b"........").take(8).collect();
        let at = honest.current.windows(8).position(|window| window == b"4126.dat").unwrap();
        let mut current = honest.current.clone();
        current[at..at + 8].copy_from_slice(&name);
        refused(&mut Bench { current, ..files(16).folder("") });
    }
    for line in [
        "50001 ../../etc/passwd\n",
        "50001 blob_50002.dat\n",
        "0 blob_0.dat\n",
        "050001 blob_50001.dat\n",
        "50001 blob_50001.dat",
        "50001  blob_50001.dat\n",
        "50001 blob_50001.dat\r\n",
        "\n",
        "50001 4126.dat\n",
    ] {
        let mut source = files(16).folder("");
        source.files.as_mut().unwrap().insert("blobs_4128.toc".to_owned(), line.as_bytes().to_vec());
        refused(&mut source);
    }
}

#[test]
fn files_that_are_missing_are_named() {
    for name in ["4126.dat", "4127.dat", "blobs_4128.toc", "blob_50001.dat"] {
        let mut source = files(16).folder("");
        source.files.as_mut().unwrap().remove(name);
        assert!(refused(&mut source).to_string().contains(name));
    }
    let mut behind = files(16).folder("");
    behind.current.push(0);
    refused(&mut behind);
}

/// Rows that are copied unread show by their end alone that their file is whole.
#[test]
fn a_cut_file_of_rows_is_seen_where_it_is_copied() {
    let copied = |rows: &[u8]| -> Result<usize> {
        let mut source = files(16).folder("");
        source.files.as_mut().unwrap().insert("4126.dat".to_owned(), rows.to_vec());
        let mut archive = open(&mut source, &LIMITS)?;
        archive.next_block(&mut source)?;
        let mut out = Vec::new();
        while archive.read_raw(&mut source, &mut out, 2)? {}
        Ok(out.len())
    };
    assert_eq!(copied(ROWS).unwrap(), ROWS.len());
    for len in 0..ROWS.len() {
        assert_eq!(copied(&ROWS[..len]).unwrap_err().kind(), ErrorKind::Input, "{len}");
    }
}

#[test]
fn blocks_must_be_those_of_the_entries() {
    let bytes = custom(16).archive().bytes;
    let toc = custom(16).toc().bytes.len();
    let first = 1 + 5;
    let block = |id: i64| {
        let mut head = Bytes { bytes: vec![1], ..Bytes::default() };
        custom(16).int(&mut head, id);
        head.bytes
    };
    for id in [4127, 4128, 215, 9, -1, 0] {
        assert!(changed(&bytes, &block(4126), &block(id)).location().byte.is_some());
    }
    for kind in [0, 2, 3, 4] {
        let mut bytes = bytes.clone();
        bytes[toc] = kind;
        refused(&mut file(&bytes, 64));
    }
    // A block a second time, behind the last; the last of a table left out.
    let mut twice = bytes.clone();
    twice.extend_from_slice(&bytes[toc..toc + first]);
    twice.extend_from_slice(&[0; 5]);
    refused(&mut file(&twice, 64));
    let mut without = bytes;
    let at = without.windows(6).position(|window| window == block(4127)).unwrap();
    without.drain(at..at + first + 5);
    assert!(refused(&mut file(&without, 64)).to_string().contains("4127"));
}

#[test]
fn members_of_tar_must_come_in_their_order() {
    let mut members = vec![("toc.dat".to_owned(), files(16).toc().bytes)];
    members.extend(files(16).data(""));
    assert!(all(&mut file(&tar(&members), 512), &LIMITS).is_ok(), "restore.sql may be left out");
    for (one, other) in [(0, 1), (1, 2), (2, 3), (4, 5)] {
        let mut members = members.clone();
        members.swap(one, other);
        refused(&mut file(&tar(&members), 512));
    }
    for left_out in 0..members.len() {
        let mut members = members.clone();
        members.remove(left_out);
        refused(&mut file(&tar(&members), 512));
    }
    for extra in ["restore.sql", "4129.dat", "blob_1.dat", "toc.dat", "x"] {
        let mut members = members.clone();
        members.push(("restore.sql".to_owned(), Vec::new()));
        members.push((extra.to_owned(), Vec::new()));
        refused(&mut file(&tar(&members), 512));
    }
    let list = format!("{} blob_{0}.dat\n", OIDS[0]);
    for wrong in [String::new(), list.clone(), list.clone() + &list] {
        let mut members = members.clone();
        members[5].1 = wrong.into_bytes();
        refused(&mut file(&tar(&members), 512));
    }
    let mut bytes = tar(&members);
    let at = bytes.windows(ROWS.len()).position(|window| window == ROWS).unwrap() + ROWS.len();
    bytes[at] = 1;
    refused(&mut file(&bytes, 512));
    bytes[at] = 0;
    bytes.push(0);
    assert!(all(&mut file(&bytes, 512), &LIMITS).is_ok(), "more zeros are filler");
    bytes.push(1);
    refused(&mut file(&bytes, 512));
}
