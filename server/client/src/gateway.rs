//! The shell around a [`Session`]: a socket, a clock, tokens. One task; dropping the [`Gateway`] ends it.

use crate::{
    account::Account,
    address::{Address, Stream},
    failure::Failure,
    session::{Input, Output, Session},
};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use snug_protocol::gateway::{ClientFrame, Event, Ready};
use std::{
    io,
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, time};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Error, Message, protocol::WebSocketConfig},
};

/// Frames and news that wait.
const WAITING: usize = 1_024;
/// How long a connection may take to become a WebSocket.
const UPGRADE: Duration = Duration::from_secs(10);
/// How long the other side may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// A WebSocket to the gateway.
pub type Socket = WebSocketStream<Box<dyn Stream>>;

/// The largest frame that is read, in bytes: a `ready` of a large server.
const MAX_FRAME: usize = 16 * 1024 * 1024;

/// Opens a WebSocket to the gateway of a server.
pub async fn connect(address: &Address) -> Result<Socket, Failure> {
    let stream = address.connect().await?;
    upgrade(address, stream, UPGRADE).await
}

async fn upgrade(address: &Address, stream: Box<dyn Stream>, patience: Duration) -> Result<Socket, Failure> {
    let config = WebSocketConfig::default().max_message_size(Some(MAX_FRAME)).max_frame_size(Some(MAX_FRAME));
    match time::timeout(patience, client_async_with_config(address.gateway(), stream, Some(config))).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(Error::Io(error))) => Err(address.unreachable(error)),
        Ok(Err(Error::Http(answer))) if answer.status().is_server_error() => Err(address.unreachable(io::Error::other(answer.status().to_string()))),
        Ok(Err(_)) => Err(address.strange("no WebSocket")),
        Err(_) => Err(address.unreachable(io::ErrorKind::TimedOut.into())),
    }
}

/// What the gateway tells.
#[derive(Debug)]
pub enum News {
    /// The session began, at first or anew.
    Ready(Box<Ready>),
    /// It goes on where it was; what was missed follows.
    Resumed,
    /// Something happened.
    Event(Box<Event>),
    /// The connection is lost. It is tried again.
    Lost,
    /// It is over, for good.
    Over(Failure),
}

/// A session that is kept.
#[derive(Debug)]
pub struct Gateway {
    wishes: mpsc::Sender<Wish>,
    news: mpsc::Receiver<News>,
    task: tokio::task::JoinHandle<()>,
}

/// What is wanted of it.
#[derive(Debug)]
enum Wish {
    Send(ClientFrame),
    Wake,
}

impl Gateway {
    /// Connects, and stays connected.
    pub fn open(account: Account) -> Self {
        let (wishes, wanted) = mpsc::channel(WAITING);
        let (told, news) = mpsc::channel(WAITING);
        let keeper = Keeper { account, session: Session::new(Instant::now()), socket: None, told, tried: false };
        Self { wishes, news, task: tokio::spawn(keeper.run(wanted)) }
    }

    /// Sends a frame; it is lost if there is no connection.
    pub async fn send(&self, frame: ClientFrame) {
        self.wish(Wish::Send(frame)).await;
    }

    /// The network may be another one: looks whether the server is still there, and connects anew if it is not.
    pub async fn wake(&self) {
        self.wish(Wish::Wake).await;
    }

    async fn wish(&self, wish: Wish) {
        if self.wishes.send(wish).await.is_err() {
            tracing::debug!("the gateway is over");
        }
    }

    /// What happened next; nothing after [`News::Over`].
    pub async fn next(&mut self) -> Option<News> {
        self.news.recv().await
    }

    /// Says goodbye, when all that was handed in is sent.
    pub async fn close(self) {
        let Self { wishes, news, task } = self;
        drop((wishes, news));
        if time::timeout(2 * GOODBYE, task).await.is_err() {
            tracing::debug!("the gateway took too long to close");
        }
    }
}

struct Keeper {
    account: Account,
    session: Session,
    socket: Option<Socket>,
    told: mpsc::Sender<News>,
    /// Whether it ever worked: an address that never did is wrong, rather than away.
    tried: bool,
}

