//! Channels and categories: making, changing, ordering, deleting and restoring them, and their overwrites.

mod inherit;

use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Created, Done, Json, Path},
        route::{Limit, Need, Route},
    },
    store::{Audit, Sql, SqlError, Tx, scalar},
    text, values,
    world::{Change, ChannelAccess, SpaceAccess, load},
};
use axum::{extract::State, http::Method};
use serde_json::json;
use snug_protocol::{
    Channel, ChannelId, ChannelKind, ErrorCode, Overwrite, OverwriteTarget, Permission, Permissions, SpaceId, Timestamp, UserId, limits,
    rest::{ChannelPlace, CreateChannel, DeletedChannel, OrderChannels, SetOverwrite, UpdateChannel},
    voice::OpusSettings,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The routes.
pub fn routes() -> Vec<Route> {
    use Permission::{ManageChannels, ManageRoles};
    let (space, channel, overwrite) = (Need::Space(ManageChannels), Need::Channel(ManageChannels), Need::Channel(ManageRoles));
    vec![
        Route::new(Method::POST, "/spaces/{space}/channels", space, Limit::Write, "Makes a channel or a category.", create)
            .body::<CreateChannel>()
            .answer::<Channel>(201),
        Route::new(Method::PUT, "/spaces/{space}/channels/order", space, Limit::Write, "Puts channels into their places.", order)
            .body::<OrderChannels>(),
        Route::new(Method::GET, "/spaces/{space}/channels/deleted", space, Limit::Read, "Lists deleted channels that can be restored.", list_deleted)
            .answer::<Vec<DeletedChannel>>(200),
        Route::new(Method::PATCH, "/channels/{channel}", channel, Limit::Write, "Changes a channel.", update)
            .body::<UpdateChannel>()
            .answer::<Channel>(200),
        Route::new(Method::DELETE, "/channels/{channel}", channel, Limit::Write, "Deletes a channel; it can be restored.", delete),
        Route::new(Method::POST, "/channels/{channel}/restore", space, Limit::Write, "Restores a deleted channel.", restore).answer::<Channel>(200),
        Route::new(
            Method::PUT,
            "/channels/{channel}/overwrites/{kind}/{target}",
            overwrite,
            Limit::Write,
            "Sets what a channel changes for a role or a member.",
            set_overwrite,
        )
        .body::<SetOverwrite>()
        .answer::<Channel>(200),
        Route::new(
            Method::DELETE,
            "/channels/{channel}/overwrites/{kind}/{target}",
            overwrite,
            Limit::Write,
            "Removes an overwrite.",
            remove_overwrite,
        )
        .answer::<Channel>(200),
    ]
}

async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(space): Path<SpaceId>,
    Json(body): Json<CreateChannel>,
) -> Result<Created<Channel>, Refusal> {
    app.store.write(move |tx| make(tx, actor.user, space, body)).await.map(Created)
}

async fn order(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>, Json(body): Json<OrderChannels>) -> Result<Done, Refusal> {
    app.store.write(move |tx| arrange(tx, actor.user, space, body.places)).await.map(|()| Done)
}

async fn list_deleted(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>) -> Result<Json<Vec<DeletedChannel>>, Refusal> {
    app.hub.read().space_for(actor.user, space)?.require(Permission::ManageChannels)?;
    app.store.read(move |sql| deleted(sql, space)).await.map(Json)
}

async fn update(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(channel): Path<ChannelId>,
    Json(body): Json<UpdateChannel>,
) -> Result<Json<Channel>, Refusal> {
    app.store.write(move |tx| change(tx, actor.user, channel, body)).await.map(Json)
}

async fn delete(State(app): State<Arc<App>>, actor: Actor, Path(channel): Path<ChannelId>) -> Result<Done, Refusal> {
    app.store.write(move |tx| remove(tx, actor.user, channel)).await.map(|()| Done)
}

async fn restore(State(app): State<Arc<App>>, actor: Actor, Path(channel): Path<ChannelId>) -> Result<Json<Channel>, Refusal> {
    app.store.write(move |tx| bring_back(tx, actor.user, channel)).await.map(Json)
}

