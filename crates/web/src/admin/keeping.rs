//! How long records are kept, what goes soon, and what is held: for the audit administrator.

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};
use office::{CaseId, Duty};
use serde::Deserialize;

use super::Attempt;
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::shell::{Page, Shell, Width};
use crate::ui;

/// Due within so many days is shown.
const AHEAD_DAYS: i64 = 30;
const SHOWN: usize = 100;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw(&app, &shell, &asked.done, &Attempt::default()).await
}

async fn draw(app: &App, shell: &Shell, done: &str, attempt: &Attempt) -> Result<Markup, Failure> {
    let viewer = shell.duty(Duty::Audit)?;
    let w = shell.w;
    let today = app.office.today();
    let ahead = today.checked_add(AHEAD_DAYS.days()).unwrap_or(today);
    let due = app.office.due_by(ahead, viewer).await?;
    let holds = app.office.holds(viewer).await?;
    let restricted = app.office.restricted(viewer).await?;
    let actors: Vec<&str> = holds
        .iter()
        .map(|held| held.by.as_str())
        .chain(restricted.iter().map(|one| one.by.as_str()))
        .collect();
    let names = app.office.officer_names(&actors).await?;
    let done_key = format!("keeping-done-{done}");
    let body = html! {
        (attempt.summary(shell))
        @if !done.is_empty() && w.has(&done_key) { div.panel.good role="status" { p { (w.t(&done_key)) } } }
        h1 { (w.t("nav-keeping")) }
        p.lead { (w.t("keeping-lead")) }
        (rules(shell))
        section.card aria-labelledby="due-title" {
            h2 id="due-title" { (w.with("keeping-due", &[("days", AHEAD_DAYS.into()), ("count", due.len().into())])) }
            @if due.is_empty() { p.quiet { (w.t("keeping-due-none")) } }
            @else { div.table-wrap { table.cards {
                caption.visually-hidden { (w.t("keeping-due-caption")) }
                thead { tr { @for key in ["keeping-number", "keeping-rule", "keeping-due-on", "keeping-state"] { th scope="col" { (w.t(key)) } } } }
                tbody { @for one in due.iter().take(SHOWN) { tr {
                    td.mono data-label=(w.t("keeping-number")) { (one.number) }
                    td data-label=(w.t("keeping-rule")) { (one.rule) }
                    td data-label=(w.t("keeping-due-on")) { (ui::date(shell, one.due_on)) }
                    td data-label=(w.t("keeping-state")) { @if one.held { span.tag { (w.t("keeping-held")) } } @else { (w.t("keeping-goes")) } }
                } } }
            } } }
        }
        section.card aria-labelledby="holds-title" {
            h2 id="holds-title" { (w.t("keeping-holds")) }
            @if holds.is_empty() { p.quiet { (w.t("keeping-holds-none")) } }
            ul.own-list { @for held in &holds { li {
                p { span.mono.strong { (held.number) } " " span.tag { (w.with("keeping-until", &[("day", ui::date(shell, held.until).into())])) } }
                p.prewrap { (held.why) }
                p.quiet.small { (names.get(&held.by).map_or("", String::as_str)) " · " (ui::date_time(shell, held.at)) }
                form method="post" action="/admin/keeping/lift" { (ui::hidden("case", &held.id.to_string())) button.button.second type="submit" { (w.t("keeping-lift")) } }
            } } }
        }
        (holding(shell, attempt))
        section.card aria-labelledby="restricted-title" {
            h2 id="restricted-title" { (w.t("keeping-restricted")) }
            p { (w.t("keeping-restricted-hint")) }
            @if restricted.is_empty() { p.quiet { (w.t("keeping-restricted-none")) } }
            ul.own-list { @for one in &restricted { li {
                p { span.mono.strong { (one.number) } " " span.tag { (one.rule) } }
                p.quiet.small { (names.get(&one.by).map_or("", String::as_str)) " · " (ui::date_time(shell, one.at)) }
                form method="post" action="/admin/keeping/unrestrict" { (ui::hidden("case", &one.id.to_string())) button.button.second type="submit" { (w.t("keeping-unrestrict")) } }
            } } }
        }
    };
    Ok(shell.lay_out(Page::desk(w.t("nav-keeping"), body).width(Width::Normal)))
}

