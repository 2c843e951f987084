//! Decision, issue, delivery, and what becomes of results.

use std::sync::Arc;

use catalogue::{ItemId, MaterialId, ResultId, StepId, StepKind, StepOf};

use super::Desk;
use super::rights::is_window;
use crate::{
    ActorId, Delivered, Delivery, DocRef, Event, GapClosed, Granted, IssuedResult, LapseCause, Matter,
    MatterLapsed, MatterState, PauseKind, PlannedStep, PromiseVerified, Refusal, Refused, ResultChange,
    ResultChanged, ResultIssued, ResultReplaced, Standing, StepDone, Verdict,
};

impl<'a> Desk<'a> {
    pub(super) fn decide(
        &self,
        item: &ItemId,
        verdict: &Verdict,
        officers: &[ActorId],
    ) -> Result<Vec<Event>, Refusal> {
        if let Some(refused) = self.refuse_ended(item, verdict, officers)? {
            return Ok(refused);
        }
        let matter = self.matter_in(item, &MatterState::Accepted)?;
        let is_system = self.context.actor.standing == Standing::System;
        if is_system && matches!(verdict, Verdict::Refuse { .. }) {
            return Err(Refusal::NoMachineRefusal);
        }
        let step = self.open_step_of_kind(matter, StepKind::Decide)?;
        let statutory =
            |pause: &crate::PauseRun| pause.to.is_none() && matches!(pause.kind, PauseKind::Statutory(_));
        if matter.pauses.iter().any(statutory) {
            return Err(Refusal::ProceedingOpen { item: item.clone() });
        }
        let officers = self.need_officers(item, step, officers)?;
        if matches!(verdict, Verdict::Grant { .. }) {
            self.need_confirmed(&matter.item, step)?;
        }
        let adverse: Vec<StepOf> = matter.adverse().map(|(step, _)| StepOf::new(item, &step.id)).collect();
        if matches!(verdict, Verdict::Grant { opinion: None }) && !adverse.is_empty() {
            return Err(Refusal::AgainstReview { item: item.clone(), steps: adverse });
        }
        let (item, id) = (item.clone(), step.id.clone());
        Ok(vec![match verdict {
            Verdict::Grant { opinion } if is_last_decision(matter, &id) => Event::from(Granted {
                item,
                step: id,
                opinion: opinion.clone(),
                officers,
                automatic: is_system,
            }),
            // One of several who have to agree.
            Verdict::Grant { opinion } => Event::from(StepDone {
                item,
                step: id,
                yes: true,
                opinion: opinion.clone(),
                officers,
                returns_to: None,
                joint: false,
                same_visit: false,
                failed: 0,
                automatic: is_system,
            }),
            Verdict::Refuse { reason } => self.refused(item, id, reason.as_ref(), officers)?,
        }])
    }

    fn refused(
        &self,
        item: ItemId,
        step: StepId,
        reason: Option<&DocRef>,
        officers: Vec<ActorId>,
    ) -> Result<Event, Refusal> {
        let Some(reason) = reason.cloned() else { return Err(Refusal::ReasonNeeded { item }) };
        let told = &self.context.edition.zone().remedies;
        let remedies = told.iter().map(|remedy| Arc::from(remedy.cite.as_str())).collect();
        Ok(Event::from(Refused { item, step, reason, remedies, officers }))
    }

    /// What rests on a result that was ended is not granted, and can be refused at once, also after a grant on which nothing
    /// was issued yet.
    fn refuse_ended(
        &self,
        item: &ItemId,
        verdict: &Verdict,
        officers: &[ActorId],
    ) -> Result<Option<Vec<Event>>, Refusal> {
        let matter = self.open_matter(item)?;
        let Some(ended) = self.case.rests_on_ended(matter) else { return Ok(None) };
        if self.context.actor.standing == Standing::System {
            return Err(Refusal::NoMachineRefusal);
        }
        let Verdict::Refuse { reason } = verdict else {
            return Err(Refusal::RestsOnEnded { item: item.clone(), other: ended.item.clone() });
        };
        if !matches!(matter.state, MatterState::Accepted | MatterState::Granted) {
            return Err(Refusal::WrongState { item: item.clone() });
        }
        let mut deciders = matter.plan.steps.iter().filter(|step| step.kind == StepKind::Decide);
        let Some(step) = deciders.rfind(|step| step.by.role().is_some()) else { return Ok(None) };
        self.may_take(matter, step)?;
        let officers = self.need_officers(item, step, officers)?;
        Ok(Some(vec![self.refused(item.clone(), step.id.clone(), reason.as_ref(), officers)?]))
    }

