use super::*;

const IDENTIFY: &str = r#"{"op":"identify","d":{"token":"t","version":1}}"#;
const HEARTBEAT_FRAME: &str = r#"{"op":"heartbeat","d":{"s":0}}"#;

fn live(now: Instant) -> Connection {
    let mut connection = Connection::new(now);
    assert!(matches!(connection.handle(now, IDENTIFY), Action::Identify(_)));
    connection.answered(now, true);
    connection
}

#[test]
fn nothing_goes_before_identify_and_nothing_of_it_twice() {
    let now = Instant::now();
    assert!(matches!(Connection::new(now).handle(now, HEARTBEAT_FRAME), Action::Close(close::BAD_STATE, _)));
    assert!(matches!(live(now).handle(now, IDENTIFY), Action::Close(close::BAD_STATE, _)));
    assert_eq!(live(now).handle(now, HEARTBEAT_FRAME), Action::Acknowledge);
}

#[test]
fn a_version_that_does_not_fit_is_named() {
    let now = Instant::now();
    let old = IDENTIFY.replace("\"version\":1", "\"version\":0");
    assert!(matches!(Connection::new(now).handle(now, &old), Action::Close(close::VERSION, reason) if reason.contains("update the app")));
    let new = IDENTIFY.replace("\"version\":1", "\"version\":2");
    assert!(matches!(Connection::new(now).handle(now, &new), Action::Close(close::VERSION, reason) if reason.contains("The server is older")));
}

#[test]
fn after_an_invalid_session_the_client_may_identify_on_the_same_connection() {
    let now = Instant::now();
    let mut connection = Connection::new(now);
    let resume = r#"{"op":"resume","d":{"token":"t","session":"x","s":4}}"#;
    assert!(matches!(connection.handle(now, resume), Action::Resume(Resume { s: 4, .. })));
    connection.answered(now, false);
    assert!(matches!(connection.handle(now, IDENTIFY), Action::Identify(_)));
}

#[test]
fn a_flood_is_cut_off_and_a_steady_client_is_not() {
    let mut now = Instant::now();
    let mut connection = live(now);
    let allowed = (0..1000).take_while(|_| connection.handle(now, HEARTBEAT_FRAME) == Action::Acknowledge).count();
    assert_eq!(allowed, 59, "60 at once, identify among them");

    let mut connection = live(now);
    for _ in 0..1000 {
        now += PER_FRAME;
        assert_eq!(connection.handle(now, HEARTBEAT_FRAME), Action::Acknowledge);
    }
}

#[test]
fn silence_ends_a_connection_and_a_heartbeat_keeps_it() {
    let now = Instant::now();
    let mut connection = live(now);
    assert_eq!(connection.deadline(), now + SILENCE);
    connection.handle(now + HEARTBEAT, HEARTBEAT_FRAME);
    assert_eq!(connection.deadline(), now + HEARTBEAT + SILENCE);
    assert_eq!(connection.expired().0, close::TIMED_OUT);
}

#[test]
fn what_is_no_frame_closes_the_connection() {
    let now = Instant::now();
    let deep = "[".repeat(10_000);
    for text in ["", "{}", "null", r#"{"op":"fly"}"#, r#"{"op":"identify"}"#, r#"{"op":"identify","d":{"token":1,"version":1}}"#, &deep] {
        assert!(matches!(Connection::new(now).handle(now, text), Action::Close(close::BAD_FRAME, _)), "{text:.40}");
    }
}

#[test]
fn what_takes_the_media_server_time_has_an_allowance_of_its_own() {
    let mut now = Instant::now();
    let join = r#"{"op":"voice_join","d":{"channel_id":"7","self_mute":false,"self_deaf":false}}"#;
    let frames = [(join, 5), (r#"{"op":"voice_publish","d":{"kind":"screen"}}"#, 8), (r#"{"op":"voice_restart"}"#, 3)];
    for (frame, most) in frames {
        let mut connection = live(now);
        let allowed = (0..50).take_while(|_| matches!(connection.handle(now, frame), Action::Voice(_))).count();
        assert_eq!(allowed, most, "{frame} at once");
        assert!(matches!(connection.handle(now, frame), Action::Close(close::RATE_LIMITED, _)));
    }
    let mut connection = live(now);
    for _ in 0..100 {
        now += Duration::from_secs(2);
        frames.iter().for_each(|(frame, _)| assert!(matches!(connection.handle(now, frame), Action::Voice(_)), "{frame}"));
    }
}
