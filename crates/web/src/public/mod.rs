use axum::Router;

use crate::app::App;

pub fn routes(_app: &App) -> Router<App> {
    Router::new()
}
