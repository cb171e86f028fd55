//! Walks over the statements of a region: heads, tuples, and what stands between them. The one place that knows where a
//! tuple begins and ends; the sequential scan and the codec both walk by it. Holds positions, never bytes.

use super::batch::Batch;
use super::lex::{Block, LANES, Lex, Masks};
use super::plain::{self, Left};
use super::{Dialect, Family};
use crate::error::Error;
use crate::message;

/// What every statement and tuple of a region must be.
pub(super) struct Rules {
    pub(super) dialect: Dialect,
    /// What every statement begins with, up to the `(` of its first tuple.
    pub(super) head: Box<[u8]>,
    /// What most often stands between two statements' tuples: `;`, a line end, the head and `(`.
    pub(super) next: Box<[u8]>,
    /// Whether no byte of that could begin a string or escape.
    pub(super) quiet: bool,
    /// Fields a tuple.
    pub(super) columns: usize,
    /// Bytes a tuple.
    pub(super) max_row: usize,
}

impl Rules {
    pub(super) fn new(dialect: Dialect, head: &[u8], columns: usize, max_row: usize) -> Self {
        let next: Box<[u8]> = [b";\n", head, b"("].concat().into();
        let quiet = memchr::memchr2(b'\'', b'\\', &next).is_none();
        Self { dialect, head: head.into(), next, quiet, columns, max_row }
    }

    /// Returns the head and the `(` behind it.
    pub(super) fn start(&self) -> &[u8] {
        self.next.get(2..).unwrap_or_default()
    }
}

/// What a walk reports to.
pub(super) trait Visit {
    /// Whether bytes outside of strings are checked and fields are counted.
    const STRICT: bool;

    /// Whether plain tuples are walked over by `plain`.
    const PLAIN: bool = true;

    /// Whether `plain` looks at every byte and counts fields; else it looks for no more than where tuples end.
    const SURE: bool = true;

    /// Whether there are wanted columns.
    const FIELDS: bool = false;

    /// Whether `nul` is wanted.
    const NUL: bool = false;

    /// Hears that there is a NUL byte in a tuple, or not far behind the last one.
    #[inline]
    fn nul(&mut self) {}

    /// Returns the next wanted column of this tuple; `usize::MAX` if there is none.
    #[inline]
    fn wanted(&self) -> usize {
        usize::MAX
    }

    /// Takes the wanted field, blanks around it included. `marks` are its quotes and escaping backslashes.
    #[inline]
    fn field(&mut self, start: usize, end: usize, marks: u32) {
        let _ = (start, end, marks);
    }

    /// Forgets the fields of the tuple that has not ended: it is read again.
    #[inline]
    fn undo(&mut self) {}

    /// Takes a tuple, its parentheses included; `checked` says that it was looked at strictly, whatever `STRICT` says.
    /// `true` ends the walk behind it.
    fn tuple(&mut self, start: usize, end: usize, checked: bool) -> bool;

    /// Takes the end of a statement, behind its `;`.
    #[inline]
    fn statement(&mut self, end: usize) {
        let _ = end;
    }
}

/// Why a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The bytes end; `Walk` knows where it stands.
    More,
    /// Behind a `;`: what follows is no statement of this region.
    Over,
    /// The visitor has enough.
    Full,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A byte that no literal has outside its quotes.
    Byte,
    /// Neither a tuple nor the statement's end.
    Between,
    /// Another number of fields.
    Width { found: usize },
    /// A tuple that is too long.
    Long,
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) wrong: Wrong,
    pub(super) at: usize,
}

impl Fault {
    /// Makes the error; the caller adds the place.
    pub(super) fn error(self, rules: &Rules) -> Error {
        match self.wrong {
            Wrong::Byte => Error::input("something other than a literal in a row of an INSERT statement")
                .hint("comments, operators, dollar quotes and `;` are not read inside rows"),
            Wrong::Between => Error::input("expected `,` and a row, or the `;` of an INSERT statement").hint(
                "the dump was cut or edited, or has a clause behind VALUES that no dump program writes",
            ),
            Wrong::Width { found } => {
                Error::input(message!("expected {} fields, found {}", rules.columns, found))
                    .hint("the dump was cut or edited, or its table was changed by hand")
            }
            Wrong::Long => Error::input(message!("a row is longer than {} bytes", rules.max_row))
                .hint("a closing quote or parenthesis may be missing; if such rows are right: --max-row"),
        }
    }
}

