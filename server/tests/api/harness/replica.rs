//! What a device knows: the snapshot of `ready`, and each dispatch applied once and in order.

use snug_protocol::{
    Account, Channel, ChannelId, ChannelKind, Event, Member, Message, MessageId, OverwriteTarget, Presence, Reaction, ReadState, Role, RoleId, Space,
    SpaceId, SpaceSnapshot, Status, User, UserId,
    gateway::{ReactionChange, Ready},
    voice::{VoiceState, VoiceStateUpdate},
};
use std::collections::BTreeMap;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    /// The last dispatch applied.
    pub s: u64,
    pub account: Account,
    pub spaces: BTreeMap<SpaceId, Place>,
    pub users: BTreeMap<UserId, User>,
    pub presences: BTreeMap<UserId, Presence>,
    pub read_states: BTreeMap<ChannelId, ReadState>,
    pub knocks: Option<u32>,
    /// Those in visible voice channels.
    pub voice: BTreeMap<UserId, VoiceState>,
    /// What was written in each visible channel since it became visible, as it is now.
    pub messages: BTreeMap<ChannelId, Vec<Message>>,
    /// The newest message of each visible channel when it became visible.
    pub since: BTreeMap<ChannelId, Option<MessageId>>,
}

/// A space, as far as it is visible.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub space: Space,
    pub channels: BTreeMap<ChannelId, Channel>,
    pub roles: BTreeMap<RoleId, Role>,
    pub members: BTreeMap<UserId, Member>,
}

impl From<SpaceSnapshot> for Place {
    fn from(snapshot: SpaceSnapshot) -> Self {
        Self {
            space: snapshot.space,
            channels: snapshot.channels.into_iter().map(|channel| (channel.id, channel)).collect(),
            roles: snapshot.roles.into_iter().map(|role| (role.id, role)).collect(),
            members: snapshot.members.into_iter().map(|member| (member.user_id, member)).collect(),
        }
    }
}

impl Replica {
    /// What `ready` says.
    pub fn new(ready: Ready) -> Self {
        let told = ready.digest.clone();
        let spaces: BTreeMap<_, Place> = ready.spaces.into_iter().map(|snapshot| (snapshot.space.id, snapshot.into())).collect();
        let mut replica = Self {
            s: 0,
            account: ready.account,
            messages: BTreeMap::new(),
            since: BTreeMap::new(),
            spaces: BTreeMap::new(),
            users: ready.users.into_iter().map(|user| (user.id, user)).collect(),
            presences: ready.presences.into_iter().map(|presence| (presence.user_id, presence)).collect(),
            read_states: ready.read_states.into_iter().map(|state| (state.channel_id, state)).collect(),
            knocks: ready.knocks,
            voice: BTreeMap::new(),
        };
        spaces.values().flat_map(|place| place.channels.values()).for_each(|channel| replica.meet(channel));
        replica.spaces = spaces;
        ready.voice_states.into_iter().for_each(|state| replica.hear(state));
        assert_eq!(replica.digest(), told, "the digest of ready");
        replica
    }

    /// As the protocol says it is made: see [`snug_protocol::gateway::Digest`].
    pub fn digest(&self) -> String {
        let spaces: Vec<_> = self.spaces.values().map(Place::canonical).collect();
        let users: Vec<_> = self.users.values().collect();
        let canonical = serde_json::json!({ "spaces": spaces, "users": users }).to_string();
        blake3::hash(canonical.as_bytes()).to_hex().to_string()
    }

    /// Panics unless both hold the same. What was received since is not looked at, nor are the counts of what is unread,
    /// which a client keeps by itself.
    pub fn assert_same(&self, other: &Self) {
        assert_eq!(self.account, other.account);
        assert_eq!(self.users, other.users);
        assert_eq!(self.spaces, other.spaces);
        let read = |replica: &Self| -> BTreeMap<_, _> {
            replica.messages.keys().map(|id| (*id, replica.read_states.get(id).and_then(|state| state.last_read_id))).collect()
        };
        assert_eq!(read(self), read(other));
        assert_eq!(self.knocks, other.knocks);
        assert_eq!(self.voice, other.voice);
    }

