//! `/a/CODE`: an appointment: when and where, for the calendar, to move, to cancel, to check in.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hall::AppointmentState;
use jiff::SignedDuration;
use maud::{Markup, html};
use office::{BookingView, By, OfficeError};

use super::book::{instant, other_slots, slots};
use super::names::{Names, hall_of, path};
use crate::app::App;
use crate::fault::Failure;
use crate::public::visitor::{Pairs, command, see, value};
use crate::shell::{Page, Shell, encode};
use crate::ui;

pub async fn page(State(app): State<App>, shell: Shell, Path(code): Path<String>) -> Result<Markup, Failure> {
    let view = app.office.booking(&code).await?;
    draw(&app, &shell, &view, None).await
}

pub async fn move_to(
    State(app): State<App>,
    shell: Shell,
    Path(code): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let view = app.office.booking(&code).await?;
    let Some(slot) = instant(value(&pairs, "slot")) else {
        return refused(&app, &shell, &view, shell.w.t("hall-book-choose-slot")).await;
    };
    let date = ui::civil(&shell, slot).date();
    let done = app.office.move_booking(&code, date, slot).await.map(|_| ());
    answer(&app, &shell, &view, done).await
}

pub async fn cancel(
    State(app): State<App>,
    shell: Shell,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let view = app.office.booking(&code).await?;
    let done = app.office.cancel_booking(&code).await;
    answer(&app, &shell, &view, done).await
}

pub async fn check_in(
    State(app): State<App>,
    shell: Shell,
    Path(code): Path<String>,
    axum::Form(pairs): Pairs,
) -> Result<Response, Failure> {
    let view = app.office.booking(&code).await?;
    match app.office.check_in(&code, By::System, command(&pairs)).await {
        Ok(taken) => Ok(see(&format!("/t/{}", taken.key.0))),
        Err(error) => answer(&app, &shell, &view, Err(error)).await,
    }
}

