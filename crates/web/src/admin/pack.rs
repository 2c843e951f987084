//! The pack: what is in use, what a new one would say and change, and making it current.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Form, Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use checker::PackFiles;
use maud::{Markup, html};
use office::{Checked, EditionUse, OfficeError, PACK_ARCHIVE_BYTES_MAX, Rehearsed, Viewer};
use serde::Deserialize;

use super::diagnostics;
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `current`: check the pack that is in use.
    #[serde(default)]
    check: String,
    #[serde(default)]
    published: String,
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw(&app, &shell, &asked, None).await
}

async fn draw(app: &App, shell: &Shell, asked: &Asked, problem: Option<String>) -> Result<Markup, Failure> {
    let viewer = shell.duty(office::Duty::System)?;
    let w = shell.w;
    let uses = app.office.editions_in_use(viewer).await?;
    let held = match app.office.held_pack(viewer).await? {
        Some(bytes) => app.office.read_pack(bytes, viewer).await.ok(),
        None => None,
    };
    let current = if asked.check == "current" { current_files(app, viewer).await? } else { None };
    let upload = match held {
        Some(files) => Some(app.office.check_pack(files, viewer).await?),
        None => None,
    };
    let in_use = match current {
        Some(files) => Some(app.office.check_pack(files, viewer).await?),
        None => None,
    };
    let problems: Vec<_> = problem.iter().map(|text| ("pack".to_owned(), text.clone())).collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        @if !asked.published.is_empty() { div.panel.good role="status" { p { (w.with("admin-published", &[("edition", app.office.edition().hash().short().into())])) } } }
        h1 { (w.t("nav-pack")) }
        div.split {
            div {
                @if let Some(checked) = &upload { (candidate(app, shell, checked)) }
                @if let Some(checked) = &in_use {
                    section aria-labelledby="current-title" {
                        h2 id="current-title" { (w.t("admin-current-says")) }
                        (diagnostics::summary(shell, &checked.compiled.diagnostics, checked.compiled.red_tape))
                        (diagnostics::draw(shell, &checked.compiled.diagnostics, &checked.compiled.sources))
                    }
                } @else if asked.check == "current" {
                    (ui::empty(&w.t("admin-no-source"), &w.t("admin-no-source-next"), None))
                }
                @if upload.is_none() && asked.check != "current" {
                    (ui::empty(&w.t("admin-pack-empty"), &w.t("admin-pack-empty-next"), Some(("/admin/pack?check=current", &w.t("admin-check-current")))))
                }
            }
            div { (uploading(shell, problem.as_deref())) (editions(shell, &uses)) p { a href="/admin/rules" { (w.t("admin-rules")) } } }
        }
    };
    Ok(shell.lay_out(Page::desk(w.t("nav-pack"), body)))
}

/// The uploaded pack: what its checker says, what it changes, and the button.
fn candidate(app: &App, shell: &Shell, checked: &Checked) -> Markup {
    let w = shell.w;
    let compiled = &checked.compiled;
    let same = compiled.edition.as_ref().is_some_and(|edition| edition.hash() == app.office.edition().hash());
    html! {
        section aria-labelledby="candidate-title" {
            h2 id="candidate-title" { (w.t("admin-candidate")) }
            (diagnostics::summary(shell, &compiled.diagnostics, compiled.red_tape))
            div.card {
                @if let Some(edition) = &compiled.edition {
                    p { (w.with("admin-candidate-is", &[
                        ("edition", edition.hash().short().into()), ("items", edition.parts().items.len().into()), ("things", edition.parts().things.len().into()),
                    ])) }
                    h3 { (w.t("admin-changes")) }
                    @if same { p { (w.t("admin-same")) } }
                    @else {
                        @for (key, items) in [("admin-added", &checked.added), ("admin-removed", &checked.removed), ("admin-changed", &checked.changed)] {
                            @if !items.is_empty() { p { span.strong { (w.with(key, &[("count", items.len().into())])) } " " (w.list(&items.iter().map(ToString::to_string).collect::<Vec<_>>())) } }
                        }
                        @if checked.added.is_empty() && checked.removed.is_empty() && checked.changed.is_empty() { p { (w.t("admin-items-same")) } }
                    }
                    h3 { (w.t("admin-open-cases")) }
                    @if checked.days_move > 0 { p { (w.with("admin-days-move", &[("count", checked.days_move.into())])) } }
                    @if checked.open_cases.is_empty() { p { (w.t(if checked.days_move > 0 { "admin-open-none-else" } else { "admin-open-none" })) } }
                    @else {
                        ul { @for impact in &checked.open_cases {
                            li { (w.with(if impact.removed { "admin-open-removed" } else { "admin-open-changed" }, &[("item", impact.item.to_string().into()), ("open", impact.open.to_string().into())])) }
                        } }
                        p.quiet { (w.t("admin-open-stay")) }
                    }
                    (stories(shell, &checked.stories))
                } @else { p { (w.t("admin-broken")) } }
                div.actions {
                    @if compiled.edition.is_some() && !same {
                        form method="post" action="/admin/pack/publish" {
                            @if !checked.stories.differ.is_empty() {
                                @let differ = checked.stories.differ.len();
                                label.choice { input #differ type="checkbox" name="differ" value=(differ) required; span { (w.with("admin-stories-sure", &[("count", differ.into())])) } }
                            }
                            button.button type="submit" data-key="p" { (w.t("admin-publish")) " " kbd { "Alt+P" } }
                        }
                    }
                    form method="post" action="/admin/pack/discard" { button.button.second type="submit" { (w.t("admin-discard")) } }
                }
            }
            (diagnostics::draw(shell, &compiled.diagnostics, &compiled.sources))
        }
    }
}

/// What came of the pack's own stories, with the first line of each that differs.
fn stories(shell: &Shell, told: &Rehearsed) -> Markup {
    const SHOWN_MAX: usize = 20;
    let w = shell.w;
    html! {
        @if told.played > 0 {
            h3 { (w.t("admin-stories")) }
            @if told.differ.is_empty() { p { (w.with("admin-stories-hold", &[("count", told.played.into())])) } }
            @else {
                p.strong { (w.with("admin-stories-differ", &[("count", told.played.into()), ("differ", told.differ.len().into())])) }
                ul { @for story in told.differ.iter().take(SHOWN_MAX) {
                    li { span.mono.small { (story.file) ":" (story.line) } " " (shell.say(&story.message)) }
                } }
                @if told.differ.len() > SHOWN_MAX { p.quiet { (w.with("admin-stories-more", &[("count", (told.differ.len() - SHOWN_MAX).into())])) } }
            }
        }
    }
}

fn uploading(shell: &Shell, problem: Option<&str>) -> Markup {
    let w = shell.w;
    html! {
        section.card #pack aria-labelledby="upload-title" {
            h2 id="upload-title" { (w.t("admin-upload")) }
            form method="post" action="/admin/pack/upload" enctype="multipart/form-data" {
                div.question.wrong[problem.is_some()] {
                    label for="archive" { (w.t("admin-upload-label")) }
                    p.hint { (w.t("admin-upload-hint")) }
                    @if let Some(problem) = problem { p.problem { (problem) } }
                    input type="file" id="archive" name="archive" accept=".zip,application/zip" required;
                }
                div.actions { button.button type="submit" { (w.t("admin-upload-go")) } a.button.second href="/admin/pack?check=current" { (w.t("admin-check-current")) } }
            }
        }
    }
}

