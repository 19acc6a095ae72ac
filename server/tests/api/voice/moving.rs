//! Moderators move people, and put them out.

use super::*;
use crate::harness::{Person, Scene};
use snug_protocol::{OverwriteTarget, Permission};

each_database!(
    a_moderator_moves_somebody_on_the_device_they_are_on,
    a_moderator_puts_somebody_out_of_voice,
    a_move_needs_its_permissions_in_both_channels,
    whoever_is_moved_needs_to_see_the_channel_and_no_more,
);

async fn set(by: &Person, scene: &Scene, whom: UserId, channel: Option<ChannelId>) -> crate::harness::Answer {
    by.put(format!("/spaces/{}/members/{whom}/voice", scene.space), json!({ "channel_id": channel })).await
}

async fn a_moderator_moves_somebody_on_the_device_they_are_on(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let den = scene.ada.make_voice(scene.space, "Den").await.id;
    scene.ada.patch(format!("/channels/{den}"), json!({ "user_limit": 1 })).await.is::<Channel>();
    let ben = scene.join("ben").await;
    let (mut ada, mut bens, mut other) = (scene.ada.device().await, ben.device().await, ben.device().await);
    join(&mut ada, den).await;
    join(&mut bens, scene.fireside).await;
    let (first, _) = media.joined();
    say(&mut bens, ClientFrame::VoiceSelf(VoiceSelf { self_mute: true, self_deaf: false })).await;
    media.only();
    heard(&mut other).await;
    // The channel is full; a moderator squeezes him in.
    set(&scene.ada, &scene, ben.id, Some(den)).await.done();
    let there = VoiceState { self_mute: true, ..state(ben.id, den) };
    let came = Event::VoiceStateUpdate(VoiceStateUpdate { user_id: ben.id, channel_id: den, state: Some(there) });
    assert_eq!(heard(&mut bens).await, [ended(scene.fireside, VoiceGone::Moved), left(ben.id, scene.fireside), came.clone()]);
    assert_eq!(heard(&mut other).await, [left(ben.id, scene.fireside), came]);
    let commands = media.take();
    let [Command::Leave(gone), Command::Join { room, may, peer, .. }] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!((*gone, *room, *may), (first, den, May { speak: false, ..ALL }));
    media.offer(*peer, 1);
    let offered = heard(&mut bens).await;
    assert!(matches!(&offered[..], [Event::VoiceOffer(offer)] if (offer.channel_id, offer.connection) == (den, peer.0)));
    // To where he is already: nothing.
    set(&scene.ada, &scene, ben.id, Some(den)).await.done();
    assert!(media.take().is_empty());
}

async fn a_moderator_puts_somebody_out_of_voice(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let ben = scene.join("ben").await;
    let mut bens = ben.device().await;
    set(&scene.ada, &scene, ben.id, None).await.refused(ErrorCode::NotFound);
    join(&mut bens, scene.fireside).await;
    let (peer, _) = media.joined();
    set(&scene.ada, &scene, ben.id, None).await.done();
    assert_eq!(heard(&mut bens).await, [ended(scene.fireside, VoiceGone::Disconnected), left(ben.id, scene.fireside)]);
    assert!(matches!(media.only(), Command::Leave(gone) if gone == peer));
    // He may come back.
    join(&mut bens, scene.fireside).await;
    assert_eq!(server.number("SELECT COUNT(*) FROM audit WHERE action = 'member.disconnect'").await, 1);
}

async fn a_move_needs_its_permissions_in_both_channels(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let den = scene.ada.make_voice(scene.space, "Den").await.id;
    let (ben, mover) = (scene.join("ben").await, scene.join("moderator").await);
    let movers = scene.ada.make_role(scene.space, "movers", &[Permission::MoveMembers]).await;
    let mut bens = ben.device().await;
    join(&mut bens, scene.fireside).await;
    set(&mover, &scene, ben.id, Some(den)).await.refused(ErrorCode::Forbidden);
    scene.ada.give(scene.space, mover.id, &[movers.id]).await;
    // Nowhere but to a voice channel that the mover sees.
    set(&mover, &scene, ben.id, Some(scene.general)).await.refused(ErrorCode::Invalid);
    set(&mover, &scene, ben.id, ChannelId::new(1)).await.refused(ErrorCode::NotFound);
    let own = OverwriteTarget::Role(movers.id);
    for (channel, lacking) in [(scene.fireside, Permission::MoveMembers), (den, Permission::MoveMembers), (den, Permission::Connect)] {
        scene.ada.overwrite(channel, own, &[], &[lacking]).await;
        set(&mover, &scene, ben.id, Some(den)).await.refused(ErrorCode::Forbidden);
        scene.ada.overwrite(channel, own, &[], &[]).await;
    }
    // Whom one does not see in voice is not there.
    scene.ada.overwrite(scene.fireside, own, &[], &[Permission::ViewChannel]).await;
    set(&mover, &scene, ben.id, Some(den)).await.refused(ErrorCode::NotFound);
    scene.ada.overwrite(scene.fireside, own, &[], &[]).await;
    assert_eq!(server.app().hub.voice_channel(ben.id), Some(scene.fireside));
    media.take();
    set(&mover, &scene, ben.id, Some(den)).await.done();
    assert_eq!(server.app().hub.voice_channel(ben.id), Some(den));
}

async fn whoever_is_moved_needs_to_see_the_channel_and_no_more(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let den = scene.ada.make_voice(scene.space, "Den").await.id;
    let ben = scene.join("ben").await;
    let mut bens = ben.device().await;
    scene.ada.overwrite(den, scene.all(), &[], &[Permission::ViewChannel]).await;
    join(&mut bens, scene.fireside).await;
    set(&scene.ada, &scene, ben.id, Some(den)).await.refused(ErrorCode::Forbidden);
    scene.ada.overwrite(den, scene.all(), &[], &[Permission::Connect]).await;
    join(&mut bens, den).await;
    assert_eq!(server.app().hub.voice_channel(ben.id), Some(scene.fireside), "he does not get in by himself");
    set(&scene.ada, &scene, ben.id, Some(den)).await.done();
    // He stays, also when the world changes, and on another device.
    scene.ada.patch(format!("/channels/{den}"), json!({ "topic": "x" })).await.is::<Channel>();
    join(&mut ben.device().await, den).await;
    assert_eq!(server.app().hub.voice_channel(ben.id), Some(den));
    // Once he has left he needs to be let in again.
    set(&scene.ada, &scene, ben.id, None).await.done();
    heard(&mut bens).await;
    media.take();
    assert_eq!(quiet(join(&mut bens, den).await), [ended(den, VoiceGone::Forbidden)]);
    assert!(media.take().is_empty());
}
