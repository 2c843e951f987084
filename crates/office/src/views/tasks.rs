//! Worklists: every open step that waits for a person.

use casework::{Case, Doer, Hold, Need, Task};
use store::{Cell, ColumnKind, Row, ViewSchema};

use crate::case::CaseId;

pub const TABLE: &str = "tasks";
/// Stands in the role's place for steps of the applicant.
pub const APPLICANT: &str = "@applicant";
const NEVER: i64 = i64::MAX;

pub fn schema() -> ViewSchema {
    ViewSchema::new(TABLE, 5)
        .text("case_id")
        .text("item")
        .text("step")
        .text("number")
        .text("thing")
        .text("role")
        .text("department")
        .text("kind")
        .text("applicant")
        .text("claimed_by")
        .text("colour")
        .text("held_by")
        // The earlier of the step's and the matter's due instants.
        .integer("due_at")
        .nullable("step_due_at", ColumnKind::Integer)
        .nullable("matter_due_at", ColumnKind::Integer)
        .integer("since")
        .integer("joint")
        // The joint visit was made; this department has still to conclude.
        .integer("to_confirm")
        // Until when it has to run before it can be finished.
        .nullable("runs_until", ColumnKind::Integer)
        .key(&["case_id", "item", "step"])
        .index(&["role", "due_at"])
        .index(&["claimed_by", "due_at"])
}

/// One row, read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRow {
    pub case: CaseId,
    pub item: String,
    pub step: String,
    pub number: String,
    pub thing: String,
    pub role: String,
    pub department: String,
    pub kind: String,
    /// The actor who holds it; empty when nobody does.
    pub claimed_by: String,
    pub colour: String,
    /// Why it cannot be finished yet: `gap`, `correction` or empty.
    pub held_by: String,
    pub due_at: Option<jiff::Timestamp>,
    pub step_due_at: Option<jiff::Timestamp>,
    pub matter_due_at: Option<jiff::Timestamp>,
    pub since: jiff::Timestamp,
    pub joint: bool,
    /// Another department recorded the joint visit; this one has still to conclude.
    pub to_confirm: bool,
    /// Until when it has to run before it can be finished, such as a public notice.
    pub runs_until: Option<jiff::Timestamp>,
}

impl TaskRow {
    /// An extension to approve or an overrun to explain: no step of the plan, so nobody takes it.
    pub fn is_step(&self) -> bool {
        !self.step.starts_with('@')
    }

    /// Whether somebody can do it now.
    pub fn is_free(&self, now: jiff::Timestamp) -> bool {
        self.held_by.is_empty() && self.runs_until.is_none_or(|until| until <= now)
    }

    /// An overrun that somebody has to explain in public.
    pub fn is_explanation(&self) -> bool {
        self.step == "@explanation"
    }
}

pub fn cells(id: CaseId, case: &Case, task: &Task) -> Vec<Cell> {
    let role = match &task.by {
        Doer::Role { role, .. } => role.as_str(),
        Doer::Applicant => APPLICANT,
        Doer::System => "",
    };
    let held = match task.held_by {
        Some(Hold::GapOpen) => "gap",
        Some(Hold::CorrectionOpen) => "correction",
        Some(Hold::ResultAwaited) => "result",
        Some(Hold::PresenceAwaited) => "presence",
        None => "",
    };
    let due = [task.step_due_at, task.matter_due_at].into_iter().flatten().min();
    vec![
        id.to_string().into(),
        task.item.as_str().into(),
        match task.need {
            Need::Step => task.step.as_str().into(),
            Need::Extension => "@extension".into(),
            Need::Explanation => "@explanation".into(),
        },
        (&*case.number).into(),
        case.thing.as_str().into(),
        role.into(),
        task.department.as_str().into(),
        match task.need {
            Need::Step => serde_json::to_value(task.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            Need::Extension => "extension".to_owned(),
            Need::Explanation => "explanation".to_owned(),
        }
        .into(),
        case.opened_by.as_str().into(),
        task.claimed_by.as_ref().map_or("", |by| by.as_str()).into(),
        task.colour.code().into(),
        held.into(),
        due.map_or(NEVER, |at| at.as_microsecond()).into(),
        task.step_due_at.into(),
        task.matter_due_at.into(),
        task.since.into(),
        task.joint.is_some().into(),
        task.to_confirm.into(),
        task.runs_until.into(),
    ]
}

pub fn read(row: &Row) -> Option<TaskRow> {
    let instant = |place| row.integer(place).and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    let text = |place| row.text(place).map(str::to_owned);
    Some(TaskRow {
        case: row.text(0)?.parse().ok()?,
        item: text(1)?,
        step: text(2)?,
        number: text(3)?,
        thing: text(4)?,
        role: text(5)?,
        department: text(6)?,
        kind: text(7)?,
        claimed_by: text(9)?,
        colour: text(10)?,
        held_by: text(11)?,
        due_at: if row.integer(12) == Some(NEVER) { None } else { instant(12) },
        step_due_at: instant(13),
        matter_due_at: instant(14),
        since: instant(15)?,
        joint: row.integer(16)? != 0,
        to_confirm: row.integer(17)? != 0,
        runs_until: instant(18),
    })
}