    /// A channel, if it is visible.
    pub fn channel(&self, id: ChannelId) -> Option<&Channel> {
        self.spaces.values().find_map(|place| place.channels.get(&id))
    }

    /// What somebody is shown as.
    pub fn status(&self, user: UserId) -> Status {
        self.presences.get(&user).map_or(Status::Offline, |presence| presence.status)
    }

    /// Applies dispatch `s`, which must be the next one.
    pub fn apply(&mut self, s: u64, event: Event) {
        assert_eq!(s, self.s + 1, "numbers have no gap: {event:?}");
        self.s = s;
        match event {
            Event::AccountUpdate(account) => self.account = account,
            Event::ReadUpdate(state) => {
                self.see(state.channel_id);
                self.read_states.insert(state.channel_id, state);
            }
            Event::UserUpdate(user) => {
                if let Some(known) = self.users.get_mut(&user.id) {
                    *known = user;
                }
            }
            Event::PresenceUpdate(update) => update.presences.into_iter().for_each(|presence| self.show(presence)),
            Event::SpaceCreate(created) => {
                created.snapshot.channels.iter().for_each(|channel| self.meet(channel));
                self.spaces.insert(created.snapshot.space.id, created.snapshot.into());
                self.users.extend(created.users.into_iter().map(|user| (user.id, user)));
                self.read_states.extend(created.read_states.into_iter().map(|state| (state.channel_id, state)));
                created.presences.into_iter().for_each(|presence| self.show(presence));
                created.voice_states.into_iter().for_each(|state| self.hear(state));
            }
            Event::SpaceUpdate(space) => {
                let id = space.id;
                self.place(id).space = space;
            }
            Event::SpaceDelete(gone) => {
                if let Some(place) = self.spaces.remove(&gone.id) {
                    place.channels.keys().for_each(|id| self.forget_channel(*id));
                    self.forget_strangers();
                }
            }
            Event::ChannelCreate(channel) => {
                self.meet(&channel);
                self.place(channel.space_id).channels.insert(channel.id, channel);
            }
            Event::ChannelUpdate(channel) => {
                self.see(channel.id);
                self.place(channel.space_id).channels.insert(channel.id, channel);
            }
            Event::ChannelDelete(gone) => {
                self.place(gone.space_id).channels.remove(&gone.id);
                self.forget_channel(gone.id);
            }
            Event::RoleCreate(role) | Event::RoleUpdate(role) => {
                self.place(role.space_id).roles.insert(role.id, role);
            }
            Event::RoleDelete(gone) => {
                let place = self.place(gone.space_id);
                place.roles.remove(&gone.id);
                place.members.values_mut().for_each(|member| member.roles.retain(|role| *role != gone.id));
                place.forget_target(OverwriteTarget::Role(gone.id));
            }
            Event::MemberAdd(added) => {
                self.users.insert(added.user.id, added.user);
                self.place(added.member.space_id).members.insert(added.member.user_id, added.member);
                self.show(added.presence);
            }
            Event::MemberUpdate(member) => {
                self.place(member.space_id).members.insert(member.user_id, member);
            }
            Event::MemberRemove(gone) => {
                let place = self.place(gone.space_id);
                place.members.remove(&gone.user_id);
                place.forget_target(OverwriteTarget::Member(gone.user_id));
                self.forget_strangers();
            }
            Event::MessageCreate(message) => {
                let channel = self.see(message.channel_id);
                assert!(channel.last_message_id < Some(message.id), "messages come in order, each once: {message:?}");
                channel.last_message_id = Some(message.id);
                self.written(message.channel_id).push(message);
            }
            Event::MessageUpdate(message) => {
                if let Some(known) = self.written(message.channel_id).iter_mut().find(|known| known.id == message.id) {
                    let nonce = known.nonce.take();
                    *known = Message { nonce, ..message };
                }
            }
            Event::MessageDelete(gone) => self.written(gone.channel_id).retain(|message| !gone.ids.contains(&message.id)),
            Event::MessageRestore(message) => {
                let written = self.written(message.channel_id);
                let place = written.partition_point(|other| other.id < message.id);
                assert!(written.get(place).is_none_or(|other| other.id != message.id), "it was gone");
                written.insert(place, message);
            }
            Event::ReactionAdd(change) => self.react(change, true),
            Event::ReactionRemove(change) => self.react(change, false),
            Event::TypingStart(typing) => _ = self.see(typing.channel_id),
            Event::KnockUpdate(update) => self.knocks = Some(update.waiting),
            Event::VoiceStateUpdate(VoiceStateUpdate { state: Some(state), user_id, channel_id }) => {
                assert_eq!((user_id, channel_id), (state.user_id, state.channel_id));
                self.hear(state);
            }
            Event::VoiceStateUpdate(VoiceStateUpdate { state: None, user_id, channel_id }) => {
                self.see(channel_id);
                if self.voice.get(&user_id).is_some_and(|state| state.channel_id == channel_id) {
                    self.voice.remove(&user_id);
                }
            }
            Event::VoiceSpeaking(speaking) => _ = self.see(speaking.channel_id),
            Event::VoiceStats(stats) => _ = self.see(stats.channel_id),
            // These have to do with a connection of media, which nobody has here.
            Event::VoiceOffer(_) | Event::VoiceTracks(_) | Event::VoiceHeard(_) | Event::VoiceEnded(_) => {}
        }
    }

