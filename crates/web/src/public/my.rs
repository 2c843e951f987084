//! One's own cases and drafts, whether signed in or known by this browser.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use office::{CaseLine, OpenDraft};

use super::case::{Prospect, prospect};
use super::visitor::{Guest, no_key_cookie, see, with_cookie};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell, encode};
use crate::ui;

/// How many the home page shows.
const BRIEF: usize = 3;
/// Of so many the own list tells when they are done; older ones say it on their page.
const SHOWN_AHEAD: usize = 50;

#[derive(Debug, Default)]
pub struct Own {
    cases: Vec<CaseLine>,
    /// When the newest of them are done.
    prospects: HashMap<String, Prospect>,
    drafts: Vec<OpenDraft>,
    /// Drafts that open by the browser's key alone although somebody is signed in: perhaps another person's.
    here: Vec<OpenDraft>,
}

impl Own {
    /// With when they are done for the newest `most`.
    async fn load(app: &App, shell: &Shell, guest: &Guest, most: usize) -> Result<Self, Failure> {
        let mut own = Self::default();
        for by in guest.ways(shell) {
            for line in app.office.own_cases(by).await? {
                if own.cases.iter().all(|known| known.row.id != line.row.id) {
                    own.cases.push(line);
                }
            }
            let signed_in = shell.viewer.as_ref().is_some_and(office::Viewer::is_applicant);
            let foreign = signed_in && matches!(by, office::By::Guest(_));
            for draft in app.office.drafts(by).await? {
                if own.drafts.iter().all(|known| known.id != draft.id) {
                    if foreign { own.here.push(draft) } else { own.drafts.push(draft) }
                }
            }
        }
        own.cases.sort_by_key(|line| std::cmp::Reverse(line.row.received_at));
        own.drafts.sort_by_key(|open| std::cmp::Reverse(open.draft.saved_at));
        own.look_ahead(app, shell, most).await?;
        Ok(own)
    }

    /// What the home page shows.
    pub async fn newest(app: &App, shell: &Shell, guest: &Guest) -> Result<Self, Failure> {
        Self::load(app, shell, guest, BRIEF).await
    }

    /// The same day as on the page of each case.
    async fn look_ahead(&mut self, app: &App, shell: &Shell, most: usize) -> Result<(), Failure> {
        for line in self.cases.iter().take(most).filter(|line| line.row.state == "open") {
            let loaded = app.office.load_case(line.row.id).await?;
            if let Some(prospect) = prospect(app, shell, &loaded).await? {
                self.prospects.insert(line.row.number.clone(), prospect);
            }
        }
        Ok(())
    }

    /// What somebody who is signed in does for others.
    async fn entrusted(app: &App, shell: &Shell) -> Result<Self, Failure> {
        let Some(viewer) = shell.viewer.as_ref().filter(|viewer| !viewer.is_administrator()) else {
            return Ok(Self::default());
        };
        let (cases, drafts) =
            (app.office.entrusted_cases(viewer).await?, app.office.entrusted_drafts(viewer).await?);
        let mut own = Self { cases, drafts, ..Self::default() };
        own.look_ahead(app, shell, SHOWN_AHEAD).await?;
        Ok(own)
    }

    pub fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.drafts.is_empty() && self.here.is_empty()
    }

    /// The newest, for the home page.
    pub fn brief(&self, shell: &Shell) -> Markup {
        let w = shell.w;
        html! {
            section.own aria-labelledby="own-title" {
                h2 #own-title { (w.t("p-my-title")) }
                (drafts(shell, self.drafts.iter().chain(&self.here).take(BRIEF)))
                (cases(shell, self.cases.iter().take(BRIEF), &self.prospects, false))
                @if self.cases.len() > BRIEF || self.drafts.len() > BRIEF { p { a href="/my" { (w.t("p-my-all")) } } }
            }
        }
    }
}

#[derive(Debug, Default, serde::Deserialize)]
pub struct Did {
    #[serde(default)]
    did: String,
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    axum::extract::Query(did): axum::extract::Query<Did>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let own = Own::load(&app, &shell, &guest, SHOWN_AHEAD).await?;
    let entrusted = Own::entrusted(&app, &shell).await?;
    let body = html! {
        @match did.did.as_str() {
            "draft-deleted" => (ui::panel("good", html! { p { (w.t("draft-deleted")) } })),
            "adopted" => (ui::panel("good", html! { p { (w.t("p-my-adopted")) } })),
            "left" => (ui::panel("good", html! { p { (w.t("p-leave-done")) } })),
            _ => {}
        }
        h1 { (w.t("p-my-title")) }
        @if own.is_empty() && entrusted.is_empty() { (ui::empty(&w.t("p-my-none"), &w.t("p-my-none-next"), Some(("/", &w.t("p-my-begin"))))) }
        @if !own.drafts.is_empty() { h2 { (w.t("p-my-drafts")) } (drafts(&shell, own.drafts.iter())) }
        @if !own.here.is_empty() {
            h2 { (w.t("p-my-here")) }
            p { (w.t("p-my-here-hint")) }
            (drafts(&shell, own.here.iter()))
            form method="post" action="/my/adopt" { (ui::actions(html! { button.button.second type="submit" { (w.t("p-my-adopt")) } })) }
        }
        @if !own.cases.is_empty() { h2 { (w.t("p-my-cases")) } (cases(&shell, own.cases.iter(), &own.prospects, false)) }
        @if !entrusted.is_empty() {
            h2 { (w.t("p-my-entrusted")) }
            (drafts(&shell, entrusted.drafts.iter()))
            (cases(&shell, entrusted.cases.iter(), &entrusted.prospects, true))
        }
        h2 { (w.t("p-my-missing")) }
        ul {
            li { a href="/track" { (w.t("p-home-track")) } }
            li { a href="/resume" { (w.t("p-home-resume")) } }
            @if shell.viewer.is_none() { li { a href="/sign-in?next=/my" { (w.t("nav-sign-in")) } } }
        }
        @if guest.0.is_some() { p { a href="/my/leave" { (w.t("p-my-leave")) } } }
    };
    Ok(shell.lay_out(Page::public(w.t("p-my-title"), body).crumb(w.t("nav-home"), "/")))
}

