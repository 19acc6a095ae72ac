//! What leaves a thread: datagrams, many in one system call, and frames over TCP.
//!
//! Datagrams wait for the end of the batch. Those to one destination that are of one length leave as a run (GSO), all others
//! together (`sendmmsg`): besides the calls, that saves being interrupted by whoever one of them has woken.

use super::connections::Connections;
use crate::sfu::{
    counters::{Counters, Dropped},
    worker::Sink,
};
use mio::Registry;
use quinn_udp::{RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use rustix::net::{MMsgHdr, SendAncillaryBuffer, SendFlags, SocketAddrAny, addr::SocketAddrArg as _, sendmmsg};
use std::{
    io::{self, IoSlice, IoSliceMut},
    net::{IpAddr, SocketAddr},
    ops::Range,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Instant,
};
use str0m::net::{self, Protocol};

/// The most that one run holds, in bytes: less than a datagram of UDP may.
const LONGEST_RUN: usize = 60_000;
/// The most runs and bytes that wait.
const MOST_RUNS: usize = 64;
const MOST_BYTES: usize = 128 * 1024;

pub(super) struct Outbox {
    pub(super) connections: Connections,
    udp: mio::net::UdpSocket,
    state: UdpSocketState,
    /// The socket takes IPv4 addresses only as part of IPv6.
    mapped: bool,
    /// The addresses of this machine, if the system could send from the wrong one.
    ours: Vec<IpAddr>,
    /// What waits.
    runs: Vec<Run>,
    bytes: Vec<u8>,
    counters: Arc<Counters>,
}

/// Datagrams of one length to one destination; only the last may be shorter.
struct Run {
    to: SocketAddr,
    /// From which address of this machine.
    from: IpAddr,
    /// Where they are among the bytes.
    bytes: Range<usize>,
    length: usize,
    count: usize,
}

impl Outbox {
    pub(super) fn new(udp: mio::net::UdpSocket, state: UdpSocketState, mapped: bool, candidates: &[SocketAddr], counters: Arc<Counters>) -> Self {
        // With one address of a family there is nothing to choose, and naming it costs a tenth of a send.
        let ours: Vec<_> = if_addrs::get_if_addrs().into_iter().flatten().map(|interface| interface.ip()).collect();
        let outer = |ip: &IpAddr| !ip.is_loopback() && candidates.iter().any(|candidate| candidate.ip() == *ip);
        let ours: Vec<_> = ours.into_iter().filter(outer).collect();
        let several = ours.iter().filter(|ip| ip.is_ipv4()).count() > 1 || ours.iter().filter(|ip| ip.is_ipv6()).count() > 1;
        let ours = if several { ours } else { Vec::new() };
        Self { connections: Connections::default(), udp, state, mapped, ours, runs: Vec::new(), bytes: Vec::new(), counters }
    }

    pub(super) fn read(&self, buffers: &mut [IoSliceMut<'_>], metas: &mut [RecvMeta]) -> io::Result<usize> {
        self.udp.try_io(|| self.state.recv(UdpSockRef::from(&self.udp), buffers, metas))
    }

    /// Sends all that waits.
    pub(super) fn end_of_batch(&mut self, registry: &Registry, now: Instant) {
        self.send_datagrams();
        self.connections.end_of_batch(registry, now);
    }

    fn send_datagrams(&mut self) {
        // What goes to one destination stays in order.
        for runs in self.runs.chunk_by(|a, b| self.is_plain(a) && self.is_plain(b)) {
            match runs {
                [run] if !self.is_plain(run) => self.send_run(run),
                plain => self.send_plain(plain),
            }
        }
        self.runs.clear();
        self.bytes.clear();
    }

    /// Whether it is one datagram, for which the system chooses the address it comes from.
    fn is_plain(&self, run: &Run) -> bool {
        run.count == 1 && !self.ours.contains(&run.from)
    }

    fn send_run(&self, run: &Run) {
        let transmit = Transmit {
            destination: SocketAddr::new(self.as_socket_has_it(run.to.ip()), run.to.port()),
            ecn: None,
            contents: &self.bytes[run.bytes.clone()],
            segment_size: (run.count > 1).then_some(run.length),
            src_ip: self.ours.contains(&run.from).then(|| self.as_socket_has_it(run.from)),
        };
        let sent = self.udp.try_io(|| self.state.try_send(UdpSockRef::from(&self.udp), &transmit));
        self.counters.sends.fetch_add(1, Relaxed);
        self.count(std::slice::from_ref(run), sent.is_ok());
    }

    fn send_plain(&self, runs: &[Run]) {
        let to = |run: &Run| SocketAddr::new(self.as_socket_has_it(run.to.ip()), run.to.port()).as_any();
        let destinations: Vec<SocketAddrAny> = runs.iter().map(to).collect();
        let contents: Vec<_> = runs.iter().map(|run| [IoSlice::new(&self.bytes[run.bytes.clone()])]).collect();
        let mut controls: Vec<_> = runs.iter().map(|_| SendAncillaryBuffer::default()).collect();
        let parts = destinations.iter().zip(&contents).zip(&mut controls);
        let mut messages: Vec<_> = parts.map(|((to, contents), control)| MMsgHdr::new_with_addr(to, contents, control)).collect();
        let mut at = 0;
        while at < runs.len() {
            let sent = self.udp.try_io(|| Ok(sendmmsg(&self.udp, &mut messages[at..], SendFlags::empty())?));
            self.counters.sends.fetch_add(1, Relaxed);
            // The system stops at the first that it cannot send, and says why only if asked for that one again.
            let done = match sent {
                Ok(sent @ 1..) => (sent, true),
                Ok(0) | Err(_) => (1, false),
            };
            self.count(&runs[at..at + done.0], done.1);
            at += done.0;
        }
    }

    fn count(&self, runs: &[Run], sent: bool) {
        for run in runs {
            if sent {
                self.counters.sent.fetch_add(run.count as u64, Relaxed);
                self.counters.sent_bytes.fetch_add(run.bytes.len() as u64, Relaxed);
            } else {
                // The network loses packets, and so may the system. Whoever needs them asks again.
                (0..run.count).for_each(|_| self.counters.count_drop(Dropped::Congested));
            }
        }
    }

    fn as_socket_has_it(&self, ip: IpAddr) -> IpAddr {
        match ip {
            IpAddr::V4(v4) if self.mapped => v4.to_ipv6_mapped().into(),
            ip => ip,
        }
    }
}

impl Sink for Outbox {
    fn send(&mut self, transmit: net::Transmit) {
        match transmit.proto {
            Protocol::Udp => {
                if self.runs.len() >= MOST_RUNS || self.bytes.len() >= MOST_BYTES {
                    self.send_datagrams();
                }
                let contents: &[u8] = &transmit.contents;
                let start = self.bytes.len();
                self.bytes.extend_from_slice(contents);
                let most = self.state.max_gso_segments();
                let fits = |run: &&mut Run| {
                    (run.to, run.from) == (transmit.destination, transmit.source.ip())
                        && run.bytes.len() == run.length * run.count
                        && contents.len() <= run.length
                        && run.count < most
                        && run.bytes.len() + contents.len() <= LONGEST_RUN
                };
                if let Some(run) = self.runs.last_mut().filter(fits) {
                    run.bytes.end = self.bytes.len();
                    run.count += 1;
                } else {
                    let (to, from) = (transmit.destination, transmit.source.ip());
                    self.runs.push(Run { to, from, bytes: start..self.bytes.len(), length: contents.len(), count: 1 });
                }
            }
            Protocol::Tcp => {
                let sent = self.connections.send(transmit.destination, &transmit.contents);
                if sent {
                    self.counters.sent.fetch_add(1, Relaxed);
                    self.counters.sent_bytes.fetch_add(transmit.contents.len() as u64, Relaxed);
                } else {
                    self.counters.count_drop(Dropped::Congested);
                }
            }
            // Offered to nobody.
            Protocol::SslTcp | Protocol::Tls => {}
        }
    }

    fn forget(&mut self, protocol: Protocol, source: SocketAddr) {
        if protocol == Protocol::Tcp {
            self.connections.close(source);
        }
    }
}
