//! What is told about waits, in words: a median, the band that holds four in five, why it has changed, and what it stands on.

use catalogue::{Closing, LineId};
use hall::predict::{Basis, Forecast};
use hall::{Day, Desk, Post, Ticket, TicketNo};
use jiff::Timestamp;
use maud::{Markup, html};
use office::{HallForecasts, Scored, TicketForecast, ToldReason};

use super::names::{Names, path};
use crate::shell::Shell;
use crate::ui;

/// Below this a wait is none.
const NONE_MINUTES: f64 = 1.0;

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes of a day")]
fn whole(minutes: f64) -> Option<u32> {
    minutes.is_finite().then(|| minutes.max(0.0).round() as u32)
}

/// `约等 12 分钟（8–19）`, or a dash where no window of the hall does it.
pub fn newcomer_wait(shell: &Shell, day: &Day, told: Option<&HallForecasts>, line: &LineId) -> String {
    let serves = |desk: &Desk| desk.skills.iter().any(|(skill, _)| skill == line);
    if nobody_is_there(shell, day, serves) {
        return shell.w.t("hall-wait-unknown");
    }
    let Some(told) = told else { return shell.w.t("hall-wait-soon-known") };
    told.newcomer(line).map_or_else(|| "–".to_owned(), |forecast| wait(shell, forecast))
}

fn wait(shell: &Shell, forecast: &Forecast) -> String {
    let w = shell.w;
    let Some(median) = whole(forecast.median_minutes) else { return w.t("hall-wait-unknown") };
    match whole(forecast.high_minutes) {
        Some(_) if forecast.high_minutes <= NONE_MINUTES => w.t("hall-wait-none"),
        Some(high) => {
            let low = whole(forecast.low_minutes).unwrap_or_default();
            w.with("hall-wait-about", &[("median", median.into()), ("from", low.into()), ("to", high.into())])
        }
        None => w.with("hall-wait-about-open", &[("median", median.into())]),
    }
}

/// People before somebody who comes now, and the wait; nothing before the hall has opened.
pub fn newcomer(shell: &Shell, day: Option<&Day>, told: Option<&HallForecasts>, line: &LineId) -> Markup {
    html! {
        @if let Some(day) = day {
            @let ahead = day.ahead_of_newcomer(line, catalogue::Tongue::Zh, shell.now);
            // Windows do several services: who waits for this one is told where it is not everybody.
            @let same = day.waiting().filter(|ticket| ticket.want().line == *line).count();
            @let wait = newcomer_wait(shell, day, told, line);
            @let wait = if ahead > 0 && wait == shell.w.t("hall-wait-none") { shell.w.t("hall-wait-soon") } else { wait };
            @let count = [("count", ahead.into()), ("same", same.min(ahead).into())];
            span.quiet.wait { (shell.w.with(if same < ahead { "hall-ahead-some" } else { "hall-ahead" }, &count)) " · " (wait) }
            @if told.is_some_and(|told| told.newcomer_after_hours(line, &day.setup, shell.now)) {
                " " span.tag.soon { (shell.w.t(match day.setup.closing { Closing::ServeAll => "hall-late-serve-short", Closing::CarryOver => "hall-late-carry-short" })) }
            }
        }
    }
}

/// What it means that a number is probably not called within today's hours, by the rule of the hall, and what to do.
fn after_hours(shell: &Shell, day: &Day, told: &TicketForecast) -> Markup {
    let w = shell.w;
    let late = told.is_after_hours(&day.setup);
    html! {
        @if let Some(doors) = day.setup.doors().filter(|_| late) {
            div.panel.soon data-after-hours {
                @let key = match day.setup.closing { Closing::ServeAll => "hall-late-serve", Closing::CarryOver => "hall-late-carry" };
                p { (w.with(key, &[("at", ui::time(shell, doors.to).into())])) }
                @if day.setup.booking.is_some() { p.no-print { a href=(path("book", &day.hall)) { (w.t("hall-book")) } } }
            }
        }
    }
}

/// The doors are open, and no window that could do it is. When somebody comes is then not for the roster to say.
fn nobody_is_there(shell: &Shell, day: &Day, serves: impl Fn(&Desk) -> bool) -> bool {
    let is_open = |desk: &&Desk| day.post(&desk.id).is_some_and(Post::is_open);
    day.setup.hours.iter().any(|span| span.holds(shell.now))
        && !day.setup.windows.iter().filter(is_open).any(serves)
}

/// That the times stand on what is declared rather than on what was seen, where that is so for some line.
pub fn newcomers_thin(shell: &Shell, told: Option<&HallForecasts>) -> Markup {
    let thin = told.is_some_and(|told| told.newcomers.iter().any(|(_, forecast)| is_thin(&forecast.basis)));
    html! { @if thin { p.quiet.small { (shell.w.t("hall-forecasts-thin")) } } }
}

const fn is_thin(basis: &Basis) -> bool {
    matches!(basis, Basis::Declared { .. })
}

