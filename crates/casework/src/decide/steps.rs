//! Tasks: taken, given back, finished.

use catalogue::{ItemId, StepId, StepKind, StepOf};
use jiff::Timestamp;

use super::Desk;
use crate::{
    ActorId, DocRef, Doer, Event, Finding, Matter, MatterState, PlannedStep, Refusal, StepDone, StepRun,
    TaskClaimed, TaskReleased, VisitSet,
};

/// What is written down when a step ends.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub yes: bool,
    pub opinion: Option<&'a DocRef>,
    pub finding: Finding,
    pub officers: &'a [ActorId],
    pub joint: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn claim(
        &self,
        item: &ItemId,
        step: &StepId,
        officer: Option<&ActorId>,
    ) -> Result<Vec<Event>, Refusal> {
        let (matter, planned, run) = self.open_step(item, step)?;
        let for_applicant = planned.by == Doer::Applicant && super::rights::is_window(&self.context);
        if !self.is_head_for(planned) && !for_applicant {
            self.may_take(matter, planned)?;
        }
        self.may_touch(item, planned, run)?;
        let officer = officer.unwrap_or(&self.context.actor.id).clone();
        if run.claimed_by.as_ref() == Some(&officer) {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event::from(TaskClaimed { item: item.clone(), step: step.clone(), officer })])
    }

    pub(super) fn release(&self, item: &ItemId, step: &StepId) -> Result<Vec<Event>, Refusal> {
        let (_, planned, run) = self.open_step(item, step)?;
        if run.claimed_by.is_none() {
            return Err(Refusal::NotClaimed { step: StepOf::new(item, step) });
        }
        self.may_touch(item, planned, run)?;
        Ok(vec![Event::from(TaskReleased { item: item.clone(), step: step.clone() })])
    }

    /// When officers come. On a joint inspection all come at once, so the time holds for each of its steps that are open.
    pub(super) fn set_visit(
        &self,
        item: &ItemId,
        step: &StepId,
        (at, remote): (Timestamp, bool),
        reason: Option<&DocRef>,
    ) -> Result<Vec<Event>, Refusal> {
        let (matter, planned, run) = self.open_step(item, step)?;
        if planned.kind != StepKind::Inspect {
            return Err(Refusal::NotAVisit { step: StepOf::new(item, step) });
        }
        self.may_take(matter, planned)?;
        self.may_touch(item, planned, run)?;
        if at <= self.context.now {
            return Err(Refusal::VisitOver { step: StepOf::new(item, step) });
        }
        if run.visit.is_some_and(|visit| visit.at == at && visit.remote == remote) {
            return Err(Refusal::NothingChanges);
        }
        let set = |item: &ItemId, step: &StepId| {
            let (item, step, reason) = (item.clone(), step.clone(), reason.cloned());
            Event::from(VisitSet { item, step, at, remote, reason })
        };
        let Some(joint) = planned.joint else { return Ok(vec![set(item, step)]) };
        let open = self.case.matters.iter().filter(|matter| !matter.state.is_over());
        let together = open.flat_map(|matter| matter.open_steps().map(move |(step, _)| (matter, step)));
        let together = together.filter(|(_, step)| step.joint == Some(joint));
        Ok(together.map(|(matter, step)| set(&matter.item, &step.id)).collect())
    }

    pub(super) fn complete_step(
        &self,
        item: &ItemId,
        step: &StepId,
        record: Record<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let (matter, planned, run) = self.open_step(item, step)?;
        if matches!(planned.kind, StepKind::Accept | StepKind::Decide | StepKind::Issue | StepKind::Deliver) {
            return Err(Refusal::StepHasOwnAct { step: StepOf::new(item, step) });
        }
        self.may_take(matter, planned)?;
        self.may_touch(item, planned, run)?;
        // Of a visit that has not taken place there is nothing to record.
        if run.visit.is_some_and(|visit| visit.at > self.context.now) {
            return Err(Refusal::VisitAhead { step: StepOf::new(item, step) });
        }
        self.need_time_over(item, planned)?;
        if planned.kind == StepKind::Pay {
            self.need_ground(matter)?;
        }
        if planned.kind == StepKind::Pay && !record.yes {
            return Err(Refusal::NotPaid { step: StepOf::new(item, step) });
        }
        let officers = self.need_officers(item, planned, record.officers)?;
        if record.yes {
            self.need_confirmed(item, planned)?;
        }
        let adverse = !record.yes || record.finding.failed > 0;
        if adverse && !record.finding.explained && matches!(planned.by, Doer::Role { .. }) {
            return Err(Refusal::FindingUnexplained { step: StepOf::new(item, step) });
        }
        if record.joint && planned.joint.is_none() {
            return Err(Refusal::NotJoint { step: StepOf::new(item, step) });
        }
        // Each department concludes for itself (行政许可法 Art. 26, 34); only the visit is shared.
        let same_visit = record.joint && run.visited.is_some();
        Ok(vec![step_done(matter, planned, &record, officers, same_visit)])
    }

    /// A public notice that is shown for five days is shown for five days.
    fn need_time_over(&self, item: &ItemId, step: &PlannedStep) -> Result<(), Refusal> {
        let (edition, now) = (self.context.edition, self.context.now);
        let until = self.open_matter(item)?.runs_until(&step.id, edition.calendar(), edition.offset(), now);
        match until.filter(|until| now < *until) {
            None => Ok(()),
            Some(until) => {
                let from = edition.offset().to_datetime(until).date();
                Err(Refusal::StillRunning { step: StepOf::new(item, &step.id), from })
            }
        }
    }

    /// A yes that rests on a result of another item of this case has to wait for it. Where no such item is in the
    /// case, the officer looks elsewhere.
    pub(super) fn need_confirmed(&self, item: &ItemId, step: &PlannedStep) -> Result<(), Refusal> {
        match step.confirms.as_ref().filter(|confirmed| self.case.awaits(confirmed)) {
            None => Ok(()),
            Some(confirmed) => Err(Refusal::ResultAwaited {
                step: StepOf::new(item, &step.id),
                item: confirmed.item.clone(),
                result: confirmed.clone(),
            }),
        }
    }

    /// The step, if it waits for somebody.
    pub(super) fn open_step(
        &self,
        item: &ItemId,
        step: &StepId,
    ) -> Result<(&'a Matter, &'a PlannedStep, &'a StepRun), Refusal> {
        let matter = self.open_matter(item)?;
        let Some((planned, run)) = matter.runs().find(|(planned, _)| planned.id == *step) else {
            return Err(Refusal::NoSuchStep { step: StepOf::new(item, step) });
        };
        if !run.state.is_open() || matter.state == MatterState::Correcting {
            return Err(Refusal::StepNotOpen { step: StepOf::new(item, step) });
        }
        Ok((matter, planned, run))
    }
}

fn step_done(
    matter: &Matter,
    step: &PlannedStep,
    record: &Record<'_>,
    officers: Vec<ActorId>,
    same_visit: bool,
) -> Event {
    let returns_to = step.returns_to.clone().filter(|target| !record.yes && may_return(matter, target));
    Event::from(StepDone {
        item: matter.item.clone(),
        step: step.id.clone(),
        yes: record.yes,
        opinion: record.opinion.cloned(),
        officers,
        returns_to,
        joint: record.joint,
        same_visit,
        failed: record.finding.failed,
        automatic: false,
    })
}

/// A decision in a licence is not undone by going round again; a complaint is, until the person is content.
fn may_return(matter: &Matter, target: &StepId) -> bool {
    let affected = matter.dependents_of(target);
    let decided = matter.runs().zip(affected).any(|((step, run), hit)| {
        hit && run.state.is_done()
            && matches!(step.kind, StepKind::Decide | StepKind::Issue | StepKind::Deliver)
    });
    matter.feedback || !decided
}
