//! Everything the page of a case needs, fetched once.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use casework::{ActorId, Case, ClockView, DocRef, Doer, Happening, Matter, PlannedStep, StepRun};
use catalogue::{DepartmentId, FieldId, Item, RoleRank, StepKind};
use form::{Answers, KnownFacts};
use office::{Attachment, DocumentRow, LoadedCase, OpenedCase, Party, Proof, Trace, Viewer};

use super::super::posted::Posted;
use super::super::words;
use crate::app::App;
use crate::fault::Failure;
use crate::shell::Shell;

/// A form that was sent and refused: where it stands, what was typed, and why not.
#[derive(Debug)]
pub struct Attempt {
    pub posted: Posted,
    pub message: String,
}

/// A case as one officer sees it.
#[derive(Debug)]
pub struct Desk<'a> {
    pub app: &'a App,
    pub shell: &'a Shell,
    pub viewer: &'a Viewer,
    pub loaded: &'a LoadedCase,
    /// The case that this one is about, where it is a call-back or the like.
    pub about: Option<LoadedCase>,
    pub party: Party,
    pub answers: Answers,
    pub known: KnownFacts,
    /// On whose word the identifiers stand.
    pub proofs: BTreeMap<FieldId, Proof>,
    /// Identifiers that nothing bears out, by the result that waits for them.
    pub unproven: BTreeMap<(catalogue::ItemId, catalogue::ResultId), Vec<FieldId>>,
    pub files: Vec<Attachment>,
    pub documents: Vec<DocumentRow>,
    pub traces: Vec<Trace>,
    pub revealed: BTreeSet<FieldId>,
    pub texts: BTreeMap<String, String>,
    pub names: BTreeMap<String, String>,
    /// Whoever acts or acted for the applicant.
    pub agents: BTreeMap<String, String>,
    pub colleagues: Vec<office::Colleague>,
    pub clocks: Vec<ClockView>,
    pub attempt: Option<&'a Attempt>,
    /// One form opens by itself: the first that the officer came for.
    opened: Cell<bool>,
    /// Keys that forms on the page have already.
    pub keys: RefCell<BTreeSet<char>>,
}

impl<'a> Desk<'a> {
    pub async fn gather(
        app: &'a App,
        shell: &'a Shell,
        opened: &'a OpenedCase<'_>,
        attempt: Option<&'a Attempt>,
    ) -> Result<Self, Failure> {
        let viewer = shell.officer()?;
        let office = &app.office;
        let loaded: &LoadedCase = opened;
        let (id, case, edition) = (loaded.id, &loaded.case, &loaded.edition);
        let mut texts = BTreeMap::new();
        for document in references(case) {
            let key = document.key.to_string();
            if !texts.contains_key(&key)
                && let Some(text) = office.text(document).await?
            {
                texts.insert(key, text);
            }
        }
        let traces = office.traces_of(opened).await?;
        let mut who = actors(case, &traces);
        who.extend(clerk(loaded));
        who.extend(loaded.papers_seen().map(|mark| mark.by.as_str()));
        who.extend(loaded.answers_seen().map(|(_, by, _)| by));
        let files = office.files_of(opened).await?;
        who.extend(files.iter().map(|file| file.by.as_str()));
        let names = office.officer_names(&who).await?;
        let answers = office.answers(loaded).await?;
        let mut unproven = BTreeMap::new();
        for matter in &case.matters {
            for (step, _) in matter.open_steps().filter(|(step, _)| step.kind == StepKind::Issue) {
                let Some(result) = &step.result else { continue };
                let fields = office.unproven(loaded, &matter.item, result).await?;
                unproven.insert((matter.item.clone(), result.clone()), fields);
            }
        }
        Ok(Self {
            about: office.case_it_is_about(opened).await?,
            unproven,
            party: office.party(id).await?,
            known: office.known_facts(loaded, &answers).await?,
            proofs: office.proofs(loaded, &answers).await?.into_iter().collect(),
            answers,
            agents: office.agent_names(&loaded.consents()).await?,
            files,
            documents: office.documents_of(opened).await?,
            revealed: office.revealed(id, viewer).await?.into_iter().collect(),
            colleagues: office.colleagues(viewer).await?,
            clocks: case.clocks(edition.calendar(), edition.offset(), shell.now),
            app,
            shell,
            viewer,
            loaded,
            traces,
            texts,
            names,
            attempt,
            opened: Cell::new(false),
            keys: RefCell::default(),
        })
    }

    /// True the first time it is asked.
    pub fn first(&self) -> bool {
        !self.opened.replace(true)
    }

    pub fn number(&self) -> &str {
        &self.loaded.case.number
    }