async fn set_overwrite(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((channel, kind, target)): Path<(ChannelId, TargetKind, i64)>,
    Json(body): Json<SetOverwrite>,
) -> Result<Json<Channel>, Refusal> {
    let target = kind.target(target)?;
    app.store.write(move |tx| put_overwrite(tx, actor.user, channel, Overwrite { target, allow: body.allow, deny: body.deny })).await.map(Json)
}

async fn remove_overwrite(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((channel, kind, target)): Path<(ChannelId, TargetKind, i64)>,
) -> Result<Json<Channel>, Refusal> {
    let target = kind.target(target)?;
    app.store
        .write(move |tx| put_overwrite(tx, actor.user, channel, Overwrite { target, allow: Permissions::NONE, deny: Permissions::NONE }))
        .await
        .map(Json)
}

#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum TargetKind {
    Role,
    Member,
}

impl TargetKind {
    fn target(self, number: i64) -> Result<OverwriteTarget, Refusal> {
        match self {
            Self::Role => snug_protocol::RoleId::new(number).map(OverwriteTarget::Role),
            Self::Member => UserId::new(number).map(OverwriteTarget::Member),
        }
        .ok_or_else(|| Refusal::not_found("role or member"))
    }
}

/// Writes a new channel.
pub fn insert(tx: &mut Tx<'_>, channel: &Channel) -> Result<(), Refusal> {
    tx.sql.execute(
        "INSERT INTO channel (id, space_id, kind, name, topic, parent_id, position, slow_mode_s, user_limit, opus_bitrate, opus_dtx, opus_fec)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values![
            channel.id,
            channel.space_id,
            load::to_text(channel.kind),
            &channel.name,
            &channel.topic,
            channel.parent_id,
            channel.position,
            channel.slow_mode_s,
            u32::from(channel.user_limit),
            channel.opus.map(|opus| opus.bitrate),
            channel.opus.map(|opus| opus.dtx),
            channel.opus.map(|opus| opus.fec)
        ],
    )?;
    for overwrite in &channel.overwrites {
        write_overwrite(tx, channel.id, overwrite)?;
    }
    Ok(())
}

fn write_overwrite(tx: &mut Tx<'_>, channel: ChannelId, overwrite: &Overwrite) -> Result<(), Refusal> {
    let (role, account) = columns(overwrite.target);
    if overwrite.allow.is_empty() && overwrite.deny.is_empty() {
        tx.sql.execute("DELETE FROM overwrite WHERE channel_id = $1 AND role_id = $2 AND account_id = $3", values![channel, role, account])?;
    } else {
        tx.sql.execute(
            "INSERT INTO overwrite (channel_id, role_id, account_id, allow, deny) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (channel_id, role_id, account_id) DO UPDATE SET allow = excluded.allow, deny = excluded.deny",
            values![channel, role, account, overwrite.allow.bits() as i64, overwrite.deny.bits() as i64],
        )?;
    }
    Ok(())
}

fn columns(target: OverwriteTarget) -> (i64, i64) {
    match target {
        OverwriteTarget::Role(role) => (role.get(), 0),
        OverwriteTarget::Member(user) => (0, user.get()),
    }
}

fn make(tx: &mut Tx<'_>, user: UserId, space: SpaceId, body: CreateChannel) -> Result<Channel, Refusal> {
    let access = tx.world.space_for(user, space)?;
    access.require(Permission::ManageChannels)?;
    if access.place.channels.len() >= limits::CHANNELS_PER_SPACE {
        return Err(
            Refusal::new(ErrorCode::Conflict, format!("A space has at most {} channels.", limits::CHANNELS_PER_SPACE)).hint("Delete one first.")
        );
    }
    if let Some(parent) = body.parent_id {
        require_category(tx, user, space, body.kind, parent)?;
    }
    let mut overwrites = BTreeMap::new();
    for overwrite in body.overwrites {
        check_overwrite(&access, access.permissions, &Overwrite { allow: Permissions::NONE, deny: Permissions::NONE, ..overwrite }, &overwrite)?;
        if overwrites.insert(overwrite.target, overwrite).is_some() {
            return Err(Refusal::invalid("overwrites", "Each role and member can have one overwrite only."));
        }
    }
    if let Some(opus) = body.opus {
        check_opus(body.kind, opus)?;
    }
    let siblings = access.place.channels.values().filter(|c| c.parent_id == body.parent_id);
    let channel = Channel {
        id: tx.id(),
        space_id: space,
        kind: body.kind,
        name: text::name("name", &body.name, limits::CHANNEL_NAME)?,
        topic: text::clean("topic", body.topic.as_deref().unwrap_or_default(), limits::TOPIC, true)?,
        parent_id: body.parent_id,
        position: siblings.map(|c| c.position + 1).max().unwrap_or(0),
        slow_mode_s: 0,
        user_limit: 0,
        opus: body.opus.or(OpusSettings::of_new(body.kind)),
        overwrites: overwrites.into_values().filter(|o| !o.allow.is_empty() || !o.deny.is_empty()).collect(),
        last_message_id: None,
    };
    insert(tx, &channel)?;
    tx.audit(Audit {
        space: Some(space),
        actor: Some(user),
        action: "channel.create",
        target: Some(channel.id.get()),
        before: None,
        after: Some(json!(channel)),
    })?;
    tx.emit(Change::Channel(channel.clone()));
    Ok(channel)
}

