//! What surrounds every request: who asks, how often, and answers that programs can read when nothing was done.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use office::Visit;

use crate::app::Api;
use crate::ask::limit::Left;
use crate::ask::{Who, language, once};
use crate::trouble::{self, Trouble};

/// The address by which tries of a request are counted.
#[derive(Clone, Debug, Default)]
pub struct From(pub String);

pub async fn frame(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let (response, left) = match Who::of(&api, request.headers()).await {
        Err(error) => (Trouble::from(error).into_response(), None),
        Ok(who) => {
            let from = origin(&api, &request);
            let left = api.limiter.take(who.counted(), &from, api.office.now());
            let response = match left.wait_seconds {
                Some(_) => Trouble::TooMany.into_response(),
                None if is_forged(&request) => Trouble::CrossSite.into_response(),
                // Told even where a key changes nothing, so that nobody relies on one that does not fit.
                None if once::key(request.headers()).is_err() => Trouble::Key.into_response(),
                None => {
                    request.extensions_mut().insert(who);
                    request.extensions_mut().insert(From(from.clone()));
                    office::coming_from(from, next.run(request)).await
                }
            };
            (response, Some(left))
        }
    };
    let mut response = trouble::told(response, lang, api.office.public_url(), &api.office.edition());
    let headers = response.headers_mut();
    if let Some(left) = left {
        say_left(headers, left);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("authorization, accept-language"));
    response
}

/// The RateLimit header fields of the HTTPAPI working group, and Retry-After (RFC 9110).
fn say_left(headers: &mut HeaderMap, left: Left) {
    let mut say = |name: &'static str, text: String| {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    };
    say("ratelimit-policy", format!("\"minute\";q={};w=60", left.quota));
    say("ratelimit", format!("\"minute\";r={};t={}", left.remaining, left.full_seconds));
    if let Some(seconds) = left.wait_seconds {
        say("retry-after", seconds.to_string());
    }
}

fn origin(api: &Api, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
    let headers = request.headers().get_all("x-forwarded-for");
    let named = headers.iter().filter_map(|value| value.to_str().ok());
    let address = Visit::origin_behind(peer, named, &api.settings.proxies);
    Visit { address, ..Visit::default() }.origin()
}

/// No cookie opens anything here, but a page elsewhere should not be able to use a visitor's network either.
fn is_forged(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    !reads && site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}
