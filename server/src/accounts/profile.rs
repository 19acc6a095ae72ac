//! What somebody says of themselves.

use super::present;
use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Json, Path, Raw},
    },
    images,
    store::{Audit, Tx},
    text, values,
    world::{Change, Person, World, to_text},
};
use axum::extract::State;
use serde_json::json;
use snug_protocol::{Account, ImageHash, User, UserId, limits, rest::UpdateAccount};
use std::sync::Arc;

pub(super) async fn me(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<Account>, Refusal> {
    present(&app.hub.read(), actor).map(|person| Json(person.account()))
}

pub(super) async fn update(State(app): State<Arc<App>>, actor: Actor, Json(body): Json<UpdateAccount>) -> Result<Json<Account>, Refusal> {
    let wishes = cleaned(body)?;
    app.store.write(move |tx| change(tx, actor, |person| apply(wishes, person))).await.map(Json)
}

pub(super) async fn set_avatar(State(app): State<Arc<App>>, actor: Actor, raw: Raw) -> Result<Json<Account>, Refusal> {
    let avatar = images::store_picture(&app, raw).await?;
    app.store.write(move |tx| change_avatar(tx, actor, Some(avatar))).await.map(Json)
}

pub(super) async fn remove_avatar(State(app): State<Arc<App>>, actor: Actor) -> Result<Json<Account>, Refusal> {
    app.store.write(move |tx| change_avatar(tx, actor, None)).await.map(Json)
}

pub(super) async fn show(State(app): State<Arc<App>>, actor: Actor, Path(user): Path<UserId>) -> Result<Json<User>, Refusal> {
    acquaintance(&app.hub.read(), actor, user).map(|person| Json(person.user.clone()))
}

/// Somebody who shares a space with whoever asks; anybody for administrators.
fn acquaintance(world: &World, actor: Actor, user: UserId) -> Result<&Person, Refusal> {
    let asker = present(world, actor)?;
    let person = world.people.get(&user).filter(|person| asker.admin || user == actor.user || !asker.spaces.is_disjoint(&person.spaces));
    person.ok_or_else(|| Refusal::not_found("person"))
}

fn cleaned(body: UpdateAccount) -> Result<UpdateAccount, Refusal> {
    let line = |field: &str, text: Option<String>, most, multiline| text.map(|text| text::clean(field, &text, most, multiline)).transpose();
    Ok(UpdateAccount {
        display_name: body.display_name.map(|name| text::name("display_name", &name, limits::DISPLAY_NAME)).transpose()?,
        bio: line("bio", body.bio, limits::BIO, true)?,
        status: body.status,
        status_text: line("status_text", body.status_text, limits::STATUS_TEXT, false)?,
    })
}

fn apply(wishes: UpdateAccount, person: &mut Person) {
    let UpdateAccount { display_name, bio, status, status_text } = wishes;
    person.user.display_name = display_name.unwrap_or_else(|| std::mem::take(&mut person.user.display_name));
    person.user.bio = bio.unwrap_or_else(|| std::mem::take(&mut person.user.bio));
    person.status = status.unwrap_or(person.status);
    person.status_text = status_text.unwrap_or_else(|| std::mem::take(&mut person.status_text));
}

fn change_avatar(tx: &mut Tx<'_>, actor: Actor, avatar: Option<ImageHash>) -> Result<Account, Refusal> {
    if let Some(hash) = &avatar {
        images::require(tx, hash)?;
    }
    change(tx, actor, |person| person.user.avatar = avatar)
}

/// Changes the profile of whoever asks.
fn change(tx: &mut Tx<'_>, actor: Actor, edit: impl FnOnce(&mut Person)) -> Result<Account, Refusal> {
    let before = present(tx.world, actor)?;
    let mut person = before.clone();
    edit(&mut person);
    if person == *before {
        return Ok(person.account());
    }
    let User { id, display_name, avatar, bio, .. } = &person.user;
    tx.sql.execute(
        "UPDATE account SET display_name = $2, avatar = $3, bio = $4, status = $5, status_text = $6 WHERE id = $1",
        values![*id, display_name, avatar.as_ref().map(|hash| hash.0.as_str()), bio, to_text(person.status), &person.status_text],
    )?;
    let (before, after) = (json!(before.account()), json!(person.account()));
    tx.audit(Audit {
        actor: Some(*id),
        action: "account.update",
        target: Some(id.get()),
        before: Some(before),
        after: Some(after),
        ..Audit::default()
    })?;
    let account = person.account();
    tx.emit(Change::Person(person));
    Ok(account)
}
