//! The operations of the gateway, by the same actors.

use super::{ACTORS, Actor, fixture::Fixture};
use crate::harness::{Device, Heard, Resumption, Socket, join};
use schemars::schema_for;
use snug_protocol::{
    ClientFrame, Event, Permission, Permissions, ServerFrame, Status, VERSION,
    gateway::{Identify, Resume, close},
    voice::{TrackKind, TrackRef, VoiceAnswer, VoiceEnded, VoiceGone, VoiceJoin, VoiceSelf},
};
use snug_server::sfu::{Command, May};

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
    join(&mut watcher, fixture.fireside).await;
    for actor in ACTORS {
        if !actor.logged_in() {
            for operation in operations() {
                stays_outside(fixture, actor, &operation, &watcher).await;
            }
            continue;
        }
        // Each connection may say so much at once; the watcher has to say much for each actor.
        let address = watcher.address;
        assert!(matches!(watcher.resume(address).await, Resumption::Resumed(_)));
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
                name if name.starts_with("voice_") => voice(fixture, actor, name, &mut device, &mut watcher).await,
                other => panic!("the operation {other} is not tried: add what each actor may do with it"),
            }
        }
    }
}

/// Whoever is not logged in is sent away, whatever they say first.
async fn stays_outside(fixture: &Fixture<'_>, actor: Actor, operation: &str, watcher: &Device) {
    let token = token(fixture, actor);
    let (frame, code) = match operation {
        "identify" => (ClientFrame::Identify(Identify { token, version: VERSION, intents: None, session: None }), close::UNAUTHORIZED),
        "resume" => (ClientFrame::Resume(Resume { token, session: watcher.session.clone(), s: 0 }), close::UNAUTHORIZED),
        "heartbeat" => (ClientFrame::Heartbeat { s: 0 }, close::BAD_STATE),
        "typing" => (ClientFrame::Typing { channel_id: fixture.room }, close::BAD_STATE),
        "activity" => (ClientFrame::Activity { active: true }, close::BAD_STATE),
        "verify" => (ClientFrame::Verify, close::BAD_STATE),
        name => (voice_frame(fixture, name), close::BAD_STATE),
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

/// A frame that has to do with voice.
fn voice_frame(fixture: &Fixture<'_>, name: &str) -> ClientFrame {
    let track = TrackRef { user_id: fixture.tara.id, kind: TrackKind::Screen };
    match name {
        "voice_join" => ClientFrame::VoiceJoin(VoiceJoin { channel_id: fixture.fireside, self_mute: false, self_deaf: false }),
        "voice_leave" => ClientFrame::VoiceLeave,
        "voice_self" => ClientFrame::VoiceSelf(VoiceSelf { self_mute: true, self_deaf: false }),
        "voice_answer" => ClientFrame::VoiceAnswer(VoiceAnswer { connection: 1, negotiation: 1, sdp: String::new() }),
        "voice_publish" => ClientFrame::VoicePublish { kind: TrackKind::Screen },
        "voice_unpublish" => ClientFrame::VoiceUnpublish { kind: TrackKind::Screen },
        "voice_watch" => ClientFrame::VoiceWatch(track),
        "voice_unwatch" => ClientFrame::VoiceUnwatch(track),
        "voice_restart" => ClientFrame::VoiceRestart,
        "voice_stats" => ClientFrame::VoiceStats { on: true },
        other => panic!("the operation {other} is not tried: add a frame"),
    }
}

/// Members are in voice after `voice_join`, and what they ask for gets to the media server; of others nothing does, and
/// nobody hears of it. (All members here may connect, speak and share: who may not is tried in the tests of voice.)
async fn voice(fixture: &Fixture<'_>, actor: Actor, name: &str, device: &mut Device, watcher: &mut Device) {
    watcher.catch_up().await;
    fixture.media.take();
    device.socket.say(&voice_frame(fixture, name)).await;
    let answered = device.catch_up().await;
    let commands = fixture.media.take();
    let told = watcher.catch_up().await.iter().any(|event| matches!(event, Event::VoiceStateUpdate(_)));
    if !actor.member() {
        assert!(commands.is_empty() && !told, "{name} of {actor:?}: {commands:?}");
        let refused = |event: &Event| matches!(event, Event::VoiceEnded(VoiceEnded { reason: VoiceGone::Forbidden, .. }));
        assert_eq!(answered.iter().any(refused), name == "voice_join", "{name} of {actor:?}");
        return;
    }
    let [command] = &commands[..] else {
        assert!(name == "voice_answer" && commands.is_empty(), "{name} of {actor:?}: an answer to no offer is ignored: {commands:?}");
        return;
    };
    let right = match command {
        Command::Join { may, .. } => name == "voice_join" && *may == May { speak: true, listen: true, share: true } && told,
        Command::Leave(_) => name == "voice_leave" && told,
        Command::Allow(_, may) => name == "voice_self" && !may.speak && told,
        Command::Answer { .. } | Command::Opus(..) => false,
        Command::Publish(..) => name == "voice_publish",
        Command::Unpublish(..) => name == "voice_unpublish",
        Command::Watch(..) => name == "voice_watch",
        Command::Unwatch(..) => name == "voice_unwatch",
        Command::Restart(_) => name == "voice_restart",
        Command::Stats(..) => name == "voice_stats",
    };
    assert!(right, "{name} of {actor:?}: {command:?}");
    if name == "voice_leave" {
        join(device, fixture.fireside).await;
    }
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
