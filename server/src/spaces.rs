//! Spaces: making, finding, joining, changing, leaving and deleting them.

use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Created, Done, Json, Path, Raw},
        route::{Limit, Need, Route},
    },
    images,
    store::{Audit, Tx},
    text, values,
    world::{Change, Departure, Place},
};
use axum::{extract::State, http::Method};
use serde_json::json;
use snug_protocol::{
    Channel, ChannelId, ChannelKind, ErrorCode, ImageHash, Member, Permission, Permissions, Role, Space, SpaceId, SpaceSnapshot, UserId, limits,
    rest::{CreateSpace, PublicSpace, UpdateSpace},
    voice::OpusSettings,
};
use std::{collections::BTreeMap, sync::Arc};

/// The routes.
pub fn routes() -> Vec<Route> {
    use Permission::ManageSpace;
    let manage = Need::Space(ManageSpace);
    vec![
        Route::new(Method::GET, "/spaces/public", Need::Login, Limit::Read, "Lists the spaces that may be joined without an invite.", list_public)
            .answer::<Vec<PublicSpace>>(200),
        Route::new(Method::POST, "/spaces", Need::Login, Limit::Write, "Makes a space with a text and a voice channel.", create)
            .body::<CreateSpace>()
            .answer::<Space>(201),
        Route::new(Method::GET, "/spaces/{space}", Need::Member, Limit::Read, "Shows all that one may see of a space.", show)
            .answer::<SpaceSnapshot>(200),
        Route::new(Method::PATCH, "/spaces/{space}", manage, Limit::Write, "Changes a space.", update).body::<UpdateSpace>().answer::<Space>(200),
        Route::new(Method::DELETE, "/spaces/{space}", Need::Owner, Limit::Write, "Deletes a space with all that is in it.", delete),
        Route::new(Method::PUT, "/spaces/{space}/icon", manage, Limit::Write, "Gives a space a picture.", set_icon).picture().answer::<Space>(200),
        Route::new(Method::DELETE, "/spaces/{space}/icon", manage, Limit::Write, "Takes a space's picture away.", remove_icon).answer::<Space>(200),
        Route::new(Method::POST, "/spaces/{space}/join", Need::Login, Limit::Write, "Joins a public space.", join).answer::<Space>(200),
        Route::new(Method::POST, "/spaces/{space}/leave", Need::Member, Limit::Write, "Leaves a space. Its owner has to pass it on first.", leave),
    ]
}

async fn list_public(State(app): State<Arc<App>>, actor: Actor) -> Json<Vec<PublicSpace>> {
    let world = app.hub.read();
    let public = world.spaces.values().filter(|place| place.space.public);
    let mut list: Vec<_> = public
        .map(|place| PublicSpace { space: place.space.clone(), members: place.members.len() as u32, joined: place.members.contains_key(&actor.user) })
        .collect();
    list.sort_by_key(|p| (std::cmp::Reverse(p.members), p.space.id));
    Json(list)
}

async fn create(State(app): State<Arc<App>>, actor: Actor, Json(body): Json<CreateSpace>) -> Result<Created<Space>, Refusal> {
    let name = text::name("name", &body.name, limits::SPACE_NAME)?;
    app.store.write(move |tx| make(tx, actor.user, name, body.public)).await.map(Created)
}

async fn show(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>) -> Result<Json<SpaceSnapshot>, Refusal> {
    Ok(Json(app.hub.read().space_for(actor.user, space)?.place.snapshot(actor.user)))
}

async fn update(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(space): Path<SpaceId>,
    Json(body): Json<UpdateSpace>,
) -> Result<Json<Space>, Refusal> {
    app.store.write(move |tx| change(tx, actor.user, space, body)).await.map(Json)
}

async fn delete(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>) -> Result<Done, Refusal> {
    app.store.write(move |tx| remove(tx, actor.user, space)).await.map(|()| Done)
}

async fn set_icon(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>, raw: Raw) -> Result<Json<Space>, Refusal> {
    app.hub.read().space_for(actor.user, space)?.require(Permission::ManageSpace)?;
    let icon = images::store_picture(&app, raw).await?;
    app.store.write(move |tx| change_icon(tx, actor.user, space, Some(icon))).await.map(Json)
}

async fn remove_icon(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>) -> Result<Json<Space>, Refusal> {
    app.store.write(move |tx| change_icon(tx, actor.user, space, None)).await.map(Json)
}

async fn join(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>) -> Result<Json<Space>, Refusal> {
    app.store.write(move |tx| join_public(tx, actor.user, space)).await.map(Json)
}

