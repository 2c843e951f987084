//! What happened, as facts for the page to word.

use jiff::Timestamp;

use crate::{ActorId, Case, DocRef, Event, Happening, TimelineEntry};

impl Case {
    /// Everything that happened, oldest first.
    pub fn timeline(&self) -> &[TimelineEntry] {
        &self.entries
    }

    pub(crate) fn tell_event(&mut self, event: &Event, at: Timestamp, actor: &ActorId) {
        if let Some(what) = happening(event) {
            self.tell(event.item().cloned(), at, actor, what);
        }
    }
}

fn happening(event: &Event) -> Option<Happening> {
    Some(match event {
        Event::CaseOpened(_) => return None,
        Event::MatterOpened(_) => Happening::MatterOpened,
        Event::MatterReleased(_) => Happening::MatterReleased,
        Event::AnswersRestated(_) => Happening::AnswersRestated,
        Event::MatterReplanned(event) => {
            Happening::Replanned { cause: event.cause, changes: event.changes.clone() }
        }
        Event::MatterDropped(event) => Happening::Dropped(event.cause),
        Event::EditionMoved(_) => Happening::EditionMoved,
        Event::MaterialsAdded(event) => Happening::MaterialsAdded(event.materials.clone()),
        Event::Accepted(_) => Happening::Accepted,
        Event::DeemedAccepted(event) => Happening::DeemedAccepted { accepted_at: event.accepted_at },
        Event::AcceptanceRefused(event) => {
            Happening::NotAccepted { ground: event.ground.clone(), reason: event.reason.clone() }
        }
        Event::PartiesCame(event) => Happening::PartiesCame { proof: event.proof.clone() },
        Event::PresenceTakenBack(event) => Happening::PresenceTakenBack { reason: event.reason.clone() },
        Event::CorrectedOnTheSpot(event) => Happening::CorrectedOnTheSpot { note: event.note.clone() },
        Event::CorrectionAsked(event) => {
            Happening::CorrectionAsked { points: event.points.clone(), notice: event.notice.clone() }
        }
        Event::RepeatedCorrection(event) => Happening::RepeatedCorrection { reason: event.reason.clone() },
        Event::CorrectionSupplied(event) => Happening::CorrectionSupplied(event.materials.clone()),
        Event::MatterLapsed(event) => Happening::Lapsed(event.cause),
        Event::TaskClaimed(event) => {
            Happening::Claimed { step: event.step.clone(), officer: event.officer.clone() }
        }
        Event::TaskReleased(event) => Happening::Released { step: event.step.clone() },
        Event::StepDone(event) => Happening::StepDone {
            step: event.step.clone(),
            yes: event.yes,
            opinion: event.opinion.clone(),
            officers: event.officers.clone(),
            returns_to: event.returns_to.clone(),
            joint: event.joint,
            automatic: event.automatic,
        },
        Event::ClockPaused(event) => Happening::Paused {
            pause: event.pause.clone(),
            needed: event.needed,
            notice: event.notice.clone(),
        },
        Event::ClockResumed(event) => Happening::Resumed { pause: event.pause.clone() },
        Event::ExtensionRequested(event) => Happening::ExtensionRequested { reason: event.reason.clone() },
        Event::ExtensionApproved(event) => {
            Happening::Extended { more: event.more, reason: event.reason.clone() }
        }
        Event::ExtensionDenied(event) => Happening::ExtensionDenied { reason: event.reason.clone() },
        Event::Granted(event) => Happening::Granted { opinion: event.opinion.clone() },
        Event::Refused(event) => {
            Happening::Refused { reason: event.reason.clone(), remedies: event.remedies.clone() }
        }
        Event::ResultIssued(event) => Happening::Issued { number: event.number.clone() },
        Event::Delivered(event) => Happening::Delivered { how: event.how },
        Event::GapClosed(event) => Happening::GapClosed(event.materials.clone()),
        Event::PromiseVerified(event) => {
            Happening::PromiseVerified { kept: event.kept, record: event.record.clone() }
        }
        Event::ResultChanged(event) => Happening::ResultChanged {
            result: event.result.clone(),
            change: event.change,
            reason: event.reason.clone(),
        },
        Event::ResultReplaced(event) => {
            Happening::ResultReplaced { result: event.result.clone(), number: event.number.clone() }
        }
        Event::ActedFor(event) => Happening::ActedFor {
            act: event.act,
            step: event.step.clone(),
            proof: event.proof.clone(),
            note: event.note.clone(),
        },
        Event::ActUndone(_) => Happening::ActUndone,
        Event::Withdrawn(event) => Happening::Withdrawn { reason: event.reason.clone() },
        Event::ObjectionRaised(event) => Happening::ObjectionRaised { text: event.text.clone() },
        Event::ObjectionAnswered(event) => Happening::ObjectionAnswered { text: event.text.clone() },
        Event::Rated(event) => Happening::Rated { level: event.level },
        Event::MessageSent(event) => Happening::Message { from: event.from, text: event.text.clone() },
        Event::Warned(event) => Happening::Warned(event.level),
        Event::Overdue(event) => Happening::Overdue { clock: event.clock, due_at: event.due_at },
        Event::VisitSet(event) => {
            let (step, reason) = (event.step.clone(), event.reason.clone());
            Happening::VisitSet { step, at: event.at, remote: event.remote, reason }
        }
        Event::OverdueExplained(event) => Happening::OverdueExplained { text: event.text.clone() },
    })
}

