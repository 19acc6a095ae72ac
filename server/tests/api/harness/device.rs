//! A device's connection to the gateway, and what it knows by it.

use super::{PATIENCE, Replica};
use futures_util::{SinkExt as _, StreamExt as _};
use snug_protocol::{
    ChannelId, ClientFrame, Event, ServerFrame, VERSION,
    gateway::{Hello, Identify, Ready, Resume},
};
use std::{future::Future, net::SocketAddr};
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

/// A connection to the gateway.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

/// What a socket hears.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made and taken apart one at a time")]
pub enum Heard {
    /// A frame.
    Frame(ServerFrame),
    /// The server closes it, with this code.
    Closed(u16),
    /// It is gone.
    Lost,
}

impl Socket {
    /// Connects, and hears `hello`.
    pub async fn open(address: SocketAddr) -> (Self, Hello) {
        Self::open_with(address, |_| {}).await
    }

    /// The same, with other settings of the connection.
    pub async fn open_with(address: SocketAddr, settings: impl FnOnce(&TcpSocket)) -> (Self, Hello) {
        let socket = TcpSocket::new_v4().expect("a socket");
        settings(&socket);
        let tcp = within("a connection", socket.connect(address)).await.expect("the server listens");
        tcp.set_nodelay(true).expect("a socket");
        let (stream, _) = within("a WebSocket", client_async(format!("ws://{address}/ws"), tcp)).await.expect("the server has a gateway");
        let mut socket = Self { stream };
        match socket.hear().await {
            Heard::Frame(ServerFrame::Hello { d }) => (socket, d),
            other => panic!("hello comes first, not {other:?}"),
        }
    }

    /// Sends a frame.
    pub async fn say(&mut self, frame: &ClientFrame) {
        self.say_raw(Message::text(serde_json::to_string(frame).expect("frames are JSON"))).await;
    }

    /// Sends anything. That the connection is gone is heard, not said.
    pub async fn say_raw(&mut self, message: Message) {
        let _ = within("a frame to go", self.stream.send(message)).await;
    }

    /// What comes next.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match within("a frame to come", self.stream.next()).await {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Frame(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text:.300}")));
                }
                Some(Ok(Message::Close(Some(frame)))) => return Heard::Closed(frame.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(None) | Message::Binary(_) | Message::Frame(_)) | Err(_)) | None => return Heard::Lost,
            }
        }
    }

    /// With which code the server closes it. What comes before is not looked at.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.hear().await {
                Heard::Frame(_) => {}
                Heard::Closed(code) => return code,
                Heard::Lost => panic!("lost without a word"),
            }
        }
    }

    /// Starts a session: what `ready` says, or the code with which the connection is closed.
    pub async fn identify(&mut self, token: &str) -> Result<Ready, u16> {
        self.identify_as(token, None).await
    }

    /// The same, with a session that is to go on.
    pub async fn identify_as(&mut self, token: &str, session: Option<String>) -> Result<Ready, u16> {
        self.say(&ClientFrame::Identify(Identify { token: token.into(), version: VERSION, intents: None, session })).await;
        match self.hear().await {
            Heard::Frame(ServerFrame::Ready { d }) => Ok(d),
            Heard::Closed(code) => Err(code),
            other => panic!("identify is answered with ready, not {other:?}"),
        }
    }
}

async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("still waiting for {what}"))
}

/// How a resume went.
#[derive(Clone, Debug, PartialEq)]
pub enum Resumption {
    /// It goes on, and so many dispatches follow at once.
    Resumed(u32),
    /// The session cannot go on; the connection can be used to start another.
    Invalid,
}

/// A device that somebody is logged in on.
pub struct Device {
    pub socket: Socket,
    pub replica: Replica,
    /// Where it last connected.
    pub address: SocketAddr,
    /// Names the session at a resume.
    pub session: String,
    pub token: String,
}

