//! Who has to do what next, and how often the applicant had to come.

use calendar::{Calendar, Clock, ClockRules};
use catalogue::ItemId;
use jiff::Timestamp;
use jiff::tz::Offset;

use crate::{
    Case, ClockKind, ClockView, Colour, Doer, ExtensionState, Hold, Holder, Matter, MatterState, Need,
    PlannedStep, StepRun, StepState, Task, Visits, Whose,
};

impl Case {
    /// Every open step, in the order of the matters and their plans.
    pub fn worklist(&self, calendar: &Calendar, offset: Offset, now: Timestamp) -> Vec<Task> {
        let rules = ClockRules::new(offset);
        let clocks = self.clocks(calendar, offset, now);
        let mut tasks = Vec::new();
        for matter in &self.matters {
            tasks.extend(matter.asks(&clocks));
        }
        for matter in self.matters.iter().filter(|matter| !matter.state.is_over()) {
            let pressing = matter.pressing(&clocks);
            for (step, run) in matter.open_steps() {
                let StepState::Open { since } = run.state else { continue };
                let held_by = matter.hold(step);
                // The step's own time begins when there is something to do.
                let begins = matter.result_came(step).map_or(since, |came| came.max(since));
                let due = |limit| Clock::new(begins, limit).due(calendar, &rules, now).due_at;
                tasks.push(Task {
                    item: matter.item.clone(),
                    need: Need::Step,
                    step: step.id.clone(),
                    kind: step.kind,
                    by: step.by.clone(),
                    department: department(matter, step),
                    since,
                    claimed_by: run.claimed_by.clone(),
                    step_due_at: step.limit.filter(|_| held_by != Some(Hold::ResultAwaited)).map(due),
                    matter_due_at: pressing.and_then(ClockView::runs_out_at),
                    colour: pressing.map_or(Colour::Green, |clock| clock.colour),
                    joint: step.joint,
                    to_confirm: run.visited.is_some(),
                    held_by,
                    runs_until: matter.runs_until(&step.id, calendar, offset, now),
                });
            }
        }
        tasks
    }

    /// For each matter that is not over, everybody whose move it is.
    pub fn who_has_it_now(&self) -> Vec<Holder> {
        let mut holders = Vec::new();
        for matter in &self.matters {
            let holder = |who, step, since| Holder { item: matter.item.clone(), who, step, since };
            match &matter.state {
                MatterState::Waiting => {
                    holders.push(holder(Whose::Items(self.awaited(matter)), None, self.received_at));
                }
                MatterState::Correcting => {
                    let since = matter
                        .correction
                        .as_ref()
                        .map_or(matter.received_at, |correction| correction.asked_at);
                    holders.push(holder(Whose::Applicant, None, since));
                }
                state if state.is_over() => {}
                _ => holders.extend(matter.open_steps().map(|(step, run)| {
                    let since =
                        if let StepState::Open { since } = run.state { since } else { matter.received_at };
                    let who = match step
                        .confirms
                        .as_ref()
                        .filter(|_| matter.hold(step) == Some(Hold::ResultAwaited))
                    {
                        Some(confirmed) => Whose::Items(vec![confirmed.item.clone()]),
                        None if matter.hold(step) == Some(Hold::PresenceAwaited) => Whose::Applicant,
                        None => whose(matter, step, run),
                    };
                    holder(who, Some(step.id.clone()), since)
                })),
            }
        }
        holders
    }

    fn awaited(&self, matter: &Matter) -> Vec<ItemId> {
        let pending =
            |item: &&ItemId| self.matter(item).is_some_and(|before| before.state != MatterState::Completed);
        matter.plan.after.iter().filter(pending).cloned().collect()
    }

    /// Steps that the applicant has to be there for and has not been yet, each with its matter.
    pub fn steps_to_come_to(&self) -> impl Iterator<Item = (&Matter, &PlannedStep)> {
        let open = self.matters.iter().filter(|matter| !matter.state.is_over());
        // They came to be accepted, so that is no journey any more.
        let came = |matter: &Matter, step: &PlannedStep| {
            step.kind == catalogue::StepKind::Accept && matter.came_at.is_some()
        };
        let runs = open.flat_map(|matter| matter.runs().map(move |(step, run)| (matter, step, run)));
        // Where the visit of a joint inspection was made, only its conclusion is to come.
        let to_come = |run: &StepRun, step: &PlannedStep| {
            step.visit && !run.state.is_done() && !(step.joint.is_some() && run.visited.is_some())
        };
        runs.filter(move |(matter, step, run)| to_come(run, step) && !came(matter, step))
            .map(|(matter, step, _)| (matter, step))
    }

    /// Journeys made so far, and still to come by the plans, counted as the form counts them: a joint inspection is one
    /// journey, all intakes at the counter together are one, and all results that are collected there are one.
    pub fn visits(&self) -> Visits {
        use catalogue::StepKind::{Accept, Deliver};
        let mut together = Vec::new();
        let mut to_come = 0_u16;
        for (_, step) in self.steps_to_come_to() {
            let journey = match (step.joint, step.kind) {
                (Some(joint), _) => Some((Some(joint), None)),
                (None, Accept | Deliver) => Some((None, Some(step.kind))),
                (None, _) => None,
            };
            match journey {
                Some(journey) if together.contains(&journey) => continue,
                Some(journey) => together.push(journey),
                None => {}
            }
            to_come = to_come.saturating_add(1);
        }
        Visits { made: self.visits_made, to_come }
    }
}

