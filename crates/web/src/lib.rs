//! Pages by audience, and what they share.
//!
//! Handlers read a request, call one use case of the office and draw what came of it; the view stands beside its
//! handler. Only this crate knows HTTP and HTML; it must not know SQL, and it holds no rule of any service.
//! Start at [`router`]; [`shell`] frames every page, [`guard`] stands before all of them, [`serve`] under them.

mod app;
mod assets;
mod dead_end;
mod fault;
mod guard;
mod incoming;
mod observe;
mod operations;
mod server;
mod sheet;
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
pub use incoming::Room;
pub use operations::{Metrics, Probe, operations};
pub use public::KEY_COOKIE as ACCESS_COOKIE;
pub use server::{Limits, serve};
pub use shell::SESSION_COOKIE;

/// Routes that answer programs, within the same bounds as the pages, counted and told with them.
pub fn for_programs(routes: Router, settings: &Settings) -> Router {
    let guard = guard::Guard::new(settings);
    routes.layer(axum::middleware::from_fn_with_state(guard, guard::guard_programs))
}

/// All pages.
pub fn router(app: App) -> Router {
    let guard = guard::Guard::new(&app.settings);
    Router::new()
        .merge(public::routes(&app))
        .merge(window::routes())
        .merge(hall::routes())
        .merge(desk::routes(&app))
        .merge(zone::routes())
        .merge(admin::routes())
        .route("/assets/{version}/{*path}", get(assets::serve))
        .route("/health", get(|| async { "ok" }))
        .route("/ready", get(operations::ready))
        .layer(
            ServiceBuilder::new()
                .layer(axum::middleware::from_fn_with_state((guard, app.clone()), guard::guard))
                .layer(CatchPanicLayer::custom(fault::caught))
                .layer(DefaultBodyLimit::max(incoming::BODY_BYTES_MAX)),
        )
        .with_state(app)
}
