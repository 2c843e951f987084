//! The routes, by what they are about.

mod accounts;
mod acts;
mod cases;
mod catalogue;
mod drafts;
mod figures;
mod form;
mod halls;
mod tracking;
mod visits;
mod webhooks;

use utoipa_axum::router::OpenApiRouter;

use crate::app::Api;

pub fn all() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .merge(catalogue::routes())
        .merge(drafts::routes())
        .merge(cases::routes())
        .merge(halls::routes())
        .merge(visits::routes())
        .merge(figures::routes())
        .merge(accounts::routes())
        .merge(webhooks::routes())
}
