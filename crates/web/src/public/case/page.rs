//! Where a case stands: what waits for the person first, then each department, results, talk, and what has happened.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use casework::{ClockKind, Colour, Matter, MatterState, StepState};
use maud::{Markup, html};
use office::{Attachment, By, LoadedCase, OfficeEvent};
use serde::Deserialize;

use super::number::done_on;
use super::timeline::timeline;
use super::todo::{Typed, todo};
use super::words::{Names, case_tag, change_key, ended_because, matter_tag, whose_move};
use super::{act, result};
use crate::app::App;
use crate::fault::Failure;
use crate::public::agents;
use crate::public::draft::serve_file;
use crate::public::item::remedies;
use crate::public::my::grouped;
use crate::public::papers_list;
use crate::public::visitor::Guest;
use crate::shell::{Page, Shell, encode};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Did {
    /// What the person has just done, for a word of thanks.
    #[serde(default)]
    did: String,
}

const DID: [&str; 7] = ["message", "objection", "withdrawn", "rated", "step", "supplied", "gap"];

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
    Query(did): Query<Did>,
) -> Result<Response, Failure> {
    // Staff have a page of their own for every case.
    let (loaded, by) = match guest.case(&app, &shell, &number).await {
        Err(Failure::NotFound) if shell.viewer.as_ref().is_some_and(office::Viewer::is_officer) => {
            return Ok(super::super::visitor::see(&format!("/desk/cases/{}", encode(&number))));
        }
        found => found?,
    };
    let did = DID.contains(&did.did.as_str()).then(|| shell.w.t(&format!("p-did-{}", did.did)));
    let said = did.map(|text| ui::panel("good", html! { p { (text) } })).unwrap_or_default();
    Ok(draw(&app, &shell, &loaded, by, said, &Typed::default()).await?.into_response())
}

/// The page, with what has just been said on top and what was typed and not taken in its boxes.
pub async fn draw(
    app: &App,
    shell: &Shell,
    loaded: &LoadedCase,
    by: By<'_>,
    said: Markup,
    typed: &Typed,
) -> Result<Markup, Failure> {
    // A case is told in the words of the edition that it runs under.
    let shell = &Shell { edition: loaded.edition.clone(), ..shell.clone() };
    let w = shell.w;
    let case = &loaded.case;
    let names = Names { shell, edition: &loaded.edition };
    let title =
        loaded.edition.thing(&case.thing).map(|thing| shell.say(&thing.title).to_owned()).unwrap_or_default();
    let files = app.office.case_files(loaded.id, by).await?;
    let due = done_on(app, loaded).await?;
    let open = case.state() == casework::CaseState::Open;
    let body = html! {
        (said)
        (agents::banner_in_case(app, shell, loaded, by).await?)
        div.case-head { h1 { (title) } (case_tag(shell, case.state())) }
        p.quiet { (w.t("p-case-number")) " " a.mono href=(format!("/cases/{}/number", encode(&case.number))) { (grouped(&case.number)) } " · " (w.with("p-received-on", &[("day", ui::day(shell, case.received_at).into())])) }
        @if let Some(day) = due.filter(|_| open) {
            // A day that has passed is no prospect.
            @let key = if day < ui::civil(shell, shell.now).date() { "p-case-due-passed" } else { "p-case-due" };
            p.due-line { span.strong { (w.with(key, &[("day", ui::date(shell, day).into())])) } }
        }
        (crate::hall::tickets_line(shell, loaded))
        (todo(app, shell, loaded, &files, typed).await?)
        (issued(shell, loaded))
        section aria-labelledby="lanes" {
            h2 #lanes { (w.t("p-case-lanes")) }
            @for matter in &case.matters { (lane(app, &names, loaded, matter)) }
        }
        (saved(shell, loaded))
        (act::rating(app, shell, loaded, typed))
        section aria-labelledby="happened" {
            h2 #happened { (w.t("p-case-timeline")) }
            (timeline(app, shell, loaded).await?)
            (notices(shell, loaded))
            ul.plain-list.small {
                li { a href=(format!("/cases/{}/traces", encode(&case.number))) { (w.t("p-case-traces")) } }
                li { a href=(format!("/cases/{}/agents", encode(&case.number))) { (w.t("p-case-agents")) } }
            }
        }
        (act::talk(app, shell, loaded, typed))
        @if !files.is_empty() {
            section aria-labelledby="files" {
                h2 #files { (w.t("p-case-files")) }
                (papers_list(shell, &format!("/cases/{}/files", encode(&case.number)), &files.iter().collect::<Vec<&Attachment>>()))
            }
        }
    };
    Ok(shell.lay_out(Page::public(title, body).crumb(w.t("nav-home"), "/").crumb(w.t("p-my-title"), "/my")))
}

