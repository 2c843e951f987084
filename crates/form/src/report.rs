//! The form as JSON. The keys are a contract.

use serde::{Deserialize, Serialize};

use crate::{Counts, Form};

/// What `yichuang form` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormReport {
    /// In the order in which they are asked.
    pub questions: Vec<QuestionLine>,
    pub materials: Vec<MaterialLine>,
    pub separate: Counts,
    pub merged: Counts,
    pub complete: bool,
    /// Why no further answer would complete it; absent while that is not so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<Incomplete>,
}

/// What prevents submission although nothing is left to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Incomplete {
    /// Items that the answers call for but that are not open to this kind of applicant.
    ClosedToParty { items: Vec<String> },
    /// Everything is answered, and no item of the thing applies.
    NothingApplies,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionLine {
    pub field: String,
    /// Items that use the answer.
    pub items: Vec<String>,
    /// Known from a source: shown for confirmation, not asked.
    pub known: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialLine {
    pub material: String,
    pub items: Vec<String>,
    /// The item or registry that supplies it; `null` when the applicant brings it.
    pub supplied_by: Option<String>,
}

impl Form<'_> {
    pub fn report(&self) -> FormReport {
        let questions = self.questions().iter().map(|question| QuestionLine {
            field: question.field.id.to_string(),
            items: question.items.iter().map(ToString::to_string).collect(),
            known: question.known.is_some(),
        });
        let materials = self.materials().iter().map(|material| MaterialLine {
            material: material.material.id.to_string(),
            items: material.items().map(ToString::to_string).collect(),
            supplied_by: material.supplied_by.map(|supplier| supplier.name().to_owned()),
        });
        FormReport {
            questions: questions.collect(),
            materials: materials.collect(),
            separate: self.separate(),
            merged: self.merged(),
            complete: self.complete(),
            incomplete: self.incomplete(),
        }
    }

    /// Why the form cannot be submitted whatever else is answered.
    pub fn incomplete(&self) -> Option<Incomplete> {
        if !self.closed_to_party().is_empty() {
            let items = self.closed_to_party().iter().map(|item| item.id.to_string()).collect();
            return Some(Incomplete::ClosedToParty { items });
        }
        self.nothing_applies().then_some(Incomplete::NothingApplies)
    }
}
