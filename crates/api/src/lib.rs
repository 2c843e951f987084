//! What pages do, for programs: JSON under `/api/v1`, described by OpenAPI 3.1.
//!
//! A handler reads a request, calls the use case of the office that the page calls, and writes down what came of it. It must
//! not know HTML or SQL, and it holds no rule of any service. Start at [`router`]; [`ask`] says who asks and how requests are
//! read, [`trouble`] what is answered when nothing was done.

mod app;
mod ask;
mod document;
mod frame;
mod routes;
mod shown;
mod trouble;
mod webhook;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

pub use app::{Api, Settings};
pub use ask::limit::Limiter;
pub use webhook::{round as carry_due_webhooks, run as carry_webhooks};

/// Bodies of JSON may be this large; files have their own limit.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Everything under `/api/v1`.
pub fn router(api: Api) -> Router {
    let (routes, described) = routes::all().split_for_parts();
    let described = document::json(described, &api);
    let serve = move || {
        let described = described.clone();
        async move { ([("content-type", "application/json")], described) }
    };
    let inside = Router::new()
        .merge(routes)
        .route("/openapi.json", get(serve))
        .fallback(|| async { trouble::Trouble::NoRoute })
        .method_not_allowed_fallback(|| async { trouble::Trouble::Method })
        .layer(
            ServiceBuilder::new()
                .layer(axum::middleware::from_fn_with_state(api.clone(), frame::frame))
                .layer(CatchPanicLayer::custom(trouble::caught))
                .layer(DefaultBodyLimit::max(BODY_BYTES_MAX)),
        )
        .with_state(api);
    Router::new().nest(PREFIX, inside)
}

pub(crate) const PREFIX: &str = "/api/v1";

/// The description that is served, for pages that show it to people.
pub fn described(api: &Api) -> serde_json::Value {
    let (_, described) = routes::all().split_for_parts();
    document::finish(described, api)
}
