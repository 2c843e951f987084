//! Analysis of conditions over all possible answers: does one always hold, or never; can two hold at once; is
//! there a case that none covers.
//!
//! The answers to one name are divided into cells within which no comparison changes (options, and the points
//! and gaps between the constants of the conditions), and a search assigns cells until Kleene's logic
//! decides. For comparisons of one name with constants this is exact. Other comparisons (arithmetic, two
//! names, tables) are treated as independent of each other, which can only add possibilities: `Always` and
//! `Never` stay right, and a witness counts only once it has been evaluated; otherwise the finding is
//! `Unknown`.
//!
//! Every name counts as answered, except those that may be left blank ([`Names::may_be_absent`]) and, where
//! that is unknown, those to which a condition applies `exists`. A [`Scope`] adds which names are asked only
//! in some cases.

mod cells;
mod concrete;
mod formula;
mod scope;
mod search;
mod skeleton;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::tree::Test;
use crate::{Answers, Condition, Names, Truth, Value};

pub use formula::Formula;
pub use scope::Scope;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    Always,
    Never,
    Sometimes,
    /// Not decided within the bounds of the analysis.
    Unknown,
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding<T> {
    Found(T),
    /// Proven that there is none.
    Absent,
    Unknown,
}

impl<T> Finding<T> {
    pub fn found(self) -> Option<T> {
        match self {
            Finding::Found(found) => Some(found),
            Finding::Absent | Finding::Unknown => None,
        }
    }
}

/// Answers that prove a finding; names that make no difference are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witness {
    pub values: BTreeMap<Arc<str>, Value>,
    /// Names that are left blank.
    pub absent: Vec<Arc<str>>,
    /// The day of judgement, if it matters.
    pub today: Option<Date>,
}

impl Witness {
    /// The witness as facts; names left out are unanswered.
    pub fn answers(&self) -> Answers {
        let known = self.values.iter().map(|(name, value)| (name.clone(), Some(value.clone())));
        let absent = self.absent.iter().map(|name| (name.clone(), None));
        Answers { values: known.chain(absent).collect(), today: self.today }
    }
}

/// `营业面积 = 200，经营方式 = 堂食`
impl fmt::Display for Witness {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.values.iter().map(|(name, value)| format!("{name} = {value}"));
        let absent = self.absent.iter().map(|name| format!("{name} = —"));
        let today = self.today.iter().map(|date| format!("today() = {date}"));
        out.write_str(&known.chain(absent).chain(today).collect::<Vec<_>>().join("，"))
    }
}

/// Two conditions that can hold together, by their indices in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    pub first: usize,
    pub second: usize,
    pub witness: Witness,
}

pub fn analyse(condition: &Condition, names: &dyn Names) -> Verdict {
    match (satisfy(condition, names), find(&Test::Not(Box::new(condition.test().clone())), names)) {
        (Finding::Absent, _) => Verdict::Never,
        (_, Finding::Absent) => Verdict::Always,
        (Finding::Found(_), Finding::Found(_)) => Verdict::Sometimes,
        _ => Verdict::Unknown,
    }
}

/// Answers under which the condition holds.
pub fn satisfy(condition: &Condition, names: &dyn Names) -> Finding<Witness> {
    find(condition.test(), names)
}

/// The first pair of conditions that can hold together.
pub fn overlap(conditions: &[&Condition], names: &dyn Names) -> Finding<Overlap> {
    let mut result = Finding::Absent;
    for (second, b) in conditions.iter().enumerate() {
        for (first, a) in conditions[..second].iter().enumerate() {
            match find(&Test::all([a.test().clone(), b.test().clone()]), names) {
                Finding::Found(witness) => return Finding::Found(Overlap { first, second, witness }),
                Finding::Unknown => result = Finding::Unknown,
                Finding::Absent => {}
            }
        }
    }
    result
}

/// Answers under which none of the conditions holds.
pub fn gap(conditions: &[&Condition], names: &dyn Names) -> Finding<Witness> {
    let any = Test::any(conditions.iter().map(|condition| condition.test().clone()));
    find(&Test::Not(Box::new(any)), names)
}

/// Answers under which `premise` holds but none of the conditions does.
pub fn gap_within(premise: &Condition, conditions: &[&Condition], names: &dyn Names) -> Finding<Witness> {
    let any = Test::any(conditions.iter().map(|condition| condition.test().clone()));
    find(&Test::all([premise.test().clone(), Test::Not(Box::new(any))]), names)
}

fn find(goal: &Test, names: &dyn Names) -> Finding<Witness> {
    let problem = skeleton::Problem::new(goal, names);
    let mut concrete = concrete::Concretiser::new(goal, names);
    let mut uncertain = false;
    let complete = search::search(&problem, &mut |assignment| match concrete.witness(&problem, assignment) {
        Some(witness) => search::Step::Stop(witness),
        None => {
            uncertain = true;
            search::Step::Continue
        }
    });
    match complete {
        search::Outcome::Stopped(witness) => Finding::Found(witness),
        search::Outcome::Exhausted if !uncertain => Finding::Absent,
        _ => Finding::Unknown,
    }
}

fn holds(goal: &Test, answers: &Answers) -> bool {
    crate::evaluate::View::new(answers).test(goal) == Truth::True
}