/// What the walk reads next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// A statement's head, or what stands behind a tuple: the start of a worker's block.
    Start,
    /// A statement's head, or the end of the region.
    Head,
    /// A tuple.
    Tuple,
    /// What stands behind a tuple.
    Behind,
}

/// Where a walk stands.
pub(super) struct Walk {
    pub(super) phase: Phase,
    /// Where reading goes on, outside of tuples.
    pub(super) at: usize,
    row: Row,
}

impl Walk {
    pub(super) fn new(phase: Phase, at: usize) -> Self {
        Self { phase, at, row: Row::new(at) }
    }

    /// Takes bytes off the front of what is walked over.
    pub(super) fn shift(&mut self, bytes: usize) {
        for place in [&mut self.at, &mut self.row.at, &mut self.row.tuple, &mut self.row.field] {
            *place = place.saturating_sub(bytes);
        }
    }

    /// Returns where what is being read began: a tuple, or what stands between two.
    pub(super) fn begun(&self) -> usize {
        if self.phase == Phase::Tuple { self.row.tuple } else { self.at }
    }

    /// Walks on.
    ///
    /// # Errors
    /// What breaks the grammar of `mod.rs`.
    pub(super) fn run<V: Visit>(
        &mut self,
        rules: &Rules,
        bytes: &[u8],
        visit: &mut V,
    ) -> Result<Halt, Fault> {
        let mut batch = Batch::new();
        loop {
            let halt = match self.phase {
                Phase::Start | Phase::Head => self.head(rules, bytes)?,
                Phase::Behind => self.behind(rules, bytes, visit)?,
                Phase::Tuple => self.tuple(rules, bytes, visit, &mut batch)?,
            };
            if let Some(halt) = halt {
                return Ok(halt);
            }
        }
    }

    #[inline]
    fn begin(&mut self, at: usize) {
        (self.phase, self.row) = (Phase::Tuple, Row::new(at));
    }

    fn head(&mut self, rules: &Rules, bytes: &[u8]) -> Result<Option<Halt>, Fault> {
        let at = skip_blanks(rules.dialect, bytes, self.at);
        if at - self.at > rules.max_row {
            return Err(Fault { wrong: Wrong::Long, at: self.at });
        }
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.strip_prefix(&*rules.head) {
            Some([b'(', ..]) => self.begin(at + rules.head.len()),
            Some([]) => return Ok(Some(Halt::More)),
            None if rules.head.starts_with(rest) => return Ok(Some(Halt::More)),
            _ if self.phase == Phase::Start => self.phase = Phase::Behind,
            _ => return Ok(Some(Halt::Over)),
        }
        Ok(None)
    }

    fn behind<V: Visit>(
        &mut self,
        rules: &Rules,
        bytes: &[u8],
        visit: &mut V,
    ) -> Result<Option<Halt>, Fault> {
        let next = between(rules.dialect, bytes, self.at);
        if let Between::Tuple(at) | Between::End(at) = next
            && at - self.at > rules.max_row
        {
            return Err(Fault { wrong: Wrong::Long, at: self.at });
        }
        match next {
            Between::More => return Ok(Some(Halt::More)),
            Between::Tuple(at) => self.begin(at),
            Between::End(at) => {
                visit.statement(at);
                (self.phase, self.at) = (Phase::Head, at);
            }
            Between::Wrong(at) => return Err(Fault { wrong: Wrong::Between, at }),
        }
        Ok(None)
    }

