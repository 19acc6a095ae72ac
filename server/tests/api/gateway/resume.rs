//! Going on after the connection was lost.

use crate::harness::{Device, Resumption, Socket, TestServer, each_database, eventually};
use serde_json::json;
use snug_protocol::{
    ClientFrame, ErrorCode, Event, Message, OverwriteTarget, Permission, ServerFrame,
    gateway::{Resume, close},
};
use snug_server::gateway::session::WINDOW;
use std::time::{Duration, Instant};

each_database!(
    a_resume_gives_exactly_what_was_missed,
    what_was_sent_but_not_received_is_sent_again,
    what_may_no_longer_be_seen_is_not_told_again,
    a_space_joined_in_the_meantime_is_told_anew,
    what_is_over_in_a_moment_is_not_told_again,
    a_newer_connection_replaces_the_older_one,
    of_two_that_resume_at_once_one_goes_on,
    a_session_belongs_to_its_log_in,
    a_session_that_nobody_knows_is_invalid,
    after_a_restart_a_device_starts_anew_on_the_same_connection,
    a_session_is_over_when_too_much_has_happened,
    a_session_is_over_five_minutes_after_its_connection,
);

async fn a_resume_gives_exactly_what_was_missed(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    scene.ada.say(scene.general, "before").await;
    device.catch_up().await;
    device.socket = Socket::open(server.address()).await.0;

    let message = scene.ada.say(scene.general, "while away").await;
    let path = format!("/channels/{}/messages/{}", scene.general, message.id);
    scene.ada.patch(&path, json!({ "content": "edited" })).await.is::<Message>();
    scene.ada.put(format!("{path}/reactions/👍"), ()).await.done();
    let gone = scene.ada.say(scene.general, "gone").await;
    scene.ada.delete(format!("/channels/{}/messages/{}", scene.general, gone.id)).await.done();
    let role = scene.ada.make_role(scene.space, "new", &[]).await;
    scene.ada.give(scene.space, bert.id, &[role.id]).await;
    scene.ada.make_channel(scene.space, "new", None).await;
    scene.join("cleo").await;

    assert!(matches!(device.resume(server.address()).await, Resumption::Resumed(9..)));
    let now = &device.replica.messages[&scene.general];
    assert_eq!(now.iter().map(|message| &*message.content).collect::<Vec<_>>(), ["before", "edited"]);
    assert_eq!(*now, scene.ada.history(scene.general).await.messages);
    device.prove(server.address()).await;
    assert!(matches!(device.resume(server.address()).await, Resumption::Resumed(_)));
    device.prove(server.address()).await;
}

async fn what_was_sent_but_not_received_is_sent_again(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    for round in 0..3 {
        scene.ada.say(scene.general, "x").await;
        scene.ada.say(scene.general, "y").await;
        // The first is read; the second is on its way when the connection is lost.
        device.until(|event| matches!(event, Event::MessageCreate(_)).then_some(())).await;
        assert!(matches!(device.resume(server.address()).await, Resumption::Resumed(1..)));
        assert_eq!(device.replica.messages[&scene.general].len(), 2 * round + 2);
    }
    device.prove(server.address()).await;
}

