//! TCP connections that carry media.

use super::FIRST_CONNECTION;
use crate::sfu::tcp::{Deframer, enframe};
use mio::{Interest, Registry, Token, net::TcpStream};
use std::{
    collections::{BTreeSet, HashMap},
    io::{self, Read, Write},
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

/// How many there may be at once.
const MOST: usize = 1024;
/// How long one may take to show whose it is.
const PATIENCE: Duration = Duration::from_secs(10);
/// What waits for a slow one, in bytes. Beyond it packets are dropped: late ones are of no use.
const BACKLOG: usize = 128 * 1024;

#[derive(Default)]
pub(super) struct Connections {
    all: HashMap<usize, Connection>,
    by_address: HashMap<SocketAddr, usize>,
    next: usize,
    /// Those with something to write.
    waiting: BTreeSet<usize>,
    /// Those that have shown nothing yet.
    strangers: BTreeSet<(Instant, usize)>,
}

struct Connection {
    stream: TcpStream,
    from: SocketAddr,
    at: IpAddr,
    since: Instant,
    deframer: Deframer,
    out: Vec<u8>,
    /// The system takes no more for now.
    full: bool,
}

impl Connections {
    pub(super) fn next_token(&self) -> usize {
        FIRST_CONNECTION + self.next
    }

    pub(super) fn add(&mut self, registry: &Registry, now: Instant, mut stream: TcpStream, from: SocketAddr) {
        let token = self.next_token();
        let Ok(at) = stream.local_addr() else { return };
        if self.all.len() >= MOST || registry.register(&mut stream, Token(token), Interest::READABLE | Interest::WRITABLE).is_err() {
            return;
        }
        self.next += 1;
        // Late packets are of no use, so none waits for another.
        let _ = stream.set_nodelay(true);
        self.by_address.insert(from, token);
        self.strangers.insert((now, token));
        let at = at.ip().to_canonical();
        self.all.insert(token, Connection { stream, from, at, since: now, deframer: Deframer::default(), out: Vec::new(), full: false });
    }

    /// From where it comes, and where it arrived.
    pub(super) fn addresses(&self, token: usize) -> Option<(SocketAddr, IpAddr)> {
        self.all.get(&token).map(|connection| (connection.from, connection.at))
    }

    /// The frames that can be read now.
    pub(super) fn read(&mut self, token: usize) -> Option<Vec<Vec<u8>>> {
        let mut frames = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let connection = self.all.get_mut(&token)?;
            let read = match connection.stream.read(&mut buffer) {
                Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
                other => other,
            };
            match read {
                Ok(count) => {
                    if connection.deframer.push(&buffer[..count], |frame| frames.push(frame.to_vec())).is_err() {
                        self.remove(token);
                        return None;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Some(frames),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.remove(token);
                    return None;
                }
            }
        }
    }

    /// The frames in what has been read elsewhere.
    pub(super) fn feed(&mut self, token: usize, bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut frames = Vec::new();
        if self.all.get_mut(&token)?.deframer.push(bytes, |frame| frames.push(frame.to_vec())).is_err() {
            self.remove(token);
            return None;
        }
        Some(frames)
    }

    /// A peer has shown that it is its.
    pub(super) fn validated(&mut self, token: usize) {
        if let Some(connection) = self.all.get(&token) {
            self.strangers.remove(&(connection.since, token));
        }
    }

    /// Whether a frame could be taken. It leaves at the end of the batch.
    pub(super) fn send(&mut self, to: SocketAddr, datagram: &[u8]) -> bool {
        let Some(token) = self.by_address.get(&to) else { return false };
        let Some(connection) = self.all.get_mut(token) else { return false };
        let fits = connection.out.len() + datagram.len() <= BACKLOG;
        if fits {
            enframe(&mut connection.out, datagram);
            self.waiting.insert(*token);
        }
        fits
    }

    /// The system takes more again.
    pub(super) fn writable(&mut self, token: usize) {
        if let Some(connection) = self.all.get_mut(&token) {
            connection.full = false;
            self.waiting.insert(token);
        }
    }

    pub(super) fn close(&mut self, from: SocketAddr) {
        if let Some(token) = self.by_address.get(&from) {
            self.remove(*token);
        }
    }

    pub(super) fn end_of_batch(&mut self, _registry: &Registry, now: Instant) {
        while let Some((since, token)) = self.strangers.first().copied()
            && now.saturating_duration_since(since) >= PATIENCE
        {
            self.remove(token);
        }
        for token in std::mem::take(&mut self.waiting) {
            let Some(connection) = self.all.get_mut(&token) else { continue };
            while !connection.full && !connection.out.is_empty() {
                match connection.stream.write(&connection.out) {
                    Ok(count) => drop(connection.out.drain(..count)),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => connection.full = true,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => {
                        self.remove(token);
                        break;
                    }
                }
            }
        }
    }

    fn remove(&mut self, token: usize) {
        if let Some(connection) = self.all.remove(&token) {
            self.strangers.remove(&(connection.since, token));
            if self.by_address.get(&connection.from) == Some(&token) {
                self.by_address.remove(&connection.from);
            }
        }
    }
}
