//! Channels and categories.

use crate::harness::{TestServer, each_database};
use futures_util::future::join_all;
use serde_json::json;
use snug_protocol::{Channel, ChannelId, ChannelKind, ErrorCode, Event, Overwrite, Permission, Permissions, rest::*};

each_database!(
    a_channel_is_made_changed_and_deleted,
    a_deleted_channel_comes_back_with_its_messages,
    channels_are_put_in_order,
    an_order_that_cannot_be_is_refused_whole,
    a_private_channel_is_never_seen_by_others,
    what_was_in_a_deleted_category_stays_as_private,
    a_channel_restored_without_its_category_stays_as_private,
    a_change_of_a_channel_does_not_forget_its_newest_message,
    a_channel_that_cannot_be_is_refused,
);

async fn a_channel_is_made_changed_and_deleted(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let channel = scene.ada.make_channel(scene.space, " plans ", None).await;
    assert_eq!((&*channel.name, channel.kind, channel.position), ("plans", ChannelKind::Text, 2));
    let path = format!("/channels/{}", channel.id);
    let changed: Channel = scene.ada.patch(&path, json!({ "name": "Pläne", "topic": "All\nof them", "slow_mode_s": 5, "user_limit": 7 })).await.is();
    assert_eq!((&*changed.name, changed.slow_mode_s, changed.user_limit), ("Pläne", 5, 7));
    device.catch_up().await;
    assert_eq!(device.replica.channel(channel.id), Some(&changed));
    for answer in [bert.patch(&path, json!({ "name": "x" })).await, bert.delete(&path).await] {
        answer.refused(ErrorCode::Forbidden);
    }
    bert.post(format!("/spaces/{}/channels", scene.space), json!({ "kind": "text", "name": "x" })).await.refused(ErrorCode::Forbidden);
    scene.ada.delete(&path).await.done();
    device.catch_up().await;
    assert_eq!(device.replica.channel(channel.id), None);
    scene.ada.patch(&path, json!({ "name": "x" })).await.refused(ErrorCode::NotFound);
    scene.ada.delete(&path).await.refused(ErrorCode::NotFound);
    device.prove(server.address()).await;
}

async fn a_deleted_channel_comes_back_with_its_messages(mut server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let message = bert.say(scene.general, "still here?").await;
    let target = snug_protocol::OverwriteTarget::Member(bert.id);
    let before = scene.ada.overwrite(scene.general, target, &[Permission::ManageMessages], &[]).await;
    scene.ada.delete(format!("/channels/{}", scene.general)).await.done();
    bert.get(format!("/channels/{}/messages", scene.general)).await.refused(ErrorCode::NotFound);
    let deleted: Vec<DeletedChannel> = scene.ada.get(format!("/spaces/{}/channels/deleted", scene.space)).await.is();
    assert_eq!(deleted[0].channel.id, scene.general);
    bert.get(format!("/spaces/{}/channels/deleted", scene.space)).await.refused(ErrorCode::Forbidden);
    server.restart().await;
    let mut device = bert.device().await;
    bert.post(format!("/channels/{}/restore", scene.general), ()).await.refused(ErrorCode::Forbidden);
    let restored: Channel = scene.ada.post(format!("/channels/{}/restore", scene.general), ()).await.is();
    assert_eq!(restored, Channel { last_message_id: Some(message.id), ..before });
    scene.ada.post(format!("/channels/{}/restore", scene.general), ()).await.refused(ErrorCode::NotFound);
    assert_eq!(bert.history(scene.general).await.messages.len(), 1);
    device.prove(server.address()).await;
}

fn place(id: ChannelId, parent: Option<ChannelId>, position: u32) -> ChannelPlace {
    ChannelPlace { id, parent_id: parent, position }
}

