//! The second half of the checker: terms, which have a value.

use std::ops::Range;

use diagnostic::nearest;

use super::check::{Checker, Typed};
use super::keyword::Function;
use super::syntax::{Node, Shape};
use crate::print::{name_text, quoted};
use crate::problem::ProblemKind;
use crate::tree::{Operator, Term};
use crate::{Number, Type};

impl Checker<'_, '_> {
    pub(super) fn term(&mut self, node: &Node) -> Option<Typed> {
        Some(match &node.shape {
            Shape::Broken => return None,
            Shape::Bool(value) => (Term::Bool(*value), Type::Bool),
            Shape::Number(number) => (Term::Number(*number), Type::number()),
            Shape::Date(date) => (Term::Date(*date), Type::Date),
            Shape::Text(text) => (Term::Text(text.clone()), Type::Text),
            Shape::Name(name) => {
                let (found, kind) = self.resolve(name, &node.range)?;
                (Term::Field(found, kind.kind()), kind)
            }
            Shape::Minus(inner) => {
                let (term, kind) = self.numeric(inner)?;
                match term {
                    // Only the smallest number has no negation, and no literal can denote it.
                    Term::Number(number) => (Term::Number(number.checked_neg().unwrap_or(Number::MAX)), kind),
                    other => (Term::Minus(Box::new(other)), kind),
                }
            }
            Shape::Chain(first, rest) => return self.chain(first, rest, &node.range),
            Shape::Column(..) => {
                self.wrong_arguments(
                    &node.range,
                    "表格的一列只能写在 sum(…) 里",
                    "a column of a table can only stand in sum(…)",
                );
                return None;
            }
            Shape::Call(function, arguments) => return self.call(*function, arguments, &node.range),
            Shape::Exists(_)
            | Shape::Not(_)
            | Shape::All(_)
            | Shape::Any(_)
            | Shape::Compare(..)
            | Shape::Between(..)
            | Shape::In { .. }
            | Shape::Contains(..) => {
                // It cannot stand here, but its own problems are worth reporting too.
                self.test(node)?;
                self.report(
                    ProblemKind::TypeMismatch,
                    &node.range,
                    "这里要一个值，不能是条件",
                    "a value is expected here, not a condition",
                );
                return None;
            }
        })
    }

    fn numeric(&mut self, node: &Node) -> Option<Typed> {
        let (term, kind) = self.term(node)?;
        if matches!(kind, Type::Number { .. }) {
            return Some((term, kind));
        }
        self.report(
            ProblemKind::TypeMismatch,
            &node.range,
            format!("{}不能计算，日期用 days_between 或 years_between", kind.kind().zh()),
            format!(
                "a {} cannot be calculated with; for dates use days_between or years_between",
                kind.kind().en()
            ),
        );
        None
    }

    fn chain(&mut self, first: &Node, rest: &[(Operator, Node)], range: &Range<usize>) -> Option<Typed> {
        let head = self.numeric(first);
        let tail: Vec<Option<(Operator, Typed)>> =
            rest.iter().map(|(operator, node)| self.numeric(node).map(|typed| (*operator, typed))).collect();
        let (head, mut kind) = head?;
        let tail: Vec<(Operator, Typed)> = tail.into_iter().collect::<Option<_>>()?;
        let mut terms = Vec::with_capacity(tail.len());
        for (operator, (term, next)) in tail {
            if operator.is_product() {
                // Scaling by a number without unit keeps the unit; any other product has a unit that no field
                // declares.
                let plain = matches!(&next, Type::Number { unit: None });
                if !plain {
                    kind = Type::number();
                }
            } else {
                self.same_unit(range, &kind, &next)?;
                if kind == Type::number() {
                    kind = next;
                }
            }
            terms.push((operator, term));
        }
        Some((Term::Chain(Box::new(head), terms), kind))
    }

