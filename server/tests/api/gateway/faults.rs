//! Whatever happens to connections and to the server: what a device has applied is what happened, each thing once and
//! in order, or it was told that its session cannot go on.

use crate::harness::{Backend, Device, Person, Proxy, Replica, Resumption, Scene, Socket, TestServer, permissions, postgres};
use futures_util::future::join_all;
use proptest::{
    prelude::*,
    test_runner::{RngSeed, TestCaseError, TestRunner},
};
use reqwest::Method;
use serde_json::json;
use snug_protocol::{ChannelId, Invite, Message, Permission, RoleId, Space, gateway::close, rest::MessagePage};
use std::{env, time::Duration};
use tokio::{sync::Mutex, time::timeout};

/// What somebody does, by request.
#[derive(Clone, Copy, Debug)]
enum Change {
    Say {
        who: usize,
        room: usize,
    },
    /// The newest message of the room.
    Edit {
        room: usize,
    },
    Delete {
        room: usize,
    },
    React {
        who: usize,
        room: usize,
    },
    /// For everyone.
    Hide {
        room: usize,
        hidden: bool,
    },
    /// For one.
    Exclude {
        who: usize,
        room: usize,
        excluded: bool,
    },
    Rename {
        room: usize,
    },
    /// Into the category, or out of it.
    Move {
        room: usize,
        into: bool,
    },
    HideCategory {
        hidden: bool,
    },
    Kick {
        who: usize,
    },
    Join {
        who: usize,
    },
    Role {
        who: usize,
        given: bool,
    },
}

/// What happens to a device or to the server at the same time.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// It reads some of what is there.
    Read {
        device: usize,
        frames: usize,
    },
    /// Its connection is cut.
    Cut {
        device: usize,
    },
    /// Its connection is cut when so many bytes more have come to it: in the middle of a frame, mostly.
    CutAfter {
        device: usize,
        bytes: usize,
    },
    /// Its connection falls silent: neither side notices.
    Silence {
        device: usize,
    },
    /// It comes back by a new connection, whatever has become of the old one.
    Return {
        device: usize,
    },
    /// It comes back twice: it reads some on the first new connection before it makes another.
    ReturnTwice {
        device: usize,
        frames: usize,
    },
    /// It comes back on two new connections at once.
    Race {
        device: usize,
    },
    /// It comes back with what it knew when it came back last.
    Relapse {
        device: usize,
    },
    Restart,
    Kill,
}

/// Changes and a fault, all at the same time.
type Round = (Vec<Change>, Fault);

const ROOMS: usize = 3;

