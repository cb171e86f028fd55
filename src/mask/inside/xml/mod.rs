//! `xml`: the text of elements and the values of attributes by path. What no path names is removed: text, attributes,
//! elements of which nothing stays; comments and instructions but in what is kept.
//!
//! Class: composition. Preserves the elements that lead to a named place, their names, order and declarations. Names of
//! elements and attributes are markup and stay where a path leads through them. An attacker learns which named places
//! are there, and of each what its rule leaves. `{xml: {/p/lang: keep}}` on `<p><lang>nl</lang><mail>x</mail></p>` gives
//! `<p><lang>nl</lang></p>`. Of two paths that mean the same place the one with more names counts, then the one with
//! fewer `//`, then the one that masks. `keep` keeps all below its place, except where another path masks.
//! Refuses what is no well-formed XML, and expands nothing (see `tokens`).

mod by;
mod path;
#[cfg(test)]
mod tests;
mod tokens;

use std::ops::Range;

use self::by::Deciding;
use self::path::{Path, Trail};
use self::tokens::{Kind, Tag, Tokens, append_text};
use super::scan::{self, Notation, trimmed};
use super::{Became, Container, Inside, Part, Place, Places, Unfit, Visit, Walk};
use crate::mask::{Class, Compile, Compiled, Example, Reaches, Refusal, Reversibility, Takes, TechniqueSpec};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;

static PLACES: Places = Places {
    meaning: "a path such as /order/name, //email or /order/@id",
    check: check_place,
    stem: "",
    one: false,
};

/// The declaration.
pub static SPEC: TechniqueSpec = TechniqueSpec {
    name: "xml",
    class: Class::Composition,
    summary: "rules for elements and attributes of XML by path; what no path names is removed",
    preserves: "the elements that lead to a named place, and their order; of the places what their rules preserve",
    attacker: "which of the named places are there, and of each what its rule leaves",
    reversibility: Reversibility::KeyAndEnumeration,
    reaches: Reaches::Possibly("what its rules reach"),
    argument: Takes::Inside(&PLACES),
    bare: false,
    options: &[],
    identifying: |_, _| true,
    canon: |_, _| Canon::Bytes,
    examples: &[
        Example {
            rule: "{xml: {/p/lang: {keep: workflow}}}",
            input: "<p id=\"7\"><lang>nl</lang><mail>fleur@example.org</mail></p>",
            output: "<p><lang>nl</lang></p>",
        },
        Example {
            rule: "{xml: {//mail: {constant: a&b}, /p/@id: {keep: workflow}}}",
            input: "<p id='7'>Fleur<mail>fleur@example.org</mail></p>",
            output: "<p id='7'><mail>a&amp;b</mail></p>",
        },
    ],
    compile,
};

fn check_place(place: &Place) -> Result<(), Refusal> {
    let by = place.by.as_ref().is_none_or(|by| Path::read(by).is_some());
    if place.part == Part::Value && by && path::of(place).is_some() {
        return Ok(());
    }
    Err(Refusal {
        what: "this is no path that `xml` can follow".into(),
        hint: Some("write steps of names: `/order/name`, `//email`, `/order/*/@id`".into()),
    })
}

fn compile(cx: &Compile<'_>) -> Result<Compiled, Refusal> {
    let known = matches!(cx.class(), TypeClass::Other) || cx.class().is_text();
    let Some(inside) = cx.inside.filter(|_| known) else {
        let what = "`xml` needs a column of XML and a rule for a place".into();
        return Err(Refusal { what, hint: Some("write `xml: {/order/name: RULE}`".into()) });
    };
    let walk = Box::new(Xml::new(inside));
    Ok(Container::compiled(walk, inside, Some(REMOVED)))
}

/// What stands for a document of which nothing stays.
const REMOVED: &[u8] = b"<removed/>";

/// The rules by path, those that count first in front.
struct Xml {
    paths: Vec<Path>,
    /// By path: its place.
    places: Vec<usize>,
    /// By path: index into `deciding`.
    by: Vec<Option<usize>>,
    deciding: Vec<Path>,
}

