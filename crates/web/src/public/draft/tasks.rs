//! The list of what is to be done before the form can be handed in.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use catalogue::Channel;
use form::{Form, Outlook, Page, SectionView, State as Standing};
use maud::{Markup, html};
use office::{By, OpenDraft};

use super::{dead_ends, gone_on, id, moved, page_in, saved, title};
use crate::app::App;
use crate::fault::Failure;
use crate::public::reckon::Reckoned;
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
    let outlook = form.outlook();
    let body = html! {
        h1 { (title(&shell, &open)) }
        (saved(&shell, &open))
        (moved(&shell, &open))
        (progress(&shell, &outlook))
        (dead_ends(&shell, &open, &form, None))
        (list(&shell, &open, &form, &outlook)?)
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

/// How much there is, and how far one is.
fn progress(shell: &Shell, outlook: &Outlook<'_>) -> Markup {
    let w = shell.w;
    let settled = if outlook.settled { "yes" } else { "no" };
    let done = html! {
        @if let Some(day) = outlook.done_on { span.done { (w.with("p-reckon-done", &[("day", ui::date(shell, day).into())])) } }
    };
    html! {
        @if outlook.merged.questions > 0 && !outlook.nothing_applies {
            (Reckoned::of(outlook).line(shell, done))
            p {
                (w.with("p-progress", &[("answered", outlook.answered.into()), ("left", outlook.left().into()), ("settled", settled.into())]))
                @if outlook.optional > 0 { " " (w.with("p-progress-optional", &[("count", outlook.optional.into())])) }
            }
            progress max=(outlook.answered + outlook.left()) value=(outlook.answered) aria-label=(w.t("p-progress-label")) {}
            @if !outlook.settled { p.quiet.small { (w.t("p-progress-about")) } }
        }
    }
}

fn list(shell: &Shell, open: &OpenDraft, form: &Form<'_>, outlook: &Outlook<'_>) -> Result<Markup, Failure> {
    let w = shell.w;
    let missing = open.papers_missing()?;
    let asked = form.materials().iter().filter(|due| due.is_asked()).count();
    let ready = form.complete() && missing.is_empty();
    let settled = if outlook.settled { "yes" } else { "no" };
    Ok(html! {
        ol.tasks {
            @for page in &outlook.pages {
                li {
                    @match form.section(page.part.key()) {
                        Some(section) => {
                            a href=(format!("/drafts/{}/s/{}", open.id, encode(page.part.key()))) { (page.part.title(shell.lang)) }
                            (standing(shell, &section, page, settled))
                        }
                        None => { span { (page.part.title(shell.lang)) } span.tag { (w.with("p-task-none", &[("needed", page.questions.into()), ("settled", settled.into())])) } }
                    }
                }
            }
            li {
                a href=(format!("/drafts/{}/papers", open.id)) { (w.t("p-papers-title")) }
                @if form.items().next().is_none() || (!outlook.settled && outlook.merged.materials != asked) { span.tag { (w.with("p-task-papers-about", &[("count", outlook.merged.materials.into())])) } }
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

/// How far a page of the form is, out of all the questions that it will have asked.
fn standing(shell: &Shell, section: &SectionView<'_, '_>, page: &Page<'_>, settled: &str) -> Markup {
    let w = shell.w;
    let answered = section.questions.iter().filter(|question| question.state == Standing::Answered).count();
    // A page whose last questions have not come up yet is not done.
    let done = section.is_done() && section.questions.len() >= page.questions;
    html! {
        @if done { span.tag.good { (w.t("p-task-done")) } }
        @else if answered > 0 { span.tag.run { (w.with("p-task-some", &[("answered", answered.into()), ("needed", page.questions.into()), ("settled", settled.into())])) } }
        @else { span.tag { (w.with("p-task-none", &[("needed", page.questions.into()), ("settled", settled.into())])) } }
    }
}
