//! Frames from a client, in any order and at any time. A line of the input is a frame: its first byte says how much
//! time has passed since the one before, and how the server answers an `identify`; the rest is the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use snug_protocol::ClientFrame;
use snug_server::gateway::connection::{Action, Connection};
use std::time::{Duration, Instant};

fuzz_target!(|input: &[u8]| {
    let mut now = Instant::now();
    let mut connection = Connection::new(now);
    for line in input.split(|byte| *byte == b'\n') {
        let [first, text @ ..] = line else { continue };
        // A WebSocket's text frame is UTF-8, or it is refused before.
        let Ok(text) = str::from_utf8(text) else { continue };
        now += Duration::from_millis(u64::from(*first) * 20);
        if connection.deadline() <= now {
            connection.expired();
            return;
        }
        let frame = serde_json::from_str::<ClientFrame>(text);
        if let Ok(frame) = &frame {
            let again = serde_json::to_string(frame).expect("a frame can be written");
            assert_eq!(serde_json::from_str::<ClientFrame>(&again).as_ref().ok(), Some(frame), "what is written is read as the same");
        }
        match connection.handle(now, text) {
            Action::Close(code, reason) => {
                // A close frame holds 123 bytes of reason; these codes are ours to use.
                assert!((4000..5000).contains(&code) && reason.len() <= 123);
                return;
            }
            action => {
                assert!(frame.is_ok(), "{action:?} for what is no frame");
                if let Action::Identify(_) | Action::Resume(_) = action {
                    connection.answered(now, first.is_multiple_of(2));
                }
            }
        }
        assert!(connection.deadline() > now);
    }
});