impl Device {
    /// Connects and identifies.
    pub async fn start(address: SocketAddr, token: &str) -> Self {
        Self::start_on(Socket::open(address).await.0, address, token).await
    }

    /// Identifies on a connection that is there.
    pub async fn start_on(mut socket: Socket, address: SocketAddr, token: &str) -> Self {
        let ready = socket.identify(token).await.expect("the token is good");
        Self { socket, address, session: ready.session.clone(), replica: Replica::new(ready), token: token.into() }
    }

    /// Starts anew on the connection that is there.
    pub async fn start_anew(&mut self) {
        let ready = self.socket.identify(&self.token).await.expect("the token is good");
        self.session.clone_from(&ready.session);
        self.replica = Replica::new(ready);
    }

    /// Goes on with its session on a new connection, having lost all it knew. Which call goes on.
    pub async fn start_again(&mut self, address: SocketAddr) -> Option<u64> {
        (self.socket, self.address) = (Socket::open(address).await.0, address);
        let ready = self.socket.identify_as(&self.token, Some(self.session.clone())).await.expect("the token is good");
        let call = ready.call;
        self.session.clone_from(&ready.session);
        self.replica = Replica::new(ready);
        call
    }

    /// Goes on with its session on a new connection. The old one is dropped without a word.
    pub async fn resume(&mut self, address: SocketAddr) -> Resumption {
        (self.socket, self.address) = (Socket::open(address).await.0, address);
        self.ask_to_resume().await;
        self.resumed().await
    }

    /// Another connection of the same device, which knows the same.
    pub async fn twin(&self, address: SocketAddr) -> Self {
        let (socket, _) = Socket::open(address).await;
        Self { socket, replica: self.replica.clone(), address, session: self.session.clone(), token: self.token.clone() }
    }

    /// Asks to go on.
    pub async fn ask_to_resume(&mut self) {
        let resume = Resume { token: self.token.clone(), session: self.session.clone(), s: self.replica.s };
        self.socket.say(&ClientFrame::Resume(resume)).await;
    }

    /// The answer to that. Its digest must be ours after what follows.
    pub async fn resumed(&mut self) -> Resumption {
        self.try_resumed().await.expect("a resume is answered")
    }

    /// The same; nothing if the connection is gone before all that follows has come.
    pub async fn try_resumed(&mut self) -> Option<Resumption> {
        Some(match self.socket.hear().await {
            Heard::Frame(ServerFrame::Resumed { d }) => {
                let mut replayed = Vec::new();
                for _ in 0..d.replayed {
                    replayed.push(self.try_event().await?);
                }
                assert_eq!(self.replica.digest(), d.digest, "the digest after a resume");
                let seen = |id: &ChannelId| self.replica.channel(*id).is_some();
                replayed.iter().for_each(|event| assert!(shows(event).iter().all(seen), "told again of what is hidden now: {event:?}"));
                Resumption::Resumed(d.replayed)
            }
            Heard::Frame(ServerFrame::InvalidSession { d }) => {
                // For whoever looks at a test that failed.
                println!("{}", d.reason);
                Resumption::Invalid
            }
            Heard::Closed(_) | Heard::Lost => return None,
            other @ Heard::Frame(_) => panic!("a resume is answered, not {other:?}"),
        })
    }

    /// The next dispatch, applied.
    pub async fn event(&mut self) -> Event {
        self.try_event().await.expect("a dispatch, and not the end of the connection")
    }

    /// The next dispatch, applied; nothing if the connection is gone.
    pub async fn try_event(&mut self) -> Option<Event> {
        match self.socket.hear().await {
            Heard::Frame(ServerFrame::Dispatch { s, event }) => {
                self.replica.apply(s, event.clone());
                Some(event)
            }
            Heard::Closed(_) | Heard::Lost | Heard::Frame(ServerFrame::Reconnect) => None,
            other @ Heard::Frame(_) => panic!("expected a dispatch, not {other:?}"),
        }
    }