fn change() -> impl Strategy<Value = Change> {
    let (who, room) = (0..2usize, 0..ROOMS);
    prop_oneof![
        8 => (0..3usize, room.clone()).prop_map(|(who, room)| Change::Say { who, room }),
        2 => room.clone().prop_map(|room| Change::Edit { room }),
        2 => room.clone().prop_map(|room| Change::Delete { room }),
        2 => (0..3usize, room.clone()).prop_map(|(who, room)| Change::React { who, room }),
        2 => (room.clone(), any::<bool>()).prop_map(|(room, hidden)| Change::Hide { room, hidden }),
        2 => (who.clone(), room.clone(), any::<bool>()).prop_map(|(who, room, excluded)| Change::Exclude { who, room, excluded }),
        1 => room.clone().prop_map(|room| Change::Rename { room }),
        1 => (room, any::<bool>()).prop_map(|(room, into)| Change::Move { room, into }),
        1 => any::<bool>().prop_map(|hidden| Change::HideCategory { hidden }),
        1 => who.clone().prop_map(|who| Change::Kick { who }),
        3 => who.clone().prop_map(|who| Change::Join { who }),
        1 => (who, any::<bool>()).prop_map(|(who, given)| Change::Role { who, given }),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    let device = 0..3usize;
    prop_oneof![
        6 => (device.clone(), 1..20usize).prop_map(|(device, frames)| Fault::Read { device, frames }),
        3 => device.clone().prop_map(|device| Fault::Cut { device }),
        3 => (device.clone(), 1..2_000usize).prop_map(|(device, bytes)| Fault::CutAfter { device, bytes }),
        3 => device.clone().prop_map(|device| Fault::Silence { device }),
        6 => device.clone().prop_map(|device| Fault::Return { device }),
        3 => (device.clone(), 0..6usize).prop_map(|(device, frames)| Fault::ReturnTwice { device, frames }),
        3 => device.clone().prop_map(|device| Fault::Race { device }),
        2 => device.prop_map(|device| Fault::Relapse { device }),
        1 => Just(Fault::Restart),
        1 => Just(Fault::Kill),
    ]
}

fn rounds() -> impl Strategy<Value = Vec<Round>> {
    prop::collection::vec((prop::collection::vec(change(), 0..5), fault()), 1..25)
}

#[test]
fn what_is_applied_is_what_happened_on_sqlite() {
    check(Backend::Sqlite, 30);
}

#[test]
fn what_is_applied_is_what_happened_on_postgres() {
    if let Some(cluster) = postgres("gateway::faults::what_is_applied_is_what_happened_on_postgres") {
        check(cluster, 8);
    }
}

/// The same cases every time; with `PROPTEST_CASES`, so many others, which `PROPTEST_RNG_SEED` repeats.
fn check(backend: Backend, cases: u32) {
    // A case that fails leaves its space behind, and nobody can be in more than 100.
    let usual = ProptestConfig { max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() };
    let (cases, seed) = match (env::var("PROPTEST_CASES"), usual.rng_seed) {
        (Ok(_), RngSeed::Random) => (usual.cases, rand()),
        (Ok(_), RngSeed::Fixed(seed)) => (usual.cases, seed),
        (Err(_), _) => (cases, 2_026),
    };
    let config = ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), ..usual };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let town = runtime.block_on(Town::build(backend));
    let result = TestRunner::new(config).run(&rounds(), |rounds| runtime.block_on(town.live(rounds)));
    // The server is dropped where it may block.
    runtime.block_on(async { drop(town) });
    if let Err(failure) = result {
        panic!("with PROPTEST_CASES={cases} PROPTEST_RNG_SEED={seed}: {failure}");
    }
}

/// A server, and three people: Ada runs every space; Bert and Cleo come and go.
struct Town {
    server: Mutex<TestServer>,
    scene: Scene,
    guests: [Person; 2],
}

/// A space of one case.
struct House {
    space: Space,
    invite: Invite,
    rooms: Vec<ChannelId>,
    category: ChannelId,
    role: RoleId,
}

/// A device, the network it is on, and what it knew when it came back last.
struct Seat {
    device: Device,
    /// Which of the guests has it.
    guest: usize,
    proxy: Proxy,
    before: Option<(String, Replica)>,
    connected: bool,
    /// Its guest joins the space in this round: a session that has not heard of it need not go on.
    joins: bool,
    /// Something has happened after which its session need not go on.
    excused: bool,
}

impl Town {
    async fn build(backend: Backend) -> Self {
        let server = TestServer::start(backend).await;
        let scene = server.scene().await;
        let guests = [scene.stranger("bert").await, scene.stranger("cleo").await];
        Self { server: Mutex::new(server), scene, guests }
    }

    fn person(&self, who: usize) -> &Person {
        self.guests.get(who).unwrap_or(&self.scene.ada)
    }

    async fn live(&self, rounds: Vec<Round>) -> Result<(), TestCaseError> {
        let house = self.open_house().await;
        let address = self.scene.ada.address();
        let mut seats = Vec::new();
        // Two devices of Bert's, and one of Cleo's.
        for guest in [0, 0, 1] {
            let proxy = Proxy::start(address).await;
            let device = Device::start(proxy.address, &self.guests[guest].tokens.access_token).await;
            seats.push(Seat { device, guest, proxy, before: None, connected: true, joins: false, excused: false });
        }
        for (changes, fault) in rounds {
            let restarts = matches!(fault, Fault::Restart | Fault::Kill);
            let joins = [0, 1].map(|guest| changes.iter().any(|change| matches!(change, Change::Join { who } if *who == guest)));
            for seat in &mut seats {
                seat.joins = joins[seat.guest];
                seat.excused |= restarts || seat.joins;
            }
            let changes = join_all(changes.into_iter().map(|change| self.make(&house, change)));
            tokio::join!(changes, self.strike(&mut seats, fault));
        }
        for seat in &mut seats {
            seat.come_back().await;
            seat.device.prove(address).await;
            self.compare(&seat.device, &self.guests[seat.guest]).await;
        }
        drop(seats);
        self.scene.ada.delete(format!("/spaces/{}", house.space.id)).await.done();
        Ok(())
    }

