//! Gateway sockets, in the place of a browser's: text in, text out.

use crate::failure::Problem;
use futures_util::{SinkExt, StreamExt};
use snug_client::{
    Address,
    gateway::{self, Socket},
};
use snug_ipc::server::SocketEvent;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tokio_tungstenite::tungstenite::Message;

/// Frames that wait to be sent. The window sends few, and none of them large.
const WAITING: usize = 256;
/// The largest frame that is sent, in bytes.
const MAX_FRAME: usize = 1024 * 1024;
/// How long the other side may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// What was wanted was had (RFC 6455, 7.4.1).
const NORMAL: u16 = 1000;
/// A connection that ended without a word, or never began (RFC 6455, 7.4.1).
const ABNORMAL: u16 = 1006;

/// Names a socket as long as it is open.
pub type SocketId = u32;

/// The open ones.
#[derive(Debug, Default)]
pub struct Sockets {
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    last: SocketId,
    lines: HashMap<SocketId, Line>,
}

/// The window's end of one. The socket ends with it.
#[derive(Debug)]
struct Line {
    send: mpsc::Sender<String>,
    /// Dropped, it ends what has not been opened yet.
    _wanted: oneshot::Sender<()>,
}

impl Sockets {
    pub(super) fn open(&self, address: Address, told: impl Fn(SocketEvent) + Send + Sync + 'static) -> SocketId {
        let (send, sent) = mpsc::channel(WAITING);
        let (wanted, unwanted) = oneshot::channel();
        let mut open = lock(&self.open);
        open.last += 1;
        let id = open.last;
        open.lines.insert(id, Line { send, _wanted: wanted });
        drop(open);
        let all = self.open.clone();
        tokio::spawn(async move {
            let opened = tokio::select! {
                opened = gateway::connect(&address) => Some(opened),
                _ = unwanted => None,
            };
            let closed = match opened {
                Some(Ok(socket)) => {
                    let (code, reason) = carry(socket, sent, &told).await;
                    SocketEvent::Closed { code, reason, why: None }
                }
                Some(Err(failure)) => SocketEvent::Closed { code: ABNORMAL, reason: String::new(), why: Some(Problem::from(failure).0) },
                None => SocketEvent::Closed { code: NORMAL, reason: String::new(), why: None },
            };
            lock(&all).lines.remove(&id);
            told(closed);
        });
        id
    }

    /// Sends something, or drops it: the socket may be gone, or slower than what is said.
    pub fn send(&self, id: SocketId, text: String) {
        if text.len() > MAX_FRAME {
            tracing::warn!(bytes = text.len(), "a frame is too large to be sent");
        } else if let Some(line) = lock(&self.open).lines.get(&id)
            && line.send.try_send(text).is_err()
        {
            tracing::debug!("a frame is dropped");
        }
    }

    /// Ends one.
    pub fn close(&self, id: SocketId) {
        lock(&self.open).lines.remove(&id);
    }

    /// Ends all: whoever listened to them is gone.
    pub fn close_all(&self) {
        lock(&self.open).lines.clear();
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Until one of both ends it.
async fn carry(mut socket: Socket, mut sent: mpsc::Receiver<String>, told: &impl Fn(SocketEvent)) -> (u16, String) {
    loop {
        tokio::select! {
            text = sent.recv() => match text {
                Some(text) => {
                    if let Err(error) = socket.send(Message::text(text)).await {
                        return (ABNORMAL, error.to_string());
                    }
                }
                None => {
                    if timeout(GOODBYE, socket.close(None)).await.is_err() {
                        tracing::debug!("the server did not say goodbye");
                    }
                    return (NORMAL, String::new());
                }
            },
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => told(SocketEvent::Message { text: text.to_string() }),
                Some(Ok(Message::Close(frame))) => return frame.map_or((ABNORMAL, String::new()), |frame| (frame.code.into(), frame.reason.to_string())),
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return (ABNORMAL, error.to_string()),
                None => return (ABNORMAL, String::new()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_client::Trust;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn one_that_is_not_open_yet_can_be_closed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Address::parse(&format!("http://{}", listener.local_addr().unwrap()), Trust::System).unwrap();
        let sockets = Sockets::default();
        let (tell, mut told) = mpsc::unbounded_channel();
        let id = sockets.open(address, move |event| drop(tell.send(event)));
        // It says nothing.
        let _server = listener.accept().await.unwrap();
        sockets.send(id, "early".to_owned());
        sockets.close(id);
        let closed = timeout(Duration::from_secs(5), told.recv()).await.expect("before anybody has lost patience");
        assert_eq!(closed, Some(SocketEvent::Closed { code: NORMAL, reason: String::new(), why: None }));
        assert_eq!(told.recv().await, None);
    }
}
