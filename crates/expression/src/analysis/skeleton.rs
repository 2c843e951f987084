//! The skeleton of a condition: a formula over leaves of one variable each, for the search.

use std::cmp::Ordering;
use std::sync::Arc;

use super::cells::{Cell, date_cells, number_cells, text_cells};
use crate::evaluate::{Reading, View, compare};
use crate::tree::{Name, Relation, Term, Test};
use crate::{Answers, Domain, Kind, Names, Number, Truth, Type, Value};

/// The goal as a formula over leaves, each of which depends on one variable.
pub(super) struct Problem {
    pub root: Node,
    pub variables: Vec<Variable>,
}

pub(super) enum Node {
    Constant(bool),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    /// The truth value for each cell of the variable.
    Leaf {
        variable: usize,
        truths: Vec<bool>,
    },
}

pub(super) struct Variable {
    pub subject: Subject,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Subject {
    Name(Arc<str>),
    Today,
    /// A computed number or date.
    Computed(Term),
    /// The ordering of two terms, which are kept in the order of their texts.
    Pair(Term, Term),
    /// A test about which nothing is known.
    Free(Test),
}

/// The most options of a multiple choice for which all subsets are enumerated.
const MAX_CHOICES: usize = 8;

struct Builder<'n> {
    names: &'n dyn Names,
    /// Names to which `exists` is applied.
    asked: Vec<Arc<str>>,
    /// Subjects with the constants they are compared with.
    subjects: Vec<(Subject, Vec<Term>)>,
}

/// A leaf before its cells are known.
enum Draft {
    Constant(bool),
    Not(Box<Draft>),
    All(Vec<Draft>),
    Any(Vec<Draft>),
    Leaf(usize, Question),
}

enum Question {
    /// Evaluate the test with the cell's value for this name.
    Evaluate(Test),
    /// Compare the cell with a constant.
    Constant(Relation, Term),
    /// The cell is an ordering.
    Ordering(Relation),
    /// The cell is true or false.
    Truth,
}

impl Problem {
    pub(super) fn new(goal: &Test, names: &dyn Names) -> Self {
        let mut asked = Vec::new();
        find_asked(goal, &mut asked);
        let mut builder = Builder { names, asked, subjects: Vec::new() };
        let draft = builder.draft(goal);
        let subjects = std::mem::take(&mut builder.subjects);
        let variables: Vec<Variable> = subjects
            .into_iter()
            .map(|(subject, constants)| {
                let cells = builder.cells(&subject, &constants);
                Variable { subject, cells }
            })
            .collect();
        let root = finish(draft, &variables);
        Problem { root, variables }
    }
}

fn find_asked(test: &Test, found: &mut Vec<Arc<str>>) {
    match test {
        Test::Exists(Name { name, level: 0 }) => found.push(name.clone()),
        Test::Not(inner) | Test::Every(_, inner) | Test::Some(_, inner) => find_asked(inner, found),
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| find_asked(test, found)),
        _ => {}
    }
}

