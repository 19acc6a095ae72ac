//! Who sees what, at once when it changes; and that an identifier is worth something in its own place only.

use crate::harness::{Device, Person, Scene, TestServer, each_database, overwrite_path};
use serde_json::json;
use snug_protocol::{ChannelId, ErrorCode, Event, Message, MessageId, OverwriteTarget, Permission, RoleId, Space, SpaceId, rest::*};

each_database!(
    a_channel_vanishes_with_the_permission_and_comes_back_with_it,
    what_changes_what_one_sees_is_told_whatever_it_is,
    a_category_passes_on_what_it_changes,
    a_category_is_seen_by_those_who_see_something_in_it,
    a_permission_that_is_gone_is_gone_for_the_next_request,
    an_identifier_of_another_space_names_nothing,
    a_message_of_another_channel_names_nothing,
    what_is_not_there_and_what_may_not_be_seen_look_the_same,
);

const VIEW: &[Permission] = &[Permission::ViewChannel];

/// The channels that vanished and appeared.
fn shown(events: &[Event]) -> (Vec<ChannelId>, Vec<ChannelId>) {
    let gone = events.iter().filter_map(|event| if let Event::ChannelDelete(gone) = event { Some(gone.id) } else { None });
    let come = events.iter().filter_map(|event| if let Event::ChannelCreate(channel) = event { Some(channel.id) } else { None });
    (gone.collect(), come.collect())
}

async fn a_channel_vanishes_with_the_permission_and_comes_back_with_it(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let everyone = scene.everyone_role().await;
    let (mut first, mut second, mut ada) = (bert.device().await, bert.device().await, scene.ada.device().await);
    scene.ada.permit(&everyone, &[Permission::SendMessages]).await;
    let voice = scene.ada.look(scene.space).await.channels[1].id;
    for device in [&mut first, &mut second] {
        assert_eq!(shown(&device.catch_up().await), (vec![scene.general, voice], vec![]));
    }
    assert_eq!(shown(&ada.catch_up().await), (vec![], vec![]));
    let unseen = scene.ada.say(scene.general, "unseen").await;
    assert_eq!(first.catch_up().await, []);
    bert.get(format!("/channels/{}/messages", scene.general)).await.refused(ErrorCode::NotFound);
    scene.ada.permit(&everyone, &[Permission::SendMessages, Permission::ViewChannel]).await;
    assert_eq!(shown(&first.catch_up().await), (vec![], vec![scene.general, voice]));
    assert_eq!(first.replica.channel(scene.general).unwrap().last_message_id, Some(unseen.id));
    scene.ada.say(scene.general, "seen").await;
    first.catch_up().await;
    assert_eq!(first.replica.messages[&scene.general].len(), 1);
    for device in [&mut first, &mut second] {
        device.prove(server.address()).await;
    }
}

/// A role, its members, an overwrite, a deleted role, a new owner: whatever shows or hides a channel is told at once.
async fn what_changes_what_one_sees_is_told_whatever_it_is(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let hidden = scene.ada.make_channel(scene.space, "hidden", None).await.id;
    let mut device = bert.device().await;
    let role = scene.ada.make_role(scene.space, "insiders", &[]).await;
    device.catch_up().await;
    let (gone, come) = ((vec![hidden], vec![]), (vec![], vec![hidden]));

    scene.ada.overwrite(hidden, scene.all(), &[], VIEW).await;
    assert_eq!(shown(&device.catch_up().await), gone);
    scene.ada.overwrite(hidden, OverwriteTarget::Role(role.id), VIEW, &[]).await;
    assert_eq!(shown(&device.catch_up().await), (vec![], vec![]));
    scene.ada.give(scene.space, bert.id, &[role.id]).await;
    assert_eq!(shown(&device.catch_up().await), come);
    scene.ada.delete(overwrite_path(hidden, OverwriteTarget::Role(role.id))).await.is::<snug_protocol::Channel>();
    assert_eq!(shown(&device.catch_up().await), gone);
    scene.ada.permit(&role, &[Permission::Administrator]).await;
    assert_eq!(shown(&device.catch_up().await), come);
    scene.ada.delete(format!("/spaces/{}/roles/{}", scene.space, role.id)).await.done();
    assert_eq!(shown(&device.catch_up().await), gone);
    scene.ada.overwrite(hidden, OverwriteTarget::Member(bert.id), VIEW, &[]).await;
    assert_eq!(shown(&device.catch_up().await), come);
    scene.ada.overwrite(hidden, OverwriteTarget::Member(bert.id), &[], &[]).await;
    assert_eq!(shown(&device.catch_up().await), gone);
    scene.ada.patch(format!("/spaces/{}", scene.space), json!({ "owner_id": bert.id })).await.is::<Space>();
    assert_eq!(shown(&device.catch_up().await), come);
    device.prove(server.address()).await;
}

