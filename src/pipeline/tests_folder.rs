//! Tests of folders and tar files: they appear whole or not at all, and no name leads out of them.

use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::destination::{Destination, FileDestination};
use super::folder::FolderDestination;
use super::packing::PackingDestination;
use super::source::FolderSource;
use super::tar::TarDestination;
use crate::format::{COMPRESSIONS, Frame, Out, Packing, Source};

fn names(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn kind<T>(result: io::Result<T>) -> Option<io::ErrorKind> {
    result.err().map(|e| e.kind())
}

#[test]
fn a_folder_appears_whole() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("dump");
    for empty in [false, true] {
        if empty {
            std::fs::remove_dir_all(&path).unwrap();
            std::fs::create_dir(&path).unwrap();
        }
        let mut to = Box::new(FolderDestination::create(&path).unwrap());
        to.member("toc.dat").unwrap();
        to.write_all(b"contents").unwrap();
        to.member("4126.dat.gz").unwrap();
        to.member("blobs_7.toc").unwrap();
        to.write_all(b"1 blob_1.dat\n").unwrap();
        assert_eq!(path.exists(), empty);
        assert!(!to.is_seen());
        to.finish().unwrap();
        assert_eq!(names(place.path()), ["dump"]);
        assert_eq!(names(&path), ["4126.dat.gz", "blobs_7.toc", "toc.dat"]);
        assert_eq!(std::fs::read(path.join("toc.dat")).unwrap(), b"contents");
        assert_eq!(std::fs::read(path.join("4126.dat.gz")).unwrap(), b"");
        assert_eq!((mode(&path), mode(&path.join("toc.dat"))), (0o700, 0o600));
    }
}

#[test]
fn a_folder_that_is_not_finished_is_gone() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("dump");
    for abandoned in [false, true] {
        let inner = Box::new(FolderDestination::create(&path).unwrap());
        let mut to = Box::new(PackingDestination::new(inner, 2));
        for n in 0..5 {
            to.member(&format!("{n}.dat.gz")).unwrap();
            to.pack(Packing { compression: COMPRESSIONS[0], level: 6 }, Frame::Bare).unwrap();
            to.write_all(&[n; 300_000]).unwrap();
            to.end_pack().unwrap();
        }
        if abandoned {
            to.abandon().unwrap();
        } else {
            drop(to);
        }
        assert_eq!(names(place.path()), [""; 0]);
    }
}

#[test]
fn a_folder_takes_the_place_of_nothing_but_an_empty_one() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("dump");
    std::fs::create_dir(&path).unwrap();
    std::fs::write(path.join("other"), b"x").unwrap();
    let file = path.join("other");
    for taken in [&path, &file] {
        assert_eq!(kind(FolderDestination::create(taken)), Some(io::ErrorKind::AlreadyExists));
    }
    assert_eq!(kind(FolderDestination::create(Path::new("."))), Some(io::ErrorKind::InvalidInput));
    assert_eq!(names(place.path()), ["dump"]);
    // A link stays, and what comes after the beginning is seen at the end.
    let (link, target) = (place.path().join("link"), place.path().join("target"));
    symlink("target", &link).unwrap();
    Box::new(FolderDestination::create(&link).unwrap()).finish().unwrap();
    assert!(link.is_symlink() && target.is_dir());
    let late = Box::new(FolderDestination::create(&target).unwrap());
    std::fs::write(target.join("late"), b"x").unwrap();
    assert!(late.finish().is_err());
    assert_eq!(names(place.path()), ["dump", "link", "target"]);
    assert_eq!(names(&target), ["late"]);
}

const LEADING_OUT: [&str; 7] = ["", ".", "..", "../x", "/etc/hostname", "a/b", "a\0b"];

#[test]
fn no_name_of_a_member_leads_out_of_the_output() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = FolderDestination::create(&place.path().join("dump")).unwrap();
    let file = FileDestination::create(&place.path().join("dump.tar")).unwrap();
    let mut tar = TarDestination::new(Box::new(file));
    let both: [&mut dyn Destination; 2] = [&mut folder, &mut tar];
    for to in both {
        assert!(to.write_all(b"before any member").is_err());
        for name in LEADING_OUT {
            assert_eq!(kind(to.member(name)), Some(io::ErrorKind::InvalidInput), "{name:?}");
        }
        to.member("1.dat").unwrap();
        to.member("2.dat").unwrap();
        assert_eq!(kind(to.member("1.dat")), Some(io::ErrorKind::AlreadyExists));
    }
    assert_eq!(kind(tar.member(&"n".repeat(100))), Some(io::ErrorKind::InvalidInput));
}

