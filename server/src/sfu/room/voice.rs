//! Who speaks, by the levels that packets carry (RFC 6464), and who hears it.

use super::{Forward, Line, Member, Output, Passed, Room, Source};
use crate::sfu::PeerId;
use snug_redundancy::{Copies, History};
use std::time::{Duration, Instant};

/// Below this, in dBov, nobody could hear anything: a muted microphone, or the comfort noise of DTX.
const SILENCE: i8 = -70;
/// From here, in dBov, it is speech rather than a room's noise.
const SPEECH: i8 = -50;
/// For how long one counts as speaking after the last loud packet.
const HOLD: Duration = Duration::from_millis(300);
/// For how long silence is still passed on, so that the ends of words are.
const HANGOVER: Duration = Duration::from_millis(200);
/// After how long without a packet somebody is told that they are not heard.
const UNHEARD: Duration = Duration::from_secs(3);
/// An Opus frame of at most this length carries no sound (RFC 6716, 3.1: DTX), with RED's header.
const DTX_BYTES: usize = 3;

/// What is known of a packet, from its header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packet<'a> {
    /// Of the stream.
    pub(crate) ssrc: u32,
    /// Extended.
    pub(crate) seq: u64,
    /// RTP timestamp.
    pub(crate) time: u32,
    /// In dBov, 0 to -127, when the sender says it.
    pub(crate) level: Option<i8>,
    /// What it carries.
    pub(crate) payload: Payload<'a>,
}

/// What a packet carries. What frames consist of is not looked at: they may be encrypted end to end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Payload<'a> {
    /// A frame of Opus, and its payload type.
    Opus(u8, &'a [u8]),
    /// A frame with earlier ones (RFC 2198).
    Red(&'a [u8]),
    /// A part of a picture.
    Picture,
}

impl Payload<'_> {
    /// Whether it is too short to carry sound.
    fn is_nothing(&self) -> bool {
        match self {
            Self::Opus(_, bytes) | Self::Red(bytes) => bytes.len() <= DTX_BYTES,
            Self::Picture => false,
        }
    }
}

/// What somebody says.
#[derive(Debug)]
pub(super) struct Voice {
    source: Source,
    /// The last frames: listeners who lose packets are sent them again.
    history: History,
    /// When it was last more than silence.
    audible: Option<Instant>,
    /// When it was last speech.
    loud: Option<Instant>,
    /// In dBov, smoothed.
    level: f32,
    /// Nothing has come since: nothing while there is no connection.
    since: Option<Instant>,
    heard: bool,
}

impl Voice {
    pub(super) fn new(_now: Instant) -> Self {
        Self { source: Source::default(), history: History::default(), audible: None, loud: None, level: -127.0, since: None, heard: true }
    }

    /// They are silent from now on, or may speak again.
    pub(super) fn interrupt(&mut self, now: Instant) {
        (self.audible, self.loud, self.level) = (None, None, -127.0);
        self.since = self.since.map(|_| now);
        self.heard = true;
        // What was said before is not theirs to hear who hear what comes.
        self.history.forget();
    }

    pub(super) fn audible(&self) -> Option<Instant> {
        self.audible
    }

    pub(super) fn audible_at(&self, now: Instant) -> bool {
        self.audible.is_some_and(|at| now.saturating_duration_since(at) <= HANGOVER)
    }

    pub(super) fn level(&self) -> f32 {
        self.level
    }

    /// Keeps what a packet brings. Returns whether all of it may be passed on as it is.
    fn remember(&mut self, packet: &Packet<'_>) -> bool {
        match packet.payload {
            Payload::Opus(payload_type, frame) => {
                self.history.take(payload_type, packet.time, frame);
                true
            }
            // What makes no sense here may make sense to them; there is nothing in it that could be packed otherwise.
            Payload::Red(payload) => self.history.take_packet(packet.time, payload).unwrap_or(true),
            Payload::Picture => true,
        }
    }

    /// Makes the payloads that are needed. Who would need one that cannot be made gets the packet as it came.
    fn pack(&self, time: u32, passed: &mut Passed) {
        for forward in &mut passed.forwards {
            let Some(copies) = forward.copies else { continue };
            if passed.payloads.iter().any(|(made, _)| *made == copies) {
                continue;
            }
            let mut payload = Vec::new();
            if self.history.pack(time, copies, &mut payload) {
                passed.payloads.push((copies, payload.into()));
            } else {
                forward.copies = None;
            }
        }
    }

