//! States of a case in plain words.

use casework::{
    CaseState, ClockKind, DropCause, Holder, IntakeGround, LapseCause, Matter, MatterState, ResultChange,
    Whose,
};
use catalogue::{Edition, ItemId, MaterialId, StepId};
use maud::{Markup, html};

use crate::shell::Shell;
use crate::texts::Words;
use crate::ui;

/// Titles of an edition, in the reader's language; the id where a newer edition knows it no more.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    pub shell: &'a Shell,
    pub edition: &'a Edition,
}

impl Names<'_> {
    pub fn clock(&self, kind: ClockKind) -> String {
        self.shell.w.t(&format!("p-clock-{}", ui::clock_code(kind)))
    }

    pub fn item(&self, id: &ItemId) -> String {
        self.edition.item(id).map_or_else(|| id.to_string(), |item| self.shell.say(&item.title).to_owned())
    }

    pub fn items(&self, ids: &[ItemId]) -> String {
        self.shell.w.list(&ids.iter().map(|id| self.item(id)).collect::<Vec<_>>())
    }

    pub fn step(&self, item: Option<&ItemId>, id: &StepId) -> String {
        let step = item.and_then(|item| self.edition.item(item)).and_then(|item| item.step(id));
        step.map_or_else(|| id.to_string(), |step| self.shell.say(&step.title).to_owned())
    }

    pub fn material(&self, id: &MaterialId) -> String {
        self.edition
            .material(id)
            .map_or_else(|| id.to_string(), |paper| self.shell.say(&paper.title).to_owned())
    }

    pub fn materials(&self, ids: &[MaterialId]) -> String {
        self.shell.w.list(&ids.iter().map(|id| self.material(id)).collect::<Vec<_>>())
    }

    pub fn department(&self, id: &catalogue::DepartmentId) -> String {
        self.edition
            .department(id)
            .map_or_else(|| id.to_string(), |department| self.shell.say(&department.name).to_owned())
    }
}

pub fn case_tag(shell: &Shell, state: CaseState) -> Markup {
    let w = shell.w;
    match state {
        CaseState::Open => html! { span.tag.run { (w.t("p-state-open")) } },
        CaseState::Completed => html! { span.tag.good { (w.t("p-state-completed")) } },
        CaseState::Closed => html! { span.tag { (w.t("p-state-closed")) } },
    }
}

pub fn matter_tag(shell: &Shell, matter: &Matter) -> Markup {
    let class = match &matter.state {
        MatterState::Waiting => "pause",
        MatterState::Received | MatterState::Accepted | MatterState::Granted => "run",
        MatterState::Correcting => "soon",
        MatterState::Completed => "good",
        MatterState::Refused | MatterState::NotAccepted(_) | MatterState::Lapsed(_) => "late",
        MatterState::Withdrawn | MatterState::Dropped(_) => "",
    };
    html! { span class=(format!("tag {class}")) { (shell.w.t(&format!("p-matter-{}", matter.state.code()))) } }
}

/// Why a matter ended otherwise than hoped.
pub fn ended_because(shell: &Shell, state: &MatterState) -> Option<String> {
    let w = shell.w;
    Some(match state {
        MatterState::NotAccepted(IntakeGround::NotRequired) => w.t("p-end-not-required"),
        MatterState::NotAccepted(IntakeGround::NotOurRemit { organ }) => {
            w.with("p-end-not-our-remit", &[("organ", organ.to_string().into())])
        }
        MatterState::Lapsed(LapseCause::CorrectionExpired) => w.t("p-end-correction-expired"),
        MatterState::Lapsed(LapseCause::GapNotClosed) => w.t("p-end-gap-not-closed"),
        MatterState::Lapsed(LapseCause::PromiseBroken) => w.t("p-end-promise-broken"),
        MatterState::Lapsed(LapseCause::ResultEnded) => w.t("p-end-result-ended"),
        MatterState::Dropped(DropCause::NoLongerApplies) => w.t("p-end-no-longer-applies"),
        MatterState::Dropped(DropCause::PrerequisiteFailed) => w.t("p-end-prerequisite-failed"),
        MatterState::Dropped(DropCause::Abolished) => w.t("p-end-abolished"),
        _ => return None,
    })
}

/// Who has to move next, in one sentence.
pub fn whose_move(names: &Names<'_>, holder: &Holder) -> String {
    let w = names.shell.w;
    let step = holder.step.as_ref().map(|step| names.step(Some(&holder.item), step));
    match (&holder.who, step) {
        (Whose::Applicant, Some(step)) => w.with("p-holder-you-step", &[("step", step.into())]),
        (Whose::Applicant, None) => w.t("p-holder-you"),
        (Whose::Department { department, officer }, step) => {
            let key = if officer.is_some() { "p-holder-officer" } else { "p-holder-department" };
            w.with(
                key,
                &[
                    ("department", names.department(department).into()),
                    ("step", step.unwrap_or_default().into()),
                ],
            )
        }
        (Whose::System, _) => w.t("p-holder-system"),
        (Whose::Items(items), _) => w.with("p-holder-items", &[("items", names.items(items).into())]),
    }
}

pub const fn change_key(change: ResultChange) -> &'static str {
    match change {
        ResultChange::TakenBack => "p-change-taken-back",
        ResultChange::Altered => "p-change-altered",
        ResultChange::Annulled => "p-change-annulled",
        ResultChange::Revoked => "p-change-revoked",
        ResultChange::Cancelled => "p-change-cancelled",
        ResultChange::Replaced => "p-change-replaced",
    }
}

/// What became of a result, with the number of the one in its place.
pub fn became(w: Words, change: ResultChange, replaced_by: Option<&str>) -> String {
    match replaced_by {
        Some(number) => w.with("p-change-replaced-by", &[("number", number.to_owned().into())]),
        None => w.t(change_key(change)),
    }
}
