//! Who asks: tokens, and the extractor that reads them.
//!
//! * An access token is signed and names a log-in; it holds for 15 minutes, and only while the log-in does.
//! * A refresh token is signed, names a log-in and is good once; see `accounts::login`.
//! * A ticket is what somebody who knocks waits with.

use crate::{
    error::Refusal,
    http::App,
    store::{Sql, SqlError, scalar},
    values,
    world::{Person, World},
};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use snug_protocol::{ErrorCode, SessionId, Timestamp, UserId, rest::AccountState};
use std::{sync::Arc, time::Duration};

/// How long an access token holds.
pub const ACCESS: Duration = Duration::from_secs(15 * 60);

/// Bytes of a signature: 128 bits.
const MAC: usize = 16;

/// Somebody who is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// By which log-in.
    pub login: SessionId,
}

/// Signs and checks tokens.
#[derive(Clone)]
pub struct Keys([u8; 32]);

/// What a signature is for: the same bytes signed for one purpose are worth nothing for another.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
    /// A knock's ticket.
    Ticket,
    /// The next refresh token, derived from the one before it and the mark of the attempt.
    Rotation,
}

impl Keys {
    /// The server's secret; made at the first start.
    pub fn load(sql: &mut dyn Sql) -> Result<Self, SqlError> {
        let fresh = HEXLOWER.encode(&random::<32>());
        sql.execute("INSERT INTO setting (name, value) VALUES ('secret', $1) ON CONFLICT (name) DO NOTHING", values![&fresh])?;
        let secret: String = scalar(sql, "SELECT value FROM setting WHERE name = 'secret'", &[])?.ok_or(SqlError::Shape { expected: "secret" })?;
        let bytes = HEXLOWER.decode(secret.as_bytes()).ok().and_then(|b| b.try_into().ok());
        bytes.map(Self).ok_or(SqlError::Shape { expected: "32 hexadecimal bytes" })
    }

    /// The keyed hash of `parts`, each bound to its length.
    pub fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(&[purpose as u8]);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        hasher.finalize().into()
    }

    /// `body` with its signature, as text.
    pub fn sign(&self, purpose: Purpose, body: &[u8]) -> String {
        let mac = self.hash(purpose, &[body]);
        BASE64URL_NOPAD.encode(&[body, &mac[..MAC]].concat())
    }

    /// The body of a text that [`sign`](Self::sign) made for the same purpose.
    pub fn open(&self, purpose: Purpose, text: &str) -> Option<Vec<u8>> {
        let mut bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let split = bytes.len().checked_sub(MAC)?;
        let mac = bytes.split_off(split);
        let good = subtle::ConstantTimeEq::ct_eq(&mac[..], &self.hash(purpose, &[&bytes])[..MAC]);
        bool::from(good).then_some(bytes)
    }

    /// An access token for a log-in, and when it ends.
    pub fn access_token(&self, actor: Actor, now: Timestamp) -> (String, Timestamp) {
        let ends = Timestamp(now.0 + ACCESS.as_millis() as i64);
        let body = [actor.login.get().to_be_bytes(), actor.user.get().to_be_bytes(), ends.0.to_be_bytes()].concat();
        (self.sign(Purpose::Access, &body), ends)
    }

    /// Who an access token is, if it is ours, not expired, its log-in not over and the account in use.
    pub fn check(&self, world: &World, token: &str, now: Timestamp) -> Result<Actor, Refusal> {
        let wrong = || Refusal::new(ErrorCode::Unauthorized, "The access token is not valid.").hint("Refresh it, or log in again.");
        let body = self.open(Purpose::Access, token).filter(|b| b.len() == 24).ok_or_else(wrong)?;
        let number = |i: usize| i64::from_be_bytes(body[i * 8..][..8].try_into().unwrap_or_default());
        let actor = Actor { login: SessionId::new(number(0)).ok_or_else(wrong)?, user: UserId::new(number(1)).ok_or_else(wrong)? };
        if number(2) < now.0 {
            return Err(Refusal::new(ErrorCode::Unauthorized, "The access token has expired.").hint("Refresh it."));
        }
        if world.logins.get(&actor.login) != Some(&actor.user) {
            return Err(Refusal::new(ErrorCode::SessionEnded, "This log-in has ended.").hint("Log in again."));
        }
        standing(world.people.get(&actor.user))?;
        Ok(actor)
    }
}

/// Refuses accounts that are not in use.
pub fn standing(person: Option<&Person>) -> Result<&Person, Refusal> {
    let person = person.ok_or_else(|| Refusal::new(ErrorCode::SessionEnded, "The account is gone."))?;
    match person.state {
        AccountState::Active => Ok(person),
        AccountState::Waiting => {
            Err(Refusal::new(ErrorCode::AwaitingApproval, "An administrator has not let you in yet.").hint("Wait a little, or ask them."))
        }
        AccountState::Suspended => {
            Err(Refusal::new(ErrorCode::Suspended, "Your account is suspended.").hint("Ask an administrator of this server why."))
        }
    }
}

impl FromRequestParts<Arc<App>> for Actor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        // The limiter has looked already.
        if let Some(known) = parts.extensions.get::<Result<Actor, Refusal>>() {
            return known.clone();
        }
        from_header(parts, app)
    }
}

/// Who the `Authorization` header names.
pub fn from_header(parts: &Parts, app: &App) -> Result<Actor, Refusal> {
    let missing =
        || Refusal::new(ErrorCode::Unauthorized, "This needs a log-in.").hint("Send the header “Authorization: Bearer” with an access token.");
    let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(missing)?;
    let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    app.keys.check(&app.hub.read(), token.trim(), crate::store::now())
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes
}

/// A name with 128 random bits.
pub fn random_name() -> String {
    BASE64URL_NOPAD.encode(&random::<16>())
}
