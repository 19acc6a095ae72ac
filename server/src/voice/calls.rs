//! Who is in which voice channel. Sans-IO.
//!
//! # Invariants
//! * Somebody is in one channel at most, from one device: it is kept by person.
//! * Each call has a peer of its own in the media server: joined when the call begins, told to leave when it ends.
//! * The people of a room are those whose call is in it; a room without people is none.
//! * Whoever may not share shares nothing, and whoever is heard is in the room.
//! * After every change of the world, everyone may be where they are, and the media server knows what they may.

use super::{
    Device, Move, Output, Wish, access,
    call::{Call, Negotiation, Room},
};
use crate::{
    sfu::{self, Command, PeerId},
    world::World,
};
use snug_protocol::{ChannelId, Event, UserId, limits, voice::*};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// See the module.
#[derive(Debug, Default)]
pub struct Calls {
    calls: BTreeMap<UserId, Call>,
    peers: HashMap<PeerId, UserId>,
    rooms: BTreeMap<ChannelId, Room>,
    /// Number of the last peer.
    newest: u64,
    outputs: VecDeque<Output>,
}

impl Calls {
    /// New connections have higher numbers than this.
    pub fn number_after(&mut self, number: u64) {
        self.newest = self.newest.max(number);
    }

    /// What is to be done next.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Those in a channel, by rising identifier.
    pub fn states(&self, channel: ChannelId) -> impl Iterator<Item = VoiceState> {
        let people = self.rooms.get(&channel).into_iter().flat_map(|room| &room.people);
        people.map(|user| self.calls[user].state(*user))
    }

    /// Where somebody is.
    pub fn channel(&self, user: UserId) -> Option<ChannelId> {
        self.calls.get(&user).map(|call| call.channel)
    }

    /// What a peer's device was told of whom its lines carry, and of whether it is heard.
    #[cfg(test)]
    pub(crate) fn told(&self, peer: PeerId) -> Option<(&[VoiceTrack], bool)> {
        let call = &self.calls[self.peers.get(&peer)?];
        Some((&call.tracks, call.heard))
    }

    /// From which device a peer is.
    #[cfg(test)]
    pub(crate) fn device(&self, peer: PeerId) -> Option<Device> {
        Some(self.calls[self.peers.get(&peer)?].device)
    }

    /// How many are in voice.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Somebody's device asks for something.
    pub fn wish(&mut self, world: &World, user: UserId, device: Device, wish: Wish) {
        if let Wish::Join(join) = wish {
            return self.join(world, user, device, &join);
        }
        // Any other has to do with the call of this very device: what an older one still says is of no account.
        let Some(call) = self.calls.get_mut(&user).filter(|call| call.device == device) else { return };
        let peer = call.peer;
        match wish {
            Wish::Join(_) => unreachable!("matched above"),
            Wish::Leave => self.end(user, Some(VoiceGone::Left)),
            Wish::Be(own) => self.be(world, user, own),
            Wish::Answer(answer) => {
                let offered = (peer.0, Negotiation::Offered(answer.negotiation));
                if (answer.connection, call.negotiation) == offered {
                    call.negotiation = Negotiation::Settled;
                    self.command(Command::Answer { peer, negotiation: answer.negotiation, sdp: answer.sdp });
                }
            }
            Wish::Publish(kind) => {
                if kind != TrackKind::Microphone && call.may.share {
                    self.command(Command::Publish(peer, kind));
                }
            }
            Wish::Unpublish(kind) => {
                if kind != TrackKind::Microphone {
                    self.command(Command::Unpublish(peer, kind));
                }
            }
            Wish::Watch(track) => self.watch(user, track),
            Wish::Unwatch(track) => {
                if call.watched.remove(&track) {
                    self.command(Command::Unwatch(peer, track));
                }
            }
            Wish::Restart => self.command(Command::Restart(peer)),
            Wish::Stats(on) => {
                call.stats = on;
                self.command(Command::Stats(peer, on));
            }
        }
    }

    /// A moderator has moved somebody, or put them out.
    pub fn moved(&mut self, world: &World, Move { user, from, to }: Move) {
        let Some(call) = self.calls.get(&user).filter(|call| call.channel == from) else { return };
        match to {
            None => self.end(user, Some(VoiceGone::Disconnected)),
            Some(to) if to != from && access::stay(world, user, to, true) => {
                let (device, own) = (call.device, call.own);
                self.enter(world, user, device, to, own, !access::stay(world, user, to, false));
            }
            Some(_) => {}
        }
    }

