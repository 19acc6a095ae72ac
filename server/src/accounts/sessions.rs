//! How log-ins end: by logging out, by being revoked, with a new password, or by not being used.

use super::{login, password, present, visitor::Visitor};
use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Done, Json, Path},
    },
    store::{Audit, Row, Tx},
    values,
    world::{Change, Revoked},
};
use axum::{extract::State, http::HeaderMap};
use snug_protocol::{
    SessionId, UserId,
    rest::{ChangePassword, Session},
};
use std::sync::Arc;

pub(super) async fn list(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<Vec<Session>>, Refusal> {
    let connected = app.hub.connected(actor.user);
    let look = "SELECT id, device, address, created_at, last_used_at FROM login WHERE account_id = $1 ORDER BY last_used_at DESC, id DESC";
    let sessions = app.store.read(move |sql| {
        let session = |mut row: Row| {
            let id = row.take()?;
            Ok(Session {
                id,
                device: row.take()?,
                address: row.take()?,
                created_at: row.take()?,
                last_used_at: row.take()?,
                current: id == actor.login,
                connected: connected.contains(&id),
            })
        };
        sql.query(look, values![actor.user])?.into_iter().map(session).collect()
    });
    sessions.await.map(Json)
}

pub(super) async fn logout(State(app): State<Arc<App>>, actor: Actor, visitor: Visitor) -> Result<(HeaderMap, Done), Refusal> {
    app.store.write(move |tx| leave(tx, actor, actor.login)).await?;
    Ok((visitor.forget(), Done))
}

pub(super) async fn revoke(State(app): State<Arc<App>>, actor: Actor, Path(session): Path<SessionId>) -> Result<Done, Refusal> {
    app.store.write(move |tx| leave(tx, actor, session)).await.map(|()| Done)
}

/// Ends one of one's own log-ins.
fn leave(tx: &mut Tx<'_>, actor: Actor, session: SessionId) -> Result<(), Refusal> {
    present(tx.world, actor)?;
    if tx.world.logins.get(&session) != Some(&actor.user) {
        return Err(Refusal::not_found("session"));
    }
    tx.audit(Audit { actor: Some(actor.user), action: "account.logout", target: Some(session.get()), ..Audit::default() })?;
    end(tx, actor.user, Revoked::One(session))
}

pub(super) async fn change_password(State(app): State<Arc<App>>, actor: Actor, Json(body): Json<ChangePassword>) -> Result<Done, Refusal> {
    password::acceptable("new", &body.new)?;
    let confirmed = login::confirm(&app, actor, body.current, "current").await?;
    let hash = app.passwords.hash(body.new).await?;
    app.store.write(move |tx| replace_password(tx, actor, &confirmed, &hash)).await.map(|()| Done)
}

fn replace_password(tx: &mut Tx<'_>, actor: Actor, confirmed: &str, hash: &str) -> Result<(), Refusal> {
    present(tx.world, actor)?;
    login::still(tx, actor.user, confirmed)?;
    tx.sql.execute("UPDATE account SET password_hash = $2, ticket_hash = NULL WHERE id = $1", values![actor.user, hash])?;
    tx.audit(Audit { actor: Some(actor.user), action: "account.password", target: Some(actor.user.get()), ..Audit::default() })?;
    end(tx, actor.user, Revoked::AllBut(actor.login))
}

/// Ends log-ins: their tokens and connections with them.
pub(crate) fn end(tx: &mut Tx<'_>, user: UserId, which: Revoked) -> Result<(), Refusal> {
    match which {
        Revoked::One(session) => tx.sql.execute("DELETE FROM login WHERE account_id = $1 AND id = $2", values![user, session])?,
        Revoked::AllBut(session) => tx.sql.execute("DELETE FROM login WHERE account_id = $1 AND id <> $2", values![user, session])?,
        Revoked::All => tx.sql.execute("DELETE FROM login WHERE account_id = $1", values![user])?,
    };
    tx.emit(Change::LoggedOut { user, which });
    Ok(())
}

/// Ends the log-ins that were not used for too long. To be called now and then.
pub fn sweep(tx: &mut Tx<'_>) -> Result<(), Refusal> {
    let expired = tx.sql.query("SELECT id, account_id FROM login WHERE expires_at < $1", values![tx.now])?;
    for mut row in expired {
        let (session, user) = (row.take()?, row.take()?);
        end(tx, user, Revoked::One(session))?;
    }
    Ok(())
}