impl Happening {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::MatterOpened => "matter-opened",
            Self::MatterReleased => "matter-released",
            Self::AnswersRestated => "answers-restated",
            Self::Replanned { .. } => "replanned",
            Self::Dropped(_) => "dropped",
            Self::EditionMoved => "edition-moved",
            Self::MaterialsAdded(_) => "materials-added",
            Self::Accepted => "accepted",
            Self::DeemedAccepted { .. } => "deemed-accepted",
            Self::NotAccepted { .. } => "not-accepted",
            Self::PartiesCame { .. } => "parties-came",
            Self::PresenceTakenBack { .. } => "presence-taken-back",
            Self::CorrectedOnTheSpot { .. } => "corrected-on-the-spot",
            Self::CorrectionAsked { .. } => "correction-asked",
            Self::RepeatedCorrection { .. } => "repeated-correction",
            Self::CorrectionSupplied(_) => "correction-supplied",
            Self::Lapsed(_) => "lapsed",
            Self::Claimed { .. } => "claimed",
            Self::Released { .. } => "released",
            Self::StepDone { .. } => "step-done",
            Self::Paused { .. } => "paused",
            Self::Resumed { .. } => "resumed",
            Self::ExtensionRequested { .. } => "extension-requested",
            Self::Extended { .. } => "extended",
            Self::ExtensionDenied { .. } => "extension-denied",
            Self::Granted { .. } => "granted",
            Self::Refused { .. } => "refused",
            Self::Issued { .. } => "issued",
            Self::Delivered { .. } => "delivered",
            Self::GapClosed(_) => "gap-closed",
            Self::PromiseVerified { .. } => "promise-verified",
            Self::ResultChanged { .. } => "result-changed",
            Self::ResultReplaced { .. } => "result-replaced",
            Self::ActedFor { .. } => "acted-for",
            Self::ActUndone => "act-undone",
            Self::Withdrawn { .. } => "withdrawn",
            Self::ObjectionRaised { .. } => "objection-raised",
            Self::ObjectionAnswered { .. } => "objection-answered",
            Self::Rated { .. } => "rated",
            Self::Message { .. } => "message",
            Self::Warned(_) => "warned",
            Self::Overdue { .. } => "overdue",
            Self::VisitSet { .. } => "visit-set",
            Self::OverdueExplained { .. } => "overdue-explained",
        }
    }

    /// What somebody wrote with it, as officers read it.
    pub const fn text(&self) -> Option<&DocRef> {
        match self {
            Self::NotAccepted { reason, .. }
            | Self::PresenceTakenBack { reason }
            | Self::RepeatedCorrection { reason }
            | Self::ExtensionRequested { reason }
            | Self::Extended { reason, .. }
            | Self::ExtensionDenied { reason }
            | Self::Refused { reason, .. }
            | Self::ResultChanged { reason, .. } => Some(reason),
            Self::CorrectedOnTheSpot { note } | Self::ActedFor { note, .. } => Some(note),
            Self::CorrectionAsked { notice, .. } => Some(notice),
            Self::Granted { opinion } | Self::StepDone { opinion, .. } => opinion.as_ref(),
            Self::Paused { notice, .. } => notice.as_ref(),
            Self::PromiseVerified { record, .. } => Some(record),
            Self::Withdrawn { reason } | Self::VisitSet { reason, .. } => reason.as_ref(),
            Self::ObjectionRaised { text }
            | Self::ObjectionAnswered { text }
            | Self::Message { text, .. }
            | Self::OverdueExplained { text } => Some(text),
            _ => None,
        }
    }

    /// What is written for the applicant. Opinions inside the administration are not, except about the administration
    /// itself (`feedback`).
    pub const fn text_for_applicant(&self, feedback: bool) -> Option<&DocRef> {
        match self {
            Self::ExtensionDenied { .. } | Self::PromiseVerified { .. } => None,
            Self::StepDone { .. } if !feedback => None,
            other => other.text(),
        }
    }
}
