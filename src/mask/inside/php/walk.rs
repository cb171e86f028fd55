//! Walks along a serialized value and its paths at once. What stays is copied in runs of the input; counts, lengths and
//! the numbers of references are mended where something went.
//!
//! References number all values before them. Where there are some, it is noted which number each value has afterwards;
//! one that leads to what went becomes `N;`.

use std::cell::RefCell;

use data_encoding::Encoding;

use super::scan::{DEEPEST, Facts, Item, Text, parse, short};
use crate::mask::inside::json::Else;
use crate::mask::inside::path::is_number;
use crate::mask::inside::path::matching::{Child, Matcher, Selected};
use crate::mask::inside::{Became, Unfit, Visit, Walk, blob};

/// What looking ahead may read, as a multiple of the value's length.
const AHEAD: usize = 64;
/// Most bytes that are kept from value to value.
const SMALL: usize = 1 << 20;

/// Takes serialized values apart.
pub(super) struct Php {
    /// The places.
    pub(super) matcher: Matcher,
    /// What becomes of the rest.
    pub(super) otherwise: Else,
    /// How values are written.
    pub(super) coding: Coding,
}

/// How serialized data stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// As it is.
    Plain,
    /// In base64.
    Base64,
    /// As PostgreSQL prints `bytea`: `\x` and hexadecimal digits.
    Bytea,
}

impl Coding {
    /// Returns what stands before the digits, and how they are read and written.
    fn of(self) -> Option<(&'static [u8], Encoding, Encoding)> {
        use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
        match self {
            Self::Plain => None,
            Self::Base64 => Some((b"", BASE64, BASE64)),
            Self::Bytea => Some((b"\\x", HEXLOWER_PERMISSIVE, HEXLOWER)),
        }
    }
}

/// What is needed on the way; kept from value to value, so that none allocates.
#[derive(Default)]
struct Scratch {
    frames: Vec<Frame>,
    active: Vec<usize>,
    anchors: Vec<Anchor>,
    keys: Vec<Key>,
    left: Vec<usize>,
    /// The new number of each value so far; 0 = it went.
    slots: Vec<usize>,
    spare: Vec<u8>,
    decoded: Vec<u8>,
    made: Vec<u8>,
}

impl Scratch {
    /// Returns whether it is small enough to be kept: what a long value needed is given back.
    fn is_small(&self) -> bool {
        let bytes = self.spare.capacity() + self.decoded.capacity() + self.made.capacity();
        let words = self.slots.capacity() + self.keys.capacity() * 4;
        bytes + words * size_of::<usize>() < SMALL
    }
}

thread_local! {
    /// One for each level of serialized values in each other that this thread has seen.
    static SPARE: RefCell<Vec<Scratch>> = const { RefCell::new(Vec::new()) };
}

/// An array or object that is open.
struct Frame {
    object: bool,
    /// It lies in what a place keeps.
    kept: bool,
    /// It may go if nothing in it was selected.
    hollow: bool,
    /// Something in it was selected.
    named: bool,
    /// How many members it had, and how many were read and went.
    members: usize,
    read: usize,
    gone: usize,
    /// Where its count stands in the output, and how long it is.
    count: (usize, usize),
    active: (usize, usize),
    anchors: usize,
    keys: usize,
    keys_place: Option<usize>,
    segment: Segment,
}

/// How far everything was at some place: input copied, output, numbers given and noted, masked keys.
#[derive(Clone, Copy, Default)]
struct Mark {
    copied: usize,
    out: usize,
    given: usize,
    noted: usize,
    keys: usize,
}

/// The member that is being read.
#[derive(Clone, Copy, Default)]
struct Segment {
    start: usize,
    before: Mark,
    value: usize,
    before_value: Mark,
    /// A path spells its name, a rule masked it, or it counts elements.
    spelled: bool,
    /// Its name may stay though its value does not.
    fills: bool,
    /// The rule for keys removes its key.
    keyless: bool,
}

/// A part that others may look up from.
struct Anchor {
    by: usize,
    at: usize,
    depth: usize,
    /// Where the deciding value stands, once it was looked up.
    found: Option<Option<usize>>,
}

