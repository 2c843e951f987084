//! Administration: accounts, the pack with all that its checker says, records, and where webhooks go.

mod accounts;
mod diagnostics;
mod forget;
mod identity;
mod keeping;
mod markdown;
mod pack;
mod rules;
mod trail;
mod webhooks;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use maud::Markup;

use crate::app::App;
use crate::desk::Posted;
use crate::shell::Shell;
use crate::ui;

/// A form that was refused: what was typed, the field, and what is wrong with it.
#[derive(Debug, Default)]
struct Attempt {
    posted: Posted,
    problem: Option<(&'static str, String)>,
}

impl Attempt {
    fn summary(&self, shell: &Shell) -> Markup {
        let problem = self.problem.iter().map(|(field, text)| ((*field).to_owned(), text.clone()));
        ui::error_summary(shell.w, &problem.collect::<Vec<_>>())
    }

    /// What is wrong with this field.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().filter(|(of, _)| *of == field).map(|(_, text)| text.as_str())
    }
}

pub fn routes() -> Router<App> {
    Router::new()
        .route("/admin/accounts", get(accounts::list).post(accounts::open))
        .route("/admin/accounts/{id}", get(accounts::show))
        .route("/admin/accounts/{id}/roles", post(accounts::set_roles))
        .route("/admin/accounts/{id}/duty", post(accounts::set_duty))
        .route("/admin/accounts/{id}/identity", post(identity::link))
        .route("/admin/accounts/{id}/identity/end", post(identity::unlink))
        .route("/admin/accounts/{id}/standing", post(accounts::set_open))
        .route("/admin/accounts/{id}/password", post(accounts::set_password))
        .route("/admin/accounts/{id}/second-factor", post(accounts::reset_factor))
        .route("/admin/forget", get(forget::show).post(forget::forget))
        .route("/admin/pack", get(pack::show))
        .route(
            "/admin/pack/upload",
            post(pack::upload).layer(DefaultBodyLimit::max(office::PACK_ARCHIVE_BYTES_MAX + 64 * 1024)),
        )
        .route("/admin/pack/publish", post(pack::publish))
        .route("/admin/pack/discard", post(pack::discard))
        .route("/admin/keeping", get(keeping::show).post(keeping::hold))
        .route("/admin/keeping/lift", post(keeping::lift))
        .route("/admin/keeping/unrestrict", post(keeping::unrestrict))
        .route("/admin/trail", get(trail::show))
        .route("/admin/trail.csv", get(trail::csv))
        .route("/admin/trail.xlsx", get(trail::xlsx))
        .route("/admin/webhooks", get(webhooks::show).post(webhooks::add))
        .route("/admin/webhooks/{id}", get(webhooks::log))
        .route("/admin/webhooks/{id}/standing", post(webhooks::set_open))
        .route("/admin/webhooks/{id}/remove", post(webhooks::remove))
        .route("/admin/webhooks/{id}/again", post(webhooks::again))
        .route("/admin/rules", get(rules::list))
        .route("/admin/rules/{code}", get(rules::show))
}
