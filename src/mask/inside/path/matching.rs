//! All paths of a rule as one tree, walked along with the value: at each part it is known which places select it, and
//! whether any can select something below. A name is looked up once, whatever the number of paths.
//!
//! Of two places that select one part the more exact counts: fewer `..`, then fewer `*`, then fewer filters and counts
//! from the end, then more steps; of equals one that masks before one that keeps; then the first written. Refuses two
//! places that are the same text in another spelling. Deliberately absent: values, and how they are written.

use std::ops::Range;

use super::{Filter, Step};
use crate::error::Name;
use crate::mask::Refusal;
use crate::mask::inside::{Inside, Part, Unfit};
use crate::message;

/// What the places say of one part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::mask::inside) struct Selected {
    /// The place that counts for it, if any selects it.
    pub(in crate::mask::inside) value: Option<usize>,
    /// The place that counts for its keys.
    pub(in crate::mask::inside) keys: Option<usize>,
    /// Whether a place may select something below.
    pub(in crate::mask::inside) deeper: bool,
    /// Whether a path came here by the name itself, not by `*` or `..`.
    pub(in crate::mask::inside) spelled: bool,
}

/// A member or element on its way into the tree.
#[derive(Clone, Copy, Default)]
pub(in crate::mask::inside) struct Child {
    /// The member's name, where a path spells it.
    pub(in crate::mask::inside) name: Option<usize>,
    /// The element's number.
    pub(in crate::mask::inside) index: Option<i64>,
    /// Its number from the end, where a path counts so: -1 is the last.
    pub(in crate::mask::inside) from_end: Option<i64>,
}

/// What `by:` of a place looks up, from the part that both share.
pub(in crate::mask::inside) struct By {
    /// Names and numbers only.
    pub(in crate::mask::inside) steps: Vec<Step>,
}

/// The places of a rule, ready to be walked along.
pub(in crate::mask::inside) struct Matcher {
    nodes: Vec<Node>,
    names: Names,
    /// Places, the most exact first.
    ranked: Vec<usize>,
    bys: Vec<By>,
    by_of: Vec<Option<usize>>,
}

#[derive(Default)]
struct Node {
    named: Vec<(usize, usize)>,
    indexed: Vec<(i64, usize)>,
    any: Option<usize>,
    filtered: Vec<(Filter, usize)>,
    descend: Option<usize>,
    /// It is a `..`: it goes along into everything below.
    looping: bool,
    deeper: bool,
    value: Option<usize>,
    keys: Option<usize>,
    anchors: Vec<usize>,
}

impl Matcher {
    /// Takes up the places of a rule.
    ///
    /// # Errors
    /// A path that cannot be read, or two that are the same.
    pub(in crate::mask::inside) fn new(inside: &Inside) -> Result<Self, Refusal> {
        let mut paths = Vec::with_capacity(inside.places.len());
        for place in &inside.places {
            super::check(place)?;
            paths.push(super::read(&place.text)?);
        }
        for (at, place) in inside.places.iter().enumerate() {
            let same = |earlier: usize| {
                paths.get(earlier) == paths.get(at)
                    && inside.places.get(earlier).is_some_and(|other| other.part == place.part)
            };
            if (0..at).any(same) {
                return Err(Refusal {
                    what: message!("the place `{}` stands there twice", Name::new(place.text.as_str())),
                    hint: Some("write one rule for each place".into()),
                });
            }
        }
        let mut ranked: Vec<usize> = (0..paths.len()).collect();
        ranked.sort_by_key(|at| {
            let keeps = inside.leaves.get(*at).is_some_and(|leaf| leaf.mask.is_none());
            (exactness(paths.get(*at).map_or(&[], Vec::as_slice)), keeps, *at)
        });
        let mut matcher = Self {
            nodes: vec![Node::default()],
            names: Names::default(),
            ranked,
            bys: Vec::new(),
            by_of: vec![None; paths.len()],
        };
        for (rank, place) in matcher.ranked.clone().into_iter().enumerate() {
            let (Some(steps), Some(at)) = (paths.get(place), inside.places.get(place)) else { continue };
            matcher.add(steps, at.part, rank);
            if let Some(by) = &at.by {
                let by = super::read(by)?;
                let (shared, rest) = super::suffix(steps, &by, &at.text)?;
                let node = matcher.node(steps.get(..shared).unwrap_or_default());
                let id = matcher.bys.len();
                matcher.bys.push(By { steps: rest.to_vec() });
                if let Some(node) = matcher.nodes.get_mut(node) {
                    node.anchors.push(id);
                }
                if let Some(of) = matcher.by_of.get_mut(place) {
                    *of = Some(id);
                }
            }
        }
        matcher.names.seal();
        matcher.mark();
        Ok(matcher)
    }

