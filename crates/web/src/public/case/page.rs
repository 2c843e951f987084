//! Where a case stands: what waits for the person first, then each department, results, talk, and what has happened.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use casework::{ClockKind, Colour, ExplainedClock, Matter, MatterState, PlannedStep, StepState};
use jiff::Timestamp;
use maud::{Markup, PreEscaped, html};
use office::{Attachment, By, LoadedCase, OpenedCase};
use serde::Deserialize;

use super::kept::{Basis, Drawing, Drawings, Form};
use super::number::{Prospect, measured, prospect};
use super::progress;
use super::timeline::{quotes, timeline};
use super::todo::{Typed, todo};
use super::words::{Names, became, case_tag, ended_because, matter_tag, whose_move};
use super::{act, result};
use crate::app::App;
use crate::fault::Failure;
use crate::public::agents;
use crate::public::draft::serve_file;
use crate::public::item::remedies;
use crate::public::my::grouped;
use crate::public::papers_list;
use crate::public::reckon::Reckoned;
use crate::public::visitor::{Guest, see};
use crate::shell::{Page, Shell, encode};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Did {
    /// What the person has just done, for a word of thanks.
    #[serde(default)]
    did: String,
}

const DID: [&str; 9] =
    ["visit", "undone", "message", "objection", "withdrawn", "rated", "step", "supplied", "gap"];

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Extension(drawings): Extension<Drawings>,
    Path(number): Path<String>,
    Query(did): Query<Did>,
) -> Result<Response, Failure> {
    // Staff have a page of their own for every case.
    let opened = match guest.case_in_progress(&app, &shell, &number).await {
        Err(Failure::NotFound) if shell.viewer.as_ref().is_some_and(office::Viewer::is_officer) => {
            return Ok(see(&format!("/desk/cases/{}", encode(&number))));
        }
        // A link that was opened on another device: the number is known, the telephone is asked for.
        Err(Failure::NotFound) if identifier::CaseNumber::parse(&number).is_ok() => {
            return Ok(see(&format!("/track?number={}", encode(&number))));
        }
        found => found?,
    };
    if opened.access == office::Access::Progress {
        return Ok(progress::page(&app, &shell, &opened).await?.into_response());
    }
    let did = DID.contains(&did.did.as_str()).then(|| shell.w.t(&format!("p-did-{}", did.did)));
    let said = did.map(|text| ui::panel("good", html! { p { (text) } })).unwrap_or_default();
    let kept = drawn(&app, &shell, &opened, &drawings).await?;
    Ok(lay_out(&app, &shell, &opened, said, None, &kept.1).await?.into_response())
}

/// The page, with what has just been said on top and what was typed and not taken in its boxes.
pub async fn draw(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    said: Markup,
    typed: &Typed,
) -> Result<Markup, Failure> {
    let basis = basis(shell, opened);
    let drawing = draw_parts(app, shell, opened, &basis).await?;
    lay_out(app, shell, opened, said, Some(typed), &drawing).await
}

/// What follows from the case alone, as it was drawn already or anew.
async fn drawn(
    app: &App,
    shell: &Shell,
    loaded: &LoadedCase,
    drawings: &Drawings,
) -> Result<Arc<(Basis, Drawing)>, Failure> {
    let basis = basis(shell, loaded);
    if let Some(kept) = drawings.get(loaded.id, shell.lang, &basis) {
        return Ok(kept);
    }
    let drawing = draw_parts(app, shell, loaded, &basis).await?;
    Ok(drawings.put(loaded.id, shell.lang, basis, drawing))
}

