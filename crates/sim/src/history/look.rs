//! A person opens a case and does what is theirs to do.

use std::sync::Arc;

use casework::{Case, ClockKind, ExtensionState, MatterState};
use catalogue::ItemId;
use office::{Act, By, LoadedCase, OfficeError, Viewer};

use super::agenda::Spot;
use super::apply::InHand;
use super::phrases;
use super::play::World;
use crate::dice::Dice;

/// Weights of the ratings from 非常不满意 to 非常满意.
const LEVELS: [u32; 5] = [3, 4, 8, 30, 55];

impl World<'_> {
    pub async fn do_act(&self, hand: &InHand, act: Act, by: By<'_>) -> Result<Case, OfficeError> {
        self.office.act(hand.id, act, by, None).await.map(|done| Arc::unwrap_or_clone(done.case))
    }

    /// The case after the act, or unchanged if there was nothing to do; and whether there was an act.
    pub async fn look(
        &self,
        hand: &InHand,
        spot: &Spot,
        dice: &mut Dice,
    ) -> Result<(Case, bool), OfficeError> {
        let loaded = self.office.load_case(hand.id).await?;
        let after = match spot {
            Spot::Intake(item) => self.intake(hand, &loaded, item, dice).await?,
            Spot::Step(item, step) => self.step(hand, &loaded, item, step, dice).await?,
            Spot::Supply(item) => self.supply(hand, &loaded, item, dice).await?,
            Spot::Gap(item) => self.close_gap(hand, &loaded, item, dice).await?,
            Spot::Check(item) => self.check(hand, &loaded, item, dice).await?,
            Spot::Extend(item) => self.extend(hand, &loaded, item, dice).await?,
            Spot::Explain(item) => self.explain(hand, &loaded, item, dice).await?,
            Spot::Withdraw => self.withdraw(hand, &loaded, dice).await?,
            Spot::Rate => self.rate(hand, &loaded, dice).await?,
            Spot::Object => self.object(hand, &loaded, dice).await?,
            Spot::Write => {
                let text = dice.pick(phrases::QUESTIONS).copied().unwrap_or_default().into();
                Some(self.do_act(hand, Act::Message { item: None, text }, self.by(&hand.who)).await?)
            }
            Spot::Answer => self.answer(hand, &loaded, dice).await?,
            Spot::Whole => None,
        };
        let acted = after.is_some();
        Ok((after.unwrap_or_else(|| Arc::unwrap_or_clone(loaded.case)), acted))
    }

    /// An officer of the department that answers for a matter.
    fn of_department<'a>(
        &'a self,
        loaded: &LoadedCase,
        item: &ItemId,
        dice: &mut Dice,
    ) -> Option<&'a Viewer> {
        let matter = loaded.case.matter(item)?;
        let people = self.cast.department(&loaded.edition, &matter.department);
        let handles = |viewer: &&&Viewer| matter.is_handled_by(&viewer.roles, &loaded.edition);
        let handlers: Vec<_> = people.iter().filter(handles).copied().collect();
        dice.pick(if handlers.is_empty() { &people } else { &handlers }).copied()
    }

    async fn check(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        item: &ItemId,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let due = loaded.case.matter(item).is_some_and(|matter| {
            matches!(matter.state, MatterState::Granted | MatterState::Completed)
                && matter.promise_kept.is_none()
        });
        let Some(officer) = self.of_department(loaded, item, dice).filter(|_| due) else { return Ok(None) };
        let kept = dice.chance(0.95);
        // A broken promise is for whoever decides.
        let decides = |step: &&casework::PlannedStep| step.kind == catalogue::StepKind::Decide;
        let decider = loaded.case.matter(item).and_then(|matter| matter.plan.steps.iter().find(decides));
        let decider = decider.and_then(|step| step.by.role());
        let decider = decider.and_then(|role| dice.pick(&self.cast.holders(role)).copied());
        let officer = decider.filter(|_| !kept).unwrap_or(officer);
        let words = if kept { phrases::OPINIONS } else { phrases::NEGATIVE };
        let record = dice.pick(words).copied().unwrap_or_default().into();
        let act = Act::VerifyPromise { item: item.clone(), kept, record };
        self.do_act(hand, act, By::Viewer(officer)).await.map(Some)
    }

    async fn extend(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        item: &ItemId,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let Some(matter) = loaded.case.matter(item).filter(|m| m.state == MatterState::Accepted) else {
            return Ok(None);
        };
        let Some(planned) = &matter.plan.limits.extension else { return Ok(None) };
        let (officer, act) = match matter.extension.as_ref().map(|extension| extension.state) {
            None => {
                let reason = dice.pick(phrases::EXTENSIONS).copied().unwrap_or_default().into();
                let act = Act::RequestExtension { item: item.clone(), reason };
                (self.of_department(loaded, item, dice), act)
            }
            Some(ExtensionState::Requested) => {
                let item = item.clone();
                let act = if dice.chance(0.9) {
                    Act::ApproveExtension { item }
                } else {
                    Act::DenyExtension { item, reason: phrases::NEGATIVE[1].into() }
                };
                (dice.pick(&self.cast.holders(&planned.approver)).copied(), act)
            }
            Some(_) => return Ok(None),
        };
        let Some(officer) = officer else { return Ok(None) };
        self.do_act(hand, act, By::Viewer(officer)).await.map(Some)
    }

    async fn explain(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        item: &ItemId,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let late = loaded.case.matter(item).is_some_and(|matter| {
            let late = |kind: &ClockKind| matches!(kind, ClockKind::Promised | ClockKind::Statutory);
            matter.overdue.iter().any(late) && !matter.overdue_explained
        });
        let Some(officer) = self.of_department(loaded, item, dice).filter(|_| late) else { return Ok(None) };
        let text = dice.pick(phrases::EXPLANATIONS).copied().unwrap_or_default().into();
        self.do_act(hand, Act::ExplainOverdue { item: item.clone(), text }, By::Viewer(officer))
            .await
            .map(Some)
    }

    async fn withdraw(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        if !loaded.case.matters.iter().any(|matter| matter.state.is_undecided()) {
            return Ok(None);
        }
        let reason = dice.pick(phrases::WITHDRAWALS).copied().unwrap_or_default().into();
        self.do_act(hand, Act::Withdraw { item: None, reason }, self.by(&hand.who)).await.map(Some)
    }

    async fn rate(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let by = self.by(&hand.who);
        // An officer at the window does not rate for the applicant.
        let own = !matches!(by, By::Viewer(viewer) if viewer.is_officer());
        if loaded.case.rating.is_some() || !own {
            return Ok(None);
        }
        let late = loaded.case.matters.iter().any(|matter| !matter.overdue.is_empty());
        let level = if late && dice.chance(0.5) { 1 + dice.below(2) } else { dice.weighted(&LEVELS) + 1 };
        let level = u8::try_from(level).unwrap_or(5);
        let bad = level <= 2;
        let words = if bad { phrases::COMPLAINTS } else { phrases::PRAISE };
        let comment = dice.pick(words).copied().unwrap_or_default().into();
        let named = bad || dice.chance(0.6);
        self.do_act(hand, Act::Rate { level, comment, named }, by).await.map(Some)
    }

    async fn object(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let refused = loaded.case.matters.iter().find(|matter| matter.state == MatterState::Refused);
        let Some(matter) = refused.filter(|_| loaded.case.objections.is_empty()) else { return Ok(None) };
        let text = dice.pick(phrases::OBJECTIONS).copied().unwrap_or_default().into();
        let act = Act::Object { item: Some(matter.item.clone()), text };
        self.do_act(hand, act, self.by(&hand.who)).await.map(Some)
    }

    async fn answer(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let case = &loaded.case;
        let Some(first) = case.matters.first() else { return Ok(None) };
        let open = case.objections.iter().position(|objection| objection.is_open());
        let about = open.and_then(|place| case.objections[place].item.as_ref()).unwrap_or(&first.item);
        let Some(officer) = self.of_department(loaded, about, dice) else { return Ok(None) };
        let act = match open.and_then(|place| u32::try_from(place).ok()) {
            Some(objection) => {
                let text = dice.pick(phrases::OBJECTION_ANSWERS).copied().unwrap_or_default().into();
                Act::AnswerObjection { objection, text }
            }
            None => {
                let text = dice.pick(phrases::ANSWERS).copied().unwrap_or_default().into();
                Act::Message { item: None, text }
            }
        };
        self.do_act(hand, act, By::Viewer(officer)).await.map(Some)
    }
}
