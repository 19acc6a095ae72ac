//! The streams on which a peer is sent something.
//!
//! str0m sends a report on each stream that it has, whether or not something is sent on it (RFC 3550 wants none of those
//! that are silent: 6.4), tells how each is doing, and looks through all of them for each packet. So it has those voices
//! and sounds only that are heard, and gets the others back, as they were agreed on, when they are.

use crate::sfu::{negotiation::Lines, room::Line};
use std::time::{Duration, Instant};
use str0m::{
    Rtc,
    change::DirectApi,
    media::Mid,
    rtp::{Extension, Ssrc},
};

/// After so long without a packet a stream rests: longer than people pause, and than a last report takes to come.
const REST: Duration = Duration::from_secs(5);

/// Streams, in the order of their m-lines.
#[derive(Debug, Default)]
pub(super) struct Sending {
    slots: Vec<Stream>,
    pictures: Vec<Ssrc>,
    sounds: Vec<Stream>,
}

/// A stream of voices or sounds.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) mid: Mid,
    pub(super) ssrc: Ssrc,
    /// When something has been sent on it; nothing while it rests.
    awake: Option<Instant>,
    /// str0m has sent a packet since, and reports on the stream.
    pub(super) begun: bool,
    /// The peer has reported on it, so it knows whose it is (RFC 9143, 9.2).
    pub(super) known: bool,
    /// The numbers of the extensions that say the m-line and the level.
    pub(super) mid_number: Option<u8>,
    pub(super) level_number: Option<u8>,
}

impl Sending {
    /// Those of these m-lines, which str0m has made when they were agreed on. Nothing if it has not.
    pub(super) fn agreed(rtc: &mut Rtc, now: Instant, lines: &Lines<Mid>) -> Option<Self> {
        let ssrc = |rtc: &mut Rtc, mid: &Mid| rtc.direct_api().stream_tx_by_mid(*mid, None).map(|stream| stream.ssrc());
        let pictures = lines.pictures.iter().map(|mid| ssrc(rtc, mid)).collect::<Option<_>>()?;
        let mut stream = |mid: &Mid| {
            let ssrc = ssrc(rtc, mid)?;
            let numbers = rtc.media(*mid)?.remote_extmap();
            let number = |extension| numbers.id_of(extension).filter(|number| *number < 15);
            let (mid_number, level_number) = (number(Extension::RtpMid), number(Extension::AudioLevel));
            Some(Stream { mid: *mid, ssrc, awake: Some(now), begun: false, known: false, mid_number, level_number })
        };
        let mut streams = |mids: &[Mid]| mids.iter().map(&mut stream).collect::<Option<_>>();
        Some(Self { slots: streams(&lines.slots)?, pictures, sounds: streams(&lines.sounds)? })
    }

    /// The one of a voice or sound, if it is agreed on.
    pub(super) fn of(&mut self, line: Line) -> Option<&mut Stream> {
        match line {
            Line::Slot(at) => self.slots.get_mut(at),
            Line::Sound(at) => self.sounds.get_mut(at),
            Line::Picture(_) => None,
        }
    }

    /// The peer has reported on one.
    pub(super) fn known(&mut self, mid: Mid) {
        self.slots.iter_mut().chain(&mut self.sounds).filter(|stream| stream.mid == mid).for_each(|stream| stream.known = true);
    }

    /// One of them, to send on: it is there now.
    pub(super) fn stream(&mut self, api: &mut DirectApi<'_>, now: Instant, line: Line) -> Option<Ssrc> {
        match line {
            Line::Picture(at) => self.pictures.get(at).copied(),
            line @ (Line::Slot(_) | Line::Sound(_)) => {
                let stream = self.of(line)?;
                stream.begun = true;
                Some(stream.wake(api, now))
            }
        }
    }

    /// All are to be there: an offer tells of those only that are.
    pub(super) fn wake(&mut self, api: &mut DirectApi<'_>, now: Instant) {
        for stream in self.slots.iter_mut().chain(&mut self.sounds) {
            stream.wake(api, now);
        }
    }

    /// Those that carry nothing rest, but the last: its reports tell the peer that there still is a way.
    pub(super) fn rest(&mut self, api: &mut DirectApi<'_>, now: Instant) {
        let streams = || self.slots.iter().chain(&self.sounds);
        let last = streams().max_by_key(|stream| stream.awake).map(|stream| stream.ssrc);
        for stream in self.slots.iter_mut().chain(&mut self.sounds).filter(|stream| Some(stream.ssrc) != last) {
            if stream.awake.is_some_and(|since| now.saturating_duration_since(since) >= REST) {
                (stream.awake, stream.begun) = (None, false);
                api.remove_stream_tx(stream.ssrc);
            }
        }
    }
}

impl Stream {
    /// Something is sent on it.
    pub(super) fn used(&mut self, now: Instant) {
        self.awake = Some(now);
    }

    fn wake(&mut self, api: &mut DirectApi<'_>, now: Instant) -> Ssrc {
        if self.awake.replace(now).is_none() {
            api.declare_stream_tx(self.ssrc, None, self.mid, None);
        }
        self.ssrc
    }
}
