//! What leaves a thread: datagrams, in runs to one destination where they are of one length (GSO), and frames over TCP.

use super::connections::Connections;
use crate::sfu::{
    counters::{Counters, Dropped},
    worker::Sink,
};
use mio::Registry;
use quinn_udp::{RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Instant,
};
use str0m::net::{self, Protocol};

/// The most that one run holds, in bytes: less than a datagram of UDP may.
const LONGEST_RUN: usize = 60_000;

pub(super) struct Outbox {
    pub(super) connections: Connections,
    udp: mio::net::UdpSocket,
    state: UdpSocketState,
    /// The socket takes IPv4 addresses only as part of IPv6.
    mapped: bool,
    /// The addresses of this machine, if the system could send from the wrong one.
    ours: Vec<IpAddr>,
    run: Run,
    counters: Arc<Counters>,
}

/// Datagrams of one length to one destination; only the last may be shorter.
#[derive(Default)]
struct Run {
    to: Option<(SocketAddr, IpAddr)>,
    bytes: Vec<u8>,
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
        Self { connections: Connections::default(), udp, state, mapped, ours, run: Run::default(), counters }
    }

    pub(super) fn read(&self, buffers: &mut [IoSliceMut<'_>], metas: &mut [RecvMeta]) -> io::Result<usize> {
        self.udp.try_io(|| self.state.recv(UdpSockRef::from(&self.udp), buffers, metas))
    }

    /// Sends what waits for more of its kind.
    pub(super) fn end_of_batch(&mut self, registry: &Registry, now: Instant) {
        self.send_run();
        self.connections.end_of_batch(registry, now);
    }

    fn send_run(&mut self) {
        let Some((destination, source)) = self.run.to.take() else { return };
        let Run { bytes, length, count, .. } = &self.run;
        let as_socket_has_it = |ip: IpAddr| match ip {
            IpAddr::V4(v4) if self.mapped => v4.to_ipv6_mapped().into(),
            ip => ip,
        };
        let destination = SocketAddr::new(as_socket_has_it(destination.ip()), destination.port());
        let segment_size = (*count > 1).then_some(*length);
        let src_ip = self.ours.contains(&source).then(|| as_socket_has_it(source));
        let transmit = Transmit { destination, ecn: None, contents: bytes, segment_size, src_ip };
        let sent = self.state.try_send(UdpSockRef::from(&self.udp), &transmit);
        self.counters.sends.fetch_add(1, Relaxed);
        match sent {
            Ok(()) => {
                self.counters.sent.fetch_add(*count as u64, Relaxed);
                self.counters.sent_bytes.fetch_add(bytes.len() as u64, Relaxed);
            }
            // The network loses packets, and so may the system. Whoever needs them asks again.
            Err(_) => (0..*count).for_each(|_| self.counters.count_drop(Dropped::Congested)),
        }
    }
}

impl Sink for Outbox {
    fn send(&mut self, transmit: net::Transmit) {
        match transmit.proto {
            Protocol::Udp => {
                let contents: &[u8] = &transmit.contents;
                let to = Some((transmit.destination, transmit.source.ip()));
                let run = &self.run;
                let fits = run.to == to
                    && run.bytes.len() == run.length * run.count
                    && contents.len() <= run.length
                    && run.count < self.state.max_gso_segments()
                    && run.bytes.len() + contents.len() <= LONGEST_RUN;
                if !fits {
                    self.send_run();
                    self.run.to = to;
                    (self.run.length, self.run.count) = (contents.len(), 0);
                    self.run.bytes.clear();
                }
                self.run.bytes.extend_from_slice(contents);
                self.run.count += 1;
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
