//! Invites to a space.

use crate::{
    auth::{self, Actor},
    error::Refusal,
    http::{
        App,
        extract::{Created, Done, Json, Path},
        route::{Limit, Need, Route},
    },
    spaces,
    store::{Audit, Row, Sql, SqlError, Tx, scalar},
    values,
};
use axum::{extract::State, http::Method};
use serde_json::json;
use snug_protocol::{
    ErrorCode, Invite, Permission, Space, SpaceId, Timestamp, UserId, limits,
    rest::{CreateInvite, InvitePreview},
};
use std::sync::Arc;

/// Letters and digits without `l`, `o`, `0` and `1`: 32 of them, 5 bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 13 characters: 65 random bits.
const CODE: usize = 13;
/// An invite lasts 30 years at most: longer is "for ever".
const MAX_AGE_S: u32 = 30 * 366 * 86_400;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/spaces/{space}/invites", Need::Space(Permission::ManageSpace), Limit::Read, "Lists the invites of a space.", list)
            .answer::<Vec<Invite>>(200),
        Route::new(Method::POST, "/spaces/{space}/invites", Need::Space(Permission::CreateInvites), Limit::Write, "Makes an invite.", create)
            .body::<CreateInvite>()
            .answer::<Invite>(201),
        Route::new(
            Method::DELETE,
            "/spaces/{space}/invites/{code}",
            Need::AuthorOr(Permission::ManageSpace),
            Limit::Write,
            "Revokes an invite.",
            revoke,
        ),
        Route::new(Method::GET, "/invites/{code}", Need::Anyone, Limit::Secret, "Shows where an invite leads.", preview).answer::<InvitePreview>(200),
        Route::new(Method::POST, "/invites/{code}", Need::Login, Limit::Secret, "Uses an invite: joins the space.", accept).answer::<Space>(200),
    ]
}

async fn list(State(app): State<Arc<App>>, actor: Actor, Path(space): Path<SpaceId>) -> Result<Json<Vec<Invite>>, Refusal> {
    app.hub.read().space_for(actor.user, space)?.require(Permission::ManageSpace)?;
    let text = "SELECT code, space_id, channel_id, creator_id, uses, max_uses, expires_at, created_at FROM invite WHERE space_id = $1 ORDER BY created_at DESC";
    let now = crate::store::now();
    let rows = app.store.read(move |sql| sql.query(text, values![space])?.into_iter().map(read).collect::<Result<Vec<_>, _>>()).await?;
    Ok(Json(rows.into_iter().filter(|invite| good(invite, now)).collect()))
}

async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(space): Path<SpaceId>,
    Json(body): Json<CreateInvite>,
) -> Result<Created<Invite>, Refusal> {
    app.store.write(move |tx| make(tx, actor.user, space, body)).await.map(Created)
}

async fn revoke(State(app): State<Arc<App>>, actor: Actor, Path((space, code)): Path<(SpaceId, String)>) -> Result<Done, Refusal> {
    app.store.write(move |tx| remove(tx, actor.user, space, &code)).await.map(|()| Done)
}

async fn preview(State(app): State<Arc<App>>, Path(code): Path<String>) -> Result<Json<InvitePreview>, Refusal> {
    let invite = app.store.read(move |sql| find(sql, &code)).await?.filter(|invite| good(invite, crate::store::now())).ok_or_else(invalid)?;
    let online = app.hub.online(invite.space_id);
    let world = app.hub.read();
    let place = world.spaces.get(&invite.space_id).ok_or_else(invalid)?;
    let inviter = world.people.get(&invite.creator_id).ok_or_else(invalid)?.user.clone();
    Ok(Json(InvitePreview {
        code: invite.code,
        space_id: place.space.id,
        space_name: place.space.name.clone(),
        space_description: place.space.description.clone(),
        space_icon: place.space.icon.clone(),
        inviter,
        members: place.members.len() as u32,
        online,
        expires_at: invite.expires_at,
    }))
}

async fn accept(State(app): State<Arc<App>>, actor: Actor, Path(code): Path<String>) -> Result<Json<Space>, Refusal> {
    let change = move |tx: &mut Tx<'_>| {
        let space = redeem(tx, actor.user, &code)?;
        tx.world.spaces.get(&space).map(|place| place.space.clone()).ok_or_else(invalid)
    };
    app.store.write(change).await.map(Json)
}

fn invalid() -> Refusal {
    Refusal::new(ErrorCode::InviteInvalid, "This invite is unknown, used up or has expired.").hint("Ask whoever sent it for a new one.")
}

fn good(invite: &Invite, now: Timestamp) -> bool {
    invite.expires_at.is_none_or(|end| end > now) && invite.max_uses.is_none_or(|most| invite.uses < most)
}

