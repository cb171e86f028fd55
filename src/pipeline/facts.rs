//! The facts pass: reads an input to learn its schema, keys behind the rows included, and writes nothing.
//!
//! Where the rows of a file can be skipped, they are: what a dump says behind its last rows is read from its end, and long
//! runs of alike statements are jumped over. That is advance notice only. A schema hidden between the rows is seen when the rows are masked, and stops the run then.

use crate::error::{Error, ErrorKind, Result};
use crate::format::{BehindRows, Part, Piece, Reader, Source};
use crate::row::object::ObjectCounts;
use crate::row::shape::Facts;

use super::gate::Stop;
use super::source::FileTail;

/// What a facts pass learnt.
#[derive(Debug)]
pub struct Known {
    /// The schema.
    pub facts: Facts,
    /// Whether rows were skipped or skimmed.
    pub skipped: bool,
    /// Whether the input holds a whole schema, so that a table it lacks is missing.
    pub whole: bool,
    /// What is no column, by class.
    pub objects: ObjectCounts,
}

/// Rows that have gone on for so many bytes may be jumped over: what the jump reads is less than what it saves.
const LONG: u64 = 1 << 20;

/// Reads a source to its end and returns what it says of its schema. With `tail`, rows are skipped where they can be.
///
/// # Errors
/// Whatever the reader refuses; a signal. With `tail`, an error may come of the skipping: read again without it.
pub fn read_facts(
    mut reader: Box<dyn Reader + '_>,
    mut source: Box<dyn Source + '_>,
    tail: Option<FileTail>,
    stop: &Stop,
) -> Result<Known> {
    reader.learn();
    let mut piece = Piece::default();
    let (mut lines, mut skipped) = (0_u64, false);
    let mut objects = ObjectCounts::default();
    let mut skip = tail.map(|file| Skip { file, asked: false, begun: None });
    loop {
        if let Some(signal) = stop.raised() {
            return Err(Error::new(ErrorKind::Interrupted { signal }, "stopped by a signal"));
        }
        let more = reader.next(source.as_mut(), &mut piece);
        if !more.map_err(|e| e.at(|at| at.line = at.line.map(|n| n + lines).filter(|_| !skipped)))? {
            break;
        }
        if !skipped {
            lines += u64::try_from(memchr::memchr_iter(b'\n', piece.buffer.bytes()).count()).unwrap_or(0);
        }
        for part in &piece.parts {
            if let Part::Opaque { classes, .. } = part {
                classes.iter().for_each(|class| objects.count(*class));
            }
        }
        let rows = |part: &Part| matches!(part, Part::Begin { .. } | Part::Rows(_) | Part::Counted(..));
        let Some(skip) = skip.as_mut().filter(|_| piece.parts.iter().any(rows)) else { continue };
        match skip.ahead(reader.as_mut(), &piece).map_err(|e| Error::io("read the input", &e))? {
            Ahead::Here => {}
            Ahead::Skim => skipped = true,
            Ahead::Nothing => {
                skipped = true;
                break;
            }
            Ahead::At(byte) => {
                reader.resume(byte);
                source = skip.file.source(byte);
                skipped = true;
            }
        }
    }
    Ok(Known { facts: reader.facts().completed(), skipped, whole: reader.whole_schema(), objects })
}

/// Where the schema goes on behind rows.
enum Ahead {
    /// It may go on at once.
    Here,
    /// The same, but rows are no longer looked at.
    Skim,
    /// At this offset.
    At(u64),
    /// Nowhere.
    Nothing,
}

/// Finds what rows can be passed over.
struct Skip {
    file: FileTail,
    /// Whether the reader was asked where its schema goes on.
    asked: bool,
    /// Where the rows being read began, as long as they were not jumped over.
    begun: Option<u64>,
}

impl Skip {
    /// Looks what follows the rows at the end of a piece.
    fn ahead(&mut self, reader: &mut dyn Reader, piece: &Piece) -> std::io::Result<Ahead> {
        let here = piece.byte + u64::try_from(piece.buffer.len()).unwrap_or(0);
        let asked = std::mem::replace(&mut self.asked, true);
        match reader.behind_rows() {
            BehindRows::Anywhere => {}
            _ if asked => return Ok(Ahead::Here),
            BehindRows::Nothing => return Ok(Ahead::Nothing),
            BehindRows::Last { mark, skip } => {
                let found = self.file.at_last(mark, skip)?.filter(|byte| *byte > here);
                return Ok(found.map_or(Ahead::Here, Ahead::At));
            }
        }
        if !asked {
            reader.skim();
        }
        if piece.parts.iter().any(|part| matches!(part, Part::Begin { .. })) {
            self.begun = Some(here);
        }
        if let Some(start) = reader.alike()
            && self.begun.is_some_and(|begun| here >= begun + LONG)
        {
            self.begun = None;
            if let Some(byte) = self.file.last_alike(start, here)? {
                return Ok(Ahead::At(byte));
            }
        }
        Ok(Ahead::Skim)
    }
}
