//! The operations of the gateway, by the same actors.

use super::{ACTORS, Actor, fixture::Fixture};
use crate::harness::{Device, Heard, Socket};
use snug_protocol::{
    ClientFrame, Event, Permission, Permissions, ServerFrame, Status,
    gateway::{Resume, close},
};

/// Every operation: identify, resume, heartbeat, typing, activity, verify.
pub(super) async fn check(fixture: &Fixture<'_>) {
    let all = Permissions::ALL.minus(Permissions::of(&[Permission::Administrator]));
    fixture.restore(all.minus(Permissions::of(&[Permission::SendMessages]))).await;
    let mut watcher = fixture.device(&fixture.tara).await;
    for actor in ACTORS {
        let token = token(fixture, actor);
        if !actor.logged_in() {
            stays_outside(&watcher, &token).await;
            continue;
        }
        let mut device = fixture.device(fixture.person(actor).expect("who is logged in is somebody")).await;
        assert_eq!(device.replica.spaces.contains_key(&fixture.space), actor.member(), "{actor:?}");
        assert_eq!(device.replica.knocks.is_some(), actor == Actor::ServerAdministrator, "{actor:?}");
        // Verify, and a proof of what is known by it.
        device.catch_up().await;
        heartbeat(&mut device).await;
        typing(fixture, actor, &mut device, &mut watcher).await;
        activity(fixture, actor, &mut device, &mut watcher).await;
        // Nobody goes on with a session that is not their own; everyone does with theirs.
        assert_eq!(resume(&watcher, &token).await, None, "{actor:?}");
        assert!(resume(&device, &token).await.is_some(), "{actor:?}");
    }
}

fn token(fixture: &Fixture<'_>, actor: Actor) -> String {
    match actor {
        Actor::Anonymous => String::new(),
        Actor::WrongToken => "AAAA".repeat(16),
        _ => fixture.person(actor).expect("all others are people").tokens.access_token.clone(),
    }
}

async fn stays_outside(watcher: &Device, token: &str) {
    let address = watcher.address;
    assert_eq!(Socket::open(address).await.0.identify(token).await.unwrap_err(), close::UNAUTHORIZED);
    let mut socket = Socket::open(address).await.0;
    socket.say(&ClientFrame::Resume(Resume { token: token.into(), session: watcher.session.clone(), s: 0 })).await;
    assert_eq!(socket.closed().await, close::UNAUTHORIZED);
}

/// How much follows when somebody with this token goes on with the session of a device.
async fn resume(device: &Device, token: &str) -> Option<u32> {
    let mut socket = Socket::open(device.address).await.0;
    socket.say(&ClientFrame::Resume(Resume { token: token.into(), session: device.session.clone(), s: device.replica.s })).await;
    match socket.hear().await {
        Heard::Frame(ServerFrame::Resumed { d }) => Some(d.replayed),
        Heard::Frame(ServerFrame::InvalidSession { .. }) => None,
        other => panic!("{other:?}"),
    }
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
