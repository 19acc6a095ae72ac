//! What anyone may know of the server before logging in.

use crate::{
    accounts,
    http::{
        App,
        extract::Json,
        route::{Limit, Need, Route},
    },
};
use axum::{extract::State, http::Method};
use snug_protocol::{VERSION, rest::ServerInfo};
use std::sync::Arc;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/server", Need::Anyone, Limit::Read, "Says what server this is, and how one gets an account.", show)
            .answer::<ServerInfo>(200),
    ]
}

async fn show(State(app): State<Arc<App>>) -> Json<ServerInfo> {
    let world = app.hub.read();
    Json(ServerInfo {
        name: world.settings.name.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        protocol: VERSION,
        instance: app.instance.clone(),
        registration: world.settings.registration,
        password_required: world.settings.server_password.is_some(),
        first_run: !accounts::has_owner(&world),
    })
}
