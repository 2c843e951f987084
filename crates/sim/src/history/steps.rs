//! Work in the departments: steps, pauses, decisions, results.

use calendar::{Limit, LimitUnit};
use casework::{Case, Delivery, Doer, Matter, MatterState, PauseKind, PlannedStep, StepRun};
use catalogue::{Channel, Counting, ItemId, StepId, StepKind};
use office::{Act, By, LoadedCase, OfficeError, Viewer};

use super::apply::InHand;
use super::fate::Course;
use super::phrases;
use super::play::World;
use crate::dice::Dice;

impl World<'_> {
    pub async fn step(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        item: &ItemId,
        step: &StepId,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let matter = loaded.case.matter(item).filter(|matter| !matter.state.is_over());
        let open = matter.and_then(|matter| {
            matter
                .open_steps()
                .find(|(planned, _)| planned.id == *step)
                .map(|(step, run)| (matter, step, run))
        });
        let Some((matter, planned, run)) = open else { return Ok(None) };
        if matter.state == MatterState::Correcting {
            return Ok(None);
        }
        if planned.by == Doer::Applicant {
            let first = run.rounds == 0;
            let yes = !(matter.feedback && first && !hand.fate.mends && dice.chance(0.25));
            let opinion = if yes { "" } else { phrases::NOT_YET };
            let act = complete(item, planned, yes, opinion.into(), Vec::new(), false);
            return self.do_act(hand, act, self.by(&hand.who)).await.map(Some);
        }
        let Some(officer) = self.officer(loaded, matter, planned, run, dice) else { return Ok(None) };
        let by = By::Viewer(officer);
        if let Some(kind) = pause_of(planned)
            && matter.state == MatterState::Accepted
            && !matter.pauses.iter().any(|pause| pause.kind == kind)
        {
            let days = u32::try_from(2 + dice.below(5)).unwrap_or(2);
            let needed = Some(Limit { amount: days, unit: LimitUnit::WorkingDays });
            let act = Act::Pause { item: item.clone(), kind, needed, notice: phrases::PAUSES.into() };
            return self.do_act(hand, act, by).await.map(Some);
        }
        if run.claimed_by.is_none() && dice.chance(0.15) {
            let act = Act::Claim { item: item.clone(), step: step.clone(), officer: None };
            return self.do_act(hand, act, by).await.map(Some);
        }
        let Some(act) = self.finish(hand, loaded, matter, planned, officer, dice).await? else {
            return Ok(None);
        };
        let case = self.do_act(hand, act, by).await?;
        self.resume(hand, case, item, planned, by).await.map(Some)
    }

    /// The act that ends the step.
    async fn finish(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        matter: &Matter,
        planned: &PlannedStep,
        officer: &Viewer,
        dice: &mut Dice,
    ) -> Result<Option<Act>, OfficeError> {
        let item = &matter.item;
        let others = self.others(loaded, planned, officer);
        let refuses = hand.fate.course == Course::Refused && !matter.feedback;
        let opinion = || phrases::OPINIONS;
        let (calendar, offset) = (loaded.edition.calendar(), loaded.edition.offset());
        let now = self.office.now();
        if matter.runs_until(&planned.id, calendar, offset, now).is_some_and(|until| now < until) {
            return Ok(None);
        }
        if let Some(confirmed) = planned.confirms.as_ref().filter(|confirmed| loaded.case.awaits(confirmed)) {
            // What will not come any more is a no; anything else is worth waiting for.
            let over = loaded.case.matter(&confirmed.item).is_some_and(|matter| matter.state.is_over());
            let words = dice.pick(phrases::NEGATIVE).copied().unwrap_or_default().to_owned();
            return Ok(over.then(|| match planned.kind {
                StepKind::Decide => Act::Refuse { item: item.clone(), reason: words, officers: others },
                _ => complete(item, planned, false, words, others, false),
            }));
        }
        Ok(Some(match planned.kind {
            StepKind::Accept if matter.awaits_presence => {
                Act::Present { item: item.clone(), proof: office::Shown::IdentitySeen }
            }
            StepKind::Accept => Act::Accept { item: Some(item.clone()) },
            StepKind::Decide if refuses => {
                let declared =
                    loaded.edition.item(item).map(|item| item.reasons.as_slice()).unwrap_or_default();
                let reason = dice.pick(declared).map(|reason| reason.zh.clone());
                let reason = reason.unwrap_or_else(|| phrases::REASONS[0].into());
                Act::Refuse { item: item.clone(), reason, officers: others }
            }
            StepKind::Decide => {
                let opinion = dice.pick(opinion()).copied().unwrap_or_default().into();
                Act::Grant { item: item.clone(), opinion, officers: others }
            }
            StepKind::Issue => match planned.result.clone() {
                Some(result) => Act::Issue { item: item.clone(), result, originals_seen: true },
                None => return Ok(None),
            },
            StepKind::Deliver => {
                let how = match (loaded.case.channel, dice.below(10)) {
                    (Channel::Window, 0..6) | (_, 0..2) => Delivery::Window,
                    (_, 2..4) => Delivery::Post,
                    _ => Delivery::Online,
                };
                Act::Deliver { item: item.clone(), how }
            }
            StepKind::Act => {
                let text = self.mend(hand).await?;
                let text =
                    text.unwrap_or_else(|| dice.pick(phrases::MENDED).copied().unwrap_or_default().into());
                complete(item, planned, true, text, others, false)
            }
            kind => {
                let sent_back = planned.returns_to.is_some() && dice.chance(0.15);
                let fails = refuses && kind == StepKind::Inspect && planned.joint.is_none();
                let words = match (sent_back || fails, matter.feedback) {
                    (true, _) => phrases::NEGATIVE,
                    (false, true) => phrases::CAUSES,
                    (false, false) => opinion(),
                };
                let text = dice.pick(words).copied().unwrap_or_default().into();
                let joint = planned.joint.is_some();
                if joint && self.waits_for_others(&loaded.case, planned) && dice.chance(0.8) {
                    return Ok(None);
                }
                complete(item, planned, !(sent_back || fails), text, others, joint)
            }
        }))
    }

    /// Whether other inspections of a joint visit are still to be opened.
    fn waits_for_others(&self, case: &Case, planned: &PlannedStep) -> bool {
        case.matters.iter().filter(|matter| !matter.state.is_over()).any(|matter| {
            matter.runs().any(|(step, run)| {
                step.joint == planned.joint && !run.state.is_open() && !run.state.is_done()
            })
        })
    }

    /// Publishes the edition that this report led to, once.
    async fn mend(&self, hand: &InHand) -> Result<Option<String>, OfficeError> {
        if !hand.fate.mends {
            return Ok(None);
        }
        let compiled = self.mended.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let (Some(compiled), Some(administrator)) = (compiled, &self.cast.administrator) else {
            return Ok(None);
        };
        let published = self.office.publish(compiled, None, administrator).await?;
        let short = published.hash.short();
        Ok(Some(format!("已经改了办事规定，新版 {short} 已发布：这份材料可以后补。")))
    }

    /// Ends the pause of a proceeding that is over.
    async fn resume(
        &self,
        hand: &InHand,
        case: Case,
        item: &ItemId,
        planned: &PlannedStep,
        by: By<'_>,
    ) -> Result<Case, OfficeError> {
        let Some(kind) = pause_of(planned) else { return Ok(case) };
        let stands = case.matter(item).is_some_and(|matter| {
            matter.state == MatterState::Accepted
                && matter.pauses.iter().any(|pause| pause.kind == kind && pause.to.is_none())
        });
        if stands { self.do_act(hand, Act::Resume { item: item.clone(), kind }, by).await } else { Ok(case) }
    }

    /// The officer who claimed the step, or a random one entitled to it.
    pub fn officer<'a>(
        &'a self,
        loaded: &LoadedCase,
        matter: &Matter,
        planned: &PlannedStep,
        run: &StepRun,
        dice: &mut Dice,
    ) -> Option<&'a Viewer> {
        if let Some(claimed) = &run.claimed_by {
            return self.cast.officers.iter().find(|officer| officer.id.to_string() == claimed.as_str());
        }
        let able = match &planned.by {
            Doer::Role { role, .. } => self.cast.holders(role),
            Doer::Applicant | Doer::System => self.cast.department(&loaded.edition, &matter.department),
        };
        dice.pick(&able).copied()
    }

    /// Colleagues to be named in the record beside the officer.
    fn others(&self, loaded: &LoadedCase, planned: &PlannedStep, officer: &Viewer) -> Vec<String> {
        let Some(role) = planned.by.role() else { return Vec::new() };
        self.cast.others(&loaded.edition, role, officer, usize::from(planned.officers).saturating_sub(1))
    }
}

fn complete(
    item: &ItemId,
    planned: &PlannedStep,
    yes: bool,
    opinion: String,
    officers: Vec<String>,
    joint: bool,
) -> Act {
    Act::CompleteStep {
        item: item.clone(),
        step: planned.id.clone(),
        yes,
        opinion,
        checked: office::Checklist::default(),
        officers,
        joint,
    }
}

fn pause_of(planned: &PlannedStep) -> Option<PauseKind> {
    match &planned.counting {
        Counting::Counted => None,
        Counting::Statutory { pause } => Some(PauseKind::Statutory(*pause)),
        Counting::Local { pause } => Some(PauseKind::Local(pause.clone())),
    }
}