fn find(sql: &mut dyn Sql, code: &str) -> Result<Option<Invite>, SqlError> {
    // Typed codes come in any case.
    let text = "SELECT code, space_id, channel_id, creator_id, uses, max_uses, expires_at, created_at FROM invite WHERE code = $1";
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    sql.row(text, values![&code])?.map(read).transpose()
}

fn read(mut row: Row) -> Result<Invite, SqlError> {
    Ok(Invite {
        code: row.take()?,
        space_id: row.take()?,
        channel_id: row.take()?,
        creator_id: row.take()?,
        uses: row.take()?,
        max_uses: row.take()?,
        expires_at: row.take()?,
        created_at: row.take()?,
    })
}

/// Uses an invite for somebody: they are a member afterwards. Who is one already uses nothing up.
pub fn redeem(tx: &mut Tx<'_>, user: UserId, code: &str) -> Result<SpaceId, Refusal> {
    let invite = find(tx.sql, code)?.filter(|invite| good(invite, tx.now)).ok_or_else(invalid)?;
    let member = tx.world.spaces.get(&invite.space_id).is_some_and(|place| place.members.contains_key(&user));
    if !member {
        spaces::enter(tx, user, invite.space_id)?;
        tx.sql.execute("UPDATE invite SET uses = uses + 1 WHERE code = $1", values![&invite.code])?;
    }
    Ok(invite.space_id)
}

/// Whether an invite can be used now, for whoever registers with it.
pub fn check(tx: &mut Tx<'_>, code: &str) -> Result<(), Refusal> {
    find(tx.sql, code)?.filter(|invite| good(invite, tx.now)).map(drop).ok_or_else(invalid)
}

fn make(tx: &mut Tx<'_>, user: UserId, space: SpaceId, body: CreateInvite) -> Result<Invite, Refusal> {
    let access = tx.world.space_for(user, space)?;
    access.require(Permission::CreateInvites)?;
    if let Some(channel) = body.channel_id {
        // Nobody is sent to a channel of another space, or to one that the sender cannot see.
        let channel = tx.world.channel_for(user, channel)?;
        if channel.channel.space_id != space {
            return Err(Refusal::not_found("channel").field("channel_id"));
        }
    }
    if body.max_age_s.is_some_and(|age| age == 0 || age > MAX_AGE_S) {
        return Err(Refusal::invalid("max_age_s", "An invite lasts between one second and 30 years."));
    }
    if body.max_uses.is_some_and(|uses| uses == 0 || uses > 1_000_000) {
        return Err(Refusal::invalid("max_uses", "An invite can be used between one and a million times."));
    }
    let live: i64 = scalar(
        tx.sql,
        "SELECT COUNT(*) FROM invite WHERE space_id = $1 AND (expires_at IS NULL OR expires_at > $2) AND (max_uses IS NULL OR uses < max_uses)",
        values![space, tx.now],
    )?
    .unwrap_or(0);
    if live >= limits::INVITES_PER_SPACE as i64 {
        return Err(Refusal::new(ErrorCode::Conflict, "The space has too many invites.").hint("Revoke some that are not needed any more."));
    }
    let invite = Invite {
        code: auth::random::<CODE>().iter().map(|byte| ALPHABET[usize::from(byte % 32)] as char).collect(),
        space_id: space,
        channel_id: body.channel_id,
        creator_id: user,
        uses: 0,
        max_uses: body.max_uses,
        expires_at: body.max_age_s.map(|age| Timestamp(tx.now.0 + i64::from(age) * 1000)),
        created_at: tx.now,
    };
    tx.sql.execute(
        "INSERT INTO invite (code, space_id, channel_id, creator_id, uses, max_uses, expires_at, created_at) VALUES ($1, $2, $3, $4, 0, $5, $6, $7)",
        values![&invite.code, space, invite.channel_id, user, invite.max_uses, invite.expires_at, tx.now],
    )?;
    // The code is a secret: it is not in the log.
    let after = json!({ "channel_id": invite.channel_id, "max_uses": invite.max_uses, "expires_at": invite.expires_at });
    tx.audit(Audit { space: Some(space), actor: Some(user), action: "invite.create", after: Some(after), ..Audit::default() })?;
    Ok(invite)
}

fn remove(tx: &mut Tx<'_>, user: UserId, space: SpaceId, code: &str) -> Result<(), Refusal> {
    let access = tx.world.space_for(user, space)?;
    let manages = access.permissions.allows(Permission::ManageSpace);
    let invite = find(tx.sql, code)?.filter(|invite| invite.space_id == space && (manages || invite.creator_id == user));
    let invite = invite.ok_or_else(|| Refusal::not_found("invite"))?;
    tx.sql.execute("DELETE FROM invite WHERE code = $1", values![&invite.code])?;
    tx.audit(Audit { space: Some(space), actor: Some(user), action: "invite.revoke", target: Some(invite.creator_id.get()), ..Audit::default() })?;
    Ok(())
}
