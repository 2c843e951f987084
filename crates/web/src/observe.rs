//! Watches each request go by: counts it, and writes a line about it that names the pattern of its address, never the address.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use tracing::Span;

use crate::operations::{Metrics, Template, short};

/// An answer that takes longer is worth a line.
const SLOW: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Observed {
    begun: Instant,
    method: Method,
    route: Template,
}

impl Observed {
    pub fn begin(request: &Request) -> Self {
        let route = Template(request.extensions().get::<MatchedPath>().cloned());
        Self { begun: Instant::now(), method: request.method().clone(), route }
    }

    /// Around all lines that are written about this request.
    pub fn span(&self) -> Span {
        if !tracing::enabled!(tracing::Level::ERROR) {
            return Span::none();
        }
        let (method, route) = (short(&self.method), self.route.as_str());
        tracing::error_span!("request", id = next_id(), method, route)
    }

    /// What changes something, fails or drags on is told; pages that are only looked at are told to who asks for it.
    pub fn end(self, metrics: &Metrics, span: &Span, status: u16) {
        let took = self.begun.elapsed();
        let milliseconds = || (took.as_secs_f64() * 1e4).round() / 10.0;
        let looked = self.method == Method::GET || self.method == Method::HEAD;
        if looked && status < 500 && took < SLOW {
            tracing::debug!(target: "access", parent: span, status, ms = milliseconds(), "answered");
        } else {
            tracing::info!(target: "access", parent: span, status, ms = milliseconds(), "answered");
        }
        metrics.answered(&self.method, self.route, status, took);
    }
}

/// Unique among all that this process and its predecessors wrote: when it began, and how many came before.
fn next_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    static BEGUN: OnceLock<u128> = OnceLock::new();
    let begun = BEGUN.get_or_init(|| {
        std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis())
            ^ (u128::from(std::process::id()) << 44)
    });
    format!("{begun:x}-{:x}", NEXT.fetch_add(1, Ordering::Relaxed))
}
