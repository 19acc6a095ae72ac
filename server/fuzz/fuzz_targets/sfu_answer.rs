//! Answers of any kind to the server's offers: either the text as it is, or, after a first byte below 128, what a
//! client answers, with the rest of the input put over or into it at some place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use snug_server::sfu::{
    Command, Event,
    fuzz::{Harness, PEER},
};
use std::{
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};
use str0m::{Rtc, change::SdpOffer};

fuzz_target!(|input: &[u8]| {
    let mut harness = Harness::new(Instant::now());
    let mut client = Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, true).build(harness.now());
    for input in input.split(|byte| *byte == 0) {
        let offers: Vec<_> = harness.events();
        for event in offers {
            let Event::Offer { peer, negotiation, sdp, takes, .. } = event else { continue };
            if peer != PEER {
                continue;
            }
            assert!(!takes.is_empty() && !sdp.contains("a=inactive"));
            let answer = client.sdp_api().accept_offer(SdpOffer::from_sdp_string(&sdp).expect("offers are SDP"));
            let answer = answer.map(|answer| answer.to_sdp_string()).unwrap_or_default();
            let text = match input {
                [at, over, text @ ..] if *at < 128 => {
                    let mut bytes = answer.into_bytes();
                    let at = bytes.len() * usize::from(*at) / 128;
                    let to = (at + usize::from(*over)).min(bytes.len());
                    bytes.splice(at..to, text.iter().copied());
                    bytes
                }
                text => text.to_vec(),
            };
            harness.command(Command::Answer { peer, negotiation, sdp: String::from_utf8_lossy(&text).into_owned() });
        }
        harness.pass(Duration::from_millis(20));
    }
    assert_eq!(harness.counters().panics.load(Relaxed), 0, "an answer makes the server panic");
});