async fn what_may_no_longer_be_seen_is_not_told_again(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let secret = scene.ada.make_channel(scene.space, "secret", None).await.id;
    let another: snug_protocol::Space = scene.ada.post("/spaces", json!({ "name": "Another" })).await.is();
    bert.accept(&scene.ada.invite(another.id).await).await;
    let promote = |admin| scene.ada.patch(format!("/admin/users/{}", bert.id), json!({ "admin": admin }));
    promote(true).await;
    let mut device = bert.device().await;
    device.socket = Socket::open(server.address()).await.0;
    // Told, each, before it is hidden.
    scene.ada.say(secret, "not for long").await;
    scene.ada.say(scene.general, "for all").await;
    scene.ada.patch(format!("/channels/{secret}"), json!({ "topic": "psst" })).await.is::<snug_protocol::Channel>();
    scene.ada.make_role(another.id, "psst", &[]).await;
    scene.ada.say(scene.ada.look(another.id).await.channels[0].id, "psst").await;
    scene.ada.patch("/admin/settings", json!({ "registration": "approval" })).await;
    server.anyone().post("/auth/register", json!({ "username": "cleo", "password": "whatever" })).await;
    promote(false).await;
    scene.ada.overwrite(secret, scene.all(), &[], &[Permission::ViewChannel]).await;
    scene.ada.delete(format!("/spaces/{}/members/{}", another.id, bert.id)).await.done();
    scene.ada.patch("/users/me", json!({ "bio": "still known here" })).await.is::<snug_protocol::Account>();

    let told = {
        device.socket = Socket::open(server.address()).await.0;
        device.ask_to_resume().await;
        assert!(matches!(device.socket.hear().await, crate::harness::Heard::Frame(ServerFrame::Resumed { .. })));
        device.catch_up().await
    };
    let all = format!("{told:?}");
    assert!(!all.contains("not for long") && !all.contains("psst") && all.contains("for all") && all.contains("still known"), "{all}");
    assert!(!told.iter().any(|event| matches!(event, Event::KnockUpdate(_))), "{all}");
    assert!(device.replica.channel(secret).is_none() && !device.replica.spaces.contains_key(&another.id));
}

/// What somebody joins is shown to them as it is then. It may not be any more when they come back.
async fn a_space_joined_in_the_meantime_is_told_anew(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.stranger("bert").await;
    let mut device = bert.device().await;
    device.catch_up().await;
    device.socket = Socket::open(server.address()).await.0;
    bert.accept(&scene.invite).await;
    scene.ada.overwrite(scene.general, scene.all(), &[], &[Permission::ViewChannel]).await;
    assert_eq!(device.resume(server.address()).await, Resumption::Invalid);
    device.start_anew().await;
    assert!(device.replica.channel(scene.general).is_none());
    device.catch_up().await;
    device.socket = Socket::open(server.address()).await.0;
    bert.post(format!("/spaces/{}/leave", scene.space), ()).await.done();
    bert.accept(&scene.invite).await;
    bert.post(format!("/spaces/{}/leave", scene.space), ()).await.done();
    assert!(matches!(device.resume(server.address()).await, Resumption::Resumed(_)), "of a space one has left again nothing is told");
    device.prove(server.address()).await;
}

async fn what_is_over_in_a_moment_is_not_told_again(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    device.catch_up().await;
    device.socket = Socket::open(server.address()).await.0;
    let bert = scene.join("bert").await;
    let mut typist = bert.device().await;
    typist.socket.say(&ClientFrame::Typing { channel_id: scene.general }).await;
    typist.until(|event| matches!(event, Event::TypingStart(_)).then_some(())).await;
    device.resume(server.address()).await;
    assert!(!device.catch_up().await.iter().any(|event| matches!(event, Event::TypingStart(_))));
}

async fn a_newer_connection_replaces_the_older_one(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    device.catch_up().await;
    let mut old = std::mem::replace(&mut device.socket, Socket::open(server.address()).await.0);
    device.ask_to_resume().await;
    device.resumed().await;
    assert_eq!(old.closed().await, close::REPLACED);
    scene.ada.say(scene.general, "x").await;
    device.prove(server.address()).await;
    assert_eq!(device.replica.messages[&scene.general].len(), 1);
}

