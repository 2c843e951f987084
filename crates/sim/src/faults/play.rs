//! What people do meanwhile, chosen by chance.

use std::collections::BTreeMap;

use casework::{Delivery, Doer, Task};
use catalogue::{Channel, Edition, FieldId, StepKind, ThingId};
use checker::Compiled;
use form::Raw;
use jiff::{SignedDuration, Timestamp};
use office::{AccessKey, Act, Attachment, By, CameFrom, CaseId, OfficeError, StartDraft, Viewer};
use uuid::Uuid;

use super::stage::Stage;
use super::tally::{Deed, Tally};
use crate::cast::Cast;
use crate::history::{former_edition, paper};

/// A Monday morning in March 2026, so that a seed means the same to everybody.
const BEGIN: Timestamp = Timestamp::constant(1_772_415_000, 0);

/// What was played, and what came out wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultReport {
    pub cases: u32,
    pub acts: u32,
    /// Commands that were given again, some of them long after.
    pub repeated: u32,
    /// Attempts by people who had no right; none may succeed.
    pub intrusions: u32,
    pub faults: u32,
    pub crashes: u32,
    pub published: u32,
    /// Empty when the journal says what was acknowledged.
    pub wrong: Vec<String>,
}

/// Who acts on a case.
#[derive(Clone, Debug)]
enum Who {
    Guest(AccessKey),
    Officer(Viewer),
}

impl Who {
    fn by(&self) -> By<'_> {
        match self {
            Self::Guest(key) => By::Guest(key),
            Self::Officer(viewer) => By::Viewer(viewer),
        }
    }
}

/// A command that was acknowledged, to be given again.
#[derive(Clone, Debug)]
struct Given {
    case: CaseId,
    act: Act,
    who: Who,
    command: Uuid,
}

struct Play {
    stage: Stage,
    cast: Cast,
    editions: [Edition; 2],
    things: Vec<ThingId>,
    hands: Vec<(CaseId, AccessKey)>,
    given: Vec<Given>,
    tally: Tally,
    report: FaultReport,
}

/// Plays `steps` steps of a zone on a store that breaks.
///
/// # Errors
/// What the office may not answer at all, with the step at which it did.
pub async fn play(edition: &Edition, steps: u32, seed: u64) -> Result<FaultReport, String> {
    let former = former_edition(edition).unwrap_or_else(|| edition.clone());
    let zone = edition.zone();
    let asked = |id: &&ThingId| zone.feedback.as_ref() != Some(id) && zone.callback.as_ref() != Some(id);
    let mut play = Play {
        stage: Stage::set(former.clone(), BEGIN, seed).await?,
        cast: Cast::unseated(edition, seed),
        editions: [former, edition.clone()],
        things: edition.parts().things.keys().filter(asked).cloned().collect(),
        hands: Vec::new(),
        given: Vec::new(),
        tally: Tally::default(),
        report: FaultReport::default(),
    };
    for step in 0..steps {
        play.step().await.map_err(|error| format!("at step {step}: {error:?}"))?;
    }
    let office = play.stage.mend().await.map_err(|error| format!("after the faults: {error:?}"))?;
    let ticked = office.tick().await.map_err(|error| format!("after the faults: {error:?}"))?;
    if ticked.failed > 0 {
        play.report.wrong.push(format!("the timers of {} cases cannot fire", ticked.failed));
    }
    let compared = play.tally.compare(&office).await;
    play.report.wrong.extend(compared.map_err(|error| format!("comparing: {error:?}"))?);
    (play.report.faults, play.report.crashes) = (play.stage.faults, play.stage.crashes);
    Ok(play.report)
}

impl Play {
    async fn step(&mut self) -> Result<(), OfficeError> {
        match self.stage.dice.below(100) {
            _ if self.hands.is_empty() => self.apply().await,
            0..8 => self.apply().await,
            8..58 => self.work().await,
            58..66 => self.speak().await,
            66..74 => self.repeat().await,
            74..82 => self.intrude().await,
            82..86 => {
                let place = self.stage.dice.below(2);
                self.stage.crash(Some(place)).await
            }
            86..92 => {
                // Mostly on, by up to three days; now and then back, as a clock is set right.
                let minutes = i64::try_from(self.stage.dice.below(3 * 24 * 60)).unwrap_or(0);
                let back = self.stage.dice.chance(0.3);
                let jump = if back { -(minutes % 90) } else { minutes };
                self.stage.jump(SignedDuration::from_mins(jump));
                Ok(())
            }
            92..98 => {
                // Cases whose timers met a fault are tried again in the next round.
                self.stage.again(async |office| office.tick().await).await?;
                self.stage.follow().await
            }
            _ => self.publish().await,
        }
    }

