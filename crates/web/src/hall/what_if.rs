//! `/floor/HALL/what-if`: a change tried on the rest of today, beside the hall as it is. It changes nothing.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalogue::{Hall, WindowId};
use hall::predict::{Counted, Tried, WhatIf};
use hall::simulate::{Change, Spread};
use hall::{Day, PostState};
use jiff::civil::Time;
use maud::{Markup, html};
use office::{NotPossible, OfficeError};
use serde::Deserialize;

use super::floor::manager;
use super::names::{Names, hall_of, path};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

const LONGER_MINUTES: [u32; 3] = [30, 60, 90];

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    change: String,
    #[serde(default)]
    window: String,
    /// `12:30`.
    #[serde(default)]
    at: String,
    #[serde(default)]
    minutes: String,
}

impl Asked {
    fn change(&self, shell: &Shell, day: &Day) -> Option<WhatIf> {
        let window = || WindowId::from(self.window.as_str());
        Some(match self.change.as_str() {
            "open" => WhatIf::OpenWindow { window: window() },
            "close" => WhatIf::CloseWindow { window: window() },
            "lunch" => {
                let time: Time = self.at.parse().ok()?;
                let begins_at = shell.edition.offset().to_timestamp(day.date.to_datetime(time)).ok()?;
                WhatIf::MoveLunch { window: window(), begins_at }
            }
            "extend" => {
                let minutes: u32 = self.minutes.parse().ok()?;
                WhatIf::Extend { minutes: LONGER_MINUTES.into_iter().find(|each| *each == minutes)? }
            }
            _ => return None,
        })
    }
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    Path(hall): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let viewer = manager(&shell)?;
    let hall = hall_of(&shell, &hall)?;
    let Some(loaded) = app.office.hall_day(&hall.id, app.office.today()).await? else {
        return Ok((StatusCode::OK, lay_out(&shell, hall, None, html! {})).into_response());
    };
    if asked.change.is_empty() {
        return Ok(lay_out(&shell, hall, Some(&loaded.day), html! {}).into_response());
    }
    let tried = match asked.change(&shell, &loaded.day) {
        Some(change) => {
            app.office.hall_what_if(&hall.id, change.clone(), viewer).await.map(|done| (change, done))
        }
        None => Err(NotPossible::TryPast.into()),
    };
    let (status, result) = match tried {
        Ok((change, tried)) => (StatusCode::OK, outcome(&shell, &change, &tried)),
        Err(OfficeError::NotPossible(why)) => {
            let problem = why.message().get(shell.lang).to_owned();
            (StatusCode::UNPROCESSABLE_ENTITY, ui::error_summary(shell.w, &[("changes".to_owned(), problem)]))
        }
        Err(error) => return Err(error.into()),
    };
    Ok((status, lay_out(&shell, hall, Some(&loaded.day), result)).into_response())
}

fn lay_out(shell: &Shell, hall: &Hall, day: Option<&Day>, result: Markup) -> Markup {
    let w = shell.w;
    let names = Names::new(shell);
    let title = w.t("hall-what-if");
    let body = html! {
        h1 { (title) }
        p.quiet { (shell.say(&hall.name)) }
        (result)
        @match day {
            Some(day) => { (beside(shell, &names, day)) }
            None => { (ui::empty(&w.t("hall-floor-quiet"), &w.t("hall-floor-quiet-next"), None)) }
        }
        p { a href=(path("floor", &hall.id)) { (w.t("hall-what-if-back")) } }
    };
    shell.lay_out(Page::desk(title, body).crumb(w.t("nav-hall"), path("floor", &hall.id)))
}

