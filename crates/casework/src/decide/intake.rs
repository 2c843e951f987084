//! The five outcomes of intake (行政许可法 Art. 32), and the correction.

use std::sync::Arc;

use catalogue::{ItemId, MaterialId, StepKind};

use super::Desk;
use super::rights::is_window;
use super::submit::arrived;
use crate::{
    AcceptanceRefused, Accepted, Answers, CorrectedOnTheSpot, CorrectionAsked, CorrectionPoints,
    CorrectionSupplied, DocRef, Doer, Event, IntakeGround, MaterialStatus, Matter, MatterState, PartiesCame,
    PresenceTakenBack, Proof, Refusal, RepeatedCorrection, Standing,
};

impl Desk<'_> {
    /// Whoever takes the application in sees the people. What a telephone or a paper shows is not that they came.
    pub(super) fn present(&self, item: &ItemId, proof: &Proof) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Received)?;
        self.need_intake(matter)?;
        if !matter.awaits_presence {
            return Err(Refusal::NothingChanges);
        }
        if !matches!(proof, Proof::Ticket { .. } | Proof::IdentitySeen) {
            return Err(Refusal::ProofNeeded);
        }
        Ok(vec![Event::from(PartiesCame { item: item.clone(), proof: proof.clone() })])
    }

    /// As long as nothing rests on it.
    pub(super) fn take_back_presence(&self, item: &ItemId, reason: &DocRef) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Received)?;
        self.need_intake(matter)?;
        if !matter.is_there() {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event::from(PresenceTakenBack { item: item.clone(), reason: reason.clone() })])
    }

    /// Outcome 5. Without an item: every matter that waits for somebody with the actor's roles; all or none.
    pub(super) fn accept(&self, item: Option<&ItemId>) -> Result<Vec<Event>, Refusal> {
        let chosen: Vec<&Matter> = match item {
            Some(item) => {
                let matter = self.matter_in(item, &MatterState::Received)?;
                self.need_intake(matter)?;
                vec![matter]
            }
            None => {
                let waiting = self.case.matters.iter().filter(|matter| matter.state == MatterState::Received);
                let (mut mine, mut refused) = (Vec::new(), None);
                for matter in waiting {
                    match self.need_intake(matter) {
                        Ok(()) => mine.push(matter),
                        Err(refusal) => refused = Some(refusal),
                    }
                }
                if mine.is_empty() {
                    return Err(refused.unwrap_or(Refusal::NothingFits));
                }
                mine
            }
        };
        chosen
            .into_iter()
            .map(|matter| {
                let missing: Vec<MaterialId> = matter.plan.missing().cloned().collect();
                let item = matter.item.clone();
                if matter.awaits_presence {
                    return Err(Refusal::PresenceNeeded { item });
                }
                if missing.is_empty() {
                    Ok(Event::from(Accepted { item, automatic: false }))
                } else {
                    Err(Refusal::MaterialsMissing { item, materials: missing })
                }
            })
            .collect()
    }

    /// Outcome 1.
    pub(super) fn not_required(&self, item: &ItemId, reason: &DocRef) -> Result<Vec<Event>, Refusal> {
        // A number that others rest on comes with the result alone.
        let assigns = self
            .context
            .edition
            .item(item)
            .is_some_and(|declared| declared.steps.values().any(|step| !step.assigns.is_empty()));
        let mut others = self.case.matters.iter().filter(|other| !other.state.is_over());
        if assigns && others.any(|other| other.plan.after.contains(item)) {
            return Err(Refusal::OthersRestOnIt { item: item.clone() });
        }
        self.refuse_acceptance(item, IntakeGround::NotRequired, reason)
    }

    /// Outcome 2.
    pub(super) fn not_our_remit(
        &self,
        item: &ItemId,
        reason: &DocRef,
        organ: &Arc<str>,
    ) -> Result<Vec<Event>, Refusal> {
        self.refuse_acceptance(item, IntakeGround::NotOurRemit { organ: organ.clone() }, reason)
    }

    fn refuse_acceptance(
        &self,
        item: &ItemId,
        ground: IntakeGround,
        reason: &DocRef,
    ) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Received)?;
        if self.context.actor.standing == Standing::System {
            return Err(Refusal::NoMachineRefusal);
        }
        self.need_intake(matter)?;
        Ok(vec![Event::from(AcceptanceRefused { item: item.clone(), ground, reason: reason.clone() })])
    }

    /// Outcome 3. Answers are the applicant's: whoever writes them down says how they know that the applicant wants it.
    pub(super) fn correct_on_the_spot(
        &self,
        item: &ItemId,
        note: &DocRef,
        answers: Option<&Answers<'_>>,
    ) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Received)?;
        self.need_intake(matter)?;
        let mut events = vec![Event::from(CorrectedOnTheSpot { item: item.clone(), note: note.clone() })];
        if let Some(answers) = answers {
            if !self.proven {
                return Err(Refusal::ProofNeeded);
            }
            events.extend(self.restated(answers, &[])?);
        }
        Ok(events)
    }

    /// Outcome 4: everything, once. What only the applicant's own later answers call for could not be told then: it is asked
    /// for with a reason, and supervision sees it.
    pub(super) fn ask_correction(
        &self,
        item: &ItemId,
        points: &CorrectionPoints,
        notice: &DocRef,
        again: Option<&DocRef>,
    ) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Received)?;
        self.need_intake(matter)?;
        if points.materials.is_empty() && points.fields.is_empty() {
            return Err(Refusal::CorrectionEmpty { item: item.clone() });
        }
        let planned = |id: &MaterialId| matter.plan.materials.iter().any(|planned| planned.id == *id);
        if let Some(material) = points.materials.iter().find(|id| !planned(id)) {
            return Err(Refusal::UnknownMaterial { material: material.clone() });
        }
        let declared = self.context.edition.item(item).map_or(&[][..], |item| &item.fields);
        if points.fields.iter().any(|id| !declared.iter().any(|used| used.field == *id)) {
            return Err(Refusal::UnknownField);
        }
        let mut events = Vec::with_capacity(2);
        if matter.corrections > 0 {
            let is_new = !points.materials.is_empty()
                && points.fields.is_empty()
                && points.materials.iter().all(|id| matter.plan.missing().any(|missing| missing == id));
            let Some(reason) = again.filter(|_| is_new) else {
                return Err(Refusal::CorrectionRepeated { item: item.clone() });
            };
            events.push(Event::from(RepeatedCorrection { item: item.clone(), reason: reason.clone() }));
        }
        events.push(Event::from(CorrectionAsked {
            item: item.clone(),
            points: points.clone(),
            notice: notice.clone(),
        }));
        Ok(events)
    }

    pub(super) fn supply_correction(
        &self,
        item: &ItemId,
        materials: &[MaterialId],
        answers: Option<&Answers<'_>>,
    ) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter_in(item, &MatterState::Correcting)?;
        self.need_applicant_side()?;
        let Some(correction) = &matter.correction else {
            return Err(Refusal::WrongState { item: item.clone() });
        };
        let planned = |id: &MaterialId| matter.plan.materials.iter().find(|planned| planned.id == *id);
        if let Some(material) = materials.iter().find(|id| planned(id).is_none()) {
            return Err(Refusal::UnknownMaterial { material: material.clone() });
        }
        // A faulty paper has to come again; one that was missing may have come in between.
        let came = |id: &MaterialId| {
            materials.contains(id)
                || correction.missing.contains(id)
                    && planned(id).is_some_and(|planned| planned.status == MaterialStatus::Supplied)
        };
        let absent: Vec<MaterialId> =
            correction.points.materials.iter().filter(|id| !came(id)).cloned().collect();
        if !absent.is_empty() {
            return Err(Refusal::CorrectionIncomplete { item: item.clone(), materials: absent });
        }
        if !correction.points.fields.is_empty() && answers.is_none() {
            return Err(Refusal::RestatementNeeded { item: item.clone() });
        }
        let mut events = Vec::new();
        if let Some(answers) = answers {
            events.extend(self.restated(answers, materials)?);
        }
        let dropped = |event: &Event| matches!(event, Event::MatterDropped(dropped) if dropped.item == *item);
        if !events.iter().any(dropped) {
            events
                .push(Event::from(CorrectionSupplied { item: item.clone(), materials: materials.to_vec() }));
        }
        for other in &self.case.matters {
            let planned_again = events.iter().any(|event| {
                matches!(event, Event::MatterReplanned(_) | Event::MatterDropped(_))
                    && event.item() == Some(&other.item)
            });
            if other.item != *item && !other.state.is_over() && !planned_again {
                events.extend(arrived(other, materials));
            }
        }
        Ok(events)
    }

    /// Whoever takes in this matter. Where the engine would accept by itself, the department and the window may.
    fn need_intake(&self, matter: &Matter) -> Result<(), Refusal> {
        match matter.plan.steps.iter().find(|step| step.kind == StepKind::Accept) {
            Some(step) if step.by != Doer::System => self.may_take(matter, step),
            _ if self.is_officer_of(matter) || is_window(&self.context) => Ok(()),
            _ => Err(Refusal::NotAllowed),
        }
    }
}