impl Builder<'_> {
    fn draft(&mut self, test: &Test) -> Draft {
        match test {
            Test::Constant(value) => Draft::Constant(*value),
            Test::Not(inner) => Draft::Not(Box::new(self.draft(inner))),
            Test::All(tests) => Draft::All(tests.iter().map(|test| self.draft(test)).collect()),
            Test::Any(tests) => Draft::Any(tests.iter().map(|test| self.draft(test)).collect()),
            Test::Flag(name) => {
                self.compare(&Term::Field(name.clone(), Kind::Bool), Relation::Equal, &Term::Bool(true))
            }
            Test::Compare(left, relation, right) => self.compare(left, *relation, right),
            Test::Between(term, low, high) => Draft::All(vec![
                self.compare(term, Relation::AtLeast, low),
                self.compare(term, Relation::AtMost, high),
            ]),
            Test::OneOf { term, outside: false, list } => {
                Draft::Any(list.iter().map(|each| self.compare(term, Relation::Equal, each)).collect())
            }
            Test::OneOf { term, outside: true, list } => {
                Draft::All(list.iter().map(|each| self.compare(term, Relation::Unequal, each)).collect())
            }
            Test::Exists(name) => self.evaluated(name, test, None),
            Test::Contains(name, text) => {
                let enumerated = match self.names.type_of(&name.name) {
                    Some(Type::Choices(options)) => options.len() <= MAX_CHOICES,
                    _ => false,
                };
                if enumerated {
                    self.evaluated(name, test, Some(Term::Text(text.clone())))
                } else {
                    self.free(test)
                }
            }
            Test::Every(..) | Test::Some(..) => self.free(test),
        }
    }

    fn subject(&mut self, subject: Subject, constant: Option<Term>) -> usize {
        let at = self.subjects.iter().position(|(each, _)| *each == subject).unwrap_or_else(|| {
            self.subjects.push((subject, Vec::new()));
            self.subjects.len() - 1
        });
        self.subjects[at].1.extend(constant);
        at
    }

    fn free(&mut self, test: &Test) -> Draft {
        Draft::Leaf(self.subject(Subject::Free(test.clone()), None), Question::Truth)
    }

    fn evaluated(&mut self, name: &Name, test: &Test, constant: Option<Term>) -> Draft {
        let at = self.subject(Subject::Name(name.name.clone()), constant);
        Draft::Leaf(at, Question::Evaluate(test.clone()))
    }

    fn compare(&mut self, left: &Term, relation: Relation, right: &Term) -> Draft {
        let nothing = Answers::new();
        let (left_constant, right_constant) = (constant(left), constant(right));
        match (left_constant, right_constant) {
            (Some(_), Some(_)) => {
                let view = View::new(&nothing);
                Draft::Constant(compare(view.term(left), relation, view.term(right)) == Truth::True)
            }
            (None, Some(None)) | (Some(None), None) => Draft::Constant(false),
            (None, Some(Some(literal))) => self.against(left, relation, literal),
            (Some(Some(literal)), None) => self.against(right, relation.mirrored(), literal),
            (None, None) => {
                let swapped = left.to_string() > right.to_string();
                let (a, b) = if swapped { (right, left) } else { (left, right) };
                let relation = if swapped { relation.mirrored() } else { relation };
                let at = self.subject(Subject::Pair(a.clone(), b.clone()), None);
                Draft::Leaf(at, Question::Ordering(relation))
            }
        }
    }

    fn against(&mut self, term: &Term, relation: Relation, literal: Term) -> Draft {
        if let Term::Count(name) = term
            && let Some(Type::Choices(options)) = self.names.type_of(&name.name)
            && options.len() <= MAX_CHOICES
        {
            let test = Test::Compare(term.clone(), relation, literal);
            // A comparison of their number depends on all options.
            let mut draft = None;
            for option in options {
                draft = Some(self.evaluated(name, &test, Some(Term::Text(option))));
            }
            return draft.unwrap_or_else(|| self.free(&test));
        }
        let subject = match term {
            Term::Field(Name { name, level: 0 }, _) => Subject::Name(name.clone()),
            Term::Today => Subject::Today,
            other => Subject::Computed(other.clone()),
        };
        let at = self.subject(subject, Some(literal.clone()));
        Draft::Leaf(at, Question::Constant(relation, literal))
    }

    fn cells(&self, subject: &Subject, constants: &[Term]) -> Vec<Cell> {
        let mut cells = match subject {
            Subject::Name(name) => self.named(name, constants),
            Subject::Today => date_cells(constants),
            Subject::Computed(term) => match constants.first() {
                Some(Term::Date(_)) => date_cells(constants),
                _ => number_cells(constants, &self.domain_of(term)),
            },
            Subject::Pair(..) => {
                [Ordering::Less, Ordering::Equal, Ordering::Greater].map(Cell::Ordering).to_vec()
            }
            Subject::Free(_) => vec![Cell::Value(Value::Bool(false)), Cell::Value(Value::Bool(true))],
        };
        let absent = match subject {
            Subject::Name(name) => self.absentable(name),
            Subject::Computed(term) => self.may_be_absent(term),
            Subject::Pair(a, b) => self.may_be_absent(a) || self.may_be_absent(b),
            Subject::Today | Subject::Free(_) => false,
        };
        if absent {
            cells.push(Cell::Absent);
        }
        cells
    }

    fn absentable(&self, name: &Arc<str>) -> bool {
        self.names.may_be_absent(name).unwrap_or_else(|| self.asked.contains(name))
    }

    /// The domain of a computed number, without analysing its parts.
    fn domain_of(&self, term: &Term) -> Domain {
        match term {
            Term::Count(Name { name, level: 0 }) => {
                let domain = self.names.domain(name).unwrap_or_default();
                // An absent list has no rows.
                let least = domain.min.filter(|_| !self.absentable(name)).unwrap_or(Number::ZERO);
                Domain { min: Some(least), max: domain.max, step: Some(Number::ONE) }
            }
            Term::Count(_) => Domain::count(),
            Term::YearsBetween(..) | Term::DaysBetween(..) => {
                Domain { step: Some(Number::ONE), ..Domain::default() }
            }
            _ => Domain::default(),
        }
    }

    fn named(&self, name: &str, constants: &[Term]) -> Vec<Cell> {
        let value = |value: Value| Cell::Value(value);
        match self.names.type_of(name) {
            Some(Type::Bool) => vec![value(false.into()), value(true.into())],
            Some(Type::Number { .. }) => {
                number_cells(constants, &self.names.domain(name).unwrap_or_default())
            }
            Some(Type::Date) => date_cells(constants),
            Some(Type::Text) | None => text_cells(constants),
            Some(Type::Choice(options)) => options.into_iter().map(|o| value(Value::Choice(o))).collect(),
            Some(Type::Choices(options)) => self.subsets(name, options, constants),
            Some(Type::Rows(_)) => vec![value(Value::Rows(Vec::new()))],
        }
    }

    /// Every subset of the options used in the goal; where at least one must be chosen, the empty subset is
    /// represented by an option not used in the goal, if there is one.
    fn subsets(&self, name: &str, options: Vec<Arc<str>>, constants: &[Term]) -> Vec<Cell> {
        let matters = |option: &Arc<str>| constants.iter().any(|c| matches!(c, Term::Text(t) if t == option));
        let (used, rest): (Vec<Arc<str>>, Vec<Arc<str>>) = options.into_iter().partition(matters);
        let must =
            self.names.domain(name).and_then(|domain| domain.min).is_some_and(|min| min > Number::ZERO);
        (0..1usize << used.len().min(MAX_CHOICES))
            .filter(|set| *set != 0 || !must || !rest.is_empty())
            .map(|set| {
                let chosen = used.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0);
                let mut chosen: Vec<Arc<str>> = chosen.map(|(_, option)| option.clone()).collect();
                if chosen.is_empty() && must {
                    chosen.extend(rest.first().cloned());
                }
                Cell::Value(Value::Choices(chosen))
            })
            .collect()
    }

    fn may_be_absent(&self, term: &Term) -> bool {
        match term {
            Term::Bool(_)
            | Term::Number(_)
            | Term::Date(_)
            | Term::Text(_)
            | Term::Today
            | Term::Count(_) => false,
            Term::Field(name, _) => self.absentable(&name.name),
            // Sums and products may overflow, and divisors may be zero.
            Term::Sum(..) | Term::Minus(_) | Term::Chain(..) => true,
            Term::YearsBetween(from, to) | Term::DaysBetween(from, to) => {
                self.may_be_absent(from) || self.may_be_absent(to)
            }
        }
    }
}

