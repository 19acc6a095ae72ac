//! Reading messages.

use crate::{
    error::Refusal,
    store::{Row, Sql, SqlError},
    values,
    world::load,
};
use schemars::JsonSchema;
use serde::Deserialize;
use snug_protocol::{ChannelId, ErrorCode, Mentions, Message, MessageId, Reaction, Reply, User, UserId, limits, rest::MessagePage};
use std::collections::BTreeSet;

/// Which part of the history; the newest, if nothing is said.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub(super) struct Page {
    /// The newest ones older than this.
    before: Option<MessageId>,
    /// The oldest ones newer than this.
    after: Option<MessageId>,
    /// This one, with half a page on either side.
    around: Option<MessageId>,
    /// How many, 1–100; 50 if left out.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u16>,
}

impl Page {
    /// Refuses what makes no sense.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if [self.before, self.after, self.around].iter().flatten().count() > 1 {
            return Err(Refusal::new(ErrorCode::Invalid, "Name one of before, after and around."));
        }
        match self.limit {
            Some(limit) if limit == 0 || limit > limits::PAGE => {
                Err(Refusal::invalid("limit", format!("A page has 1 to {} messages.", limits::PAGE)))
            }
            _ => Ok(()),
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.channel_id, m.author_id, m.content, m.edited_at, m.pinned_at, m.reply_to, m.mentions, ",
            "r.author_id, r.content, r.deleted_at FROM message m LEFT JOIN message r ON r.id = m.reply_to ",
            $rest
        )
    };
}

/// A page of a channel.
pub(super) fn page(sql: &mut dyn Sql, channel: ChannelId, page: &Page) -> Result<MessagePage, SqlError> {
    let limit = i64::from(page.limit.unwrap_or(50));
    let (older, newer) = match *page {
        Page { around: Some(id), .. } => {
            let half = limit / 2;
            // The message itself is the first of the newer ones.
            (before(sql, channel, id.get(), half)?, after(sql, channel, id.get() - 1, limit - half)?)
        }
        // Of the other side nothing is wanted but whether there is something.
        Page { after: Some(id), .. } => (before(sql, channel, id.get().saturating_add(1), 0)?, after(sql, channel, id.get(), limit)?),
        Page { before: Some(id), .. } => (before(sql, channel, id.get(), limit)?, after(sql, channel, id.get() - 1, 0)?),
        Page { .. } => (before(sql, channel, i64::MAX, limit)?, Part { messages: Vec::new(), more: false }),
    };
    let (has_before, has_after) = (older.more, newer.more);
    let mut messages = older.messages;
    messages.extend(newer.messages);
    if let (Some(first), Some(last)) = (messages.first().map(|m| m.id), messages.last().map(|m| m.id)) {
        add_reactions(sql, channel, &mut messages, first, last)?;
    }
    Ok(MessagePage { users: authors(sql, &messages)?, messages, has_before, has_after })
}

struct Part {
    messages: Vec<Message>,
    more: bool,
}

fn before(sql: &mut dyn Sql, channel: ChannelId, id: i64, limit: i64) -> Result<Part, SqlError> {
    let text = select!("WHERE m.channel_id = $1 AND m.id < $2 AND m.deleted_at IS NULL ORDER BY m.id DESC LIMIT $3");
    let mut part = part(sql.query(text, values![channel, id, limit + 1])?, limit)?;
    part.messages.reverse();
    Ok(part)
}

fn after(sql: &mut dyn Sql, channel: ChannelId, id: i64, limit: i64) -> Result<Part, SqlError> {
    let text = select!("WHERE m.channel_id = $1 AND m.id > $2 AND m.deleted_at IS NULL ORDER BY m.id LIMIT $3");
    part(sql.query(text, values![channel, id, limit + 1])?, limit)
}

/// One row more than wanted was asked for: it tells whether there are more.
fn part(rows: Vec<Row>, limit: i64) -> Result<Part, SqlError> {
    let more = rows.len() as i64 > limit;
    let messages = rows.into_iter().take(limit as usize).map(read).collect::<Result<_, _>>()?;
    Ok(Part { messages, more })
}