    fn add(&mut self, steps: &[Step], part: Part, rank: usize) {
        let node = self.node(steps);
        if let Some(node) = self.nodes.get_mut(node) {
            match part {
                Part::Value => node.value = Some(rank),
                Part::Keys => node.keys = Some(rank),
            }
        }
    }

    /// Returns the node at the end of a path, made where it is not there yet.
    fn node(&mut self, steps: &[Step]) -> usize {
        let mut at = 0;
        for step in steps {
            let new = self.nodes.len();
            let name = if let Step::Name(name) = step { self.names.intern(name) } else { 0 };
            let Some(node) = self.nodes.get_mut(at) else { return at };
            let next = match step {
                Step::Name(_) => found(&mut node.named, &name, new),
                Step::Index(index) => found(&mut node.indexed, index, new),
                Step::Any => *node.any.get_or_insert(new),
                Step::Descend => *node.descend.get_or_insert(new),
                Step::Filter(filter) => found(&mut node.filtered, filter, new),
            };
            if next == new {
                self.nodes.push(Node { looping: *step == Step::Descend, ..Node::default() });
            }
            at = next;
        }
        at
    }

    fn mark(&mut self) {
        for node in &mut self.nodes {
            node.named.sort_unstable();
            node.deeper = node.looping
                || node.any.is_some()
                || node.descend.is_some()
                || !(node.named.is_empty() && node.indexed.is_empty() && node.filtered.is_empty());
        }
    }

    /// Returns the number of a name that a path spells.
    #[inline]
    pub(in crate::mask::inside) fn name(&self, name: &[u8]) -> Option<usize> {
        self.names.find(name)
    }

    /// Returns what the place at this index looks up to be decided by.
    pub(in crate::mask::inside) fn by(&self, place: usize) -> Option<usize> {
        self.by_of.get(place).copied().flatten()
    }

    /// Returns how a deciding value is found.
    pub(in crate::mask::inside) fn by_steps(&self, by: usize) -> &[Step] {
        self.bys.get(by).map_or(&[], |by| by.steps.as_slice())
    }

    /// Enters the tree with the whole value: appends where the walk stands to `active`.
    pub(in crate::mask::inside) fn start(&self, active: &mut Vec<usize>) -> Selected {
        let from = active.len();
        self.enter(0, from, active);
        Selected { spelled: true, ..self.selected(active.get(from..).unwrap_or_default()) }
    }

    /// Returns whether a path at these nodes counts elements from the end.
    pub(in crate::mask::inside) fn counts(&self, active: &[usize]) -> bool {
        self.at(active).any(|node| node.indexed.iter().any(|(index, _)| *index < 0))
    }

    /// Calls `each` with what is looked up from the part at these nodes.
    pub(in crate::mask::inside) fn anchors(&self, active: &[usize], mut each: impl FnMut(usize)) {
        if self.bys.is_empty() {
            return;
        }
        for node in self.at(active) {
            node.anchors.iter().for_each(|by| each(*by));
        }
    }

