//! The thread of a worker: a loop that waits, reads, hands to the [`Worker`](super::worker::Worker) and sends.

mod connections;
mod outbox;

use super::{
    Command, PeerId, StartError,
    worker::{Datagram, Worker},
};
use mio::{Events, Interest, Poll, Token, Waker};
use outbox::Outbox;
use quinn_udp::{RecvMeta, UdpSockRef, UdpSocketState};
use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};
use str0m::net::Protocol;

const WAKER: Token = Token(0);
const UDP: Token = Token(1);
const LISTENER: Token = Token(2);
/// Tokens from here on are TCP connections.
const FIRST_CONNECTION: usize = 16;

/// How many datagrams one system call reads, and how many of those a batch has at most.
const READ: usize = 16;
const BATCH: usize = 32;
/// Of a read with GRO: several datagrams of one sender.
const BUFFER: usize = 64 * 1024;
/// Of a socket: about 100 ms of a thousand streams.
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;
/// How often the system is asked for a port that is free for UDP and TCP alike.
const TRIES: usize = 16;

/// What a thread is told.
pub(super) enum Do {
    /// By the signalling.
    Command(Command),
    /// A connection, accepted elsewhere, and what has been read of it.
    Tcp(TcpStream, Vec<u8>),
    /// For tests: a peer's next work panics.
    Panic(PeerId),
    /// To end.
    Stop,
}

/// A running thread.
pub(super) struct Thread {
    pub(super) address: SocketAddr,
    to: Sender<Do>,
    waker: Arc<Waker>,
    handle: Option<JoinHandle<()>>,
}

/// The sockets of a thread.
pub(super) struct Port {
    pub(super) address: SocketAddr,
    udp: mio::net::UdpSocket,
    state: UdpSocketState,
    listener: Option<mio::net::TcpListener>,
    poll: Poll,
}

impl Port {
    /// Takes a port for UDP, and its TCP side unless somebody else has that. 0: one that is free for both.
    pub(super) fn open(listen: IpAddr, port: u16, tcp: bool) -> Result<Self, StartError> {
        let failed = |address, protocol| move |source| StartError::Port { address, protocol, source };
        let mut tries = if port == 0 { TRIES } else { 1 };
        loop {
            tries -= 1;
            let wanted = SocketAddr::new(listen, port);
            let udp = std::net::UdpSocket::bind(wanted).map_err(failed(wanted, "UDP"))?;
            let address = udp.local_addr().map_err(StartError::System)?;
            let listener = match tcp.then(|| std::net::TcpListener::bind(address)).transpose() {
                Err(_) if tries > 0 => continue,
                listener => listener.map_err(failed(address, "TCP"))?,
            };
            let state = UdpSocketState::new(UdpSockRef::from(&udp)).map_err(StartError::System)?;
            // The system gives what it allows.
            let _ = state.set_send_buffer_size(UdpSockRef::from(&udp), SOCKET_BUFFER);
            let _ = state.set_recv_buffer_size(UdpSockRef::from(&udp), SOCKET_BUFFER);
            let poll = Poll::new().map_err(StartError::System)?;
            let mut udp = mio::net::UdpSocket::from_std(udp);
            poll.registry().register(&mut udp, UDP, Interest::READABLE).map_err(StartError::System)?;
            let mut listener = match listener {
                None => None,
                Some(listener) => {
                    listener.set_nonblocking(true).map_err(StartError::System)?;
                    Some(mio::net::TcpListener::from_std(listener))
                }
            };
            if let Some(listener) = &mut listener {
                poll.registry().register(listener, LISTENER, Interest::READABLE).map_err(StartError::System)?;
            }
            return Ok(Self { address, udp, state, listener, poll });
        }
    }
}

impl Thread {
    pub(super) fn spawn(number: usize, port: Port, worker: Worker, candidates: Vec<SocketAddr>) -> Result<Self, StartError> {
        let waker = Arc::new(Waker::new(port.poll.registry(), WAKER).map_err(StartError::System)?);
        let (to, from) = channel();
        let address = port.address;
        // The bench and the tests know the threads by this name.
        let builder = std::thread::Builder::new().name(format!("sfu-{number}"));
        let handle = builder.spawn(move || Loop::new(port, worker, candidates, from).run()).map_err(StartError::System)?;
        Ok(Self { address, to, waker, handle: Some(handle) })
    }

