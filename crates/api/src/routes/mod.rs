//! The routes, by what they are about.

mod accounts;
mod acts;
mod agents;
mod cases;
mod catalogue;
mod drafts;
mod figures;
mod floor;
mod form;
mod halls;
mod packs;
mod process;
mod records;
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
        .merge(agents::routes())
        .merge(halls::routes())
        .merge(floor::routes())
        .merge(visits::routes())
        .merge(figures::routes())
        .merge(process::routes())
        .merge(accounts::routes())
        .merge(packs::routes())
        .merge(records::routes())
        .merge(webhooks::routes())
}