async fn channels_are_put_in_order(mut server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let category = scene.ada.make_category(scene.space, "Rooms").await.id;
    let [one, two] = [scene.ada.make_channel(scene.space, "one", None).await.id, scene.ada.make_channel(scene.space, "two", Some(category)).await.id];
    let path = format!("/spaces/{}/channels/order", scene.space);
    let places = vec![place(one, Some(category), 0), place(two, Some(category), 1), place(scene.general, None, 5)];
    bert.put(&path, OrderChannels { places: places.clone() }).await.refused(ErrorCode::Forbidden);
    scene.ada.put(&path, OrderChannels { places: places.clone() }).await.done();
    device.catch_up().await;
    for wanted in &places {
        let channel = device.replica.channel(wanted.id).unwrap();
        assert_eq!((channel.parent_id, channel.position), (wanted.parent_id, wanted.position));
    }
    scene.ada.put(&path, OrderChannels { places }).await.done();
    assert_eq!(device.catch_up().await, [], "nothing moved");
    let known = device.replica.clone();
    server.restart().await;
    known.assert_same(&bert.device().await.replica);
}

async fn an_order_that_cannot_be_is_refused_whole(server: TestServer) {
    let scene = server.scene().await;
    let category = scene.ada.make_category(scene.space, "Rooms").await.id;
    let other = scene.ada.make_category(scene.space, "More rooms").await.id;
    let gone = scene.ada.make_channel(scene.space, "gone", None).await.id;
    scene.ada.delete(format!("/channels/{gone}")).await.done();
    let before = scene.ada.look(scene.space).await;
    let good = place(scene.general, None, 9);
    let wrong = [
        (place(gone, None, 0), ErrorCode::NotFound),
        (place(category, Some(other), 0), ErrorCode::Invalid),
        (place(category, Some(category), 0), ErrorCode::Invalid),
        (place(scene.general, Some(category), 0), ErrorCode::Invalid),
        (place(other, None, 301), ErrorCode::Invalid),
        (place(before.channels[1].id, Some(scene.general), 0), ErrorCode::Invalid),
    ];
    for (wrong, code) in wrong {
        let body = OrderChannels { places: vec![good.clone(), wrong.clone()] };
        scene.ada.put(format!("/spaces/{}/channels/order", scene.space), body).await.refused(code);
    }
    assert_eq!(scene.ada.look(scene.space).await, before);
}

async fn a_private_channel_is_never_seen_by_others(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let (mut inside, mut outside) = (bert.device().await, cleo.device().await);
    let view = Permissions::of(&[Permission::ViewChannel]);
    let overwrites = vec![
        Overwrite { target: scene.all(), allow: Permissions::NONE, deny: view },
        Overwrite { target: snug_protocol::OverwriteTarget::Member(bert.id), allow: view, deny: Permissions::NONE },
    ];
    let body = CreateChannel { kind: ChannelKind::Text, name: "secret".into(), parent_id: None, topic: None, opus: None, overwrites };
    let channel = scene.ada.make(scene.space, body).await;
    scene.ada.say(channel.id, "psst").await;
    assert_eq!(outside.catch_up().await.iter().filter(|event| !matches!(event, Event::PresenceUpdate(_))).count(), 0);
    inside.catch_up().await;
    assert_eq!(inside.replica.messages[&channel.id].len(), 1);
    assert!(cleo.look(scene.space).await.channels.iter().all(|other| other.id != channel.id));
    cleo.get(format!("/channels/{}/messages", channel.id)).await.refused(ErrorCode::NotFound);
}

/// A category that only `bert`'s role sees, with a channel that only `cleo`'s role sees.
async fn what_was_in_a_deleted_category_stays_as_private(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo, dora) = (scene.join("bert").await, scene.join("cleo").await, scene.join("dora").await);
    let role = async |name: &str, person| {
        let role = scene.ada.make_role(scene.space, name, &[]).await;
        scene.ada.give(scene.space, person, &[role.id]).await;
        snug_protocol::OverwriteTarget::Role(role.id)
    };
    let (berts, cleos) = (role("berts", bert.id).await, role("cleos", cleo.id).await);
    let category = scene.ada.make_category(scene.space, "Rooms").await.id;
    let inner = scene.ada.make_channel(scene.space, "inner", Some(category)).await.id;
    let plain = scene.ada.make_channel(scene.space, "plain", Some(category)).await.id;
    let view = &[Permission::ViewChannel];
    scene.ada.overwrite(category, scene.all(), &[], view).await;
    scene.ada.overwrite(category, berts, view, &[]).await;
    scene.ada.overwrite(inner, scene.all(), &[], view).await;
    scene.ada.overwrite(inner, cleos, view, &[]).await;
    let sees = async |id: ChannelId| {
        let mut who = Vec::new();
        for person in [&bert, &cleo, &dora] {
            if person.look(scene.space).await.channels.iter().any(|channel| channel.id == id) {
                who.push(&*person.name);
            }
        }
        who.join(" ")
    };
    assert_eq!((sees(inner).await, sees(plain).await), ("cleo".into(), "bert".into()));
    let mut device = bert.device().await;
    scene.ada.delete(format!("/channels/{category}")).await.done();
    assert_eq!((sees(inner).await, sees(plain).await), ("cleo".into(), "bert".into()), "without the category");
    device.prove(server.address()).await;
}

