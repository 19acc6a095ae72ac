//! The media server: forwards the voices and pictures of a room to those in it.
//!
//! Each [worker](worker) is a thread with a UDP port of its own and the rooms that are pinned to it. What a peer may do is
//! said from outside by [`May`], and holds from the moment the command is taken; nothing else opens or closes a way.
//!
//! It knows no gateway and no permissions: [`Command`]s come in, [`Event`]s go out.

use snug_protocol::{
    ChannelId, UserId,
    voice::{OpusSettings, PeerStats, TrackKind, TrackRef, VoiceTake, VoiceTrack},
};

/// One connection of somebody to a room. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(pub u64);

/// What a peer may do: permissions, mute and deafness in one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct May {
    /// Be heard.
    pub speak: bool,
    /// Hear.
    pub listen: bool,
    /// Send pictures, and sound with them.
    pub share: bool,
}

/// What the media server is to do.
#[derive(Clone, Debug)]
pub enum Command {
    /// Somebody comes. An offer follows.
    Join {
        /// Who is new.
        peer: PeerId,
        /// Where.
        room: ChannelId,
        /// Who.
        user: UserId,
        /// What they may.
        may: May,
        /// How voices are encoded there. Holds for all in the room.
        opus: OpusSettings,
    },
    /// Somebody goes.
    Leave(PeerId),
    /// What somebody may has changed.
    Allow(PeerId, May),
    /// How voices are encoded in a room has changed. Offers follow.
    Opus(ChannelId, OpusSettings),
    /// Somebody has answered an offer.
    Answer {
        /// Who.
        peer: PeerId,
        /// Which.
        negotiation: u32,
        /// SDP.
        sdp: String,
    },
    /// Somebody wants to send something beside the microphone.
    Publish(PeerId, TrackKind),
    /// Somebody sends it no more.
    Unpublish(PeerId, TrackKind),
    /// Somebody wants to be sent what another one shows.
    Watch(PeerId, TrackRef),
    /// And no more.
    Unwatch(PeerId, TrackRef),
    /// Somebody's network has changed: an offer with an ICE restart follows.
    Restart(PeerId),
    /// Whether somebody asks for [`Event::Stats`] of their room.
    Stats(PeerId, bool),
}

/// What the media server tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A peer is to answer this.
    Offer {
        /// Who.
        peer: PeerId,
        /// From 1.
        negotiation: u32,
        /// SDP.
        sdp: String,
        /// On which m-lines the peer sends.
        takes: Vec<VoiceTake>,
        /// What the m-lines carry on which the server sends.
        tracks: Vec<VoiceTrack>,
    },
    /// The m-lines of a peer carry others.
    Tracks(PeerId, Vec<VoiceTrack>),
    /// Somebody shows something, or no more: all that they send beside the microphone.
    Shares(PeerId, Vec<TrackKind>),
    /// Who is heard in a room.
    Speaking(ChannelId, Vec<UserId>),
    /// Whether sound of a peer that may speak arrives.
    Heard(PeerId, bool),
    /// How those in a room are connected, for a peer that asked.
    Stats(PeerId, Vec<PeerStats>),
    /// A peer is out, though nobody said so: no media came through, its answer made no sense, or its work panicked.
    Gone(PeerId, &'static str),
}