async fn leave(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>) -> Result<Done, Refusal> {
    app.store.write(move |tx| depart(tx, actor.user, space)).await.map(|()| Done)
}

/// The space that the first account finds: the server is not empty from the start.
pub fn create_first(tx: &mut Tx<'_>, owner: UserId) -> Result<SpaceId, Refusal> {
    make(tx, owner, "The Snug".into(), false).map(|space| space.id)
}

/// Makes a space with a text and a voice channel.
fn make(tx: &mut Tx<'_>, owner: UserId, name: String, public: bool) -> Result<Space, Refusal> {
    require_room(tx, owner)?;
    let space = Space { id: tx.id(), name, description: String::new(), icon: None, public, owner_id: owner };
    tx.sql.execute(
        "INSERT INTO space (id, name, public, owner_id) VALUES ($1, $2, $3, $4)",
        values![space.id, &space.name, space.public, space.owner_id],
    )?;
    let everyone = Role {
        id: space.id.everyone(),
        space_id: space.id,
        name: "@everyone".into(),
        color: None,
        position: 0,
        permissions: Permissions::EVERYONE,
        hoist: false,
        mentionable: false,
    };
    crate::roles::insert(tx, &everyone)?;
    let mut place =
        Place { space: space.clone(), channels: BTreeMap::new(), roles: BTreeMap::from([(everyone.id, everyone)]), members: BTreeMap::new() };
    for (kind, name) in [(ChannelKind::Text, "general"), (ChannelKind::Voice, "Fireside")] {
        let channel = Channel {
            id: tx.id::<ChannelId>(),
            space_id: space.id,
            kind,
            name: name.into(),
            topic: String::new(),
            parent_id: None,
            position: place.channels.len() as u32,
            slow_mode_s: 0,
            user_limit: 0,
            opus: OpusSettings::of_new(kind),
            overwrites: Vec::new(),
            last_message_id: None,
        };
        crate::channels::insert(tx, &channel)?;
        place.channels.insert(channel.id, channel);
    }
    place.members.insert(owner, insert_member(tx, space.id, owner)?);
    tx.audit(Audit { space: Some(space.id), actor: Some(owner), action: "space.create", after: Some(json!(space)), ..Audit::default() })?;
    tx.emit(Change::SpaceMade(Box::new(place)));
    Ok(space)
}

fn require_room(tx: &Tx<'_>, user: UserId) -> Result<(), Refusal> {
    if tx.world.people.get(&user).is_some_and(|person| person.spaces.len() >= limits::SPACES_PER_USER) {
        return Err(
            Refusal::new(ErrorCode::Conflict, format!("Nobody can be in more than {} spaces.", limits::SPACES_PER_USER)).hint("Leave one first.")
        );
    }
    Ok(())
}

fn insert_member(tx: &mut Tx<'_>, space: SpaceId, user: UserId) -> Result<Member, Refusal> {
    // To leave and come again takes back nothing that moderators have done.
    let silenced = tx.sql.query("SELECT muted, deafened FROM silenced WHERE space_id = $1 AND account_id = $2", values![space, user])?;
    let (muted, deafened) = match silenced.into_iter().next() {
        Some(mut row) => (row.take()?, row.take()?),
        None => (false, false),
    };
    tx.sql.execute("DELETE FROM silenced WHERE space_id = $1 AND account_id = $2", values![space, user])?;
    let member = Member { space_id: space, user_id: user, nickname: None, roles: Vec::new(), joined_at: tx.now, muted, deafened };
    tx.sql.execute(
        "INSERT INTO member (space_id, account_id, joined_at, muted, deafened) VALUES ($1, $2, $3, $4, $5)",
        values![space, user, tx.now, muted, deafened],
    )?;
    Ok(member)
}

fn change(tx: &mut Tx<'_>, user: UserId, id: SpaceId, body: UpdateSpace) -> Result<Space, Refusal> {
    let access = tx.world.space_for(user, id)?;
    access.require(Permission::ManageSpace)?;
    let before = access.place.space.clone();
    let mut space = before.clone();
    if let Some(name) = body.name {
        space.name = text::name("name", &name, limits::SPACE_NAME)?;
    }
    if let Some(description) = body.description {
        space.description = text::clean("description", &description, limits::SPACE_DESCRIPTION, true)?;
    }
    if let Some(public) = body.public {
        space.public = public;
    }
    if let Some(owner) = body.owner_id {
        access.require_owner()?;
        access.other(owner)?;
        space.owner_id = owner;
    }
    save(tx, user, before, space)
}

