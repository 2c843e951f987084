//! Files of a case for officers.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::app::App;
use crate::fault::Failure;
use crate::public::serve_file;
use crate::shell::Shell;

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Path((number, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let viewer = shell.officer()?;
    let loaded = app.office.case_for_officer(&number, viewer).await?;
    let (file, source) = app.office.case_file_for_officer(loaded.id, &digest, viewer).await?;
    Ok(serve_file(&file, source))
}
