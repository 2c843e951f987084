//! Pages for everybody: find a thing, fill in one form, get one number, watch it being done.

mod account;
mod home;
mod item;
mod lanes;
mod law;
mod my;
mod reckon;
mod search;
mod thing;
mod visitor;

use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::app::App;

pub fn routes(_app: &App) -> Router<App> {
    Router::new()
        .route("/", get(home::page))
        .route("/language", post(home::language))
        .route("/search", get(search::page))
        .route("/things/{id}", get(thing::page))
        .route("/items/{id}", get(item::page))
        .route("/my", get(my::page))
        .route("/sign-in", get(account::sign_in_page).post(account::sign_in))
        .route("/register", get(account::register_page).post(account::register))
        .route("/sign-out", post(account::sign_out))
        .layer(Extension(reckon::Shelves::default()))
}
