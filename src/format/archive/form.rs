//! The three forms of an archive, the algorithms its data may be packed with, and what follows from both: names of files,
//! and whether what the input stores can be taken as it is.

use super::toc::{Algorithm, CUSTOM, FILES, Toc};
use crate::error::{Error, Result};
use crate::format::{COMPRESSIONS, Compression, InputOptions, LZ4_FRAMES, Packing, ZLIB};
use crate::message;

/// A form of an archive, as `pg_dump --format` has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One file.
    Custom,
    /// A folder, a file for each table.
    Directory,
    /// A tar file, uncompressed.
    Tar,
}

/// What the command line says about an archive that is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArchiveOptions {
    /// The form, if it shall be another than that of the input.
    pub form: Option<Form>,
    /// `--compress`: how data is packed, if otherwise than in the input; `Some(None)` is uncompressed.
    pub packing: Option<Option<Packing>>,
}

impl Algorithm {
    /// Returns its word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }

    /// Returns what packs and unpacks its streams in a form; `None` where nothing does.
    pub(super) fn compression(self, form: Form) -> Option<&'static dyn Compression> {
        match (self, form) {
            (Self::None, _) | (_, Form::Tar) => None,
            (Self::Gzip, Form::Custom) => Some(ZLIB),
            (Self::Lz4, _) => Some(LZ4_FRAMES),
            (Self::Gzip | Self::Zstd, _) => COMPRESSIONS.iter().copied().find(|c| c.name() == self.name()),
        }
    }
}

impl Form {
    /// Returns the number that the header has for it.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Custom => CUSTOM,
            Self::Directory | Self::Tar => FILES,
        }
    }

    /// Returns what is added to the names of files that are packed so.
    pub(super) fn suffix(self, algorithm: Algorithm) -> &'static str {
        match (self, algorithm) {
            (Self::Custom | Self::Tar, _) | (_, Algorithm::None) => "",
            (Self::Directory, Algorithm::Gzip) => ".gz",
            (Self::Directory, Algorithm::Lz4) => ".lz4",
            (Self::Directory, Algorithm::Zstd) => ".zst",
        }
    }
}

/// How an archive is written.
pub(super) struct Decided {
    /// In which form.
    pub(super) form: Form,
    /// How its data is packed.
    pub(super) algorithm: Algorithm,
    /// What packs it; `None` where nothing does.
    pub(super) packing: Option<Packing>,
    /// Whether nothing that the input stores can be taken as it is.
    pub(super) repack: bool,
}

/// Decides how an archive is written.
///
/// # Errors
/// `ErrorKind::Usage` for what the archive's version or the form cannot hold.
pub(super) fn decide(toc: &Toc, from: Form, options: &InputOptions) -> Result<Decided> {
    let header = &toc.header;
    let form = options.archive.form.unwrap_or(from);
    let said = options.archive.packing;
    let algorithm = match said {
        _ if form == Form::Tar && !matches!(said, None | Some(None)) => {
            return Err(Error::usage("the data of a tar archive is not compressed")
                .hint("write a custom archive or a folder, or compress the tar file itself"));
        }
        _ if form == Form::Tar => Algorithm::None,
        // What comes out of a tar file was never packed: its new form's own default is.
        None if from == Form::Tar && form != Form::Tar => Algorithm::Gzip,
        None => header.algorithm,
        Some(None) => Algorithm::None,
        Some(Some(packing)) => {
            let all = [Algorithm::Gzip, Algorithm::Lz4, Algorithm::Zstd];
            let found = all.into_iter().find(|a| a.name() == packing.compression.name());
            found.ok_or_else(|| {
                Error::usage(message!(
                    "pg_restore reads no archive packed with {}",
                    packing.compression.name()
                ))
                .hint("--compress takes none, gzip, lz4 or zstd here")
            })?
        }
    };
    let level = match said {
        Some(Some(packing)) => Some(packing.level),
        _ => u32::try_from(header.level).ok().filter(|level| *level > 0),
    };
    let own = |c: &'static dyn Compression| {
        let level = level.filter(|level| c.levels().contains(level)).unwrap_or(c.default_level());
        Packing { compression: c, level }
    };
    let packing = match algorithm.compression(form) {
        Some(compression) => Some(own(compression)),
        // A custom archive has its rows in chunks even so.
        None if form == Form::Custom => Some(own(&super::stored::Stored)),
        None => None,
    };
    let repack = (form, algorithm) != (from, header.algorithm) || said.is_some_and(|said| said.is_some());
    Ok(Decided { form, algorithm, packing, repack })
}