impl Xml {
    fn new(inside: &Inside) -> Self {
        let places = inside.places.iter().enumerate();
        let mut all: Vec<_> = places
            .filter_map(|(index, place)| Some((index, path::of(place)?, place.by.as_deref())))
            .collect();
        let keeps = |index: &usize| inside.leaves.get(*index).is_some_and(|leaf| leaf.mask.is_none());
        all.sort_by_key(|(index, path, _)| (path.rank(), keeps(index), *index));
        let mut xml = Self { paths: Vec::new(), places: Vec::new(), by: Vec::new(), deciding: Vec::new() };
        for (index, path, by) in all {
            let by = by.and_then(Path::read).map(|by| {
                xml.deciding.iter().position(|known| *known == by).unwrap_or_else(|| {
                    xml.deciding.push(by);
                    xml.deciding.len() - 1
                })
            });
            xml.paths.push(path);
            xml.places.push(index);
            xml.by.push(by);
        }
        xml
    }
}

impl Walk for Xml {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let deciding = Deciding::read(value, &self.deciding)?;
        let frame = Frame { path: None, kept: false, stays: false, start: out.len(), blank: None };
        let mut document = Document {
            xml: self,
            value,
            deciding,
            visit,
            trail: Trail::new(&self.paths),
            frames: vec![frame],
            around: Vec::new(),
            buf: Vec::new(),
        };
        let start = out.len();
        document.walk(out)?;
        if document.frames.last().is_none_or(|document| !document.stays) {
            out.truncate(start);
            out.extend_from_slice(REMOVED);
        }
        Ok(())
    }
}

/// An open element, or the document.
struct Frame {
    /// The path that means it.
    path: Option<usize>,
    /// Whether what no path means stays in it.
    kept: bool,
    /// Whether something of it stays.
    stays: bool,
    /// Where it begins in what was written; if it goes, all from there on goes.
    start: usize,
    /// Where blanks begin that were written last.
    blank: Option<usize>,
}

/// A value under its rules.
struct Document<'a, 'v, 'w> {
    xml: &'a Xml,
    value: &'a [u8],
    deciding: Deciding,
    visit: &'v mut Visit<'w>,
    trail: Trail<'a>,
    /// The document, and the open elements.
    frames: Vec<Frame>,
    /// Where the open elements begin in the value.
    around: Vec<usize>,
    buf: Vec<u8>,
}

