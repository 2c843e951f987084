//! Acts off the straight course that the law allows: refused at the window, papers asked for, clocks paused
//! or extended.

use calendar::{Limit, LimitUnit};
use casework::{Doer, ExtensionState, MaterialStatus, Matter, MatterState, PauseKind};
use catalogue::{Edition, MaterialId, RoleId, StatutoryPause, StepKind};
use office::{AccessKey, Act, Attachment, By, CaseId, Correction, LoadedCase, OfficeError, Viewer};

use super::play::{Play, Who};
use crate::history::paper;

impl Play {
    pub(super) async fn turn(&mut self) -> Result<(), OfficeError> {
        let Some((case, key)) = self.stage.dice.pick(&self.hands).cloned() else { return Ok(()) };
        let loaded = self.stage.again(async |office| office.load_case(case).await).await?;
        let open: Vec<&Matter> =
            loaded.case.matters.iter().filter(|matter| !matter.state.is_over()).collect();
        let Some(matter) = self.stage.dice.pick(&open).copied() else { return Ok(()) };
        let edition = &loaded.edition;
        let gaps: Vec<MaterialId> = matter.plan.gaps().cloned().collect();
        let chosen = match &matter.state {
            MatterState::Received => self.at_intake(matter, edition),
            MatterState::Correcting => self.supply(case, &key, &loaded, matter).await?,
            _ if !gaps.is_empty() && self.stage.dice.chance(0.3) => {
                self.bring(case, &key, &gaps).await?;
                Some((Act::CloseGap { item: matter.item.clone(), materials: gaps }, Who::Guest(key)))
            }
            MatterState::Accepted => self.about_time(matter, edition),
            _ => None,
        };
        match chosen {
            Some((act, who)) => self.give(case, act, who).await,
            None => Ok(()),
        }
    }

    fn holder(&mut self, role: &RoleId) -> Option<Who> {
        let holders: Vec<Viewer> = self.cast.holders(role).into_iter().cloned().collect();
        self.stage.dice.pick(&holders).cloned().map(Who::Officer)
    }

    /// The outcomes of intake other than acceptance.
    fn at_intake(&mut self, matter: &Matter, edition: &Edition) -> Option<(Act, Who)> {
        let (step, _) = matter.runs().find(|(step, _)| step.kind == StepKind::Accept)?;
        let Doer::Role { role, .. } = &step.by else { return None };
        let who = self.holder(role)?;
        let item = matter.item.clone();
        let act = match self.stage.dice.below(10) {
            0 => Act::NotRequired { item, reason: "这件事不用许可。".into() },
            1 => Act::NotOurRemit {
                item, organ: "别的机关".into(), reason: "不归本机关办。".into()
            },
            2..4 => Act::CorrectOnTheSpot { item, note: "当场改了一处笔误。".into(), answers: None },
            _ => {
                let came = matter.plan.materials.iter();
                let came = came.filter(|material| material.status == MaterialStatus::Supplied);
                let materials: Vec<MaterialId> = came.map(|material| material.id.clone()).take(2).collect();
                let asked = edition.item(&item).into_iter().flat_map(|item| &item.fields);
                let fields = asked.filter(|used| used.when.is_none()).map(|used| used.field.clone());
                let fields = if materials.is_empty() { fields.take(1).collect() } else { Vec::new() };
                let note = "请重新提供，字迹看不清。".into();
                Act::AskCorrection(Correction { item: Some(item), materials, fields, note, again: None })
            }
        };
        Some((act, who))
    }

    async fn bring(
        &mut self,
        case: CaseId,
        key: &AccessKey,
        materials: &[MaterialId],
    ) -> Result<(), OfficeError> {
        let by = || By::Guest(key);
        for material in materials {
            let file = self.stage.again(async |office| paper::upload(&office, 2, by()).await).await?;
            let file = Attachment { material: Some(material.clone()), ..file };
            self.stage.again(async |office| office.add_case_file(case, file.clone(), by()).await).await?;
        }
        Ok(())
    }

    async fn supply(
        &mut self,
        case: CaseId,
        key: &AccessKey,
        loaded: &LoadedCase,
        matter: &Matter,
    ) -> Result<Option<(Act, Who)>, OfficeError> {
        let Some(asked) = &matter.correction else { return Ok(None) };
        let materials = asked.points.materials.clone();
        self.bring(case, key, &materials).await?;
        let answers = if asked.points.fields.is_empty() {
            None
        } else {
            Some(self.stage.again(async |office| office.answers(loaded).await).await?)
        };
        let act = Act::SupplyCorrection { item: matter.item.clone(), materials, answers };
        Ok(Some((act, Who::Guest(key.clone()))))
    }

    /// Approves or denies a requested extension, by an officer entitled to it.
    fn about_extension(&mut self, matter: &Matter) -> Option<(Act, Who)> {
        let item = matter.item.clone();
        let approver = matter.plan.limits.extension.as_ref()?.approver.clone();
        let act = if self.stage.dice.chance(0.7) {
            Act::ApproveExtension { item }
        } else {
            Act::DenyExtension { item, reason: "没有必要延长时限。".into() }
        };
        Some((act, self.holder(&approver)?))
    }

    /// Pauses, extensions, and steps given back.
    fn about_time(&mut self, matter: &Matter, edition: &Edition) -> Option<(Act, Who)> {
        let item = matter.item.clone();
        let staff: Vec<Viewer> =
            self.cast.department(edition, &matter.department).into_iter().cloned().collect();
        let who = Who::Officer(self.stage.dice.pick(&staff)?.clone());
        let standing: Vec<PauseKind> =
            matter.pauses.iter().filter(|pause| pause.to.is_none()).map(|pause| pause.kind.clone()).collect();
        let requested = matter.extension.as_ref().is_some_and(|run| run.state == ExtensionState::Requested);
        if requested && self.stage.dice.chance(0.6) {
            return self.about_extension(matter);
        }
        match self.stage.dice.below(8) {
            0..2 if !standing.is_empty() => {
                let kind = self.stage.dice.pick(&standing)?.clone();
                Some((Act::Resume { item, kind }, who))
            }
            0..3 => {
                let local: Vec<_> = edition.parts().local_pauses.keys().cloned().collect();
                let statutory = StatutoryPause::ALL[self.stage.dice.below(StatutoryPause::ALL.len())];
                let kind = match self.stage.dice.pick(&local) {
                    Some(local) if self.stage.dice.chance(0.5) => PauseKind::Local(local.clone()),
                    _ => PauseKind::Statutory(statutory),
                };
                let needed = Some(Limit { amount: 3, unit: LimitUnit::WorkingDays });
                Some((Act::Pause { item, kind, needed, notice: "需要三个工作日。".into() }, who))
            }
            3..6 if requested => self.about_extension(matter),
            3..6 => Some((Act::RequestExtension { item, reason: "案情复杂，需要核实。".into() }, who)),
            6 => {
                let held = matter.open_steps().find(|(_, run)| run.claimed_by.is_some());
                let (step, run) = held?;
                let by = run.claimed_by.clone()?;
                let officer =
                    self.cast.officers.iter().find(|officer| officer.id.to_string() == by.as_str())?;
                Some((Act::Release { item, step: step.id.clone() }, Who::Officer(officer.clone())))
            }
            _ => Some((Act::Object { item: Some(item), text: "我对这件事有意见。".into() }, who)),
        }
    }
}
