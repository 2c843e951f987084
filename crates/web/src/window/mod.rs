//! The comprehensive window: the person called, their drafts and cases on one side, what to accept on the other.

mod console;
mod seat;
mod seen;

use axum::Router;
use axum::routing::{get, post};
use office::{OfficeError, Viewer};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::Shell;

pub use seen::{seen_papers, ticked};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/window", get(console::show))
        .route("/window/hall", post(seat::act))
        .route("/window/resume", post(console::resume))
        .route("/window/start", post(console::start))
}

/// Somebody who sits at the window.
fn clerk(shell: &Shell) -> Result<&Viewer, Failure> {
    let viewer = shell.officer()?;
    if viewer.works_at_window(&shell.edition) { Ok(viewer) } else { Err(OfficeError::Denied.into()) }
}
