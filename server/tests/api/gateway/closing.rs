//! What a connection may say, and with which code it is closed when it says something else.

use crate::harness::{Heard, Socket, TestServer, each_database};
use snug_protocol::{
    ClientFrame, ServerFrame, VERSION,
    gateway::{Identify, Resume, close},
    limits::{ANSWER_FRAME_BYTES, CLIENT_FRAME_BYTES},
    voice::VoiceAnswer,
};
use snug_server::auth::Actor;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

each_database!(
    a_heartbeat_is_answered,
    what_is_not_understood_closes_the_connection,
    a_frame_of_the_largest_size_is_read_and_a_larger_one_is_not,
    nothing_comes_before_identify_and_nothing_of_it_twice,
    a_token_that_is_not_good_opens_nothing,
    versions_that_do_not_fit_are_told_apart,
    a_flood_is_cut_off_and_the_session_goes_on,
    a_server_that_stops_says_goodbye,
);

async fn a_heartbeat_is_answered(server: TestServer) {
    let scene = server.scene().await;
    let (mut socket, hello) = Socket::open(server.address()).await;
    assert_eq!((hello.version, hello.heartbeat_interval_ms), (VERSION, 30_000));
    assert_eq!(hello.instance, server.app().instance);
    let ready = socket.identify(&scene.ada.tokens.access_token).await.unwrap();
    assert_eq!((ready.session_id, ready.account.user.id), (scene.ada.tokens.session_id, scene.ada.id));
    socket.say(&ClientFrame::Heartbeat { s: 0 }).await;
    loop {
        match socket.hear().await {
            Heard::Frame(ServerFrame::HeartbeatAck) => break,
            Heard::Frame(ServerFrame::Dispatch { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn what_is_not_understood_closes_the_connection(server: TestServer) {
    let scene = server.scene().await;
    let text = |text: &str| Message::text(text.to_owned());
    let wrong = [
        text(""),
        text("null"),
        text("[]"),
        text(r#"{"op":"fly"}"#),
        text(r#"{"op":"identify"}"#),
        text(r#"{"op":"heartbeat","d":{"s":-1}}"#),
        text(r#"{"op":"heartbeat","d":{"s":1e400}}"#),
        text(&"[".repeat(CLIENT_FRAME_BYTES)),
        Message::binary(b"{\"op\":\"verify\"}".to_vec()),
        // Half of a character.
        Message::Frame(Frame::message(vec![0xf0, 0x9f], OpCode::Data(Data::Text), true)),
    ];
    for message in wrong {
        let mut fresh = Socket::open(server.address()).await.0;
        fresh.say_raw(message.clone()).await;
        assert_eq!(fresh.closed().await, close::BAD_FRAME, "{message:.60?}");
        let mut device = scene.ada.device().await;
        device.socket.say_raw(message.clone()).await;
        assert_eq!(device.socket.closed().await, close::BAD_FRAME, "{message:.60?}");
    }
}

async fn a_frame_of_the_largest_size_is_read_and_a_larger_one_is_not(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    let frame = |bytes: usize| {
        let text = r#"{"op":"verify"}"#;
        Message::text(format!("{text}{}", " ".repeat(bytes - text.len())))
    };
    device.socket.say_raw(frame(CLIENT_FRAME_BYTES)).await;
    while !matches!(device.socket.hear().await, Heard::Frame(ServerFrame::Digest { .. })) {}
    device.socket.say_raw(frame(CLIENT_FRAME_BYTES + 1)).await;
    assert_eq!(device.socket.closed().await, close::BAD_FRAME);
    // A browser's answer to many voices and pictures is longer.
    let mut device = scene.ada.device().await;
    let empty = ClientFrame::VoiceAnswer(VoiceAnswer { connection: 1, negotiation: 1, sdp: String::new() });
    let empty = serde_json::to_string(&empty).expect("frames are JSON").len();
    let answer = |bytes: usize| ClientFrame::VoiceAnswer(VoiceAnswer { connection: 1, negotiation: 1, sdp: "x".repeat(bytes - empty) });
    device.socket.say(&answer(ANSWER_FRAME_BYTES)).await;
    device.catch_up().await;
    device.socket.say(&answer(ANSWER_FRAME_BYTES + 1)).await;
    assert_eq!(device.socket.closed().await, close::BAD_FRAME);
    let mut fresh = Socket::open(server.address()).await.0;
    fresh.say(&answer(CLIENT_FRAME_BYTES + 1)).await;
    assert_eq!(fresh.closed().await, close::BAD_FRAME, "nobody says so much before they say who they are");
    // What was announced as huge is not waited for.
    let mut device = scene.ada.device().await;
    let mut header = Frame::message(vec![b' '; ANSWER_FRAME_BYTES + 1], OpCode::Data(Data::Text), false);
    header.header_mut().is_final = false;
    device.socket.say_raw(Message::Frame(header)).await;
    assert_eq!(device.socket.closed().await, close::BAD_FRAME);
}

async fn nothing_comes_before_identify_and_nothing_of_it_twice(server: TestServer) {
    let scene = server.scene().await;
    let identify = ClientFrame::Identify(Identify { token: scene.ada.tokens.access_token.clone(), version: VERSION, intents: None, session: None });
    let typing = ClientFrame::Typing { channel_id: scene.general };
    for early in [ClientFrame::Heartbeat { s: 0 }, typing, ClientFrame::Activity { active: true }, ClientFrame::Verify] {
        let mut socket = Socket::open(server.address()).await.0;
        socket.say(&early).await;
        assert_eq!(socket.closed().await, close::BAD_STATE, "{early:?}");
    }
    let mut device = scene.ada.device().await;
    device.socket.say(&identify).await;
    assert_eq!(device.socket.closed().await, close::BAD_STATE);
    let mut device = scene.ada.device().await;
    device.ask_to_resume().await;
    assert_eq!(device.socket.closed().await, close::BAD_STATE);
}

async fn a_token_that_is_not_good_opens_nothing(server: TestServer) {
    let scene = server.scene().await;
    let device = scene.ada.device().await;
    let ended = scene.ada.log_in_again().await;
    ended.post("/auth/logout", ()).await.done();
    let actor = Actor { user: scene.ada.id, login: scene.ada.tokens.session_id };
    let long_ago = snug_protocol::Timestamp(scene.invite.created_at.0 - 16 * 60 * 1000);
    let (expired, _) = server.app().keys.access_token(actor, long_ago);
    let refresh = scene.ada.tokens.refresh_token.clone().unwrap();
    for token in ["", "x", &ended.tokens.access_token, &expired, &refresh] {
        let mut socket = Socket::open(server.address()).await.0;
        assert_eq!(socket.identify(token).await.unwrap_err(), close::UNAUTHORIZED);
        let mut socket = Socket::open(server.address()).await.0;
        socket.say(&ClientFrame::Resume(Resume { token: token.to_owned(), session: device.session.clone(), s: 0 })).await;
        assert_eq!(socket.closed().await, close::UNAUTHORIZED);
    }
}

async fn versions_that_do_not_fit_are_told_apart(server: TestServer) {
    let scene = server.scene().await;
    for version in [0, VERSION + 1, u32::MAX] {
        let mut socket = Socket::open(server.address()).await.0;
        socket.say(&ClientFrame::Identify(Identify { token: scene.ada.tokens.access_token.clone(), version, intents: None, session: None })).await;
        assert_eq!(socket.closed().await, close::VERSION);
    }
}

async fn a_flood_is_cut_off_and_the_session_goes_on(server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    for _ in 0..200 {
        device.socket.say(&ClientFrame::Heartbeat { s: 0 }).await;
    }
    assert_eq!(device.socket.closed().await, close::RATE_LIMITED);
    scene.ada.say(scene.general, "meanwhile").await;
    device.resume(server.address()).await;
    device.prove(server.address()).await;
    assert_eq!(device.replica.messages[&scene.general].len(), 1);
}

async fn a_server_that_stops_says_goodbye(mut server: TestServer) {
    let scene = server.scene().await;
    let mut device = scene.ada.device().await;
    let (code, ()) = tokio::join!(device.socket.closed(), server.stop());
    assert_eq!(code, close::GOING_AWAY);
}
