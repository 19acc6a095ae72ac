//! Members: nicknames, kicks and bans.

use crate::harness::{TestServer, each_database};
use serde_json::json;
use snug_protocol::{Ban, ErrorCode, Event, Member, Permission, gateway::SpaceGone};

each_database!(
    a_nickname_is_given_by_oneself_or_somebody_above,
    a_kicked_member_may_come_back,
    a_banned_one_may_not_and_what_they_wrote_goes,
    somebody_who_was_never_here_can_be_banned,
    nobody_removes_who_is_not_below_them,
    what_hung_on_a_member_goes_with_them,
);

async fn a_nickname_is_given_by_oneself_or_somebody_above(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let mut device = cleo.device().await;
    let member = |id| format!("/spaces/{}/members/{id}", scene.space);
    let changed: Member = bert.patch(member(bert.id), json!({ "nickname": " Bertie " })).await.is();
    assert_eq!(changed.nickname.as_deref(), Some("Bertie"));
    device.catch_up().await;
    assert_eq!(device.replica.spaces[&scene.space].members[&bert.id], changed);
    bert.patch(member(cleo.id), json!({ "nickname": "x" })).await.refused(ErrorCode::Forbidden);
    scene.ada.patch(member(bert.id), json!({ "nickname": "B" })).await.is::<Member>();
    assert_eq!(bert.patch(member(bert.id), json!({ "nickname": "" })).await.is::<Member>().nickname, None);
    bert.patch(member(bert.id), json!({ "nickname": "two\nlines" })).await.refused(ErrorCode::Invalid);
    bert.patch(member(bert.id), json!({ "nickname": "x".repeat(41) })).await.refused(ErrorCode::Invalid);
    let everyone = scene.everyone_role().await;
    scene.ada.permit(&everyone, &[Permission::ViewChannel]).await;
    bert.patch(member(bert.id), json!({ "nickname": "x" })).await.refused(ErrorCode::Forbidden);
    scene.ada.permit(&everyone, &[Permission::ViewChannel, Permission::ManageNicknames]).await;
    bert.patch(member(bert.id), json!({ "nickname": "x" })).await.is::<Member>();
    bert.patch(member(cleo.id), json!({ "nickname": "x" })).await.refused(ErrorCode::Forbidden);
    bert.patch(member(scene.ada.id), json!({ "nickname": "x" })).await.refused(ErrorCode::Forbidden);
}

async fn a_kicked_member_may_come_back(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let (mut device, mut ada) = (bert.device().await, scene.ada.device().await);
    bert.say(scene.general, "hello").await;
    scene.ada.delete(format!("/spaces/{}/members/{}", scene.space, bert.id)).await.done();
    let told = device.catch_up().await;
    assert!(told.iter().any(|event| matches!(event, Event::SpaceDelete(gone) if gone.reason == SpaceGone::Kicked)), "{told:?}");
    scene.ada.say(scene.general, "gone?").await;
    assert_eq!(device.catch_up().await, [], "nothing more is told");
    bert.get(format!("/spaces/{}", scene.space)).await.refused(ErrorCode::NotFound);
    scene.ada.delete(format!("/spaces/{}/members/{}", scene.space, bert.id)).await.refused(ErrorCode::NotFound);
    bert.accept(&scene.invite).await;
    device.catch_up().await;
    assert!(device.replica.spaces.contains_key(&scene.space));
    ada.prove(server.address()).await;
    device.until_known(|replica| replica.presences.len() == 2).await;
    device.prove(server.address()).await;
}

