//! Where what happens to cases is told to other systems: destinations, and what became of each message.

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use office::{DeliveryLine, DeliveryState, Duty, Hook, NewHook, Office, OfficeError, Replay, message_name};
use serde::Deserialize;
use uuid::Uuid;

use super::Attempt;
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::shell::{Page, Shell, Width};
use crate::ui;

/// Everything that happens to cases.
const ALL: &str = "case.*";
/// Messages that one page shows; the interface for programs gives all thirty days.
const SHOWN: usize = 200;
const DONE: [&str; 4] = ["started", "stopped", "removed", "again"];

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

fn said(shell: &Shell, done: &str) -> Markup {
    let text = DONE.contains(&done).then(|| shell.w.t(&format!("hooks-done-{done}")));
    html! { @if let Some(text) = text { div.panel.good role="status" { p { (text) } } } }
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw(&app, &shell, &asked.done, &Attempt::default()).await
}

async fn draw(app: &App, shell: &Shell, done: &str, attempt: &Attempt) -> Result<Markup, Failure> {
    let viewer = shell.duty(Duty::System)?;
    let w = shell.w;
    let hooks = app.office.webhooks(viewer).await?;
    let body = html! {
        (attempt.summary(shell))
        (said(shell, done))
        h1 { (w.t("nav-webhooks")) }
        p.lead { (w.t("hooks-lead")) }
        @if hooks.is_empty() { (ui::empty(&w.t("hooks-none"), &w.t("hooks-none-next"), None)) }
        @for hook in &hooks { (destination(shell, hook)) }
        (form(shell, attempt))
    };
    Ok(shell.lay_out(Page::desk(w.t("nav-webhooks"), body).width(Width::Normal)))
}

fn address(hook: &Hook) -> String {
    format!("/admin/webhooks/{}", hook.id)
}

fn destination(shell: &Shell, hook: &Hook) -> Markup {
    let w = shell.w;
    let all = hook.kinds.iter().any(|kind| kind == ALL);
    html! {
        section.card aria-label=(hook.url) {
            div.row.between { p.mono.strong { (hook.url) } (standing(shell, hook)) }
            @if all { p { (w.t("hooks-all")) } }
            @else { p.mono.small { (w.list(&hook.kinds)) } }
            p.quiet.small { (w.with("hooks-made", &[("day", ui::day(shell, hook.made_at).into())])) }
            div.actions {
                a.button.second href=(address(hook)) { (w.t("hooks-log")) }
                (switch(shell, hook))
            }
            details.more { summary { (w.t("hooks-remove")) }
                p { (w.t("hooks-remove-hint")) }
                form method="post" action=(format!("{}/remove", address(hook))) { button.button.danger type="submit" { (w.t("hooks-remove-go")) } }
            }
        }
    }
}

fn standing(shell: &Shell, hook: &Hook) -> Markup {
    let w = shell.w;
    html! {
        @match &hook.stopped {
            None => { span.tag.good { (w.t("hooks-sending")) } }
            Some(_) => { span.tag.pause { (w.t("hooks-stopped")) } }
        }
    }
}

fn switch(shell: &Shell, hook: &Hook) -> Markup {
    let (open, key) = if hook.stopped.is_some() { ("yes", "hooks-start") } else { ("no", "hooks-stop") };
    html! {
        form.one method="post" action=(format!("{}/standing", address(hook))) {
            (ui::hidden("open", open))
            button.button.second type="submit" { (shell.w.t(key)) }
        }
    }
}

