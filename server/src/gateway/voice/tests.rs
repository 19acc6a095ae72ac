//! Random histories of voice, through the hub: whatever happens in whatever order, each device is told what is so.

mod client;
mod house;

use super::*;
use crate::{
    metrics::Metrics,
    sfu::{Command, May, PeerId},
    store::Publish as _,
    voice::{Calls, Device, Move},
    world::{Change, Departure, Revoked},
};
use client::Client;
use proptest::prelude::*;
use snug_protocol::{Permission, voice::*};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

/// What a random history does. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Op {
    /// A device asks for something.
    Wish(usize, Ask),
    /// A device's connection breaks; `seen`: and the server notices.
    Cut { device: usize, seen: bool },
    /// It comes back.
    Resume(usize),
    /// It starts anew, and its old session is left to itself.
    Anew(usize),
    /// It has lost its copy, and goes on with its session.
    Again(usize),
    /// So much time passes.
    Wait { seconds: u64 },
    /// The media server tells something of a peer, which may be gone.
    Media(usize, Tell),
    /// Somebody is denied something in a channel; nothing: all is given back.
    Deny { user: usize, channel: usize, denied: Vec<Permission> },
    /// A moderator mutes, deafens, or takes it back.
    Mute { user: usize, muted: bool, deafened: bool },
    /// Somebody leaves the space, or comes back.
    Member { user: usize, there: bool },
    /// A channel is deleted or restored.
    Channel { channel: usize, there: bool },
    /// A channel gets other settings.
    Change { channel: usize, user_limit: u16, bitrate: u32 },
    /// A moderator moves somebody from where they are, or were.
    Move { user: usize, from: Option<usize>, to: Option<usize> },
    /// Somebody's log-in ends, and another begins.
    LogOut { user: usize },
}

/// What a device asks for.
#[derive(Clone, Debug)]
enum Ask {
    Join {
        channel: usize,
        own: VoiceSelf,
    },
    Leave,
    Be(VoiceSelf),
    /// Its newest offer, or one so many connections or offers before it.
    Answer {
        connections: u64,
        offers: u32,
    },
    Publish(TrackKind),
    Unpublish(TrackKind),
    Watch {
        user: usize,
    },
    Restart,
    Stats,
}

/// What the media server tells.
#[derive(Clone, Debug)]
enum Tell {
    Offer,
    Tracks(usize),
    Shares(Vec<TrackKind>),
    Speaking(Vec<usize>),
    Heard(bool),
    Stats,
    Gone,
}

/// A peer, as the media server knows it.
#[derive(Clone, Debug)]
struct Peer {
    room: ChannelId,
    user: UserId,
    may: May,
    opus: OpusSettings,
    offered: u32,
    answered: u32,
}

struct Trial {
    hub: Hub,
    now: Instant,
    commands: Receiver<Command>,
    clients: Vec<Client>,
    peers: BTreeMap<PeerId, Peer>,
    /// Every peer that ever was, with its room.
    ever: Vec<(PeerId, ChannelId)>,
}

impl Trial {
    fn new() -> Self {
        let hub = Hub::new(house::world(), Arc::new(Metrics::default()));
        let (sender, commands) = channel();
        hub.attach_media(move |command| sender.send(command).unwrap());
        let now = Instant::now();
        // The first two have two devices each.
        let users = house::people();
        let clients = [0, 0, 1, 1, 2, 3].map(|user| Client::start(&hub, now, users[user]).unwrap()).into();
        Self { hub, now, commands, clients, peers: BTreeMap::new(), ever: Vec::new() }
    }

    fn change(&self, change: Change) {
        self.hub.publish(vec![change]);
    }

