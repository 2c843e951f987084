//! Leadership: figures as sentences, each of which opens what it counts; tables, a wall screen, files to take away.

mod behind;
mod draw;
mod export;
mod period;
mod process;
mod report;
mod tables;
mod wall;
mod words;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/zone", get(report::show))
        .route("/zone/cases", get(behind::show))
        .route("/zone/wall", get(wall::show))
        .route("/zone/export.xlsx", get(export::as_xlsx))
        .route("/zone/export.csv", get(export::as_csv))
        .merge(process::routes())
}
