//! `/floor/HALL`: the hall as its manager sees it, live: what will break, who waits for what, which window does what.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::{Hall, LaneKind};
use hall::{Alert, Day, Desk, Doors, Post, PostState, Ticket, TicketState};
use maud::{Markup, html};
use office::{HallForecasts, Viewer};

use super::names::{Names, hall_of, path};
use super::{forecast, what_if, why};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

const REFRESH_SECONDS: u32 = 15;
const WAITING_SHOWN: usize = 60;

/// Somebody who runs halls.
pub fn manager(shell: &Shell) -> Result<&Viewer, Failure> {
    let viewer = shell.officer()?;
    if viewer.runs_halls(&shell.edition) { Ok(viewer) } else { Err(office::OfficeError::Denied.into()) }
}

pub async fn halls(shell: Shell) -> Result<Response, Failure> {
    manager(&shell)?;
    let halls = &shell.edition.parts().halls;
    if let (1, Some(hall)) = (halls.len(), halls.values().next()) {
        return Ok(Redirect::to(&path("floor", &hall.id)).into_response());
    }
    let body = html! {
        h1 { (shell.w.t("nav-hall")) }
        ul.doors { @for hall in halls.values() { li { a href=(path("floor", &hall.id)) { (shell.say(&hall.name)) } } } }
    };
    Ok(shell.lay_out(Page::desk(shell.w.t("nav-hall"), body)).into_response())
}

pub async fn page(State(app): State<App>, shell: Shell, Path(hall): Path<String>) -> Result<Markup, Failure> {
    manager(&shell)?;
    draw(&app, &shell, hall_of(&shell, &hall)?, None).await
}

pub async fn draw(app: &App, shell: &Shell, hall: &Hall, problem: Option<String>) -> Result<Markup, Failure> {
    let w = shell.w;
    let names = Names::new(shell);
    let loaded = app.office.hall_day(&hall.id, app.office.today()).await?;
    let bookings = app.office.bookings_of(&hall.id, app.office.today()).await?;
    let coming = bookings.iter().filter(|each| each.state == hall::AppointmentState::Booked).count();
    let told = app.office.hall_forecasts(&hall.id).await;
    let problems: Vec<_> = problem.map(|message| ("floor".to_owned(), message)).into_iter().collect();
    let body = html! {
        (ui::error_summary(w, &problems))
        div.row.between {
            h1 { (shell.say(&hall.name)) }
            p { a href=(format!("{}/numbers", path("floor", &hall.id))) { (w.t("hall-numbers")) } " · " a href=(path("wall", &hall.id)) { (w.t("hall-wall")) } " · " a href=(path("kiosk", &hall.id)) { (w.t("hall-kiosk")) } }
        }
        div #floor data-region="floor" {
            @match &loaded {
                None => { (ui::empty(&w.t("hall-floor-quiet"), &w.t("hall-floor-quiet-next"), None)) }
                Some(loaded) => { (floor(app, shell, &names, &loaded.day, coming, told.as_deref())) }
            }
        }
        @if let Some(loaded) = &loaded { (what_if::beside(shell, &names, &loaded.day)) }
        p.quiet.small data-live-state="" data-lost=(w.t("hall-live-lost")) { (w.t("hall-floor-live")) }
    };
    let page = Page::desk(w.t("nav-hall"), body).live(path("live", &hall.id), REFRESH_SECONDS);
    Ok(shell.lay_out(page))
}

fn floor(
    app: &App,
    shell: &Shell,
    names: &Names<'_>,
    day: &Day,
    coming: usize,
    told: Option<&HallForecasts>,
) -> Markup {
    let w = shell.w;
    let count =
        |fits: &dyn Fn(&TicketState) -> bool| day.tickets.iter().filter(|ticket| fits(&ticket.state)).count();
    let open = day.posts.iter().filter(|post| post.is_open()).count();
    let figure =
        |value: usize, key: &str| html! { li.figure { span.n { (value) } span.what { (w.t(key)) } } };
    html! {
        ul.figures {
            (figure(day.waiting().count(), "hall-fig-waiting"))
            (figure(count(&|state| state.window().is_some()), "hall-fig-at-window"))
            (figure(count(&|state| matches!(state, TicketState::Done { .. })), "hall-fig-done"))
            (figure(count(&|state| matches!(state, TicketState::Left { .. } | TicketState::Lost { .. })), "hall-fig-left"))
            (figure(open, "hall-fig-open"))
            (figure(coming, "hall-fig-booked"))
        }
        (alerts(shell, names, &day.alerts(shell.now, |line| told?.newcomer_minutes(line))))
        div.split.even {
            div { (lines(shell, names, day, told)) (windows(app, shell, names, day)) }
            div { (waiting(app, shell, names, day, told)) }
        }
    }
}

