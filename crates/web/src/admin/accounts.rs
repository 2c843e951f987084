//! Accounts of the zone's staff: opened, given roles, closed, given a new password.

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::RoleId;
use maud::{Markup, html};
use office::{AccountId, AccountRow, Duty, NewAccount, OfficeError, Standing, Viewer};
use serde::Deserialize;

use crate::app::App;
use crate::desk::Posted;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    done: String,
}

#[derive(Debug, Default)]
struct Attempt {
    posted: Posted,
    message: String,
}

pub async fn list(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw_list(&app, &shell, &asked, &Attempt::default()).await
}

async fn draw_list(app: &App, shell: &Shell, asked: &Asked, attempt: &Attempt) -> Result<Markup, Failure> {
    let viewer = shell.administrator()?;
    let w = shell.w;
    let accounts = app.office.accounts(viewer).await?;
    let staff: Vec<&AccountRow> = accounts.iter().filter(|row| row.standing != Standing::Applicant).collect();
    let actors: Vec<String> = staff.iter().map(|row| row.id.to_string()).collect();
    let actors: Vec<&str> = actors.iter().map(String::as_str).collect();
    let names = app.office.officer_names(&actors).await?;
    let name = |row: &AccountRow| names.get(&row.id.to_string()).cloned().unwrap_or_default();
    let wanted = asked.q.trim().to_lowercase();
    let fits = |row: &&&AccountRow| {
        let roles = row.roles.iter().any(|role| role_name(shell, role).to_lowercase().contains(&wanted));
        row.login.contains(&wanted) || name(row).to_lowercase().contains(&wanted) || roles
    };
    let shown: Vec<_> = staff.iter().filter(fits).collect();
    let problems: Vec<_> = (!attempt.message.is_empty())
        .then(|| ("new".to_owned(), attempt.message.clone()))
        .into_iter()
        .collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        @if asked.done == "opened" { div.panel.good role="status" { p { (w.t("admin-done-opened")) } } }
        div.row.between { h1 { (w.t("nav-accounts")) } p.quiet { (w.with("admin-applicants", &[("count", (accounts.len() - staff.len()).into())])) @if viewer.has_duty(Duty::Security) || viewer.has_duty(Duty::Audit) { " · " a href="/admin/forget" { (w.t("admin-forget")) } } } }
        (apart(shell, viewer, &staff))
        div.split {
            div {
                form.filter method="get" action="/admin/accounts" role="search" {
                    div { label for="q" { (w.t("admin-find-account")) " " kbd { "/" } } input type="search" id="q" name="q" value=(asked.q) data-search=""; }
                    button.button.second type="submit" { (w.t("window-find-go")) }
                }
                @if shown.is_empty() { (ui::empty(&w.t("admin-accounts-none"), &w.t("admin-accounts-none-next"), None)) }
                @else { div.table-wrap { table.cards {
                    caption.visually-hidden { (w.t("nav-accounts")) }
                    thead { tr { @for key in ["admin-login", "admin-name", "admin-roles", "admin-state"] { th scope="col" { (w.t(key)) } } } }
                    tbody { @for row in shown {
                        tr {
                            td data-label=(w.t("admin-login")) { a.strong data-row="" href=(format!("/admin/accounts/{}", row.id.0)) { (row.login) } }
                            td data-label=(w.t("admin-name")) { (name(row)) }
                            td data-label=(w.t("admin-roles")) { (roles_of(shell, row)) }
                            td data-label=(w.t("admin-state")) { (state(shell, row)) }
                        }
                    } }
                } } }
            }
            @if viewer.has_duty(Duty::System) { (opening(shell, viewer, attempt)) }
        }
    };
    Ok(shell.lay_out(Page::desk(w.t("nav-accounts"), body)))
}

/// How far the duties of administration are apart, and what is still to be done for it.
fn apart(shell: &Shell, viewer: &Viewer, staff: &[&AccountRow]) -> Markup {
    let w = shell.w;
    let holders = |duty: Duty| staff.iter().filter(|row| row.open && row.standing == duty.standing()).count();
    let vacant: Vec<Duty> = Duty::ALL.into_iter().filter(|duty| holders(*duty) == 0).collect();
    html! {
        @if viewer.standing == Standing::Administrator && !vacant.is_empty() {
            (ui::panel("soon", html! {
                p.strong { (w.t("admin-apart-title")) }
                p { (w.t("admin-apart-lead")) }
                p { (w.with("admin-apart-vacant", &[("duties", w.list(&vacant.iter().map(|duty| w.t(&format!("admin-duty-{}", duty.code()))).collect::<Vec<_>>()).into())])) }
            }))
        }
    }
}

