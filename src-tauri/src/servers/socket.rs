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
use tokio::{sync::mpsc, time::timeout};
use tokio_tungstenite::tungstenite::Message;

/// Frames that wait to be sent. The window sends few, and none of them large.
const WAITING: usize = 256;
/// The largest frame that is sent, in bytes.
const MAX_FRAME: usize = 1024 * 1024;
/// How long the other side may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
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
    senders: HashMap<SocketId, mpsc::Sender<String>>,
}

impl Sockets {
    pub(super) fn open(&self, address: Address, told: impl Fn(SocketEvent) + Send + Sync + 'static) -> SocketId {
        let (send, sent) = mpsc::channel(WAITING);
        let mut open = lock(&self.open);
        open.last += 1;
        let id = open.last;
        open.senders.insert(id, send);
        drop(open);
        let all = self.open.clone();
        tokio::spawn(async move {
            let closed = match gateway::connect(&address).await {
                Ok(socket) => {
                    let (code, reason) = carry(socket, sent, &told).await;
                    SocketEvent::Closed { code, reason, why: None }
                }
                Err(failure) => SocketEvent::Closed { code: ABNORMAL, reason: String::new(), why: Some(Problem::from(failure).0) },
            };
            lock(&all).senders.remove(&id);
            told(closed);
        });
        id
    }

    /// Sends something, or drops it: the socket may be gone, or slower than what is said.
    pub fn send(&self, id: SocketId, text: String) {
        if text.len() > MAX_FRAME {
            tracing::warn!(bytes = text.len(), "a frame is too large to be sent");
        } else if let Some(send) = lock(&self.open).senders.get(&id)
            && send.try_send(text).is_err()
        {
            tracing::debug!("a frame is dropped");
        }
    }

    /// Ends one.
    pub fn close(&self, id: SocketId) {
        lock(&self.open).senders.remove(&id);
    }

    /// Ends all: whoever listened to them is gone.
    pub fn close_all(&self) {
        lock(&self.open).senders.clear();
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
                    return (1000, String::new());
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
