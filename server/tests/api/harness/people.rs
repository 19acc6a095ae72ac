//! People who use a server.

use super::{Api, Device, TestServer};
use serde_json::json;
use snug_protocol::{
    Channel, ChannelId, ChannelKind, Invite, Member, Message, Overwrite, OverwriteTarget, Permission, Permissions, Role, RoleId, SpaceId,
    SpaceSnapshot, UserId, rest::*,
};
use std::ops::Deref;

/// Somebody who is logged in.
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub tokens: Tokens,
    api: Api,
}

/// Everyone's password, as it is at first.
pub const PASSWORD: &str = "correct horse";

/// Their requests.
impl Deref for Person {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

/// A small picture, as a PNG file.
pub fn picture() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(8, 8, image::Rgba([200, 70, 40, 255])).write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    png.into_inner()
}

/// A set of permissions.
pub fn permissions(list: &[Permission]) -> Permissions {
    Permissions::of(list)
}

impl Person {
    /// Whoever was just let in.
    pub fn new(api: &Api, entry: LoggedIn) -> Self {
        let LoggedIn { tokens, account, .. } = entry;
        let api = Api::new(api.address(), Some(tokens.access_token.clone()));
        Self { id: account.user.id, name: account.user.username, tokens, api }
    }

    /// The same person, logged in once more.
    pub async fn log_in_again(&self) -> Self {
        self.log_in_with(PASSWORD).await
    }

    /// The same person, logged in with this password.
    pub async fn log_in_with(&self, password: &str) -> Self {
        let anyone = Api::new(self.address(), None);
        Self::new(&anyone, anyone.post("/auth/login", json!({ "username": self.name, "password": password })).await.is())
    }

    /// A device of theirs, connected to the gateway.
    pub async fn device(&self) -> Device {
        Device::start(self.address(), &self.tokens.access_token).await
    }

    /// Writes a message.
    pub async fn say(&self, channel: ChannelId, content: &str) -> Message {
        self.post(format!("/channels/{channel}/messages"), json!({ "content": content })).await.is()
    }

    /// The newest messages.
    pub async fn history(&self, channel: ChannelId) -> MessagePage {
        self.get(format!("/channels/{channel}/messages?limit=100")).await.is()
    }

    /// What they see of a space.
    pub async fn look(&self, space: SpaceId) -> SpaceSnapshot {
        self.get(format!("/spaces/{space}")).await.is()
    }

    /// Makes a text channel.
    pub async fn make_channel(&self, space: SpaceId, name: &str, parent: Option<ChannelId>) -> Channel {
        self.make(
            space,
            CreateChannel { kind: ChannelKind::Text, name: name.into(), parent_id: parent, topic: None, opus: None, overwrites: Vec::new() },
        )
        .await
    }

    /// Makes a voice channel.
    pub async fn make_voice(&self, space: SpaceId, name: &str) -> Channel {
        let channel = CreateChannel { kind: ChannelKind::Voice, name: name.into(), parent_id: None, topic: None, opus: None, overwrites: Vec::new() };
        self.make(space, channel).await
    }

    /// Makes a category.
    pub async fn make_category(&self, space: SpaceId, name: &str) -> Channel {
        self.make(
            space,
            CreateChannel { kind: ChannelKind::Category, name: name.into(), parent_id: None, topic: None, opus: None, overwrites: Vec::new() },
        )
        .await
    }

    /// Makes a channel.
    pub async fn make(&self, space: SpaceId, channel: CreateChannel) -> Channel {
        self.post(format!("/spaces/{space}/channels"), channel).await.is()
    }

    /// Sets what a channel changes for a role or a member.
    pub async fn overwrite(&self, channel: ChannelId, target: OverwriteTarget, allow: &[Permission], deny: &[Permission]) -> Channel {
        let overwrite = Overwrite { target, allow: permissions(allow), deny: permissions(deny) };
        self.put(overwrite_path(channel, target), SetOverwrite { allow: overwrite.allow, deny: overwrite.deny }).await.is()
    }