/// `None` when the term depends on names; `Some(None)` when it is constant but has no value.
fn constant(term: &Term) -> Option<Option<Term>> {
    let mut free = false;
    let mut visit = |_: &Arc<str>| free = true;
    term.each_name(&mut visit);
    if free || has_today_or_rows(term) {
        return None;
    }
    Some(match View::new(&Answers::new()).term(term) {
        Reading::Bool(value) => Some(Term::Bool(value)),
        Reading::Number(number) => Some(Term::Number(number)),
        Reading::Date(date) => Some(Term::Date(date)),
        Reading::Text(text) => Some(Term::Text(text.into())),
        Reading::Absent | Reading::Unknown => None,
    })
}

fn has_today_or_rows(term: &Term) -> bool {
    match term {
        Term::Today | Term::Field(..) | Term::Count(_) | Term::Sum(..) => true,
        Term::Bool(_) | Term::Number(_) | Term::Date(_) | Term::Text(_) => false,
        Term::Minus(inner) => has_today_or_rows(inner),
        Term::Chain(first, rest) => {
            has_today_or_rows(first) || rest.iter().any(|(_, term)| has_today_or_rows(term))
        }
        Term::YearsBetween(from, to) | Term::DaysBetween(from, to) => {
            has_today_or_rows(from) || has_today_or_rows(to)
        }
    }
}

fn finish(draft: Draft, variables: &[Variable]) -> Node {
    let list = |drafts: Vec<Draft>| drafts.into_iter().map(|draft| finish(draft, variables)).collect();
    match draft {
        Draft::Constant(value) => Node::Constant(value),
        Draft::Not(inner) => Node::Not(Box::new(finish(*inner, variables))),
        Draft::All(drafts) => Node::All(list(drafts)),
        Draft::Any(drafts) => Node::Any(list(drafts)),
        Draft::Leaf(variable, question) => {
            let Variable { subject, cells } = &variables[variable];
            let truths = cells.iter().map(|cell| answer(subject, cell, &question)).collect();
            Node::Leaf { variable, truths }
        }
    }
}

fn answer(subject: &Subject, cell: &Cell, question: &Question) -> bool {
    let truth = match (question, cell) {
        (Question::Evaluate(test), cell) => {
            let mut answers = Answers::new();
            if let (Subject::Name(name), Cell::Value(_) | Cell::Absent) = (subject, cell) {
                answers.values.insert(name.clone(), cell.value().cloned());
            }
            View::new(&answers).test(test)
        }
        (Question::Constant(relation, literal), cell) => {
            let nothing = Answers::new();
            compare(cell.reading(), *relation, View::new(&nothing).term(literal))
        }
        (Question::Ordering(relation), Cell::Ordering(ordering)) => relation.holds(*ordering).into(),
        (Question::Truth, Cell::Value(Value::Bool(value))) => (*value).into(),
        (Question::Ordering(_) | Question::Truth, _) => Truth::False,
    };
    truth == Truth::True
}
