//! One row a matter: what departments answer for, and what figures count.

use casework::{Case, ClockKind, ClockView, Colour, Matter, MatterState};
use catalogue::Edition;
use store::{Cell, ColumnKind, ViewSchema};

use super::month;
use crate::case::CaseId;

pub const TABLE: &str = "matters";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("case_id")
        .text("item")
        .text("number")
        .text("thing")
        .text("department")
        .text("class")
        .text("state")
        .text("colour")
        .text("month")
        .text("decided_month")
        .integer("received_at")
        .nullable("accepted_at", ColumnKind::Integer)
        .nullable("decided_at", ColumnKind::Integer)
        .nullable("closed_at", ColumnKind::Integer)
        .nullable("promised_due_at", ColumnKind::Integer)
        .nullable("statutory_due_at", ColumnKind::Integer)
        // Working days by which the decision came before the statutory and the promised day; negative when later.
        .nullable("days_saved", ColumnKind::Integer)
        .nullable("days_early", ColumnKind::Integer)
        // Working days from acceptance to decision.
        .nullable("days_taken", ColumnKind::Integer)
        .integer("granted")
        .integer("refused")
        .integer("overdue")
        .integer("overdue_explained")
        .integer("corrections")
        .integer("deemed")
        .integer("feedback")
        .key(&["case_id", "item"])
        .index(&["department", "state", "received_at"])
        .index(&["state", "received_at"])
        .index(&["month", "item"])
        .index(&["decided_month", "department"])
        .index(&["colour", "received_at"])
        .index(&["overdue", "received_at"])
}

pub fn cells(id: CaseId, case: &Case, matter: &Matter, edition: &Edition, clocks: &[ClockView]) -> Vec<Cell> {
    let clock = |kind| clocks.iter().find(|clock| clock.item == matter.item && clock.kind == kind);
    let promised = clock(ClockKind::Promised);
    let statutory = clock(ClockKind::Statutory);
    let calendar = edition.calendar();
    let day = |at| edition.offset().to_datetime(at).date();
    // Working days between two days, signed.
    let days = |from, to| {
        if to >= from {
            i64::from(calendar.working_days_between(from, to))
        } else {
            -i64::from(calendar.working_days_between(to, from))
        }
    };
    let ahead = |clock: Option<&ClockView>| {
        matter.decided_at.zip(clock).map(|(decided, clock)| days(day(decided), clock.due.due_on))
    };
    let granted = matches!(matter.state, MatterState::Granted | MatterState::Completed);
    let colour = clocks
        .iter()
        .filter(|clock| clock.item == matter.item)
        .map(|clock| clock.colour)
        .max_by_key(|colour| super::cases::urgency(*colour))
        .unwrap_or(Colour::Done);
    let item = edition.item(&matter.item);
    vec![
        id.to_string().into(),
        matter.item.as_str().into(),
        (&*case.number).into(),
        case.thing.as_str().into(),
        matter.department.as_str().into(),
        item.map_or("", |item| item.class.as_str()).into(),
        matter.state.code().into(),
        colour.code().into(),
        month(edition, case.received_at).into(),
        matter.decided_at.map(|at| month(edition, at)).unwrap_or_default().into(),
        matter.received_at.into(),
        matter.accepted_at.into(),
        matter.decided_at.into(),
        matter.closed_at.into(),
        promised.map(|clock| clock.due.due_at).into(),
        statutory.map(|clock| clock.due.due_at).into(),
        ahead(statutory).into(),
        ahead(promised).into(),
        matter.decided_at.zip(matter.accepted_at).map(|(to, from)| days(day(from), day(to))).into(),
        granted.into(),
        (matter.state == MatterState::Refused).into(),
        (!matter.overdue.is_empty()).into(),
        matter.overdue_explained.into(),
        i64::from(matter.corrections).into(),
        matter.deemed.into(),
        matter.feedback.into(),
    ]
}
