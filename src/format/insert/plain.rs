//! Walks over plain tuples: literals without brackets, strings without a prefix that changes how they are read. Nearly all
//! rows of dumps are such: they are read a batch of blocks at a time, every byte outside of strings is looked at, and fields
//! are counted. What is not positively plain is not judged here: the tuple is given back whole, and `walk` reads it.

use super::batch::{Batch, Before, Counts, Least};
use super::lex::LANES;
use super::walk::{Rules, Visit, skip_blanks};

/// Where the plain tuples end.
pub(super) enum Left {
    /// Before this tuple: it is not plain, or not whole.
    Tuple(usize),
    /// Behind a tuple: what follows is neither the next one nor a `;` and the head of the next statement as they are
    /// usually written, or the visitor has enough.
    Behind(usize, bool),
}

/// Where the reading of a tuple stands in a batch.
struct Row {
    tuple: usize,
    /// What stands before the tuple in the batch; nothing if it began earlier.
    from: Counts,
    /// Commas before the batch.
    column: usize,
    /// Where the field behind them begins, and the marks up to there; those of earlier batches count below zero.
    field: usize,
    marks: u32,
}

impl Row {
    #[inline(always)]
    fn new(tuple: usize, from: Counts, marks: u32) -> Self {
        Self { tuple, from, column: 0, field: tuple + 1, marks }
    }

    /// Says whether all is plain up to `here`, the counts of the place `to`.
    #[inline(always)]
    fn is_plain(&self, rules: &Rules, bytes: &[u8], read: (&Batch, usize), here: Counts, to: usize) -> bool {
        let (batch, base) = read;
        // Not its own `(`.
        let from = (self.tuple + 1).saturating_sub(base);
        here.odd == self.from.odd || !batch.is_odd(rules.dialect, bytes, base, from, to)
    }

    /// Hands over the wanted fields that end before `to`, whose counts are `here`; with `closes` the one that ends there too.
    #[inline(always)]
    fn fields<V: Visit>(
        &self,
        visit: &mut V,
        (batch, base): (&Batch, usize),
        here: Counts,
        to: usize,
        closes: bool,
    ) {
        let borders = here.commas - self.from.commas;
        let mut wanted = visit.wanted();
        while wanted.wrapping_sub(self.column) < borders + usize::from(closes) {
            let behind = wanted - self.column;
            let comma = self.from.commas + behind;
            let (field, marks) = if behind == 0 {
                (self.field, self.marks)
            } else {
                let before = batch.comma(comma - 1);
                (base + before + 1, batch.marks(before))
            };
            let end = if behind == borders { to } else { batch.comma(comma) };
            visit.field(field, base + end, batch.marks(end).wrapping_sub(marks));
            wanted = visit.wanted();
        }
    }

    /// Goes on in the next batch.
    #[inline(always)]
    fn carry<V: Visit>(&mut self, batch: &Batch, base: usize) {
        let borders = batch.total().commas - self.from.commas;
        if V::FIELDS {
            if borders > 0 {
                let last = batch.comma(batch.total().commas - 1);
                (self.field, self.marks) = (base + last + 1, batch.marks(last));
            }
            self.marks = self.marks.wrapping_sub(batch.total_marks());
        }
        self.column += borders;
        self.from = Counts::default();
    }
}

/// Walks from the `(` of a tuple on, as far as tuples are plain.
pub(super) fn walk<V: Visit>(
    rules: &Rules,
    bytes: &[u8],
    start: usize,
    visit: &mut V,
    batch: &mut Batch,
) -> Left {
    let mut least = Least::new();
    let mut tuple = start;
    let left = loop {
        let stretch = if V::SURE {
            stretch(rules, bytes, tuple, visit, (batch, &mut least))
        } else {
            ends(rules, bytes, tuple, visit, batch)
        };
        match stretch {
            Ok(next) => tuple = next,
            Err(left) => break left,
        }
    };
    if V::NUL && least.is_nul() {
        visit.nul();
    }
    left
}

