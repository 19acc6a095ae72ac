use crate::{client::Kind, stage::*};
use snug_server::sfu::Dropped;
use std::{net::UdpSocket, time::Duration};

#[test]
fn who_has_another_certificate_than_said_gets_nothing() {
    let mut stage = Stage::with(1);
    stage.join(2, Kind::WrongFingerprint);
    stage.clients.values_mut().for_each(|client| client.level = Some(-20));
    stage.until("2 goes", |stage| stage.clients[&2].gone.is_some());
    assert_eq!((stage.got(1, 2), stage.got(2, 1)), (0, 0));
    assert_eq!(stage.clients[&1].gone, None);
}

#[test]
fn what_comes_from_an_address_that_has_proved_nothing_is_dropped() {
    let mut stage = Stage::with(2);
    stage.client(1).level = Some(-20);
    stage.until("1 is heard", |stage| stage.got(2, 1) > 5);
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    stranger.set_nonblocking(true).unwrap();
    let server = stage.media_address();
    let before = stage.sfu.counters().dropped(Dropped::Stranger);
    // RTP, RTCP, DTLS, and a STUN request that names nobody.
    let mut stun = vec![0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42];
    stun.resize(20, 0);
    stun.extend([0, 6, 0, 3, b'a', b':', b'b', 0]);
    let rtp: Vec<u8> = [&[0x80, 111, 0, 1][..], &[0; 60]].concat();
    for datagram in [rtp, vec![0x80, 200, 0, 1, 0, 0, 0, 0], vec![22, 254, 253, 0, 0], stun] {
        stranger.send_to(&datagram, server).unwrap();
    }
    stage.until("all are dropped", |stage| stage.sfu.counters().dropped(Dropped::Stranger) >= before + 4);
    assert!(stranger.recv(&mut [0; 2000]).is_err(), "a stranger is answered");
    assert_eq!(stage.clients.values().filter(|client| client.gone.is_some()).count(), 0);
}

#[test]
fn garbage_in_somebodys_name_does_no_harm() {
    let mut stage = Stage::with(2);
    stage.client(1).level = Some(-20);
    stage.until("1 is heard", |stage| stage.got(2, 1) > 5);
    // From the address of 2: what is not encrypted with its keys is nothing.
    let server = stage.media_address();
    for n in 0..=255_u8 {
        stage.client(2).send_raw(&[n; 40], server);
    }
    stage.forget_what_was_got();
    stage.run(Duration::from_millis(100));
    stage.until("1 is still heard", |stage| stage.got(2, 1) > 10);
}