    /// Walks through plain tuples, to the end of one that is not, and through those that follow it within the same block.
    fn tuple<V: Visit>(
        &mut self,
        rules: &Rules,
        bytes: &[u8],
        visit: &mut V,
        batch: &mut Batch,
    ) -> Result<Option<Halt>, Fault> {
        if V::PLAIN && self.row.at == self.row.tuple {
            match plain::walk(rules, bytes, self.row.tuple, visit, batch) {
                Left::Tuple(at) => self.begin(at),
                Left::Behind(end, full) => {
                    (self.phase, self.at) = (Phase::Behind, end);
                    return Ok(full.then_some(Halt::Full));
                }
            }
        }
        // In registers while it lasts.
        let (mut row, mut spare) = (self.row, [0; LANES]);
        while let Some(block) = Block::at(bytes, row.at, &mut spare) {
            let (masks, lex) = if V::STRICT {
                row.lex.fast::<true>(rules.dialect, block)
            } else {
                row.lex.fast::<false>(rules.dialect, block)
            };
            let mut part = Part { masks, lex, slow: false, ahead: u64::MAX, fresh: u64::MAX };
            let live = block.live;
            if live != u64::MAX {
                // It is read again when it is whole.
                self.row = row;
            }
            match row.block(rules, bytes, visit, block, &mut part)? {
                Some(Next::Tuple(at)) => {
                    self.begin(at);
                    return Ok(None);
                }
                Some(Next::Behind(end, full)) => {
                    (self.phase, self.at) = (Phase::Behind, end);
                    return Ok(full.then_some(Halt::Full));
                }
                None if live != u64::MAX => {
                    if row.tuple != self.row.tuple {
                        // Tuples that ended in it were taken.
                        self.begin(row.tuple);
                    }
                    return Ok(Some(Halt::More));
                }
                None => {
                    row.marks += (part.masks.marks & part.fresh).count_ones();
                    row.lex = part.lex;
                    row.at += LANES;
                }
            }
        }
        self.row = row;
        Ok(Some(Halt::More))
    }
}

/// What comes behind a tuple.
#[derive(Clone, Copy)]
enum Next {
    /// A tuple at this place: only a separator, or a `;` and the head, stood between.
    Tuple(usize),
    /// It is to be read from this place; or the visitor has enough.
    Behind(usize, bool),
}

/// Where the reading of a tuple stands.
#[derive(Clone, Copy)]
struct Row {
    /// The next block.
    at: usize,
    /// Where the tuple began.
    tuple: usize,
    lex: Lex,
    depth: u32,
    column: usize,
    field: usize,
    marks: u32,
}

impl Row {
    #[inline]
    fn new(at: usize) -> Self {
        Self { at, tuple: at, lex: Lex::new(), depth: 0, column: 0, field: at, marks: 0 }
    }

    /// Walks through one block. `None`: to its end; otherwise a tuple ended.
    #[inline(always)]
    fn block<V: Visit>(
        &mut self,
        rules: &Rules,
        bytes: &[u8],
        visit: &mut V,
        block: Block<'_>,
        part: &mut Part,
    ) -> Result<Option<Next>, Fault> {
        loop {
            let wanting = V::STRICT && self.depth == 1 && visit.wanted() != usize::MAX;
            let commas = if wanting { part.masks.commas } else { 0 };
            let events = (part.masks.opens | part.masks.closes | commas) & part.ahead;
            let first = events & events.wrapping_neg();
            let below = part.ahead & first.wrapping_sub(1);
            if part.masks.stop & below != 0 {
                if part.slow {
                    return Err(Fault { wrong: Wrong::Byte, at: self.at + bit(part.masks.stop) });
                }
                (part.masks, part.lex) = self.lex.slow(rules.dialect, block);
                part.slow = true;
                continue;
            }
            if V::STRICT && !wanting && self.depth == 1 {
                self.column += usize::try_from((part.masks.commas & below).count_ones()).unwrap_or_default();
            }
            if events == 0 {
                return Ok(None);
            }
            part.ahead &= !(below | first);
            let at = self.at + bit(first);
            if wanting && part.masks.commas & first != 0 {
                self.border(at, visit, part);
            } else if part.masks.opens & first != 0 {
                self.depth += 1;
                if self.depth == 1 {
                    (self.field, self.column, self.marks, part.fresh) = (at + 1, 0, 0, part.ahead);
                }
            } else {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    match self.close(rules, bytes, visit, at, part)? {
                        // It begins in the same block, and the masks hold for it: only blanks and a comma stand between.
                        (Next::Tuple(next), true) if next - self.at < LANES => {
                            part.ahead = u64::MAX << (next - self.at);
                            self.tuple = next;
                        }
                        (next, _) => return Ok(Some(next)),
                    }
                }
            }
        }
    }

    /// Passes the border behind a field.
    #[inline(always)]
    fn border<V: Visit>(&mut self, at: usize, visit: &mut V, part: &mut Part) {
        if self.column == visit.wanted() {
            let here = part.masks.marks & part.fresh & !part.ahead;
            visit.field(self.field, at, self.marks + here.count_ones());
        }
        self.column += 1;
        (self.field, self.marks, part.fresh) = (at + 1, 0, part.ahead);
    }

    /// Ends a tuple at its `)`. Returns what comes, and whether only blanks and a comma stand between.
    #[inline(always)]
    fn close<V: Visit>(
        &mut self,
        rules: &Rules,
        bytes: &[u8],
        visit: &mut V,
        at: usize,
        part: &mut Part,
    ) -> Result<(Next, bool), Fault> {
        let end = at + 1;
        if V::STRICT {
            // A tuple does not end in `]`.
            if bytes.get(at) != Some(&b')') {
                return Err(Fault { wrong: Wrong::Byte, at });
            }
            self.border(at, visit, part);
            let empty = rules.columns == 0 && self.column == 1 && end - self.tuple == 2;
            if self.column != rules.columns && !empty {
                return Err(Fault { wrong: Wrong::Width { found: self.column }, at: self.tuple });
            }
        }
        if end - self.tuple > rules.max_row {
            return Err(Fault { wrong: Wrong::Long, at: self.tuple });
        }
        if V::NUL && memchr::memchr(0, bytes.get(self.tuple..end).unwrap_or_default()).is_some() {
            visit.nul();
        }
        if visit.tuple(self.tuple, end, V::STRICT) {
            return Ok((Next::Behind(end, true), false));
        }
        let rest = bytes.get(end..).unwrap_or_default();
        if rest.first() == Some(&b',') {
            let next = skip_blanks(rules.dialect, bytes, end + 1);
            if bytes.get(next) == Some(&b'(') {
                return Ok((Next::Tuple(next), true));
            }
        } else if rest.starts_with(&rules.next) {
            visit.statement(end + 1);
            return Ok((Next::Tuple(end + rules.next.len() - 1), false));
        }
        Ok((Next::Behind(end, false), false))
    }
}

