//! What people do with a case: mostly the pending tasks, sometimes other acts that the law allows.

use casework::{Delivery, Doer, Task};
use catalogue::{Edition, StepKind};
use jiff::SignedDuration;
use office::{AccessKey, Act, CaseId, OfficeError, Viewer};

use super::play::{Given, Play, Who};
use super::tally::Deed;

/// Whether the step belongs to a joint inspection, whose time is set for several items at once.
fn is_joint(task: &Task, edition: &Edition) -> bool {
    let things = edition.parts().things.values();
    things
        .flat_map(|thing| &thing.joint_inspections)
        .any(|joint| joint.steps.iter().any(|(item, step)| *item == task.item && *step == task.step))
}

impl Play {
    /// A rightful person does a pending task.
    pub(super) async fn work(&mut self) -> Result<(), OfficeError> {
        let Some((case, key, task, edition)) = self.task().await? else { return Ok(()) };
        let Some((act, who)) = self.rightful(&task, &key, &edition) else { return Ok(()) };
        self.give(case, act, who).await
    }

    /// The applicant writes a message, rates, or withdraws.
    pub(super) async fn speak(&mut self) -> Result<(), OfficeError> {
        let Some((case, key)) = self.stage.dice.pick(&self.hands).cloned() else { return Ok(()) };
        let act = match self.stage.dice.below(10) {
            0 => Act::Rate { level: 4, comment: String::new(), named: false },
            1 => {
                let loaded = self.stage.again(async |office| office.load_case(case).await).await?;
                let Some(matter) = self.stage.dice.pick(&loaded.case.matters) else { return Ok(()) };
                Act::Withdraw { item: Some(matter.item.clone()), reason: String::new() }
            }
            _ => Act::Message { item: None, text: "请问办到哪一步了？".into() },
        };
        self.give(case, act, Who::Guest(key)).await
    }

    /// Sends an acknowledged command again, however much has happened since: it must be idempotent.
    pub(super) async fn repeat(&mut self) -> Result<(), OfficeError> {
        let Some(Given { case, act, who, command }) = self.stage.dice.pick(&self.given).cloned() else {
            return Ok(());
        };
        let sent =
            async |office: office::Office| office.act(case, act.clone(), who.by(), Some(command)).await;
        match self.stage.again(sent).await {
            Ok(_) => self.report.repeated += 1,
            Err(error @ OfficeError::Fault(_)) => return Err(error),
            Err(error) => {
                self.wrong(format!("what was done is refused when it comes twice: {act:?}: {error:?}"))
            }
        }
        Ok(())
    }

    /// A person without the right tries the act of a pending task.
    pub(super) async fn intrude(&mut self) -> Result<(), OfficeError> {
        let Some((case, _, task, edition)) = self.task().await? else { return Ok(()) };
        let refuses = self.stage.dice.chance(0.3);
        let act = self.deed_of(&task, &edition, Vec::new(), refuses);
        let other = self.stage.dice.pick(&self.hands).filter(|(other, _)| *other != case).cloned();
        let outside = |officer: &&Viewer| match &task.by {
            Doer::Role { role, .. } => {
                let abroad = edition.department_of(role).is_some_and(|department| {
                    officer
                        .roles
                        .iter()
                        .all(|held| edition.role(held).is_some_and(|held| held.department != department.id))
                });
                abroad && !officer.holds(role) && !officer.works_at_window(&edition)
            }
            // At the window, officers record the applicant's acts.
            Doer::Applicant => !officer.works_at_window(&edition),
            Doer::System => false,
        };
        let outsiders: Vec<Viewer> = self.cast.officers.iter().filter(outside).cloned().collect();
        let who = match (self.stage.dice.below(3), other) {
            (0, Some((_, key))) => Who::Guest(key),
            (1, _) => Who::Guest(self.stage.office().new_access_key()),
            _ => match self.stage.dice.pick(&outsiders) {
                Some(officer) => Who::Officer(officer.clone()),
                None => return Ok(()),
            },
        };
        let command = self.stage.office().new_id();
        let sent =
            async |office: office::Office| office.act(case, act.clone(), who.by(), Some(command)).await;
        self.report.intrusions += 1;
        match self.stage.again(sent).await {
            Ok(_) => self.wrong(format!("{who:?} had no right to {act:?}")),
            Err(error @ OfficeError::Fault(_)) => return Err(error),
            Err(_) => {}
        }
        Ok(())
    }

    /// A pending task of a random case.
    async fn task(&mut self) -> Result<Option<(CaseId, AccessKey, Task, Edition)>, OfficeError> {
        let Some((case, key)) = self.stage.dice.pick(&self.hands).cloned() else { return Ok(None) };
        let loaded = self.stage.again(async |office| office.load_case(case).await).await?;
        let edition = &loaded.edition;
        let now = self.stage.office().now();
        let mut tasks = loaded.case.worklist(edition.calendar(), edition.offset(), now);
        tasks.retain(|task| task.need == casework::Need::Step);
        let free = |task: &Task| matches!(task.held_by, None | Some(casework::Hold::PresenceAwaited));
        let free: Vec<Task> = tasks.into_iter().filter(free).collect();
        Ok(self.stage.dice.pick(&free).map(|task| (case, key, task.clone(), Edition::clone(edition))))
    }

