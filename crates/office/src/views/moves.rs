//! Last days that moved because the State said which days are worked: one row for each, by department.

use casework::{Case, ClockKind};
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Row, ViewChange, ViewSchema};

use crate::case::CaseId;
use crate::case::wire::MovedDay;

pub const TABLE: &str = "moves";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("case_id")
        .text("item")
        .text("clock")
        .integer("at")
        .text("number")
        .text("department")
        .text("day_before")
        .text("day_after")
        .key(&["case_id", "item", "clock", "at"])
        .index(&["department", "at"])
        .index(&["at"])
}

/// One row, read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveRow {
    pub item: String,
    pub clock: ClockKind,
    pub at: Timestamp,
    pub number: String,
    pub department: String,
    pub from: Date,
    pub to: Date,
}

pub fn row(id: CaseId, case: &Case, at: Timestamp, moved: &MovedDay) -> Option<ViewChange> {
    let matter = case.matter(&moved.item)?;
    Some(ViewChange::upsert(
        TABLE,
        vec![
            id.to_string().into(),
            moved.item.as_str().into(),
            moved.clock.code().into(),
            at.into(),
            (&*case.number).into(),
            matter.department.as_str().into(),
            moved.from.to_string().as_str().into(),
            moved.to.to_string().as_str().into(),
        ],
    ))
}

pub fn read(row: &Row) -> Option<MoveRow> {
    Some(MoveRow {
        item: row.text(1)?.to_owned(),
        clock: ClockKind::parse(row.text(2)?)?,
        at: Timestamp::from_microsecond(row.integer(3)?).ok()?,
        number: row.text(4)?.to_owned(),
        department: row.text(5)?.to_owned(),
        from: row.text(6)?.parse().ok()?,
        to: row.text(7)?.parse().ok()?,
    })
}
