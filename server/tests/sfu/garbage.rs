//! What the fuzz targets do for long, for a moment.

use proptest::prelude::*;
use snug_server::sfu::{
    Command, Event,
    fuzz::{Harness, PEER},
};
use std::{
    net::SocketAddr,
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};
use str0m::{Rtc, change::SdpOffer};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_with_anything_in_it_makes_nothing_panic(
        edits in prop::collection::vec((0.0..1.0_f64, 0..200_usize, prop_oneof!["[ -~]{0,40}", "(a=|m=|c=|\r\n|audio|video|111|63|0|inactive|sendonly|passive| ){0,12}"]), 1..6),
    ) {
        let mut harness = Harness::new(Instant::now());
        let mut client = Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, true).build(harness.now());
        for (at, over, text) in edits {
            for event in harness.events() {
                let Event::Offer { peer: PEER, negotiation, sdp, .. } = event else { continue };
                let answer = client.sdp_api().accept_offer(SdpOffer::from_sdp_string(&sdp).unwrap()).unwrap().to_sdp_string();
                let start = (answer.len() as f64 * at) as usize;
                let end = (start + over).min(answer.len());
                let sdp = [&answer[..start], &text, &answer[end..]].concat();
                harness.command(Command::Answer { peer: PEER, negotiation, sdp });
            }
            harness.pass(Duration::from_millis(20));
        }
        prop_assert_eq!(harness.counters().panics.load(Relaxed), 0);
    }

    #[test]
    fn datagrams_of_any_kind_get_no_answer_and_harm_nobody(datagrams in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..80)), 1..40)) {
        let mut harness = Harness::new(Instant::now());
        let stranger = SocketAddr::from(([10, 0, 0, 1], 9));
        for (tcp, bytes) in datagrams {
            harness.datagram(tcp, stranger, &bytes);
        }
        prop_assert!(harness.sent().is_empty());
        prop_assert!(harness.events().iter().all(|event| !matches!(event, Event::Gone(..))));
        prop_assert_eq!(harness.counters().panics.load(Relaxed), 0);
    }
}
