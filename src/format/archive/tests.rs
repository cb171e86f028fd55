//! Archives of every version and form are read whole, come back as they were, and are refused where they are damaged.

use super::container::{BlockKind, Container, open, sniff};
use super::form::Form;
use super::input::{Input, Limits};
use super::ints;
use super::samples::{Bench, ENTRIES, OBJECT, OIDS, ROWS, Sample, custom, file, files, tar};
use super::toc::{Algorithm, CUSTOM, FILES, Toc};
use crate::error::{ErrorKind, Result};

const LIMITS: Limits = Limits { max_text: 1 << 20, max_toc: 1 << 20, read_bytes: 0 };

/// What came out of an archive: the streams, by entry and object.
#[derive(Debug, PartialEq)]
struct Streams(Vec<(i32, Option<u32>, Vec<u8>)>);

/// How streams are read.
#[derive(Clone, Copy)]
enum How {
    /// With a buffer of so many bytes.
    Read(usize),
    /// So much at a time, as it is stored.
    Raw(usize),
    /// Not at all.
    Pass,
}

fn stream(archive: &mut dyn Container, source: &mut Bench, how: How) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    match how {
        How::Read(size) => {
            let mut buf = vec![0; size];
            loop {
                let count = archive.read(source, &mut buf)?;
                all.extend_from_slice(&buf[..count]);
                if count < size {
                    assert_eq!(archive.read(source, &mut buf)?, 0, "the end stays the end");
                    break;
                }
            }
        }
        How::Raw(limit) => while archive.read_raw(source, &mut all, limit)? {},
        How::Pass => {}
    }
    Ok(all)
}

fn streams(source: &mut Bench, how: How) -> Result<Streams> {
    let mut archive = open(source, &LIMITS)?;
    let mut all = Vec::new();
    while let Some(block) = archive.next_block(source)? {
        assert_eq!(archive.toc().entries[block.entry].dump_id, block.dump_id);
        if block.kind == BlockKind::Table {
            all.push((block.dump_id, None, stream(archive.as_mut(), source, how)?));
            continue;
        }
        while let Some(oid) = archive.next_object(source)? {
            all.push((block.dump_id, Some(oid), stream(archive.as_mut(), source, how)?));
        }
    }
    assert!(archive.next_block(source)?.is_none(), "the end stays the end");
    Ok(Streams(all))
}

fn expected() -> Streams {
    Streams(vec![
        (4126, None, ROWS.to_vec()),
        (4127, None, Vec::new()),
        (4128, Some(OIDS[0]), Vec::new()),
        (4128, Some(OIDS[1]), OBJECT.to_vec()),
    ])
}

fn toc(bytes: &[u8], form: u8) -> Result<Toc> {
    Toc::read(&mut Input::new(0), &mut file(bytes, 7), &LIMITS, form)
}

fn rewritten(toc: &Toc, form: u8) -> Vec<u8> {
    let mut out = Vec::new();
    toc.write(&vec![true; toc.entries.len()], form, &mut out).unwrap();
    out
}

/// Holds that reading fails for the input's sake.
fn refused(source: &mut Bench) {
    let error = streams(source, How::Read(100)).expect_err("it is damaged");
    assert_eq!(error.kind(), ErrorKind::Input, "{error}");
}

#[test]
fn a_table_of_contents_comes_back_byte_for_byte() {
    for minor in 12..=16 {
        for compression in if minor < 15 { [-1, 0, 1, 9] } else { [0, 1, 2, 3] } {
            for sample in [custom(minor), files(minor)] {
                let bytes = Sample { compression, ..sample }.toc().bytes;
                let read = toc(&bytes, sample.form).unwrap();
                assert!(rewritten(&read, sample.form) == bytes, "1.{minor}, {compression}");
                assert_eq!(read.header.algorithm == Algorithm::None, compression == 0);
            }
        }
    }
}

