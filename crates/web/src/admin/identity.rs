//! Which identities from outside lead to an account: linked by the security administrator, with a code that its owner was
//! shown after signing in at the provider.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use office::{AccountRow, Duty};

use super::accounts::{account_id, shown};
use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::shell::Shell;

pub async fn section(
    app: &App,
    shell: &Shell,
    row: &AccountRow,
    problem: Option<&str>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let issuers = app.office.identities(row.id).await?;
    let action = format!("/admin/accounts/{}/identity", row.id.0);
    Ok(html! {
        section.card aria-labelledby="identity-title" {
            h2 id="identity-title" { (w.t("admin-identity")) }
            @if issuers.is_empty() { p { (w.t("admin-identity-none")) } }
            @else {
                ul { @for issuer in &issuers { li.mono { (issuer) } } }
                form method="post" action=(format!("{action}/end")) { button.button.danger type="submit" { (w.t("admin-identity-end")) } }
            }
            form method="post" action=(action) {
                div.question.wrong[problem.is_some()] {
                    label for="link-code" { (w.t("admin-identity-code")) }
                    p.hint #link-code-hint { (w.t("admin-identity-hint")) }
                    @if let Some(text) = problem { p.problem { (text) } }
                    input.mono.w-short #link-code type="text" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="20" aria-describedby="link-code-hint" required;
                }
                div.actions { button.button.second type="submit" { (w.t("admin-identity-link")) } }
            }
        }
    })
}

pub async fn link(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::Security)?;
    let id = account_id(&id)?;
    let linked = app.office.link_identity(id, Posted(pairs).one("code"), viewer).await;
    shown(&app, &shell, id, linked, ("linked", "link-code")).await
}

pub async fn unlink(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::Security)?;
    let id = account_id(&id)?;
    app.office.unlink_identities(id, viewer).await?;
    Ok(Redirect::to(&format!("/admin/accounts/{}?done=unlinked", id.0)).into_response())
}
