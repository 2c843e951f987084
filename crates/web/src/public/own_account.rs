//! One's own account: where it is signed in, and its second factor.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use office::{OfficeError, OwnSession, RECOVERY_CODES, Viewer};
use serde::Deserialize;

use super::own_password;
use super::second_step::{code_field, enrol_form, problems, recovery};
use super::visitor::{Pairs, again, see, value};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

pub async fn page(State(app): State<App>, shell: Shell, Query(done): Query<Done>) -> Result<Markup, Failure> {
    draw(&app, &shell, &done.done, Wrong::default()).await
}

/// What was wrong with what was sent, by the part of the page that it belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wrong<'t> {
    pub code: Option<&'t str>,
    /// The field, and what is wrong with it.
    pub password: Option<(&'static str, &'t str)>,
}

pub async fn draw(app: &App, shell: &Shell, done: &str, wrong: Wrong<'_>) -> Result<Markup, Failure> {
    let viewer = shell.signed_in()?;
    let w = shell.w;
    let token = shell.session.as_ref().ok_or_else(|| Failure::sign_in(&shell.here))?;
    let sessions = app.office.sessions(viewer, token).await?;
    let done_key = format!("p-account-done-{done}");
    let mut summary = problems(wrong.code);
    summary.extend(wrong.password.map(|(field, text)| (field.to_owned(), text.to_owned())));
    let body = html! {
        (ui::error_summary(w, &summary))
        @if !done.is_empty() && w.has(&done_key) { div.panel.good role="status" { p { (w.t(&done_key)) } } }
        h1 { (w.t("p-account-title")) }
        (ui::facts(&[(w.t("p-login"), html! { (viewer.login) }), (w.t("p-name"), html! { (viewer.name) })]))
        @if !viewer.is_applicant() {
            section.card aria-labelledby="factor-title" {
                h2 #factor-title { (w.t("p-factor-title")) }
                (factor(app, shell, viewer, wrong.code).await?)
            }
        }
        (own_password::section(app, shell, viewer, wrong.password).await?)
        section.card aria-labelledby="tokens-title" {
            h2 #tokens-title { (w.t("p-token-title")) }
            p { (w.t("p-token-hint")) }
            p { a href="/my/account/tokens" { (w.t("p-token-manage")) } }
        }
        section.card aria-labelledby="sessions-title" {
            h2 #sessions-title { (w.t("p-sessions-title")) }
            p.quiet { (w.with("p-sessions-hint", &[("hours", office::SESSION_HOURS.into()), ("minutes", office::IDLE_MINUTES.into())])) }
            (list(shell, &sessions))
            @if sessions.len() > 1 {
                form method="post" action="/my/account/sessions" {
                    (ui::hidden("end", "others"))
                    button.button.danger type="submit" { (w.t("p-sessions-end-others")) }
                }
            }
        }
    };
    Ok(shell.lay_out(Page::public(w.t("p-account-title"), body).crumb(w.t("nav-home"), "/")))
}

fn list(shell: &Shell, sessions: &[OwnSession]) -> Markup {
    let w = shell.w;
    html! {
        ul.own-list {
            @for session in sessions {
                li {
                    @if session.machine.is_empty() { span.strong { (w.t("p-session-unknown")) } } @else { span.strong { (session.machine) } }
                    @if session.is_this { " " span.tag.good { (w.t("p-session-this")) } }
                    p.quiet.small {
                        (w.with("p-session-since", &[("at", ui::date_time(shell, session.began_at).into())]))
                        " · " (w.with("p-session-seen", &[("at", ui::date_time(shell, session.seen_at).into())]))
                        @if !session.from.is_empty() { " · " (w.with("p-session-from", &[("from", session.from.as_str().into())])) }
                    }
                    @if !session.is_this {
                        form method="post" action="/my/account/sessions" {
                            (ui::hidden("end", &session.id))
                            button.button.second type="submit" { (w.t("p-session-end")) }
                        }
                    }
                }
            }
        }
    }
}

async fn factor(app: &App, shell: &Shell, viewer: &Viewer, problem: Option<&str>) -> Result<Markup, Failure> {
    let w = shell.w;
    match app.office.begin_factor(viewer.id).await {
        Ok(enrolment) => Ok(html! {
            p { (w.t("p-factor-off")) }
            details.more open[problem.is_some()] {
                summary { (w.t("p-factor-set-up")) }
                (enrol_form(shell, &enrolment, "/my/account/factor", "", problem))
            }
        }),
        Err(OfficeError::NotPossible(_)) => {
            let left = app.office.recovery_codes_left(viewer.id).await?;
            Ok(html! {
                p { span.tag.good { (w.t("p-factor-on")) } " " (w.with("p-recovery-left", &[("left", left.into()), ("all", RECOVERY_CODES.into())])) }
                details.more open[problem.is_some()] {
                    summary { (w.t("p-factor-drop")) }
                    p { (w.t("p-factor-drop-hint")) }
                    form method="post" action="/my/account/factor/drop" {
                        (code_field(shell, "p-totp-hint", problem))
                        button.button.danger type="submit" { (w.t("p-factor-drop")) }
                    }
                }
            })
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn end_sessions(
    State(app): State<App>,
    shell: Shell,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let viewer = shell.signed_in()?;
    let token = shell.session.as_ref().ok_or_else(|| Failure::sign_in(&shell.here))?;
    match value(&pairs, "end") {
        "others" => app.office.end_other_sessions(viewer, token).await?,
        id => app.office.end_session(viewer, id).await?,
    }
    Ok(see("/my/account?done=ended"))
}

pub async fn set_factor(
    State(app): State<App>,
    shell: Shell,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let viewer = shell.signed_in()?;
    match app.office.confirm_factor(viewer.id, value(&pairs, "code")).await {
        Ok(codes) => {
            let body = recovery(&shell, &codes, "/my/account");
            Ok(shell.lay_out(Page::public(shell.w.t("p-recovery-title"), body)).into_response())
        }
        Err(error) => refused(&app, &shell, error).await,
    }
}

pub async fn drop_factor(
    State(app): State<App>,
    shell: Shell,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let viewer = shell.signed_in()?;
    match app.office.drop_factor(viewer, value(&pairs, "code")).await {
        // Sessions end with it, this one too.
        Ok(()) => Ok(see("/sign-in?next=/my/account")),
        Err(error) => refused(&app, &shell, error).await,
    }
}

async fn refused(app: &App, shell: &Shell, error: OfficeError) -> Result<Response, Failure> {
    if !matches!(error, OfficeError::NotPossible(_) | OfficeError::Wait { .. }) {
        return Err(error.into());
    }
    let text = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
    Ok(again(&error, draw(app, shell, "", Wrong { code: Some(&text), password: None }).await?))
}
