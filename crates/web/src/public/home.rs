//! The first page: what do you want done today?

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use diagnostic::Lang;
use maud::{Markup, PreEscaped, html};

use super::reckon::{Reckoned, Shelf, Shelves};
use super::visitor::{Guest, Pairs, cookie_line, local, see, value, with_cookie};
use super::{my, search};
use crate::app::App;
use crate::fault::Failure;
use crate::hall::WaitsNow;
use crate::shell::{LANGUAGE_COOKIE, Page, Shell, encode};
use crate::ui;

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    guest: Guest,
    Extension(shelves): Extension<Shelves>,
    Extension(waits): Extension<WaitsNow>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let shelf = shelves.current(&shell);
    let own = my::Own::newest(&app, &shell, &guest).await?;
    let things = &shelf.home[usize::from(shell.lang == Lang::En)];
    let body = html! {
        h1.ask { (w.t("p-home-ask")) }
        (search::form(&shell, ""))
        section aria-labelledby="things-title" {
            h2 #things-title { (w.t("p-home-things")) }
            (PreEscaped(things))
            p { a href="/search" { (w.t("p-search-see-all")) } }
        }
        @if !own.is_empty() { (own.brief(&shell)) }
        section aria-labelledby="more-title" {
            h2 #more-title { (w.t("p-home-more")) }
            ul.doors {
                (take_a_number(&app, &shell, &waits).await?)
                @if !shell.edition.parts().specialists.is_empty() { li { a href="/specialists" { (w.t("hall-specialists")) } p { (w.t("hall-specialists-hint")) } } }
                @if shell.edition.zone().feedback.is_some() {
                    li { a href="/feedback?from=/" { (w.t("p-home-feedback")) } p { (w.t("p-home-feedback-hint")) } }
                }
                li { a href="/track" { (w.t("p-home-track")) } p { (w.t("p-home-track-hint")) } }
                li { a href="/resume" { (w.t("p-home-resume")) } p { (w.t("p-home-resume-hint")) } }
                li { a href="/v" { (w.t("p-home-verify")) } p { (w.t("p-home-verify-hint")) } }
            }
        }
    };
    Ok(shell.lay_out(Page::public(w.t("p-home-title"), body)))
}

/// The way to the hall, with how long one would wait there now.
async fn take_a_number(app: &App, shell: &Shell, waits: &WaitsNow) -> Result<Markup, Failure> {
    let halls = &shell.edition.parts().halls;
    let mut told = Vec::new();
    for hall in halls.values() {
        if let Some(wait) = waits.line(app, shell, &hall.id).await? {
            told.push((hall, wait));
        }
    }
    Ok(html! {
        @if !halls.is_empty() {
            li {
                a href="/hall" { (shell.w.t("hall-take")) }
                @for (hall, wait) in &told { p.now { @if halls.len() > 1 { (shell.say(&hall.name)) " · " } (wait) } }
                p { (shell.w.t("hall-home-hint")) }
            }
        }
    })
}

/// The things that people come for, each with what it costs them today.
pub(super) fn things(shell: &Shell, shelf: &Shelf) -> Markup {
    let mut things: Vec<_> =
        shell.edition.parts().things.values().filter(|thing| thing.home_order.is_some()).collect();
    things.sort_by_key(|thing| thing.home_order);
    let ids: Vec<_> = things.into_iter().map(|thing| &thing.id).collect();
    search::thing_list(shell, shelf, &ids)
}

/// What it takes and until when, and what it would be one by one.
pub(super) fn reckon_line(shell: &Shell, reckoned: &Reckoned) -> Markup {
    let w = shell.w;
    let Reckoned { merged, separate, done_on, .. } = reckoned;
    let spared = separate.questions > merged.questions
        && separate.materials >= merged.materials
        && separate.visits >= merged.visits;
    let done = html! {
        @if let Some(day) = done_on { span.done { (w.with("p-reckon-done", &[("day", ui::date(shell, *day).into())])) } }
    };
    html! {
        (reckoned.line(shell, done))
        @if spared {
            p.small { (w.with("p-reckon-separate", &[
                ("questions", separate.questions.into()),
                ("papers", separate.materials.into()),
                ("visits", separate.visits.into()),
            ])) }
        }
    }
}

/// Changes the language and comes back.
pub async fn language(State(app): State<App>, shell: Shell, axum::Form(pairs): Pairs) -> Response {
    let wanted = match value(&pairs, "lang") {
        "zh" => Lang::Zh,
        "en" => Lang::En,
        _ if shell.lang == Lang::Zh => Lang::En,
        _ => Lang::Zh,
    };
    const YEAR_SECONDS: u32 = 31_536_000;
    let chosen = cookie_line(&app, LANGUAGE_COOKIE, &wanted.to_string(), "/", YEAR_SECONDS);
    with_cookie(see(&safe_next(value(&pairs, "next"))), chosen)
}

/// Addresses come back as they were shown; those with Chinese characters in them arrive decoded.
pub fn safe_next(next: &str) -> String {
    let encoded: String =
        next.chars().map(|c| if c.is_ascii() { c.to_string() } else { encode(&c.to_string()) }).collect();
    local(&encoded).unwrap_or("/").to_owned()
}
