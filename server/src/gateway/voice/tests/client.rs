//! What a device makes of what it is told.

use crate::{
    auth::Actor,
    gateway::{
        hub::{Hub, Slot},
        session::Output,
    },
};
use snug_protocol::{ChannelId, Event, ServerFrame, UserId, gateway::SpaceDelete, voice::*};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Instant,
};

/// A device with its session.
pub(super) struct Client {
    pub(super) user: UserId,
    pub(super) slot: Arc<Slot>,
    pub(super) secret: String,
    pub(super) link: u64,
    /// Whether it reads.
    pub(super) connected: bool,
    pub(super) s: u64,
    pub(super) visible: BTreeSet<ChannelId>,
    pub(super) voice: BTreeMap<UserId, VoiceState>,
    /// The newest offer of the connection that it has: where, which connection, which offer.
    pub(super) offer: Option<(ChannelId, u64, u32)>,
    /// Whom the lines of that connection carry.
    pub(super) tracks: Vec<VoiceTrack>,
    /// Whether what it sends arrives.
    pub(super) heard: bool,
    /// The connection that went on when it started.
    pub(super) call: Option<u64>,
}

impl Client {
    /// A new session, if the log-in is still good.
    pub(super) fn start(hub: &Hub, now: Instant, user: UserId) -> Option<Self> {
        Self::identify(hub, now, user, None)
    }

    /// The same session with a fresh copy, or a new one if it is over.
    pub(super) fn again(&self, hub: &Hub, now: Instant) -> Option<Self> {
        Self::identify(hub, now, self.user, Some(&self.secret))
    }

    fn identify(hub: &Hub, now: Instant, user: UserId, before: Option<&str>) -> Option<Self> {
        let start = hub.identify(now, Actor { user, login: super::house::login(user) }, None, before)?;
        let voice: BTreeMap<_, _> = start.voice_states.into_iter().map(|state| (state.user_id, state)).collect();
        Some(Self {
            user,
            slot: start.slot,
            secret: start.secret,
            link: start.link,
            connected: true,
            s: 0,
            visible: start.channels.iter().map(|(id, _)| *id).collect(),
            offer: start.call.map(|call| (voice[&user].channel_id, call, 0)),
            voice,
            tracks: Vec::new(),
            heard: true,
            call: start.call,
        })
    }

    /// Reads all that is there. Whether the session goes on.
    pub(super) fn read(&mut self) -> bool {
        while self.connected {
            match self.slot.poll(self.link) {
                Output::Wait => return true,
                Output::Close(..) => return false,
                Output::Send(frames) => frames.iter().for_each(|frame| match serde_json::from_str(frame).unwrap() {
                    ServerFrame::Dispatch { s, event } => {
                        assert_eq!(s, self.s + 1, "numbers have no gap");
                        self.s = s;
                        self.apply(event);
                    }
                    ServerFrame::Resumed { .. } => {}
                    other => panic!("{other:?}"),
                }),
            }
        }
        true
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::SpaceCreate(created) => {
                self.visible.extend(created.snapshot.channels.iter().map(|channel| channel.id));
                self.voice.extend(created.voice_states.into_iter().map(|state| (state.user_id, state)));
            }
            Event::SpaceDelete(SpaceDelete { .. }) => {
                self.visible.clear();
                self.voice.clear();
            }
            Event::ChannelCreate(channel) => assert!(self.visible.insert(channel.id), "a channel appears once"),
            Event::ChannelDelete(gone) => {
                self.visible.remove(&gone.id);
                self.voice.retain(|_, state| state.channel_id != gone.id);
            }
            Event::VoiceStateUpdate(VoiceStateUpdate { user_id, channel_id, state }) => {
                assert!(self.visible.contains(&channel_id), "told of a channel that is seen");
                match state {
                    Some(state) => _ = self.voice.insert(user_id, state),
                    None if self.voice.get(&user_id).is_some_and(|state| state.channel_id == channel_id) => _ = self.voice.remove(&user_id),
                    None => {}
                }
            }
            Event::VoiceOffer(VoiceOffer { channel_id, connection, negotiation, tracks, .. }) => {
                let rises = self.offer.is_none_or(|(_, known, last)| connection > known || connection == known && negotiation > last);
                assert!(rises, "offers come in order, each once");
                self.heard |= self.offer.is_none_or(|(_, known, _)| connection > known);
                self.offer = Some((channel_id, connection, negotiation));
                self.tracks = tracks;
            }
            // It may be about another channel, to which one does not get.
            Event::VoiceEnded(VoiceEnded { channel_id, .. }) => self.offer = self.offer.filter(|(here, ..)| *here != channel_id),
            Event::VoiceSpeaking(VoiceSpeaking { channel_id, users }) => {
                assert_eq!(self.voice.get(&self.user).map(|state| state.channel_id), Some(channel_id), "only those in the room hear");
                users.iter().for_each(|user| assert_eq!(self.voice.get(user).map(|state| state.channel_id), Some(channel_id)));
            }
            Event::VoiceTracks(VoiceTracks { tracks }) => self.tracks = tracks,
            Event::VoiceHeard(VoiceHeard { heard }) => self.heard = heard,
            Event::VoiceStats(_) => {}
            _ => {}
        }
    }
}
