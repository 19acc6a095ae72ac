//! Who is there, and who types.

use crate::harness::{Device, Person, Scene, TestServer, each_database};
use serde_json::json;
use snug_protocol::{Account, ClientFrame, Event, Permission, Status};
use std::time::{Duration, Instant};

each_database!(
    somebody_is_as_present_as_their_most_active_device,
    a_device_that_is_lost_is_missed_after_a_while,
    what_somebody_chooses_is_what_others_see,
    whoever_logs_out_is_gone_at_once,
    whoever_joins_is_seen_as_they_are,
    typing_is_told_to_those_who_see_it,
    typing_is_passed_on_once_in_five_seconds,
);

async fn active(device: &mut Device, active: bool) {
    device.socket.say(&ClientFrame::Activity { active }).await;
}

async fn until(device: &mut Device, person: &Person, status: Status) {
    device.until_known(|replica| replica.status(person.id) == status).await;
}

async fn somebody_is_as_present_as_their_most_active_device(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut ada = scene.ada.device().await;
    assert_eq!(ada.replica.status(bert.id), Status::Offline);
    let (mut phone, mut desk) = (bert.device().await, bert.device().await);
    until(&mut ada, &bert, Status::Online).await;
    active(&mut phone, false).await;
    active(&mut desk, false).await;
    until(&mut ada, &bert, Status::Idle).await;
    active(&mut phone, true).await;
    until(&mut ada, &bert, Status::Online).await;
    active(&mut phone, false).await;
    until(&mut ada, &bert, Status::Idle).await;
    let third = bert.device().await;
    until(&mut ada, &bert, Status::Online).await;
    assert_eq!(third.replica.status(bert.id), Status::Online, "ready says how one is seen");
    ada.prove(server.address()).await;
}

async fn a_device_that_is_lost_is_missed_after_a_while(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut ada = scene.ada.device().await;
    let mut device = bert.device().await;
    until(&mut ada, &bert, Status::Online).await;
    // A reload is no absence.
    drop(bert.device().await);
    device.resume(server.address()).await;
    scene.ada.say(scene.general, "x").await;
    assert!(!ada.catch_up().await.iter().any(|event| matches!(event, Event::PresenceUpdate(_))));
    drop(device);
    crate::harness::eventually("the connection to be gone", async || (server.app().hub.connections() == 1).then_some(())).await;
    server.app().hub.tick(Instant::now() + Duration::from_secs(9));
    assert!(!ada.catch_up().await.iter().any(|event| matches!(event, Event::PresenceUpdate(_))));
    server.app().hub.tick(Instant::now() + Duration::from_secs(11));
    ada.catch_up().await;
    assert_eq!(ada.replica.status(bert.id), Status::Offline);
}

async fn what_somebody_chooses_is_what_others_see(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let (mut ada, mut device) = (scene.ada.device().await, bert.device().await);
    let choose = async |status: &str, text: &str| {
        let account: Account = bert.patch("/users/me", json!({ "status": status, "status_text": text })).await.is();
        account.status
    };
    for (status, seen) in [("dnd", Status::Dnd), ("idle", Status::Idle), ("invisible", Status::Offline), ("online", Status::Online)] {
        let chosen = choose(status, "at work").await;
        until(&mut ada, &bert, seen).await;
        device.until_known(|replica| replica.account.status == chosen).await;
        let text = ada.replica.presences.get(&bert.id).map(|presence| &*presence.text);
        assert_eq!(text, (seen != Status::Offline).then_some("at work"));
    }
    choose("invisible", "at work").await;
    until(&mut ada, &bert, Status::Offline).await;
    active(&mut device, false).await;
    let another = bert.device().await;
    active(&mut device, true).await;
    device.catch_up().await;
    assert!(!ada.catch_up().await.iter().any(|event| matches!(event, Event::PresenceUpdate(_))), "nothing gives them away");
    assert!(!another.replica.presences.contains_key(&bert.id));
    choose("dnd", "").await;
    active(&mut device, false).await;
    until(&mut ada, &bert, Status::Dnd).await;
}

async fn whoever_logs_out_is_gone_at_once(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut ada = scene.ada.device().await;
    let _device = bert.device().await;
    until(&mut ada, &bert, Status::Online).await;
    bert.post("/auth/logout", ()).await.done();
    until(&mut ada, &bert, Status::Offline).await;
}

async fn whoever_joins_is_seen_as_they_are(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.stranger("bert").await;
    let (mut ada, mut device) = (scene.ada.device().await, bert.device().await);
    bert.patch("/users/me", json!({ "status": "dnd", "status_text": "busy" })).await.is::<Account>();
    device.until_known(|replica| replica.status(bert.id) == Status::Dnd).await;
    assert_eq!(ada.replica.status(bert.id), Status::Offline, "a stranger's presence is not told");
    bert.accept(&scene.invite).await;
    ada.catch_up().await;
    assert_eq!(ada.replica.presences[&bert.id].text, "busy");
    until(&mut device, &scene.ada, Status::Online).await;
}

/// Who is told that somebody types.
async fn told(device: &mut Device) -> usize {
    device.catch_up().await.iter().filter(|event| matches!(event, Event::TypingStart(_))).count()
}

async fn type_in(scene: &Scene, device: &mut Device) {
    device.socket.say(&ClientFrame::Typing { channel_id: scene.general }).await;
    device.catch_up().await;
}

async fn typing_is_told_to_those_who_see_it(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let target = snug_protocol::OverwriteTarget::Member(cleo.id);
    scene.ada.overwrite(scene.general, target, &[], &[Permission::ViewChannel]).await;
    let (mut ada, mut berts, mut cleos) = (scene.ada.device().await, bert.device().await, cleo.device().await);
    type_in(&scene, &mut berts).await;
    assert_eq!((told(&mut ada).await, told(&mut cleos).await), (1, 0));
    type_in(&scene, &mut cleos).await;
    assert_eq!(told(&mut ada).await, 0, "who does not see a channel does not type there");
    scene.ada.overwrite(scene.general, target, &[], &[Permission::SendMessages]).await;
    type_in(&scene, &mut cleos).await;
    assert_eq!(told(&mut ada).await, 0, "nor who may not write");
}

async fn typing_is_passed_on_once_in_five_seconds(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let (mut ada, mut phone, mut desk) = (scene.ada.device().await, bert.device().await, bert.device().await);
    for _ in 0..5 {
        type_in(&scene, &mut phone).await;
        type_in(&scene, &mut desk).await;
    }
    assert_eq!(told(&mut ada).await, 1);
    server.app().hub.tick(Instant::now() + Duration::from_secs(5));
    type_in(&scene, &mut phone).await;
    assert_eq!(told(&mut ada).await, 1);
}
