//! A request of every route that succeeds when its asker may make it, on something that may be thrown away.

use super::{
    Actor::{self, *},
    fixture::Fixture,
};
use crate::harness::{Answer, Api, PASSWORD, Person, join, picture};
use reqwest::Method;
use serde_json::{Value, json};
use snug_protocol::{ChannelId, Space, rest::OrderChannels};

/// See the module.
pub(super) struct Sample {
    path: String,
    body: Option<(&'static str, Vec<u8>)>,
    /// Who asks, where it is not the actor's usual log-in.
    by: Option<Api>,
}

impl Sample {
    fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), body: None, by: None }
    }

    fn json(self, body: Value) -> Self {
        Self { body: Some(("application/json", body.to_string().into_bytes())), ..self }
    }

    fn picture(self) -> Self {
        Self { body: Some(("image/png", picture())), ..self }
    }

    pub(super) async fn send(self, fixture: &Fixture<'_>, method: &Method, actor: Actor) -> Answer {
        let by = self.by.as_ref().unwrap_or_else(|| fixture.api(actor));
        by.send(method.clone(), self.path, self.body).await
    }
}

/// The sample of a route, with what it needs made ready. Nothing if there is none.
pub(super) async fn sample(fixture: &Fixture<'_>, route: &str, actor: Actor) -> Option<Sample> {
    let (method, path) = route.split_once(' ')?;
    match path.split('/').nth(1)? {
        "server" | "auth" | "users" | "images" => of_accounts(fixture, route, actor).await,
        "spaces" | "invites" if path.contains("roles") || path.contains("members") || path.contains("bans") => of_members(fixture, route).await,
        "spaces" | "invites" => of_spaces(fixture, route, actor).await,
        "channels" if path.contains("messages") || path.contains("pins") || path.contains("read") => of_messages(fixture, method, path).await,
        "channels" => of_channels(fixture, route, actor).await,
        "admin" => of_administration(fixture, route).await,
        _ => None,
    }
}

async fn of_accounts(fixture: &Fixture<'_>, route: &str, actor: Actor) -> Option<Sample> {
    let log_in = json!({ "username": fixture.spare.name, "password": PASSWORD });
    // A log-in that may end.
    let fresh = async || match fixture.person(actor) {
        Some(person) if actor.logged_in() => Some(person.log_in_again().await),
        _ => None,
    };
    let api = |person: &Option<Person>| person.as_deref().cloned();
    Some(match route {
        "GET /server" => Sample::new("/server"),
        "POST /auth/register" => {
            let name = format!("new-{}", u32::from_le_bytes(snug_server::auth::random::<4>()));
            Sample::new("/auth/register").json(json!({ "username": name, "password": PASSWORD }))
        }
        "POST /auth/login" => Sample::new("/auth/login").json(log_in),
        "POST /auth/refresh" => {
            let token = fixture.spare.log_in_again().await.tokens.refresh_token;
            Sample::new("/auth/refresh").json(json!({ "refresh_token": token, "attempt": "attempt-1" }))
        }
        "POST /auth/logout" => Sample { by: api(&fresh().await), ..Sample::new("/auth/logout") },
        "POST /auth/knock" => Sample::new("/auth/knock").json(json!({ "ticket": fixture.ticket })),
        "GET /users/me" => Sample::new("/users/me"),
        "PATCH /users/me" => Sample::new("/users/me").json(json!({ "bio": "x" })),
        "PUT /users/me/avatar" => Sample::new("/users/me/avatar").picture(),
        "DELETE /users/me/avatar" => Sample::new("/users/me/avatar"),
        "POST /users/me/password" => Sample::new("/users/me/password").json(json!({ "current": PASSWORD, "new": PASSWORD })),
        "POST /users/me/delete" => Sample::new("/users/me/delete").json(json!({ "password": "not this one" })),
        "GET /users/me/sessions" => Sample::new("/users/me/sessions"),
        "DELETE /users/me/sessions/{session}" => {
            let session = fresh().await.map_or(fixture.mara().tokens.session_id, |person| person.tokens.session_id);
            Sample::new(format!("/users/me/sessions/{session}"))
        }
        "GET /users/{user}" => Sample::new(format!("/users/{}", fixture.tara.id)),
        "GET /images/{hash}" => Sample::new(format!("/images/{}", fixture.avatar)),
        _ => return None,
    })
}