    /// Applies dispatches until the server closes the connection: with this code.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.socket.hear().await {
                Heard::Frame(ServerFrame::Dispatch { s, event }) => self.replica.apply(s, event),
                Heard::Closed(code) => return code,
                other => panic!("expected dispatches, and then the end, not {other:?}"),
            }
        }
    }

    /// Applies dispatches until `find` finds something in one.
    pub async fn until<T>(&mut self, mut find: impl FnMut(&Event) -> Option<T>) -> T {
        loop {
            if let Some(found) = find(&self.event().await) {
                return found;
            }
        }
    }

    /// Applies dispatches until what is known is as it should be.
    pub async fn until_known(&mut self, known: impl Fn(&Replica) -> bool) {
        while !known(&self.replica) {
            self.event().await;
        }
    }

    /// Applies and returns all that was dispatched up to now, proves that what is known is right, and returns.
    ///
    /// What a request caused was dispatched before its answer, so this tells what did *not* happen, too.
    pub async fn catch_up(&mut self) -> Vec<Event> {
        self.socket.say(&ClientFrame::Verify).await;
        let (mut events, mut proof) = (Vec::new(), None);
        loop {
            match &proof {
                Some((s, digest)) if *s == self.replica.s => {
                    assert_eq!(self.replica.digest(), *digest, "what is known after dispatch {s}");
                    return events;
                }
                _ => {}
            }
            match self.socket.hear().await {
                Heard::Frame(ServerFrame::Dispatch { s, event }) => {
                    self.replica.apply(s, event.clone());
                    events.push(event);
                }
                Heard::Frame(ServerFrame::Digest { d }) => proof = Some((d.s, d.digest)),
                other => panic!("expected dispatches and a digest, not {other:?}"),
            }
        }
    }

    /// Proves that what is known is what a device that starts now is told.
    pub async fn prove(&mut self, address: SocketAddr) {
        self.catch_up().await;
        let fresh = Self::start(address, &self.token).await;
        // Somebody may have come or gone in the meantime: this very device, for one.
        self.catch_up().await;
        self.replica.assert_same(&fresh.replica);
    }
}

/// The channels that an event tells something of.
fn shows(event: &Event) -> Vec<ChannelId> {
    match event {
        Event::ReadUpdate(state) => vec![state.channel_id],
        Event::SpaceCreate(created) => created.snapshot.channels.iter().map(|channel| channel.id).collect(),
        Event::ChannelCreate(channel) | Event::ChannelUpdate(channel) => vec![channel.id],
        Event::MessageCreate(message) | Event::MessageUpdate(message) | Event::MessageRestore(message) => vec![message.channel_id],
        Event::MessageDelete(gone) => vec![gone.channel_id],
        Event::ReactionAdd(change) | Event::ReactionRemove(change) => vec![change.channel_id],
        Event::TypingStart(typing) => vec![typing.channel_id],
        Event::VoiceStateUpdate(update) => vec![update.channel_id],
        Event::VoiceSpeaking(speaking) => vec![speaking.channel_id],
        Event::VoiceStats(stats) => vec![stats.channel_id],
        Event::AccountUpdate(_)
        | Event::UserUpdate(_)
        | Event::PresenceUpdate(_)
        | Event::SpaceUpdate(_)
        | Event::SpaceDelete(_)
        | Event::ChannelDelete(_)
        | Event::RoleCreate(_)
        | Event::RoleUpdate(_)
        | Event::RoleDelete(_)
        | Event::MemberAdd(_)
        | Event::MemberUpdate(_)
        | Event::MemberRemove(_)
        | Event::KnockUpdate(_)
        | Event::VoiceOffer(_)
        | Event::VoiceTracks(_)
        | Event::VoiceHeard(_)
        | Event::VoiceEnded(_) => Vec::new(),
    }
}
