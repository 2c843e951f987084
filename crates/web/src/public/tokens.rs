//! Tokens by which one's programs act: made here, shown once, taken back.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use office::{Duty, NewToken, OfficeError, OwnToken, Scope, Viewer};
use serde::Deserialize;

use super::visitor::{Pairs, see, value, values};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

/// What is offered first.
const DAYS: i64 = 90;

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// What was typed, to stand in its boxes again.
#[derive(Debug, Default)]
struct Typed {
    name: String,
    scopes: Vec<Scope>,
    days: String,
    problem: Option<String>,
}

pub async fn page(State(app): State<App>, shell: Shell, Query(done): Query<Done>) -> Result<Markup, Failure> {
    let typed = Typed { days: DAYS.to_string(), ..Typed::default() };
    draw(&app, &shell, done.done == "revoked", &typed).await
}

async fn draw(app: &App, shell: &Shell, revoked: bool, typed: &Typed) -> Result<Markup, Failure> {
    let viewer = shell.signed_in()?;
    let w = shell.w;
    let tokens = app.office.tokens(viewer).await?;
    let body = html! {
        (ui::error_summary(w, &typed.problem.iter().map(|text| ("token-name".to_owned(), text.clone())).collect::<Vec<_>>()))
        @if revoked { div.panel.good role="status" { p { (w.t("p-token-revoked")) } } }
        h1 { (w.t("p-token-title")) }
        p { (w.t("p-token-hint")) " " a href="/api" { (w.t("p-api-title")) } }
        section.card aria-labelledby="token-new" {
            h2 #token-new { (w.t("p-token-new")) }
            (form(shell, viewer, typed))
        }
        section.card aria-labelledby="token-own" {
            h2 #token-own { (w.t("p-token-own")) }
            @if tokens.is_empty() { p.quiet { (w.t("p-token-none")) } }
            (list(shell, &tokens))
        }
    };
    let page = Page::public(w.t("p-token-title"), body).crumb(w.t("nav-home"), "/");
    Ok(shell.lay_out(page.crumb(w.t("p-account-title"), "/my/account")))
}

/// Rights that some account of this kind can use; what each opens is asked when it is used.
fn offered(viewer: &Viewer, scope: Scope) -> bool {
    match scope {
        Scope::ReadCases | Scope::ActOnCases | Scope::Drafts | Scope::Halls => !viewer.is_administrator(),
        Scope::ReadFigures => !viewer.is_applicant(),
        Scope::Accounts => viewer.has_any_duty(),
        Scope::Webhooks | Scope::Packs => viewer.has_duty(Duty::System),
        Scope::Records => viewer.has_duty(Duty::Security) || viewer.has_duty(Duty::Audit),
    }
}

fn name_of(shell: &Shell, scope: Scope) -> String {
    shell.w.t(&format!("p-scope-{}", scope.code().replace(':', "-")))
}

fn form(shell: &Shell, viewer: &Viewer, typed: &Typed) -> Markup {
    let w = shell.w;
    html! {
        form method="post" action="/my/account/tokens" {
            div.question {
                label for="token-name" { (w.t("p-token-name")) }
                p.hint #token-name-hint { (w.t("p-token-name-hint")) }
                input type="text" id="token-name" name="name" value=(typed.name) maxlength="80" required aria-describedby="token-name-hint";
            }
            fieldset.question {
                legend { (w.t("p-token-scopes")) }
                div.choices { @for scope in Scope::ALL.into_iter().filter(|scope| offered(viewer, *scope)) {
                    label.choice {
                        input type="checkbox" name="scope" value=(scope.code()) checked[typed.scopes.contains(&scope)];
                        span { (name_of(shell, scope)) " " span.quiet.small.mono { (scope.code()) } }
                    }
                } }
            }
            div.question {
                label for="token-days" { (w.t("p-token-days")) }
                input type="number" id="token-days" name="days" value=(typed.days) min="1" max=(office::TOKEN_DAYS_MAX) required;
            }
            (ui::actions(html! { button.button type="submit" { (w.t("p-token-make")) } }))
        }
    }
}

fn list(shell: &Shell, tokens: &[OwnToken]) -> Markup {
    let w = shell.w;
    html! {
        ul.own-list { @for token in tokens {
            li {
                span.strong { (token.name) }
                p.small { (w.list(&token.scopes.iter().map(|scope| name_of(shell, *scope)).collect::<Vec<_>>())) }
                p.quiet.small {
                    (w.with("p-token-until", &[("day", ui::day(shell, token.expires_at).into())])) " · "
                    @match token.used_at {
                        Some(at) => { (w.with("p-session-seen", &[("at", ui::date_time(shell, at).into())])) }
                        None => { (w.t("p-token-unused")) }
                    }
                }
                form method="post" action="/my/account/tokens/revoke" {
                    (ui::hidden("token", &token.id))
                    button.button.danger type="submit" { (w.t("p-token-revoke")) }
                }
            }
        } }
    }
}

pub async fn make(
    State(app): State<App>,
    shell: Shell,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let viewer = shell.signed_in()?;
    let scopes: Vec<Scope> = values(&pairs, "scope").into_iter().filter_map(Scope::parse).collect();
    let (name, days) = (value(&pairs, "name").to_owned(), value(&pairs, "days").to_owned());
    let new = NewToken {
        name: name.clone(),
        scopes: scopes.clone(),
        days: days.trim().parse().unwrap_or_default(),
    };
    match app.office.make_token(new, viewer).await {
        Ok((token, _)) => {
            let w = shell.w;
            let body = html! {
                h1 { (w.t("p-token-made")) }
                p { (w.t("p-token-once")) }
                pre.card.mono.prewrap #token { (token.0) }
                (ui::actions(html! { a.button href="/my/account/tokens" { (w.t("p-token-kept")) } }))
            };
            Ok(shell.lay_out(Page::public(w.t("p-token-made"), body)).into_response())
        }
        Err(error @ OfficeError::NotPossible(_)) => {
            let problem = error.message_in(shell.lang, &shell.edition);
            let page = draw(&app, &shell, false, &Typed { name, scopes, days, problem }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn revoke(
    State(app): State<App>,
    shell: Shell,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let viewer = shell.signed_in()?;
    app.office.revoke_token(value(&pairs, "token"), viewer).await?;
    Ok(see("/my/account/tokens?done=revoked"))
}