#[test]
fn places_that_were_known_are_written_as_not_known_and_told() {
    let sample = custom(15);
    let read = toc(&Sample { flag: 2, ..sample }.toc().bytes, CUSTOM).unwrap();
    let mut out = b"before".to_vec();
    let places = read.write(&[true; 7], CUSTOM, &mut out).unwrap();
    assert!(out[6..] == sample.toc().bytes);
    let data: Vec<bool> = places.iter().map(Option::is_some).collect();
    assert_eq!(data, ENTRIES.map(|entry| entry.1));
    for place in places.into_iter().flatten() {
        let place = usize::try_from(place).unwrap() + 6;
        assert_eq!(out[place..place + 9], ints::offset(ints::NOT_SET, 0));
        out[place..place + 9].copy_from_slice(&ints::offset_set(0x0102));
    }
    assert!(out[6..] == Sample { flag: 2, ..sample }.toc().bytes);
}

#[test]
fn null_and_empty_are_kept_apart() {
    let read = toc(&custom(14).toc().bytes, CUSTOM).unwrap();
    let entry = &read.entries[2];
    assert!(entry.defn == Some(Vec::new()) && entry.copy_stmt.is_none() && entry.drop_stmt.is_none());
    assert!(entry.tableam.as_deref() == Some(b"heap") && entry.relkind.is_none());
    assert!(read.header.pg_dump == Some(Vec::new()));
}

#[test]
fn entries_are_left_out_with_their_places() {
    let read = toc(&custom(16).toc().bytes, CUSTOM).unwrap();
    let keep = [true, true, false, true, false, true, false];
    let mut out = Vec::new();
    let places = read.write(&keep, CUSTOM, &mut out).unwrap();
    let kept: Vec<_> = ENTRIES.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(e, _)| e).collect();
    assert!(out == custom(16).toc_of(&kept).bytes);
    assert!(places[4].is_none() && places[5].is_some());
    assert_eq!(read.write(&keep[..6], CUSTOM, &mut out).unwrap_err().kind(), ErrorKind::Bug);
}

#[test]
fn forms_are_written_from_each_other() {
    for minor in 12..=16 {
        let one = toc(&Sample { flag: 2, ..custom(minor) }.toc().bytes, CUSTOM).unwrap();
        assert!(rewritten(&one, FILES) == files(minor).toc().bytes);
        let other = toc(&files(minor).toc().bytes, FILES).unwrap();
        assert!(rewritten(&other, CUSTOM) == custom(minor).toc().bytes);
    }
}

#[test]
fn an_algorithm_is_changed_where_the_version_can_name_it() {
    for (minor, algorithm, level, compression) in [
        (14, Algorithm::None, 7, Some(0)),
        (14, Algorithm::Gzip, 0, Some(-1)),
        (14, Algorithm::Gzip, 6, Some(6)),
        (14, Algorithm::Lz4, -1, None),
        (12, Algorithm::Zstd, -1, None),
        (15, Algorithm::Gzip, -1, Some(1)),
        (16, Algorithm::Zstd, -1, Some(3)),
    ] {
        let mut read = toc(&custom(minor).toc().bytes, CUSTOM).unwrap();
        (read.header.algorithm, read.header.level) = (algorithm, level);
        let mut out = Vec::new();
        let written = read.write(&[true; 7], CUSTOM, &mut out);
        match compression {
            Some(compression) => assert!(out == Sample { compression, ..custom(minor) }.toc().bytes),
            None => assert_eq!(written.unwrap_err().kind(), ErrorKind::Usage),
        }
    }
}

