//! How it goes, told once a second.

use crate::{
    call::{Said, Sent},
    device::Buffer,
    jitter,
    meter::Meter,
    priority::Priority,
    sound::{Block, decibels, rms},
    transport::{Path, Traffic},
};
use snug_protocol::voice::TrackRef;
use std::{sync::Arc, time::Duration};

/// Blocks between statistics: 1 s.
pub(super) const STATS: u64 = 100;

/// How it goes. What only rises counts since the call began.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Of each line.
    pub lines: Vec<(Arc<str>, Option<TrackRef>, jitter::Stats)>,
    /// What went through.
    pub traffic: Traffic,
    /// The way that it takes; nothing before there is one.
    pub path: Option<Path>,
    /// The part of what is sent that the server misses, 0 to 1.
    pub uplink_loss: f32,
    /// What was made of the microphone's sound.
    pub sent: Sent,
    /// What 10 ms took to reckon, over the last second: the median.
    pub work_median: Duration,
    /// And the longest.
    pub work_longest: Duration,
    /// The loudest 10 ms of the last second, in dBFS.
    pub loudest: Loudest,
    /// The part of the last second that was let through, 0 to 1.
    pub open: f32,
    /// Between the microphone and the call.
    pub microphone: Option<Buffer>,
    /// Between the call and the loudspeaker.
    pub speaker: Option<Buffer>,
    /// By how many decibels echo is reduced, as the canceller reckons.
    pub echo_reduction_db: Option<f64>,
    /// Whether the voice thread is woken in time.
    pub priority: Priority,
}

/// Levels in dBFS: -100 to about 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudest {
    /// As the microphone gave it.
    pub heard_db: f32,
    /// After processing.
    pub processed_db: f32,
    /// To the loudspeaker.
    pub played_db: f32,
}

impl Default for Loudest {
    fn default() -> Self {
        Self { heard_db: Meter::SILENCE_DB, processed_db: Meter::SILENCE_DB, played_db: Meter::SILENCE_DB }
    }
}

/// What the present second has been like so far.
#[derive(Debug)]
pub(super) struct Second {
    /// What each block took.
    work: Vec<Duration>,
    loudest: Loudest,
    open: u32,
}

impl Second {
    pub(super) fn new() -> Self {
        Self { work: Vec::with_capacity(STATS as usize), loudest: Loudest::default(), open: 0 }
    }

    /// Takes 10 ms: what the microphone heard, what of it was left, and what was played.
    pub(super) fn take(&mut self, heard: &Block, processed: &Block, played: &Block, said: Said) {
        let louder = |level: &mut f32, block: &Block| *level = level.max(decibels(rms(block)));
        louder(&mut self.loudest.heard_db, heard);
        louder(&mut self.loudest.processed_db, processed);
        louder(&mut self.loudest.played_db, played);
        self.open += u32::from(said.open);
    }

    /// Takes how long they took.
    pub(super) fn took(&mut self, time: Duration) {
        self.work.push(time);
    }

    /// Writes down what it was like, and begins another.
    pub(super) fn end(&mut self, stats: Stats) -> Stats {
        self.work.sort_unstable();
        let told = Stats {
            work_median: self.work.get(self.work.len() / 2).copied().unwrap_or_default(),
            work_longest: self.work.last().copied().unwrap_or_default(),
            loudest: self.loudest,
            open: self.open as f32 / self.work.len().max(1) as f32,
            ..stats
        };
        self.forget();
        told
    }

    /// Begins another.
    pub(super) fn forget(&mut self) {
        self.work.clear();
        self.loudest = Loudest::default();
        self.open = 0;
    }
}
