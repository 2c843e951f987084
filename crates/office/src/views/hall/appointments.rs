//! One row for each appointment.

use ::hall::Appointment;
use catalogue::HallId;
use jiff::Timestamp;
use jiff::civil::Date;
use store::{ColumnKind, Condition, Row, ViewChange, ViewQuery, ViewSchema};

use crate::error::Result;
use crate::office::Office;

pub const TABLE: &str = "hall_appointments";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("id")
        .text("hall")
        .text("day")
        .integer("slot")
        .text("line")
        .text("state")
        .text("holder")
        .nullable("reminded_at", ColumnKind::Integer)
        .key(&["id"])
        .index(&["holder", "slot"])
        .index(&["hall", "day", "slot"])
}

pub fn row(hall: &HallId, date: Date, each: &Appointment) -> ViewChange {
    let cells = vec![
        (&*each.id).into(),
        hall.as_str().into(),
        date.to_string().into(),
        each.slot.into(),
        each.want.line.as_str().into(),
        each.state.code().into(),
        (&*each.holder).into(),
        each.reminded_at.into(),
    ];
    ViewChange::upsert(TABLE, cells)
}

/// One row, read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppointmentRow {
    pub id: String,
    pub hall: HallId,
    pub date: Date,
    pub slot: Timestamp,
    pub line: String,
    pub state: String,
    pub reminded: bool,
}

fn read(row: &Row) -> Option<AppointmentRow> {
    Some(AppointmentRow {
        id: row.text(0)?.to_owned(),
        hall: row.text(1)?.into(),
        date: row.text(2)?.parse().ok()?,
        slot: row.integer(3).and_then(|at| Timestamp::from_microsecond(at).ok())?,
        line: row.text(4)?.to_owned(),
        state: row.text(5)?.to_owned(),
        reminded: row.integer(7).is_some(),
    })
}

/// What somebody has booked for today and later.
pub async fn coming_of(office: &Office, holder: &str, today: Date) -> Result<Vec<AppointmentRow>> {
    const SHOWN: u32 = 50;
    let query = ViewQuery::new(TABLE)
        .filter(Condition::eq("holder", holder))
        .filter(Condition::eq("state", "booked"))
        .filter(Condition::at_least("day", today.to_string()))
        .ascending("slot")
        .limit(SHOWN);
    let page = office.store().view_rows(query).await?;
    Ok(page.rows.iter().filter_map(read).collect())
}
