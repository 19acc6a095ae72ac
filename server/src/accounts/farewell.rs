//! The end of an account. What somebody wrote stays where it is, without their name.

use super::{login, present, visitor::Visitor};
use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Done, Json},
    },
    spaces,
    store::{Audit, Tx},
    values,
    world::{Change, Departure, Person, World},
};
use axum::{extract::State, http::HeaderMap};
use snug_protocol::{
    ErrorCode, UserId,
    rest::{AccountState, DeleteAccount},
};
use std::sync::Arc;

/// The name that is shown beside what somebody wrote who is gone.
const NAME: &str = "Deleted account";

pub(super) async fn delete(
    State(app): State<Arc<App>>,
    actor: Actor,
    visitor: Visitor,
    Json(body): Json<DeleteAccount>,
) -> Result<(HeaderMap, Done), Refusal> {
    {
        // Before the work of a hash.
        let world = app.hub.read();
        removable(&world, present(&world, actor)?)?;
    }
    let confirmed = login::confirm(&app, actor, body.password, "password").await?;
    let goodbye = move |tx: &mut Tx<'_>| {
        let person = present(tx.world, actor)?;
        login::still(tx, actor.user, &confirmed)?;
        remove(tx, actor.user, person)
    };
    app.store.write(goodbye).await?;
    Ok((visitor.forget(), Done))
}

/// Refuses to remove whoever owns something that others are in.
fn removable(world: &World, person: &Person) -> Result<(), Refusal> {
    if person.owner {
        return Err(Refusal::new(ErrorCode::Conflict, "The account that owns the server cannot be deleted."));
    }
    let owned = person.spaces.iter().filter_map(|id| world.spaces.get(id)).filter(|place| place.space.owner_id == person.user.id);
    let owned: Vec<_> = owned.map(|place| format!("“{}”", place.space.name)).collect();
    if owned.is_empty() {
        return Ok(());
    }
    let whose = format!("{} owns spaces that would be left without an owner.", person.user.display_name);
    Err(Refusal::new(ErrorCode::Conflict, whose).hint(format!("These are to be passed on or deleted first: {}.", owned.join(", "))))
}

/// Removes an account: memberships, log-ins, invites and everything that says who it was. `by` is who does it.
pub(crate) fn remove(tx: &mut Tx<'_>, by: UserId, person: &Person) -> Result<(), Refusal> {
    removable(tx.world, person)?;
    let id = person.user.id;
    if person.state == AccountState::Waiting {
        // It was never in use, so nothing refers to it, and the name is free again.
        tx.sql.execute("DELETE FROM account WHERE id = $1", values![id])?;
    } else {
        for space in &person.spaces {
            spaces::remove_member(tx, Some(by), *space, id, Departure::Left, "member.leave")?;
        }
        tx.sql.execute("DELETE FROM login WHERE account_id = $1", values![id])?;
        tx.sql.execute("DELETE FROM read_state WHERE account_id = $1", values![id])?;
        tx.sql.execute("DELETE FROM invite WHERE creator_id = $1", values![id])?;
        tx.sql.execute(
            "UPDATE account SET username = $2, display_name = $3, password_hash = '', avatar = NULL, bio = '', status = 'invisible', status_text = '',
             state = 'deleted', admin = 0, knock = NULL, knock_invite = NULL, ticket_hash = NULL, last_seen_at = NULL WHERE id = $1",
            values![id, format!("deleted-{id}"), NAME],
        )?;
    }
    // The audit log keeps what was done, not who they said they were.
    tx.sql.execute(
        "UPDATE audit SET before = NULL, after = NULL WHERE space_id IS NULL AND target_id = $1 AND action IN ('account.register', 'account.update')",
        values![id],
    )?;
    tx.audit(Audit { actor: Some(by), action: "account.delete", target: Some(id.get()), ..Audit::default() })?;
    tx.emit(Change::PersonDeleted(id));
    Ok(())
}
