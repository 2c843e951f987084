//! One row a matter: what departments answer for, and what figures count.

use casework::{Case, ClockKind, ClockView, Colour, Matter, MatterState};
use catalogue::Edition;
use store::{Cell, ColumnKind, Row, ViewSchema};

use super::month;
use crate::case::CaseId;

pub const TABLE: &str = "matters";

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 9)
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
        .text("channel")
        .text("accepted_month")
        // What the applicant thought of the whole case.
        .nullable("rating", ColumnKind::Integer)
        // Of the limit that the colour is of; nothing while none runs.
        .nullable("due_at", ColumnKind::Integer)
        // As officers see it; sums count the one above.
        .nullable("rating_shown", ColumnKind::Integer)
        .key(&["case_id", "item"])
        .index(&["department", "state", "received_at"])
        .index(&["state", "received_at"])
        .index(&["month", "received_at"])
        .index(&["accepted_month", "received_at"])
        .index(&["decided_month", "received_at"])
        .index(&["colour", "received_at"])
        .index(&["colour", "due_at"])
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
    // A grant stays one whatever becomes of it, but for a refusal of what it rested on.
    let decided_for = matter.decided_at.is_some() && matter.state != MatterState::Refused;
    let granted = matches!(matter.state, MatterState::Granted | MatterState::Completed) || decided_for;
    let own = || clocks.iter().filter(|clock| clock.item == matter.item);
    let pressing = super::due::pressing(own());
    let colour = pressing
        .map(|clock| clock.colour)
        .or_else(|| own().map(|clock| clock.colour).max_by_key(|colour| colour.urgency()))
        // What waits for another result has no clock yet.
        .unwrap_or(if matter.state.is_undecided() { Colour::Green } else { Colour::Done });
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
        promised.and_then(ClockView::runs_out_at).into(),
        statutory.and_then(ClockView::runs_out_at).into(),
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
        super::cases::channel(case.channel).into(),
        matter.accepted_at.map(|at| month(edition, at)).unwrap_or_default().into(),
        case.rating.as_ref().map(|rating| i64::from(rating.level)).into(),
        pressing.and_then(ClockView::runs_out_at).into(),
        case.rating_for_officers().map(|rating| i64::from(rating.level)).into(),
    ]
}

/// What sums need of a row, read where it lies.
#[derive(Debug)]
pub struct Glance<'a> {
    pub item: &'a str,
    pub thing: &'a str,
    pub department: &'a str,
    pub channel: &'a str,
    pub colour: &'a str,
    pub received_month: &'a str,
    pub accepted_month: &'a str,
    pub decided_month: &'a str,
    pub days_saved: Option<i64>,
    pub days_early: Option<i64>,
    pub days_taken: Option<i64>,
    pub corrections: i64,
    pub rating: Option<i64>,
    pub is_open: bool,
    pub granted: bool,
    pub refused: bool,
    pub overdue: bool,
    pub overdue_explained: bool,
    pub deemed: bool,
    pub feedback: bool,
}

pub fn glance(row: &Row) -> Option<Glance<'_>> {
    let flag = |place| row.integer(place).is_some_and(|flag| flag != 0);
    Some(Glance {
        item: row.text(1)?,
        thing: row.text(3)?,
        department: row.text(4)?,
        channel: row.text(26)?,
        colour: row.text(7)?,
        received_month: row.text(8)?,
        accepted_month: row.text(27)?,
        decided_month: row.text(9)?,
        days_saved: row.integer(16),
        days_early: row.integer(17),
        days_taken: row.integer(18),
        corrections: row.integer(23)?,
        rating: row.integer(28),
        is_open: row.integer(13).is_none(),
        granted: flag(19),
        refused: flag(20),
        overdue: flag(21),
        overdue_explained: flag(22),
        deemed: flag(24),
        feedback: flag(25),
    })
}

/// One row, read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterRow {
    pub case: CaseId,
    pub item: String,
    pub number: String,
    pub thing: String,
    pub department: String,
    pub class: String,
    pub state: String,
    pub colour: String,
    /// Months as `2026-11`; empty for what has not happened.
    pub received_month: String,
    pub accepted_month: String,
    pub decided_month: String,
    pub received_at: jiff::Timestamp,
    pub accepted_at: Option<jiff::Timestamp>,
    pub decided_at: Option<jiff::Timestamp>,
    pub closed_at: Option<jiff::Timestamp>,
    pub promised_due_at: Option<jiff::Timestamp>,
    pub statutory_due_at: Option<jiff::Timestamp>,
    /// Working days before the statutory day, before the promised day, and from acceptance to decision.
    pub days_saved: Option<i64>,
    pub days_early: Option<i64>,
    pub days_taken: Option<i64>,
    pub granted: bool,
    pub refused: bool,
    pub overdue: bool,
    pub overdue_explained: bool,
    pub corrections: u32,
    pub deemed: bool,
    pub feedback: bool,
    pub channel: String,
    /// As officers see it; none for one without a name until the case is over.
    pub rating: Option<u8>,
    /// When the limit that the colour is of runs out.
    pub due_at: Option<jiff::Timestamp>,
}

pub fn read(row: &Row) -> Option<MatterRow> {
    let instant = |place| row.integer(place).and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    let text = |place| row.text(place).map(str::to_owned);
    let flag = |place| row.integer(place).is_some_and(|flag| flag != 0);
    Some(MatterRow {
        case: row.text(0)?.parse().ok()?,
        item: text(1)?,
        number: text(2)?,
        thing: text(3)?,
        department: text(4)?,
        class: text(5)?,
        state: text(6)?,
        colour: text(7)?,
        received_month: text(8)?,
        decided_month: text(9)?,
        received_at: instant(10)?,
        accepted_at: instant(11),
        decided_at: instant(12),
        closed_at: instant(13),
        promised_due_at: instant(14),
        statutory_due_at: instant(15),
        days_saved: row.integer(16),
        days_early: row.integer(17),
        days_taken: row.integer(18),
        granted: flag(19),
        refused: flag(20),
        overdue: flag(21),
        overdue_explained: flag(22),
        corrections: row.integer(23)?.try_into().ok()?,
        deemed: flag(24),
        feedback: flag(25),
        channel: text(26)?,
        accepted_month: text(27)?,
        rating: row.integer(30).and_then(|level| level.try_into().ok()),
        due_at: instant(29),
    })
}