/// A masked key as text in the output, and the original.
struct Key {
    out: (usize, usize),
    raw: (usize, usize),
}

/// What became of a value.
enum Fate {
    /// It stays, and whether a place selected it or something in it.
    Stays { named: bool },
    /// It goes: nobody selected it, or its rule removes it.
    Goes { named: bool },
    /// It is a container, now open.
    Opens,
}

impl Walk for Php {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        let mut scratch = SPARE.with(|spare| spare.borrow_mut().pop()).unwrap_or_default();
        let (mut decoded, mut made) =
            (std::mem::take(&mut scratch.decoded), std::mem::take(&mut scratch.made));
        let done = match self.coding.of() {
            Some(coding) => self.within(&coding, value, visit, out, (&mut scratch, &mut decoded, &mut made)),
            None => self.plain(value, visit, out, &mut scratch),
        };
        (scratch.decoded, scratch.made) = (decoded, made);
        if scratch.is_small() {
            SPARE.with(|spare| spare.borrow_mut().push(scratch));
        }
        done
    }
}

impl Php {
    fn within(
        &self,
        (prefix, reads, writes): &(&[u8], Encoding, Encoding),
        value: &[u8],
        visit: &mut Visit<'_>,
        out: &mut Vec<u8>,
        (scratch, decoded, made): (&mut Scratch, &mut Vec<u8>, &mut Vec<u8>),
    ) -> Result<(), Unfit> {
        let value = value.strip_prefix(*prefix).ok_or(Unfit)?;
        let len = reads.decode_len(value.len()).map_err(|_| Unfit)?;
        decoded.resize(len, 0);
        let len = reads.decode_mut(value, decoded).map_err(|_| Unfit)?;
        decoded.truncate(len);
        made.clear();
        // A bytea without bytes is as little as '' is.
        if len > 0 || self.coding != Coding::Bytea {
            self.plain(decoded, visit, made, scratch)?;
        }
        out.extend_from_slice(prefix);
        let start = out.len();
        out.resize(start + writes.encode_len(made.len()), 0);
        writes.encode_mut(made, out.get_mut(start..).unwrap_or_default());
        Ok(())
    }

    fn plain(
        &self,
        value: &[u8],
        visit: &mut Visit<'_>,
        out: &mut Vec<u8>,
        s: &mut Scratch,
    ) -> Result<(), Unfit> {
        s.frames.clear();
        s.active.clear();
        s.anchors.clear();
        s.keys.clear();
        s.left.clear();
        s.slots.clear();
        let (text, mut facts) = (Text(value), Facts::default());
        if text.skip(0, 0, &mut s.left, &mut facts)? != value.len() {
            return Err(Unfit);
        }
        let numbered = facts.references || facts.hidden;
        let mut walker =
            Walker { text, rules: self, visit, out, s, at: 0, copied: 0, ahead: 0, numbered, given: 0 };
        // Numbers inside of what only a class understands cannot be mended.
        walker.run(facts.hidden || facts.references && facts.custom)
    }
}

struct Walker<'a, 'v> {
    text: Text<'a>,
    rules: &'a Php,
    visit: &'a mut Visit<'v>,
    out: &'a mut Vec<u8>,
    s: &'a mut Scratch,
    at: usize,
    /// Input up to here is in the output, or was left out.
    copied: usize,
    /// What was read ahead.
    ahead: usize,
    /// There are references.
    numbered: bool,
    /// How many numbers the output has given so far.
    given: usize,
}

impl Walker<'_, '_> {
    fn run(&mut self, whole: bool) -> Result<(), Unfit> {
        let selected = self.rules.matcher.start(&mut self.s.active);
        let all = selected.value.is_some_and(|place| self.visit.keeps(place));
        if whole && (!all || selected.deeper || selected.keys.is_some()) {
            return Err(Unfit);
        }
        let mut fate = self.value(selected, 0, false)?;
        loop {
            fate = match fate {
                Fate::Opens => self.segment()?,
                _ if self.s.frames.is_empty() => break,
                done => self.close(done)?,
            };
        }
        if let Fate::Goes { named } = fate {
            self.may_go(named)?;
            let fill = if self.rules.otherwise == Else::Fill { filler(self.text.0.first()) } else { b"N;" };
            self.out.extend_from_slice(fill);
            self.copied = self.text.0.len();
        }
        self.copy_to(self.text.0.len());
        Ok(())
    }

