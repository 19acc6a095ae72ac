//! Voice: who is in which channel, and the signalling of their media.
//!
//! ```text
//! client                                server
//!   |  voice_join (channel) -----------> |
//!   |  <---------- voice_state_update    |  to all who see the channel
//!   |  <----------------- voice_offer 1  |  microphone
//!   |  voice_answer 1 -----------------> |
//!   |  <============ media =============>|  ICE (lite on the server's side), DTLS, SRTP
//!   |  voice_publish (screen) ---------> |
//!   |  <----------------- voice_offer 2  |  one more m-line
//!   |  voice_answer 2 -----------------> |
//!   |  <-------- voice_tracks, speaking  |  whom each m-line carries, who is heard
//!   |  voice_leave --------------------> |
//! ```
//!
//! The server is the only one who offers, one offer at a time, so that there is no glare (RFC 8829, 4.1.8). What is wished
//! for while an offer is under way is part of the next one. Candidates of the client are not signalled: the server learns
//! them from its checks (RFC 8445, 7.3.1.3). The server's own are in the offer.
//!
//! What the server starts anew, after a move or a failure, is another *connection*, with a number that no other has: an
//! answer that was under way to the one before says so, and is not taken for another's.
//!
//! Others' voices come in *slots*: m-lines that carry one speaker each, for as long as there are slots enough; `voice_tracks`
//! says whom. Mute is not SDP: a muted client sends nothing, and the server passes nothing on.

use crate::{id::*, model::ChannelKind, wire::wire};

