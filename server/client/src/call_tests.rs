use super::*;
use snug_protocol::voice::VoiceEnded;

const NOBODY: VoiceSelf = VoiceSelf { self_mute: false, self_deaf: false };

fn channel(id: i64) -> ChannelId {
    ChannelId::new(id).unwrap()
}

fn offer(connection: u64, negotiation: u32) -> Event {
    Event::VoiceOffer(VoiceOffer { channel_id: channel(7), connection, negotiation, sdp: String::new(), takes: Vec::new(), tracks: Vec::new() })
}

fn ended(reason: VoiceGone) -> Event {
    Event::VoiceEnded(VoiceEnded { channel_id: channel(7), reason })
}

fn answer(connection: u64) -> Input {
    Input::Answered(VoiceAnswer { connection, negotiation: 1, sdp: String::new() })
}

fn out(call: &mut Call) -> String {
    let mut names = Vec::new();
    while let Some(output) = call.poll() {
        names.push(match output {
            Output::Send(ClientFrame::VoiceJoin(_)) => "join",
            Output::Send(ClientFrame::VoiceAnswer(_)) => "answer",
            Output::Send(ClientFrame::VoiceRestart) => "restart",
            Output::Send(ClientFrame::VoiceSelf(_)) => "self",
            Output::Send(ClientFrame::VoiceLeave) => "leave",
            Output::Send(_) => "frame",
            Output::Answer(_) => "offer",
            Output::End(_) => "end",
        });
    }
    names.join(" ")
}

fn connected(now: Instant) -> Call {
    let mut call = Call::new(channel(7), NOBODY);
    call.handle(now, Input::Ready);
    call.dispatch(now, &offer(1, 1));
    call.handle(now, answer(1));
    call.handle(now, Input::Media(Media::Up));
    assert_eq!(out(&mut call), "join offer answer");
    assert_eq!(call.deadline(), None);
    call
}

#[test]
fn after_a_restart_of_the_server_it_joins_anew() {
    let now = Instant::now();
    let mut call = connected(now);
    call.handle(now, Input::Lost);
    call.handle(now, Input::Media(Media::Broken));
    assert_eq!(out(&mut call), "");
    call.handle(now, Input::Ready);
    call.dispatch(now, &offer(2, 1));
    assert_eq!(out(&mut call), "join offer");
}

#[test]
fn a_call_goes_on_while_the_gateway_is_away() {
    let now = Instant::now();
    let mut call = connected(now);
    call.handle(now, Input::Lost);
    assert_eq!(call.deadline(), None);
    call.handle(now, Input::Resumed);
    assert_eq!(out(&mut call), "answer self");
}

#[test]
fn a_broken_way_is_restarted_and_then_begun_anew() {
    let now = Instant::now();
    let mut call = connected(now);
    call.handle(now, Input::Media(Media::Broken));
    assert_eq!(out(&mut call), "restart");
    call.handle(call.deadline().unwrap(), Input::Time);
    assert_eq!(out(&mut call), "join");
}

#[test]
fn a_call_that_fails_is_tried_a_few_times() {
    let mut now = Instant::now();
    let mut call = connected(now);
    call.dispatch(now, &ended(VoiceGone::Failed));
    for _ in 0..100 {
        let Some(deadline) = call.deadline() else {
            break;
        };
        now = deadline;
        call.handle(now, Input::Time);
    }
    assert!(out(&mut call).ends_with("join join leave end"));
}

#[test]
fn who_is_moved_follows_the_offer_and_who_is_put_out_is_out() {
    let now = Instant::now();
    let mut call = connected(now);
    call.dispatch(now, &ended(VoiceGone::Moved));
    call.dispatch(now, &offer(2, 1));
    assert_eq!(out(&mut call), "offer");
    call.dispatch(now, &ended(VoiceGone::Disconnected));
    assert_eq!(out(&mut call), "end");
    call.dispatch(now, &offer(3, 1));
    call.handle(now, Input::Ready);
    assert_eq!(out(&mut call), "");
}

#[test]
fn offers_of_connections_that_are_over_are_left_alone() {
    let now = Instant::now();
    let mut call = connected(now);
    call.dispatch(now, &offer(9, 4));
    assert_eq!(out(&mut call), "");
    call.dispatch(now, &offer(1, 2));
    assert_eq!(out(&mut call), "offer");
}
