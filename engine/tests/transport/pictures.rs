use crate::{
    stage::{Peer, Stage},
    with_each_stack,
};
use snug_engine::transport::{Codec, Stack};
use snug_protocol::{
    UserId,
    voice::{TrackKind::Screen, TrackRef},
};
use snug_server::sfu::Command;
use std::time::{Duration, Instant};

with_each_stack! {
    a_shown_screen_is_seen_and_a_whole_picture_can_be_asked_for
    a_screen_is_shown_again_on_its_old_line
}

/// One that stands for itself: an IDR (RFC 6184).
const IDR: [u8; 4] = [0x65, 0x88, 0x84, 0x00];

fn takes_screen(peer: &Peer) -> bool {
    peer.takes.iter().any(|take| take.kind == Screen)
}

/// The first shows a screen, and the second looks at it.
fn shown(stack: Stack) -> Stage {
    let mut stage = Stage::with(&[stack, stack]);
    let (shows, looks) = (stage.peers[0].id, stage.peers[1].id);
    stage.tell(Command::Publish(shows, Screen));
    stage.wait("a line for the screen is offered", |stage| takes_screen(&stage.peers[0]));
    stage.tell(Command::Watch(looks, TrackRef { user_id: UserId::new(shows.0.cast_signed()).unwrap(), kind: Screen }));
    stage.wait("the screen is seen", |stage| {
        stage.peers[0].send(Screen, Codec::H264, None, IDR.to_vec()).unwrap();
        stage.pass(Duration::from_millis(33));
        !stage.peers[1].heard_of(shows, Screen).is_empty()
    });
    stage
}

fn a_shown_screen_is_seen_and_a_whole_picture_can_be_asked_for(stack: Stack) {
    let mut stage = shown(stack);
    let shows = stage.peers[0].id;
    let (packet, line) = {
        let packet = stage.peers[1].heard_of(shows, Screen)[0];
        ((packet.codec, packet.payload.to_vec()), packet.mid.clone())
    };
    assert_eq!(packet, (Codec::H264, IDR.to_vec()));
    // Whoever begins to look gets one without asking.
    stage.pass(Duration::from_millis(600));
    stage.peers[0].keyframes_wanted.clear();
    stage.peers[1].transport.want_keyframe(Instant::now(), &line);
    let own = stage.peers[0].line(Screen);
    stage.wait("a whole picture is asked for", |stage| stage.peers[0].keyframes_wanted.contains(&own));
}

fn a_screen_is_shown_again_on_its_old_line(stack: Stack) {
    let mut stage = shown(stack);
    let shows = stage.peers[0].id;
    let (line, offers) = (stage.peers[0].line(Screen), stage.peers[0].offers.len());
    stage.tell(Command::Unpublish(shows, Screen));
    stage.pass(Duration::from_millis(200));
    stage.tell(Command::Publish(shows, Screen));
    stage.wait("it is offered again", |stage| stage.peers[0].offers.len() > offers && takes_screen(&stage.peers[0]));
    assert_eq!(stage.peers[0].line(Screen), line);
    let before = stage.peers[1].packets.len();
    stage.wait("the screen is seen again", |stage| {
        stage.peers[0].send(Screen, Codec::H264, None, IDR.to_vec()).unwrap();
        stage.pass(Duration::from_millis(33));
        stage.peers[1].packets.len() > before
    });
}
