//! Editing, deleting, undoing, pinning, reacting.

use super::{history, mentions, send};
use crate::{
    error::Refusal,
    store::{Audit, Tx, scalar},
    values,
    world::{Change, ChannelAccess, MessageChange},
};
use serde_json::json;
use snug_protocol::{ChannelId, ErrorCode, Message, MessageId, Permission, SpaceId, Timestamp, UserId, limits};
use std::collections::BTreeMap;

/// How long a deletion can be taken back, in milliseconds. The text is kept for as long.
const UNDO_MS: i64 = 60_000;

/// A message of the channel, as somebody who may read it finds it.
fn find(tx: &mut Tx<'_>, channel: ChannelId, id: MessageId) -> Result<Message, Refusal> {
    history::one(tx.sql, channel, id)?.ok_or_else(|| Refusal::not_found("message"))
}

pub(super) fn edit(tx: &mut Tx<'_>, user: UserId, channel: ChannelId, id: MessageId, text: &str) -> Result<Message, Refusal> {
    let access = tx.world.channel_for(user, channel)?;
    let mut message = find(tx, channel, id)?;
    if message.author_id != user {
        return Err(Refusal::new(ErrorCode::Forbidden, "Only its author can edit a message."));
    }
    access.require(Permission::SendMessages)?;
    let content = send::content(text)?;
    if content == message.content {
        return Ok(message);
    }
    let found = mentions::mentions(&content);
    message.mentions = send::allowed(&access, &found);
    message.content = content;
    message.edited_at = Some(tx.now);
    tx.sql.execute(
        "UPDATE message SET content = $2, edited_at = $3, mentions = $4 WHERE id = $1",
        values![id, &message.content, tx.now, history::mentions_text(&message.mentions)],
    )?;
    // Whoever an edit mentions finds it counted; `@here` is over.
    tx.sql.execute("DELETE FROM mention WHERE message_id = $1", values![id])?;
    send::write_mentions(tx, &access, &message, &found, &[])?;
    emit(tx, MessageChange::Update, &message);
    Ok(message)
}

fn emit(tx: &mut Tx<'_>, kind: MessageChange, message: &Message) {
    tx.emit(Change::Message { kind, message: Box::new(message.clone()) });
}

/// The author's own right, or a manager's.
fn require_author_or_manager(access: &ChannelAccess<'_>, author: UserId) -> Result<(), Refusal> {
    if access.user() == author { Ok(()) } else { access.require(Permission::ManageMessages) }
}

pub(super) fn delete(tx: &mut Tx<'_>, user: UserId, channel: ChannelId, id: MessageId) -> Result<(), Refusal> {
    let access = tx.world.channel_for(user, channel)?;
    let message = find(tx, channel, id)?;
    require_author_or_manager(&access, message.author_id)?;
    tx.sql.execute("UPDATE message SET deleted_at = $2, deleted_by = $3 WHERE id = $1", values![id, tx.now, user])?;
    if message.author_id != user {
        let after = json!({ "channel_id": channel, "author_id": message.author_id });
        tx.audit(Audit {
            space: Some(access.channel.space_id),
            actor: Some(user),
            action: "message.delete",
            target: Some(id.get()),
            before: None,
            after: Some(after),
        })?;
    }
    tx.emit(Change::MessagesDeleted { channel, ids: vec![id] });
    Ok(())
}

pub(super) fn restore(tx: &mut Tx<'_>, user: UserId, channel: ChannelId, id: MessageId) -> Result<Message, Refusal> {
    let access = tx.world.channel_for(user, channel)?;
    let text = "SELECT author_id, deleted_at FROM message WHERE id = $1 AND channel_id = $2 AND deleted_by = $3 AND deleted_at IS NOT NULL";
    let mut row = tx.sql.row(text, values![id, channel, user])?.ok_or_else(|| Refusal::not_found("message that you have deleted"))?;
    let (author, deleted_at): (UserId, Timestamp) = (row.take()?, row.take()?);
    require_author_or_manager(&access, author)?;
    if tx.now.0 - deleted_at.0 > UNDO_MS {
        return Err(Refusal::new(ErrorCode::NotFound, "It is too late to take the deletion back: that is possible for a minute."));
    }
    tx.sql.execute("UPDATE message SET deleted_at = NULL, deleted_by = NULL WHERE id = $1", values![id])?;
    let message = find(tx, channel, id)?;
    emit(tx, MessageChange::Restore, &message);
    Ok(message)
}

