//! Writing a message, exactly once.

use super::{history, mentions};
use crate::{
    error::Refusal,
    store::{Sql, SqlError, Tx, scalar},
    values,
    world::{Change, ChannelAccess, MessageChange},
};
use snug_protocol::{
    ChannelId, ChannelKind, ErrorCode, Mentions, Message, MessageId, Permission, Reply, Timestamp, UserId, id::EPOCH_MS, limits, rest::SendMessage,
};
use std::time::Duration;

/// A message that is well formed.
pub(super) struct Draft {
    content: String,
    nonce: Option<String>,
    reply_to: Option<MessageId>,
    pub(super) found: mentions::Found,
}

impl Draft {
    pub(super) fn new(body: SendMessage) -> Result<Self, Refusal> {
        let content = content(&body.content)?;
        let good = |nonce: &String| (1..=limits::NONCE_BYTES).contains(&nonce.len()) && nonce.bytes().all(|b| b.is_ascii_graphic());
        if body.nonce.as_ref().is_some_and(|nonce| !good(nonce)) {
            return Err(Refusal::invalid("nonce", "A nonce is 1 to 64 visible ASCII characters."));
        }
        let found = mentions::mentions(&content);
        Ok(Self { content, nonce: body.nonce, reply_to: body.reply_to, found })
    }
}

/// The text of a message, if it can be one. What its author wrote stays as it is, but for space around it.
pub(super) fn content(text: &str) -> Result<String, Refusal> {
    let text = text.trim_matches(|c: char| c == '\n' || c == '\r').trim_end();
    if text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c)).is_empty() {
        return Err(Refusal::invalid("content", "A message needs some text."));
    }
    let length = text.chars().count();
    if length > limits::MESSAGE {
        return Err(Refusal::invalid("content", format!("A message has at most {} characters; this has {length}.", limits::MESSAGE))
            .hint("Send it in parts."));
    }
    if text.contains('\0') {
        return Err(Refusal::invalid("content", "A message cannot hold the character U+0000."));
    }
    Ok(text.replace("\r\n", "\n"))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Writes a message. A nonce that this author used before gives the message that is there.
pub(super) fn send(tx: &mut Tx<'_>, user: UserId, channel: ChannelId, draft: Draft, here: &[UserId]) -> Result<Message, Refusal> {
    let access = tx.world.channel_for(user, channel)?;
    if let Some(nonce) = &draft.nonce
        && let Some(message) = earlier(tx.sql, user, channel, nonce)?
    {
        return Ok(message);
    }
    if access.channel.kind == ChannelKind::Category {
        return Err(Refusal::new(ErrorCode::Invalid, "A category holds channels, not messages."));
    }
    access.require(Permission::SendMessages)?;
    slow_down(tx, &access)?;
    if draft.reply_to.is_some() {
        // An answer cites what was written before.
        access.require(Permission::ReadHistory)?;
    }
    let reply_to = draft.reply_to.map(|id| answered(tx.sql, channel, id)).transpose()?;
    let message = Message {
        id: tx.id(),
        channel_id: channel,
        author_id: user,
        content: draft.content,
        edited_at: None,
        pinned_at: None,
        reply_to,
        mentions: allowed(&access, &draft.found),
        reactions: Vec::new(),
        nonce: draft.nonce,
    };
    tx.sql.execute(
        "INSERT INTO message (id, channel_id, author_id, position, content, reply_to, mentions, nonce) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            message.id,
            channel,
            user,
            tx.position(),
            &message.content,
            message.reply_to.as_ref().map(|r| r.message_id),
            history::mentions_text(&message.mentions),
            message.nonce.as_deref()
        ],
    )?;
    write_mentions(tx, &access, &message, &draft.found, here)?;
    tx.sql.execute("UPDATE channel SET last_message_id = $2 WHERE id = $1", values![channel, message.id])?;
    tx.emit(Change::Message { kind: MessageChange::Create, message: Box::new(message.clone()) });
    Ok(message)
}