/// Only voice channels have voices, and Opus has its bounds.
fn check_opus(kind: ChannelKind, opus: OpusSettings) -> Result<(), Refusal> {
    if kind != ChannelKind::Voice {
        return Err(Refusal::invalid("opus", "Only a voice channel encodes voices."));
    }
    if !OpusSettings::BITRATE.contains(&opus.bitrate) {
        return Err(Refusal::invalid("opus", "The bitrate of a voice channel is 8,000 to 256,000 bits per second."));
    }
    Ok(())
}

/// A parent must be a category of the same space that the user manages, and a category has none.
fn require_category(tx: &Tx<'_>, user: UserId, space: SpaceId, kind: ChannelKind, parent: ChannelId) -> Result<(), Refusal> {
    if kind == ChannelKind::Category {
        return Err(Refusal::invalid("parent_id", "A category cannot be inside another."));
    }
    let parent = tx.world.channel_for(user, parent).map_err(|e| e.field("parent_id"))?;
    if parent.channel.space_id != space || parent.channel.kind != ChannelKind::Category {
        return Err(Refusal::invalid("parent_id", "The parent must be a category of the same space."));
    }
    Ok(())
}

fn manage<'w>(tx: &Tx<'w>, user: UserId, id: ChannelId) -> Result<ChannelAccess<'w>, Refusal> {
    let access = tx.world.channel_for(user, id)?;
    access.require(Permission::ManageChannels)?;
    Ok(access)
}

fn change(tx: &mut Tx<'_>, user: UserId, id: ChannelId, body: UpdateChannel) -> Result<Channel, Refusal> {
    let before = manage(tx, user, id)?.channel;
    let mut channel = before.clone();
    if let Some(name) = body.name {
        channel.name = text::name("name", &name, limits::CHANNEL_NAME)?;
    }
    if let Some(topic) = body.topic {
        channel.topic = text::clean("topic", &topic, limits::TOPIC, true)?;
    }
    if let Some(slow) = body.slow_mode_s {
        if slow > limits::SLOW_MODE_S {
            return Err(Refusal::invalid("slow_mode_s", "Slow mode is at most six hours."));
        }
        channel.slow_mode_s = slow;
    }
    if let Some(limit) = body.user_limit {
        if limit > limits::USER_LIMIT {
            return Err(Refusal::invalid("user_limit", format!("A voice channel holds at most {} people.", limits::USER_LIMIT)));
        }
        channel.user_limit = limit;
    }
    if let Some(opus) = body.opus {
        check_opus(channel.kind, opus)?;
        channel.opus = Some(opus);
    }
    if channel == *before {
        return Ok(channel);
    }
    tx.sql.execute(
        "UPDATE channel SET name = $2, topic = $3, slow_mode_s = $4, user_limit = $5, opus_bitrate = $6, opus_dtx = $7, opus_fec = $8 WHERE id = $1",
        values![
            id,
            &channel.name,
            &channel.topic,
            channel.slow_mode_s,
            u32::from(channel.user_limit),
            channel.opus.map(|opus| opus.bitrate),
            channel.opus.map(|opus| opus.dtx),
            channel.opus.map(|opus| opus.fec)
        ],
    )?;
    tx.audit(Audit {
        space: Some(channel.space_id),
        actor: Some(user),
        action: "channel.update",
        target: Some(id.get()),
        before: Some(json!(before)),
        after: Some(json!(channel)),
    })?;
    tx.emit(Change::Channel(channel.clone()));
    Ok(channel)
}