/// The changes that can be tried now, as forms of their own: each works without script.
pub fn beside(shell: &Shell, names: &Names<'_>, day: &Day) -> Markup {
    let w = shell.w;
    let action = format!("{}/what-if", path("floor", &day.hall));
    let open = |wanted: bool| -> Vec<&WindowId> {
        let posts = day.posts.iter().filter(|post| post.is_open() == wanted);
        posts
            .filter(|post| wanted || !matches!(post.state, PostState::Open { .. }))
            .map(|post| &post.window)
            .collect()
    };
    let all: Vec<&WindowId> = day.posts.iter().map(|post| &post.window).collect();
    let windows = |change: &str, windows: &[&WindowId]| {
        html! {
            div { label for=(format!("window-{change}")) { (w.t("hall-col-window")) }
                select id=(format!("window-{change}")) name="window" { @for window in windows { option value=(window) { (names.window(window)) } } } }
        }
    };
    let go = || html! { div { button.button.second.small type="submit" { (w.t("hall-what-if-go")) } } };
    html! {
        section #changes aria-labelledby="what-if-title" {
            h2 #what-if-title { (w.t("hall-what-if")) }
            p.quiet { (w.t("hall-what-if-hint")) }
            div.split.even {
                @for (change, choices) in [("open", open(false)), ("close", open(true))] {
                    @if !choices.is_empty() { div.card {
                        h3 { (w.t(&format!("hall-what-if-{change}"))) }
                        form.filter method="get" action=(action) { (ui::hidden("change", change)) (windows(change, &choices)) (go()) }
                    } }
                }
                div.card {
                    h3 { (w.t("hall-what-if-lunch")) }
                    form.filter method="get" action=(action) { (ui::hidden("change", "lunch")) (windows("lunch", &all))
                        div { label for="what-if-at" { (w.t("hall-what-if-at")) } input id="what-if-at" type="time" name="at" value="12:30" required; }
                        (go()) }
                }
                div.card {
                    h3 { (w.t("hall-what-if-extend")) }
                    form.filter method="get" action=(action) { (ui::hidden("change", "extend"))
                        div { label for="what-if-minutes" { (w.t("hall-what-if-minutes")) }
                            select id="what-if-minutes" name="minutes" { @for minutes in LONGER_MINUTES { option value=(minutes) selected[minutes == 60] { (w.with("hall-minutes", &[("minutes", minutes.into())])) } } } }
                        (go()) }
                }
            }
        }
    }
}

fn outcome(shell: &Shell, change: &WhatIf, tried: &Tried) -> Markup {
    let w = shell.w;
    let changes = &tried.changes;
    let names = Names::new(shell);
    let what = match change {
        WhatIf::OpenWindow { window } => {
            w.with("hall-tried-open", &[("window", names.window(window).into())])
        }
        WhatIf::CloseWindow { window } => {
            w.with("hall-tried-close", &[("window", names.window(window).into())])
        }
        WhatIf::MoveLunch { window, begins_at } => w.with(
            "hall-tried-lunch",
            &[("window", names.window(window).into()), ("at", ui::time(shell, *begins_at).into())],
        ),
        WhatIf::Extend { minutes } => w.with("hall-tried-extend", &[("minutes", (*minutes).into())]),
    };
    let row = |name: String, change: &Change| {
        html! { tr {
            th scope="row" data-label=(w.t("hall-col-line")) { (name) }
            td.n data-label=(w.t("hall-tried-before")) { (format!("{:.1}", change.before_minutes)) }
            td.n data-label=(w.t("hall-tried-after")) { (format!("{:.1}", change.after_minutes)) }
            td.n data-label=(w.t("hall-tried-change")) { (difference(change.mean_wait_minutes, 1)) }
            td data-label=(w.t("hall-tried-says")) { (w.t(&format!("hall-tried-{}", verdict(change.mean_wait_minutes)))) }
            td.n data-label=(w.t("hall-tried-left")) { (format!("{:.1} → {:.1}", change.before_left, change.after_left)) }
            td.n data-label=(w.t("hall-tried-left-change")) { (difference(change.left_at_closing, 1)) }
        } }
    };
    html! {
        section #tried aria-labelledby="tried-title" {
            h2 #tried-title { (what) }
            (counted(shell, &names, &tried.counted))
            @if !tried.without_window.is_empty() {
                @let lines: Vec<String> = tried.without_window.iter().map(|line| names.line(line)).collect();
                (ui::panel("soon", html! { p { (w.with("hall-tried-no-window", &[("lines", w.list(&lines).into())])) } }))
            }
            p { (everybody(shell, changes.all.mean_wait_minutes)) }
            div.table-wrap { table.cards {
                caption.visually-hidden { (what) }
                thead { tr { th scope="col" { (w.t("hall-col-line")) } th.n scope="col" { (w.t("hall-tried-before")) } th.n scope="col" { (w.t("hall-tried-after")) } th.n scope="col" { (w.t("hall-tried-change")) } th scope="col" { (w.t("hall-tried-says")) } th.n scope="col" { (w.t("hall-tried-left")) } th.n scope="col" { (w.t("hall-tried-left-change")) } } }
                tbody {
                    (row(w.t("hall-tried-everybody"), &changes.all))
                    @for line in changes.lines.iter().filter(|line| line.before_minutes > 0.0 || line.after_minutes > 0.0 || line.before_left > 0.0 || line.after_left > 0.0) { (row(names.line(&line.name.as_str().into()), line)) }
                }
            } }
            p.quiet.small { (w.with("hall-tried-how", &[("runs", changes.runs.into())])) }
        }
    }
}