/// The message that `user` sent with `nonce` before.
fn earlier(sql: &mut dyn Sql, user: UserId, channel: ChannelId, nonce: &str) -> Result<Option<Message>, Refusal> {
    let text = "SELECT id, channel_id FROM message WHERE author_id = $1 AND nonce = $2";
    let Some(mut row) = sql.row(text, values![user, nonce])? else {
        return Ok(None);
    };
    let (id, place): (MessageId, ChannelId) = (row.take()?, row.take()?);
    if place != channel {
        return Err(Refusal::new(ErrorCode::Conflict, "This nonce belongs to a message in another channel.").field("nonce"));
    }
    match history::one(sql, channel, id)? {
        Some(message) => Ok(Some(Message { nonce: Some(nonce.into()), ..message })),
        None => Err(Refusal::new(ErrorCode::Conflict, "This message was sent before, and has been deleted since.").field("nonce")),
    }
}

fn slow_down(tx: &mut Tx<'_>, access: &ChannelAccess<'_>) -> Result<(), Refusal> {
    let pause = i64::from(access.channel.slow_mode_s) * 1000;
    if pause == 0 || access.permissions.allows(Permission::ManageMessages) || access.permissions.allows(Permission::ManageChannels) {
        return Ok(());
    }
    let since = first_id(Timestamp(tx.now.0 - pause));
    let text = "SELECT id FROM message WHERE channel_id = $1 AND id > $2 AND author_id = $3 ORDER BY id DESC LIMIT 1";
    let last: Option<MessageId> = scalar(tx.sql, text, values![access.channel.id, since, access.user()])?;
    let Some(last) = last else { return Ok(()) };
    let wait = Duration::from_millis((last.created_at().0 + pause - tx.now.0).max(1) as u64);
    Err(Refusal::new(ErrorCode::SlowMode, "This channel is in slow mode.")
        .hint(format!("You can write again in {} s.", wait.as_secs() + 1))
        .retry_after(wait))
}

/// The number below every identifier made at `time` or later.
pub(super) fn first_id(time: Timestamp) -> i64 {
    (time.0 - EPOCH_MS).max(0) << 22
}

fn answered(sql: &mut dyn Sql, channel: ChannelId, id: MessageId) -> Result<Reply, Refusal> {
    let found = history::one(sql, channel, id)?;
    let message = found.ok_or_else(|| Refusal::new(ErrorCode::Invalid, "The message that this answers is gone.").field("reply_to"))?;
    Ok(Reply { message_id: id, author_id: Some(message.author_id), excerpt: history::excerpt(&message.content) })
}

/// Of those a text mentions, the ones its author may: members who see the channel, open roles, and everyone only with
/// permission.
pub(super) fn allowed(access: &ChannelAccess<'_>, found: &mentions::Found) -> Mentions {
    let place = access.space.place;
    let all = access.permissions.allows(Permission::MentionEveryone);
    Mentions {
        users: found.users.iter().copied().filter(|user| place.sees(*user, access.channel)).collect(),
        roles: found
            .roles
            .iter()
            .copied()
            .filter(|id| *id != place.space.id.everyone() && place.roles.get(id).is_some_and(|role| all || role.mentionable))
            .collect(),
        everyone: all && (found.everyone || found.here),
    }
}

/// Notes whom a message mentions, for counting. `@here` is noted for those who are there.
pub(super) fn write_mentions(
    tx: &mut Tx<'_>,
    access: &ChannelAccess<'_>,
    message: &Message,
    found: &mentions::Found,
    here: &[UserId],
) -> Result<(), SqlError> {
    let mentions = &message.mentions;
    let users = mentions.users.iter().map(|user| user.get());
    let roles = mentions.roles.iter().map(|role| role.get());
    let everyone = (mentions.everyone && found.everyone).then(|| access.space.place.space.id.get());
    let present = here.iter().filter(|user| mentions.everyone && !found.everyone && !mentions.users.contains(user)).map(|user| user.get());
    for target in users.chain(roles).chain(everyone).chain(present) {
        tx.sql.execute(
            "INSERT INTO mention (target, message_id, channel_id) VALUES ($1, $2, $3) ON CONFLICT (target, message_id) DO NOTHING",
            values![target, message.id, message.channel_id],
        )?;
    }
    Ok(())
}
