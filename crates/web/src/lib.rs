//! Pages by audience, and what they share.
//!
//! Handlers read a request, call one use case of the office and draw what came of it; the view stands beside its
//! handler. Only this crate knows HTTP and HTML; it must not know SQL, and it holds no rule of any service.
//! Start at [`router`]; [`shell`] frames every page.

mod app;
mod assets;
mod fault;
mod guard;
mod shell;
mod texts;
mod ui;

mod admin;
mod desk;
mod hall;
mod public;
mod window;
mod zone;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

pub use app::{App, DemoAccount, Settings};
pub use public::KEY_COOKIE as ACCESS_COOKIE;

/// Form bodies may be this large; uploads have their own limit.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// All pages.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(public::routes(&app))
        .merge(window::routes())
        .merge(hall::routes())
        .merge(desk::routes())
        .merge(zone::routes())
        .merge(admin::routes())
        .route("/assets/{version}/{*path}", get(assets::serve))
        .route("/health", get(|| async { "ok" }))
        .layer(
            ServiceBuilder::new()
                .layer(axum::middleware::from_fn(guard::guard))
                .layer(CatchPanicLayer::custom(fault::caught))
                .layer(DefaultBodyLimit::max(BODY_BYTES_MAX)),
        )
        .with_state(app)
}
