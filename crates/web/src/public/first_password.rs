//! On the way in with a password that an administrator set: one's own is chosen first.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::account::{Next, go_on};
use super::second_step::{again, pending, refused};
use super::visit::Knock;
use super::visitor::{Pairs, value};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    knock: Knock,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    let token = match pending(&knock, &next.next) {
        Ok(token) => token,
        Err(elsewhere) => return Ok(*elsewhere),
    };
    match app.office.pending_account(token).await {
        Ok(_) => Ok(form(&shell, &next.next, None).into_response()),
        Err(office::OfficeError::NotPossible(_)) => Ok(again(&next.next)),
        Err(error) => Err(error.into()),
    }
}

fn form(shell: &Shell, next: &str, problem: Option<&str>) -> Markup {
    let w = shell.w;
    let problems: Vec<_> = problem.map(|text| ("password".to_owned(), text.to_owned())).into_iter().collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        h1 { (w.t("p-choose-password")) }
        p.lead { (w.t("p-choose-password-lead")) }
        form method="post" action="/sign-in/password" {
            (ui::hidden("next", next))
            (new_password(shell, problem))
            (ui::actions(html! { button.button type="submit" { (w.t("p-choose-password-go")) } }))
        }
    };
    shell.lay_out(Page::public(w.t("p-choose-password"), body).crumb(w.t("p-sign-in-title"), "/sign-in"))
}

/// The new password, twice: nobody sees what they type.
pub fn new_password(shell: &Shell, problem: Option<&str>) -> Markup {
    let w = shell.w;
    let invalid = problem.map(|_| "true");
    html! {
        div.question.wrong[problem.is_some()] {
            label for="password" { (w.t("p-new-password")) }
            p.hint #password-hint { (w.t("p-password-hint")) }
            @if let Some(text) = problem { p.problem { (text) } }
            input.w-medium #password type="password" name="password" autocomplete="new-password" aria-describedby="password-hint" aria-invalid=[invalid] required;
        }
        div.question.wrong[problem.is_some()] {
            label for="again" { (w.t("p-new-password-again")) }
            input.w-medium #again type="password" name="again" autocomplete="new-password" aria-invalid=[invalid] required;
        }
    }
}

/// The new password, where it was typed the same twice.
pub fn same_twice<'p>(shell: &Shell, pairs: &'p [(String, String)]) -> Result<&'p str, String> {
    let password = value(pairs, "password");
    if password == value(pairs, "again") { Ok(password) } else { Err(shell.w.t("p-new-password-differs")) }
}

pub async fn choose(
    State(app): State<App>,
    shell: Shell,
    knock: Knock,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let next = value(&pairs, "next");
    let token = match pending(&knock, next) {
        Ok(token) => token,
        Err(elsewhere) => return Ok(*elsewhere),
    };
    let password = match same_twice(&shell, &pairs) {
        Ok(password) => password,
        Err(text) => {
            let page = form(&shell, next, Some(&text));
            return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    match app.office.choose_password(token, password, &knock.visit).await {
        Ok(signed_in) => go_on(&app, signed_in, next),
        Err(error) => refused(&shell, error, next, |text| form(&shell, next, Some(text))),
    }
}