fn alerts(shell: &Shell, names: &Names<'_>, alerts: &[Alert]) -> Markup {
    let w = shell.w;
    let missing: Vec<String> = alerts
        .iter()
        .filter_map(|alert| match alert {
            Alert::WindowMissing { window } => Some(names.window(window)),
            _ => None,
        })
        .collect();
    html! {
        section aria-labelledby="alerts-title" {
            h2 #alerts-title { (w.t("hall-alerts")) }
            @if alerts.is_empty() { p.tag.good { (w.t("hall-alerts-none")) } }
            ul.alerts {
                @for alert in alerts.iter().filter(|alert| !matches!(alert, Alert::WindowMissing { .. })) {
                    @let (kind, text) = said(shell, names, alert);
                    li { span.tag.(kind) { (w.t(&format!("hall-alert-{kind}"))) } " " (text) }
                }
                // One thing to do about all of them.
                @if !missing.is_empty() {
                    li { span.tag.soon { (w.t("hall-alert-soon")) } " " (w.with("hall-alert-missing", &[("count", missing.len().into()), ("windows", w.list(&missing).into())])) }
                }
            }
        }
    }
}

fn said(shell: &Shell, names: &Names<'_>, alert: &Alert) -> (&'static str, String) {
    let w = shell.w;
    match alert {
        Alert::TargetBroken { line, number, waited_minutes, target_minutes } => (
            "late",
            w.with(
                "hall-alert-broken",
                &[
                    ("line", names.line(line).into()),
                    ("number", number.to_string().into()),
                    ("waited", (*waited_minutes).into()),
                    ("target", (*target_minutes).into()),
                ],
            ),
        ),
        Alert::NobodyCan { line, waiting } => (
            "late",
            w.with("hall-alert-nobody", &[("line", names.line(line).into()), ("count", (*waiting).into())]),
        ),
        Alert::TargetAtRisk { line, expected_minutes, target_minutes } => (
            "soon",
            w.with(
                "hall-alert-risk",
                &[
                    ("line", names.line(line).into()),
                    ("minutes", (*expected_minutes).into()),
                    ("target", (*target_minutes).into()),
                ],
            ),
        ),
        Alert::WindowMissing { window } => ("soon", names.window(window)),
        Alert::PausedLong { window, minutes } => (
            "soon",
            w.with(
                "hall-alert-paused",
                &[("window", names.window(window).into()), ("minutes", (*minutes).into())],
            ),
        ),
        Alert::CalledLong { window, number, minutes } => (
            "soon",
            w.with(
                "hall-alert-called",
                &[
                    ("window", names.window(window).into()),
                    ("number", number.to_string().into()),
                    ("minutes", (*minutes).into()),
                ],
            ),
        ),
    }
}

fn lines(shell: &Shell, names: &Names<'_>, day: &Day, told: Option<&HallForecasts>) -> Markup {
    let w = shell.w;
    html! {
        section aria-labelledby="lines-title" {
            h2 #lines-title { (w.t("hall-lines")) }
            div.table-wrap { table.cards {
                caption.visually-hidden { (w.t("hall-lines")) }
                thead { tr { th scope="col" { (w.t("hall-col-line")) } th.n scope="col" { (w.t("hall-col-waiting")) } th.n scope="col" { (w.t("hall-col-longest")) } th.n scope="col" { (w.t("hall-col-expected")) } th.n scope="col" { (w.t("hall-col-target")) } } }
                tbody { @for line in &day.setup.lines {
                    @let waiting: Vec<_> = day.waiting().filter(|ticket| ticket.want().line == line.id).collect();
                    @let longest = waiting.iter().map(|ticket| shell.now.duration_since(ticket.joined_at).as_mins()).max();
                    tr {
                        th scope="row" data-label=(w.t("hall-col-line")) { a href=(format!("{}/tickets?from={}&to={}&line={}", path("floor", &day.hall), day.date, day.date, crate::shell::encode(line.id.as_str()))) { (names.line(&line.id)) } }
                        td.n data-label=(w.t("hall-col-waiting")) { (waiting.len()) }
                        td.n data-label=(w.t("hall-col-longest")) { @match longest { Some(minutes) => { (w.with("hall-minutes", &[("minutes", minutes.into())])) }, None => { "–" } } }
                        td.n data-label=(w.t("hall-col-expected")) { (forecast::newcomer_wait(shell, day, told, &line.id)) }
                        td.n data-label=(w.t("hall-col-target")) { @if let (Some(minutes), Some(share)) = (line.target_minutes, line.target_percent) { (w.with("hall-target", &[("minutes", minutes.into()), ("share", share.into())])) } @else { "–" } }
                    }
                } }
            } }
        }
    }
}