    async fn open_house(&self) -> House {
        let ada = &self.scene.ada;
        let space: Space = ada.post("/spaces", json!({ "name": "House" })).await.is();
        let category = ada.make_category(space.id, "Upstairs").await.id;
        let mut rooms = Vec::new();
        for _ in 0..ROOMS {
            rooms.push(ada.make_channel(space.id, "room", None).await.id);
        }
        let invite = ada.invite(space.id).await;
        for guest in &self.guests {
            guest.accept(&invite).await;
        }
        let role = ada.make_role(space.id, "keepers", &[Permission::ViewChannel]).await.id;
        House { space, invite, rooms, category, role }
    }

    /// Makes a change. It may be refused; the server may be away.
    async fn make(&self, house: &House, change: Change) {
        let ada = &self.scene.ada;
        let space = house.space.id;
        let view = permissions(&[Permission::ViewChannel]);
        let hide = |channel: ChannelId, target: &str, hidden: bool| {
            let deny = if hidden { view } else { permissions(&[]) };
            self.ask(ada, Method::PUT, format!("/channels/{channel}/overwrites/{target}"), json!({ "allow": "0", "deny": deny }))
        };
        match change {
            Change::Say { who, room } => {
                let nonce = format!("{:016x}", rand());
                let body = json!({ "content": format!("{nonce} of {who}"), "nonce": nonce });
                self.ask(self.person(who), Method::POST, format!("/channels/{}/messages", house.rooms[room]), body).await;
            }
            Change::Edit { room } => {
                let Some(message) = self.newest(house.rooms[room]).await else { return };
                let author = self.guests.iter().find(|guest| guest.id == message.author_id).unwrap_or(ada);
                let path = format!("/channels/{}/messages/{}", house.rooms[room], message.id);
                self.ask(author, Method::PATCH, path, json!({ "content": format!("{} again", message.content) })).await;
            }
            Change::Delete { room } => {
                let Some(message) = self.newest(house.rooms[room]).await else { return };
                self.ask(ada, Method::DELETE, format!("/channels/{}/messages/{}", house.rooms[room], message.id), json!(null)).await;
            }
            Change::React { who, room } => {
                let Some(message) = self.newest(house.rooms[room]).await else { return };
                let path = format!("/channels/{}/messages/{}/reactions/👍", house.rooms[room], message.id);
                self.ask(self.person(who), Method::PUT, path, json!(null)).await;
            }
            Change::Hide { room, hidden } => hide(house.rooms[room], &format!("role/{}", space.everyone()), hidden).await,
            Change::Exclude { who, room, excluded } => hide(house.rooms[room], &format!("member/{}", self.guests[who].id), excluded).await,
            Change::HideCategory { hidden } => hide(house.category, &format!("role/{}", space.everyone()), hidden).await,
            Change::Rename { room } => {
                let body = json!({ "name": format!("room {:x}", rand()) });
                self.ask(ada, Method::PATCH, format!("/channels/{}", house.rooms[room]), body).await;
            }
            Change::Move { room, into } => {
                let place = json!({ "id": house.rooms[room], "parent_id": into.then_some(house.category), "position": room });
                self.ask(ada, Method::PUT, format!("/spaces/{space}/channels/order"), json!({ "places": [place] })).await;
            }
            Change::Kick { who } => self.ask(ada, Method::DELETE, format!("/spaces/{space}/members/{}", self.guests[who].id), json!(null)).await,
            Change::Join { who } => self.ask(&self.guests[who], Method::POST, format!("/invites/{}", house.invite.code), json!(null)).await,
            Change::Role { who, given } => {
                let roles: &[RoleId] = if given { &[house.role] } else { &[] };
                self.ask(ada, Method::PATCH, format!("/spaces/{space}/members/{}", self.guests[who].id), json!({ "roles": roles })).await;
            }
        }
    }

    async fn ask(&self, person: &Person, method: Method, path: String, body: serde_json::Value) {
        let bytes = serde_json::to_vec(&body).expect("JSON");
        if let Ok(answer) = person.try_send(method, path, Some(("application/json", bytes))).await {
            // Refused, or stopping; but never broken.
            assert_ne!(answer.status, 500, "{answer}");
        }
    }

