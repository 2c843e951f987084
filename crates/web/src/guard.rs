//! What surrounds every request: same-origin writes only, bodies within bounds, security headers, and failures drawn as pages.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use crate::app::{App, Settings};
use crate::dead_end::{self, Asked};
use crate::fault::{Failure, FailurePage};
use crate::incoming::{self, Room, Taken};
use crate::observe::Observed;
use crate::operations::Metrics;
use crate::public::counted;
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

    /// The answer, and the form that was sent. What came from another site is not shown again: it may be a trap.
    async fn answer(&self, request: Request, next: Next) -> (Response, Option<Taken>) {
        if !request.uri().query().is_none_or(|query| incoming::is_text(query.as_bytes())) {
            return (Failure::Letters.into_response(), None);
        }
        if !is_write(request.method()) {
            return (next.run(request).await, None);
        }
        if !is_same_origin(request.headers()) {
            return (Failure::CrossSite.into_response(), None);
        }
        match incoming::take(request, &self.room).await {
            Ok((_, taken)) if taken.refusal().is_some() => {
                (taken.refusal().map_or_else(Response::default, IntoResponse::into_response), Some(taken))
            }
            Ok((request, taken)) => {
                let response = next.run(request).await;
                (taken.failure().map_or(response, IntoResponse::into_response), Some(taken))
            }
            Err(failure) => (failure.into_response(), None),
        }
    }
}

pub async fn guard(State((guard, app)): State<(Guard, App)>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let observed = Observed::begin(&request);
    let span = observed.span();
    let from = counted(&request, &app.settings.proxies);
    let answer = async {
        let (response, taken) = office::coming_from(from, guard.answer(request, next)).await;
        let form = taken.as_ref().and_then(Taken::form);
        dead_end::framed(&app, &asked, form, response).await
    };
    let mut response = answer.instrument(span.clone()).await;
    observed.end(&guard.metrics, &span, response.status().as_u16());
    come_back(&mut response);
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
            Ok((_, taken)) if taken.refusal().is_some() => as_problem(Failure::Letters.into_response(), lang),
            Ok((request, taken)) => {
                let response = next.run(request).await;
                taken.failure().map_or(response, |failure| as_problem(failure.into_response(), lang))
            }
            Err(failure) => as_problem(failure.into_response(), lang),
        }
    };
    let mut response = answer.instrument(span.clone()).await;
    come_back(&mut response);
    observed.end(&guard.metrics, &span, response.status().as_u16());
    response
}

/// Whoever is sent away for now is told when to come back (RFC 9110, 10.2.3), also where nobody has said it yet: what fills a disk or
/// keeps a database away is rarely over within a minute.
fn come_back(response: &mut Response) {
    const SECONDS: u64 = 60;
    let status = response.status();
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from(SECONDS));
    }
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
    fn whoever_is_sent_away_for_now_is_told_when_to_come_back() {
        let told = |status: StatusCode| {
            let mut response = status.into_response();
            come_back(&mut response);
            response.headers().get(header::RETRY_AFTER).cloned()
        };
        assert_eq!(told(StatusCode::SERVICE_UNAVAILABLE), Some(HeaderValue::from(60)));
        assert_eq!(told(StatusCode::TOO_MANY_REQUESTS), Some(HeaderValue::from(60)));
        assert_eq!(told(StatusCode::NOT_FOUND), None);
        // Whoever knows better has said so already.
        let mut response = (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "7")]).into_response();
        come_back(&mut response);
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
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
