//! One row a case: the index that lists, searches and figures read.

use casework::{Case, ClockView, Colour, Side};
use catalogue::{Channel, Edition};
use store::{Cell, Row, ViewSchema};

use super::month;
use crate::case::CaseId;

pub const TABLE: &str = "cases";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 7)
        .text("id")
        .text("number")
        .text("thing")
        .text("edition")
        .text("applicant")
        .text("channel")
        .text("state")
        .text("colour")
        .text("month")
        .integer("received_at")
        .integer("changed_at")
        .nullable("due_at", store::ColumnKind::Integer)
        .nullable("rating", store::ColumnKind::Integer)
        .integer("feedback")
        .integer("unanswered")
        .integer("matters")
        // As officers see it; sums count the one above.
        .nullable("rating_shown", store::ColumnKind::Integer)
        .key(&["id"])
        .index(&["number"])
        .index(&["applicant", "received_at"])
        .index(&["state", "received_at"])
        .index(&["thing", "received_at"])
        .index(&["month", "received_at"])
        .index(&["unanswered", "received_at"])
        .index(&["received_at"])
}

/// One row, read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    pub id: CaseId,
    pub number: String,
    pub thing: String,
    pub edition: String,
    /// The actor who applied.
    pub applicant: String,
    pub channel: String,
    pub state: String,
    pub colour: String,
    /// When it came in: `2026-11`.
    pub month: String,
    pub received_at: jiff::Timestamp,
    pub changed_at: jiff::Timestamp,
    /// When the limit that presses most runs out: that of the colour. None while it stands still, and once nothing runs.
    pub due_at: Option<jiff::Timestamp>,
    /// As the applicant gave it. Officers see [`CaseRow::rating_shown`].
    pub rating: Option<u8>,
    /// One without a name is none here until the case is over.
    pub rating_shown: Option<u8>,
    pub feedback: bool,
    /// Messages and objections that wait for an answer.
    pub unanswered: u32,
    pub matters: u32,
}

pub fn cells(id: CaseId, case: &Case, edition: &Edition, clocks: &[ClockView]) -> Vec<Cell> {
    // Day and colour are of one clock, so that they never contradict each other.
    let stands_still = || clocks.iter().find(|clock| clock.is_running());
    let pressing = super::due::pressing(clocks.iter()).or_else(stands_still);
    let due_at = pressing.and_then(ClockView::runs_out_at);
    let undecided = case.matters.iter().any(|matter| matter.state.is_undecided());
    let colour = pressing.map_or(if undecided { Colour::Green } else { Colour::Done }, |clock| clock.colour);
    let waiting = case.messages.iter().rev().take_while(|message| message.from == Side::Applicant).count()
        + case.objections.iter().filter(|objection| objection.is_open()).count();
    vec![
        id.to_string().into(),
        (&*case.number).into(),
        case.thing.as_str().into(),
        case.edition.to_string().into(),
        case.opened_by.as_str().into(),
        channel(case.channel).into(),
        case.state().code().into(),
        colour.code().into(),
        month(edition, case.received_at).into(),
        case.received_at.into(),
        case.changed_at.into(),
        due_at.into(),
        case.rating.as_ref().map(|rating| i64::from(rating.level)).into(),
        case.matters.iter().all(|matter| matter.feedback).into(),
        u32::try_from(waiting).unwrap_or(u32::MAX).into(),
        u32::try_from(case.matters.len()).unwrap_or(u32::MAX).into(),
        case.rating_for_officers().map(|rating| i64::from(rating.level)).into(),
    ]
}

/// What sums need of a row, read where it lies.
#[derive(Debug)]
pub struct Glance<'a> {
    pub thing: &'a str,
    pub channel: &'a str,
    pub month: &'a str,
    pub rating: Option<i64>,
    pub feedback: bool,
}

pub fn glance(row: &Row) -> Option<Glance<'_>> {
    Some(Glance {
        thing: row.text(2)?,
        channel: row.text(5)?,
        month: row.text(8)?,
        rating: row.integer(12),
        feedback: row.integer(13)? != 0,
    })
}

pub fn read(row: &Row) -> Option<CaseRow> {
    let instant = |place| row.integer(place).and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    Some(CaseRow {
        id: row.text(0)?.parse().ok()?,
        number: row.text(1)?.into(),
        thing: row.text(2)?.into(),
        edition: row.text(3)?.into(),
        applicant: row.text(4)?.into(),
        channel: row.text(5)?.into(),
        state: row.text(6)?.into(),
        colour: row.text(7)?.into(),
        month: row.text(8)?.into(),
        received_at: instant(9)?,
        changed_at: instant(10)?,
        due_at: instant(11),
        rating: row.integer(12).and_then(|level| level.try_into().ok()),
        rating_shown: row.integer(16).and_then(|level| level.try_into().ok()),
        feedback: row.integer(13)? != 0,
        unanswered: row.integer(14)?.try_into().ok()?,
        matters: row.integer(15)?.try_into().ok()?,
    })
}

pub const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Online => "online",
        Channel::Window => "window",
        Channel::Post => "post",
        Channel::Kiosk => "kiosk",
    }
}
