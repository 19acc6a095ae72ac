//! A small client of the server: logs in, finds a voice channel, carries the signals of one call.

use futures_util::{SinkExt, StreamExt};
use snug_protocol::{
    VERSION,
    gateway::{ClientFrame, Event, Identify, ServerFrame},
    rest::{LoggedIn, Login, Register, Registered},
    *,
};
use std::{error::Error, time::Duration};
use tokio::{net::TcpStream, sync::mpsc, time};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

type Anything = Box<dyn Error>;

/// Who calls.
pub(crate) struct Account {
    pub(crate) server: String,
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) invite: Option<String>,
}

impl Account {
    /// Logs in; registers with the invite if there is no such account. Returns an access token.
    pub(crate) async fn log_in(&self) -> Result<String, Anything> {
        let client = reqwest::Client::new();
        let url = |path: &str| format!("{}/api/v1/auth/{path}", self.server.trim_end_matches('/'));
        let login = Login { username: self.name.clone(), password: self.password.clone(), cookie: false };
        let answer = client.post(url("login")).json(&login).send().await?;
        if answer.status().is_success() {
            return Ok(answer.json::<LoggedIn>().await?.tokens.access_token);
        }
        let register = Register {
            username: self.name.clone(),
            password: self.password.clone(),
            display_name: None,
            invite: self.invite.as_deref().map(|invite| invite.rsplit('/').next().unwrap_or(invite).to_owned()),
            server_password: None,
            knock: None,
            cookie: false,
        };
        let answer = client.post(url("register")).json(&register).send().await?;
        if !answer.status().is_success() {
            return Err(format!("the server lets nobody in: {}", answer.text().await?).into());
        }
        match answer.json::<Registered>().await? {
            Registered::LoggedIn(logged_in) => Ok(logged_in.tokens.access_token),
            Registered::Waiting { .. } => Err("an administrator must let you in first".into()),
        }
    }
}

/// The gateway, after `ready`.
pub(crate) struct Gateway {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heartbeat: Duration,
    last: u64,
    ready: gateway::Ready,
}

impl Gateway {
    pub(crate) async fn connect(server: &str, token: String) -> Result<Self, Anything> {
        let url = format!("{}/ws", server.trim_end_matches('/').replacen("http", "ws", 1));
        let (mut socket, _) = connect_async(url).await?;
        let Some(ServerFrame::Hello { d: hello }) = read(&mut socket).await? else {
            return Err("the server does not say hello".into());
        };
        let identify = ClientFrame::Identify(Identify { token, version: VERSION, intents: None });
        write(&mut socket, &identify).await?;
        loop {
            match read(&mut socket).await? {
                Some(ServerFrame::Ready { d: ready }) => {
                    let heartbeat = Duration::from_millis(hello.heartbeat_interval_ms.into());
                    return Ok(Self { socket, heartbeat, last: 0, ready });
                }
                Some(_) => {}
                None => return Err("the server does not let this session begin".into()),
            }
        }
    }

    /// The voice channel of a name; the first one without.
    pub(crate) fn channel(&self, name: Option<&str>) -> Option<Channel> {
        self.ready
            .spaces
            .iter()
            .flat_map(|space| &space.channels)
            .find(|channel| channel.kind == ChannelKind::Voice && name.is_none_or(|name| channel.name == name))
            .cloned()
    }

    /// What somebody is called.
    pub(crate) fn names(&self) -> Vec<(UserId, String)> {
        self.ready.users.iter().map(|user| (user.id, user.display_name.clone())).collect()
    }

    /// Carries frames out and events in until one side ends.
    pub(crate) async fn run(mut self, mut frames: mpsc::Receiver<ClientFrame>, events: mpsc::Sender<Event>) -> Result<(), Anything> {
        let mut beat = time::interval(self.heartbeat);
        loop {
            tokio::select! {
                _ = beat.tick() => write(&mut self.socket, &ClientFrame::Heartbeat { s: self.last }).await?,
                frame = frames.recv() => match frame {
                    Some(frame) => write(&mut self.socket, &frame).await?,
                    None => return Ok(self.socket.close(None).await?),
                },
                frame = read(&mut self.socket) => match frame? {
                    Some(ServerFrame::Dispatch { s, event }) => {
                        self.last = s;
                        events.send(event).await?;
                    }
                    Some(_) => {}
                    None => return Err("the gateway closed".into()),
                },
            }
        }
    }
}

async fn read(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> Result<Option<ServerFrame>, Anything> {
    while let Some(message) = socket.next().await {
        match message? {
            Message::Text(text) => return Ok(Some(serde_json::from_str(&text)?)),
            Message::Close(_) => return Ok(None),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
    Ok(None)
}

async fn write(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>, frame: &ClientFrame) -> Result<(), Anything> {
    Ok(socket.send(Message::text(serde_json::to_string(frame)?)).await?)
}