async fn a_channel_restored_without_its_category_stays_as_private(mut server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let category = scene.ada.make_category(scene.space, "Rooms").await.id;
    let channel = scene.ada.make_channel(scene.space, "secret", Some(category)).await.id;
    scene.ada.overwrite(category, scene.all(), &[], &[Permission::ViewChannel]).await;
    for id in [channel, category] {
        scene.ada.delete(format!("/channels/{id}")).await.done();
    }
    let mut device = bert.device().await;
    let restored: Channel = scene.ada.post(format!("/channels/{channel}/restore"), ()).await.is();
    assert_eq!(restored.parent_id, None);
    device.catch_up().await;
    assert_eq!(device.replica.channel(channel), None, "the category hid it");
    let known = scene.ada.device().await.replica;
    server.restart().await;
    known.assert_same(&scene.ada.device().await.replica);
}

async fn a_change_of_a_channel_does_not_forget_its_newest_message(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    for round in 0..12 {
        // Written in one transaction with the change, as often as not.
        let say = join_all((0..6).map(|_| scene.ada.say(scene.general, "hello")));
        let path = format!("/channels/{}", scene.general);
        let change = scene.ada.patch(path, json!({ "topic": format!("round {round}") }));
        let (messages, _) = tokio::join!(say, change);
        let newest = messages.iter().map(|message| message.id).max();
        let kept = scene.ada.look(scene.space).await.channels.into_iter().find(|channel| channel.id == scene.general).unwrap();
        assert_eq!(kept.last_message_id, newest);
        device.catch_up().await;
        assert_eq!(device.replica.channel(scene.general).unwrap().last_message_id, newest);
    }
}

async fn a_channel_that_cannot_be_is_refused(server: TestServer) {
    let scene = server.scene().await;
    let make = |body| scene.ada.post(format!("/spaces/{}/channels", scene.space), body);
    let category = scene.ada.make_category(scene.space, "Rooms").await.id;
    for body in [
        json!({ "kind": "text", "name": " " }),
        json!({ "kind": "text", "name": "x".repeat(61) }),
        json!({ "kind": "text", "name": "two\nlines" }),
        json!({ "kind": "text", "name": "x", "topic": "x".repeat(501) }),
        json!({ "kind": "radio", "name": "x" }),
        json!({ "kind": "category", "name": "x", "parent_id": category }),
        json!({ "kind": "text", "name": "x", "parent_id": scene.general }),
    ] {
        make(body).await.refused(ErrorCode::Invalid);
    }
    make(json!({ "kind": "text", "name": "x", "parent_id": "7" })).await.refused(ErrorCode::NotFound);
    let both = Overwrite { target: scene.all(), allow: Permissions::of(&[Permission::Speak]), deny: Permissions::of(&[Permission::Speak]) };
    make(json!({ "kind": "text", "name": "x", "overwrites": [both] })).await.refused(ErrorCode::Invalid);
    for (field, value) in [("slow_mode_s", 21_601), ("user_limit", 501)] {
        let refusal = scene.ada.patch(format!("/channels/{}", scene.general), json!({ field: value })).await.refused(ErrorCode::Invalid);
        assert_eq!(refusal.field.as_deref(), Some(field));
    }
    scene.ada.post(format!("/channels/{category}/messages"), json!({ "content": "x" })).await.refused(ErrorCode::Invalid);
}