/// Walks from the `(` of a tuple on, and returns that of one for which blocks must be read anew.
#[inline(always)]
fn stretch<V: Visit>(
    rules: &Rules,
    bytes: &[u8],
    tuple: usize,
    visit: &mut V,
    (batch, least): (&mut Batch, &mut Least),
) -> Result<usize, Left> {
    // Its own `(` is odd.
    let mut row = Row::new(tuple, Counts { commas: 0, odd: 1 }, 0);
    let (mut base, mut before) = (tuple, Before::default());
    loop {
        let blocks = bytes.get(base..).unwrap_or_default().as_chunks::<LANES>().0;
        if blocks.is_empty() {
            return Err(give_back(row.tuple, visit));
        }
        batch.read::<V>(rules.dialect, blocks, &mut before, least);
        for place in batch.closes() {
            let close = base + place;
            if close < row.tuple {
                // Of a head that was passed.
                continue;
            }
            let here = batch.counts(place);
            if !row.is_plain(rules, bytes, (batch, base), here, place) {
                return Err(give_back(row.tuple, visit));
            }
            if V::FIELDS {
                row.fields(visit, (batch, base), here, place, true);
            }
            let columns = row.column + here.commas - row.from.commas + 1;
            if columns != rules.columns || close + 1 - row.tuple > rules.max_row {
                return Err(give_back(row.tuple, visit));
            }
            if visit.tuple(row.tuple, close + 1, true) {
                return Err(Left::Behind(close + 1, true));
            }
            let (next, joint) =
                follow(rules, bytes, close + 1, visit).ok_or(Left::Behind(close + 1, false))?;
            let ahead = next + 1 - base;
            // The masks hold for it if nothing between changes what is in strings: a comma and blanks, or such a head.
            let holds = rules.quiet || joint != Joint::Head;
            if ahead >= batch.end() || !holds {
                return Ok(next);
            }
            let from = if joint == Joint::Comma {
                Counts { commas: here.commas + 1, odd: here.odd + 1 }
            } else {
                batch.counts(ahead)
            };
            row = Row::new(next, from, if V::FIELDS { batch.marks(ahead) } else { 0 });
        }
        if !row.is_plain(rules, bytes, (batch, base), batch.total(), batch.end()) {
            return Err(give_back(row.tuple, visit));
        }
        if V::FIELDS {
            row.fields(visit, (batch, base), batch.total(), batch.end(), false);
        }
        row.carry::<V>(batch, base);
        base += batch.end();
    }
}

/// The same, looking at nothing but where tuples end. What these may hold is not told: they are not checked.
#[inline(always)]
fn ends<V: Visit>(
    rules: &Rules,
    bytes: &[u8],
    mut tuple: usize,
    visit: &mut V,
    batch: &mut Batch,
) -> Result<usize, Left> {
    let (mut base, mut before) = (tuple, Before::default());
    loop {
        let blocks = bytes.get(base..).unwrap_or_default().as_chunks::<LANES>().0;
        if blocks.is_empty() {
            return Err(give_back(tuple, visit));
        }
        batch.read_ends::<V>(rules.dialect, blocks, &mut before);
        for place in batch.closes() {
            let at = base + place;
            if at <= tuple {
                // Its own `(`, or of a head that was passed.
                continue;
            }
            if bytes.get(at) != Some(&b')') || at + 1 - tuple > rules.max_row {
                return Err(give_back(tuple, visit));
            }
            if visit.tuple(tuple, at + 1, false) {
                return Err(Left::Behind(at + 1, true));
            }
            let (next, joint) = follow(rules, bytes, at + 1, visit).ok_or(Left::Behind(at + 1, false))?;
            if next - base >= batch.end() || (!rules.quiet && joint == Joint::Head) {
                return Ok(next);
            }
            tuple = next;
        }
        base += batch.end();
    }
}

#[cold]
fn give_back<V: Visit>(tuple: usize, visit: &mut V) -> Left {
    visit.undo();
    Left::Tuple(tuple)
}

/// What stands between two tuples.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// A comma; perhaps a line end.
    Comma,
    /// A comma and blanks.
    Blanks,
    /// `;` and the head of a statement.
    Head,
}

