//! Stands between one client and the server, as a bad network would. What it does to which datagram is decided by [`Leg`].
//!
//! The client is told the relay's address in the place of the server's ([`through`]); the server sees an address of the relay for
//! each of the client's.

use super::{
    leg::{Counts, Leg},
    network::{Conditions, Direction},
};
use crate::failure::Failure;
use mio::{Events, Interest, Poll, Token, net::UdpSocket};
use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How long its thread waits for a packet before it looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);
/// More than any datagram of media has.
const DATAGRAM: usize = 2_048;
/// The socket towards the client.
const FRONT: Token = Token(usize::MAX);

/// A relay that runs. It stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Relay {
    /// Where the client is to send.
    pub(crate) address: SocketAddr,
    leg: Arc<Mutex<Leg>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// Starts one in front of a server on this machine.
    pub(crate) fn start(server: SocketAddr, conditions: &Conditions, seed: u64) -> Result<Self, Failure> {
        let start = || -> io::Result<Self> {
            let leg = Arc::new(Mutex::new(Leg::new(conditions, seed)));
            let stop = Arc::new(AtomicBool::new(false));
            let mut front = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0).into())?;
            let address = front.local_addr()?;
            let poll = Poll::new()?;
            poll.registry().register(&mut front, FRONT, Interest::READABLE)?;
            let shell = Shell { server, poll, front, backs: Vec::new(), waiting: BinaryHeap::new(), order: 0, leg: leg.clone(), stop: stop.clone() };
            let thread = thread::Builder::new().name("relay".to_owned()).spawn(move || shell.run())?;
            Ok(Self { address, leg, stop, thread: Some(thread) })
        };
        start().map_err(Failure::io("start a relay"))
    }

    /// See [`Leg::arm`].
    pub(crate) fn arm(&self) {
        lock(&self.leg).arm();
    }

    /// See [`Leg::counts`].
    pub(crate) fn counts(&self, direction: Direction) -> Counts {
        lock(&self.leg).counts(direction)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            eprintln!("a relay panicked");
        }
    }
}

fn lock(leg: &Mutex<Leg>) -> MutexGuard<'_, Leg> {
    leg.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The server's offer with the relay in the place of all its addresses.
pub(crate) fn through(offer: &str, relay: SocketAddr) -> String {
    let mut told = false;
    let mut out = String::with_capacity(offer.len());
    for line in offer.split_inclusive('\n') {
        let Some(candidate) = line.strip_prefix("a=candidate:") else {
            out.push_str(line);
            // One for each m-line.
            told &= !line.starts_with("m=");
            continue;
        };
        // RFC 8839, 5.1: foundation, component, transport, priority, address, port, and what else there is.
        let words: Vec<&str> = candidate.trim_end().split(' ').collect();
        if let [foundation, component, transport, priority, _, _, rest @ ..] = &words[..]
            && transport.eq_ignore_ascii_case("udp")
            && !told
        {
            told = true;
            let (ip, port) = (relay.ip(), relay.port());
            out.push_str(&format!("a=candidate:{foundation} {component} {transport} {priority} {ip} {port} {}\r\n", rest.join(" ")));
        }
    }
    out
}

/// A datagram that waits: by its time, then by when it came.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    due: Instant,
    order: u64,
    direction: bool,
    back: usize,
    datagram: Vec<u8>,
}

struct Shell {
    server: SocketAddr,
    poll: Poll,
    front: UdpSocket,
    /// For each address of the client, the socket that stands for it.
    backs: Vec<(SocketAddr, UdpSocket)>,
    waiting: BinaryHeap<Reverse<Waiting>>,
    order: u64,
    leg: Arc<Mutex<Leg>>,
    stop: Arc<AtomicBool>,
}

impl Shell {
    fn run(mut self) {
        let mut events = Events::with_capacity(64);
        while !self.stop.load(Relaxed) {
            let now = Instant::now();
            let patience = self.waiting.peek().map_or(LOOK, |Reverse(next)| next.due.saturating_duration_since(now)).min(LOOK);
            if let Err(error) = self.poll.poll(&mut events, Some(patience))
                && error.kind() != io::ErrorKind::Interrupted
            {
                eprintln!("a relay stops: {error}");
                return;
            }
            if let Err(error) = self.read_all() {
                eprintln!("a relay stops: {error}");
                return;
            }
            self.send_due(Instant::now());
        }
    }

