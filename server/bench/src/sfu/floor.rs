//! What cannot be saved: each packet is encrypted for each listener, and sent to each by one system call.

use crate::failure::Failure;
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use rustix::time::{ClockId, clock_gettime};
use std::{
    net::{SocketAddr, UdpSocket},
    thread,
    time::{Duration, Instant},
};

/// Of an RTP header with the extensions that voices have.
const HEADER: usize = 20;

pub(super) struct Floor {
    socket: UdpSocket,
    listeners: Vec<(SocketAddr, LessSafeKey)>,
}

impl Floor {
    pub(super) fn new(listeners: &[SocketAddr]) -> Result<Self, Failure> {
        let socket = UdpSocket::bind("127.0.0.1:0").map_err(Failure::io("open a socket"))?;
        let key = |n: usize| {
            let bytes: Vec<u8> = (0..16).map(|i| (n * 31 + i * 7) as u8).collect();
            UnboundKey::new(&AES_128_GCM, &bytes).map(LessSafeKey::new)
        };
        let listeners = listeners
            .iter()
            .enumerate()
            .map(|(n, address)| Ok((*address, key(n)?)))
            .collect::<Result<_, aws_lc_rs::error::Unspecified>>()
            .map_err(|_| Failure::Media("the floor's cipher takes no key".into()))?;
        Ok(Self { socket, listeners })
    }

    /// For so long, sends a packet to all every `step`: how much processor time that took, without the waiting, and how
    /// many packets it was.
    pub(super) fn run(&self, time: Duration, step: Duration, mut length: impl FnMut() -> usize) -> (Duration, u64) {
        let start = Instant::now();
        let (mut cpu, mut count, mut next) = (Duration::ZERO, 0_u64, start);
        let mut buffer = Vec::with_capacity(2048);
        while start.elapsed() < time {
            let length = length();
            let before = thread_time();
            for (address, key) in &self.listeners {
                count += 1;
                buffer.clear();
                buffer.resize(HEADER + length, 0x5a);
                let mut nonce = [0; 12];
                nonce[4..].copy_from_slice(&count.to_be_bytes());
                let (header, payload) = buffer.split_at_mut(HEADER);
                let tag = key.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&*header), payload);
                if let Ok(tag) = tag {
                    buffer.extend_from_slice(tag.as_ref());
                }
                // A full socket of a client is no reason to stop: the cost has arisen.
                let _ = self.socket.send_to(&buffer, address);
            }
            cpu += thread_time() - before;
            next += step;
            thread::sleep(next.saturating_duration_since(Instant::now()));
        }
        (cpu, count)
    }
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
