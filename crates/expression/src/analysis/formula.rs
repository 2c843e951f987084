//! Formulas: combinations of conditions to be analysed.

use std::sync::Arc;

use crate::Condition;
use crate::tree::{Name, Term, Test};

/// A combination of conditions; it is analysed, never stored or shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula(pub(super) Test);

impl From<&Condition> for Formula {
    fn from(condition: &Condition) -> Self {
        Formula(condition.test().clone())
    }
}

impl From<Option<&Condition>> for Formula {
    /// `None` always holds.
    fn from(condition: Option<&Condition>) -> Self {
        condition.map_or(Formula(Test::Constant(true)), Formula::from)
    }
}

impl Formula {
    pub const fn always() -> Self {
        Formula(Test::Constant(true))
    }

    pub const fn never() -> Self {
        Formula(Test::Constant(false))
    }

    /// Whether the formula is the constant true; whether it always holds is for a [`Scope`](super::Scope) to
    /// say.
    pub fn is_plainly_true(&self) -> bool {
        self.0 == Test::Constant(true)
    }

    pub fn all(formulas: impl IntoIterator<Item = Formula>) -> Self {
        let mut parts: Vec<Test> = formulas.into_iter().map(|each| each.0).collect();
        parts.retain(|part| *part != Test::Constant(true));
        if parts.contains(&Test::Constant(false)) { Self::never() } else { Formula(Test::all(parts)) }
    }

    /// The disjunction; of no formulas it never holds.
    pub fn any(formulas: impl IntoIterator<Item = Formula>) -> Self {
        let mut parts: Vec<Test> = formulas.into_iter().map(|each| each.0).collect();
        parts.retain(|part| *part != Test::Constant(false));
        if parts.contains(&Test::Constant(true)) { Self::always() } else { Formula(Test::any(parts)) }
    }

    /// Whether a name has a value.
    pub fn exists(name: &str) -> Self {
        Formula(Test::Exists(Name { name: name.into(), level: 0 }))
    }

    #[must_use]
    pub fn negated(self) -> Self {
        Formula(Test::Not(Box::new(self.0)))
    }

    /// The formula simplified for the case that a name is absent.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        Formula(without(&self.0, name))
    }
}

fn without(test: &Test, name: &str) -> Test {
    let each = |tests: &[Test]| tests.iter().map(|test| without(test, name)).collect::<Vec<_>>();
    match test {
        Test::Constant(_) => test.clone(),
        Test::Not(inner) => Test::Not(Box::new(without(inner, name))),
        Test::All(tests) => Test::all(each(tests)),
        Test::Any(tests) => Test::any(each(tests)),
        // An absent table has no rows.
        Test::Every(table, _) if *table.name == *name => Test::Constant(true),
        Test::Every(table, inner) => Test::Every(table.clone(), Box::new(without(inner, name))),
        Test::Some(table, inner) if *table.name != *name => {
            Test::Some(table.clone(), Box::new(without(inner, name)))
        }
        Test::Compare(left, relation, right) => {
            let (left, right) = (emptied(left, name), emptied(right, name));
            unless_mentioned(Test::Compare(left, *relation, right), name)
        }
        Test::Between(term, low, high) => {
            let [term, low, high] = [term, low, high].map(|term| emptied(term, name));
            unless_mentioned(Test::Between(term, low, high), name)
        }
        other => unless_mentioned(other.clone(), name),
    }
}

/// Comparisons with an absent value are false, and so is `exists`.
fn unless_mentioned(test: Test, name: &str) -> Test {
    let mut mentioned = false;
    test.each_name(&mut |each: &Arc<str>| mentioned |= **each == *name);
    if mentioned { Test::Constant(false) } else { test }
}

/// Counts and sums over an absent table are zero.
fn emptied(term: &Term, name: &str) -> Term {
    match term {
        Term::Count(table) | Term::Sum(table, _) if *table.name == *name => Term::Number(crate::Number::ZERO),
        Term::Minus(inner) => Term::Minus(Box::new(emptied(inner, name))),
        Term::Chain(first, rest) => Term::Chain(
            Box::new(emptied(first, name)),
            rest.iter().map(|(operator, term)| (*operator, emptied(term, name))).collect(),
        ),
        other => other.clone(),
    }
}
