//! Parsing the innermost part of the grammar: literals, names, calls, parentheses.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::nearest;

use super::keyword::{Function, Keyword, function_words};
use super::parse::Parser;
use super::syntax::{Node, Shape};
use super::token::Kind;
use crate::problem::{ExpressionProblem, ProblemKind};

impl Parser<'_, '_> {
    pub(super) fn primary(&mut self) -> Node {
        let range = self.range();
        let Some(kind) = self.kind().cloned() else {
            self.report(
                ProblemKind::UnexpectedEnd,
                range.clone(),
                "条件没有写完",
                "the condition ends too early",
            );
            return Node::broken(range);
        };
        if let Some(keyword) = self.keyword() {
            return self.keyword_primary(keyword, range);
        }
        let shape = match kind {
            Kind::Number(number) => number.map_or(Shape::Broken, Shape::Number),
            Kind::Date(date) => date.map_or(Shape::Broken, Shape::Date),
            Kind::Text(text) => Shape::Text(text),
            Kind::Word(name) | Kind::Quoted(name) => return self.name(name),
            Kind::Open => {
                self.at += 1;
                self.open += 1;
                let inner = self.nested(Self::any);
                self.close(range);
                return inner;
            }
            _ => return self.unexpected(),
        };
        self.at += 1;
        Node::new(range, shape)
    }

    fn keyword_primary(&mut self, keyword: Keyword, range: Range<usize>) -> Node {
        match keyword {
            Keyword::True | Keyword::False => {
                self.at += 1;
                Node::new(range, Shape::Bool(keyword == Keyword::True))
            }
            Keyword::Exists => {
                self.at += 1;
                let inner = self.nested(Self::primary);
                Node::new(range.start..self.last_end(), Shape::Exists(inner.boxed()))
            }
            Keyword::Call(function) => self.call(function, range),
            Keyword::And
            | Keyword::Or
            | Keyword::Not
            | Keyword::In
            | Keyword::Between
            | Keyword::Contains => self.unexpected(),
        }
    }

    fn call(&mut self, function: Function, range: Range<usize>) -> Node {
        self.at += 1;
        let opening = self.range();
        self.at += 1;
        let arguments = self.arguments(opening);
        Node::new(range.start..self.last_end(), Shape::Call(function, arguments))
    }

    fn name(&mut self, name: Arc<str>) -> Node {
        let range = self.range();
        self.at += 1;
        if self.kind() == Some(&Kind::Open) {
            let problem = unknown_function(&name, range.clone());
            self.problems.push(problem);
            let opening = self.range();
            self.at += 1;
            self.arguments(opening);
            return Node::broken(range.start..self.last_end());
        }
        if self.kind() != Some(&Kind::Dot) {
            return Node::new(range, Shape::Name(name));
        }
        self.at += 1;
        let column_range = self.range();
        match self.kind().cloned() {
            Some(Kind::Word(column) | Kind::Quoted(column)) => {
                self.at += 1;
                let whole = range.start..column_range.end;
                Node::new(whole, Shape::Column((name, range), (column, column_range)))
            }
            _ => self.unexpected(),
        }
    }

    fn unexpected(&mut self) -> Node {
        let range = self.range();
        let Some(kind) = self.kind() else {
            self.report(
                ProblemKind::UnexpectedEnd,
                range.clone(),
                "条件没有写完",
                "the condition ends too early",
            );
            return Node::broken(range);
        };
        let keeps_structure = matches!(kind, Kind::Close if self.open > 0)
            || *kind == Kind::Comma
            || matches!(self.keyword(), Some(Keyword::And | Keyword::Or));
        let written = self.text[range.clone()].to_owned();
        self.report(
            ProblemKind::Unexpected,
            range.clone(),
            format!("“{written}”不该出现在这里，这里应是名称、数字、日期或引号里的文字"),
            format!("“{written}” cannot stand here: a name, number, date or quoted text is expected"),
        );
        if !keeps_structure {
            self.at += 1;
        }
        Node::broken(range)
    }
}

fn unknown_function(name: &str, range: Range<usize>) -> ExpressionProblem {
    let words: Vec<&str> = function_words().collect();
    match nearest(name, words.iter()) {
        Some(word) => ExpressionProblem::new(
            ProblemKind::UnknownFunction,
            range,
            format!("没有函数“{name}”，是不是 {word}？"),
            format!("there is no function “{name}”; did you mean {word}?"),
        )
        .replace_by(word),
        None => ExpressionProblem::new(
            ProblemKind::UnknownFunction,
            range,
            format!("没有函数“{name}”；有 count、sum、every、some、today、years_between、days_between"),
            format!(
                "there is no function “{name}”; there are count, sum, every, some, today, years_between, days_between"
            ),
        ),
    }
}