fn opening(shell: &Shell, viewer: &Viewer, attempt: &Attempt) -> Markup {
    let w = shell.w;
    let typed = |name| attempt.posted.one(name);
    html! {
        section.card #new aria-labelledby="new-title" {
            h2 id="new-title" { (w.t("admin-open-officer")) }
            @if !attempt.message.is_empty() { p.problem { (attempt.message) } }
            form method="post" action="/admin/accounts" autocomplete="off" {
                div.question { label for="login" { (w.t("admin-login")) } input type="text" id="login" name="login" value=(typed("login")) autocapitalize="none" spellcheck="false" required; }
                div.question { label for="name" { (w.t("admin-name")) } input type="text" id="name" name="name" value=(typed("name")) required; }
                div.question { label for="phone" { (w.t("admin-phone")) " " span.quiet { (w.t("form-optional")) } } input type="tel" id="phone" name="phone" value=(typed("phone")); }
                div.question { label for="password" { (w.t("admin-first-password")) } p.hint { (w.t("admin-password-hint")) " " (w.t("admin-password-first")) }
                    input type="password" id="password" name="password" autocomplete="new-password" required; }
                @if !viewer.has_duty(Duty::Security) { p.hint { (w.t("admin-roles-by-security")) } } @else { details.more open[attempt.posted.all("role").next().is_some()] { summary { (w.t("admin-roles")) } (role_ticks(shell, &|role| attempt.posted.has("role", role))) } }
                div.actions { button.button type="submit" { (w.t("admin-open-officer")) } }
            }
        }
    }
}

/// Roles by department, to be ticked.
fn role_ticks(shell: &Shell, ticked: &dyn Fn(&str) -> bool) -> Markup {
    let parts = shell.edition.parts();
    html! {
        @for department in parts.departments.values() {
            @let roles: Vec<_> = parts.roles.values().filter(|role| role.department == department.id).collect();
            @if !roles.is_empty() {
                fieldset.question {
                    legend { (shell.say(&department.name)) }
                    div.choices.inline { @for role in roles {
                        label.choice { input type="checkbox" name="role" value=(role.id) checked[ticked(role.id.as_str())]; span { (shell.say(&role.name)) } }
                    } }
                }
            }
        }
    }
}

