//! From a use case's answer to a page: the right status, what happened, what to do next, and nothing leaked.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use diagnostic::Lang;
use office::OfficeError;

use crate::shell::encode;

/// Why a page is not shown. Becomes a response through the frame that [`crate::guard`] puts round every request.
#[derive(Debug)]
pub enum Failure {
    Office(OfficeError),
    /// Go and sign in, then come back here.
    SignIn(String),
    BadRequest,
    /// Bytes that are no letters in UTF-8: what was written cannot be read, and is not kept with holes in it.
    Letters,
    TooLarge,
    /// More was written than any form takes.
    TextTooLarge,
    /// What was being sent came too slowly.
    Slow,
    /// There is no room for what was being sent.
    Busy,
    CrossSite,
    NotFound,
    /// Parts of the address that cannot be meant so: a month that there is not, days in the wrong order. They are shown again.
    Query {
        wrong: &'static [&'static str],
        /// How they are written.
        next: &'static str,
    },
}

impl Failure {
    pub fn sign_in(back: &str) -> Self {
        Self::SignIn(back.to_owned())
    }
}

impl From<OfficeError> for Failure {
    fn from(error: OfficeError) -> Self {
        Self::Office(error)
    }
}

/// Put on a response so that the guard can draw the page in the reader's language.
#[derive(Clone, Debug)]
pub struct FailurePage {
    pub title_key: &'static str,
    pub next_key: Option<&'static str>,
    pub zh: Option<String>,
    pub en: Option<String>,
    pub incident: Option<String>,
    /// Reads in the titles of the edition.
    pub refusal: Option<office::Refused>,
    /// Parts of the address to be put right.
    pub wrong: &'static [&'static str],
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, title_key, next_key) = match &self {
            Self::SignIn(back) => {
                let to = format!("/sign-in?next={}", encode(back));
                return (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
            }
            Self::BadRequest => {
                (StatusCode::BAD_REQUEST, "error-bad-request", Some("error-bad-request-next"))
            }
            Self::Query { next, .. } => (StatusCode::BAD_REQUEST, "error-query", Some(*next)),
            Self::Letters => (StatusCode::BAD_REQUEST, "error-letters", Some("error-letters-next")),
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "error-too-large", Some("error-too-large-next"))
            }
            Self::TextTooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "error-text-too-large", Some("error-text-too-large-next"))
            }
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "error-slow", Some("error-slow-next")),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "error-busy", Some("error-busy-next")),
            Self::CrossSite => (StatusCode::FORBIDDEN, "error-cross-site", Some("error-cross-site-next")),
            Self::NotFound | Self::Office(OfficeError::NotFound) => {
                (StatusCode::NOT_FOUND, "error-not-found", Some("error-not-found-next"))
            }
            Self::Office(OfficeError::Denied) => {
                (StatusCode::FORBIDDEN, "error-forbidden", Some("error-forbidden-next"))
            }
            Self::Office(OfficeError::Stale) => {
                (StatusCode::CONFLICT, "error-stale", Some("error-stale-next"))
            }
            Self::Office(OfficeError::NotPossible(office::NotPossible::CommandUsed)) => {
                (StatusCode::CONFLICT, "error-conflict", None)
            }
            Self::Office(
                OfficeError::Refused(_)
                | OfficeError::Hall(_)
                | OfficeError::NotPossible(_)
                | OfficeError::Unfit(_),
            ) => (StatusCode::UNPROCESSABLE_ENTITY, "error-conflict", None),
            Self::Office(OfficeError::Wait { .. }) => {
                (StatusCode::TOO_MANY_REQUESTS, "error-conflict", Some("error-wait-next"))
            }
            Self::Office(OfficeError::Enough(_)) => (StatusCode::TOO_MANY_REQUESTS, "error-enough", None),
            Self::Office(OfficeError::Crowded) => (StatusCode::SERVICE_UNAVAILABLE, "error-crowded", None),
            Self::Office(error) if error.is_passing() => {
                tracing::error!(cause = %error, "a page could not be shown for now");
                (StatusCode::SERVICE_UNAVAILABLE, "error-store", Some("error-store-next"))
            }
            Self::Office(_) => (StatusCode::INTERNAL_SERVER_ERROR, "error-title", Some("error-nothing-lost")),
        };
        let (zh, en) = match &self {
            Self::Office(error) => (error.message(Lang::Zh), error.message(Lang::En)),
            _ => (None, None),
        };
        let refusal = match &self {
            Self::Office(error) => error.refused(),
            _ => None,
        };
        let incident = (status == StatusCode::INTERNAL_SERVER_ERROR).then(|| {
            let incident = next_incident();
            if let Self::Office(error) = &self {
                tracing::error!(incident, cause = %error, "a page could not be shown");
            }
            incident
        });
        let mut response = status.into_response();
        let minutes = match &self {
            Self::Office(error) => error.wait_minutes(),
            _ => None,
        };
        if let Some(minutes) = minutes {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
        }
        let wrong = if let Self::Query { wrong, .. } = &self { *wrong } else { &[] };
        response.extensions_mut().insert(FailurePage {
            title_key,
            next_key,
            zh,
            en,
            incident,
            refusal,
            wrong,
        });
        response
    }
}

/// Unique while the process runs; the log line beside it has the time.
pub fn next_incident() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:X}-{:04}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A bug of ours: one request fails, the server goes on, and the log says where.
pub fn caught(_panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let incident = next_incident();
    tracing::error!(incident, "a page panicked");
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(FailurePage {
        title_key: "error-title",
        next_key: Some("error-nothing-lost"),
        zh: None,
        en: None,
        incident: Some(incident),
        refusal: None,
        wrong: &[],
    });
    response
}
