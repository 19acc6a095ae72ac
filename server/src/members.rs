//! Members: nicknames and roles, kicks and bans.

use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Done, Json, Path},
        route::{Limit, Need, Route},
    },
    messages, roles, spaces,
    store::{Audit, Sql, SqlError, Tx, scalar},
    text, values,
    world::{Change, Departure, SpaceAccess, load},
};
use axum::{extract::State, http::Method};
use serde_json::json;
use snug_protocol::{
    Ban, ErrorCode, Member, Permission, RoleId, SpaceId, Timestamp, UserId, limits,
    rest::{CreateBan, UpdateMember},
};
use std::{collections::BTreeSet, sync::Arc};

/// How far back a ban may delete messages: 7 days.
const CLEAN_UP_S: u32 = 7 * 86_400;

/// The routes.
pub fn routes() -> Vec<Route> {
    use Permission::{BanMembers, KickMembers, ManageRoles};
    vec![
        Route::new(
            Method::PATCH,
            "/spaces/{space}/members/{user}",
            Need::Above(ManageRoles),
            Limit::Write,
            "Changes a member's nickname or roles, mutes or deafens them; everyone may change their own nickname.",
            update,
        )
        .body::<UpdateMember>()
        .answer::<Member>(200),
        Route::new(
            Method::DELETE,
            "/spaces/{space}/members/{user}",
            Need::Above(KickMembers),
            Limit::Write,
            "Removes a member, who may come back.",
            kick,
        ),
        Route::new(Method::GET, "/spaces/{space}/bans", Need::Space(BanMembers), Limit::Read, "Lists the bans.", list_bans).answer::<Vec<Ban>>(200),
        Route::new(Method::PUT, "/spaces/{space}/bans/{user}", Need::Above(BanMembers), Limit::Write, "Bans somebody, member or not.", ban)
            .body::<CreateBan>(),
        Route::new(Method::DELETE, "/spaces/{space}/bans/{user}", Need::Space(BanMembers), Limit::Write, "Lifts a ban.", unban),
    ]
}

async fn update(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((space, user)): Path<(SpaceId, UserId)>,
    Json(body): Json<UpdateMember>,
) -> Result<Json<Member>, Refusal> {
    app.store.write(move |tx| change(tx, actor.user, space, user, body)).await.map(Json)
}

async fn kick(State(app): State<Arc<App>>, actor: Actor, Path((space, user)): Path<(SpaceId, UserId)>) -> Result<Done, Refusal> {
    app.store.write(move |tx| remove(tx, actor.user, space, user)).await.map(|()| Done)
}

async fn list_bans(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>) -> Result<Json<Vec<Ban>>, Refusal> {
    app.hub.read().space_for(actor.user, space)?.require(Permission::BanMembers)?;
    app.store.read(move |sql| bans(sql, space)).await.map(Json)
}

async fn ban(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((space, user)): Path<(SpaceId, UserId)>,
    Json(body): Json<CreateBan>,
) -> Result<Done, Refusal> {
    app.store.write(move |tx| shut_out(tx, actor.user, space, user, body)).await.map(|()| Done)
}

async fn unban(State(app): State<Arc<App>>, actor: Actor, Path((space, user)): Path<(SpaceId, UserId)>) -> Result<Done, Refusal> {
    app.store.write(move |tx| let_back(tx, actor.user, space, user)).await.map(|()| Done)
}

fn change(tx: &mut Tx<'_>, actor: UserId, space: SpaceId, user: UserId, body: UpdateMember) -> Result<Member, Refusal> {
    let access = tx.world.space_for(actor, space)?;
    let before = access.other(user)?;
    let mut member = before.clone();
    if let Some(nickname) = body.nickname {
        member.nickname = rename(&access, user, &nickname)?;
    }
    if let Some(wanted) = body.roles {
        member.roles = reassign(&access, before, wanted)?;
    }
    for (wanted, permission, now) in
        [(body.muted, Permission::MuteMembers, &mut member.muted), (body.deafened, Permission::DeafenMembers, &mut member.deafened)]
    {
        if let Some(wanted) = wanted {
            access.require(permission)?;
            access.require_above(user)?;
            *now = wanted;
        }
    }
    if member == *before {
        return Ok(member);
    }
    tx.sql.execute(
        "UPDATE member SET nickname = $3, muted = $4, deafened = $5 WHERE space_id = $1 AND account_id = $2",
        values![space, user, member.nickname.as_deref(), member.muted, member.deafened],
    )?;
    for role in before.roles.iter().filter(|role| !member.roles.contains(role)) {
        tx.sql.execute("DELETE FROM member_role WHERE space_id = $1 AND account_id = $2 AND role_id = $3", values![space, user, *role])?;
    }
    for role in member.roles.iter().filter(|role| !before.roles.contains(role)) {
        tx.sql.execute("INSERT INTO member_role (space_id, account_id, role_id) VALUES ($1, $2, $3)", values![space, user, *role])?;
    }
    tx.audit(Audit {
        space: Some(space),
        actor: Some(actor),
        action: "member.update",
        target: Some(user.get()),
        before: Some(json!(before)),
        after: Some(json!(member)),
    })?;
    tx.emit(Change::Member(member.clone()));
    Ok(member)
}