    async fn apply(&mut self) -> Result<(), OfficeError> {
        let key = self.stage.office().new_access_key();
        let by = || By::Guest(&key);
        let Some(thing) = self.stage.dice.pick(&self.things).cloned() else { return Ok(()) };
        let start = || StartDraft {
            thing: thing.clone(),
            party: None,
            channel: Channel::Online,
            came_from: CameFrom::default(),
        };
        let mut open = self.stage.again(async |office| office.start_draft(start(), by()).await).await?;
        let draft = open.id;
        let filled = form::example_answers(
            &open.edition,
            open.thing()?,
            open.draft.party,
            &open.draft.known,
            &open.draft.answers,
            open.today,
        );
        let answers: BTreeMap<FieldId, Raw> = filled
            .iter()
            .filter_map(|(field, _)| Some((field.clone(), Raw::of(filled.value(field.as_str())?))))
            .collect();
        open = self.stage.again(async |office| office.save_answers(draft, &answers, by()).await).await?;
        let file = self.stage.again(async |office| paper::upload(&office, 1, by()).await).await?;
        for material in open.papers_missing()? {
            let file = Attachment { material: Some(material), ..file.clone() };
            open = self.stage.again(async |office| office.attach(draft, file.clone(), by()).await).await?;
        }
        if !open.is_ready()? {
            return Ok(());
        }
        let command = self.stage.office().new_id();
        // Some press the button twice although it worked, and some from another page.
        for round in 0..=self.stage.dice.below(3) {
            let command = if round == 2 { self.stage.office().new_id() } else { command };
            let sent = async |office: office::Office| office.submit(draft, by(), Some(command)).await;
            let submitted = self.stage.again(sent).await?;
            let became = (submitted.id, submitted.number);
            match self.tally.handed_in.get(&draft) {
                None => {
                    self.hands.push((became.0, key.clone()));
                    self.tally.handed_in.insert(draft, became);
                    self.report.cases += 1;
                }
                Some(before) if *before == became => self.report.repeated += 1,
                Some(before) => self.wrong(format!("a draft became {before:?} and then {became:?}")),
            }
        }
        Ok(())
    }

    /// Somebody does what waits for somebody.
    async fn work(&mut self) -> Result<(), OfficeError> {
        let Some((case, key, task, edition)) = self.task().await? else { return Ok(()) };
        let Some((act, who)) = self.rightful(&task, &key, &edition) else { return Ok(()) };
        self.give(case, act, who).await
    }

