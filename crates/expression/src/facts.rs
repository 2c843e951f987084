//! Names with types and domains, and the facts that conditions are evaluated on.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Number, Type, Value};

/// The names that a condition may use: an interface to the zone's field dictionary.
pub trait Names {
    fn type_of(&self, name: &str) -> Option<Type>;

    /// Every name, for spelling suggestions.
    fn all(&self) -> Vec<Arc<str>>;

    /// Bounds of a number field, or of the number of options or rows; used by the analysis.
    fn domain(&self, _name: &str) -> Option<Domain> {
        None
    }

    /// Whether a name may have no value even when everything was asked; `None` if unknown. Used by the
    /// analysis.
    fn may_be_absent(&self, _name: &str) -> Option<bool> {
        None
    }
}

impl Names for BTreeMap<Arc<str>, Type> {
    fn type_of(&self, name: &str) -> Option<Type> {
        self.get(name).cloned()
    }

    fn all(&self) -> Vec<Arc<str>> {
        self.keys().cloned().collect()
    }
}

/// Inclusive bounds of a number or of the size of a list. With a `step`, only its multiples occur: 1 for
/// counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    pub min: Option<Number>,
    pub max: Option<Number>,
    pub step: Option<Number>,
}

impl Domain {
    /// Whole numbers from zero: people, seats, copies.
    pub fn count() -> Self {
        Domain { min: Some(Number::ZERO), max: None, step: Some(Number::ONE) }
    }
}

/// What is known about one name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact<'a> {
    Known(&'a Value),
    /// Not asked because it does not apply, or left blank: there will be no value.
    Absent,
    /// Not answered yet.
    Unknown,
}

/// The facts and answers of one case at one moment.
pub trait Facts {
    fn get(&self, name: &str) -> Fact<'_>;

    /// The day on which the condition is judged; `None` makes `today()` unknown.
    fn today(&self) -> Option<Date>;
}

/// Answers in a map: a missing key was not answered yet, `None` was left blank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    pub values: HashMap<Arc<str>, Option<Value>>,
    pub today: Option<Date>,
}

impl Answers {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn with(mut self, name: impl Into<Arc<str>>, value: impl Into<Value>) -> Self {
        self.values.insert(name.into(), Some(value.into()));
        self
    }

    #[must_use]
    pub fn without(mut self, name: impl Into<Arc<str>>) -> Self {
        self.values.insert(name.into(), None);
        self
    }

    #[must_use]
    pub fn on(mut self, today: Date) -> Self {
        self.today = Some(today);
        self
    }
}

impl Facts for Answers {
    fn get(&self, name: &str) -> Fact<'_> {
        match self.values.get(name) {
            Some(Some(value)) => Fact::Known(value),
            Some(None) => Fact::Absent,
            None => Fact::Unknown,
        }
    }

    fn today(&self) -> Option<Date> {
        self.today
    }
}

/// The outcome of a condition in Kleene's logic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    True,
    False,
    /// It depends on answers that are still missing.
    Unknown,
}

impl Truth {
    pub fn is_true(self) -> bool {
        self == Truth::True
    }

    pub fn is_false(self) -> bool {
        self == Truth::False
    }

    pub fn is_unknown(self) -> bool {
        self == Truth::Unknown
    }

    pub fn known(self) -> Option<bool> {
        match self {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::True } else { Truth::False }
    }
}
