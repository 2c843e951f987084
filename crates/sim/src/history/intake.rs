//! Intake at the window: acceptance, correction, refusal.

use casework::{Case, MaterialStatus, Matter, MatterState};
use catalogue::{FieldId, ItemId, MaterialId, StepKind};
use office::{Act, By, Correction, LoadedCase, OfficeError, Viewer};

use super::apply::InHand;
use super::fate::Course;
use super::phrases;
use super::play::World;
use crate::dice::Dice;

impl World<'_> {
    pub async fn intake(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        item: &ItemId,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let Some(matter) = loaded.case.matter(item).filter(|m| m.state == MatterState::Received) else {
            return Ok(None);
        };
        let Some(clerk) = self.clerk(loaded, matter, dice) else { return Ok(None) };
        let by = By::Viewer(clerk);
        let item = item.clone();
        if matter.awaits_presence {
            let act = Act::Present { item: item.clone(), proof: office::Shown::IdentitySeen };
            self.do_act(hand, act, by).await?;
        }
        let act = match hand.fate.course {
            Course::Corrected if matter.corrections == 0 => match self.correction(loaded, matter, dice) {
                Some(correction) => Act::AskCorrection(correction),
                None => Act::Accept { item: Some(item) },
            },
            Course::NotRequired if loaded.case.resting_on(&item).is_empty() => {
                Act::NotRequired { item, reason: phrases::NOT_REQUIRED.into() }
            }
            Course::NotRequired | Course::NotOurs => {
                let departments = loaded.edition.parts().departments.values();
                let others: Vec<_> =
                    departments.filter(|department| department.id != matter.department).collect();
                let organ = dice.pick(&others).map(|department| department.name.zh.clone());
                Act::NotOurRemit { item, organ: organ.unwrap_or_default(), reason: phrases::NOT_OURS.into() }
            }
            Course::OnTheSpot => {
                let note = phrases::ON_THE_SPOT.into();
                self.do_act(hand, Act::CorrectOnTheSpot { item: item.clone(), note, answers: None }, by)
                    .await?;
                Act::Accept { item: Some(item) }
            }
            _ => Act::Accept { item: Some(item) },
        };
        self.do_act(hand, act, by).await.map(Some)
    }

    fn clerk<'a>(&'a self, loaded: &LoadedCase, matter: &Matter, dice: &mut Dice) -> Option<&'a Viewer> {
        let (step, run) = matter.runs().find(|(step, _)| step.kind == StepKind::Accept)?;
        self.officer(loaded, matter, step, run, dice)
    }

    /// What to ask for: a paper that came, otherwise an answer.
    fn correction(&self, loaded: &LoadedCase, matter: &Matter, dice: &mut Dice) -> Option<Correction> {
        let declared = loaded.edition.item(&matter.item)?;
        let came: Vec<MaterialId> = matter
            .plan
            .materials
            .iter()
            .filter(|material| material.status == MaterialStatus::Supplied)
            .map(|material| material.id.clone())
            .collect();
        let materials: Vec<MaterialId> = dice.pick(&came).cloned().into_iter().collect();
        let fields: Vec<FieldId> = if materials.is_empty() {
            let certain: Vec<_> = declared
                .fields
                .iter()
                .filter(|used| used.when.is_none())
                .map(|used| used.field.clone())
                .collect();
            vec![dice.pick(&certain)?.clone()]
        } else {
            Vec::new()
        };
        let note = dice.pick(phrases::CORRECTIONS).copied().unwrap_or_default().into();
        Some(Correction { item: Some(matter.item.clone()), materials, fields, note, again: None })
    }

    /// The applicant supplies what was asked for.
    pub async fn supply(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        item: &ItemId,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let Some(matter) = loaded.case.matter(item).filter(|m| m.state == MatterState::Correcting) else {
            return Ok(None);
        };
        let Some(asked) = &matter.correction else { return Ok(None) };
        let by = self.by(&hand.who);
        for material in &asked.points.materials {
            let file = office::Attachment { material: Some(material.clone()), ..self.paper(by, dice) };
            self.office.add_case_file(hand.id, file, by).await?;
        }
        // The same answers again: what was unclear was explained.
        let answers =
            if asked.points.fields.is_empty() { None } else { Some(self.office.answers(loaded).await?) };
        let materials = asked.points.materials.clone();
        self.do_act(hand, Act::SupplyCorrection { item: item.clone(), materials, answers }, by)
            .await
            .map(Some)
    }

    /// A deferred paper is supplied.
    pub async fn close_gap(
        &self,
        hand: &InHand,
        loaded: &LoadedCase,
        item: &ItemId,
        dice: &mut Dice,
    ) -> Result<Option<Case>, OfficeError> {
        let Some(matter) = loaded.case.matter(item).filter(|m| !m.state.is_over()) else { return Ok(None) };
        let materials: Vec<MaterialId> = matter.plan.gaps().cloned().collect();
        if materials.is_empty() {
            return Ok(None);
        }
        let by = self.by(&hand.who);
        for material in &materials {
            let file = office::Attachment { material: Some(material.clone()), ..self.paper(by, dice) };
            self.office.add_case_file(hand.id, file, by).await?;
        }
        self.do_act(hand, Act::CloseGap { item: item.clone(), materials }, by).await.map(Some)
    }
}