fn change_icon(tx: &mut Tx<'_>, user: UserId, id: SpaceId, icon: Option<ImageHash>) -> Result<Space, Refusal> {
    let access = tx.world.space_for(user, id)?;
    access.require(Permission::ManageSpace)?;
    let before = access.place.space.clone();
    save(tx, user, before.clone(), Space { icon, ..before })
}

fn save(tx: &mut Tx<'_>, user: UserId, before: Space, space: Space) -> Result<Space, Refusal> {
    if before == space {
        return Ok(space);
    }
    tx.sql.execute(
        "UPDATE space SET name = $2, description = $3, icon = $4, public = $5, owner_id = $6 WHERE id = $1",
        values![space.id, &space.name, &space.description, space.icon.as_ref().map(|i| i.0.as_str()), space.public, space.owner_id],
    )?;
    tx.audit(Audit {
        space: Some(space.id),
        actor: Some(user),
        action: "space.update",
        target: Some(space.id.get()),
        before: Some(json!(before)),
        after: Some(json!(space)),
    })?;
    tx.emit(Change::Space(space.clone()));
    Ok(space)
}

fn remove(tx: &mut Tx<'_>, user: UserId, id: SpaceId) -> Result<(), Refusal> {
    let access = tx.world.space_for(user, id)?;
    access.require_owner()?;
    let before = json!(access.place.space);
    // Channels refer to each other as parents, so these go first; the rest goes with the space.
    tx.sql.execute("UPDATE channel SET parent_id = NULL WHERE space_id = $1", values![id])?;
    tx.sql.execute("DELETE FROM space WHERE id = $1", values![id])?;
    tx.audit(Audit { space: Some(id), actor: Some(user), action: "space.delete", target: Some(id.get()), before: Some(before), after: None })?;
    tx.emit(Change::SpaceDeleted(id));
    Ok(())
}

fn join_public(tx: &mut Tx<'_>, user: UserId, id: SpaceId) -> Result<Space, Refusal> {
    let place = tx.world.spaces.get(&id).filter(|place| place.space.public || place.members.contains_key(&user));
    let space = place.map(|place| place.space.clone()).ok_or_else(|| Refusal::not_found("public space"))?;
    enter(tx, user, id)?;
    Ok(space)
}

/// Makes somebody a member, if they are not yet and are not banned.
pub fn enter(tx: &mut Tx<'_>, user: UserId, space: SpaceId) -> Result<(), Refusal> {
    let place = tx.world.spaces.get(&space).ok_or_else(|| Refusal::not_found("space"))?;
    if place.members.contains_key(&user) {
        return Ok(());
    }
    if crate::members::is_banned(tx.sql, space, user)? {
        return Err(Refusal::new(ErrorCode::Banned, "You are banned from this space.").hint("Ask somebody who manages it."));
    }
    require_room(tx, user)?;
    let member = insert_member(tx, space, user)?;
    tx.audit(Audit { space: Some(space), actor: Some(user), action: "member.join", target: Some(user.get()), ..Audit::default() })?;
    tx.emit(Change::MemberJoined(member));
    Ok(())
}

fn depart(tx: &mut Tx<'_>, user: UserId, id: SpaceId) -> Result<(), Refusal> {
    if tx.world.space_for(user, id)?.is_owner() {
        return Err(Refusal::new(ErrorCode::Conflict, "The owner cannot leave the space.").hint("Pass it on to somebody first, or delete it."));
    }
    remove_member(tx, Some(user), id, user, Departure::Left, "member.leave")
}

/// Ends a membership, with the roles and overwrites that hang on it.
pub fn remove_member(tx: &mut Tx<'_>, actor: Option<UserId>, space: SpaceId, user: UserId, why: Departure, action: &str) -> Result<(), Refusal> {
    tx.sql.execute(
        "INSERT INTO silenced (space_id, account_id, muted, deafened)
         SELECT space_id, account_id, muted, deafened FROM member WHERE space_id = $1 AND account_id = $2 AND muted + deafened > 0",
        values![space, user],
    )?;
    tx.sql.execute("DELETE FROM member WHERE space_id = $1 AND account_id = $2", values![space, user])?;
    tx.sql.execute(
        "DELETE FROM overwrite WHERE account_id = $2 AND channel_id IN (SELECT id FROM channel WHERE space_id = $1)",
        values![space, user],
    )?;
    tx.audit(Audit { space: Some(space), actor, action, target: Some(user.get()), ..Audit::default() })?;
    tx.emit(Change::MemberLeft { space, user, why });
    Ok(())
}
