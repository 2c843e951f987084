//! What one event does to the matter that it is about.

use std::sync::Arc;

use catalogue::{Counting, StepId, StepKind};
use jiff::Timestamp;

use crate::{
    ActorId, ClockKind, ClockPaused, Correction, Delivery, DocRef, Doer, Event, ExtensionRun, ExtensionState,
    IssuedResult, MaterialStatus, Matter, MatterState, PauseKind, PauseRun, Plan, ResultChange, StepDone,
    StepRun, StepState, VisitTime,
};

/// Where each step stands at first, with the places of the steps before it.
pub(crate) fn runs(plan: &Plan) -> Vec<StepRun> {
    let place =
        |id: &StepId| plan.steps.iter().position(|step| step.id == *id).and_then(|at| u16::try_from(at).ok());
    plan.steps
        .iter()
        .map(|step| StepRun {
            state: StepState::Blocked,
            visit: None,
            claimed_by: None,
            after: step.after.iter().filter_map(place).collect(),
            rounds: 0,
            failed: 0,
            visited: None,
        })
        .collect()
}

impl Matter {
    /// Returns whether the applicant made a journey.
    pub(crate) fn apply(&mut self, event: &Event, at: Timestamp, actor: &ActorId) -> bool {
        match event {
            Event::MatterReleased(_) => {
                self.state = MatterState::Received;
                self.received_at = at;
                self.open_intake(at);
            }
            Event::MatterReplanned(event) => self.replan(&event.plan, at),
            Event::MatterDropped(event) => self.close(MatterState::Dropped(event.cause), at),
            Event::MaterialsAdded(event) => self.supply(&event.materials),
            Event::PartiesCame(_) => {
                self.awaits_presence = false;
                self.came_at = Some(at);
                self.received_at = at;
                return true;
            }
            Event::PresenceTakenBack(_) => {
                self.awaits_presence = self.plan.presence;
                self.came_at = None;
            }
            Event::Accepted(_) => self.accept(at, at, actor),
            Event::DeemedAccepted(event) => {
                self.deemed = true;
                self.accept(event.accepted_at, at, actor);
            }
            Event::AcceptanceRefused(event) => self.close(MatterState::NotAccepted(event.ground.clone()), at),
            Event::CorrectionAsked(event) => {
                self.state = MatterState::Correcting;
                self.intake_ended_at = Some(at);
                self.corrections = self.corrections.saturating_add(1);
                let (points, notice) = (event.points.clone(), event.notice.clone());
                let missing =
                    self.plan.missing().filter(|id| points.materials.contains(id)).cloned().collect();
                self.correction =
                    Some(Correction { asked_at: at, points, notice, missing, supplied_at: None });
            }
            Event::CorrectionSupplied(event) => {
                self.supply(&event.materials);
                self.state = MatterState::Received;
                self.received_at = at;
                self.intake_ended_at = None;
                self.overdue.retain(|clock| *clock != ClockKind::Intake);
                if let Some(correction) = &mut self.correction {
                    correction.supplied_at = Some(at);
                }
            }
            Event::MatterLapsed(event) => self.close(MatterState::Lapsed(event.cause), at),
            Event::TaskClaimed(event) => self.claim(&event.step, Some(event.officer.clone())),
            Event::TaskReleased(event) => self.claim(&event.step, None),
            Event::StepDone(event) => return self.step_done(event, at, actor),
            Event::ClockPaused(event) => self.pause(event, at),
            Event::ClockResumed(event) => self.resume(&event.pause, at),
            Event::ExtensionRequested(event) => {
                let (reason, requested_by) = (event.reason.clone(), actor.clone());
                self.extension =
                    Some(ExtensionRun { reason, requested_by, state: ExtensionState::Requested });
            }
            Event::ExtensionApproved(event) => {
                if let Some(extension) = &mut self.extension {
                    let (more, lengthens_promise) = (event.more, event.lengthens_promise);
                    extension.state = ExtensionState::Approved { more, lengthens_promise };
                }
                self.warned = None;
            }
            Event::ExtensionDenied(_) => {
                if let Some(extension) = &mut self.extension {
                    extension.state = ExtensionState::Denied;
                }
            }
            Event::Granted(event) => {
                self.decided_at = Some(at);
                self.state = MatterState::Granted;
                self.finish_step(&event.step, at, actor, true, event.opinion.clone());
            }
            Event::Refused(event) => {
                self.decided_at = Some(at);
                self.finish_step(&event.step, at, actor, false, Some(event.reason.clone()));
                self.close(MatterState::Refused, at);
            }
            Event::ResultIssued(event) => {
                self.results.retain(|old| old.result != event.result);
                self.results.push(IssuedResult {
                    result: event.result.clone(),
                    number: event.number.clone(),
                    identifier: event.identifier.clone(),
                    issued_at: at,
                    change: None,
                    replaced_by: None,
                });
                self.finish_step(&event.step, at, actor, true, None);
            }
            Event::Delivered(event) => {
                self.delivered = Some((at, event.how));
                self.finish_step(&event.step, at, actor, true, None);
                return event.how == Delivery::Window;
            }
            Event::GapClosed(event) => {
                self.supply(&event.materials);
                if !self.has_open_gap() {
                    self.gap_closed_at = Some(at);
                }
                self.finish_if_done(at);
            }
            Event::PromiseVerified(event) => {
                self.promise_kept = Some(event.kept);
                self.promise_checked_at = Some(at);
            }
            Event::ResultChanged(event) => {
                if let Some(result) = self.results.iter_mut().find(|result| result.result == event.result) {
                    result.change = Some(event.change);
                }
            }
            Event::ResultReplaced(event) => {
                if let Some(result) = self.results.iter_mut().find(|result| result.result == event.result) {
                    result.change = Some(ResultChange::Replaced);
                    result.replaced_by = Some(event.number.clone());
                }
            }
            Event::Withdrawn(_) => self.close(MatterState::Withdrawn, at),
            Event::Warned(event) => self.warned = Some(event.level),
            Event::Overdue(event) => {
                if !self.overdue.contains(&event.clock) {
                    self.overdue.push(event.clock);
                    self.overdue_explained = false;
                }
            }
            Event::OverdueExplained(_) => self.overdue_explained = true,
            Event::VisitSet(event) => {
                if let Some(run) = self.run_mut(&event.step) {
                    run.visit = Some(VisitTime { at: event.at, remote: event.remote });
                }
            }
            // Told in the timeline, or no matter's business.
            Event::CorrectedOnTheSpot(_)
            | Event::RepeatedCorrection(_)
            | Event::CaseOpened(_)
            | Event::MatterOpened(_)
            | Event::AnswersRestated(_)
            | Event::EditionMoved(_)
            | Event::ObjectionRaised(_)
            | Event::ObjectionAnswered(_)
            | Event::Rated(_)
            | Event::ActedFor(_)
            | Event::ActUndone(_)
            | Event::MessageSent(_) => {}
        }
        false
    }