/// What was filled in on this device before signing in becomes the account's, at its holder's wish alone: the device may
/// be shared.
pub async fn adopt(State(app): State<App>, shell: Shell, guest: Guest) -> Result<Response, Failure> {
    let Some(viewer) = &shell.viewer else { return Err(Failure::sign_in("/my")) };
    if let Some(key) = guest.0.as_ref().filter(|_| viewer.is_applicant()) {
        app.office.adopt_drafts(key, office::By::Viewer(viewer)).await?;
    }
    Ok(see("/my?did=adopted"))
}

pub async fn leave_page(State(app): State<App>, shell: Shell, guest: Guest) -> Result<Markup, Failure> {
    let w = shell.w;
    let mut left = Vec::new();
    if let Some(key) = &guest.0 {
        left = app.office.drafts(office::By::Guest(key)).await?;
    }
    let body = html! {
        h1 { (w.t("p-leave-title")) }
        p { (w.t("p-leave-what")) }
        p { (w.with("p-leave-drafts", &[("count", left.len().into())])) }
        (drafts(&shell, left.iter()))
        p { (w.t("p-leave-cases")) }
        form method="post" action="/my/leave" {
            (ui::actions(html! {
                button.button type="submit" { (w.t("p-leave-go")) }
                a.button.second href="/my" { (w.t("p-agents-back")) }
            }))
        }
    };
    let page = Page::public(w.t("p-leave-title"), body).crumb(w.t("nav-home"), "/");
    Ok(shell.lay_out(page.crumb(w.t("p-my-title"), "/my")))
}

/// The browser lets go of its key; nobody else has it, so nothing opens by it any more.
pub async fn leave(State(app): State<App>) -> Response {
    with_cookie(see("/my?did=left"), no_key_cookie(&app))
}

fn drafts<'a>(shell: &Shell, drafts: impl Iterator<Item = &'a OpenDraft>) -> Markup {
    let w = shell.w;
    html! {
        ul.own-list {
            @for open in drafts {
                li {
                    a href=(format!("/drafts/{}", open.id)) { (open.thing().map(|thing| shell.say(&thing.title)).unwrap_or_default()) }
                    " " span.tag { (w.t("p-draft-tag")) }
                    p.quiet.small { (w.with("p-draft-saved-at", &[("at", ui::date_time(shell, open.draft.saved_at).into())])) }
                }
            }
        }
    }
}

/// `named`: for whom, where they are not one's own.
fn cases<'a>(
    shell: &Shell,
    cases: impl Iterator<Item = &'a CaseLine>,
    prospects: &HashMap<String, Prospect>,
    named: bool,
) -> Markup {
    let w = shell.w;
    html! {
        ul.own-list {
            @for line in cases {
                @let row = &line.row;
                @let thing = shell.edition.thing(&row.thing.as_str().into());
                li {
                    a href=(format!("/cases/{}", encode(&row.number))) { (thing.map_or(row.thing.as_str(), |thing| shell.say(&thing.title))) }
                    " "
                    @match row.state.as_str() {
                        // "All is well" says less to an applicant than that it is being worked on.
                        "open" if row.colour == "green" => { span.tag.run { (w.t("p-state-open")) } }
                        "open" => (ui::tag(shell, &row.colour)),
                        "completed" => { span.tag.good { (w.t("p-state-completed")) } }
                        _ => { span.tag { (w.t("p-state-closed")) } }
                    }
                    p.quiet.small {
                        @if named && !line.applicant.is_empty() { (line.applicant) " · " }
                        (grouped(&row.number)) " · " (w.with("p-received-on", &[("day", ui::day(shell, row.received_at).into())]))
                        @if let Some(prospect) = prospects.get(&row.number) { " · " (ahead(shell, *prospect)) }
                    }
                }
            }
        }
    }
}

fn ahead(shell: &Shell, prospect: Prospect) -> String {
    let w = shell.w;
    match prospect {
        Prospect::AfterCorrection => w.t("case-due-after-correction"),
        Prospect::Paused => w.t("case-due-paused"),
        Prospect::By(day) => w.with("p-due-on", &[("day", ui::date(shell, day).into())]),
        Prospect::Passed(day) => w.with("p-due-passed", &[("day", ui::date(shell, day).into())]),
    }
}

/// A number in the groups in which people read it.
pub fn grouped(number: &str) -> String {
    identifier::CaseNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.grouped())
}
