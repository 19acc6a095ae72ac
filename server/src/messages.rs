//! Messages: writing, reading, changing and deleting them, and what hangs on them.
//!
//! * [`send`]: writing, exactly once.
//! * [`history`]: reading pages, and single messages as they are now.
//! * [`change`]: editing, deleting, undoing, pinning, reacting.
//! * [`unread`]: what somebody has read.
//! * [`mentions`]: whom a text mentions.

mod change;
mod history;
pub mod mentions;
mod send;
pub mod unread;

pub use change::{delete_since, sweep};

use crate::{
    auth::Actor,
    error::Refusal,
    http::{
        App,
        extract::{Created, Done, Json, Path, Query},
        route::{Limit, Need, Route},
    },
};
use axum::{extract::State, http::Method};
use history::Page;
use snug_protocol::{
    ChannelId, Message, MessageId, Permission, ReadState,
    rest::{EditMessage, MarkRead, MessagePage, SendMessage},
};
use std::sync::Arc;

/// The routes.
pub fn routes() -> Vec<Route> {
    use Permission::{ManageMessages, ReadHistory, SendMessages, ViewChannel};
    let (view, read, manage) = (Need::Channel(ViewChannel), Need::Channel(ReadHistory), Need::Channel(ManageMessages));
    let one = "/channels/{channel}/messages/{message}";
    let reaction = "/channels/{channel}/messages/{message}/reactions/{emoji}";
    vec![
        Route::new(
            Method::GET,
            "/channels/{channel}/messages",
            view,
            Limit::Read,
            "Reads a page of history, oldest first; nothing without the permission to read history.",
            list,
        )
        .query::<Page>()
        .answer::<MessagePage>(200),
        Route::new(Method::POST, "/channels/{channel}/messages", Need::Channel(SendMessages), Limit::Message, "Writes a message.", send)
            .body::<SendMessage>()
            .answer::<Message>(201),
        Route::new(Method::PATCH, one, Need::Author, Limit::Write, "Edits a message.", edit).body::<EditMessage>().answer::<Message>(200),
        Route::new(Method::DELETE, one, Need::AuthorOr(ManageMessages), Limit::Write, "Deletes a message.", delete),
        Route::new(
            Method::POST,
            "/channels/{channel}/messages/{message}/restore",
            Need::AuthorOr(ManageMessages),
            Limit::Write,
            "Takes one's own deletion back, within a minute.",
            restore,
        )
        .answer::<Message>(200),
        Route::new(Method::PUT, reaction, read, Limit::Message, "Reacts to a message.", react),
        Route::new(Method::DELETE, reaction, read, Limit::Message, "Takes one's reaction back.", unreact),
        Route::new(Method::GET, "/channels/{channel}/pins", read, Limit::Read, "Lists the pinned messages, newest pin first.", list_pins)
            .answer::<MessagePage>(200),
        Route::new(Method::PUT, "/channels/{channel}/pins/{message}", manage, Limit::Write, "Pins a message.", pin),
        Route::new(Method::DELETE, "/channels/{channel}/pins/{message}", manage, Limit::Write, "Unpins a message.", unpin),
        Route::new(Method::PUT, "/channels/{channel}/read", view, Limit::Read, "Says how far one has read.", mark_read)
            .body::<MarkRead>()
            .answer::<ReadState>(200),
    ]
}

async fn list(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(channel): Path<ChannelId>,
    Query(page): Query<Page>,
) -> Result<Json<MessagePage>, Refusal> {
    page.check()?;
    let may_read = app.hub.read().channel_for(actor.user, channel)?.permissions.allows(Permission::ReadHistory);
    if !may_read {
        return Ok(Json(MessagePage { messages: Vec::new(), users: Vec::new(), has_before: false, has_after: false }));
    }
    app.store.read(move |sql| history::page(sql, channel, &page)).await.map(Json)
}

async fn send(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(channel): Path<ChannelId>,
    Json(body): Json<SendMessage>,
) -> Result<Created<Message>, Refusal> {
    let draft = send::Draft::new(body)?;
    let here = if draft.found.here { app.hub.present(channel) } else { Vec::new() };
    let message = app.store.write(move |tx| send::send(tx, actor.user, channel, draft, &here)).await?;
    app.metrics.messages.inc();
    Ok(Created(message))
}

async fn edit(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((channel, message)): Path<(ChannelId, MessageId)>,
    Json(body): Json<EditMessage>,
) -> Result<Json<Message>, Refusal> {
    app.store.write(move |tx| change::edit(tx, actor.user, channel, message, &body.content)).await.map(Json)
}

async fn delete(State(app): State<Arc<App>>, actor: Actor, Path((channel, message)): Path<(ChannelId, MessageId)>) -> Result<Done, Refusal> {
    app.store.write(move |tx| change::delete(tx, actor.user, channel, message)).await.map(|()| Done)
}

async fn restore(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((channel, message)): Path<(ChannelId, MessageId)>,
) -> Result<Json<Message>, Refusal> {
    app.store.write(move |tx| change::restore(tx, actor.user, channel, message)).await.map(Json)
}

async fn react(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((channel, message, emoji)): Path<(ChannelId, MessageId, String)>,
) -> Result<Done, Refusal> {
    app.store.write(move |tx| change::react(tx, actor.user, channel, message, emoji, true)).await.map(|()| Done)
}

async fn unreact(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((channel, message, emoji)): Path<(ChannelId, MessageId, String)>,
) -> Result<Done, Refusal> {
    app.store.write(move |tx| change::react(tx, actor.user, channel, message, emoji, false)).await.map(|()| Done)
}

async fn list_pins(State(app): State<Arc<App>>, actor: Actor, Path(channel): Path<ChannelId>) -> Result<Json<MessagePage>, Refusal> {
    app.hub.read().channel_for(actor.user, channel)?.require(Permission::ReadHistory)?;
    app.store.read(move |sql| history::pins(sql, channel)).await.map(Json)
}

async fn pin(State(app): State<Arc<App>>, actor: Actor, Path((channel, message)): Path<(ChannelId, MessageId)>) -> Result<Done, Refusal> {
    app.store.write(move |tx| change::pin(tx, actor.user, channel, message, true)).await.map(|()| Done)
}

async fn unpin(State(app): State<Arc<App>>, actor: Actor, Path((channel, message)): Path<(ChannelId, MessageId)>) -> Result<Done, Refusal> {
    app.store.write(move |tx| change::pin(tx, actor.user, channel, message, false)).await.map(|()| Done)
}

async fn mark_read(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(channel): Path<ChannelId>,
    Json(body): Json<MarkRead>,
) -> Result<Json<ReadState>, Refusal> {
    app.store.write(move |tx| unread::mark(tx, actor.user, channel, body.message_id)).await.map(Json)
}
