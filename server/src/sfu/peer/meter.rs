//! How well a peer is connected, and how much it may be sent.

use snug_protocol::{
    UserId,
    voice::{MediaPath, PeerStats, TrackKind},
};
use std::time::{Duration, Instant};
use str0m::{net::Protocol, stats};

/// How much may come at once beyond the rate.
const BURST: Duration = Duration::from_millis(250);

/// What a figure tells of: str0m counts more often.
const INTERVAL: Duration = Duration::from_millis(1_900);

/// A token bucket, in bytes.
#[derive(Debug)]
pub(super) struct Bucket {
    /// Bytes a second.
    rate: f64,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    pub(super) fn new(now: Instant, bits_per_second: u64) -> Self {
        let rate = bits_per_second as f64 / 8.0;
        Self { rate, tokens: rate * BURST.as_secs_f64(), at: now }
    }

    /// Whether so many bytes more may be sent now.
    pub(super) fn take(&mut self, now: Instant, bytes: usize) -> bool {
        if now > self.at {
            let passed = (now - self.at).as_secs_f64();
            self.tokens = (self.tokens + passed * self.rate).min(self.rate * BURST.as_secs_f64());
            self.at = now;
        }
        let enough = self.tokens >= bytes as f64;
        if enough {
            self.tokens -= bytes as f64;
        }
        enough
    }
}

/// Of what was reported within an interval.
#[derive(Debug, Default)]
struct Mean {
    sum: f32,
    count: u32,
}

impl Mean {
    fn take(&mut self, value: Option<f32>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1;
        }
    }

    fn value(&self) -> f32 {
        self.sum / self.count.max(1) as f32
    }
}

/// The figures of the last interval. str0m tells those of the connection first, then those of each stream.
#[derive(Debug)]
pub(super) struct Meter {
    at: Instant,
    received: u64,
    sent: u64,
    /// What str0m has not counted.
    sealed: u64,
    up_bps: u32,
    down_bps: u32,
    path: MediaPath,
    rtt: Option<Duration>,
    loss_up: Mean,
    loss_down: Mean,
    jitter: Duration,
}

impl Meter {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            at: now,
            received: 0,
            sent: 0,
            sealed: 0,
            up_bps: 0,
            down_bps: 0,
            path: MediaPath::None,
            rtt: None,
            loss_up: Mean::default(),
            loss_down: Mean::default(),
            jitter: Duration::ZERO,
        }
    }

    /// So many bytes have been sent past str0m.
    pub(super) fn sealed(&mut self, bytes: usize) {
        self.sealed += bytes as u64;
    }

    pub(super) fn peer(&mut self, stats: &stats::PeerStats) {
        let seconds = stats.timestamp.saturating_duration_since(self.at).as_secs_f64();
        if seconds < INTERVAL.as_secs_f64() {
            return;
        }
        let sent = stats.peer_bytes_tx + self.sealed;
        if seconds > 0.0 {
            let rate = |now: u64, then: u64| (now.saturating_sub(then) as f64 * 8.0 / seconds) as u32;
            self.up_bps = rate(stats.peer_bytes_rx, self.received);
            self.down_bps = rate(sent, self.sent);
        }
        (self.at, self.received, self.sent) = (stats.timestamp, stats.peer_bytes_rx, sent);
        let pair = stats.selected_candidate_pair.as_ref();
        self.path = match pair.map(|pair| pair.protocol) {
            None => MediaPath::None,
            Some(Protocol::Udp) => MediaPath::Udp,
            Some(Protocol::Tcp | Protocol::SslTcp | Protocol::Tls) => MediaPath::Tcp,
        };
        self.rtt = stats.rtt.or(pair.and_then(|pair| pair.current_round_trip_time)).or(self.rtt);
        (self.loss_up, self.loss_down) = (Mean::default(), Mean::default());
    }

    pub(super) fn ingress(&mut self, kind: Option<TrackKind>, stats: &stats::MediaIngressStats) {
        self.rtt = stats.rtt.or(self.rtt);
        self.loss_up.take(stats.loss);
        if kind == Some(TrackKind::Microphone) {
            self.jitter = Duration::from_micros(u64::from(stats.jitter) * 1_000_000 / 48_000);
        }
    }

    pub(super) fn egress(&mut self, stats: &stats::MediaEgressStats) {
        self.rtt = stats.rtt.or(self.rtt);
        self.loss_down.take(stats.loss);
    }

    pub(super) fn stats(&self, user_id: UserId) -> PeerStats {
        let permille = |loss: f32| (loss.clamp(0.0, 1.0) * 1000.0).round() as u16;
        PeerStats {
            user_id,
            rtt_ms: self.rtt.map(|rtt| rtt.as_millis() as u32),
            loss_up_permille: permille(self.loss_up.value()),
            loss_down_permille: permille(self.loss_down.value()),
            jitter_ms: self.jitter.as_millis() as u32,
            up_bps: self.up_bps,
            down_bps: self.down_bps,
            path: self.path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_leaves_than_the_rate_allows() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start, 80_000);
        let taken = (0..10_000).filter(|ms| bucket.take(start + Duration::from_millis(*ms), 100)).count();
        // 10,000 bytes a second for ten seconds, and the burst.
        assert!((1000..=1025).contains(&taken), "{taken}");
    }
}
