//! Writing, editing, deleting.

use crate::harness::{TestServer, each_database};
use futures_util::future::join_all;
use serde_json::json;
use snug_protocol::{Channel, ErrorCode, Event, Message, Permission, rest::*};

each_database!(
    a_message_is_written_once_however_often_it_is_sent,
    a_nonce_belongs_to_one_message_of_its_author,
    slow_mode_makes_members_wait,
    a_reply_cites_what_it_answers,
    whoever_may_not_read_history_cannot_reply_to_it,
    only_its_author_edits_a_message,
    a_deletion_is_taken_back_by_whoever_deleted,
    what_is_no_message_is_refused,
);

async fn a_message_is_written_once_however_often_it_is_sent(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    let path = format!("/channels/{}/messages", scene.general);
    let answers = join_all((0..8).map(|_| scene.ada.post(&path, json!({ "content": "once", "nonce": "n-1" })))).await;
    let messages: Vec<Message> = answers.into_iter().map(|answer| answer.is()).collect();
    assert!(messages.iter().all(|message| *message == messages[0]), "{messages:?}");
    let told = device.catch_up().await;
    let created: Vec<_> = told.iter().filter(|event| matches!(event, Event::MessageCreate(_))).collect();
    assert_eq!(created, [&Event::MessageCreate(messages[0].clone())]);
    assert_eq!(scene.ada.history(scene.general).await.messages.len(), 1);
}

async fn a_nonce_belongs_to_one_message_of_its_author(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let other = scene.ada.make_channel(scene.space, "other", None).await.id;
    let send = |by: &crate::harness::Person, channel, content: &str| {
        let (api, body) = (crate::harness::Api::clone(by), json!({ "content": content, "nonce": "n-1" }));
        async move { api.post(format!("/channels/{channel}/messages"), body).await }
    };
    let first: Message = send(&scene.ada, scene.general, "first").await.is();
    assert_eq!(send(&scene.ada, scene.general, "second").await.is::<Message>().content, "first");
    send(&scene.ada, other, "elsewhere").await.refused(ErrorCode::Conflict);
    assert_ne!(send(&bert, scene.general, "mine").await.is::<Message>().id, first.id);
    scene.ada.delete(format!("/channels/{}/messages/{}", scene.general, first.id)).await.done();
    send(&scene.ada, scene.general, "again").await.refused(ErrorCode::Conflict);
    for nonce in ["", "two words", "ä", &"x".repeat(65)] {
        let body = json!({ "content": "x", "nonce": nonce });
        let refusal = scene.ada.post(format!("/channels/{}/messages", scene.general), body).await.refused(ErrorCode::Invalid);
        assert_eq!(refusal.field.as_deref(), Some("nonce"));
    }
}

async fn slow_mode_makes_members_wait(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    scene.ada.patch(format!("/channels/{}", scene.general), json!({ "slow_mode_s": 60 })).await.is::<Channel>();
    let path = format!("/channels/{}/messages", scene.general);
    let first: Message = bert.post(&path, json!({ "content": "one", "nonce": "n-1" })).await.is();
    let answer = bert.post(&path, json!({ "content": "two", "nonce": "n-2" })).await;
    let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((50..=60).contains(&wait), "{wait}");
    answer.refused(ErrorCode::SlowMode);
    assert_eq!(bert.post(&path, json!({ "content": "one", "nonce": "n-1" })).await.is::<Message>().id, first.id, "sent again is no new one");
    bert.delete(format!("{path}/{}", first.id)).await.done();
    bert.post(&path, json!({ "content": "two" })).await.refused(ErrorCode::SlowMode);
    cleo.say(scene.general, "one").await;
    scene.ada.say(scene.general, "one").await;
    scene.ada.say(scene.general, "two").await;
    scene.ada.patch(format!("/channels/{}", scene.general), json!({ "slow_mode_s": 0 })).await.is::<Channel>();
    bert.say(scene.general, "two").await;
}

async fn a_reply_cites_what_it_answers(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let question = scene.ada.say(scene.general, &"ä".repeat(300)).await;
    let path = format!("/channels/{}/messages", scene.general);
    let answer: Message = bert.post(&path, json!({ "content": "yes", "reply_to": question.id })).await.is();
    let cited = answer.reply_to.clone().unwrap();
    assert_eq!((cited.message_id, cited.author_id, cited.excerpt), (question.id, Some(scene.ada.id), "ä".repeat(200)));
    scene.ada.delete(format!("{path}/{}", question.id)).await.done();
    let page = bert.history(scene.general).await;
    let cited = page.messages[0].reply_to.clone().unwrap();
    assert_eq!((cited.message_id, cited.author_id, &*cited.excerpt), (question.id, None, ""), "what is gone is not cited");
    bert.post(&path, json!({ "content": "yes", "reply_to": question.id })).await.refused(ErrorCode::Invalid);
}