    pub fn item(&self, matter: &Matter) -> Option<&'a Item> {
        self.loaded.edition.item(&matter.item)
    }

    pub fn item_title(&self, matter: &Matter) -> String {
        words::item_in(self.shell, &self.loaded.edition, matter.item.as_str())
    }

    pub fn step_title(&self, matter: &Matter, step: &PlannedStep) -> String {
        words::step_in(self.shell, &self.loaded.edition, matter.item.as_str(), &step.id)
    }

    /// An officer by name, the engine by what it is, anybody else as the applicant.
    pub fn actor(&self, actor: &str) -> String {
        if let Some(name) = self.agents.get(actor) {
            return self.shell.w.with("desk-by-agent", &[("agent", name.as_str().into())]);
        }
        match self.names.get(actor) {
            Some(name) => name.clone(),
            None if actor == "system" => self.shell.w.t("desk-by-system"),
            None => self.shell.w.t("desk-by-applicant"),
        }
    }

    // What this officer may do, in the words of the plan and the roles. The engine has the last word; this only keeps
    // forms off the page that it would refuse.

    pub fn at_window(&self) -> bool {
        self.viewer.works_at_window(&self.loaded.edition)
    }

    pub fn is_officer_of(&self, matter: &Matter) -> bool {
        matter.is_worked_by(&self.viewer.roles, &self.loaded.edition)
    }

    pub fn may_take(&self, matter: &Matter, step: &PlannedStep) -> bool {
        match &step.by {
            Doer::Role { role, .. } => self.viewer.holds(role),
            Doer::Applicant => self.at_window(),
            Doer::System => self.is_officer_of(matter),
        }
    }

    pub fn may_touch(&self, step: &PlannedStep, run: &StepRun) -> bool {
        match &run.claimed_by {
            Some(officer) => {
                officer.as_str() == self.viewer.id.to_string()
                    || matches!(&step.by, Doer::Role { department, .. } if self.heads(department))
            }
            None => true,
        }
    }

    pub fn heads(&self, department: &DepartmentId) -> bool {
        self.viewer.roles.iter().filter_map(|role| self.loaded.edition.role(role)).any(|role| {
            role.rank == RoleRank::Leader || role.rank == RoleRank::Head && role.department == *department
        })
    }

    pub fn may_take_in(&self, matter: &Matter) -> bool {
        match matter.plan.steps.iter().find(|step| step.kind == StepKind::Accept) {
            Some(step) if step.by != Doer::System => self.may_take(matter, step),
            _ => self.is_officer_of(matter) || self.at_window(),
        }
    }

    pub fn decides(&self, matter: &Matter) -> bool {
        let mut deciders = matter.plan.steps.iter().filter(|step| step.kind == StepKind::Decide);
        deciders.any(|step| step.by.role().is_some_and(|role| self.viewer.holds(role)))
            || self.heads(&matter.department)
    }

    pub fn is_involved(&self) -> bool {
        self.at_window() || self.loaded.case.matters.iter().any(|matter| self.is_officer_of(matter))
    }

    /// Has something to do here now: then facts about the person are part of the task.
    pub fn has_task(&self) -> bool {
        self.viewer.has_task(&self.loaded.case, &self.loaded.edition)
    }
}

/// Who filled the application in at the window for a person who stood there.
pub fn clerk(loaded: &LoadedCase) -> Option<&str> {
    loaded.office_events.iter().find_map(|event| match event {
        office::OfficeEvent::FiledAtWindow { clerk } => Some(clerk.as_str()),
        _ => None,
    })
}

/// Every text that the page shows.
fn references(case: &Case) -> Vec<&DocRef> {
    let told = case.timeline().iter().filter_map(|entry| entry.what.text());
    let objections =
        case.objections.iter().flat_map(|raised| std::iter::once(&raised.text).chain(&raised.answer));
    let records = case
        .matters
        .iter()
        .flat_map(|matter| &matter.steps)
        .filter_map(|run| run.visited.as_ref()?.1.as_ref());
    told.chain(records)
        .chain(objections)
        .chain(case.rating_for_officers().into_iter().filter_map(|rating| rating.comment.as_ref()))
        .collect()
}

/// Everybody whom the page names.
fn actors<'a>(case: &'a Case, traces: &'a [Trace]) -> Vec<&'a str> {
    let takers =
        case.matters.iter().flat_map(|matter| &matter.steps).filter_map(|run| run.claimed_by.as_ref());
    let named = case.timeline().iter().flat_map(|entry| match &entry.what {
        Happening::StepDone { officers, .. } => officers.as_slice(),
        _ => &[],
    });
    let asked =
        case.matters.iter().filter_map(|matter| matter.extension.as_ref()).map(|run| &run.requested_by);
    let doers = case.timeline().iter().map(|entry| &entry.actor);
    let read = traces.iter().map(|trace| trace.by.as_str());
    doers.chain(takers).chain(named).chain(asked).map(ActorId::as_str).chain(read).collect()
}