async fn of_two_that_resume_at_once_one_goes_on(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    device.catch_up().await;
    for round in 1..=5 {
        scene.ada.say(scene.general, "x").await;
        let resume = ClientFrame::Resume(Resume { token: device.token.clone(), session: device.session.clone(), s: device.replica.s });
        let mut sockets = [Socket::open(server.address()).await.0, Socket::open(server.address()).await.0];
        let [one, two] = &mut sockets;
        tokio::join!(one.say(&resume), two.say(&resume));
        // The loser is told so; the winner has all that there is.
        let lost = tokio::select! {
            code = one.closed() => { assert_eq!(code, close::REPLACED); 0 }
            code = two.closed() => { assert_eq!(code, close::REPLACED); 1 }
        };
        let [one, two] = sockets;
        // What the winner was told already is lost with the reading of it: so it comes once more, on a third one.
        drop(if lost == 0 { two } else { one });
        device.resume(server.address()).await;
        assert_eq!(device.replica.messages[&scene.general].len(), round);
    }
    device.prove(server.address()).await;
}

async fn a_session_belongs_to_its_log_in(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let (tablet, adas) = (bert.log_in_again().await, scene.ada.device().await);
    let mut device = bert.device().await;
    // Revoking the tablet must end all that its token opened.
    for token in [&tablet.tokens.access_token, &scene.ada.tokens.access_token] {
        let mut thief = Socket::open(server.address()).await.0;
        thief.say(&ClientFrame::Resume(Resume { token: token.clone(), session: device.session.clone(), s: 0 })).await;
        assert!(matches!(thief.hear().await, crate::harness::Heard::Frame(ServerFrame::InvalidSession { .. })));
    }
    scene.ada.say(scene.general, "x").await;
    device.prove(server.address()).await;
    drop(adas);
}

async fn a_session_that_nobody_knows_is_invalid(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    device.catch_up().await;
    let session = device.session.clone();
    let mut invalid = async |session: &str, s| {
        (device.session, device.replica.s) = (session.into(), s);
        assert_eq!(device.resume(server.address()).await, Resumption::Invalid, "{session} {s}");
    };
    invalid("", 0).await;
    invalid("x", 0).await;
    invalid(&session, 1_000).await;
    invalid(&session, u64::MAX).await;
    device.start_anew().await;
    device.prove(server.address()).await;
}

async fn after_a_restart_a_device_starts_anew_on_the_same_connection(mut server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    server.restart().await;
    assert_eq!(device.resume(server.address()).await, Resumption::Invalid);
    device.start_anew().await;
    scene.ada.say(scene.general, "x").await;
    device.prove(server.address()).await;
    assert_eq!(device.replica.messages[&scene.general].len(), 1);
}

/// Writes so many bytes, in messages as long as they get.
async fn write(scene: &crate::harness::Scene, bytes: usize) {
    let long = "🦀".repeat(4_000);
    for _ in 0..bytes / long.len() {
        scene.ada.say(scene.general, &long).await;
    }
}

async fn a_session_is_over_when_too_much_has_happened(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    device.catch_up().await;
    device.socket = Socket::open(server.address()).await.0;
    write(&scene, 4_000_000).await;
    assert!(matches!(device.resume(server.address()).await, Resumption::Resumed(_)));
    device.catch_up().await;
    device.socket = Socket::open(server.address()).await.0;
    write(&scene, 4_300_000).await;
    assert_eq!(device.resume(server.address()).await, Resumption::Invalid);
    device.start_anew().await;
    device.prove(server.address()).await;
}

async fn a_session_is_over_five_minutes_after_its_connection(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let gone = async |device: &mut Device| {
        device.socket = Socket::open(server.address()).await.0;
        eventually("the connection to be gone", async || (server.app().hub.connections() == 0).then_some(())).await;
    };
    gone(&mut device).await;
    server.app().hub.tick(Instant::now() + WINDOW - Duration::from_secs(1));
    assert!(matches!(device.resume(server.address()).await, Resumption::Resumed(_)));
    gone(&mut device).await;
    server.app().hub.tick(Instant::now() + WINDOW + Duration::from_secs(1));
    assert_eq!(device.resume(server.address()).await, Resumption::Invalid);
    let _ = (ErrorCode::NotFound, OverwriteTarget::Member(bert.id));
}
