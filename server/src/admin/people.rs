//! Accounts, in the hands of an administrator.

use super::administrator;
use crate::{
    accounts::{self, password, sessions},
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Done, Json, Path, Query},
    },
    invites,
    store::{Audit, Sql, SqlError, Tx, scalar},
    values,
    world::{Change, Person, Revoked, World, to_text},
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use snug_protocol::{
    ErrorCode, UserId, limits,
    rest::{AccountState, AdminUser, AdminUsers, AnswerKnock, NewPassword, UpdateAdminUser},
};
use std::sync::Arc;

/// Accounts in one page, unless asked otherwise.
const PAGE: u16 = 50;

/// Which accounts to list.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Search {
    /// Part of a username or display name, in any case.
    #[serde(default)]
    q: String,
    /// Only those who stand so.
    state: Option<AccountState>,
    /// Only those after this one.
    after: Option<UserId>,
    /// How many at most, 1–100; 50 if left out.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u16>,
}

pub(super) async fn list(State(app): State<Arc<App>>, actor: Actor, Query(search): Query<Search>) -> Result<Json<AdminUsers>, Refusal> {
    let (page, total) = {
        let world = app.hub.read();
        administrator(&world, actor)?;
        find(&world, &search)?
    };
    let users = app.store.read(move |sql| page.into_iter().filter_map(|person| shown(sql, person).transpose()).collect()).await?;
    Ok(Json(AdminUsers { users, total }))
}

pub(super) async fn update(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(user): Path<UserId>,
    Json(body): Json<UpdateAdminUser>,
) -> Result<Json<AdminUser>, Refusal> {
    app.store.write(move |tx| change(tx, actor, user, &body)).await.map(Json)
}

pub(super) async fn answer(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(user): Path<UserId>,
    Json(body): Json<AnswerKnock>,
) -> Result<Done, Refusal> {
    app.store.write(move |tx| if body.approve { let_in(tx, actor, user) } else { turn_away(tx, actor, user) }).await.map(|()| Done)
}

pub(super) async fn reset_password(State(app): State<Arc<App>>, actor: Actor, Path(user): Path<UserId>) -> Result<Json<NewPassword>, Refusal> {
    // Before the work of a hash.
    reach(&app.hub.read(), actor, user)?;
    let password = password::random_password();
    let hash = app.passwords.hash(password.clone()).await?;
    app.store.write(move |tx| replace_password(tx, actor, user, &hash)).await?;
    Ok(Json(NewPassword { password }))
}

pub(super) async fn delete(State(app): State<Arc<App>>, actor: Actor, Path(user): Path<UserId>) -> Result<Done, Refusal> {
    let remove = move |tx: &mut Tx<'_>| {
        let person = reach(tx.world, actor, user)?;
        accounts::remove(tx, actor.user, person)
    };
    app.store.write(remove).await.map(|()| Done)
}

/// Somebody whom an administrator may act on: not themselves, not the owner, and no other administrator unless they
/// own the server.
fn reach(world: &World, actor: Actor, user: UserId) -> Result<&Person, Refusal> {
    let admin = administrator(world, actor)?;
    let person = world.people.get(&user).ok_or_else(|| Refusal::not_found("account"))?;
    let forbidden = |message: &str| Err(Refusal::new(ErrorCode::Forbidden, message));
    if user == actor.user {
        return Err(Refusal::new(ErrorCode::Forbidden, "That cannot be done to oneself here.").hint("Your own account is in your settings."));
    }
    if person.owner {
        return forbidden("The owner of the server is out of everyone's reach.");
    }
    if person.admin && !admin.owner {
        return forbidden("Only the owner of the server may do that to another administrator.");
    }
    Ok(person)
}

/// A page of those who match, and how many do in all.
fn find(world: &World, search: &Search) -> Result<(Vec<Person>, u32), Refusal> {
    let limit = search.limit.unwrap_or(PAGE);
    if limit == 0 || limit > limits::PAGE {
        return Err(Refusal::invalid("limit", format!("A page has between 1 and {} accounts.", limits::PAGE)));
    }
    let q = search.q.trim().to_lowercase();
    let named = |person: &Person| person.user.username.contains(&q) || person.user.display_name.to_lowercase().contains(&q);
    let mut found: Vec<_> = world.people.values().filter(|person| search.state.is_none_or(|state| person.state == state) && named(person)).collect();
    found.sort_unstable_by_key(|person| person.user.id);
    let total = found.len() as u32;
    let rest = found.into_iter().filter(|person| search.after.is_none_or(|after| person.user.id > after));
    Ok((rest.take(limit.into()).cloned().collect(), total))
}

