//! The checked form of a condition. The checker builds only well-typed trees; a tree that was changed in
//! storage evaluates to something, but never panics.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Kind, Number};

/// A name and its level: level 0 is looked up in the facts, level n in the n-th enclosing `every` or `some`,
/// counted from outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Name {
    pub name: Arc<str>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub level: u8,
}

fn is_zero(level: &u8) -> bool {
    *level == 0
}

/// A Boolean expression. `All` and `Any` have at least two children, none of their own variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Test {
    Constant(bool),
    Flag(Name),
    Exists(Name),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
    Compare(Term, Relation, Term),
    /// Both bounds inclusive.
    Between(Term, Term, Term),
    OneOf {
        term: Term,
        outside: bool,
        list: Vec<Term>,
    },
    /// A multiple choice includes an option, or a text contains another.
    Contains(Name, Arc<str>),
    Every(Name, Box<Test>),
    Some(Name, Box<Test>),
}

/// An expression with a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Term {
    Bool(bool),
    Number(Number),
    Date(Date),
    Text(Arc<str>),
    Field(Name, Kind),
    Today,
    Count(Name),
    Sum(Name, Arc<str>),
    Minus(Box<Term>),
    /// Operators of one precedence, applied from left to right.
    Chain(Box<Term>, Vec<(Operator, Term)>),
    YearsBetween(Box<Term>, Box<Term>),
    DaysBetween(Box<Term>, Box<Term>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Relation {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Relation {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Relation::Equal => "=",
            Relation::Unequal => "!=",
            Relation::Less => "<",
            Relation::AtMost => "<=",
            Relation::More => ">",
            Relation::AtLeast => ">=",
        }
    }

    pub(crate) fn is_order(self) -> bool {
        !matches!(self, Relation::Equal | Relation::Unequal)
    }

    pub(crate) fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Relation::Equal => ordering.is_eq(),
            Relation::Unequal => ordering.is_ne(),
            Relation::Less => ordering.is_lt(),
            Relation::AtMost => ordering.is_le(),
            Relation::More => ordering.is_gt(),
            Relation::AtLeast => ordering.is_ge(),
        }
    }

    /// The relation with its sides exchanged.
    pub(crate) fn mirrored(self) -> Self {
        match self {
            Relation::Less => Relation::More,
            Relation::AtMost => Relation::AtLeast,
            Relation::More => Relation::Less,
            Relation::AtLeast => Relation::AtMost,
            same => same,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Operator {
    pub(crate) fn symbol(self) -> char {
        match self {
            Operator::Add => '+',
            Operator::Subtract => '-',
            Operator::Multiply => '*',
            Operator::Divide => '/',
        }
    }

    pub(crate) fn is_product(self) -> bool {
        matches!(self, Operator::Multiply | Operator::Divide)
    }

    /// `None` on overflow and division by zero.
    pub(crate) fn apply(self, left: Number, right: Number) -> Option<Number> {
        match self {
            Operator::Add => left.checked_add(right),
            Operator::Subtract => left.checked_sub(right),
            Operator::Multiply => left.checked_mul(right),
            Operator::Divide => left.checked_div(right),
        }
    }
}

impl Test {
    pub(crate) fn all(tests: impl IntoIterator<Item = Test>) -> Test {
        let mut flat = Vec::new();
        for test in tests {
            match test {
                Test::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Test::Constant(true),
            1 => flat.remove(0),
            _ => Test::All(flat),
        }
    }

    pub(crate) fn any(tests: impl IntoIterator<Item = Test>) -> Test {
        let mut flat = Vec::new();
        for test in tests {
            match test {
                Test::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Test::Constant(false),
            1 => flat.remove(0),
            _ => Test::Any(flat),
        }
    }

    /// Calls `visit` for every name that is looked up in the facts, in the order of the text.
    pub(crate) fn each_name(&self, visit: &mut dyn FnMut(&Arc<str>)) {
        match self {
            Test::Constant(_) => {}
            Test::Flag(name) | Test::Exists(name) | Test::Contains(name, _) => name.visit(visit),
            Test::Not(inner) => inner.each_name(visit),
            Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| test.each_name(visit)),
            Test::Compare(left, _, right) => {
                left.each_name(visit);
                right.each_name(visit);
            }
            Test::Between(term, low, high) => [term, low, high].into_iter().for_each(|t| t.each_name(visit)),
            Test::OneOf { term, list, .. } => {
                term.each_name(visit);
                list.iter().for_each(|term| term.each_name(visit));
            }
            Test::Every(name, inner) | Test::Some(name, inner) => {
                name.visit(visit);
                inner.each_name(visit);
            }
        }
    }

    /// The nesting depth of the stored JSON; kept far below the 128 levels that JSON readers allow.
    pub(crate) fn json_depth(&self) -> usize {
        let deepest = |tests: &[Test]| tests.iter().map(Test::json_depth).max().unwrap_or(0);
        match self {
            Test::Constant(_) => 1,
            Test::Flag(_) | Test::Exists(_) => 2,
            Test::Contains(..) => 3,
            Test::Not(inner) => 1 + inner.json_depth(),
            Test::All(tests) | Test::Any(tests) => 2 + deepest(tests),
            Test::Compare(left, _, right) => 2 + left.json_depth().max(right.json_depth()),
            Test::Between(a, b, c) => 2 + a.json_depth().max(b.json_depth()).max(c.json_depth()),
            Test::OneOf { term, list, .. } => {
                3 + list.iter().map(Term::json_depth).max().unwrap_or(0).max(term.json_depth())
            }
            Test::Every(_, inner) | Test::Some(_, inner) => 2 + inner.json_depth().max(1),
        }
    }
}

impl Term {
    pub(crate) fn each_name(&self, visit: &mut dyn FnMut(&Arc<str>)) {
        match self {
            Term::Bool(_) | Term::Number(_) | Term::Date(_) | Term::Text(_) | Term::Today => {}
            Term::Field(name, _) | Term::Count(name) | Term::Sum(name, _) => name.visit(visit),
            Term::Minus(inner) => inner.each_name(visit),
            Term::Chain(first, rest) => {
                first.each_name(visit);
                rest.iter().for_each(|(_, term)| term.each_name(visit));
            }
            Term::YearsBetween(from, to) | Term::DaysBetween(from, to) => {
                from.each_name(visit);
                to.each_name(visit);
            }
        }
    }

    pub(crate) fn json_depth(&self) -> usize {
        match self {
            Term::Bool(_) | Term::Number(_) | Term::Date(_) | Term::Text(_) | Term::Today => 1,
            Term::Field(..) | Term::Count(_) | Term::Sum(..) => 3,
            Term::Minus(inner) => 1 + inner.json_depth(),
            Term::Chain(first, rest) => {
                4 + rest.iter().map(|(_, term)| term.json_depth()).max().unwrap_or(0).max(first.json_depth())
            }
            Term::YearsBetween(from, to) | Term::DaysBetween(from, to) => {
                2 + from.json_depth().max(to.json_depth())
            }
        }
    }

    pub(crate) fn is_literal(&self) -> bool {
        matches!(self, Term::Bool(_) | Term::Number(_) | Term::Date(_) | Term::Text(_))
    }
}

impl Name {
    pub(crate) fn outer(name: impl Into<Arc<str>>) -> Self {
        Name { name: name.into(), level: 0 }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Arc<str>)) {
        if self.level == 0 {
            visit(&self.name);
        }
    }
}
