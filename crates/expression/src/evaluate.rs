//! Evaluation in three-valued logic (Kleene).

use std::sync::Arc;

use jiff::civil::Date;

use crate::answer::parse_date;
use crate::dates::{day_number, full_years};
use crate::tree::{Name, Relation, Term, Test};
use crate::value::Row;
use crate::{Fact, Facts, Kind, Number, Truth, Value};

/// Name lookup: in the facts, and in the rows of the enclosing `every` and `some`.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    facts: &'a dyn Facts,
    row: Option<&'a Layer<'a>>,
}

pub(crate) struct Layer<'a> {
    row: &'a Row,
    level: u8,
    outer: Option<&'a Layer<'a>>,
}

/// The value of a term. A term whose parts are absent, or whose arithmetic has no result (overflow,
/// division by zero), is absent itself, and comparisons with it do not hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reading<'a> {
    Bool(bool),
    Number(Number),
    Date(Date),
    Text(&'a str),
    Absent,
    Unknown,
}

/// A table: an absent one has no rows.
enum Table<'a> {
    Rows(&'a [Row]),
    /// Chosen options, which `count` counts as well.
    Choices(usize),
    Unknown,
}

impl<'a> View<'a> {
    pub(crate) fn new(facts: &'a dyn Facts) -> Self {
        View { facts, row: None }
    }

    pub(crate) fn level(&self) -> u8 {
        self.row.map_or(0, |layer| layer.level)
    }

    pub(crate) fn fact(&self, name: &Name) -> Fact<'a> {
        if name.level == 0 {
            return self.facts.get(&name.name);
        }
        let mut layer = self.row;
        while let Some(at) = layer {
            if at.level == name.level {
                return at.row.get(&name.name).map_or(Fact::Absent, Fact::Known);
            }
            layer = at.outer;
        }
        Fact::Absent
    }

    pub(crate) fn test(&self, test: &Test) -> Truth {
        match test {
            Test::Constant(value) => (*value).into(),
            Test::Flag(name) => match read(self.fact(name), Kind::Bool) {
                Reading::Bool(value) => value.into(),
                Reading::Unknown => Truth::Unknown,
                _ => Truth::False,
            },
            Test::Exists(name) => match self.fact(name) {
                Fact::Known(_) => Truth::True,
                Fact::Absent => Truth::False,
                Fact::Unknown => Truth::Unknown,
            },
            Test::Not(inner) => !self.test(inner),
            Test::All(tests) => !any(tests.iter().map(|test| !self.test(test))),
            Test::Any(tests) => any(tests.iter().map(|test| self.test(test))),
            Test::Compare(left, relation, right) => compare(self.term(left), *relation, self.term(right)),
            Test::Between(term, low, high) => {
                let term = self.term(term);
                let above = compare(term, Relation::AtLeast, self.term(low));
                let below = compare(term, Relation::AtMost, self.term(high));
                !any([!above, !below].into_iter())
            }
            Test::OneOf { term, outside, list } => self.one_of(term, *outside, list),
            Test::Contains(name, text) => contains(self.fact(name), text),
            Test::Every(name, inner) => !self.some_row(name, |view| !view.test(inner)),
            Test::Some(name, inner) => self.some_row(name, |view| view.test(inner)),
        }
    }

    fn one_of(&self, term: &Term, outside: bool, list: &[Term]) -> Truth {
        let term = self.term(term);
        match term {
            Reading::Absent => return Truth::False,
            Reading::Unknown => return Truth::Unknown,
            _ => {}
        }
        let found = any(list.iter().map(|each| compare(term, Relation::Equal, self.term(each))));
        if outside { !found } else { found }
    }

    fn some_row(&self, name: &Name, mut holds: impl FnMut(View<'_>) -> Truth) -> Truth {
        let rows = match self.table(name) {
            Table::Rows(rows) => rows,
            Table::Choices(_) => return Truth::False,
            Table::Unknown => return Truth::Unknown,
        };
        any(rows.iter().map(|row| {
            let layer = Layer { row, level: self.level().saturating_add(1), outer: self.row };
            holds(View { facts: self.facts, row: Some(&layer) })
        }))
    }

    fn table(&self, name: &Name) -> Table<'a> {
        match self.fact(name) {
            Fact::Known(Value::Rows(rows)) => Table::Rows(rows),
            Fact::Known(Value::Choices(choices)) => Table::Choices(choices.len()),
            Fact::Known(_) | Fact::Absent => Table::Rows(&[]),
            Fact::Unknown => Table::Unknown,
        }
    }

    pub(crate) fn term<'t>(&self, term: &'t Term) -> Reading<'t>
    where
        'a: 't,
    {
        match term {
            Term::Bool(value) => Reading::Bool(*value),
            Term::Number(number) => Reading::Number(*number),
            Term::Date(date) => Reading::Date(*date),
            Term::Text(text) => Reading::Text(text),
            Term::Field(name, kind) => read(self.fact(name), *kind),
            Term::Today => self.facts.today().map_or(Reading::Unknown, Reading::Date),
            Term::Count(name) => match self.table(name) {
                Table::Rows(rows) => number(i64::try_from(rows.len()).ok().and_then(Number::from_integer)),
                Table::Choices(count) => number(i64::try_from(count).ok().and_then(Number::from_integer)),
                Table::Unknown => Reading::Unknown,
            },
            Term::Sum(name, column) => self.sum(name, column),
            Term::Minus(inner) => self.arithmetic(&[inner], |numbers| numbers[0].checked_neg()),
            Term::Chain(first, rest) => self.chain(first, rest),
            Term::YearsBetween(from, to) => self.span(from, to, full_years),
            Term::DaysBetween(from, to) => self.span(from, to, |from, to| day_number(to) - day_number(from)),
        }
    }

    fn sum<'t>(&self, name: &Name, column: &Arc<str>) -> Reading<'t> {
        match self.table(name) {
            Table::Unknown => Reading::Unknown,
            Table::Choices(_) => Reading::Number(Number::ZERO),
            Table::Rows(rows) => {
                number(rows.iter().try_fold(Number::ZERO, |sum, row| match row.get(column) {
                    Some(Value::Number(number)) => sum.checked_add(*number),
                    Some(Value::Text(text)) => {
                        text.parse().map_or(Some(sum), |number| sum.checked_add(number))
                    }
                    _ => Some(sum),
                }))
            }
        }
    }

    /// Absent takes precedence over unknown: whatever the missing answers are, the term will have no value.
    fn arithmetic<'t>(&self, terms: &[&Term], apply: impl Fn(&[Number]) -> Option<Number>) -> Reading<'t> {
        let mut numbers = Vec::with_capacity(terms.len());
        let mut unknown = false;
        for term in terms {
            match self.term(term) {
                Reading::Number(value) => numbers.push(value),
                Reading::Unknown => unknown = true,
                _ => return Reading::Absent,
            }
        }
        if unknown { Reading::Unknown } else { number(apply(&numbers)) }
    }

    fn chain<'t>(&self, first: &Term, rest: &[(crate::tree::Operator, Term)]) -> Reading<'t> {
        let mut result = match self.term(first) {
            Reading::Number(value) => Some(value),
            Reading::Unknown => None,
            _ => return Reading::Absent,
        };
        for (operator, term) in rest {
            let next = match self.term(term) {
                Reading::Number(value) => Some(value),
                Reading::Unknown => None,
                _ => return Reading::Absent,
            };
            result = match (result, next) {
                (Some(left), Some(right)) => match operator.apply(left, right) {
                    Some(value) => Some(value),
                    None => return Reading::Absent,
                },
                _ => None,
            };
        }
        result.map_or(Reading::Unknown, Reading::Number)
    }

    fn span<'t>(&self, from: &Term, to: &Term, count: impl Fn(Date, Date) -> i64) -> Reading<'t> {
        match (self.term(from), self.term(to)) {
            (Reading::Date(from), Reading::Date(to)) => number(Number::from_integer(count(from, to))),
            (Reading::Unknown, Reading::Unknown | Reading::Date(_))
            | (Reading::Date(_), Reading::Unknown) => Reading::Unknown,
            _ => Reading::Absent,
        }
    }
}

