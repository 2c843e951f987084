//! Names of what the desk shows: things, items, steps, states, and what happened in a case.

use casework::{DocRef, DropCause, Happening, LapseCause, PauseKind, ResultChange, Side};
use catalogue::{Edition, MaterialId, StepId};
use diagnostic::Lang;
use office::LoadedCase;

use crate::shell::Shell;
use crate::ui;

pub fn calendar_lang(shell: &Shell) -> calendar::Lang {
    match shell.lang {
        Lang::Zh => calendar::Lang::Zh,
        Lang::En => calendar::Lang::En,
    }
}

pub fn role(shell: &Shell, id: &str) -> String {
    shell.edition.role(&id.into()).map_or_else(|| id.to_owned(), |role| shell.say(&role.name).to_owned())
}

pub fn thing(shell: &Shell, id: &str) -> String {
    shell.edition.thing(&id.into()).map_or_else(|| id.to_owned(), |thing| shell.say(&thing.title).to_owned())
}

pub fn item(shell: &Shell, id: &str) -> String {
    item_in(shell, &shell.edition, id)
}

pub fn item_in(shell: &Shell, edition: &Edition, id: &str) -> String {
    edition.item(&id.into()).map_or_else(|| id.to_owned(), |item| shell.say(&item.title).to_owned())
}

pub fn step_in(shell: &Shell, edition: &Edition, item: &str, id: &StepId) -> String {
    let step = edition.item(&item.into()).and_then(|item| item.step(id));
    step.map_or_else(|| id.to_string(), |step| shell.say(&step.title).to_owned())
}

pub fn result_in(shell: &Shell, edition: &Edition, of: &catalogue::ItemResult) -> String {
    let result = edition.item(&of.item).and_then(|item| item.results.get(&of.result));
    result.map_or_else(|| of.result.to_string(), |result| shell.say(&result.title).to_owned())
}

pub fn material_in(shell: &Shell, edition: &Edition, id: &MaterialId) -> String {
    edition.material(id).map_or_else(|| id.to_string(), |material| shell.say(&material.title).to_owned())
}

pub fn department_in(shell: &Shell, edition: &Edition, id: &catalogue::DepartmentId) -> String {
    edition.department(id).map_or_else(|| id.to_string(), |department| shell.say(&department.name).to_owned())
}

pub fn step_kind(shell: &Shell, kind: &str) -> String {
    let key = format!("desk-kind-{kind}");
    if shell.w.has(&key) { shell.w.t(&key) } else { kind.to_owned() }
}

pub fn kind_code(kind: catalogue::StepKind) -> &'static str {
    use catalogue::StepKind as K;
    match kind {
        K::Accept => "accept",
        K::Review => "review",
        K::Inspect => "inspect",
        K::Hear => "hear",
        K::Examine => "examine",
        K::Act => "act",
        K::Decide => "decide",
        K::Pay => "pay",
        K::Record => "record",
        K::Issue => "issue",
        K::Deliver => "deliver",
        K::Confirm => "confirm",
    }
}

/// How the window knew what the applicant wanted.
pub fn proof(shell: &Shell, proof: &casework::Proof) -> String {
    use casework::Proof as P;
    match proof {
        P::Ticket { number } => shell.w.with("p-proof-ticket", &[("number", number.to_string().into())]),
        P::IdentitySeen => shell.w.t("p-proof-identity-seen"),
        P::PhoneDigits => shell.w.t("p-proof-phone-digits"),
        P::PaperSigned => shell.w.t("p-proof-paper-signed"),
        P::PapersBrought => shell.w.t("p-proof-papers-brought"),
    }
}

pub const fn acted_code(act: casework::ApplicantAct) -> &'static str {
    use casework::ApplicantAct as A;
    match act {
        A::Step => "step",
        A::Withdrawal => "withdrawal",
        A::Objection => "objection",
        A::Correction => "correction",
        A::Answers => "answers",
    }
}

pub fn pause(shell: &Shell, edition: &Edition, kind: &PauseKind) -> String {
    match kind {
        PauseKind::Statutory(kind) => kind.name().get(shell.lang).to_owned(),
        PauseKind::Local(id) => {
            let pause = edition.parts().local_pauses.get(id);
            pause.map_or_else(|| id.to_string(), |pause| shell.say(&pause.name).to_owned())
        }
    }
}

