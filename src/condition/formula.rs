//! What a condition says a column is: `total = price * quantity`, for those who make rows that hold it. Numbers alone; an
//! equation that must hold of every row, or of every row in which the column is not NULL. Says less where in doubt: whoever
//! uses it asks the condition itself too.

use super::Room;
use super::bind::{Binder, columns, find_column};
use super::eval::{Term, exact};
use super::moment;
use super::tree::{Node, Op, What};
use crate::row::shape::{ColumnFacts, TypeClass};

/// How a column follows from others of its row.
pub struct Formula {
    column: usize,
    term: Term,
    columns: Vec<usize>,
}

impl Formula {
    /// Returns the column that it gives, as an index into those that it was bound to.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// Returns the columns whose cells it needs, each once, ascending.
    #[must_use]
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Computes it of one row, in smallest units of a scale; `cells` are those of `columns()`. `None` where a cell is NULL
    /// or no number, or the result has more digits behind the point.
    #[must_use]
    pub fn units(&self, cells: &[Option<&[u8]>], scale: u32, room: &mut Room) -> Option<i128> {
        room.0.clear();
        exact(&self.term, cells, &self.columns, &mut room.0)?.units(scale)
    }
}

impl std::fmt::Debug for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<formula over {} columns>", self.columns.len())
    }
}

/// Finds what a tree says that columns are.
pub(super) fn formulas(tree: &Node, facts: &[ColumnFacts], now: i64, found: &mut Vec<Formula>) {
    match &tree.what {
        What::All(nodes) => nodes.iter().for_each(|node| formulas(node, facts, now, found)),
        // NULL, or that.
        What::Any(nodes) => {
            let null = |node: &&Node| !matches!(node.what, What::IsNull { negated: false, .. });
            let rest: Vec<&Node> = nodes.iter().filter(null).collect();
            if let [one] = rest.as_slice() {
                formulas(one, facts, now, found);
            }
        }
        What::Compare { op: Op::Equal, left, right } => {
            found.extend(formula(left, right, facts, now).or_else(|| formula(right, left, facts, now)));
        }
        _ => {}
    }
}

fn formula(column: &Node, of: &Node, facts: &[ColumnFacts], now: i64) -> Option<Formula> {
    let What::Column { name, quoted } = &bare(column).what else { return None };
    if !calculates(of) {
        return None;
    }
    let find = |name: &str, quoted: bool| find_column(name, quoted, 0..0, facts).ok();
    let column = find(name, *quoted)?;
    let number = |class: &TypeClass| class.is_integer() || matches!(class, TypeClass::Numeric { .. });
    if !number(&facts.get(column)?.ty.class) {
        return None;
    }
    let mut names = Vec::new();
    columns(of, &mut names);
    let mut used: Vec<usize> =
        names.iter().map(|name| find(&name.name, name.quoted)).collect::<Option<_>>()?;
    used.sort_unstable();
    used.dedup();
    if used.is_empty() || used.contains(&column) {
        return None;
    }
    let term = Binder::of(facts, &used, moment::of_unix(now)?).typed(of).ok()?.term;
    Some(Formula { column, term, columns: used })
}

/// Takes casts away.
fn bare(node: &Node) -> &Node {
    if let What::Cast { of, .. } = &node.what { bare(of) } else { node }
}

/// Says whether a part is a calculation.
fn calculates(node: &Node) -> bool {
    match &node.what {
        What::Arithmetic { .. } => true,
        What::Cast { of, .. } | What::Negative(of) => calculates(of),
        What::Call { arguments, .. } => arguments.iter().any(calculates),
        _ => false,
    }
}