async fn whoever_may_not_read_history_cannot_reply_to_it(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let secret = scene.ada.say(scene.general, "before your time").await;
    scene.ada.overwrite(scene.general, scene.all(), &[], &[Permission::ReadHistory]).await;
    let path = format!("/channels/{}/messages", scene.general);
    let page: MessagePage = bert.get(&path).await.is();
    assert!(page.messages.is_empty() && page.users.is_empty() && !page.has_before);
    bert.get(format!("/channels/{}/pins", scene.general)).await.refused(ErrorCode::Forbidden);
    bert.post(&path, json!({ "content": "what?", "reply_to": secret.id })).await.refused(ErrorCode::Forbidden);
    bert.put(format!("{path}/{}/reactions/👍", secret.id), ()).await.refused(ErrorCode::Forbidden);
    bert.say(scene.general, "hello").await;
}

async fn only_its_author_edits_a_message(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let message = bert.say(scene.general, "helo").await;
    let path = format!("/channels/{}/messages/{}", scene.general, message.id);
    scene.ada.patch(&path, json!({ "content": "mine" })).await.refused(ErrorCode::Forbidden);
    let edited: Message = bert.patch(&path, json!({ "content": "hello\r\n" })).await.is();
    assert_eq!((&*edited.content, edited.edited_at.is_some(), edited.id), ("hello", true, message.id));
    device.catch_up().await;
    assert_eq!(device.replica.messages[&scene.general][0].content, "hello");
    bert.patch(&path, json!({ "content": "hello" })).await.is::<Message>();
    assert_eq!(device.catch_up().await, [], "nothing changed");
    bert.patch(&path, json!({ "content": " " })).await.refused(ErrorCode::Invalid);
    scene.ada.overwrite(scene.general, scene.all(), &[], &[Permission::SendMessages]).await;
    bert.patch(&path, json!({ "content": "muted" })).await.refused(ErrorCode::Forbidden);
    bert.delete(&path).await.done();
    bert.patch(&path, json!({ "content": "gone" })).await.refused(ErrorCode::NotFound);
}

async fn a_deletion_is_taken_back_by_whoever_deleted(server: TestServer) {
    let scene = server.scene().await;
    let (bert, cleo) = (scene.join("bert").await, scene.join("cleo").await);
    let mut device = cleo.device().await;
    let message = bert.say(scene.general, "oops 👍").await;
    let path = format!("/channels/{}/messages/{}", scene.general, message.id);
    cleo.put(format!("{path}/reactions/👍"), ()).await.done();
    scene.ada.put(format!("/channels/{}/pins/{}", scene.general, message.id), ()).await.done();
    let before = scene.ada.history(scene.general).await.messages;
    cleo.delete(&path).await.refused(ErrorCode::Forbidden);
    bert.post(format!("{path}/restore"), ()).await.refused(ErrorCode::NotFound);
    bert.delete(&path).await.done();
    bert.delete(&path).await.refused(ErrorCode::NotFound);
    device.catch_up().await;
    assert!(device.replica.messages[&scene.general].is_empty());
    scene.ada.post(format!("{path}/restore"), ()).await.refused(ErrorCode::NotFound);
    bert.post(format!("{path}/restore"), ()).await.is::<Message>();
    assert_eq!(scene.ada.history(scene.general).await.messages, before);
    device.catch_up().await;
    assert_eq!(device.replica.messages[&scene.general], before);

    scene.ada.delete(&path).await.done();
    bert.post(format!("{path}/restore"), ()).await.refused(ErrorCode::NotFound);
    let id = message.id;
    server.sql(move |sql| sql.execute("UPDATE message SET deleted_at = deleted_at - 61000 WHERE id = $1", snug_server::values![id]).unwrap()).await;
    scene.ada.post(format!("{path}/restore"), ()).await.refused(ErrorCode::NotFound);
}

async fn what_is_no_message_is_refused(server: TestServer) {
    let scene = server.scene().await;
    let path = format!("/channels/{}/messages", scene.general);
    for content in ["", " \n ", "\u{200b}", "a\u{0}b", &"x".repeat(4_001)] {
        let refusal = scene.ada.post(&path, json!({ "content": content })).await.refused(ErrorCode::Invalid);
        assert_eq!(refusal.field.as_deref(), Some("content"));
    }
    let long = "🦀".repeat(4_000);
    assert_eq!(scene.ada.say(scene.general, &long).await.content, long);
    let odd = "\u{1b}[31m \u{202e}backwards\u{202c} \u{fffd} \\ \" ' <b>&amp;</b> \t x";
    assert_eq!(scene.ada.say(scene.general, odd).await.content, odd);
    let kept: Vec<_> = scene.ada.history(scene.general).await.messages.into_iter().map(|message| message.content).collect();
    assert_eq!(kept, [long, odd.into()]);
}
