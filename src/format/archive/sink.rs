//! Writes an archive: its table of contents as the profile decided on it, then the data of the entries that stay, packed
//! anew where rows were read and as it was stored where not.
//!
//! Whoever reads an archive that was not finished sees that it is cut: the last bytes that make it whole are held back.
//! Refuses nothing of its own; the reader has judged what comes here.

use std::io;
use std::sync::{Arc, OnceLock};

use super::form::{Decided, Form, decide};
use super::ints::{of_oid, offset_set, put_int};
use super::toc::{Algorithm, Extra, Header, Toc, TocEntry};
use crate::error::{Error, Result};
use crate::format::{Entry, Frame, InputOptions, Joints, Out, Packing, Put, Sink};

/// What the reader found and decided before the first row.
pub(super) struct Told {
    /// The table of contents as it was read.
    pub(super) toc: Arc<Toc>,
    /// The header as it is written.
    header: Header,
    /// How many bytes of SQL the profile decided on, for each entry; `None` where there are none, and it stays as it is.
    pub(super) said: Vec<Option<usize>>,
    /// In which form the output is.
    pub(super) form: Form,
    /// How its data is packed.
    pub(super) algorithm: Algorithm,
    /// The same, to be used; `None` where it is not compressed in a file of its own.
    pub(super) packing: Option<Packing>,
    /// Whether nothing that the input stores can be taken as it is.
    pub(super) repack: bool,
}

impl Told {
    /// Decides how an archive that was read is written.
    ///
    /// # Errors
    /// `ErrorKind::Usage`: what the archive cannot hold.
    pub(super) fn new(
        toc: Arc<Toc>,
        said: Vec<Option<usize>>,
        from: Form,
        options: &InputOptions,
    ) -> Result<Self> {
        let Decided { form, algorithm, packing, repack } = decide(&toc, from, options)?;
        let mut header = toc.header.clone();
        if repack {
            header.level = packing.and_then(|p| i32::try_from(p.level).ok()).unwrap_or(-1);
        }
        header.algorithm = algorithm;
        // Only the version decides whether the header can name it: said before anything is written.
        Toc { header: header.clone(), entries: Vec::new() }.write(&[], form.number(), &mut Vec::new())?;
        Ok(Self { toc, header, said, form, algorithm, packing, repack })
    }
}

/// Puts an archive together.
pub(super) struct ArchiveSink {
    told: Arc<OnceLock<Told>>,
    joints: Joints,
    /// The entry whose definition is being decided, and what stays of it.
    definition: Option<(usize, Vec<u8>)>,
    /// What stays of definitions that the profile decided on.
    left: Vec<(usize, Vec<u8>)>,
    /// Which entries stay, and where in the output the places of their data stand; empty before it is written.
    kept: Vec<bool>,
    slots: Vec<Option<u64>>,
    data: Data,
    /// What makes the output whole, up to here.
    held: Vec<u8>,
}

/// Where in the data the output stands.
#[derive(Default)]
struct Data {
    /// The entry, if it stays.
    entry: Option<usize>,
    /// Whether its data is large objects, and which came.
    objects: Option<Vec<u32>>,
    packing: bool,
    /// Whether bytes of the stream that stands open were written, be it none.
    begun: bool,
    /// Whether one stands open.
    open: bool,
}

impl ArchiveSink {
    pub(super) fn new(told: Arc<OnceLock<Told>>) -> Self {
        Self {
            told,
            joints: Joints::default(),
            definition: None,
            left: Vec::new(),
            kept: Vec::new(),
            slots: Vec::new(),
            data: Data::default(),
            held: Vec::new(),
        }
    }

    /// Returns the name of the file of an entry's data, without what its packing adds.
    fn file_name(told: &Told, entry: &TocEntry) -> io::Result<String> {
        let name = entry.file_name(told.toc.header.version);
        name.ok_or_else(|| Error::bug("data of an entry that has none").into())
    }

    fn told(&self) -> io::Result<Arc<OnceLock<Told>>> {
        match self.told.get() {
            Some(_) => Ok(Arc::clone(&self.told)),
            None => Err(Error::bug("an archive without a table of contents").into()),
        }
    }

    /// Writes header and table of contents.
    fn write_toc(&mut self, told: &Told, to: &mut dyn Out) -> io::Result<()> {
        let mut toc = Toc { header: told.header.clone(), entries: told.toc.entries.clone() };
        self.kept = vec![true; toc.entries.len()];
        for (index, left) in std::mem::take(&mut self.left) {
            let said = told.said.get(index).copied().flatten();
            let (Some(entry), Some(kept)) = (toc.entries.get_mut(index), self.kept.get_mut(index)) else {
                return Err(Error::bug("an entry that is not there").into());
            };
            if said == Some(left.len()) {
                continue;
            }
            *kept = !left.trim_ascii().is_empty();
            entry.defn = Some([left.trim_ascii(), b"\n\n"].concat());
        }
        if told.form == Form::Directory {
            for entry in &mut toc.entries {
                let name = entry.file_name(toc.header.version).unwrap_or_default();
                entry.extra = Extra::FileName(name.into_bytes());
            }
        }
        let mut bytes = Vec::new();
        self.slots = toc.write(&self.kept, told.form.number(), &mut bytes)?;
        if told.form == Form::Custom {
            // Of an archive without data this is all: it is whole when the run is.
            self.held.extend(bytes.pop());
        } else {
            to.member("toc.dat")?;
        }
        to.write_all(&bytes)
    }

    fn flush(&mut self, to: &mut dyn Out) -> io::Result<()> {
        to.write_all(&self.held)?;
        self.held.clear();
        Ok(())
    }

