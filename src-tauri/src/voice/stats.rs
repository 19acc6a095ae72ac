//! The engine's statistics, as the window is told them.

use snug_engine::{
    device::Buffer,
    engine::Stats,
    jitter,
    priority::Priority,
    transport::{self, Path, Stack},
};
use snug_ipc::stats::{BufferStats, CandidateKind, LineStats, NetworkStats, PathEnd, PathStats, Reach, SentStats, VoiceStats};
use snug_protocol::voice::TrackRef;
use std::time::Duration;

/// What was measured up to a time, in milliseconds since 1970.
pub(super) fn of(stats: Stats, at: u64, stack: Stack) -> VoiceStats {
    let sent = stats.sent;
    VoiceStats {
        at,
        microphone: stats.microphone.map(buffer),
        speaker: stats.speaker.map(buffer),
        heard_db: stats.loudest.heard_db,
        processed_db: stats.loudest.processed_db,
        played_db: stats.loudest.played_db,
        open: stats.open,
        echo_reduction_db: stats.echo_reduction_db,
        work_median_us: micros(stats.work_median),
        work_longest_us: micros(stats.work_longest),
        real_time: stats.priority == Priority::RealTime,
        sent: SentStats {
            packets: sent.packets,
            with_copies: sent.with_copies,
            encoded: sent.encoded,
            payload: sent.payload,
            bitrate: sent.bitrate,
            narrowed: sent.narrowed,
        },
        network: NetworkStats {
            sent: stats.traffic.sent,
            received: stats.traffic.received,
            round_trip_us: stats.traffic.round_trip.map(micros),
            uplink_loss: stats.uplink_loss,
            stack: stack.to_string(),
            path: stats.path.map(path),
        },
        lines: stats.lines.into_iter().map(|(mid, track, stats)| line(&mid, track, stats)).collect(),
    }
}

fn micros(time: Duration) -> u32 {
    time.as_micros().try_into().unwrap_or(u32::MAX)
}

fn buffer(buffer: Buffer) -> BufferStats {
    let Buffer { rate, callback, waiting, target, gaps, drift_ppm } = buffer;
    BufferStats { rate, callback, waiting, target, gaps, drift_ppm }
}

fn path(path: Path) -> PathStats {
    PathStats { local: end(path.local), remote: end(path.remote) }
}

fn end(end: transport::End) -> PathEnd {
    PathEnd {
        candidate: match end.candidate {
            transport::Candidate::Host => CandidateKind::Host,
            transport::Candidate::ServerReflexive => CandidateKind::Srflx,
            transport::Candidate::PeerReflexive => CandidateKind::Prflx,
            transport::Candidate::Relay => CandidateKind::Relay,
        },
        v6: end.v6,
        reach: match end.reach {
            transport::Reach::Loopback => Reach::Loopback,
            transport::Reach::Private => Reach::Private,
            transport::Reach::Public => Reach::Public,
        },
    }
}

fn line(mid: &str, track: Option<TrackRef>, stats: jitter::Stats) -> LineStats {
    LineStats {
        mid: mid.to_owned(),
        track,
        received: stats.received,
        lost: stats.lost,
        late: stats.late,
        from_red: stats.from_red,
        from_fec: stats.from_fec,
        played: stats.played,
        concealed: stats.concealed,
        shortened: stats.shortened,
        lengthened: stats.lengthened,
        jitter_us: micros(stats.jitter),
        delay_us: micros(stats.delay),
        target_us: micros(stats.target),
    }
}
