//! What one form spared each applicant, counted once when it was handed in.

use casework::Case;
use catalogue::Edition;
use store::{ViewChange, ViewSchema};

use super::month;
use crate::case::CaseId;
use crate::case::wire::Burden;

pub const TABLE: &str = "savings";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("case_id")
        .text("thing")
        .text("month")
        .integer("questions_separate")
        .integer("questions_merged")
        .integer("materials_separate")
        .integer("materials_merged")
        .integer("visits_separate")
        .integer("visits_merged")
        .key(&["case_id"])
        .index(&["month", "thing"])
}

pub fn row(id: CaseId, case: &Case, edition: &Edition, separate: Burden, merged: Burden) -> ViewChange {
    ViewChange::upsert(
        TABLE,
        vec![
            id.to_string().into(),
            case.thing.as_str().into(),
            month(edition, case.received_at).into(),
            separate.questions.into(),
            merged.questions.into(),
            separate.materials.into(),
            merged.materials.into(),
            separate.visits.into(),
            merged.visits.into(),
        ],
    )
}
