//! What surrounds every request: same-origin writes only, bodies within bounds, security headers, and failures drawn as pages.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use crate::app::Settings;
use crate::fault::{self, Failure, FailurePage};
use crate::incoming::{self, Room};
use crate::observe::Observed;
use crate::operations::Metrics;
use crate::shell::language;
use crate::texts::Words;

/// No inline script or style, nothing from elsewhere, no framing by others.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
     connect-src 'self'; frame-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; manifest-src 'self'";

/// What the guard itself keeps and knows.
#[derive(Clone, Debug)]
pub struct Guard {
    room: Room,
    /// People come over HTTPS, and shall not come in another way.
    https: bool,
    metrics: Metrics,
}

impl Guard {
    pub fn new(settings: &Settings) -> Self {
        let (room, metrics) = (settings.room.clone(), settings.metrics.clone());
        Self { room, https: settings.secure_cookies, metrics }
    }

    async fn answer(&self, request: Request, next: Next) -> Response {
        if !is_write(request.method()) {
            return next.run(request).await;
        }
        if !is_same_origin(request.headers()) {
            return Failure::CrossSite.into_response();
        }
        match incoming::take(request, &self.room).await {
            Ok((request, taken)) => {
                let response = next.run(request).await;
                taken.failure().map_or(response, IntoResponse::into_response)
            }
            Err(failure) => failure.into_response(),
        }
    }
}

pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let observed = Observed::begin(&request);
    let span = observed.span();
    let response = guard.answer(request, next).instrument(span.clone()).await;
    let mut response = span.in_scope(|| draw_failure(response, lang));
    observed.end(&guard.metrics, &span, response.status().as_u16());
    let headers = response.headers_mut();
    // A file from somebody else has a stricter one of its own.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("geolocation=(self), camera=(self), microphone=()"),
    );
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if guard.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Before routes that answer programs: the same bounds, counts and lines. Who may write, and with what headers, they say
/// themselves; what is refused here is told as a problem (RFC 9457).
pub async fn guard_programs(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let observed = Observed::begin(&request);
    let span = observed.span();
    let answer = async {
        match incoming::take(request, &guard.room).await {
            Ok((request, taken)) => {
                let response = next.run(request).await;
                taken.failure().map_or(response, |failure| as_problem(failure.into_response(), lang))
            }
            Err(failure) => as_problem(failure.into_response(), lang),
        }
    };
    let response = answer.instrument(span.clone()).await;
    observed.end(&guard.metrics, &span, response.status().as_u16());
    response
}

fn as_problem(mut refused: Response, lang: diagnostic::Lang) -> Response {
    let status = refused.status();
    let page = refused.extensions_mut().remove::<FailurePage>();
    let (title, next) = page.map_or(("error-title", None), |page| (page.title_key, page.next_key));
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::REQUEST_TIMEOUT => "too-slow",
        StatusCode::SERVICE_UNAVAILABLE => "busy",
        _ => "unreadable",
    };
    let words = Words(lang);
    let problem = serde_json::json!({
        "type": "about:blank",
        "title": words.t(title),
        "status": status.as_u16(),
        "detail": next.map(|next| words.t(next)).unwrap_or_default(),
        "code": code,
        "errors": [],
    });
    let headers = [
        (header::CONTENT_TYPE, "application/problem+json"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, problem.to_string()).into_response()
}

fn draw_failure(mut response: Response, lang: diagnostic::Lang) -> Response {
    let page = match response.extensions_mut().remove::<FailurePage>() {
        Some(page) => page,
        // What the framework refuses by itself (unknown address, wrong method, malformed body) gets a page too.
        None => {
            let textual = response
                .headers()
                .get(header::CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok())
                .is_some_and(|kind| !kind.starts_with("text/plain"));
            if textual || !(response.status().is_client_error() || response.status().is_server_error()) {
                return response;
            }
            let (title_key, next_key) = match response.status() {
                StatusCode::NOT_FOUND => ("error-not-found", "error-not-found-next"),
                StatusCode::PAYLOAD_TOO_LARGE => ("error-too-large", "error-too-large-next"),
                StatusCode::REQUEST_TIMEOUT => ("error-slow", "error-slow-next"),
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                    ("error-busy", "error-busy-next")
                }
                status if status.is_server_error() => ("error-title", "error-nothing-lost"),
                _ => ("error-bad-request", "error-bad-request-next"),
            };
            let incident = response.status().is_server_error().then(fault::next_incident);
            FailurePage { title_key, next_key: Some(next_key), zh: None, en: None, incident }
        }
    };
    let body = fault::draw(&page, lang).into_string();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(body);
    response
}

fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers say where a request comes from. A client that says nothing at all is no browser and carries no cookie that
/// somebody else could abuse.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match (text("origin"), text("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
            (Some(_), None) => false,
            (None, _) => true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_pages_of_this_site_may_write() {
        assert!(is_same_origin(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_same_origin(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!is_same_origin(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(is_same_origin(&headers(&[("origin", "http://a:1"), ("host", "a:1")])));
        assert!(!is_same_origin(&headers(&[("origin", "http://evil"), ("host", "a:1")])));
        assert!(!is_same_origin(&headers(&[("origin", "null"), ("host", "a:1")])));
    }
}