    pub(super) fn issue(
        &self,
        item: &ItemId,
        result: &ResultId,
        number: &Arc<str>,
        identifier: Option<&Arc<str>>,
    ) -> Result<Vec<Event>, Refusal> {
        let matter = self.open_matter(item)?;
        self.need_ground(matter)?;
        if matter.plan.has_decision() && matter.state != MatterState::Granted {
            return Err(Refusal::NotGranted { item: item.clone() });
        }
        let gaps: Vec<MaterialId> = matter.plan.gaps().cloned().collect();
        if !gaps.is_empty() {
            return Err(Refusal::GapOpen { item: item.clone(), materials: gaps });
        }
        let declared =
            |step: &PlannedStep| step.kind == StepKind::Issue && step.result.as_ref() == Some(result);
        if !matter.plan.steps.iter().any(declared) {
            return Err(Refusal::WrongResult { result: result.clone() });
        }
        let step = self.open_step_where(matter, declared)?;
        self.need_confirmed(&matter.item, step)?;
        Ok(vec![Event::from(ResultIssued {
            item: item.clone(),
            step: step.id.clone(),
            result: result.clone(),
            number: number.clone(),
            identifier: identifier.cloned(),
        })])
    }

    pub(super) fn need_ground(&self, matter: &Matter) -> Result<(), Refusal> {
        match self.case.rests_on_ended(matter) {
            Some(ended) => {
                Err(Refusal::RestsOnEnded { item: matter.item.clone(), other: ended.item.clone() })
            }
            None => Ok(()),
        }
    }

    pub(super) fn deliver(&self, item: &ItemId, how: Delivery) -> Result<Vec<Event>, Refusal> {
        let matter = self.open_matter(item)?;
        let step = self.open_step_of_kind(matter, StepKind::Deliver)?;
        Ok(vec![Event::from(Delivered { item: item.clone(), step: step.id.clone(), how, automatic: false })])
    }

