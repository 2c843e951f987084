//! Which case came with which number.

use store::{ViewChange, ViewSchema};

use crate::case::CaseId;
use crate::hall::TicketRef;

pub const TABLE: &str = "hall_links";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("case_id")
        .text("day")
        .integer("number")
        .text("hall")
        .text("case_number")
        .key(&["case_id", "day", "number"])
        .index(&["day", "number"])
}

pub fn row(id: CaseId, case_number: &str, ticket: &TicketRef) -> ViewChange {
    let cells = vec![
        id.to_string().into(),
        ticket.date.to_string().into(),
        ticket.number.0.into(),
        ticket.hall.as_str().into(),
        case_number.into(),
    ];
    ViewChange::upsert(TABLE, cells)
}
