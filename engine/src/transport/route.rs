//! From which addresses of ours the server is reached, and whether that has changed.
//!
//! On another network the addresses from before lead nowhere, and ICE would learn that only from silence. The system knows at
//! once, and can be asked without a packet.

use std::{
    io,
    net::{IpAddr, UdpSocket},
    time::{Duration, Instant},
};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(500);

/// The ways to a server.
#[derive(Debug)]
pub(super) struct Route {
    /// An address of the server, and the one of ours that the system sends from.
    ways: Vec<(IpAddr, IpAddr)>,
    looked: Instant,
}

impl Route {
    /// To nowhere yet.
    pub(super) fn new(now: Instant) -> Self {
        Self { ways: Vec::new(), looked: now }
    }

    /// Looks how these addresses are reached now; the error of the last that cannot be, if none can.
    pub(super) fn find(&mut self, servers: &[IpAddr]) -> io::Result<()> {
        self.ways.clear();
        let mut problem = None;
        for server in servers {
            match local_address(*server) {
                Ok(local) => self.ways.push((*server, local)),
                Err(error) => problem = Some(error),
            }
        }
        match problem {
            Some(error) if self.ways.is_empty() => Err(error),
            _ => Ok(()),
        }
    }

    /// Our addresses.
    pub(super) fn locals(&self) -> impl Iterator<Item = IpAddr> {
        self.ways.iter().map(|(_, local)| *local)
    }

    /// Whether the server is reached from another address than [`Self::find`] found. Says so once. As long as there is no way at
    /// all, there is nothing to change to.
    pub(super) fn has_changed(&mut self, now: Instant) -> bool {
        if now.saturating_duration_since(self.looked) < LOOK {
            return false;
        }
        self.looked = now;
        let mut changed = false;
        for (server, local) in &mut self.ways {
            if let Ok(other) = local_address(*server)
                && other != *local
            {
                *local = other;
                changed = true;
            }
        }
        changed
    }
}

/// The address of ours that the system would send from.
fn local_address(server: IpAddr) -> io::Result<IpAddr> {
    let any: IpAddr = match server {
        IpAddr::V4(_) => [0; 4].into(),
        IpAddr::V6(_) => [0; 16].into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    // Sends nothing: it only looks up the route. Any port will do.
    socket.connect((server, 9))?;
    Ok(socket.local_addr()?.ip())
}
