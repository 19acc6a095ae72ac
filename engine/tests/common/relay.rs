//! A network that loses datagrams between one client and the media server, each way, as its seed says.

use super::Seeded;
use std::{
    io::ErrorKind,
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

/// Both ways.
pub(crate) struct Relay {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    stop: AtomicBool,
    /// In thousandths.
    loss: AtomicU32,
    client: Mutex<Option<SocketAddr>>,
}

impl Relay {
    /// One that loses nothing yet.
    pub(crate) fn to(server: SocketAddr, seed: u64) -> Self {
        let bind = || {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
            Arc::new(socket)
        };
        let (front, back) = (bind(), bind());
        back.connect(server).unwrap();
        let relay = Self { address: front.local_addr().unwrap(), state: Arc::default() };
        let (state, from, to) = (relay.state.clone(), front.clone(), back.clone());
        thread::spawn(move || {
            pass(&state, &from, Seeded(seed | 1), |datagram, source| {
                *state.client.lock().unwrap() = Some(source);
                to.send(datagram).is_ok()
            })
        });
        let state = relay.state.clone();
        thread::spawn(move || {
            pass(&state, &back, Seeded((seed << 8) | 1), |datagram, _| {
                let client = *state.client.lock().unwrap();
                client.is_some_and(|client| front.send_to(datagram, client).is_ok())
            })
        });
        relay
    }

    /// From now on this part is lost, each way: 0 to 1.
    pub(crate) fn lose(&self, part: f32) {
        self.state.loss.store((part * 1_000.0) as u32, Relaxed);
    }

    /// An offer in which the server is here.
    pub(crate) fn stand_in(&self, offer: &str) -> String {
        let lines = offer.split("\r\n").map(|line| {
            let mut words: Vec<&str> = line.split(' ').collect();
            let port = self.address.port().to_string();
            // a=candidate:foundation component transport priority address port typ …
            if line.starts_with("a=candidate:") && words.len() > 6 {
                words[5] = &port;
            }
            words.join(" ")
        });
        lines.collect::<Vec<_>>().join("\r\n")
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.state.stop.store(true, Relaxed);
    }
}

fn pass(state: &State, from: &UdpSocket, mut random: Seeded, mut on: impl FnMut(&[u8], SocketAddr) -> bool) {
    let mut datagram = [0; 2_000];
    while !state.stop.load(Relaxed) {
        match from.recv_from(&mut datagram) {
            Ok((length, source)) => {
                if random.next() * 1_000.0 >= state.loss.load(Relaxed) as f32 {
                    // What cannot be delivered is lost too.
                    on(&datagram[..length], source);
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::ConnectionRefused) => {}
            Err(error) => panic!("the relay is broken: {error}"),
        }
    }
}