    pub(super) fn close_gap(&self, item: &ItemId, materials: &[MaterialId]) -> Result<Vec<Event>, Refusal> {
        let matter = self.open_matter(item)?;
        if !self.context.actor.is_applicant_side() && !is_window(&self.context) {
            self.need_officer_of(matter)?;
        }
        if let Some(material) = materials.iter().find(|id| !matter.plan.gaps().any(|gap| gap == *id)) {
            return Err(Refusal::NotAGap { material: material.clone() });
        }
        if materials.is_empty() {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event::from(GapClosed { item: item.clone(), materials: materials.to_vec() })])
    }

    /// A broken promise takes the grant back: annulled if it was issued, ended if not.
    pub(super) fn verify_promise(
        &self,
        item: &ItemId,
        kept: bool,
        record: &DocRef,
    ) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter(item)?;
        let granted = matches!(matter.state, MatterState::Granted | MatterState::Completed);
        if !granted || matter.plan.promise_check.is_none() || matter.promise_kept.is_some() {
            return Err(Refusal::NoPromise { item: item.clone() });
        }
        self.need_officer_of(matter)?;
        // A broken promise annuls what was decided: that is for whoever decides.
        if !kept {
            self.need_decider(matter)?;
        }
        let mut events =
            vec![Event::from(PromiseVerified { item: item.clone(), kept, record: record.clone() })];
        if kept {
            return Ok(events);
        }
        for issued in matter.results.iter().filter(|issued| issued.is_in_force()) {
            events.push(Event::from(ResultChanged {
                item: item.clone(),
                result: issued.result.clone(),
                change: ResultChange::Annulled,
                reason: record.clone(),
            }));
        }
        if matter.state == MatterState::Granted {
            events.push(Event::from(MatterLapsed { item: item.clone(), cause: LapseCause::PromiseBroken }));
        }
        Ok(events)
    }

    pub(super) fn change_result(
        &self,
        item: &ItemId,
        result: &ResultId,
        change: ResultChange,
        reason: &DocRef,
    ) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter(item)?;
        self.need_decider(matter)?;
        let issued = matter.results.iter().find(|issued| issued.result == *result && issued.is_in_force());
        let Some(issued) = issued else { return Err(Refusal::NoResult { item: item.clone() }) };
        // That one was replaced follows from making out another.
        if issued.change == Some(change) || change == ResultChange::Replaced {
            return Err(Refusal::NothingChanges);
        }
        // What replaces it was made out in a case of its own; a paper that nobody has yet replaces nothing.
        if change == ResultChange::Altered && matter.state != MatterState::Completed {
            return Err(Refusal::AlterUndelivered { item: item.clone() });
        }
        let mut others = matter.results.iter().filter(|issued| issued.result != *result);
        let ended = change != ResultChange::Altered && !others.any(IssuedResult::is_in_force);
        let lapsed = (ended && matter.state == MatterState::Granted)
            .then(|| Event::from(MatterLapsed { item: item.clone(), cause: LapseCause::ResultEnded }));
        let (item, result, reason) = (item.clone(), result.clone(), reason.clone());
        let changed = Event::from(ResultChanged { item, result, change, reason });
        Ok(std::iter::once(changed).chain(lapsed).collect())
    }

    /// A newer result took the place of one in force. A paper that was not handed out yet is not handed out any more, unless
    /// something of the case still waits for its matter.
    pub(super) fn replace_result(
        &self,
        item: &ItemId,
        result: &ResultId,
        number: &Arc<str>,
    ) -> Result<Vec<Event>, Refusal> {
        if self.context.actor.standing != Standing::System {
            return Err(Refusal::NotAllowed);
        }
        let matter = self.matter(item)?;
        let stands = |issued: &&IssuedResult| issued.result == *result && issued.is_in_force();
        if !matter.results.iter().any(|issued| stands(&issued)) {
            return Err(Refusal::NoResult { item: item.clone() });
        }
        let mut others = matter.results.iter().filter(|issued| issued.result != *result);
        let mut waiting = self.case.matters.iter().filter(|other| other.state == MatterState::Waiting);
        let ended = matter.state == MatterState::Granted
            && !others.any(IssuedResult::is_in_force)
            && !waiting.any(|other| other.plan.after.contains(item));
        let lapsed =
            ended.then(|| Event::from(MatterLapsed { item: item.clone(), cause: LapseCause::ResultEnded }));
        let (item, result, number) = (item.clone(), result.clone(), number.clone());
        let replaced = Event::from(ResultReplaced { item, result, number });
        Ok(std::iter::once(replaced).chain(lapsed).collect())
    }

    /// Whoever decides the matter, or the head of its department.
    fn need_decider(&self, matter: &Matter) -> Result<(), Refusal> {
        let mut deciders = matter.plan.steps.iter().filter(|step| step.kind == StepKind::Decide);
        let decides =
            deciders.any(|step| step.by.role().is_some_and(|role| self.context.actor.roles().contains(role)));
        if decides || self.is_head_of(&matter.department) { Ok(()) } else { Err(Refusal::NotAllowed) }
    }

    fn open_step_of_kind(&self, matter: &'a Matter, kind: StepKind) -> Result<&'a PlannedStep, Refusal> {
        self.open_step_where(matter, |step| step.kind == kind)
    }

    /// The open step that fits and that the actor may take; else why there is none.
    fn open_step_where(
        &self,
        matter: &'a Matter,
        fits: impl Fn(&PlannedStep) -> bool,
    ) -> Result<&'a PlannedStep, Refusal> {
        let mut refused = None;
        for (step, run) in matter.open_steps().filter(|(step, _)| fits(step)) {
            match self.may_take(matter, step).and_then(|()| self.may_touch(&matter.item, step, run)) {
                Ok(()) => return Ok(step),
                Err(refusal) => refused = Some(refusal),
            }
        }
        Err(refused.unwrap_or_else(|| not_yet(matter, fits)))
    }
}

/// Which steps come first.
fn not_yet(matter: &Matter, fits: impl Fn(&PlannedStep) -> bool) -> Refusal {
    let Some((step, run)) = matter.runs().find(|(step, run)| fits(step) && !run.state.is_done()) else {
        return Refusal::WrongState { item: matter.item.clone() };
    };
    let undone: Vec<StepOf> = run
        .after
        .iter()
        .map(|before| usize::from(*before))
        .filter(|before| !matter.steps[*before].state.is_done())
        .map(|before| StepOf::new(&matter.item, &matter.plan.steps[before].id))
        .collect();
    if undone.is_empty() {
        Refusal::StepNotOpen { step: StepOf::new(&matter.item, &step.id) }
    } else {
        Refusal::StepsUndone { item: matter.item.clone(), steps: undone }
    }
}

pub(super) fn is_last_decision(matter: &Matter, id: &StepId) -> bool {
    !matter.runs().any(|(step, run)| step.kind == StepKind::Decide && step.id != *id && !run.state.is_done())
}
