//! When the next timer of each case is due.

use store::{Cell, ViewSchema};

use crate::case::CaseId;

pub const TABLE: &str = "timers";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 2).text("case_id").integer("at").key(&["case_id"]).index(&["at"])
}

pub fn cells(id: CaseId, at: jiff::Timestamp) -> Vec<Cell> {
    vec![id.to_string().into(), at.into()]
}
