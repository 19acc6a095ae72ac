//! Waiting to be let in: the ticket of a knock becomes a log-in once an administrator has said yes.

use super::{
    login::{self, Entry},
    visitor::Visitor,
};
use crate::{
    auth::{self, Keys, Purpose},
    error::Refusal,
    http::{App, extract::Json},
    store::{Tx, scalar},
    values,
};
use axum::{extract::State, http::HeaderMap};
use snug_protocol::{
    ErrorCode, UserId,
    rest::{AccountState, Knock, KnockState},
};
use std::sync::Arc;

pub(super) async fn ask(State(app): State<Arc<App>>, visitor: Visitor, Json(body): Json<Knock>) -> Result<(HeaderMap, Json<KnockState>), Refusal> {
    let user = named(&app.keys, &body.ticket)?;
    let state = app.hub.read().people.get(&user).map(|person| person.state);
    match state {
        None => Ok((HeaderMap::new(), Json(KnockState::Rejected))),
        Some(AccountState::Waiting) => Ok((HeaderMap::new(), Json(KnockState::Waiting))),
        Some(AccountState::Active | AccountState::Suspended) => {
            let (keys, from) = (app.keys.clone(), visitor.clone());
            let entry = app.store.write(move |tx| enter(tx, &keys, user, &body.ticket, &from)).await?;
            let (headers, logged_in) = entry.tell(&app, &visitor, body.cookie);
            Ok((headers, Json(KnockState::Approved(logged_in))))
        }
    }
}

/// Whose ticket it is.
fn named(keys: &Keys, ticket: &str) -> Result<UserId, Refusal> {
    let body = keys.open(Purpose::Ticket, ticket).filter(|body| body.len() == 24);
    let number = body.and_then(|body| body[..8].try_into().ok()).map(i64::from_be_bytes);
    number.and_then(UserId::new).ok_or_else(|| Refusal::invalid("ticket", "This is not a ticket of this server."))
}

/// A ticket is good once.
fn enter(tx: &mut Tx<'_>, keys: &Keys, user: UserId, ticket: &str, visitor: &Visitor) -> Result<Entry, Refusal> {
    let kept = scalar::<Option<Vec<u8>>>(tx.sql, "SELECT ticket_hash FROM account WHERE id = $1", values![user])?.flatten();
    if kept.as_deref() != Some(blake3::hash(ticket.as_bytes()).as_bytes()) {
        return Err(Refusal::new(ErrorCode::SessionEnded, "This ticket was used before.").hint("Log in with your name and password."));
    }
    let person = auth::standing(tx.world.people.get(&user))?;
    tx.sql.execute("UPDATE account SET ticket_hash = NULL WHERE id = $1", values![user])?;
    login::start(tx, keys, person, visitor)
}