fn arrange(tx: &mut Tx<'_>, user: UserId, space: SpaceId, places: Vec<ChannelPlace>) -> Result<(), Refusal> {
    let access = tx.world.space_for(user, space)?;
    access.require(Permission::ManageChannels)?;
    let mut seen = BTreeSet::new();
    let mut moved = Vec::new();
    for place in places {
        let channel = tx.world.channel_for(user, place.id)?;
        if channel.channel.space_id != space {
            return Err(Refusal::not_found("channel"));
        }
        if !seen.insert(place.id) {
            return Err(Refusal::invalid("places", "A channel can be in one place only."));
        }
        if place.position as usize > limits::CHANNELS_PER_SPACE {
            return Err(Refusal::invalid("places", "That place is too far down."));
        }
        let (parent_id, position) = (place.parent_id, place.position);
        if (channel.channel.parent_id, channel.channel.position) == (parent_id, position) {
            continue;
        }
        channel.require(Permission::ManageChannels)?;
        if channel.channel.parent_id != parent_id {
            // Another parent means other inherited overwrites: a matter of roles as well.
            channel.require(Permission::ManageRoles)?;
            if let Some(parent) = parent_id {
                require_category(tx, user, space, channel.channel.kind, parent)?;
                tx.world.channel_for(user, parent)?.require(Permission::ManageRoles)?;
            }
        }
        moved.push(Channel { parent_id, position, ..channel.channel.clone() });
    }
    for channel in moved {
        tx.sql.execute("UPDATE channel SET parent_id = $2, position = $3 WHERE id = $1", values![channel.id, channel.parent_id, channel.position])?;
        let after = json!({ "parent_id": channel.parent_id, "position": channel.position });
        tx.audit(Audit {
            space: Some(space),
            actor: Some(user),
            action: "channel.move",
            target: Some(channel.id.get()),
            before: None,
            after: Some(after),
        })?;
        tx.emit(Change::Channel(channel));
    }
    Ok(())
}

fn remove(tx: &mut Tx<'_>, user: UserId, id: ChannelId) -> Result<(), Refusal> {
    let access = manage(tx, user, id)?;
    let (space, before) = (access.channel.space_id, json!(access.channel));
    let children = access.space.place.channels.values().filter(|c| c.parent_id == Some(id));
    // What was in a category stays, below none. It keeps its own overwrites only, which could show it to more people:
    // so it takes the category's with it.
    for child in children {
        let kept = leave_category(tx, child, &access.channel.overwrites)?;
        tx.emit(Change::Channel(kept));
    }
    tx.sql.execute("UPDATE channel SET deleted_at = $2 WHERE id = $1", values![id, tx.now])?;
    tx.audit(Audit { space: Some(space), actor: Some(user), action: "channel.delete", target: Some(id.get()), before: Some(before), after: None })?;
    tx.emit(Change::ChannelDeleted { space, channel: id });
    Ok(())
}

/// A channel as it is outside its category, which changed these overwrites.
fn leave_category(tx: &mut Tx<'_>, channel: &Channel, category: &[Overwrite]) -> Result<Channel, Refusal> {
    let overwrites = inherit::inherit(channel.space_id.everyone(), category, &channel.overwrites);
    tx.sql.execute("UPDATE channel SET parent_id = NULL WHERE id = $1", values![channel.id])?;
    for overwrite in &overwrites {
        write_overwrite(tx, channel.id, overwrite)?;
    }
    Ok(Channel { parent_id: None, overwrites, ..channel.clone() })
}

fn deleted(sql: &mut dyn Sql, space: SpaceId) -> Result<Vec<DeletedChannel>, SqlError> {
    let text = concat!(
        "SELECT ",
        load::channel_columns!(),
        ", deleted_at FROM channel WHERE space_id = $1 AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 100"
    );
    let rows = sql.query(text, values![space])?;
    rows.into_iter().map(|mut row| Ok(DeletedChannel { channel: load::channel(&mut row)?, deleted_at: row.take::<Timestamp>()? })).collect()
}

