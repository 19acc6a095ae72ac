//! Datagrams of any kind, from anywhere, into a worker with one connected peer. The input is a row of pieces: a byte
//! that says whence and how, a byte of length, and the datagram.

#![no_main]

use libfuzzer_sys::fuzz_target;
use snug_server::sfu::{
    Command, Dropped, Event,
    fuzz::{Harness, PEER},
};
use std::{
    net::SocketAddr,
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};
use str0m::{
    Candidate, Input, Output, Rtc,
    change::SdpOffer,
    net::{Protocol, Receive},
};

/// A client that has been through ICE and DTLS with the worker.
fn connected(harness: &mut Harness, home: SocketAddr) -> Rtc {
    let mut config = Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, true);
    config.codec_config().add_h264(108.into(), Some(109.into()), true, 0x42_e0_1f);
    let mut client = config.build(harness.now());
    client.add_local_candidate(Candidate::host(home, Protocol::Udp).expect("it is an address"));
    for _ in 0..500 {
        for event in harness.events() {
            if let Event::Offer { peer, negotiation, sdp, .. } = event
                && peer == PEER
            {
                let offer = SdpOffer::from_sdp_string(&sdp).expect("offers are SDP");
                let sdp = client.sdp_api().accept_offer(offer).expect("offers make sense").to_sdp_string();
                harness.command(Command::Answer { peer, negotiation, sdp });
            }
        }
        client.handle_input(Input::Timeout(harness.now())).expect("time passes");
        loop {
            match client.poll_output().expect("it works") {
                Output::Timeout(_) => break,
                Output::Transmit(transmit) => harness.datagram(false, home, &transmit.contents),
                Output::Event(_) => {}
            }
        }
        for (to, bytes) in harness.sent() {
            if to == home
                && let Ok(receive) = Receive::new(Protocol::Udp, harness.local, home, &bytes)
            {
                client.handle_input(Input::Receive(harness.now(), receive)).expect("the server sends what makes sense");
            }
        }
        if client.is_connected() {
            return client;
        }
        harness.pass(Duration::from_millis(5));
    }
    panic!("the client does not get through");
}

fuzz_target!(|input: &[u8]| {
    let home = SocketAddr::from(([127, 0, 0, 1], 1000));
    let mut harness = Harness::new(Instant::now());
    let _client = connected(&mut harness, home);
    let mut rest = input;
    while let [how, length, more @ ..] = rest {
        let (bytes, after) = more.split_at(usize::from(*length).min(more.len()));
        rest = after;
        let source = if how & 1 == 0 { home } else { SocketAddr::from(([10, 0, 0, *how], 9)) };
        harness.datagram(how & 2 != 0, source, bytes);
        harness.pass(Duration::from_millis(u64::from(how >> 4)));
        assert!(harness.sent().iter().all(|(to, _)| *to == home), "a stranger is sent something");
    }
    assert_eq!(harness.counters().panics.load(Relaxed), 0, "the peer's work panicked");
    assert_eq!(harness.counters().forwarded.load(Relaxed), 0, "something without a key is passed on");
    // Nothing here is encrypted with the keys of the client, so nothing can end it either.
    assert!(harness.events().iter().all(|event| !matches!(event, Event::Gone(peer, _) if *peer == PEER)));
    let _ = harness.counters().dropped(Dropped::Stranger);
});