    fn step(&mut self, op: Op) {
        let (people, channels) = (house::people(), house::channels());
        match op {
            Op::Wish(device, ask) => self.ask(device, ask),
            Op::Cut { device, seen } => {
                let now = self.now;
                let client = self.client(device);
                // What was handed to the socket is lost.
                client.slot.poll(client.link);
                client.connected = false;
                let (slot, link) = (client.slot.clone(), client.link);
                if seen {
                    self.hub.lost(now, &slot, link);
                }
            }
            Op::Resume(device) => {
                let now = self.now;
                let index = device % self.clients.len();
                let client = &mut self.clients[index];
                let actor = crate::auth::Actor { user: client.user, login: house::login(client.user) };
                match self.hub.resume(now, actor, &client.secret, client.s) {
                    Ok(continued) => (client.link, client.connected) = (continued.link, true),
                    Err(_) => *client = Client::start(&self.hub, now, client.user).unwrap(),
                }
            }
            Op::Anew(device) => {
                let index = device % self.clients.len();
                self.clients[index] = Client::start(&self.hub, self.now, self.clients[index].user).unwrap();
            }
            Op::Again(device) => {
                let index = device % self.clients.len();
                let before = &self.clients[index];
                let call = self.hub.lock().calls.connection(before.user, before.slot.device);
                let client = before.again(&self.hub, self.now).unwrap();
                let goes_on = client.slot.device == before.slot.device;
                assert_eq!(client.call, call.filter(|_| goes_on), "a call goes on with its session");
                self.clients[index] = client;
            }
            Op::Wait { seconds } => {
                self.now += Duration::from_secs(seconds);
                self.hub.tick(self.now);
            }
            Op::Media(peer, tell) => self.tell(peer, tell),
            Op::Deny { user, channel, denied } => {
                let channel = channels[channel % channels.len()];
                if self.hub.read().channels.contains_key(&channel) {
                    let changed = house::denying(house::current(&self.hub.read(), channel), people[user % people.len()], &denied);
                    self.change(Change::Channel(changed));
                }
            }
            Op::Mute { user, muted, deafened } => {
                let user = people[user % people.len()];
                let known = self.hub.read().spaces[&house::space()].members.get(&user).cloned();
                known.into_iter().for_each(|member| self.change(Change::Member(snug_protocol::Member { muted, deafened, ..member })));
            }
            Op::Member { user, there } => {
                // The owner stays.
                let user = people[1 + user % (people.len() - 1)];
                let is = self.hub.read().spaces[&house::space()].members.contains_key(&user);
                match (is, there) {
                    (false, true) => self.change(Change::MemberJoined(house::member(user))),
                    (true, false) => self.change(Change::MemberLeft { space: house::space(), user, why: Departure::Kicked }),
                    (true, true) | (false, false) => {}
                }
            }
            Op::Channel { channel, there } => {
                let id = channels[channel % channels.len()];
                let is = self.hub.read().channels.contains_key(&id);
                match (is, there) {
                    (false, true) => {
                        let channel = house::current(&self.hub.read(), id);
                        self.change(Change::Channel(channel));
                    }
                    (true, false) => self.change(Change::ChannelDeleted { space: house::space(), channel: id }),
                    (true, true) | (false, false) => {}
                }
            }
            Op::Change { channel, user_limit, bitrate } => {
                let id = channels[channel % 3];
                if self.hub.read().channels.contains_key(&id) {
                    let mut changed = house::current(&self.hub.read(), id);
                    changed.user_limit = user_limit;
                    changed.opus = Some(OpusSettings { bitrate, ..OpusSettings::DEFAULT });
                    self.change(Change::Channel(changed));
                }
            }
            Op::Move { user, from, to } => {
                let user = people[user % people.len()];
                let here = self.hub.voice_channel(user);
                let from = from.map(|from| channels[from % channels.len()]).or(here);
                let to = to.map(|to| channels[to % channels.len()]);
                from.into_iter().for_each(|from| self.change(Change::Moved(Move { user, from, to })));
            }
            Op::LogOut { user } => {
                let user = people[user % people.len()];
                self.change(Change::LoggedOut { user, which: Revoked::All });
                self.change(Change::LoggedIn { session: house::login(user), user });
            }
        }
    }

    fn client(&mut self, device: usize) -> &mut Client {
        let index = device % self.clients.len();
        &mut self.clients[index]
    }

    fn ask(&mut self, device: usize, ask: Ask) {
        let (people, channels) = (house::people(), house::channels());
        let client = self.client(device);
        if !client.connected {
            return;
        }
        let wish = match ask {
            Ask::Join { channel, own: VoiceSelf { self_mute, self_deaf } } => {
                Wish::Join(VoiceJoin { channel_id: channels[channel % channels.len()], self_mute, self_deaf })
            }
            Ask::Leave => Wish::Leave,
            Ask::Be(own) => Wish::Be(own),
            Ask::Answer { connections, offers } => {
                let (_, connection, negotiation) = client.offer.unwrap_or((channels[0], 1, 1));
                let (connection, negotiation) = (connection.saturating_sub(connections), negotiation.saturating_sub(offers));
                Wish::Answer(VoiceAnswer { connection, negotiation, sdp: format!("{connection} {negotiation}") })
            }
            Ask::Publish(kind) => Wish::Publish(kind),
            Ask::Unpublish(kind) => Wish::Unpublish(kind),
            Ask::Watch { user } => Wish::Watch(TrackRef { user_id: people[user % people.len()], kind: TrackKind::Screen }),
            Ask::Restart => Wish::Restart,
            Ask::Stats => Wish::Stats(true),
        };
        let slot = client.slot.clone();
        self.hub.voice(self.now, &slot, wish);
    }

