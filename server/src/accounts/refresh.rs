//! How a log-in goes on: each refresh token is good once, and a used one that comes back ends the log-in.
//!
//! A token names its log-in and is signed. The next one follows from it, the server's secret and the mark of the
//! attempt: whoever repeats an attempt whose answer was lost gets the same answer, for as long as the next token has
//! not been used. Any other use of an old token means that two have it, and one of them should not.

use super::{login::Entry, sessions, visitor::Visitor};
use crate::{
    auth::{self, Actor, Keys, Purpose},
    error::Refusal,
    http::{App, extract::Json},
    store::{Row, SqlError, Tx},
    values,
    world::Revoked,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use snug_protocol::{ErrorCode, SessionId, Timestamp, UserId, rest::Refresh};
use std::{sync::Arc, time::Duration};

/// How long a log-in lasts without being used.
pub(super) const LASTS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Random bytes in a token, beside the number of its log-in.
const SEED: usize = 16;

/// When a log-in ends that is used now.
pub(super) fn expiry(now: Timestamp) -> Timestamp {
    Timestamp(now.0 + LASTS.as_millis() as i64)
}

/// What is kept of a token.
pub(super) fn digest(token: &str) -> [u8; 32] {
    blake3::hash(token.as_bytes()).into()
}

/// The first token of a log-in.
pub(super) fn first(keys: &Keys, login: SessionId) -> String {
    make(keys, login, auth::random())
}

/// The token that follows.
fn next(keys: &Keys, login: SessionId, token: &str, attempt: &str) -> String {
    let hash = keys.hash(Purpose::Rotation, &[token.as_bytes(), attempt.as_bytes()]);
    let mut seed = [0; SEED];
    seed.copy_from_slice(&hash[..SEED]);
    make(keys, login, seed)
}

fn make(keys: &Keys, login: SessionId, seed: [u8; SEED]) -> String {
    keys.sign(Purpose::Refresh, &[&login.get().to_be_bytes()[..], &seed].concat())
}

/// The log-in that a token of ours names.
fn named(keys: &Keys, token: &str) -> Option<SessionId> {
    let body = keys.open(Purpose::Refresh, token).filter(|body| body.len() == 8 + SEED)?;
    SessionId::new(i64::from_be_bytes(body[..8].try_into().ok()?))
}

pub(super) async fn refresh(State(app): State<Arc<App>>, visitor: Visitor, Json(body): Json<Refresh>) -> Response {
    let cookie = body.refresh_token.is_none();
    match go_on(&app, &visitor, body).await {
        Ok(entry) => {
            let (headers, body) = entry.tell(&app, &visitor, cookie);
            (headers, Json(body)).into_response()
        }
        Err(refusal) if cookie && refusal.code() == ErrorCode::SessionEnded => (visitor.forget(), refusal).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn go_on(app: &App, visitor: &Visitor, body: Refresh) -> Result<Entry, Refusal> {
    if !(8..=64).contains(&body.attempt.len()) {
        return Err(Refusal::invalid("attempt", "The mark of an attempt has between 8 and 64 bytes."));
    }
    let token = body.refresh_token.or_else(|| visitor.cookie.clone()).ok_or_else(|| ended("There is no refresh token."))?;
    let (keys, from) = (app.keys.clone(), visitor.clone());
    let rotated = app.store.write(move |tx| rotate(tx, &keys, &token, &body.attempt, &from)).await?;
    match rotated {
        Rotated::Next(entry) => Ok(*entry),
        Rotated::Over(refusal) => Err(refusal),
    }
}

/// What a refresh has come to. Both are kept: the end of a log-in is a change, too.
enum Rotated {
    Next(Box<Entry>),
    Over(Refusal),
}

/// What somebody who shows a signed token may have.
#[derive(Debug, PartialEq)]
enum Claim {
    /// The next token.
    Fresh,
    /// The same answer again.
    Again,
    /// Nothing: the token was used before.
    Stolen,
}

/// A log-in, as it is kept.
struct Kept {
    user: UserId,
    expires_at: Timestamp,
    current: Vec<u8>,
    /// The token before, and the mark it was exchanged with.
    previous: Option<(Vec<u8>, Vec<u8>)>,
}

impl Kept {
    fn read(mut row: Row) -> Result<Self, SqlError> {
        let (user, expires_at, current) = (row.take()?, row.take()?, row.take()?);
        let previous: (Option<Vec<u8>>, Option<Vec<u8>>) = (row.take()?, row.take()?);
        Ok(Self { user, expires_at, current, previous: previous.0.zip(previous.1) })
    }

    fn claim(&self, token: &[u8], attempt: &[u8]) -> Claim {
        if self.current == token {
            return Claim::Fresh;
        }
        match &self.previous {
            Some((previous, mark)) if previous == token && mark == attempt => Claim::Again,
            Some(_) | None => Claim::Stolen,
        }
    }
}

fn rotate(tx: &mut Tx<'_>, keys: &Keys, token: &str, attempt: &str, visitor: &Visitor) -> Result<Rotated, Refusal> {
    let login = named(keys, token).ok_or_else(|| ended("The refresh token is not valid."))?;
    let row = tx.sql.row("SELECT account_id, expires_at, refresh_hash, previous_hash, previous_attempt FROM login WHERE id = $1", values![login])?;
    let kept = Kept::read(row.ok_or_else(|| ended("This log-in has ended."))?)?;
    let (used, mark, next) = (digest(token), digest(attempt), next(keys, login, token, attempt));
    if kept.expires_at < tx.now {
        sessions::end(tx, kept.user, Revoked::One(login))?;
        return Ok(Rotated::Over(ended("This log-in was not used for 30 days and has ended.")));
    }
    match kept.claim(&used, &mark) {
        Claim::Fresh => {
            tx.sql.execute(
                "UPDATE login SET refresh_hash = $2, previous_hash = $3, previous_attempt = $4, last_used_at = $5, expires_at = $6, device = $7, address = $8 WHERE id = $1",
                values![login, &digest(&next)[..], &used[..], &mark[..], tx.now, expiry(tx.now), &visitor.device, &visitor.address],
            )?;
            tx.sql.execute("UPDATE account SET last_seen_at = $2 WHERE id = $1", values![kept.user, tx.now])?;
        }
        Claim::Again => {}
        Claim::Stolen => {
            tracing::warn!(user = %kept.user, session = %login, "a refresh token was used twice; its log-in has ended");
            sessions::end(tx, kept.user, Revoked::One(login))?;
            return Ok(Rotated::Over(ended("This log-in was used from two places and has ended, to be safe.")));
        }
    }
    let person = auth::standing(tx.world.people.get(&kept.user))?;
    let actor = Actor { user: kept.user, login };
    Ok(Rotated::Next(Box::new(Entry { actor, token: next, account: person.account(), space: None })))
}

fn ended(message: &str) -> Refusal {
    Refusal::new(ErrorCode::SessionEnded, message).hint("Log in again.")
}

#[cfg(test)]
#[path = "refresh_tests.rs"]
mod tests;