async fn a_category_passes_on_what_it_changes(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let category = scene.ada.make_category(scene.space, "Rooms").await.id;
    let room = scene.ada.make_channel(scene.space, "room", Some(category)).await.id;
    let mut device = bert.device().await;
    scene.ada.overwrite(category, scene.all(), &[], VIEW).await;
    assert_eq!(shown(&device.catch_up().await), (vec![category, room], vec![]));
    let order = async |parent: Option<ChannelId>, position| {
        let places = vec![ChannelPlace { id: room, parent_id: parent, position }];
        scene.ada.put(format!("/spaces/{}/channels/order", scene.space), OrderChannels { places }).await.done();
    };
    order(None, 7).await;
    assert_eq!(shown(&device.catch_up().await), (vec![], vec![room]));
    order(Some(category), 0).await;
    assert_eq!(shown(&device.catch_up().await), (vec![room], vec![]));
    let late = scene.ada.make_channel(scene.space, "late", Some(category)).await.id;
    assert_eq!(shown(&device.catch_up().await), (vec![], vec![]));
    // What the channel says comes after its category.
    scene.ada.overwrite(category, scene.all(), &[], &[Permission::ViewChannel, Permission::SendMessages]).await;
    scene.ada.overwrite(late, scene.all(), VIEW, &[]).await;
    bert.post(format!("/channels/{late}/messages"), json!({ "content": "x" })).await.refused(ErrorCode::Forbidden);
    scene.ada.overwrite(late, OverwriteTarget::Member(bert.id), &[Permission::SendMessages], &[]).await;
    bert.say(late, "x").await;
    device.prove(server.address()).await;
}

async fn a_category_is_seen_by_those_who_see_something_in_it(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let category = scene.ada.make_category(scene.space, "Rooms").await.id;
    let room = scene.ada.make_channel(scene.space, "room", Some(category)).await.id;
    scene.ada.overwrite(category, scene.all(), &[], VIEW).await;
    let mut device = bert.device().await;
    scene.ada.overwrite(room, scene.all(), VIEW, &[]).await;
    assert_eq!(shown(&device.catch_up().await), (vec![], vec![category, room]));
    scene.ada.patch(format!("/channels/{category}"), json!({ "name": "Halls" })).await.is::<snug_protocol::Channel>();
    device.catch_up().await;
    assert_eq!(device.replica.channel(category).unwrap().name, "Halls");
    scene.ada.delete(format!("/channels/{room}")).await.done();
    assert_eq!(shown(&device.catch_up().await).0.len(), 2);
    scene.ada.post(format!("/channels/{room}/restore"), ()).await.is::<snug_protocol::Channel>();
    assert_eq!(shown(&device.catch_up().await), (vec![], vec![category, room]));
    device.prove(server.address()).await;
}

async fn a_permission_that_is_gone_is_gone_for_the_next_request(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let role = scene.ada.make_role(scene.space, "moderators", &[Permission::ManageChannels, Permission::ManageMessages]).await;
    let path = format!("/channels/{}", scene.general);
    for _ in 0..5 {
        scene.ada.give(scene.space, bert.id, &[role.id]).await;
        bert.patch(&path, json!({ "topic": "a" })).await.is::<snug_protocol::Channel>();
        scene.ada.give(scene.space, bert.id, &[]).await;
        bert.patch(&path, json!({ "topic": "b" })).await.refused(ErrorCode::Forbidden);
    }
    // Even of two at the same time, whatever comes after the change is decided by it.
    for _ in 0..10 {
        scene.ada.give(scene.space, bert.id, &[role.id]).await;
        let mut device = scene.ada.device().await;
        let (_, tried) = tokio::join!(scene.ada.give(scene.space, bert.id, &[]), bert.patch(&path, json!({ "topic": bert.id })));
        let told = device.catch_up().await;
        let place = |find: fn(&Event) -> bool| told.iter().position(find);
        let (taken, changed) = (place(|e| matches!(e, Event::MemberUpdate(_))), place(|e| matches!(e, Event::ChannelUpdate(_))));
        assert!(changed.is_none_or(|changed| Some(changed) < taken), "{told:?}");
        if tried.status == 200 {
            scene.ada.patch(&path, json!({ "topic": "c" })).await.is::<snug_protocol::Channel>();
        } else {
            assert_eq!(changed, None);
        }
    }
}

