//! `/wall/HALL`: the calling screen. Readable from ten metres, speaks with the browser's voice, names nobody.

use axum::extract::{Path, State};
use diagnostic::Lang;
use hall::{Day, Ticket, TicketState};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::forecast;
use super::names::{Names, hall_of, path};
use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Page, Shell};
use crate::ui;

const REFRESH_SECONDS: u32 = 5;
const CALLS_SHOWN: usize = 7;
const NEXT_SHOWN: usize = 15;
/// Whoever has not come by then has not heard it, and is called again or passed over.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_mins(3);

pub async fn page(State(app): State<App>, shell: Shell, Path(hall): Path<String>) -> Result<Markup, Failure> {
    let w = shell.w;
    let hall = hall_of(&shell, &hall)?;
    let names = Names::new(&shell);
    let loaded = app.office.hall_day(&hall.id, app.office.today()).await?;
    let calls = loaded.as_ref().map(|loaded| calls(&loaded.day, shell.now)).unwrap_or_default();
    let queue = loaded.as_ref().map(|loaded| loaded.day.queue()).unwrap_or_default();
    let told = app.office.hall_forecasts(&hall.id).await;
    let body = html! {
        div.calling data-region="calling" {
            header {
                h1 { (shell.say(&hall.name)) }
                p.clock { (ui::time(&shell, shell.now)) }
            }
            section.now aria-label=(w.t("hall-wall-now")) aria-live="polite" {
                @if calls.is_empty() { p.lead { (w.t("hall-wall-nobody")) } }
                ol { @for (place, (ticket, at, called)) in calls.iter().take(CALLS_SHOWN).enumerate() {
                    @let window = ticket.state.window().map(|window| names.window(window)).unwrap_or_default();
                    li.call.first[place == 0].called[*called]
                        data-say=[called.then(|| spoken(&shell, ticket, &window))]
                        data-say-id=[called.then(|| format!("{}/{}", ticket.number, at.as_second()))]
                        data-say-lang=(if shell.lang == Lang::Zh { "zh-CN" } else { "en-GB" }) {
                        span.no { (ticket.number) }
                        span.to { "→" }
                        span.where { (window) }
                        span.visually-hidden { (w.t(&format!("hall-state-{}", ticket.state.code()))) }
                    }
                } }
            }
            section.next aria-label=(w.t("hall-wall-next")) {
                h2 { (w.t("hall-wall-next")) " " span.quiet { (w.with("hall-waiting-count", &[("count", queue.len().into())])) } }
                ol { @for ticket in queue.iter().take(NEXT_SHOWN) { li { span.no { (ticket.number) } span.what { (names.line(&ticket.want().line)) (forecast::on_wall(&shell, ticket.number, told.as_deref())) } } } }
            }
        }
        div.calling-foot {
            button.button.second type="button" data-voice="" data-on=(w.t("hall-voice-on")) hidden { (w.t("hall-voice-off")) }
            span.quiet data-live-state="" data-lost=(w.t("hall-live-lost")) { (w.t("hall-wall-hint")) }
        }
    };
    Ok(shell.lay_out(Page::screen(w.t("hall-wall"), body).live(path("live", &hall.id), REFRESH_SECONDS)))
}

/// Who was called, the last one first; those already being served after them, and then those who did not come: a call that
/// nobody answers does not stay on top.
fn calls(day: &Day, now: Timestamp) -> Vec<(&Ticket, Timestamp, bool)> {
    let mut calls: Vec<(&Ticket, Timestamp, bool)> = day
        .tickets
        .iter()
        .filter_map(|ticket| match ticket.state {
            TicketState::Called { again, .. } => {
                Some((ticket, again, now.duration_since(again) < ANSWERED_WITHIN))
            }
            TicketState::Serving { since, .. } => Some((ticket, since, false)),
            _ => None,
        })
        .collect();
    let late = |ticket: &Ticket, called: bool| !called && matches!(ticket.state, TicketState::Called { .. });
    calls.sort_by_key(|(ticket, at, called)| {
        (std::cmp::Reverse(*called), late(ticket, *called), std::cmp::Reverse(*at))
    });
    calls
}

/// As a voice says it, letter by letter and digit by digit.
fn spoken(shell: &Shell, ticket: &Ticket, window: &str) -> String {
    let number = ticket.number.spoken(shell.lang);
    shell.w.with("hall-say", &[("number", number.into()), ("window", window.to_owned().into())])
}