pub fn basis(shell: &Shell, loaded: &LoadedCase) -> Basis {
    let edition = &loaded.edition;
    let (calendar, offset) = (edition.calendar(), edition.offset());
    let mut clocks = Vec::new();
    for matter in &loaded.case.matters {
        // The promise tells also when all will be done.
        let promised = [ClockKind::Promised];
        let promised = promised.iter().filter(|kind| !clocks_shown(matter).contains(kind));
        let statutory = (matter.state == MatterState::Accepted).then_some(&ClockKind::Statutory);
        for kind in clocks_shown(matter).iter().chain(promised).chain(statutory) {
            clocks.extend(loaded.case.explain(&matter.item, *kind, calendar, offset, shell.now));
        }
    }
    let day = offset.to_datetime(shell.now).date();
    Basis { events: loaded.events(), edition: edition.hash(), day, clocks }
}

pub async fn draw_parts(
    app: &App,
    shell: &Shell,
    loaded: &LoadedCase,
    basis: &Basis,
) -> Result<Drawing, Failure> {
    // A case is told in the words of the edition that it runs under.
    let shell = &Shell { edition: loaded.edition.clone(), ..shell.for_nobody(basis.day) };
    let case = &loaded.case;
    let names = Names { shell, edition: &loaded.edition };
    let head = head(app, shell, loaded).await?;
    let middle = html! {
        (issued(shell, loaded))
        (lanes(&names, loaded, basis))
        (saved(shell, loaded))
    };
    let happened = if quotes(case) { None } else { Some(happened(app, shell, loaded).await?) };
    let nothing = Typed::default();
    let rating = Form::new(|command| act::rating(shell, loaded, &nothing, command));
    let talk = Form::new(|command| act::talk(shell, loaded, &nothing, command));
    Ok(Drawing { head, middle, rating, happened, talk })
}

/// What it is about, its number, and when it will be done.
pub async fn head(app: &App, shell: &Shell, loaded: &LoadedCase) -> Result<Markup, Failure> {
    let (w, case) = (shell.w, &loaded.case);
    let prospect = prospect(app, shell, loaded).await?;
    Ok(html! {
        div.case-head { h1 { (title(shell, loaded)) } (case_tag(shell, case.state())) }
        p.quiet { (w.t("p-case-number")) " " a.mono href=(format!("/cases/{}/number", encode(&case.number))) { (grouped(&case.number)) } " · " (w.with("p-received-on", &[("day", ui::day(shell, case.received_at).into())])) }
        @if let Some(prospect) = prospect {
            @let text = match prospect {
                Prospect::AfterCorrection => w.t("case-due-after-correction"),
                Prospect::Paused => w.t("case-due-paused"),
                Prospect::By(day) => w.with("p-case-due", &[("day", ui::date(shell, day).into())]),
                Prospect::Passed(day) => w.with("p-case-due-passed", &[("day", ui::date(shell, day).into())]),
            };
            p.due-line { span.strong { (text) } }
        }
        (crate::hall::tickets_line(shell, loaded))
    })
}

pub fn title<'a>(shell: &Shell, loaded: &'a LoadedCase) -> &'a str {
    loaded.edition.thing(&loaded.case.thing).map(|thing| thing.title.get(shell.lang)).unwrap_or_default()
}

async fn happened(app: &App, shell: &Shell, loaded: &LoadedCase) -> Result<Markup, Failure> {
    let w = shell.w;
    Ok(html! {
        section aria-labelledby="happened" {
            h2 #happened { (w.t("p-case-timeline")) }
            (timeline(app, shell, loaded).await?)
            (notices(shell, loaded))
            ul.plain-list.small {
                li { a href=(format!("/cases/{}/traces", encode(&loaded.case.number))) { (w.t("p-case-traces")) } }
                li { a href=(format!("/cases/{}/agents", encode(&loaded.case.number))) { (w.t("p-case-agents")) } }
            }
        }
    })
}

