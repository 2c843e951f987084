//! Resolving the names and types of a parsed condition.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::nearest;

use super::keyword::Function;
use super::syntax::{Node, Shape};
use super::terms::as_literal_of;
use crate::print::{name_text, quoted};
use crate::problem::{ExpressionProblem, ProblemKind};
use crate::tree::{Name, Relation, Term, Test};
use crate::{Kind, Names, Type};

/// Resolves names and types. A method that returns `None` has reported why, or met a part that was reported
/// before.
pub(super) struct Checker<'n, 'p> {
    names: &'n dyn Names,
    /// The columns of the tables of the enclosing `every` and `some`, outermost first.
    scopes: Vec<Columns>,
    problems: &'p mut Vec<ExpressionProblem>,
}

pub(super) type Typed = (Term, Type);
pub(super) type Columns = Vec<(Arc<str>, Type)>;

impl<'n, 'p> Checker<'n, 'p> {
    pub(super) fn new(names: &'n dyn Names, problems: &'p mut Vec<ExpressionProblem>) -> Self {
        Checker { names, scopes: Vec::new(), problems }
    }

    pub(super) fn condition(&mut self, node: &Node) -> Option<Test> {
        self.test(node)
    }

    pub(super) fn report(
        &mut self,
        kind: ProblemKind,
        range: &Range<usize>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.problems.push(ExpressionProblem::new(kind, range.clone(), zh, en));
    }

    pub(super) fn report_fix(
        &mut self,
        kind: ProblemKind,
        range: &Range<usize>,
        zh: impl Into<String>,
        en: impl Into<String>,
        replacement: Option<String>,
    ) {
        let mut problem = ExpressionProblem::new(kind, range.clone(), zh, en);
        problem.replacement = replacement;
        self.problems.push(problem);
    }

    pub(super) fn find(&self, name: &Arc<str>) -> Option<(Name, Type)> {
        for (at, columns) in self.scopes.iter().enumerate().rev() {
            if let Some((_, kind)) = columns.iter().find(|(column, _)| column == name) {
                let level = u8::try_from(at + 1).expect("nesting is bounded far below 255");
                return Some((Name { name: name.clone(), level }, kind.clone()));
            }
        }
        self.names.type_of(name).map(|kind| (Name::outer(name.clone()), kind))
    }

    pub(super) fn resolve(&mut self, name: &Arc<str>, range: &Range<usize>) -> Option<(Name, Type)> {
        if let Some(found) = self.find(name) {
            return Some(found);
        }
        let columns = self.scopes.iter().rev().flatten().map(|(column, _)| column.clone());
        let all: Vec<Arc<str>> = columns.chain(self.names.all()).collect();
        let (zh, en) = (format!("没有“{name}”这个数据元"), format!("there is no field “{name}”"));
        match nearest(name, &all) {
            Some(near) => self.report_fix(
                ProblemKind::UnknownName,
                range,
                format!("{zh}，是不是“{near}”？"),
                format!("{en}; did you mean “{near}”?"),
                Some(name_text(near)),
            ),
            None => self.report(ProblemKind::UnknownName, range, zh, en),
        }
        None
    }