/// Two spaces of Ada's: whatever she may do in both, she does in one with the identifiers of that one.
struct Two {
    scene: Scene,
    bert: Person,
    space: SpaceId,
    channel: ChannelId,
    role: RoleId,
    message: MessageId,
    /// Of the other space.
    far: Far,
}

struct Far {
    space: SpaceId,
    channel: ChannelId,
    role: RoleId,
    message: MessageId,
    invite: String,
}

impl Two {
    async fn set(server: &TestServer) -> Self {
        let scene = server.scene().await;
        let bert = scene.join("bert").await;
        let (space, channel) = (scene.space, scene.general);
        let role = scene.ada.make_role(space, "near", &[]).await.id;
        let message = scene.ada.say(channel, "near").await.id;
        let another: Space = scene.ada.post("/spaces", json!({ "name": "Far" })).await.is();
        let far_channel = scene.ada.look(another.id).await.channels[0].id;
        let far = Far {
            space: another.id,
            channel: far_channel,
            role: scene.ada.make_role(another.id, "far", &[]).await.id,
            message: scene.ada.say(far_channel, "far").await.id,
            invite: scene.ada.invite(another.id).await.code,
        };
        Self { scene, bert, space, channel, role, message, far }
    }

    async fn both(&self) -> [snug_protocol::SpaceSnapshot; 2] {
        [self.scene.ada.look(self.space).await, self.scene.ada.look(self.far.space).await]
    }
}

async fn an_identifier_of_another_space_names_nothing(server: TestServer) {
    let two = Two::set(&server).await;
    let (ada, space, far) = (&two.scene.ada, two.space, &two.far);
    let before = two.both().await;
    let nothing = ErrorCode::NotFound;

    ada.patch(format!("/spaces/{space}/roles/{}", far.role), json!({ "name": "x" })).await.refused(nothing);
    ada.delete(format!("/spaces/{space}/roles/{}", far.role)).await.refused(nothing);
    ada.patch(format!("/spaces/{space}/roles/{}", far.space.everyone()), json!({ "name": "x" })).await.refused(nothing);
    ada.put(format!("/spaces/{space}/roles/order"), json!({ "roles": [far.role] })).await.refused(ErrorCode::Invalid);
    ada.patch(format!("/spaces/{space}/members/{}", two.bert.id), json!({ "roles": [far.role] })).await.refused(nothing);
    // Bert is in the near space only.
    ada.patch(format!("/spaces/{}/members/{}", far.space, two.bert.id), json!({ "nickname": "x" })).await.refused(nothing);
    ada.delete(format!("/spaces/{}/members/{}", far.space, two.bert.id)).await.refused(nothing);
    ada.patch(format!("/spaces/{}", far.space), json!({ "owner_id": two.bert.id })).await.refused(nothing);
    ada.put(format!("/spaces/{space}/bans/{}", two.bert.id), json!({})).await.done();
    ada.delete(format!("/spaces/{}/bans/{}", far.space, two.bert.id)).await.refused(nothing);
    ada.delete(format!("/spaces/{space}/bans/{}", two.bert.id)).await.done();
    two.bert.accept(&two.scene.invite).await;

    for target in [OverwriteTarget::Role(far.role), OverwriteTarget::Role(far.space.everyone())] {
        let set = SetOverwrite { allow: crate::harness::permissions(VIEW), deny: Default::default() };
        ada.put(overwrite_path(two.channel, target), &set).await.refused(nothing);
        ada.delete(overwrite_path(two.channel, target)).await.refused(nothing);
        let overwrites = json!([{ "target": target, "allow": set.allow, "deny": set.deny }]);
        let make = json!({ "kind": "text", "name": "x", "overwrites": overwrites });
        ada.post(format!("/spaces/{space}/channels"), make).await.refused(nothing);
    }
    let bert = OverwriteTarget::Member(two.bert.id);
    ada.put(overwrite_path(far.channel, bert), json!({ "allow": "1", "deny": "0" })).await.refused(nothing);

    let place = |id, parent_id| json!({ "places": [ChannelPlace { id, parent_id, position: 1 }] });
    ada.put(format!("/spaces/{space}/channels/order"), place(far.channel, None)).await.refused(nothing);
    let category = ada.make_category(far.space, "Rooms").await.id;
    ada.put(format!("/spaces/{space}/channels/order"), place(two.channel, Some(category))).await.refused(ErrorCode::Invalid);
    let make = json!({ "kind": "text", "name": "x", "parent_id": category });
    ada.post(format!("/spaces/{space}/channels"), make).await.refused(ErrorCode::Invalid);
    ada.delete(format!("/channels/{category}")).await.done();

    ada.post(format!("/spaces/{space}/invites"), json!({ "channel_id": far.channel })).await.refused(nothing);
    ada.delete(format!("/spaces/{space}/invites/{}", far.invite)).await.refused(nothing);
    let deleted: Vec<DeletedChannel> = ada.get(format!("/spaces/{space}/channels/deleted")).await.is();
    assert_eq!(deleted, []);

    let mut after = two.both().await;
    // Bert came back a moment later than he had come.
    after[0].members = before[0].members.clone();
    assert_eq!(after, before);
}

