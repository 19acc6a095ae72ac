//! A reader that stops reading.

use crate::harness::{Device, Heard, Resumption, Socket, TestServer, each_database, eventually};
use snug_protocol::{Event, gateway::close};
use snug_server::gateway::session::QUEUE_BYTES;
use std::time::{Duration, Instant};

each_database!(a_reader_that_stops_reading_is_closed_and_the_others_do_not_notice);

async fn a_reader_that_stops_reading_is_closed_and_the_others_do_not_notice(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut reader = scene.ada.device().await;
    let small = |socket: &tokio::net::TcpSocket| socket.set_recv_buffer_size(4_096).expect("a small buffer");
    let (socket, _) = Socket::open_with(server.address(), small).await;
    let mut stalled = Device::start_on(socket, server.address(), &bert.tokens.access_token).await;
    stalled.catch_up().await;

    // It reads no more. The others are told of each message at once, however much waits for it.
    let long = "🦀".repeat(4_000);
    let (mut told, mut slowest) = (0, Duration::ZERO);
    while server.app().hub.connections() == 2 {
        let started = Instant::now();
        let message = scene.ada.say(scene.general, &long).await;
        reader.until(|event| matches!(event, Event::MessageCreate(other) if other.id == message.id).then_some(())).await;
        slowest = slowest.max(started.elapsed());
        told += long.len();
        assert!(told < 32 * 1024 * 1024, "it is never closed");
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");

    // What it finds in its own and the system's buffers was sent before; what waited in the server was the rest.
    let mut received = 0;
    let code = loop {
        match stalled.socket.hear().await {
            Heard::Frame(frame) => received += serde_json::to_string(&frame).expect("a frame").len(),
            Heard::Closed(code) => break Some(code),
            Heard::Lost => break None,
        }
    };
    // The word may be lost: it is said to somebody who does not listen.
    assert!(code.is_none_or(|code| code == close::TOO_SLOW), "{code:?}");
    // Beside the queue, one batch and one frame may be with the socket.
    let most = QUEUE_BYTES + 64 * 1024 + 2 * (long.len() + 1_024);
    assert!(told.saturating_sub(received) <= most, "{told} bytes were told, {received} were sent");

    assert!(matches!(stalled.resume(server.address()).await, Resumption::Resumed(1..)));
    assert_eq!(stalled.replica.messages[&scene.general], reader.replica.messages[&scene.general]);
    stalled.prove(server.address()).await;
    eventually("both to be there", async || (server.app().hub.connections() == 2).then_some(())).await;
}
