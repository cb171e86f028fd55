//! The lists of large objects in folders and tar archives (`blobs.toc`): one line an object, its number and its file.
//!
//! Refuses every file name but the one that the number stands for, and numbers that are written in another way.

use super::input::Input;
use crate::error::Result;
use crate::format::Source;

/// Longer than any line: two numbers of ten digits and what is around them.
const LINE: usize = 40;

/// Returns the name of the file of a large object.
pub(super) fn file_name(oid: u32) -> String {
    format!("blob_{oid}.dat")
}

/// Returns the number of the large object whose file has this name.
pub(super) fn of_file_name(name: &str) -> Option<u32> {
    let oid = name.strip_prefix("blob_")?.strip_suffix(".dat")?.parse().ok()?;
    (oid != 0 && file_name(oid) == name).then_some(oid)
}

/// Reads a line; `None` at the end.
///
/// # Errors
/// What is no such line; an end inside of one.
pub(super) fn next_line(input: &mut Input, source: &mut dyn Source) -> Result<Option<u32>> {
    let some = input.some(source, LINE)?;
    if some.is_empty() {
        return Ok(None);
    }
    let line = some.iter().position(|byte| *byte == b'\n').and_then(|end| some.get(..end));
    let found = line.and_then(|line| std::str::from_utf8(line).ok()).and_then(|line| {
        let (oid, name) = line.split_once(' ')?;
        let number = of_file_name(name)?;
        (number.to_string() == oid).then_some((number, line.len() + 1))
    });
    let Some((oid, len)) = found else {
        return Err(input.fail("expected the number and the file of a large object in the archive's list"));
    };
    input.skip(len);
    Ok(Some(oid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_its_object_and_nothing_else() {
        assert_eq!(of_file_name("blob_50001.dat"), Some(50001));
        assert_eq!(of_file_name("blob_4294967295.dat"), Some(u32::MAX));
        for name in
            ["blob_0.dat", "blob_01.dat", "blob_+1.dat", "blob_4294967296.dat", "blob_-1.dat", "blob_.dat"]
        {
            assert_eq!(of_file_name(name), None, "{name}");
        }
        for name in ["blob_1.dat.gz", "../blob_1.dat", "blob_1.dat/..", "blob_1\0.dat", ""] {
            assert_eq!(of_file_name(name), None);
        }
    }
}