fn rules(shell: &Shell) -> Markup {
    let w = shell.w;
    let rules = &shell.edition.zone().retention;
    html! {
        section.card aria-labelledby="rules-title" {
            h2 id="rules-title" { (w.t("keeping-rules")) }
            @if rules.is_empty() { p.quiet { (w.t("keeping-rules-none")) } }
            @else { div.table-wrap { table.cards {
                caption.visually-hidden { (w.t("keeping-rules")) }
                thead { tr { @for key in ["keeping-rule", "keeping-classes", "keeping-years", "keeping-basis"] { th scope="col" { (w.t(key)) } } } }
                tbody { @for rule in rules { tr {
                    td data-label=(w.t("keeping-rule")) { (rule.id) }
                    td data-label=(w.t("keeping-classes")) { @if rule.classes.is_empty() { (w.t("keeping-all-classes")) } @else { (w.list(&rule.classes.iter().map(ToString::to_string).collect::<Vec<_>>())) } }
                    td data-label=(w.t("keeping-years")) { @match (rule.years, rule.days) { (Some(years), _) => (w.with("keeping-n-years", &[("years", years.into())])), (None, Some(days)) => (w.with("keeping-n-days", &[("days", days.into())])), (None, None) => (w.t("keeping-for-ever")) } }
                    td data-label=(w.t("keeping-basis")) { (rule.basis.cite) @if let Some(says) = &rule.basis.says { br; span.quiet.small { (shell.say(says)) } } }
                } } }
            } } }
        }
    }
}

fn holding(shell: &Shell, attempt: &Attempt) -> Markup {
    let w = shell.w;
    let wrong = |field| attempt.wrong(field);
    let typed = |name| attempt.posted.one(name);
    html! {
        section.card aria-labelledby="hold-title" {
            h2 id="hold-title" { (w.t("keeping-hold")) }
            p { (w.t("keeping-hold-hint")) }
            form method="post" action="/admin/keeping" autocomplete="off" {
                div.question.wrong[wrong("number").is_some()] {
                    label for="number" { (w.t("keeping-number")) }
                    @if let Some(text) = wrong("number") { p.problem { (text) } }
                    input.mono.w-medium #number type="text" name="number" value=(typed("number")) required;
                }
                div.question.wrong[wrong("why").is_some()] {
                    label for="why" { (w.t("keeping-why")) }
                    @if let Some(text) = wrong("why") { p.problem { (text) } }
                    textarea #why name="why" rows="3" maxlength="500" required { (typed("why")) }
                }
                div.question.wrong[wrong("until").is_some()] {
                    label for="until" { (w.t("keeping-last-day")) }
                    @if let Some(text) = wrong("until") { p.problem { (text) } }
                    input.w-medium #until type="date" name="until" value=(typed("until")) required;
                }
                div.actions { button.button type="submit" { (w.t("keeping-hold")) } }
            }
        }
    }
}

pub async fn hold(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::Audit)?;
    let posted = Posted(pairs);
    let problem = match posted.one("until").parse::<Date>() {
        Err(_) => ("until", shell.w.t("trail-bad-day")),
        Ok(until) => {
            match app.office.hold_erasure(posted.one("number"), posted.one("why"), until, viewer).await {
                Ok(()) => return Ok(Redirect::to("/admin/keeping?done=held").into_response()),
                Err(error) => {
                    let Some(text) = error.message_in(shell.lang, &shell.edition) else {
                        return Err(error.into());
                    };
                    let field = match error {
                        office::OfficeError::NotPossible(office::NotPossible::NobodyFound) => "number",
                        office::OfficeError::NotPossible(office::NotPossible::HoldUntil) => "until",
                        _ => "why",
                    };
                    (field, text)
                }
            }
        }
    };
    let page = draw(&app, &shell, "", &Attempt { posted, problem: Some(problem) }).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub async fn lift(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::Audit)?;
    let id: CaseId = Posted(pairs).one("case").parse().map_err(|_| Failure::NotFound)?;
    app.office.lift_hold(id, viewer).await?;
    Ok(Redirect::to("/admin/keeping?done=lifted").into_response())
}

pub async fn unrestrict(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::Audit)?;
    let id: CaseId = Posted(pairs).one("case").parse().map_err(|_| Failure::NotFound)?;
    app.office.lift_restriction(id, viewer).await?;
    Ok(Redirect::to("/admin/keeping?done=unrestricted").into_response())
}
