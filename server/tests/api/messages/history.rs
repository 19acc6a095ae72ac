//! Reading pages of history, and how far somebody has read.

use crate::harness::{Person, TestServer, each_database, permissions};
use serde_json::json;
use snug_protocol::{ChannelId, ErrorCode, Message, MessageId, Permission, ReadState, rest::*};

each_database!(
    history_is_read_by_cursor,
    a_page_that_makes_no_sense_is_refused,
    what_is_unread_is_counted_up_to_where_one_read,
    a_channel_can_be_marked_unread,
    nobody_has_read_what_is_not_written_yet,
    mentions_are_counted_for_those_they_mean,
    a_mention_that_its_author_may_not_make_is_none,
    here_means_those_who_are_here,
);

async fn write(person: &Person, channel: ChannelId, count: usize) -> Vec<MessageId> {
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(person.say(channel, &number.to_string()).await.id);
    }
    ids
}

async fn history_is_read_by_cursor(server: TestServer) {
    let scene = server.scene().await;
    let ids = write(&scene.ada, scene.general, 10).await;
    scene.ada.delete(format!("/channels/{}/messages/{}", scene.general, ids[9])).await.done();
    let page = async |query: &str| {
        let page: MessagePage = scene.ada.get(format!("/channels/{}/messages{query}", scene.general)).await.is();
        (page.messages.iter().map(|message| message.id).collect::<Vec<_>>(), page.has_before, page.has_after)
    };
    assert_eq!(page("").await, (ids[..9].to_vec(), false, false));
    assert_eq!(page("?limit=3").await, (ids[6..9].to_vec(), true, false));
    assert_eq!(page(&format!("?limit=3&before={}", ids[6])).await, (ids[3..6].to_vec(), true, true));
    assert_eq!(page(&format!("?limit=3&before={}", ids[3])).await, (ids[..3].to_vec(), false, true));
    assert_eq!(page(&format!("?limit=3&after={}", ids[2])).await, (ids[3..6].to_vec(), true, true));
    assert_eq!(page(&format!("?limit=3&after={}", ids[5])).await, (ids[6..9].to_vec(), true, false));
    assert_eq!(page(&format!("?limit=4&around={}", ids[4])).await, (ids[2..6].to_vec(), true, true));
    assert_eq!(page(&format!("?limit=4&around={}", ids[0])).await, (ids[..2].to_vec(), false, true));
    assert_eq!(page(&format!("?limit=4&around={}", ids[9])).await, (ids[7..9].to_vec(), true, false), "the place of one that is gone");
    assert_eq!(page("?limit=3&after=1").await, (ids[..3].to_vec(), false, true), "there is nothing older");
    assert_eq!(page(&format!("?limit=3&before={}", i64::MAX)).await, (ids[6..9].to_vec(), true, false), "there is nothing newer");
    assert_eq!(page(&format!("?after={}", i64::MAX)).await, (vec![], true, false));
}

async fn a_page_that_makes_no_sense_is_refused(server: TestServer) {
    let scene = server.scene().await;
    for query in
        ["limit=0", "limit=101", "limit=x", "limit=-1", "limit=1&limit=2", "before=0", "before=x", "before=1&after=2", "around=99999999999999999999"]
    {
        scene.ada.get(format!("/channels/{}/messages?{query}", scene.general)).await.refused(ErrorCode::Invalid);
    }
    scene.ada.get(format!("/channels/{}/messages?unknown=1", scene.general)).await.is::<MessagePage>();
}

/// What a device that starts now is told of a channel.
async fn state(person: &Person, channel: ChannelId) -> ReadState {
    person.device().await.replica.read_states[&channel].clone()
}

async fn what_is_unread_is_counted_up_to_where_one_read(mut server: TestServer) {
    let scene = server.scene().await;
    scene.ada.say(scene.general, "before bert").await;
    let bert = scene.join("bert").await;
    assert_eq!(state(&bert, scene.general).await, ReadState { channel_id: scene.general, last_read_id: None, unread: 0, mentions: 0 });
    let ids = write(&scene.ada, scene.general, 4).await;
    bert.say(scene.general, "mine does not count").await;
    scene.ada.delete(format!("/channels/{}/messages/{}", scene.general, ids[3])).await.done();
    assert_eq!(state(&bert, scene.general).await.unread, 3);
    let mut device = bert.device().await;
    let mut ada = scene.ada.device().await;
    let read: ReadState = bert.put(format!("/channels/{}/read", scene.general), json!({ "message_id": ids[1] })).await.is();
    assert_eq!(read, ReadState { channel_id: scene.general, last_read_id: Some(ids[1]), unread: 1, mentions: 0 });
    device.catch_up().await;
    assert_eq!(device.replica.read_states[&scene.general], read);
    assert!(!ada.catch_up().await.iter().any(|event| matches!(event, snug_protocol::Event::ReadUpdate(_))), "nobody else is told");
    server.restart().await;
    assert_eq!(state(&bert, scene.general).await, read);
}