impl Keeper {
    async fn run(mut self, mut wishes: mpsc::Receiver<Wish>) {
        loop {
            while let Some(output) = self.session.poll() {
                if let Some(failure) = self.act(output).await {
                    // Whoever asked may be gone.
                    drop(self.told.send(News::Over(failure)).await);
                    return;
                }
            }
            let deadline = self.session.deadline();
            let input = tokio::select! {
                wish = wishes.recv() => match wish {
                    Some(Wish::Send(frame)) if self.session.is_ready() => self.send(&frame).await,
                    Some(Wish::Send(_)) => None,
                    Some(Wish::Wake) => Some(Input::Wake),
                    None => break,
                },
                input = read(&mut self.socket) => Some(input),
                () = sleep_until(deadline) => Some(Input::Time),
            };
            if let Some(input) = input {
                self.session.handle(Instant::now(), input);
            }
        }
        if let Some(mut socket) = self.socket
            && time::timeout(GOODBYE, socket.close(None)).await.is_err()
        {
            tracing::debug!("the server did not say goodbye");
        }
    }

    async fn act(&mut self, output: Output) -> Option<Failure> {
        let news = match output {
            Output::Open { renew } => return self.open(renew).await.err(),
            Output::Close => {
                self.socket = None;
                return None;
            }
            Output::Send(frame) => {
                if let Some(input) = self.send(&frame).await {
                    self.session.handle(Instant::now(), input);
                }
                return None;
            }
            Output::End(why) => return Some(Failure::Ended(why.to_owned())),
            Output::Ready(ready) => News::Ready(ready),
            Output::Resumed => News::Resumed,
            Output::Event(event) => News::Event(event),
            Output::Lost => News::Lost,
        };
        if self.told.send(news).await.is_err() {
            tracing::trace!("nobody listens any more");
        }
        None
    }

    async fn open(&mut self, renew: bool) -> Result<(), Failure> {
        self.socket = None;
        let input = match self.connect(renew).await {
            Ok((token, socket)) => {
                self.socket = Some(socket);
                self.tried = true;
                Input::Opened(token)
            }
            Err(failure) if failure.passes() && self.tried => {
                tracing::debug!(%failure, "the gateway is away");
                Input::Unreachable
            }
            Err(failure) => return Err(failure),
        };
        self.session.handle(Instant::now(), input);
        Ok(())
    }

    async fn connect(&mut self, renew: bool) -> Result<(String, Socket), Failure> {
        let token = self.account.token(renew).await?;
        let address = self.account.address();
        match connect(address).await {
            Ok(socket) => Ok((token, socket)),
            // It was a Snug server before.
            Err(Failure::Strange { .. }) if self.tried => Err(address.unreachable(io::ErrorKind::ConnectionReset.into())),
            Err(failure) => Err(failure),
        }
    }

    async fn send(&mut self, frame: &ClientFrame) -> Option<Input> {
        let text = serde_json::to_string(frame).expect("the protocol's types have string keys only");
        match &mut self.socket {
            Some(socket) => socket.send(Message::text(text)).await.err().map(|_| Input::Closed(None)),
            None => None,
        }
    }
}

/// What is known of a dispatch that is not known.
#[derive(Deserialize)]
struct Numbered {
    s: u64,
}

/// What comes by the socket; waits for ever without one.
async fn read(socket: &mut Option<Socket>) -> Input {
    let Some(open) = socket else {
        return std::future::pending().await;
    };
    let closed = loop {
        match open.next().await {
            Some(Ok(Message::Text(text))) => match (serde_json::from_str(&text), serde_json::from_str(&text)) {
                (Ok(frame), _) => return Input::Frame(frame),
                // A newer server may say what this program does not know; that is no fault.
                (Err(_), Ok(Numbered { s })) => return Input::Unknown(s),
                (Err(error), Err(_)) => tracing::debug!(%error, "a frame was not understood"),
            },
            Some(Ok(Message::Close(frame))) => break frame.map(|frame| frame.code.into()),
            Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Err(_)) | None => break None,
        }
    };
    *socket = None;
    Input::Closed(closed)
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::Trust;

    #[tokio::test]
    async fn a_server_that_says_nothing_cannot_be_reached() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Address::parse(&format!("http://{}", listener.local_addr().unwrap()), Trust::System).unwrap();
        let stream = address.connect().await.unwrap();
        let failure = upgrade(&address, stream, Duration::from_millis(20)).await.err();
        assert!(matches!(failure, Some(Failure::Unreachable { source, .. }) if source.kind() == io::ErrorKind::TimedOut));
    }
}
