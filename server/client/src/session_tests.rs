use super::*;
use serde_json::json;

fn frame(value: serde_json::Value) -> Input {
    Input::Frame(serde_json::from_value(value).unwrap())
}

fn hello(instance: &str) -> Input {
    frame(json!({"op": "hello", "d": {"version": VERSION, "instance": instance, "heartbeat_interval_ms": 30_000}}))
}

fn ready() -> Input {
    let user = json!({"id": "1", "username": "a", "display_name": "A", "avatar": null, "bio": null, "status": null, "accent": null});
    let ready = Ready {
        session: "secret".into(),
        session_id: serde_json::from_value(json!("2")).unwrap(),
        account: serde_json::from_value(account(user)).unwrap(),
        spaces: Vec::new(),
        users: Vec::new(),
        presences: Vec::new(),
        read_states: Vec::new(),
        voice_states: Vec::new(),
        call: None,
        knocks: None,
        digest: String::new(),
    };
    Input::Frame(ServerFrame::Ready { d: ready })
}

/// As the protocol's golden file has it.
fn account(user: serde_json::Value) -> serde_json::Value {
    let golden: serde_json::Value = serde_json::from_str(include_str!("../../protocol/testdata/wire.json")).unwrap();
    find(&golden, "account").cloned().unwrap_or(user)
}

fn find<'a>(value: &'a serde_json::Value, key: &str) -> Option<&'a serde_json::Value> {
    match value {
        serde_json::Value::Object(map) => map.get(key).filter(|found| found.is_object()).or_else(|| map.values().find_map(|value| find(value, key))),
        serde_json::Value::Array(list) => list.iter().find_map(|value| find(value, key)),
        _ => None,
    }
}

fn heard(s: u64) -> Input {
    frame(json!({"op": "dispatch", "s": s, "t": "voice_heard", "d": {"heard": true}}))
}

/// The names of what comes out.
fn out(session: &mut Session) -> String {
    let mut names = Vec::new();
    while let Some(output) = session.poll() {
        names.push(match output {
            Output::Open { renew: false } => "open",
            Output::Open { renew: true } => "open anew",
            Output::Send(ClientFrame::Identify(_)) => "identify",
            Output::Send(ClientFrame::Resume(_)) => "resume",
            Output::Send(ClientFrame::Heartbeat { .. }) => "beat",
            Output::Send(_) => "frame",
            Output::Close => "close",
            Output::Ready(_) => "ready",
            Output::Resumed => "resumed",
            Output::Event(_) => "event",
            Output::Lost => "lost",
            Output::End(_) => "end",
        });
    }
    names.join(" ")
}

fn begun(now: Instant) -> Session {
    let mut session = Session::new(now);
    session.handle(now, Input::Opened("token".into()));
    session.handle(now, hello("one"));
    session.handle(now, ready());
    session.handle(now, heard(1));
    assert_eq!(out(&mut session), "open identify ready event");
    session
}

fn reconnect(session: &mut Session, now: &mut Instant, instance: &str) {
    *now = session.deadline().unwrap();
    session.handle(*now, Input::Time);
    session.handle(*now, Input::Opened("token".into()));
    session.handle(*now, hello(instance));
}

#[test]
fn a_lost_session_goes_on_where_it_was() {
    let mut now = Instant::now();
    let mut session = begun(now);
    session.handle(now, Input::Closed(None));
    reconnect(&mut session, &mut now, "one");
    session.handle(now, frame(json!({"op": "resumed", "d": {"replayed": 2, "digest": ""}})));
    for s in [1, 2, 3] {
        session.handle(now, heard(s));
    }
    assert_eq!(out(&mut session), "lost open resume resumed event event");
}

#[test]
fn a_server_that_started_anew_gets_a_new_session() {
    let mut now = Instant::now();
    let mut session = begun(now);
    session.handle(now, Input::Closed(Some(close::GOING_AWAY)));
    reconnect(&mut session, &mut now, "two");
    session.handle(now, ready());
    assert_eq!(out(&mut session), "lost open identify ready");
}

#[test]
fn after_a_gap_a_new_session_begins() {
    let mut now = Instant::now();
    let mut session = begun(now);
    session.handle(now, heard(3));
    reconnect(&mut session, &mut now, "one");
    assert_eq!(out(&mut session), "close lost open identify");
}

#[test]
fn what_a_newer_server_tells_leaves_no_gap() {
    let now = Instant::now();
    let mut session = begun(now);
    session.handle(now, Input::Unknown(2));
    session.handle(now, heard(3));
    assert_eq!(out(&mut session), "event");
}

#[test]
fn attempts_come_later_and_later() {
    let mut now = Instant::now();
    let mut session = begun(now);
    session.handle(now, Input::Closed(None));
    let mut pauses = Vec::new();
    for _ in 0..12 {
        let due = session.deadline().unwrap();
        pauses.push(due - now);
        now = due;
        session.handle(now, Input::Time);
        session.handle(now, Input::Unreachable);
    }
    assert_eq!(pauses[0], FIRST_PAUSE);
    assert!(pauses.is_sorted());
    assert_eq!(pauses[11], LONGEST_PAUSE);
}

#[test]
fn a_heartbeat_without_an_answer_is_a_loss() {
    let mut now = Instant::now();
    let mut session = begun(now);
    now = session.deadline().unwrap();
    session.handle(now, Input::Time);
    now = session.deadline().unwrap();
    session.handle(now, Input::Time);
    assert_eq!(out(&mut session), "beat close lost");
}

#[test]
fn when_woken_it_asks_at_once_and_waits_a_second() {
    let mut now = Instant::now();
    let mut session = begun(now);
    session.handle(now, Input::Wake);
    assert_eq!(out(&mut session), "beat");
    session.handle(now, Input::Frame(ServerFrame::HeartbeatAck));
    session.handle(now, Input::Wake);
    session.handle(now, Input::Wake);
    assert_eq!(out(&mut session), "beat");
    assert_eq!(session.deadline(), Some(now + Duration::from_secs(1)));
    now += Duration::from_secs(1);
    session.handle(now, Input::Time);
    assert_eq!(out(&mut session), "close lost");
    session.handle(now, Input::Wake);
    assert_eq!(out(&mut session), "open");
}

#[test]
fn a_token_that_is_not_taken_is_renewed_and_a_revoked_session_ends() {
    let now = Instant::now();
    let mut session = begun(now);
    session.handle(now, Input::Closed(Some(close::UNAUTHORIZED)));
    assert_eq!(out(&mut session), "lost open anew");
    session.handle(now, Input::Closed(Some(close::REVOKED)));
    assert_eq!(out(&mut session), "close end");
    assert_eq!(session.deadline(), None);
}
