//! Voice, as it is signalled. The media server is only told: see [`Media`].

mod ending;
mod moving;
mod muting;
mod reconnecting;

use crate::harness::{Device, Media, TestServer, each_database, join};
use serde_json::json;
use snug_protocol::{
    Channel, ChannelId, ClientFrame, ErrorCode, Event, UserId,
    voice::{
        OpusSettings, TrackKind, TrackRef, VoiceAnswer, VoiceEnded, VoiceGone, VoiceJoin, VoiceOffer, VoiceSelf, VoiceSpeaking, VoiceState,
        VoiceStateUpdate,
    },
};
use snug_server::sfu::{self, Command, May};

each_database!(
    whoever_joins_is_seen_and_offered_media,
    leaving_ends_it_and_is_seen,
    another_channel_takes_the_place_of_the_first,
    the_newer_device_takes_over,
    an_answer_to_another_offer_is_ignored,
    what_is_shared_is_seen,
    only_those_in_the_room_hear_who_speaks,
    opus_settings_are_kept_and_change_while_people_talk,
    the_media_server_makes_an_offer_to_whoever_comes,
);

/// All are well, and all is allowed.
const ALL: May = May { speak: true, listen: true, share: true };

fn state(user: UserId, channel: ChannelId) -> VoiceState {
    VoiceState { user_id: user, channel_id: channel, self_mute: false, self_deaf: false, shares: Vec::new() }
}

fn came(user: UserId, channel: ChannelId) -> Event {
    Event::VoiceStateUpdate(VoiceStateUpdate { user_id: user, channel_id: channel, state: Some(state(user, channel)) })
}

fn left(user: UserId, channel: ChannelId) -> Event {
    Event::VoiceStateUpdate(VoiceStateUpdate { user_id: user, channel_id: channel, state: None })
}

fn ended(channel: ChannelId, reason: VoiceGone) -> Event {
    Event::VoiceEnded(VoiceEnded { channel_id: channel, reason })
}

/// Says something, and waits for what comes of it. Presences come when they like.
async fn say(device: &mut Device, frame: ClientFrame) -> Vec<Event> {
    device.socket.say(&frame).await;
    quiet(device.catch_up().await)
}

fn quiet(mut events: Vec<Event>) -> Vec<Event> {
    events.retain(|event| !matches!(event, Event::PresenceUpdate(_)));
    events
}

async fn heard(device: &mut Device) -> Vec<Event> {
    quiet(device.catch_up().await)
}

async fn whoever_joins_is_seen_and_offered_media(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let ben = scene.join("ben").await;
    let (mut ada, mut bens) = (scene.ada.device().await, ben.device().await);
    heard(&mut ada).await;
    assert_eq!(quiet(join(&mut bens, scene.fireside).await), [came(ben.id, scene.fireside)]);
    let Command::Join { peer, room, user, may, opus } = media.only() else { panic!("a peer joins") };
    assert_eq!((room, user, may, opus), (scene.fireside, ben.id, ALL, OpusSettings::DEFAULT));
    assert_eq!(heard(&mut ada).await, [came(ben.id, scene.fireside)]);

    media.offer(peer, 1);
    let offer =
        VoiceOffer { channel_id: scene.fireside, connection: peer.0, negotiation: 1, sdp: "offer 1".into(), takes: Vec::new(), tracks: Vec::new() };
    assert_eq!(heard(&mut bens).await, [Event::VoiceOffer(offer)]);
    assert_eq!(heard(&mut ada).await, [], "an offer is for one device");
    let answer = VoiceAnswer { connection: peer.0, negotiation: 1, sdp: "answer".into() };
    assert_eq!(say(&mut bens, ClientFrame::VoiceAnswer(answer)).await, []);
    let Command::Answer { peer: answered, negotiation: 1, sdp } = media.only() else { panic!("an answer") };
    assert_eq!((answered, &*sdp), (peer, "answer"));
    // Whoever starts now, and whoever joins the space now, is told as well.
    assert_eq!(scene.ada.device().await.replica.voice[&ben.id], state(ben.id, scene.fireside));
    let cleo = scene.stranger("cleo").await;
    let mut cleos = cleo.device().await;
    cleo.accept(&scene.invite).await;
    heard(&mut cleos).await;
    assert_eq!(cleos.replica.voice[&ben.id], state(ben.id, scene.fireside));
}