    fn copy_to(&mut self, to: usize) {
        self.out.extend_from_slice(self.text.bytes(self.copied..to));
        self.copied = to.max(self.copied);
    }

    fn may_go(&self, named: bool) -> Result<(), Unfit> {
        if self.rules.otherwise == Else::Stop && !named { Err(Unfit) } else { Ok(()) }
    }

    fn mark(&self) -> Mark {
        Mark {
            copied: self.copied,
            out: self.out.len(),
            given: self.given,
            noted: self.s.slots.len(),
            keys: self.s.keys.len(),
        }
    }

    /// Goes back: what was written since goes, and what was numbered since went.
    fn back(&mut self, mark: Mark) {
        self.copied = mark.copied;
        self.out.truncate(mark.out);
        self.given = mark.given;
        self.s.keys.truncate(mark.keys);
        self.s.slots.iter_mut().skip(mark.noted).for_each(|new| *new = 0);
    }

    /// Numbers a value that stays.
    fn number(&mut self) {
        if self.numbered {
            self.given += 1;
            self.s.slots.push(self.given);
        }
    }

    /// Goes over a value of which nothing, or all as one, stays.
    fn over(&mut self) -> Result<(), Unfit> {
        let (depth, mut facts) = (self.s.frames.len(), Facts::default());
        self.at = self.text.skip(self.at, depth, &mut self.s.left, &mut facts)?;
        if self.numbered {
            let noted = self.s.slots.len();
            self.s.slots.resize(noted + facts.slots, 0);
        }
        Ok(())
    }

    /// Reads the value at the cursor; `active` is where the nodes of its paths begin.
    fn value(&mut self, selected: Selected, active: usize, kept: bool) -> Result<Fate, Unfit> {
        let (start, noted) = (self.at, self.s.slots.len());
        let item = self.text.item(start)?;
        let keeps = match selected.value {
            Some(place) => self.visit.keeps(place),
            None => kept,
        };
        match item.kind {
            b'a' | b'O' if selected.deeper || selected.keys.is_some() || keeps && self.numbered => {
                return self.open(&item, selected, active, keeps);
            }
            b'R' | b'r' => {
                self.at = item.next;
                return self.reference(&item, keeps || selected.value.is_some(), start);
            }
            _ => {}
        }
        let Some(place) = selected.value.filter(|_| !keeps && item.kind != b'N') else {
            if keeps || selected.value.is_some() {
                match item.is_open() {
                    true => self.over()?,
                    false => {
                        self.number();
                        self.at = item.next;
                    }
                }
                return Ok(Fate::Stays { named: true });
            }
            self.over()?;
            return Ok(Fate::Goes { named: false });
        };
        self.over()?;
        // What is written for it is one value, whatever it held.
        let fate = self.leaf(place, &item, start)?;
        if self.numbered && matches!(fate, Fate::Stays { .. }) {
            self.given += 1;
            if let Some(first) = self.s.slots.get_mut(noted) {
                *first = self.given;
            }
        }
        Ok(fate)
    }

    fn reference(&mut self, item: &Item, stays: bool, start: usize) -> Result<Fate, Unfit> {
        let old = self.text.bytes(item.text.clone());
        let old = parse(old)
            .and_then(|old| usize::try_from(old).ok())
            .and_then(|old| old.checked_sub(1))
            .ok_or(Unfit)?;
        let new = *self.s.slots.get(old).ok_or(Unfit)?;
        if !stays {
            if item.kind == b'r' {
                self.s.slots.push(0);
            }
            return Ok(Fate::Goes { named: false });
        }
        if item.kind == b'r' {
            self.number();
        }
        if new == 0 {
            self.given += usize::from(item.kind == b'R');
            self.copy_to(start);
            self.out.extend_from_slice(b"N;");
            self.copied = self.at;
        } else if new != old + 1 {
            self.copy_to(item.text.start);
            digits(new, self.out);
            self.copied = item.text.end;
        }
        Ok(Fate::Stays { named: true })
    }

