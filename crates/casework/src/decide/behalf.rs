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
        // On the spot, the applicant stands before whoever takes the application in, at a window or in a department.
        let on_the_spot = matches!(act, Command::CorrectOnTheSpot { answers: Some(_), .. });
        if !on_the_spot && !is_window(&self.context) {
            return Err(Refusal::NotAllowed);
        }
        // What a telephone or a paper shows is not that somebody stands there.
        if on_the_spot && !matches!(proof, Proof::Ticket { .. } | Proof::IdentitySeen) {
            return Err(Refusal::ProofNeeded);
        }
        let (kind, item, step) = match act {
            Command::CompleteStep { item, step, .. } => (ApplicantAct::Step, Some(item), Some(step)),
            Command::Withdraw { item, .. } => (ApplicantAct::Withdrawal, item.as_ref(), None),
            Command::Object { item, .. } => (ApplicantAct::Objection, item.as_ref(), None),
            Command::SupplyCorrection { item, .. } => (ApplicantAct::Correction, Some(item), None),
            // Other items may read the answers too: what is taken back is taken back everywhere, or not at all.
            Command::Restate { .. } | Command::CorrectOnTheSpot { answers: Some(_), .. } => {
                (ApplicantAct::Answers, None, None)
            }
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
        let raised = self.case.objections.get(done.before.objections);
        let answered =
            done.act == ApplicantAct::Objection && raised.is_some_and(|raised| raised.answer.is_some());
        if done.overtaken || answered || self.case.is_followed(acted) {
            return Err(Refusal::UndoOvertaken);
        }
        Ok(vec![Event::from(ActUndone { acted })])
    }
}
