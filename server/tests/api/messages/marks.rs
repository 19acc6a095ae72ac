//! What hangs on messages: reactions and pins.

use crate::harness::{TestServer, each_database};
use snug_protocol::{ErrorCode, Event, Reaction, rest::MessagePage};

each_database!(a_reaction_is_counted_once_a_person, a_reaction_is_one_emoji, a_message_has_at_most_twenty_reactions, pins_are_listed_newest_first,);

async fn a_reaction_is_counted_once_a_person(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let message = bert.say(scene.general, "hello").await;
    let mut device = bert.device().await;
    let path = |emoji: &str| format!("/channels/{}/messages/{}/reactions/{emoji}", scene.general, message.id);
    for (person, emoji) in [(&bert, "👍"), (&scene.ada, "❤️"), (&scene.ada, "👍"), (&scene.ada, "👍")] {
        person.put(path(emoji), ()).await.done();
    }
    let expected = [Reaction { emoji: "👍".into(), users: vec![bert.id, scene.ada.id] }, Reaction { emoji: "❤️".into(), users: vec![scene.ada.id] }];
    assert_eq!(scene.ada.history(scene.general).await.messages[0].reactions, expected);
    let told = device.catch_up().await;
    assert_eq!(told.iter().filter(|event| matches!(event, Event::ReactionAdd(_))).count(), 3);
    bert.delete(path("👍")).await.done();
    bert.delete(path("👍")).await.done();
    bert.delete(path("🦀")).await.done();
    let told = device.catch_up().await;
    assert_eq!(told.iter().filter(|event| matches!(event, Event::ReactionRemove(_))).count(), 1);
    assert_eq!(scene.ada.history(scene.general).await.messages[0].reactions[0].users, [scene.ada.id]);
}

async fn a_reaction_is_one_emoji(server: TestServer) {
    let scene = server.scene().await;
    let message = scene.ada.say(scene.general, "hello").await;
    let path = |emoji: &str| format!("/channels/{}/messages/{}/reactions/{emoji}", scene.general, message.id);
    for emoji in ["x", "%00", "%E2%80%8D", "<script>", "👍👎x", "%F0%9F"] {
        let answer = scene.ada.put(path(emoji), ()).await;
        assert!(matches!(answer.refusal().unwrap().code, ErrorCode::Invalid | ErrorCode::NotFound), "{answer}");
    }
    for emoji in ["👩‍🚀", "🇧🇪", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"] {
        scene.ada.put(path(emoji), ()).await.done();
    }
}

async fn a_message_has_at_most_twenty_reactions(server: TestServer) {
    let scene = server.scene().await;
    let message = scene.ada.say(scene.general, "hello").await;
    let react = |n: u32| {
        let emoji = char::from_u32(0x1f600 + n).unwrap();
        scene.ada.put(format!("/channels/{}/messages/{}/reactions/{emoji}", scene.general, message.id), ())
    };
    for n in 0..20 {
        react(n).await.done();
    }
    react(20).await.refused(ErrorCode::Conflict);
    react(3).await.done();
}

async fn pins_are_listed_newest_first(server: TestServer) {
    let scene = server.scene().await;
    let bert = scene.join("bert").await;
    let mut device = bert.device().await;
    let (one, two) = (bert.say(scene.general, "one").await, bert.say(scene.general, "two").await);
    let pin = |id| format!("/channels/{}/pins/{id}", scene.general);
    bert.put(pin(one.id), ()).await.refused(ErrorCode::Forbidden);
    for id in [two.id, one.id, one.id] {
        scene.ada.put(pin(id), ()).await.done();
    }
    let pins = async || -> Vec<_> {
        let page: MessagePage = bert.get(format!("/channels/{}/pins", scene.general)).await.is();
        page.messages.iter().map(|message| message.id).collect()
    };
    // Two pins in the same millisecond are ordered by message.
    let listed = pins().await;
    assert!(listed == [one.id, two.id] || listed == [two.id, one.id], "{listed:?}");
    device.catch_up().await;
    assert!(device.replica.messages[&scene.general].iter().all(|message| message.pinned_at.is_some()));
    scene.ada.delete(pin(one.id)).await.done();
    assert_eq!(pins().await, [two.id]);
    bert.delete(format!("/channels/{}/messages/{}", scene.general, two.id)).await.done();
    assert_eq!(pins().await, []);
    scene.ada.put(pin(two.id), ()).await.refused(ErrorCode::NotFound);
}