    /// Masks the value between `start` and the cursor.
    fn leaf(&mut self, place: usize, item: &Item, start: usize) -> Result<Fate, Unfit> {
        let by = self.deciding(place)?;
        self.copy_to(start);
        let (text, out) = (self.text, self.out.len());
        let value = plain(text, item);
        let became = match value {
            Some(value) if blob::is_opaque(value).is_none() => {
                let by = by.as_ref().and_then(|by| plain(text, by));
                self.visit.leaf(place, value, by, self.out)?
            }
            _ => self.visit.unfit(place, text.bytes(start..self.at), self.out)?,
        };
        match became {
            Became::Kept => return Ok(Fate::Stays { named: true }),
            Became::Removed => return Ok(Fate::Goes { named: true }),
            Became::Written => {}
        }
        let spare = &mut self.s.spare;
        spare.clear();
        spare.extend_from_slice(self.out.get(out..).unwrap_or_default());
        self.out.truncate(out);
        encode(item.kind, spare, self.out);
        self.copied = self.at;
        Ok(Fate::Stays { named: true })
    }

    /// Finds what stands at the place of `by:`.
    fn deciding(&mut self, place: usize) -> Result<Option<Item>, Unfit> {
        let matcher = &self.rules.matcher;
        let Some(by) = matcher.by(place) else { return Ok(None) };
        let s = &mut *self.s;
        let Some(anchor) = s.anchors.iter_mut().rev().find(|anchor| anchor.by == by) else { return Ok(None) };
        let found = match anchor.found {
            Some(found) => found,
            None => {
                let steps = matcher.by_steps(by);
                let found = self.text.find(anchor.at, steps, anchor.depth, &mut s.left, &mut self.ahead)?;
                *anchor.found.insert(found)
            }
        };
        self.fuel()?;
        found.map(|at| self.text.item(at)).transpose()
    }

    fn fuel(&self) -> Result<(), Unfit> {
        if self.ahead / AHEAD > self.text.0.len() { Err(Unfit) } else { Ok(()) }
    }

    fn open(&mut self, item: &Item, selected: Selected, active: usize, kept: bool) -> Result<Fate, Unfit> {
        let (depth, start) = (self.s.frames.len(), self.at);
        if depth >= DEEPEST {
            return Err(Unfit);
        }
        self.number();
        let (anchors, found) = (self.s.anchors.len(), &mut self.s.anchors);
        let nodes = self.s.active.get(active..).unwrap_or_default();
        self.rules.matcher.anchors(nodes, |by| found.push(Anchor { by, at: start, depth, found: None }));
        self.copy_to(item.count.start);
        let hollow = !kept && self.s.frames.last().is_some_and(|frame| !frame.segment.spelled);
        self.s.frames.push(Frame {
            object: item.kind == b'O',
            kept,
            hollow,
            named: false,
            members: item.members,
            read: 0,
            gone: 0,
            count: (self.out.len(), item.count.len()),
            active: (active, self.s.active.len()),
            anchors,
            keys: self.s.keys.len(),
            keys_place: selected.keys,
            segment: Segment::default(),
        });
        self.at = item.next;
        if item.members == 0 { self.pop() } else { Ok(Fate::Opens) }
    }

