//! A network between devices and a server that can fail: connections are cut, at once or in the middle of a frame, or
//! fall silent without a word to either side.

use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

/// What becomes of connections.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// They work.
    Open,
    /// They are cut: both sides notice.
    Cut,
    /// They are cut when so many bytes more have come to the device.
    CutAfter(usize),
    /// Nothing goes through any more, and neither side notices.
    Silent,
}

/// A network to one server.
pub struct Proxy {
    /// Where devices connect.
    pub address: SocketAddr,
    /// The fate of the connections made since the last failure.
    fate: Arc<std::sync::Mutex<watch::Sender<Fate>>>,
    listener: JoinHandle<()>,
}

impl Proxy {
    /// A network to the server at `server`.
    pub async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("a port");
        let fate = Arc::new(std::sync::Mutex::new(watch::Sender::new(Fate::Open)));
        let theirs = fate.clone();
        let listener = tokio::spawn(async move {
            loop {
                let Ok((device, _)) = listener.accept().await else { return };
                let fate = theirs.lock().expect("nothing panics with it").subscribe();
                tokio::spawn(carry(device, server, fate));
            }
        });
        Self { address, fate, listener }
    }

    /// Cuts all connections that are there.
    pub fn cut(&self) {
        self.fail(Fate::Cut);
    }

    /// Cuts each connection that is there when so many bytes more have come to the device.
    pub fn cut_after(&self, bytes: usize) {
        self.fail(Fate::CutAfter(bytes));
    }

    /// Lets all connections that are there fall silent.
    pub fn silence(&self) {
        self.fail(Fate::Silent);
    }

    fn fail(&self, fate: Fate) {
        let old = std::mem::replace(&mut *self.fate.lock().expect("nothing panics with it"), watch::Sender::new(Fate::Open));
        // With the sender gone, the fate stays what it was.
        old.send_replace(fate);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listener.abort();
        self.cut();
    }
}

async fn carry(mut device: TcpStream, server: SocketAddr, mut fate: watch::Receiver<Fate>) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    let _ = (device.set_nodelay(true), server.set_nodelay(true));
    let (mut from_device, to_device) = device.split();
    let (from_server, mut to_server) = server.split();
    let failing = fate.clone();
    let failed = fate.wait_for(|fate| matches!(fate, Fate::Cut | Fate::Silent));
    let fate = tokio::select! {
        _ = copy(&mut from_device, &mut to_server) => Fate::Cut,
        () = deliver(from_server, to_device, failing) => Fate::Cut,
        // Without the network there is nothing to be silent about.
        fate = failed => fate.map_or(Fate::Cut, |fate| *fate),
    };
    if fate == Fate::Silent {
        // Held open until the test's runtime ends.
        std::future::pending::<()>().await;
    }
}

/// Carries what the server says, as far as it gets.
async fn deliver(mut from_server: ReadHalf<'_>, mut to_device: WriteHalf<'_>, fate: watch::Receiver<Fate>) {
    let (mut buffer, mut left) = ([0; 4096], None);
    while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
        let may = match *fate.borrow() {
            Fate::CutAfter(bytes) => length.min(*left.get_or_insert(bytes)),
            Fate::Open | Fate::Cut | Fate::Silent => length,
        };
        if to_device.write_all(&buffer[..may]).await.is_err() {
            return;
        }
        left = left.map(|left| left - may);
        if left == Some(0) {
            return;
        }
    }
}