    /// The accept step waits for the window as long as intake lasts.
    pub(crate) fn open_intake(&mut self, at: Timestamp) {
        if self.state != MatterState::Received {
            return;
        }
        self.entered_intake = true;
        for (step, run) in self.plan.steps.iter().zip(&mut self.steps) {
            if step.kind == StepKind::Accept && run.state == StepState::Blocked {
                run.state = StepState::Open { since: at };
            }
        }
    }

    fn accept(&mut self, accepted_at: Timestamp, at: Timestamp, actor: &ActorId) {
        self.state = MatterState::Accepted;
        self.awaits_presence = false;
        self.accepted_at = Some(accepted_at);
        self.intake_ended_at = Some(at);
        for (step, run) in self.plan.steps.iter().zip(&mut self.steps) {
            if step.kind == StepKind::Accept {
                run.state = StepState::Done { at, by: actor.clone(), yes: true, opinion: None };
                run.claimed_by = None;
                run.rounds = run.rounds.saturating_add(1);
            }
        }
        self.open_ready(at);
        self.finish_if_done(at);
    }

    fn step_done(&mut self, event: &StepDone, at: Timestamp, actor: &ActorId) -> bool {
        let visit =
            self.plan.steps.iter().any(|step| step.id == event.step && step.visit) && !event.same_visit;
        match &event.returns_to {
            Some(target) => {
                if let Some(run) = self.run_mut(&event.step) {
                    run.rounds = run.rounds.saturating_add(1);
                    run.visit = None;
                }
                self.reset_from(target);
                self.open_ready(at);
            }
            None => {
                self.finish_step(&event.step, at, actor, event.yes, event.opinion.clone());
                if let Some(run) = self.run_mut(&event.step) {
                    run.failed = event.failed;
                }
            }
        }
        visit
    }