    fn place(&mut self, space: SpaceId) -> &mut Place {
        self.spaces.get_mut(&space).expect("told of a space that one is in")
    }

    /// Nobody is told of what they do not see.
    fn see(&mut self, channel: ChannelId) -> &mut Channel {
        self.spaces.values_mut().find_map(|place| place.channels.get_mut(&channel)).expect("told of a channel that one sees")
    }

    fn hear(&mut self, state: VoiceState) {
        assert_eq!(self.see(state.channel_id).kind, ChannelKind::Voice);
        self.voice.insert(state.user_id, state);
    }

    fn written(&mut self, channel: ChannelId) -> &mut Vec<Message> {
        self.see(channel);
        self.messages.entry(channel).or_default()
    }

    fn show(&mut self, presence: Presence) {
        assert!(self.users.contains_key(&presence.user_id), "told of somebody one knows");
        if presence.status == Status::Offline {
            assert_eq!(presence.text, "", "whoever is offline says nothing");
            self.presences.remove(&presence.user_id);
        } else {
            self.presences.insert(presence.user_id, presence);
        }
    }

    fn react(&mut self, change: ReactionChange, added: bool) {
        let ReactionChange { channel_id, message_id, user_id, emoji } = change;
        let Some(message) = self.written(channel_id).iter_mut().find(|message| message.id == message_id) else { return };
        let known = message.reactions.iter_mut().find(|reaction| reaction.emoji == emoji);
        match (known, added) {
            (Some(reaction), true) => reaction.users.push(user_id),
            (None, true) => message.reactions.push(Reaction { emoji, users: vec![user_id] }),
            (Some(reaction), false) => reaction.users.retain(|user| *user != user_id),
            (None, false) => panic!("nobody had reacted so"),
        }
        message.reactions.retain(|reaction| !reaction.users.is_empty());
    }

    /// A channel has become visible.
    fn meet(&mut self, channel: &Channel) {
        self.messages.insert(channel.id, Vec::new());
        self.since.insert(channel.id, channel.last_message_id);
    }

    fn forget_channel(&mut self, id: ChannelId) {
        self.messages.remove(&id);
        self.since.remove(&id);
        self.read_states.remove(&id);
        self.voice.retain(|_, state| state.channel_id != id);
    }

    /// Whoever shares no space any more is no longer known.
    fn forget_strangers(&mut self) {
        let me = self.account.user.id;
        let spaces = &self.spaces;
        self.users.retain(|id, _| *id == me || spaces.values().any(|place| place.members.contains_key(id)));
        let users = &self.users;
        self.presences.retain(|id, _| users.contains_key(id));
    }
}

impl Place {
    fn canonical(&self) -> serde_json::Value {
        serde_json::json!({
            "space": self.space,
            "channels": self.channels.values().collect::<Vec<_>>(),
            "roles": self.roles.values().collect::<Vec<_>>(),
            "members": self.members.values().collect::<Vec<_>>(),
        })
    }

    fn forget_target(&mut self, target: OverwriteTarget) {
        self.channels.values_mut().for_each(|channel| channel.overwrites.retain(|overwrite| overwrite.target != target));
    }
}