fn windows(app: &App, shell: &Shell, names: &Names<'_>, day: &Day) -> Markup {
    let w = shell.w;
    let action = format!("{}/act", path("floor", &day.hall));
    let once = || ui::hidden("command", &app.office.new_id().to_string());
    let button = |post: &Post, act: &str, key: &str| {
        html! {
            form.one method="post" action=(action) {
                (once()) (ui::hidden("act", act)) (ui::hidden("window", post.window.as_str()))
                button.button.second.small type="submit" { (w.t(key)) span.visually-hidden { " " (names.window(&post.window)) } }
            }
        }
    };
    let state = |desk: &Desk, post: &Post| match &post.state {
        PostState::Open { since, .. } => {
            ("good", w.with("hall-window-open", &[("at", ui::time(shell, *since).into())]))
        }
        PostState::Paused { since, .. } => {
            ("pause", w.with("hall-window-paused", &[("at", ui::time(shell, *since).into())]))
        }
        PostState::Shut if desk.staffed_at(shell.now) => ("soon", w.t("hall-window-missing")),
        PostState::Shut => ("", w.t("hall-window-shut")),
    };
    html! {
        section aria-labelledby="windows-title" {
            h2 #windows-title { (w.t("hall-windows")) }
            div.table-wrap { table.cards {
                caption.visually-hidden { (w.t("hall-windows")) }
                thead { tr { th scope="col" { (w.t("hall-col-window")) } th scope="col" { (w.t("hall-col-state")) } th scope="col" { (w.t("hall-col-now")) } th scope="col" { (w.t("hall-col-act")) } } }
                tbody { @for (desk, post) in day.setup.windows.iter().zip(&day.posts) {
                    @let (kind, text) = state(desk, post);
                    @let at = post.ticket.and_then(|number| day.ticket(number));
                    tr {
                        th scope="row" data-label=(w.t("hall-col-window")) { (names.window(&post.window)) }
                        td data-label=(w.t("hall-col-state")) { span.tag.(kind) { (text) } }
                        td data-label=(w.t("hall-col-now")) { div { @if let Some(ticket) = at { span.strong.numeral { (ticket.number) } " " span.quiet { (w.t(&format!("hall-state-{}", ticket.state.code()))) " · " (names.line(&ticket.want().line)) } } @else { "–" } } }
                        td.nowrap { @match post.state {
                            PostState::Open { .. } => { (button(post, "pause", "hall-act-pause")) @if post.ticket.is_none() { (button(post, "close", "hall-act-close")) } @else { (button(post, "free", "hall-act-free")) } }
                            PostState::Paused { .. } => { (button(post, "resume", "hall-act-resume")) @if post.ticket.is_none() { (button(post, "close", "hall-act-close")) } @else { (button(post, "free", "hall-act-free")) } }
                            PostState::Shut => {}
                        } }
                    }
                } }
            } }
            @if day.doors == Doors::Open {
                details.more { summary { (w.t("hall-close-doors")) }
                    p { (w.t(&format!("hall-close-doors-{}", if day.setup.closing == catalogue::Closing::ServeAll { "serve" } else { "carry" }))) }
                    form method="post" action=(action) { (once()) (ui::hidden("act", "close-doors")) button.button.danger type="submit" { (w.t("hall-close-doors-go")) } } }
            } @else { p.tag.soon { (w.t("hall-doors-closed")) } }
        }
    }
}