    /// Reads the next member of the innermost container.
    fn segment(&mut self) -> Result<Fate, Unfit> {
        let (start, depth, before) = (self.at, self.s.frames.len(), self.mark());
        let key = self.text.key(start)?;
        let raw = self.text.bytes(key.text.clone());
        let number = if key.kind == b'i' { parse(raw) } else { None };
        let (mark, name) = short(raw);
        let frame = self.s.frames.last_mut().ok_or(Unfit)?;
        let place = i64::try_from(frame.read).map_err(|_| Unfit)?;
        let members = i64::try_from(frame.members).map_err(|_| Unfit)?;
        frame.read += 1;
        frame.segment = Segment { start, before, ..Segment::default() };
        let (kept, keys_place, nodes) = (frame.kept, frame.keys_place, frame.active);
        let counts = !frame.object && number == Some(place);
        let child =
            Child { name: self.rules.matcher.name(name), index: number, from_end: Some(place - members) };
        if let Some(place) = keys_place {
            self.mask_key(place, &key, mark, name)?;
        }
        self.at = key.next;
        let (text, at, ahead) = (self.text, self.at, &mut self.ahead);
        let Scratch { active, left, .. } = &mut *self.s;
        active.truncate(nodes.1);
        let selected = self
            .rules
            .matcher
            .step(active, nodes.0..nodes.1, &child, |filter| text.holds(at, filter, depth, left, ahead))?;
        self.fuel()?;
        let before_value = self.mark();
        if let Some(frame) = self.s.frames.last_mut() {
            let known = counts || keys_place.is_some();
            frame.segment.value = at;
            frame.segment.before_value = before_value;
            frame.segment.spelled = known || selected.spelled;
            frame.segment.fills = known || kept || child.name.is_some();
        }
        self.value(selected, nodes.1, kept)
    }

    fn mask_key(&mut self, place: usize, key: &Item, mark: &[u8], name: &[u8]) -> Result<(), Unfit> {
        let frame = self.s.frames.last_mut().ok_or(Unfit)?;
        self.out.extend_from_slice(self.text.bytes(self.copied..frame.segment.start));
        self.copied = frame.segment.start;
        let out = self.out.len();
        match self.visit.leaf(place, name, None, self.out)? {
            Became::Kept => return Ok(()),
            Became::Removed => {
                frame.segment.keyless = true;
                return Ok(());
            }
            Became::Written => {}
        }
        let spare = &mut self.s.spare;
        spare.clear();
        spare.extend_from_slice(mark);
        spare.extend_from_slice(self.out.get(out..).unwrap_or_default());
        self.out.truncate(out);
        // A key is a whole number or text, no fraction.
        let kind = if is_whole(spare) { key.kind } else { b's' };
        encode(kind, spare, self.out);
        let end = self.out.len() - if kind == b's' { 2 } else { 1 };
        self.s.keys.push(Key { out: (end - spare.len(), end), raw: (key.text.start, key.text.end) });
        self.copied = key.next;
        Ok(())
    }

    /// Ends a member whose value was read, and its container if that ends too.
    fn close(&mut self, fate: Fate) -> Result<Fate, Unfit> {
        let frame = self.s.frames.last_mut().ok_or(Unfit)?;
        match fate {
            Fate::Stays { named } if !frame.segment.keyless => frame.named |= named,
            Fate::Stays { .. } => self.go(true)?,
            Fate::Goes { named } => self.go(named)?,
            Fate::Opens => return Err(Unfit),
        }
        let ended = self.s.frames.last().is_some_and(|frame| frame.read == frame.members);
        if ended { self.pop() } else { Ok(Fate::Opens) }
    }

    /// Takes the member out, or fills it.
    fn go(&mut self, named: bool) -> Result<(), Unfit> {
        self.may_go(named)?;
        let frame = self.s.frames.last_mut().ok_or(Unfit)?;
        let segment = frame.segment;
        let first = self.text.0.get(segment.value);
        // A reference has no number of its own to stay: it goes.
        let refers = matches!(first, Some(b'R' | b'r'));
        if self.rules.otherwise == Else::Fill && segment.fills && !segment.keyless && !refers {
            self.back(segment.before_value);
            self.copy_to(segment.value);
            self.out.extend_from_slice(filler(first));
            if self.numbered {
                self.given += 1;
                if let Some(new) = self.s.slots.get_mut(segment.before_value.noted) {
                    *new = self.given;
                }
            }
        } else {
            frame.gone += 1;
            self.back(segment.before);
            self.copy_to(segment.start);
        }
        self.copied = self.at;
        Ok(())
    }