async fn lay_out(
    app: &App,
    shell: &Shell,
    opened: &OpenedCase<'_>,
    said: Markup,
    typed: Option<&Typed>,
    drawing: &Drawing,
) -> Result<Markup, Failure> {
    let loaded: &LoadedCase = opened;
    let shell = &Shell { edition: loaded.edition.clone(), ..shell.clone() };
    let w = shell.w;
    let files = app.office.files_of(opened).await?;
    let who: Vec<&str> = files.iter().map(|file| file.by.as_str()).collect();
    let officers = app.office.officer_names(&who).await?;
    let command = || app.office.new_id().to_string();
    let nothing = Typed::default();
    // Most pages are some kilobytes, and grow no further.
    let mut body = String::with_capacity(16 * 1024);
    body.push_str(&said.0);
    body.push_str(&agents::banner_in_case(app, shell, loaded, opened.by).await?.0);
    body.push_str(&drawing.head.0);
    body.push_str(&todo(app, shell, loaded, &files, typed.unwrap_or(&nothing)).await?.0);
    body.push_str(&drawing.middle.0);
    match typed {
        _ if matches!(opened.by, By::Agent(_)) => {
            body.push_str(&act::rating_for_agent(shell, loaded).0);
        }
        Some(typed) => body.push_str(&act::rating(shell, loaded, typed, &command).0),
        None => drawing.rating.show(&mut body, command),
    }
    match &drawing.happened {
        Some(happened) => body.push_str(&happened.0),
        None => body.push_str(&happened(app, shell, loaded).await?.0),
    }
    match typed {
        Some(typed) => body.push_str(&act::talk(shell, loaded, typed, &command).0),
        None => drawing.talk.show(&mut body, command),
    }
    let papers = html! {
        p { a href=(format!("/cases/{}/answers", encode(&loaded.case.number))) { (w.t("p-own-answers")) } }
        @if !files.is_empty() {
            section aria-labelledby="files" {
                h2 #files { (w.t("p-case-files")) }
                (papers_list(shell, &format!("/cases/{}/files", encode(&loaded.case.number)), &files.iter().collect::<Vec<&Attachment>>(), &officers))
            }
        }
    };
    body.push_str(&papers.0);
    let page = Page::public(title(shell, loaded), PreEscaped(body));
    Ok(shell.lay_out(page.crumb(w.t("nav-home"), "/").crumb(w.t("p-my-title"), "/my")))
}

/// Every department's part.
pub fn lanes(names: &Names<'_>, loaded: &LoadedCase, basis: &Basis) -> Markup {
    html! {
        section aria-labelledby="lanes" {
            h2 #lanes { (names.shell.w.t("p-case-lanes")) }
            @for matter in &loaded.case.matters { (lane(names, loaded, matter, &basis.clocks)) }
        }
    }
}

/// One department's part.
fn lane(names: &Names<'_>, loaded: &LoadedCase, matter: &Matter, clocks: &[ExplainedClock]) -> Markup {
    let (shell, w) = (names.shell, names.shell.w);
    let holders: Vec<_> =
        loaded.case.who_has_it_now().into_iter().filter(|holder| holder.item == matter.item).collect();
    let item = loaded.edition.item(&matter.item);
    html! {
        article.lane {
            header { h3 { (names.item(&matter.item)) } (matter_tag(shell, matter)) }
            p.quiet.small { (names.department(&matter.department)) }
            @for holder in &holders { p { (whose_move(names, holder)) @if holder.who != casework::Whose::System { " " span.quiet.small { (w.with("p-since", &[("day", ui::day(shell, holder.since).into())])) } } } }
            @if let Some(because) = ended_because(shell, &matter.state) { p { (because) } }
            @if matter.is_paid_for_nothing() { (ui::panel("late", html! { p { (w.t("p-end-paid")) } })) }
            @for issued in &matter.results {
                @if let Some(change) = issued.change {
                    p { span.tag.late { (became(w, change, issued.replaced_by.as_deref())) } " " (super::result::title(shell, &loaded.edition, &matter.item, &issued.result)) }
                }
            }
            @if let Some(ended) = loaded.case.rests_on_ended(matter) {
                (ui::panel("late", html! { p { (w.with("p-rests-on-ended", &[("item", names.item(&ended.item).into())])) } }))
            }
            (clock(names, matter, clocks))
            @for (step, until) in running(loaded, matter, shell.now) {
                p { (w.with("p-step-runs-until", &[("step", names.step(Some(&matter.item), &step.id).into()), ("day", ui::due_day(shell, until).into())])) }
            }
            (steps(names, matter))
            @if matter.state == MatterState::Refused && let Some(item) = item {
                details.more { summary { (w.t("p-remedies")) } (remedies(shell, item)) }
            }
            @if let Some(item) = item { p.small { a href=(format!("/items/{}", encode(item.id.as_str()))) { (w.t("p-thing-item-guide")) } } }
        }
    }
}

