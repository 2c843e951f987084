//! Filling in the one form: begin, questions by section, papers, check, hand in.

mod check;
mod code;
mod news;
mod papers;
mod section;
mod start;
mod tasks;
mod upload;

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use catalogue::Channel;
use form::{Form, Part};
use maud::{Markup, html};
use office::{DraftId, OpenDraft};

use super::agents::banner_in_draft;
use super::thing::{as_party, closed, obstacles, party_kind, party_value};
use super::visitor::{Guest, Pairs, see, value};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

pub use papers::{ALL as ALL_PAPERS, file_input, sayings as file_sayings};
pub use upload::{Sent, receive, serve_file};

/// Files to look at, that nobody can take out.
pub fn papers_list(
    shell: &Shell,
    address: &str,
    files: &[&office::Attachment],
    officers: &BTreeMap<String, String>,
) -> Markup {
    papers::file_list(shell, address, files, None, officers)
}

/// Without script all chosen files come together: so many of the largest kind.
const TOGETHER: usize = 4;

pub fn routes(app: &App) -> Router<App> {
    // What is larger than one file may be is still read to its end, so that the answer can name it.
    let most = app.settings.upload_bytes_max.saturating_mul(TOGETHER);
    let uploads = Router::new()
        .route("/drafts/{id}/papers", get(papers::page).post(papers::upload_all))
        .route("/drafts/{id}/papers/{material}", post(papers::upload))
        .route("/drafts/{id}/answer-file/{field}", get(papers::field_page).post(papers::field_upload))
        .layer(DefaultBodyLimit::max(most));
    Router::new()
        .route("/drafts", post(start::start))
        .route("/feedback", get(start::feedback))
        .route("/drafts/{id}", get(tasks::page))
        .route("/drafts/{id}/s/{section}", get(section::page).post(section::save))
        .route("/drafts/{id}/autosave", post(section::autosave))
        .route("/drafts/{id}/party", post(change_party))
        .route("/drafts/{id}/delete", post(discard))
        .route("/drafts/{id}/detach", post(papers::detach))
        .route("/drafts/{id}/files/{digest}", get(papers::file))
        .route("/drafts/{id}/check", get(check::page))
        .route("/drafts/{id}/submit", post(check::submit))
        .route("/drafts/{id}/code", post(code::make))
        .route("/resume", get(code::page).post(code::resume))
        .merge(uploads)
}

pub fn id(text: &str) -> Result<DraftId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// Where a draft that was handed in has gone.
fn gone_on(shell: &Shell, open: &OpenDraft) -> Option<String> {
    open.draft.submitted.as_ref().map(|number| handed_in(shell, open, number))
}

/// The applicant sees the number; a clerk goes back to the window and the person before it.
fn handed_in(shell: &Shell, open: &OpenDraft, number: &str) -> String {
    let clerk = shell.viewer.as_ref().is_some_and(|viewer| viewer.works_at_window(&shell.edition));
    if clerk && open.draft.channel == Channel::Window {
        format!("/window?done={}", encode(number))
    } else {
        format!("/cases/{}/number", encode(number))
    }
}

pub fn title(shell: &Shell, open: &OpenDraft) -> String {
    open.thing().map(|thing| shell.say(&thing.title).to_owned()).unwrap_or_default()
}

/// A page inside a draft.
fn page_in(shell: &Shell, open: &OpenDraft, name: &str, body: Markup) -> Markup {
    let body = html! { (banner_in_draft(shell, open)) (body) };
    let page = Page::public(name.to_owned(), body).crumb(shell.w.t("nav-home"), "/");
    shell.lay_out(page.crumb(title(shell, open), format!("/drafts/{}", open.id)))
}

