//! `/zone/logs`: logs of other systems, brought to be looked at.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::ItemId;
use maud::{Markup, html};
use mining::{Bounds, Log, Unreadable};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;
use crate::zone::process::LOG_BYTES_MAX;

pub async fn show(State(app): State<App>, shell: Shell) -> Result<Markup, Failure> {
    draw(&app, &shell, None).await
}

async fn draw(app: &App, shell: &Shell, problem: Option<String>) -> Result<Markup, Failure> {
    let logs = app.office.kept_logs(shell.staff()?).await?;
    let w = shell.w;
    let title = w.t("mine-logs");
    let body = html! {
        h1 { (title) }
        p.quiet { (w.t("mine-logs-what")) }
        @if let Some(problem) = &problem { (ui::error_summary(w, &[("file".into(), problem.clone())])) }
        @if logs.is_empty() {
            (ui::empty(&w.t("mine-logs-empty"), &w.t("mine-logs-empty-next"), None))
        } @else {
            div.table-wrap tabindex="0" role="region" aria-label=(title) { table.cards {
                caption.visually-hidden { (title) }
                thead { tr {
                    th scope="col" { (w.t("mine-col-file")) } th.n scope="col" { (w.t("mine-col-cases")) }
                    th.n scope="col" { (w.t("mine-col-events")) } th scope="col" { (w.t("mine-col-added")) } th scope="col" { (w.t("mine-col-drop")) }
                } }
                tbody { @for each in &logs { tr {
                    th scope="row" data-label=(w.t("mine-col-file")) { a data-row="" href=(format!("/zone/process?log={}", encode(&each.id))) { (each.file) } }
                    td.n data-label=(w.t("mine-col-cases")) { (each.cases) }
                    td.n data-label=(w.t("mine-col-events")) { (each.events) }
                    td data-label=(w.t("mine-col-added")) { (ui::date_time(shell, each.added_at)) }
                    td data-label=(w.t("mine-col-drop")) {
                        form method="post" action=(format!("/zone/logs/{}/drop", encode(&each.id))) {
                            button.button.second type="submit" aria-label=(w.with("mine-drop-it", &[("file", each.file.as_str().into())])) { (w.t("mine-drop")) }
                        }
                    }
                } } }
            } }
        }
        (adding(shell, problem.as_deref()))
    };
    Ok(shell.lay_out(
        Page::desk(title, body).crumb(w.t("nav-figures"), "/zone").crumb(w.t("mine-title"), "/zone/process"),
    ))
}

fn adding(shell: &Shell, problem: Option<&str>) -> Markup {
    let w = shell.w;
    let items = shell.edition.parts().items.values();
    html! {
        section.card aria-labelledby="add-title" {
            h2 id="add-title" { (w.t("mine-add")) }
            form method="post" action="/zone/logs" enctype="multipart/form-data" {
                div.question.wrong[problem.is_some()] {
                    label for="file" { (w.t("mine-add-file")) }
                    p.hint #file-hint { (w.t("mine-add-hint")) }
                    @if let Some(problem) = problem { p.problem #file-problem { (problem) } }
                    input type="file" id="file" name="file" accept=".xes,.gz,application/xml,application/gzip" required
                        aria-describedby=(if problem.is_some() { "file-hint file-problem" } else { "file-hint" });
                }
                div.question {
                    label for="item" { (w.t("mine-add-item")) }
                    p.hint #item-hint { (w.t("mine-add-item-hint")) }
                    select id="item" name="item" aria-describedby="item-hint" {
                        option value="" { (w.t("mine-add-item-own")) }
                        @for item in items { option value=(item.id) { (shell.say(&item.title)) } }
                    }
                }
                div.actions { button.button type="submit" { (w.t("mine-add-go")) } }
            }
        }
    }
}

struct Sent {
    file: String,
    bytes: Vec<u8>,
    item: String,
}

async fn receive(mut form: Multipart) -> Result<Sent, Failure> {
    let mut sent = Sent { file: String::new(), bytes: Vec::new(), item: String::new() };
    while let Some(mut part) = form.next_field().await.map_err(|_| Failure::BadRequest)? {
        match part.name() {
            Some("file") => {
                part.file_name().unwrap_or_default().clone_into(&mut sent.file);
                while let Some(chunk) = part.chunk().await.map_err(|_| Failure::TooLarge)? {
                    sent.bytes.extend_from_slice(&chunk);
                    if sent.bytes.len() > LOG_BYTES_MAX {
                        return Err(Failure::TooLarge);
                    }
                }
            }
            Some("item") => sent.item = part.text().await.map_err(|_| Failure::BadRequest)?,
            _ => {}
        }
    }
    Ok(sent)
}

pub async fn add(
    State(app): State<App>,
    shell: Shell,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Failure> {
    let viewer = shell.staff()?;
    // Whoever may not keep a log does not get to have one read.
    app.office.may_look_at_logs(viewer)?;
    let sent = receive(form.map_err(|_| Failure::BadRequest)?).await?;
    let (file, item, edition) = (sent.file, sent.item, shell.edition.clone());
    let read = tokio::task::spawn_blocking(move || {
        let mut log = mining::read_xes(&sent.bytes[..], Bounds::PAGE, edition.offset())?;
        let item = (!item.is_empty()).then(|| ItemId::from(item));
        office::declare(&edition, &mut log, item.as_ref());
        Ok::<Log, Unreadable>(log)
    });
    let problem = match read.await.map_err(|_| Failure::BadRequest)? {
        Ok(log) => match app.office.keep_log(&file, log, viewer).await? {
            Some(kept) => {
                let to = format!("/zone/process?log={}", encode(&kept.id));
                return Ok(Redirect::to(&to).into_response());
            }
            None => shell.w.with("mine-logs-many", &[("most", office::LOGS_MAX.into())]),
        },
        Err(fault) => told(&shell, &fault),
    };
    let page = draw(&app, &shell, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Why a log is not read, in the reader's language.
fn told(shell: &Shell, fault: &Unreadable) -> String {
    let about = [("detail", fault.detail().into()), ("count", fault.count().into())];
    let why = shell.w.with(&format!("mine-unreadable-{}", fault.code()), &about);
    match fault.line() {
        Some(line) => shell.w.with("mine-unreadable-line", &[("line", line.into()), ("why", why.into())]),
        None => why,
    }
}

pub async fn remove(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    app.office.drop_log(&id, shell.staff()?).await?;
    Ok(Redirect::to("/zone/logs").into_response())
}