    fn tell(&mut self, peer: usize, tell: Tell) {
        if self.ever.is_empty() {
            return;
        }
        let (id, room) = self.ever[peer % self.ever.len()];
        let people = house::people();
        // Nothing goes either way before the first offer.
        if matches!(tell, Tell::Tracks(_) | Tell::Heard(_)) && self.peers.get(&id).is_some_and(|peer| peer.offered == 0) {
            return;
        }
        let event = match tell {
            Tell::Offer => {
                let negotiation = match self.peers.get_mut(&id) {
                    // There is one offer at a time.
                    Some(peer) if peer.offered > peer.answered => return,
                    Some(peer) => {
                        peer.offered += 1;
                        peer.offered
                    }
                    None => 1,
                };
                sfu::Event::Offer { peer: id, negotiation, sdp: String::new(), takes: Vec::new(), tracks: Vec::new() }
            }
            Tell::Tracks(user) => {
                let track = TrackRef { user_id: people[user % people.len()], kind: TrackKind::Microphone };
                sfu::Event::Tracks(id, vec![VoiceTrack { mid: "1".to_owned(), track: Some(track) }])
            }
            Tell::Shares(kinds) => sfu::Event::Shares(id, kinds),
            Tell::Speaking(users) => sfu::Event::Speaking(room, users.into_iter().map(|user| people[user % people.len()]).collect()),
            Tell::Heard(heard) => sfu::Event::Heard(id, heard),
            Tell::Stats => sfu::Event::Stats(id, Vec::new()),
            Tell::Gone => {
                self.peers.remove(&id);
                sfu::Event::Gone(id, "it is gone")
            }
        };
        self.hub.media(self.now, event);
    }

    /// What the media server makes of its commands.
    fn obey(&mut self) {
        for command in self.commands.try_iter() {
            let known = |peers: &BTreeMap<PeerId, Peer>, id: PeerId| assert!(peers.contains_key(&id), "{command:?} for nobody");
            match command {
                Command::Join { peer, room, user, may, opus } => {
                    assert!(self.ever.iter().all(|(other, _)| *other != peer), "a peer is new");
                    self.ever.push((peer, room));
                    self.peers.insert(peer, Peer { room, user, may, opus, offered: 0, answered: 0 });
                }
                Command::Leave(id) => assert!(self.peers.remove(&id).is_some(), "a peer leaves once"),
                Command::Allow(id, may) => self.peers.get_mut(&id).expect("a peer").may = may,
                Command::Opus(room, opus) => self.peers.values_mut().filter(|peer| peer.room == room).for_each(|peer| peer.opus = opus),
                Command::Answer { peer, negotiation, sdp } => {
                    assert_eq!(sdp, format!("{} {negotiation}", peer.0), "an answer goes to whom it was meant for");
                    let peer = self.peers.get_mut(&peer).expect("a peer");
                    assert_eq!((negotiation, peer.answered), (peer.offered, negotiation - 1), "an answer to the offer, and one only");
                    peer.answered = negotiation;
                }
                Command::Publish(id, _) | Command::Unpublish(id, _) | Command::Watch(id, _) => known(&self.peers, id),
                Command::Unwatch(id, _) | Command::Restart(id) | Command::Stats(id, _) => known(&self.peers, id),
            }
        }
    }