pub const fn change_code(change: ResultChange) -> &'static str {
    match change {
        ResultChange::TakenBack => "taken-back",
        ResultChange::Altered => "altered",
        ResultChange::Annulled => "annulled",
        ResultChange::Revoked => "revoked",
        ResultChange::Cancelled => "cancelled",
        ResultChange::Replaced => "replaced",
    }
}

/// One line of the history: what happened, the text that belongs to it, and how it is marked.
pub struct Told<'a> {
    pub what: String,
    pub text: Option<&'a DocRef>,
    pub class: &'static str,
}

/// The reference of a happening's text, so that it can be fetched beforehand.
pub fn told<'a>(shell: &Shell, loaded: &LoadedCase, item: Option<&str>, what: &'a Happening) -> Told<'a> {
    let (w, edition) = (shell.w, &*loaded.edition);
    let step = |id: &StepId| step_in(shell, edition, item.unwrap_or_default(), id);
    let materials = |ids: &[MaterialId]| {
        let names: Vec<String> = ids.iter().map(|id| material_in(shell, edition, id)).collect();
        names.join(if shell.lang == Lang::Zh { "、" } else { ", " })
    };
    let (what_text, class) = match what {
        Happening::Submitted => (w.t("desk-did-submitted"), "done"),
        Happening::MatterOpened => (w.t("desk-did-opened"), ""),
        Happening::MatterReleased => (w.t("desk-did-released-matter"), ""),
        Happening::AnswersRestated => (w.t("desk-did-restated"), ""),
        Happening::Replanned { .. } => (w.t("desk-did-replanned"), ""),
        Happening::Dropped(DropCause::PrerequisiteFailed) => (w.t("desk-did-dropped-prerequisite"), "late"),
        Happening::Dropped(_) => (w.t("desk-did-dropped"), ""),
        Happening::EditionMoved => (w.t("desk-did-moved"), ""),
        Happening::MaterialsAdded(ids) => {
            (w.with("desk-did-materials", &[("materials", materials(ids).into())]), "")
        }
        Happening::Accepted => (w.t("desk-did-accepted"), "done"),
        Happening::DeemedAccepted { accepted_at } => {
            (w.with("desk-did-deemed", &[("day", ui::day(shell, *accepted_at).into())]), "late")
        }
        Happening::NotAccepted { ground, .. } => match ground {
            casework::IntakeGround::NotRequired => (w.t("desk-did-not-required"), "late"),
            casework::IntakeGround::NotOurRemit { organ } => {
                (w.with("desk-did-not-remit", &[("organ", organ.to_string().into())]), "late")
            }
        },
        Happening::PartiesCame { proof } => {
            (w.with("desk-did-present", &[("proof", self::proof(shell, proof).into())]), "done")
        }
        Happening::PresenceTakenBack { .. } => (w.t("desk-did-presence-back"), "late"),
        Happening::CorrectedOnTheSpot { .. } => (w.t("desk-did-corrected"), ""),
        Happening::CorrectionAsked { points, .. } => {
            let mut names: Vec<String> =
                points.materials.iter().map(|id| material_in(shell, edition, id)).collect();
            names.extend(points.fields.iter().map(|id| {
                edition.field(id).map_or_else(|| id.to_string(), |field| shell.say(field.fact()).to_owned())
            }));
            let points = names.join(if shell.lang == Lang::Zh { "、" } else { ", " });
            (w.with("desk-did-correction", &[("points", points.into())]), "now")
        }
        Happening::RepeatedCorrection { .. } => (w.t("desk-did-repeated"), "late"),
        Happening::CorrectionSupplied(_) => (w.t("desk-did-supplied"), "done"),
        Happening::Lapsed(LapseCause::PromiseBroken) => (w.t("desk-did-lapsed-promise"), "late"),
        Happening::Lapsed(LapseCause::ResultEnded) => (w.t("desk-did-lapsed-result"), "late"),
        Happening::Lapsed(_) => (w.t("desk-did-lapsed"), "late"),
        Happening::Claimed { step: id, .. } => (w.with("desk-did-claimed", &[("step", step(id).into())]), ""),
        Happening::Released { step: id } => (w.with("desk-did-released", &[("step", step(id).into())]), ""),
        Happening::StepDone { step: id, yes, returns_to, joint, automatic, .. } => {
            let silent = |step: &catalogue::Step| step.silent_yes && *automatic;
            let planned = item.and_then(|item| edition.item(&item.into())?.steps.get(id));
            let key = match (yes, returns_to) {
                (true, _) if planned.is_some_and(silent) => "desk-did-step-silent",
                (true, _) if *joint => "desk-did-step-joint",
                (true, _) => "desk-did-step",
                (false, Some(_)) => "desk-did-step-back",
                (false, None) => "desk-did-step-no",
            };
            (w.with(key, &[("step", step(id).into())]), if *yes { "done" } else { "late" })
        }
        Happening::Paused { pause: kind, needed, .. } => {
            let needed = needed.map(|limit| limit.text(calendar_lang(shell))).unwrap_or_default();
            (
                w.with(
                    "desk-did-paused",
                    &[("kind", pause(shell, edition, kind).into()), ("needed", needed.into())],
                ),
                "now",
            )
        }
        Happening::Resumed { pause: kind } => {
            (w.with("desk-did-resumed", &[("kind", pause(shell, edition, kind).into())]), "")
        }
        Happening::ExtensionRequested { .. } => (w.t("desk-did-extension-asked"), ""),
        Happening::Extended { more, .. } => {
            (w.with("desk-did-extended", &[("more", more.text(calendar_lang(shell)).into())]), "now")
        }
        Happening::ExtensionDenied { .. } => (w.t("desk-did-extension-denied"), ""),
        Happening::Granted { .. } => (w.t("desk-did-granted"), "done"),
        Happening::Refused { .. } => (w.t("desk-did-refused"), "late"),
        Happening::Issued { number } => {
            (w.with("desk-did-issued", &[("number", number.to_string().into())]), "done")
        }
        Happening::Delivered { how } => (w.t(&format!("desk-did-delivered-{}", delivery_code(*how))), "done"),
        Happening::GapClosed(ids) => {
            (w.with("desk-did-gap", &[("materials", materials(ids).into())]), "done")
        }
        Happening::PromiseVerified { kept: true, .. } => (w.t("desk-did-promise-kept"), "done"),
        Happening::PromiseVerified { kept: false, .. } => (w.t("desk-did-promise-broken"), "late"),
        Happening::ResultChanged { change, .. } => {
            (w.t(&format!("desk-change-{}", change_code(*change))), "late")
        }
        Happening::ResultReplaced { number, .. } => {
            (w.with("desk-did-replaced", &[("number", number.to_string().into())]), "")
        }
        Happening::ActedFor { act, step: id, proof: shown, .. } => {
            let about = [
                ("step", id.as_ref().map(step).unwrap_or_default().into()),
                ("proof", proof(shell, shown).into()),
            ];
            (w.with(&format!("desk-acted-{}", acted_code(*act)), &about), "now")
        }
        Happening::ActUndone => (w.t("desk-act-undone"), "late"),
        Happening::Withdrawn { .. } => (w.t("desk-did-withdrawn"), ""),
        Happening::ObjectionRaised { .. } => (w.t("desk-did-objection"), "now"),
        Happening::ObjectionAnswered { .. } => (w.t("desk-did-objection-answered"), ""),
        Happening::Rated { .. } if loaded.case.rating_for_officers().is_none() => {
            (w.t("desk-did-rated-closed"), "")
        }
        Happening::Rated { level } => {
            (w.with("desk-did-rated", &[("level", w.t(&format!("p-rating-{level}")).into())]), "")
        }
        Happening::Message { from: Side::Applicant, .. } => (w.t("desk-did-message-in"), "now"),
        Happening::Message { from: Side::Administration, .. } => (w.t("desk-did-message-out"), ""),
        Happening::Warned(_) => (w.t("desk-did-warned"), "late"),
        Happening::Overdue { clock, due_at } => {
            let clock = w.t(&format!("desk-clock-{}", ui::clock_code(*clock)));
            let day = ui::due_day(shell, *due_at);
            (w.with("desk-did-overdue", &[("clock", clock.into()), ("day", day.into())]), "late")
        }
        Happening::VisitSet { step: id, at, .. } => (
            w.with("desk-did-visit", &[("step", step(id).into()), ("at", ui::date_time(shell, *at).into())]),
            "",
        ),
        Happening::OverdueExplained { .. } => (w.t("desk-did-explained"), ""),
    };
    Told { what: what_text, text: what.text(), class }
}

pub const fn delivery_code(how: casework::Delivery) -> &'static str {
    match how {
        casework::Delivery::Online => "online",
        casework::Delivery::Window => "window",
        casework::Delivery::Post => "post",
    }
}
