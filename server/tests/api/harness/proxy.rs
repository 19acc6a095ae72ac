//! A network between devices and a server that can fail: connections are cut, or fall silent without a word to either
//! side.

use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
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
    let failed = async { fate.wait_for(|fate| *fate != Fate::Open).await.map(|fate| *fate) };
    let fate = tokio::select! {
        _ = copy_bidirectional(&mut device, &mut server) => Fate::Cut,
        fate = failed => fate.unwrap_or(Fate::Cut),
    };
    if fate == Fate::Silent {
        // Held open until the test's runtime ends.
        std::future::pending::<()>().await;
    }
}