    async fn newest(&self, room: ChannelId) -> Option<Message> {
        let answer = self.scene.ada.try_send(Method::GET, format!("/channels/{room}/messages?limit=1"), None).await.ok()?;
        (answer.status == 200).then(|| answer.is::<MessagePage>().messages.pop())?
    }

    async fn strike(&self, seats: &mut [Seat], fault: Fault) {
        match fault {
            Fault::Read { device, frames } => seats[device].read(frames).await,
            Fault::Cut { device } => seats[device].proxy.cut(),
            Fault::CutAfter { device, bytes } => seats[device].proxy.cut_after(bytes),
            Fault::Silence { device } => seats[device].proxy.silence(),
            Fault::Return { device } => seats[device].come_back().await,
            Fault::ReturnTwice { device, frames } => {
                seats[device].come_back().await;
                seats[device].read(frames).await;
                seats[device].come_back().await;
            }
            Fault::Race { device } => seats[device].race().await,
            Fault::Relapse { device } => {
                seats[device].relapse();
                seats[device].come_back().await;
            }
            Fault::Restart => self.server.lock().await.restart().await,
            Fault::Kill => {
                let mut server = self.server.lock().await;
                server.kill().await;
                server.start_again().await;
            }
        }
    }

    /// What was received of each channel must be what its history has since then.
    async fn compare(&self, device: &Device, guest: &Person) {
        for (channel, received) in &device.replica.messages {
            let since = device.replica.since[channel].map_or(1, |id| id.get());
            let page: MessagePage = guest.get(format!("/channels/{channel}/messages?limit=100&after={since}")).await.is();
            assert!(!page.has_after);
            let received: Vec<_> = received.iter().map(|message| Message { nonce: None, ..message.clone() }).collect();
            assert_eq!(received, page.messages);
        }
    }
}

impl Seat {
    /// Reads as many frames as come in a moment, if the connection is there.
    async fn read(&mut self, frames: usize) {
        for _ in 0..frames {
            if !self.connected {
                return;
            }
            match timeout(Duration::from_millis(2), self.device.try_event()).await {
                Ok(Some(_)) => {}
                Ok(None) => self.connected = false,
                Err(_) => return,
            }
        }
    }

    async fn come_back(&mut self) {
        self.before = Some((self.device.session.clone(), self.device.replica.clone()));
        if self.device.resume(self.proxy.address).await == Resumption::Invalid {
            self.start_anew().await;
        }
        self.connected = true;
    }

    async fn start_anew(&mut self) {
        assert!(self.excused, "a session goes on unless something has ended it");
        self.device.start_anew().await;
        // They may join after that.
        self.excused = self.joins;
    }

    /// Of two connections that ask for the session at once the last goes on, and the other is told so.
    async fn race(&mut self) {
        let mut twin = self.device.twin(self.proxy.address).await;
        self.before = Some((self.device.session.clone(), self.device.replica.clone()));
        self.device.socket = Socket::open(self.proxy.address).await.0;
        tokio::join!(self.device.ask_to_resume(), twin.ask_to_resume());
        self.connected = true;
        let lost = match tokio::join!(self.device.try_resumed(), twin.try_resumed()) {
            (Some(Resumption::Invalid), Some(Resumption::Invalid)) => return self.start_anew().await,
            (Some(Resumption::Resumed(_)), Some(Resumption::Resumed(_))) => tokio::select! {
                code = self.device.closed() => (code == close::REPLACED).then_some(true),
                code = twin.closed() => (code == close::REPLACED).then_some(false),
            },
            // It was replaced at once. Or the space was joined in between: then the first goes on.
            (None | Some(Resumption::Invalid), Some(Resumption::Resumed(_))) => Some(true),
            (Some(Resumption::Resumed(_)), None | Some(Resumption::Invalid)) => Some(false),
            (None, _) | (_, None) => None,
        };
        if lost.expect("one of two goes on, and the other is told so") {
            self.device = twin;
        }
    }

    /// Forgets what it learned since it came back last.
    fn relapse(&mut self) {
        if let Some((session, replica)) = self.before.take()
            && session == self.device.session
        {
            self.excused |= replica != self.device.replica;
            self.device.replica = replica;
        }
    }
}

/// A number that was not there before.
fn rand() -> u64 {
    let [a, b, c, d, e, f, g, h] = snug_server::auth::random::<8>();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}