/// On which windows both sides count: whoever looks at the floor sees the same ones open.
fn counted(shell: &Shell, names: &Names<'_>, counted: &Counted) -> Markup {
    let w = shell.w;
    let all =
        |windows: &[WindowId]| w.list(&windows.iter().map(|window| names.window(window)).collect::<Vec<_>>());
    let at = || ui::time(shell, counted.at).into();
    let later: Vec<String> = counted
        .later
        .iter()
        .map(|(window, from)| {
            let told = [("window", names.window(window).into()), ("at", ui::time(shell, *from).into())];
            w.with("hall-tried-from", &told)
        })
        .collect();
    html! {
        p {
            @if counted.open.is_empty() { (w.with("hall-tried-none-open", &[("at", at())])) }
            @else { (w.with("hall-tried-open-now", &[("at", at()), ("windows", all(&counted.open).into())])) }
            @if !later.is_empty() { " " (w.with("hall-tried-later", &[("windows", w.list(&later).into())])) }
            @if !counted.missing.is_empty() { " " (w.with("hall-tried-missing", &[("windows", all(&counted.missing).into())])) }
        }
    }
}

/// `-3.2 ± 0.8`.
fn difference(spread: Spread, digits: usize) -> String {
    // Adding zero turns what rounds to a negative zero into none.
    let scale = 10_f64.powi(i32::try_from(digits).unwrap_or_default());
    let mean = (spread.mean * scale).round() / scale + 0.0;
    let sign = if mean > 0.0 { "+" } else { "" };
    format!("{sign}{mean:.digits$} ± {:.digits$}", spread.half_width)
}

/// The whole outcome in a sentence, which says the direction, so that the figure needs no sign.
fn everybody(shell: &Shell, spread: Spread) -> String {
    let (change, error) = (format!("{:.1}", spread.mean.abs()), format!("{:.1}", spread.half_width));
    let key = format!("hall-tried-all-{}", verdict(spread));
    shell.w.with(&key, &[("change", change.into()), ("error", error.into())])
}

/// Some seconds matter to nobody.
const SEEN_MINUTES: f64 = 0.05;

/// Whether waits get shorter or longer beyond what luck explains, by as much as is shown.
fn verdict(spread: Spread) -> &'static str {
    if spread.mean.abs() < SEEN_MINUTES || spread.contains(0.0) {
        "same"
    } else if spread.mean < 0.0 {
        "shorter"
    } else {
        "longer"
    }
}
