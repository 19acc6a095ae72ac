//! The people, the space and what is in it.

use super::{ACTORS, Actor};
use crate::harness::{Api, Device, Media, PASSWORD, Person, TestServer, picture};
use reqwest::Method;
use serde_json::json;
use snug_protocol::{
    Account, ChannelId, ChannelKind, Invite, Message, OverwriteTarget, Permission, Permissions, Role, RoleId, Space, SpaceId, UserId,
    rest::{AccountState, Registered},
};
use snug_server::world::{Person as KnownPerson, Place};
use std::collections::BTreeMap;

/// See the module.
pub(super) struct Fixture<'s> {
    server: &'s TestServer,
    pub(super) anonymous: Api,
    wrong_token: Api,
    people: Vec<(Actor, Person)>,
    /// Who is kicked, banned and given roles.
    pub(super) tara: Person,
    /// Whose password is reset, and who is suspended.
    pub(super) pawn: Person,
    /// Who logs in.
    pub(super) spare: Person,
    /// Waits to be let in.
    pub(super) ticket: String,
    pub(super) space: SpaceId,
    /// A space that everyone may join.
    pub(super) plaza: SpaceId,
    pub(super) room: ChannelId,
    /// The voice channel.
    pub(super) fireside: ChannelId,
    /// The media server, which only takes notes.
    pub(super) media: Media,
    pub(super) invite: Invite,
    pub(super) roles: Roles,
    pub(super) avatar: String,
}

/// The roles of the space, from the lowest.
#[derive(Clone, Copy)]
pub(super) struct Roles {
    /// What everyone may. `@everyone` itself may nothing, so that somebody can lack it.
    pub(super) members: RoleId,
    pub(super) below: RoleId,
    pub(super) target: RoleId,
    pub(super) above: RoleId,
    /// All but one permission.
    pub(super) almost: RoleId,
}

impl Roles {
    /// From the highest.
    pub(super) fn order(self) -> [RoleId; 5] {
        [self.almost, self.above, self.target, self.below, self.members]
    }
}

/// What there is, in memory.
pub(super) type Snapshot = (BTreeMap<UserId, KnownPerson>, BTreeMap<SpaceId, Place>);

impl<'s> Fixture<'s> {
    pub(super) async fn build(server: &'s TestServer) -> Self {
        let scene = server.scene().await;
        let names = ["nora", "boris", "mara", "walter", "bela", "abel", "olga", "elsa", "anton"];
        let actors = ACTORS[3..].iter().zip(names);
        let mut people = Vec::new();
        for (actor, name) in actors {
            people.push((*actor, scene.stranger(name).await));
        }
        people.push((Actor::Suspended, scene.stranger("sven").await));
        let (tara, pawn, spare) = (scene.stranger("tara").await, scene.stranger("pawn").await, scene.stranger("spare").await);
        let person = |actor: Actor| people.iter().find_map(|(other, person)| (*other == actor).then_some(person)).expect("one of them");

        let olga = person(Actor::Owner);
        let space: Space = olga.post("/spaces", json!({ "name": "Olga's" })).await.is();
        let channels = olga.look(space.id).await.channels;
        let first = |kind| channels.iter().find(|channel| channel.kind == kind).expect("a space has one").id;
        let (room, fireside) = (first(ChannelKind::Text), first(ChannelKind::Voice));
        let invite = olga.invite(space.id).await;
        let plaza: Space = scene.ada.post("/spaces", json!({ "name": "Plaza", "public": true })).await.is();
        person(Actor::OwnerOfAnother).post("/spaces", json!({ "name": "Elsa's" })).await.is::<Space>();
        let all: Vec<_> = Permission::ALL.iter().copied().filter(|bit| *bit != Permission::Administrator).collect();
        let usual: Vec<_> = Permissions::EVERYONE.iter().collect();
        // Each new one comes lowest.
        let almost = olga.make_role(space.id, "almost", &[]).await.id;
        let above = olga.make_role(space.id, "above", &all).await.id;
        let target = olga.make_role(space.id, "target", &usual).await.id;
        let below = olga.make_role(space.id, "below", &all).await.id;
        let members = olga.make_role(space.id, "members", &usual).await.id;
        let everyone = json!({ "permissions": Permissions::NONE });
        olga.patch(format!("/spaces/{}/roles/{}", space.id, space.id.everyone()), everyone).await.is::<Role>();
        let sven = person(Actor::Suspended);
        sven.accept(&invite).await;
        olga.put(format!("/spaces/{}/bans/{}", space.id, person(Actor::Banned).id), json!({})).await.done();
        let account: Account = olga.send(Method::PUT, "/users/me/avatar", Some(("image/png", picture()))).await.is();

        let ada = &scene.ada;
        ada.patch(format!("/admin/users/{}", person(Actor::ServerAdministrator).id), json!({ "admin": true })).await;
        ada.patch(format!("/admin/users/{}", sven.id), json!({ "suspended": true })).await;
        ada.patch("/admin/settings", json!({ "registration": "approval" })).await;
        let knock = server.anyone().post("/auth/register", json!({ "username": "knocks", "password": PASSWORD })).await;
        let Registered::Waiting { ticket } = knock.is() else { panic!("has to wait") };
        Self {
            server,
            anonymous: server.anyone(),
            wrong_token: Api::new(server.address(), Some("AAAA".repeat(16))),
            space: space.id,
            plaza: plaza.id,
            room,
            fireside,
            media: Media::attach(server),
            invite,
            roles: Roles { members, below, target, above, almost },
            avatar: account.user.avatar.expect("a picture").0,
            ticket,
            tara,
            pawn,
            spare,
            people,
        }
    }

