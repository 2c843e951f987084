//! Halls: taking a number on the phone or at the kiosk, the calling screen, appointments, specialists, and the manager's floor.

mod book;
mod booked;
mod floor;
mod floor_acts;
mod forecast;
mod kiosk;
mod live;
mod names;
mod now;
mod numbers;
mod screen;
mod specialists;
mod take;
mod ticket;
mod tickets;
mod what_if;
mod why;

pub use names::{Names, tickets_line};
pub use now::WaitsNow;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/hall", get(take::halls))
        .route("/hall/{hall}", get(take::page))
        .route("/hall/{hall}/take", post(take::take))
        .route("/t/{key}", get(ticket::page))
        .route("/t/{key}/come", post(ticket::come))
        .route("/t/{key}/leave", post(ticket::leave))
        .route("/t/{key}/rate", post(ticket::rate))
        .route("/kiosk/{hall}", get(kiosk::page).post(kiosk::press))
        .route("/kiosk/{hall}/slip/{key}", get(kiosk::slip))
        .route("/wall/{hall}", get(screen::page))
        .route("/live/{hall}", get(live::changes))
        .route("/book/{hall}", get(book::page).post(book::book))
        .route("/a/{code}", get(booked::page))
        .route("/a/{code}/move", post(booked::move_to))
        .route("/a/{code}/cancel", post(booked::cancel))
        .route("/a/{code}/check-in", post(booked::check_in))
        .route("/a/{code}/visit.ics", get(booked::calendar))
        .route("/specialists", get(specialists::page))
        .route("/floor", get(floor::halls))
        .route("/floor/{hall}", get(floor::page))
        .route("/floor/{hall}/what-if", get(what_if::page))
        .route("/floor/{hall}/act", post(floor_acts::act))
        .route("/floor/{hall}/numbers", get(numbers::page))
        .route("/floor/{hall}/numbers.xlsx", get(numbers::as_xlsx))
        .route("/floor/{hall}/numbers.csv", get(numbers::as_csv))
        .route("/floor/{hall}/tickets", get(tickets::page))
        .route("/floor/{hall}/tickets.xlsx", get(tickets::as_xlsx))
        .route("/floor/{hall}/tickets.csv", get(tickets::as_csv))
}
