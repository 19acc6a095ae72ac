//! One peer: its connection (str0m), its negotiation, and what it sends and gets.

mod media;
mod meter;
mod reports;
mod sealing;
mod sending;

use super::{
    Event, Gone, PeerId,
    counters::{Counters, Dropped},
    negotiation::{Lines, Negotiator},
    room::{Forward, Line, Wants},
    sdp::{self, Purpose},
    srtp::{self, Exported},
    worker::Sink,
};
pub(super) use media::Media;
use media::{Codecs, MediaCodec};
use meter::{Bucket, Meter};
use reports::Reports;
use sealing::{Voice, Way};
use sending::Sending;
use snug_protocol::{
    ChannelId, UserId,
    voice::{OpusSettings, PeerStats, TrackKind, TrackRef, VoiceTake, VoiceTrack},
};
use snug_redundancy::Copies;
use std::{
    mem,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use str0m::{
    Candidate, IceConnectionState, Input, Output, Reason, Rtc,
    change::{SdpAnswer, SdpPendingOffer},
    config::CryptoProvider,
    format::Codec,
    media::{Direction, KeyframeRequestKind, MediaKind, Mid},
    net::{Protocol, Receive, TcpType},
    rtp::{ExtensionValues, RtpWrite, Ssrc},
};

/// For how long there may be no way for media: at first, and later, when clients try to restart ICE.
const CONNECTING: Duration = Duration::from_secs(15);
const RECONNECTING: Duration = Duration::from_secs(30);
/// How often is told how people are connected.
pub(super) const STATS: Duration = Duration::from_secs(2);
/// How often is reported, to speakers and by str0m, what is lost: what repairs it follows within a second.
pub(super) const REPORTS: Duration = Duration::from_millis(500);
/// The longest answer that is looked at, in bytes.
const LONGEST_ANSWER: usize = 256 * 1024;
/// Packets kept to answer requests for them: pictures, for about a second at a high bitrate. Voices are not repeated.
const VIDEO_BUFFER: usize = 512;
/// How often str0m is asked for its timers though nothing has changed but what has been written.
const DRAIN: Duration = Duration::from_millis(500);
/// What a packet is longer by than its payload, about.
const OVERHEAD: usize = 70;

/// H.264 constrained baseline, level 3.1, in packetization mode 1: what every browser decodes (RFC 7742, 6.2).
const H264: (u8, u8, u32) = (108, 109, 0x42_e0_1f);

/// A peer.
pub(super) struct Peer {
    pub(super) id: PeerId,
    pub(super) user: UserId,
    pub(super) room: ChannelId,
    /// How ICE names it: the ones before and after a restart.
    pub(super) ufrags: Vec<String>,
    /// Where it has been heard from, with its password.
    pub(super) sources: Vec<(Protocol, SocketAddr)>,
    /// Something has been written that has not left yet.
    pub(super) dirty: bool,
    /// For when the worker has planned to look at it again.
    pub(super) planned: Option<Instant>,
    /// For tests: its next work panics.
    pub(super) panics: bool,
    rtc: Rtc,
    rtc_deadline: Instant,
    /// When str0m had nothing more to say.
    drained: Instant,
    /// How many packets have been written that have not left yet.
    written: usize,
    negotiator: Negotiator<Mid>,
    pending: Option<SdpPendingOffer>,
    link: Link,
    codecs: Codecs,
    sending: Sending,
    /// The keys for what is sent, once there are any.
    keys: Exported,
    /// From where to where str0m has sent last; nothing when that may have changed.
    way: Option<Way>,
    /// The streams that have come, and what they are.
    streams: Vec<(Ssrc, TrackKind)>,
    bucket: Bucket,
    meter: Meter,
    reports: Reports,
}

/// Whether there is a way for media.
#[derive(Clone, Copy, Debug)]
enum Link {
    /// Not yet, since then.
    New(Instant),
    Up,
    /// Not any more, since then.
    Down(Instant),
}

/// What came of a datagram, or of time.
#[expect(clippy::large_enum_variant, reason = "nearly all are packets, and they stay in one buffer")]
pub(super) enum Happened {
    /// A packet of something.
    Media(TrackKind, Media),
    /// It needs so many earlier frames with each packet of a voice.
    Copies(Copies),
    /// It needs a whole picture.
    Keyframe(Line),
    /// There is a way for media, or none any more.
    Connected(bool),
}

/// What all peers of a worker share.
pub(super) struct Shared {
    pub(super) crypto: Arc<CryptoProvider>,
    /// Where UDP and TCP arrive, as clients see it.
    pub(super) candidates: Vec<SocketAddr>,
    pub(super) egress_bps: u64,
    pub(super) counters: Arc<Counters>,
}

impl Peer {
    pub(super) fn new(now: Instant, id: PeerId, user: UserId, room: ChannelId, opus: OpusSettings, shared: &Shared) -> Result<Self, Gone> {
        let mut config = Rtc::builder()
            .set_crypto_provider(shared.crypto.clone())
            .set_rtp_mode(true)
            .set_ice_lite(true)
            .clear_codecs()
            .enable_opus(true, true)
            .set_stats_interval(Some(REPORTS))
            .set_rtcp_report_interval_audio(REPORTS)
            .set_send_buffer_audio(1)
            .set_send_buffer_video(VIDEO_BUFFER);
        config.codec_config().add_h264(H264.0.into(), Some(H264.1.into()), true, H264.2);
        let (mut rtc, keys) = srtp::listening(|| config.build(now));
        for address in &shared.candidates {
            let udp = Candidate::host(*address, Protocol::Udp);
            let tcp = Candidate::builder().tcp().host(*address).tcptype(TcpType::Passive).build();
            for candidate in [udp, tcp] {
                rtc.add_local_candidate(candidate.map_err(|_| Gone::Broken)?);
            }
        }
        let ufrag = rtc.direct_api().local_ice_credentials().ufrag;
        Ok(Self {
            id,
            user,
            room,
            ufrags: vec![ufrag],
            sources: Vec::new(),
            dirty: false,
            planned: None,
            panics: false,
            rtc,
            rtc_deadline: now,
            drained: now,
            written: 0,
            negotiator: Negotiator::new(opus),
            pending: None,
            link: Link::New(now),
            codecs: Codecs::default(),
            sending: Sending::default(),
            keys,
            way: None,
            streams: Vec::new(),
            bucket: Bucket::new(now, shared.egress_bps),
            meter: Meter::new(now),
            reports: Reports::default(),
        })
    }

    /// Which m-lines it should have.
    pub(super) fn want(&mut self, wants: Wants) {
        self.negotiator.want(wants);
    }

    /// How voices should be encoded.
    pub(super) fn set_opus(&mut self, opus: OpusSettings) {
        self.negotiator.set_opus(opus);
    }

    /// Its network has changed.
    pub(super) fn restart(&mut self) {
        self.negotiator.restart();
    }

    /// The next offer, if it is time for one. `tracks` says what the m-lines carry.
    pub(super) fn offer(&mut self, now: Instant, tracks: impl Fn() -> Vec<(Line, Option<TrackRef>)>) -> Result<Option<Event>, Gone> {
        let Some(plan) = self.negotiator.next(now) else { return Ok(None) };
        self.sending.wake(&mut self.rtc.direct_api(), now);
        let mut api = self.rtc.sdp_api();
        let media = |kind| if matches!(kind, TrackKind::Camera | TrackKind::Screen) { MediaKind::Video } else { MediaKind::Audio };
        let mut new = Lines::default();
        for kind in plan.takes {
            new.takes.push((api.add_media(media(kind), Direction::RecvOnly, None, None, None), kind));
        }
        let mut send = |count: usize, kind| -> Vec<Mid> { (0..count).map(|_| api.add_media(kind, Direction::SendOnly, None, None, None)).collect() };
        new.slots = send(plan.slots, MediaKind::Audio);
        new.pictures = send(plan.pictures, MediaKind::Video);
        new.sounds = send(plan.sounds, MediaKind::Audio);
        if plan.restart {
            self.ufrags.push(api.ice_restart(true).ufrag);
        }
        if !api.has_changes() {
            // str0m offers changes only, and knows none in what it does not look at. This is one, to the same.
            let (mid, _) = *self.negotiator.lines().takes.first().ok_or(Gone::Broken)?;
            api.set_direction(mid, Direction::SendRecv);
            api.set_direction(mid, Direction::RecvOnly);
        }
        let (offer, pending) = api.apply().ok_or(Gone::Broken)?;
        self.pending = Some(pending);
        self.negotiator.offered(new);
        let takes: Vec<_> = self.negotiator.takes().map(|(mid, kind)| VoiceTake { mid: mid.to_string(), kind }).collect();
        let [_, _, sounds] = self.negotiator.sends().map(|mids| mids.map(|mid| mid.to_string()).collect::<Vec<_>>());
        let purpose = |mid: &str| match takes.iter().find(|take| take.mid == mid).map(|take| take.kind) {
            Some(TrackKind::Microphone) => Purpose::Microphone,
            Some(TrackKind::ScreenSound) => Purpose::Sound,
            Some(TrackKind::Camera | TrackKind::Screen) => Purpose::Plain,
            None if sounds.iter().any(|sound| sound == mid) => Purpose::Sound,
            None => Purpose::Plain,
        };
        let sdp = sdp::offer(&offer.to_sdp_string(), &plan.opus, purpose);
        let tracks = self.tracks(&tracks());
        Ok(Some(Event::Offer { peer: self.id, negotiation: plan.number, sdp, takes, tracks }))
    }

    /// Its m-lines as it knows them, and what they carry.
    pub(super) fn tracks(&self, carried: &[(Line, Option<TrackRef>)]) -> Vec<VoiceTrack> {
        let carried = |line| carried.iter().find(|(of, _)| *of == line).and_then(|(_, track)| *track);
        let [slots, pictures, sounds] = self.negotiator.sends();
        let slots = slots.enumerate().map(|(i, mid)| (Line::Slot(i), mid));
        let pictures = pictures.enumerate().map(|(i, mid)| (Line::Picture(i), mid));
        let sounds = sounds.enumerate().map(|(i, mid)| (Line::Sound(i), mid));
        slots.chain(pictures).chain(sounds).map(|(line, mid)| VoiceTrack { mid: mid.to_string(), track: carried(line) }).collect()
    }

    /// It has answered. Whether that was waited for.
    pub(super) fn answer(&mut self, now: Instant, number: u32, text: &str) -> Result<bool, Gone> {
        if !self.negotiator.waits_for(number) {
            return Ok(false);
        }
        let pending = self.pending.take().ok_or(Gone::Broken)?;
        if text.len() > LONGEST_ANSWER {
            return Err(Gone::Answer);
        }
        let answer = SdpAnswer::from_sdp_string(&sdp::answer(text)).map_err(|_| Gone::Answer)?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(|_| Gone::Answer)?;
        self.negotiator.answered();
        if let Link::New(since) = &mut self.link {
            *since = now;
        }
        let codecs = self.rtc.codec_config();
        let find = |codec| codecs.params().iter().find(|params| params.spec().codec == codec);
        let (opus, h264) = (find(Codec::Opus), find(Codec::H264));
        self.codecs = Codecs { opus: opus.map(|opus| opus.pt()), red: opus.and_then(|opus| opus.red()), h264: h264.map(|h264| h264.pt()) };
        let lines = self.negotiator.lines().clone();
        self.sending = Sending::agreed(&mut self.rtc, now, &lines).ok_or(Gone::Answer)?;
        // str0m makes a stream to send on for each m-line. Those that the peer sends on need none, and each costs time.
        for (mid, _) in &lines.takes {
            if let Some(ssrc) = self.rtc.direct_api().stream_tx_by_mid(*mid, None).map(|stream| stream.ssrc()) {
                self.rtc.direct_api().remove_stream_tx(ssrc);
            }
        }
        // A stream may have moved to another m-line.
        self.streams.clear();
        Ok(true)
    }

    /// The ufrag that holds; others are of the past once an answer has come.
    pub(super) fn ufrag(&mut self) -> String {
        self.rtc.direct_api().local_ice_credentials().ufrag
    }

    /// How many m-lines of each kind it has, and what it is asked to send.
    pub(super) fn agreed(&self) -> (usize, usize, usize, Vec<TrackKind>) {
        let lines = self.negotiator.lines();
        let asked: Vec<_> = self.negotiator.takes().map(|(_, kind)| kind).collect();
        let takes = lines.takes.iter().map(|(_, kind)| *kind).filter(|kind| asked.contains(kind)).collect();
        (lines.slots.len(), lines.pictures.len(), lines.sounds.len(), takes)
    }

    /// How many earlier frames it needs with each packet of a voice.
    pub(super) fn copies(&self, now: Instant) -> Copies {
        if self.codecs.red.is_some() { self.reports.copies(now) } else { Copies::None }
    }

    /// A datagram has come that should be its. Whether it is.
    pub(super) fn receive(&mut self, now: Instant, receive: Receive<'_>) -> Result<bool, Gone> {
        assert!(!self.panics, "a test has asked for this");
        let source = receive.source;
        let input = Input::Receive(now, receive);
        if !self.rtc.accepts(&input) {
            return Ok(false);
        }
        self.came_from(source);
        self.rtc.handle_input(input).map_err(|_| Gone::Media)?;
        Ok(true)
    }

    /// Writes a packet that is on its way to this peer. Whether it waits for [`Self::flush`].
    pub(super) fn write(
        &mut self,
        now: Instant,
        forward: &Forward,
        media: &Media,
        packed: Option<&Arc<[u8]>>,
        sink: &mut impl Sink,
        counters: &Counters,
    ) -> bool {
        let dropped = |why| {
            counters.count_drop(why);
            false
        };
        if let Link::New(_) = self.link {
            // str0m would keep it until there is a way.
            return false;
        }
        let Some((pt, payload)) = media.payload_for(self.codecs, packed) else {
            return dropped(Dropped::Undecodable);
        };
        if !self.bucket.take(now, payload.len() + OVERHEAD) {
            return dropped(Dropped::Capped);
        }
        let header = &media.packet.header;
        let video = media.codec == MediaCodec::H264;
        // The marker is the end of a picture, or the begin of a talkspurt (RFC 3551, 4.1).
        let marker = if video { header.marker } else { header.marker || forward.first };
        if let Some(transmit) = self.seal(now, forward, &Voice { payload_type: *pt, marker, payload, values: &header.ext_vals }) {
            sink.send(transmit);
            return false;
        }
        let mut api = self.rtc.direct_api();
        let ssrc = self.sending.stream(&mut api, now, forward.line);
        let Some(stream) = ssrc.and_then(|ssrc| api.stream_tx(&ssrc)) else { return dropped(Dropped::Undecodable) };
        let extensions = ExtensionValues {
            audio_level: header.ext_vals.audio_level,
            voice_activity: header.ext_vals.voice_activity,
            video_orientation: header.ext_vals.video_orientation,
            ..ExtensionValues::default()
        };
        let write = RtpWrite::new(pt, forward.seq.into(), forward.time, now, payload.clone());
        stream.write_rtp(write.marker(marker).ext_vals(extensions).nackable(video));
        self.written += 1;
        true
    }

    /// It is to send a whole picture.
    pub(super) fn ask_keyframe(&mut self, kind: TrackKind) {
        let mid = self.negotiator.takes().find(|(_, of)| *of == kind).map(|(mid, _)| mid);
        if let Some(stream) = mid.and_then(|mid| self.rtc.direct_api().stream_rx_by_mid(mid, None).map(|stream| stream.ssrc()))
            && let Some(stream) = self.rtc.direct_api().stream_rx(&stream)
        {
            stream.request_keyframe(KeyframeRequestKind::Pli);
        }
    }

    /// Time has passed: sends what has been written.
    pub(super) fn flush(&mut self, now: Instant, sink: &mut impl Sink, happened: &mut Vec<Happened>, counters: &Counters) -> Result<(), Gone> {
        self.dirty = false;
        self.rtc.handle_input(Input::Timeout(now)).map_err(|_| Gone::Media)?;
        // str0m gives RTP last of all, after events, ICE, DTLS and RTCP. When all that has been written has come, to ask
        // once more would only tell when it wants to be asked, for half of what a packet costs. Writing moves no timer,
        // so the last answer holds; it is renewed now and then all the same.
        let mut expected = mem::take(&mut self.written);
        if expected == 0 || self.rtc_deadline <= now || now.saturating_duration_since(self.drained) >= DRAIN {
            return self.drain(now, sink, happened, counters);
        }
        while expected > 0 {
            match self.rtc.poll_output().map_err(|_| Gone::Media)? {
                Output::Timeout(at) => {
                    (self.rtc_deadline, self.drained) = (at, now);
                    break;
                }
                Output::Transmit(transmit) => {
                    expected -= usize::from(is_rtp(&transmit.contents));
                    self.send(transmit, sink);
                }
                Output::Event(event) => self.event(now, event, happened, counters)?,
            }
        }
        if self.rtc.is_alive() { Ok(()) } else { Err(Gone::Media) }
    }

    /// Takes all that str0m has: must follow each of its inputs.
    pub(super) fn drain(&mut self, now: Instant, sink: &mut impl Sink, happened: &mut Vec<Happened>, counters: &Counters) -> Result<(), Gone> {
        self.written = 0;
        loop {
            match self.rtc.poll_output().map_err(|_| Gone::Media)? {
                Output::Timeout(at) => {
                    (self.rtc_deadline, self.drained) = (at, now);
                    break;
                }
                Output::Transmit(transmit) => self.send(transmit, sink),
                Output::Event(event) => self.event(now, event, happened, counters)?,
            }
        }
        if self.rtc.is_alive() { Ok(()) } else { Err(Gone::Media) }
    }

    fn event(&mut self, now: Instant, event: str0m::Event, happened: &mut Vec<Happened>, counters: &Counters) -> Result<(), Gone> {
        match event {
            str0m::Event::RtpPacket(packet) => match self.recognize(packet) {
                Some((kind, media)) => happened.push(Happened::Media(kind, media)),
                None => counters.count_drop(Dropped::Unexpected),
            },
            str0m::Event::KeyframeRequest(request) => {
                let at = self.negotiator.lines().pictures.iter().position(|mid| *mid == request.mid);
                happened.extend(at.map(|at| Happened::Keyframe(Line::Picture(at))));
            }
            str0m::Event::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                self.link = Link::Down(now);
                happened.push(Happened::Connected(false));
            }
            str0m::Event::Connected | str0m::Event::IceConnectionStateChange(_) if self.rtc.is_connected() && !matches!(self.link, Link::Up) => {
                self.link = Link::Up;
                happened.push(Happened::Connected(true));
            }
            // It has closed its end (DTLS close_notify): the signalling says so too, or is gone as well.
            str0m::Event::Closed => return Err(Gone::Closed),
            str0m::Event::PeerStats(stats) => {
                self.meter.peer(&stats);
                // An answer is to find what its offer told of.
                if self.pending.is_none() {
                    self.sending.rest(&mut self.rtc.direct_api(), now);
                }
            }
            str0m::Event::MediaIngressStats(stats) => {
                let kind = self.negotiator.takes().find(|(mid, _)| *mid == stats.mid).map(|(_, kind)| kind);
                self.meter.ingress(kind, &stats);
            }
            str0m::Event::MediaEgressStats(stats) => {
                self.meter.egress(&stats);
                if stats.remote.is_some() {
                    self.sending.known(stats.mid);
                }
                let voice = self.codecs.red.is_some() && self.negotiator.lines().slots.contains(&stats.mid);
                happened.extend(self.reports.take(now, &stats).filter(|_| voice).map(Happened::Copies));
            }
            // str0m's enum grows; what it tells beside these is of data channels, samples and streams' pauses.
            _ => {}
        }
        Ok(())
    }

    /// When to look at it again.
    pub(super) fn deadline(&self) -> Instant {
        let link = match self.link {
            Link::New(since) => Some(since + CONNECTING),
            Link::Up => None,
            Link::Down(since) => Some(since + RECONNECTING),
        };
        [link, self.negotiator.deadline()].into_iter().flatten().fold(self.rtc_deadline, Instant::min)
    }

    /// Whether it should be looked at as soon as it asks for that.
    pub(super) fn is_urgent(&self) -> bool {
        !matches!(self.link, Link::Up) || matches!(self.rtc.last_timeout_reason(), Reason::Nack | Reason::SendStream | Reason::DTLS)
    }

    /// Why it has to go, if it has waited for too long.
    pub(super) fn overdue(&self, now: Instant) -> Result<(), Gone> {
        if self.negotiator.deadline().is_some_and(|at| at <= now) {
            return Err(Gone::Unanswered);
        }
        match self.link {
            Link::New(since) if now.saturating_duration_since(since) >= CONNECTING => Err(Gone::Unreached),
            Link::Down(since) if now.saturating_duration_since(since) >= RECONNECTING => Err(Gone::Lost),
            Link::New(_) | Link::Up | Link::Down(_) => Ok(()),
        }
    }

    /// How it is connected.
    pub(super) fn measured(&self) -> PeerStats {
        self.meter.stats(self.user)
    }
}

/// Whether a datagram is RTP (RFC 7983, 7), and not RTCP (RFC 5761, 4).
fn is_rtp(datagram: &[u8]) -> bool {
    matches!(datagram, [128..192, second, ..] if !(64..96).contains(&(second & 0x7f)))
}