fn rename(access: &SpaceAccess<'_>, user: UserId, nickname: &str) -> Result<Option<String>, Refusal> {
    let nickname = text::clean("nickname", nickname, limits::DISPLAY_NAME, false)?;
    if user == access.user() {
        access.require(Permission::ChangeNickname).or_else(|_| access.require(Permission::ManageNicknames))?;
    } else {
        access.require(Permission::ManageNicknames)?;
        access.require_above(user)?;
    }
    Ok(Some(nickname).filter(|n| !n.is_empty()))
}

/// The member's new roles, if every difference is one that the actor may make.
fn reassign(access: &SpaceAccess<'_>, member: &Member, wanted: Vec<RoleId>) -> Result<Vec<RoleId>, Refusal> {
    access.require(Permission::ManageRoles)?;
    // One may change one's own lower roles; others must be below.
    if member.user_id != access.user() {
        access.require_above(member.user_id)?;
    }
    let wanted: BTreeSet<_> = wanted.into_iter().collect();
    let before: BTreeSet<_> = member.roles.iter().copied().collect();
    for id in wanted.symmetric_difference(&before) {
        if *id == access.place.space.id.everyone() {
            return Err(Refusal::invalid("roles", "Every member has @everyone; it is not given or taken."));
        }
        roles::require_grantable(access, access.role(*id)?)?;
    }
    Ok(wanted.into_iter().collect())
}

fn remove(tx: &mut Tx<'_>, actor: UserId, space: SpaceId, user: UserId) -> Result<(), Refusal> {
    let access = tx.world.space_for(actor, space)?;
    access.require(Permission::KickMembers)?;
    access.other(user)?;
    access.require_above(user)?;
    spaces::remove_member(tx, Some(actor), space, user, Departure::Kicked, "member.kick")
}

fn shut_out(tx: &mut Tx<'_>, actor: UserId, space: SpaceId, user: UserId, body: CreateBan) -> Result<(), Refusal> {
    let access = tx.world.space_for(actor, space)?;
    access.require(Permission::BanMembers)?;
    if !tx.world.people.contains_key(&user) {
        return Err(Refusal::not_found("person"));
    }
    access.require_above(user)?;
    let reason = text::clean("reason", &body.reason, limits::REASON, true)?;
    if body.delete_message_s > CLEAN_UP_S {
        return Err(Refusal::invalid("delete_message_s", "Messages of the last 7 days can be deleted, and no older ones."));
    }
    let member = access.place.members.contains_key(&user);
    tx.sql.execute(
        "INSERT INTO ban (space_id, account_id, reason, banned_by, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (space_id, account_id) DO UPDATE SET reason = excluded.reason",
        values![space, user, &reason, actor, tx.now],
    )?;
    let after = json!({ "reason": reason, "delete_message_s": body.delete_message_s });
    tx.audit(Audit { space: Some(space), actor: Some(actor), action: "ban.create", target: Some(user.get()), before: None, after: Some(after) })?;
    if body.delete_message_s > 0 {
        let since = Timestamp(tx.now.0 - i64::from(body.delete_message_s) * 1000);
        messages::delete_since(tx, actor, space, user, since)?;
    }
    if member {
        spaces::remove_member(tx, Some(actor), space, user, Departure::Banned, "member.ban")?;
    }
    Ok(())
}

fn let_back(tx: &mut Tx<'_>, actor: UserId, space: SpaceId, user: UserId) -> Result<(), Refusal> {
    tx.world.space_for(actor, space)?.require(Permission::BanMembers)?;
    if tx.sql.execute("DELETE FROM ban WHERE space_id = $1 AND account_id = $2", values![space, user])? == 0 {
        return Err(Refusal::new(ErrorCode::NotFound, "They are not banned here."));
    }
    tx.audit(Audit { space: Some(space), actor: Some(actor), action: "ban.delete", target: Some(user.get()), ..Audit::default() })?;
    Ok(())
}

/// Whether somebody is banned from a space.
pub fn is_banned(sql: &mut dyn Sql, space: SpaceId, user: UserId) -> Result<bool, SqlError> {
    let found: Option<i64> = scalar(sql, "SELECT created_at FROM ban WHERE space_id = $1 AND account_id = $2", values![space, user])?;
    Ok(found.is_some())
}

fn bans(sql: &mut dyn Sql, space: SpaceId) -> Result<Vec<Ban>, SqlError> {
    let text = "SELECT a.id, a.username, a.display_name, a.avatar, a.bio, b.reason, b.banned_by, b.created_at
         FROM ban b JOIN account a ON a.id = b.account_id WHERE b.space_id = $1 ORDER BY b.created_at DESC";
    let read = |mut row: crate::store::Row| {
        Ok(Ban { space_id: space, user: load::user(&mut row)?, reason: row.take()?, banned_by: row.take()?, created_at: row.take()? })
    };
    sql.query(text, values![space])?.into_iter().map(read).collect()
}
