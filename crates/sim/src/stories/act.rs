//! The acts of a story, done by people entitled to them.

use std::collections::BTreeMap;

use calendar::{Limit, LimitUnit};
use casework::{Case, Delivery, Doer, MaterialStatus, PauseKind};
use catalogue::{
    Channel, FieldId, ItemId, LocalPauseId, MaterialId, RoleId, StatutoryPause, StepId, StepKind, StoryAct,
};
use diagnostic::Bilingual;
use form::{Modes, Raw};
use office::{Act, By, CameFrom, Correction, OpenDraft, StartDraft, Viewer};

use super::play::{Play, Stumble};
use crate::history::paper;

/// Text where a story gives none.
const WORDS: &str = "按这个故事记录。";

impl Play<'_> {
    pub async fn act(&mut self, act: &StoryAct) -> Result<(), Stumble> {
        match act {
            StoryAct::Submit { promise, tolerate } => self.submit(promise, tolerate).await,
            StoryAct::Come { item } => {
                let clerk = self.intake(item).await?;
                self.come(&clerk, |matter| matter.item == *item).await
            }
            StoryAct::Accept { item: Some(item) } => self.accept(item).await,
            StoryAct::Accept { item: None } => {
                let clerk = self.clerk_of_all().await?;
                self.come(&clerk, |_| true).await?;
                self.by_officer(&clerk, Act::Accept { item: None }).await
            }
            StoryAct::AskCorrection { item, materials, note } => {
                let correction = Correction {
                    item: Some(item.clone()),
                    materials: materials.clone(),
                    note: note.clone().unwrap_or_else(|| WORDS.into()),
                    ..Correction::default()
                };
                let clerk = self.intake(item).await?;
                self.by_officer(&clerk, Act::AskCorrection(correction)).await
            }
            StoryAct::Correct { item } => self.correct(item).await,
            StoryAct::RefuseAcceptance { item, reason } => {
                let clerk = self.intake(item).await?;
                self.by_officer(&clerk, Act::NotRequired { item: item.clone(), reason: reason.clone() }).await
            }
            StoryAct::Step { item, step, yes } => self.step(item, step, *yes).await,
            StoryAct::Pause { item, kind, until } => self.pause(item, kind, *until).await,
            StoryAct::Resume { item } => self.resume(item).await,
            StoryAct::Extend { item, reason } => self.extend(item, reason).await,
            StoryAct::Decide { item, grant, reason } => self.decide(item, *grant, reason.as_deref()).await,
            StoryAct::Withdraw { item } => self.withdraw(item.as_ref()).await,
            StoryAct::CloseGap { material } => self.close_gap(material).await,
            StoryAct::Rate { level } => {
                self.by_applicant(Act::Rate { level: *level, comment: String::new(), named: true }).await
            }
            StoryAct::Wait | StoryAct::Expect(_) => Ok(()),
        }
    }

    async fn submit(&mut self, promise: &[ItemId], tolerate: &[MaterialId]) -> Result<(), Stumble> {
        let story = self.story;
        let by = By::Guest(&self.applicant);
        let start = StartDraft {
            thing: story.thing.clone(),
            party: None,
            channel: Channel::Online,
            came_from: CameFrom::default(),
        };
        let draft = self.office.start_draft(start, by).await?;
        let told: BTreeMap<FieldId, Raw> =
            story.answers.iter().map(|(field, value)| (field.clone(), Raw::of(value))).collect();
        let mut open = self.office.save_answers(draft.id, &told, by).await?;
        let modes = Modes {
            promised: promise.iter().cloned().collect(),
            tolerated: tolerate.iter().cloned().collect(),
        };
        open = self.office.set_modes(open.id, modes, by).await?;
        open = self.examples(open).await?;
        for material in &story.materials {
            open = self.attach(open, material).await?;
        }
        let missing = open.papers_missing()?;
        if let Some(material) = missing.first() {
            return Err(not_there("材料清单里少了", "the story hands in no", material));
        }
        let submitted = self.office.submit(open.id, by, None).await?;
        self.case = Some(submitted.id);
        Ok(())
    }

    /// Answers with examples what the story leaves out and the form requires.
    async fn examples(&self, open: OpenDraft) -> Result<OpenDraft, Stumble> {
        let filled = form::example_answers(
            &open.edition,
            open.thing()?,
            open.draft.party,
            &open.draft.known,
            &open.draft.answers,
            open.today,
        );
        let more: BTreeMap<FieldId, Raw> = filled
            .iter()
            .filter(|(field, _)| open.draft.answers.get(field.as_str()).is_none())
            .filter_map(|(field, _)| Some((field.clone(), Raw::of(filled.value(field.as_str())?))))
            .collect();
        if more.is_empty() {
            return Ok(open);
        }
        Ok(self.office.save_answers(open.id, &more, By::Guest(&self.applicant)).await?)
    }

    async fn attach(&self, open: OpenDraft, material: &MaterialId) -> Result<OpenDraft, Stumble> {
        let by = By::Guest(&self.applicant);
        let mut attachment = paper::upload(self.office, 1, by).await?;
        attachment.material = Some(material.clone());
        Ok(self.office.attach(open.id, attachment, by).await?)
    }

    /// Papers come to the case.
    async fn bring(&self, materials: &[MaterialId]) -> Result<(), Stumble> {
        let by = By::Guest(&self.applicant);
        for material in materials {
            let attachment = paper::upload(self.office, 1, by).await?;
            let attachment = office::Attachment { material: Some(material.clone()), ..attachment };
            self.office.add_case_file(self.case_id()?, attachment, by).await?;
        }
        Ok(())
    }

    async fn correct(&self, item: &ItemId) -> Result<(), Stumble> {
        let case = self.case().await?;
        let asked = case.matter(item).and_then(|matter| matter.correction.as_ref());
        let materials = asked.map(|asked| asked.points.materials.clone()).unwrap_or_default();
        self.bring(&materials).await?;
        self.by_applicant(Act::SupplyCorrection { item: item.clone(), materials, answers: None }).await
    }

    async fn step(&self, item: &ItemId, step: &StepId, yes: bool) -> Result<(), Stumble> {
        let declared = self.edition.item(item).and_then(|item| item.step(step));
        let declared = declared.ok_or_else(|| not_there("没有环节", "there is no step", step))?;
        let act = match declared.kind {
            StepKind::Accept => return self.accept(item).await,
            StepKind::Issue => match declared.result.clone() {
                Some(result) => Act::Issue { item: item.clone(), result, originals_seen: true },
                None => return Err(not_there("没有声明结果的环节", "no result is declared for", step)),
            },
            StepKind::Deliver => Act::Deliver { item: item.clone(), how: Delivery::Online },
            _ => Act::CompleteStep {
                item: item.clone(),
                step: step.clone(),
                yes,
                opinion: WORDS.into(),
                officers: self.colleague(item, step, declared.officers).await?,
                checked: office::Checklist::default(),
                joint: false,
            },
        };
        if self.doer(item, step).await? == Some(Doer::Applicant) {
            return self.by_applicant(act).await;
        }
        let officer = self.officer_for(item, step).await?;
        self.by_officer(&officer, act).await
    }

    async fn decide(&self, item: &ItemId, grant: bool, reason: Option<&str>) -> Result<(), Stumble> {
        let case = self.case().await?;
        let planned = case.matter(item).and_then(|matter| {
            let decisions = || matter.runs().filter(|(step, _)| step.kind == StepKind::Decide);
            let open = decisions().find(|(_, run)| run.state.is_open());
            open.or_else(|| decisions().next()).map(|(step, _)| step)
        });
        let planned =
            planned.ok_or_else(|| not_there("没有决定环节的事项", "no decision belongs to", item))?;
        let officers = self.colleague(item, &planned.id, planned.officers).await?;
        let item_id = item.clone();
        let act = if grant {
            Act::Grant { item: item_id, opinion: reason.unwrap_or_default().into(), officers }
        } else {
            Act::Refuse { item: item_id, reason: reason.unwrap_or_default().into(), officers }
        };
        let officer = self.officer_for(item, &planned.id).await?;
        self.by_officer(&officer, act).await
    }

    async fn pause(&self, item: &ItemId, kind: &str, until: jiff::civil::Date) -> Result<(), Stumble> {
        let pause = match StatutoryPause::parse(kind) {
            Some(statutory) => PauseKind::Statutory(statutory),
            None => PauseKind::Local(LocalPauseId::from(kind)),
        };
        let today = self.edition.offset().to_datetime(self.office.now()).date();
        let days = self.edition.calendar().working_days_between(today, until);
        let needed = Limit { amount: u32::try_from(days).unwrap_or(0).max(1), unit: LimitUnit::WorkingDays };
        let act = Act::Pause { item: item.clone(), kind: pause, needed: Some(needed), notice: WORDS.into() };
        self.by_department(item, act).await
    }

    async fn resume(&self, item: &ItemId) -> Result<(), Stumble> {
        let case = self.case().await?;
        let open = case.matter(item).and_then(|matter| matter.pauses.iter().find(|pause| pause.to.is_none()));
        let kind = open.map(|pause| pause.kind.clone());
        let kind = kind.ok_or_else(|| not_there("没有在暂停的事项", "no clock stands still in", item))?;
        self.by_department(item, Act::Resume { item: item.clone(), kind }).await
    }

    async fn extend(&self, item: &ItemId, reason: &str) -> Result<(), Stumble> {
        let request = Act::RequestExtension { item: item.clone(), reason: reason.into() };
        self.by_department(item, request).await?;
        let approver = self.edition.item(item).and_then(|item| item.limits.extension.as_ref());
        let approver =
            approver.ok_or_else(|| not_there("不能延长的事项", "no extension is declared for", item))?;
        let approver = self.holder(&approver.approver)?;
        self.by_officer(&approver, Act::ApproveExtension { item: item.clone() }).await
    }

    async fn close_gap(&self, material: &MaterialId) -> Result<(), Stumble> {
        let case = self.case().await?;
        let open = |matter: &&casework::Matter| {
            let mut papers = matter.plan.materials.iter();
            papers.any(|paper| paper.id == *material && paper.status == MaterialStatus::Tolerated)
        };
        let items: Vec<ItemId> = case.matters.iter().filter(open).map(|matter| matter.item.clone()).collect();
        if items.is_empty() {
            return Err(not_there("没有容缺的材料", "no gap waits for", material));
        }
        self.bring(std::slice::from_ref(material)).await?;
        for item in items {
            self.by_applicant(Act::CloseGap { item, materials: vec![material.clone()] }).await?;
        }
        Ok(())
    }

    async fn accept(&self, item: &ItemId) -> Result<(), Stumble> {
        let clerk = self.intake(item).await?;
        self.come(&clerk, |matter| matter.item == *item).await?;
        self.by_officer(&clerk, Act::Accept { item: Some(item.clone()) }).await
    }

    /// Whoever has to be there for what is accepted comes.
    async fn come(&self, clerk: &Viewer, of: impl Fn(&casework::Matter) -> bool) -> Result<(), Stumble> {
        let case = self.case().await?;
        for matter in case.matters.iter().filter(|matter| matter.awaits_presence && of(matter)) {
            let proof = office::Shown::IdentitySeen;
            self.by_officer(clerk, Act::Present { item: matter.item.clone(), proof }).await?;
        }
        Ok(())
    }

    async fn case(&self) -> Result<Case, Stumble> {
        let loaded = self.loaded().await?;
        loaded
            .map(|loaded| std::sync::Arc::unwrap_or_clone(loaded.case))
            .ok_or_else(|| Stumble::Story(Bilingual::new("还没有提交", "nothing was handed in yet")))
    }

    async fn by_applicant(&self, act: Act) -> Result<(), Stumble> {
        let case = self.case_id()?;
        self.office.act(case, act, By::Guest(&self.applicant), None).await?;
        Ok(())
    }

    /// Those who came together to apply come together to give it up.
    async fn withdraw(&self, item: Option<&ItemId>) -> Result<(), Stumble> {
        let case = self.case().await?;
        let mut meant = case.matters.iter().filter(|matter| item.is_none_or(|item| matter.item == *item));
        let act = Act::Withdraw { item: item.cloned(), reason: String::new() };
        match meant.find(|matter| matter.plan.presence && !matter.awaits_presence) {
            Some(matter) => {
                let clerk = self.intake(&matter.item).await?;
                let (proof, note) = (office::Shown::IdentitySeen, "各方到窗口一起提出".into());
                self.by_officer(&clerk, Act::ForApplicant { act: Box::new(act), proof, note }).await
            }
            None => self.by_applicant(act).await,
        }
    }

    async fn by_officer(&self, officer: &Viewer, act: Act) -> Result<(), Stumble> {
        let case = self.case_id()?;
        self.office.act(case, act, By::Viewer(officer), None).await?;
        Ok(())
    }

    /// Acts as somebody of the department that answers for the item, whose clocks those are.
    async fn by_department(&self, item: &ItemId, act: Act) -> Result<(), Stumble> {
        let case = self.case().await?;
        let matter = case.matter(item);
        let people = matter.map(|matter| self.cast.department(self.edition, &matter.department));
        let mut handlers = people
            .into_iter()
            .flatten()
            .filter(|viewer| matter.is_some_and(|matter| matter.is_handled_by(&viewer.roles, self.edition)));
        let officer = match handlers.next() {
            Some(viewer) => viewer.clone(),
            None => self.of_department(item)?,
        };
        self.by_officer(&officer, act).await
    }

    fn case_id(&self) -> Result<office::CaseId, Stumble> {
        self.case.ok_or_else(|| Stumble::Story(Bilingual::new("还没有提交", "nothing was handed in yet")))
    }

    async fn doer(&self, item: &ItemId, step: &StepId) -> Result<Option<Doer>, Stumble> {
        let case = self.case().await?;
        Ok(case.matter(item).and_then(|matter| matter.plan.step(step)).map(|step| step.by.clone()))
    }

    /// The officer that the plan names for a step; for the engine's own steps, one of the department.
    async fn officer_for(&self, item: &ItemId, step: &StepId) -> Result<Viewer, Stumble> {
        match self.doer(item, step).await? {
            Some(Doer::Role { role, .. }) => self.holder(&role),
            _ => self.of_department(item),
        }
    }

    /// The officer who takes the item in.
    async fn intake(&self, item: &ItemId) -> Result<Viewer, Stumble> {
        let declared =
            self.edition.item(item).ok_or_else(|| not_there("没有事项", "there is no item", item))?;
        match declared.steps.values().find(|step| step.kind == StepKind::Accept) {
            Some(step) => self.officer_for(item, &step.id).await,
            None => self.of_department(item),
        }
    }

    /// One clerk for everything that waits at the window: the one who takes in the first item.
    async fn clerk_of_all(&self) -> Result<Viewer, Stumble> {
        let case = self.case().await?;
        let waiting = case.matters.iter().find(|matter| matter.state == casework::MatterState::Received);
        match waiting.or(case.matters.first()) {
            Some(matter) => self.intake(&matter.item).await,
            None => Err(Stumble::Story(Bilingual::new("没有可受理的事项", "nothing waits at the window"))),
        }
    }

    /// Further officers, where the step must be recorded by several.
    async fn colleague(&self, item: &ItemId, step: &StepId, officers: u8) -> Result<Vec<String>, Stumble> {
        let Some(Doer::Role { role, .. }) = self.doer(item, step).await? else { return Ok(Vec::new()) };
        let Some(first) = self.cast.holders(&role).first().copied() else { return Ok(Vec::new()) };
        Ok(self.cast.others(self.edition, &role, first, usize::from(officers).saturating_sub(1)))
    }

    fn holder(&self, role: &RoleId) -> Result<Viewer, Stumble> {
        let holders = self.cast.holders(role);
        holders
            .first()
            .map(|viewer| (*viewer).clone())
            .ok_or_else(|| not_there("没有人担任", "nobody holds", role))
    }

    fn of_department(&self, item: &ItemId) -> Result<Viewer, Stumble> {
        let declared =
            self.edition.item(item).ok_or_else(|| not_there("没有事项", "there is no item", item))?;
        let people = self.cast.department(self.edition, &declared.department);
        let one = people.first().map(|viewer| (*viewer).clone());
        one.ok_or_else(|| not_there("没有人的部门", "nobody works in", &declared.department))
    }
}

fn not_there(zh: &str, en: &str, name: &dyn std::fmt::Display) -> Stumble {
    Stumble::Story(Bilingual::new(format!("{zh}“{name}”"), format!("{en} “{name}”")))
}