#[test]
fn a_tar_file_holds_members_of_any_size() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("dump.tar");
    let sizes = [0, 1, 511, 512, 513, (1 << 20) - 1, 1 << 20, (3 << 20) + 77];
    let content = |n: usize, size: usize| -> Vec<u8> {
        (0..size).map(|i| u8::try_from((i * 7 + n) % 251).unwrap()).collect()
    };
    for finished in [false, true] {
        let inner = Box::new(FileDestination::create(&path).unwrap());
        let mut to = Box::new(TarDestination::new(inner));
        for (n, size) in sizes.into_iter().enumerate() {
            to.member(&format!("{n}.dat")).unwrap();
            content(n, size).chunks(100_000).for_each(|part| to.write_all(part).unwrap());
        }
        if finished {
            to.finish().unwrap();
        } else {
            drop(to);
            assert_eq!(names(place.path()), [""; 0]);
        }
    }
    let bytes = std::fs::read(&path).unwrap();
    let blocks: usize = sizes.iter().map(|size| 1 + size.div_ceil(512)).sum();
    assert_eq!(bytes.len(), (blocks + 2) * 512);
    // Another program's judgement, where it is installed.
    let out = place.path().join("out");
    std::fs::create_dir(&out).unwrap();
    match Command::new("tar").arg("-xf").arg(&path).arg("-C").arg(&out).status() {
        Err(_) => eprintln!("skipped: no tar"),
        Ok(status) => {
            assert!(status.success());
            for (n, size) in sizes.into_iter().enumerate() {
                assert!(std::fs::read(out.join(format!("{n}.dat"))).unwrap() == content(n, size));
            }
        }
    }
}

fn read_all(source: &mut dyn Source) -> Vec<u8> {
    let (mut out, mut buf) = (Vec::new(), vec![0; 1000]);
    loop {
        match source.read(&mut buf).unwrap() {
            0 => return out,
            n => out.extend_from_slice(&buf[..n]),
        }
    }
}

#[test]
fn a_folder_is_read_member_by_member() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path();
    assert_eq!(kind(FolderSource::open(path, Arc::default())), Some(io::ErrorKind::NotFound));
    std::fs::write(path.join("toc.dat"), b"contents").unwrap();
    std::fs::write(path.join("1.dat"), [7; 5000]).unwrap();
    let read = Arc::new(AtomicU64::new(0));
    let mut source = FolderSource::open(path, Arc::clone(&read)).unwrap();
    assert!(source.is_folder());
    assert_eq!(read_all(&mut source), b"contents");
    for _ in 0..2 {
        source.member("1.dat").unwrap();
        assert_eq!(read_all(&mut source), [7; 5000]);
    }
    assert_eq!(read.load(Ordering::Relaxed), 10_008);
    assert_eq!(kind(source.member("2.dat")), Some(io::ErrorKind::NotFound));
}

#[test]
fn no_name_or_link_leads_out_of_a_folder_that_is_read() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("dump");
    std::fs::create_dir_all(path.join("folder")).unwrap();
    std::fs::write(place.path().join("x"), b"secret").unwrap();
    std::fs::write(path.join("toc.dat"), b"contents").unwrap();
    symlink("../x", path.join("link")).unwrap();
    symlink("toc.dat", path.join("inner")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        path.join("fifo"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    let mut source = FolderSource::open(&path, Arc::default()).unwrap();
    for name in LEADING_OUT.into_iter().chain(["link", "inner", "folder", "fifo"]) {
        assert_eq!(kind(source.member(name)), Some(io::ErrorKind::InvalidInput), "{name:?}");
    }
    // A folder that the user names by a link is meant.
    symlink("dump", place.path().join("there")).unwrap();
    assert!(FolderSource::open(&place.path().join("there"), Arc::default()).is_ok());
    std::fs::rename(path.join("link"), path.join("toc.dat")).unwrap();
    assert_eq!(kind(FolderSource::open(&path, Arc::default())), Some(io::ErrorKind::InvalidInput));
}
