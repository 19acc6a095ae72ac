//! What puts somebody out of voice.

use super::*;
use crate::harness::{Person, Scene};
use snug_protocol::Permission;

each_database!(
    a_kick_a_ban_and_a_departure_end_it_at_once,
    losing_connect_or_the_view_ends_it,
    a_deleted_channel_or_space_ends_it,
    a_log_out_and_a_suspension_end_it,
    a_full_channel_takes_only_who_may_move_others,
    a_failure_of_media_ends_it,
);

/// What `do_it` does to somebody in voice: they are told why it ended, the media server lets them go, and Ada sees it.
async fn ends<F: Future<Output = ()>>(scene: &Scene, media: &Media, name: &str, do_it: impl FnOnce(Person) -> F) {
    let person = scene.join(name).await;
    let (mut ada, mut theirs) = (scene.ada.device().await, person.device().await);
    join(&mut theirs, scene.fireside).await;
    let (peer, _) = media.joined();
    heard(&mut ada).await;
    let id = person.id;
    assert!(ada.replica.voice.contains_key(&id));
    do_it(person).await;
    let events = heard(&mut theirs).await;
    assert!(events.contains(&ended(scene.fireside, VoiceGone::Forbidden)), "{name}: {events:?}");
    assert!(theirs.replica.voice.is_empty());
    let commands = media.take();
    assert!(matches!(&commands[..], [Command::Leave(gone)] if *gone == peer), "{name}: {commands:?}");
    heard(&mut ada).await;
    assert!(ada.replica.voice.is_empty());
}

async fn a_kick_a_ban_and_a_departure_end_it_at_once(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let space = format!("/spaces/{}", scene.space);
    ends(&scene, &media, "kicked", async |who| scene.ada.delete(format!("{space}/members/{}", who.id)).await.done()).await;
    ends(&scene, &media, "banned", async |who| scene.ada.put(format!("{space}/bans/{}", who.id), json!({})).await.done()).await;
    ends(&scene, &media, "departed", async |who| who.post(format!("{space}/leave"), ()).await.done()).await;
}

async fn losing_connect_or_the_view_ends_it(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    for (name, lost) in [("unconnected", Permission::Connect), ("blind", Permission::ViewChannel)] {
        let deny = async |_| _ = scene.ada.overwrite(scene.fireside, scene.all(), &[], &[lost]).await;
        ends(&scene, &media, name, deny).await;
        scene.ada.overwrite(scene.fireside, scene.all(), &[], &[]).await;
    }
    // Whoever may not connect is not let in.
    scene.ada.overwrite(scene.fireside, scene.all(), &[], &[Permission::Connect]).await;
    let mut bens = scene.join("ben").await.device().await;
    assert_eq!(quiet(join(&mut bens, scene.fireside).await), [ended(scene.fireside, VoiceGone::Forbidden)]);
    assert!(media.take().is_empty());
}

async fn a_deleted_channel_or_space_ends_it(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let mut ada = scene.ada.device().await;
    let den = scene.ada.make_voice(scene.space, "Den").await.id;
    join(&mut ada, den).await;
    let (peer, _) = media.joined();
    scene.ada.delete(format!("/channels/{den}")).await.done();
    assert!(heard(&mut ada).await.contains(&ended(den, VoiceGone::Forbidden)));
    assert!(matches!(media.only(), Command::Leave(gone) if gone == peer));
    join(&mut ada, scene.fireside).await;
    let (peer, _) = media.joined();
    scene.ada.delete(format!("/spaces/{}", scene.space)).await.done();
    assert!(heard(&mut ada).await.contains(&ended(scene.fireside, VoiceGone::Forbidden)));
    assert!(matches!(media.only(), Command::Leave(gone) if gone == peer));
    assert!(ada.replica.voice.is_empty());
}

async fn a_log_out_and_a_suspension_end_it(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let ben = scene.join("ben").await;
    let mut ada = scene.ada.device().await;
    for suspend in [false, true] {
        let again = ben.log_in_again().await;
        let mut bens = again.device().await;
        join(&mut bens, scene.fireside).await;
        let (peer, _) = media.joined();
        heard(&mut ada).await;
        assert!(ada.replica.voice.contains_key(&ben.id));
        if suspend {
            scene.ada.patch(format!("/admin/users/{}", ben.id), json!({ "suspended": true })).await;
        } else {
            again.post("/auth/logout", ()).await.done();
        }
        bens.closed().await;
        heard(&mut ada).await;
        assert!(ada.replica.voice.is_empty());
        assert!(matches!(media.only(), Command::Leave(gone) if gone == peer));
    }
}

async fn a_full_channel_takes_only_who_may_move_others(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    scene.ada.patch(format!("/channels/{}", scene.fireside), json!({ "user_limit": 1 })).await.is::<Channel>();
    let (ben, cleo) = (scene.join("ben").await, scene.join("cleo").await);
    let (mut ada, mut bens, mut cleos) = (scene.ada.device().await, ben.device().await, cleo.device().await);
    join(&mut bens, scene.fireside).await;
    media.joined();
    assert_eq!(quiet(join(&mut cleos, scene.fireside).await).last(), Some(&ended(scene.fireside, VoiceGone::Full)));
    // Whoever is in there has a place, on another device too.
    join(&mut ben.device().await, scene.fireside).await;
    media.joined();
    // Ada, who may move others, gets in.
    join(&mut ada, scene.fireside).await;
    media.joined();
    assert_eq!(server.app().hub.voice_states(scene.fireside).len(), 2);
}

async fn a_failure_of_media_ends_it(server: TestServer) {
    let scene = server.scene().await;
    let media = Media::attach(&server);
    let mut ada = scene.ada.device().await;
    join(&mut ada, scene.fireside).await;
    let (peer, _) = media.joined();
    media.tell(sfu::Event::Gone(peer, "no media came through"));
    assert_eq!(heard(&mut ada).await, [ended(scene.fireside, VoiceGone::Failed), left(scene.ada.id, scene.fireside)]);
    assert!(media.take().is_empty(), "it knows already");
    join(&mut ada, scene.fireside).await;
    assert_ne!(media.joined().0, peer);
}
