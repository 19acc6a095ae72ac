use crate::{client::Kind, stage::*};
use snug_protocol::voice::OpusSettings;
use snug_server::sfu::{Command, Event, May, PeerId};
use std::time::{Duration, Instant};

#[test]
fn a_mute_holds_within_a_tenth_of_a_second() {
    let mut stage = Stage::with(3);
    stage.clients.values_mut().for_each(|client| client.level = Some(-20));
    stage.until("all are heard", |stage| stage.got(2, 1) > 5 && stage.got(1, 3) > 5 && stage.got(2, 3) > 5);
    stage.sfu.send(Command::Allow(PeerId(1), May { speak: false, ..ALL }));
    stage.sfu.send(Command::Allow(PeerId(3), May { listen: false, ..ALL }));
    stage.run(Duration::from_millis(100));
    stage.forget_what_was_got();
    stage.until("2 hears 3", |stage| stage.got(2, 3) > 10);
    assert_eq!((stage.got(2, 1), stage.got(3, 1), stage.got(3, 2)), (0, 0, 0));
    let start = Instant::now();
    stage.sfu.send(Command::Allow(PeerId(1), ALL));
    stage.until("1 is heard again", |stage| stage.got(2, 1) > 0);
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn who_leaves_is_not_heard_and_who_comes_is() {
    let mut stage = Stage::with(2);
    stage.clients.values_mut().for_each(|client| client.level = Some(-20));
    stage.until("both are heard", |stage| stage.got(1, 2) > 3);
    stage.sfu.send(Command::Leave(PeerId(2)));
    stage.run(Duration::from_millis(100));
    stage.forget_what_was_got();
    stage.join(3, Kind::Usual);
    stage.client(3).level = Some(-20);
    stage.until("1 hears 3", |stage| stage.got(1, 3) > 5);
    assert_eq!(stage.got(1, 2), 0);
    assert_eq!(stage.clients[&1].tracks.len(), 1, "the m-line of who has left is used again");
}

#[test]
fn who_was_silent_for_long_is_heard_again_on_the_same_stream() {
    let mut stage = Stage::with(2);
    stage.client(1).level = Some(-20);
    stage.until("1 is heard", |stage| stage.got(2, 1) > 5);
    stage.client(1).level = None;
    // The server gives streams up that carry nothing for five seconds.
    stage.run(Duration::from_secs(6));
    let streams = |stage: &Stage| -> Vec<String> {
        let sections = stage.clients[&2].offers.last().unwrap().split("\r\nm=").filter(|section| section.contains("a=sendonly"));
        sections.flat_map(str::lines).filter(|line| line.starts_with("a=ssrc:")).map(str::to_owned).collect()
    };
    let before = streams(&stage);
    stage.client(1).level = Some(-20);
    stage.until("1 is heard again", |stage| stage.got(2, 1) > 15);
    let line = stage.clients[&2].lines.values().next().unwrap();
    assert_eq!(line.numbers.last().unwrap() - line.numbers.first().unwrap() + 1, line.numbers.len() as u64);
    stage.client(1).level = None;
    stage.run(Duration::from_secs(6));
    stage.join(3, Kind::Usual);
    stage.until("2 is offered one more", |stage| streams(stage).len() > before.len());
    assert!(!before.is_empty() && streams(&stage).starts_with(&before), "{before:?} {:?}", streams(&stage));
    stage.client(1).level = Some(-20);
    stage.until("1 is heard by both", |stage| stage.got(2, 1) > 25 && stage.got(3, 1) > 5);
}

#[test]
fn opus_settings_change_without_a_break() {
    let mut stage = Stage::with(2);
    stage.client(1).level = Some(-20);
    stage.until("1 is heard", |stage| stage.got(2, 1) > 5);
    let offers = stage.clients[&1].offers.len();
    stage.sfu.send(Command::Opus(room(), OpusSettings { bitrate: 24_000, dtx: true, fec: false }));
    stage.until("offers say so", |stage| stage.clients[&1].offers.len() > offers);
    let before = stage.got(2, 1);
    stage.until("1 is still heard", |stage| stage.got(2, 1) > before + 20);
    let offer = stage.clients[&1].offers.last().unwrap();
    assert!(offer.contains("a=fmtp:111 minptime=10;maxaveragebitrate=24000;usedtx=1;useinbandfec=0\r\n"), "{offer}");
    assert!(offer.lines().filter(|line| line.starts_with("m=audio")).all(|line| line.ends_with(" 63 111")), "{offer}");
    assert!(!offer.contains("a=inactive"), "{offer}");
    let line = stage.clients[&2].lines.values().next().unwrap();
    assert_eq!(line.numbers.last().unwrap() - line.numbers.first().unwrap() + 1, line.numbers.len() as u64);
}

#[test]
fn talk_goes_on_after_the_network_has_changed() {
    let mut stage = Stage::with(2);
    stage.clients.values_mut().for_each(|client| client.level = Some(-20));
    stage.until("both are heard", |stage| stage.got(1, 2) > 5 && stage.got(2, 1) > 5);
    stage.client(1).move_away();
    stage.forget_what_was_got();
    stage.sfu.send(Command::Restart(PeerId(1)));
    stage.until("both are heard again", |stage| stage.got(1, 2) > 20 && stage.got(2, 1) > 20);
    assert_eq!(stage.clients[&1].gone, None);
}

#[test]
fn who_is_not_heard_is_told() {
    let mut stage = Stage::with(2);
    stage.until("1 is told", |stage| stage.clients[&1].heard == Some(false));
    stage.client(1).level = Some(-90);
    stage.until("1 is told that it works", |stage| stage.clients[&1].heard == Some(true));
}

#[test]
fn a_peer_whose_work_panics_goes_alone() {
    let mut stage = Stage::with(3);
    stage.clients.values_mut().for_each(|client| client.level = Some(-20));
    stage.until("all are heard", |stage| stage.got(1, 3) > 5 && stage.got(3, 2) > 5);
    stage.sfu.make_panic(PeerId(2));
    stage.until("2 goes", |stage| stage.clients[&2].gone.is_some());
    stage.forget_what_was_got();
    stage.until("the others hear each other", |stage| stage.got(1, 3) > 10 && stage.got(3, 1) > 10);
    assert_eq!((stage.clients[&1].gone, stage.clients[&3].gone), (None, None));
    assert_eq!(stage.got(1, 2), 0);
}

#[test]
fn an_offer_that_nobody_answers_ends_it_and_a_stale_answer_does_not_count() {
    let mut stage = Stage::new();
    stage.join(1, Kind::Usual);
    stage.client(1).answers = false;
    stage.until("there is an offer", |stage| !stage.clients[&1].offers.is_empty());
    stage.sfu.send(Command::Answer { peer: PeerId(1), negotiation: 9, sdp: "nonsense".into() });
    stage.until("1 goes", |stage| stage.clients[&1].gone.is_some());
    let gone = stage.clients[&1].events.last();
    assert!(matches!(gone, Some(Event::Gone(_, why)) if why.contains("did not answer")), "{gone:?}");
}

#[test]
fn an_answer_without_sense_ends_it() {
    let mut stage = Stage::new();
    stage.join(1, Kind::Usual);
    stage.client(1).answers = false;
    stage.until("there is an offer", |stage| !stage.clients[&1].offers.is_empty());
    stage.sfu.send(Command::Answer { peer: PeerId(1), negotiation: 1, sdp: "nonsense".into() });
    stage.until("1 goes", |stage| stage.clients[&1].gone.is_some());
}