    fn read_all(&mut self) -> io::Result<()> {
        let mut buffer = [0; DATAGRAM];
        while let Some((length, client)) = received(self.front.recv_from(&mut buffer))? {
            let back = match self.backs.iter().position(|(known, _)| *known == client) {
                Some(back) => back,
                None => self.stand_for(client)?,
            };
            self.take(Direction::Up, back, &buffer[..length]);
        }
        for back in 0..self.backs.len() {
            while let Some((length, source)) = received(self.backs[back].1.recv_from(&mut buffer))? {
                if source == self.server {
                    self.take(Direction::Down, back, &buffer[..length]);
                }
            }
        }
        Ok(())
    }

    fn stand_for(&mut self, client: SocketAddr) -> io::Result<usize> {
        let mut socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0).into())?;
        self.poll.registry().register(&mut socket, Token(self.backs.len()), Interest::READABLE)?;
        self.backs.push((client, socket));
        Ok(self.backs.len() - 1)
    }

    fn take(&mut self, direction: Direction, back: usize, datagram: &[u8]) {
        let fate = lock(&self.leg).pass(direction, datagram);
        let now = Instant::now();
        for after in fate.after.into_iter().flatten() {
            self.order += 1;
            let waiting = Waiting { due: now + after, order: self.order, direction: direction == Direction::Up, back, datagram: datagram.to_vec() };
            self.waiting.push(Reverse(waiting));
        }
    }

    fn send_due(&mut self, now: Instant) {
        while self.waiting.peek().is_some_and(|Reverse(next)| next.due <= now) {
            let Some(Reverse(next)) = self.waiting.pop() else { return };
            let (client, socket) = &self.backs[next.back];
            let sent = if next.direction { socket.send_to(&next.datagram, self.server) } else { self.front.send_to(&next.datagram, *client) };
            if let Err(error) = sent {
                // Whoever it was for may be gone.
                eprintln!("a relay lost a packet by itself: {error}");
            }
        }
    }
}

fn received(result: io::Result<(usize, SocketAddr)>) -> io::Result<Option<(usize, SocketAddr)>> {
    match result {
        Ok(received) => Ok(Some(received)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        // What was sent before could not be delivered (ICMP): another word is for somebody else.
        Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::ConnectionRefused) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::network::Loss;
    use std::net::UdpSocket as Socket;

    #[test]
    fn an_offer_leads_to_the_relay_only() {
        let offer = "v=0\r\nm=audio 9 x\r\na=candidate:1 1 udp 2130706175 192.0.2.1 7070 typ host ufrag abc\r\n\
            a=candidate:2 1 udp 2130706174 192.0.2.2 7070 typ host\r\na=candidate:3 1 tcp 1671430143 192.0.2.1 7070 typ host tcptype passive\r\na=mid:0\r\n";
        assert_eq!(
            through(offer, "127.0.0.1:5000".parse().unwrap()),
            "v=0\r\nm=audio 9 x\r\na=candidate:1 1 udp 2130706175 127.0.0.1 5000 typ host ufrag abc\r\na=mid:0\r\n"
        );
    }

    fn socket() -> Socket {
        let socket = Socket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        socket
    }

    fn receive(socket: &Socket) -> (Vec<u8>, SocketAddr) {
        let mut buffer = [0; DATAGRAM];
        let (length, source) = socket.recv_from(&mut buffer).unwrap();
        (buffer[..length].to_vec(), source)
    }

    #[test]
    fn what_a_client_sends_reaches_the_server_and_the_other_way_round() {
        let (server, clients) = (socket(), [socket(), socket()]);
        let relay = Relay::start(server.local_addr().unwrap(), &Conditions::losing(Loss::Uniform(1.0)), 1).unwrap();
        for (number, client) in clients.iter().enumerate() {
            client.send_to(&[number as u8; 30], relay.address).unwrap();
            let (datagram, stands_for) = receive(&server);
            assert_eq!(datagram, [number as u8; 30]);
            server.send_to(b"answer", stands_for).unwrap();
            assert_eq!(receive(client), (b"answer".to_vec(), relay.address));
        }
    }
}