    /// What must be so after every step.
    fn verify(&mut self) {
        self.obey();
        let live = self.hub.lock();
        let world = self.hub.read();
        live.calls.verify_invariants(&world);
        // The media server has those who are in voice and nobody else, and knows what they may: computed here from the bits.
        let place = &world.spaces[&house::space()];
        let states: BTreeMap<_, _> = house::channels().into_iter().flat_map(|id| live.calls.states(id)).map(|s| (s.user_id, s)).collect();
        assert_eq!(states.len(), live.calls.len(), "somebody is in one channel at most");
        let users: BTreeSet<_> = self.peers.values().map(|peer| peer.user).collect();
        assert_eq!((users.len(), users), (self.peers.len(), states.keys().copied().collect()));
        let sessions = self.peers.keys().map(|id| live.calls.device(*id).expect("each peer is somebody's"));
        sessions.for_each(|device| assert!(live.by_device.contains_key(&device), "voice ends with its session"));
        for peer in self.peers.values() {
            let (state, member) = (&states[&peer.user], &place.members[&peer.user]);
            let channel = &place.channels[&peer.room];
            let bits = place.permissions(peer.user, channel);
            assert!(bits.allows(Permission::ViewChannel) && state.channel_id == peer.room);
            let may = May {
                speak: bits.allows(Permission::Speak) && !(member.muted || state.self_mute),
                listen: !(member.deafened || state.self_deaf),
                share: bits.allows(Permission::ShareScreen),
            };
            assert_eq!((peer.may, Some(peer.opus)), (may, channel.opus));
        }
        drop((live, world));
        let now = self.now;
        for client in &mut self.clients {
            if !client.read() {
                // It was logged out, or was told to go: a new session, as a client would start.
                *client = Client::start(&self.hub, now, client.user).expect("there is a new log-in");
            }
        }
        let world = self.hub.read();
        for client in self.clients.iter().filter(|client| client.connected) {
            let visible = world.spaces[&house::space()].visible(client.user);
            assert_eq!(client.visible, visible);
            let seen: BTreeMap<_, _> = states.iter().filter(|(_, s)| visible.contains(&s.channel_id)).map(|(u, s)| (*u, s.clone())).collect();
            assert_eq!(client.voice, seen, "{} knows who is where", client.user);
            let device = client.slot.device;
            let told = |id: &PeerId, peer: &Peer| peer.offered > 0 || client.call == Some(id.0);
            let own = self.peers.iter().find(|(id, peer)| told(id, peer) && self.hub.lock().calls.device(**id) == Some(device));
            assert_eq!(
                client.offer.map(|(channel, connection, _)| (channel, connection)),
                own.map(|(id, peer)| (peer.room, id.0)),
                "a device knows which connection it has"
            );
            if let Some((id, _)) = own {
                let live = self.hub.lock();
                assert_eq!(Some((&client.tracks[..], client.heard)), live.calls.told(*id), "and whom it carries, and whether it is heard");
            }
        }
    }
}

fn own() -> impl Strategy<Value = VoiceSelf> {
    (any::<bool>(), any::<bool>()).prop_map(|(self_mute, self_deaf)| VoiceSelf { self_mute, self_deaf })
}

fn kind() -> impl Strategy<Value = TrackKind> {
    prop_oneof![Just(TrackKind::Microphone), Just(TrackKind::Camera), Just(TrackKind::Screen), Just(TrackKind::ScreenSound)]
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        8 => (0..4usize, own()).prop_map(|(channel, own)| Ask::Join { channel, own }),
        2 => Just(Ask::Leave),
        2 => own().prop_map(Ask::Be),
        4 => Just(Ask::Answer { connections: 0, offers: 0 }),
        2 => (0..3u64, 0..2u32).prop_map(|(connections, offers)| Ask::Answer { connections, offers }),
        1 => kind().prop_map(Ask::Publish),
        1 => kind().prop_map(Ask::Unpublish),
        1 => (0..4usize).prop_map(|user| Ask::Watch { user }),
        1 => Just(Ask::Restart),
        1 => Just(Ask::Stats),
    ]
}

fn tell() -> impl Strategy<Value = Tell> {
    prop_oneof![
        6 => Just(Tell::Offer),
        2 => (0..4usize).prop_map(Tell::Tracks),
        2 => prop::collection::vec(kind(), 0..3).prop_map(Tell::Shares),
        3 => prop::collection::vec(0..4usize, 0..4).prop_map(Tell::Speaking),
        1 => any::<bool>().prop_map(Tell::Heard),
        1 => Just(Tell::Stats),
        2 => Just(Tell::Gone),
    ]
}

