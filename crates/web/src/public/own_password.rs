//! One's own password: changed with the old one, and with a code where there is a second factor.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use office::{NotPossible, OfficeError, Viewer};

use super::account::session_opened;
use super::first_password::{new_password, same_twice};
use super::own_account::{Wrong, draw};
use super::visit::Knock;
use super::visitor::{self, Pairs, see, value};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::Shell;

pub async fn section(
    app: &App,
    shell: &Shell,
    viewer: &Viewer,
    wrong: Option<(&'static str, &str)>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let of = |field: &str| wrong.filter(|(name, _)| *name == field).map(|(_, text)| text);
    let with_code = app.office.has_factor(viewer.id).await?;
    Ok(html! {
        section.card aria-labelledby="password-title" {
            h2 #password-title { (w.t("p-password")) }
            details.more open[wrong.is_some()] {
                summary { (w.t("p-change-password")) }
                p { (w.t("p-change-password-hint")) }
                form method="post" action="/my/account/password" {
                    // So that a password manager knows whose password it is.
                    input type="hidden" name="login" value=(viewer.login) autocomplete="username";
                    div.question.wrong[of("old").is_some()] {
                        label for="old" { (w.t("p-old-password")) }
                        @if let Some(text) = of("old") { p.problem { (text) } }
                        input.w-medium #old type="password" name="old" autocomplete="current-password" aria-invalid=[of("old").map(|_| "true")] required;
                    }
                    (new_password(shell, of("password")))
                    @if with_code {
                        div.question.wrong[of("password-code").is_some()] {
                            label for="password-code" { (w.t("p-totp")) }
                            p.hint #password-code-hint { (w.t("p-totp-hint")) }
                            @if let Some(text) = of("password-code") { p.problem { (text) } }
                            input.mono.w-short #password-code type="text" name="code" autocomplete="one-time-code" spellcheck="false" maxlength="20"
                                aria-describedby="password-code-hint" aria-invalid=[of("password-code").map(|_| "true")] required;
                        }
                    }
                    button.button type="submit" { (w.t("p-change-password")) }
                }
            }
        }
    })
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    knock: Knock,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let viewer = shell.signed_in()?;
    let session = shell.session.as_ref().ok_or_else(|| Failure::sign_in(&shell.here))?;
    let again = async |error: &OfficeError, field, text: &str| {
        let page = draw(&app, &shell, "", Wrong { code: None, password: Some((field, text)) }).await?;
        Ok(visitor::again(error, page))
    };
    let new = match same_twice(&shell, &pairs) {
        Ok(new) => new,
        Err(text) => return again(&NotPossible::WeakPassword.into(), "password", &text).await,
    };
    let (old, code) = (value(&pairs, "old"), value(&pairs, "code"));
    match app.office.change_password(viewer, session, old, new, code, &knock.visit).await {
        Ok(entered) => Ok(session_opened(&app, entered, see("/my/account?done=password"))),
        Err(error @ (OfficeError::NotPossible(_) | OfficeError::Wait { .. })) => {
            let field = match &error {
                OfficeError::Wait { .. } | OfficeError::NotPossible(NotPossible::WrongOldPassword) => "old",
                OfficeError::NotPossible(NotPossible::WrongCode) => "password-code",
                _ => "password",
            };
            again(&error, field, &error.message_in(shell.lang, &shell.edition).unwrap_or_default()).await
        }
        Err(error) => Err(error.into()),
    }
}
