use crate::{
    stage::{Stage, frames, payloads},
    with_each_stack,
};
use snug_engine::transport::{Candidate, Codec, End, Link, Stack};
use snug_protocol::voice::TrackKind::Microphone;
use snug_server::sfu::Command;
use std::time::Duration;

/// Loud and silent, by RFC 6464.
const LOUD: u8 = 10;
const SILENT: u8 = 127;

with_each_stack! {
    what_one_says_arrives_at_the_other_as_it_was
    a_silent_voice_is_known_by_its_level
    what_is_carried_along_was_said_before
    three_hear_each_other_and_not_themselves
    who_comes_later_is_heard_too
    talk_goes_on_through_an_ice_restart
    what_went_through_is_counted
    the_way_is_told_by_its_kind
}

fn what_one_says_arrives_at_the_other_as_it_was(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    let said = payloads(20);
    stage.speak(0, Codec::Opus, LOUD, &said);
    let speaker = stage.peers[0].id;
    stage.wait("all has arrived", |stage| stage.peers[1].heard_of(speaker, Microphone).len() == said.len());
    let heard = stage.peers[1].heard_of(speaker, Microphone);
    for ((before, packet), payload) in heard.iter().zip(&heard[1..]).zip(&said[1..]) {
        assert_eq!(frames(packet).0, *payload);
        assert_eq!(packet.sequence.wrapping_sub(before.sequence), 1);
        assert_eq!(packet.timestamp.wrapping_sub(before.timestamp), 960);
        assert!(packet.at >= before.at);
    }
    assert!(stage.peers[0].packets.is_empty(), "nobody hears themselves");
}

fn a_silent_voice_is_known_by_its_level(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    // The server passes on what is silent for 200 ms, so that words end.
    stage.speak(0, Codec::Opus, SILENT, &payloads(20));
    let before = stage.peers[1].packets.len();
    stage.speak(0, Codec::Opus, SILENT, &payloads(20));
    assert_eq!(stage.peers[1].packets.len(), before);
    stage.speak(0, Codec::Opus, LOUD, &payloads(5));
    stage.wait("the loud ones have arrived", |stage| stage.peers[1].packets.len() >= before + 5);
}

fn what_is_carried_along_was_said_before(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    // A block of before, by its header (RFC 2198), and the newest.
    let said = payloads(10);
    let red = said.windows(2).map(|two| [&[0x80 | 111, 0x0f, 0x00, 0x05, 111][..], &two[0], &two[1]].concat()).collect::<Vec<_>>();
    stage.speak(0, Codec::Red, LOUD, &red);
    let speaker = stage.peers[0].id;
    stage.wait("all has arrived", |stage| stage.peers[1].heard_of(speaker, Microphone).len() == red.len());
    let heard = stage.peers[1].heard_of(speaker, Microphone);
    let first = heard[0].timestamp;
    let mut carried = 0;
    for (packet, payload) in heard.iter().zip(&said[1..]) {
        let (primary, copies) = frames(packet);
        assert_eq!(primary, *payload);
        for (timestamp, copy) in copies {
            let back = packet.timestamp.wrapping_sub(timestamp) / 960;
            let number = packet.timestamp.wrapping_sub(first) / 960 + 1 - back;
            assert_eq!(copy, said[number as usize], "{back} frames back");
            carried += 1;
        }
    }
    // That something is lost is known only when it is too late, so one goes along from the beginning.
    assert!(carried >= heard.len() - 1, "{carried} of {}", heard.len());
}

fn three_hear_each_other_and_not_themselves(stack: Stack) {
    // Those of another stack are no others.
    let mut stage = Stage::with(&[stack, Stack::Str0m, Stack::WebRtc]);
    for _ in 0..20 {
        for speaker in 0..3 {
            stage.peers[speaker].send(Microphone, Codec::Opus, Some(LOUD), vec![0x78, speaker as u8]).unwrap();
        }
        stage.pass(Duration::from_millis(20));
    }
    let ids: Vec<_> = stage.peers.iter().map(|peer| peer.id).collect();
    for (listener, peer) in stage.peers.iter().enumerate() {
        for (speaker, id) in ids.iter().enumerate() {
            let heard = peer.heard_of(*id, Microphone);
            if speaker == listener {
                assert!(heard.is_empty());
            } else {
                assert!(heard.len() >= 15, "{listener} hears {} of {speaker}", heard.len());
                let own = |frame: &[u8]| frame[1] == speaker as u8;
                let unmixed = |packet: &&snug_engine::transport::Incoming| {
                    let (primary, copies) = frames(packet);
                    own(&primary) && copies.iter().all(|(_, copy)| own(copy))
                };
                assert!(heard.iter().all(unmixed), "lines are mixed up");
            }
        }
    }
}

