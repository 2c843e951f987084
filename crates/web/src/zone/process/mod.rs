//! `/zone/process`: where time goes, in our own log and in those of other systems.

mod asked;
mod cases;
mod charts;
mod files;
mod logs;
mod report;
mod tables;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

/// A log as it is sent, packed or not.
const LOG_BYTES_MAX: usize = 64 * 1024 * 1024;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/zone/process", get(report::show))
        .route("/zone/process/cases", get(cases::show))
        .route("/zone/process/export.xlsx", get(files::as_xlsx))
        .route("/zone/process/export.csv", get(files::as_csv))
        .route(
            "/zone/logs",
            get(logs::show).post(logs::add).layer(DefaultBodyLimit::max(LOG_BYTES_MAX + 64 * 1024)),
        )
        .route("/zone/logs/{id}/drop", post(logs::remove))
}
