//! Depth-first search for the assignments that make a formula true.

use super::skeleton::{Node, Problem};
use crate::Truth;

/// The most leaves evaluated before giving up; a typical condition takes a few dozen.
const BUDGET: usize = 2_000_000;

pub(super) enum Step<T> {
    Stop(T),
    Continue,
}

pub(super) enum Outcome<T> {
    Stopped(T),
    /// Every assignment was tried.
    Exhausted,
    OutOfBudget,
}

/// The chosen cell of each variable, `None` while open.
pub(super) type Assignment = [Option<usize>];

/// Calls `found` for disjoint partial assignments that together cover all assignments that make the root
/// true.
pub(super) fn search<T>(problem: &Problem, found: &mut dyn FnMut(&Assignment) -> Step<T>) -> Outcome<T> {
    let mut search =
        Search { problem, assignment: vec![None; problem.variables.len()], budget: BUDGET, found };
    search.descend()
}

struct Search<'p, 'f, T> {
    problem: &'p Problem,
    assignment: Vec<Option<usize>>,
    budget: usize,
    found: &'f mut dyn FnMut(&Assignment) -> Step<T>,
}

impl<T> Search<'_, '_, T> {
    /// Keeps the chosen variables on an explicit stack instead of recursing, because there can be thousands.
    fn descend(&mut self) -> Outcome<T> {
        let mut chosen: Vec<usize> = Vec::new();
        let cost = cost(&self.problem.root);
        loop {
            let mut branch = None;
            let truth = self.truth(&self.problem.root, &mut branch);
            match self.budget.checked_sub(cost) {
                Some(rest) => self.budget = rest,
                None => return Outcome::OutOfBudget,
            }
            match (truth, branch) {
                (Truth::Unknown, Some(variable)) if !self.problem.variables[variable].cells.is_empty() => {
                    self.assignment[variable] = Some(0);
                    chosen.push(variable);
                    continue;
                }
                (Truth::True, _) => {
                    if let Step::Stop(result) = (self.found)(&self.assignment) {
                        return Outcome::Stopped(result);
                    }
                }
                _ => {}
            }
            if !self.advance(&mut chosen) {
                return Outcome::Exhausted;
            }
        }
    }

    /// Moves the last variable that has another cell to that cell; false when there is none.
    fn advance(&mut self, chosen: &mut Vec<usize>) -> bool {
        while let Some(variable) = chosen.last().copied() {
            let next = self.assignment[variable].map_or(0, |cell| cell + 1);
            if next < self.problem.variables[variable].cells.len() {
                self.assignment[variable] = Some(next);
                return true;
            }
            self.assignment[variable] = None;
            chosen.pop();
        }
        false
    }

    /// Kleene's truth value so far, and the first open variable that an undecided part depends on.
    fn truth(&self, node: &Node, branch: &mut Option<usize>) -> Truth {
        match node {
            Node::Constant(value) => (*value).into(),
            Node::Not(inner) => !self.truth(inner, branch),
            Node::All(nodes) => self.group(nodes, Truth::False, branch),
            Node::Any(nodes) => self.group(nodes, Truth::True, branch),
            Node::Leaf { variable, truths } => match self.assignment[*variable] {
                Some(cell) => truths[cell].into(),
                None => {
                    branch.get_or_insert(*variable);
                    Truth::Unknown
                }
            },
        }
    }

    fn group(&self, nodes: &[Node], decisive: Truth, branch: &mut Option<usize>) -> Truth {
        let mut result = !decisive;
        let mut within = None;
        for node in nodes {
            let truth = self.truth(node, &mut within);
            if truth == decisive {
                return decisive;
            }
            if truth == Truth::Unknown {
                result = Truth::Unknown;
            }
        }
        if branch.is_none() {
            *branch = within;
        }
        result
    }
}

/// Leaves under a node.
fn cost(node: &Node) -> usize {
    match node {
        Node::Constant(_) | Node::Leaf { .. } => 1,
        Node::Not(inner) => cost(inner),
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().map(cost).sum(),
    }
}