    pub(super) fn test(&mut self, node: &Node) -> Option<Test> {
        match &node.shape {
            Shape::Broken => None,
            Shape::Bool(value) => Some(Test::Constant(*value)),
            Shape::Name(name) => {
                let (found, kind) = self.resolve(name, &node.range)?;
                if kind == Type::Bool {
                    return Some(Test::Flag(found));
                }
                let kind = kind.kind();
                self.report(
                    ProblemKind::NotACondition,
                    &node.range,
                    format!("“{name}”是{}，要与什么比较？只问填没填写 exists {name}", kind.zh()),
                    format!("“{name}” is a {}: compare it, or write exists {name}", kind.en()),
                );
                None
            }
            Shape::Exists(inner) => self.exists(inner),
            Shape::Not(inner) => Some(Test::Not(Box::new(self.test(inner)?))),
            Shape::All(parts) => Some(Test::all(self.tests(parts)?)),
            Shape::Any(parts) => Some(Test::any(self.tests(parts)?)),
            Shape::Compare(left, relation, right) => self.comparison(left, *relation, right),
            Shape::Between(term, low, high) => self.between(term, low, high),
            Shape::In { item, outside, list } => self.one_of(item, *outside, list, &node.range),
            Shape::Contains(left, right) => self.contains(left, right),
            Shape::Call(Function::Every, arguments) => self.rows_test(arguments, &node.range, Test::Every),
            Shape::Call(Function::Some, arguments) => self.rows_test(arguments, &node.range, Test::Some),
            _ => {
                let (_, kind) = self.term(node)?;
                self.report(
                    ProblemKind::NotACondition,
                    &node.range,
                    format!("这里是{}，不是条件：要与什么比较？", kind.kind().zh()),
                    format!("this is a {}, not a condition: compare it with something", kind.kind().en()),
                );
                None
            }
        }
    }

    /// Checks all parts before giving up, so that each reports its own problems.
    fn tests(&mut self, parts: &[Node]) -> Option<Vec<Test>> {
        let tests: Vec<Option<Test>> = parts.iter().map(|part| self.test(part)).collect();
        tests.into_iter().collect()
    }

    fn exists(&mut self, inner: &Node) -> Option<Test> {
        match &inner.shape {
            Shape::Name(name) => Some(Test::Exists(self.resolve(name, &inner.range)?.0)),
            Shape::Broken => None,
            _ => {
                self.report(
                    ProblemKind::WrongArguments,
                    &inner.range,
                    "exists 后面只写一个名称",
                    "exists takes one name",
                );
                None
            }
        }
    }

    fn comparison(&mut self, left: &Node, relation: Relation, right: &Node) -> Option<Test> {
        let bare = self.bare_choice(left, right) | self.bare_choice(right, left);
        if bare {
            return None;
        }
        let (left_typed, right_typed) = (self.term(left), self.term(right));
        let (left_term, left_type) = left_typed?;
        let (right_term, right_type) = right_typed?;
        self.comparable((left, &left_type), (right, &right_type), relation.is_order())?;
        Some(Test::Compare(left_term, relation, right_term))
    }

    /// `经营方式 = 堂食`, where 堂食 is not a name but one of the choices: reported as missing quotes.
    fn bare_choice(&mut self, field: &Node, written: &Node) -> bool {
        let (Shape::Name(field), Shape::Name(word)) = (&field.shape, &written.shape) else { return false };
        if self.find(word).is_some() {
            return false;
        }
        let Some((_, Type::Choice(options) | Type::Choices(options))) = self.find(field) else {
            return false;
        };
        let Some(option) = nearest(word, &options) else { return false };
        self.report_fix(
            ProblemKind::UnquotedText,
            &written.range,
            format!("选项要加引号：\"{option}\""),
            format!("a choice is written in quotes: \"{option}\""),
            Some(quoted(option, '"')),
        );
        true
    }

    /// Checks that the two sides can be compared; `None` after a report.
    fn comparable(&mut self, left: (&Node, &Type), right: (&Node, &Type), ordered: bool) -> Option<()> {
        let (left_kind, right_kind) = (left.1.kind(), right.1.kind());
        let textual = |kind| matches!(kind, Kind::Text | Kind::Choice);
        let range = left.0.range.start..right.0.range.end.max(left.0.range.start);
        for (side, kind) in [(left.0, left_kind), (right.0, right_kind)] {
            if matches!(kind, Kind::Choices | Kind::Rows) {
                let (zh, en) = match kind {
                    Kind::Choices => (
                        "多选不能直接比较，用 contains \"选项\"",
                        "use contains \"choice\" for a multiple choice",
                    ),
                    _ => (
                        "表格不能直接比较，用 count、sum、every 或 some",
                        "use count, sum, every or some for a table",
                    ),
                };
                self.report(ProblemKind::TypeMismatch, &side.range, zh, en);
                return None;
            }
        }
        if left_kind != right_kind && !(textual(left_kind) && textual(right_kind)) {
            self.mismatch(left, right);
            return None;
        }
        if ordered && !matches!(left_kind, Kind::Number | Kind::Date) {
            self.report(
                ProblemKind::TypeMismatch,
                &range,
                format!("{}没有大小，只能用 = 和 !=", left_kind.zh()),
                format!("a {} has no order: only = and != apply", left_kind.en()),
            );
            return None;
        }
        self.same_unit(&range, left.1, right.1)?;
        self.known_choice(left.1, right.0)?;
        self.known_choice(right.1, left.0)
    }

