use crate::{client::Kind, stage::*};
use snug_protocol::voice::{MediaPath, TrackKind, TrackRef};
use snug_server::sfu::{Command, Event, PeerId};
use std::time::Duration;

fn everybody_is_heard_by_all_others(people: u64) {
    let mut stage = Stage::with(people);
    stage.clients.values_mut().for_each(|client| client.level = Some(-20));
    stage.until("everybody is heard by all others", |stage| (1..=people).all(|a| (1..=people).all(|b| a == b || stage.got(a, b) >= 25)));
    assert_eq!(stage.speaking, (1..=people).map(user).collect::<Vec<_>>());
    for n in 1..=people {
        assert_eq!(stage.got(n, n), 0, "{n} hears themselves");
        let lines: Vec<_> = stage.clients[&n].lines.values().collect();
        assert_eq!(lines.len() as u64, people - 1);
        for line in lines {
            let (first, last) = (line.numbers.first().unwrap(), line.numbers.last().unwrap());
            assert_eq!(last - first + 1, line.numbers.len() as u64, "a packet is missing, on a machine that loses none");
        }
    }
}

#[test]
fn two_hear_each_other() {
    everybody_is_heard_by_all_others(2);
}

#[test]
fn five_hear_each_other_and_nobody_hears_themselves() {
    everybody_is_heard_by_all_others(5);
}

#[test]
fn red_is_passed_on_to_those_who_take_it_and_unpacked_for_those_who_do_not() {
    let mut stage = Stage::new();
    stage.join(1, Kind::Usual);
    stage.join(2, Kind::Usual);
    stage.join(3, Kind::Plain);
    stage.connect();
    stage.client(1).level = Some(-20);
    stage.until("both hear it", |stage| stage.got(2, 1) > 3 && stage.got(3, 1) > 3);
    assert_eq!(stage.clients[&2].lines.values().next().unwrap().last_payload, [0xef, 15, 0, 2, 111, 7, 1, 7, 1]);
    assert_eq!(stage.clients[&3].lines.values().next().unwrap().last_payload, [7, 1]);
    stage.client(3).level = Some(-20);
    stage.until("who sends no RED is heard too", |stage| stage.got(2, 3) > 3);
}

#[test]
fn silence_is_not_passed_on() {
    let mut stage = Stage::with(2);
    stage.client(1).level = Some(-20);
    stage.until("1 is heard", |stage| stage.got(2, 1) > 5);
    stage.client(1).level = Some(-127);
    stage.until("nobody speaks", |stage| stage.speaking.is_empty());
    stage.forget_what_was_got();
    stage.run(Duration::from_millis(200));
    assert_eq!(stage.got(2, 1), 0);
    stage.client(1).level = Some(-30);
    stage.until("1 is heard again", |stage| stage.got(2, 1) > 5);
    let line = stage.clients[&2].lines.values().next().unwrap();
    assert_eq!(line.numbers.last().unwrap() - line.numbers.first().unwrap() + 1, line.numbers.len() as u64);
    assert!(line.times.is_sorted());
}

#[test]
fn seventeen_talkers_share_sixteen_slots_and_the_one_who_listens_hears_them_all_in_turn() {
    const TALKERS: u64 = 17;
    let mut stage = Stage::with(TALKERS + 1);
    let listener = TALKERS + 1;
    for n in 1..=TALKERS {
        stage.client(n).level = Some(-30);
        stage.until("they are heard", |stage| stage.got(listener, n) > 5);
        stage.client(n).level = None;
    }
    assert!(stage.clients[&listener].tracks.len() < 16, "hardly two have spoken at once");
    (1..=TALKERS).for_each(|n| stage.client(n).level = Some(-30));
    stage.until("there is a slot for all but one", |stage| stage.clients[&listener].tracks.len() == 16);
    stage.forget_what_was_got();
    stage.until("sixteen are heard", |stage| stage.clients[&listener].got.values().filter(|count| **count > 20).count() == 16);
    for line in stage.clients[&listener].lines.values() {
        let (first, last) = (line.numbers.first().unwrap(), line.numbers.last().unwrap());
        assert_eq!(last - first + 1, line.numbers.len() as u64, "a change of speaker leaves a gap");
        assert!(line.times.is_sorted(), "time goes back");
    }
}

#[test]
fn a_screen_is_shown_to_those_who_watch() {
    let mut stage = Stage::with(3);
    stage.sfu.send(Command::Watch(PeerId(2), TrackRef { user_id: user(1), kind: TrackKind::Screen }));
    stage.sfu.send(Command::Publish(PeerId(1), TrackKind::Screen));
    stage.client(1).shows = true;
    stage.until("2 sees it", |stage| stage.got(2, 1) > 5);
    assert_eq!(stage.got(3, 1), 0, "3 does not watch");
    assert!(stage.clients[&1].events.contains(&Event::Shares(PeerId(1), vec![TrackKind::Screen])));
    stage.until("1 is asked for a whole picture", |stage| stage.clients[&1].keyframes_asked > 0);
    stage.run(Duration::from_millis(500));
    let before = stage.clients[&1].keyframes_asked;
    stage.client(2).ask_keyframes();
    stage.until("the viewer's wish arrives", |stage| stage.clients[&1].keyframes_asked > before);
    stage.sfu.send(Command::Unwatch(PeerId(2), TrackRef { user_id: user(1), kind: TrackKind::Screen }));
    stage.until("the m-line is free", |stage| {
        stage.clients[&2].tracks.iter().all(|track| track.track.is_none_or(|track| track.kind == TrackKind::Microphone))
    });
}

#[test]
fn media_comes_over_tcp_where_there_is_no_udp() {
    let mut stage = Stage::new();
    let server = stage.media_address();
    stage.join(1, Kind::Tcp(server));
    stage.join(2, Kind::Usual);
    stage.connect();
    stage.clients.values_mut().for_each(|client| client.level = Some(-20));
    stage.until("they hear each other", |stage| stage.got(1, 2) > 20 && stage.got(2, 1) > 20);
    stage.sfu.send(Command::Stats(PeerId(2), true));
    stage.until("the figures say so", |stage| {
        stage.clients[&2].events.iter().any(|event| match event {
            Event::Stats(_, stats) => stats[0].path == MediaPath::Tcp && stats[1].path == MediaPath::Udp && stats[0].up_bps > 1000,
            _ => false,
        })
    });
}