pub async fn open(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::System)?;
    let posted = Posted(pairs);
    let new = NewAccount {
        login: posted.one("login").to_owned(),
        // A password is taken as it was typed, spaces and all.
        password: posted
            .0
            .iter()
            .find(|(name, _)| name == "password")
            .map(|(_, value)| value.clone())
            .unwrap_or_default(),
        name: posted.one("name").to_owned(),
        phone: posted.one("phone").to_owned(),
        standing: Standing::Officer,
        roles: roles(&posted),
    };
    match app.office.open_staff_account(new, viewer).await {
        Ok(_) => Ok(Redirect::to("/admin/accounts?done=opened").into_response()),
        Err(error) => {
            let Some(message) = error.message_in(shell.lang, &shell.edition) else {
                return Err(error.into());
            };
            let page = draw_list(&app, &shell, &Asked::default(), &Attempt { posted, message }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    draw_one(&app, &shell, &id, &asked.done, None).await
}

/// `wrong` is the part of the page, and what is wrong with what was sent from it.
async fn draw_one(
    app: &App,
    shell: &Shell,
    id: &str,
    done: &str,
    wrong: Option<(&str, &str)>,
) -> Result<Markup, Failure> {
    let viewer = shell.administrator()?;
    let w = shell.w;
    let row = row(app, shell, id).await?;
    let names = app.office.officer_names(&[row.id.to_string().as_str()]).await?;
    let name = names.into_values().next().unwrap_or_else(|| row.login.clone());
    let own = row.id == viewer.id;
    let address = |act: &str| format!("/admin/accounts/{}/{act}", row.id.0);
    let done_key = format!("admin-done-{done}");
    let problems: Vec<_> =
        wrong.iter().map(|(place, text)| ((*place).to_owned(), (*text).to_owned())).collect();
    let problem = wrong.filter(|(place, _)| *place == "change-password").map_or("", |(_, text)| text);
    let identity = if app.settings.openid.is_some() && !own && viewer.has_duty(Duty::Security) {
        let problem = wrong.filter(|(place, _)| *place == "link-code").map(|(_, text)| text);
        super::identity::section(app, shell, &row, problem).await?
    } else {
        Markup::default()
    };
    let body = html! {
        (ui::error_summary(w, &problems))
        @if !done.is_empty() && w.has(&done_key) { div.panel.good role="status" { p { (w.t(&done_key)) } } }
        h1 { (name) " " span.quiet { (row.login) } " " (state(shell, &row)) }
        @if row.standing == Standing::Officer && !viewer.has_duty(Duty::Security) {
            section.card { h2 { (w.t("admin-roles")) } p { @if row.roles.is_empty() { (w.t("admin-roles-none")) } @else { (roles_of(shell, &row)) } } }
        }
        @if row.standing == Standing::Officer && viewer.has_duty(Duty::Security) {
            section.card aria-labelledby="roles-title" {
                h2 id="roles-title" { (w.t("admin-roles")) }
                form method="post" action=(address("roles")) {
                    (role_ticks(shell, &|role| row.roles.iter().any(|held| held.as_str() == role)))
                    div.actions { button.button type="submit" { (w.t("admin-save-roles")) } }
                }
            }
        }
        @if row.standing != Standing::Applicant && !own && viewer.has_duty(Duty::Security) { (duties(shell, &row, &address("duty"))) }
        (identity)
        @if own { section.card { p { a href="/my/account#password" { (w.t("admin-password-own")) } } } } @else if viewer.has_duty(Duty::System) { section.card #change-password aria-labelledby="password-title" {
            h2 id="password-title" { (w.t("admin-reset")) }
            p { (w.t("admin-reset-hint")) }
            form method="post" action=(address("password")) {
                div.question.wrong[!problem.is_empty()] {
                    label for="password" { (w.t("admin-new-password")) } p.hint { (w.t("admin-password-hint")) }
                    @if !problem.is_empty() { p.problem { (problem) } }
                    input.w-medium type="password" id="password" name="password" autocomplete="new-password" required;
                }
                div.actions { button.button.second type="submit" { (w.t("admin-reset")) } }
            }
        } }
        @if row.standing != Standing::Applicant {
            section.card aria-labelledby="factor-title" {
                h2 id="factor-title" { (w.t("admin-factor")) }
                @if row.second_factor {
                    p { span.tag.good { (w.t("admin-factor-on")) } }
                    @if own { p { a href="/my/account" { (w.t("admin-factor-own")) } } }
                    @else if viewer.has_duty(Duty::Security) {
                        p { (w.t("admin-factor-reset-hint")) }
                        form method="post" action=(address("second-factor")) {
                            button.button.danger type="submit" { (w.t("admin-factor-reset")) }
                        }
                    }
                } @else { p { (w.t("admin-factor-off")) } }
            }
        }
        @if !own && viewer.has_duty(Duty::System) {
            section.card aria-labelledby="standing-title" {
                h2 id="standing-title" { (w.t(if row.open { "admin-close" } else { "admin-reopen" })) }
                p { (w.t(if row.open { "admin-close-hint" } else { "admin-reopen-hint" })) }
                form method="post" action=(address("standing")) {
                    (ui::hidden("open", if row.open { "no" } else { "yes" }))
                    button.button.danger[row.open].second[!row.open] type="submit" { (w.t(if row.open { "admin-close" } else { "admin-reopen" })) }
                }
            }
        }
    };
    Ok(shell.lay_out(
        Page::desk(name.clone(), body)
            .width(crate::shell::Width::Normal)
            .crumb(w.t("nav-accounts"), "/admin/accounts"),
    ))
}

/// Which duty of administration the account has: one, or none.
fn duties(shell: &Shell, row: &AccountRow, action: &str) -> Markup {
    let w = shell.w;
    let held = row.standing.duty();
    html! {
        section.card #duty aria-labelledby="duty-title" {
            h2 id="duty-title" { (w.t("admin-duty")) }
            p { (w.t("admin-duty-hint")) }
            form method="post" action=(action) {
                fieldset.question {
                    legend.visually-hidden { (w.t("admin-duty")) }
                    div.choices {
                        label.choice { input type="radio" name="duty" value="none" checked[held.is_none()]; span { (w.t("admin-duty-none")) } }
                        @for duty in Duty::ALL {
                            label.choice { input type="radio" name="duty" value=(duty.code()) checked[held == Some(duty)];
                                span { (w.t(&format!("admin-duty-{}", duty.code()))) br; span.quiet.small { (w.t(&format!("admin-duty-{}-does", duty.code()))) } } }
                        }
                    }
                }
                div.actions { button.button.second type="submit" { (w.t("admin-duty-save")) } }
            }
        }
    }
}