async fn leaving_ends_it_and_is_seen(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let ben = scene.join("ben").await;
    let (mut ada, mut bens) = (scene.ada.device().await, ben.device().await);
    join(&mut bens, scene.fireside).await;
    let (peer, _) = media.joined();
    // In the middle of a negotiation.
    media.offer(peer, 1);
    heard(&mut ada).await;
    heard(&mut bens).await;
    assert_eq!(say(&mut bens, ClientFrame::VoiceLeave).await, [ended(scene.fireside, VoiceGone::Left), left(ben.id, scene.fireside)]);
    assert!(matches!(media.only(), Command::Leave(gone) if gone == peer));
    assert_eq!(heard(&mut ada).await, [left(ben.id, scene.fireside)]);
    // What comes too late is of no account.
    media.offer(peer, 2);
    media.tell(sfu::Event::Gone(peer, "late"));
    let late = VoiceAnswer { connection: peer.0, negotiation: 1, sdp: "answer".into() };
    assert_eq!(say(&mut bens, ClientFrame::VoiceAnswer(late)).await, []);
    assert_eq!(say(&mut bens, ClientFrame::VoiceLeave).await, []);
    assert!(media.take().is_empty());
}

async fn another_channel_takes_the_place_of_the_first(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let den = scene.ada.make_voice(scene.space, "Den").await.id;
    let mut ada = scene.ada.device().await;
    let id = scene.ada.id;
    join(&mut ada, scene.fireside).await;
    let (first, _) = media.joined();
    // Two at once, before anything was offered.
    let events = quiet(join(&mut ada, den).await);
    assert_eq!(events, [ended(scene.fireside, VoiceGone::Moved), left(id, scene.fireside), came(id, den)]);
    let commands = media.take();
    let [Command::Leave(gone), Command::Join { peer, room, .. }] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!((*gone, *room), (first, den));
    // The same once more is another connection, and nobody left.
    assert_eq!(quiet(join(&mut ada, den).await), [ended(den, VoiceGone::Moved), came(id, den)]);
    let commands = media.take();
    let [Command::Leave(gone), Command::Join { peer: newest, .. }] = &commands[..] else { panic!("{commands:?}") };
    assert!(gone == peer && newest > peer);
    // A text channel takes nobody, nor does one that is not there. One stays where one is.
    for nowhere in [scene.general, ChannelId::new(1).unwrap()] {
        assert_eq!(quiet(join(&mut ada, nowhere).await), [ended(nowhere, VoiceGone::Forbidden)]);
    }
    assert!(media.take().is_empty());
    assert_eq!(server.app().hub.voice_states(den), [state(id, den)]);
}

async fn the_newer_device_takes_over(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let (mut old, mut new) = (scene.ada.device().await, scene.ada.device().await);
    let id = scene.ada.id;
    join(&mut old, scene.fireside).await;
    let (first, _) = media.joined();
    join(&mut new, scene.fireside).await;
    let (second, _) = media.joined();
    assert_ne!(first, second);
    let events = heard(&mut old).await;
    assert_eq!(events, [ended(scene.fireside, VoiceGone::TakenOver), came(id, scene.fireside)]);
    // What the old one still says is of no account, and offers go to the new one.
    for frame in [ClientFrame::VoiceLeave, ClientFrame::VoiceRestart, ClientFrame::VoiceSelf(VoiceSelf { self_mute: true, self_deaf: true })] {
        assert_eq!(say(&mut old, frame).await, []);
    }
    assert!(media.take().is_empty());
    media.offer(second, 1);
    assert!(heard(&mut new).await.iter().any(|event| matches!(event, Event::VoiceOffer(_))));
    assert_eq!(heard(&mut old).await, []);
}

async fn an_answer_to_another_offer_is_ignored(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let den = scene.ada.make_voice(scene.space, "Den").await.id;
    let mut ada = scene.ada.device().await;
    join(&mut ada, scene.fireside).await;
    let (first, _) = media.joined();
    media.offer(first, 1);
    join(&mut ada, den).await;
    let (second, _) = media.joined();
    media.offer(second, 1);
    let answer = |connection, negotiation| ClientFrame::VoiceAnswer(VoiceAnswer { connection, negotiation, sdp: "answer".into() });
    // To the connection before; to an offer that was not made yet; twice.
    say(&mut ada, answer(first.0, 1)).await;
    say(&mut ada, answer(second.0, 2)).await;
    assert!(media.take().is_empty());
    say(&mut ada, answer(second.0, 1)).await;
    assert!(matches!(media.only(), Command::Answer { peer, negotiation: 1, .. } if peer == second));
    say(&mut ada, answer(second.0, 1)).await;
    assert!(media.take().is_empty());
    media.offer(second, 2);
    say(&mut ada, answer(second.0, 1)).await;
    assert!(media.take().is_empty());
}