fn form(shell: &Shell, attempt: &Attempt) -> Markup {
    let w = shell.w;
    let wrong = |field| attempt.wrong(field);
    let posted = &attempt.posted;
    let first = posted.0.is_empty();
    html! {
        section.card aria-labelledby="hook-title" {
            h2 #hook-title { (w.t("hooks-new")) }
            form method="post" action="/admin/webhooks" autocomplete="off" {
                div.question.wrong[wrong("url").is_some()] {
                    label for="url" { (w.t("hooks-url")) }
                    p.hint #url-hint { (w.t("hooks-url-hint")) }
                    @if let Some(text) = wrong("url") { p.problem { (text) } }
                    input.mono #url type="url" name="url" value=(posted.one("url")) maxlength="500" aria-describedby="url-hint" spellcheck="false" required;
                }
                fieldset.question.wrong[wrong("kinds").is_some()] #kinds {
                    legend { (w.t("hooks-kinds")) }
                    @if let Some(text) = wrong("kinds") { p.problem { (text) } }
                    div.choices {
                        label.choice { input type="checkbox" name="kind" value=(ALL) checked[first || posted.has("kind", ALL)]; span { (w.t("hooks-all")) " " span.quiet.small.mono { (ALL) } } }
                    }
                    details.more { summary { (w.t("hooks-some")) }
                        p.hint { (w.t("hooks-some-hint")) }
                        div.choices { @for kind in Office::webhook_kinds() {
                            label.choice { input type="checkbox" name="kind" value=(kind) checked[posted.has("kind", &kind)]; span.mono.small { (kind) } }
                        } }
                    }
                }
                (ui::actions(html! { button.button type="submit" { (w.t("hooks-add")) } }))
            }
        }
    }
}