wire! {
    /// Somebody in a voice channel.
    pub struct VoiceState {
        /// Who.
        pub user_id: UserId,
        /// Where.
        pub channel_id: ChannelId,
        /// They sent for silence themselves: nothing of their microphone is passed on.
        pub self_mute: bool,
        /// They hear nothing, by their own will.
        pub self_deaf: bool,
        /// What they send beside the microphone, in the order of the kinds.
        pub shares: Vec<TrackKind>,
    }

    /// What a track is of.
    #[derive(Copy, Hash, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    pub enum TrackKind {
        /// A voice. Opus, mono or stereo as it is sent.
        Microphone,
        /// A camera. H.264.
        Camera,
        /// A screen or a window. H.264.
        Screen,
        /// The sound that goes with a screen. Opus, stereo.
        ScreenSound,
    }

    /// How the voices of a channel are encoded (Opus, RFC 6716 and RFC 7587).
    #[derive(Copy)]
    pub struct OpusSettings {
        /// On average, in bits per second: see [`OpusSettings::BITRATE`].
        pub bitrate: u32,
        /// Send less while nobody speaks.
        pub dtx: bool,
        /// Send what repairs lost packets along with those that follow.
        pub fec: bool,
    }

    /// Which voice channel to be in. Whoever is in another one of this server leaves it.
    pub struct VoiceJoin {
        /// Where.
        pub channel_id: ChannelId,
        /// As in [`VoiceState`].
        pub self_mute: bool,
        /// As in [`VoiceState`].
        pub self_deaf: bool,
    }

    /// Whether one speaks and listens.
    #[derive(Copy)]
    pub struct VoiceSelf {
        /// As in [`VoiceState`].
        pub self_mute: bool,
        /// As in [`VoiceState`].
        pub self_deaf: bool,
    }

    /// The answer to an offer. It must fit into a frame: see [`crate::limits::ANSWER_FRAME_BYTES`].
    pub struct VoiceAnswer {
        /// Of the offer that it answers.
        pub connection: u64,
        /// Of the offer that it answers. An answer to any other is of no use, and ignored.
        pub negotiation: u32,
        /// SDP (RFC 8866).
        pub sdp: String,
    }

    /// Something that somebody sends.
    #[derive(Copy, Hash, PartialOrd, Ord)]
    pub struct TrackRef {
        /// Who.
        pub user_id: UserId,
        /// What.
        pub kind: TrackKind,
    }

    /// See [`crate::gateway::Event::VoiceStateUpdate`].
    pub struct VoiceStateUpdate {
        /// Who.
        pub user_id: UserId,
        /// The channel they came to, were in or left.
        pub channel_id: ChannelId,
        /// How they are in it; nothing when they have left it.
        pub state: Option<VoiceState>,
    }

    /// See [`crate::gateway::Event::VoiceOffer`].
    pub struct VoiceOffer {
        /// Where one is.
        pub channel_id: ChannelId,
        /// Which connection it is for. For another one than before, a new peer connection is to be made, and the one
        /// before is over.
        pub connection: u64,
        /// Rises with each offer of one connection, from 1.
        pub negotiation: u32,
        /// SDP (RFC 8866).
        pub sdp: String,
        /// What the client is to send, and on which m-line.
        pub takes: Vec<VoiceTake>,
        /// As in [`VoiceTracks`].
        pub tracks: Vec<VoiceTrack>,
    }

    /// An m-line on which the client sends.
    pub struct VoiceTake {
        /// `a=mid` (RFC 5888).
        pub mid: String,
        /// What.
        pub kind: TrackKind,
    }

    /// An m-line on which the server sends.
    pub struct VoiceTrack {
        /// `a=mid` (RFC 5888).
        pub mid: String,
        /// What it carries; nothing while it is free.
        pub track: Option<TrackRef>,
    }

    /// See [`crate::gateway::Event::VoiceTracks`].
    pub struct VoiceTracks {
        /// Every m-line on which the server sends, in their order.
        pub tracks: Vec<VoiceTrack>,
    }

    /// See [`crate::gateway::Event::VoiceSpeaking`].
    pub struct VoiceSpeaking {
        /// Where.
        pub channel_id: ChannelId,
        /// All who are heard now, by rising identifier. Whoever leaves the channel is not told of once more: they are not heard.
        pub users: Vec<UserId>,
    }

    /// See [`crate::gateway::Event::VoiceHeard`].
    pub struct VoiceHeard {
        /// Whether sound of the unmuted client arrives at the server.
        pub heard: bool,
    }

    /// See [`crate::gateway::Event::VoiceEnded`].
    pub struct VoiceEnded {
        /// Where it was.
        pub channel_id: ChannelId,
        /// Why.
        pub reason: VoiceGone,
    }

    /// Why one is not (any more) in a voice channel.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum VoiceGone {
        /// One left.
        Left,
        /// One went to another channel on this device, was moved there, or joined the same anew: `voice_offer` follows, for
        /// another connection.
        Moved,
        /// One joined on another device.
        TakenOver,
        /// A moderator ended it.
        Disconnected,
        /// One may not be in the channel (any more), or it is gone.
        Forbidden,
        /// The channel has as many people as it takes.
        Full,
        /// No media came through, or the answer made no sense. Join again.
        Failed,
    }

    /// See [`crate::gateway::Event::VoiceStats`].
    pub struct VoiceStats {
        /// Where.
        pub channel_id: ChannelId,
        /// Of everyone in it, by rising identifier.
        pub peers: Vec<PeerStats>,
    }

    /// How well somebody is connected, over the last seconds, as the server sees it.
    pub struct PeerStats {
        /// Who.
        pub user_id: UserId,
        /// There and back, in milliseconds; nothing until it is known.
        pub rtt_ms: Option<u32>,
        /// Of what they send, how much does not arrive: in thousandths.
        pub loss_up_permille: u16,
        /// Of what is sent to them, how much does not arrive: in thousandths.
        pub loss_down_permille: u16,
        /// Interarrival jitter of what they send (RFC 3550, 6.4.1), in milliseconds.
        pub jitter_ms: u32,
        /// What they send, in bits per second.
        pub up_bps: u32,
        /// What is sent to them, in bits per second.
        pub down_bps: u32,
        /// How it travels.
        pub path: MediaPath,
    }

    /// How media travels.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum MediaPath {
        /// Not yet.
        None,
        /// As is best.
        Udp,
        /// Where UDP is blocked: later when packets are lost.
        Tcp,
    }
}

impl OpusSettings {
    /// What [`OpusSettings::bitrate`] may be, in bits per second.
    pub const BITRATE: std::ops::RangeInclusive<u32> = 8_000..=256_000;
    /// Of a new voice channel.
    pub const DEFAULT: Self = Self { bitrate: 64_000, dtx: false, fec: true };

    /// Of a new channel of this kind.
    pub const fn of_new(kind: ChannelKind) -> Option<Self> {
        match kind {
            ChannelKind::Voice => Some(Self::DEFAULT),
            ChannelKind::Text | ChannelKind::Category => None,
        }
    }
}