/// With what only the database knows. Nothing if the account was deleted a moment ago.
fn shown(sql: &mut dyn Sql, person: Person) -> Result<Option<AdminUser>, SqlError> {
    let id = person.user.id;
    let row = sql.row("SELECT knock, created_at, last_seen_at FROM account WHERE id = $1 AND state <> 'deleted'", values![id])?;
    let Some(mut row) = row else { return Ok(None) };
    let Person { user, state, admin, owner, .. } = person;
    Ok(Some(AdminUser { user, state, admin, owner, knock: row.take()?, created_at: row.take()?, last_seen_at: row.take()? }))
}

fn change(tx: &mut Tx<'_>, actor: Actor, user: UserId, wishes: &UpdateAdminUser) -> Result<AdminUser, Refusal> {
    let before = reach(tx.world, actor, user)?;
    let mut person = before.clone();
    if let Some(admin) = wishes.admin.filter(|admin| *admin != before.admin) {
        if !administrator(tx.world, actor)?.owner {
            return Err(Refusal::new(ErrorCode::Forbidden, "Only the owner of the server may say who administers it."));
        }
        person.admin = admin;
    }
    if let Some(suspended) = wishes.suspended {
        person.state = match before.state {
            AccountState::Waiting => return Err(Refusal::new(ErrorCode::Conflict, "They are not in yet.").hint("Answer their knock instead.")),
            AccountState::Active | AccountState::Suspended if suspended => AccountState::Suspended,
            AccountState::Active | AccountState::Suspended => AccountState::Active,
        };
    }
    if person != *before {
        store(tx, actor, "account.administer", before, &person)?;
    }
    shown(tx.sql, person)?.ok_or_else(|| Refusal::not_found("account"))
}

/// Writes how an account stands, and ends its log-ins when it is not in use any more.
fn store(tx: &mut Tx<'_>, actor: Actor, action: &str, before: &Person, person: &Person) -> Result<(), Refusal> {
    let id = person.user.id;
    tx.sql.execute("UPDATE account SET state = $2, admin = $3 WHERE id = $1", values![id, to_text(person.state), person.admin])?;
    let stands = |person: &Person| Some(json!({ "state": person.state, "admin": person.admin }));
    tx.audit(Audit { actor: Some(actor.user), action, target: Some(id.get()), before: stands(before), after: stands(person), ..Audit::default() })?;
    tx.emit(Change::Person(person.clone()));
    if person.state != AccountState::Active {
        sessions::end(tx, id, Revoked::All)?;
    }
    Ok(())
}

/// Somebody who knocks.
fn waiting(tx: &Tx<'_>, actor: Actor, user: UserId) -> Result<Person, Refusal> {
    let person = reach(tx.world, actor, user)?;
    if person.state == AccountState::Waiting {
        Ok(person.clone())
    } else {
        Err(Refusal::new(ErrorCode::Conflict, "Their knock was answered already."))
    }
}

fn let_in(tx: &mut Tx<'_>, actor: Actor, user: UserId) -> Result<(), Refusal> {
    let before = waiting(tx, actor, user)?;
    let person = Person { state: AccountState::Active, ..before.clone() };
    let invite = scalar::<Option<String>>(tx.sql, "SELECT knock_invite FROM account WHERE id = $1", values![user])?.flatten();
    tx.sql.execute("UPDATE account SET knock = NULL, knock_invite = NULL WHERE id = $1", values![user])?;
    store(tx, actor, "account.approve", &before, &person)?;
    if let Some(code) = invite {
        // It was good when they knocked. If it is not any more, they are in all the same, and find a space by themselves.
        tx.sql.batch("SAVEPOINT invite")?;
        if let Err(refusal) = invites::redeem(tx, user, &code) {
            if refusal.code().status() >= 500 {
                return Err(refusal);
            }
            tracing::debug!(%refusal, "the invite of a knock is no longer good");
            tx.sql.batch("ROLLBACK TO SAVEPOINT invite")?;
        }
        tx.sql.batch("RELEASE SAVEPOINT invite")?;
    }
    Ok(())
}

fn turn_away(tx: &mut Tx<'_>, actor: Actor, user: UserId) -> Result<(), Refusal> {
    let person = waiting(tx, actor, user)?;
    accounts::remove(tx, actor.user, &person)
}

fn replace_password(tx: &mut Tx<'_>, actor: Actor, user: UserId, hash: &str) -> Result<(), Refusal> {
    let person = reach(tx.world, actor, user)?;
    // Whoever waits keeps the ticket: it is no log-in yet.
    let keep_ticket = person.state == AccountState::Waiting;
    tx.sql.execute("UPDATE account SET password_hash = $2 WHERE id = $1", values![user, hash])?;
    if !keep_ticket {
        tx.sql.execute("UPDATE account SET ticket_hash = NULL WHERE id = $1", values![user])?;
    }
    tx.audit(Audit { actor: Some(actor.user), action: "account.reset_password", target: Some(user.get()), ..Audit::default() })?;
    sessions::end(tx, user, Revoked::All)
}
