//! What the server counts about itself. Counting costs a request two look-ups in tables that are made once; nothing in here
//! names a person, a case or an address that could.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use axum::extract::MatchedPath;
use axum::http::Method;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Seconds. A page takes some tenths of a millisecond; a password takes a tenth of a second on purpose.
const SECONDS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Cheap to clone; clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    requests: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram, fn() -> Histogram>,
    pub(crate) connections: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            connections: Gauge::default(),
        }
    }
}

impl Metrics {
    pub(crate) fn answered(&self, method: &Method, route: Template, status: u16, took: Duration) {
        self.seconds.get_or_create(&Asked { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { method: short(method), route, status }).inc();
    }

    pub(crate) fn enter(&self, registry: &mut Registry) {
        registry.register(
            "requests",
            "Requests answered, by the pattern of their address.",
            self.requests.clone(),
        );
        registry.register_with_unit(
            "request",
            "From the head of a request to the head of its answer.",
            Unit::Seconds,
            self.seconds.clone(),
        );
        registry.register("connections", "Connections that are open.", self.connections.clone());
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: Template,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    route: Template,
}

/// The pattern that an address fits, `/cases/{number}`; never the address.
#[derive(Clone, Debug)]
pub struct Template(pub Option<MatchedPath>);

impl Template {
    pub fn as_str(&self) -> &str {
        self.0.as_ref().map_or("unknown", MatchedPath::as_str)
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Template {}

impl Hash for Template {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Template {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        self.as_str().encode(encoder)
    }
}

/// Methods that anybody can make up count as one.
pub fn short(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
