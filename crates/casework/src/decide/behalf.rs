//! What the window does in the applicant's name: only with a reason and a proof, told to the applicant, who may take it
//! back for a day.

use jiff::SignedDuration;

use super::Desk;
use super::rights::is_window;
use crate::{ActUndone, ActedFor, ApplicantAct, Command, DocRef, Event, Proof, Refusal};

/// How long the applicant may take such an act back.
const UNDO: SignedDuration = SignedDuration::from_hours(24);

impl Desk<'_> {
    pub(super) fn for_applicant(
        &self,
        act: &Command<'_>,
        proof: &Proof,
        note: &DocRef,
    ) -> Result<Vec<Event>, Refusal> {
        if !is_window(&self.context) {
            return Err(Refusal::NotAllowed);
        }
        let (kind, item, step) = match act {
            Command::CompleteStep { item, step, .. } => (ApplicantAct::Step, Some(item), Some(step)),
            Command::Withdraw { item, .. } => (ApplicantAct::Withdrawal, item.as_ref(), None),
            Command::Object { item, .. } => (ApplicantAct::Objection, item.as_ref(), None),
            Command::SupplyCorrection { item, .. } => (ApplicantAct::Correction, Some(item), None),
            Command::Restate { .. } => (ApplicantAct::Answers, None, None),
            _ => return Err(Refusal::NotAllowed),
        };
        if let (Some(item), Some(step)) = (item, step) {
            let (_, planned, _) = self.open_step(item, step)?;
            if planned.by != crate::Doer::Applicant {
                return Err(Refusal::NotAllowed);
            }
        }
        let done = Self { proven: true, ..*self }.judge(act)?;
        let mut events = vec![Event::from(ActedFor {
            item: item.cloned(),
            step: step.cloned(),
            act: kind,
            proof: proof.clone(),
            note: note.clone(),
        })];
        events.extend(done);
        Ok(events)
    }

    pub(super) fn undo_acted_for(&self, acted: u32) -> Result<Vec<Event>, Refusal> {
        if !self.context.actor.is_applicant_side() {
            return Err(Refusal::NotAllowed);
        }
        let Some(done) = self.case.acted_for.get(acted as usize) else { return Err(Refusal::UndoTooLate) };
        if done.undone || self.now().duration_since(done.at) > UNDO {
            return Err(Refusal::UndoTooLate);
        }
        if done.overtaken {
            return Err(Refusal::UndoOvertaken);
        }
        Ok(vec![Event::from(ActUndone { acted })])
    }
}