async fn of_spaces(fixture: &Fixture<'_>, route: &str, actor: Actor) -> Option<Sample> {
    let space = format!("/spaces/{}", fixture.space);
    Some(match route {
        "GET /spaces/public" => Sample::new("/spaces/public"),
        "POST /spaces" => Sample::new("/spaces").json(json!({ "name": "New" })),
        "GET /spaces/{space}" => Sample::new(space),
        "PATCH /spaces/{space}" => Sample::new(space).json(json!({ "description": format!("{actor:?}") })),
        "PUT /spaces/{space}/icon" => Sample::new(format!("{space}/icon")).picture(),
        "DELETE /spaces/{space}/icon" => Sample::new(format!("{space}/icon")),
        "DELETE /spaces/{space}" if actor == Owner => {
            let another: Space = fixture.olga().post("/spaces", json!({ "name": "Throw-away" })).await.is();
            Sample::new(format!("/spaces/{}", another.id))
        }
        "DELETE /spaces/{space}" => Sample::new(space),
        "POST /spaces/{space}/join" => Sample::new(format!("/spaces/{}/join", fixture.plaza)),
        "POST /spaces/{space}/leave" => Sample::new(format!("{space}/leave")),
        "GET /spaces/{space}/invites" => Sample::new(format!("{space}/invites")),
        "POST /spaces/{space}/invites" => Sample::new(format!("{space}/invites")).json(json!({})),
        "DELETE /spaces/{space}/invites/{code}" => {
            let invite = fixture.mara().invite(fixture.space).await;
            Sample::new(format!("{space}/invites/{}", invite.code))
        }
        "GET /invites/{code}" | "POST /invites/{code}" => Sample::new(format!("/invites/{}", fixture.invite.code)),
        _ => return of_channels(fixture, route, actor).await,
    })
}

async fn of_members(fixture: &Fixture<'_>, route: &str) -> Option<Sample> {
    let (space, tara) = (format!("/spaces/{}", fixture.space), fixture.tara.id);
    let banned = fixture.person(Banned).expect("they are one of them").id;
    Some(match route {
        "POST /spaces/{space}/roles" => Sample::new(format!("{space}/roles")).json(json!({ "name": "throw-away" })),
        "PUT /spaces/{space}/roles/order" => {
            let mut order = fixture.roles.order();
            order.swap(2, 3);
            Sample::new(format!("{space}/roles/order")).json(json!({ "roles": order }))
        }
        "PATCH /spaces/{space}/roles/{role}" => {
            Sample::new(format!("{space}/roles/{}", fixture.throw_away_role().await)).json(json!({ "mentionable": true }))
        }
        "DELETE /spaces/{space}/roles/{role}" => Sample::new(format!("{space}/roles/{}", fixture.throw_away_role().await)),
        "PATCH /spaces/{space}/members/{user}" => {
            let roles = [fixture.roles.target, fixture.roles.members];
            Sample::new(format!("{space}/members/{tara}")).json(json!({ "roles": roles }))
        }
        "PUT /spaces/{space}/members/{user}/voice" => {
            join(&mut fixture.device(&fixture.tara).await, fixture.fireside).await;
            Sample::new(format!("{space}/members/{tara}/voice")).json(json!({ "channel_id": null }))
        }
        "DELETE /spaces/{space}/members/{user}" => Sample::new(format!("{space}/members/{tara}")),
        "GET /spaces/{space}/bans" => Sample::new(format!("{space}/bans")),
        "PUT /spaces/{space}/bans/{user}" => Sample::new(format!("{space}/bans/{tara}")).json(json!({})),
        "DELETE /spaces/{space}/bans/{user}" => {
            fixture.olga().put(format!("{space}/bans/{banned}"), json!({})).await.done();
            Sample::new(format!("{space}/bans/{banned}"))
        }
        _ => return None,
    })
}

