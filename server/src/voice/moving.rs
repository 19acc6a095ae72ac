//! Moving somebody to another voice channel, and putting somebody out of voice.

use super::Move;
use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Done, Json, Path},
        route::{Limit, Need, Route},
    },
    store::{Audit, Tx},
    world::Change,
};
use axum::{extract::State, http::Method};
use serde_json::json;
use snug_protocol::{ChannelId, ChannelKind, ErrorCode, Permission, SpaceId, UserId, rest::MoveMember};
use std::sync::Arc;

/// The routes.
pub fn routes() -> Vec<Route> {
    let about = "Moves a member who is in voice to another voice channel, or puts them out. One needs the permission where they are, and \
                 with `connect` where they go; they need only see it.";
    let need = Need::Space(Permission::MoveMembers);
    vec![Route::new(Method::PUT, "/spaces/{space}/members/{user}/voice", need, Limit::Write, about, put).body::<MoveMember>()]
}

async fn put(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((space, user)): Path<(SpaceId, UserId)>,
    Json(body): Json<MoveMember>,
) -> Result<Done, Refusal> {
    // Where they are is not the store's to know. Should they go elsewhere meanwhile, they are not moved from there.
    let from = app.hub.voice_channel(user);
    app.store.write(move |tx| bring(tx, actor.user, space, user, from, body.channel_id)).await.map(|()| Done)
}

fn bring(tx: &mut Tx<'_>, actor: UserId, space: SpaceId, user: UserId, from: Option<ChannelId>, to: Option<ChannelId>) -> Result<(), Refusal> {
    let access = tx.world.space_for(actor, space)?;
    access.other(user)?;
    let seen = from.and_then(|id| tx.world.channel_for(actor, id).ok()).filter(|from| from.channel.space_id == space);
    let Some(from) = seen else {
        access.require(Permission::MoveMembers)?;
        return Err(Refusal::new(ErrorCode::NotFound, "They are in none of the voice channels here that you see."));
    };
    from.require(Permission::MoveMembers)?;
    let from = from.channel.id;
    if let Some(to) = to {
        let there = tx.world.channel_for(actor, to).map_err(|refusal| refusal.field("channel_id"))?;
        if there.channel.space_id != space || there.channel.kind != ChannelKind::Voice {
            return Err(Refusal::invalid("channel_id", "Somebody in voice can be moved to a voice channel of the same space only."));
        }
        there.require(Permission::Connect)?;
        there.require(Permission::MoveMembers)?;
        if tx.world.channel_for(user, to).is_err() {
            return Err(Refusal::new(ErrorCode::Forbidden, "They do not see that channel.").hint("Let them see it first."));
        }
    }
    tx.audit(Audit {
        space: Some(space),
        actor: Some(actor),
        action: if to.is_some() { "member.move" } else { "member.disconnect" },
        target: Some(user.get()),
        before: Some(json!({ "channel_id": from })),
        after: Some(json!({ "channel_id": to })),
    })?;
    tx.emit(Change::Moved(Move { user, from, to }));
    Ok(())
}
