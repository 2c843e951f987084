//! From where a request comes, and what the browser keeps between signing in twice.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use office::{DeviceToken, Networks, PendingToken, Visit};

use super::visitor::cookie_line;
use crate::app::App;
use crate::shell::cookie;

const DEVICE_COOKIE: &str = "yc_device";
const DEVICE_SECONDS: u32 = 180 * 24 * 60 * 60;
const PENDING_COOKIE: &str = "yc_pending";
/// Leads to what the provider's answer is held against.
const AWAY_COOKIE: &str = "yc_away";
const PENDING_SECONDS: u32 = 10 * 60;

/// Who knocks: where from, with what browser, and how far the sign-in has come.
#[derive(Clone, Debug)]
pub struct Knock {
    pub visit: Visit,
    pub pending: Option<PendingToken>,
}

impl FromRequestParts<App> for Knock {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let visit = Visit {
            address: origin(peer, &parts.headers, &app.settings.proxies),
            agent: agent.unwrap_or_default().to_owned(),
            device: secret(&parts.headers, DEVICE_COOKIE, 48).map(DeviceToken),
        };
        Ok(Self { visit, pending: secret(&parts.headers, PENDING_COOKIE, 64).map(PendingToken) })
    }
}

/// By what strangers are counted.
pub fn counted(request: &Request, proxies: &Networks) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical());
    Visit { address: origin(peer, request.headers(), proxies), ..Visit::default() }.origin()
}

fn origin(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &Networks) -> Option<IpAddr> {
    let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    Visit::origin_behind(peer, named, proxies)
}

/// A secret of so many hexadecimal digits. Anything else counts as none.
fn secret(headers: &HeaderMap, name: &str, digits: usize) -> Option<String> {
    let text = cookie(headers, name)?;
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| text.to_owned())
}

pub fn device_cookie(app: &App, device: &DeviceToken) -> Option<HeaderValue> {
    set(app, DEVICE_COOKIE, &device.0, DEVICE_SECONDS)
}

pub fn pending_cookie(app: &App, pending: &PendingToken) -> Option<HeaderValue> {
    set(app, PENDING_COOKIE, &pending.0, PENDING_SECONDS)
}

pub fn no_pending_cookie(app: &App) -> Option<HeaderValue> {
    set(app, PENDING_COOKIE, "", 0)
}

pub fn away_cookie(app: &App, away: &str) -> Option<HeaderValue> {
    set(app, AWAY_COOKIE, away, PENDING_SECONDS)
}

pub fn away(headers: &HeaderMap) -> Option<office::IdentityToken> {
    secret(headers, AWAY_COOKIE, 64).map(office::IdentityToken)
}

/// Only the way in reads them. Whoever comes back from a provider comes from another site and must bring them along.
fn set(app: &App, name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    cookie_line(app, name, value, "/sign-in", seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn from(peer: &str, forwarded: &[&'static str], proxies: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let proxies = Networks::named(proxies.iter().copied()).unwrap();
        origin(Some(ip(peer)), &headers, &proxies).unwrap()
    }

    #[test]
    fn strangers_cannot_say_that_they_are_somebody_else() {
        let here = ["loopback"];
        assert_eq!(from("203.0.113.9", &["198.51.100.1"], &here), ip("203.0.113.9"));
        assert_eq!(from("127.0.0.1", &["1.2.3.4, 198.51.100.1"], &here), ip("198.51.100.1"));
        assert_eq!(from("127.0.0.1", &["1.2.3.4", "198.51.100.1"], &here), ip("198.51.100.1"));
        assert_eq!(from("127.0.0.1", &["1.2.3.4, nonsense"], &here), ip("127.0.0.1"));
        assert_eq!(from("127.0.0.1", &[], &here), ip("127.0.0.1"));
    }

    #[test]
    fn a_peer_on_this_machine_is_no_proxy_before_it_was_named() {
        assert_eq!(from("127.0.0.1", &["198.51.100.1"], &[]), ip("127.0.0.1"));
        assert_eq!(from("::1", &["198.51.100.1"], &["10.0.0.2"]), ip("::1"));
    }

    #[test]
    fn proxies_that_are_named_are_believed() {
        let proxies = ["10.0.0.2", "10.9.0.0/16"];
        assert_eq!(from("10.0.0.2", &["198.51.100.1"], &proxies), ip("198.51.100.1"));
        assert_eq!(from("10.9.3.4", &["198.51.100.1, 10.0.0.2"], &proxies), ip("198.51.100.1"));
        assert_eq!(from("10.0.0.3", &["198.51.100.1"], &proxies), ip("10.0.0.3"));
    }
}