pub async fn add(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::System)?;
    let posted = Posted(pairs);
    let mut kinds: Vec<String> = posted.all("kind").map(str::to_owned).collect();
    if kinds.iter().any(|kind| kind != ALL) {
        // Whoever chose some did not mean all, which is chosen beforehand.
        kinds.retain(|kind| kind != ALL);
    }
    let new = NewHook { url: posted.one("url").to_owned(), kinds };
    match app.office.add_webhook(new, &app.settings.reach, viewer).await {
        Ok((hook, secret)) => {
            let w = shell.w;
            let body = html! {
                h1 { (w.t("hooks-secret")) }
                p { (w.t("hooks-secret-once")) }
                pre.card.mono.prewrap #secret { (secret.text()) }
                p.quiet { (w.with("hooks-secret-for", &[("url", hook.url.into())])) }
                (ui::actions(html! { a.button href="/admin/webhooks" { (w.t("hooks-secret-kept")) } }))
            };
            let page = Page::desk(w.t("hooks-secret"), body).width(Width::Normal);
            Ok(shell.lay_out(page.crumb(w.t("nav-webhooks"), "/admin/webhooks")).into_response())
        }
        Err(OfficeError::NotPossible(why)) => {
            let field = if why == office::NotPossible::WebhookKinds { "kinds" } else { "url" };
            let problem = Some((field, why.message().get(shell.lang).to_owned()));
            let page = draw(&app, &shell, "", &Attempt { posted, problem }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn id_of(text: &str) -> Result<Uuid, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// What became of the messages to one destination.
pub async fn log(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let viewer = shell.duty(Duty::System)?;
    let w = shell.w;
    let hook = app.office.webhook(id_of(&id)?, viewer).await?;
    let lines = app.office.webhook_log(hook.id, viewer).await?;
    let given_up = lines.iter().filter(|line| line.state == DeliveryState::GivenUp).count();
    let body = html! {
        (said(&shell, &asked.done))
        h1 { (w.t("hooks-log")) }
        div.row.between { p.mono.strong { (hook.url) } (standing(&shell, &hook)) }
        @if let Some(why) = &hook.stopped { p.quiet { (w.t("hooks-stopped-why")) " " (why) } }
        @if given_up > 0 { (ui::panel("late", html! { p { (w.with("hooks-given-up", &[("count", given_up.into())])) } })) }
        div.actions {
            (switch(&shell, &hook))
            @if let Some(oldest) = lines.iter().map(|line| line.position).min() {
                form.one method="post" action=(format!("{}/again", address(&hook))) {
                    (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("after", &oldest.saturating_sub(1).to_string()))
                    button.button.second type="submit" { (w.with("hooks-again-all", &[("count", lines.len().into())])) }
                }
            }
        }
        @if lines.is_empty() { (ui::empty(&w.t("hooks-log-none"), &w.t("hooks-log-none-next"), None)) }
        @else { div.table-wrap { table.cards {
            caption.visually-hidden { (w.t("hooks-log")) }
            thead { tr {
                @for key in ["hooks-happened", "hooks-kind", "hooks-state"] { th scope="col" { (w.t(key)) } }
                th.n scope="col" { (w.t("hooks-attempts")) }
                @for key in ["hooks-answer", "hooks-act"] { th scope="col" { (w.t(key)) } }
            } }
            tbody { @for line in lines.iter().take(SHOWN) { (message(&app, &shell, &hook, line)) } }
        } } }
        @if lines.len() > SHOWN { p.quiet { (w.with("hooks-more", &[("shown", SHOWN.into()), ("count", lines.len().into())])) } }
    };
    let page = Page::desk(w.t("hooks-log"), body);
    Ok(shell.lay_out(page.crumb(w.t("nav-webhooks"), "/admin/webhooks")))
}

fn message(app: &App, shell: &Shell, hook: &Hook, line: &DeliveryLine) -> Markup {
    let w = shell.w;
    let (kind, key) = match line.state {
        DeliveryState::Waiting => ("soon", "hooks-waiting"),
        DeliveryState::Delivered => ("good", "hooks-delivered"),
        DeliveryState::GivenUp => ("late", "hooks-gave-up"),
    };
    let name = message_name(line.message);
    html! { tr {
        td data-label=(w.t("hooks-happened")) { (ui::date_time(shell, line.happened_at)) }
        td data-label=(w.t("hooks-kind")) { span.mono.small { (line.kind) } br; span.mono.small.quiet { (name) } }
        td data-label=(w.t("hooks-state")) { div {
            span.tag.(kind) { (w.t(key)) }
            @if let Some(at) = line.next_at { br; span.quiet.small { (w.with("hooks-next", &[("at", ui::date_time(shell, at).into())])) } }
        } }
        td.n data-label=(w.t("hooks-attempts")) { (line.attempts) }
        td data-label=(w.t("hooks-answer")) { div {
            @match (line.status, &line.problem) {
                (Some(status), _) => { span.mono { (status) } }
                (None, Some(problem)) => { (problem) }
                (None, None) => { "–" }
            }
            @if let Some(at) = line.tried_at { br; span.quiet.small { (ui::date_time(shell, at)) } }
        } }
        td data-label=(w.t("hooks-act")) {
            form.one method="post" action=(format!("{}/again", address(hook))) {
                (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("message", &name))
                button.button.second.small type="submit" { (w.t("hooks-again")) span.visually-hidden { " " (name) } }
            }
        }
    } }
}

pub async fn set_open(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::System)?;
    let open = Posted(pairs).one("open") == "yes";
    app.office.set_webhook_open(id_of(&id)?, open, viewer).await?;
    let done = if open { "started" } else { "stopped" };
    Ok(Redirect::to(&format!("/admin/webhooks?done={done}")).into_response())
}

pub async fn remove(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::System)?;
    app.office.remove_webhook(id_of(&id)?, viewer).await?;
    Ok(Redirect::to("/admin/webhooks?done=removed").into_response())
}

/// Sends one message, or everything after a position, once more.
pub async fn again(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::System)?;
    let posted = Posted(pairs);
    let what = match posted.one("after").parse::<u64>() {
        Ok(after) => Replay::After(after),
        Err(_) => Replay::message(posted.one("message"))?,
    };
    app.office.replay_webhook(id_of(&id)?, what, posted.command(), viewer).await?;
    Ok(Redirect::to(&format!("/admin/webhooks/{id}?done=again")).into_response())
}
