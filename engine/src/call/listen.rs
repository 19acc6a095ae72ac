//! From packets to the mix: a jitter buffer and a volume for each line, and for each person.

use crate::{
    codec::Decoder,
    jitter::{JitterBuffer, Packet, Played, Stats},
    meter::Meter,
    mixer::Voice,
    sound::{BLOCK, Block},
    transport::{Codec, Incoming},
};
use snug_protocol::{UserId, voice::TrackRef};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Instant,
};

/// A line that the server sends on.
#[derive(Debug)]
struct Line {
    /// Whom it carries.
    track: Option<TrackRef>,
    buffer: JitterBuffer<Decoder>,
    voice: Voice,
    meter: Meter,
    played: Played,
}

/// How somebody is heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// Who and what; nothing until the server says so.
    pub track: Option<TrackRef>,
    /// In dBFS.
    pub level_db: f32,
    /// What the jitter buffer went through.
    pub stats: Stats,
}

/// All who are heard.
#[derive(Debug)]
pub struct Speakers {
    lines: BTreeMap<Arc<str>, Line>,
    /// In percent; who is not in it is heard at 100.
    volumes: HashMap<UserId, u16>,
    evened: bool,
}

impl Speakers {
    pub(super) fn new(evened: bool) -> Self {
        Self { lines: BTreeMap::new(), volumes: HashMap::new(), evened }
    }

    pub(super) fn handle(&mut self, now: Instant, packet: &Incoming) {
        let red = match packet.codec {
            Codec::Opus => false,
            Codec::Red => true,
            Codec::H264 => return,
        };
        let Some(line) = self.line(now, &packet.mid) else {
            return;
        };
        let packet = Packet { sequence: packet.sequence, timestamp: packet.timestamp, red, payload: &packet.payload };
        line.buffer.handle(now, packet);
    }

    pub(super) fn pull(&mut self, now: Instant, mix: &mut Block) {
        for line in self.lines.values_mut() {
            let mut block = [0.0; BLOCK];
            line.played = line.buffer.pull(now, &mut block);
            line.meter.take(&block);
            line.voice.mix(&block, mix);
        }
    }

    /// Says whom the lines carry. A line that carries somebody else begins anew; one that is not named is gone.
    pub fn carry(&mut self, now: Instant, tracks: impl IntoIterator<Item = (Arc<str>, Option<TrackRef>)>) {
        let mut kept = BTreeMap::new();
        for (mid, track) in tracks {
            let Some(mut line) = self.lines.remove(&mid).or_else(|| new_line(now)) else {
                continue;
            };
            if line.track != track {
                // Who was unknown until now is who was heard all along.
                if line.track.is_some() {
                    line.buffer.reset();
                }
                line.track = track;
                line.voice = Voice::default();
            }
            kept.insert(mid, line);
        }
        self.lines = kept;
        self.apply();
    }

    /// Nobody is heard any more.
    pub fn clear(&mut self) {
        self.lines.clear();
    }

    /// How loud somebody is, 0 to 200 %. It is remembered while they are away.
    pub fn set_volume(&mut self, user: UserId, percent: u16) {
        self.volumes.insert(user, percent);
        self.apply();
    }

    pub(super) fn set_evened(&mut self, evened: bool) {
        self.evened = evened;
        self.apply();
    }

    /// How everybody is heard, by line.
    pub fn heard(&self) -> impl Iterator<Item = (&Arc<str>, Heard)> {
        self.lines.iter().map(|(mid, line)| (mid, Heard { track: line.track, level_db: line.meter.level_db(), stats: line.buffer.stats() }))
    }

    fn apply(&mut self) {
        for line in self.lines.values_mut() {
            let percent = line.track.and_then(|track| self.volumes.get(&track.user_id)).copied().unwrap_or(100);
            line.voice.set_volume(percent);
            line.voice.set_evened(self.evened);
        }
    }

    /// The line of a packet. One that the server has not named yet is made: sound may be quicker than words.
    fn line(&mut self, now: Instant, mid: &Arc<str>) -> Option<&mut Line> {
        if !self.lines.contains_key(mid) {
            let mut line = new_line(now)?;
            line.voice.set_evened(self.evened);
            self.lines.insert(mid.clone(), line);
        }
        self.lines.get_mut(mid)
    }
}

fn new_line(now: Instant) -> Option<Line> {
    match Decoder::new() {
        Ok(decoder) => Some(Line {
            track: None,
            buffer: JitterBuffer::new(now, decoder),
            voice: Voice::default(),
            meter: Meter::default(),
            played: Played::Silence,
        }),
        Err(error) => {
            tracing::error!(%error, "somebody is not heard");
            None
        }
    }
}
