//! Walks along a JSON text and its paths at once. What stays is copied in runs of the input, so that no byte of it
//! changes; a member that goes takes its comma along.
//!
//! A part stays only if a place selects it or one above it keeps it. A member whose name no path spells, and that only
//! leads on (below `*` and `..`), goes too if nothing below it was selected: its name may be data.

use std::cell::RefCell;
use std::ops::Range;

use super::Else;
use super::scan::{DEEPEST, Text, decode, encode};
use crate::mask::inside::path::matching::{Child, Matcher, Selected};
use crate::mask::inside::{Became, Unfit, Visit, Walk, blob};

/// What looking ahead (filters, `by:`, counting from the end) may read, as a multiple of the value's length. Only
/// nesting that was made for it comes near.
const AHEAD: usize = 64;
/// Most bytes that are kept from value to value.
const SMALL: usize = 1 << 20;

/// Takes JSON apart.
pub(super) struct Json {
    /// The places.
    pub(super) matcher: Matcher,
    /// What becomes of the rest.
    pub(super) otherwise: Else,
}

/// What is needed on the way; kept from value to value, so that none allocates.
#[derive(Default)]
struct Scratch {
    frames: Vec<Frame>,
    active: Vec<usize>,
    anchors: Vec<Anchor>,
    keys: Vec<Key>,
    decoded: Vec<u8>,
    name: Vec<u8>,
    by: Vec<u8>,
}

impl Scratch {
    /// Returns whether it is small enough to be kept: what a long value needed is given back.
    fn is_small(&self) -> bool {
        let bytes = self.decoded.capacity() + self.name.capacity() + self.by.capacity();
        bytes + self.keys.capacity() * size_of::<Key>() < SMALL
    }
}

thread_local! {
    /// One for each level of JSON in JSON that this thread has seen.
    static SPARE: RefCell<Vec<Scratch>> = const { RefCell::new(Vec::new()) };
}

/// A container that is open.
struct Frame {
    object: bool,
    /// It lies in what a place keeps.
    kept: bool,
    /// It may go if nothing in it was selected.
    hollow: bool,
    /// Something in it was selected.
    named: bool,
    /// A member or element was let through.
    emitted: bool,
    /// Where the nodes of its paths begin and end.
    active: (usize, usize),
    anchors: usize,
    keys: usize,
    keys_place: Option<usize>,
    index: i64,
    len: Option<i64>,
    segment: Segment,
}

/// The member or element that is being read, from behind the separator before it.
#[derive(Clone, Copy, Default)]
struct Segment {
    start: usize,
    /// How far input was copied before it, and how long the output was.
    before: (usize, usize),
    value: usize,
    /// The same before its value.
    before_value: (usize, usize),
    /// How many masked keys there were.
    keys: usize,
    /// A path spells its name, or a rule masked it.
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
    /// The deciding value, once it was looked up.
    found: Option<Option<(usize, usize)>>,
}

/// A masked key, in the output and in the input.
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

impl Walk for Json {
    fn walk(&self, value: &[u8], visit: &mut Visit<'_>, out: &mut Vec<u8>) -> Result<(), Unfit> {
        if std::str::from_utf8(value).is_err() {
            return Err(Unfit);
        }
        let mut scratch = SPARE.with(|spare| spare.borrow_mut().pop()).unwrap_or_default();
        scratch.frames.clear();
        scratch.active.clear();
        scratch.anchors.clear();
        scratch.keys.clear();
        let mut walker = Walker {
            text: Text(value),
            rules: self,
            visit,
            out,
            s: &mut scratch,
            at: 0,
            copied: 0,
            ahead: 0,
        };
        let done = walker.run();
        if scratch.is_small() {
            SPARE.with(|spare| spare.borrow_mut().push(scratch));
        }
        done
    }
}

struct Walker<'a, 'v> {
    text: Text<'a>,
    rules: &'a Json,
    visit: &'a mut Visit<'v>,
    out: &'a mut Vec<u8>,
    s: &'a mut Scratch,
    at: usize,
    /// Input up to here is in the output, or was left out.
    copied: usize,
    /// What was read ahead.
    ahead: usize,
}