/// One block on its way.
struct Part {
    masks: Masks,
    /// The lexer's state behind it.
    lex: Lex,
    /// Whether it was read byte by byte.
    slow: bool,
    /// The bits that were not passed yet.
    ahead: u64,
    /// The bits of the field being read.
    fresh: u64,
}

/// Returns the place of the lowest bit.
#[inline]
pub(super) fn bit(mask: u64) -> usize {
    usize::try_from(mask.trailing_zeros()).unwrap_or_default()
}

/// What stands behind a tuple.
enum Between {
    More,
    Tuple(usize),
    End(usize),
    Wrong(usize),
}

#[inline]
pub(super) fn skip_blanks(dialect: Dialect, bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|b| !dialect.is_blank(*b)).unwrap_or(rest.len())
}

fn between(dialect: Dialect, bytes: &[u8], at: usize) -> Between {
    let mut at = skip_blanks(dialect, bytes, at);
    let clause = dialect.family != Family::MySql;
    if clause && bytes.get(at).is_some_and(|b| b.eq_ignore_ascii_case(&b'o')) {
        for word in [&b"ON"[..], b"CONFLICT", b"DO", b"NOTHING"] {
            let rest = bytes.get(at..).unwrap_or_default();
            let there = rest.get(..word.len()).unwrap_or(rest);
            let same = word.get(..there.len()).is_some_and(|word| word.eq_ignore_ascii_case(there));
            let next = skip_blanks(dialect, bytes, at + word.len());
            if !same {
                return Between::Wrong(at);
            }
            if next >= bytes.len() {
                return Between::More;
            }
            // Words are kept apart; the last one may touch the `;`.
            if next == at + word.len() && bytes.get(next) != Some(&b';') {
                return Between::Wrong(at);
            }
            at = next;
        }
        return if bytes.get(at) == Some(&b';') { Between::End(at + 1) } else { Between::Wrong(at) };
    }
    match bytes.get(at) {
        None => Between::More,
        Some(b';') => Between::End(at + 1),
        Some(b',') => {
            let next = skip_blanks(dialect, bytes, at + 1);
            match bytes.get(next) {
                None => Between::More,
                Some(b'(') => Between::Tuple(next),
                Some(_) => Between::Wrong(next),
            }
        }
        Some(_) => Between::Wrong(at),
    }
}

/// Returns the line of a place, from 1, counted from `from`.
pub(super) fn line_of(bytes: &[u8], from: usize, at: usize) -> u64 {
    let before = bytes.get(from..at).unwrap_or_default();
    u64::try_from(memchr::memchr_iter(b'\n', before).count() + 1).unwrap_or(u64::MAX)
}
