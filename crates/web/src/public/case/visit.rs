//! A step at which the applicant has to be there: where, who comes, what is looked at, and a way to say when it suits.

use casework::{Doer, Matter, PlannedStep};
use catalogue::{Step, StepKind};
use maud::{Markup, html};
use office::{Act, LoadedCase};

use super::act::{CaseForm, Unread};
use super::todo::Typed;
use super::words::Names;
use crate::fault::Failure;
use crate::shell::{Shell, encode};
use crate::ui;
use axum::response::Response;

/// The visits that are due now, with the steps that are the officers'.
pub fn due<'l>(loaded: &'l LoadedCase, matter: &'l Matter) -> Vec<(&'l PlannedStep, &'l Step)> {
    let item = loaded.edition.item(&matter.item);
    let officers = matter.open_steps().filter(|(step, _)| step.by != Doer::Applicant);
    officers
        .filter_map(|(step, _)| Some((step, item?.step(&step.id)?)))
        .filter(|(_, declared)| declared.present)
        .collect()
}

pub fn card(
    names: &Names<'_>,
    loaded: &LoadedCase,
    matter: &Matter,
    step: (&PlannedStep, &Step),
    command: &str,
) -> Markup {
    let (shell, w) = (names.shell, names.shell.w);
    let (planned, declared) = step;
    let title = names.step(Some(&matter.item), &planned.id);
    if declared.kind != StepKind::Inspect {
        return html! {
            section.card.task {
                h3 { (w.with("visit-hall-title", &[("step", title.into())])) }
                p.quiet { (names.item(&matter.item)) }
                (hall(names, loaded, matter))
            }
        };
    }
    let department = names.department(&matter.department);
    let officers = declared.officers.max(1);
    html! {
        section.card.task {
            h3 { (w.with("visit-site-title", &[("step", title.into())])) }
            p.quiet { (names.item(&matter.item)) }
            (ui::facts(&[
                (w.t("visit-who"), html! { (w.with("visit-who-comes", &[("department", department.as_str().into()), ("officers", officers.into())])) }),
                (w.t("visit-how"), html! { (w.t(if declared.remote { "visit-how-either" } else { "visit-how-site" })) }),
                (w.t("visit-when"), html! { (w.with("visit-when-open", &[("department", department.as_str().into())])) }),
                (w.t("visit-phone"), phone(names, loaded, matter)),
            ]))
            @if !declared.checklist.is_empty() {
                p.strong { (w.t("visit-looked-at")) }
                ul { @for point in &declared.checklist { li { (shell.say(point)) } } }
            }
            (proposal(shell, loaded, matter, declared, command))
        }
    }
}

fn phone(names: &Names<'_>, loaded: &LoadedCase, matter: &Matter) -> Markup {
    let department = loaded.edition.department(&matter.department);
    let phone = department.and_then(|department| department.phone.as_deref());
    match phone {
        Some(phone) => html! { a href=(format!("tel:{}", phone.replace('-', ""))) { (phone) } },
        None => html! { (names.shell.say(&loaded.edition.zone().contact)) },
    }
}

/// Where one goes, and how to come at a time of one's own.
pub fn hall(names: &Names<'_>, loaded: &LoadedCase, matter: &Matter) -> Markup {
    let (shell, w) = (names.shell, names.shell.w);
    let edition = &loaded.edition;
    let department = edition.department(&matter.department);
    let address = department.and_then(|department| department.address.as_ref());
    let papers: Vec<String> =
        matter.plan.materials.iter().map(|material| names.material(&material.id)).collect();
    html! {
        (ui::facts(&[
            (w.t("visit-where"), html! {
                @if let Some(address) = address { (shell.say(address)) }
                @else { (names.department(&matter.department)) }
            }),
            (w.t("visit-when"), html! { (w.t("visit-when-hall")) }),
            (w.t("visit-all"), html! { (w.t("visit-all-parties")) }),
            (w.t("visit-bring"), html! {
                @if papers.is_empty() { (w.t("visit-bring-identity")) }
                @else { (w.with("visit-bring-papers", &[("papers", w.list(&papers).into())])) }
            }),
            (w.t("visit-phone"), phone(names, loaded, matter)),
        ]))
        (ui::actions(html! {
            @for hall in edition.parts().halls.values() {
                a.button.second href=(format!("/book/{}", encode(hall.id.as_str()))) { (w.with("visit-book", &[("hall", shell.say(&hall.name).into())])) }
            }
        }))
    }
}

/// When it would suit, as a message that officers read with the case.
fn proposal(shell: &Shell, loaded: &LoadedCase, matter: &Matter, declared: &Step, command: &str) -> Markup {
    let w = shell.w;
    let today = ui::civil(shell, shell.now).date();
    let id = |part: &str| format!("visit-{part}-{}", matter.item.as_str().replace(char::is_whitespace, "-"));
    html! {
        form method="post" action=(format!("/cases/{}/visit", encode(&loaded.case.number))) {
            (ui::hidden("command", command))
            (ui::hidden("item", matter.item.as_str()))
            (ui::hidden("step", declared.id.as_str()))
            div.question { label for=(id("day")) { (w.t("visit-propose-day")) } input.w-medium id=(id("day")) type="date" name="day" min=(today) required; }
            div.question {
                label for=(id("hours")) { (w.t("visit-propose-hours")) }
                select id=(id("hours")) name="hours" { @for hours in HOURS { option value=(hours) { (w.t(&format!("visit-hours-{hours}"))) } } }
            }
            @if declared.remote {
                div.question {
                    label for=(id("way")) { (w.t("visit-how")) }
                    select id=(id("way")) name="way" { @for way in WAYS { option value=(way) { (w.t(&format!("visit-way-{way}"))) } } }
                }
            }
            (ui::actions(html! { button.button.second type="submit" { (w.t("visit-propose-send")) } }))
        }
    }
}

const HOURS: [&str; 3] = ["any", "morning", "afternoon"];
const WAYS: [&str; 2] = ["site", "video"];

/// 希望核查的时间: said in a sentence, so that officers need nothing new to read it.
pub async fn propose(form: CaseForm) -> Result<Response, Failure> {
    let read = |form: &CaseForm| {
        let w = form.shell().w;
        let day: Option<calendar::Date> = form.value("day").parse().ok();
        let Some(day) = day else {
            return Err(Unread::Missing(w.t("visit-propose-missing"), Box::default()));
        };
        let hours = HOURS.iter().find(|hours| **hours == form.value("hours")).unwrap_or(&HOURS[0]);
        let way = WAYS.iter().find(|way| **way == form.value("way"));
        let step = form.item().and_then(|item| {
            let item = form.shell().edition.item(&item)?;
            Some(form.shell().say(&item.step(&form.value("step").into())?.title).to_owned())
        });
        let mut text = w.with(
            "visit-proposed",
            &[
                ("step", step.unwrap_or_default().into()),
                ("day", ui::date(form.shell(), day).into()),
                ("hours", w.t(&format!("visit-hours-{hours}")).into()),
            ],
        );
        if let Some(way) = way {
            text.push_str(&w.with("visit-proposed-way", &[("way", w.t(&format!("visit-way-{way}")).into())]));
        }
        Ok((Act::Message { item: form.item(), text }, Typed::default()))
    };
    form.perform("visit", read).await
}