fn waiting(app: &App, shell: &Shell, names: &Names<'_>, day: &Day, told: Option<&HallForecasts>) -> Markup {
    let w = shell.w;
    let queue = day.queue();

    html! {
        section aria-labelledby="waiting-title" {
            h2 #waiting-title { (w.t("hall-waiting")) " " span.quiet { (queue.len()) } }
            @if queue.is_empty() { (ui::empty(&w.t("hall-waiting-none"), &w.t("hall-waiting-none-next"), None)) }
            ul.plain-list.waiting { @for ticket in queue.iter().take(WAITING_SHOWN) { li { (one(app, shell, names, day, ticket, told)) } } }
            @if queue.len() > WAITING_SHOWN { p.quiet { (w.with("hall-why-more", &[("count", (queue.len() - WAITING_SHOWN).into())])) } }
            (held(app, shell, names, day))
        }
    }
}

/// Whoever is not here yet, or has not said so: with a slip of paper one says it to whoever stands at the door.
fn held(app: &App, shell: &Shell, names: &Names<'_>, day: &Day) -> Markup {
    let w = shell.w;
    let held: Vec<_> = day.held().collect();
    html! { @if !held.is_empty() {
        details.more {
            summary { (w.t("hall-held-list")) " " span.quiet { (held.len()) } }
            ul.plain-list { @for ticket in held.iter().take(WAITING_SHOWN) { li {
                form.filter method="post" action=(format!("{}/act", path("floor", &day.hall))) {
                    (ui::hidden("command", &app.office.new_id().to_string())) (ui::hidden("act", "come")) (ui::hidden("number", &ticket.number.0.to_string()))
                    div { span.strong.numeral { (ticket.number) } " " (names.wants(ticket)) }
                    div { button.button.second.small type="submit" { (w.t("hall-held-here")) span.visually-hidden { " " (ticket.number) } } }
                }
            } } }
        }
    } }
}

fn one(
    app: &App,
    shell: &Shell,
    names: &Names<'_>,
    day: &Day,
    ticket: &Ticket,
    told: Option<&HallForecasts>,
) -> Markup {
    let w = shell.w;
    let once = || ui::hidden("command", &app.office.new_id().to_string());
    let action = format!("{}/act", path("floor", &day.hall));
    let number = ticket.number.0.to_string();
    html! {
        details.act.waiting-one {
            summary {
                span.strong.numeral { (ticket.number) } " " (names.wants(ticket)) " "
                span.quiet { (names.lane(&ticket.lane)) " · " (w.with("hall-since", &[("at", ui::time(shell, ticket.joined_at).into())])) }
            }
            (forecast::on_floor(shell, names, ticket.number, told))
            (why::why(shell, names, day, ticket.number))
            form.filter method="post" action=(action) {
                (once()) (ui::hidden("act", "lane")) (ui::hidden("number", &number))
                div { label for=(format!("lane-{number}")) { (w.t("hall-give-lane")) }
                    select id=(format!("lane-{number}")) name="lane" { @for lane in names.lanes().iter().filter(|lane| lane.kind != LaneKind::Appointment) {
                        option value=(lane.kind.code()) selected[lane.id == ticket.lane] { (shell.say(&lane.name)) }
                    } } }
                div { button.button.second.small type="submit" { (w.t("hall-give-lane-go")) } }
            }
            @if ticket.wants.len() > ticket.current + 1 {
                form method="post" action=(action) {
                    (once()) (ui::hidden("act", "split")) (ui::hidden("number", &number))
                    fieldset.question { legend { (w.t("hall-split")) }
                        div.choices { @for (place, want) in ticket.wants.iter().enumerate().skip(ticket.current) {
                            label.choice { input type="checkbox" name="want" value=(place); span { (names.line(&want.line)) } }
                        } } }
                    button.button.second.small type="submit" { (w.t("hall-split-go")) }
                }
            }
            form.filter method="post" action=(action) {
                (once()) (ui::hidden("act", "merge")) (ui::hidden("number", &number))
                div { label for=(format!("into-{number}")) { (w.t("hall-merge")) } input id=(format!("into-{number}")) type="text" name="into" size="5" autocomplete="off" required; }
                div { label.choice { input type="checkbox" name="same" value="1" required; span { (w.t("hall-merge-same")) } } }
                div { button.button.second.small type="submit" { (w.t("hall-merge-go")) } }
            }
        }
    }
}
