//! Messages, and whom they mention: nobody who is not named in the text, and nobody forgotten in plain text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use snug_server::messages::mentions::mentions;

fuzz_target!(|text: &str| {
    let found = mentions(text);
    for user in &found.users {
        assert!(text.contains(&format!("<@{user}>")), "{user:?} is not named");
    }
    for role in &found.roles {
        assert!(text.contains(&format!("<@&{role}>")), "{role:?} is not named");
    }
    assert!(!found.everyone || text.contains("@everyone"));
    assert!(!found.here || text.contains("@here"));
});
