//! 帮办代办: letting somebody act for oneself, in one case or one form, for a time; and what the one who acts sees.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use office::{By, CONSENT_DAYS_MAX, Consent, Entrusted, LoadedCase, OfficeError, OpenDraft, Viewer};

use super::draft;
use super::visitor::{Guest, Pairs, see, value};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

/// What the page offers to choose from, in days.
const DAYS: [u16; 3] = [7, 30, 90];

pub fn routes() -> Router<App> {
    Router::new()
        .route("/cases/{number}/agents", get(of_case).post(allow_in_case))
        .route("/cases/{number}/agents/end", post(end_in_case))
        .route("/drafts/{id}/agents", get(of_draft).post(allow_in_draft))
        .route("/drafts/{id}/agents/end", post(end_in_draft))
}

/// The case or form that the page is about.
struct About<'a> {
    what: Entrusted,
    by: By<'a>,
    title: String,
    /// Where it is.
    address: String,
    consents: Vec<Consent>,
}

impl<'a> About<'a> {
    async fn case(app: &App, shell: &'a Shell, guest: &'a Guest, number: &str) -> Result<Self, Failure> {
        let loaded = guest.case(app, shell, number).await?;
        let thing = loaded.edition.thing(&loaded.case.thing);
        Ok(Self {
            what: Entrusted::Case(loaded.id),
            by: loaded.by,
            title: thing.map(|thing| shell.say(&thing.title).to_owned()).unwrap_or_default(),
            address: format!("/cases/{}", encode(&loaded.case.number)),
            consents: loaded.consents(),
        })
    }

    async fn draft(app: &App, shell: &'a Shell, guest: &'a Guest, id: &str) -> Result<Self, Failure> {
        let (open, by) = guest.draft(app, shell, draft::id(id)?).await?;
        Ok(Self {
            what: Entrusted::Draft(open.id),
            by,
            title: draft::title(shell, &open),
            address: format!("/drafts/{}", open.id),
            consents: open.draft.consents.clone(),
        })
    }

    /// Gives and takes back, rather than being entrusted or filling in at the window.
    fn is_own(&self) -> bool {
        match self.by {
            By::Guest(_) => true,
            By::Viewer(viewer) => viewer.is_applicant(),
            By::Agent(_) | By::System => false,
        }
    }