    fn finish_step(
        &mut self,
        id: &StepId,
        at: Timestamp,
        actor: &ActorId,
        yes: bool,
        opinion: Option<DocRef>,
    ) {
        if let Some(run) = self.run_mut(id) {
            run.state = StepState::Done { at, by: actor.clone(), yes, opinion };
            run.claimed_by = None;
            run.visit = None;
            run.rounds = run.rounds.saturating_add(1);
        }
        self.open_ready(at);
        self.finish_if_done(at);
    }

    /// Opens every step whose turn has come. Nothing is issued or delivered before it is granted.
    fn open_ready(&mut self, at: Timestamp) {
        if !matches!(self.state, MatterState::Accepted | MatterState::Granted) {
            return;
        }
        let settled = self.state == MatterState::Granted || !self.plan.has_decision();
        for place in 0..self.steps.len() {
            let (step, run) = (&self.plan.steps[place], &self.steps[place]);
            let waits = run.state != StepState::Blocked
                || matches!(step.kind, StepKind::Issue | StepKind::Deliver) && !settled
                || run.after.iter().any(|before| !self.steps[usize::from(*before)].state.is_done());
            if waits {
                continue;
            }
            if let Counting::Local { pause } = &step.counting {
                let kind = PauseKind::Local(pause.clone());
                if self.decided_at.is_none()
                    && !self.pauses.iter().any(|run| run.to.is_none() && run.kind == kind)
                {
                    self.pauses.push(PauseRun { kind, from: at, to: None, needed: step.limit, notice: None });
                }
            }
            self.steps[place].state = StepState::Open { since: at };
        }
    }

    /// This step and all that follow it are done again.
    fn reset_from(&mut self, target: &StepId) {
        let affected = self.dependents_of(target);
        for (place, hit) in affected.into_iter().enumerate() {
            if !hit {
                continue;
            }
            self.steps[place].state = StepState::Blocked;
            self.steps[place].claimed_by = None;
            self.steps[place].failed = 0;
            self.steps[place].visited = None;
            if self.plan.steps[place].kind == StepKind::Decide && self.state == MatterState::Granted {
                self.state = MatterState::Accepted;
                self.decided_at = None;
            }
        }
    }

    /// For each step whether it is `target` or comes after it, directly or not.
    pub(crate) fn dependents_of(&self, target: &StepId) -> Vec<bool> {
        let mut hit: Vec<bool> = self.plan.steps.iter().map(|step| step.id == *target).collect();
        let mut grew = true;
        while grew {
            grew = false;
            for (place, run) in self.steps.iter().enumerate() {
                if !hit[place] && run.after.iter().any(|before| hit[usize::from(*before)]) {
                    hit[place] = true;
                    grew = true;
                }
            }
        }
        hit
    }

    fn finish_if_done(&mut self, at: Timestamp) {
        let pursued = match self.state {
            MatterState::Granted => true,
            MatterState::Accepted => !self.plan.has_decision(),
            _ => false,
        };
        if pursued && !self.has_open_gap() && self.steps.iter().all(|run| run.state.is_done()) {
            if self.decided_at.is_none() {
                self.decided_at = Some(at);
            }
            self.close(MatterState::Completed, at);
        }
    }

    fn close(&mut self, state: MatterState, at: Timestamp) {
        self.state = state;
        self.closed_at = Some(at);
        for run in &mut self.steps {
            if run.state.is_open() {
                run.state = StepState::Blocked;
            }
            run.claimed_by = None;
        }
    }

    fn supply(&mut self, supplied: &[catalogue::MaterialId]) {
        let counts = |status: MaterialStatus| status != MaterialStatus::Supplied;
        if !self
            .plan
            .materials
            .iter()
            .any(|material| counts(material.status) && supplied.contains(&material.id))
        {
            return;
        }
        for material in &mut Arc::make_mut(&mut self.plan).materials {
            if supplied.contains(&material.id) {
                material.status = MaterialStatus::Supplied;
            }
        }
    }

    fn claim(&mut self, step: &StepId, officer: Option<ActorId>) {
        if let Some(run) = self.run_mut(step) {
            run.claimed_by = officer;
        }
    }

    fn pause(&mut self, event: &ClockPaused, at: Timestamp) {
        let (kind, needed, notice) = (event.pause.clone(), event.needed, event.notice.clone());
        self.pauses.push(PauseRun { kind, from: at, to: None, needed, notice });
    }

    fn resume(&mut self, kind: &PauseKind, at: Timestamp) {
        for pause in self.pauses.iter_mut().filter(|pause| pause.to.is_none() && pause.kind == *kind) {
            pause.to = Some(at);
        }
    }