impl Matter {
    /// What waits for the head without being a step: an extension to approve, an overrun to explain.
    fn asks<'a>(&'a self, clocks: &'a [ClockView]) -> impl Iterator<Item = Task> + 'a {
        let pressing = self.pressing(clocks);
        let task = move |need, role: &catalogue::RoleId, since, clock: Option<&ClockView>| {
            let answers_for = self.plan.steps.iter().rev().find(|step| step.by.role() == Some(role));
            let answers_for = answers_for.or_else(|| self.plan.steps.last())?;
            Some(Task {
                item: self.item.clone(),
                need,
                step: answers_for.id.clone(),
                kind: answers_for.kind,
                by: Doer::Role { role: role.clone(), department: self.department.clone() },
                department: self.department.clone(),
                since,
                claimed_by: None,
                step_due_at: None,
                matter_due_at: clock.and_then(ClockView::runs_out_at),
                colour: clock.map_or(Colour::Green, |clock| clock.colour),
                joint: None,
                to_confirm: false,
                held_by: None,
                runs_until: None,
            })
        };
        let asked = self
            .extension
            .as_ref()
            .filter(|run| run.state == ExtensionState::Requested && self.state == MatterState::Accepted);
        let approver = self.plan.limits.extension.as_ref().map(|extension| &extension.approver);
        let extension = asked.zip(approver).and_then({
            let since = self.accepted_at.unwrap_or(self.received_at);
            move |(_, role)| task(Need::Extension, role, since, pressing)
        });
        let unexplained = self.has_overrun() && !self.overdue_explained;
        // What is to be explained is the limit that was overrun, wherever the matter stands by now.
        let explanation = self.explains().filter(|_| unexplained).and_then({
            let since = self.closed_at.unwrap_or(self.received_at);
            let overrun = clocks.iter().find(|clock| {
                clock.item == self.item
                    && self.overdue.contains(&clock.kind)
                    && clock.kind.is_the_administrations()
            });
            move |role| {
                let task = task(Need::Explanation, role, since, overrun)?;
                Some(Task { colour: overrun.map_or(Colour::Green, |_| Colour::Overdue), ..task })
            }
        });
        extension.into_iter().chain(explanation)
    }

    /// Who answers for an overrun: whoever decides the matter, else whoever has its last step.
    fn explains(&self) -> Option<&catalogue::RoleId> {
        let with_role = || self.plan.steps.iter().rev().filter(|step| step.by.role().is_some());
        let own = |step: &&PlannedStep| matches!(&step.by, Doer::Role { department, .. } if *department == self.department);
        let decider = with_role().find(|step| step.kind == catalogue::StepKind::Decide);
        let answers_for = decider.or_else(|| with_role().find(own)).or_else(|| with_role().next());
        answers_for.and_then(|step| step.by.role())
    }

    /// Before acceptance the window's clock presses, then the promise, then delivery.
    fn pressing<'a>(&self, clocks: &'a [ClockView]) -> Option<&'a ClockView> {
        let of_kind = |kind| clocks.iter().find(|clock| clock.item == self.item && clock.kind == kind);
        match self.state {
            MatterState::Received => of_kind(ClockKind::Intake),
            MatterState::Correcting => of_kind(ClockKind::Correction),
            MatterState::Accepted => of_kind(ClockKind::Promised),
            MatterState::Granted => of_kind(ClockKind::Delivery).or_else(|| of_kind(ClockKind::Promised)),
            _ => None,
        }
    }

    fn hold(&self, step: &PlannedStep) -> Option<Hold> {
        if self.state == MatterState::Correcting {
            Some(Hold::CorrectionOpen)
        } else if step.kind == catalogue::StepKind::Issue && self.has_open_gap() {
            Some(Hold::GapOpen)
        } else if self.awaits_presence && step.kind == catalogue::StepKind::Accept {
            Some(Hold::PresenceAwaited)
        } else if self.awaits_result(&step.id) {
            Some(Hold::ResultAwaited)
        } else {
            None
        }
    }

    /// Whether the step cannot pass before another item has issued its result.
    pub fn awaits_result(&self, step: &catalogue::StepId) -> bool {
        self.awaited_results.iter().any(|stretch| stretch.to.is_none() && stretch.step == *step)
    }

    /// When the result came that the step had waited for.
    fn result_came(&self, step: &PlannedStep) -> Option<Timestamp> {
        let waits = self.awaited_results.iter().rev().find(|stretch| stretch.step == step.id);
        waits.and_then(|stretch| stretch.to)
    }
}

fn department(matter: &Matter, step: &PlannedStep) -> catalogue::DepartmentId {
    match &step.by {
        Doer::Role { department, .. } => department.clone(),
        Doer::Applicant | Doer::System => matter.department.clone(),
    }
}

fn whose(matter: &Matter, step: &PlannedStep, run: &StepRun) -> Whose {
    match &step.by {
        Doer::Applicant => Whose::Applicant,
        Doer::System if step.kind == catalogue::StepKind::Issue => Whose::System,
        // The engine left it to people: it does not decide in doubt.
        Doer::System | Doer::Role { .. } => {
            Whose::Department { department: department(matter, step), officer: run.claimed_by.clone() }
        }
    }
}