    async fn allow(&self, app: &App, shell: &Shell, pairs: &[(String, String)]) -> Result<Response, Failure> {
        let days = value(pairs, "days").parse().unwrap_or_default();
        let (login, name) = (value(pairs, "login"), value(pairs, "name"));
        match app.office.allow_agent(self.what, login, name, days, self.by).await {
            Ok(()) => Ok(see(&format!("{}/agents", self.address))),
            Err(error @ OfficeError::NotPossible(_)) => {
                let text = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
                let page = self.draw(app, shell, pairs, Some(text)).await?;
                Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn end(&self, app: &App, pairs: &[(String, String)]) -> Result<Response, Failure> {
        let agent = value(pairs, "agent").parse().map_err(|_| Failure::BadRequest)?;
        app.office.end_consent(self.what, agent, self.by).await?;
        // Who gave it up is a stranger now.
        Ok(see(&if self.is_own() { format!("{}/agents", self.address) } else { "/my".to_owned() }))
    }

    async fn draw(
        &self,
        app: &App,
        shell: &Shell,
        typed: &[(String, String)],
        problem: Option<String>,
    ) -> Result<Markup, Failure> {
        let w = shell.w;
        let names = app.office.agent_names(&self.consents).await?;
        let now = app.office.now();
        let (current, past): (Vec<_>, Vec<_>) =
            self.consents.iter().rev().partition(|consent| consent.holds(now));
        let problems: Vec<(String, String)> =
            problem.iter().map(|text| ("login".to_owned(), text.clone())).collect();
        let body = html! {
            (ui::error_summary(w, &problems))
            h1 { (w.t("p-agents-title")) }
            p.lead { (w.t("p-agents-lead")) }
            @if current.is_empty() { p.quiet { (w.t("p-agents-none")) } }
            @else { ul.own-list { @for consent in current { li { (self.current(shell, consent, &names)) } } } }
            @if self.is_own() { (self.form(shell, typed, problem.is_some())) }
            @if !past.is_empty() {
                details.more {
                    summary { (w.t("p-agents-past")) }
                    ul { @for consent in past { li { (past_line(shell, consent, &names)) } } }
                }
            }
        };
        let page = Page::public(w.t("p-agents-title"), body).crumb(w.t("nav-home"), "/");
        Ok(shell.lay_out(page.crumb(self.title.clone(), self.address.clone())))
    }

    fn current(&self, shell: &Shell, consent: &Consent, names: &BTreeMap<String, String>) -> Markup {
        let w = shell.w;
        let mine = matches!(self.by, By::Agent(viewer) if viewer.id == consent.agent);
        html! {
            p.strong { (name(shell, consent, names)) }
            p.quiet.small { (span(shell, consent)) }
            @if self.is_own() || mine {
                form method="post" action=(format!("{}/agents/end", self.address)) {
                    (ui::hidden("agent", &consent.agent.to_string()))
                    (ui::actions(html! {
                        button.button.danger.small type="submit" {
                            (w.t(if mine { "p-agents-give-up" } else { "p-agents-take-back" }))
                            span.visually-hidden { (name(shell, consent, names)) }
                        }
                    }))
                }
            }
        }
    }

    fn form(&self, shell: &Shell, typed: &[(String, String)], wrong: bool) -> Markup {
        let w = shell.w;
        let chosen = value(typed, "days").parse().unwrap_or(DAYS[0]);
        html! {
            form.card method="post" action=(format!("{}/agents", self.address)) {
                h2 { (w.t("p-agents-add")) }
                div.question.wrong[wrong] {
                    label for="login" { (w.t("p-agents-login")) }
                    p.hint #login-hint { (w.t("p-agents-login-hint")) }
                    input.w-medium id="login" type="text" name="login" value=(value(typed, "login")) maxlength="40" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="login-hint" aria-invalid=[wrong.then_some("true")] required;
                }
                div.question.wrong[wrong] {
                    label for="name" { (w.t("p-agents-name")) }
                    p.hint #name-hint { (w.t("p-agents-name-hint")) }
                    input.w-medium id="name" type="text" name="name" value=(value(typed, "name")) maxlength="80" autocomplete="off" aria-describedby="name-hint" required;
                }
                fieldset.question {
                    legend { (w.t("p-agents-days")) }
                    div.choices.inline {
                        @for days in DAYS.iter().filter(|days| **days <= CONSENT_DAYS_MAX) {
                            label.choice { input type="radio" name="days" value=(days) checked[*days == chosen] required; span { (w.with("p-agents-days-count", &[("days", (*days).into())])) } }
                        }
                    }
                }
                div.panel { p { (w.t("p-agents-means")) } }
                (ui::actions(html! { button.button type="submit" { (w.t("p-agents-go")) } a href=(self.address) { (w.t("p-agents-back")) } }))
            }
        }
    }
}

fn name(shell: &Shell, consent: &Consent, names: &BTreeMap<String, String>) -> String {
    let name = names.get(&consent.actor()).filter(|name| !name.is_empty());
    name.cloned().unwrap_or_else(|| shell.w.t("p-agents-nameless"))
}

/// `11月23日（周一）到 12月22日（周二）`.
fn span(shell: &Shell, consent: &Consent) -> String {
    let (from, until) = (ui::day(shell, consent.given_at), ui::due_day(shell, consent.until));
    shell.w.with("p-agents-span", &[("from", from.into()), ("until", until.into())])
}

fn past_line(shell: &Shell, consent: &Consent, names: &BTreeMap<String, String>) -> Markup {
    html! {
        (name(shell, consent, names)) " · " (span(shell, consent))
        @if let Some(at) = consent.ended_at { " · " (shell.w.with("p-agents-ended", &[("day", ui::day(shell, at).into())])) }
    }
}

/// Whoever acts for somebody is told so on every page of it.
pub async fn banner_in_case(
    app: &App,
    shell: &Shell,
    loaded: &LoadedCase,
    by: By<'_>,
) -> Result<Markup, Failure> {
    let By::Agent(viewer) = by else { return Ok(html! {}) };
    let party = app.office.party(loaded.id).await?;
    let address = format!("/cases/{}/agents", encode(&loaded.case.number));
    Ok(banner(shell, viewer, &party.name, &loaded.consents(), &address))
}

pub fn banner_in_draft(shell: &Shell, open: &OpenDraft) -> Markup {
    let Some(viewer) = &shell.viewer else { return html! {} };
    let name = open.thing().ok().and_then(|thing| {
        let form = open.form().ok()?;
        let field = open.edition.field(thing.applicant(&form.facts())?.name)?;
        let value = open.draft.answers.value(field.id.as_str())?;
        Some(form::show_text(field, value, shell.lang))
    });
    let address = format!("/drafts/{}/agents", open.id);
    banner(shell, viewer, &name.unwrap_or_default(), &open.draft.consents, &address)
}

fn banner(shell: &Shell, viewer: &Viewer, applicant: &str, consents: &[Consent], address: &str) -> Markup {
    let w = shell.w;
    let own = consents.iter().find(|consent| consent.agent == viewer.id && consent.holds(shell.now));
    let Some(consent) = own else { return html! {} };
    let until = ui::due_day(shell, consent.until);
    let who = if applicant.is_empty() { w.t("p-agents-applicant") } else { applicant.to_owned() };
    ui::panel(
        "",
        html! {
            p.strong { (w.with("p-agents-acting", &[("applicant", who.into())])) }
            p { (w.with("p-agents-acting-until", &[("until", until.into())])) " " a href=(address) { (w.t("p-agents-acting-more")) } }
        },
    )
}

async fn of_case(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
) -> Result<Markup, Failure> {
    About::case(&app, &shell, &guest, &number).await?.draw(&app, &shell, &[], None).await
}

async fn allow_in_case(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    About::case(&app, &shell, &guest, &number).await?.allow(&app, &shell, &pairs).await
}

async fn end_in_case(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(number): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    About::case(&app, &shell, &guest, &number).await?.end(&app, &pairs).await
}

async fn of_draft(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(id): Path<String>,
) -> Result<Markup, Failure> {
    About::draft(&app, &shell, &guest, &id).await?.draw(&app, &shell, &[], None).await
}

async fn allow_in_draft(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(id): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    About::draft(&app, &shell, &guest, &id).await?.allow(&app, &shell, &pairs).await
}

async fn end_in_draft(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Path(id): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    About::draft(&app, &shell, &guest, &id).await?.end(&app, &pairs).await
}