    /// Tells it something. It ends only after it has been told to.
    pub(super) fn tell(&self, what: Do) {
        if self.to.send(what).is_ok() {
            // It looks at what it is told before it waits.
            let _ = self.waker.wake();
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.tell(Do::Stop);
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

struct Loop {
    worker: Worker,
    outbox: Outbox,
    listener: Option<mio::net::TcpListener>,
    poll: Poll,
    port: u16,
    /// Addresses that clients have been told.
    candidates: Vec<SocketAddr>,
    from: Receiver<Do>,
    buffers: Vec<Vec<u8>>,
    metas: Vec<RecvMeta>,
}

impl Loop {
    fn new(port: Port, worker: Worker, candidates: Vec<SocketAddr>, from: Receiver<Do>) -> Self {
        let Port { address, udp, state, listener, poll } = port;
        Self {
            outbox: Outbox::new(udp, state, address.is_ipv6(), &candidates, worker.counters()),
            worker,
            listener,
            poll,
            port: address.port(),
            candidates,
            from,
            buffers: vec![vec![0; BUFFER]; READ],
            metas: vec![RecvMeta::default(); READ],
        }
    }

    fn run(mut self) {
        let mut events = Events::with_capacity(256);
        // More is there than one batch takes.
        let mut more = false;
        loop {
            let now = Instant::now();
            let timeout = match (more, self.worker.deadline()) {
                (true, _) => Some(Duration::ZERO),
                (false, at) => at.map(|at| at.saturating_duration_since(now)),
            };
            match self.poll.poll(&mut events, timeout) {
                Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                    tracing::error!(%error, "the media server cannot wait for datagrams");
                    return;
                }
                Ok(()) | Err(_) => {}
            }
            let turn = catch_unwind(AssertUnwindSafe(|| self.turn(&events, more)));
            more = match turn {
                Ok(Turn::Stop) => return,
                Ok(Turn::Wait) => false,
                Ok(Turn::More) => true,
                Err(_) => {
                    tracing::error!("a panic outside all fences of the media server: everybody in its rooms has to join again");
                    let outbox = &mut self.outbox;
                    let worker = &mut self.worker;
                    let _ = catch_unwind(AssertUnwindSafe(|| worker.collapse(Instant::now(), outbox)));
                    false
                }
            };
        }
    }

    /// Everything that has come is dealt with in one go, and what comes of it sent at the end.
    fn turn(&mut self, events: &Events, mut more: bool) -> Turn {
        let now = Instant::now();
        while let Ok(what) = self.from.try_recv() {
            match what {
                Do::Command(command) => self.worker.command(now, command, &mut self.outbox),
                Do::Tcp(stream, first) => self.adopt(now, stream, &first),
                Do::Panic(peer) => self.worker.make_panic(peer),
                Do::Stop => return Turn::Stop,
            }
        }
        for event in events {
            match event.token() {
                WAKER => {}
                UDP => more = true,
                LISTENER => self.accept(now),
                Token(token) => {
                    if event.is_writable() {
                        self.outbox.connections.writable(token);
                    }
                    self.read_connection(now, token);
                }
            }
        }
        if more {
            more = self.read_udp(now);
        }
        let now = Instant::now();
        self.worker.expire(now, &mut self.outbox);
        self.worker.settle(now, &mut self.outbox);
        self.outbox.end_of_batch(self.poll.registry(), now);
        if more { Turn::More } else { Turn::Wait }
    }

    /// Whether there may be more.
    fn read_udp(&mut self, now: Instant) -> bool {
        for _ in 0..BATCH {
            let read = {
                let mut slices: Vec<_> = self.buffers.iter_mut().map(|buffer| IoSliceMut::new(buffer)).collect();
                self.outbox.read(&mut slices, &mut self.metas)
            };
            let count = match read {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                // Linux tells of earlier datagrams that found nobody.
                Err(_) => continue,
            };
            for (buffer, meta) in self.buffers.iter().zip(&self.metas).take(count) {
                let source = canonical(meta.addr);
                let Some(local) = local(&self.candidates, meta.dst_ip, self.port) else { continue };
                for bytes in buffer[..meta.len].chunks(meta.stride.max(1)) {
                    let datagram = Datagram { protocol: Protocol::Udp, source, local, bytes };
                    self.worker.datagram(now, datagram, &mut self.outbox);
                }
            }
            if count < READ {
                // That was all. Whatever comes from now on wakes the thread again.
                return false;
            }
        }
        true
    }

    fn accept(&mut self, now: Instant) {
        loop {
            match self.listener.as_ref().map(mio::net::TcpListener::accept) {
                Some(Ok((stream, from))) => self.outbox.connections.add(self.poll.registry(), now, stream, canonical(from)),
                Some(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                // Out of descriptors, or no more for now: the next one brings an event.
                Some(Err(_)) | None => return,
            }
        }
    }

    fn adopt(&mut self, now: Instant, stream: TcpStream, first: &[u8]) {
        let Ok(from) = stream.peer_addr() else { return };
        if stream.set_nonblocking(true).is_err() {
            return;
        }
        let stream = mio::net::TcpStream::from_std(stream);
        let token = self.outbox.connections.next_token();
        self.outbox.connections.add(self.poll.registry(), now, stream, canonical(from));
        if let Some(frames) = self.outbox.connections.feed(token, first) {
            self.frames(now, token, &frames);
        }
        self.read_connection(now, token);
    }

    fn read_connection(&mut self, now: Instant, token: usize) {
        if let Some(frames) = self.outbox.connections.read(token) {
            self.frames(now, token, &frames);
        }
    }

    fn frames(&mut self, now: Instant, token: usize, frames: &[Vec<u8>]) {
        let Some((source, at)) = self.outbox.connections.addresses(token) else { return };
        let Some(local) = local(&self.candidates, Some(at), self.port) else { return };
        for bytes in frames {
            self.worker.datagram(now, Datagram { protocol: Protocol::Tcp, source, local, bytes }, &mut self.outbox);
        }
        if self.worker.knows(Protocol::Tcp, source) {
            self.outbox.connections.validated(token);
        }
    }
}

enum Turn {
    Wait,
    More,
    Stop,
}

/// The candidate at which something arrived. Behind a NAT that is not the address it was sent to.
fn local(candidates: &[SocketAddr], at: Option<IpAddr>, port: u16) -> Option<SocketAddr> {
    let at = at.map(|ip| ip.to_canonical());
    let same = candidates.iter().find(|candidate| Some(candidate.ip()) == at);
    let kin = || candidates.iter().find(|candidate| at.is_none_or(|at| at.is_ipv4() == candidate.is_ipv4()));
    debug_assert!(candidates.iter().all(|candidate| candidate.port() == port));
    same.or_else(kin).copied()
}

/// An IPv4 address as such, though the socket takes both.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