fn denied() -> impl Strategy<Value = Vec<Permission>> {
    let some = [Permission::ViewChannel, Permission::Connect, Permission::Speak, Permission::ShareScreen];
    prop_oneof![1 => Just(Vec::new()), 2 => prop::sample::subsequence(some.to_vec(), 1..3)]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        20 => (0..6usize, ask()).prop_map(|(device, ask)| Op::Wish(device, ask)),
        3 => (0..6usize, any::<bool>()).prop_map(|(device, seen)| Op::Cut { device, seen }),
        5 => (0..6usize).prop_map(Op::Resume),
        1 => (0..6usize).prop_map(Op::Anew),
        1 => (0..6usize).prop_map(Op::Again),
        1 => (1..400u64).prop_map(|seconds| Op::Wait { seconds }),
        14 => (0..64usize, tell()).prop_map(|(peer, tell)| Op::Media(peer, tell)),
        4 => (0..4usize, 0..4usize, denied()).prop_map(|(user, channel, denied)| Op::Deny { user, channel, denied }),
        2 => (0..4usize, any::<bool>(), any::<bool>()).prop_map(|(user, muted, deafened)| Op::Mute { user, muted, deafened }),
        3 => (0..4usize, prop::bool::weighted(0.6)).prop_map(|(user, there)| Op::Member { user, there }),
        3 => (0..4usize, prop::bool::weighted(0.7)).prop_map(|(channel, there)| Op::Channel { channel, there }),
        1 => (0..3usize, 0..4u16, 8_000..64_000u32).prop_map(|(channel, user_limit, bitrate)| Op::Change { channel, user_limit, bitrate }),
        4 => (0..4usize, prop::option::weighted(0.2, 0..4usize), prop::option::weighted(0.8, 0..4usize))
            .prop_map(|(user, from, to)| Op::Move { user, from, to }),
        1 => (0..4usize).prop_map(|user| Op::LogOut { user }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// After every step of a random history the media server has exactly those who are in voice and may be, and knows what
    /// they may; and every device that listens knows who is where, and which connection of media it has itself.
    #[test]
    fn every_device_is_told_what_is_so(ops in prop::collection::vec(op(), 1..150)) {
        let mut trial = Trial::new();
        for op in ops {
            trial.step(op);
            trial.verify();
        }
    }
}

#[test]
fn sixteen_pictures_are_watched_at_once_and_those_of_who_left_make_place() {
    let mut world = house::world();
    let ids: Vec<_> = (1..=20).filter_map(UserId::new).collect();
    ids[4..].iter().for_each(|id| house::settle(&mut world, *id));
    let mut calls = Calls::default();
    let channel_id = house::channels()[0];
    let device = |user: UserId| Device(user.get() as u64);
    let mut wish = |user: UserId, wish| {
        calls.wish(&world, user, device(user), wish);
        calls.verify_invariants(&world);
        std::iter::from_fn(|| calls.poll()).filter_map(|output| if let Output::Command(c) = output { Some(c) } else { None }).collect::<Vec<_>>()
    };
    for id in &ids {
        wish(*id, Wish::Join(VoiceJoin { channel_id, self_mute: false, self_deaf: false }));
    }
    let screen = |user_id| TrackRef { user_id, kind: TrackKind::Screen };
    let watched = ids[1..].iter().filter(|id| !wish(ids[0], Wish::Watch(screen(**id))).is_empty()).count();
    assert_eq!(watched, snug_protocol::limits::WATCHED);
    let sound = TrackRef { user_id: ids[1], kind: TrackKind::ScreenSound };
    assert!(matches!(wish(ids[0], Wish::Watch(sound))[..], [Command::Watch(_, track)] if track == sound));
    wish(ids[1], Wish::Leave);
    let commands = wish(ids[0], Wish::Watch(screen(ids[19])));
    let [Command::Unwatch(..), Command::Unwatch(..), Command::Watch(_, track)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(*track, screen(ids[19]));
}

#[test]
fn talk_goes_on_while_the_gateway_is_away() {
    let mut trial = Trial::new();
    let user = trial.clients[0].user;
    let own = VoiceSelf { self_mute: false, self_deaf: false };
    trial.step(Op::Wish(0, Ask::Join { channel: 0, own }));
    let here = trial.hub.voice_channel(user);
    assert_eq!(here, Some(house::channels()[0]));
    trial.step(Op::Cut { device: 0, seen: true });
    // As long as the session can be resumed.
    for _ in 0..4 {
        trial.step(Op::Wait { seconds: 60 });
        assert_eq!(trial.hub.voice_channel(user), here);
    }
    trial.step(Op::Wait { seconds: 61 });
    assert_eq!(trial.hub.voice_channel(user), None, "nobody comes back to it");
}
