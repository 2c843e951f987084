//! The console: find a person's case, go on with their draft, begin for them, accept what waits.

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::Channel;
use maud::{Markup, html};
use office::{
    By, CameFrom, CaseFilter, CaseLine, OfficeError, OpenDraft, ResumeCode, StartDraft, TaskRow, TicketRef,
    Viewer, WorklistFilter,
};
use serde::Deserialize;

use super::clerk;
use super::seat::Seat;
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::public::party_kind;
use crate::public::visitor::find_case;
use crate::shell::{Page, Shell, encode};
use crate::ui;

const FOUND_MAX: u32 = 20;
const QUEUE_MAX: u32 = 200;
/// Without script the console hears of the hall so often.
const REFRESH_SECONDS: u32 = 60;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    /// A case that was accepted or handed in a moment ago.
    #[serde(default)]
    done: String,
    /// The item that was accepted, where it was one of the list.
    #[serde(default)]
    item: String,
}

/// A form that did not go through: which one, what was typed, and why not.
#[derive(Debug, Default)]
struct Attempt {
    form: &'static str,
    typed: String,
    message: String,
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw(&app, &shell, &asked, &Attempt::default()).await
}

pub async fn resume(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = clerk(&shell)?;
    let posted = Posted(pairs);
    let code = posted.one("code");
    let message = match app.office.resume(code, By::Viewer(viewer)).await {
        Ok(id) => return Ok(Redirect::to(&format!("/drafts/{id}")).into_response()),
        Err(OfficeError::NotFound) => shell.w.t("window-code-unknown"),
        Err(error) => match error.message_in(shell.lang, &shell.edition) {
            Some(message) => message,
            None => return Err(error.into()),
        },
    };
    let attempt = Attempt { form: "code", typed: code.to_owned(), message };
    let page = draw(&app, &shell, &Asked::default(), &attempt).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub async fn start(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = clerk(&shell)?;
    let posted = Posted(pairs);
    let party = party_kind(posted.one("party"));
    let start = StartDraft {
        thing: posted.one("thing").into(),
        party,
        channel: Channel::Window,
        came_from: CameFrom::default(),
    };
    match app.office.start_draft(start, By::Viewer(viewer)).await {
        Ok(open) => Ok(Redirect::to(&format!("/drafts/{}", open.id)).into_response()),
        Err(OfficeError::NotFound) => {
            let attempt =
                Attempt { form: "start", typed: String::new(), message: shell.w.t("window-choose-thing") };
            let page = draw(&app, &shell, &Asked::default(), &attempt).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The console after an act in the hall that was refused.
pub async fn draw_with_seat(
    app: &App,
    shell: &Shell,
    asked: &Asked,
    problem: &str,
) -> Result<Markup, Failure> {
    let attempt = Attempt { form: "seat", typed: String::new(), message: problem.to_owned() };
    draw(app, shell, asked, &attempt).await
}

/// The code of what this clerk has just handed in for somebody.
async fn receipt(app: &App, viewer: &Viewer, number: &str) -> Result<Option<ResumeCode>, Failure> {
    let Ok(id) = find_case(app, number).await else { return Ok(None) };
    match app.office.receipt_code(id, By::Viewer(viewer)).await {
        Ok(code) => Ok(Some(code)),
        Err(OfficeError::Denied) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn draw(app: &App, shell: &Shell, asked: &Asked, attempt: &Attempt) -> Result<Markup, Failure> {
    let viewer = clerk(shell)?;
    let seat = Seat::load(app, shell, viewer).await?;
    let w = shell.w;
    let words = asked.q.trim();
    let found = if words.is_empty() { None } else { Some(find(app, viewer, words).await?) };
    let queue = app.office.worklist(&WorklistFilter::default(), QUEUE_MAX, None, viewer).await?.tasks;
    let queue: Vec<_> =
        queue.into_iter().filter(|(task, _)| task.kind == "accept" && task.held_by.is_empty()).collect();
    let drafts: Vec<_> = app.office.drafts(By::Viewer(viewer)).await?;
    let code = receipt(app, viewer, &asked.done).await?;
    // Handed in just now, or accepted already: only then there is a notice.
    let waits = queue.iter().any(|(task, _)| task.number == asked.done);
    let (done, open) = match (asked.item.is_empty(), waits) {
        (false, _) => ("window-accepted-item", "window-open-and-print"),
        (true, true) => ("window-received", "window-open-case"),
        (true, false) => ("window-done", "window-open-and-print"),
    };
    let item = shell.edition.item(&asked.item.as_str().into());
    let item = item.map(|item| shell.say(&item.title).to_owned()).unwrap_or_default();
    let at_seat = attempt.form == "seat";
    let problems: Vec<_> = (!attempt.message.is_empty() && !at_seat)
        .then(|| (attempt.form.to_owned(), attempt.message.clone()))
        .into_iter()
        .collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        @if !asked.done.is_empty() {
            div.panel.good role="status" {
                p { (w.with(done, &[("number", asked.done.as_str().into()), ("item", item.as_str().into())])) }
                @if let Some(code) = &code { p { (w.t("window-receipt-code")) " " strong.mono { (code) } } }
                p { a.button.second.small href=(format!("/desk/cases/{}", encode(&asked.done))) data-key="t" { (w.t(open)) " " kbd { "Alt+T" } } " "
                    a.button.second.small href=(format!("/desk/cases/{}/receipt", encode(&asked.done))) data-key="b" { (w.t("receipt-print")) " " kbd { "Alt+B" } } }
            }
        }
        h1 { (w.t("nav-window")) }
        (seat.draw(app, shell, if at_seat { &attempt.message } else { "" }))
        div.split.even {
            div { (search(shell, words, found.as_deref(), seat.ticket_ref().as_ref())) (starting(shell, attempt)) (going_on(shell, attempt, &drafts)) }
            div { (accepting(app, shell, &queue)) }
        }
    };
    let page = Page::desk(w.t("nav-window"), body);
    Ok(shell.lay_out(match seat.live() {
        Some(address) => page.live(address, REFRESH_SECONDS),
        None => page,
    }))
}

/// By number first: people read it out, with or without its hyphens.
async fn find(app: &App, viewer: &Viewer, words: &str) -> Result<Vec<CaseLine>, Failure> {
    let number = identifier::CaseNumber::parse(words).map(|number| number.to_string());
    let words = number.unwrap_or_else(|_| words.to_owned());
    let filter = CaseFilter { words, ..CaseFilter::default() };
    Ok(app.office.cases(&filter, FOUND_MAX, None, viewer).await?.lines)
}

fn search(shell: &Shell, words: &str, found: Option<&[CaseLine]>, ticket: Option<&TicketRef>) -> Markup {
    let w = shell.w;
    html! {
        section.card aria-labelledby="find-title" {
            h2 id="find-title" { (w.t("window-find")) }
            form method="get" action="/window" role="search" {
                div.question {
                    label for="q" { (w.t("window-find-label")) " " kbd { "/" } }
                    div.with-unit { input type="search" id="q" name="q" value=(words) data-search="" autocomplete="off"; button.button.second type="submit" { (w.t("window-find-go")) } }
                }
            }
            @if let Some(lines) = found {
                @if lines.is_empty() { p.quiet { (w.t("window-find-none")) } }
                ul.found {
                    @for line in lines {
                        li { a data-row="" href=(format!("/desk/cases/{}", line.row.number)) { (line.row.number) } " " (thing(shell, &line.row.thing)) " · " (line.applicant) " "
                            (ui::tag(shell, &line.row.colour))
                            @if let Some(ticket) = ticket {
                                form.one method="post" action="/window/hall" { (ui::hidden("act", "link")) (ui::hidden("case", &line.row.number))
                                    button.button.second.small type="submit" { (w.with("seat-link", &[("number", ticket.number.to_string().into())])) } }
                            } }
                    }
                }
            }
        }
    }
}

fn starting(shell: &Shell, attempt: &Attempt) -> Markup {
    let w = shell.w;
    let wrong = attempt.form == "start";
    let feedback = [shell.edition.zone().feedback.as_ref(), shell.edition.zone().callback.as_ref()];
    html! {
        section.card #start aria-labelledby="start-title" {
            h2 id="start-title" { (w.t("window-start")) }
            form method="post" action="/window/start" {
                div.question.wrong[wrong] {
                    label for="thing" { (w.t("window-start-thing")) " " kbd { "Alt+Q" } }
                    @if wrong { p.problem { (attempt.message) } }
                    select id="thing" name="thing" data-key="q" {
                        option value="" { (w.t("form-choose")) }
                        @for thing in shell.edition.parts().things.values().filter(|thing| !feedback.contains(&Some(&thing.id))) {
                            option value=(thing.id) { (shell.say(&thing.title)) }
                        }
                    }
                }
                fieldset.question {
                    legend { (w.t("window-start-party")) }
                    div.choices.inline {
                        @for (value, key) in [("", "window-party-any"), ("legal", "window-party-legal"), ("natural", "window-party-natural")] {
                            label.choice { input type="radio" name="party" value=(value) checked[value.is_empty()]; span { (w.t(key)) } }
                        }
                    }
                }
                div.actions { button.button type="submit" data-key="n" { (w.t("window-start-go")) " " kbd { "Alt+N" } } }
            }
        }
    }
}

fn going_on(shell: &Shell, attempt: &Attempt, drafts: &[OpenDraft]) -> Markup {
    let w = shell.w;
    let wrong = attempt.form == "code";
    html! {
        section.card #code aria-labelledby="code-title" {
            h2 id="code-title" { (w.t("window-code")) }
            form method="post" action="/window/resume" {
                div.question.wrong[wrong] {
                    label for="code-input" { (w.t("window-code-label")) " " kbd { "Alt+K" } }
                    @if wrong { p.problem { (attempt.message) } }
                    div.with-unit {
                        input.w-medium.mono type="text" id="code-input" name="code" data-key="k" value=(if wrong { attempt.typed.as_str() } else { "" }) autocapitalize="characters" autocomplete="off" spellcheck="false";
                        button.button.second type="submit" { (w.t("window-code-go")) }
                    }
                }
            }
            @if !drafts.is_empty() {
                h3 { (w.t("window-drafts")) }
                ul { @for open in drafts {
                    li { a href=(format!("/drafts/{}", open.id)) { (thing(shell, open.draft.thing.as_str())) } " " span.quiet { (ui::date_time(shell, open.draft.saved_at)) } }
                } }
            }
        }
    }
}

fn accepting(app: &App, shell: &Shell, queue: &[(TaskRow, String)]) -> Markup {
    let w = shell.w;
    html! {
        section aria-labelledby="queue-title" {
            h2 id="queue-title" { (w.t("window-queue")) " " span.quiet { (queue.len()) } }
            @if queue.is_empty() { (ui::empty(&w.t("window-queue-empty"), &w.t("window-queue-empty-next"), None)) }
            @else {
                div.table-wrap { table.cards {
                    caption.visually-hidden { (w.t("window-queue")) }
                    thead { tr { th scope="col" { (w.t("desk-col-due")) } th scope="col" { (w.t("desk-col-case")) } th scope="col" { (w.t("window-queue-act")) } } }
                    tbody { @for (task, applicant) in queue {
                        tr {
                            td data-label=(w.t("desk-col-due")) { div { (ui::due_state(shell, &task.colour, task.due_at, Some(&w.t("desk-clock-intake")))) } }
                            td data-label=(w.t("desk-col-case")) { div {
                                a.strong data-row="" href=(format!("/desk/cases/{}", task.number)) { (task.number) } br;
                                (item(shell, &task.item)) " " span.quiet { "· " (applicant) }
                            } }
                            td {
                                form method="post" action=(format!("/desk/cases/{}/act", task.number)) {
                                    (ui::hidden("act", "accept")) (ui::hidden("item", &task.item)) (ui::hidden("form", &format!("act-accept-{}-", task.item.replace(char::is_whitespace, "-"))))
                                    (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("next", &format!("/window?done={}&item={}", task.number, encode(&task.item))))
                                    button.button.second.small type="submit" {
                                        (w.t("desk-act-accept")) span.visually-hidden { " " (task.number) " " (task.item) }
                                    }
                                }
                            }
                        }
                    } }
                } }
            }
        }
    }
}

fn thing(shell: &Shell, id: &str) -> String {
    shell.edition.thing(&id.into()).map_or_else(|| id.to_owned(), |thing| shell.say(&thing.title).to_owned())
}

fn item(shell: &Shell, id: &str) -> String {
    shell.edition.item(&id.into()).map_or_else(|| id.to_owned(), |item| shell.say(&item.title).to_owned())
}
