//! The facts that conditions see: answers, known facts, and situation questions that do not arise.

use std::collections::{HashMap, HashSet};

use catalogue::{Edition, Thing};
use expression::{Condition, Fact, Facts, Truth, Value};
use jiff::civil::Date;

use crate::validate::fits;
use crate::{Answer, Answers, KnownFacts};

/// Facts used to find out which questions are needed.
///
/// An answer takes precedence over a known fact; a value that does not fit its field is not a fact. A
/// situation question whose own condition fails does not arise: its field is absent, even if it was answered
/// before. If something that applies uses the field anyway, the field is asked in any case and that condition
/// is ignored (`lifted`).
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    facts: HashMap<&'a str, Fact<'a>>,
    gates: Vec<Gate<'a>>,
    lifted: HashSet<&'a str>,
    /// While set, all gated fields are unknown, whether their gate is open or not.
    hidden: bool,
    today: Date,
}

#[derive(Debug)]
struct Gate<'a> {
    field: &'a str,
    when: &'a Condition,
    truth: Truth,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(
        edition: &'a Edition,
        thing: &'a Thing,
        known: &'a KnownFacts,
        answers: &'a Answers,
        today: Date,
    ) -> Self {
        let mut facts = HashMap::new();
        for (id, known) in known.iter() {
            let fits = edition.field(id).is_some_and(|field| fits(field, &known.value, today));
            if fits && known.holds(edition, answers) {
                facts.insert(id.as_str(), Fact::Known(&known.value));
            }
        }
        for (id, answer) in answers.iter() {
            let Some(field) = edition.field(id) else { continue };
            let fact = match answer {
                Answer::Given(value) if fits(field, value, today) => Fact::Known(value),
                Answer::Blank if field.may_be_blank() => Fact::Absent,
                _ => Fact::Unknown,
            };
            facts.insert(id.as_str(), fact);
        }
        let mut gates: Vec<Gate<'a>> = Vec::new();
        for (index, question) in thing.questions.iter().enumerate() {
            let Some(when) = &question.when else { continue };
            // A question may depend on earlier ones only; one that depends on itself or a later one is always
            // asked.
            let forward = thing.questions[index..].iter().filter(|later| later.when.is_some());
            let mut forward = forward.map(|later| later.field.as_str());
            if !forward.any(|later| when.names_used().iter().any(|name| **name == *later)) {
                gates.push(Gate { field: question.field.as_str(), when, truth: Truth::Unknown });
            }
        }
        let mut ground = Self { facts, gates, lifted: HashSet::new(), hidden: false, today };
        ground.settle();
        ground
    }

    /// Evaluates gates in declared order, so that those a gate depends on are evaluated first.
    fn settle(&mut self) {
        for index in 0..self.gates.len() {
            self.gates[index].truth = self.gates[index].when.evaluate(self);
        }
    }

    /// Ungates a field, because it is asked in any case. False if it was ungated before.
    fn lift(&mut self, field: &'a str) -> bool {
        let news = self.lifted.insert(field);
        if news {
            self.settle();
        }
        news
    }

    /// Lifts the gated fields for which `used` is true while all gated fields are hidden, that is, whose use
    /// does not depend on their own answer.
    pub(crate) fn lift_used_anyway(&mut self, used: impl Fn(&Self, &str) -> bool) {
        self.hidden = true;
        loop {
            let gated: Vec<&'a str> = self.gates.iter().map(|gate| gate.field).collect();
            let found: Vec<&'a str> = gated.into_iter().filter(|field| used(self, field)).collect();
            if found.into_iter().filter(|field| self.lift(field)).count() == 0 {
                break;
            }
        }
        self.hidden = false;
        self.settle();
    }

    /// Lifts a used field whose question does not, or may not, arise. False if there is nothing to lift.
    pub(crate) fn lift_shut(&mut self, field: &'a str) -> bool {
        let shut = self.gates.iter().any(|gate| gate.field == field && !gate.truth.is_true());
        shut && self.lift(field)
    }

    /// The condition of the field's situation question, and its truth; `None` if the field is not gated.
    pub(crate) fn gate(&self, field: &str) -> Option<(&'a Condition, Truth)> {
        if self.gates.is_empty() || self.lifted.contains(field) {
            return None;
        }
        self.gates.iter().find(|gate| gate.field == field).map(|gate| (gate.when, gate.truth))
    }

    /// False if the field has a situation question whose condition does not hold.
    pub(crate) fn arises(&self, field: &str) -> bool {
        self.gates.iter().all(|gate| gate.field != field || gate.truth.is_true())
    }

    pub(crate) fn has_gates(&self) -> bool {
        !self.gates.is_empty()
    }

    pub(crate) fn value(&self, field: &str) -> Option<&'a Value> {
        match self.facts.get(field) {
            Some(Fact::Known(value)) => Some(value),
            _ => None,
        }
    }
}

impl Facts for Ground<'_> {
    fn get(&self, name: &str) -> Fact<'_> {
        match self.gate(name) {
            Some(_) if self.hidden => return Fact::Unknown,
            Some((_, Truth::False)) => return Fact::Absent,
            // Whether it is asked is still open, so an old answer does not count yet.
            Some((_, Truth::Unknown)) => return Fact::Unknown,
            _ => {}
        }
        self.facts.get(name).copied().unwrap_or(Fact::Unknown)
    }

    fn today(&self) -> Option<Date> {
        Some(self.today)
    }
}

/// Only the facts of some fields: how a condition would evaluate if nothing else were answered.
#[derive(Debug)]
pub(crate) struct Within<'g, 'a> {
    pub ground: &'g Ground<'a>,
    pub fields: &'g [&'a str],
}

impl Facts for Within<'_, '_> {
    fn get(&self, name: &str) -> Fact<'_> {
        if self.fields.contains(&name) { self.ground.get(name) } else { Fact::Unknown }
    }

    fn today(&self) -> Option<Date> {
        self.ground.today()
    }
}

/// The facts of an application: needed fields with a value are known, needed ones without are unknown, all
/// others are absent. On a complete form, an item applies under these facts exactly if the form says so.
#[derive(Clone, Debug)]
pub struct FormFacts<'f> {
    pub(crate) facts: HashMap<&'f str, Fact<'f>>,
    pub(crate) today: Date,
}

impl FormFacts<'_> {
    /// Makes unknown facts absent: once the form is submitted, no more answers come.
    pub(crate) fn close(&mut self) {
        self.facts.retain(|_, fact| !matches!(fact, Fact::Unknown));
    }
}

impl Facts for FormFacts<'_> {
    fn get(&self, name: &str) -> Fact<'_> {
        self.facts.get(name).copied().unwrap_or(Fact::Absent)
    }

    fn today(&self) -> Option<Date> {
        Some(self.today)
    }
}
