//! One row for each time that somebody was at a window.

use ::hall::{Day, Ticket, Visit, VisitEnd};
use jiff::tz::Offset;
use store::{ColumnKind, ViewChange, ViewSchema};

pub const TABLE: &str = "hall_visits";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 1)
        .text("day")
        .text("hall")
        .integer("number")
        .integer("place")
        .text("line")
        .text("window")
        .text("officer")
        .integer("hour")
        .integer("called_at")
        .nullable("started_at", ColumnKind::Integer)
        .nullable("ended_at", ColumnKind::Integer)
        .text("how")
        // Null for who did not come.
        .nullable("service_seconds", ColumnKind::Integer)
        .nullable("service_minutes", ColumnKind::Integer)
        .integer("served")
        .integer("absent")
        .key(&["day", "hall", "number", "place"])
        .index(&["hall", "day", "window"])
}

pub fn row(day: &Day, ticket: &Ticket, place: usize, visit: &Visit, offset: Offset) -> ViewChange {
    let taken = visit.started_at.zip(visit.ended_at).map(|(from, to)| to.as_second() - from.as_second());
    let ended = visit.ended_at.is_some();
    let cells = vec![
        day.date.to_string().into(),
        day.hall.as_str().into(),
        ticket.number.0.into(),
        u32::try_from(place).unwrap_or(u32::MAX).into(),
        visit.line.as_str().into(),
        visit.window.as_str().into(),
        (&*visit.officer).into(),
        super::hour_of(offset, visit.called_at).into(),
        visit.called_at.into(),
        visit.started_at.into(),
        visit.ended_at.into(),
        visit.end.map_or("", |end| end.code()).into(),
        taken.into(),
        taken.map(|seconds| seconds / 60).into(),
        (ended && taken.is_some()).into(),
        (visit.end == Some(VisitEnd::Absent)).into(),
    ];
    ViewChange::upsert(TABLE, cells)
}