    /// The applicant writes, rates or gives up.
    async fn speak(&mut self) -> Result<(), OfficeError> {
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

    /// A command that was acknowledged arrives once more, however much has happened since.
    async fn repeat(&mut self) -> Result<(), OfficeError> {
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

    /// Somebody without the right tries the same thing as somebody with it would do.
    async fn intrude(&mut self) -> Result<(), OfficeError> {
        let Some((case, _, task, edition)) = self.task().await? else { return Ok(()) };
        let act = self.deed_of(&task, &edition, Vec::new());
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
            // The window records what the applicant does there.
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

    async fn publish(&mut self) -> Result<(), OfficeError> {
        let Some(administrator) = self.cast.administrator.clone() else { return Ok(()) };
        let Some(edition) = self.stage.dice.pick(&self.editions).cloned() else { return Ok(()) };
        let hash = edition.hash();
        let compiled = || Compiled {
            edition: Some(edition.clone()),
            stories: Vec::new(),
            diagnostics: Vec::new(),
            sources: Default::default(),
            red_tape: Default::default(),
        };
        self.stage.again(async |office| office.publish(compiled(), &administrator).await).await?;
        self.report.published += 1;
        self.stage.follow().await?;
        if self.stage.office().edition().hash() != hash {
            self.wrong(format!("{hash} was published and is not current"));
        }
        Ok(())
    }

    /// Something that waits, in some case.
    async fn task(&mut self) -> Result<Option<(CaseId, AccessKey, Task, Edition)>, OfficeError> {
        let Some((case, key)) = self.stage.dice.pick(&self.hands).cloned() else { return Ok(None) };
        let loaded = self.stage.again(async |office| office.load_case(case).await).await?;
        let edition = &loaded.edition;
        let now = self.stage.office().now();
        let tasks = loaded.case.worklist(edition.calendar(), edition.offset(), now);
        let free: Vec<Task> = tasks.into_iter().filter(|task| task.held_by.is_none()).collect();
        Ok(self.stage.dice.pick(&free).map(|task| (case, key, task.clone(), Edition::clone(edition))))
    }

    /// What is to be done about a task, and somebody who may.
    fn rightful(&mut self, task: &Task, key: &AccessKey, edition: &Edition) -> Option<(Act, Who)> {
        let Doer::Role { role, .. } = &task.by else {
            let act = self.deed_of(task, edition, Vec::new());
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
        let needed = edition
            .item(&task.item)
            .and_then(|item| item.steps.get(&task.step))
            .map_or(1, |step| step.officers);
        let others = self.cast.others(edition, role, &officer, usize::from(needed.max(1)) - 1);
        Some((self.deed_of(task, edition, others), Who::Officer(officer)))
    }

    fn deed_of(&self, task: &Task, edition: &Edition, officers: Vec<String>) -> Act {
        let (item, step) = (task.item.clone(), task.step.clone());
        let result = edition.item(&item).and_then(|each| each.steps.get(&step)?.result.clone());
        match (task.kind, result) {
            (StepKind::Accept, _) => Act::Accept { item: Some(item) },
            (StepKind::Decide, _) => Act::Grant { item, opinion: String::new(), officers },
            (StepKind::Issue, Some(result)) => Act::Issue { item, result },
            (StepKind::Deliver, _) => Act::Deliver { item, how: Delivery::Window },
            _ => Act::CompleteStep {
                item,
                step,
                yes: true,
                opinion: "按记录办理。".into(),
                officers,
                joint: false,
            },
        }
    }

    /// Gives a command until it is answered, and tallies the answer.
    async fn give(&mut self, case: CaseId, act: Act, who: Who) -> Result<(), OfficeError> {
        let command = self.stage.office().new_id();
        let sent =
            async |office: office::Office| office.act(case, act.clone(), who.by(), Some(command)).await;
        match self.stage.again(sent).await {
            Ok(_) => {
                let step = self.step_of(case, &act).await?;
                self.tally.acknowledge(deed(case, &act, step, who.by().actor_id()));
                self.report.acts += 1;
                self.given.push(Given { case, act, who, command });
                Ok(())
            }
            Err(error @ OfficeError::Fault(_)) => Err(error),
            // What the engine refuses did not happen; the tally holds it to that.
            Err(_) => Ok(()),
        }
    }

    /// The step that an act without one belongs to: the only one of its kind that the matter's plan has.
    async fn step_of(&mut self, case: CaseId, act: &Act) -> Result<String, OfficeError> {
        let (item, kind) = match act {
            Act::Grant { item, .. } => (item, StepKind::Decide),
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

    fn wrong(&mut self, what: String) {
        self.report.wrong.push(what);
    }
}

fn deed(case: CaseId, act: &Act, of_plan: String, actor: String) -> Deed {
    let (kind, item, step) = match act {
        Act::Accept { item } => ("accepted", item.as_ref(), None),
        Act::Grant { item, .. } => ("granted", Some(item), None),
        Act::Issue { item, .. } => ("result-issued", Some(item), None),
        Act::Deliver { item, .. } => ("delivered", Some(item), None),
        Act::Claim { item, step, .. } => ("task-claimed", Some(item), Some(step)),
        Act::CompleteStep { item, step, .. } => ("step-done", Some(item), Some(step)),
        Act::Withdraw { item, .. } => ("withdrawn", item.as_ref(), None),
        Act::Rate { .. } => ("rated", None, None),
        _ => ("message-sent", None, None),
    };
    let item = item.map(ToString::to_string).unwrap_or_default();
    let step = step.map_or(of_plan, ToString::to_string);
    Deed { case, kind, item, step, actor }
}
