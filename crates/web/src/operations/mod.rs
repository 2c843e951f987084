//! For those who keep the server running: is it alive, can it work, and how is it doing. Served on an address of its own.

mod metrics;
mod probe;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::app::App;

pub use metrics::{Metrics, Template, short};
pub use probe::Probe;

/// `/metrics`, `/ready` and `/health`, for whoever holds the token if there is one.
pub fn operations(app: App, token: Option<String>) -> Router {
    let token: Option<Arc<str>> = token.map(Into::into);
    Router::new()
        .route("/metrics", get(metrics_page))
        .route("/ready", get(ready_in_detail))
        .route("/health", get(|| async { "ok" }))
        .layer(middleware::from_fn_with_state(token, allowed))
        .with_state(app)
}

async fn allowed(State(token): State<Option<Arc<str>>>, request: Request, next: Next) -> Response {
    let Some(token) = token else { return next.run(request).await };
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match given.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(given) if is_same(given.as_bytes(), token.as_bytes()) => next.run(request).await,
        _ => (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")], "a token is needed\n")
            .into_response(),
    }
}

/// Takes as long whichever byte differs.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// For balancers: whether to send people here, and nothing else.
pub async fn ready(State(app): State<App>) -> Response {
    if app.settings.probe.readiness(&app.office).await.is_ready() {
        "ready".into_response()
    } else {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}

async fn ready_in_detail(State(app): State<App>) -> Response {
    let readiness = app.settings.probe.readiness(&app.office).await;
    let status = if readiness.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let lines: String = readiness
        .checks()
        .iter()
        .map(|(name, fine)| format!("{name} {}\n", if *fine { "ok" } else { "failed" }))
        .collect();
    (status, lines).into_response()
}

async fn metrics_page(State(app): State<App>) -> Response {
    let vitals = match app.settings.probe.vitals(&app.office).await {
        Ok(vitals) => vitals,
        Err(error) => {
            tracing::error!(%error, "the zone's counts could not be read");
            return (StatusCode::INTERNAL_SERVER_ERROR, "the zone's counts could not be read; see the log\n")
                .into_response();
        }
    };
    let readiness = app.settings.probe.readiness(&app.office).await;
    let mut registry = Registry::with_prefix("yichuang");
    app.settings.metrics.enter(&mut registry);
    enter_vitals(&mut registry, &vitals);
    let ready = Family::<[(&'static str, &'static str); 1], Gauge>::default();
    for (name, fine) in readiness.checks() {
        ready.get_or_create(&[("check", name)]).set(i64::from(fine));
    }
    registry.register("ready", "Whether what a node needs was found in order: 1 or 0.", ready);
    let edition = app.office.edition().hash().short().to_string();
    let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION").to_owned()), ("edition", edition)]);
    registry.register("build", "The program and the edition of the pack that it serves.", build);
    registry.register("memory_bytes", "Memory that the process holds.", gauge(memory_bytes()));
    let mut text = String::new();
    if prometheus_client::encoding::text::encode(&mut text, &registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn enter_vitals(registry: &mut Registry, vitals: &office::Vitals) {
    registry.register("events", "Events in the journal.", gauge(vitals.events));
    registry.register(
        "events_behind",
        "Events that this node has not heard of yet.",
        gauge(vitals.events_behind),
    );
    registry.register("commits", "Transactions of this process.", ConstCounter::new(vitals.load.commits));
    registry.register("commits_waiting", "Batches that wait to be committed.", gauge(vitals.load.waiting));
    registry.register(
        "changes_unsettled",
        "Committed changes that the tables do not show yet.",
        gauge(vitals.load.unsettled),
    );
    registry.register("cases_overdue", "Open cases past the day that was promised.", gauge(vitals.overdue()));
    registry.register(
        "cases_open",
        "Open cases by the colour of the clock that presses most.",
        family("colour", &vitals.cases_open),
    );
    registry.register(
        "matters_open",
        "Matters that are not over, by state.",
        family("state", &vitals.matters_open),
    );
    registry.register(
        "tasks_waiting",
        "Steps that wait for somebody, by department.",
        family("department", &vitals.tasks),
    );
    let tickets = Family::<[(&'static str, String); 2], Gauge>::default();
    for (hall, state, count) in &vitals.tickets {
        tickets.get_or_create(&[("hall", hall.clone()), ("state", state.clone())]).set(signed(*count));
    }
    registry.register("tickets", "Numbers of today, by hall and state.", tickets);
}

fn family(label: &'static str, counts: &[(String, u64)]) -> Family<[(&'static str, String); 1], Gauge> {
    let family = Family::<[(&'static str, String); 1], Gauge>::default();
    for (value, count) in counts {
        family.get_or_create(&[(label, value.clone())]).set(signed(*count));
    }
    family
}

fn gauge(value: u64) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(signed(value));
    gauge
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// As the system counts it; nothing where it does not say.
fn memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}
