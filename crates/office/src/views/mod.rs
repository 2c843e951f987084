//! Rows that people see, computed from events alone: rebuilt at any time, never the truth itself.

pub mod accounts;
pub mod cases;
pub mod documents;
pub mod due;
pub mod figures;
pub mod hall;
pub mod matters;
pub mod moves;
pub mod parties;
pub mod savings;
pub mod tasks;
pub mod timers;
pub mod trail;

mod replay;
mod step;

pub use replay::Replay;

use std::collections::BTreeMap;

use casework::Case;
use catalogue::Edition;
use store::{Cell, Row, ViewChange, ViewSchema};

use crate::case::CaseId;
use crate::case::wire::OfficeEvent;

/// Every view of the office.
pub fn schemas() -> Vec<ViewSchema> {
    let mut schemas = vec![
        accounts::schema(),
        cases::schema(),
        documents::schema(),
        figures::schema(),
        matters::schema(),
        moves::schema(),
        parties::schema(),
        savings::schema(),
        tasks::schema(),
        timers::schema(),
        trail::schema(),
    ];
    schemas.extend(hall::schemas());
    schemas
}

/// Rows of the tables that follow from a case's state, by table and key.
pub type Rows = BTreeMap<(&'static str, Vec<Cell>), Row>;

/// What people see of a case.
pub fn rows(id: CaseId, case: &Case, edition: &Edition) -> Rows {
    let mut rows = Rows::new();
    let mut put = |table, key_cells: usize, cells: Vec<Cell>| {
        rows.insert((table, cells[..key_cells].to_vec()), Row(cells));
    };
    let clocks = case.clocks(edition.calendar(), edition.offset(), case.changed_at);
    put(cases::TABLE, 1, cases::cells(id, case, edition, &clocks));
    for matter in &case.matters {
        put(matters::TABLE, 2, matters::cells(id, case, matter, edition, &clocks));
    }
    for task in case.worklist(edition.calendar(), edition.offset(), case.changed_at) {
        put(tasks::TABLE, 3, tasks::cells(id, case, &task));
    }
    if let Some(timer) = case.timers(edition.calendar(), edition.offset()).iter().map(|timer| timer.at).min()
    {
        put(timers::TABLE, 1, timers::cells(id, timer));
    }
    rows
}

/// What must change in the views so that they show `after` instead of `before`. Only rows that differ are written.
pub fn case_changes(
    id: CaseId,
    old: Option<&Rows>,
    new: &Rows,
    after: (&Case, &Edition),
    office_events: &[OfficeEvent],
) -> Vec<ViewChange> {
    let mut changes = row_changes(old, new);
    figures::changes(old, new, |key, amounts| changes.push(figures::add(key, amounts)));
    for event in office_events {
        changes.extend(noted(id, event, new, after));
    }
    changes
}

/// The rows that follow from a case's state, without the sums over them.
fn row_changes(old: Option<&Rows>, new: &Rows) -> Vec<ViewChange> {
    let nothing = Rows::new();
    let old = old.unwrap_or(&nothing);
    let mut changes = Vec::new();
    for (key, row) in new {
        if old.get(key) != Some(row) {
            changes.push(ViewChange::Upsert { table: key.0.into(), row: row.clone() });
        }
    }
    for key in old.keys() {
        if !new.contains_key(key) {
            changes.push(ViewChange::Delete { table: key.0.into(), key: key.1.clone() });
        }
    }
    changes
}

/// The rows that something makes which the office noted beside the engine's events.
fn noted(id: CaseId, event: &OfficeEvent, rows: &Rows, after: (&Case, &Edition)) -> Vec<ViewChange> {
    let mut changes = Vec::new();
    match event {
        OfficeEvent::FormMeasured { separate, merged } => {
            figures::spared(rows, *separate, *merged, &mut changes);
            changes.push(savings::row(id, after.0, after.1, *separate, *merged));
        }
        OfficeEvent::FiledAtWindow { .. }
        | OfficeEvent::FiledByAgent { .. }
        | OfficeEvent::CodeAssigned { .. }
        | OfficeEvent::OriginalSeen { .. }
        | OfficeEvent::OfficerApplies { .. }
        | OfficeEvent::PapersSeen { .. }
        | OfficeEvent::AgentAllowed { .. }
        | OfficeEvent::AgentDismissed { .. } => {}
        OfficeEvent::DaysMoved { at, moves, .. } => {
            changes.extend(moves.iter().filter_map(|moved| moves::row(id, after.0, *at, moved)));
        }
        OfficeEvent::TicketLinked { ticket, .. } => {
            changes.push(hall::links::row(id, &after.0.number, ticket));
        }
        OfficeEvent::DocumentSigned { item, result, identifier, document } => {
            changes.push(documents::row(id, after.0, item.as_ref(), result.as_ref(), identifier, document));
        }
    }
    changes
}

/// `2026-11`: the month of a civil day, as figures group by it.
fn month(edition: &Edition, at: jiff::Timestamp) -> String {
    let day = edition.offset().to_datetime(at).date();
    format!("{:04}-{:02}", day.year(), day.month())
}
