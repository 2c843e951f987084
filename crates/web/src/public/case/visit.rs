//! A step at which the applicant has to be there: where, who comes, what is looked at, and a way to say when it suits.

use casework::{Doer, Matter, PlannedStep};
use catalogue::{Step, StepKind};
use diagnostic::Bilingual;
use maud::{Markup, html};
use office::{Act, LoadedCase};

use axum::extract::{Path, State};

use super::act::{CaseForm, Unread};
use super::todo::Typed;
use super::words::Names;
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::Guest;
use crate::shell::{Shell, encode};
use crate::ui;
use axum::response::Response;

/// The visits that are due now, with the steps that are the officers'.
pub fn due<'l>(loaded: &'l LoadedCase, matter: &'l Matter) -> Vec<(&'l PlannedStep, &'l Step)> {
    let item = loaded.edition.item(&matter.item);
    // Those who came to apply, or applied there, need not come for that.
    let there = matter.came_at.is_some() || loaded.case.channel == catalogue::Channel::Window;
    let officers = matter
        .open_steps()
        .filter(|(step, _)| step.by != Doer::Applicant && !(there && step.kind == StepKind::Accept));
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
    let set = matter.runs().find(|(run, _)| run.id == planned.id).and_then(|(_, run)| run.visit);
    let title = names.step(Some(&matter.item), &planned.id);
    if !is_on_site(declared) {
        let key = if declared.place.is_some() { "visit-place-title" } else { "visit-hall-title" };
        return html! {
            section.card.task {
                h3 { (w.with(key, &[("step", title.into())])) }
                p.quiet { (names.item(&matter.item)) }
                (hall(names, loaded, matter, declared.kind, declared.place.as_ref()))
                @if declared.place.is_some() { (looked_at(shell, declared)) }
            }
        };
    }
    // Whoever has the step comes, be the item another department's.
    let department = match &planned.by {
        casework::Doer::Role { department, .. } => names.department(department),
        casework::Doer::Applicant | casework::Doer::System => names.department(&matter.department),
    };
    let officers = declared.officers.max(1);
    html! {
        section.card.task {
            h3 { (w.with("visit-site-title", &[("step", title.into())])) }
            p.quiet { (names.item(&matter.item)) }
            (ui::facts(&[
                (w.t("visit-who"), html! { (w.with("visit-who-comes", &[("department", department.as_str().into()), ("officers", officers.into())])) }),
                (w.t("visit-how"), html! { (w.t(match set {
                    Some(visit) if visit.remote => "visit-way-video",
                    Some(_) => "visit-how-site",
                    None if declared.remote => "visit-how-either",
                    None => "visit-how-site",
                })) }),
                (w.t("visit-when"), html! {
                    @match set {
                        Some(visit) => { span.strong { (ui::date_time(shell, visit.at)) } " " a href=(format!("/cases/{}/visits/{}/{}/visit.ics", encode(&loaded.case.number), encode(matter.item.as_str()), encode(planned.id.as_str()))) { (w.t("p-number-calendar")) } }
                        None => { (w.with("visit-when-open", &[("department", department.as_str().into())])) }
                    }
                }),
                (w.t("visit-phone"), phone(names, loaded, matter)),
            ]))
            (looked_at(shell, declared))
            @if set.is_some() { details.more { summary { (w.t("visit-other-time")) } (proposal(shell, loaded, matter, declared, command)) } }
            @else { (proposal(shell, loaded, matter, declared, command)) }
        }
    }
}

/// Officers come to look; otherwise whoever applied comes to them.
pub fn is_on_site(step: &Step) -> bool {
    step.kind == StepKind::Inspect && step.place.is_none()
}

fn looked_at(shell: &Shell, step: &Step) -> Markup {
    html! {
        @if !step.checklist.is_empty() {
            p.strong { (shell.w.t("visit-looked-at")) }
            ul { @for point in &step.checklist { li { (shell.say(point)) } } }
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
pub fn hall(
    names: &Names<'_>,
    loaded: &LoadedCase,
    matter: &Matter,
    kind: StepKind,
    place: Option<&Bilingual>,
) -> Markup {
    let (shell, w) = (names.shell, names.shell.w);
    let edition = &loaded.edition;
    let department = edition.department(&matter.department);
    let address = department.and_then(|department| department.address.as_ref());
    // What is handed in together is accepted from all together; whatever comes later is for whoever applied.
    let who = if kind == StepKind::Accept { "visit-all-parties" } else { "visit-all-applicant" };
    let papers: Vec<String> =
        matter.plan.materials.iter().map(|material| names.material(&material.id)).collect();
    html! {
        (ui::facts(&[
            (w.t("visit-where"), html! {
                @if let Some(place) = place { (shell.say(place)) }
                @else if let Some(address) = address { (shell.say(address)) }
                @else { (names.department(&matter.department)) }
            }),
            (w.t("visit-when"), html! { (w.t("visit-when-hall")) }),
            (w.t("visit-all"), html! { (w.t(who)) }),
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

/// 1 January 2026: numbers of a sequence have 31 bits.
const SEQUENCE_FROM: i64 = 1_767_225_600;

/// The visit for one's own calendar. Set anew, it takes the place of the one that a calendar holds.
pub async fn calendar(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, item, step)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let loaded = guest.case_in_progress(&app, &shell, &number).await?;
    let (item, step) = (catalogue::ItemId::from(item), catalogue::StepId::from(step));
    let matter = loaded.case.matter(&item).ok_or(Failure::NotFound)?;
    let mut open = matter.open_steps();
    let visit = open.find(|(planned, _)| planned.id == step).and_then(|(_, run)| run.visit);
    let visit = visit.ok_or(Failure::NotFound)?;
    let names = Names { shell: &shell, edition: &loaded.edition };
    let (w, number) = (shell.w, &loaded.case.number);
    let who = names.department(&matter.department);
    let phone = loaded.edition.department(&matter.department).and_then(|each| each.phone.clone());
    let told = format!("{who} {}", phone.unwrap_or_default());
    let way = w.t(if visit.remote { "visit-way-video" } else { "visit-way-site" });
    let summary = format!("{}（{way}）", names.step(Some(&item), &step));
    let ends = visit.at + jiff::SignedDuration::from_hours(1);
    let lines = [
        format!("UID:visit-{number}-{}-{}@yichuang", encode(item.as_str()), encode(step.as_str())),
        format!("DTSTAMP:{}", ui::ics::instant(shell.now)),
        format!("SEQUENCE:{}", (shell.now.as_second() - SEQUENCE_FROM).max(0)),
        format!("DTSTART:{}", ui::ics::instant(visit.at)),
        format!("DTEND:{}", ui::ics::instant(ends)),
        format!("SUMMARY:{}", ui::ics::escape(&summary)),
        format!("DESCRIPTION:{}", ui::ics::escape(&told)),
        format!("URL:{}/cases/{number}", app.office.public_url()),
    ];
    Ok(ui::ics::file("Visit", "PUBLISH", &lines, &format!("visit-{number}")))
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