fn number<'t>(number: Option<Number>) -> Reading<'t> {
    number.map_or(Reading::Absent, Reading::Number)
}

/// Kleene's disjunction.
fn any(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut result = Truth::False;
    for truth in truths {
        match truth {
            Truth::True => return Truth::True,
            Truth::Unknown => result = Truth::Unknown,
            Truth::False => {}
        }
    }
    result
}

/// A fact as the kind that the condition was checked with. Text is also read as a number or a date,
/// because values that were stored as plain JSON come back as text.
pub(crate) fn read(fact: Fact<'_>, kind: Kind) -> Reading<'_> {
    let value = match fact {
        Fact::Known(value) => value,
        Fact::Absent => return Reading::Absent,
        Fact::Unknown => return Reading::Unknown,
    };
    match (kind, value) {
        (Kind::Bool, Value::Bool(value)) => Reading::Bool(*value),
        (Kind::Number, Value::Number(number)) => Reading::Number(*number),
        (Kind::Number, Value::Text(text)) => text.parse().map_or(Reading::Absent, Reading::Number),
        (Kind::Date, Value::Date(date)) => Reading::Date(*date),
        (Kind::Date, Value::Text(text)) => parse_date(text).map_or(Reading::Absent, Reading::Date),
        (Kind::Text | Kind::Choice, Value::Text(text) | Value::Choice(text)) => Reading::Text(text),
        _ => Reading::Absent,
    }
}

pub(crate) fn compare(left: Reading<'_>, relation: Relation, right: Reading<'_>) -> Truth {
    let ordering = match (left, right) {
        (Reading::Number(left), Reading::Number(right)) => left.cmp(&right),
        (Reading::Text(left), Reading::Text(right)) => left.cmp(right),
        (Reading::Date(left), Reading::Date(right)) => left.cmp(&right),
        (Reading::Bool(left), Reading::Bool(right)) => left.cmp(&right),
        (Reading::Absent, _) | (_, Reading::Absent) => return Truth::False,
        (Reading::Unknown, _) | (_, Reading::Unknown) => return Truth::Unknown,
        // Only a tree that was changed in storage compares different kinds.
        _ => return Truth::False,
    };
    relation.holds(ordering).into()
}

pub(crate) fn contains(fact: Fact<'_>, text: &str) -> Truth {
    match fact {
        Fact::Known(Value::Choices(choices)) => choices.iter().any(|choice| **choice == *text).into(),
        Fact::Known(Value::Text(whole)) => whole.contains(text).into(),
        Fact::Known(_) | Fact::Absent => Truth::False,
        Fact::Unknown => Truth::Unknown,
    }
}

/// The unanswered names that an undecided test still depends on, each once, in the order of the text.
pub(crate) fn undecided(view: View<'_>, test: &Test, found: &mut Vec<Arc<str>>) {
    if view.test(test) != Truth::Unknown {
        return;
    }
    match test {
        Test::Not(inner) => undecided(view, inner, found),
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| undecided(view, test, found)),
        _ => test.each_name(&mut |name| {
            if view.facts.get(name) == Fact::Unknown && !found.contains(name) {
                found.push(name.clone());
            }
        }),
    }
}
