//! HTTP: what all routes share.
//!
//! * [`route`]: routes are data. One table builds the router, the OpenAPI document and the authorization tests.
//! * [`extract`]: bodies, paths and queries, refused in our own words.
//! * [`limit`]: rate limits.
//! * [`linger`]: bodies that are refused before they have come.
//! * [`openapi`]: the document at `/api/v1/openapi.json`.
//! * [`server`]: the listener, and what every answer carries.
//! * [`webapp`]: the web app inside the program.

pub mod extract;
pub mod limit;
pub mod linger;
pub mod openapi;
pub mod route;
pub mod server;
pub mod webapp;

use crate::{auth::Keys, config::Config, gateway::Hub, metrics::Metrics, store::Store};
use std::{sync::Arc, time::Instant};

/// All that a handler may need.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The world and the sessions.
    pub hub: Arc<Hub>,
    /// The database.
    pub store: Store,
    /// Tokens.
    pub keys: Keys,
    /// Rate limits.
    pub limits: limit::Limits,
    /// Password hashing, a few at a time.
    pub passwords: crate::accounts::password::Passwords,
    /// Figures.
    pub metrics: Arc<Metrics>,
    /// Changes with every start.
    pub instance: String,
    /// When the server started.
    pub started: Instant,
}
