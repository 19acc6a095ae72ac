use crate::{
    stage::{Stage, payloads},
    with_each_stack,
};
use snug_engine::transport::{Codec, Link, Outgoing, Stack, TransportError};
use snug_protocol::voice::TrackKind::Microphone;
use snug_server::sfu::Command;
use std::time::{Duration, Instant};

with_each_stack! {
    an_offer_that_makes_no_sense_is_refused_and_harms_nothing
    an_offer_of_a_server_that_started_anew_needs_a_new_connection
    nothing_is_sent_on_a_line_that_is_none
    a_server_that_is_away_breaks_the_link
    who_is_put_out_learns_it
    what_is_closed_stays_closed_and_the_server_learns_it
}

fn refusal(error: TransportError) -> String {
    match error {
        TransportError::Offer { reason } => reason,
        TransportError::Line { .. } | TransportError::Network(_) | TransportError::Closed => panic!("not refused: {error}"),
    }
}

fn still_works(stage: &mut Stage) {
    let before = stage.peers[1].packets.len();
    stage.speak(0, Codec::Opus, 10, &payloads(10));
    stage.wait("talk goes on", |stage| stage.peers[1].packets.len() >= before + 10);
}

fn an_offer_that_makes_no_sense_is_refused_and_harms_nothing(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    let offer = stage.peers[0].offers.last().unwrap().clone();
    let lines: Vec<&str> = offer.split("m=").collect();
    let wrong = ["".to_owned(), "v=0".to_owned(), "<html>".to_owned(), lines[0].to_owned(), format!("{}m={}", lines[0], lines[2..].join("m="))];
    for wrong in wrong {
        let error = stage.peers[0].transport.answer(Instant::now(), &wrong, &[]).unwrap_err();
        assert!(!refusal(error).is_empty());
    }
    still_works(&mut stage);
    let mut fresh = stack.network().unwrap().connect().unwrap();
    assert!(!refusal(fresh.answer(Instant::now(), "<html>", &[]).unwrap_err()).is_empty());
}

fn an_offer_of_a_server_that_started_anew_needs_a_new_connection(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    let mut other = Stage::empty();
    other.join(stack);
    other.wait("it has an offer", |stage| !stage.peers[0].offers.is_empty());
    let error = stage.peers[0].transport.answer(Instant::now(), &other.peers[0].offers[0], &[]).unwrap_err();
    refusal(error);
    still_works(&mut stage);
}

fn nothing_is_sent_on_a_line_that_is_none(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    let packet = |mid: &str, codec| Outgoing { mid: mid.into(), codec, sequence: 0, timestamp: 0, marker: false, level: None, payload: vec![0x78] };
    let line = stage.peers[0].line(Microphone);
    let theirs = stage.peers[0].tracks[0].mid.clone();
    for wrong in [packet("none", Codec::Opus), packet(&theirs, Codec::Opus), packet(&line, Codec::H264)] {
        let error = stage.peers[0].transport.send(Instant::now(), wrong.clone()).unwrap_err();
        assert!(matches!(error, TransportError::Line { .. }), "{wrong:?}: {error}");
    }
    still_works(&mut stage);
}

fn a_server_that_is_away_breaks_the_link(stack: Stack) {
    let mut stage = Stage::with(&[stack]);
    stage.sfu = None;
    stage.wait("the link is broken", |stage| matches!(stage.peers[0].link, Some(Link::Broken | Link::Closed)));
}

fn who_is_put_out_learns_it(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    stage.tell(Command::Leave(stage.peers[0].id));
    stage.wait("the link is over", |stage| matches!(stage.peers[0].link, Some(Link::Broken | Link::Closed)));
}

fn what_is_closed_stays_closed_and_the_server_learns_it(stack: Stack) {
    let mut stage = Stage::with(&[stack, stack]);
    stage.peers[0].transport.close();
    let offer = stage.peers[0].offers[0].clone();
    assert!(matches!(stage.peers[0].transport.answer(Instant::now(), &offer, &[]), Err(TransportError::Closed)));
    assert!(matches!(stage.peers[0].send(Microphone, Codec::Opus, None, vec![0x78]), Err(TransportError::Closed)));
    let begun = Instant::now();
    stage.wait("the server knows", |stage| stage.peers[0].gone.is_some());
    assert!(begun.elapsed() < Duration::from_secs(2), "it was told, and had not to find out");
    stage.peers[0].transport.close();
}
