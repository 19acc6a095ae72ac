//! Mute and deafness: one's own, a moderator's, and that of a lost permission.

use super::*;
use snug_protocol::{Member, Permission, Space};

each_database!(
    ones_own_mute_is_seen_and_kept_to,
    a_moderator_mutes_and_deafens_those_below,
    a_moderators_mute_outlives_the_connection_and_the_server,
    a_moderators_mute_is_not_lost_by_leaving,
    who_loses_a_permission_is_not_heard_and_shares_nothing,
);

const MUTE: ClientFrame = ClientFrame::VoiceSelf(VoiceSelf { self_mute: true, self_deaf: false });

async fn ones_own_mute_is_seen_and_kept_to(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let mut ada = scene.ada.device().await;
    join(&mut ada, scene.fireside).await;
    let (peer, may) = media.joined();
    assert_eq!(may, ALL);
    let muted = VoiceState { self_mute: true, ..state(scene.ada.id, scene.fireside) };
    let update = VoiceStateUpdate { user_id: scene.ada.id, channel_id: scene.fireside, state: Some(muted) };
    assert_eq!(say(&mut ada, MUTE).await, [Event::VoiceStateUpdate(update)]);
    assert!(matches!(media.only(), Command::Allow(allowed, may) if (allowed, may) == (peer, May { speak: false, ..ALL })));
    // Twice is once.
    assert_eq!(say(&mut ada, MUTE).await, []);
    say(&mut ada, ClientFrame::VoiceSelf(VoiceSelf { self_mute: true, self_deaf: true })).await;
    assert!(matches!(media.only(), Command::Allow(_, May { speak: false, listen: false, share: true })));
    say(&mut ada, ClientFrame::VoiceSelf(VoiceSelf { self_mute: false, self_deaf: false })).await;
    assert!(matches!(media.only(), Command::Allow(_, ALL)));
}

async fn a_moderator_mutes_and_deafens_those_below(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let (ben, cleo) = (scene.join("ben").await, scene.join("cleo").await);
    let mut bens = ben.device().await;
    join(&mut bens, scene.fireside).await;
    let (peer, _) = media.joined();
    let member = |of: UserId| format!("/spaces/{}/members/{of}", scene.space);
    let (mute, deafen) = (json!({ "muted": true }), json!({ "deafened": true }));
    cleo.patch(member(ben.id), &mute).await.refused(ErrorCode::Forbidden);
    let muters = scene.ada.make_role(scene.space, "muters", &[Permission::MuteMembers]).await;
    scene.ada.give(scene.space, cleo.id, &[muters.id]).await;
    cleo.patch(member(ben.id), &deafen).await.refused(ErrorCode::Forbidden);
    cleo.patch(member(cleo.id), &mute).await.refused(ErrorCode::Forbidden);
    cleo.patch(member(scene.ada.id), &mute).await.refused(ErrorCode::Forbidden);
    assert!(cleo.patch(member(ben.id), &mute).await.is::<Member>().muted);
    assert!(matches!(media.only(), Command::Allow(allowed, may) if (allowed, may) == (peer, May { speak: false, ..ALL })));
    heard(&mut bens).await;
    assert!(bens.replica.spaces[&scene.space].members[&ben.id].muted);
    scene.ada.patch(member(ben.id), json!({ "deafened": true, "muted": false })).await.is::<Member>();
    assert!(matches!(media.only(), Command::Allow(_, may) if may == May { listen: false, ..ALL }));
    // He cannot take it back himself: neither by his own switch nor by his own membership.
    ben.patch(member(ben.id), json!({ "deafened": false })).await.refused(ErrorCode::Forbidden);
    say(&mut bens, ClientFrame::VoiceSelf(VoiceSelf { self_mute: true, self_deaf: false })).await;
    assert!(matches!(media.only(), Command::Allow(_, May { speak: false, listen: false, share: true })));
}

async fn a_moderators_mute_outlives_the_connection_and_the_server(mut server: TestServer) {
    let scene = server.scene().await;
    let ben = scene.join("ben").await;
    let member = format!("/spaces/{}/members/{}", scene.space, ben.id);
    scene.ada.patch(&member, json!({ "muted": true, "deafened": true })).await.is::<Member>();
    server.restart().await;
    let media = Media::attach(&server);
    join(&mut ben.device().await, scene.fireside).await;
    assert_eq!(media.joined().1, May { speak: false, listen: false, share: true });
    scene.ada.patch(&member, json!({ "muted": false, "deafened": false })).await.is::<Member>();
    assert!(matches!(media.only(), Command::Allow(_, ALL)));
}

async fn a_moderators_mute_is_not_lost_by_leaving(server: TestServer) {
    let scene = server.scene().await;
    let (ben, media) = (scene.join("ben").await, Media::attach(&server));
    let member = format!("/spaces/{}/members/{}", scene.space, ben.id);
    let leave_and_come = async || {
        ben.post(format!("/spaces/{}/leave", scene.space), ()).await.done();
        ben.post(format!("/invites/{}", scene.invite.code), ()).await.is::<Space>();
    };
    scene.ada.patch(&member, json!({ "muted": true })).await.is::<Member>();
    for _ in 0..2 {
        leave_and_come().await;
        let mut device = ben.device().await;
        join(&mut device, scene.fireside).await;
        assert_eq!(media.joined().1, May { speak: false, listen: true, share: true });
        assert!(device.replica.spaces[&scene.space].members[&ben.id].muted);
    }
    scene.ada.patch(&member, json!({ "muted": false })).await.is::<Member>();
    leave_and_come().await;
    join(&mut ben.device().await, scene.fireside).await;
    assert_eq!(media.joined().1, ALL);
}

async fn who_loses_a_permission_is_not_heard_and_shares_nothing(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let ben = scene.join("ben").await;
    let (mut ada, mut bens) = (scene.ada.device().await, ben.device().await);
    join(&mut bens, scene.fireside).await;
    let (peer, _) = media.joined();
    media.tell(sfu::Event::Shares(peer, vec![TrackKind::Screen]));
    heard(&mut ada).await;
    assert_eq!(ada.replica.voice[&ben.id].shares, [TrackKind::Screen]);
    scene.ada.overwrite(scene.fireside, scene.all(), &[], &[Permission::Speak, Permission::ShareScreen]).await;
    let commands = media.take();
    let [Command::Allow(_, may), Command::Unpublish(_, TrackKind::Screen)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(*may, May { speak: false, listen: true, share: false });
    heard(&mut ada).await;
    assert_eq!(ada.replica.voice[&ben.id].shares, []);
    // What the media server had told before is of no account, nor is a wish for more.
    media.tell(sfu::Event::Shares(peer, vec![TrackKind::Screen]));
    say(&mut bens, ClientFrame::VoicePublish { kind: TrackKind::Screen }).await;
    assert!(media.take().is_empty());
    assert_eq!(heard(&mut ada).await, []);
}