fn bring_back(tx: &mut Tx<'_>, user: UserId, id: ChannelId) -> Result<Channel, Refusal> {
    let missing = || Refusal::not_found("deleted channel");
    let space: Option<SpaceId> = scalar(tx.sql, "SELECT space_id FROM channel WHERE id = $1 AND deleted_at IS NOT NULL", values![id])?;
    let space = space.ok_or_else(missing)?;
    let access = tx.world.space_for(user, space).map_err(|_| missing())?;
    access.require(Permission::ManageChannels)?;
    if access.place.channels.len() >= limits::CHANNELS_PER_SPACE {
        return Err(Refusal::new(ErrorCode::Conflict, "The space has no room for another channel.").hint("Delete one first."));
    }
    let text = concat!("SELECT ", load::channel_columns!(), " FROM channel WHERE id = $1");
    let mut channel = load::channel(&mut tx.sql.row(text, values![id])?.ok_or_else(missing)?)?;
    channel.overwrites = overwrites(tx.sql, id)?;
    if let Some(parent) = channel.parent_id.filter(|parent| !access.place.channels.contains_key(parent)) {
        // Its category was deleted as well. What that hid stays hidden.
        let category = overwrites(tx.sql, parent)?;
        channel = leave_category(tx, &channel, &category)?;
    }
    tx.sql.execute("UPDATE channel SET deleted_at = NULL WHERE id = $1", values![id])?;
    tx.audit(Audit {
        space: Some(space),
        actor: Some(user),
        action: "channel.restore",
        target: Some(id.get()),
        before: None,
        after: Some(json!(channel)),
    })?;
    tx.emit(Change::Channel(channel.clone()));
    Ok(channel)
}

/// The overwrites of a channel, deleted or not, ordered by target.
fn overwrites(sql: &mut dyn Sql, id: ChannelId) -> Result<Vec<Overwrite>, SqlError> {
    let text = "SELECT role_id, account_id, allow, deny FROM overwrite WHERE channel_id = $1 ORDER BY account_id, role_id";
    sql.query(text, values![id])?.iter_mut().map(load::overwrite).collect()
}

fn put_overwrite(tx: &mut Tx<'_>, user: UserId, id: ChannelId, overwrite: Overwrite) -> Result<Channel, Refusal> {
    let access = tx.world.channel_for(user, id)?;
    access.require(Permission::ManageRoles)?;
    let before = access.channel.overwrites.iter().find(|o| o.target == overwrite.target).copied();
    let empty = Overwrite { allow: Permissions::NONE, deny: Permissions::NONE, ..overwrite };
    check_overwrite(&access.space, access.permissions, &before.unwrap_or(empty), &overwrite)?;
    let mut channel = access.channel.clone();
    channel.overwrites.retain(|o| o.target != overwrite.target);
    if overwrite != empty {
        channel.overwrites.push(overwrite);
        channel.overwrites.sort_by_key(|o| o.target);
    }
    write_overwrite(tx, id, &overwrite)?;
    tx.audit(Audit {
        space: Some(channel.space_id),
        actor: Some(user),
        action: "overwrite.set",
        target: Some(id.get()),
        before: before.map(|o| json!(o)),
        after: Some(json!(overwrite)),
    })?;
    tx.emit(Change::Channel(channel.clone()));
    Ok(channel)
}

/// Whether `access` may change an overwrite: its target below them, no bit that they lack, nothing both given and taken.
fn check_overwrite(access: &SpaceAccess<'_>, own: Permissions, before: &Overwrite, after: &Overwrite) -> Result<(), Refusal> {
    access.require(Permission::ManageRoles)?;
    match after.target {
        OverwriteTarget::Role(role) => access.require_above_role(access.role(role)?)?,
        OverwriteTarget::Member(user) if user == access.user() => {}
        OverwriteTarget::Member(user) => {
            access.other(user)?;
            access.require_above(user)?;
        }
    }
    if !(after.allow & after.deny).is_empty() {
        return Err(Refusal::invalid("allow", "A permission cannot be both given and taken."));
    }
    let administrator = Permissions::of(&[Permission::Administrator]);
    if !((after.allow | after.deny) & administrator).is_empty() {
        return Err(Refusal::invalid("allow", "Administration is a matter of roles, not of a channel."));
    }
    let changed =
        [(before.allow, after.allow), (before.deny, after.deny)].into_iter().fold(Permissions::NONE, |sum, (a, b)| sum | a.minus(b) | b.minus(a));
    crate::world::require_own(own, changed)
}
