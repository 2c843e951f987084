//! The syntax tree before names and types are resolved.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::keyword::Function;
use crate::Number;
use crate::tree::{Operator, Relation};

/// One node of the syntax tree, with its range in the text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub range: Range<usize>,
    pub shape: Shape,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// Already reported.
    Broken,
    Bool(bool),
    Number(Number),
    Date(Date),
    Text(Arc<str>),
    Name(Arc<str>),
    /// `rows.column`, each with its range.
    Column((Arc<str>, Range<usize>), (Arc<str>, Range<usize>)),
    Call(Function, Vec<Node>),
    Exists(Box<Node>),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Compare(Box<Node>, Relation, Box<Node>),
    Between(Box<Node>, Box<Node>, Box<Node>),
    In {
        item: Box<Node>,
        outside: bool,
        list: Vec<Node>,
    },
    Contains(Box<Node>, Box<Node>),
    Minus(Box<Node>),
    Chain(Box<Node>, Vec<(Operator, Node)>),
}

impl Node {
    pub(super) fn new(range: Range<usize>, shape: Shape) -> Self {
        Node { range, shape }
    }

    pub(super) fn broken(range: Range<usize>) -> Self {
        Node { range, shape: Shape::Broken }
    }

    pub(super) fn boxed(self) -> Box<Self> {
        Box::new(self)
    }
}
