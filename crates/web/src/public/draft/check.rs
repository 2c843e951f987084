//! Check your answers, and hand in.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use form::{Form, MaterialStatus, Question};
use maud::{Markup, html};
use office::{OfficeError, OpenDraft};

use super::news::News;
use super::{dead_ends, gone_on, handed_in, id, moved, page_in, title};
use crate::app::App;
use crate::fault::Failure;
use crate::public::lanes::lanes;
use crate::public::reckon::Reckoned;
use crate::public::visitor::{Guest, Pairs, again, command, see};
use crate::shell::{Shell, encode};
use crate::ui;

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (open, _) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    Ok(draw(&app, &shell, &open, &News::read(&pairs), None)?.into_response())
}

fn draw(
    app: &App,
    shell: &Shell,
    open: &OpenDraft,
    news: &News,
    refused: Option<String>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let form = open.form()?;
    let gaps = gaps(shell, open, &form)?;
    let plan = form.plan(open.today);
    let body = html! {
        @if let Some(text) = &refused { (ui::panel("late", html! { p.strong { (text) } })) }
        h1 { (w.t("p-check-title")) }
        p.lead { (title(shell, open)) }
        (Reckoned::of(&form.outlook()).line(shell, html! {}))
        (moved(shell, open))
        (news.told(shell, &form))
        @if !gaps.is_empty() {
            div.panel.soon {
                p.strong { (w.with("p-check-gaps", &[("count", gaps.len().into())])) }
                ul { @for (href, text) in &gaps { li { a href=(href) { (text) } } } }
            }
        }
        (dead_ends(shell, open, &form, None))
        (answers(shell, open, &form))
        (papers(shell, open, &form))
        (super::papers::alike(shell, open))
        section aria-labelledby="then" {
            h2 #then { (w.t("p-check-then")) }
            @if let Some(day) = plan.done_on { p { (w.with("p-check-done-on", &[("day", ui::date(shell, day).into())])) } }
            (lanes(shell, &plan, open.today))
        }
        @if gaps.is_empty() && form.complete() {
            form method="post" action=(format!("/drafts/{}/submit", open.id)) {
                (ui::hidden("command", &app.office.new_id().to_string()))
                div.panel { p { (w.t("p-check-declare")) } }
                (ui::actions(html! { button.button.big type="submit" { (w.t("p-submit")) } a href=(format!("/drafts/{}", open.id)) { (w.t("p-back-to-list")) } }))
            }
        } @else {
            (ui::actions(html! { a.button href=(gaps.first().map_or_else(|| format!("/drafts/{}", open.id), |(href, _)| href.clone())) { (w.t("p-go-on")) } }))
        }
    };
    Ok(page_in(shell, open, &w.t("p-check-title"), body))
}

/// What is still missing, and where it is done.
fn gaps(shell: &Shell, open: &OpenDraft, form: &Form<'_>) -> Result<Vec<(String, String)>, Failure> {
    let missing = form.questions().iter().filter(|question| question.is_missing());
    let mut gaps: Vec<(String, String)> =
        missing.map(|question| (change(open, question), shell.say(question.label).to_owned())).collect();
    for material in open.papers_missing()? {
        if let Some(paper) = open.edition.material(&material) {
            gaps.push((format!("/drafts/{}/papers", open.id), shell.say(&paper.title).to_owned()));
        }
    }
    Ok(gaps)
}

/// Where a question is answered, and the way back here.
fn change(open: &OpenDraft, question: &Question<'_>) -> String {
    let page = News::default().leading_to_check(true).address(&format!(
        "/drafts/{}/s/{}",
        open.id,
        encode(question.part.key())
    ));
    format!("{page}#{}", encode(&ui::anchor(question.id())))
}

fn answers(shell: &Shell, open: &OpenDraft, form: &Form<'_>) -> Markup {
    let w = shell.w;
    html! {
        @for section in form.sections() {
            section aria-label=(section.part.title(shell.lang)) {
                h2 { (section.part.title(shell.lang)) }
                dl.facts {
                    @for question in section.questions {
                        div {
                            dt { (shell.say(question.label)) }
                            dd { (shown(shell, open, question)) }
                            dd.change { a href=(change(open, question)) { (w.t("p-change")) span.visually-hidden { (shell.say(question.label)) } } }
                        }
                    }
                }
            }
        }
    }
}

fn shown(shell: &Shell, open: &OpenDraft, question: &Question<'_>) -> Markup {
    let w = shell.w;
    let file = |digest: &str| open.draft.attachments.iter().find(|file| file.digest == digest);
    html! {
        @match (question.value, question.typed) {
            (_, Some(typed)) => { span { (typed.one()) } " " span.tag.late { (w.t("p-answer-wrong")) } }
            (Some(value), None) => {
                @match file(&value.to_string()) {
                    Some(file) => (file.name),
                    None => span.lines { (form::show_text(question.field, value, shell.lang)) },
                }
                @if question.state == form::State::Known { " " span.quiet.small { (w.t("p-answer-known")) } }
            }
            (None, None) if question.is_missing() => { span.tag { (w.t("p-answer-missing")) } }
            (None, None) => {
                @match question.field.absent.as_ref().filter(|_| question.says_none()) {
                    Some(none) => (shell.say(none)),
                    None => span.quiet { (w.t("p-answer-blank")) },
                }
            }
        }
    }
}

fn papers(shell: &Shell, open: &OpenDraft, form: &Form<'_>) -> Markup {
    let w = shell.w;
    html! {
        section aria-labelledby="papers" {
            h2 #papers { (w.t("p-papers-title")) }
            @if form.materials().is_empty() { p { (w.t("p-papers-none")) } }
            dl.facts {
                @for due in form.materials() {
                    div {
                        dt { (shell.say(&due.material.title)) }
                        dd {
                            @if open.seen_at(&due.material.id).is_some() { span.tag.good { (w.t("p-paper-seen")) } (super::papers::seen_line(shell, open, &due.material.id)) }
                            @else if open.has_paper(&due.material.id) { span.tag.good { (w.t("p-paper-there")) } }
                            @else {
                                @match due.status {
                                    MaterialStatus::Supplied => { span.tag.good { (w.t("p-paper-held")) } }
                                    MaterialStatus::Promised => { span.tag.good { (w.t("p-paper-promised")) } }
                                    MaterialStatus::Later => { span.tag.pause { (w.t("p-paper-later")) } }
                                    MaterialStatus::Due => { span.tag { (w.t("p-paper-due")) } }
                                    MaterialStatus::Optional => { span.quiet { (w.t("p-answer-blank")) } }
                                }
                            }
                        }
                        dd.change { @if due.status != MaterialStatus::Supplied { a href=(format!("/drafts/{}/papers", open.id)) { (w.t("p-change")) span.visually-hidden { (shell.say(&due.material.title)) } } } }
                    }
                }
            }
        }
    }
}

/// Handing in twice, from two devices or by two taps, gives the same number.
pub async fn submit(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    match app.office.submit_beside(open.id, by, command(&pairs), shell.viewer.as_ref()).await {
        Ok(submitted) => Ok(see(&handed_in(&shell, &open, &submitted.number))),
        Err(error @ (OfficeError::Refused(_) | OfficeError::NotPossible(_) | OfficeError::Enough(_))) => {
            let text = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
            let open = app.office.open_draft(open.id, by).await?;
            Ok(again(&error, draw(&app, &shell, &open, &News::default(), Some(text))?))
        }
        Err(error) => Err(error.into()),
    }
}
