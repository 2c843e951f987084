//! Signing in at the provider that the zone has chosen: there, and back.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;
use office::{ByIdentity, NotPossible, OfficeError, Vouched};
use openid::{Answer, Pending, Provider, Unproved};
use serde::{Deserialize, Serialize};

use super::account::{Next, go_on};
use super::home::safe_next;
use super::visit::{Knock, away, away_cookie};
use super::visitor::{see, with_cookie};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

/// Kept while somebody is away.
#[derive(Serialize, Deserialize)]
struct Kept {
    pending: Pending,
    next: String,
}

fn provider(app: &App) -> Result<Arc<Provider>, Failure> {
    app.settings.openid.clone().ok_or(Failure::NotFound)
}

/// Asks the provider away from the threads that serve pages.
async fn ask<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Unproved> + Send + 'static,
) -> Result<T, Unproved> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Unproved::Silent("the request broke off".into())))
}

pub async fn leave(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    let provider = provider(&app)?;
    app.office.may_leave_for_provider()?;
    match ask(move || provider.begin()).await {
        Ok(begun) => {
            let state = begun.pending.state.clone();
            let kept = Kept { pending: begun.pending, next: safe_next(&next.next) };
            let bytes = serde_json::to_vec(&kept).map_err(OfficeError::from)?;
            let token = app.office.send_to_provider(bytes, &state, away(&headers)).await?;
            Ok(with_cookie(see(&begun.address), away_cookie(&app, &token.0)))
        }
        Err(unproved) => Ok(told(&shell, &unproved, &next.next)),
    }
}

pub async fn back(
    State(app): State<App>,
    shell: Shell,
    knock: Knock,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, Failure> {
    let provider = provider(&app)?;
    let over = || Ok(told(&shell, &Unproved::NotOurs("browser"), ""));
    let Some(token) = away(&headers) else { return over() };
    let kept = match app.office.back_from_provider(&token, &answer.state).await {
        Ok(bytes) => bytes,
        Err(OfficeError::NotPossible(NotPossible::SignInOver)) => return over(),
        Err(error) => return Err(error.into()),
    };
    let Kept { pending, next } = serde_json::from_slice(&kept).map_err(OfficeError::from)?;
    let claimed = match ask(move || provider.finish(&pending, &answer)).await {
        Ok(claimed) => claimed,
        Err(unproved) => return Ok(told(&shell, &unproved, &next)),
    };
    let openid::Claimed { issuer, subject, login } = claimed;
    let vouched = Vouched { issuer, subject, login };
    let response = match app.office.sign_in_by_identity(&vouched, &knock.visit).await {
        Ok(ByIdentity::SignedIn(signed_in)) => go_on(&app, signed_in, &next)?,
        Ok(ByIdentity::Unlinked { code }) => unlinked(&shell, &code),
        Err(OfficeError::NotPossible(_)) => told(&shell, &Unproved::Declined(String::new()), &next),
        Err(error) => return Err(error.into()),
    };
    // Other pages of this browser may still be on their way: what leads to them ends by itself.
    Ok(response)
}

/// What happened, and the two ways on: once more, or with the password that everybody still has.
fn told(shell: &Shell, unproved: &Unproved, next: &str) -> Response {
    let w = shell.w;
    let (status, key) = match unproved {
        Unproved::Declined(_) => (StatusCode::FORBIDDEN, "p-openid-declined"),
        Unproved::NotOurs(_) => (StatusCode::BAD_REQUEST, "p-openid-not-ours"),
        Unproved::Silent(_) => (StatusCode::BAD_GATEWAY, "p-openid-silent"),
        Unproved::Invalid(_) => (StatusCode::FORBIDDEN, "p-openid-invalid"),
    };
    if !matches!(unproved, Unproved::Declined(_) | Unproved::NotOurs(_)) {
        tracing::warn!(cause = %unproved, "somebody could not sign in at the provider");
    }
    let body = html! {
        h1 { (w.t("p-openid-failed")) }
        (ui::panel("soon", html! { p { (w.t(key)) } }))
        p.actions {
            a.button href=(format!("/sign-in/openid?next={}", encode(next))) { (w.t("p-openid-again")) }
            a.button.second href=(format!("/sign-in?next={}", encode(next))) { (w.t("p-openid-password")) }
        }
    };
    let page =
        shell.lay_out(Page::public(w.t("p-openid-failed"), body).crumb(w.t("p-sign-in-title"), "/sign-in"));
    (status, page).into_response()
}

fn unlinked(shell: &Shell, code: &str) -> Response {
    let w = shell.w;
    let body = html! {
        h1 { (w.t("p-openid-unlinked")) }
        p.lead { (w.t("p-openid-unlinked-lead")) }
        ul.codes { li.mono { (code) } }
        p { (w.t("p-openid-unlinked-next")) }
        p.actions { a.button.second href="/sign-in" { (w.t("p-openid-password")) } }
    };
    let page =
        shell.lay_out(Page::public(w.t("p-openid-unlinked"), body).crumb(w.t("p-sign-in-title"), "/sign-in"));
    (StatusCode::FORBIDDEN, page).into_response()
}