    /// The world has changed: nobody is where they may not be, and everyone may what they may now.
    pub fn world_changed(&mut self, world: &World) {
        for user in self.calls.keys().copied().collect::<Vec<_>>() {
            let call = &self.calls[&user];
            if access::stay(world, user, call.channel, call.brought) {
                self.allow(world, user);
            } else {
                self.end(user, Some(VoiceGone::Forbidden));
            }
        }
        for (id, room) in &mut self.rooms {
            let opus = opus(world, *id);
            if room.opus != opus {
                room.opus = opus;
                self.outputs.push_back(Output::Command(Command::Opus(*id, opus)));
            }
        }
    }

    /// A session is over, and its call with it.
    pub fn session_over(&mut self, user: UserId, device: Device) {
        if self.calls.get(&user).is_some_and(|call| call.device == device) {
            self.end(user, None);
        }
    }

    /// Which connection a device has.
    pub fn connection(&self, user: UserId, device: Device) -> Option<u64> {
        self.calls.get(&user).filter(|call| call.device == device).map(|call| call.peer.0)
    }

    /// A device has lost all that it was told, and with it perhaps an offer: it gets another one. What it asked for before, it asks for again.
    pub fn restarted(&mut self, user: UserId, device: Device) {
        let Some(call) = self.calls.get_mut(&user).filter(|call| call.device == device) else { return };
        let (peer, negotiation, tracks, heard) = (call.peer, call.negotiation, call.tracks.clone(), call.heard);
        if std::mem::take(&mut call.stats) {
            self.command(Command::Stats(peer, false));
        }
        if negotiation != Negotiation::Settled {
            self.command(Command::Restart(peer));
        }
        if !tracks.is_empty() {
            self.tell(user, Event::VoiceTracks(VoiceTracks { tracks }));
        }
        if !heard {
            self.tell(user, Event::VoiceHeard(VoiceHeard { heard }));
        }
        self.resumed(user, device);
    }

    /// A device is back, and has missed who is heard.
    pub fn resumed(&mut self, user: UserId, device: Device) {
        if let Some(call) = self.calls.get(&user).filter(|call| call.device == device) {
            let (channel, users) = (call.channel, self.rooms[&call.channel].speaking.clone());
            self.send(vec![device], Event::VoiceSpeaking(VoiceSpeaking { channel_id: channel, users }), Some(channel));
        }
    }

    /// The media server tells something. What it tells of a peer that is gone comes too late, and is of no account.
    pub fn media(&mut self, event: sfu::Event) {
        match event {
            sfu::Event::Offer { peer, negotiation, sdp, takes, tracks } => {
                let Some((user, call)) = self.call(peer) else { return };
                call.negotiation = Negotiation::Offered(negotiation);
                call.tracks.clone_from(&tracks);
                let offer = VoiceOffer { channel_id: call.channel, connection: peer.0, negotiation, sdp, takes, tracks };
                self.tell(user, Event::VoiceOffer(offer));
            }
            sfu::Event::Tracks(peer, tracks) => {
                let Some((user, call)) = self.call(peer) else { return };
                call.tracks.clone_from(&tracks);
                self.tell(user, Event::VoiceTracks(VoiceTracks { tracks }));
            }
            sfu::Event::Shares(peer, mut shares) => {
                let Some((user, call)) = self.call(peer) else { return };
                shares.retain(|kind| *kind != TrackKind::Microphone && call.may.share);
                shares.sort_unstable();
                shares.dedup();
                if call.shares != shares {
                    call.shares = shares;
                    self.show(user);
                }
            }
            sfu::Event::Speaking(channel, users) => self.speaking(channel, users),
            sfu::Event::Heard(peer, heard) => {
                let Some((user, call)) = self.call(peer) else { return };
                call.heard = heard;
                self.tell(user, Event::VoiceHeard(VoiceHeard { heard }));
            }
            sfu::Event::Stats(peer, mut peers) => {
                let Some((_, call)) = self.call(peer) else { return };
                let (device, channel) = (call.device, call.channel);
                let people = &self.rooms[&channel].people;
                peers.retain(|stats| people.contains(&stats.user_id));
                peers.sort_unstable_by_key(|stats| stats.user_id);
                self.send(vec![device], Event::VoiceStats(VoiceStats { channel_id: channel, peers }), Some(channel));
            }
            sfu::Event::Gone(peer, why) => {
                let Some((user, call)) = self.call(peer) else { return };
                tracing::info!(%user, channel = %call.channel, why, "voice has failed");
                self.finish(user, Some(VoiceGone::Failed));
            }
        }
    }