impl Walker<'_, '_> {
    fn run(&mut self) -> Result<(), Unfit> {
        let selected = self.rules.matcher.start(&mut self.s.active);
        self.at = self.text.spaces(0);
        let start = self.at;
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
            self.copy_to(start);
            let fill = if self.rules.otherwise == Else::Fill { filler(self.text.at(start)) } else { b"null" };
            self.out.extend_from_slice(fill);
            self.copied = self.at;
        }
        let end = self.text.spaces(self.at);
        if end != self.text.0.len() {
            return Err(Unfit);
        }
        self.copy_to(end);
        Ok(())
    }

    fn copy_to(&mut self, to: usize) {
        self.out.extend_from_slice(self.text.bytes(self.copied..to));
        self.copied = to.max(self.copied);
    }

    fn may_go(&self, named: bool) -> Result<(), Unfit> {
        if self.rules.otherwise == Else::Stop && !named { Err(Unfit) } else { Ok(()) }
    }

    /// Reads the value at the cursor; `active` is where the nodes of its paths begin.
    fn value(&mut self, selected: Selected, active: usize, kept: bool) -> Result<Fate, Unfit> {
        let start = self.at;
        let first = self.text.at(start).ok_or(Unfit)?;
        let keeps = match selected.value {
            Some(place) => self.visit.keeps(place),
            None => kept,
        };
        let depth = self.s.frames.len();
        if matches!(first, b'{' | b'[') {
            if selected.deeper || selected.keys.is_some() {
                return self.open(first == b'{', selected, active, keeps);
            }
            self.at = self.text.skip(start, depth)?;
            return match selected.value {
                _ if keeps => Ok(Fate::Stays { named: true }),
                Some(place) => {
                    self.copy_to(start);
                    let out = self.out.len();
                    let whole = self.text.bytes(start..self.at);
                    let became = self.visit.unfit(place, whole, self.out)?;
                    self.became(became, first, out)
                }
                None => Ok(Fate::Goes { named: false }),
            };
        }
        let escaped = if first == b'"' {
            let quoted = self.text.string(start)?;
            self.at = quoted.end;
            quoted.escaped
        } else {
            self.at = self.text.scalar(start)?;
            false
        };
        match selected.value {
            _ if keeps => Ok(Fate::Stays { named: true }),
            Some(_) if first == b'n' => Ok(Fate::Stays { named: true }),
            Some(place) => self.leaf(place, first, escaped, start),
            None => Ok(Fate::Goes { named: false }),
        }
    }

    /// Masks the scalar between `start` and the cursor.
    fn leaf(&mut self, place: usize, first: u8, escaped: bool, start: usize) -> Result<Fate, Unfit> {
        let by = self.deciding(place)?;
        self.copy_to(start);
        let raw = match first {
            b'"' => self.text.bytes(start + 1..self.at - 1),
            _ => self.text.bytes(start..self.at),
        };
        let mut sound = true;
        let value = if escaped {
            self.s.decoded.clear();
            sound = decode(raw, &mut self.s.decoded);
            self.s.decoded.as_slice()
        } else {
            raw
        };
        let out = self.out.len();
        let became = if !sound || blob::is_opaque(value).is_some() {
            self.visit.unfit(place, value, self.out)?
        } else {
            self.visit.leaf(place, value, by.then_some(self.s.by.as_slice()), self.out)?
        };
        self.became(became, first, out)
    }

    /// Encodes what was appended behind `out` for a part that began with `first`.
    fn became(&mut self, became: Became, first: u8, out: usize) -> Result<Fate, Unfit> {
        match became {
            Became::Kept => return Ok(Fate::Stays { named: true }),
            Became::Removed => return Ok(Fate::Goes { named: true }),
            Became::Written => {}
        }
        let written = self.out.get(out..).unwrap_or_default();
        let bare = match first {
            b'"' | b'{' | b'[' => false,
            b't' | b'f' => matches!(written, b"true" | b"false"),
            _ => crate::mask::inside::path::is_number(written),
        };
        if !bare {
            encode(self.out, out, &mut self.s.name)?;
        }
        self.copied = self.at;
        Ok(Fate::Stays { named: true })
    }

    /// Puts the decoded value of the place of `by:` into `self.s.by`; `false` if there is none.
    fn deciding(&mut self, place: usize) -> Result<bool, Unfit> {
        let matcher = &self.rules.matcher;
        let Some(by) = matcher.by(place) else { return Ok(false) };
        let s = &mut *self.s;
        let Some(anchor) = s.anchors.iter_mut().rev().find(|anchor| anchor.by == by) else {
            return Ok(false);
        };
        let found = match anchor.found {
            Some(found) => found,
            None => {
                let steps = matcher.by_steps(by);
                let range = self.text.find(anchor.at, steps, anchor.depth, &mut s.name, &mut self.ahead)?;
                *anchor.found.insert(range.map(|range| (range.start, range.end)))
            }
        };
        s.by.clear();
        let Some((start, end)) = found else { return self.fuel(false) };
        match self.text.bytes(start..end) {
            b"null" | [b'{' | b'[', ..] => return self.fuel(false),
            [b'"', inner @ .., b'"'] => {
                decode(inner, &mut s.by);
            }
            scalar => s.by.extend_from_slice(scalar),
        }
        self.fuel(true)
    }

    fn fuel(&self, ok: bool) -> Result<bool, Unfit> {
        if self.ahead / AHEAD > self.text.0.len() { Err(Unfit) } else { Ok(ok) }
    }

    fn open(&mut self, object: bool, selected: Selected, active: usize, kept: bool) -> Result<Fate, Unfit> {
        let depth = self.s.frames.len();
        if depth >= DEEPEST {
            return Err(Unfit);
        }
        let (anchors, start) = (self.s.anchors.len(), self.at);
        let nodes = self.s.active.get(active..).unwrap_or_default();
        let found = &mut self.s.anchors;
        self.rules.matcher.anchors(nodes, |by| found.push(Anchor { by, at: start, depth, found: None }));
        let mut len = None;
        if !object && self.rules.matcher.counts(nodes) {
            let (count, end) = self.text.count(start, depth)?;
            self.ahead += end - start;
            self.fuel(true)?;
            len = Some(count);
        }
        let above = self.s.frames.last();
        let hollow = !kept && above.is_some_and(|frame| frame.object && !frame.segment.spelled);
        self.s.frames.push(Frame {
            object,
            kept,
            hollow,
            named: false,
            emitted: false,
            active: (active, self.s.active.len()),
            anchors,
            keys: self.s.keys.len(),
            keys_place: selected.keys.filter(|_| object),
            index: -1,
            len,
            segment: Segment::default(),
        });
        self.at = self.text.spaces(start + 1);
        let close = if object { b'}' } else { b']' };
        if self.text.at(self.at) == Some(close) {
            self.at += 1;
            return self.pop();
        }
        self.at = start + 1;
        Ok(Fate::Opens)
    }

    /// Reads the next member or element of the innermost container, from behind the separator before it.
    fn segment(&mut self) -> Result<Fate, Unfit> {
        let (start, depth) = (self.at, self.s.frames.len());
        let (before, keys) = ((self.copied, self.out.len()), self.s.keys.len());
        let frame = self.s.frames.last_mut().ok_or(Unfit)?;
        frame.index += 1;
        frame.segment = Segment { start, before, keys, ..Segment::default() };
        let (object, kept, keys_place, nodes) = (frame.object, frame.kept, frame.keys_place, frame.active);
        let mut child =
            Child { name: None, index: Some(frame.index), from_end: frame.len.map(|len| frame.index - len) };
        self.at = self.text.spaces(start);
        if object {
            let key_at = self.at;
            let (key, value) = self.text.key(key_at)?;
            let raw = key_at + 1..key.end - 1;
            child = Child { name: self.name(raw.clone(), key.escaped), ..Child::default() };
            if let Some(place) = keys_place {
                self.mask_key(place, raw, key.escaped)?;
            }
            self.at = value;
        }
        let (text, at, ahead) = (self.text, self.at, &mut self.ahead);
        let Scratch { active, name, .. } = &mut *self.s;
        active.truncate(nodes.1);
        let selected = self
            .rules
            .matcher
            .step(active, nodes.0..nodes.1, &child, |filter| text.holds(at, filter, depth, name, ahead))?;
        self.fuel(true)?;
        let before_value = (self.copied, self.out.len());
        if let Some(frame) = self.s.frames.last_mut() {
            let known = !object || keys_place.is_some();
            frame.segment.value = at;
            frame.segment.before_value = before_value;
            frame.segment.spelled = known || selected.spelled;
            frame.segment.fills = known || kept || child.name.is_some();
        }
        self.value(selected, nodes.1, kept)
    }

    fn name(&mut self, raw: Range<usize>, escaped: bool) -> Option<usize> {
        let raw = self.text.bytes(raw);
        if !escaped {
            return self.rules.matcher.name(raw);
        }
        self.s.name.clear();
        if decode(raw, &mut self.s.name) { self.rules.matcher.name(&self.s.name) } else { None }
    }

    fn mask_key(&mut self, place: usize, raw: Range<usize>, escaped: bool) -> Result<(), Unfit> {
        self.copy_to(raw.start - 1);
        let out = self.out.len();
        let bytes = self.text.bytes(raw.clone());
        let mut sound = true;
        self.s.decoded.clear();
        let key = if escaped {
            sound = decode(bytes, &mut self.s.decoded);
            self.s.decoded.as_slice()
        } else {
            bytes
        };
        let became = if sound {
            self.visit.leaf(place, key, None, self.out)?
        } else {
            self.visit.unfit(place, key, self.out)?
        };
        match became {
            Became::Kept => {}
            Became::Removed => {
                if let Some(frame) = self.s.frames.last_mut() {
                    frame.segment.keyless = true;
                }
            }
            Became::Written => {
                encode(self.out, out, &mut self.s.name)?;
                self.copied = raw.end + 1;
                self.s.keys.push(Key { out: (out, self.out.len()), raw: (raw.start, raw.end) });
            }
        }
        Ok(())
    }

    /// Ends a member or element whose value was read, and its container if that ends too.
    fn close(&mut self, fate: Fate) -> Result<Fate, Unfit> {
        let end = self.at;
        let separator = self.text.spaces(end);
        let frame = self.s.frames.last_mut().ok_or(Unfit)?;
        let last = match (self.text.at(separator), frame.object) {
            (Some(b','), _) => false,
            (Some(b'}'), true) | (Some(b']'), false) => true,
            _ => return Err(Unfit),
        };
        match fate {
            Fate::Stays { named } if !frame.segment.keyless => {
                frame.named |= named;
                frame.emitted = true;
            }
            Fate::Stays { .. } => self.go(true, end, separator, last)?,
            Fate::Goes { named } => self.go(named, end, separator, last)?,
            Fate::Opens => return Err(Unfit),
        }
        self.at = separator + 1;
        if last { self.pop() } else { Ok(Fate::Opens) }
    }

    /// Takes the member or element out, or fills it.
    fn go(&mut self, named: bool, end: usize, separator: usize, last: bool) -> Result<(), Unfit> {
        self.may_go(named)?;
        let frame = self.s.frames.last_mut().ok_or(Unfit)?;
        let segment = frame.segment;
        let emitted = frame.emitted;
        if self.rules.otherwise == Else::Fill && segment.fills && !segment.keyless {
            frame.emitted = true;
            (self.copied, _) = segment.before_value;
            self.out.truncate(segment.before_value.1);
            self.copy_to(segment.value);
            self.out.extend_from_slice(filler(self.text.at(segment.value)));
            self.copied = end;
            return Ok(());
        }
        self.s.keys.truncate(segment.keys);
        (self.copied, _) = segment.before;
        self.out.truncate(segment.before.1);
        // The comma before it goes along, or, if it is the first that stays, the one behind it.
        self.copy_to(if emitted { segment.start - 1 } else { segment.start });
        self.copied = if last || emitted { separator } else { separator + 1 };
        Ok(())
    }

    /// Ends the innermost container.
    fn pop(&mut self) -> Result<Fate, Unfit> {
        let frame = self.s.frames.pop().ok_or(Unfit)?;
        self.s.anchors.truncate(frame.anchors);
        if frame.keys_place.is_some() {
            self.apart(frame.keys)?;
        }
        self.s.keys.truncate(frame.keys);
        Ok(match frame {
            Frame { kept: true, .. } => Fate::Stays { named: true },
            Frame { hollow: true, named: false, .. } => Fate::Goes { named: false },
            Frame { named, .. } => Fate::Stays { named },
        })
    }

    /// Makes sure that keys which were apart are apart after masking.
    fn apart(&mut self, from: usize) -> Result<(), Unfit> {
        let Scratch { keys, decoded, name, .. } = &mut *self.s;
        let (out, text) = (&*self.out, self.text);
        let keys = keys.get_mut(from..).unwrap_or_default();
        let written = |key: &Key| out.get(key.out.0..key.out.1).unwrap_or_default();
        keys.sort_unstable_by(|a, b| written(a).cmp(written(b)).then(a.raw.cmp(&b.raw)));
        for pair in keys.windows(2) {
            let [a, b] = pair else { continue };
            if written(a) != written(b) {
                continue;
            }
            decoded.clear();
            name.clear();
            decode(text.bytes(a.raw.0..a.raw.1), decoded);
            decode(text.bytes(b.raw.0..b.raw.1), name);
            if decoded != name {
                return Err(Unfit);
            }
        }
        Ok(())
    }
}

/// Returns what stands for a part of which only the type stays.
fn filler(first: Option<u8>) -> &'static [u8] {
    match first {
        Some(b'"') => b"\"\"",
        Some(b'{') => b"{}",
        Some(b'[') => b"[]",
        Some(b't' | b'f') => b"false",
        Some(b'-' | b'0'..=b'9') => b"0",
        _ => b"null",
    }
}
