//! Recursive-descent parser with error recovery.

use std::ops::Range;

use super::keyword::{Keyword, joins_bounds, keyword};
use super::syntax::{Node, Shape};
use super::token::{Kind, Token};
use crate::Names;
use crate::problem::{ExpressionProblem, ProblemKind};
use crate::tree::{Operator, Relation};

/// The deepest nesting of parentheses, `not` and unary minus; it bounds the parser's stack.
const MAX_NESTING: usize = 32;

/// Relations as words; they are tried only where a relation must stand, so they never hide a field name.
const RELATION_WORDS: [(&str, Relation); 15] = [
    ("大于", Relation::More),
    ("超过", Relation::More),
    ("小于", Relation::Less),
    ("等于", Relation::Equal),
    ("为", Relation::Equal),
    ("不等于", Relation::Unequal),
    ("大于等于", Relation::AtLeast),
    ("不小于", Relation::AtLeast),
    ("不少于", Relation::AtLeast),
    ("不低于", Relation::AtLeast),
    ("小于等于", Relation::AtMost),
    ("不大于", Relation::AtMost),
    ("不多于", Relation::AtMost),
    ("不高于", Relation::AtMost),
    ("不超过", Relation::AtMost),
];

pub(super) fn too_deep(range: Range<usize>) -> ExpressionProblem {
    ExpressionProblem::new(
        ProblemKind::TooDeep,
        range,
        "条件嵌套太深，请拆成几个条件",
        "the condition nests too deeply; split it",
    )
}

/// Parses as much as it can: after a problem it resumes behind the next `and`, `or` or parenthesis.
pub(super) fn parse(
    text: &str,
    tokens: Vec<Token>,
    names: &dyn Names,
    problems: &mut Vec<ExpressionProblem>,
) -> Node {
    let mut parser = Parser { text, tokens, names, problems, at: 0, depth: 0, open: 0, aborted: false };
    let mut parts = Vec::new();
    loop {
        parts.push(parser.any());
        if !parser.resume() {
            break;
        }
    }
    match parts.len() {
        1 => parts.remove(0),
        _ => Node::new(0..text.len(), Shape::All(parts)),
    }
}

pub(super) struct Parser<'t, 'p> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    pub(super) names: &'t dyn Names,
    pub(super) problems: &'p mut Vec<ExpressionProblem>,
    pub(super) at: usize,
    pub(super) depth: usize,
    /// Number of open parentheses.
    pub(super) open: usize,
    pub(super) aborted: bool,
}

impl Parser<'_, '_> {
    pub(super) fn kind(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    pub(super) fn range(&self) -> Range<usize> {
        match self.tokens.get(self.at) {
            Some(token) => token.range.clone(),
            None => {
                let end = self.text.trim_end().len();
                end..end
            }
        }
    }

    pub(super) fn last_end(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |at| self.tokens[at].range.end)
    }

    pub(super) fn keyword(&self) -> Option<Keyword> {
        match self.kind()? {
            Kind::Word(word) => {
                let called = matches!(self.tokens.get(self.at + 1), Some(Token { kind: Kind::Open, .. }));
                keyword(word, called, self.names)
            }
            Kind::Stands("and") => Some(Keyword::And),
            Kind::Stands("or") => Some(Keyword::Or),
            Kind::Stands("not") => Some(Keyword::Not),
            _ => None,
        }
    }

    fn take(&mut self, wanted: &Kind) -> bool {
        let found = self.kind() == Some(wanted);
        if found {
            self.at += 1;
        }
        found
    }