    fn join(&mut self, world: &World, user: UserId, device: Device, join: &VoiceJoin) {
        let channel = join.channel_id;
        let people = self.rooms.get(&channel).map_or(0, |room| room.people.len());
        let brought = match self.calls.get(&user) {
            // In there already, on this device or another: it is another connection that is wished for.
            Some(call) if call.channel == channel => call.brought,
            Some(_) | None => match access::enter(world, user, channel, people) {
                Ok(()) => false,
                Err(reason) => return self.ended(device, channel, reason),
            },
        };
        self.enter(world, user, device, channel, VoiceSelf { self_mute: join.self_mute, self_deaf: join.self_deaf }, brought);
    }

    /// Puts somebody into a channel, and out of where they were.
    fn enter(&mut self, world: &World, user: UserId, device: Device, channel: ChannelId, own: VoiceSelf, brought: bool) {
        if let Some(before) = self.calls.get(&user) {
            let (was, there) = (before.device, before.channel);
            let reason = if was == device { VoiceGone::Moved } else { VoiceGone::TakenOver };
            self.command(Command::Leave(before.peer));
            self.remove(user);
            self.ended(was, there, reason);
            if there != channel {
                self.outputs.push_back(Output::Show(VoiceStateUpdate { user_id: user, channel_id: there, state: None }));
            }
        }
        self.newest += 1;
        let peer = PeerId(self.newest);
        let may = access::may(world, user, channel, own);
        let opus = opus(world, channel);
        self.peers.insert(peer, user);
        let call = Call {
            device,
            channel,
            peer,
            own,
            may,
            shares: Vec::new(),
            watched: BTreeSet::new(),
            brought,
            negotiation: Negotiation::Fresh,
            tracks: Vec::new(),
            stats: false,
            heard: true,
        };
        self.calls.insert(user, call);
        let room = self.rooms.entry(channel).or_insert_with(|| Room { opus, people: [].into(), speaking: Vec::new() });
        room.people.insert(user);
        let speaking = room.speaking.clone();
        self.command(Command::Join { peer, room: channel, user, may, opus });
        self.show(user);
        if !speaking.is_empty() {
            self.resumed(user, device);
        }
        tracing::info!(%user, %channel, "came to voice");
    }

    fn be(&mut self, world: &World, user: UserId, own: VoiceSelf) {
        let call = self.calls.get_mut(&user).expect("whoever asks is in voice");
        if call.own != own {
            call.own = own;
            self.allow(world, user);
            self.show(user);
        }
    }

    /// Tells the media server what somebody may, if that has changed.
    fn allow(&mut self, world: &World, user: UserId) {
        let call = self.calls.get_mut(&user).expect("they are in voice");
        let may = access::may(world, user, call.channel, call.own);
        if call.may == may {
            return;
        }
        call.may = may;
        let peer = call.peer;
        let ended = if may.share { Vec::new() } else { std::mem::take(&mut call.shares) };
        self.command(Command::Allow(peer, may));
        if !ended.is_empty() {
            ended.into_iter().for_each(|kind| self.command(Command::Unpublish(peer, kind)));
            self.show(user);
        }
    }

    /// What is watched stays so when its sender comes back; it makes place when there is none, as long as they are away.
    fn watch(&mut self, user: UserId, track: TrackRef) {
        let call = self.calls.get_mut(&user).expect("whoever asks is in voice");
        let people = &self.rooms[&call.channel].people;
        if track.user_id == user || track.kind == TrackKind::Microphone || !people.contains(&track.user_id) || call.watched.contains(&track) {
            return;
        }
        let sound = |track: &TrackRef| track.kind == TrackKind::ScreenSound;
        let full = |watched: &BTreeSet<TrackRef>| watched.iter().filter(|other| sound(other) == sound(&track)).count() == limits::WATCHED;
        let peer = call.peer;
        if full(&call.watched) {
            for away in call.watched.extract_if(.., |track| !people.contains(&track.user_id)) {
                self.outputs.push_back(Output::Command(Command::Unwatch(peer, away)));
            }
        }
        if !full(&call.watched) {
            call.watched.insert(track);
            self.command(Command::Watch(peer, track));
        }
    }