    fn call(&mut self, function: Function, arguments: &[Node], range: &Range<usize>) -> Option<Typed> {
        match (function, arguments) {
            (Function::Today, []) => Some((Term::Today, Type::Date)),
            (Function::Count, [table]) => {
                if let Shape::Name(name) = &table.shape
                    && let Some((found, Type::Choices(_))) = self.find(name)
                {
                    return Some((Term::Count(found), Type::number()));
                }
                Some((Term::Count(self.table(table)?.0), Type::number()))
            }
            (Function::Sum, [column]) => self.sum(column),
            (Function::YearsBetween | Function::DaysBetween, [from, to]) => {
                let (from, to) = (self.date(from), self.date(to));
                let (from, to) = (Box::new(from?), Box::new(to?));
                let years = function == Function::YearsBetween;
                Some((
                    if years { Term::YearsBetween(from, to) } else { Term::DaysBetween(from, to) },
                    Type::number(),
                ))
            }
            (Function::Every | Function::Some, _) => {
                self.report(
                    ProblemKind::TypeMismatch,
                    range,
                    "这里要一个值，不能是条件",
                    "a value is expected here, not a condition",
                );
                None
            }
            _ => {
                let form = match function {
                    Function::Today => "today()",
                    Function::Count => "count(rows)",
                    Function::Sum => "sum(rows.column)",
                    Function::YearsBetween => "years_between(from, to)",
                    _ => "days_between(from, to)",
                };
                let word = function.word();
                self.wrong_arguments(
                    range,
                    &format!("{word} 写成 {form}"),
                    &format!("{word} is written {form}"),
                );
                None
            }
        }
    }

    fn sum(&mut self, node: &Node) -> Option<Typed> {
        let Shape::Column((table, table_range), (column, column_range)) = &node.shape else {
            if !matches!(node.shape, Shape::Broken) {
                self.wrong_arguments(
                    &node.range,
                    "sum 写成 sum(表格.列)",
                    "sum is written sum(table.column)",
                );
            }
            return None;
        };
        let table_node = Node::new(table_range.clone(), Shape::Name(table.clone()));
        let (name, columns) = self.table(&table_node)?;
        match columns.iter().find(|(each, _)| each == column) {
            Some((_, kind @ Type::Number { .. })) => Some((Term::Sum(name, column.clone()), kind.clone())),
            Some((_, kind)) => {
                self.report(
                    ProblemKind::TypeMismatch,
                    column_range,
                    format!("“{column}”是{}，不能合计", kind.kind().zh()),
                    format!("“{column}” is a {} and cannot be summed", kind.kind().en()),
                );
                None
            }
            None => {
                let near = nearest(column, columns.iter().map(|(each, _)| each));
                let (zh, en) = (
                    format!("“{}”没有“{column}”这一列", name.name),
                    format!("“{}” has no column “{column}”", name.name),
                );
                let (zh, en) = match near {
                    Some(near) => {
                        (format!("{zh}，是不是“{near}”？"), format!("{en}; did you mean “{near}”?"))
                    }
                    None => (zh, en),
                };
                self.report_fix(ProblemKind::UnknownColumn, column_range, zh, en, near.map(name_text));
                None
            }
        }
    }

    fn date(&mut self, node: &Node) -> Option<Term> {
        let (term, kind) = self.term(node)?;
        if kind == Type::Date {
            return Some(term);
        }
        self.report_fix(
            ProblemKind::TypeMismatch,
            &node.range,
            format!("这里要日期，不能是{}", kind.kind().zh()),
            format!("a date is expected, not a {}", kind.kind().en()),
            as_literal_of(&Type::Date, &node.shape),
        );
        None
    }
}

/// The literal of the wanted type that the author most likely meant.
pub(super) fn as_literal_of(wanted: &Type, written: &Shape) -> Option<String> {
    match (wanted, written) {
        (Type::Date, Shape::Text(text)) => crate::answer::parse_date(text).map(|date| date.to_string()),
        (Type::Number { .. }, Shape::Text(text)) => {
            text.parse::<Number>().ok().map(|number| number.to_string())
        }
        (Type::Bool, Shape::Text(text)) => match &**text {
            "是" | "有" | "真" | "yes" | "true" => Some("true".to_owned()),
            "否" | "无" | "假" | "no" | "false" => Some("false".to_owned()),
            _ => None,
        },
        (Type::Choice(options), Shape::Number(number)) => {
            let text = number.to_string();
            options.iter().any(|option| **option == *text).then(|| quoted(&text, '"'))
        }
        (Type::Choice(options), Shape::Bool(value)) => {
            let text = if *value { "是" } else { "否" };
            options.iter().any(|option| &**option == text).then(|| quoted(text, '"'))
        }
        (Type::Text, Shape::Number(number)) => Some(quoted(&number.to_string(), '"')),
        _ => None,
    }
}
