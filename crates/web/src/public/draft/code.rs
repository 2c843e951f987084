//! Going on with a form on another device.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use office::{By, OfficeError};

use super::{id, page_in};
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::{Guest, Pairs, again, key_cookie, see, value, with_cookie};
use crate::shell::{Page, Shell};
use crate::ui;

/// A code is made when somebody asks for it, and shown once.
pub async fn make(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(draft): Path<String>,
) -> Result<Markup, Failure> {
    let (open, by) = guest.draft(&app, &shell, id(&draft)?).await?;
    let w = shell.w;
    let code = app.office.resume_code(open.id, by).await?;
    let address = format!("{}/resume", app.office.public_url());
    let body = html! {
        h1 { (w.t("p-code-title")) }
        div.card.number {
            span.no.mono { (code) }
            p { (w.t("p-code-valid")) }
        }
        p { (w.t("p-code-how")) " " span.mono { (address) } }
        (ui::actions(html! { a.button href=(format!("/drafts/{}", open.id)) { (w.t("p-back-to-form")) } }))
    };
    Ok(page_in(&shell, &open, &w.t("p-code-title"), body))
}

pub async fn page(shell: Shell) -> Markup {
    draw(&shell, "", None)
}

fn draw(shell: &Shell, typed: &str, problem: Option<String>) -> Markup {
    let w = shell.w;
    let problems: Vec<(String, String)> =
        problem.iter().map(|text| ("code".to_owned(), text.clone())).collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        h1 { (w.t("p-home-resume")) }
        form method="post" action="/resume" {
            div.question.wrong[problem.is_some()] {
                label for="code" { (w.t("p-code-label")) }
                p.hint #code-hint { (w.t("p-code-hint")) }
                input.w-medium.mono #code type="text" name="code" value=(typed) maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="code-hint" required;
            }
            (ui::actions(html! { button.button type="submit" { (w.t("p-go-on")) } }))
        }
    };
    shell.lay_out(Page::public(w.t("p-home-resume"), body).crumb(w.t("nav-home"), "/"))
}

pub async fn resume(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let (key, fresh) = guest.key_or_new(&app);
    let signed_in = shell.viewer.as_ref().filter(|viewer| viewer.is_applicant());
    let by = signed_in.map_or(By::Guest(&key), By::Viewer);
    // The cookie goes out in any case: wrong tries are counted by it.
    let cookie = if fresh && signed_in.is_none() { key_cookie(&app, &key) } else { None };
    let typed = value(&pairs, "code");
    let (error, problem) = match app.office.resume(typed, by).await {
        Ok(id) => return Ok(with_cookie(see(&format!("/drafts/{id}")), cookie)),
        Err(error @ OfficeError::NotFound) => (error, shell.w.t("p-code-wrong")),
        Err(error) => match error.message_in(shell.lang, &shell.edition) {
            Some(text) => (error, text),
            None => return Err(error.into()),
        },
    };
    Ok(with_cookie(again(&error, draw(&shell, typed, Some(problem))), cookie))
}