    fn speaking(&mut self, channel: ChannelId, mut users: Vec<UserId>) {
        let Some(room) = self.rooms.get_mut(&channel) else { return };
        users.retain(|user| room.people.contains(user) && self.calls[user].may.speak);
        users.sort_unstable();
        users.dedup();
        if room.speaking != users {
            room.speaking.clone_from(&users);
            let devices = room.people.iter().map(|user| self.calls[user].device).collect();
            self.send(devices, Event::VoiceSpeaking(VoiceSpeaking { channel_id: channel, users }), Some(channel));
        }
    }

    /// Ends a call, in the media server too.
    fn end(&mut self, user: UserId, reason: Option<VoiceGone>) {
        self.command(Command::Leave(self.calls[&user].peer));
        self.finish(user, reason);
    }

    /// Ends a call. Its device is told why, if it is still there.
    fn finish(&mut self, user: UserId, reason: Option<VoiceGone>) {
        let Call { device, channel, .. } = self.remove(user);
        if let Some(reason) = reason {
            self.ended(device, channel, reason);
        }
        self.outputs.push_back(Output::Show(VoiceStateUpdate { user_id: user, channel_id: channel, state: None }));
        tracing::info!(%user, %channel, ?reason, "left voice");
    }

    fn remove(&mut self, user: UserId) -> Call {
        let call = self.calls.remove(&user).expect("they are in voice");
        self.peers.remove(&call.peer);
        let room = self.rooms.get_mut(&call.channel).expect("a call is in a room");
        room.people.remove(&user);
        room.speaking.retain(|other| *other != user);
        if room.people.is_empty() {
            self.rooms.remove(&call.channel);
        }
        call
    }

    fn call(&mut self, peer: PeerId) -> Option<(UserId, &mut Call)> {
        let user = *self.peers.get(&peer)?;
        Some((user, self.calls.get_mut(&user)?))
    }

    fn command(&mut self, command: Command) {
        self.outputs.push_back(Output::Command(command));
    }

    /// Tells somebody's device something that a resume replays.
    fn tell(&mut self, user: UserId, event: Event) {
        self.send(vec![self.calls[&user].device], event, None);
    }

    fn ended(&mut self, device: Device, channel_id: ChannelId, reason: VoiceGone) {
        self.send(vec![device], Event::VoiceEnded(VoiceEnded { channel_id, reason }), None);
    }

    fn send(&mut self, devices: Vec<Device>, event: Event, fleeting: Option<ChannelId>) {
        self.outputs.push_back(Output::Tell { devices, event: Box::new(event), fleeting });
    }

    fn show(&mut self, user: UserId) {
        let state = self.calls[&user].state(user);
        self.outputs.push_back(Output::Show(VoiceStateUpdate { user_id: user, channel_id: state.channel_id, state: Some(state) }));
    }

    /// Panics when an invariant of the module is broken.
    pub fn verify_invariants(&self, world: &World) {
        assert_eq!(self.peers.len(), self.calls.len());
        for (user, call) in &self.calls {
            assert_eq!(self.peers.get(&call.peer), Some(user));
            assert!(call.peer.0 <= self.newest);
            assert!(self.rooms[&call.channel].people.contains(user));
            assert!(call.may.share || call.shares.is_empty());
            assert!(call.watched.len() <= 2 * limits::WATCHED);
            assert!(access::stay(world, *user, call.channel, call.brought), "{user} may be in {}", call.channel);
            assert_eq!(call.may, access::may(world, *user, call.channel, call.own));
        }
        assert_eq!(self.rooms.values().map(|room| room.people.len()).sum::<usize>(), self.calls.len());
        for (id, room) in &self.rooms {
            assert!(!room.people.is_empty());
            assert!(room.speaking.iter().all(|user| room.people.contains(user)));
            assert_eq!(room.opus, opus(world, *id));
        }
    }
}

fn opus(world: &World, channel: ChannelId) -> OpusSettings {
    world.channel(channel).and_then(|(_, channel)| channel.opus).unwrap_or(OpusSettings::DEFAULT)
}