/// `已保存 10:32`, also where the script tells how saving goes.
fn saved(shell: &Shell, open: &OpenDraft) -> Markup {
    let w = shell.w;
    html! {
        p { span.saved role="status" data-saved=(w.t("p-saved")) data-saving=(w.t("p-saving")) data-failed=(w.t("p-save-failed"))
            data-offline=(w.t("draft-offline")) data-elsewhere=(w.t("draft-elsewhere")) data-shut=(w.t("draft-shut")) {
            (w.with("p-draft-saved-at", &[("at", ui::date_time(shell, open.draft.saved_at).into())]))
        } }
    }
}

/// What makes that the thing cannot be done so: told on every page of the draft, from the answer on that makes it so. On a page
/// with questions, `within` is their form, which the button that changes who applies sends along.
fn dead_ends(shell: &Shell, open: &OpenDraft, form: &Form<'_>, within: Option<&str>) -> Markup {
    let w = shell.w;
    let there = |part: Part<'_>| format!("/drafts/{}/s/{}", open.id, encode(part.key()));
    html! {
        @if form.nothing_applies() {
            (ui::panel("soon", html! {
                p.strong { (w.t("p-nothing-applies-here")) }
                p { a href=(there(Part::Situation)) { (w.t("p-nothing-applies-change")) } }
            }))
        }
        (closed_here(shell, open, form, within))
        (obstacles(shell, form, |question| {
            Some(format!("{}#{}", there(question.part), encode(&ui::anchor(question.id()))))
        }))
    }
}

/// What is closed to who applies, with a button that changes who does.
fn closed_here(shell: &Shell, open: &OpenDraft, form: &Form<'_>, within: Option<&str>) -> Markup {
    closed(shell, form, |party| {
        let say = as_party(shell, party);
        html! {
            @match within {
                Some(within) => (ui::actions(html! { button.button.second type="submit" form=(within) name="party" value=(party_value(party)) { (say) } })),
                None => form method="post" action=(format!("/drafts/{}/party", open.id)) {
                    (ui::hidden("party", party_value(party)))
                    (ui::actions(html! { button.button.second type="submit" { (say) } }))
                }
            }
        }
    })
}

/// Somebody else applies than was said at first; every answer stays.
async fn change_party(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    let party = party_kind(value(&pairs, "party")).ok_or(Failure::BadRequest)?;
    if open.draft.submitted.is_none() {
        app.office.set_party(open.id, party, by).await?;
    }
    Ok(see(&format!("/drafts/{}", open.id)))
}

/// Away with it, at the wish of whoever fills it in.
async fn discard(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
) -> Result<Response, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    if let Some(to) = gone_on(&shell, &open) {
        return Ok(see(&to));
    }
    app.office.discard_draft(open.id, by).await?;
    Ok(see("/my?did=draft-deleted"))
}

/// What a new edition changed since the person last looked.
fn moved(shell: &Shell, open: &OpenDraft) -> Markup {
    let w = shell.w;
    let Some(moved) = &open.draft.moved else { return html! {} };
    let fields = |ids: &[catalogue::FieldId]| -> Vec<String> {
        ids.iter()
            .map(|id| {
                open.edition
                    .field(id)
                    .map_or_else(|| id.to_string(), |field| shell.say(&field.label).to_owned())
            })
            .collect()
    };
    let papers = |ids: &[catalogue::MaterialId]| -> Vec<String> {
        ids.iter()
            .map(|id| {
                open.edition
                    .material(id)
                    .map_or_else(|| id.to_string(), |paper| shell.say(&paper.title).to_owned())
            })
            .collect()
    };
    let lines = [
        ("p-moved-questions-added", fields(&moved.questions_added)),
        ("p-moved-questions-removed", fields(&moved.questions_removed)),
        ("p-moved-papers-added", papers(&moved.materials_added)),
        ("p-moved-papers-removed", papers(&moved.materials_removed)),
    ];
    ui::panel(
        "soon",
        html! {
            p.strong { (w.t("p-moved-title")) }
            ul { @for (key, names) in &lines { @if !names.is_empty() { li { (w.t(key)) (w.list(names)) } } } }
            p { (w.t("p-moved-kept")) }
        },
    )
}
