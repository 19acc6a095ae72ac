//! What somebody has read, and what waits for them.

use super::send::first_id;
use crate::{
    error::Refusal,
    http::App,
    store::{Sql, SqlError, Tx, scalar},
    values,
    world::{Change, World},
};
use snug_protocol::{ChannelId, MessageId, ReadState, UserId};
use std::collections::{BTreeSet, HashMap};

/// What is needed to count in a channel.
struct Reader {
    user: UserId,
    /// The user, their roles, and everyone: what a mention that concerns them is filed under.
    targets: Vec<i64>,
    /// What was written before they joined counts as read.
    joined: i64,
}

impl Reader {
    fn of(world: &World, user: UserId, channel: ChannelId) -> Option<Self> {
        let access = world.channel_for(user, channel).ok()?;
        let roles = access.space.member.roles.iter().map(|role| role.get());
        let targets = [user.get(), access.channel.space_id.get()].into_iter().chain(roles).collect();
        Some(Self { user, targets, joined: first_id(access.space.member.joined_at) })
    }

    /// The state of a channel read up to `last_read`, counting messages up to `newest`.
    fn count(&self, sql: &mut dyn Sql, channel: ChannelId, last_read: Option<MessageId>, newest: Option<MessageId>) -> Result<ReadState, SqlError> {
        let from = last_read.map_or(self.joined, MessageId::get);
        let mut state = ReadState { channel_id: channel, last_read_id: last_read, unread: 0, mentions: 0 };
        let Some(newest) = newest.map(MessageId::get).filter(|newest| *newest > from) else {
            return Ok(state);
        };
        let text = "SELECT COUNT(*) FROM (SELECT 1 FROM message WHERE channel_id = $1 AND id > $2 AND id <= $3 AND author_id <> $4 AND deleted_at IS NULL LIMIT $5) AS unread";
        state.unread = scalar(sql, text, values![channel, from, newest, self.user, ReadState::MOST])?.unwrap_or(0);
        if state.unread > 0 {
            let mut mentioning = BTreeSet::new();
            for target in &self.targets {
                let text = "SELECT n.message_id FROM mention n JOIN message m ON m.id = n.message_id
                    WHERE n.target = $1 AND n.message_id > $2 AND n.message_id <= $3 AND n.channel_id = $4 AND m.author_id <> $5 AND m.deleted_at IS NULL LIMIT $6";
                for mut row in sql.query(text, values![*target, from, newest, channel, self.user, ReadState::MOST])? {
                    mentioning.insert(row.take::<i64>()?);
                }
            }
            state.mentions = (mentioning.len() as u32).min(ReadState::MOST);
        }
        Ok(state)
    }
}

/// What somebody has read of these channels. Counted up to the newest message named beside each: identifiers rise in
/// the order of commits, so what is newer arrives as a dispatch.
pub async fn of_everything(app: &App, user: UserId, channels: Vec<(ChannelId, Option<MessageId>)>) -> Result<Vec<ReadState>, Refusal> {
    let readers: Vec<_> = {
        let world = app.hub.read();
        channels.into_iter().filter_map(|(id, newest)| Some((id, newest, Reader::of(&world, user, id)?))).collect()
    };
    let look = move |sql: &mut dyn Sql| {
        let mut read = HashMap::new();
        for mut row in sql.query("SELECT channel_id, last_read_id FROM read_state WHERE account_id = $1", values![user])? {
            read.insert(row.take::<ChannelId>()?, row.take::<MessageId>()?);
        }
        readers.into_iter().map(|(id, newest, reader)| reader.count(sql, id, read.get(&id).copied(), newest)).collect()
    };
    app.store.read(look).await
}

/// Everything up to `message` is read, and what comes after is not.
pub(super) fn mark(tx: &mut Tx<'_>, user: UserId, channel: ChannelId, message: MessageId) -> Result<ReadState, Refusal> {
    let access = tx.world.channel_for(user, channel)?;
    let missing = || Refusal::not_found("channel");
    let newest: Option<Option<MessageId>> = scalar(tx.sql, "SELECT last_message_id FROM channel WHERE id = $1", values![channel])?;
    let newest = newest.ok_or_else(missing)?;
    let reader = Reader::of(tx.world, user, access.channel.id).ok_or_else(missing)?;
    // Nobody has read what is not written yet. In an empty channel that is everything after the channel itself.
    let read = newest.or(MessageId::new(channel.get())).map_or(message, |newest| message.min(newest));
    tx.sql.execute(
        "INSERT INTO read_state (account_id, channel_id, last_read_id) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, channel_id) DO UPDATE SET last_read_id = excluded.last_read_id",
        values![user, channel, read],
    )?;
    let state = reader.count(tx.sql, channel, Some(read), newest)?;
    tx.emit(Change::Read { user, state: state.clone() });
    Ok(state)
}