    /// Makes a role right above `@everyone`.
    pub async fn make_role(&self, space: SpaceId, name: &str, list: &[Permission]) -> Role {
        self.post(format!("/spaces/{space}/roles"), json!({ "name": name, "permissions": permissions(list) })).await.is()
    }

    /// Changes what a role lets its members do.
    pub async fn permit(&self, role: &Role, list: &[Permission]) -> Role {
        self.patch(format!("/spaces/{}/roles/{}", role.space_id, role.id), json!({ "permissions": permissions(list) })).await.is()
    }

    /// Gives somebody these roles and no others.
    pub async fn give(&self, space: SpaceId, user: UserId, roles: &[RoleId]) -> Member {
        self.patch(format!("/spaces/{space}/members/{user}"), json!({ "roles": roles })).await.is()
    }

    /// Makes an invite.
    pub async fn invite(&self, space: SpaceId) -> Invite {
        self.post(format!("/spaces/{space}/invites"), json!({})).await.is()
    }

    /// Comes in by an invite.
    pub async fn accept(&self, invite: &Invite) {
        self.post(format!("/invites/{}", invite.code), ()).await.is::<snug_protocol::Space>();
    }
}

/// Where an overwrite is set and removed.
pub fn overwrite_path(channel: ChannelId, target: OverwriteTarget) -> String {
    match target {
        OverwriteTarget::Role(role) => format!("/channels/{channel}/overwrites/role/{role}"),
        OverwriteTarget::Member(user) => format!("/channels/{channel}/overwrites/member/{user}"),
    }
}

/// Ada owns the server and its first space, and lets others in by an invite.
pub struct Scene {
    pub ada: Person,
    pub space: SpaceId,
    pub general: ChannelId,
    /// The voice channel.
    pub fireside: ChannelId,
    pub invite: Invite,
}

impl Scene {
    pub(super) async fn set(server: &TestServer) -> Self {
        let anyone = server.anyone();
        let answer = anyone.post("/auth/register", json!({ "username": "ada", "password": PASSWORD })).await;
        let Registered::LoggedIn(entry) = answer.is() else { panic!("the first one comes in at once") };
        let space = entry.space_id.expect("the first one finds a space");
        let ada = Person::new(&anyone, entry);
        let channels = ada.look(space).await.channels;
        let first = |kind| channels.iter().find(|channel| channel.kind == kind).expect("a space has one").id;
        let (general, fireside) = (first(ChannelKind::Text), first(ChannelKind::Voice));
        let invite = ada.invite(space).await;
        Self { ada, space, general, fireside, invite }
    }

    /// Somebody new in the space.
    pub async fn join(&self, name: &str) -> Person {
        let body = json!({ "username": name, "password": PASSWORD, "invite": self.invite.code });
        self.register(body).await
    }

    /// Somebody who is on the server, but in no space.
    pub async fn stranger(&self, name: &str) -> Person {
        let person = self.join(name).await;
        person.post(format!("/spaces/{}/leave", self.space), ()).await.done();
        person
    }

    async fn register(&self, body: serde_json::Value) -> Person {
        let anyone = Api::new(self.ada.address(), None);
        match anyone.post("/auth/register", body).await.is() {
            Registered::LoggedIn(entry) => Person::new(&anyone, entry),
            Registered::Waiting { .. } => panic!("has to wait"),
        }
    }

    /// The role that all members have.
    pub fn everyone(&self) -> RoleId {
        self.space.everyone()
    }

    /// The same as the target of an overwrite.
    pub fn all(&self) -> OverwriteTarget {
        OverwriteTarget::Role(self.everyone())
    }

    /// `@everyone` as it is now.
    pub async fn everyone_role(&self) -> Role {
        self.ada.look(self.space).await.roles.into_iter().find(|role| role.id == self.everyone()).expect("every space has it")
    }
}