    /// An act on a task, and a person entitled to it.
    fn rightful(&mut self, task: &Task, key: &AccessKey, edition: &Edition) -> Option<(Act, Who)> {
        let Doer::Role { role, .. } = &task.by else {
            let act = self.deed_of(task, edition, Vec::new(), false);
            return (task.by == Doer::Applicant).then(|| (act, Who::Guest(key.clone())));
        };
        let holders = self.cast.holders(role);
        let claimed = task.claimed_by.as_ref();
        let mine =
            claimed.and_then(|by| holders.iter().find(|officer| officer.id.to_string() == by.as_str()));
        let officer = match mine {
            Some(officer) => Viewer::clone(officer),
            None => Viewer::clone(self.stage.dice.pick(&holders)?),
        };
        if claimed.is_none() && self.stage.dice.chance(0.15) {
            let act = Act::Claim { item: task.item.clone(), step: task.step.clone(), officer: None };
            return Some((act, Who::Officer(officer)));
        }
        if task.kind == StepKind::Inspect && !is_joint(task, edition) && self.stage.dice.chance(0.3) {
            let at = self.stage.office().now() + SignedDuration::from_hours(24);
            let (item, step) = (task.item.clone(), task.step.clone());
            let why = "申请人约的时间".to_owned();
            let act = Act::SetVisit { item, step, at, remote: false, why };
            return Some((act, Who::Officer(officer)));
        }
        let needed = edition
            .item(&task.item)
            .and_then(|item| item.steps.get(&task.step))
            .map_or(1, |step| step.officers);
        let others = self.cast.others(edition, role, &officer, usize::from(needed.max(1)) - 1);
        let refuses = self.stage.dice.chance(0.2);
        Some((self.deed_of(task, edition, others, refuses), Who::Officer(officer)))
    }

    fn deed_of(&self, task: &Task, edition: &Edition, officers: Vec<String>, refuses: bool) -> Act {
        let (item, step) = (task.item.clone(), task.step.clone());
        let result = edition.item(&item).and_then(|each| each.steps.get(&step)?.result.clone());
        match (task.kind, result) {
            (StepKind::Accept, _) if task.held_by == Some(casework::Hold::PresenceAwaited) => {
                Act::Present { item, proof: office::Shown::IdentitySeen }
            }
            (StepKind::Accept, _) => Act::Accept { item: Some(item) },
            (StepKind::Decide, _) if refuses => {
                Act::Refuse { item, reason: "不符合规定的条件。".into(), officers }
            }
            (StepKind::Decide, _) => {
                Act::Grant { item, opinion: "符合规定的条件。".into(), officers }
            }
            (StepKind::Issue, Some(result)) => Act::Issue { item, result, originals_seen: true },
            (StepKind::Deliver, _) => Act::Deliver { item, how: Delivery::Window },
            _ => Act::CompleteStep {
                item,
                step,
                yes: true,
                opinion: "按记录办理。".into(),
                officers,
                checked: office::Checklist::default(),
                joint: false,
            },
        }
    }

    /// Sends a command until it is answered, and tallies the answer.
    pub(super) async fn give(&mut self, case: CaseId, act: Act, who: Who) -> Result<(), OfficeError> {
        let command = self.stage.office().new_id();
        let sent =
            async |office: office::Office| office.act(case, act.clone(), who.by(), Some(command)).await;
        match self.stage.again(sent).await {
            Ok(_) => {
                let step = self.step_of(case, &act).await?;
                self.tally.acknowledge(Deed::of(case, &act, step, who.by().actor_id()));
                self.report.acts += 1;
                self.given.push(Given { case, act, who, command });
                Ok(())
            }
            Err(error @ OfficeError::Fault(_)) => Err(error),
            // A refused command did not happen; the comparison with the tally checks that.
            Err(_) => Ok(()),
        }
    }

    /// The step of an act that names none: the only step of its kind in the matter's plan.
    async fn step_of(&mut self, case: CaseId, act: &Act) -> Result<String, OfficeError> {
        let (item, kind) = match act {
            Act::Grant { item, .. } | Act::Refuse { item, .. } => (item, StepKind::Decide),
            Act::Issue { item, .. } => (item, StepKind::Issue),
            Act::Deliver { item, .. } => (item, StepKind::Deliver),
            _ => return Ok(String::new()),
        };
        let loaded = self.stage.again(async |office| office.load_case(case).await).await?;
        let steps = loaded.case.matter(item).map(|matter| matter.plan.steps.as_slice()).unwrap_or_default();
        let of_result = |step: &&casework::PlannedStep| match act {
            Act::Issue { result, .. } => step.result.as_ref() == Some(result),
            _ => true,
        };
        let found = steps.iter().filter(|step| step.kind == kind).find(of_result);
        Ok(found.map(|step| step.id.to_string()).unwrap_or_default())
    }
}
