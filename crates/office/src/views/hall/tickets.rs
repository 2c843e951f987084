//! One row for each number that was given out.

use ::hall::{Day, Ticket, TicketNo, TicketState};
use catalogue::HallId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use store::{ColumnKind, Row, ViewChange, ViewSchema};

pub const TABLE: &str = "hall_tickets";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 2)
        .text("day")
        .text("hall")
        .integer("number")
        .text("state")
        // Of the first thing that was wanted.
        .text("line")
        .text("thing")
        .text("lane")
        .text("source")
        .text("language")
        .text("holder")
        .text("window")
        .integer("hour")
        .integer("joined_at")
        .nullable("booked_for", ColumnKind::Integer)
        .nullable("called_at", ColumnKind::Integer)
        .nullable("ended_at", ColumnKind::Integer)
        // Until the first call, or until the person went away; null while that is open.
        .nullable("wait_seconds", ColumnKind::Integer)
        .nullable("wait_minutes", ColumnKind::Integer)
        .integer("service_seconds")
        .integer("served")
        .integer("left_unserved")
        .integer("carried_over")
        // Served within the target of the line; `targeted` when the line has one.
        .integer("in_target")
        .integer("targeted")
        .integer("calls")
        .nullable("rating", ColumnKind::Integer)
        // One without a name is counted and shown to nobody.
        .nullable("rating_shown", ColumnKind::Integer)
        .key(&["day", "hall", "number"])
        .index(&["hall", "day", "joined_at"])
        .index(&["holder", "day"])
}

pub fn row(day: &Day, ticket: &Ticket, offset: Offset) -> ViewChange {
    // Whoever booked waits from the booked time, not from an early check-in.
    let from = ticket.booked_for.map_or(ticket.joined_at, |booked| booked.max(ticket.joined_at));
    let called_at = ticket.visits.first().map(|visit| visit.called_at);
    let started = ticket.visits.iter().any(|visit| visit.started_at.is_some());
    let (ended_at, left) = match ticket.state {
        TicketState::Done { at } => (Some(at), false),
        TicketState::Left { at } | TicketState::Lost { at } => (Some(at), !started),
        TicketState::CarriedOver { at } | TicketState::Merged { at, .. } => (Some(at), false),
        _ => (None, false),
    };
    let carried = matches!(ticket.state, TicketState::CarriedOver { .. });
    let waited = called_at.or(ended_at).map(|to| (to.as_second() - from.as_second()).max(0));
    let first = ticket.visits.first().map_or(&ticket.wants[0].line, |visit| &visit.line);
    let target = day.setup.line(first).and_then(|line| line.target_minutes);
    let in_target =
        started && target.zip(waited).is_some_and(|(minutes, waited)| waited <= i64::from(minutes) * 60);
    let service: i64 = ticket
        .visits
        .iter()
        .filter_map(|visit| Some(visit.ended_at?.as_second() - visit.started_at?.as_second()))
        .sum();
    let window = ticket.state.window().or(ticket.visits.last().map(|visit| &visit.window));
    let calls = u32::try_from(ticket.visits.len()).unwrap_or(u32::MAX);
    let cells = vec![
        day.date.to_string().into(),
        day.hall.as_str().into(),
        ticket.number.0.into(),
        ticket.state.code().into(),
        first.as_str().into(),
        ticket.wants[0].thing.as_ref().map_or("", |thing| thing.as_str()).into(),
        ticket.lane.as_str().into(),
        ticket.source.code().into(),
        ticket.language.code().into(),
        (&*ticket.holder).into(),
        window.map_or("", |window| window.as_str()).into(),
        super::hour_of(offset, ticket.joined_at).into(),
        ticket.joined_at.into(),
        ticket.booked_for.into(),
        called_at.into(),
        ended_at.into(),
        waited.into(),
        waited.map(|seconds| seconds / 60).into(),
        service.into(),
        started.into(),
        left.into(),
        carried.into(),
        in_target.into(),
        (started && target.is_some()).into(),
        calls.into(),
        ticket.rating.map(|rating| i64::from(rating.level)).into(),
        ticket.rating.filter(|rating| rating.named).map(|rating| i64::from(rating.level)).into(),
    ];
    ViewChange::upsert(TABLE, cells)
}

/// One row, read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    pub date: Date,
    pub hall: HallId,
    pub number: TicketNo,
    pub state: String,
    pub line: String,
    pub thing: String,
    pub lane: String,
    pub source: String,
    pub language: String,
    pub window: String,
    pub joined_at: Timestamp,
    pub booked_for: Option<Timestamp>,
    pub called_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub wait_seconds: Option<i64>,
    pub service_seconds: i64,
    pub served: bool,
    pub left_unserved: bool,
    /// What the visitor said, if they may be named.
    pub rating: Option<u8>,
}

pub fn read(row: &Row) -> Option<TicketRow> {
    let instant = |place| row.integer(place).and_then(|at| Timestamp::from_microsecond(at).ok());
    let text = |place| row.text(place).map(str::to_owned);
    Some(TicketRow {
        date: row.text(0)?.parse().ok()?,
        hall: row.text(1)?.into(),
        number: TicketNo(u32::try_from(row.integer(2)?).ok()?),
        state: text(3)?,
        line: text(4)?,
        thing: text(5)?,
        lane: text(6)?,
        source: text(7)?,
        language: text(8)?,
        window: text(10)?,
        joined_at: instant(12)?,
        booked_for: instant(13),
        called_at: instant(14),
        ended_at: instant(15),
        wait_seconds: row.integer(16),
        service_seconds: row.integer(18)?,
        served: row.integer(19)? != 0,
        left_unserved: row.integer(20)? != 0,
        rating: row.integer(26).and_then(|level| level.try_into().ok()),
    })
}
