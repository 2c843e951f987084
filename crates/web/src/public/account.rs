//! Signing in and out, and opening an account of one's own.

use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use office::{
    Duty, Entered, NewAccount, NotPossible, OfficeError, SESSION_HOURS, SignedIn, Standing, Viewer,
};
use serde::Deserialize;

use super::home::safe_next;
use super::visit::{Knock, device_cookie, no_pending_cookie, pending_cookie};
use super::visitor::{Pairs, again, cookie_line, see, value, with_cookie};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, SESSION_COOKIE, Shell, encode};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    pub next: String,
}

pub async fn sign_in_page(State(app): State<App>, shell: Shell, Query(next): Query<Next>) -> Markup {
    sign_in_form(&app, &shell, &next.next, "", None)
}

fn sign_in_form(app: &App, shell: &Shell, next: &str, login: &str, problem: Option<&str>) -> Markup {
    let w = shell.w;
    let body = html! {
        (ui::error_summary(w, &problem.map(|text| vec![("login".to_owned(), text.to_owned())]).unwrap_or_default()))
        h1 { (w.t("p-sign-in-title")) }
        p.lead { (w.t("p-sign-in-lead")) }
        @if app.settings.openid.is_some() {
            p { a.button href=(format!("/sign-in/openid?next={}", encode(next))) { (w.t("p-openid-go")) } }
            h2 { (w.t("p-openid-or")) }
        }
        form method="post" action="/sign-in" {
            (ui::hidden("next", next))
            div.question.wrong[problem.is_some()] {
                label for="login" { (w.t("p-login")) }
                input #login type="text" name="login" value=(login) autocomplete="username" autocapitalize="none" spellcheck="false" required;
            }
            div.question.wrong[problem.is_some()] {
                label for="password" { (w.t("p-password")) }
                input #password type="password" name="password" autocomplete="current-password" required;
            }
            (ui::actions(html! {
                button.button type="submit" { (w.t("nav-sign-in")) }
                a href=(format!("/register?next={}", encode(next))) { (w.t("p-register-link")) }
            }))
        }
        p { (w.t("p-sign-in-not-needed")) " " a href="/track" { (w.t("p-home-track")) } }
        @if !app.settings.demo_accounts.is_empty() {
            section.card aria-labelledby="demo-title" {
                h2 #demo-title { (w.t("p-demo-title")) }
                p.quiet { (w.t("p-demo-hint")) }
                ul.demo {
                    @for account in &app.settings.demo_accounts {
                        li {
                            form method="post" action="/sign-in" {
                                (ui::hidden("next", next))
                                (ui::hidden("login", &account.login))
                                (ui::hidden("password", &account.password))
                                button.button.second type="submit" { (account.role) " " span.quiet { (account.login) } }
                            }
                        }
                    }
                }
            }
        }
    };
    shell.lay_out(Page::public(w.t("p-sign-in-title"), body))
}

pub async fn sign_in(
    State(app): State<App>,
    shell: Shell,
    knock: Knock,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let next = value(&pairs, "next");
    let login = value(&pairs, "login");
    let refused = |error: &OfficeError| {
        let text = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
        Ok(again(error, sign_in_form(&app, &shell, next, login, Some(&text))))
    };
    match app.office.begin_sign_in(login, value(&pairs, "password"), &knock.visit).await {
        Ok(signed_in) => go_on(&app, signed_in, next),
        Err(error @ (OfficeError::NotPossible(_) | OfficeError::Wait { .. })) => refused(&error),
        Err(error) => Err(error.into()),
    }
}

/// In, or to the second step.
pub fn go_on(app: &App, signed_in: SignedIn, next: &str) -> Result<Response, Failure> {
    let step = |page: &str| see(&format!("/sign-in/{page}?next={}", encode(next)));
    match signed_in {
        SignedIn::Entered(entered) => {
            let to = where_to(app, &entered.viewer, next);
            Ok(session_opened(app, entered, see(&to)))
        }
        SignedIn::Password(token) => Ok(with_cookie(step("password"), pending_cookie(app, &token))),
        SignedIn::Code(token) => Ok(with_cookie(step("code"), pending_cookie(app, &token))),
        SignedIn::Enrol(token) => Ok(with_cookie(step("enrol"), pending_cookie(app, &token))),
    }
}

/// Where nobody was going anywhere, each goes to where their work is.
pub fn where_to(app: &App, viewer: &Viewer, next: &str) -> String {
    let to = safe_next(next);
    if to != "/" {
        return to;
    }
    match viewer.standing {
        Standing::Applicant => "/my".into(),
        Standing::Officer if viewer.works_at_window(&app.office.edition()) => "/window".into(),
        Standing::Officer => officers_page(viewer, &app.office.edition()).into(),
        _ if viewer.has_duty(Duty::System) => "/admin/pack".into(),
        _ if viewer.has_duty(Duty::Security) => "/admin/accounts".into(),
        _ if viewer.has_duty(Duty::Audit) => "/admin/trail".into(),
        _ => "/my/account".into(),
    }
}

