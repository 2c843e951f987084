//! Conditions compiled against a slice of facts, for evaluation in bulk.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::answer::parse_date;
use crate::evaluate::{View, contains};
use crate::tree::{Relation, Term, Test};
use crate::{Condition, Fact, Facts, Kind, Number, Truth, Value};

/// The index of each name of an edition in the slice of facts that programs run on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    slots: HashMap<Arc<str>, usize>,
    names: Vec<Arc<str>>,
}

impl Layout {
    /// Slots in the order of the names; a repeated name keeps its first slot.
    pub fn new(names: impl IntoIterator<Item = Arc<str>>) -> Self {
        let mut layout = Layout::default();
        for name in names {
            if !layout.slots.contains_key(&name) {
                layout.slots.insert(name.clone(), layout.names.len());
                layout.names.push(name);
            }
        }
        layout
    }

    pub fn slot(&self, name: &str) -> Option<usize> {
        self.slots.get(name).copied()
    }

    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All facts of a case, slot by slot: looked up once, then usable by any number of programs.
    pub fn facts<'a>(&self, facts: &'a dyn Facts) -> Vec<Fact<'a>> {
        self.names.iter().map(|name| facts.get(name)).collect()
    }
}

/// A condition compiled against a [`Layout`]. Its result equals that of [`Condition::evaluate`], without
/// looking up names.
#[derive(Clone, Debug)]
pub struct Program {
    steps: Vec<Step>,
    /// The rare tests that are not one field compared with constants, each with its own names and slots.
    general: Vec<General>,
}

#[derive(Clone, Debug)]
struct General {
    test: Test,
    slots: Vec<(Arc<str>, usize)>,
}

/// Steps in prefix order: a group is followed by its members and knows the index where it ends.
#[derive(Clone, Debug)]
enum Step {
    Constant(bool),
    /// `and` when `all`, otherwise `or`.
    Group {
        all: bool,
        end: usize,
    },
    Not,
    Exists(usize),
    Flag(usize),
    /// In ten-thousandths, both bounds inclusive; `outside` negates the test.
    Number {
        slot: usize,
        low: i64,
        high: i64,
        outside: bool,
    },
    Date {
        slot: usize,
        low: Date,
        high: Date,
        outside: bool,
    },
    Text {
        slot: usize,
        text: Arc<str>,
        outside: bool,
    },
    OneText {
        slot: usize,
        list: Arc<[Arc<str>]>,
        outside: bool,
    },
    Contains {
        slot: usize,
        text: Arc<str>,
    },
    General(usize),
}

/// The condition uses a name that the layout lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingSlot(pub Arc<str>);

impl std::fmt::Display for MissingSlot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "the layout has no slot for {}", self.0)
    }
}

impl std::error::Error for MissingSlot {}

impl Program {
    /// # Errors
    /// [`MissingSlot`] when the condition uses a name that the layout lacks.
    pub fn compile(condition: &Condition, layout: &Layout) -> Result<Self, MissingSlot> {
        let mut program = Program { steps: Vec::new(), general: Vec::new() };
        program.push(condition.test(), layout)?;
        Ok(program)
    }