    /// Ends the innermost container.
    fn pop(&mut self) -> Result<Fate, Unfit> {
        let frame = self.s.frames.pop().ok_or(Unfit)?;
        self.at = self.text.closed(self.at)?;
        self.s.anchors.truncate(frame.anchors);
        if frame.keys_place.is_some() {
            self.apart(frame.keys)?;
        }
        self.s.keys.truncate(frame.keys);
        if frame.gone > 0 {
            self.recount(&frame)?;
        }
        Ok(match frame {
            Frame { kept: true, .. } => Fate::Stays { named: true },
            Frame { hollow: true, named: false, .. } => Fate::Goes { named: false },
            Frame { named, .. } => Fate::Stays { named },
        })
    }

    /// Writes how many members stayed over how many there were: the digits are never more.
    fn recount(&mut self, frame: &Frame) -> Result<(), Unfit> {
        let (start, old) = frame.count;
        let spare = &mut self.s.spare;
        spare.clear();
        digits(frame.members - frame.gone, spare);
        let surplus = old.checked_sub(spare.len()).ok_or(Unfit)?;
        self.out.get_mut(start..start + spare.len()).ok_or(Unfit)?.copy_from_slice(spare);
        if surplus > 0 {
            let rest = start + old;
            self.out.copy_within(rest.., rest - surplus);
            self.out.truncate(self.out.len() - surplus);
        }
        Ok(())
    }

    /// Makes sure that keys which were apart are apart after masking.
    fn apart(&mut self, from: usize) -> Result<(), Unfit> {
        let (out, text) = (&*self.out, self.text);
        let keys = self.s.keys.get_mut(from..).unwrap_or_default();
        let written = |key: &Key| out.get(key.out.0..key.out.1).unwrap_or_default();
        keys.sort_unstable_by(|a, b| written(a).cmp(written(b)).then(a.raw.cmp(&b.raw)));
        let same = |pair: &[Key]| match pair {
            [a, b] => {
                written(a) == written(b) && text.bytes(a.raw.0..a.raw.1) != text.bytes(b.raw.0..b.raw.1)
            }
            _ => false,
        };
        if keys.windows(2).any(same) { Err(Unfit) } else { Ok(()) }
    }
}

/// Returns a value as text; `None` for what is no scalar.
fn plain<'a>(text: Text<'a>, item: &Item) -> Option<&'a [u8]> {
    let said = text.bytes(item.text.clone());
    match item.kind {
        b's' | b'i' | b'd' => Some(said),
        b'b' if said == b"1" => Some(b"true"),
        b'b' => Some(b"false"),
        _ => None,
    }
}

/// Returns whether it is a whole number as PHP writes it.
fn is_whole(text: &[u8]) -> bool {
    is_number(text) && !text.starts_with(b"-0") && parse(text).is_some()
}

/// Appends a stand-in as the kind of the value, or else as text.
fn encode(kind: u8, text: &[u8], out: &mut Vec<u8>) {
    match (kind, text) {
        (b'b', b"true" | b"1") => return out.extend_from_slice(b"b:1;"),
        (b'b', b"false" | b"0") => return out.extend_from_slice(b"b:0;"),
        (b'i', _) if is_whole(text) => out.extend_from_slice(b"i:"),
        (b'i' | b'd', _) if is_number(text) => out.extend_from_slice(b"d:"),
        _ => {
            out.extend_from_slice(b"s:");
            digits(text.len(), out);
            out.extend_from_slice(b":\"");
            out.extend_from_slice(text);
            return out.extend_from_slice(b"\";");
        }
    }
    out.extend_from_slice(text);
    out.push(b';');
}

fn digits(number: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Returns what stands for a value of which only the type stays.
fn filler(first: Option<&u8>) -> &'static [u8] {
    match first {
        Some(b's') => b"s:0:\"\";",
        Some(b'i') => b"i:0;",
        Some(b'd') => b"d:0;",
        Some(b'b') => b"b:0;",
        Some(b'a') => b"a:0:{}",
        _ => b"N;",
    }
}
