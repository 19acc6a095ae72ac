//! Voice while connections come and go.

use super::*;
use crate::harness::Resumption;
use snug_protocol::{Permission, gateway::close};

each_database!(
    voice_goes_on_without_the_connection_and_a_resume_tells_what_was_missed,
    a_client_that_lost_its_copy_goes_on_with_its_session_and_its_call,
    whoever_begins_to_see_a_channel_sees_who_is_in_it,
    after_a_restart_nobody_is_in_voice_and_everyone_can_come_back,
    many_joins_at_once_close_the_connection,
);

async fn voice_goes_on_without_the_connection_and_a_resume_tells_what_was_missed(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let ben = scene.join("ben").await;
    let (mut ada, mut bens) = (scene.ada.device().await, ben.device().await);
    join(&mut ada, scene.fireside).await;
    let (peer, _) = media.joined();
    let address = server.address();
    // The old connection is not noticed to be gone: what is sent to it is lost.
    let mut lost = ada.twin(address).await;
    std::mem::swap(&mut ada.socket, &mut lost.socket);
    drop(lost);
    media.offer(peer, 1);
    join(&mut bens, scene.fireside).await;
    let (bens_peer, _) = media.joined();
    media.tell(sfu::Event::Speaking(scene.fireside, vec![ben.id]));
    ada.ask_to_resume().await;
    assert!(matches!(ada.resumed().await, Resumption::Resumed(2..)));
    let late = heard(&mut ada).await;
    assert_eq!(ada.replica.voice.len(), 2, "it goes on");
    // Who speaks is told anew, for it is of no use to tell what was.
    let speaking = Event::VoiceSpeaking(VoiceSpeaking { channel_id: scene.fireside, users: vec![ben.id] });
    assert_eq!(late, [speaking]);
    // The offer was among what was told again: it can be answered.
    say(&mut ada, ClientFrame::VoiceAnswer(VoiceAnswer { connection: peer.0, negotiation: 1, sdp: "answer".into() })).await;
    assert!(matches!(media.only(), Command::Answer { peer: answered, .. } if answered == peer));
    // A connection that is gone is not the end of voice, either.
    drop(bens);
    assert_eq!(server.app().hub.voice_channel(ben.id), Some(scene.fireside));
    media.tell(sfu::Event::Gone(bens_peer, "no media came through"));
    heard(&mut ada).await;
    assert_eq!(ada.replica.voice.len(), 1);
}

async fn a_client_that_lost_its_copy_goes_on_with_its_session_and_its_call(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let address = server.address();
    let ben = scene.join("ben").await;
    let (mut ada, mut bens) = (scene.ada.device().await, ben.device().await);
    assert_eq!(ada.start_again(address).await, None, "there was no call");
    join(&mut ada, scene.fireside).await;
    let (peer, _) = media.joined();
    media.offer(peer, 1);
    heard(&mut ada).await;
    heard(&mut bens).await;
    let mut before = ada.twin(address).await;
    std::mem::swap(&mut ada.socket, &mut before.socket);
    let session = ada.session.clone();
    assert_eq!(ada.start_again(address).await, Some(peer.0));
    assert_eq!((ada.replica.voice.len(), &ada.session), (1, &session));
    assert_eq!(media.only(), Command::Restart(peer), "the offer that nobody answered is made again");
    media.offer(peer, 2);
    heard(&mut ada).await;
    say(&mut ada, ClientFrame::VoiceAnswer(VoiceAnswer { connection: peer.0, negotiation: 2, sdp: "answer".into() })).await;
    assert!(matches!(media.only(), Command::Answer { .. }));
    assert_eq!(ada.start_again(address).await, Some(peer.0));
    ada.prove(address).await;
    assert_eq!(heard(&mut bens).await, [], "nobody notices");
    // It is of no use to anybody else.
    bens.session.clone_from(&ada.session);
    assert_eq!(bens.start_again(address).await, None);
    assert_ne!(bens.session, ada.session);
    assert_eq!(server.app().hub.voice_channel(scene.ada.id), Some(scene.fireside));
}

async fn whoever_begins_to_see_a_channel_sees_who_is_in_it(server: TestServer) {
    let scene = server.scene().await;
    let _media = Media::attach(&server);
    let ben = scene.join("ben").await;
    let (mut ada, mut bens) = (scene.ada.device().await, ben.device().await);
    scene.ada.overwrite(scene.fireside, scene.all(), &[], &[Permission::ViewChannel]).await;
    heard(&mut bens).await;
    join(&mut ada, scene.fireside).await;
    assert_eq!(heard(&mut bens).await, [], "what is hidden is not told of");
    assert!(ben.device().await.replica.voice.is_empty());
    scene.ada.overwrite(scene.fireside, scene.all(), &[], &[]).await;
    let events = heard(&mut bens).await;
    let shown = events.iter().position(|event| matches!(event, Event::ChannelCreate(channel) if channel.id == scene.fireside));
    let told = events.iter().position(|event| *event == came(scene.ada.id, scene.fireside));
    assert!(shown.is_some() && shown < told, "{events:?}");
    scene.ada.overwrite(scene.fireside, scene.all(), &[], &[Permission::ViewChannel]).await;
    heard(&mut bens).await;
    assert!(bens.replica.voice.is_empty());
    bens.prove(server.address()).await;
    ada.prove(server.address()).await;
}

async fn after_a_restart_nobody_is_in_voice_and_everyone_can_come_back(mut server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let mut ada = scene.ada.device().await;
    join(&mut ada, scene.fireside).await;
    media.joined();
    server.restart().await;
    let media = Media::attach(&server);
    assert_eq!(ada.resume(server.address()).await, Resumption::Invalid);
    ada.start_anew().await;
    assert!(ada.replica.voice.is_empty());
    assert_eq!(quiet(join(&mut ada, scene.fireside).await), [came(scene.ada.id, scene.fireside)]);
    assert_eq!(media.joined().1, ALL);
}

async fn many_joins_at_once_close_the_connection(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let mut ada = scene.ada.device().await;
    for _ in 0..5 {
        join(&mut ada, scene.fireside).await;
    }
    let join = snug_protocol::voice::VoiceJoin { channel_id: scene.fireside, self_mute: false, self_deaf: false };
    for _ in 0..5 {
        ada.socket.say(&ClientFrame::VoiceJoin(join.clone())).await;
    }
    assert_eq!(ada.closed().await, close::RATE_LIMITED);
    // The session goes on, and voice with it.
    assert!(matches!(ada.resume(server.address()).await, Resumption::Resumed(_)));
    assert_eq!(ada.replica.voice.len(), 1);
    assert!(matches!(media.take().last(), Some(Command::Join { .. })));
}