#[test]
fn numbers_of_other_sizes_are_read() {
    for (int_size, off_size) in [(8, 8), (4, 4), (3, 2), (8, 3)] {
        let sample = Sample { int_size, off_size, flag: 2, chunk: 5, ..custom(16) };
        let read = toc(&sample.toc().bytes, CUSTOM).unwrap();
        assert!(rewritten(&read, CUSTOM) == custom(16).toc().bytes);
    }
    let sample = Sample { int_size: 8, ..custom(14) };
    assert_eq!(streams(&mut file(&sample.archive().bytes, 9), How::Read(11)).unwrap(), expected());
    let raw = streams(&mut file(&sample.archive().bytes, 9), How::Raw(11)).unwrap();
    assert_eq!(raw, streams(&mut file(&custom(14).archive().bytes, 999), How::Raw(7)).unwrap());
}

#[test]
fn every_form_yields_the_same_streams_however_it_is_cut() {
    for minor in 12..=16 {
        for step in [1, 7, 511, 1 << 20] {
            for size in [1, 10, 11, 4096] {
                let how = How::Read(size);
                let bytes = custom(minor).archive().bytes;
                assert_eq!(streams(&mut file(&bytes, step), how).unwrap(), expected());
                assert_eq!(streams(&mut file(&files(minor).tar(), step), how).unwrap(), expected());
                let mut folder = Bench { step, ..files(minor).folder("") };
                assert_eq!(streams(&mut folder, how).unwrap(), expected());
            }
        }
    }
}

#[test]
fn what_is_not_read_is_passed_over() {
    let passed = |mut source: Bench| {
        let mut archive = open(&mut source, &LIMITS).unwrap();
        let mut blocks = 0;
        while archive.next_block(&mut source).unwrap().is_some() {
            blocks += 1;
        }
        assert_eq!(blocks, 3);
    };
    passed(file(&custom(16).archive().bytes, 100));
    passed(files(16).folder(".zst"));
    passed(file(&files(16).tar(), 100));
    let skipped = streams(&mut file(&custom(14).archive().bytes, 3), How::Pass).unwrap();
    assert_eq!(skipped.0.len(), 4);
}

#[test]
fn stored_bytes_keep_their_chunks() {
    let sample = Sample { chunk: 9, ..custom(16) };
    let Streams(raw) = streams(&mut file(&sample.archive().bytes, 5), How::Raw(1)).unwrap();
    assert_eq!(raw.len(), 4);
    for (at, bytes) in [(0, ROWS), (1, &[]), (2, &[]), (3, OBJECT)] {
        let mut whole = super::samples::Bytes::default();
        sample.stream(&mut whole, bytes);
        let (chunks, end) = whole.bytes.split_at(whole.bytes.len() - 5);
        assert_eq!((raw[at].2.as_slice(), end), (chunks, &[0; 5][..]));
    }
    for mut source in [files(15).folder(".gz"), file(&files(15).tar(), 17)] {
        assert_eq!(streams(&mut source, How::Raw(3)).unwrap(), expected());
    }
}

#[test]
fn forms_are_recognised_by_their_first_bytes() {
    assert_eq!(sniff(&custom(12).archive().bytes), Some(Form::Custom));
    assert_eq!(sniff(&files(12).tar()), Some(Form::Tar));
    let other = tar(&[("notes.txt".to_owned(), Vec::new())]);
    for head in [&b""[..], b"PGDM", b"--\n-- PostgreSQL database dump\n", &[0; 1024], &other] {
        assert_eq!(sniff(head), None);
        refused(&mut file(head, 512));
    }
}

#[test]
fn suffixes_of_files_tell_their_algorithm() {
    for (suffix, algorithm) in super::folder::SUFFIXES {
        let mut source = files(16).folder(suffix);
        let mut archive = open(&mut source, &LIMITS).unwrap();
        archive.next_block(&mut source).unwrap();
        assert_eq!(archive.algorithm(), algorithm);
    }
    let mut both = files(16).folder(".gz");
    both.files.as_mut().unwrap().insert("4126.dat".to_owned(), b"plain".to_vec());
    assert_eq!(streams(&mut both, How::Read(9)).unwrap().0[0].2, b"plain", "as pg_restore does");
}