async fn answer(
    app: &App,
    shell: &Shell,
    view: &BookingView,
    done: Result<(), OfficeError>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(see(&format!("/a/{}", view.code))),
        Err(error @ OfficeError::Hall(_)) => {
            let message = error.message_in(shell.lang, &shell.edition).unwrap_or_default();
            refused(app, shell, view, message).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(app: &App, shell: &Shell, view: &BookingView, why: String) -> Result<Response, Failure> {
    let page = draw(app, shell, view, Some(why)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn draw(
    app: &App,
    shell: &Shell,
    view: &BookingView,
    problem: Option<String>,
) -> Result<Markup, Failure> {
    let w = shell.w;
    let names = Names::new(shell);
    let hall = hall_of(shell, view.place.hall.as_str())?;
    let each = &view.appointment;
    let code = encode(&view.code);
    let booked = each.state == AppointmentState::Booked;
    let setup = app.office.hall_setup(&hall.id, view.place.date)?;
    // Holidays that were published since, or other hours: nobody is there at that time.
    let shut = booked && !setup.hours.iter().any(|span| span.holds(each.slot));
    let rules = setup.booking;
    let (early, late) = rules.map_or((0, 0), |rules| (rules.early_minutes, rules.late_minutes));
    let from = each.slot - SignedDuration::from_mins(early.into());
    let today = view.place.date == app.office.today();
    let problems: Vec<_> = problem.map(|message| ("content".to_owned(), message)).into_iter().collect();
    let others =
        if booked { other_slots(app, &hall.id, &each.want.line, each.language).await? } else { Vec::new() };
    let body = html! {
        (ui::error_summary(w, &problems))
        div.card.number {
            h1 { (w.t(&format!("hall-booking-{}", each.state.code()))) }
            span.no.when { (ui::date(shell, view.place.date)) " " (ui::time(shell, each.slot)) }
            p { (names.line(&each.want.line)) @if let Some(specialist) = &each.specialist { " · " (w.with("hall-with-specialist", &[("name", specialist.to_string().into())])) } }
            p.quiet { (shell.say(&hall.name)) br; (shell.say(&hall.address)) }
            @if booked {
                p.mono.code { (grouped(&view.code)) }
                (ui::qr(&format!("{}/a/{code}", app.office.public_url()), &w.t("hall-booking-qr")))
                p.quiet.small { (w.t("hall-booking-qr")) }
            }
            @if let AppointmentState::CheckedIn(number) = each.state { p.strong { (w.with("hall-booking-number", &[("number", number.to_string().into())])) } }
        }
        @if shut { (ui::panel("late", html! { p { (w.t("hall-booking-shut")) } })) }
        @if each.reminded_at.is_some() && booked { (ui::panel("soon", html! { p { (w.t("hall-reminder-text")) } })) }
        @if booked {
            p { (w.with("hall-check-in-hint", &[("from", ui::time(shell, from).into()), ("minutes", late.into())])) }
            div.actions {
                @if today && shell.now >= from {
                    form method="post" action=(format!("/a/{code}/check-in")) { (ui::hidden("command", &app.office.new_id().to_string())) button.button.big type="submit" { (w.t("hall-check-in")) } }
                }
                a.button.second href=(format!("/a/{code}/visit.ics")) { (w.t("hall-calendar")) }
            }
            details.more open[shut] { summary { (w.t("hall-move")) }
                form method="post" action=(format!("/a/{code}/move")) { (slots(shell, &others, Some(each.slot))) (ui::actions(html! { button.button type="submit" { (w.t("hall-move-go")) } })) } }
            details.more { summary { (w.t("hall-cancel")) }
                p { (w.t("hall-cancel-sure")) }
                form method="post" action=(format!("/a/{code}/cancel")) { button.button.danger type="submit" { (w.t("hall-cancel-go")) } } }
        } @else { (ui::actions(html! { a.button.second href=(path("book", &hall.id)) { (w.t("hall-book-again")) } })) }
    };
    let title = w.t("hall-booking-title");
    Ok(shell.lay_out(Page::public(title, body).crumb(w.t("hall-take"), path("hall", &hall.id))))
}

/// 1 January 2026: numbers of a sequence have 31 bits.
const SEQUENCE_FROM: i64 = 1_767_225_600;

fn grouped(code: &str) -> String {
    let (front, back) = code.split_at(code.len() / 2);
    format!("{front}-{back}")
}

/// The visit for one's own calendar, with an alarm two hours before.
pub async fn calendar(
    State(app): State<App>,
    shell: Shell,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    let view = app.office.booking(&code).await?;
    let w = shell.w;
    let names = Names::new(&shell);
    let hall = hall_of(&shell, view.place.hall.as_str())?;
    let each = &view.appointment;
    let summary = w.with("hall-calendar-summary", &[("line", names.line(&each.want.line).into())]);
    let cancelled = matches!(each.state, AppointmentState::Cancelled);
    let place = format!("{} {}", shell.say(&hall.name), shell.say(&hall.address));
    let told = w.with("hall-calendar-told", &[("code", grouped(&view.code).into())]);
    // A changed appointment must count higher than the one that a calendar holds already, on another day and within the
    // same minute too: programs ignore what does not.
    let sequence = (shell.now.as_second() - SEQUENCE_FROM).max(0);
    let lines = [
        format!("UID:appointment-{}@yichuang", view.place.id),
        format!("DTSTAMP:{}", ui::ics::instant(shell.now)),
        format!("SEQUENCE:{sequence}"),
        format!("DTSTART:{}", ui::ics::instant(each.slot)),
        format!("DTEND:{}", ui::ics::instant(view.ends_at)),
        format!("SUMMARY:{}", ui::ics::escape(&summary)),
        format!("LOCATION:{}", ui::ics::escape(&place)),
        format!("DESCRIPTION:{}", ui::ics::escape(&told)),
        format!("URL:{}/a/{}", app.office.public_url(), view.code),
        format!("STATUS:{}", if cancelled { "CANCELLED" } else { "CONFIRMED" }),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        "TRIGGER:-PT2H".to_owned(),
        format!("DESCRIPTION:{}", ui::ics::escape(&summary)),
        "END:VALARM".to_owned(),
    ];
    let method = if cancelled { "CANCEL" } else { "PUBLISH" };
    Ok(ui::ics::file("Hall", method, &lines, &format!("visit-{}", view.place.date)))
}