    /// Their requests.
    pub(super) fn api(&self, actor: Actor) -> &Api {
        match actor {
            Actor::Anonymous => &self.anonymous,
            Actor::WrongToken => &self.wrong_token,
            _ => self.person(actor).expect("all others are people"),
        }
    }

    /// Who they are, if they are anyone.
    pub(super) fn person(&self, actor: Actor) -> Option<&Person> {
        self.people.iter().find_map(|(other, person)| (*other == actor).then_some(person))
    }

    pub(super) fn olga(&self) -> &Person {
        self.person(Actor::Owner).expect("she is one of them")
    }

    pub(super) fn mara(&self) -> &Person {
        self.person(Actor::Member).expect("she is one of them")
    }

    pub(super) async fn device(&self, person: &Person) -> Device {
        Device::start(self.server.address(), &person.tokens.access_token).await
    }

    /// Everyone and everything there is: the same before and after what is refused.
    pub(super) fn snapshot(&self) -> Snapshot {
        let world = self.server.app().hub.read();
        let people = world.people.iter().map(|(id, person)| (*id, person.clone())).collect();
        (people, world.spaces.iter().map(|(id, place)| (*id, place.clone())).collect())
    }

    /// A new message of Mara's.
    pub(super) async fn message(&self) -> Message {
        self.mara().say(self.room, "hello").await
    }

    /// A new role that stands where the target does.
    pub(super) async fn throw_away_role(&self) -> RoleId {
        let role = self.olga().make_role(self.space, "throw-away", &[]).await.id;
        let [almost, above, rest @ ..] = self.roles.order();
        let order = [&[almost, above, role][..], &rest].concat();
        self.olga().put(format!("/spaces/{}/roles/order", self.space), json!({ "roles": order })).await.done();
        role
    }

    /// Somebody who waits to be let in.
    pub(super) async fn knocker(&self) -> UserId {
        let others = |person: &KnownPerson| person.state == AccountState::Waiting && person.user.username != "knocks";
        let find = || self.snapshot().0.into_values().find(others).map(|person| person.user.id);
        if let Some(known) = find() {
            return known;
        }
        let register = json!({ "username": "knocks.too", "password": PASSWORD });
        assert_eq!(self.anonymous.post("/auth/register", register).await.status, 202);
        find().expect("they knock")
    }

    /// Makes everything as it was in the beginning, where an allowed request has changed it.
    pub(super) async fn restore(&self, almost: Permissions) {
        let place = || self.snapshot().1.remove(&self.space).expect("it is never deleted");
        self.restore_roles(&place(), almost).await;
        let olga = self.olga();
        let known = place();
        for channel in known.channels.values().filter(|channel| channel.name == "throw-away") {
            olga.delete(format!("/channels/{}", channel.id)).await.done();
        }
        for overwrite in &known.channels[&self.room].overwrites {
            let OverwriteTarget::Role(role) = overwrite.target else { panic!("no member has one") };
            olga.delete(format!("/channels/{}/overwrites/role/{role}", self.room)).await.is::<snug_protocol::Channel>();
        }
        let inside = [
            (self.person(Actor::Member), vec![self.roles.members]),
            (self.person(Actor::WithoutTheBit), vec![self.roles.almost]),
            (self.person(Actor::ModeratorBelow), vec![self.roles.below]),
            (self.person(Actor::ModeratorAbove), vec![self.roles.above]),
            (Some(&self.tara), vec![self.roles.target]),
        ];
        for (person, roles) in inside {
            let person = person.expect("all of these are people");
            if !known.members.contains_key(&person.id) {
                olga.delete(format!("/spaces/{}/bans/{}", self.space, person.id)).await;
                person.accept(&self.invite).await;
            }
            if known.members.get(&person.id).is_none_or(|member| member.roles != roles) {
                olga.give(self.space, person.id, &roles).await;
            }
        }
        for actor in [Actor::NotAMember, Actor::OwnerOfAnother, Actor::ServerAdministrator] {
            let person = self.person(actor).expect("all of these are people");
            if known.members.contains_key(&person.id) {
                person.post(format!("/spaces/{}/leave", self.space), ()).await.done();
            }
        }
    }

    async fn restore_roles(&self, known: &Place, almost: Permissions) {
        let (olga, roles) = (self.olga(), format!("/spaces/{}/roles", self.space));
        for role in known.roles.values().filter(|role| role.name == "throw-away") {
            olga.delete(format!("{roles}/{}", role.id)).await.done();
        }
        let position = |id: RoleId| known.roles[&id].position;
        if !self.roles.order().is_sorted_by_key(|id| std::cmp::Reverse(position(*id))) {
            olga.put(format!("{roles}/order"), json!({ "roles": self.roles.order() })).await.done();
        }
        if known.roles[&self.roles.almost].permissions != almost {
            olga.patch(format!("{roles}/{}", self.roles.almost), json!({ "permissions": almost })).await.is::<Role>();
        }
    }
}
