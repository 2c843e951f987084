//! Papers that the clerk has seen in the original, so that nobody need scan them.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use office::{By, DraftId, OpenDraft};

use super::clerk;
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::shell::Shell;
use crate::ui;

pub async fn set(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = clerk(&shell)?;
    let posted = Posted(pairs);
    let id: DraftId = id.parse().map_err(|_| Failure::NotFound)?;
    let seen = posted.all("material").map(Into::into).collect();
    app.office.set_seen(id, seen, By::Viewer(viewer)).await?;
    Ok(Redirect::to(&posted.next(&format!("/drafts/{id}"))).into_response())
}

/// The clerk's check list of papers, for the draft's own pages. Nothing for anybody else.
pub fn seen_papers(shell: &Shell, open: &OpenDraft) -> Markup {
    let w = shell.w;
    let at_window = shell.viewer.as_ref().is_some_and(|viewer| viewer.works_at_window(&shell.edition));
    let due: Vec<(String, String)> = match open.form() {
        Ok(form) if at_window => form
            .materials()
            .iter()
            .filter(|due| due.is_asked())
            .map(|due| (due.material.id.to_string(), shell.say(&due.material.title).to_owned()))
            .collect(),
        _ => Vec::new(),
    };
    html! {
        @if !due.is_empty() {
            section.card aria-labelledby="seen-title" {
                h2 id="seen-title" { (w.t("window-seen")) }
                form method="post" action=(format!("/window/drafts/{}/seen", open.id)) {
                    (ui::hidden("next", &shell.here))
                    p.hint { (w.t("window-seen-hint")) }
                    div.choices { @for (id, title) in &due {
                        label.choice { input type="checkbox" name="material" value=(id) checked[open.draft.seen.iter().any(|seen| seen.as_str() == id)]; span { (title) } }
                    } }
                    div.actions { button.button.second type="submit" data-key="s" { (w.t("window-seen-go")) " " kbd { "Alt+S" } } }
                }
            }
        }
    }
}
