//! Spaces and the invites to them.

use crate::harness::{PASSWORD, TestServer, each_database, picture};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use snug_protocol::{ErrorCode, Event, Invite, Space, gateway::SpaceGone, rest::*};

each_database!(
    a_new_space_appears_on_ones_own_devices_only,
    a_public_space_is_found_and_joined,
    a_changed_space_is_told_to_its_members,
    a_space_is_passed_on_and_left,
    a_deleted_space_is_gone_for_everyone,
    an_invite_shows_where_it_leads_and_lets_in,
    an_invite_ends_with_its_uses_its_time_and_its_revocation,
    the_last_use_of_an_invite_goes_to_one,
    an_invite_that_cannot_be_is_refused,
);

async fn a_new_space_appears_on_ones_own_devices_only(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let (mut first, mut second, mut ada) = (bert.device().await, bert.device().await, scene.ada.device().await);
    let space: Space = bert.post("/spaces", json!({ "name": " Bert's " })).await.is();
    assert_eq!((&*space.name, space.owner_id, space.public), ("Bert's", bert.id, false));
    for device in [&mut first, &mut second] {
        device.catch_up().await;
        assert_eq!(device.replica.spaces[&space.id].channels.len(), 2);
    }
    ada.catch_up().await;
    assert!(!ada.replica.spaces.contains_key(&space.id));
    scene.ada.get(format!("/spaces/{}", space.id)).await.refused(ErrorCode::NotFound);
    first.prove(server.address()).await;
}

async fn a_public_space_is_found_and_joined(server: TestServer) {
    let scene = server.scene().await;
    let cleo = scene.stranger("cleo").await;
    let join = || cleo.post(format!("/spaces/{}/join", scene.space), ());
    assert_eq!(cleo.get("/spaces/public").await.is::<Vec<PublicSpace>>(), []);
    join().await.refused(ErrorCode::NotFound);
    scene.ada.patch(format!("/spaces/{}", scene.space), json!({ "public": true })).await.is::<Space>();
    let (mut ada, mut device) = (scene.ada.device().await, cleo.device().await);
    let public: Vec<PublicSpace> = cleo.get("/spaces/public").await.is();
    assert_eq!((public[0].space.id, public[0].members, public[0].joined), (scene.space, 1, false));
    join().await.is::<Space>();
    join().await.is::<Space>();
    device.catch_up().await;
    let told = ada.catch_up().await;
    assert_eq!(told.iter().filter(|event| matches!(event, Event::MemberAdd(_))).count(), 1);
    assert!(cleo.get("/spaces/public").await.is::<Vec<PublicSpace>>()[0].joined);
    device.until_known(|replica| replica.presences.len() == 2).await;
    device.prove(server.address()).await;
}

async fn a_changed_space_is_told_to_its_members(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let path = format!("/spaces/{}", scene.space);
    scene.ada.patch(&path, json!({ "name": "The Den", "description": "Two\nlines" })).await.is::<Space>();
    let space: Space = scene.ada.send(Method::PUT, format!("{path}/icon"), Some(("image/png", picture()))).await.is();
    assert_eq!(server.anyone().get(format!("/images/{}", space.icon.as_ref().unwrap().0)).await.status, 200);
    device.catch_up().await;
    assert_eq!(device.replica.spaces[&scene.space].space, space);
    assert_eq!(scene.ada.delete(format!("{path}/icon")).await.is::<Space>().icon, None);
    scene.ada.patch(&path, json!({})).await.is::<Space>();
    assert_eq!(device.catch_up().await.len(), 1, "what changes nothing is not told");
    bert.patch(&path, json!({ "name": "Mine" })).await.refused(ErrorCode::Forbidden);
    for (field, value) in [("name", "\u{2060}"), ("name", &*"x".repeat(61)), ("description", &*"x".repeat(301))] {
        let refusal = scene.ada.patch(&path, json!({ field: value })).await.refused(ErrorCode::Invalid);
        assert_eq!(refusal.field.as_deref(), Some(field));
    }
}

async fn a_space_is_passed_on_and_left(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let stranger = scene.stranger("cleo").await;
    let (path, leave) = (format!("/spaces/{}", scene.space), format!("/spaces/{}/leave", scene.space));
    scene.ada.post(&leave, ()).await.refused(ErrorCode::Conflict);
    scene.ada.patch(&path, json!({ "owner_id": stranger.id })).await.refused(ErrorCode::NotFound);
    bert.patch(&path, json!({ "owner_id": bert.id })).await.refused(ErrorCode::Forbidden);
    let (mut ada, mut device) = (scene.ada.device().await, bert.device().await);
    scene.ada.patch(&path, json!({ "owner_id": bert.id })).await.is::<Space>();
    scene.ada.post(&leave, ()).await.done();
    device.catch_up().await;
    assert!(!device.replica.users.contains_key(&scene.ada.id));
    let told = ada.catch_up().await;
    assert!(told.iter().any(|event| matches!(event, Event::SpaceDelete(gone) if gone.reason == SpaceGone::Left)), "{told:?}");
    scene.ada.get(&path).await.refused(ErrorCode::NotFound);
    scene.ada.post(&leave, ()).await.refused(ErrorCode::NotFound);
}

