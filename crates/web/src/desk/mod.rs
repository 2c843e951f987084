//! Departments: the worklist, the case on one page, lists that leave as files, notices that print.

mod case;
mod cases;
mod file;
mod moved;
mod notice;
mod posted;
mod reader;
mod record;
mod traces;
pub(crate) mod words;
mod worklist;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub use notice::notices_of;
pub use posted::Posted;

pub fn routes(app: &App) -> Router<App> {
    let upload_max = app.settings.upload_bytes_max.saturating_add(64 * 1024);
    Router::new()
        .route("/desk", get(worklist::show))
        .route("/desk/worklist.csv", get(worklist::as_csv))
        .route("/desk/worklist.xlsx", get(worklist::as_xlsx))
        .route("/desk/moved", get(moved::show))
        .route("/desk/cases", get(cases::show))
        .route("/desk/cases.csv", get(cases::as_csv))
        .route("/desk/cases.xlsx", get(cases::as_xlsx))
        .route("/desk/cases/{number}", get(case::show))
        .route("/desk/cases/{number}/act", post(case::act))
        .route("/desk/cases/{number}/reveal", post(case::reveal))
        .route("/desk/cases/{number}/original", post(case::original))
        .route("/desk/cases/{number}/papers", post(case::add_paper).layer(DefaultBodyLimit::max(upload_max)))
        .route("/desk/cases/{number}/items/{item}/correct", get(case::correcting).post(case::correct))
        .route("/desk/cases/{number}/receipt", get(case::receipt).post(case::renew))
        .route("/desk/cases/{number}/files/{digest}", get(file::show))
        .route("/cases/{number}/notices/{key}", get(notice::show))
        .route("/cases/{number}/notices/{key}/file", get(notice::file))
        .route("/cases/{number}/traces", get(traces::show))
}
