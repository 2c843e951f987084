//! The list of what is to be done before the form can be handed in.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use catalogue::Channel;
use maud::{Markup, html};
use office::{By, OpenDraft};

use super::{closed_here, gone_on, id, moved, page_in, saved, title};
use crate::app::App;
use crate::fault::Failure;
use crate::public::thing::obstacles;
use crate::public::visitor::{Guest, see};
use crate::shell::{Shell, encode};
use crate::ui;

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    let w = shell.w;
    let form = open.form()?;
    let progress = form.progress();
    let body = html! {
        h1 { (title(&shell, &open)) }
        (saved(&shell, &open))
        (moved(&shell, &open))
        @if progress.needed > 0 {
            p { (w.with("p-progress", &[("answered", progress.answered.into()), ("needed", progress.needed.into())])) }
            progress max=(progress.needed) value=(progress.answered) aria-label=(w.t("p-progress-label")) {}
        }
        @if form.nothing_applies() { (ui::panel("soon", html! { p { (w.t("p-nothing-applies")) } })) }
        (closed_here(&shell, &open, &form))
        (obstacles(&shell, &form))
        (list(&shell, &open)?)
        (ui::actions(html! {
            @match form.next_section() {
                Some(section) => { a.button.big href=(format!("/drafts/{}/s/{}", open.id, encode(section.part.key()))) { (w.t("p-go-on")) } }
                None if open.papers_missing()?.is_empty() => { a.button.big href=(format!("/drafts/{}/check", open.id)) { (w.t("p-check-title")) } }
                None => { a.button.big href=(format!("/drafts/{}/papers", open.id)) { (w.t("p-papers-title")) } }
            }
        }))
        @if open.draft.channel != Channel::Window && !matches!(by, By::Agent(_)) {
            section.card aria-labelledby="agents-title" {
                h2 #agents-title { (w.t("p-case-agents")) }
                p { (w.t("p-agents-lead")) }
                p { a href=(format!("/drafts/{}/agents", open.id)) { (w.t("p-agents-manage")) } }
            }
        }
        @if !matches!(by, By::Agent(_)) {
            section.card aria-labelledby="later-title" {
                h2 #later-title { (w.t("p-later-title")) }
                p { (w.t("p-later-hint")) }
                form method="post" action=(format!("/drafts/{}/code", open.id)) { button.button.second type="submit" { (w.t("p-code-make")) } }
            }
            details.more {
                summary { (w.t("draft-delete")) }
                p { (w.t("draft-delete-hint")) }
                form method="post" action=(format!("/drafts/{}/delete", open.id)) { button.button.danger type="submit" { (w.t("draft-delete-go")) } }
            }
        }
    };
    Ok(page_in(&shell, &open, &w.t("p-tasks-title"), body).into_response())
}

fn list(shell: &Shell, open: &OpenDraft) -> Result<Markup, Failure> {
    let w = shell.w;
    let form = open.form()?;
    let missing = open.papers_missing()?;
    let asked = form.materials().iter().filter(|due| due.is_asked()).count();
    let ready = form.complete() && missing.is_empty();
    Ok(html! {
        ol.tasks {
            @for section in form.sections() {
                @let progress = section.progress();
                li {
                    a href=(format!("/drafts/{}/s/{}", open.id, encode(section.part.key()))) { (section.part.title(shell.lang)) }
                    @if section.is_done() { span.tag.good { (w.t("p-task-done")) } }
                    @else if progress.answered > 0 { span.tag.run { (w.with("p-task-some", &[("answered", progress.answered.into()), ("needed", progress.needed.into())])) } }
                    @else { span.tag { (w.with("p-task-none", &[("needed", progress.needed.into())])) } }
                }
            }
            li {
                a href=(format!("/drafts/{}/papers", open.id)) { (w.t("p-papers-title")) }
                @if form.items().next().is_none() { span.tag { (w.t("p-task-after-situation")) } }
                @else if missing.is_empty() { span.tag.good { @if asked == 0 { (w.t("p-task-no-papers")) } @else { (w.t("p-task-done")) } } }
                @else { span.tag { (w.with("p-task-papers", &[("count", missing.len().into())])) } }
            }
            li {
                @if ready { a href=(format!("/drafts/{}/check", open.id)) { (w.t("p-check-title")) } span.tag.run { (w.t("p-task-ready")) } }
                @else { a href=(format!("/drafts/{}/check", open.id)) { (w.t("p-check-title")) } span.tag { (w.t("p-task-not-yet")) } }
            }
        }
    })
}
