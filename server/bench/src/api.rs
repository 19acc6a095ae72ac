//! The requests that the drivers make.

use crate::{
    failure::Failure,
    http::{Client, Request},
};
use serde::{Serialize, de::DeserializeOwned};
use snug_protocol::{
    Channel, ChannelId, ChannelKind, Invite, SpaceId, SpaceSnapshot, UserId,
    rest::{CreateChannel, CreateInvite, LoggedIn, Login, Register, Registered},
    voice::OpusSettings,
};
use std::net::SocketAddr;

/// Everyone's.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) id: UserId,
    /// Good for 15 minutes.
    pub(crate) token: String,
    pub(crate) space: Option<SpaceId>,
}

/// A server as its owner finds it: a space, a text channel, an invite.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) owner: Person,
    pub(crate) space: SpaceId,
    pub(crate) channel: ChannelId,
    pub(crate) invite: String,
}

/// Typed requests on one connection.
pub(crate) struct Api(Client);

impl Api {
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self, Failure> {
        Client::connect(address).await.map(Self).map_err(Failure::io("connect to the server"))
    }

    async fn call<T: DeserializeOwned>(
        &mut self,
        method: &'static str,
        path: &str,
        token: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Result<T, Failure> {
        let answer = self.0.ask(Request { method, path, token, body: body.as_deref() }).await.map_err(Failure::io("ask the server"))?;
        if !(200..300).contains(&answer.status) {
            let body = String::from_utf8_lossy(answer.body).into_owned();
            return Err(Failure::Refused { request: format!("{method} {path}"), status: answer.status, body });
        }
        serde_json::from_slice(answer.body).map_err(|_| Failure::Garbled("something else than was asked for"))
    }

    /// Reads.
    pub(crate) async fn get<T: DeserializeOwned>(&mut self, path: &str, person: &Person) -> Result<T, Failure> {
        self.call("GET", path, Some(&person.token), None).await
    }

    async fn post<T: DeserializeOwned>(&mut self, path: &str, token: Option<&str>, body: &impl Serialize) -> Result<T, Failure> {
        self.call("POST", path, token, Some(json(body))).await
    }

    /// Registers somebody, with an invite if there is one.
    pub(crate) async fn register(&mut self, name: &str, invite: Option<&str>) -> Result<Person, Failure> {
        let (display_name, server_password, knock) = (None, None, None);
        let body = Register {
            username: name.into(),
            password: PASSWORD.into(),
            display_name,
            invite: invite.map(Into::into),
            server_password,
            knock,
            cookie: false,
        };
        match self.post("/api/v1/auth/register", None, &body).await? {
            Registered::LoggedIn(logged_in) => Ok(person(name, logged_in)),
            Registered::Waiting { .. } => Err(Failure::Garbled("that somebody invited has to wait")),
        }
    }

    /// Logs somebody in again.
    pub(crate) async fn login(&mut self, name: &str) -> Result<Person, Failure> {
        let body = Login { username: name.into(), password: PASSWORD.into(), cookie: false };
        self.post("/api/v1/auth/login", None, &body).await.map(|logged_in| person(name, logged_in))
    }

    /// Registers the first account, which owns the server, and lets it make an invite.
    pub(crate) async fn settle(&mut self) -> Result<Home, Failure> {
        let owner = self.register("owner", None).await?;
        let space = owner.space.ok_or(Failure::Garbled("the first account without a space"))?;
        let snapshot: SpaceSnapshot = self.get(&format!("/api/v1/spaces/{space}"), &owner).await?;
        let channel =
            snapshot.channels.iter().find(|channel| channel.kind == ChannelKind::Text).ok_or(Failure::Garbled("a space without a text channel"))?.id;
        let invite: Invite = self.post(&format!("/api/v1/spaces/{space}/invites"), Some(&owner.token), &CreateInvite::default()).await?;
        Ok(Home { owner, space, channel, invite: invite.code })
    }

    /// Makes another text channel, or, with settings for it, a voice channel.
    pub(crate) async fn make_channel(&mut self, home: &Home, name: &str, opus: Option<OpusSettings>) -> Result<ChannelId, Failure> {
        let kind = if opus.is_some() { ChannelKind::Voice } else { ChannelKind::Text };
        let body = CreateChannel { kind, name: name.into(), parent_id: None, topic: None, opus, overwrites: Vec::new() };
        let path = format!("/api/v1/spaces/{}/channels", home.space);
        self.post(&path, Some(&home.owner.token), &body).await.map(|channel: Channel| channel.id)
    }
}

fn person(name: &str, logged_in: LoggedIn) -> Person {
    Person { name: name.into(), id: logged_in.account.user.id, token: logged_in.tokens.access_token, space: logged_in.space_id }
}

fn json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("our types have string keys only")
}

/// The body of a message whose text and mark need no escaping.
pub(crate) fn message(content: &str, nonce: &str) -> Vec<u8> {
    format!("{{\"content\":\"{content}\",\"nonce\":\"{nonce}\"}}").into_bytes()
}

/// Where messages of a channel are posted.
pub(crate) fn messages_path(channel: ChannelId) -> String {
    format!("/api/v1/channels/{channel}/messages")
}