async fn a_deleted_space_is_gone_for_everyone(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let category = scene.ada.make_category(scene.space, "Rooms").await;
    let channel = scene.ada.make_channel(scene.space, "room", Some(category.id)).await;
    scene.ada.say(channel.id, &format!("<@{}>", bert.id)).await;
    let mut device = bert.device().await;
    bert.delete(format!("/spaces/{}", scene.space)).await.refused(ErrorCode::Forbidden);
    scene.ada.delete(format!("/spaces/{}", scene.space)).await.done();
    let told = device.catch_up().await;
    assert!(told.iter().any(|event| matches!(event, Event::SpaceDelete(gone) if gone.reason == SpaceGone::Deleted)));
    assert_eq!(device.replica.users.len(), 1);
    bert.get(format!("/channels/{}/messages", channel.id)).await.refused(ErrorCode::NotFound);
    server.anyone().get(format!("/invites/{}", scene.invite.code)).await.refused(ErrorCode::InviteInvalid);
    for table in ["SELECT COUNT(*) FROM message", "SELECT COUNT(*) FROM channel", "SELECT COUNT(*) FROM role", "SELECT COUNT(*) FROM mention"] {
        assert_eq!(server.number(table).await, 0, "{table}");
    }
}

async fn an_invite_shows_where_it_leads_and_lets_in(server: TestServer) {
    let scene = server.scene().await;
    let cleo = scene.stranger("cleo").await;
    let invite: Invite = scene.ada.post(format!("/spaces/{}/invites", scene.space), json!({ "channel_id": scene.general })).await.is();
    assert_eq!((invite.code.len(), invite.channel_id, invite.creator_id), (13, Some(scene.general), scene.ada.id));
    let _here = scene.ada.device().await;
    let preview: InvitePreview = server.anyone().get(format!("/invites/{}", invite.code.to_uppercase())).await.is();
    assert_eq!((preview.space_id, preview.inviter.id, preview.members, preview.online), (scene.space, scene.ada.id, 1, 1));
    cleo.accept(&invite).await;
    cleo.accept(&invite).await;
    let invites: Vec<Invite> = scene.ada.get(format!("/spaces/{}/invites", scene.space)).await.is();
    let used = invites.iter().find(|other| other.code == invite.code).unwrap();
    assert_eq!(used.uses, 1, "who is in already uses nothing up");
    cleo.get(format!("/spaces/{}/invites", scene.space)).await.refused(ErrorCode::Forbidden);
    server.anyone().post(format!("/invites/{}", invite.code), ()).await.refused(ErrorCode::Unauthorized);
}

async fn an_invite_ends_with_its_uses_its_time_and_its_revocation(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.stranger("cleo").await);
    let path = format!("/spaces/{}/invites", scene.space);
    let gone = async |invite: &Invite| {
        server.anyone().get(format!("/invites/{}", invite.code)).await.refused(ErrorCode::InviteInvalid);
        cleo.post(format!("/invites/{}", invite.code), ()).await.refused(ErrorCode::InviteInvalid);
        let register = json!({ "username": "dora", "password": PASSWORD, "invite": invite.code });
        server.anyone().post("/auth/register", register).await.refused(ErrorCode::InviteInvalid);
        assert!(scene.ada.get(&path).await.is::<Vec<Invite>>().iter().all(|other| other.code != invite.code));
    };
    let once: Invite = scene.ada.post(&path, json!({ "max_uses": 1 })).await.is();
    let other = scene.stranger("emil").await;
    other.accept(&once).await;
    gone(&once).await;

    let short: Invite = scene.ada.post(&path, json!({ "max_age_s": 3600 })).await.is();
    assert_eq!(short.expires_at.unwrap().0 - short.created_at.0, 3_600_000);
    let code = short.code.clone();
    server.sql(move |sql| sql.execute("UPDATE invite SET expires_at = 1 WHERE code = $1", snug_server::values![&code]).unwrap()).await;
    gone(&short).await;

    let berts = bert.invite(scene.space).await;
    let adas = scene.ada.invite(scene.space).await;
    bert.delete(format!("{path}/{}", adas.code)).await.refused(ErrorCode::NotFound);
    bert.delete(format!("{path}/{}", berts.code)).await.done();
    gone(&berts).await;
    scene.ada.delete(format!("{path}/{}", berts.code)).await.refused(ErrorCode::NotFound);
}

async fn the_last_use_of_an_invite_goes_to_one(server: TestServer) {
    let scene = server.scene().await;
    let people = join_all(["bert", "cleo", "dora"].map(|name| scene.stranger(name))).await;
    let once: Invite = scene.ada.post(format!("/spaces/{}/invites", scene.space), json!({ "max_uses": 1 })).await.is();
    let path = format!("/invites/{}", once.code);
    let answers = join_all(people.iter().map(|person| person.post(&path, ()))).await;
    let (inside, outside): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(inside.len(), 1);
    outside.into_iter().for_each(|answer| _ = answer.refused(ErrorCode::InviteInvalid));
    assert_eq!(scene.ada.look(scene.space).await.members.len(), 2);
}

async fn an_invite_that_cannot_be_is_refused(server: TestServer) {
    let scene = server.scene().await;
    let path = format!("/spaces/{}/invites", scene.space);
    for (field, value) in [("max_age_s", 0), ("max_age_s", u32::MAX), ("max_uses", 0), ("max_uses", 1_000_001)] {
        let refusal = scene.ada.post(&path, json!({ field: value })).await.refused(ErrorCode::Invalid);
        assert_eq!(refusal.field.as_deref(), Some(field));
    }
    for code in ["", "x", "%00", "'; DROP TABLE invite", "aaaaaaaaaaaaa"] {
        let answer = server.anyone().get(format!("/invites/{code}")).await;
        assert_eq!(answer.status, 404, "{code}");
    }
}
