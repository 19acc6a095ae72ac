//! Somebody in a voice channel.

use super::Device;
use crate::sfu::{May, PeerId};
use snug_protocol::{
    ChannelId, UserId,
    voice::{OpusSettings, TrackKind, TrackRef, VoiceSelf, VoiceState, VoiceTrack},
};
use std::collections::BTreeSet;

/// Somebody's place in a voice channel.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    /// From where.
    pub(super) device: Device,
    /// Where.
    pub(super) channel: ChannelId,
    /// Their connection, as the media server knows it.
    pub(super) peer: PeerId,
    /// What they do to themselves.
    pub(super) own: VoiceSelf,
    /// What they may, as the media server was told.
    pub(super) may: May,
    /// What they send beside the microphone, as the media server says, in the order of the kinds.
    pub(super) shares: Vec<TrackKind>,
    /// What they are to be sent.
    pub(super) watched: BTreeSet<TrackRef>,
    /// Whether a moderator brought them here.
    pub(super) brought: bool,
    /// How the two sides stand.
    pub(super) negotiation: Negotiation,
    /// Whom its lines carry, as it was told.
    pub(super) tracks: Vec<VoiceTrack>,
    /// Whether it wants figures.
    pub(super) stats: bool,
    /// Whether anything of what it sends arrives, as it was told.
    pub(super) heard: bool,
}

/// Where the talk of offers and answers stands. There is one offer at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Negotiation {
    /// The media server has not offered anything yet.
    Fresh,
    /// This offer is to be answered.
    Offered(u32),
    /// Nothing is under way.
    Settled,
}

impl Call {
    /// What others see.
    pub(super) fn state(&self, user: UserId) -> VoiceState {
        let VoiceSelf { self_mute, self_deaf } = self.own;
        VoiceState { user_id: user, channel_id: self.channel, self_mute, self_deaf, shares: self.shares.clone() }
    }
}

/// A channel with somebody in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Room {
    /// How voices are encoded, as the media server was told.
    pub(super) opus: OpusSettings,
    /// Those in it. Never nobody.
    pub(super) people: BTreeSet<UserId>,
    /// Those of them who are heard, by rising identifier.
    pub(super) speaking: Vec<UserId>,
}
