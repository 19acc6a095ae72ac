//! From which addresses of ours the server is reached, and whether that has changed.
//!
//! On another network the addresses from before lead nowhere, and ICE would learn that only from silence. The system knows at
//! once, and can be asked without a packet.

use std::{
    io, mem,
    net::{IpAddr, UdpSocket},
    time::{Duration, Instant},
};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(500);

/// The address of ours that a server is reached from now.
type Look = Box<dyn Fn(IpAddr) -> io::Result<IpAddr> + Send>;

/// The ways to a server.
pub(super) struct Route {
    look: Look,
    /// An address of the server, and the one of ours that the system sends from.
    ways: Vec<(IpAddr, IpAddr)>,
    looked: Instant,
    /// A change has been seen, and not told yet.
    changed: bool,
}

impl Route {
    /// To nowhere yet.
    pub(super) fn new(now: Instant) -> Self {
        Self { look: Box::new(local_address), ways: Vec::new(), looked: now, changed: false }
    }

    /// Looks how these addresses are reached now; the error of the last that cannot be, if none can. With `anew`, ICE begins with
    /// what is found, so that what was before does not matter.
    pub(super) fn find(&mut self, servers: &[IpAddr], anew: bool) -> io::Result<()> {
        let before = mem::take(&mut self.ways);
        let mut problem = None;
        for server in servers {
            match (self.look)(*server) {
                Ok(local) => self.ways.push((*server, local)),
                Err(error) => problem = Some(error),
            }
        }
        let moved = |(server, local)| before.iter().any(|(known, way)| *known == server && *way != local);
        self.changed = !anew && (self.changed || self.ways.iter().copied().any(moved));
        match problem {
            Some(error) if self.ways.is_empty() => Err(error),
            _ => Ok(()),
        }
    }

    /// Our addresses.
    pub(super) fn locals(&self) -> impl Iterator<Item = IpAddr> {
        self.ways.iter().map(|(_, local)| *local)
    }

    /// Whether the server is reached from another address than when ICE began. Says so once. As long as there is no way at all,
    /// there is nothing to change to.
    pub(super) fn has_changed(&mut self, now: Instant) -> bool {
        if now.saturating_duration_since(self.looked) >= LOOK {
            self.looked = now;
            for (server, local) in &mut self.ways {
                if let Ok(other) = (self.look)(*server)
                    && other != *local
                {
                    *local = other;
                    self.changed = true;
                }
            }
        }
        mem::take(&mut self.changed)
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    const SERVER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

    /// A machine whose network changes when the test says so.
    struct Machine {
        address: Arc<Mutex<Option<u8>>>,
        begun: Instant,
        route: Route,
    }

    impl Machine {
        /// ICE has begun on its first network.
        fn new() -> Self {
            let address = Arc::new(Mutex::new(Some(1)));
            let system = address.clone();
            let begun = Instant::now();
            let look = move |_| system.lock().unwrap().map(|last| [192, 0, 2, last].into()).ok_or(io::ErrorKind::NetworkUnreachable.into());
            let mut route = Route { look: Box::new(look), ..Route::new(begun) };
            route.find(&[SERVER], true).unwrap();
            Self { address, begun, route }
        }

        fn moves_to(&self, address: impl Into<Option<u8>>) {
            *self.address.lock().unwrap() = address.into();
        }

        fn has_changed(&mut self, milliseconds: u64) -> bool {
            self.route.has_changed(self.begun + Duration::from_millis(milliseconds))
        }
    }

    #[test]
    fn a_change_is_told_once() {
        let mut machine = Machine::new();
        assert!(!machine.has_changed(500));
        machine.moves_to(2);
        assert!(!machine.has_changed(600), "it is looked twice a second");
        assert!(machine.has_changed(1_000));
        assert!(!machine.has_changed(1_500));
    }

    #[test]
    fn a_network_that_is_away_is_no_change_before_there_is_another() {
        let mut machine = Machine::new();
        machine.moves_to(None);
        assert!(!machine.has_changed(500));
        machine.moves_to(1);
        assert!(!machine.has_changed(1_000));
        machine.moves_to(None);
        assert!(!machine.has_changed(1_500));
        machine.moves_to(2);
        assert!(machine.has_changed(2_000));
    }

    #[test]
    fn a_change_that_an_answer_sees_first_is_told_nevertheless() {
        let mut machine = Machine::new();
        machine.moves_to(2);
        machine.route.find(&[SERVER], false).unwrap();
        machine.route.find(&[SERVER], false).unwrap();
        assert!(machine.has_changed(1));
        assert!(!machine.has_changed(500));
    }

    #[test]
    fn ice_that_begins_anew_begins_where_one_is() {
        let mut machine = Machine::new();
        machine.moves_to(2);
        machine.route.find(&[SERVER], false).unwrap();
        machine.route.find(&[SERVER], true).unwrap();
        assert!(!machine.has_changed(500));
        assert_eq!(machine.route.locals().collect::<Vec<_>>(), [IpAddr::from([192, 0, 2, 2])]);
    }

    #[test]
    fn the_system_knows_the_way_to_this_machine() {
        let mut route = Route::new(Instant::now());
        let here = IpAddr::from([127, 0, 0, 1]);
        route.find(&[here], true).unwrap();
        assert_eq!(route.locals().collect::<Vec<_>>(), [here]);
    }
}