pub async fn set_duty(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::Security)?;
    let id = account_id(&id)?;
    let posted = Posted(pairs);
    let duty = Duty::ALL.into_iter().find(|duty| duty.code() == posted.one("duty"));
    if duty.is_none() && posted.one("duty") != "none" {
        return Err(Failure::BadRequest);
    }
    let set = app.office.set_duty(id, duty, viewer).await;
    shown(&app, &shell, id, set, ("duty", "duty")).await
}

/// The account's page after a change: with what was done, or with what was wrong at its place.
pub async fn shown(
    app: &App,
    shell: &Shell,
    id: AccountId,
    changed: Result<(), OfficeError>,
    (done, place): (&str, &str),
) -> Result<Response, Failure> {
    let error = match changed {
        Ok(()) => return Ok(Redirect::to(&format!("/admin/accounts/{}?done={done}", id.0)).into_response()),
        Err(error) => error,
    };
    let Some(message) = error.message_in(shell.lang, &shell.edition) else { return Err(error.into()) };
    let page = draw_one(app, shell, &id.0.to_string(), "", Some((place, &message))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub fn account_id(text: &str) -> Result<AccountId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

async fn row(app: &App, shell: &Shell, id: &str) -> Result<AccountRow, Failure> {
    let viewer = shell.administrator()?;
    let id = account_id(id)?;
    app.office.accounts(viewer).await?.into_iter().find(|row| row.id == id).ok_or(Failure::NotFound)
}

pub async fn set_roles(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::Security)?;
    let id = account_id(&id)?;
    app.office.set_roles(id, roles(&Posted(pairs)), viewer).await?;
    Ok(Redirect::to(&format!("/admin/accounts/{}?done=roles", id.0)).into_response())
}

pub async fn set_open(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::System)?;
    let id = account_id(&id)?;
    let open = Posted(pairs).one("open") == "yes";
    let done = if open { "reopened" } else { "closed" };
    let set = app.office.set_account_open(id, open, viewer).await;
    shown(&app, &shell, id, set, (done, "standing-title")).await
}

pub async fn set_password(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::System)?;
    let id = account_id(&id)?;
    // As it was typed: blanks belong to a password.
    let password = pairs.iter().find(|(name, _)| name == "password").map_or("", |(_, value)| value.as_str());
    let set = app.office.reset_password(id, password, viewer).await;
    shown(&app, &shell, id, set, ("password", "change-password")).await
}

pub async fn reset_factor(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let viewer = shell.duty(Duty::Security)?;
    let id = account_id(&id)?;
    app.office.reset_factor(id, viewer).await?;
    Ok(Redirect::to(&format!("/admin/accounts/{}?done=factor", id.0)).into_response())
}

fn roles(posted: &Posted) -> Vec<RoleId> {
    posted.all("role").map(RoleId::from).collect()
}

fn role_name(shell: &Shell, role: &RoleId) -> String {
    shell.edition.role(role).map_or_else(|| role.to_string(), |role| shell.say(&role.name).to_owned())
}

fn roles_of(shell: &Shell, row: &AccountRow) -> String {
    match row.standing {
        Standing::Administrator => shell.w.t("admin-administrator"),
        standing if standing.duty().is_some() => {
            shell.w.t(&format!("admin-duty-{}", standing.duty().map_or("none", Duty::code)))
        }
        _ => shell.w.list(&row.roles.iter().map(|role| role_name(shell, role)).collect::<Vec<_>>()),
    }
}

fn state(shell: &Shell, row: &AccountRow) -> Markup {
    html! { @if row.open { span.tag.good { (shell.w.t("admin-account-open")) } } @else { span.tag { (shell.w.t("admin-account-closed")) } } }
}