    /// Begins the data of an entry.
    fn enter(&mut self, told: &Told, index: usize, to: &mut dyn Out) -> io::Result<()> {
        if self.kept.is_empty() {
            self.write_toc(told, to)?;
        }
        self.data = Data::default();
        let Some(entry) = told.toc.entries.get(index).filter(|_| self.kept.get(index) == Some(&true)) else {
            return Ok(());
        };
        self.data.entry = Some(index);
        self.data.objects = entry.has_objects().then(Vec::new);
        self.flush(to)?;
        if told.form == Form::Custom {
            if let Some(slot) = self.slots.get(index).copied().flatten() {
                to.mark(slot, offset_set)?;
            }
            let mut head = vec![if self.data.objects.is_some() { 3 } else { 1 }];
            put_int(&mut head, entry.dump_id);
            to.write_all(&head)?;
        }
        if self.data.objects.is_none() {
            self.begin(told, None, to)?;
        }
        Ok(())
    }

    /// Begins a stream: of a table, or of a large object.
    fn begin(&mut self, told: &Told, object: Option<u32>, to: &mut dyn Out) -> io::Result<()> {
        self.data.open = true;
        let Some(entry) = self.data.entry.and_then(|index| told.toc.entries.get(index)) else {
            return Ok(());
        };
        if told.form == Form::Custom {
            let mut head = Vec::new();
            object.into_iter().for_each(|oid| put_int(&mut head, of_oid(oid)));
            return to.write_all(&head);
        }
        let name = match object {
            Some(oid) => format!("blob_{oid}.dat"),
            None => Self::file_name(told, entry)?,
        };
        to.member(&format!("{name}{}", told.form.suffix(told.algorithm)))
    }

    /// Writes bytes of the stream: as they are stored, or to be packed.
    fn write(&mut self, told: &Told, bytes: &[u8], stored: bool, to: &mut dyn Out) -> io::Result<()> {
        if self.data.entry.is_none() {
            return Ok(());
        }
        if !self.data.open {
            return Err(Error::bug("data between two streams").into());
        }
        if !stored && !self.data.begun {
            self.pack(told, to)?;
        }
        if stored == self.data.packing {
            return Err(Error::bug("stored and masked rows in one stream").into());
        }
        self.data.begun = true;
        to.write_all(bytes)
    }

    /// Has what follows packed, where the form compresses.
    fn pack(&mut self, told: &Told, to: &mut dyn Out) -> io::Result<()> {
        let frame = if told.form == Form::Custom { Frame::Length } else { Frame::Bare };
        self.data.packing = true;
        told.packing.map_or(Ok(()), |packing| to.pack(packing, frame))
    }

    /// Ends a stream.
    fn end(&mut self, told: &Told, to: &mut dyn Out) -> io::Result<()> {
        if !std::mem::take(&mut self.data.open) {
            return Ok(());
        }
        // Nothing came: an empty stream is one all the same.
        if !self.data.begun {
            self.pack(told, to)?;
        }
        if std::mem::take(&mut self.data.packing) && told.packing.is_some() {
            to.end_pack()?;
        }
        self.data.begun = false;
        if told.form == Form::Custom {
            put_int(&mut self.held, 0)
        }
        Ok(())
    }

    fn object(&mut self, told: &Told, oid: u32, to: &mut dyn Out) -> io::Result<()> {
        if self.data.entry.is_none() {
            return Ok(());
        }
        self.end(told, to)?;
        self.flush(to)?;
        match &mut self.data.objects {
            Some(objects) => objects.push(oid),
            None => return Err(Error::bug("a large object in a table").into()),
        }
        self.begin(told, Some(oid), to)
    }

    /// Ends the data of an entry.
    fn leave(&mut self, told: &Told, to: &mut dyn Out) -> io::Result<()> {
        let Some(index) = self.data.entry else { return Ok(()) };
        self.end(told, to)?;
        if let (Some(objects), Some(entry)) = (self.data.objects.take(), told.toc.entries.get(index)) {
            if told.form == Form::Custom {
                put_int(&mut self.held, 0);
            } else {
                to.member(&Self::file_name(told, entry)?)?;
                for oid in objects {
                    to.write_all(format!("{oid} blob_{oid}.dat\n").as_bytes())?;
                }
            }
        }
        self.data = Data::default();
        Ok(())
    }
}

impl Sink for ArchiveSink {
    fn put(&mut self, bytes: &[u8], parts: &[Put], to: &mut dyn Out) -> io::Result<()> {
        let told = self.told()?;
        let Some(told) = told.get() else { return Ok(()) };
        for part in parts {
            match part {
                Put::Enter(Entry::Definition(index)) => self.definition = Some((*index, Vec::new())),
                Put::Enter(Entry::Data(index)) => self.enter(told, *index, to)?,
                Put::Leave => match self.definition.take() {
                    Some(definition) => self.left.push(definition),
                    None => self.leave(told, to)?,
                },
                Put::Object(oid) => self.object(told, *oid, to)?,
                _ => {
                    let Some(range) = self.joints.bytes(part) else { continue };
                    let bytes = bytes.get(range.clone()).unwrap_or_default();
                    // Nothing, said by one that has no announcement or end mark, begins no stream.
                    if bytes.is_empty() && !matches!(part, Put::Stored(_) | Put::Unpacked(_)) {
                        continue;
                    }
                    match &mut self.definition {
                        Some((_, left)) => left.extend_from_slice(bytes),
                        None => self.write(told, bytes, matches!(part, Put::Stored(_)), to)?,
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self, to: &mut dyn Out) -> io::Result<()> {
        let told = self.told()?;
        let Some(told) = told.get() else { return Ok(()) };
        if self.kept.is_empty() {
            self.write_toc(told, to)?;
        }
        self.flush(to)
    }
}