    fn take_keyword(&mut self, wanted: Keyword) -> bool {
        let found = self.keyword() == Some(wanted);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn report(
        &mut self,
        kind: ProblemKind,
        range: Range<usize>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        if !self.aborted {
            self.problems.push(ExpressionProblem::new(kind, range, zh, en));
        }
    }

    /// After a whole condition: whether there is more to parse behind a reported problem.
    fn resume(&mut self) -> bool {
        let Some(kind) = self.kind() else { return false };
        let range = self.range();
        if *kind == Kind::Close {
            let problem = ExpressionProblem::new(
                ProblemKind::Unbalanced,
                range,
                "多了一个右括号",
                "this closing parenthesis has no opening one",
            );
            self.problems.push(problem.replace_by(""));
            self.at += 1;
        } else {
            let written = self.text[range.clone()].to_owned();
            self.report(
                ProblemKind::Unexpected,
                range,
                format!("“{written}”前面缺少 and、or 或比较符号"),
                format!("and, or or a comparison is missing before “{written}”"),
            );
        }
        while self.kind().is_some() {
            let joins = matches!(self.keyword(), Some(Keyword::And | Keyword::Or));
            if joins {
                self.at += 1;
                return true;
            }
            self.at += 1;
        }
        false
    }

    /// Runs `read` one level deeper; at the limit it reports that and gives up on the rest of the text.
    pub(super) fn nested(&mut self, read: impl FnOnce(&mut Self) -> Node) -> Node {
        if self.depth >= MAX_NESTING {
            if !self.aborted {
                let problem = too_deep(self.range());
                self.problems.push(problem);
            }
            self.aborted = true;
            self.at = self.tokens.len();
            return Node::broken(self.range());
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    pub(super) fn any(&mut self) -> Node {
        let start = self.range().start;
        let mut parts = vec![self.all()];
        while self.take_keyword(Keyword::Or) {
            parts.push(self.all());
        }
        self.joined(start, parts, Shape::Any)
    }

    fn all(&mut self) -> Node {
        let start = self.range().start;
        let mut parts = vec![self.not()];
        while self.take_keyword(Keyword::And) {
            parts.push(self.not());
        }
        self.joined(start, parts, Shape::All)
    }

    fn joined(&self, start: usize, mut parts: Vec<Node>, shape: fn(Vec<Node>) -> Shape) -> Node {
        if parts.len() == 1 { parts.remove(0) } else { Node::new(start..self.last_end(), shape(parts)) }
    }

    fn not(&mut self) -> Node {
        let start = self.range().start;
        if self.take_keyword(Keyword::Not) {
            let inner = self.nested(Self::not);
            return Node::new(start..self.last_end(), Shape::Not(inner.boxed()));
        }
        self.comparison()
    }

    fn relation(&mut self) -> Option<Relation> {
        let relation = match self.kind()? {
            Kind::Relation(relation) => *relation,
            Kind::Word(word) => RELATION_WORDS.iter().find(|(text, _)| *text == &**word)?.1,
            _ => return None,
        };
        self.at += 1;
        Some(relation)
    }

    fn comparison(&mut self) -> Node {
        let start = self.range().start;
        let left = self.sum();
        if let Some(relation) = self.relation() {
            let right = self.sum();
            let node =
                Node::new(start..self.last_end(), Shape::Compare(left.boxed(), relation, right.boxed()));
            return self.unchained(start, node);
        }
        if self.take_keyword(Keyword::Between) {
            return self.between(start, left);
        }
        if self.take_keyword(Keyword::Contains) {
            let right = self.sum();
            return Node::new(start..self.last_end(), Shape::Contains(left.boxed(), right.boxed()));
        }
        let outside = match (self.keyword(), self.kind()) {
            (Some(Keyword::In), _) => false,
            (Some(Keyword::Not), _) => {
                self.at += 1;
                if self.keyword() != Some(Keyword::In) {
                    self.at -= 1;
                    return left;
                }
                true
            }
            (_, Some(Kind::Word(word))) if &**word == "不属于" => true,
            _ => return left,
        };
        self.at += 1;
        let list = self.list();
        Node::new(start..self.last_end(), Shape::In { item: left.boxed(), outside, list })
    }

    fn unchained(&mut self, start: usize, node: Node) -> Node {
        let mut chained = false;
        while self.relation().is_some() {
            chained = true;
            self.sum();
        }
        if !chained {
            return node;
        }
        let range = start..self.last_end();
        self.report(
            ProblemKind::ChainedComparison,
            range.clone(),
            "比较不能连写，写成 x between 1 and 5，或用 and 连接两个比较",
            "comparisons cannot be chained: write x between 1 and 5, or join two of them by and",
        );
        Node::broken(range)
    }

    fn between(&mut self, start: usize, left: Node) -> Node {
        let low = self.sum();
        let joined = match self.kind() {
            Some(Kind::Word(word)) => joins_bounds(word),
            Some(Kind::Stands("and") | Kind::Comma) => true,
            _ => false,
        };
        if !joined {
            let range = self.range();
            self.report(
                ProblemKind::Unexpected,
                range,
                "between 要写成 x between 下限 and 上限",
                "between is written x between low and high",
            );
            return Node::broken(start..self.last_end());
        }
        if self.kind() == Some(&Kind::Comma) {
            let range = self.range();
            let problem = ExpressionProblem::new(
                ProblemKind::Unexpected,
                range,
                "between 的上下限用 and 连接",
                "the bounds of between are joined by and",
            );
            self.problems.push(problem.replace_by(" and "));
        }
        self.at += 1;
        let high = self.sum();
        Node::new(start..self.last_end(), Shape::Between(left.boxed(), low.boxed(), high.boxed()))
    }

    fn list(&mut self) -> Vec<Node> {
        let opening = self.range();
        if !self.take(&Kind::Open) {
            self.report(
                ProblemKind::Unexpected,
                opening.clone(),
                "in 后面要用括号列出选项，如 in (\"甲\", \"乙\")",
                "in takes a list in parentheses, such as in (\"a\", \"b\")",
            );
            let mut list = vec![self.sum()];
            while self.take(&Kind::Comma) {
                list.push(self.sum());
            }
            return list;
        }
        self.arguments(opening)
    }

    /// Parses arguments up to and including the closing parenthesis; the opening one was already taken.
    pub(super) fn arguments(&mut self, opening: Range<usize>) -> Vec<Node> {
        let mut list = Vec::new();
        self.open += 1;
        if self.kind() != Some(&Kind::Close) {
            loop {
                list.push(self.nested(Self::any));
                if !self.take(&Kind::Comma) {
                    break;
                }
            }
        }
        self.close(opening);
        list
    }

    pub(super) fn close(&mut self, opening: Range<usize>) {
        self.open -= 1;
        if self.take(&Kind::Close) || self.aborted {
            return;
        }
        if self.kind().is_none() {
            self.report(
                ProblemKind::Unbalanced,
                opening,
                "这个左括号没有闭合",
                "this parenthesis is not closed",
            );
            return;
        }
        let range = self.range();
        let written = self.text[range.clone()].to_owned();
        self.report(
            ProblemKind::Unexpected,
            range,
            format!("“{written}”前面缺少 and、or 或比较符号"),
            format!("and, or or a comparison is missing before “{written}”"),
        );
        // Resumes behind the matching closing parenthesis, so that the rest is still checked.
        let mut depth = 0usize;
        while let Some(kind) = self.kind() {
            match kind {
                Kind::Open => depth += 1,
                Kind::Close if depth == 0 => {
                    self.at += 1;
                    return;
                }
                Kind::Close => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn sum(&mut self) -> Node {
        self.chain(false)
    }

    fn chain(&mut self, product: bool) -> Node {
        let start = self.range().start;
        let first = if product { self.unary() } else { self.chain(true) };
        let mut rest = Vec::new();
        while let Some(Kind::Operator(operator)) = self.kind()
            && operator.is_product() == product
        {
            let operator = *operator;
            self.at += 1;
            rest.push((operator, if product { self.unary() } else { self.chain(true) }));
        }
        if rest.is_empty() {
            return first;
        }
        Node::new(start..self.last_end(), Shape::Chain(first.boxed(), rest))
    }

    fn unary(&mut self) -> Node {
        let start = self.range().start;
        if self.take(&Kind::Operator(Operator::Subtract)) {
            let inner = self.nested(Self::unary);
            return Node::new(start..self.last_end(), Shape::Minus(inner.boxed()));
        }
        self.primary()
    }
}