async fn of_channels(fixture: &Fixture<'_>, route: &str, actor: Actor) -> Option<Sample> {
    let (space, room) = (format!("/spaces/{}", fixture.space), format!("/channels/{}", fixture.room));
    let fresh = async || -> ChannelId { fixture.olga().make_channel(fixture.space, "throw-away", None).await.id };
    let overwrite = format!("{room}/overwrites/role/{}", fixture.roles.members);
    Some(match route {
        "POST /spaces/{space}/channels" => Sample::new(format!("{space}/channels")).json(json!({ "kind": "text", "name": "throw-away" })),
        "PUT /spaces/{space}/channels/order" => {
            let places = json!(OrderChannels { places: Vec::new() });
            Sample::new(format!("{space}/channels/order")).json(places)
        }
        "GET /spaces/{space}/channels/deleted" => Sample::new(format!("{space}/channels/deleted")),
        "PATCH /channels/{channel}" => Sample::new(room).json(json!({ "topic": format!("{actor:?}") })),
        "DELETE /channels/{channel}" => Sample::new(format!("/channels/{}", fresh().await)),
        "POST /channels/{channel}/restore" => {
            let gone = fresh().await;
            fixture.olga().delete(format!("/channels/{gone}")).await.done();
            Sample::new(format!("/channels/{gone}/restore"))
        }
        "PUT /channels/{channel}/overwrites/{kind}/{target}" => Sample::new(overwrite).json(json!({ "allow": "512", "deny": "0" })),
        "DELETE /channels/{channel}/overwrites/{kind}/{target}" => {
            fixture.olga().put(&overwrite, json!({ "allow": "512", "deny": "0" })).await.is::<snug_protocol::Channel>();
            Sample::new(overwrite)
        }
        _ => return None,
    })
}

async fn of_messages(fixture: &Fixture<'_>, method: &str, path: &str) -> Option<Sample> {
    let room = format!("/channels/{}", fixture.room);
    let content = json!({ "content": "hello again" });
    let message = if path.contains("{message}") || path.ends_with("/read") { Some(fixture.message().await.id) } else { None };
    let one = message.map(|id| format!("{room}/messages/{id}")).unwrap_or_default();
    let pin = message.map(|id| format!("{room}/pins/{id}")).unwrap_or_default();
    Some(match (method, path.strip_prefix("/channels/{channel}")?) {
        ("GET", "/messages") => Sample::new(format!("{room}/messages")),
        ("POST", "/messages") => Sample::new(format!("{room}/messages")).json(content),
        ("PATCH", "/messages/{message}") => Sample::new(one).json(content),
        ("DELETE", "/messages/{message}") => Sample::new(one),
        ("POST", "/messages/{message}/restore") => {
            fixture.mara().delete(&one).await.done();
            Sample::new(format!("{one}/restore"))
        }
        ("PUT" | "DELETE", "/messages/{message}/reactions/{emoji}") => Sample::new(format!("{one}/reactions/👍")),
        ("GET", "/pins") => Sample::new(format!("{room}/pins")),
        ("PUT" | "DELETE", "/pins/{message}") => Sample::new(pin),
        ("PUT", "/read") => Sample::new(format!("{room}/read")).json(json!({ "message_id": message })),
        _ => return None,
    })
}

async fn of_administration(fixture: &Fixture<'_>, route: &str) -> Option<Sample> {
    let pawn = format!("/admin/users/{}", fixture.pawn.id);
    Some(match route {
        "GET /admin/settings" => Sample::new("/admin/settings"),
        "PATCH /admin/settings" => Sample::new("/admin/settings").json(json!({ "name": "The Den" })),
        "GET /admin/stats" => Sample::new("/admin/stats"),
        "GET /admin/users" => Sample::new("/admin/users"),
        "PATCH /admin/users/{user}" => Sample::new(pawn).json(json!({ "suspended": true })),
        "POST /admin/users/{user}/answer" => {
            Sample::new(format!("/admin/users/{}/answer", fixture.knocker().await)).json(json!({ "approve": false }))
        }
        "POST /admin/users/{user}/password" => Sample::new(format!("{pawn}/password")),
        "DELETE /admin/users/{user}" => Sample::new(format!("/admin/users/{}", fixture.knocker().await)),
        _ => return None,
    })
}
