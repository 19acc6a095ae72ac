//! What the media server counts, for `/metrics` and the bench.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// Why a packet went no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It came from an address that has proved nothing, or names a peer that there is not.
    Stranger,
    /// It is neither STUN nor DTLS, RTP or RTCP.
    Malformed,
    /// Its peer does not take it: a wrong password, or an address that ICE has not validated.
    Refused,
    /// It is on no m-line on which its sender is to send.
    Unexpected,
    /// Its listener gets more than one peer may.
    Capped,
    /// The system, or a TCP connection, takes no more.
    Congested,
    /// Its listener cannot decode it.
    Undecodable,
}

impl Dropped {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Stranger, Self::Malformed, Self::Refused, Self::Unexpected, Self::Capped, Self::Congested, Self::Undecodable];

    /// As a label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Malformed => "malformed",
            Self::Refused => "refused",
            Self::Unexpected => "unexpected",
            Self::Capped => "capped",
            Self::Congested => "congested",
            Self::Undecodable => "undecodable",
        }
    }
}

/// What is counted, since the start. Read it at any time.
#[derive(Debug, Default)]
pub struct Counters {
    /// Datagrams and frames that came.
    pub received: AtomicU64,
    /// RTP packets passed on: each once for every listener.
    pub forwarded: AtomicU64,
    /// Datagrams and frames sent.
    pub sent: AtomicU64,
    /// Bytes of those.
    pub sent_bytes: AtomicU64,
    /// System calls that sent them.
    pub sends: AtomicU64,
    /// Peers whose work panicked.
    pub panics: AtomicU64,
    /// Peers that are there now.
    pub peers: AtomicI64,
    /// Rooms that somebody is in now.
    pub rooms: AtomicI64,
    dropped: [AtomicU64; Dropped::ALL.len()],
}

impl Counters {
    /// How many packets went no further for this reason.
    pub fn dropped(&self, why: Dropped) -> u64 {
        self.dropped[why as usize].load(Relaxed)
    }

    pub(crate) fn count_drop(&self, why: Dropped) {
        self.dropped[why as usize].fetch_add(1, Relaxed);
    }
}