async fn a_message_of_another_channel_names_nothing(server: TestServer) {
    let two = Two::set(&server).await;
    let ada = &two.scene.ada;
    let near = ada.make_channel(two.space, "near", None).await.id;
    let mut device = ada.device().await;
    for message in [two.far.message, two.message] {
        let path = format!("/channels/{near}/messages/{message}");
        ada.patch(&path, json!({ "content": "x" })).await.refused(ErrorCode::NotFound);
        ada.delete(&path).await.refused(ErrorCode::NotFound);
        ada.post(format!("{path}/restore"), ()).await.refused(ErrorCode::NotFound);
        ada.put(format!("{path}/reactions/👍"), ()).await.refused(ErrorCode::NotFound);
        ada.delete(format!("{path}/reactions/👍")).await.refused(ErrorCode::NotFound);
        ada.put(format!("/channels/{near}/pins/{message}"), ()).await.refused(ErrorCode::NotFound);
        ada.delete(format!("/channels/{near}/pins/{message}")).await.refused(ErrorCode::NotFound);
        let reply = json!({ "content": "x", "reply_to": message });
        ada.post(format!("/channels/{near}/messages"), reply).await.refused(ErrorCode::Invalid);
        let page: MessagePage = ada.get(format!("/channels/{near}/messages?around={message}")).await.is();
        assert_eq!(page.messages, []);
    }
    // Deleted in its own channel, it cannot be restored in another.
    ada.delete(format!("/channels/{}/messages/{}", two.channel, two.message)).await.done();
    ada.post(format!("/channels/{near}/messages/{}/restore", two.message), ()).await.refused(ErrorCode::NotFound);
    ada.post(format!("/channels/{}/messages/{}/restore", two.channel, two.message), ()).await.is::<Message>();
    let told = device.catch_up().await;
    assert!(told.iter().all(|event| !matches!(event, Event::MessageUpdate(_) | Event::ReactionAdd(_))), "{told:?}");
}

async fn what_is_not_there_and_what_may_not_be_seen_look_the_same(server: TestServer) {
    let two = Two::set(&server).await;
    let same = async |there: String, nowhere: &str| {
        let (there, nowhere) = (two.bert.get(there).await, two.bert.get(nowhere).await);
        assert_eq!((there.status, there.body), (404, nowhere.body));
    };
    same(format!("/spaces/{}", two.far.space), "/spaces/7").await;
    same(format!("/spaces/{}/bans", two.far.space), "/spaces/7/bans").await;
    same(format!("/channels/{}/messages", two.far.channel), "/channels/7/messages").await;
    same(format!("/channels/{}/pins", two.far.channel), "/channels/7/pins").await;
    two.scene.ada.overwrite(two.channel, two.scene.all(), &[], VIEW).await;
    same(format!("/channels/{}/messages", two.channel), "/channels/7/messages").await;
    let stranger = two.scene.stranger("cleo").await;
    two.bert.get(format!("/users/{}", stranger.id)).await.refused(ErrorCode::NotFound);
    let mut device: Device = two.bert.device().await;
    device.socket.say(&snug_protocol::ClientFrame::Typing { channel_id: two.far.channel }).await;
    device.catch_up().await;
    assert_eq!(two.role, two.scene.ada.look(two.space).await.roles[1].id);
}