async fn what_is_shared_is_seen(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let ben = scene.join("ben").await;
    let (mut ada, mut bens) = (scene.ada.device().await, ben.device().await);
    join(&mut ada, scene.fireside).await;
    media.take();
    let screen = TrackRef { user_id: ben.id, kind: TrackKind::Screen };
    say(&mut ada, ClientFrame::VoiceWatch(screen)).await;
    assert!(media.take().is_empty(), "he is not in the room yet");
    join(&mut bens, scene.fireside).await;
    let (peer, _) = media.joined();
    say(&mut bens, ClientFrame::VoicePublish { kind: TrackKind::Microphone }).await;
    assert!(media.take().is_empty(), "a microphone is there anyway");
    say(&mut bens, ClientFrame::VoicePublish { kind: TrackKind::Screen }).await;
    assert!(matches!(media.only(), Command::Publish(sender, TrackKind::Screen) if sender == peer));
    media.tell(sfu::Event::Shares(peer, vec![TrackKind::ScreenSound, TrackKind::Screen]));
    heard(&mut ada).await;
    assert_eq!(ada.replica.voice[&ben.id].shares, [TrackKind::Screen, TrackKind::ScreenSound]);
    say(&mut ada, ClientFrame::VoiceWatch(screen)).await;
    assert!(matches!(media.only(), Command::Watch(_, track) if track == screen));
}

async fn only_those_in_the_room_hear_who_speaks(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let (ben, cleo) = (scene.join("ben").await, scene.join("cleo").await);
    let (mut ada, mut bens, mut cleos) = (scene.ada.device().await, ben.device().await, cleo.device().await);
    join(&mut ada, scene.fireside).await;
    join(&mut bens, scene.fireside).await;
    heard(&mut ada).await;
    heard(&mut cleos).await;
    let speaking = |users: &[UserId]| Event::VoiceSpeaking(VoiceSpeaking { channel_id: scene.fireside, users: users.to_vec() });
    media.tell(sfu::Event::Speaking(scene.fireside, vec![cleo.id, ben.id]));
    assert_eq!(heard(&mut ada).await, [speaking(&[ben.id])]);
    assert_eq!(heard(&mut bens).await, [speaking(&[ben.id])]);
    assert_eq!(heard(&mut cleos).await, []);
    // Whoever comes is told who speaks.
    assert_eq!(quiet(join(&mut cleos, scene.fireside).await), [came(cleo.id, scene.fireside), speaking(&[ben.id])]);
}

async fn opus_settings_are_kept_and_change_while_people_talk(mut server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let mut ada = scene.ada.device().await;
    join(&mut ada, scene.fireside).await;
    media.take();
    let opus = OpusSettings { bitrate: 24_000, dtx: true, fec: false };
    let path = format!("/channels/{}", scene.fireside);
    let changed: Channel = scene.ada.patch(&path, json!({ "opus": opus })).await.is();
    assert_eq!(changed.opus, Some(opus));
    assert!(matches!(media.only(), Command::Opus(room, now) if (room, now) == (scene.fireside, opus)));
    for bitrate in [7_999, 256_001] {
        scene.ada.patch(&path, json!({ "opus": OpusSettings { bitrate, ..opus } })).await.refused(ErrorCode::Invalid);
    }
    scene.ada.patch(format!("/channels/{}", scene.general), json!({ "opus": opus })).await.refused(ErrorCode::Invalid);
    let new = json!({ "kind": "text", "name": "x", "opus": opus });
    scene.ada.post(format!("/spaces/{}/channels", scene.space), new).await.refused(ErrorCode::Invalid);
    let made: Channel = scene.ada.post(format!("/spaces/{}/channels", scene.space), json!({ "kind": "voice", "name": "x", "opus": opus })).await.is();
    server.restart().await;
    let channels = scene.ada.look(scene.space).await.channels;
    let kept = |id| channels.iter().find(|channel| channel.id == id).expect("it is there").opus;
    assert_eq!((kept(scene.fireside), kept(made.id), kept(scene.general)), (Some(opus), Some(opus), None));
    scene.ada.delete(format!("/channels/{}", made.id)).await.done();
    assert_eq!(scene.ada.post(format!("/channels/{}/restore", made.id), ()).await.is::<Channel>().opus, Some(opus));
}

async fn the_media_server_makes_an_offer_to_whoever_comes(server: TestServer) {
    let scene = server.scene().await;
    let mut ada = scene.ada.device().await;
    ada.socket.say(&ClientFrame::VoiceJoin(VoiceJoin { channel_id: scene.fireside, self_mute: false, self_deaf: false })).await;
    let offer = ada.until(|event| if let Event::VoiceOffer(offer) = event { Some(offer.clone()) } else { None }).await;
    assert_eq!(offer.negotiation, 1);
    assert_eq!(offer.takes.iter().map(|take| take.kind).collect::<Vec<_>>(), [TrackKind::Microphone]);
    assert!(offer.sdp.contains("a=ice-lite") && offer.sdp.contains("a=candidate:"), "{}", offer.sdp);
}