    /// Goes down into a member or element: appends where the walk stands then to `active`.
    ///
    /// # Errors
    /// What `holds` returns.
    #[inline]
    pub(in crate::mask::inside) fn step(
        &self,
        active: &mut Vec<usize>,
        from: Range<usize>,
        child: &Child,
        mut holds: impl FnMut(&Filter) -> Result<bool, Unfit>,
    ) -> Result<Selected, Unfit> {
        let start = active.len();
        let mut spelled = false;
        for at in from {
            let Some((id, node)) = active.get(at).and_then(|id| self.nodes.get(*id).map(|node| (*id, node)))
            else {
                continue;
            };
            if let Some(name) = child.name
                && let Ok(found) = node.named.binary_search_by_key(&name, |(name, _)| *name)
                && let Some((_, next)) = node.named.get(found)
            {
                spelled = true;
                self.enter(*next, start, active);
            }
            for (wanted, next) in &node.indexed {
                let number = if *wanted < 0 { child.from_end } else { child.index };
                if number == Some(*wanted) {
                    spelled = true;
                    self.enter(*next, start, active);
                }
            }
            if let Some(next) = node.any {
                self.enter(next, start, active);
            }
            for (filter, next) in &node.filtered {
                if holds(filter)? {
                    self.enter(*next, start, active);
                }
            }
            if node.looping {
                self.enter(id, start, active);
            }
        }
        if active.len() == start {
            return Ok(Selected::default());
        }
        Ok(Selected { spelled, ..self.selected(active.get(start..).unwrap_or_default()) })
    }

    fn enter(&self, node: usize, start: usize, active: &mut Vec<usize>) {
        let mut next = Some(node);
        while let Some(id) = next {
            if active.get(start..).is_some_and(|now| now.contains(&id)) {
                return;
            }
            active.push(id);
            next = self.nodes.get(id).and_then(|node| node.descend);
        }
    }

    fn at<'a>(&'a self, active: &'a [usize]) -> impl Iterator<Item = &'a Node> {
        active.iter().filter_map(|id| self.nodes.get(*id))
    }

    fn selected(&self, active: &[usize]) -> Selected {
        let (mut value, mut keys, mut deeper) = (None, None, false);
        let best = |now: Option<usize>, new: Option<usize>| match (now, new) {
            (Some(now), Some(new)) => Some(now.min(new)),
            (now, new) => now.or(new),
        };
        for node in self.at(active) {
            value = best(value, node.value);
            keys = best(keys, node.keys);
            deeper |= node.deeper;
        }
        let place = |rank: Option<usize>| rank.and_then(|rank| self.ranked.get(rank).copied());
        Selected { value: place(value), keys: place(keys), deeper, spelled: false }
    }
}

/// Orders paths: the more exact first.
fn exactness(steps: &[Step]) -> (usize, usize, usize, usize) {
    let count = |is: fn(&Step) -> bool| steps.iter().filter(|step| is(step)).count();
    (
        count(|step| *step == Step::Descend),
        count(|step| *step == Step::Any),
        count(|step| matches!(step, Step::Filter(_)) || matches!(step, Step::Index(n) if *n < 0)),
        usize::MAX - steps.len(),
    )
}

fn found<K: Clone + PartialEq>(list: &mut Vec<(K, usize)>, key: &K, new: usize) -> usize {
    if let Some((_, node)) = list.iter().find(|(known, _)| known == key) {
        return *node;
    }
    list.push((key.clone(), new));
    new
}

/// The names that the paths spell, each with its number; found by a hash of ends and length.
#[derive(Default)]
struct Names {
    texts: Vec<Vec<u8>>,
    /// Numbers of names plus 1; a power of two of them, at most half in use.
    slots: Vec<usize>,
}

impl Names {
    fn intern(&mut self, name: &[u8]) -> usize {
        if let Some(known) = self.texts.iter().position(|text| text == name) {
            return known;
        }
        self.texts.push(name.to_vec());
        self.texts.len() - 1
    }

    fn seal(&mut self) {
        self.slots = vec![0; (self.texts.len() * 2).next_power_of_two().max(2)];
        let mask = self.slots.len() - 1;
        for (number, text) in self.texts.iter().enumerate() {
            let mut at = hash(text) & mask;
            while self.slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = number + 1;
            }
        }
    }

    #[inline]
    fn find(&self, name: &[u8]) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(name) & mask;
        loop {
            let number = self.slots.get(at)?.checked_sub(1)?;
            if self.texts.get(number).is_some_and(|text| text == name) {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
    }
}

#[inline]
fn hash(name: &[u8]) -> usize {
    let (first, last) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (name.iter().fold(0, |sum, b| sum << 8 | u64::from(*b)), 0),
    };
    let length = u64::try_from(name.len()).unwrap_or_default();
    let mixed = (first ^ last.rotate_left(23) ^ length << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 33).unwrap_or_default()
}
