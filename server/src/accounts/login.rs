//! Logging in: a name and a password become a log-in.

use super::{password, refresh, register, sessions, visitor::Visitor, wrong_password};
use crate::{
    auth::{self, Actor, Keys},
    error::Refusal,
    http::{App, extract::Json},
    store::{self, Audit, Tx, scalar},
    values,
    world::{Change, Person, Revoked},
};
use axum::{extract::State, http::HeaderMap};
use snug_protocol::{
    Account, ErrorCode, SessionId, SpaceId, UserId,
    rest::{LoggedIn, Login, Tokens},
};
use std::sync::Arc;

/// Log-ins of one account at once. One more ends the one that was quiet longest.
const MOST: usize = 50;

/// A log-in that began or goes on.
pub(super) struct Entry {
    pub(super) actor: Actor,
    /// The refresh token.
    pub(super) token: String,
    pub(super) account: Account,
    /// The space that an invite led to.
    pub(super) space: Option<SpaceId>,
}

impl Entry {
    /// What the client is told: the refresh token in the body, or in a cookie.
    pub(super) fn tell(self, app: &App, visitor: &Visitor, cookie: bool) -> (HeaderMap, LoggedIn) {
        let (access_token, access_expires_at) = app.keys.access_token(self.actor, store::now());
        let (headers, refresh_token) = if cookie { (visitor.keep(&self.token), None) } else { (HeaderMap::new(), Some(self.token)) };
        let tokens = Tokens { access_token, access_expires_at, refresh_token, session_id: self.actor.login };
        (headers, LoggedIn { tokens, account: self.account, space_id: self.space })
    }
}

pub(super) async fn login(State(app): State<Arc<App>>, visitor: Visitor, Json(body): Json<Login>) -> Result<(HeaderMap, Json<LoggedIn>), Refusal> {
    let proof = prove(&app, &body.username, body.password).await?;
    let (keys, from) = (app.keys.clone(), visitor.clone());
    let entry = app.store.write(move |tx| enter(tx, &keys, proof, &from)).await?;
    let (headers, body) = entry.tell(&app, &visitor, body.cookie);
    Ok((headers, Json(body)))
}

/// Somebody who knew the password.
struct Proof {
    user: UserId,
    /// The hash that the password fits.
    hash: String,
    /// The hash to put in its place, if it was made with less effort than today's.
    better: Option<String>,
}

/// Takes as long whether or not there is such an account.
async fn prove(app: &App, username: &str, password: String) -> Result<Proof, Refusal> {
    // What cannot be a name is not looked up: a database need not take every character.
    let name = register::well_formed(username).ok();
    let known = app.store.read(move |sql| {
        let Some(name) = name else { return Ok(None) };
        let row = sql.row("SELECT id, password_hash FROM account WHERE username = $1 AND state <> 'deleted'", values![&name])?;
        row.map(|mut row| Ok((row.take::<UserId>()?, row.take::<String>()?))).transpose()
    });
    let known = known.await?;
    let hash = known.as_ref().map(|(_, hash)| hash.clone());
    let fits = app.passwords.verify(password.clone(), hash).await?;
    let (user, hash) = known.filter(|_| fits).ok_or_else(wrong)?;
    let better = if password::outdated(&hash) { Some(app.passwords.hash(password).await?) } else { None };
    Ok(Proof { user, hash, better })
}

fn wrong() -> Refusal {
    wrong_password("The name or the password is wrong.", "password").hint("Check both. Whoever administers this server can give you a new password.")
}

fn enter(tx: &mut Tx<'_>, keys: &Keys, proof: Proof, visitor: &Visitor) -> Result<Entry, Refusal> {
    // It may have been changed while it was checked; the old one must not start a log-in that outlives the change.
    let hash: Option<String> = scalar(tx.sql, "SELECT password_hash FROM account WHERE id = $1", values![proof.user])?;
    if hash.as_ref() != Some(&proof.hash) {
        return Err(wrong());
    }
    let person = auth::standing(tx.world.people.get(&proof.user))?;
    if let Some(better) = proof.better {
        tx.sql.execute("UPDATE account SET password_hash = $2 WHERE id = $1", values![proof.user, better])?;
    }
    start(tx, keys, person, visitor)
}

/// Starts a log-in.
pub(super) fn start(tx: &mut Tx<'_>, keys: &Keys, person: &Person, visitor: &Visitor) -> Result<Entry, Refusal> {
    let user = person.user.id;
    let actor = Actor { user, login: tx.id::<SessionId>() };
    let token = refresh::first(keys, actor.login);
    tx.sql.execute(
        "INSERT INTO login (id, account_id, device, address, created_at, last_used_at, expires_at, refresh_hash) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
        values![actor.login, user, &visitor.device, &visitor.address, tx.now, refresh::expiry(tx.now), &refresh::digest(&token)[..]],
    )?;
    tx.sql.execute("UPDATE account SET last_seen_at = $2 WHERE id = $1", values![user, tx.now])?;
    tx.audit(Audit { actor: Some(user), action: "account.login", target: Some(actor.login.get()), ..Audit::default() })?;
    let logins = tx.sql.query("SELECT id FROM login WHERE account_id = $1 ORDER BY last_used_at DESC, id DESC", values![user])?;
    for mut row in logins.into_iter().skip(MOST) {
        sessions::end(tx, user, Revoked::One(row.take()?))?;
    }
    tx.emit(Change::LoggedIn { session: actor.login, user });
    Ok(Entry { actor, token, account: person.account(), space: None })
}

/// Refuses whoever does not know the password of an account that they are logged in to.
pub(super) async fn confirm(app: &App, actor: Actor, password: String, field: &str) -> Result<String, Refusal> {
    let hash = app.store.read(move |sql| scalar::<String>(sql, "SELECT password_hash FROM account WHERE id = $1", values![actor.user])).await?;
    let fits = app.passwords.verify(password, hash.clone()).await?;
    hash.filter(|_| fits).ok_or_else(|| wrong_password("This is not your password.", field))
}

/// Refuses when the password was changed since it was [confirmed](confirm).
pub(super) fn still(tx: &mut Tx<'_>, user: UserId, confirmed: &str) -> Result<(), Refusal> {
    let hash: Option<String> = scalar(tx.sql, "SELECT password_hash FROM account WHERE id = $1", values![user])?;
    if hash.as_deref() == Some(confirmed) {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::Conflict, "The password was changed at the same time.").hint("Try again with the new one."))
}