    fn mismatch(&mut self, left: (&Node, &Type), right: (&Node, &Type)) {
        // The report points at the literal, which can be fixed, rather than at the field.
        let ((blamed, written), (_, wanted)) = if is_literal(left.0) { (left, right) } else { (right, left) };
        let replacement = as_literal_of(wanted, &blamed.shape);
        self.report_fix(
            ProblemKind::TypeMismatch,
            &blamed.range,
            format!("{}不能与{}比较", wanted.kind().zh(), written.kind().zh()),
            format!("a {} cannot be compared with a {}", wanted.kind().en(), written.kind().en()),
            replacement,
        );
    }

    pub(super) fn same_unit(&mut self, range: &Range<usize>, left: &Type, right: &Type) -> Option<()> {
        let (Type::Number { unit: Some(left) }, Type::Number { unit: Some(right) }) = (left, right) else {
            return Some(());
        };
        if left == right {
            return Some(());
        }
        self.report(
            ProblemKind::UnitMismatch,
            range,
            format!("单位不同：一边是{left}，一边是{right}"),
            format!("the units differ: {left} and {right}"),
        );
        None
    }

    /// Checks that a quoted text compared with a choice is one of its options.
    fn known_choice(&mut self, kind: &Type, written: &Node) -> Option<()> {
        let (Type::Choice(options) | Type::Choices(options)) = kind else { return Some(()) };
        let Shape::Text(text) = &written.shape else { return Some(()) };
        if options.contains(text) {
            return Some(());
        }
        let listed = options.iter().map(|option| &**option).collect::<Vec<_>>().join("、");
        match nearest(text, options) {
            Some(near) => self.report_fix(
                ProblemKind::UnknownChoice,
                &written.range,
                format!("没有选项“{text}”，是不是“{near}”？"),
                format!("there is no choice “{text}”; did you mean “{near}”?"),
                Some(quoted(near, '"')),
            ),
            None => self.report(
                ProblemKind::UnknownChoice,
                &written.range,
                format!("没有选项“{text}”；有：{listed}"),
                format!("there is no choice “{text}”; there are: {listed}"),
            ),
        }
        None
    }

    fn between(&mut self, term: &Node, low: &Node, high: &Node) -> Option<Test> {
        let (typed, low_typed, high_typed) = (self.term(term), self.term(low), self.term(high));
        let (value, kind) = typed?;
        let (low_value, low_type) = low_typed?;
        let (high_value, high_type) = high_typed?;
        self.comparable((term, &kind), (low, &low_type), true)?;
        self.comparable((term, &kind), (high, &high_type), true)?;
        let empty = match (&low_value, &high_value) {
            (Term::Number(low), Term::Number(high)) => low > high,
            (Term::Date(low), Term::Date(high)) => low > high,
            _ => false,
        };
        if empty {
            self.report_fix(
                ProblemKind::EmptyRange,
                &(low.range.start..high.range.end),
                format!("下限 {low_value} 大于上限 {high_value}，永远不成立"),
                format!("{low_value} is more than {high_value}, so this never holds"),
                Some(format!("{high_value} and {low_value}")),
            );
            return None;
        }
        Some(Test::Between(value, low_value, high_value))
    }

