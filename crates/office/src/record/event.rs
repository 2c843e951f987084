//! One event as others may see it: what, when, on which matter and step, by which kind of person.

use std::sync::Arc;

use casework::{Case, CorrectionPoints, Doer, Event, StepState};
use catalogue::{DepartmentId, Edition, ItemId, RoleId, StepId, StepKind};
use jiff::Timestamp;
use store::{Digest, Envelope};
use uuid::Uuid;

use crate::case::Entry;
use crate::case::wire::OfficeEvent;
use crate::hall::TicketRef;
use crate::record::walk::Officers;

/// On whose side somebody acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The applicant, or an agent.
    Applicant,
    Officer,
    /// Nobody: time or a rule did it.
    System,
}

/// What an event is in the life of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Somebody took it in hand.
    Start,
    /// Somebody gave it back undone.
    Abort,
    Complete,
}

/// What a decision or an answer came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Yes,
    No,
    Granted,
    Refused,
}

/// One event of a case. Texts, answers, names and licence numbers are not in it.
#[derive(Clone, Debug)]
pub struct RecordedEvent {
    pub id: Uuid,
    pub at: Timestamp,
    /// The name of its kind on the wire.
    pub kind: String,
    /// None for what concerns the case as a whole.
    pub item: Option<ItemId>,
    pub department: Option<DepartmentId>,
    pub step: Option<StepId>,
    pub phase: Phase,
    pub outcome: Option<Outcome>,
    pub side: Side,
    /// The same for all that one account did, in every export; tells nobody who it is.
    pub actor: String,
    /// The role in which an officer acted.
    pub role: Option<RoleId>,
    /// The number under which somebody came to a hall about it.
    pub ticket: Option<TicketRef>,
    /// Since when it could have been done: the step was open, the matter had come in, the correction was asked for.
    pub ready_at: Option<Timestamp>,
    /// What was asked to be put right.
    pub points: Option<CorrectionPoints>,
    /// The edition that the case was pinned to after the event.
    pub edition: Arc<Edition>,
}

impl RecordedEvent {
    pub(super) fn of(
        entry: &Entry,
        envelope: &Envelope,
        case: &Case,
        ready_at: Option<Timestamp>,
        officers: &Officers,
        edition: &Arc<Edition>,
    ) -> Self {
        let points = match entry {
            Entry::Engine(Event::CorrectionAsked(event)) => Some(event.points.clone()),
            _ => None,
        };
        let (item, step, phase, outcome, automatic, ticket) = match entry {
            Entry::Engine(event) => {
                let (step, phase, outcome) = course(event);
                (event.item().cloned(), step.cloned(), phase, outcome, event.is_automatic(), None)
            }
            Entry::Office(event) => {
                let (item, ticket) = match event {
                    OfficeEvent::DocumentSigned { item, .. } => (item.clone(), None),
                    OfficeEvent::CodeAssigned { item, .. } => (Some(item.clone()), None),
                    OfficeEvent::TicketLinked { ticket, .. } => (None, Some(ticket.clone())),
                    _ => (None, None),
                };
                (item, None, Phase::Complete, None, false, ticket)
            }
        };
        let matter = item.as_ref().and_then(|item| case.matter(item));
        // Acceptance is the end of the step in which the window takes in what came.
        let accepts = matches!(entry, Entry::Engine(Event::Accepted(_) | Event::DeemedAccepted(_)));
        let intake = matter.filter(|_| accepts).and_then(|matter| {
            matter.plan.steps.iter().find(|step| step.kind == StepKind::Accept).map(|step| step.id.clone())
        });
        let step = step.or(intake);
        let department = matter.map(|matter| matter.department.clone());
        let actor = envelope.actor.as_str();
        let side = if automatic { Side::System } else { officers.side(actor) };
        let planned = matter.zip(step.as_ref()).and_then(|(matter, step)| matter.plan.step(step));
        let role = match planned.map(|step| &step.by) {
            _ if side != Side::Officer => None,
            Some(Doer::Role { role, .. }) => Some(role.clone()),
            _ => role_in(officers.roles(actor).unwrap_or_default(), department.as_ref(), edition),
        };
        Self {
            id: envelope.id,
            at: envelope.at,
            kind: envelope.kind.clone(),
            item,
            department,
            step,
            phase,
            outcome,
            side,
            actor: pseudonym(side, actor),
            role,
            ticket,
            ready_at,
            points,
            edition: edition.clone(),
        }
    }
}

/// Without a step, the role that belongs to the matter's department; else the first.
fn role_in(roles: &[RoleId], department: Option<&DepartmentId>, edition: &Edition) -> Option<RoleId> {
    let at_home = |role: &&RoleId| {
        department.is_some_and(|department| {
            edition.role(role).is_some_and(|declared| declared.department == *department)
        })
    };
    roles.iter().find(at_home).or(roles.first()).cloned()
}

/// Accounts and access keys have far more chance in them than anybody can try out.
pub(super) fn pseudonym(side: Side, actor: &str) -> String {
    let word = match side {
        Side::System => return "system".into(),
        Side::Officer => "officer",
        Side::Applicant => "applicant",
    };
    let digest = Digest::of(format!("yichuang recorded actor 1\n{actor}").as_bytes()).to_string();
    format!("{word}-{}", &digest[..16])
}

/// Since when what an event says could have been done, as the case stood before it.
pub(super) fn ready_at(case: &Case, event: &Event) -> Option<Timestamp> {
    let matter = case.matter(event.item()?)?;
    match event {
        Event::Accepted(_)
        | Event::DeemedAccepted(_)
        | Event::AcceptanceRefused(_)
        | Event::CorrectionAsked(_) => Some(matter.received_at),
        Event::CorrectionSupplied(_) => matter.correction.as_ref().map(|correction| correction.asked_at),
        event => {
            let step = course(event).0?;
            matter.runs().find(|(planned, _)| planned.id == *step).and_then(|(planned, run)| {
                match run.state {
                    // The window takes in what came last, not what was sent back to be put right.
                    StepState::Open { .. } if planned.kind == StepKind::Accept => Some(matter.received_at),
                    StepState::Open { since } => Some(since),
                    StepState::Blocked | StepState::Done { .. } => None,
                }
            })
        }
    }
}

/// The step that it belongs to, what it is in the step's life, and what it came to.
fn course(event: &Event) -> (Option<&StepId>, Phase, Option<Outcome>) {
    use Phase::{Abort, Complete, Start};
    match event {
        Event::TaskClaimed(event) => (Some(&event.step), Start, None),
        Event::TaskReleased(event) => (Some(&event.step), Abort, None),
        Event::StepDone(event) => {
            (Some(&event.step), Complete, Some(if event.yes { Outcome::Yes } else { Outcome::No }))
        }
        Event::Granted(event) => (Some(&event.step), Complete, Some(Outcome::Granted)),
        Event::Refused(event) => (Some(&event.step), Complete, Some(Outcome::Refused)),
        Event::ResultIssued(event) => (Some(&event.step), Complete, None),
        Event::Delivered(event) => (Some(&event.step), Complete, None),
        _ => (None, Complete, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_stable_and_is_not_the_account() {
        let actor = "account/0190a0a0-0000-7000-8000-000000000001";
        let name = pseudonym(Side::Officer, actor);
        assert_eq!(name, pseudonym(Side::Officer, actor));
        assert_ne!(name, pseudonym(Side::Officer, "account/0190a0a0-0000-7000-8000-000000000002"));
        assert!(name.starts_with("officer-") && !name.contains("0190a0a0"), "{name}");
        assert_eq!(pseudonym(Side::System, "system"), "system");
    }
}