/// One department's part.
fn lane(app: &App, names: &Names<'_>, loaded: &LoadedCase, matter: &Matter) -> Markup {
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
            (clock(app, names, loaded, matter))
            (steps(names, matter))
            @if matter.state == MatterState::Refused && let Some(item) = item {
                details.more { summary { (w.t("p-remedies")) } (remedies(shell, item)) }
            }
            @if let Some(item) = item { p.small { a href=(format!("/items/{}", encode(item.id.as_str()))) { (w.t("p-thing-item-guide")) } } }
        }
    }
}

/// The clock that presses, with every day of it.
fn clock(app: &App, names: &Names<'_>, loaded: &LoadedCase, matter: &Matter) -> Markup {
    let (shell, w) = (names.shell, names.shell.w);
    let (edition, now) = (&loaded.edition, app.office.now());
    let explain = |kind| loaded.case.explain(&matter.item, kind, edition.calendar(), edition.offset(), now);
    let kinds: &[ClockKind] = match matter.state {
        MatterState::Received => &[ClockKind::Intake],
        MatterState::Correcting => &[ClockKind::Correction],
        MatterState::Waiting => &[],
        MatterState::Granted => &[ClockKind::Promised, ClockKind::Delivery],
        _ => &[ClockKind::Promised],
    };
    html! {
        @for clock in kinds.iter().filter_map(|kind| explain(*kind)) {
            @let kind = names.clock(clock.view.kind);
            @if !matches!(clock.view.colour, Colour::Done | Colour::DoneLate) || clock.view.kind == ClockKind::Promised {
                div.clock { span.quiet.small { (kind) } " " (ui::tag(shell, clock.view.colour.code())) (ui::due_line(shell, &clock.view, Some(&clock.explanation))) }
            }
        }
        @if let Some(statutory) = explain(ClockKind::Statutory).filter(|_| matter.state == MatterState::Accepted) {
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
                            @if let Some(change) = issued.change { " " span.tag.late { (w.t(change_key(change))) } }
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
    let measured = loaded.office_events.iter().find_map(|event| match event {
        OfficeEvent::FormMeasured { separate, merged } => Some((*separate, *merged)),
        _ => None,
    });
    html! {
        section aria-labelledby="saved" {
            h2 #saved { (w.t("p-case-saved")) }
            ul.figures {
                li.figure { span.n { (visits.made) } span.what { (w.with("p-visits-made", &[("to-come", visits.to_come.into())])) } }
                @if days > 0 { li.figure { span.n { (days) } span.what { (w.t("p-days-saved")) } } }
                @if let Some((separate, merged)) = measured {
                    @for (key, one_by_one, here) in [("p-questions-saved", separate.questions, merged.questions), ("p-papers-saved", separate.materials, merged.materials), ("p-visits-saved", separate.visits, merged.visits)] {
                        @if one_by_one > here { li.figure { span.n { (one_by_one - here) } span.what { (w.t(key)) } } }
                    }
                }
            }
        }
    }
}

pub async fn file(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path((number, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (loaded, by) = guest.case(&app, &shell, &number).await?;
    let (file, source) = app.office.case_file(loaded.id, &digest, by).await?;
    Ok(serve_file(&file, source))
}
