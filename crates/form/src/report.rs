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
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionLine {
    pub field: String,
    /// Items that use the answer.
    pub items: Vec<String>,
    /// Already known: shown for confirmation, not asked.
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
        }
    }
}
