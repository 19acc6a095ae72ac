//! The operations of the gateway, by the same actors.

use super::{ACTORS, Actor, fixture::Fixture};
use crate::harness::{Device, Heard, Resumption, Socket};
use schemars::schema_for;
use snug_protocol::{
    ClientFrame, Event, Permission, Permissions, ServerFrame, Status, VERSION,
    gateway::{Identify, Resume, close},
};

/// Every operation that the protocol has, by its schema.
fn operations() -> Vec<String> {
    let schema = schema_for!(ClientFrame).to_value();
    let variants = schema["oneOf"].as_array().expect("an operation is one of many");
    variants.iter().map(|variant| variant["properties"]["op"]["const"].as_str().expect("each has a name").to_owned()).collect()
}

pub(super) async fn check(fixture: &Fixture<'_>) {
    let all = Permissions::ALL.minus(Permissions::of(&[Permission::Administrator]));
    fixture.restore(all.minus(Permissions::of(&[Permission::SendMessages]))).await;
    let mut watcher = fixture.device(&fixture.tara).await;
    for actor in ACTORS {
        if !actor.logged_in() {
            for operation in operations() {
                stays_outside(fixture, actor, &operation, &watcher).await;
            }
            continue;
        }
        let mut device = fixture.device(fixture.person(actor).expect("who is logged in is somebody")).await;
        for operation in operations() {
            match &*operation {
                "identify" => {
                    assert_eq!(device.replica.spaces.contains_key(&fixture.space), actor.member(), "{actor:?}");
                    assert_eq!(device.replica.knocks.is_some(), actor == Actor::ServerAdministrator, "{actor:?}");
                }
                "resume" => resume(&mut device, &watcher, actor).await,
                "heartbeat" => heartbeat(&mut device).await,
                "typing" => typing(fixture, actor, &mut device, &mut watcher).await,
                "activity" => activity(fixture, actor, &mut device, &mut watcher).await,
                "verify" => _ = device.catch_up().await,
                other => panic!("the operation {other} is not tried: add what each actor may do with it"),
            }
        }
    }
}

/// Whoever is not logged in is sent away, whatever they say first.
async fn stays_outside(fixture: &Fixture<'_>, actor: Actor, operation: &str, watcher: &Device) {
    let token = token(fixture, actor);
    let (frame, code) = match operation {
        "identify" => (ClientFrame::Identify(Identify { token, version: VERSION, intents: None }), close::UNAUTHORIZED),
        "resume" => (ClientFrame::Resume(Resume { token, session: watcher.session.clone(), s: 0 }), close::UNAUTHORIZED),
        "heartbeat" => (ClientFrame::Heartbeat { s: 0 }, close::BAD_STATE),
        "typing" => (ClientFrame::Typing { channel_id: fixture.room }, close::BAD_STATE),
        "activity" => (ClientFrame::Activity { active: true }, close::BAD_STATE),
        "verify" => (ClientFrame::Verify, close::BAD_STATE),
        other => panic!("the operation {other} is not tried"),
    };
    let mut socket = Socket::open(watcher.address).await.0;
    socket.say(&frame).await;
    assert_eq!(socket.closed().await, code, "{operation} of {actor:?}");
}

fn token(fixture: &Fixture<'_>, actor: Actor) -> String {
    match actor {
        Actor::Anonymous => String::new(),
        Actor::WrongToken => "AAAA".repeat(16),
        _ => fixture.person(actor).expect("all others are people").tokens.access_token.clone(),
    }
}

/// Nobody goes on with a session that is not their own; everyone does with theirs.
async fn resume(device: &mut Device, watcher: &Device, actor: Actor) {
    let address = device.address;
    let mut thief = Socket::open(address).await.0;
    thief.say(&ClientFrame::Resume(Resume { token: device.token.clone(), session: watcher.session.clone(), s: watcher.replica.s })).await;
    let heard = thief.hear().await;
    assert!(matches!(heard, Heard::Frame(ServerFrame::InvalidSession { .. })), "{actor:?}: {heard:?}");
    assert!(matches!(device.resume(address).await, Resumption::Resumed(_)), "{actor:?}");
}

async fn heartbeat(device: &mut Device) {
    device.socket.say(&ClientFrame::Heartbeat { s: device.replica.s }).await;
    loop {
        match device.socket.hear().await {
            Heard::Frame(ServerFrame::HeartbeatAck) => return,
            Heard::Frame(ServerFrame::Dispatch { s, event }) => device.replica.apply(s, event),
            other => panic!("{other:?}"),
        }
    }
}

async fn typing(fixture: &Fixture<'_>, actor: Actor, device: &mut Device, watcher: &mut Device) {
    device.socket.say(&ClientFrame::Typing { channel_id: fixture.room }).await;
    device.catch_up().await;
    let told = watcher.catch_up().await.iter().any(|event| matches!(event, Event::TypingStart(_)));
    assert_eq!(told, actor.member() && actor != Actor::WithoutTheBit, "{actor:?} types");
}

/// The watcher is told of members only; a stranger's presence would panic it.
async fn activity(fixture: &Fixture<'_>, actor: Actor, device: &mut Device, watcher: &mut Device) {
    let id = fixture.person(actor).expect("who is logged in is somebody").id;
    device.socket.say(&ClientFrame::Activity { active: false }).await;
    device.until_known(|replica| replica.status(id) == Status::Idle).await;
    if actor.member() {
        watcher.until_known(|replica| replica.status(id) == Status::Idle).await;
    }
}