/// Somebody's own number: how many before, when, how sure, why it has changed.
pub fn ticket(
    shell: &Shell,
    names: &Names<'_>,
    day: &Day,
    ticket: &Ticket,
    told: Option<&HallForecasts>,
) -> Markup {
    let w = shell.w;
    html! {
        p.ahead-count { (w.with("hall-before-you", &[("count", day.ahead_of(ticket).count().into())])) }
        @let serves = |desk: &Desk| desk.can_serve(&ticket.want().line, ticket.language);
        @match told.and_then(|told| told.tickets.get(&ticket.number)) {
            Some(told) if nobody_is_there(shell, day, serves) => {
                p.strong { (w.t("hall-wait-unknown")) }
                @if let Some(reason) = &told.reason { p.told-why { (why(shell, names, reason)) } }
            }
            None => { p.quiet { (w.t("hall-wait-soon-known")) } }
            Some(told) => {
                p.strong { (when(shell, told)) }
                @if let Some(band) = band(shell, told) { p.quiet { (band) } }
                (after_hours(shell, day, told))
                @if let Some(reason) = &told.reason { p.told-why { (why(shell, names, reason)) } }
                @if is_thin(&told.basis) { p.quiet.small { (w.t("hall-forecast-thin")) } }
            }
        }
    }
}

/// The clock time at which a number is about to be called.
fn when(shell: &Shell, told: &TicketForecast) -> String {
    let w = shell.w;
    match told.median_at {
        None => w.t("hall-wait-unknown"),
        Some(at) if is_near(shell, at) => w.t("hall-any-moment"),
        Some(at) => w.with("hall-called-about", &[("at", ui::time(shell, at).into())]),
    }
}

fn is_near(shell: &Shell, at: Timestamp) -> bool {
    at.duration_since(shell.now).as_secs() < 60
}

fn band(shell: &Shell, told: &TicketForecast) -> Option<String> {
    let w = shell.w;
    let low = told.low_at.filter(|_| told.median_at.is_some())?.max(shell.now);
    match told.high_at {
        Some(high) if is_near(shell, high) => None,
        Some(high) => {
            let (low, high) = (ui::time(shell, low), ui::time(shell, high));
            let span = format!("{low}–{high}");
            (low != high).then(|| w.with("hall-called-between", &[("span", span.into())]))
        }
        None => Some(w.with("hall-called-after", &[("from", ui::time(shell, low).into())])),
    }
}

/// Why it is earlier or later than what was said before.
fn why(shell: &Shell, names: &Names<'_>, reason: &ToldReason) -> String {
    let w = shell.w;
    let key = format!("hall-told-{}", reason.code());
    match reason {
        ToldReason::WindowOpened { window }
        | ToldReason::WindowClosed { window }
        | ToldReason::LongService { window } => w.with(&key, &[("window", names.window(window).into())]),
        ToldReason::PriorityAhead { tickets } | ToldReason::MovedUp { tickets } => {
            w.with(&key, &[("count", (*tickets).into())])
        }
        ToldReason::SlowerThanForeseen | ToldReason::FasterThanForeseen => w.t(&key),
    }
}

/// Beside a number on the calling screen.
pub fn on_wall(shell: &Shell, number: TicketNo, told: Option<&HallForecasts>) -> Markup {
    let at = told.and_then(|told| told.tickets.get(&number)).and_then(|told| told.median_at);
    html! {
        @if let Some(at) = at.filter(|at| !is_near(shell, *at)) {
            " " span.quiet { (shell.w.with("hall-wall-about", &[("at", ui::time(shell, at).into())])) }
        }
    }
}

/// For whoever runs the hall: what a waiting number was told.
pub fn on_floor(shell: &Shell, names: &Names<'_>, number: TicketNo, told: Option<&HallForecasts>) -> Markup {
    html! {
        @if let Some(told) = told.and_then(|told| told.tickets.get(&number)) {
            p { (shell.w.t("hall-was-told")) " " (when(shell, told))
                @if let Some(band) = band(shell, told) { " · " span.quiet { (band) } }
                @if let Some(reason) = &told.reason { " · " (why(shell, names, reason)) } }
        }
    }
}

/// The error of what was told, for everybody to see who sees the figures.
pub fn published(shell: &Shell, names: &Names<'_>, scored: &[Scored]) -> Markup {
    let w = shell.w;
    html! {
        section aria-labelledby="error-title" {
            h2 #error-title { (w.t("hall-error")) }
            p.quiet { (w.t("hall-error-hint")) }
            @if scored.is_empty() { (ui::empty(&w.t("hall-error-none"), &w.t("hall-error-none-next"), None)) }
            @else { div.table-wrap { table.cards {
                caption.visually-hidden { (w.t("hall-error")) }
                thead { tr { th scope="col" { (w.t("hall-col-line")) } @for key in ["count", "mae", "bias", "coverage"] { th.n scope="col" { (w.t(&format!("hall-error-{key}"))) } } } }
                tbody { @for line in scored { tr {
                    th scope="row" data-label=(w.t("hall-col-line")) { (names.line(&line.line.as_str().into())) }
                    td.n data-label=(w.t("hall-error-count")) { (line.score.forecasts) }
                    td.n data-label=(w.t("hall-error-mae")) { (format!("{:.1}", line.score.mean_absolute_error_minutes)) }
                    td.n data-label=(w.t("hall-error-bias")) { (format!("{:+.1}", line.score.bias_minutes)) }
                    td.n data-label=(w.t("hall-error-coverage")) { (format!("{:.0}%", line.score.coverage * 100.0)) }
                } } }
            } } }
        }
    }
}
