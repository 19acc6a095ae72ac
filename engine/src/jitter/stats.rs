//! What a jitter buffer tells of itself.

use std::time::Duration;

/// What 10 ms consist of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// Nobody speaks.
    Silence,
    /// What was sent.
    Voice,
    /// What was made up for something that did not come in time.
    Concealed,
}

/// What a jitter buffer went through, since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stats {
    /// Packets that came, each once.
    pub received: u64,
    /// Packets that did not come.
    pub lost: u64,
    /// Packets that came too late to be played.
    pub late: u64,
    /// Packets that came again.
    pub duplicated: u64,
    /// Frames that were played from the copy in another packet.
    pub from_red: u64,
    /// Frames that were played from the next packet's repair data.
    pub from_fec: u64,
    /// Samples that were made up.
    pub concealed: u64,
    /// Samples that were played or made up, silence left out.
    pub played: u64,
    /// Samples that were taken out to make the delay shorter.
    pub shortened: u64,
    /// Samples that were put in to make the delay longer.
    pub lengthened: u64,
    /// Interarrival jitter (RFC 3550, 6.4.1).
    pub jitter: Duration,
    /// How much later than the fastest packet allows sound is played.
    pub delay: Duration,
    /// How much later it should be.
    pub target: Duration,
}
