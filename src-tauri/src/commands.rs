//! What the window can ask for. Each command checks what it is given, makes one call, and answers.

use crate::{
    failure::Problem,
    nearby::{Nearby, WatchId},
    servers::{Ask, EntryId, Servers, SocketId},
    shortcuts::Shortcuts,
    voice::Voice,
};
use snug_client::Fingerprint;
use snug_engine::engine::NotObeyed;
use snug_ipc::{
    failure::Code,
    server::{self as wire, KnownAccount, NearbyServer, SocketEvent},
    voice::{VoiceCommand, VoiceUpdate},
};
use std::sync::Arc;
use tauri::{
    State,
    http::{HeaderMap, Method},
    ipc::{Channel, InvokeBody, Request},
};

/// An answer, or what did not work.
pub(crate) type Told<T> = Result<T, Problem>;

type Here<'a> = State<'a, Arc<Servers>>;

fn fingerprint(text: Option<String>) -> Told<Option<Fingerprint>> {
    text.map(|text| text.parse().map_err(|_| Problem::invalid("A fingerprint has 32 bytes in hexadecimal"))).transpose()
}

/// The servers that were added, and how their secrets are kept.
#[tauri::command]
pub(crate) async fn servers(here: Here<'_>) -> Told<wire::Servers> {
    Ok(wire::Servers { entries: here.entries().iter().map(Into::into).collect(), kept: here.kept().await })
}

/// Looks who is at an address.
#[tauri::command]
pub(crate) async fn find_server(here: Here<'_>, address: String, fingerprint: Option<String>) -> Told<wire::FoundServer> {
    let found = here.find(&address, self::fingerprint(fingerprint)?).await?;
    Ok(wire::FoundServer { origin: found.origin, info: found.info })
}

/// Adds a server, and remembers the certificate that was compared.
#[tauri::command]
pub(crate) async fn add_server(here: Here<'_>, address: String, fingerprint: Option<String>) -> Told<wire::Entry> {
    let pinned = self::fingerprint(fingerprint)?;
    let found = here.find(&address, pinned).await?;
    Ok((&here.add(&found, pinned)?).into())
}

/// Keeps what a server calls itself, and who one is there.
#[tauri::command]
pub(crate) async fn know_server(here: Here<'_>, id: EntryId, name: Option<String>, account: Option<KnownAccount>) -> Told<()> {
    Ok(here.know(&id, name, account)?)
}

/// Believes another certificate of a server.
#[tauri::command]
pub(crate) async fn pin_server(here: Here<'_>, id: EntryId, fingerprint: String) -> Told<()> {
    let fingerprint = self::fingerprint(Some(fingerprint))?.ok_or_else(|| Problem::invalid("Which fingerprint?"))?;
    Ok(here.pin(&id, fingerprint)?)
}

/// Forgets a server.
#[tauri::command]
pub(crate) async fn remove_server(here: Here<'_>, id: EntryId) -> Told<()> {
    Ok(here.remove(&id).await?)
}

/// Puts the servers into another order.
#[tauri::command]
pub(crate) async fn order_servers(here: Here<'_>, ids: Vec<EntryId>) -> Told<()> {
    Ok(here.order(&ids)?)
}

/// Asks a server something: what and where is in headers, the body as it is.
#[tauri::command]
pub(crate) async fn ask(here: Here<'_>, request: Request<'_>) -> Told<wire::Answer> {
    let headers = request.headers();
    let body = match request.body() {
        InvokeBody::Raw(body) => body.clone(),
        InvokeBody::Json(_) => return Err(Problem::invalid("The body must be bytes")),
    };
    let kind = text(headers, "snug-kind")?;
    let method = wanted(headers, "snug-method")?;
    let ask = Ask {
        method: [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE]
            .into_iter()
            .find(|known| known.as_str() == method)
            .ok_or_else(|| Problem::invalid(format!("`{method}` is no method")))?,
        path: wanted(headers, "snug-path")?,
        token: text(headers, "snug-token")?,
        body: kind.map(|kind| (kind, body)),
    };
    let id = EntryId::parse(&wanted(headers, "snug-server")?).ok_or_else(|| Problem::new(Code::Unknown, "There is no such server"))?;
    let answer = here.ask(&id, ask).await?;
    let body = String::from_utf8(answer.body).map_err(|_| Problem::new(Code::Strange, "The server answered no text"))?;
    Ok(wire::Answer { status: answer.status.as_u16(), kind: answer.kind, body })
}

fn text(headers: &HeaderMap, name: &str) -> Told<Option<String>> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    value.to_str().map(|value| Some(value.to_owned())).map_err(|_| Problem::invalid(format!("`{name}` is no plain text")))
}

fn wanted(headers: &HeaderMap, name: &str) -> Told<String> {
    text(headers, name)?.ok_or_else(|| Problem::invalid(format!("`{name}` is missing")))
}

/// Tells which servers are on the local network, whenever that changes.
#[tauri::command]
pub(crate) async fn watch_nearby(nearby: State<'_, Nearby>, told: Channel<Vec<NearbyServer>>) -> Told<WatchId> {
    let tell = move |servers| {
        if let Err(error) = told.send(servers) {
            tracing::debug!(%error, "the window is gone");
        }
    };
    nearby.watch(tell).map_err(|error| Problem::new(Code::Failed, format!("The local network cannot be listened to: {error}")))
}

/// Looks no more.
#[tauri::command]
pub(crate) async fn unwatch_nearby(nearby: State<'_, Nearby>, watch: WatchId) -> Told<()> {
    nearby.unwatch(watch);
    Ok(())
}

/// Tells how voice is, all of it first and then what changes.
#[tauri::command]
pub(crate) async fn attach_voice(voice: State<'_, Voice>, told: Channel<VoiceUpdate>) -> Told<()> {
    let tell = move |update| {
        if let Err(error) = told.send(update) {
            tracing::debug!(%error, "the window is gone");
        }
    };
    voice.attach(tell).map_err(busy)
}

/// Steers voice.
#[tauri::command]
pub(crate) async fn voice(voice: State<'_, Voice>, shortcuts: State<'_, Shortcuts>, command: VoiceCommand) -> Told<()> {
    match command {
        // The window is one of several that may hold the key.
        VoiceCommand::Hold { on } => {
            shortcuts.hold(on).await;
            Ok(())
        }
        command => voice.command(command).map_err(busy),
    }
}

fn busy(error: NotObeyed) -> Problem {
    Problem::new(Code::Failed, error.to_string())
}

/// Opens a gateway socket.
#[tauri::command]
pub(crate) async fn connect(here: Here<'_>, id: EntryId, told: Channel<SocketEvent>) -> Told<SocketId> {
    let tell = move |event| {
        if let Err(error) = told.send(event) {
            tracing::debug!(%error, "the window is gone");
        }
    };
    Ok(here.connect(&id, tell)?)
}

/// Sends a frame.
#[tauri::command]
pub(crate) async fn send(here: Here<'_>, socket: SocketId, text: String) -> Told<()> {
    here.sockets().send(socket, text);
    Ok(())
}

/// Closes a gateway socket.
#[tauri::command]
pub(crate) async fn close(here: Here<'_>, socket: SocketId) -> Told<()> {
    here.sockets().close(socket);
    Ok(())
}
