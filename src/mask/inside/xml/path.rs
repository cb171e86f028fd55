//! Places in XML: `/order/customer/name`, `//email`, `/order/*/@id`, `//@id`; namespaces by their prefix as written.
//!
//! A path is followed step by step while elements open and close: which steps an element has come to stands in the bits
//! of a number. Refuses predicates, functions and whatever else XPath has.

use super::tokens::is_name;
use crate::mask::inside::Place;

/// Most steps: one bit each, and one for the end.
const MOST_STEPS: usize = 63;

/// One step down.
#[derive(Clone, PartialEq, Eq)]
struct Step {
    /// Whether it leads any number of elements further down: `//`.
    deep: bool,
    /// `None` is `*`.
    name: Option<Vec<u8>>,
}

impl Step {
    fn takes(&self, name: &[u8]) -> bool {
        self.name.as_ref().is_none_or(|own| own == name)
    }
}

/// What an attribute is called.
#[derive(Clone, PartialEq, Eq)]
struct Attribute {
    /// Whether it stands at the element or anywhere below: `//@id`.
    deep: bool,
    /// `None` is `*`.
    name: Option<Vec<u8>>,
}

/// A path.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Path {
    steps: Vec<Step>,
    attribute: Option<Attribute>,
}

impl Path {
    /// Reads a path; `None` if it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (mut path, mut rest) = (Self { steps: Vec::new(), attribute: None }, text);
        while !rest.is_empty() {
            rest = rest.strip_prefix('/')?;
            let deep = rest.starts_with('/');
            rest = rest.strip_prefix('/').unwrap_or(rest);
            let (name, behind) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            rest = behind;
            let (attribute, name) = match name.strip_prefix('@') {
                Some(name) => (true, name),
                None => (false, name),
            };
            if path.attribute.is_some() || !(name == "*" || is_name(name.as_bytes())) {
                return None;
            }
            let name = (name != "*").then(|| name.as_bytes().to_vec());
            if attribute {
                path.attribute = Some(Attribute { deep, name });
            } else {
                path.steps.push(Step { deep, name });
            }
        }
        let below_nothing = path.steps.is_empty() && !path.attribute.as_ref()?.deep;
        (path.steps.len() <= MOST_STEPS && !below_nothing).then_some(path)
    }

    /// How closely it names: more names first, then fewer `//`.
    pub(super) fn rank(&self) -> (usize, usize) {
        let names = self.steps.iter().filter(|s| s.name.is_some()).count()
            + usize::from(self.attribute.as_ref().is_some_and(|a| a.name.is_some()));
        let deep = self.steps.iter().filter(|s| s.deep).count()
            + usize::from(self.attribute.as_ref().is_some_and(|a| a.deep));
        (usize::MAX - names, deep)
    }

    /// Where an element of that name has come to, from where the one around it is.
    pub(super) fn step(&self, around: u64, name: &[u8]) -> u64 {
        let mut reached = 0;
        for (index, step) in self.steps.iter().enumerate() {
            if around & (1 << index) != 0 {
                reached |= u64::from(step.takes(name)) << (index + 1);
                reached |= u64::from(step.deep) << index;
            }
        }
        let end = 1 << self.steps.len();
        let stays = self.attribute.as_ref().is_some_and(|a| a.deep) && around & end != 0;
        reached | if stays { end } else { 0 }
    }

    /// Returns whether an element that has come there is meant.
    pub(super) fn is_element(&self, reached: u64) -> bool {
        self.attribute.is_none() && reached & (1 << self.steps.len()) != 0
    }

    /// Returns whether an attribute of an element that has come there is meant.
    pub(super) fn is_attribute(&self, reached: u64, name: &[u8]) -> bool {
        let takes = |own: &Attribute| own.name.as_ref().is_none_or(|own| own == name);
        self.attribute.as_ref().is_some_and(takes) && reached & (1 << self.steps.len()) != 0
    }

    /// Returns at which depth the elements of two paths part, for a part at a depth: what decides lies below the same one.
    pub(super) fn common(&self, other: &Self, depth: usize) -> usize {
        let same = self.steps.iter().zip(&other.steps).take_while(|(a, b)| a == b).count();
        let rest = self.steps.get(same..).unwrap_or_default();
        if rest.iter().any(|step| step.deep) { same } else { depth.saturating_sub(rest.len()).max(same) }
    }
}

/// The paths of a rule and how far the open elements have come on each.
#[derive(Clone)]
pub(super) struct Trail<'a> {
    paths: &'a [Path],
    /// One number a path for the document, then for each open element.
    reached: Vec<u64>,
}

impl<'a> Trail<'a> {
    /// Begins at the document.
    pub(super) fn new(paths: &'a [Path]) -> Self {
        Self { paths, reached: vec![1; paths.len()] }
    }

    /// Goes into an element.
    pub(super) fn enter(&mut self, name: &[u8]) {
        let around = self.reached.len() - self.paths.len();
        for (index, path) in self.paths.iter().enumerate() {
            let before = self.reached.get(around + index).copied().unwrap_or_default();
            self.reached.push(path.step(before, name));
        }
    }

    /// Leaves the innermost element.
    pub(super) fn leave(&mut self) {
        self.reached.truncate(self.reached.len().saturating_sub(self.paths.len()));
    }

    /// Returns the paths and how far the innermost element has come on each.
    fn now(&self) -> impl Iterator<Item = (usize, (&'a Path, u64))> {
        let start = self.reached.len().saturating_sub(self.paths.len());
        let reached = self.reached.get(start..).unwrap_or_default();
        self.paths.iter().zip(reached.iter().copied()).enumerate()
    }

    /// Returns the first path that means the innermost element.
    pub(super) fn element(&self) -> Option<usize> {
        self.now().find(|(_, (path, reached))| path.is_element(*reached)).map(|(index, _)| index)
    }

    /// Returns the first path that means an attribute of the innermost element.
    pub(super) fn attribute(&self, name: &[u8]) -> Option<usize> {
        self.now().find(|(_, (path, reached))| path.is_attribute(*reached, name)).map(|(index, _)| index)
    }
}

/// Reads the path of a place.
pub(super) fn of(place: &Place) -> Option<Path> {
    Path::read(&place.text)
}