fn editions(shell: &Shell, uses: &[EditionUse]) -> Markup {
    let w = shell.w;
    html! {
        section.card aria-labelledby="editions-title" {
            h2 id="editions-title" { (w.t("admin-editions")) }
            table {
                thead { tr { th scope="col" { (w.t("admin-edition")) } th.n scope="col" { (w.t("desk-case-open")) } th.n scope="col" { (w.t("admin-over")) } } }
                tbody { @for held in uses {
                    tr { th scope="row" { span.mono title=(held.hash) { (held.hash.short()) } @if held.current { " " span.tag.good { (w.t("admin-current")) } } } td.n { (held.open) } td.n { (held.over) } }
                } }
            }
        }
    }
}

/// The text of the edition in use: as it was published here, else as the server was started with.
async fn current_files(app: &App, viewer: &Viewer) -> Result<Option<PackFiles>, Failure> {
    let kept = app.office.pack_source(app.office.edition().hash(), viewer).await?;
    Ok(match kept {
        Some(bytes) => app.office.read_pack(bytes, viewer).await.ok(),
        None => app.settings.pack.clone(),
    })
}

pub async fn upload(
    State(app): State<App>,
    shell: Shell,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(office::Duty::System)?;
    let mut form = form.map_err(|_| Failure::BadRequest)?;
    let mut bytes = Vec::new();
    while let Some(mut part) = form.next_field().await.map_err(|_| Failure::BadRequest)? {
        if part.name() != Some("archive") {
            continue;
        }
        while let Some(chunk) = part.chunk().await.map_err(|_| Failure::TooLarge)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > PACK_ARCHIVE_BYTES_MAX {
                return Err(Failure::TooLarge);
            }
        }
    }
    if let Err(problem) = app.office.read_pack(bytes.clone(), viewer).await {
        let Some(text) = problem.message_in(shell.lang, &shell.edition) else { return Err(problem.into()) };
        let page = draw(&app, &shell, &Asked::default(), Some(text)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.office.hold_pack(bytes, viewer).await?;
    Ok(Redirect::to("/admin/pack").into_response())
}

pub async fn publish(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(office::Duty::System)?;
    let differ = Posted(pairs).one("differ").parse().ok();
    // Published twice by a second click: the first did it.
    let Some(held) = app.office.held_pack(viewer).await? else {
        return Ok(Redirect::to("/admin/pack").into_response());
    };
    let files = app.office.read_pack(held, viewer).await?;
    let checked = app.office.check_pack(files, viewer).await?;
    match app.office.publish_checked(checked, None, differ, viewer).await {
        Ok(published) => {
            app.office.release_pack(Some(published.hash), viewer).await?;
            Ok(Redirect::to("/admin/pack?published=1").into_response())
        }
        Err(error @ OfficeError::NotPossible(_)) => {
            let page =
                draw(&app, &shell, &Asked::default(), error.message_in(shell.lang, &shell.edition)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn discard(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(office::Duty::System)?;
    app.office.release_pack(None, viewer).await?;
    Ok(Redirect::to(&Posted(pairs).next("/admin/pack")).into_response())
}