    fn speaks(&self, now: Instant) -> bool {
        self.loud.is_some_and(|at| now.saturating_duration_since(at) < HOLD)
    }

    fn hear(&mut self, now: Instant, packet: &Packet<'_>) {
        let level = packet.level.unwrap_or(if packet.payload.is_nothing() { -127 } else { -30 });
        // About five packets of memory: the length of a syllable.
        self.level += (f32::from(level) - self.level) * 0.3;
        if level > SILENCE {
            self.audible = Some(now);
        }
        if level >= SPEECH {
            self.loud = Some(now);
        }
    }
}

impl Member {
    pub(super) fn voice_deadline(&self) -> Option<Instant> {
        let speaks = self.voice.loud.map(|at| at + HOLD);
        let unheard = self.voice.since.filter(|_| self.may.speak && self.voice.heard).map(|at| at + UNHEARD);
        speaks.into_iter().chain(unheard).min()
    }

    /// Tells when somebody has not been heard for too long.
    pub(super) fn unheard(&mut self, now: Instant) -> Option<bool> {
        // What has been acted on must not come up as a deadline again.
        if !self.voice.speaks(now) {
            self.voice.loud = None;
        }
        let since = self.voice.since?;
        if !self.may.speak || !self.voice.heard || now.saturating_duration_since(since) < UNHEARD {
            return None;
        }
        self.voice.heard = false;
        Some(false)
    }
}

impl Room {
    /// There is a way for somebody's media, or there is none any more.
    pub(crate) fn connected(&mut self, now: Instant, peer: PeerId, connected: bool) {
        let Some(at) = self.position(peer) else { return };
        let voice = &mut self.members[at].voice;
        if voice.since.is_some() != connected {
            voice.since = connected.then_some(now);
        }
    }

    /// A packet of somebody's microphone has come; `passed` gets who hears it.
    pub(crate) fn voice(&mut self, now: Instant, peer: PeerId, packet: &Packet<'_>, passed: &mut Passed) {
        let Some(at) = self.position(peer) else { return };
        let (user, standing, place) = {
            let member = &mut self.members[at];
            let voice = &mut member.voice;
            voice.since = voice.since.map(|_| now);
            if !member.may.speak {
                voice.source.withhold(packet.ssrc, packet.seq);
                return;
            }
            if !voice.heard {
                voice.heard = true;
                self.outputs.push(Output::Heard(peer, true));
            }
            let spoke = voice.speaks(now);
            voice.hear(now, packet);
            let speaks = voice.speaks(now);
            let place = if voice.audible_at(now) {
                voice.source.pass(packet.ssrc, packet.seq)
            } else {
                voice.source.withhold(packet.ssrc, packet.seq);
                None
            };
            let (user, standing) = (member.user, member.standing(now));
            if spoke != speaks {
                self.update_speaking(now);
            }
            (user, standing, place)
        };
        let Some(place) = place else { return };
        let whole = self.members[at].voice.remember(packet);
        // Made only when somebody lacks a slot for them.
        let mut all = None;
        for at in 0..self.members.len() {
            let listener = &self.members[at];
            if listener.user == user || !listener.may.listen {
                continue;
            }
            let slot = match listener.slot_of(peer) {
                Some(slot) => slot,
                None if listener.slots.is_empty() => continue,
                None => {
                    let all = all.get_or_insert_with(|| self.standings(now));
                    match self.members[at].give_slot(now, standing, all, &mut self.outputs) {
                        Some(slot) => slot,
                        None => continue,
                    }
                }
            };
            let listener = &mut self.members[at];
            if let Some(stamp) = listener.slots[slot].out.stamp(now, peer, place, packet.time) {
                let line = Line::Slot(slot);
                let copies = (listener.copies != Copies::None || !whole).then_some(listener.copies);
                passed.forwards.push(Forward { seat: listener.seat, line, seq: stamp.seq, time: stamp.time, first: stamp.first, copies });
            }
        }
        self.members[at].voice.pack(packet.time, passed);
    }

    pub(super) fn update_speaking(&mut self, now: Instant) {
        let mut speaking: Vec<_> =
            self.members.iter().filter(|member| member.may.speak && member.voice.speaks(now)).map(|member| member.user).collect();
        speaking.sort_unstable();
        speaking.dedup();
        if speaking != self.speaking {
            let most = self.most.max(speaking.len());
            self.speaking.clone_from(&speaking);
            self.outputs.push(Output::Speaking(speaking));
            if most > self.most {
                self.most = most;
                self.update_wants();
            }
        }
    }
}
