//! Which answers are possible together: names that may be left blank, and names that are asked only in some
//! cases.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Finding, Formula, Verdict, Witness, find};
use crate::tree::{Name, Test};
use crate::{Condition, Domain, Names, Type};

/// The names of a dictionary, with the conditions (gates) under which some of them have a value.
///
/// A gated name is absent exactly when its gate is false; an optional one may also be absent otherwise. All
/// other names have a value, even where a condition applies `exists` to them: a scope claims to know the
/// presence of every name.
#[derive(Clone)]
pub struct Scope<'n> {
    names: &'n dyn Names,
    gates: Vec<(Arc<str>, Formula)>,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Scope").field("gates", &self.gates).finish_non_exhaustive()
    }
}

impl<'n> Scope<'n> {
    pub fn new(names: &'n dyn Names) -> Self {
        Self { names, gates: Vec::new() }
    }

    /// `name` has a value only while `open` holds. Within `open`, the name itself counts as absent: whether
    /// it is asked cannot depend on its own answer.
    pub fn gate(&mut self, name: &str, open: Formula) {
        let open = open.without(name);
        if !open.is_plainly_true() {
            self.gates.push((name.into(), open));
        }
    }

    pub fn has_gates(&self) -> bool {
        !self.gates.is_empty()
    }

    pub fn is_gated(&self, name: &str) -> bool {
        self.gates.iter().any(|(gated, _)| **gated == *name)
    }

    /// Possible answers under which the formula holds.
    pub fn find(&self, goal: &Formula) -> Finding<Witness> {
        find(&self.bounded(goal), self)
    }

    /// Whether a condition always, never or sometimes holds. A name to which it applies `exists` counts as
    /// possibly absent, even where it is always asked, because the author guards against that.
    pub fn verdict(&self, condition: &Condition) -> Verdict {
        let careful = Careful(self);
        let goal = Formula::from(condition);
        let holds = find(&self.bounded(&goal), &careful);
        if holds == Finding::Absent {
            return Verdict::Never;
        }
        match (holds, find(&self.bounded(&goal.negated()), &careful)) {
            (_, Finding::Absent) => Verdict::Always,
            (Finding::Found(_), Finding::Found(_)) => Verdict::Sometimes,
            _ => Verdict::Unknown,
        }
    }

    fn bounded(&self, goal: &Formula) -> Test {
        let mut tests = vec![goal.0.clone()];
        tests.extend(self.bounds(goal));
        Test::all(tests)
    }

    /// The gates of the names in the goal, and of the names in these gates in turn.
    fn bounds(&self, goal: &Formula) -> Vec<Test> {
        if self.gates.is_empty() {
            return Vec::new();
        }
        let mut seen: HashSet<Arc<str>> = HashSet::new();
        let mut waiting: Vec<Arc<str>> = Vec::new();
        goal.0.each_name(&mut |name| waiting.push(name.clone()));
        waiting.reverse();
        let mut bounds = Vec::new();
        while let Some(name) = waiting.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            for (_, open) in self.gates.iter().filter(|(gated, _)| *gated == name) {
                open.0.each_name(&mut |name| waiting.push(name.clone()));
                let exists = Test::Exists(Name { name: name.clone(), level: 0 });
                let not = |test: &Test| Test::Not(Box::new(test.clone()));
                bounds.push(Test::any([not(&exists), open.0.clone()]));
                if self.names.may_be_absent(&name) != Some(true) {
                    bounds.push(Test::any([exists, not(&open.0)]));
                }
            }
        }
        bounds
    }
}

impl Names for Scope<'_> {
    fn type_of(&self, name: &str) -> Option<Type> {
        self.names.type_of(name)
    }

    fn all(&self) -> Vec<Arc<str>> {
        self.names.all()
    }

    fn domain(&self, name: &str) -> Option<Domain> {
        self.names.domain(name)
    }

    fn may_be_absent(&self, name: &str) -> Option<bool> {
        Some(self.is_gated(name) || self.names.may_be_absent(name) == Some(true))
    }
}

/// A scope in which names that `exists` is applied to may be absent.
struct Careful<'s>(&'s Scope<'s>);

impl Names for Careful<'_> {
    fn type_of(&self, name: &str) -> Option<Type> {
        self.0.type_of(name)
    }

    fn all(&self) -> Vec<Arc<str>> {
        self.0.all()
    }

    fn domain(&self, name: &str) -> Option<Domain> {
        self.0.domain(name)
    }

    fn may_be_absent(&self, name: &str) -> Option<bool> {
        self.0.may_be_absent(name).filter(|absent| *absent)
    }
}