fn who_comes_later_is_heard_too(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    stage.speak(0, Codec::Opus, LOUD, &payloads(10));
    let before = stage.peers[1].packets.len();
    assert!(before > 0);
    stage.join(stack);
    // The new line comes by another offer, on the same connection; what was there goes on meanwhile.
    stage.wait("there is a line more", |stage| stage.peers[1].offers.len() > 1 && stage.peers[2].link == Some(Link::Up));
    stage.wait("the first is heard by both", |stage| {
        stage.speak(0, Codec::Opus, LOUD, &payloads(1));
        stage.speak(2, Codec::Opus, LOUD, &payloads(1));
        let (first, third) = (stage.peers[0].id, stage.peers[2].id);
        stage.peers[1].heard_of(first, Microphone).len() > before + 5
            && stage.peers[2].heard_of(first, Microphone).len() > 5
            && stage.peers[1].heard_of(third, Microphone).len() > 5
    });
    stage.tell(Command::Leave(stage.peers[2].id));
    let before = stage.peers[1].packets.len();
    stage.wait("talk goes on when they have left", |stage| {
        stage.speak(0, Codec::Opus, LOUD, &payloads(1));
        stage.peers[1].packets.len() > before + 5
    });
}

fn talk_goes_on_through_an_ice_restart(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    let ufrag = |sdp: &str| sdp.lines().find(|line| line.starts_with("a=ice-ufrag")).map(str::to_owned);
    let offers = stage.peers[1].offers.len();
    let first = ufrag(&stage.peers[1].offers[0]);
    stage.tell(Command::Restart(stage.peers[1].id));
    stage.wait("a restart is offered", |stage| stage.peers[1].offers.len() > offers);
    assert_ne!(ufrag(stage.peers[1].offers.last().unwrap()), first);
    let said = payloads(100);
    stage.speak(0, Codec::Opus, LOUD, &said);
    let heard = stage.peers[1].packets.len();
    // webrtc-rs is away for up to 400 ms.
    assert!(heard >= said.len() - 25, "{heard} of {} arrived", said.len());
    assert_eq!(stage.peers[1].link, Some(Link::Up));
    stage.peers[0].packets.clear();
    stage.speak(1, Codec::Opus, LOUD, &payloads(20));
    assert!(stage.peers[0].packets.len() >= 18, "and back");
}

fn what_went_through_is_counted(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    // Reports come every few seconds.
    stage.wait("the server's report has come", |stage| {
        stage.speak(0, Codec::Opus, LOUD, &payloads(10));
        stage.peers[0].loss.is_some() && stage.peers[0].transport.traffic().round_trip.is_some()
    });
    let packets = stage.peers[1].packets.len() as u64;
    stage.pass(Duration::from_millis(1_200));
    assert!(stage.peers[0].loss.unwrap() < 0.1);
    let (sent, received) = (stage.peers[0].transport.traffic(), stage.peers[1].transport.traffic());
    // 12 bytes of RTP and 16 of its cipher, at least.
    assert!(sent.sent >= packets * 33 && received.received >= packets * 33, "{sent:?} {received:?} {packets}");
    assert!(sent.round_trip.unwrap() < Duration::from_millis(200));
}

fn the_way_is_told_by_its_kind(stack: Stack) {
    let mut stage = Stage::with(&[stack]);
    stage.wait("the way is known", |stage| stage.peers[0].transport.path().is_some());
    let path = stage.peers[0].transport.path().unwrap();
    // The server of the test is on this machine.
    let here = End::new(Candidate::Host, [127, 0, 0, 1].into());
    assert_eq!((path.local, path.remote), (here, here));
}