/// Whoever leads the zone begins with its figures, whoever runs halls with the floor, everybody else with what waits.
fn officers_page(viewer: &Viewer, edition: &catalogue::Edition) -> &'static str {
    let roles = || viewer.roles.iter().filter_map(|role| edition.role(role));
    if viewer.rank(edition) == Some(catalogue::RoleRank::Leader) {
        "/zone"
    } else if roles().any(|role| role.hall) {
        "/floor"
    } else {
        "/desk"
    }
}

/// Hands the browser what it keeps, with whatever page comes next.
pub fn session_opened(app: &App, entered: Entered, response: Response) -> Response {
    let Entered { token, viewer: _, device } = entered;
    let response = with_cookie(response, session_cookie(app, &token.0, SESSION_HOURS * 3600));
    let response = with_cookie(response, no_pending_cookie(app));
    with_cookie(response, device_cookie(app, &device))
}

fn session_cookie(app: &App, token: &str, seconds: i64) -> Option<HeaderValue> {
    cookie_line(app, SESSION_COOKIE, token, "/", seconds)
}

pub async fn sign_out(State(app): State<App>, shell: Shell) -> Result<Response, Failure> {
    if let Some(token) = &shell.session {
        app.office.sign_out(token).await?;
    }
    Ok(with_cookie(see("/"), session_cookie(&app, "", 0)))
}

pub async fn register_page(shell: Shell, Query(next): Query<Next>) -> Markup {
    register_form(&shell, &[("next".into(), next.next)], None)
}

fn register_form(shell: &Shell, typed: &[(String, String)], problem: Option<(&str, String)>) -> Markup {
    let w = shell.w;
    let wrong = problem.as_ref().map(|(field, _)| *field);
    let problems: Vec<(String, String)> =
        problem.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let text = |name: &'static str, label: &str, hint: Option<&str>, kind: &str, complete: &str| {
        html! {
            div.question.wrong[wrong == Some(name)] {
                label for=(name) { (w.t(label)) }
                @if let Some(hint) = hint { p.hint id=(format!("{name}-hint")) { (w.t(hint)) } }
                input id=(name) type=(kind) name=(name) value=(if kind == "password" { "" } else { value(typed, name) })
                    aria-describedby=[hint.map(|_| format!("{name}-hint"))] aria-invalid=[(wrong == Some(name)).then_some("true")] autocomplete=(complete) required;
            }
        }
    };
    let body = html! {
        (ui::error_summary(w, &problems))
        h1 { (w.t("p-register-title")) }
        p.lead { (w.t("p-register-lead")) }
        form method="post" action="/register" {
            (ui::hidden("next", value(typed, "next")))
            (text("login", "p-login", Some("p-login-hint"), "text", "username"))
            (text("name", "p-name", Some("p-name-hint"), "text", "name"))
            (text("phone", "p-phone", Some("p-phone-hint"), "tel", "tel"))
            (text("password", "p-password", Some("p-password-hint"), "password", "new-password"))
            (ui::actions(html! { button.button type="submit" { (w.t("p-register-go")) } }))
        }
    };
    shell.lay_out(Page::public(w.t("p-register-title"), body).crumb(w.t("p-sign-in-title"), "/sign-in"))
}

pub async fn register(
    State(app): State<App>,
    shell: Shell,
    knock: Knock,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let refused = |field: &'static str, text: String| {
        (StatusCode::UNPROCESSABLE_ENTITY, register_form(&shell, &pairs, Some((field, text)))).into_response()
    };
    let phone = value(&pairs, "phone");
    if let Err(problem) = identifier::PhoneNumber::parse(phone) {
        let lang =
            if shell.lang == diagnostic::Lang::Zh { identifier::Lang::Zh } else { identifier::Lang::En };
        return Ok(refused("phone", problem.text(lang)));
    }
    let new = NewAccount {
        login: value(&pairs, "login").into(),
        password: value(&pairs, "password").into(),
        name: value(&pairs, "name").into(),
        phone: phone.into(),
        standing: Standing::Applicant,
        roles: Vec::new(),
    };
    match app.office.open_account(new, "applicant").await {
        Ok(_) => {
            let (login, password) = (value(&pairs, "login"), value(&pairs, "password"));
            let signed_in = app.office.begin_sign_in(login, password, &knock.visit).await?;
            go_on(&app, signed_in, value(&pairs, "next"))
        }
        Err(error @ OfficeError::NotPossible(reason)) => {
            let field = match reason {
                NotPossible::NameUnseen | NotPossible::NameTooLong => "name",
                NotPossible::AboutPhone => "phone",
                reason if reason.is_of_password() => "password",
                _ => "login",
            };
            Ok(refused(field, error.message_in(shell.lang, &shell.edition).unwrap_or_default()))
        }
        Err(error @ OfficeError::Enough(_)) => {
            let told = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
            Ok(again(&error, register_form(&shell, &pairs, Some(("login", told)))))
        }
        Err(error) => Err(error.into()),
    }
}