/// Open steps that run for a set time, such as a public notice, each with the end of it.
fn running<'l>(
    loaded: &'l LoadedCase,
    matter: &'l Matter,
    now: Timestamp,
) -> impl Iterator<Item = (&'l PlannedStep, Timestamp)> {
    let (calendar, offset) = (loaded.edition.calendar(), loaded.edition.offset());
    let open = matter.open_steps().filter(|_| !matter.state.is_over());
    let until = move |(step, _): (&'l PlannedStep, _)| {
        let until = matter.runs_until(&step.id, calendar, offset, now)?;
        (now < until).then_some((step, until))
    };
    open.filter_map(until)
}

/// The clocks of which a matter tells every day.
const fn clocks_shown(matter: &Matter) -> &'static [ClockKind] {
    match matter.state {
        MatterState::Received => &[ClockKind::Intake],
        MatterState::Correcting => &[ClockKind::Correction],
        MatterState::Waiting | MatterState::Withdrawn | MatterState::Dropped(_) | MatterState::Lapsed(_) => {
            &[]
        }
        MatterState::Granted => &[ClockKind::Promised, ClockKind::Delivery],
        _ => &[ClockKind::Promised],
    }
}

/// The clock that presses, with every day of it.
fn clock(names: &Names<'_>, matter: &Matter, clocks: &[ExplainedClock]) -> Markup {
    let (shell, w) = (names.shell, names.shell.w);
    let explained =
        |kind| clocks.iter().find(|clock| clock.view.kind == kind && clock.view.item == matter.item);
    html! {
        @for clock in clocks_shown(matter).iter().filter_map(|kind| explained(*kind)) {
            @let kind = names.clock(clock.view.kind);
            @if !matches!(clock.view.colour, Colour::Done | Colour::DoneLate) || clock.view.kind == ClockKind::Promised {
                div.clock { span.quiet.small { (kind) } " " (ui::tag(shell, ui::colour_of(matter, &clock.view))) (ui::due_line(shell, matter, &clock.view, Some(&clock.explanation))) }
            }
        }
        @if let Some(statutory) = explained(ClockKind::Statutory).filter(|_| matter.state == MatterState::Accepted) {
            p.quiet.small { (w.with("p-clock-statutory-until", &[("day", ui::date(shell, statutory.view.due.due_on).into())])) }
        }
    }
}

fn steps(names: &Names<'_>, matter: &Matter) -> Markup {
    let w = names.shell.w;
    html! {
        details.more {
            summary { (w.with("p-lane-steps", &[
                ("done", matter.runs().filter(|(_, run)| run.state.is_done()).count().into()),
                ("count", matter.steps.len().into()),
            ])) }
            ol.progress.upright {
                @for (step, run) in matter.runs() {
                    @let title = names.step(Some(&matter.item), &step.id);
                    @match &run.state {
                        StepState::Done { at, .. } => { li.done { (title) " " span.quiet { (ui::day(names.shell, *at)) } span.visually-hidden { (w.t("p-step-is-done")) } } }
                        StepState::Open { .. } if !matter.state.is_over() => { li aria-current="step" { (title) " " span.quiet { (w.t("p-step-is-open")) } } }
                        _ => { li { (title) } }
                    }
                }
            }
        }
    }
}

