//! The server's settings and figures.

use super::administrator;
use crate::{
    auth::Actor,
    error::Refusal,
    http::{App, extract::Json},
    store::{Audit, Tx, scalar},
    text, values,
    world::{Change, Settings, to_text},
};
use axum::extract::State;
use serde_json::json;
use snug_protocol::{
    limits,
    rest::{AccountState, AdminSettings, AdminStats, Registration, UpdateAdminSettings},
};
use std::sync::Arc;

pub(super) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<AdminSettings>, Refusal> {
    let world = app.hub.read();
    administrator(&world, actor)?;
    Ok(Json(world.settings.shown()))
}

pub(super) async fn update(State(app): State<Arc<App>>, actor: Actor, Json(body): Json<UpdateAdminSettings>) -> Result<Json<AdminSettings>, Refusal> {
    // Before the work of a hash.
    administrator(&app.hub.read(), actor)?;
    let wishes = Wishes::check(&app, body).await?;
    app.store.write(move |tx| change(tx, actor, wishes)).await.map(Json)
}

pub(super) async fn stats(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<AdminStats>, Refusal> {
    let (users, spaces) = {
        let world = app.hub.read();
        administrator(&world, actor)?;
        (world.people.values().filter(|person| person.state == AccountState::Active).count(), world.spaces.len())
    };
    let (messages, database_bytes) = app
        .store
        .read(|sql| Ok((scalar::<i64>(sql, "SELECT COUNT(*) FROM message WHERE deleted_at IS NULL", &[])?.unwrap_or(0), sql.size()?)))
        .await?;
    Ok(Json(AdminStats {
        users: users as u32,
        spaces: spaces as u32,
        messages: messages as u64,
        connected: app.hub.connections(),
        database_bytes,
        uptime_s: app.started.elapsed().as_secs(),
    }))
}

/// What is to change.
struct Wishes {
    name: Option<String>,
    registration: Option<Registration>,
    /// The hash of the new password; `Some(None)` for none.
    server_password: Option<Option<String>>,
}

impl Wishes {
    async fn check(app: &App, body: UpdateAdminSettings) -> Result<Self, Refusal> {
        let server_password = match body.server_password {
            None => None,
            Some(password) if password.is_empty() => Some(None),
            Some(password) if password.chars().count() > *limits::PASSWORD.end() => {
                return Err(Refusal::invalid("server_password", format!("The password has more than {} characters.", limits::PASSWORD.end())));
            }
            Some(password) => Some(Some(app.passwords.hash(password).await?)),
        };
        let name = body.name.map(|name| text::name("name", &name, limits::SPACE_NAME)).transpose()?;
        Ok(Self { name, registration: body.registration, server_password })
    }
}

fn change(tx: &mut Tx<'_>, actor: Actor, wishes: Wishes) -> Result<AdminSettings, Refusal> {
    administrator(tx.world, actor)?;
    let before = &tx.world.settings;
    let settings = Settings {
        name: wishes.name.unwrap_or_else(|| before.name.clone()),
        registration: wishes.registration.unwrap_or(before.registration),
        server_password: wishes.server_password.unwrap_or_else(|| before.server_password.clone()),
    };
    if settings == *before {
        return Ok(settings.shown());
    }
    for (name, value) in [
        ("name", settings.name.as_str()),
        ("registration", &to_text(settings.registration)),
        ("server_password", settings.server_password.as_deref().unwrap_or_default()),
    ] {
        tx.sql.execute(
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            values![name, value],
        )?;
    }
    let (was, is) = (json!(before.shown()), json!(settings.shown()));
    tx.audit(Audit { actor: Some(actor.user), action: "settings.update", before: Some(was), after: Some(is), ..Audit::default() })?;
    let shown = settings.shown();
    tx.emit(Change::Settings(settings));
    Ok(shown)
}