/// The pinned messages, newest pin first.
pub(super) fn pins(sql: &mut dyn Sql, channel: ChannelId) -> Result<MessagePage, SqlError> {
    let text = select!("WHERE m.channel_id = $1 AND m.pinned_at IS NOT NULL AND m.deleted_at IS NULL ORDER BY m.pinned_at DESC, m.id DESC LIMIT 100");
    let mut messages = sql.query(text, values![channel])?.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    for message in &mut messages {
        let id = message.id;
        add_reactions(sql, channel, std::slice::from_mut(message), id, id)?;
    }
    Ok(MessagePage { users: authors(sql, &messages)?, messages, has_before: false, has_after: false })
}

/// A message as it is now, unless it is deleted.
pub(super) fn one(sql: &mut dyn Sql, channel: ChannelId, id: MessageId) -> Result<Option<Message>, SqlError> {
    let text = select!("WHERE m.id = $2 AND m.channel_id = $1 AND m.deleted_at IS NULL");
    let Some(row) = sql.row(text, values![channel, id])? else {
        return Ok(None);
    };
    let mut message = read(row)?;
    add_reactions(sql, channel, std::slice::from_mut(&mut message), id, id)?;
    Ok(Some(message))
}

fn read(mut row: Row) -> Result<Message, SqlError> {
    let mut message = Message {
        id: row.take()?,
        channel_id: row.take()?,
        author_id: row.take()?,
        content: row.take()?,
        edited_at: row.take()?,
        pinned_at: row.take()?,
        reply_to: None,
        mentions: Mentions::default(),
        reactions: Vec::new(),
        nonce: None,
    };
    let reply: Option<MessageId> = row.take()?;
    if let Some(text) = row.take::<Option<String>>()? {
        message.mentions = serde_json::from_str(&text).map_err(|_| SqlError::Shape { expected: "mentions" })?;
    }
    let (author, content, deleted): (Option<UserId>, Option<String>, Option<i64>) = (row.take()?, row.take()?, row.take()?);
    message.reply_to = reply.map(|message_id| match (author, content, deleted) {
        (Some(author), Some(content), None) => Reply { message_id, author_id: Some(author), excerpt: excerpt(&content) },
        _ => Reply { message_id, author_id: None, excerpt: String::new() },
    });
    Ok(message)
}

/// What of a message is shown beside its answer.
pub(super) fn excerpt(content: &str) -> String {
    content.chars().take(200).collect()
}

/// How mentions are stored.
pub(super) fn mentions_text(mentions: &Mentions) -> Option<String> {
    (*mentions != Mentions::default()).then(|| serde_json::json!(mentions).to_string())
}

fn add_reactions(sql: &mut dyn Sql, channel: ChannelId, messages: &mut [Message], first: MessageId, last: MessageId) -> Result<(), SqlError> {
    let text = "SELECT x.message_id, x.emoji, x.account_id FROM reaction x JOIN message m ON m.id = x.message_id
        WHERE m.channel_id = $1 AND m.id >= $2 AND m.id <= $3 ORDER BY x.message_id, x.id";
    let mut messages = messages.iter_mut();
    let mut current = messages.next();
    for mut row in sql.query(text, values![channel, first, last])? {
        let (id, emoji, user): (MessageId, String, UserId) = (row.take()?, row.take()?, row.take()?);
        while current.as_ref().is_some_and(|message| message.id < id) {
            current = messages.next();
        }
        let Some(message) = current.as_mut().filter(|message| message.id == id) else {
            continue;
        };
        match message.reactions.iter_mut().find(|r| r.emoji == emoji) {
            Some(reaction) => reaction.users.push(user),
            None => message.reactions.push(Reaction { emoji, users: vec![user] }),
        }
    }
    Ok(())
}

/// Everyone whose name a page needs.
fn authors(sql: &mut dyn Sql, messages: &[Message]) -> Result<Vec<User>, SqlError> {
    let replied = messages.iter().filter_map(|m| m.reply_to.as_ref()?.author_id);
    let ids: BTreeSet<UserId> = messages.iter().map(|m| m.author_id).chain(replied).collect();
    let mut users = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(mut row) = sql.row("SELECT id, username, display_name, avatar, bio FROM account WHERE id = $1", values![id])? {
            users.push(load::user(&mut row)?);
        }
    }
    Ok(users)
}