    /// `facts` as [`Layout::facts`] returns them; a slot beyond their end is unknown.
    pub fn evaluate(&self, facts: &[Fact<'_>], today: Option<Date>) -> Truth {
        self.run(&mut 0, facts, today)
    }

    fn push(&mut self, test: &Test, layout: &Layout) -> Result<(), MissingSlot> {
        let slot = |name: &Arc<str>| layout.slot(name).ok_or_else(|| MissingSlot(name.clone()));
        let step = match test {
            Test::Constant(value) => Step::Constant(*value),
            Test::Flag(name) => Step::Flag(slot(&name.name)?),
            Test::Exists(name) => Step::Exists(slot(&name.name)?),
            Test::Contains(name, text) => Step::Contains { slot: slot(&name.name)?, text: text.clone() },
            Test::Not(inner) => {
                self.steps.push(Step::Not);
                return self.push(inner, layout);
            }
            Test::All(tests) | Test::Any(tests) => {
                let at = self.steps.len();
                let all = matches!(test, Test::All(_));
                self.steps.push(Step::Group { all, end: 0 });
                for test in tests {
                    self.push(test, layout)?;
                }
                let end = self.steps.len();
                self.steps[at] = Step::Group { all, end };
                return Ok(());
            }
            Test::Compare(Term::Field(name, kind), relation, literal) => {
                match against(slot(&name.name)?, *kind, *relation, literal) {
                    Some(step) => step,
                    None => self.general(test, layout)?,
                }
            }
            Test::Compare(literal, relation, Term::Field(name, kind)) => {
                match against(slot(&name.name)?, *kind, relation.mirrored(), literal) {
                    Some(step) => step,
                    None => self.general(test, layout)?,
                }
            }
            Test::Between(Term::Field(name, _), Term::Number(low), Term::Number(high)) => Step::Number {
                slot: slot(&name.name)?,
                low: low.ten_thousandths(),
                high: high.ten_thousandths(),
                outside: false,
            },
            Test::Between(Term::Field(name, _), Term::Date(low), Term::Date(high)) => {
                Step::Date { slot: slot(&name.name)?, low: *low, high: *high, outside: false }
            }
            Test::OneOf { term: Term::Field(name, Kind::Text | Kind::Choice), outside, list } => {
                match texts(list) {
                    Some(list) => Step::OneText { slot: slot(&name.name)?, list, outside: *outside },
                    None => self.general(test, layout)?,
                }
            }
            _ => self.general(test, layout)?,
        };
        self.steps.push(step);
        Ok(())
    }

    fn general(&mut self, test: &Test, layout: &Layout) -> Result<Step, MissingSlot> {
        let mut names: Vec<Arc<str>> = Vec::new();
        test.each_name(&mut |name| {
            if !names.contains(name) {
                names.push(name.clone());
            }
        });
        let mut slots = Vec::with_capacity(names.len());
        for name in names {
            let slot = layout.slot(&name).ok_or_else(|| MissingSlot(name.clone()))?;
            slots.push((name, slot));
        }
        self.general.push(General { test: test.clone(), slots });
        Ok(Step::General(self.general.len() - 1))
    }

    /// Runs the step at `at` with its members, and moves `at` behind them.
    fn run(&self, at: &mut usize, facts: &[Fact<'_>], today: Option<Date>) -> Truth {
        let step = &self.steps[*at];
        *at += 1;
        let fact = |slot: usize| facts.get(slot).copied().unwrap_or(Fact::Unknown);
        match step {
            Step::Constant(value) => (*value).into(),
            Step::Not => !self.run(at, facts, today),
            Step::Group { all, end } => {
                let decisive = if *all { Truth::False } else { Truth::True };
                let mut result = !decisive;
                while *at < *end {
                    let truth = self.run(at, facts, today);
                    if truth == decisive {
                        *at = *end;
                        return decisive;
                    }
                    if truth == Truth::Unknown {
                        result = Truth::Unknown;
                    }
                }
                result
            }
            Step::Exists(slot) => match fact(*slot) {
                Fact::Known(_) => Truth::True,
                Fact::Absent => Truth::False,
                Fact::Unknown => Truth::Unknown,
            },
            Step::Flag(slot) => known(fact(*slot), |value| matches!(value, Value::Bool(true))),
            Step::Number { slot, low, high, outside } => known(fact(*slot), |value| {
                number(value).is_some_and(|number| (*low <= number && number <= *high) != *outside)
            }),
            Step::Date { slot, low, high, outside } => known(fact(*slot), |value| {
                date(value).is_some_and(|date| (*low <= date && date <= *high) != *outside)
            }),
            Step::Text { slot, text, outside } => {
                known(fact(*slot), |value| text_of(value).is_some_and(|found| (found == &**text) != *outside))
            }
            Step::OneText { slot, list, outside } => known(fact(*slot), |value| {
                text_of(value).is_some_and(|found| list.iter().any(|text| &**text == found) != *outside)
            }),
            Step::Contains { slot, text } => contains(fact(*slot), text),
            Step::General(index) => {
                let general = &self.general[*index];
                View::new(&Slots { slots: &general.slots, facts, today }).test(&general.test)
            }
        }
    }
}

fn known(fact: Fact<'_>, holds: impl FnOnce(&Value) -> bool) -> Truth {
    match fact {
        Fact::Known(value) => holds(value).into(),
        Fact::Absent => Truth::False,
        Fact::Unknown => Truth::Unknown,
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(number.ten_thousandths()),
        Value::Text(text) => text.parse::<Number>().ok().map(Number::ten_thousandths),
        _ => None,
    }
}

fn date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Text(text) => parse_date(text),
        _ => None,
    }
}

fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) | Value::Choice(text) => Some(text),
        _ => None,
    }
}

fn texts(list: &[Term]) -> Option<Arc<[Arc<str>]>> {
    let text = |term: &Term| match term {
        Term::Text(text) => Some(text.clone()),
        _ => None,
    };
    list.iter().map(text).collect()
}

/// A field compared with a literal, as a range or an equality; `None` when it is neither.
fn against(slot: usize, kind: Kind, relation: Relation, literal: &Term) -> Option<Step> {
    let outside = relation == Relation::Unequal;
    match (kind, literal) {
        (Kind::Number, Term::Number(number)) => {
            let at = number.ten_thousandths();
            // An empty range (below the smallest or above the largest number) has crossed bounds.
            let (low, high) = match relation {
                Relation::Equal | Relation::Unequal => (at, at),
                Relation::AtMost => (i64::MIN, at),
                Relation::AtLeast => (at, i64::MAX),
                Relation::Less => at.checked_sub(1).map_or((1, 0), |high| (i64::MIN, high)),
                Relation::More => at.checked_add(1).map_or((1, 0), |low| (low, i64::MAX)),
            };
            Some(Step::Number { slot, low, high, outside })
        }
        (Kind::Date, Term::Date(date)) => {
            let (low, high) = match relation {
                Relation::Equal | Relation::Unequal => (*date, *date),
                Relation::AtMost => (Date::MIN, *date),
                Relation::AtLeast => (*date, Date::MAX),
                Relation::Less => (Date::MIN, date.yesterday().ok()?),
                Relation::More => (date.tomorrow().ok()?, Date::MAX),
            };
            Some(Step::Date { slot, low, high, outside })
        }
        (Kind::Text | Kind::Choice, Term::Text(text)) if !relation.is_order() => {
            Some(Step::Text { slot, text: text.clone(), outside })
        }
        _ => None,
    }
}

struct Slots<'s, 'f> {
    slots: &'s [(Arc<str>, usize)],
    facts: &'s [Fact<'f>],
    today: Option<Date>,
}

impl Facts for Slots<'_, '_> {
    fn get(&self, name: &str) -> Fact<'_> {
        let slot = self.slots.iter().find(|(each, _)| &**each == name);
        slot.and_then(|(_, slot)| self.facts.get(*slot)).copied().unwrap_or(Fact::Unknown)
    }

    fn today(&self) -> Option<Date> {
        self.today
    }
}
