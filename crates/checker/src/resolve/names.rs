//! The names that a pack declares, and the fields that conditions may use.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use catalogue::{Field, FieldKind};
use diagnostic::nearest;
use expression::{Domain, Number, Type};

use crate::shape::Kind;

/// Total number of name comparisons for suggestions: bounds the time that a broken pack can take.
const BUDGET: usize = 3_000_000;

#[derive(Debug)]
pub struct Names {
    sets: [HashSet<Arc<str>>; Kind::COUNT],
    sorted: [Vec<Arc<str>>; Kind::COUNT],
    uncertain: [bool; Kind::COUNT],
    budget: Cell<usize>,
    pub fields: FieldNames,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            sets: Default::default(),
            sorted: Default::default(),
            uncertain: Default::default(),
            budget: Cell::new(BUDGET),
            fields: FieldNames::default(),
        }
    }
}

impl Names {
    pub fn declare(&mut self, kind: Kind, name: &str) {
        let name: Arc<str> = name.into();
        if self.sets[kind as usize].insert(name.clone()) {
            self.sorted[kind as usize].push(name);
        }
    }

    pub fn has(&self, kind: Kind, name: &str) -> bool {
        self.sets[kind as usize].contains(name)
    }

    /// Marks declarations of this kind as lost to an error already reported.
    pub fn lose(&mut self, kind: Kind) {
        self.uncertain[kind as usize] = true;
    }

    pub fn is_uncertain(&self, kind: Kind) -> bool {
        self.uncertain[kind as usize]
    }

    pub fn nearest(&self, kind: Kind, name: &str) -> Option<String> {
        let names = &self.sorted[kind as usize];
        let left = self.budget.get().checked_sub(names.len())?;
        self.budget.set(left);
        nearest(name, names.iter().map(|name| &**name)).map(str::to_owned)
    }
}

/// What the analysis of conditions knows about a field.
#[derive(Debug)]
struct Seen {
    kind: Type,
    domain: Option<Domain>,
    optional: bool,
}

/// The field dictionary for conditions.
#[derive(Debug, Default)]
pub struct FieldNames {
    types: HashMap<Arc<str>, Seen>,
    order: Vec<Arc<str>>,
    /// Declared, but with an unreadable type.
    lost: HashSet<String>,
    asked: Cell<usize>,
}

impl FieldNames {
    pub fn declare(&mut self, field: &Field) {
        let name: Arc<str> = field.id.as_str().into();
        let seen = Seen { kind: field.value_type(), domain: domain(field), optional: field.may_be_blank() };
        self.types.insert(name.clone(), seen);
        self.order.push(name);
    }

    pub fn lose(&mut self, name: &str) {
        self.lost.insert(name.to_owned());
    }

    pub fn is_lost(&self, name: &str) -> bool {
        self.lost.contains(name)
    }
}

impl expression::Names for FieldNames {
    fn type_of(&self, name: &str) -> Option<Type> {
        self.types.get(name).map(|seen| seen.kind.clone())
    }

    fn all(&self) -> Vec<Arc<str>> {
        // Used for suggestions only; bounded, because a broken pack may ask for each of its conditions.
        let asked = self.asked.get() + self.order.len();
        self.asked.set(asked);
        if asked > BUDGET { Vec::new() } else { self.order.clone() }
    }

    fn domain(&self, name: &str) -> Option<Domain> {
        self.types.get(name).and_then(|seen| seen.domain)
    }

    fn may_be_absent(&self, name: &str) -> Option<bool> {
        self.types.get(name).filter(|seen| seen.optional).map(|_| true)
    }
}

fn domain(field: &Field) -> Option<Domain> {
    let domain = match &field.kind {
        FieldKind::Number { min, max, decimals, .. } => {
            let step = (0..*decimals).fold(10_000, |step, _| step / 10);
            Domain { min: *min, max: *max, step: Some(Number::from_ten_thousandths(step)) }
        }
        // Without a declared minimum an amount of money starts at zero, as in `form`.
        FieldKind::Money { min, max } => Domain {
            min: min.or(Some(Number::ZERO)),
            max: *max,
            step: Some(Number::from_ten_thousandths(100)),
        },
        FieldKind::Choices { .. } => {
            Domain { min: Some(u32::from(!field.optional).into()), max: None, step: Some(Number::ONE) }
        }
        FieldKind::Rows { min_rows, max_rows, .. } => {
            Domain { min: Some((*min_rows).into()), max: Some((*max_rows).into()), step: Some(Number::ONE) }
        }
        _ => return None,
    };
    // Reversed bounds are reported at the field; conditions must not be blamed for them.
    let reversed = domain.min.zip(domain.max).is_some_and(|(min, max)| min > max);
    Some(if reversed { Domain { step: domain.step, ..Domain::default() } } else { domain })
}