/// Returns where the next tuple begins, if what stands before it is as usual.
#[inline(always)]
fn follow<V: Visit>(rules: &Rules, bytes: &[u8], end: usize, visit: &mut V) -> Option<(usize, Joint)> {
    let rest = bytes.get(end..)?;
    match rest {
        [b',', b'(', ..] => Some((end + 1, Joint::Comma)),
        [b',', b'\n', b'(', ..] => Some((end + 2, Joint::Comma)),
        [b',', ..] => {
            let next = skip_blanks(rules.dialect, bytes, end + 1);
            (bytes.get(next) == Some(&b'(')).then_some((next, Joint::Blanks))
        }
        _ if rest.starts_with(&rules.next) => {
            visit.statement(end + 1);
            Some((end + rules.next.len() - 1, Joint::Head))
        }
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::RowCodec;
    use crate::format::insert::walk::{Fault, Halt, Phase, Walk};
    use crate::format::insert::{Dialect, Family, InsertRows, Region};

    pub(in crate::format::insert) const HEAD: &[u8] = b"INSERT INTO customers (a, `b-('`) VALUES ";
    pub(in crate::format::insert) const COLUMNS: usize = 2;
    const MAX_ROW: usize = 2000;

    /// Keeps all that a walk tells.
    struct Keep<const PLAIN: bool> {
        wanted: Vec<usize>,
        fields: Vec<(usize, usize, u32)>,
        rows: Vec<(usize, usize)>,
        ends: Vec<usize>,
        seen: usize,
    }

    impl<const PLAIN: bool> Visit for Keep<PLAIN> {
        const STRICT: bool = true;
        const FIELDS: bool = true;
        const PLAIN: bool = PLAIN;

        fn wanted(&self) -> usize {
            self.wanted.get(self.seen).copied().unwrap_or(usize::MAX)
        }

        fn field(&mut self, start: usize, end: usize, marks: u32) {
            self.fields.push((start, end, marks));
            self.seen += 1;
        }

        fn undo(&mut self) {
            self.fields.truncate(self.fields.len() - self.seen);
            self.seen = 0;
        }

        fn tuple(&mut self, start: usize, end: usize, checked: bool) -> bool {
            assert!(checked);
            self.rows.push((start, end));
            self.seen = 0;
            false
        }

        fn statement(&mut self, end: usize) {
            self.ends.push(end);
        }
    }

    type Told = (Result<Halt, Fault>, Vec<(usize, usize, u32)>, Vec<(usize, usize)>, Vec<usize>);

    fn told<const PLAIN: bool>(dialect: Dialect, text: &[u8], wanted: &[usize]) -> Told {
        let rules = Rules::new(dialect, HEAD, COLUMNS, MAX_ROW);
        let mut keep = Keep::<PLAIN> {
            wanted: wanted.to_vec(),
            fields: Vec::new(),
            rows: Vec::new(),
            ends: Vec::new(),
            seen: 0,
        };
        let halt = Walk::new(Phase::Start, 0).run(&rules, text, &mut keep);
        // Of a tuple that did not end nothing is used.
        keep.fields.truncate(keep.rows.len() * wanted.len());
        (halt, keep.fields, keep.rows, keep.ends)
    }

    /// Keeps ends alone.
    struct Ends<const PLAIN: bool>(Vec<usize>);

    impl<const PLAIN: bool> Visit for Ends<PLAIN> {
        const STRICT: bool = false;
        const PLAIN: bool = PLAIN;
        const SURE: bool = false;

        fn tuple(&mut self, _start: usize, end: usize, checked: bool) -> bool {
            assert!(!checked);
            self.0.push(end);
            false
        }

        fn statement(&mut self, end: usize) {
            self.0.push(end);
        }
    }

    fn ends_of<const PLAIN: bool>(dialect: Dialect, text: &[u8]) -> (Result<Halt, Fault>, Vec<usize>) {
        let rules = Rules::new(dialect, HEAD, COLUMNS, MAX_ROW);
        let mut ends = Ends::<PLAIN>(Vec::new());
        let halt = Walk::new(Phase::Start, 0).run(&rules, text, &mut ends);
        (halt, ends.0)
    }

    pub(in crate::format::insert) fn dialects() -> impl Strategy<Value = Dialect> {
        let old = Dialect::postgres(false);
        let ansi = Dialect { double_quoted_strings: false, ..Dialect::mysql() };
        let plain = Dialect { backslash: false, ..Dialect::mysql() };
        prop::sample::select(vec![
            Dialect::postgres(true),
            old,
            Dialect::mysql(),
            ansi,
            plain,
            Dialect::sqlite(),
        ])
    }

    /// What rows are made of, and what could be mistaken for it.
    pub(in crate::format::insert) fn soup() -> impl Strategy<Value = Vec<u8>> {
        let head = String::from_utf8_lossy(HEAD).into_owned();
        let next = format!("','b');\n{head}(1,'");
        let odd = [
            "'",
            "''",
            "\\",
            "\\'",
            "\\\\'",
            "\"",
            "(",
            ")",
            ",",
            "E'",
            "e'",
            "--",
            "-",
            "-- '\n",
            "/* ' */",
            ";",
            "\n",
            "\r\n",
            "\t",
            "\0",
            "$$",
            "#",
            "[",
            "]",
            "`",
            "%",
            "m",
            "NULL",
            "true",
            "1e-5",
            "_utf8mb4'x'",
            "X'00'",
            "é",
        ];
        let usual = [
            "a",
            "1",
            " ",
            "','b'),(1,'",
            "','b'),\n(2,'",
            "','b') , (2,'",
            "',-1),(1,'",
            "','');\n",
            "it''s",
            "(x)",
            "','b') ON CONFLICT DO NOTHING;\n",
            "2024-01-02 -- ;",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ];
        // Over the end of a batch.
        let long = "b".repeat(700);
        let usual: Vec<String> = usual.iter().map(|s| (*s).to_owned()).chain([next, long]).collect();
        let odd: Vec<String> = odd.iter().map(|s| (*s).to_owned()).chain([head.clone()]).collect();
        let part = prop_oneof![9 => prop::sample::select(usual), 1 => prop::sample::select(odd)];
        prop::collection::vec(part, 0..60)
            .prop_map(move |parts| format!("{head}(1,'{}','z');\n", parts.concat()).into_bytes())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn plain_tuples_are_what_the_walk_makes_of_them(
            text in soup(),
            dialect in dialects(),
            wanted in prop::sample::select(vec![vec![], vec![0], vec![1], vec![0, 1]]),
        ) {
            prop_assert_eq!(told::<true>(dialect, &text, &wanted), told::<false>(dialect, &text, &wanted));
        }

        #[test]
        fn ends_alone_are_those_of_the_walk(text in soup(), dialect in dialects()) {
            if dialect.family == Family::Postgres && !dialect.backslash {
                return Ok(());
            }
            let ends = |(halt, ends): (Result<Halt, Fault>, Vec<usize>), sound: Option<usize>| match sound {
                None => (halt.ok(), ends),
                // Behind what is wrong a lax walk may go on.
                Some(at) => (None, ends.into_iter().filter(|end| *end <= at).collect()),
            };
            let wrong = told::<false>(dialect, &text, &[]).0.err().map(|fault| fault.at);
            let lax = ends_of::<false>(dialect, &text);
            prop_assert_eq!(ends(ends_of::<true>(dialect, &text), wrong), ends(lax, wrong));
        }

        /// A region that finds ends alone, from anywhere on, finds the same where all is sound.
        #[test]
        fn a_region_that_only_cuts_cuts_at_the_same_places(
            text in soup(),
            dialect in dialects(),
            step in 1_usize..200,
            late in 0_usize..400,
        ) {
            let codec = InsertRows::new(&dialect, HEAD, COLUMNS, MAX_ROW);
            if codec.count(&text).is_err() {
                return Ok(());
            }
            let [mut one, mut other] = [0, 1].map(|_| Region::new(HEAD, &dialect, COLUMNS, MAX_ROW));
            let (mut from, mut have) = (0, 0);
            while have < text.len() {
                have = (have + step).min(text.len());
                if have >= late {
                    other.cut_only();
                }
                let there = text.get(..have).unwrap_or_default();
                let [one, other] = [&mut one, &mut other].map(|region| region.scan(there, from, have == text.len()));
                let (Ok(one), Ok(other)) = (one, other) else { return Err(TestCaseError::fail("refused")) };
                prop_assert_eq!((one.end, one.over, one.inside), (other.end, other.over, other.inside));
                from = one.end;
                if one.over {
                    break;
                }
            }
        }

        /// What a region says it counted, the codec counts; and however little a read gives, the ends are the same.
        #[test]
        fn what_is_counted_while_ends_are_found_is_sound(text in soup(), dialect in dialects(), step in 1_usize..200) {
            let codec = InsertRows::new(&dialect, HEAD, COLUMNS, MAX_ROW);
            let mut region = Region::new(HEAD, &dialect, COLUMNS, MAX_ROW);
            let (mut from, mut have) = (0, step.min(text.len()));
            loop {
                let there = text.get(..have).unwrap_or_default();
                let Ok(reach) = region.scan(there, from, have == text.len()) else { break };
                prop_assert!(from <= reach.counted && reach.counted <= reach.end);
                let block = text.get(from..reach.counted).unwrap_or_default();
                prop_assert_eq!(codec.count(block).map(|(rows, _)| rows), Ok(reach.rows));
                let stuck = reach.end == from && have == text.len();
                from = reach.end;
                have = (have + step).min(text.len());
                if reach.over || stuck {
                    break;
                }
            }
            if codec.count(&text).is_ok() {
                // All of it is rows: nothing was left out.
                let rest = text.get(from..).unwrap_or_default();
                prop_assert!(rest.iter().all(|b| dialect.is_blank(*b)), "{} left", rest.len());
            }
        }
    }
}