pub(super) fn pin(tx: &mut Tx<'_>, user: UserId, channel: ChannelId, id: MessageId, on: bool) -> Result<(), Refusal> {
    let access = tx.world.channel_for(user, channel)?;
    access.require(Permission::ManageMessages)?;
    let mut message = find(tx, channel, id)?;
    if message.pinned_at.is_some() == on {
        return Ok(());
    }
    if on {
        let text = "SELECT COUNT(*) FROM message WHERE channel_id = $1 AND pinned_at IS NOT NULL AND deleted_at IS NULL";
        let pins: i64 = scalar(tx.sql, text, values![channel])?.unwrap_or(0);
        if pins >= limits::PINS_PER_CHANNEL as i64 {
            return Err(Refusal::new(ErrorCode::Conflict, format!("A channel has at most {} pinned messages.", limits::PINS_PER_CHANNEL))
                .hint("Unpin one first."));
        }
    }
    message.pinned_at = on.then_some(tx.now);
    tx.sql.execute("UPDATE message SET pinned_at = $2 WHERE id = $1", values![id, message.pinned_at])?;
    let action = if on { "message.pin" } else { "message.unpin" };
    tx.audit(Audit { space: Some(access.channel.space_id), actor: Some(user), action, target: Some(id.get()), ..Audit::default() })?;
    emit(tx, MessageChange::Update, &message);
    Ok(())
}

pub(super) fn react(tx: &mut Tx<'_>, user: UserId, channel: ChannelId, message: MessageId, emoji: String, on: bool) -> Result<(), Refusal> {
    let access = tx.world.channel_for(user, channel)?;
    access.require(Permission::ReadHistory)?;
    if !is_emoji(&emoji) {
        return Err(Refusal::invalid("emoji", "A reaction is one Unicode emoji."));
    }
    let found = find(tx, channel, message)?;
    let reaction = found.reactions.iter().find(|r| r.emoji == emoji);
    if reaction.is_some_and(|r| r.users.contains(&user)) == on {
        return Ok(());
    }
    if on {
        if reaction.is_none() && found.reactions.len() >= limits::REACTIONS_PER_MESSAGE {
            return Err(Refusal::new(ErrorCode::Conflict, format!("A message has at most {} different reactions.", limits::REACTIONS_PER_MESSAGE)));
        }
        let order: MessageId = tx.id();
        tx.sql.execute("INSERT INTO reaction (message_id, emoji, account_id, id) VALUES ($1, $2, $3, $4)", values![message, &emoji, user, order])?;
    } else {
        tx.sql.execute("DELETE FROM reaction WHERE message_id = $1 AND emoji = $2 AND account_id = $3", values![message, &emoji, user])?;
    }
    tx.emit(Change::Reaction { added: on, channel, message, user, emoji });
    Ok(())
}

/// Whether a text can be an emoji: made of characters that emoji are made of (Unicode 17, emoji-test.txt).
fn is_emoji(text: &str) -> bool {
    let joins = |c| matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}');
    let pictures = |c| {
        matches!(c, '©' | '®' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
            | '\u{1f000}'..='\u{1faff}')
    };
    let keycap = text.ends_with('\u{20e3}') && text.starts_with(|c: char| c.is_ascii_digit() || c == '#' || c == '*');
    let rest = if keycap { &text[1..] } else { text };
    !text.is_empty() && text.len() <= limits::EMOJI_BYTES && rest.chars().all(|c| joins(c) || pictures(c)) && (keycap || text.chars().any(pictures))
}

/// Deletes what somebody wrote in a space since a time.
pub fn delete_since(tx: &mut Tx<'_>, actor: UserId, space: SpaceId, author: UserId, since: Timestamp) -> Result<(), Refusal> {
    let text = "UPDATE message SET deleted_at = $1, deleted_by = $2
        WHERE author_id = $3 AND id > $4 AND deleted_at IS NULL AND channel_id IN (SELECT id FROM channel WHERE space_id = $5)
        RETURNING id, channel_id";
    let mut gone: BTreeMap<ChannelId, Vec<MessageId>> = BTreeMap::new();
    for mut row in tx.sql.query(text, values![tx.now, actor, author, send::first_id(since), space])? {
        let id = row.take()?;
        gone.entry(row.take()?).or_default().push(id);
    }
    for (channel, mut ids) in gone {
        ids.sort_unstable();
        tx.emit(Change::MessagesDeleted { channel, ids });
    }
    Ok(())
}

/// Erases the text of messages whose deletion cannot be taken back any more. Their rows stay, so that a message sent
/// again by a client that missed the answer is known.
pub fn sweep(tx: &mut Tx<'_>) -> Result<(), Refusal> {
    let before = Timestamp(tx.now.0 - UNDO_MS - 1_000);
    let text = "UPDATE message SET content = '', mentions = NULL, pinned_at = NULL WHERE deleted_at IS NOT NULL AND content <> '' AND deleted_at < $1 RETURNING id";
    for mut row in tx.sql.query(text, values![before])? {
        let id: MessageId = row.take()?;
        tx.sql.execute("DELETE FROM reaction WHERE message_id = $1", values![id])?;
        tx.sql.execute("DELETE FROM mention WHERE message_id = $1", values![id])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_emoji;

    #[test]
    fn a_reaction_is_an_emoji_and_nothing_else() {
        for good in ["👍", "👍🏽", "❤️", "👩‍🚀", "🇧🇪", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "©️"] {
            assert!(is_emoji(good), "{good}");
        }
        for bad in ["", "a", "1", "👍a", " ", "\u{fe0f}", "<script>", &"👍".repeat(40)] {
            assert!(!is_emoji(bad), "{bad}");
        }
    }
}