impl Document<'_, '_, '_> {
    fn walk(&mut self, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let mut tokens = Tokens::new(self.value)?;
        let mut run: Option<Range<usize>> = None;
        while let Some((kind, range)) = tokens.next()? {
            if kind == Kind::Inner {
                run = Some(run.map_or(range.start, |run| run.start)..range.end);
                continue;
            }
            if let Some(run) = run.take() {
                self.text(run, out)?;
            }
            match kind {
                Kind::Start => self.open(range, out)?,
                Kind::Empty => {
                    self.open(range, out)?;
                    self.close(None, out)?;
                }
                Kind::End => self.close(Some(range), out)?,
                Kind::Prolog | Kind::Inner => out.extend_from_slice(self.value.get(range).ok_or(Unfit)?),
            }
        }
        run.map_or(Ok(()), |run| self.text(run, out))
    }

    fn open(&mut self, range: Range<usize>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let mut tag = Tag::read(self.value.get(range.clone()).ok_or(Unfit)?)?;
        self.trail.enter(tag.name);
        self.around.push(range.start);
        let path = self.trail.element();
        let place = path.and_then(|path| self.xml.places.get(path)).copied();
        let around = self.frames.last_mut().ok_or(Unfit)?;
        let kept = place.map_or(around.kept, |place| self.visit.keeps(place));
        // An element that goes takes the blanks before it along.
        let start = around.blank.take().unwrap_or(out.len());
        let mut frame = Frame { path, kept, stays: kept || path.is_some(), start, blank: None };
        out.push(b'<');
        out.extend_from_slice(tag.name);
        while let Some(attribute) = tag.next()? {
            frame.stays |= self.attribute(&attribute, kept, out)?;
        }
        out.extend_from_slice(tag.end()?);
        self.frames.push(frame);
        Ok(())
    }

    /// Appends what becomes of an attribute; whether a rule left something of it.
    fn attribute(
        &mut self,
        attribute: &tokens::Attribute<'_>,
        kept: bool,
        out: &mut Vec<u8>,
    ) -> Result<bool, Unfit> {
        let mut buf = std::mem::take(&mut self.buf);
        buf.clear();
        append_text(attribute.value, &mut buf)?;
        let start = out.len();
        out.extend_from_slice(attribute.before);
        let path = self.trail.attribute(attribute.name);
        let became = match path {
            // Elements are no names without the namespaces that are declared with them.
            None if attribute.is_namespace() && attribute.is_plain() => Became::Kept,
            None if attribute.is_namespace() => return Err(Unfit),
            None if kept => Became::Kept,
            None => Became::Removed,
            Some(path) => self.part(path, &buf, &Quoted(attribute.quote), out)?,
        };
        self.buf = buf;
        match became {
            Became::Removed => out.truncate(start),
            Became::Kept => out.extend_from_slice(attribute.value),
            Became::Written => {}
        }
        if became != Became::Removed {
            out.push(attribute.quote);
        }
        Ok(became != Became::Removed && path.is_some())
    }

    /// Asks for a stand-in.
    fn part(
        &mut self,
        path: usize,
        decoded: &[u8],
        notation: &impl Notation,
        out: &mut Vec<u8>,
    ) -> Result<Became, Unfit> {
        let place = self.xml.places.get(path).copied().ok_or(Unfit)?;
        let by = self.xml.by.get(path).copied().flatten().and_then(|by| {
            let (own, other) = (self.xml.paths.get(path)?, self.xml.deciding.get(by)?);
            let depth = own.common(other, self.around.len());
            self.deciding.of(by, *self.around.last()?, &self.around, depth)
        });
        scan::leaf(self.visit, (place, decoded, by), notation, out)
    }

    /// Appends what becomes of the text between two tags, with the comments in it.
    fn text(&mut self, run: Range<usize>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let raw = self.value.get(run).ok_or(Unfit)?;
        let frame = self.frames.last_mut().ok_or(Unfit)?;
        if frame.kept {
            out.extend_from_slice(raw);
            return Ok(());
        }
        let mut buf = std::mem::take(&mut self.buf);
        buf.clear();
        append_text(raw, &mut buf)?;
        let (before, inner, behind) = trimmed(&buf);
        let start = out.len();
        if inner.is_empty() {
            out.extend_from_slice(before);
            frame.blank = Some(start);
        } else if let Some(path) = frame.path {
            frame.blank = None;
            out.extend_from_slice(before);
            match self.part(path, inner, &Quoted(b'<'), out)? {
                // A path that keeps makes the whole element stay, so this is no text of a kept place.
                Became::Kept => return Err(Unfit),
                Became::Written => out.extend_from_slice(behind),
                Became::Removed => out.truncate(start),
            }
        } else {
            frame.blank = None;
        }
        self.buf = buf;
        Ok(())
    }

    fn close(&mut self, tag: Option<Range<usize>>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let frame = self.frames.pop().ok_or(Unfit)?;
        self.trail.leave();
        self.around.pop();
        let around = self.frames.last_mut().ok_or(Unfit)?;
        if frame.stays {
            around.stays = true;
            out.extend_from_slice(self.value.get(tag.unwrap_or_default()).ok_or(Unfit)?);
        } else {
            out.truncate(frame.start);
        }
        Ok(())
    }
}

/// Text, or an attribute in these quotes.
struct Quoted(u8);

impl Notation for Quoted {
    fn is_sound(&self, decoded: &[u8]) -> bool {
        let control = |b: &u8| *b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r');
        !decoded.iter().any(control)
    }

    fn byte(&self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\r' => out.extend_from_slice(b"&#13;"),
            b'\t' if self.0 != b'<' => out.extend_from_slice(b"&#9;"),
            b'\n' if self.0 != b'<' => out.extend_from_slice(b"&#10;"),
            b'"' if self.0 == b'"' => out.extend_from_slice(b"&quot;"),
            b'\'' if self.0 == b'\'' => out.extend_from_slice(b"&apos;"),
            byte => out.push(byte),
        }
    }
}
