//! One app at a time, and the dock.

use crate::{PATIENCE, bus::Bus, next, none};
use futures_util::StreamExt;
use snug_desktop::shell::{
    Wish, Wishes,
    instance::{self, Instance},
    launcher,
    links::Start,
};
use snug_ipc::shell::{ServerLink, ShellUpdate};
use std::collections::HashMap;
use tokio::time::timeout;
use zbus::{
    MatchRule, MessageStream, Proxy,
    message::Type,
    zvariant::{OwnedValue, Value},
};

fn start(words: &[&str]) -> Start {
    Start::read(words.iter().map(ToString::to_string))
}

#[tokio::test]
async fn a_second_start_hands_over_what_it_was_started_with() {
    let bus = Bus::start();
    let (wishes, mut wished) = Wishes::new();
    let first = bus.connect().await;
    assert_eq!(instance::enter(&first, wishes, &start(&[]), None).await.unwrap(), Instance::First);

    let second = async |words: &[&str], token: Option<&str>| {
        let entered = instance::enter(&bus.connect().await, Wishes::new().0, &start(words), token.map(str::to_owned)).await.unwrap();
        assert_eq!(entered, Instance::Another);
    };
    second(&["--hidden"], None).await;
    none(&mut wished);
    second(&[], Some("token-1")).await;
    assert_eq!(next(&mut wished).await, Wish::Raise { token: Some("token-1".to_owned()) });
    second(&["snug://[2001:db8::7]:7070/invite/abc"], None).await;
    assert_eq!(next(&mut wished).await, Wish::Raise { token: None });
    let link = ServerLink { address: "https://[2001:db8::7]:7070".to_owned(), invite: Some("abc".to_owned()) };
    assert_eq!(next(&mut wished).await, Wish::Window(ShellUpdate::Open { link }));

    first.close().await.unwrap();
    let entered = instance::enter(&bus.connect().await, Wishes::new().0, &start(&[]), None).await.unwrap();
    assert_eq!(entered, Instance::First, "when the first one is gone, the next one is it");
}

#[tokio::test]
async fn who_leaves_lets_the_next_one_be_the_first() {
    let bus = Bus::start();
    let first = bus.connect().await;
    instance::enter(&first, Wishes::new().0, &start(&[]), None).await.unwrap();
    instance::leave(&first).await.unwrap();
    let entered = instance::enter(&bus.connect().await, Wishes::new().0, &start(&[]), None).await.unwrap();
    assert_eq!(entered, Instance::First);
}

#[tokio::test]
async fn whatever_others_call_only_links_come_through() {
    let bus = Bus::start();
    let (wishes, mut wished) = Wishes::new();
    let first = bus.connect().await;
    instance::enter(&first, wishes, &start(&[]), None).await.unwrap();
    let other = bus.connect().await;
    let door = Proxy::new(&other, "app.snug.Snug", "/app/snug/Snug", "org.freedesktop.Application").await.unwrap();
    let none_of_it = HashMap::<&str, Value<'_>>::new();
    let links = vec!["file:///etc/passwd", "javascript:alert(1)", "snug://a@b", "snug://snug.example"];
    door.call::<_, _, ()>("Open", &(links, none_of_it)).await.unwrap();
    assert_eq!(next(&mut wished).await, Wish::Raise { token: None });
    let link = ServerLink { address: "https://snug.example".to_owned(), invite: None };
    assert_eq!(next(&mut wished).await, Wish::Window(ShellUpdate::Open { link }));
    none(&mut wished);
}

#[tokio::test]
async fn the_dock_is_told_how_many_mentions_there_are() {
    let bus = Bus::start();
    let (app, dock) = (bus.connect().await, bus.connect().await);
    let rule = MatchRule::builder().msg_type(Type::Signal).interface("com.canonical.Unity.LauncherEntry").unwrap().build();
    let mut told = MessageStream::for_match_rule(rule, &dock, None).await.unwrap();
    for (mentions, visible) in [(3, true), (0, false)] {
        launcher::count(&app, mentions).await.unwrap();
        let message = timeout(PATIENCE, told.next()).await.unwrap().unwrap().unwrap();
        let (entry, shown): (String, HashMap<String, OwnedValue>) = message.body().deserialize().unwrap();
        assert_eq!(entry, "application://app.snug.Snug.desktop");
        assert_eq!(shown["count"].downcast_ref::<i64>(), Ok(i64::from(mentions)));
        assert_eq!(shown["count-visible"].downcast_ref::<bool>(), Ok(visible));
    }
}
