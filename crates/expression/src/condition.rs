//! A checked condition: its text and its typed tree.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::evaluate::{View, undecided};
use crate::tree::Test;
use crate::{ExpressionProblem, Facts, Names, Truth};

/// A checked condition: immutable and cheap to clone. It is stored as its text with its typed tree, so that
/// an edition loads without parsing again.
///
/// Two conditions are equal when their trees are; spacing and synonyms do not matter.
///
/// # Missing answers
/// - `Unknown` (not answered yet) makes a comparison unknown, and `and`, `or`, `not` follow Kleene.
/// - `Absent` (does not apply, or left blank) makes every comparison false, `!=`, `not in` and `contains`
///   included, and also a bare yes/no name. Hence for an absent `x`, `not (x = 1)` holds, but `x != 1` does
///   not.
/// - `exists x` is true for a known, false for an absent, unknown for an unanswered `x`.
/// - An absent table has no rows: `count` and `sum` are 0, `every` is true, `some` is false.
/// - Arithmetic without a result (division by zero, overflow) counts as absent.
/// - `today()` is the facts' today, unknown when there is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Condition {
    text: Arc<str>,
    test: Arc<Test>,
    names: Arc<[Arc<str>]>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    text: Arc<str>,
    test: Arc<Test>,
}

impl From<Stored> for Condition {
    fn from(stored: Stored) -> Self {
        Condition::assemble(stored.text, stored.test)
    }
}

impl From<Condition> for Stored {
    fn from(condition: Condition) -> Self {
        Stored { text: condition.text, test: condition.test }
    }
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.test == other.test
    }
}

impl Eq for Condition {}

impl Condition {
    fn assemble(text: Arc<str>, test: Arc<Test>) -> Self {
        let mut names: Vec<Arc<str>> = Vec::new();
        test.each_name(&mut |name| {
            if !names.contains(name) {
                names.push(name.clone());
            }
        });
        Condition { text, test, names: names.into() }
    }

    /// Parses and checks a text; no input panics or exhausts the stack.
    ///
    /// # Errors
    /// All problems that one pass can find, in the order of the text.
    pub fn parse(text: &str, names: &dyn Names) -> Result<Self, Vec<ExpressionProblem>> {
        let test = crate::read::read(text, names)?;
        Ok(Condition::assemble(text.into(), Arc::new(test)))
    }

    /// The condition that always holds.
    pub fn always() -> Self {
        Condition::assemble("true".into(), Arc::new(Test::Constant(true)))
    }

    /// As the author wrote it; [`Display`](std::fmt::Display) gives the canonical text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every name that the condition looks up, once, in the order of the text.
    pub fn names_used(&self) -> &[Arc<str>] {
        &self.names
    }

    pub fn evaluate(&self, facts: &dyn Facts) -> Truth {
        View::new(facts).test(&self.test)
    }

    /// The unanswered names that could still change the outcome, in the order of the text; empty once the
    /// outcome is known. Parts already decided by the answers are left out.
    pub fn unknowns(&self, facts: &dyn Facts) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        undecided(View::new(facts), &self.test, &mut found);
        found
    }

    pub(crate) fn test(&self) -> &Test {
        &self.test
    }
}