    fn one_of(&mut self, item: &Node, outside: bool, list: &[Node], range: &Range<usize>) -> Option<Test> {
        let typed = self.term(item);
        if list.is_empty() {
            self.report(
                ProblemKind::WrongArguments,
                range,
                "in 的括号里至少要有一项",
                "in needs at least one element",
            );
            return None;
        }
        let mut terms = Vec::new();
        for element in list {
            let bare = self.bare_choice(item, element);
            let term =
                if bare { None } else { self.element(element, typed.as_ref().map(|typed| (item, &typed.1))) };
            terms.push(term);
        }
        Some(Test::OneOf { term: typed?.0, outside, list: terms.into_iter().collect::<Option<_>>()? })
    }

    fn element(&mut self, element: &Node, item: Option<(&Node, &Type)>) -> Option<Term> {
        let (term, kind) = self.term(element)?;
        if !term.is_literal() {
            self.report(
                ProblemKind::WrongArguments,
                &element.range,
                "in 的括号里只能是数字、日期或引号里的文字",
                "the list of in holds numbers, dates or quoted texts only",
            );
            return None;
        }
        self.comparable(item?, (element, &kind), false)?;
        Some(term)
    }

    fn contains(&mut self, left: &Node, right: &Node) -> Option<Test> {
        if self.bare_choice(left, right) {
            return None;
        }
        let field = match &left.shape {
            Shape::Name(name) => self.resolve(name, &left.range),
            _ => self.term(left).and_then(|(term, kind)| match term {
                Term::Field(name, _) => Some((name, kind)),
                _ => None,
            }),
        };
        let text = match &right.shape {
            Shape::Text(text) => Some(text.clone()),
            Shape::Broken => None,
            _ => {
                self.report(
                    ProblemKind::WrongArguments,
                    &right.range,
                    "contains 后面要写引号里的文字",
                    "contains takes a quoted text",
                );
                None
            }
        };
        let (name, kind) = field?;
        if !matches!(kind, Type::Choices(_) | Type::Text) {
            let replacement = matches!(kind, Type::Choice(_)).then(|| "=".to_owned());
            self.report(
                ProblemKind::TypeMismatch,
                &left.range,
                format!(
                    "contains 用于多选和文字，“{}”是{}{}",
                    name.name,
                    kind.kind().zh(),
                    if replacement.is_some() { "，用 =" } else { "" }
                ),
                format!(
                    "contains is for multiple choices and texts; “{}” is a {}",
                    name.name,
                    kind.kind().en()
                ),
            );
            return None;
        }
        self.known_choice(&kind, right)?;
        Some(Test::Contains(name, text?))
    }

    fn rows_test(
        &mut self,
        arguments: &[Node],
        range: &Range<usize>,
        build: fn(Name, Box<Test>) -> Test,
    ) -> Option<Test> {
        let [table, inner] = arguments else {
            self.wrong_arguments(
                range,
                "every 和 some 写成 every(表格, 条件)",
                "write every(table, condition)",
            );
            return None;
        };
        let (name, columns) = self.table(table)?;
        self.scopes.push(columns);
        let inner = self.test(inner);
        self.scopes.pop();
        Some(build(name, Box::new(inner?)))
    }

    pub(super) fn wrong_arguments(&mut self, range: &Range<usize>, zh: &str, en: &str) {
        self.report(ProblemKind::WrongArguments, range, zh, en);
    }

    pub(super) fn table(&mut self, node: &Node) -> Option<(Name, Columns)> {
        let Shape::Name(name) = &node.shape else {
            if !matches!(node.shape, Shape::Broken) {
                self.wrong_arguments(&node.range, "这里要写表格的名称", "the name of a table is expected");
            }
            return None;
        };
        match self.resolve(name, &node.range)? {
            (name, Type::Rows(columns)) => Some((name, columns)),
            (name, kind) => {
                self.report(
                    ProblemKind::TypeMismatch,
                    &node.range,
                    format!("“{}”是{}，不是表格", name.name, kind.kind().zh()),
                    format!("“{}” is a {}, not a table", name.name, kind.kind().en()),
                );
                None
            }
        }
    }
}

fn is_literal(node: &Node) -> bool {
    matches!(node.shape, Shape::Bool(_) | Shape::Number(_) | Shape::Date(_) | Shape::Text(_))
}