async fn a_channel_can_be_marked_unread(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let ids = write(&scene.ada, scene.general, 3).await;
    let mark = async |id: MessageId| -> ReadState { bert.put(format!("/channels/{}/read", scene.general), json!({ "message_id": id })).await.is() };
    assert_eq!(mark(ids[2]).await.unread, 0);
    assert_eq!(mark(ids[0]).await.unread, 2);
    assert_eq!(state(&bert, scene.general).await.unread, 2);
    assert_eq!(mark(MessageId::new(1).unwrap()).await.unread, 3, "everything");
}

async fn nobody_has_read_what_is_not_written_yet(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mark =
        async || -> ReadState { bert.put(format!("/channels/{}/read", scene.general), json!({ "message_id": i64::MAX.to_string() })).await.is() };
    mark().await;
    let message = scene.ada.say(scene.general, "news").await;
    assert_eq!(state(&bert, scene.general).await.unread, 1);
    assert_eq!(mark().await.last_read_id, Some(message.id));
    scene.ada.say(scene.general, "more news").await;
    assert_eq!(state(&bert, scene.general).await.unread, 1);
}

async fn mentions_are_counted_for_those_they_mean(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let role = scene.ada.make_role(scene.space, "cooks", &[]).await;
    scene.ada.give(scene.space, bert.id, &[role.id]).await;
    let counts = async || {
        let (bert, cleo) = (state(&bert, scene.general).await, state(&cleo, scene.general).await);
        [(bert.unread, bert.mentions), (cleo.unread, cleo.mentions)]
    };
    let one = scene.ada.say(scene.general, &format!("<@{}> and <@{}>, twice", bert.id, bert.id)).await;
    assert_eq!((one.mentions.users, counts().await), (vec![bert.id], [(1, 1), (1, 0)]));
    let role_mention = scene.ada.say(scene.general, &format!("<@&{}>", role.id)).await;
    assert_eq!((role_mention.mentions.roles, counts().await), (vec![role.id], [(2, 2), (2, 0)]));
    let everyone = scene.ada.say(scene.general, "@everyone").await;
    assert_eq!((everyone.mentions.everyone, counts().await), (true, [(3, 3), (3, 1)]));
    // A change of the text is a change of whom it means.
    let edit = json!({ "content": format!("<@{}>", cleo.id) });
    scene.ada.patch(format!("/channels/{}/messages/{}", scene.general, one.id), edit).await.is::<Message>();
    assert_eq!(counts().await, [(3, 2), (3, 2)]);
    scene.ada.delete(format!("/channels/{}/messages/{}", scene.general, everyone.id)).await.done();
    assert_eq!(counts().await, [(2, 1), (2, 1)]);
    bert.say(scene.general, &format!("<@{}> I mention myself", bert.id)).await;
    assert_eq!(counts().await, [(2, 1), (3, 1)]);
}

async fn a_mention_that_its_author_may_not_make_is_none(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let role = scene.ada.make_role(scene.space, "cooks", &[]).await;
    let hidden = scene.ada.make_channel(scene.space, "hidden", None).await.id;
    scene.ada.overwrite(hidden, snug_protocol::OverwriteTarget::Member(cleo.id), &[], &[Permission::ViewChannel]).await;
    let message = bert.say(scene.general, &format!("@everyone @here <@&{}> <@&{}> <@7> <@&7> <@>", role.id, scene.everyone())).await;
    assert_eq!(message.mentions, snug_protocol::Mentions::default());
    assert_eq!(bert.say(hidden, &format!("<@{}>", cleo.id)).await.mentions.users, []);
    let open = json!({ "mentionable": true });
    scene.ada.patch(format!("/spaces/{}/roles/{}", scene.space, role.id), open).await.is::<snug_protocol::Role>();
    assert_eq!(bert.say(scene.general, &format!("<@&{}>", role.id)).await.mentions.roles, [role.id]);
    let everyone = scene.everyone_role().await.permissions | permissions(&[Permission::MentionEveryone]);
    let body = json!({ "permissions": everyone });
    scene.ada.patch(format!("/spaces/{}/roles/{}", scene.space, scene.everyone()), body).await.is::<snug_protocol::Role>();
    assert!(bert.say(scene.general, "@here").await.mentions.everyone);
}

async fn here_means_those_who_are_here(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let _here = bert.device().await;
    scene.ada.say(scene.general, "@here").await;
    assert_eq!(state(&bert, scene.general).await.mentions, 1);
    assert_eq!(state(&cleo, scene.general).await.mentions, 0);
}
