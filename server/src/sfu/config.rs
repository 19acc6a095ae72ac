//! Where media is taken and to which addresses clients send it.

use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, SocketAddr},
};

/// Settings of the media server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which address to take media at: `0.0.0.0` for all of IPv4, `::` for all there are.
    pub listen: IpAddr,
    /// A worker thread for each, at this UDP port and, for networks without UDP, TCP port. 0: the system chooses.
    pub ports: Vec<u16>,
    /// The port of these whose TCP side somebody else accepts, to hand what [`super::tcp::is_media`] to
    /// [`super::Sfu::take_tcp`].
    pub shared_tcp: Option<u16>,
    /// Where clients reach this machine, if those are not the addresses of its interfaces.
    pub public: Vec<IpAddr>,
    /// The most that one peer is sent, in bits per second.
    pub egress_bps: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { listen: IpAddr::from([0, 0, 0, 0]), ports: vec![0], shared_tcp: None, public: Vec::new(), egress_bps: 30_000_000 }
    }
}

/// Why there is no media server.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port cannot be had.
    #[error("cannot take media at {address} ({protocol}): {source}; is another program there? --media-ports chooses others")]
    Port {
        /// Where.
        address: SocketAddr,
        /// `UDP` or `TCP`.
        protocol: &'static str,
        /// Why.
        source: io::Error,
    },
    /// The interfaces cannot be listed.
    #[error("cannot list the addresses of this machine: {0}; --public-ip names them")]
    Addresses(io::Error),
    /// None of the addresses can be reached by the socket.
    #[error("no address of this machine fits --listen {0}; --public-ip names one")]
    NoAddress(IpAddr),
    /// There is no port.
    #[error("no port for media: --media-ports takes one or more, such as 7070-7073")]
    NoPort,
    /// The system gives no thread or no event queue.
    #[error("cannot start the media server: {0}")]
    System(io::Error),
}

impl Config {
    /// The addresses that clients are told, those first that are most likely to be reached.
    pub(crate) fn addresses(&self) -> Result<Vec<IpAddr>, StartError> {
        let fits = |ip: &IpAddr| match self.listen {
            IpAddr::V4(listen) => listen.is_unspecified() && ip.is_ipv4() || self.listen == *ip,
            IpAddr::V6(listen) => listen.is_unspecified() || self.listen == *ip,
        };
        if !self.public.is_empty() {
            return Ok(self.public.clone());
        }
        let mut found: Vec<IpAddr> =
            if_addrs::get_if_addrs().map_err(StartError::Addresses)?.iter().map(if_addrs::Interface::ip).filter(fits).collect();
        // Link-local addresses need a scope, which a candidate cannot say.
        found.retain(|ip| !matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local()));
        found.sort_by_key(|ip| (ip.is_loopback(), ip.is_ipv6()));
        let mut seen = BTreeSet::new();
        found.retain(|ip| seen.insert(*ip));
        if found.is_empty() { Err(StartError::NoAddress(self.listen)) } else { Ok(found) }
    }
}
