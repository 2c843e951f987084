//! The second step of signing in: a code from an authenticator, or setting one up where that is demanded.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use office::{Enrolment, NotPossible, OfficeError, PendingToken};

use super::account::{Next, session_opened};
use super::visit::Knock;
use super::visitor::{self, Pairs, see, value};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

/// Whoever did not give a password a moment ago begins there.
pub fn pending<'k>(knock: &'k Knock, next: &str) -> Result<&'k PendingToken, Box<Response>> {
    knock.pending.as_ref().ok_or_else(|| Box::new(again(next)))
}

pub fn again(next: &str) -> Response {
    see(&format!("/sign-in?next={}", encode(next)))
}

pub async fn code_page(shell: Shell, knock: Knock, Query(next): Query<Next>) -> Response {
    match pending(&knock, &next.next) {
        Ok(_) => code_form(&shell, &next.next, None).into_response(),
        Err(elsewhere) => *elsewhere,
    }
}

fn code_form(shell: &Shell, next: &str, problem: Option<&str>) -> Markup {
    let w = shell.w;
    let body = html! {
        (ui::error_summary(w, &problems(problem)))
        h1 { (w.t("p-totp-title")) }
        p.lead { (w.t("p-totp-lead")) }
        form method="post" action="/sign-in/code" {
            (ui::hidden("next", next))
            (code_field(shell, "p-totp-hint", problem))
            (ui::actions(html! {
                button.button type="submit" { (w.t("nav-sign-in")) }
                a href=(format!("/sign-in?next={}", encode(next))) { (w.t("p-totp-other")) }
            }))
        }
        p.quiet { (w.t("p-totp-lost")) }
    };
    shell.lay_out(Page::public(w.t("p-totp-title"), body).crumb(w.t("p-sign-in-title"), "/sign-in"))
}

/// Where a code is typed: digits come up on a telephone, and the browser offers what was sent by none.
pub fn code_field(shell: &Shell, hint: &str, problem: Option<&str>) -> Markup {
    html! {
        div.question.wrong[problem.is_some()] {
            label for="code" { (shell.w.t("p-totp")) }
            p.hint #code-hint { (shell.w.t(hint)) }
            input.mono.w-short #code type="text" name="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" maxlength="20"
                aria-describedby="code-hint" aria-invalid=[problem.map(|_| "true")] required;
        }
    }
}

pub fn problems(problem: Option<&str>) -> Vec<(String, String)> {
    problem.map(|text| ("code".to_owned(), text.to_owned())).into_iter().collect()
}

pub async fn code(
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
    match app.office.finish_sign_in(token, value(&pairs, "code"), &knock.visit).await {
        Ok(signed_in) => super::account::go_on(&app, signed_in, next),
        Err(error) => refused(&shell, error, next, |text| code_form(&shell, next, Some(text))),
    }
}

/// The form again with what was wrong; from the beginning when it took too long.
pub fn refused(
    shell: &Shell,
    error: OfficeError,
    next: &str,
    form: impl FnOnce(&str) -> Markup,
) -> Result<Response, Failure> {
    match &error {
        OfficeError::NotPossible(NotPossible::SignInOver | NotPossible::FactorThere) => {
            return Ok(again(next));
        }
        OfficeError::NotPossible(_) | OfficeError::Wait { .. } => {}
        _ => return Err(error.into()),
    }
    let text = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
    Ok(visitor::again(&error, form(&text)))
}

pub async fn enrol_page(
    State(app): State<App>,
    shell: Shell,
    knock: Knock,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    match pending(&knock, &next.next) {
        Ok(token) => draw_enrol(&app, &shell, token, &next.next, None).await,
        Err(elsewhere) => Ok(*elsewhere),
    }
}

async fn draw_enrol(
    app: &App,
    shell: &Shell,
    token: &PendingToken,
    next: &str,
    problem: Option<&str>,
) -> Result<Response, Failure> {
    let w = shell.w;
    let enrolment = match app.office.pending_account(token).await {
        Ok(account) => app.office.begin_factor(account).await,
        Err(error) => Err(error),
    };
    let enrolment = match enrolment {
        Ok(enrolment) => enrolment,
        Err(OfficeError::NotPossible(_)) => return Ok(again(next)),
        Err(error) => return Err(error.into()),
    };
    let body = html! {
        (ui::error_summary(w, &problems(problem)))
        h1 { (w.t("p-factor-title")) }
        p.lead { (w.t("p-factor-demanded")) }
        (enrol_form(shell, &enrolment, "/sign-in/enrol", next, problem))
    };
    let page =
        shell.lay_out(Page::public(w.t("p-factor-title"), body).crumb(w.t("p-sign-in-title"), "/sign-in"));
    Ok(page.into_response())
}

/// The picture, the key for typing, and the field for the first code.
pub fn enrol_form(
    shell: &Shell,
    enrolment: &Enrolment,
    action: &str,
    next: &str,
    problem: Option<&str>,
) -> Markup {
    let w = shell.w;
    let key: Vec<String> =
        enrolment.key.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
    html! {
        ol {
            li { p { (w.t("p-factor-step-app")) } }
            li {
                p { (w.t("p-factor-step-scan")) }
                (ui::qr(&enrolment.address, &w.t("p-factor-qr")))
                p { (w.t("p-factor-key")) " " span.mono.strong { (key.join(" ")) } }
            }
            li {
                p { (w.t("p-factor-step-code")) }
                form method="post" action=(action) {
                    (ui::hidden("next", next))
                    (code_field(shell, "p-factor-code-hint", problem))
                    (ui::actions(html! { button.button type="submit" { (w.t("p-factor-go")) } }))
                }
            }
        }
    }
}

pub async fn enrol(
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
    match app.office.enrol_and_sign_in(token, value(&pairs, "code"), &knock.visit).await {
        Ok((codes, entered)) => {
            let to = super::account::where_to(&app, &entered.viewer, next);
            let page =
                shell.lay_out(Page::public(shell.w.t("p-recovery-title"), recovery(&shell, &codes, &to)));
            Ok(session_opened(&app, entered, page.into_response()))
        }
        Err(OfficeError::NotPossible(NotPossible::SignInOver | NotPossible::FactorThere)) => Ok(again(next)),
        Err(error @ (OfficeError::NotPossible(_) | OfficeError::Wait { .. })) => {
            let text = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
            let page = draw_enrol(&app, &shell, token, next, Some(&text)).await?;
            Ok(if page.status() == StatusCode::OK { visitor::again(&error, page) } else { page })
        }
        Err(error) => Err(error.into()),
    }
}

/// The recovery codes, this once.
pub fn recovery(shell: &Shell, codes: &[String], to: &str) -> Markup {
    let w = shell.w;
    html! {
        h1 { (w.t("p-recovery-title")) }
        (ui::panel("good", html! { p.strong { (w.t("p-recovery-done")) } p { (w.t("p-recovery-lead")) } }))
        ul.codes { @for code in codes { li.mono { (code) } } }
        p { (w.t("p-recovery-once")) }
        p.actions { a.button href=(to) { (w.t("p-recovery-go-on")) } }
    }
}
