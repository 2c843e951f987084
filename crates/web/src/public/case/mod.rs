//! A case as its applicant sees it.

mod act;
mod answers;
mod correction;
mod kept;
mod number;
mod page;
mod progress;
mod result;
mod timeline;
mod todo;
mod track;
mod visit;
mod words;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::app::App;

pub(crate) use correction::wrong_by_field;
pub(crate) use number::{Prospect, clock_lines, owed, prospect};
pub(crate) use page::{basis, lanes};
pub(crate) use result::as_file;
pub(crate) use timeline::{acted_for, tells_again};
pub(crate) use todo::came_since;
pub(crate) use words::Names;
pub use words::became;

pub fn routes(app: &App) -> Router<App> {
    let upload_max = app.settings.upload_bytes_max.saturating_add(64 * 1024);
    let uploads = Router::new()
        .route("/cases/{number}/correction/{item}", post(correction::supply))
        .route("/cases/{number}/gap/{item}", post(correction::close_gap))
        .layer(DefaultBodyLimit::max(upload_max));
    Router::new()
        .route("/track", get(track::page).post(track::open))
        .route("/cases/{number}", get(page::page))
        .route("/cases/{number}/answers", get(answers::page))
        .route("/cases/{number}/number", get(number::page))
        .route("/cases/{number}/due.ics", get(number::calendar))
        .route("/cases/{number}/step", post(act::step))
        .route("/cases/{number}/visit", post(visit::propose))
        .route("/cases/{number}/visits/{item}/{step}/visit.ics", get(visit::calendar))
        .route("/cases/{number}/message", post(act::message))
        .route("/cases/{number}/object", post(act::object))
        .route("/cases/{number}/withdraw", post(act::withdraw))
        .route("/cases/{number}/undo", post(act::undo))
        .route("/cases/{number}/rate", post(act::rate))
        .route("/cases/{number}/files/{digest}", get(page::file))
        .route("/cases/{number}/results/{identifier}", get(result::page))
        .route("/cases/{number}/results/{identifier}/file", get(result::file))
        .merge(uploads)
        .layer(Extension(kept::Drawings::default()))
}