async fn a_banned_one_may_not_and_what_they_wrote_goes(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let other = scene.ada.make_channel(scene.space, "other", None).await.id;
    let kept = scene.ada.say(scene.general, "mine").await;
    let gone = [bert.say(scene.general, "one").await.id, bert.say(scene.general, "two").await.id];
    bert.say(other, "three").await;
    let old = bert.say(other, "old").await.id;
    let berts = bert.id;
    // What they wrote in another space is nobody's business here.
    let another: snug_protocol::Space = bert.post("/spaces", json!({ "name": "Elsewhere" })).await.is();
    let elsewhere = bert.look(another.id).await.channels[0].id;
    bert.say(elsewhere, "x").await;
    let (mut device, mut ada) = (bert.device().await, scene.ada.device().await);
    let ban = format!("/spaces/{}/bans/{berts}", scene.space);
    let refusal = scene.ada.put(&ban, json!({ "delete_message_s": 7 * 86_400 + 1 })).await.refused(ErrorCode::Invalid);
    assert_eq!(refusal.field.as_deref(), Some("delete_message_s"));
    scene.ada.put(&ban, json!({ "reason": "Spam", "delete_message_s": 3600 })).await.done();
    let told = device.catch_up().await;
    assert!(told.iter().any(|event| matches!(event, Event::SpaceDelete(gone) if gone.reason == SpaceGone::Banned)), "{told:?}");
    let told = ada.catch_up().await;
    let deleted: Vec<_> =
        told.iter().filter_map(|event| if let Event::MessageDelete(gone) = event { Some(gone.ids.clone()) } else { None }).collect();
    assert_eq!(deleted.len(), 2, "one for each channel: {told:?}");
    assert!(deleted.contains(&gone.to_vec()) && deleted.iter().flatten().any(|id| *id == old));
    assert_eq!(scene.ada.history(scene.general).await.messages, [snug_protocol::Message { nonce: None, ..kept }]);
    assert_eq!(scene.ada.history(other).await.messages, []);
    assert_eq!(bert.history(elsewhere).await.messages.len(), 1);

    bert.post(format!("/invites/{}", scene.invite.code), ()).await.refused(ErrorCode::Banned);
    scene.ada.patch(format!("/spaces/{}", scene.space), json!({ "public": true })).await.is::<snug_protocol::Space>();
    bert.post(format!("/spaces/{}/join", scene.space), ()).await.refused(ErrorCode::Banned);
    let bans: Vec<Ban> = scene.ada.get(format!("/spaces/{}/bans", scene.space)).await.is();
    assert_eq!((bans[0].user.id, &*bans[0].reason, bans[0].banned_by), (berts, "Spam", scene.ada.id));
    scene.ada.delete(&ban).await.done();
    scene.ada.delete(&ban).await.refused(ErrorCode::NotFound);
    bert.accept(&scene.invite).await;
    ada.prove(server.address()).await;
}

async fn somebody_who_was_never_here_can_be_banned(server: TestServer) {
    let scene = server.scene().await;
    let cleo = scene.stranger("cleo").await;
    let mut device = scene.ada.device().await;
    let ban = |id: &str| scene.ada.put(format!("/spaces/{}/bans/{id}", scene.space), json!({}));
    ban(&cleo.id.to_string()).await.done();
    ban(&cleo.id.to_string()).await.done();
    ban("7").await.refused(ErrorCode::NotFound);
    ban(&scene.ada.id.to_string()).await.refused(ErrorCode::Forbidden);
    assert!(device.catch_up().await.iter().all(|event| !matches!(event, Event::MemberRemove(_))));
    cleo.post(format!("/invites/{}", scene.invite.code), ()).await.refused(ErrorCode::Banned);
    assert_eq!(scene.ada.get(format!("/spaces/{}/bans", scene.space)).await.is::<Vec<Ban>>().len(), 1);
}

async fn nobody_removes_who_is_not_below_them(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo, dora) = (scene.join("bert").await, scene.join("cleo").await, scene.join("dora").await);
    let role = scene.ada.make_role(scene.space, "moderators", &[Permission::KickMembers, Permission::BanMembers]).await;
    for person in [&bert, &cleo] {
        scene.ada.give(scene.space, person.id, &[role.id]).await;
    }
    for target in [&scene.ada, &cleo, &bert] {
        bert.delete(format!("/spaces/{}/members/{}", scene.space, target.id)).await.refused(ErrorCode::Forbidden);
        bert.put(format!("/spaces/{}/bans/{}", scene.space, target.id), json!({})).await.refused(ErrorCode::Forbidden);
    }
    dora.delete(format!("/spaces/{}/members/{}", scene.space, bert.id)).await.refused(ErrorCode::Forbidden);
    bert.delete(format!("/spaces/{}/members/{}", scene.space, dora.id)).await.done();
    bert.put(format!("/spaces/{}/bans/{}", scene.space, dora.id), json!({})).await.done();
    dora.get(format!("/spaces/{}/bans", scene.space)).await.refused(ErrorCode::NotFound);
    cleo.get(format!("/spaces/{}/bans", scene.space)).await.is::<Vec<Ban>>();
}

async fn what_hung_on_a_member_goes_with_them(mut server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let role = scene.ada.make_role(scene.space, "moderators", &[Permission::KickMembers]).await;
    scene.ada.give(scene.space, bert.id, &[role.id]).await;
    let target = snug_protocol::OverwriteTarget::Member(bert.id);
    scene.ada.overwrite(scene.general, target, &[Permission::ManageMessages], &[]).await;
    bert.patch(format!("/spaces/{}/members/{}", scene.space, bert.id), json!({ "nickname": "B" })).await.is::<Member>();
    let mut ada = scene.ada.device().await;
    scene.ada.delete(format!("/spaces/{}/members/{}", scene.space, bert.id)).await.done();
    bert.accept(&scene.invite).await;
    ada.catch_up().await;
    let space = &ada.replica.spaces[&scene.space];
    assert_eq!((space.members[&bert.id].roles.len(), &space.members[&bert.id].nickname), (0, &None));
    assert!(space.channels[&scene.general].overwrites.is_empty());
    let known = ada.replica.clone();
    server.restart().await;
    known.assert_same(&scene.ada.device().await.replica);
}