/// The notices that the law asks for, to be read and printed.
fn notices(shell: &Shell, loaded: &LoadedCase) -> Markup {
    let notices = crate::desk::notices_of(loaded);
    html! {
        @if !notices.is_empty() {
            h3 { (shell.w.t("p-case-notices")) }
            ul.plain-list {
                @for (key, title) in &notices {
                    li { a href=(format!("/cases/{}/notices/{}", encode(&loaded.case.number), encode(key))) { (shell.say(title)) } }
                }
            }
        }
    }
}

/// Results that were issued, to be looked at and taken home.
fn issued(shell: &Shell, loaded: &LoadedCase) -> Markup {
    let w = shell.w;
    let number = encode(&loaded.case.number);
    let results: Vec<_> = loaded
        .case
        .matters
        .iter()
        .flat_map(|matter| matter.results.iter().map(move |issued| (matter, issued)))
        .collect();
    html! {
        @if !results.is_empty() {
            section.card aria-labelledby="results" {
                h2 #results { (w.t("p-case-results")) }
                ul.own-list {
                    @for (matter, issued) in results {
                        @let title = result::title(shell, &loaded.edition, &matter.item, &issued.result);
                        li {
                            span.strong { (title) } " " span.quiet.small { (issued.number) " · " (ui::day(shell, issued.issued_at)) }
                            @if let Some(change) = issued.change { " " span.tag.late { (became(w, change, issued.replaced_by.as_deref())) } }
                            @if let Some(identifier) = &issued.identifier {
                                p.row {
                                    a.button.small href=(format!("/cases/{number}/results/{}", encode(identifier))) { (w.t("p-result-view")) span.visually-hidden { (title) } }
                                    a href=(format!("/cases/{number}/results/{}/file", encode(identifier))) { (w.t("p-result-file")) span.visually-hidden { (title) } }
                                    a href=(format!("/v/{}", encode(identifier))) { (w.t("p-result-verify")) span.visually-hidden { (title) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What one form, one window and quick decisions spared this person.
fn saved(shell: &Shell, loaded: &LoadedCase) -> Markup {
    let w = shell.w;
    let visits = loaded.case.visits();
    let days = loaded.case.days_saved(loaded.edition.calendar(), loaded.edition.offset());
    html! {
        section aria-labelledby="saved" {
            h2 #saved { (w.t("p-case-saved")) }
            ul.figures {
                li.figure { span.n { (visits.made) } span.what { (w.with("p-visits-made", &[("to-come", visits.to_come.into())])) } }
                @if days > 0 { li.figure { span.n { (days) } span.what { (w.t("p-days-saved")) } } }
                @if let Some(Reckoned { separate, merged, .. }) = measured(loaded, None) {
                    @for (key, one_by_one, here) in [("p-questions-saved", separate.questions, merged.questions), ("p-papers-saved", separate.materials, merged.materials), ("p-visits-saved", separate.visits, merged.visits)] {
                        @if one_by_one > here { li.figure { span.n { (one_by_one - here) } span.what { (w.t(key)) } } }
                    }
                }
            }
            (still_to_come(shell, loaded))
        }
    }
}

/// Which steps the journeys still to come belong to; the card of each, once it is due, tells time, place and what to bring.
fn still_to_come(shell: &Shell, loaded: &LoadedCase) -> Markup {
    let steps: Vec<(&str, &str)> = loaded
        .case
        .steps_to_come_to()
        .filter_map(|(matter, step)| {
            let item = loaded.edition.item(&matter.item)?;
            Some((shell.say(&item.step(&step.id)?.title), shell.say(&item.title)))
        })
        .collect();
    html! {
        @if !steps.is_empty() {
            p { (shell.w.t("p-visits-which")) }
            ul { @for (step, item) in steps { li { (step) " " span.quiet { (item) } } } }
        }
    }
}

pub async fn file(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let opened = guest.case(&app, &shell, &number).await?;
    let (file, source) = app.office.case_file(opened.id, &digest, opened.by).await?;
    Ok(serve_file(&file, source))
}
