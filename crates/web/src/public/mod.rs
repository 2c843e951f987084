//! Pages for everybody: find a thing, fill in one form, get one number, watch it being done.

mod account;
mod agents;
mod case;
mod draft;
mod first_password;
mod home;
mod identity;
mod interface;
mod item;
mod lanes;
mod law;
mod my;
mod own_account;
mod own_password;
mod reckon;
mod search;
mod second_step;
mod thing;
mod tokens;
mod verify;
mod visit;
pub(crate) mod visitor;
pub(crate) use case::{
    Names, acted_for, as_file, basis, came_since, clock_lines, lanes, owed, tells_again, wrong_by_field,
};
pub(crate) use draft::{ALL_PAPERS, receive, serve_file};
pub(crate) use my::grouped;
pub(crate) use thing::party_kind;
pub(crate) use visit::counted;
pub use visitor::KEY_COOKIE;
pub(crate) use visitor::see;

use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::app::App;

use case::became as case_became;
use draft::{file_input, file_sayings, papers_list};

pub fn routes(app: &App) -> Router<App> {
    Router::new()
        .route("/", get(home::page))
        .route("/language", post(home::language))
        .route("/search", get(search::page))
        .route("/things/{id}", get(thing::page))
        .route("/items/{id}", get(item::page))
        .route("/my", get(my::page))
        .route("/my/adopt", post(my::adopt))
        .route("/my/leave", get(my::leave_page).post(my::leave))
        .route("/sign-in", get(account::sign_in_page).post(account::sign_in))
        .route("/sign-in/code", get(second_step::code_page).post(second_step::code))
        .route("/sign-in/openid", get(identity::leave))
        .route("/sign-in/openid/back", get(identity::back))
        .route("/sign-in/password", get(first_password::page).post(first_password::choose))
        .route("/sign-in/enrol", get(second_step::enrol_page).post(second_step::enrol))
        .route("/my/account", get(own_account::page))
        .route("/my/account/sessions", post(own_account::end_sessions))
        .route("/my/account/password", post(own_password::change))
        .route("/my/account/factor", post(own_account::set_factor))
        .route("/my/account/factor/drop", post(own_account::drop_factor))
        .route("/my/account/tokens", get(tokens::page).post(tokens::make))
        .route("/my/account/tokens/revoke", post(tokens::revoke))
        .route("/api", get(interface::page))
        .route("/register", get(account::register_page).post(account::register))
        .route("/sign-out", post(account::sign_out))
        .merge(agents::routes())
        .merge(draft::routes(app))
        .merge(case::routes(app))
        .merge(verify::routes())
        .layer(Extension(reckon::Shelves::default()))
        .layer(Extension(crate::hall::WaitsNow::default()))
}
