//! Shapes that several routes answer with.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use diagnostic::Bilingual;
use jiff::Timestamp;
use office::Attachment;
use serde::{Deserialize, Serialize};
use store::BlobSource;
use utoipa::ToSchema;

/// A text in both languages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl From<&Bilingual> for Text {
    fn from(text: &Bilingual) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// An instant (RFC 3339).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct At(pub Timestamp);

/// A civil day in the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String, format = Date)]
pub struct On(pub jiff::civil::Date);

impl From<Timestamp> for At {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

/// A length of time by statute: working days, calendar days, hours or minutes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Length {
    pub amount: u32,
    /// `working_days`, `calendar_days`, `hours`, `minutes` and so on.
    pub unit: String,
}

impl From<calendar::Limit> for Length {
    fn from(limit: calendar::Limit) -> Self {
        let unit = serde_json::to_value(limit.unit).ok();
        let unit = unit.and_then(|unit| unit.as_str().map(str::to_owned)).unwrap_or_default();
        Self { amount: limit.amount, unit }
    }
}

/// A file that came with an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileView {
    /// SHA-256 of its bytes; names it.
    pub digest: String,
    /// The paper that it is; none for a file that answers a question.
    pub material: Option<String>,
    pub field: Option<String>,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    pub at: At,
}

impl From<&Attachment> for FileView {
    fn from(file: &Attachment) -> Self {
        Self {
            digest: file.digest.clone(),
            material: file.material.as_ref().map(ToString::to_string),
            field: file.field.as_ref().map(ToString::to_string),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            bytes: file.bytes,
            at: file.at.into(),
        }
    }
}

/// The bytes of a file, never to be run.
pub fn download(file: &Attachment, source: Box<dyn BlobSource>) -> Response {
    let length = source.bytes();
    let pieces = futures_util::stream::unfold(source, |mut source| async move {
        let piece = source.next().await.transpose()?;
        Some((piece.map(Bytes::from), source))
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let name: String = file.name.bytes().map(percent).collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
