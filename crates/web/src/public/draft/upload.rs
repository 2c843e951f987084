//! Files on their way in and out, streamed.

use axum::body::{Body, Bytes};
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use office::{Attachment, By, NotPossible, OfficeError};
use store::BlobSource;

use crate::app::App;
use crate::fault::Failure;
use crate::shell::{Shell, encode};

const TEXT_BYTES_MAX: usize = 64 * 1024;
const PARTS_MAX: usize = 200;
/// Of all texts of one form.
const TEXTS_BYTES_MAX: usize = 1024 * 1024;

/// What came with a form that carries files.
#[derive(Debug, Default)]
pub struct Sent {
    pub pairs: Vec<(String, String)>,
    /// The control that each file came in, and what it became: stored, or refused with a sentence for the person.
    pub files: Vec<(String, Result<Attachment, Refused>)>,
}

/// A file that was not taken, and what the person has to know to send another.
#[derive(Debug)]
pub struct Refused {
    pub error: OfficeError,
    name: String,
    bytes: u64,
    most: u64,
}

impl Refused {
    pub fn message(&self, shell: &Shell) -> String {
        let key = match &self.error {
            OfficeError::NotPossible(NotPossible::FileTooLarge) => "file-too-large",
            OfficeError::NotPossible(NotPossible::FileEmpty) => "file-empty",
            OfficeError::NotPossible(NotPossible::FileKind) => "file-kind",
            _ => "file-other",
        };
        shell.w.with(
            key,
            &[
                ("name", self.name.as_str().into()),
                ("size", size(self.bytes).into()),
                ("limit", size(self.most).into()),
                ("reason", self.error.message_in(shell.lang, &shell.edition).unwrap_or_default().into()),
            ],
        )
    }
}

/// How large a file is, as people say it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0).replace(".0 MB", " MB"),
    }
}

/// Takes everything that a form sent. A refused file does not lose the others.
pub async fn receive(
    app: &App,
    by: By<'_>,
    mut body: Multipart,
    limit: impl Fn(&str) -> u64,
) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    let (mut parts, mut texts) = (0, 0);
    while let Some(field) = body.next_field().await.map_err(|error| unreadable(&error))? {
        parts += 1;
        if parts > PARTS_MAX {
            return Err(Failure::BadRequest);
        }
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            // A control that nobody chose a file in.
            Some(file) if file.is_empty() => {
                drain(field).await?;
            }
            Some(file) => {
                let most = limit(&name).min(u64::try_from(app.settings.upload_bytes_max).unwrap_or(u64::MAX));
                let taken = take(app, by, field, &file, most).await?;
                sent.files.push((name, taken));
            }
            None => {
                let text = text(field).await?;
                texts += text.len();
                if texts > TEXTS_BYTES_MAX {
                    return Err(Failure::TextTooLarge);
                }
                sent.pairs.push((name, text));
            }
        }
    }
    Ok(sent)
}

async fn take(
    app: &App,
    by: By<'_>,
    mut field: Field<'_>,
    name: &str,
    most: u64,
) -> Result<Result<Attachment, Refused>, Failure> {
    let refused = |error, bytes| match error {
        OfficeError::NotPossible(_) | OfficeError::Enough(_) | OfficeError::Crowded => {
            Ok(Err(Refused { error, name: name.to_owned(), bytes, most }))
        }
        error => Err(error.into()),
    };
    let mut upload = match app.office.begin_upload(most, by).await {
        Ok(upload) => upload,
        Err(error) => return refused(error, drain(field).await?),
    };
    if let Some(claimed) = field.content_type() {
        upload.claims(claimed);
    }
    let mut bytes = 0;
    while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error))? {
        bytes += chunk.len() as u64;
        if let Err(error) = upload.write(&chunk).await {
            // Read on to its end, so that the browser gets to see the answer.
            return refused(error, bytes + drain(field).await?);
        }
    }
    match app.office.finish_upload(upload, name, by).await {
        Ok(attachment) => Ok(Ok(attachment)),
        Err(error) => refused(error, bytes),
    }
}

/// Reads to the end, and counts.
async fn drain(mut field: Field<'_>) -> Result<u64, Failure> {
    let mut bytes = 0;
    while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error))? {
        bytes += chunk.len() as u64;
    }
    Ok(bytes)
}

async fn text(mut field: Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > TEXT_BYTES_MAX {
            return Err(Failure::TextTooLarge);
        }
    }
    String::from_utf8(bytes).map_err(|_| Failure::Letters)
}

fn unreadable(error: &MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Failure::TooLarge } else { Failure::BadRequest }
}

/// For files that somebody sent: nothing in them runs or loads anything, whatever they turn out to be.
const FILE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/// Sends a stored file. Only pictures, PDF and text open in the browser, each as what it is.
pub fn serve_file(file: &Attachment, source: Box<dyn BlobSource>) -> Response {
    let (kind, inline) = match file.media_type.as_str() {
        "image/png" => ("image/png", true),
        "image/jpeg" => ("image/jpeg", true),
        "image/webp" => ("image/webp", true),
        "image/heic" => ("image/heic", true),
        "application/pdf" => ("application/pdf", true),
        // Whatever it says inside, it is text: with nosniff no browser reads it as a page.
        "text/plain" => ("text/plain; charset=utf-8", true),
        office::TEXT_GB => ("text/plain; charset=gb18030", true),
        _ => ("application/octet-stream", false),
    };
    let how = if inline { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename*=UTF-8''{}", encode(&file.name).replace('/', "_"));
    let length = source.bytes();
    let pieces = futures_util::stream::unfold(source, |mut source| async move {
        let piece = source.next().await.transpose()?;
        Some((piece.map(Bytes::from), source))
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    // Browsers show PDF by a program of their own, which a sandbox keeps out.
    if kind != "application/pdf" {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY));
    }
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