    /// A pause ends with the proceeding that it was for, and all end with the decision. Returns those that ended now.
    pub(crate) fn close_ended_pauses(&mut self, at: Timestamp) -> Vec<PauseKind> {
        let mut ended = Vec::new();
        for pause in self.pauses.iter_mut().filter(|pause| pause.to.is_none()) {
            let of_kind = |step: &crate::PlannedStep| match (&step.counting, &pause.kind) {
                (Counting::Statutory { pause }, PauseKind::Statutory(kind)) => pause == kind,
                (Counting::Local { pause }, PauseKind::Local(kind)) => pause == kind,
                _ => false,
            };
            let runs = || self.plan.steps.iter().zip(&self.steps).filter(|(step, _)| of_kind(step));
            let under_way = runs().any(|(_, run)| run.state.is_open());
            let finished = runs()
                .any(|(_, run)| matches!(run.state, StepState::Done { at: done, .. } if done >= pause.from));
            if self.decided_at.is_some() || self.state.is_over() || finished && !under_way {
                pause.to = Some(at);
                ended.push(pause.kind.clone());
            }
        }
        ended
    }

    /// Writes down since when, and until when, delivery and the decision wait for the applicant. Follows from the steps alone, so that
    /// every log that was ever written tells it too.
    pub(crate) fn note_awaited(&mut self, at: Timestamp) {
        if self.awaited.is_empty() && !self.plan.steps.iter().any(|step| step.by == Doer::Applicant) {
            return;
        }
        let awaits = |step: &crate::PlannedStep, run: &StepRun| match run.state {
            StepState::Open { since } if step.by == Doer::Applicant && self.delivery_needs(&step.id) => {
                Some((step.id.clone(), since))
            }
            _ => None,
        };
        let open: Vec<(StepId, Timestamp)> =
            self.runs().filter_map(|(step, run)| awaits(step, run)).collect();
        crate::case::note_stretches(&mut self.awaited, open, at);
        let to_decide = self.state == MatterState::Accepted && self.decided_at.is_none();
        let others = self.open_steps().any(|(step, _)| step.by != Doer::Applicant);
        let alone = self.open_steps().filter(|_| to_decide && !others);
        let alone = alone.map(|(step, _)| (step.id.clone(), at)).collect();
        crate::case::note_stretches(&mut self.awaited_answers, alone, at);
    }

    /// Something is issued or delivered only after this step.
    fn delivery_needs(&self, step: &StepId) -> bool {
        let hands_over = |step: &crate::PlannedStep| matches!(step.kind, StepKind::Issue | StepKind::Deliver);
        self.plan.steps.iter().zip(self.dependents_of(step)).any(|(other, hit)| hit && hands_over(other))
    }

    /// Steps that are in both plans keep where they stand; the others begin, or are forgotten.
    fn replan(&mut self, plan: &Arc<Plan>, at: Timestamp) {
        let mut steps = runs(plan);
        for (new, run) in plan.steps.iter().zip(&mut steps) {
            if let Some((_, old)) = self.runs().find(|(old, _)| old.id == new.id) {
                run.rounds = old.rounds;
                run.failed = old.failed;
                run.visited.clone_from(&old.visited);
                run.visit = old.visit;
                // A step that was open closes again if something new comes before it.
                if old.state.is_done() || run.after.is_empty() || new.kind == StepKind::Accept {
                    run.state = old.state.clone();
                    run.claimed_by.clone_from(&old.claimed_by);
                }
            }
        }
        for place in 0..steps.len() {
            let free = steps[place].after.iter().all(|before| steps[usize::from(*before)].state.is_done());
            let old = self.runs().find(|(old, _)| old.id == plan.steps[place].id).map(|(_, run)| run.clone());
            if let Some(old) = old.filter(|old| free && old.state.is_open()) {
                steps[place].state = old.state;
                steps[place].claimed_by = old.claimed_by;
            }
        }
        self.awaits_presence &= plan.presence;
        self.plan = plan.clone();
        self.steps = steps;
        if self.state == MatterState::Waiting && plan.after.is_empty() {
            self.state = MatterState::Received;
            self.received_at = at;
        }
        self.open_intake(at);
        self.open_ready(at);
        self.finish_if_done(at);
    }

    pub(crate) fn run_mut(&mut self, id: &StepId) -> Option<&mut StepRun> {
        let place = self.plan.steps.iter().position(|step| step.id == *id)?;
        self.steps.get_mut(place)
    }
}
