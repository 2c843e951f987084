//! Files of a case for officers: shown only as what they are, never run.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Shell, encode};

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    Path((number, digest)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let viewer = shell.officer()?;
    let loaded = app.office.case_for_officer(&number, viewer).await?;
    let (file, mut source) = app.office.case_file_for_officer(loaded.id, &digest, viewer).await?;
    let (kind, inline) = match file.media_type.as_str() {
        "image/png" => ("image/png", true),
        "image/jpeg" => ("image/jpeg", true),
        "image/webp" => ("image/webp", true),
        "application/pdf" => ("application/pdf", true),
        // Whatever it says inside, it is text: with nosniff no browser reads it as a page.
        "text/plain" => ("text/plain; charset=utf-8", true),
        _ => ("application/octet-stream", false),
    };
    let mut bytes = Vec::with_capacity(usize::try_from(source.bytes()).unwrap_or_default());
    while let Some(chunk) = source.next().await.map_err(office::OfficeError::from)? {
        bytes.extend_from_slice(&chunk);
    }
    let way = if inline { "inline" } else { "attachment" };
    let disposition = format!("{way}; filename*=UTF-8''{}", encode(&file.name).replace('/', "_"));
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
