//! The shell of a connection: a WebSocket, a [`Connection`] and, once there is one, a session.

use super::{
    connection::{Action, Connection, HEARTBEAT},
    hub::{Continued, Hub, frame},
    session::Output,
    text::Text,
    websocket::{Received, Socket, Upgrade},
};
use crate::{
    auth::Actor,
    error::Refusal,
    http::{App, limit::Place},
    messages::unread,
};
use axum::{
    extract::{ConnectInfo, State},
    http::HeaderMap,
    response::Response,
};
use serde::Serialize;
use serde_json::value::RawValue;
use snug_protocol::{
    Account, Presence, ReadState, ServerFrame, SessionId,
    gateway::{Hello, Intent, InvalidSession, close},
    voice::VoiceState,
};
use std::{
    future::pending,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::{sleep_until, timeout};

/// How long a client may take to read what is sent to it at once.
const SEND: Duration = Duration::from_secs(20);
/// How long a client may take to hear why its connection is closed.
const GOODBYE: Duration = Duration::from_secs(1);

/// `GET /ws`.
pub async fn upgrade(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    request: Upgrade,
) -> Result<Response, Refusal> {
    let place = Place::take(&app, &headers, peer.ip())?;
    Ok(request.agree(async move |socket| {
        run(app, socket).await;
        drop(place);
    }))
}

/// The session a connection is attached to, and the connection's number in it.
type Attached = Continued;

struct Shell {
    app: Arc<App>,
    socket: Socket,
    connection: Connection,
    attached: Option<Attached>,
}

async fn run(app: Arc<App>, socket: Socket) {
    app.metrics.connections.inc();
    let connection = Connection::new(Instant::now());
    let mut shell = Shell { app, socket, connection, attached: None };
    let closing = shell.serve().await;
    if let Some(Attached { slot, link, .. }) = shell.attached.take() {
        shell.app.hub.lost(Instant::now(), &slot, link);
    }
    if let Some((code, reason)) = closing {
        // The client may be gone or not reading: it had its chance.
        let _ = timeout(GOODBYE, goodbye(&mut shell.socket, code, reason)).await;
    }
    shell.app.metrics.connections.dec();
}

/// Says why, and reads until the client has heard it: a connection that is dropped with something unread is reset, and
/// the client would not learn the code.
async fn goodbye(socket: &mut Socket, code: u16, reason: &'static str) {
    if code == close::GOING_AWAY && socket.send([frame(&ServerFrame::Reconnect).into()]).await.is_err() {
        return;
    }
    if socket.close(code, reason).await.is_ok() {
        while !matches!(socket.receive().await, Received::End | Received::Unreadable) {}
    }
}

/// Why a connection ends: with a code for the client, or, with none, because the client is gone.
type Closing = Option<(u16, &'static str)>;

impl Shell {
    async fn serve(&mut self) -> Closing {
        let hello =
            Hello { version: snug_protocol::VERSION, instance: self.app.instance.clone(), heartbeat_interval_ms: HEARTBEAT.as_millis() as u32 };
        if let Err(closing) = self.send([frame(&ServerFrame::Hello { d: hello })]).await {
            return closing;
        }
        loop {
            if let Err(closing) = self.drain().await {
                return closing;
            }
            let deadline = self.connection.deadline();
            tokio::select! {
                received = self.socket.receive() => if let Err(closing) = self.received(received).await { return closing },
                () = rung(self.attached.as_ref()) => {}
                () = sleep_until(deadline.into()) => return Some(self.connection.expired()),
            }
        }
    }

    /// Sends what the session has.
    async fn drain(&mut self) -> Result<(), Closing> {
        while let Some(Attached { slot, link, .. }) = &self.attached {
            match slot.poll(*link) {
                Output::Wait => break,
                Output::Close(code, reason) => return Err(Some((code, reason))),
                Output::Send(frames) => self.send(frames).await?,
            }
        }
        Ok(())
    }

    async fn send<T: Into<Text>>(&mut self, frames: impl IntoIterator<Item = T>) -> Result<(), Closing> {
        let count = &self.app.metrics.frames_sent;
        let sending = self.socket.send(frames.into_iter().inspect(|_| _ = count.inc()).map(T::into));
        tokio::select! {
            sent = timeout(SEND, sending) => match sent {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) => Err(None),
                Err(_) => Err(Some((close::TOO_SLOW, "Nothing was read for 20 seconds."))),
            },
            closing = cut(self.attached.as_ref()) => Err(Some(closing)),
        }
    }

    async fn received(&mut self, received: Received) -> Result<(), Closing> {
        let text = match received {
            Received::End => return Err(None),
            // Too large, or no text. If it is the connection that is broken, nobody hears this.
            Received::Unreadable => return Err(Some((close::BAD_FRAME, "The frame could not be read."))),
            Received::Control => return Ok(()),
            Received::Binary => return Err(Some((close::BAD_FRAME, "Frames are text."))),
            Received::Text(text) => text,
        };
        self.app.metrics.frames_received.inc();
        let now = Instant::now();
        let action = self.connection.handle(now, &text);
        let hub = &self.app.hub;
        match (action, &self.attached) {
            (Action::Close(code, reason), _) => Err(Some((code, reason))),
            (Action::Identify(identify), _) => {
                let actor = self.actor(&identify.token)?;
                self.identify(actor, identify.intents, identify.session.as_deref()).await
            }
            (Action::Resume(resume), _) => {
                let actor = self.actor(&resume.token)?;
                match hub.resume(now, actor, &resume.session, resume.s) {
                    Ok(continued) => {
                        self.attached = Some(continued);
                        self.connection.answered(now, true);
                        Ok(())
                    }
                    Err(reason) => {
                        self.connection.answered(now, false);
                        self.send([frame(&ServerFrame::InvalidSession { d: InvalidSession { reason: reason.into() } })]).await
                    }
                }
            }
            (Action::Acknowledge, _) => self.send([frame(&ServerFrame::HeartbeatAck)]).await,
            (Action::Typing(channel), Some(Attached { slot, .. })) => {
                hub.typing(now, slot, channel);
                Ok(())
            }
            (Action::Activity(active), Some(Attached { slot, .. })) => {
                hub.activity(now, slot, active);
                Ok(())
            }
            (Action::Verify, Some(Attached { slot, .. })) => {
                hub.verify(slot);
                Ok(())
            }
            (Action::Voice(wish), Some(Attached { slot, .. })) => {
                hub.voice(now, slot, wish);
                Ok(())
            }
            (Action::Typing(_) | Action::Activity(_) | Action::Verify | Action::Voice(_), None) => {
                Err(Some((close::BAD_STATE, "There is no session yet.")))
            }
        }
    }

    fn actor(&self, token: &str) -> Result<Actor, Closing> {
        self.app
            .keys
            .check(&self.app.hub.read(), token, crate::store::now())
            .map_err(|_| Some((close::UNAUTHORIZED, "The access token is not valid.")))
    }

    async fn identify(&mut self, actor: Actor, intents: Option<Vec<Intent>>, before: Option<&str>) -> Result<(), Closing> {
        let unauthorized = Some((close::UNAUTHORIZED, "This log-in has ended."));
        let start = self.app.hub.identify(Instant::now(), actor, intents, before).ok_or(unauthorized)?;
        // From here on the session collects dispatches; `ready` goes before them.
        let read_states = unread::of_everything(&self.app, actor.user, start.channels)
            .await
            .map_err(|_| Some((close::GOING_AWAY, "The server cannot read its database.")));
        self.attached = Some(Attached { slot: start.slot.clone(), link: start.link, bell: start.slot.bell() });
        let ready = Ready {
            session: &start.secret,
            session_id: actor.login,
            account: start.person.account(),
            spaces: &start.view.spaces,
            users: &start.view.users,
            presences: start.presences,
            read_states: read_states?,
            voice_states: start.voice_states,
            call: start.call,
            knocks: start.knocks,
            digest: &start.view.digest,
        };
        let text = Text::json(&Frame { op: "ready", d: ready }, &[&start.view.spaces, &start.view.users]);
        self.send([text]).await?;
        self.connection.answered(Instant::now(), true);
        Ok(())
    }
}

/// Ends when the session lets go of this connection, even while the client does not read.
async fn cut(attached: Option<&Attached>) -> (u16, &'static str) {
    let Some(Attached { slot, link, bell }) = attached else {
        return pending().await;
    };
    loop {
        if let Some(closing) = slot.closing(*link) {
            return closing;
        }
        // What rings for new dispatches is not lost: after sending, the session is polled anyway.
        bell.notified().await;
    }
}

async fn rung(attached: Option<&Attached>) {
    match attached {
        Some(Attached { bell, .. }) => bell.notified().await,
        None => pending().await,
    }
}

#[derive(Serialize)]
struct Frame<T> {
    op: &'static str,
    d: T,
}

/// [`snug_protocol::gateway::Ready`], with the shared part serialized already.
#[derive(Serialize)]
struct Ready<'a> {
    session: &'a str,
    session_id: SessionId,
    account: Account,
    spaces: &'a RawValue,
    users: &'a RawValue,
    presences: Vec<Presence>,
    read_states: Vec<ReadState>,
    voice_states: Vec<VoiceState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<u64>,
    knocks: Option<u32>,
    digest: &'a str,
}

/// Wakes what is due by time alone, until the server stops.
pub async fn tick(hub: Arc<Hub>) {
    let mut every = tokio::time::interval(Duration::from_millis(250));
    loop {
        every.tick().await;
        hub.tick(Instant::now());
    }
}
